"""What changes a store is tried on an encrypted one too."""

import pytest

from stores import on_every_kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try it on both kinds, if there is a store in it; a fast run takes the plain one."""
    if "tmp_path" in metafunc.fixturenames:
        on_every_kind(metafunc)


@pytest.fixture(autouse=True)
def _kind(kind_of_store: str) -> None:
    """Have the kind before the store."""
