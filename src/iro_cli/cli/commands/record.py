"""``record``, ``undo`` and ``history``."""

from datetime import date
from typing import Annotated

import typer

from iro_cli import library
from iro_cli.changes.recording import REQUESTED, checked_event, event_named, record, undo
from iro_cli.cli import completion
from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import Given, Settings, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.text import plain_text
from iro_cli.cli.today import today
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.errors import UsageError
from iro_cli.facts.model import Event
from iro_cli.figures.gaps import REMANDS, gaps_of
from iro_cli.obligations.chains import Engine
from iro_cli.pages.due import when_words
from iro_cli.pages.history import history_sheet
from iro_cli.questions.show import is_too_early, show
from iro_cli.questions.view import unknown_child
from iro_cli.store.location import check_file

app = typer.Typer(rich_markup_mode=None)


def _yes_or_no(value: str | None, option: str) -> str | None:
    if value is None:
        return None
    folded = value.casefold()
    for word, spellings in (("yes", ("yes", "y", "true", "1")), ("no", ("no", "n", "false", "0"))):
        if folded in spellings:
            return word
    raise UsageError(f"{option} {value!r}: yes or no")


def _reference(event: str, reference: str | None, by: str | None) -> str | None:
    """
    Return what an event refers to; for an early review that is its last day.

    Raises:
        UsageError: Both are given, or a last day for something else.
    """
    if by is None:
        return plain_text(reference, "--reference")
    if event != REQUESTED:
        raise UsageError(f"--by goes with {REQUESTED}: it is the last day for the early review")
    if reference is not None:
        raise UsageError("--by and --reference: give the last day for the early review once")
    return day_of(by, "--by").isoformat()


@app.command("record")
@with_common
def record_command(
    given: Given,
    event: Annotated[str, typer.Argument(metavar="EVENT", autocompletion=completion.events)],
    children: Annotated[
        list[str], typer.Argument(metavar="CHILD...", autocompletion=completion.children)
    ],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happened.")],
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome",
            help="What a conference decided.",
            autocompletion=completion.outcomes,
        ),
    ] = None,
    participation: Annotated[
        str | None,
        typer.Option(
            "--participation",
            metavar="CODE",
            help="How the child took part, PN0 to PN7.",
            autocompletion=completion.participation,
        ),
    ] = None,
    section_47: Annotated[
        str | None,
        typer.Option("--section-47", metavar="yes|no", help="Did it start section 47 enquiries?"),
    ] = None,
    completed_on: Annotated[
        str | None,
        typer.Option("--completed-on", metavar="DATE", help="The last of a series of meetings."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="DATE", help="The last day for a review called for early."),
    ] = None,
    advocacy: Annotated[
        str | None,
        typer.Option("--advocacy", metavar="yes|no", help="Was an advocate offered?"),
    ] = None,
    quorate: Annotated[
        str | None,
        typer.Option("--quorate", metavar="yes|no", help="Was the conference quorate?"),
    ] = None,
    scaling: Annotated[
        str | None, typer.Option("--scaling", metavar="0..10", help="Signs of Safety scaling.")
    ] = None,
    attended: Annotated[str | None, typer.Option("--attended", help="Who took part.")] = None,
    reason: Annotated[str | None, typer.Option("--reason")] = None,
    reference: Annotated[
        str | None, typer.Option("--reference", help="Which dispute, or the date of which review.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note")] = None,
    insist: Annotated[
        bool, typer.Option("--insist", help="Store it although it contradicts the child's facts.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take the fact back: it did not happen.")
    ] = False,
) -> int:
    """Store one fact, for one child or several; then say what is due next, and why."""
    settings = resolve(given)
    happened = Event(
        event_named(event),
        day_of(on, "--on"),
        outcome,
        _yes_or_no(section_47, "--section-47"),
        day_of(completed_on, "--completed-on") if completed_on else None,
        _reference(event, reference, by),
        plain_text(reason, "--reason"),
        participation.upper() if participation else None,
        plain_text(note, "--note"),
        _yes_or_no(quorate, "--quorate"),
        scaling.strip() if scaling else None,
        _yes_or_no(advocacy, "--advocacy"),
        plain_text(attended, "--attended"),
    )
    held = happened.event
    happened = checked_event(happened, today=today(), as_of=settings.as_of)
    command = f"record {happened.event} {' '.join(children)} --on {happened.on}"
    command += " --withdraw" if withdraw else ""
    changed = store(settings, happened, children, command, insist=insist, withdraw=withdraw)
    if happened.event != held and not withdraw:
        tell(
            "  it was not quorate, so it meets nothing and the clock runs on: `iro book … --reason "
            "inquorate` books it again"
        )
    if happened.event == REQUESTED and not happened.reference and not withdraw:
        say("iro: no last day is given for the early review, so it has no date: add --by DATE")
    if happened.event in REMANDS:
        _say_gaps(settings, changed)
    next_open(settings, changed, held_on=happened.on)
    return 0


def _say_gaps(settings: Settings, children: list[str]) -> None:
    """Say what is recorded of children and no clock counts."""
    view = open_view(settings)
    work = Engine(view.catalogue)
    for child in children:
        known = view.reader.children(child)[child]
        for _, events in view.reader.cases(view.as_of, child, whole=True):
            for gap in gaps_of(work, known, events, view.as_of):
                say(f"iro: {child}: {gap.message}\n  `{gap.remedy}`")


def store(
    settings: Settings,
    happened: Event,
    children: list[str],
    command: str,
    *,
    insist: bool = False,
    withdraw: bool = False,
) -> list[str]:
    """
    Store a fact that was checked, say what came of it, and return whose facts it changed.

    Raises:
        IroError: It cannot be stored.
    """
    event = happened.event
    catalogue = library.catalogue(settings.nation, settings.packs)
    check_file(settings.database)
    done = record(
        settings.database,
        catalogue,
        happened,
        children,
        stamp(command),
        insist=insist,
        withdraw=withdraw,
    )
    for child in done.standing:
        tell(f"{child}: {event} on {spoken(happened.on)} is recorded already; nothing changed")
    for verb, those in (
        ("recorded", done.added),
        ("taken back" if withdraw else "corrected", done.corrected),
    ):
        if those:
            tell(f"{verb}: {event} on {spoken(happened.on)} for {', '.join(those)}")
    for child, finding in done.findings:
        say(f"iro: {child}: {finding.message}\n  {finding.remedy}")
    return [*done.added, *done.corrected]


def next_open(
    settings: Settings,
    children: list[str],
    process: str | None = None,
    held_on: date | None = None,
) -> None:
    """
    Say what is open now, in one process or all, for children whose facts changed.

    What was held on the day given, before it may be, is named.
    """
    if not children:
        return
    view = open_view(settings)
    for child in children:
        found, _ = show(view, child)
        for row in found.rows:
            if row.held and row.held == held_on and is_too_early(row):
                say(
                    f"iro: {child}: TOO EARLY, so not in timescale: {row.title.lower()}; "
                    f"`iro timescales show {row.timescale}` says from when it may be held"
                )
            if row.held is None and process in (None, row.process):
                due = (
                    f"due by {spoken(row.due)}, {when_words(row.days_left)}"
                    if row.due
                    else "no date"
                )
                started = f" (from {spoken_short(row.clock_started)})" if row.clock_started else ""
                tell(f"  {child}: {row.title} {due}{started}")


@app.command("undo")
@with_common
def undo_command(given: Given) -> int:
    """Take the last change back; once more, the one before it."""
    settings = resolve(given)
    check_file(settings.database)  # a store that is missing is not made just to be empty
    undone = undo(settings.database, stamp("undo"))
    tell(f"taken back: change {undone.change}, {undone.command} ({undone.who}, {undone.at})")
    return 0


@app.command("history")
@with_common
def history_command(
    given: Given,
    child: Annotated[
        str | None, typer.Argument(metavar="[CHILD]", autocompletion=completion.children)
    ] = None,
) -> int:
    """Show who changed what, and when, the latest first."""
    settings = resolve(given)
    view = open_view(settings)
    if child is not None and not view.reader.is_known(child):
        raise unknown_child(view.reader, child)
    entries = view.reader.history(child)
    emit(history_sheet(entries, child, view.catalogue, view.as_of), settings)
    return 0
