"""
Stores what a file gave: what is new is added, what is known is left, what differs is corrected.

A detail that a file leaves blank never erases one that is known.  An extract is
compared with the one before it of the same kind: see :mod:`.snapshots`.
"""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from iro_cli.changes.import_plan import (
    Changed,
    Counts,
    ImportPlan,
    StandingFacts,
    standing_facts,
)
from iro_cli.changes.import_warnings import gone, older
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, alike
from iro_cli.law.catalogue import nearest
from iro_cli.store.bulk import bulk_change
from iro_cli.store.location import exists
from iro_cli.tables.refused import Refused

__all__ = ["Changed", "Counts", "ImportRefusedError", "Outcome", "store_batch"]

_CARE = ("cla.start", "cla.continuing")
# Looking for the nearest ids compares each with every other.
_NEAREST = 20


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
        moved: How many facts took the place of one on another day.
        vanished: What an earlier extract stated and this one does not.
        replaced: Whether what vanished was withdrawn.
        confirmed: How many facts that stood there are now stated by this extract too.
        changes: On a dry run, each thing that would change.
    """

    added: Counts
    corrected: Counts
    skipped: Counts
    refused: list[Refused]
    warnings: list[str]
    children: set[str]
    dry_run: bool = False
    moved: int = 0
    vanished: int = 0
    replaced: bool = False
    confirmed: int = 0
    changes: Sequence[Changed] = ()

    @property
    def unchanged(self) -> bool:
        """Say whether everything was there already."""
        gone = self.vanished if self.replaced else 0
        return not any((*self.added, *self.corrected, self.moved, gone, self.confirmed))


class ImportRefusedError(InputRefusedError):
    """
    Rows are refused, and so nothing was stored.

    Attributes:
        refused: Every problem.
    """

    def __init__(self, refused: Sequence[Refused], rows: int) -> None:
        """List every problem, so that a file is mended once."""
        self.refused = list(refused)
        wrong = len({one.key for one in refused})
        lines = [f"{wrong:,} of {rows:,} rows refused, and nothing was stored:"]
        lines += [f"  {one}" for one in refused]
        lines.append(
            "mend them, or store the other rows and keep these to be mended: "
            "--skip-refused --refused FILE"
        )
        super().__init__("\n".join(lines))


def _another_authority(batch: Batch, standing: StandingFacts) -> None:
    """Refuse an extract of one authority where the store has another's children."""
    others = {
        code: source
        for source, codes in standing.authorities.items()
        for code in codes
        if code != batch.authority
    }
    if batch.authority and others:
        code, source = next(iter(sorted(others.items())))
        raise InputRefusedError(
            f"this {batch.source} extract is authority {batch.authority}'s, and the store has "
            f"children of authority {code} ({source}): the same id may be two children; keep a "
            "store for each authority (--database)"
        )


def _of_known_children(batch: Batch, standing: StandingFacts) -> Batch:
    """Return the batch with the rows refused of children whom neither it nor the store knows."""
    described = {child.child_id for child in batch.children}.union(standing.children)
    named = {child_id for child_id, _, _ in batch.facts}
    named.update(one.child_id for one in batch.allocations)
    strangers = sorted(named - described)
    if not strangers:
        return batch
    reasons = {
        child_id: (
            f"there is no such child{nearest(child_id, described) if place < _NEAREST else ''}; "
            "import the children first"
        )
        for place, child_id in enumerate(strangers)
    }
    if batch.again is not None:
        return batch.again(reasons)
    return replace(
        batch,
        facts=[one for one in batch.facts if one[0] not in reasons],
        allocations=[one for one in batch.allocations if one.child_id not in reasons],
    )


def _without_care(batch: Batch, standing: StandingFacts) -> dict[str, list[Refused]]:
    """Return the refusals of reviews in a care that neither the file nor the store has."""
    return {
        child_id: refused
        for child_id, refused in batch.needing_care.items()
        if not any(row.event.event in _CARE for row in standing.facts.get(child_id, ()))
    }


def _worked_out(
    batch: Batch, standing: StandingFacts, *, skip_refused: bool, dry_run: bool, replace: bool
) -> tuple[ImportPlan, Outcome]:
    """
    Work out what an import does to a store.

    Raises:
        ImportRefusedError: Rows are refused, and they are not to be skipped.
    """
    _another_authority(batch, standing)
    if replace and not (batch.children or batch.facts or batch.refused):
        raise InputRefusedError(
            f"--replace: this {batch.source} extract names no child, and would "
            "withdraw all that the one before it stated: it was cut short, or the report was "
            "empty; export it again"
        )
    batch = _of_known_children(batch, standing)
    homeless = _without_care(batch, standing)
    refused = sorted(
        [*batch.refused, *(one for rows in homeless.values() for one in rows)],
        key=attrgetter("file", "row"),
    )
    if refused and not skip_refused:
        raise ImportRefusedError(refused, batch.rows)
    plan = ImportPlan(standing, batch, replace=replace, listed=dry_run)
    plan.put_children(batch.children)
    plan.put_facts(one for one in batch.facts if one[0] not in homeless)
    plan.allocate(batch.allocations)
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
        [*warnings, *gone(plan), *older(plan)],
        plan.touched,
        dry_run,
        plan.moved,
        len(plan.vanished),
        replace,
        len(plan.sightings),
        plan.changes,
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
    replace: bool = False,
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
        replace: Withdraw what an earlier extract of the same kind stated and this one
            does not, though it covers it.

    Raises:
        ImportRefusedError: Rows are refused, and they are not to be skipped.
        StoreError: The store cannot be read or written.
    """
    fresh = None
    if not exists(path):
        # Nothing can stand there: what is refused, or nothing at all, makes no store.
        fresh = _worked_out(
            batch, StandingFacts(), skip_refused=skip_refused, dry_run=dry_run, replace=replace
        )
        if dry_run or fresh[1].unchanged:
            return fresh[1]
    with bulk_change(path, at=at, who=who, command=command) as writer:
        # Read within the change: another may have been made since.
        standing = standing_facts(writer, batch)
        if fresh is None or standing.children:
            fresh = _worked_out(
                batch, standing, skip_refused=skip_refused, dry_run=dry_run, replace=replace
            )
        plan, outcome = fresh
        if not dry_run:
            writer.withdraw(plan.withdrawn)
            writer.put_children(plan.children)
            writer.add_facts(plan.facts)
            writer.add_sightings(plan.sightings)
            writer.allocate(plan.allocations)
            known = standing.authorities.get(batch.source, ())
            if writer.count and batch.authority and batch.authority not in known:
                writer.add_authority(batch.authority, batch.source)
    return outcome
