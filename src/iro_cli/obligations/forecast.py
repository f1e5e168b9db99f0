"""
What there will be to hold, if everything is held when it can be.

Every chain is carried forward with the engine that says what is open today: a
meeting is taken to be held, the event is added to the child's own, and the
clocks are run again.  So whatever a meeting meets, starts and stops, it does
here too.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from iro_cli.dates.months import birthday
from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Bookings, Child, Event
from iro_cli.obligations.clocks import ClockWork
from iro_cli.obligations.meetings import Meeting, held, meetings_of
from iro_cli.obligations.opened import Openings
from iro_cli.obligations.plan import Clock


class Ahead(NamedTuple):
    """
    One meeting, or one piece of work, that lies ahead.

    Attributes:
        child: Whose.
        timescale: The duty it meets.
        title: What it is called.
        process: What it belongs to.
        kind: ``review``, ``conference``, ``record`` or ``other``.
        clock_started: The day its clock starts; after the first of a chain, itself expected.
        due: The last lawful day.
        expected: The day it is taken to be held.
        booked: Whether that is the day of a booking.
        carried: How many of the child's meetings before it are expected only.
        provisional: A bank holiday may yet be proclaimed that moves the date.
    """

    child: str
    timescale: str
    title: str
    process: str
    kind: str
    clock_started: date | None
    due: date
    expected: date
    booked: bool
    carried: int
    provisional: bool


class _Candidate(NamedTuple):
    on: date
    place: int
    meeting: Meeting


class Forecaster:
    """
    Carries the open chains of one child after another forward.

    Args:
        openings: The rules, and what is shown.
        work: The engine.
        calendar: The working days.
        as_of: The day it starts from.
        until: The last day that is looked at (inclusive).
        held_after: What is overdue and not booked is taken to be held this many days
            after *as_of*, or on the first working day after that.
    """

    def __init__(
        self,
        openings: Openings,
        work: ClockWork,
        calendar: WorkingCalendar,
        *,
        as_of: date,
        until: date,
        held_after: int = 0,
    ) -> None:
        """Work out where each rule stands in its line."""
        self._openings, self._work, self._calendar = openings, work, calendar
        self._as_of, self._until = as_of, until
        self._late = self._first_working_day(as_of + timedelta(days=held_after))
        self._lines = [line.rules for line in work.lines]
        self._places = {
            rule.id: (number, place)
            for number, rules in enumerate(self._lines)
            for place, rule in enumerate(rules)
        }

    def ahead(
        self,
        child: Child,
        events: Sequence[Event],
        clocks: Iterable[Clock],
        bookings: Bookings | None = None,
    ) -> Iterator[Ahead]:
        """
        Yield what lies ahead for one child, in order.

        Care and plans are taken to go on; childhood ends on its birthday.

        Args:
            child: The child.
            events: Up to the day it starts from, in order.
            clocks: Those that are open on that day.
            bookings: The planned meetings.

        Raises:
            CalendarEndsError: A working day is asked for beyond the bank holidays known.
        """
        known, day, running = list(events), self._as_of, list(clocks)
        ends_on = None
        if child.date_of_birth and self._work.age:
            ends_on = birthday(child.date_of_birth, self._work.age)
        done: set[tuple[str, date | None, str]] = set()
        least: dict[int, int] = {}
        while True:
            running = [self._at_least(clock, least) for clock in running]
            found = meetings_of(self._openings, child, running, known, bookings)
            candidate = self._next(found, day, ends_on, done)
            if candidate is None:
                return
            day, meeting = candidate.on, candidate.meeting
            yield self._row(meeting, day, len(done))
            done.add(meeting.key)
            self._move_on(meeting, least)
            event = held(meeting, day)
            if event is not None:
                known.append(event)
                running = self._work.run(
                    known, as_of=day, born=child.date_of_birth, keep_met=False
                ).open

    def _next(
        self,
        found: Sequence[Meeting],
        day: date,
        ends_on: date | None,
        done: set[tuple[str, date | None, str]],
    ) -> _Candidate | None:
        """Return the meeting that comes first, or ``None`` where nothing is left to hold."""
        candidates = []
        for place, meeting in enumerate(found):
            if meeting.due is None or meeting.key in done:
                continue
            on = self._expected(meeting, day)
            over = ends_on is not None and on >= ends_on and not meeting.clock.rule.outlives
            if on <= self._until and not over:
                candidates.append(_Candidate(on, place, meeting))
        return min(candidates, key=lambda one: one[:2], default=None)

    def _expected(self, meeting: Meeting, day: date) -> date:
        """Return the day a meeting is taken to be held: booked, its last working day, or late."""
        if meeting.booked and meeting.booked >= day:
            return meeting.booked
        if meeting.hold_by is None or meeting.due is None:
            raise ValueError("a meeting without a date cannot be expected")
        if meeting.hold_by >= day:
            return meeting.hold_by
        late = self._late if meeting.due < self._as_of else day
        return self._first_working_day(max(late, day))

    def _first_working_day(self, day: date) -> date:
        return self._calendar.add(day - timedelta(days=1), 1)

    def _row(self, meeting: Meeting, on: date, carried: int) -> Ahead:
        return Ahead(
            meeting.child.child_id,
            meeting.timescale,
            meeting.title,
            meeting.process,
            meeting.kind,
            meeting.clock.started,
            meeting.due or on,
            on,
            meeting.booked == on,
            carried,
            meeting.provisional,
        )

    def _move_on(self, meeting: Meeting, least: dict[int, int]) -> None:
        """
        Remember how far an inferred clock has come.

        The engine does not infer: after the meeting it would take up the line
        where the facts leave it, before the rule that was inferred.
        """
        line, place = self._places.get(meeting.timescale, (-1, 0))
        if line >= 0 and (meeting.assumed or line in least):
            least[line] = min(place + 1, len(self._lines[line]) - 1)

    def _at_least(self, clock: Clock, least: dict[int, int]) -> Clock:
        line, place = self._places.get(clock.rule.id, (-1, 0))
        furthest = least.get(line, 0)
        if line < 0 or place >= furthest:
            return clock
        return clock._replace(rule=self._lines[line][furthest], candidates=(), since=None)
