"""Read dates as people write them, strictly and without guessing."""

from datetime import date, datetime, timedelta

from iro_cli.dates.months import add_months, last_day_of
from iro_cli.dates.words import counted
from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import UsageError

FORMS = "2026-11-02 or 02/11/2026 (day first)"
# Outside these years no listing means anything, and dates leave the range of the calendar.
_FIRST_YEAR, _LAST_YEAR = 1950, 2150


def _digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit()


class MonthFirstError(ValueError):
    """A date has the month before the day, as in America: read day first, it is no date."""


def refuse_month_first(day: int, month: int, year: str) -> None:
    """
    Refuse a date whose month stands first.

    Args:
        day: The number in the place of the day.
        month: The number in the place of the month.
        year: The year, as it is written.

    Raises:
        MonthFirstError: The number in the place of the month can only be a day.
    """
    if month > 12 >= day > 0:
        raise MonthFirstError(
            f"there is no month {month}; dates are read day first, so an American date "
            f"must be turned round: {month:02}/{day:02}/{year}"
        )


def _slashed(text: str) -> date:
    day, month, year = text.split("/")
    if not (_digits(day, 1, 2) and _digits(month, 1, 2) and _digits(year, 2, 4)):
        raise ValueError(f"not a date: write {FORMS}")
    # 26 may be 1926 or 2026.  Whoever types a date can write the century.
    if len(year) == 2:
        raise ValueError(f"the year has two digits: write {FORMS}")
    # 11/16/2026 can only be 16 November.  It is refused all the same: whoever writes the month
    # first once will write 11/02/2026 too, and nobody would see that it is read as 11 February.
    refuse_month_first(int(day), int(month), year)
    return existing_day(int(year), int(month), int(day))


def existing_day(year: int, month: int, day: int) -> date:
    """
    Return the day with a year, a month and a day of the month.

    Raises:
        ValueError: There is no such day; the message says which of the three is wrong.

    >>> existing_day(2026, 2, 30)
    Traceback (most recent call last):
    ValueError: there is no day 30/02/2026: that month has 28 days
    """
    if year < 1:
        raise ValueError(f"there is no year {year:04}")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month:02}")
    last = last_day_of(year, month)
    if not 1 <= day <= last:
        raise ValueError(
            f"there is no day {day:02}/{month:02}/{year:04}: that month has {last} days"
        )
    return date(year, month, day)


def given_day(what: str, day: object) -> date:
    """
    Return a day that a Python program gave.

    Args:
        what: The name of the argument.
        day: What was given.

    Raises:
        UsageError: It is not a date, or it has a time of day.

    >>> given_day("as_of", "2026-11-02")
    Traceback (most recent call last):
    iro_cli.errors.UsageError: as_of: must be a datetime.date, not str
    """
    # Which day a time belongs to depends on a time zone.
    if isinstance(day, datetime) or not isinstance(day, date):
        raise UsageError(f"{what}: must be a datetime.date, not {type(day).__name__}")
    return day


def in_known_years(day: date, shown: str) -> date:
    """
    Return a day, if months can be counted on both sides of it.

    Args:
        day: The day.
        shown: What was given, as the message is to show it.

    Raises:
        UsageError: Its year is too early or too late.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UsageError(f"{shown}: a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def given_as_of(day: object) -> date:
    """
    Return the day that a Python program asks about.

    Raises:
        UsageError: It is not a date, or its year is too early or too late.

    >>> given_as_of(date(9999, 12, 31))
    Traceback (most recent call last):
    iro_cli.errors.UsageError: as_of 9999-12-31: a year from 1950 to 2150
    """
    asked = given_day("as_of", day)
    return in_known_years(asked, f"as_of {asked.isoformat()}")


def read_date(text: str) -> date:
    """
    Read a date written ``2026-11-02`` or ``02/11/2026``, always with the day first.

    Raises:
        ValueError: It is no date; the message says what is wrong and what to write.

    >>> read_date("02/11/2026")
    datetime.date(2026, 11, 2)
    """
    if text.count("/") == 2:
        return _slashed(text)
    parts = text.split("-")
    if len(parts) == 3 and _digits(parts[0], 4) and _digits(parts[1], 2) and _digits(parts[2], 2):
        year, month, day = map(int, parts)
        if month > 12 >= day > 0 and month <= last_day_of(year or 1, day):
            raise ValueError(
                f"there is no month {month}; the month stands before the day: "
                f"{year:04}-{day:02}-{month:02}"
            )
        return existing_day(year, month, day)
    raise ValueError(f"not a date: write {FORMS}")


def read_period(text: str) -> tuple[int, str]:
    """
    Read a length of time: ``28d``, ``4w``, ``20wd`` or ``3m``.

    Returns:
        The amount, and its unit: ``day``, ``week``, ``working_day`` or ``month``.

    Raises:
        ValueError: It is no length of time; the message says what to write.
    """
    for suffix, unit in (("wd", "working_day"), ("d", "day"), ("w", "week"), ("m", "month")):
        number = text.removesuffix(suffix)
        if number != text and _digits(number, 1, 2, 3, 4):
            return int(number), unit
    raise ValueError("not a length of time: write 28d, 4w, 20wd or 3m")


def shift(day: date, amount: int, unit: str, calendar: WorkingCalendar) -> date:
    """
    Return the day that lies *amount* units after *day*.

    Args:
        day: The day to count from (exclusive).
        amount: How many units; a negative number counts back.
        unit: ``day``, ``week``, ``month`` or ``working_day``.
        calendar: The working days.

    Raises:
        CalendarEndsError: Working days are counted beyond the calendar.
        ValueError: The answer lies outside the years 1 to 9999, or there is no such unit.
    """
    try:
        if unit == "day":
            return day + timedelta(days=amount)
        if unit == "week":
            return day + timedelta(weeks=amount)
        if unit == "month":
            return add_months(day, amount)
    except (OverflowError, ValueError):
        raise ValueError(
            f"the day {counted(amount, unit)} from {day.isoformat()} lies outside the calendar"
        ) from None
    if unit == "working_day":
        return calendar.add(day, amount)
    raise ValueError(f"no such unit: {unit}")


def read_day(text: str, *, today: date, calendar: WorkingCalendar) -> date:
    """
    Read a date from the command line: a date, ``today``, ``-7d``, ``+4w`` or ``+20wd``.

    Args:
        text: What was typed.
        today: The day ``today`` means; relative dates count from it (exclusive).
        calendar: The working days that ``wd`` counts.

    Raises:
        ValueError: It is no date; the message says what to write.
        CalendarEndsError: A relative date leaves the calendar.
    """
    text = text.strip()
    if text.casefold() == "today":
        return today
    if text[:1] in ("+", "-"):
        amount, unit = read_period(text[1:])
        return shift(today, -amount if text[0] == "-" else amount, unit, calendar)
    return read_date(text)
