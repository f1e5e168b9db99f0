"""The listings of what is wrong in the facts, in the store and between sources."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.forms.listing import CHILD, DATE, LIST, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.child import no_birth
from iro_cli.questions.health import ERROR, HealthRow
from iro_cli.questions.sources import SourceRow

HEALTH = Listing(
    "Health",
    (
        Field("severity", harmless=True),
        Field("check", harmless=True),
        Field("child", CHILD),
        Field("date", DATE, harmless=no_birth),
        Field("event", harmless=True),
        Field("message", column="What"),
        Field("remedy", column="What to do"),
    ),
    columns=("child", "message", "remedy"),
    command="doctor",
    paper=("child", "severity", "message", "remedy"),
)
SOURCES = Listing(
    "Listing",
    (
        Field("child", CHILD),
        Field("finding"),
        Field("rule"),
        Field("dates", LIST),
        Field("sources", LIST),
        Field("message", column="What"),
        Field("remedy", column="What to do", gives_way=110),
    ),
    columns=("child", "message", "rule", "remedy"),
    command="doctor --sources",
    paper=("child", "message", "rule", "remedy", "dates"),
)


def health_export(
    rows: Sequence[HealthRow], recounted: int, catalogue: Catalogue, as_of: date
) -> Export:
    """
    Make the listing of contradictions and faults.

    Args:
        rows: What was found.
        recounted: How many open dates were counted a second time.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def grids() -> list[Grid]:
        wrong = sum(row.severity == ERROR for row in rows)
        faults = counted(wrong, "contradiction or fault", "contradictions or faults")
        heading = f"{spoken(as_of)}: {faults}, {counted(len(rows) - wrong, 'warning')}"
        differ = sum(row.check == "recount" for row in rows)
        note = (
            f"{counted(recounted, 'open date')} counted again by python-dateutil and holidays: "
            f"{'all agree' if not differ else f'{differ} DIFFER'}"
        )
        tone = {ERROR: "overdue"}
        return [HEALTH.grid(heading, rows, (note,), tone=lambda row: tone.get(row.severity, ""))]

    return HEALTH.export(rows, about(catalogue, as_of), grids)


def sources_export(rows: Sequence[SourceRow], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of the differences between sources."""

    def grids() -> list[Grid]:
        children = counted(len({row.child for row in rows}), "child", "children")
        heading = f"{spoken(as_of)}: {counted(len(rows), 'finding')} about {children}"
        return [SOURCES.grid(heading, rows)]

    return SOURCES.export(rows, about(catalogue, as_of), grids)
