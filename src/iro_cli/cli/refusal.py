"""
Remember whether the last command that was to change the store was refused.

Somebody who types ``undo`` right after a refusal means the refused command, which stored
nothing.  The undo would take back the change before it, perhaps somebody else's.  So the
refusal is remembered until the next change, in the platform's folder for a program's state:
which command, when and in which store, and no values that were typed.
"""

import os
from pathlib import Path

from iro_cli.cli.options import Given
from iro_cli.cli.output import full_name
from iro_cli.cli.settings import resolve
from iro_cli.clock import now
from iro_cli.errors import IroError
from iro_cli.folders import folder_for, make_private
from iro_cli.lean import NamedTuple
from iro_cli.store.opening import Store


class LastRefused(NamedTuple):
    """
    The last command that was refused.

    Attributes:
        command: Its name.
        at: When it was refused, as ISO text in UTC.
        known: Whether it is known that it stored nothing.
    """

    command: str
    at: str
    known: bool


def _place() -> Path:
    return Path(folder_for("state"), "refused")


# The mark before the name of a command that may have stored something.
_NOT_KNOWN = "?"


def note_refusal(command: str, given: Given | None, *, known: bool = True) -> None:
    """
    Note in a file that a command was refused; if that cannot be written, nothing is noted.

    Args:
        command: Its name.
        given: Its common options, which name the store; ``None`` if the line could not be read.
        known: Whether it is known that it stored nothing.
    """
    try:
        store = full_name(resolve(given).store) if given else ""
    except IroError:
        store = ""
    try:
        path = _place()
        make_private(path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{'' if known else _NOT_KNOWN}{command}\n{now()}\n{store}")
    except (OSError, RuntimeError):
        return


def forget() -> None:
    """Forget the refused command, because something was changed since."""
    try:
        _place().unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return


def last_refused(store: Store) -> LastRefused | None:
    """Return the command that was refused since the store was last changed from here, if any."""
    try:
        command, at, where = _place().read_text("utf-8").split("\n", 2)
    except (OSError, RuntimeError, ValueError):
        return None
    if where not in ("", full_name(store)):
        return None
    return LastRefused(command.removeprefix(_NOT_KNOWN), at, not command.startswith(_NOT_KNOWN))
