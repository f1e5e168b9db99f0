"""
The copies that the program made of a store and knows of: a list beside it, a line each.

It stands beside the store and not in it, for a store that is restored is an earlier one.
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
# What comes of opening a copy that is none any more.
NOT_READ = (IroError, OSError)


class KnownCopy(NamedTuple):
    """
    A copy that was made of a store.

    Attributes:
        why: What it was made for: ``backup``, ``restore`` or ``migration``.
        path: Where it was put; it may be gone from there.
        at: When.
    """

    why: str
    path: Path
    at: datetime


def _list(store: SqliteStore) -> Path:
    return store.path.with_name(f"{store.path.name}.copies")


def note_copy(store: SqliteStore, why: str, path: Path) -> None:
    """Write down that a copy was made; where it cannot be written, the copy is still good."""
    with suppress(OSError):
        line = json.dumps([why, str(path.absolute()), path.stat().st_mtime])
        handle = os.open(_list(store), os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line + "\n")


def known_copies(store: SqliteStore) -> list[KnownCopy]:
    """Return the copies that were made, the first first; what cannot be read is left out."""
    try:
        return every_copy(store)
    except StoreError:
        return []


def every_copy(store: SqliteStore) -> list[KnownCopy]:
    """
    Return the copies that were made, the first first, for whoever may miss none.

    Raises:
        StoreError: The list of them is there, and cannot be read.
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
    Return what may be copies of a store that is gone, the latest first.

    They are those that were written down, and what is beside its place under a name that its
    own begins; each begins as a store does, and more cannot be told without it.
    """
    path = store.path
    beside_it = re.compile(rf"{re.escape(path.name)}\..+|{re.escape(path.stem)}{MOMENT}")
    paths = [one.path for one in known_copies(store)]
    with suppress(OSError):
        paths += [one for one in path.parent.iterdir() if beside_it.fullmatch(one.name)]
    # Those beside it as the store itself was named, though they are written down with their folder.
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
        who: By whom.
        digest: Its digest; ``None`` in a schema without a chain.
    """

    at: str
    who: str
    digest: str | None

    def is_of(self, other: "FirstChange | None") -> bool:
        """Say whether another is the same: by the digest, which nobody else's first change has."""
        if other is None:
            return False
        if self.digest and other.digest:
            return self.digest == other.digest
        return self[:2] == other[:2]


@contextmanager
def looked_into(copy: SqliteStore) -> Iterator[sqlite3.Connection]:
    """
    Open a file that may be a copy, so that nothing is made beside it: it may be somebody else's.

    Raises:
        StoreError: It is no store of this program, or cannot be read.
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
    """Return the first change of a store that is open, of whatever schema; if it has any."""
    columns = [row[1] for row in connection.execute("PRAGMA table_info(change)")]
    digest = "digest" if "digest" in columns else "NULL"
    rows = connection.execute(f"SELECT at, who, {digest} FROM change ORDER BY id LIMIT 1")
    return next((FirstChange(*row) for row in rows), None)
