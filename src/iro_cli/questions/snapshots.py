"""
What a later extract changes in what an earlier one of the same kind stated.

A date that moved takes the place of the one before; what the extract should
have and does not is reported as vanished, and withdrawn only when asked.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from iro_cli.cases.model import Event
from iro_cli.exchange.batch import Cover
from iro_cli.store.bulk import StandingFact

# The same meeting or start, with its date put right; two reviews are further apart.
_MOVED = 31
_LATEST = ".latest"
_MOVED_LATEST = 14
# What starts a process, and what ends it: between two starts with no end the first was wrong.
_ENDS = {
    "cla.start": ("cla.end",),
    "cla.continuing": ("cla.end",),
    "short-break.start": ("short-break.end",),
    "cp.plan.start": ("cp.plan.end",),
    "adoption.placed": ("adoption.end",),
}


class Given(NamedTuple):
    """A fact of the extract, and where it stands there."""

    event: Event
    source: str


class Compared(NamedTuple):
    """
    What an extract's new facts about one child are.

    Attributes:
        added: Those that take nothing's place.
        moved: Each earlier fact, and the one that takes its place.
        vanished: The earlier facts that the extract should have and has not.
    """

    added: list[Given]
    moved: list[tuple[StandingFact, Given]]
    vanished: list[StandingFact]


def compare(
    fresh: Sequence[Given],
    stated: Sequence[Given],
    earlier: Sequence[StandingFact],
    known: Iterable[Event],
    covers: Sequence[Cover],
) -> Compared:
    """
    Compare what an extract says of one child with what an earlier one said.

    Args:
        fresh: The extract's facts that do not stand yet.
        stated: All the extract's facts of the child; none where it does not name the child.
        earlier: The standing facts that this kind of extract stated and does not any more.
        known: Every fact of the child that stands, whoever states it.
        covers: What the extract gives in full.
    """
    ends = [*known, *(one.event for one in stated)]
    waiting = list(earlier)
    added: list[Given] = []
    moved: list[tuple[StandingFact, Given]] = []
    for given in sorted(fresh, key=lambda one: one.event.on):
        place = _earlier_of(given.event, waiting, ends)
        if place is None:
            added.append(given)
        else:
            waiting.remove(place)
            moved.append((place, given))
    vanished = [one for one in waiting if _is_missed(one.event, stated, covers)]
    return Compared(added, moved, vanished)


def _earlier_of(
    event: Event, waiting: Sequence[StandingFact], known: Sequence[Event]
) -> StandingFact | None:
    """Return the earlier fact whose place an event takes, the nearest of several."""
    found = [
        one
        for one in waiting
        if one.event.event == event.event and _takes_its_place(one.event, event, known)
    ]
    return min(found, key=lambda one: abs((one.event.on - event.on).days), default=None)


def _takes_its_place(earlier: Event, later: Event, known: Sequence[Event]) -> bool:
    apart = (later.on - earlier.on).days
    if later.event.endswith(_LATEST):
        return apart <= _MOVED_LATEST
    ends = _ENDS.get(later.event)
    if ends is None:
        return abs(apart) <= _MOVED
    first, last = sorted((earlier.on, later.on))
    return not any(one.event in ends and first <= one.on <= last for one in known)


def _is_missed(event: Event, stated: Sequence[Given], covers: Sequence[Cover]) -> bool:
    for cover in covers:
        if event.event not in cover.events or not (stated or cover.everyone):
            continue
        begins = cover.begins
        if begins is None:
            # Of each child only the last period is given: what is older is not missed.
            days = [one.event.on for one in stated if one.event.event in cover.events]
            if event.event.endswith(_LATEST) and _newer(event, stated):
                continue
            begins = min(days, default=date.min)
        if begins <= event.on <= (cover.ends or date.max):
            return True
    return False


def _newer(event: Event, stated: Sequence[Given]) -> bool:
    return any(one.event.event == event.event and one.event.on > event.on for one in stated)


def left_open(known: Iterable[Event]) -> dict[str, date]:
    """Return what started for a child and has not ended: the event, and the day."""
    opened: dict[str, date] = {}
    for event in sorted(known, key=lambda one: (one.on, one.event not in _ENDS)):
        if event.event in _ENDS:
            opened[event.event] = event.on
        for start, ends in _ENDS.items():
            if event.event in ends:
                opened.pop(start, None)
    return opened
