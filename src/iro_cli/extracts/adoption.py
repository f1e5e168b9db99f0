"""
Find in the episodes of one child the authority to place for adoption, and the placement.

The return has other dates of adoption: ``DATE_INT`` in AD1 and ``DATE_PLACED`` in
PlacedAdoption are both the day of the *decision that the child should be placed*
(rules 521, 552 and 554 compare them with the placement and the order).  The decision is
neither authority to place nor a placement.  If the return shows neither, the adoption
clock is taken to start with the decision, and marked so: the consent of a parent is
authority too, and no return has it.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import pairwise

from iro_cli.extracts.episodes import Episode
from iro_cli.facts.model import Event
from iro_cli.lean import NamedTuple

# A placement order.  A parent's consent is authority to place too, but the return lacks it.
PLACEMENT_ORDER = "E1"
# Placed for adoption with consent or an order, and with the foster carer or with others.
PLACED = ("A3", "A4", "A5", "A6")
# The carers stay, and what they are to the child changes.
_WITH_FOSTER_CARER = ("A3", "A5")

# Reasons for a new episode with which the order was made on that day,
_STATUS_CHANGED = ("S", "L", "B", "U")
# with which the child was placed on that day,
_PLACE_CHANGED = ("S", "P", "T", "B", "U")
# and with which the child moved to other carers.
_CARERS_CHANGED = ("P", "B")
_NEW_CARERS = ("S", *_CARERS_CHANGED)

BEFORE = (
    "children whose placement order (LS E1) or placement for adoption (PLACE A3 to A6) began "
    "before the first episode known (the clock was taken to run from that episode)"
)
DECIDED = (
    "children with a decision for adoption (AD1, PlacedAdoption) and no placement order (LS E1) or "
    "placement (PLACE A3 to A6) by then (their adoption reviews are taken to run from the "
    "decision, and marked as assumed)"
)
UNREADABLE = "dates of decisions for adoption that cannot be read as dates, and were left out"


class Stage(Enum):
    """How far a child is on the way to adoption, as far as reviews depend on it."""

    AUTHORISED = "authorised"
    PLACED = "placed"


class AdoptivePlacement(NamedTuple):
    """A placement for adoption: its first day and its last, ``None`` while it goes on."""

    begins: date
    ends: date | None


def stage_of(episode: Episode) -> Stage | None:
    """Return the stage that an episode shows, or ``None``."""
    # Most episodes show none, so what rules it out comes first.
    placed, ordered = episode.place in PLACED, episode.legal_status == PLACEMENT_ORDER
    if not (placed or ordered) or episode.in_breaks:
        return None
    return Stage.PLACED if placed else Stage.AUTHORISED


def began_before(episodes: Sequence[Episode]) -> bool:
    """Say whether the first known episode shows a stage that began before that episode."""
    first = episodes[0]
    stage = stage_of(first)
    if stage is None:
        return False
    changed: tuple[str, ...] = _STATUS_CHANGED
    if stage is Stage.PLACED:
        changed = _PLACE_CHANGED if first.place in _WITH_FOSTER_CARER else _NEW_CARERS
    return first.reason_new not in changed


def adoption_events(
    episodes: Sequence[Episode], ended: Sequence[Event]
) -> Iterator[tuple[Event, Episode]]:
    """
    Yield the starts and ends of stages, each with the episode that shows it.

    Args:
        episodes: The child's episodes in order, without refused ones.
        ended: The events with which care ended, in order.
    """
    stage: Stage | None = None
    ends = deque(ended)
    for before, episode in pairwise([None, *episodes, None]):
        # The end of care ends the stage, and this comes before the next episode: a child who comes
        # into care again is not placed for adoption because of an episode years ago.
        while before is not None and ends and (episode is None or ends[0].on <= episode.begins):
            end = ends.popleft()
            if stage is not None:
                yield Event("adoption.end", end.on, reason=end.reason), before
                stage = None
        if episode is None:
            return
        now = stage_of(episode)
        # With other carers a new placement starts, and its first review is due in four weeks
        # (AAR 2005 reg. 36(3)(a)).  A new episode with the same carers starts none.
        moved = now is Stage.PLACED and episode.reason_new in _CARERS_CHANGED
        if now is stage and not moved:
            continue
        if stage is Stage.PLACED:
            reason = "to another placement for adoption" if moved else "no longer placed"
            yield Event("adoption.end", episode.begins, reason=reason), episode
        elif stage is Stage.AUTHORISED and now is None:
            reason = f"no longer under a placement order (LS {episode.legal_status})"
            yield Event("adoption.end", episode.begins, reason=reason), episode
        if now is not None:
            yield Event(f"adoption.{now.value}", episode.begins), episode
        stage = now


class Decision(NamedTuple):
    """
    The decision that a child should be placed for adoption.

    Attributes:
        on: The day.
        reversed_on: The day on which the decision was reversed, if it was.
        source: The file and row that has it.
    """

    on: date
    reversed_on: date | None
    source: str


def decision_events(
    decision: Decision, shown: Sequence[Event], ended: Sequence[Event]
) -> Iterator[Event]:
    """
    Yield the assumed start and end of a decision's clock, unless the episodes show a stage by then.

    Args:
        decision: The decision.
        shown: The events of adoption that the episodes show, in order.
        ended: The events with which care ended, in order.
    """
    first = min((one.on for one in shown if one.event != "adoption.end"), default=date.max)
    # The episodes show a placement order or a placement, from which the law counts: that is better
    # than the decision.
    if first <= decision.on:
        return
    yield Event("adoption.decided", decision.on)
    ends = min((one.on for one in ended if one.on >= decision.on), default=date.max)
    if decision.reversed_on and decision.reversed_on < min(first, ends):
        yield Event("adoption.decision.reversed", decision.reversed_on)
    elif ends < first:
        reason = next(one.reason for one in ended if one.on == ends)
        yield Event("adoption.end", ends, reason=reason)


def placements(events: Sequence[Event]) -> list[AdoptivePlacement]:
    """Return the placements for adoption among a child's events, in order."""
    found: list[AdoptivePlacement] = []
    for event in events:
        if event.event == "adoption.placed":
            found.append(AdoptivePlacement(event.on, None))
        elif event.event == "adoption.end" and found and found[-1].ends is None:
            found[-1] = found[-1]._replace(ends=event.on)
    return found


def is_placed(spans: Sequence[AdoptivePlacement], on: date) -> bool:
    """
    Say whether a review was held while the child was placed for adoption.

    A review on the first day of the placement counts as the last one before it.
    """
    return any(one.begins < on and (one.ends is None or on <= one.ends) for one in spans)
