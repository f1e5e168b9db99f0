"""
SI 2010/959, reg. 33(1): "within 20 working days of the date".

The day of the event is excluded (*Dodds v Walker* [1981] 1 WLR 1027, HL).
"""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.errors import CalendarEndsError, InputRefusedError
from running import each
from strategies import FIRST, LAST, amounts, dates

ENGLAND = library.calendar("england-and-wales")
DAY = timedelta(days=1)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


@cache
def package() -> Any:
    """Return the package's own answer, which checks both the compiled list and the counting."""
    import holidays  # noqa: PLC0415 - each worker imports this file

    return holidays.country_holidays("GB", subdiv="ENG", years=range(2009, 2043))


@cache
def numpy_days() -> tuple[Any, Any, Any]:
    """Return numpy, every day, and the bank holidays, as it counts them."""
    import numpy as np  # noqa: PLC0415 - each worker imports this file

    every, off = (np.array(days, dtype="datetime64[D]") for days in (EVERY_DAY, sorted(package())))
    return np, every, off


# Typed from GOV.UK's list, weekdays only.
GOV_UK = {
    2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


def is_naive_working_day(day: date) -> bool:
    """Say whether a wall calendar has it as a working day."""
    return day.weekday() < 5 and day not in package()


class TestBankHolidays:
    """CNT-HOL: the list is GOV.UK's."""

    @each("year", sorted(GOV_UK))
    def test_a_year_as_published(self, year: int) -> None:
        """The bank holidays of a year are those that were proclaimed and published."""
        start, end = date(year - 1, 12, 31), date(year, 12, 31)
        found = [f"{one.day:%m-%d}" for one in ENGLAND.holidays_between(start, end)]

        assert GOV_UK[year].split() == found

    def test_a_bank_holiday_of_scotland_alone_is_a_working_day(self) -> None:
        """15 June 2026 is a bank holiday in Scotland only."""
        assert ENGLAND.is_working_day(date(2026, 6, 15))

    @pytest.mark.parametrize("day", [date(2020, 5, 4), date(2022, 5, 30)])
    def test_a_bank_holiday_that_was_moved_leaves_a_working_day(self, day: date) -> None:
        """The Monday that a bank holiday was moved from is a working day."""
        assert ENGLAND.is_working_day(day)

    def test_every_day_agrees_with_the_package(self) -> None:
        """Every day from 2010 to 2040 is a working day here exactly when it is one there."""
        wrong = [d for d in EVERY_DAY if ENGLAND.is_working_day(d) != is_naive_working_day(d)]

        assert [] == wrong

    def test_holidays_between_leaves_the_first_day_out(self) -> None:
        """The bank holidays between two days count the last day and not the first."""
        easter = ENGLAND.holidays_between(date(2026, 4, 3), date(2026, 4, 6))

        assert [date(2026, 4, 6)] == [one.day for one in easter]


class TestAgainstOracles:
    """Counting, for every day from 2010 to 2040."""

    @pytest.mark.parametrize("days", [0, 1, 2, 3, 5, 10, 15, 20, 45])
    def test_forwards_as_numpy_counts(self, days: int) -> None:
        """CNT-WDROLL: the same as ``busday_offset`` with ``roll="backward"``."""
        np, every, off = numpy_days()
        expected = np.busday_offset(every, days, roll="backward", holidays=off)

        assert expected.tolist() == [ENGLAND.add(day, days) for day in EVERY_DAY]

    @pytest.mark.parametrize("days", [1, 3, 5, 20])
    def test_backwards_as_numpy_counts(self, days: int) -> None:
        """Counting back, the last working day before the event is day 1."""
        np, every, off = numpy_days()
        expected = np.busday_offset(every, -days, roll="forward", holidays=off)

        assert expected.tolist() == [ENGLAND.add(day, -days) for day in EVERY_DAY]

    @pytest.mark.parametrize("days", [5, 15, 20])
    def test_forwards_as_a_finger_on_the_calendar_counts(self, days: int) -> None:
        """The same as stepping from day to day and counting the working ones."""
        working = [
            day
            for number in range((LAST - FIRST).days + 120)
            if is_naive_working_day(day := FIRST + timedelta(days=number))
        ]
        expected, passed = [], 0
        for day in EVERY_DAY:
            while working[passed] <= day:
                passed += 1
            expected.append(working[passed + days - 1])

        assert expected == [ENGLAND.add(day, days) for day in EVERY_DAY]

    def test_between_as_numpy_counts(self) -> None:
        """The working days between two days are those that numpy counts."""
        np, every, off = numpy_days()
        ends = every[::-1].copy()
        expected = np.busday_count(every + 1, ends + 1, holidays=off)
        forwards = [
            (want, ENGLAND.between(start, end))
            for want, start, end in zip(expected.tolist(), EVERY_DAY, EVERY_DAY[::-1], strict=True)
            if start <= end
        ]

        assert [] == [pair for pair in forwards if pair[0] != pair[1]]


class TestProperties:
    """What must hold of any count."""

    @given(dates, amounts)
    def test_an_answer_is_a_working_day(self, day: date, days: int) -> None:
        """Counting working days always ends on a working day."""
        assert ENGLAND.is_working_day(ENGLAND.add(day, days))

    @given(dates, amounts)
    def test_between_undoes_add(self, day: date, days: int) -> None:
        """There are as many working days up to the answer as were added."""
        assert days == ENGLAND.between(day, ENGLAND.add(day, days))

    @given(dates, dates)
    def test_between_has_a_sign(self, start: date, end: date) -> None:
        """Exchanging the two days changes the sign of the count."""
        assert ENGLAND.between(start, end) == -ENGLAND.between(end, start)

    @given(dates, amounts, amounts)
    def test_working_days_add_up(self, day: date, one: int, other: int) -> None:
        """Counting in two steps gives the same day as counting once."""
        assert ENGLAND.add(day, one + other) == ENGLAND.add(ENGLAND.add(day, one), other)

    @given(dates, st.integers(0, 30), st.integers(-40, 40))
    def test_an_earlier_start_never_ends_later(self, day: date, later: int, days: int) -> None:
        """Of two events the earlier never has the later date."""
        assert ENGLAND.add(day, days) <= ENGLAND.add(day + timedelta(days=later), days)

    @given(dates, st.integers(1, 60), st.integers(0, 80))
    def test_one_more_bank_holiday_never_brings_a_date_forward(
        self, day: date, days: int, after: int
    ) -> None:
        """A bank holiday proclaimed late can only give more time."""
        late = BankHoliday(day + timedelta(days=after), "proclaimed late")

        assert ENGLAND.add(day, days) <= ENGLAND.with_additions([late]).add(day, days)

    @given(dates, amounts)
    def test_counting_back_undoes_counting_forwards(self, day: date, days: int) -> None:
        """From a working day, counting forwards and back gives the same day."""
        start = ENGLAND.on_or_before(day)

        assert start == ENGLAND.add(ENGLAND.add(start, days), -days)

    @given(dates, st.integers(-60, 60))
    def test_without_bank_holidays_a_week_is_a_week(self, day: date, days: int) -> None:
        """Without bank holidays, a start a week later ends a week later."""
        bare = WorkingCalendar(
            "bare", [], known_from=FIRST - 200 * DAY, known_to=LAST + 200 * DAY, confirmed_to=LAST
        )

        assert bare.add(day, days) + 7 * DAY == bare.add(day + 7 * DAY, days)

    @given(dates)
    def test_on_or_before_is_the_nearest_working_day_back(self, day: date) -> None:
        """The day to hold a meeting by is the last working day, and none lies between."""
        found = ENGLAND.on_or_before(day)
        skipped = [found + DAY * number for number in range(1, (day - found).days + 1)]

        assert found <= day
        assert [] == [one for one in skipped if ENGLAND.is_working_day(one)]


class TestEdges:
    """Single days that have gone wrong elsewhere."""

    @each(
        "day, first",
        [
            (date(2026, 4, 2), date(2026, 4, 7)),
            (date(2026, 4, 3), date(2026, 4, 7)),
            (date(2026, 4, 4), date(2026, 4, 7)),
            (date(2026, 4, 5), date(2026, 4, 7)),
            (date(2026, 4, 6), date(2026, 4, 7)),
            (date(2026, 4, 7), date(2026, 4, 8)),
            (date(2026, 12, 24), date(2026, 12, 29)),
        ],
    )
    def test_day_one(self, day: date, first: date) -> None:
        """Whatever the day of the event, the first working day after it is day 1."""
        assert first == ENGLAND.add(day, 1)

    @pytest.mark.parametrize(
        ("meeting", "days", "by"),
        [
            (date(2027, 1, 15), 20, date(2026, 12, 15)),
            (date(2027, 1, 5), 3, date(2026, 12, 30)),
            (date(2027, 4, 1), 5, date(2027, 3, 23)),
        ],
    )
    def test_counted_back_from_a_meeting(self, meeting: date, days: int, by: date) -> None:
        """The meeting is day 0."""
        assert by == ENGLAND.add(meeting, -days)

    @pytest.mark.parametrize("day", [date(2026, 12, 25), date(2026, 12, 27), date(2026, 12, 28)])
    def test_zero_working_days_is_the_last_working_day(self, day: date) -> None:
        """Zero working days from a day that is not one give the working day before it."""
        assert date(2026, 12, 24) == ENGLAND.add(day, 0)

    def test_a_bank_holiday_at_a_weekend_is_not_counted_twice(self) -> None:
        """A bank holiday added on a Saturday changes nothing."""
        saturday = BankHoliday(date(2026, 6, 6), "on a Saturday")

        assert date(2026, 6, 8) == ENGLAND.with_additions([saturday]).add(date(2026, 6, 5), 1)

    def test_an_addition_leaves_the_calendar_it_was_made_from_alone(self) -> None:
        """Adding a bank holiday gives another calendar."""
        monday = BankHoliday(date(2026, 6, 8), "local")
        longer = ENGLAND.with_additions([monday])

        assert (True, False) == (
            ENGLAND.is_working_day(monday.day),
            longer.is_working_day(monday.day),
        )

    def test_the_order_of_the_list_does_not_matter(self) -> None:
        """A list of bank holidays may come in any order, and name a day twice."""
        turned = WorkingCalendar(
            "turned",
            [*reversed(ENGLAND.holidays), *ENGLAND.holidays],
            known_from=ENGLAND.known_from,
            known_to=ENGLAND.known_to,
            confirmed_to=ENGLAND.confirmed_to,
        )

        assert ENGLAND.holidays == turned.holidays


class TestHorizon:
    """An unknown day is refused, and a date that may move is marked."""

    def test_the_list_is_confirmed_to_the_end_of_2028(self) -> None:
        """GOV.UK has published bank holidays to the end of 2028."""
        assert date(2028, 12, 31) == ENGLAND.confirmed_to

    @pytest.mark.parametrize(
        ("day", "provisional"), [(date(2028, 12, 31), False), (date(2029, 1, 1), True)]
    )
    def test_after_the_confirmed_list_an_answer_is_provisional(
        self, day: date, provisional: bool
    ) -> None:
        """An answer that needs a day after the last confirmed one may yet move."""
        assert provisional == ENGLAND.is_provisional(day)

    @each(
        "day, days",
        [
            (ENGLAND.known_to, 1),
            (ENGLAND.known_to + DAY, 0),
            (ENGLAND.known_from, -1),
            (ENGLAND.known_from - DAY, 1),
            (date.max, 1),
            (date.min, 1),
            (date(2026, 1, 1), 1_000_000),
            (date(2026, 1, 1), -1_000_000),
        ],
    )
    def test_a_count_that_leaves_the_list_is_refused(self, day: date, days: int) -> None:
        """Nothing is counted beyond the known bank holidays."""
        with pytest.raises(CalendarEndsError):
            ENGLAND.add(day, days)

    @pytest.mark.parametrize("day", [ENGLAND.known_to + DAY, ENGLAND.known_from - DAY])
    def test_between_is_refused_outside_the_list(self, day: date) -> None:
        """The working days between two days are refused outside the list too."""
        with pytest.raises(CalendarEndsError):
            ENGLAND.between(date(2026, 1, 1), day)

    def test_the_refusal_names_the_list_and_where_it_ends(self) -> None:
        """The message says which list, and the days it is known for."""
        with pytest.raises(
            InputRefusedError,
            match=r"england-and-wales\) are known from 1990-01-01 to 2050-12-31",
        ):
            ENGLAND.is_working_day(date(2051, 1, 1))

    def test_the_last_working_days_of_the_list_can_be_counted(self) -> None:
        """Every working day of the last known year can be reached."""
        days = [ENGLAND.add(date(2050, 1, 1), number) for number in range(1, 253)]

        assert all(one < other for one, other in pairwise(days))
