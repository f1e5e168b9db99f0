"""The facts of the year in the test's own memory, without the program."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from oracle.oracle import Event


class Holding(NamedTuple):
    """A person's time with one child; the one that begins last counts."""

    role: str
    name: str
    start: date


@dataclass
class Life:
    """A child: its details and its events."""

    name: str
    team: str
    date_of_birth: date | None = None
    nation: str = "england"
    siblings: str = ""
    events: list[Event] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def holder(self, role: str, day: date) -> str | None:
        """Name who holds the child in a role on a day."""
        here = [one for one in self.holdings if one.role == role and one.start <= day]
        return max(here, key=lambda one: one.start).name if here else None

    def has(self, *names: str) -> bool:
        """Say whether any of some events happened."""
        return any(event.event in names for event in self.events)

    def last(self, *names: str) -> date | None:
        """Find the last day of some events."""
        return max((event.on for event in self.events if event.event in names), default=None)


@dataclass
class World:
    """All children, their bookings, and the watched timescales."""

    lives: dict[str, Life] = field(default_factory=dict)
    #: Child, timescale and the day its clock started, to the day of the meeting.
    booked: dict[tuple[str, str, date], date] = field(default_factory=dict)
    #: Timescale to the first day of a clock for it to be shown.
    watched: dict[str, date] = field(default_factory=dict)
    #: Timescales of the local pack, once it is in use.
    local: frozenset[str] = frozenset()

    def in_order(self) -> Iterable[Life]:
        """Go through the children by name."""
        return (self.lives[name] for name in sorted(self.lives))
