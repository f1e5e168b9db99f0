"""
Whole cases: what was recorded about a child, and what is then open and met.

A file holds ``why``, ``facts`` and, for each of several days, what is open
there as ``[timescale, clock started, due, status]`` and what was met so far
as ``[timescale, held, days late]``, with ``"too early"`` after it for what was
held before its window.  ``"-"`` stands for a day that cannot be given.
Optional are ``nation``, where it is not England; ``born``; ``watched``, the timescales and groups that are turned on;
``pack``, a file of local rules in ``packs`` or in ``examples/packs``; ``bookings``; and ``findings``, what
has to be said of the facts, as ``[kind, day, refused by record or not]``.
"""

import tomllib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from iro_cli import library
from iro_cli.dates.working import WorkingCalendar
from iro_cli.facts.model import Booking, Bookings, Child, Event
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.findings import findings_of
from iro_cli.obligations.listing import OUT_OF_TIMESCALE, DueRows, soonest_first
from running import each

HERE = Path(__file__).parent / "cases"
PACKS = Path(__file__).parent / "packs"
SHIPPED = Path(__file__).parents[2] / "examples" / "packs"
FILES = sorted(HERE.glob("*.toml"))
Order = Callable[[Sequence[Event]], list[Event]]
Written = list[list[object]]


def read(path: Path) -> dict[str, Any]:
    """Read a case."""
    return {"file": path.stem, **tomllib.loads(path.read_text("utf-8"))}


DAYS = [(case, day) for case in map(read, FILES) for day in case["days"]]


# A new rule that no case names yet does not make older cases fail.
NAMED = {str(timescale) for _, day in DAYS for timescale, *_ in (*day["open"], *day["met"])}


@cache
def rules(pack: str | None = None, nation: str = "england") -> Catalogue:
    """Return the rules of a case's nation, with a local pack if it has one."""
    if pack is None:
        return library.catalogue(nation)
    own = PACKS / pack
    return library.catalogue("england", [own if own.exists() else SHIPPED / pack])


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    """Return the bank holidays of England and Wales."""
    return library.calendar("england-and-wales")


def as_entered(facts: Sequence[Event]) -> list[Event]:
    """Keep the facts of one day in the order of the file."""
    return sorted(facts, key=lambda one: one.on)


def last_entered_first(facts: Sequence[Event]) -> list[Event]:
    """Turn the facts of one day round."""
    turned = list(reversed(facts))
    turned.sort(key=lambda one: one.on)
    return turned


def _facts_by(case: dict[str, Any], day: dict[str, Any]) -> list[Event]:
    """Return the facts of a case that are known on a day, in the file's order."""
    return [Event(**fact) for fact in case["facts"] if fact["on"] <= day["as_of"]]


def _turns_round(case: dict[str, Any], day: dict[str, Any]) -> bool:
    """Say whether a day's facts can be entered in two orders."""
    facts = _facts_by(case, day)
    return as_entered(facts) != last_entered_first(facts)


def bookings_of(case: dict[str, Any], child: str, as_of: date) -> Bookings:
    """Return the meetings that were booked by a day."""
    found = [
        Booking(child, one["timescale"], one["clock_started"], one["on"])
        for one in case.get("bookings", [])
        if one["made_on"] <= as_of
    ]
    return {(one.child_id, one.timescale, one.clock_started): one for one in found}


def derive(
    case: dict[str, Any], as_of: date, order: Order, calendar: WorkingCalendar
) -> tuple[Written, Written]:
    """Return what is open and what was met on a day, as the files write it."""
    facts = [Event(**fact) for fact in case["facts"] if fact["on"] <= as_of]
    events = order(facts)
    england = rules(case.get("pack"), case.get("nation", "england"))
    child = Child("CH-001", date_of_birth=case.get("born"))
    watched = [one for name in case.get("watched", []) for one in england.group(name)]
    shown = Watchlist(england, dict.fromkeys(watched, date.min))
    clocks = Engine(england, shown.wanted()).run(events, as_of=as_of, born=child.date_of_birth)
    listing = DueRows(england, calendar, shown, as_of=as_of, horizon=as_of + timedelta(days=28))
    bookings = bookings_of(case, child.child_id, as_of)
    rows = sorted(
        listing.open_rows(child, clocks.open, events, bookings=bookings), key=soonest_first
    )
    opened: Written = [
        [row.timescale, row.clock_started or "-", row.due or "-", row.status]
        for row in rows
        if row.timescale in NAMED
    ]
    met: Written = []
    for one in listing.met_rows(child.child_id, clocks.met, events):
        if one.rule.id not in NAMED:
            continue
        early = one.days_late == 0 and one.status == OUT_OF_TIMESCALE
        met.append([one.rule.id, one.held, one.days_late, *(["too early"] if early else [])])
    return opened, sorted(met, key=lambda one: (str(one[1]), str(one[0])))


def _case_and_day(row: tuple[dict[str, Any], dict[str, Any]]) -> str:
    return f"{row[0]['file']} on {row[1]['as_of']}"


@each("case, day", DAYS, name=_case_and_day)
def test_what_is_open_and_what_was_met(
    case: dict[str, Any], day: dict[str, Any], calendar: WorkingCalendar
) -> None:
    """Open and met clocks, and how late they were met, are as worked out by hand."""
    opened, met = derive(case, day["as_of"], as_entered, calendar)

    assert day["open"] == opened
    assert sorted(day["met"], key=lambda one: (str(one[1]), one[0])) == met


@each("case, day", [row for row in DAYS if _turns_round(*row)], name=_case_and_day)
def test_the_order_within_a_day_changes_nothing(
    case: dict[str, Any], day: dict[str, Any], calendar: WorkingCalendar
) -> None:
    """Facts of one day give the same result in whatever order they were entered."""
    opened, met = derive(case, day["as_of"], last_entered_first, calendar)

    assert day["open"] == opened
    assert sorted(day["met"], key=lambda one: (str(one[1]), one[0])) == met


@each("order", [as_entered, last_entered_first])
@each("case, day", [row for row in DAYS if "findings" in row[1]], name=_case_and_day)
def test_what_is_said_of_the_facts(case: dict[str, Any], day: dict[str, Any], order: Order) -> None:
    """Facts that do not fit are reported, and those that may not be recorded are refused."""
    facts = _facts_by(case, day)
    child = Child("CH-001", date_of_birth=case.get("born"))
    found = findings_of(
        Engine(rules(case.get("pack"), case.get("nation", "england"))),
        child,
        order(facts),
        day["as_of"],
    )

    assert day["findings"] == [[one.kind, one.on, one.blocks] for one in found]


@each("path", FILES, name=lambda path: path.stem)
def test_each_case_is_asked_on_two_days(path: Path) -> None:
    """One day cannot show a change, so each case has two days or more, in order."""
    days = [day["as_of"] for day in read(path)["days"]]

    assert len(days) >= 2
    assert sorted(set(days)) == days


def test_each_case_says_why_it_is_here() -> None:
    """No two cases have the same reason."""
    reasons = [read(path)["why"] for path in FILES]

    assert sorted(set(reasons)) == sorted(reasons)


def test_each_pack_that_ships_is_played() -> None:
    """Every pack of a partnership in the examples has a case."""
    played = {read(path).get("pack") for path in FILES}

    assert {path.name for path in SHIPPED.glob("*.toml")} <= played
