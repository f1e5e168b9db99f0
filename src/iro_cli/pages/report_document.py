"""A report as a Word document, to be put into a council's own template."""

from datetime import UTC, datetime
from io import BytesIO

from iro_cli.errors import UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Grid
from iro_cli.lean import TYPE_CHECKING, BinaryIO
from iro_cli.pages.report import Report, beside_chart, made_words, missing, stated_words
from iro_cli.safe import printable

if TYPE_CHECKING:
    from docx.document import Document

# In centimetres.
_WIDE = 16


def write_document(report: Report, out: BinaryIO, _: Target) -> None:
    """
    Write a report as a Word document with the styles every template has.

    Raises:
        UsageError: A library that it needs is not installed.
    """
    try:
        from docx import Document  # noqa: PLC0415
        from docx.shared import Cm  # noqa: PLC0415

        from iro_cli.pages.report_charts import png  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(missing("docx", error)) from None
    made = Document()
    made.core_properties.title = f"{report.title}, {report.subtitle}"
    made.core_properties.language = "en-GB"
    made.core_properties.author = "iro-cli"
    made.core_properties.comments = stated_words(report)
    # The same facts give the same file: it is dated by the day it is judged on.
    day = report.facts.as_of
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    made.core_properties.created = made.core_properties.modified = stamp
    made.add_heading(report.title, 0)
    made.add_paragraph(report.subtitle)
    made.add_paragraph(made_words(report))
    for section in report.sections:
        made.add_heading(section.title, 1)
        for line in section.words:
            made.add_paragraph(printable(line))
        if section.chart:
            made.add_picture(BytesIO(png(section.chart)), width=Cm(_WIDE))
            _describe(made, section.chart.title)
            made.add_paragraph(printable(section.chart.title), style="Caption")
        for grid in beside_chart(section):
            _add(made, grid)
    made.add_paragraph(stated_words(report))
    made.save(out)


def _describe(made: "Document", title: str) -> None:
    """Give the last picture its text alternative."""
    properties = made.inline_shapes[-1]._inline.docPr  # noqa: SLF001 - the library has no other way
    properties.set("descr", f"{title}. The table below has its numbers.")


def _add(made: "Document", grid: Grid) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    made.add_paragraph(printable(grid.heading), style="Caption")
    table = made.add_table(rows=1, cols=len(grid.columns), style="Light Grid Accent 1")
    for cell, column in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.text = printable(column.read_as)
    # The header is repeated on every page, and read out as one.
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - as above
    for line in grid.lines:
        for cell, text in zip(table.add_row().cells, line.cells, strict=True):
            cell.text = printable(text)


FORM = Form("docx", "docx", write_document, binary=True)
