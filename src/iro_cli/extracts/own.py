"""Read this program's own files: ``children.csv``, ``allocations.csv`` and ``events.csv``."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path

from iro_cli.dates.words import counted, spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import OTHER_DETAILS, Batch, alike_warnings
from iro_cli.extracts.facts import Facts
from iro_cli.extracts.mapping import Columns, MappedRows, read_columns
from iro_cli.extracts.source import Source
from iro_cli.facts.model import Allocation, Child, Event, contradicts, put_together
from iro_cli.facts.people import overlap, period
from iro_cli.facts.vocabulary import (
    CODE,
    DETAILS,
    EVENTS,
    NATIONS,
    NUMBER,
    PARTICIPATION,
    ROLES,
    SCALING,
    TEXT,
    YES_NO,
)
from iro_cli.incoming.cells import (
    Cell,
    as_written,
    is_blank,
    read_cell,
    read_choice,
    read_code,
    read_lines,
    read_name,
    read_yes_no,
)
from iro_cli.incoming.files import File, contents_of_pipes, files_of
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.refused import Origin, numbered, visible
from iro_cli.incoming.rows import Reading, Rows, Tabular
from iro_cli.incoming.table import Table, possible_tables
from iro_cli.law.catalogue import nearest
from iro_cli.lean import Any, NamedTuple

# The sheet of our own workbooks that describes them.
_ABOUT = "About"
# For how many names the nearest event is looked for.  That is slow, and a wrong column may have
# thousands of different names.
_NEAREST = 200
# How many events in the future a warning names.
_AHEAD_SHOWN = 10


class _FirstSaid(NamedTuple):
    """The file and the row that stated something first."""

    file: str
    row: int


# ---------------------------------------------------------------- files and rows


def _tables(paths: Sequence[Path], reading: Reading) -> Iterator[Table]:
    """
    Open the files: a CSV file, or a workbook with one sheet of rows.

    Raises:
        InputRefusedError: A file cannot be opened; the problems of all files are named.
    """
    problems: list[str] = []
    # A folder is kept, so that opening it refuses it: nothing says which of its files is meant.
    files = [File(path, path.name or f"{path}") for path in paths if path.is_dir()]
    files += files_of(
        [path for path in paths if not path.is_dir()], (), problems, reading.doubts.piped
    )
    tables = []
    for file in files:
        try:
            tables.append(only_table(file, reading.warnings))
        except InputRefusedError as error:
            problems.append(str(error))
    if problems:
        raise InputRefusedError("\n".join(problems))
    yield from tables


def only_table(file: File, warnings: list[str]) -> Table:
    """
    Open the one table of a file.

    Raises:
        InputRefusedError: It cannot be read, or is a workbook with several sheets of rows.
    """
    found = possible_tables(file, warnings, passed_over=(_ABOUT,))
    if len(found) != 1:
        names = ", ".join(visible(one.title) for one in found)
        raise InputRefusedError(
            f"{file.name} has {len(found)} sheets ({names}): keep the one to be read, or save it "
            "as CSV"
        )
    return found[0].open()


_OTHER_HEADINGS = (
    "if the sheet has headings of its own: the same command with --describe proposes a mapping "
    "file, and with --columns FILE reads the sheet with it"
)


def _rows(
    paths: Sequence[Path], kind: TableKind, reading: Reading, mapping: Columns | None, batch: Batch
) -> Iterator[Rows]:
    """Go through the rows of every file, with our names for the columns or with a mapping."""
    # All files are opened before a row is read, so that one run names the problems of all.
    problems: list[str] = []
    opened: list[Rows] = []
    other_headings = False
    for table in _tables(paths, reading):
        try:
            if mapping:
                opened.append(MappedRows(table, kind.columns, reading, mapping))
            else:
                opened.append(Rows(table, kind, kind.places(table), reading, child="child_id"))
        except InputRefusedError as error:
            problems.append(str(error))
            needed = (one for one in kind.columns if one.needed)
            other_headings |= not all(one.places(table.plain) for one in needed)
    if other_headings and not mapping:
        problems.append(_OTHER_HEADINGS)
    if problems:
        raise InputRefusedError("\n".join(problems))
    for rows in opened:
        yield from rows
        if isinstance(rows, MappedRows):
            batch.counts["rows left out by the mapping"] += rows.left_out


def _later(batch: Batch, times: int) -> None:
    if times:
        batch.warnings.append(
            f"rows that differ in a later one of these files (the later one was taken): {times:,}"
        )


# ---------------------------------------------------------------- children


CHILD_COLUMNS = TableKind(
    "",
    (
        Column("child_id", "child_id", also=("child",), needed=True),
        Column("label", "label"),
        Column("date_of_birth", "date_of_birth"),
        Column("expected_date_of_delivery", "expected_date_of_delivery"),
        Column("nation", "nation"),
        Column("team", "team"),
        Column("iro", "iro", also=("iro or chair",)),
        Column("chair", "chair"),
        Column("sibling_group", "sibling_group"),
    ),
)


# A reason to refuse a child.  :mod:`iro_cli.tables` uses the same words.
BORN_AHEAD = "lies in the future: for a child not born yet give expected_date_of_delivery"


def read_nation(cell: Cell) -> str | None:
    """
    Read the nation of a child; ``None`` if it is blank.

    Raises:
        ValueError: It is none of the four nations.
    """
    return read_choice("-".join(read_cell(cell).split()), NATIONS)


def _birth(row: Rows) -> date | None:
    day = row.day("date_of_birth", row.reading.births)
    if day is not None and day > row.reading.today:
        row.refuse("date_of_birth", BORN_AHEAD)
    return day


def _children(paths: Sequence[Path], reading: Reading, *, columns: Columns | None = None) -> Batch:
    """Read files of children, with the current IRO and chair of each."""
    batch = Batch()
    known: dict[str, tuple[_FirstSaid, Child, dict[str, str]]] = {}
    later = 0
    for row in _rows(paths, CHILD_COLUMNS, reading, columns, batch):
        child_id = row.child("child_id")
        child = Child(
            child_id,
            row.name_in("label"),
            _birth(row),
            row.day("expected_date_of_delivery"),
            None if row.cell("nation") == "" else row.read("nation", read_nation),
            row.text("team") or None,
            row.text("sibling_group") or None,
        )
        named = {role: row.name_in(role) for role in ROLES}
        holders = {role: name for role, name in named.items() if name}
        if not row.good:
            continue
        where, before, held = known.setdefault(
            child_id, (_FirstSaid(row.name, row.number), child, holders)
        )
        if where == (row.name, row.number):
            continue
        if (before, held) == (child, holders):
            batch.counts["repeated rows"] += 1
        # Within one file, different details are a contradiction; a later file corrects an earlier.
        elif where.file == row.name:
            row.refuse("child_id", f"row {where.row} says something else about this child")
        else:
            later += 1
            # A blank cell removes nothing: a list of teams, for example, has no dates of birth.
            given = {name: value for name, value in child._asdict().items() if value is not None}
            known[child_id] = (
                _FirstSaid(row.name, row.number), before._replace(**given), held | holders
            )  # fmt: skip
    for child_id, (_, child, holders) in known.items():
        batch.children.append(child)
        batch.allocations += [Allocation(child_id, role, name) for role, name in holders.items()]
    batch.counts["children"] = len(batch.children)
    batch.warnings += alike_warnings(known)
    _later(batch, later)
    return batch


# ---------------------------------------------------------------- allocations


ALLOCATION_COLUMNS = TableKind(
    "",
    (
        Column("child_id", "child_id", also=("child",), needed=True),
        Column("role", "role", needed=True),
        Column("name", "name", needed=True),
        Column("from", "from"),
        Column("to", "to"),
    ),
)


# Reasons to refuse an allocation, also used there.
WHICH_ROLE = f"must be one of {', '.join(ROLES)}"
NO_NAME = "the name is missing"


def ends_early(begins: date) -> str:
    """Return the reason to refuse an allocation that ends before it begins."""
    return f"lies before from, {begins}"


def otherwise(row: int) -> str:
    """Return the reason to refuse an allocation that an earlier row gives differently."""
    return f"row {row} says something else for the same child, role and first day"


def overlapping(mine: Allocation, theirs: Allocation, row: int) -> str:
    """
    Return the reason to refuse two people who have a child in one role on the same days.

    Args:
        mine: The allocation that is refused.
        theirs: The other allocation.
        row: The row of the other.
    """
    (one, other) = (f"{held.name}, {period(held.from_on, held.to_on)}" for held in (mine, theirs))
    return (
        f"{one}, and {other} (row {row}), overlap as {mine.role} of {mine.child_id}: end one the "
        "day before the other begins"
    )


class _GivenAllocation(NamedTuple):
    """An allocation, its row as it was, and the name of the column with the person's name."""

    allocation: Allocation
    origin: Origin
    column: str


def _allocations(
    paths: Sequence[Path], reading: Reading, *, columns: Columns | None = None
) -> Batch:
    """Read files of allocations."""
    batch = Batch()
    known: dict[tuple[str, str, date | None], _GivenAllocation] = {}
    later = 0
    for row in _rows(paths, ALLOCATION_COLUMNS, reading, columns, batch):
        child_id = row.child("child_id")
        role = row.needed("role", lambda cell: read_choice(cell, ROLES), WHICH_ROLE)
        name = row.needed("name", read_name, NO_NAME)
        begins, ends = row.day("from"), row.day("to")
        if begins and ends and ends < begins:
            row.refuse("to", ends_early(begins))
        if role is None or name is None or not row.good:
            continue
        one = Allocation(child_id, role, name, begins, ends)
        given = _GivenAllocation(one, row.origin, row.column("name"))
        before = known.setdefault((child_id, role, begins), given)
        if before is given:
            continue
        if before.allocation == one:
            batch.counts["repeated rows"] += 1
        elif before.origin.file == row.name:
            row.refuse("name", otherwise(before.origin.row))
        else:
            later += 1
            known[child_id, role, begins] = given
    wrong = _refuse_overlaps(known.values(), reading)
    batch.allocations = [one.allocation for one in known.values() if one.allocation not in wrong]
    batch.counts["allocations"] = len(batch.allocations)
    _later(batch, later)
    return batch


def _refuse_overlaps(given: Iterable[_GivenAllocation], reading: Reading) -> set[Allocation]:
    """Refuse the rows of a file in which two people have a child in one role on the same days."""
    together: dict[tuple[str, str, str], list[_GivenAllocation]] = {}
    for one in given:
        key = (one.origin.file, one.allocation.child_id, one.allocation.role)
        together.setdefault(key, []).append(one)
    wrong: set[Allocation] = set()
    for those in together.values():
        for one, other in combinations(those, 2):
            if one.allocation.name == other.allocation.name or not overlap(
                one.allocation, other.allocation
            ):
                continue
            wrong |= {one.allocation, other.allocation}
            for mine, theirs in ((one, other), (other, one)):
                said = overlapping(mine.allocation, theirs.allocation, theirs.origin.row)
                value = mine.origin.raw.get(mine.column, "")
                reading.refused.append(mine.origin.refused(mine.column, value, said))
    return wrong


# ---------------------------------------------------------------- events


EVENT_COLUMNS = TableKind(
    "",
    (
        Column("child_id", "child_id", also=("child",), needed=True),
        Column("event", "event", needed=True),
        Column("date", "date", needed=True),
        *(Column(detail, detail) for detail in DETAILS),
    ),
)
_NEEDED = ("child_id", "event", "date")
# Details that any event may have, so they can be read even if the event's name is wrong.
OF_ANY = tuple(name for name, one in DETAILS.items() if one.of_any and name != "reference")


def read_scaling(cell: Cell) -> str | None:
    """
    Read a Signs of Safety scaling; ``None`` if it is blank.

    Raises:
        ValueError: It is not a whole number from 0 to 10.

    >>> read_scaling(" 07 ")
    '7'
    """
    text = as_written(cell).strip()
    # Elsewhere -1 means a blank cell; here it is refused as an impossible scaling.
    if is_blank(cell) and text != "-1":
        return None
    number = text.lstrip("0") or "0"
    if number not in map(str, SCALING):
        raise ValueError(f"must be a whole number from {SCALING[0]} to {SCALING[-1]}")
    return number


# How many children are remembered with their events.  If the rows are not in order of child, the
# events of a child need not be gathered again for each of its rows.
_REMEMBERED = 4_096
# How many different rows are remembered by their cells.
_ALIKE = 1 << 16
# The fields that are or may be days.  A row is remembered only if all of them are read without
# doubt; a reference that is not a day is not remembered.
_MAY_BE_DAYS = ("date", "completed_on", "reference")
_EventKey = tuple[str, date, str | None]
# The event of equal rows, and what of it a child has only once.
_AlikeRows = tuple[Event, _EventKey]


class _Events:
    """Reads events from rows, and remembers rows that it has read."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._nearest: dict[str, str] = {}
        self.facts = batch.facts = Facts()
        self._known: dict[str, dict[_EventKey, int]] = {}
        # For an event that a later file corrected, by its place: the row that corrected it last.
        self._corrected: dict[int, _FirstSaid] = {}
        # The events of rows of one table, by all cells except the child's: most rows equal others.
        self._table: Tabular | None = None
        self._alike: dict[tuple[Cell, ...] | None, _AlikeRows] = {}
        self.later = 0

    def read(self, row: Rows) -> None:
        """Read one row."""
        if row.table is not self._table or len(self._alike) >= _ALIKE:
            self._table = row.table
            self._alike.clear()
        child_id = row.known or row.child("child_id")
        cells = row.besides_child()
        found = self._alike.get(cells) or self._read_whole(row, cells)
        if found is None or not row.good:
            return
        event, key = found
        facts = self.facts
        known = self._known.get(child_id) or self._known_of(child_id)
        last = len(facts.children)
        place = known.setdefault(key, last)
        if place == last:
            facts.keep(child_id, event, row.name, row.number)
        else:
            self._meet_again(row, event, place)

    def _read_whole(self, row: Rows, cells: tuple[Cell, ...] | None) -> _AlikeRows | None:
        """Read every cell but the child's, and remember the event if equal rows mean the same."""
        name = row.needed("event", self._name, "the event is missing")
        on = row.needed_day("date")
        # Most cells are empty and need not be read.
        said = [field for field in row.filled() if field not in _NEEDED]
        given: dict[str, Any] = {}
        if said:
            given = {field: row.lines(field) for field in said if field in OF_ANY}
        if name is None:
            return None
        for field in said:
            if field not in given:
                given[field] = self._detail(row, name, on, field)
        if on is None or not row.good:
            return None
        event = self.facts.share(Event(name, on, **given))
        found = event, _key_of(event)
        if cells is not None and all(map(row.is_plain_day, _MAY_BE_DAYS)):
            self._alike[cells] = found
        return found

    def _name(self, cell: Cell) -> str | None:
        if cell in EVENTS:
            return str(cell)
        name = read_cell(cell).casefold()
        if name and name not in EVENTS:
            if name not in self._nearest and len(self._nearest) < _NEAREST:
                self._nearest[name] = nearest(name, EVENTS)
            raise ValueError(f"there is no such event{self._nearest.get(name, '')}")
        return name or None

    def _detail(self, row: Rows, event: str, on: date | None, detail: str) -> str | date | None:
        """Read a detail, and refuse one that this event cannot have."""
        kind = EVENTS[event]
        if detail == "reference":
            return self._reference(row, event, on)
        # Such a detail stands in a wrong row or column: if it were skipped, it would be lost.
        if detail not in kind.details:
            if not is_blank(row.cell(detail)):
                row.refuse(detail, f"{event} has no {detail}: leave it blank")
            return None
        if detail == "completed_on":
            return self._completed_on(row, on)
        if detail == "quorate":
            return self._quorate(row)
        return row.read(
            detail,
            _READERS.get(DETAILS[detail].kind)
            or partial(read_choice, choices=tuple(kind.allows(detail))),
        )

    def _quorate(self, row: Rows) -> str | None:
        quorate = row.yes_no("quorate")
        if quorate == "no":
            row.refuse(
                "quorate",
                "a conference that was not quorate meets no time limit: "
                "write the event cp.conference.inquorate and leave this blank",
            )
        return quorate

    def _completed_on(self, row: Rows, on: date | None) -> date | None:
        day = row.day("completed_on")
        row.refuse_before("completed_on", day, on, "the date")
        return day

    def _reference(self, row: Rows, event: str, on: date | None) -> str | None:
        kind = EVENTS[event]
        if not kind.reference_is_day:
            return row.text("reference") or None
        day = row.day("reference")
        if kind.day_ahead and day and on and day < on:
            row.refuse("reference", f"{kind.day_ahead} lies before the date, {on}")
        return day.isoformat() if day else None

    def _meet_again(self, row: Rows, event: Event, place: int) -> None:
        """Put together what two rows say about one event, or refuse the later one."""
        facts = self.facts
        before = facts.events[place]
        if contradicts(event, before):
            where = self._corrected.get(place) or _FirstSaid(*facts.stands_in(place))
            if where.file == row.name:
                row.refuse("event", f"row {where.row} {OTHER_DETAILS}")
                return
            self.later += 1
            self._corrected[place] = _FirstSaid(row.name, row.number)
        else:
            self._batch.counts["repeated rows"] += 1
        facts.change(place, put_together(event, before))

    def _known_of(self, child_id: str) -> dict[_EventKey, int]:
        """Gather the events of a child that were read so far, with their places."""
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        places, events = self.facts.places.get(child_id, ()), self.facts.events
        found = {_key_of(events[one]): one for one in places}
        self._known[child_id] = found
        return found


def _key_of(event: Event) -> _EventKey:
    return event.event, event.on, event.reference


def _lying_ahead(facts: Facts, latest: date) -> list[str]:
    """Return a warning about events in the future, if there are any."""
    ahead = [
        place
        for place, event in enumerate(facts.events)
        if event.on > latest or (event.completed_on and event.completed_on > latest)
    ]
    if not ahead:
        return []
    heading = (
        f"{counted(len(ahead), 'event')} dated after {spoken_short(latest)}: not known until then, "
        "and from that day taken as having happened. A planned meeting is not an event: book it "
        "with "
        "`iro book CHILD TIMESCALE DATE`, and leave its row out (`iro undo` takes this import back)"
    )
    lines = [heading]
    for place in ahead[:_AHEAD_SHOWN]:
        event, (file, row) = facts.events[place], facts.stands_in(place)
        to = event.completed_on if event.on <= latest else None
        lines.append(
            f"{file}: {numbered(file, row)}: {visible(facts.children[place])}, {event.event} on "
            f"{spoken_short(event.on)}" + (f", completed on {spoken_short(to)}" if to else "")
        )
    if len(ahead) > _AHEAD_SHOWN:
        lines.append(f"and {len(ahead) - _AHEAD_SHOWN:,} more")
    return ["\n  ".join(lines)]


# The function that reads a detail, by its kind.
_READERS: dict[str, Callable[[Cell], str | None]] = {
    YES_NO: read_yes_no,
    TEXT: read_lines,
    NUMBER: read_scaling,
    CODE: partial(read_code, codes=PARTICIPATION),
}


def _events(paths: Sequence[Path], reading: Reading, *, columns: Columns | None = None) -> Batch:
    """
    Read files of events.

    A date in the future is read with a warning; the event is not known before that day.
    """
    batch = Batch()
    events = _Events(batch)
    for row in _rows(paths, EVENT_COLUMNS, reading, columns, batch):
        events.read(row)
    batch.counts["events"] = len(events.facts)
    _later(batch, events.later)
    batch.warnings += _lying_ahead(events.facts, max(reading.today, reading.as_of))
    return batch


def read_events(table: Tabular, reading: Reading) -> Batch:
    """Read events from a table that has our names for the columns."""
    batch = Batch()
    events = _Events(batch)
    places = {name: place for place, name in enumerate(table.header)}
    for row in Rows(table, EVENT_COLUMNS, places, reading, child="child_id"):
        events.read(row)
    return batch


# ---------------------------------------------------------------- what is declared


def _describe(path: Path, today: date, source: Source) -> str:
    from iro_cli.extracts.describe import describe  # noqa: PLC0415 - only where asked for

    file = File(path, path.name, contents_of_pipes([path]).get(path))
    return describe(only_table(file, []), today=today, source=source)


def _own(name: str, title: str, reader: Callable[..., Batch], kind: TableKind) -> Source:
    known = tuple(column.field for column in kind.columns)
    return Source(
        name,
        title,
        "import.md",
        reader,
        kinds=(kind,),
        options={"columns": partial(read_columns, known=known)},
        is_extract=False,
        describe=_describe,
    )


CHILDREN = _own("children", "children, and whose they are now", _children, CHILD_COLUMNS)
ALLOCATIONS = _own(
    "allocations", "whose children they are, and when", _allocations, ALLOCATION_COLUMNS
)
HAPPENED = _own("events", "what happened to children", _events, EVENT_COLUMNS)
SOURCES = (CHILDREN, ALLOCATIONS, HAPPENED)
