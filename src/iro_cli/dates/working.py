"""Count working days with a calendar of weekends and bank holidays."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from iro_cli.errors import CalendarEndsError
from iro_cli.lean import Any, NamedTuple

# date(1, 1, 1), ordinal 1, is a Monday: ordinal % 7 is 6 on Saturday, 0 on Sunday.
_SATURDAY, _SUNDAY = 6, 0


class BankHoliday(NamedTuple):
    """One bank holiday: the day itself, not the weekend day it stands in for."""

    day: date
    name: str


def _weekdays_up_to(ordinal: int) -> int:
    """Count Mondays to Fridays from ordinal 1 to *ordinal*, both inclusive."""
    weeks, rest = divmod(ordinal, 7)
    return 5 * weeks + min(rest, 5)


def _weekday_number(count: int) -> int:
    """Return the ordinal of the *count*-th Monday to Friday."""
    weeks, rest = divmod(count - 1, 5)
    return 7 * weeks + rest + 1


class WorkingCalendar:
    """
    The working days of one jurisdiction, between two known days.

    A working day is any day except a Saturday, a Sunday or a bank holiday.  The list of bank
    holidays includes Good Friday and Christmas Day.

    Attributes:
        name: The calendar's name, as rule packs refer to it.
        known_from: The first day for which the list is complete.
        known_to: The last day for which the list says anything.
        confirmed_to: The last day for which every bank holiday is confirmed;
            after it the list is a projection and an answer is provisional.
        holidays: The bank holidays that fall on a weekday, in order.

    Authority:
        ``SI 2010/959 reg. 2(1)`` ("working day").
    """

    def __init__(
        self,
        name: str,
        holidays: Iterable[BankHoliday],
        *,
        known_from: date,
        known_to: date,
        confirmed_to: date,
    ) -> None:
        """Build the calendar; the order of *holidays* does not matter."""
        self.name = name
        self.known_from = known_from
        self.known_to = known_to
        self.confirmed_to = confirmed_to
        by_day = {holiday.day: holiday for holiday in holidays}
        self.holidays = tuple(by_day[day] for day in sorted(by_day) if day.weekday() < 5)
        self._ordinals = [holiday.day.toordinal() for holiday in self.holidays]
        self._first = known_from.toordinal()
        self._last = known_to.toordinal()

    def _check(self, ordinal: int) -> int:
        # Beyond the list, every bank holiday would count as a working day, and dates would come
        # out too early with nothing to show it.  So the count is refused.
        if self._first <= ordinal <= self._last:
            return ordinal
        raise CalendarEndsError(self.name, self.known_from, self.known_to)

    def _count(self, ordinal: int) -> int:
        """Count working days from the calendar's zero to *ordinal*, inclusive."""
        # Counting day by day would be simpler, but a country needs millions of counts, and this
        # one costs the same for any number of days.
        return _weekdays_up_to(ordinal) - bisect_right(self._ordinals, ordinal)

    def _at(self, count: int) -> int:
        """Return the ordinal of the *count*-th working day."""
        # Each bank holiday up to the answer moves it one weekday on, perhaps onto another: a count
        # that would end on Good Friday moves to Easter Monday, and from there to the Tuesday.
        holidays = bisect_right(self._ordinals, _weekday_number(count))
        # Each holiday on the way moves the day on, and the days it moves over may have another
        # holiday: Christmas Day moves it to Boxing Day.  So it repeats until no more are met.
        while True:
            ordinal = _weekday_number(count + holidays)
            passed = bisect_right(self._ordinals, ordinal)
            if passed == holidays:
                return ordinal
            holidays = passed

    def is_working_day(self, day: date) -> bool:
        """
        Say whether *day* is a working day.

        Raises:
            CalendarEndsError: *day* lies outside the calendar.
        """
        ordinal = self._check(day.toordinal())
        return self._count(ordinal) > self._count(ordinal - 1)

    def add(self, day: date, days: int) -> date:
        """
        Return the working day that is *days* working days after *day*.

        *day* is day 0 and is not counted, whether or not it is a working day;
        when it is not, the first working day after it is day 1.  A negative
        number counts back.  Zero gives the last working day on or before *day*.

        Args:
            day: The day of the event (exclusive).
            days: Working days.

        Returns:
            The last day of the period (inclusive), always a working day.

        Raises:
            CalendarEndsError: The count leaves the calendar.

        Authority:
            ``SI 2010/959 reg. 33(1)`` ("within 20 working days of the date");
            ``Dodds v Walker [1981] 1 WLR 1027 (HL)`` (the day is excluded).
        """
        ordinal = self._check(day.toordinal())
        if days < 0:
            # Counting back from a non-working day, the last working day before it is day 1.
            ordinal, days = ordinal - 1, days + 1
        return date.fromordinal(self._check(self._at(self._count(ordinal) + days)))

    def on_or_before(self, day: date) -> date:
        """
        Return the last working day on or before *day*.

        Raises:
            CalendarEndsError: The answer lies outside the calendar.
        """
        return self.add(day, 0)

    def between(self, start: date, end: date) -> int:
        """
        Count the working days after *start* (exclusive) up to *end* (inclusive).

        If *end* is before *start*, the answer is negative: it counts the working days after
        *end* up to *start*.

        Raises:
            CalendarEndsError: One of the two lies outside the calendar.
        """
        first, last = self._check(start.toordinal()), self._check(end.toordinal())
        return self._count(last) - self._count(first)

    def holidays_between(self, start: date, end: date) -> tuple[BankHoliday, ...]:
        """Return the weekday bank holidays after *start* up to *end*, inclusive."""
        low = bisect_right(self._ordinals, start.toordinal())
        return self.holidays[low : bisect_right(self._ordinals, end.toordinal())]

    def is_provisional(self, day: date) -> bool:
        """Say whether an answer that depends on *day* may still move with a new bank holiday."""
        return day > self.confirmed_to

    def with_additions(self, additions: Iterable[BankHoliday]) -> "WorkingCalendar":
        """Return this calendar with bank holidays that were proclaimed after it was made."""
        return WorkingCalendar(
            self.name,
            (*self.holidays, *additions),
            known_from=self.known_from,
            known_to=self.known_to,
            confirmed_to=self.confirmed_to,
        )


def calendar_from(data: dict[str, Any]) -> WorkingCalendar:
    """
    Build a calendar from a bank-holiday list.

    Args:
        data: ``name``, ``known_from``, ``known_to``, ``confirmed_to`` (ISO
            dates, inclusive) and ``days``, pairs of ISO date and name.
    """
    read = date.fromisoformat
    return WorkingCalendar(
        data["name"],
        [BankHoliday(read(day), name) for day, name in data["days"]],
        known_from=read(data["known_from"]),
        known_to=read(data["known_to"]),
        confirmed_to=read(data["confirmed_to"]),
    )
