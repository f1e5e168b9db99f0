"""Periods and months for which figures are counted."""

from datetime import date, timedelta
from itertools import pairwise

from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.lean import NamedTuple

_QUARTER, _YEAR = 3, 12
# The reporting year of the Department, and of councils, begins on 1 April.
_BEGINS = 4


class Period(NamedTuple):
    """The days a report is about, both inclusive."""

    first: date
    last: date

    def has(self, day: date | None) -> bool:
        """Say whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def checked_period(first: date, last: date, as_of: date) -> Period:
    """
    Return a period.

    Raises:
        InputRefusedError: It ends before it begins, or begins after the as-of day.
    """
    if last < first:
        raise InputRefusedError(f"the period ends on {last} and begins on {first}: swap the two")
    if first > as_of:
        raise InputRefusedError(
            f"the period begins on {first}, after {as_of}, the day the question is asked about: "
            "nothing in it is known yet; `iro forecast` and `iro due` look ahead"
        )
    return Period(first, last)


def last_year_to(day: date) -> Period:
    """Return the twelve months that end on a day (inclusive)."""
    return Period(add_months(day, -_YEAR) + timedelta(days=1), day)


def last_quarter(day: date) -> Period:
    """
    Return the last quarter that was over at the end of a day.

    >>> last_quarter(date(2026, 11, 22))
    Period(first=datetime.date(2026, 7, 1), last=datetime.date(2026, 9, 30))
    """
    tomorrow = day + timedelta(days=1)
    after = date(tomorrow.year, (tomorrow.month - 1) // _QUARTER * _QUARTER + 1, 1)
    return Period(add_months(after, -_QUARTER), after - timedelta(days=1))


def last_reporting_year(day: date) -> Period:
    """
    Return the last reporting year, April to March, that was over at the end of a day.

    >>> last_reporting_year(date(2026, 3, 31))
    Period(first=datetime.date(2025, 4, 1), last=datetime.date(2026, 3, 31))
    """
    tomorrow = day + timedelta(days=1)
    year = tomorrow.year - (tomorrow.month < _BEGINS)
    return Period(date(year - 1, _BEGINS, 1), date(year, _BEGINS, 1) - timedelta(days=1))


def is_reporting_year(period: Period) -> bool:
    """Say whether a period is a reporting year."""
    return period == last_reporting_year(period.last)


def before(period: Period) -> Period:
    """
    Return the period of the same length before a period; if it is whole months, in whole months.

    >>> before(Period(date(2026, 7, 1), date(2026, 9, 30)))
    Period(first=datetime.date(2026, 4, 1), last=datetime.date(2026, 6, 30))
    """
    first, after = period.first, period.last + timedelta(days=1)
    months = (after.year - first.year) * _YEAR + after.month - first.month
    if after.day == first.day and months > 0:
        return Period(add_months(first, -months), first - timedelta(days=1))
    days = (after - first).days
    return Period(first - timedelta(days=days), first - timedelta(days=1))


def words(period: Period) -> str:
    """Write a period for people."""
    return f"{spoken_short(period.first)} to {spoken_short(period.last)}"


def day_words(day: date) -> str:
    """Write the day on which something is counted."""
    return f"on {spoken_short(day)}"


def quarter_name(period: Period) -> str:
    """
    Name a period of whole months by its first and last month.

    >>> quarter_name(Period(date(2026, 7, 1), date(2026, 9, 30)))
    'Jul to Sep 2026'
    >>> quarter_name(Period(date(2025, 10, 1), date(2026, 9, 30)))
    'Oct 2025 to Sep 2026'
    """
    first, last = month_name(period.first), month_name(period.last)
    if first == last:
        return first
    if period.first.year == period.last.year:
        first = first.partition(" ")[0]
    return f"{first} to {last}"


def month_name(day: date) -> str:
    """
    Name the month of a day.

    >>> month_name(date(2026, 11, 2))
    'Nov 2026'
    """
    return spoken_short(day).partition(" ")[2]


def month_key(day: date) -> str:
    """
    Write the month of a day for data.

    >>> month_key(date(2026, 11, 2))
    '2026-11'
    """
    return f"{day.year}-{day.month:02}"


def months_from(day: date, count: int) -> list[Period]:
    """
    Return the rest of the month of a day, and the months after it.

    >>> months_from(date(2026, 11, 30), 2)[0].last
    datetime.date(2026, 11, 30)

    Args:
        day: The first day (inclusive).
        count: How many months, with that of the day.
    """
    begins = day.replace(day=1)
    firsts = [add_months(begins, number) for number in range(count + 1)]
    return [Period(max(first, day), after - timedelta(days=1)) for first, after in pairwise(firsts)]
