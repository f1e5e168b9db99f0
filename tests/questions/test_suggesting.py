"""A proposed diary, against every possible diary on small instances."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.facts.people import Absence
from iro_cli.figures.solving import Job, Room, cheapest

pytestmark = pytest.mark.asked_on("2026-11-02")

highspy = pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")

D = date.fromisoformat


def _care(*days: str) -> tuple[list[Child], list[tuple[str, Event]], list[Allocation]]:
    """Return children whose care began on given days, all with Ada Okafor as IRO."""
    names = [f"C{number}" for number in range(len(days))]
    return (
        [Child(name) for name in names],
        [(name, Event("cla.start", D(on))) for name, on in zip(names, days, strict=True)],
        [Allocation(name, "iro", "Ada Okafor") for name in names],
    )


def _days(answer: Any) -> dict[str, str | None]:
    return {row["child"]: row["suggested"] for row in answer.json["rows"]}


def test_five_working_days_are_kept_in_hand(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Due on Fri 20 Nov, it is on Fri 13; with --spare 0 it is on the last day."""
    make_store(*_care("2026-10-23"))
    spared, last = (
        iro("suggest", "--iro", "Ada Okafor", "--spare", spare, "-f", "json") for spare in "50"
    )

    assert (_days(spared), _days(last)) == ({"C0": "2026-11-13"}, {"C0": "2026-11-20"})
    assert last.json["rows"][0]["days_before_due"] == 0


def test_no_more_than_so_many_a_day_and_none_too_late(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Five are due on Mon 9 Nov, one a day from Mon 2 on: six places, so all are in time."""
    make_store(*_care(*["2026-10-12"] * 5))
    answer = iro("suggest", "--iro", "Ada Okafor", "--per-day", "1", "--spare", "0", "-f", "json")
    rows = answer.json["rows"]

    assert sorted(row["suggested"] for row in rows) == [
        "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-09",
    ]  # fmt: skip
    assert not any(row["late"] for row in rows)


def test_what_cannot_be_in_time_says_why(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Seven are due by Mon 9 Nov and there are six places: one is held on Tue 10, a day late."""
    make_store(*_care(*["2026-10-12"] * 7))
    answer = iro("suggest", "--iro", "Ada Okafor", "--per-day", "1", "-f", "json")
    late = [row for row in answer.json["rows"] if row["late"]]

    assert [(row["suggested"], row["days_before_due"], row["reason"]) for row in late] == [
        (
            "2026-11-10",
            -1,
            "7 meetings have to be held by 9 Nov 2026, and 6 places are left up to then",
        )
    ]


def test_what_is_overdue_goes_first(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """It was due last Friday: held today, it costs the other no day."""
    make_store(*_care("2026-10-02", "2026-10-12"))
    answer = iro("suggest", "--iro", "Ada Okafor", "--per-day", "1", "-f", "json")

    assert _days(answer) == {"C0": "2026-11-02", "C1": "2026-11-03"}
    assert answer.json["rows"][0]["reason"] == (
        "it was to be held by Fri 30 Oct 2026, before any day that may be used"
    )


def test_being_in_time_comes_before_catching_up(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Today's one place goes to the review due today, and the overdue one waits a day."""
    make_store(*_care("2026-10-02", "2026-10-05"))
    answer = iro("suggest", "--iro", "Ada Okafor", "--per-day", "1", "-f", "json")

    assert _days(answer) == {"C1": "2026-11-02", "C0": "2026-11-03"}


def test_a_meeting_that_the_birthday_ends_is_not_proposed(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Both are due on Fri 20 Nov: one child is eighteen that day, the other the day after."""
    children, facts, allocations = _care("2026-10-23", "2026-10-23")
    born = (D("2008-11-20"), D("2008-11-21"))
    make_store(
        [one._replace(date_of_birth=day) for one, day in zip(children, born, strict=True)],
        facts,
        allocations,
    )
    answer = iro("suggest", "--iro", "Ada Okafor", "-f", "json")

    assert [*_days(answer)] == ["C1"]
    assert answer.json["outgrown"] == 1
    assert "1 left out, because the 18th birthday comes first" in iro("suggest").out


def test_absences_and_bookings_take_their_places(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Away on the 9th and 6th, booked on the 5th: Wed 4 Nov is the last day with a place."""
    children, facts, allocations = _care("2026-10-12", "2026-10-26")
    make_store(
        children,
        facts,
        allocations,
        [Booking("C1", "cla.review.first", D("2026-10-26"), D("2026-11-05"))],
        absences=[Absence("ada okafor", D("2026-11-06"), D("2026-11-09"))],
    )
    answer = iro("suggest", "--iro", "Ada Okafor", "--per-day", "1", "--spare", "0", "-f", "json")

    assert (_days(answer), answer.json["booked_already"]) == ({"C0": "2026-11-04"}, 1)


def test_siblings_come_together_where_it_costs_nothing(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Of four children with one due date, only the two siblings share a day."""
    _, facts, allocations = _care(*["2026-10-23"] * 4)
    groups = [None, "SG-1", None, "SG-1"]
    children = [Child(f"C{number}", sibling_group=one) for number, one in enumerate(groups)]
    make_store(children, facts, allocations)
    days = _days(iro("suggest", "--iro", "Ada Okafor", "-f", "json"))

    assert days["C1"] == days["C3"]
    assert len(set(days.values())) == 3


def test_an_adjourned_review_is_put_down_once(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """One meeting meets its two clocks, and is booked for both."""
    children, facts, allocations = _care("2026-10-12")
    make_store(
        children, [*facts, ("C0", Event("cla.review.adjourned", D("2026-11-02")))], allocations
    )
    rows = iro("suggest", "--iro", "Ada Okafor", "--book", "-f", "json").json["rows"]
    left = iro("due", "--unbooked", "--all", "-f", "json").json["rows"]

    assert [row["timescale"] for row in rows] == ["cla.review.first", "cla.review.adjourned"]
    assert (len({row["suggested"] for row in rows}), left) == (1, [])


@pytest.mark.parametrize(
    ("as_of", "booked", "proposed"),
    [
        ("2026-11-02", "2026-11-06", []),
        ("2026-11-02", "2026-11-20", ["cla.review.first"]),
        ("2026-11-16", "2026-11-20", []),
    ],
)
def test_what_a_booked_meeting_meets_as_well_is_left_out(
    make_store: Callable[..., Path],
    iro: Callable[..., Any],
    as_of: str,
    booked: str,
    proposed: list[str],
) -> None:
    """
    The adjourned review is booked, and meets the first review, due Mon 9 Nov, too.

    Booked after that day, an earlier one is proposed; on the 16th it is late anyhow.
    """
    children, facts, allocations = _care("2026-10-12")
    adjourned = D("2026-11-02")
    make_store(
        children,
        [*facts, ("C0", Event("cla.review.adjourned", adjourned))],
        allocations,
        [Booking("C0", "cla.review.adjourned", adjourned, D(booked))],
    )
    answer = iro("--as-of", as_of, "suggest", "--iro", "Ada Okafor", "-f", "json")

    assert [row["timescale"] for row in answer.json["rows"]] == proposed


def test_book_is_one_change_and_one_undo(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """All meetings are booked as proposed, and `iro undo` takes all back."""
    make_store(*_care("2026-10-12", "2026-10-20", "2026-10-23"))
    proposed = _days(iro("suggest", "--iro", "Ada Okafor", "-f", "json"))
    answer = iro("suggest", "--iro", "Ada Okafor", "--book", "-f", "json")
    booked = {row["child"]: row["booked"] for row in iro("due", "-f", "json").json["rows"]}
    again = iro("suggest", "--iro", "Ada Okafor", "-f", "json").json["rows"]
    undone = iro("undo").code
    left = {row["child"]: row["booked"] for row in iro("due", "-f", "json").json["rows"]}

    assert "booked 3 meetings" in answer.err
    assert (booked, again) == (proposed, [])
    assert (undone, set(left.values())) == (0, {None})


def test_the_last_day_limits_what_is_planned(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Meetings due after it are left out, and counted."""
    make_store(*_care("2026-10-12", "2026-10-23"))
    answer = iro("suggest", "--iro", "Ada Okafor", "--to", "2026-11-13", "-f", "json")

    assert (list(_days(answer)), answer.json["later"]) == (["C0"], 1)


def test_nobodys_meetings_are_counted(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Unallocated meetings are in no diary, and a message counts them."""
    children, facts, _ = _care("2026-10-12")
    make_store(children, facts)
    answer = iro("suggest", "-f", "json").json

    assert (answer["rows"], answer["nobodys"]) == ([], 1)


def test_the_same_question_has_the_same_answer(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Two runs give the same bytes."""
    make_store(*_care(*(f"2026-10-{number:02}" for number in range(12, 31))))
    once, again = (iro("suggest").out for _ in range(2))

    assert once == again


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("--per-day", "0"), 2), (("--spare", "-1"), 2), (("--from", "2026-11-01"), 2),
        (("--from", "2026-11-10", "--to", "2026-11-09"), 2), (("--iro", "Nobody"), 3),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused(
    argv: tuple[str, ...], code: int, make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Nothing is printed on standard output or stored."""
    make_store(*_care("2026-10-12"))
    answer = iro("suggest", *argv, "--book")

    assert (answer.code, answer.out) == (code, "")
    assert iro("due", "--unbooked", "-f", "json").json["rows"]


def test_without_the_solver_it_says_how_to_install_it(
    make_store: Callable[..., Path], iro: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, with the command to type."""
    make_store(*_care("2026-10-12"))
    monkeypatch.setitem(sys.modules, "highspy", None)
    answer = iro("suggest", "--iro", "Ada Okafor")

    assert (answer.code, answer.out) == (2, "")
    assert "pip install 'iro-cli[plan]'" in answer.err


# ---------------------------------------------------------------- every diary there is


def _price(
    jobs: Sequence[Job], rooms: Mapping[int, Room], further: int, chosen: Sequence[int | None]
) -> int | None:
    """Return the cost of a diary, or ``None`` if it is not allowed."""
    total = 0
    for job, on in zip(jobs, chosen, strict=True):
        price = job.unplaced if on is None else job.costs.get(on)
        if price is None:
            return None
        total += price
    held = Counter(on for on in chosen if on is not None)
    for on, count in held.items():
        if count > rooms[on].places:
            return None
        seen = {job.family for job, day in zip(jobs, chosen, strict=True) if day == on}
        fresh = len(seen - rooms[on].families)
        total += further * (fresh if rooms[on].families else fresh - 1)
    return total


@st.composite
def _problems(draw: st.DrawFn) -> tuple[list[Job], dict[int, Room], int]:
    days = range(1, draw(st.integers(1, 5)) + 1)
    seen = st.frozensets(st.sampled_from("abx"), max_size=2)
    rooms = {day: Room(draw(st.integers(0, 2)), draw(seen)) for day in days}
    jobs = []
    for _ in range(draw(st.integers(1, 4))):
        costs = draw(st.dictionaries(st.sampled_from(days), st.integers(0, 40), max_size=5))
        unplaced = draw(st.sampled_from([None, 1000]))
        jobs.append(Job(costs, draw(st.sampled_from("abcd")), unplaced))
    return jobs, rooms, draw(st.integers(0, 20))


@given(problem=_problems())
def test_no_diary_is_cheaper(problem: tuple[list[Job], dict[int, Room], int]) -> None:
    """The answer is allowed and as cheap as the cheapest; there is none only if none is allowed."""
    jobs, rooms, further = problem
    prices = [
        price
        for chosen in product([None, *rooms], repeat=len(jobs))
        if (price := _price(jobs, rooms, further, chosen)) is not None
    ]
    found = cheapest(highspy, jobs, rooms, further)

    assert (found is None) == (not prices)
    assert found is None or _price(jobs, rooms, further, found) == min(prices)


@pytest.mark.parametrize("per_day", [1, 2])
@pytest.mark.parametrize(
    "days",
    [
        ("2026-10-07", "2026-10-07", "2026-10-08", "2026-10-09"),
        ("2026-10-02", "2026-10-05", "2026-10-05", "2026-10-07"),
        ("2026-10-06", "2026-10-06", "2026-10-06", "2026-10-06"),
        ("2026-09-28", "2026-10-01", "2026-10-06", "2026-10-09"),
    ],
)
def test_fewest_late_then_fewest_days_late(
    days: tuple[str, ...], per_day: int, make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """
    Over the first ten working days no diary has fewer late meetings or fewer late days.

    What was overdue already is late whatever is done, so only its days count.
    """
    make_store(*_care(*days))
    answer = iro("suggest", "--per-day", str(per_day), "--spare", "0", "-f", "json")
    rows = sorted(answer.json["rows"], key=lambda row: row["child"])
    november = [D(f"2026-11-{number:02}") for number in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13)]
    hold_by = [D(row["hold_by"]) for row in rows]

    def lateness(chosen: Sequence[date]) -> tuple[int, int]:
        late = [max(0, (on - by).days) for on, by in zip(chosen, hold_by, strict=True)]
        fresh = [number for number, by in enumerate(hold_by) if by >= november[0]]
        return sum(late[number] > 0 for number in fresh), sum(late)

    every = [
        lateness(chosen)
        for chosen in product(november, repeat=len(rows))
        if max(Counter(chosen).values()) <= per_day
    ]

    assert lateness([D(row["suggested"]) for row in rows]) == min(every)
