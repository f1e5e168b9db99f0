"""A store in one SQLite file: how it is opened, and what can be found out about the file."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os
import sqlite3
import stat

from iro_cli import shipped
from iro_cli.errors import DamagedStoreError, InputRefusedError, StoreError
from iro_cli.lean import TYPE_CHECKING, ClassVar
from iro_cli.store import checksum
from iro_cli.store.opening import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from iro_cli.store.changing import Stamp
    from iro_cli.store.connection import Connection
    from iro_cli.store.copies import Copied, Restored
    from iro_cli.store.erasing import Erased
    from iro_cli.store.flaws import Flaw
    from iro_cli.store.reading import Reader

APPLICATION_ID = 0x49524F31  # "IRO1"
# Text and not Path: importing pathlib takes longer than opening a store.
MIGRATIONS = f"{shipped.FOLDER}/store/migrations"
# The first bytes of every SQLite file, and the place of the id of the program that made it.
_HEAD = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68
# The codes with which SQLite fails to open a store in a folder that may not be written.
_NOT_OPENED = ("SQLITE_CANTOPEN", "SQLITE_READONLY")
# What Python raises when it opens a store with a damaged head or schema.
_UNREADABLE = (ValueError, TypeError)
# The first bytes of an encrypted store, which SQLite does not take for a database.
_SEALED = b"IROE"
# The files that SQLite keeps beside a database, by the ends of their names.
LOGS = ("-wal", "-shm", "-journal")
# The whole schema, compiled from the tables.  The numbered scripts lead to the same schema.
SCHEMA = f"{shipped.FOLDER}/store/schema/sqlite.sql"
# Each connection that writes sets these: a change survives a power cut, deleted rows leave no
# trace, and another writer is waited for (in milliseconds).
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
    # In KiB: how much of the file is held in memory.
    "PRAGMA cache_size = -8000",
)
# From how many rows on the trigger of a table is removed while they are inserted, and how many
# rows one statement then inserts.  SQLite takes no more than 999 values in one statement.
_MANY, _ROWS_AT_ONCE = 250, 25


def beside(path: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps beside a database, whether they are there or not."""
    from pathlib import Path  # noqa: PLC0415 - whoever has one has loaded it

    return tuple(Path(f"{path}{log}") for log in LOGS)  # a folder may have no name, as `.`


OF_ANOTHER_PROGRAM = "{store} is a database of another program, and was left as it is: {remedy}"
ANOTHER_FILE = "name another file with --database"
_ANOTHER_COPY = "name a copy that `iro backup` made, or one that `iro restore` kept"
# The end of the message about a store that another program changed.
AND_LEFT = "it was left as it is; `iro doctor` says more, and `iro restore FILE` puts back a backup"


# The latest version, by the folder of the scripts.  They do not change while the program runs, and
# every opening of a store asks for it.
_LATEST: dict[str, int] = {}


def latest_version() -> int:
    """Return the schema version this program writes."""
    if MIGRATIONS not in _LATEST:
        _LATEST[MIGRATIONS] = max(number for number, _ in numbered_scripts(MIGRATIONS))
    return _LATEST[MIGRATIONS]


def numbered_scripts(folder: str | Path) -> list[tuple[int, str]]:
    """Return the names of the scripts in a folder, each with its number."""
    scripts = [name for name in shipped.names(folder) if name.endswith(".sql")]
    return [(int(name.removesuffix(".sql")), name) for name in scripts]


class SqliteStore(Store):
    """
    A store in one SQLite file.

    Args:
        path: The file.
    """

    faults: ClassVar[tuple[type[Exception], ...]] = (sqlite3.Error, sqlite3.Warning)
    put_back: ClassVar[str] = (
        "compare with a backup (`iro --database BACKUP history --verify`), and put one back with "
        "`iro restore` if it is sound"
    )
    beyond: ClassVar[str] = (
        "copies that were made by other means or moved, files that were exported, and backups of "
        "this machine: see to these yourself"
    )
    same: ClassVar[str] = "IS"
    # Whether it is the copy that a restore was asked to put back: messages about it differ.
    is_copy = False

    def __init__(self, path: str | Path) -> None:
        """Keep the name of the file, or of the file that a link leads to; nothing is opened yet."""
        name = os.fspath(path)
        # Restoring replaces the file, and logs lie beside it.  Neither may happen to the link.
        self._name = os.path.realpath(name) if os.path.islink(name) else name

    @property
    def path(self) -> Path:
        """Return the file."""
        from pathlib import Path  # noqa: PLC0415 - a question does without

        return Path(self._name)

    def __str__(self) -> str:
        """Return the file's name."""
        return str(self.path)

    def __eq__(self, other: object) -> bool:
        """Say whether another store has the same path."""
        return isinstance(other, SqliteStore) and self.path == other.path

    def __hash__(self) -> int:
        """Return the hash of its path."""
        return hash(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the file and those that SQLite keeps beside it."""
        return (self.path, *beside(self.path))

    def exists(self) -> bool:
        """
        Say whether there is a file.

        Raises:
            StoreError: That cannot be seen from here.
        """
        try:
            return self.path.exists()
        except OSError as error:
            raise StoreError(
                f"the store {self.path} cannot be reached ({error.strerror}): check its name, and "
                "who may read its folder"
            ) from None

    def at(self, path: Path) -> SqliteStore:
        """Return the store in another file: a copy, encrypted or not, or a part of this store."""
        name = os.fspath(path)
        return self.like(path) if not head_of(name) else store_in(name)

    def like(self, path: Path) -> SqliteStore:
        """Return a store in another file that is encrypted if this one is."""
        return SqliteStore(path)

    def open(self, *, to_write: bool = True, immutable: bool = False) -> sqlite3.Connection:
        """
        Open the file, in no transaction; every connection is made here.

        Args:
            to_write: Whether it may be changed; a missing file is never made.
            immutable: Whether to trust that nobody changes it, so that SQLite makes no file beside
                it.
        """
        mode = "mode=rw" if to_write else "mode=ro&immutable=1" if immutable else "mode=ro"
        return sqlite3.connect(f"{uri_of(self._name)}?{mode}", uri=True, isolation_level=None)

    def check(self) -> None:
        """
        Refuse what cannot be a store, and leave it untouched.

        The file is not opened.  On POSIX systems a program that opens and closes a file gives up
        the locks that SQLite holds on it in the same process.

        Raises:
            StoreError: It is missing, a folder, a device, or empty.
        """
        name = self._name
        try:
            found = os.stat(name)
        except FileNotFoundError:
            raise self._missing() from None
        except OSError as error:
            raise StoreError(
                f"the store {name} cannot be read ({error.strerror}): check who may read it"
            ) from None
        if stat.S_ISDIR(found.st_mode):
            raise StoreError(f"{name} is a folder, not a store: name the file in it")
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"{name} is a device or a pipe, not a store: name a file")
        if not found.st_size:
            raise self._no_database("is empty")

    def _missing(self) -> StoreError:
        copies = self.copies_left()
        if copies:
            more = f", the latest of {len(copies):,}" if len(copies) > 1 else ""
            return StoreError(
                f"there is no store at {self._name}, but there may be a copy of it{more}: "
                f"`iro restore '{copies[0]}'` with the same --database puts it back; --database "
                "names another store, and `iro init` makes a new one"
            )
        return StoreError(
            f"there is no store at {self._name}: `iro init`, `iro import` or `iro child add` "
            "makes one there, --database names another, and `iro demo` shows a fictional "
            "authority"
        )

    def copies_left(self) -> list[Path]:
        """Return the files that may be copies of a store that is gone, the latest first."""
        from iro_cli.store.known_copies import copies_of_lost  # noqa: PLC0415 - a rare case

        return copies_of_lost(self)

    def _no_database(self, what: str) -> DamagedStoreError:
        remedy = f"{ANOTHER_FILE}, or put back a backup with `iro restore FILE`"
        if self.is_copy:
            remedy = _ANOTHER_COPY
        return DamagedStoreError(f"{self._name} {what}, and was left as it is: {remedy}")

    def prepare(self) -> list[int]:
        """Make the store if it is missing, and bring it to the latest schema."""
        from iro_cli.store.migrations import prepare  # noqa: PLC0415 - only for a change

        return prepare(self)

    def connect_to_read(self, *, checked: bool = True) -> Connection:
        """
        Open the file read-only, in one snapshot.

        It does not block a writer, and a writer does not block it.
        """
        return self._opened_to_read(self._check_whole if checked else self._check_current)

    def connect_to_copy(self) -> sqlite3.Connection:
        """
        Open the file read-only, with any version of the schema, to copy it as it is.

        Raises:
            StoreError: It is missing, or cannot be opened.
        """
        return self._opened_to_read(self.version)

    def _opened_to_read(self, check: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
        self.check()
        unreadable: tuple[type[Exception], ...] = (*self.faults, *_UNREADABLE)
        try:
            try:
                return self._snapshot(self.open(to_write=False), check)
            except self.faults as error:
                # SQLite cannot make the index of the log in a folder that may not be written.
                # Without a log beside it, the file is whole and can be read as it is.
                name = getattr(error, "sqlite_errorname", "")
                if not name.startswith(_NOT_OPENED) or self.has_a_log():
                    raise
                return self._snapshot(self.open(to_write=False, immutable=True), check)
        except unreadable as error:
            raise self.refusal(error) from None

    def has_a_log(self) -> bool:
        """Say whether there is a log beside the file: it may hold changes that the file lacks."""
        return any(file.exists() for file in beside(self.path) if not file.name.endswith("-shm"))

    def _snapshot(
        self, connection: sqlite3.Connection, check: Callable[[sqlite3.Connection], object]
    ) -> sqlite3.Connection:
        try:
            # One snapshot for all questions, so that no change is seen in part.
            connection.execute("BEGIN")
            check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_current(self, connection: Connection) -> None:
        if self.version(connection) < latest_version():
            raise StoreError(
                f"{self.path} was written by an older iro: run `iro --database "
                f'"{self.path}" doctor --migrate`, which makes a copy beside it first'
            )

    def _check_whole(self, connection: Connection, *, built: bool = False) -> None:
        """
        Refuse a store that is not as the program left it.

        Args:
            connection: The file, open in a transaction.
            built: Whether an altered schema is refused too.

        Raises:
            StoreError: It is of an older version, or it changed and has a fault.
        """
        self._check_current(connection)
        changed = self.differs(connection)
        if changed:
            from iro_cli.store.soundness import refuse_altered  # noqa: PLC0415 - a rare case

            refuse_altered(self, connection, built=built)
        elif changed is None and built:
            self._check_triggers(connection)

    def _check_triggers(self, connection: Connection) -> None:
        """
        Refuse a store with a foreign or a missing trigger, if there is no checksum to show it.

        A foreign trigger could alter what is written.

        Raises:
            StoreError: There is one, or one is missing.
        """
        from iro_cli.store.sqlite_schema import strange_triggers  # noqa: PLC0415 - a rare case

        strange = strange_triggers(connection, shipped.text(SCHEMA))
        if strange:
            raise StoreError(
                f"the store {self} was changed by another program: {strange[0]}; {AND_LEFT}"
            )

    def differs(self, connection: Connection) -> bool | None:
        """
        Say whether an open store differs from how the program left it.

        Returns:
            ``None`` if that is not known.
        """
        return checksum.differs(connection)

    def finish(self, connection: Connection) -> None:
        """Store the checksum of the pages."""
        checksum.write_down(connection)

    def commit(self, connection: Connection) -> None:
        """
        Commit a transaction.

        Raises:
            UnflushedError: The disk refused it.  Only once the connection is closed can be seen
                whether the whole change is in the log: :meth:`refusal` looks.
        """
        # Read now: a failed commit may roll the change back, and its digest with it.
        last = last_digest(connection)
        try:
            connection.execute("COMMIT")
        except self.faults as error:
            from iro_cli.store.sqlite_errors import unflushed  # noqa: PLC0415 - a rare case

            raise unflushed(error, last) from None

    def get_ready(self, *, make: bool) -> None:
        """Make the store if it is missing; an older schema is upgraded when it is opened."""
        if self.exists():
            self.check()
        else:
            super().get_ready(make=make)

    def connect_to_write(self) -> Connection:
        """
        Open the file in a transaction that has the lock from its first statement on.

        A store with an older schema is upgraded first.
        """
        return self._connect_to_write(PRAGMAS)

    def connect_to_import(self) -> Connection:
        """Open it as :meth:`connect_to_write` does, and look up no references row by row."""
        return self._connect_to_write((*PRAGMAS, "PRAGMA foreign_keys = OFF"))

    def adding_many(self, connection: Connection) -> AbstractContextManager[None]:
        """Remove the triggers that refuse to overwrite a row, as :meth:`insert` does, only once."""
        from iro_cli.store.sqlite_schema import without_triggers  # noqa: PLC0415 - only for many rows

        return without_triggers(connection, "%_once")

    def _connect_to_write(self, pragmas: Sequence[str]) -> Connection:
        unreadable: tuple[type[Exception], ...] = (*self.faults, *_UNREADABLE)
        try:
            connection = self.open()
        except unreadable as error:
            raise self.refusal(error) from None
        try:
            for pragma in pragmas:
                connection.execute(pragma)
            # Without IMMEDIATE the lock is taken only at the first write.  Two writers could both
            # read before it, and a change was lost.
            connection.execute("BEGIN IMMEDIATE")
            older = self.version(connection) < latest_version()
            if not older:
                # An altered store is not changed: the new checksum would hide the alteration.
                self._check_whole(connection, built=True)
        except unreadable as error:
            connection.close()
            raise self.refusal(error) from None
        except StoreError:
            connection.close()
            raise
        if older:
            connection.close()
            self.prepare()
            return self._connect_to_write(pragmas)
        return connection

    def connect_to_nothing(self) -> Connection:
        """Open an empty store in memory."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.executescript(shipped.text(SCHEMA))
        connection.execute("BEGIN")
        return connection

    def version(self, connection: Connection) -> int:
        """
        Return the schema version of the open file.

        Raises:
            StoreError: Another program made it, or a newer version of this one.
        """
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != APPLICATION_ID:
            remedy = _ANOTHER_COPY if self.is_copy else ANOTHER_FILE
            raise StoreError(OF_ANOTHER_PROGRAM.format(store=self, remedy=remedy))
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > latest_version():
            raise self.of_a_newer_program(found, latest_version())
        return found

    def refusal(self, error: Exception) -> StoreError:
        """Return the message for a database error; it never shows data of the store."""
        from iro_cli.store import sqlite_errors  # noqa: PLC0415 - only where something is wrong

        if sqlite_errors.is_no_database(error):
            head = head_of(self._name)
            if head.startswith(_SEALED):  # the disk failed to read the head when it was first read
                return sqlite_errors.refusal(self, error, whole=lambda: True)
            if head not in (_HEAD, b""):
                return self._no_database("is not a database")
        return self._refused_by(error)

    def _refused_by(self, error: Exception) -> StoreError:
        """Say what an error of SQLite means, from what can be found out about the file."""
        from iro_cli.store import sqlite_errors  # noqa: PLC0415 - only where something failed

        return sqlite_errors.refusal(
            self,
            error,
            whole=self._may_be_whole,
            there=self.may_have,
            read_only=self.may_only_be_read,
        )

    def may_only_be_read(self) -> bool:
        """Say whether the file may be read, and it or its folder may not be written."""
        changed = (self.path, self.path.absolute().parent)
        return os.access(self.path, os.R_OK) and not all(os.access(one, os.W_OK) for one in changed)

    def may_have(self, last: str | None) -> bool:
        """
        Say whether a change is perhaps stored after the disk refused its commit.

        This program must have closed its own connections to the store before.

        Args:
            last: The digest of the change.
        """
        from contextlib import closing, suppress  # noqa: PLC0415 - a rare case

        from iro_cli.store.log import has_a_change  # noqa: PLC0415 - a rare case

        with suppress(StoreError, *self.faults), closing(self.connect_to_copy()) as connection:
            if last is not None and last_digest(connection) == last:
                return True
        # If another program has the store open, the change may be missing now, but come back from
        # the log when the store is next opened.
        return has_a_change(beside(self.path)[0])

    def _may_be_whole(self) -> bool:
        """
        Say whether a second look at every page finds no damage.

        A disk can fail once.  If it fails again, or somebody else has the store locked, the pages
        are not seen, and nothing shows that they are damaged.  Nor is a missing file damaged.
        """
        if not os.path.exists(self._name):
            return True
        from contextlib import closing  # noqa: PLC0415 - only where something is wrong

        from iro_cli.store.sqlite_errors import is_of_damage  # noqa: PLC0415 - the same

        try:
            with closing(self.open(to_write=False)) as connection:
                found: list[tuple[str]] = connection.execute("PRAGMA integrity_check").fetchall()
        except self.faults as error:
            return not is_of_damage(error)
        except (*_UNREADABLE, MemoryError):
            return False
        return [one for (one,) in found] == ["ok"]

    def unlike(self, connection: Connection) -> list[str]:
        """Return what is missing, altered or foreign in the schema, in words."""
        from iro_cli.store.sqlite_schema import unlike  # noqa: PLC0415 - only when asked for

        return unlike(connection, shipped.text(SCHEMA))

    def unguarded(self, connection: Connection) -> AbstractContextManager[None]:
        """Remove the triggers that protect every row for a block of code, and put them back."""
        from iro_cli.store.sqlite_schema import without_triggers  # noqa: PLC0415 - only for the owner

        return without_triggers(connection)

    def insert(
        self,
        connection: Connection,
        table: str,
        same: Mapping[str, int],
        names: Sequence[str],
        values: Sequence[object],
    ) -> None:
        """
        Insert rows into a table; many rows in the fastest way.

        One statement for several rows takes less time than one for each.  The trigger that refuses
        to overwrite a row is removed meanwhile, and put back: the program never overwrites a row,
        and nobody else writes in this transaction.  If a row is refused, the whole change is rolled
        back.  So the statement need not be able to take its first rows back (``OR FAIL``): SQLite
        would copy each page before it adds to it.  A number that is the same in all rows is written
        in the statement: that takes less time than to hand it over with each row.

        Args:
            connection: Open to write.
            table: The table.
            same: The columns that have the same number in all rows.
            names: The other columns to fill.
            values: The values of these columns, those of one row after those of another.
        """
        several = _ROWS_AT_ONCE * len(names)
        alone = len(values) % several if len(values) >= _MANY * len(names) else len(values)
        if alone:
            super().insert(connection, table, same, names, values[:alone])
        if alone == len(values):
            return
        from iro_cli.store.sqlite_schema import without_triggers  # noqa: PLC0415 - only for many rows

        one = f"({', '.join([*map(str, same.values()), *'?' * len(names)])})"
        statement = (
            f"INSERT OR FAIL INTO {table} ({', '.join((*same, *names))}) "
            f"VALUES {', '.join([one] * _ROWS_AT_ONCE)}"
        )
        with without_triggers(connection, f"{table}_once"):
            connection.executemany(
                statement,
                (values[start : start + several] for start in range(alone, len(values), several)),
            )

    def erase(self, child: str, stamp: Stamp) -> Erased:
        """Erase a child for good, from the store and from its known copies."""
        from iro_cli.store.erasing import erase  # noqa: PLC0415 - only when asked for

        return erase(self, child, stamp)

    def backup(self, target: Path) -> Copied:
        """Copy the store with its log, and check the copy by reading it back."""
        from iro_cli.store.copies import backup  # noqa: PLC0415 - only when asked for

        return backup(self, target)

    def backup_into(self, folder: Path, keep: int, at: str) -> Copied:
        """Copy the store into a folder of copies."""
        from iro_cli.store.copies import backup_into  # noqa: PLC0415 - only when asked for

        return backup_into(self, folder, keep, at)

    def restore(self, copy: Path) -> Restored:
        """Put a copy in the store's place, and keep what was there beside it."""
        from iro_cli.store.copies import restore  # noqa: PLC0415 - only when asked for

        return restore(self.at(copy), self._as_restored(copy))

    def _as_restored(self, copy: Path) -> SqliteStore:
        """
        Return this store as it will be after a copy is restored: with or without a key.

        Raises:
            InputRefusedError: One of them is encrypted and the other is not.
        """
        there, given = head_of(self._name), head_of(os.fspath(copy))
        if there[:4] == given[:4] or not given:
            return self
        if there.startswith((_HEAD, _SEALED)) and given.startswith((_HEAD, _SEALED)):
            which = "the store is encrypted, and the backup is not"
            if given.startswith(_SEALED):
                which = "the backup is encrypted, and the store is not"
            raise InputRefusedError(
                f"{which}: restore it under another name (--database), and then `iro encrypt` or "
                "`iro decrypt` it; nothing was changed"
            )
        return self.at(copy).like(self.path)

    def exposed(self) -> str | None:
        """Return a warning if others may write to the file's folder, or ``None``."""
        folder = os.path.dirname(os.path.join(os.getcwd(), self._name))
        if os.name == "nt" or not os.stat(folder).st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return None
        return (
            f"others on this machine may write to {folder}, and could put another store in the "
            f"place of {self._name}: `chmod go-w '{folder}'`"
        )

    def flaws(self, reader: Reader) -> list[Flaw]:
        """Return what is wrong with the file, who may read it, where it is, and its backups."""
        from iro_cli.store.flaws import flaws_of  # noqa: PLC0415 - only when asked for

        return flaws_of(self, reader)


def last_digest(connection: Connection) -> str | None:
    """Return the digest of the last change; ``None`` without a change, or in an older schema."""
    columns = connection.execute("PRAGMA table_info('change')")
    if all(name != "digest" for _, name, *_ in columns):
        return None
    last = connection.execute("SELECT digest FROM change ORDER BY id DESC LIMIT 1")
    return next((digest for (digest,) in last), None)


def head_of(name: str) -> bytes:
    """Return the first 16 bytes of a file; none if it is missing or cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):  # reading a pipe would wait for ever
            return b""
        with open(name, "rb") as file:
            return file.read(len(_HEAD))
    except OSError:
        return b""


def is_a_store(name: str) -> bool:
    """
    Say whether a file begins as a store of this program does, encrypted or not.

    Raises:
        OSError: It cannot be read.
    """
    head = head_of(name)
    if head != _HEAD:
        return head.startswith(_SEALED)
    with open(name, "rb") as file:
        file.seek(_APPLICATION_ID_AT)
        return int.from_bytes(file.read(4), "big") == APPLICATION_ID


def store_in(name: str | Path) -> SqliteStore:
    """
    Return the store in a file, encrypted or not; its first bytes tell.

    Raises:
        StoreError: It is encrypted, and the library that opens it is not installed.
    """
    if not head_of(os.fspath(name)).startswith(_SEALED):
        return SqliteStore(name)
    try:
        from iro_cli.store.encrypted import EncryptedStore  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise StoreError(
            f"the store {name} is encrypted, and what opens it is not installed: "
            "pip install 'iro-cli[encryption]'"
        ) from None
    return EncryptedStore(name)


def from_url(url: str) -> SqliteStore:
    """
    Return the store that a URL names.

    Raises:
        StoreError: It has no path.
    """
    scheme, _, rest = url.partition("://")
    if not rest.startswith("/"):
        raise StoreError(
            f"{scheme}:// names no server: a store in a file is named by its path, or as "
            "sqlite:///path"
        )
    return store_in(rest[1:])


def uri_of(name: str) -> str:
    """Return the URI of a file for SQLite; characters with a meaning there are escaped."""
    if os.name == "nt":
        from pathlib import Path  # noqa: PLC0415 - it knows the drives and the shares

        return Path(name).absolute().as_uri()
    name = os.path.join(os.getcwd(), name)
    for letter, code in (("%", "%25"), ("?", "%3f"), ("#", "%23")):
        name = name.replace(letter, code)
    return f"file://{name}"
