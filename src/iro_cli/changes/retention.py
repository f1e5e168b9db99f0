"""How long an authority keeps its records, set and taken back."""

from datetime import date

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Retention
from iro_cli.store.changing import Change
from iro_cli.store.kinds import RETENTION


def set_retention(change: Change, process: str, years: int, since: str, on: date) -> None:
    """Set a period, in the place of the one that stands."""
    standing = [row for row in change.standing(RETENTION) if row.record.process == process]
    change.withdraw(RETENTION, standing)
    change.add(RETENTION, [Retention(process, years, since, on)])


def unset_retention(change: Change, process: str) -> None:
    """
    Take a period back.

    Raises:
        InputRefusedError: None is set.
    """
    standing = [row for row in change.standing(RETENTION) if row.record.process == process]
    if not standing:
        raise InputRefusedError(f"no period is set for {process}: nothing to take back")
    change.withdraw(RETENTION, standing)
