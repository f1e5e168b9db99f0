"""
Keep a list of the copies that the program made of a store, one on each line.

The list is a file beside the store and not in it, because a restored store is an older one and
would not have the latest copies in its list.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from iro_cli.errors import IroError, StoreError
from iro_cli.lean import NamedTuple
from iro_cli.store.connection import Connection
from iro_cli.store.places import MOMENT
from iro_cli.store.sqlite import SqliteStore, is_a_store

BACKUP = "backup"
# What opening a file raises if it is not a copy any more.
NOT_READ = (IroError, OSError)


class KnownCopy(NamedTuple):
    """
    A copy that was made of a store.

    Attributes:
        why: Why it was made: ``backup``, ``restore`` or ``migration``.
        path: Where it was put; it may not be there any more.
        at: When it was made.
    """

    why: str
    path: Path
    at: datetime


def _list(store: SqliteStore) -> Path:
    return store.path.with_name(f"{store.path.name}.copies")


def note_copy(store: SqliteStore, why: str, path: Path) -> None:
    """Add a copy to the list; if the list cannot be written, the copy is still good."""
    with suppress(OSError):
        line = json.dumps([why, str(path.absolute()), path.stat().st_mtime])
        handle = os.open(_list(store), os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line + "\n")


def known_copies(store: SqliteStore) -> list[KnownCopy]:
    """Return the listed copies, the oldest first; none if the list cannot be read."""
    try:
        return every_copy(store)
    except StoreError:
        return []


def every_copy(store: SqliteStore) -> list[KnownCopy]:
    """
    Return the listed copies, the oldest first, for a caller that must not miss one.

    An erasure that missed a copy would leave the child in it.

    Raises:
        StoreError: There is a list, but it cannot be read.
    """
    found, listed = list[KnownCopy](), _list(store)
    try:
        lines = listed.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise StoreError(
            f"{listed}, the list of the copies of {store}, cannot be read ({error.strerror}): "
            "check the file, who may read it, and the disk, and try again"
        ) from None
    for line in lines:
        with suppress(ValueError, TypeError, OverflowError, OSError):
            why, path, moment = json.loads(line)
            found.append(KnownCopy(str(why), Path(path), datetime.fromtimestamp(moment, UTC)))
    return found


def copies_of_lost(store: SqliteStore) -> list[Path]:
    """
    Return the files that may be copies of a store that is gone, the latest first.

    They are the listed copies, and the files beside its place whose name begins like its own.
    All of them are stores of this program; whose copies they are cannot be checked without the
    store.
    """
    path = store.path
    beside_it = re.compile(rf"{re.escape(path.name)}\..+|{re.escape(path.stem)}{MOMENT}")
    paths = [one.path for one in known_copies(store)]
    with suppress(OSError):
        paths += [one for one in path.parent.iterdir() if beside_it.fullmatch(one.name)]
    # A file that is found twice is shown as the user named the store, and not with its whole path.
    named = {one.absolute(): one for one in paths}
    found: list[tuple[float, Path]] = []
    for one in named.values():
        with suppress(OSError):
            if is_a_store(os.fspath(one)):
                found.append((-one.stat().st_mtime, one))
    return [one for _, one in sorted(found)]


# ---------------------------------------------------------------- whose copy a file is


class FirstChange(NamedTuple):
    """
    The first change of a store, which all its copies share.

    Attributes:
        at: When it was made.
        who: Who made it.
        digest: Its digest; ``None`` in a schema without a chain.
    """

    at: str
    who: str
    digest: str | None

    def is_of(self, other: "FirstChange | None") -> bool:
        """Say whether another first change is the same, by its digest if both have one."""
        if other is None:
            return False
        if self.digest and other.digest:
            return self.digest == other.digest
        # Without a digest, as in older schemas, the moment and the author have to do.
        return self[:2] == other[:2]


@contextmanager
def looked_into(copy: SqliteStore) -> Iterator[sqlite3.Connection]:
    """
    Open a file that may be a copy, without making any file beside it.

    It may be somebody else's file.

    Raises:
        StoreError: It is not a store of this program, or cannot be read.
    """
    copy.check()
    unreadable: tuple[type[Exception], ...] = (*copy.faults, ValueError, TypeError)
    try:
        with closing(copy.open(to_write=False, immutable=not copy.has_a_log())) as connection:
            copy.version(connection)
            yield connection
    except unreadable as error:
        raise copy.refusal(error) from None


def beginning(connection: Connection) -> FirstChange | None:
    """Return the first change of an open store with any schema; ``None`` if it has none."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(change)")]
    digest = "digest" if "digest" in columns else "NULL"
    rows = connection.execute(f"SELECT at, who, {digest} FROM change ORDER BY id LIMIT 1")
    return next((FirstChange(*row) for row in rows), None)
