"""The listings of what lies ahead: a forecast, a date for several, and a proposed diary."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.figures.aligning import Alignment
from iro_cli.figures.case import UNALLOCATED
from iro_cli.figures.diary import AskedDiary, Diary, SuggestedRow
from iro_cli.figures.forecast import AskedForecast, Forecast, ForecastRow, Placed
from iro_cli.figures.periods import month_name
from iro_cli.forms.listing import (
    CHILD,
    DATE,
    LIST,
    NUMBER,
    WHOLE,
    YES_NO,
    Export,
    Field,
    Grid,
    Line,
    Listing,
    grid,
)
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import OUT_OF_TIMESCALE
from iro_cli.pages.caseload import BarRow, bars
from iro_cli.pages.no_day import impossible_words, reason_words
from iro_cli.pages.words import WHOSE, day, handbook_words

# ---------------------------------------------------------------- the forecast


def _month(row: ForecastRow, _: object = None) -> str:
    return month_name(row.from_)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _needed(row: ForecastRow, _: object) -> str:
    return f"{_number(row.iros_least)} to {_number(row.iros_most)}"


def _in_post(row: ForecastRow, _: object) -> str:
    return _number(row.full_time_equivalent)


def _hours(row: ForecastRow, _: object) -> str:
    return f"{_number(row.hours)} of {_number(row.hours_available)}"


FORECAST = Listing(
    "Forecast",
    (
        Field("name", harmless=True),
        Field("month", harmless=True, whole=True, cell=_month),
        Field("from", DATE, harmless=True, value=attrgetter("from_")),
        Field("reviews", WHOLE, harmless=True),
        Field("conferences", WHOLE, harmless=True),
        Field("records", WHOLE, harmless=True),
        Field("other", WHOLE, harmless=True),
        Field("total", WHOLE, harmless=True, column="All"),
        Field("booked", WHOLE, harmless=True, gives_way=76),
        Field("children", WHOLE, harmless=True, gives_way=84),
        Field(
            "iros_least",
            NUMBER,
            harmless=True,
            column="IROs needed",
            whole=True,
            gives_way=96,
            cell=_needed,
        ),
        Field("iros_most", NUMBER, harmless=True),
        Field(
            "full_time_equivalent",
            NUMBER,
            harmless=True,
            column="There are",
            gives_way=108,
            cell=_in_post,
        ),
        Field("handbook", harmless=True),
        Field("hours", NUMBER, harmless=True, whole=True, cell=_hours),
        Field("hours_available", NUMBER, harmless=True),
    ),
    columns=(
        *("month", "reviews", "conferences", "records", "other", "total", "booked", "children"),
        *("iros_least", "full_time_equivalent"),
    ),
    beside=(
        Field("until", DATE, harmless=True),
        Field("without_date", WHOLE, harmless=True),
        Field("late", WHOLE, harmless=True),
        Field("hours_not_known", LIST, harmless=True),
    ),
    command="forecast",
    paper=(
        *("name", "month", "reviews", "conferences", "records", "other", "total"),
        *("booked", "children", "iros_least", "iros_most", "full_time_equivalent"),
    ),
)


def forecast_export(
    found: Forecast,
    asked: AskedForecast,
    catalogue: Catalogue,
    as_of: date,
    only: str = "",
    *,
    width: int | None = None,
) -> Export:
    """
    Make the listing of the work ahead.

    Args:
        found: The forecast.
        asked: What was asked.
        catalogue: The rules.
        as_of: The day it starts from.
        only: The words that name each filter, for the heading.
        width: The width of the terminal in characters, if bars are drawn; otherwise ``None``.
    """

    def grids() -> list[Grid]:
        heading = (
            f"{counted(len(found.ahead), 'thing')} to do from {spoken(as_of)} "
            f"to {spoken(found.until)}{only}"
        )
        notes = _notes(found, asked, catalogue, as_of)
        make = _by_month if asked.by == "month" else _by_name
        table = make(heading, found.rows, asked, notes)
        drawn = width is not None and found.ahead
        return [table, *([_chart(found.rows, asked.by, width or 0)] if drawn else [])]

    says = {
        **about(catalogue, as_of),
        "until": found.until,
        "without_date": found.without_date,
        "late": found.late,
        "hours_not_known": found.hours_not_known,
    }
    return FORECAST.export(found.rows, says, grids)


def _has_hours(asked: AskedForecast) -> bool:
    return bool(asked.hours or asked.week)


def _by_month(
    heading: str, rows: Sequence[ForecastRow], asked: AskedForecast, notes: Sequence[str]
) -> Grid:
    hours = [FORECAST.field("hours")] if _has_hours(asked) else []
    return grid(heading, [*FORECAST.read(), *hours], rows, notes)


def _by_name(
    heading: str, rows: Sequence[ForecastRow], asked: AskedForecast, notes: Sequence[str]
) -> Grid:
    """Make a table with a line for each name and a column for each month."""
    names = list(dict.fromkeys(row.name or UNALLOCATED for row in rows))
    firsts = list(dict.fromkeys((row.month, _month(row)) for row in rows))
    columns = [Field("name", column=WHOSE[asked.by])]
    columns += [
        Field(month, WHOLE, column=name[:3] + (f" {name[-2:]}" if month.endswith("-01") else ""))
        for month, name in firsts
    ]
    columns.append(Field("total", WHOLE, column="All"))
    if asked.by == "iro":
        columns.append(Field("handbook", whole=True))
    if _has_hours(asked):
        columns.append(Field("hours", right=True, whole=True))
    lines = []
    for name in names:
        mine = [row for row in rows if (row.name or UNALLOCATED) == name]
        totals = [row.total for row in mine]
        cells = [name, *(f"{total:,}" for total in (*totals, sum(totals)))]
        if asked.by == "iro":
            cells.append(_handbook(mine[0]))
        if _has_hours(asked):
            cells.append(_hours_of(mine))
        lines.append(Line(tuple(cells)))
    return Grid(heading, columns, lines, notes)


def _hours_of(rows: Sequence[ForecastRow]) -> str:
    needed = [row.hours for row in rows if row.hours is not None]
    there = [row.hours_available for row in rows if row.hours_available is not None]
    return (
        f"{_number(sum(needed) if needed else None)} of "
        f"{_number(sum(there) if len(there) == len(rows) else None)}"
    )


def _handbook(row: ForecastRow) -> str:
    if not row.children or row.handbook is None:
        return f"{row.children}" if row.children else "-"
    return f"{row.children} {row.handbook}"


def _notes(
    found: Forecast, asked: AskedForecast, catalogue: Catalogue, as_of: date
) -> tuple[str, ...]:
    notes = [
        (
            "Each is taken to be held on the day that is booked, or else on its last working day. "
            "Care and plans are taken to go on, and to end with childhood where the date of birth "
            "is known"
        )
    ]
    if found.late:
        when = f"{asked.held_after} days from then" if asked.held_after else "at once"
        notes.append(
            f"{found.late:,} overdue on {spoken_short(as_of)} and not booked: taken to be held "
            f"{when}"
        )
    if found.without_date:
        notes.append(
            f"{counted(found.without_date, 'clock')} without a date left out: `iro due` lists them"
        )
    handbook = handbook_words(catalogue)
    if handbook and asked.by in ("month", "iro"):
        notes.append(handbook)
    if found.hours_not_known and asked.by in ("month", "iro"):
        notes.append(
            f"No hours are recorded for {', '.join(found.hours_not_known)}: taken as full time "
            "against the handbook (`iro person add`)"
        )
    return tuple(notes)


def _chart(rows: Sequence[ForecastRow], by: str, width: int) -> Grid:
    """Draw a bar for each month, or for each name."""
    parts: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        name = _month(row) if by == "month" else row.name or UNALLOCATED
        one, two, three = parts.get(name, (0, 0, 0))
        parts[name] = (one + row.reviews, two + row.conferences, three + row.records + row.other)
    drawn = [BarRow(name, part) for name, part in parts.items()]
    return bars("# reviews  + conferences  . records and other work", drawn, width, "All")


# ---------------------------------------------------------------- each thing expected


def _because(placed: Placed, _: object) -> str:
    one = placed.ahead
    if one.booked:
        return "booked"
    return f"from {spoken_short(one.clock_started)}" if one.clock_started else "-"


EXPECTED = Listing(
    "Expected",
    (
        Field("child", CHILD, value=attrgetter("ahead.child")),
        Field("timescale", harmless=True, value=attrgetter("ahead.timescale")),
        Field("title", harmless=True, value=attrgetter("ahead.title"), column="What"),
        Field("process", harmless=True, value=attrgetter("ahead.process")),
        Field("kind", value=attrgetter("ahead.kind")),
        Field(
            "clock_started",
            DATE,
            harmless=True,
            value=attrgetter("ahead.clock_started"),
            column="Because",
            gives_way=100,
            cell=_because,
        ),
        Field(
            "due",
            DATE,
            harmless=True,
            value=attrgetter("ahead.due"),
            whole=True,
            cell=lambda one, _: spoken(one.ahead.due) + ("~" if one.ahead.provisional else ""),
        ),
        Field("expected", DATE, value=attrgetter("ahead.expected"), whole=True),
        Field("booked", YES_NO, harmless=True, value=attrgetter("ahead.booked")),
        Field("carried", WHOLE, value=attrgetter("ahead.carried")),
        Field("provisional", YES_NO, harmless=True, value=attrgetter("ahead.provisional")),
        Field("iro", title="IRO or chair", harmless=True),
        Field("team", harmless=True),
    ),
    columns=("expected", "title", "child", "due", "iro", "clock_started"),
    command="forecast --list",
    paper=(
        *("child", "title", "expected", "due", "booked", "iro", "team", "kind"),
        *("clock_started", "provisional"),
    ),
)


def expected_export(found: Forecast, catalogue: Catalogue, as_of: date, only: str = "") -> Export:
    """
    Make the listing of all expected meetings and other work, one by one.

    Args:
        found: The forecast.
        catalogue: The rules.
        as_of: The day it starts from.
        only: The words that name each filter, for the heading.
    """

    def grids() -> list[Grid]:
        heading = f"Expected from {spoken(as_of)} to {spoken(found.until)}{only}"
        nothing = () if found.ahead else ("nothing is expected",)
        return [EXPECTED.grid(heading, found.ahead, nothing)]

    return EXPECTED.export(found.ahead, about(catalogue, as_of), grids)


# ---------------------------------------------------------------- one date for several


_CHILD = Field("child", CHILD, value=attrgetter("meeting.child.child_id"))
_MEETING = (
    Field("timescale", harmless=True, value=attrgetter("meeting.timescale")),
    Field("title", harmless=True, value=attrgetter("meeting.title"), column="What"),
    Field("process", harmless=True, value=attrgetter("meeting.process")),
    Field("clock_started", DATE, harmless=True, value=attrgetter("meeting.clock.started")),
    Field(
        "due",
        DATE,
        harmless=True,
        value=attrgetter("meeting.due"),
        whole=True,
        cell=lambda row, _: day(row.meeting.due, "no date"),
    ),
    Field("hold_by", DATE, harmless=True, value=attrgetter("meeting.hold_by")),
)
ALIGNED = Listing(
    "Aligned",
    (
        _CHILD,
        *_MEETING,
        Field("booked", DATE, harmless=True, value=attrgetter("meeting.booked"), gives_way=108),
        Field("iro", title="IRO or chair", harmless=True, gives_way=90),
        Field("best", DATE, harmless=True),
        Field("days_lost", WHOLE, harmless=True),
        Field("next_timescale", harmless=True),
        Field("next_due", DATE, harmless=True, whole=True),
    ),
    columns=("child", "title", "due", "days_lost", "next_due", "iro", "booked"),
    beside=(
        Field("first", DATE, harmless=True),
        Field("last", DATE, harmless=True),
        Field("possible", LIST, harmless=True),
        Field("best", DATE, harmless=True),
        Field("impossible"),
        Field("nothing_open", LIST),
    ),
    command="align",
    paper=("child", "title", "due", "hold_by", "days_lost", "next_due", "booked", "iro", "best"),
)


def aligned_export(found: Alignment, catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of what one common date means for each chain."""
    says = {
        **about(catalogue, as_of),
        "first": found.first,
        "last": found.last,
        "possible": found.possible,
        "best": found.best,
        "impossible": impossible_words(found.impossible) if found.impossible else None,
        "nothing_open": found.nothing_open,
    }

    def grids() -> list[Grid]:
        notes = []
        if found.nothing_open:
            names = ", ".join(found.nothing_open)
            notes.append(f"no review or conference is open for {names}")
        if found.best:
            total = sum(row.days_lost or 0 for row in found.rows)
            notes.append(f"{counted(total, 'day')} lost in all; an earlier day would lose more")
        return [ALIGNED.grid(_aligned_heading(found), found.rows, notes)]

    return ALIGNED.export(found.rows, says, grids)


def _aligned_heading(found: Alignment) -> str:
    if found.impossible:
        return f"Impossible, because {impossible_words(found.impossible)}"
    if found.best is None:
        return "There is nothing to align"
    first, last = found.possible[0], found.possible[-1]
    days = counted(len(found.possible), "working day")
    return (
        f"One date for all: {spoken(found.best)}\n"
        f"Possible: {days} from {spoken(first)} to {spoken(last)}"
    )


# ---------------------------------------------------------------- a proposed diary


def _before_due(row: SuggestedRow, _: object) -> str:
    if row.days_before_due is None:
        return "-"
    if row.days_before_due < 0:
        return f"{-row.days_before_due:,} LATE"
    return f"{row.days_before_due:,}"


DIARY = Listing(
    "Diary",
    (
        _CHILD,
        *_MEETING,
        Field("iro", title="IRO or chair", harmless=True, gives_way=90),
        Field("team", harmless=True, value=attrgetter("meeting.child.team"), gives_way=120),
        Field(
            "suggested",
            DATE,
            harmless=True,
            column="Day",
            whole=True,
            cell=lambda row, _: day(row.suggested, "NO DAY"),
        ),
        Field("days_before_due", WHOLE, harmless=True, column="Days before", cell=_before_due),
        Field("late", YES_NO, harmless=True),
        Field("reason", value=reason_words),
    ),
    columns=("suggested", "title", "child", "due", "days_before_due", "iro", "team"),
    beside=(
        Field("from", DATE, harmless=True),
        Field("to", DATE, harmless=True),
        Field("per_day", WHOLE, harmless=True),
        Field("booked_already", WHOLE, harmless=True),
        Field("later", WHOLE, harmless=True),
        Field("nobodys", WHOLE, harmless=True),
        Field("outgrown", WHOLE, harmless=True),
    ),
    command="suggest",
    paper=(
        *("suggested", "child", "title", "due", "days_before_due", "late", "iro"),
        *("team", "reason"),
    ),
)


def diary_export(found: Diary, asked: AskedDiary, catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of a proposed diary."""
    says = {
        **about(catalogue, as_of),
        "from": asked.first,
        "to": asked.last,
        "per_day": asked.per_day,
        "booked_already": found.booked,
        "later": found.later,
        "nobodys": found.nobodys,
        "outgrown": found.outgrown,
    }

    def grids() -> list[Grid]:
        return [
            DIARY.grid(
                _diary_heading(found, asked),
                found.rows,
                _diary_notes(found),
                tone=lambda row: OUT_OF_TIMESCALE if row.late else "",
            )
        ]

    return DIARY.export(found.rows, says, grids)


def _diary_heading(found: Diary, asked: AskedDiary) -> str:
    late = sum(row.late for row in found.rows)
    whose = f" for {', '.join(asked.iros)}" if asked.iros else ""
    parts = [
        f"{counted(len(found.rows), 'meeting')} to book{whose}",
        f"{late:,} not in time" if late else "all in time",
        f"at most {asked.per_day} a day",
    ]
    return ", ".join(parts) + f" (booked already: {found.booked:,})"


def _diary_notes(found: Diary) -> tuple[str, ...]:
    notes = [
        f"{row.meeting.title} of {row.child}: {reason_words(row)}"
        for row in found.rows
        if row.reason
    ]
    if found.later:
        notes.append(f"{found.later:,} due after the last day left out")
    if found.outgrown:
        notes.append(f"{found.outgrown:,} left out, because the 18th birthday comes first")
    if found.nobodys:
        notes.append(
            f"{found.nobodys:,} left out, allocated to nobody: `iro allocate` names an IRO or chair"
        )
    return tuple(notes)
