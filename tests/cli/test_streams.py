"""If a stream is closed or full, a stored change still ends with exit code 0."""

import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from iro_cli import __main__ as program
from iro_cli.errors import LostStoreError, StoreError, kept
from running import Answer

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT TESTED: there is no /dev/full"),
    pytest.mark.asked_on("2026-11-23"),
]
Iro = Callable[..., Answer]


@pytest.fixture
def shell(home: Path, iro: Iro) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    """Return a function that runs `iro` with streams as a shell leaves them, and one child."""
    assert iro("child", "add", "Robin").code == 0
    program = f"{shlex.quote(sys.executable)} -m iro_cli"

    def call(line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", line.replace("iro", program, 1)],
            capture_output=True,
            check=False,
            text=True,
        )

    return call


def _changes(iro: Iro) -> int:
    return len({row["change"] for row in iro("history", "-f", "json").rows()})


RECORD = "iro record cla.start Robin --on 2026-11-02"


@pytest.mark.parametrize(
    "ending",
    [
        ">/dev/full",
        pytest.param(">&-", marks=pytest.mark.slow),
        pytest.param(">/dev/full 2>/dev/full", marks=pytest.mark.slow),
        pytest.param(">&- 2>&- <&-", marks=pytest.mark.slow),
        pytest.param("<&-", marks=pytest.mark.slow),
        pytest.param("| true", marks=pytest.mark.slow),
    ],
)
def test_what_is_stored_ends_with_0(
    ending: str, shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro
) -> None:
    """Only the message is lost, so nobody is led to make the change twice."""
    done = shell(f"{RECORD} {ending}")

    assert done.returncode == 0
    assert _changes(iro) == 2
    if ending in (">/dev/full", ">&-"):
        assert "is stored; only the message about it is missing" in done.stderr


@pytest.fixture
def unseen(iro: Iro, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs a command that cannot write to standard output."""

    def call(*argv: str) -> int:
        full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closing it fails too
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", full)
            code = program.run([*argv])
        with suppress(OSError):
            full.close()
        return code

    return call


def test_a_store_that_was_made_ends_with_0(unseen: Callable[..., int], home: Path) -> None:
    """With exit code 3 somebody would look for another place, though the store was made."""
    assert unseen("init", "plain.db") == 0
    assert (home / "plain.db").is_file()


def test_an_encrypted_store_that_was_changed_ends_with_0(
    unseen: Callable[..., int], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This holds for making, encrypting, decrypting and changing the key."""
    pytest.importorskip("sqlcipher3", reason="NOT TESTED: `encryption` is not installed")
    monkeypatch.setenv("IRO_KEY_FILE", str(home / "key"))
    store, heads = home / "iro.db", list[bytes]()
    for line in (["init", "--encrypted"], ["key", "change"], ["decrypt"], ["encrypt"]):
        assert unseen(*line) == 0, line
        heads.append(store.read_bytes()[:16])

    assert heads[2] == b"SQLite format 3\0"
    assert len({*heads}) == 4


def test_what_was_configured_ends_with_0(unseen: Callable[..., int], iro: Iro) -> None:
    """This holds for setting a key and for removing it."""
    assert unseen("config", "set", "within", "14d") == 0
    assert iro("config", "get", "within").out == "14d\n"
    assert unseen("config", "unset", "within") == 0
    assert iro("config", "get", "within").out == ""


def test_a_pack_that_was_begun_ends_with_0(unseen: Callable[..., int], home: Path) -> None:
    """With exit code 3 somebody would begin it again, and be told that the file exists."""
    assert unseen("timescales", "new", "Testshire", "-o", "pack.toml") == 0
    assert "Testshire" in (home / "pack.toml").read_text("utf-8")


def test_a_child_who_was_erased_ends_with_0(unseen: Callable[..., int], iro: Iro) -> None:
    """With exit code 3 somebody would erase again, and be told that the child does not exist."""
    iro("child", "add", "Robin")
    iro("child", "add", "Wren")

    assert unseen("child", "erase", "Robin", "--reason", "by mistake") == 0
    assert [row["child_id"] for row in iro("child", "list", "-f", "json").rows()] == ["Wren"]


def test_every_child_is_erased_before_it_is_told(unseen: Callable[..., int], iro: Iro) -> None:
    """All three children are erased although no message could be written."""
    for child in ("Robin", "Tern", "Wren"):
        iro("child", "add", child, "--dob", "2001-03-02")
        iro("record", "cp.conference.initial", child, "--on", "2010-03-02")
    iro("retention", "set", "cp", "5", "--since", "last")

    assert unseen("retention", "erase", "--reason", "the period has passed") == 0
    assert iro("child", "list", "-f", "json").rows() == []


def test_a_refusal_after_a_store_was_brought_up_is_a_refusal(iro: Iro, home: Path) -> None:
    """The copy of the older store is not the change that was asked for."""
    released = Path(__file__).parents[1] / "store" / "released" / "2.sql"
    with closing(sqlite3.connect(home / "iro.db")) as database:
        database.executescript(released.read_text("utf-8"))
    answer = iro("record", "cla.start", "Nobody-At-All", "--on", "2026-11-02")

    assert list(home.glob("iro.db.before-v*"))
    assert (answer.code, answer.out) == (3, "")
    assert "is stored" not in answer.err


def test_an_undo_that_could_not_be_shown(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro
) -> None:
    """Exit code 0 says that it was done: repeating it would undo one more change."""
    iro("record", "cla.start", "Robin", "--on", "2026-11-02")
    done = shell("iro undo >/dev/full")

    assert done.returncode == 0
    assert iro("show", "Robin", "-f", "json").rows() == []


def test_a_store_that_is_lost_after_a_change_says_only_that_it_is_stored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """That nothing was stored is what it says of what came after; any other error is told."""
    stored = (
        "iro: what was asked for was done and is stored; only the message about it is missing\n"
    )
    lost = program._ended(LostStoreError("it was lost: nothing was stored"), kept.count - 1)
    said = capsys.readouterr().err
    other = program._ended(StoreError("a copy was left"), kept.count - 1)

    assert (lost, said) == (0, stored)
    assert (other, capsys.readouterr().err) == (0, f"iro: a copy was left\n{stored}")


@pytest.mark.slow
def test_an_import_that_could_not_be_shown(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro, home: Path
) -> None:
    """The refused rows are written before the others are stored."""
    (home / "half.csv").write_text("child_id,event,date\nRobin,cla.start,2026-11-02\nX,y,z\n")
    done = shell("iro import events half.csv --skip-refused --refused left.csv >/dev/full")

    assert done.returncode == 0
    assert len(iro("show", "Robin", "-f", "json").rows()) == 1
    assert "X,y,z" in (home / "left.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("ending", [">/dev/full", pytest.param(">&-", marks=pytest.mark.slow)])
def test_a_listing_that_could_not_be_shown(
    ending: str, shell: Callable[..., "subprocess.CompletedProcess[str]"], iro: Iro
) -> None:
    """Nothing was stored or seen: exit code 3, with a message and no traceback."""
    assert iro(*RECORD.split()[1:]).code == 0
    done = shell(f"iro due {ending}")

    assert done.returncode == 3
    assert done.stderr.startswith("iro: standard output cannot be used")


@pytest.mark.slow
def test_an_error_never_goes_to_standard_output(
    shell: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    """If standard error is closed or full, the message is lost, and the exit code remains."""
    codes = []
    for line in ("iro record nonsense Robin 2>&-", "iro show Nobody 2>/dev/full", "iro due 2>&-"):
        done = shell(line)
        codes.append(done.returncode)
        assert "iro:" not in done.stdout

    assert codes == [3, 3, 0]


@pytest.mark.slow
def test_no_file_takes_the_place_of_a_closed_stream(
    shell: Callable[..., "subprocess.CompletedProcess[str]"], home: Path, iro: Iro
) -> None:
    """A file that is opened does not become standard output by accident."""
    done = shell("iro due --all -f csv -o due.csv >&- 2>&- <&-")

    assert done.returncode == 0
    assert (home / "due.csv").read_text("utf-8") == iro("due", "--all", "-f", "csv").out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = " + "[" * 5_000, "brackets are nested too deeply"),
        ("x = " + "9" * 200_000, "far too many digits"),
    ],
    ids=["brackets", "digits"],
)
def test_a_pack_that_no_parser_takes(text: str, expected: str, home: Path, iro: Iro) -> None:
    """It is refused as a wrong pack, and not reported as a defect."""
    (home / "pack.toml").write_text(text)
    answer = iro("timescales", "check", "pack.toml")

    assert (answer.code, answer.out) == (4, "")
    assert expected in answer.err
