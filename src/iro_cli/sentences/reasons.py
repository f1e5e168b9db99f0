"""Say in words what a date depends on, or why there is none."""

from collections.abc import Iterable

from iro_cli.dates.words import spoken_short
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.model import Span
from iro_cli.obligations.reasons import (
    AfterGap,
    Assumed,
    Assumption,
    Choice,
    CountedFrom,
    FirstOrLater,
    MayHaveBeenHeld,
    MayHaveEnded,
    NoDate,
    NotHeldSince,
    NotHeldWhenDue,
    NotOwed,
    OtherNation,
    OwedStill,
    OwedThen,
    Refusal,
    Resting,
    StartNotKnown,
    Strict,
    TakenForFirst,
    TakenForLater,
    WhichMeeting,
)
from iro_cli.sentences.silences import remedy_words, unknown_words

_STRICT = "refused because of --strict"
_SOONER = "the sooner date is the one to work to"


def assumed_words(assumed: Assumed) -> str:
    """Say what had to be inferred for a date and from what, with the other possible dates."""
    return "; ".join(map(_assumption, assumed))


def _assumption(one: Assumption | Resting) -> str:
    match one:
        case CountedFrom():
            return _counted_from(one)
        case OwedStill():
            return f"assumed to be still owed: {unknown_words(one.unknown)}"
        case OwedThen():
            return f"assumed to have been owed: {unknown_words(one.unknown)}"
        case NotHeldSince():
            since = spoken_short(one.since)
            return f"assumed not to have been held since {since}: {unknown_words(one.unknown)}"
        case NotHeldWhenDue():
            return (
                f"it was due by {spoken_short(one.due)} and not held by then; whether it has "
                f"been held since is not known: {unknown_words(one.unknown)}"
            )
        case AfterGap():
            return (
                f"the meeting on {spoken_short(one.held)} may have been the first or a later one "
                f"({unknown_words(one.unknown)}): {_SOONER}; otherwise the next is due "
                f"{_choices(one.otherwise)}"
            )
        case TakenForFirst() | TakenForLater() | FirstOrLater():
            return (
                f"only the latest review is recorded: that on {spoken_short(one.held)} "
                f"{_ordinal(one)}; otherwise the next is due {_choices(one.otherwise)}"
            )


def _ordinal(one: TakenForFirst | TakenForLater | FirstOrLater) -> str:
    first = spoken_short(one.first_due)
    match one:
        case TakenForFirst():
            return f"is taken for the first, because it was held by {first}, when the first was due"
        case TakenForLater():
            return (
                f"is taken for a later one, because it was held after the first was due ({first}) "
                f"and the second ({spoken_short(one.second_due)} at the latest)"
            )
        case FirstOrLater():
            return (
                f"may have been the first, held late (it was due by {first}), or a later one: "
                f"{_SOONER}"
            )


def _choices(choices: Iterable[Choice]) -> str:
    """Say when the next meeting is due by each of the rules that a clock may belong to."""
    return " or ".join(
        f"{spoken_short(one.due) if one.due else 'on a day that is not known'} as the "
        f"{one.rule.title.lower()}"
        for one in choices
    )


def _counted_from(one: CountedFrom) -> str:
    events = " or ".join(EVENTS[match.event].title for match in one.span.taken_from)
    starts = " or ".join(dict.fromkeys(EVENTS[match.event].title for match in one.span.opened_by))
    started = spoken_short(one.started) if one.started else "a day that is not known"
    return (
        f"counted from {started} ({events}): what it should be counted from ({starts}) is not "
        "recorded, and is assumed to be that day"
    )


def refusal_words(one: Refusal) -> str:
    """Say why there is no date, and what to do about it if something can be done."""
    match one:
        case NoDate():
            return one.said
        case OtherNation():
            theirs, ours = (name.replace("-", " ").title() for name in (one.nation, one.in_use))
            return (
                f"the child is of {theirs}, whose rules this version does not have, and {ours}'s "
                "would give wrong dates"
            )
        case Strict():
            return f"{_assumption(one.assumed)} ({_STRICT})"
        case StartNotKnown():
            return (
                f"the {one.span.title} was open already when the records begin, and no "
                f"{one.meeting} in it is known: {_import_or_record(one.span)}"
            )
        case WhichMeeting():
            return (
                f"the start of the {one.span.title} is not known, so the meeting on "
                f"{spoken_short(one.held)} may have been the first or a later one; the next is "
                f"due {_choices(one.choices)}: {_import_or_record(one.span)}"
            )
        case MayHaveEnded():
            unknown = unknown_words(one.unknown)
            return f"it is not known whether it is still owed: {unknown} ({_STRICT})"
        case MayHaveBeenHeld():
            return (
                f"{_would_be(one)}, and whether it was held by then is not known: "
                f"{unknown_words(one.unknown)}; {remedy_words(one.unknown)}"
                f"{f' ({_STRICT})' if one.strict else ''}"
            )
        case NotOwed():
            return _not_owed(one)


def _import_or_record(span: Span) -> str:
    starts = " or ".join(sorted({match.event for match in span.opened_by}))
    return f"import the year in which it began, or record {starts}"


def _would_be(one: MayHaveBeenHeld | NotOwed) -> str:
    since = one.since if isinstance(one, MayHaveBeenHeld) else one.started
    return f"counted from {spoken_short(since)} it would be {spoken_short(one.due)}"


def _not_owed(one: NotOwed) -> str:
    beside = [
        f"{rule.title.lower()} ({version.words()} of {event}; "
        f"{version.citations[0].instrument}, {version.citations[0].provision})"
        for rule, event, version in one.beside
    ]
    also = f"; beside it: {' and '.join(beside)}" if beside else ""
    return (
        f"{_would_be(one)}, and a {one.span.title} went from {spoken_short(one.begins)} to "
        f"{spoken_short(one.ends)}, in which the duty did not apply; no source says by when the "
        f"next is due after that: hold it and record it{also}"
    )
