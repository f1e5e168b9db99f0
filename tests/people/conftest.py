"""Running `iro` on a small authority whose days are known."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli.__main__ import run


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, on Mon 23 Nov 2026."""
    for name in ("IRO_NATION", "IRO_PACKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def iro(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return what runs a command in this process."""

    def call(*words: str) -> Answer:
        capsys.readouterr()
        code = run(list(words))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def authority(iro: Callable[..., Answer], place: Path) -> Path:
    """
    Return the store of four looked-after children and one on a plan.

    Finch and Wren are siblings; Ada has them and Moss, Ben has Fern. Reed's
    chair is Dev.
    """
    for words in (
        (
            "child",
            "add",
            "Finch",
            "--team",
            "North",
            "--sibling-group",
            "S1",
            "--iro",
            "Ada Okafor",
        ),
        ("child", "add", "Wren", "--team", "North", "--sibling-group", "S1", "--iro", "Ada Okafor"),
        ("child", "add", "Moss", "--team", "South", "--iro", "Ada Okafor"),
        ("child", "add", "Fern", "--team", "South", "--iro", "Ben Rees"),
        ("child", "add", "Reed", "--team", "South", "--chair", "Dev Raman"),
        ("record", "cla.start", "Finch", "Wren", "Moss", "Fern", "--on", "2026-11-02"),
        ("record", "cp.strategy", "Reed", "--on", "2026-11-16"),
    ):
        assert iro(*words).code == 0
    return place / "iro.db"
