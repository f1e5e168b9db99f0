"""Find what ended every process of a child: death, or the birthday that ends childhood."""

from collections.abc import Iterable
from datetime import date

from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import DIED
from iro_cli.lean import NamedTuple
from iro_cli.obligations.chains import Engine


class Ending(NamedTuple):
    """
    What ended every process of a child.

    Attributes:
        on: The day of the death, or of the birthday.
        age: The age in years at which childhood ended; ``None`` if the child died.
    """

    on: date
    age: int | None = None


def ending_of(work: Engine, child: Child, events: Iterable[Event], as_of: date) -> Ending | None:
    """
    Return what ended every process of a child; ``None`` if nothing has.

    Args:
        work: The engine for the law of the child's nation.
        child: The child.
        events: The child's events up to *as_of*.
        as_of: The day the question is asked about (inclusive).
    """
    born = child.date_of_birth
    grown = work.grown(born, as_of) if born else None
    died = next((one.on for one in events if one.event == DIED), None)
    if died and (grown is None or died <= grown):
        return Ending(died)
    return Ending(grown, work.age) if grown else None
