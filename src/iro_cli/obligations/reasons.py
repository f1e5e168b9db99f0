"""Why a date rests on what was inferred, or why there is none: facts, not yet in words."""

from datetime import date

from iro_cli.law.model import Rule, Span, Version
from iro_cli.lean import NamedTuple
from iro_cli.obligations.silences import Unknown


class Choice(NamedTuple):
    """A duty that a clock may be of, and when it is due; ``None`` where no date can be given."""

    rule: Rule
    due: date | None


class TakenForFirst(NamedTuple):
    """The latest meeting was held by the day the first was due, and is taken for it."""

    held: date
    first_due: date
    otherwise: tuple[Choice, ...]


class TakenForLater(NamedTuple):
    """The latest meeting was held after the first and the second were due."""

    held: date
    first_due: date
    second_due: date
    otherwise: tuple[Choice, ...]


class FirstOrLater(NamedTuple):
    """The latest meeting may have been the first or a later one: the sooner date is taken."""

    held: date
    first_due: date
    otherwise: tuple[Choice, ...]


class AfterGap(NamedTuple):
    """Others may have been held before a meeting: the sooner date is taken."""

    held: date
    unknown: tuple[Unknown, ...]
    otherwise: tuple[Choice, ...]


class CountedFrom(NamedTuple):
    """What a time is to be counted from is not recorded: another event stands for it."""

    started: date | None
    span: Span


class OwedStill(NamedTuple):
    """What would have ended the duty may have happened without being known."""

    unknown: tuple[Unknown, ...]


class NotHeldSince(NamedTuple):
    """A meeting may have been held without being known."""

    since: date
    unknown: tuple[Unknown, ...]


class NotHeldWhenDue(NamedTuple):
    """A meeting was not held by the day it was due; since then it may have been."""

    due: date
    unknown: tuple[Unknown, ...]


# What had to be inferred for a date, in the order in which it was.
Assumption = TakenForFirst | TakenForLater | FirstOrLater | AfterGap | CountedFrom
Resting = OwedStill | NotHeldSince | NotHeldWhenDue
Assumed = tuple[Assumption | Resting, ...]


class NoDate(NamedTuple):
    """The count itself came to no date; what it said."""

    said: str


class OtherNation(NamedTuple):
    """The child is of a nation whose rules are not in use."""

    nation: str
    in_use: str


class Strict(NamedTuple):
    """There is a date, and what had to be inferred for it was refused."""

    assumed: Assumption


class StartNotKnown(NamedTuple):
    """The span was open when the records begin, and no meeting in it is known."""

    span: Span
    meeting: str


class WhichMeeting(NamedTuple):
    """The start of the span is not known, so a meeting may be of several duties."""

    span: Span
    held: date
    choices: tuple[Choice, ...]


class MayHaveEnded(NamedTuple):
    """Whether the duty is owed still is not known, and nothing may be inferred."""

    unknown: tuple[Unknown, ...]


class MayHaveBeenHeld(NamedTuple):
    """
    Whether the meeting was held by the day that would be counted is not known.

    Attributes:
        since: The day that it would be counted from.
        due: The day that would be counted.
        unknown: Why it is not known.
        strict: Whether there would be a date if something could be inferred.
    """

    since: date
    due: date
    unknown: tuple[Unknown, ...]
    strict: bool


class NotOwed(NamedTuple):
    """
    The day that would be counted lies in a time in which the duty did not apply.

    Attributes:
        started: The day that it would be counted from.
        due: The day that would be counted.
        span: What went on meanwhile.
        begins: When that began.
        ends: When it ended.
        beside: The duties that its end brings, each with the event and the version in force.
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
