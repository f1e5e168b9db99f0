"""IROs and chairs: their hours, their absences, and the audits of children's cases."""

from collections.abc import Iterable, Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Allocation
from iro_cli.lean import NamedTuple


class Person(NamedTuple):
    """
    An IRO or chair between two days, both inclusive, either open.

    Attributes:
        name: As in allocations.
        full_time_equivalent: 1 is full time; ``None`` if nobody has said.
        from_on: The first day (inclusive); ``None`` if it is open.
        to_on: The last day (inclusive); ``None`` if it is open.
        manages: The team that they manage, if any.
    """

    name: str
    full_time_equivalent: float | None = None
    from_on: date | None = None
    to_on: date | None = None
    manages: str | None = None


class Absence(NamedTuple):
    """When a person is away, both days inclusive."""

    name: str
    from_on: date
    to_on: date
    reason: str | None = None


class Audit(NamedTuple):
    """One audit of one child's case, and who was the child's IRO on that day."""

    child_id: str
    audited_on: date
    tool: str
    grade: str
    auditor: str | None = None
    iro: str | None = None
    note: str | None = None


class Drawn(NamedTuple):
    """A case that was drawn at random to be audited by a day (inclusive)."""

    child_id: str
    process: str
    drawn_on: date
    due_on: date
    iro: str | None = None
    auditor: str | None = None


def covers(one: Person | Allocation | Absence, on: date) -> bool:
    """Say whether a time includes a day."""
    return (one.from_on is None or one.from_on <= on) and (one.to_on is None or one.to_on >= on)


def overlap(one: Person | Allocation | Absence, other: Person | Allocation | Absence) -> bool:
    """Say whether two times have a day in common."""
    return (one.from_on or date.min) <= (other.to_on or date.max) and (
        other.from_on or date.min
    ) <= (one.to_on or date.max)


def of_name(people: Iterable[Person], name: str) -> list[Person]:
    """Return the rows about one person, in order of their first days; capitals do not matter."""
    rows = [one for one in people if one.name.casefold() == name.casefold()]
    return sorted(rows, key=lambda one: one.from_on or date.min)


def on_day(rows: Sequence[Person], on: date) -> Person | None:
    """Return the row that holds on a day, from the rows about one person."""
    return next((one for one in rows if covers(one, on)), None)


class NotInPost(NamedTuple):
    """
    A person who is not in post on a day.

    Attributes:
        name: The person.
        left_on: Their last day in post before it, if they were in post.
        next_from: Their first day in post after it, if they will be in post.
    """

    name: str
    left_on: date | None
    next_from: date | None


def not_in_post(rows: Sequence[Person], on: date) -> NotInPost | None:
    """
    Return when a person was and will be in post, if they are not in post on a day.

    Args:
        rows: The rows about the person, in order.
        on: The day.

    Returns:
        ``None`` if they are in post, or if there are no rows, as for most people.
    """
    # Most authorities allocate children without recording their IROs: about a person of whom
    # nothing is recorded, the program cannot say that they are not in post.
    if not rows or on_day(rows, on):
        return None
    before = [one.to_on for one in rows if one.to_on and one.to_on < on]
    after = [one.from_on for one in rows if one.from_on and one.from_on > on]
    return NotInPost(rows[0].name, max(before, default=None), min(after, default=None))


def period(begins: date | None, ends: date | None) -> str:
    """
    Write a time from one day to another, both inclusive, for people.

    >>> period(date(2026, 11, 2), None), period(None, None)
    ('from 2 Nov 2026', 'from no particular day')
    """
    if begins and ends:
        return f"{spoken_short(begins)} to {spoken_short(ends)}"
    if begins:
        return f"from {spoken_short(begins)}"
    return f"until {spoken_short(ends)}" if ends else "from no particular day"
