"""``backup``, ``restore`` and ``doctor``: care of the store."""

from pathlib import Path

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.pages.health import health_export, sources_export
from iro_cli.questions.health import health
from iro_cli.questions.sources import source_findings
from iro_cli.store.backup import backup, restore
from iro_cli.store.location import check_file
from iro_cli.store.migrations import prepare


def backup_command(given: Given, target: Path) -> int:
    """Copy the store to a file that only you can read."""
    settings = resolve(given)
    backup(settings.database, target)
    tell(f"copied: {settings.database} to {target}")
    return 0


def restore_command(given: Given, copy: Path) -> int:
    """Put a backup in the store's place; what stood there is kept beside it."""
    settings = resolve(given)
    kept = restore(copy, settings.database)
    tell(f"restored: {settings.database} from {copy}" + (f"; kept: {kept}" if kept else ""))
    return 0


def doctor_command(given: Given, migrate: bool, sources: bool) -> int:
    """Look for contradictions in the facts, and faults in the store."""
    settings = resolve(given)
    if migrate:
        check_file(settings.database)
        prepare(settings.database)
    view = open_view(settings)
    if sources:
        emit(sources_export(source_findings(view), view.catalogue, view.as_of), settings)
        return 0
    rows, recounted = health(view)
    emit(health_export(rows, recounted, view.catalogue, view.as_of), settings)
    return 0
