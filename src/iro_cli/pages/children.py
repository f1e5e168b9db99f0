"""How people read who the children are."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.facts.model import Allocation, Child
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import responsible
from iro_cli.pages.due import about

FIELDS = (*Child._fields, "iro", "chair")


def children_sheet(
    children: Sequence[Child],
    allocations: Mapping[str, Sequence[Allocation]],
    catalogue: Catalogue,
    as_of: date,
) -> Sheet:
    """
    Make the listing of children, with whose they are.

    Args:
        children: The children, in order.
        allocations: Theirs and others', by child.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def holder(child: Child, role: str) -> str | None:
        found = [one for one in allocations.get(child.child_id, []) if one.role == role]
        return responsible(found, "cp", as_of)

    records = [(*child, holder(child, "iro"), holder(child, "chair")) for child in children]

    def tables() -> list[Table]:
        columns = (
            Column("Child"),
            Column("Label"),
            Column("Born"),
            Column("IRO"),
            Column("Chair"),
            Column("Team"),
            Column("Siblings", from_width=110),
            Column("Nation", from_width=120),
        )
        lines = [
            Line(
                (
                    child.child_id,
                    child.label or "-",
                    _born(child),
                    str(record[-2] or "-"),
                    str(record[-1] or "-"),
                    child.team or "-",
                    child.sibling_group or "-",
                    child.nation or "-",
                )
            )
            for child, record in zip(children, records, strict=True)
        ]
        heading = f"{counted(len(children), 'child', 'children')}, {spoken(as_of)}"
        return [Table(heading, columns, lines)]

    return Sheet(FIELDS, records, about(catalogue, as_of), tables, name="Children")


def _born(child: Child) -> str:
    if child.date_of_birth:
        return spoken_short(child.date_of_birth)
    if child.expected_date_of_delivery:
        return f"expected {spoken_short(child.expected_date_of_delivery)}"
    return "-"
