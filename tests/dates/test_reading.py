"""Dates as people write them are read day first, and nothing is guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.dates.reading import read_date, read_day, read_period, shift
from iro_cli.errors import CalendarEndsError
from running import each
from strategies import dates, letters

ENGLAND = library.calendar("england-and-wales")
SUNDAY = date(2026, 11, 22)


def today(text: str) -> date:
    """Read what was typed on Sunday 22 November 2026."""
    return read_day(text, today=SUNDAY, calendar=ENGLAND)


class TestDates:
    """A date written out."""

    @pytest.mark.parametrize("text", ["2026-11-02", "02/11/2026", "2/11/2026"])
    def test_two_ways_of_writing_a_day(self, text: str) -> None:
        """ISO, and day first with slashes."""
        assert date(2026, 11, 2) == read_date(text)

    @given(dates)
    def test_a_day_written_can_be_read(self, day: date) -> None:
        """A day in either form is read as that day."""
        written = (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}")

        assert {day} == {read_date(text) for text in written}

    @pytest.mark.parametrize("text", ["11/22/2026", "02/13/2026"])
    def test_an_american_date_is_refused_and_turned_round(self, text: str) -> None:
        """A 13th month or later makes it an American date, and the message shows it day first."""
        month, day, year = text.split("/")

        with pytest.raises(ValueError, match=f"there is no month {day}.*: {day}/{month}/{year}$"):
            read_date(text)

    @each(
        "text, said",
        [
            ("29/02/2025", "there is no day 29/02/2025: that month has 28 days"),
            ("2025-02-29", "there is no day 29/02/2025: that month has 28 days"),
            ("31/06/2026", "there is no day 31/06/2026: that month has 30 days"),
            ("2026-11-31", "there is no day 31/11/2026: that month has 30 days"),
            ("00/01/2026", "there is no day 00/01/2026: that month has 31 days"),
            ("2026-00-10", "there is no month 00"),
            ("99/99/2026", "there is no month 99"),
            ("2026-13-32", "there is no month 13"),
            ("0000-01-01", "there is no year 0000"),
        ],
    )
    def test_a_day_that_does_not_exist_says_what_is_wrong_in_it(self, text: str, said: str) -> None:
        """The message names what is wrong: the year, the month or the day."""
        with pytest.raises(ValueError, match=f"^{said}$"):
            read_date(text)

    @pytest.mark.parametrize(
        ("text", "turned"), [("2026-13-01", "2026-01-13"), ("2026-31-12", "2026-12-31")]
    )
    def test_a_month_and_a_day_in_the_wrong_order_are_turned(self, text: str, turned: str) -> None:
        """After the year comes the month, and the message shows the date in that order."""
        with pytest.raises(ValueError, match=f"^there is no month .*: {turned}$"):
            read_date(text)

    @pytest.mark.parametrize("text", ["02/11/26", "1/1/00"])
    def test_a_two_digit_year_is_refused(self, text: str) -> None:
        """On the command line a year has four digits."""
        with pytest.raises(ValueError, match=r"^the year has two digits: write 2026-11-02 or"):
            read_date(text)

    @each(
        "text",
        [
            "",
            "2",
            "2026",
            "20261102",
            "2026-11-2",
            "26-11-02",
            "2026-W45-1",
            "2026/11/02",
            "02-11-2026",
            "02.11.2026",
            "2 Nov 2026",
            "2026-11-02T00:00",
            "2026-11-02 ",
            "02/11/20266",
            "-2/11/2026",
            "+2/11/2026",
            "２/11/2026",
            "٠٢/11/2026",
            "tomorrow",
            "nan",
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        """Text in neither of the two forms is refused, and the message shows both."""
        with pytest.raises(ValueError, match=r"^not a date: write 2026-11-02 or 02/11/2026"):
            read_date(text)

    @given(st.text(letters, max_size=12))
    def test_whatever_is_typed_is_read_or_refused(self, text: str) -> None:
        """Any text gives a date or a refusal."""
        try:
            found: date | None = read_date(text)
        except ValueError:
            found = None

        assert found is None or isinstance(found, date)


class TestRelativeDays:
    """A day counted from today."""

    @each(
        "text, day",
        [
            ("today", SUNDAY),
            ("Today", SUNDAY),
            ("-7d", date(2026, 11, 15)),
            ("+4w", date(2026, 12, 20)),
            ("+20wd", date(2026, 12, 18)),
            ("-5wd", date(2026, 11, 16)),
            ("+3m", date(2027, 2, 22)),
            ("+0d", SUNDAY),
            (" 02/11/2026 ", date(2026, 11, 2)),
        ],
    )
    def test_a_day(self, text: str, day: date) -> None:
        """Days, weeks, months and working days are counted from today, which is day 0."""
        assert day == today(text)

    @each("text", ["+7", "+d", "-", "+1.5d", "+ 7d", "--7d", "+7x", "+12345d"])
    def test_what_is_no_length_of_time_is_refused(self, text: str) -> None:
        """After a sign a length of time is needed, and the message shows how to write one."""
        with pytest.raises(ValueError, match=r"^not a length of time: write 28d, 4w, 20wd or 3m$"):
            today(text)

    def test_a_length_of_time_without_a_sign_is_no_day(self) -> None:
        """``7d`` does not say in which direction, and is refused."""
        with pytest.raises(ValueError, match="not a date"):
            today("7d")

    def test_working_days_beyond_the_bank_holidays_are_refused(self) -> None:
        """A count that leaves the list of bank holidays is refused."""
        with pytest.raises(CalendarEndsError):
            today("+9999wd")

    def test_a_day_outside_the_years_is_refused(self) -> None:
        """A count that leaves the years of a date is refused, not a failure."""
        with pytest.raises(ValueError, match="outside the calendar"):
            shift(date.max, 1, "day", ENGLAND)

    def test_another_unit_is_refused(self) -> None:
        """There are four units."""
        with pytest.raises(ValueError, match="no such unit: hour"):
            shift(SUNDAY, 1, "hour", ENGLAND)

    @given(dates, st.integers(-400, 400))
    def test_days_forwards_and_back(self, day: date, days: int) -> None:
        """A number of days forwards and back again gives the same day."""
        assert day == shift(shift(day, days, "day", ENGLAND), -days, "day", ENGLAND)

    @given(dates, st.integers(-60, 60))
    def test_a_week_is_seven_days(self, day: date, weeks: int) -> None:
        """Weeks are counted as seven days."""
        assert day + timedelta(days=7 * weeks) == shift(day, weeks, "week", ENGLAND)


@each(
    "text, period",
    [
        ("28d", (28, "day")),
        ("4w", (4, "week")),
        ("20wd", (20, "working_day")),
        ("3m", (3, "month")),
        ("0d", (0, "day")),
    ],
)
def test_a_length_of_time(text: str, period: tuple[int, str]) -> None:
    """A length of time is a number and a unit."""
    assert period == read_period(text)
