"""Files beside a store: made for their owner alone, put in their place whole."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.folders import make_private
from iro_cli.store.connection import Connection
from iro_cli.store.sqlite import LOGS, beside

# A part that nobody has written to for so long is what a program that was killed left.
_LEFT_BEHIND = 60 * 60
# How a copy is named that is made for a folder, after the name of the store.
MOMENT = r"-\d{4}-\d\d-\d\dT\d{6}Z\.db"


def owner_only(path: Path) -> None:
    """Make an empty file that only its owner can read, and its folder."""
    make_private(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def refuse_a_log(path: Path) -> None:
    """
    Refuse a name that SQLite would take for the log of a database beside it.

    Raises:
        InputRefusedError: It is one: the next reader of that database would destroy the file.
    """
    for log in LOGS:
        if path.name.casefold().endswith(log):
            raise InputRefusedError(
                f"{path} is named like the file {log} that SQLite keeps beside a store, and would "
                f"be taken for it: name a file that does not end in {log}"
            )


@contextmanager
def part_of(path: Path) -> Iterator[Path]:
    """
    Make an empty file beside a place, which becomes the file there once it is whole.

    Whatever is left of it at the end of the block is removed, and what programs left that
    were killed while they wrote to one.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    for file in (part, *beside(part)):  # of a program that had the same number, and is gone
        file.unlink(missing_ok=True)
    owner_only(part)
    try:
        _clear_up(path, part)
        yield part
    finally:
        for file in (part, *beside(part)):
            with suppress(OSError):  # what was done is done, and what went wrong is told
                file.unlink(missing_ok=True)


def parts_of(path: Path, more: str = "") -> list[Path]:
    """
    Return what is beside a place of parts that were to become the file there.

    Args:
        path: The place.
        more: How its name goes on, as a pattern.
    """
    shape = re.compile(rf"\.{re.escape(path.name)}{more}\.\d+\.part(?:{'|'.join(LOGS)})?")
    with suppress(OSError):
        return [one for one in path.parent.iterdir() if shape.fullmatch(one.name)]
    return []


def _clear_up(path: Path, part: Path) -> None:
    now = part.stat().st_mtime
    for file in parts_of(path):
        with suppress(OSError):
            if now - file.stat().st_mtime > _LEFT_BEHIND:
                file.unlink()


def without_log(part: Connection) -> None:
    """
    Bring what stands in a part's log into its file, which goes its way alone.

    To close it does the same, and says nothing where there is no room for it.

    Raises:
        Exception: One of the store's faults: it cannot be written.
    """
    list(part.execute("PRAGMA wal_checkpoint(TRUNCATE)"))


def put_new(part: Path, path: Path) -> None:
    """
    Give a file its name, unless another has it.

    Raises:
        FileExistsError: Another has.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    # A file system without links, or a browser; Windows renames only where nothing stands.
    except (OSError, AttributeError):
        if path.exists():
            raise FileExistsError from None
        part.rename(path)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Let the names in a file's folder be on the disk, where a system has a way to say so."""
    if os.name == "nt":
        return
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
