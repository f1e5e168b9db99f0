"""A function with more than 20 ways through it says why it stays whole."""

import complexity
import pytest

BRANCHES = "".join(f"    if n == {n}:\n        return {n}\n" for n in range(21))
LONG = f"def spell(n):\n{BRANCHES}    return n\n"


@pytest.mark.slow
def test_every_long_function_gives_its_reason() -> None:
    """There is none in the program that could be split and was not."""
    found = complexity.problems()

    assert found == []


def test_a_long_function_without_a_reason_is_named() -> None:
    """With its line and how many ways there are through it."""
    found = list(complexity.unreasoned(f"DAYS = 7\n\n\n{LONG}"))

    assert found == ["4: spell has a complexity of 22"]


@pytest.mark.parametrize(
    "above",
    [
        "# Whole because each number has a word of its own.\n",
        "# Whole because each number has a word of its own,\n# and no two of them rhyme.\n",
        "# Whole because each number has a word of its own.\n@cache\n",
    ],
)
def test_a_reason_stands_above_the_function(above: str) -> None:
    """In a comment of any length, above what decorates it."""
    found = list(complexity.unreasoned(above + LONG))

    assert found == []


def test_another_comment_is_no_reason() -> None:
    """Only one that says why the function stays whole."""
    found = list(complexity.unreasoned(f"# Whole numbers only.\n{LONG}"))

    assert found == ["2: spell has a complexity of 22"]
