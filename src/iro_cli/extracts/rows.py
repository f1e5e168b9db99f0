"""Reads the rows of one table a cell at a time, and keeps every problem."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from iro_cli.extracts.batch import Batch
from iro_cli.extracts.columns import Columns, EventColumn
from iro_cli.tables.refused import Origin, printable
from iro_cli.tables.tabular import Table

T = TypeVar("T")
_OURS = Columns({})


class Rows:
    """
    The rows of one file, under our names for the columns or under an authority's own.

    Attributes:
        name: The file's name.
        good: Whether nothing has been refused in the row that is being read.
        origin: The row that is being read.
    """

    origin: Origin

    def __init__(
        self,
        path: Path,
        batch: Batch,
        *,
        required: Sequence[str],
        optional: Sequence[str],
        columns: Columns | None = None,
    ) -> None:
        """
        Open a file for a batch.

        Raises:
            InputRefusedError: It cannot be read, or a required column is missing.
        """
        self._columns = columns or _OURS
        self._event: EventColumn | None = None
        # What has been refused in this row already: its child is the same for each of its dates.
        self._said: set[tuple[str, str]] = set()
        self._table = Table(path)
        self._expect(required, optional)
        self._batch = batch
        self.name = self._table.name
        self.good = True
        ignored = {one.casefold() for one in self._columns.ignored}
        if unknown := [one for one in self._table.unknown() if one.casefold() not in ignored]:
            batch.warnings.append(
                f"{self.name}: not read, because they are not known: the columns "
                f"{', '.join(map(printable, unknown))}"
            )

    def _expect(self, required: Sequence[str], optional: Sequence[str]) -> None:
        """Find the columns; one that the mapping names has to be there."""
        columns = self._columns
        given = {*columns.fixed, *(("event", "date") if columns.events else ())}
        must = dict.fromkeys(
            columns.theirs(column) for column in required if column not in given
        ) | dict.fromkeys(sorted(columns.read()))
        may = (columns.theirs(column) for column in optional if column not in given)
        self._table.expect(list(must), [one for one in may if one not in must])
        # A mapping may write one column in capitals here and in small letters there.
        self._places = {name.casefold(): place for name, place in self._table.places.items()}

    def __iter__(self) -> Iterator[Origin]:
        """
        Go through the rows, which are then read with :meth:`read`.

        A row with several columns of dates comes once for each date it has.
        """
        for number, cells in self._table.rows(self._batch.refused):
            self.origin = self._table.origin(number, cells)
            self._said.clear()
            if self._left_out():
                self._batch.counts["rows left out by the mapping"] += 1
                continue
            for event in self._columns.events or (None,):
                self._event = event
                if event is None or self.text("date").strip():
                    self.good = True
                    yield self.origin
        self._batch.read[self.name] = self._table.count

    def _left_out(self) -> bool:
        """Say whether the mapping gives this row's kind of event no event of ours."""
        words = self._columns.values.get("event", {})
        return bool(words) and words.get(self._cell("event").strip().casefold()) == ""

    def _cell(self, column: str) -> str:
        place = self._places.get(self._columns.theirs(column, self._event).casefold())
        return "" if place is None else self.origin.cells[place]

    def text(self, column: str) -> str:
        """Return a cell as it stands or as it is mapped, blank where there is no such column."""
        columns = self._columns
        if columns is _OURS:
            place = self._places.get(column)
            return "" if place is None else self.origin.cells[place]
        if self._event is not None and column == "event":
            return self._event.event
        if column in columns.fixed:
            return columns.fixed[column]
        return columns.ours(column, self._cell(column))

    def read(self, column: str, parse: Callable[[str], T]) -> T | None:
        """Return what a cell says, or ``None`` where it is refused."""
        try:
            return parse(self.text(column))
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def refuse(self, column: str, reason: str) -> None:
        """Refuse the row for what one cell says."""
        self.good = False
        theirs = self._columns.theirs(column, self._event)
        if (theirs, reason) in self._said:
            return
        self._said.add((theirs, reason))
        self._batch.refused.append(self.origin.refused(theirs, self._cell(column), reason))
