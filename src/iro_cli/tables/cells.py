"""Reads cells: ids, dates, choices and text.  What is wrong is a ``ValueError`` with a reason."""

import unicodedata
from collections.abc import Collection
from datetime import date

from iro_cli.dates.reading import read_file_date

LONGEST_ID = 200
# How exports write "no date".
NO_DATE = date(1900, 1, 1)

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


def _check_printing(text: str, allowed: str = "") -> None:
    if text.isprintable():
        return
    for letter in text:
        if unicodedata.category(letter) == "Cc" and letter not in allowed:
            raise ValueError(f"has a control code (U+{ord(letter):04X}): take it out")


def read_child_id(text: str) -> str:
    """
    Read a child's id, trimmed; leading zeros are part of it.

    Raises:
        ValueError: It is empty, too long, or has a control code.

    >>> read_child_id(" 00123 ")
    '00123'
    """
    child_id = text.strip().strip(_INVISIBLE).strip()
    if not child_id:
        raise ValueError("the child's id is missing")
    if len(child_id) > LONGEST_ID:
        raise ValueError(f"an id has at most {LONGEST_ID} letters; this has {len(child_id)}")
    _check_printing(child_id)
    return child_id


def read_text(text: str) -> str | None:
    """
    Read text of one line, as it is; blank is none.

    Raises:
        ValueError: It has a control code.
    """
    text = text.strip()
    _check_printing(text)
    return text or None


def read_lines(text: str) -> str | None:
    """
    Read text that may have several lines and tabs.

    Raises:
        ValueError: It has another control code.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    _check_printing(text, "\n\t")
    return text or None


def read_choice(text: str, choices: Collection[str]) -> str | None:
    """
    Read one of a few words, in small letters; blank is none.

    Raises:
        ValueError: It is none of them; the reason lists them.
    """
    text = text.strip().casefold()
    if text and text not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}")
    return text or None


def read_code(text: str, codes: Collection[str]) -> str | None:
    """
    Read one of a few codes, in capitals; blank is none.

    Raises:
        ValueError: It is none of them; the reason lists them.
    """
    text = text.strip().upper()
    if text and text not in codes:
        raise ValueError(f"must be one of {', '.join(codes)}")
    return text or None


def read_yes_no(text: str) -> str | None:
    """
    Read ``yes`` or ``no``, also written y, n, true, false, 1 or 0; blank is none.

    Raises:
        ValueError: It is none of these.
    """
    text = text.strip().casefold()
    if text and text not in _YES_NO:
        raise ValueError("must be yes or no")
    return _YES_NO.get(text)


class Days:
    """
    Reads the dates of a file, each way of writing one only once.

    Attributes:
        two_digit: How many had a year of two digits, whose century was supplied.
    """

    def __init__(self, latest_year: int) -> None:
        """
        Start without any.

        Args:
            latest_year: The latest year that two digits may mean (inclusive).
        """
        self._latest_year = latest_year
        self._known: dict[str, tuple[date | None, bool]] = {"": (None, False)}
        self.two_digit = 0

    def optional(self, text: str) -> date | None:
        """
        Read a date; blank and 1 January 1900 are none.

        Raises:
            ValueError: It is not a date.
        """
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._read(text.strip())
        self.two_digit += found[1]
        return found[0]

    def required(self, text: str) -> date:
        """
        Read a date that must be there.

        Raises:
            ValueError: It is missing, or not a date.
        """
        day = self.optional(text)
        if day is None:
            raise ValueError("the date is missing")
        return day

    def _read(self, text: str) -> tuple[date | None, bool]:
        if not text:
            return None, False
        day, two_digit = read_file_date(text, pivot=self._latest_year)
        return (None, False) if day == NO_DATE else (day, two_digit)

    def warnings(self, file: str) -> list[str]:
        """Return a warning where centuries had to be supplied."""
        if not self.two_digit:
            return []
        years = f"{self._latest_year - 99} to {self._latest_year}"
        return [
            f"{file}: dates with a year of two digits, read as one from {years}: {self.two_digit:,}"
        ]
