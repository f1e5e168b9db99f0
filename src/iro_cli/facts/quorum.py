"""Conferences that could not go on."""

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS

INQUORATE = "cp.conference.inquorate"


def as_it_went(event: Event) -> Event:
    """
    Return a conference that was not quorate as what it is: an event that meets no clock.

    Raises:
        ValueError: It is said to have decided something all the same.
    """
    if event.quorate != "no" or "quorate" not in EVENTS[event.event].details:
        return event
    if event.outcome:
        raise ValueError(
            f"the conference was not quorate, and its outcome is given as {event.outcome}: without "
            "a quorum it decides nothing; leave out one of the two"
        )
    return event._replace(event=INQUORATE, quorate=None)
