"""
Move the clocks of one child along their chains, event by event.

The state of a case is what its events, taken in order, lead to.  No due date is counted here:
a clock says which rule runs, from when, and whether a meeting met it.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import compress, groupby
from operator import eq, itemgetter

from iro_cli.dates.months import add_months, birthday
from iro_cli.facts.model import Event
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Match, Rule
from iro_cli.lean import Any, NamedTuple
from iro_cli.obligations.clocks import (
    NOT_RUNNING,
    OPENS_AGAIN,
    RESTS_AGAIN,
    STARTS_AGAIN,
    STARTS_ANEW,
    STARTS_ANOTHER,
    STARTS_WITHIN,
    Anomaly,
    Apart,
    CaseState,
    Clock,
    Effects,
    Wiring,
)
from iro_cli.obligations.silences import (
    LATEST_ONLY,
    SAME_BEGINNING,
    BesideLatest,
    Latest,
    Silence,
    Unknown,
    before_latest,
    beside_latest,
    is_repeat,
)

_NAME, _DAY = itemgetter(0), itemgetter(1)
_NAME_AND_DAY = itemgetter(0, 1)
_COMPLETED_AT, _REFERENCE_AT = map(Event._fields.index, ("completed_on", "reference"))
_COMPLETED = itemgetter(_COMPLETED_AT)
# The details of some events: all their names, all their days, and so on.
EventColumns = Sequence[tuple[Any, ...]]
# How many orders of events are remembered at most.  Without a bound, a store of children who
# have little in common would fill the memory.
_REMEMBERED = 16384


# A day as text, as a reference names it.  It is remembered, because every rule about records asks
# for the day of each meeting.
_text_of = lru_cache(1 << 14)(date.isoformat)


@lru_cache(1 << 14)
def _day_named(text: str) -> date | None:
    """Return the day that a text names in the same way; ``None`` if it names none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def columns_of(events: Sequence[Event]) -> EventColumns:
    """
    Return the details of events, all of one kind together, in the order of the fields.

    To take each detail of all events at once is faster than to ask each event for it.
    """
    return [*zip(*events, strict=True)]


def without_repeats(events: Sequence[Event], latest: Mapping[str, Latest]) -> list[Event]:
    """Leave out a "latest meeting" that is known already, on that day or a few days from it."""
    kept: list[Event] = []
    for event in events:
        what = latest.get(event.event)
        if what is None:
            kept.append(event)
            continue
        # An extract gives the latest review, and somebody recorded the same review, perhaps with
        # a day that differs by one or two.  Counted twice, the first review would be taken for
        # the first and the second, and the next would be due in six months instead of three.
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
        state: Where the case stands before the day.  A meeting that is recorded twice is
            reported to it.
        events: The events of the day, in any order.

    Returns:
        The events in order, without the second record of a meeting.
    """
    effects_of = wiring.events
    closing, resting = _begun_again(wiring, state, events)
    later = _started_later(wiring, state, events, closing)

    def rank(event: Event) -> int:
        effects = effects_of[event[0]]
        for span, _ in effects.opens if closing else ():
            # Care that begins again comes after the end of the earlier care.  What rests on
            # care, such as a placement for adoption, comes after both.
            if span in closing:
                return OPENS_AGAIN
            if span in resting:
                return RESTS_AGAIN
        for span, _ in effects.takes if closing else ():
            # A plan may be known by its start alone.  It comes after the end too, unless it is the
            # plan that ends: an extract may date a start some days after the conference.
            begun = state.opened[span]
            if span not in closing or not begun:
                continue
            if span in state.start_assumed or event.on - begun > SAME_BEGINNING:
                return OPENS_AGAIN
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
    Return the spans that end on a day, and those that rest on a span that begins again that day.

    Care ends and begins again on 3 March.  The earlier care ends first, then the new care
    begins, and an authority to place for adoption of that day belongs to the new care.
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
    Return the events that start a clock later in the day than is usual, each with its rank.

    What was open before the day ends first.  A conference meets the strategy discussion that
    led to it, and not a new discussion on the same day.  Nor does the conference that ends a
    plan meet a new discussion, unless one waits for it.  The end of a remand does not end the
    next remand, which begins on that day.

    What belongs to a period of care comes after its beginning.  An early review requested on
    the day care begins belongs to that care.  A placement on a day on which care ends and
    begins again belongs to the new care.
    """
    found: dict[str, int] = {}
    names, movers = {*map(_NAME, events)}, wiring.movers
    # Most days need no such change, and this test for it costs little.
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
            elif chain in again or _would_meet_in(wiring, state, chain, closing, ending):
                found[name] = STARTS_AGAIN
                break
            # A clock that the first of several events starts can start again once it is met.
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


def _would_meet_in(
    wiring: Wiring,
    state: CaseState,
    chain: int,
    closing: Collection[int],
    events: Sequence[Event],
) -> bool:
    """
    Say whether events would meet a clock only within a span that ends on their day.

    The conference that ends a plan is the last of that plan, and not that of a new enquiry.
    """
    return bool(closing) and any(
        place == chain
        and match is not None
        and match.while_open is not None
        and (span := wiring.span_names[match.while_open]) in closing
        and state.opened[span] is not None
        for event in events
        for place, match, _ in wiring.events[event[0]].meets
    )


def _ends_earlier(wiring: Wiring, state: CaseState, chain: int, event: Event) -> bool:
    """Say whether an event only stops a chain, and stops a clock that began on an earlier day."""
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
        open: The clocks that run.
        met: The clocks that were met.
        spans: The spans that are open, with their first day; ``None`` if that is not known.
        lapsed: The clocks that ended without being met, because their process ended or was
            suspended.
    """

    open: list[Clock]
    met: list[Clock]
    spans: dict[str, date | None]
    lapsed: Sequence[Clock] = ()


def _but(
    times: Mapping[int, tuple[tuple[date, date], ...]], *chains: int
) -> dict[int, tuple[tuple[date, date], ...]]:
    """Return the times without those of some chains."""
    return {chain: found for chain, found in times.items() if chain not in chains}


class _Alike(NamedTuple):
    """
    An open clock that is alike for all children whose events came in the same order.

    Attributes:
        rule: As in :class:`Clock`.
        started: The place of the day it starts from among the child's days; ``None`` if that
            day is not known.
        candidates: As in :class:`Clock`.
        since: The place of the day on which its span began, if only the latest meeting is known.
        start_assumed: As in :class:`Clock`.
    """

    rule: Rule
    started: int | None
    candidates: tuple[Rule, ...]
    since: int | None
    start_assumed: bool


# Each event that does not fit: in which way, its place among the events, and the span it is about;
# and the spans that are open although childhood has ended.
_Unfit = tuple[Sequence[tuple[str, int, str | None]], Sequence[str]]
# A list of Effects, and the step to take for an event that has something in it.
_EffectStep = tuple[str, Callable[["Engine", CaseState, Effects, Event], bool]]


class Engine:
    """
    Run the clocks of a catalogue over the events of one child at a time.

    Attributes:
        named: The kinds of event that the wanted rules depend on.
        details: The details of events that they depend on.
        recorded: The meetings of which a list may give the latest only.
        telling: The kinds of event that matter even if they are later than the as-of day: they
            can show that something before that day is not known.

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
        self.recorded = frozenset().union(*(one.others for one in wiring.latest.values()))
        # Events that cannot simply be applied in turn: a latest meeting may be a repeat of one
        # that is known, and after a death nothing more is due.
        self._fatal = {name for name, effects in wiring.events.items() if effects.ends_case}
        self._particular = frozenset(wiring.latest) | self._fatal
        places = map(Event._fields.index, sorted(wiring.details))
        self._told = itemgetter(0, *places)
        # The same without the reference, if what it says is not compared: it then matters only
        # whether there is one, and which of the child's days it names.
        places = map(Event._fields.index, sorted(wiring.details - {"reference"} | wiring.compared))
        self._told_but_days = itemgetter(0, *places)
        self._alike: dict[tuple[object, ...], list[_Alike]] = {}
        self._shared: dict[tuple[str, date | None], Clock] = {}
        self._unfit: dict[tuple[object, ...], _Unfit] = {}
        self._parted: dict[frozenset[str], list[Apart]] = {}
        if not wiring.stepped:
            self._note_steps()

    def _note_steps(self) -> None:
        """Note the steps of each event, once for all engines with this wiring."""
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
            keep_met: Whether to return more than the open clocks.
            silences: The days for which it is not known what happened.
            none_held: By the kind and the day of a latest meeting, the last day up to which it
                is known that no other meeting was held before it.

        Returns:
            The clocks that are open and, with *keep_met*, those that were met or lapsed and the
            open spans.
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
        # A rule for children of another age was never owed to this child, so its clock was not
        # met either.  Listings leave out such a clock while it is open.
        met = [one for one in state.met if one.rule.applies_to(born, one.started)]
        lapsed = [one for one in state.lapsed if one.rule.applies_to(born, one.started)]
        return Clocks(self._open(state), met, self._open_spans_of(state), lapsed)

    def _open_as_others(self, events: Sequence[Event], as_of: date) -> list[Clock]:
        """
        Return the open clocks, and use again what was found for the same order of events.

        If no event depends on the number of days since another, the order alone decides which
        clocks run, and each clock starts on the day of one of the events.  A country has a
        hundred thousand children, and their events come in only a few thousand orders.

        Args:
            events: In order of date, of a child who has not grown up.
            as_of: The day the question is asked about.
        """
        order, days = self._order(events, as_of)
        alike = self._alike.get(order)
        if alike is not None:
            return [self._clock_alike(one, days) for one in alike]
        state = self._state_after(events, as_of=as_of, born=None, anomaly=None, keep_met=False)
        found = [self._shared_by_all(one) for one in self._open(state)]
        timely = self._wiring.timely
        if not (
            len(self._alike) == _REMEMBERED
            or any(one.stood_still for one in found)
            or any(event[0] in timely for event in events)
            # If two of a kind happened on one day, their other details decide which one counts.
            or len(set(map(_NAME_AND_DAY, events))) < len(events)
            or self._may_begin_again(events)
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

    def _may_begin_again(self, events: Sequence[Event]) -> bool:
        """
        Say whether an assumed start has its day with another event.

        Then the time since the start before it, and not the order alone, decides whether it is
        another one: see :func:`in_order`.
        """
        taking = self._wiring.taking
        if taking.isdisjoint(map(_NAME, events)):
            return False
        days = {one[1] for one in events if one[0] in taking}
        return any(one[1] in days and one[0] not in taking for one in events)

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

    def _shared_by_all(self, clock: Clock) -> Clock:
        """Return the clock that all children with this rule and day share, if nothing differs."""
        rule, started, *more = clock
        if any(more):
            return clock
        return self._shared.setdefault((rule.id, started), clock)

    def _order(
        self, events: Sequence[Event], as_of: date
    ) -> tuple[tuple[object, ...], Sequence[date | None]]:
        """Return the order in which events came, and the days on which a clock may start."""
        days: list[date | None] = [*map(_DAY, events)]
        order = tuple(map(self._told, events))
        # When a series of meetings was complete matters where the next is counted from it, and to
        # what it may have resumed.
        completed = any(map(_COMPLETED, events))
        resumed = completed and not self._wiring.resumed.isdisjoint(map(_NAME, events))
        completed = resumed or (completed and self._from_completion)
        if completed or len(set(days)) < len(days):
            if completed:
                # A series of meetings that ends after the as-of day is not complete yet.
                days += [
                    one if one is None or one <= as_of else None for one in map(_COMPLETED, events)
                ]
            if resumed:
                # An adjournment may lie between the first day of a series and its last.
                known = {one for one in days if one is not None}
                place = {on: number for number, on in enumerate(sorted(known))}
                order += tuple([-1 if one is None else place[one] for one in days])
            else:
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
        Return the open spans, as in :attr:`Clocks.spans`, without working out the clocks.

        Args:
            events: As in :meth:`run`.
            as_of: As in :meth:`run`.
            born: As in :meth:`run`.
            anomaly: As in :meth:`run`.
        """
        return self._open_spans_of(
            self._state_after(events, as_of=as_of, born=born, anomaly=anomaly, keep_met=False)
        )

    def report(
        self,
        events: Sequence[Event],
        *,
        as_of: date,
        anomaly: Anomaly,
        born: date | None = None,
        columns: EventColumns | None = None,
    ) -> list[str]:
        """
        Report whatever does not fit in a child's events.

        Most children's events came in the same order as those of another child.  If the days
        between do not matter, what was found for that order is used again.

        Args:
            events: As in :meth:`run`.
            as_of: As in :meth:`run`.
            anomaly: As in :meth:`run`, but called once for what is the same.
            born: As in :meth:`run`.
            columns: The details of the events, if :func:`columns_of` was asked for them already.

        Returns:
            The spans that are open although childhood has ended.
        """
        if not events:
            return []
        grown = self.grown(born, as_of) if born else None
        left_open: list[str] = []
        columns = columns or columns_of(events)
        names: Sequence[str] = columns[0]
        kinds = frozenset(names)
        for apart in self._apart(kinds):
            part, its_columns = events, columns
            if len(apart.names) < len(kinds):
                part = [*compress(events, map(apart.names.__contains__, names))]
            # Days decide which latest meetings are repeats.  Without those, the order is enough.
            if apart.latest:
                part = without_repeats(part, self._wiring.latest)
            if apart.dated:
                unfit, spans = self._unfit_of(part, as_of, born, grown)
            else:
                if part is not events:
                    its_columns = columns_of(part)
                unfit, spans = self._unfit_alike(part, its_columns, as_of, born, grown)
            for kind, place, span in unfit:
                anomaly(kind, part[place], span)
            left_open += spans
        if len(left_open) > 1:
            left_open.sort(key=self._wiring.span_names.__getitem__)
        return left_open

    def _apart(self, names: frozenset[str]) -> list[Apart]:
        """Return the parts of some kinds of event, as :meth:`.Wiring.apart` finds them."""
        found = self._parted.get(names)
        if found is None:
            if len(self._parted) == _REMEMBERED:
                self._parted.clear()
            found = self._parted[names] = self._wiring.apart(names)
        return found

    def _unfit_alike(
        self,
        events: Sequence[Event],
        columns: EventColumns,
        as_of: date,
        born: date | None,
        grown: date | None,
    ) -> _Unfit:
        """
        Return what does not fit in one part of a child's events, as in :meth:`report`.

        Args:
            events: The events, none of which is dated.
            columns: Their details.
            as_of: As in :meth:`report`.
            born: As in :meth:`report`.
            grown: The day on which childhood ended; ``None`` if it has not ended.
        """
        days: Sequence[date] = columns[1]
        # Which events share a day is part of the order.
        same = (*map(eq, days, days[1:]),)
        # If two of a kind happened on one day, their other details decide the order.
        if True in same and (
            len({*zip(columns[0], days, strict=True)}) < len(days) or self._may_begin_again(events)
        ):
            return self._unfit_of(events, as_of, born, grown)
        # So is how many events came before the 18th birthday.
        before = None if grown is None else bisect_left(days, grown)
        named = columns[_COMPLETED_AT], columns[_REFERENCE_AT]
        order = (
            self._told_but_days(columns),
            same,
            before,
            self._days_named(days, *named, as_of) if any(map(any, named)) else (),
        )
        known = self._unfit.get(order)
        if known is None:
            if len(self._unfit) == _REMEMBERED:
                self._unfit.clear()  # the orders that many children share soon come back
            known = self._unfit[order] = self._unfit_of(events, as_of, born, grown)
        return known

    def _unfit_of(
        self, events: Sequence[Event], as_of: date, born: date | None, grown: date | None
    ) -> _Unfit:
        """Work out what does not fit in one part of a child's events."""
        found: list[tuple[str, int, str | None]] = []

        def note(kind: str, event: Event, span: str | None) -> None:
            found.append((kind, events.index(event), span))

        state = self._state_after(events, as_of=as_of, born=born, anomaly=note, keep_met=False)
        # An event that does not fit is noted for each rule that it touches, and told once.
        return [*dict.fromkeys(found)], [] if grown is None else [*self._open_spans_of(state)]

    @staticmethod
    def _days_named(
        days: Sequence[date],
        completed: Sequence[date | None],
        references: Sequence[str | None],
        as_of: date,
    ) -> tuple[object, ...]:
        """
        Return where the days on which events were complete, and those that they name, come.

        Args:
            days: The day of each event, in order.
            completed: The day on which each was complete.
            references: The reference of each, which may name a day.
            as_of: The day the question is asked about.
        """
        known = sorted({one for one in completed if one is not None and one <= as_of})
        found: list[object] = []
        for ends, reference in zip(completed, references, strict=True):
            if ends is not None:
                place = bisect_left(days, ends)
                on_a_day = days[place : place + 1] == (ends,)
                found.append((bisect_left(known, ends), place, on_a_day, ends <= as_of))
            if not reference:
                found.append(None)
                continue
            day = _day_named(reference)
            if day in days:
                found.append(days.index(day))
            elif day in known:
                found.append(~known.index(day))  # negative: no event was on it
            else:
                found.append("")
        return tuple(found)

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
        # Before the first clock runs, because a meeting that is known already must not move one.
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
        Return what is not known on the as-of day because only a later "latest meeting" is.

        Args:
            events: The child's events up to the as-of day.
            later: The child's events after it.
            none_held: As in :meth:`run`.
        """
        if not later:
            return ()
        return before_latest(self._wiring.latest, events, later, none_held or {})

    def beside_latest(self, events: Sequence[Event]) -> Sequence[BesideLatest]:
        """
        Return the recorded meetings before which others may have been held.

        Args:
            events: All events of the child, in order.
        """
        return beside_latest(self._wiring.latest, events)

    def around_latest(self) -> frozenset[str]:
        """Return the starts and the meetings of each process whose latest meeting a list gives."""
        return self.recorded.union(*(one.begins for one in self._wiring.latest.values()))

    def beginnings(self, silent: Collection[str]) -> frozenset[str]:
        """Return the events that begin a process in which *silent* events may have happened."""
        return self._wiring.beginnings(silent)

    def grown(self, born: date, as_of: date) -> date | None:
        """Return the day on which childhood ended; ``None`` if it has not ended by then."""
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
        """Take the steps of an event in their order, and report an event that changed nothing."""
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
        # An event that only stops a duty contradicts nothing: the duty ended with childhood.
        only_stops = effects.stops and not (
            effects.meets or effects.pairs or effects.starts or effects.closes
        )
        if not (used or only_stops):
            state.report("after-childhood", event)

    @staticmethod
    def _apply_after_death(state: CaseState, effects: Effects, event: Event) -> None:
        """Report an event that cannot follow a death; an end or a record may be dated later."""
        # Care is often closed in the system some days after the death.
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
        Meet the clocks that run, and open the spans that must have been open.

        In that order: the meeting meets a clock that is known to run.  Only if its span is not
        known to be open does it show that the span was, and then it is not known which of the
        reviews in it this was.
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

    def _note_on_the_start(
        self, state: CaseState, chain: int, event: Event, match: Match | None
    ) -> None:
        """
        Report a meeting on the day on which a span started at another meeting.

        A "latest meeting" is not reported: a list may give the conference that made the plan.

        Authority:
            ``Children in need census, rule 8841``: the first review comes after the plan's start.
        """
        span = self._wiring.spans_of[chain]
        if span is not None and state.opened[span] == event.on and not (match and match.latest):
            state.report("on-the-start", event, self.spans[span].id)

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
                # A second placement on the same day replaces the first, so no visit was ever
                # owed for the first, and nothing lapses.
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
                    # A recorded start replaces one that was only assumed: the law counts from it.
                    or span in state.start_assumed
                    or self._ended_in_silence(state, span, event)
                ):
                    self._open_span(state, span, event.on)
                elif span in state.start_unknown:
                    # Care was known to be open on 1 April, and a start is recorded in May.  That
                    # is reported; the clocks run from the start, the only day that is known.
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
        # Disputes and written records end too, although the end of childhood does not end them.
        state.parallel = {}
        state.died_on = event.on
        return True

    # The order in which the effects of an event are applied, each step with the list in Effects
    # that asks for it.
    _STEPS: tuple[_EffectStep, ...] = (
        # A meeting is judged by the clock that ran before it, whatever else it does: the
        # conference that ends a plan is the last review of that plan.
        ("is_held", _hold_meeting),
        # A record is about a meeting held earlier.  Its clock belongs to no span, so it can be
        # met whatever the event ends.
        ("pairs", _meet_parallel),
        # What ends comes before what begins: a placement for adoption ends the authority's
        # own reviews and starts those of the placement (AAR 2005 reg. 36(1) and (3)).
        ("stops", _stop_chains),
        ("closes", _close_spans),
        ("opens", _open_spans),
        # A start that is recorded comes before one that is only assumed: it leaves nothing to
        # assume.
        ("takes", _assume_starts),
        ("continues", _continue_spans),
        # Last, because a clock that belongs to a span starts only if that span is open by now.
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
        """Say whether a chain's clock stands still, because another span is open."""
        span = self._wiring.stopping[chain]
        return span is not None and state.opened[span] is not None

    # Whole because it runs for every meeting of every child, thousands of times a command, and each
    # step needs the state of the one before: parts would cost calls and be no clearer.
    def _meet(
        self, state: CaseState, chain: int, event: Event, match: Match | None, *, counts: bool
    ) -> bool:
        """
        Meet a chain's clock and start the next.

        While the chain stands still, a meeting moves it on to the next rule, but meets no duty:
        none is owed.

        Args:
            state: Where the case stands.
            chain: The chain, by its place.
            event: The meeting.
            match: What the event's name does not say by itself, or ``None``.
            counts: Whether the meeting is one that the duty asks for.  If not, such as an
                adoption review, it does something only while the chain stands still.

        Returns:
            Whether the meeting did something.
        """
        wiring, on = self._wiring, event.on
        stop = wiring.stopping[chain]
        still = stop is not None and state.opened[stop] is not None
        if not (counts or still):
            return False
        # Two meetings on one day are one.  Otherwise a review that two sources record would be
        # the first review and, on the same day, the second.
        if state.met_on[chain] == on:
            return True
        if wiring.after_start[chain] and state.started[chain] == on:
            # A meeting on the day on which the clock starts is the one that was adjourned, and
            # does not resume itself.  A series of meetings does, on the day it is complete.
            complete = event.completed_on
            if complete is None or not on < complete <= state.as_of:
                self._note_on_the_start(state, chain, event, match)
                return False
            on = complete
        gap = self._gap(state, chain, on) if state.silences else None
        latest = gap is not None or (match is not None and match.latest)
        if state.keep_met:
            if not still:
                self._note_met(state, chain, on, match, gap, others_before=latest)
            if match is not None and match.latest and state.lapsed:
                self._leave_lapsed_open(state, chain, match, on)
        state.met_on[chain] = on
        # After a disruption the review is held between 28 and 42 days (adoption guidance 5.35):
        # one held before that is noted, and the one that is owed stays open.
        if wiring.windows[chain] and self._too_early(state, chain, on):
            return True
        # The next clock starts.  After a "latest" meeting, others may have been held before it,
        # so the chain may stand further on than its position says.
        at, last = state.position[chain], wiring.last[chain]
        if latest and at + 1 < last:
            state.unsure |= {chain}
            state.gaps.pop(chain, None)
            # After a meeting beside a list of latest ones, the same is inferred as after a latest.
            if gap is not None and gap.why[0].kind != LATEST_ONLY:
                state.gaps[chain] = gap
        elif state.unsure:
            state.unsure -= {chain}
        # From the first review to the second, then to each later one.  Each is counted from the
        # review that was held, and not from the day on which that was due (reg. 33(2)).
        if at < last:
            state.position[chain] = at + 1
        elif not wiring.repeats[chain]:
            state.position[chain] = NOT_RUNNING
        state.started[chain] = on
        complete = event.completed_on
        if complete is not None and complete <= state.as_of:
            # A review in several meetings "takes place" when it is complete, if a local pack says
            # so.  No authority was found for either day; the first day is the safer one.
            state.series = event
            if self._from_completion:
                state.started[chain] = complete
        state.again.pop(chain, None)
        if state.stood_still:
            state.stood_still = _but(state.stood_still, chain)
        return True

    def _note_met(
        self,
        state: CaseState,
        chain: int,
        on: date,
        match: Match | None,
        gap: Silence | None,
        *,
        others_before: bool,
    ) -> None:
        """Note that a clock was met, unless it cannot be known when it was due."""
        span, at = self._wiring.spans_of[chain], state.position[chain]
        in_between = at < self._wiring.last[chain]
        started = state.started[chain]
        unknown = span is not None and span in state.start_unknown and in_between
        if started is None or unknown:
            return
        rules = self.chains[chain].rules
        candidates = rules[at:] if chain in state.unsure and in_between else ()
        none_to = None
        # Other meetings may have been held before this one.  It was late for certain only if it
        # is known that none of them was held in time.
        if others_before:
            if not candidates:
                none_to = self._none_to(state, started, on, match, gap)
            candidates = rules[at : at + 1]
        ended = self._ended(state, chain, started, on) if state.silences else None
        state.met.append(
            Clock(
                rules[at],
                started,
                on,
                candidates,
                stood_still=state.stood_still.get(chain, ()),
                without_meeting=match is not None and not match.held,
                silence=ended,
                none_to=none_to,
            )
        )

    @staticmethod
    def _none_to(
        state: CaseState, started: date, on: date, match: Match | None, gap: Silence | None
    ) -> date | None:
        """Return the last day up to which it is known that nothing met a clock."""
        found = []
        if match is not None and match.latest:
            found.append(state.none_held.get((match.event, on), date.min))
        if gap is not None:
            first = gap.first or date.min
            found.append(first - timedelta(days=1) if first > started else date.min)
        none_to = min(found)
        return none_to if none_to > started else None

    def _leave_lapsed_open(self, state: CaseState, chain: int, match: Match, on: date) -> None:
        """
        Note that a clock which ended before a latest meeting may have been met.

        For a child who is placed for adoption, an extract gives the latest review only, and that
        is a review of the placement: the reviews of the care before it are not given.  Once the
        placement has ended, the latest is one of care, and those of the placement are not given.
        """
        stop, last = self._wiring.stopping[chain], on - timedelta(days=1)
        if stop is None:
            return
        stopped, since = state.opened[stop], state.started[chain] or date.min
        chains = [chain] if stopped else self._wiring.chains_of[stop]
        rules = [rule for one in chains for rule in self.chains[one].rules]
        none_to = state.none_held.get((match.event, on))
        kinds = self._wiring.latest[match.event].others | {match.event}
        why = Unknown(LATEST_ONLY, date.min, last)
        first = none_to and none_to + timedelta(days=1)
        state.lapsed = [
            one._replace(silence=Silence(kinds, first, last, (why,), asked_on=one.ended))
            if one.rule in rules
            and one.ended is not None
            and (one.ended == stopped if stopped else since < one.ended)
            # A silence that may hide an end says less than one in which it may have been met.
            and (one.silence is None or one.silence.only_ends)
            else one
            for one in state.lapsed
        ]

    def _lapse(self, state: CaseState, chain: int, on: date) -> None:
        """Note that the clocks of a chain ended without being met."""
        if not state.keep_met:
            return
        for key, started in state.parallel.get(chain, {}).items():
            lapsed = Clock(self.chains[chain].root, started, key=key, ended=on)
            state.lapsed = [*state.lapsed, lapsed]
        # A clock that stands still was noted when it was stopped.
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
        # The first day of the window is not too early: "not before 28 days" allows day 28.
        return on < started + timedelta(days=amount * (7 if unit == "week" else 1))

    def _pair(self, state: CaseState, chain: int, event: Event) -> bool:
        """Meet the parallel clock that the event's reference names, or the only one it can mean."""
        running = state.parallel.get(chain)
        if not running:
            return False
        root = self.chains[chain].root
        key = event.reference
        if not key and root.match != "date" and len(running) > 1:
            # Several disputes are open, and the event does not say which of them was resolved.
            state.report("which-of-several", event)
            return True
        if not key:
            # A record is about the last review; a resolution, about the only dispute still open.
            key = state.last_key[chain] if root.match == "date" else next(iter(running))
        started = running.pop(key, None)
        # A record that names a meeting for which none is owed is not counted for another one.
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
            # An event that could open the span but did not is a second start: the first start
            # stands, with its clocks.  Outside its span, nothing is owed.
            opens = any(place == span for place, _ in (*effects.opens, *effects.takes))
            if opens or not state.opened[span]:
                return
        # A series of meetings that is complete by now has resumed the review that it adjourned.
        if rule.after_start and self._resumed(state, rule, day):
            return
        if state.position[chain] >= 0 and self._runs_on(state, chain, event, day):
            return
        # The review that resumed an adjourned one is adjourned itself, although a review may be
        # adjourned once only (IRO Handbook, on reg. 36).  It is reported, and has to go on in time
        # all the same.
        if rule.once and state.met_on[chain] == event.on:
            state.report("adjourned-again", event)
        state.position[chain] = 0
        state.started[chain] = day
        if state.stood_still:
            state.stood_still = _but(state.stood_still, chain)

    def _runs_on(self, state: CaseState, chain: int, event: Event, day: date) -> bool:
        """Say whether a running clock goes on, although an event would start it again."""
        rule = self._roots[chain]
        if state.silences and self._gap(state, chain, day):
            # The running clock may have been met without the store knowing.  So it lapses, and
            # the new one starts.
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
        """Say whether an adjournment lies in a completed series of meetings, and note it as met."""
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
            # Two events of one day, such as the decisions of two reviews, start one clock: both
            # are to be answered by the same day.
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
        End an open span that starts again, if its end may have happened without being known.

        An extract with a new plan in place of an earlier one shows that the earlier plan ended,
        but not when.  So it is not known which of its conferences were still owed.
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
                    # A clock that may have been met keeps its own silence, which says more.
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
        """Open a span whose start is not known: its chains may have come to any of their rules."""
        state.opened[span] = on
        state.start_unknown |= {span}
        for chain in self._wiring.chains_of[span]:
            # If a chain repeats its last rule, one of its clocks runs for as long as the span is
            # open, though it is not known which.  A chain that does not may be over.
            if self.chains[chain].repeats:
                state.position[chain] = 0
                state.started[chain] = None

    def _imply(self, state: CaseState, span: int, effects: Effects, event: Event) -> bool:
        """Open a span because a meeting in it was held, if no start of it is recorded at all."""
        # If a start is recorded, earlier or later, the meeting lies outside the span.  That is a
        # contradiction for a person to look at, and no missing start.
        starts = {one.event for one in (*self.spans[span].opened_by, *self.spans[span].taken_from)}
        if any(one.event in starts for one in state.events):
            return False
        self._continue(state, span, event.on)
        for chain, match, counts in effects.meets:
            mine = chain in self._wiring.chains_of[span] and state.position[chain] >= 0
            if mine and (match is None or self._is(match, event, state)):
                # No match is passed on: as the start is not known, it is left open anyway which
                # of the reviews this was.
                self._meet(state, chain, event, None, counts=counts)
        state.report("start-missing", event, self.spans[span].id)
        return True

    def _close(self, state: CaseState, span: int, event: Event) -> None:
        # A placement for adoption cannot go on without care, so it ends first, and is reported.
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
        """Let a clock that stood still run on, and take back the note that it lapsed."""
        times = (*state.stood_still.get(chain, ()), (stopped, on))
        state.stood_still = {**state.stood_still, chain: times}
        clock = self._clock(state, chain)
        state.lapsed = [
            one
            for one in state.lapsed
            if (one.rule, one.started, one.ended) != (clock.rule, clock.started, stopped)
        ]

    def _end_resting(self, state: CaseState, span: int, event: Event) -> None:
        """End the spans that rest on one that ends, and report each that was left open."""
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
        """Report an event that changed nothing, unless there is nothing wrong with that."""
        # A second end on the day of the first is the same end, which two extracts give.  A review
        # on the day on which its span started was reported already.
        for span, _ in effects.closes:
            if event.on in (state.closed_on.get(span), state.opened[span]):
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
                # An initial conference that made no plan: extracts often leave out the strategy
                # discussion that led to it.
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
        """Return why others may have been held before the meeting that meets a clock, if so."""
        found = self._silence(state, chain, state.started[chain], on - timedelta(days=1))
        return None if found is None or found.only_ends else found

    def _silence(
        self, state: CaseState, chain: int, after: date | None, until: date
    ) -> Silence | None:
        """
        Return why it is not known whether something met or ended a chain's clock, if so.

        A silence in which a meeting may have been held comes before one that hides only an end,
        because then it is not even known whether the clock was met in time.  Of several such
        silences the earliest counts: every date after its first day is in doubt.

        Args:
            state: Where the case stands.
            chain: The chain, by its place.
            after: The day on which the clock started (exclusive).
            until: The last day on which it ran (inclusive).
        """
        if after is None:
            return None
        span = self._wiring.spans_of[chain]
        begun = after if span is None else state.opened[span]
        met = ended = None
        for one in state.silences:
            if not one.may_hide_an_end(begun, after, until):
                continue
            events = one.events
            if not one.goes_beyond(after, until):
                # It touches the day on which the clock started and no later one.  The meeting of
                # that day started the clock, so only another kind of event can have ended it.
                events = events.difference(match.event for match in self._wiring.met_by[chain])
            elif self._may_meet(state, chain, events):
                if met is None or (one.first or date.min) < (met.first or date.min):
                    met = one
                continue
            if ended is None and not self._wiring.ended_by(chain).isdisjoint(events):
                ended = one
        if met is not None:
            return met._replace(asked_on=until)
        return ended and ended._replace(asked_on=until, only_ends=True)

    def _ended(self, state: CaseState, chain: int, after: date, until: date) -> Silence | None:
        """
        Return why it is not known whether a clock had ended by the time it was met, if so.

        A child whose legal status is not given may have short breaks, and then no reviews of
        care.  A death is left out, because the meeting was held after it.

        Args:
            state: Where the case stands.
            chain: The chain, by its place.
            after: The day on which the clock started.
            until: The day on which it was met.
        """
        span, ends = self._wiring.spans_of[chain], self._wiring.ended_by(chain) - self._fatal
        begun = after if span is None else state.opened[span]
        for one in state.silences:
            if one.may_hide_an_end(begun, after, until) and not ends.isdisjoint(one.events):
                return one._replace(asked_on=until, only_ends=True)
        return None

    def _may_meet(self, state: CaseState, chain: int, events: Collection[str]) -> bool:
        for match in self._wiring.met_by[chain]:
            if match.event in events and (
                match.while_open is None or state.opened[self._wiring.span_names[match.while_open]]
            ):
                return True
        return False

    def _clock(self, state: CaseState, chain: int, until: date | None = None) -> Clock:
        """
        Return the clock that a chain has come to, with candidates if the facts leave it open.

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
