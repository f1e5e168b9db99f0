"""
Read the rows of tables a cell at a time, and keep every problem.

If a cell can be read in two ways, its column may decide: a date that can only be month
first makes every other date of the column doubtful, and ``9001.0`` is 9001 only
if all the ids are whole numbers.  Such a doubt is settled only when the whole column has been
read, so the files are then read again with that knowledge.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from pathlib import Path
from sys import intern

from iro_cli.dates.file_dates import FileDate
from iro_cli.dates.reading import FORMS, MonthFirstError
from iro_cli.dates.words import counted, spoken_short
from iro_cli.incoming.cells import (
    BLANK,
    Cell,
    Days,
    DaysCounted,
    as_written,
    is_blank,
    read_cell,
    read_child_id,
    read_code,
    read_lines,
    read_name,
    read_text,
    read_yes_no,
    whole_number,
)
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import FROM, Origin, Refused, packed, visible
from iro_cli.lean import NamedTuple, Protocol, TypeVar

T = TypeVar("T")

_UNKNOWN_SHOWN = 10
_TOTAL = re.compile(
    r"(grand |sub-? ?|overall )?totals?( .*)?:?|(row |record )?(count|sum|average|mean)( of .*)?:?"
    r"|n ?= ?[0-9,]+|\(?[0-9,]+ (rows?|records?|children)\b.*",
    re.IGNORECASE,
)
# After more ids with digits than this, an id without digits is strange.
_ENOUGH = 2
# For fewer cells, itemgetter does not return a tuple.
_FEW = 2
_COUNT = re.compile(r"[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]+)? ?%?")


class TableColumn(NamedTuple):
    """A column of a table, or an element of an XML file."""

    table: str
    column: str


@dataclass(slots=True)
class Doubts:
    """
    What is known about whole columns, after they have been read once.

    Attributes:
        month_first: The columns with a date that can only be month first, and that date.
        not_whole: The columns of ids that are not all whole numbers.
        unknown: The unknown children, each with the reason to refuse its rows.
        piped: The bytes of the files that can be read only once.
    """

    month_first: dict[TableColumn, str] = field(default_factory=dict)
    not_whole: set[TableColumn] = field(default_factory=set)
    unknown: Mapping[str, str] = field(default_factory=dict)
    piped: Mapping[Path, bytes] = field(default_factory=dict)


class Reading:
    """
    One reading of the files of a source, from the first to the last.

    Attributes:
        today: Today: no event can have a later date.
        as_of: The as-of day of the command: an extract says nothing about later days.
        days: Reads dates.
        births: Reads dates of birth: a year of two digits is in the past or, for an unborn
            child, at most one year ahead.
        plain_days: The dates that were read without any doubt.
        plain_ids: The ids of children with a row that is kept, if they are figures alone.
        refused: Every problem of every row.
        mended: Where the rows of files of refused rows stood first, by file and row.
        read: How many rows each table has.
        warnings: What was read all the same, but somebody should look at.
    """

    def __init__(self, today: date, as_of: date, doubts: Doubts | None = None) -> None:
        """
        Begin a reading with nothing read.

        Args:
            today: Today.
            as_of: The as-of day of the command.
            doubts: What an earlier reading of the same files has found out.
        """
        self.today = today
        self.as_of = as_of
        self.days = Days(today)
        self.births = Days(today, pivot=today.year + 1)
        # Only texts and dates that mean the same day in every file and column, so no numbers.
        self.plain_days: dict[Cell, date] = {}
        # The ids of figures alone, which mean the same child in every file and column.
        self.plain_ids: dict[Cell, str] = {}
        self.refused: list[Refused] = []
        self.mended: dict[tuple[str, int], str] = {}
        self.read: dict[str, int] = {}
        self.warnings: list[str] = []
        self.doubts = doubts or Doubts()
        self._learnt = Doubts()
        self._centuries: Counter[tuple[TableColumn, int]] = Counter()
        self._unknown: dict[str, Counter[str]] = {}
        self._with_point: Counter[TableColumn] = Counter()
        self._not_whole: set[TableColumn] = set()

    # ------------------------------------------------------------ dates and ids

    def told_until(self, begins: date | None, ends: date | None) -> date:
        """
        Return the last day about which an extract can say anything.

        The extract of a year that is imported in the middle of it says nothing about the rest.

        Args:
            begins: The first day that it covers, or ``None`` for no limit.
            ends: The last day that it covers (inclusive), or ``None`` for no limit.
        """
        if ends is None or (begins or date.min) <= self.as_of < ends:
            return self.as_of
        return ends

    def day(self, place: TableColumn, cell: Cell, days: Days, numbers: DaysCounted) -> date | None:
        """
        Read a date; ``None`` for a blank cell or a value that stands for no date.

        Args:
            place: The column.
            cell: The cell.
            days: Reads it.
            numbers: Whether and how a plain number may be a day.

        Raises:
            ValueError: It is not a date, or another date of the column makes it doubtful.
        """
        try:
            read = days.read(cell, numbers)
        except MonthFirstError:
            self._learnt.month_first.setdefault(place, as_written(cell).strip())
            raise
        if read is None:
            return None
        if read.month_first is not None and place in self.doubts.month_first:
            raise ValueError(self._either(place, read))
        doubtful = read.month_first is not None and self.doubts.month_first
        if read.century_supplied:
            self._centuries[place, days.pivot] += 1
        elif isinstance(cell, str | date) and not doubtful:
            self.plain_days[cell] = read.day
        return read.day

    def _either(self, place: TableColumn, read: FileDate) -> str:
        other = read.month_first or read.day
        american = visible(self.doubts.month_first[place])
        return (
            f"may be {spoken_short(read.day)} or {spoken_short(other)}, because another date of "
            f"this column is written month first ({american}): write {FORMS}"
        )

    def child_id(self, place: TableColumn, cell: Cell) -> str:
        """
        Read a child's id.

        Args:
            place: The column.
            cell: The cell.

        Raises:
            ValueError: It is not an id, or the child is unknown.
        """
        child_id = read_child_id(cell)
        if not child_id.isdigit() and place not in self.doubts.not_whole:
            whole = whole_number(child_id)
            if whole is None:
                self._not_whole.add(place)
            else:
                self._with_point[place] += 1
                child_id = whole
        if reason := self.doubts.unknown.get(child_id):
            raise ValueError(reason)
        # The child has rows in several tables, so the text is kept in memory only once.
        return intern(child_id)

    def learnt_more(self) -> bool:
        """
        Keep what was found out about columns, and say whether it is new.

        Then the files have to be read again.  For example, 13/25/2024 in the last row shows that
        03/04/2024 in the first row may be meant month first.
        """
        doubts, learnt = self.doubts, self._learnt
        not_whole = self._not_whole & self._with_point.keys()
        more = bool(learnt.month_first.keys() - doubts.month_first.keys() or not_whole)
        doubts.month_first = learnt.month_first | doubts.month_first
        doubts.not_whole |= not_whole
        return more

    # ------------------------------------------------------------ warnings

    def note_rows(self, name: str, number: int) -> None:
        """Add to the number of rows of a table."""
        self.read[name] = self.read.get(name, 0) + number

    def note_unknown(self, name: str, what: Mapping[str, int]) -> None:
        """Add how often each unknown column or element occurs in a file."""
        self._unknown.setdefault(name, Counter()).update(what)

    def of_columns(self) -> list[str]:
        """Return the warnings about whole columns, after every file was read."""
        found: list[str] = []
        for name, unknown in self._unknown.items():
            named = unknown.most_common()
            if named:
                shown = "; ".join(
                    f"{visible(what)}, {counted(times, 'time')}"
                    for what, times in named[:_UNKNOWN_SHOWN]
                )
                more = len(named) - _UNKNOWN_SHOWN
                rest = f"; and {more} more" if more > 0 else ""
                found.append(
                    f"{name}: not read, because no column or element of this name is known: "
                    f"{shown}{rest}"
                )
        for (place, pivot), times in self._centuries.items():
            found.append(
                f"{place.table}, {place.column}: dates with a year of two digits, read as one "
                f"from {pivot - 99} to {pivot}: {times:,}"
            )
        for place, times in self._with_point.items():
            found.append(
                f"{place.table}, {place.column}: ids written as 9001.0, read as 9001: {times:,}"
            )
        return found


class RowOrElement(ABC):
    """
    A row of a table, or an element of XML, which is read field by field.

    Attributes:
        name: The name of the file, or of the sheet in it.
        number: The row, or the line.
        good: Whether nothing in it has been refused.
    """

    def __init__(self, name: str, reading: Reading, numbers: DaysCounted) -> None:
        """
        Begin with nothing read.

        Args:
            name: The name of the file, or of the sheet in it.
            reading: Gathers what is refused, and warnings.
            numbers: Whether and how a plain number may be a day.
        """
        self.name = name
        self.number = 0
        self.good = True
        self.reading = reading
        self._child_field = "child"
        self._numbers = numbers
        # The ids that were read, by their cells, because a child has many rows.  Only children
        # whose rows are kept are in here: an extract may have everybody whom an authority knows.
        self._ids: dict[Cell, str] = {}

    @abstractmethod
    def cell(self, field: str) -> Cell:
        """Return a cell as it stands; blank if there is no such field."""

    @abstractmethod
    def column(self, field: str) -> str:
        """Return the name of a field in the file."""

    @property
    @abstractmethod
    def origin(self) -> Origin:
        """Return the row or element as it is."""

    @abstractmethod
    def filled(self) -> list[str]:
        """Return the fields whose cells are not empty."""

    @property
    def where(self) -> str:
        """Return where it stands, as it is stored with a fact."""
        return f"{self.name}:{self.number}"

    def _place(self, field: str) -> TableColumn:
        return TableColumn(self.name, self.column(field))

    def read(self, field: str, parse: Callable[[Cell], T]) -> T | None:
        """Return the value of a cell, or ``None`` if it is refused."""
        try:
            return parse(self.cell(field))
        except ValueError as error:
            self.refuse(field, str(error))
            return None

    def needed(self, field: str, parse: Callable[[Cell], T | None], missing: str) -> T | None:
        """Return the value of a cell that must not be blank, or ``None`` if it is refused."""
        try:
            found = parse(self.cell(field))
        except ValueError as error:
            self.refuse(field, str(error))
            return None
        if found is None:
            self.refuse(field, missing)
        return found

    def parse_child(self, field: str = "child") -> str:
        """
        Return the child's id.

        Raises:
            ValueError: It is not an id, or the child is unknown.
        """
        cell = self.cell(field)
        known = self._ids.get(cell)
        if known is not None:
            return known
        child_id = self.reading.child_id(self._place(field), cell)
        # `Reading` counts the ids that it changes, such as 9001.0.  Such an id is kept here, so
        # that it is not counted again for each reason to refuse a row.
        if child_id != cell and isinstance(cell, str):
            self._ids[cell] = child_id
        return child_id

    def child(self, field: str = "child") -> str:
        """Return the child's id, blank if it is refused; the row counts as one that is kept."""
        cell = self.cell(field)
        known = self._ids.get(cell)
        if known is not None:
            return known
        try:
            child_id = self.parse_child(field)
        except ValueError as error:
            self.refuse(field, str(error))
            return ""
        if isinstance(cell, str):
            self._ids[cell] = child_id
            if cell.isdigit():
                self.reading.plain_ids[cell] = child_id
        return child_id

    def parse_day(self, field: str, days: Days | None = None) -> date | None:
        """
        Return a date, or ``None`` if there is none.

        Raises:
            ValueError: It is not a date, or another date of the column makes it doubtful.
        """
        cell, reading = self.cell(field), self.reading
        if cell == "":
            return None
        # None of them has a year of two digits, so they mean the same for a date of birth.
        plain = reading.plain_days.get(cell)
        if plain is not None:
            return plain
        return reading.day(self._place(field), cell, days or reading.days, self._numbers)

    def is_plain_day(self, field: str) -> bool:
        """Say whether a cell is empty, or a date that was read without any doubt."""
        cell = self.cell(field)
        return cell == "" or cell in self.reading.plain_days

    def day(self, field: str, days: Days | None = None, *, rule: str = "") -> date | None:
        """
        Return a date, or ``None`` if there is none or it is refused.

        Args:
            field: The field.
            days: Reads it, if it is a date of birth.
            rule: The rule of the return that needs it, named in a refusal.
        """
        try:
            return self.parse_day(field, days)
        except ValueError as error:
            self.refuse(field, f"{error}{rule and f' ({rule})'}")
            return None

    def needed_day(
        self,
        field: str,
        days: Days | None = None,
        *,
        rule: str = "",
        missing: str = "the date is missing",
    ) -> date | None:
        """
        Return a date that must be there, or ``None`` if it is refused.

        Args:
            field: The field.
            days: As in :meth:`day`.
            rule: As in :meth:`day`.
            missing: The reason to refuse a blank cell.
        """
        plain = self.reading.plain_days.get(self.cell(field))
        if plain is not None:
            return plain
        good, self.good = self.good, True
        day = self.day(field, days, rule=rule)
        if day is None and self.good:
            self.refuse(field, f"{missing}{rule and f' ({rule})'}")
        self.good = self.good and good
        return day

    def refuse_before(
        self, field: str, day: date | None, earliest: date | None, what: str = "the start"
    ) -> None:
        """
        Refuse a day that is before the earliest possible day, if both are given.

        Args:
            field: The field of the day.
            day: The day.
            earliest: The earliest day that it can be (inclusive).
            what: What the earliest day is, in words.
        """
        if day is not None and earliest is not None and day < earliest:
            self.refuse(field, f"lies before {what}, {earliest}")

    def text(self, field: str) -> str:
        """Return one line of text; blank if there is none or it is refused."""
        cell = self.cell(field)
        found = None if cell == "" else self.read(field, read_text)
        return found or ""

    def words(self, field: str) -> str:
        """Return text that is only compared and not stored, so it may have control codes."""
        cell = self.cell(field)
        found = None if cell == "" else self.read(field, read_cell)
        return found or ""

    def name_in(self, field: str) -> str | None:
        """Return a name or initials, or ``None`` if there are none or they are refused."""
        cell = self.cell(field)
        return None if cell == "" else self.read(field, read_name)

    def lines(self, field: str) -> str | None:
        """Return text that may have several lines, or ``None`` if it is blank or refused."""
        cell = self.cell(field)
        return None if cell == "" else self.read(field, read_lines)

    def yes_no(self, field: str) -> str | None:
        """Return ``yes`` or ``no``, or ``None`` if the cell is blank or refused."""
        cell = self.cell(field)
        return None if cell == "" else self.read(field, read_yes_no)

    def code(self, field: str, codes: Collection[str]) -> str | None:
        """Return one of a few codes, or ``None`` if the cell is blank or refused."""
        cell = self.cell(field)
        return None if cell == "" else self.read(field, lambda cell: read_code(cell, codes))

    def refuse(self, field: str, reason: str) -> None:
        """Refuse the row or element because of one cell."""
        self.good = False
        # A fifth of a return may be refused, for a few hundred different values: each is kept once.
        written = intern(as_written(self.cell(field)))
        self.reading.refused.append(
            self.origin.refused(self.column(field), written, reason, self.whose())
        )

    def is_about(self, child_id: str) -> None:
        """Note which child a refused row is about, if another row shows it."""
        refused = self.reading.refused
        for place in range(len(refused) - 1, -1, -1):
            if (refused[place].file, refused[place].row) != (self.name, self.number):
                break
            refused[place] = refused[place]._replace(about=child_id)

    def whose(self) -> str:
        """Return the id of the child it is about; blank if that cannot be read."""
        try:
            return self.parse_child(self._child_field)
        except ValueError:
            return ""


class Tabular(Protocol):
    """Rows of cells under names: a table, or elements of XML that are like one."""

    name: str
    label: str
    header: tuple[str, ...]
    counted: DaysCounted
    count: int

    @property
    def mended(self) -> bool:
        """Say whether this is a file of refused rows, which may be of several tables."""

    @property
    def at_end(self) -> bool:
        """Say whether the row that was just read is the last."""

    def rows(
        self, refused: list[Refused], read: Collection[int] = ()
    ) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield each row's number and its cells, as many as there are names."""

    def unknown(self, known: Collection[str], places: Collection[int]) -> dict[int, str]:
        """Return the names of the unknown columns, by place."""

    def warnings(self, read: Collection[int] = ()) -> list[str]:
        """Return warnings about how it was read, after every row has been read."""

    def origin(self, number: int, cells: Sequence[Cell]) -> Origin:
        """Return where a row came from."""


class Rows(RowOrElement):
    """
    The rows of one table; the same object stands for each row in turn.

    Attributes:
        table: The table.
        kind: The kind of table.
        known: The id of the row's child, if a row of that child was kept before.
        alike: The cells of the fields that were asked for together, as they stand.
    """

    def __init__(
        self,
        table: Tabular,
        kind: TableKind,
        places: Mapping[str, int],
        reading: Reading,
        *,
        child: str = "child",
        telling: Sequence[str] = (),
        alike: Sequence[str] = (),
    ) -> None:
        """
        Begin before the first row.

        Args:
            table: The table.
            kind: The kind of table.
            places: The places of the fields that are read.
            reading: Gathers what is refused, and warnings.
            child: The field of the child's id.
            telling: The fields of which at least one must not be blank.  Otherwise it is not a
                row: a formula may be copied down beyond the last child.
            alike: Fields that are asked for together, two at least: many rows may have equal cells
                in them, which then need not be read again.
        """
        super().__init__(table.name, reading, table.counted)
        self.table, self.kind = table, kind
        self._cells: Sequence[Cell] = ()
        self._places = places
        self._pairs = tuple(places.items())
        self._child_field = child
        # Only if the cell is used as it stands: a mapping may make another value of it.
        self._child_place = places.get(child) if type(self).cell is Rows.cell else None
        self._besides = self._all_but(self._child_place)
        self._take = self._taker(alike) if alike else None
        self.alike: tuple[Cell, ...] = ()
        self.known: str | None = None
        self._telling = [places[field] for field in telling if field in places]
        self._names = {column.field: column.name for column in kind.columns}
        self._columns = {field: TableColumn(self.name, self.column(field)) for field in places}
        unknown = {} if table.mended else table.unknown(kind.known, tuple(places.values()))
        self._unknown = unknown
        # How many ids have digits in them, and how many have none.
        self._with_figures = self._without = 0

    def __iter__(self) -> Iterator["Rows"]:
        """Go through the rows; the fields of each are then read from this object."""
        table, reading = self.table, self.reading
        read = tuple(self._places.values())
        filled = Counter(dict.fromkeys(self._unknown.values(), 0))
        none, telling = -table.count, self._telling
        child, ids, unknown = self._child_place, self._ids, self._unknown
        plain, take = reading.plain_ids, self._take
        stood = table.header.index(FROM) if table.mended and FROM in table.header else None
        for number, cells in table.rows(reading.refused, read):
            self.number, self._cells, self.good = number, cells, True
            if take is not None:
                self.alike = take(cells)
            if telling and is_blank(cells[telling[0]]) and self._says_nothing():
                none -= 1
                continue
            if stood is not None:
                reading.mended[self.name, number] = read_cell(cells[stood])
            if unknown:
                for place, name in unknown.items():
                    if cells[place] != "":
                        filled[name] += 1
            known = None
            if child is not None:
                cell = cells[child]
                known = ids.get(cell)
                if known is None and (known := plain.get(cell)) is not None:
                    ids[cell] = known
                    self._with_figures += 1
            self.known = known
            # An id that has a row already is a child, and not a total.
            if known is not None or not self._is_total():
                yield self
        self._note_whose()
        reading.note_rows(table.label, table.count + none)
        reading.note_unknown(table.name, filled)
        reading.warnings += [one for one in table.warnings(read) if one not in reading.warnings]

    def _note_whose(self) -> None:
        """Note which children the rows are about that the table itself refused, as too long."""
        refused, column = self.reading.refused, self.column(self._child_field)
        for place, one in enumerate(refused):
            if one.file != self.name or one.column or one.about:
                continue
            cell = one.raw.get(column, "")
            with suppress(ValueError):
                refused[place] = one._replace(about=self._ids.get(cell) or read_child_id(cell))

    def _says_nothing(self) -> bool:
        return all(is_blank(self._cells[place]) for place in self._telling)

    def _is_total(self) -> bool:
        """
        Refuse a row of totals at the foot of the table.

        Its id says so, as ``Total`` does; or it is the last row, and its id has no digits although
        all others have.  All its other cells are counts or blank.  If the id says so, nothing is
        lost with the row, and the others are stored without it.
        """
        cell = self.cell(self._child_field)
        if not isinstance(cell, str) or not cell or cell in self._ids:
            return False
        if cell[0].isdigit() and cell[-1].isdigit():
            self._with_figures += 1
            return False
        text = cell.strip()
        said = _TOTAL.fullmatch(text)
        if not said and any(map(str.isdigit, text)):
            self._with_figures += 1
            return False
        unlike = self._with_figures > _ENOUGH and not self._without and len(self.table.header) > 1
        self._without += 1
        if not text or not (said or (unlike and self.table.at_end)):
            return False
        # The places are kept under the names of fields or, with a mapping, of columns.
        field, places = self._child_field, self._places
        child = places.get(field, places.get(self.column(field)))
        if not all(_is_count(one) for place, one in enumerate(self._cells) if place != child):
            return False
        why = "is a total" if said else "is unlike every other id and stands at the foot"
        self.refuse(
            self._child_field,
            f"{why}, and the rest of the row is blank or counts: it is not about a child; take the "
            "row out",
        )
        if said:
            self.reading.refused[-1] = self.reading.refused[-1]._replace(is_nobodys=True)
        return True

    @property
    def origin(self) -> Origin:
        """Return the row as it is."""
        return self.table.origin(self.number, self._cells)

    def has(self, field: str) -> bool:
        """Say whether the table has a field."""
        return field in self._places

    def filled(self) -> list[str]:
        """Return the fields whose cells are not empty."""
        cells = self._cells
        return [field for field, place in self._pairs if cells[place] != ""]

    def besides_child(self) -> tuple[Cell, ...] | None:
        """
        Return all cells except the child's, to find equal rows; ``None`` if that is not safe.

        In a workbook, 1 and ``True`` are equal in Python but mean different things.
        """
        return self._besides(self._cells) if self._besides else None

    def _all_but(self, child: int | None) -> Callable[[Sequence[Cell]], tuple[Cell, ...]] | None:
        """Return the function that takes all cells except the child's, or ``None``."""
        others = [place for place in range(len(self.table.header)) if place != child]
        if child is None or self._numbers is not DaysCounted.NEVER or len(others) < _FEW:
            return None
        return itemgetter(*others)

    def column(self, field: str) -> str:
        """Return the name of a field in the table."""
        place = self._places.get(field)
        return self._names.get(field, field) if place is None else self.table.header[place]

    def _place(self, field: str) -> TableColumn:
        return self._columns.get(field) or super()._place(field)

    def cell(self, field: str) -> Cell:
        """Return a cell as it stands; blank if there is no such field."""
        place = self._places.get(field)
        return "" if place is None else self._cells[place]

    def _taker(self, fields: Sequence[str]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
        """Return the function that takes the cells of fields; blank where there is no such one."""
        places = [self._places.get(field) for field in fields]
        if None in places:
            return lambda cells: tuple("" if place is None else cells[place] for place in places)
        return itemgetter(*places)

    def whose(self) -> str:
        """Return the id of the child it is about; blank if that cannot be read."""
        return self.known or super().whose()


class Element(RowOrElement):
    """An element of XML; its fields are the elements in it."""

    def __init__(
        self, name: str, line: int, texts: Mapping[str, str], child_id: str, reading: Reading
    ) -> None:
        """
        Keep an element.

        Args:
            name: The name of the file.
            line: The line it starts on.
            texts: The texts of the elements in it, by their names.
            child_id: The child it belongs to; blank if that is not known.
            reading: Gathers what is refused, and warnings.
        """
        super().__init__(name, reading, DaysCounted.NEVER)
        self._child_field = "LAchildID"
        self.number = line
        self._texts = texts
        self._child_id = child_id

    @property
    def origin(self) -> Origin:
        """Return the element as it is."""
        return Origin(
            self.name,
            self.number,
            tuple(self._texts),
            packed([*self._texts.values()]),
            self._child_id,
        )

    def whose(self) -> str:
        """Return the id of the child it belongs to; blank if that cannot be read."""
        return self._child_id or super().whose()

    def column(self, field: str) -> str:
        """Return the element's name."""
        return field

    def filled(self) -> list[str]:
        """Return the names of the elements in it that are not empty."""
        return [field for field, text in self._texts.items() if text]

    def cell(self, field: str) -> Cell:
        """Return the text of an element in it; blank if there is none of that name."""
        return self._texts.get(field, "")


def _is_count(cell: Cell) -> bool:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return text.casefold() in BLANK or bool(_COUNT.fullmatch(text))
