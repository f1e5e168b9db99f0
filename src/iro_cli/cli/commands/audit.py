"""``audit``: record an audit, draw a sample of cases, and list the audits that are due."""

from iro_cli.changes.audits import draw_sample, record_audit
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.clock import stamp, today
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.names import folded
from iro_cli.facts.people import Audit
from iro_cli.facts.vocabulary import GRADES
from iro_cli.law.catalogue import nearest
from iro_cli.pages.audits import audits_export
from iro_cli.questions.audits import (
    AuditFilter,
    audit_lines,
    cases_to_draw,
)
from iro_cli.questions.naming import child_named, spellings

# How long an audit may take if no day is given: a choice of this program, not of the law.
_WITHIN = "+4w"


def record_command(
    given: Given, child: str, on: str, tool: str, grade: str, auditor: str | None, note: str | None
) -> int:
    """
    Store what an audit of one child's case found.

    If the audit is stored already, this corrects it.

    Raises:
        UsageError: A value is blank.
        InputRefusedError: The day is still to come.
    """
    settings = resolve(given)
    day = settings.day(on, "--on", "past")
    if day > max(today(), settings.as_of):
        raise InputRefusedError(
            f"{spoken_short(day)} is still to come, and only what has happened can be recorded"
        )
    what = {"--tool": plain_text(tool, "--tool"), "--grade": plain_text(grade, "--grade")}
    for option, text in what.items():
        if text is None:
            raise UsageError(f"{option}: it is blank")
    audit = Audit(
        child,
        day,
        what["--tool"] or "",
        next(
            (one for one in GRADES if one.casefold() == (what["--grade"] or "").casefold()),
            what["--grade"] or "",
        ),
        plain_text(auditor, "--auditor"),
        None,
        plain_text(note, "--note"),
    )
    with settings.store.changing(stamp("audit record")) as change:
        child = child_named(change, child)
        change.stamp = stamp(
            f"audit record {child} --on {day} --tool {audit.tool} --grade {audit.grade}"
        )
        who = audit.auditor and spellings(change).get(folded(audit.auditor), audit.auditor)
        stored = record_audit(change, audit._replace(child_id=child, auditor=who))
    if stored is None:
        tell(f"{child}: that audit is recorded already; nothing changed")
        return 0
    whose = f", {stored.iro}'s case" if stored.iro else ""
    tell(f"recorded: audit of {child} on {spoken(day)}{whose}: {stored.tool}, {stored.grade}")
    return 0


def sample_command(
    given: Given,
    size: int,
    seed: int,
    due: str | None,
    process: str | None,
    iro: str | None,
    auditor: str | None,
) -> int:
    """Draw cases to be audited, spread over IROs and processes; nobody audits their own."""
    settings = resolve(given)
    name = plain_text(auditor, "--auditor")
    due_on = settings.day(due or _WITHIN, "--due", "ahead")
    with settings.store.changing(stamp(f"audit sample --size {size} --seed {seed}")) as change:
        view = open_view(settings, change)
        view.check_names(iro=iro, process=process)
        among = cases_to_draw(view, process=process, iro=iro, auditor=name)
        sample = draw_sample(change, among, size, seed, view.as_of, due_on, name)
    drawn = len(sample.added) + len(sample.standing)
    if drawn < size:
        say(f"iro: only {counted(sample.possible, 'child', 'children')} could be drawn, not {size}")
    titles = view.catalogue.processes
    for one in sample.added:
        tell(
            f"to audit by {spoken(one.due_on)}: {one.child_id}, {titles[one.process].title}, "
            f"{one.iro or 'unallocated'}"
        )
    for one in sample.standing:
        tell(f"drawn already, due {spoken(one.due_on)}: {one.child_id}; nothing changed")
    return 0


def list_command(
    given: Given,
    status: str | None,
    child: str | None,
    iro: str | None,
    auditor: str | None,
    process: str | None,
) -> int:
    """
    List the audits: first the drawn ones that are overdue, then those that are due, then the rest.

    Raises:
        InputRefusedError: There is no such auditor.
    """
    settings = resolve(given)
    view = open_view(settings)
    view.check_names(iro=iro, process=process)
    if child is not None:
        child = child_named(view.reader, child)
    if auditor is not None:
        theirs = {line.auditor for line in audit_lines(view) if line.auditor}
        if auditor.casefold() not in {one.casefold() for one in theirs}:
            raise InputRefusedError(
                f"--auditor {auditor!r}: no audit has that auditor"
                f"{nearest(auditor, sorted(theirs))}"
            )
    rows = audit_lines(view, AuditFilter(child, iro, auditor, process, status))
    emit(audits_export(rows, view.catalogue, view.as_of), settings)
    return 0
