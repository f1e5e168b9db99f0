"""Look at the clock, and find out who makes a change; no other module does either."""

from datetime import UTC, date, datetime

from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_cli.store.changing import Stamp


# London keeps UTC or is one hour ahead.  So only in the last hour of a day in UTC may it be the
# next day in London.
_LAST_HOUR = 23


def london_day(moment: datetime) -> date:
    """
    Return the day in London at a moment.

    Args:
        moment: The moment, in UTC.
    """
    if moment.hour < _LAST_HOUR:
        return moment.date()
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - finding the time zones takes long

    return moment.astimezone(ZoneInfo("Europe/London")).date()


def today() -> date:
    """
    Return today's date in London, wherever the machine is.

    In summer, a server that keeps UTC is a day behind London from midnight to one o'clock.
    """
    return london_day(datetime.now(UTC))


def now() -> str:
    """Return the time now in UTC, to the second, as it is stored."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user() -> str:
    """Return the name of the account that runs the program."""
    import getpass  # noqa: PLC0415 - not for what only reads

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in a container
        return "unknown"


def stamp(command: str) -> "Stamp":
    """
    Return the stamp of a change that is made now by the user of the program.

    Args:
        command: The command in words, for the history.
    """
    from iro_cli.store.changing import Stamp  # noqa: PLC0415 - not for what only reads

    return Stamp(now(), user(), command)
