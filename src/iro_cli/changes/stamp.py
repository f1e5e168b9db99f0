"""Who makes a change, when, and with which command."""

from typing import NamedTuple


class Stamp(NamedTuple):
    """Who makes a change, when, and with which command."""

    at: str
    who: str
    command: str
