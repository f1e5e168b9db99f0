"""Check whether the history is what was stored, asked of the store directly."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from iro_cli.errors import StoreError, UsageError
from iro_cli.facts.model import Child
from iro_cli.questions.chain import broken, verified
from iro_cli.store.kinds import CHILD_DETAIL
from stores import changing, store_at


@pytest.fixture
def store(home: Path) -> Path:
    """Return a store of two changes."""
    path = home / "iro.db"
    for child, at in (("Wren", "2026-11-02T09:00:00Z"), ("Moss", "2026-11-03T10:00:00Z")):
        with changing(path, at=at) as change:
            change.add(CHILD_DETAIL, [Child(child)])
    return path


def altered(path: Path) -> None:
    """Write another child's label into a store, behind the program's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DROP TRIGGER child_detail_fixed")
        database.execute("UPDATE child_detail SET label = 'M' WHERE child_id = 'Moss'")


def test_a_chain_that_fits_says_its_head_and_how_much_came_since(store: Path) -> None:
    """The first change's digest is an earlier one; 16 letters of it are enough."""
    with store_at(store).reading() as reader:
        whole = verified(reader)
        first = reader.chain().digests[1]
        since = [
            verified(reader, one).since for one in (whole.head, first, f" {first[:16].upper()}")
        ]

    assert (whole.changes, whole.last, whole.since) == (2, "2026-11-03T10:00:00Z", None)
    assert since == [0, 1, 1]
    with store_at(store).reading() as reader:
        assert broken(reader) == []


@pytest.mark.parametrize("expect", ["", "abc", "g" * 16, "0" * 15])
def test_what_is_no_digest_is_refused(store: Path, expect: str) -> None:
    """It is refused before the chain is read."""
    with store_at(store).reading() as reader, pytest.raises(UsageError, match="a digest as"):
        verified(reader, expect)


def test_another_history_is_not_the_one_that_was_written_down(store: Path) -> None:
    """The history itself fits, but does not have that digest."""
    with (
        store_at(store).reading() as reader,
        pytest.raises(StoreError, match="has the digest 0000"),
    ):
        verified(reader, "0" * 16)


def test_what_was_altered_is_found_with_what_to_do(store: Path) -> None:
    """The second change has Moss, so it is the first that does not fit."""
    altered(store)
    with store_at(store).reading(checked=False) as reader:
        found = broken(reader)
        with pytest.raises(StoreError, match="does not fit"):
            verified(reader)

    assert any("change 2" in problem for problem, _ in found)
    assert all("iro restore" in remedy for _, remedy in found)


def test_a_chain_that_cannot_be_read_is_a_finding(store: Path) -> None:
    """It is a finding and not an error."""
    with closing(sqlite3.connect(store, isolation_level=None)) as database:
        database.execute("DROP TABLE child_detail")
    with store_at(store).reading(checked=False) as reader:
        ((problem, _),) = broken(reader)

    assert "cannot be gone through" in problem
