"""``book`` and ``unbook``."""

from typing import Annotated

import typer

from iro_cli import library
from iro_cli.changes.booking import Wanted, book, unbook
from iro_cli.cli import completion
from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import Given, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.text import plain_text, time_of
from iro_cli.dates.words import spoken
from iro_cli.store.location import check_file

app = typer.Typer(rich_markup_mode=None)

Child = Annotated[str, typer.Argument(metavar="CHILD", autocompletion=completion.children)]
Timescale = Annotated[
    str, typer.Argument(metavar="TIMESCALE", autocompletion=completion.timescales)
]
Reason = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="cancelled|inquorate|adjourned|TEXT",
        help="Why it was moved, or taken back.",
        autocompletion=completion.booking_reasons,
    ),
]
Started = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help="The day its clock started, where two are open."),
]


def _said(reason: str | None) -> str:
    return f" --reason '{reason}'" if reason else ""


@app.command("book")
@with_common
def book_command(
    given: Given,
    child: Child,
    timescale: Timescale,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    time: Annotated[str | None, typer.Argument(metavar="[TIME]", help="As 14:30.")] = None,
    reason: Reason = None,
    started: Started = None,
) -> int:
    """Book the meeting for an open timescale, or move it to another day."""
    settings = resolve(given)
    time = time_of(time, "TIME")
    on = day_of(day, "DATE")
    why = plain_text(reason, "--reason")
    begun = day_of(started, "--from") if started else None
    view = open_view(settings)
    made = stamp(f"book {child} {timescale} {on}{_said(why)}")
    wanted = Wanted(child, timescale, on, time, why, begun)
    for warning in book(view, settings.database, wanted, made):
        say(f"iro: {warning}")
    tell(f"booked: {timescale} of {child} on {spoken(on)}{' at ' + time if time else ''}")
    return 0


@app.command("unbook")
@with_common
def unbook_command(
    given: Given,
    child: Child,
    timescale: Timescale,
    reason: Reason = None,
    started: Started = None,
) -> int:
    """Take a booking back; the reason is kept in the history."""
    settings = resolve(given)
    why = plain_text(reason, "--reason")
    begun = day_of(started, "--from") if started else None
    rules = library.catalogue(settings.nation, settings.packs)
    check_file(settings.database)
    made = stamp(f"unbook {child} {timescale}{_said(why)}")
    taken = unbook(rules, settings.database, child, timescale, made, begun)
    tell(f"no longer booked: {timescale} of {child} on {spoken(taken.on)}")
    return 0
