"""Audits of children's cases: storing what one found, and drawing a sample to be audited."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iro_cli.changes.holding import holding_in
from iro_cli.changes.stamp import Stamp
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.people import Audit, Drawn, holding
from iro_cli.law.catalogue import nearest
from iro_cli.questions.audits import Candidate
from iro_cli.questions.caseload import UNALLOCATED
from iro_cli.questions.holding import CHAIR, IRO, ROLE_WORDS

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import AuditRow
    from iro_cli.store.writing import Writer

# ---------------------------------------------------------------- recording


def audit_of(row: "AuditRow") -> Audit:
    """Return the audit that a stored row holds."""
    return Audit(**{field: getattr(row, field) for field in Audit._fields})


def record_audit(path: Path, audit: Audit, stamp: Stamp) -> Audit | None:
    """
    Store an audit with whose the child was; one of the same day, tool and auditor is corrected.

    Args:
        path: The store.
        audit: What was found; its ``iro`` is worked out.
        stamp: Who, when and how.

    Returns:
        What is stored, ``None`` where it stood there already.

    Raises:
        InputRefusedError: The child is unknown, or the case is the auditor's own.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import AuditRow  # noqa: PLC0415
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    child, on, auditor = audit.child_id, audit.audited_on, (audit.auditor or "").casefold()
    with change(path, **stamp._asdict()) as writer:
        known = holding_in(writer)
        if child not in known.members:
            raise InputRefusedError(
                f"there is no child {child!r}{nearest(child, known.members)}; `iro child list` "
                "lists them all"
            )
        held = {role: holding(known.allocations.get(child, ()), role, on) for role in ROLE_WORDS}
        for role, one in held.items():
            if one and one.name.casefold() == auditor:
                raise InputRefusedError(
                    f"{one.name} was {child}'s {ROLE_WORDS[role]} on {spoken_short(on)}, and "
                    "nobody audits their own case: give the audit to somebody else"
                )
        owner = held[IRO] or held[CHAIR]
        audit = audit._replace(iro=owner.name if owner else None)
        for row in writer.standing(AuditRow):
            before = audit_of(row)
            if _same_audit(before, audit):
                if before == audit:
                    raise Nothing
                writer.withdraw(row)
        writer.add(AuditRow, **audit._asdict())
        return audit
    return None


def _same_audit(one: Audit, other: Audit) -> bool:
    return (one.child_id, one.audited_on, one.tool.casefold(), one.auditor) == (
        other.child_id,
        other.audited_on,
        other.tool.casefold(),
        other.auditor,
    )


# ---------------------------------------------------------------- the sample


class Sample(NamedTuple):
    """What was drawn: new cases, and those that had been drawn already and are not done."""

    added: list[Drawn]
    standing: list[Drawn]
    possible: int


def draw(among: Sequence[Candidate], size: int, seed: int) -> list[Candidate]:
    """
    Draw cases at random, as evenly over IROs, then over processes, as they can be.

    Each case gets its place in the queue by chance.  Then the next is always
    of an IRO from whom fewest were drawn and, among those, of a process of which
    fewest were.  A child is drawn once.  Only :meth:`random.Random.random` is
    used, whose numbers for a seed are promised to stay the same.

    Args:
        among: The cases.
        size: How many are wanted; fewer where there are not so many children.
        seed: Decides what chance comes to.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    place = {one: chance.random() for one in sorted(among)}
    left, found = list(place), list[Candidate]()
    by_iro, by_process = Counter[str](), Counter[str]()
    while left and len(found) < size:
        one = min(left, key=lambda it: (by_iro[it.iro], by_process[it.process], place[it]))
        found.append(one)
        by_iro[one.iro] += 1
        by_process[one.process] += 1
        left = [other for other in left if other.child != one.child]
    return found


def draw_sample(
    path: Path,
    among: Sequence[Candidate],
    size: int,
    seed: int,
    drawn_on: date,
    due_on: date,
    stamp: Stamp,
    auditor: str | None = None,
) -> Sample:
    """
    Draw a sample and store it; a case drawn before and not audited since stays as it is.

    Args:
        path: The store.
        among: The cases it is drawn from.
        size: How many.
        seed: Decides what chance comes to.
        drawn_on: The day.
        due_on: The day by which they are to be audited.
        stamp: Who, when and how.
        auditor: Who is to audit them.

    Raises:
        InputRefusedError: There is no case to draw, or the due day lies before the draw.
        StoreError: The store cannot be written.
    """
    from iro_cli.store.tables import AuditSampleRow  # noqa: PLC0415
    from iro_cli.store.writing import Nothing, change  # noqa: PLC0415

    if due_on < drawn_on:
        raise InputRefusedError(
            f"--due {spoken_short(due_on)} lies before {spoken_short(drawn_on)}, the day of the "
            "draw"
        )
    if not among:
        raise InputRefusedError(
            f"no case is open on {spoken_short(drawn_on)} that fits (an auditor's own cases are "
            "left out): draw from more, without --iro or --process"
        )
    chosen = draw(among, size, seed)
    sample = Sample([], [], len({one.child for one in among}))
    with change(path, **stamp._asdict()) as writer:
        waiting = _waiting(writer, drawn_on)
        for one in chosen:
            before = waiting.get((one.child, one.process))
            if before:
                sample.standing.append(before)
                continue
            name = None if one.iro == UNALLOCATED else one.iro
            fresh = Drawn(one.child, one.process, drawn_on, due_on, name, auditor)
            writer.add(AuditSampleRow, **fresh._asdict())
            sample.added.append(fresh)
        if not sample.added:
            raise Nothing
    return sample


def _waiting(writer: "Writer", on: date) -> dict[tuple[str, str], Drawn]:
    """Return what was drawn on this day, or before and not audited since, by child and process."""
    from iro_cli.store.tables import AuditRow, AuditSampleRow  # noqa: PLC0415

    done: dict[str, date] = {}
    for row in writer.standing(AuditRow):
        if row.audited_on <= on:
            done[row.child_id] = max(row.audited_on, done.get(row.child_id, date.min))
    return {
        (row.child_id, row.process): Drawn(
            **{field: getattr(row, field) for field in Drawn._fields}
        )
        for row in writer.standing(AuditSampleRow)
        if row.drawn_on == on or done.get(row.child_id, date.min) < row.drawn_on
    }
