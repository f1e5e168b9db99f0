"""List formal disputes: those that are open, their stage, and how long they have run."""

from collections.abc import Iterable, Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.errors import CalendarEndsError, InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import LEFT, NATIONS
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, NoDateError
from iro_cli.obligations.listing import (
    IN_TIMESCALE,
    OUT_OF_TIMESCALE,
    REFUSED,
    DueRows,
    responsible,
    status_of,
)
from iro_cli.questions.view import View, known_child

RESOLUTION = "dispute.resolution"
RAISED, STAGE, RESPONDED, ESCALATED, RESOLVED = (
    "dispute.raised",
    "dispute.stage",
    "dispute.responded",
    "dispute.escalated",
    "dispute.resolved",
)
_WITHOUT = "one without a reference is taken back and recorded again with one"
_WORDS = {RAISED: "raised", RESPONDED: "answered", ESCALATED: "referred to Cafcass"}


class Dispute(NamedTuple):
    """
    One formal dispute.

    Attributes:
        child: The child whose case it is about.
        reference: What distinguishes it from the child's other disputes, if anything.
        status: As for an open obligation, or whether it was resolved in timescale.
        raised: The day it was raised.
        due: The last day by which to resolve it (inclusive); ``None`` if no date can be given,
            or if the child's nation has no time limit for disputes.
        days_open: The days from when it was raised to its resolution or the as-of day.
        working_days_open: The same in working days; ``None`` beyond the calendar.
        limit: The whole time limit, in words.
        stage: The stage it reached last, in words.
        stage_on: The day it reached that stage.
        responded: The day it was last answered.
        escalated: The day it was first referred to Cafcass.
        resolved: The day it was resolved.
        reason: What it is about.
        iro: The IRO who answers for it.
        team: The child's team.
    """

    child: str
    reference: str | None
    status: str
    raised: date
    due: date | None
    days_open: int
    working_days_open: int | None
    limit: str | None
    stage: str
    stage_on: date
    responded: date | None
    escalated: date | None
    resolved: date | None
    reason: str | None
    iro: str | None
    team: str | None


def _has_time(view: View | None) -> bool:
    return view is not None and RESOLUTION in view.catalogue.rules


def _clocks(view: View, child: Child, events: Sequence[Event]) -> list[Clock]:
    """
    Return the clocks of one child's disputes, open and resolved.

    Disputes are raised and resolved in every nation, but not every nation has a time limit for
    them.  So the clocks run by the rules of any nation that has one, and only the due date
    depends on the child's own nation.
    """
    others = (view.abroad(nation) for nation in NATIONS)
    by = view if _has_time(view) else next((one for one in others if _has_time(one)), None)
    if by is None:
        return []
    work = Engine(by.catalogue, frozenset((RESOLUTION,)))
    found = work.run(events, as_of=view.as_of, born=child.date_of_birth)
    return [one for one in (*found.open, *found.met) if one.rule.id == RESOLUTION]


def _law_of(
    view: View, child: Child, events: Iterable[Event], resolved: date | None
) -> View | None:
    """
    Return the view under the law that says by when a dispute has to be resolved.

    This is the law of the child's nation.  For a dispute that was resolved before the child
    moved, it is the law of the nation where it was resolved.

    Returns:
        ``None`` if there are no rules for that nation.
    """
    nations = [(LEFT[one.event], one.on) for one in events if one.event in LEFT]
    for nation, left in nations if resolved is not None else ():
        law = _of_nation(view, nation)
        if resolved is not None and (resolved < left or (resolved == left and _has_time(law))):
            return law
    return _of_nation(view, child.nation)


def _of_nation(view: View, nation: str | None) -> View | None:
    return view if nation in {None, view.catalogue.nation} else view.abroad(nation or "")


def _standing(clock: Clock, on: date) -> bool:
    """Say whether a dispute was open on a day, or was resolved on it."""
    return (
        clock.started is not None
        and clock.started <= on
        and (clock.held is None or on <= clock.held)
    )


def _steps(clock: Clock, clocks: Sequence[Clock], events: Iterable[Event]) -> list[Event]:
    """Return the steps of a dispute; a step without a reference belongs to the latest raised."""
    found = []
    for event in events:
        if not event.event.startswith("dispute."):
            continue
        then = [one for one in clocks if _standing(one, event.on)]
        named = [one for one in then if one.key == (event.reference or "")]
        if named or (then and not event.reference):
            of = named[-1] if named else max(then, key=lambda one: one.started or date.min)
            if of is clock:
                found.append(event)
    return found


def _stage(steps: Sequence[Event], raised: date) -> tuple[str, date]:
    """Return the stage that a dispute reached last, in words, and when."""
    reached = [one for one in steps if one.event != RESOLVED]
    last = reached[-1] if reached else Event(RAISED, raised)
    if last.event == STAGE:
        return last.reason or "taken to the next stage", last.on
    return _WORDS.get(last.event, last.event), last.on


def _first(steps: Iterable[Event], event: str) -> date | None:
    return next((one.on for one in steps if one.event == event), None)


def _due(law: View | None, clock: Clock, events: Sequence[Event]) -> Due | None:
    rule = law.catalogue.rules.get(RESOLUTION) if law else None
    if law is None or rule is None:
        return None
    try:
        return law.listing(law.shown(everything=True)).due(clock, rule, events)
    except NoDateError:
        return None


def _status(view: View, listing: DueRows, due: Due | None, resolved: date | None) -> str:
    if due is None:
        return REFUSED
    if resolved is None:
        return status_of(due.due, view.as_of, listing.horizon)
    return IN_TIMESCALE if resolved <= due.due else OUT_OF_TIMESCALE


def _working_days(view: View | None, start: date, end: date) -> int | None:
    if view is None:
        return None
    try:
        return view.calendar.between(start, end)
    except CalendarEndsError:
        return None


def disputes(view: View, *, only_open: bool = False, iro: str | None = None) -> list[Dispute]:
    """
    Return the formal disputes: first the open ones by due date, then the resolved ones.

    Args:
        view: The store, the rules and the day.
        only_open: Whether to leave out those that were resolved.
        iro: Only the disputes of this IRO.
    """
    listing = view.listing(view.shown(everything=True))
    only = view.reader.with_events((RAISED,)) if iro is None else view.reader.held_by(iro)
    children, allocations = view.reader.children(only), view.reader.allocations(only)
    found: list[Dispute] = []
    for child, events in view.reader.cases(view.as_of, only, whole=True):
        known = children.get(child, Child(child))
        clocks = _clocks(view, known, events)
        for clock in clocks:
            if clock.started is None or (only_open and clock.held):
                continue
            ends = clock.held or view.as_of
            whose = responsible(allocations.get(child, []), clock.rule.process, ends)
            if iro is not None and (whose or "").casefold() != iro.casefold():
                continue
            steps = _steps(clock, clocks, events)
            law = _law_of(view, known, events, clock.held)
            due = _due(law, clock, events)
            found.append(
                Dispute(
                    child,
                    clock.key or None,
                    _status(view, listing, due, clock.held),
                    clock.started,
                    due.due if due else None,
                    (ends - clock.started).days,
                    _working_days(law, clock.started, ends),
                    due.version.words() if due else None,
                    *_stage(steps, clock.started),
                    _first(reversed(steps), RESPONDED),
                    _first(steps, ESCALATED),
                    clock.held,
                    next((one.reason for one in steps if one.event == RAISED), None),
                    whose,
                    known.team,
                )
            )
    return sorted(
        found,
        key=lambda one: (one.resolved is not None, one.due or date.max, one.child, one.raised),
    )


def which(view: View, child: str, event: str, on: date, reference: str | None) -> str | None:
    """
    Return the reference of the dispute that a step belongs to.

    Args:
        view: The store, the rules and the day.
        child: The child.
        event: What happened.
        on: The day on which it happened.
        reference: What was typed, if anything.

    Returns:
        The reference; ``None`` for a dispute without one, and for a referral to Cafcass while
        no dispute is open.

    Raises:
        InputRefusedError: The child is unknown, no such dispute was open on that day, or several
            were and *reference* names none of them.
    """
    clocks = _of(view, child)
    then = [
        one
        for one in clocks
        if _standing(one, on) and (event != RESOLVED or one.held in (None, on))
    ]
    named = [one for one in then if reference is None or one.key == reference]
    if len(named) == 1:
        return named[0].key or None
    if named:
        raise InputRefusedError(
            f"{child} has {len(named)} disputes open on {spoken_short(on)}: "
            f"{' and '.join(map(_named, named))}; say which with --reference"
            + ("" if all(one.key for one in named) else f"; {_WITHOUT}")
        )
    # An IRO may refer a case to Cafcass at any point (Children Act 1989 s. 25B(3)), even if no
    # dispute is open.
    if event == ESCALATED and reference is None:
        return None
    what = "no dispute" if reference is None else f"no dispute {reference!r}"
    others = " and ".join(map(_named, clocks))
    raise InputRefusedError(
        f"{child} has {what} open on {spoken_short(on)}"
        + (f": the child has {others}" if others else "; `iro dispute raise` records one")
    )


def _of(view: View, child: str) -> list[Clock]:
    """Return the clocks of one child's disputes."""
    known = known_child(view.reader, child)
    cases = view.reader.cases(view.as_of, child, whole=True)
    return [one for _, events in cases for one in _clocks(view, known, events) if one.started]


def is_open(view: View, child: str, on: date) -> bool:
    """
    Say whether a child has a dispute open on a day.

    Raises:
        InputRefusedError: The child is unknown.
    """
    return any(_standing(one, on) for one in _of(view, child))


def _named(clock: Clock) -> str:
    started = spoken_short(clock.started) if clock.started else "a day not known"
    ended = f", resolved on {spoken_short(clock.held)}" if clock.held else ""
    return f"{clock.key or 'the one without a reference'} (raised on {started}{ended})"
