"""
Read dates as files write them, in every form that can mean only one day.

Case systems, databases, diaries and spreadsheets write a day in a dozen ways,
often followed by a time of day, which no timescale counts.  All of them are
read here, so that a cell is read or refused in the same way in every file.
"""

import re
from datetime import date

from iro_cli.dates.reading import FORMS, existing_day, refuse_month_first
from iro_cli.dates.words import spoken
from iro_cli.lean import NamedTuple

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# 14:30, 14:30:00, 14:30:00.000, 2:30 PM, and in some databases the time after a colon.
_TIME = re.compile(
    r"(?:T| |:(?=[0-9]{2}:))(?P<hour>[0-9]{1,2}):[0-5][0-9](?::[0-5][0-9](?:[.,:][0-9]+)?)?"
    r"(?P<half> ?[AP]M)?(?P<zone> ?(?:Z|UTC|GMT|BST|[+-][0-9]{2}:?[0-9]{2}))?",
    re.IGNORECASE,
)
# An XML date may have a time zone without a time.  It is the same day.
_BARE_ZONE = re.compile(r"(?<=[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_AND_MONTH = re.compile(
    r"([0-9]{1,2})(?:ST|ND|RD|TH)?[-/. ]*(?:OF )?([A-Z]{3,9})[-/., ]*([0-9]{4}|[0-9]{2})",
    re.IGNORECASE,
)
_MONTH_AND_DAY = re.compile(
    r"([A-Z]{3,9})[-/. ]*([0-9]{1,2})(?:ST|ND|RD|TH)?[-/., ]+([0-9]{4})", re.IGNORECASE
)
_WEEKDAY = re.compile(r"([A-Z]{3,9})\.?,? (?=[0-9A-Z])", re.IGNORECASE)
# London has the time of UTC in winter, and is an hour ahead of it in summer.
_OURS = ("Z", "UTC", "GMT", "BST", "+00:00", "+0000", "+01:00", "+0100")
_SUMMER = ("BST", "+01:00", "+0100")


class FileDate(NamedTuple):
    """
    A date that was read.

    Attributes:
        day: The day.
        century_supplied: Whether the year had two digits.
        month_first: The day it would be if the month stood first; ``None`` if that is the same
            day or no date.
    """

    day: date
    century_supplied: bool = False
    month_first: date | None = None


def read_file_date(text: str, *, pivot: int) -> FileDate:
    """
    Read a date from a file, with or without a time of day after it.

    If both day and month are numbers and the year is last, the day is read first.

    Args:
        text: The cell, without blanks around it.
        pivot: The latest year that a year of two digits may mean (inclusive).

    Raises:
        MonthFirstError: It is a date only if the month is read first.
        ValueError: It is no date, or several days could be meant; the message says what to write.

    >>> read_file_date("02/11/2026 14:30", pivot=2027).day
    datetime.date(2026, 11, 2)
    >>> read_file_date("2-NOV-26", pivot=2027)
    FileDate(day=datetime.date(2026, 11, 2), century_supplied=True, month_first=None)
    """
    if len(text) == 10 and text.isascii():  # most dates are written in one of these two ways
        if text[4] == text[7] == "-" and (text[:4] + text[5:7] + text[8:]).isdigit():
            return FileDate(existing_day(int(text[:4]), int(text[5:7]), int(text[8:])))
        if text[2] == text[5] == "/" and (text[:2] + text[3:5] + text[6:]).isdigit():
            return _numbers(int(text[:2]), int(text[3:5]), text[6:], pivot)
    written = " ".join(text.split())
    # The time is taken off before the day is read, because no timescale counts hours.
    if time := _time_at_the_end(written):
        _check_time(time)
        written = written[: time.start()]
    elif zone := _BARE_ZONE.search(written):
        written = written[: zone.start()] if zone.end() == len(written) else written
    if found := _YEAR_FIRST.fullmatch(written):
        return FileDate(existing_day(int(found[1]), int(found[3]), int(found[4])))
    if found := _DAY_FIRST.fullmatch(written):
        return _numbers(int(found[1]), int(found[3]), found[4], pivot)
    return _words(written, pivot)


def _time_at_the_end(text: str) -> re.Match[str] | None:
    found = next((one for one in _TIME.finditer(text) if one.end() == len(text)), None)
    # "2 11 2026" has no time, and "14:30" by itself no date.
    return found if found and found.start() else None


def _check_time(time: re.Match[str]) -> None:
    """
    Refuse a time that does not exist, or with which it could be another day in London.

    Some systems write midnight in summer as eleven o'clock of the day before, in UTC.  Read as
    that day, a review of 8 May would be one of 7 May.
    """
    hour = int(time["hour"])
    if hour > (12 if time["half"] else 23):
        raise ValueError(f"there is no hour {hour}: write {FORMS}")
    zone = (time["zone"] or "").strip().upper()
    if zone and (zone not in _OURS or (hour == 23 and zone not in _SUMMER)):
        raise ValueError(
            "its time zone leaves open which day it was in London: write the day without a time"
        )


def _numbers(day: int, month: int, year_written: str, pivot: int) -> FileDate:
    year, supplied = _year(year_written, pivot)
    if month > 12 >= day > 0:
        existing_day(year, day, month)  # 13/32/2026 is no date in any order
        refuse_month_first(day, month, str(year))
    # 03/02/2026 can be read in two ways.  The other day is kept: if another cell of the column
    # can only be month first, the reader of the file doubts this one too.
    other = None
    if day <= 12 and day != month:
        other = date(year, day, month) if day > 0 and month > 0 else None
    return FileDate(existing_day(year, month, day), supplied, other)


def _words(text: str, pivot: int) -> FileDate:
    weekday = _WEEKDAY.match(text)
    named = weekday[1][:3].casefold() if weekday else ""
    if weekday and named in _WEEKDAYS:
        text = text[weekday.end() :]
    else:
        named = ""
    if found := _DAY_AND_MONTH.fullmatch(text):
        day, month, year_written = found.groups()
    elif found := _MONTH_AND_DAY.fullmatch(text):
        month, day, year_written = found.groups()
    elif named and (found := _DAY_FIRST.fullmatch(text)):
        day, _, month, year_written = found.groups()
    else:
        raise ValueError(f"not a date: write {FORMS}")
    number = int(month) if month.isdigit() else _MONTHS.get(month.casefold())
    if number is None:
        raise ValueError(f"there is no month {month}: write {FORMS}")
    if month.isdigit():
        read = _numbers(int(day), number, year_written, pivot)
    else:
        year, supplied = _year(year_written, pivot)
        read = FileDate(existing_day(year, number, int(day)), supplied)
    if named:
        # "Monday 3 November 2026" is a Tuesday: one of the two is wrong, and only the author knows
        # which.
        right = _WEEKDAYS[read.day.weekday()]
        if named != right:
            raise ValueError(
                f"that day is {spoken(read.day)}: the day of the week or the date is wrong"
            )
        # The day of the week fits this order, so the other order is not meant.
        read = read._replace(month_first=None)
    return read


def _year(written: str, pivot: int) -> tuple[int, bool]:
    """Return the year, and whether its century was supplied."""
    if len(written) == 4:
        return int(written), False
    # With the pivot 2027, "27" is 2027 and "28" is 1928.
    century = pivot - pivot % 100
    year = century + int(written)
    return (year if year <= pivot else year - 100), True
