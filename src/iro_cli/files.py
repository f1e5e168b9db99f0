"""Write files whole or not at all, readable only for their owner; read files within bounds."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
from collections.abc import Callable
from io import TextIOWrapper

from iro_cli.lean import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The first bytes of UTF-16 text, as spreadsheet programs save it.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
Write = Callable[[BinaryIO], None]


def as_text(write: Callable[[TextIO], None], encoding: str = "utf-8") -> Write:
    """Return a function that writes text as bytes, with line ends as they are given."""

    def binary(out: BinaryIO) -> None:
        wrapped = TextIOWrapper(out, encoding=encoding, newline="")
        write(wrapped)
        wrapped.flush()
        wrapped.detach()

    return binary


def write_whole(files: Mapping[Path, Write]) -> None:
    """
    Write several files; if one fails, all old files stay as they were.

    Each is written beside its place, and none is moved there before all are written.  They
    hold facts about children, so only their owner may read them.

    Args:
        files: The function that writes each file, by its place.

    Raises:
        OSError: A file cannot be written.
    """
    import tempfile  # noqa: PLC0415 - the daily check writes to standard output
    from contextlib import suppress  # noqa: PLC0415 - the same
    from pathlib import Path  # noqa: PLC0415 - the same

    parts: dict[Path, Path] = {}
    try:
        for path, write in files.items():
            handle, name = tempfile.mkstemp(prefix=".iro-", suffix=".part", dir=path.parent)
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as out:
                write(out)
                out.flush()
                os.fsync(handle)
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            with suppress(OSError):  # this must not hide the result or the error above
                part.unlink(missing_ok=True)


# How long to wait, in seconds, for a pipe to which nobody writes.
PATIENCE = 60
# In bytes.  What comes through a pipe is held in memory; no list or return of an authority is as
# large.
LARGEST_PIPE = 256 * 1024 * 1024
_BLOCK = 1 << 16


def read_within(path: str | Path, most: int) -> bytes:
    """
    Read a whole file, pipe or standard input, if it is not too large.

    A device without an end is refused, and so is a pipe to which nobody writes.

    Args:
        path: The file.
        most: How many bytes it may have.

    Raises:
        OSError: It cannot be read, is too large, or nothing came for :data:`PATIENCE` seconds.
    """
    import stat  # noqa: PLC0415 - the daily check reads no such file

    # Without O_NONBLOCK, opening a pipe without a writer would wait for ever.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        is_device = stat.S_ISCHR(mode) and not os.isatty(handle)
        if is_device and os.fstat(handle).st_rdev != os.stat(os.devnull).st_rdev:  # noqa: PTH116 - pathlib takes longer
            raise OSError(0, "it is a device, and not a file")
        waits = not stat.S_ISREG(mode)
        found, size = [], 0
        while block := _block(handle, waits=waits):
            size += len(block)
            if size > most:
                raise OSError(0, f"it has more than {most:,} bytes, which no such file has")
            found.append(block)
        return b"".join(found)
    finally:
        os.close(handle)


def _block(handle: int, *, waits: bool) -> bytes:
    """Return the next block; empty at the end."""
    if waits and os.name == "posix":
        from select import select  # noqa: PLC0415 - not for a file

        if not select([handle], [], [], PATIENCE)[0]:
            raise OSError(0, f"nothing was written to it for {PATIENCE} seconds")
    return os.read(handle, _BLOCK)
