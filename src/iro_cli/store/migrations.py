"""Numbered schema changes, each in one transaction, each after a copy of the store."""

import sqlite3
from pathlib import Path

from iro_cli.store.location import (
    APPLICATION_ID,
    MIGRATIONS,
    as_store_error,
    check_file,
    check_header,
    owner_only,
)


def _steps(folder: Path) -> list[tuple[int, str]]:
    return sorted((int(path.stem), path.read_text("utf-8")) for path in folder.glob("*.sql"))


def _statements(script: str) -> list[str]:
    """Split a script into whole statements, so that one transaction can hold them all."""
    found, statement = [], ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            found.append(statement)
            statement = ""
    return found


def copy_beside(path: Path, version: int) -> Path:
    """Copy a store, log and all, to ``NAME.before-vN`` beside it, owner-only."""
    target = path.with_name(f"{path.name}.before-v{version}")
    if target.exists():
        target.unlink()
    owner_only(target)
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()
    return target


def prepare(path: Path, folder: Path = MIGRATIONS) -> list[int]:
    """
    Make the store if it is missing, and bring it to the latest schema.

    Args:
        path: The file.
        folder: The numbered scripts.

    Returns:
        The versions that were applied, none when there was nothing to do.

    Raises:
        StoreError: The file is not a store, or cannot be written.
    """
    fresh = not path.exists()
    if fresh:
        try:
            owner_only(path)
        except OSError as error:
            raise as_store_error(sqlite3.OperationalError("readonly"), path) from error
    else:
        check_file(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        if fresh:
            # Before the first page is written: so that nothing deleted leaves a trace.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        version = 0 if fresh else check_header(connection, path)
        waiting = [(number, script) for number, script in _steps(folder) if number > version]
        for number, script in waiting:
            if not fresh:
                copy_beside(path, number)
            connection.execute("BEGIN IMMEDIATE")
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        connection.close()
        if fresh:
            path.unlink()
        raise as_store_error(error, path) from None
    connection.close()
    return [number for number, _ in waiting]
