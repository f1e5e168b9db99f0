"""``audit``: what an audit found, a sample to be audited, and what is due of it."""

from typing import Annotated

import typer

from iro_cli.changes.audits import draw_sample, record_audit
from iro_cli.cli import completion
from iro_cli.cli.daily import DueOptions, check_names, open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import Given, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.text import plain_text
from iro_cli.cli.today import today
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.facts.people import Audit
from iro_cli.law.catalogue import nearest
from iro_cli.pages.audits import audits_sheet
from iro_cli.questions.audits import (
    DONE,
    DUE,
    GRADES,
    OVERDUE,
    AuditFilter,
    audit_lines,
    candidates,
)
from iro_cli.questions.view import one_child
from iro_cli.store.location import check_file
from iro_cli.store.migrations import prepare

app = typer.Typer(rich_markup_mode=None)
audit_app = typer.Typer(
    rich_markup_mode=None, help="Audits of cases: record, draw a sample, list what is due."
)
app.add_typer(audit_app, name="audit")

Child = Annotated[str, typer.Argument(metavar="CHILD", autocompletion=completion.children)]
Auditor = Annotated[
    str | None, typer.Option("--auditor", metavar="NAME", autocompletion=completion.names)
]
Process = Annotated[
    str | None,
    typer.Option("--process", help="Only this process.", autocompletion=completion.processes),
]
Iro = Annotated[
    str | None,
    typer.Option("--iro", help="Only this IRO's or chair's.", autocompletion=completion.names),
]
# How long an audit may take where no day is given: this program's habit, not law.
_WITHIN = "+4w"


def _statuses(incomplete: str) -> list[str]:
    return [one for one in (OVERDUE, DUE, DONE) if one.startswith(incomplete)]


@audit_app.command("record")
@with_common
def record_command(
    given: Given,
    child: Child,
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day of the audit.")],
    tool: Annotated[str, typer.Option("--tool", metavar="NAME", help="The audit tool.")],
    grade: Annotated[
        str,
        typer.Option(
            "--grade",
            metavar="GRADE",
            help=f"Any words; inspectors say {', '.join(GRADES)}.",
            autocompletion=completion.grades,
        ),
    ],
    auditor: Auditor = None,
    note: Annotated[str | None, typer.Option("--note", help="What was found.")] = None,
) -> int:
    """Store what an audit of one child's case found; the same audit again is corrected."""
    settings = resolve(given)
    day = day_of(on, "--on")
    if day > max(today(), settings.as_of):
        raise InputRefusedError(
            f"{spoken_short(day)} lies ahead, and only what has happened is recorded"
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
    check_file(settings.database)
    made = stamp(f"audit record {child} --on {day} --tool {audit.tool} --grade {audit.grade}")
    stored = record_audit(settings.database, audit, made)
    if stored is None:
        tell(f"{child}: that audit is recorded already; nothing changed")
        return 0
    whose = f", {stored.iro}'s case" if stored.iro else ""
    tell(f"recorded: audit of {child} on {spoken(day)}{whose}: {stored.tool}, {stored.grade}")
    return 0


@audit_app.command("sample")
@with_common
def sample_command(
    given: Given,
    size: Annotated[int, typer.Option("--size", min=1, help="How many cases.")],
    seed: Annotated[
        int, typer.Option("--seed", help="Any number: the same one draws the same cases.")
    ],
    due: Annotated[
        str | None,
        typer.Option("--due", metavar="DATE", help="By when; four weeks after the draw."),
    ] = None,
    process: Process = None,
    iro: Iro = None,
    auditor: Auditor = None,
) -> int:
    """Draw cases to be audited, spread over IROs and processes, never an auditor's own."""
    settings = resolve(given)
    check_file(settings.database)
    prepare(settings.database)
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro, process=process))
    name = plain_text(auditor, "--auditor")
    sample = draw_sample(
        settings.database,
        candidates(view, process=process, iro=iro, auditor=name),
        size,
        seed,
        view.as_of,
        day_of(due or _WITHIN, "--due", view.as_of),
        stamp(f"audit sample --size {size} --seed {seed}"),
        name,
    )
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


@audit_app.command("list")
@with_common
def list_command(
    given: Given,
    status: Annotated[
        str | None,
        typer.Option(
            "--status", metavar="overdue|due|done", help="Only these.", autocompletion=_statuses
        ),
    ] = None,
    child: Annotated[
        str | None, typer.Option("--child", autocompletion=completion.children)
    ] = None,
    iro: Iro = None,
    auditor: Auditor = None,
    process: Process = None,
) -> int:
    """List the audits: drawn and overdue, drawn and due, done."""
    if status not in (None, OVERDUE, DUE, DONE):
        raise UsageError(f"--status {status!r}: one of {OVERDUE}, {DUE}, {DONE}")
    settings = resolve(given)
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro, process=process))
    if child is not None:
        one_child(view, child)
    if auditor is not None:
        theirs = {line.auditor for line in audit_lines(view) if line.auditor}
        if auditor.casefold() not in {one.casefold() for one in theirs}:
            raise InputRefusedError(
                f"--auditor {auditor!r}: no audit is theirs{nearest(auditor, sorted(theirs))}"
            )
    rows = audit_lines(view, AuditFilter(child, iro, auditor, process, status))
    emit(audits_sheet(rows, view.catalogue, view.as_of), settings)
    return 0
