"""Answer questions about audits: the cases that can be drawn, those to do, results and figures."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from iro_cli.facts.people import Audit, Drawn
from iro_cli.facts.vocabulary import AUDIT_STATUSES, GRADES
from iro_cli.figures.case import UNALLOCATED
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import answering
from iro_cli.questions.holding import ROLE_WORDS
from iro_cli.questions.view import View

OVERDUE, DUE, DONE = AUDIT_STATUSES
# The processes whose meetings an IRO or chair leads.  The other processes belong to such a case.
_CASES = {"cla", "short-break", "cp", "adoption", "secure"}


# ---------------------------------------------------------------- what can be drawn


class CaseToDraw(NamedTuple):
    """A case that can be drawn for audit: a child in a process, and who answers for it."""

    child: str
    process: str
    iro: str


def cases_to_draw(
    view: View, *, process: str | None = None, iro: str | None = None, auditor: str | None = None
) -> list[CaseToDraw]:
    """
    Return the cases that are open on the day, in order, without the auditor's own.

    Args:
        view: The store, the rules and the day.
        process: Only cases of this process.
        iro: Only cases for which this IRO or chair answers.
        auditor: The person who will audit.  Their own children are left out, whatever their
            role, because nobody audits their own work.
    """
    own, wanted = (auditor or "").casefold(), (iro or "").casefold()
    found: set[CaseToDraw] = set()
    for case in view.cases(view.shown(), keep_met=False):
        child, holders = case.child.child_id, case.holders
        if own and own in {holders.get((child, role), "").casefold() for role in ROLE_WORDS}:
            continue
        for one in _CASES & {clock.rule.process for clock in case.clocks.open}:
            name = answering(holders, child, one) or UNALLOCATED
            if (process is None or one == process) and (not wanted or name.casefold() == wanted):
                found.add(CaseToDraw(child, one, name))
    return sorted(found)


# ---------------------------------------------------------------- the listing


class AuditLine(NamedTuple):
    """One case that was drawn, or one audit; ``days_left`` is negative if it is overdue."""

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
    """Which audits are wanted; a field that is ``None`` lets everything through."""

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


def _not_drawn(one: Audit) -> AuditLine:
    """Return the line of an audit that no draw asked for."""
    return AuditLine(
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


def _is_wanted(line: AuditLine, wanted: AuditFilter) -> bool:
    return all(
        value is None or (getattr(line, field) or "").casefold() == value.casefold()
        for field, value in wanted._asdict().items()
    )


def audit_lines(view: View, wanted: AuditFilter = AuditFilter()) -> list[AuditLine]:  # noqa: B008
    """
    Return the drawn cases and the audits as known on the as-of day.

    An audit of a child meets each draw of that child on or before its day.

    Returns:
        First the cases that still have to be audited, in order of due day, then those done.
    """
    on = view.as_of
    done = [one for one in view.reader.audits() if one.audited_on <= on]
    lines, used = [], set[Audit]()
    for one in view.reader.drawn():
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
    lines += [_not_drawn(one) for one in done if one not in used]
    lines = [line for line in lines if _is_wanted(line, wanted)]
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
    Audits between two days, both inclusive, as known on the as-of day.

    Attributes:
        drawn: How many cases were drawn in the period.
        drawn_and_done: How many of those were audited by the end of the period.
        done: How many audits were done in the period, drawn or not.
        overdue: How many cases, whenever they were drawn, were past their due day and not
            audited at the end of the period.
        by_tool: For each tool, how many audits gave each grade.
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
        from_on: The first day (inclusive).
        to_on: The last day (inclusive); nothing is counted after the as-of day.
    """
    last = min(to_on, view.as_of)
    known = [one for one in view.reader.audits() if one.audited_on <= last]
    samples = [one for one in view.reader.drawn() if one.drawn_on <= last]
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
