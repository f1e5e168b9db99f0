"""Say what to do first today, in a few lines above the list on a terminal."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted
from iro_cli.obligations.listing import DUE_TODAY, OVERDUE, REFUSED, DueRow

# In working days, a week: a meeting that has to be held in this time should be booked today.
_SOON = 5
_NAMED = 4


def _named(rows: Sequence[DueRow]) -> str:
    """Return the first few children, and how many more there are."""
    children = list(dict.fromkeys(row.child for row in rows))
    rest = len(children) - _NAMED
    return ", ".join(children[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def _not_booked(rows: Sequence[DueRow]) -> str:
    missing = [row for row in rows if row.booked is None]
    return f"; not booked: {_named(missing)}" if missing else ""


def today_first(rows: Sequence[DueRow], as_of: date) -> list[tuple[str, str]]:
    """
    Return what to do first, the most urgent at the top.

    Args:
        rows: What is open, soonest first.
        as_of: The day the question is asked about.

    Returns:
        Labels with their texts; none if nothing is urgent.
    """
    ahead = [row for row in rows if row.status not in (OVERDUE, DUE_TODAY, REFUSED)]
    found = (
        ("hold today", _due_today([row for row in rows if row.status == DUE_TODAY])),
        ("record", _passed([row for row in rows if row.booked and row.booked < as_of])),
        ("overdue", _overdue([row for row in rows if row.status == OVERDUE])),
        ("bring forward", _booked_late([row for row in ahead if row.booked_late])),
        ("book", _soon([row for row in ahead if _is_soon(row)])),
        ("find out", _without_date([row for row in rows if row.status == REFUSED])),
    )
    return [(label, words) for label, words in found if words]


def _due_today(rows: Sequence[DueRow]) -> str:
    return f"{len(rows):,} due: {_named(rows)}{_not_booked(rows)}" if rows else ""


def _passed(rows: Sequence[DueRow]) -> str:
    if not rows:
        return ""
    words = f"{len(rows):,} booked for a day that has passed: {_named(rows)}"
    return f"{words}; record what was held, and book the rest again"


def _overdue(rows: Sequence[DueRow]) -> str:
    if not rows:
        return ""
    first = rows[0]
    longest = counted(-(first.days_left or 0), "day")
    return f"{len(rows):,}, the longest {first.child} ({longest}){_not_booked(rows)}"


def _booked_late(rows: Sequence[DueRow]) -> str:
    return f"{len(rows):,} booked after the last lawful day: {_named(rows)}" if rows else ""


def _is_soon(row: DueRow) -> bool:
    left = row.working_days_left
    return row.booked is None and left is not None and left <= _SOON


def _soon(rows: Sequence[DueRow]) -> str:
    days = counted(_SOON, "working day")
    return f"{len(rows):,} due within {days}, not booked: {_named(rows)}" if rows else ""


def _without_date(rows: Sequence[DueRow]) -> str:
    if not rows:
        return ""
    return f"{len(rows):,} without a date: {_named(rows)}; `iro explain CHILD` says why"
