"""What is open for a child on a day, as rows that every listing is made of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from iro_cli.cases.model import Allocation, Bookings, Child, Event
from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import CalendarEndsError
from iro_cli.obligations.due import Due, DueDates, NoDateError, origins_of
from iro_cli.obligations.inference import Inferred, infer, taken
from iro_cli.obligations.plan import Clock
from iro_cli.rules.catalogue import Catalogue
from iro_cli.rules.model import Rule

OVERDUE, DUE_TODAY, DUE_SOON, LATER, REFUSED = (
    "overdue",
    "due-today",
    "due-soon",
    "later",
    "refused",
)
IN_TIMESCALE, OUT_OF_TIMESCALE = "in-timescale", "out-of-timescale"


class Row(NamedTuple):
    """
    One open obligation on one day; the fields are those of ``iro due``.

    ``days_left`` and ``working_days_left`` are negative when it is overdue.
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


class Met(NamedTuple):
    """One obligation that was met, on the day *held*."""

    child: str
    rule: Rule
    started: date
    due: date
    hold_by: date
    held: date
    days_late: int
    provisional: bool

    @property
    def status(self) -> str:
        """Say whether it was met in timescale: held on the due day is in time."""
        return OUT_OF_TIMESCALE if self.days_late > 0 else IN_TIMESCALE


class Shown(NamedTuple):
    """Which timescales are shown: always, from a day on, or all of them."""

    catalogue: Catalogue
    watched: Mapping[str, date]
    everything: bool = False

    def wanted(self) -> frozenset[str] | None:
        """Return the ids of the rules whose clocks matter, ``None`` for all."""
        if self.everything:
            return None
        rules = self.catalogue.rules
        on = {rule.id for rule in rules.values() if self.catalogue.is_shown(rule)} | {*self.watched}
        # A rule that counts back from a meeting needs the clock the meeting is booked for.
        booked = {name for rule in on & {*rules} for name in rules[rule].trigger.booked}
        return frozenset(on | booked)

    def shows(self, rule: Rule, started: date | None) -> bool:
        """Say whether a clock of a rule is shown, started on a day or on none that is known."""
        if self.everything or self.catalogue.is_shown(rule):
            return True
        begins = self.watched.get(rule.id)
        return begins is not None and started is not None and started >= begins


def status_of(due: date, as_of: date, horizon: date) -> str:
    """
    Name where a due date stands on a day: due today is not overdue.

    Args:
        due: The last lawful day.
        as_of: The day the question is asked about.
        horizon: The last day that counts as soon (inclusive).
    """
    if due < as_of:
        return OVERDUE
    if due == as_of:
        return DUE_TODAY
    return DUE_SOON if due <= horizon else LATER


# Who holds a child in a role, by child and role.
Holders = Mapping[tuple[str, str], str]
NOBODY: Holders = {}


def holders_on(allocations: Sequence[Allocation], on: date) -> Holders:
    """
    Return who holds a child on a day, by child and role.

    Of several allocations that cover the day, the one that began last counts.
    """
    covering = [
        one
        for one in allocations
        if (one.from_on is None or one.from_on <= on) and (one.to_on is None or one.to_on >= on)
    ]
    covering.sort(key=lambda one: one.from_on or date.min)
    return {(one.child_id, one.role): one.name for one in covering}


def answering(holders: Holders, child: str, process: str) -> str | None:
    """
    Return who answers for a process of a child: the chair for conferences, else the IRO.

    Where a child on a plan has no chair of their own, their IRO does.
    """
    if process == "cp":
        return holders.get((child, "chair")) or holders.get((child, "iro"))
    return holders.get((child, "iro"))


def responsible(allocations: Sequence[Allocation], process: str, on: date) -> str | None:
    """Return who answers for a process of a child on a day."""
    child = allocations[0].child_id if allocations else ""
    return answering(holders_on(allocations, on), child, process)


class Listing:
    """
    Turns the clocks of one child after another into rows.

    Args:
        catalogue: The rules.
        calendar: Their working days.
        shown: Which timescales are shown.
        as_of: The day the question is asked about.
        horizon: The last day that counts as soon (inclusive).
        strict: Whether what would have to be inferred is refused instead.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: WorkingCalendar,
        shown: Shown,
        *,
        as_of: date,
        horizon: date,
        strict: bool = False,
    ) -> None:
        """Start with nothing worked out."""
        self.catalogue = catalogue
        self.shown = shown
        self.as_of = as_of
        self.horizon = horizon
        self.strict = strict
        self.dates = DueDates(calendar)
        self._calendar = calendar
        self._placed: dict[date, tuple[str, int, int | None]] = {}
        self._backwards = [rule for rule in catalogue.rules.values() if rule.trigger.booked]

    def _place(self, due: date) -> tuple[str, int, int | None]:
        """Return the status, the days left and the working days left of a due date."""
        placed = self._placed.get(due)
        if placed is None:
            try:
                working: int | None = self._calendar.between(self.as_of, due)
            except CalendarEndsError:
                working = None
            status = status_of(due, self.as_of, self.horizon)
            placed = self._placed[due] = (status, (due - self.as_of).days, working)
        return placed

    def open_rows(
        self,
        child: Child,
        clocks: Iterable[Clock],
        events: Sequence[Event],
        holders: Holders = NOBODY,
        bookings: Bookings | None = None,
    ) -> Iterable[Row]:
        """Yield the rows of one child's open clocks."""
        for one in clocks:
            clock, assumed = (
                self.settled(one) if one.candidates or one.taken else Inferred(one, None)
            )
            rule = clock.rule
            if self.shown.shows(rule, clock.started):
                row = self._row(child, clock, rule, events, holders, bookings)
                yield row._replace(assumed=assumed) if assumed and row.due else row
            for companion in self.catalogue.companions.get(rule.id, ()):
                if self._stands(companion, clock) and self.shown.shows(companion, clock.started):
                    yield self._row(child, clock, companion, events, holders, bookings)
            booking = bookings.get((child.child_id, rule.id, clock.started)) if bookings else None
            for before in self._backwards if booking else ():
                if booking and rule.id in before.trigger.booked:
                    planned = Clock(before, booking.on)
                    if self.shown.shows(before, booking.on):
                        yield self._row(child, planned, before, events, holders, None)

    def settled(self, clock: Clock) -> Inferred:
        """Return a clock as it is taken to be, and what had to be inferred, if anything."""
        if self.strict:
            return Inferred(clock, None)
        if clock.taken:
            return Inferred(clock, taken(clock))
        if clock.candidates and clock.since:
            try:
                return infer(clock, self.catalogue, self.dates)
            except NoDateError:
                pass
        return Inferred(clock, None)

    @staticmethod
    def _stands(companion: Rule, clock: Clock) -> bool:
        """Say whether a local rule applies to a clock: not to one older than itself."""
        started = clock.started
        return not clock.candidates and started is not None and bool(companion.in_force(started))

    def _row(
        self,
        child: Child,
        clock: Clock,
        rule: Rule,
        events: Sequence[Event],
        holders: Holders,
        bookings: Bookings | None,
    ) -> Row:
        key = (child.child_id, clock.rule.id, clock.started)
        booking = bookings.get(key) if bookings else None
        booked = booking.on if booking else None
        iro = answering(holders, child.child_id, rule.process)
        refusal = self.refusal(clock, child)
        if refusal is None:
            try:
                found = self.due(clock, rule, events)
            except NoDateError as error:
                refusal = str(error)
            else:
                status, left, working = self._place(found.due)
                return Row(
                    child.child_id,
                    rule.id,
                    rule.title,
                    rule.process,
                    clock.started,
                    found.due,
                    found.hold_by,
                    status,
                    left,
                    working,
                    booked,
                    booked is not None and booked > found.due,
                    iro,
                    child.team,
                    found.provisional,
                    None,
                )
        return Row(
            child.child_id,
            rule.id,
            rule.title,
            rule.process,
            clock.started,
            None,
            None,
            REFUSED,
            None,
            None,
            booked,
            False,
            iro,
            child.team,
            False,
            None,
        )

    def due(self, clock: Clock, rule: Rule, events: Sequence[Event]) -> Due:
        """
        Return when a clock is due under a rule, with the workings.

        Raises:
            NoDateError: No date can honestly be given.
        """
        if clock.started is None:
            raise NoDateError("the day its clock starts is not known")
        origins: tuple[date | None, ...] = ()
        if any(limit.origin for version in rule.versions for limit in version.latest):
            origins = origins_of(rule, clock.started, events)
        return self.dates.of(rule, clock.started, origins)

    def refusal(self, clock: Clock, child: Child) -> str | None:
        """Say why a clock can have no date, or ``None`` where it can."""
        if child.nation and child.nation != self.catalogue.nation:
            return (
                f"the child is {child.nation}'s, and the rules in use are {self.catalogue.nation}'s"
            )
        if clock.taken and self.strict:
            return f"{taken(clock)} (refused because of --strict)"
        if not clock.candidates:
            return None
        if clock.since:
            return self._not_inferred(clock)
        span = self.catalogue.spans[clock.rule.span or ""]
        start = " or ".join(sorted({one.event for one in span.opened_by}))
        if clock.started is None:
            return (
                f"the {span.title} was open already when the records begin, and no "
                f"{clock.rule.met_by[0].event} in it is known: import the year in which it began, "
                f"or record {start}"
            )
        choices = " or ".join(self._choice(rule, clock.started) for rule in clock.candidates)
        return (
            f"the start of the {span.title} is not known, so the meeting on "
            f"{spoken_short(clock.started)} may have been the first or a later one; the next is "
            f"due {choices}: import the year in which it began, or record {start}"
        )

    def _not_inferred(self, clock: Clock) -> str:
        try:
            inferred = infer(clock, self.catalogue, self.dates)
        except NoDateError as error:
            return str(error)
        return f"{inferred.assumed} (refused because of --strict)"

    def _choice(self, rule: Rule, started: date) -> str:
        try:
            due = spoken_short(self.dates.of(rule, started).due)
        except NoDateError:
            due = "on a day that is not known"
        return f"{due} as the {rule.title.lower()}"

    def met_rows(
        self, child: str, clocks: Iterable[Clock], events: Sequence[Event]
    ) -> Iterable[Met]:
        """Yield what was met, with how late; what has no date is left out."""
        for clock in clocks:
            held = clock.held
            if clock.candidates:
                yield from self._surely_met(child, clock, events)
                continue
            rules = (clock.rule, *self.catalogue.companions.get(clock.rule.id, ()))
            for rule in rules:
                if (
                    held is None
                    or clock.started is None
                    or not self.shown.shows(rule, clock.started)
                ):
                    continue
                try:
                    found = self.due(clock, rule, events)
                except NoDateError:
                    continue
                yield _met(child, clock.started, found, held)

    def _surely_met(self, child: str, clock: Clock, events: Sequence[Event]) -> Iterable[Met]:
        """Yield a meeting that was in time, or late, whichever duty it was that it met."""
        held, started = clock.held, clock.started
        if held is None or started is None or not self.shown.shows(clock.rule, started):
            return
        try:
            dues = [self.due(clock, rule, events) for rule in clock.candidates]
        except NoDateError:
            return
        dues.sort(key=lambda one: one.due)
        if held <= dues[0].due:
            yield _met(child, started, dues[0], held)
        elif held > dues[-1].due and len(dues) > 1:
            yield _met(child, started, dues[-1], held)


def _met(child: str, started: date, found: Due, held: date) -> Met:
    late = max(0, (held - found.due).days)
    return Met(child, found.rule, started, found.due, found.hold_by, held, late, found.provisional)


def soonest_first(row: Row) -> tuple[date, str, str, str]:
    """Order rows by due date, those without one last, then by child and timescale."""
    started = row.clock_started.isoformat() if row.clock_started else ""
    return (row.due or date.max, row.child, row.timescale, started)
