"""Every error of the program has a minimal case, with its exact words and exit code."""

import shlex
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from iro_cli.__main__ import run
from running import each

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.toml"))
EXITS = {"usage": 2, "refused": 3, "file": 3, "pack": 4, "store": 5}


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _words(command: str) -> list[str]:
    program, *words = shlex.split(command)
    assert program == "iro"
    return words


def _snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file; of a store its content and not its pages."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture(autouse=True)
def _alone(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IRO_AS_OF", "IRO_NATION", "IRO_PACKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IRO_DATABASE", "store.db")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@cache
def _begun(before: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files that commands leave, with which several cases begin."""
    if not before:
        return {}
    *earlier, last = before
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, content in _begun(tuple(earlier)).items():
            Path(name).write_bytes(content)
        assert run(_words(last)) == 0
        return _snapshot(Path(folder))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_error_says_what_why_and_what_to_do(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words are exact, standard output is empty, and nothing is stored."""
    case = _load(path)
    for name, content in _begun(tuple(case.get("before", []))).items():
        (tmp_path / name).write_bytes(content)
    for name, text in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    for name, digits in case.get("bytes", {}).items():
        (tmp_path / name).write_bytes(bytes.fromhex(digits))
    before = _snapshot(tmp_path)
    capsys.readouterr()
    code = run(_words(case["run"]))
    said = capsys.readouterr()

    assert (code, said.out, said.err) == (case["exit"], "", case["says"])
    assert before == _snapshot(tmp_path)


@each("path", CASES, name=lambda path: path.stem)
def test_a_case_is_in_the_family_its_name_says(path: Path) -> None:
    """The file's name begins with the family, and the family has one exit code."""
    family = path.stem.partition("-")[0]

    assert _load(path)["exit"] == EXITS[family]
