"""Who holds children, who is away, and what is booked with whom, asked directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.facts.people import Absence, NotInPost, Person
from iro_cli.figures.availability import Away
from iro_cli.questions.holding import allocation_findings, holding_of, name_warnings
from iro_cli.questions.people import (
    absences_of,
    availability,
    booked_with,
    falling_into,
    person_lines,
    taken_over,
)
from stores import reading, viewed

ON = date(2026, 11, 23)
ADA, BEN = "Ada Okafor", "Ben Rees"


@pytest.fixture
def team(make_store: Callable[..., Path]) -> Path:
    """
    Return a store of three looked-after children; Finch and Wren are siblings.

    Ada has Finch and Moss, and Ben has Wren without a reason. Ben works 0.6 and left on
    Fri 20 Nov. Ada is away from Mon 21 to Wed 23 Dec, and was away in August.
    """
    start = date(2026, 11, 2)
    children = [
        Child("Finch", team="North", sibling_group="S1"),
        Child("Moss", team="South"),
        Child("Wren", team="North", sibling_group="S1"),
    ]
    return make_store(
        children,
        [(one.child_id, Event("cla.start", start)) for one in children],
        [
            Allocation("Finch", "iro", ADA),
            Allocation("Moss", "iro", ADA),
            Allocation("Wren", "iro", BEN),
        ],
        [Booking("Moss", "cla.review.first", start, date(2026, 11, 26))],
        [Person(BEN, 0.6, to_on=date(2026, 11, 20))],
        [
            Absence(ADA, date(2026, 8, 3), date(2026, 8, 14), "leave"),
            Absence(ADA, date(2026, 12, 21), date(2026, 12, 23), "course"),
        ],
    )


def test_who_holds_how_many(team: Path) -> None:
    """Ada is not recorded, so there are no numbers for her; Ben has left and still has a child."""
    lines = person_lines(viewed(team, ON))

    assert [(one.name, one.recorded, one.children, one.looked_after) for one in lines] == [
        (ADA, False, 2, 2),
        (BEN, True, 1, 1),
    ]
    # 50 to 70 children for a whole post.
    assert [(one.lowest, one.highest) for one in lines] == [(None, None), (30.0, 42.0)]
    assert lines[0].absences == ("2026-12-21/2026-12-23",)


def test_absences_that_are_over_are_listed_when_asked(team: Path) -> None:
    """For one person, or for everybody."""
    view = viewed(team, ON)

    assert [one.from_on for one in absences_of(view)] == [date(2026, 12, 21)]
    assert len(absences_of(view, ADA.upper(), past=True)) == 2
    assert absences_of(view, BEN, past=True) == []


def test_what_is_booked_with_a_person(team: Path) -> None:
    """Meetings from the day on, with the role in which they are the person's."""
    view = viewed(team, ON)
    [(role, row)] = booked_with(view, ADA, ON)

    assert (role, row.child, row.booked) == ("iro", "Moss", date(2026, 11, 26))
    assert booked_with(view, ADA, date(2026, 11, 27)) == []
    assert booked_with(view, BEN, ON) == []


def test_who_is_there(team: Path) -> None:
    """Away with the reason, left, or in post."""
    there = availability(viewed(team, ON))

    assert there.why_not(ADA, date(2026, 12, 22)) == Away(ADA, "course")
    assert there.why_not(ADA, date(2026, 12, 24)) is None
    assert there.why_not(BEN, ON) == NotInPost(BEN, date(2026, 11, 20), None)


def test_whose_the_siblings_are(team: Path) -> None:
    """Also who may not hold a child: nobody may who has left."""
    known = holding_of(reading(team))
    [problem] = known.problems("Finch", "iro", BEN, ON)

    assert {child: one.name for child, one in known.siblings("Finch", ON).items()} == {"Wren": BEN}
    assert problem.startswith("Ben Rees left on 20 Nov 2026, and cannot hold a child from 23 Nov")


def test_a_name_that_is_nearly_anothers(team: Path) -> None:
    """A near name gives a warning; a known name, or quite a new one, does not."""
    reader = reading(team)
    [warning] = name_warnings(reader, "Ada Okafer", ON)

    assert warning.startswith("nobody is called 'Ada Okafer' yet")
    assert ADA in warning
    assert name_warnings(reader, ADA, ON) == name_warnings(reader, "Zed Quill", ON) == []


def test_a_name_that_leaves(team: Path) -> None:
    """While the person is still in post, the last day is named."""
    found = name_warnings(reading(team), BEN, date(2026, 11, 16))

    assert found == ["Ben Rees leaves on 20 Nov 2026: hand the children over by then"]


def test_allocations_that_should_not_stand(team: Path) -> None:
    """One to a person who has left, and siblings apart without a reason."""
    found = allocation_findings(viewed(team, ON))

    assert sorted((one.check, one.child, one.wrong) for one in found) == [
        ("left", "Wren", True),
        ("siblings", "Finch", False),
    ]


def test_what_falls_into_an_absence_is_found_as_booked_or_else_as_due(team: Path) -> None:
    """First reviews are to be held by Mon 30 Nov; that of Moss is booked for Thu 26 Nov."""
    view = viewed(team, ON)

    def of(begins: int, ends: int) -> list[str]:
        away = Absence(ADA, date(2026, 11, begins), date(2026, 11, ends), "leave")
        return [one.child for one in falling_into(view, away)]

    assert (of(25, 26), of(27, 29), of(27, 30), of(26, 30)) == (
        ["Moss"], [], ["Finch"], ["Finch", "Moss"],
    )  # fmt: skip


def test_what_is_taken_over_is_the_roles_own(authority: Path) -> None:
    """For Reed, under enquiries, the chair takes the conference; an IRO takes Fern's review."""
    view = viewed(authority, ON)

    def of(**moved: list[str]) -> list[tuple[str, str]]:
        return [(one.child, one.timescale) for one in taken_over(view, moved)]

    assert of(chair=["Reed"]) == [("Reed", "cp.conference.initial")]
    assert of(iro=["Reed", "Fern"]) == [("Fern", "cla.review.first")]
    assert of(chair=["Fern"]) == []
