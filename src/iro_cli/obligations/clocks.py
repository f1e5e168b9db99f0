"""
From the events of one child to the clocks they start and stop.

A case is the fold of its events.  Nothing here counts a day: a clock says
which rule runs, from when, and whether a meeting met it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from iro_cli.cases.model import Event
from iro_cli.cases.vocabulary import EVENTS
from iro_cli.dates.months import add_months
from iro_cli.rules.catalogue import Catalogue
from iro_cli.rules.model import Match, Rule

Anomaly = Callable[[str, Event, str | None], None]
_NOT_RUNNING = -1


class Clock(NamedTuple):
    """
    One duty of one child.

    Attributes:
        rule: Which duty.
        started: The day its clock starts from; ``None`` where that is not known.
        held: The day it was met, or ``None`` while it is open.
        candidates: The rules it may be, where the facts do not say which.
        key: The reference of one of several parallel clocks.
    """

    rule: Rule
    started: date | None
    held: date | None = None
    candidates: tuple[Rule, ...] = ()
    key: str = ""


class Clocks(NamedTuple):
    """The clocks of one child, and the spans that are open (``None``: start not known)."""

    open: list[Clock]
    met: list[Clock]
    spans: dict[str, date | None]


class _Plan:
    """What one kind of event does, worked out once for a catalogue."""

    __slots__ = ("closes", "continues", "implies", "meets", "opens", "pairs", "rank", "starts")

    def __init__(self) -> None:
        self.meets: list[tuple[int, Match | None, bool]] = []
        self.starts: list[tuple[int, Match]] = []
        self.opens: list[tuple[int, Match]] = []
        self.closes: list[tuple[int, Match]] = []
        self.continues: list[int] = []
        self.implies: list[tuple[int, Match]] = []
        self.pairs: list[tuple[int, str]] = []
        self.rank = 0


class _State:
    """Where one child's case stands, between two events."""

    __slots__ = (
        "closed_on",
        "implied",
        "keep_met",
        "keys",
        "met",
        "opened",
        "paused",
        "position",
        "started",
    )

    def __init__(self, lines: int, spans: int, keep_met: bool) -> None:
        self.keep_met = keep_met
        self.position = [_NOT_RUNNING] * lines
        self.started: list[date | None] = [None] * lines
        self.paused = [False] * lines
        self.opened: list[date | None] = [None] * spans
        self.implied = [False] * spans
        self.closed_on: list[date | None] = [None] * spans
        self.keys: dict[int, dict[str, date]] = {}
        self.met: list[Clock] = []


def _condition(match: Match) -> Match | None:
    """Return a match, or ``None`` where its event's name says it all."""
    return match if match.detail or match.while_open else None


class ClockWork:
    """
    Runs the clocks of a catalogue over one child's events at a time.

    Args:
        catalogue: The rules.
        wanted: The ids of the rules whose clocks are asked for; the others
            cost nothing.  All of them by default.
    """

    def __init__(self, catalogue: Catalogue, wanted: frozenset[str] | None = None) -> None:
        """Work out what each kind of event does."""
        self.age = catalogue.childhood_ends_at_age
        self.lines = [
            line
            for line in catalogue.lines
            if wanted is None
            or any(rule.id in wanted for rule in line.rules)
            or any(
                one.id in wanted
                for rule in line.rules
                for one in catalogue.companions.get(rule.id, ())
            )
        ]
        self.spans = list(catalogue.spans.values())
        names = {span.id: index for index, span in enumerate(self.spans)}
        self._span_names = names
        self._line_span = [names.get(line.root.span or "") for line in self.lines]
        self._span_lines: list[list[int]] = [[] for _ in self.spans]
        self._stops: list[list[int]] = [[] for _ in self.spans]
        for index, line in enumerate(self.lines):
            if line.root.span:
                self._span_lines[names[line.root.span]].append(index)
            if line.root.stopped_while:
                self._stops[names[line.root.stopped_while]].append(index)
        self.plans: dict[str, _Plan] = {}
        self._plan_lines()
        self._plan_spans()
        self._rank()

    # ------------------------------------------------------------ planning

    def _plan(self, event: str) -> _Plan:
        return self.plans.setdefault(event, _Plan())

    def _plan_lines(self) -> None:
        for index, line in enumerate(self.lines):
            root = line.root
            parallel = root.match is not None
            for match in root.trigger.event:
                plan = self._plan(match.event)
                plan.starts.append((index, match))
            for match in root.met_by:
                plan = self._plan(match.event)
                if parallel:
                    plan.pairs.append((index, match.event))
                else:
                    plan.meets.append((index, _condition(match), True))
            for match in root.advanced_by:
                self._plan(match.event).meets.append((index, _condition(match), False))

    def _plan_spans(self) -> None:
        for index, span in enumerate(self.spans):
            for match in span.opened_by:
                self._plan(match.event).opens.append((index, match))
            for match in span.closed_by:
                self._plan(match.event).closes.append((index, match))
            for match in span.continued_by:
                self._plan(match.event).continues.append(index)
            for match in span.implied_by:
                self._plan(match.event).implies.append((index, match))

    def _rank(self) -> None:
        """Order the events of one day: what starts, what meets, what moves on, what ends."""
        for plan in self.plans.values():
            if plan.opens and plan.closes:
                plan.rank = 3
            elif plan.meets or plan.pairs:
                plan.rank = 1 if plan.opens else 2
            elif plan.closes:
                plan.rank = 4
            elif plan.opens or plan.continues:
                plan.rank = 1

    # ------------------------------------------------------------ running

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
            keep_met: Whether the clocks that were met are asked for.

        Returns:
            The clocks that are open, those that were met, and the open spans.
        """
        state = _State(len(self.lines), len(self.spans), keep_met)
        ends_on = add_months(born, 12 * self.age) if born and self.age else None
        grown_up = ends_on is not None and ends_on <= as_of
        plans, apply = self.plans, self._apply
        events = [event for event in events if event[0] in plans]
        if not grown_up and len({event[1] for event in events}) == len(events):
            for event in events:
                apply(state, plans[event[0]], event, events, anomaly)
        else:
            ended = False
            for day, together in groupby(events, attrgetter("on")):
                if ends_on and day >= ends_on and not ended:
                    ended = True
                    self._end_childhood(state)
                for event in self._in_order(state, list(together), anomaly):
                    plan = plans[event.event]
                    if ended and not plan.pairs and not plan.closes:
                        if anomaly:
                            anomaly("after-childhood", event, None)
                    else:
                        apply(state, plan, event, events, None if ended else anomaly)
            if grown_up and not ended:
                self._end_childhood(state)
        return Clocks(
            self._open(state),
            state.met,
            {
                span.id: None if state.implied[index] else state.opened[index]
                for index, span in enumerate(self.spans)
                if state.opened[index]
            },
        )

    def _in_order(self, state: _State, events: list[Event], anomaly: Anomaly | None) -> list[Event]:
        """Put the events of one day in the order in which they can have happened."""
        if len(events) == 1:
            return events
        closing = {span for event in events for span, _ in self.plans[event.event].closes}

        def rank(event: Event) -> int:
            plan = self.plans[event.event]
            reopens = any(
                state.opened[span] and span in closing and not plan.closes for span, _ in plan.opens
            )
            return 5 if reopens else plan.rank

        ordered: list[Event] = []
        for event in sorted(events, key=lambda one: (rank(one), one[0], *map(str, one[2:]))):
            meets = self.plans[event.event].meets
            twice = meets and any(one.event == event.event for one in ordered)
            if twice:
                if anomaly:
                    anomaly("twice-in-a-day", event, None)
            else:
                ordered.append(event)
        return ordered

    def _apply(
        self,
        state: _State,
        plan: _Plan,
        event: Event,
        events: Sequence[Event],
        anomaly: Anomaly | None,
    ) -> None:
        used = False
        on = event.on
        position = state.position
        for line, match, counts in plan.meets:
            if position[line] >= 0 and (match is None or self._is(match, event, state)):
                used = True
                self._meet(state, line, event, counts)
        for line, _ in plan.pairs:
            used = self._pair(state, line, event) or used
        if not used and plan.implies and not any(state.opened[span] for span, _ in plan.implies):
            used = self._imply(state, plan, event, events, anomaly)
        for span, match in plan.closes:
            if state.opened[span] and self._is(match, event, state):
                used = True
                self._close(state, span, on)
        opened = -1
        for span, match in plan.opens:
            if self._is(match, event, state):
                used = True
                if state.opened[span] and not state.implied[span]:
                    if anomaly:
                        anomaly("already-open", event, self.spans[span].id)
                    continue
                if state.opened[span] and anomaly:
                    anomaly("known-after-all", event, self.spans[span].id)
                self._open_span(state, span, on)
                opened = span
        for span in plan.continues:
            used = True
            if not state.opened[span]:
                self._continue(state, span, on)
                if anomaly:
                    anomaly("start-unknown", event, self.spans[span].id)
        for line, match in plan.starts:
            if self._is(match, event, state):
                self._start(state, line, event, opened, anomaly)
                used = used or (state.position[line] >= 0 and state.started[line] == on)
        if not used and anomaly:
            self._explain_unused(state, plan, event, anomaly)

    def _is(self, match: Match, event: Event, state: _State) -> bool:
        if match.detail is not None:
            kind = EVENTS[match.event]
            given = getattr(event, match.detail)
            default = kind.values[match.detail][0] if match.detail in kind.values else None
            if (given or default) != match.value:
                return False
        if match.while_open is not None:
            return state.opened[self._span_names[match.while_open]] is not None
        return True

    def _meet(self, state: _State, line: int, event: Event, counts: bool) -> None:
        """Meet a line's clock and start the next; one that does not count only moves it on."""
        rules, repeats = self.lines[line]
        at = state.position[line]
        last = at + 1 == len(rules)
        if state.paused[line] or not counts:
            if not state.paused[line]:
                return
        elif state.keep_met:
            started, span = state.started[line], self._line_span[line]
            unsure = span is not None and state.implied[span] and not last
            if started is not None and not unsure:
                state.met.append(Clock(rules[at], started, event.on))
        if not last:
            state.position[line] = at + 1
        elif not repeats:
            state.position[line] = _NOT_RUNNING
        state.started[line] = event.on

    def _pair(self, state: _State, line: int, event: Event) -> bool:
        """Meet the parallel clock that the event's reference names, or the last one started."""
        running = state.keys.get(line)
        if not running:
            return False
        key = event.reference or next(reversed(running))
        started = running.pop(key, None)
        if started is None:
            return False
        if state.keep_met:
            state.met.append(Clock(self.lines[line].root, started, event.on, key=key))
        return True

    def _start(
        self, state: _State, line: int, event: Event, opened: int, anomaly: Anomaly | None
    ) -> None:
        rule = self.lines[line].root
        span = self._line_span[line]
        day = (event.completed_on if rule.trigger.day else None) or event.on
        if rule.match:
            key = event.on.isoformat() if rule.match == "date" else event.reference or ""
            running = state.keys.setdefault(line, {})
            if key in running:
                if anomaly:
                    anomaly("already-running", event, None)
            else:
                running[key] = day
            return
        if span is not None and span != opened:
            opens = any(index == span for index, _ in self.plans[event.event].opens)
            if opens or not state.opened[span]:
                return
        if state.position[line] >= 0 and rule.trigger.pick == "first":
            if rule.once and anomaly:
                anomaly("second-adjournment", event, None)
            return
        state.position[line] = 0
        state.started[line] = day

    def _open_span(self, state: _State, span: int, on: date) -> None:
        state.opened[span] = on
        state.implied[span] = False
        for line in self._span_lines[span]:
            state.position[line] = _NOT_RUNNING
            state.paused[line] = False
        for line in self._stops[span]:
            state.paused[line] = state.position[line] >= 0

    def _continue(self, state: _State, span: int, on: date) -> None:
        """Open a span whose start is not known: its chain may stand anywhere."""
        state.opened[span] = on
        state.implied[span] = True
        for line in self._span_lines[span]:
            if self.lines[line].repeats:
                state.position[line] = 0
                state.started[line] = None

    def _imply(
        self,
        state: _State,
        plan: _Plan,
        event: Event,
        events: Sequence[Event],
        anomaly: Anomaly | None,
    ) -> bool:
        """Open a span for a meeting in it, where no start of one is recorded at all."""
        used = False
        for span, match in plan.implies:
            starts = {one.event for one in self.spans[span].opened_by}
            if self._is(match, event, state) and not any(one.event in starts for one in events):
                used = True
                self._continue(state, span, event.on)
                for line, _, counts in plan.meets:
                    if line in self._span_lines[span] and state.position[line] >= 0:
                        self._meet(state, line, event, counts)
                if anomaly:
                    anomaly("start-missing", event, self.spans[span].id)
        return used

    def _close(self, state: _State, span: int, on: date) -> None:
        state.opened[span] = None
        state.implied[span] = False
        state.closed_on[span] = on
        for line in self._span_lines[span]:
            state.position[line] = _NOT_RUNNING
            state.paused[line] = False
        for line in self._stops[span]:
            state.paused[line] = False

    def _end_childhood(self, state: _State) -> None:
        for line, what in enumerate(self.lines):
            if not what.root.outlives:
                state.position[line] = _NOT_RUNNING

    def _explain_unused(self, state: _State, plan: _Plan, event: Event, anomaly: Anomaly) -> None:
        """Report an event that changed nothing, unless that is as it should be."""
        for span, _ in plan.closes:
            if state.closed_on[span] == event.on:
                return
        if plan.closes:
            anomaly("nothing-to-end", event, self.spans[plan.closes[-1][0]].id)
            return
        lines = [line for line, _, _ in plan.meets] + [line for line, _ in plan.pairs]
        lines = lines or [line for line, _ in plan.starts]
        own = [line for line in lines if self.lines[line].root.process == event.event.split(".")[0]]
        spans = {self._line_span[line] for line in own or lines}
        if None in spans:
            if plan.meets or plan.pairs:
                anomaly("nothing-waiting", event, None)
            return
        for index in spans:
            if index is not None and not state.opened[index]:
                anomaly("outside", event, self.spans[index].id)
                return

    def _open(self, state: _State) -> list[Clock]:
        found = []
        for line, at in enumerate(state.position):
            if at < 0 or state.paused[line]:
                continue
            rules = self.lines[line].rules
            span = self._line_span[line]
            unsure = span is not None and state.implied[span] and at < len(rules) - 1
            found.append(Clock(rules[at], state.started[line], None, rules[at:] if unsure else ()))
        for line, running in state.keys.items():
            rule = self.lines[line].root
            found += [Clock(rule, started, None, key=key) for key, started in running.items()]
        return found
