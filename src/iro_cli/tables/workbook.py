"""Opens Excel workbooks that others made: nothing in one is trusted before it was measured."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from itertools import chain, islice, repeat
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineSheet, CalamineWorkbook

from iro_cli.errors import InputRefusedError
from iro_cli.tables.refused import printable
from iro_cli.tables.workbook_parts import DamagedError, Parts, Place

LARGEST_FILE = 100_000_000
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"

Cell = str | float | int | bool | date | time | timedelta
T = TypeVar("T")

_SAVE = 'open it in Excel and save it as "Excel Workbook (*.xlsx)"'
_AGAIN = "it is damaged or was not copied whole: export it again"
# What a damaged archive brings forth, in the words of the standard library.
_DAMAGE = (
    *(DamagedError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError, LookupError, ParseError, MemoryError),
)


class Sheet:
    """
    One sheet, read.

    Attributes:
        name: What it is called.
        merged: The merged cells: the first row and column, and the last, from 0.
        height: How many rows it has.
    """

    def __init__(
        self,
        name: str,
        sheet: CalamineSheet,
        errors: dict[Place, str],
        merged: list[tuple[Place, Place]],
    ) -> None:
        """Take what the reader gave; it leaves out the blank columns on the left."""
        self.name = name
        self.merged = merged
        # Rows at the end that hold nothing but errors are blank ones to the reader, and left out.
        last = sheet.end[0] + 1 if sheet.end else 0
        self.height = max([last, *(one.row + 1 for one in errors)])
        self._sheet = sheet
        self._blank: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        self._errors: dict[int, dict[int, str]] = {}
        for place, error in errors.items():
            self._errors.setdefault(place.row, {})[place.column] = error

    def rows(self) -> Iterator[list[Cell]]:
        """Yield every row from the first, each from column A."""
        if not (self._errors or self._blank):
            # No more than one row is held.
            yield from self._sheet.iter_rows()
            return
        rows = chain(self._sheet.iter_rows(), repeat([]))
        for number, cells in enumerate(islice(rows, self.height)):
            found = self._blank + cells if self._blank else cells
            for column, error in self._errors.get(number, {}).items():
                # The reader gives an error as blank, which would be taken for "not held yet".
                found += [""] * (column + 1 - len(found))
                found[column] = error
            yield found


class Workbook:
    """
    A workbook.

    Attributes:
        name: The file's name.
        sheets: The names of its sheets, in their order.
        from_1904: Whether its days are counted from 1904, as old Macs did.
    """

    def __init__(self, path: Path) -> None:
        """
        Open a workbook.

        Raises:
            InputRefusedError: It is not an ``.xlsx`` or ``.xlsm`` that can be read safely.
        """
        self.name = path.name
        data = _read(path, self.name)
        _check_kind(data, self.name)
        self._parts = self._guarded(lambda: _parts(data, self.name))
        self.sheets = list(self._parts.sheets)
        self.from_1904 = self._parts.from_1904
        self._reader = self._guarded(lambda: CalamineWorkbook.from_filelike(self._parts.packed()))

    def sheet(self, name: str) -> Sheet:
        """
        Read one sheet.

        Raises:
            InputRefusedError: It is too large, or damaged.
        """
        return self._guarded(lambda: self._sheet(name), f", {printable(name)}")

    def _sheet(self, name: str) -> Sheet:
        errors = self._parts.look_over(name, f"{self.name}, {printable(name)}")
        sheet = self._reader.get_sheet_by_name(name)
        merged = [(Place(*first), Place(*last)) for first, last in sheet.merged_cell_ranges or ()]
        return Sheet(name, sheet, errors, merged)

    def _guarded(self, read: Callable[[], T], where: str = "") -> T:
        why = ""
        try:
            return read()
        except InputRefusedError:
            raise
        except _DAMAGE:
            pass
        except BaseException as error:
            # What the reader did not expect itself is no Exception of Python's.
            if not type(error).__module__.startswith(("python_calamine", "pyo3", "_python_cal")):
                raise
            why = f" ({printable(str(error))})"
        raise InputRefusedError(
            f"{self.name}{where} cannot be read as a workbook{why}: {_AGAIN}"
        ) from None


def _parts(data: bytes, name: str) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return Parts(archive, name)


def is_workbook(path: Path) -> bool:
    """Say whether a file is meant to be a workbook, by how it begins or by its name."""
    if path.suffix.casefold() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) in (ZIP, OLE)
    except OSError:
        return False


def _read(path: Path, name: str) -> bytes:
    if path.is_dir():
        raise InputRefusedError(f"{name} is a folder, not a workbook: name the workbook in it")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise InputRefusedError(
                f"{name} has {size:,} bytes, and a workbook of lists has at most {LARGEST_FILE:,}: "
                "save the lists in a workbook of their own"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise InputRefusedError(f"there is no file {path}: check its name and its folder") from None
    except OSError as error:
        raise InputRefusedError(
            f"{name} cannot be read ({error.strerror}): check that you may read it and that no "
            "other program holds it"
        ) from None


def _check_kind(data: bytes, name: str) -> None:
    """Refuse what is no workbook of today, and say what it is."""
    start = data[:1000].lstrip().lower()
    if not data:
        raise InputRefusedError(f"{name} is empty: export it again")
    if data.startswith(OLE):
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
