"""
Read a mapping file, which says which of an authority's own columns is which of ours.

::

    [columns]                            # our column = theirs
    child_id = "Person ID"

    [events]                             # a column of dates = the event it is the date of
    "LAC review held" = "cla.review"
    "ICPC" = { event = "cp.conference.initial", outcome = "ICPC result" }

    [fixed]                              # the same in every row
    note = "from the March tracker"

    [values.outcome]                     # their word = ours
    "Registered" = "plan"
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.facts.vocabulary import DETAILS, EVENTS
from iro_cli.files import read_within
from iro_cli.incoming.cells import Cell, as_written, is_blank
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.refused import visible
from iro_cli.incoming.rows import Reading, Rows, TableColumn
from iro_cli.incoming.table import Table
from iro_cli.law.catalogue import nearest
from iro_cli.lean import NamedTuple

PARTS = ("columns", "events", "fixed", "values", "ignore")
_LARGEST = 1_000_000


class EventColumn(NamedTuple):
    """
    A column with the dates of one kind of event.

    Attributes:
        column: Their column.
        event: Our event.
        details: Their column for each detail of the event, by our name.
    """

    column: str
    event: str
    details: Mapping[str, str]


class Columns(NamedTuple):
    """
    The content of a mapping file.

    Attributes:
        names: Their column for each of ours.
        events: The columns of dates.  If there are any, each date in a row is one event.
        fixed: The value that every row has, for some of our columns.
        values: Our word for each of their words (in small letters), for some of our columns.
        ignored: Their columns that are left out on purpose.
    """

    names: Mapping[str, str]
    events: tuple[EventColumn, ...] = ()
    fixed: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    ignored: tuple[str, ...] = ()

    def theirs(self, column: str, event: EventColumn | None = None) -> str:
        """Return the name of our column in the file."""
        if event is not None:
            if column == "date":
                return event.column
            if column in event.details:
                return event.details[column]
        return self.names.get(column, column)

    def ours(self, column: str, text: str) -> str | None:
        """Return our word for one of theirs, or ``None`` if the mapping has none."""
        return self.values.get(column, {}).get(text.strip().casefold())

    def read(self) -> set[str]:
        """Return all their columns that are read."""
        found = set(self.names.values())
        for one in self.events:
            found |= {one.column, *one.details.values()}
        return found


class _Mapping:
    """Checks one mapping file, and gathers every problem."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.problems: list[str] = []

    def texts(self, part: str, given: object) -> dict[str, str]:
        """Read a table whose values are text."""
        if not isinstance(given, dict):
            self.problems.append(f"[{visible(part)}] must be a table of names and texts")
            return {}
        found = {}
        for name, text in given.items():
            if isinstance(text, str) and text.isprintable() and name.isprintable():
                found[name] = text.strip()
            elif isinstance(text, str):
                self.problems.append(f"[{visible(part)}] {visible(name)}: has a control code")
            else:
                self.problems.append(f"[{visible(part)}] {visible(name)}: must be text in quotes")
        return found

    def ours(self, part: str, given: object) -> dict[str, str]:
        """Read a table whose names are our columns."""
        found = self.texts(part, given)
        for name in found:
            self.check_ours(part, name)
        return found

    def check_ours(self, part: str, name: str) -> None:
        """Note a column that is not one of ours."""
        if name not in self.known:
            close = nearest(name, self.known) if len(self.problems) < 20 else ""
            self.problems.append(
                f"[{visible(part)}] {visible(name)}: there is no such column{close}; "
                f"it must be one of {', '.join(self.known)}"
            )

    def event(self, name: str, where: str) -> None:
        """Note an event that is not one of ours."""
        if name not in EVENTS:
            close = nearest(name, EVENTS) if len(self.problems) < 20 else ""
            self.problems.append(f"{visible(where)}: there is no event {visible(name)}{close}")

    def events(self, given: object) -> list[EventColumn]:
        """Read the columns of dates."""
        if not isinstance(given, dict):
            self.problems.append("[events] must be a table of their columns and our events")
            return []
        return [self._event_column(column, what) for column, what in given.items()]

    def _event_column(self, column: str, what: object) -> EventColumn:
        where = f"[events] {column}"
        if not column.isprintable():
            self.problems.append(f"{visible(where)}: has a control code")
        details = {"event": what} if isinstance(what, str) else what
        if not isinstance(details, dict) or "event" not in details:
            self.problems.append(
                f"{visible(where)}: must be an event in quotes, or "
                '{ event = "…", outcome = "their column" }'
            )
            return EventColumn(column.strip(), "", {})
        texts = self.texts(where, details)
        event = texts.pop("event", "")
        self.event(event, where)
        for name in texts:
            if name not in DETAILS or name not in self.known:
                self.problems.append(
                    f"{visible(where)}: {visible(name)} is not a detail; it must be one of "
                    f"{', '.join(DETAILS)}"
                )
        return EventColumn(column.strip(), event, texts)

    def ignored(self, given: object) -> tuple[str, ...]:
        """Read the columns that are left out on purpose."""
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return tuple(one.strip() for one in given)
        self.problems.append('ignore must be a list of columns: ignore = ["Worker"]')
        return ()


def _parsed(path: Path) -> dict[str, object]:
    try:
        text = read_within(path, _LARGEST).decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise InputRefusedError(
            f"there is no mapping file {path}: `--describe` proposes one"
        ) from None
    except OSError as error:
        raise InputRefusedError(f"{path.name} cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise InputRefusedError(
            f"{path.name} is not a mapping file in TOML: {visible(str(error))}"
        ) from None


def _said_twice(columns: Columns) -> list[str]:
    """Return the problems of a mapping that gives one thing in two ways."""
    found = [
        f"{name} is in both [columns] and [fixed]: keep one"
        for name in columns.names
        if name in columns.fixed
    ]
    if columns.events:
        found += [
            f"[events] gives each date its event, so [{part}] cannot name {name} too"
            for part, table in (("columns", columns.names), ("fixed", columns.fixed))
            for name in ("event", "date")
            if name in table
        ]
    return found


def read_columns(path: Path, *, known: Collection[str]) -> Columns:
    """
    Read a mapping file.

    Args:
        path: The file.
        known: Our columns that it may map, such as ``child_id``.

    Raises:
        InputRefusedError: It is not a mapping file, or has a mistake; every problem is named.
    """
    given = _parsed(path)
    check = _Mapping(known)
    check.problems += [
        f"there is no part {visible(part)}{nearest(part, PARTS)}; the parts are {', '.join(PARTS)}"
        for part in given
        if part not in PARTS
    ]
    events = check.events(given.get("events", {}))
    if events and "event" not in known:
        check.problems.append("[events] belongs to `iro import events` only")
    values = given.get("values", {})
    words: dict[str, dict[str, str]] = {}
    if isinstance(values, dict):
        for name, table in values.items():
            check.check_ours("values", name)
            texts = check.texts(f"values.{name}", table)
            words[name] = {theirs.strip().casefold(): ours for theirs, ours in texts.items()}
    else:
        check.problems.append("values must be tables: [values.outcome]")
    columns = Columns(
        check.ours("columns", given.get("columns", {})),
        tuple(events),
        check.ours("fixed", given.get("fixed", {})),
        words,
        check.ignored(given.get("ignore", [])),
    )
    for theirs, ours in words.get("event", {}).items():
        if ours:  # an empty word leaves out the rows with their word
            check.event(ours, f"[values.event] {theirs}")
    if columns.fixed.get("event"):
        check.event(columns.fixed["event"], "[fixed] event")
    check.problems += _said_twice(columns)
    if not (check.problems or columns.names or columns.events):
        check.problems.append("it maps no column: it needs [columns], and for a wide file [events]")
    if check.problems:
        raise InputRefusedError("\n".join(f"{path.name}: {one}" for one in check.problems))
    return columns


class MappedRows(Rows):
    """
    The rows of a table whose columns have an authority's own names.

    Attributes:
        left_out: How many rows the mapping leaves out, by the word for their event.
    """

    def __init__(
        self, table: Table, fields: Sequence[Column], reading: Reading, mapping: Columns
    ) -> None:
        """
        Find the columns; every column in the mapping has to be there.

        Args:
            table: The table.
            fields: Our columns.
            reading: Gathers what is refused, and warnings.
            mapping: The content of the mapping file.

        Raises:
            InputRefusedError: A column is missing, or is there twice.
        """
        given = {*mapping.fixed, *(("event", "date") if mapping.events else ())}
        theirs = {
            mapping.theirs(one.field): one.needed for one in fields if one.field not in given
        } | dict.fromkeys(sorted(mapping.read()), True)
        columns = tuple(Column(one, one, needed=must) for one, must in theirs.items())
        kind = TableKind("", columns, mapping.ignored)
        self.left_out = 0
        self._fields = tuple(one.field for one in fields)
        self._mapping = mapping
        self._event: EventColumn | None = None
        super().__init__(table, kind, kind.places(table), reading, child="child_id")
        # The refusals of this row so far.  A row with five dates is read five times, and a wrong
        # child's id in it is reported once.
        self._said: set[tuple[str, str]] = set()

    def __iter__(self) -> Iterator[Rows]:
        """
        Go through the rows; their fields are then read by our names.

        A row with several columns of dates comes once for each date in it.
        """
        for row in super().__iter__():
            self._event = None
            self._said.clear()
            if self._mapping.ours("event", as_written(self.cell("event", raw=True))) == "":
                self.left_out += 1
                continue
            for event in self._mapping.events or (None,):
                self._event = event
                self.good = True
                if event is None or not is_blank(self.cell("date")):
                    yield row

    def column(self, field: str) -> str:
        """Return the name of one of our fields in the file."""
        return self._mapping.theirs(field, self._event)

    def _place(self, field: str) -> TableColumn:
        return TableColumn(self.name, self.column(field))

    def has(self, field: str) -> bool:
        """Say whether the file has one of our fields, or the mapping gives its value."""
        return field in self._mapping.fixed or super().has(self.column(field))

    def filled(self) -> list[str]:
        """Return those of our fields whose cells are not empty."""
        return [field for field in self._fields if self.cell(field) != ""]

    def cell(self, field: str, *, raw: bool = False) -> Cell:
        """Return a cell in our words; with *raw*, as it stands in the file."""
        found = super().cell(self.column(field))
        if raw:
            return found
        if self._event is not None and field == "event":
            return self._event.event
        if field in self._mapping.fixed:
            return self._mapping.fixed[field]
        ours = self._mapping.ours(field, as_written(found)) if self._mapping.values else None
        return found if ours is None else ours

    def refuse(self, field: str, reason: str) -> None:
        """Refuse the row because of one cell, but not twice for the same reason."""
        self.good = False
        column = self.column(field)
        if (column, reason) in self._said:
            return
        self._said.add((column, reason))
        written = as_written(self.cell(field, raw=True))
        self.reading.refused.append(self.origin.refused(column, written, reason))
