"""
Reads one CSV file strictly, a row at a time.

A file that cannot be read as it was meant is refused whole, with the line; a
row with too few or too many cells is refused by itself.  No more of the file
than one row is ever held.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from iro_cli.errors import InputRefusedError
from iro_cli.safe import unguarded
from iro_cli.tables.refused import EXTRA, OURS, Origin, Refused, printable

LONGEST_LINE = 1_000_000

_BLOCK = 1 << 16
_BOM = b"\xef\xbb\xbf"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE = 'save it as "CSV UTF-8 (comma delimited)"'
_QUOTE = 'a quote (") is opened in this row and is not closed: close it, or write it twice'
_WORDS = {
    "unexpected end of data": _QUOTE,
    "',' expected after '\"'": (
        'a quote (") stands inside a quoted cell: write it twice, or take it out'
    ),
}


class Rows(Protocol):
    """What gives rows of cells, and says on which line it is."""

    @property
    def line_num(self) -> int:
        """Return how many lines have been read."""

    def __next__(self) -> list[str]:
        """Return the next row."""


def _blocks(path: Path, name: str) -> Iterator[bytes]:
    if path.is_dir():
        raise InputRefusedError(f"{name} is a folder, not a file: name the CSV file in it")
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except FileNotFoundError:
        raise InputRefusedError(f"there is no file {path}: check its name and its folder") from None
    except OSError as error:
        raise InputRefusedError(
            f"{name} cannot be read ({error.strerror}): check that you may read it and that no "
            "other program holds it"
        ) from None


def _check_start(start: bytes, name: str) -> None:
    if start.startswith(_UTF_16):
        raise InputRefusedError(f"{name} is UTF-16 (Unicode Text), not UTF-8: {_SAVE}")
    if start.startswith(_WORKBOOKS):
        raise InputRefusedError(f"{name} is an Excel workbook, not a CSV file: {_SAVE}")


def _text(line: bytes, number: int, name: str) -> str:
    if len(line) > LONGEST_LINE:
        raise _too_long(number, name)
    if b"\0" in line:
        if line.count(b"\0") * 3 > len(line):
            raise InputRefusedError(
                f"{name}, line {number}: this is UTF-16 (Unicode Text), not UTF-8: {_SAVE}"
            )
        raise InputRefusedError(
            f"{name}, line {number}: a NUL byte, which text never has: the file is not CSV or is "
            "damaged; export it again"
        )
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefusedError(
            f"{name}, line {number}: byte {error.start + 1} (0x{line[error.start]:02X}) is not "
            f"UTF-8, so the file is probably in Windows or Latin-1 encoding: {_SAVE}"
        ) from None


def _too_long(number: int, name: str) -> InputRefusedError:
    return InputRefusedError(
        f"{name}, line {number}: longer than {LONGEST_LINE:,} bytes, which no row is: the file is "
        "not CSV or is damaged; export it again"
    )


def _lines(path: Path, name: str) -> Iterator[str]:
    """Yield the lines with their ends, whichever of the three kinds they have."""
    number, pending = 0, b""
    for place, block in enumerate(_blocks(path, name)):
        if place == 0:
            _check_start(block[:4], name)
        pieces = (pending + (block if place else block.removeprefix(_BOM))).splitlines(
            keepends=True
        )
        # The last piece may go on in the next block, and so may a carriage return.
        pending = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
        for piece in pieces:
            number += 1
            yield _text(piece, number, name)
        if len(pending) > LONGEST_LINE:
            raise _too_long(number + 1, name)
    if pending:
        yield _text(pending, number + 1, name)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Give a column without a name, or with another's, a name of its own."""
    found: list[str] = []
    for place, name in enumerate(names, start=1):
        found.append(name if name and name not in found else f"{name or 'column'} ({place})")
    return tuple(found)


def _reader(path: Path, name: str) -> Rows:
    if path.suffix.casefold() == ".xlsx":
        from iro_cli.tables.sheet_rows import SheetRows  # noqa: PLC0415 - workbooks only

        return SheetRows(path, name)
    return csv.reader(_lines(path, name), strict=True)


class Table:
    """
    One CSV file, or the one sheet of a workbook: its header, and its rows as they are asked for.

    Attributes:
        name: What the file is called in messages.
        header: The columns, as written and trimmed.
        places: Where the columns that are known stand, once :meth:`expect` has run.
        count: How many rows have been read, refused ones among them.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        """
        Open a file and read its header.

        Raises:
            InputRefusedError: It is missing, empty, or not CSV in UTF-8.
        """
        self.name = name or path.name
        self._reader = _reader(path, self.name)
        found = self._next()
        if found is None:
            raise InputRefusedError(f"{self.name} is empty: its first row must name the columns")
        names = [cell.strip() for cell in found[1]]
        while not names[-1]:
            names.pop()
        self._folded = [name.casefold() for name in names]
        self.header = _distinct(names)
        self.places: dict[str, int] = {}
        self.count = 0
        self._filled: list[int] = []

    def only_filled(self, *columns: str) -> None:
        """Read only the rows that have something in one of these columns."""
        folded = {column.casefold() for column in columns}
        self._filled = [place for place, name in enumerate(self._folded) if name in folded]

    def _next(self) -> tuple[int, list[str]] | None:
        """Return the next row that is not blank, with the number of its first line."""
        while True:
            number = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return None
            except csv.Error as error:
                why = str(error)
                if why.startswith("field larger"):
                    why = _QUOTE
                raise InputRefusedError(
                    f"{self.name}, line {number}: {_WORDS.get(why, why)}"
                ) from None
            if any(map(str.strip, cells)):
                return number, cells

    def has(self, *columns: str) -> bool:
        """Say whether all these columns are there."""
        return all(column.casefold() in self._folded for column in columns)

    def expect(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """
        Find the columns that are known.

        Raises:
            InputRefusedError: A required one is missing, or one stands there twice.
        """
        known = {column.casefold(): column for column in (*required, *optional)}
        problems = [
            f"the column {column} is there {self._folded.count(folded)} times: keep one"
            for folded, column in known.items()
            if self._folded.count(folded) > 1
        ]
        missing = [column for column in required if column.casefold() not in self._folded]
        if missing:
            problems.append(f"there is no column {' or '.join(missing)}: {self._found()}")
        if problems:
            raise InputRefusedError("\n".join(f"{self.name}: {one}" for one in problems))
        self.places = {
            known[folded]: place for place, folded in enumerate(self._folded) if folded in known
        }

    def _found(self) -> str:
        if len(self.header) == 1:
            for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
                if separator in self.header[0]:
                    return f"its columns are separated by {word}, not commas: {_SAVE}"
        return f"its first row has {', '.join(map(printable, self.header))}"

    def unknown(self) -> list[str]:
        """Return the columns that are not read, without those this program writes itself."""
        read = set(self.places.values())
        return [
            name
            for place, (name, folded) in enumerate(zip(self.header, self._folded, strict=True))
            if place not in read and folded and not folded.startswith(OURS)
        ]

    def _has_something(self, cells: list[str]) -> bool:
        return any("".join(cells[place : place + 1]) for place in self._filled)

    def origin(self, number: int, cells: list[str]) -> Origin:
        """Return where a row came from."""
        return Origin(self.name, number, self.header, cells)

    def rows(self, refused: list[Refused]) -> Iterator[tuple[int, list[str]]]:
        """
        Yield each row's number and its cells, as many as there are columns.

        Args:
            refused: Takes the rows that have too few or too many.

        Raises:
            InputRefusedError: The rest of the file cannot be read.
        """
        width = len(self.header)
        extra = [place for place, name in enumerate(self._folded) if name.startswith(EXTRA)]
        while found := self._next():
            number, cells = found
            if self._filled and not self._has_something(cells):
                continue
            self.count += 1
            if "'" in "".join(cells):
                cells = [unguarded(cell) for cell in cells]
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            # A row that was refused for having too many, and was not mended.
            over = (
                sum(1 for place in extra if cells[place:] and cells[place].strip()) if extra else 0
            )
            if len(cells) == width and not over:
                yield number, cells
            else:
                has, needs = len(cells) - len(extra) + over, width - len(extra)
                reason = (
                    f"the row has {has} cells and the header {needs}: is there a comma too many "
                    'or too few, or one that needs quotes (")?'
                )
                refused.append(self.origin(number, cells).refused("", "", reason))
