"""The entries of a calendar: each has a day, and says what it is about."""

from datetime import date

from iro_cli.lean import NamedTuple

# No source says how long a meeting takes.  Without an end it would block no time in a diary.
USUAL_MINUTES = 60


class Appointment(NamedTuple):
    """
    One entry of a calendar.

    Attributes:
        key: Identifies the entry, together with the child's id, in this export and the next.
        child: The child's id.
        label: The child's label, if it is asked for.
        title: What is due or planned.
        day: The day of the entry.
        at: The time of a meeting, such as ``14:30``; ``None`` for the whole day.
        text: More about it, without naming a child.
    """

    key: str
    child: str
    label: str | None
    title: str
    day: date
    at: str | None
    text: str


class Appointments(NamedTuple):
    """
    The content of a calendar.

    Attributes:
        entries: The entries, in order.
        changes: How many changes have been made to the store.
        changed: The time of the last change, in UTC, as ISO 8601 text.
        left_out: How many rows have no date.
        minutes: How many minutes a meeting with a time is taken to last.
    """

    entries: list[Appointment]
    changes: int
    changed: str
    left_out: int
    minutes: int = USUAL_MINUTES
