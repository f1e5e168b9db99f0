"""Turn the open clocks of one child into obligations, each with a date or the reason for none."""

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
        rule: The duty.
        clock: The clock it is due by: its own, or the one it follows.
        started: The day its time is counted from, or back from; ``None`` if it is not known.
        due: When it is due, with the workings; ``None`` if it is refused.
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
    The due day would lie in a time in which the duty was not owed.

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
    Turn clocks into obligations.

    Attributes:
        abroad: Returns the same for another nation's law, by the name of the nation; ``None``
            for a nation whose law is not here, whose children get a refusal.

    Args:
        catalogue: The rules.
        calendar: Their working days.
        shown: Which timescales are shown.
        strict: Whether to refuse whatever would have to be inferred.
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
        # Obligations of clocks that several children share, if they depend on nothing else of
        # the child.
        self._shared: dict[tuple[str, date | None], Obligation] = {}
        # Worked out once, and not for each of a million clocks: the rules that can be shown
        # beside or after a clock, and those that are shown for every child and every start.
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
        # The rules whose rows depend on nothing but their clock.
        self._alone = self._plain.difference(
            self._counted_from_others, self._followers, self._companions
        )

    def of(self, child: Child) -> Self:
        """Return the one for the law of a child's own nation; this one if there is no other."""
        return self if child.nation is None else self.of_nation(child.nation)

    def of_nation(self, nation: str) -> Self:
        """Return the one for the law of a nation; this one if there is no other."""
        if nation == self.catalogue.nation or self.abroad is None:
            return self
        return self.abroad(nation) or self

    def outgrown(self, child: Child, rule: Rule, on: date | None) -> date | None:
        """
        Return the birthday that ends childhood, if it ends a duty before that has to be met.

        Args:
            child: The child.
            rule: The duty.
            on: The day by which it is to be met (inclusive); ``None`` if it is not known.

        Returns:
            The birthday if it falls on or before *on*; ``None`` if it is later or not known, or
            if the duty outlives childhood.
        """
        born = child.date_of_birth
        if born is None or on is None or rule.outlives:
            return None
        age = self.of(child).catalogue.childhood_ends_at_age
        if not age or born.year + age > on.year:
            return None
        ends = birthday(born, age)
        # On the birthday itself nobody is a child any more (Children Act 1989 s. 105(1)), so a duty
        # that is due on that day is not owed then.
        return ends if ends <= on else None

    def opened(
        self,
        child: Child,
        clocks: Iterable[Clock],
        events: Sequence[Event],
        bookings: Bookings | None = None,
    ) -> Iterator[Obligation]:
        """Yield what is open and shown for one child: each clock, then what belongs to it."""
        if child.nation is not None and (own := self.of(child)) is not self:
            yield from own.opened(child, clocks, events, bookings)
            return
        shows, plain = self.shown.shows, self._plain
        companions, following = self._companions, self._followers
        # The rules that count back from a booked meeting, with its day.  One meeting may meet two
        # clocks, but its invitations are owed once.
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
            # A local limit is shown beside the law's, and never in its place.
            for companion in companions.get(rule.id, ()):
                if self._stands(companion, clock) and shows(companion, started):
                    yield self._opened(child, clock, companion, events, None, booking)
            # Preparations count back from the booked meeting; a midway review falls before the
            # due day of the next.
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
        """Return the obligation of a clock's own rule, shared by all children with that clock."""
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
        # Whether it is refused comes first, so that no date is worked out by a law that is not
        # the child's.  Most clocks are sure, and skip the question.
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
        Yield what counts back from the booked meeting, or falls before the next one is due.

        Args:
            followers: The rules that follow the clock.
            parent: The obligation of that clock.
            child: The child.
            events: The child's events, in order.
            bookings: The planned meetings.
            sinces: For each clock that the booked meeting meets, by its rule, the day it started.
            told: The rules yielded already that count back from a day; this adds to them.
        """
        for rule in followers:
            back = parent.booking if rule.trigger.booked else None
            since = parent.started
            if back is not None:
                if (rule.id, back.on) in told:
                    continue
                told.add((rule.id, back.on))
                # A preparation since the first of the clocks started was for this meeting.
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
            # A midway review is a meeting that can be booked itself; a preparation is not.
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
        """Return the clocks that a booked meeting meets, by rule, with the day they started."""
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
        """Return a clock with its rule inferred if need be, and what had to be inferred."""
        # If not even the beginning of its span is known, there is nothing to infer from.
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
        """Say whether a local rule applies to a clock: not if the clock is older than the rule."""
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
        # The duty was not owed while its clock stood still, so it cannot be due in that time.
        # No source says by when a review is due after a placement for adoption has ended, so
        # such a date is refused and not moved.
        for begins, ends in clock.stood_still:
            if begins <= found.due < ends:
                from iro_cli.obligations import inference  # noqa: PLC0415 - of few children

                raise NotOwedError(
                    f"no duty was owed on {found.due.isoformat()}",
                    inference.not_owed(clock, found, begins, ends, self.catalogue),
                )
        return found

    def refusal(self, clock: Clock, child: Child) -> Refusal | None:
        """Return why a clock can have no date; ``None`` if it can."""
        abroad = child.nation and child.nation != self.catalogue.nation
        if not (abroad or clock.candidates or (clock.start_assumed and self.strict)):
            return None
        from iro_cli.obligations import inference  # noqa: PLC0415 - most clocks have a date

        return inference.refusal(clock, child, self.catalogue, self.dates, strict=self.strict)


def met_since(rule: Rule, since: date, events: Sequence[Event]) -> Event | None:
    """
    Return the first event that meets a rule without a clock of its own.

    Args:
        rule: The rule, which follows the clock of another rule.
        since: The day that clock started (exclusive for what falls between two meetings,
            otherwise inclusive).
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
    """Return, for each rule with a clock, those of the rules beside it that can be shown."""
    return {
        name: wanted
        for name, rules in by_rule.items()
        if (wanted := [rule for rule in rules if shown.may_show(rule)])
    }
