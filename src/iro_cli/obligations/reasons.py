"""
The reasons why a date rests on something inferred, or why there is no date.

They are records with days and rules; :mod:`iro_cli.sentences.reasons` puts them into words.
"""

from datetime import date

from iro_cli.law.model import Rule, Span, Version
from iro_cli.lean import NamedTuple
from iro_cli.obligations.silences import Unknown


class Choice(NamedTuple):
    """A duty that a clock may belong to, with its due date; ``None`` if it has no date."""

    rule: Rule
    due: date | None


class TakenForFirst(NamedTuple):
    """The latest meeting was held by the day the first was due, so it is taken for the first."""

    held: date
    first_due: date
    otherwise: tuple[Choice, ...]


class TakenForLater(NamedTuple):
    """The latest meeting was held after the first and the second were due, so it was later."""

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
    """The event to count from is not recorded, and another event stands in for it."""

    started: date | None
    span: Span


class OwedStill(NamedTuple):
    """The duty may have ended without anybody knowing; it is taken to be still due."""

    unknown: tuple[Unknown, ...]


class NotHeldSince(NamedTuple):
    """A meeting may have been held without anybody knowing; it is taken not to have been."""

    since: date
    unknown: tuple[Unknown, ...]


class NotHeldWhenDue(NamedTuple):
    """A meeting was not held by the day it was due; it may have been held since then."""

    due: date
    unknown: tuple[Unknown, ...]


# What had to be inferred for a date, in the order in which it was inferred.
Assumption = TakenForFirst | TakenForLater | FirstOrLater | AfterGap | CountedFrom
Resting = OwedStill | NotHeldSince | NotHeldWhenDue
Assumed = tuple[Assumption | Resting, ...]


class NoDate(NamedTuple):
    """The count gave no date; the text says why."""

    said: str


class OtherNation(NamedTuple):
    """The law of another nation applies to the child, and its rules are not in use."""

    nation: str
    in_use: str


class Strict(NamedTuple):
    """There would be a date, but ``--strict`` refuses what had to be inferred for it."""

    assumed: Assumption


class StartNotKnown(NamedTuple):
    """The span was open when the records begin, and no meeting in it is known."""

    span: Span
    meeting: str


class WhichMeeting(NamedTuple):
    """The start of the span is not known, so the meeting may have met one of several duties."""

    span: Span
    held: date
    choices: tuple[Choice, ...]


class MayHaveEnded(NamedTuple):
    """It is not known whether the duty has ended, and nothing may be inferred."""

    unknown: tuple[Unknown, ...]


class MayHaveBeenHeld(NamedTuple):
    """
    It is not known whether the meeting was held by the day on which it would be due.

    Attributes:
        since: The day from which it would be counted.
        due: The day on which it would be due.
        unknown: Why it is not known.
        strict: Whether there would be a date if something might be inferred.
    """

    since: date
    due: date
    unknown: tuple[Unknown, ...]
    strict: bool


class NotOwed(NamedTuple):
    """
    The due date would lie in a time in which the duty did not apply.

    Attributes:
        started: The day from which it would be counted.
        due: The day on which it would be due.
        span: What went on in that time, such as a placement for adoption.
        begins: The day it began.
        ends: The day it ended.
        beside: The duties that start when it ends, each with the event and the version in force.
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
