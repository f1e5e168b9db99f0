"""Who makes a change, when, and with which command."""

import getpass

from iro_cli.changes.stamp import Stamp
from iro_cli.cli.today import now


def stamp(command: str) -> Stamp:
    """
    Return the stamp of a change that is made now.

    Args:
        command: The command in words, for the history.
    """
    try:
        who = getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in a container
        who = "unknown"
    return Stamp(now(), who, command)
