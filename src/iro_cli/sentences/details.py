"""Say in words what a fact that is recorded says about itself."""

from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import DETAILS


def said_besides(known: Event, given: Event) -> str:
    """
    Name the details that a fact has and that the same fact, as it was given, leaves out.

    >>> on = date(2026, 11, 2)
    >>> said_besides(Event("cp.strategy", on, section_47="no"), Event("cp.strategy", on))
    ', with section 47 no'
    """
    parts = [
        f"{detail.shown or detail.label.lower()} "
        + (spoken_short(value) if isinstance(value, date) else value)
        for name, detail in DETAILS.items()
        if (value := getattr(known, name)) and not getattr(given, name)
    ]
    return f", with {' and '.join(parts)}" if parts else ""
