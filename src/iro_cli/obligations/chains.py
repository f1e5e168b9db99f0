"""
How the events of one child move its clocks along their chains.

A case is the fold of its events.  Nothing here counts a day: a clock says
which rule runs, from when, and whether a meeting met it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from operator import eq, itemgetter

from iro_cli.dates.months import add_months, birthday
from iro_cli.facts.model import Event
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Match, Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.clocks import (
    NOT_RUNNING,
    OPENS_AGAIN,
    RESTS_AGAIN,
    STARTS_AGAIN,
    STARTS_ANEW,
    STARTS_ANOTHER,
    STARTS_WITHIN,
    Anomaly,
    CaseState,
    Clock,
    Effects,
    Wiring,
)
from iro_cli.obligations.silences import (
    LATEST_ONLY,
    SAME_BEGINNING,
    Latest,
    Silence,
    Unknown,
    before_latest,
    is_repeat,
)

_NAME, _DAY = itemgetter(0), itemgetter(1)
_NAME_AND_DAY = itemgetter(0, 1)
_COMPLETED = itemgetter(Event._fields.index("completed_on"))
_REFERENCE = itemgetter(Event._fields.index("reference"))
# How many orders of events are remembered: children with little in common fill no more memory.
_REMEMBERED = 16384


# A day as a reference names it: every meeting is asked for its own, by each rule of its records.
_text_of = lru_cache(1 << 14)(date.isoformat)


def without_repeats(events: Sequence[Event], latest: Mapping[str, Latest]) -> list[Event]:
    """Leave out a latest meeting that is one of those known, a few days apart or none."""
    kept: list[Event] = []
    for event in events:
        what = latest.get(event.event)
        if what is None:
            kept.append(event)
            continue
        # An extract names the latest review, and somebody recorded the same review by its day,
        # perhaps a day or two off.  Counted twice it would move the chain on by one too many.
        known = [one.on for one in events if one.event in what.others]
        known += [one.on for one in kept if one.event == event.event]
        begun = [one.on for one in events if one.event in what.begins]
        if not is_repeat(event, known, begun):
            kept.append(event)
    return kept


def in_order(wiring: Wiring, state: CaseState, events: Sequence[Event]) -> Sequence[Event]:
    """
    Put the events of one day in the order in which they can have happened.

    Args:
        wiring: What each kind of event does.
        state: Where the case stands before the day; told of a meeting that is there
            twice, which is left out once.
        events: Those of the day, in any order.
    """
    effects_of = wiring.events
    closing, resting = _begun_again(wiring, state, events)
    later = _started_later(wiring, state, events, closing)

    def rank(event: Event) -> int:
        effects = effects_of[event[0]]
        for span, _ in effects.opens if closing else ():
            # What begins again comes after what ended that day; what needs it, after both.
            if span in closing:
                return OPENS_AGAIN
            if span in resting:
                return RESTS_AGAIN
        return later.get(event[0], effects.rank)

    if len({event[0] for event in events}) == len(events):
        return sorted(events, key=lambda one: (rank(one), one[0]))
    ordered: list[Event] = []
    for event in sorted(events, key=lambda one: (rank(one), one[0], *map(str, one[2:]))):
        meets = effects_of[event.event].meets
        # Nobody holds two reviews of a child on one day: the second row is the first again.
        if meets and any(one.event == event.event for one in ordered):
            state.report("twice-in-a-day", event)
        else:
            ordered.append(event)
    return ordered


def _begun_again(
    wiring: Wiring, state: CaseState, events: Sequence[Event]
) -> tuple[set[int], set[int]]:
    """
    Return the spans that end on a day, and those that rest on what begins again on it.

    Care that ends and begins on one day: what was open before the day ended first, and what
    rests on care begins once that has begun again.
    """
    effects_of = wiring.events
    closing: set[int] = set()
    for event in events:
        effects = effects_of[event[0]]
        if effects.closes and not effects.opens:
            ends = {span for span, match in effects.closes if match is None or match.means(event)}
            if any(state.opened[span] for span in ends):
                closing |= ends
    resting: set[int] = set()
    for event in events if closing else ():
        for span, _ in effects_of[event[0]].opens:
            if span in closing:
                resting.update(wiring.resting_on[span])
    return closing, resting


def _started_later(
    wiring: Wiring, state: CaseState, events: Sequence[Event], closing: Collection[int]
) -> Mapping[str, int]:
    """
    Return the events of a day that start a clock later in it than others do, and where.

    A strategy discussion on the day on which the conference of an earlier one is held is not
    met by that conference, and no remand ends with the one before it: what was open before the
    day ends first.  An early review that is called for on the day on which care begins is one
    of that care, and a placement on the day on which care ends and begins again is in the
    care that begins.
    """
    found: dict[str, int] = {}
    names, movers = {*map(_NAME, events)}, wiring.movers
    # On most days nothing stands in another's way, and every child has such days.
    moved = {one for one in names if one in movers and not movers[one].isdisjoint(names)}
    if not moved:
        return found
    ending = [one for one in events if one[0] in wiring.ending]
    opening = wiring.opened_by(events)
    again = wiring.stopped_with(opening.intersection(closing))
    for name in sorted(moved):
        for chain, _ in wiring.events[name].starts:
            root, span = wiring.chains[chain].root, wiring.spans_of[chain]
            if span in opening and not state.opened[span]:
                found.setdefault(name, STARTS_WITHIN)
            elif chain in again:
                found[name] = STARTS_AGAIN
                break
            # Of a clock that the first event starts, another starts once that is met.
            waits = root.trigger.pick == "first" and state.position[chain] >= 0
            if waits and any(_would_meet(wiring, state, chain, one) for one in ending):
                found[name] = STARTS_ANEW
            elif name not in found and any(
                _ends_earlier(wiring, state, chain, one) for one in ending
            ):
                found[name] = STARTS_ANOTHER
    return found


def _would_meet(wiring: Wiring, state: CaseState, chain: int, event: Event) -> bool:
    """Say whether an event meets the clock that a chain has before the event's day."""
    names = wiring.span_names
    return any(
        match is None
        or (
            (match.detail is None or match.means(event))
            and (match.while_open is None or state.opened[names[match.while_open]] is not None)
        )
        for place, match, counts in wiring.events[event[0]].meets
        if place == chain and counts
    )


def _ends_earlier(wiring: Wiring, state: CaseState, chain: int, event: Event) -> bool:
    """Say whether an event only stops a chain, and what it stops began before the event's day."""
    begins, stops = wiring.turns[chain]
    if event[0] not in stops or wiring.events[event[0]].meets:
        return False
    before = [one[0] for one in state.events if one[1] < event[1]]
    last = next((one for one in reversed(before) if one in begins or one in stops), None)
    return last in begins


class Clocks(NamedTuple):
    """
    The clocks of one child.

    Attributes:
        open: Those that run.
        met: Those that were met.
        spans: The spans that are open, with their first day; ``None`` where it is not known.
        lapsed: Those that something else ended, unmet: the end of a process, or what
            suspends it.
    """

    open: list[Clock]
    met: list[Clock]
    spans: dict[str, date | None]
    lapsed: Sequence[Clock] = ()


def _but(
    times: Mapping[int, tuple[tuple[date, date], ...]], *chains: int
) -> dict[int, tuple[tuple[date, date], ...]]:
    """Return the times of all chains but some."""
    return {chain: found for chain, found in times.items() if chain not in chains}


class _Alike(NamedTuple):
    """
    An open clock that all children have whose events came in one order.

    Attributes:
        rule: As of :class:`Clock`.
        started: Which of the days it starts from, by its place; ``None`` where not known.
        candidates: As of :class:`Clock`.
        since: On which of the days its span began, where only the latest meeting is known.
        start_assumed: As of :class:`Clock`.
    """

    rule: Rule
    started: int | None
    candidates: tuple[Rule, ...]
    since: int | None
    start_assumed: bool


# What does not fit: in which way, the place of the event, and the span it is about.
_Unfit = tuple[str, int, str | None]
# The effects that ask for a step, and the step.
_EffectStep = tuple[str, Callable[["Engine", CaseState, Effects, Event], bool]]


class Engine:
    """
    Runs the clocks of a catalogue over one child's events at a time.

    Attributes:
        named: The kinds of event that the rules wanted depend on.
        details: The details of events that they depend on.
        telling: The kinds of event that, later than the day that is asked about, tell that
            something of the days before is not known.

    Args:
        catalogue: The rules.
        wanted: The ids of the rules whose clocks are asked for; the others
            cost nothing.  All of them by default.
    """

    def __init__(self, catalogue: Catalogue, wanted: frozenset[str] | None = None) -> None:
        """Work out what each kind of event does."""
        wiring = self._wiring = Wiring.of(catalogue, wanted)
        self.age = catalogue.childhood_ends_at_age
        self.nation = catalogue.nation
        self._from_completion = catalogue.next_from_completion
        self.spans, self.chains = wiring.spans, wiring.chains
        self._roots = [chain.root for chain in wiring.chains]
        self.spans_by_name = {span.id: span for span in wiring.spans}
        self.named, self.details = wiring.named, wiring.details
        self.telling = frozenset(wiring.latest).union(
            *(one.others | one.begins for one in wiring.latest.values())
        )
        # Events that ask for more than to be taken one after another.
        fatal = {name for name, effects in wiring.events.items() if effects.ends_case}
        self._particular = frozenset(wiring.latest) | fatal
        places = map(Event._fields.index, sorted(wiring.details))
        self._told = itemgetter(0, *places)
        # The same without the reference, where it only matters whether there is one, or which day
        # it names: that depends on the other days.
        places = map(Event._fields.index, sorted(wiring.details - {"reference"} | wiring.compared))
        self._told_but_days = itemgetter(0, *places)
        self._alike: dict[tuple[object, ...], list[_Alike]] = {}
        self._shared: dict[tuple[str, date | None], Clock] = {}
        self._unfit: dict[tuple[object, ...], list[_Unfit]] = {}
        if not wiring.stepped:
            self._note_steps()

    def _note_steps(self) -> None:
        """Note the steps of each event, which are the same for whoever asks of these rules."""
        for effects in self._wiring.events.values():
            effects.steps = [step for name, step in self._STEPS if getattr(effects, name)]
            if effects.pairs or effects.closes or effects.ends_case:
                after = self._STEPS_AFTER
                effects.steps_after = [step for name, step in after if getattr(effects, name)]
        self._wiring.stepped = True

    def run(
        self,
        events: Sequence[Event],
        *,
        as_of: date,
        born: date | None = None,
        anomaly: Anomaly | None = None,
        keep_met: bool = True,
        silences: Sequence[Silence] = (),
        none_held: Mapping[tuple[str, date], date] | None = None,
    ) -> Clocks:
        """
        Run the clocks over one child's events.

        Args:
            events: In order of date; the order within a day does not matter.
            as_of: The day the question is asked about; later events must have
                been left out.
            born: The child's date of birth; the birthday on which childhood
                ends stops every clock but those that outlive it.
            anomaly: Called with a kind, an event and a span for whatever does
                not fit.
            keep_met: Whether more than the open clocks is asked for.
            silences: Of which days it is not known what happened.
            none_held: The last day to which it is known that none was held before a latest
                meeting, by its kind and day.

        Returns:
            The clocks that are open and, where asked for, those that were met or
            lapsed and the open spans.
        """
        brief = not (keep_met or silences or none_held or anomaly)
        if brief and (born is None or self.grown(born, as_of) is None):
            return Clocks(self._open_as_others(events, as_of), [], {})
        state = self._state_after(
            events,
            as_of=as_of,
            born=born,
            anomaly=anomaly,
            keep_met=keep_met,
            silences=silences,
            none_held=none_held or {},
        )
        if not keep_met:
            return Clocks(self._open(state), [], {})
        # A clock that no child of that age has cannot have been met; an open one is not shown.
        met = [one for one in state.met if one.rule.applies_to(born, one.started)]
        lapsed = [one for one in state.lapsed if one.rule.applies_to(born, one.started)]
        return Clocks(self._open(state), met, self._open_spans_of(state), lapsed)

    def _open_as_others(self, events: Sequence[Event], as_of: date) -> list[Clock]:
        """
        Return the clocks that run, as they run for others whose events came in the same order.

        Where it does not matter to any event how long after another it happened, which clocks
        run follows from the order alone, and each starts on the day of one of the events.  A
        country has a hundred thousand children, and a few thousand orders.

        Args:
            events: In order of date, of a child who has not grown up.
            as_of: The day the question is asked about.
        """
        order, days = self._order(events, as_of)
        alike = self._alike.get(order)
        if alike is not None:
            return [self._clock_alike(one, days) for one in alike]
        found = self._open(
            self._state_after(events, as_of=as_of, born=None, anomaly=None, keep_met=False)
        )
        wiring = self._wiring
        timely = wiring.timely | wiring.resumed if any(map(_COMPLETED, events)) else wiring.timely
        if not (
            len(self._alike) == _REMEMBERED
            or any(one.stood_still for one in found)
            or any(event[0] in timely for event in events)
            # Which of two on one day is the one that counts, their other details decide.
            or len(set(map(_NAME_AND_DAY, events))) < len(events)
        ):
            place = days.index
            self._alike[order] = [
                _Alike(
                    one.rule,
                    None if one.started is None else place(one.started),
                    one.candidates,
                    None if one.since is None else place(one.since),
                    one.start_assumed,
                )
                for one in found
            ]
        return found

    def _clock_alike(self, alike: _Alike, days: Sequence[date | None]) -> Clock:
        """Return a clock of one child; children whose clocks are the same share one."""
        rule, place, candidates, since_place, start_assumed = alike
        started = None if place is None else days[place]
        if candidates or start_assumed:
            since = None if since_place is None else days[since_place]
            return Clock(rule, started, None, candidates, "", since, start_assumed)
        clock = self._shared.get((rule.id, started))
        if clock is None:
            clock = self._shared[rule.id, started] = Clock(rule, started)
        return clock

    def _order(
        self, events: Sequence[Event], as_of: date
    ) -> tuple[tuple[object, ...], Sequence[date | None]]:
        """Return the order in which events came, and the days on which a clock may start."""
        days: list[date | None] = [*map(_DAY, events)]
        order = tuple(map(self._told, events))
        completed = any(map(_COMPLETED, events))
        if completed or len(set(days)) < len(days):
            if completed:
                days += [
                    one if one is None or one <= as_of else None for one in map(_COMPLETED, events)
                ]
            # Which days are the same is part of the order.
            order += tuple([-1 if one is None else days.index(one) for one in days])
        return order, days

    def spans_after(
        self,
        events: Sequence[Event],
        *,
        as_of: date,
        born: date | None = None,
        anomaly: Anomaly | None = None,
    ) -> dict[str, date | None]:
        """
        Return the spans that are open as :attr:`Clocks.spans` has them, without the clocks.

        Args:
            events: As of :meth:`run`.
            as_of: As of :meth:`run`.
            born: As of :meth:`run`.
            anomaly: As of :meth:`run`.
        """
        return self._open_spans_of(
            self._state_after(events, as_of=as_of, born=born, anomaly=anomaly, keep_met=False)
        )

    def report(self, events: Sequence[Event], *, as_of: date, anomaly: Anomaly) -> None:
        """
        Report whatever does not fit in the events of a child who has not grown up.

        Most children have events that came in the order of another's.  Where the days between do
        not matter, it is not worked out again what fits in it.

        Args:
            events: As of :meth:`run`.
            as_of: As of :meth:`run`.
            anomaly: As of :meth:`run`.
        """
        for part in self._wiring.apart(events):
            self._report(part, as_of, anomaly)

    def _report(self, events: Sequence[Event], as_of: date, anomaly: Anomaly) -> None:
        """Report whatever does not fit in one part of a child's events, as of :meth:`report`."""
        days: list[date] = [*map(_DAY, events)]
        order: tuple[object, ...] = tuple(map(self._told_but_days, events))
        if any(map(_COMPLETED, events)) or any(map(_REFERENCE, events)):
            order += self._days_named(events, as_of)
        else:
            # What lies on one day is part of the order.
            order += tuple(map(eq, days, days[1:]))
        known = self._unfit.get(order)
        if known is None:
            known = self._unfit_of(events, as_of)
            if not (
                any(event[0] in self._wiring.dated for event in events)
                # Of two on one day their other details decide which is taken first.
                or len(set(map(_NAME_AND_DAY, events))) < len(events)
            ):
                if len(self._unfit) == _REMEMBERED:
                    self._unfit.clear()  # the orders that many children have soon come again
                self._unfit[order] = known
        for kind, place, span in known:
            anomaly(kind, events[place], span)

    def _unfit_of(self, events: Sequence[Event], as_of: date) -> list[_Unfit]:
        """Return what does not fit in one part of a child's events, each with its place there."""
        found: list[_Unfit] = []

        def note(kind: str, event: Event, span: str | None) -> None:
            found.append((kind, events.index(event), span))

        self._state_after(events, as_of=as_of, born=None, anomaly=note, keep_met=False)
        return found

    @staticmethod
    def _days_named(events: Sequence[Event], as_of: date) -> tuple[object, ...]:
        """Return the order of the days: of events, of what they complete and of what they name."""
        known = {one for one in map(_COMPLETED, events) if one is not None and one <= as_of}
        place = {on: number for number, on in enumerate(sorted(known.union(map(_DAY, events))))}
        named: dict[str | None, int] = {_text_of(on): number for on, number in place.items()}
        return (
            *(place[event.on] for event in events),
            *(place.get(event.completed_on, event.completed_on and -1) for event in events),
            *(named.get(event.reference, -1) if event.reference else None for event in events),
        )

    def _state_after(
        self,
        events: Sequence[Event],
        *,
        as_of: date,
        born: date | None,
        anomaly: Anomaly | None,
        keep_met: bool,
        silences: Sequence[Silence] = (),
        none_held: Mapping[tuple[str, date], date] | None = None,
    ) -> CaseState:
        """Apply one child's events, and return where the case stands then."""
        wiring = self._wiring
        effects_of = wiring.events
        kinds = set(map(_NAME, events))
        if not kinds <= effects_of.keys():
            events = [event for event in events if event[0] in effects_of]
        plain = self._particular.isdisjoint(kinds)
        # Before anything runs: a latest meeting that is known already must not move a clock.
        if not plain:
            events = without_repeats(events, wiring.latest)
        state = CaseState(wiring, events, as_of, anomaly, keep_met=keep_met)
        state.silences = silences
        state.none_held = none_held or {}
        grown = self.grown(born, as_of) if born else None
        if plain and grown is None and len(set(map(_DAY, events))) == len(events):
            for event in events:
                self._apply(state, effects_of[event[0]], event)
        else:
            self._run_days(state, events, grown)
        return state

    def _open_spans_of(self, state: CaseState) -> dict[str, date | None]:
        return {
            self.spans[index].id: None if index in state.start_unknown else on
            for index, on in enumerate(state.opened)
            if on
        }

    def before_latest(
        self,
        events: Sequence[Event],
        later: Collection[Event],
        none_held: Mapping[tuple[str, date], date] | None = None,
    ) -> Sequence[Silence]:
        """
        Return what is not known because only a later meeting is, the latest when it was told.

        Args:
            events: The child's, up to the day that is asked about.
            later: Those after it.
            none_held: As of :meth:`run`.
        """
        if not later:
            return ()
        return before_latest(self._wiring.latest, events, later, none_held or {})

    def beginnings(self, silent: Collection[str]) -> frozenset[str]:
        """Return the events that begin what some unknown events could have moved."""
        return self._wiring.beginnings(silent)

    def grown(self, born: date, as_of: date) -> date | None:
        """Return the day on which childhood ended, or ``None`` where it has not by then."""
        if not self.age or born.year + self.age > as_of.year:
            return None
        grown = birthday(born, self.age)
        return grown if grown <= as_of else None

    def _run_days(self, state: CaseState, events: Sequence[Event], grown: date | None) -> None:
        """Apply events day by day, putting those of one day in order."""
        effects_of = self._wiring.events
        adult = False
        for on, of_day in groupby(events, _DAY):
            day: Sequence[Event] = list(of_day)
            # The birthday comes before the events of that day: a review held on it is no longer
            # one of a child (Children Act 1989 s. 105(1)).
            if grown is not None and on >= grown and not adult:
                adult = True
                self._end_childhood(state, grown)
            for event in in_order(self._wiring, state, day) if len(day) > 1 else day:
                effects = effects_of[event[0]]
                if state.died_on:
                    self._apply_after_death(state, effects, event)
                elif adult:
                    self._apply_after_childhood(state, effects, event)
                else:
                    self._apply(state, effects, event)
        if grown is not None and not adult:
            self._end_childhood(state, grown)

    def _apply(self, state: CaseState, effects: Effects, event: Event) -> None:
        """Take the steps that an event has, and report one that changed nothing."""
        state.opening = -1
        used = False
        for step in effects.steps:
            used = step(self, state, effects, event) or used
        if not used and state.anomaly:
            self._explain_unused(state, effects, event)

    def _apply_after_childhood(self, state: CaseState, effects: Effects, event: Event) -> None:
        """Apply an event after childhood: it ends what is open, and meets what outlives it."""
        used = False
        for step in effects.steps_after:
            used = step(self, state, effects, event) or used
        only_stops = effects.stops and not (
            effects.meets or effects.pairs or effects.starts or effects.closes
        )
        if not (used or only_stops):
            state.report("after-childhood", event)

    @staticmethod
    def _apply_after_death(state: CaseState, effects: Effects, event: Event) -> None:
        """Report what cannot have happened after a death; an end or a record may be dated later."""
        begins = effects.opens or effects.starts or effects.takes or effects.continues
        if effects.meets or begins or effects.ends_case:
            state.report("after-death", event)

    def _is(self, match: Match, event: Event, state: CaseState) -> bool:
        """Say whether a match means an event, looking at what is open at the time."""
        if match.while_open is not None:
            span = self._wiring.span_names[match.while_open]
            if state.opened[span] is None:
                return False
        return match.detail is None or match.means(event)

    # ------------------------------------------------------------ the steps

    def _hold_meeting(self, state: CaseState, effects: Effects, event: Event) -> bool:
        """
        Meet the clocks that run, and open what must have been open.

        Which clock a meeting met is settled before it says that a span was open: in a
        span that it opens it is one of the meetings, and no clock was known to run.
        """
        used = False
        for chain, match, counts in effects.meets:
            # A review meets whichever of the first, second and later ones is open: by law they
            # are told apart by their place in the chain, and an extract seldom says which it was.
            if state.position[chain] >= 0 and (match is None or self._is(match, event, state)):
                used = self._meet(state, chain, event, match, counts=counts) or used
        for span, match in effects.implies:
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                used = self._imply(state, span, effects, event) or used
        return used

    def _meet_parallel(self, state: CaseState, effects: Effects, event: Event) -> bool:
        used = False
        for chain, match in effects.pairs:
            if match is None or self._is(match, event, state):
                used = self._pair(state, chain, event) or used
        return used

    def _stop_chains(self, state: CaseState, effects: Effects, event: Event) -> bool:
        used = False
        for chain, match in effects.stops:
            if state.position[chain] >= 0 and (match is None or self._is(match, event, state)):
                used = True
                # A second placement on the day of the first takes its place: the first was
                # never owed a visit on any day.
                if state.started[chain] != event.on:
                    self._lapse(state, chain, event.on)
                state.position[chain] = NOT_RUNNING
        return used

    def _close_spans(self, state: CaseState, effects: Effects, event: Event) -> bool:
        used = False
        for span, match in effects.closes:
            if state.opened[span] and (match is None or self._is(match, event, state)):
                used = True
                self._close(state, span, event)
        return used

    def _open_spans(self, state: CaseState, effects: Effects, event: Event) -> bool:
        used = False
        for span, match in effects.opens:
            if match is None or self._is(match, event, state):
                used = True
                if (
                    not state.opened[span]
                    or span in state.start_assumed
                    or self._ended_in_silence(state, span, event)
                ):
                    self._open_span(state, span, event.on)
                elif span in state.start_unknown:
                    state.report("known-after-all", event, self.spans[span].id)
                    self._end_resting(state, span, event)
                    self._open_span(state, span, event.on)
                else:
                    # The earlier start stands: its clocks are the sooner ones.
                    state.report("already-open", event, self.spans[span].id)
        return used

    def _assume_starts(self, state: CaseState, effects: Effects, event: Event) -> bool:
        for span, match in effects.takes:
            opened = state.opened[span]
            if opened and event.on - opened > SAME_BEGINNING:
                self._ended_in_silence(state, span, event)
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                self._open_span(state, span, event.on)
                state.start_assumed |= {span}
        return True

    def _continue_spans(self, state: CaseState, effects: Effects, event: Event) -> bool:
        for span, match in effects.continues:
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                self._continue(state, span, event.on)
                state.report("start-unknown", event, self.spans[span].id)
        return True

    def _start_chains(self, state: CaseState, effects: Effects, event: Event) -> bool:
        used = False
        for chain, match in effects.starts:
            if match is None or self._is(match, event, state):
                self._start(state, chain, effects, event)
                running = state.position[chain] >= 0 and state.started[chain] == event.on
                used = used or running
        return used

    def _end_case(self, state: CaseState, effects: Effects, event: Event) -> bool:
        """End everything with the child's life, even what outlives a process."""
        del effects
        for chain in range(len(self.chains)):
            self._lapse(state, chain, event.on)
            state.position[chain] = NOT_RUNNING
        for span in range(len(self.spans)):
            state.opened[span] = None
        state.parallel = {}
        state.died_on = event.on
        return True

    # In which order an event does what it does.  Each step has the effects that ask for it.
    _STEPS: tuple[_EffectStep, ...] = (
        # A meeting is judged by the clock that ran before it, whatever else it does: the
        # conference that ends a plan is the last review of that plan.
        ("is_held", _hold_meeting),
        # A record is of a meeting held before it.  Its clock belongs to no span, so what
        # the event ends does not matter to it.
        ("pairs", _meet_parallel),
        # What ends comes before what begins: a placement for adoption ends the authority's
        # own reviews and starts those of the placement (AAR 2005 reg. 36(1) and (3)).
        ("stops", _stop_chains),
        ("closes", _close_spans),
        ("opens", _open_spans),
        # What an event is taken for gives way to what it is.
        ("takes", _assume_starts),
        ("continues", _continue_spans),
        # Last, since a clock that belongs to a span starts only if that is open by now.
        ("starts", _start_chains),
        ("ends_case", _end_case),
    )
    # After childhood nothing new begins: "child" means a person under the age of eighteen
    # (Children Act 1989 s. 105(1)).  What outlives it can be met, and what is open ends.
    _STEPS_AFTER: tuple[_EffectStep, ...] = (
        ("pairs", _meet_parallel),
        ("closes", _close_spans),
        ("ends_case", _end_case),
    )

    # ------------------------------------------------------------ what they do to a chain

    def _stands_still(self, state: CaseState, chain: int) -> bool:
        """Say whether a chain's clock stands still, another span being open."""
        span = self._wiring.stopping[chain]
        return span is not None and state.opened[span] is not None

    # Whole because it runs for every meeting of every child, thousands of times a command, and
    # each step passes the same state on to the next: parts would cost calls and save no thought.
    def _meet(
        self, state: CaseState, chain: int, event: Event, match: Match | None, *, counts: bool
    ) -> bool:
        """
        Meet a chain's clock and start the next.

        While the chain stands still the meeting only moves it on, and so does one
        that counts only then.  Two meetings on one day are one.

        Args:
            state: Where the case stands.
            chain: The chain, by its place.
            event: The meeting.
            match: What the event's name does not say by itself, or ``None``.
            counts: Whether it is one of those that the duty asks for.
        """
        wiring, on = self._wiring, event.on
        stop = wiring.stopping[chain]
        still = stop is not None and state.opened[stop] is not None
        if not (counts or still):
            return False
        # Two meetings on one day are one: the second would meet the clock that the first started.
        if state.met_on[chain] == on:
            return True
        if wiring.after_start[chain] and state.started[chain] == on:
            # The meeting on the day on which the clock starts is the one that started it: no
            # adjourned meeting resumes itself.  A series of meetings does when it is complete.
            complete = event.completed_on
            if complete is None or not on < complete <= state.as_of:
                return False
            on = complete
        gap = self._gap(state, chain, on) if state.silences else None
        latest = gap is not None or (match is not None and match.latest)
        if state.keep_met:
            if not still:
                self._note_met(state, chain, on, match, others_before=latest)
            elif match is not None and match.latest:
                self._leave_lapsed_open(state, chain, match, on)
        state.met_on[chain] = on
        # After a disruption the review is held between 28 and 42 days (adoption guidance 5.35):
        # one held before that is noted, and the one that is owed stays open.
        if wiring.windows[chain] and self._too_early(state, chain, on):
            return True
        # The next clock starts; after a latest meeting the chain may stand further on.
        at, last = state.position[chain], wiring.last[chain]
        if latest and at + 1 < last:
            state.unsure |= {chain}
            state.gaps.pop(chain, None)
            if gap is not None:
                state.gaps[chain] = gap
        elif state.unsure:
            state.unsure -= {chain}
        # First, second, then every later one from the one before it (reg. 33(2) counts from the
        # review that was held, and not from the day on which it was due).
        if at < last:
            state.position[chain] = at + 1
        elif not wiring.repeats[chain]:
            state.position[chain] = NOT_RUNNING
        state.started[chain] = on
        complete = event.completed_on
        if complete is not None and complete <= state.as_of:
            # A review in several meetings "takes place" when it is complete, where the pack says
            # so; no authority was found for either day, and the first is the earlier and safer.
            state.series = event
            if self._from_completion:
                state.started[chain] = complete
        state.again.pop(chain, None)
        if state.stood_still:
            state.stood_still = _but(state.stood_still, chain)
        return True

    def _note_met(
        self, state: CaseState, chain: int, on: date, match: Match | None, *, others_before: bool
    ) -> None:
        """Note that a clock was met, unless nothing can be said of when it was due."""
        span, at = self._wiring.spans_of[chain], state.position[chain]
        in_between = at < self._wiring.last[chain]
        started = state.started[chain]
        unknown = span is not None and span in state.start_unknown and in_between
        if started is None or unknown:
            return
        rules = self.chains[chain].rules
        candidates = rules[at:] if chain in state.unsure and in_between else ()
        none_to = None
        if others_before:  # others may lie between: late is sure only where none was held by then
            if match is not None and not candidates:
                none_to = state.none_held.get((match.event, on))
            candidates = rules[at : at + 1]
        state.met.append(
            Clock(
                rules[at],
                started,
                on,
                candidates,
                stood_still=state.stood_still.get(chain, ()),
                without_meeting=match is not None and not match.held,
                none_to=none_to,
            )
        )

    def _leave_lapsed_open(self, state: CaseState, chain: int, match: Match, on: date) -> None:
        """
        Note that what a chain's standing still ended may have been met before it did.

        Of a child who is placed for adoption an extract gives the latest review, which is one of
        the placement: those of the care before it are not told.
        """
        stop, last = self._wiring.stopping[chain], on - timedelta(days=1)
        stopped = None if stop is None else state.opened[stop]
        none_to = state.none_held.get((match.event, on))
        kinds = self._wiring.latest[match.event].others | {match.event}
        why = Unknown(LATEST_ONLY, date.min, last)
        first = none_to and none_to + timedelta(days=1)
        silence = Silence(kinds, first, last, (why,), asked_on=stopped)
        rules = self.chains[chain].rules
        state.lapsed = [
            one._replace(silence=silence)
            if one.rule in rules and one.ended == stopped and one.silence is None
            else one
            for one in state.lapsed
        ]

    def _lapse(self, state: CaseState, chain: int, on: date) -> None:
        """Note what runs in a chain as ended by something else, unless it stands still already."""
        if not state.keep_met:
            return
        for key, started in state.parallel.get(chain, {}).items():
            lapsed = Clock(self.chains[chain].root, started, key=key, ended=on)
            state.lapsed = [*state.lapsed, lapsed]
        if state.position[chain] >= 0 and not self._stands_still(state, chain):
            lapsed = self._clock(state, chain, until=on)._replace(ended=on)
            state.lapsed = [*state.lapsed, lapsed]

    def _too_early(self, state: CaseState, chain: int, on: date) -> bool:
        """Say whether a meeting comes before its window: it counts, and another is still owed."""
        rule, started = self.chains[chain].rules[state.position[chain]], state.started[chain]
        version = rule.in_force(started) if started else None
        if version is None or version.earliest is None or started is None:
            return False
        amount, unit = version.earliest.amount, version.earliest.unit
        if unit == "month":
            return on < add_months(started, amount)
        return on < started + timedelta(days=amount * (7 if unit == "week" else 1))

    def _pair(self, state: CaseState, chain: int, event: Event) -> bool:
        """Meet the parallel clock that the event's reference names, or the only one it can mean."""
        running = state.parallel.get(chain)
        if not running:
            return False
        root = self.chains[chain].root
        key = event.reference
        if not key and root.match != "date" and len(running) > 1:
            # Which of the disputes that are open was resolved, nobody said.
            state.report("which-of-several", event)
            return True
        if not key:
            # A record is of the last review held; a resolution, of the only dispute still open.
            key = state.last_key[chain] if root.match == "date" else next(iter(running))
        started = running.pop(key, None)
        # A record that names a meeting which waits for none is not taken for one of another.
        if started is None:
            return False
        if state.keep_met:
            state.met.append(Clock(root, started, event.on, key=key))
        return True

    def _start(self, state: CaseState, chain: int, effects: Effects, event: Event) -> None:
        rule = self._roots[chain]
        day = (event.completed_on if rule.trigger.day else None) or event.on
        if day > state.as_of:  # the series of meetings is not complete yet
            return
        if rule.match:
            self._start_parallel(state, chain, event, day)
            return
        span = self._wiring.spans_of[chain]
        if span is not None and span != state.opening:
            # What could have opened the span and did not is a second start: the first one stands,
            # with its clocks.  And outside its span nothing is owed.
            opens = any(place == span for place, _ in (*effects.opens, *effects.takes))
            if opens or not state.opened[span]:
                return
        if rule.after_start and self._resumed(state, rule, day):
            return
        if state.position[chain] >= 0 and self._runs_on(state, chain, event, day):
            return
        if rule.once and state.met_on[chain] == event.on:
            state.report("adjourned-again", event)
        state.position[chain] = 0
        state.started[chain] = day
        if state.stood_still:
            state.stood_still = _but(state.stood_still, chain)

    def _runs_on(self, state: CaseState, chain: int, event: Event, day: date) -> bool:
        """Say whether a clock that runs is not started again by what would start it."""
        rule = self._roots[chain]
        if state.silences and self._gap(state, chain, day):
            # The one before may have been met, and is not known to be; this one is open.
            self._lapse(state, chain, day)
            return False
        if rule.trigger.pick != "first":
            return False
        # The first of them counts: a second strategy discussion does not restart the fifteen
        # days, which run from the one at which enquiries were initiated (Working Together),
        # and a review may be adjourned once only (IRO Handbook, on reg. 36).
        state.again[chain] = state.again.get(chain, 0) + 1
        if rule.once:
            second = state.again[chain] == 1
            state.report("second-adjournment" if second else "third-adjournment", event)
        return True

    def _resumed(self, state: CaseState, rule: Rule, day: date) -> bool:
        """Say whether an adjournment lies in a series of meetings that is complete; it is met."""
        series = state.series
        complete = series.completed_on if series else None
        if series is None or complete is None or not series.on <= day < complete:
            return False
        if not any(match.event == series.event for match in rule.met_by):
            return False
        if state.keep_met:
            state.met.append(Clock(rule, day, complete))
        return True

    def _start_parallel(self, state: CaseState, chain: int, event: Event, day: date) -> None:
        """Start one more of the clocks that are told apart by a day or a reference."""
        by_day = self._roots[chain].match == "date"
        key = _text_of(event.on) if by_day else event.reference or ""
        running = state.parallel.setdefault(chain, {})
        if key in running:
            # The decisions of two reviews, written on one day, are answered by one day.
            if not by_day:
                state.report("already-running", event)
        else:
            running[key] = day
            state.last_key[chain] = key

    # ------------------------------------------------------------ what they do to a span

    def _open_span(self, state: CaseState, span: int, on: date) -> None:
        for chain in self._wiring.stopped_by[span]:
            self._lapse(state, chain, on)
        state.opened[span] = on
        state.opening = span
        self._clear(state, span)

    def _ended_in_silence(self, state: CaseState, span: int, event: Event) -> bool:
        """
        End a span that is open where it starts again, if it may have ended without being known.

        An extract that has another plan in the place of one before tells that the one before
        ended, and not when: whether what was due of it since was owed is not known.
        """
        opened = state.opened[span]
        if not state.silences or opened is None:
            return False
        ends = {match.event for match in self.spans[span].closed_by}
        for one in state.silences:
            if one.concerns(opened, opened, event.on) and not ends.isdisjoint(one.events):
                known = len(state.lapsed)
                self._close(state, span, event)
                silence = one._replace(asked_on=event.on)
                since = (
                    # A meeting that may have been held is looked for earlier than an end.
                    clock._replace(silence=silence)
                    if clock.silence is None or clock.silence.only_ends
                    else clock
                    for clock in state.lapsed[known:]
                )
                state.lapsed = [*state.lapsed[:known], *since]
                return True
        return False

    def _clear(self, state: CaseState, span: int) -> None:
        chains = self._wiring.chains_of[span]
        if state.stood_still:
            state.stood_still = _but(state.stood_still, *chains)
        if state.start_unknown or state.start_assumed or state.unsure:
            state.start_unknown -= {span}
            state.start_assumed -= {span}
            state.unsure -= {*chains}
        for chain in chains:
            state.position[chain] = NOT_RUNNING
            state.met_on[chain] = None

    def _continue(self, state: CaseState, span: int, on: date) -> None:
        """Open a span whose start is not known: its chain may stand anywhere."""
        state.opened[span] = on
        state.start_unknown |= {span}
        for chain in self._wiring.chains_of[span]:
            # A chain that goes on for as long as the span does has a clock that runs, whichever
            # it is.  One that ends after its last step may be over.
            if self.chains[chain].repeats:
                state.position[chain] = 0
                state.started[chain] = None

    def _imply(self, state: CaseState, span: int, effects: Effects, event: Event) -> bool:
        """Open a span for a meeting in it, where no start of one is recorded at all."""
        # Where a start is recorded, before it or after, the meeting is one outside the span, and
        # that is a contradiction to be looked at, not a beginning that is missing.
        starts = {one.event for one in (*self.spans[span].opened_by, *self.spans[span].taken_from)}
        if any(one.event in starts for one in state.events):
            return False
        self._continue(state, span, event.on)
        for chain, match, counts in effects.meets:
            mine = chain in self._wiring.chains_of[span] and state.position[chain] >= 0
            if mine and (match is None or self._is(match, event, state)):
                # Which of them it was is open already, the start not being known.
                self._meet(state, chain, event, None, counts=counts)
        state.report("start-missing", event, self.spans[span].id)
        return True

    def _close(self, state: CaseState, span: int, event: Event) -> None:
        self._end_resting(state, span, event)
        for chain in self._wiring.chains_of[span]:
            self._lapse(state, chain, event.on)
        opened = state.opened[span]
        state.opened[span] = None
        # When a placement for adoption ends and the child is still looked after, the authority's
        # own reviews are owed again: they stood still, and had not come to an end.
        for chain in self._wiring.stopped_by[span]:
            if state.position[chain] >= 0 and opened:
                self._run_again(state, chain, opened, event.on)
        state.closed_on[span] = event.on
        self._clear(state, span)

    def _run_again(self, state: CaseState, chain: int, stopped: date, on: date) -> None:
        """Let a clock that stood still run on: it had not ended after all."""
        times = (*state.stood_still.get(chain, ()), (stopped, on))
        state.stood_still = {**state.stood_still, chain: times}
        clock = self._clock(state, chain)
        state.lapsed = [
            one
            for one in state.lapsed
            if (one.rule, one.started, one.ended) != (clock.rule, clock.started, stopped)
        ]

    def _end_resting(self, state: CaseState, span: int, event: Event) -> None:
        """End what cannot be without a span that ends, and report that it was left open."""
        for other in self._wiring.resting_on[span]:
            if state.opened[other]:
                state.report("left-open", event, self.spans[other].id)
                self._close(state, other, event)

    def _end_childhood(self, state: CaseState, grown: date) -> None:
        for chain, what in enumerate(self.chains):
            # A dispute that was raised is resolved, and a review's record written, at any age.
            if not what.root.outlives:
                self._lapse(state, chain, grown)
                state.position[chain] = NOT_RUNNING
                state.parallel.pop(chain, None)

    # ------------------------------------------------------------ what comes of it

    def _explain_unused(self, state: CaseState, effects: Effects, event: Event) -> None:
        """Report an event that changed nothing, unless that is as it should be."""
        # A second end on the day of the first says nothing else: two extracts tell of one end.
        for span, _ in effects.closes:
            if state.closed_on.get(span) == event.on:
                return
        if effects.closes:
            state.report("nothing-to-end", event, self.spans[effects.closes[-1][0]].id)
            return
        places = [chain for chain, _, _ in effects.meets] + [chain for chain, _ in effects.pairs]
        places = places or [chain for chain, _ in effects.starts]
        process = event.event.split(".")[0]
        own = [one for one in places if self.chains[one].root.process == process]
        spans = {self._wiring.spans_of[chain] for chain in own or places}
        if None in spans:
            if effects.opens:
                # A conference that made no plan: extracts often do not say what it came from.
                state.report("start-not-recorded", event)
            elif effects.meets or effects.pairs:
                state.report("nothing-waiting", event)
            return
        for index in spans:
            if index is not None and not state.opened[index]:
                state.report("outside", event, self.spans[index].id)
                return

    def _open(self, state: CaseState) -> list[Clock]:
        """Return the clocks that run."""
        found = [
            self._clock(state, chain)
            for chain, at in enumerate(state.position)
            if at >= 0 and not self._stands_still(state, chain)
        ]
        for chain, running in state.parallel.items():
            rule = self.chains[chain].root
            found += [Clock(rule, started, None, key=key) for key, started in running.items()]
        return found

    def _gap(self, state: CaseState, chain: int, on: date) -> Silence | None:
        """Return why other meetings may lie between the start of a clock and one that meets it."""
        found = self._silence(state, chain, state.started[chain], on - timedelta(days=1))
        return None if found is None or found.only_ends else found

    def _silence(
        self, state: CaseState, chain: int, after: date | None, until: date
    ) -> Silence | None:
        """
        Return why it is not known whether something met or ended a chain's clock in some days.

        What may have met it comes first: then nothing at all can be said of it.  Of several such
        the earliest counts: what was due after it began may have been held.
        """
        if after is None:
            return None
        span = self._wiring.spans_of[chain]
        begun = after if span is None else state.opened[span]
        met = ended = None
        for one in state.silences:
            if not one.concerns(begun, after, until):
                continue
            if self._may_meet(state, chain, one.events):
                if met is None or (one.first or date.min) < (met.first or date.min):
                    met = one
            elif ended is None and not self._wiring.ended_by(chain).isdisjoint(one.events):
                ended = one
        if met is not None:
            return met._replace(asked_on=until)
        return ended and ended._replace(asked_on=until, only_ends=True)

    def _may_meet(self, state: CaseState, chain: int, events: Collection[str]) -> bool:
        for match in self._wiring.met_by[chain]:
            if match.event in events and (
                match.while_open is None or state.opened[self._wiring.span_names[match.while_open]]
            ):
                return True
        return False

    def _clock(self, state: CaseState, chain: int, until: date | None = None) -> Clock:
        """
        Return the clock that a chain has come to, as far as the facts say which it is.

        Args:
            state: Where the case stands.
            chain: The chain, by its place.
            until: The day on which something else ends it; the day asked about by default.
        """
        wiring, at = self._wiring, state.position[chain]
        rules = self.chains[chain].rules
        span, started = wiring.spans_of[chain], state.started[chain]
        start_unknown = span is not None and span in state.start_unknown
        if at < wiring.last[chain] and (start_unknown or chain in state.unsure):
            since = None if start_unknown or span is None else state.opened[span]
            gap = None if start_unknown else state.gaps.get(chain)
            clock = Clock(rules[at], started, None, rules[at:], since=since, gap=gap)
        elif at == 0 and span is not None and span in state.start_assumed:
            clock = Clock(rules[0], started, start_assumed=started == state.opened[span])
        else:
            clock = Clock(rules[at], started)
        if state.silences:
            clock = clock._replace(
                silence=self._silence(state, chain, started, until or state.as_of)
            )
        stood_still = state.stood_still.get(chain)
        return clock._replace(stood_still=stood_still) if stood_still else clock
