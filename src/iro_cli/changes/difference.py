"""
Work out, child by child, what an import adds to the store and what it withdraws.

The facts in the files are compared with those that stand.  An extract is also compared with
what earlier extracts of its kind stated, because what is missing from it can matter too.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from operator import itemgetter

from iro_cli.changes.snapshots import (
    PROCESSES,
    ChildDifference,
    Earlier,
    compare,
    in_known_breaks,
    left_open,
)
from iro_cli.changes.still_open import FactsOfChild, StillOpen
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.facts import GivenFact
from iro_cli.extracts.outcomes import PLAN_FOLLOWS, would_show_a_plan
from iro_cli.facts.model import (
    Allocation,
    Carried,
    Child,
    Event,
    LeftOpen,
    NoneHeld,
    Sighting,
    Statement,
    agrees,
    joined,
    put_together,
)
from iro_cli.facts.twice import PARTED_BY, kind_of, twins
from iro_cli.facts.vocabulary import CARE_BEGINS, FIRST_CONFERENCES
from iro_cli.lean import NamedTuple, TypeVar
from iro_cli.store.changing import Change
from iro_cli.store.fact_rows import StatedFacts, stated_facts
from iro_cli.store.kind import Record
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL, FACT, SIGHTING
from iro_cli.store.put_right import PutRight
from iro_cli.store.reading import Reader, Standing

_Keyed = TypeVar("_Keyed")
_ON, _ON_AND_NAME = itemgetter(1), itemgetter(1, 0)
_DAY = timedelta(days=1)
_OF_BREAKS = frozenset({"short-break.review", "short-break.review.latest"})
PLAN_START = "cp.plan.start"
PLACED = "adoption.placed"
_OF_PLACEMENTS = frozenset({PLACED, "adoption.end", "adoption.returned", "cla.end"})


class Tally(NamedTuple):
    """How many children, facts and allocations."""

    children: int = 0
    facts: int = 0
    allocations: int = 0


class ImportStep(NamedTuple):
    """
    One step of an import, as a dry run lists it.

    Attributes:
        what: ``add``, ``correct``, ``move``, ``withdraw`` or ``vanished``.  A fact that
            vanished is only reported, and still stands.
        child: The child.
        event: The event; ``child`` for the child's own details; the role for an allocation.
        date: The day of the event, or the first day of the allocation; ``None`` if there is none.
        was: The day or the details that stood before.
        details: The details from now on.
        source: Where it stands in the extract.
    """

    what: str
    child: str
    event: str
    date: date | None
    was: str
    details: str
    source: str


class Part(NamedTuple):
    """What a batch gives for some of its children, and for each of them all that it gives."""

    children: list[Child]
    facts: Mapping[str, Sequence[GivenFact]]
    allocations: list[Allocation]


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the store for the same children."""

    children: Mapping[str, Standing[Child]] = field(default_factory=dict)
    facts: Mapping[str, list[Standing[Statement]]] = field(default_factory=dict)
    sightings: Mapping[str, list[Standing[Sighting]]] = field(default_factory=dict)
    put_right: Mapping[str, Sequence[PutRight]] = field(default_factory=dict)
    allocations: Mapping[tuple[str, str], list[Standing[Allocation]]] = field(default_factory=dict)


def known_of(
    reader: Reader,
    given: Part,
    only: Sequence[str],
    mended: Mapping[str, Sequence[PutRight]],
    *,
    extract: bool,
    any_facts: bool = True,
) -> Known:
    """
    Read from the store what the import is compared with.

    Args:
        reader: The store.
        given: What the batch gives.
        only: The children to read.
        mended: The facts that people put right, by child.
        extract: Whether the batch is an extract.  Then facts and sightings are read for all of
            *only*, as a child whom the extract does not name may be missing from it.
        any_facts: Whether the store has any fact.  If it has none, no fact is looked for.
    """
    facts: Collection[str] = only if extract else given.facts.keys()
    allocated = {one.child_id for one in given.allocations}
    described = {one.child_id for one in given.children}
    return Known(
        {row.record.child_id: row for row in reader.standing(CHILD_DETAIL, described)},
        _gathered(reader.standing(FACT, facts if any_facts else ()), lambda one: one.child_id),
        _gathered(reader.standing(SIGHTING, only if extract else ()), lambda one: one.child_id),
        mended,
        _gathered(reader.standing(ALLOCATION, allocated), lambda one: one[:2]),
    )


def _gathered(
    rows: Iterable[Standing[Record]], key: Callable[[Record], _Keyed]
) -> dict[_Keyed, list[Standing[Record]]]:
    found: dict[_Keyed, list[Standing[Record]]] = {}
    for row in rows:
        found.setdefault(key(row.record), []).append(row)
    return found


@dataclass(slots=True)
class Edits:
    """
    The rows that a change withdraws and adds.

    Facts are kept just as they were read, most of them all those of one child together.  Building
    a record for each of a million would cost time for nothing.  *events* has the same facts as
    events, by child.
    """

    withdrawn_children: list[Standing[Child]] = field(default_factory=list)
    withdrawn_facts: list[Standing[Statement]] = field(default_factory=list)
    withdrawn_sightings: list[Standing[Sighting]] = field(default_factory=list)
    withdrawn_allocations: list[Standing[Allocation]] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    facts: list[StatedFacts] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    sightings: list[Sighting] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)

    def put(self, one: Statement) -> None:
        """Add a fact."""
        self.facts.append(stated_facts(one))
        self.events.setdefault(one.child_id, []).append(one.event)

    def make(self, change: Change) -> None:
        """Write the rows: first what is withdrawn, then what is added."""
        change.withdraw(CHILD_DETAIL, self.withdrawn_children)
        change.withdraw(FACT, self.withdrawn_facts)
        change.withdraw(SIGHTING, self.withdrawn_sightings)
        change.withdraw(ALLOCATION, self.withdrawn_allocations)
        change.add(CHILD_DETAIL, self.children)
        change.add_facts(self.facts)
        change.add(SIGHTING, self.sightings)
        change.add(ALLOCATION, self.allocations)


# ---------------------------------------------------------------- the difference


class ImportDifference:
    """
    The difference between a batch and the store, worked out for one part of the batch at a time.

    Args:
        batch: What was read.
        carried: What earlier extracts carry and do not carry.
        unsaid: What they leave out for single children.
        replace: Whether facts that vanished from an extract are withdrawn.
        listed: Whether to list each step, for a dry run.

    Attributes:
        counts: How many of each kind were added, corrected or skipped.
        touched: The children for whom anything changes.
        fresh: The children who are new.
        behind: How many allocations without a first day stand beside one with a known first day,
            which therefore counts before them.
        moved: How many facts replace one on another day.
        confirmed: How many facts stood already and are now stated by this extract too.
        of_breaks: How many reviews that persons recorded as reviews of care are of short breaks.
        vanished: By child, what an earlier extract stated and this one does not.
        none_held: What an earlier extract of the same kind proves about the days before a latest
            meeting in this one.
        told_before: For each child with a refused row, what extracts up to other days told, if
            they had the child completely.
        decided: The children whose conference is taken to have made no plan.
        open: What had not ended in an earlier extract, and what this one says about it.
        reached: The day of the last event that an earlier extract of the same kind stated.
        reaches: The day of the last event in this extract.
        steps: The steps, if they are listed.
        described: The details that stand afterwards for each child whom the files describe.
        stands: For each child whose facts change, or who has none in the end, the facts that stand
            afterwards, by day.
        beside: What is added although a person recorded the same on a day near it: the child,
            what is added, and what was recorded.
        left_out: What the files give as it was before a person put it right: the child, what is
            given, and what stands in its place, if anything.
    """

    def __init__(
        self,
        batch: Batch,
        carried: Iterable[Carried] = (),
        unsaid: Iterable[LeftOpen] = (),
        *,
        replace: bool = False,
        listed: bool = False,
    ) -> None:
        """Start an empty difference."""
        self.source = batch.source or None
        self.covers = batch.covers
        self._went_on_from = batch.went_on_from
        self._in_other_care = batch.in_other_care
        self._without_status = batch.without_status
        # Whether it tells if a child's care is a series of short breaks.
        self._tells_breaks = not any(
            one.lacks and one.event == "short-break.start" for one in batch.carried
        )
        # Children with a refused row: what seems to be missing for them may stand in that row.
        # So nothing of theirs is reported as vanished, and the import marks it as not known.
        self._unread = {one.about for one in batch.refused}
        carried = [one for one in carried if one.source == self.source]
        unsaid = [one for one in unsaid if one.source == self.source]
        self.open = StillOpen(batch, carried, unsaid, replace=replace)
        # The first day for which the extract would show a plan, if it covers years.
        tells_of_plans = self.open.told_to(PLAN_START) is not None
        self._plans_from = _first_of_years(batch) if tells_of_plans else None
        self.replace = replace
        self.listed = listed
        self.counts: Counter[tuple[str, str]] = Counter()
        self.touched: set[str] = set()
        self.fresh: list[str] = []
        self.behind = self.moved = self.confirmed = self.of_breaks = 0
        self.vanished: list[tuple[str, Earlier]] = []
        self.none_held: list[NoneHeld] = []
        self.told_before: dict[str, Sequence[Carried]] = {}
        self.decided: set[str] = set()
        self.reached: date | None = None
        self.reaches: date | None = None
        self.steps: list[ImportStep] = []
        self.described: dict[str, Child] = {}
        self.stands: dict[str, Sequence[Event]] = {}
        self.beside: list[tuple[str, Statement, Event]] = []
        self.left_out: list[tuple[str, Statement, Event | None]] = []
        self._known = Known()
        self._edits = Edits()

    def of(self, given: Part, known: Known) -> Edits:
        """
        Work out what to withdraw and to add for some children.

        Args:
            given: All that the batch gives for them.
            known: All that stands for them.
        """
        self._known, self._edits = known, Edits()
        self._put_children(given.children)
        self._put_facts(given.facts)
        self._allocate(given.allocations)
        self.confirmed += len(self._edits.sightings)
        if self.source:
            # All facts of an extract's children were read: whoever has none need not be asked for.
            without = {one.child_id for one in given.children}.difference(known.facts, given.facts)
            self.stands.update(dict.fromkeys(without, ()))
        self._keep_standing()
        return self._edits

    def _keep_standing(self) -> None:
        """
        Keep the facts that will stand for the children whose facts change, sorted by day.

        The import's warnings look at them, and reading them back from the store would be slow.
        """
        gone = {id(row) for row in self._edits.withdrawn_facts}
        changed = {row.record.child_id for row in self._edits.withdrawn_facts}
        added = self._edits.events
        for child_id in changed.union(added):
            stood = self._known.facts.get(child_id, ())
            events = [row.record.event for row in stood if id(row) not in gone]
            events += added.get(child_id, ())
            events.sort(key=_ON_AND_NAME)
            self.stands[child_id] = events

    def count(self, what: str) -> Tally:
        """Return how many of each kind were added, corrected or skipped."""
        return Tally(*(self.counts[what, kind] for kind in Tally._fields))

    def _note(self, what: str, kind: str, child_id: str) -> None:
        self.counts[what, kind] += 1
        if what != "skipped":
            self.touched.add(child_id)

    def _list(self, what: str, one: Statement, source: str | None, was: Event | None) -> None:
        """List one step for a fact, with the fact that it replaces, if any."""
        if not self.listed:
            return
        event, before = one.event, ""
        if was is not None:
            before = was.on.isoformat() if was.on != event.on else details(was)
        self.steps.append(
            ImportStep(
                what, one.child_id, event.event, event.on, before, details(event), source or ""
            )
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
            self.steps.append(ImportStep(what, child.child_id, "child", None, was, now, ""))

    # ------------------------------------------------------------ children

    def _put_children(self, children: Sequence[Child]) -> None:
        """Add new children, and add given details to children who are known."""
        if not (self._known.children or self.listed):
            # Most children of a first import are new, and are added together.
            new = {child.child_id: child for child in children}
            self.described.update(new)
            self._edits.children += children
            self.fresh += new
            self.counts["added", "children"] += len(children)
            self.touched.update(new)
            return
        for child in children:
            row = self._known.children.get(child.child_id)
            if row is None:
                self.described[child.child_id] = child
                self._edits.children.append(child)
                self.fresh.append(child.child_id)
                self._note("added", "children", child.child_id)
                self._list_child("add", child, Child(child.child_id))
                continue
            before = row.record
            # A blank cell deletes nothing: another file may have given that detail.
            merged = before._replace(
                **{name: new for name, new in child._asdict().items() if new is not None}
            )
            self.described[child.child_id] = merged
            if merged == before:
                self._note("skipped", "children", child.child_id)
            else:
                self._edits.withdrawn_children.append(row)
                self._edits.children.append(merged)
                self._note("corrected", "children", child.child_id)
                self._list_child("correct", merged, before)

    # ------------------------------------------------------------ facts

    def _put_facts(self, facts: Mapping[str, Sequence[GivenFact]]) -> None:
        """Add new facts, and correct known facts that have other details now."""
        for child_id, stated in facts.items():
            given = self._as_known_of(child_id, stated) if child_id in self._known.facts else stated
            events = [one[0] for one in given]
            self._put_child_facts(child_id, given, events)
            if self.source:
                last = max(map(_ON, events), default=None)
                if last and (self.reaches is None or last > self.reaches):
                    self.reaches = last
                self._look_what_goes_on(child_id, events)
        if self.source:
            for child_id in self._unread.intersection(self._known.facts):
                if [*self._earlier(child_id)]:
                    self.told_before[child_id] = self.open.told_of(child_id)
            # The children whom the extract does not name, in order, so that two runs report the
            # same.
            for child_id in sorted(self._known.facts.keys() - facts.keys() - self._unread):
                self._miss(child_id)
                self._look_what_goes_on(child_id, ())

    def _as_known_of(self, child_id: str, stated: Sequence[GivenFact]) -> Sequence[GivenFact]:
        """
        Return what an extract states about a child, as what is known shows it is meant.

        Another placement ends one for adoption.  Without a legal status, care in known short breaks
        is one of those.
        """
        given = stated
        if child_id in self._in_other_care:
            known = (row.record.event for row in self._known.facts[child_id])
            given = [*stated, *_end_of_placement(stated, known)]
        if self._tells_breaks and child_id not in self._without_status:
            return given
        as_told = in_known_breaks(
            (one[0] for one in given), [one.event for one in self._earlier(child_id)]
        )
        return [
            (event, *one[1:]) for one in given if (event := as_told.get(one[0], one[0])) is not None
        ]

    def _put_child_facts(
        self, child_id: str, given: Sequence[GivenFact], events: list[Event]
    ) -> None:
        standing = self._known.facts.get(child_id, ())
        if not standing:
            self._edits.facts.append((child_id, self.source, given))
            self._edits.events[child_id] = events
            self.counts["added", "facts"] += len(given)
            self.touched.add(child_id)
        if standing or self.listed:
            stated = [
                Statement(child_id, event, joined(file, row or None), self.source)
                for event, file, row in given
            ]
            if standing:
                self._compare_facts(child_id, stated, standing)
            else:
                for one in stated:
                    self._list("add", one, one.source, None)

    def _compare_facts(
        self, child_id: str, stated: list[Statement], standing: Sequence[Standing[Statement]]
    ) -> None:
        """Compare what the files state about a child with the facts that stand."""
        known: dict[tuple[str, date], list[Standing[Statement]]] = {}
        for row in standing:
            known.setdefault(row.record.event[:2], []).append(row)
        earlier = {_named(one.event): one for one in self._earlier(child_id)}
        said = {*earlier}
        fresh: list[Statement] = []
        others: dict[int, Event] = {}
        for one in stated:
            stood = self._known_as(one, known.get(one.event[:2], []))
            if stood is not None and (not self.source or _named(stood) in said):
                earlier.pop(_named(stood), None)
                continue
            if stood is None and self._was_put_right(one, standing):
                continue
            fresh.append(one)
            # A person or another extract stated the same: from now on this extract states it too.
            if stood is not None:
                others[id(one)] = stood
                said.add(_named(stood))
        # The program's own files are no extract: they claim no completeness, so nothing can be
        # missing from them and nothing in them replaces a fact on another day.
        if not self.source:
            for one in fresh:
                self._add(one)
                self._look_beside(one, standing)
            return
        events = [row.record.event for row in standing]
        found = compare(
            fresh,
            stated,
            self.open.within_reach(earlier.values()),
            events,
            self.covers,
            lambda before, later: self.open.is_another(child_id, before, later.on),
            self._went_on_from.get(child_id),
        )
        self._put_difference(found, stated, standing, others)
        for before in found.vanished if child_id not in self._unread else ():
            self._vanish(child_id, before)

    def _put_difference(
        self,
        found: ChildDifference,
        stated: Sequence[Statement],
        standing: Sequence[Standing[Statement]],
        others: Mapping[int, Event],
    ) -> None:
        """
        Add what is new, and put new facts in the place of those that they replace.

        Args:
            found: The difference.
            stated: All that the extract states about the child.
            standing: All that stood before.
            others: For a fact of the extract that others state already, by its identity, that fact.
        """
        own = [one.event for one in self._earlier(standing[0].record.child_id)]
        recorded = self._recorded_as_care(stated, standing, found)
        for one in found.added:
            stood = others.get(id(one)) or self._recorded_too(one, recorded)
            self._state(one, stood)
            self._look_before(one, own)
            if stood is None:
                self._look_beside(one, standing)
        for before, one in found.moved:
            self._move(before, one, others.get(id(one)) or self._recorded_too(one, recorded))

    def _was_put_right(self, one: Statement, standing: Sequence[Standing[Statement]]) -> bool:
        """
        Say whether a person has put this fact right since an extract stated it.

        Then the fact is left out.  Otherwise the next import of the same extract would bring the
        wrong date back beside the right one, and the child would have two reviews.
        """
        for before in self._known.put_right.get(one.child_id, ()):
            if before[:3] == _named(one.event) and self._stated_it(one.child_id, before):
                known = (row.record.event for row in standing)
                stands = next((event for event in known if _named(event) == before.now), None)
                self.left_out.append((one.child_id, one, stands))
                self._note("skipped", "facts", one.child_id)
                return True
        return False

    def _stated_it(self, child_id: str, before: PutRight) -> bool:
        """Say whether this kind of extract stated the fact that a person put right."""
        if before.source is not None and before.stated_by == self.source:
            return True
        seen = (row.record for row in self._known.sightings.get(child_id, ()))
        return any(one.stated_by == self.source and _seen(one) == before[:3] for one in seen)

    def _look_before(self, one: Statement, own: Sequence[Event]) -> None:
        """
        Note up to which day the earlier extract proves that no meeting was held before this one.

        The extract of October had the child and no review later than May.  The extract of
        December gives a review in November: between May and October there was none.
        """
        event, none_to = one.event, self.open.reached(one.event.event)
        process = PROCESSES.get(event.event.partition(".")[0])
        if process is None or none_to is None or not event.event.endswith(".latest"):
            return
        begun = left_open([other for other in own if other.on < event.on])
        since = begun.get(event.event.partition(".")[0])
        if since and since <= none_to < event.on and not self.open.was_open(one.child_id):
            self.none_held.append(
                NoneHeld(one.child_id, self.source or "", event.event, event.on, none_to)
            )

    def _look_beside(self, one: Statement, standing: Sequence[Standing[Statement]]) -> None:
        """Note what a person recorded on another day, so near that it is probably the same."""
        typed = [row.record.event for row in standing if row.record.stated_by is None]
        if typed and kind_of(one.event.event) in PARTED_BY:
            events = [row.record.event for row in standing]
            near = [other for other in twins(one.event, events) if other in typed]
            self.beside += [(one.child_id, one, other) for other in near[:1]]

    def _earlier(self, child_id: str) -> Iterator[Earlier]:
        """Yield the facts about a child that this kind of extract stated and that still stand."""
        if not self.source:
            return
        events = {}
        for row in self._known.facts.get(child_id, ()):
            events[_named(row.record.event)] = row.record.event
            if row.record.stated_by == self.source:
                if self.reached is None or row.record.event.on > self.reached:
                    self.reached = row.record.event.on
                yield Earlier(row.record.event, row.record.source, fact=row)
        for sighting in self._known.sightings.get(child_id, ()):
            event = events.get(_seen(sighting.record))
            if sighting.record.stated_by == self.source and event is not None:
                yield Earlier(event, sighting.record.source, sighting=sighting)

    def _known_as(self, one: Statement, known: list[Standing[Statement]]) -> Event | None:
        """Find the standing fact that is the given one, and correct its details if they differ."""
        # A fact without a reference may be any known fact of that event and day.  A fact with a
        # reference can only be the one with the same reference.
        event = one.event
        own = [row for row in known if event.reference == row.record.event.reference]
        among = known if event.reference is None else own
        if self.source and own and own[0].record.stated_by != self.source:
            # The words of whoever stated it first stand: two extracts would change them to and
            # fro each night, and what a person wrote would be lost.
            event = event._replace(reason=None) if own[0].record.event.reason else event
        for row in among:
            if agrees(event, row.record.event):
                self._note("skipped", "facts", one.child_id)
                return row.record.event
        if not own:
            return None
        row = own[0]
        known.remove(row)
        self._edits.withdrawn_facts.append(row)
        # It stays a fact of the source that stated it first.
        merged = row.record._replace(event=put_together(event, row.record.event))
        if merged.stated_by == self.source:
            merged = merged._replace(source=one.source)
        self._edits.put(merged)
        self._note("corrected", "facts", one.child_id)
        self._list("correct", merged, one.source, row.record.event)
        return row.record.event

    def _state(self, one: Statement, stood: Event | None) -> None:
        """Add a fact; if it stands already, add that this extract states it too (a sighting)."""
        if stood is None:
            self._add(one)
            return
        self._edits.sightings.append(
            Sighting(
                one.child_id, stood.event, stood.on, stood.reference, self.source or "", one.source
            )
        )

    def _add(self, one: Statement) -> None:
        self._edits.put(one)
        self._note("added", "facts", one.child_id)
        self._list("add", one, one.source, None)

    def _move(self, before: Earlier, one: Statement, stood: Event | None) -> None:
        self._take_back(one.child_id, before)
        self.moved += 1
        self.touched.add(one.child_id)
        if stood is not None:
            self._state(one, stood)
            one = one._replace(event=stood)
        else:
            # Only the day was wrong: who took part, and the other details, stay.
            if before.fact:
                one = one._replace(event=put_together(one.event, before.event))
            self._edits.put(one)
        self._list("move", one, one.source, before.event)

    def _recorded_as_care(
        self,
        stated: Iterable[Statement],
        standing: Sequence[Standing[Statement]],
        found: ChildDifference,
    ) -> dict[date, Standing[Statement]]:
        """
        Return, by day, the reviews that persons recorded as reviews of care that nobody states.

        An extract without the legal statuses showed the child as looked after, so that a person
        could record nothing else.
        """
        moved = [before for before, _ in found.moved]
        fresh = chain(found.added, (one for _, one in found.moved))
        if not any(one.event.event in _OF_BREAKS for one in fresh):
            return {}
        gone = {id(before.fact) for before in moved}
        left = [row for row in standing if id(row) not in gone]
        said = [one.event.event for one in stated]
        said += (row.record.event.event for row in left)
        if found.moved:
            child_id = standing[0].record.child_id
            seen = (row.record for row in self._known.sightings.get(child_id, ()))
            said += (one.event for one in seen if one.stated_by != self.source)
        if not {*CARE_BEGINS}.isdisjoint(said):
            return {}
        reviews = {row.record.event[:2]: row for row in left if row.record.stated_by is None}
        return {
            on: row
            for (name, on), row in reviews.items()
            if name == "cla.review" and ("short-break.review", on) not in reviews
        }

    def _recorded_too(
        self, one: Statement, recorded: dict[date, Standing[Statement]]
    ) -> Event | None:
        """
        Make of a review of care that a person recorded too one of short breaks.

        It stays a fact of that person.

        Args:
            one: The review of short breaks that this extract states.
            recorded: The reviews of care that persons recorded, by day.

        Returns:
            The review as it stands now, if this extract states the same event.
        """
        row = recorded.pop(one.event.on, None) if one.event.event in _OF_BREAKS else None
        if row is None:
            return None
        event = row.record.event._replace(event="short-break.review")
        same = one.event.event == event.event
        if same:
            event = put_together(one.event, event)
        now = row.record._replace(event=event)
        self._edits.withdrawn_facts.append(row)
        self._edits.put(now)
        self._note("corrected", "facts", one.child_id)
        self._list("correct", now, one.source, row.record.event)
        self.of_breaks += 1
        return event if same else None

    def _take_back(self, child_id: str, before: Earlier) -> None:
        """Withdraw this extract's fact; if another extract states it too, it becomes that one's."""
        if before.sighting:
            self._edits.withdrawn_sightings.append(before.sighting)
        if before.fact is None:
            return
        self._edits.withdrawn_facts.append(before.fact)
        for row in self._known.sightings.get(child_id, ()):
            other = row.record
            if _seen(other) == _named(before.event):
                self._edits.withdrawn_sightings.append(row)
                self._edits.put(Statement(child_id, before.event, other.source, other.stated_by))
                return

    def _vanish(self, child_id: str, before: Earlier) -> None:
        self.vanished.append((child_id, before))
        if self.replace:
            self._take_back(child_id, before)
            self.touched.add(child_id)
        what = "withdraw" if self.replace else "vanished"
        self._list(what, Statement(child_id, before.event), before.source, None)

    def _miss(self, child_id: str) -> None:
        """Find what vanished for a child whom the extract does not name at all."""
        events = [row.record.event for row in self._known.facts[child_id]]
        earlier = self.open.within_reach(self._earlier(child_id))
        found = compare((), (), earlier, events, self.covers).vanished
        for before in found:
            self._vanish(child_id, before)

    def _look_what_goes_on(self, child_id: str, stated: Sequence[Event]) -> None:
        """Find out what became of a child's care, plans and enquiries that had not ended."""
        own, known = list[Event](), list[Event]()
        if child_id in self._known.facts:
            own += (one.event for one in self._earlier(child_id))
            known += (row.record.event for row in self._known.facts[child_id])
        elif not self.open.looks_at_new:
            return
        unread = child_id in self._unread
        self.open.look(child_id, FactsOfChild(known, own, stated), unread=unread)
        if own and not unread:
            self._decide_without_a_plan(child_id, own, stated)

    def _decide_without_a_plan(
        self, child_id: str, own: Sequence[Event], stated: Sequence[Event]
    ) -> None:
        """
        Record that a conference made no plan, if the extract of the days after it has no plan.

        A census ends on 31 March.  For a conference of 25 March it cannot show whether a plan
        followed; the census of the next year would show that plan, or shows that there is none.
        """
        if self._plans_from is None:
            return
        rows = self._known.facts.get(child_id, ())
        plans = [row.record.event.on for row in rows if row.record.event.event == PLAN_START]
        plans += [one.on for one in stated if one.event == PLAN_START]
        again = {one[:2] for one in stated}
        reaches = self.open.told_to(PLAN_START)
        for row in rows:
            fact = row.record
            event = fact.event
            follows = event.on + PLAN_FOLLOWS
            if (
                event.event in FIRST_CONFERENCES
                and event.outcome is None
                and event in own
                and event[:2] not in again
                and self._plans_from <= follows
                and would_show_a_plan(event.on, reaches)
                and not any(event.on <= on <= follows for on in plans)
            ):
                decided = fact._replace(event=event._replace(outcome="no-plan"))
                self._edits.withdrawn_facts.append(row)
                self._edits.put(decided)
                self.decided.add(child_id)
                self._note("corrected", "facts", child_id)
                self._list("correct", decided, fact.source, event)

    # ------------------------------------------------------------ allocations

    def _allocate(self, allocations: Sequence[Allocation]) -> None:
        """Add allocations, and withdraw the known allocations that they contradict."""
        given = set(allocations)
        for one in allocations:
            rows = self._known.allocations.get(one[:2], [])
            if _stands(one, rows):
                self._note("skipped", "allocations", one.child_id)
                continue
            superseded = _superseded(one, rows, given)
            for row in superseded:
                rows.remove(row)
            self._edits.withdrawn_allocations += superseded
            self._edits.allocations.append(one)
            if self.listed:
                was = "; ".join(row.record.name for row in superseded)
                what = "correct" if superseded else "add"
                self.steps.append(
                    ImportStep(what, one.child_id, one.role, one.from_on, was, one.name, "")
                )
            self.behind += _says_no_day(one) and any(
                row.record.from_on is not None and row.record.to_on is None for row in rows
            )
            self._note("corrected" if superseded else "added", "allocations", one.child_id)


def _end_of_placement(given: Sequence[GivenFact], known: Iterable[Event]) -> Iterator[GivenFact]:
    """Yield the end of a placement for adoption if another placement has begun since."""
    for event, file, row in given:
        if event.event == "placement.start":
            adoption = [one for one in known if one.event in _OF_PLACEMENTS and one.on < event.on]
            last = max(adoption, default=None, key=lambda one: (one.on, one.event == PLACED))
            if last is not None and last.event == PLACED:
                yield Event("adoption.end", event.on, reason="no longer placed"), file, row


def _first_of_years(batch: Batch) -> date | None:
    """Return the first day of the first year that an extract covers, if it covers years."""
    return min(
        (one.from_on for one in batch.carried if one.from_on and not one.lacks), default=None
    )


def _says_no_day(one: Allocation) -> bool:
    """Say whether an allocation names the person, and neither a first nor a last day."""
    return one.from_on is None and one.to_on is None


def _stands(one: Allocation, rows: Iterable[Standing[Allocation]]) -> bool:
    """Say whether an allocation is known, or says less than one that is."""
    known = [row.record for row in rows]
    return one in known or (
        _says_no_day(one) and any(old.name == one.name and old.to_on is None for old in known)
    )


def _superseded(
    one: Allocation, rows: Iterable[Standing[Allocation]], given: Collection[Allocation]
) -> list[Standing[Allocation]]:
    """Return the known allocations that one contradicts, of the same person if there are any."""
    found = [
        row
        for row in rows
        if row.record.from_on == one.from_on
        and not (_says_no_day(one) and row.record.to_on is not None)
        # Two may share a child from one day on, as some extracts have it.
        and (row.record.name == one.name or row.record not in given)
    ]
    return [row for row in found if row.record.name == one.name] or found


def _named(event: Event) -> tuple[str, date, str | None]:
    return event.event, event.on, event.reference


def _seen(sighting: Sighting) -> tuple[str, date, str | None]:
    return sighting.event, sighting.on, sighting.reference


def details(event: Event) -> str:
    """Write what is known of an event besides its name and day."""
    return "; ".join(
        f"{name} {value}"
        for name, value in zip(Event._fields[2:], event[2:], strict=True)
        if value is not None
    )
