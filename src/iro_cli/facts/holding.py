"""Work out who holds a child on a day, as IRO and as chair; no other module does this."""

from collections.abc import Iterable
from datetime import date

from iro_cli.facts.model import Allocation
from iro_cli.lean import Any, TypeVar

_What = TypeVar("_What")


def holders(
    held: Iterable[tuple[str, str, _What, Any, Any]], on: object
) -> dict[tuple[str, str], _What]:
    """
    Return who or what counts for each child and role on a day.

    Args:
        held: For each allocation the child, the role, who or what it is, and the first and the
            last day, both inclusive and either open; in order of their first days.
        on: The day, written as the days of *held* are: as a date, or as the store writes days.

    Returns:
        Who or what, by child and role; of several that overlap, the one that began last.
    """
    # A later allocation replaces an earlier one in the dictionary.  Handing a child over needs no
    # end for the earlier one: from the first day of the later one, that one counts.
    return {
        (child, role): what
        for child, role, what, begins, ends in held
        if (begins is None or begins <= on) and (ends is None or ends >= on)
    }


def held_on(allocations: Iterable[Allocation], on: date) -> dict[tuple[str, str], Allocation]:
    """Return the allocations that count on a day, by child and role."""
    in_order = sorted(allocations, key=lambda one: one.from_on or date.min)
    return holders(((one.child_id, one.role, one, one.from_on, one.to_on) for one in in_order), on)


def holding(allocations: Iterable[Allocation], role: str, on: date) -> Allocation | None:
    """Return the allocation of one child in a role that counts on a day."""
    found = held_on((one for one in allocations if one.role == role), on)
    return next(iter(found.values()), None)
