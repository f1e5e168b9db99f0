"""Days as people read them."""

from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(day: date) -> str:
    """
    Write a day for people, in English whatever the machine's language.

    >>> spoken(date(2026, 11, 2))
    'Mon 2 Nov 2026'
    """
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_short(day: date) -> str:
    """
    Write a day for people without its weekday.

    >>> spoken_short(date(2026, 11, 2))
    '2 Nov 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """
    Write a number with its noun.

    >>> counted(1, "child", "children"), counted(20, "working day")
    ('1 child', '20 working days')
    """
    return f"{number:,} {noun if abs(number) == 1 else plural or noun + 's'}"
