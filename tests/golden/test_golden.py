"""
The worked examples: tables that a practitioner can check with a wall calendar.

The tables beside this file are England's, and those in the folder of another nation are that
nation's.  Those in ``local`` are of the packs in ``examples/packs``, each by its name.
"""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli import library
from iro_cli.dates.working import WorkingCalendar
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule
from iro_cli.obligations.due import DueDates
from running import each

HERE = Path(__file__).parent
SHIPPED = Path(__file__).parents[2] / "examples" / "packs"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COLUMNS = ("due", "hold by", "why this row", "from")
PROVENANCE = re.compile(r"published: .+|hand|counted twice; .+, .+|regression #\d+")
# Files that only the authors of the program had.
_NOT_HERE = re.compile(r"\b(?:england|nations|interface)\.md\b")


# The nations that have a pack: England first, whose tables stand beside this file.
NATIONS = ("england", "wales")


class Row(NamedTuple):
    """
    A row of a table, as written.

    ``until`` is the other day that a date hangs on: that on which the next meeting is due, or
    one that was given with a request.
    """

    pack: str
    place: str
    rule: str
    trigger: date
    until: date | None
    due: date
    provisional: bool
    hold_by: date
    why: str
    origin: str


def read_day(text: str, place: str) -> date:
    """Read ``Mon 2026-02-09``, and refuse it if the day is not that weekday."""
    weekday, _, iso = text.partition(" ")
    day = date.fromisoformat(iso)
    if WEEKDAYS[day.weekday()] != weekday:
        raise ValueError(f"{place}: {iso} is a {WEEKDAYS[day.weekday()]}, not a {weekday}")
    return day


def read_table(text: str, source: str, pack: str = "england") -> list[Row]:
    """Read every row of a file of tables, each under the heading that names its rule."""
    found: list[Row] = []
    rule, header = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        place = f"{source}:{number}"
        if line.startswith("## "):
            rule, header = line.removeprefix("## ").strip(), ""
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not header:
            header = cells[0]
            if tuple(cells[1:]) != COLUMNS:
                raise ValueError(f"{place}: the columns after the trigger are {', '.join(COLUMNS)}")
            continue
        if set(cells[0]) <= {"-", ":"}:
            continue
        if len(cells) != len(COLUMNS) + 1:
            raise ValueError(f"{place}: {len(cells)} cells")
        due, _, mark = cells[1].partition(", ")
        if mark not in ("", "provisional"):
            raise ValueError(f"{place}: {mark!r} is not a mark")
        due_on = read_day(due, place)
        hold_by = read_day(cells[2], place) if cells[2] else due_on
        trigger, _, until = cells[0].partition(" to ")
        found.append(
            Row(
                pack,
                place,
                rule,
                read_day(trigger, place),
                read_day(until, place) if until else None,
                due_on,
                bool(mark),
                hold_by,
                *cells[3:],
            )
        )
    return found


def _tables() -> list[tuple[str, Path]]:
    found = [("england", path) for path in sorted(HERE.glob("*.md"))]
    found += [(nation, path) for nation in NATIONS[1:] for path in (HERE / nation).glob("*.md")]
    return found + [(path.stem, path) for path in sorted((HERE / "local").glob("*.md"))]


ROWS = [
    row for pack, path in _tables() for row in read_table(path.read_text("utf-8"), path.name, pack)
]
PACKS = (*NATIONS, *sorted(path.stem for path in SHIPPED.glob("*.toml")))


@cache
def catalogue(pack: str) -> Catalogue:
    """Return the rules for a pack's tables: a nation's, or England's with a local pack."""
    if pack in NATIONS:
        return library.catalogue(pack)
    return library.catalogue("england", [SHIPPED / f"{pack}.toml"])


def rules_of(pack: str) -> list[Rule]:
    """Return the rules that are in a pack itself."""
    return list(catalogue(pack).packs[-1].rules)


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    """Return the bank holidays of England and Wales."""
    return library.calendar("england-and-wales")


@each("row", ROWS, name=lambda row: f"{row.place} {row.rule} {row.trigger}")
def test_row(row: Row, calendar: WorkingCalendar) -> None:
    """The rule gives the due date and the hold-by day that were counted by hand."""
    rule, dates = catalogue(row.pack).get(row.rule), DueDates(calendar)
    if rule.trigger.between:
        found = dates.between(rule, row.trigger, row.until or row.trigger)
    else:
        # Each limit with its own origin counts from the other day.
        limits = rule.versions[-1].latest
        found = dates.of(rule, row.trigger, (row.until,) * len(limits) if row.until else ())

    assert (row.due, row.hold_by, row.provisional) == (found.due, found.hold_by, found.provisional)


@each("pack", PACKS)
def test_every_version_of_every_rule_has_a_row(pack: str) -> None:
    """Every version of the law in a pack has a worked example."""
    own = [row for row in ROWS if row.pack == pack]
    missing = [
        f"{rule.id}, in force from {version.in_force_from}"
        for rule in rules_of(pack)
        for version in rule.versions
        if not any(row.rule == rule.id and rule.in_force(row.trigger) is version for row in own)
    ]

    assert [] == missing


@each("pack", PACKS)
def test_every_version_has_a_row_of_its_first_day_and_another(pack: str) -> None:
    """The first day of a version is counted by hand, and a later day."""
    own = [row for row in ROWS if row.pack == pack]
    wanting = [
        f"{rule.id}, in force from {version.in_force_from}"
        for rule in rules_of(pack)
        for version in rule.versions
        if version.in_force_from
        not in (
            days := {
                r.trigger for r in own if r.rule == rule.id and rule.in_force(r.trigger) is version
            }
        )
        or len(days) < 2
    ]

    assert [] == wanting


@each("pack", PACKS)
def test_every_change_of_law_has_rows_before_on_and_after(pack: str) -> None:
    """Each change of law has rows for the day before, the day itself and later."""
    own = [row for row in ROWS if row.pack == pack]
    triggers = {(row.rule, row.trigger) for row in own}
    missing = []
    for rule in rules_of(pack):
        for version in sorted(rule.versions, key=lambda one: one.in_force_from)[1:]:
            begins = version.in_force_from
            for name, found in (
                ("the day before", (rule.id, begins - timedelta(days=1)) in triggers),
                ("the day itself", (rule.id, begins) in triggers),
                ("after", any(row.rule == rule.id and row.trigger > begins for row in own)),
            ):
                if not found:
                    missing.append(f"{rule.id}: {name}, {begins}")

    assert [] == missing


@each("pack", PACKS)
def test_every_heading_is_a_rule(pack: str) -> None:
    """A table under the name of no rule would test nothing."""
    assert {rule.id for rule in rules_of(pack)} == {row.rule for row in ROWS if row.pack == pack}


def test_no_reason_or_trigger_occurs_twice_in_a_table() -> None:
    """Within a table no reason and no trigger occurs twice."""
    reasons = [(row.pack, row.rule, row.why) for row in ROWS]
    triggers = [(row.pack, row.rule, row.trigger) for row in ROWS]

    assert sorted(set(reasons)) == sorted(reasons)
    assert sorted(set(triggers)) == sorted(triggers)


def test_every_row_says_where_it_is_from() -> None:
    """
    A row names a published source, or says that it was counted by hand.

    "Counted twice" means: a day at a time on GOV.UK's bank holidays, and by a library of dates.
    The provision is named beside it.
    """
    assert [] == [row.place for row in ROWS if not PROVENANCE.fullmatch(row.origin)]


def test_nothing_here_is_from_a_file_that_readers_do_not_have() -> None:
    """A reader who checks a row has to find its source."""
    folder = Path(__file__).parent
    files = [*folder.rglob("*.md"), *folder.rglob("*.toml")]

    assert len(files) > 20
    assert [one.name for one in files if _NOT_HERE.search(one.read_text("utf-8"))] == []


def test_a_slip_in_a_weekday_is_found() -> None:
    """A date with the wrong weekday is refused."""
    text = (
        "## cla.review.first\n\n"
        "| became looked after | due | hold by | why this row | from |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| Tue 2026-01-12 | Mon 2026-02-09 | | a slip | hand |\n"
    )

    with pytest.raises(ValueError, match="2026-01-12 is a Mon, not a Tue"):
        read_table(text, "slip.md")
