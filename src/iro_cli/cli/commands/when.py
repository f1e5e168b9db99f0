"""``when``: the due date of a timescale, which needs no store."""

import sys
from collections.abc import Iterable
from datetime import date

from iro_cli import library
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, write_blocks
from iro_cli.cli.results import results
from iro_cli.cli.settings import Settings, resolve
from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.lean import TYPE_CHECKING
from iro_cli.pages.workings import verdict, workings
from iro_cli.questions.when import due_dates, with_markers

if TYPE_CHECKING:
    from iro_cli.law.catalogue import Catalogue

# The longest line that is read, in characters, and the most lines.  A day needs a tenth of such a
# line, and there are fewer looked-after children in England than lines.
_LONGEST_LINE, _MOST_LINES = 200, 100_000


def additions(settings: Settings) -> tuple[BankHoliday, ...]:
    """Return the bank holidays that were added locally; the command also works without a store."""
    try:
        if not settings.store.exists():
            return ()
        with settings.store.reading() as reader:
            return reader.additions()
    except StoreError as error:
        say(f"iro: bank holidays added locally are left out: {error}")
        return ()


def typed_days(settings: Settings, texts: Iterable[str]) -> list[date]:
    """
    Read the days of ``when`` from the command line; ``-`` stands for one day a line from input.

    Raises:
        InputRefusedError: A line of standard input is not a day, or there are too many lines.
    """
    days: list[date] = []
    wrong: list[str] = []
    for text in texts:
        if text != "-":
            days.append(settings.day(text, "DATE"))
            continue
        lines = iter(lambda: sys.stdin.readline(_LONGEST_LINE), "")
        for number, line in enumerate(lines, start=1):
            if number > _MOST_LINES:
                raise InputRefusedError(
                    f"standard input has more than {_MOST_LINES:,} lines: ask in parts"
                )
            if not line.strip():
                continue
            try:
                days.append(read_date(line.strip()))
            except ValueError as error:
                wrong.append(f"standard input: line {number}: {line.strip()!r}: {error}")
    if wrong:
        raise InputRefusedError("\n".join(wrong))
    return days


def _parted(
    catalogue: "Catalogue", timescale: str, days: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Join the words of a timescale's name that were typed without quotes; return name and days."""
    if timescale in catalogue.rules:
        return timescale, days
    from iro_cli.facts.said import timescales_said  # noqa: PLC0415 - ids are mostly typed

    words = (timescale, *days)
    for number in range(len(words) - 1, 1, -1):
        name = " ".join(words[:number])
        if timescales_said(name, catalogue.rules):
            return name, words[number:]
    return timescale, days


def when_command(given: Given, timescale: str, days: tuple[str, ...], compare: bool) -> int:
    """
    Show when a timescale is due from each day, with the workings.

    Returns:
        The exit code.

    Raises:
        IroError: Whatever cannot be done.
    """
    settings = resolve(given)
    added = additions(settings)
    catalogue = library.catalogue(settings.nation, settings.packs, added)
    calendar = library.calendar(catalogue.calendar, added)
    timescale, days = _parted(catalogue, timescale, days)
    timescale = catalogue.get(timescale).id
    read = typed_days(settings, days)
    rules = [rule.id for rule in with_markers(catalogue, timescale)] if compare else [timescale]
    answers = [due_dates(catalogue, calendar, rule, read) for rule in rules]
    found = [one for together in zip(*answers, strict=True) for one in together]
    if settings.format == "table" and settings.output is None and len(read) == 1:
        blocks = [
            (f"{one.rule.title}: due by {spoken(one.due)}", workings(one, calendar.confirmed_to))
            for one in found
        ]
        write_blocks(blocks, results(), verdict(found) if compare else ())
    else:
        from iro_cli.pages.timescales import when_export  # noqa: PLC0415 - not for one date

        emit(when_export(answers, catalogue, settings.as_of, compare=compare), settings)
    return 0
