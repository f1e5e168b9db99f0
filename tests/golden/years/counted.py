"""
Count every limit in every year from 2011 to 2028, without importing the program.

``python tests/golden/years/counted.py``, with ``tests`` on the path, writes ``tables.md``.  Days
are counted one by one with the model in ``tests/oracle``, and months by ``dateutil``.  The
tables that are counted by hand say which timescale has which limit.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from oracle.oracle import LAST_CONFIRMED, hold_by, is_working_day

YEARS = range(2011, 2029)
TABLES = Path(__file__).with_name("tables.md")
Count = Callable[[date, date], date]
HEAD = """# Every limit in every year from 2011 to 2028

Not counted by hand, and not by the program: `counted.py` beside this file counts day by day, with
the bank holidays of the `holidays` package, and writes these tables. Each row holds for every
timescale that had this limit on the first day; that it has it is counted by hand, in the other
tables. *hold by* is left out where it is the same.
"""


class Table(NamedTuple):
    """A limit, how it is counted, and from which days of a year."""

    title: str
    counted: Count
    days: Callable[[int], list[tuple[date, date | None]]]


def holidays_ahead(year: int) -> list[tuple[date, date | None]]:
    """Return the days of a year with the most bank holidays soon after them."""
    return [(easter(year) - timedelta(days=3), None), (date(year, 12, 24), None)]


def summer_of_2020(year: int) -> list[tuple[date, date | None]]:
    """Return two days in the five months with another limit."""
    return [(date(2020, 5, 7), None), (date(2020, 8, 31), None)] if year == 2020 else []


def month_ends(year: int) -> list[tuple[date, date | None]]:
    """Return two days that a shorter month does not have."""
    return [(date(year, 8, 31), None), (date(year, 11, 30), None)]


def meetings(year: int) -> list[tuple[date, date | None]]:
    """Return a meeting after Easter and one in the days after Christmas, to count back from."""
    return [(easter(year) + timedelta(days=3), None), (date(year, 12, 30), None)]


def given(year: int) -> list[tuple[date, date | None]]:
    """Return a request, with the day that it names."""
    return [(date(year, 11, 23), date(year, 12, 26))]


def between(year: int) -> list[tuple[date, date | None]]:
    """Return a meeting, with the last day for the next."""
    return [(date(year, 10, 31), date(year, 10, 31) + relativedelta(months=6))]


def placed(year: int) -> list[tuple[date, date | None]]:
    """Return a visit in the first year of a placement, and a later one."""
    visit = date(year, 11, 14)
    return [
        (visit, visit - relativedelta(months=7)),
        (visit + timedelta(days=1), visit - relativedelta(months=13)),
    ]


def reviewed(year: int) -> list[tuple[date, date | None]]:
    """Return a visit soon before the first review, and one long before it."""
    visit = date(year, 11, 14)
    return [
        (visit, visit + timedelta(days=3)),
        (visit + timedelta(days=1), visit + timedelta(days=40)),
    ]


def working(number: int) -> Count:
    """Count working days on; the day of the event is day 0."""

    def count(day: date, _: date) -> date:
        left = number
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day)
        return day

    return count


def working_back(number: int) -> Count:
    """Count working days back; the day of the meeting is day 0."""

    def count(day: date, _: date) -> date:
        left = number
        while left:
            day -= timedelta(days=1)
            left -= is_working_day(day)
        return day

    return count


def days(number: int) -> Count:
    """Count days on, or back where the number is negative."""
    return lambda day, _: day + timedelta(days=number)


def months(number: int) -> Count:
    """Count to the same day of a later month, or its last."""
    return lambda day, _: day + relativedelta(months=number)


def first_year(later: int) -> Count:
    """Count six weeks in the first year after the other day, and months after it."""
    return lambda day, start: min(
        [day + relativedelta(months=later)]
        + [day + timedelta(weeks=6)] * (day < start + relativedelta(years=1))
    )


def until_review(weeks: int) -> Count:
    """Count a week, or more of them if the review on the other day is held by then."""
    return lambda day, review: (
        day + timedelta(weeks=weeks if review <= day + timedelta(weeks=1) else 1)
    )


def other_day(_: date, other: date) -> date:
    """Return the day that was given with the event."""
    return other


def half(day: date, other: date) -> date:
    """Return the day halfway between two days, the sooner if it falls between two."""
    return day + timedelta(days=(other - day).days // 2)


COUNTED = (
    Table("1 working day", working(1), holidays_ahead),
    Table("5 working days", working(5), holidays_ahead),
    Table("10 working days", working(10), holidays_ahead),
    Table("15 working days", working(15), holidays_ahead),
    Table("20 working days", working(20), holidays_ahead),
    Table("1 month", months(1), month_ends),
    Table("3 months", months(3), month_ends),
    Table("6 months", months(6), month_ends),
    Table("12 months", months(12), month_ends),
    Table("28 days", days(28), holidays_ahead),
    Table("not before 28 days, within 42 days", days(42), holidays_ahead),
    Table("1 week", days(7), holidays_ahead),
    Table("4 weeks", days(28), holidays_ahead),
    Table("6 weeks", days(42), holidays_ahead),
    Table("8 weeks", days(56), holidays_ahead),
    Table("16 weeks, the first day counted", days(111), holidays_ahead),
    Table("24 weeks, the first day counted", days(167), summer_of_2020),
    Table("26 weeks, the first day counted", days(181), holidays_ahead),
    Table("20 days before", days(-20), meetings),
    Table("15 working days before", working_back(15), meetings),
    Table("10 days before", days(-10), meetings),
    Table("3 days before", days(-3), meetings),
    Table("before the meeting", days(0), meetings),
    Table("by the day given", other_day, given),
    Table("50 percent of the time to the next", half, between),
    Table(
        "6 weeks in the 12 months after placement.start or 3 months, whichever is sooner",
        first_year(3),
        placed,
    ),
    Table(
        "6 weeks in the 12 months after placement.start or 6 months, whichever is sooner",
        first_year(6),
        placed,
    ),
    Table("1 week until cla.review or 6 weeks, whichever is sooner", until_review(6), reviewed),
    Table("1 week until cla.review or 4 weeks, whichever is sooner", until_review(4), reviewed),
)


def lines() -> Iterator[str]:
    """Yield the lines of the tables."""
    yield HEAD
    for table in COUNTED:
        yield f"## {table.title}\n"
        yield "| from | due | hold by |"
        yield "| --- | --- | --- |"
        for year in YEARS:
            for day, other in table.days(year):
                due = table.counted(day, other or day)
                mark = ", provisional" if due > LAST_CONFIRMED else ""
                held = hold_by(due)
                first = f"{day:%a %Y-%m-%d}" + (f" to {other:%a %Y-%m-%d}" if other else "")
                last = "" if held == due else f"{held:%a %Y-%m-%d}"
                yield f"| {first} | {due:%a %Y-%m-%d}{mark} | {last} |"
        yield ""


if __name__ == "__main__":
    TABLES.write_text("\n".join(lines()), "utf-8")
