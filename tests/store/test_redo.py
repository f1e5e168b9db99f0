"""Redo restores what an undo took back, as long as nothing was changed since."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.changes.booking import Wanted, book
from iro_cli.changes.children import add_child, allocate, edit_child
from iro_cli.changes.recording import record
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, Cover
from iro_cli.facts.model import (
    Allocation,
    Authority,
    Booking,
    Carried,
    Child,
    Event,
    LeftOpen,
    NoneHeld,
    Retention,
    Sighting,
    Statement,
    Watch,
)
from iro_cli.facts.people import Absence, Audit, Drawn, Person
from iro_cli.questions.view import View
from iro_cli.store.changing import Change
from iro_cli.store.kind import Kind
from iro_cli.store.kinds import KINDS
from running import Answer
from stores import changing, put, reading
from strategies import examples

_CHILD = "TS0101"
_MONDAY = date(2026, 9, 7)
_ENGLAND = library.catalogue("england")


def _day(number: int) -> date:
    return _MONDAY + timedelta(days=number)


# A row of each kind, by number: all of a kind about one child, person, rule or extract.
_ROWS: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "child_detail": lambda one: Child(_CHILD, f"L{one}"),
    "fact": lambda one: Statement(_CHILD, Event("cla.review", _day(one)), f"x.csv:{one + 2}"),
    "allocation": lambda one: Allocation(_CHILD, "iro", f"N{one}", None, _day(one)),
    "booking": lambda one: Booking(_CHILD, "cla.review.first", _MONDAY, _day(one)),
    "watch": lambda one: Watch("cp.core-group.first", _day(one)),
    "bank_holiday": lambda one: BankHoliday(_day(one), "One day only"),
    "sighting": lambda one: Sighting(_CHILD, "cla.review", _day(one), None, "annex-a", "x.csv:2"),
    "authority": lambda one: Authority(str(800 + one), "ssda903"),
    "person": lambda one: Person("Ada Okafor", one / 10, None, _day(one)),
    "absence": lambda one: Absence("Ada Okafor", _MONDAY, _day(one)),
    "audit": lambda one: Audit(_CHILD, _MONDAY, "file", f"G{one}"),
    "audit_sample": lambda one: Drawn(_CHILD, "cla", _MONDAY, _day(one)),
    "carried": lambda one: Carried("ssda903", "cla.review", f"the table {one}"),
    "unsaid": lambda one: LeftOpen(_CHILD, "ssda903", ("cla.end",), f"the column {one}"),
    "none_held": lambda one: NoneHeld(_CHILD, "annex-a", "cla.review.latest", _day(one), _MONDAY),
    "retention": lambda one: Retention("cla", one, "birth", _MONDAY),
}
Iro = Callable[..., Answer]
Standing = Counter[tuple[str, tuple[Any, ...]]]


def _standing(path: Path) -> Standing:
    """Read every standing row of every kind; two equal rows count as two."""
    with reading(path) as reader:
        return Counter((kind.table, tuple(one)) for kind in KINDS for one in reader.records(kind))


def _back(path: Path) -> None:
    with changing(path, command="undo") as change:
        change.undo()


def _again(path: Path) -> None:
    with changing(path, command="redo") as change:
        change.redo()


def _fits(path: Path) -> bool:
    with reading(path) as reader:
        return not reader.chain().problems


def _back_and_again(path: Path, states: list[Standing], steps: int) -> None:
    """Undo some changes, then redo them, and compare the standing rows at each step."""
    last = len(states) - 1
    for place in range(last - 1, last - 1 - steps, -1):
        _back(path)
        assert _standing(path) == states[place]
    for place in range(last - steps + 1, last + 1):
        _again(path)
        assert _standing(path) == states[place]


# ---------------------------------------------------------------- every kind of row


def _put(change: Change, kind: Kind[Any], *numbers: int) -> None:
    change.add(kind, map(_ROWS[kind.table], numbers))


def _in_place(change: Change, kind: Kind[Any], number: int) -> None:
    """Replace the first standing row."""
    change.replace(kind, change.standing(kind)[0], _ROWS[kind.table](number))


@pytest.fixture
def child(tmp_path: Path) -> Path:
    """Return a store of one child."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        add_child(change, Child(_CHILD))
    return path


def test_undo_twice_and_redo_twice(child: Path) -> None:
    """For every kind, the row that replaced another stands alone again."""
    states = [_standing(child)]
    with changing(child) as change:
        for kind in KINDS[1:]:
            _put(change, kind, 1)
    states.append(_standing(child))
    with changing(child) as change:
        for kind in KINDS:
            _in_place(change, kind, 2)
    states.append(_standing(child))
    for _ in range(2):
        _back_and_again(child, states, 2)

    assert {table for table, _ in states[2]} == set(_ROWS)
    assert (len(states[2]), _fits(child)) == (16, True)


def test_of_two_rows_alike_one_is_withdrawn_again(child: Path) -> None:
    """A change added two equal rows, and a later one withdrew one of them."""
    fact = KINDS[1]
    states = [_standing(child)]
    with changing(child) as change:
        _put(change, fact, 1, 1, 2)
    states.append(_standing(child))
    with changing(child) as change:
        _in_place(change, fact, 3)
    states.append(_standing(child))
    _back_and_again(child, states, 2)

    assert sorted(states[2].values()) == [1, 1, 1, 1]
    assert sorted(states[1].values()) == [1, 1, 2]


def test_a_redo_withdraws_the_row_of_its_own_change(child: Path) -> None:
    """A redo withdraws the row of the original change, and not an equal one."""
    carried = KINDS[12]
    states = [_standing(child)]
    for numbers in ((1,), (1, 2)):
        with changing(child) as change:
            _put(change, carried, *numbers)
        states.append(_standing(child))
    with changing(child) as change:
        change.withdraw(carried, change.standing(carried)[:1])
    states.append(_standing(child))
    for steps in (3, 1, 2, 3):
        _back_and_again(child, states, steps)


# ---------------------------------------------------------------- any changes in any order


def _recorded(path: Path, number: int, *, correct: bool) -> None:
    with changing(path, command="record") as change:
        event = Event("cla.review", _day(20 + number))
        record(change, _ENGLAND, event, [_CHILD], insist=not correct, correct=correct)


def _edited(path: Path, number: int) -> None:
    with changing(path, command="child edit") as change:
        edit_child(change, _CHILD, {"label": f"L{number}"})


def _allocated(path: Path, number: int) -> None:
    with changing(path, command="allocate") as change:
        allocate(change, [_CHILD], "iro", f"N{number % 3}", _day(number))


def _booked(path: Path, number: int) -> None:
    with changing(path, command="book") as change:
        view = View(change, nation="england", as_of=_day(1))
        book(change, view, Wanted(_CHILD, "cla.review.first", _day(1 + number), None, "moved"))


def _imported(path: Path, number: int) -> None:
    """Import a return that replaces the earlier one, states reviews and lacks a table."""
    days = [_day(20 + number), _day(21 + number % 4)]
    facts = [
        (_CHILD, Event("cla.review", on), f"r{number}.csv:{row}")
        for row, on in enumerate(days, start=2)
    ]
    batch = Batch(
        children=[Child(_CHILD)],
        facts=facts,
        read={"r.csv": 2},
        source="ssda903",
        covers=[Cover(frozenset({"cla.review"}), everyone=True)],
    )
    batch.lacks(f"the table {number % 3}", ["cla.end", "cla.start"])
    put(path, batch, replace=True, skip_refused=True)


_CHANGES: dict[str, Callable[[Path, int], None]] = {
    "record": lambda path, number: _recorded(path, number, correct=False),
    "correct": lambda path, number: _recorded(path, number, correct=True),
    "edit": _edited,
    "allocate": _allocated,
    "book": _booked,
    "import": _imported,
}
# Undo and redo come as often as a change does, and several in a row.
_STEPS = st.lists(
    st.one_of(
        st.sampled_from([*_CHANGES]),
        st.tuples(st.sampled_from(["undo", "redo"]), st.integers(1, 4)),
    ),
    min_size=6,
    max_size=14,
)


def _done(path: Path, step: str, number: int) -> bool:
    """Take a step, and say whether anything could be done."""
    try:
        if step == "undo":
            _back(path)
        elif step == "redo":
            _again(path)
        else:
            _CHANGES[step](path, number)
    except InputRefusedError:
        return False
    return True


def _newest(path: Path) -> int:
    with reading(path) as reader:
        ((number,),) = reader.rows("SELECT max(id) FROM change")
    return int(number)


@pytest.mark.slow
@examples(60)
@given(steps=_STEPS)
def test_undo_and_redo_go_back_and_forth(steps: list[str | tuple[str, int]]) -> None:
    """
    In any order, the standing rows are those of a list of states with a position in it.

    At the end every standing change is undone, and all are redone.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        with changing(path) as change:
            add_child(change, Child(_CHILD))
            change.add(KINDS[1], [Statement(_CHILD, Event("cla.start", _MONDAY))])
        states, place = [Counter(), _standing(path)], 1
        for number, given_step in enumerate(steps):
            step, times = (given_step, 1) if isinstance(given_step, str) else given_step
            for _ in range(times):
                before = _newest(path)
                done = _done(path, step, number)
                if step == "undo":
                    assert done == (place > 0)
                    place -= done
                elif step == "redo":
                    assert done == (place + 1 < len(states))
                    place += done
                elif _newest(path) > before:
                    states = [*states[: place + 1], _standing(path)]
                    place += 1
                assert _standing(path) == states[place]
        del states[place + 1 :]
        _back_and_again(path, states, place)
        assert _fits(path)


# ---------------------------------------------------------------- as it is typed


@pytest.mark.asked_on("2026-11-24")
def test_a_day_put_right_stands_alone_again(iro: Iro) -> None:
    """
    After undo and redo of the meeting and its correction, the child can still be erased.

    After a first review on 24 September 2026 the next is due within three months.
    """
    for line in (
        "child add Robin",
        "record cla.start Robin --on 2026-09-01",
        "record cla.review Robin --on 2026-09-25",
        "record cla.review Robin --on 2026-09-24 --correct",
        *("undo", "undo", "redo", "redo"),
    ):
        assert iro(*line.split()).code == 0
    due = iro("due", "--all", "-f", "json").rows()

    assert [one["due"] for one in due if one["timescale"].startswith("cla.review")] == [
        "2026-12-24"
    ]
    assert iro("history", "--verify").code == 0
    assert iro("child", "erase", "Robin", "--reason", "a test").code == 0
    assert iro("history", "--verify").code == 0


def test_nothing_to_redo(tmp_path: Path) -> None:
    """Redo is refused if nothing was undone since the last change."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        add_child(change, Child("A"))

    with changing(path) as change, pytest.raises(InputRefusedError, match="nothing to redo"):
        change.redo()
