"""The records of what was inferred for a date, and of why there is none; not yet in words."""

from datetime import date

from iro_cli.law.model import Rule, Span, Version
from iro_cli.lean import NamedTuple
from iro_cli.obligations.silences import Unknown


class Choice(NamedTuple):
    """A duty that a clock may belong to, and when it is due; ``None`` if there is no date."""

    rule: Rule
    due: date | None


class TakenForFirst(NamedTuple):
    """The latest meeting was held by the day the first was due, and is taken for the first."""

    held: date
    first_due: date
    otherwise: tuple[Choice, ...]


class TakenForLater(NamedTuple):
    """The latest meeting was held after the second was due, and is taken for a later one."""

    held: date
    first_due: date
    second_due: date
    otherwise: tuple[Choice, ...]


class FirstOrLater(NamedTuple):
    """The latest meeting may have been the first or a later one; the sooner date is shown."""

    held: date
    first_due: date
    otherwise: tuple[Choice, ...]


class AfterGap(NamedTuple):
    """Others may have been held before a meeting; the sooner date is shown."""

    held: date
    unknown: tuple[Unknown, ...]
    otherwise: tuple[Choice, ...]


class CountedFrom(NamedTuple):
    """The event to count from is not recorded, so another event is taken for it."""

    started: date | None
    span: Span


class OwedStill(NamedTuple):
    """The duty is taken to be owed still, though its end may have happened without being known."""

    unknown: tuple[Unknown, ...]


class OwedThen(NamedTuple):
    """The duty was met, and is taken to have been owed, though it may have ended before."""

    unknown: tuple[Unknown, ...]


class NotHeldSince(NamedTuple):
    """The meeting is taken not to have been held, though it may have been, without being known."""

    since: date
    unknown: tuple[Unknown, ...]


class NotHeldWhenDue(NamedTuple):
    """The meeting was not held by the day it was due; since then it may have been."""

    due: date
    unknown: tuple[Unknown, ...]


# What had to be inferred for a date, in the order in which it was inferred.
Assumption = TakenForFirst | TakenForLater | FirstOrLater | AfterGap | CountedFrom
Resting = OwedStill | OwedThen | NotHeldSince | NotHeldWhenDue
Assumed = tuple[Assumption | Resting, ...]


class NoDate(NamedTuple):
    """The count itself came to no date; *said* is its reason."""

    said: str


class OtherNation(NamedTuple):
    """The child belongs to a nation whose rules are not in use."""

    nation: str
    in_use: str


class Strict(NamedTuple):
    """There would be a date, but something would have to be inferred for it, which is refused."""

    assumed: Assumption


class StartNotKnown(NamedTuple):
    """The span was open already when the records begin, and no meeting in it is known."""

    span: Span
    meeting: str


class WhichMeeting(NamedTuple):
    """The start of the span is not known, so the meeting may belong to one of several duties."""

    span: Span
    held: date
    choices: tuple[Choice, ...]


class MayHaveEnded(NamedTuple):
    """It is not known whether the duty is still owed, and nothing may be inferred."""

    unknown: tuple[Unknown, ...]


class MayHaveBeenHeld(NamedTuple):
    """
    It is not known whether the meeting was held by the day on which it would be due.

    Attributes:
        since: The day that it would be counted from (exclusive).
        due: The day on which it would be due.
        unknown: Why it is not known.
        strict: Whether there would be a date if something could be inferred.
    """

    since: date
    due: date
    unknown: tuple[Unknown, ...]
    strict: bool


class NotOwed(NamedTuple):
    """
    The due day would lie in a time in which the duty was not owed.

    Attributes:
        started: The day that it would be counted from (exclusive).
        due: The day on which it would be due.
        span: What was open during that time, such as a placement for adoption.
        begins: The day on which that began.
        ends: The day on which it ended.
        beside: The duties that its end starts, each with the event and the version in force.
    """

    started: date
    due: date
    span: Span
    begins: date
    ends: date
    beside: tuple[tuple[Rule, str, Version], ...]


Refusal = (
    NoDate
    | OtherNation
    | Strict
    | StartNotKnown
    | WhichMeeting
    | MayHaveEnded
    | MayHaveBeenHeld
    | NotOwed
)
