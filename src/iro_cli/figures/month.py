"""A month and the weeks ahead: working days, bank holidays, what is due and booked each day."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
        working_day: Whether it is a working day.
        bank_holiday: The name of the bank holiday, if it is one on a weekday.
        provisional: Whether the bank holidays of that time are not confirmed yet.
        due: How many open timescales have it as their last lawful day.
        hold_by: How many open timescales have it as their last working day.
        unbooked: How many of those in *due* have no meeting booked.
        booked: How many meetings are booked for it.
    """

    date: date
    working_day: bool
    bank_holiday: str | None
    provisional: bool
    due: int
    hold_by: int
    unbooked: int
    booked: int


class DayAhead(NamedTuple):
    """One day, and how much falls due on it; ``None`` if the day is over."""

    date: date
    due: int | None


def weeks_ahead(due: Iterable[date], day: date, count: int) -> list[tuple[DayAhead, ...]]:
    """
    Count what falls due on each day of some weeks, from Monday to Sunday.

    Args:
        due: The due dates of what is open.
        day: A day of the first week; days before it are not counted.
        count: How many weeks.
    """
    on, monday = Counter(due), day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=place) for place in range(7 * count)]
    each = [DayAhead(one, on[one] if one >= day else None) for one in days]
    return [tuple(each[start : start + 7]) for start in range(0, len(each), 7)]


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
