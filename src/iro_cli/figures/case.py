"""One child as figures count it: facts, clocks, and the IRO or chair."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Clocks, Engine
from iro_cli.obligations.listing import Holders, responsible
from iro_cli.obligations.silences import Silence

UNALLOCATED = "unallocated"
# The process whose children the handbook counts.
LOOKED_AFTER = "cla"
# What runs the clocks of a child, by its own nation's law.
EngineOf = Callable[[Child], Engine]


class Case(NamedTuple):
    """
    One child with everything a question can ask about it.

    Attributes:
        later: What is recorded after the day: it only tells what is not known before.
        silences: Of which days it is not known what happened.
        none_held: The last day to which none was held before a latest meeting, by that.
    """

    child: Child
    events: list[Event]
    clocks: Clocks
    holders: Holders
    allocations: Sequence[Allocation] = ()
    later: Sequence[Event] = ()
    silences: Sequence[Silence] = ()
    none_held: Mapping[tuple[str, date], date] = {}

    def answering(self, process: str, on: date, as_of: date) -> str:
        """Name the responsible person on a day, or today's if nobody is recorded for that day."""
        return (
            responsible(self.allocations, process, on)
            or responsible(self.allocations, process, as_of)
            or UNALLOCATED
        )

    @property
    def team(self) -> str:
        """Return the child's team."""
        return self.child.team or UNALLOCATED
