"""
The clock of a duty, and what each kind of event does to the clocks of a catalogue.

The effects of an event are worked out once for a catalogue.  :mod:`iro_cli.obligations.chains`
applies them to the events of a child.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.catalogue import Catalogue, Chain
from iro_cli.law.model import ANY, Match, Rule, Span
from iro_cli.lean import NamedTuple
from iro_cli.obligations.silences import Latest, Silence

NOT_RUNNING = -1
# The number of the part of the law in :meth:`Wiring.apart` for events that end everything.
_EVERYTHING = -1
# The order of the events of one day: what starts, what is held, what moves on, what ends.
# A review on the day care ends is the last of that care, and one on the day care begins is the
# first.  What rests on care ends before care does, and begins again after it.  Nothing comes
# after a death.  What starts a clock within care comes after the start of care, and what starts
# a clock again on the day it ends comes after the event that ends it.
_STARTS_A_CLOCK, STARTS_ANOTHER, _OPENS, STARTS_WITHIN, _IS_HELD, STARTS_ANEW = range(6)
_MOVES_ON, _ENDS, _ENDS_LAST, STARTS_AGAIN, OPENS_AGAIN, RESTS_AGAIN, _ENDS_CASE = range(6, 13)
# Called for an event that does not fit, with what is wrong, the event, and the span, if any.
Anomaly = Callable[[str, Event, str | None], None]


class Clock(NamedTuple):
    """
    One duty of one child.

    Attributes:
        rule: The duty.
        started: The day its time is counted from (exclusive); ``None`` if that is not known.
        held: The day it was met; ``None`` while it is open.
        candidates: The rules it may belong to, if the facts do not say which.
        key: The reference that tells it from parallel clocks of the same rule.
        since: The day its span began, if only the latest meeting in the span is known.
        start_assumed: Whether the event that started it is only taken for the right one, such
            as the start of a plan for the conference that made it.
        ended: The day on which something else ended it without its being met.
        stood_still: The times in which it stood still since it started, each as the first day
            (inclusive) and the day on which it ran again.
        without_meeting: Whether it was met without a meeting, as by a decision that no
            conference is required.
        silence: Why it is not known whether it was met or ended, if so; of one that was met,
            why it is not known whether it had ended before.
        gap: Why it is not known what was held before it started, if it has candidates for
            that reason.
        none_to: If others may have been held before the meeting that met it, the last day up to
            which it is known that none was.
        nation: The nation whose law it ran by, if that is not the child's nation today.
    """

    rule: Rule
    started: date | None
    held: date | None = None
    candidates: tuple[Rule, ...] = ()
    key: str = ""
    since: date | None = None
    start_assumed: bool = False
    ended: date | None = None
    stood_still: tuple[tuple[date, date], ...] = ()
    without_meeting: bool = False
    silence: Silence | None = None
    gap: Silence | None = None
    none_to: date | None = None
    nation: str | None = None


class Effects:
    """
    What one kind of event does.

    Each list names chains or spans by their place, with the condition under which it holds.

    Attributes:
        meets: Chains whose clock it meets, and whether it counts as held or only moves
            on a clock that stands still.
        implies: Spans that must have been open, if no start of them is recorded.
        pairs: Chains of parallel clocks, one of which it meets.
        stops: Chains whose duty is no longer owed.
        closes: Spans that end.
        opens: Spans that start.
        takes: Spans that are taken to start with it, if no better event is recorded.
        continues: Spans that were open already since a day that is not known.
        starts: Chains whose clock it starts.
        ends_case: Whether everything ends with it.
        rank: Its place in the order of the events of one day; the lowest comes first.
        steps: The steps that the engine takes for it, in order.
        steps_after: The steps that it takes if the event is after childhood.
    """

    __slots__ = (
        "closes",
        "continues",
        "ends_case",
        "implies",
        "meets",
        "opens",
        "pairs",
        "rank",
        "starts",
        "steps",
        "steps_after",
        "stops",
        "takes",
    )

    def __init__(self) -> None:
        self.meets: list[tuple[int, Match | None, bool]] = []
        self.starts: list[tuple[int, Match | None]] = []
        self.opens: list[tuple[int, Match | None]] = []
        self.closes: list[tuple[int, Match | None]] = []
        self.continues: list[tuple[int, Match | None]] = []
        self.implies: list[tuple[int, Match | None]] = []
        self.pairs: list[tuple[int, Match | None]] = []
        self.stops: list[tuple[int, Match | None]] = []
        self.takes: list[tuple[int, Match | None]] = []
        self.ends_case = False
        self.rank = 0
        self.steps: Sequence[Callable[..., bool]] = ()
        self.steps_after: Sequence[Callable[..., bool]] = ()

    @property
    def is_held(self) -> bool:
        """Say whether it is a meeting: it meets a clock, or says that one must have run."""
        return bool(self.meets or self.implies)


def _named(rule: Rule) -> set[str]:
    """Return the events that meet a rule, and those that its limits depend on."""
    others = [one for version in rule.versions for limit in version.latest for one in limit.others]
    return {match.event for match in (*rule.met_by, *others)}


def _wanted(chain: Chain, catalogue: Catalogue, wanted: frozenset[str] | None) -> bool:
    if wanted is None:
        return True
    companions = [one for rule in chain.rules for one in catalogue.companions.get(rule.id, ())]
    return any(rule.id in wanted for rule in (*chain.rules, *companions))


class Apart(NamedTuple):
    """
    Some kinds of event, whose clocks no other event moves.

    Attributes:
        names: The kinds.
        dated: Whether the number of days between two of the events counts.
        latest: Whether one is a latest meeting.
    """

    names: frozenset[str]
    dated: bool
    latest: bool


class Wiring:
    """
    How the chains and spans of a catalogue are connected, and what each kind of event does.

    Chains and spans are known by their places, so that a child's state is a few
    short lists.

    Attributes:
        chains: The chains of rules whose clocks are wanted.
        spans: Every span.
        span_names: The place of each span, by its id.
        spans_of: The span each chain belongs to, or ``None``.
        stopping: The span that stops each chain while it is open, or ``None``.
        last: The place of each chain's last rule.
        repeats: Whether the last rule of each chain starts again when it is met.
        windows: Whether a meeting can come too early for each chain.
        after_start: Whether a meeting on the day the clock of each chain starts meets nothing.
        chains_of: The chains that belong to each span.
        stopped_by: The chains that each span stops while it is open.
        resting_on: The spans that end with each span.
        events: The effects of each kind of event that has any.
        met_by: What meets the clocks of each chain.
        turns: The events that start the clock of each chain, and those that stop it.
        latest: The events that record only the latest meeting.
        dated: The events for which the days of other events, and not their order alone, decide
            whether they fit.
        ending: The events that meet a clock, or only stop one.
        movers: For each event that only starts clocks, the events of the same day that can
            change its place among them.
        timely: The events for which it matters how many days after others they happened.
        resumed: The events that start a clock which a series of meetings may have met.
        taking: The events with which a span is taken to start.
        stepped: Whether the steps of each event were noted.
        named: The kinds of event that the wanted rules depend on.
        details: The details of events that they depend on.
        compared: The details whose value matters, and not only whether they are given.
    """

    @classmethod
    def of(cls, catalogue: Catalogue, wanted: frozenset[str] | None) -> "Wiring":
        """Return the wiring of the rules wanted, worked out once for each catalogue."""
        found: Wiring | None = catalogue.kept.get((cls, wanted))
        if found is None:
            found = catalogue.kept[cls, wanted] = cls(catalogue, wanted)
        return found

    def __init__(self, catalogue: Catalogue, wanted: frozenset[str] | None) -> None:
        """
        Work out what each kind of event does.

        Args:
            catalogue: The rules.
            wanted: The ids of the rules whose clocks are asked for, all by default.
        """
        # Lists by place, not dictionaries by name, because they are read for every event of every
        # child of a country.
        self.chains = [one for one in catalogue.chains if _wanted(one, catalogue, wanted)]
        self.spans = list(catalogue.spans.values())
        self.span_names = {span.id: place for place, span in enumerate(self.spans)}
        names = self.span_names
        self.spans_of = [names.get(chain.root.span or "") for chain in self.chains]
        self.stopping = [names.get(chain.root.stopped_while or "") for chain in self.chains]
        self.last = [len(chain.rules) - 1 for chain in self.chains]
        self.repeats = [chain.repeats for chain in self.chains]
        self.windows = [
            any(version.earliest for rule in chain.rules for version in rule.versions)
            for chain in self.chains
        ]
        self.after_start = [chain.root.after_start for chain in self.chains]
        self.chains_of = self._by_span(self.spans_of)
        self.stopped_by = self._by_span(self.stopping)
        self.resting_on = self._by_span([names.get(span.rests_on or "") for span in self.spans])
        self.met_by = [chain.root.met_by for chain in self.chains]
        self.turns = _turns(self.chains)
        self.latest = _latest(self.chains, catalogue)
        self._endings: dict[int, frozenset[str]] = {}
        self._parts: dict[str, int] = {}
        self.stepped = False
        self.details: set[str] = set()
        self.compared: set[str] = set()
        self.events: dict[str, Effects] = {}
        self._add_effects()
        self.ending = self._events_that(self._is_ending)
        self.movers = self._movers()
        self.dated = self._events_that(lambda _, does: self._is_dated(does, self.events))
        # A latest meeting may repeat one a few days away.
        self.timely = self.dated.union(self.latest, self._events_that(self._is_told_apart))
        self.resumed = self._events_that(self._is_resumed)
        self.taking = self._events_that(lambda _, effects: bool(effects.takes))
        asked = [rule for rule in catalogue.rules.values() if wanted is None or rule.id in wanted]
        self.named = frozenset(self.events).union(*map(_named, asked))

    def _by_span(self, places: Iterable[int | None]) -> list[list[int]]:
        """Return the places at which each span stands in a list of them."""
        found: list[list[int]] = [[] for _ in self.spans]
        for place, span in enumerate(places):
            if span is not None:
                found[span].append(place)
        return found

    def _add_effects(self) -> None:
        """Work out what each event does, and from that its place in the order of a day."""
        for place, chain in enumerate(self.chains):
            self._add_chain(place, chain.root)
        for place, span in enumerate(self.spans):
            self._add_span(place, span)
        for event, kind in EVENTS.items():
            if kind.ends_everything:
                self._effects(event).ends_case = True
        for effects in self.events.values():
            effects.rank = self._rank(effects)

    def _events_that(self, what: Callable[[str, Effects], bool]) -> frozenset[str]:
        """Return the events for which *what* holds."""
        return frozenset(name for name, effects in self.events.items() if what(name, effects))

    def _is_dated(self, effects: Effects, names: Collection[str]) -> bool:
        # A meeting with a window can come too early, if some event has started its clock.  A clock
        # told apart by a reference depends on what the reference says.
        return bool(
            effects.ends_case
            or any(
                self.windows[chain]
                and (self.repeats[chain] or not self.turns[chain][0].isdisjoint(names))
                for chain, _, _ in effects.meets
            )
            or any(
                self.chains[chain].root.match not in {None, "date"}
                for chain, _ in (*effects.starts, *effects.pairs)
            )
        )

    def _are_dated(self, names: Collection[str]) -> bool:
        """Say whether the days between events of these kinds decide whether they fit."""
        return any(
            self._is_dated(self.events[one], names) for one in self.dated.intersection(names)
        )

    @staticmethod
    def _is_ending(_: str, effects: Effects) -> bool:
        only_stops = effects.stops and not (effects.starts or effects.closes)
        return bool(effects.meets or only_stops)

    def _is_told_apart(self, _: str, effects: Effects) -> bool:
        starts = [self.chains[chain].root for chain, _ in effects.starts]
        return bool(effects.pairs) or any(root.match or root.trigger.day for root in starts)

    def _is_resumed(self, _: str, effects: Effects) -> bool:
        return any(self.after_start[chain] for chain, _ in effects.starts)

    def apart(self, names: frozenset[str]) -> list[Apart]:
        """
        Divide kinds of event into parts that do not affect each other's clocks.

        A child in care may have a child protection plan: neither moves the other's clocks.  There
        are far fewer orders of events in each part than in the whole, so more is used again.

        Args:
            names: The kinds of event of a child.

        Returns:
            The parts, without events that affect no clock; one part with all of them if one
            ends everything.
        """
        parts = self._parts = self._parts or self._numbered_parts()
        found: dict[int, set[str]] = {}
        for name in sorted(names & parts.keys()):
            found.setdefault(parts[name], set()).add(name)
        return [
            Apart(frozenset(one), self._are_dated(one), not self.latest.keys().isdisjoint(one))
            for one in ([names] if _EVERYTHING in found else found.values())
        ]

    def _numbered_parts(self) -> dict[str, int]:
        """Return the number of the part of the law to which each event belongs."""
        # Two things are in one part if a chain, a span or an event connects them, directly or
        # through others.
        chains: list[set[object]] = [
            {("chain", place), *self._spans_beside(place)} for place in range(len(self.chains))
        ]
        spans: list[set[object]] = [
            {("span", one) for one in (place, *resting)}
            for place, resting in enumerate(self.resting_on)
        ]
        events: list[set[object]] = [
            {name, *self._touched_by(effects)}
            for name, effects in self.events.items()
            if not effects.ends_case
        ]
        latest: list[set[object]] = [
            {name, *one.others, *one.begins} for name, one in self.latest.items()
        ]
        joined: list[set[object]] = []
        for link in (*chains, *spans, *events, *latest):
            beside = [one for one in joined if not one.isdisjoint(link)]
            joined = [one for one in joined if one.isdisjoint(link)]
            joined.append(link.union(*beside))
        return {
            name: _EVERYTHING
            if effects.ends_case
            else next(number for number, one in enumerate(joined) if name in one)
            for name, effects in self.events.items()
        }

    def _spans_beside(self, chain: int) -> set[tuple[str, int]]:
        spans = (self.spans_of[chain], self.stopping[chain])
        return {("span", one) for one in spans if one is not None}

    def _touched_by(self, effects: Effects) -> Iterator[tuple[str, int]]:
        """Yield the chains and spans that an event moves or depends on."""
        of_chains = (*effects.starts, *effects.pairs, *effects.stops)
        meets = [(chain, match) for chain, match, _ in effects.meets]
        of_spans = (
            *(*effects.opens, *effects.closes, *effects.continues),
            *(*effects.implies, *effects.takes),
        )
        for what, those in (("chain", (*of_chains, *meets)), ("span", of_spans)):
            for place, match in those:
                yield what, place
                if match is not None and match.while_open is not None:
                    yield "span", self.span_names[match.while_open]

    def _movers(self) -> dict[str, frozenset[str]]:
        """Return, for each event that only starts clocks, what meets them or opens their span."""
        found: dict[str, frozenset[str]] = {}
        for name, effects in self.events.items():
            if not effects.starts or effects.opens or effects.is_held or effects.pairs:
                continue
            own = {("chain", chain) for chain, _ in effects.starts}
            spans = {self.spans_of[chain] for chain, _ in effects.starts}
            own |= {("span", span) for span in spans if span is not None}
            found[name] = frozenset(
                other for other, does in self.events.items() if not own.isdisjoint(_moves(does))
            ) - {name}
        return found

    def opened_by(self, events: Sequence[Event]) -> set[int]:
        """Return the spans that some events open."""
        found: set[int] = set()
        for event in events:
            effects = self.events[event[0]]
            for span, _ in (*effects.opens, *effects.continues, *effects.takes):
                found.add(span)
        return found

    def stopped_with(self, spans: Collection[int]) -> set[int]:
        """Return the chains that are stopped by the events that end some spans."""
        if not spans:
            return set()
        ends = {match.event for span in spans for match in self.spans[span].closed_by}
        return {
            place
            for place, chain in enumerate(self.chains)
            if any(match.event in ends for match in chain.root.stopped_by)
        }

    def ended_by(self, chain: int) -> frozenset[str]:
        """Return the events that end, or suspend, the clocks of a chain, by its place."""
        known = self._endings.get(chain)
        if known is not None:
            return known
        found = [*self.chains[chain].root.stopped_by]
        span, stop = self.spans_of[chain], self.stopping[chain]
        if span is not None:
            found += self.spans[span].closed_by
            rests_on = self.spans[span].rests_on
            found += self.spans[self.span_names[rests_on]].closed_by if rests_on else ()
        if stop is not None:
            found += self.spans[stop].opened_by
        fatal = [name for name, kind in EVENTS.items() if kind.ends_everything]
        self._endings[chain] = ends = frozenset(fatal).union(match.event for match in found)
        return ends

    def beginnings(self, silent: Collection[str]) -> frozenset[str]:
        """
        Return the events that begin a process in which some events may have happened unknown.

        Args:
            silent: The events that may have happened without being known.
        """
        found: list[Match] = []
        for place, chain in enumerate(self.chains):
            moved = self.ended_by(place).union(one.event for one in self.met_by[place])
            if moved.isdisjoint(silent):
                continue
            at = self.spans_of[place]
            if at is None:
                found += chain.root.trigger.event
                continue
            span = self.spans[at]
            found += (*span.opened_by, *span.taken_from, *span.continued_by)
            # If even the beginning may be unknown, a meeting shows that there was one.
            if any(match.event in silent for match in span.opened_by):
                found += span.implied_by
        return frozenset(match.event for match in found)

    def _condition(self, match: Match) -> Match | None:
        """Return a match, or ``None`` if the name of its event is the whole condition."""
        if match.detail:
            self.details.add(match.detail)
            if match.value != ANY:
                self.compared.add(match.detail)
        plain = match.held and not (match.detail or match.while_open or match.latest)
        return None if plain else match

    def _effects(self, event: str) -> Effects:
        return self.events.setdefault(event, Effects())

    def _add_chain(self, place: int, root: Rule) -> None:
        for match in root.trigger.event:
            self._effects(match.event).starts.append((place, self._condition(match)))
        for match in root.met_by:
            effects = self._effects(match.event)
            if root.match is not None:
                effects.pairs.append((place, self._condition(match)))
            else:
                effects.meets.append((place, self._condition(match), True))
        for match in root.stopped_by:
            self._effects(match.event).stops.append((place, self._condition(match)))
        for match in root.advanced_by:
            self._effects(match.event).meets.append((place, self._condition(match), False))

    def _add_span(self, place: int, span: Span) -> None:
        for match in span.opened_by:
            self._effects(match.event).opens.append((place, self._condition(match)))
        for match in span.closed_by:
            self._effects(match.event).closes.append((place, self._condition(match)))
        for match in span.continued_by:
            self._effects(match.event).continues.append((place, self._condition(match)))
        for match in span.implied_by:
            self._effects(match.event).implies.append((place, self._condition(match)))
        for match in span.taken_from:
            self._effects(match.event).takes.append((place, self._condition(match)))

    def _rank(self, effects: Effects) -> int:
        """Return the place of an event in the order of one day."""
        if effects.ends_case:
            return _ENDS_CASE
        # A placement for adoption ends the authority to place and begins the placement.  Reviews
        # of the same day belong to the time before, so they come first; what only ends, last.
        if effects.opens and effects.closes:
            return _MOVES_ON
        if effects.meets or effects.pairs:
            return _OPENS if effects.opens else _IS_HELD
        if effects.closes:
            last = any(self.resting_on[span] for span, _ in effects.closes)
            return _ENDS_LAST if last else _ENDS
        begins = effects.opens or effects.continues or effects.takes
        return _OPENS if begins else _STARTS_A_CLOCK


def _turns(chains: Iterable[Chain]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the events that start the clock of each chain, and those that stop it."""
    return [
        (
            frozenset(match.event for match in root.trigger.event),
            frozenset(match.event for match in root.stopped_by),
        )
        for root in (chain.root for chain in chains)
    ]


def _moves(effects: Effects) -> Iterator[tuple[str, int]]:
    """Yield the chains whose clock an event meets or stops, and the spans that it opens."""
    yield from (("chain", chain) for chain, _, _ in effects.meets)
    yield from (("chain", chain) for chain, _ in effects.stops)
    opens = (*effects.opens, *effects.continues, *effects.takes)
    yield from (("span", span) for span, _ in opens)


def _latest(chains: Iterable[Chain], catalogue: Catalogue) -> dict[str, Latest]:
    """Return the events that record only the latest meeting, with what belongs to each."""
    found: dict[str, Latest] = {}
    for root in (chain.root for chain in chains):
        every = frozenset(one.event for one in root.met_by if not one.latest)
        span = catalogue.spans.get(root.span or "")
        begins = (*span.opened_by, *span.taken_from, *span.continued_by) if span else ()
        for one in root.met_by:
            if one.latest:
                before = found.get(one.event, Latest(frozenset(), frozenset()))
                own = one.event.startswith(f"{root.process}.")
                found[one.event] = Latest(
                    before.others | every,
                    before.begins.union(match.event for match in begins if own),
                )
    return found


_NONE: frozenset[int] = frozenset()
_NEVER: Mapping[int, tuple[tuple[date, date], ...]] = {}


class CaseState:
    """
    Where one child's case stands between two events.

    Attributes:
        as_of: The day the question is asked about.
        keep_met: Whether to keep more than the open clocks.
        events: All of the child's events that have an effect, in order.
        anomaly: Called for an event that does not fit; ``None`` if nobody asked for those.
        position: The rule that each chain has come to, or :data:`NOT_RUNNING`.
        started: The day on which that rule's clock started; ``None`` if it is not known.
        met_on: The day each chain was last met.
        unsure: The chains that may stand further on than their position says.
        again: How often a running clock has been triggered again, by chain.
        opened: The day each span opened, or ``None`` while it is closed.
        start_unknown: The spans that were open already on that day.
        start_assumed: The spans that are only taken to have opened on that day.
        closed_on: The day each span was last closed.
        stood_still: The times in which the clock of each chain stood still.
        series: The last review that was a series of meetings and is complete.
        died_on: The day of the child's death.
        opening: The span that the current event has opened, or -1.
        silences: The days for which it is not known what happened.
        none_held: By the kind and day of a latest meeting, the last day up to which none was
            held before it.
        gaps: For each chain that is unsure because of such days, the reason.
        parallel: For each chain of parallel clocks, the day each started, by its reference.
        last_key: The reference of the parallel clock that started last.
        met: The clocks that were met.
        lapsed: The clocks that ended without being met.
    """

    __slots__ = (
        "again",
        "anomaly",
        "as_of",
        "closed_on",
        "died_on",
        "events",
        "gaps",
        "keep_met",
        "lapsed",
        "last_key",
        "met",
        "met_on",
        "none_held",
        "opened",
        "opening",
        "parallel",
        "position",
        "series",
        "silences",
        "start_assumed",
        "start_unknown",
        "started",
        "stood_still",
        "unsure",
    )

    def __init__(
        self,
        wiring: Wiring,
        events: Sequence[Event],
        as_of: date,
        anomaly: Anomaly | None,
        *,
        keep_met: bool,
    ) -> None:
        chains, spans = len(wiring.chains), len(wiring.spans)
        self.as_of, self.keep_met = as_of, keep_met
        self.events, self.anomaly = events, anomaly
        self.position = [NOT_RUNNING] * chains
        self.started: list[date | None] = [None] * chains
        self.met_on: list[date | None] = [None] * chains
        self.opened: list[date | None] = [None] * spans
        # Empty for most children, so all of them share one set until they need their own.
        self.unsure = self.start_unknown = self.start_assumed = _NONE
        self.again: dict[int, int] = {}
        self.closed_on: dict[int, date] = {}
        self.stood_still = _NEVER
        self.series: Event | None = None
        self.silences: Sequence[Silence] = ()
        self.none_held: Mapping[tuple[str, date], date] = {}
        self.gaps: dict[int, Silence] = {}
        self.died_on: date | None = None
        self.opening = -1
        self.parallel: dict[int, dict[str, date]] = {}
        self.last_key: dict[int, str] = {}
        self.met: list[Clock] = []
        self.lapsed: Sequence[Clock] = ()

    def report(self, kind: str, event: Event, span: str | None = None) -> None:
        """Report an event that does not fit, if anybody asked."""
        if self.anomaly:
            self.anomaly(kind, event, span)
