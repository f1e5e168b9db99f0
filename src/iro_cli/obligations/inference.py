"""What has to be inferred for a date, and when it has to be refused."""

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
    What is taken to be so.

    Attributes:
        clock: The clock, of one rule.
        assumed: What was inferred from what, with the other candidates.
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
        dates: Counts.

    Raises:
        NoDateError: A date that it depends on cannot be given.
    """
    held, since = clock.started, clock.since
    if held is None or since is None:
        raise ValueError("the clock says neither when the meeting was nor when its span began")
    assumed: Assumption
    if clock.gap is not None:
        # Others may have been held before it: the sooner date is the one to work to.
        rule = _soonest(clock, held, dates)
        assumed = AfterGap(held, clock.gap.why, _otherwise(clock, rule, held, dates))
        return Inferred(clock._replace(rule=rule, candidates=(), since=None, gap=None), assumed)
    # What is known is when care began and when the latest review was.  Were every review held by
    # its day, the first would lie before the first due day, and one after the second due day
    # would be a later one.  Between the two it may be either, and the sooner date is shown.
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
    """Return when the next is due by the other rules that a clock may be of."""
    return tuple(
        Choice(one, dates.of(one, held).due) for one in clock.candidates if one is not rule
    )


def taken(clock: Clock, catalogue: Catalogue) -> CountedFrom:
    """Return what a clock's start was taken for."""
    return CountedFrom(clock.started, catalogue.spans[clock.rule.span or ""])


def in_silence(silence: Silence, clock: Clock, due: Due, *, strict: bool) -> Refusal | Resting:
    """
    Return why a clock has no date, or else what is assumed for it.

    While its date has not passed, the date is the one to work to: it is the sooner
    one.  Once it has passed, nobody knows whether it is overdue.  Where only an end may be
    unknown, every meeting is known and none was held: the date stands, and says what it
    rests on.

    Args:
        silence: What is not known.
        clock: The clock that runs into it.
        due: The day that is counted for it.
        strict: Whether nothing may be inferred.
    """
    if silence.only_ends:
        return MayHaveEnded(silence.why) if strict else OwedStill(silence.why)
    # What was due before the silence began was not held by then: that much is known.
    if silence.first is not None and due.due < silence.first and not strict:
        return NotHeldWhenDue(due.due, silence.why)
    since = clock.started or due.started
    passed = silence.asked_on is not None and due.due < silence.asked_on
    if passed or strict:
        return MayHaveBeenHeld(since, due.due, silence.why, strict=not passed)
    return NotHeldSince(since, silence.why)


def not_owed(clock: Clock, found: Due, begins: date, ends: date, catalogue: Catalogue) -> NotOwed:
    """Return why a date that falls in a time without the duty is no date."""
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
    Return why a clock can have no date, or ``None`` where it can.

    Args:
        clock: The clock.
        child: Whose.
        catalogue: The rules in use.
        dates: Counts.
        strict: Whether nothing may be inferred.
    """
    # Another nation's law first: no count by this one's means anything for the child.
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
