"""Questions about a day or a period before a meeting of which only the latest is recorded."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.facts.model import Child, Event
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.listing import OVERDUE, DueRow, DueRows
from iro_cli.sentences.reasons import assumed_words
from running import Answer

CATALOGUE = library.catalogue("england")
WORK = Engine(CATALOGUE)

# Twenty working days from Mon 2 Mar 2026 end on Mon 30 Mar: Good Friday is the 3rd of April.
# Three months from Mon 2 Feb 2026 end on Sat 2 May.
BEGUN = {
    "cla": (Event("cla.start", date(2026, 3, 2)), "cla.review", date(2026, 3, 30)),
    "short-break": (
        Event("short-break.start", date(2026, 2, 2)),
        "short-break.review",
        date(2026, 5, 2),
    ),
    "cp": (
        Event("cp.conference.initial", date(2026, 2, 2), outcome="plan"),
        "cp.conference.review",
        date(2026, 5, 2),
    ),
}
LATEST = date(2026, 9, 10)


def rows(*events: Event, as_of: date, strict: bool = False) -> list[DueRow]:
    """Return what is open on a day; more may be recorded after it."""
    known = sorted((one for one in events if one.on <= as_of), key=lambda one: one.on)
    later = [one for one in events if one.on > as_of]
    listing = DueRows(
        CATALOGUE,
        library.calendar("england-and-wales"),
        Watchlist(CATALOGUE, {}),
        as_of=as_of,
        horizon=as_of + timedelta(days=28),
        strict=strict,
        say=assumed_words,
    )
    silences = WORK.before_latest(known, later)
    clocks = WORK.run(known, as_of=as_of, silences=silences).open
    return list(listing.open_rows(Child("TS-0101"), clocks, known))


def row(*events: Event, as_of: date, strict: bool = False) -> DueRow:
    """Return the only open obligation."""
    (found,) = rows(*events, as_of=as_of, strict=strict)
    return found


# ---------------------------------------------------------------- what is open


@pytest.mark.parametrize("process", BEGUN)
def test_a_day_before_the_latest_meeting_has_no_date_once_it_has_passed(process: str) -> None:
    """The extract does not show whether a meeting was held by then."""
    begun, meeting, due = BEGUN[process]
    latest = Event(f"{meeting}.latest", LATEST)

    for as_of in (due + timedelta(days=1), LATEST - timedelta(days=1)):
        found = row(begun, latest, as_of=as_of)

        assert (found.due, found.status, found.assumed) == (None, "refused", None)


@pytest.mark.parametrize("process", BEGUN)
def test_until_then_the_date_stands_and_says_what_it_rests_on(process: str) -> None:
    """Due today is not overdue, so the date is still shown."""
    begun, meeting, due = BEGUN[process]
    latest = Event(f"{meeting}.latest", LATEST)

    found = row(begun, latest, as_of=due)

    assert (found.due, found.status) == (due, "due-today")
    assert found.assumed is not None
    assert found.assumed.endswith(
        "only the latest meeting is recorded, on 10 Sep 2026, and there may have been others before it"
    )


@pytest.mark.parametrize("process", BEGUN)
def test_strict_refuses_it(process: str) -> None:
    """--strict refuses such a date, like every assumed one."""
    begun, meeting, due = BEGUN[process]

    found = row(begun, Event(f"{meeting}.latest", LATEST), as_of=due, strict=True)

    assert (found.due, found.status, found.assumed) == (None, "refused", None)


@pytest.mark.parametrize("process", BEGUN)
def test_on_its_own_day_the_latest_meeting_is_known(process: str) -> None:
    """So is the day on which a process began: no meeting can have been held before."""
    begun, meeting, _ = BEGUN[process]
    latest = Event(f"{meeting}.latest", LATEST)

    assert row(begun, latest, as_of=LATEST).clock_started == LATEST
    assert row(begun, latest, as_of=begun.on).assumed is None


def test_where_every_meeting_is_known_nothing_is_assumed() -> None:
    """Another source gives the latest meeting, two days apart, and all others."""
    begun, _, due = BEGUN["cla"]
    known = Event("cla.review", date(2026, 9, 8))

    found = row(begun, known, Event("cla.review.latest", LATEST), as_of=date(2026, 6, 30))

    assert (found.due, found.status, found.assumed) == (due, "overdue", None)


def test_a_latest_meeting_of_the_next_period_says_nothing_of_this_one() -> None:
    """Care ended, and began again before the latest meeting."""
    begun, _, due = BEGUN["cla"]
    again = [Event("cla.end", date(2026, 7, 1)), Event("cla.start", date(2026, 8, 3))]

    found = row(begun, *again, Event("cla.review.latest", LATEST), as_of=date(2026, 6, 30))

    assert (found.due, found.status, found.assumed) == (due, "overdue", None)


def test_after_an_earlier_latest_meeting_the_next_may_have_been_held() -> None:
    """Two extracts give latest reviews in March and September, and none between."""
    begun = BEGUN["cla"][0]
    first, second = (
        Event("cla.review.latest", date(2026, 3, 25)),
        Event("cla.review.latest", LATEST),
    )

    # The first, held in time: three months from Wed 25 Mar end on Thu 25 Jun 2026.
    before = row(begun, first, second, as_of=date(2026, 6, 25))
    after = row(begun, first, second, as_of=date(2026, 6, 26))

    assert (before.due, before.status) == (date(2026, 6, 25), "due-today")
    assert before.assumed is not None
    assert "is taken for the first" in before.assumed
    assert "assumed not to have been held since 25 Mar 2026" in before.assumed
    assert (after.due, after.status) == (None, "refused")


def test_a_review_conference_may_have_met_what_a_new_enquiry_asks_for() -> None:
    """Enquiries from Mon 1 Jun 2026 about a child on a plan are met by a review conference too."""
    begun, meeting, _ = BEGUN["cp"]
    enquiry = Event("cp.strategy", date(2026, 6, 1), section_47="yes")

    found = rows(begun, enquiry, Event(f"{meeting}.latest", LATEST), as_of=date(2026, 8, 3))

    assert {(one.timescale, one.status) for one in found} == {
        ("cp.conference.initial", "refused"),
        ("cp.conference.review.first", "refused"),
    }


def test_a_child_without_a_plan_is_not_helped_by_one_that_is_to_come() -> None:
    """Fifteen working days from Mon 1 Jun 2026 end on Mon 22 Jun; there is no plan yet."""
    enquiry = Event("cp.strategy", date(2026, 6, 1), section_47="yes")
    latest = Event("cp.conference.review.latest", LATEST)

    found = row(enquiry, latest, as_of=date(2026, 8, 3))

    assert (found.due, found.status) == (date(2026, 6, 22), "overdue")


@given(
    process=st.sampled_from(sorted(BEGUN)),
    held=st.lists(st.integers(1, 900), max_size=4),
    asked=st.integers(0, 1000),
)
def test_nothing_is_overdue_in_silence_before_a_latest_meeting(
    process: str, held: list[int], asked: int
) -> None:
    """This holds for any latest meetings and any as-of day."""
    begun, meeting, _ = BEGUN[process]
    days = [begun.on + timedelta(days=number) for number in (*held, 1001)]
    latest = [Event(f"{meeting}.latest", day) for day in sorted(set(days))]

    found = rows(begun, *latest, as_of=begun.on + timedelta(days=asked))

    assert not [one for one in found if one.status == OVERDUE and not one.assumed]


# ---------------------------------------------------------------- every question about it

FILE = """child_id,event,date,outcome
K-1,cla.start,2026-03-02,
K-1,cla.review.latest,2026-09-10,
K-2,cp.conference.initial,2026-02-02,plan
K-2,cp.conference.review.latest,2026-09-10,
K-3,short-break.start,2026-02-02,
K-3,short-break.review.latest,2026-09-10,
K-4,cla.start,2026-06-22,
K-4,cla.review.latest,2026-09-10,
"""


@pytest.fixture
def asked(home: Any, typed: Callable[[str], Answer]) -> Callable[..., Answer]:
    """Return a function that asks about 30 June 2026; every recorded meeting is of 10 September."""
    (home / "events.csv").write_text(FILE, "utf-8")
    (home / "children.csv").write_text("child_id,iro\nK-1,Ada\nK-2,Ada\nK-3,Ada\nK-4,Ada\n")
    for line in ("import children children.csv", "import events events.csv"):
        answer = typed(f"{line} --as-of 2026-11-23")
        assert answer.code == 0, answer.err
    return lambda line, day="2026-06-30": typed(f"{line} --as-of {day}")


def test_the_list_says_no_date_and_the_alarm_is_silent(asked: Callable[..., Answer]) -> None:
    """K-4 came into care on 22 Jun: its first review is due on 20 Jul, and is marked."""
    due = {one["child"]: (one["due"], one["status"]) for one in asked("due --all -f json").rows()}

    assert due == {
        "K-1": (None, "refused"),
        "K-2": (None, "refused"),
        "K-3": (None, "refused"),
        "K-4": ("2026-07-20", "due-soon"),
    }
    assert asked("overdue -f json").rows() == []
    assert asked("overdue --exit-code").code == 0


def test_show_and_explain_say_why_and_what_to_do(asked: Callable[..., Answer]) -> None:
    """They name the recorded meeting, and the day to ask about."""
    shown, why = asked("show K-1").out, asked("explain K-1").out
    marked = asked("explain K-4").out

    assert "no date" in shown
    assert (
        "counted from 2 Mar 2026 it would be 30 Mar 2026, and whether it was held by then is not "
        "known: only the latest meeting is recorded, on 10 Sep 2026, and there may have been others before it; ask about 10 Sep 2026 or a later day, or import a source that has every one"
    ) in " ".join(why.split())
    assert "assumed not to have been held since 22 Jun 2026" in " ".join(marked.split())


def test_the_caseload_and_the_digest_count_it_as_without_a_date(
    asked: Callable[..., Answer],
) -> None:
    """None of the four counts as overdue."""
    caseload = asked("caseload -f json")
    (ada,) = caseload.rows()

    assert (ada["open"], ada["overdue"]) == (4, 0)
    assert caseload.json["left_out"]["open_without_date"] == 3
    assert "WITHOUT A DATE (3)" in asked("digest").out


def measures(asked: Callable[..., Answer], words: str, day: str) -> dict[str, dict[str, Any]]:
    """Return the measures of a report by name."""
    answer = asked(f"report timeliness {words} --show measures -f json", day)
    assert answer.code == 0, answer.err
    return {one["measure"]: one for one in json.loads(answer.out)["rows"]}


@pytest.mark.parametrize("day", ["2026-06-30", "2026-11-23"])
def test_a_report_of_an_earlier_period_leaves_it_out_and_counts_it(
    asked: Callable[..., Answer], day: str
) -> None:
    """The second quarter, asked on its last day and long after, is never 0 of 1."""
    words = "--from 2026-04-01 --to 2026-06-30"
    plans = measures(asked, words, day)["plans.reviewed"]
    total = json.loads(asked(f"report timeliness {words} -f json", day).out)["total"]

    assert (plans["part"], plans["whole"]) == (0, 0)
    assert "1 plan whose start or reviews are not known left out" in plans["note"]
    # K-4's review can have fallen due on 20 July at the soonest: it is no part of the quarter.
    assert (total["due"], total["refused"]) == (0, 3)


def test_a_report_counts_only_what_can_have_fallen_due_in_its_period(
    asked: Callable[..., Answer],
) -> None:
    """In February and March only K-1's review can; the others were due in May and July."""
    words = "--from 2026-02-01 --to 2026-03-31"
    total = json.loads(asked(f"report timeliness {words} -f json", "2026-11-23").out)["total"]

    assert (total["due"], total["refused"]) == (0, 1)


@pytest.mark.parametrize("report", ["quarterly", "annual"])
def test_the_reports_of_the_service_say_so_too(asked: Callable[..., Answer], report: str) -> None:
    """The plan is left out of the plans reviewed in time, and counted."""
    answer = asked(f"report {report} --from 2026-04-01 --to 2026-06-30 -f json", "2026-11-23")

    assert answer.code == 0, answer.err
    assert "1 plan whose start or reviews are not known left out" in answer.out
