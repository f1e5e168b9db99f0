"""What a kind of row is: its table, its columns, and the record that a row holds."""

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
        columns: What a row says, in the order of the record's values.
        days: Which of the columns hold days, by place.
        source: The place of the column that holds the number of a file and its kind, which a
            record gives as a pair; ``None`` where no row comes from a file.
        key: The columns that say, with the change and the line, which row it is.
        of_child: Whether a row is about one child.
        on: The column that the history shows as the row's day; ``None`` for a kind that the
            history leaves out.
        details: The columns that the history shows besides, in order.
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
            record: The class of what a row says, as ``module:name``; it is imported when the
                first row is read or written.
            columns: What a row says.
            days: Which of the columns hold days.
            source: The place of the column that holds the number of a file.
            key: The columns that say which row it is.
            of_child: Whether a row is about one child.
            on: The column that the history shows as the row's day.
            details: The columns that the history shows besides.
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
        """Return what makes a record of a row's values."""
        found: Callable[[Sequence[Any]], Record] = getattr(self._class, "of", self._class._make)
        return found

    @property
    def values(self) -> Callable[[Record], Sequence[Any]]:
        """Return what takes a record apart again."""
        found: Callable[[Record], Sequence[Any]] = getattr(self._class, "values", tuple)
        return found
