"""``dispute``: formal dispute resolution, as facts of a child."""

from iro_cli.changes.recording import INSIST, checked_event, record
from iro_cli.cli.commands.record import next_open, told
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import plain_text
from iro_cli.clock import stamp, today
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Event
from iro_cli.pages.disputes import disputes_export
from iro_cli.questions import disputes as asked
from iro_cli.questions.naming import child_named


def _step(
    given: Given, event: str, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """
    Record one step of a dispute.

    Raises:
        InputRefusedError: The step contradicts the child's disputes.
    """
    settings = resolve(given)
    name = plain_text(reference, "--reference")
    happened = checked_event(
        Event(
            event,
            settings.day(on, "--on", "past"),
            reference=name,
            reason=plain_text(reason, "--reason"),
        ),
        today=today(),
        as_of=settings.as_of,
    )
    what = f"dispute {event.partition('.')[2]}"
    with settings.store.changing(stamp(what)) as change:
        view = open_view(settings, change)
        child = child_named(change, child)
        change.stamp = stamp(f"{what} {child} --on {happened.on}")
        alone = False
        if event != asked.RAISED:
            found = asked.which(view, child, event, happened.on, name)
            happened = happened._replace(reference=found)
            alone = event == asked.ESCALATED and not asked.is_open(view, child, happened.on)
        try:
            done = record(change, view.catalogue, happened, [child])
        except InputRefusedError as error:  # a dispute has no --insist, so the hint is removed
            raise InputRefusedError(str(error).removesuffix(f"\n{INSIST}")) from None
    if alone:
        say(f"iro: {child} has no open dispute on that day: the referral is stored by itself")
    changed = told(done, happened)
    next_open(settings, changed, "dispute")
    return 0


def raise_command(
    given: Given, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """Record that a formal dispute was raised."""
    return _step(given, asked.RAISED, child, on, reference, reason)


def stage_command(
    given: Given, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """Record that a dispute was taken to its next stage."""
    return _step(given, asked.STAGE, child, on, reference, reason)


def respond_command(
    given: Given, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """Record that a dispute was answered."""
    return _step(given, asked.RESPONDED, child, on, reference, reason)


def escalate_command(
    given: Given, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """
    Record that the case was referred to Cafcass.

    This is possible at any time.
    """
    return _step(given, asked.ESCALATED, child, on, reference, reason)


def resolve_command(
    given: Given, child: str, on: str, reference: str | None, reason: str | None
) -> int:
    """Record that a dispute was resolved."""
    return _step(given, asked.RESOLVED, child, on, reference, reason)


def list_command(given: Given, only_open: bool, iro: str | None) -> int:
    """List the disputes: the stage that each reached, and how much of the whole time it used."""
    settings = resolve(given)
    view = open_view(settings)
    view.check_names(iro=iro)
    rows = asked.disputes(view, only_open=only_open, iro=iro)
    emit(disputes_export(rows, view.catalogue, view.as_of), settings)
    return 0
