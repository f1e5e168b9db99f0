"""In which order one child's events are taken, and which of them are the same meeting."""

from collections.abc import Callable, Mapping, Sequence

from iro_cli.facts.model import Event
from iro_cli.obligations.plan import Plans, State

Anomaly = Callable[[str, Event, str | None], None]

# Two sources that date one meeting differently do so by days; reviews are weeks apart.
_SAME_MEETING = 14


def without_repeats(events: Sequence[Event], latest: Mapping[str, frozenset[str]]) -> list[Event]:
    """Leave out a latest meeting that is one of those known, a few days apart or none."""
    kept: list[Event] = []
    for event in events:
        others = latest.get(event.event)
        if others is None:
            kept.append(event)
            continue
        known = [one.on for one in events if one.event in others]
        known += [one.on for one in kept if one.event == event.event]
        if not any(abs((on - event.on).days) <= _SAME_MEETING for on in known):
            kept.append(event)
    return kept


def in_order(
    plans_of: Plans, state: State, events: list[Event], anomaly: Anomaly | None
) -> Sequence[Event]:
    """
    Put the events of one day in the order in which they can have happened.

    Args:
        plans_of: What each kind of event does.
        state: Where the case stands before the day.
        events: Those of the day, in any order.
        anomaly: Told of a meeting that is there twice; it is left out once.
    """
    plans = plans_of.events
    ending = [plan for plan in (plans[one[0]] for one in events) if not plan.opens]
    closing = {span for plan in ending for span, _ in plan.closes}

    if not any(state.opened[span] for span in closing):
        closing = set()

    def rank(event: Event) -> int:
        plan = plans[event[0]]
        again = closing and any(span in closing for span, _ in plan.opens)
        return 5 if again else plan.rank

    if len({one[0] for one in events}) == len(events):
        return sorted(events, key=lambda one: (rank(one), one[0]))
    ordered: list[Event] = []
    for event in sorted(events, key=lambda one: (rank(one), one[0], *map(str, one[2:]))):
        meets = plans[event.event].meets
        twice = meets and any(one.event == event.event for one in ordered)
        if twice:
            if anomaly:
                anomaly("twice-in-a-day", event, None)
        else:
            ordered.append(event)
    return ordered
