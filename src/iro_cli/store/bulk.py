"""
Writes many rows at once, through the bare database module.

The same one ``BEGIN IMMEDIATE`` transaction for each command, the same rows and
the same history as :mod:`iro_cli.store.writing`, without the classes that make
one row convenient and a whole authority slow.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.location import as_store_error
from iro_cli.store.migrations import prepare

# Durable, without traces of what was withdrawn, and patient with another writer: each
# connection that writes sets these.
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
)
# More names than this are not put into one statement.
_NAMED = 500

Key = tuple[str | int, ...]


class StandingFact(NamedTuple):
    """A fact that stands, the key of its row, and who states it: an extract, or nobody but us."""

    key: Key
    event: Event
    stated_by: str | None = None
    source: str | None = None


class StandingSighting(NamedTuple):
    """Another extract's word for a fact, and the key of its row."""

    key: Key
    event: str
    on: date
    reference: str | None
    stated_by: str
    source: str | None = None


class StandingChild(NamedTuple):
    """What is known of a child, and the key of its row."""

    key: Key
    child: Child


class StandingAllocation(NamedTuple):
    """An allocation that stands, and the key of its row."""

    key: Key
    allocation: Allocation


class Statement(NamedTuple):
    """
    A fact to be added, with where it came from and which kind of extract states it.

    ``None`` for both: it was typed in.
    """

    child_id: str
    event: Event
    source: str | None = None
    stated_by: str | None = None


Standing = StandingFact | StandingChild | StandingAllocation | StandingSighting

_KEYS = {
    StandingFact: ("fact", ("child_id", "happened_on", "event", "change_id", "line")),
    StandingChild: ("child_detail", ("child_id", "change_id", "line")),
    StandingAllocation: ("allocation", ("child_id", "role", "change_id", "line")),
    StandingSighting: (
        "sighting",
        ("child_id", "happened_on", "event", "stated_by", "change_id", "line"),
    ),
}
_EVENT = tuple("happened_on" if name == "on" else name for name in Event._fields)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


class BulkWriter:
    """One change, inside its transaction."""

    def __init__(self, connection: sqlite3.Connection, change_id: int) -> None:
        """Wrap a connection whose transaction has begun and whose change row is there."""
        self._connection = connection
        self.change_id = change_id
        self.count = 0
        self._line = 0

    def _next(self) -> tuple[int, int]:
        self._line += 1
        self.count += 1
        return self.change_id, self._line

    # ------------------------------------------------------------ what stands

    def children(self) -> dict[str, StandingChild]:
        """Return what is known of every child."""
        rows = self._connection.execute(
            f"SELECT change_id, line, {', '.join(Child._fields)} FROM child_detail "
            "WHERE withdrawn_by IS NULL"
        )
        return {
            one[0]: StandingChild(
                (one[0], change_id, line),
                Child(one[0], one[1], _day(one[2]), _day(one[3]), *one[4:]),
            )
            for change_id, line, *one in rows
        }

    def facts(self, named: set[str]) -> dict[str, list[StandingFact]]:
        """Return the facts that stand of the children named, in order."""
        where, names = "", tuple(named)
        if len(names) <= _NAMED:
            where = f" AND child_id IN ({', '.join('?' * len(names))})"
        rows = self._connection.execute(
            f"SELECT child_id, change_id, line, stated_by, source, {', '.join(_EVENT)} FROM fact "
            f"WHERE withdrawn_by IS NULL{where} ORDER BY child_id, happened_on, event",
            names if where else (),
        )
        found: dict[str, list[StandingFact]] = {}
        days: dict[str, date] = {}
        for child_id, change_id, line, by, source, *one in rows:
            name, on, outcome, section_47, completed, *more = one
            day = days.get(on) or days.setdefault(on, date.fromisoformat(on))
            event = Event(name, day, outcome, section_47, _day(completed), *more)
            key = (child_id, on, name, change_id, line)
            found.setdefault(child_id, []).append(StandingFact(key, event, by, source))
        return found

    def allocations(self) -> dict[tuple[str, str], list[StandingAllocation]]:
        """Return the allocations that stand, by child and role."""
        found: dict[tuple[str, str], list[StandingAllocation]] = {}
        for child_id, role, change_id, line, name, begins, ends, reason in self._connection.execute(
            "SELECT child_id, role, change_id, line, name, from_on, to_on, reason FROM allocation "
            "WHERE withdrawn_by IS NULL"
        ):
            one = Allocation(child_id, role, name, _day(begins), _day(ends), reason)
            key = (child_id, role, change_id, line)
            found.setdefault((child_id, role), []).append(StandingAllocation(key, one))
        return found

    def sightings(self) -> dict[str, list[StandingSighting]]:
        """Return the words of further extracts for facts that stand, by child."""
        found: dict[str, list[StandingSighting]] = {}
        for child_id, on, name, stated_by, change_id, line, *more in self._connection.execute(
            "SELECT child_id, happened_on, event, stated_by, change_id, line, reference, source "
            "FROM sighting WHERE withdrawn_by IS NULL ORDER BY child_id, change_id, line"
        ):
            key = (child_id, on, name, stated_by, change_id, line)
            reference, source = more
            found.setdefault(child_id, []).append(
                StandingSighting(key, name, date.fromisoformat(on), reference, stated_by, source)
            )
        return found

    def authorities(self) -> dict[str, set[str]]:
        """Return the codes of the authorities that each kind of extract was from."""
        found: dict[str, set[str]] = {}
        for code, stated_by in self._connection.execute(
            "SELECT code, stated_by FROM authority WHERE withdrawn_by IS NULL"
        ):
            found.setdefault(stated_by, set()).add(code)
        return found

    # ------------------------------------------------------------ changes

    def withdraw(self, rows: Iterable[Standing]) -> None:
        """Withdraw rows that stand."""
        by_kind: dict[type[Standing], list[Key]] = {}
        for row in rows:
            by_kind.setdefault(type(row), []).append((self.change_id, *row.key))
            self.count += 1
        for kind, keys in by_kind.items():
            table, columns = _KEYS[kind]
            where = " AND ".join(f"{column} = ?" for column in columns)
            self._connection.executemany(f"UPDATE {table} SET withdrawn_by = ? WHERE {where}", keys)

    def put_children(self, children: Iterable[Child]) -> None:
        """Add what is known of children; what stood of one was withdrawn."""
        rows = [
            (
                *self._next(),
                child.child_id,
                child.label,
                _text(child.date_of_birth),
                _text(child.expected_date_of_delivery),
                *child[4:],
            )
            for child in children
        ]
        self._connection.executemany(
            "INSERT INTO child (child_id) SELECT ? "
            "WHERE NOT EXISTS (SELECT 1 FROM child WHERE child_id = ?)",
            [(row[2], row[2]) for row in rows],
        )
        self._insert("child_detail", ("change_id", "line", *Child._fields), rows)

    def add_facts(self, facts: Iterable[Statement]) -> None:
        """Add facts."""
        rows = [
            (
                *self._next(),
                child_id,
                source,
                stated_by,
                event.event,
                event.on.isoformat(),
                event.outcome,
                event.section_47,
                _text(event.completed_on),
                *event[5:],
            )
            for child_id, event, source, stated_by in facts
        ]
        self._insert(
            "fact", ("change_id", "line", "child_id", "source", "stated_by", *_EVENT), rows
        )

    def add_sightings(self, sightings: Iterable[Statement]) -> None:
        """Add another extract's word for facts that stand."""
        rows = [
            (
                *self._next(),
                one.child_id,
                one.event.on.isoformat(),
                one.event.event,
                one.stated_by,
                one.event.reference,
                one.source,
            )
            for one in sightings
        ]
        columns = ("child_id", "happened_on", "event", "stated_by", "reference", "source")
        self._insert("sighting", ("change_id", "line", *columns), rows)

    def add_authority(self, code: str, stated_by: str) -> None:
        """Keep whose children a kind of extract is about."""
        self._insert(
            "authority",
            ("change_id", "line", "code", "stated_by"),
            [(*self._next(), code, stated_by)],
        )

    def allocate(self, allocations: Iterable[Allocation]) -> None:
        """Add allocations."""
        rows = [
            (
                *self._next(),
                one.child_id,
                one.role,
                one.name,
                _text(one.from_on),
                _text(one.to_on),
                one.reason,
            )
            for one in allocations
        ]
        self._insert("allocation", ("change_id", "line", *Allocation._fields), rows)

    def _insert(
        self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
    ) -> None:
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
        )


@contextmanager
def bulk_change(path: Path, *, at: str, who: str, command: str) -> Iterator[BulkWriter]:
    """
    Open the store and make one change to it, whole or not at all.

    A change that adds and withdraws nothing leaves no trace.

    Args:
        path: The store; it is made if it is missing.
        at: The moment, as text.
        who: Who makes the change.
        command: The command, in words, for the history.

    Raises:
        StoreError: The store cannot be written.
    """
    prepare(path)
    connection = sqlite3.connect(path.absolute(), isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(
            "INSERT INTO change (at, who, command) VALUES (?, ?, ?)", (at, who, command)
        )
        writer = BulkWriter(connection, row.lastrowid or 0)
        yield writer
        connection.execute("COMMIT" if writer.count else "ROLLBACK")
    except sqlite3.Error as error:
        raise as_store_error(error, path) from None
    finally:
        connection.close()
