"""
Interpretation Act 1978, Sch. 1: "month" means calendar month.

*Dodds v Walker* [1981] 1 WLR 1027 (HL): the period ends "upon the
corresponding date in the appropriate subsequent month, i.e. the day of that
month that bears the same number".
"""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.dates.months import add_months, last_day_of
from running import each
from strategies import FIRST, LAST, dates, months

EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("number", [1, 3, 6, 12, -1, -3])
def test_every_day_agrees_with_dateutil(number: int) -> None:
    """For every day from 2010 to 2040 the answer is that of ``relativedelta``."""
    delta = relativedelta(months=number)

    assert [day + delta for day in EVERY_DAY] == [add_months(day, number) for day in EVERY_DAY]


@each(
    "day, number, due",
    [
        # Dodds v Walker itself.
        (date(1978, 9, 30), 4, date(1979, 1, 30)),
        # Overflow arithmetic gets these wrong.
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        # A count from the end of a short month does not end at the end of a long one.
        (date(2027, 2, 28), 6, date(2027, 8, 28)),
        # The year after a leap year has no 29 February.
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_corresponding_date(day: date, number: int, due: date) -> None:
    """A period of months ends on the corresponding date or the month's last day."""
    assert due == add_months(day, number)


def test_months_do_not_add_up() -> None:
    """A month and another can be shorter than two months: never count from an earlier answer."""
    start = date(2025, 1, 31)
    one_by_one = add_months(add_months(start, 1), 1)

    assert (date(2025, 3, 28), date(2025, 3, 31)) == (one_by_one, add_months(start, 2))


@given(dates, months)
def test_the_answer_lies_exactly_so_many_months_on(day: date, number: int) -> None:
    """The answer is in the right month, whatever the lengths of those between."""
    found = add_months(day, number)

    assert number == 12 * (found.year - day.year) + found.month - day.month


@given(dates, months)
def test_the_number_of_the_day_is_the_same_or_the_last(day: date, number: int) -> None:
    """The day has the same number, or is the last of a month that is too short."""
    found = add_months(day, number)

    assert min(day.day, last_day_of(found.year, found.month)) == found.day


@given(dates, st.integers(0, 40), months)
def test_an_earlier_start_never_ends_later(day: date, later: int, number: int) -> None:
    """Of two events the earlier never has the later date."""
    assert add_months(day, number) <= add_months(day + timedelta(days=later), number)


@each("year, length", [(1900, 28), (2000, 29), (2026, 28), (2028, 29), (2100, 28)])
def test_leap_years(year: int, length: int) -> None:
    """February is long every fourth year, but not every hundredth, but every 400th."""
    assert length == last_day_of(year, 2)


@pytest.mark.parametrize(("day", "number"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_an_answer_outside_the_years_is_refused(day: date, number: int) -> None:
    """There is no year 10000, and none before 1."""
    with pytest.raises(ValueError, match="year"):
        add_months(day, number)
