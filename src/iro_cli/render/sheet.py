"""What a listing is before it has a form: records for programs, a table for people."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

Value = str | int | float | bool | date | None | Sequence[str]


class Column(NamedTuple):
    """
    One column of a table for people.

    ``from_width`` is the narrowest terminal, in characters, that shows it;
    ``whole`` keeps a cell on one line, as a date should be.
    """

    title: str
    right: bool = False
    from_width: int = 0
    whole: bool = False


class Line(NamedTuple):
    """One row of a table for people, and what it says about urgency."""

    cells: tuple[str, ...]
    tone: str = ""


class Table(NamedTuple):
    """A table for people."""

    heading: str
    columns: tuple[Column, ...]
    lines: Sequence[Line]
    notes: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """
    A listing.

    Attributes:
        fields: The names of its fields, as JSON and CSV have them.
        records: Its rows, each as long as *fields*.
        about: What JSON says beside the rows.
        tables: Makes the tables for people, when they are what is asked for.
        silent: Print nothing at all where there is no row (JSON excepted).
    """

    fields: tuple[str, ...]
    records: Iterable[Sequence[Value]]
    about: dict[str, object]
    tables: Callable[[], Sequence[Table]]
    silent: bool = False
