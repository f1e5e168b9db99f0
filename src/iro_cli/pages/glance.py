"""What to do today first, in a few lines above the list on a terminal."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import counted
from iro_cli.obligations.listing import DUE_TODAY, OVERDUE, REFUSED, DueRow

# A working week: what has to be held within it and is not booked cannot wait for tomorrow.
_SOON = 5
_NAMED = 4


def _named(rows: Sequence[DueRow]) -> str:
    """Name the first few children, and count the rest."""
    children = list(dict.fromkeys(row.child for row in rows))
    rest = len(children) - _NAMED
    return ", ".join(children[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def _not_booked(rows: Sequence[DueRow]) -> str:
    missing = [row for row in rows if row.booked is None]
    return f"; not booked: {_named(missing)}" if missing else ""


def today_first(rows: Sequence[DueRow], as_of: date) -> list[tuple[str, str]]:
    """
    Say what to do first, the most pressing at the top.

    Args:
        rows: What is open, soonest first.
        as_of: The day the question is asked about.

    Returns:
        Labels and what stands beside them; nothing where nothing presses.
    """
    today = [row for row in rows if row.status == DUE_TODAY]
    passed = [row for row in rows if row.booked and row.booked < as_of]
    late = [row for row in rows if row.status == OVERDUE]
    ahead = [row for row in rows if row.status not in (OVERDUE, DUE_TODAY, REFUSED)]
    wrong_day = [row for row in ahead if row.booked_late]
    soon = [
        row
        for row in ahead
        if row.booked is None and row.working_days_left is not None
        if row.working_days_left <= _SOON
    ]
    refused = [row for row in rows if row.status == REFUSED]
    found: list[tuple[str, str]] = []
    if today:
        found.append(("hold today", f"{len(today):,} due: {_named(today)}{_not_booked(today)}"))
    if passed:
        words = f"{len(passed):,} booked for a day that has passed: {_named(passed)}"
        found.append(("record", f"{words}; held, or to be booked again"))
    if late:
        longest = counted(-(late[0].days_left or 0), "day")
        found.append(
            (
                "overdue",
                f"{len(late):,}, the longest {late[0].child} ({longest}){_not_booked(late)}",
            )
        )
    if wrong_day:
        words = f"{len(wrong_day):,} booked after the last lawful day: {_named(wrong_day)}"
        found.append(("bring forward", words))
    if soon:
        days = counted(_SOON, "working day")
        found.append(("book", f"{len(soon):,} due within {days}, not booked: {_named(soon)}"))
    if refused:
        words = f"{len(refused):,} without a date: {_named(refused)}; `iro explain CHILD` says why"
        found.append(("find out", words))
    return found
