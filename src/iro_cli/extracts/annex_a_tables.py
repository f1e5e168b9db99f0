"""Opens the files of an Annex A: one workbook, or CSV files of its lists, or a folder of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.annex_a_cells import DaysCounted
from iro_cli.extracts.annex_a_lists import (
    LISTS,
    Header,
    List,
    header_names,
    lacking,
    named,
    read_header,
    recognise,
)
from iro_cli.tables.refused import BECAUSE, Origin, Refused, printable
from iro_cli.tables.tabular import Table
from iro_cli.tables.workbook import Cell, Sheet, Workbook, is_workbook

# How many rows may stand above the one that names the columns.
_ABOVE = 20
_SUFFIXES = (".csv", ".xlsx", ".xlsm")


class ListTable(Protocol):
    """
    The rows of one list, wherever they stand.

    Attributes:
        name: What the file, or the sheet of it, is called.
        header: Its columns.
        numbers: How plain numbers may be days: not at all, or counted by Excel.
    """

    name: str
    header: Header
    numbers: DaysCounted

    def rows(self, refused: list[Refused]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield each row's number and its cells; what cannot be read at all goes to *refused*."""
        ...


def origin(table: ListTable, number: int, cells: Sequence[Cell]) -> Origin:
    """Return where a row came from, with its cells as text."""
    texts = [
        str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        for cell in cells[: len(table.header.names)]
    ]
    return Origin(table.name, number, table.header.names, texts)


class SheetTable:
    """A list in a sheet of a workbook."""

    def __init__(self, name: str, header: Header, sheet: Sheet, numbers: DaysCounted) -> None:
        """Take a sheet whose columns are known."""
        self.name = name
        self.header = header
        self.numbers = numbers
        self._sheet = sheet

    def _merged(self) -> set[int]:
        """Return the rows that have merged cells among those that are read."""
        read = self.header.places.values()
        return {
            row + 1
            for first, last in self._sheet.merged
            if any(first.column <= place <= last.column for place in read)
            for row in range(max(first.row, self.header.row), min(last.row + 1, self._sheet.height))
        }

    def rows(self, refused: list[Refused]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the rows that have something in them."""
        merged, width = self._merged(), max(self.header.places.values()) + 1
        for number, cells in enumerate(self._sheet.rows(), start=1):
            if number <= self.header.row:
                continue
            if number in merged:
                reason = (
                    "the row has merged cells, and only the first of them kept its content: "
                    "unmerge them (Home, Merge & Center) and fill each"
                )
                refused.append(origin(self, number, cells).refused("", "", reason))
            elif any(cell != "" for cell in cells):
                yield number, cells if len(cells) >= width else [*cells, *[""] * width]


class FileTable:
    """A list in a CSV file."""

    def __init__(self, name: str, header: Header, table: Table) -> None:
        """Take a file whose columns are known."""
        self.name = name
        self.header = header
        self.numbers = DaysCounted.NEVER
        self._table = table

    def rows(self, refused: list[Refused]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the rows."""
        yield from self._table.rows(refused)


class _TitledTable(Table):
    """
    A CSV file whose columns may be named below a title.

    Attributes:
        row: The row that names them.
        which: The list, or ``None`` where no row names the columns of one.
        above: The rows that were looked at.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path, name)
        self.row = 1
        self.which = recognise(self.header)
        self.above: list[tuple[int, Sequence[Cell]]] = [(1, self.header)]
        while self.which is None and not self.has(BECAUSE) and len(self.above) < _ABOVE:
            found = self._next()
            if found is None:
                break
            self.above.append(found)
            self.which = recognise(found[1])
            if self.which is not None:
                self.row = found[0]
                self.header = tuple(header_names(found[1]))
                self._folded = [one.casefold() for one in self.header]


class _Unlike(NamedTuple):
    """A sheet or file that is named like a list and does not have its columns."""

    which: List
    message: str


class Lists:
    """
    Every list that was found.

    Attributes:
        tables: The lists.
        mended: Those of a file of refused rows, which is no extract of a whole.
        warnings: What should be looked at.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """
        Find the lists in files and folders.

        Raises:
            InputRefusedError: A file cannot be read, a list's columns are not there, or there
                is none at all; with every problem.
        """
        self.tables: list[ListTable] = []
        self.mended: list[ListTable] = []
        self.warnings: list[str] = []
        self._problems: list[str] = []
        self._unlike: list[_Unlike] = []
        files = list(self._files(paths))
        times = Counter(path.name for path in files)
        for path in files:
            name = path.name if times[path.name] == 1 else path.as_posix()
            self._try(partial(self._open, path, name))
        self._settle(files)

    def _files(self, paths: Sequence[Path]) -> Iterator[Path]:
        for path in dict.fromkeys(paths):
            if not path.is_dir():
                yield path
                continue
            found = sorted(one for one in path.iterdir() if one.suffix.casefold() in _SUFFIXES)
            # Excel keeps a file of this name beside a workbook that somebody has open.
            found = [one for one in found if not one.name.startswith("~$")]
            if not found:
                self._problems.append(
                    f"{path}: there is no workbook and no CSV file in this folder: name the "
                    "folder that holds the lists"
                )
            yield from found

    def _try(self, read: Callable[[], None]) -> None:
        try:
            read()
        except InputRefusedError as error:
            self._problems.append(str(error))

    def _open(self, path: Path, name: str) -> None:
        if is_workbook(path):
            self._open_workbook(Workbook(path), name)
        else:
            self._open_file(path, name)

    # ------------------------------------------------------------ workbooks

    def _open_workbook(self, workbook: Workbook, name: str) -> None:
        meant = [sheet for sheet in workbook.sheets if named(sheet)]
        for sheet in meant:
            self._try(partial(self._open_sheet, workbook, sheet, name))
        if {table.header.which for table in self.tables} >= set(LISTS):
            return
        for sheet in workbook.sheets:
            if sheet not in meant:
                try:
                    self._open_sheet(workbook, sheet, name)
                except InputRefusedError as error:
                    self.warnings.append(f"not read: {error}")

    def _open_sheet(self, workbook: Workbook, sheet_name: str, name: str) -> None:
        where = f"{name}, {printable(sheet_name)}"
        sheet = workbook.sheet(sheet_name)
        numbers = DaysCounted.FROM_1904 if workbook.from_1904 else DaysCounted.FROM_1900
        above = list(enumerate(islice(sheet.rows(), _ABOVE), start=1))
        for number, cells in above:
            which = recognise(cells)
            if which is not None:
                header = read_header(which, number, cells, where)
                self.tables.append(SheetTable(where, header, sheet, numbers))
                break
        else:
            which = None
        self._compare(sheet_name, where, which, above)

    # ------------------------------------------------------------ CSV files

    def _open_file(self, path: Path, name: str) -> None:
        table = _TitledTable(path, name)
        if table.has(BECAUSE):
            self._open_mended(path, name)
            return
        if table.which is not None:
            header = read_header(table.which, table.row, table.header, name)
            self.tables.append(FileTable(name, header, table))
        if named(path.stem):
            self._compare(path.stem, name, table.which, table.above)
        elif table.which is None and "child unique id" not in map(str.casefold, table.header):
            self.warnings.append(
                f"{name}: not read: its columns are not those of a list of Annex A"
            )

    def _open_mended(self, path: Path, name: str) -> None:
        """Read the rows of each list that stand together in one file of refused rows."""
        for which in LISTS:
            table = Table(path, name)
            if recognise(table.header, (which,)) is None:
                continue
            header = read_header(which, 1, table.header, name)
            telling = [header.places[one] for one in which.telling if one in header.places]
            table.only_filled(*(header.names[place] for place in telling))
            self.mended.append(FileTable(name, header, table))

    # ------------------------------------------------------------ the whole

    def _compare(
        self,
        name: str,
        where: str,
        which: List | None,
        above: Iterable[tuple[int, Sequence[Cell]]],
    ) -> None:
        """Note where a name says another list than the columns."""
        meant = named(name)
        if None is not which is not meant is not None:
            self.warnings.append(f"{where} has the columns of {which}, and was read as that")
        if meant is None or meant is which:
            return
        rows = [(row, cells) for row, cells in above if any(cell != "" for cell in cells)]
        if not rows:
            return
        row, missing = min(
            ((row, lacking(meant, cells)) for row, cells in rows), key=lambda one: len(one[1])
        )
        if which is not None:
            message = f"{where} is named like {meant}, but has the columns of {which}"
        elif len(missing) > len(meant.required) // 2:
            message = (
                f"{where} is named like {meant}, but none of its first {_ABOVE} rows names the "
                f"columns of it: {', '.join(one.name for one in missing)}"
            )
        else:
            columns = " and no column ".join(one.name for one in missing)
            message = (
                f"{where}: row {row} names the columns of {meant}, but there is no column {columns}"
            )
        self._unlike.append(_Unlike(meant, message))

    def _settle(self, files: Sequence[Path]) -> None:
        found = {table.header.which for table in self.tables}
        for one in self._unlike:
            if one.which in found:
                self.warnings.append(f"not read: {one.message}")
            else:
                self._problems.append(f"{one.message}: name the columns as Ofsted does")
        if not (self._problems or found or self.mended):
            names = ", ".join(path.name for path in files)
            self._problems.append(
                f"{names}: none of the lists is there that tell of reviews and conferences: "
                f"{', '.join(map(str, LISTS))}"
            )
        if self._problems:
            raise InputRefusedError("\n".join(self._problems))
        if found:
            self.warnings += [
                f"there is no {which}: what it tells is not known from this extract"
                for which in LISTS
                if which not in found
            ]
