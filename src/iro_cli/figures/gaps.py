"""Find facts of a child that call for a date that no clock counts, or a review that met none."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import LEFT, REQUESTED
from iro_cli.law.model import Match
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine

EARLY_WITHOUT_DATE, REMAND_WITHOUT_CARE = "early-without-date", "remand-without-care"
LEFT_WITHOUT_NATION = "left-without-nation"
REVIEW_WHILE_PLACED = "review-while-placed"
REMANDS = ("remand.accommodation", "remand.detention")
_REMAND_END = "remand.end"
REVIEW, _ADOPTION_REVIEW = "cla.review", "adoption.review"
_FOR_ADOPTION = "adoption.placed"
# The events that answer a call for an early review, or end the need for one.
_ANSWERS = (REVIEW, "cla.review.latest", "cla.end", _FOR_ADOPTION)
_CARE, _PLACEMENT = "period-of-care", "placed-for-adoption"
_NAME = itemgetter(0)
_OF_REMAND, _LEFT = frozenset({*REMANDS, _REMAND_END}), frozenset(LEFT)
_CALLING = frozenset({REQUESTED, *REMANDS, *LEFT, _FOR_ADOPTION})


class Gap(NamedTuple):
    """
    One fact that calls for a date and has none, or that meets none.

    Attributes:
        check: Its name in ``iro doctor``.
        child: The child.
        on: The day of the fact.
        event: The fact.
    """

    check: str
    child: str
    on: date
    event: str


def gaps_of(work: Engine, child: Child, events: Sequence[Event], as_of: date) -> list[Gap]:
    """
    Return the facts of a child that call for a date but start no clock, or meet none.

    Args:
        work: Runs the clocks.
        child: The child.
        events: The child's events up to the as-of day, in order.
        as_of: The day the question is asked about.
    """
    found: list[Gap] = []
    names = [*map(_NAME, events)]
    # Most children have no such fact.
    if _CALLING.isdisjoint(names):
        return found
    if REQUESTED in names:
        called = [one for one in events if one.event == REQUESTED and not one.reference]
        if called and not any(one.event in _ANSWERS and one.on >= called[-1].on for one in events):
            found.append(Gap(EARLY_WITHOUT_DATE, child.child_id, called[-1].on, REQUESTED))
    remand = _last(events, names, _OF_REMAND)
    if remand and remand.event in REMANDS:
        # A child on remand is looked after (LASPO Act 2012, s. 104), so reviews are due.  Without
        # a start of care none would be listed, and nobody would miss them.
        spans = work.spans_after(events, as_of=as_of, born=child.date_of_birth)
        if _CARE not in spans:
            found.append(Gap(REMAND_WITHOUT_CARE, child.child_id, remand.on, remand.event))
    left = _last(events, names, _LEFT)
    if left and LEFT[left.event] == (child.nation or work.nation):
        found.append(Gap(LEFT_WITHOUT_NATION, child.child_id, left.on, left.event))
    held = _held_while_placed(work, events, names)
    return found + [Gap(REVIEW_WHILE_PLACED, child.child_id, on, REVIEW) for on in held]


def _last(events: Sequence[Event], names: Sequence[str], kinds: frozenset[str]) -> Event | None:
    """Return the last event of some kinds; *names* are those of the events."""
    if kinds.isdisjoint(names):
        return None
    return next(one for one in reversed(events) if one.event in kinds)


def _held_while_placed(work: Engine, events: Sequence[Event], names: Sequence[str]) -> list[date]:
    """
    Return the days of looked-after reviews held while the child was placed for adoption.

    The looked-after reviews stand still then, and such a review meets no adoption review either.
    Where one meeting was both, both are recorded.
    """
    span = work.spans_by_name.get(_PLACEMENT)
    opening = {one.event for one in span.opened_by} if span else ()
    first = next((place for place, name in enumerate(names) if name in opening), len(names))
    # Most children have no such placement, or no such review after it.
    if span is None or REVIEW not in names[first:]:
        return []
    begins, ends = _days_of(events, span.opened_by), _days_of(events, span.closed_by)
    both = {one.on for one in events if one.event == _ADOPTION_REVIEW}
    return [
        one.on
        for one in events
        if one.event == REVIEW
        and one.on not in both
        and (since := max((on for on in begins if on < one.on), default=None))
        and not any(since < on <= one.on for on in ends)
    ]


def _days_of(events: Sequence[Event], matches: Sequence[Match]) -> list[date]:
    """Return the days of the events that are meant."""
    names = {one.event for one in matches}
    return [
        one.on
        for one in events
        if one.event in names and any(match.means(one) for match in matches)
    ]
