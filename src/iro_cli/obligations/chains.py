"""
From the events of one child to the clocks they start and stop.

A case is the fold of its events.  Nothing here counts a day: a clock says
which rule runs, from when, and whether a meeting met it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from iro_cli.dates.months import add_months, birthday
from iro_cli.facts.model import Event
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Match
from iro_cli.obligations.clocks import NOT_RUNNING, CaseState, Clock, Effects, EffectsOfEvents

Anomaly = Callable[[str, Event, str | None], None]

# Two sources that date one meeting differently do so by days; reviews are weeks apart.
_SAME_MEETING = 14


def without_repeats(events: Sequence[Event], latest: Mapping[str, frozenset[str]]) -> list[Event]:
    """Leave out a latest meeting that is one of those known, a few days apart or none."""
    kept: list[Event] = []
    for event in events:
        others = latest.get(event.event)
        if others is None:
            kept.append(event)
            continue
        known = [one.on for one in events if one.event in others]
        known += [one.on for one in kept if one.event == event.event]
        if not any(abs((on - event.on).days) <= _SAME_MEETING for on in known):
            kept.append(event)
    return kept


def in_order(
    plans_of: EffectsOfEvents, state: CaseState, events: list[Event], anomaly: Anomaly | None
) -> Sequence[Event]:
    """
    Put the events of one day in the order in which they can have happened.

    Args:
        plans_of: What each kind of event does.
        state: Where the case stands before the day.
        events: Those of the day, in any order.
        anomaly: Told of a meeting that is there twice; it is left out once.
    """
    plans = plans_of.events
    ending = [plan for plan in (plans[one[0]] for one in events) if not plan.opens]
    closing = {span for plan in ending for span, _ in plan.closes}

    if not any(state.opened[span] for span in closing):
        closing = set()

    def rank(event: Event) -> int:
        plan = plans[event[0]]
        again = closing and any(span in closing for span, _ in plan.opens)
        return 5 if again else plan.rank

    if len({one[0] for one in events}) == len(events):
        return sorted(events, key=lambda one: (rank(one), one[0]))
    ordered: list[Event] = []
    for event in sorted(events, key=lambda one: (rank(one), one[0], *map(str, one[2:]))):
        meets = plans[event.event].meets
        twice = meets and any(one.event == event.event for one in ordered)
        if twice:
            if anomaly:
                anomaly("twice-in-a-day", event, None)
        else:
            ordered.append(event)
    return ordered


class Clocks(NamedTuple):
    """The clocks of one child, and the spans that are open (``None``: start not known)."""

    open: list[Clock]
    met: list[Clock]
    spans: dict[str, date | None]


class Engine:
    """
    Runs the clocks of a catalogue over one child's events at a time.

    Attributes:
        named: The kinds of event that the rules wanted depend on.

    Args:
        catalogue: The rules.
        wanted: The ids of the rules whose clocks are asked for; the others
            cost nothing.  All of them by default.
    """

    def __init__(self, catalogue: Catalogue, wanted: frozenset[str] | None = None) -> None:
        """Work out what each kind of event does."""
        self._plans = EffectsOfEvents(catalogue, wanted)
        self.age = catalogue.childhood_ends_at_age
        self._from_completion = catalogue.next_from_completion
        self.spans = self._plans.spans
        self.chains = self._plans.chains
        self.named = self._plans.named

    def run(
        self,
        events: Sequence[Event],
        *,
        as_of: date,
        born: date | None = None,
        anomaly: Anomaly | None = None,
        keep_met: bool = True,
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

        Returns:
            The clocks that are open and, where asked for, those that were met and
            the open spans.
        """
        state = CaseState(len(self.chains), len(self.spans), as_of, keep_met)
        ends_on = None
        if born and self.age and born.year + self.age <= as_of.year:
            ends_on = birthday(born, self.age)
            if ends_on > as_of:
                ends_on = None
        plans = self._plans.events
        events = [event for event in events if event[0] in plans]
        if not self._plans.latest.keys().isdisjoint(map(itemgetter(0), events)):
            events = without_repeats(events, self._plans.latest)
        if ends_on is None and len({event[1] for event in events}) == len(events):
            for event in events:
                self._apply(state, plans[event[0]], event, events, anomaly)
        else:
            self._run_days(state, events, ends_on, anomaly)
        spans: dict[str, date | None] = {}
        if keep_met:
            for index, span in enumerate(self.spans):
                if state.opened[index]:
                    spans[span.id] = None if state.implied[index] else state.opened[index]
        # A clock that no child of that age has cannot have been met; an open one is not shown.
        met = [one for one in state.met if one.rule.applies_to(born, one.started)]
        return Clocks(self._open(state), met, spans)

    def _run_days(
        self,
        state: CaseState,
        events: Sequence[Event],
        ends_on: date | None,
        anomaly: Anomaly | None,
    ) -> None:
        """Apply events day by day, putting those of one day in order."""
        plans = self._plans.events
        ended = False
        for on, of_day in groupby(events, itemgetter(1)):
            day = list(of_day)
            if ends_on is not None and on >= ends_on and not ended:
                ended = True
                self._end_childhood(state)
            for one in in_order(self._plans, state, day, anomaly) if len(day) > 1 else day:
                if ended:
                    self._apply_after(state, plans[one[0]], one, anomaly)
                else:
                    self._apply(state, plans[one[0]], one, events, anomaly)
        if ends_on is not None and not ended:
            self._end_childhood(state)

    def _apply(
        self,
        state: CaseState,
        plan: Effects,
        event: Event,
        events: Sequence[Event],
        anomaly: Anomaly | None,
    ) -> None:
        used = False
        on = event.on
        position = state.position
        for chain, match, counts in plan.meets:
            if position[chain] >= 0 and (match is None or self._is(match, event, state)):
                latest = match is not None and match.latest
                used = self._meet(state, chain, event, counts, latest) or used
        for span, match in plan.implies:
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                used = self._imply(state, span, plan, event, events, anomaly) or used
        if used and plan.only_meets:
            return
        for chain, match in plan.pairs:
            if match is None or self._is(match, event, state):
                used = self._pair(state, chain, event) or used
        for chain, match in plan.stops:
            if position[chain] >= 0 and (match is None or self._is(match, event, state)):
                used = True
                position[chain] = NOT_RUNNING
        for span, match in plan.closes:
            if state.opened[span] and (match is None or self._is(match, event, state)):
                used = True
                self._close(state, span, on)
        opened = -1
        for span, match in plan.opens:
            if match is None or self._is(match, event, state):
                used = True
                taken = state.taken[span]
                if state.opened[span] and not (state.implied[span] or taken):
                    if anomaly:
                        anomaly("already-open", event, self.spans[span].id)
                    continue
                if state.opened[span] and anomaly and not taken:
                    anomaly("known-after-all", event, self.spans[span].id)
                self._open_span(state, span, on)
                opened = span
        for span, match in plan.takes:
            used = True
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                self._open_span(state, span, on)
                state.taken[span] = True
                opened = span
        for span, match in plan.continues:
            used = True
            if not state.opened[span] and (match is None or self._is(match, event, state)):
                self._continue(state, span, on)
                if anomaly:
                    anomaly("start-unknown", event, self.spans[span].id)
        for chain, match in plan.starts:
            if match is None or self._is(match, event, state):
                self._start(state, chain, event, opened, anomaly)
                used = used or (state.position[chain] >= 0 and state.started[chain] == on)
        if not used and anomaly:
            self._explain_unused(state, plan, event, anomaly)

    def _apply_after(
        self, state: CaseState, plan: Effects, event: Event, anomaly: Anomaly | None
    ) -> None:
        """Apply an event after childhood: it ends what is open, and meets what outlives it."""
        used = False
        for chain, match in plan.pairs:
            if match is None or self._is(match, event, state):
                used = self._pair(state, chain, event) or used
        for span, match in plan.closes:
            if state.opened[span] and (match is None or self._is(match, event, state)):
                used = True
                self._close(state, span, event.on)
        only_stops = plan.stops and not (plan.meets or plan.pairs or plan.starts or plan.closes)
        if not used and anomaly and not only_stops:
            anomaly("after-childhood", event, None)

    def _is(self, match: Match, event: Event, state: CaseState) -> bool:
        if match.while_open is not None:
            span = self._plans.span_names[match.while_open]
            if state.opened[span] is None:
                return False
        return match.detail is None or match.means(event)

    def _stopped(self, state: CaseState, chain: int) -> bool:
        """Say whether a chain's clock stands still, another span being open."""
        span = self._plans.stopping[chain]
        return span is not None and state.opened[span] is not None

    def _meet(
        self, state: CaseState, chain: int, event: Event, counts: bool, latest: bool = False
    ) -> bool:
        """
        Meet a chain's clock and start the next.

        While the chain is stopped the meeting only moves it on, and so does one
        that counts only then.  Two meetings on one day are one.  After one that
        is only known as the latest, the chain may stand further on than it says.
        """
        stop = self._plans.stopping[chain]
        stopped = stop is not None and state.opened[stop] is not None
        if not (counts or stopped):
            return False
        on = event[1]
        if state.met_on[chain] == on:
            return True
        span = self._plans.spans_of[chain]
        # The meeting on the day that opened the span is the one that opened it.
        if span is not None and self._plans.after_start[chain] and self._began(state, span, on):
            return False
        at, last = state.position[chain], self._plans.last[chain]
        if state.keep_met and not stopped:
            started = state.started[chain]
            unknown = span is not None and state.implied[span] and at < last
            if started is not None and not unknown:
                rules = self.chains[chain].rules
                unsure = rules[at:] if state.unsure[chain] and at < last else ()
                if latest:  # others may lie between: late is never sure
                    unsure = rules[at : at + 1]
                state.met.append(Clock(rules[at], started, on, unsure))
        if self._plans.windows[chain] and self._too_early(state, chain, on):
            state.met_on[chain] = on
            return True
        state.unsure[chain] = latest and at + 1 < last
        if at < last:
            state.position[chain] = at + 1
        elif not self._plans.repeats[chain]:
            state.position[chain] = NOT_RUNNING
        state.started[chain] = state.met_on[chain] = on
        state.again[chain] = 0
        if self._from_completion and event.completed_on and event.completed_on <= state.as_of:
            state.started[chain] = event.completed_on
        return True

    def _too_early(self, state: CaseState, chain: int, on: date) -> bool:
        """Say whether a meeting comes before its window: it counts, and one is owed still."""
        rule, started = self.chains[chain].rules[state.position[chain]], state.started[chain]
        version = rule.in_force(started) if started else None
        if version is None or version.earliest is None or started is None:
            return False
        amount, unit = version.earliest.amount, version.earliest.unit
        if unit == "month":
            return on < add_months(started, amount)
        return on < started + timedelta(days=amount * (7 if unit == "week" else 1))

    @staticmethod
    def _began(state: CaseState, span: int, on: date) -> bool:
        return state.opened[span] == on and not state.implied[span]

    def _pair(self, state: CaseState, chain: int, event: Event) -> bool:
        """Meet the parallel clock that the event's reference names, or the last one started."""
        running = state.keys.get(chain)
        if not running:
            return False
        key = event.reference
        if not key:
            # A record is of the last review held; a resolution, of the last dispute still open.
            of_last = self.chains[chain].root.match == "date"
            key = state.last_key[chain] if of_last else next(reversed(running))
        started = running.pop(key, None)
        if started is None:
            return False
        if state.keep_met:
            state.met.append(Clock(self.chains[chain].root, started, event.on, key=key))
        return True

    def _start(
        self, state: CaseState, chain: int, event: Event, opened: int, anomaly: Anomaly | None
    ) -> None:
        rule = self.chains[chain].root
        span = self._plans.spans_of[chain]
        day = (event.completed_on if rule.trigger.day else None) or event.on
        if day > state.as_of:  # the series of meetings is not complete yet
            return
        if rule.match:
            key = event.on.isoformat() if rule.match == "date" else event.reference or ""
            running = state.keys.setdefault(chain, {})
            if key in running:
                if anomaly:
                    anomaly("already-running", event, None)
            else:
                running[key] = day
                state.last_key[chain] = key
            return
        if span is not None and span != opened:
            plan = self._plans.events[event.event]
            opens = any(index == span for index, _ in (*plan.opens, *plan.takes))
            if opens or not state.opened[span]:
                return
        if state.position[chain] >= 0 and rule.trigger.pick == "first":
            state.again[chain] += 1
            if rule.once and anomaly:
                second = state.again[chain] == 1
                anomaly("second-adjournment" if second else "third-adjournment", event, None)
            return
        state.position[chain] = 0
        state.started[chain] = day

    def _open_span(self, state: CaseState, span: int, on: date) -> None:
        state.opened[span] = on
        state.implied[span] = state.taken[span] = False
        self._clear(state, span)

    def _clear(self, state: CaseState, span: int) -> None:
        for chain in self._plans.chains_of[span]:
            state.position[chain] = NOT_RUNNING
            state.met_on[chain] = None
            state.unsure[chain] = False

    def _continue(self, state: CaseState, span: int, on: date) -> None:
        """Open a span whose start is not known: its chain may stand anywhere."""
        state.opened[span] = on
        state.implied[span] = True
        for chain in self._plans.chains_of[span]:
            if self.chains[chain].repeats:
                state.position[chain] = 0
                state.started[chain] = None

    def _imply(
        self,
        state: CaseState,
        span: int,
        plan: Effects,
        event: Event,
        events: Sequence[Event],
        anomaly: Anomaly | None,
    ) -> bool:
        """Open a span for a meeting in it, where no start of one is recorded at all."""
        starts = {one.event for one in (*self.spans[span].opened_by, *self.spans[span].taken_from)}
        if any(one.event in starts for one in events):
            return False
        self._continue(state, span, event.on)
        for chain, match, counts in plan.meets:
            mine = chain in self._plans.chains_of[span] and state.position[chain] >= 0
            if mine and (match is None or self._is(match, event, state)):
                self._meet(state, chain, event, counts)  # unsure already: the start is not known
        if anomaly:
            anomaly("start-missing", event, self.spans[span].id)
        return True

    def _close(self, state: CaseState, span: int, on: date) -> None:
        state.opened[span] = None
        state.implied[span] = False
        state.closed_on[span] = on
        self._clear(state, span)

    def _end_childhood(self, state: CaseState) -> None:
        for chain, what in enumerate(self.chains):
            if not what.root.outlives:
                state.position[chain] = NOT_RUNNING

    def _explain_unused(
        self, state: CaseState, plan: Effects, event: Event, anomaly: Anomaly
    ) -> None:
        """Report an event that changed nothing, unless that is as it should be."""
        for span, _ in plan.closes:
            if state.closed_on[span] == event.on:
                return
        if plan.closes:
            anomaly("nothing-to-end", event, self.spans[plan.closes[-1][0]].id)
            return
        chains = [chain for chain, _, _ in plan.meets] + [chain for chain, _ in plan.pairs]
        chains = chains or [chain for chain, _ in plan.starts]
        own = [
            chain
            for chain in chains
            if self.chains[chain].root.process == event.event.split(".")[0]
        ]
        spans = {self._plans.spans_of[chain] for chain in own or chains}
        if None in spans:
            if plan.opens:
                # A conference that made no plan: extracts often do not say what it came from.
                anomaly("start-not-recorded", event, None)
            elif plan.meets or plan.pairs:
                anomaly("nothing-waiting", event, None)
            return
        for index in spans:
            if index is not None and not state.opened[index]:
                anomaly("outside", event, self.spans[index].id)
                return

    def _open(self, state: CaseState) -> list[Clock]:
        found = []
        for chain, at in enumerate(state.position):
            if at < 0 or self._stopped(state, chain):
                continue
            rules = self.chains[chain].rules
            span = self._plans.spans_of[chain]
            implied = span is not None and state.implied[span]
            started = state.started[chain]
            if at < len(rules) - 1 and (implied or state.unsure[chain]):
                since = None if implied or span is None else state.opened[span]
                found.append(Clock(rules[at], started, None, rules[at:], since=since))
            elif at == 0 and span is not None and state.taken[span]:
                found.append(Clock(rules[0], started, taken=started == state.opened[span]))
            else:
                found.append(Clock(rules[at], started))
        for chain, running in state.keys.items():
            rule = self.chains[chain].root
            found += [Clock(rule, started, None, key=key) for key, started in running.items()]
        return found
