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


class Part(NamedTuple):
    """Further rows that belong to a listing, as a sheet of their own in a workbook."""

    name: str
    fields: tuple[str, ...]
    records: Sequence[Sequence[Value]]


class Entry(NamedTuple):
    """
    One entry of a calendar.

    Attributes:
        key: What makes it the same entry in the next export, the child's id left out.
        child: The child's id.
        label: The child's label, where it is asked for.
        title: What is due or planned.
        day: The day it stands on.
        at: The time of a meeting, as ``14:30``; ``None`` is the whole day.
        text: More about it, naming no child.
    """

    key: str
    child: str
    label: str | None
    title: str
    day: date
    at: str | None
    text: str


class Diary(NamedTuple):
    """
    What a listing gives a calendar.

    Attributes:
        entries: The entries, in order.
        changes: How many changes the store has seen.
        changed: When the last of them was made, in UTC, as ISO 8601 writes it.
        left_out: How many rows have no date to stand on.
    """

    entries: list[Entry]
    changes: int
    changed: str
    left_out: int


class Sheet(NamedTuple):
    """
    A listing.

    Attributes:
        fields: The names of its fields, as JSON and CSV have them.
        records: Its rows, each as long as *fields*.
        about: What JSON says beside the rows.
        tables: Makes the tables for people, when they are what is asked for.
        silent: Print nothing at all where there is no row (JSON excepted).
        name: What the listing is called, as the title of a page or a sheet.
        parts: Makes what else a workbook holds, a sheet each.
        diary: Makes what a calendar holds, where the listing has dates to keep.
    """

    fields: tuple[str, ...]
    records: Iterable[Sequence[Value]]
    about: dict[str, object]
    tables: Callable[[], Sequence[Table]]
    silent: bool = False
    name: str = "Listing"
    parts: Callable[[], Sequence[Part]] = tuple
    diary: Callable[[], Diary] | None = None
