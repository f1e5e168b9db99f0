"""Count from a clock to a date, with the reasons."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError
from iro_cli.law.model import Limit
from iro_cli.obligations.due import DueDates, NoDateError, count
from running import each
from strategies import FIRST, LAW_FROM, LAW_TO

CATALOGUE = library.catalogue("england")
CALENDAR = library.calendar("england-and-wales")
DATES = DueDates(CALENDAR)
# Rules that count forward from their own trigger, on any drawn day.
RULES = sorted(
    rule.id
    for rule in CATALOGUE.rules.values()
    if rule.in_force(LAW_FROM)
    and not rule.follows
    and not any(limit.origin for version in rule.versions for limit in version.latest)
)
triggers = st.dates(LAW_FROM, LAW_TO)
some_rules = st.sampled_from(RULES)


class TestWorkings:
    """Every date has its workings."""

    def test_the_first_review_of_the_notes(self) -> None:
        """The workings say what was counted, from where, and what was left out."""
        found = DATES.of(CATALOGUE.get("cla.review.first"), date(2026, 12, 4))

        assert (date(2027, 1, 6), date(2026, 12, 4), "20 working days", "reg. 33(1)") == (
            found.due,
            found.counted_from,
            found.limit.words(),
            found.version.citations[0].provision,
        )
        assert [date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)] == [
            holiday.day for holiday in found.left_out
        ]

    def test_a_month_leaves_nothing_out(self) -> None:
        """Bank holidays do not matter to a limit in months."""
        found = DATES.of(CATALOGUE.get("cla.review.second"), date(2026, 12, 1))

        assert () == found.left_out

    @given(some_rules, triggers)
    def test_counted_again_they_give_the_date_they_explain(self, name: str, day: date) -> None:
        """Counting the limit again from the start of the count gives the due date."""
        found = DATES.of(CATALOGUE.get(name), day)

        assert found.due == count(found.limit, found.counted_from, CALENDAR)

    @given(some_rules, triggers)
    def test_what_was_left_out_lies_within_the_count(self, name: str, day: date) -> None:
        """All bank holidays on weekdays after the start, up to the due date, are left out."""
        found = DATES.of(CATALOGUE.get(name), day)
        between = CALENDAR.holidays_between(day, found.due)

        assert (between if found.limit.unit == "working_day" else ()) == found.left_out

    @given(some_rules, triggers)
    def test_the_working_days_counted_are_those_of_the_limit(self, name: str, day: date) -> None:
        """From the trigger to the due date are as many working days as the limit has."""
        found = DATES.of(CATALOGUE.get(name), day)
        counted = CALENDAR.between(day, found.due)

        assert found.limit.unit != "working_day" or found.limit.amount == counted

    @given(some_rules, triggers)
    def test_to_hold_it_by_is_the_last_working_day(self, name: str, day: date) -> None:
        """The hold-by day is a working day, on or before the due date."""
        found = DATES.of(CATALOGUE.get(name), day)

        assert CALENDAR.is_working_day(found.hold_by)
        assert CALENDAR.on_or_before(found.due) == found.hold_by

    @given(some_rules, triggers)
    def test_nothing_is_due_before_its_trigger(self, name: str, day: date) -> None:
        """A limit that counts forwards ends after its first day."""
        assert day < DATES.of(CATALOGUE.get(name), day).due

    @given(some_rules, triggers, st.integers(0, 40))
    def test_a_later_trigger_is_never_due_sooner(self, name: str, day: date, later: int) -> None:
        """A review held later never makes the next one due sooner."""
        rule = CATALOGUE.get(name)

        assert DATES.of(rule, day).due <= DATES.of(rule, day + timedelta(days=later)).due

    @given(some_rules, triggers, st.integers(1, 60))
    def test_one_more_bank_holiday_brings_nothing_forward(
        self, name: str, day: date, after: int
    ) -> None:
        """A bank holiday proclaimed late gives more time or none."""
        late = BankHoliday(day + timedelta(days=after), "proclaimed late")
        longer = DueDates(CALENDAR.with_additions([late]))
        rule = CATALOGUE.get(name)

        assert DATES.of(rule, day).due <= longer.of(rule, day).due

    @given(some_rules, triggers)
    def test_asked_twice_it_answers_the_same(self, name: str, day: date) -> None:
        """A remembered answer is the one that is worked out."""
        rule = CATALOGUE.get(name)

        assert DueDates(CALENDAR).of(rule, day) == DATES.of(rule, day) == DATES.of(rule, day)


class TestBackwards:
    """Counting back from a booked meeting: its day is day 0."""

    @pytest.mark.parametrize(
        ("meeting", "left_out"),
        [
            # 4 May 2026 is the early May bank holiday, counted from and not left out.
            (date(2026, 5, 4), []),
            (date(2026, 5, 5), [date(2026, 5, 4)]),
        ],
    )
    def test_the_day_of_the_meeting_is_not_left_out(
        self, meeting: date, left_out: list[date]
    ) -> None:
        """15 working days before either: three weeks from Friday 1 May are Monday 13 April."""
        found = DATES.of(CATALOGUE.get("cla.review.consultation"), meeting)

        assert (date(2026, 4, 13), left_out) == (found.due, [one.day for one in found.left_out])


class TestProvisional:
    """GOV.UK publishes bank holidays about two years ahead."""

    @each(
        "rule, day, provisional",
        [
            ("cp.conference.initial", date(2028, 12, 6), False),
            ("cp.conference.initial", date(2028, 12, 7), True),
            # Months and weeks: the day to hold it by is a working day.
            ("cla.review.second", date(2028, 9, 30), False),
            ("cla.review.second", date(2028, 10, 1), True),
            ("adoption.review.placed.first", date(2029, 6, 1), True),
            # Counted back from a meeting: the day of the meeting is not counted.
            ("cla.review.consultation", date(2029, 1, 1), False),
            ("cla.review.consultation", date(2029, 1, 2), True),
            ("dispute.resolution", date(2030, 6, 3), True),
        ],
    )
    def test_beyond_what_is_confirmed(self, rule: str, day: date, provisional: bool) -> None:
        """A due date or hold-by day that needs an unconfirmed day may move."""
        assert provisional == DATES.of(CATALOGUE.get(rule), day).provisional


class TestRefused:
    """Some dates are refused, because they would be wrong."""

    @pytest.mark.parametrize(
        ("rule", "day", "begins"),
        [
            ("cla.review.first", date(1991, 10, 13), "14 Oct 1991"),
            ("cp.conference.initial", date(2011, 3, 31), "1 Apr 2011"),
            ("adoption.review.placed.first", date(2005, 12, 29), "30 Dec 2005"),
        ],
    )
    def test_before_the_law_began(self, rule: str, day: date, begins: str) -> None:
        """A clock from before the earliest version has no date; the message says from when."""
        with pytest.raises(NoDateError, match=f"the earliest is in force from {begins}$"):
            DATES.of(CATALOGUE.get(rule), day)

    def test_beyond_the_bank_holidays(self) -> None:
        """A count that leaves the list is refused."""
        with pytest.raises(InputRefusedError, match="known from 1990-01-01 to 2050-12-31 only"):
            DATES.of(CATALOGUE.get("cla.review.first"), date(2050, 12, 15))

    def test_a_month_beyond_the_bank_holidays(self) -> None:
        """A month needs no bank holidays, but the hold-by day does."""
        with pytest.raises(NoDateError, match="known from"):
            DATES.of(CATALOGUE.get("cla.review.second"), date(2050, 12, 15))

    def test_it_stays_refused(self) -> None:
        """A refusal is remembered like a date."""
        rule = CATALOGUE.get("cp.conference.initial")
        for _ in range(2):
            with pytest.raises(NoDateError):
                DATES.of(rule, date(2011, 3, 31))


class TestCounting:
    """Each way in which a limit can count."""

    @each(
        "limit, start, end",
        [
            (Limit(10, "working_day"), date(2026, 3, 27), date(2026, 4, 14)),
            (Limit(10, "working_day", inclusive=True), date(2026, 3, 27), date(2026, 4, 13)),
            (Limit(1, "working_day", inclusive=True), date(2026, 6, 6), date(2026, 6, 8)),
            # 28 days that begin on Mon 2 Nov 2026 end on Sun 29 Nov.
            (Limit(28, "day", inclusive=True), date(2026, 11, 2), date(2026, 11, 29)),
            (Limit(28, "day"), date(2026, 11, 2), date(2026, 11, 30)),
            # SI 2010/959, reg. 24(1): 16 weeks from Mon 7 Sep 2026.
            (Limit(16, "week"), date(2026, 9, 7), date(2026, 12, 28)),
            (Limit(16, "week", inclusive=True), date(2026, 9, 7), date(2026, 12, 27)),
            (Limit(20, "working_day", before=True), date(2027, 1, 15), date(2026, 12, 15)),
            (Limit(10, "week", before=True), date(2026, 12, 14), date(2026, 10, 5)),
            (Limit(3, "month", before=True), date(2026, 5, 31), date(2026, 2, 28)),
        ],
    )
    def test_a_limit(self, limit: Limit, start: date, end: date) -> None:
        """Forwards, backwards, and with the day itself as day 1."""
        assert end == count(limit, start, CALENDAR)

    @given(st.dates(FIRST, LAW_TO), st.integers(1, 40))
    def test_inclusive_is_one_sooner(self, day: date, days: int) -> None:
        """If the day itself counts, a number of days ends one day sooner."""
        exclusive = count(Limit(days, "day"), day, CALENDAR)

        assert exclusive - timedelta(days=1) == count(
            Limit(days, "day", inclusive=True), day, CALENDAR
        )

    @given(st.dates(FIRST, LAW_TO), st.integers(1, 40))
    def test_inclusive_working_days_hold_as_many(self, day: date, days: int) -> None:
        """If the day itself counts, the period has as many working days as the limit."""
        end = count(Limit(days, "working_day", inclusive=True), day, CALENDAR)

        assert days == CALENDAR.between(day - timedelta(days=1), end)

    @pytest.mark.parametrize(
        ("limit", "words"),
        [
            (Limit(1, "month"), "1 month"),
            (Limit(20, "working_day"), "20 working days"),
            (Limit(5, "working_day", before=True), "5 working days before"),
        ],
    )
    def test_its_words(self, limit: Limit, words: str) -> None:
        """A limit is said in words."""
        assert words == limit.words()
