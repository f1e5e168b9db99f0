"""Read days as people say them: ``yesterday``, ``2 dec``, ``Mon 2 Nov 2026``, ``mon``."""

import re
from datetime import date, timedelta

from iro_cli.dates.months import last_day_of
from iro_cli.dates.reading import existing_day
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.lean import Literal

# On which side of today a weekday, or a day without a year, lies.
Side = Literal["past", "ahead", ""]

_NAMED = {"yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_SHORTEST = 3
# A weekday may stand before; `2nd` is `2`.
_SPOKEN = re.compile(
    r"(?:(?P<weekday>[a-z]+)\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*"
    r"(?P<month>[a-z]+)(?:\s*(?P<year>\d+))?"
)
_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?", re.ASCII)
# `9:30`, `9.30am`, `2pm`: `9.30` alone may be a day as some write it.
_TIME = re.compile(r"\d{1,2}(?::\d{2}|(?:[:.]\d{2})?\s*[ap]m)")
# The longest time to the next 29 February: eight years, over a century year such as 2100.
_YEARS = 8
# A day that February does not have in a leap year does not exist in any year.
_LEAP = 2024


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the name that begins with a word of at least three letters."""
    if len(word) < _SHORTEST:
        return None
    return next((place for place, name in enumerate(names) if name.startswith(word)), None)


def is_part(text: str) -> bool:
    """
    Say whether a text is one word of a day written in several, such as ``2`` or ``nov``.

    >>> is_part("2nd"), is_part("nov"), is_part("soon")
    (True, True, False)
    """
    said = text.strip().casefold()
    return bool(_NUMBER.fullmatch(said)) or _place(said, _MONTHS) is not None


def is_weekday(word: str) -> bool:
    """Say whether a word names a day of the week, in three letters or more."""
    return _place(word.casefold(), _WEEKDAYS) is not None


def read_spoken(text: str, today: date, side: Side = "") -> date | None:
    """
    Read a day as people say it.

    Args:
        text: What was typed.
        today: The day from which ``yesterday`` is counted.
        side: Which of the possible days is meant by a weekday or a day without a year: the
            last one up to today (``past``) or the next one to come (``ahead``).  With neither,
            a text that could mean both is refused.

    Returns:
        The day; ``None`` if the text is not a spoken day.

    Raises:
        ValueError: There is no such day, or it could be one of two.

    >>> read_spoken("2 dec", date(2026, 11, 22), "past")
    datetime.date(2025, 12, 2)
    >>> read_spoken("mon", date(2026, 11, 22), "ahead")
    datetime.date(2026, 11, 23)
    """
    said = " ".join(text.casefold().replace(",", " ").replace("-", " ").split())
    if said in _NAMED:
        return today + timedelta(days=_NAMED[said])
    weekday = _place(said, _WEEKDAYS)
    if weekday is not None:
        return _of_two(*_around(weekday, today), side)
    if _TIME.fullmatch(said):
        raise ValueError("that is a time, not a day: write the day, as 2026-11-02 or `2 nov`")
    found = _SPOKEN.fullmatch(said)
    month = _place(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    day = int(found["day"])
    if found["year"] is None:
        meant = _of_two(*_in_years(day, month + 1, today), side)
        return _on_its_weekday(meant, found["weekday"])
    if len(found["year"]) != 4:
        raise ValueError(f"the year has {len(found['year'])} digits: write four")
    meant = existing_day(int(found["year"]), month + 1, day)
    return _on_its_weekday(meant, found["weekday"])


def _on_its_weekday(meant: date, word: str | None) -> date:
    """Return a day, but refuse it if the weekday written beside it is another."""
    if word is None:
        return meant
    weekday = _place(word, _WEEKDAYS)
    if weekday is None:
        raise ValueError(f"{word!r} is not a day of the week: mend it, or leave it out")
    if weekday != meant.weekday():
        said, is_on = (_WEEKDAYS[place].capitalize() for place in (weekday, meant.weekday()))
        raise ValueError(
            f"{spoken_short(meant)} is a {is_on}, not a {said}: which of the two is wrong?"
        )
    return meant


def _around(weekday: int, today: date) -> tuple[date, date]:
    """Return the last such weekday up to and including today, and the next one to come."""
    last = today - timedelta(days=(today.weekday() - weekday) % 7)
    return last, last + timedelta(days=7)


def _in_years(day: int, month: int, today: date) -> tuple[date, date]:
    """Return the last such day up to today and the next from today on; today can be both."""
    most = last_day_of(_LEAP, month)
    if not 1 <= day <= most:
        name = _MONTHS[month - 1].capitalize()
        raise ValueError(f"there is no {day} {name}: that month has {most} days at most")
    days = []
    for year in range(today.year - _YEARS, today.year + _YEARS + 1):
        try:
            days.append(existing_day(year, month, day))
        except ValueError:  # 29 February of a common year
            continue
    return max(one for one in days if one <= today), min(one for one in days if one >= today)


def _of_two(last: date, coming: date, side: Side) -> date:
    # What happened is looked for in the past and what is planned in the future.  Where both make
    # sense, as for `--as-of 2 dec`, guessing would answer the question of another year.
    if side == "past" or last == coming:
        return last
    if side == "ahead":
        return coming
    raise ValueError(f"it may be {spoken(last)} or {spoken(coming)}: write the date with its year")
