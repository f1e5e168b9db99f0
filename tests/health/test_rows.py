"""A test over many rows names the rows that fail."""

from collections.abc import Callable

import pytest

from running import each


def test_what_fails_names_its_rows() -> None:
    """Every row is tried, and each failure has its reason."""
    tried = []

    @each("left, right", [(1, 1), (2, 3), (4, 4), (5, 6)], name=lambda row: f"{row[0]}-{row[1]}")
    def equal(left: int, right: int, besides: str) -> None:
        tried.append((left, besides))
        assert left == right

    with pytest.raises(ExceptionGroup, match="2 of 4 rows fail: row: 2-3; row: 5-6") as caught:
        equal(besides="x")

    assert tried == [(1, "x"), (2, "x"), (4, "x"), (5, "x")]
    assert [error.__notes__ for error in caught.value.exceptions] == [["row: 2-3"], ["row: 5-6"]]


def test_no_rows_are_no_test() -> None:
    """An empty table fails, because it would test nothing."""
    with pytest.raises(AssertionError, match="no rows of row"):
        each("row", [])


@pytest.mark.parametrize("leave", [pytest.skip, pytest.xfail])
def test_a_row_may_not_be_left_out_by_itself(leave: Callable[[str], None]) -> None:
    """A skip would leave out the rows after it too."""
    tried = []

    @each("row", ["a", "b"])
    def leaves(row: str) -> None:
        tried.append(row)
        if row == "a":
            leave(row)

    with pytest.raises(ExceptionGroup, match="1 of 2 rows fail: row: a") as caught:
        leaves()

    assert tried == ["a", "b"]
    assert str(caught.value.exceptions[0]) == "leave it out of the rows"


def test_a_row_that_fails_by_its_own_word_is_told_with_the_others() -> None:
    """`pytest.fail`, which `pytest.raises` uses, is no `Exception`, and is caught too."""
    tried = []

    @each("row", ["a", "b", "c"])
    def fails(row: str) -> None:
        tried.append(row)
        if row == "a":
            pytest.fail("by its own word")
        if row == "b":
            with pytest.raises(ValueError, match="never"):
                pass

    with pytest.raises(ExceptionGroup, match="2 of 3 rows fail: row: a; row: b") as caught:
        fails()

    assert tried == ["a", "b", "c"]
    assert str(caught.value.exceptions[0]) == "by its own word"
