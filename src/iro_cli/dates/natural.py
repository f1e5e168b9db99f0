"""Days as people say them: ``yesterday``, ``2 dec``, ``Mon 2 Nov 2026``, ``mon``."""

import re
from datetime import date, timedelta

from iro_cli.dates.months import last_day_of
from iro_cli.dates.reading import existing_day
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.lean import Literal

# On which side of today a day without a year, or a weekday, is looked for.
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
# 29 February comes again after eight years at the latest, where a century has none.
_YEARS = 8
# What February does not have in a leap year, it has in no year.
_LEAP = 2024


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return which name a word begins, from its third letter on."""
    if len(word) < _SHORTEST:
        return None
    return next((place for place, name in enumerate(names) if name.startswith(word)), None)


def is_part(text: str) -> bool:
    """
    Say whether a text is one word of a day that has several, such as ``2`` or ``nov``.

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
        today: What ``yesterday`` counts from.
        side: Where a weekday, or a day without a year, is looked for: in the past the last
            one that has been, today included; ahead the next to come.  Where it is neither,
            what could be either is refused.

    Returns:
        The day; ``None`` where it is not said so.

    Raises:
        ValueError: There is no such day, or it could be two.

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
    """Refuse a weekday that is not that of the day beside it."""
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
    """Return the last such weekday that has been, today included, and the next to come."""
    last = today - timedelta(days=(today.weekday() - weekday) % 7)
    return last, last + timedelta(days=7)


def _in_years(day: int, month: int, today: date) -> tuple[date, date]:
    """Return the last such day that has been and the next to come; today is both."""
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
    if side == "past" or last == coming:
        return last
    if side == "ahead":
        return coming
    raise ValueError(f"it may be {spoken(last)} or {spoken(coming)}: write the date with its year")
