"""
Work out which meetings there will be, if each is held when it can be.

The engine that finds what is open today also carries every chain forward: a meeting is taken
to be held, its event is added to the child's own, and the clocks are run again.  So an
expected meeting meets, starts and stops the same clocks as a real one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from iro_cli.dates.months import birthday
from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Bookings, Child, Event
from iro_cli.law.model import Rule
from iro_cli.lean import TYPE_CHECKING, NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.open import Obligation, Obligations
from iro_cli.obligations.silences import Silence

if TYPE_CHECKING:
    from iro_cli.obligations.reasons import Assumed, Refusal

REVIEW, CONFERENCE, RECORD, OTHER = "review", "conference", "record", "other"
KINDS = (REVIEW, CONFERENCE, RECORD, OTHER)
# What an IRO or chair convenes and chairs; the rest is work that has no place in a diary.
CHAIRED = (REVIEW, CONFERENCE)


class MeetingDue(NamedTuple):
    """
    One meeting, or one piece of work, that has to be done for an open clock.

    Attributes:
        child: The child.
        clock: The clock; a booking is kept under its rule.
        title: What it is called.
        kind: One of :data:`KINDS`.
        due: The last lawful day (inclusive), the soonest if there are several limits; ``None``
            if it is refused.
        hold_by: The last working day on or before *due*.
        not_before: The first day of a window with two ends.
        booked: The day it is booked for.
        provisional: Whether a bank holiday may still be proclaimed that moves the date.
        refusal: Why there is no date.
        assumed: What had to be inferred for the date, if anything.
    """

    child: Child
    clock: Clock
    title: str
    kind: str
    due: date | None
    hold_by: date | None
    not_before: date | None = None
    booked: date | None = None
    provisional: bool = False
    refusal: "Refusal | None" = None
    assumed: "Assumed | None" = None

    @property
    def timescale(self) -> str:
        """Return the id of the rule whose clock it meets."""
        return self.clock.rule.id

    @property
    def process(self) -> str:
        """Return the process it belongs to."""
        return self.clock.rule.process

    @property
    def key(self) -> tuple[str, date | None, str]:
        """Return what distinguishes it from the child's other meetings."""
        return self.clock.rule.id, self.clock.started, self.clock.key


def kind_of_work(rule: Rule) -> str:
    """
    Say what kind of work a duty is, by the event that meets it.

    A rule whose clocks are told apart by a date is about the records of meetings: each meeting
    starts a clock for its own record.
    """
    if rule.match == "date" or not rule.met_by:
        return RECORD if rule.match == "date" else OTHER
    parts = rule.met_by[0].event.split(".")
    if CONFERENCE in parts:
        return CONFERENCE
    return REVIEW if REVIEW in parts[1:] else OTHER


def meetings_of(
    openings: Obligations,
    child: Child,
    clocks: Iterable[Clock],
    events: Sequence[Event],
    bookings: Bookings | None = None,
) -> list[MeetingDue]:
    """
    Return what there is to hold for one child, in the order of the clocks.

    The law's limit and a local limit on the same clock are one meeting, and the sooner date
    binds.  What counts back from a booked meeting, such as its invitations, is left out.

    Args:
        openings: The rules, and what is shown.
        child: The child.
        clocks: The child's open clocks.
        events: The child's events, in order.
        bookings: The planned meetings.
    """
    found: dict[tuple[str, date | None, str], list[Obligation]] = {}
    for one in openings.opened(child, clocks, events, bookings):
        if not one.rule.trigger.booked:
            key = (one.clock.rule.id, one.clock.started, one.clock.key)
            found.setdefault(key, []).append(one)
    return [_meeting(child, group) for group in found.values()]


def _meeting(child: Child, group: Sequence[Obligation]) -> MeetingDue:
    dated = [one for one in group if one.due is not None]
    first = group[0]
    kind = kind_of_work(first.clock.rule)
    booked = first.booking.on if first.booking else None
    if not dated:
        return MeetingDue(
            child, first.clock, first.rule.title, kind, None, None, None, booked,
            refusal=first.refusal,
        )  # fmt: skip
    binding = min(dated, key=lambda one: one.due.due if one.due else date.max)
    due = binding.due
    if due is None:
        raise AssertionError
    return MeetingDue(
        child,
        first.clock,
        first.rule.title,
        kind,
        due.due,
        due.hold_by,
        max((one.due.not_before for one in dated if one.due and one.due.not_before), default=None),
        booked,
        due.provisional,
        assumed=first.assumed,
    )


def held(meeting: MeetingDue, on: date) -> Event | None:
    """
    Return the event that says a meeting was held on a day.

    A detail gets the value that the rule asks for.  The others stay blank, which means their
    default: an initial conference makes a plan, and a review conference continues it.

    Returns:
        The event; ``None`` if no event can meet the duty.
    """
    rule = meeting.clock.rule
    plain = [one for one in rule.met_by if not one.latest]
    match = next((one for one in plain if one.while_open is None), None)
    if match is None:
        return None
    event = Event(match.event, on, reference=meeting.clock.key or None)
    return event._replace(**{match.detail: match.value}) if match.detail else event  # type: ignore[arg-type]


class Ahead(NamedTuple):
    """
    One meeting, or one piece of work, that lies ahead.

    Attributes:
        child: The child.
        timescale: The duty it meets.
        title: What it is called.
        process: What it belongs to.
        kind: ``review``, ``conference``, ``record`` or ``other``.
        clock_started: The day its clock starts.  From the second meeting of a chain on, this is
            the day on which the meeting before it is expected.
        due: The last lawful day (inclusive).
        expected: The day on which it is expected to be held.
        booked: Whether that is the day of a booking.
        carried: How many expected meetings of the child come before it.
        provisional: Whether a bank holiday may still be proclaimed that moves the date.
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
    meeting: MeetingDue


class Forecaster:
    """
    Carry the open chains of children forward, one child at a time.

    Args:
        openings: The rules, and what is shown.
        work: The engine.
        calendar: The working days.
        as_of: The day it starts from.
        until: The last day of the forecast (inclusive).
        held_after: A meeting that is overdue and not booked is expected this many days after
            *as_of*, or on the next working day if that is not one.
    """

    def __init__(
        self,
        openings: Obligations,
        work: Engine,
        calendar: WorkingCalendar,
        *,
        as_of: date,
        until: date,
        held_after: int = 0,
    ) -> None:
        """Work out where each rule stands in its chain."""
        self._openings, self._work, self._calendar = openings, work, calendar
        self._as_of, self._until = as_of, until
        self._late = self._first_working_day(as_of + timedelta(days=held_after))
        self._chains = [chain.rules for chain in work.chains]
        self._places = {
            rule.id: (number, place)
            for number, rules in enumerate(self._chains)
            for place, rule in enumerate(rules)
        }

    def ahead(
        self,
        child: Child,
        events: Sequence[Event],
        clocks: Iterable[Clock],
        bookings: Bookings | None = None,
        silences: Sequence[Silence] = (),
    ) -> Iterator[Ahead]:
        """
        Yield what lies ahead for one child, in order.

        Care and plans are assumed to go on.  The duties of childhood end on the birthday that
        ends it.

        Args:
            child: The child.
            events: The child's events up to the day the forecast starts from, in order.
            clocks: The clocks that are open on that day.
            bookings: The planned meetings.
            silences: The days for which it is not known what happened.

        Raises:
            CalendarEndsError: A working day is needed beyond the known bank holidays.
        """
        known, day, running = list(events), self._as_of, list(clocks)
        ends_on = None
        if child.date_of_birth and self._work.age:
            ends_on = birthday(child.date_of_birth, self._work.age)
        done: set[tuple[str, date | None, str]] = set()
        least: dict[int, int] = {}
        # The engine runs again after each meeting.  The second review is due three months after
        # the day on which the first is held (reg. 33(2)), so its date is not known before, and
        # one meeting can meet two clocks.
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
                    known,
                    as_of=day,
                    born=child.date_of_birth,
                    keep_met=False,
                    silences=silences,
                ).open

    def _next(
        self,
        found: Sequence[MeetingDue],
        day: date,
        ends_on: date | None,
        done: set[tuple[str, date | None, str]],
    ) -> _Candidate | None:
        """Return the meeting that is expected first; ``None`` if nothing is left to hold."""
        candidates = []
        for place, meeting in enumerate(found):
            if meeting.due is None or meeting.key in done:
                continue
            on = self._expected(meeting, day)
            # As in the engine, the birthday itself is no longer a day of childhood.
            over = ends_on is not None and on >= ends_on and not meeting.clock.rule.outlives
            if on <= self._until and not over:
                candidates.append(_Candidate(on, place, meeting))
        return min(candidates, key=lambda one: one[:2], default=None)

    def _expected(self, meeting: MeetingDue, day: date) -> date:
        """Return the day a meeting is expected: its booking, its last working day, or late."""
        # The clock is still open, so a booking on a day that has passed did not take place.
        if meeting.booked and meeting.booked >= day:
            return meeting.booked
        if meeting.hold_by is None or meeting.due is None:
            raise ValueError("a meeting without a date cannot be expected")
        if meeting.hold_by >= day:
            return meeting.hold_by
        # Not overdue, but the last working day has passed: the limit ends on Sunday, and today
        # is Saturday.  The next working day is late too, but it is the soonest there is.
        late = self._late if meeting.due < self._as_of else day
        return self._first_working_day(max(late, day))

    def _first_working_day(self, day: date) -> date:
        # One working day on from the day before is the day itself, if that is a working day.
        return self._calendar.add(day - timedelta(days=1), 1)

    def _row(self, meeting: MeetingDue, on: date, carried: int) -> Ahead:
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

    def _move_on(self, meeting: MeetingDue, least: dict[int, int]) -> None:
        """
        Remember how far a chain has come whose rule was inferred.

        The engine itself infers nothing.  After this meeting it would go on from the rule that
        the facts show, which may come before the rule that was inferred here.
        """
        chain, place = self._places.get(meeting.timescale, (-1, 0))
        if chain >= 0 and (meeting.assumed or chain in least):
            least[chain] = min(place + 1, len(self._chains[chain]) - 1)

    def _at_least(self, clock: Clock, least: dict[int, int]) -> Clock:
        chain, place = self._places.get(clock.rule.id, (-1, 0))
        furthest = least.get(chain, 0)
        if chain < 0 or place >= furthest:
            return clock
        return clock._replace(rule=self._chains[chain][furthest], candidates=(), since=None)
