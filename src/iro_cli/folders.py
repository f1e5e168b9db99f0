"""
Find the program's own folders, where the platform keeps a user's files, readable only for them.

``platformdirs`` knows every platform, but importing it takes a fifth of the time of the whole
daily check.  So in the simple case, which most Linux systems are, the folder is worked out here.
"""

import os
import sys

# For each kind of file: the variable that names the folder, and the folder below the user's home.
_XDG = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
}


def folder_for(kept: str) -> str:
    """
    Return the folder for a kind of file.

    Args:
        kept: ``data``, ``cache`` for files that can be made again, ``config``, or ``state`` for
            what is remembered from one command to the next.
    """
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel"):
        variable, below = _XDG[kept]
        named, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
        if named.startswith("/"):
            return f"{named}/iro"
        if home.startswith("/"):
            return f"{home}/{below}/iro"
    from platformdirs import PlatformDirs  # noqa: PLC0415 - only where it matters

    return str(getattr(PlatformDirs("iro", appauthor=False), f"user_{kept}_dir"))


def make_private(folder: str | os.PathLike[str]) -> None:
    """
    Make a folder, and the missing ones above it, so that only their owner can look in.

    The account's umask makes no difference.  An existing folder stays as it is.

    Raises:
        OSError: It cannot be made.
    """
    from contextlib import suppress  # noqa: PLC0415 - a question does without
    from pathlib import Path  # noqa: PLC0415 - the same

    missing, place = [], Path(folder).absolute()
    while not place.is_dir() and place != place.parent:
        missing.append(place)
        place = place.parent
    for one in reversed(missing):
        try:
            one.mkdir(0o700)
        except FileExistsError:  # another program made it at the same time
            if not one.is_dir():
                raise
        else:
            with suppress(OSError):  # a network drive without modes: nothing more can be done
                one.chmod(0o700)
