"""What every change added and withdrew, as the history shows it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

# Runs a statement with what its marks stand for.
Rows = Callable[..., Iterable[tuple[object, ...]]]

_HISTORY = (
    (
        "fact",
        (
            "SELECT {column}, line, child_id, event, happened_on, outcome, section_47, "
            "completed_on, participation, reference, reason, note, quorate, scaling, advocacy, "
            "attended, source FROM fact"
        ),
    ),
    (
        "child",
        (
            "SELECT {column}, line, child_id, NULL, date_of_birth, label, "
            "expected_date_of_delivery, nation, team, sibling_group FROM child_detail"
        ),
    ),
    (
        "allocation",
        "SELECT {column}, line, child_id, NULL, from_on, role, name, to_on, reason FROM allocation",
    ),
    (
        "booking",
        (
            "SELECT {column}, line, child_id, NULL, booked_for, timescale, at_time, reason "
            "FROM booking"
        ),
    ),
    ("watch", "SELECT {column}, line, NULL, NULL, from_on, timescale FROM watch"),
    ("bank holiday", "SELECT {column}, line, NULL, NULL, day, name FROM bank_holiday"),
    (
        "person",
        (
            "SELECT {column}, line, NULL, NULL, from_on, name, full_time_equivalent, to_on, "
            "manages FROM person"
        ),
    ),
    ("absence", "SELECT {column}, line, NULL, NULL, from_on, name, to_on, reason FROM absence"),
    (
        "audit",
        (
            "SELECT {column}, line, child_id, NULL, audited_on, tool, grade, auditor, iro, note "
            "FROM audit"
        ),
    ),
    (
        "audit sample",
        "SELECT {column}, line, child_id, NULL, due_on, process, iro, auditor FROM audit_sample",
    ),
    (
        "statement",
        "SELECT {column}, line, child_id, event, happened_on, stated_by, source FROM sighting",
    ),
)


class Entry(NamedTuple):
    """One row of the history: a change, and one thing it added or withdrew."""

    change: int
    at: str
    who: str
    command: str
    what: str
    child: str | None
    event: str | None
    on: str | None
    details: str


def _entry(
    row: tuple[object, ...], what: str, changes: dict[object, tuple[object, ...]]
) -> tuple[Entry, int]:
    number, line, child, event, on, *details = row
    at, who, command = changes[number]
    text = "; ".join(str(detail) for detail in details if detail is not None)
    entry = Entry(number, at, who, command, what, child, event, on, text)  # type: ignore[arg-type]
    return entry, line  # type: ignore[return-value]


def entries(rows_of: Rows, child: str | None = None) -> list[Entry]:
    """
    Return the history, the latest change first.

    Args:
        rows_of: Runs a statement in the store.
        child: Only what is about this child.
    """
    changes: dict[object, tuple[object, ...]] = {
        row[0]: row[1:] for row in rows_of("SELECT id, at, who, command FROM change")
    }
    found: list[tuple[Entry, int]] = []
    for what, select in _HISTORY:
        if child is not None and what in ("watch", "bank holiday", "person", "absence"):
            continue
        for column, verb in (("change_id", "added"), ("withdrawn_by", "withdrew")):
            statement = f"{select.format(column=column)} WHERE {column} IS NOT NULL"
            if child is not None:
                statement += " AND child_id = ?"
            rows = rows_of(statement, *([] if child is None else [child]))
            found += [_entry(row, f"{verb} {what}", changes) for row in rows]
    found.sort(key=lambda one: (-one[0].change, one[0].what[:3], one[1], one[0].what))
    return [entry for entry, _ in found]
