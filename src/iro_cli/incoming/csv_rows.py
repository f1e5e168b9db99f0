"""
Read the rows of a CSV file strictly, a row at a time.

The usual output of spreadsheet programs is read too: Windows-1252, Unicode text,
semicolons and tabs, each with a warning that says how the file was read.  If that is not
certain, the whole file is refused, with the line.  Never more than one block of the file
and its rows is in memory.
"""

import codecs
import csv
from collections.abc import Iterator
from itertools import chain, islice
from operator import itemgetter

from iro_cli.errors import InputRefusedError
from iro_cli.files import UTF_16
from iro_cli.incoming.files import File, blocks
from iro_cli.safe import unguarded

LONGEST_LINE = 1_000_000

_BOM = b"\xef\xbb\xbf"
SAVE = 'save it as "CSV UTF-8 (comma delimited)"'
_QUOTE = 'a quote (") is opened in this row and is not closed: close it, or write it twice'
_WORDS = {
    "unexpected end of data": _QUOTE,
    "expected after": 'a quote (") stands inside a quoted cell: write it twice, or take it out',
    "field larger": _QUOTE,
}
_LONG = "a cell is longer than 131,072 characters, which no list needs: take the long text out"
# Bytes that surely are Windows-1252: the pound, the euro, the dots, dashes and quotes that Word
# inserts, and letters of western Europe.  Other bytes are more often those of DOS or a Mac.
_SURELY_WINDOWS = frozenset({
    *(0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99),
    *(0xA0, 0xA3, 0xA7, 0xA9, 0xAB, 0xAE, 0xB0, 0xB4, 0xB7, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE),
    *(set(range(0xC0, 0x100)) - {0xD7, 0xF7}),
})  # fmt: skip
_ASCII = 0x7F
_SEPARATORS = {";": "semicolons", "\t": "tabs"}
# How many lines are used to find out what separates the cells.
_LOOKED_AT = 20
# How many rows are looked at together.
_AT_ONCE = 200
_FIRST = itemgetter(0)


class CsvRows:
    """
    The rows of a CSV file.

    Attributes:
        warnings: How the file was read if it is not UTF-8 with commas; complete after the last row.
    """

    def __init__(self, file: File) -> None:
        """
        Open a file.

        Raises:
            InputRefusedError: It cannot be read, or is not text.
        """
        self._file = file
        self._taken: dict[str, None] = {}
        self._windows = False
        self._beyond_ascii = False
        # Whether an apostrophe was read, which may guard a formula.
        self._guards = False
        lines = self._lines()
        first = list(islice(lines, _LOOKED_AT))
        separator, self._skipped = self._separator(first)
        self._reader = csv.reader(
            chain(first[self._skipped :], lines), delimiter=separator, strict=True
        )

    @property
    def warnings(self) -> list[str]:
        """Return a sentence about how the file was read, if it is not UTF-8 with commas."""
        if not self._taken:
            return []
        taken = " and ".join(self._taken)
        look = ": look at the letters with accents" if self._windows else ""
        return [f"{self._file.name} is not CSV with commas in UTF-8; it was read {taken}{look}"]

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield each row that is not blank, with the number of its first line.

        Raises:
            InputRefusedError: The rest of the file cannot be read.
        """
        reader, skipped = self._reader, self._skipped
        following = reader.line_num + skipped + 1
        failed: csv.Error | InputRefusedError | None = None
        while failed is None:
            block: list[list[str]] = []
            try:
                block.extend(islice(reader, _AT_ONCE))
            except (csv.Error, InputRefusedError) as error:
                # The rows before it stay in the block: perhaps only the first ones are wanted.
                failed = error
            if not (block or failed):
                return
            first, following = following, reader.line_num + skipped + 1
            # Most blocks have a row on each line, none of them blank or with an apostrophe.
            if not failed and following - first == len(block) and self._are_plain(block):
                yield from zip(range(first, following), block, strict=True)
                continue
            following = first
            for cells in block:
                number, following = following, following + 1 + sum(map(_line_ends, cells))
                text = "".join(cells)
                if text and not text.isspace():
                    yield number, [unguarded(cell) for cell in cells] if "'" in text else cells
        if isinstance(failed, InputRefusedError):
            raise failed
        raise self._refusal(failed, following) from None

    def _are_plain(self, block: list[list[str]]) -> bool:
        """Say whether the first cell of each row is filled, and no cell has an apostrophe."""
        if not (all(block) and all(map(str.strip, map(_FIRST, block)))):
            return False
        return not self._guards or "'" not in "".join(chain.from_iterable(block))

    def _refusal(self, error: csv.Error, number: int) -> InputRefusedError:
        """Return in our words why a row cannot be read."""
        why = str(error)
        # If the cell goes on over several lines, a quote is not closed.
        is_long = "field larger" in why and self._reader.line_num + self._skipped <= number
        why = next((ours for theirs, ours in _WORDS.items() if theirs in why), why)
        return InputRefusedError(f"{self._file.name}, line {number}: {_LONG if is_long else why}")

    # ------------------------------------------------------------ separators

    def _separator(self, first: list[str]) -> tuple[str, int]:
        """Return the separator of the cells, and how many lines at the start only name it."""
        if first and (said := first[0].strip().strip('"')).casefold().startswith("sep="):
            separator = said[4:] or "\t"
            if len(separator) == 1 and separator not in "\"' ":
                if separator != ",":
                    words = _SEPARATORS.get(separator, repr(separator))
                    self._taken[f"with {words} between the cells, as its first line says"] = None
                return separator, 1
        for line in first:
            widths = {one: _width(line, one) for one in (",", *_SEPARATORS)}
            wide = [one for one, width in widths.items() if width > 1]
            if wide:
                if len(wide) == 1 and wide[0] != ",":
                    self._taken[f"with {_SEPARATORS[wide[0]]} between the cells"] = None
                    return wide[0], 0
                break
        return ",", 0

    # ------------------------------------------------------------ letters

    def _lines(self) -> Iterator[str]:
        """Yield the lines with their ends, of any of the three kinds."""
        name, number, pending = self._file.name, 0, b""
        for block in self._bytes():
            whole = pending + block
            self._guards = self._guards or b"'" in whole
            pieces = whole.splitlines(keepends=True)
            # The last piece may go on in the next block; a carriage return at the end of a block
            # may belong to a line feed at the start of the next.
            pending = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
            # Most files are plain ASCII: then the lines need not be checked one by one.
            if whole.isascii() and b"\0" not in whole and len(whole) <= LONGEST_LINE:
                number += len(pieces)
                yield from [piece.decode("ascii") for piece in pieces]
                continue
            for piece in pieces:
                number += 1
                yield self._text(piece, number)
            if len(pending) > LONGEST_LINE:
                raise _too_long(name, number + 1)
        if pending:
            yield self._text(pending, number + 1)

    def _bytes(self) -> Iterator[bytes]:
        """Yield the file's blocks: UTF-16 is turned into UTF-8, anything else stays as it is."""
        found = blocks(self._file, "CSV file")
        start = next(found, b"")
        if not start.startswith(UTF_16):
            yield start.removeprefix(_BOM)
            yield from found
            return
        self._taken["as UTF-16 (Unicode Text)"] = None
        decoder = codecs.getincrementaldecoder("utf-16")()
        try:
            for block in chain([start], found):
                yield decoder.decode(block).encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError:
            raise InputRefusedError(
                f"{self._file.name} begins as UTF-16 (Unicode Text) but does not go on like "
                f"that: it is damaged or was cut short; export it again, or {SAVE}"
            ) from None

    def _text(self, line: bytes, number: int) -> str:
        if line.isascii() and b"\0" not in line and len(line) <= LONGEST_LINE:
            return line.decode("ascii")
        name = self._file.name
        if len(line) > LONGEST_LINE:
            raise _too_long(name, number)
        if b"\0" in line:
            # In UTF-16, every second byte of English text is NUL.
            if line.count(b"\0") * 3 > len(line):
                raise InputRefusedError(
                    f"{name}, line {number}: this is UTF-16 (Unicode Text) without the mark that "
                    f"says so: {SAVE}"
                )
            raise InputRefusedError(
                f"{name}, line {number}: a NUL byte, which text never has: the file is not CSV or "
                "is damaged; export it again"
            )
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            return self._as_windows(line, number)
        if self._windows:
            raise self._mixed(number)
        self._beyond_ascii = True
        return text

    def _as_windows(self, line: bytes, number: int) -> str:
        """Read a line as Windows-1252, which Excel on Windows saves by default."""
        if self._beyond_ascii:
            raise self._mixed(number)
        beyond = (place for place, byte in enumerate(line) if byte > _ASCII)
        doubtful = next((one for one in beyond if line[one] not in _SURELY_WINDOWS), None)
        if doubtful is not None:
            raise InputRefusedError(
                f"{self._file.name}, line {number}: byte {doubtful + 1} (0x{line[doubtful]:02X}) "
                f"is not UTF-8, and may be a letter of Windows, of DOS or of a Mac: {SAVE}"
            )
        self._windows = True
        self._taken["as Windows-1252"] = None
        return line.decode("cp1252")

    def _mixed(self, number: int) -> InputRefusedError:
        return InputRefusedError(
            f"{self._file.name}, line {number}: some lines are UTF-8 and others are not, so "
            f"accented letters cannot be read reliably: {SAVE}"
        )


def _line_ends(cell: str) -> int:
    r"""
    Return how many lines end within a cell.

    >>> _line_ends("a\r\nb\nc\rd\r\r\n")
    5
    """
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _width(line: str, separator: str) -> int:
    """Return how many cells a line has; it may be only part of a row."""
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 1


def _too_long(name: str, number: int) -> InputRefusedError:
    return InputRefusedError(
        f"{name}, line {number}: longer than {LONGEST_LINE:,} bytes, which no row is: the file is "
        "not CSV or is damaged; export it again"
    )
