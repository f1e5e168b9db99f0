"""How people read what lies ahead: a forecast, a date for several, and a proposed diary."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.obligations.ahead import Ahead
from iro_cli.obligations.listing import OUT_OF_TIMESCALE
from iro_cli.pages.caseload import bar
from iro_cli.pages.due import about
from iro_cli.questions.aligning import AlignedRow, Alignment
from iro_cli.questions.caseload import UNALLOCATED
from iro_cli.questions.forecast import FIELDS, AskedForecast, Forecast, ForecastRow
from iro_cli.questions.suggesting import AskedDiary, Diary, SuggestedRow

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TITLES = {"iro": "IRO or chair", "team": "Team", "process": "Process"}
_SHORTEST_BAR = 10


def _month(name: str) -> str:
    year, month = name.split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def _days(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


# ---------------------------------------------------------------- the forecast


def forecast_sheet(
    found: Forecast,
    asked: AskedForecast,
    catalogue: Catalogue,
    as_of: date,
    *,
    width: int | None = None,
) -> Sheet:
    """
    Make the listing of the work ahead.

    Args:
        found: The forecast.
        asked: What was asked.
        catalogue: The rules.
        as_of: The day it starts from.
        width: The terminal's, in characters, where bars are drawn; ``None`` for none.
    """

    def tables() -> list[Table]:
        notes = _notes(found, asked, catalogue, as_of)
        heading = (
            f"{counted(len(found.ahead), 'thing')} to do from {spoken(as_of)} "
            f"to {spoken(found.until)}"
        )
        make = _by_month if asked.by == "month" else _by_name
        table = make(heading, found.rows, asked, notes)
        return [
            table,
            *([_chart(found.rows, asked.by, width)] if width is not None and found.ahead else []),
        ]

    said: dict[str, object] = {
        "until": found.until.isoformat(),
        "without_date": found.without_date,
        "late": found.late,
        "hours_not_known": found.hours_not_known,
    }
    return Sheet(FIELDS, found.rows, {**about(catalogue, as_of), **said}, tables, name="Forecast")


def _by_month(
    heading: str, rows: Sequence[ForecastRow], asked: AskedForecast, notes: tuple[str, ...]
) -> Table:
    columns = [Column("Month", whole=True)]
    columns += [
        Column(title, right=True) for title in ("Reviews", "Conferences", "Records", "Other", "All")
    ]
    columns += [
        Column("Booked", right=True, from_width=76),
        Column("Children", right=True, from_width=84),
        Column("IROs needed", right=True, from_width=96, whole=True),
        Column("There are", right=True, from_width=108),
    ]
    columns += [Column("Hours", right=True, whole=True)] if asked.hours or asked.week else []
    lines = [
        Line(
            (
                _month(row.month),
                *(_days(n) for n in (row.reviews, row.conferences, row.records, row.other)),
                _days(row.total),
                _days(row.booked),
                _days(row.children),
                f"{_number(row.iros_least)} to {_number(row.iros_most)}",
                _number(row.full_time_equivalent),
                *([_hours(row)] if asked.hours or asked.week else []),
            )
        )
        for row in rows
    ]
    return Table(heading, tuple(columns), lines, notes)


def _hours(row: ForecastRow) -> str:
    return f"{_number(row.hours)} of {_number(row.hours_available)}"


def _by_name(
    heading: str, rows: Sequence[ForecastRow], asked: AskedForecast, notes: tuple[str, ...]
) -> Table:
    """Make a line of each name and a column of each month."""
    names = list(dict.fromkeys(row.name or UNALLOCATED for row in rows))
    months = list(dict.fromkeys(row.month for row in rows))
    columns = [Column(_TITLES[asked.by])]
    columns += [
        Column(_month(one)[:3] + (f" {one[2:4]}" if one.endswith("-01") else ""), right=True)
        for one in months
    ]
    columns.append(Column("All", right=True))
    if asked.by == "iro":
        columns.append(Column("Handbook", whole=True))
    if asked.hours or asked.week:
        columns.append(Column("Hours", right=True, whole=True))
    lines = []
    for name in names:
        mine = [row for row in rows if (row.name or UNALLOCATED) == name]
        cells = [name, *(_days(row.total) for row in mine), _days(sum(row.total for row in mine))]
        if asked.by == "iro":
            cells.append(_handbook(mine[0]))
        if asked.hours or asked.week:
            cells.append(_hours_of(mine))
        lines.append(Line(tuple(cells)))
    return Table(heading, tuple(columns), lines, notes)


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
            "Taken to be held: on the day that is booked, or by its last working day. Care and "
            "plans are taken to go on, and to end with childhood where the date of birth is known"
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
    guidance = catalogue.caseload
    if guidance and asked.by in ("month", "iro"):
        source = CHECKED[guidance.checked]
        notes.append(
            f"Handbook: {guidance.lowest} to {guidance.highest} looked-after children for a "
            f"full-time IRO ({guidance.citation.instrument}, {guidance.citation.provision}"
            f"{'; ' + source if source else ''})"
        )
    if found.hours_not_known and asked.by in ("month", "iro"):
        notes.append(
            f"No hours are recorded for {', '.join(found.hours_not_known)}: taken as full time "
            "against the handbook (`iro person add`)"
        )
    return tuple(notes)


def _chart(rows: Sequence[ForecastRow], by: str, width: int) -> Table:
    """Draw what there is in each month, or for each name."""
    parts: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        name = _month(row.month) if by == "month" else row.name or UNALLOCATED
        one, two, three = parts.get(name, (0, 0, 0))
        parts[name] = (one + row.reviews, two + row.conferences, three + row.records + row.other)
    longest = max(sum(part) for part in parts.values())
    beside = max(len(name) for name in parts) + len(f"{longest:,}") + 8
    room = max(_SHORTEST_BAR, width - beside)
    lines = [
        Line((name, bar(part, longest, room), f"{sum(part):,}")) for name, part in parts.items()
    ]
    scale = "" if longest <= room else f"; the longest is {longest:,}"
    return Table(
        f"# reviews  + conferences  . records and other work{scale}",
        (Column(""), Column(""), Column("All", right=True)),
        lines,
    )


_MEETING_FIELDS = (*Ahead._fields, "iro", "team")


def meetings_sheet(found: Forecast, catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of everything that is expected, one by one."""
    records = [(*one.ahead, one.iro, one.team) for one in found.ahead]

    def tables() -> list[Table]:
        columns = (
            Column("Expected", whole=True),
            Column("What"),
            Column("Child"),
            Column("Due", whole=True),
            Column("IRO or chair"),
            Column("Because", from_width=100),
        )
        lines = [
            Line(
                (
                    spoken(one.ahead.expected),
                    one.ahead.title,
                    one.ahead.child,
                    spoken(one.ahead.due) + ("~" if one.ahead.provisional else ""),
                    one.iro or "-",
                    _because(one.ahead),
                )
            )
            for one in found.ahead
        ]
        heading = f"Expected from {spoken(as_of)} to {spoken(found.until)}"
        return [Table(heading, columns, lines, () if lines else ("nothing is expected",))]

    return Sheet(_MEETING_FIELDS, records, about(catalogue, as_of), tables, name="Expected")


def _because(one: Ahead) -> str:
    if one.booked:
        return "booked"
    return f"from {spoken_short(one.clock_started)}" if one.clock_started else "-"


# ---------------------------------------------------------------- one date for several


def aligned_sheet(found: Alignment, catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of what one date means for each chain."""
    said: dict[str, object] = {
        "first": found.first.isoformat() if found.first else None,
        "last": found.last.isoformat() if found.last else None,
        "possible": [day.isoformat() for day in found.possible],
        "best": found.best.isoformat() if found.best else None,
        "impossible": found.impossible,
        "nothing_open": found.nothing_open,
    }

    def tables() -> list[Table]:
        columns = (
            Column("Child"),
            Column("What"),
            Column("Due", whole=True),
            Column("Days lost", right=True),
            Column("Next due", whole=True),
            Column("IRO or chair", from_width=90),
            Column("Booked", from_width=108),
        )
        lines = [_aligned_line(row) for row in found.rows]
        notes = []
        if found.nothing_open:
            names = ", ".join(found.nothing_open)
            notes.append(f"no review or conference is open for {names}")
        if found.best:
            total = sum(row.days_lost or 0 for row in found.rows)
            notes.append(f"{counted(total, 'day')} lost in all: any earlier day costs more")
        return [Table(_aligned_heading(found), columns, lines, tuple(notes))]

    return Sheet(
        AlignedRow._fields, found.rows, {**about(catalogue, as_of), **said}, tables, name="Aligned"
    )


def _aligned_heading(found: Alignment) -> str:
    if found.impossible:
        return f"Impossible, because {found.impossible}"
    if found.best is None:
        return "There is nothing to align"
    first, last = found.possible[0], found.possible[-1]
    days = counted(len(found.possible), "working day")
    return (
        f"One date for all: {spoken(found.best)}\n"
        f"Possible: {days} from {spoken(first)} to {spoken(last)}"
    )


def _aligned_line(row: AlignedRow) -> Line:
    return Line(
        (
            row.child,
            row.title,
            spoken(row.due) if row.due else "no date",
            _days(row.days_lost),
            spoken(row.next_due) if row.next_due else "-",
            row.iro or "-",
            spoken(row.booked) if row.booked else "-",
        )
    )


# ---------------------------------------------------------------- a proposed diary


def diary_sheet(found: Diary, asked: AskedDiary, catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of a proposed diary."""
    said: Mapping[str, object] = {
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat() if asked.last else None,
        "per_day": asked.per_day,
        "booked_already": found.booked,
        "later": found.later,
        "nobodys": found.nobodys,
    }

    def tables() -> list[Table]:
        columns = (
            Column("Day", whole=True),
            Column("What"),
            Column("Child"),
            Column("Due", whole=True),
            Column("Days before", right=True),
            Column("IRO or chair", from_width=90),
            Column("Team", from_width=120),
        )
        lines = [_diary_line(row) for row in found.rows]
        return [Table(_diary_heading(found, asked), columns, lines, _diary_notes(found))]

    fields = SuggestedRow._fields
    return Sheet(fields, found.rows, {**about(catalogue, as_of), **said}, tables, name="Diary")


def _diary_line(row: SuggestedRow) -> Line:
    return Line(
        (
            spoken(row.suggested) if row.suggested else "NO DAY",
            row.title,
            row.child,
            spoken(row.due) if row.due else "no date",
            f"{-row.days_before_due:,} LATE"
            if row.days_before_due is not None and row.days_before_due < 0
            else _days(row.days_before_due),
            row.iro,
            row.team or "-",
        ),
        OUT_OF_TIMESCALE if row.late else "",
    )


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
    notes = [f"{row.title} of {row.child}: {row.reason}" for row in found.rows if row.reason]
    if found.later:
        notes.append(f"{found.later:,} due after the last day left out")
    if found.nobodys:
        notes.append(f"{found.nobodys:,} allocated to nobody left out: `iro allocate`")
    return tuple(notes)
