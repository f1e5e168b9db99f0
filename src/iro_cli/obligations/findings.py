"""What in the facts of one child cannot be right, or leaves a gap."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.months import add_months, birthday
from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Child, Event, Finding
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.model import Span
from iro_cli.obligations.chains import Engine

_UNDER_FOUR = "PN0"
_FOUR_YEARS = 48
_SHOWN = 3
# What is wrong, what to do, and whether ``record`` refuses a fact that brings it about.
_WORDS = {
    "already-open": (
        "a {span} starts while one that started on {opened} is open",
        "record its end ({ends}), or take one start back",
        True,
    ),
    "known-after-all": (
        "a {span} starts although one was known to be open already",
        "record the end of the earlier one ({ends}), or take one of the two back",
        True,
    ),
    "start-unknown": (
        "the {span} was open already on this day, and when it began is not known",
        "import the year in which it began, or record {starts}",
        False,
    ),
    "start-missing": (
        "a meeting in a {span}, and no start of one is recorded",
        "record {starts}, or import the file that has it",
        True,
    ),
    "nothing-to-end": (
        "the end of a {span}, and none was open",
        "record {starts} first, or take this back",
        True,
    ),
    "outside": (
        "it happened outside a {span}: {around}",
        "record {starts} with the right date, or take this back",
        True,
    ),
    "left-open": (
        "a {span} that started on {opened} is open still, and is taken to end with it",
        "record how and when it ended ({ends})",
        False,
    ),
    "nothing-waiting": (
        "nothing was waiting for it on this day{waiting}",
        "record what started its time limit, or take this back",
        True,
    ),
    "start-not-recorded": (
        "what started its time limit is not recorded, so whether it was in time cannot be told",
        "record the strategy discussion, or the day you were told of the move",
        False,
    ),
    "already-running": (
        "one with the same reference is open already",
        "give it a reference of its own, or take one of the two back",
        True,
    ),
    "second-adjournment": (
        "the review was adjourned a second time, and it may be adjourned once only",
        "hold the review; the clock runs from the first adjournment",
        False,
    ),
    "third-adjournment": (
        "the review was adjourned a third time, and it may be adjourned once only",
        "hold the review, or take this back; the clock runs from the first adjournment",
        True,
    ),
    "twice-in-a-day": (
        "the same meeting is recorded twice on one day; it is counted once",
        "take one of the two back with `iro record … --withdraw`",
        True,
    ),
    "after-childhood": (
        "it happened on or after the 18th birthday ({eighteen})",
        "check the date, and the date of birth",
        True,
    ),
    "after-death": (
        "it is dated after the child's death ({died})",
        "check both dates, and take back the one that is wrong",
        True,
    ),
    "before-birth": (
        "it happened before the child was born ({born})",
        "check the date, and the date of birth",
        True,
    ),
    "not-under-four": (
        "the participation code is that of a child under four, and the fourth birthday was {four}",
        "record how the child took part, PN1 to PN7, or check the date of birth",
        False,
    ),
    "under-four": (
        "the participation code is for a child of four or over, and the fourth birthday is {four}",
        "record PN0, or check the date of birth",
        False,
    ),
    "open-after-childhood": (
        "the {span} is open after the 18th birthday ({eighteen})",
        "record its end ({ends})",
        False,
    ),
}


# Those whose words name the days around the event.
_LOOKS_AROUND = {
    kind for kind, (words, _, _) in _WORDS.items() if "{opened}" in words or "{around}" in words
}


def _names(span: Span | None) -> dict[str, str]:
    if span is None:
        return {"span": "", "starts": "", "ends": ""}
    return {
        "span": span.title,
        "starts": " or ".join(dict.fromkeys(one.event for one in span.opened_by)),
        "ends": " or ".join(dict.fromkeys(one.event for one in span.closed_by)),
    }


def _finding(kind: str, event: Event, span: Span | None, **days: str) -> Finding:
    message, remedy, blocks = _WORDS[kind]
    words = {**_names(span), **days}
    title = EVENTS[event.event].title
    return Finding(
        kind,
        event.on,
        event.event,
        f"{spoken_short(event.on)}, {event.event} ({title}): {message.format(**words)}",
        remedy.format(**words),
        blocks,
    )


def _around(events: Sequence[Event], event: Event, span: Span) -> dict[str, str]:
    """Say when a span started before an event, and what lies around one outside of it."""
    starts = [one.on for one in events if any(match.means(one) for match in span.opened_by)]
    ends = [one.on for one in events if any(match.means(one) for match in span.closed_by)]
    opened = max((on for on in starts if on < event.on), default=None)
    ended = max((on for on in ends if on <= event.on), default=None)
    begins = min((on for on in starts if on > event.on), default=None)
    around = [f"the last ended on {spoken_short(ended)}"] if ended else []
    around += [f"one starts on {spoken_short(begins)}"] if begins else []
    return {
        "opened": spoken_short(opened) if opened else "the same day",
        "around": " and ".join(around) or "none is recorded",
    }


def _waiting(work: Engine, events: Sequence[Event], event: Event) -> str:
    """Say when the meetings were held that a record could be of."""
    of = {
        match.event
        for chain in work.chains
        if chain.root.match == "date" and event.event in {one.event for one in chain.root.met_by}
        for match in chain.root.trigger.event
    }
    if not of:
        return ""
    days = [spoken_short(one.on) for one in events if one.event in of][-_SHOWN:]
    names = " or ".join(sorted(of))
    if not days:
        return f": no {names} is recorded"
    return f": {names} is recorded on {' and '.join(days)}"


def _participation(event: Event, born: date) -> tuple[str, date] | None:
    """
    Say how a participation code and the child's age differ, and when the child was four.

    Authority:
        ``SSDA903 validation rules 440 and 441``: on the birthday itself either will do.
    """
    if event.participation is None:
        return None
    fourth = add_months(born, _FOUR_YEARS)
    if event.participation == _UNDER_FOUR and event.on > fourth:
        return "not-under-four", fourth
    if event.participation != _UNDER_FOUR and event.on < fourth:
        return "under-four", fourth
    return None


def findings_of(work: Engine, child: Child, events: Sequence[Event], as_of: date) -> list[Finding]:
    """
    Return what does not fit in one child's facts, in order of date.

    Args:
        work: The clocks of every rule, not only of those that are shown.
        child: The child.
        events: In order of date, none after *as_of*.
        as_of: The day the question is asked about.
    """
    found: list[Finding] = []
    spans = {span.id: span for span in work.spans}
    born = child.date_of_birth
    grown = birthday(born, work.age) if born and work.age else None
    died = next((one.on for one in events if EVENTS[one.event].ends_everything), None)
    days = {
        "born": spoken_short(born) if born else "",
        "died": spoken_short(died) if died else "",
        "eighteen": spoken_short(grown) if grown else "",
    }

    def anomaly(kind: str, event: Event, span: str | None) -> None:
        around = _around(events, event, spans[span]) if span and kind in _LOOKS_AROUND else {}
        if kind == "nothing-waiting":
            around["waiting"] = _waiting(work, events, event)
        found.append(_finding(kind, event, spans.get(span or ""), **days, **around))

    clocks = work.run(events, as_of=as_of, born=born, anomaly=anomaly)
    for event in events:
        early = born is not None and event.on < born
        if early and not EVENTS[event.event].before_birth:
            found.append(_finding("before-birth", event, None, **days))
        elif born and (wrong := _participation(event, born)):
            kind, fourth = wrong
            found.append(_finding(kind, event, None, four=spoken_short(fourth)))
    if grown and grown <= as_of:
        for span in clocks.spans:
            event = next((one for one in reversed(events) if one.on < grown), events[-1])
            found.append(_finding("open-after-childhood", event, spans[span], **days))
    return sorted(found, key=lambda one: (one.on, one.kind, one.event))
