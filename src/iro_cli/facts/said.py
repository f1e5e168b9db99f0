"""
The words that practitioners use for events and timescales, with the ids that they stand for.

Files and scripts use ids.  A word of the tables below is read as its id.  If it could be
several, the one that is open for the child is meant; if two are left, the word is refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from iro_cli.facts.vocabulary import EVENTS, PLAN_REVIEWS

# What may stand between the words of a name: `first-review` and `First review` are the same.
_PARTING = str.maketrans("-_./", "    ")

_REVIEWS = ("cla.review", "short-break.review", "adoption.review", "secure.review")
_CONFERENCES = ("cp.conference.initial", "cp.conference.review", "cp.conference.transfer-in")

# If a word stands for several events, the one that fits what the child has open is meant.
EVENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "review": _REVIEWS,
    "review held": _REVIEWS,
    "conference": _CONFERENCES,
    "midway review": ("cla.midway", "cp.midway"),
    "start of care": ("cla.start",),
    "came into care": ("cla.start",),
    "became looked after": ("cla.start",),
    "end of care": ("cla.end",),
    "left care": ("cla.end",),
    "ceased to be looked after": ("cla.end",),
    "looked after review": ("cla.review",),
    "lac review": ("cla.review",),
    "cic review": ("cla.review",),
    "adjourned": ("cla.review.adjourned",),
    "adjourned review": ("cla.review.adjourned",),
    "review adjourned": ("cla.review.adjourned",),
    "early review": ("cla.review.requested",),
    "placement": ("placement.start",),
    "start of placement": ("placement.start",),
    "end of placement": ("placement.end",),
    "visit": ("placement.visit",),
    "statutory visit": ("placement.visit",),
    "start of short breaks": ("short-break.start",),
    "short breaks review": ("short-break.review",),
    "end of short breaks": ("short-break.end",),
    "strategy": ("cp.strategy",),
    "strategy discussion": ("cp.strategy",),
    "icpc": ("cp.conference.initial",),
    "initial conference": ("cp.conference.initial",),
    "initial child protection conference": ("cp.conference.initial",),
    "no conference": ("cp.conference.not-required",),
    "conference not required": ("cp.conference.not-required",),
    "rcpc": ("cp.conference.review",),
    "review conference": ("cp.conference.review",),
    "review child protection conference": ("cp.conference.review",),
    "transfer in": ("cp.transfer-in.notified",),
    "transfer in conference": ("cp.conference.transfer-in",),
    "inquorate conference": ("cp.conference.inquorate",),
    "core group": ("cp.core-group",),
    "core group meeting": ("cp.core-group",),
    "start of plan": ("cp.plan.start",),
    "end of plan": ("cp.plan.end",),
    "birth": ("child.born",),
    "born": ("child.born",),
    "death": ("child.died",),
    "died": ("child.died",),
    "authority to place": ("adoption.authorised",),
    "placement order": ("adoption.authorised",),
    "placed for adoption": ("adoption.placed",),
    "adoption order": ("adoption.end",),
    "end of adoption": ("adoption.end",),
    "start of secure": ("secure.start",),
    "start of secure accommodation": ("secure.start",),
    "secure accommodation review": ("secure.review",),
    "end of secure": ("secure.end",),
    "end of secure accommodation": ("secure.end",),
    "decisions": ("review.decisions",),
    "minutes": ("review.record",),
    "record of review": ("review.record",),
    "distribution": ("review.distributed",),
    "dispute": ("dispute.raised",),
    "dispute raised": ("dispute.raised",),
    "dispute resolved": ("dispute.resolved",),
    "end of dispute": ("dispute.resolved",),
    "care plan": ("plan.care",),
    "placement plan": ("plan.placement",),
    "pep": ("education.plan",),
    "pathway plan": ("pathway.plan",),
    "health assessment": ("health.assessment",),
}

_FIRST_REVIEWS = (
    *("cla.review.first", "short-break.review.first", "secure.review.first"),
    *("adoption.review.authorised.first", "adoption.review.placed.first"),
)
_SECOND_REVIEWS = ("cla.review.second", "adoption.review.placed.second")
_LATER_REVIEWS = (
    *("cla.review.subsequent", "short-break.review.subsequent", "secure.review.subsequent"),
    *("adoption.review.authorised.subsequent", "adoption.review.placed.subsequent"),
)

# If a word stands for several timescales, the one that the child has open is meant.
TIMESCALE_WORDS: Mapping[str, tuple[str, ...]] = {
    "review": (*_FIRST_REVIEWS, *_SECOND_REVIEWS, *_LATER_REVIEWS, "cla.review.adjourned"),
    "first review": _FIRST_REVIEWS,
    "second review": _SECOND_REVIEWS,
    "subsequent review": _LATER_REVIEWS,
    "later review": _LATER_REVIEWS,
    "looked after review": ("cla.review.first", "cla.review.second", "cla.review.subsequent"),
    "lac review": ("cla.review.first", "cla.review.second", "cla.review.subsequent"),
    "adjourned review": ("cla.review.adjourned",),
    "short break review": ("short-break.review.first", "short-break.review.subsequent"),
    "secure review": ("secure.review.first", "secure.review.subsequent"),
    "adoption review": (
        *("adoption.review.authorised.first", "adoption.review.authorised.subsequent"),
        *("adoption.review.placed.first", "adoption.review.placed.second"),
        "adoption.review.placed.subsequent",
    ),
    "conference": ("cp.conference.initial", *PLAN_REVIEWS, "cp.conference.transfer-in"),
    "icpc": ("cp.conference.initial",),
    "initial conference": ("cp.conference.initial",),
    "rcpc": PLAN_REVIEWS,
    "review conference": PLAN_REVIEWS,
    "first rcpc": PLAN_REVIEWS[:1],
    "first review conference": PLAN_REVIEWS[:1],
    "subsequent rcpc": PLAN_REVIEWS[1:],
    "subsequent review conference": PLAN_REVIEWS[1:],
    "transfer in conference": ("cp.conference.transfer-in",),
    "core group": ("cp.core-group.first",),
    "first core group": ("cp.core-group.first",),
    "decisions": ("cla.review.decisions",),
    "minutes": ("cla.review.record",),
    "record": ("cla.review.record",),
    "distribution": ("cla.review.distribution",),
    "dispute": ("dispute.resolution",),
}
# How alike a mistyped name and another have to be, from 0 to 1.
_LIKE = 0.6
# Without a child, "first review" means that of a looked-after child: there is nothing open that
# could decide.
_PLAIN = {"first review": "cla.review.first", "second review": "cla.review.second"}


def plain(name: str) -> str:
    """
    Return a name in the form in which names are compared: small letters, words with one space.

    >>> plain("First-Review"), plain("cla.review")
    ('first review', 'cla review')
    """
    return " ".join(name.casefold().translate(_PARTING).split())


def _named(name: str, ids: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    said = plain(name)
    own = tuple(one for one in ids if plain(one) == said)
    return own or words.get(said, ())


def events_said(name: str) -> tuple[str, ...]:
    """
    Return the events that a name can mean: an id, capitals or not, or what people call an event.

    >>> events_said("ICPC"), events_said("CLA.review"), events_said("revue")
    (('cp.conference.initial',), ('cla.review',), ())
    """
    return (name,) if name in EVENTS else _named(name, EVENTS, EVENT_WORDS)


def timescales_said(name: str, known: Collection[str]) -> tuple[str, ...]:
    """
    Return the timescales that a name can mean.

    Args:
        name: What was typed.
        known: The ids of all timescales.

    >>> timescales_said("first-review", ["cla.review.first", "secure.review.first"])
    ('cla.review.first', 'secure.review.first')
    """
    if name in known:
        return (name,)
    return tuple(one for one in _named(name, known, TIMESCALE_WORDS) if one in known)


def timescale_alone(name: str, known: Collection[str]) -> tuple[str, ...]:
    """
    Return the timescales that a name can mean if no child is named.

    >>> timescale_alone("first review", ["cla.review.first", "secure.review.first"])
    ('cla.review.first',)
    """
    usual = _PLAIN.get(plain(name), "")
    return (usual,) if usual in known else timescales_said(name, known)


def event_and_rest(words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """
    Divide words into the name of an event and the rest, which is at least one word.

    The event stands first, and takes as many words as make a name.  If no first words name an
    event, the last words are tried.

    Returns:
        The name as it was typed, and the rest; ``None`` if no words name an event.

    >>> event_and_rest(["core", "group", "TS-0101"])
    ('core group', ('TS-0101',))
    >>> event_and_rest(["TS-0101", "icpc"])
    ('icpc', ('TS-0101',))
    """
    for number in range(len(words) - 1, 0, -1):
        if events_said(name := " ".join(words[:number])):
            return name, tuple(words[number:])
    for number in range(len(words) - 1, 0, -1):
        if events_said(name := " ".join(words[-number:])):
            return name, tuple(words[:-number])
    return None


def near_words(name: str, words: Mapping[str, tuple[str, ...]], ids: Collection[str]) -> list[str]:
    """
    Return the ids that a mistyped name was probably meant to be, the likeliest first.

    What people say is compared too, and not only the ids: `frist review` is meant to be "first
    review", even if some id shares more letters with it.
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 - only when something is mistyped

    said = plain(name)
    among: dict[str, tuple[str, ...]] = {plain(one): (one,) for one in ids}
    among |= {word: tuple(one for one in those if one in ids) for word, those in words.items()}
    matcher = SequenceMatcher()
    matcher.set_seq2(said)
    scored = []
    for place, (one, those) in enumerate(among.items()):
        matcher.set_seq1(one)
        if those and matcher.quick_ratio() >= _LIKE and (like := matcher.ratio()) >= _LIKE:
            scored.append((-like, place, those))
    found = [one for _, _, those in sorted(scored) for one in those]
    return list(dict.fromkeys(found))
