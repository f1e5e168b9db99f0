"""What knows of a store only what every store can do is tried on every kind of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stores import on_every_kind

# What is about one kind of it, or about none.
_OF_ONE_KIND = (
    *("test_encryption", "test_files", "test_schema", "test_sqlite_errors"),
    *("test_postgresql", "test_postgresql_errors", "test_postgresql_faults"),
)
# What asks no file and no server, but a store; of others a test says so by `on_a_server_too`.
_ON_A_SERVER_TOO = ("test_undo", "test_reading", "test_redo", "test_fact_rows")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try them on every kind; a fast run takes the plain one."""
    module = metafunc.module.__name__.rpartition(".")[2]
    if module not in _OF_ONE_KIND:
        marked = metafunc.definition.get_closest_marker("on_a_server_too") is not None
        on_every_kind(metafunc, *["postgresql"] * (marked or module in _ON_A_SERVER_TOO))


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Have the kind before the store."""


@pytest.fixture
def named(kind_of_store: str, request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return what names the store of a path to another program: the path, or a server's URL."""
    if kind_of_store != "postgresql":
        return str
    address_of: Callable[[Path], str] = request.getfixturevalue("address_of")
    return address_of
