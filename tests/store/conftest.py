"""What knows of a store only what every store can do is tried on an encrypted one too."""

import pytest

import stores
from running import first_fast

_OF_EVERY_KIND = ("test_undo", "test_reading")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try them on both kinds; a fast run takes the plain one."""
    if metafunc.module.__name__.rpartition(".")[2] in _OF_EVERY_KIND:
        metafunc.fixturenames.append("kind_of_store")
        metafunc.parametrize("kind_of_store", first_fast("plain", "encrypted"), indirect=True)


@pytest.fixture
def kind_of_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stores that a test makes be encrypted."""
    if request.param == "encrypted":
        pytest.importorskip("sqlcipher3", reason="NOT TESTED: `encryption` is not installed")
        from iro_cli.store.encrypted import EncryptedStore

        monkeypatch.setattr(
            stores, "store_at", lambda path: EncryptedStore(path, bytes(12), bytes(32))
        )
