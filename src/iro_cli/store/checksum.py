"""
Compute the checksum of a store, which is kept in the store itself.

SQLite notices a page with a broken structure, but not a changed digit of a date.  So every change
computes a sum of all pages in its own transaction, and every reader computes it again in its own
snapshot.  An encrypted store notices every changed byte, but an old page in the place of a new
one has a good code: there the sum is over rows and indexes.  ADR 33 says why, and what it costs.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from zlib import crc32

from iro_cli.lean import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from iro_cli.store.connection import Connection

    # Sums up a store that is open; nothing for one that is too large, or where it cannot be done.
    Sum = Callable[[Any], int | None]

# A larger store has no sum, because all its pages would have to be in memory at once.
LARGEST = 64 * 1024 * 1024
# The parts of the first page that SQLite changes by itself: the journal mode, and counters.
_HEADER = 100
_ITS_OWN = (slice(18, 20), slice(24, 28), slice(40, 44), slice(92, 100))
# SQLCipher gives the size of a page as text, which counts as the number here.
_SIZE = "SELECT page_size * page_count FROM pragma_page_size, pragma_page_count"
_WHERE = (
    "SELECT page_size, (SELECT rootpage FROM sqlite_master WHERE name = 'checksum') "
    "FROM pragma_page_size"
)


def too_large(connection: Connection) -> bool:
    """Say whether a store is too large to be summed up."""
    ((size,),) = connection.execute(_SIZE)
    return bool(size > LARGEST)


def of_pages(connection: Connection) -> int | None:
    """
    Return the sum of every page except the one with the sum itself, as this transaction sees them.

    Returns:
        The sum; ``None`` for a store that is too large, and where SQLite cannot give the pages.
    """
    serialize = getattr(connection, "serialize", None)
    ((size, place),) = connection.execute(_WHERE)
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
    Return the sum of every row and every index, as this transaction sees them.

    Args:
        connection: The store.
        statement: The query that gives their sums as one row.

    Returns:
        The sum; ``None`` for a store that is too large.
    """
    if too_large(connection):
        return None
    (found,) = connection.execute(statement)
    return crc32(repr(found).encode())


def differs(connection: Connection, sum_of: Sum = of_pages) -> bool | None:
    """
    Say whether a store has changed since the program last changed it.

    Args:
        connection: The store.
        sum_of: Computes the sum.

    Returns:
        ``None`` if that cannot be said: no sum was stored, or none can be computed here.
    """
    rows = [*connection.execute("SELECT of_pages FROM checksum")]
    # The program always leaves one row, so another program changed the table.
    if len(rows) != 1:
        return True
    ((stored,),) = rows
    found = None if stored is None else sum_of(connection)
    return None if found is None else found != stored


def write_down(connection: Connection, sum_of: Sum = of_pages) -> None:
    """Store the sum, as the last step of a transaction that changes the store."""
    found = (sum_of(connection),)
    if connection.execute("UPDATE checksum SET of_pages = ?", found).rowcount != 1:
        connection.execute("DELETE FROM checksum")
        connection.execute("INSERT INTO checksum VALUES (?)", found)
