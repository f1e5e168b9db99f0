"""How people read who the IROs and chairs are, and when they are away."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.facts.people import Absence, period
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.pages.due import about
from iro_cli.questions.people import PersonLine

_FIELDS = tuple(one.removesuffix("_on") for one in PersonLine._fields)


def _band(one: PersonLine, catalogue: Catalogue) -> str:
    """Write the handbook's numbers for these hours beside the looked-after children."""
    guide = catalogue.caseload
    if guide is None or not one.looked_after:
        return str(one.looked_after or "-")
    if one.lowest is None or one.highest is None:
        return f"{one.looked_after} ({guide.lowest} to {guide.highest} if full-time)"
    held = one.looked_after
    word = "above" if held > one.highest else "below" if held < one.lowest else "within"
    return f"{held} {word} {one.lowest:g} to {one.highest:g}"


def people_sheet(lines: Sequence[PersonLine], catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of IROs and chairs."""

    def tables() -> list[Table]:
        columns = (
            Column("Name"),
            Column("Hours", right=True),
            Column("These hours hold"),
            Column("Children", right=True),
            Column("Looked after"),
            Column("Manages", from_width=100),
            Column("Away", from_width=120),
        )
        rows = [
            Line(
                (
                    one.name,
                    "-" if one.full_time_equivalent is None else f"{one.full_time_equivalent:g}",
                    period(one.from_on, one.to_on) if one.recorded else "not recorded",
                    str(one.children),
                    _band(one, catalogue),
                    one.manages or "-",
                    ", ".join(one.absences) or "-",
                )
            )
            for one in lines
        ]
        notes = []
        if guide := catalogue.caseload:
            notes.append(
                f"{guide.lowest} to {guide.highest} looked-after children for a full-time IRO "
                f"({guide.citation.instrument}, {guide.citation.provision}), times the hours"
            )
        if any(not one.recorded for one in lines):
            notes.append("not recorded: holds children; `iro person add NAME` says their hours")
        heading = f"{counted(len(lines), 'person', 'people')}, {spoken(as_of)}"
        return [Table(heading, columns, rows, tuple(notes))]

    return Sheet(_FIELDS, lines, about(catalogue, as_of), tables, name="People")


def absences_sheet(found: Sequence[Absence], catalogue: Catalogue, as_of: date) -> Sheet:
    """Make the listing of absences."""

    def tables() -> list[Table]:
        columns = (Column("Name"), Column("From"), Column("To"), Column("Reason"))
        lines = [
            Line((one.name, spoken(one.from_on), spoken(one.to_on), one.reason or "-"))
            for one in found
        ]
        heading = f"{counted(len(found), 'absence')}, {spoken(as_of)}"
        return [Table(heading, columns, lines)]

    fields = ("name", "from", "to", "reason")
    return Sheet(fields, found, about(catalogue, as_of), tables, name="Absences")
