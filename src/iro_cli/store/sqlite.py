"""A store in one SQLite file: opening it, and what can be said of the file."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
import sqlite3

from iro_cli.errors import StoreError
from iro_cli.lean import TYPE_CHECKING
from iro_cli.store.opening import Store

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.store.connection import Connection
    from iro_cli.store.flaws import Flaw
    from iro_cli.store.reading import Reader

APPLICATION_ID = 0x49524F31  # "IRO1"
# Not Paths, for pathlib takes longer to import than a store to open.
_HERE = os.path.dirname(__file__)
MIGRATIONS = f"{_HERE}/migrations"
# The whole schema, compiled from the tables: the numbered scripts come to the same.
SCHEMA = f"{_HERE}/schema/sqlite.sql"
# Durable, without traces of what was withdrawn, and patient with another writer: each
# connection that writes sets these.
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
)


def latest_version() -> int:
    """Return the schema version this program writes."""
    scripts = [name for name in os.listdir(MIGRATIONS) if name.endswith(".sql")]
    return max(int(name.removesuffix(".sql")) for name in scripts)


class SqliteStore(Store):
    """
    A store in one SQLite file.

    Args:
        path: The file.
    """

    faults = (sqlite3.Error, sqlite3.Warning)

    def __init__(self, path: str | Path) -> None:
        """Name the file; nothing is opened yet."""
        self._name = os.fspath(path)

    @property
    def path(self) -> Path:
        """Return the file."""
        from pathlib import Path  # noqa: PLC0415 - a question does without

        return Path(self._name)

    def __str__(self) -> str:
        """Return the file's name."""
        return str(self.path)

    def __eq__(self, other: object) -> bool:
        """Say whether it is the same file, as it is named."""
        return isinstance(other, SqliteStore) and self.path == other.path

    def __hash__(self) -> int:
        """Return what tells it from other files."""
        return hash(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the file and the two that SQLite keeps beside it."""
        return tuple(
            self.path.with_name(self.path.name + suffix) for suffix in ("", "-wal", "-shm")
        )

    def exists(self) -> bool:
        """
        Say whether there is a file.

        Raises:
            StoreError: It cannot be seen from here.
        """
        try:
            return self.path.exists()
        except OSError as error:
            raise StoreError(
                f"the store {self.path} cannot be reached ({error.strerror}): check its name, and "
                "who may read its folder"
            ) from None

    def check(self) -> None:
        """
        Refuse what cannot be a store, leaving it untouched.

        Raises:
            StoreError: It is missing, a directory, empty, or not an SQLite file.
        """
        name = self._name
        try:
            if os.path.isdir(name):
                raise StoreError(f"{name} is a folder, not a store: name the file in it")
            with open(name, "rb") as file:
                head = file.read(16)
        except FileNotFoundError:
            raise StoreError(
                f"there is no store at {name}: `iro import` or `iro child add` makes one there, "
                "--database names another, and `iro demo` shows a fictional authority"
            ) from None
        except OSError as error:
            raise StoreError(
                f"the store {name} cannot be read ({error.strerror}): check who may read it"
            ) from None
        if head != b"SQLite format 3\0":
            what = "is empty" if not head else "is not a database"
            raise StoreError(
                f"{name} {what}, and was left as it is: name another file with --database, or put "
                "back a backup"
            )

    def prepare(self) -> list[int]:
        """Make the store if it is missing, and bring it to the latest schema."""
        from iro_cli.store.migrations import prepare  # noqa: PLC0415 - only for a change

        return prepare(self)

    def connect_to_read(self) -> Connection:
        """
        Open the file read-only, in one snapshot.

        A writer never blocks it, and it never blocks a writer.
        """
        self.check()
        location = _uri(self._name)
        try:
            try:
                return self._read_from(f"{location}?mode=ro")
            except sqlite3.OperationalError:
                # A folder that may not be written cannot hold the log's index.  Without a
                # log beside it the file is whole, and can be read as it stands.
                if self.files[1].exists():
                    raise
                return self._read_from(f"{location}?mode=ro&immutable=1")
        except sqlite3.Error as error:
            raise self.refusal(error) from None

    def _read_from(self, location: str) -> sqlite3.Connection:
        connection = sqlite3.connect(location, uri=True, isolation_level=None)
        try:
            self._check_current(connection)
            # One snapshot for every question: what a writer does meanwhile is not seen in part.
            connection.execute("BEGIN")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_current(self, connection: sqlite3.Connection) -> None:
        if self.version(connection) < latest_version():
            raise StoreError(
                f"{self.path} was written by an older iro: run `iro doctor --migrate`, which "
                "makes a copy beside it first"
            )
        connection.execute("SELECT 1 FROM change LIMIT 1").fetchone()

    def connect_to_write(self) -> Connection:
        """Open the file in a transaction that holds the lock from its first statement on."""
        connection = sqlite3.connect(self.path.absolute(), isolation_level=None)
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            # Deferred, two writers could each read before the other writes: updates were lost.
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            connection.close()
            raise self.refusal(error) from None
        return connection

    def connect_to_nothing(self) -> Connection:
        """Open an empty store in memory."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        with open(SCHEMA, encoding="utf-8") as schema:
            connection.executescript(schema.read())
        connection.execute("BEGIN")
        return connection

    def version(self, connection: sqlite3.Connection) -> int:
        """
        Return the schema version of the file that is open.

        Raises:
            StoreError: It is another program's, or a newer program's.
        """
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION_ID:
            raise StoreError(
                f"{self.path} is a database of another program, and was left as it is: name "
                "another file with --database"
            )
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > latest_version():
            raise StoreError(
                f"{self.path} was written by a newer iro (its schema is {found}, this program's is "
                f"{latest_version()}): install the newer version; the file was left as it is"
            )
        return found

    def refusal(self, error: Exception) -> StoreError:
        """Say what a database error means for the store, never showing its data."""
        text = str(error).casefold()
        if "locked" in text or "busy" in text:
            return StoreError(
                f"the store {self.path} is locked by another process that is writing: try again "
                "when it has finished"
            )
        if "readonly" in text or "read-only" in text or "unable to open" in text:
            return StoreError(
                f"the store {self.path} cannot be written here: check that you may write the file "
                "and its folder, or name another with --database"
            )
        if "full" in text:
            return StoreError(f"the disk that holds {self.path} is full: nothing was stored")
        return StoreError(
            f"the store {self.path} is damaged ({type(error).__name__}): it was left as it is; put "
            "back a backup, or recover what can be read with `sqlite3 FILE .recover`"
        )

    def backup(self, target: Path) -> None:
        """Copy the store, log and all."""
        from iro_cli.store.copies import backup  # noqa: PLC0415 - only when asked for

        backup(self, target)

    def restore(self, copy: Path) -> Path | None:
        """Put a copy in the store's place, keeping what stood there beside it."""
        from iro_cli.store.copies import restore  # noqa: PLC0415 - only when asked for

        return restore(SqliteStore(copy), self)

    def flaws(self, reader: Reader) -> list[Flaw]:
        """Return what SQLite finds wrong with the file, and who may read it, and where it lies."""
        from iro_cli.store.flaws import flaws_of  # noqa: PLC0415 - only when asked for

        return flaws_of(self.path, reader)


def from_url(url: str) -> SqliteStore:
    """
    Return the store that a URL names.

    Raises:
        StoreError: It has no path.
    """
    scheme, _, rest = url.partition("://")
    if not rest.startswith("/"):
        raise StoreError(
            f"this version keeps its store in an SQLite file, not in {scheme!r}: "
            "give a path, or sqlite:///path"
        )
    return SqliteStore(rest[1:])


def _uri(name: str) -> str:
    """Return a file as SQLite takes it with options; three characters mean something there."""
    if os.name == "nt":
        from pathlib import Path  # noqa: PLC0415 - it knows the drives and the shares

        return Path(name).absolute().as_uri()
    name = os.path.join(os.getcwd(), name)
    for letter, code in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        name = name.replace(letter, code)
    return f"file://{name}"


def owner_only(path: Path) -> None:
    """Make an empty file that only its owner can read, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
