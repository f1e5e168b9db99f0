"""Refuse to overwrite stores and their copies, keys and packs, recognised by their content."""

import os
import re
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.files import UTF_16
from iro_cli.store.sqlite import LOGS

# How many bytes of a file are enough to see what it is.
_LOOKED_AT = 1 << 16
_STORES = (b"SQLite format 3\0", b"IROE")
# The first bytes of binary results: workbooks and documents, Parquet, PDF, pictures.
_WRITTEN = (b"PK\x03\x04", b"PAR1", b"%PDF", b"\x89PNG")
_KEY = re.compile(rb"\s*(?:x')?[0-9A-Fa-f]{64,}'?\s*")
# In a file of keys, as IRO_KEY_FILE names it, the name of each key stands before it.
_NAMED_KEY = re.compile(rb"\s*[0-9A-Fa-f]+[ \t]+[0-9A-Fa-f]{64,}\s")
_PACK = re.compile(rb"(?m)^nation *= *[\"'].*(?:\n.*)*^(?:\[\[|turn_on *=)")
_KEYS = ("IRO_PSEUDONYM_KEY", "IRO_KEY_FILE")


def refuse_precious(path: Path) -> None:
    """
    Refuse to overwrite a file that is not a result, because somebody would lose it.

    Args:
        path: The file to be written.

    Raises:
        InputRefusedError: It is a store or a copy of one, encrypted or not, a key or a pack.
    """
    what = _named_like(path) or _held_by(path)
    if what:
        raise InputRefusedError(
            f"{path} is {what}, and is never written over: name another file to write"
        )


def _named_like(path: Path) -> str | None:
    """Say what a file is, judged by its name; ``None`` if the name says nothing."""
    for log in LOGS:
        if path.name.casefold().endswith(log):
            return f"named like the file {log} that SQLite keeps beside a store"
    for variable in _KEYS:
        named = os.environ.get(variable)
        if named and Path(named).expanduser().absolute() == path.absolute():
            return f"the key that {variable} names"
    return None


def _held_by(path: Path) -> str | None:
    """Say what a file is, judged by its content; ``None`` if it may be overwritten."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError:  # the error when it is written will say why
        return None
    if head.startswith(_STORES):
        return "a store, or a backup of one"
    if b"\0" in head and not head.startswith((*_WRITTEN, *UTF_16)):
        return "not a result that this program wrote, and may be an encrypted store"
    if (len(head) < 4096 and _KEY.fullmatch(head)) or _NAMED_KEY.match(head):
        return "a key"
    if path.suffix.casefold() == ".toml" or _PACK.search(head):
        return "a rule pack, a mapping or a configuration"
    return None
