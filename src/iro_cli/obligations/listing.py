"""Make the rows of every listing from what is open for a child on a day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import CalendarEndsError
from iro_cli.facts.holding import held_on
from iro_cli.facts.model import Allocation, Bookings, Child, Event
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.law.model import Rule
from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, NoDateError
from iro_cli.obligations.open import Obligation, Obligations, met_since

if TYPE_CHECKING:
    from iro_cli.obligations.reasons import Assumed

OVERDUE, DUE_TODAY, DUE_SOON, LATER, REFUSED = (
    "overdue",
    "due-today",
    "due-soon",
    "later",
    "refused",
)
IN_TIMESCALE, OUT_OF_TIMESCALE, NOT_REQUIRED = "in-timescale", "out-of-timescale", "not-required"


class DueRow(NamedTuple):
    """
    One open obligation on one day: the fields of ``iro due``, and the rule.

    ``days_left`` and ``working_days_left`` are negative if it is overdue.  The rule belongs to
    the child's own nation, which may differ from the authority's.  *outgrown* is the birthday
    that ends the duty, if it comes no later than the day to hold it by.
    """

    child: str
    timescale: str
    title: str
    process: str
    clock_started: date | None
    due: date | None
    hold_by: date | None
    status: str
    days_left: int | None
    working_days_left: int | None
    booked: date | None
    booked_late: bool
    iro: str | None
    team: str | None
    provisional: bool
    assumed: str | None
    rule: Rule
    outgrown: date | None = None


class Met(NamedTuple):
    """
    One obligation that was met, on the day *held*.

    ``without_meeting`` says that it was met by a decision and no meeting was held.  Then it is
    neither in timescale nor out of it, and *days_late* says how many days after the due day the
    decision was made.  ``assumed`` says what had to be inferred for it to be late.
    """

    child: str
    rule: Rule
    started: date
    due: date
    hold_by: date
    held: date
    days_late: int
    provisional: bool
    not_before: date | None = None
    without_meeting: bool = False
    assumed: str | None = None

    @property
    def status(self) -> str:
        """Say whether it was met in timescale: held on the due day is in time."""
        if self.without_meeting:
            return NOT_REQUIRED
        early = self.not_before is not None and self.held < self.not_before
        return OUT_OF_TIMESCALE if early or self.days_late > 0 else IN_TIMESCALE


def status_of(due: date, as_of: date, horizon: date) -> str:
    """
    Return the status of a due date on a day: due today is not overdue.

    Args:
        due: The last lawful day.
        as_of: The day the question is asked about.
        horizon: The last day that counts as soon (inclusive).
    """
    # The due day is the last day on which it can lawfully be held, and lasts until midnight.
    if due < as_of:
        return OVERDUE
    if due == as_of:
        return DUE_TODAY
    return DUE_SOON if due <= horizon else LATER


# Who holds a child in a role, by child and role.
Holders = Mapping[tuple[str, str], str]
NOBODY: Holders = {}


def holders_on(allocations: Sequence[Allocation], on: date) -> Holders:
    """Return who holds a child on a day, by child and role."""
    return {key: one.name for key, one in held_on(allocations, on).items()}


def answering(holders: Holders, child: str, process: str) -> str | None:
    """
    Return who answers for a process of a child: the chair for conferences, otherwise the IRO.

    If a child on a plan has no chair, their IRO answers for the conferences too.
    """
    if process == "cp":
        return holders.get((child, "chair")) or holders.get((child, "iro"))
    return holders.get((child, "iro"))


def responsible(allocations: Sequence[Allocation], process: str, on: date) -> str | None:
    """Return who answers for a process of a child on a day."""
    child = allocations[0].child_id if allocations else ""
    return answering(holders_on(allocations, on), child, process)


class _SaidOfClock(NamedTuple):
    """
    The part of a row that depends on its clock only, and not on the child.

    Attributes:
        clock: The clock.
        due: The due day; ``None`` if there is no date.
        hold_by: The day to hold the meeting by; ``None`` if there is no date.
        before: The values of the row from *timescale* up to *booked*, which is not included.
        after: The values of *provisional* and *assumed*.
    """

    clock: Clock
    due: date | None
    hold_by: date | None
    before: tuple[Any, ...]
    after: tuple[bool, str | None]


# What makes a tuple makes a row in half the time that its own constructor takes.
_row_of = partial(tuple.__new__, DueRow)
_BOOKED = DueRow._fields.index("booked")


class DueRows(Obligations):
    """
    Turn the clocks of children into rows, one child at a time.

    Args:
        catalogue: The rules.
        calendar: Their working days.
        shown: Which timescales are shown.
        as_of: The day the question is asked about.
        horizon: The last day that counts as soon (inclusive).
        strict: Whether to refuse whatever would have to be inferred.
        say: Puts what had to be inferred into words.  The caller passes it in, because this
            room has no sentences for people.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: WorkingCalendar,
        shown: Watchlist,
        *,
        as_of: date,
        horizon: date,
        strict: bool = False,
        say: "Callable[[Assumed], str]" = str,
    ) -> None:
        """Start with nothing worked out."""
        super().__init__(catalogue, calendar, shown, strict=strict)
        self.as_of = as_of
        self.horizon = horizon
        self._calendar = calendar
        self._say = say
        self._placed: dict[date, tuple[str, int, int | None]] = {}
        self._said: dict[tuple[str, date | None], _SaidOfClock] = {}

    def _place(self, due: date) -> tuple[str, int, int | None]:
        """Return the status, the days left and the working days left of a due date."""
        try:
            working: int | None = self._calendar.between(self.as_of, due)
        except CalendarEndsError:
            working = None
        status = status_of(due, self.as_of, self.horizon)
        self._placed[due] = placed = (status, (due - self.as_of).days, working)
        return placed

    def open_rows(
        self,
        child: Child,
        clocks: Iterable[Clock],
        events: Sequence[Event],
        holders: Holders = NOBODY,
        bookings: Bookings | None = None,
    ) -> list[DueRow]:
        """Return the rows of one child's open clocks."""
        clocks = [*clocks]
        rows = self._rows_as_others(child, clocks, holders, bookings or {})
        if rows is not None:
            return rows
        return [
            self.row(child, one, holders) for one in self.opened(child, clocks, events, bookings)
        ]

    def _rows_as_others(
        self, child: Child, clocks: Iterable[Clock], holders: Holders, bookings: Bookings
    ) -> list[DueRow] | None:
        """
        Return the rows of clocks, each from what is known of other children with the same clock.

        A country has a hundred thousand rows, but only a few thousand different clocks.  So the
        part of a row that depends on the clock is worked out once, and the rest for each child.

        Returns:
            ``None`` if one of the clocks has to be worked out for this child.
        """
        if child.nation is not None:
            return None
        rows: list[DueRow] = []
        child_id, team = child.child_id, child.team
        for clock in clocks:
            rule, started = clock.rule, clock.started
            said = self._said.get((rule.id, started))
            if said is None or said.clock is not clock:
                # What has others beside it, or depends on more than its clock, is worked out.
                if rule.id not in self._alone or clock.candidates or clock.start_assumed:
                    return None
                said = self._say_of(self._opened(child, clock, rule, (), None, None))
            _, due, hold_by, before, after = said
            booking = bookings.get((child_id, rule.id, started))
            booked = booking.on if booking else None
            late = due is not None and booked is not None and booked > due
            iro = answering(holders, child_id, rule.process)
            outgrown = self.outgrown(child, rule, hold_by)
            rows.append(
                _row_of((child_id, *before, booked, late, iro, team, *after, rule, outgrown))
            )
        return rows

    def _say_of(self, opened: Obligation) -> _SaidOfClock:
        """Work out what every row of a clock says, whichever child has it."""
        row = self.row(Child(""), opened)
        before, after = row[1:_BOOKED], (row.provisional, row.assumed)
        said = _SaidOfClock(opened.clock, row.due, row.hold_by, before, after)
        self._said[opened.rule.id, opened.clock.started] = said
        return said

    def row(self, child: Child, opened: Obligation, holders: Holders = NOBODY) -> DueRow:
        """Return the row of one open duty."""
        rule, found, booking = opened.rule, opened.due, opened.booking
        booked = booking.on if booking else None
        placed: tuple[str, int | None, int | None] = (REFUSED, None, None)
        if found:
            placed = self._placed.get(found.due) or self._place(found.due)
        status, left, working = placed
        return DueRow(
            child.child_id,
            rule.id,
            rule.title,
            rule.process,
            opened.started,
            found.due if found else None,
            found.hold_by if found else None,
            status,
            left,
            working,
            booked,
            found is not None and booked is not None and booked > found.due,
            answering(holders, child.child_id, rule.process),
            child.team,
            found is not None and found.provisional,
            self._say(opened.assumed) if opened.assumed else None,
            rule,
            self.outgrown(child, rule, found.hold_by) if found else None,
        )

    def met_rows(
        self, child: str, clocks: Iterable[Clock], events: Sequence[Event]
    ) -> Iterable[Met]:
        """Yield what was met, with how many days late; a clock without a date is left out."""
        for clock in clocks:
            found = self._met_by(child, clock, events)
            if clock.silence is None:
                yield from found
                continue
            from iro_cli.obligations.reasons import OwedThen  # noqa: PLC0415 - of few clocks

            assumed = self._say((OwedThen(clock.silence.why),))
            # What was in time would not be late if it was not owed.
            for one in found:
                late = one.status == OUT_OF_TIMESCALE
                yield one._replace(assumed=assumed) if late else one

    def _met_by(self, child: str, clock: Clock, events: Sequence[Event]) -> Iterable[Met]:
        """Yield what was met with one clock."""
        held, started = clock.held, clock.started
        # A duty of a time in which another nation's law applied is judged by that law.
        if clock.nation and (other := self.of_nation(clock.nation)) is not self:
            yield from other.met_rows(child, [clock], events)
            return
        if clock.candidates:
            yield from self._surely_met(child, clock, events)
            return
        if held is None or started is None:
            return
        for rule in (clock.rule, *self._companions.get(clock.rule.id, ())):
            if rule.id not in self._plain and not self.shown.shows(rule, started):
                continue
            try:
                found = self.due(clock, rule, events)
            except NoDateError:
                continue
            met = _met(child, started, found, held)
            yield met._replace(without_meeting=True) if clock.without_meeting else met
        if clock.rule.id in self._followers:
            yield from self._met_between(child, clock, events)

    def _met_between(self, child: str, clock: Clock, events: Sequence[Event]) -> Iterator[Met]:
        """Yield what was done between two meetings, with when it was due."""
        started, held = clock.started, clock.held
        if started is None or held is None:
            return
        for rule in self._followers[clock.rule.id]:
            event = met_since(rule, started, events) if rule.trigger.between else None
            if not event or event.on > held or not self.shown.shows(rule, started):
                continue
            try:
                due = self.dates.between(rule, started, self.due(clock, clock.rule, events).due)
            except NoDateError:
                continue
            yield _met(child, started, due, event.on)

    def _surely_met(self, child: str, clock: Clock, events: Sequence[Event]) -> Iterable[Met]:
        """Yield a meeting that was in time, or late, under every rule that it may have met."""
        held, started = clock.held, clock.started
        if held is None or started is None or not self.shown.shows(clock.rule, started):
            return
        # It is not known which review it was.  If it was held by the soonest of its possible due
        # days, it was in time; if after the last of them, it was late.  Between them nobody can
        # say, and the review counts in no rate.
        try:
            dues = [self.due(clock, rule, events) for rule in clock.candidates]
        except NoDateError:
            return
        dues.sort(key=lambda one: one.due)
        if held <= dues[0].due:
            yield _met(child, started, dues[0], held)
        elif held > dues[-1].due and len(dues) > 1:
            yield _met(child, started, dues[-1], held)
        elif clock.none_to is not None and clock.none_to >= dues[-1].due:
            # Others may have been held before it, but none by the due day.  So the meeting that
            # was owed was late by at least this many days.
            late = (clock.none_to - dues[-1].due).days + 1
            yield _met(child, started, dues[-1], held)._replace(days_late=late)


def _met(child: str, started: date, found: Due, held: date) -> Met:
    late = max(0, (held - found.due).days)
    return Met(
        child, found.rule, started, found.due, found.hold_by, held, late, found.provisional,
        found.not_before,
    )  # fmt: skip


def soonest_first(row: DueRow) -> tuple[date, str, str, date]:
    """Order rows by due date, those without one last, then by child and timescale."""
    return (row.due or date.max, row.child, row.timescale, row.clock_started or date.min)


def all_soonest_first(rows: Iterable[DueRow]) -> list[DueRow]:
    """
    Return rows in the order of :func:`soonest_first`.

    A whole country is read child by child, so its rows are nearly in the first order already.
    Two sorts, the second by day alone, are then quicker than one sort by four things.
    """
    found = sorted(rows, key=lambda row: (row.child, row.timescale, row.clock_started or date.min))
    found.sort(key=lambda row: row.due or date.max)
    return found
