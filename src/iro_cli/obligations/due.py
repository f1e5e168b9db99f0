"""Count from a clock to the day by which it must be met, with the reasons."""

from collections.abc import Iterable
from datetime import date, timedelta

from iro_cli.dates.reading import shift
from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.errors import CalendarEndsError, InputRefusedError
from iro_cli.facts.model import Event
from iro_cli.law.model import Limit, Match, Rule, Version
from iro_cli.lean import NamedTuple

_DAY = timedelta(days=1)


class Due(NamedTuple):
    """
    The last day on which a duty can lawfully be met, with its workings.

    Attributes:
        rule: The duty.
        started: The day its clock started (exclusive, unless *limit* includes it).
        due: The last day (inclusive).
        hold_by: The last working day on or before *due*.
        version: The version of the rule in force when the clock started.
        limit: The limit that binds, the soonest of the version's.
        counted_from: Where the count of that limit began.
        left_out: The bank holidays on weekdays that were skipped.
        provisional: Whether a bank holiday may still be proclaimed that moves *due* or *hold_by*.
        not_before: The first day on which it may be met (inclusive), if the rule has one.
    """

    rule: Rule
    started: date
    due: date
    hold_by: date
    version: Version
    limit: Limit
    counted_from: date
    left_out: tuple[BankHoliday, ...]
    provisional: bool
    not_before: date | None = None


class NoDateError(InputRefusedError):
    """No date can honestly be given; the message says why."""


def count(limit: Limit, start: date, calendar: WorkingCalendar) -> date:
    """
    Return the day a limit ends on, counted from *start*.

    Args:
        limit: The length of time, in the limit's own unit.
        start: The day of the event, which is counted only if the limit is inclusive.
        calendar: The working days.

    Returns:
        The last day on which the duty can be met (inclusive).

    Raises:
        CalendarEndsError: The count leaves the calendar.
        ValueError: The answer lies outside the years 1 to 9999.

    Authority:
        ``Dodds v Walker [1981] 1 WLR 1027 (HL)``: the day of the event is
        excluded; ``Trow v Ind Coope [1967] 2 QB 899``: "beginning with" a day
        includes it.
    """
    if limit.before:
        return shift(start, -limit.amount, limit.unit, calendar)
    if not limit.inclusive:
        return shift(start, limit.amount, limit.unit, calendar)
    if limit.unit == "working_day":
        # If the day of the event is a working day, it is day 1.  If it is a Sunday, Monday is.
        return calendar.add(start, limit.amount - calendar.is_working_day(start))
    # "Seven days beginning with" a Monday end on the Sunday, one day sooner than seven days
    # after it.
    return shift(shift(start, limit.amount, limit.unit, calendar), -1, "day", calendar)


def _counted(limit: Limit, start: date, due: date) -> tuple[date, date]:
    """
    Return the first and the last day that a count went over, both inclusive.

    The day of the event is one of them only if the limit includes it.  A meeting from which the
    limit counts back is day 0.
    """
    if limit.before:
        return due, start - _DAY
    return (start if limit.inclusive else start + _DAY), due


class DueDates:
    """
    Work out when duties are due, and remember each answer.

    Args:
        calendar: The working days of the catalogue in use.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        """Start with no answers."""
        self.calendar = calendar
        # A refusal is kept as text, because an error would keep its whole traceback in memory.
        self._known: dict[tuple[str, date, tuple[date | None, ...]], Due | str] = {}

    def of(self, rule: Rule, started: date, origins: tuple[date | None, ...] = ()) -> Due:
        """
        Return the day by which a duty must be met, with the workings.

        Args:
            rule: The duty.
            started: The day its clock starts (exclusive).
            origins: For each limit of the version, in order, the day of the other event that
                it depends on; ``None`` if there is none.

        Raises:
            NoDateError: No version was in force, or an event to count from is
                missing, or the count leaves the calendar.
        """
        key = (rule.id, started, origins)
        answer = self._known.get(key)
        if answer is None:
            try:
                answer = self._work_out(rule, started, origins)
            except NoDateError as error:
                answer = str(error)
            self._known[key] = answer
        if isinstance(answer, str):
            raise NoDateError(answer)
        return answer

    def last_day(self, rule: Rule, started: date) -> date:
        """
        Return the day by which a duty must be met, without the workings.

        For trying many days in a row: nothing is remembered.

        Args:
            rule: The duty; its limits may depend on no event but its trigger.
            started: The day its clock starts (exclusive).

        Raises:
            NoDateError: As for :meth:`of`.
        """
        return self._binding(rule, self._in_force(rule, started), started, ())[0]

    def _work_out(self, rule: Rule, started: date, origins: tuple[date | None, ...]) -> Due:
        version = self._in_force(rule, started)
        due, limit, start = self._binding(rule, version, started, origins)
        first, last = _counted(limit, start, due)
        working = limit.unit == "working_day"
        return Due(
            rule,
            started,
            due,
            self._hold_by(due),
            version,
            limit,
            start,
            self.calendar.holidays_between(first - _DAY, last) if working else (),
            # A new bank holiday does not move the end of a month, but it can move the last
            # working day before that end.
            self.calendar.is_provisional(last if working else due),
            self._count(version.earliest, started) if version.earliest else None,
        )

    def _binding(
        self, rule: Rule, version: Version, started: date, origins: tuple[date | None, ...]
    ) -> tuple[date, Limit, date]:
        """Return the day on which the limit that binds ends, that limit, and where it began."""
        # A midway review has no length of time of its own: :meth:`between` takes both days.
        if rule.trigger.between:
            raise NoDateError(f"{rule.id} falls between two meetings, and counts from both")
        found = []
        for index, limit in enumerate(version.latest):
            other = origins[index] if index < len(origins) else None
            start = other if limit.origin else started
            # A limit from an event that is not recorded cannot bind, but another limit may: if
            # the day of the birth is not known, the three months from the conference still run.
            if start is None:
                continue
            due = self._count(limit, start)
            if self._binds(limit, started, due, other):
                found.append((due, index, limit, start))
        if not found:
            raise NoDateError(f"{rule.id} counts from an event that is not recorded")
        # A limit from another event may have ended before the clock even starts.  Then it was
        # about an earlier meeting, and it binds only if there is no other limit.
        ahead = [one for one in found if one[2].before or not one[2].origin or one[0] >= started]
        # "Whichever is the sooner".  If two end on one day, the one that the version lists first.
        due, _, limit, start = min(ahead or found, key=lambda one: one[:2])
        return due, limit, start

    def _binds(self, limit: Limit, started: date, due: date, other: date | None) -> bool:
        """
        Say whether a limit binds at all.

        Args:
            limit: The limit.
            started: The day the clock starts.
            due: The day on which the limit would end.
            other: The day of the event on which it depends, if one is recorded.
        """
        # If that event is not recorded, the limit binds: it gives the sooner and safer date.
        if other is None:
            return True
        if limit.within:
            return started < self._count(Limit(limit.within.amount, limit.within.unit), other)
        return limit.until is None or other > due

    def between(self, rule: Rule, started: date, ends: date) -> Due:
        """
        Return when something is due between two meetings.

        Args:
            rule: The duty, whose limit is a percentage of the days between.
            started: The day of the earlier meeting (exclusive).
            ends: The last day on which the later meeting can lawfully be held (inclusive).

        Raises:
            NoDateError: No version was in force, or the calendar ends.
        """
        version = self._in_force(rule, started)
        limit = version.latest[0]
        # Rounded down, to the sooner day.
        due = started + timedelta(days=(ends - started).days * limit.amount // 100)
        return Due(
            rule,
            started,
            due,
            self._hold_by(due),
            version,
            limit,
            started,
            (),
            provisional=self.calendar.is_provisional(due),
        )

    def _in_force(self, rule: Rule, started: date) -> Version:
        # The law of the day on which the clock starts governs the whole clock (ADR 0003).  A
        # clock that starts before the earliest version is refused: an older law applied then,
        # and the pack does not have it.
        version = rule.in_force(started)
        if version is None:
            first = min(one.in_force_from for one in rule.versions)
            raise NoDateError(
                f"no version of {rule.id} is known for a clock that starts on "
                f"{spoken_short(started)}: the earliest is in force from {spoken_short(first)}"
            )
        return version

    def _hold_by(self, due: date) -> date:
        # A limit that ends on a Sunday does not move to the Monday: nothing in the Regulations
        # says so, and a review needs no court office that is closed.  So it has to be held on
        # the Friday.
        try:
            return self.calendar.on_or_before(due)
        except CalendarEndsError as error:
            raise NoDateError(str(error)) from None

    def _count(self, limit: Limit, start: date) -> date:
        try:
            return count(limit, start, self.calendar)
        except (CalendarEndsError, ValueError) as error:
            raise NoDateError(str(error)) from None


def _day_of(match: Match, event: Event) -> date | None:
    """Return the day that an event gives to count from: its own, or the day in a detail."""
    if match.day == "completed_on":
        return event.completed_on
    if match.day == "reference":
        try:
            return date.fromisoformat(event.reference or "")
        except ValueError:
            return None
    return event.on


def origins_of(rule: Rule, started: date, events: Iterable[Event]) -> tuple[date | None, ...]:
    """
    Find the events that a rule's limits depend on besides its trigger.

    Args:
        rule: The duty.
        started: The day its clock starts.  A later event cannot be counted from, but it can end
            a limit.
        events: The child's events, in order.

    Returns:
        A day or ``None`` for each limit of the version in force; an empty tuple if no limit
        depends on another event.
    """
    version = rule.in_force(started)
    if version is None or not any(limit.others for limit in version.latest):
        return ()
    # What happened after the clock started cannot have set its limit.
    before = [event for event in events if event.on <= started]

    def last(match: Match) -> date | None:
        days = [_day_of(match, event) for event in before if match.means(event)]
        # The last one counts: of two conferences before a birth, the later.
        return days[-1] if days else None

    def other(limit: Limit) -> date | None:
        if limit.until:
            # An end before the last beginning belongs to an earlier beginning.
            since = last(limit.until.since) if limit.until.since else None
            ends = (one.on for one in events if limit.until.event.means(one))
            return next((on for on in ends if since is None or on >= since), None)
        match = limit.origin or (limit.within and limit.within.event)
        return last(match) if match else None

    return tuple(map(other, version.latest))
