"""What a calendar is given of a listing: a day to keep, each with what it is about."""

from datetime import date

from iro_cli.lean import NamedTuple

# No source says how long a meeting takes, and without an end it would keep no time free.
USUAL_MINUTES = 60


class Appointment(NamedTuple):
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


class Appointments(NamedTuple):
    """
    What a listing gives a calendar.

    Attributes:
        entries: The entries, in order.
        changes: How many changes the store has seen.
        changed: When the last of them was made, in UTC, as ISO 8601 writes it.
        left_out: How many rows have no date to stand on.
        minutes: How long a meeting at a time is taken to last.
    """

    entries: list[Appointment]
    changes: int
    changed: str
    left_out: int
    minutes: int = USUAL_MINUTES
