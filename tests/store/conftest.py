"""What knows of a store only what every store can do is tried on every kind of it."""

import pytest

from stores import on_every_kind

# What is about one kind of it, or about none.
_OF_ONE_KIND = (
    *("test_encryption", "test_files", "test_schema", "test_sqlite_errors"),
    *("test_postgresql", "test_postgresql_errors", "test_postgresql_faults"),
)
_ON_A_SERVER_TOO = ("test_undo", "test_reading", "test_redo")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try them on every kind; a fast run takes the plain one."""
    module = metafunc.module.__name__.rpartition(".")[2]
    if module not in _OF_ONE_KIND:
        on_every_kind(metafunc, *["postgresql"] * (module in _ON_A_SERVER_TOO))


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Have the kind before the store."""
