"""What is due on a morning, from interface.md section 4, issue 4 and the statute.

Nothing of the program is used.  The clocks that stood before issue 4 come from the older oracle;
its looked-after chain is written again here, for adoptions that break down and for reviews of
which an extract says only that they were the latest.

Where interface.md leaves something open, the oracle takes it as follows:

- a row that counts back from a meeting has the day of the meeting for its clock, and is open
  until its own event has happened since the clock of the meeting started;
- halfway is rounded down, to the sooner day;
- a child who came back from adopters goes on from the last review held while it was placed.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from dateutil.relativedelta import relativedelta

from oracle.oracle import (
    ENGLISH,
    LIMITS,
    Event,
    Period,
    adoption,
    child_protection,
    dates,
    disputes,
    due_date,
    periods,
    review_records,
    simple,
)
from year.world import Life, World

#: Bank holidays, which numpy steps over with the weekends.
DAYS_OFF = np.array([day for day in ENGLISH if 2010 < day.year < 2032], dtype="datetime64[D]")
REVIEWS = ("cla.review.first", "cla.review.second", "cla.review.subsequent")
BETWEEN = {
    "cla.review.second": "cla.midway",
    "cla.review.subsequent": "cla.midway",
    "cp.conference.review.first": "cp.midway",
    "cp.conference.review.subsequent": "cp.midway",
}
NEXT = (*REVIEWS[1:], "cla.review.early")
#: What counts back: the clocks whose meeting comes after it, how many days of which kind, and the
#: event that meets it.
BEFORE: dict[str, tuple[tuple[str, ...], int, str, str]] = {
    "cla.review.discussion": (NEXT, 20, "days", "preparation.discussion"),
    "cla.review.consultation": (NEXT, 15, "working days", "preparation.consultation"),
    "cla.review.invitations": ((REVIEWS[0], *NEXT), 10, "days", "preparation.invitations"),
    "cla.review.report": ((REVIEWS[0], *NEXT), 3, "days", "preparation.report"),
    "cla.review.conversation": ((REVIEWS[0], *NEXT), 0, "days", "preparation.conversation"),
    "plans.education.review": (REVIEWS, 0, "days", "education.plan"),
    "testshire.report.initial": (("cp.conference.initial",), 2, "working days", "cp.report"),
    "testshire.report.review": (
        ("cp.conference.review.first", "cp.conference.review.subsequent"),
        5,
        "working days",
        "cp.report",
    ),
}
ALWAYS = frozenset([*LIMITS, "cla.review.early"]) - {
    "cla.review.decisions",
    "cla.review.record",
    "cla.review.distribution",
    "cla.review.care-plan",
    "cp.core-group.first",
}
#: Stops a clock of the looked-after regulations, which also rest while a child is with adopters.
LOOKED_AFTER_ONLY = ("cla.end", "(with adopters)")


class Open(NamedTuple):
    """A duty: `due` is None if no law in the packs answers."""

    timescale: str
    started: date
    due: date | None
    assumed: bool = False


def add(day: date, number: int) -> date:
    """Go a number of working days on or back: the day itself is day 0."""
    roll: Literal["backward", "forward"] = "backward" if number > 0 else "forward"
    offset = np.busday_offset(np.datetime64(day), number, roll=roll, holidays=DAYS_OFF)
    found: date = offset.astype(object)
    return found


def hold_by(day: date) -> date:
    """Find the last working day on or before a day."""
    offset = np.busday_offset(np.datetime64(day), 0, roll="backward", holidays=DAYS_OFF)
    found: date = offset.astype(object)
    return found


@cache
def working_days(first: date, last: date) -> int:
    """Count the working days after one day up to another; negative if it is past."""
    if last < first:
        return -working_days(last, first)
    after, end = np.datetime64(first) + 1, np.datetime64(last) + 1
    return int(np.busday_count(after, end, holidays=DAYS_OFF))


def in_working_days(number: int) -> Callable[[date], date]:
    """Make a limit of working days."""
    return lambda day: add(day, number)


def in_days(number: int) -> Callable[[date], date]:
    """Make a limit of days."""
    return lambda day: day + timedelta(days=number)


def in_months(number: int) -> Callable[[date], date]:
    """Make a limit of calendar months."""
    return lambda day: day + relativedelta(months=number)


class Single(NamedTuple):
    """A clock that one event starts and another meets or stops."""

    timescale: str
    starts: str
    met_by: str
    stops: tuple[str, ...]
    due: Callable[[date], date]


SINGLES = (
    Single("cla.review.first.28-days", "cla.start", "cla.review", LOOKED_AFTER_ONLY,
           lambda day: day + timedelta(days=28)),
    Single("cla.iro.appointed", "cla.start", "iro.appointed", LOOKED_AFTER_ONLY[:1],
           in_working_days(5)),
    Single("plans.care", "cla.start", "plan.care", LOOKED_AFTER_ONLY, in_working_days(10)),
    Single("plans.placement", "placement.start", "plan.placement",
           ("placement.end", "placement.start", *LOOKED_AFTER_ONLY), in_working_days(5)),
    Single("plans.health.first", "cla.start", "health.assessment", LOOKED_AFTER_ONLY,
           in_working_days(20)),
    Single("plans.education.first", "cla.start", "education.plan", LOOKED_AFTER_ONLY,
           in_working_days(10)),
    Single("plans.pathway", "pathway.eligible", "pathway.assessment", ("cla.end",), in_months(3)),
    Single("remand.care-plan", "remand.accommodation", "plan.care",
           ("remand.end", "remand.detention", "cla.end"), in_working_days(5)),
    Single("remand.detention-plan", "remand.detention", "plan.detention",
           ("remand.end", "remand.accommodation", "cla.end"), in_working_days(10)),
    Single("visits.adoption.first", "adoption.placed", "placement.visit",
           ("adoption.review", "adoption.end", "adoption.returned"), in_days(7)),
    Single("cla.review.answer", "review.decisions", "review.answered", (), in_working_days(5)),
    Single("notices.placement", "placement.start", "notice.placement", ("cla.end",),
           in_working_days(5)),
    # Twenty-six weeks beginning with the day of issue, which is day 1.
    Single("court.proceedings", "court.application", "court.order", (),
           lambda day: day + timedelta(weeks=26) - timedelta(days=1)),
    # A window: not before 28 and not after 42 days; `due` is the last of them.
    Single("adoption.review.returned", "adoption.returned", "adoption.review",
           ("cla.end", "adoption.placed"), lambda day: day + timedelta(days=42)),
    Single("testshire.letter", "cp.conference.initial", "cp.letter", (), in_working_days(1)),
)  # fmt: skip
#: Clocks told apart by a reference: what starts them, what meets them, the working days.
MATTERS = {
    "allegation.referral": ("allegation.received", "allegation.referred", 1),
    "testshire.dispute.answer": ("dispute.raised", "dispute.responded", 10),
}


def singles(events: Sequence[Event], birthday: date | None) -> Iterator[Open]:
    """Follow the clocks that run once from each start."""
    elsewhere = any(one.stop is None for one in away(events))
    for one in SINGLES:
        if elsewhere and one.stops[-1:] == LOOKED_AFTER_ONLY[-1:]:
            continue
        for event in events:
            if event.event != one.starts or (birthday is not None and one.stops):
                continue
            after = [e.event for e in events if e.on >= event.on and e != event]
            met = one.met_by in after or f"{one.met_by}.latest" in after
            stopped = any(name in one.stops for name in after)
            if not met and not stopped:
                yield Open(one.timescale, event.on, one.due(event.on))


def matters(events: Sequence[Event]) -> Iterator[Open]:
    """Follow the clocks that a reference tells apart."""
    for timescale, (starts, met_by, number) in MATTERS.items():
        for event in events:
            if event.event == starts and not any(
                e.event == met_by and e.reference == event.reference for e in events
            ):
                yield Open(timescale, event.on, add(event.on, number))


def visits(events: Sequence[Event]) -> Iterator[Open]:
    """A week after a placement of unknown kind, then six weeks after each visit until it ends."""
    begun = dates(events, "placement.start")
    if not begun:
        return
    start = begun[-1]
    ended = dates(events, "placement.end", "adoption.placed")
    if any(day > start for day in ended) or any(day >= start for day in dates(events, "cla.end")):
        return
    made = [day for day in dates(events, "placement.visit") if day >= start]
    name = "visits.placement.next" if made else "visits.placement.first"
    clock = made[-1] if made else start
    yield Open(name, clock, clock + timedelta(weeks=6 if made else 1))


def health(life: Life, events: Sequence[Event], care: Period) -> Iterator[Open]:
    """The next health assessment: six months on before the fifth birthday, then twelve."""
    held = [day for day in dates(events, "health.assessment") if care.holds(day)]
    if held and life.date_of_birth and care.stop is None:
        fifth = life.date_of_birth + relativedelta(years=5)
        young = held[-1] < fifth
        name = "plans.health.under-five" if young else "plans.health.from-five"
        yield Open(name, held[-1], held[-1] + relativedelta(months=6 if young else 12))


def away(events: Sequence[Event]) -> list[Period]:
    """List the times with adopters, to which the looked-after regulations do not apply."""
    ends = dates(events, "adoption.returned", "adoption.end")
    return periods(dates(events, "adoption.placed"), ends, None)


def reviews(events: Sequence[Event], care: Period) -> Iterator[Open]:
    """The next looked-after review, an adjourned one, and one requested early."""
    placed = away(events)
    if care.stop is not None or any(one.stop is None for one in placed):
        return
    started, step, assumed = care.start, 0, False
    adjourned: date | None = None
    asked: Event | None = None
    order = ("adoption.review", "cla.review.latest", "cla.review")
    for event in sorted(events, key=lambda e: (e.on, e.event in order)):
        if not care.holds(event.on):
            continue
        elsewhere = any(one.start < event.on and event.on <= one.stop for one in placed if one.stop)
        if event.event == "cla.review" or (event.event == "adoption.review" and elsewhere):
            started, step, assumed = event.on, step + (event.event == "cla.review"), False
            adjourned = asked = None
        elif event.event == "cla.review.latest" and event.on > started:
            first = due_date(REVIEWS[0], care.start)
            second = first + relativedelta(months=3) if first else None
            # After the second was due it was a later one; else work to the sooner date.
            step = 2 if second is not None and event.on > second else 1
            started, assumed, adjourned, asked = event.on, True, None, None
        elif event.event == "cla.review.adjourned":
            adjourned = adjourned or event.on
        elif event.event == "cla.review.requested":
            asked = event
    name = REVIEWS[min(step, 2)]
    yield Open(name, started, due_date(name, started), assumed)
    if adjourned:
        yield Open("cla.review.adjourned", adjourned, add(adjourned, 20))
    if asked:
        yield Open("cla.review.early", asked.on, date.fromisoformat(asked.reference))


def came_of_age(life: Life, as_of: date) -> date | None:
    """Return the eighteenth birthday once it has come."""
    if life.date_of_birth is None:
        return None
    birthday = life.date_of_birth + relativedelta(years=18)
    return birthday if birthday <= as_of else None


def owed(life: Life, as_of: date) -> list[Open]:
    """List what is open for one child, turned on or not."""
    events = [event for event in life.events if event.on <= as_of]
    birthday = came_of_age(life, as_of)
    # A plan whose conference is not recorded is counted from its start.
    conferences = [
        e._replace(event="cp.conference.transfer-in") if e.event == "cp.plan.start" else e
        for e in events
    ]
    # Coming back ends the placement, as an order does.
    placements = [
        e._replace(event="adoption.end") if e.event == "adoption.returned" else e for e in events
    ]
    found = [
        Open(one.timescale, one.started, one.due, _taken(one.started, events))
        for one in child_protection(conferences, birthday)
        if one.held is None
    ]
    for chain in (
        review_records(events, as_of),
        adoption(placements, birthday),
        simple(events, birthday, "secure"),
        simple(events, birthday, "short-break"),
        disputes(events, birthday),
    ):
        found += [Open(one.timescale, one.started, one.due) for one in chain if one.held is None]
    for care in periods(dates(events, "cla.start"), dates(events, "cla.end"), birthday):
        found += reviews(events, care)
        found += health(life, events, care)
    found += singles(events, birthday)
    if birthday is None:
        found += visits(events)
    found += matters(events)
    for one in list(found):
        if one.timescale in BETWEEN and one.due:
            name = BETWEEN[one.timescale]
            if not any(e.event == name and e.on >= one.started for e in events):
                half = one.started + timedelta(days=(one.due - one.started).days // 2)
                found.append(Open(name, one.started, half, one.assumed))
    return found


def _taken(started: date, events: Sequence[Event]) -> bool:
    """Say whether a clock runs from a plan's start because its conference is missing."""
    return any(e.event == "cp.plan.start" and e.on == started for e in events)


def counted_back(life: Life, one: Open, meeting: date, as_of: date) -> Iterator[Open]:
    """List what has to be done before a booked meeting."""
    for name, (clocks, number, unit, done) in BEFORE.items():
        if one.timescale in clocks and not any(
            e.event == done and one.started <= e.on <= as_of for e in life.events
        ):
            due = meeting - timedelta(days=number) if unit == "days" else add(meeting, -number)
            yield Open(name, meeting, due, one.assumed)


def status(due: date | None, as_of: date) -> str:
    """Name the status of a due date on a day."""
    if due is None:
        return "refused"
    if due <= as_of:
        return "due-today" if due == as_of else "overdue"
    return "due-soon" if (due - as_of).days <= 28 else "later"


def expected(world: World, as_of: date, *, everything: bool = False) -> list[dict[str, Any]]:
    """List what `iro due --all` should say, as rows with the fields of interface.md section 5."""
    rows = []
    for life in world.in_order():
        entries: list[tuple[Open, date | None]] = []
        for one in owed(life, as_of):
            # The marker stands beside the lawful limit, and has its meeting.
            meant = one.timescale.removesuffix(".28-days")
            meeting = world.booked.get((life.name, meant, one.started))
            entries.append((one, meeting))
            if meeting is not None:
                entries += [(back, None) for back in counted_back(life, one, meeting, as_of)]
        for one, meeting in entries:
            since = world.watched.get(one.timescale)
            shown = one.timescale in ALWAYS | world.local or (since and one.started >= since)
            ours = one.timescale.startswith("testshire.") and not world.local
            if (everything and not ours) or shown:
                rows.append(_row(life, one, meeting, as_of))
    return sorted(rows, key=key)


def _row(life: Life, one: Open, meeting: date | None, as_of: date) -> dict[str, Any]:
    """Give an open duty the fields of a row."""
    due = one.due if life.nation == "england" else None
    conference = one.timescale.startswith(("cp.", "testshire.report", "testshire.letter"))
    holder = life.holder("chair", as_of) if conference else None
    return {
        "child": life.name,
        "timescale": one.timescale,
        "clock_started": one.started.isoformat(),
        "due": due and due.isoformat(),
        "hold_by": due and hold_by(due).isoformat(),
        "status": status(due, as_of),
        "days_left": due and (due - as_of).days,
        "working_days_left": due and working_days(as_of, due),
        "booked": meeting and meeting.isoformat(),
        "booked_late": bool(meeting and due and meeting > due),
        "iro": holder or life.holder("iro", as_of),
        "team": life.team,
        "assumed": one.assumed,
    }


def key(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the fields by which rows are sorted."""
    return row["child"], row["timescale"], row["clock_started"]
