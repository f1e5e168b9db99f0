"""What a conference decided, where no cell says so: whether a plan follows tells it."""

from datetime import date, timedelta

from iro_cli.incoming.rows import Reading

# A plan starts at its conference or, where it was recorded late, soon after.
PLAN_FOLLOWS = timedelta(days=28)
# Why a conference was not held, where an extract says that it was not and not when.
UNDATED = "the extract gives no date"
RULE_8841 = "review conferences on or before the day their plan started (rule 8841)"


def would_show_a_plan(on: date, reaches: date | None) -> bool:
    """
    Say whether a plan that a conference made would be in an extract by now.

    Only then does its absence say that the conference made none.

    >>> would_show_a_plan(date(2026, 10, 29), date(2026, 11, 27))
    True
    >>> would_show_a_plan(date(2026, 10, 30), date(2026, 11, 27))
    False

    Args:
        on: The day of the conference.
        reaches: The last day of which the extract tells; ``None`` where that is not known.
    """
    return reaches is not None and on + PLAN_FOLLOWS < reaches


def children_refused(reading: Reading) -> frozenset[str]:
    """Return the children with a refused row, which may have held a plan."""
    return frozenset(one.about for one in reading.refused if one.about)
