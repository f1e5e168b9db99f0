"""The daily check: what both the quick path and the Typer commands call."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from iro_cli import library
from iro_cli.cli.output import emit, is_terminal, say, write_blocks
from iro_cli.cli.settings import Given, Settings, day_of, resolve
from iro_cli.dates.reading import read_date, read_period
from iro_cli.dates.words import spoken
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError, StoreError, UsageError
from iro_cli.forms.sheet import Diary
from iro_cli.law.catalogue import nearest
from iro_cli.obligations.listing import OVERDUE, DueRow
from iro_cli.pages.due import due_sheet, unseen
from iro_cli.questions.due import Asked, listed
from iro_cli.questions.view import Horizon, View
from iro_cli.questions.when import (
    comparison,
    due_dates,
    verdict,
    workings,
)
from iro_cli.store.location import exists

FINDINGS_EXIT_CODE = 10


class DueOptions(NamedTuple):
    """What ``due`` and ``overdue`` take besides the options of every command."""

    within: str | None = None
    everything: bool = False
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    child: str | None = None
    unbooked: bool = False
    watched: str | None = None
    exit_code: bool = False
    labels: bool = False
    timescales: tuple[str, ...] = ()


def open_view(settings: Settings) -> View:
    """Open the store and the rules that the settings name."""
    return View(
        settings.database,
        nation=settings.nation,
        as_of=settings.as_of,
        packs=settings.packs,
        strict=settings.strict,
    )


def watched_all(value: str | None) -> bool:
    """
    Read ``--watched all``.

    Raises:
        UsageError: It says anything else.
    """
    if value not in (None, "all"):
        raise UsageError(f"--watched {value!r}: `all`, or leave it out")
    return value == "all"


def horizon_of(text: str | None) -> Horizon:
    """
    Read ``--within``.

    Raises:
        UsageError: It is no length of time.
    """
    if text is None:
        return Horizon()
    try:
        return Horizon(*read_period(text.strip().removeprefix("+")))
    except ValueError as error:
        raise UsageError(f"--within {text!r}: {error}") from None


def check_names(view: View, options: DueOptions) -> None:
    """Refuse a filter that names nobody: an empty list would look like good news."""
    if options.process is not None and options.process not in view.catalogue.processes:
        raise UsageError(
            f"--process {options.process!r}: one of {', '.join(view.catalogue.processes)}"
        )
    for option, value, kind in (("--iro", options.iro, "iro"), ("--team", options.team, "team")):
        if value is None:
            continue
        known = view.reader.teams() if kind == "team" else view.reader.names("iro")
        if value.casefold() not in {one.casefold() for one in known}:
            raise InputRefusedError(
                f"{option} {value!r}: no child is allocated to that name{nearest(value, known)}"
            )


def timescales_of(view: View, options: DueOptions) -> frozenset[str] | None:
    """
    Return the timescales that were asked for, by id or by group; ``None`` for all.

    Raises:
        InputRefusedError: There is none of that name, or it is not shown: an empty
            list would look like good news.
    """
    if not options.timescales:
        return None
    found: set[str] = set()
    for name in options.timescales:
        ids, rules = view.catalogue.group(name), view.catalogue.rules
        on = [one for one in ids if view.catalogue.is_shown(rules[one]) or one in view.watched]
        if not on and not watched_all(options.watched):
            raise InputRefusedError(
                f"--timescale {name}: not shown, because nobody turned it on; `iro watch add "
                f"{name} --from DATE` does, and --watched all shows everything once"
            )
        found.update(ids)
    return frozenset(found)


def check_labels(options: DueOptions, settings: Settings) -> None:
    """
    Refuse labels where there is nothing they would be shown in.

    Raises:
        UsageError: The listing is no calendar, or its ids are pseudonyms.
    """
    if options.labels and settings.format != "ics":
        raise UsageError("--labels goes with --format ics")
    if options.labels and settings.pseudonymise:
        raise UsageError("--labels does not go with --pseudonymise: a label tells whose it is")


def diary(view: View, rows: list[DueRow], *, labels: bool) -> Callable[[], Diary]:
    """
    Return what makes the entries of a calendar, once they are asked for.

    Args:
        view: The store.
        rows: The open obligations.
        labels: Whether the children's labels are shown.
    """

    def made() -> Diary:
        from iro_cli.pages.diary import diary_of  # noqa: PLC0415 - only for a calendar

        children = view.reader.children() if labels else {}
        shown = {child.child_id: child.label for child in children.values() if child.label}
        return diary_of(rows, view.reader.bookings(), shown, view.reader.last_change())

    return made


def due(given: Given, options: DueOptions, *, only_overdue: bool = False) -> int:
    """
    Show what is open, or only what is overdue.

    Returns:
        The exit code.

    Raises:
        IroError: Whatever cannot be done.
    """
    settings = resolve(given)
    horizon, everything = horizon_of(options.within), watched_all(options.watched)
    check_labels(options, settings)
    view = open_view(settings)
    check_names(view, options)
    found = listed(
        view,
        Asked(
            within=horizon,
            everything=options.everything or only_overdue,
            iro=options.iro,
            team=options.team,
            process=options.process,
            child=options.child,
            unbooked=options.unbooked,
            watched_all=everything,
            only_overdue=only_overdue,
            timescales=timescales_of(view, options),
        ),
    )
    rows = found.rows
    if not only_overdue and options.child is None:
        _glance(rows, settings)
    sheet = due_sheet(
        rows,
        view.catalogue,
        settings.as_of,
        within=horizon.words(),
        silent=only_overdue,
        without_date=found.left_out.get("without_date", 0),
    )
    about_it = {**sheet.about, "left_out": found.left_out}
    emit(sheet._replace(about=about_it, diary=diary(view, rows, labels=options.labels)), settings)
    hidden = found.left_out.get("without_date", 0)
    if settings.strict and hidden and not rows:
        # Nothing overdue is nothing to print; but here --strict itself took the dates away.
        say(f"iro: {unseen(hidden)}")
    late = any(row.status == OVERDUE for row in rows)
    return FINDINGS_EXIT_CODE if options.exit_code and late else 0


def _glance(rows: list[DueRow], settings: Settings) -> None:
    """Say on a terminal what to do first; what is piped stays the list alone."""
    if (
        settings.format != "table"
        or settings.output
        or settings.pseudonymise
        or not is_terminal(sys.stdout)
    ):
        return
    from iro_cli.pages.glance import today_first  # noqa: PLC0415 - only on a terminal

    lines = today_first(rows, settings.as_of)
    if lines:
        write_blocks([("Today first", lines)], sys.stdout)
        sys.stdout.write("\n")


def additions(settings: Settings) -> tuple[BankHoliday, ...]:
    """Return the bank holidays added locally, where there is a store; none is needed."""
    from iro_cli.store.reading import Reader  # noqa: PLC0415 - only where there is a store

    try:
        if not exists(settings.database):
            return ()
        return Reader(settings.database).additions()
    except StoreError as error:
        say(f"iro: bank holidays added locally are left out: {error}")
        return ()


def _typed_days(texts: Iterable[str]) -> list[date]:
    """Read the days of ``when``: from the command line, or one a line where it is ``-``."""
    days: list[date] = []
    wrong: list[str] = []
    for text in texts:
        if text != "-":
            days.append(day_of(text, "DATE"))
            continue
        for number, line in enumerate(sys.stdin, start=1):
            if not line.strip():
                continue
            try:
                days.append(read_date(line.strip()))
            except ValueError as error:
                wrong.append(f"standard input: line {number}: {line.strip()!r}: {error}")
    if wrong:
        raise InputRefusedError("\n".join(wrong))
    return days


def when(given: Given, timescale: str, days: Iterable[str], *, compare: bool = False) -> int:
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
    catalogue.get(timescale)
    read = _typed_days(days)
    rules = [rule.id for rule in comparison(catalogue, timescale)] if compare else [timescale]
    answers = [due_dates(catalogue, calendar, rule, read) for rule in rules]
    found = [one for together in zip(*answers, strict=True) for one in together]
    if settings.format == "table" and settings.output is None and len(read) == 1:
        blocks = [
            (f"{one.rule.title}: due by {spoken(one.due)}", workings(one, calendar))
            for one in found
        ]
        write_blocks(blocks, sys.stdout, verdict(found) if compare else ())
    else:
        from iro_cli.pages.timescales import when_sheet  # noqa: PLC0415 - not for one date

        emit(when_sheet(answers, catalogue, settings.as_of, compare=compare), settings)
    return 0
