"""
Write a listing as an Excel workbook, row by row, with XlsxWriter.

The workbook opens on the list, and its second sheet says what it is.  The fields that people
want come first and are printed; the other fields are to the right of them, for filters.
Overdue rows are bold and shaded, and say so in words.  There is no formula, link or macro.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import partial
from io import BytesIO
from itertools import chain, islice
from textwrap import wrap

import xlsxwriter
from xlsxwriter.utility import xl_range

from iro_cli.dates.words import spoken
from iro_cli.errors import UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.listing import (
    DATE,
    EVENTS,
    LIST,
    NUMBERS,
    RATE,
    ROWS,
    TEXT,
    Export,
    Field,
    FieldKind,
    Value,
    recorded,
    typed,
)
from iro_cli.forms.statement import statement
from iro_cli.lean import Any, BinaryIO, NamedTuple
from iro_cli.safe import guarded, printable

_ABOUT = "About"
# The limits of Excel: XlsxWriter leaves out a longer cell or a further row without an error.
_MOST_ROWS = 1_048_575
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
# A header has 255 characters, and each "&" takes two of them.
_LONGEST_TITLE = 100
_A4 = 9
# Excel counts days from here.  Its calendar is wrong before March 1900.
_DAY_NOUGHT = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)
# How many rows are used to find the widths.
_SAMPLE = 200
_NARROWEST, _WIDEST = 6, 40
# How many lines a heading has.
_LINES = 2
# In points: the height of a line, and of the highest row that Excel allows.
_LINE, _HIGHEST = 15, 405
# In inches: margins that every printer can keep, with the lines above and below.
_BESIDE, _ABOVE, _BELOW = 0.4, 0.75, 0.6
# The arrow of the filter takes this much room beside the heading, in characters.
_ARROW = 3
_YES = "yes"
_REMEMBERED = 4096
# A day is a number in Excel.  It is shown with the name of its month, because some people read
# 06/01/2025 as a day in June.
_NUMBER_FORMATS: dict[FieldKind | str, str] = {DATE: "ddd d mmm yyyy", RATE: "0.0%"}
_WRAPPED, _ASIDE = ("wrapped", TEXT, LIST), "aside"
_OVERDUE_SHADE = "#F8D7DA"
_HEADER_SHADE = "#E7E6E6"


def sheet_name(wanted: str, taken: set[str]) -> str:
    r"""
    Return a name that Excel accepts for a sheet, and that is not in use.

    Args:
        wanted: A name from data.
        taken: The names in use, in small letters; the new one is added.

    >>> sheet_name("Ann [North] / Example", {"about"})
    'Ann (North) - Example'
    """
    plain = printable(wanted).translate(str.maketrans("[]:*?/\\", "()-----")).strip("' ")
    if not plain or plain.casefold() == "history":
        plain = f"{plain} (sheet)".strip()
    name, number = plain[:_LONGEST_NAME].rstrip("' "), 1
    while name.casefold() in taken:
        number += 1
        end = f" ({number})"
        name = plain[: _LONGEST_NAME - len(end)].rstrip("' ") + end
    taken.add(name.casefold())
    return name


def _text(text: str) -> str:
    safe = guarded(printable(text))
    return safe if len(safe) <= _LONGEST_CELL else safe[: _LONGEST_CELL - 1] + "…"


class _ColumnTexts(dict[str, str]):
    """The safe forms of the texts in one column; most columns have few different texts."""

    def __missing__(self, text: str) -> str:
        safe = _text(text)
        if len(self) < _REMEMBERED:
            self[text] = safe
        return safe


class _PlacedColumn(NamedTuple):
    """The column of a field, and its width in characters."""

    column: int
    width: int


class _Book:
    """A workbook that is being written, and the formats that its sheets share."""

    def __init__(self, out: BinaryIO, export: Export) -> None:
        self._book: Any = xlsxwriter.Workbook(
            out,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        day = date.fromisoformat(str(export.about["as_of"]))
        self._book.set_properties({"title": export.name, "created": datetime.combine(day, time())})
        self._day = spoken(day)
        self._formats: dict[tuple[FieldKind | str, bool], Any] = {}
        self.taken = {_ABOUT.casefold()}

    def format(self, kind: FieldKind | str, *, late: bool = False) -> Any:
        found = self._formats.get((kind, late))
        if found is None:
            look: dict[str, object] = {"valign": "top"}
            if kind in _NUMBER_FORMATS:
                look["num_format"] = _NUMBER_FORMATS[kind]
            if kind == DATE:
                look["align"] = "left"
            if kind in NUMBERS:
                # Otherwise a number would touch the text in the next column.
                look |= {"align": "right", "indent": 1}
            if kind == "header":
                look |= {"bold": True, "bg_color": _HEADER_SHADE, "bottom": 1, "text_wrap": True}
            if kind in _WRAPPED:
                look["text_wrap"] = True
            if kind == "title":
                look |= {"bold": True, "font_size": 14}
            if late or kind == "label":
                look["bold"] = True
            if late:
                look["bg_color"] = _OVERDUE_SHADE
            found = self._formats[kind, late] = self._book.add_format(look)
        return found

    def about(self, export: Export, others: Iterable[tuple[str, int | None]]) -> None:
        """Write the second sheet, which describes the workbook."""
        page = self._book.add_worksheet(_ABOUT)
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, _text(export.name), self.format("title"))
        lines = statement(export.about)
        for name, count in others:
            rows = "" if count is None else f"{count:,} row{'' if count == 1 else 's'}"
            lines.append((f"Sheet {name}", rows))
        lines.append(
            ("Overdue rows", "are bold and shaded; the column Status or Overdue says so too")
        )
        if 0 < len(export.paper) < len(export.fields):
            *_, last = _ordered(export)[0]
            words = f"the columns to {last.heading}; what stands to the right of it is for filters"
            lines.append(("On paper", words))
        page.set_column(0, 0, max(len(label) for label, _ in lines) + 2)
        page.set_column(1, 1, 90)
        for row, (label, text) in enumerate(lines, start=2):
            page.write_string(row, 0, _text(label), self.format("label"))
            page.write_string(row, 1, _text(text), self.format("wrapped"))

    def listing(self, name: str, export: Export) -> None:
        """Write one sheet of rows."""
        first, others = _ordered(export)
        fields = (*first, *others)
        rest = iter(export.records)
        sample = list(islice(rest, _SAMPLE))
        page = self._book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(_A4)
        page.set_margins(_BESIDE, _BESIDE, _ABOVE, _BELOW)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.hide_gridlines(0)
        title = printable(export.name)[:_LONGEST_TITLE].replace("&", "&&")
        page.set_header(f'&L&"-,Bold"{title}&RAs of {self._day}')
        page.set_footer("&RPage &P of &N")
        page.freeze_panes(1, 1)
        page.set_row(0, _LINES * _LINE)
        columns = {field.name: place for place, field in enumerate(fields)}
        placed = []
        for number, field in enumerate(export.fields):
            place = columns[field.name]
            width = _width(field.heading, [_shape(record[number], field.kind) for record in sample])
            # A text that is not printed is not wrapped, so that it does not make its row higher.
            wraps = field.kind in _WRAPPED and place < len(first)
            placed.append(_PlacedColumn(place, width if wraps else _LONGEST_CELL))
            page.set_column(place, place, width)
        for place, field in enumerate(fields):
            page.write_string(0, place, _text(field.heading), self.format("header"))
        last = self._rows(page, export.fields, placed, chain(sample, rest))
        right = max(0, len(fields) - 1)
        page.autofilter(0, 0, last, right)
        page.print_area(0, 0, last, max(0, len(first) - 1))
        # An id of digits is text: otherwise Excel would mark each one as an error.
        page.ignore_errors({"number_stored_as_text": xl_range(0, 0, last, right)})

    # Whole because it goes through every cell: a call for each takes longer than most cells.
    def _rows(
        self,
        page: Any,
        fields: Sequence[Field],
        placed: Sequence[_PlacedColumn],
        records: Iterable[Sequence[Value]],
    ) -> int:
        """
        Write the rows under the header.

        Args:
            page: The sheet.
            fields: The fields, in the order of the records.
            placed: The column of each, and the width at which its text is wrapped.
            records: The values of each row.

        Returns:
            The number of the last row.
        """
        kinds = [field.kind for field in fields]
        looks = [
            _ASIDE if kind in _WRAPPED and one.width == _LONGEST_CELL else kind
            for kind, one in zip(kinds, placed, strict=True)
        ]
        plain = [self.format(look) for look in looks]
        bold = [self.format(look, late=True) for look in looks]
        texts = [_ColumnTexts() for _ in kinds]
        is_late = _late(fields)
        write_string, write_number = page.write_string, page.write_number
        row = 0
        for row, record in enumerate(records, start=1):
            if row > _MOST_ROWS:
                raise UsageError(
                    f"a sheet of a workbook has room for {_MOST_ROWS:,} rows and this listing has "
                    "more: use --format csv, or ask for less"
                )
            formats = bold if is_late(record) else plain
            lines = 1
            for place, given in enumerate(record):
                look, (column, width) = formats[place], placed[place]
                value = typed(DATE, given) if kinds[place] == DATE else given
                if isinstance(value, str):
                    text = texts[place][value]
                    write_string(row, column, text, look)
                    if len(text) > width:
                        lines = max(lines, len(wrap(text, width)))
                elif value is None or value is False:
                    if look is bold[place]:
                        page.write_blank(row, column, None, look)
                elif value is True:
                    write_string(row, column, _YES, look)
                elif isinstance(value, int | float):
                    number = _exact(value) if kinds[place] == RATE else value
                    write_number(row, column, number, look)
                elif isinstance(value, date):
                    if value >= _FIRST_DAY:
                        write_number(row, column, value.toordinal() - _DAY_NOUGHT, look)
                    else:
                        write_string(row, column, value.isoformat(), look)
                else:
                    text = _text("; ".join(value))
                    write_string(row, column, text, look)
                    lines = max(lines, len(wrap(text, width)))
            if lines > 1:
                # Some programs do not give a row the height of its text.
                page.set_row(row, min(lines * _LINE, _HIGHEST))
        return row

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()


def _late(fields: Sequence[Field]) -> Callable[[Sequence[Value]], bool]:
    """Return the function that says whether a row is overdue, from the field that shows it."""
    for place, field in enumerate(fields):
        if field.late:
            return partial(_is_late, place, field.late)
    return lambda _: False


def _is_late(place: int, late: Callable[[Any], bool], record: Sequence[Value]) -> bool:
    return late(record[place])


def _ordered(export: Export) -> tuple[list[Field], list[Field]]:
    """Return the fields that are printed, and the others, which stand to the right."""
    named = {field.name: field for field in export.fields}
    first = [named[name] for name in export.paper if name in named] or [*export.fields]
    return first, [field for field in export.fields if field not in first]


def _width(heading: str, cells: Sequence[str]) -> int:
    """Return the width of a column: its heading fits on two lines without breaking a word."""
    width = max(_NARROWEST, min(_WIDEST, max(map(len, cells), default=0) + 2))
    while width < _WIDEST and len(wrap(heading, width - _ARROW, break_long_words=False)) > _LINES:
        width += 1
    return max(width, max(map(len, heading.split())) + _ARROW)


def _exact(share: float) -> float:
    """Return a share as its fraction says: Excel rounds what it shows, and once is enough."""
    part, whole = share.as_integer_ratio()
    return part / whole


def _shape(value: Value, kind: FieldKind) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return _YES
    if kind == DATE:
        return "Mon 30 Nov 2026"
    if kind == RATE:
        return "100.0%"
    return "; ".join(value) if isinstance(value, list | tuple) else str(value)


def _beside(export: Export) -> Iterator[Export]:
    """Yield other rows that belong to the listing, such as a child's facts, for other sheets."""
    for field in export.beside:
        rows = export.about.get(field.name)
        if field.kind not in (ROWS, EVENTS) or not rows:
            continue
        records = recorded(field.of, rows)
        kept = [
            place
            for place in range(len(field.of))
            if field.kind == ROWS or any(record[place] is not None for record in records)
        ]
        fields = tuple(field.of[place] for place in kept)
        values = [[record[place] for place in kept] for record in records]
        yield Export(field.heading, fields, values, {}, (), tuple)


def write_workbook(export: Export, out: BinaryIO, _: Target) -> None:
    """
    Write a listing as a workbook.

    Raises:
        UsageError: There are more rows than a workbook has room for.
    """
    # The workbook is built in memory.  On a full disk the library would end in a traceback, and it
    # has to seek in its output, which standard output cannot.
    whole = BytesIO()
    book = _Book(whole, export)
    parts = [*_beside(export), *export.parts()]
    main = sheet_name(export.name, book.taken)
    names = [sheet_name(part.name, book.taken) for part in parts]
    count = len(export.records) if isinstance(export.records, list | tuple) else None
    counts = [(main, count), *zip(names, (len(list(part.records)) for part in parts), strict=True)]
    book.listing(main, export)
    book.about(export, counts)
    for name, part in zip(names, parts, strict=True):
        book.listing(name, part)
    book.close()
    out.write(whole.getbuffer())


FORM = Form("xlsx", "xlsx", write_workbook, binary=True)
