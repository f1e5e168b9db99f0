"""How people read one child, a caseload, and a history."""

from collections.abc import Sequence
from datetime import date

from iro_cli.cases.model import Event
from iro_cli.cases.vocabulary import EVENTS, PARTICIPATION
from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, OVERDUE
from iro_cli.questions.caseload import CaseloadRow, Caseloads
from iro_cli.questions.show import Shown, ShowRow
from iro_cli.render.listings import about, when_words
from iro_cli.render.sheet import Column, Line, Sheet, Table
from iro_cli.rules.catalogue import Catalogue
from iro_cli.rules.model import CHECKED


def details_of(event: Event) -> str:
    """Write the details of an event for people."""
    parts = []
    if event.outcome:
        parts.append(event.outcome)
    if event.section_47:
        parts.append(f"section 47: {event.section_47}")
    if event.participation:
        parts.append(f"{event.participation} {PARTICIPATION.get(event.participation, '')}".strip())
    if event.completed_on:
        parts.append(f"completed {spoken_short(event.completed_on)}")
    parts += [
        f"{name}: {value}"
        for name in ("reason", "reference", "note")
        if (value := getattr(event, name))
    ]
    return "; ".join(parts)


def _facts(found: Shown) -> Table:
    lines = [
        Line((spoken(one.on), EVENTS[one.event].title, one.event, details_of(one)))
        for one in found.events
    ]
    columns = (
        Column("Day", whole=True),
        Column("What happened"),
        Column("Event", from_width=100),
        Column("Details"),
    )
    return Table("Facts", columns, lines, () if lines else ("nothing is recorded",))


def _open(rows: Sequence[ShowRow]) -> Table:
    lines = [
        Line(
            (
                spoken(row.due) if row.due else "no date",
                when_words(row.days_left),
                row.title,
                spoken(row.clock_started) if row.clock_started else "not known",
                row.iro or "-",
                spoken(row.booked) if row.booked else "-",
            ),
            row.status,
        )
        for row in rows
    ]
    columns = (
        Column("Due", whole=True),
        Column("When", whole=True),
        Column("What"),
        Column("Clock started"),
        Column("IRO or chair", from_width=100),
        Column("Booked", from_width=120),
    )
    return Table("Open", columns, lines, () if lines else ("nothing is open",))


def _met(rows: Sequence[ShowRow]) -> Table:
    lines = [
        Line(
            (
                spoken(row.held) if row.held else "-",
                row.title,
                spoken(row.due) if row.due else "-",
                f"{counted(row.days_late or 0, 'day')} late" if row.days_late else "in timescale",
            ),
            row.status if row.status == OUT_OF_TIMESCALE else "",
        )
        for row in rows
    ]
    columns = (
        Column("Held", whole=True),
        Column("What"),
        Column("Was due", whole=True),
        Column("In timescale"),
    )
    return Table("Met", columns, lines)


def _child_words(found: Shown) -> str:
    child = found.child
    parts = [child.child_id]
    if child.label:
        parts.append(child.label)
    if child.date_of_birth:
        parts.append(f"born {spoken_short(child.date_of_birth)}")
    elif child.expected_date_of_delivery:
        parts.append(f"expected {spoken_short(child.expected_date_of_delivery)}")
    for name, value in (
        ("IRO", found.iro),
        ("chair", found.chair),
        ("team", child.team),
        ("siblings", child.sibling_group),
        ("nation", child.nation),
    ):
        if value:
            parts.append(f"{name} {value}")
    return " · ".join(parts)


def show_sheet(found: Shown, catalogue: Catalogue, as_of: date, standing: str) -> Sheet:
    """Make the listing of one child."""
    open_rows = [row for row in found.rows if row.held is None]
    met_rows = [row for row in found.rows if row.held is not None]
    facts = [
        {
            "date" if key == "on" else key: value.isoformat() if isinstance(value, date) else value
            for key, value in event._asdict().items()
            if value is not None
        }
        for event in found.events
    ]

    def tables() -> list[Table]:
        head = Table(f"{_child_words(found)}\n{spoken(as_of)}: {standing}", (), [])
        return [head, _open(open_rows), *([_met(met_rows)] if met_rows else []), _facts(found)]

    return Sheet(ShowRow._fields, found.rows, {**about(catalogue, as_of), "facts": facts}, tables)


def _handbook(children: int, catalogue: Catalogue) -> str:
    guidance = catalogue.caseload
    if guidance is None or not children:
        return "-"
    if children > guidance.highest:
        return f"{children} above {guidance.highest}"
    return (
        f"{children} within"
        if children >= guidance.lowest
        else f"{children} below {guidance.lowest}"
    )


def caseload_sheet(found: Caseloads, catalogue: Catalogue, as_of: date, by: str) -> Sheet:
    """Make the listing of caseloads; ``-f csv`` is the team lead's file."""
    rows = found.rows

    def tables() -> list[Table]:
        columns = [
            Column({"iro": "IRO or chair", "team": "Team", "process": "Process"}[by]),
            Column("Children", right=True),
            Column("Open", right=True),
            Column("Overdue", right=True),
            Column("28 days", right=True),
            Column("Unbooked", right=True),
            Column("In time", right=True, whole=True),
        ]
        if by == "iro":
            columns.append(Column("Handbook", from_width=96))
        lines = []
        for row in rows:
            rate = (
                f"{row.met_in_timescale}/{row.met} {row.timeliness:.0%}"
                if row.timeliness is not None
                else "-"
            )
            cells = (
                row.name,
                *(
                    f"{n:,}"
                    for n in (row.children, row.open, row.overdue, row.due_28_days, row.unbooked)
                ),
                rate,
            )
            lines.append(
                Line(
                    (*cells, _handbook(found.looked_after[row.name], catalogue))
                    if by == "iro"
                    else cells,
                    OVERDUE if row.overdue else "",
                )
            )
        notes = ["In time: met within the timescale over the twelve months to the day"]
        guidance = catalogue.caseload
        if by == "iro" and guidance:
            source = CHECKED[guidance.checked]
            notes.append(
                f"Handbook: {guidance.lowest} to {guidance.highest} looked-after children for a "
                f"full-time IRO ({guidance.citation.instrument}, {guidance.citation.provision}"
                f"{'; ' + source if source else ''})"
            )
        title = {"iro": "IRO and chair", "team": "team", "process": "process"}[by]
        return [Table(f"Caseload by {title}, {spoken(as_of)}", tuple(columns), lines, tuple(notes))]

    return Sheet(CaseloadRow._fields, rows, about(catalogue, as_of), tables)
