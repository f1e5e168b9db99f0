"""Hold the facts of one authority in memory, for the questions that a store answers."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.holding import holders
from iro_cli.facts.model import Allocation, Bookings, Carried, Child, Event, Unsaid
from iro_cli.store.reading import Only, Reader
from iro_cli.tables.facts import OfChild

_PartsOfEvents = Callable[[], Iterable[list[OfChild[list[Event]]]]]


class HeldFacts(Reader):
    """
    The facts about the children of one authority, which are read like a store.

    Only questions about all children read it, so no child is asked for by name.  The rows are
    facts and no extracts, so nothing is left out of them.

    Args:
        additions: Bank holidays added locally.
    """

    def __init__(self, additions: Sequence[BankHoliday]) -> None:
        """Begin without facts."""
        self._additions = tuple(additions)
        self._children: dict[str, Child] = {}
        self._allocations: Sequence[Allocation] = ()
        self._bookings: Bookings = {}
        self._events: _PartsOfEvents = tuple

    def hold(
        self,
        children: dict[str, Child],
        allocations: Sequence[Allocation],
        bookings: Bookings,
        events: _PartsOfEvents,
    ) -> None:
        """
        Hold the facts of an authority instead of those of another.

        Args:
            children: Its children, by id, in order.
            allocations: Their allocations, in order of first day.
            bookings: The meetings that are booked for them.
            events: Returns the wanted events of each child, in order and in parts; it is called
                once.
        """
        self._children, self._allocations = children, allocations
        self._bookings, self._events = bookings, events

    def close(self) -> None:
        """Let go of all facts."""
        self.hold({}, (), {}, tuple)

    def additions(self) -> tuple[BankHoliday, ...]:
        """Return the bank holidays added locally, in order."""
        return self._additions

    def watches(self) -> dict[str, date]:
        """Return nothing: the question itself names the watched timescales."""
        return {}

    def children(self, only: Only = None) -> dict[str, Child]:  # noqa: ARG002 - everybody
        """Return the details of the children, by id, in order."""
        return self._children

    def holders(self, on: date, only: Only = None) -> dict[tuple[str, str], str]:  # noqa: ARG002
        """Return who has each child on a day, by child and role."""
        return holders((one[:5] for one in self._allocations), on)

    def bookings(self, only: Only = None) -> Bookings:  # noqa: ARG002
        """Return the planned meetings, by child, timescale and the day the clock started."""
        return self._bookings

    def carried(self) -> list[Carried]:
        """Return nothing, because there are no extracts."""
        return []

    def unsaid(self, only: Only = None) -> list[Unsaid]:  # noqa: ARG002
        """Return nothing, because there are no extracts."""
        return []

    def none_held(
        self,
        only: Only = None,  # noqa: ARG002
    ) -> dict[str, dict[tuple[str, date], date]]:
        """Return nothing, because there are no extracts."""
        return {}

    def cases(
        self,
        as_of: date,
        only: Only = None,  # noqa: ARG002
        *,
        whole: bool = False,  # noqa: ARG002 - they are always whole
        named: Collection[str] = (),  # noqa: ARG002 - no others are held
        telling: Collection[str] = (),
    ) -> Iterator[tuple[str, list[Event]]]:
        """
        Yield each child who has events up to a day, with these events in order.

        Args:
            as_of: The last day whose events are known (inclusive).
            only: Not used: all children are given.
            whole: Not used: every detail is given.
            named: Not used: only wanted kinds of event are held.
            telling: The kinds of event that are given even if they are later.
        """
        for row in chain.from_iterable(self._events()):
            known = row.said
            if known and known[-1].on > as_of:
                known = [one for one in known if one.on <= as_of or one.event in telling]
            if known:
                yield row.child_id, known
