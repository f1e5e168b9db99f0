"""From the open clocks of one child to what is due, or why there is no date."""

from __future__ import annotations  # the reasons are loaded where there is one

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from iro_cli.dates.months import birthday
from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Booking, Bookings, Child, Event
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.law.model import Rule
from iro_cli.lean import TYPE_CHECKING, NamedTuple, Self
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, DueDates, NoDateError, origins_of

if TYPE_CHECKING:
    from iro_cli.obligations.reasons import Assumed, NotOwed, Refusal
    from iro_cli.obligations.silences import Silence


class Obligation(NamedTuple):
    """
    One open duty of one child.

    Attributes:
        rule: Which duty.
        clock: The clock it is due by: its own, or the one it follows.
        started: The day its time runs from, or back from; ``None`` where not known.
        due: When it is due, with the workings; ``None`` where it is refused.
        refusal: Why there is no date.
        assumed: What had to be inferred for the date, if anything.
        booking: The meeting that is planned for it.
    """

    rule: Rule
    clock: Clock
    started: date | None
    due: Due | None
    refusal: Refusal | None = None
    assumed: Assumed | None = None
    booking: Booking | None = None


class NotOwedError(NoDateError):
    """
    The day that is counted lies in a time in which the duty did not apply.

    Attributes:
        reason: Which time that was.
    """

    def __init__(self, message: str, reason: NotOwed) -> None:
        """
        Keep the reason.

        Args:
            message: What the error says.
            reason: Which time that was.
        """
        super().__init__(message)
        self.reason = reason


def _reason_of(error: NoDateError) -> Refusal:
    """Return the reason that an error gives for there being no date."""
    if isinstance(error, NotOwedError):
        return error.reason
    from iro_cli.obligations.reasons import NoDate  # noqa: PLC0415 - most clocks have a date

    return NoDate(str(error))


class Obligations:
    """
    Turns clocks into what is due.

    Attributes:
        abroad: What does the same by the law of another nation, by its name; a nation
            that has none here is refused.

    Args:
        catalogue: The rules.
        calendar: Their working days.
        shown: Which timescales are shown.
        strict: Whether what would have to be inferred is refused instead.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        calendar: WorkingCalendar,
        shown: Watchlist,
        *,
        strict: bool = False,
    ) -> None:
        """Start with nothing worked out."""
        self.abroad: Callable[[str], Self | None] | None = None
        self.catalogue = catalogue
        self.shown = shown
        self.strict = strict
        self.dates = DueDates(calendar)
        self._counted_from_others = {
            rule.id
            for rule in catalogue.rules.values()
            if any(limit.others for version in rule.versions for limit in version.latest)
        }
        # What is open by a clock that several children share, where nothing of the child decides.
        self._shared: dict[tuple[str, date | None], Obligation] = {}
        # Asked once, not for each of a million clocks: what can be shown beside or after a clock,
        # what is shown whenever it started, and what depends on the child's age.
        self._followers = _wanted(catalogue.followers, shown)
        self._companions = _wanted(catalogue.companions, shown)
        rules = catalogue.rules.values()
        self._plain = {
            rule.id
            for rule in rules
            if (shown.everything or catalogue.is_shown(rule))
            and rule.from_age is rule.before_age is None
            and rule.strength != "local"
        }

    def of(self, child: Child) -> Self:
        """Return what works by the law of a child's own nation; this, where there is no other."""
        return self if child.nation is None else self.of_nation(child.nation)

    def of_nation(self, nation: str) -> Self:
        """Return what works by the law of a nation; this, where there is no other."""
        if nation == self.catalogue.nation or self.abroad is None:
            return self
        return self.abroad(nation) or self

    def outgrown(self, child: Child, rule: Rule, on: date | None) -> date | None:
        """
        Return the birthday that ends childhood, and with it a duty, by some day.

        Args:
            child: Whose duty it is.
            rule: Which duty.
            on: The day by which it is to be met; ``None`` where not known.

        Returns:
            The birthday where it falls on that day or before; ``None`` where it is later or not
            known, or the duty outlives childhood.
        """
        born, age = child.date_of_birth, self.of(child).catalogue.childhood_ends_at_age
        if born is None or on is None or not age or rule.outlives or born.year + age > on.year:
            return None
        ends = birthday(born, age)
        return ends if ends <= on else None

    def opened(
        self,
        child: Child,
        clocks: Iterable[Clock],
        events: Sequence[Event],
        bookings: Bookings | None = None,
    ) -> Iterator[Obligation]:
        """Yield what is open for one child and shown, each clock with what goes with it."""
        if child.nation is not None and (own := self.of(child)) is not self:
            yield from own.opened(child, clocks, events, bookings)
            return
        shows, plain = self.shown.shows, self._plain
        companions, following = self._companions, self._followers
        # What counts back from a meeting, by that and its day: it is owed once, whatever it meets.
        told: set[tuple[str, date]] = set()
        clocks = [*clocks]
        for one in clocks:
            clock, assumed = one, None
            if one.candidates or one.start_assumed:
                clock, assumed = self.as_assumed(one)
            rule, started = clock.rule, clock.started
            booking = bookings.get((child.child_id, rule.id, started)) if bookings else None
            found: Obligation | None = None
            if rule.id in plain or (
                shows(rule, started) and rule.applies_to(child.date_of_birth, started)
            ):
                found = self._own(child, clock, rule, events, assumed, booking)
                yield found
            # A local limit stands beside the law's, and never in its place: both are shown.
            for companion in companions.get(rule.id, ()):
                if self._stands(companion, clock) and shows(companion, started):
                    yield self._opened(child, clock, companion, events, None, booking)
            # What is prepared for a meeting counts back from its day, or falls before its due day.
            followers = following.get(rule.id)
            if followers and started is not None:
                found = found or self._opened(child, clock, rule, events, assumed, booking)
                known = bookings or {}
                sinces = self._sinces(found.booking, child, clocks, known) if known else {}
                yield from self._following(followers, found, child, events, known, sinces, told)

    def _own(
        self,
        child: Child,
        clock: Clock,
        rule: Rule,
        events: Sequence[Event],
        assumed: Assumed | None,
        booking: Booking | None,
    ) -> Obligation:
        """Return what is open by a clock's own rule: the same for all children who share it."""
        if booking or child.nation or rule.id in self._counted_from_others:
            return self._opened(child, clock, rule, events, assumed, booking)
        key = (rule.id, clock.started)
        found = self._shared.get(key)
        if found is None or found.clock is not clock:
            found = self._shared[key] = self._opened(child, clock, rule, events, assumed, None)
        return found

    def _opened(
        self,
        child: Child,
        clock: Clock,
        rule: Rule,
        events: Sequence[Event],
        assumed: Assumed | None,
        booking: Booking | None,
    ) -> Obligation:
        # Asked first: no day is worked out of what cannot have one, and most clocks can.
        sure = child.nation is None and not (clock.candidates or clock.start_assumed)
        refusal = None if sure else self.refusal(clock, child)
        if refusal is None:
            try:
                due = self.due(clock, rule, events)
            except NoDateError as error:
                refusal = _reason_of(error)
            else:
                if clock.silence is not None:
                    refusal, assumed = self._in_silence(clock.silence, clock, due, assumed)
                if refusal is None:
                    return Obligation(rule, clock, clock.started, due, None, assumed, booking)
        return Obligation(rule, clock, clock.started, None, refusal, None, booking)

    def _in_silence(
        self, silence: Silence, clock: Clock, due: Due, assumed: Assumed | None
    ) -> tuple[Refusal | None, Assumed | None]:
        """Return why a clock that runs into a silence has no date, or else what is assumed."""
        from iro_cli.obligations import inference  # noqa: PLC0415 - few clocks run into one
        from iro_cli.obligations.reasons import Resting  # noqa: PLC0415 - as above

        found = inference.in_silence(silence, clock, due, strict=self.strict)
        if isinstance(found, Resting):
            return None, (*(assumed or ()), found)
        return found, None

    def _following(
        self,
        followers: Sequence[Rule],
        parent: Obligation,
        child: Child,
        events: Sequence[Event],
        bookings: Bookings,
        sinces: Mapping[str, date],
        told: set[tuple[str, date]],
    ) -> Iterator[Obligation]:
        """
        Yield what counts back from the booked meeting, or falls before the next is due.

        Args:
            followers: The rules that follow the clock.
            parent: The clock, as it is open.
            child: Whose it is.
            events: The child's.
            bookings: What is booked.
            sinces: Since when the clocks run that the booked meeting meets, by their rules.
            told: What counts back from which day and was yielded; it is added to.
        """
        for rule in followers:
            back = parent.booking if rule.trigger.booked else None
            since = parent.started
            if back is not None:
                if (rule.id, back.on) in told:
                    continue
                told.add((rule.id, back.on))
                # What was done for one of the clocks was done for the meeting.
                since = min(on for name, on in sinces.items() if name in rule.trigger.booked)
            started = back.on if back else since
            if (
                since is None
                or (rule.trigger.booked and back is None)
                or (rule.trigger.between and parent.due is None)
                or not self.shown.shows(rule, started)
                or not rule.applies_to(child.date_of_birth, started)
                or met_since(rule, since, events) is not None
            ):
                continue
            clock = Clock(rule, started)
            # What counts back from a meeting is no meeting of its own; one midway is.
            booking = bookings.get((child.child_id, rule.id, since)) if back is None else None
            try:
                due = self._following_due(rule, parent, started, events)
            except NoDateError as error:
                yield Obligation(rule, clock, started, None, _reason_of(error), None, booking)
            else:
                yield Obligation(rule, clock, started, due, None, parent.assumed, booking)

    def _sinces(
        self, booking: Booking | None, child: Child, clocks: Iterable[Clock], bookings: Bookings
    ) -> dict[str, date]:
        """Return since when the clocks run for which a meeting is booked, by their rules."""
        found: dict[str, date] = {}
        for one in clocks if booking else ():
            clock = self.as_assumed(one)[0]
            name, started = clock.rule.id, clock.started
            other = bookings.get((child.child_id, name, started))
            if booking and other and started and other.on == booking.on:
                found[name] = min(started, found.get(name, started))
        return found

    def _following_due(
        self, rule: Rule, parent: Obligation, started: date | None, events: Sequence[Event]
    ) -> Due:
        if rule.trigger.between and parent.due and started:
            return self.dates.between(rule, started, parent.due.due)
        return self.due(Clock(rule, started), rule, events)

    def as_assumed(self, clock: Clock) -> tuple[Clock, Assumed | None]:
        """Return a clock as it is taken to be, and what had to be inferred, if anything."""
        # Where not even the beginning of its span is known, there is nothing to infer from.
        if self.strict or not (clock.start_assumed or (clock.candidates and clock.since)):
            return clock, None
        from iro_cli.obligations import inference  # noqa: PLC0415 - most clocks are known

        if clock.start_assumed:
            return clock, (inference.taken(clock, self.catalogue),)
        try:
            inferred = inference.infer(clock, self.catalogue, self.dates)
        except NoDateError:
            return clock, None
        return inferred.clock, (inferred.assumed,)

    @staticmethod
    def _stands(companion: Rule, clock: Clock) -> bool:
        """Say whether a local rule applies to a clock: not to one older than itself."""
        started = clock.started
        return not clock.candidates and started is not None and bool(companion.in_force(started))

    def due(self, clock: Clock, rule: Rule, events: Sequence[Event]) -> Due:
        """
        Return when a clock is due under a rule, with the workings.

        Raises:
            NoDateError: No date can honestly be given.
        """
        if clock.started is None:
            raise NoDateError("the day its clock starts is not known")
        origins: tuple[date | None, ...] = ()
        if rule.id in self._counted_from_others:
            origins = origins_of(rule, clock.started, events)
        found = self.dates.of(rule, clock.started, origins)
        # No duty was owed while its rules did not apply, and none is dated in that time.
        for begins, ends in clock.stood_still:
            if begins <= found.due < ends:
                from iro_cli.obligations import inference  # noqa: PLC0415 - of few children

                raise NotOwedError(
                    f"no duty was owed on {found.due.isoformat()}",
                    inference.not_owed(clock, found, begins, ends, self.catalogue),
                )
        return found

    def refusal(self, clock: Clock, child: Child) -> Refusal | None:
        """Return why a clock can have no date, or ``None`` where it can."""
        abroad = child.nation and child.nation != self.catalogue.nation
        if not (abroad or clock.candidates or (clock.start_assumed and self.strict)):
            return None
        from iro_cli.obligations import inference  # noqa: PLC0415 - most clocks have a date

        return inference.refusal(clock, child, self.catalogue, self.dates, strict=self.strict)


def met_since(rule: Rule, since: date, events: Sequence[Event]) -> Event | None:
    """
    Return the first event that meets a rule that follows another's clock.

    Args:
        rule: The rule, with events of its own that meet it.
        since: The day the other's clock started (exclusive between two meetings).
        events: The child's events, in order.
    """
    if not rule.met_by:
        return None
    between = bool(rule.trigger.between)
    for event in events:
        after = event.on > since if between else event.on >= since
        if after and any(match.means(event) for match in rule.met_by):
            return event
    return None


def _wanted(by_rule: Mapping[str, Sequence[Rule]], shown: Watchlist) -> dict[str, list[Rule]]:
    """Return the rules that can be shown beside or after each other's clocks."""
    return {
        name: wanted
        for name, rules in by_rule.items()
        if (wanted := [rule for rule in rules if shown.may_show(rule)])
    }
