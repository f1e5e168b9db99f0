"""What a Python program gives: a text or a path, or several; one alone is taken for one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iro_cli.errors import UsageError
from iro_cli.questions.given import (
    given_packs,
    given_path,
    given_text,
    given_text_or_none,
    given_texts,
)
from running import each


def test_a_single_value_is_read_as_a_list_of_one() -> None:
    """A text is not read letter by letter."""
    assert given_texts("words", "kestrel") == ("kestrel",)
    assert given_texts("words", ["kestrel", "north"]) == ("kestrel", "north")
    assert given_packs("testshire.toml") == (Path("testshire.toml"),)
    assert given_packs([Path("a.toml"), "b.toml"]) == (Path("a.toml"), Path("b.toml"))
    assert (given_texts("words", ()), given_packs(())) == ((), ())


def test_one_alone() -> None:
    """A text and a path are returned as text, and what is left out as it is."""
    assert given_text("within", "28d") == "28d"
    assert (given_text_or_none("iro", None), given_text_or_none("iro", "Ann")) == (None, "Ann")
    assert given_path("path", Path("iro.db")) == given_path("path", "iro.db") == "iro.db"


def _words(given: object) -> object:
    return given_texts("words", given)


def _within(given: object) -> object:
    return given_text("within", given)


def _iro(given: object) -> object:
    return given_text_or_none("iro", given)


def _path(given: object) -> object:
    return given_path("path", given)


@each(
    "read, wrong, says",
    [
        (_words, 7, "words: must be a text or a list of texts, not int"),
        (_words, ["a", 7], "words: each must be a text, not int"),
        (given_packs, None, "packs: must be a path or a list of paths, not NoneType"),
        (given_packs, [3], "packs: each must be a path, not int"),
        (_within, 28, "within: must be a text, not int"),
        (_within, None, "within: must be a text, not NoneType"),
        (_iro, 5, "iro: must be a text or None, not int"),
        (_path, 5, "path: must be a path, not int"),
        (_path, b"iro.db", "path: must be a path, not bytes"),
    ],
    name=lambda row: row[2],
)
def test_what_is_of_another_type_is_refused(
    read: Callable[[object], object], wrong: object, says: str
) -> None:
    """The message names the argument and what it is."""
    with pytest.raises(UsageError) as refused:
        read(wrong)

    assert str(refused.value) == says
