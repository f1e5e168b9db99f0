"""Check whether a local rule ever gives a later date than the rule that it claims to tighten."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import WorkingCalendar
from iro_cli.law.model import Pack, Rule, Version
from iro_cli.obligations.due import DueDates, NoDateError

# Four years hold every pattern of weekday, month length and bank holiday that matters here.
_YEARS = 4


def _counts_no_more(one: Version, law: Version) -> bool:
    """Say whether a version counts the same units as the law and no more, so is never later."""
    if len(one.latest) > 1 or len(law.latest) > 1:
        return False
    [limit], [lawful] = one.latest, law.latest
    alike = limit._replace(amount=lawful.amount) == lawful
    more = limit.amount < lawful.amount if lawful.before else limit.amount > lawful.amount
    return alike and not more


def _windows(local: Rule, law: Rule, calendar: WorkingCalendar) -> Iterable[tuple[date, date]]:
    """Yield, for each pair of versions in force together, the days to try, both inclusive."""
    newest = date(calendar.confirmed_to.year - _YEARS, 1, 1)
    for one, other in product(local.versions, law.versions):
        if _counts_no_more(one, other):
            continue
        first = max(one.in_force_from, other.in_force_from)
        last = min(one.in_force_to or calendar.known_to, other.in_force_to or calendar.known_to)
        if first <= last:
            begins = min(max(first, newest), max(first, last - timedelta(days=_YEARS * 366)))
            yield begins, min(last, begins + timedelta(days=_YEARS * 366))


def _first_later(local: Rule, law: Rule, dates: DueDates) -> date | None:
    for first, last in _windows(local, law, dates.calendar):
        for days in range((last - first).days + 1):
            day = first + timedelta(days=days)
            try:
                if dates.last_day(local, day) > dates.last_day(law, day):
                    return day
            except NoDateError:  # the calendar ends: there is nothing to compare
                break
    return None


def loosened(packs: Iterable[Pack], calendar: WorkingCalendar) -> list[str]:
    """
    Return a problem for each local rule that gives a later date than the law.

    If both count the same units, their numbers are compared.  If not, every day of four years
    of each version is tried as the trigger: 28 days end before 20 working days over Christmas,
    but after them if they start on a Saturday and no bank holiday follows.
    """
    problems: list[str] = []
    packs = tuple(packs)
    lawful = {rule.id: rule for one in packs for rule in one.rules}
    for pack, rule in ((one, rule) for one in packs for rule in one.rules):
        law = lawful.get(rule.tightens or "")
        # A rule that does not exist, or has no clock of its own, is reported by the catalogue.
        if law is None or law.beside:
            continue
        dates = DueDates(calendar)
        day = _first_later(rule, law, dates)
        if day:
            problems.append(
                f"{pack.name}: rules.{rule.id}.tightens — from {spoken_short(day)} it is due on "
                f"{spoken_short(dates.of(rule, day).due)}, but {law.id} on "
                f"{spoken_short(dates.of(law, day).due)}: a local rule may tighten, never loosen"
            )
    return problems
