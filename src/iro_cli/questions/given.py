"""Check what a Python program gives as an argument, for :mod:`iro_cli.face` and the tables."""

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path

from iro_cli.errors import UsageError
from iro_cli.lean import Any


def given_text(what: str, given: object) -> str:
    """
    Return a text.

    Args:
        what: The name of the argument.
        given: What was given.

    Raises:
        UsageError: It is no text.

    >>> given_text("event", "cla.review")
    'cla.review'
    """
    if not isinstance(given, str):
        raise UsageError(f"{what}: must be a text, not {type(given).__name__}")
    return given


def given_text_or_none(what: str, given: object) -> str | None:
    """
    Return a text that may be left out.

    Raises:
        UsageError: It is neither a text nor ``None``.
    """
    if given is not None and not isinstance(given, str):
        raise UsageError(f"{what}: must be a text or None, not {type(given).__name__}")
    return given


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
    return _several(what, given, (str,), "text")


def given_path(what: str, given: object) -> str:
    """
    Return a path as a text.

    Raises:
        UsageError: It is no path.
    """
    named = fspath(given) if isinstance(given, str | PathLike) else given
    if not isinstance(named, str):
        raise UsageError(f"{what}: must be a path, not {type(named).__name__}")
    return named


def given_packs(given: object) -> tuple[Path, ...]:
    """
    Return the files of local packs; one path alone is taken for one.

    Raises:
        UsageError: It is neither a path nor several.

    >>> [one.name for one in given_packs("testshire.toml")]
    ['testshire.toml']
    """
    return tuple(Path(fspath(one)) for one in _several("packs", given, (str, PathLike), "path"))


def _several(what: str, given: object, kinds: tuple[type, ...], word: str) -> tuple[Any, ...]:
    if isinstance(given, kinds):
        return (given,)
    if not isinstance(given, Iterable):
        raise UsageError(
            f"{what}: must be a {word} or a list of {word}s, not {type(given).__name__}"
        )
    found = tuple(given)
    for one in found:
        if not isinstance(one, kinds):
            raise UsageError(f"{what}: each must be a {word}, not {type(one).__name__}")
    return found
