"""Open tables: CSV files and the sheets of workbooks."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import dropwhile, islice
from operator import itemgetter, length_hint

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.cells import Cell, DaysCounted, as_written
from iro_cli.incoming.csv_rows import SAVE, CsvRows
from iro_cli.incoming.files import File
from iro_cli.incoming.refused import BECAUSE, EXTRA, OURS, Origin, Refused, packed, visible
from iro_cli.lean import TYPE_CHECKING, NamedTuple, Protocol
from iro_cli.progress import OFTEN, tell_step

if TYPE_CHECKING:
    from iro_cli.incoming.workbook import Sheet, Workbook

# All events of every child in England are about a million rows.
MOST_ROWS = 3_000_000

# How many rows are looked at together: most are as long as the header, which is told in one look.
_AT_ONCE = 200
_CELLS = itemgetter(1)

_APOSTROPHES = re.compile("['\u2018\u2019`]")
_WORDS = re.compile(r"[^\W_]+")

Row = tuple[int, Sequence[Cell]]


class RowSource(Protocol):
    """A source of the rows of a table that are not blank, each with its number."""

    @property
    def warnings(self) -> list[str]:
        """Return warnings about how it was read; complete after the last row."""

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows."""


class EmptyTableError(InputRefusedError):
    """A table has no row, so it has no names of columns."""


class Table:
    """
    One table: its header, and its rows, read when they are wanted.

    Attributes:
        name: The name of the file, or of the sheet in it, in messages.
        label: Its name in the summary.
        row: The number of the row that names the columns.
        header: The columns, as written and trimmed, each with a different name.
        plain: Their names as :func:`plain` gives them.
        counted: Whether plain numbers may be days: not in a CSV file.
        count: How many rows have been read, refused ones included.
    """

    def __init__(
        self, name: str, rows: Callable[[], RowSource], *, sheet: "Sheet | None" = None
    ) -> None:
        """
        Open a table; its first row is taken for the header.

        Args:
            name: Its name in messages.
            rows: Returns the rows from the first on, each time it is called.
            sheet: The sheet of the rows, if they are in a workbook.

        Raises:
            EmptyTableError: It has no row.
            InputRefusedError: Its rows cannot be read.
        """
        self.name = self.label = name
        self.count = 0
        self._all = rows
        self._sheet = sheet
        self.counted = sheet.counted if sheet else DaysCounted.NEVER
        self._beyond = 0
        self._filled: list[int] = []
        self._source = rows()
        self._rows = iter(self._source)
        self._ahead: list[Row] = []
        self._left = iter(self._ahead)
        if not self._look(1):
            raise EmptyTableError(f"{name} is empty: its first row must name the columns")
        self.begin_at(0)

    # ------------------------------------------------------------ the header

    def _look(self, number: int) -> list[Row]:
        while len(self._ahead) < number:
            found = next(self._rows, None)
            if found is None:
                break
            self._ahead.append(found)
        return self._ahead[:number]

    def top(self, number: int) -> list[Row]:
        """Return the header and the rows after it, up to a number; they can still be read."""
        return [(self.row, self.header), *self._look(number - 1)]

    def begin_at(self, place: int) -> None:
        """Take a later row for the header, and skip the rows above it."""
        self.row, cells = self._look(place + 1)[place]
        del self._ahead[: place + 1]
        names = [as_written(cell).strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        self.plain = [plain(name) for name in names]
        self.header = tuple(_distinct(names))

    def let_go(self) -> None:
        """Free the rows of a large sheet in memory; they are read again when they are wanted."""
        if self._sheet and self._sheet.is_large:
            last = self._ahead[-1][0] if self._ahead else self.row
            self._rows = dropwhile(lambda row: row[0] <= last, self._sheet)

    def again(self) -> "Table":
        """Return the same table from its first row on."""
        return Table(self.name, self._all, sheet=self._sheet)

    @property
    def mended(self) -> bool:
        """Say whether this is a file of refused rows, which may be of several tables."""
        return BECAUSE in self.header

    def has(self, *names: str) -> bool:
        """Say whether all these columns are there."""
        return all(plain(name) in self.plain for name in names)

    def lacks(self, missing: Sequence[str], of: str = "") -> str:
        """Return a sentence that says which columns are missing, and which there are."""
        if len(self.header) == 1 and "|" in self.header[0]:
            has = f"its columns are separated by bars, not commas: {SAVE}"
        else:
            has = f"row {self.row} has {', '.join(map(visible, self.header))}"
        needs = f", which {of} needs" if of else ""
        return f"{self.name}: there is no column {' and no column '.join(missing)}{needs}: {has}"

    def unknown(self, known: Collection[str], places: Collection[int]) -> dict[int, str]:
        """
        Return the unknown columns by place, without those that this program writes itself.

        Args:
            known: Names of columns that are known but not read.
            places: The places of the columns that are read.
        """
        ours, read = {plain(name) for name in known}, set(places)
        return {
            place: name
            for place, name in enumerate(self.header)
            if place not in read
            and self.plain[place]
            and self.plain[place] not in ours
            and not name.startswith(OURS)
        }

    # ------------------------------------------------------------ rows

    def only_filled(self, places: Iterable[int]) -> None:
        """Read only the rows that have something in one of these columns."""
        self._filled = list(places)

    @property
    def at_end(self) -> bool:
        """Say whether the row that was just read is the last."""
        return not (length_hint(self._left) or self._look(1))

    def origin(self, number: int, cells: Sequence[Cell]) -> Origin:
        """Return where a row came from, with its cells as text."""
        texts = [*map(as_written, cells)] if self._sheet else cells
        # The cells of a CSV file are text already.
        return Origin(self.name, number, self.header, packed(texts))  # type: ignore[arg-type]

    def rows(self, refused: list[Refused], read: Collection[int] = ()) -> Iterator[Row]:
        """
        Yield the number and the cells of each row, as many cells as there are columns.

        A row that is too short gets blank cells at its end, because some exports leave out the last
        commas.

        Args:
            refused: Rows with too many cells, or with merged cells that are read, are added.
            read: The columns that are read, counted from 0.

        Raises:
            InputRefusedError: The rest of the file cannot be read.
        """
        width = {len(self.header)}
        extra = [place for place, name in enumerate(self.header) if name.startswith(EXTRA)]
        merged = self._sheet.merged_rows(read) if self._sheet else frozenset[int]()
        plain_rows = not (self._filled or merged or extra)
        for block in self._blocks():
            self._left = iter(block)
            if plain_rows and {*map(len, map(_CELLS, block))} == width:
                self._note_read(len(block))
                yield from self._left
            else:
                yield from self._fitting(merged, extra, refused)

    def _fitting(
        self, merged: Collection[int], extra: Sequence[int], refused: list[Refused]
    ) -> Iterator[Row]:
        """Yield the rows of a block as :meth:`rows` does, looking at each."""
        width = len(self.header)
        for number, cells in self._left:
            if self._filled and not any(cell != "" for cell in self._of_filled(cells)):
                continue
            self._note_read(1)
            if number in merged:
                reason = (
                    "the row has merged cells, and only the first of them kept its content: "
                    "unmerge them (Home, Merge & Center) and fill each"
                )
                refused.append(self.origin(number, cells).refused("", "", reason))
                continue
            fitted = cells if len(cells) == width else self._fitted(number, cells, refused)
            if fitted is None:
                continue
            if extra and any(fitted[place] != "" for place in extra):
                # This row was refused because it has too many cells, and was not mended.
                has = width - len(extra) + sum(1 for place in extra if fitted[place] != "")
                self._refuse_length(number, fitted, has, width - len(extra), refused)
                continue
            yield number, fitted

    def _blocks(self) -> Iterator[list[Row]]:
        """Yield the rows that follow, some at a time; those before a failure come first."""
        while True:
            block, failed = [*self._ahead], None
            self._ahead.clear()
            try:
                block.extend(islice(self._rows, _AT_ONCE))
            except InputRefusedError as error:
                failed = error
            if block:
                yield block
            if failed:
                raise failed
            if not block:
                return

    def _note_read(self, number: int) -> None:
        """Count rows that were read, and show progress from time to time."""
        before, self.count = self.count, self.count + number
        if self.count // OFTEN > before // OFTEN:
            self._tell()
        if self.count > MOST_ROWS:
            raise InputRefusedError(
                f"{self.name} has more than {MOST_ROWS:,} rows, which no list of an authority "
                "has: is it the right file?"
            )

    def _tell(self) -> None:
        """Show progress in rows for a sheet; for a file, its bytes are shown when they are read."""
        if self._sheet:
            tell_step(f"Reading {self.name}", self.count, self._sheet.height, "rows")

    def _of_filled(self, cells: Sequence[Cell]) -> Iterator[Cell]:
        for place in self._filled:
            yield from cells[place : place + 1]

    def _fitted(
        self, number: int, cells: Sequence[Cell], refused: list[Refused]
    ) -> Sequence[Cell] | None:
        """Return a row with as many cells as there are columns, or refuse it."""
        width = len(self.header)
        if len(cells) < width:
            return [*cells, *[""] * (width - len(cells))]
        beyond = [cell for cell in cells[width:] if as_written(cell).strip()]
        if not beyond:
            return cells[:width]
        if self._sheet:
            # In a sheet a cell beyond the header does not shift the others, as a comma too many
            # does in a CSV file.
            self._beyond += 1
            return cells[:width]
        cells = list(cells)
        while not as_written(cells[-1]).strip():
            cells.pop()
        self._refuse_length(number, cells, len(cells), width, refused)
        return None

    def _refuse_length(
        self, number: int, cells: Sequence[Cell], has: int, needs: int, refused: list[Refused]
    ) -> None:
        reason = (
            f"the row has {has} cells and the header {needs}: is there a comma too many, or one "
            'that needs quotes (")?'
        )
        refused.append(self.origin(number, cells).refused("", "", reason))

    def warnings(self, read: Collection[int] = ()) -> list[str]:
        """
        Return warnings about how it was read, after every row has been read.

        Args:
            read: The columns that are read, counted from 0.
        """
        found = list(self._source.warnings)
        if self._beyond:
            found.append(
                f"{self.name}: cells to the right of the columns that have a name were not read, "
                f"in rows: {self._beyond:,}"
            )
        if self._sheet:
            rows, columns = self._sheet.hidden
            names = [self.header[place] for place in sorted(columns.intersection(read))]
            unseen = [f"rows {rows:,}"] if rows else []
            unseen += [f"the column {visible(name)}" for name in names]
            if unseen:
                found.append(f"{self.name}: hidden there, and read: {', '.join(unseen)}")
        return found


class PossibleTable(NamedTuple):
    """
    A sheet or a file that may be a table.

    Attributes:
        title: The name of the sheet, or of the file without its ending.
        name: Its name in messages.
        is_sheet: Whether it is a sheet of a workbook.
        open: Opens it; raises the errors of :class:`Table`.
    """

    title: str
    name: str
    is_sheet: bool
    open: Callable[[], Table]


def possible_tables(
    file: File, warnings: list[str], *, passed_over: Collection[str] = ()
) -> list[PossibleTable]:
    """
    Return the possible tables of a file: the sheets of a workbook, or the file itself.

    Args:
        file: The file.
        warnings: A warning that names the hidden sheets, which are not read, is added.
        passed_over: The names of sheets that are never tables.

    Raises:
        InputRefusedError: It is a workbook that cannot be read safely.
    """
    if not file.is_workbook:
        return [
            PossibleTable(file.path.stem, file.name, is_sheet=False, open=partial(_open_csv, file))
        ]
    from iro_cli.incoming.workbook import Workbook  # noqa: PLC0415 - most files are none

    workbook = Workbook(file)
    if workbook.unseen:
        names = ", ".join(map(visible, workbook.unseen))
        one = len(workbook.unseen) == 1
        warnings.append(
            f"{file.name}: not read, because {'it is' if one else 'they are'} hidden: the "
            f"{'sheet' if one else 'sheets'} {names}"
        )
    return [
        PossibleTable(
            title,
            f"{file.name}, {visible(title)}",
            is_sheet=True,
            open=partial(_open_sheet, workbook, title),
        )
        for title in workbook.sheets
        if title.strip() not in passed_over
    ]


def tables_in(file: File, warnings: list[str]) -> Iterator[Table]:
    """
    Open every table of a file; the first row has to name the columns, and blank sheets are skipped.

    Args:
        file: The file.
        warnings: As in :func:`possible_tables`.

    Raises:
        InputRefusedError: It cannot be read, or is a CSV file without a row.
    """
    for one in possible_tables(file, warnings):
        try:
            yield one.open()
        except EmptyTableError:
            if not one.is_sheet:
                raise


def _open_csv(file: File) -> Table:
    return Table(file.name, partial(CsvRows, file))


def _open_sheet(workbook: "Workbook", title: str) -> Table:
    sheet = workbook.sheet(title)
    return Table(f"{workbook.name}, {visible(title)}", lambda: sheet, sheet=sheet)


def plain(text: str) -> str:
    """
    Return words without what makes no difference: capitals, punctuation and doubled spaces.

    >>> plain("Child\u2019s\u00a0Legal  Status "), plain("date_of_birth")
    ('childs legal status', 'date of birth')
    """
    return " ".join(_WORDS.findall(_APOSTROPHES.sub("", text.casefold())))


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield the names, and give a column without a name, or with a repeated one, its own."""
    found: set[str] = set()
    for place, name in enumerate(names, start=1):
        own = name if name and name not in found else f"{name or 'column'} ({place})"
        found.add(own)
        yield own
