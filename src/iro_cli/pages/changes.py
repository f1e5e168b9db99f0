"""The listing of what an import would change."""

from collections.abc import Sequence
from datetime import date

from iro_cli.forms.listing import CHILD, DATE, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import Any

# How many changes a table shows; a note says how to list all of them.
_MOST = 40
CHANGES = Listing(
    "Listing",
    (
        Field("what", harmless=True),
        Field("child", CHILD),
        Field("event", harmless=True, column="Of it"),
        Field("date", DATE, column="Day"),
        Field("was", column="Before", gives_way=80),
        Field("details", gives_way=100),
        Field("source", column="From", gives_way=120),
    ),
    command="import --dry-run",
)


def changes_export(changes: Sequence[Any], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of what an import would change, one by one."""

    def grids() -> list[Grid]:
        more = len(changes) - _MOST
        notes = (f"and {more:,} more: -f csv lists them all",) if more > 0 else ()
        return [CHANGES.grid("What would change", changes[:_MOST], notes)]

    return CHANGES.export(changes, about(catalogue, as_of), grids)
