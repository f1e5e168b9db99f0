"""What is wrong with rows, and the file in which refused rows can be mended."""

import csv
from collections.abc import Iterable
from pathlib import Path

from iro_cli.errors import UsageError
from iro_cli.files import as_text, write_whole
from iro_cli.lean import NamedTuple, TextIO
from iro_cli.safe import guarded, printable

# Columns that this program adds to a file of refused rows begin so.
OURS = "refused_"
BECAUSE = f"{OURS}because"
EXTRA = f"{OURS}extra_"
FROM = f"{OURS}from"

_LONGEST_SHOWN = 80


def visible(text: str) -> str:
    r"""
    Return text that is safe to print: nothing invisible, and not too long.

    >>> print(visible("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return printable(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


class Refused(NamedTuple):
    """
    One thing that is wrong with one row; a row can be wrong in several ways.

    Attributes:
        file: The file's name, with its folder where several were read.
        row: Its line in the file, the header being row 1.
        column: The column, or nothing where the row itself is wrong.
        value: The cell as it stands in the file.
        reason: What is wrong and, where it helps, what to write.
        raw: The whole row by column, so that it can be mended.
        of_child: Of an element of XML: the child it belongs to, blank where that is not
            known; ``None`` for a row of a table.
        is_nobodys: Whether the row is surely about no child, as a total is, so that the
            others are stored all the same.
        about: The child whom the row is about, as the store knows it; blank where that is
            not known.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    raw: dict[str, str]
    of_child: str | None = None
    is_nobodys: bool = False
    about: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """
        Return what tells its row from others.

        An XML file may be one line altogether, so an element is told by what it holds.
        """
        more = () if self.of_child is None else tuple(self.raw.items())
        return (self.file, self.row, *more)

    @property
    def stood_at(self) -> str:
        """Return where its row stood when it was refused first, as ``reviews.csv:3``."""
        return self.raw.get(FROM) or f"{self.file}:{self.row}"

    def __str__(self) -> str:
        """Return the refusal as one line."""
        where, part = f"row {self.row}", "column"
        if self.of_child is not None:
            child = f", child {visible(self.of_child)}" if self.of_child else ""
            where, part = f"line {self.row}{child}", "element"
        column = f", {part} {self.column}" if self.column else ""
        value = f" ({visible(self.value)})" if self.value.strip() else ""
        return f"{self.file}: {where}{column}: {self.reason}{value}"


class Origin(NamedTuple):
    """
    Where a row came from, and its cells as they were.

    Attributes:
        file: The file's name.
        row: Its line, the header being row 1.
        header: The columns.
        cells: The cells; there may be more or fewer than columns.
        of_child: As of :class:`Refused`.
    """

    file: str
    row: int
    header: tuple[str, ...]
    cells: list[str]
    of_child: str | None = None

    @property
    def source(self) -> str:
        """Return ``file.csv:12``, as it is kept with a fact."""
        return f"{self.file}:{self.row}"

    @property
    def raw(self) -> dict[str, str]:
        """Return the row by column; cells beyond the header keep a column of their own."""
        row = dict.fromkeys(self.header, "") | dict(zip(self.header, self.cells, strict=False))
        beyond = self.cells[len(self.header) :]
        return row | {f"{EXTRA}{place}": cell for place, cell in enumerate(beyond, start=1)}

    def refused(self, column: str, value: str, reason: str) -> Refused:
        """Return a refusal of this row."""
        child = self.of_child or ""
        return Refused(
            self.file, self.row, column, value, reason, self.raw, self.of_child, about=child
        )


def _rows(refused: Iterable[Refused]) -> list[dict[str, str]]:
    """Return the refused rows, once each, with everything that is wrong."""
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


def write_refused(path: Path, refused: Iterable[Refused]) -> None:
    """
    Write the refused rows as they were, with where they stood and why they were refused.

    Rows of several tables, as of a return, stand in one file that has the columns
    of all of them.  It is written whole or not at all, even where there is no
    row, so that a script finds it; only its owner may read it.

    Args:
        path: The file to write; one that is there is replaced.
        refused: The problems; a row with several is written once.

    Raises:
        UsageError: It cannot be written there.
    """
    rows = _rows(refused)
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
