"""Say why no one date fits several meetings, and why a meeting gets no day in a diary."""

from iro_cli.dates.words import counted, spoken, spoken_short
from iro_cli.figures.aligning import (
    CalendarEnds,
    Chained,
    Impossible,
    NobodyFree,
    NoDayLeft,
    NoDueDate,
    OneTooSoon,
    Overdue,
)
from iro_cli.figures.diary import (
    NoPlace,
    NoPlaceUpTo,
    SuggestedRow,
    TooFewPlaces,
    TooSoon,
)
from iro_cli.sentences.people import taken_words
from iro_cli.sentences.reasons import refusal_words


def impossible_words(one: Impossible) -> str:
    """Say why no date is possible for all of the chains."""
    match one:
        case NoDueDate():
            why = refusal_words(one.refusal) if one.refusal else ""
            return f"{_named(one.chain)} has no date: {why}"
        case Overdue():
            return (
                f"{_named(one.soonest)} was due by {spoken(one.due)} and is "
                f"{counted(one.days, 'day')} overdue: hold it as soon as it can be, and align the "
                "others without it"
            )
        case OneTooSoon():
            return (
                f"{_named(one.soonest)} is to be held by {spoken(one.hold_by)}, and "
                f"{_named(one.latest)} cannot be held before {spoken(one.first)}"
            )
        case NoDayLeft():
            return (
                f"{_named(one.soonest)} is due by {spoken(one.due)}, and no working day is left "
                "before that"
            )
        case NobodyFree():
            return _nobody_free(one)
        case CalendarEnds():
            return one.said


def _nobody_free(one: NobodyFree) -> str:
    soonest, hold_by, first = _named(one.soonest), spoken(one.hold_by), spoken(one.first)
    if not one.days:
        return f"{soonest} is to be held by {hold_by}, and there is no working day from {first} on"
    return (
        f"{soonest} is to be held by {hold_by}, and none of the "
        f"{counted(one.days, 'working day')} from {first} on is free: {taken_words(one.taken)}"
    )


def _named(chain: Chained) -> str:
    title = chain.meeting.title
    return f"the {title[:1].lower()}{title[1:]} of {chain.case.child.child_id}"


def reason_words(row: SuggestedRow) -> str | None:
    """Say why a meeting is late in a diary, or has no day; ``None`` if it is in time."""
    one = row.reason
    match one:
        case None:
            return None
        case NoPlaceUpTo():
            return f"no place is left up to {spoken_short(one.last)}"
        case TooSoon():
            return f"it was to be held by {spoken(one.hold_by)}, before any day that may be used"
        case NoPlace():
            return taken_words(one.taken)
        case TooFewPlaces():
            return (
                f"{counted(one.meetings, 'meeting')} have to be held by "
                f"{spoken_short(one.hold_by)}, and {counted(one.places, 'place')} are left up to "
                "then"
            )
        case _:
            return refusal_words(one)
