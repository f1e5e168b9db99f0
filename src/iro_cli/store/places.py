"""Write files beside a store, whole or not at all, readable only for their owner."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.folders import make_private
from iro_cli.store.connection import Connection
from iro_cli.store.sqlite import LOGS, beside

# In seconds.  A part that nobody has written to for so long was left by a killed program.
_LEFT_BEHIND = 60 * 60
# How the name of a copy in a folder of copies goes on after the name of the store.
MOMENT = r"-\d{4}-\d\d-\d\dT\d{6}Z(?:_\d\d)?\.db"


def owner_only(path: Path) -> None:
    """Make an empty file that only its owner can read, and its folder if it is missing."""
    make_private(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def refuse_a_log(path: Path) -> None:
    """
    Refuse a name that SQLite would take for the log of a database beside it.

    Raises:
        InputRefusedError: It is such a name.  SQLite would destroy the file when that database is
            next read.
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
    Make an empty file, a part, beside the place where it goes once it is whole.

    If it still has its own name at the end of the block, it is removed.  Old parts of programs
    that were killed are removed too.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    for file in (part, *beside(part)):  # left by a killed program with the same process number
        file.unlink(missing_ok=True)
    owner_only(part)
    try:
        _clear_up(path, part)
        yield part
    finally:
        for file in (part, *beside(part)):
            with suppress(OSError):  # this must not hide the result or the error of the block
                file.unlink(missing_ok=True)


def parts_of(path: Path, more: str = "") -> list[Path]:
    """
    Return the parts beside a place, with their logs.

    Args:
        path: The place.
        more: How the name of the file goes on, as a regular expression.
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
    Write the pages in a part's log into its file, because the file is moved without its log.

    Closing the connection does the same, but gives no error if the disk is full.

    Raises:
        Exception: One of the store's faults: it cannot be written.
    """
    list(part.execute("PRAGMA wal_checkpoint(TRUNCATE)"))


def put_new(part: Path, path: Path) -> None:
    """
    Give a part its final name, unless another file has that name.

    Raises:
        FileExistsError: Another file has it.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    # The file system has no hard links, or Python runs in a browser.  Between the check and the
    # renaming another program can still make the file; only Windows then refuses to rename.
    except (OSError, AttributeError):
        if path.exists():
            raise FileExistsError from None
        part.rename(path)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """
    Force the names in a file's folder onto the disk, if the system can do that.

    Without it a file that was just given its name can be gone after a power cut.
    """
    if os.name == "nt":
        return
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
