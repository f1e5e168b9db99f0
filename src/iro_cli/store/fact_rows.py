"""
Facts on their way into the store.

A million of them share some fifty thousand events: what such an event comes to, as values and in
the words of a digest, is worked out once.
"""

from collections.abc import Sequence
from datetime import date

from iro_cli.facts.model import Event, Statement, parted
from iro_cli.lean import TYPE_CHECKING, Any
from iro_cli.store.chain import encoded
from iro_cli.store.kinds import FACT

if TYPE_CHECKING:
    from iro_cli.store.connection import Connection
    from iro_cli.store.opening import Store

# A child, which kind of extract states it, and what: the event, the file where it stands and the
# row there, none or nought where it stands in no row.
StatedFacts = tuple[str, str | None, Sequence[tuple[Event, str | None, int | None]]]
# What a fact fills besides: its line, its event, the number of its file, and the row there.
FactEntry = tuple[int, "EventRow", int | None, int | None]
FactEntries = list[tuple[str, list[FactEntry]]]
# The columns of an event, between those of whose it is and of where it stands.
EVENT_COLUMNS = FACT.columns[1:-2]
# What a digest says of a value that is missing.
NULL = "null"
# How many events are kept: of a file of notes none is like another.
_KEPT = 1 << 16


class DayTexts(dict[date | None, str | None]):
    """Days as they are written, each written once."""

    def __missing__(self, day: date | None) -> str | None:
        """Write a day."""
        self[day] = text = day.isoformat() if day else None
        return text


class EventRow:
    """
    What an event comes to in the row of each fact that shares it.

    Attributes:
        event: The event.
        area: The area that it is of: what its name begins with.
        filled: The columns that it fills.
        values: Their values.
        words: The values of all its columns in the words of a digest.
        columns: The columns that an engine wrote it for, where it writes text.
        text: What it wrote, which is kept here by the engine.
    """

    __slots__ = ("area", "columns", "event", "filled", "text", "values", "words")

    def __init__(self, event: Event, texts: DayTexts) -> None:
        """Work it out."""
        values: list[Any] = [*event]
        for place in FACT.days:
            values[place - 1] = texts[values[place - 1]]
        said = [one for one in zip(EVENT_COLUMNS, values, strict=True) if one[1] is not None]
        self.event = event
        self.area = event.event.partition(".")[0]
        self.filled = tuple([name for name, _ in said])
        self.values = [value for _, value in said]
        # As JSON has them in a list: the encoder takes longer to begin than to write them.
        self.words = ",".join([NULL if value is None else encoded(value) for value in values])
        self.columns = ""
        self.text = ""


class EventRowsKept(dict[int, EventRow]):
    """
    The rows of events, each of which is made once.

    They are kept by which object the event is, for to compare what it says takes longer than to
    write it.  The row has the event, so that no other can become that object.
    """

    def __init__(self, texts: DayTexts) -> None:
        """Begin with none."""
        super().__init__()
        self._texts = texts

    def make(self, event: Event) -> EventRow:
        """Make the row of an event, and keep it."""
        if len(self) >= _KEPT:
            self.clear()
        self[id(event)] = row = EventRow(event, self._texts)
        return row


def stated_facts(one: Statement) -> StatedFacts:
    """Return a statement as facts are given to be stored."""
    (file, stated_by), row = parted(one.source, one.stated_by)
    return one.child_id, stated_by, [(one.event, file, row)]


def insert_facts(store: "Store", connection: "Connection", number: int, facts: FactEntries) -> None:
    """
    Insert facts, those together that fill the same columns.

    Args:
        store: The store.
        connection: Open to write.
        number: The change that adds them.
        facts: The facts.
    """
    alike: dict[tuple[str, ...], list[Sequence[object]]] = {}
    for child_id, rows in facts:
        for line, event, source, row in rows:
            alike.setdefault(event.filled, []).append(
                (number, line, child_id, *event.values, source, row)
            )
    for filled, those in alike.items():
        names = ("change_id", "line", "child_id", *filled, "source_id", "source_row")
        store.insert(connection, FACT.table, names, those)
