"""``backup``, ``restore`` and ``doctor``: care of the store."""

from pathlib import Path

from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.pages.health import health_export, sources_export
from iro_cli.questions.health import health
from iro_cli.questions.sources import source_findings


def backup_command(given: Given, target: Path) -> int:
    """Copy the store to a file that only you can read."""
    settings = resolve(given)
    settings.store.backup(target)
    tell(f"copied: {settings.store} to {target}")
    return 0


def restore_command(given: Given, copy: Path) -> int:
    """Put a backup in the store's place; what stood there is kept beside it."""
    settings = resolve(given)
    kept = settings.store.restore(copy)
    tell(f"restored: {settings.store} from {copy}" + (f"; kept: {kept}" if kept else ""))
    return 0


def doctor_command(given: Given, migrate: bool, sources: bool) -> int:
    """Look for contradictions in the facts, and faults in the store."""
    settings = resolve(given)
    if migrate:
        settings.store.check()
        settings.store.prepare()
    view = open_view(settings)
    if sources:
        emit(sources_export(source_findings(view), view.catalogue, view.as_of), settings)
        return 0
    rows, recounted = health(view)
    emit(health_export(rows, recounted, view.catalogue, view.as_of), settings)
    return 0
