"""Say what is wrong with rows, and write and read the file in which refused rows are mended."""

import csv
import re
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from iro_cli.errors import UsageError
from iro_cli.files import as_text, write_whole
from iro_cli.lean import TYPE_CHECKING, NamedTuple, TextIO
from iro_cli.safe import guarded, printable

if TYPE_CHECKING:
    from iro_cli.incoming.kinds import TableKind

# The names of columns that this program adds to a file of refused rows begin with this.
OURS = "refused_"
BECAUSE = f"{OURS}because"
EXTRA = f"{OURS}extra_"
FROM = f"{OURS}from"

_LONGEST_SHOWN = 80
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
# The separator between the cells of a row in memory.  Only a damaged file has it in a cell.
_BETWEEN = "\x1e"
Packed = str | tuple[str, ...]


def visible(text: str) -> str:
    r"""
    Return text that is safe to print: without invisible characters, and not too long.

    >>> print(visible("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return printable(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def numbered(file: str, row: int | None) -> str:
    """
    Return the words for a place in a file: XML has lines, other files have rows.

    >>> numbered("reviews.csv", 3), numbered("return.XML", 3)
    ('row 3', 'line 3')
    """
    return f"{'line' if file.casefold().endswith('.xml') else 'row'} {row}"


class RowKey(NamedTuple):
    """
    The key of a row of a database, which has no line number.

    Attributes:
        column: The name of the key column; blank if the table has none.
        value: The value of the key.
    """

    column: str
    value: str


class RawRow(Mapping[str, str]):
    """
    A row as it was, by column.

    A fifth of a return may be refused, so a row is kept as one text to save memory.  Cells beyond
    the header get columns of their own.

    >>> RawRow(("CHILD", "DOB"), packed(["9001", "", "x"]))["refused_extra_1"]
    'x'
    """

    __slots__ = ("_cells", "_header")

    def __init__(self, header: tuple[str, ...], cells: Packed) -> None:
        """Keep the columns and the cells; there may be more or fewer cells than columns."""
        self._header = header
        self._cells = cells

    def _row(self) -> dict[str, str]:
        cells, width = unpacked(self._cells), len(self._header)
        row = dict.fromkeys(self._header, "") | dict(zip(self._header, cells, strict=False))
        beyond = enumerate(cells[width:], start=1)
        return row | {f"{EXTRA}{place}": cell for place, cell in beyond}

    def __getitem__(self, column: str) -> str:
        """Return the cell of a column."""
        if column not in self:
            raise KeyError(column)
        return self._row()[column]

    def __contains__(self, column: object) -> bool:
        """Say whether there is a column."""
        # Every refused row is asked for the column `refused_from`, which few have: this is faster.
        return column in self._header or (
            isinstance(column, str) and column.startswith(EXTRA) and column in self._row()
        )

    def __iter__(self) -> Iterator[str]:
        """Go through the columns."""
        return iter(self._row())

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self._row())

    def items(self) -> ItemsView[str, str]:
        """Return each column with its cell."""
        return self._row().items()


def packed(cells: Sequence[str]) -> Packed:
    """
    Return the cells of a row as one text, or as a tuple if a cell contains the separator.

    >>> unpacked(packed(["9001", ""])), unpacked(packed([]))
    (('9001', ''), ())
    """
    text = _BETWEEN.join(cells)
    return text if text.count(_BETWEEN) + 1 == len(cells) else tuple(cells)


def unpacked(cells: Packed) -> tuple[str, ...]:
    """Return the cells from the result of :func:`packed`."""
    return cells if isinstance(cells, tuple) else tuple(cells.split(_BETWEEN))


class Refused(NamedTuple):
    """
    One thing that is wrong with one row; a row can be wrong in several ways.

    Attributes:
        file: The file's name, with its folder if files of several folders were read.
        row: Its line in the file; the header is row 1.
        column: The column; blank if the row itself is wrong.
        value: The cell as it stands in the file.
        reason: What is wrong and, if it helps, what to write.
        raw: The whole row by column, so that it can be mended.
        of_child: For an element of XML, the child it belongs to, blank if that is not known;
            ``None`` for a row of a table.
        is_nobodys: Whether the row is surely about no child, like a row of totals.  Then the other
            rows are stored all the same.
        about: The child the row is about, as the store knows it; blank if that is not known.
        row_key: The key of a row of a database; ``None`` in a file.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    raw: Mapping[str, str]
    of_child: str | None = None
    is_nobodys: bool = False
    about: str = ""
    row_key: RowKey | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """
        Return what identifies its row.

        A whole XML file may be one line, so an element is identified by its content too.
        """
        more = () if self.of_child is None else tuple(self.raw.items())
        return (self.file, self.row, *more)

    @property
    def stood_at(self) -> str:
        """Return where its row stood when it was first refused, such as ``reviews.csv:3``."""
        if stood := self.raw[FROM] if FROM in self.raw else "":  # noqa: SIM401 - `get` is slow
            return stood
        here = self.row if self.row_key is None else self.row_key.value
        return f"{self.file}:{here}".rstrip(":")

    def __str__(self) -> str:
        """Return the refusal as one line."""
        where, part = f"row {self.row}", "column"
        if self.of_child is not None:
            child = f", child {visible(self.of_child)}" if self.of_child else ""
            where, part = f"line {self.row}{child}", "element"
        elif self.row_key is not None and self.row_key.value:
            where = f"{self.row_key.column} {visible(self.row_key.value)}"
        column = f", {part} {self.column}" if self.column else ""
        value = f" ({visible(self.value)})" if self.value.strip() else ""
        return f"{self.file}: {where}{column}: {self.reason}{value}"


class Origin(NamedTuple):
    """
    Where a row came from, and its cells as they were.

    Attributes:
        file: The file's name.
        row: Its line; the header is row 1.
        header: The columns.
        cells: The cells, as :func:`packed` gives them.
        of_child: As in :class:`Refused`.
        key: The key of a row of a database; ``None`` in a file.
    """

    file: str
    row: int
    header: tuple[str, ...]
    cells: Packed
    of_child: str | None = None
    key: RowKey | None = None

    @property
    def source(self) -> str:
        """
        Return ``file.csv:12``, as it is stored with a fact.

        For a database it is the table, and the key if that is a number.  The store keeps the name
        of a file or table once for many facts, and with each fact only a number.
        """
        if self.key is None:
            return f"{self.file}:{self.row}"
        value = self.key.value
        return f"{self.file}:{value}" if _NUMBER.fullmatch(value) else self.file

    @property
    def words(self) -> str:
        """Return it for a sentence, such as ``row 12 of file.csv``."""
        if self.key is None or not self.key.value:
            return f"{numbered(self.file, self.row)} of {self.file}"
        return f"{self.key.column} {visible(self.key.value)} of {self.file}"

    @property
    def raw(self) -> Mapping[str, str]:
        """Return the row by column; cells beyond the header get columns of their own."""
        return RawRow(self.header, self.cells)

    def refused(self, column: str, value: str, reason: str, about: str = "") -> Refused:
        """
        Return a refusal of this row.

        Args:
            column: As in :class:`Refused`.
            value: As in :class:`Refused`.
            reason: As in :class:`Refused`.
            about: The child, if it is known from elsewhere than the row's own text.
        """
        file, row, header, cells, of_child, key = self
        raw = RawRow(header, cells)
        whose = about or of_child or ""
        return Refused(file, row, column, value, reason, raw, of_child, False, whose, key)


def count_rows(refused: Iterable[Refused]) -> int:
    """Return how many rows were refused; one may be wrong in several ways."""
    return len({one[:2] if one.of_child is None else one.key for one in refused})


def _rows(refused: Iterable[Refused]) -> list[dict[str, str]]:
    """Return each refused row once, with everything that is wrong with it."""
    rows: dict[tuple[object, ...], dict[str, str]] = {}
    for one in refused:
        reason = f"{one.column}: {one.reason}" if one.column else one.reason
        row = rows.get(one.key)
        if row is None:
            kept = {name: text for name, text in one.raw.items() if name not in (BECAUSE, FROM)}
            rows[one.key] = {**kept, FROM: one.stood_at, BECAUSE: reason}
        else:
            row[BECAUSE] += f"; {reason}"
    return list(rows.values())


def _columns(rows: list[dict[str, str]]) -> list[str]:
    found = dict.fromkeys(name for row in rows for name in row)
    return [*(name for name in found if name not in (FROM, BECAUSE)), FROM, BECAUSE]


def _under_one_heading(
    rows: list[dict[str, str]], kinds: "Sequence[TableKind]"
) -> list[dict[str, str]]:
    """Return the rows with one heading for each column, if their tables have several for it."""
    theirs = [tuple(name for name in row if not name.startswith(OURS)) for row in rows]
    tables = dict.fromkeys(theirs)
    if len(tables) < 2:
        return rows
    from iro_cli.incoming.kinds import shared_headings  # noqa: PLC0415 - it imports this module

    headings = shared_headings(tables, kinds)
    return [
        {headings[table].get(name, name): text for name, text in row.items()}
        for table, row in zip(theirs, rows, strict=True)
    ]


def write_refused(
    path: Path, refused: Iterable[Refused], kinds: "Sequence[TableKind]" = ()
) -> None:
    """
    Write the refused rows as they were, with their places and the reasons.

    Rows of several tables, as in a return, go into one file that has the columns of all of
    them.  If the tables name a column differently, it gets one name, so that the file can be
    read.  It is written whole or not at all, and even if there are no rows, so that a script finds
    it.  Only its owner may read it.

    Args:
        path: The file to write; an existing file is replaced.
        refused: The problems; a row with several is written once.
        kinds: The kinds of table that the rows may be from; they say which columns are the same.

    Raises:
        UsageError: It cannot be written there.
    """
    rows = _under_one_heading(_rows(refused), kinds)
    columns = _columns(rows)

    def write(file: TextIO) -> None:
        writer = csv.writer(file)
        writer.writerow(map(guarded, columns))
        writer.writerows([guarded(row.get(name, "")) for name in columns] for row in rows)

    try:
        write_whole({path: as_text(write, "utf-8-sig")})
    except OSError as error:
        raise UsageError(
            f"the refused rows cannot be written to {path} ({error.strerror}): name another file "
            "with --refused"
        ) from None
