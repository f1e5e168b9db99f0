"""Users book a meeting, move it and take the booking back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores import reading
from strategies import examples

pytestmark = pytest.mark.asked_on("2026-11-10")

Iro = Callable[[str], Any]
FIRST = "Robin cla.review.first"


def _booked(typed: Iro, more: str = "") -> list[tuple[str, str | None, bool]]:
    rows = typed(f"due --all -f json {more}").rows()
    return [(row["timescale"], row["booked"], row["booked_late"]) for row in rows]


def test_a_booking_that_is_moved_without_a_reason_is_asked_for_one(robin: Iro) -> None:
    """The new day is stored; the message names the old one and the words for a reason."""
    robin(f"book {FIRST} 2026-11-12")

    said = robin(f"book {FIRST} 2026-11-13")

    assert said.code == 0
    assert said.err.splitlines()[-1] == (
        "iro: it was booked for Thu 12 Nov 2026, and no reason is given for the change: "
        "give one with --reason cancelled|inquorate|adjourned"
    )
    assert _booked(robin) == [("cla.review.first", "2026-11-13", True)]


def test_why_a_booking_was_moved_is_kept(robin: Iro) -> None:
    """`show`, `explain` and the history have the reason, and no reason is asked for."""
    robin("record cla.review Robin --on 2026-10-30")
    robin("book Robin cla.review.second 2027-01-12")

    said = robin("book Robin cla.review.second 2027-01-14 --reason 'carer ill'")

    assert said.err == ""
    assert "Thu 14 Jan 2027 (moved: carer ill)" in robin("show Robin").out
    assert "Thu 14 Jan 2027; moved: carer ill" in robin("explain Robin").out
    newest = robin("history Robin -f json").rows()[0]
    assert (newest["what"], newest["details"]) == (
        "added booking",
        "cla.review.second; carer ill",
    )
    assert newest["command"] == "book Robin cla.review.second 2027-01-14 --reason 'carer ill'"


def test_a_booking_for_what_is_not_open_says_what_is(robin: Iro) -> None:
    """Every timescale is named that is open for the child, whether it is shown or not."""
    opened = {row["timescale"] for row in robin("show Robin --watched all -f json").rows()}
    said = robin("book Robin cla.review.second 2026-12-01")
    before, _, named = said.err.partition(": the child has ")

    assert (said.code, said.out) == (3, "")
    assert before == "iro: cla.review.second is not open for Robin on 10 Nov 2026"
    assert named.endswith(" open\n")
    assert sorted(named.removesuffix(" open\n").split(", ")) == sorted(opened)
    assert opened > {"cla.review.first", "cla.iro.appointed"}


def test_another_time_on_the_same_day_needs_no_reason(robin: Iro) -> None:
    """A new time on the same day does not ask for a reason."""
    robin(f"book {FIRST} 2026-11-12")

    assert robin(f"book {FIRST} 2026-11-12 10:00").err.count("no reason") == 0


def test_a_time_that_is_left_out_on_the_same_day_is_told(robin: Iro) -> None:
    """If a meeting with a time is booked again without one, the message names the lost time."""
    robin(f"book {FIRST} 2026-11-12 10:00")

    assert robin(f"book {FIRST} 2026-11-12").err.splitlines()[-1] == (
        "iro: it was booked at 10:00 and now has no time: give the time again to keep it"
    )
    assert robin(f"book {FIRST} 2026-11-12").err.count("booked at") == 0


def test_two_disputes_are_booked_each_for_itself(typed: Iro) -> None:
    """The day the clock started tells two bookings apart, and neither replaces the other."""
    typed("child add Robin")
    typed("record dispute.raised Robin --on 2026-11-02 --reference placement")
    typed("record dispute.raised Robin --on 2026-11-09 --reference school")
    typed("book Robin dispute.resolution 2026-11-19 --from 2026-11-09")
    typed("book Robin dispute.resolution 2026-11-17 --from 2026-11-02")

    assert [(row["clock_started"], row["booked"]) for row in typed("due -f json").rows()] == [
        ("2026-11-02", "2026-11-17"),
        ("2026-11-09", "2026-11-19"),
    ]

    assert typed("unbook Robin dispute.resolution").code == 3
    taken = typed("unbook Robin dispute.resolution --from 2026-11-02 --reason 'it was settled'")
    assert taken.out == "no longer booked: dispute.resolution of Robin on Tue 17 Nov 2026\n"
    assert typed("history Robin -f json").rows()[0]["command"].endswith("--reason 'it was settled'")
    assert [row["booked"] for row in typed("due -f json").rows()] == [None, "2026-11-19"]


def test_a_meeting_booked_for_too_late_stands_out(robin: Iro) -> None:
    """
    The first review was due by Mon 9 Nov: 4 + 5 + 5 + 5 + 1 working days from 12 Oct.

    It says so when it is booked, and then in due, show and caseload.
    """
    said = robin(f"book {FIRST} 2026-11-14")

    assert said.err == (
        "iro: 14 Nov 2026 is a weekend\niro: it is TOO LATE: first review is due by 9 Nov 2026\n"
    )
    assert "1 day late BOOKED LATE" in robin("due").out
    shown = robin("show Robin").out
    assert "1 day late BOOKED LATE" in shown
    assert "Mon 9 Nov 2026  Sat 14 Nov 2026 TOO LATE" in shown
    assert "BOOKED LATE, TOO LATE: booked for after the last lawful day" in shown
    assert "BOOKED LATE, for after the last lawful day: Ada Wren 1" in robin("caseload").out


def test_a_meeting_booked_before_its_window_is_warned_of(typed: Iro) -> None:
    """A child who came back on Mon 2 Nov is reviewed from 30 Nov (28 days) to 14 Dec (42)."""
    typed("child add Robin")
    typed("record cla.start Robin --on 2026-01-05")
    typed("record adoption.placed Robin --on 2026-06-01")
    typed("record adoption.returned Robin --on 2026-11-02 --insist")
    rows = typed("due --all --watched all -f json").rows()
    name = next(row["timescale"] for row in rows if row["due"] == "2026-12-14")

    assert "may not be held before 30 Nov 2026" in typed(f"book Robin {name} 2026-11-27").err
    assert typed(f"book Robin {name} 2026-11-30 --reason early").err == ""


def test_a_local_marker_shares_the_meeting(robin: Iro) -> None:
    """The 28-day marker has no clock of its own: booked under either name, it is one meeting."""
    robin("book Robin cla.review.first.28-days 2026-11-11")

    assert _booked(robin) == [("cla.review.first", "2026-11-11", True)]
    assert robin("unbook Robin cla.review.first.28-days").code == 0
    assert _booked(robin) == [("cla.review.first", None, False)]


def test_the_review_that_is_held_closes_the_booking(robin: Iro) -> None:
    """After the review is held, the next one is unbooked."""
    robin(f"book {FIRST} 2026-11-12")
    robin("record cla.review Robin --on 2026-11-10")

    assert _booked(robin, "--unbooked") == [("cla.review.second", None, False)]


def test_a_midway_review_keeps_its_booking(robin: Iro) -> None:
    """A midway review is a meeting between two reviews, so its booking stays."""
    robin("record cla.review Robin --on 2026-10-30")
    robin("book Robin cla.midway 2026-12-10")

    assert ("cla.midway", "2026-12-10", False) in _booked(robin, "--watched all")


@pytest.mark.parametrize("day", ["2026-11-10", "2026-11-11"])
def test_today_may_be_booked(robin: Iro, day: str) -> None:
    """A meeting can be booked for today."""
    assert robin(f"book {FIRST} {day}").code == 0


@examples(8)
@given(days=st.lists(st.integers(11, 28), min_size=1, max_size=4, unique=True))
def test_undo_brings_each_earlier_booking_back(robin: Iro, home: Path, days: list[int]) -> None:
    """However often a meeting was moved, one booking stands, and each move can be undone."""
    store = home / "iro.db"
    before = reading(store).bookings()
    stood = []
    for day in days:
        stood.append(reading(store).bookings())
        assert robin(f"book {FIRST} 2026-11-{day} --reason moved").code == 0

        found = [one.on.day for one in reading(store).bookings().values()]

        assert found == [day]
    for earlier in reversed(stood):
        assert robin("undo").code == 0
        assert reading(store).bookings() == earlier
    assert reading(store).bookings() == before


def test_another_timescale_that_the_meeting_meets_is_named(robin: Iro) -> None:
    """A resumed adjourned review is also the first review, so both clocks get the booking."""
    robin("record cla.review.adjourned Robin --on 2026-11-02")
    said = robin("book Robin cla.review.adjourned 2026-11-26")

    assert "the same meeting counts for cla.review.first too, which is not booked yet" in said.err


def test_a_meeting_booked_for_a_day_on_which_nobody_is_a_child_any_more(robin: Iro) -> None:
    """
    Robin, born on 9 Jan 2009, is 18 on Sat 9 Jan 2027; the second review is due by 30 Jan.

    It is booked all the same, as on a weekend. The day before needs no warning, and neither does a
    dispute, which is resolved at any age.
    """
    robin("record cla.review Robin --on 2026-10-30")
    robin("child edit Robin --dob 2009-01-09")
    robin("record dispute.raised Robin --on 2026-11-09")
    grown = robin("book Robin second review 2027-01-11")
    before = robin("book Robin second review 2027-01-08 --reason moved")
    dispute = robin("book Robin dispute 2027-01-11")

    assert (grown.code, grown.err) == (
        0,
        "iro: the child reaches 18 on 9 Jan 2027: second review is not owed from that day on\n",
    )
    assert before.err == ""
    assert "reaches 18" not in dispute.err
