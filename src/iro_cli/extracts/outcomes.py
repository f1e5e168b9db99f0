"""Find out what a conference decided from the plans, if no cell says it."""

from datetime import date, timedelta

from iro_cli.incoming.rows import Reading

# A plan starts at its conference or, if it was recorded late, up to so many days after it.
PLAN_FOLLOWS = timedelta(days=28)
# The reason that is stored if an extract says that no conference was required, without a date.
UNDATED = "the extract gives no date"
RULE_8841 = "review conferences on or before the day their plan started (rule 8841)"


def would_show_a_plan(on: date, reaches: date | None) -> bool:
    """
    Say whether a plan that a conference made would be in the extract.

    Only then does it mean anything that there is no plan: before that the plan may still be typed
    in, and reading the conference as "no plan" would take a child's reviews off the list.

    >>> would_show_a_plan(date(2026, 10, 29), date(2026, 11, 27))
    True
    >>> would_show_a_plan(date(2026, 10, 30), date(2026, 11, 27))
    False

    Args:
        on: The day of the conference.
        reaches: The last day that the extract covers; ``None`` if that is not known.
    """
    return reaches is not None and on + PLAN_FOLLOWS < reaches


def children_refused(reading: Reading) -> frozenset[str]:
    """Return the children with a refused row, which may have held a plan."""
    return frozenset(one.about for one in reading.refused if one.about)
