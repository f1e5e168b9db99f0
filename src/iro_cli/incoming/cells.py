"""
Reads cells, of a CSV file or of a workbook: ids, dates, choices and text.

What is wrong is a ``ValueError`` with a reason.  A cell is read alike in
whatever file it stands, so that no source refuses what another takes.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache

from iro_cli.dates.file_dates import FileDate, read_file_date
from iro_cli.dates.reading import FORMS
from iro_cli.dates.words import spoken_short

Cell = str | float | int | bool | date | time | timedelta

LONGEST_ID = 200
# How databases, spreadsheets and case systems write that there is nothing; in small letters.
BLANK = frozenset({
    *("", "null", "none", "nan", "nat", "na", "n/a", "#n/a", "<na>", "-", "-1"),
    *("placeholder_data", "ssd_ph"),
})  # fmt: skip
_LONGEST_BLANK = max(map(len, BLANK))
# How exports write "no date".
NO_DATE = date(1900, 1, 1)
# How many years ahead a date may lie; 31/12/9999 is how some systems write "no end".
YEARS_AHEAD = 10

_INVISIBLE = "\u200b\u2060\ufeff"
_YES_NO = {
    "yes": "yes",
    "y": "yes",
    "true": "yes",
    "1": "yes",
    "no": "no",
    "n": "no",
    "false": "no",
    "0": "no",
}
_ERROR = re.compile(
    r"#(REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|NOT CALCULATED)",
    re.IGNORECASE,
)
# "a) Yes" and "1 - Yes" for "Yes", as Ofsted's codes are written.
_PREFIX = re.compile(r"(?:[a-z]{1,2}\)|[0-9]{1,2}\s*[-:.)])\s*(?=\S)", re.IGNORECASE)
# What Excel makes of a number of more than eleven figures, and saves.
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee][+-][0-9]{2,3}")
_POINT_ZERO = re.compile(r"([0-9]+)\.0+")
_NUMBER = re.compile(r"[0-9]{4,7}(?:\.[0-9]+)?")
# From here on a real date is a day and stands for no missing one.
_PLAUSIBLE = 1901
# A plain number below is an age or a count and not a day: Excel's day number of 1 January 1990.
_FIRST_COUNTED = 32_874
# That of 31 December 9998, beyond which there is no date.
_LAST_COUNTED = 2_958_100
_LARGEST_EXACT = 10**15
_LOST = "format the column as text and export it again"


class DaysCounted(Enum):
    """How plain numbers may be days: not at all, or counted by Excel."""

    NEVER = None
    FROM_1900 = date(1899, 12, 30)
    FROM_1904 = date(1904, 1, 1)


# ---------------------------------------------------------------- text


def as_written(cell: Cell) -> str:
    """
    Return a cell as text, whatever it says.

    >>> as_written(9001.0), as_written(True), as_written(date(2026, 11, 2))
    ('9001', 'yes', '2026-11-02')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)


def read_cell(cell: Cell) -> str:
    """
    Return a cell as text, trimmed; what says that there is nothing is blank.

    Raises:
        ValueError: It is the error of a formula.

    >>> read_cell(" NULL "), read_cell("a\N{NO-BREAK SPACE}b")
    ('', 'a b')
    """
    return _read(cell) if isinstance(cell, str) else as_written(cell)


# A column says the same few things again and again.
@lru_cache(maxsize=1 << 14)
def _read(cell: str) -> str:
    text = cell.replace("\N{NO-BREAK SPACE}", " ").strip().strip(_INVISIBLE).strip()
    if len(text) <= _LONGEST_BLANK and text.casefold() in BLANK:
        return ""
    if text[0] == "#" and _ERROR.fullmatch(text):
        raise ValueError(
            "the formula in this cell gives no result: mend it, and save the workbook in Excel"
        )
    return text


def is_blank(cell: Cell) -> bool:
    """Say whether a cell says that there is nothing; the error of a formula says something."""
    if not cell:
        return cell == ""
    try:
        return isinstance(cell, str) and not read_cell(cell)
    except ValueError:
        return False


def _check_printing(text: str, allowed: str = "") -> None:
    if text.isprintable():
        return
    for letter in text:
        if unicodedata.category(letter) == "Cc" and letter not in allowed:
            raise ValueError(f"has a control code (U+{ord(letter):04X}): take it out")


def read_text(cell: Cell) -> str | None:
    """
    Read text of one line, as it is; blank is none.

    Raises:
        ValueError: It has a control code.
    """
    return (_read_line(cell) if isinstance(cell, str) else as_written(cell)) or None


@lru_cache(maxsize=1 << 14)
def _read_line(cell: str) -> str:
    text = _read(cell)
    _check_printing(text)
    return text


def read_name(cell: Cell) -> str | None:
    """
    Read a name or initials; blank is none, but for NA, which may be somebody's initials.

    Raises:
        ValueError: It has a control code.

    >>> read_name(" NA "), read_name("n/a")
    ('NA', None)
    """
    if isinstance(cell, str) and cell.strip() == "NA":
        return "NA"
    return read_text(cell)


def read_lines(cell: Cell) -> str | None:
    """
    Read text that may have several lines and tabs; blank is none.

    Raises:
        ValueError: It has another control code.
    """
    text = read_cell(cell).replace("\r\n", "\n").replace("\r", "\n")
    _check_printing(text, "\n\t")
    return text or None


# ---------------------------------------------------------------- ids


def read_child_id(cell: Cell) -> str:
    """
    Read a child's id; leading zeros are part of it, and a number has no decimal point.

    Raises:
        ValueError: It is missing or too long, has a control code, or Excel has made it
            something else.

    >>> read_child_id(" 00123 "), read_child_id(123.0)
    ('00123', '123')
    """
    if isinstance(cell, str):
        # Most ids are plain letters and figures, which need no looking at.
        plain = cell.isascii() and cell.isalnum() and len(cell) <= LONGEST_ID
        if plain and (len(cell) > _LONGEST_BLANK or cell.casefold() not in BLANK):
            return cell
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        if not cell < _LARGEST_EXACT:
            raise ValueError(
                f"Excel keeps 15 digits of a number, so this id has lost some: {_LOST}"
            )
        if cell < 0 or cell != int(cell):
            raise ValueError("an id cannot be a fraction or negative: format the column as text")
    elif isinstance(cell, date | time | timedelta):
        raise ValueError(  # noqa: TRY004  # it is the cell that is wrong
            "Excel has turned this id into a date: format the column as text"
        )
    child_id = read_cell(cell)
    if not child_id:
        raise ValueError("the child's id is missing")
    if len(child_id) > LONGEST_ID:
        raise ValueError(f"an id has at most {LONGEST_ID} characters; this has {len(child_id)}")
    if _SHORTENED.fullmatch(child_id):
        raise ValueError(
            "Excel has shortened this id and lost its last figures, so that two children may look "
            f"like one: {_LOST}"
        )
    _check_printing(child_id)
    return child_id


def whole_number(child_id: str) -> str | None:
    """
    Return an id that was written as ``9001.0`` without its point, or ``None`` for another.

    >>> whole_number("9001.0"), whole_number("9001.5")
    ('9001', None)
    """
    found = _POINT_ZERO.fullmatch(child_id)
    return found[1] if found else None


# ---------------------------------------------------------------- choices


def read_choice(cell: Cell, choices: Collection[str]) -> str | None:
    """
    Read one of a few words, in small letters; blank is none.

    The word "none" is refused: it may be an answer, and where nothing is said the
    first of the choices is often taken.

    Raises:
        ValueError: It is none of them; the reason lists them.
    """
    text = read_cell(cell).casefold()
    says_none = isinstance(cell, str) and cell.strip().casefold() == "none"
    if says_none or (text and text not in choices):
        raise ValueError(f"must be one of {', '.join(choices)}")
    return text or None


def read_code(cell: Cell, codes: Collection[str]) -> str | None:
    """
    Read one of a few codes, in capitals; blank is none.

    Raises:
        ValueError: It is none of them; the reason lists them.
    """
    text = read_cell(cell).upper()
    if text and text not in codes:
        raise ValueError(f"must be one of {', '.join(codes)}")
    return text or None


def read_yes_no(cell: Cell) -> str | None:
    """
    Read ``yes`` or ``no``, also written y, n, true, false, 1, 0 or ``a) Yes``; blank is none.

    Raises:
        ValueError: It is none of these.
    """
    text = without_prefix(read_cell(cell)).casefold()
    if text and text not in _YES_NO:
        raise ValueError("must be yes or no")
    return _YES_NO.get(text)


def without_prefix(text: str) -> str:
    """
    Return the words of a code.

    >>> without_prefix("b) Adoption"), without_prefix("1 - Yes")
    ('Adoption', 'Yes')
    """
    return _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text


# ---------------------------------------------------------------- dates


class Days:
    """Reads dates, each way of writing one only once."""

    def __init__(self, today: date, *, pivot: int | None = None) -> None:
        """
        Start without any.

        Args:
            today: The day that is taken for today.
            pivot: The latest year that two digits may mean (inclusive); where it is left
                out, as far ahead as a date may lie.
        """
        self.latest_year = today.year + YEARS_AHEAD
        self.pivot = self.latest_year if pivot is None else pivot
        self._known: dict[str, FileDate | None] = {"": None}

    def read(self, cell: Cell, counted: DaysCounted = DaysCounted.NEVER) -> FileDate | None:
        """
        Read a date; what stands for none is none.

        Args:
            cell: The cell.
            counted: How a plain number may be a day.

        Raises:
            MonthFirstError: It is a day only if the month stands first.
            ValueError: It is no date, or lies too far ahead.
        """
        if isinstance(cell, str):
            if cell not in self._known:
                self._known[cell] = self._text(cell)
            return self._known[cell]
        if isinstance(cell, date) and _PLAUSIBLE < cell.year <= self.latest_year:
            return FileDate(cell.date() if isinstance(cell, datetime) else cell)
        day = _counted(cell, counted)
        return None if day is None else self._checked(FileDate(day))

    def _text(self, cell: str) -> FileDate | None:
        text = read_cell(cell)
        if not text:
            return None
        if _NUMBER.fullmatch(text) and _FIRST_COUNTED <= float(text) < _LAST_COUNTED:
            meant = DaysCounted.FROM_1900.value + timedelta(days=int(float(text)))
            raise ValueError(
                f"is a number, by which Excel means {spoken_short(meant)}: format the column as "
                f"dates and export it again, or write {FORMS}"
            )
        return self._checked(read_file_date(text, pivot=self.pivot))

    def _checked(self, read: FileDate) -> FileDate | None:
        # The day before is the zero of Excel's own count.
        if read.day <= NO_DATE:
            return None
        if read.day.year > self.latest_year:
            raise ValueError(
                f"is later than {self.latest_year}: leave the cell blank where there is no date"
            )
        return read


def _counted(cell: Cell, counted: DaysCounted) -> date | None:
    """Return the day that a cell of a workbook is, or ``None`` where it stands for none."""
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
