"""Write a report as one page that loads nothing: text, tables, and charts drawn into it."""

import sys

from iro_cli import __version__, shipped
from iro_cli.errors import UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Grid
from iro_cli.lean import NamedTuple, TextIO
from iro_cli.pages.report import Exhibit, Report, made_words, missing, stated_words
from iro_cli.safe import printable

_IN_NUMBERS = "In numbers"
_NOT_DRAWN = "Without charts, which cannot be drawn within a browser: the tables say the same."
_TEMPLATES = f"{shipped.FOLDER}/pages/templates"


class PageGrid(NamedTuple):
    """A table with safe texts, and the places of its columns of numbers."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: set[int]


class PageExhibit(NamedTuple):
    """A table, and the caption and drawing of its chart; both are blank without a chart."""

    grid: PageGrid
    caption: str
    drawn: str


class PageSection(NamedTuple):
    """A section with its charts drawn."""

    id: str
    title: str
    words: list[str]
    exhibits: list[PageExhibit]


def _clean(table: Grid, caption: str) -> PageGrid:
    return PageGrid(
        printable(caption),
        [printable(column.read_as) for column in table.columns],
        [list(map(printable, line.cells)) for line in table.lines],
        {place for place, column in enumerate(table.columns) if place and column.to_the_right},
    )


def write_page(report: Report, out: TextIO, _: Target) -> None:
    """
    Write a report as HTML; all text from data is escaped.

    Raises:
        UsageError: A library that it needs is not installed.
    """
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415
        from markupsafe import Markup  # noqa: PLC0415

        draws = sys.platform != "emscripten"  # in a browser nothing can be installed
        if draws:
            from iro_cli.pages.report_charts import svg  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(missing("html", error)) from None
    environment = Environment(
        loader=FunctionLoader(lambda name: shipped.text(f"{_TEMPLATES}/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
    )

    def exhibit(one: Exhibit, name: str) -> PageExhibit:
        shares = one.shares_caption and draws
        table = _clean(one.grid, _IN_NUMBERS if shares else one.grid.heading)
        if one.chart is None or not draws:
            return PageExhibit(table, "", "")
        # matplotlib escapes the text it writes into a drawing.
        return PageExhibit(table, printable(one.chart.title), Markup(svg(one.chart, name)))  # noqa: S704

    sections = [
        PageSection(
            one.id,
            one.title,
            list(map(printable, one.words)),
            [exhibit(each, f"{one.id}-{number}") for number, each in enumerate(one.exhibits)],
        )
        for one in report.sections
    ]
    text: str = environment.get_template("report.html").render(
        title=report.title,
        subtitle=report.subtitle,
        made=made_words(report) if draws else f"{made_words(report)} {_NOT_DRAWN}",
        stated=stated_words(report),
        version=__version__,
        sections=sections,
    )
    out.write(text.rstrip() + "\n")


FORM = Form("html", "html", write_page)
