"""The options every command takes, resolved: command line, then environment, then default."""

import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

from iro_cli import library
from iro_cli.cli.today import today
from iro_cli.dates.reading import read_day
from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import CalendarEndsError, UsageError
from iro_cli.store.location import store_path

# Files to open with another program, each written by a module of its own.
DOCUMENTS = ("xlsx", "html", "ics", "parquet")
FORMATS = ("table", "csv", "json", "jsonl", "markdown", *DOCUMENTS)
# These hold rows alone, so that what they say about themselves stands beside them.
_ROWS_ALONE = ("csv", "jsonl")
# Beyond these no listing means anything, and dates run out of the calendar.
_FIRST_YEAR, _LAST_YEAR = 1950, 2150
_CALENDAR = "england-and-wales"
# For dates that need no working day counted: reading the list of bank holidays takes time.
_EMPTY = WorkingCalendar("none", (), known_from=date.max, known_to=date.min, confirmed_to=date.min)


class Given(NamedTuple):
    """What was typed, before or after the command's name; ``None`` is nothing."""

    database: str | None = None
    as_of: str | None = None
    nation: str | None = None
    format: str | None = None
    output: str | None = None
    excel: bool | None = None
    pack: tuple[str, ...] | None = None
    strict: bool | None = None
    pseudonymise: bool | None = None
    about: bool | None = None

    def over(self, other: "Given | None") -> "Given":
        """Return these with what is missing taken from *other*."""
        if other is None:
            return self
        mine = {key: value for key, value in self._asdict().items() if value is not None}
        return other._replace(**mine)


class Settings(NamedTuple):
    """The same, resolved and checked."""

    database: Path
    as_of: date
    nation: str
    format: str
    output: Path | None
    excel: bool
    packs: tuple[Path, ...]
    strict: bool = False
    pseudonymise: bool = False
    about: bool = False


def day_of(text: str, option: str, on: date | None = None) -> date:
    """
    Read a day from the command line.

    Args:
        text: What was typed.
        option: Where, for the message.
        on: What ``today`` means; the day in London by default.

    Raises:
        UsageError: It is not a date.
    """
    relative = text.strip()[:1] in ("+", "-") or text.strip().casefold() == "today"
    try:
        return read_day(
            text,
            today=(on or today()) if relative else date.min,
            calendar=library.calendar(_CALENDAR) if relative and "wd" in text else _EMPTY,
        )
    except (ValueError, CalendarEndsError) as error:
        raise UsageError(f"{option} {text!r}: {error}") from None


def expanded(text: str) -> Path:
    """
    Return a path with ``~`` as the user's folder.

    Raises:
        UsageError: There is no such user.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"{text!r}: there is no such user") from None


def local_packs(given: tuple[str, ...] | None) -> tuple[Path, ...]:
    """Return the local packs named by ``--pack``, or by ``IRO_PACKS``."""
    if given:
        return tuple(expanded(one) for one in given)
    named = os.environ.get("IRO_PACKS", "")
    return tuple(expanded(one) for one in named.split(os.pathsep) if one)


def resolve(given: Given) -> Settings:
    """
    Resolve what was typed against the environment and the defaults.

    Raises:
        UsageError: A value is not one of those allowed.
        StoreError: The database is of a kind this version does not write.
    """
    environment = os.environ
    as_of = given.as_of or environment.get("IRO_AS_OF") or None
    nation = given.nation or environment.get("IRO_NATION") or "england"
    if nation not in library.NATIONS:
        raise UsageError(f"--nation {nation!r}: one of {', '.join(library.NATIONS)}")
    form = given.format or "table"
    if form not in FORMATS:
        raise UsageError(f"--format {form!r}: one of {', '.join(FORMATS)}")
    if given.excel and form != "csv":
        raise UsageError("--excel goes with --format csv")
    if given.about and not (form in _ROWS_ALONE and given.output and given.output != "-"):
        raise UsageError(
            "--about goes with --format csv or jsonl and --output FILE: the other forms say it "
            "themselves"
        )
    day = day_of(as_of, "--as-of") if as_of else today()
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UsageError(f"--as-of {as_of!r}: a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return Settings(
        store_path(given.database or environment.get("IRO_DATABASE")),
        day,
        nation,
        form,
        expanded(given.output) if given.output else None,
        bool(given.excel),
        local_packs(given.pack),
        bool(given.strict),
        bool(given.pseudonymise),
        bool(given.about),
    )
