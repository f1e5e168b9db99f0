"""Change what a store adds to the rules: shown timescales, bank holidays, retention periods."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken_short
from iro_cli.dates.working import BankHoliday
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Retention, Watch
from iro_cli.store.changing import Change
from iro_cli.store.kinds import BANK_HOLIDAY, RETENTION, WATCH


def watch(change: Change, timescales: Sequence[str], begins: date) -> None:
    """Show timescales that are off, for clocks that start on or after a day."""
    standing = change.standing(WATCH)
    change.withdraw(WATCH, [row for row in standing if row.record.timescale in timescales])
    change.add(WATCH, [Watch(timescale, begins) for timescale in dict.fromkeys(timescales)])


def unwatch(change: Change, timescales: Sequence[str]) -> None:
    """
    Stop showing timescales that were turned on.

    Raises:
        InputRefusedError: One was not.
    """
    standing = {row.record.timescale: row for row in change.standing(WATCH)}
    missing = [one for one in timescales if one not in standing]
    if missing:
        raise InputRefusedError(
            f"{', '.join(missing)}: not turned on with `iro watch add`: nothing to remove"
        )
    change.withdraw(WATCH, [standing[timescale] for timescale in dict.fromkeys(timescales)])


def add_bank_holiday(change: Change, day: date, name: str) -> None:
    """
    Add a bank holiday that was proclaimed after this version was made.

    Raises:
        InputRefusedError: It stands already.
    """
    if any(holiday.day == day for holiday in change.additions()):
        raise InputRefusedError(f"{spoken_short(day)} was added already")
    change.add(BANK_HOLIDAY, [BankHoliday(day, name)])


def remove_bank_holiday(change: Change, day: date) -> str:
    """
    Take back a bank holiday that was added locally, and return its name.

    Raises:
        InputRefusedError: It was not added.
    """
    for row in change.standing(BANK_HOLIDAY):
        if row.record.day == day:
            change.withdraw(BANK_HOLIDAY, [row])
            return row.record.name
    raise InputRefusedError(
        f"{spoken_short(day)} was not added here; only additions can be removed"
    )


def set_retention(change: Change, process: str, years: int, since: str, on: date) -> None:
    """Set how long the records of a process are kept; an earlier setting is replaced."""
    standing = [row for row in change.standing(RETENTION) if row.record.process == process]
    change.withdraw(RETENTION, standing)
    change.add(RETENTION, [Retention(process, years, since, on)])


def unset_retention(change: Change, process: str) -> None:
    """
    Take back how long the records of a process are kept.

    Raises:
        InputRefusedError: No period is set.
    """
    standing = [row for row in change.standing(RETENTION) if row.record.process == process]
    if not standing:
        raise InputRefusedError(f"no period is set for {process}: nothing to take back")
    change.withdraw(RETENTION, standing)
