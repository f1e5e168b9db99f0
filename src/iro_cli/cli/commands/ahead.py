"""``forecast``, ``align`` and ``suggest``: looking ahead."""

from datetime import date

from iro_cli.changes.booking import book_all
from iro_cli.cli.commands.case import terminal_width
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, filters_named, say, say_if_empty
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import identifier
from iro_cli.clock import stamp
from iro_cli.dates.words import counted
from iro_cli.errors import UsageError
from iro_cli.figures.diary import AskedDiary
from iro_cli.figures.forecast import AskedForecast
from iro_cli.obligations.ahead import KINDS
from iro_cli.pages.ahead import aligned_export, diary_export, expected_export, forecast_export
from iro_cli.questions.aligning import AskedAlignment, align, siblings
from iro_cli.questions.forecast import forecast
from iro_cli.questions.naming import child_named, children_named
from iro_cli.questions.suggesting import suggest

_MOST_HOURS = 1000.0


def _hours(text: str | None) -> dict[str, float]:
    """
    Read ``--hours review=6,conference=8``.

    Raises:
        UsageError: One of them does not name a kind of meeting, or has no number.
    """
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


def forecast_command(
    given: Given,
    months: int,
    by: str,
    held_after: int,
    hours: str | None,
    week: str | None,
    meetings: bool,
    iro: str | None,
    team: str | None,
    process: str | None,
    watched: str | None,
) -> int:
    """Show how much work each month ahead brings, and how many people there are for it."""
    asked = AskedForecast(
        months,
        by,
        held_after,
        _hours(hours),
        _number("--week", week, week) if week else None,
        iro,
        team,
        process,
        watched is not None,
    )
    settings = resolve(given)
    view = open_view(settings)
    view.check_names(iro=iro, team=team, process=process)
    found = forecast(view, asked)
    only = filters_named(view, iro=iro, team=team, process=process)
    if meetings:
        emit(expected_export(found, view.catalogue, view.as_of, only), settings)
    else:
        width = terminal_width(settings)
        emit(forecast_export(found, asked, view.catalogue, view.as_of, only, width=width), settings)
    say_if_empty(view)
    return 0


def align_command(
    given: Given,
    children: tuple[str, ...],
    sibling_group: str | None,
    sibling_group_of: str | None,
    processes: tuple[str, ...],
    per_day: int,
    watched: str | None,
) -> int:
    """
    Find one date for the open reviews and conferences of siblings, or of one child.

    Raises:
        UsageError: No children are named.
    """
    if not (children or sibling_group or sibling_group_of):
        raise UsageError("name one CHILD or more, or give --sibling-group or --sibling-group-of")
    settings = resolve(given)
    view = open_view(settings)
    for one in processes:
        view.check_names(process=one)
    named = children_named(view.reader, map(identifier, children))
    if sibling_group:
        named += siblings(view, group=sibling_group)
    if sibling_group_of:
        named += siblings(view, child=child_named(view.reader, identifier(sibling_group_of)))
    asked = AskedAlignment(tuple(dict.fromkeys(named)), processes, per_day, watched is not None)
    emit(aligned_export(align(view, asked), view.catalogue, view.as_of), settings)
    return 0


def suggest_command(
    given: Given,
    iros: tuple[str, ...],
    per_day: int,
    begins: str | None,
    ends: str | None,
    spare: int,
    book: bool,
    watched: str | None,
) -> int:
    """Propose days for all meetings that are not booked, none too late if that is possible."""
    settings = resolve(given)
    asked = AskedDiary(
        iros,
        per_day,
        *_days(settings, begins, ends),
        spare,
        watched is not None,
    )
    view = open_view(settings)
    for one in asked.iros:
        view.check_names(iro=one)
    found = suggest(view, asked)
    done = None
    if book:
        whose = ", ".join(asked.iros) or "everybody"
        made = stamp(f"suggest for {whose}: book")
        # Finding the days can take long, so it is done before the change begins: during a change
        # nobody else can write.
        view.close()
        with settings.store.changing(made) as change:
            done = book_all(change, found.rows, settings.as_of)
    emit(diary_export(found, asked, view.catalogue, view.as_of), settings)
    if done is None:
        say_if_empty(view)
    else:
        say(f"iro: booked {counted(done, 'meeting')}; `iro undo` takes all of them back")
    return 0


def _days(settings: Settings, begins: str | None, ends: str | None) -> tuple[date, date | None]:
    first = settings.day(begins, "--from") if begins else settings.as_of
    last = settings.day(ends, "--to") if ends else None
    if first < settings.as_of:
        raise UsageError(f"--from {begins!r}: it is before the day the question is asked about")
    if last is not None and last < first:
        raise UsageError(f"--to {ends!r}: it is before the first day, {first.isoformat()}")
    return first, last
