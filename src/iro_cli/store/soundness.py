"""Whether a store is whole: every page of it, and what is in it."""

from collections.abc import Iterator
from itertools import islice

from iro_cli.errors import StoreError
from iro_cli.store.kinds import KINDS
from iro_cli.store.reading import Reader
from iro_cli.store.sqlite import latest_version

# More than these say nothing new.
_MOST = 5


def faults_of(reader: Reader) -> list[str]:
    """
    Return what is wrong with a store that is open, the first few; never its data.

    Raises:
        StoreError: It cannot be read at all.
    """
    return list(islice(_faults(reader), _MOST))


def _faults(reader: Reader) -> Iterator[str]:
    for (text,) in reader.rows("PRAGMA integrity_check"):
        if text != "ok":
            yield str(text)
    for table, *_ in reader.rows("PRAGMA foreign_key_check"):
        yield f"a row of {table} refers to nothing"
    ((version,),) = reader.rows("PRAGMA user_version")
    for kind in KINDS if version == latest_version() else ():
        try:
            reader.standing(kind)
        except StoreError:
            yield f"a row of {kind.table} is not what it should be"
