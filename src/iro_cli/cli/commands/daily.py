"""``due``, ``overdue`` and ``when``: the daily check."""

import sys
from collections.abc import Callable, Iterable
from datetime import date

from iro_cli import library
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, say, write_blocks
from iro_cli.cli.settings import Settings, open_view, resolve
from iro_cli.cli.values import day_of, horizon_of
from iro_cli.dates.reading import read_date
from iro_cli.dates.words import spoken
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError, StoreError, UsageError
from iro_cli.forms import is_terminal
from iro_cli.forms.listing import Appointments
from iro_cli.obligations.listing import OVERDUE, DueRow
from iro_cli.pages.due import due_export, unseen
from iro_cli.questions.due import AskedDue, listed
from iro_cli.questions.view import View
from iro_cli.questions.when import (
    comparison,
    due_dates,
    verdict,
    workings,
)
from iro_cli.store.location import exists
from iro_cli.store.reading import Reader

FINDINGS_EXIT_CODE = 10


def check_labels(settings: Settings, *, labels: bool) -> None:
    """
    Refuse labels where there is nothing they would be shown in.

    Raises:
        UsageError: The listing is no calendar, or its ids are pseudonyms.
    """
    if labels and settings.format != "ics":
        raise UsageError("--labels goes with --format ics")
    if labels and settings.pseudonymise:
        raise UsageError("--labels does not go with --pseudonymise: a label tells whose it is")


def appointments(view: View, rows: list[DueRow], *, labels: bool) -> Callable[[], Appointments]:
    """
    Return what makes the entries of a calendar, once they are asked for.

    Args:
        view: The store.
        rows: The open obligations.
        labels: Whether the children's labels are shown.
    """

    def made() -> Appointments:
        from iro_cli.pages.appointments import appointments_of  # noqa: PLC0415 - for a calendar

        children = view.reader.children() if labels else {}
        shown = {child.child_id: child.label for child in children.values() if child.label}
        return appointments_of(rows, view.reader.bookings(), shown, view.reader.last_change())

    return made


def due(
    given: Given,
    within: str | None,
    everything: bool,
    iro: str | None,
    team: str | None,
    process: str | None,
    child: str | None,
    unbooked: bool,
    watched: str | None,
    exit_code: bool,
    labels: bool,
    timescales: tuple[str, ...],
) -> int:
    """
    Show what is open.

    Returns:
        The exit code.

    Raises:
        IroError: Whatever cannot be done.
    """
    settings = resolve(given)
    asked = AskedDue(
        within=horizon_of(within),
        everything=everything,
        iro=iro,
        team=team,
        process=process,
        child=child,
        timescales=timescales,
        unbooked=unbooked,
        watched_all=watched is not None,
    )
    return _list(settings, asked, labels=labels, exit_code=exit_code)


def overdue(
    given: Given,
    iro: str | None,
    team: str | None,
    process: str | None,
    child: str | None,
    unbooked: bool,
    watched: str | None,
    exit_code: bool,
    labels: bool,
    timescales: tuple[str, ...],
    per_iro_folder: str | None,
) -> int:
    """
    Show only what is overdue, or write it into a folder.

    Returns:
        The exit code.

    Raises:
        IroError: Whatever cannot be done.
    """
    asked = AskedDue(
        iro=iro,
        team=team,
        process=process,
        child=child,
        timescales=timescales,
        unbooked=unbooked,
        watched_all=watched is not None,
        only_overdue=True,
    )
    if per_iro_folder is not None:
        from iro_cli.cli.per_iro import overdue_per_iro  # noqa: PLC0415 - a slow path of its own

        return overdue_per_iro(given, asked, per_iro_folder, labels=labels, exit_code=exit_code)
    return _list(resolve(given), asked, labels=labels, exit_code=exit_code)


def _list(settings: Settings, asked: AskedDue, *, labels: bool, exit_code: bool) -> int:
    check_labels(settings, labels=labels)
    view = open_view(settings)
    view.check_names(iro=asked.iro, team=asked.team, process=asked.process)
    found = listed(view, asked)
    rows, hidden = found.rows, found.left_out.get("without_date", 0)
    if not asked.only_overdue and asked.child is None:
        _glance(rows, settings)
    export = due_export(
        rows,
        view.catalogue,
        settings.as_of,
        within=asked.within.words(),
        silent=asked.only_overdue,
        left_out=found.left_out,
    )
    emit(export._replace(appointments=appointments(view, rows, labels=labels)), settings)
    if settings.strict and hidden and not rows:
        # Nothing overdue is nothing to print; but here --strict itself took the dates away.
        say(f"iro: {unseen(hidden)}")
    late = any(row.status == OVERDUE for row in rows)
    return FINDINGS_EXIT_CODE if exit_code and late else 0


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


def when(given: Given, timescale: str, days: tuple[str, ...], compare: bool) -> int:
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
        from iro_cli.pages.timescales import when_export  # noqa: PLC0415 - not for one date

        emit(when_export(answers, catalogue, settings.as_of, compare=compare), settings)
    return 0
