"""Sort open obligations into the sections of the morning's mail."""

from collections.abc import Sequence
from datetime import date

from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import DUE_SOON, DUE_TODAY, OVERDUE, REFUSED, DueRow

# The sections, in the order in which a digest has them.
SECTIONS = ("overdue", "today", "too-late", "passed", "to-book", "booked", "no-date")


class Section(NamedTuple):
    """One part of a digest: its short name, and its rows."""

    key: str
    rows: list[DueRow]


class Digest(NamedTuple):
    """
    A digest of one day; there is nothing to say if *sections* is empty.

    Attributes:
        as_of: The day.
        for_whom: The IRO, chair or team it is for, or ``None`` for everybody.
        within: How far ahead it looks, in words.
        sections: The sections that have rows, in the order of :data:`SECTIONS`.
    """

    as_of: date
    for_whom: str | None
    within: str
    sections: list[Section]

    def count(self, key: str) -> int:
        """Return how many rows a section has."""
        return sum(len(section.rows) for section in self.sections if section.key == key)


def has_passed(row: DueRow, as_of: date) -> bool:
    """Say whether a meeting is booked for a day before the as-of day and is not recorded."""
    return row.booked is not None and row.booked < as_of


def section_of(row: DueRow, as_of: date) -> str | None:
    """Name the section a row belongs to on a day; ``None`` if it can wait."""
    # The most urgent comes first, because a row stands in one section only.
    if row.status == OVERDUE:
        return "overdue"
    if row.status == DUE_TODAY:
        return "today"
    if row.status == REFUSED:
        return "no-date"
    if has_passed(row, as_of):
        return "passed"
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
        for_whom: The IRO, chair or team, for the heading.
        within: How far ahead counts as soon, in words.
    """
    placed: dict[str, list[DueRow]] = {key: [] for key in SECTIONS}
    for row in rows:
        key = section_of(row, as_of)
        if key is not None:
            placed[key].append(row)
    sections = [Section(key, placed[key]) for key in SECTIONS if placed[key]]
    return Digest(as_of, for_whom, within, sections)
