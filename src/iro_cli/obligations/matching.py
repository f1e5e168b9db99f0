"""Whether an event is the one a rule means."""

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.model import ANY, Match


def is_meant(match: Match, event: Event) -> bool:
    """
    Say whether an event is the one a match asks for, by name and detail.

    A detail left blank is taken to be its default, the first of its values; ``*``
    asks only that it is given.
    What is open at the time is not looked at.
    """
    if match.event != event.event:
        return False
    if match.detail is None:
        return True
    values = EVENTS[match.event].values.get(match.detail)
    given = getattr(event, match.detail) or (values[0] if values else None)
    return bool(given) if match.value == ANY else bool(given == match.value)
