"""How people read what is wrong: in the facts, in the store, between sources."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.due import about
from iro_cli.questions.health import ERROR, HealthRow
from iro_cli.questions.sources import SourceRow


def health_sheet(
    rows: Sequence[HealthRow], recounted: int, catalogue: Catalogue, as_of: date
) -> Sheet:
    """
    Make the listing of contradictions and faults.

    Args:
        rows: What was found.
        recounted: How many open dates were counted a second time.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def tables() -> list[Table]:
        wrong = sum(row.severity == ERROR for row in rows)
        faults = counted(wrong, "contradiction or fault", "contradictions or faults")
        heading = f"{spoken(as_of)}: {faults}, {counted(len(rows) - wrong, 'warning')}"
        differ = sum(row.check == "recount" for row in rows)
        note = (
            f"{counted(recounted, 'open date')} counted again by python-dateutil and holidays: "
            f"{'all agree' if not differ else f'{differ} DIFFER'}"
        )
        columns = (Column("Child"), Column("What"), Column("What to do"))
        lines = [
            Line(
                (row.child or "-", row.message, row.remedy),
                "overdue" if row.severity == ERROR else "",
            )
            for row in rows
        ]
        return [Table(heading, columns, lines, (note,))]

    return Sheet(HealthRow._fields, rows, about(catalogue, as_of), tables, name="Health")


def sources_sheet(rows: Sequence[SourceRow], catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of what sources say of each other."""

    def tables() -> list[Table]:
        children = len({row.child for row in rows})
        heading = (
            f"{spoken(as_of)}: {counted(len(rows), 'finding')} about "
            f"{counted(children, 'child', 'children')}"
        )
        columns = (
            Column("Child"),
            Column("What"),
            Column("Rule"),
            Column("What to do", from_width=110),
        )
        lines = [Line((row.child, row.message, row.rule or "-", row.remedy)) for row in rows]
        return [Table(heading, columns, lines)]

    return Sheet(SourceRow._fields, rows, about(catalogue, as_of), tables)
