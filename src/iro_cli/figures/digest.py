"""Sort open obligations into the sections of the morning's mail."""

from collections.abc import Sequence
from datetime import date

from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import DUE_SOON, DUE_TODAY, OVERDUE, REFUSED, DueRow

# The order in which they are told.
SECTIONS = ("overdue", "today", "too-late", "to-book", "booked", "no-date")


class Section(NamedTuple):
    """One part of a digest: its short name, and its rows."""

    key: str
    rows: list[DueRow]


class Digest(NamedTuple):
    """
    What is to be said on a day; nothing at all where *sections* is empty.

    Attributes:
        as_of: The day.
        for_whom: The IRO, chair or team it is for, or ``None`` for everybody.
        within: How far ahead it looks, in words.
        sections: Those that have rows, in the order of :data:`SECTIONS`.
    """

    as_of: date
    for_whom: str | None
    within: str
    sections: list[Section]

    def count(self, key: str) -> int:
        """Return how many rows a section has."""
        return sum(len(section.rows) for section in self.sections if section.key == key)


def section_of(row: DueRow) -> str | None:
    """Name the one section a row belongs to, or ``None`` if it can wait."""
    if row.status == OVERDUE:
        return "overdue"
    if row.status == DUE_TODAY:
        return "today"
    if row.status == REFUSED:
        return "no-date"
    if row.booked_late:
        return "too-late"
    if row.status == DUE_SOON:
        return "to-book" if row.booked is None else "booked"
    return None


def digest(rows: Sequence[DueRow], as_of: date, *, for_whom: str | None, within: str) -> Digest:
    """
    Sort what is open into the sections of a digest.

    Args:
        rows: Everything that is open, soonest first.
        as_of: The day the question is asked about.
        for_whom: Whose it is, for the heading.
        within: How far ahead counts as soon, in words.
    """
    placed: dict[str, list[DueRow]] = {key: [] for key in SECTIONS}
    for row in rows:
        key = section_of(row)
        if key is not None:
            placed[key].append(row)
    sections = [Section(key, placed[key]) for key in SECTIONS if placed[key]]
    return Digest(as_of, for_whom, within, sections)
