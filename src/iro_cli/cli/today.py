"""The one place that looks at the clock."""

from datetime import UTC, date, datetime


def today() -> date:
    """
    Return the day it is in London, wherever the machine is.

    A server that keeps UTC is a day behind from midnight to one in summer.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - not needed where --as-of is given

    return datetime.now(ZoneInfo("Europe/London")).date()


def now() -> str:
    """Return the moment in UTC, to the second, as the history shows it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
