"""Keeps which events an extract carries, and of which days, beside the facts that it states."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from iro_cli.facts.model import Carried
from iro_cli.store.changing import Change
from iro_cli.store.kinds import CARRIED

_DAY = timedelta(days=1)


def note_carried(change: Change, carried: Iterable[Carried]) -> int:
    """
    Store what an extract carries and what it does not.

    What the extracts before it of the same kind did, or did not, stands for the days of
    which this one says nothing: the return of another year fills no gap in the one before.
    What one of them carried stays carried where this one lacks it: its facts stand.

    Args:
        change: What it is stored in.
        carried: What the extract says of itself.

    Returns:
        How many rows were added or withdrawn.
    """
    said = [*dict.fromkeys(carried)]
    if not said:
        return 0
    sources = {one.source for one in said}
    own = [row for row in change.standing(CARRIED) if row.record.source in sources]
    known = [row.record for row in own]
    carries, lacks = _parted(said)
    # Two tables may tell of one kind of event: without one of them it is not carried whole.
    carries = _left_of(carries, lacks)
    carried_before, lacked_before = _parted(known)
    wanted = dict.fromkeys(
        (
            *carries,
            *_left_of(carried_before, carries),
            *_left_of(lacks, carried_before),
            *_left_of(lacked_before, [*carries, *lacks]),
        )
    )
    gone = [row for row in own if row.record not in wanted]
    fresh = [one for one in wanted if one not in known]
    change.withdraw(CARRIED, gone)
    change.add(CARRIED, fresh)
    return len(gone) + len(fresh)


def _parted(every: Iterable[Carried]) -> tuple[list[Carried], list[Carried]]:
    """Part what is carried from what is not."""
    carries, lacks = list[Carried](), list[Carried]()
    for one in every:
        (lacks if one.lacks else carries).append(one)
    return carries, lacks


def _left_of(every: Iterable[Carried], others: Iterable[Carried]) -> list[Carried]:
    """Return what is left of the days of some where others are taken out."""
    left = [*every]
    for other in others:
        left = [part for one in left for part in _without(one, other)]
    return left


def _without(one: Carried, said: Carried) -> Iterator[Carried]:
    """
    Yield what is left of what was said of some days, where another says it of some of them.

    >>> year = Carried("ssda903", "cla.review", "Reviews", date(2025, 4, 1), date(2026, 3, 31))
    >>> later = Carried("ssda903", "cla.review", None, date(2026, 1, 1), date(2026, 3, 31))
    >>> [str(part.to_on) for part in _without(year, later)]
    ['2025-12-31']
    """
    first, last = one.from_on or date.min, one.to_on or date.max
    begins, ends = said.from_on or date.min, said.to_on or date.max
    if one[:2] != said[:2] or ends < first or begins > last:
        yield one
        return
    if first < begins:
        yield one._replace(to_on=begins - _DAY)
    if ends < last:
        yield one._replace(from_on=ends + _DAY)
