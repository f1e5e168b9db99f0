"""Writes files whole or not at all, for their owner's eyes."""

import os
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path

from iro_cli.lean import BinaryIO, TextIO

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
