"""A store in one file that SQLCipher encrypts page by page, each with its authentication code."""

from __future__ import annotations

import os

from sqlcipher3 import dbapi2 as sqlcipher  # type: ignore[import-untyped]

from iro_cli import shipped
from iro_cli.errors import DamagedStoreError, StoreError
from iro_cli.lean import TYPE_CHECKING, Any, ClassVar
from iro_cli.store import checksum, sqlite_errors
from iro_cli.store.keys import MAGIC, fresh_ident, key_of
from iro_cli.store.sqlite import SqliteStore, head_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path

    from iro_cli.store.connection import Connection

# The query for the checksum of rows and indexes, compiled from the tables.
_SUM_OF_ROWS = f"{shipped.FOLDER}/store/schema/sum_of_rows.sql"


def _sum_of(connection: Connection) -> int | None:
    return checksum.of_rows(connection, shipped.text(_SUM_OF_ROWS))


class EncryptedStore(SqliteStore):
    """
    A store in one encrypted file.

    Args:
        path: The file.
        ident: The name of its key, 12 bytes; by default it is read from the file, or made for a new
            one.
        key: The key, 32 bytes; by default it is looked for when the file is first opened.
    """

    faults: ClassVar[tuple[type[Exception], ...]] = (
        *(sqlcipher.Error, sqlcipher.Warning),
        *SqliteStore.faults,
    )

    def __init__(
        self, path: str | Path, ident: bytes | None = None, key: bytes | None = None
    ) -> None:
        """Name the file; nothing is opened yet."""
        super().__init__(path)
        head = head_of(os.fspath(path))
        self._ident = ident or (head[len(MAGIC) :] if head.startswith(MAGIC) else fresh_ident())
        self._key = key

    def at(self, path: Path) -> SqliteStore:
        """Return the store in another file; the same key is not looked for again."""
        found = super().at(path)
        same = isinstance(found, EncryptedStore) and found.ident == self._ident
        return self.like(path) if same else found

    def like(self, path: Path) -> EncryptedStore:
        """Return a store in another file that has the same key."""
        return EncryptedStore(path, self._ident, self._key)

    @property
    def ident(self) -> bytes:
        """Return the name of its key."""
        return self._ident

    @property
    def key(self) -> bytes:
        """
        Return its key, which is looked for when it is first needed.

        Raises:
            StoreError: It is not found, or others can read the file that holds it.
        """
        if self._key is None:
            self._key = key_of(self._ident, str(self))
        return self._key

    def pragma(self) -> str:
        """Return the raw key and the file's first 16 bytes, in the form that SQLCipher takes."""
        return f"x'{self.key.hex()}{(MAGIC + self._ident).hex()}'"

    def open(self, *, to_write: bool = True, immutable: bool = False) -> Any:
        """Open the file with its key, in no transaction."""
        key = self.pragma()
        mode = "mode=rw" if to_write else "mode=ro&immutable=1" if immutable else "mode=ro"
        connection = sqlcipher.connect(
            f"{uri_of(os.fspath(self.path))}?{mode}", uri=True, isolation_level=None
        )
        # Otherwise SQLCipher writes messages of its own to standard error.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f'PRAGMA key = "{key}"')
        return connection

    def _check_whole(self, connection: Connection, *, built: bool = False) -> None:
        """
        Refuse a store that is not as the program left it.

        Before a change, the references between pages are checked too.  If a page with data were
        listed as free, the change would write over it.
        """
        super()._check_whole(connection, built=built)
        if built and not checksum.too_large(connection):
            found = connection.execute("PRAGMA quick_check(1)").fetchall()
            if found != [("ok",)]:
                from iro_cli.store.soundness import refuse_altered  # noqa: PLC0415 - a rare case

                refuse_altered(self, connection, built=built)

    def differs(self, connection: Connection) -> bool | None:
        """
        Say whether its rows and indexes differ from how the program left them.

        The pages need no checksum here, because SQLCipher gives each page a code of its own.
        """
        try:
            return checksum.differs(connection, _sum_of)
        except sqlcipher.OperationalError as error:
            if sqlite_errors.name_of(error) != "SQLITE_ERROR":
                raise
            return True  # a table or an index of the program is gone

    def finish(self, connection: Connection) -> None:
        """Store the checksum of all rows and indexes."""
        checksum.write_down(connection, _sum_of)

    def refusal(self, error: Exception) -> StoreError:
        """Say what a database error means for the store, never showing its data."""
        if sqlite_errors.is_no_database(error) and not self._may_be_whole():
            return DamagedStoreError(
                f"the key does not open {self}, or its first page is damaged: it was left as it "
                "is; name the file of its key with IRO_KEY_FILE, or put back a backup with `iro "
                "restore FILE`"
            )
        return self._refused_by(error)
