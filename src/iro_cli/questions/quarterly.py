"""
The quarterly and the annual report: what a manager asks of a period, section by section.

A section is words, figures and at most one chart.  What a chart draws is data here; how it
looks is the renderer's.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from iro_cli.figures import periods
from iro_cli.figures.comparison import ComparisonRow
from iro_cli.figures.duties import NOT_YET_DUE, Ledger, Period
from iro_cli.figures.measures import MeasureRow
from iro_cli.figures.timeliness import Figures, LateRow, late_ones, within
from iro_cli.questions.caseload import Caseloads, caseload
from iro_cli.questions.report import (
    Asked,
    Compared,
    beside_others,
    figures_by,
    gathered,
    measures_of,
    process_figures,
)
from iro_cli.questions.view import View

QUARTERLY, ANNUAL = "quarterly", "annual"
# How many periods before the reported one are shown beside it.
_EARLIER = {QUARTERLY: 7, ANNUAL: 2}
# This month and the next three.
_MONTHS = 4


class Chart(NamedTuple):
    """
    One chart as data.

    Attributes:
        kind: ``bars`` for counts, ``stacked`` for counts that add up, ``lines`` for rates.
        title: What it shows, in a sentence that can stand alone.
        names: What stands along the axis.
        series: Each a name and a value for each of *names*; ``None`` is a gap.
        band: A range to mark on the axis of values, such as the handbook's, or ``None``.
    """

    kind: str
    title: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    band: tuple[float, float, str] | None = None


class Grid(NamedTuple):
    """A table: a caption, the names of its columns, and cells as people read them."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(NamedTuple):
    """One part of a report."""

    id: str
    title: str
    words: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    chart: Chart | None = None


class Past(NamedTuple):
    """One period of the trend; measures are those of the last two alone."""

    period: Period
    name: str
    figures: Figures
    measures: list[MeasureRow]


class Facts(NamedTuple):
    """
    Everything the sections are written from.

    Attributes:
        kind: ``quarterly`` or ``annual``.
        past: The periods, the reported one last.
        late: Each late one, or ``None`` where they are kept back.
        coming: What is open and falls due, by month and process.
    """

    kind: str
    asked: Asked
    as_of: date
    view: View
    ledger: Ledger
    past: list[Past]
    by_iro: Figures
    by_team: Figures
    by_rule: Figures
    late: list[LateRow] | None
    caseloads: Caseloads
    coming: dict[str, dict[str, int]]
    compared: Compared

    @property
    def now(self) -> Past:
        """Return the period that is reported on."""
        return self.past[-1]

    @property
    def before(self) -> Past:
        """Return the period before it."""
        return self.past[-2]

    def measure(self, name: str, of: Past | None = None) -> MeasureRow:
        """Return one measure of the reported period, or of another."""
        return next(row for row in (of or self.now).measures if row.measure == name)


class Report(NamedTuple):
    """A report: its title, what it is of, its sections, and the facts behind them."""

    title: str
    subtitle: str
    sections: list[Section]
    facts: Facts


def _name(kind: str, period: Period) -> str:
    first, after = period.first, period.last + timedelta(days=1)
    if kind == ANNUAL and periods.is_reporting_year(period):
        return f"{first.year}-{period.last.year % 100:02}"
    whole_months = first.day == after.day == 1
    return periods.quarter_name(period) if whole_months else periods.words(period)


def facts_of(view: View, asked: Asked, kind: str) -> Facts:
    """
    Count everything a report is written from.

    Raises:
        InputRefusedError: An authority is unknown, or a file of figures cannot be read.
    """
    spans = [asked.period]
    for _ in range(_EARLIER[kind]):
        spans.insert(0, periods.before(spans[0]))
    ledger = gathered(view, asked, spans[:-1], plans=spans[-2:])
    past = []
    for period in spans:
        found = process_figures(view, ledger, period, asked.least)
        told = period in spans[-2:]
        rows = measures_of(view, ledger, period, asked.least) if told else []
        past.append(Past(period, _name(kind, period), found, rows))
    inside = within(ledger, asked.period)

    return Facts(
        kind,
        asked,
        view.as_of,
        view,
        ledger,
        past,
        figures_by(view, inside, "iro", asked.least),
        figures_by(view, inside, "team", asked.least),
        figures_by(view, inside, "timescale", asked.least),
        None if asked.least else late_ones(inside),
        caseload(view, only={"team": asked.team}),
        _coming(view, ledger),
        beside_others(asked, past[-1].measures, view.as_of),
    )


def _coming(view: View, ledger: Ledger) -> dict[str, dict[str, int]]:
    """Count what is open and falls due in this month and the next three, by process."""
    found: dict[str, dict[str, int]] = {}
    for name in periods.months_from(view.as_of, _MONTHS):
        found[name] = dict.fromkeys(view.catalogue.processes, 0)
    for one in ledger.duties:
        month = found.get(periods.month_name(one.due)) if one.status == NOT_YET_DUE else None
        if month is not None and not one.rule.beside:
            month[one.process] += 1
    return found


def report(view: View, asked: Asked, kind: str, sections: Sequence["Writer"]) -> Report:
    """
    Write a report.

    Args:
        view: The store, the rules and the day.
        asked: The period and what else was asked for.
        kind: ``quarterly`` or ``annual``.
        sections: What writes each section, in order; one that has nothing to say
            returns ``None``.

    Raises:
        InputRefusedError: An authority is unknown, or a file of figures cannot be read.
    """
    facts = facts_of(view, asked, kind)
    written = [section for write in sections if (section := write(facts)) is not None]
    what = "Annual report" if kind == ANNUAL else "Quarterly report"
    title = f"{what} of the reviewing service"
    return Report(title, periods.words(asked.period), written, facts)


Writer = Callable[[Facts], Section | None]


def as_json(found: Report) -> dict[str, object]:
    """Return the figures of a report, as JSON has them."""
    facts = found.facts

    def rows(these: Sequence[NamedTuple]) -> list[dict[str, object]]:
        return [
            {
                key: value.isoformat() if isinstance(value, date) else value
                for key, value in one._asdict().items()
            }
            for one in these
        ]

    def of(one: Figures) -> dict[str, object]:
        return {"rows": rows(one.rows), "total": one.total._asdict()}

    compared: list[ComparisonRow] = facts.compared.latest
    return {
        "kind": facts.kind,
        "from": facts.asked.period.first.isoformat(),
        "to": facts.asked.period.last.isoformat(),
        "suppress": facts.asked.least or None,
        "process": of(facts.now.figures),
        "timescale": of(facts.by_rule),
        "iro": of(facts.by_iro),
        "team": of(facts.by_team),
        "measures": rows(facts.now.measures),
        "past": [
            {
                "from": one.period.first.isoformat(),
                "to": one.period.last.isoformat(),
                **of(one.figures),
                "measures": rows(one.measures),
            }
            for one in facts.past
        ],
        "late": None if facts.late is None else rows(facts.late),
        "caseload": None if facts.asked.least else rows(facts.caseloads.rows),
        "coming": None if facts.asked.least else facts.coming,
        "comparison": rows(compared),
        "trend": rows(facts.compared.trend),
        "source": facts.compared.source or None,
    }
