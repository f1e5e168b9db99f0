"""
Store what was read from files: add what is new, keep what is known, correct what differs.

A blank detail in a file never erases a known one.  An extract is also compared with what
earlier extracts of its kind stated: see :mod:`.snapshots`.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter

from iro_cli.changes.difference import ImportDifference, ImportStep, Known, Part, Tally, known_of
from iro_cli.changes.import_warnings import gone, of_nobody_known, older, pointed_to
from iro_cli.changes.silence import (
    DaysTold,
    by_child,
    lift_mended,
    note_carried,
    note_unsaid,
    of_refused,
)
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, alike_warnings
from iro_cli.extracts.facts import as_facts
from iro_cli.facts.model import (
    Authority,
    Child,
    Event,
    LeftOpen,
    Statement,
    Unsaid,
)
from iro_cli.facts.names import alike as alike_names
from iro_cli.facts.names import folded, other_spellings
from iro_cli.facts.vocabulary import CARE_BEGINS
from iro_cli.incoming.refused import Refused, count_rows
from iro_cli.law.catalogue import nearest
from iro_cli.lean import NamedTuple
from iro_cli.progress import tell_step
from iro_cli.questions.naming import SAME_PERSON, spellings
from iro_cli.store.changing import Change, Stamp
from iro_cli.store.kinds import AUTHORITY, CARRIED, FACT, NONE_HELD, UNSAID
from iro_cli.store.opening import Store
from iro_cli.store.put_right import put_right

# How many children are worked through together: more would need more memory for a whole country,
# fewer would ask the store more often.
_AT_ONCE = 2_000
_FILE_AND_ROW = itemgetter(0, 1)
# What the progress display says: on a dry run, and otherwise.
_WORDS = {True: "Comparing", False: "Storing"}
# For how many unknown children the nearest known id is looked for, which takes long.
_NEAREST = 20


class Outcome(NamedTuple):
    """
    What an import did or, on a dry run, would do.

    Attributes:
        added: How much is new.
        corrected: How much was known with other details.
        skipped: How much was in the store already.
        refused: The rows that were left out.
        warnings: What somebody should look at.
        children: The children whose facts, details or allocations changed.
        dry_run: Whether nothing was to be stored.
        moved: How many facts replaced one on another day.
        vanished: How many facts an earlier extract stated and this one does not.
        replaced: Whether those were withdrawn.
        confirmed: How many known facts are now stated by this extract too.
        steps: On a dry run, each thing that would change.
        described: The details that stand now for each child whom the files describe.
        stands: For each child whose facts changed, or who has none, the facts that stand now.
        noted: How many rows changed about what extracts of this kind carry, lack and leave open.
        beside: What was added although a person recorded the same on a day near it.
        left_out: What was left out because a person put it right, and what stands instead.
        found: Figures of what was found in the rows that were not refused, by their words.
    """

    added: Tally
    corrected: Tally
    skipped: Tally
    refused: list[Refused]
    warnings: list[str]
    children: set[str]
    dry_run: bool = False
    moved: int = 0
    vanished: int = 0
    replaced: bool = False
    confirmed: int = 0
    steps: Sequence[ImportStep] = ()
    noted: int = 0
    described: Mapping[str, Child] = {}
    stands: Mapping[str, Sequence[Event]] = {}
    beside: Sequence[tuple[str, Statement, Event]] = ()
    left_out: Sequence[tuple[str, Statement, Event | None]] = ()
    found: Mapping[str, int] = {}

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
        """List every problem, so that all of them can be mended at once."""
        self.refused = list(refused)
        wrong = count_rows(refused)
        lines = [f"{wrong:,} of {rows:,} rows refused, and nothing was stored:"]
        lines += [f"  {one}" for one in refused]
        lines.append(
            "mend them, or store the other rows and keep these to be mended: "
            "--skip-refused --refused FILE"
        )
        super().__init__("\n".join(lines))


# ---------------------------------------------------------------- what cannot be stored


def _another_authority(batch: Batch, authorities: Sequence[Authority]) -> None:
    """
    Refuse an extract if the store has children of another authority.

    An id is unique within one authority only: CH-1 of one may be another child than CH-1 of the
    other, and their reviews would be mixed.

    Raises:
        InputRefusedError: It is from another authority.
    """
    others = sorted(one for one in authorities if one.code != batch.authority)
    if batch.authority and others:
        code, source = others[0]
        raise InputRefusedError(
            f"this {batch.source} extract is authority {batch.authority}'s, and the store has "
            f"children of authority {code} ({source}): the same id may be two children; keep a "
            "store for each authority (--database)"
        )


def _of_known_children(batch: Batch, known: Collection[str]) -> Batch:
    """Return the batch with every row refused that is about an unknown child."""
    described = {child.child_id for child in batch.children}.union(known)
    named = {*as_facts(batch.facts).places}
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
    return dataclasses.replace(
        batch,
        facts=[one for one in batch.facts if one[0] not in reasons],
        allocations=[one for one in batch.allocations if one.child_id not in reasons],
    )


def _checked(
    batch: Batch,
    known: Collection[str] = (),
    in_care: Collection[str] = (),
    authorities: Sequence[Authority] = (),
    *,
    skip_refused: bool,
    replace: bool,
) -> Batch:
    """
    Return a batch in which every row that cannot be stored is refused, and its facts left out.

    Args:
        batch: What was read.
        known: The children that the store has.
        in_care: Those of whom it has a start of care.
        authorities: Whose children it has.
        skip_refused: Leave refused rows out rather than store nothing.
        replace: Whether what vanished from an extract is withdrawn.

    Raises:
        InputRefusedError: It is another authority's, or is empty and would withdraw everything.
        ImportRefusedError: Rows are refused, and they are not to be skipped.
    """
    # This comes first: with ids of another authority, no row means what it says.
    _another_authority(batch, authorities)
    # With --replace, an empty export of a failed night would withdraw every child's facts.
    if replace and not (batch.children or batch.facts or batch.refused):
        raise InputRefusedError(
            f"--replace: this {batch.source} extract names no child, and would "
            "withdraw all that the one before it stated: it was cut short, or the report was "
            "empty; export it again"
        )
    batch = _of_known_children(batch, known)
    without = batch.needing_care.keys() - {*in_care}
    refused = sorted(
        [*batch.refused, *(one for child in without for one in batch.needing_care[child])],
        key=_FILE_AND_ROW,
    )
    # A row of totals at the foot of a table is refused too, but is no reason to store nothing.
    if not skip_refused and not all(one.is_nobodys for one in refused):
        raise ImportRefusedError(refused, batch.rows)
    facts = batch.facts
    if without:
        facts = [one for one in facts if one[0] not in without]
    return dataclasses.replace(batch, facts=as_facts(facts), refused=refused, needing_care={})


def _with_known_names(change: Change, batch: Batch) -> tuple[Batch, list[str]]:
    """
    Return a batch with the names of people as the store spells them, and warnings about names.

    A name that looks like a known one is stored as it is given, because nobody is there during a
    nightly import to say who was meant.
    """
    given = {one.name for one in batch.allocations}
    if not given:
        return batch, []
    known = spellings(change)
    own = other_spellings(given)
    written = {name: known.get(folded(name), own.get(name, name)) for name in given}
    if any(name != one for name, one in written.items()):
        allocations = [one._replace(name=written[one.name]) for one in batch.allocations]
        batch = dataclasses.replace(batch, allocations=allocations)
    fresh = {one for one in written.values() if folded(one) not in known}
    return batch, [
        f"the name {name!r} is new and looks like {near!r}: {SAME_PERSON.format(name, near)}"
        for name, near in alike_names(fresh, known.values())[:_NEAREST]
    ]


# ---------------------------------------------------------------- working through


def _parts(batch: Batch, also: Collection[str], what: str) -> Iterator[tuple[list[str], Part]]:
    """
    Yield the batch in parts of some children each, in order of child.

    Args:
        batch: What was read.
        also: Children who are looked at although the batch gives nothing for them.
        what: What the progress display says.
    """
    named = {child.child_id for child in batch.children}
    facts = as_facts(batch.facts)
    places = facts.places
    named.update(also, places, (one[0] for one in batch.allocations))
    children, allocations = by_child(batch.children), by_child(batch.allocations)
    every = sorted(named)
    for start in range(0, len(every), _AT_ONCE):
        tell_step(what, start, len(every), "children")
        group = every[start : start + _AT_ONCE]
        # The import of a country is large: what a part takes out of the batch is freed with it.
        yield (
            group,
            Part(
                [one for child in group for one in children.pop(child, ())],
                {child: facts.given(places[child]) for child in group if child in places},
                [one for child in group for one in allocations.pop(child, ())],
            ),
        )


def import_batch(
    change: Change,
    batch: Batch,
    *,
    dry_run: bool = False,
    skip_refused: bool = False,
    replace: bool = False,
) -> Outcome:
    """
    Compare a batch with the store and store it, part by part.

    Args:
        change: The change in which it is stored; on a dry run, one that is not kept.
        batch: What was read.
        dry_run: Whether each step is listed.
        skip_refused: Leave refused rows out instead of storing nothing.
        replace: Withdraw facts that an earlier extract of the same kind stated and this one does
            not, although it covers them.

    Raises:
        InputRefusedError: It is another authority's, or is empty and would withdraw everything.
        ImportRefusedError: Rows are refused, and they are not to be skipped.
    """
    known = change.child_ids()
    starts = change.records(FACT, batch.needing_care)
    batch, odd = _with_known_names(change, batch)
    batch = _checked(
        batch,
        known,
        {one.child_id for one in starts if one.event.event in CARE_BEGINS},
        change.records(AUTHORITY) if batch.authority else (),
        skip_refused=skip_refused,
        replace=replace,
    )
    compared = bool(known and batch.carried)
    difference = ImportDifference(
        batch,
        change.records(CARRIED) if compared else (),
        change.records(UNSAID) if compared else (),
        replace=replace,
        listed=dry_run,
    )
    before = change.count
    mended = put_right(change) if batch.facts else {}
    any_facts = change.ever_had_events()
    for only, part in _parts(batch, known if batch.source else (), _WORDS[dry_run]):
        stands = (
            known_of(change, part, only, mended, extract=bool(batch.source), any_facts=any_facts)
            if known
            else Known()
        )
        difference.of(part, stands).make(change)
    change.add(NONE_HELD, difference.none_held)
    of_facts = change.count
    note_carried(change, batch.carried)
    unsaid = _note_unsaid(change, batch, difference, known) if batch.source else []
    noted = change.count - of_facts
    authority = Authority(batch.authority or "", batch.source)
    if batch.authority and change.count > before and authority not in change.records(AUTHORITY):
        change.add(AUTHORITY, [authority])
    return Outcome(
        difference.count("added"),
        difference.count("corrected"),
        difference.count("skipped"),
        batch.refused,
        _warnings(batch, odd, difference, known, unsaid),
        difference.touched,
        dry_run,
        difference.moved,
        len(difference.vanished),
        replace,
        difference.confirmed,
        difference.steps,
        noted,
        difference.described,
        difference.stands,
        difference.beside,
        difference.left_out,
        batch.counts,
    )


def _warnings(
    batch: Batch,
    odd: Iterable[str],
    difference: ImportDifference,
    known: Collection[str],
    unsaid: Iterable[LeftOpen],
) -> list[str]:
    """Return what somebody should look at, in the files and in comparison with the store."""
    warnings = [*batch.warnings, *odd]
    if known:
        warnings += [
            text for text in alike_warnings(difference.fresh, known) if text not in warnings
        ]
    if difference.behind:
        warnings.append(
            "allocations without a first day that name another person than the allocation whose "
            "first day is known, which still counts (`iro allocate` changes it): "
            f"{difference.behind:,}"
        )
    if difference.of_breaks:
        warnings.append(
            "reviews that a person recorded as reviews of care, which this extract shows to be of "
            f"short breaks, and which now are: {difference.of_breaks:,}"
        )
    if batch.source:
        warnings += of_nobody_known(batch.refused)
    return [*warnings, *pointed_to(unsaid, difference), *gone(difference), *older(difference)]


def _note_unsaid(
    change: Change, batch: Batch, difference: ImportDifference, known: Collection[str]
) -> list[LeftOpen]:
    """Store what is left out for single children, and return what is newly left out."""
    named = {child.child_id for child in batch.children}
    named.update(as_facts(batch.facts).places)
    if not batch.carried:
        # A file with mended rows alone is not an extract: it settles nothing for other rows.
        lift_mended(change, batch, named)
        return []
    last = max(one.to_on or date.max for one in batch.carried)
    facts = as_facts(batch.facts)

    def stated(child_id: str) -> set[tuple[str, date]]:
        return {one[0][:2] for one in facts.given(facts.places.get(child_id, ()))}

    unsaid = chain[Unsaid | LeftOpen](
        (one for one in batch.unsaid if one.child_id in named),
        of_refused(batch, named.union(known) if known else named, difference.told_before),
        (
            one if one.to_on else one._replace(from_on=min(one.from_on or last, last), to_on=last)
            for one in difference.open.unsaid
        ),
    )
    return note_unsaid(
        change,
        batch.source,
        named,
        DaysTold.by(batch, stated),
        unsaid,
        decided=difference.decided,
    )


def store_batch(
    store: Store,
    batch: Batch,
    stamp: Stamp,
    *,
    dry_run: bool = False,
    skip_refused: bool = False,
    replace: bool = False,
    keep: Callable[[Sequence[Refused]], None] = lambda _: None,
) -> Outcome:
    """
    Store a batch in one change, whole or not at all.

    Args:
        store: The store; it is made if it is missing, unless nothing is stored.
        batch: What was read.
        stamp: Who makes the change, when, and with which command.
        dry_run: Only work out what would be stored.
        skip_refused: Leave refused rows out instead of storing nothing.
        replace: Withdraw facts that an earlier extract of the same kind stated and this one does
            not, although it covers them.
        keep: Writes the refused rows to a file, before the other rows are stored.

    Raises:
        InputRefusedError: It is another authority's, or is empty and would withdraw everything.
        ImportRefusedError: Rows are refused, and they are not to be skipped.
        StoreError: The store cannot be read or written.
    """
    trial = dry_run
    if not dry_run and not store.exists():
        # If everything is refused, or there is nothing, no new store is made.
        batch = _checked(batch, skip_refused=skip_refused, replace=replace)
        trial = not (batch.children or batch.facts or batch.allocations)
    with store.changing(stamp, make=True, trial=trial, many=True) as change:
        outcome = import_batch(
            change, batch, dry_run=dry_run, skip_refused=skip_refused, replace=replace
        )
        # Inside the change: if the file of refused rows cannot be written, nothing is stored, and
        # no row is lost.
        keep(outcome.refused)
        return outcome
