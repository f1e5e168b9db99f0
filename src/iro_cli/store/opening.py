"""What every store engine has in common: how a store is named, opened, read and changed."""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

from abc import ABC, abstractmethod

from iro_cli.errors import StoreError
from iro_cli.folders import folder_for
from iro_cli.lean import TYPE_CHECKING, Any, ClassVar

# Messages that both engines use, each with the engine's own code.
REFUSED_BY_A_RULE = (
    "the store {store} refuses the change by a rule of its own ({code}): nothing was stored; `iro "
    "doctor` looks for what is wrong with the store"
)
USED_WRONGLY = (
    "the store {store} was not used as it should be ({code}): nothing was stored; please report "
    "this line and `iro --version`"
)

# These are not imported here, so that a question does not load what changes a store, and `when`
# loads neither.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from iro_cli.store.changing import Change, Stamp
    from iro_cli.store.connection import Connection
    from iro_cli.store.copies import Copied, Restored
    from iro_cli.store.erasing import Erased
    from iro_cli.store.fact_rows import FactRows
    from iro_cli.store.flaws import Flaw
    from iro_cli.store.reading import Reader


class Store(ABC):
    """
    A store that a command names.

    Attributes:
        faults: The errors that the engine raises if a store cannot be read or written.
        beyond: The places that an erasure does not reach, in words.
        put_back: How to go back to a backup whose history fits, in words.
        same: The operator that compares two values and finds two missing ones equal.
        asked_at_once: How many values one statement may ask for.
        say: Called with a warning for the user who changes the store; ``None`` if nobody reads it.
    """

    faults: ClassVar[tuple[type[Exception], ...]]
    beyond: ClassVar[str]
    put_back: ClassVar[str]
    same: ClassVar[str] = "IS NOT DISTINCT FROM"
    asked_at_once: ClassVar[int] = 500
    say: Callable[[str], None] | None = None

    @abstractmethod
    def __str__(self) -> str:
        """Return its name, as messages show it."""

    @property
    @abstractmethod
    def files(self) -> tuple[Path, ...]:
        """Return the files that hold it; a command must not write anything else to them."""

    @property
    def on_a_server(self) -> bool:
        """Say whether it is on a server, and not in a file of its own."""
        return not self.files

    @abstractmethod
    def exists(self) -> bool:
        """
        Say whether there is anything under its name.

        Raises:
            StoreError: That cannot be seen from here.
        """

    @abstractmethod
    def check(self) -> None:
        """
        Refuse what cannot be a store, and leave it untouched.

        Raises:
            StoreError: It is missing, or is something else.
        """

    @abstractmethod
    def prepare(self) -> list[int]:
        """
        Make the store if it is missing, and bring it to the latest schema.

        Returns:
            The versions that were applied; none if there was nothing to do.

        Raises:
            StoreError: It is not a store, or cannot be written.
        """

    @abstractmethod
    def connect_to_read(self, *, checked: bool = True) -> Connection:
        """
        Open it in a transaction that sees one moment and writes nothing.

        Args:
            checked: Whether it is refused if it is not as this program left it.

        Raises:
            StoreError: It is missing, damaged, locked, or of another version.
        """

    @abstractmethod
    def connect_to_write(self) -> Connection:
        """
        Open it in a transaction that shuts out every other writer.

        Raises:
            StoreError: It cannot be written, or another writer keeps it for too long.
        """

    def connect_to_import(self) -> Connection:
        """
        Open it as :meth:`connect_to_write` does, for a change with very many rows.

        The connection need not look up for each row whether its child, its change and its file are
        there.  The change makes the row of itself and those of its files first, and looks for all
        children at once before it is kept.
        """
        return self.connect_to_write()

    def adding_many(self, connection: Connection) -> AbstractContextManager[None]:  # noqa: ARG002 - most engines need nothing
        """
        Make it fast to add very many rows in a block of code.

        Args:
            connection: One of :meth:`connect_to_import`.
        """
        from contextlib import nullcontext  # noqa: PLC0415 - reading does without

        return nullcontext()

    @abstractmethod
    def connect_to_nothing(self) -> Connection:
        """Open an empty store for a trial, in a transaction; it is gone when it is closed."""

    @abstractmethod
    def refusal(self, error: Exception) -> StoreError:
        """Return the message for one of the faults; it never shows data of the store."""

    def of_a_newer_program(self, found: int, known: int) -> StoreError:
        """
        Return the error for a store that a newer program wrote.

        Args:
            found: The version of its schema.
            known: The latest version that this program knows.
        """
        return StoreError(
            f"{self} was written by a newer iro (its schema is {found}, this program's is "
            f"{known}): install the newer version; the store was left as it is"
        )

    def exposed(self) -> str | None:
        """Return a warning if others could put another store in its place, or ``None``."""
        return None

    @abstractmethod
    def flaws(self, reader: Reader) -> list[Flaw]:
        """Return what is wrong with the store, and with where it is kept."""

    @abstractmethod
    def unlike(self, connection: Connection) -> list[str]:
        """Return what is missing, altered or foreign in the schema, in words."""

    @abstractmethod
    def unguarded(self, connection: Connection) -> AbstractContextManager[None]:
        """
        Remove the triggers that protect every row for a block of code, and put them back.

        Args:
            connection: Open to write.
        """

    def among(self, values: Sequence[str]) -> tuple[str, Sequence[Any]]:
        """
        Return the SQL condition that a column has one of some values.

        Args:
            values: At most :attr:`asked_at_once` values.

        Returns:
            The condition, to follow the name of the column, and its parameters.
        """
        return f"IN ({', '.join('?' * len(values))})", values

    def insert(
        self,
        connection: Connection,
        table: str,
        same: Mapping[str, int],
        names: Sequence[str],
        values: Sequence[object],
    ) -> None:
        """
        Insert rows into a table.

        Args:
            connection: Open to write.
            table: The table.
            same: The columns that have the same number in all rows.
            names: The other columns to fill.
            values: The values of these columns, those of one row after those of another.
        """
        every, width, first = (*same, *names), len(names), same.values()
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(every)}) VALUES ({', '.join('?' * len(every))})",
            [[*first, *values[at : at + width]] for at in range(0, len(values), width)],
        )

    def adds_words(self, connection: Connection) -> bool:  # noqa: ARG002 - of some engines
        """Say whether facts are added as the digest has them, so that no other rows are needed."""
        return False

    def add_facts(
        self, connection: Connection, change: int, facts: FactRows, words: Sequence[str]
    ) -> None:
        """
        Add facts, in the way that is fastest for the engine.

        Args:
            connection: Open to write.
            change: The number of the change.
            facts: Their values, by the columns of events that they fill; none if
                :meth:`adds_words`.
            words: The same rows as the digest has them.
        """
        del words
        for filled, values in facts.items():
            if values:
                names = ("line", "child_id", "source_id", "source_row", *filled)
                self.insert(connection, "fact", {"change_id": change}, names, values)

    @abstractmethod
    def erase(self, child: str, stamp: Stamp) -> Erased:
        """
        Erase a child for good, from the store and from its known copies.

        Args:
            child: The child's id.
            stamp: Who erases, when, and the command without the child.

        Raises:
            InputRefusedError: There is no such child.
            StoreError: The chain of changes does not fit, or another program has it open.
        """

    @abstractmethod
    def backup(self, target: Path) -> Copied:
        """
        Copy the store to a file that only its owner can read: whole or not at all.

        Raises:
            InputRefusedError: The target exists, or cannot be written.
            StoreError: The store cannot be read whole.
        """

    @abstractmethod
    def backup_into(self, folder: Path, keep: int, at: str) -> Copied:
        """
        Copy the store into a folder, named after it and the time, and remove the oldest copies.

        Args:
            folder: The folder.
            keep: How many copies are kept, including this one.
            at: The time, as ISO text in UTC.

        Raises:
            InputRefusedError: It cannot be written there.
            StoreError: The store cannot be read whole.
        """

    @abstractmethod
    def restore(self, copy: Path) -> Restored:
        """
        Put a copy in the store's place, and keep what was there beside it.

        Raises:
            InputRefusedError: The copy is the store itself, or another program's database
                stands in its place.
            StoreError: The copy is not a whole store, or the store cannot be replaced.
        """

    def copies_left(self) -> list[Path]:
        """Return the files that may be copies of a store that is gone, the latest first."""
        return []

    def stream(self, connection: Connection, statement: str) -> Iterable[Any]:
        """Yield the rows of a statement one by one, so that they need not fit in memory."""
        return connection.execute(statement)

    def signed(self, stamp: Stamp) -> Stamp:
        """Return a stamp with the name of the person as the engine knows it, if it does."""
        return stamp

    def finish(self, connection: Connection) -> None:  # noqa: B027 - most engines need nothing
        """Do the last step of a transaction that changes the store, before it is committed."""

    def commit(self, connection: Connection) -> None:
        """Commit a transaction, whole or not at all."""
        connection.execute("COMMIT")

    def get_ready(self, *, make: bool) -> None:
        """
        Prepare a store before it is changed.

        Args:
            make: Whether a missing store is made instead of refused.

        Raises:
            StoreError: It is missing, is not a store, or cannot be written.
        """
        if not make:
            self.check()
        self.prepare()

    def reading(self, *, checked: bool = True) -> Reader:
        """
        Open the store for a question, as it is at this moment.

        Args:
            checked: Whether it is refused if it is not as this program left it; commands that look
                for the reason read it all the same.

        Raises:
            StoreError: It is missing, damaged, locked, or of another version.
        """
        from iro_cli.store.reading import Reader  # noqa: PLC0415 - not where only its name matters

        return Reader(self, self.connect_to_read(checked=checked))

    def changing(
        self, stamp: Stamp, *, make: bool = False, trial: bool = False, many: bool = False
    ) -> AbstractContextManager[Change]:
        """
        Make one change to the store, whole or not at all.

        Ask questions within it through the change: a reader that is still open in the same
        process can make the change wait for ever if the store has no write-ahead log.  A change
        that adds and withdraws nothing leaves no trace.

        Args:
            stamp: Who makes it, when, and with which command.
            make: Whether a missing store is made instead of refused.
            trial: Whether the change is only tried: nothing is kept, and no store is made.  A
                missing store counts as an empty one.
            many: Whether very many rows may be added, as :meth:`connect_to_import` says.

        Raises:
            StoreError: It cannot be read or written.
        """
        from contextlib import contextmanager  # noqa: PLC0415 - reading does without

        return contextmanager(self._changing)(stamp, make=make, trial=trial, many=many)

    def _changing(self, stamp: Stamp, *, make: bool, trial: bool, many: bool) -> Iterator[Change]:
        from contextlib import nullcontext  # noqa: PLC0415 - reading does without

        from iro_cli.store.changing import Change  # noqa: PLC0415 - reading does without

        if trial and not self.exists():
            connection = self.connect_to_nothing()
        else:
            self.get_ready(make=make)
            exposed = self.exposed() if self.say else None
            if self.say and exposed:
                self.say(exposed)
            connection = self.connect_to_import() if many else self.connect_to_write()
        try:
            try:
                change = Change(self, connection, stamp, many=many)
                with self.adding_many(connection) if many else nullcontext():
                    yield change
                    keep = change.complete(keep=not trial)
                change.end(keep=keep)
            finally:
                connection.close()
        except self.faults as error:  # the connection is closed, so `refusal` can look at the file
            raise self.refusal(error) from None


# The engines by the scheme of their URLs, each a module with a function ``from_url``.
ENGINES = {
    "sqlite": "iro_cli.store.sqlite",
    "postgresql": "iro_cli.store.postgresql",
    "postgresql+psycopg": "iro_cli.store.postgresql",
    "postgres": "iro_cli.store.postgresql",
}


def default_path() -> str:
    """Return the default file of the store, in the platform's folder for user data."""
    return f"{folder_for('data')}/iro.db"


def _nearly_url(named: str) -> bool:
    """
    Say whether a name without ``://`` was probably meant for a server.

    It may contain a password, which must not end up in a message or as the name of a file.
    """
    lower = named.casefold()
    return (lower.startswith("postgres") and ":" in lower) or "password=" in lower


def without_password(named: str) -> str:
    """
    Return the name of a store without a password, so that it can be shown.

    >>> without_password("postgresql://ada:secret@host/iro?password=secret&sslmode=require")
    'postgresql://ada@host/iro?sslmode=require'
    >>> without_password("host=db.example password=secret")
    'postgresql:...'
    """
    if "://" not in named:
        return "postgresql:..." if _nearly_url(named) else named
    import re  # noqa: PLC0415 - not where a file is named

    shown = re.sub(r"://([^:/@?]*):.*@", r"://\1@", named)
    shown = re.sub(r"([?&])(?:\w*password|\w*secret)=[^&]*&?", r"\1", shown)
    return shown.rstrip("?&")


def store_named(named: str | None) -> Store:
    """
    Return the store that a ``--database`` names, or the one at the default place.

    Raises:
        StoreError: It is a URL of another kind of database, or cannot be read, or it names a home
            folder of nobody.
    """
    if named and "://" in named:
        scheme = named.partition("://")[0]
        if scheme not in ENGINES:
            raise StoreError(
                f"a store is kept in an SQLite file or on PostgreSQL, not in {scheme!r}: give a "
                "path, sqlite:///path or postgresql://USER@HOST/DATABASE"
            )
        from importlib import import_module  # noqa: PLC0415 - not where a file is named

        store: Store = import_module(ENGINES[scheme]).from_url(named)
        return store
    if named and _nearly_url(named):
        raise StoreError(
            "the name of the store cannot be read: write it as "
            "postgresql://USER@HOST/DATABASE; if a file is meant, write sqlite:///path"
        )
    from iro_cli.store.sqlite import store_in  # noqa: PLC0415 - the engine that is named

    if not named or not named.startswith("~"):
        return store_in(named or default_path())
    from pathlib import Path  # noqa: PLC0415 - a file is mostly named in full

    try:
        return store_in(Path(named).expanduser())
    except RuntimeError:
        raise StoreError(f"{named!r}: there is no such user, so no store") from None
