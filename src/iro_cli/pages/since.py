"""The listing of what is different since a day, and how people read it."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted, spoken
from iro_cli.forms.listing import CHILD, DATE, WHOLE, Export, Field, Grid, Listing, grid
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import OVERDUE
from iro_cli.pages.words import day
from iro_cli.questions.since import (
    BECAME_DUE,
    BECAME_OVERDUE,
    KINDS,
    MET,
    MOVED,
    WENT,
    Baseline,
    SinceRow,
)

SINCE = Listing(
    "What changed",
    (
        Field("child", CHILD, repeats=True),
        Field("change", harmless=True),
        Field("timescale", harmless=True),
        Field("title", harmless=True, column="What"),
        Field("process", harmless=True),
        Field("clock_started", DATE, harmless=True),
        Field("due", DATE, harmless=True, whole=True, cell=lambda row, _: day(row.due, "no date")),
        Field("due_before", DATE, harmless=True, column="Was due", whole=True),
        Field("status", harmless=True, late=OVERDUE.__eq__),
        Field("status_before", harmless=True),
        Field("held", DATE, harmless=True, whole=True),
        Field("days_late", WHOLE, harmless=True),
        Field("ended", DATE, harmless=True, whole=True),
        Field("booked", DATE, harmless=True, gives_way=60),
        Field("iro", title="IRO or chair", harmless=True, gives_way=90, repeats=True),
        Field("team", harmless=True, gives_way=132, repeats=True),
        Field("assumed", harmless=True),
    ),
    beside=(Field("since", DATE, harmless=True), Field("facts", harmless=True)),
    command="changes",
    paper=(
        *("child", "change", "title", "due", "due_before", "status", "held"),
        *("days_late", "ended", "booked", "iro", "team", "assumed"),
    ),
)


class Different(NamedTuple):
    """
    What is different from an earlier list.

    Attributes:
        rows: What became of obligations, in order.
        base: The earlier list.
        as_of: The day the question is asked about.
        within: How far ahead counts as due, in words.
    """

    rows: Sequence[SinceRow]
    base: Baseline
    as_of: date
    within: str

    def of(self, kind: str) -> list[SinceRow]:
        """Return the rows with one kind of change."""
        return [row for row in self.rows if row.change == kind]


def heading_of(kind: str, within: str) -> str:
    """Return the heading for one kind of change."""
    return {
        BECAME_OVERDUE: "Became overdue",
        BECAME_DUE: f"Came within {within}",
        MOVED: "Moved",
        MET: "Met",
        WENT: "Ended without being met",
    }[kind]


def _met(row: SinceRow, _: object) -> str:
    """Say whether it was met in time, if it was met."""
    if row.days_late:
        return f"{counted(row.days_late, 'day')} late"
    return "in time" if row.held else "-"


def _why(row: SinceRow, _: object) -> str:
    """Say why an obligation that went is no longer open."""
    return f"ended {spoken(row.ended)}" if row.ended else "no longer follows from the facts"


_COLUMNS = {
    BECAME_OVERDUE: ("due", "title", "child", "iro", "booked", "team"),
    BECAME_DUE: ("due", "title", "child", "iro", "booked", "team"),
    MOVED: ("due", "due_before", "title", "child", "iro", "booked", "team"),
    MET: ("held", "due", "days_late", "title", "child", "iro", "team"),
    WENT: ("due_before", "ended", "title", "child", "iro", "team"),
}
_READ = {
    "days_late": SINCE.field("days_late")._replace(column="In time", right=False, cell=_met),
    "ended": SINCE.field("ended")._replace(column="Why", whole=False, cell=_why),
}


def what_became(row: SinceRow) -> str:
    """Say in a few words what became of an obligation."""
    if row.change == MET:
        return f"met {day(row.held)}, {_met(row, None)}"
    if row.change == MOVED:
        return f"moved from {day(row.due_before, 'no date')} to {day(row.due, 'no date')}"
    if row.change == WENT:
        return f"was due {day(row.due_before, 'on no date')}; {_why(row, None)}"
    return f"due {day(row.due)}"


def compared(base: Baseline) -> str:
    """Say with which earlier list today's is compared."""
    if base.until is None:
        return f"compared with {spoken(base.day)} as today's facts show it"
    when = f"after `{base.extract}`" if base.extract else "on its morning"
    return f"compared with {spoken(base.day)} as the store stood {when}"


def summary(found: Different) -> str:
    """Return one line about what is different."""
    counts = [(len(found.of(kind)), kind) for kind in KINDS]
    base, as_of, within = found.base, found.as_of, found.within
    words = {
        BECAME_OVERDUE: "became overdue",
        BECAME_DUE: f"came within {within}",
        MOVED: "moved",
        MET: "met",
        WENT: "ended without being met",
    }
    said = ", ".join(f"{count:,} {words[kind]}" for count, kind in counts if count)
    return f"{spoken(base.day)} to {spoken(as_of)}: {said or 'nothing is different'}"


def since_export(found: Different, catalogue: Catalogue) -> Export:
    """Make the listing of what is different."""
    base = found.base

    def grids() -> list[Grid]:
        tables = [Grid(summary(found), notes=[compared(base)])]
        for kind in KINDS:
            rows = found.of(kind)
            columns = [_READ.get(name) or SINCE.field(name) for name in _COLUMNS[kind]]
            if rows:
                heading = f"{heading_of(kind, found.within)}: {len(rows):,}"
                tables.append(grid(heading, columns, rows, tone=lambda row: row.status or ""))
        return tables

    said = {
        "since": base.day.isoformat(),
        "facts": "of-today" if base.until is None else "of-that-day",
    }
    return SINCE.export(found.rows, {**about(catalogue, found.as_of), **said}, grids)
