"""Check what a Python program gives as an argument, for :mod:`iro_cli.face` and the tables."""

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path

from iro_cli.errors import UsageError


def given_texts(what: str, given: object) -> tuple[str, ...]:
    """
    Return texts; one text alone is taken for one, and not for its letters.

    Args:
        what: The name of the argument.
        given: What was given.

    Raises:
        UsageError: It is neither a text nor several.

    >>> given_texts("words", "kestrel")
    ('kestrel',)
    """
    every = (given,) if isinstance(given, str) else given
    if not isinstance(every, Iterable):
        raise UsageError(f"{what}: must be a text or a list of texts, not {type(given).__name__}")
    found = []
    for one in every:
        if not isinstance(one, str):
            raise UsageError(f"{what}: each must be a text, not {type(one).__name__}")
        found.append(one)
    return tuple(found)


def given_packs(given: object) -> tuple[Path, ...]:
    """
    Return the files of local packs; one path alone is taken for one.

    Raises:
        UsageError: It is neither a path nor several.

    >>> [one.name for one in given_packs("testshire.toml")]
    ['testshire.toml']
    """
    every = (given,) if isinstance(given, (str, PathLike)) else given
    if not isinstance(every, Iterable):
        raise UsageError(f"packs: must be a path or a list of paths, not {type(given).__name__}")
    found = []
    for one in every:
        if not isinstance(one, (str, PathLike)):
            raise UsageError(f"packs: each must be a path, not {type(one).__name__}")
        found.append(Path(fspath(one)))
    return tuple(found)
