"""
Stores what a file gave: what is new is added, what is known is left, what differs is corrected.

A detail that a file leaves blank never erases one that is known.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from iro_cli.cases.model import Allocation, Child, Event
from iro_cli.errors import InputRefusedError
from iro_cli.exchange.batch import Batch, Refused, agrees, alike, put_together
from iro_cli.rules.catalogue import nearest
from iro_cli.store.bulk import (
    BulkWriter,
    Standing,
    StandingAllocation,
    StandingChild,
    StandingFact,
    bulk_change,
)
from iro_cli.store.location import exists

_CARE = ("cla.start", "cla.continuing")
# Looking for the nearest ids compares each with every other.
_NEAREST = 20


class Counts(NamedTuple):
    """How many of each."""

    children: int = 0
    facts: int = 0
    allocations: int = 0


class Outcome(NamedTuple):
    """
    What an import did or, on a dry run, would do.

    Attributes:
        added: What is new.
        corrected: What was known with other details.
        skipped: What stood there already.
        refused: The rows that were left out.
        warnings: What should be looked at.
        children: Whose facts, details or allocations changed.
        dry_run: Whether nothing was stored on purpose.
    """

    added: Counts
    corrected: Counts
    skipped: Counts
    refused: list[Refused]
    warnings: list[str]
    children: set[str]
    dry_run: bool = False

    @property
    def unchanged(self) -> bool:
        """Say whether everything was there already."""
        return not any((*self.added, *self.corrected))


class ImportRefusedError(InputRefusedError):
    """
    Rows are refused, and so nothing was stored.

    Attributes:
        refused: Every problem.
    """

    def __init__(self, refused: Sequence[Refused], rows: int) -> None:
        """List every problem, so that a file is mended once."""
        self.refused = list(refused)
        wrong = len({(one.file, one.row) for one in refused})
        lines = [f"{wrong:,} of {rows:,} rows refused, and nothing was stored:"]
        lines += [f"  {one}" for one in refused]
        lines.append(
            "mend them, or store the other rows and keep these to be mended: "
            "--skip-refused --refused FILE"
        )
        super().__init__("\n".join(lines))


# ---------------------------------------------------------------- what stands


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the store has, or nothing where there is no store yet."""

    children: Mapping[str, StandingChild] = field(default_factory=dict)
    facts: Mapping[str, list[StandingFact]] = field(default_factory=dict)
    allocations: Mapping[tuple[str, str], list[StandingAllocation]] = field(default_factory=dict)


def _standing(writer: BulkWriter, batch: Batch) -> _Standing:
    return _Standing(
        writer.children(),
        writer.facts({child_id for child_id, _, _ in batch.facts}),
        writer.allocations() if batch.allocations else {},
    )


# ---------------------------------------------------------------- what to do


class _Plan:
    """What is to be added and withdrawn, worked out before anything is written."""

    def __init__(self, standing: _Standing) -> None:
        self.standing = standing
        self.withdrawn: list[Standing] = []
        self.children: list[Child] = []
        self.facts: list[tuple[str, Event, str | None]] = []
        self.allocations: list[Allocation] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.touched: set[str] = set()
        self.behind = 0

    def _note(self, what: str, kind: str, child_id: str) -> None:
        self.counts[what, kind] += 1
        if what != "skipped":
            self.touched.add(child_id)

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

    def put_facts(self, facts: Iterable[tuple[str, Event, str]]) -> None:
        """Add facts, and correct those that are known with other details."""
        for child_id, together in groupby(sorted(facts, key=_by_child), key=_by_child):
            known: dict[tuple[str, date], list[StandingFact]] = {}
            for row in self.standing.facts.get(child_id, ()):
                known.setdefault(row.event[:2], []).append(row)
            for _, event, source in together:
                self._put_fact(child_id, event, source, known.get((event.event, event.on), []))

    def _put_fact(
        self, child_id: str, event: Event, source: str, known: list[StandingFact]
    ) -> None:
        # One that gives no reference is any that is known; one that does, only its own.
        own = [row for row in known if event.reference == row.event.reference]
        among = known if event.reference is None else own
        if any(agrees(event, row.event) for row in among):
            self._note("skipped", "facts", child_id)
        elif own:
            known.remove(own[0])
            self.withdrawn.append(own[0])
            self.facts.append((child_id, put_together(event, own[0].event), source))
            self._note("corrected", "facts", child_id)
        else:
            self.facts.append((child_id, event, source))
            self._note("added", "facts", child_id)

    def allocate(self, allocations: Iterable[Allocation]) -> None:
        """Add allocations, and put them in the place of those they contradict."""
        for one in allocations:
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
            ]
            for row in superseded:
                rows.remove(row)
            self.withdrawn.extend(superseded)
            self.allocations.append(one)
            if now and any(
                row.allocation.from_on is not None and row.allocation.to_on is None for row in rows
            ):
                self.behind += 1
            self._note("corrected" if superseded else "added", "allocations", one.child_id)


def _by_child(fact: tuple[str, Event, str]) -> str:
    return fact[0]


def _unknown(batch: Batch, standing: _Standing) -> dict[str, list[Refused]]:
    """Return the rows about children or care that neither the file nor the store has, by child."""
    known = standing.children
    described = {child.child_id for child in batch.children}.union(known)
    named = {child_id for child_id, _, _ in batch.facts}
    named.update(one.child_id for one in batch.allocations)
    found: dict[str, list[Refused]] = {}
    for place, child_id in enumerate(sorted(named - described)):
        close = nearest(child_id, described) if place < _NEAREST else ""
        reason = f"there is no such child{close}; import the children first"
        found[child_id] = [
            origin.refused("child_id", child_id, reason)
            for origin in batch.origins.get(child_id, ())
        ]
    for child_id, origins in batch.needing_care.items():
        if not any(row.event.event in _CARE for row in standing.facts.get(child_id, ())):
            reason = "the child has reviews but no episode (rule 1012)"
            found[child_id] = [origin.refused("CHILD", child_id, reason) for origin in origins]
    return found


def _worked_out(
    batch: Batch, standing: _Standing, *, skip_refused: bool, dry_run: bool
) -> tuple[_Plan, Outcome]:
    """
    Work out what an import does to a store.

    Raises:
        ImportRefusedError: Rows are refused, and they are not to be skipped.
    """
    unknown = _unknown(batch, standing)
    refused = sorted(
        [*batch.refused, *(one for rows in unknown.values() for one in rows)],
        key=attrgetter("file", "row"),
    )
    if refused and not skip_refused:
        raise ImportRefusedError(refused, batch.rows)
    plan = _Plan(standing)
    plan.put_children(batch.children)
    plan.put_facts(one for one in batch.facts if one[0] not in unknown)
    plan.allocate(one for one in batch.allocations if one.child_id not in unknown)
    fresh = [one.child_id for one in plan.children if one.child_id not in standing.children]
    warnings = [*batch.warnings]
    if standing.children:
        warnings += [text for text in alike(fresh, standing.children) if text not in warnings]
    if plan.behind:
        warnings.append(
            "allocations without a day to another name than one from a known day, which still "
            f"counts (`iro allocate` changes it): {plan.behind:,}"
        )
    return plan, Outcome(
        plan.count("added"),
        plan.count("corrected"),
        plan.count("skipped"),
        refused,
        warnings,
        plan.touched,
        dry_run,
    )


def store_batch(
    path: Path,
    batch: Batch,
    *,
    at: str,
    who: str,
    command: str,
    dry_run: bool = False,
    skip_refused: bool = False,
) -> Outcome:
    """
    Store a batch in one change, whole or not at all.

    Args:
        path: The store; it is made if it is missing, unless nothing is stored.
        batch: What was read.
        at: The moment, as text.
        who: Who makes the change.
        command: The command, in words, for the history.
        dry_run: Only work out what would be stored.
        skip_refused: Leave refused rows out rather than store nothing.

    Raises:
        ImportRefusedError: Rows are refused, and they are not to be skipped.
        StoreError: The store cannot be read or written.
    """
    fresh = None
    if not exists(path):
        # Nothing can stand there: what is refused, or nothing at all, makes no store.
        fresh = _worked_out(batch, _Standing(), skip_refused=skip_refused, dry_run=dry_run)
        if dry_run or fresh[1].unchanged:
            return fresh[1]
    with bulk_change(path, at=at, who=who, command=command) as writer:
        # Read within the change: another may have been made since.
        standing = _standing(writer, batch)
        if fresh is None or standing.children:
            fresh = _worked_out(batch, standing, skip_refused=skip_refused, dry_run=dry_run)
        plan, outcome = fresh
        if not dry_run:
            writer.withdraw(plan.withdrawn)
            writer.put_children(plan.children)
            writer.add_facts(plan.facts)
            writer.allocate(plan.allocations)
    return outcome
