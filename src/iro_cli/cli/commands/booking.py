"""``book`` and ``unbook``."""

import re
from typing import Annotated

import typer

from iro_cli.cli import completion
from iro_cli.cli.daily import open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import Given, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.questions.managing import book, unbook
from iro_cli.store.location import check_file

app = typer.Typer(rich_markup_mode=None)

Child = Annotated[str, typer.Argument(metavar="CHILD", autocompletion=completion.children)]
Timescale = Annotated[
    str, typer.Argument(metavar="TIMESCALE", autocompletion=completion.timescales)
]


@app.command("book")
@with_common
def book_command(
    given: Given,
    child: Child,
    timescale: Timescale,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    time: Annotated[str | None, typer.Argument(metavar="[TIME]", help="As 14:30.")] = None,
) -> int:
    """Book the meeting for an open timescale."""
    settings = resolve(given)
    if time and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time):
        raise UsageError(f"TIME {time!r}: write it as 14:30")
    on = day_of(day, "DATE")
    view = open_view(settings)
    made = stamp(f"book {child} {timescale} {on}")
    for warning in book(view, settings.database, child, timescale, on, time, made):
        say(f"iro: {warning}")
    tell(f"booked: {timescale} of {child} on {spoken(on)}{' at ' + time if time else ''}")
    return 0


@app.command("unbook")
@with_common
def unbook_command(given: Given, child: Child, timescale: Timescale) -> int:
    """Take a booking back."""
    settings = resolve(given)
    check_file(settings.database)
    taken = unbook(settings.database, child, timescale, stamp(f"unbook {child} {timescale}"))
    tell(f"no longer booked: {timescale} of {child} on {spoken(taken.on)}")
    return 0
