"""Write days and moments as people read them."""

from datetime import date, datetime

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def spoken(day: date) -> str:
    """
    Write a day for people, in English whatever the machine's language.

    >>> spoken(date(2026, 11, 2))
    'Mon 2 Nov 2026'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_short(day: date) -> str:
    """
    Write a day for people without its weekday.

    >>> spoken_short(date(2026, 11, 2))
    '2 Nov 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def spoken_moment(at: str) -> str:
    """
    Write a moment for people, in London time.

    >>> spoken_moment("2026-07-01T22:30:00Z"), spoken_moment("2026-11-02T09:00:00Z")
    ('2026-07-01 23:30:00', '2026-11-02 09:00:00')

    Args:
        at: The moment as it is stored, in UTC; a text that is no moment is returned as it is.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - finding the time zones takes long

    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return moment.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%d %H:%M:%S")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """
    Write a number with its noun.

    >>> counted(1, "child", "children"), counted(20, "working day")
    ('1 child', '20 working days')
    """
    return f"{number:,} {noun if abs(number) == 1 else plural or noun + 's'}"
