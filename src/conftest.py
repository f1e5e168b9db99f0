"""The store that the examples in docstrings ask: the fictional authority of ``iro demo``."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def testshire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the store, made once."""
    from iro_cli.__main__ import run  # noqa: PLC0415 - not where no example is collected

    path = tmp_path_factory.mktemp("testshire") / "testshire.db"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(["--database", str(path), "demo"])
    return path


@pytest.fixture(autouse=True)
def _beside_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run an example of the face in a folder that holds a copy called ``testshire.db``."""
    if request.node.name.startswith("iro_cli.face"):
        shutil.copy(request.getfixturevalue("testshire"), tmp_path / "testshire.db")
        monkeypatch.chdir(tmp_path)
