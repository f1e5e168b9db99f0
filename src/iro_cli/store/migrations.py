"""Make an SQLite store, or copy an older one and bring it up to date in one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from iro_cli import shipped
from iro_cli.errors import StoreError
from iro_cli.store.chain import seal
from iro_cli.store.copies import copy_beside
from iro_cli.store.places import part_of, put_new, without_log
from iro_cli.store.sqlite import (
    APPLICATION_ID,
    MIGRATIONS,
    SCHEMA,
    SqliteStore,
    latest_version,
    numbered_scripts,
)

# The first schema with a chain of changes: the changes that are there get their digests then.
_CHAINED = 3
# The first schema with a checksum of the pages.
_SUMMED = 3


def _steps(folder: str | Path) -> list[tuple[int, list[str]]]:
    return [
        (number, _statements(f"{folder}/{name}"))
        for number, name in sorted(numbered_scripts(folder))
    ]


def _statements(path: str) -> list[str]:
    """Split a script into whole statements, so that one transaction can hold them all."""
    found, statement = [], ""
    for line in shipped.text(path).splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found.append(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"{Path(path).name} ends in the middle of a statement")
    return found


@contextmanager
def _connection(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    connection = store.open()
    try:
        # This comes before a page is written, so that no deleted row leaves a trace.
        connection.execute("PRAGMA secure_delete = ON")
        yield connection
    finally:
        connection.close()


def _apply(connection: sqlite3.Connection, number: int, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement)
    if number == _CHAINED:
        seal(connection)
    connection.execute(f"PRAGMA user_version = {number}")


def _write_schema(store: SqliteStore) -> None:
    """Write the schema of an empty store into a new file, and nothing beside it."""
    with _connection(store) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("BEGIN IMMEDIATE")
        _apply(connection, latest_version(), _statements(SCHEMA))
        store.finish(connection)
        connection.execute("COMMIT")
        without_log(connection)


def _make(store: SqliteStore) -> list[int]:
    """
    Make a store under another name, and put it in its place once it is whole.

    So nobody ever sees half a store.  If two programs make one at once, the second finds the
    store of the first.
    """
    try:
        with part_of(store.path) as part:
            _write_schema(store.at(part))
            with suppress(FileExistsError):
                put_new(part, store.path)
    except OSError as error:
        raise StoreError(
            f"the store {store} cannot be made here ({error.strerror}): check that you may write "
            "to its folder, or name another with --database"
        ) from None
    return [latest_version()]


def prepare(store: SqliteStore, folder: str | Path = MIGRATIONS) -> list[int]:
    """
    Make the store if it is missing, and bring it to the latest schema.

    Args:
        store: The store.
        folder: The numbered scripts.

    Returns:
        The versions that were applied; none if there was nothing to do.

    Raises:
        StoreError: The file is not a store, or cannot be written.
    """
    try:
        if not store.exists():
            return _make(store)
        store.check()
        with _connection(store) as connection:
            return _migrate(connection, store, folder)
    except store.faults as error:
        raise store.refusal(error) from None


def _migrate(connection: sqlite3.Connection, store: SqliteStore, folder: str | Path) -> list[int]:
    latest = max(number for number, _ in numbered_scripts(folder))
    if store.version(connection) == latest:
        return []
    done: list[int] = []
    for number, statements in _steps(folder):
        # The version is read under the lock: another program may be doing the same.
        connection.execute("BEGIN IMMEDIATE")
        if store.version(connection) >= number:
            connection.execute("ROLLBACK")
            continue
        try:
            copy_beside(store, number)
        except OSError as error:
            raise StoreError(
                f"no copy of {store} could be made before its schema is changed "
                f"({error.strerror}): make room beside it, and try again"
            ) from None
        _apply(connection, number, statements)
        if number >= _SUMMED:
            store.finish(connection)
        store.commit(connection)
        done.append(number)
    if done:
        # This only frees room on the disk: if it fails, the store is whole all the same.
        with suppress(*store.faults):
            connection.execute("VACUUM")
            connection.execute("BEGIN IMMEDIATE")
            store.finish(connection)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return done
