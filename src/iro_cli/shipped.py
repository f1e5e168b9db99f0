"""
Read the files that ship in the package, whether that is a folder, a wheel or a zip archive.

The loader that found the package reads them.  ``importlib.resources`` can do the same, but
importing it takes longer than the whole daily check, so it is used only to list the files of an
archive.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os

import iro_cli
from iro_cli.lean import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

# The folder of the package; in an archive, its path goes on after the archive's name.
FOLDER: str = iro_cli.__path__[0]
_LOADER: Any = iro_cli.__spec__.loader


def text(path: str | Path) -> str:
    """
    Return the text of a file that ships with the program.

    Args:
        path: Its whole path, which begins with :data:`FOLDER`.

    Raises:
        OSError: There is no such file.
    """
    data: bytes = _LOADER.get_data(os.fspath(path))
    return data.decode("utf-8").replace("\r\n", "\n")


def exists(path: str) -> bool:
    """Say whether a file ships with the program."""
    if os.path.exists(path):
        return True
    if not in_archive(path):
        return False
    try:
        _LOADER.get_data(path)
    except OSError:
        return False
    return True


def names(folder: str | Path) -> list[str]:
    """Return the names of the files in a folder that ships, in no order; none if it is missing."""
    if not in_archive(folder):
        return os.listdir(folder) if os.path.isdir(folder) else []
    from importlib.resources import files  # noqa: PLC0415 - only for an archive

    below = os.path.relpath(folder, FOLDER).split(os.sep)
    return [one.name for one in files(iro_cli).joinpath(*below).iterdir()]


def in_archive(path: str | Path) -> bool:
    """Say whether a path is in the archive from which the package was loaded."""
    return os.fspath(path).startswith(FOLDER) and not os.path.isdir(FOLDER)


def as_folder(folder: str) -> AbstractContextManager[Path]:
    """Return a folder that ships as a real folder on the disk, which exists for a block of code."""
    from contextlib import contextmanager  # noqa: PLC0415 - the daily check does without
    from pathlib import Path  # noqa: PLC0415 - the same
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - the same

    @contextmanager
    def held() -> Iterator[Path]:
        if not in_archive(folder):
            yield Path(folder)
            return
        with TemporaryDirectory() as made:
            for name in names(folder):
                Path(made, name).write_text(text(f"{folder}/{name}"), "utf-8", newline="\n")
            yield Path(made)

    return held()
