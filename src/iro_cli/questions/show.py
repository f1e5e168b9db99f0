"""Answer questions about one child: what is open, what was met and whether in time, and why."""

from collections.abc import Mapping, Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.facts.people import Absence
from iro_cli.facts.said import timescales_said
from iro_cli.figures.case import Case
from iro_cli.figures.child_part import ChildPart, child_part
from iro_cli.figures.ending import Ending, ending_of
from iro_cli.figures.gaps import Gap, gaps_of
from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
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
from iro_cli.obligations.reasons import Refusal
from iro_cli.questions.naming import why_nothing_is_open
from iro_cli.questions.view import View, known_child

# The time for care proceedings, which a court keeps and an IRO watches.
PROCEEDINGS = "court.proceedings"


class HeldRow(NamedTuple):
    """
    One obligation of a child and, if it was met, how.

    Attributes:
        row: The obligation.
        held: The day on which its meeting was held; ``None`` if it is open or none was held.
        days_late: How many days late it was held.
        not_required_on: The day of the decision that no meeting is required, if there was one.
    """

    row: DueRow
    held: date | None = None
    days_late: int | None = None
    not_required_on: date | None = None


def is_too_early(one: HeldRow) -> bool:
    """Say whether a meeting was held before the first day of its window."""
    return one.row.status == OUT_OF_TIMESCALE and not one.days_late


class Drift(NamedTuple):
    """
    How long care proceedings have run.

    Attributes:
        rule: The rule with their limit.
        started: The day of the application.
        due: When they are due to end; ``None`` if no date can be given.
        said: Why no date can be given.
    """

    rule: Rule
    started: date
    due: Due | None
    said: str


class ChildFile(NamedTuple):
    """
    Everything that ``iro show`` says about one child.

    Attributes:
        child: The child.
        iro: The IRO on the day.
        chair: The chair on the day.
        events: The facts.
        open: What is open, soonest first.
        met: What was met, in order of day.
        part: The child's part in reviews and conferences.
        reasons: Why a meeting was booked again, by timescale and the day its clock started.
        drift: How long care proceedings have run, if any are open.
        away: When IROs and chairs are away.
        gaps: The facts that call for a date but have no clock, and so are not in *open*.
        ended: What ended every process of the child, if anything did.
    """

    child: Child
    iro: str | None
    chair: str | None
    events: list[Event]
    open: list[DueRow]
    met: list[HeldRow]
    part: list[ChildPart]
    reasons: Mapping[tuple[str, date | None], str]
    drift: Drift | None
    away: Sequence[Absence] = ()
    gaps: Sequence[Gap] = ()
    ended: Ending | None = None


class Series(NamedTuple):
    """
    A review that was held as a series of meetings, and which of its days counts for what.

    Attributes:
        first: The day by which it is judged whether the review was in time.
        last: The day from which its records are due.
        next_from: The day from which the next review is due.
    """

    first: date
    last: date
    next_from: date


class Explanation(NamedTuple):
    """
    Why one date is what it is, or why there is none.

    Attributes:
        row: The row of the listing.
        due: When it is due, with the workings; ``None`` if it is refused.
        refusal: Why there is no date.
        assumed: What had to be inferred for the date.
        started_by: The event that its time is counted from; ``None`` for a booked meeting.
        moved_because: Why the meeting was booked again.
        series: The series of meetings that its time is counted from, if it was one.
        markers: When it is due by each local marker beside the law.
        confirmed_to: The last day for which the bank holidays are confirmed (inclusive).
    """

    row: DueRow
    due: Due | None
    refusal: Refusal | None
    assumed: str | None
    started_by: str | None
    moved_because: str | None
    series: Series | None
    markers: tuple[Due, ...]
    confirmed_to: date


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
        assumed=met.assumed,
        rule=met.rule,
    )
    if met.without_meeting:
        return HeldRow(row, not_required_on=met.held)
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
        key=lambda one: (one.held or one.not_required_on or date.max, one.row.timescale),
    )
    work = Engine(listing.of(case.child).catalogue)
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
        view.reader.absences(),
        gaps_of(work, case.child, case.events, view.as_of),
        ending_of(work, case.child, case.events, view.as_of),
    )
    return found, case


def drift_of(case: Case, listing: DueRows) -> Drift | None:
    """
    Return how long care proceedings have run against their limit; ``None`` if none are open.

    Args:
        case: The child, with the spans that are open.
        listing: The rules and the day.
    """
    rule = listing.catalogue.rules.get(PROCEEDINGS)
    started = case.clocks.spans.get(rule.span or "") if rule else None
    if rule is None or started is None:
        return None
    try:
        return Drift(rule, started, listing.dates.of(rule, started), "")
    except NoDateError as error:
        return Drift(rule, started, None, str(error))


def explain(
    view: View, child: str, timescale: str | None = None, *, watched_all: bool = False
) -> tuple[Case, list[Explanation]]:
    """
    Say why each open date of a child is what it is.

    Args:
        view: The store, the rules and the day.
        child: The child.
        timescale: Only this one, by id or by what people call it.
        watched_all: Whether to explain every timescale, even those that are not shown.

    Raises:
        InputRefusedError: The child is unknown, or the timescale is not open.
    """
    view = view.of(known_child(view.reader, child))
    wanted: tuple[str, ...] = ()
    if timescale is not None:
        rules = view.catalogue.rules
        wanted = timescales_said(timescale, rules) or (view.catalogue.get(timescale).id,)
        # A user who names a timescale wants to see it, even if nobody turned it on.
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
        names = ", ".join(dict.fromkeys(clock.rule.id for clock in case.clocks.open))
        raise InputRefusedError(
            f"{' or '.join(wanted)} is not open for {child} on {spoken_short(view.as_of)}: "
            f"{f'the child has {names} open' if names else why_nothing_is_open(view, child)}; "
            f"`iro show {child}` shows what was met"
        )
    return case, sorted(found, key=lambda one: soonest_first(one.row))


def _started_by(opened: Obligation, case: Case) -> str | None:
    """Return the event that a time is counted from; ``None`` if it is a booked meeting."""
    on, rule = opened.started, opened.clock.rule
    if rule.trigger.booked:
        return None
    names = [one.event for one in case.events if on in (one.on, one.completed_on)]
    # An event that starts it is looked for before one that meets it: both may be on that day.
    for those in (rule.trigger.event, rule.met_by):
        wanted = {match.event for match in those}
        if found := next((one for one in names if one in wanted), None):
            return found
    return names[0] if names else None


def _series(view: View, case: Case, opened: Obligation) -> Series | None:
    """Return which day counts for what, if the meeting was held as a series of meetings."""
    rule, day = opened.clock.rule, opened.started
    wanted = {match.event for match in (*rule.trigger.event, *rule.met_by)}
    for one in case.events:
        first, last = one.on, one.completed_on
        if last and last != first and one.event in wanted and day in (first, last):
            return Series(first, last, last if view.catalogue.next_from_completion else first)
    return None


def _explanation(view: View, listing: DueRows, case: Case, opened: Obligation) -> Explanation:
    row, due, clock = listing.row(case.child, opened, case.holders), opened.due, opened.clock
    markers = [
        one
        for one in (view.catalogue.companions.get(opened.rule.id, ()) if due else ())
        if one.marks and listing.shown.shows(one, opened.started)
    ]
    return Explanation(
        row,
        due,
        opened.refusal,
        row.assumed,
        _started_by(opened, case),
        opened.booking.reason if opened.booking else None,
        _series(view, case, opened),
        tuple(listing.due(clock, one, case.events) for one in markers),
        view.calendar.confirmed_to,
    )
