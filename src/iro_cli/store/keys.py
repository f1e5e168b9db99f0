"""
Keep and find the keys of encrypted stores.

A key is 32 random bytes, kept as they are: deriving it from a passphrase at each start would
take longer than most questions.  It is in a file that only its owner can read
(``IRO_KEY_FILE``) or in the system's keyring, or the program asks for it; it is never on a
command line.  The first bytes of a store name its key, so that an older backup finds its own.
"""

import os
import stat
import sys
from pathlib import Path

from iro_cli.errors import StoreError

KEY_FILE = "IRO_KEY_FILE"
# The first bytes of an encrypted store.  The rest of its first 16 bytes is the name of its key.
MAGIC = b"IROE"
IDENT = 12
RAW = 32
_SERVICE = "iro"
_HOW = (
    f"set {KEY_FILE} to a file for it that only you can read, or install a keyring "
    "(`pip install 'iro-cli[encryption]'`)"
)


def fresh_ident() -> bytes:
    """Return a name for a new key: 12 random bytes."""
    return os.urandom(IDENT)


def key_of(ident: bytes, store: str) -> bytes:
    """
    Return the key of a store.

    Args:
        ident: The name of the key, from the store's first bytes.
        store: The store, for the message.

    Raises:
        StoreError: The key is not found, or others can read its file.
    """
    named = os.environ.get(KEY_FILE)
    if named:
        found = _in_file(Path(named), ident)
        if found is None:
            raise StoreError(
                f"the key of {store} is not in {named} ({KEY_FILE}): set that to the file that "
                "has the key"
            )
        return found
    found = _in_keyring(ident)
    if found is None:
        found = _asked(ident, store)
    if found is None:
        raise StoreError(
            f"the store {store} is encrypted, and its key is in no keyring here: set {KEY_FILE} "
            "to the file that holds it, or run the command at a terminal, which asks for it"
        )
    return found


def new_key(ident: bytes, store: str, old: bytes | None = None) -> tuple[bytes, str]:
    """
    Make a key and keep it, or take the only key that is in the file for keys.

    Args:
        ident: The name of the key.
        store: The store, for the messages.
        old: The name of the key that it replaces, if it replaces one.

    Returns:
        The key, and where it is kept, in words.

    Raises:
        StoreError: There is nowhere to keep it.
    """
    named = os.environ.get(KEY_FILE)
    raw = os.urandom(RAW)
    if named:
        return _kept_in_file(Path(named), ident, raw, old), f"in {named}"
    if _kept_in_keyring(ident, raw):
        return raw, "in the system's keyring"
    given = _chosen(ident, store)
    if given is None:
        raise StoreError(f"there is nowhere here to keep the key of {store}: {_HOW}")
    return given, "not kept anywhere: it is made from your passphrase each time"


# ---------------------------------------------------------------- in a file


def _owners_own(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            # The permissions of the file that was opened; its path may name another one by now.
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(1 << 16)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise StoreError(f"the key file {path} cannot be read ({why})") from None
    if os.name != "nt" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StoreError(
            f"the key file {path} can be read by others on this machine: `chmod 600 '{path}'`, "
            "and change the key (`iro key change`) if others may have read it"
        )
    return text


def _raw(text: str) -> bytes | None:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        return None
    return found if len(found) == RAW else None


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def _in_file(path: Path, ident: bytes) -> bytes | None:
    """Return the key that a file has under its name, or else its only key, if that has no name."""
    lines = _lines(_owners_own(path))
    for words in lines:
        if len(words) == 2 and words[0].casefold() == ident.hex():
            return _raw(words[1])
    if len(lines) == 1 and len(lines[0]) == 1:
        return _raw(lines[0][0])
    return None


def _alone(path: Path, word: str, old: bytes | None) -> bytes:
    """
    Return the key of a file that holds one key without a name.

    Such a key opens whatever it is tried on, so a second one beside it could not be told apart.

    Raises:
        StoreError: It is not a key, or it is to be replaced by a new one.
    """
    key = _raw(word)
    if key is None:
        raise StoreError(
            f"{path} ({KEY_FILE}) holds no key: a key is 64 characters from 0 to 9 and a to f; "
            "name a file that does not exist, and a key is made there"
        )
    if old is not None:
        raise StoreError(
            f"{path} ({KEY_FILE}) holds one key without a name, which is tried on every store, so "
            f"a new one cannot be kept beside it: write `{old.hex()} ` before the key, as its "
            "name, and the new key gets a line of its own; keep a copy of the file as it is for "
            "other stores and backups that this key opens. Nothing was changed"
        )
    return key


def _kept_in_file(path: Path, ident: bytes, raw: bytes, old: bytes | None) -> bytes:
    """Write a key to a file that only its owner can read, read it back, and return it."""
    try:
        text = _owners_own(path) if path.exists() else ""
        lines = _lines(text)
        if len(lines) == 1 and len(lines[0]) == 1:
            return _alone(path, lines[0][0], old)
        # If the last line has no line end, the new key would become a part of it.
        end = "\n" if text and not text.endswith("\n") else ""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{end}{ident.hex()} {raw.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"the key file {path} cannot be written ({error.strerror})") from None
    if _in_file(path, ident) != raw:
        raise StoreError(
            f"the new key was written to {path} ({KEY_FILE}), and cannot be read there again: "
            "nothing was changed; name a file that does not exist, or one that has fewer lines"
        )
    return raw


# ---------------------------------------------------------------- in the keyring


def _in_keyring(ident: bytes) -> bytes | None:
    try:
        import keyring  # noqa: PLC0415 - it takes longer to import than most questions
        import keyring.errors  # noqa: PLC0415 - the same
    except ImportError:
        return None
    try:
        text = keyring.get_password(_SERVICE, ident.hex())
    except keyring.errors.KeyringError:
        return None
    return _raw(text) if text else None


def _kept_in_keyring(ident: bytes, raw: bytes) -> bool:
    """Keep a key in the keyring, and say whether it is there."""
    try:
        import keyring  # noqa: PLC0415 - as above
        import keyring.errors  # noqa: PLC0415 - the same
    except ImportError:
        return False
    try:
        keyring.set_password(_SERVICE, ident.hex(), raw.hex())
    except keyring.errors.KeyringError:
        return False
    return _in_keyring(ident) == raw


# ---------------------------------------------------------------- asked for


def _derived(passphrase: str, ident: bytes) -> bytes:
    """Return the key made from a passphrase; 64 digits as in a key file are the key itself."""
    from hashlib import scrypt  # noqa: PLC0415 - only where a passphrase is typed

    raw = _raw(passphrase.strip())
    if raw is not None:
        return raw
    return scrypt(passphrase.encode(), salt=ident, n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=RAW)


def _asked(ident: bytes, store: str) -> bytes | None:
    if not _somebody():
        return None
    from getpass import getpass  # noqa: PLC0415 - only where somebody is asked

    return _derived(getpass(f"Key or passphrase of {store}: "), ident)


def _chosen(ident: bytes, store: str) -> bytes | None:
    if not _somebody():
        return None
    from getpass import getpass  # noqa: PLC0415 - as above

    first = getpass(f"A passphrase for {store}, of 12 characters or more: ")
    if len(first) < IDENT:
        raise StoreError("the passphrase is too short: 12 characters or more; nothing was changed")
    if getpass("The same once more: ") != first:
        raise StoreError("the two passphrases differ: nothing was changed")
    return _derived(first, ident)


def _somebody() -> bool:
    """Say whether somebody is at a terminal and would see the question."""
    return all(one is not None and one.isatty() for one in (sys.stdin, sys.stderr))
