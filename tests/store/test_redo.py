"""Redo: what an undo took back is brought again, as long as nothing was changed since."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.changes.children import add_child, allocate, edit_child
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child
from stores import changing, reading
from strategies import examples

_STEPS = st.lists(st.sampled_from(["edit", "allocate", "undo", "redo"]), min_size=3, max_size=14)


def _standing(path: Path) -> tuple[dict[str, Child], list[Allocation]]:
    with reading(path) as reader:
        return reader.children(), sorted(reader.allocations().get("A", []))


def _do(path: Path, step: str, number: int) -> bool:
    """Take one step, and say whether anything could be done."""
    with changing(path, command=step) as change:
        try:
            if step == "undo":
                change.undo()
            elif step == "redo":
                change.redo()
            elif step == "edit":
                edit_child(change, "A", {"label": f"L{number}"})
            else:
                allocate(change, ["A"], "iro", f"N{number}", date(2026, 1, 1 + number))
        except InputRefusedError:
            return False
    return True


@examples(60)
@given(steps=_STEPS)
def test_undo_and_redo_go_back_and_forth(steps: list[str]) -> None:
    """Whatever the order, what stands is what a list of states with a place in it says."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        states = [({}, [])]
        with changing(path) as change:
            add_child(change, Child("A"))
        states.append(_standing(path))
        place = 1
        for number, step in enumerate(steps):
            known = "A" in states[place][0]
            if step in ("edit", "allocate") and not known:
                continue
            done = _do(path, step, number)
            if step == "undo":
                assert done == (place > 0)
                place -= done
            elif step == "redo":
                assert done == (place + 1 < len(states))
                place += done
            else:
                states = [*states[: place + 1], _standing(path)]
                place += 1
            assert _standing(path) == states[place]


def test_nothing_to_redo(tmp_path: Path) -> None:
    """Where nothing was taken back since the last change, it is refused."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        add_child(change, Child("A"))

    with changing(path) as change, pytest.raises(InputRefusedError, match="nothing to redo"):
        change.redo()
