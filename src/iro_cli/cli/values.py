"""Read the days, times and other values that are typed on the command line."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
from datetime import date

from iro_cli import library
from iro_cli.cli.configuration import configured
from iro_cli.dates.reading import read_day, read_period
from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import CalendarEndsError, UsageError
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.cli.configuration import Configuration
    from iro_cli.dates.natural import Side
    from iro_cli.questions.view import Horizon

_CALENDAR = "england-and-wales"
# For days that need no working days counted, because reading the bank holidays takes time.
_EMPTY = WorkingCalendar("none", (), known_from=date.max, known_to=date.min, confirmed_to=date.min)
_LONGEST = 2000


def day_of(text: str, option: str, today: date, side: Side = "") -> date:
    """
    Read a day.

    Args:
        text: What was typed.
        option: The name of the option, for the message.
        today: The day that ``today`` means, and that ``-7d`` counts from.
        side: On which side of today a weekday is looked for; see :mod:`iro_cli.dates.natural`.

    Raises:
        UsageError: It is not a date.
    """
    counted = text.strip()[:1] in ("+", "-")
    try:
        return read_day(
            text,
            today=today,
            calendar=library.calendar(_CALENDAR) if counted and "wd" in text else _EMPTY,
        )
    except (ValueError, CalendarEndsError) as error:
        wrong: Exception = error
    if not counted:
        from iro_cli.dates.natural import (  # noqa: PLC0415 - dates are mostly written
            is_part,
            read_spoken,
        )

        try:
            found = read_spoken(text, today, side)
        except (ValueError, OverflowError) as error:
            found, wrong = None, error
        if found is not None:
            return found
        if is_part(text):
            wrong = ValueError(f"{wrong}; put a day of several words in quotes, as '2 nov'")
    raise UsageError(f"{option} {text!r}: {wrong}")


def is_relative(text: str) -> bool:
    """Say whether a day is typed as a word or in part, such as ``today``, not as a whole date."""
    return not (text[:1].isdigit() and any(sign in text for sign in "-/"))


def horizon_of(text: str | None, option: str = "--within") -> Horizon:
    """
    Read how far ahead to look.

    Args:
        text: What was typed; ``None`` if nothing was.
        option: The name of the option, for the message.

    Raises:
        UsageError: It is not a length of time.
    """
    from iro_cli.questions.view import Horizon  # noqa: PLC0415 - completion reads packs only

    if text is None:
        return Horizon()
    try:
        return Horizon(*read_period(text.strip().removeprefix("+")))
    except ValueError as error:
        raise UsageError(f"{option} {text!r}: {error}") from None


def path_of(text: str) -> Path:
    """
    Read a path, with ``~`` as the user's folder.

    Raises:
        UsageError: There is no such user.
    """
    from pathlib import Path  # noqa: PLC0415 - not where no file is named

    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"{text!r}: there is no such user") from None


def local_packs(
    given: tuple[str, ...] | None, nation: str, found: Configuration | None = None
) -> tuple[str, ...]:
    """
    Return the files of the local packs from ``--pack``, ``IRO_PACKS`` or the configuration.

    The first of the three that names any counts.  Configured packs belong to the law of the
    configured nation, so a question about another nation leaves them out.
    """
    if given:
        return tuple(pack_file(one) for one in given)
    environment = [one for one in os.environ.get("IRO_PACKS", "").split(os.pathsep) if one]
    if environment:
        return tuple(pack_file(one) for one in environment)
    configuration = configured() if found is None else found
    if nation != configuration.get("nation", "england"):
        return ()
    return tuple(pack_file(one) for one in configuration.get("packs", ()))


def pack_file(text: str) -> str:
    """
    Return the file of a local pack, from a path or from the name of one that ships.

    Raises:
        UsageError: The path begins with a user who does not exist.
    """
    path = library.pack_file(text)
    if path.startswith("~"):
        raise UsageError(f"{text!r}: there is no such user")
    return path


def pack_named(text: str) -> Path:
    """Return the file of a local pack as a path."""
    from pathlib import Path  # noqa: PLC0415 - the daily check does without

    return Path(pack_file(text))


def plain_text(text: str | None, option: str) -> str | None:
    """
    Return text without spaces around it, or ``None`` if it is blank.

    Raises:
        UsageError: It has control codes, or is too long.
    """
    if text is None or not text.strip():
        return None
    if any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text):
        raise UsageError(f"{option}: the text holds control codes; write it without them")
    if len(text) > _LONGEST:
        raise UsageError(f"{option}: at most {_LONGEST:,} characters, this has {len(text):,}")
    return text.strip()


# Hours of one digit that surely mean the morning: nobody meets at 8 or 9 in the evening.
_MORNING = ("8", "9")


def time_of(text: str | None, option: str) -> str | None:
    """
    Return a time of day such as 14:30 or 09:30, or ``None`` if there is none.

    Args:
        text: What was typed; 9:30 means 09:30, but 2:30 may also mean the afternoon.
        option: The name of the option, for the message.

    Raises:
        UsageError: It is not a time of the 24-hour clock with a colon, or could be two times.
    """
    if not text:
        return None
    hour, colon, minute = text.partition(":")
    digits = all(one.isascii() and one.isdigit() for one in (hour, minute))
    sized = len(hour) in (1, 2) and len(minute) == 2
    if not (colon and digits and sized) or int(hour) > 23 or int(minute) > 59:
        raise UsageError(f"{option} {text!r}: write it as 14:30 or 09:30")
    if len(hour) == 1 and hour not in _MORNING:
        raise UsageError(
            f"{option} {text!r}: {int(hour):02}:{minute} or {int(hour) + 12}:{minute}? Write "
            "the hour with two digits"
        )
    return f"{int(hour):02}:{minute}"


def identifier(text: str) -> str:
    """
    Return a child's id without spaces around it.

    Raises:
        UsageError: It is blank, or has control codes.
    """
    found = plain_text(text, "CHILD")
    if found is None:
        raise UsageError("CHILD: the id is blank")
    return found
