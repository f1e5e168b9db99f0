"""Days as people say them; 24 November 2026 is a Tuesday."""

from datetime import date

import pytest

from iro_cli.dates.natural import Side, read_spoken
from running import each

TODAY = date(2026, 11, 24)


@each(
    "text, past, ahead",
    [
        ("yesterday", date(2026, 11, 23), date(2026, 11, 23)),
        ("Tomorrow", date(2026, 11, 25), date(2026, 11, 25)),
        ("mon", date(2026, 11, 23), date(2026, 11, 30)),
        ("Wednesday", date(2026, 11, 18), date(2026, 11, 25)),
        ("tue", TODAY, date(2026, 12, 1)),
        ("tues", TODAY, date(2026, 12, 1)),
        ("2 dec", date(2025, 12, 2), date(2026, 12, 2)),
        ("2 DECEMBER", date(2025, 12, 2), date(2026, 12, 2)),
        ("2nd dec", date(2025, 12, 2), date(2026, 12, 2)),
        ("2dec", date(2025, 12, 2), date(2026, 12, 2)),
        ("3 sept", date(2026, 9, 3), date(2027, 9, 3)),
        ("24 nov", TODAY, TODAY),
        ("29 feb", date(2024, 2, 29), date(2028, 2, 29)),
        ("wed 2 dec", None, date(2026, 12, 2)),
    ],
)
def test_a_day_without_a_year(text: str, past: date | None, ahead: date) -> None:
    """It is looked for in the past or ahead; today counts as past, and not as ahead."""
    if past is not None:
        assert read_spoken(text, TODAY, "past") == past
    assert read_spoken(text, TODAY, "ahead") == ahead


@each("side", ["past", "ahead", ""])
@each("text", ["2 Dec 2026", "2-dec-2026", "Wed 2 Dec 2026", "wed, 2 dec 2026"])
def test_a_day_with_its_year_is_read_as_that_day(text: str, side: Side) -> None:
    """A day as the program writes it for people can be typed."""
    assert read_spoken(text, TODAY, side) == date(2026, 12, 2)


@each(
    "text, side, wrong",
    [
        ("mon", "", "it may be Mon 23 Nov 2026 or Mon 30 Nov 2026"),
        ("2 dec", "", "it may be Tue 2 Dec 2025 or Wed 2 Dec 2026"),
        ("30 feb", "past", "there is no 30 February: that month has 29 days at most"),
        ("31 nov 2026", "past", "that month has 30 days"),
        ("2 dec 26", "past", "the year has 2 digits"),
        ("31 nov", "ahead", "there is no 31 November: that month has 30 days at most"),
        ("0 nov", "ahead", "there is no 0 November"),
        ("Mon 2 Dec 2026", "past", "2 Dec 2026 is a Wednesday, not a Monday: which of the two"),
        ("mon 2 dec", "ahead", "2 Dec 2026 is a Wednesday, not a Monday"),
        ("maybe 2 dec 2026", "past", "'maybe' is not a day of the week"),
        ("9:30", "ahead", "that is a time, not a day"),
        ("14:30", "past", "that is a time, not a day"),
        ("9.30 am", "ahead", "that is a time, not a day"),
        ("2pm", "ahead", "that is a time, not a day"),
    ],
)
def test_what_could_be_two_days_or_none_is_refused(text: str, side: Side, wrong: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(ValueError, match=wrong):
        read_spoken(text, TODAY, side)


@each("text", ["", "x", "may", "12", "2 decade", "m", "9.30"])
def test_text_without_a_day_is_not_read_as_one(text: str) -> None:
    """A month alone gives no day."""
    assert read_spoken(text, TODAY, "past") is None
