"""Run the tests of changes on every kind of store."""

import pytest

from stores import on_every_kind

_ON_A_SERVER_TOO = ("test_importing", "test_snapshots")
# Tests about the file itself.
_OF_A_FILE = ("test_what_is_no_store_is_left_alone",)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with a store on every kind of store; a fast run takes only the plain one."""
    if "tmp_path" in metafunc.fixturenames:
        module = metafunc.module.__name__.rpartition(".")[2]
        too = module in _ON_A_SERVER_TOO and metafunc.function.__name__ not in _OF_A_FILE
        on_every_kind(metafunc, *["postgresql"] * too)


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Set the kind of store before the store is made."""
