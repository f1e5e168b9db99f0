"""Stores, backups, keys and packs are never overwritten, whatever their names are."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

pytestmark = pytest.mark.asked_on("2026-11-23")
Iro = Callable[..., Answer]
PACK = Path(__file__).parents[2] / "examples" / "local-pack.toml"


@pytest.fixture
def precious(home: Path, iro: Iro) -> dict[str, Path]:
    """Return the files that must not be overwritten, each with the name of a listing."""
    assert iro("child", "add", "Robin").code == 0
    assert iro("backup", "backup.csv").code == 0
    (home / "key.csv").write_text("ab" * 32 + "\n")
    # A file of keys as the program writes it: each key after its name.
    (home / "keys.csv").write_text(f"{'0c' * 12} {'ab' * 32}\n" * 60)
    (home / "encrypted.csv").write_bytes(bytes(range(256)) * 64)
    shutil.copy(PACK, home / "pack.csv")
    shutil.copy(PACK, home / "mapping.toml")
    names = (
        "backup.csv",
        "key.csv",
        "keys.csv",
        "encrypted.csv",
        "pack.csv",
        "mapping.toml",
        "iro.db",
    )
    return {name: home / name for name in names}


@pytest.mark.parametrize(
    "line",
    [
        "due -f csv -o",
        "child list -f csv -o",
        "history -f json -o",
        "report timeliness -f csv -o",
        "digest -o",
        "timescales schema -o",
        "import events events.csv --refused",
    ],
)
def test_no_result_is_written_over_a_precious_file(
    line: str, precious: dict[str, Path], home: Path, iro: Iro
) -> None:
    """Each is recognised by its content, refused before anything is stored, and unchanged."""
    (home / "events.csv").write_text("child_id,event,date\nRobin,cla.start,2026-11-02\n")
    before = {name: path.read_bytes() for name, path in precious.items()}
    answers = {name: iro(*line.split(), str(path)) for name, path in precious.items()}

    assert {name: one.code for name, one in answers.items() if one.code not in (2, 3)} == {}
    assert all("is stored" not in one.err for one in answers.values())
    assert before == {name: path.read_bytes() for name, path in precious.items()}


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_no_result_is_named_like_a_log(ending: str, home: Path, iro: Iro) -> None:
    """SQLite would take it for the log of the database beside it."""
    iro("child", "add", "Robin")
    answer = iro("due", "-f", "csv", "-o", f"other.db{ending}")

    assert answer.code == 3
    assert "named like" in answer.err
    assert not (home / f"other.db{ending}").exists()


def test_a_key_that_is_in_use(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key's file is protected by its name too, whatever its content is."""
    iro("child", "add", "Robin")
    (home / "my.key").write_text("not much of a key")
    monkeypatch.setenv("IRO_KEY_FILE", str(home / "my.key"))

    assert iro("due", "-f", "csv", "-o", "my.key").code == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"child,due\n", b"\xef\xbb\xbfchild\n", b"\xff\xfec\0h\0", b"caf\xe9,due\n"],
    ids=["empty", "text", "mark", "wide", "windows"],
)
def test_an_earlier_listing_is_replaced(content: bytes, home: Path, iro: Iro) -> None:
    """It is replaced whatever a spreadsheet program has made of it."""
    iro("child", "add", "Robin")
    (home / "late.csv").write_bytes(content)

    assert iro("due", "-o", "late.csv").code == 0
    assert (home / "late.csv").read_bytes() != content


def test_a_workbook_is_replaced(home: Path, iro: Iro) -> None:
    """Every other form that the program writes is replaced too."""
    iro("child", "add", "Robin")

    assert [iro("due", "-o", "late.xlsx").code for _ in range(2)] == [0, 0]


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
def test_folders_are_their_owners_whatever_the_umask(home: Path, iro: Iro) -> None:
    """Folders above a store and a backup are readable only for their owner."""
    before = os.umask(0)
    try:
        iro("--database", "a/b/iro.db", "child", "add", "Robin")
        iro("--database", "a/b/iro.db", "backup", "--keep", "2", "c/d")
    finally:
        os.umask(before)
    made = {name: stat.S_IMODE((home / name).stat().st_mode) for name in ("a", "a/b", "c", "c/d")}

    assert made == dict.fromkeys(made, 0o700)
