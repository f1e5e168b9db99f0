"""How people read the figures of a period."""

from collections.abc import Sequence
from typing import NamedTuple

from iro_cli.dates.words import spoken_short
from iro_cli.figures.comparison import ComparisonRow
from iro_cli.figures.figure_words import count_words, number, percent, rate_words, status_words
from iro_cli.figures.measures import MeasureRow
from iro_cli.figures.timeliness import FigureRow, Figures, LateRow
from iro_cli.forms.sheet import Column, Line, Sheet, Table, Value

_FIRST = {
    "timescale": "Timescale",
    "process": "Process",
    "iro": "IRO or chair",
    "team": "Team",
}
NOTES = (
    "Counted where the due date lies in the period; judged by what is known on the as-of day.",
    "Not held: overdue on that day. Never held: overdue when the process ended.",
)


class Shown(NamedTuple):
    """Everything the listing shows; ``late`` is ``None`` where it is kept back."""

    by: str
    heading: str
    figures: Figures
    measures: Sequence[MeasureRow]
    late: Sequence[LateRow] | None
    comparison: Sequence[ComparisonRow]
    trend: Sequence[ComparisonRow]


def _figure_cells(row: FigureRow, name: str) -> tuple[str, ...]:
    children = "-"
    if row.children:
        children = f"{row.children_all_in_timescale:,}/{row.children:,}"
    late = row.days_late_median
    counts = (row.due, row.held, row.late, row.outstanding, row.never_held)
    days = "-" if late is None else f"{late:g} / {row.days_late_worst}"
    return (name, rate_words(row), *(number(one) for one in counts), days, children)


def figures_table(shown: Shown) -> Table:
    """Return the table of the figures, the total last."""
    columns = (
        Column(_FIRST[shown.by]),
        Column("In timescale", right=True, whole=True),
        Column("Due", right=True),
        Column("Held", right=True),
        Column("Late", right=True),
        Column("Not held", right=True),
        Column("Never held", right=True, from_width=100),
        Column("Days late, median / worst", right=True, from_width=100),
        Column("Children all in time", right=True, from_width=120),
    )
    rows = [(row, row.name) for row in shown.figures.rows]
    rows.append((shown.figures.total, "All"))
    lines = [
        Line(_figure_cells(row, name), "overdue" if row.outstanding else "") for row, name in rows
    ]
    notes = [*NOTES]
    total = shown.figures.total
    apart = (
        (total.not_yet_due, "not due yet"),
        (total.not_required, "enquiries that ended without a conference"),
        (total.refused, "refused, or held and met no known clock"),
        (total.assumed, "judged on a fact that was inferred"),
    )
    counted_apart = [f"{what} {count:,}" for count, what in apart if count]
    if counted_apart:
        notes.append(f"Counted apart: {'; '.join(counted_apart)}.")
    if total.suppressed or any(row.suppressed for row in shown.figures.rows):
        notes.append("Kept back: a small number, or one that would give a small number away.")
    return Table(shown.heading, columns, lines, tuple(notes))


def measures_table(rows: Sequence[MeasureRow]) -> Table:
    """Return the table of the measures."""
    columns = (
        Column("Measure"),
        Column("Count", right=True, whole=True),
        Column("Rate", right=True, whole=True),
        Column("Note", from_width=100),
    )
    lines = [
        Line((row.title, count_words(row.part, row.whole), percent(row.rate), row.note))
        for row in rows
    ]
    return Table("Measures", columns, lines)


def late_table(rows: Sequence[LateRow] | None) -> Table:
    """Return the table of what was late, the latest first."""
    if rows is None:
        note = "The list of what was late is kept back with small numbers."
        return Table("Late", (), [], (note,))
    columns = (
        Column("Child"),
        Column("What"),
        Column("Due", whole=True),
        Column("Held", whole=True),
        Column("Days", right=True),
        Column("IRO or chair"),
        Column("Reason"),
        Column("Team", from_width=120),
    )
    lines = [
        Line(
            (
                row.child,
                row.title,
                spoken_short(row.due),
                spoken_short(row.held) if row.held else status_words(row.status),
                str(row.days_late),
                row.iro,
                row.reason or "no reason recorded",
                row.team,
            ),
            "overdue" if row.held is None else "",
        )
        for row in rows
    ]
    return Table("Late", columns, lines, () if lines else ("nothing was late",))


def comparison_table(rows: Sequence[ComparisonRow], heading: str, source: str) -> Table:
    """Return the table of a comparison."""
    columns = (
        Column("Measure"),
        Column("Area"),
        Column("Period", whole=True),
        Column("Count", right=True, whole=True),
        Column("Rate", right=True, whole=True),
        Column("Why none", from_width=120),
    )
    lines = [
        Line(
            (
                row.title,
                row.area,
                row.period,
                count_words(row.part, row.whole),
                percent(row.rate),
                row.mark or "",
            )
        )
        for row in rows
    ]
    return Table(heading, columns, lines, (source,))


def timeliness_sheet(shown: Shown, about: dict[str, object], show: str, source: str) -> Sheet:
    """
    Make the listing of a period.

    Args:
        shown: What there is.
        about: What JSON says beside the rows.
        show: Which of its listings the rows are: ``figures``, ``measures``, ``late``,
            ``comparison`` or ``trend``.
        source: Where the Department's figures are from.
    """
    listings: dict[str, tuple[tuple[str, ...], Sequence[Sequence[Value]]]] = {
        "figures": (FigureRow._fields, shown.figures.rows),
        "measures": (MeasureRow._fields, shown.measures),
        "late": (LateRow._fields, shown.late or ()),
        "comparison": (ComparisonRow._fields, shown.comparison),
        "trend": (ComparisonRow._fields, shown.trend),
    }

    def tables() -> list[Table]:
        found = {
            "figures": figures_table(shown),
            "measures": measures_table(shown.measures),
            "comparison": comparison_table(
                shown.comparison, "Beside the Department's latest figures", source
            ),
            "trend": comparison_table(shown.trend, "The Department's figures by year", source),
            "late": late_table(shown.late),
        }
        if show != "figures":
            return [found[show]]
        if not shown.comparison:
            del found["comparison"]
        del found["trend"]
        return list(found.values())

    fields, rows = listings[show]
    return Sheet(fields, rows, about, tables, name="Timeliness")
