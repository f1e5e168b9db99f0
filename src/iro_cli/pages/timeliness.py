"""The listings of the figures of a period."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken, spoken_short
from iro_cli.figures import periods
from iro_cli.figures.comparison import ComparisonRow
from iro_cli.figures.measures import MeasureRow
from iro_cli.figures.timeliness import FigureRow, Figures, LateRow
from iro_cli.forms.listing import (
    CHILD,
    DATE,
    NUMBER,
    RATE,
    ROW,
    ROWS,
    TEXT,
    WHOLE,
    YES_NO,
    Export,
    Field,
    Grid,
    Listing,
    grid,
)
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import Any
from iro_cli.pages.words import (
    WHOSE,
    count_words,
    number,
    percent,
    rate_words,
    status_words,
    undated_words,
)
from iro_cli.questions.report import AskedReport, Timeliness

_FIRST = {"timescale": "Timescale", **WHOSE}
NO_REASON = "no reason recorded"
NOTES = (
    "Counted where the due date lies in the period; judged by what is known on the as-of day.",
    "Not held: overdue on that day. Never held: overdue when the process ended.",
)


# ---------------------------------------------------------------- what fell due


def _days_late(row: FigureRow, _: object) -> str:
    late = row.days_late_median
    return "-" if late is None else f"{late:g} / {row.days_late_worst}"


def _children(row: FigureRow, _: object) -> str:
    return f"{row.children_all_in_timescale:,}/{row.children:,}" if row.children else "-"


def _count(name: str, column: str | None = None, gives_way: int = 0) -> Field:
    return Field(
        name,
        WHOLE,
        harmless=True,
        column=column,
        gives_way=gives_way,
        cell=lambda row, _: number(getattr(row, name)),
    )


FIGURES = Listing(
    "Timeliness",
    (
        Field(
            "name", harmless=True, cell=lambda row, page: "All" if row is page.total else row.name
        ),
        _count("due"),
        _count("held"),
        _count("in_timescale"),
        _count("late"),
        _count("outstanding", "Not held"),
        _count("never_held", gives_way=100),
        Field(
            "timeliness",
            RATE,
            harmless=True,
            column="In timescale",
            whole=True,
            cell=lambda row, _: rate_words(row),
        ),
        Field(
            "days_late_median",
            NUMBER,
            harmless=True,
            column="Days late, median / worst",
            gives_way=100,
            cell=_days_late,
        ),
        Field("days_late_worst", WHOLE, harmless=True),
        Field("children", WHOLE, harmless=True),
        Field(
            "children_all_in_timescale",
            WHOLE,
            harmless=True,
            column="Children all in time",
            gives_way=120,
            cell=_children,
        ),
        _count("not_yet_due"),
        _count("not_required"),
        _count("refused"),
        _count("assumed"),
        Field("suppressed", YES_NO, harmless=True),
    ),
    columns=(
        *("name", "timeliness", "due", "held", "late", "outstanding", "never_held"),
        *("days_late_median", "children_all_in_timescale"),
    ),
    command="report timeliness",
    paper=(
        *("name", "timeliness", "due", "held", "in_timescale", "late", "outstanding"),
        *("never_held", "days_late_median", "days_late_worst"),
        *("children_all_in_timescale", "assumed"),
    ),
)


def _figures_grid(heading: str, found: Figures, by: str) -> Grid:
    """Make the table of the figures, with the total in the last line."""
    name, *counts = FIGURES.read()
    total = found.total
    rows = [*found.rows, total]
    notes = [*NOTES]
    apart = (
        (total.not_yet_due, "not due yet"),
        (total.not_required, "enquiries that ended without a conference"),
        (total.refused, "refused, or held and met no known clock"),
        (total.assumed, "judged on a fact that was inferred"),
    )
    counted_apart = [f"{what} {count:,}" for count, what in apart if count]
    if counted_apart:
        notes.append(f"Counted apart: {'; '.join(counted_apart)}.")
        if zero := [row.name for row in found.rows if row.due == 0]:
            notes.append(f"All zero, with nothing but what is counted apart: {', '.join(zero)}.")
    if any(row.suppressed for row in rows):
        notes.append("Kept back: a small number, or one that would give a small number away.")
    return grid(
        heading,
        [name.called(_FIRST[by]), *counts],
        rows,
        notes,
        page=found,
        tone=lambda row: "overdue" if row.outstanding else "",
    )


# ---------------------------------------------------------------- the measures


def _part(row: MeasureRow | ComparisonRow, _: object) -> str:
    return count_words(row.part, row.whole)


def _rate(row: MeasureRow | ComparisonRow, _: object) -> str:
    return percent(row.rate)


_PART = Field("part", WHOLE, harmless=True, column="Count", whole=True, cell=_part)
_WHOLE = Field("whole", WHOLE, harmless=True)
_RATE = Field("rate", RATE, harmless=True, whole=True, cell=_rate)
MEASURES = Listing(
    "Timeliness",
    (
        Field("measure", harmless=True),
        Field("title", harmless=True, column="Measure"),
        _PART,
        _WHOLE,
        _RATE,
        Field("note", gives_way=100, cell=lambda row, _: row.note),
        Field("suppressed", YES_NO, harmless=True),
    ),
    columns=("title", "part", "rate", "note"),
    command="report timeliness --show measures",
    paper=("title", "part", "whole", "rate", "note", "suppressed"),
)

# ---------------------------------------------------------------- what was late


def _held(row: LateRow, _: object) -> str:
    return spoken_short(row.held) if row.held else status_words(row.status)


LATE = Listing(
    "Timeliness",
    (
        Field("child", CHILD),
        Field("timescale", harmless=True),
        Field("title", harmless=True, column="What"),
        Field("process", harmless=True),
        Field("due", DATE, harmless=True, whole=True, cell=lambda row, _: spoken_short(row.due)),
        Field("held", DATE, harmless=True, whole=True, cell=_held),
        Field("status", harmless=True),
        Field(
            "days_late",
            WHOLE,
            harmless=True,
            column="Days",
            cell=lambda row, _: f"{row.days_late}{'?' * bool(row.assumed)}",
        ),
        Field("iro", title="IRO or chair", harmless=True),
        Field("team", harmless=True, gives_way=120),
        Field("reason", cell=lambda row, _: row.reason or NO_REASON),
        Field("assumed", harmless=True),
    ),
    columns=("child", "title", "due", "held", "days_late", "iro", "reason", "team"),
    command="report timeliness --show late",
    paper=(
        *("child", "title", "due", "held", "days_late", "status", "iro", "team", "reason"),
        "assumed",
    ),
)


def _late_grid(rows: Sequence[LateRow] | None, unknown: str) -> Grid:
    """Make the table of what was late, the longest late first."""
    if rows is None:
        note = "What was late is not listed where small numbers are kept back."
        return Grid("Late", notes=(note, *filter(None, [unknown])))
    notes = [] if rows else ["no timescale is known to be late" if unknown else "nothing was late"]
    if any(row.assumed for row in rows):
        notes.append("? assumed: a fact had to be inferred; `-f csv` says which")
    if unknown:
        notes.append(unknown)
    return LATE.grid("Late", rows, notes, tone=lambda row: "" if row.held else "overdue")


# ---------------------------------------------------------------- beside others

COMPARISON = Listing(
    "Timeliness",
    (
        Field("measure", harmless=True),
        Field("title", harmless=True, column="Measure"),
        Field("area", harmless=True),
        Field("level", harmless=True),
        Field("period", harmless=True, whole=True),
        _PART,
        _WHOLE,
        _RATE,
        Field(
            "mark",
            harmless=True,
            column="Why none",
            gives_way=120,
            cell=lambda row, _: row.mark or "",
        ),
    ),
    columns=("title", "area", "period", "part", "rate", "mark"),
    command="report timeliness --show comparison",
    paper=("title", "area", "period", "part", "whole", "rate", "mark"),
)

# ---------------------------------------------------------------- all of it

_BESIDE = (
    Field("from", DATE, harmless=True),
    Field("to", DATE, harmless=True),
    Field("by", TEXT, harmless=True),
    Field("suppress", WHOLE, harmless=True),
    Field("total", ROW, harmless=True, of=FIGURES.fields),
    Field("measures", ROWS, harmless=True, of=MEASURES.fields),
    Field("source", harmless=True),
)


def _heading(asked: AskedReport, as_of: date) -> str:
    whose = ((WHOSE["iro"], asked.iro), ("team", asked.team), ("process", asked.process))
    of = "".join(f", {name} {value}" for name, value in whose if value)
    return f"Timeliness, {periods.words(asked.period)}{of}\nJudged on {spoken(as_of)}"


def timeliness_export(
    found: Timeliness, asked: AskedReport, catalogue: Catalogue, as_of: date, show: str
) -> Export:
    """
    Make the listing of a period.

    Args:
        found: The figures.
        asked: The period, and the filters.
        catalogue: The rules.
        as_of: The day it is judged on.
        show: Which of its listings, by the name that ``--show`` has for it.
    """
    others = found.others
    listings: dict[str, tuple[Listing, Sequence[Any]]] = {
        "figures": (FIGURES, found.figures.rows),
        "measures": (MEASURES, found.measures),
        "late": (LATE, found.late or ()),
        "comparison": (COMPARISON, others.latest),
        "trend": (COMPARISON, others.trend),
    }

    def grids() -> list[Grid]:
        source = (others.source,)
        beside = "Beside the Department's latest figures"
        made = {
            "figures": _figures_grid(_heading(asked, as_of), found.figures, asked.by),
            "measures": MEASURES.grid("Measures", found.measures),
            "comparison": COMPARISON.grid(beside, others.latest, source),
            "trend": COMPARISON.grid("The Department's figures by year", others.trend, source),
            "late": _late_grid(found.late, undated_words(found.undated, asked.least)),
        }
        if show != "figures":
            return [made[show]]
        if not others.latest:
            del made["comparison"]
        del made["trend"]
        return list(made.values())

    says = {
        **about(catalogue, as_of),
        "from": asked.period.first,
        "to": asked.period.last,
        "by": asked.by,
        "suppress": asked.least or None,
        "total": found.figures.total,
        "measures": found.measures,
        **({"source": others.source} if asked.authority else {}),
    }
    listing, rows = listings[show]
    return listing._replace(beside=_BESIDE).export(rows, says, grids)
