"""Writes files whole or not at all, for their owner's eyes."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
from collections.abc import Callable
from io import TextIOWrapper

from iro_cli.lean import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Write = Callable[[BinaryIO], None]


def as_text(write: Callable[[TextIO], None], encoding: str = "utf-8") -> Write:
    """Return what writes text as bytes, with line ends as they are given."""

    def binary(out: BinaryIO) -> None:
        wrapped = TextIOWrapper(out, encoding=encoding, newline="")
        write(wrapped)
        wrapped.flush()
        wrapped.detach()

    return binary


def write_whole(files: Mapping[Path, Write]) -> None:
    """
    Write files: what fails halfway leaves every old one as it was.

    Each is written beside its place, and none is put there before all are
    written.  They hold facts about children: only their owner may read them.

    Args:
        files: What writes each file, by its place.

    Raises:
        OSError: A file cannot be written.
    """
    import tempfile  # noqa: PLC0415 - the daily check writes to standard output
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
            part.unlink(missing_ok=True)
