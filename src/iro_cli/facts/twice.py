"""
Find events that are recorded twice: the same event on two days that are too near each other.

A review that is recorded on the 19th and then on the 20th is one review whose day was put
right.  If it counted as two, the next date would move by months, and nobody would see why.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import CONFERENCES, INQUORATE

# Two events of a kind that are at most so many days apart are taken for one.  No law says so.
# By so much later extracts were seen to put a day right (docs/extracts/snapshots.md), and the
# shortest limit between two meetings is twice as long.
ONCE_IN = 14
_LATEST = ".latest"

_CARE = ("cla.start", "cla.continuing", "cla.end")
_PLAN = ("cp.strategy", "cp.plan.start", "cp.plan.end", "cp.conference.initial")
_PLACED = ("adoption.authorised", "adoption.placed", "adoption.disrupted", "adoption.returned")
# The events that happen only once in so many days, and what between them makes two possible.  A
# child can come into care on Monday and again on Friday if care ended in between; without an end,
# one of the two days is wrong.
PARTED_BY: Mapping[str, tuple[str, ...]] = {
    "cla.start": ("cla.end",),
    "cla.end": ("cla.start", "cla.continuing"),
    "cla.review": (*_CARE, "cla.review.requested", "cla.review.adjourned", *_PLACED),
    "short-break.start": ("short-break.end",),
    "short-break.end": ("short-break.start",),
    "short-break.review": ("short-break.start", "short-break.end"),
    "cp.conference.initial": ("cp.strategy", "cp.plan.end", "cp.conference.inquorate"),
    "cp.conference.review": (*_PLAN, "cp.conference.transfer-in", "cp.conference.inquorate"),
    "cp.conference.transfer-in": ("cp.transfer-in.notified", "cp.plan.end"),
    "cp.transfer-in.notified": ("cp.plan.end", "cp.conference.transfer-in"),
    "cp.plan.start": ("cp.plan.end",),
    "cp.plan.end": ("cp.plan.start", "cp.conference.initial", "cp.conference.transfer-in"),
    "adoption.authorised": ("adoption.end", "adoption.decision.reversed"),
    "adoption.placed": ("adoption.end", "adoption.disrupted", "adoption.returned"),
    "adoption.review": (*_PLACED, "adoption.end"),
    "adoption.end": ("adoption.authorised", "adoption.placed"),
    "secure.start": ("secure.end",),
    "secure.end": ("secure.start",),
    "secure.review": ("secure.start", "secure.end"),
    "child.born": (),
    "child.died": (),
}
_STARTS = ".start"


def kind_of(event: str) -> str:
    """Return the kind of event; ``cla.review.latest`` is a ``cla.review`` too."""
    return event.removesuffix(_LATEST)


def twins(event: Event, known: Iterable[Event]) -> list[Event]:
    """
    Return the known events of the same kind that are too near for both to have happened.

    Args:
        event: What is said to have happened.
        known: The facts of the child.

    Returns:
        The nearest first; nothing if something happened in between that makes two possible.

    >>> review = Event("cla.review", date(2026, 11, 20))
    >>> [one.on.day for one in twins(review, [Event("cla.review", date(2026, 11, 19))])]
    [19]
    """
    kind = kind_of(event.event)
    parting = PARTED_BY.get(kind)
    if parting is None:
        return []
    known = [*known]
    found = [
        one
        for one in known
        if kind_of(one.event) == kind
        and 0 < abs((one.on - event.on).days) <= ONCE_IN
        and not _parted(kind, parting, min(one.on, event.on), max(one.on, event.on), known)
    ]
    return sorted(found, key=lambda one: (abs((one.on - event.on).days), one.on))


def as_the_other(event: Event, known: Iterable[Event]) -> list[Event]:
    """
    Return the conferences of the same day that contradict an event about the quorum.

    One meeting is quorate or it is not: an inquorate conference contradicts one that counts, and
    the other way round.

    Args:
        event: What is said to have happened.
        known: The facts of the child.

    >>> held = Event("cp.conference.initial", date(2026, 11, 20))
    >>> as_the_other(Event("cp.conference.inquorate", held.on), [held]) == [held]
    True
    """
    if event.event == INQUORATE:
        return [one for one in known if one.on == event.on and kind_of(one.event) in CONFERENCES]
    if kind_of(event.event) not in CONFERENCES:
        return []
    return [one for one in known if one.on == event.on and one.event == INQUORATE]


def _parted(
    kind: str, parting: tuple[str, ...], first: date, last: date, known: Iterable[Event]
) -> bool:
    """Say whether something happened between two days that makes two of a kind possible."""
    # If two starts are compared, an end on the day of the first one closes an earlier period, so
    # it does not lie between them.
    begins_after = kind.endswith(_STARTS)
    return any(
        one.event in parting
        and (first < one.on if begins_after else first <= one.on)
        and one.on <= last
        for one in known
    )
