"""Which children are known, asked of the store directly."""

import gc
import weakref
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import known_child, known_children, unknown_child
from stores import reading, viewed

ON = date(2026, 11, 23)


def test_a_child_is_what_is_known_of_it(authority: Path) -> None:
    """The child has its team and its siblings."""
    found = known_child(reading(authority), "Wren")

    assert (found.child_id, found.team, found.sibling_group) == ("Wren", "North", "S1")


def test_children_are_found_together(authority: Path) -> None:
    """Each child is found by its id."""
    found = known_children(reading(authority), ["Reed", "Moss"])

    assert {name: child.team for name, child in found.items()} == {"Reed": "South", "Moss": "South"}


def test_one_that_is_not_known_refuses_all(authority: Path) -> None:
    """The message names the unknown id and the nearest."""
    with pytest.raises(InputRefusedError, match=r"'Wrem'.*Wren"):
        known_children(reading(authority), ["Finch", "Wrem"])


def test_the_error_says_what_to_do(authority: Path) -> None:
    """The caller gives the remedy."""
    found = unknown_child(reading(authority), "Wrem", remedy="look again")

    assert str(found).startswith("there is no child 'Wrem'")
    assert str(found).endswith("look again")


def test_an_empty_filter_is_refused(authority: Path) -> None:
    """No child has a blank name, so an empty list would look like good news."""
    view = viewed(authority, ON)

    view.check_names(iro="ada okafor", team="north", process="cla")
    with pytest.raises(InputRefusedError, match="no child is in a team of that name"):
        view.check_names(team="East")


def test_a_date_that_is_refused_holds_no_store_open(make_store: Callable[..., Path]) -> None:
    """For care that began in 1990 only the words of the refusal are kept."""
    begun = Event("cla.start", date(1990, 1, 1))
    view = viewed(make_store([Child("ELDER")], [("ELDER", begun)]), ON)
    gc.disable()
    try:
        rows = open_obligations(view, AskedDue(everything=True))
        left = weakref.ref(view)
        del view
        found = left()
    finally:
        gc.enable()

    assert [(row.child, row.due) for row in rows] == [("ELDER", None)]
    assert found is None
