"""A report as one page that needs nothing else: text, tables, and charts drawn into it."""

from pathlib import Path

from iro_cli import __version__
from iro_cli.errors import UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Grid
from iro_cli.lean import NamedTuple, TextIO
from iro_cli.pages.report import Chart, Report, beside_chart, made_words, missing, stated_words
from iro_cli.safe import printable

_TEMPLATES = Path(__file__).parent / "templates"


class PageGrid(NamedTuple):
    """A table, its texts made harmless, with the places of its columns of numbers."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: set[int]


class PageSection(NamedTuple):
    """A section with its chart drawn."""

    id: str
    title: str
    words: list[str]
    grids: list[PageGrid]
    chart: Chart | None
    drawn: str


def _clean(table: Grid) -> PageGrid:
    return PageGrid(
        printable(table.heading),
        [printable(column.read_as) for column in table.columns],
        [list(map(printable, line.cells)) for line in table.lines],
        {place for place, column in enumerate(table.columns) if place and column.to_the_right},
    )


def write_page(report: Report, out: TextIO, _: Target) -> None:
    """
    Write a report as HTML: everything that comes from data is escaped.

    Raises:
        UsageError: A library that it needs is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415
        from markupsafe import Markup  # noqa: PLC0415

        from iro_cli.pages.report_charts import svg  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(missing("html", error)) from None
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    sections = [
        PageSection(
            one.id,
            one.title,
            list(map(printable, one.words)),
            list(map(_clean, beside_chart(one))),
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
    out.write(text.rstrip() + "\n")


FORM = Form("html", "html", write_page)
