"""
The errors of the program, each with its exit code.

::

    IroError                 1   an unexpected failure
    ├── UsageError           2   the command line itself
    ├── InputRefusedError    3   a bad file or row, an unknown child, a contradiction
    │   └── CalendarEndsError    a count leaves the bank holidays that are known
    ├── PackError            4   a rule pack is wrong
    └── StoreError           5   missing, locked, damaged, newer than this program
        ├── NotKnownError        a change failed, and may be stored all the same
        └── DamagedStoreError    its content is not what was stored

A message says what could not be done, to what, why, and what to do next.

Somebody who is told that nothing was stored types the command again.  So once a change is
stored, the exit code is 0, even if the message about it cannot be written: :data:`kept`
counts the stored changes.
"""

from datetime import date

from iro_cli.lean import Any


class _KeptChanges:
    """
    What this process has stored so far.

    Attributes:
        count: How many changes, copies and stores.
    """

    count = 0


kept = _KeptChanges()


class IroError(Exception):
    """An error that this program explains to the user in one message."""

    exit_code = 1


class UsageError(IroError):
    """The command line cannot be understood."""

    exit_code = 2


class InputRefusedError(IroError):
    """The input is wrong, or contradicts what is known; nothing was stored."""

    exit_code = 3


class CalendarEndsError(InputRefusedError):
    """A count of working days leaves the years for which bank holidays are known."""

    def __init__(self, name: str, known_from: date, known_to: date) -> None:
        """
        Name the calendar and its limits.

        Args:
            name: The calendar.
            known_from: The first known day (inclusive).
            known_to: The last known day (inclusive).
        """
        super().__init__(
            f"bank holidays ({name}) are known from {known_from} to {known_to} only, "
            "and a working day outside them cannot be counted"
        )


class PackError(IroError):
    """
    A rule pack has a mistake.

    Attributes:
        problems: What is wrong, each with file and key.
        rest: The pack without the wrong rules, so that the others can be checked too; ``None`` if
            nothing in it can be checked.
    """

    exit_code = 4

    def __init__(self, problems: list[str], rest: dict[str, Any] | None = None) -> None:
        """Keep every problem, so that all of them can be mended at once."""
        super().__init__("\n".join(problems))
        self.problems = problems
        self.rest = rest


class StoreError(IroError):
    """The store cannot be read or written."""

    exit_code = 5


class NotKnownError(StoreError):
    """A command failed, but its change may be stored all the same."""


class LostStoreError(StoreError):
    """The connection to the store was lost, and with it what was not stored by then."""


class DamagedStoreError(StoreError):
    """The content of the store is not what was stored."""
