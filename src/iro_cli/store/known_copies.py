"""
The copies that the program made of a store and knows of: a list beside it, a line each.

It stands beside the store and not in it, for a store that is restored is an earlier one.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from iro_cli.lean import NamedTuple
from iro_cli.store.sqlite import SqliteStore

BACKUP = "backup"


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


def note(store: SqliteStore, why: str, path: Path) -> None:
    """Write down that a copy was made; where that cannot be written, the copy is as good."""
    with suppress(OSError):
        line = json.dumps([why, str(path.absolute()), path.stat().st_mtime])
        handle = os.open(_list(store), os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line + "\n")


def known_copies(store: SqliteStore) -> list[KnownCopy]:
    """Return the copies that were made, the first first; what cannot be read is left out."""
    try:
        lines = _list(store).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError, TypeError, OverflowError, OSError):
            why, path, moment = json.loads(line)
            found.append(KnownCopy(str(why), Path(path), datetime.fromtimestamp(moment, UTC)))
    return found
