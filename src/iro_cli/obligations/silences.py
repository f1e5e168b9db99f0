"""Of which days it is not known what happened: silence is not a fact."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Event

_DAY = timedelta(days=1)
# Two sources that date one meeting differently do so by days; reviews are weeks apart.
_SAME_MEETING = 14


class Silence(NamedTuple):
    """
    Some kinds of event that may have happened in some days without being known.

    Attributes:
        events: The kinds of event.
        first: The first of the days; ``None`` for all before the last (inclusive).
        last: The last of them (inclusive); ``None`` for all after the first.
        why: Why they are not known, for people.
        remedy: What to do, for people.
        asked_on: The last day of the clock that runs into it: the day that is asked about,
            or the day on which something else ended the clock.
    """

    events: frozenset[str]
    first: date | None
    last: date | None
    why: str
    remedy: str
    asked_on: date | None = None

    def falls_in(self, after: date, until: date) -> bool:
        """
        Say whether any of the days lies between two others.

        Args:
            after: The day before the first (exclusive).
            until: The last (inclusive).
        """
        begins = self.first is None or self.first <= until
        return begins and (self.last is None or self.last > after) and after < until


def is_repeat(one: Event, others: Iterable[date]) -> bool:
    """Say whether a latest meeting is one of those known, a few days apart or none."""
    return any(abs((on - one.on).days) <= _SAME_MEETING for on in others)


class Latest(NamedTuple):
    """
    What an event says that gives the latest meeting only.

    Attributes:
        others: The events that give every one of the same meetings.
        begins: The events that begin what the meetings are held in.
    """

    others: frozenset[str]
    begins: frozenset[str]


def before_latest(
    latest: Mapping[str, Latest], events: Sequence[Event], later: Collection[Event]
) -> list[Silence]:
    """
    Return what is not known because only a later meeting is, which was the latest when told.

    Args:
        latest: The events that give the latest meeting only.
        events: The child's, up to the day that is asked about.
        later: Those after it.
    """
    found = []
    for name, what in latest.items():
        known = [one.on for one in (*events, *later) if one.event in what.others]
        told = [one for one in later if one.event == name and not is_repeat(one, known)]
        first = min(told, key=lambda one: one.on, default=None)
        # What began in between is another period: its meetings say nothing of the one before.
        if first is None or any(one.event in what.begins and one.on <= first.on for one in later):
            continue
        kinds = what.others | {name}
        found.append(
            Silence(
                kinds,
                # What was held before one that is known is judged by what is known.
                max((one.on for one in events if one.event in kinds), default=None),
                first.on - _DAY,
                f"only the latest meeting is recorded, that on {spoken_short(first.on)}, and "
                "others may lie before it",
                f"ask about {spoken_short(first.on)} or a later day, or import a source that has "
                "every one",
            )
        )
    return found
