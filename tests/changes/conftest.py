"""What changes a store is tried on every kind of it."""

import pytest

from stores import on_every_kind

_ON_A_SERVER_TOO = ("test_importing", "test_snapshots")
# What is about the file itself.
_OF_A_FILE = ("test_what_is_no_store_is_left_alone",)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try it on every kind, if there is a store in it; a fast run takes the plain one."""
    if "tmp_path" in metafunc.fixturenames:
        module = metafunc.module.__name__.rpartition(".")[2]
        too = module in _ON_A_SERVER_TOO and metafunc.function.__name__ not in _OF_A_FILE
        on_every_kind(metafunc, *["postgresql"] * too)


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Have the kind before the store."""
