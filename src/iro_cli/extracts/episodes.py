"""
Turn the episodes of one child into periods of care and series of short breaks.

An episode is the return's unit: a spell of one legal status and placement.
Episodes that follow one another without a break are one period of care.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from operator import itemgetter

from iro_cli.extracts.batch import found_words
from iro_cli.extracts.facts import Facts
from iro_cli.facts.model import Event
from iro_cli.incoming.refused import Origin, Refused
from iro_cli.lean import NamedTuple

# Accommodated in short breaks: this is not a period of care, and the return has no reviews of it.
SHORT_BREAKS = ("V3", "V4")
LEGAL_STATUSES = (
    *("C1", "C2", "D1", "E1", "V2", *SHORT_BREAKS),
    *("L1", "L2", "L3", "J1", "J2", "J3"),
)
STARTED = "S"
# The reasons for a new episode: care started, or the status, the placement or both changed.
REASONS_NEW = (STARTED, "L", "P", "T", "B", "U")
STATUS_ONLY = "L"
# The reason with which an episode ends if another starts the same day.  Any other ends care.
GOES_ON = "X1"
DIED = "E2"

_BEGINS = itemgetter(0)

KNOWN_START = "periods of care"
UNKNOWN_START = "periods of care whose start is not known"
ENDED = "periods of care that ended"
BREAKS = "series of short breaks"

_MESSAGES = {
    "no-end": "episodes without DEC although a later one follows (care was taken to go on)",
    "gap": ("episodes with REC X1 where the next starts on a later day (care was taken to go on)"),
    "started-within": (
        "episodes with RNE S on the day the one before ended with REC X1 (care was taken to go on)"
    ),
    "ended-within": (
        "episodes with an RNE other than S on the day the one before ended care (care was taken to "
        "go on)"
    ),
    "nothing-after": "last episodes with REC X1 (care, or short breaks, were taken to go on)",
    "single-breaks": (
        "short breaks (V3 or V4) that ended and started again (one series runs from the first of "
        "them to the last)"
    ),
}


class Episode(NamedTuple):
    """
    One episode.

    Attributes:
        begins: ``DECOM``.
        reason_new: ``RNE``.
        legal_status: ``LS``.
        ends: ``DEC``, or ``None`` while it is open.
        reason_ceased: ``REC``, blank while it is open.
        place: ``PLACE``, if it says that the child was placed for adoption; otherwise blank.
        origin: The row.
    """

    begins: date
    reason_new: str
    legal_status: str
    ends: date | None
    reason_ceased: str
    place: str
    origin: Origin

    @property
    def in_breaks(self) -> bool:
        """Say whether the episode is one of short breaks."""
        return self.legal_status in SHORT_BREAKS


def death_of(last: Episode) -> Event | None:
    """Return the death with which the last episode of a child ended, if it did."""
    died = last.ends is not None and last.reason_ceased == DIED
    return Event("child.died", last.ends) if died and last.ends else None


class Histories:
    """
    Turns episodes into facts.

    Attributes:
        facts: The child, the event and the source of each fact.
        refused: The episodes that contradict the one before them.
        counts: How many periods of care and series of short breaks there are.
    """

    def __init__(self, facts: Facts | None = None) -> None:
        """Begin without facts, or with those to which more are added."""
        self.facts = Facts() if facts is None else facts
        self.refused: list[Refused] = []
        self.counts: Counter[str] = Counter()
        self._found: Counter[str] = Counter()
        # The events without a reason, by name and day: many children have an equal one.
        self._shared: dict[tuple[str, date], Event] = {}

    def warnings(self) -> list[str]:
        """Return one warning for each kind of episodes that did not fit, with how often."""
        return found_words(_MESSAGES, self._found)

    def add(self, child_id: str, episodes: Iterable[Episode]) -> list[Episode]:
        """
        Add the facts of one child.

        Returns:
            The episodes in order, without those that were refused.
        """
        accepted: list[Episode] = []
        ordered = sorted(episodes, key=_BEGINS)
        for event, episode in self._events(child_id, ordered, accepted):
            origin = episode.origin
            if origin.key is None:
                self.facts.keep(child_id, event, origin.file, origin.row)
            else:
                self.facts.keep_from(child_id, event, origin)
        return accepted

    def _shared_event(self, name: str, on: date) -> Event:
        event = self._shared.get((name, on))
        if event is None:
            event = self._shared[name, on] = self.facts.share(Event(name, on))
        return event

    def _events(
        self, child_id: str, episodes: list[Episode], accepted: list[Episode]
    ) -> Iterator[tuple[Event, Episode]]:
        # Episodes without a contradiction are added to `accepted` on the way.
        before: Episode | None = None
        for episode in episodes:
            if before is None:
                yield self._start(episode)
            elif reason := _contradiction(before, episode):
                value = episode.begins.strftime("%d/%m/%Y")
                self.refused.append(episode.origin.refused("DECOM", value, reason, child_id))
                continue
            elif self._goes_on(before, episode):
                # Care and short breaks have reviews of their own (SI 2010/959, reg. 48), so one of
                # them ends here and the other begins.
                if before.in_breaks != episode.in_breaks:
                    yield self._end(before, episode.begins, "/".join(SHORT_BREAKS))
                    yield self._start(episode, known=True)
            elif before.in_breaks and episode.in_breaks:
                # Here one short break ends and the next begins.  The clock runs from the first
                # placement in the series (reg. 48); a clock for each break would never fall due.
                self._found["single-breaks"] += 1
            else:
                yield from self._ceased(before)
                yield self._start(episode)
            # With a new legal status alone nobody has moved, so no visits start anew.
            if episode.reason_new != STATUS_ONLY:
                yield self._shared_event("placement.start", episode.begins), episode
            accepted.append(episode)
            before = episode
        if before is not None:
            yield from self._ceased(before)

    def _goes_on(self, before: Episode, episode: Episode) -> bool:
        """Say whether care went on from one episode to the next, and count what does not fit."""
        same_day = before.ends == episode.begins
        starts = episode.reason_new == STARTED
        # Care is taken to go on, which keeps its reviews due.  A guessed end would stop them.
        if before.ends is None:
            self._found["no-end"] += 1
            return True
        if before.reason_ceased == GOES_ON:
            if not same_day:
                self._found["gap"] += 1
            elif starts:
                self._found["started-within"] += 1
            return True
        if same_day and not starts:
            self._found["ended-within"] += 1
            return True
        return False

    def _start(self, episode: Episode, *, known: bool = False) -> tuple[Event, Episode]:
        if episode.in_breaks:
            self.counts[BREAKS] += 1
            name = "short-break.start"
        elif known or episode.reason_new == STARTED:
            self.counts[KNOWN_START] += 1
            name = "cla.start"
        else:
            # The episode does not say since when the child is in care, so which review is next is
            # not known.
            self.counts[UNKNOWN_START] += 1
            name = "cla.continuing"
        return self._shared_event(name, episode.begins), episode

    def _end(self, episode: Episode, on: date, reason: str) -> tuple[Event, Episode]:
        if episode.in_breaks:
            ended_by = None if reason == "/".join(SHORT_BREAKS) else reason
            return self.facts.share(Event("short-break.end", on, reason=ended_by)), episode
        self.counts[ENDED] += 1
        return self.facts.share(Event("cla.end", on, reason=reason)), episode

    def _ceased(self, last: Episode) -> Iterator[tuple[Event, Episode]]:
        """Yield the end of care, or of short breaks, if the last episode has one."""
        if last.ends is None:
            return
        # X1 says that care went on, so there is no end to state, although no episode follows.
        if last.reason_ceased == GOES_ON:
            self._found["nothing-after"] += 1
        else:
            yield self._end(last, last.ends, last.reason_ceased)


def _contradiction(before: Episode, episode: Episode) -> str:
    """Return why two episodes cannot both be right; blank if they can."""
    if before.ends is None and episode.reason_new == STARTED:
        return (
            f"care starts again (RNE S) while the episode from {before.begins} "
            f"({before.origin.words}) has no end: give that one its DEC and REC"
        )
    if before.ends is not None and episode.begins < before.ends:
        return (
            f"starts before the episode from {before.begins} ends on {before.ends} "
            f"({before.origin.words}): episodes of one child cannot overlap"
        )
    return ""
