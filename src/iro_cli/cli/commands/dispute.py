"""``dispute``: formal dispute resolution, as facts of a child."""

from typing import Annotated

import typer

from iro_cli.changes.recording import INSIST, checked_event
from iro_cli.cli import completion
from iro_cli.cli.commands.record import next_open, store
from iro_cli.cli.daily import DueOptions, check_names, open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, say
from iro_cli.cli.settings import Given, day_of, resolve
from iro_cli.cli.text import plain_text
from iro_cli.cli.today import today
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Event
from iro_cli.pages.disputes import disputes_sheet
from iro_cli.questions import disputes as asked

app = typer.Typer(rich_markup_mode=None)
dispute_app = typer.Typer(
    rich_markup_mode=None, help="Formal disputes: raise, stage, respond, escalate, resolve, list."
)
app.add_typer(dispute_app, name="dispute")

Child = Annotated[str, typer.Argument(metavar="CHILD", autocompletion=completion.children)]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="The day it happened.")]
Reference = Annotated[
    str | None, typer.Option("--reference", help="Which dispute, where several are open.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="What was said, in a few words.")]


def _step(
    given: Given, event: str, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """Record one step of a dispute."""
    settings = resolve(given)
    name = plain_text(reference, "--reference")
    happened = checked_event(
        Event(event, day_of(on, "--on"), reference=name, reason=plain_text(reason, "--reason")),
        today=today(),
        as_of=settings.as_of,
    )
    if event != asked.RAISED:
        view = open_view(settings)
        found = asked.which(view, child, event, happened.on, name)
        happened = happened._replace(reference=found)
        if event == asked.ESCALATED and not asked.is_open(view, child, happened.on):
            say(f"iro: no dispute of {child} is open on that day: the referral stands by itself")
    verb = event.partition(".")[2]
    try:
        changed = store(settings, happened, [child], f"dispute {verb} {child} --on {happened.on}")
    except InputRefusedError as error:  # what contradicts itself here is not insisted on
        raise InputRefusedError(str(error).removesuffix(f"\n{INSIST}")) from None
    next_open(settings, changed, "dispute")
    return 0


@dispute_app.command("raise")
@with_common
def raise_command(
    given: Given,
    child: Child,
    on: On,
    reference: Annotated[
        str | None, typer.Option("--reference", help="A name to tell it from others by.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="What it is about.")] = None,
) -> int:
    """Record that a formal dispute was raised."""
    return _step(given, asked.RAISED, child, on, reference, reason)


@dispute_app.command("stage")
@with_common
def stage_command(
    given: Given,
    child: Child,
    on: On,
    reference: Reference = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Which stage.")] = None,
) -> int:
    """Record that a dispute was taken to its next stage."""
    return _step(given, asked.STAGE, child, on, reference, reason)


@dispute_app.command("respond")
@with_common
def respond_command(
    given: Given, child: Child, on: On, reference: Reference = None, reason: Reason = None
) -> int:
    """Record that a dispute was answered."""
    return _step(given, asked.RESPONDED, child, on, reference, reason)


@dispute_app.command("escalate")
@with_common
def escalate_command(
    given: Given, child: Child, on: On, reference: Reference = None, reason: Reason = None
) -> int:
    """Record that the case was referred to Cafcass; that may be at any time."""
    return _step(given, asked.ESCALATED, child, on, reference, reason)


@dispute_app.command("resolve")
@with_common
def resolve_command(
    given: Given, child: Child, on: On, reference: Reference = None, reason: Reason = None
) -> int:
    """Record that a dispute was resolved."""
    return _step(given, asked.RESOLVED, child, on, reference, reason)


@dispute_app.command("list")
@with_common
def list_command(
    given: Given,
    only_open: Annotated[
        bool, typer.Option("--open", help="Leave out those that were resolved.")
    ] = False,
    iro: Annotated[
        str | None,
        typer.Option("--iro", help="Only this IRO's.", autocompletion=completion.names),
    ] = None,
) -> int:
    """List the disputes: the stage reached, and the days of the whole time used."""
    settings = resolve(given)
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro))
    rows = asked.disputes(view, only_open=only_open, iro=iro)
    emit(disputes_sheet(rows, view.catalogue, view.as_of), settings)
    return 0
