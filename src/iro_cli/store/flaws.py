"""What is wrong with a store itself, and with where it is kept."""

import os
import stat
from pathlib import Path

from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Reader

_SYNCED = ("onedrive", "dropbox", "sharepoint", "google drive")


class Flaw(NamedTuple):
    """
    Something about where and how a store is kept that should not be so.

    Attributes:
        check: A short name that stays the same.
        message: What is wrong.
        remedy: What to do.
        damage: Whether the store is damaged, and not only in danger.
    """

    check: str
    message: str
    remedy: str
    damage: bool = False


def flaws_of(path: Path, reader: Reader) -> list[Flaw]:
    """
    Return what SQLite finds wrong with a file, and who may read it, and where it lies.

    Args:
        path: The file.
        reader: The store in it, open.
    """
    damage = [str(row[0]) for row in reader.rows("PRAGMA quick_check") if row[0] != "ok"]
    damage += [
        f"a row of {row[0]} refers to nothing" for row in reader.rows("PRAGMA foreign_key_check")
    ]
    restore = "put back a backup with `iro restore`"
    found = [Flaw("store", one, restore, damage=True) for one in damage]
    if os.name != "nt" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"{path} can be read by others on this machine"
        found.append(Flaw("permissions", message, f"chmod 600 '{path}'"))
    folder = str(path.absolute()).casefold()
    if folder.startswith("\\\\") or any(name in folder for name in _SYNCED):
        message = f"{path} lies in a shared or synchronised folder, where a database can be damaged"
        found.append(Flaw("location", message, "move it to a folder on this machine"))
    return found
