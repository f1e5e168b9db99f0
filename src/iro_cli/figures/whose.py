"""Whose something is: an IRO's or chair's, a team's, of a process and a timescale."""

from collections.abc import Callable, Mapping

from iro_cli.figures.case import UNALLOCATED
from iro_cli.lean import NamedTuple, Protocol


class Attributed(Protocol):
    """What can be put down to a timescale, a process, an IRO or a team."""

    @property
    def timescale(self) -> str:
        """Return the id of the rule, or the event or span it is about."""

    @property
    def process(self) -> str:
        """Return its process."""

    @property
    def iro(self) -> str:
        """Return who answered."""

    @property
    def team(self) -> str:
        """Return the team."""


class Whose(NamedTuple):
    """Whose something is; where it is nobody's, ``unallocated``."""

    iro: str
    team: str
    process: str
    timescale: str = ""


GROUPS: dict[str, Callable[[Attributed], str]] = {
    "timescale": lambda one: one.timescale,
    "process": lambda one: one.process,
    "iro": lambda one: one.iro,
    "team": lambda one: one.team,
}
# Whose is wanted, by group; ``None`` lets everything through.
Filters = Mapping[str, str | None]


def is_wanted(one: Attributed, wanted: Filters) -> bool:
    """Say whether something is among what is wanted; letters of either case are alike."""
    return all(
        value is None or GROUPS[key](one).casefold() == value.casefold()
        for key, value in wanted.items()
    )


def by_name(name: str) -> tuple[bool, str, str]:
    """Order names, what is allocated to nobody last."""
    return name == UNALLOCATED, name.casefold(), name
