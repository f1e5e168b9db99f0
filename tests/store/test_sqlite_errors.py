"""SQLite's errors are told apart: only damage is called damage, and each has its remedy."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Child, Event
from iro_cli.store.kinds import CHILD_DETAIL
from iro_cli.store.log import has_a_change
from iro_cli.store.sqlite import SqliteStore, last_digest
from iro_cli.store.sqlite_errors import refusal, unflushed
from running import LIMITED, Answer, each
from stores import add_facts, changing

Run = Callable[..., Answer]
# SQLite's result codes, as https://sqlite.org/rescode.html lists them; 0, 100 and 101 are none.
PRIMARY = [
    "ERROR",
    "INTERNAL",
    "PERM",
    "ABORT",
    "BUSY",
    "LOCKED",
    "NOMEM",
    "READONLY",
    "INTERRUPT",
    "IOERR",
    "CORRUPT",
    "NOTFOUND",
    "FULL",
    "CANTOPEN",
    "PROTOCOL",
    "EMPTY",
    "SCHEMA",
    "TOOBIG",
    "CONSTRAINT",
    "MISMATCH",
    "MISUSE",
    "NOLFS",
    "AUTH",
    "FORMAT",
    "RANGE",
    "NOTADB",
    "NOTICE",
    "WARNING",
]
# The codes for a file that is not a whole store.
DAMAGE = {"ERROR", "CORRUPT", "FORMAT", "NOTADB", "IOERR_DATA"}
# And the code for a damaged file system.
FILE_SYSTEM = "IOERR_CORRUPTFS"
CODES = sorted(
    name.removeprefix("SQLITE_")
    for name in dir(sqlite3)
    if name.startswith("SQLITE_")
    and name.removeprefix("SQLITE_").partition("_")[0] in PRIMARY
    and getattr(sqlite3, name) & 0xFF == getattr(sqlite3, "SQLITE_" + name.split("_")[1], -1)
)


def _said(name: str) -> str:
    error = sqlite3.OperationalError("whatever the driver says of a locked row of Bramble's")
    error.sqlite_errorname = f"SQLITE_{name}"
    return str(refusal("/srv/iro.db", error))


def test_every_code_is_there() -> None:
    """All codes that Python knows are covered, extended ones included."""
    assert set(PRIMARY) <= set(CODES)
    assert {"IOERR_WRITE", "READONLY_DBMOVED", "CORRUPT_INDEX", "CANTOPEN_NOTEMPDIR"} <= set(CODES)


@each("name", CODES)
def test_a_code_has_a_sentence_and_a_remedy(name: str) -> None:
    """It names the store, says what to do, and says "damaged" only for damage."""
    said = _said(name)
    primary = name.partition("_")[0]

    assert "/srv/iro.db" in said
    assert "Bramble" not in said
    assert ("damaged" in said.replace("itself is damaged", "")) == (
        bool({name, primary} & DAMAGE) or name == FILE_SYSTEM
    )
    assert ("put back a backup" in said) == bool({name, primary} & DAMAGE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("FULL", "is full"),
        ("IOERR_WRITE", "your quota"),
        ("IOERR_FSYNC", "your quota"),
        ("IOERR", "failed while it was read or written"),
        ("IOERR_READ", "could not be read from the disk"),
        ("IOERR_LOCK", "cannot lock it"),
        ("IOERR_SHMMAP", "not on a network drive"),
        ("BUSY_SNAPSHOT", "try again when it has finished"),
        ("READONLY_DIRECTORY", "you may write the file and its folder"),
        ("READONLY_DBMOVED", "was moved or replaced"),
        ("READONLY_ROLLBACK", "run this once as somebody who may write"),
        ("CANTOPEN_ISDIR", "check who may read it"),
        ("CANTOPEN_NOTEMPDIR", "TMPDIR"),
        ("NOMEM", "not enough memory"),
        ("CONSTRAINT_TRIGGER", "iro doctor"),
        ("MISUSE", "please report"),
    ],
)
def test_what_is_to_be_done(name: str, expected: str) -> None:
    """Each kind of failure has its own remedy."""
    assert expected in _said(name)


def test_a_file_that_may_be_read_and_not_written() -> None:
    """On a read-only disk SQLite cannot open the file to write; everybody may read it."""
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorname = "SQLITE_CANTOPEN"
    said = str(refusal("/srv/iro.db", error, read_only=lambda: True))

    assert "cannot be written here (SQLITE_CANTOPEN): check that you may write" in said
    assert "who may read it" not in said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that no test may change."""
    path = tmp_path_factory.mktemp("made") / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child("A")])
        add_facts(change, [("A", Event("cla.start", date(2025, 1, 6)))])
    return path


@pytest.fixture
def store(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store with one child and one fact."""
    path = Path(shutil.copy(made, home / "iro.db"))
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")
    return path


@pytest.mark.skipif(os.name != "posix", reason="there are no such limits")
def test_a_quota_is_not_damage(store: Path, home: Path, iro: Run) -> None:
    """A store that cannot grow is sound, and no message asks to restore a backup."""
    before = iro("history").out
    rows = "".join(f"B-{number:03}\n" for number in range(900))
    (home / "children.csv").write_text(f"child_id\n{rows}")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "40000", "import", "children", "children.csv"],
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.returncode, done.stdout) == (5, "")
    assert "nothing was stored" in done.stderr
    assert "put back" not in done.stderr
    assert before == iro("history").out


def test_a_schema_that_is_no_text(store: Path, iro: Run) -> None:
    """A wrong byte in the schema is damage to the store, and no defect of the program."""
    content = store.read_bytes()
    for found, put in ((b"TABLE fact", b"TABLE f\xffct"), (b"happened_on", b"happened\xffon")):
        store.write_bytes(content.replace(found, put, 1))
        answers = [iro("due"), iro("child", "add", "NEW"), iro("doctor"), iro("undo")]

        assert [one.code for one in answers] == [5, 5, 5, 5]
        assert all("damaged" in one.err for one in answers)


def test_a_copy_is_not_read_past_a_writer(store: Path, iro: Run) -> None:
    """A store without a log that is being written is locked, and not read."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE").fetchall()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Exception, match="locked by another process"):
            SqliteStore(store).connect_to_read()


def test_a_page_that_the_disk_did_not_give_is_no_damage(tmp_path: Path) -> None:
    """SQLCipher calls it damaged; read again, every page is whole."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child("A")])
    error = sqlite3.DatabaseError()
    error.sqlite_errorname = "SQLITE_CORRUPT"
    sound = str(SqliteStore(path).refusal(error))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    damaged = str(SqliteStore(path).refusal(error))

    assert "could not be read from the disk" in sound
    assert "put back a backup" not in sound
    assert "put back a backup" in damaged


# ---------------------------------------------------------------- a flush that the disk refused


def _log_of_a_change(store: Path, name: str) -> bytes:
    """Add a child, and return the log that has only this change."""
    with closing(SqliteStore(store).open(to_write=False)) as reading:
        reading.execute("SELECT count(*) FROM change").fetchall()
        with changing(store) as change:
            change.add(CHILD_DETAIL, [Child(name)])
        return store.with_name("iro.db-wal").read_bytes()


def test_a_log_with_a_whole_change(store: Path) -> None:
    """It is whole from its last byte on; the rest of an earlier log does not count."""
    log, whole = store.with_name("a-log"), _log_of_a_change(store, "B")
    head, frame = 32, 24 + 4096
    earlier = bytearray(whole)
    earlier[16] ^= 1  # the salt in its head is another
    found = {}
    for name, content in {
        "empty": b"",
        "head": whole[:head],
        "first frame": whole[: head + frame],
        "but a byte": whole[:-1],
        "whole": whole,
        "and half a frame": whole + whole[head : head + 30],
        "of an earlier one": bytes(earlier),
    }.items():
        log.write_bytes(content)
        found[name] = has_a_change(log)

    assert len(whole) > head + 2 * frame
    assert [name for name, has in found.items() if has] == ["whole", "and half a frame"]
    assert not has_a_change(store.with_name("none"))


def _refused(store: Path, name: str, last: str | None) -> str:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return str(SqliteStore(store).refusal(unflushed(error, last)))


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR"])
def test_a_change_that_may_be_there(name: str, store: Path, iro: Run) -> None:
    """A whole change in the log is found when the disk comes back, so no message denies it."""
    before = store.read_bytes()
    log = _log_of_a_change(store, "B")
    store.write_bytes(before)
    store.with_name("iro.db-wal").write_bytes(log)
    said = _refused(store, name, None)
    history = iro("history").out

    assert "it is not known whether it was stored" in said
    assert "`iro history`" in said
    assert "nothing was stored" not in said
    assert "B" in history


def test_a_change_that_is_seen_without_a_log(store: Path) -> None:
    """A store without a log has it in the file; another change does not count."""
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE").fetchall()
        last = last_digest(other)
    found = [_refused(store, "SQLITE_IOERR_DIR_FSYNC", one) for one in (last, "0" * 64)]

    assert ["not known" in one for one in found] == [True, False]


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR", "SQLITE_IOERR_WRITE"])
def test_a_change_that_is_not_there(name: str, store: Path) -> None:
    """If the log was removed, or has half of the change, the message says so."""
    said = _refused(store, name, "0" * 64)

    assert "could not be written to the disk" in said
    assert "nothing was stored" in said
