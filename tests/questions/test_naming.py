"""Find the child or event that people type, asked of the store directly."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.figures.ending import Ending
from iro_cli.questions.naming import (
    awaited,
    child_named,
    children_named,
    ended,
    event_awaited,
    open_for,
    person_named,
    spellings,
    unknown_event,
    why_nothing_is_open,
)
from iro_cli.store.kinds import CHILD_DETAIL
from stores import add_facts, changing, reading, viewed

ON = date(2026, 11, 23)


def test_a_child_is_named_in_letters_of_either_case(authority: Path) -> None:
    """Each child comes once, in the typed order."""
    reader = reading(authority)

    assert child_named(reader, "wren") == "Wren"
    assert children_named(reader, ["moss", "Finch", "MOSS"]) == ["Moss", "Finch"]


def test_a_label_that_two_children_have_is_refused(authority: Path) -> None:
    """A label of one child is read; for two, both ids are named."""
    with changing(authority) as change:
        change.add(CHILD_DETAIL, [Child("T-1", label="Kestrel")])
    assert child_named(reading(authority), "kestrel") == "T-1"
    with changing(authority) as change:
        change.add(CHILD_DETAIL, [Child("T-2", label="Kestrel")])

    with pytest.raises(InputRefusedError, match="is the label of T-1 and T-2: give the id"):
        child_named(reading(authority), "kestrel")


def test_everything_that_is_open_for_a_child(authority: Path) -> None:
    """Clocks that are not shown count too; the first review is due Mon 30 Nov."""
    view = viewed(authority, ON)
    every = open_for(view, "Finch")
    due = {one.rule.id: one.due.due for one in every if one.due}

    assert due["cla.review.first"] == date(2026, 11, 30)
    assert [one for one in every if not view.shown().shows(one.rule, one.started)]


def test_why_nothing_is_open(authority: Path) -> None:
    """The death of a child is named, and nothing is made up for others."""
    with changing(authority) as change:
        change.add(CHILD_DETAIL, [Child("T-1")])
        add_facts(change, [("Finch", Event("child.died", date(2026, 11, 20)))])
    view = viewed(authority, ON)

    assert ended(view, "Finch") == Ending(date(2026, 11, 20))
    assert ended(view, "T-1") is None
    assert why_nothing_is_open(view, "Finch") == ("nothing is open: the child died on 20 Nov 2026")
    assert why_nothing_is_open(view, "T-1") == "nothing is open"


def test_what_would_meet_it(authority: Path) -> None:
    """Reed's open clock is met by a conference, and Finch's by a review."""
    view = viewed(authority, ON)

    assert "cla.review" in awaited(view, "Finch")
    assert "cp.conference.initial" in awaited(view, "Reed")


def test_of_several_events_the_one_that_is_open() -> None:
    """It has to be the same for all the children, or the longer name is needed."""
    kinds = ("cla.review", "short-break.review")
    care, breaks = ["cla.review", "cla.end"], ["short-break.review"]

    assert event_awaited("review", kinds, {"A": care, "B": care}) == "cla.review"
    with pytest.raises(InputRefusedError, match="write the longer name, one for each child"):
        event_awaited("review", kinds, {"A": care, "B": breaks})
    with pytest.raises(InputRefusedError, match="none of them is open"):
        event_awaited("review", kinds, {"A": ["cp.core-group"]})


def test_an_event_that_there_is_not() -> None:
    """The message names the nearest, beginning with what is open for the child."""
    found = unknown_event("cla.reveiw", ["cla.review"])

    assert str(found).startswith("there is no event 'cla.reveiw'; did you mean cla.review")


def test_events_are_listed_by_process_on_a_narrow_terminal() -> None:
    """If none is near, each id comes once, by process, in 80 columns."""
    first, *lines = str(unknown_event("zzz")).splitlines()
    ids = [one for line in lines for one in line.replace(",", " ").split()]
    begun = [line.split(".")[0].strip() for line in lines if not line.startswith("    ")]

    assert first == "there is no event 'zzz'; they are:"
    assert sorted(ids) == sorted(EVENTS)
    assert begun[:2] == ["cla", "iro"]
    assert len(begun) == len(set(begun))
    assert max(map(len, lines)) <= 80


def test_a_person_is_written_as_known(authority: Path) -> None:
    """Capitals and spaces do not matter; a near name is refused unless it is said to be new."""
    reader = reading(authority)

    assert spellings(reader) == {
        "ada okafor": "Ada Okafor", "ben rees": "Ben Rees", "dev raman": "Dev Raman",
    }  # fmt: skip
    assert person_named(reader, "ADA  okafor") == "Ada Okafor"
    assert person_named(reader, "Efa  Moss") == "Efa Moss"
    with pytest.raises(InputRefusedError, match="did you mean Ada Okafor"):
        person_named(reader, "Ada Okafr")
    assert person_named(reader, "Ada Okafr", new=True) == "Ada Okafr"
