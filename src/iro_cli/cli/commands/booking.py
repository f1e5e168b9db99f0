"""``book`` and ``unbook``."""

from iro_cli import library
from iro_cli.changes.booking import Wanted, book, unbook
from iro_cli.cli.clock import stamp
from iro_cli.cli.options import Given
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import plain_text, time_of
from iro_cli.dates.words import spoken


def _said(reason: str | None) -> str:
    return f" --reason '{reason}'" if reason else ""


def book_command(
    given: Given,
    child: str,
    timescale: str,
    day: str,
    time: str | None,
    reason: str | None,
    started: str | None,
) -> int:
    """Book the meeting for an open timescale, or move it to another day."""
    settings = resolve(given)
    time = time_of(time, "TIME")
    on = settings.day(day, "DATE", "ahead")
    why = plain_text(reason, "--reason")
    begun = settings.day(started, "--from", "past") if started else None
    made = stamp(f"book {child} {timescale} {on}{_said(why)}")
    wanted = Wanted(child, timescale, on, time, why, begun)
    with settings.store.changing(made) as change:
        warnings = book(change, open_view(settings, change), wanted)
    for warning in warnings:
        say(f"iro: {warning}")
    tell(f"booked: {timescale} of {child} on {spoken(on)}{' at ' + time if time else ''}")
    return 0


def unbook_command(
    given: Given, child: str, timescale: str, reason: str | None, started: str | None
) -> int:
    """Take a booking back; the reason is kept in the history."""
    settings = resolve(given)
    why = plain_text(reason, "--reason")
    begun = settings.day(started, "--from", "past") if started else None
    rules = library.catalogue(settings.nation, settings.packs)
    with settings.store.changing(stamp(f"unbook {child} {timescale}{_said(why)}")) as change:
        taken = unbook(change, rules, child, timescale, begun)
    tell(f"no longer booked: {timescale} of {child} on {spoken(taken.on)}")
    return 0
