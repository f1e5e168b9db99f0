"""Read the rows of Arrow tables, authority by authority, as an import reads its cells."""

from bisect import bisect, bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import compress, pairwise, repeat
from operator import attrgetter, eq, itemgetter, not_

from iro_cli.changes.difference import ImportDifference, Known, Part
from iro_cli.extracts.batch import OTHER_DETAILS, Batch
from iro_cli.extracts.own import (
    ALLOCATION_COLUMNS,
    BORN_AHEAD,
    CHILD_COLUMNS,
    EVENT_COLUMNS,
    NO_NAME,
    OF_ANY,
    WHICH_ROLE,
    ends_early,
    otherwise,
    overlapping,
    read_events,
    read_nation,
)
from iro_cli.facts.model import (
    Allocation,
    Booking,
    Bookings,
    Child,
    Event,
    contradicts,
    put_together,
)
from iro_cli.facts.names import folded, other_spellings
from iro_cli.facts.people import overlap
from iro_cli.facts.vocabulary import DETAILS, EVENTS, ROLES, TEXT
from iro_cli.incoming.cells import (
    Cell,
    Days,
    DaysCounted,
    as_written,
    read_child_id,
    read_choice,
    read_lines,
    read_name,
    read_text,
    whole_number,
)
from iro_cli.incoming.kinds import Column
from iro_cli.incoming.refused import Origin, Refused
from iro_cli.incoming.rows import Reading
from iro_cli.law.catalogue import nearest
from iro_cli.lean import Any, Generic, NamedTuple, TypeVar
from iro_cli.store.reading import Standing
from iro_cli.tables.columns import (
    AUTHORITY,
    CHILD,
    DATED,
    DAYS,
    ArrowKind,
    ArrowRows,
    KeptRows,
    Memory,
    Slice,
    cell_words,
    refused,
    refused_cell,
)

EVENTS_TABLE = ArrowKind("events", EVENT_COLUMNS.columns, ("date", "completed_on"), (CHILD, "date"))
CHILDREN_TABLE = ArrowKind(
    "children", CHILD_COLUMNS.columns, ("date_of_birth", "expected_date_of_delivery")
)
ALLOCATIONS_TABLE = ArrowKind("allocations", ALLOCATION_COLUMNS.columns, ("from", "to"))
BOOKINGS_TABLE = ArrowKind(
    "bookings",
    (
        Column("child_id", "child_id", needed=True),
        Column("timescale", "timescale", needed=True),
        Column("clock_started", "clock_started", needed=True),
        Column("booked_for", "booked_for", needed=True),
    ),
    ("clock_started", "booked_for"),
)
# How many different rows of events are remembered with their events.
_REMEMBERED = 1 << 17
# The detail that is compared with the day of the event.
_ENDS = "completed_on"
# The details with free text.
_TEXTS = {name for name, detail in DETAILS.items() if detail.kind == TEXT}
# The details with free text that only some events have, or that events have in different ways.
_OF_SOME = sorted(_TEXTS.difference(OF_ANY))
_FirstRows = dict[tuple[Any, ...], tuple[Any, ...]]
_Said = dict[tuple[Any, ...], Event]
# The events whose other cells mean the same on any day.
_OF_ANY_DAY = frozenset(name for name, kind in EVENTS.items() if not kind.day_ahead)
_One = TypeVar("_One")


class OfChild(NamedTuple, Generic[_One]):
    """
    The content of one row, or of the rows of one child.

    Attributes:
        authority: The child's authority; blank if no table has one.
        child_id: The child.
        number: The row, or the first of the rows, counted from 0.
        said: The content.
    """

    authority: str
    child_id: str
    number: int
    said: _One


class Sorted(Generic[_One]):
    """
    The rows of a table, taken authority by authority.

    Args:
        kind: The kind of table.
        parts: Its rows, in order and in parts.
    """

    def __init__(self, kind: ArrowKind, parts: Iterator[list[OfChild[_One]]]) -> None:
        """Read the first part."""
        self._kind, self._parts = kind, parts
        self._read_part()

    def _read_part(self) -> None:
        self._part: list[OfChild[_One]] = next(filter(None, self._parts), [])
        self._taken = 0

    @property
    def _next(self) -> OfChild[_One] | None:
        """Return the next row; ``None`` at the end."""
        return self._part[self._taken] if self._taken < len(self._part) else None

    def __bool__(self) -> bool:
        """Say whether there is another row."""
        return self._next is not None

    @property
    def authority(self) -> str:
        """Return the authority of the next row."""
        return self._next.authority if self._next else ""

    def of(self, authority: str, known: Mapping[str, Any]) -> Iterator[list[OfChild[_One]]]:
        """
        Yield the rows of an authority that have not been taken yet, in parts.

        Args:
            authority: The authority.
            known: Its children, by id.

        Raises:
            InputRefusedError: A row is about another child.
        """
        for part in self.part_of(authority):
            if not known.keys() >= set(map(_CHILD_ID, part)):
                strange = next(row for row in part if row.child_id not in known)
                raise refused(self._kind, [stranger(strange, known)])
            yield part

    def part_of(self, authority: str) -> Iterator[list[OfChild[_One]]]:
        """Yield the same rows, whoever they are about."""
        self.check_before(authority)
        while (row := self._next) is not None and row.authority == authority:
            part, start = self._part, self._taken
            # Mostly all rows of a part are of one authority.
            self._taken = len(part)
            if part[-1].authority != authority:
                self._taken = bisect_right(part, authority, start, key=_AUTHORITY)
            yield part[start : self._taken] if (start, self._taken) != (0, len(part)) else part
            if self._taken == len(part):
                self._read_part()

    def check_before(self, authority: str | None) -> None:
        """
        Refuse the next row if its authority comes before another one: that has no such child.

        The children are read in order of authority too, so an authority that was passed over has
        no children.

        Args:
            authority: The other authority, or ``None`` at the end of the table of children.

        Raises:
            InputRefusedError: There is such a row.
        """
        one = self._next
        if one is not None and (authority is None or one.authority < authority):
            raise refused(self._kind, [stranger(one)])


_AUTHORITY, _CHILD_ID, _SAID = map(itemgetter, (0, 1, 3))
_FROM = attrgetter("from_on")


def stranger(row: OfChild[Any], known: Collection[str] = ()) -> str:
    """Return the problem of a row about a child who is not in the table of children."""
    of = f" of authority {row.authority}" if row.authority else ""
    near = nearest(row.child_id, known) if known else ""
    return cell_words(
        row.number, CHILD, row.child_id, f"there is no such child{of} in children{near}"
    )


class WordlessRows:
    """
    The events of rows, without their free text.

    Attributes:
        events: Each event, by one number made of the number of its cells and its day.
        cells: The cells for each number, without the child and the day.
        undated: An event with these cells on some day, by the cells.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.events: dict[int, Event] = {}
        self.cells: list[tuple[Any, ...]] = []
        self.undated: _Said = {}
        self._numbers: dict[tuple[Any, ...], int] = {}

    def number_of(self, cells: tuple[Any, ...]) -> int:
        """Return the number of some cells; new cells get a new one."""
        number = self._numbers.setdefault(cells, len(self.cells))
        if number == len(self.cells):
            self.cells.append(cells)
        return number

    def forget_some(self) -> None:
        """Forget everything if it has become too much."""
        if max(len(self.events), len(self.cells), len(self.undated)) > _REMEMBERED:
            for known in (self.events, self.cells, self.undated, self._numbers):
                known.clear()


class Cells:
    """
    Reads cells as an import does; equal cells are read once.

    Attributes:
        said: The events of rows without their free text, by the columns.
        checked: Cells that were read and are valid on any day, by the columns.

    Args:
        today: Today: no event can have a later date.
    """

    def __init__(self, today: date) -> None:
        """Begin with nothing read."""
        self.today = today
        self.said: defaultdict[tuple[str, ...], WordlessRows] = defaultdict(WordlessRows)
        self.checked: defaultdict[tuple[str, ...], set[tuple[Any, ...]]] = defaultdict(set)
        self._days, births = Days(today), Days(today, pivot=today.year + 1)
        self.text = Memory(read_text)
        self.name = Memory(read_name)
        self.nation = Memory(read_nation)
        self.day = Memory(partial(_day, self._days))
        self.born = Memory(partial(self._birth, births))
        self.role = Memory(partial(_needed, partial(read_choice, choices=ROLES), WHICH_ROLE))
        self.holder = Memory(partial(_needed, read_name, NO_NAME))
        self.authority = Memory(_authority)

    def forget_people(self) -> None:
        """Forget the children's labels; other authorities use the same days and events."""
        self.name.clear()

    def _birth(self, days: Days, cell: date) -> date | None:
        day = _day(days, cell)
        if day is not None and day > self.today:
            raise ValueError(BORN_AHEAD)
        return day

    def whose(self, part: Slice, rows: Sequence[int] | None = None) -> tuple[list[str], list[str]]:
        """
        Return the authorities and the children's ids of all rows or some.

        The ids are not checked here: they have to be in the table of children, whose ids are.

        Raises:
            InputRefusedError: An authority is blank or has spaces around it.
        """
        return self.authorities(part, rows), part.ids(rows)

    def authorities(self, part: Slice, rows: Sequence[int] | None = None) -> list[str]:
        """
        Return the authorities of all rows or some; blank if no table has one.

        Raises:
            InputRefusedError: One is blank or has spaces around it.
        """
        if AUTHORITY in part.arrays:
            return part.read(AUTHORITY, self.authority, rows)
        return [""] * (part.size if rows is None else len(rows))


def _made(kind: Callable[..., _One], *columns: Iterable[Any]) -> Iterator[_One]:
    """Return a named tuple for each row, made from its columns without a Python call for each."""
    make: Any = tuple.__new__
    return map(partial(make, kind), zip(*columns, strict=True))


def _day(days: Days, cell: date) -> date | None:
    read = days.read(cell)
    return read.day if read else None


def _needed(read: Callable[[Cell], str | None], missing: str, cell: str) -> str:
    found = read(cell)
    if found is None:
        raise ValueError(missing)
    return found


def _child(cell: str) -> str:
    """
    Read an id, which has to be written as it would be stored: rows are sorted by what is written.

    Raises:
        ValueError: It is not an id, or would be stored differently.
    """
    child_id = read_child_id(cell)
    kept = whole_number(child_id) or child_id
    if kept != cell:
        raise ValueError(f"would be kept as {kept}: write it so, and sort the rows again")
    return child_id


def _authority(cell: str) -> str:
    found = read_text(cell)
    if found != cell:
        raise ValueError("the authority is blank, or has spaces around it")
    return found


def _missing(part: Slice, column: str, said: Sequence[object], reason: str) -> None:
    """Refuse the rows in which a column is blank."""
    if None in said:
        problems = [
            cell_words(row, column, None, reason)
            for row, one in enumerate(said, part.first)
            if one is None
        ]
        raise refused(part.kind, problems)


# ---------------------------------------------------------------- children


class GivenChild(NamedTuple):
    """A child, and the current IRO and chair."""

    child: Child
    holders: tuple[str | None, ...]


def children_of(given: ArrowRows, cells: Cells) -> Iterator[list[OfChild[GivenChild]]]:
    """
    Yield the children of a table, in parts.

    Raises:
        InputRefusedError: A cell cannot be read, or a child is there twice.
    """
    before: tuple[str, str] | None = None
    for part in given.slices():
        authorities = cells.authorities(part)
        ids = part.read_ids(_child)
        keys = [*zip(authorities, ids, strict=True)]
        above = [before, *keys]
        if any(map(eq, above, keys)):
            place = next(row for row, key in enumerate(keys) if key == above[row])
            raise refused_cell(
                part.kind,
                part.first + place,
                CHILD,
                ids[place],
                "this child is in the row before as well",
            )
        before = keys[-1]
        children = _made(
            Child,
            ids,
            part.read("label", cells.name),
            part.read("date_of_birth", cells.born),
            part.read("expected_date_of_delivery", cells.day),
            part.read("nation", cells.nation),
            part.read("team", cells.text),
            part.read("sibling_group", cells.text),
        )
        roles = [part.read(role, cells.name) for role in ROLES]
        named = any(role in part.arrays for role in ROLES)
        holders = zip(*roles, strict=True) if named else repeat((), part.size)
        given_children = _made(GivenChild, children, holders)
        numbers = range(part.first, part.first + part.size)
        yield [*_made(OfChild, authorities, ids, numbers, given_children)]


# ---------------------------------------------------------------- events


class _DifferingRows:
    """Different rows of events, as a table that the import can read."""

    name = label = EVENTS_TABLE.name
    counted = DaysCounted.NEVER
    mended = at_end = False

    def __init__(self, details: Sequence[str], keys: Sequence[Sequence[Any]]) -> None:
        """Keep the rows; their places take the place of children's ids."""
        self.header = (CHILD, "event", "date", *details)
        self.count = len(keys)
        self._keys = keys

    def rows(self, _: list[Refused], __: Collection[int] = ()) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row with its place."""
        for place, key in enumerate(self._keys):
            yield place, [str(place), *("" if one is None else one for one in key)]

    def unknown(self, _: Collection[str], __: Collection[int]) -> dict[int, str]:
        """Return nothing, because every column is known."""
        return {}

    def warnings(self, _: Collection[int] = ()) -> list[str]:
        """Return nothing."""
        return []

    def origin(self, number: int, cells: Sequence[Cell]) -> Origin:
        """Return a row as it is."""
        return Origin(self.name, number, self.header, tuple(as_written(one) for one in cells))


class _WrongError(Exception):
    """
    Raised for rows of events that cannot be read.

    Attributes:
        rows: What is wrong with each, by its cells.
        problems: The same in words, for each such row of the slice.
    """

    def __init__(self, rows: Mapping[tuple[Any, ...], Refused]) -> None:
        """Keep the wrong rows."""
        super().__init__()
        self.rows = rows
        self.problems: Sequence[str] = ()


class Happened:
    """
    Reads events; rows that differ only by the child are read once.

    Args:
        given: The table.
        cells: Reads the keys.
        wanted: The kinds of event on which the answer depends; others are only checked.
    """

    def __init__(self, given: ArrowRows, cells: Cells, wanted: Collection[str]) -> None:
        """Begin with nothing read."""
        self._given, self._cells, self._wanted = given, cells, wanted
        self._details = tuple(name for name in DETAILS if name in given.names)

    def rows(self) -> Iterator[list[OfChild[list[Event]]]]:
        """
        Yield the wanted events of each child, in order of day and name; the children in parts.

        Raises:
            InputRefusedError: A row cannot be read, or contradicts another.
        """
        # The last child of the slice before: this slice may begin with more of its rows.
        last: OfChild[list[Event]] | None = None
        keys = [name for name in (AUTHORITY, CHILD) if name in self._given.names]
        for part in self._given.slices():
            starts = part.starts(keys)
            authorities, ids = self._cells.whose(part, starts)
            whole = self._whole(part, starts)
            events, bounds = self._events(part, [*starts, part.size], whole)
            said = [events[start:end] for start, end in pairwise(bounds)]
            numbers = [part.first + start for start in starts]
            rows = [*_made(OfChild, authorities, ids, numbers, said)]
            if last is not None and last[:2] == rows[0][:2]:
                last.said.extend(rows[0].said)
                rows[0] = last
            elif last is not None:
                yield [self._in_order(last)]
            last = rows.pop()
            for place in whole:
                if place < len(rows):
                    self._in_order(rows[place])
            yield rows
        if last is not None:
            yield [self._in_order(last)]

    @staticmethod
    def _whole(part: Slice, starts: Sequence[int]) -> set[int]:
        """
        Return the places of the children in a slice for whom every row has to be read.

        For most children the rows are in order already, and no event is there twice, so rows that
        do not matter can be skipped.  The rows of the first and the last child may go on in another
        slice.
        """
        falls = part.falls(("date", "event"))
        found = {0, len(starts) - 1}
        for fall in set(falls).difference(starts):
            found.add(bisect(starts, fall) - 1)
        return found

    def _in_order(self, row: OfChild[list[Event]]) -> OfChild[list[Event]]:
        """
        Return a child's wanted events in order, each once.

        Raises:
            InputRefusedError: Two rows contradict each other.
        """
        events = row.said
        if len(set(map(_ON_AND_NAME, events))) < len(events):
            events[:] = _each_once(row)
        events.sort(key=_ON_AND_NAME)
        events[:] = [one for one in events if one[0] in self._wanted]
        return row

    def _events(
        self, part: Slice, starts: Sequence[int], whole: Collection[int]
    ) -> tuple[list[Event], Sequence[int]]:
        """
        Return the wanted events of all rows, and all events of some children.

        Args:
            part: The rows.
            starts: The first row of each child, and the end.
            whole: The places of the children of whom every event is returned.

        Returns:
            The events, and the place among them where each child begins and the last one ends.

        Raises:
            InputRefusedError: A row cannot be read; every such row of the slice is named.
        """
        # Few rows have a free text, which is different each time.  Without it, most rows equal
        # others.  So the rows are read without their texts, and the texts are added.
        try:
            found, kept = self._without_words(part, [starts[one : one + 2] for one in whole])
            for name in OF_ANY:
                if name in self._details:
                    self._add_text(part, name, kept, found)
            # What the other texts mean depends on the event.
            rows = sorted({row for name in _OF_SOME for row in part.filled(name)})
            placed = [*zip(rows, kept.places(rows), strict=True)]
            places = {row: place for row, place in placed if place is not None}
            said = self._read_rows(part, [*places])
            for place, event in zip(places.values(), said, strict=True):
                found[place] = event
            self._check_texts(part, [row for row, place in placed if place is None])
        except (_WrongError, ValueError):
            try:
                return self._read_rows(part, range(part.size)), starts
            except _WrongError as error:
                raise refused(part.kind, error.problems) from None
        return found, kept.bounds(starts)

    def _without_words(
        self, part: Slice, whole: Sequence[Sequence[int]]
    ) -> tuple[list[Event], KeptRows]:
        """
        Return the events of rows without their free texts.

        Args:
            part: The rows.
            whole: The bounds of rows that are all returned; of others only the wanted ones are.

        Returns:
            The events, and the rows that they are from.

        Raises:
            _WrongError: One cannot be read.
        """
        names = ("event", *(name for name in self._details if name not in _TEXTS))
        filled = [name for name in names[1:] if part.arrays[name].null_count < part.size]
        alike, first = part.alike(["event", *filled])
        memory = self._cells.said[names]
        memory.forget_some()
        cells = [*zip(*(part.cells(name, first) for name in names), strict=True)]
        # If the days of the slice are all valid, cells that were read on one day need not be read
        # again for another.
        are_days = all(map(self._is_day, part.ends_of("date")))
        kept = part.kept(
            alike,
            [not are_days or one[0] in self._wanted or one not in memory.undated for one in cells],
            whole,
        )
        keys = kept.keys(list(map(memory.number_of, cells)), "date")
        found: list[Any] = list(map(memory.events.get, keys))
        if all(found):
            return found, kept
        missing = [*compress(range(len(found)), map(not_, found))]
        wanted = {}
        for key in {keys[place] for place in missing}:
            kind, number = divmod(key, DAYS)
            said, day = memory.cells[kind], DATED[number - DAYS // 2]
            known = memory.undated.get(said) if are_days else None
            if known is None:
                wanted[key] = (said[0], day, *said[1:])
            else:
                memory.events[key] = _event_of((said[0], day, *known[2:]))
        if wanted:
            rows = self._read(("event", "date", *names[1:]), [*wanted.values()], memory.undated)
            memory.events |= {key: rows[cells] for key, cells in wanted.items()}
        for place in missing:
            found[place] = memory.events[keys[place]]
        return found, kept

    @staticmethod
    def _add_text(part: Slice, name: str, kept: KeptRows, events: list[Event]) -> None:
        """
        Add the texts of a column to the events; any event may have such a text.

        Raises:
            ValueError: One cannot be read.
        """
        rows = part.filled(name)
        cells = part.cells(name, rows)
        texts: dict[str, Any] = {cell: read_lines(cell) if cell else None for cell in {*cells}}
        at = Event._fields.index(name)
        for place, cell in zip(kept.places(rows), cells, strict=True):
            if place is not None:
                event = events[place]
                events[place] = _event_of((*event[:at], texts[cell], *event[at + 1 :]))

    def _read_rows(self, part: Slice, rows: Sequence[int]) -> list[Event]:
        """
        Return the events of some rows, which are counted from the first of the slice.

        Raises:
            _WrongError: A row cannot be read; it names every such row.
        """
        names = ("event", "date", *self._details)
        memory = self._cells.said[names]
        memory.forget_some()
        keys = [*zip(*(part.cells(name, rows) for name in names), strict=True)]
        try:
            said = self._read(names, [*dict.fromkeys(keys)], memory.undated)
        except _WrongError as error:
            error.problems = [
                cell_words(part.first + row, wrong.column, wrong.value, wrong.reason)
                for row, key in zip(rows, keys, strict=True)
                if (wrong := error.rows.get(key))
            ]
            raise
        return list(map(said.__getitem__, keys))

    def _check_texts(self, part: Slice, rows: Sequence[int]) -> None:
        """
        Check the texts of rows whose other cells were checked.

        Raises:
            _WrongError: One cannot be read.
        """
        names = ("event", *(name for name in _OF_SOME if name in self._details))
        texts = [*zip(*(part.cells(name, rows) for name in names), strict=True)]
        checked = self._cells.checked[names]
        new = set(texts) - checked
        fresh = [(row, one) for row, one in zip(rows, texts, strict=True) if one in new]
        if not fresh:
            return
        said = self._read_rows(part, [row for row, _ in fresh])
        if len(checked) > _REMEMBERED:
            checked.clear()
        checked.update(
            one
            for (_, one), event in zip(fresh, said, strict=True)
            if event.event in _OF_ANY_DAY and not _in_words(event)
        )

    def _read(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]], undated: _Said) -> _Said:
        """
        Return the events of different rows, by their cells.

        Args:
            names: The columns; the event and its date come first.
            rows: The cells of each row.
            undated: Events that were read before, by their cells without the day; new ones are
                added.

        Raises:
            _WrongError: A row cannot be read; it names every such row.
        """
        # Of rows that differ only by the day, one is read for all.
        first: _FirstRows = {}
        whole, alike = [], []
        for key in rows:
            other = self._undated(names, key)
            if other is None:
                whole.append(key)
                continue
            alike.append((key, other))
            if other not in undated and other not in first:
                first[other] = key
        whole += first.values()
        reading = Reading(self._cells.today, self._cells.today)
        batch = read_events(_DifferingRows(names[2:], whole), reading)
        if reading.refused:
            wrong = {whole[one.row]: one for one in reversed(reading.refused)}
            wrong |= {key: wrong[one] for key, other in alike if (one := first.get(other)) in wrong}
            raise _WrongError(wrong)
        said = {key: event for key, (_, event, _) in zip(whole, batch.facts, strict=True)}
        fresh = {other: said[key] for other, key in first.items()}
        ends = names.index(_ENDS) if _ENDS in names else 0
        for key, other in alike:
            event = undated.get(other) or fresh[other]
            said[key] = _event_of((event[0], key[1], *event[2:]))
            if ends and key[ends]:
                said[key] = said[key]._replace(completed_on=key[ends])
        # Free text is not kept longer than it is needed: it may be about a child.
        undated |= {other: event for other, event in fresh.items() if not _in_words(event)}
        return said

    def _undated(self, names: Sequence[str], key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """
        Return the cells of a row without its day; ``None`` if what they mean depends on the day.

        How many days after the first day a series of meetings was complete takes the place of
        the day on which it was: it must not be before the first.
        """
        if key[0] not in _OF_ANY_DAY or not self._is_day(key[1]):
            return None
        if _ENDS not in names or not (completed := key[names.index(_ENDS)]):
            return (key[0], *key[2:])
        if not self._is_day(completed):
            return None
        ends = names.index(_ENDS)
        return (key[0], *key[2:ends], (completed - key[1]).days, *key[ends + 1 :])

    def _is_day(self, day: date) -> bool:
        """Say whether a day is one that an import accepts."""
        try:
            return self._cells.day[day] is not None
        except ValueError:
            return False


def _in_words(event: Event) -> bool:
    """Say whether an event has free text, apart from codes and days."""
    day = event.reference is None or EVENTS[event.event].reference_is_day
    return not day or any(getattr(event, name) for name in _TEXTS - {"reference"})


_ON_AND_NAME = itemgetter(1, 0)
_event_of: Callable[[tuple[Any, ...]], Event] = partial(tuple.__new__, Event)


def _each_once(row: OfChild[list[Event]]) -> Iterable[Event]:
    found: dict[tuple[str, date, str | None], Event] = {}
    for number, one in enumerate(row.said, row.number):
        key = (one.event, one.on, one.reference)
        known = found.get(key, one)
        if contradicts(one, known):
            raise refused_cell(
                EVENTS_TABLE,
                number,
                "event",
                one.event,
                f"another row of {row.child_id} {OTHER_DETAILS}",
            )
        found[key] = put_together(one, known)
    return found.values()


# ---------------------------------------------------------------- allocations, bookings


def allocations_of(given: ArrowRows, cells: Cells) -> Iterator[list[OfChild[Allocation]]]:
    """
    Yield the allocations of a table, in parts.

    Raises:
        InputRefusedError: A row cannot be read.
    """
    for part in given.slices():
        authorities, ids = cells.whose(part)
        roles, names = part.read("role", cells.role), part.read("name", cells.holder)
        begins, ends = part.read("from", cells.day), part.read("to", cells.day)
        _missing(part, "role", roles, WHICH_ROLE)
        _missing(part, "name", names, NO_NAME)
        for row in part.filled("to"):
            begin, end = begins[row], ends[row]
            if begin and end and end < begin:
                raise refused_cell(part.kind, part.first + row, "to", end, ends_early(begin))
        no_reasons = repeat(None, part.size)
        made = _made(Allocation, ids, roles, names, begins, ends, no_reasons)
        numbers = range(part.first, part.first + part.size)
        yield [*_made(OfChild, authorities, ids, numbers, made)]


def bookings_of(
    given: ArrowRows, cells: Cells, timescales: Collection[str]
) -> Iterator[list[OfChild[Booking]]]:
    """
    Yield the bookings of a table, in parts.

    Args:
        given: The table.
        cells: Reads its cells.
        timescales: The ids of all timescales.

    Raises:
        InputRefusedError: A row cannot be read.
    """

    def known(cell: str) -> str:
        if cell in timescales:
            return cell
        raise ValueError(f"there is no such timescale{nearest(cell, timescales)}")

    of_timescale = Memory(known)
    for part in given.slices():
        authorities, ids = cells.whose(part)
        named = part.read("timescale", of_timescale)
        started, on = part.read("clock_started", cells.day), part.read("booked_for", cells.day)
        _missing(part, "timescale", named, "the timescale is missing")
        _missing(part, "booked_for", on, "the date is missing")
        made = _made(Booking, ids, named, started, on)
        numbers = range(part.first, part.first + part.size)
        yield [*_made(OfChild, authorities, ids, numbers, made)]


def each_booked_once(rows: Iterable[OfChild[Booking]]) -> Bookings:
    """
    Return bookings by child, timescale and the day on which the clock started.

    Raises:
        InputRefusedError: Two are for the same clock.
    """
    found: Bookings = {}
    for row in rows:
        key = row.said[:3]
        if key in found:
            raise refused_cell(
                BOOKINGS_TABLE,
                row.number,
                "booked_for",
                row.said.on,
                f"another row has it for {found[key].on}: keep the one that counts",
            )
        found[key] = row.said
    return found


def held_by(
    children: Iterable[OfChild[GivenChild]], rows: Sequence[OfChild[Allocation]]
) -> list[Allocation]:
    """
    Return the allocations of an authority's children, in order of their first day.

    They are the same as after importing the children and then the allocations into a store.

    Raises:
        InputRefusedError: Two people have a child in one role on the same days.
    """
    said = [*map(_SAID, rows)]
    _check_overlaps(rows, said)
    first = [
        Allocation(row.child_id, role, name)
        for row in children
        if row.said.holders
        for role, name in zip(ROLES, row.said.holders, strict=False)
        if name
    ]
    first = _in_one_spelling(first, {})
    then = _in_one_spelling(said, {folded(one.name): one.name for one in first})
    if first and then:
        both = {one[:2] for one in then}
        standing: dict[tuple[str, str], list[Standing[Allocation]]] = {
            one[:2]: [Standing(one, 1, 0)] for one in first if one[:2] in both
        }
        edits = ImportDifference(Batch()).of(Part([], {}, then), Known(allocations=standing))
        gone = {row.record for row in edits.withdrawn_allocations}
        first = [one for one in first if one not in gone]
        then = edits.allocations
    every = [*first, *then]
    begun = [one for one in every if one.from_on]
    begun.sort(key=_FROM)
    return [*(one for one in every if not one.from_on), *begun]


def _in_one_spelling(those: list[Allocation], known: Mapping[str, str]) -> list[Allocation]:
    """
    Return allocations with each name in one spelling.

    Args:
        those: The allocations.
        known: Names that are spelt already, by the folded name.
    """
    names = {one.name for one in those}
    other = other_spellings(names)
    if known:
        other = {name: known.get(folded(name), other.get(name, name)) for name in names}
    if all(name == written for name, written in other.items()):
        return those
    return [one._replace(name=other.get(one.name, one.name)) for one in those]


def _check_overlaps(rows: Sequence[OfChild[Allocation]], said: Sequence[Allocation]) -> None:
    """
    Refuse two rows that contradict each other.

    Args:
        rows: The rows of an authority, in order of the child.
        said: Their contents.
    """
    ids = [*map(_CHILD_ID, rows)]
    for place in compress(range(1, len(ids)), map(eq, ids[1:], ids)):
        theirs = said[place]
        for before in range(bisect_left(ids, ids[place], 0, place), place):
            mine = said[before]
            if mine.role != theirs.role:
                continue
            if mine.name == theirs.name and mine.from_on == theirs.from_on and mine != theirs:
                raise refused_cell(
                    ALLOCATIONS_TABLE,
                    rows[place].number,
                    "to",
                    theirs.to_on,
                    otherwise(rows[before].number),
                )
            if mine.name != theirs.name and overlap(mine, theirs):
                raise refused_cell(
                    ALLOCATIONS_TABLE,
                    rows[place].number,
                    "name",
                    theirs.name,
                    overlapping(theirs, mine, rows[before].number),
                )
