"""A connection to a store, as every engine gives one."""

from collections.abc import Iterable, Iterator, Sequence

from iro_cli.lean import Any, Protocol


class Cursor(Protocol):
    """The result of one statement."""

    @property
    def rowcount(self) -> int:
        """Return how many rows were changed."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows."""

    def fetchone(self) -> Any:
        """Return the first row, or ``None`` if there is none."""

    def fetchall(self) -> list[Any]:
        """Return the rows."""


class Connection(Protocol):
    """A store open in one transaction.  Parameters are ``?``; days are ISO text both ways."""

    def execute(self, statement: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run a statement."""

    def executemany(self, statement: str, parameters: Iterable[Sequence[Any]], /) -> Cursor:
        """Run a statement once for each row of parameters."""

    def close(self) -> None:
        """Close it; what was not committed is gone."""
