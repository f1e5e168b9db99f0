"""Whether a rule applies to a child of an age."""

from datetime import date

from iro_cli.dates.months import birthday
from iro_cli.law.model import Rule


def of_age(rule: Rule, born: date | None, started: date | None) -> bool:
    """
    Say whether a rule applies to a child of the age that it has when a clock starts.

    Args:
        rule: The duty.
        born: The child's date of birth; where it is not known, a rule for the younger
            applies, and one that begins at an age does not: of the two its date is sooner.
        started: The day the clock starts (on a birthday the child is of the new age).
    """
    if rule.from_age is None and rule.before_age is None:
        return True
    if born is None or started is None:
        return rule.from_age is None
    return not (
        (rule.from_age is not None and started < birthday(born, rule.from_age))
        or (rule.before_age is not None and started >= birthday(born, rule.before_age))
    )
