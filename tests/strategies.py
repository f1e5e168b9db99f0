"""The strategies of the property tests, and their numbers of examples."""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import EVENTS


def examples(number: int) -> settings:
    """
    Return the settings of a property that costs more, or needs more, than others.

    Args:
        number: How many examples it draws where others draw 100: by the profile
            `fast` a fraction of that, by `all` more.
    """
    profile = settings.default
    assert profile is not None
    return settings(max_examples=max(3, number * profile.max_examples // 100))


# Inside the bank holidays that are known, with room to count on both sides.
FIRST, LAST = date(2010, 1, 1), date(2040, 12, 31)
# Every rule of the pack is in force in these years.
LAW_FROM, LAW_TO = date(2012, 1, 2), date(2026, 12, 31)

# What ``st.text()`` is made of.  It asks of each of a million characters whether UTF-8 has it, in
# each worker that begins with nothing kept; to leave out the surrogates comes to the same.
letters = st.characters(exclude_categories=["Cs"])
dates = st.dates(FIRST, LAST)
amounts = st.integers(0, 60)
months = st.integers(-60, 60)


@st.composite
def events(draw: st.DrawFn, first: date = LAW_FROM, days: int = 240) -> Event:
    """Draw one event that the vocabulary allows, within *days* of *first*."""
    name = draw(st.sampled_from(sorted(EVENTS)))
    kind = EVENTS[name]
    on = first + timedelta(days=draw(st.integers(0, days)))
    given = {
        detail: draw(st.sampled_from([None, *values])) for detail, values in kind.values.items()
    }
    reference = None
    if "reference" in kind.details:
        reference = draw(st.sampled_from([None, "A", "B"]))
    completed = None
    if "completed_on" in kind.details and draw(st.booleans()):
        completed = on + timedelta(days=draw(st.integers(0, 40)))
    return Event(name, on, given.get("outcome"), given.get("section_47"), completed, reference)


@st.composite
def histories(draw: st.DrawFn, most: int = 24, days: int = 240) -> list[Event]:
    """
    Draw the events of one child, in order of date.

    Any event of the vocabulary may follow any other, because the engine has to cope with any
    extract.  Sometimes there are few days, so that events share one.
    """
    spread = draw(st.sampled_from([6, 60, days]))
    found = draw(st.lists(events(days=min(spread, days)), max_size=most))
    return sorted(found, key=lambda one: one.on)


@st.composite
def review_chains(draw: st.DrawFn, least: int = 1, most: int = 5) -> list[Event]:
    """Draw a start of care and the reviews held after it, on different days."""
    day = draw(st.dates(LAW_FROM, LAW_TO))
    chain = [Event("cla.start", day)]
    for gap in draw(st.lists(st.integers(3, 300), min_size=least, max_size=most)):
        day += timedelta(days=gap)
        chain.append(Event("cla.review", day))
    return chain


# Events that begin with the same word, or rest on one another, are one family: events of another
# family do not change it.
FAMILIES = {
    "cla": "care",
    "review": "care",
    "iro": "care",
    "preparation": "care",
    "placement": "care",
    "plan": "care",
    "health": "care",
    "education": "care",
    "pathway": "care",
    "remand": "care",
    "adoption": "care",
    "secure": "care",
    "plans": "care",
    "complex-abuse": "allegation",
}


def family(name: str) -> str:
    """Return the family of an event or a process, by its first word."""
    word = name.split(".", maxsplit=1)[0]
    return FAMILIES.get(word, word)
