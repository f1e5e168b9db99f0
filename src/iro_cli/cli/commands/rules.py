"""``timescales``, ``watch`` and ``calendar``."""

import re
from datetime import date
from pathlib import Path

from iro_cli import library
from iro_cli.changes.rules import add_bank_holiday, remove_bank_holiday, unwatch, watch
from iro_cli.cli.commands.when import additions
from iro_cli.cli.options import Given
from iro_cli.cli.output import emit, filters_named, say, tell
from iro_cli.cli.settings import open_view, resolve
from iro_cli.cli.values import pack_file, plain_text
from iro_cli.clock import stamp
from iro_cli.dates.reading import in_known_years
from iro_cli.dates.words import spoken
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.figures.month import month_of
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.month import bank_holidays_export, month_export
from iro_cli.pages.timescales import timescales_export, watched_export
from iro_cli.questions.due import AskedDue, open_obligations


def _catalogue(given: Given) -> tuple[Catalogue, date]:
    settings = resolve(given)
    return (
        library.catalogue(settings.nation, settings.packs, additions(settings)),
        settings.as_of,
    )


def timescales_list(given: Given, coming: bool) -> int:
    """List every timescale with its limit and provision, or the changes of law that are to come."""
    catalogue, as_of = _catalogue(given)
    if coming:
        from iro_cli.pages.packs import coming_export  # noqa: PLC0415 - only when asked for

        rows = library.coming(catalogue.nation)
        emit(coming_export(rows, catalogue, as_of), resolve(given))
        return 0
    emit(timescales_export(catalogue, as_of, list(catalogue.rules.values())), resolve(given))
    return 0


def timescales_show(given: Given, timescale: str) -> int:
    """Show one timescale: what starts it, all its versions, and the words of the law."""
    catalogue, as_of = _catalogue(given)
    rules = [catalogue.rules[name] for name in catalogue.group(timescale)]
    emit(timescales_export(catalogue, as_of, rules, whole=True), resolve(given))
    return 0


def timescales_check(given: Given, packs: tuple[Path, ...]) -> int:
    """
    Check local packs, or those in use.

    If they have no mistakes, nothing is printed.
    """
    settings = resolve(given)
    named = tuple(pack_file(str(one)) for one in packs)
    library.catalogue(settings.nation, named or settings.packs)
    return 0


# ---------------------------------------------------------------- watch


def _list_watched(given: Given) -> int:
    settings = resolve(given)
    view = open_view(settings)
    emit(watched_export(view.catalogue, view.watched, view.as_of), settings)
    return 0


def watch_list(given: Given) -> int:
    """List every timescale, and whether it is shown."""
    return _list_watched(given)


def watch_add(given: Given, timescales: tuple[str, ...], begins: str) -> int:
    """
    Turn on timescales that are not shown by default.

    The name of a group turns all of its timescales on.

    Raises:
        InputRefusedError: A timescale is shown anyway, or only a local pack can turn it on.
    """
    settings = resolve(given)
    catalogue = library.catalogue(settings.nation, settings.packs)
    day = settings.day(begins, "--from")
    names = catalogue.to_be_watched(timescales)
    made = stamp(f"watch add {' '.join(timescales)} --from {day}")
    with settings.store.changing(made) as change:
        watch(change, names, day)
    tell(f"shown from now on, for clocks that start on or after {spoken(day)}: {', '.join(names)}")
    return 0


def watch_remove(given: Given, timescales: tuple[str, ...]) -> int:
    """Stop showing timescales that were turned on."""
    settings = resolve(given)
    names = library.catalogue(settings.nation, settings.packs).that_are_off(timescales)
    with settings.store.changing(stamp(f"watch remove {' '.join(timescales)}")) as change:
        unwatch(change, names)
    tell(f"no longer shown: {', '.join(names)}")
    return 0


# ---------------------------------------------------------------- calendar


def _list_calendar(given: Given, year: int | None) -> int:
    settings = resolve(given)
    added = additions(settings)
    catalogue = library.catalogue(settings.nation, settings.packs, added)
    calendar = library.calendar(catalogue.calendar, added)
    first, last = calendar.known_from.year, calendar.known_to.year
    if year is not None and not first <= year <= last:
        raise UsageError(f"--year {year}: bank holidays are known from {first} to {last}")
    years = [year] if year else [settings.as_of.year, settings.as_of.year + 1]
    emit(bank_holidays_export(calendar, added, years, catalogue, settings.as_of), settings)
    return 0


def calendar_list(given: Given, year: int | None) -> int:
    """List the bank holidays that fall on a weekday."""
    return _list_calendar(given, year)


def calendar_month(given: Given, month: str | None, iro: str | None, team: str | None) -> int:
    """Show a month's load: working days, bank holidays, what is due and booked on each day."""
    settings = resolve(given)
    first = _first_of(month, settings.as_of)
    view = open_view(settings)
    view.check_names(iro=iro, team=team)
    rows = open_obligations(view, AskedDue(everything=True, iro=iro, team=team))
    only = filters_named(view, iro=iro, team=team)
    days = month_of(rows, view.calendar, first)
    emit(month_export(days, view.catalogue, settings.as_of, only), settings)
    return 0


def _first_of(month: str | None, as_of: date) -> date:
    """
    Read a month, and return its first day.

    Raises:
        UsageError: It is not a month such as 2026-12, or of no known year.
    """
    if month is None:
        return as_of.replace(day=1)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month, re.ASCII) or month < "0001":
        raise UsageError(f"{month!r} is not a month: write it as 2026-12")
    return in_known_years(date.fromisoformat(f"{month}-01"), f"MONTH {month!r}")


def calendar_add(given: Given, day: str, name: str) -> int:
    """
    Add a bank holiday that was proclaimed after this version was made.

    A day on which only the council is closed is not a bank holiday.

    Raises:
        UsageError: The name is blank.
        InputRefusedError: The day is not a working day anyway.
    """
    settings = resolve(given)
    when, called = settings.day(day, "DATE"), plain_text(name, "--name")
    if called is None:
        raise UsageError("--name: say what it is, as it was proclaimed")
    calendar = library.calendar(library.national_pack(settings.nation).calendar)
    if not calendar.is_working_day(when):
        raise InputRefusedError(
            f"{spoken(when)} is not a working day anyway: there is nothing to add"
        )
    with settings.store.changing(stamp(f"calendar add {when}")) as change:
        add_bank_holiday(change, when, called)
    tell(f"added: {spoken(when)}, {called}; dates that count over it move by a working day")
    say(
        "iro: add only proclaimed bank holidays: a day on which the council is closed moves no date"
    )
    return 0


def calendar_remove(given: Given, day: str) -> int:
    """Remove a bank holiday that was added with ``calendar add``."""
    settings = resolve(given)
    when = settings.day(day, "DATE")
    with settings.store.changing(stamp(f"calendar remove {when}")) as change:
        name = remove_bank_holiday(change, when)
    tell(f"removed: {spoken(when)}, {name}")
    return 0
