"""``init``, ``backup``, ``restore`` and ``doctor``: care of the store."""

from pathlib import Path

from iro_cli.cli.commands.encryption import KEEP_THE_KEY, in_a_file, sealing_of_stores
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, full_name, say, say_copies, say_if_empty, tell
from iro_cli.cli.progress import shown
from iro_cli.cli.settings import open_view, resolve
from iro_cli.clock import now
from iro_cli.dates.words import counted
from iro_cli.errors import StoreError, kept
from iro_cli.pages.health import health_export, sources_export
from iro_cli.questions.health import CHAIN, STORE, health
from iro_cli.questions.sources import source_findings


def init_command(given: Given, path: Path | None, encrypted: bool) -> int:
    """Make an empty store, encrypted if it is asked for, and say what to do next."""
    if path is not None:
        given = given.but(database=str(path.expanduser().absolute()))
    settings = resolve(given)
    if settings.store.exists():
        settings.store.check()
        with settings.store.reading() as reader:
            children = counted(len(reader.child_ids()), "child", "children")
        tell(f"there is a store already, with {children}: {settings.store}; nothing changed")
        return 0
    if encrypted:
        store, where = sealing_of_stores().sealed(in_a_file(settings.store))
        store.prepare()
        kept.count += 1
        tell(f"made: {full_name(store)}, an empty store, encrypted; its key is {where}")
        say(KEEP_THE_KEY)
    else:
        settings.store.prepare()
        kept.count += 1
        tell(f"made: {full_name(settings.store)}, an empty store")
    say_copies(settings.store)
    usual = resolve(Given()).store
    if str(usual) != str(settings.store):
        say(f"to use it without naming it: `iro config set database '{settings.store}'`")
    say(
        "next: `iro import children FILE` or an extract (`iro import --help`), or `iro child add "
        "CHILD` and `iro record EVENT CHILD`; `iro due` shows what is open"
    )
    return 0


def backup_command(given: Given, target: Path, keep: int | None) -> int:
    """Copy the store to a file that only you can read, or into a folder of copies."""
    store = resolve(given).store
    with shown():
        done = store.backup(target) if keep is None else store.backup_into(target, keep, now())
    tell(f"copied: {store} to {done.path}")
    if done.removed:
        tell(f"removed: {counted(len(done.removed), 'older copy', 'older copies')}")
    _say_if_older(done.older)
    return 0


def restore_command(given: Given, copy: Path) -> int:
    """
    Put a backup in the store's place.

    The earlier store is kept beside it.
    """
    store = resolve(given).store
    with shown():
        done = store.restore(copy)
    tell(f"restored: {store} from {copy}" + (f"; kept: {done.kept}" if done.kept else ""))
    _say_if_older(done.older)
    return 0


def _say_if_older(older: bool) -> None:
    if older:
        say(
            "iro: it was written by an older iro: `iro doctor --migrate` brings it up to this "
            "version"
        )


def doctor_command(given: Given, migrate: bool, sources: bool) -> int:
    """Look for contradictions in the facts, and faults in the store."""
    settings = resolve(given)
    if migrate:
        settings.store.check()
        kept.count += len(settings.store.prepare())
    # The doctor reads a damaged store as far as possible, because it is there to show the damage.
    # With --sources it does not: findings from a damaged store could be wrong.
    view = open_view(settings, settings.store.reading(checked=sources))
    if sources:
        emit(sources_export(source_findings(view), view.catalogue, view.as_of), settings)
        return 0
    with shown():
        rows, recounted = health(view)
    emit(health_export(rows, recounted, view.catalogue, view.as_of), settings)
    if any(row.check in (CHAIN, STORE) for row in rows):
        return StoreError.exit_code
    say_if_empty(view)
    return 0
