"""Reads one row of a list of Annex A by its columns, and keeps every problem."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

from iro_cli.extracts.annex_a_cells import Dates, read_cell
from iro_cli.extracts.annex_a_lists import CHILD, Column
from iro_cli.extracts.annex_a_tables import ListTable, origin
from iro_cli.tables.cells import read_text
from iro_cli.tables.refused import Refused
from iro_cli.tables.workbook import Cell

T = TypeVar("T")


def _is_blank(cell: Cell) -> bool:
    if not cell:
        return cell == ""
    try:
        return isinstance(cell, str) and not read_cell(cell)
    except ValueError:
        return False


@lru_cache(maxsize=4096, typed=True)
def _words(cell: Cell) -> str:
    return read_text(read_cell(cell)) or ""


class Row:
    """
    One row of a list; the same object goes through all of them.

    Attributes:
        table: The list.
        good: Whether nothing has been refused in the row.
        number: Its number.
        where: Where it stands, as it is kept with a fact.
    """

    def __init__(self, table: ListTable, refused: list[Refused], days: Dates) -> None:
        """
        Start before the first row.

        Args:
            table: The list.
            refused: Takes what is refused.
            days: Reads the dates.
        """
        self.table = table
        self.good = True
        self.number = 0
        self.where = ""
        self._cells: Sequence[Cell] = ()
        self._places = table.header.places
        self._telling = [self._places[one] for one in (CHILD, *table.header.which.required)]
        self._refused = refused
        self._days = days

    def take(self, number: int, cells: Sequence[Cell]) -> bool:
        """
        Go on to the next row.

        Returns:
            Whether it has a child, or anything that only this list has: a formula that was
            drawn down beyond the children makes no row.
        """
        self.number, self._cells, self.good = number, cells, True
        self.where = f"{self.table.name}:{number}"
        return any(not _is_blank(cells[place]) for place in self._telling)

    def has(self, column: Column) -> bool:
        """Say whether the list has a column."""
        return column in self._places

    def read(self, column: Column, parse: Callable[[Cell], T]) -> T | None:
        """Return what a cell says, or nothing where it is refused or there is no such column."""
        place = self._places.get(column)
        if place is None:
            return None
        try:
            return parse(self._cells[place])
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def day(self, column: Column, days: Dates | None = None) -> date | None:
        """Return the date in a cell."""
        place = self._places.get(column)
        if place is None or self._cells[place] == "":
            return None
        try:
            return (days or self._days).read(self._cells[place], self.table.numbers)
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def required_day(self, column: Column) -> date | None:
        """Return the date in a cell, or refuse the row where there is none."""
        good, self.good = self.good, True
        day = self.day(column)
        if day is None and self.good:
            self.refuse(column, "the date is missing")
        self.good = self.good and good
        return day

    def words(self, column: Column) -> str:
        """Return the text in a cell."""
        place = self._places.get(column)
        if place is None or self._cells[place] == "":
            return ""
        return self.read(column, _words) or ""

    def refuse(self, column: Column, reason: str) -> None:
        """Refuse the row for what one cell says."""
        self.good = False
        place = self._places.get(column)
        row = origin(self.table, self.number, self._cells)
        name = column.name if place is None else self.table.header.names[place]
        self._refused.append(row.refused(name, "" if place is None else row.cells[place], reason))
