"""Reads the cells of Annex A, which are real dates and numbers in a workbook and text in a CSV."""

import re
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache

from iro_cli.dates.reading import FORMS, read_file_date
from iro_cli.tables.cells import LONGEST_ID, NO_DATE, read_child_id, read_yes_no
from iro_cli.tables.workbook import Cell

# How many years ahead a date may lie; 31/12/9999 is how some systems write "no end".
YEARS_AHEAD = 10

_MISSING = frozenset({"", "#n/a", "n/a", "na", "null", "none", "nan", "-", "placeholder_data"})
_UNDECIDED = frozenset({"unknown", "not known", "not yet known", "not recorded", "pending"})
_ERROR = re.compile(
    r"#(REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|NOT CALCULATED)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:[a-z]{1,2}\)|[0-9]{1,2}\s*[-:.)])\s*(?=\S)", re.IGNORECASE)
_CLOCK = re.compile(
    r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?(Z|[+-]00:?00)?", re.IGNORECASE
)
_WRITTEN = re.compile(r"([0-9]{1,2})[-. /]([A-Za-z]{3,9}|[0-9]{1,2})[-. /]([0-9]{4}|[0-9]{2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may may", "jun june"),
            *("jul july", "aug august", "sep sept september", "oct october"),
            *("nov november", "dec december"),
        ),
        start=1,
    )
    for name in names.split()
}
# From here on a real date is a day and stands for no missing one.
_PLAUSIBLE = 1901
# A plain number below is an age or a count and not a day: Excel's day number of 1 January 1990.
_FIRST_COUNTED = 32_874
# That of 31 December 9998, beyond which there is no date.
_LAST_COUNTED = 2_958_100
_LARGEST_EXACT = 10**15


class DaysCounted(Enum):
    """How plain numbers may be days: not at all, or counted by Excel."""

    NEVER = None
    FROM_1900 = date(1899, 12, 30)
    FROM_1904 = date(1904, 1, 1)


def read_cell(cell: Cell) -> str:
    """
    Return a cell as text, trimmed; what stands for nothing is blank.

    Raises:
        ValueError: It is the error of a formula.
    """
    if isinstance(cell, str):
        if cell.isascii() and cell.isdigit():
            return cell
        text = cell.replace("\u00a0", " ").strip().strip("\u200b\u2060\ufeff")
        if text.casefold() in _MISSING:
            return ""
        if text[0] == "#" and _ERROR.fullmatch(text):
            raise ValueError(
                "the formula in this cell gives no result: mend it, and save the workbook in Excel"
            )
        return text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_id(cell: Cell) -> str:
    """
    Read a child's id; a number is one without its decimal point.

    Raises:
        ValueError: It is missing, or Excel has made it something else.
    """
    if isinstance(cell, str):
        # Most ids are plain digits, which need no looking at.
        plain = len(cell) <= LONGEST_ID and cell.isascii() and cell.isdigit()
        return cell if plain else read_child_id(read_cell(cell))
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if not cell < _LARGEST_EXACT:
            raise ValueError(
                "Excel keeps 15 digits of a number, so this id has lost some: format the column as "
                "text and export it again"
            )
        if cell < 0 or cell != int(cell):
            raise ValueError("an id is no fraction and not negative: format the column as text")
    elif isinstance(cell, date | time | timedelta):
        raise ValueError(  # noqa: TRY004  # it is the cell that is wrong
            "Excel has made a date of this id: format the column as text"
        )
    return read_child_id(read_cell(cell))


@lru_cache(maxsize=4096, typed=True)
def read_answer(cell: Cell) -> str | None:
    """
    Read ``yes`` or ``no``, also as ``a) Yes``, ``1 - Yes``, ``Y`` or ``True``; blank is none.

    Raises:
        ValueError: It is none of these.
    """
    text = read_cell(cell)
    answer = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    return None if answer.casefold() in _UNDECIDED else read_yes_no(answer)


def without_prefix(text: str) -> str:
    """
    Return the words of a code.

    >>> without_prefix("b) Adoption")
    'Adoption'
    """
    return _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text


class Dates:
    """
    Reads dates, each way of writing one only once.

    Attributes:
        two_digit: How many had a year of two digits, whose century was supplied.
    """

    def __init__(self, latest_year: int) -> None:
        """
        Start without any.

        Args:
            latest_year: The latest year there may be (inclusive).
        """
        self._latest_year = latest_year
        self._known: dict[str, tuple[date | None, bool]] = {}
        self.two_digit = 0

    def read(self, cell: Cell, counted: DaysCounted) -> date | None:
        """
        Read a date; what stands for none is none.

        Args:
            cell: The cell.
            counted: How a plain number may be a day.

        Raises:
            ValueError: It is not a date.
        """
        if isinstance(cell, date) and _PLAUSIBLE < cell.year <= self._latest_year:
            return cell.date() if isinstance(cell, datetime) else cell
        if isinstance(cell, str):
            if not cell:
                return None
            found = self._known.get(cell)
            if found is None:
                found = self._known[cell] = self._text(cell)
            self.two_digit += found[1]
            return found[0]
        return self._checked(_day(cell, counted))

    def _checked(self, day: date | None) -> date | None:
        # The day before is the zero of Excel's own count.
        if day is None or day <= NO_DATE:
            return None
        if day.year > self._latest_year:
            raise ValueError(f"lies after {self._latest_year}: leave it blank where there is none")
        return day

    def _text(self, cell: str) -> tuple[date | None, bool]:
        text = read_cell(cell)
        if not text:
            return None, False
        clock = _CLOCK.search(text)
        if clock is not None and clock.end() == len(text):
            text = text[: clock.start()]
        written = _WRITTEN.fullmatch(text)
        if written is not None:
            day, month, year = written.groups()
            number = month if month.isdigit() else _MONTHS.get(month.casefold())
            if number is None:
                raise ValueError(f"there is no month {month}: write {FORMS}")
            text = f"{day}/{number}/{year}"
        day_read, two_digit = read_file_date(text, pivot=self._latest_year)
        return self._checked(day_read), two_digit

    def warnings(self) -> list[str]:
        """Return a warning where centuries had to be supplied."""
        if not self.two_digit:
            return []
        years = f"{self._latest_year - 99} to {self._latest_year}"
        return [f"dates with a year of two digits, read as one from {years}: {self.two_digit:,}"]


def _day(cell: Cell, counted: DaysCounted) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, time | timedelta):
        # The number 0 in a cell that is formatted as a date.
        if cell in (time(), timedelta()):
            return None
        raise ValueError("is a time and not a date")
    zero = counted.value
    if isinstance(cell, bool | str) or zero is None or not cell < _LAST_COUNTED:
        raise ValueError(f"not a date: write {FORMS}")
    if cell in (0, 1):
        return None
    day = zero + timedelta(days=int(cell)) if cell > 0 else NO_DATE
    if (day - DaysCounted.FROM_1900.value).days < _FIRST_COUNTED:
        raise ValueError(f"is a number; Excel's count of days is read from 1990 on: write {FORMS}")
    return day
