"""Audits of children's cases: what was found, a sample to be audited, and the figures."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iro_cli.changes.holding import CHAIR, IRO, ROLE_WORDS, holding_in
from iro_cli.changes.stamp import Stamp
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.people import Audit, Drawn, holding
from iro_cli.law.catalogue import nearest
from iro_cli.obligations.listing import answering
from iro_cli.questions.caseload import UNALLOCATED
from iro_cli.questions.view import View
from iro_cli.store.people import audits, drawn

# Only a change loads the classes of the tables: what only reads stays quick.
if TYPE_CHECKING:
    from iro_cli.store.tables import AuditRow
    from iro_cli.store.writing import Writer

# What inspectors say; a tool of the authority's own may say something else.
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
OVERDUE, DUE, DONE = "overdue", "due", "done"
# The processes whose meetings an IRO or chair leads: the others are about such a case.
_CASES = {"cla", "short-break", "cp", "adoption", "secure"}


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


class Candidate(NamedTuple):
    """A case that can be drawn: a child in a process, and who answers for it."""

    child: str
    process: str
    iro: str


class Sample(NamedTuple):
    """What was drawn: new cases, and those that had been drawn already and are not done."""

    added: list[Drawn]
    standing: list[Drawn]
    possible: int


def candidates(
    view: View, *, process: str | None = None, iro: str | None = None, auditor: str | None = None
) -> list[Candidate]:
    """
    Return the cases that are open on the day, in order, without the auditor's own.

    Args:
        view: The store, the rules and the day.
        process: Only cases of this process.
        iro: Only those this IRO or chair answers for.
        auditor: Who will audit; a child whom they hold in any role is left out.
    """
    own, wanted = (auditor or "").casefold(), (iro or "").casefold()
    found: set[Candidate] = set()
    for case in view.cases(view.shown(), keep_met=False):
        child, holders = case.child.child_id, case.holders
        if own and own in {holders.get((child, role), "").casefold() for role in ROLE_WORDS}:
            continue
        for one in _CASES & {clock.rule.process for clock in case.clocks.open}:
            name = answering(holders, child, one) or UNALLOCATED
            if (process is None or one == process) and (not wanted or name.casefold() == wanted):
                found.add(Candidate(child, one, name))
    return sorted(found)


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


# ---------------------------------------------------------------- the listing


class AuditLine(NamedTuple):
    """One case that was drawn, or one audit; ``days_left`` is negative when it is overdue."""

    child: str
    process: str | None
    iro: str | None
    auditor: str | None
    drawn: date | None
    due: date | None
    status: str
    days_left: int | None
    audited: date | None
    tool: str | None
    grade: str | None
    note: str | None


class AuditFilter(NamedTuple):
    """Which audits are wanted; what is ``None`` lets everything through."""

    child: str | None = None
    iro: str | None = None
    auditor: str | None = None
    process: str | None = None
    status: str | None = None


def _met_by(one: Drawn, done: Iterable[Audit]) -> Audit | None:
    """Return the first audit of a drawn case on or after the day of the draw."""
    return next(
        (it for it in done if it.child_id == one.child_id and it.audited_on >= one.drawn_on), None
    )


def audit_lines(view: View, wanted: AuditFilter = AuditFilter()) -> list[AuditLine]:  # noqa: B008
    """
    Return what is drawn and what is done, as known on the day: what waits first, soonest due.

    An audit of a child meets what was drawn of that child on or before its day.
    """
    on = view.as_of
    done = [one for one in audits(view.reader) if one.audited_on <= on]
    lines, used = [], set[Audit]()
    for one in drawn(view.reader):
        if one.drawn_on > on:
            continue
        met = _met_by(one, done)
        if met:
            used.add(met)
        status = DONE if met else OVERDUE if one.due_on < on else DUE
        lines.append(
            AuditLine(
                one.child_id,
                one.process,
                one.iro,
                met.auditor if met else one.auditor,
                one.drawn_on,
                one.due_on,
                status,
                None if met else (one.due_on - on).days,
                *(met.audited_on, met.tool, met.grade, met.note) if met else (None,) * 4,
            )
        )
    lines += [
        AuditLine(
            one.child_id,
            None,
            one.iro,
            one.auditor,
            None,
            None,
            DONE,
            None,
            one.audited_on,
            one.tool,
            one.grade,
            one.note,
        )
        for one in done
        if one not in used
    ]
    lines = [
        line
        for line in lines
        if all(
            value is None or (getattr(line, field) or "").casefold() == value.casefold()
            for field, value in wanted._asdict().items()
        )
    ]
    lines.sort(
        key=lambda line: (
            line.status == DONE,
            line.audited or line.due or date.min,
            line.child,
            line.process or "",
            line.tool or "",
        )
    )
    return lines


# ---------------------------------------------------------------- figures


class AuditFigures(NamedTuple):
    """
    Audits between two days, both inclusive, as known on the day that is asked about.

    Attributes:
        drawn: How many cases were drawn in the period.
        drawn_and_done: How many of those have been audited by its end.
        done: How many audits were done in the period, drawn or not.
        overdue: How many drawn cases, of whatever day, were past their due day
            and not audited at its end.
        by_tool: For each tool, how many audits came to each grade.
    """

    drawn: int
    drawn_and_done: int
    done: int
    overdue: int
    by_tool: dict[str, dict[str, int]]


def audit_figures(view: View, from_on: date, to_on: date) -> AuditFigures:
    """
    Count the audits of a period, for a report.

    Args:
        view: The store, the rules and the day.
        from_on: The first day.
        to_on: The last; what came after the day that is asked about is not known.
    """
    last = min(to_on, view.as_of)
    known = [one for one in audits(view.reader) if one.audited_on <= last]
    samples = [one for one in drawn(view.reader) if one.drawn_on <= last]
    inside = [one for one in samples if one.drawn_on >= from_on]
    done = [one for one in known if one.audited_on >= from_on]
    by_tool: dict[str, Counter[str]] = {}
    for one in done:
        by_tool.setdefault(one.tool, Counter())[one.grade] += 1
    return AuditFigures(
        len(inside),
        sum(_met_by(one, known) is not None for one in inside),
        len(done),
        sum(one.due_on < last and _met_by(one, known) is None for one in samples),
        {
            tool: {grade: counts[grade] for grade in sorted(counts, key=_grade_order)}
            for tool, counts in sorted(by_tool.items())
        },
    )


def _grade_order(grade: str) -> tuple[int, str]:
    """Put the inspectors' grades first, best first, then the others by name."""
    return (GRADES.index(grade), "") if grade in GRADES else (len(GRADES), grade)
