"""``book`` and ``unbook``."""

from collections.abc import Sequence
from datetime import date

from iro_cli import library
from iro_cli.changes.booking import Wanted, book, booked_as, timescale_meant, unbook
from iro_cli.cli.options import Given
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import plain_text, time_of
from iro_cli.clock import stamp
from iro_cli.dates.natural import is_weekday
from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.questions.naming import child_named

# The most words in a day: `Wed 2 Dec 2026` has four.
_LONGEST_DAY = 4


def _said(reason: str | None) -> str:
    return f" --reason '{reason}'" if reason else ""


def _ends_in_day(settings: Settings, words: Sequence[str]) -> tuple[int, date] | None:
    """Return how many of the last words are a day, and the day; ``None`` if none of them is."""
    for number in range(min(_LONGEST_DAY, len(words)), 0, -1):
        try:
            day = settings.day(" ".join(words[-number:]), "DATE", "ahead")
        except UsageError:
            continue
        if number < len(words) and is_weekday(words[-number - 1]):
            # `Tue 2 Dec 2026` is refused, as that day is a Wednesday.  Without its weekday it would
            # be accepted, so the words are read once more with it, which raises the error.
            settings.day(" ".join(words[-number - 1 :]), "DATE", "ahead")
        return number, day
    return None


def _read(settings: Settings, words: Sequence[str]) -> tuple[str | None, date, str | None]:
    """
    Read a timescale that may be left out, a day, and a time that may be left out.

    Raises:
        UsageError: There is no day in it, or the words after the day are not a time.
    """
    words, time = " ".join(words).split(), None
    if not words:
        raise UsageError("DATE is blank: give a day")
    found = _ends_in_day(settings, words)
    if found is None:
        words, last = words[:-1], words[-1]
        found = _ends_in_day(settings, words)
        if found is None:
            # A word that begins with a digit begins a mistyped day, because the name of a timescale
            # does not begin with one.  Reading that day again gives the error to show.
            words = [*words, last]
            begins = [place for place, one in enumerate(words) if one[:1].isdigit()]
            if not begins:
                raise UsageError(f"DATE: which day? {' '.join(words)!r} has none")
            return None, settings.day(" ".join(words[begins[0] :]), "DATE", "ahead"), None
        time = time_of(last, "TIME")
    number, day = found
    return " ".join(words[:-number]) or None, day, time


def book_command(
    given: Given,
    child: str,
    words: tuple[str, ...],
    reason: str | None,
    started: str | None,
) -> int:
    """Book the meeting for an open timescale, or move it to another day."""
    settings = resolve(given)
    timescale, on, time = _read(settings, words)
    why = plain_text(reason, "--reason")
    begun = settings.day(started, "--from", "past") if started else None
    with settings.store.changing(stamp("book")) as change:
        child = child_named(change, child)
        view = open_view(settings, change)
        meant = timescale_meant(view, child, timescale, on)
        change.stamp = stamp(f"book {child} {meant} {on}{_said(why)}")
        warnings = book(change, view, Wanted(child, meant, on, time, why, begun))
    for warning in warnings:
        say(f"iro: {warning}")
    at = f" at {time}" if time else ""
    tell(f"booked: {meant} of {child} on {spoken(on)}{at}")
    return 0


def unbook_command(
    given: Given,
    child: str,
    timescale: tuple[str, ...],
    reason: str | None,
    started: str | None,
) -> int:
    """
    Take a booking back.

    The reason is kept in the history.
    """
    settings = resolve(given)
    why = plain_text(reason, "--reason")
    begun = settings.day(started, "--from", "past") if started else None
    rules = library.catalogue(settings.nation, settings.packs)
    with settings.store.changing(stamp("unbook")) as change:
        child = child_named(change, child)
        what = booked_as(change, rules, child, " ".join(timescale) or None)
        change.stamp = stamp(f"unbook {child} {what}{_said(why)}")
        taken = unbook(change, rules, child, what, begun)
    tell(f"no longer booked: {what} of {child} on {spoken(taken.on)}")
    return 0
