"""The listings of bank holidays, and of a month: weeks from Monday to Sunday."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import WEEKDAYS, counted, spoken_short
from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.figures.month import MonthDay
from iro_cli.forms.listing import DATE, WHOLE, YES_NO, Export, Field, Grid, Line, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.pages.words import NO_WORKING_DAY, PROVISIONAL

# In characters, the width of "12 booked", so that all columns of days are equally wide.
_CELL = 9


def _head(day: MonthDay, as_of: date) -> str:
    what = " today" if day.date == as_of else " holiday" if day.bank_holiday else ""
    return f"{day.date.day}{what}".ljust(_CELL)


def _due(day: MonthDay, as_of: date) -> str:
    if not day.due:
        return ""
    return f"{day.due:,} {'late' if day.date < as_of else 'due'}{'' if day.working_day else '<'}"


def _booked(day: MonthDay) -> str:
    return f"{day.booked:,} booked" if day.booked else ""


def _weeks(days: Sequence[MonthDay], as_of: date) -> list[Line]:
    """Make up to three lines for each week: the days, what is due, what is booked."""
    blank = [None] * days[0].date.weekday()
    page: list[MonthDay | None] = [*blank, *days]
    page += [None] * (-len(page) % 7)
    lines: list[Line] = []
    for start in range(0, len(page), 7):
        week = page[start : start + 7]
        if lines:
            lines.append(Line(("",) * 7))
        lines += [
            Line(tuple(_head(day, as_of) if day else " " * _CELL for day in week)),
            *(
                Line(cells)
                for cells in (
                    tuple(_due(day, as_of) if day else "" for day in week),
                    tuple(_booked(day) if day else "" for day in week),
                )
                if any(cells)
            ),
        ]
    return lines


def _heading(days: Sequence[MonthDay], only: str) -> str:
    working = sum(day.working_day for day in days)
    holidays = sum(day.bank_holiday is not None for day in days)
    parts = [
        counted(working, "working day"),
        counted(holidays, "bank holiday") if holidays else "no bank holiday",
        f"{sum(day.due for day in days):,} due, {sum(day.unbooked for day in days):,} not booked",
    ]
    booked = sum(day.booked for day in days)
    parts += [counted(booked, "meeting")] if booked else []
    month = spoken_short(days[0].date).partition(" ")[2]
    return f"{month}{only}: {', '.join(parts)}"


MONTH = Listing(
    "Month",
    (
        Field("date", DATE, harmless=True),
        Field("working_day", YES_NO, harmless=True),
        Field("bank_holiday", harmless=True),
        Field("provisional", YES_NO, harmless=True),
        Field("due", WHOLE, harmless=True),
        Field("hold_by", WHOLE, harmless=True),
        Field("unbooked", WHOLE, harmless=True),
        Field("booked", WHOLE, harmless=True),
    ),
    command="calendar month",
)


def month_export(
    days: Sequence[MonthDay], catalogue: Catalogue, as_of: date, only: str = ""
) -> Export:
    """
    Make the listing of a month, one row for each day; for people, a page of a calendar.

    Args:
        days: The days of the month.
        catalogue: The rules.
        as_of: The day the question is asked about.
        only: The words that name each filter, for the heading.
    """

    def grids() -> list[Grid]:
        notes = [
            f"{day.date.day} {WEEKDAYS[day.date.weekday()]}: {day.bank_holiday}"
            for day in days
            if day.bank_holiday
        ]
        if any(day.due and not day.working_day for day in days):
            notes.append(NO_WORKING_DAY)
        if any(day.due and day.date < as_of for day in days):
            notes.append(
                "late: still open although the day has passed; `iro overdue` lists what is"
            )
        if any(day.provisional for day in days):
            notes.append(PROVISIONAL)
        columns = [Field(name) for name in WEEKDAYS]
        return [Grid(_heading(days, only), columns, _weeks(days, as_of), notes)]

    return MONTH.export(days, about(catalogue, as_of), grids)


class Holiday(NamedTuple):
    """One bank holiday, and whether it is confirmed and was added locally."""

    date: date
    name: str
    confirmed: bool
    local: bool


def _standing(one: Holiday, _: object) -> str:
    return "added here" if one.local else "confirmed" if one.confirmed else "projected"


BANK_HOLIDAYS = Listing(
    "Listing",
    (
        Field("date", DATE, harmless=True, column="Day"),
        Field("name", harmless=True, column="Bank holiday"),
        Field("confirmed", YES_NO, harmless=True, column="Status", cell=_standing),
        Field("local", YES_NO, harmless=True),
    ),
    columns=("date", "name", "confirmed"),
    beside=(Field("confirmed_to", DATE, harmless=True),),
    command="calendar",
)


def bank_holidays_export(
    calendar: WorkingCalendar,
    added: Sequence[BankHoliday],
    years: Sequence[int],
    catalogue: Catalogue,
    as_of: date,
) -> Export:
    """
    Make the listing of the bank holidays of some years.

    Args:
        calendar: The working days, with local additions.
        added: The local additions.
        years: Which years.
        catalogue: The rules.
        as_of: The day the question is asked about.
    """
    local = {one.day for one in added}
    rows = [
        Holiday(
            one.day,
            one.name,
            one.day <= calendar.confirmed_to or one.day in local,
            one.day in local,
        )
        for one in calendar.holidays
        if one.day.year in years
    ]

    def grids() -> list[Grid]:
        heading = (
            f"Bank holidays on weekdays, {calendar.name}, {', '.join(map(str, years))}; "
            f"confirmed to {spoken_short(calendar.confirmed_to)}, known to "
            f"{spoken_short(calendar.known_to)}"
        )
        return [BANK_HOLIDAYS.grid(heading, rows)]

    says = {**about(catalogue, as_of), "confirmed_to": calendar.confirmed_to}
    return BANK_HOLIDAYS.export(rows, says, grids)
