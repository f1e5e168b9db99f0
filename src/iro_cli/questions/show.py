"""One child: what is open, what was met and whether in time, and why."""

from collections.abc import Mapping
from datetime import date

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.facts.said import timescales_said
from iro_cli.figures.case import Case
from iro_cli.figures.child_part import ChildPart, child_part
from iro_cli.lean import NamedTuple
from iro_cli.obligations.due import Due, NoDateError
from iro_cli.obligations.listing import (
    OUT_OF_TIMESCALE,
    DueRow,
    DueRows,
    Met,
    holders_on,
    responsible,
    soonest_first,
)
from iro_cli.obligations.open import Obligation
from iro_cli.questions.view import View, known_child
from iro_cli.questions.when import verdict, workings

# The time for care proceedings, which a court keeps and an IRO watches.
PROCEEDINGS = "court.proceedings"


class HeldRow(NamedTuple):
    """One obligation of a child, and how it was met; ``None`` where it is open still."""

    row: DueRow
    held: date | None = None
    days_late: int | None = None


def is_too_early(one: HeldRow) -> bool:
    """Say whether what was met was held before it may be: a window has two ends."""
    return one.row.status == OUT_OF_TIMESCALE and not one.days_late


class ChildFile(NamedTuple):
    """
    Everything ``iro show`` says of one child.

    Attributes:
        child: Who.
        iro: The IRO on the day.
        chair: The chair on the day.
        events: The facts.
        open: What is open, soonest first.
        met: What was met, in order of day.
        part: The child's part in reviews and conferences.
        reasons: Why a meeting was booked again, by timescale and the day its clock started.
        drift: How long care proceedings have run, where they are open.
    """

    child: Child
    iro: str | None
    chair: str | None
    events: list[Event]
    open: list[DueRow]
    met: list[HeldRow]
    part: list[ChildPart]
    reasons: Mapping[tuple[str, date | None], str]
    drift: str | None


class Explanation(NamedTuple):
    """Why one date is what it is, or why there is none."""

    row: DueRow
    lines: list[tuple[str, str]]
    advice: list[str]
    due: Due | None = None
    refused: str | None = None


def _met_row(met: Met, case: Case) -> HeldRow:
    row = DueRow(
        child=met.child,
        timescale=met.rule.id,
        title=met.rule.title,
        process=met.rule.process,
        clock_started=met.started,
        due=met.due,
        hold_by=met.hold_by,
        status=met.status,
        days_left=None,
        working_days_left=None,
        booked=None,
        booked_late=False,
        iro=responsible(case.allocations, met.rule.process, met.held),
        team=case.child.team,
        provisional=met.provisional,
        assumed=None,
        rule=met.rule,
    )
    return HeldRow(row, met.held, met.days_late)


def _case_of(view: View, child: str, *, watched_all: bool) -> tuple[Case, DueRows]:
    shown = view.shown(everything=watched_all)
    found = list(view.cases(shown, child, whole=True))
    if not found:
        known = known_child(view.reader, child)
        allocations = view.reader.allocations(child).get(child, [])
        empty = view.no_clocks()
        held = holders_on(allocations, view.as_of)
        return Case(known, [], empty, held, allocations), view.listing(shown)
    return found[0], view.listing(shown)


def show(view: View, child: str, *, watched_all: bool = False) -> tuple[ChildFile, Case]:
    """
    Return one child's facts, what is open and what was met.

    Raises:
        InputRefusedError: The child is unknown.
    """
    view = view.of(known_child(view.reader, child))
    case, listing = _case_of(view, child, watched_all=watched_all)
    bookings = view.reader.bookings(child)
    open_rows = sorted(
        listing.open_rows(case.child, case.clocks.open, case.events, case.holders, bookings),
        key=soonest_first,
    )
    met = sorted(
        (_met_row(one, case) for one in listing.met_rows(child, case.clocks.met, case.events)),
        key=lambda one: (one.held or date.max, one.row.timescale),
    )
    found = ChildFile(
        case.child,
        case.holders.get((child, "iro")),
        case.holders.get((child, "chair")),
        case.events,
        open_rows,
        met,
        child_part(case.events),
        {
            (one.timescale, one.clock_started): one.reason
            for one in bookings.values()
            if one.child_id == child and one.reason
        },
        drift_of(case, listing),
    )
    return found, case


def drift_of(case: Case, listing: DueRows) -> str | None:
    """
    Say how long care proceedings have run against their limit, or nothing where none are open.

    Args:
        case: The child, with the times that are open.
        listing: The rules and the day.
    """
    rule = listing.catalogue.rules.get(PROCEEDINGS)
    started = case.clocks.spans.get(rule.span or "") if rule else None
    if rule is None or started is None:
        return None
    try:
        due = listing.dates.of(rule, started)
    except NoDateError as error:
        return f"{rule.title}: no date: {error}"
    weeks, days = divmod((listing.as_of - started).days, 7)
    ran = counted(weeks, "week") + (f" and {counted(days, 'day')}" if days else "")
    left = (due.due - listing.as_of).days
    how = f"in {counted(left, 'day')}" if left >= 0 else f"{counted(-left, 'day')} ago"
    return (
        f"{rule.title}: {ran} since the application on {spoken(started)}; the limit is "
        f"{due.version.words()}, which {'ends' if left >= 0 else 'ended'} on {spoken(due.due)}, "
        f"{how}"
    )


def explain(
    view: View, child: str, timescale: str | None = None, *, watched_all: bool = False
) -> tuple[Case, list[Explanation]]:
    """
    Say why each open date of a child is what it is.

    Args:
        view: The store, the rules and the day.
        child: The child.
        timescale: Only this one, by id or in the field's words.
        watched_all: Every timescale, also those that are not shown.

    Raises:
        InputRefusedError: The child is unknown, or the timescale is not open.
    """
    view = view.of(known_child(view.reader, child))
    wanted: tuple[str, ...] = ()
    if timescale is not None:
        rules = view.catalogue.rules
        wanted = timescales_said(timescale, rules) or (view.catalogue.get(timescale).id,)
        shown = all(view.catalogue.is_shown(rules[one]) for one in wanted)
        watched_all = watched_all or not shown
    case, listing = _case_of(view, child, watched_all=watched_all)
    bookings = view.reader.bookings(child)
    opened = listing.opened(case.child, case.clocks.open, case.events, bookings)
    found = [
        _explanation(view, listing, case, one)
        for one in opened
        if not wanted or one.rule.id in wanted
    ]
    if timescale is not None and not found:
        raise InputRefusedError(
            f"{' or '.join(wanted)} is not open for {child} on {spoken_short(view.as_of)}"
            f"{_open_instead(case)}; `iro show {child}` shows what was met"
        )
    return case, sorted(found, key=lambda one: soonest_first(one.row))


def _open_instead(case: Case) -> str:
    names = ", ".join(dict.fromkeys(clock.rule.id for clock in case.clocks.open))
    return f": open are {names}" if names else ": nothing is open"


def _trigger(opened: Obligation, case: Case) -> str:
    """Name the event that a time is counted from."""
    from iro_cli.facts.vocabulary import EVENTS  # noqa: PLC0415 - words, only here

    on, rule = opened.started, opened.clock.rule
    if rule.trigger.booked:
        return "booked meeting"
    names = [one.event for one in case.events if on in (one.on, one.completed_on)]
    wanted = {match.event for match in (*rule.trigger.event, *rule.met_by)}
    name = next((one for one in names if one in wanted), names[0] if names else "")
    return f"{EVENTS[name].title} ({name})" if name else "booked meeting"


def _series(view: View, case: Case, opened: Obligation) -> str | None:
    """Say which day counts for what, where the meeting was held as a series of meetings."""
    rule, day = opened.clock.rule, opened.started
    wanted = {match.event for match in (*rule.trigger.event, *rule.met_by)}
    event = next(
        (
            one
            for one in case.events
            if one.completed_on
            and one.completed_on != one.on
            and one.event in wanted
            and day in (one.on, one.completed_on)
        ),
        None,
    )
    if event is None or event.completed_on is None:
        return None
    first, last = spoken(event.on), spoken(event.completed_on)
    next_from = last if view.catalogue.next_from_completion else first
    return (
        f"held from {first} to {last}: whether it was in time is judged by {first}, its records "
        f"are due from {last}, the next is due from {next_from} (next_review_from in a local "
        "pack says which)"
    )


def _explanation(view: View, listing: DueRows, case: Case, opened: Obligation) -> Explanation:
    row, due = listing.row(case.child, opened, case.holders), opened.due
    if due is None:
        return Explanation(row, [("refused", opened.refusal or "")], [], None, opened.refusal)
    lines = [("started by", _trigger(opened, case)), *workings(due, view.calendar)]
    if opened.assumed:
        lines.insert(1, ("assumed", opened.assumed))
    if row.booked:
        early = due.not_before and row.booked < due.not_before
        late = "; that is TOO LATE" if row.booked_late else "; that is TOO EARLY" if early else ""
        again = opened.booking.reason if opened.booking else None
        why = f"; moved: {again}" if again else ""
        lines.insert(1, ("booked", spoken(row.booked) + late + why))
    series = _series(view, case, opened)
    if series:
        lines.insert(1, ("series", series))
    advice: list[str] = []
    markers = [
        one
        for one in view.catalogue.companions.get(opened.rule.id, ())
        if one.marks and listing.shown.shows(one, opened.started)
    ]
    if markers:
        clock = opened.clock
        advice = verdict([due, *(listing.due(clock, one, case.events) for one in markers)])
    return Explanation(row, lines, advice, due)


def standing(case: Case, view: View) -> str:
    """Say what is going on for a child, in a line."""
    spans = [
        f"{view.catalogue.spans[name].title} since "
        + (spoken_short(since) if since else "a day that is not known")
        for name, since in case.clocks.spans.items()
    ]
    events = counted(len(case.events), "event")
    return f"{'; '.join(spans) or 'no process is open'} ({events})"
