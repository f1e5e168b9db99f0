"""The description of a kind of row: its table, its columns, and the record that a row holds."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from iro_cli.lean import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Record = TypeVar("Record", bound="tuple[Any, ...]")


class Kind(Generic[Record]):
    """
    One kind of row that a change adds and a later one may withdraw.

    Attributes:
        name: What the history calls it.
        table: Its table.
        columns: The columns, in the order of the record's values.
        days: The places of the columns that hold days, counted from 0.
        source: The place of the column with the number of a file, which a record gives as the
            file's name and kind; ``None`` if no row comes from a file.
        key: The columns that say, with the change and the line, which row it is.
        of_child: Whether a row is about one child.
        on: The column that the history shows as the row's day; ``None`` for a kind that the
            history leaves out.
        details: The other columns that the history shows, in order.
    """

    def __init__(
        self,
        *,
        name: str,
        table: str,
        record: str,
        columns: tuple[str, ...],
        days: tuple[int, ...],
        source: int | None,
        key: tuple[str, ...],
        of_child: bool,
        on: str | None,
        details: tuple[str, ...],
    ) -> None:
        """
        Describe the kind.

        Args:
            name: What the history calls it.
            table: Its table.
            record: The class of the records, as ``module:name``; it is imported when the first
                row is read or written.
            columns: The columns.
            days: The places of the columns that hold days.
            source: The place of the column with the number of a file.
            key: The columns that say which row it is.
            of_child: Whether a row is about one child.
            on: The column that the history shows as the row's day.
            details: The other columns that the history shows.
        """
        self.name = name
        self.table = table
        self._record = record
        self.columns = columns
        self.days = days
        self.source = source
        self.key = key
        self.of_child = of_child
        self.on = on
        self.details = details
        self._found: Any = None

    @property
    def _class(self) -> Any:
        if self._found is None:
            module, _, name = self._record.partition(":")
            # Not importlib, which takes longer to import than a kind to find.
            self._found = getattr(__import__(module, fromlist=(name,)), name)
        return self._found

    @property
    def make(self) -> Callable[[Sequence[Any]], Record]:
        """Return the function that makes a record from a row's values."""
        found: Callable[[Sequence[Any]], Record] = getattr(self._class, "of", self._class._make)
        return found

    @property
    def values(self) -> Callable[[Record], Sequence[Any]]:
        """Return the function that returns the values of a record."""
        found: Callable[[Record], Sequence[Any]] = getattr(self._class, "values", tuple)
        return found
