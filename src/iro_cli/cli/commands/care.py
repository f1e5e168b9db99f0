"""``backup``, ``restore`` and ``doctor``: care of the store."""

from pathlib import Path
from typing import Annotated

import typer

from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, tell
from iro_cli.cli.settings import Given, resolve
from iro_cli.pages.health import health_sheet, sources_sheet
from iro_cli.questions.health import health
from iro_cli.questions.sources import source_findings
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
        emit(sources_sheet(source_findings(view), view.catalogue, view.as_of), settings)
        return 0
    rows, recounted = health(view)
    emit(health_sheet(rows, recounted, view.catalogue, view.as_of), settings)
    return 0
