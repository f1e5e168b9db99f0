"""Count months as the law does."""

from datetime import date
from functools import lru_cache

_YEAR = 12
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def last_day_of(year: int, month: int) -> int:
    """
    Return the number of the last day of a month.

    >>> last_day_of(2028, 2), last_day_of(2027, 2), last_day_of(2100, 2)
    (29, 28, 28)
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _LENGTHS[month - 1]


def add_months(day: date, months: int) -> date:
    """
    Return the day that ends a period of *months* running from *day*.

    The period ends on the corresponding date: the day of the same number in
    the month it ends in or, where that month is too short to have one, its
    last day.  A negative number counts back.

    Not additive: a month and then another month can fall short of two
    months.  Always count from the event, never from an earlier answer.

    Args:
        day: The day of the event, which is not counted (exclusive).
        months: Whole calendar months.

    Returns:
        The last day of the period (inclusive).  It does not roll forward from
        a weekend or bank holiday.

    Raises:
        ValueError: The answer lies outside the years 1 to 9999.

    Authority:
        ``Interpretation Act 1978, Sch. 1`` ("month" means calendar month);
        ``Dodds v Walker [1981] 1 WLR 1027 (HL)`` (corresponding date).

    >>> add_months(date(2025, 8, 12), 3)
    datetime.date(2025, 11, 12)
    >>> add_months(date(2024, 11, 30), 3)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    # Libraries disagree where the month has no such day: for SQLite, three months from 30 November
    # end on 2 March.  Here they end on 28 February, the earlier and safer day.
    return date(year, month, min(day.day, last_day_of(year, month)))


# Most children are asked about more than once, and many share a birthday.
@lru_cache(1 << 14)
def birthday(born: date, age: int) -> date:
    """
    Return the day on which somebody attains an age.

    Somebody born on 29 February attains it on 1 March, in a year without a 29 February.  Some
    take 28 February instead; the later day is used, so that no clock stops a day early.

    Args:
        born: The date of birth.
        age: Whole years.

    Authority:
        ``Family Law Reform Act 1969, s. 9`` (the commencement of the relevant
        anniversary), from memory; which day that is after 29 February is unsettled.

    >>> birthday(date(2008, 2, 29), 18)
    datetime.date(2026, 3, 1)
    """
    day = add_months(born, _YEAR * age)
    return day if day.day == born.day else date(day.year, day.month + 1, 1)
