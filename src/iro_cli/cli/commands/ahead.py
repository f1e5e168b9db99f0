"""``forecast``, ``align`` and ``suggest``: looking ahead."""

from datetime import date
from typing import Annotated

import typer

from iro_cli.changes.booking import book_all
from iro_cli.cli import completion
from iro_cli.cli.commands.case import terminal_width
from iro_cli.cli.daily import DueOptions, check_names, open_view, watched_all
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, say
from iro_cli.cli.settings import Given, Settings, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.text import identifier
from iro_cli.dates.words import counted
from iro_cli.errors import UsageError
from iro_cli.obligations.ahead import KINDS
from iro_cli.pages.ahead import aligned_sheet, diary_sheet, forecast_sheet, meetings_sheet
from iro_cli.questions.aligning import AskedAlignment, align, siblings
from iro_cli.questions.forecast import GROUPS, AskedForecast, forecast
from iro_cli.questions.suggesting import AskedDiary, suggest

app = typer.Typer(rich_markup_mode=None)

# Further ahead a forecast says more about its assumptions than about the work.
_MOST_MONTHS = 60
_MOST_DAYS_LATE = 366
_MOST_A_DAY = 20
_MOST_SPARE = 60
_MOST_HOURS = 1000.0

Watched = Annotated[
    str | None, typer.Option("--watched", metavar="all", help="`all`: every timescale, once.")
]
PerDay = Annotated[
    int, typer.Option("--per-day", metavar="2", help="Most meetings of one person in a day.")
]


def _between(option: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise UsageError(f"{option} {value}: from {least} to {most}")
    return value


def _hours(text: str | None) -> dict[str, float]:
    """Read ``--hours review=6,conference=8``."""
    found: dict[str, float] = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        kind, _, value = part.partition("=")
        if kind.strip() not in KINDS:
            raise UsageError(f"--hours {part.strip()!r}: one of {', '.join(KINDS)}, as review=6")
        found[kind.strip()] = _number("--hours", part.strip(), value)
    return found


def _number(option: str, shown: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= _MOST_HOURS:
        raise UsageError(f"{option} {shown!r}: a number of hours, 0 to {_MOST_HOURS:.0f}")
    return number


@app.command("forecast")
@with_common
def forecast_command(
    given: Given,
    months: Annotated[
        int, typer.Option("--months", metavar="12", help="Calendar months, this one included.")
    ] = 12,
    by: Annotated[
        str, typer.Option("--by", metavar="month", help="month, iro, team or process.")
    ] = "month",
    held_after: Annotated[
        int,
        typer.Option(
            "--held-after", metavar="DAYS", help="What is overdue is held so many days from now."
        ),
    ] = 0,
    hours: Annotated[
        str | None,
        typer.Option("--hours", metavar="review=6,conference=8", help="How long each takes."),
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="37", help="Hours of a full-time week, to compare with."),
    ] = None,
    meetings: Annotated[
        bool, typer.Option("--list", help="Every meeting that is expected, not the counts.")
    ] = False,
    iro: Annotated[
        str | None,
        typer.Option("--iro", help="Only this IRO's or chair's.", autocompletion=completion.names),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", help="Only this team.", autocompletion=completion.teams)
    ] = None,
    process: Annotated[
        str | None,
        typer.Option("--process", help="Only this process.", autocompletion=completion.processes),
    ] = None,
    watched: Watched = None,
) -> int:
    """Carry every open chain forward: what there is to hold in each month, and who there is."""
    if by not in GROUPS:
        raise UsageError(f"--by {by!r}: one of {', '.join(GROUPS)}")
    asked = AskedForecast(
        _between("--months", months, 1, _MOST_MONTHS),
        by,
        _between("--held-after", held_after, 0, _MOST_DAYS_LATE),
        _hours(hours),
        _number("--week", week, week) if week else None,
        iro,
        team,
        process,
        watched_all(watched),
    )
    settings = resolve(given)
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro, team=team, process=process))
    found = forecast(view, asked)
    if meetings:
        emit(meetings_sheet(found, view.catalogue, view.as_of), settings)
    else:
        width = terminal_width(settings)
        emit(forecast_sheet(found, asked, view.catalogue, view.as_of, width=width), settings)
    return 0


@app.command("align")
@with_common
def align_command(
    given: Given,
    children: Annotated[
        list[str] | None,
        typer.Argument(metavar="CHILD...", autocompletion=completion.children),
    ] = None,
    sibling_group: Annotated[
        str | None, typer.Option("--sibling-group", metavar="NAME", help="All of this group.")
    ] = None,
    sibling_group_of: Annotated[
        str | None,
        typer.Option(
            "--sibling-group-of",
            metavar="CHILD",
            help="All of this child's group.",
            autocompletion=completion.children,
        ),
    ] = None,
    process: Annotated[
        list[str] | None,
        typer.Option("--process", help="Only this process.", autocompletion=completion.processes),
    ] = None,
    per_day: PerDay = 2,
    watched: Watched = None,
) -> int:
    """Find one date for the open reviews and conferences of siblings, or of one child."""
    _between("--per-day", per_day, 1, _MOST_A_DAY)
    if not (children or sibling_group or sibling_group_of):
        raise UsageError("name a CHILD or several, --sibling-group or --sibling-group-of")
    settings = resolve(given)
    view = open_view(settings)
    for one in process or ():
        check_names(view, DueOptions(process=one))
    named = [identifier(one) for one in children or ()]
    if sibling_group:
        named += siblings(view, group=sibling_group)
    if sibling_group_of:
        named += siblings(view, child=identifier(sibling_group_of))
    asked = AskedAlignment(
        tuple(dict.fromkeys(named)), tuple(process or ()), per_day, watched_all(watched)
    )
    emit(aligned_sheet(align(view, asked), view.catalogue, view.as_of), settings)
    return 0


@app.command("suggest")
@with_common
def suggest_command(
    given: Given,
    iro: Annotated[
        list[str] | None,
        typer.Option(
            "--iro",
            help="Whose diary; may be repeated. Everybody's by default.",
            autocompletion=completion.names,
        ),
    ] = None,
    per_day: PerDay = 2,
    begins: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day to use.")
    ] = None,
    ends: Annotated[
        str | None,
        typer.Option("--to", metavar="DATE", help="The last; what is due later is left out."),
    ] = None,
    spare: Annotated[
        int,
        typer.Option(
            "--spare", metavar="5", help="Working days to keep before the last lawful day."
        ),
    ] = 5,
    book: Annotated[bool, typer.Option("--book", help="Book all of it, in one change.")] = False,
    watched: Watched = None,
) -> int:
    """Propose a diary for all that is not booked: nothing too late where that is possible."""
    settings = resolve(given)
    asked = AskedDiary(
        tuple(iro or ()),
        _between("--per-day", per_day, 1, _MOST_A_DAY),
        *_days(settings, begins, ends),
        _between("--spare", spare, 0, _MOST_SPARE),
        watched_all(watched),
    )
    view = open_view(settings)
    for one in asked.iros:
        check_names(view, DueOptions(iro=one))
    found = suggest(view, asked)
    done = None
    if book:
        whose = ", ".join(asked.iros) or "everybody"
        made = stamp(f"suggest for {whose}: book")
        done = book_all(settings.database, found.rows, settings.as_of, made)
    emit(diary_sheet(found, asked, view.catalogue, view.as_of), settings)
    if done is not None:
        say(f"iro: booked {counted(done, 'meeting')}; `iro undo` takes all of them back")
    return 0


def _days(settings: Settings, begins: str | None, ends: str | None) -> tuple[date, date | None]:
    first = day_of(begins, "--from", settings.as_of) if begins else settings.as_of
    last = day_of(ends, "--to", settings.as_of) if ends else None
    if first < settings.as_of:
        raise UsageError(f"--from {begins!r}: it is before the day the question is asked about")
    if last is not None and last < first:
        raise UsageError(f"--to {ends!r}: it is before the first day, {first.isoformat()}")
    return first, last
