"""A listing as CSV, its cells guarded against being run as formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import getitem

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import Export, Value
from iro_cli.lean import TextIO
from iro_cli.safe import guarded

# Beyond this many different values in a column, looking one up costs more than writing it.
_REMEMBERED = 4096


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


class _Memory(dict[Value, str | int | float]):
    """What the values of one column are written as; most columns hold few different ones."""

    def __init__(self, *, excel: bool) -> None:
        self._excel = excel

    def __missing__(self, value: Value) -> str | int | float:
        written = _written(value, excel=self._excel)
        if len(self) < _REMEMBERED:
            self[value] = written
        return written


def _cells(
    records: Iterable[Sequence[Value]], columns: int, *, excel: bool
) -> Iterator[Iterable[str | int | float]]:
    """Write records as CSV cells."""
    # One memory a column: 1 and true are the same key, and not the same cell.
    memories = [_Memory(excel=excel) for _ in range(columns)]
    return (map(getitem, memories, record) for record in records)


def write_csv(export: Export, out: TextIO, target: Target) -> None:
    """
    Write CSV with a header.

    For Excel on Windows it has a byte-order mark, CRLF and day-first dates.
    """
    if export.says_nothing:
        return
    excel = target.excel
    if excel:
        out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n" if excel else "\n")
    writer.writerow(export.names)
    writer.writerows(_cells(export.records, len(export.fields), excel=excel))


FORM = Form("csv", "csv", write_csv, states=False, beside=True)
