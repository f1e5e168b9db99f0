"""Named tuples that are quick to define behave like those of ``typing``."""

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from iro_cli import lean


class Quick(lean.NamedTuple):
    """A named tuple of lean.py."""

    bird: str
    seen: int
    where: str | None = None
    ringed: bool = False

    @property
    def named(self) -> str:
        """Return its name."""
        return self.bird.title()


class Usual(typing.NamedTuple):
    """The same named tuple of typing."""

    bird: str
    seen: int
    where: str | None = None
    ringed: bool = False


def _tried(make: Callable[[type[Any]], object], one: type[Any]) -> object:
    """Return the result of a call, or the message of its error."""
    try:
        return make(one)
    except (AttributeError, TypeError, ValueError) as error:
        return str(error).replace("Usual", "Quick")


@pytest.mark.parametrize(
    "make",
    [
        lambda one: one("wren", 2),
        lambda one: one("wren", 2, "hide", True),
        lambda one: one(seen=2, bird="wren", ringed=True),
        lambda one: one("wren"),
        lambda one: one("wren", 2, None, False, 5),
        lambda one: one("wren", 2, weight=9),
        lambda one: one("wren", 2).seen,
        lambda one: one("wren", 2) < one("wren", 3),
        lambda one: one("wren", 2) == one("wren", 2) == ("wren", 2, None, False),
        lambda one: {one("wren", 2): 1}[one("wren", 2)],
        lambda one: one("wren", 2).weight,
        lambda one: setattr(one("wren", 2), "seen", 3),
        lambda one: setattr(one("wren", 2), "weight", 3),
        lambda one: one("wren", 2)._replace(seen=3, where="hide"),
        lambda one: one("wren", 2)._replace(weight=3),
        lambda one: one._make(["wren", 2, None, True]),
        lambda one: one._make(["wren", 2]),
        lambda one: one("wren", 2)._asdict(),
        lambda one: (one._fields, one.__match_args__, one.__slots__),
        lambda one: repr(one("wren", 2)).replace("Usual", "Quick"),
        lambda one: str(inspect.signature(one)),
        typing.get_type_hints,
        lambda one: copy.copy(one("wren", 2)),
        lambda one: pickle.loads(pickle.dumps(one("wren", 2))),
    ],
)
def test_a_named_tuple_is_as_usual(make: Callable[[type[Any]], object]) -> None:
    """It is made, read, compared, copied and refused in the same way and words."""
    assert _tried(make, Quick) == _tried(make, Usual)


def test_a_named_tuple_is_of_its_own_class() -> None:
    """It has its class's methods, also after it was copied."""
    found = pickle.loads(pickle.dumps(Quick("wren", 2)._replace(seen=3)))

    assert (type(found), found.named, isinstance(found, tuple)) == (Quick, "Wren", True)


def test_the_names_are_those_of_typing() -> None:
    """Each name exists, and can be subscripted and joined with another type."""
    assert [name for name in lean.__all__ if not hasattr(typing, name)] == []
    assert all([lean.Any | None, lean.Literal["a", "b"] | None, dict[str, lean.Any]])
    assert not lean.TYPE_CHECKING
