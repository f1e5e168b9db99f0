"""Undo takes back the last change whole, then the one before it, and the history keeps all."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli import library
from iro_cli.changes.children import add_child, allocate, edit_child
from iro_cli.changes.recording import Recorded, record
from iro_cli.changes.rules import add_bank_holiday, watch
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Booking, Bookings, Child, Event
from iro_cli.law.catalogue import Catalogue
from iro_cli.store.kinds import ALLOCATION, BOOKING, CHILD_DETAIL
from iro_cli.store.undoing import Undone
from stores import add_facts, changing, reading, undo

AT = "2025-02-10T09:00:00Z"
STARTED, HELD = date(2025, 1, 6), date(2025, 1, 27)
START = Event("cla.start", STARTED)
REVIEW = Event("cla.review", HELD, participation="PN1")
CORRECTED = Event("cla.review", HELD, participation="PN2")


class Standing(NamedTuple):
    """Everything in a store that stands."""

    children: dict[str, Child]
    facts: dict[str, list[Event]]
    allocations: dict[str, list[Allocation]]
    bookings: Bookings
    watches: dict[str, date]
    additions: tuple[BankHoliday, ...]


def standing(path: Path) -> Standing:
    """Read everything that stands."""
    with reading(path) as reader:
        return Standing(
            reader.children(),
            dict(reader.cases(date.max, whole=True)),
            {child: sorted(those) for child, those in reader.allocations().items()},
            reader.bookings(),
            reader.watches(),
            reader.additions(),
        )


def history(path: Path) -> list[tuple[int, str, str | None]]:
    """Read what each change added and withdrew, the latest first."""
    with reading(path) as reader:
        return [(one.change, one.what, one.event) for one in reader.history()]


@pytest.fixture(scope="module")
def england() -> Catalogue:
    """Return England's rules."""
    return library.catalogue("england")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store with one child: change 1."""
    path = tmp_path / "iro.db"
    _add(path, Child("A", team="North"), Allocation("A", "iro", "Ann"))
    return path


def _add(path: Path, child: Child, *allocations: Allocation) -> None:
    with changing(path, at=AT, command=f"child add {child.child_id}") as change:
        add_child(change, child, allocations)


def _edit(path: Path, **values: object) -> None:
    with changing(path, at=AT, command="child edit A") as change:
        edit_child(change, "A", values)


def _allocate(path: Path, name: str, begins: date) -> None:
    with changing(path, at=AT, command=f"allocate A to {name}") as change:
        allocate(change, ["A"], "iro", name, begins)


def _record(path: Path, rules: Catalogue, event: Event) -> Recorded:
    with changing(path, at=AT, command=f"record {event.event} A") as change:
        return record(change, rules, event, ["A"], insist=True)


def _undo(path: Path) -> Undone:
    return undo(path)


# ---------------------------------------------------------------- one step


def test_a_fact_is_taken_back(store: Path, england: Catalogue, kind_of_store: str) -> None:
    """It no longer stands, and the answer names the change."""
    before = standing(store)
    _record(store, england, START)
    # A server says itself who is connected to it.
    who = "postgres" if kind_of_store == "postgresql" else "tester"

    assert Undone(2, AT, who, "record cla.start A") == _undo(store)
    assert before == standing(store)


def test_what_was_corrected_is_put_back(store: Path, england: Catalogue) -> None:
    """The details before the correction stand again."""
    _record(store, england, START)
    _record(store, england, REVIEW)
    before = standing(store)
    done = _record(store, england, CORRECTED)
    changed = standing(store)
    _undo(store)

    assert Recorded([], ["A"], [], []) == done
    assert changed.facts == {"A": [START, CORRECTED]}
    assert before == standing(store)


def test_an_edited_child_is_put_back(store: Path) -> None:
    """Every detail is restored, also one that was blanked."""
    before = standing(store)
    _edit(store, team=None, label="x")
    changed = standing(store)
    _undo(store)

    assert {"A": Child("A", "x")} == changed.children
    assert before == standing(store)


def test_an_allocation_is_put_back(store: Path) -> None:
    """The earlier allocation is no longer ended."""
    before = standing(store)
    _allocate(store, "Bo", date(2025, 2, 3))
    changed = standing(store)
    _undo(store)

    assert changed.allocations == {
        "A": [
            Allocation("A", "iro", "Ann", None, date(2025, 2, 2)),
            Allocation("A", "iro", "Bo", date(2025, 2, 3)),
        ]
    }
    assert before == standing(store)


def test_a_booking_is_put_back(store: Path) -> None:
    """The booking that was replaced stands again."""
    key = ("A", "cla.review.first", STARTED)
    with changing(store) as change:
        change.add(BOOKING, [Booking(*key, date(2025, 1, 20))])
    before = standing(store)
    with changing(store) as change:
        (row,) = change.standing(BOOKING)
        change.replace(BOOKING, row, Booking(*key, date(2025, 1, 21), "14:30"))
    _undo(store)

    assert before == standing(store)


def test_watches_and_bank_holidays_are_taken_back(store: Path) -> None:
    """Everything that a change can add, undo can take back."""
    before = standing(store)
    with changing(store) as change:
        watch(change, ["cp.core-group.first"], STARTED)
    with changing(store) as change:
        add_bank_holiday(change, date(2025, 6, 2), "One day only")
    changed = standing(store)
    for _ in range(2):
        _undo(store)

    assert changed.watches == {"cp.core-group.first": STARTED}
    assert (BankHoliday(date(2025, 6, 2), "One day only"),) == changed.additions
    assert before == standing(store)


def test_an_import_is_one_step(store: Path) -> None:
    """Hundreds of children with their facts and allocations are taken back together."""
    before = standing(store)
    children = [Child(f"B{number:03}", team="South") for number in range(300)]

    def bring() -> None:
        with changing(store) as change:
            change.add(CHILD_DETAIL, children)
            add_facts(change, [(one.child_id, START, "events.csv:2") for one in children])
            change.add(ALLOCATION, [Allocation(one.child_id, "iro", "Bo") for one in children])

    bring()
    changed = standing(store)
    _undo(store)
    undone = standing(store)
    bring()

    assert (len(changed.children), len(changed.facts)) == (301, 300)
    assert before == undone
    assert changed == standing(store)


def test_several_children_at_once_are_one_step(store: Path, england: Catalogue) -> None:
    """A fact of a sibling group is taken back for all of them."""
    _add(store, Child("B"))
    before = standing(store)
    with changing(store) as change:
        record(change, england, START, ["A", "B"])
    changed = standing(store)
    _undo(store)

    assert changed.facts == {"A": [START], "B": [START]}
    assert before == standing(store)


# ---------------------------------------------------------------- several steps


def test_step_by_step_to_the_beginning(store: Path, england: Catalogue) -> None:
    """Each undo takes back one more change, and after the last it is refused."""
    stages = [standing(store)]
    for event in (START, REVIEW):
        _record(store, england, event)
        stages.append(standing(store))
    found = [(_undo(store).change, standing(store)) for _ in range(2)]

    assert [(3, stages[1]), (2, stages[0])] == found
    assert _undo(store).change == 1
    assert Standing({}, {}, {}, {}, {}, ()) == standing(store)
    with pytest.raises(InputRefusedError, match="nothing to undo"):
        _undo(store)


def test_a_corrected_fact_step_by_step(store: Path, england: Catalogue) -> None:
    """The first undo takes back the correction, the second the fact."""
    _record(store, england, START)
    before = standing(store)
    _record(store, england, REVIEW)
    _record(store, england, CORRECTED)
    for _ in range(2):
        _undo(store)

    assert before == standing(store)


def test_a_fact_corrected_twice_step_by_step(store: Path, england: Catalogue) -> None:
    """Every state comes again, backwards, and each has one review."""
    stages = [standing(store)]
    for code in ("PN1", "PN2", "PN3"):
        _record(store, england, REVIEW._replace(participation=code))
        stages.append(standing(store))
    found = []
    for _ in range(3):
        _undo(store)
        found.append(standing(store))

    assert stages[-2::-1] == found


def test_an_edited_child_step_by_step(store: Path) -> None:
    """The first undo takes back the edit, the second the child."""
    _edit(store, team="South")
    for _ in range(2):
        _undo(store)

    assert standing(store).children == {}


def test_an_allocation_step_by_step(store: Path) -> None:
    """After two undone hand-overs the first IRO has the child, once."""
    stages = [standing(store)]
    for name, begins in (("Bo", date(2025, 2, 3)), ("Cy", date(2025, 3, 3))):
        _allocate(store, name, begins)
        stages.append(standing(store))
    found = []
    for _ in range(2):
        _undo(store)
        found.append(standing(store))

    assert stages[-2::-1] == found


# ---------------------------------------------------------------- and after


def test_recording_again_after_an_undo(store: Path, england: Catalogue) -> None:
    """The fact stands as if it had not been undone, and can be undone again."""
    before = standing(store)
    _record(store, england, START)
    changed = standing(store)
    _undo(store)
    done = _record(store, england, START)

    assert Recorded(["A"], [], [], []) == done
    assert changed == standing(store)
    assert _undo(store).change == 4
    assert before == standing(store)


def test_adding_a_child_again_after_an_undo(store: Path) -> None:
    """An id that was undone can be added again."""
    before = standing(store)
    _undo(store)
    _add(store, Child("A", team="North"), Allocation("A", "iro", "Ann"))

    assert before == standing(store)


def test_an_undo_skips_those_before_it(store: Path, england: Catalogue) -> None:
    """A later change is undone first, then the one before the undone change."""
    _record(store, england, START)
    _record(store, england, REVIEW)
    _undo(store)
    _record(store, england, Event("cla.review", date(2025, 1, 28)))

    assert [_undo(store).change for _ in range(3)] == [5, 2, 1]


def test_history_keeps_what_was_taken_back(store: Path, england: Catalogue) -> None:
    """Every row that a change added or withdrew is listed, the latest change first."""
    _record(store, england, REVIEW)
    _record(store, england, CORRECTED)
    _undo(store)

    assert history(store) == [
        (4, "added fact", "cla.review"),
        (4, "withdrew fact", "cla.review"),
        (3, "added fact", "cla.review"),
        (3, "withdrew fact", "cla.review"),
        (2, "added fact", "cla.review"),
        (1, "added child", None),
        (1, "added allocation", None),
    ]


def test_nothing_to_undo(tmp_path: Path, england: Catalogue) -> None:
    """It is refused with exit code 3, and nothing is stored."""
    path = tmp_path / "iro.db"
    _add(path, Child("A"))
    _undo(path)
    before = history(path)
    with pytest.raises(InputRefusedError) as refused:
        _undo(path)

    assert refused.value.exit_code == 3
    assert before == history(path)


def test_nothing_changed_is_no_step(store: Path, england: Catalogue) -> None:
    """A fact that stood already, and an edit without a difference, make no change."""
    _record(store, england, START)
    _record(store, england, START)
    _edit(store, team="North")
    _allocate(store, "Ann", date(2025, 2, 3))

    assert _undo(store).command == "record cla.start A"
