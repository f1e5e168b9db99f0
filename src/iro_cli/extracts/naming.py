"""What an authority's own name for a column probably means; the proposals of ``--describe``."""

import re
from typing import NamedTuple


class Guess(NamedTuple):
    """
    What a column is thought to be.

    Attributes:
        name: Our column, or our event.
        why: The words that say so.
        sure: Whether they leave no other meaning.
    """

    name: str
    why: str
    sure: bool


_REVIEW = r"(lac|cla|cic|looked after|statutory|iro) (statutory )?review"
_CARE = r"(looked after|lac|cla|cic|care|episode of care|period of care)"
_PLAN = r"(cp|cpp|child protection|protection)( plan)?"
_START = r"(start(ed)?|began|beg[iu]n(s|ning)?|commenced|opened|from)"
_END = r"(end(ed|s)?|ceased|closed|finish(ed)?|until)"
_LATEST = r"\b(latest|last|most recent)\b"
_BREAK = r"(short|respite) breaks?"

# Read in order; the first that fits is taken.
_EVENTS = tuple(
    (re.compile(rf"\b{pattern}\b"), event)
    for pattern, event in (
        (rf"{_BREAK}.*review", "short-break.review"),
        (rf"({_BREAK}.*{_START}|{_START}.*{_BREAK})", "short-break.start"),
        (rf"({_BREAK}.*{_END}|{_END}.*{_BREAK})", "short-break.end"),
        (r"secure.*review", "secure.review"),
        (rf"(secure.*{_START}|{_START}.*secure)", "secure.start"),
        (rf"(secure.*{_END}|{_END}.*secure)", "secure.end"),
        (r"adoption.*review", "adoption.review"),
        (r"placed for adoption", "adoption.placed"),
        (r"(placement order|authority to place)", "adoption.authorised"),
        (r"adjourned.*review|review.*adjourned", "cla.review.adjourned"),
        (r"(transfer in|tic).*conference|conference.*transfer in", "cp.conference.transfer-in"),
        (r"(icpc|initial (cp|child protection|case)? ?conference)", "cp.conference.initial"),
        (r"(rcpc|review (cp|child protection|case)? ?conference)", "cp.conference.review"),
        (r"(cp|child protection) review", "cp.conference.review"),
        (r"core group", "cp.core-group"),
        (r"strategy (discussion|meeting)", "cp.strategy"),
        (rf"((s ?47|section 47).*{_START}|{_START}.*(s ?47|section 47))", "cp.strategy"),
        (rf"({_PLAN}.*{_START}|{_START}.*{_PLAN})", "cp.plan.start"),
        (rf"({_PLAN}.*{_END}|{_END}.*{_PLAN})", "cp.plan.end"),
        (_REVIEW, "cla.review"),
        (rf"(placement.*{_START}|{_START}.*placement)", "placement.start"),
        (rf"(placement.*{_END}|{_END}.*placement)", "placement.end"),
        (rf"({_CARE}.*{_END}|{_END}.*{_CARE})", "cla.end"),
        (rf"({_CARE}.*{_START}|{_START}.*{_CARE}|became {_CARE})", "cla.start"),
    )
)
_HAVE_LATEST = ("cla.review", "short-break.review", "cp.conference.review")
# A date of these is of something that has not happened, or need not.
_NOT_HELD = re.compile(
    r"\b(due|next|target|planned|plan for|booked|scheduled|expected|proposed|deadline|must|"
    r"required|cancelled|reminder|invite[ds]?|request(ed)?|by)\b"
)
# What a date says besides the event's own day.
_ABOUT = re.compile(r"\b(record|minutes?|report|decisions?|distributed|circulated|sent|letter)\b")

_WHO = (
    r"(child|client|person|case|young person|service user|lcs|mosaic|eclipse|la child|child unique|"
    r"unique child|swift|carefirst|icis)"
)
_DETAILS = {
    "outcome": re.compile(r"\b(outcome|result|decision)\b"),
    "participation": re.compile(r"\b(participation|pn code|review code|took part)\b"),
    "section_47": re.compile(r"\binitiated\b"),
    "reason": re.compile(r"\breason\b"),
}
_COLUMNS = tuple(
    (re.compile(rf"^(?:{pattern})$"), column, sure)
    for pattern, column, sure in (
        (rf"{_WHO}s? (id|identifier|number|no|ref|reference)", "child_id", True),
        (r"child|lachildid|childid|personid|clientid|personnumber|unique id", "child_id", True),
        (r"id|identifier|number|ref|reference|upn", "child_id", False),
        (r"dob|date of birth|birth date|d o b|child s dob|child dob", "date_of_birth", True),
        (r"edd|expected date of (delivery|birth)|due date of birth", "expected_date_of_delivery",
         True),
        (r"event|event type|event name|meeting type|activity type|type of (event|meeting)", "event",
         True),
        (r"type|meeting|activity", "event", False),
        (r"date|event date|date of event|meeting date|date of meeting|date held|held on", "date",
         True),
        (r"outcome|result|conference outcome|meeting outcome|decision", "outcome", False),
        (r"participation( code| method)?|review code|child participation|pn code", "participation",
         True),
        (r"section ?47|s47( initiated| yes no)?", "section_47", False),
        (r"reason|end reason|reason (ceased|ended)", "reason", False),
        (r"notes?|comments?", "note", False),
        (r"team|allocated team|social work team|team name", "team", True),
        (r"siblings?( group| id)?|family( id| group)?", "sibling_group", False),
        (r"iro|iro name|name of iro|allocated iro|independent reviewing officer( name)?", "iro",
         True),
        (r"(cp|conference)? ?chair(person)?( name)?|allocated chair", "chair", True),
        (r"role|allocation type|worker role", "role", True),
        (r"name|worker|worker name|allocated to|officer", "name", False),
        (r"from|from date|start|start date|allocated from|allocation start( date)?", "from", True),
        (r"to|to date|end|end date|allocated to date|allocation end( date)?", "to", True),
        (r"initials|label", "label", True),
        (r"nation|country", "nation", False),
    )
)  # fmt: skip


def words_of(name: str) -> str:
    """
    Return a name as small words with single spaces.

    >>> words_of("CPP_StartDate (dd/mm/yy)")
    'cpp start date dd mm yy'
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", split.casefold()))


def column_named(name: str) -> Guess | None:
    """Return which column of ours a name means, if any."""
    words = words_of(name)
    for pattern, column, sure in _COLUMNS:
        if pattern.match(words) or pattern.match(words.replace(" ", "")):
            return Guess(column, f"its name says {column}", sure)
    return None


def event_named(name: str) -> Guess | None:
    """
    Return which event a name means, if any.

    What is due, planned or written about an event is not the event: such a
    name is never sure.

    >>> event_named("Date of LAC review").name, event_named("Next LAC review due").sure
    ('cla.review', False)
    """
    words = words_of(name)
    for pattern, event in _EVENTS:
        found = pattern.search(words)
        if found is None:
            continue
        said = f'its name says "{found.group()}"'
        if other := _NOT_HELD.search(words):
            return Guess(event, f'{said}, but also "{other.group()}": was it held?', sure=False)
        if other := _ABOUT.search(words):
            return Guess(event, f'{said}, but also "{other.group()}"', sure=False)
        if other := re.search(_LATEST, words):
            if event in _HAVE_LATEST:
                return Guess(f"{event}.latest", f'{said} and "{other.group()}"', sure=True)
            return Guess(event, f'{said}; only the "{other.group()}" is given', sure=False)
        return Guess(event, said, sure=True)
    return None


def detail_named(name: str) -> str | None:
    """
    Return which detail of an event a name means, if any.

    >>> detail_named("ICPC outcome")
    'outcome'
    """
    words = words_of(name)
    return next((detail for detail, pattern in _DETAILS.items() if pattern.search(words)), None)
