"""Put together what figures need of one child: facts, clocks, and the IRO or chair."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Clocks, Engine
from iro_cli.obligations.listing import Holders, responsible
from iro_cli.obligations.silences import Silence

UNALLOCATED = "unallocated"
# The process of the children whom the IRO Handbook counts in a caseload.
LOOKED_AFTER = "cla"
# What runs the clocks of a child, by its own nation's law.
EngineOf = Callable[[Child], Engine]


class Case(NamedTuple):
    """
    One child with everything a question can ask about it.

    Attributes:
        later: The events after the as-of day; they only show what is not known before it.
        silences: The days for which it is not known what happened.
        none_held: By the kind and day of a latest meeting, the last day up to which it is known
            that no other meeting was held before it.
        teams: The other spellings of teams, each with the one under which it is counted.
    """

    child: Child
    events: list[Event]
    clocks: Clocks
    holders: Holders
    allocations: Sequence[Allocation] = ()
    later: Sequence[Event] = ()
    silences: Sequence[Silence] = ()
    none_held: Mapping[tuple[str, date], date] = {}
    teams: Mapping[str, str] = {}

    def answering(self, process: str, on: date, as_of: date) -> str:
        """Name who answered on a day; if nobody is recorded for that day, who answers now."""
        return (
            responsible(self.allocations, process, on)
            or responsible(self.allocations, process, as_of)
            or UNALLOCATED
        )

    @property
    def team(self) -> str:
        """Return the child's team, in the spelling under which it is counted."""
        team = self.child.team or UNALLOCATED
        return self.teams.get(team, team)
