"""``backup``, ``restore`` and ``doctor``: care of the store."""

from pathlib import Path
from typing import Annotated

import typer

from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, tell
from iro_cli.cli.settings import Given, resolve
from iro_cli.dates.words import counted, spoken
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.pages.listings import about
from iro_cli.questions.health import ERROR, HealthRow, health
from iro_cli.questions.sources import SourceRow, source_findings
from iro_cli.questions.view import View
from iro_cli.store.backup import backup, restore
from iro_cli.store.location import check_file
from iro_cli.store.migrations import prepare

app = typer.Typer(rich_markup_mode=None)


@app.command("backup")
@with_common
def backup_command(
    given: Given, target: Annotated[Path, typer.Argument(metavar="FILE", help="It must not exist.")]
) -> int:
    """Copy the store to a file that only you can read."""
    settings = resolve(given)
    backup(settings.database, target)
    tell(f"copied: {settings.database} to {target}")
    return 0


@app.command("restore")
@with_common
def restore_command(
    given: Given, copy: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]
) -> int:
    """Put a backup in the store's place; what stood there is kept beside it."""
    settings = resolve(given)
    kept = restore(copy, settings.database)
    tell(f"restored: {settings.database} from {copy}" + (f"; kept: {kept}" if kept else ""))
    return 0


def _sources(view: View) -> Sheet:
    """Make the listing of what sources say of each other."""
    rows = source_findings(view)

    def tables() -> list[Table]:
        children = len({row.child for row in rows})
        heading = (
            f"{spoken(view.as_of)}: {counted(len(rows), 'finding')} about "
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

    return Sheet(SourceRow._fields, rows, about(view.catalogue, view.as_of), tables)


@app.command("doctor")
@with_common
def doctor_command(
    given: Given,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="First bring an older store up to this version.")
    ] = False,
    sources: Annotated[
        bool,
        typer.Option(
            "--sources", help="Only where sources disagree, and what the census rules forbid."
        ),
    ] = False,
) -> int:
    """Look for contradictions in the facts, and faults in the store."""
    settings = resolve(given)
    if migrate:
        check_file(settings.database)
        prepare(settings.database)
    view = open_view(settings)
    if sources:
        emit(_sources(view), settings)
        return 0
    rows, recounted = health(view)

    def tables() -> list[Table]:
        wrong = sum(row.severity == ERROR for row in rows)
        faults = counted(wrong, "contradiction or fault", "contradictions or faults")
        heading = f"{spoken(view.as_of)}: {faults}, {counted(len(rows) - wrong, 'warning')}"
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

    emit(
        Sheet(HealthRow._fields, rows, about(view.catalogue, view.as_of), tables, name="Health"),
        settings,
    )
    return 0
