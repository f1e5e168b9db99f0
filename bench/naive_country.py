"""
Work out what is due as a first notebook would: pandas, and a loop over the children.

The yardstick of the country.  It counts working days with ``CustomBusinessDay``, knows the
reviews of looked-after children and the conferences about children at risk, and counts as
the law does; everything else it leaves out.
"""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import holidays
import pandas as pd

TIMESCALES = (
    *("cla.review.first", "cla.review.second", "cla.review.subsequent"),
    *("cp.conference.initial", "cp.conference.review.first", "cp.conference.review.subsequent"),
)
COLUMNS = (
    *("child", "timescale", "clock_started", "due", "hold_by"),
    *("status", "days_left", "working_days_left"),
)
_YEARS = range(2005, 2032)
_SOON = pd.Timedelta(days=28)


def working_day() -> Any:
    """Return a working day of England, as pandas counts with it."""
    return pd.offsets.CustomBusinessDay(
        holidays=[*holidays.country_holidays("GB", subdiv="ENG", years=_YEARS)]
    )


def care(own: Any, one_day: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield a looked-after child's next review: its name, its start and its day."""
    begun = own.loc[own["event"] == "cla.start", "date"]
    ended = own.loc[own["event"] == "cla.end", "date"]
    if begun.empty or (not ended.empty and ended.max() > begun.max()):
        return
    start = begun.max()
    held = own.loc[(own["event"] == "cla.review") & (own["date"] >= start), "date"]
    if held.empty:
        yield "cla.review.first", start, start + 20 * one_day
    elif len(held) == 1:
        yield "cla.review.second", held.max(), held.max() + pd.DateOffset(months=3)
    else:
        yield "cla.review.subsequent", held.max(), held.max() + pd.DateOffset(months=6)


def protection(own: Any, one_day: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the next conference about a child at risk."""
    initial = own.loc[own["event"] == "cp.conference.initial"]
    not_needed = own.loc[own["event"] == "cp.conference.not-required", "date"]
    strategy = own.loc[(own["event"] == "cp.strategy") & (own["section_47"] == "yes"), "date"]
    answered = pd.concat([initial["date"], not_needed])
    if not strategy.empty and (answered.empty or answered.max() < strategy.max()):
        yield "cp.conference.initial", strategy.max(), strategy.max() + 15 * one_day
    plans = initial.loc[initial["outcome"] == "plan", "date"]
    reviews = own.loc[own["event"] == "cp.conference.review"]
    ended = own.loc[own["event"] == "cp.plan.end", "date"]
    ended = pd.concat([ended, reviews.loc[reviews["outcome"] == "end", "date"]])
    if plans.empty or (not ended.empty and ended.max() >= plans.max()):
        return
    held = reviews.loc[reviews["date"] > plans.max(), "date"]
    if held.empty:
        yield "cp.conference.review.first", plans.max(), plans.max() + pd.DateOffset(months=3)
    else:
        yield "cp.conference.review.subsequent", held.max(), held.max() + pd.DateOffset(months=6)


def due(events: Any, as_of: date) -> Any:
    """
    Return what is due.

    Args:
        events: A data frame with the columns of ``events.csv``, its dates as pandas has them.
        as_of: The day that is asked about.
    """
    today, one_day = pd.Timestamp(as_of), working_day()
    rows = []
    for child, own in events[events["date"] <= today].groupby("child_id"):
        for timescale, start, day in [*care(own, one_day), *protection(own, one_day)]:
            status = "overdue" if day < today else "due-today" if day == today else "later"
            if today < day <= today + _SOON:
                status = "due-soon"
            first, last = sorted((today, day))
            working = len(pd.date_range(first + pd.Timedelta(days=1), last, freq=one_day))
            hold_by, left = one_day.rollback(day), (day - today).days
            left_working = working if day >= today else -working
            rows.append([child, timescale, start, day, hold_by, status, left, left_working])
    return pd.DataFrame(rows, columns=COLUMNS)


def main() -> None:
    """Print what is due by a file of events and a day, the two arguments, as CSV."""
    events = pd.read_parquet(Path(sys.argv[1]))
    events["date"] = pd.to_datetime(events["date"])
    due(events, date.fromisoformat(sys.argv[2])).to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    main()
