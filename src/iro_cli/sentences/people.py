"""Say in words why a person cannot hold a meeting on a day."""

from collections.abc import Iterable, Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken_short
from iro_cli.facts.people import NotInPost
from iro_cli.figures.availability import Away, Full, Hindrance

_MOST_DAYS = 4


def hindrance_words(one: Hindrance) -> str:
    """Say why a person cannot hold a meeting."""
    match one:
        case Away():
            return f"{one.name} is away{f' ({one.reason})' if one.reason else ''}"
        case Full():
            return f"{one.name} has {counted(one.booked, 'meeting')} booked"
        case NotInPost():
            return not_in_post_words(one)


def not_in_post_words(one: NotInPost) -> str:
    """Say why a person is not in post."""
    if one.next_from:
        back = " back" if one.left_on else ""
        return f"{one.name} is not{back} in post before {spoken_short(one.next_from)}"
    return f"{one.name} left on {spoken_short(one.left_on)}" if one.left_on else one.name


def taken_words(taken: Iterable[tuple[Hindrance | None, Sequence[date]]]) -> str:
    """Say why no meeting can be held on some days, each reason with its days."""
    return "; ".join(
        f"{hindrance_words(why) if why else 'no place'} on {days_words(days)}"
        for why, days in taken
    )


def days_words(days: Sequence[date]) -> str:
    """
    Write days if they are few; otherwise how many there are, and from when to when.

    >>> days_words([date(2026, 11, 2), date(2026, 11, 3)])
    '2 Nov 2026, 3 Nov 2026'
    """
    if len(days) > _MOST_DAYS:
        between = f"{spoken_short(days[0])} and {spoken_short(days[-1])}"
        return f"{counted(len(days), 'day')} between {between}"
    return ", ".join(spoken_short(day) for day in days)
