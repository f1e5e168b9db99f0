"""The listings: which fields each has, and how people read them."""

from collections.abc import Sequence
from datetime import date

from iro_cli import __version__
from iro_cli.dates.words import counted, spoken
from iro_cli.forms.sheet import Column, Line, Part, Sheet, Table
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.obligations.listing import DUE_SOON, DUE_TODAY, OVERDUE, REFUSED, DueRow

_DUE_COLUMNS = (
    Column("Due", whole=True),
    Column("When", whole=True),
    Column("What"),
    Column("Child"),
    Column("IRO or chair"),
    Column("Hold by", from_width=100, whole=True),
    Column("Booked", from_width=120),
    Column("Team", from_width=132),
)
_NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}


def about(catalogue: Catalogue, as_of: date) -> dict[str, object]:
    """Return what every JSON listing says beside its rows."""
    return {
        "schema": 1,
        "as_of": as_of.isoformat(),
        "nation": catalogue.nation,
        "catalogue": catalogue.digest,
        "program": f"iro {__version__}",
        "bank_holidays": catalogue.calendar,
    }


def when_words(days: int | None) -> str:
    """
    Say how far off a due date is.

    The word stands beside the date, so that colour never carries it alone.
    """
    if days is None:
        return "refused"
    if days == 0:
        return "today"
    return f"{counted(-days, 'day')} late" if days < 0 else f"in {counted(days, 'day')}"


def marks_of(row: DueRow, catalogue: Catalogue) -> str:
    """Return the marks beside a due date; the legend says what each means."""
    unchecked = row.clock_started and catalogue.rules[row.timescale].in_force(row.clock_started)
    return (
        ("<" if row.hold_by != row.due else "")
        + ("~" if row.provisional else "")
        + ("?" if row.assumed else "")
        + ("*" if unchecked and unchecked.checked == "recalled" else "")
    )


def legend(rows: Sequence[DueRow], catalogue: Catalogue) -> tuple[str, ...]:
    """Say what the marks and words in a list of open obligations mean, where they are used."""
    used = {mark for row in rows for mark in marks_of(row, catalogue)}
    late = any(row.booked_late for row in rows)
    refused = any(row.status == REFUSED for row in rows)
    notes = (
        ("<" in used, "< not a working day: hold it by the last working day before"),
        ("~" in used, "~ provisional: bank holidays that far ahead are not confirmed yet"),
        ("?" in used, "? assumed: a fact had to be inferred; `iro explain CHILD` says which"),
        ("*" in used, f"* {CHECKED['recalled']}; `iro timescales show` says what it rests on"),
        (late, "BOOKED LATE, TOO LATE: booked for after the last lawful day"),
        (refused, "no date: the facts do not allow one; `iro explain CHILD` says why"),
    )
    return tuple(note for wanted, note in notes if wanted)


def _work_to(rows: Sequence[DueRow], catalogue: Catalogue) -> dict[tuple[str, str, date], date]:
    """
    Find the date to work to where a local marker stands beside the law: the sooner.

    Returns:
        The day by child, rule and the day the clock started.
    """
    found: dict[tuple[str, str, date], date] = {}
    for row in rows:
        law = catalogue.rules[row.timescale].marks or row.timescale
        if row.hold_by and row.clock_started and catalogue.companions.get(law):
            key = (row.child, law, row.clock_started)
            found[key] = min(found.get(key, row.hold_by), row.hold_by)
    return found


def _title(row: DueRow, catalogue: Catalogue, sooner: dict[tuple[str, str, date], date]) -> str:
    if row.clock_started is None or row.hold_by is None:
        return row.title
    law = catalogue.rules[row.timescale].marks or row.timescale
    day = sooner.get((row.child, law, row.clock_started), row.hold_by)
    return f"{row.title} (work to {spoken(day)})" if day < row.hold_by else row.title


def _line(row: DueRow, marks: str, title: str) -> Line:
    booked = spoken(row.booked) + (" TOO LATE" if row.booked_late else "") if row.booked else "-"
    hold_by = spoken(row.hold_by) if row.hold_by else "-"
    return Line(
        (
            (spoken(row.due) if row.due else "no date") + marks,
            when_words(row.days_left) + (" BOOKED LATE" if row.booked_late else ""),
            title,
            row.child,
            row.iro or "-",
            hold_by,
            booked,
            row.team or "-",
        ),
        row.status,
    )


def summary(rows: Sequence[DueRow], as_of: date, nation: str, within: str) -> str:
    """Say in a line what is open on a day."""
    count = {
        status: sum(row.status == status for row in rows)
        for status in (
            OVERDUE,
            DUE_TODAY,
            DUE_SOON,
            REFUSED,
        )
    }
    later = len(rows) - sum(count.values())
    parts = [
        f"{count[OVERDUE]:,} overdue",
        f"{count[DUE_TODAY]:,} due today",
        f"{count[DUE_SOON]:,} due within {within}",
    ]
    parts += [f"{later:,} later"] if later else []
    parts += [f"{count[REFUSED]:,} without a date"] if count[REFUSED] else []
    return f"{spoken(as_of)}, {_NATIONS[nation]}: {', '.join(parts)}"


def unseen(without_date: int) -> str:
    """Say that what has no date may be late and is not listed."""
    return (
        f"not here, because they have no date and may be late all the same: {without_date:,}; "
        "`iro due` lists them"
    )


def due_sheet(
    rows: list[DueRow],
    catalogue: Catalogue,
    as_of: date,
    *,
    within: str,
    silent: bool = False,
    without_date: int = 0,
) -> Sheet:
    """
    Make the listing of open obligations.

    Args:
        rows: The obligations, in order.
        catalogue: The rules.
        as_of: The day the question is asked about.
        within: How far ahead counts as soon, in words.
        silent: Whether only what is overdue is listed, and nothing said where nothing is.
        without_date: How many that have no date are not in such a list.
    """

    def tables() -> list[Table]:
        marks = [marks_of(row, catalogue) for row in rows]
        sooner = _work_to(rows, catalogue)
        heading = (
            f"{spoken(as_of)}, {_NATIONS[catalogue.nation]}: {len(rows):,} overdue"
            if silent
            else summary(rows, as_of, catalogue.nation, within)
        )
        hidden = [unseen(without_date)] if without_date else []
        return [
            Table(
                heading,
                _DUE_COLUMNS,
                [
                    _line(row, mark, _title(row, catalogue, sooner))
                    for row, mark in zip(rows, marks, strict=True)
                ],
                (*legend(rows, catalogue), *hidden),
            )
        ]

    name = "Overdue" if silent else "Due"
    return Sheet(DueRow._fields, rows, about(catalogue, as_of), tables, silent, name)


def open_by_iro(rows: Sequence[DueRow]) -> list[Part]:
    """Put open obligations on a sheet for each IRO or chair, in order of name, nobody's last."""
    found: dict[str | None, list[DueRow]] = {}
    for row in rows:
        found.setdefault(row.iro, []).append(row)
    names = sorted(found, key=lambda name: (name is None, (name or "").casefold(), name or ""))
    return [Part(name or "Unallocated", DueRow._fields, found[name]) for name in names]
