"""Turn the cases of children into the duties that reports count."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from iro_cli.facts.model import Bookings, Child, Event
from iro_cli.facts.vocabulary import PLAN_REVIEWS
from iro_cli.figures.case import Case, EngineOf
from iro_cli.figures.duties import (
    INITIAL,
    NEVER_HELD,
    NOT_YET_DUE,
    OUTSTANDING,
    PLAN,
    Duty,
    Ledger,
    MeetingHeld,
    PlanState,
    Undated,
)
from iro_cli.figures.periods import Period
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Clocks
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import NoDateError
from iro_cli.obligations.listing import REFUSED, DueRow, DueRows, Met
from iro_cli.obligations.reasons import AfterGap, FirstOrLater

_ADJOURNED = "cla.review.adjourned"


class _Law(NamedTuple):
    """
    The law of one nation, as far as it is needed to judge events.

    Attributes:
        listing: Turns clocks into rows by this law.
        meetings: The events that are meetings, each with the process it belongs to.
    """

    listing: DueRows
    meetings: dict[str, str]

    def own(self, rule: Rule) -> Rule:
        """Return the rule whose clock a local rule shares, or the rule itself."""
        # The rule may be of a nation that the child left, and this law may not have it.
        return self.listing.catalogue.rules.get(rule.beside or "", rule)


class Gatherer:
    """
    Turn the cases of children into duties, one case at a time.

    Args:
        listing: Turns clocks into rows, on the day on which things are judged.
        engine_of: Returns the engine that runs the clocks of a child.
        bookings: The planned meetings.
        period: Duties due, and meetings held, outside this period are left out.
    """

    def __init__(
        self, listing: DueRows, engine_of: EngineOf, bookings: Bookings, period: Period
    ) -> None:
        """Keep what every case is judged by."""
        self.listing, self.engine_of, self.bookings = listing, engine_of, bookings
        self.as_of, self.period = listing.as_of, period
        self._laws: dict[str | None, _Law] = {}

    def over(self, period: Period) -> "Gatherer":
        """Return what gathers the same over another period."""
        return Gatherer(self.listing, self.engine_of, self.bookings, period)

    def _law(self, child: Child) -> _Law:
        found = self._laws.get(child.nation)
        if found is None:
            own = self.listing.of(child)
            found = _Law(own, _meetings(own.catalogue))
            self._laws[child.nation] = found
        return found

    def ledger(
        self,
        cases: Iterable[Case],
        plans_on: Iterable[date] = (),
        beside: Callable[[Case, Sequence[Met]], None] | None = None,
    ) -> Ledger:
        """
        Return the duties, meetings and plans of some cases, in order of date and child.

        Args:
            cases: The cases, with every detail of their events.
            plans_on: The days for which the open protection plans are wanted.
            beside: Called with each case and what was met in it.
        """
        found = Ledger([], [], [], {day: [] for day in plans_on})
        for case in cases:
            met = self.met(case)
            if beside:
                beside(case, met)
            found.duties.extend(self.duties(case, met))
            found.undated.extend(self.undated(case, met))
            found.meetings.extend(self.meetings(case))
            for day, plans in found.plans.items():
                plans.extend(self.plan_on(case, day))
        found.duties.sort(key=lambda one: (one.due, one.child, one.rule.id))
        found.meetings.sort(key=lambda one: (one.on, one.child, one.timescale))
        return found

    def met(self, case: Case) -> list[Met]:
        """Return what was met in one case."""
        own = self.listing.of(case.child)
        return list(own.met_rows(case.child.child_id, case.clocks.met, case.events))

    def duties(self, case: Case, every_met: Sequence[Met]) -> Iterator[Duty]:
        """Yield the duties of one case that fall due in the period, met or not."""
        # A duty belongs to the period in which it fell due, and not to that in which it was held.
        # So each duty is counted once, and what was never held is counted too.
        for met in every_met:
            if not self.period.has(met.due):
                continue
            yield self._duty(
                case,
                met.rule,
                (met.started, met.due, met.held),
                met.status,
                0 if met.without_meeting else met.days_late,
                provisional=met.provisional,
                assumed=met.assumed,
            )
        for clock in case.clocks.open:
            yield from self._waiting(case, clock, None)
        # A review that was overdue when the child left care would otherwise vanish.
        for clock in case.clocks.lapsed:
            yield from self._waiting(case, clock, clock.ended)

    def _waiting(self, case: Case, clock: Clock, ended: date | None) -> Iterator[Duty]:
        """Yield what is open, or was open when its process ended."""
        child = _under(clock, case.child)
        rules = self._law(child).listing.catalogue.rules
        for row, unsure_to in self._rows(child, clock, case):
            due = row.due
            # If the process ended on the due day or before it, the duty was no longer owed.
            if due is None or due > self.period.last or (ended and due >= ended):
                continue
            # Late by the sooner of two possible dates only: counted as not judged (see undated).
            if due < self._judged_on(clock) <= unsure_to:
                continue
            if ended and not self.period.has(due):
                continue
            late = ((ended or self.as_of) - due).days
            status = NEVER_HELD if ended else OUTSTANDING if late > 0 else NOT_YET_DUE
            yield self._duty(
                case,
                rules[row.timescale],
                (row.clock_started, due, None),
                status,
                max(0, late),
                provisional=row.provisional,
                assumed=row.assumed,
            )

    def _duty(
        self,
        case: Case,
        rule: Rule,
        days: tuple[date | None, date, date | None],
        status: str,
        late: int,
        *,
        provisional: bool,
        assumed: str | None = None,
    ) -> Duty:
        started, due, held = days
        return Duty(
            case.child.child_id,
            rule,
            started,
            due,
            held,
            status,
            late,
            # If it was late, the person who held the child when it fell due answers for it, and
            # not a successor.
            case.answering(rule.process, min(held or due, due), self.as_of),
            case.team,
            provisional,
            assumed,
            self._reason(case, self._law(case.child).own(rule), started, held) if late else None,
        )

    def _reason(
        self, case: Case, rule: Rule, started: date | None, held: date | None
    ) -> str | None:
        """Return what was written about a late meeting, an adjournment or a booking."""
        # First what was written about the meeting itself, then why it was adjourned, then why its
        # booking was moved, which explains the least.
        if held is not None:
            for one in case.events:
                if one.on == held and _meets(rule, one) and (one.reason or one.note):
                    return one.reason or one.note
        adjourned = [
            one.reason or one.note or ""
            for one in case.events
            if one.event == _ADJOURNED
            and one.event.startswith(f"{rule.process}.")
            and (started is None or one.on >= started)
            and (held is None or one.on <= held)
        ]
        if adjourned:
            return f"adjourned: {adjourned[-1]}" if adjourned[-1] else "adjourned"
        booking = self.bookings.get((case.child.child_id, rule.id, started))
        return getattr(booking, "reason", None)

    def undated(self, case: Case, every_met: Sequence[Met]) -> Iterator[Undated]:
        """
        Yield what cannot be judged: what is refused, and what was held but met no clock.

        If others may have been held before a known meeting, one of them may have been due, or
        late, even in a period that ends before that meeting.
        """
        child, law = case.child, self._law(case.child)
        for row in self.listing.open_rows(child, case.clocks.open, case.events):
            if row.status == REFUSED:
                iro = case.answering(row.process, self.as_of, self.as_of)
                yield Undated(child.child_id, row.process, row.timescale, iro, case.team, None)
        yield from filter(self._concerns, self._late_by_one_of_two(case))
        yield from filter(self._concerns, self._lapsed_in_silence(case))
        judged = {
            (met.held, match.event) for met in every_met for match in law.own(met.rule).met_by
        }
        unsure = self._unsure(case)
        for event in case.events:
            held, process = event.on, law.meetings.get(event.event)
            if not process or (held, event.event) in judged:
                continue
            first = unsure.get((held, event.event))
            iro = case.answering(process, held, self.as_of)
            one = Undated(
                child.child_id, process, event.event, iro, case.team, held, first, first and held
            )
            if self._concerns(one):
                yield one

    def _rows(self, child: Child, clock: Clock, case: Case) -> Iterator[tuple[DueRow, date]]:
        """
        Yield the rows of a clock, each with the last day on which it may still be in time.

        If the meeting before may have been the first or a later one, the list shows the sooner of
        two dates.  Between the two dates nobody can say whether the next meeting is late.
        """
        for one in self.listing.opened(child, [clock], case.events):
            others = (
                choice.due
                for why in one.assumed or ()
                if isinstance(why, AfterGap | FirstOrLater)
                for choice in why.otherwise
            )
            unsure_to = max((due for due in others if due), default=date.min)
            yield self.listing.row(child, one), unsure_to

    def _judged_on(self, clock: Clock) -> date:
        """Return the last day up to which it is known that nothing met a clock."""
        until, silence = clock.ended or self.as_of, clock.silence
        if silence is None or silence.only_ends or silence.first is None:
            return until
        return min(until, silence.first)

    def _late_by_one_of_two(self, case: Case) -> Iterator[Undated]:
        """Yield what is late by the sooner of two possible dates, but not by the later."""
        for clock in (*case.clocks.open, *case.clocks.lapsed):
            judged_on = self._judged_on(clock)
            for row, unsure_to in self._rows(_under(clock, case.child), clock, case):
                if row.due and row.due < judged_on <= unsure_to:
                    iro = case.answering(row.process, row.due, self.as_of)
                    yield Undated(
                        row.child, row.process, row.timescale, iro, case.team, None,
                        row.due, judged_on,
                    )  # fmt: skip

    def _concerns(self, one: Undated) -> bool:
        return one.concerns(self.period.first, self.period.last)

    def _lapsed_in_silence(self, case: Case) -> Iterator[Undated]:
        """Yield what ended without being met, as far as is known, but may have been met."""
        for clock in case.clocks.lapsed:
            if clock.silence is None or clock.ended is None:
                continue
            child = _under(clock, case.child)
            for row in self.listing.open_rows(child, [clock], case.events):
                if row.due is None and row.timescale == clock.rule.id:
                    iro = case.answering(row.process, clock.ended, self.as_of)
                    yield Undated(
                        row.child, row.process, row.timescale, iro, case.team, None,
                        clock.started, clock.ended,
                    )  # fmt: skip

    def _unsure(self, case: Case) -> dict[tuple[date, str], date]:
        """
        Return the meetings before which others may have been held, by day and event.

        Each has the first day on which it, or one of the others, can have been due.
        """
        found: dict[tuple[date, str], date] = {}
        own = self.listing.of(case.child)
        for clock in case.clocks.met:
            if not clock.candidates or clock.held is None or clock.started is None:
                continue
            try:
                law = own.of_nation(clock.nation) if clock.nation else own
                due = min(law.due(clock, one, case.events).due for one in clock.candidates)
            except NoDateError:
                continue
            for match in clock.rule.met_by:
                key = (clock.held, match.event)
                found[key] = min(due, found.get(key, due))
        return found

    def meetings(self, case: Case) -> Iterator[MeetingHeld]:
        """Yield the reviews and conferences of one case that were held in the period."""
        held = {**self._law(case.child).meetings, INITIAL: "cp"}
        for one in case.events:
            process = held.get(one.event)
            if process and self.period.has(one.on):
                yield MeetingHeld(
                    case.child.child_id,
                    process,
                    one.event,
                    case.answering(process, one.on, self.as_of),
                    case.team,
                    one.on,
                    one.participation,
                )

    def plan_on(self, case: Case, day: date) -> Iterator[PlanState]:
        """Yield the protection plan that was open on a day, if one was."""
        child, events = case.child, [one for one in case.events if one.on <= day]
        if not any(one.event.startswith("cp.") for one in events):
            return
        # The plan is judged as it stood on the day; what came later only shows what was unknown.
        later = [*case.events[len(events) :], *case.later]
        work = self.engine_of(child)
        none_held = case.none_held
        silences = [*case.silences, *work.before_latest(events, later, none_held)]
        clocks = work.run(
            events, as_of=day, born=child.date_of_birth, silences=silences, none_held=none_held
        )
        if PLAN not in clocks.spans:
            return
        started = clocks.spans[PLAN]
        due, in_time = self._plan_reviews(child, clocks, events, started, day)
        yield PlanState(
            child.child_id,
            "cp",
            PLAN,
            case.answering("cp", day, self.as_of),
            case.team,
            started,
            counts=due is None or due <= day,
            reviewed=None if due is None else in_time,
        )

    def _plan_reviews(
        self,
        child: Child,
        clocks: Clocks,
        events: Sequence[Event],
        started: date | None,
        day: date,
    ) -> tuple[date | None, bool]:
        """Return when a plan's first review was due, and whether none of its reviews was late."""
        due, in_time = None, True
        for met in self.listing.of(child).met_rows(child.child_id, clocks.met, events):
            # An earlier plan's reviews do not count for this one.
            if met.rule.id in PLAN_REVIEWS and started and met.started >= started:
                in_time = in_time and not met.days_late
                if met.rule.id == PLAN_REVIEWS[0] and met.started == started:
                    due = met.due
        for row in self.listing.open_rows(child, clocks.open, events):
            if row.timescale in PLAN_REVIEWS and row.due:
                in_time = in_time and row.due >= day
                if row.timescale == PLAN_REVIEWS[0] and row.clock_started == started:
                    due = row.due
        return due, in_time


def _under(clock: Clock, child: Child) -> Child:
    """Return a child with the nation by whose law a clock ran."""
    return child if clock.nation is None else child._replace(nation=clock.nation)


def _meetings(catalogue: Catalogue) -> dict[str, str]:
    """Return the events that are meetings, each with the process it belongs to."""
    found: dict[str, str] = {}
    for rule in catalogue.rules.values():
        if rule.span and rule.watched == "yes" and not rule.beside:
            for match in rule.met_by:
                if match.event.startswith(f"{rule.process}."):
                    found.setdefault(match.event, rule.process)
    return found


def _meets(rule: Rule, event: Event) -> bool:
    return any(match.means(event) for match in rule.met_by)
