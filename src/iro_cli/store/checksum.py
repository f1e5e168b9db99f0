"""
The checksum of a store's pages, which stands in the store itself.

SQLite notices a page whose structure is broken, and not a digit of a date that has become
another.  Whoever changes the store sums up all of its pages in the same transaction, and
whoever reads it sums them up again, each in a snapshot.  ADR 33 says why, and what it costs.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from zlib import crc32

from iro_cli.lean import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iro_cli.store.connection import Connection

# A store that is larger has none: to sum it up would take more memory than to read it.
LARGEST = 64 * 1024 * 1024
# What SQLite changes in the first page by itself: how the journal is kept, and counters.
_HEADER = 100
_ITS_OWN = (slice(18, 20), slice(24, 28), slice(40, 44), slice(92, 100))
_WHERE = (
    "SELECT page_size, page_count, (SELECT rootpage FROM sqlite_master WHERE name = 'checksum') "
    "FROM pragma_page_size, pragma_page_count"
)


def _of_pages(connection: Any) -> int | None:
    """
    Sum up every page but the one that holds the sum, as this transaction has them.

    Returns:
        The sum; ``None`` for a store that is too large, and where SQLite cannot give the pages.
    """
    serialize = getattr(connection, "serialize", None)
    ((size, count, place),) = connection.execute(_WHERE)
    if serialize is None or size * count > LARGEST:
        return None
    pages = memoryview(serialize())
    head = bytearray(pages[:_HEADER])
    for part in _ITS_OWN:
        head[part] = bytes(part.stop - part.start)
    before = crc32(pages[_HEADER : (place - 1) * size], crc32(head))
    return crc32(pages[place * size :], before)


def differs(connection: Connection) -> bool | None:
    """
    Say whether the pages are others than when the program last changed the store.

    Returns:
        ``None`` where that cannot be told: there is no sum, or it cannot be made here.
    """
    ((stored,),) = connection.execute("SELECT of_pages FROM checksum")
    found = None if stored is None else _of_pages(connection)
    return None if found is None else found != stored


def write_down(connection: Connection) -> None:
    """Sum the pages up, as the last thing in a transaction that changes them."""
    connection.execute("UPDATE checksum SET of_pages = ?", (_of_pages(connection),))
