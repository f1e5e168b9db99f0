"""
Recognise one event that is recorded on two days: how near two of a kind can be.

A review that is recorded on the 19th and then on the 20th is one review whose day was put
right.  If it were counted as two, the next date would move by months, and nobody would see why.
"""

from collections.abc import Iterable, Mapping, Sequence

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import CARE_BEGINS, CONFERENCES, INQUORATE

# Two events of a kind that are at most so many days apart are taken for one.  No law says so:
# later extracts were seen to correct a day by so much (docs/extracts/snapshots.md), and the
# shortest limit between two meetings is twice as long.
ONCE_IN = 14
_LATEST = ".latest"

_CARE = (*CARE_BEGINS, "cla.end")
_PLAN = ("cp.strategy", "cp.plan.start", "cp.plan.end", "cp.conference.initial")
_PLACED = ("adoption.authorised", "adoption.placed", "adoption.disrupted", "adoption.returned")
# The events that happen at most once in so many days, each with the events that, if one lies
# between, make two of them possible: care can start twice if it ended in between.
PARTED_BY: Mapping[str, tuple[str, ...]] = {
    "cla.start": ("cla.end",),
    "cla.end": CARE_BEGINS,
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
# The kinds of meeting among them, by each event that records one.  A second start or end does not
# fit anyway.
MEETINGS = {
    event: kind
    for kind in PARTED_BY
    if ".review" in kind or ".conference" in kind
    for event in (kind, kind + _LATEST)
}
_STARTS = ".start"


def kind_of(event: str) -> str:
    """Return the kind of event, alike for one meeting and for a "latest meeting"."""
    return event.removesuffix(_LATEST)


def twins(event: Event, known: Iterable[Event]) -> list[Event]:
    """
    Return the known events of the same kind that are probably this event with another day.

    Args:
        event: What is said to have happened.
        known: The facts of the child.

    Returns:
        The events on days so near that both cannot be right, the nearest first.  An event is
        left out if something lies between that makes two possible.

    >>> from datetime import date
    >>> review = Event("cla.review", date(2026, 11, 20))
    >>> [one.on.day for one in twins(review, [Event("cla.review", date(2026, 11, 19))])]
    [19]
    """
    # Visits and core groups, for example, may happen twice within two weeks.
    if kind_of(event.event) not in PARTED_BY:
        return []
    known = [*known]
    return [one for one in _near(event, known) if not _between(event, one, known)]


def as_the_other(event: Event, known: Iterable[Event]) -> list[Event]:
    """
    Return the conferences of the same day that contradict this one about being quorate.

    For a conference that counts, these are the ones that were not quorate; and the other way
    round.  One conference cannot be both.

    Args:
        event: What is said to have happened.
        known: The facts of the child.

    >>> from datetime import date
    >>> held = Event("cp.conference.initial", date(2026, 11, 20))
    >>> as_the_other(Event("cp.conference.inquorate", held.on), [held]) == [held]
    True
    """
    if event.event == INQUORATE:
        return [one for one in known if one.on == event.on and kind_of(one.event) in CONFERENCES]
    if kind_of(event.event) not in CONFERENCES:
        return []
    return [one for one in known if one.on == event.on and one.event == INQUORATE]


def kept_apart(event: Event, known: Sequence[Event]) -> tuple[Event, Event] | None:
    """
    Return what makes an event and a known one of the same kind two, although they are near.

    Args:
        event: What is said to have happened.
        known: The facts of the child.

    Returns:
        The nearest known event, and the one between the two; ``None`` if there is none.
    """
    near = _near(event, known)
    found = ((one, _between(event, one, known)) for one in near)
    return next(((one, between) for one, between in found if between), None)


def _near(event: Event, known: Iterable[Event]) -> list[Event]:
    """Return the known events of the same kind on other days that are near, the nearest first."""
    kind = kind_of(event.event)
    # An event of the same day is the same fact, whose details can be corrected.
    found = [
        one
        for one in known
        if kind_of(one.event) == kind and 0 < abs((one.on - event.on).days) <= ONCE_IN
    ]
    return sorted(found, key=lambda one: (abs((one.on - event.on).days), one.on))


def _between(event: Event, other: Event, known: Iterable[Event]) -> Event | None:
    """Return an event between two of a kind that makes both of them possible, if there is one."""
    kind, first, last = kind_of(event.event), *sorted((event.on, other.on))
    # An end on the day of the earlier start belongs to the time before that start.
    begins_after = kind.endswith(_STARTS)
    parting = PARTED_BY.get(kind, ())
    found = (
        one
        for one in known
        if one.event in parting
        and (first < one.on if begins_after else first <= one.on)
        and one.on <= last
    )
    return next(found, None)
