"""A report as one page that needs nothing else: text, tables, and charts drawn into it."""

from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from iro_cli import __version__
from iro_cli.dates.words import spoken, spoken_short
from iro_cli.figures.figure_words import percent
from iro_cli.pages.report_charts import svg
from iro_cli.questions.quarterly import Chart, Grid, Report, Section
from iro_cli.safe import printable

_TEMPLATES = Path(__file__).parent / "templates"
# A cell of these, digits apart, is a number.
_NUMERIC = set("0123456789,.%/+- ()")


class PageGrid(NamedTuple):
    """A table with the places of its columns of numbers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


class PageSection(NamedTuple):
    """A section with its chart drawn."""

    id: str
    title: str
    words: tuple[str, ...]
    grids: tuple[PageGrid, ...]
    chart: Chart | None
    drawn: Markup


def made_words(report: Report) -> str:
    """Say on what day a report is judged."""
    return f"Judged by what is known on {spoken(report.facts.as_of)}."


def stated_words(report: Report) -> str:
    """State what a report was made with."""
    view = report.facts.view
    return (
        f"Made by iro-cli {__version__}; rules of {view.catalogue.nation}, digest "
        f"{view.catalogue.digest}; bank holidays confirmed to "
        f"{spoken_short(view.calendar.confirmed_to)}."
    )


def beside_chart(section: Section) -> tuple[Grid, ...]:
    """Return the tables of a section, with the chart's own where none of them has its numbers."""
    chart = section.chart
    there = chart is not None and chart.title in {grid.caption for grid in section.grids}
    if chart is None or there or chart.kind == "across" or section.id == "coming":
        return section.grids
    rows = tuple(
        (name, *(_value(chart, values[place]) for _, values in chart.series))
        for place, name in enumerate(chart.names)
    )
    first = "Period" if chart.kind == "lines" else "How late"
    names = (first, *(name for name, _ in chart.series))
    return (Grid(chart.title, names, rows), *section.grids)


def _value(chart: Chart, value: float | None) -> str:
    if value is None:
        return "-"
    return percent(value) if chart.kind == "lines" else f"{value:,g}"


def _clean(grid: Grid) -> PageGrid:
    rows = tuple(tuple(printable(cell) for cell in row) for row in grid.rows)
    numbers = frozenset(
        place
        for place in range(1, len(grid.columns))
        if any(row[place] != "-" for row in rows)
        and all(_NUMERIC.issuperset(row[place].replace("kept back", "")) for row in rows)
    )
    columns = tuple(printable(name) for name in grid.columns)
    return PageGrid(printable(grid.caption), columns, rows, numbers)


def page(report: Report) -> str:
    """Return a report as HTML: everything that comes from data is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    sections = [
        PageSection(
            one.id,
            one.title,
            tuple(printable(line) for line in one.words),
            tuple(_clean(grid) for grid in beside_chart(one)),
            one.chart,
            # matplotlib escapes the text it writes into a drawing.
            Markup(svg(one.chart, one.id) if one.chart else ""),  # noqa: S704
        )
        for one in report.sections
    ]
    text: str = environment.get_template("report.html").render(
        title=report.title,
        subtitle=report.subtitle,
        made=made_words(report),
        stated=stated_words(report),
        version=__version__,
        sections=sections,
    )
    return text.rstrip() + "\n"
