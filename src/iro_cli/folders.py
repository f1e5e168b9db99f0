"""
The program's own folders, where the platform keeps what belongs to a user.

``platformdirs`` knows every platform, and takes as long to import as a fifth of the daily
check takes in all.  So where it is simple, which it is on most Linux, it is worked out here.
"""

import os
import sys

# By what is kept: the variable that names the folder, and the folder below the user's home.
_XDG = {"data": ("XDG_DATA_HOME", ".local/share"), "cache": ("XDG_CACHE_HOME", ".cache")}


def folder_for(kept: str) -> str:
    """
    Return the folder for data or for what can be made again.

    Args:
        kept: ``data`` or ``cache``.
    """
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel"):
        variable, below = _XDG[kept]
        named, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
        if named.startswith("/"):
            return f"{named}/iro"
        if home.startswith("/"):
            return f"{home}/{below}/iro"
    from platformdirs import user_cache_dir, user_data_dir  # noqa: PLC0415 - only where it matters

    return {"data": user_data_dir, "cache": user_cache_dir}[kept]("iro", appauthor=False)
