"""
What a later extract changes in what an earlier one of the same kind stated.

A date that moved takes the place of the one before; what the extract should
have and does not is reported as vanished, and withdrawn only when asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from iro_cli.cases.model import Event
from iro_cli.exchange.batch import Cover
from iro_cli.store.bulk import StandingFact, StandingSighting

# The same meeting, with its date put right; two reviews are further apart.
_MOVED = 31
_LATEST = ".latest"
_MOVED_LATEST = 14
# What starts a process, and what ends it: between two starts with no end the first was wrong.
_ENDS = {
    "cla.start": ("cla.end",),
    "short-break.start": ("short-break.end",),
    "cp.plan.start": ("cp.plan.end",),
    "adoption.placed": ("adoption.end",),
}
# It says that care began before the extract does, on a day that differs from year to year.
_CONTINUING = "cla.continuing"
_IN_CARE = ("cla.start", _CONTINUING)


class Given(NamedTuple):
    """A fact of the extract, and where it stands there."""

    event: Event
    source: str


class Word(NamedTuple):
    """
    What an earlier extract of the same kind said, and still stands.

    Attributes:
        event: The fact.
        source: Where it stood in that extract, where that is known.
        row: The fact's own row, or where another states it too, this extract's word for it.
    """

    event: Event
    source: str | None
    row: StandingFact | StandingSighting


class Compared(NamedTuple):
    """
    What an extract's new facts about one child are.

    Attributes:
        added: Those that take nothing's place.
        moved: What was said before, and the fact that takes its place.
        vanished: What was said before, and the extract should have and has not.
    """

    added: list[Given]
    moved: list[tuple[Word, Given]]
    vanished: list[Word]


def compare(
    fresh: Sequence[Given],
    stated: Sequence[Given],
    earlier: Sequence[Word],
    known: Iterable[Event],
    covers: Sequence[Cover],
) -> Compared:
    """
    Compare what an extract says of one child with what an earlier one said.

    Args:
        fresh: The extract's facts that this kind of extract did not state before.
        stated: All the extract's facts of the child; none where it does not name the child.
        earlier: What this kind of extract stated and does not any more.
        known: Every fact of the child that stands, whoever states it.
        covers: What the extract gives in full.
    """
    ends = [*known, *(one.event for one in stated)]
    waiting = list(earlier)
    added: list[Given] = []
    moved: list[tuple[Word, Given]] = []
    for given in sorted(fresh, key=lambda one: one.event.on):
        place = _earlier_of(given.event, waiting, ends, covers)
        if place is None:
            added.append(given)
        else:
            waiting.remove(place)
            moved.append((place, given))
    opened = left_open(ends)
    vanished = [one for one in waiting if _is_missed(one.event, stated, covers, opened)]
    return Compared(added, moved, vanished)


def _earlier_of(
    event: Event, waiting: Sequence[Word], known: Sequence[Event], covers: Sequence[Cover]
) -> Word | None:
    """Return what was said before whose place an event takes, the nearest of several."""
    found = [
        one
        for one in waiting
        if one.event.event == event.event and _takes_its_place(one.event, event, known, covers)
    ]
    return min(found, key=lambda one: abs((one.event.on - event.on).days), default=None)


def _takes_its_place(
    earlier: Event, later: Event, known: Sequence[Event], covers: Sequence[Cover]
) -> bool:
    apart = (later.on - earlier.on).days
    if later.event.endswith(_LATEST):
        return apart <= _MOVED_LATEST
    ends = _ENDS.get(later.event)
    if ends is None:
        return abs(apart) <= _MOVED and _would_have(earlier, later, covers)
    first, last = sorted((earlier.on, later.on))
    return not any(one.event in ends and first <= one.on <= last for one in known)


def _would_have(earlier: Event, later: Event, covers: Sequence[Cover]) -> bool:
    """Say whether the extract would have both: another year's review is none put right."""
    for cover in covers:
        begins, ends = cover.begins or date.min, cover.ends or date.max
        if earlier.event in cover.events and (
            begins <= earlier.on <= ends or (earlier.on > ends and later.on > ends)
        ):
            return True
    return False


def _is_missed(
    event: Event,
    stated: Sequence[Given],
    covers: Sequence[Cover],
    opened: Mapping[str, date],
) -> bool:
    if event.event == _CONTINUING and any(
        one.event.event in _IN_CARE and one.event.on <= event.on for one in stated
    ):
        return False
    return any(
        event.event in cover.events
        and (cover.everyone or stated or cover.begins is None)
        and _covered_from(cover, event, stated, opened) <= event.on <= (cover.ends or date.max)
        for cover in covers
    )


def _covered_from(
    cover: Cover, event: Event, stated: Sequence[Given], opened: Mapping[str, date]
) -> date:
    """Return the first day of what a cover gives of a child; the last of all where nothing."""
    if cover.begins is not None:
        return cover.begins
    if cover.everyone:
        return date.min
    # Of each child only the last period is given: what is older is not missed, nor is one
    # that ended and is not listed any more.
    days = [one.event.on for one in stated if one.event.event in cover.events]
    if not days:
        return opened.get(_process(event), date.max)
    newer = any(one.event.event == event.event and one.event.on > event.on for one in stated)
    return date.max if newer and event.event.endswith(_LATEST) else min(days)


def _process(event: Event) -> str:
    return event.event.split(".", maxsplit=1)[0]


def left_open(known: Iterable[Event]) -> dict[str, date]:
    """Return the processes that started for a child and have not ended, each with the day."""
    opened: dict[str, date] = {}
    ended: dict[str, date] = {}
    for event in sorted(known, key=lambda one: (one.on, not _ends(one))):
        process = _process(event)
        if _ends(event):
            # An end before any start of its day is that of the start, if there is one.
            if opened.pop(process, None) is None:
                ended[process] = event.on
        elif (event.event in _ENDS or event.event == _CONTINUING) and (
            ended.get(process) != event.on
        ):
            opened.setdefault(process, event.on)
    return opened


def _ends(event: Event) -> bool:
    at_conference = event.event == "cp.conference.review" and event.outcome == "end"
    return at_conference or any(event.event in ends for ends in _ENDS.values())
