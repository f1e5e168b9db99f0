"""Say in words what does not fit in the facts of a child, and what to do about it."""

from iro_cli.dates.words import spoken_short
from iro_cli.facts.twice import ONCE_IN
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.model import Span
from iro_cli.obligations.findings import NEAR_ANOTHER, Around, Finding, Waiting

CORRECT = "to put that day right, add --correct"
# For each kind of finding what is wrong, and what to do.
_WORDS = {
    "already-open": (
        "a {span} starts while one that started on {opened} is open",
        "record its end ({ends}), or take one start back",
    ),
    "known-after-all": (
        "a {span} starts although one was known to be open already",
        "record the end of the earlier one ({ends}), or take one of the two back",
    ),
    "start-unknown": (
        "the {span} was open already on this day, and when it began is not known",
        "import the year in which it began, or record {starts}",
    ),
    "start-missing": (
        "it is a meeting in a {span}, but no start of one is recorded",
        "record {starts}, or import the file that has it",
    ),
    "nothing-to-end": (
        "it ends a {span}, but none was open",
        "record {starts} first, or take this back",
    ),
    "outside": (
        "it happened outside a {span}: {around}",
        "record {starts} with the right date, or take this back",
    ),
    "on-the-start": (
        "the {span} started on this day, at another meeting, and a review of it comes later",
        "put its day right, or take it back: it may be the meeting that started it",
    ),
    "left-open": (
        "a {span} that started on {opened} is still open, and is taken to end with it",
        "record how and when it ended ({ends})",
    ),
    "nothing-waiting": (
        "no time limit was running for it on this day{waiting}",
        "record what started its time limit, or take this back",
    ),
    "which-of-several": (
        "several were open on this day, and it does not say to which it belongs: {several}",
        (
            "say which with --reference; one without a reference is taken back and recorded again "
            "with one"
        ),
    ),
    "start-not-recorded": (
        "what started its time limit is not recorded, so nobody can say whether it was in time",
        "record the strategy discussion, or the day you were told of the move",
    ),
    "already-running": (
        "one with the same reference is open already",
        "give it a reference of its own, or take one of the two back",
    ),
    "second-adjournment": (
        "the review was adjourned a second time, and it may be adjourned once only",
        "hold the review; the clock runs from the first adjournment",
    ),
    "adjourned-again": (
        (
            "the review held on this day took up an adjourned one and was adjourned itself; a "
            "review may be adjourned once only"
        ),
        "hold the review; the clock runs from this day",
    ),
    "third-adjournment": (
        "the review was adjourned a third time, and it may be adjourned once only",
        "hold the review, or take this back; the clock runs from the first adjournment",
    ),
    "too-soon": (
        "it is recorded on {day} too, and two within {once} days are unlikely",
        CORRECT,
    ),
    "beside-several": (
        "it is recorded more than once within {once} days already, nearest on {day}",
        "take back what did not happen with `iro record … --withdraw`",
    ),
    NEAR_ANOTHER: (
        "it is recorded on {day} too, and two within {once} days are unlikely; both are counted",
        (
            "if it was one meeting, take the wrong day back with `iro record … --withdraw`; if "
            "both were held, leave them as they are"
        ),
    ),
    "twice-in-a-day": (
        "the same meeting is recorded twice on one day; it is counted once",
        "take one of the two back with `iro record … --withdraw`",
    ),
    "counts-and-does-not": (
        (
            "a conference that was not quorate is recorded on this day too, and one conference "
            "cannot be both"
        ),
        (
            "`iro record … --correct` with the right one replaces the other, and --withdraw "
            "takes one back"
        ),
    ),
    "after-childhood": (
        "it happened on or after the 18th birthday ({day})",
        "check the date, and the date of birth",
    ),
    "after-death": (
        "it is dated after the child's death ({day})",
        "check both dates, and take back the one that is wrong",
    ),
    "before-birth": (
        "it happened before the child was born ({day})",
        "check the date, and the date of birth",
    ),
    "not-under-four": (
        "the participation code is that of a child under four, and the fourth birthday was {day}",
        "record how the child took part, PN1 to PN7, or check the date of birth",
    ),
    "under-four": (
        "the participation code is for a child of four or over, and the fourth birthday is {day}",
        "record PN0, or check the date of birth",
    ),
    "open-after-childhood": (
        "the {span} is open after the 18th birthday ({day})",
        "record its end ({ends})",
    ),
}


def message_of(found: Finding) -> str:
    """Say what is wrong, on which day and with which event."""
    words = _WORDS[found.kind][0].format(**_named(found))
    title = EVENTS[found.event].title
    return f"{spoken_short(found.on)}, {found.event} ({title}): {words}"


def remedy_of(found: Finding) -> str:
    """Say what to do about it."""
    words = _WORDS[found.kind][1].format(**_named(found))
    if found.instead is None:
        return words
    event, span = found.instead
    return (
        f"if it was held in the {span.title} that was open, record {event} instead; otherwise "
        f"{words}"
    )


def _named(found: Finding) -> dict[str, str]:
    """Return the texts that the words of a finding have placeholders for."""
    return {
        "span": found.span.title if found.span else "",
        "starts": _starts(found.span),
        "ends": _ends(found.span),
        "day": spoken_short(found.compared) if found.compared else "",
        "waiting": _waiting(found.waiting) if found.waiting else "",
        "several": " and ".join(
            f"{reference or 'the one without a reference'} ({spoken_short(on)})"
            for reference, on in found.several
        ),
        "opened": _opened(found.around),
        "once": str(ONCE_IN),
        "around": _around(found.around),
    }


def _starts(span: Span | None) -> str:
    return " or ".join(dict.fromkeys(one.event for one in span.opened_by)) if span else ""


def _ends(span: Span | None) -> str:
    return " or ".join(dict.fromkeys(one.event for one in span.closed_by)) if span else ""


def _opened(around: Around | None) -> str:
    return spoken_short(around.opened) if around and around.opened else "the same day"


def _around(around: Around | None) -> str:
    """Say which end and which start lie around an event outside a span."""
    ended, begins = (around.ended, around.begins) if around else (None, None)
    words = [f"the last ended on {spoken_short(ended)}"] if ended else []
    words += [f"one starts on {spoken_short(begins)}"] if begins else []
    return " and ".join(words) or "none is recorded"


def _waiting(waiting: Waiting) -> str:
    """Say when the meetings were held that a record could be about."""
    names = " or ".join(waiting.events)
    if not waiting.days:
        return f": no {names} is recorded"
    return f": {names} is recorded on {' and '.join(map(spoken_short, waiting.days))}"
