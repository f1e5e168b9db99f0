"""
Copy a store into another of any engine, with history and chain, in one transaction.

Before the commit, every row is read back and compared with the original.  So an interrupted
copy leaves no row behind, at most an empty store, and has to be started again.
"""

import json
from collections.abc import Generator
from contextlib import closing
from itertools import islice, zip_longest

from iro_cli import shipped
from iro_cli.errors import InputRefusedError, StoreError, kept
from iro_cli.lean import Any, NamedTuple
from iro_cli.store.chain import refuse_unfit
from iro_cli.store.connection import Connection
from iro_cli.store.opening import Store

# The columns and the key of each table, ordered so that rows refer to tables before their own.
_TABLES = f"{shipped.FOLDER}/store/schema/columns.json"
# How many rows are held in memory and written at once.
_AT_ONCE = 10_000
_LAST = "SELECT id, digest FROM change ORDER BY id DESC LIMIT 1"


class Moved(NamedTuple):
    """
    The result of copying a store.

    Attributes:
        rows: How many rows both stores have.
        changes: How many changes both stores have.
        digest: The digest of the last change.
        again: Whether the other store had all of them before.
    """

    rows: int
    changes: int
    digest: str | None
    again: bool


class _MovedTable(NamedTuple):
    """A table, with the statements that read all its rows in order and write one row."""

    name: str
    read: str
    write: str


def _tables() -> list[_MovedTable]:
    found = []
    for name, (columns, key) in json.loads(shipped.text(_TABLES)).items():
        said = ", ".join(columns)
        found.append(
            _MovedTable(
                name,
                f"SELECT {said} FROM {name} ORDER BY {', '.join(key)}",
                f"INSERT INTO {name} ({said}) VALUES ({', '.join('?' * len(columns))})",
            )
        )
    return found


def copy_store(source: Store, target: Store) -> Moved:
    """
    Copy a store into one that is empty or missing, whole or not at all.

    Args:
        source: The store; changes that are made during the copy are not copied.
        target: The other store.

    Raises:
        InputRefusedError: Both are the same store, or the other has changes of its own.
        StoreError: One of them cannot be read or written, or the chain of changes does not fit.
    """
    if source == target:
        raise InputRefusedError(f"{source} is the store itself: name another to copy it to")
    with closing(source.connect_to_read()) as reading:
        _refuse_unfit(source, reading)
        target.get_ready(make=True)
        try:
            with closing(target.connect_to_write()) as writing:
                return _copy(source, reading, target, writing)
        except target.faults as error:
            raise target.refusal(error) from None


def _refuse_unfit(source: Store, reading: Connection) -> None:
    try:
        refuse_unfit(source, reading, "a copy", "Nothing was copied")
    except source.faults as error:
        raise source.refusal(error) from None


def _copy(source: Store, reading: Connection, target: Store, writing: Connection) -> Moved:
    last, had = (list(one.execute(_LAST)) for one in (reading, writing))
    again = bool(had)
    # The same copy may be asked for again.  With any other changes, two histories would be mixed.
    if again and had != last:
        raise InputRefusedError(
            f"{target} has changes of its own, the last of them number {had[0][0]}: name a store "
            "that is empty or missing. Nothing was copied"
        )
    if not again:
        with target.unguarded(writing):
            for table in _tables():
                rows = _rows(source, reading, table)
                while block := list(islice(rows, _AT_ONCE)):
                    writing.executemany(table.write, block)
    # This happens before the commit: until then a row that arrived differently harms nothing.
    count = sum(_compared(source, reading, target, writing, table) for table in _tables())
    if not again:
        target.finish(writing)
        target.commit(writing)
        kept.count += 1
    number, digest = last[0] if last else (0, None)
    return Moved(count, number, digest, again)


def _rows(store: Store, connection: Connection, table: _MovedTable) -> Generator[Any]:
    """
    Yield every row of a table.

    Raises:
        StoreError: It cannot be read.
    """
    try:
        yield from store.stream(connection, table.read)
    except store.faults as error:
        raise store.refusal(error) from None


def _compared(
    source: Store, reading: Connection, target: Store, writing: Connection, table: _MovedTable
) -> int:
    """
    Compare the rows that were written with those that were read, and return how many there are.

    Raises:
        StoreError: Two rows differ, or one is missing.
    """
    count = 0
    with (
        closing(_rows(source, reading, table)) as here,
        closing(_rows(target, writing, table)) as there,
    ):
        for count, (one, other) in enumerate(zip_longest(here, there), start=1):
            if one is None or other is None or tuple(one) != tuple(other):
                raise StoreError(
                    f"row {count} of {table.name} is not in {target} as it is in {source}: nothing "
                    "was copied; please report this line and `iro --version`"
                )
    return count
