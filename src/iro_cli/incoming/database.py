"""
Tables that come in from a database: the same rows as a CSV file of them would give.

Nothing is written there.  All tables are read in one transaction, which sees one moment where
the engine has such a thing, and only the columns that are asked for.  What the engines say is
never shown: it may have a row of somebody in it, or a password.
"""

import json
import logging
import warnings as python_warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

# Rows that are asked for together.
_AT_ONCE = 1_000
# Seconds: for a server that does not answer, and for whoever holds a table.
_CONNECTING, _WAITING = 10, 5
# What a URL that names no driver is read with.
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "oracle": "oracle+oracledb",
    "mssql": "mssql+pyodbc",
}
# What has to be installed for a driver, where it is not called as it is imported.
_PACKAGES = {
    "psycopg": "'iro-cli[postgresql]'",
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
}
_WRITTEN = (
    "the URL of the database cannot be read: write it as DIALECT://USER@HOST/DATABASE, such as "
    "mssql+pyodbc://…, oracle+oracledb://…, postgresql://… or sqlite:///FILE; what has a special "
    "meaning there is written with per cent, as %40 for @"
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
    Return a cell of a database as a CSV file would have it.

    >>> cell_text(Decimal("9001.00")), cell_text(None), cell_text(True), cell_text(b"iro")
    ('9001', '', 'yes', '69726f')
    """
    if isinstance(cell, str):
        return cell
    found = _TEXTS.get(type(cell))
    if found:
        return found(cell)
    # A subclass that stands for no day, such as NaT, says so as text.
    if isinstance(cell, bool | float | date | time | timedelta) and cell == cell:  # noqa: PLR0124
        return as_written(cell)
    return str(cell)


# ---------------------------------------------------------------- a table


def selecting(name: str, schema: str | None, columns: Sequence[str], order: Sequence[str]) -> Any:
    """
    Return the statement that reads a table.

    Args:
        name: What the table is called there.
        schema: The schema it is in; ``None`` for the one that is meant where none is named.
        columns: What is read of it.
        order: The columns by which its rows are put in order, so that each reading has the same.
    """
    every: dict[str, Any] = {one: sa.column(one) for one in (*columns, *order)}
    return (
        sa.select(*(every[one] for one in columns))
        .select_from(sa.table(name, *every.values(), schema=schema))
        .order_by(*(every[one] for one in order))
    )


class _Selected:
    """The rows of a table, after one that has the names of its columns."""

    def __init__(self, connection: sa.Connection, name: str, statement: Any) -> None:
        self._connection, self._name, self._statement = connection, name, statement
        self.warnings: list[str] = []

    def __iter__(self) -> Iterator[Row]:
        """Ask for the rows when the first of them is wanted."""
        yield 0, [str(one.name) for one in self._statement.selected_columns]
        options = {"stream_results": True, "yield_per": _AT_ONCE}
        with self._connection.execute(self._statement, execution_options=options) as found:
            for number, row in enumerate(found, start=1):
                if number % OFTEN == 0:
                    tell_step(f"Reading {self._name}", number, None, "rows")
                cells = [one if type(one) is str else cell_text(one) for one in row]
                if any(cells):
                    yield number, cells


class DatabaseTable(Table):
    """A table of a database, of which only the columns of its kind are read."""

    def __init__(
        self,
        connection: sa.Connection,
        kind: TableKind,
        place: "PlacedTable",
        columns: Sequence[str],
    ) -> None:
        """
        Take a table, whose rows are asked for when they are wanted.

        Args:
            connection: Where it is.
            kind: What it is.
            place: What it is called there.
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
        super().__init__(place.name, partial(_Selected, connection, place.name, statement))
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
        """Return none: what nobody knows is not read, and so not counted."""
        del known, places
        return {}

    def warnings(self, read: object = ()) -> list[str]:
        """Return which columns nobody knows."""
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
    """The rows of a table of a database, which are told by their keys."""

    @property
    def where(self) -> str:
        """Return where it stands, as it is kept with a fact."""
        return self.origin.source


# ---------------------------------------------------------------- a database


class PlacedTable(NamedTuple):
    """
    A table of a database, or a view.

    Attributes:
        schema: The schema it is in; ``None`` for the one that is meant where none is named.
        name: What it is called there.
        is_held: Whether it can be kept from being emptied while it is read.
    """

    schema: str | None
    name: str
    is_held: bool = True


def place_shown(url: str) -> str:
    """
    Return what a URL names, without what lets somebody in.

    Raises:
        UsageError: It is not clear where in it the password ends.

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
    A database that tables come in from.

    Attributes:
        name: What it is called in messages: its URL, without a password.
        schema: The schema that was named, blank where none was.
    """

    def __init__(self, url: str, schema: str = "", password: str = "") -> None:
        """
        Take where it is; nothing is opened yet.

        Args:
            url: Where it is.
            schema: The schema of the tables, blank where it is to be found.
            password: That of the user whom the URL names without one; blank for none.

        Raises:
            UsageError: It is not written as such a URL is, or the driver that it names is not
                installed.
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
        # What it says may have the password in it.
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
        Find tables, and read them within one transaction that writes nothing.

        Args:
            find: Says which tables are read, by the names of their kinds.

        Raises:
            InputRefusedError: It cannot be opened or read.
        """
        try:
            with _in_silence(), self._connected() as connection:
                opened = OpenDatabase(self, connection)
                opened.tables = find(opened)
                opened.look_up()
                connection.rollback()
                _begin(connection, opened.tables.values())
                yield opened
        except SQLAlchemyError as error:
            raise refusal(self.name, error) from None

    def _connected(self) -> sa.Connection:
        try:
            return self._engine.connect()
        # A driver that does not take what the URL gives it, or a host that cannot be one.
        except (OSError, TypeError, ValueError) as error:
            raise refusal(self.name, error) from None


@contextmanager
def _in_silence() -> Iterator[None]:
    """Keep back what libraries warn of and log: it may have a part of the URL in it, or a row."""
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
    A database that is open.

    Attributes:
        name: What it is called in messages.
        schema: The schema that was named, blank where none was.
        tables: The tables that are read, by the names of their kinds.
        usual: The schema that is meant where none is named, as it is called.
        rows: What goes through the rows of a table.
    """

    rows = RowsOfDatabase

    def __init__(self, database: Database, connection: sa.Connection) -> None:
        """Take it as it is."""
        self.name, self.schema = database.name, database.schema
        self.tables: Mapping[str, PlacedTable] = {}
        self._connection = connection
        self._look = sa.inspect(connection)
        self.usual = self._look.default_schema_name or ""
        self._columns: dict[PlacedTable, list[str]] = {}

    def schemas(self) -> list[str | None]:
        """
        Return the schemas that tables may be in: the one that is meant by itself comes first.

        Raises:
            InputRefusedError: One was named, and is not there.
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
        """Return a table, or ``None`` where it is not there."""
        place = self.tables.get(kind.name)
        if place is None:
            return None
        return DatabaseTable(self._connection, kind, place, self._columns[place])


def _engine(url: sa.URL) -> sa.Engine:
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = _read_only_file(url)
    if url.drivername == "postgresql+psycopg":
        usual = {"connect_timeout": _CONNECTING, "application_name": "iro"}
        options = {one: value for one, value in usual.items() if one not in url.query}
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=options)


def _read_only_file(url: sa.URL) -> sa.URL:
    """Return the URL by which SQLite only reads a file, and makes none."""
    from urllib.parse import quote  # noqa: PLC0415 - only for a file

    if str(url.database).startswith("file:"):
        return url.update_query_dict({"mode": "ro", "uri": "true"})
    file = f"file:{quote(str(url.database))}"
    return url.set(database=file).update_query_dict({"mode": "ro", "uri": "true"})


def _begin(connection: sa.Connection, tables: Iterable[PlacedTable]) -> None:
    """
    Begin a transaction that writes nothing and, where the engine has it, sees one moment.

    A refresh of the dataset empties its tables and fills them again: what is read of two of them
    must not be of two nights.
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
        # A table that is emptied by TRUNCATE is empty for who looked before, too.
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
    """Return what another engine can hold apart, none where nobody says it."""
    try:
        bare: Any = connection.connection.dbapi_connection
        return connection.dialect.get_isolation_level_values(bare)
    except NotImplementedError:
        return ()
