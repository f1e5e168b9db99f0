"""How the fields of a listing look to people who open a file: their headings and their kinds."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from iro_cli.forms.sheet import Value

Kind = Literal["text", "date", "whole", "number", "rate", "yes-no", "list"]

_HEADINGS = {
    "iro": "IRO or chair",
    "child_id": "Child",
    "url": "Link",
    "due_28_days": "Due in 28 days",
    "from_": "From",
}
# What a field holds does not change with the rows there happen to be.
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        (
            *("clock_started", "due", "hold_by", "booked", "held", "from", "on", "date"),
            *("date_of_birth", "expected_date_of_delivery", "completed_on"),
            *("in_force_from", "in_force_to"),
        ),
        "date",
    ),
    **dict.fromkeys(
        (
            *("days_left", "working_days_left", "days_late", "children", "open", "overdue"),
            *("due_28_days", "unbooked", "met", "met_in_timescale", "change"),
        ),
        "whole",
    ),
    "timeliness": "rate",
    **dict.fromkeys(("booked_late", "provisional", "confirmed", "local"), "yes-no"),
    "left_out": "list",
}


def heading(field: str) -> str:
    """
    Return a field's name as the heading of a column.

    >>> heading("clock_started"), heading("due_28_days")
    ('Clock started', 'Due in 28 days')
    """
    plain = field.replace("_", " ").strip()
    return _HEADINGS.get(field, plain[:1].upper() + plain[1:])


def typed(kind: Kind, value: Value) -> Value:
    """Return a value as its field's kind has it: some listings write a day as text."""
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _kind_of(value: Value) -> Kind:
    if isinstance(value, bool):
        return "yes-no"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, float):
        return "number"
    if isinstance(value, date):
        return "date"
    return "text" if isinstance(value, str) else "list"


def _found(known: Kind | None, values: Iterable[Value]) -> Kind:
    """Return the kind that values have: the known one, unless they contradict it."""
    kinds = {
        _kind_of(typed(known, value) if known else value) for value in values if value is not None
    }
    numbers = kinds <= {"whole", "number"}
    if known and (not kinds or kinds == {known} or (known == "rate" and numbers)):
        return known
    if numbers and "number" in kinds:
        return "number"
    return kinds.pop() if len(kinds) == 1 else "text"


def kinds_of(fields: Sequence[str], records: Sequence[Sequence[Value]]) -> list[Kind]:
    """Return the kind of each field; where there is no value, the one it is known to have."""
    return [
        _found(_KINDS.get(field), (record[place] for record in records))
        for place, field in enumerate(fields)
    ]
