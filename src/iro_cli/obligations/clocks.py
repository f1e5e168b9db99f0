"""What each kind of event does to the clocks of a catalogue, worked out once."""

from datetime import date
from typing import NamedTuple

from iro_cli.law.catalogue import Catalogue, Chain
from iro_cli.law.model import Match, Rule

NOT_RUNNING = -1


class Clock(NamedTuple):
    """
    One duty of one child.

    Attributes:
        rule: Which duty.
        started: The day its clock starts from; ``None`` where that is not known.
        held: The day it was met, or ``None`` while it is open.
        candidates: The rules it may be, where the facts do not say which.
        key: The reference of one of several parallel clocks.
        since: Where only the latest meeting is known, the day its span began.
        taken: Its clock starts with an event that is taken for the one it needs.
    """

    rule: Rule
    started: date | None
    held: date | None = None
    candidates: tuple[Rule, ...] = ()
    key: str = ""
    since: date | None = None
    taken: bool = False


class Effects:
    """What one kind of event does, worked out once for a catalogue."""

    __slots__ = (
        "closes",
        "continues",
        "implies",
        "meets",
        "only_meets",
        "opens",
        "pairs",
        "rank",
        "starts",
        "stops",
        "takes",
    )

    def __init__(self) -> None:
        """Start with nothing that it does."""
        self.meets: list[tuple[int, Match | None, bool]] = []
        self.starts: list[tuple[int, Match | None]] = []
        self.opens: list[tuple[int, Match | None]] = []
        self.closes: list[tuple[int, Match | None]] = []
        self.continues: list[tuple[int, Match | None]] = []
        self.implies: list[tuple[int, Match | None]] = []
        self.pairs: list[tuple[int, Match | None]] = []
        self.stops: list[tuple[int, Match | None]] = []
        self.takes: list[tuple[int, Match | None]] = []
        self.rank = 0
        self.only_meets = False


def _condition(match: Match) -> Match | None:
    """Return a match, or ``None`` where its event's name says it all."""
    return match if match.detail or match.while_open or match.latest else None


def _named(rule: Rule) -> set[str]:
    """Return the events that a rule is counted from or met by, beside what moves its clock."""
    origins = [limit.origin for version in rule.versions for limit in version.latest]
    return {match.event for match in (*rule.met_by, *origins) if match}


def _wanted(chain: Chain, catalogue: Catalogue, wanted: frozenset[str] | None) -> bool:
    if wanted is None:
        return True
    companions = [one for rule in chain.rules for one in catalogue.companions.get(rule.id, ())]
    return any(rule.id in wanted for rule in (*chain.rules, *companions))


class EffectsOfEvents:
    """
    The plan of every kind of event.

    Chains and spans are known by their places, so that a child's state is a few
    short lists.

    Attributes:
        chains: The chains of rules whose clocks are wanted.
        spans: Every span.
        span_names: The place of each span, by its id.
        spans_of: The span each chain belongs to, or ``None``.
        stopping: The span that stops each chain while it is open, or ``None``.
        last: The place of each chain's last rule, and
        repeats: whether that starts again when it is met.
        windows: Whether a meeting can come too early for each chain.
        after_start: Whether a meeting on the day the span of each chain opened meets nothing.
        chains_of: The chains that belong to each span.
        events: The plan of each kind of event that does anything.
        latest: The events that give the latest meeting only, each with those that
            give every one of the same meetings.
    """

    def __init__(self, catalogue: Catalogue, wanted: frozenset[str] | None) -> None:
        """Work out the plans."""
        self.chains = [chain for chain in catalogue.chains if _wanted(chain, catalogue, wanted)]
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
        self.chains_of: list[list[int]] = [[] for _ in self.spans]
        for chain, span in enumerate(self.spans_of):
            if span is not None:
                self.chains_of[span].append(chain)
        self.events: dict[str, Effects] = {}
        self.latest: dict[str, frozenset[str]] = {}
        for root in (chain.root for chain in self.chains):
            every = frozenset(one.event for one in root.met_by if not one.latest)
            for one in root.met_by:
                if one.latest:
                    self.latest[one.event] = self.latest.get(one.event, frozenset()) | every
        self._plan_chains()
        self._plan_spans()
        self._rank()
        asked = [rule for rule in catalogue.rules.values() if wanted is None or rule.id in wanted]
        self.named = frozenset(self.events).union(*map(_named, asked))

    def _plan(self, event: str) -> Effects:
        return self.events.setdefault(event, Effects())

    def _plan_chains(self) -> None:
        for place, chain in enumerate(self.chains):
            root = chain.root
            for match in root.trigger.event:
                self._plan(match.event).starts.append((place, _condition(match)))
            for match in root.met_by:
                plan = self._plan(match.event)
                if root.match is not None:
                    plan.pairs.append((place, _condition(match)))
                else:
                    plan.meets.append((place, _condition(match), True))
            for match in root.stopped_by:
                self._plan(match.event).stops.append((place, _condition(match)))
            for match in root.advanced_by:
                self._plan(match.event).meets.append((place, _condition(match), False))

    def _plan_spans(self) -> None:
        for place, span in enumerate(self.spans):
            for match in span.opened_by:
                self._plan(match.event).opens.append((place, _condition(match)))
            for match in span.closed_by:
                self._plan(match.event).closes.append((place, _condition(match)))
            for match in span.continued_by:
                self._plan(match.event).continues.append((place, _condition(match)))
            for match in span.implied_by:
                self._plan(match.event).implies.append((place, _condition(match)))
            for match in span.taken_from:
                self._plan(match.event).takes.append((place, _condition(match)))

    def _rank(self) -> None:
        """Order the events of one day: what starts, what meets, what moves on, what ends."""
        for plan in self.events.values():
            more = (
                *(plan.pairs, plan.starts, plan.opens, plan.closes),
                *(plan.continues, plan.stops, plan.takes),
            )
            plan.only_meets = not any(more)
            if plan.opens and plan.closes:
                plan.rank = 3
            elif plan.meets or plan.pairs:
                plan.rank = 1 if plan.opens else 2
            elif plan.closes:
                plan.rank = 4
            elif plan.opens or plan.continues or plan.takes:
                plan.rank = 1


class CaseState:
    """Where one child's case stands, between two events."""

    __slots__ = (
        "again",
        "as_of",
        "closed_on",
        "implied",
        "keep_met",
        "keys",
        "last_key",
        "met",
        "met_on",
        "opened",
        "position",
        "started",
        "taken",
        "unsure",
    )

    def __init__(self, chains: int, spans: int, as_of: date, keep_met: bool) -> None:
        """Start before the first event."""
        self.as_of = as_of
        self.keep_met = keep_met
        self.position = [NOT_RUNNING] * chains
        self.started: list[date | None] = [None] * chains
        self.met_on: list[date | None] = [None] * chains
        self.opened: list[date | None] = [None] * spans
        self.implied = [False] * spans
        self.taken = [False] * spans
        self.unsure = [False] * chains
        self.again = [0] * chains
        self.closed_on: list[date | None] = [None] * spans
        self.keys: dict[int, dict[str, date]] = {}
        self.last_key: dict[int, str] = {}
        self.met: list[Clock] = []
