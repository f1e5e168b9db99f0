"""A connection to PostgreSQL that takes the store's statements as they are."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import chain

import psycopg
from psycopg import sql
from psycopg.types.string import TextLoader

from iro_cli.lean import TYPE_CHECKING, Any
from iro_cli.store.chain import worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Inserted rows are sent as a COPY, which takes a fraction of the time.
_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \([?, ]+\)")

# The values that JSON has as COPY reads them; an insert may have others, such as bytes.
_PLAIN = frozenset({str, int, float, type(None)})
# How many rows are turned into Python values at a time.
_AT_ONCE = 1_000
# The CSV that is the JSON of a row without its brackets, if no character needs a backslash.
_CSV = "FORMAT csv, NULL 'null', ESCAPE E'\\\\'"


class CommitLostError(psycopg.OperationalError):
    """The connection was lost during a commit, so it is not known whether the change is stored."""


class _InBlocks(psycopg.Cursor[Any]):
    """A cursor that takes its rows in blocks, because each step of psycopg's own is slow."""

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """Yield the rows."""
        while rows := self.fetchmany(_AT_ONCE):
            yield from rows


@lru_cache(maxsize=256)
def marked(statement: str) -> str:
    """
    Return a statement with the parameters of psycopg.

    >>> marked("SELECT 1 WHERE event = ? AND note LIKE '5%'")
    "SELECT 1 WHERE event = %s AND note LIKE '5%%'"
    """
    return statement.replace("%", "%%").replace("?", "%s")


def as_csv(words: str) -> str:
    r"""
    Return the JSON of a row, without its brackets, as the CSV that COPY reads.

    >>> as_csv('1,"a",null'), as_csv(r'1,"\"\u00e9\n",null')
    ('1,"a",null', '1,"\\"é\n",null')
    """
    if "\\" not in words:
        return words
    return ",".join([_cell(value) for value in json.loads(f"[{words}]")])


def _cell(value: object) -> str:
    if not isinstance(value, str):
        return "null" if value is None else str(value)
    text = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


class PostgresqlConnection:
    """
    An open database.

    Args:
        connection: The connection of psycopg; transactions are begun and ended by statements.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Make days ISO text both ways, as SQLite has them."""
        self._connection = connection
        connection.cursor_factory = _InBlocks
        connection.adapters.register_loader("date", TextLoader)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """
        Run a statement.

        Raises:
            CommitLostError: The connection was lost during a commit.
        """
        cursor = self._connection.cursor()
        try:
            if parameters:
                cursor.execute(marked(statement), parameters)
            else:
                cursor.execute(statement)
        except psycopg.OperationalError as error:
            if statement == "COMMIT" and self._connection.broken:
                raise CommitLostError(*error.args) from None
            raise
        return cursor

    def executemany(
        self, statement: str, parameters: Iterable[Sequence[Any]]
    ) -> psycopg.Cursor[Any]:
        """Run a statement once for each row of parameters; several inserts become one COPY."""
        cursor, rows = self._connection.cursor(), list(parameters)
        insert = _INSERT.fullmatch(statement)
        if insert and len(rows) > 1:
            self._copy_in(insert[1], insert[2], rows)
        elif rows:
            cursor.executemany(marked(statement), rows)
        return cursor

    def _copy_in(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        if _PLAIN.issuperset(map(type, chain.from_iterable(rows))):
            self.copy_worded(table, columns, worded(rows))
            return
        with self._connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def copy_worded(self, table: str, columns: str, rows: Sequence[str]) -> None:
        """Insert rows, each given as its JSON without the brackets."""
        text = "\n".join(rows)
        if "\\" in text:
            text = "\n".join(map(as_csv, rows))
        with self._connection.cursor().copy(
            f"COPY {table} ({columns}) FROM STDIN ({_CSV})"
        ) as copy:
            copy.write(text)

    def stream(self, statement: str) -> Iterable[Any]:
        """Yield the rows of a statement one by one, so that they need not fit in memory."""
        with self._connection.cursor("rows") as cursor:
            cursor.itersize = 10_000
            cursor.execute(statement)
            yield from cursor

    def run(self, statement: sql.Composed) -> None:
        """Run a statement that psycopg composed with a quoted name."""
        self._connection.execute(statement)

    def script(self, text: str) -> None:
        """Run several statements."""
        self._connection.execute(text)

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        self._connection.close()
