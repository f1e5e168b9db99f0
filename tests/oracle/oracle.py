"""A small, slow model of what is owed to one child, written from the interface alone.

It shares nothing with the program: working days are counted one by one, the bank holidays come
straight from the `holidays` package, and months from `dateutil`.  Where the program keeps chains
of clocks, this model cuts a child's life into periods and looks what was held in each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays
from dateutil.relativedelta import relativedelta

IN_FORCE = date(2011, 4, 1)
LAST_CONFIRMED = date(2028, 12, 31)
ENGLISH = holidays.country_holidays("GB", subdiv="ENG", years=range(2005, 2036))

#: The limit of each timescale, as interface.md section 4 has it: number and unit.
LIMITS: dict[str, tuple[int, str]] = {
    "cla.review.first": (20, "working days"),
    "cla.review.second": (3, "months"),
    "cla.review.subsequent": (6, "months"),
    "cla.review.adjourned": (20, "working days"),
    "cla.review.decisions": (5, "working days"),
    "cla.review.record": (15, "working days"),
    "cla.review.distribution": (20, "working days"),
    "cla.review.care-plan": (10, "working days"),
    "short-break.review.first": (3, "months"),
    "short-break.review.subsequent": (6, "months"),
    "cp.conference.initial": (15, "working days"),
    "cp.conference.review.first": (3, "months"),
    "cp.conference.review.subsequent": (6, "months"),
    "cp.conference.transfer-in": (15, "working days"),
    "cp.core-group.first": (10, "working days"),
    "adoption.review.authorised.first": (3, "months"),
    "adoption.review.authorised.subsequent": (6, "months"),
    "adoption.review.placed.first": (28, "days"),
    "adoption.review.placed.second": (3, "months"),
    "adoption.review.placed.subsequent": (6, "months"),
    "secure.review.first": (1, "months"),
    "secure.review.subsequent": (3, "months"),
    "dispute.resolution": (20, "working days"),
}
#: The timescales that have a version before 1 April 2011 too.
OLDER = ("cla.review.first", "cla.review.second", "cla.review.sub", "adoption", "secure")
RECORDS = {
    "cla.review.decisions": "review.decisions",
    "cla.review.record": "review.record",
    "cla.review.distribution": "review.distributed",
    "cla.review.care-plan": "review.care-plan",
}


class Event(NamedTuple):
    """A row of events.csv."""

    event: str
    on: date
    outcome: str = ""
    section_47: str = ""
    completed_on: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class Obligation:
    """A duty to be met by a day; `held` is None while it is open.

    `no_meeting` says that the wait ended on the day `held`, and that nothing was held.
    """

    timescale: str
    started: date
    due: date | None
    held: date | None = None
    no_meeting: bool = False


@cache
def is_working_day(day: date) -> bool:
    """Say whether a day is neither a Saturday, a Sunday nor a bank holiday in England."""
    return day.weekday() < 5 and day not in ENGLISH


@cache
def due_date(timescale: str, started: date) -> date | None:
    """Count to the last day: the event's day is day 0.  None if no law is in the pack."""
    if started < IN_FORCE and not timescale.startswith(OLDER):
        return None
    number, unit = LIMITS[timescale]
    if timescale == "cla.review.first" and started < IN_FORCE:
        return started + timedelta(weeks=4)  # Review of Children's Cases Regulations 1991
    if unit == "months":
        return started + relativedelta(months=number)
    if unit == "days":
        return started + timedelta(days=number)
    day = started
    while number:
        day += timedelta(days=1)
        if is_working_day(day):
            number -= 1
    return day


def hold_by(day: date) -> date:
    """Find the last working day on or before a day."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def left_out(timescale: str, started: date) -> list[date]:
    """List the bank holidays a count of working days went past."""
    if LIMITS[timescale][1] != "working days":
        return []
    due = due_date(timescale, started)
    length = (due - started).days if due else 0
    days = [started + timedelta(days=n) for n in range(1, length + 1)]
    return [day for day in days if day.weekday() < 5 and day in ENGLISH]


def is_provisional(timescale: str, started: date) -> bool:
    """Say whether the date, or the day to hold it by, needs bank holidays not confirmed yet."""
    due = due_date(timescale, started)
    return due is not None and due > LAST_CONFIRMED


class Period(NamedTuple):
    """A stretch of a process; `stop` is None while it runs."""

    start: date
    stop: date | None

    def holds(self, day: date) -> bool:
        """Say whether a meeting on a day belongs to this stretch."""
        return self.start <= day and (self.stop is None or day <= self.stop)


def dates(events: Iterable[Event], *names: str) -> list[date]:
    """List the days of some events, in order."""
    return sorted(e.on for e in events if e.event in names)


def earliest(*days: date | None) -> date | None:
    """Return the first of some days, without those that are None."""
    return min((day for day in days if day is not None), default=None)


def periods(starts: Sequence[date], ends: Sequence[date], birthday: date | None) -> list[Period]:
    """Cut a process into stretches: each start runs to the first end, next start or birthday.

    An end on the day of a later start belongs to the stretch before it.
    """
    found: list[Period] = []
    unused = list(ends)
    for number, start in enumerate(starts):
        following = starts[number + 1] if number + 1 < len(starts) else None
        mine = [end for end in unused if end >= start and (following is None or end <= following)]
        stop = mine[0] if mine else None
        for end in mine:
            unused.remove(end)
        if birthday is None or start < birthday:
            found.append(Period(start, earliest(stop, birthday)))
    return found


def chain(period: Period, held: Iterable[date], names: Sequence[str]) -> list[Obligation]:
    """Follow meeting after meeting; the last of the names repeats."""
    found: list[Obligation] = []
    started = period.start
    step = 0
    for day in sorted(held):
        if period.holds(day):
            name = names[min(step, len(names) - 1)]
            found.append(Obligation(name, started, due_date(name, started), day))
            started = day
            step += 1
    if period.stop is None:
        name = names[min(step, len(names) - 1)]
        found.append(Obligation(name, started, due_date(name, started)))
    return found


def placements(events: Sequence[Event], birthday: date | None) -> list[Period]:
    """Return the stretches in which a child is placed for adoption; they end with care."""
    ends = dates(events, "adoption.end", "adoption.returned", "cla.end")
    return periods(dates(events, "adoption.placed"), ends, birthday)


def outside(
    due: date | None, started: date, held: date | None, placed: Iterable[Period]
) -> date | None:
    """Remove a date on which the child was placed for adoption, when no review was owed."""
    for period in placed:
        if held and held <= period.start or period.stop is None or period.stop <= started:
            continue
        if due and period.start <= due < period.stop:
            return None
    return due


def within(day: date, placed: Iterable[Period]) -> bool:
    """Say whether a meeting on a day is held while the child is placed for adoption.

    On the day of placement it comes before it, on the day of return before that.
    """
    return any(p.start < day and (p.stop is None or day <= p.stop) for p in placed)


def looked_after(events: Sequence[Event], birthday: date | None, as_of: date) -> list[Obligation]:
    """Reviews of a looked-after child, which stand still while it is placed for adoption."""
    found: list[Obligation] = []
    names = ("cla.review.first", "cla.review.second", "cla.review.subsequent")
    placed = placements(events, birthday)
    still = any(p.stop is None for p in placed)
    for period in periods(dates(events, "cla.start"), dates(events, "cla.end"), birthday):
        started, step = period.start, 0

        def owed(name: str, started: date, held: date | None = None) -> Obligation:
            due = outside(due_date(name, started), started, held, placed)
            return Obligation(name, started, due, held)

        # A review on the day on which care ended and began again was one of the care that ended.
        again = period.start in dates(events, "cla.end")
        meetings = {
            day
            for day in dates(events, "cla.review")
            if period.holds(day) and not (again and day == period.start)
        }
        moving = {day for day in dates(events, "adoption.review") if within(day, placed)}
        for day in sorted(meetings | {day for day in moving if period.holds(day)}):
            if not within(day, placed):
                found.append(owed(names[min(step, 2)], started, day))
            started, step = day, step + 1
        if period.stop is None and not still:
            found.append(owed(names[min(step, 2)], started))
        found += adjourned(events, period, placed, as_of)
    return found


def adjourned(
    events: Sequence[Event], period: Period, placed: Sequence[Period], as_of: date
) -> list[Obligation]:
    """Adjourned reviews: once only, and resumed by a later meeting or the end of a series."""
    name = "cla.review.adjourned"
    found: list[Obligation] = []
    running: date | None = None
    series: tuple[date, date] | None = None

    def owed(started: date, held: date | None = None) -> Obligation:
        return Obligation(
            name, started, outside(due_date(name, started), started, held, placed), held
        )

    order = {name: 0, "cla.review": 1, "adoption.review": 1}
    waiting = sorted(
        (e for e in events if e.event in order and period.holds(e.on)),
        key=lambda e: (e.on, order[e.event]),
    )
    while waiting:
        e = waiting.pop(0)
        # A review that resumes an adjourned one, and is adjourned itself, first resumes the other.
        if e.event == name and running and running < e.on:
            later = [r for r in waiting if (r.event, r.on) == ("cla.review", e.on)]
            if later:
                waiting.insert(waiting.index(later[-1]) + 1, e)
                e = waiting.pop(0)
        complete = e.completed_on
        if complete is not None and not e.on < complete <= as_of:
            complete = None
        if e.event == name:
            if series and series[0] <= e.on < series[1]:
                found.append(owed(e.on, series[1]))
            else:
                running = running or e.on
        elif within(e.on, placed):
            running = None
        elif e.event == "cla.review":
            if running == e.on and complete:
                found.append(owed(running, complete))
                running = None
            elif running and running < e.on:
                found.append(owed(running, e.on))
                running = None
            series = (e.on, complete) if complete else series
    if running and period.stop is None and not any(p.stop is None for p in placed):
        found.append(owed(running))
    return found


def review_records(events: Sequence[Event], as_of: date) -> list[Obligation]:
    """The written decisions, the record and its distribution, after each looked-after review.

    They stay owed when care ends: they are of a meeting that took place.
    """
    found: list[Obligation] = []
    reviews = sorted((e for e in events if e.event == "cla.review"), key=lambda e: e.on)
    for name, record in RECORDS.items():
        for review in reviews:
            started = review.completed_on or review.on
            if started > as_of:
                continue
            meets = []
            for e in events:
                if e.event != record or e.on < review.on:
                    continue
                last = max(r.on for r in reviews if r.on <= e.on)
                if date.fromisoformat(e.reference or last.isoformat()) == review.on:
                    meets.append(e.on)
            found.append(
                Obligation(name, started, due_date(name, started), min(meets, default=None))
            )
    return found


def child_protection(events: Sequence[Event], birthday: date | None) -> list[Obligation]:
    """Conferences and the first core group, by walking through the days."""
    found: list[Obligation] = []
    running: dict[str, date] = {}
    on_plan = False
    order = ("cp.strategy", "cp.transfer-in.notified", "cp.conference", "cp.core", "cp.plan")

    def in_turn(of_day: list[Event]) -> list[Event]:
        """Order the events of a day; what starts a clock that ends on it comes after that end."""
        names = {e.event for e in of_day}
        ends = {"cp.conference.initial", "cp.conference.not-required"}
        ends |= {"cp.conference.review"} if on_plan else set()
        after = set[str]()
        # The conference that ends a plan belongs to no enquiry that begins on that day.
        over = on_plan and any(
            (e.event, e.outcome) == ("cp.conference.review", "end") for e in of_day
        )
        if "cp.conference.initial" in running and names & ends:
            after.add("cp.strategy")
        if "cp.conference.transfer-in" in running and "cp.conference.transfer-in" in names:
            after.add("cp.transfer-in.notified")

        def rank(event: Event) -> float:
            if over and event.event == "cp.strategy":
                return 10
            if event.event in after:
                return 2.5
            return next((n for n, start in enumerate(order) if event.event.startswith(start)), 9)

        return sorted(of_day, key=rank)

    def meet(name: str, day: date, *, no_meeting: bool = False) -> None:
        if name in running:
            started = running.pop(name)
            found.append(Obligation(name, started, due_date(name, started), day, no_meeting))

    by_day = [[e for e in events if e.on == on] for on in sorted({e.on for e in events})]
    for e in (e for of_day in by_day for e in in_turn(of_day)):
        if birthday is not None and e.on >= birthday:
            break
        match e.event:
            case "cp.strategy" if e.section_47 != "no":
                running.setdefault("cp.conference.initial", e.on)
            case "cp.transfer-in.notified":
                running.setdefault("cp.conference.transfer-in", e.on)
            case "cp.conference.not-required":
                meet("cp.conference.initial", e.on, no_meeting=True)
            case "cp.conference.initial" | "cp.conference.transfer-in":
                meet(e.event, e.on)
                if e.outcome != "no-plan":
                    on_plan = True
                    running["cp.conference.review.first"] = e.on
                    if e.event == "cp.conference.initial":
                        running["cp.core-group.first"] = e.on
            case "cp.conference.review":
                if on_plan:
                    meet("cp.conference.initial", e.on)
                meet("cp.conference.review.first", e.on)
                meet("cp.conference.review.subsequent", e.on)
                if e.outcome == "end":
                    on_plan = False
                    running.clear()
                else:
                    running["cp.conference.review.subsequent"] = e.on
            case "cp.core-group":
                meet("cp.core-group.first", e.on)
            case "cp.plan.end":
                on_plan = False
                running.clear()
    if birthday is None:
        found += [Obligation(name, on, due_date(name, on)) for name, on in running.items()]
    return found


def adoption(events: Sequence[Event], birthday: date | None) -> list[Obligation]:
    """Reviews under the adoption regulations; a `cla.review` serves until the child is placed."""
    found: list[Obligation] = []
    ends = dates(events, "adoption.end", "cla.end")
    placed = dates(events, "adoption.placed")
    own = dates(events, "adoption.review")
    stem = "adoption.review.authorised"
    for span in periods(dates(events, "adoption.authorised"), sorted(ends + placed), birthday):
        held = own + dates(events, "cla.review")
        found += chain(span, set(held), (f"{stem}.first", f"{stem}.subsequent"))
    stem = "adoption.review.placed"
    for span in placements(events, birthday):
        found += chain(span, own, (f"{stem}.first", f"{stem}.second", f"{stem}.subsequent"))
    return found


def simple(events: Sequence[Event], birthday: date | None, process: str) -> list[Obligation]:
    """List secure accommodation or short breaks: a start, reviews, an end."""
    found: list[Obligation] = []
    starts, ends = dates(events, f"{process}.start"), dates(events, f"{process}.end")
    if process == "secure":  # it cannot be without care
        ends = sorted(ends + dates(events, "cla.end"))
    names = (f"{process}.review.first", f"{process}.review.subsequent")
    for span in periods(starts, ends, birthday):
        found += chain(span, dates(events, f"{process}.review"), names)
    return found


def disputes(events: Sequence[Event], birthday: date | None) -> list[Obligation]:
    """Disputes, each resolved by the event of the same reference.

    One that was raised before the eighteenth birthday stays owed after it; none begins then.
    """
    name = "dispute.resolution"
    found: list[Obligation] = []
    for e in events:
        if e.event == "dispute.raised" and (birthday is None or e.on < birthday):
            resolved = [
                r.on
                for r in events
                if r.event == "dispute.resolved" and r.reference == e.reference and r.on >= e.on
            ]
            found.append(Obligation(name, e.on, due_date(name, e.on), min(resolved, default=None)))
    return found


def obligations(
    events: Iterable[Event], date_of_birth: date | None, as_of: date
) -> tuple[list[Obligation], list[Obligation]]:
    """List what is open and what was met for one child on the as-of day."""
    known = [e for e in events if e.on <= as_of]
    birthday = None
    if date_of_birth is not None:
        birthday = date_of_birth + relativedelta(years=18)
        if (date_of_birth.month, date_of_birth.day) == (2, 29):
            birthday += timedelta(days=1)  # eighteen at the start of 1 March
    if birthday is not None and birthday > as_of:
        birthday = None
    everything = [
        *looked_after(known, birthday, as_of),
        *review_records(known, as_of),
        *child_protection(known, birthday),
        *adoption(known, birthday),
        *simple(known, birthday, "secure"),
        *simple(known, birthday, "short-break"),
        *disputes(known, birthday),
    ]
    return (
        sorted((o for o in everything if o.held is None), key=repr),
        sorted((o for o in everything if o.held is not None), key=repr),
    )


def never_met(
    events: Iterable[Event], date_of_birth: date | None, as_of: date
) -> list[tuple[Obligation, date]]:
    """List what was open once and is now neither open nor met, with the day it came to an end."""
    known = sorted((e for e in events if e.on <= as_of), key=lambda e: e.on)
    still_open, met = obligations(known, date_of_birth, as_of)
    told = {(o.timescale, o.started) for o in (*still_open, *met)}
    days = {e.on for e in known}
    if date_of_birth is not None:
        grown = date_of_birth + relativedelta(years=18)
        days |= {day for day in (grown, grown + timedelta(days=1)) if day <= as_of}
    found: dict[tuple[str, date], tuple[Obligation, date]] = {}
    for day in sorted(days):
        before = [e for e in known if e.on < day]
        for o in obligations(before, date_of_birth, day - timedelta(days=1))[0]:
            if (o.timescale, o.started) not in told:
                found[o.timescale, o.started] = (o, day)
    return list(found.values())


def fell_due(
    events: Sequence[Event], date_of_birth: date | None, as_of: date, first: date
) -> list[tuple[Obligation, bool]]:
    """List what fell due from a day to the as-of day, held or not, and whether it was in time."""
    still_open, met = obligations(events, date_of_birth, as_of)
    conferences = {
        e.on for e in events if e.event in ("cp.conference.initial", "cp.conference.review")
    }
    found = [
        (o, o.held is not None and o.due is not None and o.held <= o.due)
        for o in met
        # Enquiries that end without a conference owe none.
        if o.timescale != "cp.conference.initial" or o.held in conferences
    ]
    found += [(o, False) for o in still_open if o.due is not None and o.due < as_of]
    found += [
        (o, False)
        for o, day in never_met(events, date_of_birth, as_of)
        if o.due is not None and o.due < day
    ]
    return [(o, in_time) for o, in_time in found if o.due and first <= o.due <= as_of]
