"""Write a listing as CSV, with cells that no spreadsheet runs as formulas."""

# This imports _csv, because csv compiles regular expressions to guess the dialect of a file.
from _csv import writer
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import CHILD, LIST, Export, Field, Value
from iro_cli.lean import TextIO
from iro_cli.safe import guarded

# With more different values in a column than this, looking one up takes longer than writing it.
_REMEMBERED = 4096
# How many rows are written at once.
_AT_ONCE = 1000


def _written(value: Value, *, excel: bool) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if excel else value.isoformat()
    if isinstance(value, int | float):
        return value
    return guarded("; ".join(value))


class _GivesBack:
    """A target for the writer of the standard library that returns the line."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


class _ColumnCells(dict[Value, str]):
    """
    The cells of one column, as they are written to the file.

    The writer checks each character of a cell, to see whether it needs quotes.  Most columns have
    few different values, so this is done once for each value and not for each row.
    """

    def __init__(self, *, excel: bool) -> None:
        self._excel = excel
        self._write = writer(_GivesBack(), lineterminator=_end_of_line(excel=excel)).writerow

    def of(self, values: Iterable[Value]) -> Iterable[str]:
        """Return the cells of some rows."""
        return map(self.__getitem__, values)

    def __missing__(self, value: Value) -> str:
        written = self._as_written(value)
        if len(self) < _REMEMBERED:
            self[value] = written
        return written

    def _as_written(self, value: Value) -> str:
        # Most ids are letters, digits and hyphens, which need neither quotes nor a guard.
        if isinstance(value, str) and value[:1].isalnum() and value.replace("-", "").isalnum():
            return value
        # A second, empty cell is added, because the writer quotes an empty cell alone in its row.
        line: str = self._write((_written(value, excel=self._excel), ""))
        return line[: line.rindex(",")]


class _ListCells(_ColumnCells):
    """The cells of a column of lists, which cannot be keys of a dictionary as they are."""

    def __getitem__(self, value: Value) -> str:
        return super().__getitem__(tuple(value) if isinstance(value, list) else value)


class _IdCells(_ColumnCells):
    """The cells of a column of ids, which has a different value in nearly every row."""

    def of(self, values: Iterable[Value]) -> Iterable[str]:
        """Return the cells of some rows; letters and digits are written as they are."""
        return [one if isinstance(one, str) and one.isalnum() else self[one] for one in values]


def _end_of_line(*, excel: bool) -> str:
    return "\r\n" if excel else "\n"


_CELLS = {LIST: _ListCells, CHILD: _IdCells}


def _lines(
    records: Iterable[Sequence[Value]], fields: Sequence[Field], *, excel: bool
) -> Iterator[str]:
    """Yield the lines of records, several at a time, worked out column by column."""
    # Each column has its own memory: 1 and true are equal keys, but different cells.
    memories = [_CELLS.get(one.kind, _ColumnCells)(excel=excel) for one in fields]
    end = _end_of_line(excel=excel)
    following = iter(records)
    while part := list(islice(following, _AT_ONCE)):
        columns = zip(*part, strict=True)
        cells = [one.of(column) for one, column in zip(memories, columns, strict=True)]
        if len(fields) == 1:
            # An empty cell alone in its row is quoted; otherwise the row would be a blank line.
            yield "".join((cell or '""') + end for cell in cells[0])
        else:
            yield end.join(map(",".join, zip(*cells, strict=True))) + end


def write_csv(export: Export, out: TextIO, target: Target) -> None:
    """
    Write CSV with a header.

    For Excel on Windows it has a byte-order mark, CRLF line ends and day-first dates.
    """
    if export.says_nothing:
        return
    excel = target.excel
    if excel:
        out.write("\ufeff")
    writer(out, lineterminator=_end_of_line(excel=excel)).writerow(export.names)
    out.writelines(_lines(export.records, export.fields, excel=excel))


FORM = Form("csv", "csv", write_csv, states=False, beside=True)
