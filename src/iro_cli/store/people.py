"""Reads people, absences and audits: not for the daily path."""

from iro_cli.facts.people import Absence, Audit, Drawn, Person
from iro_cli.store.reading import Reader


def people(reader: Reader) -> list[Person]:
    """Return what is known of IROs and chairs, by name and time."""
    return sorted(
        reader.standing("person", Person),
        key=lambda one: (one.name.casefold(), one.name, one.from_on is not None, one.from_on),
    )


def absences(reader: Reader) -> list[Absence]:
    """Return when people are away, by the day it begins."""
    return sorted(
        reader.standing("absence", Absence), key=lambda one: (one.from_on, one.name, one.to_on)
    )


def audits(reader: Reader) -> list[Audit]:
    """Return the audits, by day and child."""
    return sorted(
        reader.standing("audit", Audit), key=lambda one: (one.audited_on, one.child_id, one.tool)
    )


def drawn(reader: Reader) -> list[Drawn]:
    """Return the cases that were drawn for an audit, by due day and child."""
    return sorted(
        reader.standing("audit_sample", Drawn),
        key=lambda one: (one.due_on, one.child_id, one.process, one.drawn_on),
    )
