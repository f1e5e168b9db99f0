"""
Measure the cost of a store's chain, its encryption, and of storing a fact safely.

The chain is that of 100,000 changes of a fact each, for 1,500 children: what a service of that
size does in many years.
"""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from inside import Kinds, command_line
from place import Place
from timing import Command, cpu_seconds

from figures import Report, at_most
from iro_cli.store.chain import seal
from iro_cli.store.kinds import KINDS
from iro_cli.store.sqlite import PRAGMAS, SqliteStore

CHANGES, CHILDREN = 100_000, 1_500
BOUND, SEALED_BOUND, RECORD_BOUND = 5, 1.5, 2
_CHILD = "B000500"
_WHO, _AT = "Officer 001", "2026-11-02T09:00:00Z"


def _changes(count: int) -> Iterator[tuple[int, str, date]]:
    """Yield changes with their children and days; the first of a child adds the child."""
    for number in range(count):
        day = date(2015, 1, 1) + timedelta(days=number // CHILDREN)
        yield number + 1, f"TS-{number % CHILDREN:04}", day


def make(path: Path, count: int) -> int:
    """Write a store with a number of changes, and make their chain as for an older store."""
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
        store.finish(connection)
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


def _copied(source: Path, target: Path) -> None:
    for log in ("-wal", "-shm"):
        target.with_name(target.name + log).unlink(missing_ok=True)
    shutil.copy(source, target)


def _bare(path: Path) -> str:
    """Return a program that only stores one row, as durably as ``iro`` does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE fact (child_id, happened_on, event)")
    pragmas = "; ".join(f"c.execute({pragma!r})" for pragma in PRAGMAS)
    return (
        f"import sqlite3; c = sqlite3.connect({str(path)!r}, isolation_level=None); {pragmas}; "
        "c.execute('BEGIN IMMEDIATE'); c.execute('INSERT INTO fact VALUES (1, 2, 3)'); "
        "c.execute('COMMIT'); c.close()"
    )


def _safe(place: Place) -> Report:
    """Measure the daily check of an encrypted store, and recording a fact."""
    plain, sealed = place.folder / "plain.db", place.folder / "sealed.db"
    used, used_sealed = place.folder / "used.db", place.folder / "used-sealed.db"
    children = ("--looked-after", 900, "--on-plans", 600)
    place.said("authority.py", plain, *children, "--as-of", place.as_of)
    shutil.copy(plain, sealed)
    key = {"IRO_KEY_FILE": str(place.folder / "iro.key")}
    encrypt = place.iro("encrypt", store=sealed)
    place.bench.run(encrypt._replace(extra={**encrypt.extra, **key}))
    due_sealed = place.iro("due", "-f", "csv", store=sealed)
    fact = ("record", "health.assessment", _CHILD, "--on", place.as_of.isoformat())
    record = place.iro(*fact, store=used)
    record_sealed = place.iro(*fact, store=used_sealed)
    bare = (sys.executable, "-c", _bare(place.folder / "bare.db"))
    commands = {
        "plain": place.iro("due", "-f", "csv", store=plain),
        "sealed": due_sealed._replace(extra={**due_sealed.extra, **key}),
        "record": record._replace(prepare=lambda: _copied(plain, used)),
        "record sealed": record_sealed._replace(
            extra={**record_sealed.extra, **key}, prepare=lambda: _copied(sealed, used_sealed)
        ),
        "start": place.iro("when", "cla.review.first", place.as_of.isoformat()),
        "bare": Command(bare),
    }
    rounds = place.rounds(21, 5)
    found = place.bench.interleaved(commands, rounds)
    taken = {name: cpu_seconds(runs) for name, runs in found.items()}
    figures = [
        at_most(
            "`iro due`, 1,500 children, encrypted ÷ plain",
            taken["sealed"] / taken["plain"],
            SEALED_BOUND,
        ),
        at_most(
            "`iro record` ÷ a bare SQLite transaction with the same settings, and start-up",
            taken["record"] / (taken["bare"] + taken["start"]),
            RECORD_BOUND,
        ),
        at_most(
            "`iro record`, 1,500 children, encrypted ÷ the same",
            taken["record sealed"] / (taken["bare"] + taken["start"]),
            RECORD_BOUND,
        ),
    ]
    seconds = ", ".join(f"{name} {1000 * one:.0f}" for name, one in taken.items())
    return Report(figures, [f"Trust: {rounds} rounds; in milliseconds: {seconds}."])


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    chain, safe = _chain(place), _safe(place)
    return Report([*chain.figures, *safe.figures], [*chain.notes, *safe.notes])


def _chain(place: Place) -> Report:
    """Measure verifying the chain beside reading the same rows."""
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
