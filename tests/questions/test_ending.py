"""What ended every process of a child, and where that is said."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.facts.model import Child, Event
from iro_cli.figures.ending import Ending, ending_of
from iro_cli.obligations.chains import Engine
from running import Answer, each
from stores import put_store

pytestmark = pytest.mark.asked_on("2026-11-27")
Typed = Callable[[str], Answer]
# Born on Thu 20 Nov 2008, so 18 on Fri 20 Nov 2026.
BORN, GROWN = date(2008, 11, 20), date(2026, 11, 20)
BEFORE = date(2026, 11, 19)


@pytest.fixture
def grown(typed_once: Callable[..., Path], home: Path, typed: Typed) -> Typed:
    """Return a function that runs a command; Q1, in care since 1 Oct, was 18 a week ago."""
    lines = "child add Q1 --dob 2008-11-20", "record cla.start Q1 --on 2026-10-01"
    put_store(typed_once("2026-11-27", *lines), home / "iro.db")
    return typed


@each(
    "born, died, as_of, ending",
    [
        (None, None, GROWN, None),
        (BORN, None, BEFORE, None),
        (BORN, None, GROWN, Ending(GROWN, 18)),  # a child is under 18
        (None, GROWN, GROWN, Ending(GROWN)),
        (BORN, BEFORE, GROWN, Ending(BEFORE)),
        # Who dies as an adult had no duty left that childhood gives.
        (BORN, date(2026, 11, 25), date(2026, 11, 27), Ending(GROWN, 18)),
    ],
)
def test_what_came_first(
    born: date | None, died: date | None, as_of: date, ending: Ending | None
) -> None:
    """It is the death or the 18th birthday, whichever came first by the day of the question."""
    work = Engine(library.catalogue("england"))
    events = [Event("child.died", died)] if died else []

    assert ending_of(work, Child("Q1", date_of_birth=born), events, as_of) == ending


@each(
    "line, says",
    [
        ("explain Q1", "nothing is open for Q1 on Fri 27 Nov 2026: {}; period of care since"),
        ("explain Q1 'first review'", "is not open for Q1 on 27 Nov 2026: nothing is open: {};"),
        ("show Q1", "\nnothing is open: {}\n"),
        ("book Q1 2027-01-11", "could be booked: nothing is open: {}\n"),
        ("book Q1 cla.review.first 2027-01-11", "on 27 Nov 2026: nothing is open: {}\n"),
    ],
)
def test_it_is_said_where_nothing_is_open(line: str, says: str, grown: Typed) -> None:
    """Who asks why a child has no date is told of the birthday, as of a death."""
    answer = grown(line)

    assert says.format("the child reached 18 on 20 Nov 2026") in answer.out + answer.err


def test_a_death_is_said_there_too(grown: Typed) -> None:
    """The child died before the birthday, so that day counts."""
    grown("child edit Q1 --died 2026-11-02")

    assert ": the child died on 2 Nov 2026; no process is open (2" in grown("explain Q1").out
    assert "\nnothing is open: the child died on 2 Nov 2026\n" in grown("show Q1").out


@each("day, held", [("2026-10-30", True), ("2026-11-19", True), ("2026-11-20", False)])
def test_the_last_review_is_recorded_by_the_word(day: str, held: bool, grown: Typed) -> None:
    """A review is open up to the day before the birthday; from then on, the answer says why not."""
    answer = grown(f"record review Q1 --on {day}")
    grown("undo" if held else "show Q1")

    assert answer.code == (0 if held else 3)
    assert held or answer.err == (
        "iro: Q1: 'review' may be cla.review or short-break.review or adoption.review or "
        "secure.review, and none of them is open: the child reached 18 on 20 Nov 2026\n"
        "check the day, or write the longer name\n"
    )


def test_a_review_before_a_death_is_recorded_by_the_word(grown: Typed) -> None:
    """It was open on its day; on the day of the death nothing is."""
    grown("child edit Q1 --died 2026-11-02")
    late = grown("record review Q1 --on 2026-11-02")
    held = grown("record review Q1 --on 2026-11-01")

    assert "none of them is open: the child died on 2 Nov 2026\n" in late.err
    assert held.out.startswith("recorded: cla.review on Sun 1 Nov 2026 for Q1\n")
