"""The work ahead by month: meetings and records, and who there is to do it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from iro_cli.dates.months import add_months, birthday
from iro_cli.facts.model import Allocation, Child
from iro_cli.figures.case import LOOKED_AFTER, UNALLOCATED, Case
from iro_cli.obligations.ahead import (
    CONFERENCE,
    KINDS,
    OTHER,
    RECORD,
    REVIEW,
    Ahead,
    Forecaster,
    meetings_of,
)
from iro_cli.obligations.listing import responsible
from iro_cli.questions.availability import Availability, availability
from iro_cli.questions.view import View

GROUPS = ("month", "iro", "team", "process")
_WORKING_DAYS_A_WEEK = 5


class AskedForecast(NamedTuple):
    """
    What ``iro forecast`` was asked.

    Attributes:
        months: How many calendar months, the one that has begun included.
        by: One of :data:`GROUPS`.
        held_after: What is overdue and unbooked is taken to be held after so many days.
        hours: How long one review, conference, record or other work takes.
        week: The hours of a full-time week.
        iro: Only this IRO's or chair's, on the day it is expected.
        team: Only this team's.
        process: Only this process.
        watched_all: Every timescale, also those that are not shown.
    """

    months: int = 12
    by: str = "month"
    held_after: int = 0
    hours: Mapping[str, float] = {}
    week: float | None = None
    iro: str | None = None
    team: str | None = None
    process: str | None = None
    watched_all: bool = False


class ForecastRow(NamedTuple):
    """
    One month of the forecast, or one month of one name.

    Attributes:
        name: The IRO, team or process; ``None`` by month.
        month: As ``2026-11``.
        from_: Its first day, or the day it starts from; ``from`` in the listing.
        reviews, conferences, records, other: How many there are of each kind.
        total: How many there are.
        booked: How many of them are booked for the day they are expected.
        children: Looked-after children on that first day.
        iros_least, iros_most: How many full-time IROs guidance asks for them.
        full_time_equivalent: How many there are; by IRO and by month only.
        handbook: ``below``, ``within`` or ``above`` what guidance expects of them.
        hours: What the work takes, where its hours are given.
        hours_available: What there is, absences left out; ``None`` where somebody's
            hours are not known.
    """

    name: str | None
    month: str
    from_: date
    reviews: int
    conferences: int
    records: int
    other: int
    total: int
    booked: int
    children: int
    iros_least: float | None
    iros_most: float | None
    full_time_equivalent: float | None
    handbook: str | None
    hours: float | None
    hours_available: float | None


class Forecast(NamedTuple):
    """
    The forecast.

    Attributes:
        rows: By name and month.
        ahead: Each thing that lies ahead with its IRO or chair and its team, in order.
        until: The last day that was looked at.
        without_date: How many open clocks have no date and are left out.
        late: How many are overdue and not booked, taken to be held as soon as was asked.
        hours_not_known: Who has work in it and no hours recorded; taken as full time.
    """

    rows: list[ForecastRow]
    ahead: list["Placed"]
    until: date
    without_date: int
    late: int
    hours_not_known: list[str]


class Placed(NamedTuple):
    """One thing that lies ahead, whose it is."""

    ahead: Ahead
    iro: str | None
    team: str | None


class _Month(NamedTuple):
    name: str
    first: date
    last: date


def months_from(as_of: date, count: int) -> list[_Month]:
    """Return calendar months, of the first of which the rest is left."""
    begins = as_of.replace(day=1)
    firsts = [add_months(begins, number) for number in range(count + 1)]
    return [
        _Month(f"{first.year}-{first.month:02}", max(first, as_of), after - timedelta(days=1))
        for first, after in pairwise(firsts)
    ]


class _Counts:
    """What is counted while one child after another goes by."""

    def __init__(self, asked: AskedForecast, months: Sequence[_Month]) -> None:
        self.asked, self.months = asked, months
        self.kinds: dict[tuple[str | None, str], Counter[str]] = {}
        self.children: Counter[tuple[str | None, str]] = Counter()
        self.people: dict[str, set[str]] = {month.name: set() for month in months}
        self.ahead: list[Placed] = []
        self.without_date = self.late = 0

    def wants(self, iro: str | None, team: str | None, process: str) -> bool:
        asked = self.asked
        return all(
            wanted is None or (value or UNALLOCATED).casefold() == wanted.casefold()
            for wanted, value in ((asked.iro, iro), (asked.team, team), (asked.process, process))
        )

    def name(self, iro: str | None, team: str | None, process: str) -> str | None:
        named = {"month": None, "iro": iro or UNALLOCATED, "team": team or UNALLOCATED}
        return named.get(self.asked.by, process)

    def add(self, placed: Placed) -> None:
        one = placed.ahead
        month = f"{one.expected.year}-{one.expected.month:02}"
        key = self.name(placed.iro, placed.team, one.process), month
        self.kinds.setdefault(key, Counter()).update([one.kind, *["booked"] * one.booked])
        self.ahead.append(placed)

    def add_child(
        self, case: Case, allocations: Sequence[Allocation], ends_on: date | None
    ) -> None:
        team = case.child.team
        for month in self.months:
            if ends_on is not None and ends_on <= month.first:
                return
            iro = responsible(allocations, LOOKED_AFTER, month.first)
            if self.wants(iro, team, LOOKED_AFTER):
                self.children[self.name(iro, team, LOOKED_AFTER), month.name] += 1
                if iro:
                    self.people[month.name].add(iro)


def forecast(view: View, asked: AskedForecast) -> Forecast:
    """
    Carry every open chain forward, and count what there is to hold in each month.

    Args:
        view: The store, the rules and the day.
        asked: How far, and by what.

    Raises:
        CalendarEndsError: The bank holidays are not known that far ahead.
    """
    shown = view.shown(everything=asked.watched_all)
    openings, engines = view.listing(shown), view.engines(shown)
    months = months_from(view.as_of, asked.months)
    until = months[-1].last

    @cache
    def forecaster(nation: str | None) -> Forecaster:
        child = Child("", nation=nation)
        return Forecaster(
            openings.of(child),
            engines.of(child),
            view.calendar,
            as_of=view.as_of,
            until=until,
            held_after=asked.held_after,
        )

    counts = _Counts(asked, months)
    only = view.among(iros=(asked.iro,) if asked.iro else (), team=asked.team)
    bookings, allocations = view.reader.bookings(only), view.reader.allocations(only)
    for case in view.cases(shown, only, keep_met=False):
        child, of_child = case.child, allocations.get(case.child.child_id, ())
        opened = meetings_of(openings, child, case.clocks.open, case.events, bookings)
        for meeting in opened:
            iro = responsible(of_child, meeting.process, view.as_of)
            if counts.wants(iro, child.team, meeting.process):
                counts.without_date += meeting.due is None
                waits = meeting.booked is None or meeting.booked < view.as_of
                counts.late += waits and meeting.due is not None and meeting.due < view.as_of
        if any(meeting.process == LOOKED_AFTER for meeting in opened):
            born, age = child.date_of_birth, engines.of(child).age
            counts.add_child(case, of_child, birthday(born, age) if born and age else None)
        for one in forecaster(child.nation).ahead(child, case.events, case.clocks.open, bookings):
            iro = responsible(of_child, one.process, one.expected)
            if counts.wants(iro, child.team, one.process):
                counts.add(Placed(one, iro, child.team))
    counts.ahead.sort(key=lambda one: (one.ahead.expected, one.ahead.child, one.ahead.timescale))
    return _totals(counts, view, availability(view), until)


def _totals(counts: _Counts, view: View, there: Availability, until: date) -> Forecast:
    everybody = {one.iro for one in counts.ahead if one.iro}
    everybody.update(*counts.people.values())
    names: set[str | None] = {name for name, _ in (*counts.kinds, *counts.children)}
    ordered = sorted(
        names, key=lambda name: (name == UNALLOCATED, (name or "").casefold(), name or "")
    )
    if counts.asked.by == "month":
        ordered = [None]
    rows = [
        _row(counts, view, there, month, name, everybody)
        for name in ordered
        for month in counts.months
    ]
    unknown = [
        name for name in sorted(everybody) if there.full_time_equivalent(name, view.as_of) is None
    ]
    return Forecast(rows, counts.ahead, until, counts.without_date, counts.late, unknown)


def _row(
    counts: _Counts,
    view: View,
    there: Availability,
    month: _Month,
    name: str | None,
    everybody: set[str],
) -> ForecastRow:
    asked = counts.asked
    of_kind = counts.kinds.get((name, month.name), Counter())
    children = counts.children[name, month.name]
    guidance = view.catalogue.caseload
    has_children = asked.by != "process" or name == LOOKED_AFTER
    least = most = in_post = None
    if guidance and has_children:
        least, most = children / guidance.highest, children / guidance.lowest
    hours_available = None
    if asked.by in ("month", "iro"):
        holding = [name] if asked.by == "iro" and name else sorted(counts.people[month.name])
        in_post = sum(_in_post(there, one, month.first) for one in holding if one != UNALLOCATED)
        working = holding if asked.by == "iro" else sorted(everybody)
        hours_available = _hours(there, working, month, asked.week)
    verdict = None
    if least is not None and most is not None and in_post and children:
        verdict = "above" if in_post < least else "below" if in_post > most else "within"
    return ForecastRow(
        name,
        month.name,
        month.first,
        of_kind[REVIEW],
        of_kind[CONFERENCE],
        of_kind[RECORD],
        of_kind[OTHER],
        sum(of_kind[kind] for kind in KINDS),
        of_kind["booked"],
        children,
        _rounded(least),
        _rounded(most),
        _rounded(in_post),
        verdict,
        _rounded(sum(asked.hours.get(kind, 0) * of_kind[kind] for kind in KINDS))
        if asked.hours
        else None,
        _rounded(hours_available),
    )


def _in_post(there: Availability, name: str, on: date) -> float:
    """Return a person's hours, full time where they are not known."""
    found = there.full_time_equivalent(name, on)
    return 1.0 if found is None else found


def _hours(
    there: Availability, names: Sequence[str], month: _Month, week: float | None
) -> float | None:
    """Return the hours that people have in a month, or ``None`` where they are not known."""
    if week is None or UNALLOCATED in names:
        return None
    total = 0.0
    for name in names:
        share = there.full_time_equivalent(name, month.first)
        if share is None:
            return None
        days = there.days_there(name, month.first, month.last)
        total += share * week / _WORKING_DAYS_A_WEEK * days
    return total


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
