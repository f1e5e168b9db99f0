"""Days and numbers as people read them."""

from datetime import date

from hypothesis import given

from iro_cli.dates.words import counted, spoken, spoken_short
from running import each
from strategies import dates


def test_a_day_with_its_weekday() -> None:
    """A day is written for people with its weekday and without zeros in front."""
    assert "Mon 2 Nov 2026" == spoken(date(2026, 11, 2))


@given(dates)
def test_the_short_form_is_the_long_one_without_its_weekday(day: date) -> None:
    """The two ways of writing a day never differ in the day."""
    assert spoken_short(day) == spoken(day).partition(" ")[2]


@each(
    "number, text",
    [(0, "0 days"), (1, "1 day"), (-1, "-1 day"), (2, "2 days"), (12_345, "12,345 days")],
)
def test_a_number_with_its_noun(number: int, text: str) -> None:
    """One is singular, whichever way it is counted; thousands are set off."""
    assert text == counted(number, "day")


def test_a_plural_of_its_own() -> None:
    """A noun may bring its plural."""
    assert "2 children" == counted(2, "child", "children")
