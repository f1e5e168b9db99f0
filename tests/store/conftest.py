"""Tests of what every store can do run on every kind of store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stores import on_every_kind

# Tests about one kind of store, or about none.
_OF_ONE_KIND = (
    *("test_encryption", "test_files", "test_schema", "test_sqlite_errors"),
    *("test_postgresql", "test_postgresql_errors", "test_postgresql_faults"),
)
# Tests that ask only a store, and no file or server; other tests use `on_a_server_too`.
_ON_A_SERVER_TOO = ("test_undo", "test_reading", "test_redo", "test_fact_rows")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run such tests on every kind; a fast run takes only the plain one."""
    module = metafunc.module.__name__.rpartition(".")[2]
    if module not in _OF_ONE_KIND:
        marked = metafunc.definition.get_closest_marker("on_a_server_too") is not None
        on_every_kind(metafunc, *["postgresql"] * (marked or module in _ON_A_SERVER_TOO))


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Set the kind of store before the store is made."""


@pytest.fixture
def named(kind_of_store: str, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that names the store of a path to another program: a path or a URL."""
    if kind_of_store != "postgresql":
        return str
    address_of: Callable[[Path], str] = request.getfixturevalue("address_of")
    return address_of
