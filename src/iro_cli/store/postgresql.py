"""A store in a database of a PostgreSQL server, which several people may use at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.lean import TYPE_CHECKING, Any, ClassVar
from iro_cli.store.chain import columns
from iro_cli.store.kinds import FACT
from iro_cli.store.opening import Store
from iro_cli.store.sqlite import SqliteStore, latest_version

try:
    import psycopg

    from iro_cli.store.postgresql_connection import PostgresqlConnection
except ImportError:  # an optional extra
    raise StoreError(
        "what reads and writes a store on PostgreSQL is not installed: "
        "pip install 'iro-cli[postgresql]'"
    ) from None

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.store.changing import Stamp
    from iro_cli.store.connection import Connection
    from iro_cli.store.copies import Copied, Restored
    from iro_cli.store.erasing import Erased
    from iro_cli.store.fact_rows import FactRows
    from iro_cli.store.flaws import Flaw
    from iro_cli.store.reading import Reader

# The tables have a schema of their own, so that they do not mix with others in the database.
SCHEMA = "iro"
# How long to wait, in seconds: for a server that does not answer, and for another writer.
_CONNECTING, _WAITING = 10, 5
# The characters of ports in a URL, which may name several.
_PORTS = "0123456789,"
# Otherwise a database may be set to quote all names, and its schema would look altered.
AS_WRITTEN = "SET LOCAL quote_all_identifiers TO off; "
# These settings hold for one transaction only, so they do no harm if a pool shares connections.
_AS_WE_READ = (
    f"SET LOCAL search_path TO {SCHEMA}, pg_temp; "  # otherwise temporary tables come first
    "SET LOCAL datestyle TO 'ISO'; "
    f"SET LOCAL lock_timeout TO '{_WAITING}s'; {AS_WRITTEN}"
)
_TO_READ = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_AS_WE_READ}"
# With READ COMMITTED each statement sees what was committed before it.  So what is read after the
# lock includes the change of the writer before.  Sequential scans are off because the server has
# no statistics for rows that this change adds, and would read whole tables to find them.
TO_WRITE = f"BEGIN ISOLATION LEVEL READ COMMITTED; {_AS_WE_READ}SET LOCAL enable_seqscan TO off; "
# One writer at a time, for the whole store.  Locking rows is not enough: two people who record the
# same review find no row to lock, and both would add one.
LOCK = "SELECT pg_advisory_xact_lock(1230130993)"
VERSION = "SELECT version, session_user FROM schema_version"


class PostgresqlStore(Store):
    """
    A store on a PostgreSQL server.

    Args:
        url: Its URL, in the form that libpq takes.
    """

    faults: ClassVar[tuple[type[Exception], ...]] = (psycopg.Error,)
    put_back: ClassVar[str] = (
        "have a backup put into a database without a store (`pg_restore --dbname NEW-DATABASE "
        "DUMP`), and use that one if its history fits (`iro history --verify`)"
    )
    beyond: ClassVar[str] = (
        "the server's log, standbys, backups and dumps, and files that were exported: ask its "
        "administrator to see to the server, and see to the files yourself"
    )

    # The values go as one array, so the statement is the same for any number of them.
    asked_at_once: ClassVar[int] = 5_000

    def __init__(self, url: str) -> None:
        """
        Read the URL; nothing is opened yet.

        Raises:
            StoreError: It is not a valid URL of PostgreSQL.
        """
        try:
            self._given = _parts_of(url)
        except psycopg.Error:  # its text may contain the password, so it is not shown
            raise StoreError(
                "the URL of the database cannot be read: write it as "
                "postgresql://USER@HOST/DATABASE; a character with a special meaning in a URL "
                "is written as a percent code: %20 for a space, %40 for @, %2F for /"
            ) from None
        self._login: str | None = None

    def __str__(self) -> str:
        """Return its URL without a password."""
        given = self._given
        user, host = given.get("user"), given.get("host") or given.get("hostaddr") or ""
        port, name = given.get("port"), given.get("dbname") or given.get("service") or ""
        # The folder of a socket cannot stand as the host in a URL.
        host = "" if str(host).startswith(("/", "@")) else host
        host = f"[{host}]" if ":" in str(host) else host
        return f"postgresql://{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}/{name}"

    def __eq__(self, other: object) -> bool:
        """Say whether another store is named by the same URL."""
        return isinstance(other, PostgresqlStore) and self._given == other._given

    def __hash__(self) -> int:
        """Return the hash of its name."""
        return hash(str(self))

    @property
    def files(self) -> tuple[Path, ...]:
        """Return nothing, because the files are the server's."""
        return ()

    # ------------------------------------------------------------ opening

    def open(self) -> PostgresqlConnection:
        """
        Connect to the database, in no transaction; every connection is made here.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """
        usual: dict[str, Any] = {
            "connect_timeout": _CONNECTING,
            "application_name": "iro",
            # If the server vanishes without closing the connection, give up after a minute.
            "keepalives_idle": 20,
            "keepalives_interval": 10,
            "keepalives_count": 4,
            "tcp_user_timeout": 60_000,
        }
        given = {**usual, **self._given, "client_encoding": "utf8"}
        try:
            return PostgresqlConnection(psycopg.connect(autocommit=True, **given))
        except psycopg.Error as error:
            raise self.refusal(error) from None

    def begun(self, how: str, *, lock: bool = False) -> PostgresqlConnection:
        """
        Connect to the database and begin a transaction.

        Args:
            how: The statements that begin it.
            lock: Whether every other writer is shut out.

        Raises:
            StoreError: The server cannot be reached or refuses, or another writer keeps the store
                for too long.
        """
        connection = self.open()
        try:
            connection.execute(how)
            if lock:
                connection.execute(LOCK)
        except psycopg.Error as error:
            connection.close()
            raise self.refusal(error) from None
        return connection

    def _opened(self, how: str, *, lock: bool = False) -> PostgresqlConnection:
        """Open a store, and refuse one that is missing or of an older version."""
        connection = self.begun(how, lock=lock)
        try:
            found = self.version(connection)
            self._refuse_older(found)
        except psycopg.Error as error:
            connection.close()
            raise self.refusal(error) from None
        except StoreError:
            connection.close()
            raise
        return connection

    def version(self, connection: PostgresqlConnection) -> int | None:
        """
        Return the version of the schema; ``None`` if there is no store.

        Raises:
            StoreError: A newer program wrote it, or the login may not read it.
            psycopg.Error: It cannot be read.
        """
        ((there,),) = connection.execute(f"SELECT to_regnamespace('{SCHEMA}') IS NOT NULL")
        if not there:
            return None
        try:
            ((found, self._login),) = connection.execute(VERSION)
        except psycopg.errors.UndefinedTable:
            ((may,),) = self._asked(f"SELECT has_schema_privilege('{SCHEMA}', 'USAGE')")
            if may:
                raise StoreError(
                    f"{self} has a schema `{SCHEMA}` that is not this program's, and was left as "
                    "it is: name another database with --database"
                ) from None
            raise StoreError(
                f"you may not read the store {self}: its owner lets you with `iro db roles LOGIN "
                "--as reader`"
            ) from None
        except ValueError:
            raise StoreError(
                f"the store {self} is damaged (its version is missing): have the database put "
                "back from its backup"
            ) from None
        if found > latest_version():
            raise self.of_a_newer_program(int(found), latest_version())
        return int(found)

    def _asked(self, statement: str) -> list[Any]:
        """Run a query on a connection of its own, after a transaction failed."""
        connection = self.open()
        try:
            return list(connection.execute(statement))
        finally:
            connection.close()

    def _refuse_older(self, found: int | None) -> None:
        if found is None:
            raise self._missing()
        if found < latest_version():
            raise StoreError(
                f"{self} was written by an older iro (its schema is {found}, this program's is "
                f"{latest_version()}): its owner runs `iro db upgrade`"
            )

    def _missing(self) -> StoreError:
        return StoreError(
            f"there is no store in {self}: `iro db init` makes one there, --database names "
            "another, and `iro demo` shows a fictional authority"
        )

    def exists(self) -> bool:
        """
        Say whether there is a store in the database.

        Raises:
            StoreError: The database cannot be reached.
        """
        connection = self.begun(_TO_READ)
        try:
            return self.version(connection) is not None
        except psycopg.Error as error:
            raise self.refusal(error) from None
        finally:
            connection.close()

    def check(self) -> None:
        """
        Refuse a database without a store.

        Raises:
            StoreError: There is none, or it cannot be reached.
        """
        if not self.exists():
            raise self._missing()

    def get_ready(self, *, make: bool) -> None:
        """
        Make a missing store if *make* is set.

        An older one is not upgraded here: only its owner may do that, and everybody else who
        uses it needs the new program then.

        Raises:
            StoreError: It cannot be made.
        """
        if make and not self.exists():
            self.prepare()

    def prepare(self) -> list[int]:
        """Make the store if it is missing, and bring it to the latest schema."""
        from iro_cli.store.postgresql_schema import prepare  # noqa: PLC0415 - seldom

        return prepare(self)

    def connect_to_read(self, *, checked: bool = True) -> PostgresqlConnection:
        """Open it in a transaction that sees one moment and writes nothing."""
        del checked  # the server itself detects damaged pages
        return self._opened(_TO_READ)

    def connect_to_write(self) -> PostgresqlConnection:
        """Open it in a transaction that takes the lock before anything is read."""
        return self._opened(TO_WRITE, lock=True)

    def connect_to_nothing(self) -> Connection:
        """Open an empty store in memory, without the server."""
        return SqliteStore(":memory:").connect_to_nothing()

    def stream(self, connection: Connection, statement: str) -> Iterable[Any]:
        """Yield the rows of a statement one by one, so that they need not fit in memory."""
        if isinstance(connection, PostgresqlConnection):
            return connection.stream(statement)
        return connection.execute(statement)

    def signed(self, stamp: Stamp) -> Stamp:
        """Return a stamp with the login as its author, because the server has checked it."""
        return stamp if self._login is None else stamp._replace(who=self._login)

    def refusal(self, error: Exception) -> StoreError:
        """Return the message for a database error; it never shows data of the store."""
        from iro_cli.store import postgresql_errors  # noqa: PLC0415 - only where it is wrong

        return postgresql_errors.refusal(self, error)

    def among(self, values: Sequence[str]) -> tuple[str, Sequence[Any]]:
        """Return the SQL condition that a column has one of some values."""
        return "= ANY(?)", ([*values],)

    def adds_words(self, connection: Connection) -> bool:
        """Say that facts are sent in the text of the digest, but not to a trial without a store."""
        return isinstance(connection, PostgresqlConnection)

    def add_facts(
        self, connection: Connection, change: int, facts: FactRows, words: Sequence[str]
    ) -> None:
        """Send facts as one COPY, in the text that the digest has for them."""
        if isinstance(connection, PostgresqlConnection):
            connection.copy_worded(FACT.table, columns(FACT), words)
        else:  # a trial, without a store
            super().add_facts(connection, change, facts, words)

    @contextmanager
    def unguarded(self, connection: Connection) -> Iterator[None]:
        """Turn off the triggers that protect every row, and on again; only the owner can."""
        tables = [
            name
            for (name,) in connection.execute(
                f"SELECT relname FROM pg_class WHERE relnamespace = '{SCHEMA}'::regnamespace "
                "AND relkind = 'r' ORDER BY relname"
            )
        ]
        for how in ("DISABLE", "ENABLE"):
            for table in tables:
                connection.execute(f"ALTER TABLE {SCHEMA}.{table} {how} TRIGGER USER")
            if how == "DISABLE":
                yield

    # ------------------------------------------------------------ care

    def flaws(self, reader: Reader) -> list[Flaw]:
        """Return what is wrong with the rows, who may read them, and the server's settings."""
        from iro_cli.store.postgresql_flaws import flaws_of  # noqa: PLC0415 - when asked for

        return flaws_of(reader)

    def unlike(self, connection: Connection) -> list[str]:
        """Return what is missing, altered or foreign in the schema, in words."""
        from iro_cli.store.postgresql_schema import unlike  # noqa: PLC0415 - when asked for

        return unlike(self, connection)

    def erase(self, child: str, stamp: Stamp) -> Erased:
        """Erase a child for good from the store, but not from the server's backups."""
        from iro_cli.store.postgresql_erasing import erase  # noqa: PLC0415 - when asked for

        return erase(self, child, stamp)

    def _no_file(self, what: str, how: str) -> InputRefusedError:
        return InputRefusedError(
            f"{self} is on a server, and {what}: `{how}`, or whatever its administrator "
            "does for every database there"
        )

    def backup(self, target: Path) -> Copied:
        """
        Refuse, because a server has backups of its own.

        Raises:
            InputRefusedError: Always, with what to do instead.
        """
        raise self._no_file(
            "`iro backup` copies files. No copy was made",
            f"pg_dump --format custom --schema {SCHEMA} --file {target} {self}",
        )

    def backup_into(self, folder: Path, keep: int, at: str) -> Copied:
        """
        Refuse, because a server has backups of its own.

        Raises:
            InputRefusedError: Always, with what to do instead.
        """
        del keep
        return self.backup(folder / f"iro-{at.replace(':', '')}.dump")

    def restore(self, copy: Path) -> Restored:
        """
        Refuse, because a server has backups of its own.

        Raises:
            InputRefusedError: Always, with what to do instead.
        """
        raise self._no_file(
            "`iro restore` puts back files. Nothing was changed; a dump goes into a database "
            "without a store, and a store in a file by `iro copy FILE URL`",
            f"pg_restore --dbname NEW-DATABASE {copy}",
        )


def _parts_of(url: str) -> dict[str, Any]:
    """
    Split a URL into its parts.

    A password with an @, a / or a : that is not written as a per cent code is refused.  Otherwise a
    piece of the password would be taken for the host or the database, and shown in messages.

    Raises:
        psycopg.Error: It is not a URL, contains a control code, or has such a password.
    """
    found = psycopg.conninfo.conninfo_to_dict(url)
    login, _, place = url.partition("://")[2].partition("?")[0].rpartition("@")
    name, ports = str(found.get("dbname", "")), str(found.get("port", ""))
    in_the_name = "@" in name and "%40" not in url
    if not all(str(one).isprintable() for one in found.values()):
        raise psycopg.ProgrammingError
    if {*"@/"} & {*login} or place.count("/") > 1 or in_the_name or ports.strip(_PORTS):
        raise psycopg.ProgrammingError
    return found


def from_url(url: str) -> PostgresqlStore:
    """
    Return the store that a URL names, in the form of SQLAlchemy or of libpq.

    Raises:
        StoreError: It is not a valid URL of PostgreSQL.
    """
    return PostgresqlStore(f"postgresql://{url.partition('://')[2]}")
