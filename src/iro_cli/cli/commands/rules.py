"""``timescales``, ``watch`` and ``calendar``."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from iro_cli import library
from iro_cli.changes.managing import add_bank_holiday, remove_bank_holiday, unwatch, watch
from iro_cli.cli import completion
from iro_cli.cli.daily import DueOptions, additions, check_names, open_view
from iro_cli.cli.options import with_common
from iro_cli.cli.output import emit, say, tell
from iro_cli.cli.settings import Given, day_of, resolve
from iro_cli.cli.stamp import stamp
from iro_cli.cli.text import plain_text
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.errors import InputRefusedError, PackError, UsageError
from iro_cli.figures.month import month_of
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED, Rule, Version
from iro_cli.pages.listings import about
from iro_cli.questions.due import Asked, open_obligations
from iro_cli.store.location import check_file

app = typer.Typer(rich_markup_mode=None)
timescales_app = typer.Typer(
    rich_markup_mode=None, invoke_without_command=True, help="List, show and check the timescales."
)
watch_app = typer.Typer(
    rich_markup_mode=None, invoke_without_command=True, help="Say which timescales are shown."
)
calendar_app = typer.Typer(
    rich_markup_mode=None, invoke_without_command=True, help="The bank holidays used."
)
app.add_typer(timescales_app, name="timescales")
app.add_typer(watch_app, name="watch")
app.add_typer(calendar_app, name="calendar")

TimescaleArgument = Annotated[
    str, typer.Argument(metavar="TIMESCALE", autocompletion=completion.timescales)
]
TimescaleArguments = Annotated[
    list[str], typer.Argument(metavar="TIMESCALE...", autocompletion=completion.timescales)
]

TIMESCALE_FIELDS = (
    "timescale",
    "title",
    "process",
    "starts",
    "limit",
    "met_by",
    "watched",
    "strength",
    "in_force_from",
    "in_force_to",
    "checked",
    "authority",
    "provision",
    "words",
    "url",
    "note",
)


def _starts(rule: Rule) -> str:
    if rule.beside:
        return f"with {rule.beside}"
    words = [one.event for one in rule.trigger.event]
    words += [f"the meeting of {name}" for name in rule.trigger.held]
    words += [f"the meeting booked for {name} (counted back)" for name in rule.trigger.booked]
    return " or ".join(words)


def _timescale(rule: Rule, version: Version) -> tuple[object, ...]:
    citation = version.citations[0]
    return (
        rule.id,
        rule.title,
        rule.process,
        _starts(rule),
        version.words(),
        tuple(match.event for match in rule.met_by),
        rule.watched,
        rule.strength,
        version.in_force_from,
        version.in_force_to,
        version.checked,
        citation.instrument,
        citation.provision,
        citation.quote,
        citation.seen_in or citation.url,
        version.note,
    )


def _catalogue(given: Given) -> tuple[Catalogue, date]:
    settings = resolve(given)
    return (
        library.catalogue(settings.nation, settings.packs, additions(settings)),
        settings.as_of,
    )


def _timescales_sheet(catalogue: Catalogue, as_of: date, rules: list[Rule]) -> Sheet:
    shown = [(rule, version) for rule in rules for version in rule.versions]

    def tables() -> list[Table]:
        columns = (
            Column("Timescale"),
            Column("Limit"),
            Column("Provision"),
            Column("Shown"),
            Column("In force from", from_width=110),
            Column("Checked", from_width=130),
        )
        lines = [
            Line(
                (
                    rule.id,
                    version.words() + ("*" if version.checked == "recalled" else ""),
                    version.citations[0].provision,
                    "yes" if catalogue.is_shown(rule) else "no",
                    spoken_short(version.in_force_from)
                    + (f" to {spoken_short(version.in_force_to)}" if version.in_force_to else ""),
                    version.checked,
                )
            )
            for rule, version in shown
        ]
        notes = (
            f"* {CHECKED['recalled']}",
            "`iro timescales show TIMESCALE` gives words and source",
        )
        return [
            Table(f"{counted(len(rules), 'timescale')}, {catalogue.nation}", columns, lines, notes)
        ]

    records = [_timescale(rule, version) for rule, version in shown]
    return Sheet(TIMESCALE_FIELDS, records, about(catalogue, as_of), tables, name="Timescales")  # type: ignore[arg-type]


@timescales_app.callback()
@with_common
def timescales_root(given: Given, context: typer.Context) -> int:
    """List, show and check the timescales, with their law."""
    context.obj = given
    return _list_timescales(given) if context.invoked_subcommand is None else 0


def _list_timescales(given: Given) -> int:
    catalogue, as_of = _catalogue(given)
    emit(_timescales_sheet(catalogue, as_of, list(catalogue.rules.values())), resolve(given))
    return 0


@timescales_app.command("list")
@with_common
def timescales_list(given: Given) -> int:
    """List every timescale with its limit and provision."""
    return _list_timescales(given)


@timescales_app.command("show")
@with_common
def timescales_show(given: Given, timescale: TimescaleArgument) -> int:
    """Show one timescale: what starts it, every version, the words it rests on."""
    catalogue, as_of = _catalogue(given)
    rules = [catalogue.rules[name] for name in catalogue.group(timescale)]
    sheet = _timescales_sheet(catalogue, as_of, rules)

    def tables() -> list[Table]:
        found = []
        for record in sheet.records:
            labels = zip(TIMESCALE_FIELDS[2:], record[2:], strict=True)
            lines = [
                Line((label.replace("_", " "), _words(label, value)))
                for label, value in labels
                if value is not None
            ]
            found.append(Table(f"{record[0]}: {record[1]}", (Column(""), Column("")), lines))
        return found

    emit(sheet._replace(tables=tables), resolve(given))
    return 0


def _words(label: str, value: object) -> str:
    if isinstance(value, date):
        return spoken_short(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if label == "checked":
        return f"{value}{': ' + CHECKED[str(value)] if CHECKED[str(value)] else ''}"
    return str(value)


@timescales_app.command("check")
@with_common
def timescales_check(
    given: Given,
    packs: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE]...", help="Local packs to check.")
    ] = None,
) -> int:
    """Check local packs, or those in use; silent when all is well."""
    settings = resolve(given)
    named = [Path(one) for one in packs or ()] or list(settings.packs)
    problems: list[str] = []
    for path in named:
        try:
            library.local_pack(path)
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(problems)
    library.catalogue(settings.nation, named)
    return 0


# ---------------------------------------------------------------- watch


@watch_app.callback()
@with_common
def watch_root(given: Given, context: typer.Context) -> int:
    """Say which timescales are shown."""
    context.obj = given
    return _list_watched(given) if context.invoked_subcommand is None else 0


def _list_watched(given: Given) -> int:
    settings = resolve(given)
    view = open_view(settings)
    records: list[tuple[str, str, str | None]] = []
    for rule in view.catalogue.rules.values():
        if view.catalogue.is_shown(rule):
            state, begins = "always", None
        elif rule.id in view.watched:
            state, begins = "from", view.watched[rule.id].isoformat()
        else:
            state, begins = "off", None
        records.append((rule.id, state, begins))

    def tables() -> list[Table]:
        lines = [
            Line((name, f"from {spoken(date.fromisoformat(begins))}" if begins else state))
            for name, state, begins in records
        ]
        return [Table("Timescales shown", (Column("Timescale"), Column("Shown")), lines)]

    fields = ("timescale", "shown", "from")
    emit(
        Sheet(fields, records, about(view.catalogue, view.as_of), tables, name="Watched"), settings
    )
    return 0


@watch_app.command("list")
@with_common
def watch_list(given: Given) -> int:
    """List every timescale, and whether it is shown."""
    return _list_watched(given)


def _expanded(catalogue: Catalogue, names: list[str]) -> list[str]:
    """Return the ids that are meant; of a group those that can be turned on, where any can."""
    found: list[str] = []
    for name in names:
        group = catalogue.group(name)
        found += [one for one in group if catalogue.rules[one].watched == "no"] or group
    return found


@watch_app.command("add")
@with_common
def watch_add(
    given: Given,
    timescales: TimescaleArguments,
    begins: Annotated[
        str, typer.Option("--from", metavar="DATE", help="For clocks that start on or after it.")
    ],
) -> int:
    """
    Show timescales that are off; a group's name stands for all of it.

    Groups: records, preparation, appointment, plans, health, education, pathway, remand, court,
    allegations.
    """
    settings = resolve(given)
    catalogue = library.catalogue(settings.nation, settings.packs)
    names = _expanded(catalogue, timescales)
    day = day_of(begins, "--from")
    for name in names:
        rule = catalogue.rules[name]
        if catalogue.is_shown(rule):
            raise InputRefusedError(f"{name} is always shown; there is nothing to turn on")
        if rule.watched == "local":
            raise InputRefusedError(
                f'{name} is a local marker: a local pack turns it on with turn_on = ["{name}"]'
            )
    watch(settings.database, names, day, stamp(f"watch add {' '.join(timescales)} --from {day}"))
    tell(f"shown from now on, for clocks that start on or after {spoken(day)}: {', '.join(names)}")
    return 0


@watch_app.command("remove")
@with_common
def watch_remove(given: Given, timescales: TimescaleArguments) -> int:
    """Stop showing timescales that were turned on."""
    settings = resolve(given)
    names = _expanded(library.catalogue(settings.nation, settings.packs), timescales)
    check_file(settings.database)
    unwatch(settings.database, names, stamp(f"watch remove {' '.join(timescales)}"))
    tell(f"no longer shown: {', '.join(names)}")
    return 0


# ---------------------------------------------------------------- calendar


@calendar_app.callback()
@with_common
def calendar_root(given: Given, context: typer.Context) -> int:
    """Show the bank holidays used, to when they are confirmed, and local additions."""
    context.obj = given
    return _list_calendar(given, None) if context.invoked_subcommand is None else 0


def _list_calendar(given: Given, year: int | None) -> int:
    settings = resolve(given)
    added = additions(settings)
    catalogue = library.catalogue(settings.nation, settings.packs, added)
    calendar = library.calendar(catalogue.calendar, added)
    local = {holiday.day for holiday in added}
    first, last = calendar.known_from.year, calendar.known_to.year
    if year is not None and not first <= year <= last:
        raise UsageError(f"--year {year}: bank holidays are known from {first} to {last}")
    years = [year] if year else [settings.as_of.year, settings.as_of.year + 1]
    holidays = [one for one in calendar.holidays if one.day.year in years]
    records = [
        (one.day, one.name, one.day <= calendar.confirmed_to or one.day in local, one.day in local)
        for one in holidays
    ]

    def tables() -> list[Table]:
        lines = [
            Line(
                (
                    spoken(day),
                    name,
                    "added here" if is_local else "confirmed" if confirmed else "projected",
                )
            )
            for day, name, confirmed, is_local in records
        ]
        heading = (
            f"Bank holidays on weekdays, {calendar.name}, {', '.join(map(str, years))}; "
            f"confirmed to {spoken_short(calendar.confirmed_to)}, known to "
            f"{spoken_short(calendar.known_to)}"
        )
        columns = (Column("Day"), Column("Bank holiday"), Column("Status"))
        return [Table(heading, columns, lines)]

    fields = ("date", "name", "confirmed", "local")
    extra = {"confirmed_to": calendar.confirmed_to.isoformat()}
    emit(Sheet(fields, records, {**about(catalogue, settings.as_of), **extra}, tables), settings)
    return 0


@calendar_app.command("list")
@with_common
def calendar_list(
    given: Given,
    year: Annotated[int | None, typer.Option("--year", help="Only this year.")] = None,
) -> int:
    """List the bank holidays that fall on a weekday."""
    return _list_calendar(given, year)


@calendar_app.command("month")
@with_common
def calendar_month(
    given: Given,
    month: Annotated[
        str | None,
        typer.Argument(metavar="[YYYY-MM]", help="The month; that of today by default."),
    ] = None,
    iro: Annotated[
        str | None,
        typer.Option("--iro", help="Only this IRO's or chair's.", autocompletion=completion.names),
    ] = None,
    team: Annotated[
        str | None,
        typer.Option("--team", help="Only this team's.", autocompletion=completion.teams),
    ] = None,
) -> int:
    """Show a month's load: working days, bank holidays, what is due and booked on each day."""
    from iro_cli.pages.month import month_sheet  # noqa: PLC0415 - only for this command

    settings = resolve(given)
    first = _first_of(month, settings.as_of)
    view = open_view(settings)
    check_names(view, DueOptions(iro=iro, team=team))
    rows = open_obligations(view, Asked(everything=True, iro=iro, team=team))
    emit(
        month_sheet(month_of(rows, view.calendar, first), view.catalogue, settings.as_of), settings
    )
    return 0


def _first_of(month: str | None, as_of: date) -> date:
    """Read a month, and return its first day."""
    if month is None:
        return as_of.replace(day=1)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month, re.ASCII) or month < "0001":
        raise UsageError(f"{month!r} is no month: write it as 2026-12")
    return date.fromisoformat(f"{month}-01")


@calendar_app.command("add")
@with_common
def calendar_add(
    given: Given,
    day: Annotated[str, typer.Argument(metavar="DATE")],
    name: Annotated[str, typer.Option("--name", help="What it is, as it was proclaimed.")],
) -> int:
    """Add a bank holiday proclaimed since this version; a council's own closure is not one."""
    settings = resolve(given)
    when, called = day_of(day, "DATE"), plain_text(name, "--name")
    if called is None:
        raise UsageError("--name: say what it is, as it was proclaimed")
    calendar = library.calendar(library.national_pack(settings.nation).calendar)
    if not calendar.is_working_day(when):
        raise InputRefusedError(f"{spoken(when)} is no working day already: nothing to add")
    add_bank_holiday(settings.database, when, called, stamp(f"calendar add {when}"))
    tell(f"added: {spoken(when)}, {called}; dates that count over it move by a working day")
    say("iro: only a proclaimed bank holiday belongs here: a council's closure moves no date")
    return 0


@calendar_app.command("remove")
@with_common
def calendar_remove(given: Given, day: Annotated[str, typer.Argument(metavar="DATE")]) -> int:
    """Take back a bank holiday that was added here."""
    settings = resolve(given)
    when = day_of(day, "DATE")
    check_file(settings.database)
    name = remove_bank_holiday(settings.database, when, stamp(f"calendar remove {when}"))
    tell(f"removed: {spoken(when)}, {name}")
    return 0
