"""Whether a store is whole: every page of it, what is in it, and whether it is what was stored."""

from collections.abc import Iterator, Sequence
from itertools import islice

from iro_cli.errors import DamagedStoreError, StoreError
from iro_cli.store.connection import Connection
from iro_cli.store.kinds import KINDS
from iro_cli.store.opening import Store
from iro_cli.store.reading import Reader
from iro_cli.store.sqlite import AND_LEFT, SqliteStore, latest_version

# More than these say nothing new.
_MOST = 5


def faults_of(reader: Reader, *, chain: bool = True, built: bool = True) -> list[str]:
    """
    Return what is wrong with a store that is open, the first few.

    Args:
        reader: The store.
        chain: Whether the chain of changes is gone through too.
        built: And with it how the store is built.

    Raises:
        StoreError: It cannot be read at all.
    """
    return list(islice(_faults(reader, chain=chain, built=built), _MOST))


class _Lent:
    """A connection that stays open when the reader that has it is done."""

    def __init__(self, connection: Connection) -> None:
        """Take the connection."""
        self.execute = connection.execute
        self.executemany = connection.executemany

    def close(self) -> None:
        """Leave it open."""


def refuse_altered(store: SqliteStore, connection: Connection, *, built: bool) -> None:
    """
    Refuse a store whose pages are not those that the program left, unless all in it fits.

    Another program may have rewritten the pages and altered nothing, as VACUUM does.

    Args:
        store: The store.
        connection: The same, open in a transaction.
        built: Whether what was built into it also counts, or taken out of it: an index or a
            trigger of somebody else's changes no answer, and may change what is written.

    Raises:
        StoreError: It was damaged or altered.
    """
    faults = faults_of(Reader(store, _Lent(connection)), built=built)
    if faults:
        raise _altered(store, faults)


def blamed(store: Store) -> StoreError | None:
    """
    Return what is wrong with a store, where a command failed and nothing else is known of why.

    A value that is not what it should be is met wherever it is used, and a store without a sum
    of its pages is not gone through before.
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
    """Yield in which tables a row is not what it should be, in words."""
    for kind in KINDS:
        try:
            reader.standing(kind)
        except DamagedStoreError:  # what the disk did not give is no fault of the store
            yield f"a row of {kind.table} is not what it should be"


def _of_pages(reader: Reader) -> list[str]:
    """Return what SQLite finds wrong with the pages: also one that the disk did not give."""
    return [text for (text,) in reader.rows("PRAGMA integrity_check") if text != "ok"]


def _faults(reader: Reader, *, chain: bool, built: bool) -> Iterator[str]:
    if reader.store.files:  # a server looks after its pages and references, and says its version
        yield from _of_pages(reader) and _of_pages(reader)  # a disk can fail once
        for table, *_ in reader.rows("PRAGMA foreign_key_check"):
            yield f"a row of {table} refers to nothing"
        ((version,),) = reader.rows("PRAGMA user_version")
        if version < latest_version():
            return
    yield from no_rows(reader)
    if chain:
        found = reader.chain()
        yield from (found if built else found._replace(unlike=())).problems
