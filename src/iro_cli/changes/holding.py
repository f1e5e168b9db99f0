"""What an allocation is checked against, read inside a change."""

from typing import TYPE_CHECKING

from iro_cli.facts.model import Allocation
from iro_cli.facts.people import Person
from iro_cli.questions.holding import Holding, Member

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import AllocationRow, PersonRow
    from iro_cli.store.writing import Writer


def person_of(row: "PersonRow") -> Person:
    """Return the person that a stored row holds."""
    return Person(**{field: getattr(row, field) for field in Person._fields})


def allocation_of(row: "AllocationRow") -> Allocation:
    """Return the allocation that a stored row holds."""
    return Allocation(**{field: getattr(row, field) for field in Allocation._fields})


def holding_in(writer: "Writer") -> Holding:
    """Read what an allocation is checked against, inside a change."""
    from iro_cli.store.tables import PersonRow  # noqa: PLC0415 - a change is being made

    found: dict[str, list[Allocation]] = {}
    for (child, _), rows in writer.allocations().items():
        found.setdefault(child, []).extend(allocation_of(row) for row in rows)
    return Holding(
        [person_of(row) for row in writer.standing(PersonRow)],
        {child: Member(row.team, row.sibling_group) for child, row in writer.children().items()},
        found,
    )
