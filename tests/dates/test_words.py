"""Days and numbers are written as people read them."""

from datetime import date

from hypothesis import given

from iro_cli.dates.words import counted, spoken, spoken_moment, spoken_short
from running import each
from strategies import dates


def test_a_day_with_its_weekday() -> None:
    """A day for people has its weekday, and no leading zeros."""
    assert "Mon 2 Nov 2026" == spoken(date(2026, 11, 2))


@given(dates)
def test_the_short_form_is_the_long_one_without_its_weekday(day: date) -> None:
    """Both forms name the same day."""
    assert spoken_short(day) == spoken(day).partition(" ")[2]


@each(
    "at, text",
    [
        # the clocks go forward on Sunday 29 March 2026 at 01:00 UTC, back on 25 October at 01:00
        ("2026-03-29T00:59:59Z", "2026-03-29 00:59:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29 02:00:00"),
        ("2026-10-25T00:59:59Z", "2026-10-25 01:59:59"),
        ("2026-10-25T01:00:00Z", "2026-10-25 01:00:00"),
        ("2026-06-30T23:15:00Z", "2026-07-01 00:15:00"),
        ("altered", "altered"),
    ],
)
def test_a_moment_of_london(at: str, text: str) -> None:
    """In summer London is an hour ahead of UTC; text that is no moment is not changed."""
    assert spoken_moment(at) == text


@each(
    "number, text",
    [(0, "0 days"), (1, "1 day"), (-1, "-1 day"), (2, "2 days"), (12_345, "12,345 days")],
)
def test_a_number_with_its_noun(number: int, text: str) -> None:
    """One is singular; thousands are separated."""
    assert text == counted(number, "day")


def test_a_plural_of_its_own() -> None:
    """A noun may have an irregular plural."""
    assert "2 children" == counted(2, "child", "children")
