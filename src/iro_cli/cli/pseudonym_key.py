"""Make the key of the pseudonyms once, and keep it in the user's folder, readable only for them."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from iro_cli.cli.values import path_of
from iro_cli.errors import InputRefusedError
from iro_cli.files import read_within
from iro_cli.folders import make_private
from iro_cli.store import opening
from iro_cli.store.places import put_new

_VARIABLE = "IRO_PSEUDONYM_KEY"
_BYTES = 32
_LARGEST = 4096


def default_place() -> Path:
    """Return the default file of the key, beside the default store."""
    return Path(opening.default_path()).with_name("pseudonym.key")


def _make(path: Path) -> None:
    """Make a key; if another process makes one at the same time, the first one counts."""
    make_private(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
            file.flush()
            os.fsync(handle)
        with suppress(FileExistsError):
            put_new(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_key() -> bytes:
    """
    Return the key; the first time, it is made.

    A file that the environment names is never made.  With a mistyped name, a new key would
    silently give other pseudonyms than last month.

    Raises:
        UsageError: The file is named in the folder of a user who does not exist.
        InputRefusedError: The named file is missing, cannot be read, or is not a key.
    """
    named = os.environ.get(_VARIABLE)
    path = path_of(named) if named else default_place()
    try:
        if not named and not path.exists():
            _make(path)
        text = read_within(path, _LARGEST).decode("ascii").strip()
    except FileNotFoundError:
        raise InputRefusedError(
            f"{_VARIABLE}: there is no file {path}: copy the key there, or unset the variable, "
            "and a key is made and kept"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise InputRefusedError(f"the pseudonym key {path} cannot be read ({why})") from None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < _BYTES:
        raise InputRefusedError(
            f"{path} is not a pseudonym key: that is one line of at least {_BYTES * 2} digits 0 to "
            "9 and a to f"
        )
    return key
