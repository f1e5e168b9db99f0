"""
Measure what it costs to trust a store: its chain of changes gone through.

A store of 100,000 changes of a fact each, and of 1,500 children: what a service of that size
does in many years.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from inside import Kinds, command_line
from place import Place

from figures import Report, at_most
from iro_cli.store.chain import seal
from iro_cli.store.kinds import KINDS
from iro_cli.store.sqlite import SqliteStore

CHANGES, CHILDREN = 100_000, 1_500
BOUND = 5
_WHO, _AT = "Officer 001", "2026-11-02T09:00:00Z"


def _changes(count: int) -> Iterator[tuple[int, str, date]]:
    """Yield changes with their children and days; the first of a child adds the child."""
    for number in range(count):
        day = date(2015, 1, 1) + timedelta(days=number // CHILDREN)
        yield number + 1, f"TS-{number % CHILDREN:04}", day


def make(path: Path, count: int) -> int:
    """Write a store of so many changes, and chain them as a store of an earlier version is."""
    store = SqliteStore(path)
    store.prepare()
    with closing(store.connect_to_write()) as connection:
        connection.executemany(
            "INSERT INTO change (id, at, who, command) VALUES (?, ?, ?, ?)",
            (
                (number, _AT, _WHO, f"record cla.review {child} --on {day}")
                for number, child, day in _changes(count)
            ),
        )
        connection.executemany(
            "INSERT INTO child (child_id) VALUES (?)",
            ((f"TS-{number:04}",) for number in range(CHILDREN)),
        )
        connection.executemany(
            "INSERT INTO change_child (change_id, child_id) VALUES (?, ?)",
            ((number, child) for number, child, _ in _changes(count)),
        )
        connection.executemany(
            "INSERT INTO child_area (area, child_id) VALUES ('cla', ?)",
            ((f"TS-{number:04}",) for number in range(CHILDREN)),
        )
        connection.executemany(
            "INSERT INTO fact (change_id, line, child_id, happened_on, event, participation) "
            "VALUES (?, 1, ?, ?, 'cla.review', 'PN3')",
            ((number, child, day.isoformat()) for number, child, day in _changes(count)),
        )
        seal(connection)
        connection.execute("COMMIT")
    return path.stat().st_size


def _verify(path: Path) -> None:
    with SqliteStore(path).reading() as reader:
        found = reader.chain()
    assert not found.problems, found.problems
    assert found.digests


def _read(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for table in ("change", "change_child", *(kind.table for kind in KINDS)):
            for _ in connection.execute(f"SELECT * FROM {table}"):
                pass


def _timed(path: Path) -> Kinds:
    return {"verify": lambda: _verify(path), "read": lambda: _read(path)}


def measure(place: Place) -> Report:
    """Measure going through the chain beside reading the same rows."""
    rounds, path = place.rounds(7, 3), place.folder / "chain.db"
    place.said("trust.py", "make", path, CHANGES)
    taken = place.said("trust.py", "times", rounds, path)
    note = (
        f"Chain: {CHANGES:,} changes; {rounds} rounds; bare read {taken['read']:.2f} s, "
        f"verified {taken['verify']:.2f} s."
    )
    figure = at_most(
        f"the chain of {CHANGES:,} changes verified ÷ reading the same rows bare",
        taken["verify"] / taken["read"],
        BOUND,
    )
    return Report([figure], [note])


if __name__ == "__main__":
    command_line(make, _timed)
