"""Write a report as a Word document, plain or in a council's own template."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import BadZipFile

from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.listing import CHILD, DATE, Field, Grid
from iro_cli.lean import TYPE_CHECKING, Any, BinaryIO
from iro_cli.pages.report import Exhibit, Report, ReportSection, made_words, missing, stated_words
from iro_cli.safe import printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

# In centimetres: A4, its margins, and the widest picture.
_PAGE, _MARGIN, _WIDEST = (21.0, 29.7), 2.0, 16.0
# In points: the usual size of letters in tables, and the smallest, for many columns.
_LARGEST, _SMALLEST = 9.5, 6.5
_CM_OF_POINT = 2.54 / 72
# The padding on both sides of a cell together, in centimetres.
_PADDING = 0.4
# Letters that are narrower or wider than others.  Their widths are those of the widest of the usual
# fonts, because a word must fit in any of them.
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]-/ "), frozenset("mwMW@%")
# How much wider bold letters are.
_BOLD = 1.1
# A table with up to so many lines is kept on one page.
_KEPT = 15
_BODY, _HEADING, _TITLE, _CAPTION = "Normal", "Heading 1", "Title", "Caption"
_HEADER_SHADE = "E7E6E6"


# ---------------------------------------------------------------- the template


def opened(template: bytes | None) -> "Document":
    """
    Open the template without its text, or an empty A4 document.

    Raises:
        InputRefusedError: It is not a Word document, or lacks the styles that are needed.
    """
    from docx import Document  # noqa: PLC0415 - only where a document is written
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND  # noqa: PLC0415 - as above

    if template is None:
        made = Document()
        _as_a4(made)
        return made
    try:
        made = Document(BytesIO(template))
        has_styles = KIND.STYLES in {one.reltype for one in made.part.rels.values()}
        names = {style.name for style in made.styles} if has_styles else set()
        _empty(made)
    # Another kind of file, or a damaged document, fails with one of these errors.
    except (BadZipFile, LookupError, ValueError, SyntaxError, AttributeError, OSError) as error:
        raise InputRefusedError(
            f"--template: it cannot be opened as a Word document ({_why(error)}): save it in "
            "Word as .docx, without a password"
        ) from None
    without = [name for name in (_BODY, _HEADING) if name not in names]
    if without:
        raise InputRefusedError(
            f"--template: it has no style {' and no style '.join(without)}: use each once in it, "
            "in Word, and save it again"
        )
    return made


def _why(error: Exception) -> str:
    kind = "another kind of file" if isinstance(error, ValueError) else "no whole archive"
    return kind if not isinstance(error, OSError) else error.strerror or kind


def _as_a4(made: "Document") -> None:
    from docx.shared import Cm  # noqa: PLC0415 - as above

    section = made.sections[0]
    section.page_width, section.page_height = map(Cm, _PAGE)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    _number_pages(section.footer.paragraphs[0])


def _number_pages(line: "Paragraph") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - as above
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    line._p.append(field)  # noqa: SLF001 - the library has no other way
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _empty(made: "Document") -> None:
    """Remove the text of a template; the last section's page, header and footer stay."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    body = made.element.body
    last = body.get_or_add_sectPr()
    references = (qn("w:headerReference"), qn("w:footerReference"))
    for section in reversed([*body.iter(qn("w:sectPr"))][:-1]):
        # The last section may take over a header from an earlier one, which is removed here.
        own = {(one.tag, one.get(qn("w:type"))) for one in last if one.tag in references}
        for one in [*section]:
            if one.tag in references and (one.tag, one.get(qn("w:type"))) not in own:
                last.insert(0, one)
    for child in [*body]:
        if child is not last:
            body.remove(child)


# ---------------------------------------------------------------- text


class _Writer:
    """Writes the parts of a report into a document."""

    def __init__(self, made: "Document") -> None:
        self._made = made
        self._styles = {style.name for style in made.styles}
        section = made.sections[-1]
        width = section.page_width.cm if section.page_width else _PAGE[0]
        beside = (section.left_margin, section.right_margin)
        self._room = width - sum(one.cm if one is not None else _MARGIN for one in beside)

    def paragraph(self, text: str, style: str = _BODY, *, kept: bool = False) -> "Paragraph":
        """Write a paragraph; with *kept*, it stays on one page with what follows."""
        there = style if style in self._styles else _HEADING if style == _TITLE else _BODY
        made = self._made.add_paragraph(printable(text), style=there)
        if kept:
            made.paragraph_format.keep_with_next = True
        return made

    def caption(self, text: str) -> None:
        """Write the caption of a chart or a table above it."""
        from docx.shared import Pt  # noqa: PLC0415 - as above

        made = self.paragraph(text, _CAPTION, kept=True)
        made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(10), Pt(4)
        if _CAPTION not in self._styles:
            made.runs[0].bold = True

    def section(self, section: ReportSection) -> None:
        """Write a section; its heading stays on one page with what follows."""
        self.paragraph(section.title, _HEADING, kept=True)
        for line in section.words:
            self.paragraph(line, kept=bool(section.exhibits))
        for one in section.exhibits:
            self._exhibit(one)

    def _exhibit(self, one: Exhibit) -> None:
        from docx.shared import Cm  # noqa: PLC0415 - as above

        from iro_cli.pages.report_charts import png  # noqa: PLC0415 - only where one is drawn

        if one.chart:
            self.caption(one.chart.title)
            line = self.paragraph("", kept=True)
            picture = BytesIO(png(one.chart))
            line.add_run().add_picture(picture, width=Cm(min(_WIDEST, self._room)))
            self._describe(one.chart.title)
        if not one.shares_caption:
            self.caption(one.grid.heading)
        self._table(one.grid)

    def _describe(self, title: str) -> None:
        """Give the last picture a text for people who cannot see it."""
        properties = self._made.inline_shapes[-1]._inline.docPr  # noqa: SLF001 - as above
        properties.set("descr", f"{printable(title)}. The table below has its numbers.")

    # ------------------------------------------------------------ tables

    def _table(self, grid: Grid) -> None:
        """Write a table whose columns are as wide as their content needs."""
        from docx.shared import Cm, Pt  # noqa: PLC0415 - as above

        lines = [[printable(cell) for cell in line.cells] for line in grid.lines]
        widths, size = fitted(grid.columns, lines, self._room)
        table = self._made.add_table(rows=1 + len(lines), cols=len(widths))
        table.autofit = False
        _rule(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        headings = [printable(column.read_as) for column in grid.columns]
        kept = len(lines) <= _KEPT
        for number, (row, texts) in enumerate(zip(table.rows, (headings, *lines), strict=True)):
            _keep_whole(row, heading=not number)
            stays = number < (len(lines) if kept else 2)
            for cell, text, width, column in zip(
                row.cells, texts, widths, grid.columns, strict=True
            ):
                cell.width = Cm(width)
                line = cell.paragraphs[0]
                run = line.add_run(text)
                run.font.size, run.bold = Pt(size), True if not number else None
                _set_out(line, to_the_right=column.to_the_right, kept=stays)
                if not number:
                    _shade(cell)
        # Without this empty line, two tables would become one, and a heading would touch the table.
        after = self._made.add_paragraph()
        after.paragraph_format.space_before = after.paragraph_format.space_after = Pt(0)
        after.paragraph_format.line_spacing = Pt(_LARGEST)


def _width_of(text: str, size: float) -> float:
    """Return how wide a text can be in any of the usual fonts, in centimetres."""
    ems = sum(
        0.42 if letter in _NARROW else 1.0 if letter in _WIDE else 0.8 if letter.isupper() else 0.66
        for letter in text
    )
    return ems * size * _CM_OF_POINT


def fitted(
    columns: Sequence[Field], lines: Sequence[Sequence[str]], room: float
) -> tuple[list[float], float]:
    """
    Return the width of each column, so that no word, id or day is broken.

    Args:
        columns: The columns.
        lines: The cells of each line.
        room: How wide the table may be, in centimetres.

    Returns:
        The widths in centimetres, and the size of the letters in points.
    """
    size, found = _LARGEST, [room / len(columns)] * len(columns)
    while size >= _SMALLEST:
        needs = [
            _needed(column, [line[place] for line in lines], size)
            for place, column in enumerate(columns)
        ]
        least, most = (sum(widths) for widths in zip(*needs, strict=True))
        if most <= room:
            return [wish for _, wish in needs], size
        if least <= room:
            share = (room - least) / (most - least)
            return [need + share * (wish - need) for need, wish in needs], size
        found = [room * need / least for need, _ in needs]
        size -= 0.5
    return found, _SMALLEST


def _needed(column: Field, cells: Sequence[str], size: float) -> tuple[float, float]:
    """Return the smallest and the best width of a column, in centimetres."""
    heading = _width_of(column.read_as, size) * _BOLD
    words = [_width_of(word, size) * _BOLD for word in column.read_as.split()]
    if column.whole or column.kind in (CHILD, DATE):
        words += [_width_of(cell, size) for cell in cells]
    else:
        words += [_width_of(word, size) for cell in cells for word in cell.split()]
    least = max(words, default=0.0)
    # A heading may have two lines.
    most = max(least, heading / 2, *(_width_of(cell, size) for cell in cells))
    return least + _PADDING, most + _PADDING


def _rule(table: Any) -> None:
    """Draw lines above, below and between the rows, independent of a template's styles."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "808080")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001 - as above


def _keep_whole(row: Any, *, heading: bool) -> None:
    """Keep a row on one page; the heading is repeated on each page and marked as a heading."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    for name in ("w:cantSplit", *(["w:tblHeader"] if heading else [])):
        told = OxmlElement(name)
        told.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(told)  # noqa: SLF001 - as above


def _set_out(line: "Paragraph", *, to_the_right: bool, kept: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - as above
    from docx.shared import Pt  # noqa: PLC0415 - as above

    set_out = line.paragraph_format
    set_out.space_before = set_out.space_after = Pt(2)
    set_out.line_spacing = 1.0
    set_out.first_line_indent = set_out.left_indent = Pt(0)
    set_out.alignment = WD_ALIGN_PARAGRAPH.RIGHT if to_the_right else WD_ALIGN_PARAGRAPH.LEFT
    if kept:
        set_out.keep_with_next = True


def _shade(cell: "_Cell") -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _HEADER_SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - as above


# ---------------------------------------------------------------- the whole


def write_document(report: Report, out: BinaryIO, target: Target) -> None:
    """
    Write a report as a Word document.

    Raises:
        UsageError: A library that it needs is not installed.
        InputRefusedError: The template is not a Word document, or lacks a style.
    """
    try:
        import docx  # noqa: F401, PLC0415 - as above

        import iro_cli.pages.report_charts  # noqa: F401, PLC0415 - as above
    except ImportError as error:
        raise UsageError(missing("docx", error)) from None
    made = opened(target.template)
    made.core_properties.title = f"{report.title}, {report.subtitle}"
    made.core_properties.language = "en-GB"
    made.core_properties.author = "iro-cli"
    made.core_properties.comments = stated_words(report)
    # The document is dated by the day on which it is judged, so the same facts give the same file.
    day = report.facts.as_of
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    made.core_properties.created = made.core_properties.modified = stamp
    writer = _Writer(made)
    writer.paragraph(report.title, _TITLE, kept=True)
    writer.paragraph(report.subtitle)
    writer.paragraph(made_words(report))
    for section in report.sections:
        writer.section(section)
    writer.paragraph(stated_words(report))
    made.save(out)


FORM = Form("docx", "docx", write_document, binary=True)
