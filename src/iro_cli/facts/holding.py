"""Who holds a child on a day, as IRO and as chair: the one place where that is worked out."""

from collections.abc import Iterable
from datetime import date

from iro_cli.facts.model import Allocation
from iro_cli.lean import Any, TypeVar

_What = TypeVar("_What")


def holders(
    held: Iterable[tuple[str, str, _What, Any, Any]], on: object
) -> dict[tuple[str, str], _What]:
    """
    Return what is held on a day, by child and role: of several, the one begun last.

    Args:
        held: Child, role, what or who it is, the first day and the last, both inclusive,
            either open; in order of beginning.
        on: The day, as the others are written: as the store writes them too.
    """
    return {
        (child, role): what
        for child, role, what, begins, ends in held
        if (begins is None or begins <= on) and (ends is None or ends >= on)
    }


def held_on(allocations: Iterable[Allocation], on: date) -> dict[tuple[str, str], Allocation]:
    """Return the allocation that counts on a day, by child and role."""
    in_order = sorted(allocations, key=lambda one: one.from_on or date.min)
    return holders(((one.child_id, one.role, one, one.from_on, one.to_on) for one in in_order), on)


def holding(allocations: Iterable[Allocation], role: str, on: date) -> Allocation | None:
    """Return the allocation of one child in a role that counts on a day."""
    found = held_on((one for one in allocations if one.role == role), on)
    return next(iter(found.values()), None)
