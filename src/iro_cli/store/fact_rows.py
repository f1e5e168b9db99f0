"""
Make the rows of facts for the store.

A million facts share some fifty thousand events.  The values of an event, and its text in
the digest, are made once for all of them.
"""

from collections.abc import Sequence
from datetime import date
from itertools import compress

from iro_cli.facts.model import Event, Statement, parted
from iro_cli.lean import Any
from iro_cli.store.chain import encoded_text
from iro_cli.store.kinds import FACT

# The child, the kind of extract that states the facts, and for each fact its event, its file and
# its row there; the row is ``None`` or 0 if there is none.
StatedFacts = tuple[str, str | None, Sequence[tuple[Event, str | None, int | None]]]
# For the columns of events that are filled, the values of all rows, those of each row together.
FactRows = dict[tuple[str, ...], list[object]]
# The columns of an event: without the child's, and without those of the file and the row.
EVENT_COLUMNS = FACT.columns[1:-2]
# A missing value in a digest.
NULL = "null"
# How many events are kept.  In a file with notes no two are alike, so there must be an end.
_KEPT = 1 << 16


class DayTexts(dict[date | None, str | None]):
    """Days as ISO text, each made once."""

    def __missing__(self, day: date | None) -> str | None:
        """Make the text of a day."""
        self[day] = text = day.isoformat() if day else None
        return text


class EventRow:
    """
    What the rows of all facts that share an event have in common.

    Attributes:
        event: The event.
        area: The first part of its name, such as ``cp``.
        values: The values that it has.
        rows: The values of rows with the same columns, to which those of each fact are added.
        words: The values of all its columns, as the digest has them.
    """

    __slots__ = ("area", "event", "rows", "values", "words")

    def __init__(self, event: Event, texts: DayTexts, every: FactRows) -> None:
        """Work it out; *every* has the rows that a change adds."""
        values: list[Any] = [*event]
        for place in FACT.days:
            values[place - 1] = texts[values[place - 1]]
        given = [value is not None for value in values]
        self.event = event
        self.area = event.event.partition(".")[0]
        self.values = [*compress(values, given)]
        self.rows = every.setdefault(tuple(compress(EVENT_COLUMNS, given)), [])
        self.words = ",".join([NULL if value is None else encoded_text(value) for value in values])


class EventRowsKept(dict[int, EventRow]):
    """
    The rows of events, each of which is made once.

    They are found by the identity of the event, because comparing its values would take longer
    than writing it.  The row holds the event, so no other event can get the same identity.

    Attributes:
        rows: The rows of facts that are not written yet.
    """

    def __init__(self, texts: DayTexts) -> None:
        """Start without any."""
        super().__init__()
        self._texts = texts
        self.rows: FactRows = {}

    def make(self, event: Event) -> EventRow:
        """Make the row of an event, and keep it."""
        if len(self) >= _KEPT:
            self.clear()
        self[id(event)] = row = EventRow(event, self._texts, self.rows)
        return row

    def written(self) -> None:
        """Forget the rows, which are written."""
        for rows in self.rows.values():
            rows.clear()


def stated_facts(one: Statement) -> StatedFacts:
    """Return a statement in the form in which facts are stored."""
    (file, stated_by), row = parted(one.source, one.stated_by)
    return one.child_id, stated_by, [(one.event, file, row)]
