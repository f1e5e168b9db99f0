"""
Read and write the configuration: an optional TOML file in the platform's folder.

The command line overrides the environment, and the environment overrides the file.  The daily
check reads the file too, so a file as ``iro config set`` writes it is read line by line, and
only other TOML is given to the slower library.
"""

from __future__ import annotations  # the daily check starts with this: nothing is worked out

import os

from iro_cli.errors import UsageError
from iro_cli.folders import folder_for

# What each key says, and where else it can be said.
KEYS = {
    "database": "The store; --database, IRO_DATABASE.",
    "nation": "Whose law applies; --nation, IRO_NATION.",
    "packs": "Local rule packs, by file or by the name of one that ships; --pack, IRO_PACKS.",
    "me": "Who `me` is, as in `--iro me` and `iro due me`.",
    "within": "How far ahead `iro due` looks; --within.",
    "format": "The form of listings; --format.",
}
# The key that has several values.
_LIST = "packs"
VARIABLES = {"database": "IRO_DATABASE", "nation": "IRO_NATION", "packs": "IRO_PACKS"}

Configuration = dict[str, str | tuple[str, ...]]


def place() -> str:
    """Return the path of the file, in the platform's folder for configuration by default."""
    said = os.environ.get("IRO_CONFIG")
    if said:
        return os.path.expanduser(said)  # noqa: PTH111 - pathlib takes longer
    return os.path.join(folder_for("config"), "config.toml")  # noqa: PTH118 - the same


def configured() -> Configuration:
    """
    Return the content of the file; empty if there is none.

    Raises:
        UsageError: It cannot be read, or has a mistake.
    """
    path = place()
    try:
        with open(path, encoding="utf-8-sig") as file:  # noqa: PTH123 - the same
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"the configuration {path} cannot be read ({why})") from None
    found = _by_line(text)
    return _checked(_by_library(text, path) if found is None else found, path)


def _by_line(text: str) -> dict[str, object] | None:
    """Read keys with plain strings, or lists of them on one line; ``None`` for anything else."""
    found: dict[str, object] = {}
    for line in text.splitlines():
        said = line.strip()
        if not said or said[0] == "#":
            continue
        key, equals, value = said.partition("=")
        key, value = key.strip(), value.strip()
        if not equals or not (key.isascii() and key.isalpha()) or key in found:
            return None
        if value[:1] == "[" and value[-1:] == "]":
            inside = value[1:-1].strip()
            several = [_plain(one.strip()) for one in inside.split(",")] if inside else []
            if None in several:
                return None
            found[key] = several
        else:
            one = _plain(value)
            if one is None:
                return None
            found[key] = one
    return found


def _plain(value: str) -> str | None:
    """Return the content of a string in quotes; ``None`` if it needs more than removing them."""
    inside = value[1:-1]
    whole = len(value) > 1 and value[0] == value[-1] == '"'
    return inside if whole and inside.isprintable() and not {*'"\\'} & {*inside} else None


def _by_library(text: str, path: str) -> dict[str, object]:
    import tomllib  # noqa: PLC0415 - a file as the program writes it does without

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"the configuration {path} is not TOML ({error}): correct it, or delete it"
        ) from None


def _checked(found: dict[str, object], path: str) -> Configuration:
    """
    Refuse an unknown key, because a mistyped one would count as not set.

    Raises:
        UsageError: There is no such key, or its value has the wrong type.
    """
    checked: Configuration = {}
    for key, value in found.items():
        if key not in KEYS:
            from iro_cli.law.catalogue import nearest  # noqa: PLC0415 - only when mistyped

            raise UsageError(
                f"the configuration {path}: there is no key {key!r}{nearest(key, KEYS)}; they "
                f"are: {', '.join(KEYS)}"
            )
        several = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if key == _LIST and several:
            checked[key] = tuple(value)  # type: ignore[arg-type]
        elif key != _LIST and isinstance(value, str):
            checked[key] = value
        else:
            wanted = 'a list, such as ["sefton"]' if key == _LIST else "a text in quotes"
            raise UsageError(f"the configuration {path}: {key} must be {wanted}")
    return checked


def named(key: str, found: Configuration | None = None) -> str | None:
    """
    Return the value of a key from the environment, or else from the file.

    Args:
        key: A key that has one value.
        found: The content of the file, if it was read already.
    """
    said = os.environ.get(VARIABLES[key]) if key in VARIABLES else None
    value = said or (configured() if found is None else found).get(key)
    return value if isinstance(value, str) and value else None


def me() -> str:
    """
    Return the name that is configured as ``me``.

    Raises:
        UsageError: None is configured.
    """
    name = named("me")
    if name is None:
        raise UsageError(
            "me: nobody is configured as `me`: `iro config set me NAME`, with the name as "
            "children are allocated to it"
        )
    return name
