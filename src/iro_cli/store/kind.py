"""What a kind of row is: its table, its columns, and the record that a row holds."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

Record = TypeVar("Record", bound=tuple[Any, ...])


class Kind(NamedTuple, Generic[Record]):
    """
    One kind of row that a change adds and a later one may withdraw.

    Attributes:
        name: What the history calls it.
        table: Its table.
        columns: What a row says, in the order of the record's values.
        days: Which of the columns hold days, by place.
        key: The columns that say, with the change and the line, which row it is.
        of_child: Whether a row is about one child.
        on: The column that the history shows as the row's day; ``None`` for a kind that the
            history leaves out.
        details: The columns that the history shows besides, in order.
        make: Makes a record of a row's values.
        values: Takes a record apart again.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    days: tuple[int, ...]
    key: tuple[str, ...]
    of_child: bool
    on: str | None
    details: tuple[str, ...]
    make: Callable[[Sequence[Any]], Record]
    values: Callable[[Record], Sequence[Any]]
