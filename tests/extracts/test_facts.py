"""Many facts take little memory, and behave like a list."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.extracts import own
from iro_cli.extracts.facts import Facts, ReadFact, as_facts
from iro_cli.extracts.own import HAPPENED
from iro_cli.facts.model import Event

DAY = date(2026, 1, 5)
START, REVIEW = Event("cla.start", DAY), Event("cla.review", DAY, participation="PN1")
THREE: list[ReadFact] = [
    ("A", START, "events.csv:2"),
    ("B", Event("cla.start", DAY), "list.xlsx, List 8:12"),
    ("A", REVIEW, "events.csv"),
]


def test_facts_are_given_back_as_they_were() -> None:
    """They come back in order, one by one and in slices."""
    facts = Facts(THREE)

    assert facts == THREE
    assert [facts[place] for place in (0, 1, -1)] == THREE
    assert facts[1:] == THREE[1:]
    assert facts.children == ["A", "B", "A"]
    assert (as_facts(facts) is facts, as_facts(THREE)) == (True, facts)


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.append(("C", REVIEW, "x.csv:3")),
        lambda facts: facts.extend(THREE),
        lambda facts: facts.insert(1, ("C", REVIEW, "")),
        lambda facts: facts.__setitem__(2, ("C", REVIEW, "x.csv:3")),
        lambda facts: facts.__delitem__(1),
        lambda facts: facts.reverse(),
    ],
)
def test_facts_change_as_a_list_does(change: Callable[[Any], None]) -> None:
    """Every change has the same effect as on a list."""
    facts, known = Facts(THREE), [*THREE]
    change(facts)
    change(known)

    assert facts == known
    assert {
        child: [known[place] for place in places] for child, places in facts.places.items()
    } == {child: [one for one in known if one[0] == child] for child, _, _ in known}


def test_an_event_that_many_share_is_kept_once() -> None:
    """A million facts need the memory of the events that they share."""
    facts = Facts(THREE)

    assert facts.events[0] is facts.events[1]


def test_rows_in_any_order_are_the_same_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeated or different row is found however far it is from the first."""
    monkeypatch.setattr(own, "_REMEMBERED", 3)
    first = [f"C{number},cp.conference.initial,2026-01-05,plan" for number in range(9)]
    again = [f"C{number},cp.conference.initial,2026-01-05," for number in range(9)]
    wrong = ["C4,cp.conference.initial,2026-01-05,no-plan"]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(["child_id,event,date,outcome", *first, *again, *wrong]), "utf-8")
    batch = HAPPENED.read([path], today=date(2026, 11, 22))

    assert [one[0] for one in batch.facts] == [f"C{number}" for number in range(9)]
    assert {one[1].outcome for one in batch.facts} == {"plan"}
    assert batch.counts["repeated rows"] == 9
    assert [(one.row, one.reason) for one in batch.refused] == [
        (20, "row 6 has it on the same day with other details")
    ]
