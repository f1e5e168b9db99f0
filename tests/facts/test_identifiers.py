"""Identifiers that may be two spellings of one child's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.facts.identifiers import look_alikes
from running import each
from strategies import letters


@each("other", ["9001.0", "09001", "9001.00", "90 01", " 9001", "00 9001.0"], name=repr)
def test_ways_of_writing_one_number_are_alike(other: str) -> None:
    """Leading zeros, spaces, and a point with zeros do not matter."""
    assert look_alikes(["9001", "8001", other]) == [["9001", other]]


@pytest.mark.parametrize("other", ["ts-0101", "TS-0101.", "TS - 0101", "0TS-0101"])
def test_case_and_blanks_make_no_difference(other: str) -> None:
    """A full stop does: only a number loses a point and zeros."""
    alike = look_alikes(["TS-0101"], among=[other])

    assert alike == ([] if other.endswith(".") else [["TS-0101", other]])


@pytest.mark.parametrize("other", ["9001.5", "90010", "9001A", "9002"])
def test_others_are_not_alike(other: str) -> None:
    """They are ids of other children."""
    assert look_alikes(["9001", other]) == []


def test_ids_that_are_known_are_not_compared_with_each_other() -> None:
    """A warning was given when they came."""
    assert look_alikes(["7"], among=["9001", "09001"]) == []


@given(st.lists(st.text(letters, max_size=6), unique=True, max_size=8))
def test_a_group_has_each_id_once(child_ids: list[str]) -> None:
    """No id is in two groups."""
    found = [one for group in look_alikes(child_ids, child_ids) for one in group]

    assert sorted(found) == sorted(set(found))
    assert set(found) <= set(child_ids)
