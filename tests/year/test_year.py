"""Twelve months of one IRO with sixty children, compared each morning with another count.

The scenario keeps its own memory of what it did; `oracle.py` works out from that, and from
interface.md and the statute alone, what is due.  Nothing of the program's engine is used for it.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli.commands import COMMANDS, GROUPS
from year.children import ADA, BEN
from year.office import Office
from year.oracle import ALWAYS, BEFORE, MATTERS, SINGLES, expected, key
from year.scenario import LOCAL, RECORDS, Year

SEED = 20251122
FIELDS = [
    "child",
    "timescale",
    "clock_started",
    "due",
    "hold_by",
    "status",
    "days_left",
    "working_days_left",
    "booked",
    "booked_late",
    "iro",
    "team",
    "assumed",
]
#: The commands that issue 4 names, and those without which its points cannot be done.
NAMED = [
    "due",
    "overdue",
    "show",
    "explain",
    "caseload",
    "forecast",
    "align",
    "suggest",
    "record",
    "dispute",
    "undo",
    "history",
    "child",
    "allocate",
    "hand-over",
    "person",
    "absence",
    "audit",
    "book",
    "unbook",
    "import",
    "timescales",
    "watch",
    "report",
    "calendar",
]
#: Events that the random diary must have brought about.
HAPPENED = {
    "booked late", "booked on a Saturday", "cancelled", "adjourned", "inquorate",
    "a series of meetings", "cp.conference.initial no-plan", "cp.conference.review end",
    "cla.review late",
}  # fmt: skip
#: Every timescale was open on some morning: those that are always shown, and those turned on.
OPEN_ONCE = ALWAYS | LOCAL | set(BEFORE) | {one.timescale for one in SINGLES} | set(MATTERS)
OPEN_ONCE |= {*RECORDS, "cp.core-group.first"}
OPEN_ONCE |= {"plans.health.under-five", "plans.health.from-five"}
OPEN_ONCE |= {"visits.placement.first", "visits.placement.next", "cla.review.care-plan"}
OPEN_ONCE -= {"cla.review.first.28-days"}
SHOWN = ("overdue", "due-today", "due-soon", "refused")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a new folder, with a store and nothing else set."""
    for name in ("IRO_NATION", "IRO_PACKS", "IRO_AS_OF"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the compared fields; of an assumption, whether there was one."""
    kept = [{name: row[name] for name in FIELDS} for row in rows]
    for row in kept:
        row["assumed"] = bool(row["assumed"])
    return sorted(kept, key=key)


def difference(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> str:
    """Return the rows that are only in one of the lists."""
    only = [f"  count:   {row}" for row in ours if row not in theirs]
    return "\n".join(only + [f"  program: {row}" for row in theirs if row not in ours])


def caseload(rows: list[dict[str, Any]], name: str) -> dict[str, int]:
    """Count one person's open rows as `iro caseload` does."""
    mine = [row for row in rows if row["iro"] == name]
    by_status = Counter(row["status"] for row in mine)
    return {
        "open": len(mine),
        "overdue": by_status["overdue"],
        "due_28_days": by_status["due-today"] + by_status["due-soon"],
        "unbooked": sum(row["booked"] is None for row in mine),
    }


def compare(year: Year, until: date = date.max) -> tuple[list[date], set[str]]:
    """
    Live to a day, and compare each working day's list.

    Each week the whole list and the caseloads are compared as well, and each month
    everything that there is.

    Returns:
        The mornings that were compared, and every timescale that was open on one.
    """
    office = year.office
    mornings: list[date] = []
    month = 0
    seen: set[str] = set()
    for day in year.mornings():
        if day > until:
            break
        mornings.append(day)
        ours = expected(office.world, day)
        soon = [row for row in ours if row["status"] in SHOWN]
        listed = office.rows("due")
        dates = [row["due"] for row in listed if row["due"]]

        assert difference(soon, plain(listed)) == "", f"{day}, {len(listed)} rows"
        assert len(soon) == len(listed)
        assert dates == sorted(dates)
        if day.weekday() == 0:
            compare_the_week(office, day, ours)
        if day.month != month:
            whole = expected(office.world, day, everything=True)
            theirs = plain(office.rows("due", "--all", "--watched", "all"))
            assert difference(whole, theirs) == "", f"{day}, everything"
            assert len(whole) == len(theirs)
            month = day.month
        seen |= {row["timescale"] for row in ours}
    return mornings, seen


@pytest.mark.slow
def test_every_morning_of_a_month(place: Path) -> None:
    """The first month: 22 working days from Monday 1 September 2025 to Tuesday 30."""
    year = Year(place, SEED)
    mornings, seen = compare(year, until=date(2025, 9, 30))

    assert (len(mornings), mornings[-1]) == (22, date(2025, 9, 30))
    assert len(year.office.world.lives) > 20
    assert len(seen & ALWAYS) >= 7


@pytest.mark.slow
def test_every_morning_of_a_year(place: Path) -> None:
    """Twelve months, in which every planned thing happens."""
    year = Year(place, SEED)
    mornings, seen = compare(year)
    office = year.office

    # 261 Mondays to Fridays, without Christmas, Easter, New Year and four more: 8 bank holidays.
    assert (len(mornings), mornings[-1]) == (261 - 8, date(2026, 8, 28))
    assert len(office.world.lives) == 60
    assert sorted(OPEN_ONCE - seen) == []
    assert [name for name in NAMED if name in {*COMMANDS, *GROUPS} and not office.used[name]] == []
    assert sorted(HAPPENED - year.diary.happened) == []


def compare_the_week(office: Office, day: date, ours: list[dict[str, Any]]) -> None:
    """Compare all that is open, what is overdue, and two people's caseloads."""
    overdue = [row for row in ours if row["status"] == "overdue"]
    counted = {row["name"]: row for row in office.rows("caseload")}

    assert difference(ours, plain(office.rows("due", "--all"))) == "", f"{day}, all"
    assert difference(overdue, plain(office.rows("overdue"))) == "", f"{day}, overdue"
    for name in (ADA, BEN):
        mine = caseload(ours, name)
        if mine["open"]:
            assert {one: counted[name][one] for one in mine} == mine, f"{day}, {name}"
