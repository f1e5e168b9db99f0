"""The listing of the children."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.facts.model import Allocation, Child
from iro_cli.forms.listing import CHILD, DATE, FAMILY, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import responsible


class ListedChild(NamedTuple):
    """A child, with the current IRO and chair."""

    child: Child
    iro: str | None
    chair: str | None


def _born(row: ListedChild, _: object) -> str:
    if row.child.date_of_birth:
        return spoken_short(row.child.date_of_birth)
    if row.child.expected_date_of_delivery:
        return f"expected {spoken_short(row.child.expected_date_of_delivery)}"
    return "-"


CHILDREN = Listing(
    "Children",
    (
        Field("child_id", CHILD, "Child", value=attrgetter("child.child_id")),
        Field("label", value=attrgetter("child.label")),
        Field(
            "date_of_birth",
            DATE,
            value=attrgetter("child.date_of_birth"),
            column="Born",
            cell=_born,
        ),
        Field(
            "expected_date_of_delivery", DATE, value=attrgetter("child.expected_date_of_delivery")
        ),
        Field("nation", harmless=True, value=attrgetter("child.nation"), gives_way=120),
        Field("team", harmless=True, value=attrgetter("child.team")),
        Field(
            "sibling_group",
            FAMILY,
            value=attrgetter("child.sibling_group"),
            column="Siblings",
            gives_way=110,
        ),
        Field("iro", title="IRO or chair", harmless=True, column="IRO"),
        Field("chair", harmless=True),
    ),
    columns=(
        *("child_id", "label", "date_of_birth", "iro", "chair"),
        *("team", "sibling_group", "nation"),
    ),
    command="child list",
    paper=(
        *("child_id", "label", "date_of_birth", "expected_date_of_delivery", "iro"),
        *("chair", "team", "sibling_group", "nation"),
    ),
)


def children_export(
    children: Sequence[Child],
    allocations: Mapping[str, Sequence[Allocation]],
    catalogue: Catalogue,
    as_of: date,
) -> Export:
    """
    Make the listing of children, with their current IROs and chairs.

    Args:
        children: The children, in order.
        allocations: The allocations of these and other children, by child.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def holder(child: Child, role: str) -> str | None:
        found = [one for one in allocations.get(child.child_id, []) if one.role == role]
        return responsible(found, "cp", as_of)

    rows = [ListedChild(child, holder(child, "iro"), holder(child, "chair")) for child in children]

    def grids() -> list[Grid]:
        heading = f"{counted(len(rows), 'child', 'children')}, {spoken(as_of)}"
        return [CHILDREN.grid(heading, rows)]

    return CHILDREN.export(rows, about(catalogue, as_of), grids)
