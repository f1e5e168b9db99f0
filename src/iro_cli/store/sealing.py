"""
Encrypt a store, decrypt it, and give it another key.

The new store is written under another name, compared with the old one, and put in its place
under the lock of the old one.  The old file is then overwritten, so that nobody can read it,
and no program that waited for it can still write to it.
"""

import os
from contextlib import ExitStack, closing

from sqlcipher3 import dbapi2 as sqlcipher  # type: ignore[import-untyped]

from iro_cli.errors import InputRefusedError, StoreError, kept
from iro_cli.lean import Any
from iro_cli.store.encrypted import EncryptedStore
from iro_cli.store.keys import fresh_ident, new_key
from iro_cli.store.places import part_of, sync_folder, without_log
from iro_cli.store.sqlite import PRAGMAS, SqliteStore, beside, latest_version, uri_of
from iro_cli.store.sqlite_errors import name_of

_BLOCK = 1 << 20


def sealed(store: SqliteStore) -> tuple[EncryptedStore, str]:
    """
    Return the encrypted store that will replace a store, and where its key is, in words.

    Raises:
        StoreError: There is nowhere to keep the key.
    """
    ident = fresh_ident()
    key, where = new_key(ident, str(store))
    return EncryptedStore(store.path, ident, key), where


def encrypt(store: SqliteStore) -> str:
    """
    Encrypt a store, and return where its key is, in words.

    Raises:
        InputRefusedError: It is encrypted already.
        StoreError: Another program has it open, or there is nowhere to keep the key.
    """
    if isinstance(store, EncryptedStore):
        raise InputRefusedError(f"{store} is encrypted already: `iro key change` makes a new key")
    return _with_new_key(store)


def change_key(store: SqliteStore) -> str:
    """
    Give an encrypted store a new key, and return where that is, in words.

    Raises:
        InputRefusedError: It is not encrypted.
        StoreError: Another program has it open, or there is nowhere to keep the key.
    """
    _refuse_plain(store)
    return _with_new_key(store)


def decrypt(store: SqliteStore) -> None:
    """
    Decrypt a store.

    Raises:
        InputRefusedError: It is not encrypted.
        StoreError: Another program has it open, or the key does not open it.
    """
    _refuse_plain(store)
    _refuse_other_names(store)
    _convert(store, SqliteStore, "it is not encrypted any more")
    kept.count += 1


def _refuse_plain(store: SqliteStore) -> None:
    if not isinstance(store, EncryptedStore):
        store.check()
        raise InputRefusedError(f"{store} is not encrypted: `iro encrypt` encrypts it")


def _refuse_other_names(store: SqliteStore) -> None:
    """
    Refuse a file with a second name, because that would lead to the old file, overwritten.

    Raises:
        StoreError: It has one.
    """
    count = store.path.stat().st_nlink
    if count > 1:
        raise StoreError(
            f"the store {store} has {count} names (hard links), and only this one would lead to "
            "what is rewritten; the others would lead to a file that was overwritten: remove "
            f"them (`find FOLDER -samefile '{store}'` lists them) and try again. Nothing was "
            "changed"
        )


def _with_new_key(store: SqliteStore) -> str:
    with closing(store.connect_to_copy()):  # no key is made for a store that cannot be read
        pass
    _refuse_other_names(store)
    ident = fresh_ident()
    old = store if isinstance(store, EncryptedStore) else None
    key, where = new_key(ident, str(store), old.ident if old else None)
    # With the same key, whoever has it could still read everything.
    if old and old.key == key:
        raise StoreError(
            f"what was given is the key that {store} has: give another; nothing was changed"
        )
    _convert(store, lambda part: EncryptedStore(part, ident, key), f"its key is {where}")
    kept.count += 1
    return where


def _convert(store: SqliteStore, made: Any, so_that: str) -> None:
    """
    Rewrite a store in its place, and overwrite the old file.

    Args:
        store: The store.
        made: Takes a file, and returns the store that is made in it.
        so_that: What is true once it is done, for a message.
    """
    replaced = False
    try:
        with part_of(store.path) as part, ExitStack() as held:
            old = held.enter_context(closing(_alone(store)))
            new = made(part)
            _export(old, new)
            _compare(old, new, store)
            # The old store gives up its log: closing it later could remove the log of the new one.
            old.execute("PRAGMA journal_mode = DELETE").fetchall()
            _finish(new)
            if os.name == "nt":  # Windows does not replace an open file
                old.close()
            bytes_of_old = held.enter_context(store.path.open("r+b"))
            size = store.path.stat().st_size
            if os.name == "nt":
                _overwrite(bytes_of_old, size)
                bytes_of_old.close()
            part.replace(store.path)
            replaced = True
            # The new name has to be on the disk before the old file, which may be the only one, is
            # overwritten.
            sync_folder(store.path)
            if os.name != "nt":
                _overwrite(bytes_of_old, size)
                old.close()
            for log in beside(part):
                log.unlink(missing_ok=True)
    except (*store.faults, sqlcipher.Error) as error:
        if replaced:
            raise _not_written_over(store, so_that, name_of(error)) from None
        raise store.refusal(error) from None
    except OSError as error:
        if replaced:
            raise _not_written_over(store, so_that, error.strerror) from None
        raise StoreError(
            f"the store {store} cannot be written here ({error.strerror}): it was left as it was"
        ) from None


def _not_written_over(store: SqliteStore, so_that: str, why: str | None) -> StoreError:
    return StoreError(
        f"the store {store} was rewritten, and {so_that}; but the old file could not be "
        f"written over ({why}), so that what was in it may still be found on the disk: write over "
        "the disk's free space, or keep the disk as carefully as the store"
    )


def _finish(made: SqliteStore) -> None:
    """Switch a rewritten store to a log, and store its checksum."""
    with closing(made.open()) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        if made.version(connection) == latest_version():
            connection.execute("BEGIN IMMEDIATE")
            made.finish(connection)
            connection.execute("COMMIT")
        without_log(connection)


def _alone(store: SqliteStore) -> Any:
    """
    Open a store that nobody else has open, with the library of SQLCipher.

    Raises:
        StoreError: Another program has it open.
    """
    if isinstance(store, EncryptedStore):
        connection = store.open()
    else:
        connection = sqlcipher.connect(
            f"{uri_of(os.fspath(store.path))}?mode=rw", uri=True, isolation_level=None
        )
    try:
        for pragma in (*PRAGMAS, "PRAGMA main.locking_mode = EXCLUSIVE"):
            connection.execute(pragma).fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        store.version(connection)
        connection.execute("COMMIT")  # the lock stays until it is closed
        connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()
    except sqlcipher.OperationalError as error:
        connection.close()
        if "locked" not in str(error):
            raise
        raise StoreError(
            f"another program has the store {store} open, perhaps `iro board`: nothing was "
            "changed; close it there and try again"
        ) from None
    except BaseException:
        connection.close()
        raise
    return connection


def _export(old: Any, new: SqliteStore) -> None:
    key = new.pragma() if isinstance(new, EncryptedStore) else ""
    old.execute("ATTACH DATABASE ? AS made KEY ?", (str(new.path), key)).fetchall()
    try:
        old.execute("SELECT sqlcipher_export('made')").fetchall()
    except sqlcipher.OperationalError as error:
        if name_of(error) != "SQLITE_ERROR":
            raise
        # The export gives one code for all errors, so it is not known which of the two files
        # failed.  If the old one is sound, it was the new one.
        if old.execute("PRAGMA main.integrity_check(1)").fetchall() != [("ok",)]:
            # SQLCipher calls a page damaged too if the disk failed to read it.  `refusal` reads
            # the file once more before it says that the store is damaged.
            error.sqlite_errorname = "SQLITE_CORRUPT"
            raise
        raise OSError(0, "no room, or an error of the disk") from None
    for name in ("application_id", "user_version"):
        ((value,),) = old.execute(f"PRAGMA main.{name}").fetchall()
        old.execute(f"PRAGMA made.{name} = {value}")
    old.execute("DETACH DATABASE made")


def _compare(old: Any, new: SqliteStore, store: SqliteStore) -> None:
    """Compare the new store with the old one, before the old one is overwritten."""
    with closing(new.open(to_write=False)) as made:
        ((said,),) = made.execute("PRAGMA integrity_check(1)").fetchall()
        counted = [_counts(one) for one in (old, made)]
    if said != "ok" or counted[0] != counted[1]:
        raise StoreError(
            f"the store {store} could not be rewritten completely ({said}): it was left as it was; "
            "`iro doctor` looks for what is wrong with it"
        )


def _counts(connection: Any) -> list[tuple[Any, ...]]:
    """Return the schema, how many rows each table has, and the digest of every change."""
    schema = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
    ).fetchall()
    found = [tuple(one) for one in schema]
    for kind, name, _ in schema:
        if kind == "table":
            found += connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
    columns = [row[1] for row in connection.execute("PRAGMA table_info(change)")]
    if "digest" in columns:
        found += connection.execute("SELECT digest FROM change ORDER BY id").fetchall()
    return found


def _overwrite(file: Any, size: int) -> None:
    """Overwrite a file with zeros, so that nothing of it can be read."""
    for start in range(0, size, _BLOCK):
        file.write(bytes(min(_BLOCK, size - start)))
    file.flush()
    os.fsync(file.fileno())
