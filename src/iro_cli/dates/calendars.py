"""Bank-holiday lists, from the data that ships to a calendar."""

from datetime import date

from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.lean import Any


def calendar_from(data: dict[str, Any]) -> WorkingCalendar:
    """
    Build a calendar from a bank-holiday list.

    Args:
        data: ``name``, ``known_from``, ``known_to``, ``confirmed_to`` (ISO
            dates, inclusive) and ``days``, pairs of ISO date and name.
    """
    read = date.fromisoformat
    return WorkingCalendar(
        data["name"],
        [BankHoliday(read(day), name) for day, name in data["days"]],
        known_from=read(data["known_from"]),
        known_to=read(data["known_to"]),
        confirmed_to=read(data["confirmed_to"]),
    )
