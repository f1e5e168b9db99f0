"""
Count every open date again in another way, and compare.

It uses other people's libraries, python-dateutil for months and holidays for bank holidays,
and counts a day at a time.  It is slow and never on the daily path: only `iro doctor`
calls it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from iro_cli.dates.working import BankHoliday
from iro_cli.figures.case import Case
from iro_cli.lean import NamedTuple
from iro_cli.obligations.clocks import Clock
from iro_cli.obligations.due import Due, NoDateError
from iro_cli.obligations.listing import DueRows
from iro_cli.questions.view import View

# How many counts are remembered.
_REMEMBERED = 1 << 16


class Disagreement(NamedTuple):
    """One date on which the two counts differ."""

    child: str
    found: Due
    recounted: date


class Recount(NamedTuple):
    """How many open dates were counted again, and those that differ."""

    counted: int
    disagreements: list[Disagreement]


class _Libraries:
    """Count with python-dateutil and holidays, and with no code of this program."""

    def __init__(self, additions: Iterable[BankHoliday]) -> None:
        from holidays import country_holidays  # noqa: PLC0415 - slow to import, only for this

        # Without a subdivision the package leaves out Easter Monday and the late August holiday.
        self.holidays = country_holidays("GB", subdiv="ENG")
        self.holidays.update({holiday.day: holiday.name for holiday in additions})
        # In a country, thousands of clocks start on each day.
        self.count = lru_cache(_REMEMBERED)(self._count)

    def _count(self, start: date, amount: int, unit: str) -> date:
        """Return the day *amount* units after *start* (exclusive)."""
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - as above

        if unit == "month":
            return start + relativedelta(months=amount)
        if unit != "working_day":
            return start + timedelta(days=amount * (7 if unit == "week" else 1))
        day = start
        while amount:
            day += timedelta(days=1)
            amount -= day.weekday() < 5 and day not in self.holidays
        return day

    def new_holidays(self, known: Iterable[BankHoliday], first: date, last: date) -> list[date]:
        """Return the weekday bank holidays, between two days inclusive, that a list lacks."""
        listed = {holiday.day for holiday in known}
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [
            day for day in days if day.weekday() < 5 and day in self.holidays and day not in listed
        ]


def _open(case: Case, listing: DueRows) -> Iterable[Due]:
    for one in case.clocks.open:
        clock, _ = listing.as_assumed(one)
        if not clock.candidates and clock.started is not None:
            yield from _dues(clock, case, listing)


def _dues(clock: Clock, case: Case, listing: DueRows) -> Iterable[Due]:
    try:
        found = listing.due(clock, clock.rule, case.events)
    except NoDateError:
        return
    # The libraries count forwards from a day that is not counted; other limits are left out.
    if not (found.limit.before or found.limit.inclusive):
        yield found


def recount(view: View) -> Recount:
    """Count every open date again, and return how many there are and which differ."""
    libraries = _Libraries(view.reader.additions())
    shown = view.shown(everything=True)
    listing = view.listing(shown)
    total, wrong = 0, []
    for case in view.cases(shown, keep_met=False):
        for found in _open(case, listing):
            total += 1
            again = libraries.count(found.counted_from, found.limit.amount, found.limit.unit)
            if again != found.due:
                wrong.append(Disagreement(case.child.child_id, found, again))
    return Recount(total, wrong)


def unlisted_holidays(view: View) -> list[date]:
    """
    Return bank holidays that the installed holidays package has and our list does not.

    A newer release of the package can have a bank holiday that was proclaimed after our list was
    made.
    """
    libraries = _Libraries(())
    calendar = view.calendar
    last = date(calendar.confirmed_to.year + 1, 12, 31)
    return libraries.new_holidays(calendar.holidays, view.as_of, max(view.as_of, last))
