"""Copies of an SQLite store, and putting one back."""

import sqlite3
from pathlib import Path

from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.store.sqlite import SqliteStore, owner_only


def _copy(source: SqliteStore, target: Path) -> None:
    owner_only(target)
    try:
        reading, writing = sqlite3.connect(source.path), sqlite3.connect(target)
        try:
            source.version(reading)
            reading.backup(writing)
            found = writing.execute("PRAGMA quick_check").fetchone()[0]
        finally:
            reading.close()
            writing.close()
    except (sqlite3.Error, StoreError) as error:
        target.unlink()
        if isinstance(error, StoreError):
            raise
        raise source.refusal(error) from None
    if found != "ok":
        target.unlink()
        raise StoreError(f"{source} is damaged: {found}; no copy was made")


def backup(store: SqliteStore, target: Path) -> None:
    """
    Copy the store, log and all, to a file that only its owner can read.

    Raises:
        InputRefusedError: The target exists.
        StoreError: The store cannot be read whole.
    """
    store.check()
    if target.exists():
        raise InputRefusedError(
            f"{target} exists, and a backup never overwrites: name another file"
        )
    try:
        _copy(store, target)
    except OSError as error:
        raise InputRefusedError(f"{target} cannot be written ({error.strerror})") from None


def restore(copy: SqliteStore, store: SqliteStore) -> Path | None:
    """
    Put a copy in the store's place, keeping what stood there beside it.

    Returns:
        Where the store that stood there was kept, if there was one.

    Raises:
        InputRefusedError: What would be kept beside it exists already.
        StoreError: The copy is not a whole store.
    """
    copy.check()
    kept, path = None, store.path
    fresh = path.with_name(path.name + ".restoring")
    fresh.unlink(missing_ok=True)
    _copy(copy, fresh)
    if store.exists():
        kept = path.with_name(path.name + ".before-restore")
        if kept.exists():
            fresh.unlink()
            raise InputRefusedError(f"{kept} exists from an earlier restore: move it away first")
        backup(store, kept)
        for log in store.files[1:]:
            log.unlink(missing_ok=True)
    fresh.replace(path)
    return kept
