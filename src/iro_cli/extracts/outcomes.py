"""Find the outcome of a conference if no cell has it, by the plan that follows or does not."""

from datetime import date, timedelta

from iro_cli.incoming.rows import Reading

# A plan starts at its conference or, if it was recorded late, soon after.
PLAN_FOLLOWS = timedelta(days=28)
# The reason for a conference that was not needed, if an extract does not say when that was decided.
UNDATED = "the extract gives no date"
RULE_8841 = "review conferences on or before the day their plan started (rule 8841)"


def would_show_a_plan(on: date, reaches: date | None) -> bool:
    """
    Say whether an extract would show by now the plan that a conference made.

    Only then does a missing plan mean that the conference made none.

    >>> would_show_a_plan(date(2026, 10, 29), date(2026, 11, 27))
    True
    >>> would_show_a_plan(date(2026, 10, 30), date(2026, 11, 27))
    False

    Args:
        on: The day of the conference.
        reaches: The last day that the extract tells about; ``None`` if that is not known.
    """
    return reaches is not None and on + PLAN_FOLLOWS < reaches


def children_refused(reading: Reading) -> frozenset[str]:
    """Return the children with a refused row: it may have been the row of a plan."""
    return frozenset(one.about for one in reading.refused if one.about)
