"""IROs and chairs: hours, last days, absences and hand-overs, changed in a store directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.hand_over import hand_over, passing_on
from iro_cli.changes.people import add_absence, add_person, edit_person, leave, remove_absence
from iro_cli.facts.model import Allocation, Child
from iro_cli.facts.people import Absence, Person
from stores import changing, reading, refused

ADA, BEN = "Ada Okafor", "Ben Rees"


@pytest.fixture
def store(make_store: Callable[..., Path]) -> Path:
    """Return a store of two children who are Ada's; she works full time from Thu 1 Jan 2026."""
    return make_store(
        [Child("Finch"), Child("Moss")],
        [],
        [Allocation("Finch", "iro", ADA), Allocation("Moss", "chair", ADA)],
        [],
        [Person(ADA, 1.0, from_on=date(2026, 1, 1))],
    )


def _times(store: Path) -> list[tuple[float | None, date | None, date | None]]:
    return [
        (one.full_time_equivalent, one.from_on, one.to_on) for one in reading(store).people()
        if one.name == ADA
    ]  # fmt: skip


def test_somebody_comes_back(store: Path) -> None:
    """A later time in post is added; one that overlaps an earlier one is refused."""
    with changing(store) as change:
        leave(change, ADA, date(2026, 6, 30))
        add_person(change, Person(ADA, 0.5, from_on=date(2026, 9, 1)))
    with refused(store, "recorded already, from 1 Sep 2026") as change:
        add_person(change, Person(ADA, 0.8, from_on=date(2026, 12, 1)))

    assert _times(store) == [
        (1.0, date(2026, 1, 1), date(2026, 6, 30)),
        (0.5, date(2026, 9, 1), None),
    ]


def test_hours_change_from_a_day(store: Path) -> None:
    """The earlier hours end the day before; the same hours again change nothing."""
    with changing(store) as change:
        changed = edit_person(change, ADA.upper(), {"full_time_equivalent": 0.6}, date(2026, 4, 1))
        again = edit_person(change, ADA, {"full_time_equivalent": 0.6})

    assert (changed, again) == (True, False)
    assert _times(store) == [
        (1.0, date(2026, 1, 1), date(2026, 3, 31)),
        (0.6, date(2026, 4, 1), None),
    ]


def test_nobody_leaves_before_they_began(store: Path) -> None:
    """A last day before the first is refused, and the first day is named."""
    with refused(store, "is not in post before 1 Jan 2026") as change:
        leave(change, ADA, date(2025, 12, 31))


def test_an_absence_is_kept_and_taken_back(store: Path) -> None:
    """An overlapping absence is refused; an absence is withdrawn by its first day."""
    leave_days = Absence(ADA, date(2026, 12, 21), date(2026, 12, 23), "leave")
    with changing(store) as change:
        add_absence(change, leave_days)
    with refused(store, "is away 21 Dec 2026 to 23 Dec 2026 already") as change:
        add_absence(change, Absence(ADA, date(2026, 12, 23), date(2026, 12, 24)))
    assert reading(store).absences() == [leave_days]
    with changing(store) as change:
        gone = remove_absence(change, ADA.lower(), date(2026, 12, 21))

    assert (gone, reading(store).absences()) == (leave_days, [])


def test_an_absence_of_an_unknown_person_is_refused(store: Path) -> None:
    """An absence of an unknown person is refused, and the nearest name is suggested."""
    with refused(store, r"'Ada Okafer'.*Ada Okafor") as change:
        add_absence(change, Absence("Ada Okafer", date(2026, 12, 21), date(2026, 12, 23)))


def test_what_one_holds_passes_to_another(store: Path) -> None:
    """The children of each role pass from the day on; Ada's allocations end the day before."""
    begins = date(2026, 12, 1)
    with changing(store) as change:
        moved = hand_over(change, ADA, BEN, begins)
    stand = reading(store).allocations(None)

    assert moved == {"iro": ["Finch"], "chair": ["Moss"]}
    assert sorted((one.name, one.from_on, one.to_on) for one in stand["Finch"]) == [
        (ADA, None, date(2026, 11, 30)),
        (BEN, begins, None),
    ]


def test_what_another_allocation_covers_does_not_pass(store: Path) -> None:
    """Ada holds Finch in December and again from February, so January stays Ben's."""
    allocations = [
        Allocation("Finch", "iro", ADA, date(2026, 1, 1)),
        Allocation("Finch", "iro", BEN, date(2027, 1, 1), date(2027, 1, 31)),
    ]
    found = passing_on(allocations, "iro", ADA, date(2026, 12, 1))

    assert [(one.from_on, one.to_on) for one in found] == [
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 2, 1), None),
    ]
