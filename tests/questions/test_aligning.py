"""One date for several meetings, against days tried one by one and a wall calendar."""

import json
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.facts.people import Absence
from iro_cli.questions.aligning import AskedAlignment, align
from iro_cli.questions.view import View
from iro_cli.store.kinds import ABSENCE, ALLOCATION, BOOKING, CHILD_DETAIL
from stores import add_facts, changing, reading

pytestmark = pytest.mark.asked_on("2026-11-02")

D = date.fromisoformat
AS_OF = D("2026-11-02")
OFF = holidays.country_holidays("GB", subdiv="ENG", years=[2026, 2027])
# A brother and a sister: the review of one is due on Mon 9 Nov, of the other on Fri 20 Nov.
FACTS = [
    ("DUNNOCK", Event("cla.start", D("2026-10-12"))),
    ("LINNET", Event("cla.start", D("2026-10-23"))),
]
CHILDREN = [Child("DUNNOCK", sibling_group="SG-1"), Child("LINNET", sibling_group="SG-1")]
ADA = [Allocation("DUNNOCK", "iro", "Ada Okafor"), Allocation("LINNET", "iro", "Ada Okafor")]


def test_the_soonest_hold_by_serves_both(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Mon 9 Nov: no day lost for one, eleven for the other; both are due next on Tue 9 Feb."""
    make_store(CHILDREN, FACTS, ADA)
    found = iro("align", "--sibling-group-of", "LINNET", "-f", "json").json

    assert (found["first"], found["last"], found["best"], len(found["possible"])) == (
        "2026-11-02", "2026-11-09", "2026-11-09", 6,
    )  # fmt: skip
    assert [
        (row["child"], row["days_lost"], row["next_timescale"], row["next_due"])
        for row in found["rows"]
    ] == [
        ("DUNNOCK", 0, "cla.review.second", "2027-02-09"),
        ("LINNET", 11, "cla.review.second", "2027-02-09"),
    ]


def test_a_review_and_a_conference_of_one_child(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """
    The review is due on Mon 9 Nov and the conference, three months on, on Sat 2 Jan.

    Held together on 9 Nov the review conference loses 54 days and is next due on Sun 9 May.
    """
    facts = [FACTS[0], ("DUNNOCK", Event("cp.conference.initial", D("2026-10-02")))]
    make_store(CHILDREN[:1], facts, [*ADA[:1], Allocation("DUNNOCK", "chair", "Efa Moss")])
    found = iro("align", "DUNNOCK", "-f", "json").json

    assert [
        (row["iro"], row["due"], row["days_lost"], row["next_due"]) for row in found["rows"]
    ] == [
        ("Ada Okafor", "2026-11-09", 0, "2027-02-09"),
        ("Efa Moss", "2027-01-02", 54, "2027-05-09"),
    ]


def test_absences_and_booked_slots_are_respected(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Away on the 9th, and with two other children on the 6th: Thu 5 Nov remains."""
    others = [Child("WREN"), Child("SORREL")]
    make_store(
        [*CHILDREN, *others],
        [*FACTS, *((one.child_id, Event("cla.start", D("2026-10-26"))) for one in others)],
        [*ADA, *(Allocation(one.child_id, "iro", "Ada Okafor") for one in others)],
        [
            Booking(one.child_id, "cla.review.first", D("2026-10-26"), D("2026-11-06"))
            for one in others
        ],
        absences=[Absence("Ada Okafor", D("2026-11-09"), D("2026-11-13"), "leave")],
    )
    two = iro("align", "--sibling-group", "SG-1", "-f", "json").json["best"]
    three = iro("align", "--sibling-group", "SG-1", "--per-day", "3", "-f", "json").json["best"]

    assert (two, three) == ("2026-11-05", "2026-11-06")


def test_impossible_names_the_chain_that_is_overdue(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Care began on Mon 5 Oct: the review was due on Mon 2 Nov, two days before."""
    make_store(CHILDREN, [("DUNNOCK", Event("cla.start", D("2026-10-05"))), FACTS[1]], ADA)
    answer = iro("--as-of", "2026-11-04", "align", "DUNNOCK", "LINNET")

    assert answer.code == 0
    assert answer.out.splitlines()[0] == (
        "Impossible, because the first review of DUNNOCK was due by Mon 2 Nov 2026 and is 2 days "
        "overdue: hold it as soon as it can be, and align the others without it"
    )


def test_impossible_says_who_is_away(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """The IRO is away on all six working days."""
    away = [Absence("Ada Okafor", D("2026-10-26"), D("2026-11-13"), "leave")]
    make_store(CHILDREN, FACTS, ADA, absences=away)
    found = iro("align", "DUNNOCK", "LINNET", "-f", "json").json

    assert (found["best"], found["impossible"]) == (
        None,
        (
            "the first review of DUNNOCK is to be held by Mon 9 Nov 2026, and none of the 6 "
            "working days from Mon 2 Nov 2026 on is free: Ada Okafor is away (leave) on 6 days between "
            "2 Nov 2026 and 9 Nov 2026"
        ),
    )


def test_a_window_that_opens_later(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """A review held today is the last one; the next can be tomorrow, too late for another."""
    make_store(
        CHILDREN,
        [
            ("DUNNOCK", Event("cla.start", D("2026-10-05"))),
            ("LINNET", Event("cla.start", D("2026-10-23"))),
            ("LINNET", Event("cla.review", D("2026-11-02"))),
        ],
        ADA,
    )
    found = iro("align", "DUNNOCK", "LINNET", "-f", "json").json

    assert found["impossible"] == (
        "the first review of DUNNOCK is to be held by Mon 2 Nov 2026, and the second review of "
        "LINNET cannot be held before Tue 3 Nov 2026"
    )


def test_only_one_process(make_store: Callable[..., Path], iro: Callable[..., Any]) -> None:
    """The conference alone, on its own last working day: Thu 31 Dec."""
    facts = [FACTS[0], ("DUNNOCK", Event("cp.conference.initial", D("2026-10-02")))]
    make_store(CHILDREN[:1], facts, ADA[:1])
    found = iro("align", "DUNNOCK", "--process", "cp", "-f", "json").json

    assert (found["best"], len(found["rows"])) == ("2026-12-31", 1)


def test_children_with_nothing_open_are_named(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """They are named and not silently left out."""
    make_store([*CHILDREN, Child("WREN")], FACTS, ADA)
    answer = iro("align", "WREN", "LINNET")

    assert "no review or conference is open for WREN" in answer.out


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        ((), 2), (("LINNET", "--per-day", "0"), 2), (("LINNET", "--process", "xx"), 2),
        (("NOBODY",), 3), (("--sibling-group", "SG-9"), 3), (("--sibling-group-of", "WREN"), 3),
        (("WREN", "LINNET"), 3),
    ],
)  # fmt: skip
def test_what_cannot_be_aligned_is_refused(
    argv: tuple[str, ...], code: int, make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """A mistyped child, an empty group, children of different nations."""
    make_store([*CHILDREN, Child("WREN", nation="wales")], FACTS, ADA)
    answer = iro("align", *argv)

    assert (answer.code, answer.out) == (code, "")


# ---------------------------------------------------------------- day by day


def _weekday(on: date) -> bool:
    return on.weekday() < 5 and on not in OFF


@given(
    starts=st.lists(st.integers(0, 26), min_size=2, max_size=4),
    away=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=3),
    booked=st.lists(st.integers(0, 30), max_size=6),
    per_day=st.integers(1, 2),
)
def test_every_day_tried_one_by_one(
    starts: list[int], away: list[tuple[int, int]], booked: list[int], per_day: int
) -> None:
    """The answer is the last day that a plain search finds."""
    children = [f"C{number}" for number in range(len(starts))]
    others = [f"O{number}" for number in range(len(booked))]
    begins = {
        child: AS_OF - timedelta(days=ago) for child, ago in zip(children, starts, strict=True)
    }
    absences = [
        (AS_OF + timedelta(days=first), AS_OF + timedelta(days=first + length))
        for first, length in away
    ]
    taken = [AS_OF + timedelta(days=ahead) for ahead in booked]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        with changing(path, at="2026-11-02T09:00:00Z", who="tester", command="test") as writer:
            writer.add(CHILD_DETAIL, map(Child, (*children, *others)))
            add_facts(writer, [(one, Event("cla.start", on)) for one, on in begins.items()])
            add_facts(writer, [(one, Event("cla.start", AS_OF)) for one in others])
            writer.add(ALLOCATION, [Allocation(one, "iro", "Ada") for one in (*children, *others)])
            for one, on in zip(others, taken, strict=True):
                writer.add(BOOKING, [Booking(one, "cla.review.first", AS_OF, on)])
            writer.add(ABSENCE, [Absence("Ada", first, last) for first, last in absences])
        view = View(reading(path), nation="england", as_of=AS_OF)
        found = align(view, AskedAlignment(tuple(children), per_day=per_day))
        view.reader.close()

    def last_day(began: date) -> date:
        on, left = began, 20
        while left:
            on += timedelta(days=1)
            left -= _weekday(on)
        return on

    first = max(AS_OF, *(on + timedelta(days=1) for on in begins.values()))
    last = min(last_day(on) for on in begins.values())
    every = [first + timedelta(days=number) for number in range(max(0, (last - first).days + 1))]
    free = [
        on
        for on in every
        if _weekday(on)
        and not any(one <= on <= other for one, other in absences)
        and taken.count(on) < per_day
    ]

    assert found.possible == free
    assert found.best == (free[-1] if free else None)
    assert (found.impossible is None) == bool(free)
    assert [row.days_lost for row in found.rows if found.best] == (
        sorted((last_day(on) - free[-1]).days for on in begins.values()) if free else []
    )


def test_json_is_whole(make_store: Callable[..., Path], iro: Callable[..., Any]) -> None:
    """The window is beside the rows, and two runs give the same bytes."""
    make_store(CHILDREN, FACTS, ADA)
    once, again = (iro("align", "DUNNOCK", "LINNET", "-f", "json").out for _ in range(2))

    assert once == again
    assert set(json.loads(once)) >= {"schema", "as_of", "best", "possible", "impossible", "rows"}
