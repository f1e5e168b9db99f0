"""Running `iro` on one child whose days were counted by hand, on Tue 10 Nov 2026."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iro_cli.__main__ import run


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of a listing in JSON."""
        found: list[dict[str, Any]] = json.loads(self.out)["rows"]
        return found

    def line(self, start: str) -> list[str]:
        """Return the words of the first line that starts so, wide gaps between columns left out."""
        return next(
            line.split() for line in self.out.splitlines() if line.strip().startswith(start)
        )


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own."""
    for name in ("IRO_NATION", "IRO_PACKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-10")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def iro(capsys: pytest.CaptureFixture[str]) -> Callable[[str], Answer]:
    """Return what runs a command line in this process."""
    import shlex  # noqa: PLC0415 - only here

    def call(line: str) -> Answer:
        capsys.readouterr()
        code = run(shlex.split(line))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def robin(iro: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Return what runs a command where Robin, born 1 Feb 2015, is looked after since 12 Oct."""
    assert iro("child add Robin --date-of-birth 2015-02-01 --iro 'Ada Wren'").code == 0
    assert iro("record cla.start Robin --on 2026-10-12").code == 0
    return iro
