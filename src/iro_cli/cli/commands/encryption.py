"""``encrypt``, ``decrypt`` and ``key change``: a store that only its key can open."""

import os
from collections import Counter
from pathlib import Path
from types import ModuleType

from iro_cli.cli.options import Given
from iro_cli.cli.output import say, tell
from iro_cli.cli.settings import resolve
from iro_cli.errors import StoreError
from iro_cli.store.erasing import copies_of
from iro_cli.store.keys import MAGIC
from iro_cli.store.known_copies import every_copy
from iro_cli.store.opening import Store
from iro_cli.store.sqlite import SqliteStore, head_of, is_a_store

KEEP_THE_KEY = "iro: without its key nobody can read it, so keep a copy of the key in another place"


def in_a_file(store: Store) -> SqliteStore:
    """
    Return the store, which has to be in an SQLite file.

    Raises:
        StoreError: It is on a server, or in another kind of file.
    """
    if store.on_a_server:
        raise StoreError(
            f"{store} is on a server, and whether it is encrypted is decided there: this command "
            "is for a store in a file"
        )
    if not isinstance(store, SqliteStore):
        raise StoreError(f"{store} is not an SQLite file, and only such a file can be encrypted")
    return store


def sealing_of_stores() -> ModuleType:
    """
    Return the module that encrypts stores.

    Raises:
        StoreError: The libraries for it are not installed.
    """
    try:
        from iro_cli.store import sealing  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise StoreError(
            "the library that encrypts a store is not installed: pip install 'iro-cli[encryption]'"
        ) from None
    return sealing


def _say_what_is_left(store: SqliteStore) -> None:
    """Say of each known copy whether it is encrypted: a copy stays as it was when it was made."""
    for path in copies_of(store):
        if said := _said_of_copy(path):
            say(f"iro: {path} {said}")
    away = Counter(
        one.path.parent for one in every_copy(store) if not os.path.lexists(one.path.parent)
    )
    for folder, copies in away.items():
        say(
            f"iro: {folder} is not there now, and {'a copy' if copies == 1 else 'copies'} from "
            "before may be in it (perhaps on a disk that is not connected): they are as they "
            "were, encrypted or not"
        )


def _said_of_copy(path: Path) -> str:
    """Return what its first bytes say about a copy; nothing if it is gone."""
    try:
        path.open("rb").close()  # what follows does not say why a file cannot be read
        is_one = is_a_store(os.fspath(path))
    except FileNotFoundError:
        return ""
    except OSError as error:
        return (
            f"is a copy from before, and cannot be read ({error.strerror}), so it is not known "
            "whether it is encrypted: delete it if you can"
        )
    if not is_one:
        return (
            "stands where a copy from before was, and does not begin as a store does: look at what "
            "it is"
        )
    if head_of(os.fspath(path)).startswith(MAGIC):
        return (
            "is a copy from before, and opens with the key it had: it is encrypted, so keep that "
            "key as long as the copy"
        )
    return "is a copy from before, and is NOT encrypted: delete it if you can"


def encrypt_command(given: Given) -> int:
    """Encrypt the store."""
    store = in_a_file(resolve(given).store)
    where = sealing_of_stores().encrypt(store)
    tell(f"encrypted: {store}; its key is {where}")
    say(KEEP_THE_KEY)
    _say_what_is_left(store)
    return 0


def decrypt_command(given: Given) -> int:
    """Decrypt the store."""
    store = in_a_file(resolve(given).store)
    sealing_of_stores().decrypt(store)
    tell(f"decrypted: {store}; whoever can read the file can read everything in it")
    return 0


def key_change_command(given: Given) -> int:
    """Give an encrypted store another key."""
    store = in_a_file(resolve(given).store)
    where = sealing_of_stores().change_key(store)
    tell(f"changed: {store} has a new key, {where}")
    _say_what_is_left(store)
    return 0
