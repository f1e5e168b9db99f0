"""From the open clocks of one child to what is due, or why there is no date."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Booking, Bookings, Child, Event
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple, Self
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, DueDates, NoDateError, origins_of
from iro_cli.obligations.silences import Silence

_STRICT = "refused because of --strict"


class Inferred(NamedTuple):
    """
    What is taken to be so.

    Attributes:
        clock: The clock, of one rule.
        assumed: What was inferred from what, with the other candidates, for people;
            ``None`` where nothing was.
    """

    clock: Clock
    assumed: str | None


def infer(clock: Clock, catalogue: Catalogue, dates: DueDates) -> Inferred:
    """
    Decide which duty runs after a meeting that is only known to be the latest.

    Held by the day the first was due, it was the first.  Held after the day by
    which the second was due at the latest, it was a later one.  In between it
    may have been either, and the sooner date is the one to work to.

    Args:
        clock: A clock with candidates, and the day its span began.
        catalogue: The rules, to find the one before the candidates.
        dates: Counts.

    Raises:
        NoDateError: A date that it depends on cannot be given.
    """
    held, since = clock.started, clock.since
    if held is None or since is None:
        raise ValueError("the clock says neither when the meeting was nor when its span began")
    if clock.gap is not None:
        return _after_a_gap(clock, held, clock.gap, dates)
    first = catalogue.rules[clock.candidates[0].trigger.held[0]]
    first_due = dates.of(first, since).due
    second_due = dates.of(clock.candidates[0], first_due).due
    if held <= first_due:
        rule = clock.candidates[0]
        because = (
            f"is taken for the first, being held by {spoken_short(first_due)} when that was due"
        )
    elif held > second_due:
        rule = clock.candidates[-1]
        because = (
            "is taken for a later one, being held after the first was due "
            f"({spoken_short(first_due)}) and the second ({spoken_short(second_due)} at the latest)"
        )
    else:
        rule = min(clock.candidates, key=lambda one: dates.of(one, held).due)
        because = (
            f"may have been the first, held after {spoken_short(first_due)} when that was due, or "
            "a later one: the sooner date is the one to work to"
        )
    return Inferred(
        clock._replace(rule=rule, candidates=(), since=None),
        f"only the latest review is recorded: that on {spoken_short(held)} {because}; otherwise "
        f"the next is due {_otherwise(clock, rule, held, dates)}",
    )


def _after_a_gap(clock: Clock, held: date, gap: Silence, dates: DueDates) -> Inferred:
    """Take the sooner date after a meeting before which others may have been held."""
    rule = min(clock.candidates, key=lambda one: dates.of(one, held).due)
    return Inferred(
        clock._replace(rule=rule, candidates=(), since=None, gap=None),
        f"the meeting on {spoken_short(held)} may have been the first or a later one "
        f"({gap.why}): the sooner date is the one to work to; otherwise the next is due "
        f"{_otherwise(clock, rule, held, dates)}",
    )


def _otherwise(clock: Clock, rule: Rule, held: date, dates: DueDates) -> str:
    """Say when the next is due by the other rules that a clock may be of."""
    return " or ".join(
        f"{spoken_short(dates.of(one, held).due)} as the {one.title.lower()}"
        for one in clock.candidates
        if one is not rule
    )


def taken(clock: Clock, catalogue: Catalogue) -> str:
    """Say what a clock's start was taken for."""
    span = catalogue.spans[clock.rule.span or ""]
    events = [EVENTS[one.event].title for one in span.taken_from]
    starts = " or ".join(dict.fromkeys(EVENTS[one.event].title for one in span.opened_by))
    started = spoken_short(clock.started) if clock.started else "a day that is not known"
    return (
        f"counted from {started} ({' or '.join(events)}): what it should be counted from "
        f"({starts}) is not recorded, and is taken to have been that day"
    )


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
    refusal: str | None = None
    assumed: str | None = None
    booking: Booking | None = None


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

    def of(self, child: Child) -> "Self":
        """Return what works by the law of a child's own nation; this, where there is no other."""
        if child.nation is None or child.nation == self.catalogue.nation or self.abroad is None:
            return self
        return self.abroad(child.nation) or self

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
                found = self._opened(child, clock, rule, events, assumed, booking)
                yield found
            for companion in companions.get(rule.id, ()):
                if self._stands(companion, clock) and shows(companion, started):
                    yield self._opened(child, clock, companion, events, None, booking)
            followers = following.get(rule.id)
            if followers and started is not None:
                found = found or self._opened(child, clock, rule, events, assumed, booking)
                yield from self._following(followers, found, child, events, bookings or {})

    def _opened(
        self,
        child: Child,
        clock: Clock,
        rule: Rule,
        events: Sequence[Event],
        assumed: str | None,
        booking: Booking | None,
    ) -> Obligation:
        sure = child.nation is None and not (clock.candidates or clock.start_assumed)
        refusal = None if sure else self.refusal(clock, child)
        if refusal is None:
            try:
                due = self.due(clock, rule, events)
            except NoDateError as error:
                refusal = str(error)
            else:
                if clock.silence is not None:
                    refusal, assumed = self._in_silence(clock.silence, clock, due, assumed)
                if refusal is None:
                    return Obligation(rule, clock, clock.started, due, None, assumed, booking)
        return Obligation(rule, clock, clock.started, None, refusal, None, booking)

    def _in_silence(
        self, silence: Silence, clock: Clock, due: Due, assumed: str | None
    ) -> tuple[str | None, str | None]:
        """
        Return why a clock has no date, or else what is assumed for it.

        While its date has not passed, the date is the one to work to: it is the sooner
        one.  Once it has, whether it is overdue is just what is not known.  Where only an
        end may not be known, nothing was held by what is known: the date stands, and says
        what it rests on.
        """
        since = spoken_short(clock.started or due.started)
        more = f"{assumed}; " if assumed else ""
        if silence.only_ends:
            if self.strict:
                return f"whether it is owed still is not known: {silence.why} ({_STRICT})", None
            return None, f"{more}taken to be owed still: {silence.why}"
        if silence.first is not None and due.due < silence.first and not self.strict:
            return None, (
                f"{more}not held by {spoken_short(due.due)} when it was due; whether it was since "
                f"is not known: {silence.why}"
            )
        passed = silence.asked_on is not None and due.due < silence.asked_on
        if passed or self.strict:
            strict = "" if passed else f" ({_STRICT})"
            refusal = (
                f"counted from {since} it would be {spoken_short(due.due)}, and whether it was "
                f"held by then is not known: {silence.why}; {silence.remedy}{strict}"
            )
            return refusal, None
        return None, f"{more}taken not to have been held since {since}: {silence.why}"

    def _following(
        self,
        followers: Sequence[Rule],
        parent: Obligation,
        child: Child,
        events: Sequence[Event],
        bookings: Bookings,
    ) -> Iterator[Obligation]:
        """Yield what counts back from the booked meeting, or falls before the next is due."""
        since = parent.started
        for rule in followers:
            back = parent.booking if rule.trigger.booked else None
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
                yield Obligation(rule, clock, started, None, str(error), None, booking)
            else:
                yield Obligation(rule, clock, started, due, None, parent.assumed, booking)

    def _following_due(
        self, rule: Rule, parent: Obligation, started: date | None, events: Sequence[Event]
    ) -> Due:
        if rule.trigger.between and parent.due and started:
            return self.dates.between(rule, started, parent.due.due)
        return self.due(Clock(rule, started), rule, events)

    def as_assumed(self, clock: Clock) -> Inferred:
        """Return a clock as it is taken to be, and what had to be inferred, if anything."""
        if self.strict:
            return Inferred(clock, None)
        if clock.start_assumed:
            return Inferred(clock, taken(clock, self.catalogue))
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
                raise NoDateError(self._not_owed(clock, found, begins, ends))
        return found

    def _not_owed(self, clock: Clock, found: Due, begins: date, ends: date) -> str:
        """Say why a date that falls in a time without the duty is no date."""
        span = self.catalogue.spans[clock.rule.stopped_while or ""]
        starts = {match.event for match in span.closed_by}
        after = [
            f"{rule.title.lower()} ({version.words()} of {match.event}; "
            f"{version.citations[0].instrument}, {version.citations[0].provision})"
            for rule in self.catalogue.rules.values()
            for match in rule.trigger.event
            if match.event in starts and (version := rule.in_force(ends))
        ]
        beside = f"; beside it: {' and '.join(after)}" if after else ""
        return (
            f"counted from {spoken_short(found.started)} it would be {spoken_short(found.due)}, "
            f"and a {span.title} went from {spoken_short(begins)} to {spoken_short(ends)}, in "
            "which the duty did not apply; no source says by when the next is due after that: "
            f"hold it and record it{beside}"
        )

    def refusal(self, clock: Clock, child: Child) -> str | None:
        """Say why a clock can have no date, or ``None`` where it can."""
        if child.nation and child.nation != self.catalogue.nation:
            return (
                f"the child is {child.nation}'s, and the rules in use are {self.catalogue.nation}'s"
            )
        if clock.start_assumed and self.strict:
            return f"{taken(clock, self.catalogue)} ({_STRICT})"
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
        return f"{inferred.assumed} ({_STRICT})"

    def _choice(self, rule: Rule, started: date) -> str:
        try:
            due = spoken_short(self.dates.of(rule, started).due)
        except NoDateError:
            due = "on a day that is not known"
        return f"{due} as the {rule.title.lower()}"


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
