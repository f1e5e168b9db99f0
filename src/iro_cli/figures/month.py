"""One month: its working days and bank holidays, and what is due and booked on each day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from iro_cli.dates.months import add_months
from iro_cli.dates.working import WorkingCalendar
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import DueRow


class MonthDay(NamedTuple):
    """
    One day of a month.

    Attributes:
        date: The day.
        working_day: Whether working days are counted over it.
        bank_holiday: Its name, where it is one on a weekday.
        provisional: Bank holidays that far ahead are not confirmed yet.
        due: Open timescales whose last lawful day it is.
        hold_by: Open timescales whose last working day it is.
        unbooked: Those of *due* that no meeting is booked for.
        booked: Meetings booked for the day.
    """

    date: date
    working_day: bool
    bank_holiday: str | None
    provisional: bool
    due: int
    hold_by: int
    unbooked: int
    booked: int


def _days(first: date) -> Iterator[date]:
    day, end = first, add_months(first, 1)
    while day < end:
        yield day
        day += timedelta(days=1)


def month_of(rows: Sequence[DueRow], calendar: WorkingCalendar, first: date) -> list[MonthDay]:
    """
    Count each day of a month.

    Args:
        rows: Everything that is open.
        calendar: The working days.
        first: The first of the month.

    Raises:
        CalendarEndsError: The month lies outside the calendar.
    """
    due = Counter(row.due for row in rows)
    hold_by = Counter(row.hold_by for row in rows)
    unbooked = Counter(row.due for row in rows if row.booked is None)
    booked = Counter(row.booked for row in rows)
    names = {holiday.day: holiday.name for holiday in calendar.holidays}
    return [
        MonthDay(
            day,
            calendar.is_working_day(day),
            names.get(day),
            calendar.is_provisional(day),
            due[day],
            hold_by[day],
            unbooked[day],
            booked[day],
        )
        for day in _days(first)
    ]
