"""
Make the store of an invented authority, of any size.

The same numbers and the same day give the same store.  It is written with plain
``sqlite3``, because only reading it with ``iro`` is measured.
"""

import argparse
import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from iro_cli.store.chain import seal
from iro_cli.store.sqlite import SqliteStore

CARE = ("cla.review.first", "cla.review.second", "cla.review.subsequent")
PLAN = ("cp.conference.review.first", "cp.conference.review.subsequent")
_CARE_DAYS, _PLAN_DAYS = (28, 91, 182), (91, 182)
_PARTICIPATION = ("PN1", "PN1", "PN3", "PN5", "PN6", "PN7")
_YEAR = 365
_PER_OFFICER, _PER_TEAM = 60, 90
_IMPORTED, _CORRECTED = 1, 2
_FILE = 1
_CHUNK = 2_000

_CHANGES = (
    (_IMPORTED, "2026-01-05T06:00:00Z", "bench", "import", None),
    (_CORRECTED, "2026-01-06T09:00:00Z", "bench", "record", None),
)
# Named, so that a column that a later schema adds is left blank.
_COLUMNS = {
    "child": "child_id",
    "change_child": "change_id, child_id",
    "child_area": "area, child_id",
    "child_detail": (
        "child_id, change_id, line, label, date_of_birth, expected_date_of_delivery, nation, "
        "team, sibling_group, withdrawn_by"
    ),
    "fact": (
        "child_id, happened_on, event, change_id, line, outcome, section_47, completed_on, "
        "reference, reason, participation, note, source_id, source_row, withdrawn_by"
    ),
    "allocation": "child_id, role, change_id, line, name, from_on, to_on, withdrawn_by",
    "booking": (
        "child_id, timescale, change_id, line, clock_started, booked_for, at_time, withdrawn_by"
    ),
}
_Rows = dict[str, list[tuple[Any, ...]]]


class Size(NamedTuple):
    """
    How large an authority is.

    Attributes:
        looked_after: How many children are looked after.
        on_plans: How many others are on child protection plans.
        left: How many are neither any longer.
        enquiries: Whether some came into care out of enquiries, and so have had something
            to do with child protection.
    """

    looked_after: int
    on_plans: int
    left: int = 0
    enquiries: bool = True

    @property
    def children(self) -> int:
        """Return the number of all children."""
        return self.looked_after + self.on_plans + self.left


class _Fact(NamedTuple):
    """An event, its day as a number."""

    day: int
    event: str
    outcome: str | None = None
    section_47: str | None = None
    completed_on: int | None = None
    reference: int | None = None
    reason: str | None = None
    participation: str | None = None


class _Clock(NamedTuple):
    """The clock that a life leaves running, for which a meeting can be booked."""

    timescale: str
    started: int


def _iso(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()


def _held(rng: Random, started: int, limit: int) -> int:
    """Return when a meeting was held: mostly in time, one in twenty late."""
    if rng.random() < 0.05:
        return started + limit + rng.randint(1, 30)
    return started + int(limit * rng.uniform(0.75, 1.0))


def _reviewed(
    rng: Random, begins: int, until: int, limits: tuple[int, ...]
) -> Iterator[tuple[int, int]]:
    """Yield each meeting's number and day, from a start until a day."""
    number, started = 0, begins
    while True:
        held = _held(rng, started, limits[min(number, len(limits) - 1)])
        if held > until:
            return
        yield number, held
        number, started = number + 1, held


def _review_facts(rng: Random, held: int, until: int) -> Iterator[_Fact]:
    """Yield a looked-after review with what belongs to it."""
    several_days = held + 7 if rng.random() < 0.05 and held + 7 <= until else None
    voice = rng.choice(_PARTICIPATION)
    yield _Fact(held, "cla.review", completed_on=several_days, participation=voice)
    if rng.random() < 0.1:
        yield _Fact(min(until, held + 6), "review.decisions", reference=held)


def _enquiries(rng: Random, begins: int, until: int) -> Iterator[_Fact]:
    """Yield enquiries that began on the day a child came into care, for one in seven."""
    if rng.random() < 0.15:
        yield _Fact(begins, "cp.strategy", section_47="yes")
        if begins + 12 <= until:
            yield _Fact(begins + 12, "cp.conference.not-required", reason="looked after")


def _placements(rng: Random, begins: int, until: int) -> Iterator[_Fact]:
    """Yield the placements: one ends on the day on which the next starts."""
    yield _Fact(begins, "placement.start")
    day = begins + int(rng.expovariate(1 / 900)) + 1
    while day <= until:
        yield _Fact(day, "placement.end", reason="moved")
        yield _Fact(day, "placement.start")
        day += int(rng.expovariate(1 / 900)) + 1


def _rarely(rng: Random, begins: int, until: int) -> Iterator[_Fact]:
    """Yield events that few children have: adoption, secure accommodation, a dispute."""
    chance, day = rng.random(), begins + (until - begins) * 2 // 3
    if chance < 0.03:
        yield _Fact(day, "adoption.authorised")
        if until - day > 200:
            yield _Fact(day + 85, "adoption.review")
    elif chance < 0.033:
        yield _Fact(max(day, until - 20), "secure.start")
    elif chance < 0.04:
        yield _Fact(day, "dispute.raised", reference=day)
        if day + 15 <= until:
            yield _Fact(day + 15, "dispute.resolved", reference=day)


def _care(rng: Random, begins: int, until: int, size: Size) -> tuple[list[_Fact], _Clock]:
    """Return a period of care and the clock it leaves running."""
    facts = [_Fact(begins, "cla.start"), *_placements(rng, begins, until)]
    if size.enquiries:
        facts += _enquiries(rng, begins, until)
    clock = _Clock(CARE[0], begins)
    for number, held in _reviewed(rng, begins, until, _CARE_DAYS):
        facts += _review_facts(rng, held, until)
        if number and rng.random() < 0.02:
            facts.append(_Fact(held - 12, "cla.review.adjourned", reason="chair ill"))
        clock = _Clock(CARE[min(number + 1, 2)], held)
    if until - begins > 400:
        facts += _rarely(rng, begins, until)
    return facts, clock


def _plan(rng: Random, begins: int, until: int, _: Size) -> tuple[list[_Fact], _Clock]:
    """Return a child protection plan, from the strategy discussion on."""
    facts = [_Fact(begins, "cp.strategy", section_47="yes")]
    conference = _held(rng, begins, 20)
    if conference > until:
        return facts, _Clock("cp.conference.initial", begins)
    facts.append(_Fact(conference, "cp.conference.initial", outcome="plan"))
    group = conference + rng.randint(0, 10)
    while group <= until and rng.random() < 0.6:
        facts.append(_Fact(group, "cp.core-group"))
        group += rng.randint(28, 42)
    clock = _Clock(PLAN[0], conference)
    for _number, held in _reviewed(rng, conference, until, _PLAN_DAYS):
        facts.append(_Fact(held, "cp.conference.review", outcome="continue"))
        clock = _Clock(PLAN[1], held)
    return facts, clock


def _earlier(rng: Random, begins: int, size: Size) -> list[_Fact]:
    """Return an earlier period of care that ended, for one child in ten."""
    if rng.random() >= 0.1:
        return []
    started = begins - rng.randint(300, 900)
    ended = started + rng.randint(20, 250)
    facts, _ = _care(rng, started, ended, size)
    return [*facts, _Fact(ended, "placement.end"), _Fact(ended, "cla.end", reason="E4A")]


class _Child(NamedTuple):
    """One child, ready to be written."""

    child_id: str
    born: int
    role: str
    begins: int
    facts: list[_Fact]
    clock: _Clock | None


def _child(rng: Random, number: int, size: Size, as_of: int) -> _Child:
    looked_after = number < size.looked_after or number >= size.looked_after + size.on_plans
    left = number >= size.looked_after + size.on_plans
    length = 1 + int(rng.expovariate(1 / (720 if looked_after else 240)))
    begins = as_of - min(length, 10 * _YEAR if looked_after else 3 * _YEAR)
    until = begins + rng.randint(30, 400) if left else as_of
    if left:
        begins, until = begins - 900, until - 900
    facts, clock = (_care if looked_after else _plan)(rng, begins, until, size)
    if left:
        facts += [_Fact(until, "placement.end"), _Fact(until, "cla.end", reason="E4A")]
    facts += _earlier(rng, begins, size)
    # Old enough to have been born before anything happened, and not of age yet.
    oldest, youngest = as_of - 17 * _YEAR, begins - 2 * _YEAR - 200
    born = rng.randint(min(oldest, youngest), youngest)
    role = "iro" if looked_after else "chair"
    return _Child(f"B{number:06}", born, role, begins, facts, None if left else clock)


def _fact_rows(rng: Random, child: _Child, rows: Iterator[int]) -> Iterator[tuple[Any, ...]]:
    """Yield a child's events as rows; one in a hundred was first recorded a day early."""
    for line, fact in enumerate(sorted(child.facts, key=lambda one: (one.day, one.event))):
        wrong = rng.random() < 0.01
        details = (
            fact.outcome,
            fact.section_47,
            _iso(fact.completed_on),
            _iso(fact.reference),
            fact.reason,
            fact.participation,
            None,
            _FILE,
            next(rows),
        )
        event, change = fact.event, _CORRECTED if wrong else _IMPORTED
        if wrong:
            early = (child.child_id, _iso(fact.day - 1), event, _IMPORTED, line)
            yield (*early, *details, _CORRECTED)
        yield (child.child_id, _iso(fact.day), event, change, line, *details, None)


def _allocation_rows(rng: Random, child: _Child, officers: int) -> Iterator[tuple[Any, ...]]:
    """Yield the allocations of a child; four in ten had another IRO before."""
    names = [f"Officer {rng.randrange(officers):04}" for _ in range(2)]
    changed = child.begins + 120
    key = (child.child_id, child.role, _IMPORTED)
    if rng.random() < 0.4:
        yield (*key, 0, names[0], _iso(child.begins), _iso(changed - 1), None)
        yield (*key, 1, names[1], _iso(changed), None, None)
    else:
        yield (*key, 0, names[0], _iso(child.begins), None, None)


def _booking_rows(rng: Random, child: _Child, as_of: int) -> Iterator[tuple[Any, ...]]:
    """Yield the next meeting, if it is booked: one in three."""
    if child.clock is not None and rng.random() < 1 / 3:
        key = (child.child_id, child.clock.timescale, _IMPORTED, 0)
        yield (*key, _iso(child.clock.started), _iso(as_of + rng.randint(1, 90)), "10:00", None)


def _detail_row(rng: Random, child: _Child, teams: int) -> tuple[Any, ...]:
    team = f"Team {rng.randrange(teams):03}"
    siblings = f"S{rng.randrange(10_000):05}" if rng.random() < 0.2 else None
    born = _iso(child.born)
    return (child.child_id, _IMPORTED, 0, None, born, None, None, team, siblings, None)


def _rows(
    rng: Random, children: list[_Child], size: Size, as_of: int, numbers: Iterator[int]
) -> _Rows:
    officers = size.children // _PER_OFFICER + 1
    teams = size.children // _PER_TEAM + 1
    found: _Rows = {table: [] for table in _COLUMNS}
    for child in children:
        found["child"].append((child.child_id,))
        found["child_detail"].append(_detail_row(rng, child, teams))
        facts = list(_fact_rows(rng, child, numbers))
        found["fact"] += facts
        made = {_IMPORTED, *(row[-1] for row in facts if row[-1])}
        found["change_child"] += [(change, child.child_id) for change in sorted(made)]
        areas = {row[2].partition(".")[0] for row in facts}
        found["child_area"] += [(area, child.child_id) for area in sorted(areas)]
        found["allocation"] += _allocation_rows(rng, child, officers)
        found["booking"] += _booking_rows(rng, child, as_of)
    return found


def build(path: Path, size: Size, as_of: date, *, seed: int = 1) -> int:
    """
    Write a store.

    Args:
        path: The file, which must not exist.
        size: How many children.
        as_of: The day up to which things have happened.
        seed: Another number gives another authority.

    Returns:
        How many events stand in it.
    """
    rng, today = Random(seed), as_of.toordinal()
    SqliteStore(path).prepare()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO change (id, at, who, command, undoes) VALUES (?, ?, ?, ?, ?)", _CHANGES
    )
    connection.execute("INSERT INTO source (id, name) VALUES (?, 'bench.csv')", (_FILE,))
    numbers = count(2)
    made: Iterator[_Child] = (_child(rng, number, size, today) for number in range(size.children))
    while children := list(islice(made, _CHUNK)):
        for table, rows in _rows(rng, children, size, today, numbers).items():
            columns = _COLUMNS[table]
            marks = ", ".join("?" * (columns.count(",") + 1))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    seal(connection)
    SqliteStore(path).finish(connection)
    connection.execute("COMMIT")
    found = connection.execute("SELECT count(*) FROM fact WHERE withdrawn_by IS NULL")
    events = int(found.fetchone()[0])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return events


def main() -> None:
    """Write a store from the command line, in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--looked-after", type=int, default=84_000)
    parser.add_argument("--on-plans", type=int, default=50_000)
    parser.add_argument("--left", type=int, default=0)
    parser.add_argument("--no-enquiries", action="store_true")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2026, 11, 23))
    given = parser.parse_args()
    size = Size(given.looked_after, given.on_plans, given.left, not given.no_enquiries)
    print(build(given.path, size, given.as_of))


if __name__ == "__main__":
    main()
