"""The listings of IROs and chairs, and of their absences."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import counted, spoken
from iro_cli.facts.people import Absence, period
from iro_cli.forms.listing import DATE, LIST, NUMBER, WHOLE, YES_NO, Export, Field, Grid, Listing
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.words import day, handbook_words, when_words
from iro_cli.questions.people import PersonLine


def _hours(one: PersonLine, _: object) -> str:
    return "-" if one.full_time_equivalent is None else f"{one.full_time_equivalent:g}"


def _held_from(one: PersonLine, _: object) -> str:
    return period(one.from_on, one.to_on) if one.recorded else "not recorded"


def _looked_after(one: PersonLine, catalogue: Catalogue) -> str:
    """Return the number of looked-after children, with the handbook's numbers for these hours."""
    guide = catalogue.caseload
    if guide is None or not one.looked_after:
        return str(one.looked_after or "-")
    if one.lowest is None or one.highest is None:
        return f"{one.looked_after} ({guide.lowest} to {guide.highest} if full-time)"
    held = one.looked_after
    word = "above" if held > one.highest else "below" if held < one.lowest else "within"
    return f"{held} {word} {one.lowest:g} to {one.highest:g}"


PEOPLE = Listing(
    "People",
    (
        Field("name", harmless=True),
        Field("recorded", YES_NO, harmless=True),
        Field("full_time_equivalent", NUMBER, harmless=True, column="Hours", cell=_hours),
        Field(
            "from",
            DATE,
            harmless=True,
            value=attrgetter("from_on"),
            column="These hours hold",
            cell=_held_from,
        ),
        Field("to", DATE, harmless=True, value=attrgetter("to_on")),
        Field("manages", harmless=True, gives_way=100),
        Field("children", WHOLE, harmless=True, cell=lambda one, _: str(one.children)),
        Field("looked_after", WHOLE, harmless=True, right=False, cell=_looked_after),
        Field("lowest", NUMBER, harmless=True),
        Field("highest", NUMBER, harmless=True),
        Field(
            "absences",
            LIST,
            harmless=True,
            column="Away",
            gives_way=120,
            cell=lambda one, _: ", ".join(one.absences) or "-",
        ),
    ),
    columns=(
        *("name", "full_time_equivalent", "from", "children", "looked_after"),
        *("manages", "absences"),
    ),
    command="person list",
    paper=(
        *("name", "full_time_equivalent", "from", "to", "children", "looked_after"),
        *("lowest", "highest", "manages", "absences"),
    ),
)
ABSENCES = Listing(
    "Absences",
    (
        Field("name", harmless=True),
        Field("from", DATE, harmless=True, value=attrgetter("from_on")),
        Field("to", DATE, harmless=True, value=attrgetter("to_on")),
        Field("reason"),
    ),
    command="absence list",
)


# How many rows are enough to show what to begin with; `iro due --iro NAME` lists all.
_FIRST = 5


def due_first(rows: Sequence[DueRow], name: str) -> list[str]:
    """
    Return lines about what is due first for somebody who takes over children.

    Args:
        rows: What is open for these children, soonest first.
        name: The person who takes them over.
    """
    if not rows:
        return []
    lines = [f"due first for {name}:"]
    for row in rows[:_FIRST]:
        booked = f"booked {spoken(row.booked)}" if row.booked else "not booked"
        when = f"{day(row.due, 'no date')}, {when_words(row.days_left)}"
        lines.append(f"  {when}: {row.title} of {row.child}, {booked}")
    if len(rows) > _FIRST:
        lines.append(f"  and {len(rows) - _FIRST:,} more; `iro due` lists them")
    return lines


def people_export(lines: Sequence[PersonLine], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of IROs and chairs."""

    def grids() -> list[Grid]:
        notes = []
        if handbook := handbook_words(catalogue):
            notes.append(f"{handbook}, times the hours")
        if any(not one.recorded for one in lines):
            notes.append(
                "not recorded: has children, but no hours; `iro person add NAME` records them"
            )
        heading = f"{counted(len(lines), 'person', 'people')}, {spoken(as_of)}"
        return [PEOPLE.grid(heading, lines, notes, page=catalogue)]

    return PEOPLE.export(lines, about(catalogue, as_of), grids)


def absences_export(found: Sequence[Absence], catalogue: Catalogue, as_of: date) -> Export:
    """Make the listing of absences."""

    def grids() -> list[Grid]:
        return [ABSENCES.grid(f"{counted(len(found), 'absence')}, {spoken(as_of)}", found)]

    return ABSENCES.export(found, about(catalogue, as_of), grids)
