"""A test over many rows tells which of them fail."""

import pytest

from running import each


def test_what_fails_names_its_rows() -> None:
    """Every row is tried, and each that fails is told with its reason."""
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
    """A table that came out empty would pass without a look."""
    with pytest.raises(AssertionError, match="no rows of row"):
        each("row", [])


def test_a_row_may_not_be_skipped() -> None:
    """It would take those after it along: what is not to be tried is not in the table."""

    @each("row", ["a", "b"])
    def skips(row: str) -> None:
        pytest.skip(row)

    with pytest.raises(AssertionError, match="leave a out of the rows"):
        skips()
