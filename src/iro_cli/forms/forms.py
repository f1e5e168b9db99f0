"""The forms in which a listing leaves: CSV, JSON, JSON lines, Markdown and plain text."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import getitem
from typing import TextIO

from iro_cli.forms.safe import markdown, shown
from iro_cli.forms.sheet import Sheet, Table, Value
from iro_cli.formulas import guarded


def _json_value(value: Value) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _record(sheet: Sheet, row: Sequence[Value]) -> dict[str, object]:
    return {field: _json_value(value) for field, value in zip(sheet.fields, row, strict=True)}


def write_json(sheet: Sheet, out: TextIO) -> None:
    """Write one JSON object: what the listing states about itself, and its rows."""
    rows = [_record(sheet, row) for row in sheet.records]
    json.dump({**sheet.about, "rows": rows}, out, ensure_ascii=False, indent=1)
    out.write("\n")


def write_about(sheet: Sheet, out: TextIO) -> None:
    """Write what the listing states about itself, for a file that holds its rows alone."""
    json.dump(sheet.about, out, ensure_ascii=False, indent=1)
    out.write("\n")


def write_jsonl(sheet: Sheet, out: TextIO) -> None:
    """Write the rows alone, one JSON object a line."""
    out.writelines(
        json.dumps(_record(sheet, row), ensure_ascii=False) + "\n" for row in sheet.records
    )


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


def write_csv(sheet: Sheet, out: TextIO, *, excel: bool = False) -> None:
    """
    Write CSV with a header, cells guarded against being run as formulas.

    Args:
        sheet: The listing.
        out: Opened so that line ends are written as they are given.
        excel: A byte-order mark, CRLF and day-first dates, for Excel on Windows.
    """
    import csv  # noqa: PLC0415 - the daily path writes a table

    if excel:
        out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n" if excel else "\n")
    writer.writerow(sheet.fields)
    writer.writerows(_cells(sheet.records, len(sheet.fields), excel=excel))


def write_markdown(table: Table, out: TextIO) -> None:
    """Write the table for people as Markdown."""
    out.writelines(f"**{markdown(heading)}**\n\n" for heading in table.heading.splitlines())
    if not table.columns:
        return
    titles = [markdown(column.title) for column in table.columns]
    rules = ["--:" if column.right else "---" for column in table.columns]
    out.writelines("| " + " | ".join(cells) + " |\n" for cells in (titles, rules))
    out.writelines(
        "| " + " | ".join(markdown(text) for text in line.cells) + " |\n" for line in table.lines
    )
    out.writelines(f"\n{markdown(note)}\n" for note in table.notes)


def write_markdown_note(text: str, out: TextIO) -> None:
    """Write a paragraph of Markdown."""
    out.write(f"\n{markdown(text)}\n")


def write_plain(table: Table, out: TextIO) -> None:
    """Write the table for people as text at its full width, never cut off."""
    lines = [tuple(shown(text) for text in line.cells) for line in table.lines]
    titles = tuple(column.title for column in table.columns)
    widths = [max(map(len, column)) for column in zip(titles, *lines, strict=True)]
    out.writelines(shown(heading) + "\n" for heading in table.heading.splitlines())
    if table.heading and lines:
        out.write("\n")
    for cells in (titles, *lines) if lines else ():
        placed = [
            text.rjust(width) if column.right else text.ljust(width)
            for text, width, column in zip(cells, widths, table.columns, strict=True)
        ]
        out.write("  ".join(placed).rstrip() + "\n")
    if table.notes:
        out.write("\n" + "".join(shown(note) + "\n" for note in table.notes))
