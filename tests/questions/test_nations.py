"""A child's own nation decides which law applies to it, whichever authority asks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.facts.model import Child, Event
from running import Answer

pytestmark = pytest.mark.asked_on("2026-05-01")
Store = Callable[..., Path]
Iro = Callable[..., Answer]
# Secure from Mon 27 April 2026: in England one month, in Wales 15 working days over early May.
SECURE = Event("secure.start", date(2026, 4, 27))
FIRST, SECOND = Event("cp.strategy", date(2026, 4, 20)), Event("cp.strategy", date(2026, 4, 28))
CARE, REVIEW = Event("cla.start", date(2026, 3, 11)), Event("cla.review", date(2026, 4, 9))


def _due(answer: Answer) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for row in answer.rows():
        found.setdefault(row["child"], {})[row["timescale"]] = row["due"]
    return found


@pytest.fixture
def two(make_store: Store) -> None:
    """Make a store with a child of each nation, with the same facts."""
    facts = [SECURE, FIRST, SECOND, CARE, REVIEW]
    make_store(
        [Child("DIPPER", nation="wales"), Child("DUNNOCK")],
        [(child, fact) for child in ("DIPPER", "DUNNOCK") for fact in facts],
    )


def test_each_child_has_the_dates_of_its_own_nation(two: None, iro: Iro) -> None:
    """For the same facts Wales counts from the last discussion, and England from the first."""
    found = _due(iro("due", "--all", "-f", "json"))

    assert found == {
        "DIPPER": {
            "secure.review.first": "2026-05-19",
            "cp.conference.initial": "2026-05-20",
            "cla.review.second": "2026-07-09",
        },
        "DUNNOCK": {
            "secure.review.first": "2026-05-27",
            "cp.conference.initial": "2026-05-12",
            "cla.review.second": "2026-07-09",
        },
    }


def test_a_welsh_authority_asks_by_its_own_law(two: None, iro: Iro) -> None:
    """Children without a nation are the authority's."""
    found = _due(iro("due", "--all", "-f", "json", "--nation", "wales"))

    assert found["DUNNOCK"] == found["DIPPER"]


def test_why_names_the_law_of_the_child(two: None, iro: Iro) -> None:
    """An explanation cites Wales' Regulations for a child of Wales, and England's for another."""
    welsh = iro("explain", "DIPPER", "secure.review.first").out
    english = iro("explain", "DUNNOCK", "secure.review.first").out

    assert "(Wales) Regulations 2015 (SI 2015/1988)" in welsh
    assert "15 working days" in welsh
    assert "(SI 1991/1505)" in english


def test_what_was_met_before_a_move_is_kept(two: None, iro: Iro) -> None:
    """A child who moves to Wales keeps its reviews; what is open is counted by Wales' law."""
    before = iro("show", "DUNNOCK", "-f", "json").rows()
    assert iro("child", "edit", "DUNNOCK", "--nation", "wales").code == 0
    after = iro("show", "DUNNOCK", "-f", "json").rows()

    def met(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
        return [(row["timescale"], row["held"], row["status"]) for row in rows if row["held"]]

    assert met(before) == met(after) == [("cla.review.first", "2026-04-09", "in-timescale")]
    assert {row["timescale"]: row["due"] for row in after}["secure.review.first"] == "2026-05-19"


@pytest.fixture
def mover(make_store: Store) -> None:
    """
    Make a store with a child who left England on Wed 29 April 2026 and is of Wales now.

    Care began in 2014, two years before Wales' Regulations.  The secure review of 31 March is
    within a month of 2 March, and later than 15 working days: 23 March.
    """
    facts = [
        Event("cla.start", date(2014, 1, 6)),
        Event("cla.review", date(2014, 1, 30)),
        Event("secure.start", date(2026, 3, 2)),
        Event("dispute.raised", date(2026, 3, 9), reference="plan"),
        Event("dispute.resolved", date(2026, 3, 20), reference="plan"),
        Event("secure.review", date(2026, 3, 31)),
        Event("cp.strategy", date(2026, 4, 20)),
        Event("england.left", date(2026, 4, 29)),
        Event("cp.strategy", date(2026, 4, 30)),
    ]
    make_store([Child("SWIFT", nation="wales")], [("SWIFT", fact) for fact in facts])


def _met(answer: Answer) -> list[tuple[str, str, str, str]]:
    return [
        (row["timescale"], row["held"], row["due"], row["status"])
        for row in answer.rows()
        if row["held"]
    ]


IN_ENGLAND = [
    ("cla.review.first", "2014-01-30", "2014-02-03", "in-timescale"),
    ("dispute.resolution", "2026-03-20", "2026-04-08", "in-timescale"),
    ("secure.review.first", "2026-03-31", "2026-04-02", "in-timescale"),
]


def test_what_was_met_is_judged_by_the_law_it_was_met_under(mover: None, iro: Iro) -> None:
    """Also if Wales has no rule for it, or it was met before Wales had one."""
    assert _met(iro("show", "SWIFT", "-f", "json")) == IN_ENGLAND


def test_what_is_open_is_counted_by_the_law_of_today(mover: None, iro: Iro) -> None:
    """Enquiries that began in England are counted from the last discussion, as in Wales."""
    found = _due(iro("due", "--all", "-f", "json"))["SWIFT"]

    # 15 working days from Thu 30 April over early May; three months from 31 March.
    assert ("2026-05-22", "2026-06-30") == (
        found["cp.conference.initial"],
        found["secure.review.subsequent"],
    )


def test_who_moves_back_keeps_both(mover: None, iro: Iro) -> None:
    """Clocks met in Wales are judged by Wales' law, those before and after by England's."""
    held = ("record", "cp.conference.initial", "SWIFT", "--on", "2026-05-20")
    again = ("record", "wales.left", "SWIFT", "--on", "2026-06-01")
    for words in (held, again):
        assert iro("--as-of", "2026-06-02", *words).code == 0
    assert iro("child", "edit", "SWIFT", "--child-nation", "england").code == 0

    assert _met(iro("show", "SWIFT", "-f", "json", "--as-of", "2026-06-02")) == [
        *IN_ENGLAND,
        ("cp.conference.initial", "2026-05-20", "2026-05-22", "in-timescale"),
    ]


def test_figures_keep_what_was_met(mover: None, iro: Iro) -> None:
    """The report on the time in England has what was in time there."""
    months = ("--from", "2026-03-01", "--to", "2026-04-30")
    rows = iro("report", "timeliness", *months, "-f", "json").rows()

    in_time = {row["name"]: row["in_timescale"] for row in rows}
    assert (in_time["secure.review.first"], in_time["dispute.resolution"]) == (1, 1)


def test_what_lapsed_is_judged_by_the_law_it_lapsed_under(make_store: Store, iro: Iro) -> None:
    """
    A duty that ended unmet in England is judged by England's law, if the move's day is known.

    Secure from Mon 2 to Fri 27 March 2026, without a review.  In England it was due on 2 April,
    a month after: the placement ended first, and nothing was owed.  In Wales it was due on
    23 March, 15 working days after.  A dispute of 2 March that was never resolved was due on
    30 March, 20 working days after: it was late when the child left.  One of 23 March was due on
    22 April, and ended with the move of 13 April in time.  Wales has no such rule.
    """
    facts = [
        Event("dispute.raised", date(2026, 3, 2), reference="plan"),
        Event("secure.start", date(2026, 3, 2)),
        Event("dispute.raised", date(2026, 3, 23), reference="school"),
        Event("secure.end", date(2026, 3, 27)),
    ]
    left = Event("england.left", date(2026, 4, 13))
    children = ("SWIFT", "wales"), ("MARTIN", "wales"), ("DUNNOCK", None)
    make_store(
        [Child(name, nation=nation) for name, nation in children],
        [(name, fact) for name, _ in children for fact in facts] + [("SWIFT", left)],
    )
    months = ("--from", "2026-03-01", "--to", "2026-04-30", "--as-of", "2026-04-30")
    rows = iro("report", "timeliness", *months, "--show", "late", "-f", "json").rows()

    late = {(row["child"], row["timescale"], row["due"], row["status"]) for row in rows}
    assert late == {
        ("SWIFT", "dispute.resolution", "2026-03-30", "never-held"),
        ("MARTIN", "secure.review.first", "2026-03-23", "never-held"),
        ("DUNNOCK", "dispute.resolution", "2026-03-30", "outstanding"),
        ("DUNNOCK", "dispute.resolution", "2026-04-22", "outstanding"),
    }


DISPUTE = Event("dispute.raised", date(2026, 3, 2), reference="plan")
THERE, BACK = Event("england.left", date(2026, 4, 13)), Event("wales.left", date(2026, 4, 27))
LATE = ("dispute.resolution", "2026-03-30")


def _resolved(on: date) -> Event:
    return Event("dispute.resolved", on, reference="plan")


@pytest.mark.parametrize(
    ("nation", "more", "status"),
    [
        ("england", [THERE, BACK], "outstanding"),
        ("england", [THERE, BACK, _resolved(date(2026, 4, 29))], "out-of-timescale"),
        ("wales", [_resolved(date(2026, 4, 13)), THERE], "out-of-timescale"),
        ("wales", [THERE, BACK, Event("england.left", date(2026, 4, 29))], "never-held"),
        (
            "england",
            [_resolved(date(2026, 4, 13)), THERE, Event("wales.left", date(2026, 4, 13))],
            "out-of-timescale",
        ),
    ],
    ids=["open", "resolved-after", "resolved-on-the-day", "moved-again", "back-on-the-day"],
)
def test_one_duty_is_counted_once_however_often_a_child_moves(
    make_store: Store, iro: Iro, nation: str, more: list[Event], status: str
) -> None:
    """
    A dispute of Mon 2 March 2026 is due on 30 March, 20 working days after; Wales has no rule.

    It goes on after a move back, and what resolves it on the day of a move is not forgotten.
    """
    make_store([Child("SWIFT", nation=nation)], [("SWIFT", one) for one in [DISPUTE, *more]])
    months = ("--from", "2026-03-01", "--to", "2026-04-30", "--as-of", "2026-04-30")
    rows = iro("report", "timeliness", *months, "--show", "late", "-f", "json").rows()

    assert [(row["timescale"], row["due"], row["status"]) for row in rows] == [(*LATE, status)]


def test_what_was_in_time_on_the_day_of_a_move_is_kept(make_store: Store, iro: Iro) -> None:
    """Wales has no rule to judge it, so England's law does."""
    facts = [DISPUTE, _resolved(date(2026, 3, 16)), Event("england.left", date(2026, 3, 16))]
    make_store([Child("SWIFT", nation="wales")], [("SWIFT", one) for one in facts])

    assert _met(iro("show", "SWIFT", "-f", "json")) == [
        ("dispute.resolution", "2026-03-16", "2026-03-30", "in-timescale")
    ]


def test_who_changes_a_nation_is_asked_for_the_move(two: None, iro: Iro) -> None:
    """The message has the command that keeps the met clocks, with the earlier nation."""
    said = iro("child", "edit", "DUNNOCK", "--child-nation", "wales").out

    assert "`iro record england.left DUNNOCK --on DATE`" in said


def test_a_move_alone_is_pointed_out(two: None, iro: Iro) -> None:
    """DUNNOCK is England's until the nation is edited: every date stays, and a message says so."""
    before = _due(iro("due", "--all", "-f", "json"))
    told = iro("record", "england.left", "DUNNOCK", "--on", "2026-04-30").err
    command = "`iro child edit DUNNOCK --child-nation NATION`"

    assert (
        "moved away, but the nation recorded for the child is still the one that the child left"
        in told
    )
    assert command in told
    assert command in iro("show", "DUNNOCK").out
    assert [row["check"] for row in iro("doctor", "-f", "json").rows()].count(
        "left-without-nation"
    ) == 1
    assert _due(iro("due", "--all", "-f", "json")) == before

    iro("child", "edit", "DUNNOCK", "--child-nation", "scotland")

    assert command not in iro("show", "DUNNOCK").out


@pytest.mark.parametrize("line", ["wales.left DUNNOCK", "england.left DIPPER"])
def test_a_move_from_another_nation_needs_no_word(line: str, two: None, iro: Iro) -> None:
    """DUNNOCK came to England and DIPPER already is of Wales, so neither gets a message."""
    said = iro("record", *line.split(), "--on", "2026-04-30")

    assert (said.code, "--child-nation" in said.err) == (0, False)


def test_a_nation_without_rules_is_refused(make_store: Store, iro: Iro) -> None:
    """No other nation's law is used for a child of Scotland."""
    make_store([Child("CURLEW", nation="scotland")], [("CURLEW", SECURE)])
    (row,) = iro("due", "--all", "-f", "json").rows()

    assert (row["status"], row["due"]) == ("refused", None)


@pytest.mark.parametrize(
    "command",
    [
        ("caseload", "--watched", "all"),
        ("forecast", "--watched", "all"),
        ("report", "timeliness", "--from", "2026-03-01", "--to", "2026-04-30"),
        ("doctor",),
        ("due", "--all", "--watched", "all"),
        ("show", "DIPPER", "--watched", "all"),
    ],
)
def test_every_question_takes_both(two: None, iro: Iro, command: tuple[str, ...]) -> None:
    """Rules that only one nation has cause no error for the other."""
    assert iro(*command).code == 0


def test_what_only_one_nation_has_is_listed(make_store: Store, iro: Iro) -> None:
    """Only Wales asks for an outline plan; England's rules have no such timescale."""
    conference = Event("cp.conference.initial", date(2026, 4, 20))
    make_store(
        [Child("DIPPER", nation="wales"), Child("DUNNOCK")],
        [(child, conference) for child in ("DIPPER", "DUNNOCK")],
    )
    answer = iro("due", "--all", "--watched", "all")
    listed = [line for line in answer.out.splitlines() if "Outline" in line]

    assert (answer.code, len(listed)) == (0, 1)
    assert "DIPPER" in listed[0]


def test_a_date_is_marked_by_the_law_that_it_rests_on(make_store: Store, iro: Iro) -> None:
    """Wales' rule for short breaks is UNCHECKED, England's under the same id is not."""
    begun = Event("short-break.start", date(2026, 4, 20))
    make_store(
        [Child("DIPPER", nation="wales"), Child("DUNNOCK")],
        [(child, begun) for child in ("DIPPER", "DUNNOCK")],
    )
    marked = {
        child: "*" in line.partition("  ")[0]
        for line in iro("due", "--all").out.splitlines()
        for child in ("DIPPER", "DUNNOCK")
        if child in line
    }

    assert marked == {"DIPPER": True, "DUNNOCK": False}
