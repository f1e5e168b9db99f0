"""
Read tables from a database: they give the same rows as a CSV file of them.

Nothing is written there.  All tables are read in one transaction, as they were at one moment if
the engine can do that, and only the columns that are asked for.  The text of an engine's error
is never shown, because it may contain somebody's row or a password.
"""

import json
import logging
import warnings as python_warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.incoming.cells import Cell, as_written
from iro_cli.incoming.database_errors import refusal
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import Origin, RowKey, packed, visible
from iro_cli.incoming.rows import Rows
from iro_cli.incoming.table import Row, Table, plain
from iro_cli.lean import Any, NamedTuple
from iro_cli.progress import OFTEN, tell_step
from iro_cli.safe import printable

# How many rows are fetched together.
_AT_ONCE = 1_000
# How long to wait, in seconds: for a server that does not answer, and for a locked table.
_CONNECTING, _WAITING = 10, 5
# The driver for a URL that names none.
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+pyodbc",
}
# The package of a driver, if its name is not that of the module.
_PACKAGES = {
    "psycopg": "'iro-cli[postgresql]'",
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
}
_WRITTEN = (
    "the URL of the database cannot be read: write it as DIALECT://USER@HOST/DATABASE, such as "
    "mssql+pyodbc://…, oracle+oracledb://…, postgresql://… or sqlite:///FILE; a character with "
    "a special meaning in a URL is written as a percent code, such as %40 for @"
)

# ---------------------------------------------------------------- cells


def _number(cell: Decimal) -> str:
    return str(int(cell)) if cell == cell.to_integral_value() else format(cell, "f")


def _bytes(cell: bytes | memoryview) -> str:
    return bytes(cell).hex()


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    int: str,
    Decimal: lambda cell: _number(cell) if cell.is_finite() else "",
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
    dict: partial(json.dumps, default=str),
    list: partial(json.dumps, default=str),
}


def cell_text(cell: object) -> str:
    """
    Return a cell of a database as the text that a CSV file would have.

    >>> cell_text(Decimal("9001.00")), cell_text(None), cell_text(True), cell_text(b"iro")
    ('9001', '', 'yes', '69726f')
    """
    if isinstance(cell, str):
        return cell
    found = _TEXTS.get(type(cell))
    if found:
        return found(cell)
    # NaT and NaN are not equal to themselves: they become text, which is read as blank.
    if isinstance(cell, bool | float | date | time | timedelta) and cell == cell:  # noqa: PLR0124
        return as_written(cell)
    return str(cell)


# ---------------------------------------------------------------- a table


def selecting(name: str, schema: str | None, columns: Sequence[str], order: Sequence[str]) -> Any:
    """
    Return the statement that reads a table.

    Args:
        name: The name of the table in the database.
        schema: Its schema; ``None`` for the default schema of the connection.
        columns: The columns that are read.
        order: The columns by which the rows are ordered, so that every reading has the same
            order.
    """
    every: dict[str, Any] = {one: sa.column(one) for one in (*columns, *order)}
    return (
        sa.select(*(every[one] for one in columns))
        .select_from(sa.table(name, *every.values(), schema=schema))
        .order_by(*(every[one] for one in order))
    )


class _Selected:
    """The rows of a table, after a first row with the names of its columns."""

    def __init__(self, database: str, connection: sa.Connection, name: str, statement: Any) -> None:
        self._database, self._connection = database, connection
        self._name, self._statement = name, statement
        self.warnings: list[str] = []

    def __iter__(self) -> Iterator[Row]:
        """Run the query when the first row is wanted."""
        yield 0, [str(one.name) for one in self._statement.selected_columns]
        try:
            yield from self._rows()
        except SQLAlchemyError as error:
            raise refusal(self._database, error, visible(self._name)) from None

    def _rows(self) -> Iterator[Row]:
        options = {"stream_results": True, "yield_per": _AT_ONCE}
        with self._connection.execute(self._statement, execution_options=options) as found:
            for number, row in enumerate(found, start=1):
                if number % OFTEN == 0:
                    tell_step(f"Reading {self._name}", number, None, "rows")
                cells = [one if type(one) is str else cell_text(one) for one in row]
                if any(cells):
                    yield number, cells


class DatabaseTable(Table):
    """A table of a database; only the columns that its kind needs are read."""

    def __init__(
        self,
        database: str,
        connection: sa.Connection,
        kind: TableKind,
        place: "PlacedTable",
        columns: Sequence[str],
    ) -> None:
        """
        Prepare the query for a table; it runs when the rows are wanted.

        Args:
            database: The name of the database in messages.
            connection: The open database.
            kind: The kind of table.
            place: The table's name and schema.
            columns: All its columns.
        """
        folded = [plain(one) for one in columns]
        fields = [found for one in kind.columns for found in one.places(folded)]
        keys = [at for at, one in enumerate(folded) if one == plain(kind.key)] if kind.key else []
        told = [found for one in kind.needed for found in one.places(folded)]
        read = [one for at, one in enumerate(columns) if at in {*fields, *keys}]
        known = {plain(one) for one in kind.known}
        self._named = columns
        self._strange = [
            one
            for at, one in enumerate(columns)
            if at not in fields and folded[at] and folded[at] not in known
        ]
        order = [columns[at] for at in dict.fromkeys([*keys[:1], *told])]
        statement = selecting(place.name, place.schema, read, order or read)
        super().__init__(
            place.name, partial(_Selected, database, connection, place.name, statement)
        )
        self._key = read.index(columns[keys[0]]) if keys else None

    def lacks(self, missing: Sequence[str], of: str = "") -> str:
        """Return a sentence that says which columns are missing, and which there are."""
        del of
        has = ", ".join(map(visible, self._named)) or "none"
        return (
            f"{self.name}: there is no column {' and no column '.join(missing)}, without which it "
            f"cannot be read: its columns are {has}"
        )

    def unknown(self, known: object, places: object) -> dict[int, str]:
        """Return nothing: unknown columns are not read, so they are not counted either."""
        del known, places
        return {}

    def warnings(self, read: object = ()) -> list[str]:
        """Return a warning that names the unknown columns, if there are any."""
        del read
        if not self._strange:
            return []
        names = "; ".join(map(visible, self._strange))
        return [
            f"{self.name}: not read, because no column or element of this name is known: {names}"
        ]

    def origin(self, number: int, cells: Sequence[Cell]) -> Origin:
        """Return where a row came from, with its key."""
        key = RowKey("", "")
        if self._key is not None:
            key = RowKey(self.header[self._key], str(cells[self._key]).strip())
        return Origin(self.name, number, self.header, packed([*map(str, cells)]), key=key)


class RowsOfDatabase(Rows):
    """The rows of a table of a database, which have keys instead of line numbers."""

    @property
    def where(self) -> str:
        """Return where the row comes from, as it is stored with a fact."""
        return self.origin.source


# ---------------------------------------------------------------- a database


class PlacedTable(NamedTuple):
    """
    A table of a database, or a view.

    Attributes:
        schema: Its schema; ``None`` for the default schema of the connection.
        name: Its name in the database.
        is_held: Whether it can be locked, so that nobody empties it while it is read.
    """

    schema: str | None
    name: str
    is_held: bool = True


def place_shown(url: str) -> str:
    """
    Return a URL without its password and options, for messages.

    Raises:
        UsageError: It is not clear where the password ends.

    >>> place_shown("mssql+pyodbc://ada:secret@db:1433/ssd?driver=ODBC+Driver+18")
    'mssql+pyodbc://ada@db:1433/ssd'
    """
    before, _, more = url.partition("?")
    if before.count("@") > 1 or "@" in more:
        raise UsageError(_WRITTEN)
    scheme, _, rest = before.partition("://")
    login, at, place = rest.rpartition("@")
    _, colon, port = place.partition("/")[0].rpartition("]")[2].rpartition(":")
    if colon and not (port.isascii() and port.isdigit()):
        raise UsageError(_WRITTEN)
    return printable(f"{scheme}://{login.partition(':')[0]}{at}{place}")


class Database:
    """
    A database from which tables are imported.

    Attributes:
        name: Its name in messages: the URL without a password.
        schema: The schema that the user named; blank if none.
    """

    def __init__(self, url: str, schema: str = "", password: str = "") -> None:
        """
        Read the URL; nothing is opened yet.

        Args:
            url: The URL of the database.
            schema: The schema of the tables; blank if it is to be found.
            password: The password, if the URL names a user without one; blank for none.

        Raises:
            UsageError: It is not a valid URL of a database, or its driver is not installed.
        """
        self.name = place_shown(url)
        self.schema = schema
        scheme, _, rest = url.partition("://")
        try:
            parsed = sa.make_url(f"{_DRIVERS.get(scheme, scheme)}://{rest}")
            if password and parsed.username and parsed.password is None:
                parsed = parsed.set(password=password)
            with _in_silence():
                self._engine = _engine(parsed)
        except NoSuchModuleError:
            raise UsageError(
                f"{self.name}: there is no dialect {scheme!r} of SQLAlchemy here: is it written "
                "right? One that does not come with SQLAlchemy has to be installed"
            ) from None
        except ImportError as error:
            package = _PACKAGES.get(error.name or "", error.name)
            raise UsageError(
                f"{self.name}: what reads such a database is not installed: pip install {package}"
            ) from None
        # The text of the error may contain the password, so it is not shown.
        except (SQLAlchemyError, ValueError, TypeError):
            raise UsageError(_WRITTEN) from None

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @contextmanager
    def open(
        self, find: Callable[["OpenDatabase"], Mapping[str, PlacedTable]]
    ) -> Iterator["OpenDatabase"]:
        """
        Find tables, and open one transaction in which they are read and nothing is written.

        Args:
            find: Returns the tables to read, by the names of their kinds.

        Raises:
            InputRefusedError: It cannot be opened or read.
        """
        try:
            with _in_silence(), self._connected() as connection, ExitStack() as held:
                sa.event.listen(connection, "before_cursor_execute", partial(_close_later, held))
                opened = OpenDatabase(self, connection)
                opened.tables = find(opened)
                opened.look_up()
                # Looking up tables began a transaction of the wrong kind: a new one is begun.
                connection.rollback()
                _begin(connection, opened.tables.values())
                yield opened
        except SQLAlchemyError as error:
            raise refusal(self.name, error) from None

    def _connected(self) -> sa.Connection:
        try:
            return self._engine.connect()
        # The driver does not accept an option of the URL, or the name of the host is impossible.
        except (OSError, TypeError, ValueError) as error:
            raise refusal(self.name, error) from None


def _close_later(held: ExitStack, connection: sa.Connection, cursor: Any, *_: object) -> None:
    """
    Close a cursor with the database.

    Whoever stops before the last row may keep the cursor for longer, and SQLAlchemy leaves open
    the one whose connection was lost.
    """
    del connection
    held.callback(_close, cursor)


def _close(cursor: Any) -> None:
    # Most are closed by now, and some drivers refuse to close one twice.
    with suppress(Exception):
        cursor.close()


@contextmanager
def _in_silence() -> Iterator[None]:
    """Suppress warnings and logs of libraries: they may contain a part of the URL, or a row."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


class OpenDatabase:
    """
    An open database.

    Attributes:
        name: Its name in messages.
        schema: The schema that the user named; blank if none.
        tables: The tables that are read, by the names of their kinds.
        usual: The name of the default schema of the connection.
        rows: The class that goes through the rows of a table.
    """

    rows = RowsOfDatabase

    def __init__(self, database: Database, connection: sa.Connection) -> None:
        """Keep the connection, and look up the default schema."""
        self.name, self.schema = database.name, database.schema
        self.tables: Mapping[str, PlacedTable] = {}
        self._connection = connection
        self._look = sa.inspect(connection)
        self.usual = self._look.default_schema_name or ""
        self._columns: dict[PlacedTable, list[str]] = {}

    def schemas(self) -> list[str | None]:
        """
        Return the schemas that tables may be in, the default one (``None``) first.

        Raises:
            InputRefusedError: The user named one that is not there.
        """
        usual = self.usual
        others = [one for one in self._look.get_schema_names() if one != usual]
        if not self.schema:
            return [None, *others]
        wanted = self.schema.casefold()
        if wanted == usual.casefold():
            return [None]
        found = [one for one in others if one.casefold() == wanted]
        exact = [one for one in found if one == self.schema]
        if not found:
            raise InputRefusedError(
                f"{self.name} has no schema {visible(self.schema)} that you may see: check "
                "--schema, and what you may read there"
            )
        return [*(exact or found)]

    def names(self, schema: str | None) -> list[PlacedTable]:
        """Return the tables and views of a schema."""
        look, engine = self._look, self._connection.dialect.name
        found = dict.fromkeys([*look.get_table_names(schema), *look.get_view_names(schema)], True)
        if engine in ("postgresql", "oracle"):
            more = look.get_materialized_view_names(schema)
            if isinstance(look, PGInspector):
                more += look.get_foreign_table_names(schema)
            found = {**dict.fromkeys(more, False), **found}
        return [PlacedTable(schema, one, is_held) for one, is_held in found.items()]

    def look_up(self) -> None:
        """Look up the columns of the tables that are read."""
        for place in self.tables.values():
            columns = self._look.get_columns(place.name, place.schema)
            self._columns[place] = [str(one["name"]) for one in columns]

    def table(self, kind: TableKind) -> DatabaseTable | None:
        """Return the table of a kind, or ``None`` if it is not there."""
        place = self.tables.get(kind.name)
        if place is None:
            return None
        return DatabaseTable(self.name, self._connection, kind, place, self._columns[place])


def _engine(url: sa.URL) -> sa.Engine:
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = _read_only_file(url)
    if url.drivername == "postgresql+psycopg":
        usual = {"connect_timeout": _CONNECTING, "application_name": "iro"}
        options = {one: value for one, value in usual.items() if one not in url.query}
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)


def _read_only_file(url: sa.URL) -> sa.URL:
    """Return the URL with which SQLite only reads a file, and makes none if it is missing."""
    from urllib.parse import quote  # noqa: PLC0415 - only for a file

    if str(url.database).startswith("file:"):
        return url.update_query_dict({"mode": "ro", "uri": "true"})
    file = f"file:{quote(str(url.database))}"
    return url.set(database=file).update_query_dict({"mode": "ro", "uri": "true"})


def _begin(connection: sa.Connection, tables: Iterable[PlacedTable]) -> None:
    """
    Begin a transaction that writes nothing and, if the engine can do that, sees one moment.

    A nightly refresh of the dataset empties its tables and fills them again.  Without one moment,
    half of the tables could be of last night and half of the night before.
    """
    engine, run = connection.dialect.name, connection.exec_driver_sql
    if engine == "sqlite":
        run("BEGIN")
    elif engine == "oracle":
        run("SET TRANSACTION READ ONLY")
    elif engine == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        run(f"SET LOCAL lock_timeout TO '{_WAITING}s'")
        run("SET LOCAL TIME ZONE 'Europe/London'")
        quote = connection.dialect.identifier_preparer.format_table
        names = [quote(sa.table(one.name, schema=one.schema)) for one in tables if one.is_held]
        # TRUNCATE empties a table even for transactions that began before it, so the tables are
        # locked against it.
        if names:
            run(f"LOCK TABLE {', '.join(names)} IN ACCESS SHARE MODE")
    elif engine == "mssql":
        run(f"SET LOCK_TIMEOUT {_WAITING * 1000}")
        may = "SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()"
        level = "SNAPSHOT" if run(may).scalar() == 1 else "REPEATABLE READ"
        connection.rollback()
        connection.execution_options(isolation_level=level)
    elif "REPEATABLE READ" in _levels(connection):
        connection.execution_options(isolation_level="REPEATABLE READ")


def _levels(connection: sa.Connection) -> Sequence[str]:
    """Return the isolation levels of another engine; none if its driver does not name them."""
    try:
        bare: Any = connection.connection.dbapi_connection
        return connection.dialect.get_isolation_level_values(bare)
    except NotImplementedError:
        return ()
