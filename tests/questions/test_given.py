"""One text or one path that a Python program gives is taken for one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iro_cli.errors import UsageError
from iro_cli.questions.given import given_packs, given_texts
from running import each


def test_a_single_value_is_read_as_a_list_of_one() -> None:
    """A text is not read letter by letter."""
    assert given_texts("words", "kestrel") == ("kestrel",)
    assert given_texts("words", ["kestrel", "north"]) == ("kestrel", "north")
    assert given_packs("testshire.toml") == (Path("testshire.toml"),)
    assert given_packs([Path("a.toml"), "b.toml"]) == (Path("a.toml"), Path("b.toml"))
    assert (given_texts("words", ()), given_packs(())) == ((), ())


def _words(given: object) -> object:
    return given_texts("words", given)


@each(
    "read, wrong, says",
    [
        (_words, 7, "words: must be a text or a list of texts, not int"),
        (_words, ["a", 7], "words: each must be a text, not int"),
        (given_packs, None, "packs: must be a path or a list of paths, not NoneType"),
        (given_packs, [3], "packs: each must be a path, not int"),
    ],
    name=lambda row: row[2],
)
def test_what_is_neither_is_refused(
    read: Callable[[object], object], wrong: object, says: str
) -> None:
    """The message names the argument and what it is."""
    with pytest.raises(UsageError) as refused:
        read(wrong)

    assert str(refused.value) == says
