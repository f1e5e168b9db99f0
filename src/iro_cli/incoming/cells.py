"""
Read the cells of a CSV file or a workbook: ids, dates, choices and text.

A cell that is wrong raises a ``ValueError`` with a reason.  A cell is read in the same way
in every file, so that no source refuses what another accepts.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache

from iro_cli.dates.file_dates import FileDate, read_file_date
from iro_cli.dates.reading import FORMS
from iro_cli.dates.words import spoken_short

Cell = str | float | int | bool | date | time | timedelta

LONGEST_ID = 200
# How databases, spreadsheets and case systems write an empty cell, in small letters.
BLANK = frozenset({
    *("", "null", "none", "nan", "nat", "na", "n/a", "#n/a", "<na>", "-", "-1"),
    *("placeholder_data", "ssd_ph"),
})  # fmt: skip
_LONGEST_BLANK = max(map(len, BLANK))
# How exports write "no date".
NO_DATE = date(1900, 1, 1)
# How many years ahead a date may be.  Some systems write 31/12/9999 for "no end".
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
# "a) Yes" and "1 - Yes" for "Yes": Ofsted writes its codes like this.
_PREFIX = re.compile(r"(?:[a-z]{1,2}\)|[0-9]{1,2}\s*[-:.)])\s*(?=\S)", re.IGNORECASE)
# Excel shows a number of more than eleven digits as 1.23457E+11, and saves that in a CSV file.
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee][+-][0-9]{2,3}")
_POINT_ZERO = re.compile(r"([0-9]+)\.0+")
_NUMBER = re.compile(r"[0-9]{4,7}(?:\.[0-9]+)?")
# A real date after this year is taken as it is.  An earlier one may stand for a missing date.
_PLAUSIBLE = 1901
# Excel's number for 1 January 1990.  A smaller plain number is an age or a count, and not a day.
_FIRST_COUNTED = 32_874
# Excel's number for 31 December 9998; later days are not dates.
_LAST_COUNTED = 2_958_100
_LARGEST_EXACT = 10**15
_LOST = "format the column as text and export it again"


class DaysCounted(Enum):
    """Whether a plain number may be a day, and from which day Excel counts it."""

    NEVER = None
    FROM_1900 = date(1899, 12, 30)
    FROM_1904 = date(1904, 1, 1)


# ---------------------------------------------------------------- text


def as_written(cell: Cell) -> str:
    """
    Return any cell as text.

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
    Return a cell as trimmed text; a word for an empty cell, such as ``NULL``, becomes blank.

    Raises:
        ValueError: It holds the error of a formula.

    >>> read_cell(" NULL "), read_cell("a\N{NO-BREAK SPACE}b")
    ('', 'a b')
    """
    return _read(cell) if isinstance(cell, str) else as_written(cell)


# The cells of a column repeat the same few values.
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
    """Say whether a cell is empty or has a word for that; the error of a formula is not blank."""
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
    Read one line of text; ``None`` if it is blank.

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
    Read a name or initials; ``None`` if it is blank.

    ``NA`` counts as blank elsewhere, but here it may be somebody's initials.

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
    Read text with several lines and tabs; ``None`` if it is blank.

    Raises:
        ValueError: It has another control code.
    """
    text = read_cell(cell).replace("\r\n", "\n").replace("\r", "\n")
    _check_printing(text, "\n\t")
    return text or None


# ---------------------------------------------------------------- ids


def are_plain_ids(cells: Sequence[str]) -> bool:
    """
    Say whether all are ids of plain letters and digits, which :func:`read_child_id` gives back.

    >>> are_plain_ids(["C123", "00123"]), are_plain_ids(["C123", "9001.0"])
    (True, False)
    """
    together = "".join(cells)
    plain = together.isascii() and together.isalnum() and max(map(len, cells)) <= LONGEST_ID
    return plain and BLANK.isdisjoint(map(str.casefold, cells))


def read_child_id(cell: Cell) -> str:
    """
    Read a child's id; leading zeros are kept, and a number gets no decimal point.

    Raises:
        ValueError: It is missing or too long, has a control code, or Excel has turned it into
            something else.

    >>> read_child_id(" 00123 "), read_child_id(123.0)
    ('00123', '123')
    """
    if isinstance(cell, str):
        # Most ids are plain letters and digits, and need no further checks.
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
        raise ValueError(  # noqa: TRY004  # the cell is wrong, not a type in the program
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
    Return an id that is written like ``9001.0`` without the point, or ``None`` for any other.

    >>> whole_number("9001.0"), whole_number("9001.5")
    ('9001', None)
    """
    found = _POINT_ZERO.fullmatch(child_id)
    return found[1] if found else None


# ---------------------------------------------------------------- choices


def read_choice(cell: Cell, choices: Collection[str]) -> str | None:
    """
    Read one of a few words, in small letters; ``None`` if it is blank.

    The word "none" is refused.  It may be meant as an answer, but a blank cell often means the
    first of the choices.

    Raises:
        ValueError: It is not one of them; the reason lists them.
    """
    text = read_cell(cell).casefold()
    says_none = isinstance(cell, str) and cell.strip().casefold() == "none"
    if says_none or (text and text not in choices):
        raise ValueError(f"must be one of {', '.join(choices)}")
    return text or None


def read_code(cell: Cell, codes: Collection[str]) -> str | None:
    """
    Read one of a few codes, in capitals; ``None`` if it is blank.

    Raises:
        ValueError: It is not one of them; the reason lists them.
    """
    text = read_cell(cell).upper()
    if text and text not in codes:
        raise ValueError(f"must be one of {', '.join(codes)}")
    return text or None


def read_yes_no(cell: Cell) -> str | None:
    """
    Read ``yes`` or ``no``; ``None`` if it is blank.

    They may also be written y, n, true, false, 1, 0 or ``a) Yes``.

    Raises:
        ValueError: It is none of these.
    """
    text = without_prefix(read_cell(cell)).casefold()
    if text and text not in _YES_NO:
        raise ValueError("must be yes or no")
    return _YES_NO.get(text)


def without_prefix(text: str) -> str:
    """
    Return the words of a code without its letter or number.

    >>> without_prefix("b) Adoption"), without_prefix("1 - Yes")
    ('Adoption', 'Yes')
    """
    return _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text


# ---------------------------------------------------------------- dates


class Days:
    """Reads dates; the same text is read only once."""

    def __init__(self, today: date, *, pivot: int | None = None) -> None:
        """
        Keep the limits for years.

        Args:
            today: Today.
            pivot: The latest year that two digits may mean (inclusive); by default the latest
                year that a date may have.
        """
        self.latest_year = today.year + YEARS_AHEAD
        self.pivot = self.latest_year if pivot is None else pivot
        self._known: dict[str, FileDate | None] = {"": None}

    def read(self, cell: Cell, counted: DaysCounted = DaysCounted.NEVER) -> FileDate | None:
        """
        Read a date; ``None`` for a blank cell or a value that stands for no date.

        Args:
            cell: The cell.
            counted: Whether and how a plain number may be a day.

        Raises:
            MonthFirstError: It is a date only if the month stands first.
            ValueError: It is not a date, or is too far ahead.
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
        # 31 December 1899, the zero of Excel's own count, stands for no date too.
        if read.day <= NO_DATE:
            return None
        if read.day.year > self.latest_year:
            raise ValueError(
                f"is later than {self.latest_year}: leave the cell blank where there is no date"
            )
        return read


def _counted(cell: Cell, counted: DaysCounted) -> date | None:
    """Return the day in a cell of a workbook; ``None`` if its value stands for no date."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, time | timedelta):
        # The reader gives the number 0 in a cell formatted as a date like this.
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
