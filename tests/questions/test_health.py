"""Find what is wrong with the facts, and count every date again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from iro_cli.facts.model import Child, Event
from iro_cli.questions.health import facts_in_short, facts_of, health
from iro_cli.questions.recount import recount, unlisted_holidays
from stores import viewed

ON = date(2026, 11, 23)
Store = Callable[..., Path]


def test_what_the_facts_contradict(make_store: Store) -> None:
    """A review after care ended is an error; an early review without a day is a warning."""
    path = make_store(
        [Child("Moss"), Child("Wren")],
        [
            ("Moss", Event("cla.start", date(2026, 6, 1))),
            ("Moss", Event("cla.review.requested", date(2026, 6, 8))),
            ("Wren", Event("cla.start", date(2026, 6, 1))),
            ("Wren", Event("cla.end", date(2026, 7, 1))),
            ("Wren", Event("cla.review", date(2026, 7, 8))),
        ],
    )
    rows = facts_of(viewed(path, ON))

    assert [(row.severity, row.check, row.child, row.date) for row in rows] == [
        ("warning", "early-without-date", "Moss", "2026-06-08"),
        ("error", "outside", "Wren", "2026-07-08"),
    ]
    assert rows[0].remedy == ("`iro record cla.review.requested Moss --on 2026-06-08 --by DATE`")
    assert "the last ended on 1 Jul 2026" in rows[1].message


def test_a_review_in_another_process_than_its_own_is_advised_to_be_one_of_that(
    make_store: Store,
) -> None:
    """Wren has short breaks and Moss is looked after; Finch's breaks ended before the review."""
    path = make_store(
        [Child("Finch"), Child("Moss"), Child("Wren")],
        [
            ("Finch", Event("short-break.start", date(2026, 6, 1))),
            ("Finch", Event("short-break.end", date(2026, 7, 1))),
            ("Finch", Event("cla.review", date(2026, 7, 8))),
            ("Moss", Event("cla.start", date(2026, 6, 1))),
            ("Moss", Event("short-break.review", date(2026, 6, 22))),
            ("Wren", Event("short-break.start", date(2026, 6, 1))),
            ("Wren", Event("cla.review", date(2026, 7, 8))),
        ],
    )
    remedies = {row.child: row.remedy for row in facts_of(viewed(path, ON))}

    assert remedies == {
        "Finch": "record cla.start, or import the file that has it",
        "Moss": (
            "if it was held in the period of care that was open, record cla.review instead; "
            "otherwise record short-break.start, or import the file that has it"
        ),
        "Wren": (
            "if it was held in the series of short breaks that was open, record "
            "short-break.review instead; otherwise record cla.start, or import the file that has it"
        ),
    }


def test_of_some_children_only(make_store: Store) -> None:
    """Only the named children are checked."""
    facts = [(name, Event("cla.review", date(2026, 7, 8))) for name in ("Moss", "Wren")]
    view = viewed(make_store([Child("Moss"), Child("Wren")], facts), ON)

    assert {row.child for row in facts_of(view)} == {"Moss", "Wren"}
    assert {row.child for row in facts_of(view, {"Wren"})} == {"Wren"}


def test_findings_are_summed_up_with_the_first_in_words(make_store: Store) -> None:
    """An import counts the findings of its children, and words only those that it shows."""
    names = ("Fern", "Moss", "Robin", "Wren")
    facts = [(name, Event("cla.review", date(2026, 7, 8))) for name in reversed(names)]
    view = viewed(make_store([*map(Child, names)], facts), ON)
    found = facts_in_short(view, {"Fern", "Robin", "Wren"}, {}, {}, 2)

    assert (found.findings, found.children) == (3, 3)
    assert [(row.child, row.date) for row in found.first] == [
        ("Fern", "2026-07-08"),
        ("Robin", "2026-07-08"),
    ]


def test_a_review_before_the_birth_is_not_judged_by_age_as_well(make_store: Store) -> None:
    """PN1 is a code for a child of four or over; that she was not born says enough."""
    facts = [
        ("Wren", Event("cla.start", date(2026, 6, 8))),
        ("Wren", Event("cla.review", date(2026, 6, 22), participation="PN1")),
        ("Wren", Event("cla.review", date(2026, 9, 7), participation="PN1")),
    ]
    rows = facts_of(viewed(make_store([Child("Wren", None, date(2026, 7, 1))], facts), ON))

    assert [(row.check, row.date) for row in rows] == [
        ("before-birth", "2026-06-08"),
        ("before-birth", "2026-06-22"),
        ("under-four", "2026-09-07"),
    ]


def test_a_child_without_events(make_store: Store) -> None:
    """Nothing is due for whoever was added and then forgotten."""
    wren = [("Wren", Event("cla.start", date(2026, 7, 8)))]
    rows = health(viewed(make_store([Child("Moss"), Child("Wren")], wren), ON)).rows
    [told] = [row for row in rows if row.check == "no-events"]

    assert (told.child, told.message) == (
        "Moss",
        "no event is recorded, so no date can be worked out for this child",
    )
    assert "record what began (`iro record cla.start Moss --on DATE`)" in told.remedy


def test_many_children_without_events(make_store: Store) -> None:
    """A census has thousands of them, so there is one row, and ten are named."""
    names = [f"C{number:02}" for number in range(1, 13)]
    rows = health(viewed(make_store([*map(Child, names)], []), ON)).rows
    [told] = [row for row in rows if row.check == "no-events"]
    first = ", ".join(names[:10])
    head = "no event is recorded of 12 children, so no date can be worked out for them"

    assert (told.child, told.message) == (None, f"{head}: {first} and 2 more")


def test_every_open_date_is_counted_again(authority: Path) -> None:
    """Four first reviews, each with the 28-day marker and its visits; and one conference."""
    view = viewed(authority, ON)
    again, found = recount(view), health(view)

    assert again.disagreements == []
    assert again.counted == found.recounted >= 5
    assert not [row for row in found.rows if row.check == "recount"]


def test_the_holidays_are_those_of_the_package(authority: Path) -> None:
    """The package has no bank holiday that our list lacks."""
    assert unlisted_holidays(viewed(authority, ON)) == []
