"""
Open Excel workbooks that others made, only after every part of them was measured.

The person who sends a workbook does not see its hidden sheets, so they are not read, and the
import names them.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import chain, islice, repeat
from xml.etree.ElementTree import ParseError

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.cells import Cell, DaysCounted
from iro_cli.incoming.files import OLE, ZIP, File, blocks
from iro_cli.incoming.refused import visible
from iro_cli.incoming.workbook_parts import CellPlace, DamagedError, Hidden, Parts
from iro_cli.lean import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

LARGEST_WORKBOOK = 100_000_000
# How many cells of a sheet are kept in memory for a second reading: 500,000 take some 20 MB.
MOST_HELD = 500_000

T = TypeVar("T")

_SAVE = 'open it in Excel and save it as "Excel Workbook (*.xlsx)"'
_AGAIN = "it is damaged or was not copied whole: export it again"
# What the standard library raises for a damaged archive.
_DAMAGE = (
    *(DamagedError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError, LookupError, ParseError, MemoryError),
)


class Sheet:
    """
    One sheet of a workbook.

    Attributes:
        name: Its name.
        counted: From which day its plain numbers count, if they are days.
        hidden: The hidden rows and columns, which its sender does not see.
        height: How many rows it has.
        is_large: Whether its cells are freed after its rows were read once.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], "CalamineSheet"],
        errors: dict[CellPlace, str],
        hidden: Hidden,
    ) -> None:
        """Read the sheet; the reader leaves out blank columns on the left."""
        self._load = load
        sheet = load()
        self._held: CalamineSheet | None = sheet
        self.name = name
        self.counted = DaysCounted.FROM_1900
        self.hidden = hidden
        self._merged = [
            (CellPlace(*first), CellPlace(*last)) for first, last in sheet.merged_cell_ranges or ()
        ]
        # The reader takes errors for blank cells, so it leaves out last rows with errors alone.
        last = sheet.end[0] + 1 if sheet.end else 0
        self.height = max([last, *(one.row + 1 for one in errors)])
        self.is_large = sheet.height * sheet.width > MOST_HELD
        self._blank: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        self._errors: dict[int, dict[int, str]] = {}
        for place, error in errors.items():
            self._errors.setdefault(place.row, {})[place.column] = error

    def rows(self) -> Iterator[list[Cell]]:
        """
        Yield every row from the first, each from column A.

        Raises:
            InputRefusedError: Its cells were freed, and it cannot be read again.
        """
        sheet = self._load() if self._held is None else self._held
        self._held = None if self.is_large else sheet
        if not (self._errors or self._blank):
            # Only one row at a time is in memory.
            yield from sheet.iter_rows()
            return
        rows = chain(sheet.iter_rows(), repeat([]))
        for number, cells in enumerate(islice(rows, self.height)):
            found = [*self._blank, *cells]
            for column, error in self._errors.get(number, {}).items():
                # The reader gives an error as a blank cell, and a blank date of a review would
                # mean that it is not held yet.
                found += [""] * (column + 1 - len(found))
                found[column] = error
            yield found

    @property
    def warnings(self) -> list[str]:
        """Return nothing, because a sheet has no separators or encodings to guess."""
        return []

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows that are not blank, each with its number from 1."""
        for number, cells in enumerate(self.rows(), start=1):
            if not all(map(_says_nothing, cells)):
                yield number, cells

    def merged_rows(self, columns: Collection[int]) -> frozenset[int]:
        """
        Return the numbers of the rows with merged cells in some columns.

        Args:
            columns: The columns that are read, counted from 0.
        """
        return frozenset(
            row + 1
            for first, last in self._merged
            if any(first.column <= column <= last.column for column in columns)
            for row in range(first.row, min(last.row + 1, self.height))
        )


class Workbook:
    """
    A workbook.

    Attributes:
        name: Its name in messages.
        sheets: The names of the visible sheets, in their order.
        unseen: The names of the hidden sheets.
    """

    def __init__(self, file: File) -> None:
        """
        Open a workbook.

        Raises:
            InputRefusedError: It is not an ``.xlsx`` or ``.xlsm`` that can be read safely, or the
                library that reads it cannot be loaded.
        """
        try:
            from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only for workbooks
        except ImportError:  # no compiled library can be loaded if the program is in an archive
            raise InputRefusedError(
                f"{file.name} is a workbook, and what reads workbooks, python-calamine, cannot be "
                "loaded here: save its lists as CSV, or install the program in a folder"
            ) from None
        self.name = file.name
        data = _read(file)
        _check_kind(data, self.name)
        self._parts = self._guarded(lambda: _parts(data, self.name))
        self.unseen = [one for one in self._parts.sheets if one in self._parts.unseen]
        self.sheets = [one for one in self._parts.sheets if one not in self._parts.unseen]
        self._reader = self._guarded(lambda: CalamineWorkbook.from_filelike(self._parts.packed()))

    def sheet(self, name: str) -> Sheet:
        """
        Read one sheet.

        Raises:
            InputRefusedError: It is too large, or damaged.
        """
        return self._guarded(lambda: self._sheet(name), f", {visible(name)}")

    def _sheet(self, name: str) -> Sheet:
        errors, hidden = self._parts.look_over(name, f"{self.name}, {visible(name)}")
        sheet = Sheet(name, partial(self._cells, name), errors, hidden)
        if self._parts.from_1904:
            sheet.counted = DaysCounted.FROM_1904
        return sheet

    def _cells(self, name: str) -> "CalamineSheet":
        where = f", {visible(name)}"
        return self._guarded(lambda: self._reader.get_sheet_by_name(name), where)

    def _guarded(self, read: Callable[[], T], where: str = "") -> T:
        why = ""
        try:
            return read()
        except InputRefusedError:
            raise
        except _DAMAGE:
            pass
        except BaseException as error:
            # A panic of the reader, which is written in Rust, is a BaseException and no Exception.
            if not type(error).__module__.startswith(("python_calamine", "pyo3", "_python_cal")):
                raise
            why = f" ({visible(str(error))})"
        raise InputRefusedError(
            f"{self.name}{where} cannot be read as a workbook{why}: {_AGAIN}"
        ) from None


def _says_nothing(cell: Cell) -> bool:
    return cell == "" or (isinstance(cell, str) and cell.isspace())


def _parts(data: bytes, name: str) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return Parts(archive, data, name)


def _read(file: File) -> bytes:
    found, size = [], 0
    for block in blocks(file, "workbook"):
        size += len(block)
        if size > LARGEST_WORKBOOK:
            raise InputRefusedError(
                f"{file.name} has more than {LARGEST_WORKBOOK:,} bytes, which no workbook of lists "
                "has: save the lists in a workbook of their own"
            )
        found.append(block)
    return b"".join(found)


def _check_kind(data: bytes, name: str) -> None:
    """Refuse a file that is not an ``.xlsx`` workbook, and say what it is instead."""
    start = data[:1000].lstrip().lower()
    if not data:
        raise InputRefusedError(f"{name} is empty: export it again")
    if data.startswith(OLE):
        # Excel keeps an encrypted .xlsx inside a file of the old kind, so it begins like an .xls.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise InputRefusedError(
                f"{name} is protected by a password: open it in Excel, take the password off "
                "(File, Info, Protect Workbook, Encrypt with Password) and save it"
            )
        raise InputRefusedError(f"{name} is an old Excel workbook (.xls): {_SAVE}")
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml")):
        raise InputRefusedError(f"{name} is a web page or XML with a workbook's name: {_SAVE}")
    if not data.startswith(ZIP):
        if b"\0" not in data[:4000] and b"," in data[:4000]:
            raise InputRefusedError(
                f"{name} is text, probably CSV, with a workbook's name: name it .csv"
            )
        raise InputRefusedError(f"{name} is not a workbook: {_AGAIN}")
