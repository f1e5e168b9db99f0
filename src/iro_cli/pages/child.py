"""How people read one child: what is open, what was met, the facts, and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS, PARTICIPATION
from iro_cli.figures.child_part import ChildPart
from iro_cli.forms.sheet import Column, Line, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, DueRow
from iro_cli.pages.due import about, legend, marks_of, when_words
from iro_cli.questions.show import Explanation, Shown, ShowRow, is_too_early
from iro_cli.questions.when import authority_of


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
    if event.reference and event.event == "cla.review.requested":
        parts.append(f"by {spoken_short(date.fromisoformat(event.reference))}")
        event = event._replace(reference=None)
    parts += [
        f"{name}: {value}"
        for name in ("advocacy", "quorate", "scaling", "attended", "reason", "reference", "note")
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


def _booked(row: DueRow, reason: str | None) -> str:
    if row.booked is None:
        return "-"
    late = " TOO LATE" if row.booked_late else ""
    return f"{spoken(row.booked)}{late}{f' (moved: {reason})' if reason else ''}"


def _open(rows: Sequence[DueRow], found: Shown, catalogue: Catalogue) -> Table:
    lines = [
        Line(
            (
                (spoken(row.due) if row.due else "no date") + marks_of(row, catalogue),
                when_words(row.days_left) + (" BOOKED LATE" if row.booked_late else ""),
                row.title,
                spoken(row.clock_started) if row.clock_started else "not known",
                row.iro or "-",
                spoken(row.hold_by) if row.hold_by else "-",
                _booked(row, found.reasons.get((row.timescale, row.clock_started))),
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
        Column("Hold by", from_width=120, whole=True),
        Column("Booked"),
    )
    notes = legend(rows, catalogue) if lines else ("nothing is open",)
    return Table("Open", columns, lines, notes)


def _part(part: Sequence[ChildPart]) -> Table:
    lines = [
        Line(
            (
                spoken(one.date),
                one.title,
                f"{one.participation} {one.participation_words or ''}".strip()
                if one.participation
                else "-",
                one.advocacy or "-",
                one.quorate or "-",
                "-" if one.scaling is None else str(one.scaling),
                one.attended or "-",
            )
        )
        for one in part
    ]
    columns = (
        Column("Day", whole=True),
        Column("Meeting"),
        Column("The child took part"),
        Column("Advocate offered"),
        Column("Quorate", from_width=100),
        Column("Scaling", right=True, from_width=100),
        Column("Who took part", from_width=100),
    )
    return Table("The child's part", columns, lines)


def _in_timescale(row: ShowRow) -> str:
    if row.days_late:
        return f"{counted(row.days_late, 'day')} late"
    return "TOO EARLY" if is_too_early(row) else "in timescale"


def _met(rows: Sequence[ShowRow]) -> Table:
    lines = [
        Line(
            (
                spoken(row.held) if row.held else "-",
                row.title,
                spoken(row.due) if row.due else "-",
                _in_timescale(row),
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
    open_rows = [DueRow(*row[:-2]) for row in found.rows if row.held is None]
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
        heading = f"{_child_words(found)}\n{spoken(as_of)}: {standing}"
        head = Table(f"{heading}\n{found.drift}" if found.drift else heading, (), [])
        return [
            head,
            _open(open_rows, found, catalogue),
            *([_met(met_rows)] if met_rows else []),
            *([_part(found.part)] if found.part else []),
            _facts(found),
        ]

    part = [{**one._asdict(), "date": one.date.isoformat()} for one in found.part]
    says = {**about(catalogue, as_of), "facts": facts, "child_part": part}
    return Sheet(ShowRow._fields, found.rows, says, tables, name="Child")


def explanation_blocks(
    child: str, found: Sequence[Explanation]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return why each date of a child is what it is: a heading, and labelled lines."""
    return [
        (
            f"{one.row.title} of {child}: "
            + (
                f"due by {spoken(one.row.due)}, {when_words(one.row.days_left)}"
                if one.row.due
                else "REFUSED"
            ),
            [*one.lines, *(("advice", line) for line in one.advice)],
        )
        for one in found
    ]


_WHY_FIELDS = (
    "child",
    "timescale",
    "title",
    "status",
    "clock_started",
    "due",
    "hold_by",
    "limit",
    "left_out",
    "provisional",
    "assumed",
    "authority",
    "provision",
    "url",
    "words",
    "checked",
    "refused",
)


def _record(one: Explanation) -> tuple[object, ...]:
    row, due = one.row, one.due
    head = (
        row.child,
        row.timescale,
        row.title,
        row.status,
        row.clock_started,
        row.due,
        row.hold_by,
    )
    if due is None:
        return (*head, *(None,) * 9, one.refused)
    citation = due.version.citations[0]
    left_out = tuple(holiday.day.isoformat() for holiday in due.left_out)
    return (
        *head,
        due.version.words(),
        left_out,
        due.provisional,
        row.assumed,
        authority_of(due),
        citation.provision,
        citation.url,
        citation.quote,
        due.version.checked,
        None,
    )


def explain_sheet(
    child: str, found: Sequence[Explanation], catalogue: Catalogue, as_of: date
) -> Sheet:
    """Make the listing of why each date of a child is what it is."""

    def tables() -> list[Table]:
        columns = (Column("What"), Column("Why"))
        return [
            Table(heading, columns, [Line(line) for line in lines])
            for heading, lines in explanation_blocks(child, found)
        ]

    records: Any = [_record(one) for one in found]
    return Sheet(_WHY_FIELDS, records, about(catalogue, as_of), tables, name="Why")
