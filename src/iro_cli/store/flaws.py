"""Find what is wrong with a store itself, and with the place where it is kept."""

import os
import stat
from datetime import datetime, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.lean import NamedTuple
from iro_cli.store.known_copies import BACKUP, known_copies
from iro_cli.store.reading import Reader
from iro_cli.store.soundness import faults_of
from iro_cli.store.sqlite import SqliteStore

# Backups are made each night, so a change that is more than a day later than the last backup
# shows that a night was missed.
_NIGHTLY = timedelta(days=1)
_SYNCED = ("onedrive", "dropbox", "sharepoint", "google drive")


class Flaw(NamedTuple):
    """
    Something wrong with a store, or with where and how it is kept.

    Attributes:
        check: A short name that stays the same.
        message: What is wrong.
        remedy: What to do.
        damage: Whether the store is damaged, and not only at risk.
    """

    check: str
    message: str
    remedy: str
    damage: bool = False


def flaws_of(store: SqliteStore, reader: Reader) -> list[Flaw]:
    """
    Return what is wrong with a file, who may read it, where it is, and when it was backed up.

    Args:
        store: The store in the file.
        reader: The open store.
    """
    path = store.path
    restore = "put back a backup with `iro restore FILE`"
    found = [Flaw("store", one, restore, damage=True) for one in faults_of(reader, chain=False)]
    found += _copied(store, reader)
    if os.name != "nt" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"{path} can be read by others on this machine"
        found.append(Flaw("permissions", message, f"chmod 600 '{path}'"))
    exposed = store.exposed()
    if exposed:
        message, _, remedy = exposed.rpartition(": ")
        found.append(Flaw("permissions", message, remedy.strip("`")))
    folder = str(path.absolute()).casefold()
    if folder.startswith("\\\\") or any(name in folder for name in _SYNCED):
        message = f"{path} lies in a shared or synchronised folder, where a database can be damaged"
        found.append(Flaw("location", message, "move it to a folder on this machine"))
    return found


def _copied(store: SqliteStore, reader: Reader) -> list[Flaw]:
    """Return a flaw if changes were made more than a day after the last backup, or without any."""
    moments = [
        text
        for (text,) in reader.rows(
            "SELECT min(at) FROM change UNION ALL SELECT max(at) FROM change"
        )
        if text
    ]
    made = [one.at for one in known_copies(store) if one.why == BACKUP]
    try:
        first, last = map(datetime.fromisoformat, moments)
        since = max(made, default=first)
        if last - since <= _NIGHTLY:
            return []
    except (ValueError, TypeError):  # no change was made yet, or a time cannot be read
        return []
    message = "no backup of this store is known"
    if made:
        message = (
            f"the last backup known is of {spoken_short(since.date())}, and the last change of "
            f"{spoken_short(last.date())}"
        )
    return [Flaw("backup", message, "`iro backup --keep 14 FOLDER`, each night")]
