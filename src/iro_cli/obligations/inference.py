"""Infer what a date needs and no fact states, and refuse the date if that is not possible."""

from datetime import date

from iro_cli.facts.model import Child
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule
from iro_cli.lean import NamedTuple
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, DueDates, NoDateError
from iro_cli.obligations.reasons import (
    AfterGap,
    Assumption,
    Choice,
    CountedFrom,
    FirstOrLater,
    MayHaveBeenHeld,
    MayHaveEnded,
    NoDate,
    NotHeldSince,
    NotHeldWhenDue,
    NotOwed,
    OtherNation,
    OwedStill,
    Refusal,
    Resting,
    StartNotKnown,
    Strict,
    TakenForFirst,
    TakenForLater,
    WhichMeeting,
)
from iro_cli.obligations.silences import Silence


class Inferred(NamedTuple):
    """
    A clock whose rule was inferred.

    Attributes:
        clock: The clock, now of one rule.
        assumed: What was inferred and from what, with the other candidates.
    """

    clock: Clock
    assumed: Assumption


def infer(clock: Clock, catalogue: Catalogue, dates: DueDates) -> Inferred:
    """
    Decide which duty runs after a meeting that is only known to be the latest.

    Held by the day the first was due, it was the first.  Held after the day by
    which the second was due at the latest, it was a later one.  In between it
    may have been either, and the sooner date is the one to work to.

    Args:
        clock: A clock with candidates, and the day its span began.
        catalogue: The rules, to find the one before the candidates.
        dates: Works out the due dates.

    Raises:
        NoDateError: A date that the decision depends on cannot be given.
    """
    held, since = clock.started, clock.since
    if held is None or since is None:
        raise ValueError("the clock says neither when the meeting was nor when its span began")
    assumed: Assumption
    if clock.gap is not None:
        # Others may have been held before this meeting, so the chain may stand at any candidate.
        # The sooner date is the safe one.
        rule = _soonest(clock, held, dates)
        assumed = AfterGap(held, clock.gap.why, _otherwise(clock, rule, held, dates))
        return Inferred(clock._replace(rule=rule, candidates=(), since=None, gap=None), assumed)
    # Only the start of care and the latest review are known.  If every review was held in time,
    # the first lies before the first due day, and a review after the second due day is a later
    # one.  Care from 7 April 2025: the first review is due by 8 May, the second by 8 August.  A
    # latest review of 2 May was the first, one of 1 September a later one, one of 1 July either.
    first = catalogue.rules[clock.candidates[0].trigger.held[0]]
    first_due = dates.of(first, since).due
    second_due = dates.of(clock.candidates[0], first_due).due
    if held <= first_due:
        rule = clock.candidates[0]
        assumed = TakenForFirst(held, first_due, _otherwise(clock, rule, held, dates))
    elif held > second_due:
        rule = clock.candidates[-1]
        others = _otherwise(clock, rule, held, dates)
        assumed = TakenForLater(held, first_due, second_due, others)
    else:
        rule = _soonest(clock, held, dates)
        assumed = FirstOrLater(held, first_due, _otherwise(clock, rule, held, dates))
    return Inferred(clock._replace(rule=rule, candidates=(), since=None), assumed)


def _soonest(clock: Clock, held: date, dates: DueDates) -> Rule:
    return min(clock.candidates, key=lambda one: dates.of(one, held).due)


def _otherwise(clock: Clock, rule: Rule, held: date, dates: DueDates) -> tuple[Choice, ...]:
    """Return when the next meeting is due by the other rules that a clock may belong to."""
    return tuple(
        Choice(one, dates.of(one, held).due) for one in clock.candidates if one is not rule
    )


def taken(clock: Clock, catalogue: Catalogue) -> CountedFrom:
    """Return what a clock's start was taken for."""
    return CountedFrom(clock.started, catalogue.spans[clock.rule.span or ""])


def in_silence(silence: Silence, clock: Clock, due: Due, *, strict: bool) -> Refusal | Resting:
    """
    Return why a clock has no date, or else what is assumed for it.

    Until its due day has passed, the date is shown: a meeting held without our knowing could
    only make it later.  Once the day has passed, nobody knows whether the meeting is overdue,
    and the date is refused.  If only an end may be unknown, every meeting is known and none was
    held.  Then the date stands, and says what it rests on.

    Args:
        silence: What is not known.
        clock: The clock that runs into it.
        due: When the clock would be due.
        strict: Whether to refuse whatever would have to be inferred.
    """
    if silence.only_ends:
        return MayHaveEnded(silence.why) if strict else OwedStill(silence.why)
    # If the due day comes before the silence begins, it is known that nothing was held by then.
    if silence.first is not None and due.due < silence.first and not strict:
        return NotHeldWhenDue(due.due, silence.why)
    since = clock.started or due.started
    passed = silence.asked_on is not None and due.due < silence.asked_on
    if passed or strict:
        return MayHaveBeenHeld(since, due.due, silence.why, strict=not passed)
    return NotHeldSince(since, silence.why)


def not_owed(clock: Clock, found: Due, begins: date, ends: date, catalogue: Catalogue) -> NotOwed:
    """Return why a date is refused that falls in a time in which the duty was not owed."""
    span = catalogue.spans[clock.rule.stopped_while or ""]
    starts = {match.event for match in span.closed_by}
    beside = tuple(
        (rule, match.event, version)
        for rule in catalogue.rules.values()
        for match in rule.trigger.event
        if match.event in starts and (version := rule.in_force(ends))
    )
    return NotOwed(found.started, found.due, span, begins, ends, beside)


def refusal(
    clock: Clock, child: Child, catalogue: Catalogue, dates: DueDates, *, strict: bool
) -> Refusal | None:
    """
    Return why a clock can have no date; ``None`` if it can.

    Args:
        clock: The clock.
        child: The child.
        catalogue: The rules in use.
        dates: Works out the due dates.
        strict: Whether to refuse whatever would have to be inferred.
    """
    # Another nation's law first: a date counted by this nation's law means nothing for the child.
    if child.nation and child.nation != catalogue.nation:
        return OtherNation(child.nation, catalogue.nation)
    if clock.start_assumed and strict:
        return Strict(taken(clock, catalogue))
    if not clock.candidates:
        return None
    if clock.since:
        try:
            return Strict(infer(clock, catalogue, dates).assumed)
        except NoDateError as error:
            return NoDate(str(error))
    span = catalogue.spans[clock.rule.span or ""]
    if clock.started is None:
        return StartNotKnown(span, clock.rule.met_by[0].event)
    choices = tuple(Choice(one, _day(one, clock.started, dates)) for one in clock.candidates)
    return WhichMeeting(span, clock.started, choices)


def _day(rule: Rule, started: date, dates: DueDates) -> date | None:
    try:
        return dates.of(rule, started).due
    except NoDateError:
        return None
