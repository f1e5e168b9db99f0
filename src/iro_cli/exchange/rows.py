"""Reads the rows of one table a cell at a time, and keeps every problem."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from iro_cli.exchange.batch import Batch, Origin, shown
from iro_cli.exchange.tabular import Table

T = TypeVar("T")


class Rows:
    """
    The rows of one file.

    Attributes:
        name: The file's name.
        good: Whether nothing has been refused in the row that is being read.
        origin: The row that is being read.
    """

    origin: Origin

    def __init__(
        self, path: Path, batch: Batch, *, required: Sequence[str], optional: Sequence[str]
    ) -> None:
        """
        Open a file for a batch.

        Raises:
            InputRefusedError: It cannot be read, or a required column is missing.
        """
        self._table = Table(path)
        self._table.expect(required, optional)
        self._batch = batch
        self.name = self._table.name
        self.good = True
        if unknown := self._table.unknown():
            batch.warnings.append(
                f"{self.name}: not read, because they are not known: the columns "
                f"{', '.join(map(shown, unknown))}"
            )

    def __iter__(self) -> Iterator[Origin]:
        """Go through the rows, which are then read with :meth:`read`."""
        for number, cells in self._table.rows(self._batch.refused):
            self.good = True
            self.origin = self._table.origin(number, cells)
            yield self.origin
        self._batch.read[self.name] = self._table.count

    def text(self, column: str) -> str:
        """Return a cell as it stands, blank where the file has no such column."""
        place = self._table.places.get(column)
        return "" if place is None else self.origin.cells[place]

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
        self._batch.refused.append(self.origin.refused(column, self.text(column), reason))
