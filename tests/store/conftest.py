"""What knows of a store only what every store can do is tried on every kind of it."""

import pytest

import stores
from running import first_fast

_OF_EVERY_KIND = ("test_undo", "test_reading", "test_redo")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try them on every kind; a fast run takes the plain one."""
    if metafunc.module.__name__.rpartition(".")[2] in _OF_EVERY_KIND:
        metafunc.fixturenames.append("kind_of_store")
        kinds = first_fast("plain", "encrypted", "postgresql")
        metafunc.parametrize("kind_of_store", kinds, indirect=True)


@pytest.fixture
def kind_of_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stores that a test makes be encrypted, or on a server."""
    if request.param == "encrypted":
        pytest.importorskip("sqlcipher3", reason="NOT TESTED: `encryption` is not installed")
        from iro_cli.store.encrypted import EncryptedStore

        monkeypatch.setattr(
            stores, "store_at", lambda path: EncryptedStore(path, bytes(12), bytes(32))
        )
    if request.param == "postgresql":
        address_of = request.getfixturevalue("address_of")
        from iro_cli.store.postgresql import from_url

        monkeypatch.setattr(stores, "store_at", lambda path: from_url(address_of(path)))
