"""The listing of the children whose period of retention has passed."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.forms.listing import CHILD, DATE, LIST, YES_NO, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.questions.retention import KeptRecord

RETENTION_LISTING = Listing(
    "Retention",
    (
        Field("child", CHILD),
        Field("processes", LIST, harmless=True),
        Field("keep_until", DATE),
        Field("passed", YES_NO, harmless=True),
        Field("why"),
    ),
    columns=("child", "keep_until", "why"),
    command="retention",
    paper=("child", "keep_until", "passed", "why", "processes"),
)


def retention_export(
    rows: Sequence[KeptRecord], unknown: int, catalogue: Catalogue, as_of: date
) -> Export:
    """
    Make the listing of how long records are kept.

    Args:
        rows: The records that are listed.
        unknown: For how many children it is not known.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """

    def grids() -> list[Grid]:
        passed = sum(row.passed for row in rows)
        heading = (
            f"{spoken(as_of)}: the period has passed for {counted(passed, 'child', 'children')}"
        )
        notes = []
        if unknown:
            notes.append(
                f"for {counted(unknown, 'child', 'children')} it is not known whether the period "
                "has passed: `iro retention list --all` says why"
            )
        if passed:
            notes.append("nothing is erased by itself: `iro retention erase --reason TEXT` does it")
        return [RETENTION_LISTING.grid(heading, rows, tuple(notes))]

    return RETENTION_LISTING.export(rows, about(catalogue, as_of), grids)
