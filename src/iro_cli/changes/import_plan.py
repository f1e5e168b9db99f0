"""What an import adds and withdraws, worked out before anything is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from iro_cli.changes.snapshots import Given, Word, compare, left_open
from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import Allocation, Child, Event, agrees, put_together
from iro_cli.store.bulk import (
    BulkWriter,
    Standing,
    StandingAllocation,
    StandingChild,
    StandingFact,
    StandingSighting,
    Statement,
)


class Counts(NamedTuple):
    """How many of each."""

    children: int = 0
    facts: int = 0
    allocations: int = 0


class Changed(NamedTuple):
    """
    One thing an import does, for the listing of a dry run.

    Attributes:
        what: ``add``, ``correct``, ``move``, ``withdraw`` or ``vanished``: that is
            reported, and stays.
        child: The child.
        event: The event, or what else of the child.
        date: Its day, or ``None``.
        was: The day, or the details, that stood before.
        details: The details it has now.
        source: Where it stands in the extract.
    """

    what: str
    child: str
    event: str
    date: date | None
    was: str
    details: str
    source: str


# ---------------------------------------------------------------- what stands


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """What the store has, or nothing where there is no store yet."""

    children: Mapping[str, StandingChild] = field(default_factory=dict)
    facts: Mapping[str, list[StandingFact]] = field(default_factory=dict)
    allocations: Mapping[tuple[str, str], list[StandingAllocation]] = field(default_factory=dict)
    sightings: Mapping[str, list[StandingSighting]] = field(default_factory=dict)
    authorities: Mapping[str, set[str]] = field(default_factory=dict)


def standing_facts(writer: BulkWriter, batch: Batch) -> StandingFacts:
    """Read what the store has that a batch is to be compared with."""
    children = writer.children()
    # An extract is also compared with what it does not name any more.
    named = {*children} if batch.source else {child_id for child_id, _, _ in batch.facts}
    return StandingFacts(
        children,
        writer.facts(named) if children else {},
        writer.allocations() if batch.allocations else {},
        writer.sightings() if batch.source else {},
        writer.authorities() if batch.authority else {},
    )


# ---------------------------------------------------------------- what to do


class ImportPlan:
    """
    What is to be added and withdrawn, worked out before anything is written.

    Args:
        standing: What the store has.
        batch: What was read.
        replace: Whether what vanished from an extract is withdrawn.
        listed: Whether each change is listed, for a dry run.
    """

    def __init__(
        self, standing: StandingFacts, batch: Batch, *, replace: bool = False, listed: bool = False
    ) -> None:
        """Start with nothing to do."""
        self.standing = standing
        self.source = batch.source or None
        self.covers = batch.covers
        self.replace = replace
        self.listed = listed
        self.withdrawn: list[Standing] = []
        self.children: list[Child] = []
        self.facts: list[Statement] = []
        self.sightings: list[Statement] = []
        self.allocations: list[Allocation] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.touched: set[str] = set()
        self.behind = 0
        self.moved = 0
        self.vanished: list[tuple[str, Word]] = []
        self.left: list[str] = []
        self.reached: date | None = None
        self.reaches: date | None = None
        self.changes: list[Changed] = []

    def _note(self, what: str, kind: str, child_id: str) -> None:
        self.counts[what, kind] += 1
        if what != "skipped":
            self.touched.add(child_id)

    def _list(self, what: str, child_id: str, given: Given, was: Event | None = None) -> None:
        if not self.listed:
            return
        event, before = given.event, ""
        if was is not None:
            before = was.on.isoformat() if was.on != event.on else details(was)
        self.changes.append(
            Changed(what, child_id, event.event, event.on, before, details(event), given.source)
        )

    def _list_child(self, what: str, child: Child, before: Child) -> None:
        if self.listed:
            changed = [
                (f"{name} {old or '-'}", f"{name} {new}")
                for name, old, new in zip(Child._fields, before, child, strict=True)
                if old != new
            ]
            was = "; ".join(old for old, _ in changed) if what == "correct" else ""
            now = "; ".join(new for _, new in changed)
            self.changes.append(Changed(what, child.child_id, "child", None, was, now, ""))

    def count(self, what: str) -> Counts:
        """Return how many of each kind were added, corrected or skipped."""
        return Counts(*(self.counts[what, kind] for kind in Counts._fields))

    def put_children(self, children: Iterable[Child]) -> None:
        """Add children, and the details that are given of those known."""
        for child in children:
            row = self.standing.children.get(child.child_id)
            if row is None:
                self.children.append(child)
                self._note("added", "children", child.child_id)
                self._list_child("add", child, Child(child.child_id))
                continue
            known = row.child
            merged = known._replace(
                **{name: new for name, new in child._asdict().items() if new is not None}
            )
            if merged == known:
                self._note("skipped", "children", child.child_id)
            else:
                self.withdrawn.append(row)
                self.children.append(merged)
                self._note("corrected", "children", child.child_id)
                self._list_child("correct", merged, known)

    def put_facts(self, facts: Iterable[tuple[str, Event, str]]) -> None:
        """Add facts, and correct those that are known with other details."""
        named: set[str] = set()
        for child_id, together in groupby(sorted(facts, key=_by_child), key=_by_child):
            named.add(child_id)
            stated = [Given(event, source) for _, event, source in together]
            self.reaches = _latest(self.reaches, (one.event for one in stated))
            self._put_child_facts(child_id, stated)
        if self.source:
            for child_id in sorted(self.standing.facts.keys() - named):
                self._miss(child_id)

    def _put_child_facts(self, child_id: str, stated: list[Given]) -> None:
        standing = self.standing.facts.get(child_id, ())
        known: dict[tuple[str, date], list[StandingFact]] = {}
        for row in standing:
            known.setdefault(row.event[:2], []).append(row)
        words = {_named(word.event): word for word in self._words(child_id)}
        said = {*words}
        fresh: list[Given] = []
        others: dict[int, Event] = {}
        for given in stated:
            stood = self._known_as(child_id, given, known.get(given.event[:2], []))
            if stood is not None and (not self.source or _named(stood) in said):
                words.pop(_named(stood), None)
                continue
            fresh.append(given)
            if stood is not None:  # typed in, or another extract's: now this one's word too
                others[id(given)] = stood
                said.add(_named(stood))
        if not (self.source and standing):
            for given in fresh:
                self._add(child_id, given)
            return
        events = [row.event for row in standing]
        found = compare(fresh, stated, [*words.values()], events, self.covers)
        for given in found.added:
            self._state(child_id, given, others.get(id(given)))
        for word, given in found.moved:
            self._move(child_id, word, given, others.get(id(given)))
        for word in found.vanished:
            self._vanish(child_id, word)

    def _words(self, child_id: str) -> Iterator[Word]:
        """Yield what this kind of extract says of a child, as far as it stands."""
        if not self.source:
            return
        events = {}
        for row in self.standing.facts.get(child_id, ()):
            events[_named(row.event)] = row.event
            if row.stated_by == self.source:
                self.reached = _latest(self.reached, (row.event,))
                yield Word(row.event, row.source, row)
        for one in self.standing.sightings.get(child_id, ()):
            event = events.get((one.event, one.on, one.reference))
            if one.stated_by == self.source and event is not None:
                yield Word(event, one.source, one)

    def _known_as(self, child_id: str, given: Given, known: list[StandingFact]) -> Event | None:
        """Find the fact that stands for one that is given, correcting its details."""
        # One that gives no reference is any that is known; one that does, only its own.
        event = given.event
        own = [one for one in known if event.reference == one.event.reference]
        among = known if event.reference is None else own
        row: StandingFact | None = next((one for one in among if agrees(event, one.event)), None)
        if row is not None:
            self._note("skipped", "facts", child_id)
        elif own:
            row = own[0]
            known.remove(row)
            self.withdrawn.append(row)
            merged = put_together(event, row.event)
            # It stays the fact of whoever stated it first.
            mine = row.stated_by == self.source
            source = given.source if mine else row.source
            self.facts.append(Statement(child_id, merged, source, row.stated_by))
            self._note("corrected", "facts", child_id)
            self._list("correct", child_id, Given(merged, given.source), row.event)
        else:
            return None
        return row.event

    def _state(self, child_id: str, given: Given, stood: Event | None) -> None:
        """Add a fact, or this extract's word for one that stands."""
        if stood is None:
            self._add(child_id, given)
        else:
            self.sightings.append(Statement(child_id, stood, given.source, self.source))

    def _add(self, child_id: str, given: Given) -> None:
        self.facts.append(Statement(child_id, given.event, given.source, self.source))
        self._note("added", "facts", child_id)
        self._list("add", child_id, given)

    def _move(self, child_id: str, word: Word, given: Given, stood: Event | None) -> None:
        self._take_back(child_id, word)
        self.moved += 1
        self.touched.add(child_id)
        merged = stood or given.event
        if stood is not None:
            self._state(child_id, given, stood)
        else:
            if isinstance(word.row, StandingFact):
                merged = put_together(given.event, word.event)
            self.facts.append(Statement(child_id, merged, given.source, self.source))
        self._list("move", child_id, Given(merged, given.source), word.event)

    def _take_back(self, child_id: str, word: Word) -> None:
        """Withdraw a fact, unless another extract states it: then it is that one's."""
        self.withdrawn.append(word.row)
        if isinstance(word.row, StandingSighting):
            return
        others = [
            one
            for one in self.standing.sightings.get(child_id, ())
            if (one.event, one.on, one.reference) == _named(word.event)
        ]
        if others:
            self.withdrawn.append(others[0])
            other = others[0]
            self.facts.append(Statement(child_id, word.event, other.source, other.stated_by))

    def _vanish(self, child_id: str, word: Word) -> None:
        self.vanished.append((child_id, word))
        if self.replace:
            self._take_back(child_id, word)
            self.touched.add(child_id)
        given = Given(word.event, word.source or "")
        self._list("withdraw" if self.replace else "vanished", child_id, given)

    def _miss(self, child_id: str) -> None:
        """Look at a child whom the extract does not name."""
        events = [row.event for row in self.standing.facts[child_id]]
        found = compare((), (), [*self._words(child_id)], events, self.covers).vanished
        if found and left_open(events):
            self.left.append(child_id)
        for word in found:
            self._vanish(child_id, word)

    def allocate(self, allocations: Iterable[Allocation]) -> None:
        """Add allocations, and put them in the place of those they contradict."""
        stated = list(allocations)
        given = set(stated)
        for one in stated:
            rows = self.standing.allocations.get((one.child_id, one.role), [])
            known = [row.allocation for row in rows]
            now = one.from_on is None and one.to_on is None
            if one in known or (
                now and any(old.name == one.name and old.to_on is None for old in known)
            ):
                self._note("skipped", "allocations", one.child_id)
                continue
            superseded = [
                row
                for row in rows
                if row.allocation.from_on == one.from_on
                and not (now and row.allocation.to_on is not None)
                # Two may share a child from one day on, as some extracts have it.
                and (row.allocation.name == one.name or row.allocation not in given)
            ]
            own = [row for row in superseded if row.allocation.name == one.name]
            superseded = own or superseded
            for row in superseded:
                rows.remove(row)
            self.withdrawn.extend(superseded)
            self.allocations.append(one)
            if self.listed:
                was = "; ".join(row.allocation.name for row in superseded)
                what = "correct" if superseded else "add"
                self.changes.append(
                    Changed(what, one.child_id, one.role, one.from_on, was, one.name, "")
                )
            if now and any(
                row.allocation.from_on is not None and row.allocation.to_on is None for row in rows
            ):
                self.behind += 1
            self._note("corrected" if superseded else "added", "allocations", one.child_id)


def _latest(before: date | None, events: Iterable[Event]) -> date | None:
    return max((*(one.on for one in events), *((before,) if before else ())), default=None)


def _named(event: Event) -> tuple[str, date, str | None]:
    return event.event, event.on, event.reference


def _by_child(fact: tuple[str, Event, str]) -> str:
    return fact[0]


def details(event: Event) -> str:
    """Write what is known of an event besides its name and day."""
    return "; ".join(
        f"{name} {value}"
        for name, value in zip(Event._fields[2:], event[2:], strict=True)
        if value is not None
    )
