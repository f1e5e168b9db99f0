"""Hold the facts of one authority in memory, for the questions that a store answers."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date

from iro_cli.dates.working import BankHoliday
from iro_cli.facts.holding import holders
from iro_cli.facts.model import Allocation, Bookings, Carried, Child, Event, Unsaid
from iro_cli.store.reading import Only, Reader


class HeldFacts(Reader):
    """
    What is known of the children of one authority, in the place of a store.

    A question about everybody reads it: no child is asked for by name, and no extract
    leaves anything unsaid, because the rows are facts.

    Args:
        additions: Bank holidays added locally.
    """

    def __init__(self, additions: Sequence[BankHoliday]) -> None:
        """Start without any facts."""
        self._additions = tuple(additions)
        self._children: dict[str, Child] = {}
        self._allocations: Sequence[Allocation] = ()
        self._bookings: Bookings = {}
        self._events: Callable[[], Iterable[tuple[str, list[Event]]]] = tuple

    def hold(
        self,
        children: dict[str, Child],
        allocations: Sequence[Allocation],
        bookings: Bookings,
        events: Callable[[], Iterable[tuple[str, list[Event]]]],
    ) -> None:
        """
        Hold the facts of an authority, in the place of those of another.

        Args:
            children: Its children, by id, in order.
            allocations: Whose they are, in order of beginning.
            bookings: The meetings that are booked for them.
            events: Gives the events of each child that matter, in order; it is asked once.
        """
        self._children, self._allocations = children, allocations
        self._bookings, self._events = bookings, events

    def close(self) -> None:
        """Drop all facts."""
        self.hold({}, (), {}, tuple)

    def additions(self) -> tuple[BankHoliday, ...]:
        """Return the bank holidays added locally, in order."""
        return self._additions

    def watches(self) -> dict[str, date]:
        """Return nothing: the caller says with the question which timescales are watched."""
        return {}

    def children(self, only: Only = None) -> dict[str, Child]:  # noqa: ARG002 - everybody
        """Return what is known of the children, by id, in order."""
        return self._children

    def holders(self, on: date, only: Only = None) -> dict[tuple[str, str], str]:  # noqa: ARG002
        """Return who holds each child on a day, by child and role."""
        return holders((one[:5] for one in self._allocations), on)

    def bookings(self, only: Only = None) -> Bookings:  # noqa: ARG002
        """Return the planned meetings, by child, timescale and the day the clock started."""
        return self._bookings

    def carried(self) -> list[Carried]:
        """Return nothing: no extract."""
        return []

    def unsaid(self, only: Only = None) -> list[Unsaid]:  # noqa: ARG002
        """Return nothing: no extract."""
        return []

    def none_held(
        self,
        only: Only = None,  # noqa: ARG002
    ) -> dict[str, dict[tuple[str, date], date]]:
        """Return nothing: no extract."""
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
        Yield each child that has events, with those up to a day, in order.

        Args:
            as_of: The last day whose events are known (inclusive).
            only: Everybody.
            whole: They are given with every detail in any case.
            named: The kinds of event that are asked for: all that are held.
            telling: The kinds of event that are given also where they are later.
        """
        for child_id, events in self._events():
            known = events
            if known and known[-1].on > as_of:
                known = [one for one in known if one.on <= as_of or one.event in telling]
            if known:
                yield child_id, known
