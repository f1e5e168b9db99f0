"""Show how a child took part in reviews and conferences over time."""

from collections.abc import Iterable
from datetime import date

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS, INQUORATE, PARTICIPATION
from iro_cli.lean import NamedTuple

CONVERSATION = "preparation.conversation"
_SAYS = ("participation", "advocacy", "quorate", "scaling", "attended")


class ChildPart(NamedTuple):
    """
    How the child and others took part in one meeting.

    Attributes:
        date: The day.
        event: The event.
        title: What it was.
        participation: The code, PN0 to PN7.
        participation_words: The same in words.
        advocacy: Whether an advocate was offered: yes or no.
        quorate: Whether a conference was quorate: yes or no.
        scaling: The Signs of Safety scaling, 0 to 10.
        attended: Who took part.
    """

    date: date
    event: str
    title: str
    participation: str | None
    participation_words: str | None
    advocacy: str | None
    quorate: str | None
    scaling: int | None
    attended: str | None


def child_part(events: Iterable[Event]) -> list[ChildPart]:
    """
    Return what is recorded about the child's part in meetings, in order of day.

    Args:
        events: The child's events in order, with every detail.
    """
    return [
        ChildPart(
            one.on,
            one.event,
            EVENTS[one.event].title,
            one.participation,
            PARTICIPATION.get(one.participation or ""),
            one.advocacy,
            "no" if one.event == INQUORATE else one.quorate,
            int(one.scaling) if one.scaling else None,
            one.attended,
        )
        for one in events
        if one.event in (INQUORATE, CONVERSATION)
        or any(getattr(one, detail) is not None for detail in _SAYS)
    ]
