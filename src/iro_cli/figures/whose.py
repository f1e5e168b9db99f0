"""Group and filter by IRO or chair, team, process and timescale."""

from collections.abc import Callable, Mapping

from iro_cli.figures.case import UNALLOCATED
from iro_cli.lean import NamedTuple, Protocol


class Attributed(Protocol):
    """Something that belongs to a timescale, a process, an IRO and a team."""

    @property
    def timescale(self) -> str:
        """Return the id of the rule, or the event or span it is about."""

    @property
    def process(self) -> str:
        """Return its process."""

    @property
    def iro(self) -> str:
        """Return the responsible IRO or chair."""

    @property
    def team(self) -> str:
        """Return the team."""


class Whose(NamedTuple):
    """The IRO, team and process that something belongs to; ``unallocated`` if to nobody."""

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
# The names that are wanted, by group; ``None`` lets everything through.
Filters = Mapping[str, str | None]


def is_wanted(one: Attributed, wanted: Filters) -> bool:
    """Say whether something passes the filters; capitals do not matter."""
    return all(
        value is None or GROUPS[key](one).casefold() == value.casefold()
        for key, value in wanted.items()
    )


def by_name(name: str) -> tuple[bool, str, str]:
    """Return the sort key of a name; what is allocated to nobody comes last."""
    return name == UNALLOCATED, name.casefold(), name
