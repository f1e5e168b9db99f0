"""Check whether a store is whole: its pages, its rows, and whether they are what was stored."""

from collections.abc import Iterator, Sequence
from itertools import islice

from iro_cli.errors import DamagedStoreError, StoreError
from iro_cli.store.connection import Connection
from iro_cli.store.kinds import KINDS
from iro_cli.store.opening import Store
from iro_cli.store.reading import Reader
from iro_cli.store.sqlite import AND_LEFT, SqliteStore, latest_version

# How many faults are listed: more would tell nothing new.
_MOST = 5


def faults_of(reader: Reader, *, chain: bool = True, built: bool = True) -> list[str]:
    """
    Return the first few faults of an open store, in words.

    Args:
        reader: The store.
        chain: Whether the chain of changes is checked too.
        built: Whether the schema is checked with the chain.

    Raises:
        StoreError: It cannot be read at all.
    """
    return list(islice(_faults(reader, chain=chain, built=built), _MOST))


class _Lent:
    """A connection that its reader cannot close, because somebody else still needs it."""

    def __init__(self, connection: Connection) -> None:
        """Take the connection."""
        self.execute = connection.execute
        self.executemany = connection.executemany

    def close(self) -> None:
        """Leave it open."""


def refuse_altered(store: SqliteStore, connection: Connection, *, built: bool) -> None:
    """
    Refuse a store whose pages differ from those that the program left, if it has a fault.

    Another program may have rewritten the pages without altering anything, as VACUUM does.

    Args:
        store: The store.
        connection: The store's connection, in a transaction.
        built: Whether an altered schema counts too.  A foreign index or trigger changes no
            answer, but it may change what is written, so it counts before a change.

    Raises:
        StoreError: It was damaged or altered.
    """
    faults = faults_of(Reader(store, _Lent(connection)), built=built)
    if faults:
        raise _altered(store, faults)


def blamed(store: Store) -> StoreError | None:
    """
    Return the fault of a store, if it has one, after a command failed for no known reason.

    A damaged value can make any code fail that uses it.  A store without a checksum is not checked
    when it is opened, so such a value is found only then.
    """
    try:
        if not store.exists():
            return None
        with store.reading(checked=False) as reader:
            faults = faults_of(reader, built=False)
    except StoreError as error:
        return error
    return _altered(store, faults) if faults else None


def _altered(store: Store, faults: Sequence[str]) -> StoreError:
    return StoreError(
        f"the store {store} is damaged, or was changed by another program: {faults[0]}; {AND_LEFT}"
    )


def no_rows(reader: Reader) -> Iterator[str]:
    """Yield the tables with a row that cannot be read as it should, in words."""
    for kind in KINDS:
        try:
            reader.standing(kind)
        except DamagedStoreError:  # an error of the disk is another class: the store may be sound
            yield f"a row of the table {kind.table} has a value that the program never writes"


def _of_pages(reader: Reader) -> list[str]:
    """Return what SQLite finds wrong with the pages; a page that the disk failed to read counts."""
    return [text for (text,) in reader.rows("PRAGMA integrity_check") if text != "ok"]


def _faults(reader: Reader, *, chain: bool, built: bool) -> Iterator[str]:
    if reader.store.files:  # a server checks its pages and references, and has its own version
        yield from _of_pages(reader) and _of_pages(reader)  # again, because a disk can fail once
        for table, *_ in reader.rows("PRAGMA foreign_key_check"):
            yield f"a row of {table} refers to nothing"
        ((version,),) = reader.rows("PRAGMA user_version")
        if version < latest_version():
            return
    yield from no_rows(reader)
    if chain:
        found = reader.chain()
        yield from (found if built else found._replace(unlike=())).problems
