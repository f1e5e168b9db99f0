"""Work out the due date of a timescale from a date, without a store."""

from collections.abc import Iterable
from datetime import date

from iro_cli.dates.working import WorkingCalendar
from iro_cli.errors import UsageError
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule
from iro_cli.obligations.due import Due, DueDates


def due_dates(
    catalogue: Catalogue, calendar: WorkingCalendar, timescale: str, days: Iterable[date]
) -> list[Due]:
    """
    Return when a timescale is due, counted from each of several days (exclusive).

    Raises:
        InputRefusedError: There is no such timescale, or no date can be given.
    """
    rule = catalogue.get(timescale)
    dates = DueDates(calendar)
    return [dates.of(rule, day) for day in days]


def with_markers(catalogue: Catalogue, timescale: str) -> tuple[Rule, ...]:
    """
    Return a rule with the local markers beside it.

    Raises:
        InputRefusedError: There is no such timescale.
        UsageError: No local marker stands beside it.
    """
    rule = catalogue.get(timescale)
    rule = catalogue.rules[rule.marks] if rule.marks else rule
    beside = [one for one in catalogue.companions.get(rule.id, ()) if one.marks]
    if not beside:
        marked = sorted({one.marks for one in catalogue.rules.values() if one.marks})
        raise UsageError(
            f"--compare: no local marker stands beside {rule.id}; one does beside "
            f"{', '.join(marked)}"
        )
    return (rule, *beside)


def left_out(found: Due) -> tuple[str, ...]:
    """Return the bank holidays that were not counted, as ISO dates."""
    return tuple(holiday.day.isoformat() for holiday in found.left_out)
