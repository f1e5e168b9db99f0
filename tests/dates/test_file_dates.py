"""Dates as files have them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.dates.file_dates import FileDate, read_file_date
from iro_cli.dates.reading import MonthFirstError
from running import each
from strategies import dates

SECOND = date(2026, 11, 2)


@each(
    "text",
    [
        "2026-11-02",
        "2026-11-2",
        "02/11/2026",
        "2/11/2026",
        "02-11-2026",
        "02.11.2026",
        "2 11 2026",
        "2026/11/02",
        "2026.11.02",
        "2 November 2026",
        "02-NOV-2026",
        "02/Nov/2026",
        "2nd of November 2026",
        "2nd November, 2026",
        "02NOV2026",
        "November 2, 2026",
        "Nov 2 2026",
        "Mon 2 Nov 2026",
        "Monday, 2 November 2026",
        "Mon 02/11/2026",
        "  2  November  2026 ",
        "2\u00a0November\u00a02026",
    ],
)
@each("time", ["", " 00:00", " 14:30", "T14:30:00", " 14:30:00.000", " 00:00:00.0000000", " 2:30 PM",
     " 12:00AM", " 14:30:00 GMT", "T00:00:00Z", "T00:00:00+01:00", ":14:30:00"])  # fmt: skip
def test_every_way_of_writing_one_day_is_read(text: str, time: str) -> None:
    """Each way means 2 November 2026, a Monday, with a time of day or without."""
    assert read_file_date(text.rstrip() + time, pivot=2027).day == SECOND


@pytest.mark.parametrize("text", ["2026-11-02Z", "2026-11-02+01:00"])
def test_a_bare_date_may_have_a_time_zone(text: str) -> None:
    """A time zone after a date, as XML allows, does not change the day."""
    assert read_file_date(text, pivot=2027).day == SECOND


@pytest.mark.parametrize(
    "text", ["2026-07-01T23:00:00Z", "2026-07-01 09:00:00 -05:00", "2026-07-01T09:00:00+02:00"]
)
def test_a_time_zone_that_leaves_the_day_open_is_refused(text: str) -> None:
    """Midnight in London in summer is written as eleven at night in UTC."""
    with pytest.raises(ValueError, match="which day it was in London"):
        read_file_date(text, pivot=2027)


@each(
    "text, says",
    [
        ("", "not a date"),
        ("soon", "not a date: write 2026-11-02"),
        ("46328", "not a date"),
        ("20261102", "not a date"),
        ("14:30", "not a date"),
        ("2026-11", "not a date"),
        ("02/11", "not a date"),
        ("2026-11-02 14:75", "not a date"),
        ("2026-11-02 25:00", "no hour 25"),
        ("02-Nop-2026", "no month Nop"),
        ("29/02/2025", "no day 29/02/2025"),
        ("2026-13-02", "there is no month 13"),
        ("13/32/2026", "there is no month 32"),
        ("00/11/2026", "no day"),
        ("Tue 2 Nov 2026", "that day is Mon 2 Nov 2026"),
        ("1/2/3", "not a date"),
        ("2/11/26/1", "not a date"),
    ],
)
def test_what_is_no_date_is_refused(text: str, says: str) -> None:
    """The refusal says what to write."""
    with pytest.raises(ValueError, match=says):
        read_file_date(text, pivot=2027)


@pytest.mark.parametrize("text", ["11/22/2026", "11.22.2026", "11/22/2026 12:00:00 AM", "1/13/26"])
def test_what_is_a_date_only_month_first_is_told_apart(text: str) -> None:
    """One such date is enough to doubt the others of its column."""
    with pytest.raises(MonthFirstError, match="American date must be turned round"):
        read_file_date(text, pivot=2027)


@each(
    "text, other",
    [
        ("02/11/2026", date(2026, 2, 11)),
        ("2.11.26", date(2026, 2, 11)),
        ("11/11/2026", None),
        ("23/11/2026", None),
        ("2026-11-02", None),
        ("2026/11/02", None),
        ("2 Nov 2026", None),
        ("Mon 02/11/2026", None),
    ],
)
def test_a_date_that_reads_either_way_names_the_other_day(text: str, other: date | None) -> None:
    """It is read day first, and the day that it would be month first is kept beside it."""
    assert read_file_date(text, pivot=2027).month_first == other


@pytest.mark.parametrize(
    ("text", "year"),
    [("02/11/26", 2026), ("02/11/27", 2027), ("02/11/28", 1928), ("02-NOV-28", 1928)],
)
def test_a_year_of_two_digits_is_the_latest_that_the_pivot_allows(text: str, year: int) -> None:
    """The year is never after the pivot, and the result says that the century was supplied."""
    read = read_file_date(text, pivot=2027)

    assert (read.day, read.century_supplied) == (date(year, 11, 2), True)


@given(dates)
def test_two_digits_are_enough_within_a_century(day: date) -> None:
    """With the day's own year as pivot, two digits give that year."""
    assert read_file_date(f"{day:%d/%m/%y}", pivot=day.year).day == day


@given(dates, st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%b-%Y"]))
def test_whatever_day_is_written_is_the_day_read(day: date, form: str) -> None:
    """Each form gives the day that was written; none with four digits is said to have two."""
    read = read_file_date(day.strftime(form), pivot=2027)

    assert (read.day, read.century_supplied) == (day, False)


@given(dates)
def test_the_other_day_is_the_one_month_first(day: date) -> None:
    """Exchanging day and month twice gives the day back."""
    other = read_file_date(f"{day:%d/%m/%Y}", pivot=2027).month_first

    assert other is None or read_file_date(f"{other:%d/%m/%Y}", pivot=2027).month_first == day


@given(st.text(alphabet="0123456789/-.: TZNovDec,", max_size=24))
def test_anything_is_read_or_refused(text: str) -> None:
    """Any text in a cell gives a date or a refusal."""
    try:
        found: FileDate | None = read_file_date(text, pivot=2027)
    except ValueError:
        found = None

    assert found is None or found.day - found.day == timedelta(0)
