"""How people read the timescales and the law they rest on, and which of them are shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED, Rule, Version
from iro_cli.obligations.due import Due
from iro_cli.pages.due import about
from iro_cli.questions.when import FIELDS, as_row, verdict

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


def timescales_sheet(
    catalogue: Catalogue, as_of: date, rules: Sequence[Rule], *, whole: bool = False
) -> Sheet:
    """
    Make the listing of timescales.

    Args:
        catalogue: The rules.
        as_of: The day the question is asked about.
        rules: Those that are wanted.
        whole: Whether people are shown everything of each, and not a line.
    """
    shown = [(rule, version) for rule in rules for version in rule.versions]

    records: Any = [_timescale(rule, version) for rule, version in shown]

    def each() -> list[Table]:
        found = []
        for record in records:
            labels = zip(TIMESCALE_FIELDS[2:], record[2:], strict=True)
            lines = [
                Line((label.replace("_", " "), _words(label, value)))
                for label, value in labels
                if value is not None
            ]
            found.append(Table(f"{record[0]}: {record[1]}", (Column(""), Column("")), lines))
        return found

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

    made = each if whole else tables
    return Sheet(TIMESCALE_FIELDS, records, about(catalogue, as_of), made, name="Timescales")


def _words(label: str, value: object) -> str:
    if isinstance(value, date):
        return spoken_short(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if label == "checked":
        return f"{value}{': ' + CHECKED[str(value)] if CHECKED[str(value)] else ''}"
    return str(value)


def watched_sheet(catalogue: Catalogue, watched: Mapping[str, date], as_of: date) -> Sheet:
    """Make the listing of which timescales are shown."""
    records: list[tuple[str, str, str | None]] = []
    for rule in catalogue.rules.values():
        if catalogue.is_shown(rule):
            state, begins = "always", None
        elif rule.id in watched:
            state, begins = "from", watched[rule.id].isoformat()
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
    return Sheet(fields, records, about(catalogue, as_of), tables, name="Watched")


def when_sheet(
    answers: Sequence[Sequence[Due]], catalogue: Catalogue, as_of: date, *, compare: bool
) -> Sheet:
    """
    Make the listing of the due dates of timescales from several days.

    Args:
        answers: By timescale, the due date from each day.
        catalogue: The rules.
        as_of: The day the question is asked about.
        compare: Whether to say which of the timescales is the sooner.
    """
    found = [one for together in zip(*answers, strict=True) for one in together]
    rows = [as_row(one) for one in found]

    def tables() -> list[Table]:
        columns = map(Column, ("Timescale", "From", "Due", "Hold by", "Limit"))
        lines = [
            Line((row.timescale, spoken(row.from_), _due(one), spoken(row.hold_by), row.limit))
            for row, one in zip(rows, found, strict=True)
        ]
        notes = [
            f"from {spoken(together[0].started)}: {line}"
            for together in zip(*answers, strict=True)
            for line in (verdict(together) if compare else ())
        ]
        return [Table("", tuple(columns), lines, tuple(notes))]

    return Sheet(FIELDS, rows, about(catalogue, as_of), tables, name="When")


def _due(found: Due) -> str:
    return spoken(found.due) + ("~" if found.provisional else "")
