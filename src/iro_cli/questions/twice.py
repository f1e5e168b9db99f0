"""Say what the next date would be if one event is recorded on two days."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.facts.model import Child, Event
from iro_cli.obligations.ahead import CHAIRED, kind_of_work
from iro_cli.questions.view import View


def next_due(view: View, child: Child, events: Sequence[Event], kind: str) -> date | None:
    """
    Return when the next meeting of a process is due, according to some facts about a child.

    Args:
        view: The rules and the day.
        child: The child.
        events: The facts, which need not be the ones stored.
        kind: An event of the process.

    Returns:
        The soonest due day; ``None`` if no meeting of the process is open.
    """
    shown = view.shown()
    engine, listing = view.engines(shown).of(child), view.listing(shown)
    known = sorted((one for one in events if one.on <= view.as_of), key=lambda one: one.on)
    if not known:
        return None
    clocks = engine.run(known, as_of=view.as_of, born=child.date_of_birth, keep_met=False)
    area = kind.partition(".")[0]
    days = [
        one.due.due
        for one in listing.opened(child, clocks.open, known, {})
        if one.due and one.rule.process == area and kind_of_work(one.rule) in CHAIRED
    ]
    return min(days, default=None)


def consequence(view: View, child: str, one: Event, other: Event) -> str:
    """
    Say how the next date differs if two facts both count, or only one of them.

    A first review is recorded on 19 and on 20 November.  If both count, the next review is due by
    20 May; if only the second day is right, by 20 February.

    Args:
        view: The store, the rules and the day.
        child: The child.
        one: What happened, on one day.
        other: The same on another day, as it is known.  A "latest meeting" remains one when its
            day is put right.

    Returns:
        The sentence; empty if the next date is the same in each case.
    """
    known = view.reader.children(child).get(child, Child(child))
    until = max(view.as_of, one.on, other.on)
    stored = dict(view.reader.cases(until, child, whole=True)).get(child, [])
    rest = [event for event in stored if event[:2] not in (one[:2], other[:2])]
    both, first, second = (
        next_due(view, known, [*rest, *those], one.event)
        for those in ((one, other), (other._replace(on=one.on),), (other,))
    )
    if both == first == second:
        return ""

    def said(due: date | None) -> str:
        return f"due by {spoken(due)}" if due else "not open"

    return (
        f"if both count, the next is {said(both)}; with {spoken(one.on)} alone it is "
        f"{said(first)}, with {spoken(other.on)} alone {said(second)}"
    )
