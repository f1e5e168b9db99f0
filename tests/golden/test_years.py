"""Every limit of both nations in every year from 2011 to 2028, counted by another program."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import pytest

from golden.test_golden import NATIONS, ROWS, read_day, rules_of
from golden.years.counted import TABLES, lines
from iro_cli import library
from iro_cli.law.model import Rule, Version
from iro_cli.obligations.due import Due, DueDates
from running import each

YEARS = range(2011, 2029)


class Row(NamedTuple):
    """A row: its limit, its days, and the counted date."""

    place: str
    limit: str
    day: date
    other: date | None
    due: date
    hold_by: date
    provisional: bool


def rows() -> Iterator[Row]:
    """Read the tables as they are written."""
    limit = ""
    for number, line in enumerate(TABLES.read_text("utf-8").splitlines(), 1):
        if line.startswith("## "):
            limit = line.removeprefix("## ")
        if not line.startswith("| ") or line.startswith(("| from", "| ---")):
            continue
        place = f"{TABLES.name}:{number}"
        first, due, held = (cell.strip() for cell in line.strip("|").split("|"))
        day, _, other = first.partition(" to ")
        due, _, mark = due.partition(", ")
        due_on = read_day(due, place)
        yield Row(
            place,
            limit,
            read_day(day, place),
            read_day(other, place) if other else None,
            due_on,
            read_day(held, place) if held else due_on,
            bool(mark),
        )


COUNTED = list(rows())


def limit_of(version: Version) -> str:
    """Return the words that identify a limit."""
    words, _, _ = version.words().partition(" with ")
    return words + ", the first day counted" * version.latest[0].inclusive


VERSIONS: dict[str, list[tuple[str, Rule, Version]]] = {}
for nation in NATIONS:
    for rule in rules_of(nation):
        for version in rule.versions:
            VERSIONS.setdefault(limit_of(version), []).append((nation, rule, version))


def found(dates: DueDates, rule: Rule, version: Version, row: Row) -> Due:
    """Return the program's answer for a row."""
    if rule.trigger.between:
        return dates.between(rule, row.day, row.other or row.day)
    return dates.of(rule, row.day, (row.other,) * len(version.latest) if row.other else ())


@pytest.fixture(scope="module")
def dates() -> DueDates:
    """Return the due dates of rules, on the working days of England and Wales."""
    return DueDates(library.calendar("england-and-wales"))


@each("row", COUNTED, name=lambda row: row.place)
def test_a_row_of_a_year(row: Row, dates: DueDates) -> None:
    """Each timescale with that limit gives the date that the other program counted."""
    wrong = []
    for nation, rule, version in VERSIONS[row.limit]:
        if rule.in_force(row.day) is not version:
            continue
        said = found(dates, rule, version, row)
        if (said.due, said.hold_by, said.provisional) != row[4:]:
            wrong.append((nation, rule.id, said.due, said.hold_by, said.provisional))

    assert [] == wrong


@each("nation", NATIONS)
def test_each_version_has_a_row_of_each_year_in_which_it_is_in_force(nation: str) -> None:
    """From 2011 to 2028 no version of a nation's law goes a year without a worked example."""
    days: dict[str, set[date]] = {}
    for one in ROWS:
        if one.pack == nation:
            days.setdefault(one.rule, set()).add(one.trigger)
    for row in COUNTED:
        days.setdefault(row.limit, set()).add(row.day)
    missing = []
    for rule in rules_of(nation):
        for version in rule.versions:
            ends = version.in_force_to or date.max
            given = days.get(rule.id, set()) | days.get(limit_of(version), set())
            has = {day.year for day in given if version.in_force_from <= day <= ends}
            lasts = range(version.in_force_from.year, ends.year + 1)
            missing += [(rule.id, year) for year in YEARS if year in lasts and year not in has]

    assert [] == missing


def test_each_limit_is_one_that_a_timescale_has() -> None:
    """A table under words of no version would test nothing."""
    assert {row.limit for row in COUNTED} == set(VERSIONS)


def test_the_tables_are_what_was_counted() -> None:
    """Every row is one that the other program counted."""
    assert TABLES.read_text("utf-8") == "\n".join(lines())
