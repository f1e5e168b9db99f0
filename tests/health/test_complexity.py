"""A function with more than 20 ways through it says why it is not split."""

import complexity
import pytest

BRANCHES = "".join(f"    if n == {n}:\n        return {n}\n" for n in range(21))
LONG = f"def spell(n):\n{BRANCHES}    return n\n"


@pytest.mark.slow
def test_every_long_function_gives_its_reason() -> None:
    """Each such function of the program has its reason."""
    found = complexity.problems()

    assert found == []


def test_a_long_function_without_a_reason_is_named() -> None:
    """The message has its line and the number of ways through it."""
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
    """The reason is in a comment of any length, above the decorators."""
    found = list(complexity.unreasoned(above + LONG))

    assert found == []


def test_another_comment_is_no_reason() -> None:
    """Only a comment that says why the function stays whole counts."""
    found = list(complexity.unreasoned(f"# Whole numbers only.\n{LONG}"))

    assert found == ["2: spell has a complexity of 22"]
