"""Read Arrow tables: check their columns, and give their rows in slices and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.forms.parquet import FIRST_DAY, array_of
from iro_cli.incoming.cells import are_plain_ids
from iro_cli.incoming.kinds import Column
from iro_cli.incoming.refused import visible
from iro_cli.law.catalogue import nearest
from iro_cli.lean import Any, NamedTuple

AUTHORITY, CHILD = "authority", "child_id"
# How many rows are turned into Python values at a time.
_SLICE = 1 << 15
# How many different cells of a column are remembered with their values.
_REMEMBERED = 1 << 16
_SHOWN = 20
_FOUR_BYTES = 4
# More than there are days in Arrow.
DAYS = 1 << 33
# The first and the last day of the calendar, as Arrow counts days.
_EARLIEST, _LATEST = (one.toordinal() - FIRST_DAY for one in (date.min, date.max))
_ORDER = (
    "in the order of their bytes, as ORDER BY gives them in DuckDB and Spark, and in PostgreSQL "
    'with COLLATE "C"'
)


def _compute() -> Any:
    """Return the module of pyarrow that computes with whole columns."""
    from pyarrow import compute  # noqa: PLC0415 - an extra

    return compute


class ArrowKind(NamedTuple):
    """
    A kind of table that can be given.

    Attributes:
        name: Its name, which is that of the argument.
        columns: Its columns.
        days: The names of the columns with dates.
        key: The columns by which its rows are sorted, after the authority.
    """

    name: str
    columns: tuple[Column, ...]
    days: tuple[str, ...]
    key: tuple[str, ...] = (CHILD,)


def refused(kind: ArrowKind, problems: Sequence[str]) -> InputRefusedError:
    """Return the error for refused rows; each problem names its row."""
    lines = [f"{kind.name}: {one}" for one in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"{kind.name}: and {len(problems) - _SHOWN:,} more rows are wrong")
    return InputRefusedError("\n".join(lines))


def refused_cell(
    kind: ArrowKind, row: int, column: str, value: object, reason: str
) -> InputRefusedError:
    """Return the error for one refused cell."""
    return refused(kind, [cell_words(row, column, value, reason)])


def cell_words(row: int, column: str, value: object, reason: str) -> str:
    """Return the problem of a cell, in the same words as an import."""
    shown = "" if value in (None, "") else f" ({visible(str(value))})"
    return f"row {row}, column {column}: {reason}{shown}"


class Memory(dict[Any, Any]):
    """The values of cells; equal cells are read once."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        """Keep the function that reads a cell or raises a ``ValueError``."""
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        """Read a cell."""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = said = None if cell is None else self._read(cell)
        return said


def _date(number: int) -> date:
    """
    Return the day for a number of days since 1 January 1970.

    >>> _date(20759)
    datetime.date(2026, 11, 2)
    """
    return date.fromordinal(FIRST_DAY + number)


# The days by their numbers in Arrow; they are the same for all authorities.
DATED = Memory(_date)


class Slice:
    """
    Some rows of a table.

    Args:
        pa: The library.
        kind: The kind of table.
        first: The place of the first row in the table, counted from 0.
        arrays: The columns that the table has, as plain text and days.
    """

    def __init__(self, pa: Any, kind: ArrowKind, first: int, arrays: Mapping[str, Any]) -> None:
        """Keep the rows; no cell is turned into a Python value yet."""
        self._pa, self.kind, self.first = pa, kind, first
        self.arrays = arrays
        self.size = len(arrays[CHILD])

    def cells(self, column: str, rows: Sequence[int] | None = None) -> list[Any]:
        """
        Return the cells of a column, for all rows or some.

        Equal cells become one Python object, because making an object for each cell takes longer
        than everything that is done with most of them.
        """
        cells, numbers = self._coded(column, rows)
        return list(map(cells.__getitem__, numbers))

    def _coded(self, column: str, rows: Sequence[int] | None) -> tuple[list[Any], Sequence[int]]:
        """Return the different cells of a column, and for each row the place of its cell."""
        size = self.size if rows is None else len(rows)
        array = self.arrays.get(column)
        if array is None or array.null_count == self.size:
            return [None], [0] * size
        if rows is not None:
            array = array.take(array_of(self._pa, rows, self._pa.int64()))
        coded = array.dictionary_encode(null_encoding="encode")
        if self._pa.types.is_date32(array.type):
            days: Any = coded.dictionary
            days = days.cast(self._pa.int32()).to_pylist() if days.null_count else numbers_in(days)
            cells = list(map(DATED.__getitem__, days))
        else:
            cells = self._texts(column, coded.dictionary)
        return cells, numbers_in(coded.indices)

    def ids(self, rows: Sequence[int] | None = None) -> list[str]:
        """Return the child's id of each row, or of some rows; for ids that seldom repeat."""
        array = self.arrays[CHILD]
        if rows is not None:
            array = array.take(array_of(self._pa, rows, self._pa.int64()))
        return self._texts(CHILD, array)

    def _texts(self, column: str, array: Any) -> list[Any]:
        try:
            return texts_in(array)
        except UnicodeDecodeError:
            raise _undecodable(
                self._pa, self.kind, self.first, {column: self.arrays[column]}
            ) from None

    def read_ids(self, read: Callable[[str], str]) -> list[str]:
        """
        Return the children's ids, read from their cells.

        Args:
            read: Reads one that is not plain.

        Raises:
            InputRefusedError: One cannot be read.
        """
        cells = self.ids()
        if are_plain_ids(cells):
            return cells
        try:
            return list(map(read, cells))
        except ValueError:
            raise _unread(self.kind, self.first, CHILD, cells, Memory(read)) from None

    def read(self, column: str, memory: Memory, rows: Sequence[int] | None = None) -> list[Any]:
        """
        Return the values of a column's cells; ``None`` for each if there is no such column.

        Raises:
            InputRefusedError: A cell cannot be read.
        """
        cells, numbers = self._coded(column, rows)
        try:
            values = list(map(memory.__getitem__, cells))
        except ValueError:
            raise _unread(self.kind, self.first, column, self.cells(column), memory) from None
        return list(map(values.__getitem__, numbers))

    def filled(self, column: str) -> list[int]:
        """Return the rows in which a column is not null."""
        pc = _compute()
        array = self.arrays.get(column)
        if array is None or array.null_count == self.size:
            return []
        return numbers_in(pc.indices_nonzero(array.is_valid()))

    def starts(self, columns: Sequence[str]) -> list[int]:
        """Return the first row, and each row that differs from the one before in some columns."""
        pc = _compute()
        differ = None
        for name in columns:
            array = self.arrays[name]
            one = pc.not_equal(array.slice(1), array.slice(0, self.size - 1))
            differ = one if differ is None else pc.or_(differ, one)
        return [0, *(one + 1 for one in pc.indices_nonzero(differ).to_pylist())]

    def falls(self, columns: Sequence[str]) -> list[int]:
        """Return the rows that do not come after the row above in the order of some columns."""
        pc, last = _compute(), self.size - 1
        falls = None
        for name in reversed(columns):
            now, then = self.arrays[name].slice(1), self.arrays[name].slice(0, last)
            if falls is None:
                falls = pc.less_equal(now, then)
            else:
                falls = pc.or_(pc.less(now, then), pc.and_(pc.equal(now, then), falls))
        return [one + 1 for one in pc.indices_nonzero(falls).to_pylist()]

    def alike(self, columns: Sequence[str]) -> tuple[Any, list[int]]:
        """
        Give each row a number; rows with equal cells in some columns get the same one.

        Returns:
            The number of each row, in an array, and the first row of each number.
        """
        pc = _compute()
        whole, numbers = self._pa.int32(), None
        for name in columns:
            coded = self.arrays[name].dictionary_encode(null_encoding="encode")
            if numbers is None:
                numbers = coded.indices
                continue
            # No number is larger than the slice, so the product of two fits into 32 bits.
            every = array_of(self._pa, [len(coded.dictionary)], whole)[0]
            times = pc.multiply(numbers, every)
            numbers = pc.add(times, coded.indices).dictionary_encode().indices
        # The numbers are given in the order in which they come, so each is first where it is
        # larger than every number above it.
        above = pc.cumulative_max(numbers)
        rises = pc.not_equal(above.slice(1), above.slice(0, self.size - 1))
        return numbers, [0, *(one + 1 for one in pc.indices_nonzero(rises).to_pylist())]

    def ends_of(self, column: str) -> list[date]:
        """Return the first and the last day of a column without blanks."""
        return [*_compute().min_max(self.arrays[column]).as_py().values()]

    def kept(self, alike: Any, flags: Sequence[bool], whole: Sequence[Sequence[int]]) -> KeptRows:
        """
        Take some of the rows.

        Args:
            alike: The number of each row, as :meth:`alike` gives it.
            flags: For each number, whether its rows are taken.
            whole: The bounds of rows that are taken with any number; the end is exclusive.
        """
        if all(flags):
            return KeptRows(self._pa, self, alike, None)
        byte: Any = self._pa.uint8()
        every = self._pa.py_buffer(bytes(flags))
        numbered = self._pa.Array.from_buffers(byte, len(flags), [None, every])
        taken = bytearray(numbered.take(alike).buffers()[1])
        for start, end in whole:
            taken[start:end] = b"\1" * (end - start)
        buffer = self._pa.py_buffer(taken)
        return KeptRows(
            self._pa, self, alike, self._pa.Array.from_buffers(byte, self.size, [None, buffer])
        )


class KeptRows:
    """
    Some rows of a slice, in their order.

    Args:
        pa: The library.
        part: The slice.
        alike: The number of each of its rows.
        taken: 1 for each row that is taken and 0 for the others; ``None`` if all are.
    """

    def __init__(self, pa: Any, part: Slice, alike: Any, taken: Any) -> None:
        """Count the rows that are taken."""
        pc = _compute()
        self._pa, self._part, self._alike = pa, part, alike
        self._mask = None if taken is None else taken.cast(pa.bool_())
        # How many rows are taken up to and including each row.
        self._count = None if taken is None else pc.cumulative_sum(taken.cast(pa.int64()))

    def keys(self, numbers: Sequence[int], day: str) -> list[int]:
        """
        Return one number for each row, made of the row's own number and its day.

        Args:
            numbers: The new number for each number that the rows have.
            day: The column of the days, without blanks.

        Returns:
            The new number times :data:`DAYS`, plus half of :data:`DAYS`, plus the number of days
            since 1970, which may be negative.
        """
        pc = _compute()
        whole = self._pa.int64()
        alike, days = self._alike, self._part.arrays[day]
        if self._mask is not None:
            alike, days = alike.filter(self._mask), days.filter(self._mask)
        firsts = [one * DAYS + DAYS // 2 for one in numbers]
        told = array_of(self._pa, firsts, whole).take(alike)
        return numbers_in(pc.add(told, days.view(self._pa.int32())))

    def places(self, rows: Sequence[int]) -> Sequence[int | None]:
        """Return the place of each of some rows among those taken; ``None`` if it is not taken."""
        if self._mask is None or self._count is None or not rows:
            return rows
        chosen = array_of(self._pa, rows, self._pa.int64())
        taken = self._mask.take(chosen).to_pylist()
        counted = self._count.take(chosen).to_pylist()
        return [one - 1 if is_taken else None for one, is_taken in zip(counted, taken, strict=True)]

    def bounds(self, starts: Sequence[int]) -> Sequence[int]:
        """
        Return how many rows are taken before each of some rows.

        Args:
            starts: The rows in order, from the first of the slice to its end.
        """
        if self._count is None:
            return starts
        before = array_of(self._pa, [one - 1 for one in starts[1:]], self._pa.int64())
        return [0, *self._count.take(before).to_pylist()]


def texts_in(array: Any) -> list[Any]:
    """Return the texts of an array; if all are ASCII, they are read in one step."""
    _, offsets, content = array.buffers()
    ends = memoryview(offsets).cast("i")[array.offset : array.offset + len(array) + 1].tolist()
    whole = bytes(memoryview(content)[: ends[-1]]) if content else b""
    if not whole.isascii():
        texts: list[Any] = array.to_pylist()
        return texts
    text = whole.decode()
    texts = [text[start:end] for start, end in pairwise(ends)]
    if array.null_count:
        for place in _compute().indices_nonzero(array.is_null()).to_pylist():
            texts[place] = None
    return texts


def numbers_in(array: Any) -> list[int]:
    """Return the numbers of an array without nulls, read in one step."""
    wide = array.type.bit_width // 8
    numbers = memoryview(array.buffers()[1]).cast("i" if wide == _FOUR_BYTES else "q")
    return numbers[array.offset : array.offset + len(array)].tolist()


def _undecodable(
    pa: Any, kind: ArrowKind, first: int, arrays: Mapping[str, Any]
) -> InputRefusedError:
    """Return the error for the first text of some columns that is not UTF-8."""
    row, column = min(
        (row, name)
        for name, array in arrays.items()
        for row, cell in enumerate(array.cast(pa.binary()).to_pylist(), first)
        if cell is not None and not _is_utf8(cell)
    )
    return refused_cell(kind, row, column, None, "the text is not UTF-8")


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unread(
    kind: ArrowKind, first: int, column: str, cells: Sequence[Any], memory: Memory
) -> InputRefusedError:
    """Return the error for all cells of a column that cannot be read."""
    problems = []
    for place, cell in enumerate(cells, first):
        try:
            memory[cell]
        except ValueError as error:
            problems.append(cell_words(place, column, cell, str(error)))
    return refused(kind, problems)


class ArrowRows:
    """
    A given table, which is read once.

    Args:
        pa: The library.
        data: The table, or an object that provides its batches.
        kind: The kind of table.

    Attributes:
        names: The names of its columns.

    Raises:
        UsageError: It is not an Arrow table.
        InputRefusedError: It lacks a column, or has an unknown one or one of the wrong type.
    """

    def __init__(self, pa: Any, data: Any, kind: ArrowKind) -> None:
        """Check its columns."""
        self._pa, self.kind = pa, kind
        self._batches = _stream(pa, data, kind)
        schema = self._batches.schema
        self.names: list[str] = schema.names
        self._check_names()
        self._is_text = {}
        problems = []
        for field in schema:
            dated = field.name in kind.days
            if dated and pa.types.is_date32(field.type):
                self._is_text[field.name] = False
            elif _is_text(pa, field.type):
                self._is_text[field.name] = True
            else:
                problems.append(_mistyped(field.name, field.type, dated=dated))
        if problems:
            raise refused(kind, problems)

    def _check_names(self) -> None:
        kind, names = self.kind, self.names
        known = [AUTHORITY, *(one.name for one in kind.columns)]
        problems = [f"the column {one} is there twice: keep one" for one in _twice(names)]
        problems += [
            f"the column {one.name} is missing; it has {', '.join(names) or 'none'}"
            for one in kind.columns
            if one.needed and one.name not in names
        ]
        problems += [
            f"there is no column {visible(one)!r}{nearest(one, known)}: leave it out, or rename it "
            f"to one of {', '.join(known)}"
            for one in names
            if one not in known
        ]
        if problems:
            raise refused(kind, problems)

    @property
    def has_authority(self) -> bool:
        """Say whether it has the column of the authority."""
        return AUTHORITY in self.names

    def slices(self) -> Iterator[Slice]:
        """
        Yield its rows in slices.

        Raises:
            InputRefusedError: A key is missing, a date is not a date, or a row is out of order.
        """
        first, last = 0, None
        for batch in self._each_batch():
            for start in range(0, batch.num_rows, _SLICE):
                part = batch.slice(start, _SLICE)
                columns = {name: self._plain(part.column(name), name, first) for name in self.names}
                last = self._check_order(columns, first, last)
                yield Slice(self._pa, self.kind, first, columns)
                first += part.num_rows

    def _each_batch(self) -> Iterator[Any]:
        batches = iter(self._batches)
        while True:
            # Whatever the library raises that provides the rows.
            try:
                batch = next(batches, None)
            except Exception as error:
                raise InputRefusedError(
                    f"{self.kind.name}: its rows cannot be read ({type(error).__name__}): see "
                    "that what provides them can be read to its end"
                ) from error
            if batch is None:
                return
            yield batch

    def _plain(self, column: Any, name: str, first: int) -> Any:
        """Return a column as plain text or as days."""
        pa = self._pa
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if not self._is_text[name]:
            self._check_days(column, name, first)
            return column
        if not pa.types.is_string(column.type):
            column = column.cast(pa.string())
        return self._days(column, name, first) if name in self.kind.days else column

    def _check_days(self, column: Any, name: str, first: int) -> None:
        """
        Check that the days of a column are in the calendar; Arrow can count others too.

        Raises:
            InputRefusedError: One is not.
        """
        pc, numbers = _compute(), column.view(self._pa.int32())
        earliest, latest = pc.min_max(numbers).as_py().values()
        if earliest is None or _EARLIEST <= earliest <= latest <= _LATEST:
            return
        places = enumerate(numbers.to_pylist(), first)
        row, day = next(
            (row, day) for row, day in places if day is not None and not _EARLIEST <= day <= _LATEST
        )
        raise refused_cell(self.kind, row, name, f"{day:,} days from 1970", "not a date")

    def _days(self, column: Any, name: str, first: int) -> Any:
        """Return the days of a column that gives them as text; an empty cell becomes null."""
        read = Memory(_iso)
        try:
            days = [read[cell] for cell in column.to_pylist()]
        except ValueError:
            raise _unread(self.kind, first, name, column.to_pylist(), read) from None
        return array_of(self._pa, days, self._pa.date32())

    def _check_order(self, columns: dict[str, Any], first: int, last: Any) -> Any:
        """
        Check that the rows are in order, and return the key of the last one.

        Raises:
            InputRefusedError: A key is missing, or a row should come before the row above it.
        """
        names = [AUTHORITY, *self.kind.key] if self.has_authority else [*self.kind.key]
        keys = [columns[name] for name in names]
        self._check_keys(names, keys, first)
        try:
            return self._last_key(names, keys, first, last)
        except UnicodeDecodeError:
            texts = {name: columns[name] for name in names if name not in self.kind.days}
            raise _undecodable(self._pa, self.kind, first, texts) from None

    def _check_keys(self, names: Sequence[str], keys: Sequence[Any], first: int) -> None:
        problems = [
            f"row {first + place}: the {name.replace('_', ' ')} is missing"
            for name, key in zip(names, keys, strict=True)
            if key.null_count
            for place in _compute().indices_nonzero(key.is_null()).to_pylist()
        ]
        if problems:
            raise refused(self.kind, problems)

    def _last_key(self, names: Sequence[str], keys: Sequence[Any], first: int, last: Any) -> Any:
        pc, size = _compute(), len(keys[0])
        before = None
        for key in reversed(keys):
            now, then = key.slice(1), key.slice(0, size - 1)
            less = pc.less(now, then)
            before = less if before is None else pc.or_(less, pc.and_(pc.equal(now, then), before))
        places = [one + 1 for one in pc.indices_nonzero(before).to_pylist()]
        if last is not None and tuple(key[0].as_py() for key in keys) < last:
            self._refuse_order(names, first, [key[0].as_py() for key in keys], last)
        if places:
            at = places[0]
            own, other = ([key[one].as_py() for key in keys] for one in (at, at - 1))
            self._refuse_order(names, first + at, own, other)
        return tuple(key[size - 1].as_py() for key in keys)

    def _refuse_order(
        self, names: Sequence[str], row: int, own: Sequence[Any], before: Sequence[Any]
    ) -> None:
        said = f"row {row}: {_key_words(own)} stands after {_key_words(before)}"
        raise refused(self.kind, [f"{said}: sort the rows by {', '.join(names)}, {_ORDER}"])


def _key_words(key: Sequence[Any]) -> str:
    return "(" + ", ".join(visible(str(one)) for one in key) + ")"


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _stream(pa: Any, data: Any, kind: ArrowKind) -> Any:
    if isinstance(data, pa.RecordBatch):
        data = pa.Table.from_batches([data])
    if not hasattr(data, "__arrow_c_stream__"):
        raise UsageError(
            f"{kind.name}: must be an Arrow table or what gives one (pyarrow.Table, RecordBatch, "
            f"RecordBatchReader, a DuckDB relation, a data frame), and is {type(data).__name__}"
        )
    # Whatever the library raises that provides the rows, such as DuckDB, which reads one relation
    # of a connection at a time.
    try:
        return pa.RecordBatchReader.from_stream(data)
    except Exception as error:
        raise UsageError(
            f"{kind.name}: its rows cannot be read ({type(error).__name__}): give a table, as "
            "relation.to_arrow_table() of DuckDB does"
        ) from error


def _is_text(pa: Any, kind: Any) -> bool:
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_null(kind)
    )


def _mistyped(name: str, kind: Any, *, dated: bool) -> str:
    if not dated:
        return f"the column {name} is {kind} and must be text (string): CAST({name} AS VARCHAR)"
    return (
        f"the column {name} is {kind} and must be a date (date32), or text as 2026-11-02: "
        f"CAST({name} AS DATE), and in the local time where it has one, or the day may be another"
    )


def _iso(cell: str) -> date | None:
    """
    Read a day such as 2026-11-02; ``None`` for an empty cell.

    Raises:
        ValueError: It is written differently.
    """
    if not cell:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        day = None
    if day is None or day.isoformat() != cell:
        raise ValueError("not a date as 2026-11-02")
    return day
