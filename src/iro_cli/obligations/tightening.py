"""Whether a local rule ever allows more than the rule it says it tightens."""

from collections.abc import Iterable
from datetime import date, timedelta

from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import WorkingCalendar
from iro_cli.obligations.due import DueDates, NoDateError
from iro_cli.rules.catalogue import Catalogue
from iro_cli.rules.model import Rule


def _first_later(local: Rule, law: Rule, dates: DueDates) -> date | None:
    begins = max(min(v.in_force_from for v in rule.versions) for rule in (local, law))
    # Four years hold every pattern of weekday, month length and Easter that matters here.
    day = max(begins, date(dates.calendar.confirmed_to.year - 4, 1, 1))
    while day <= dates.calendar.confirmed_to:
        try:
            if dates.of(local, day).due > dates.of(law, day).due:
                return day
        except NoDateError:
            pass
        day += timedelta(days=1)
    return None


def loosened(catalogue: Catalogue, calendar: WorkingCalendar) -> list[str]:
    """
    Return a problem for each local rule that gives a later date than the law.

    Every trigger day of four years is tried: a number of days is not
    comparable with a number of working days by looking at it.
    """
    problems: list[str] = []
    for rule in _tightening(catalogue):
        dates = DueDates(calendar)
        law = catalogue.rules[rule.tightens or ""]
        day = _first_later(rule, law, dates)
        if day:
            problems.append(
                f"rules.{rule.id}.tightens — from {spoken_short(day)} it is due on "
                f"{spoken_short(dates.of(rule, day).due)}, but {law.id} on "
                f"{spoken_short(dates.of(law, day).due)}: a local rule may tighten, never loosen"
            )
    return problems


def _tightening(catalogue: Catalogue) -> Iterable[Rule]:
    return (rule for rule in catalogue.rules.values() if rule.tightens)
