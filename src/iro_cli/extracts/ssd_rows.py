"""Reads the rows of the SSD tables a cell at a time, and keeps facts and problems."""

import re
from collections.abc import Iterator
from datetime import date

from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssd_tables import SsdTable
from iro_cli.facts.model import Event, contradicts, put_together
from iro_cli.tables.cells import Days, read_child_id, read_yes_no
from iro_cli.tables.refused import Origin

_YEARS_AHEAD = 10
# How the builds write that there is nothing: -1 is a case system's, the last two the dataset's.
_NOTHING = frozenset({"", "null", "#n/a", "n/a", "-1", "placeholder_data", "ssd_ph"})
_TIME = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d([.,]\d+)?)?")
# "a) Yes" and "1 - Yes" for "Yes".
_CODED = re.compile(r"(?:[a-z]\)|\d+ ?-) *(?=\S)")


def given(text: str) -> str:
    """
    Return what a cell says, blank where it says that there is nothing.

    >>> given(" NULL "), given("a\N{NO-BREAK SPACE}b")
    ('', 'a b')
    """
    text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return "" if text.casefold() in _NOTHING else text


def date_text(text: str) -> str:
    """
    Return a cell without the time of day, which no timescale counts.

    >>> date_text("2026-02-14 10:30:00.000"), date_text("14/02/2026 10:30")
    ('2026-02-14', '14/02/2026')
    """
    text = given(text)
    found = re.search("[ T]", text)
    if found and _TIME.fullmatch(text[found.start() :]):
        return text[: found.start()]
    return text


def flag(text: str) -> bool | None:
    """
    Read Y or N, however it is written; blank is ``None``.

    Raises:
        ValueError: It is neither.

    >>> flag("Y"), flag("b) No"), flag("")
    (True, False, None)
    """
    answer = read_yes_no(_CODED.sub("", given(text).casefold(), count=1))
    return None if answer is None else answer == "yes"


class SsdRows:
    """
    The rows of the tables, one after another.

    Attributes:
        batch: What they are read into.
        today: The day that later ones are the future of.
        days: Reads the dates.
        origin: The row that is being read.
        good: Whether nothing has been refused in it.
    """

    origin: Origin

    def __init__(self, batch: Batch, today: date, *, alone: bool) -> None:
        """
        Start without any.

        Args:
            batch: What they are read into.
            today: The day that later ones are the future of.
            alone: Whether these are mended rows by themselves: the store has to know
                their children.
        """
        self._alone = alone
        self.batch = batch
        self.today = today
        self.days = Days(today.year + _YEARS_AHEAD)
        self.good = True
        self._table: SsdTable | None = None
        self._known: dict[tuple[str, str, date], int] = {}

    def of(self, table: SsdTable) -> Iterator[Origin]:
        """Go through the rows of one table."""
        self._table = table
        csv, read = table.table, self.batch.read
        for number, cells in csv.rows(self.batch.refused):
            self.origin = csv.origin(number, cells)
            self.good = True
            yield self.origin
        # Rows that were mended stand in one file, and each is of one table.
        read[csv.name] = read.get(csv.name, 0) + csv.count

    def has(self, field: str) -> bool:
        """Say whether the table has a field."""
        return self._table is not None and field in self._table.places

    def _raw(self, field: str) -> str:
        if self._table is None or field not in self._table.places:
            return ""
        return self.origin.cells[self._table.places[field]]

    def text(self, field: str) -> str:
        """Return what a cell says, blank where there is nothing or no such field."""
        return given(self._raw(field))

    def day(self, field: str, days: Days | None = None) -> date | None:
        """Return a date, or ``None`` where there is none or it is refused."""
        try:
            return (days or self.days).optional(date_text(self._raw(field)))
        except ValueError as error:
            self.refuse(field, str(error))
            return None

    def needed_day(self, field: str) -> date | None:
        """Return a date that must be there."""
        try:
            return self.days.required(date_text(self._raw(field)))
        except ValueError as error:
            self.refuse(field, str(error))
            return None

    def flag(self, field: str) -> bool | None:
        """Return what a Y or N says."""
        try:
            return flag(self._raw(field))
        except ValueError as error:
            self.refuse(field, str(error))
            return None

    def child(self, field: str = "person") -> str:
        """Return the child's id, blank where it is refused."""
        try:
            return read_child_id(self.text(field))
        except ValueError as error:
            self.refuse(field, str(error))
            return ""

    def refuse(self, field: str, reason: str) -> None:
        """Refuse the row for what one cell says."""
        self.good = False
        column = self._table.columns.get(field, "") if self._table is not None else ""
        self.batch.refused.append(self.origin.refused(column, self._raw(field), reason))

    def note(self, child_id: str) -> None:
        """Note that the row is about a child whom the store has to know, where that is so."""
        if self._alone:
            self.batch.origins.setdefault(child_id, []).append(self.origin)

    def keep(self, child_id: str, event: Event, field: str) -> bool:
        """
        Keep a fact of the row; one that is there already is not kept twice.

        Args:
            child_id: The child.
            event: The fact.
            field: What to name where it contradicts an earlier row.

        Returns:
            Whether it is new.
        """
        facts = self.batch.facts
        place = self._known.setdefault((child_id, event.event, event.on), len(facts))
        if place == len(facts):
            self.note(child_id)
            facts.append((child_id, event, self.origin.source))
            return True
        _, known, source = facts[place]
        if contradicts(event, known):
            self.refuse(field, f"{source} has it on the same day with other details")
        else:
            facts[place] = (child_id, put_together(event, known), source)
            self.batch.counts["repeated rows"] += 1
        return False
