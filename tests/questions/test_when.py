"""When a timescale is due from a day, asked directly."""

from datetime import date

import pytest

from iro_cli import library
from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.questions.when import due_dates, left_out, with_markers

CATALOGUE = library.catalogue("england")
CALENDAR = library.calendar("england-and-wales")


def test_each_day_has_its_date() -> None:
    """Mon 2 Nov 2026: 20 working days end on Mon 30 Nov. Mon 14 Dec: on Thu 14 Jan 2027."""
    found = due_dates(
        CATALOGUE, CALENDAR, "cla.review.first", [date(2026, 11, 2), date(2026, 12, 14)]
    )

    assert [one.due for one in found] == [date(2026, 11, 30), date(2027, 1, 14)]


def test_the_bank_holidays_that_were_left_out() -> None:
    """Christmas Day, the day for Boxing Day (a Saturday in 2026), and New Year's Day."""
    [found] = due_dates(CATALOGUE, CALENDAR, "cla.review.first", [date(2026, 12, 14)])

    assert left_out(found) == ("2026-12-25", "2026-12-28", "2027-01-01")


def test_a_timescale_that_there_is_not_is_refused() -> None:
    """The message names the nearest."""
    with pytest.raises(InputRefusedError, match=r"cla\.review\.first"):
        due_dates(CATALOGUE, CALENDAR, "cla.review.frist", [date(2026, 11, 2)])


@pytest.mark.parametrize("asked", ["cla.review.first", "cla.review.first.28-days"])
def test_a_rule_and_its_markers_stand_together(asked: str) -> None:
    """Whichever is asked for, the law comes first."""
    found = with_markers(CATALOGUE, asked)

    assert [rule.id for rule in found] == ["cla.review.first", "cla.review.first.28-days"]


def test_without_a_marker_there_is_nothing_to_compare() -> None:
    """The message names a timescale that has a marker."""
    with pytest.raises(UsageError, match=r"one does beside cla\.review\.first"):
        with_markers(CATALOGUE, "secure.review.first")
