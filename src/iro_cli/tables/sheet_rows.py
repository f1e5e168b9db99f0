"""Reads the rows of one sheet of a workbook as a CSV file's rows are read."""

from datetime import date, datetime
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.tables.refused import printable
from iro_cli.tables.workbook import Cell, Workbook

# The sheet that says what a workbook of ours is.
_ABOUT = "About"
# What a column is called for people, where that is not its name with spaces.
_NAMES = {"child": "child_id", "iro_or_chair": "iro"}


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


class SheetRows:
    """
    The rows of a workbook that has one sheet of them.

    Attributes:
        line_num: How many rows have been read.
    """

    def __init__(self, path: Path, name: str) -> None:
        """
        Open a workbook.

        Raises:
            InputRefusedError: It cannot be read safely, or more than one sheet could be meant.
        """
        book = Workbook(path)
        pages = [one for one in book.sheets if one.strip() != _ABOUT]
        if len(pages) != 1:
            raise InputRefusedError(
                f"{name} has {len(pages)} sheets ({', '.join(map(printable, pages))}): keep the "
                "one to be read, or save it as CSV"
            )
        self._rows = book.sheet(pages[0]).rows()
        self._named = False
        self.line_num = 0

    def __iter__(self) -> "SheetRows":
        """Go through the rows."""
        return self

    def __next__(self) -> list[str]:
        """Return the next row; the first that is not blank names the columns."""
        cells = [_text(cell) for cell in next(self._rows)]
        self.line_num += 1
        if not self._named and any(map(str.strip, cells)):
            self._named = True
            names = ("_".join(cell.casefold().split()) for cell in cells)
            cells = [_NAMES.get(name, name) for name in names]
        return cells
