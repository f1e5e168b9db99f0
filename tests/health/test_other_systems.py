"""The program works from an archive, and on systems that have less than Linux."""

import ast
import getpass
import os
import shutil
import subprocess
import sys
import zipapp
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipimport import zipimporter

import pytest

import iro_cli
from iro_cli import clock, shipped
from iro_cli.folders import make_private
from iro_cli.store.places import put_new
from running import Answer

SOURCE = Path(iro_cli.__file__).parent
EXAMPLES = Path(__file__).parents[2] / "examples"
# Modules of the standard library that only some systems have.
UNIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}

Run = Callable[..., Answer]


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package in a zip archive that Python runs, with everything that a wheel has."""
    folder = tmp_path_factory.mktemp("archive")
    package = folder / "iro" / "iro_cli"
    shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("authority", "packs"):
        shutil.copytree(EXAMPLES / name, package / name, dirs_exist_ok=True)
    zipapp.create_archive(folder / "iro", folder / "iro.pyz", main="iro_cli.__main__:main")
    shutil.rmtree(folder / "iro")
    return folder / "iro.pyz"


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put the package into a small archive, and return its place."""
    folder = tmp_path / "small" / "iro_cli"
    (folder / "packs").mkdir(parents=True)
    (folder / "packs" / "one.toml").write_bytes(b"name = '\xc3\xa9'\r\n")
    shutil.make_archive(str(tmp_path / "small"), "zip", folder.parent)
    monkeypatch.setattr(shipped, "FOLDER", f"{tmp_path}/small.zip/iro_cli")
    monkeypatch.setattr(shipped, "_LOADER", zipimporter(str(tmp_path / "small.zip")))
    return shipped.FOLDER


def test_a_file_in_an_archive_is_read(packed: str) -> None:
    """Line ends are those of Unix, as in a folder."""
    there, missing = f"{packed}/packs/one.toml", f"{packed}/packs/two.toml"

    assert shipped.text(there) == "name = 'é'\n"
    assert (shipped.exists(there), shipped.exists(missing)) == (True, False)
    with pytest.raises(OSError, match=r".*"):
        shipped.text(missing)


def test_a_local_file_is_not_looked_for_in_the_archive(packed: str, tmp_path: Path) -> None:
    """A file that is named by a path is that file, or is missing."""
    local = tmp_path / "local.toml"

    assert shipped.in_archive(f"{packed}/packs/one.toml")
    assert not shipped.in_archive(local)
    assert not shipped.exists(str(local))
    assert shipped.names(tmp_path / "nothing") == []


def test_nothing_is_found_by_the_file_of_a_module() -> None:
    """An archive has no such file, so shipped files are read through the loader."""
    found = [
        path.name
        for path in sorted(SOURCE.rglob("*.py"))
        if "__file__" in path.read_text("utf-8") and not path.name.startswith("test_")
    ]

    assert found == []


@pytest.mark.slow
def test_nothing_is_imported_that_only_unix_has() -> None:
    """Such an import would fail on Windows and in browsers."""
    found = [
        f"{path.name}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module]
        )
        if name in UNIX
    ]

    assert found == []


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the functions for links, which a browser does not have."""
    for name in ("link", "symlink", "getuid", "geteuid", "fork", "mkfifo"):
        monkeypatch.delattr(os, name, raising=False)
    for name in UNIX:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("without_links")
def test_a_store_is_made_and_copied_without_links(home: Path, iro: Run) -> None:
    """The store, a copy of it and the key of the pseudonyms get their names."""
    store, copy = str(home / "iro.db"), str(home / "copy.db")
    on = ("--database", store)
    done = [
        iro("init", store),
        iro("child", "add", "A-1", *on),
        iro("record", "cla.start", "A-1", "--on", "2026-11-02", *on),
        iro("backup", copy, *on),
        iro("restore", copy, *on),
        iro("due", "--as-of", "2026-11-03", "-f", "csv", "--pseudonymise", *on),
    ]

    assert [one.code for one in done] == [0] * 6, [one.err for one in done]
    assert "2026-11-30" in done[-1].out


@pytest.mark.parametrize("why", ["no such function", "a drive without links"])
def test_a_name_that_is_taken_is_not_overwritten(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without links the part is renamed, but only if the name is free."""

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if why == "no such function":
        monkeypatch.delattr(os, "link")
    else:
        monkeypatch.setattr(os, "link", refused)
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    put_new(tmp_path / "one", tmp_path / "new")
    with pytest.raises(FileExistsError):
        put_new(tmp_path / "two", tmp_path / "new")

    assert (tmp_path / "new").read_text() == "one"


def test_a_drive_without_modes_takes_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT and some network drives refuse every change of mode."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    make_private(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("raised", [ImportError, KeyError, OSError])
def test_an_account_without_a_name_is_unknown(
    raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows without USERNAME has no `pwd`; a container has it without an entry."""

    def nobody() -> str:
        raise raised

    monkeypatch.setattr(getpass, "getuser", nobody)

    assert clock.user() == "unknown"


@pytest.mark.parametrize(
    ("missing", "line", "code"),
    [
        ("python_calamine", ("import", "annex-a", f"{EXAMPLES}/extracts/annex-a/annex-a.xlsx"), 3),
        ("iro_cli.law.schema", ("when", "icpc", "2026-11-02", "--pack", "mine.toml"), 4),
    ],
)
def test_a_library_that_cannot_be_loaded_is_a_sentence(
    missing: str,
    line: tuple[str, ...],
    code: int,
    home: Path,
    iro: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An archive loads no compiled library: CSV is still read, and the law needs none."""
    monkeypatch.setitem(sys.modules, missing, None)
    # A text that was never checked, so that no earlier answer is taken.
    text = (EXAMPLES / "packs" / "tees.toml").read_text("utf-8")
    (home / "mine.toml").write_text(f"{text}# {home}\n", "utf-8")
    said = iro(*line)
    csv = iro("import", "children", str(EXAMPLES / "authority" / "children.csv"))

    assert (said.code, said.out) == (code, "")
    assert "cannot be loaded here" in said.err
    assert csv.code == 0


def _in(program: list[str], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE.parent),
        "HOME": str(folder),
        "IRO_AS_OF": "2026-11-23",
    }
    environment = {name: one for name, one in environment.items() if not name.startswith("XDG_")}
    return subprocess.run(
        [sys.executable, *program, "--database", str(folder / "iro.db"), *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=folder,
    )


LINES = (
    "demo",
    "due -f csv --all",
    "due -f json --pack tees",
    "overdue",
    "when icpc 2026-11-02 -f json",
    "explain TS-0101",
    "caseload -f csv",
    "record review TS-0102 --on 2026-11-19",
    "history -f csv",
    "backup copy.db",
    "timescales packs -f csv",
    "timescales check tees",
    "timescales schema",
    "timescales list",
    "calendar -f csv",
    "retention list",
    "report timeliness --authority Leeds",
    "config set packs tees",
    "due --help",
)


@pytest.mark.slow
def test_an_archive_answers_as_a_folder_does(archive: Path, tmp_path: Path) -> None:
    """Every shipped file is read from it: rules, calendars, packs, schema, the example."""
    found: dict[str, Any] = {}
    for name, program in (("archive", [str(archive)]), ("folder", ["-m", "iro_cli"])):
        folder = tmp_path / name
        folder.mkdir()
        found[name] = [_in(program, folder, *line.split()) for line in LINES]
    wrong = [
        (line, one.returncode, one.stderr, other.stderr)
        for line, one, other in zip(LINES, found["archive"], found["folder"], strict=True)
        if (one.returncode, one.stdout) != (other.returncode, other.stdout)
        and not line.startswith(("demo", "history", "backup", "timescales packs"))
        or one.returncode
    ]

    assert wrong == []
