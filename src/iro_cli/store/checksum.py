"""
Make and compare the checksum of a store, which is kept in the store itself.

SQLite notices a page whose structure is broken, but not a date of which one digit changed.
Each change sums up all pages of the store in its own transaction, and each question sums them
up again in one snapshot.  In an encrypted store no byte of a page can change unnoticed, but an
old page can be put back, so there the rows and indexes are summed up.  ADR 33 says why, and
what it costs.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from zlib import crc32

from iro_cli.lean import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from iro_cli.store.connection import Connection

    # Returns the checksum of an open store; `None` if it is too large, or if it cannot be made.
    Sum = Callable[[Any], int | None]

# A larger store has no checksum: SQLite gives the pages as a copy of the whole file in memory.
LARGEST = 64 * 1024 * 1024
# What SQLite itself changes in the first page: the kind of journal, and counters.
_HEADER = 100
_ITS_OWN = (slice(18, 20), slice(24, 28), slice(40, 44), slice(92, 100))
_PLACE = "SELECT (SELECT rootpage FROM sqlite_master WHERE name = 'checksum')"


def _page_size(connection: Connection) -> int:
    # SQLCipher gives the size as text.  A SELECT on the pragma takes ten times as long, because
    # SQLite makes a table for it first.
    ((size,),) = connection.execute("PRAGMA page_size")
    return int(size)


def too_large(connection: Connection) -> bool:
    """Say whether a store is too large to have a checksum."""
    ((pages,),) = connection.execute("PRAGMA page_count")
    return bool(_page_size(connection) * pages > LARGEST)


def of_pages(connection: Connection) -> int | None:
    """
    Return the checksum of every page except the one that holds it, as this transaction sees them.

    Returns:
        The checksum; ``None`` if the store is too large, or if SQLite cannot give its pages.
    """
    serialize = getattr(connection, "serialize", None)
    size, ((place,),) = _page_size(connection), connection.execute(_PLACE)
    if serialize is None or too_large(connection):
        return None
    pages = memoryview(serialize())
    head = bytearray(pages[:_HEADER])
    for part in _ITS_OWN:
        head[part] = bytes(part.stop - part.start)
    before = crc32(pages[_HEADER : (place - 1) * size], crc32(head))
    return crc32(pages[place * size :], before)


def of_rows(connection: Connection, statement: str) -> int | None:
    """
    Return the checksum of all rows and indexes, as this transaction sees them.

    Args:
        connection: The store.
        statement: A query that gives one row with the sums of all tables and indexes.

    Returns:
        The checksum; ``None`` if the store is too large.
    """
    if too_large(connection):
        return None
    (found,) = connection.execute(statement)
    return crc32(repr(found).encode())


def differs(connection: Connection, sum_of: Sum = of_pages) -> bool | None:
    """
    Say whether a store differs from how this program left it.

    Args:
        connection: The store.
        sum_of: The function that makes the checksum.

    Returns:
        ``None`` if that is not known: no checksum was stored, or none can be made here.
    """
    rows = [*connection.execute("SELECT of_pages FROM checksum")]
    if len(rows) != 1:  # another program's doing
        return True
    ((stored,),) = rows
    found = None if stored is None else sum_of(connection)
    return None if found is None else found != stored


def write_down(connection: Connection, sum_of: Sum = of_pages) -> None:
    """Store the checksum, as the last step of a transaction that changes the store."""
    found = (sum_of(connection),)
    if connection.execute("UPDATE checksum SET of_pages = ?", found).rowcount != 1:
        connection.execute("DELETE FROM checksum")
        connection.execute("INSERT INTO checksum VALUES (?)", found)
