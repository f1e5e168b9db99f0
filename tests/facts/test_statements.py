"""A statement is split for the store, and put together again unchanged."""

from datetime import date

from iro_cli.facts.model import (
    Event,
    LeftOpen,
    Sighting,
    Statement,
    Unsaid,
    left_open_together,
)
from running import each

_REVIEW = Event("cla.review", date(2026, 1, 5), participation="PN1")


@each(
    "source",
    [
        *(None, "", "events.csv", "events.csv:", ":", ":7", "C:\\files\\events.csv:12"),
        *("events.csv:12", "events.csv:0", "events.csv:012", "events.csv:1:2", "events.csv:-3"),
        *("list.xlsx, List 8:40", "events.csv:\u0661\u0662", "events.csv:12345678901"),
    ],
)
@each("stated_by", [None, "ssda903"])
def test_where_a_fact_came_from_stays_as_it_is(source: str | None, stated_by: str | None) -> None:
    """Any place, with a row in it or not, is read back letter by letter."""
    one = Statement("A", _REVIEW, source, stated_by)
    seen = Sighting("A", "cla.review", _REVIEW.on, "one", "annex-a", source)

    assert Statement.of(one.values()) == one
    assert Sighting.of(seen.values()) == seen


def test_what_many_facts_share_is_parted_from_the_row() -> None:
    """The file and the kind of extract are one pair for all rows of a file."""
    rows = [Statement("A", _REVIEW, f"reviews.csv:{row}", "ssda903").values() for row in (2, 3)]

    assert [one[-2:] for one in rows] == [
        (("reviews.csv", "ssda903"), 2),
        (("reviews.csv", "ssda903"), 3),
    ]


def test_what_is_left_open_for_one_reason_is_one_row() -> None:
    """Another reason makes another row; both are put together again as they were."""
    ends = [Unsaid("A", "cin-census", event, "the end") for event in ("cp.plan.end", "cp.review")]
    other = Unsaid("A", "cin-census", "cp.review", "the plan", date(2026, 4, 1))
    rows = left_open_together([*reversed(ends), other])

    assert [one.values()[2:4] for one in rows] == [
        ("cp.plan.end cp.review", "the end"),
        ("cp.review", "the plan"),
    ]
    assert [LeftOpen.of(one.values()) for one in rows] == rows
    assert [each for one in rows for each in one.each] == [*ends, other]
