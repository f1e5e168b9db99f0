"""Files in place of the store are refused, left unchanged, and named in words."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import StoreError
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from iro_cli.store.opening import store_named
from iro_cli.store.sqlite import SqliteStore, latest_version
from running import LIMITED, Answer, each
from stores import add_facts, changing

SECRET = "Bramble"  # in every damaged store, and never in a message
READING = (
    ("due",),
    ("overdue", "-f", "csv"),
    ("show", "A-001"),
    ("history",),
    ("child", "list"),
    ("doctor",),
)
WRITING = (
    ("child", "add", "NEW"),
    ("record", "cla.review", "A-001", "--on", "2025-02-03"),
    ("allocate", "A-001", "--iro", "Bo Example", "--from", "2025-02-03"),
    ("undo",),
)

Run = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _on_its_day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of several pages that no test may change."""
    path = tmp_path_factory.mktemp("made") / "iro.db"
    children = [f"A-{number:03}" for number in range(400)]
    started = Event("cla.start", date(2025, 1, 6), note=SECRET)
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child(one, SECRET, team=SECRET) for one in children])
        add_facts(change, [(one, started) for one in children])
        change.add(ALLOCATION, [Allocation(one, "iro", SECRET) for one in children])
    return path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Return a store in a folder of its own."""
    (tmp_path / "data").mkdir()
    return Path(shutil.copy(made, tmp_path / "data"))


def _refused(answer: Answer) -> None:
    """Check that a command was refused with a sentence, without a traceback or data."""
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.startswith("iro: ")
    assert "Traceback" not in answer.err
    assert "sqlalchemy" not in answer.err.casefold()
    assert SECRET not in answer.err


def _each(commands: Sequence[tuple[str, ...]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", commands, ids=[" ".join(one[:2]) for one in commands])


# ---------------------------------------------------------------- what is not a store


def _other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE change (id INTEGER, secret TEXT)")
        connection.execute("INSERT INTO change VALUES (1, 'Bramble')")
        connection.commit()


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 0x49524F31")
        connection.execute(f"PRAGMA user_version = {latest_version() + 1}")
        connection.execute("CREATE TABLE change (id INTEGER)")


STRANGERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text(f"{SECRET},2025-01-06\n"), "is not a database"),
    "short": (lambda path: path.write_bytes(b"SQLite"), "is not a database"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "header-alone": (lambda path: path.write_bytes(b"SQLite format 3\0"), "damaged"),
    "folder": (lambda path: path.mkdir(), "is a folder, not a store"),
    "other-program": (_other_program, "database of another program"),
    "newer": (_newer, "was written by a newer iro"),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@_each([*READING[:2], *WRITING[:2], ("undo",), ("backup", "copy.db")])
def test_a_stranger_is_refused(
    stranger: str,
    command: tuple[str, ...],
    tmp_path: Path,
    iro: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file that is not our store is named as such, and left byte for byte."""
    monkeypatch.chdir(tmp_path)
    make, expected = STRANGERS[stranger]
    path = tmp_path / "other.db"
    make(path)
    before = None if path.is_dir() else path.read_bytes()
    answer = iro("--database", str(path), *command)

    _refused(answer)
    assert expected in answer.err
    assert before == (None if path.is_dir() else path.read_bytes())
    assert not (tmp_path / "copy.db").exists()


@_each([*READING, ("undo",), ("unbook", "A-001", "cla.review.first"), ("backup", "copy.db")])
def test_a_store_that_is_missing(command: tuple[str, ...], tmp_path: Path, iro: Run) -> None:
    """The message has the place and how to make one; no empty store is made."""
    answer = iro("--database", str(tmp_path / "none.db"), *command)

    _refused(answer)
    assert str(tmp_path / "none.db") in answer.err
    assert "iro child add" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["due", "undo"])
def test_a_name_that_no_file_can_have(command: str, tmp_path: Path, iro: Run) -> None:
    """A name that is too long is refused like any missing store."""
    _refused(iro("--database", str(tmp_path / ("x" * 300)), command))


# ---------------------------------------------------------------- damage


@_each([*READING[:2], *WRITING[:2]])
def test_a_folder_without_a_name(command: tuple[str, ...], iro: Run) -> None:
    """`.` is a folder like any other."""
    answer = iro("--database", ".", *command)

    assert (answer.code, answer.out) == (5, "")
    assert "is a folder, not a store" in answer.err


@pytest.mark.skipif(os.name != "posix", reason="there are no such limits")
@pytest.mark.slow
def test_a_store_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    """If there is no room, the message says so, and no half of a store is left."""
    for limit in range(4096, 200_000, 20_480):
        path = tmp_path / f"{limit}.db"
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(limit), "init", str(path)],
            capture_output=True,
            check=False,
            text=True,
        )
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

        assert (done.returncode, path.exists()) in {(0, True), (5, False)}, limit


@_each([*READING[:5], *WRITING])
def test_a_store_cut_short(command: tuple[str, ...], store: Path, iro: Run) -> None:
    """A copy that stopped halfway is reported as damaged, and left for repair."""
    whole = store.read_bytes()
    store.write_bytes(whole[: len(whole) // 3])
    before = store.read_bytes()
    answer = iro("--database", str(store), *command)

    _refused(answer)
    assert "damaged" in answer.err
    assert before == store.read_bytes()


@_each([*READING[:5], *WRITING])
def test_damaged_pages(command: tuple[str, ...], store: Path, iro: Run) -> None:
    """Overwritten pages are reported, whatever they contain."""
    content = bytearray(store.read_bytes())
    with closing(sqlite3.connect(store)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    for page in range(1, len(content) // size):
        content[page * size : page * size + size // 2] = bytes(range(1, 129)) * (size // 256)
    store.write_bytes(content)
    answer = iro("--database", str(store), *command)

    _refused(answer)
    assert "damaged" in answer.err
    assert bytes(content) == store.read_bytes()


def test_doctor_sees_a_damaged_page(store: Path, iro: Run) -> None:
    """Doctor finds a damaged page that no question has read."""
    with closing(sqlite3.connect(store)) as connection:
        size, page = connection.execute(
            "SELECT (SELECT page_size FROM pragma_page_size), rootpage FROM sqlite_master "
            "WHERE name = 'ix_allocation_name'"
        ).fetchone()
    content = bytearray(store.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    store.write_bytes(content)
    answer = iro("--database", str(store), "doctor", "-f", "csv")

    assert SECRET not in answer.err
    assert answer.code == 5 or "iro restore" in answer.out


def test_damage_that_sqlite_does_not_see(store: Path, iro: Run) -> None:
    """An impossible day is damage to the store, and no defect of the program."""
    content = store.read_bytes()
    store.write_bytes(content.replace(b"2025-01-06cla.start", b"2025-01-0xcla.start"))
    assert content != store.read_bytes()

    _refused(iro("--database", str(store), "due"))


# ---------------------------------------------------------------- modes


@pytest.mark.parametrize("log", [False, True], ids=["closed", "log-beside"])
def test_reading_from_a_folder_that_may_not_be_written(store: Path, held: Run, log: bool) -> None:
    """A copy on a read-only share answers like the store, and no file is left."""
    expected = held("--database", str(store), "due", "-f", "csv")
    if not log:
        for suffix in ("-wal", "-shm"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)
    before = sorted(store.parent.iterdir())
    store.parent.chmod(0o500)
    answer = held("--database", str(store), "due", "-f", "csv")
    store.parent.chmod(0o700)

    assert (answer.code, answer.err) == (0, "")
    assert expected == answer
    assert before == sorted(store.parent.iterdir())


def test_writing_in_a_folder_that_may_not_be_written(store: Path, held: Run) -> None:
    """It is refused, and the store does not change."""
    before = store.read_bytes()
    store.parent.chmod(0o500)
    answers = [held("--database", str(store), *one) for one in WRITING[:2]]
    answers.append(held("--database", str(store.with_name("new.db")), *WRITING[0]))
    store.parent.chmod(0o700)

    for answer in answers:
        _refused(answer)
        assert "here" in answer.err
    assert before == store.read_bytes()
    assert [store] == list(store.parent.iterdir())


def test_writing_a_file_that_may_only_be_read(store: Path, held: Run) -> None:
    """It is refused, and questions still work."""
    before = store.read_bytes()
    store.chmod(0o400)
    writing = held("--database", str(store), *WRITING[0])
    reading = held("--database", str(store), "due", "-f", "jsonl")

    _refused(writing)
    assert "cannot be written here" in writing.err
    assert (reading.code, reading.err, len(reading.out.splitlines())) == (0, "", 400)
    assert before == store.read_bytes()


def test_a_file_that_may_not_be_read(store: Path, held: Run) -> None:
    """Reading and writing are refused."""
    store.chmod(0o000)
    answers = [held("--database", str(store), *one) for one in (READING[0], WRITING[0])]

    for answer in answers:
        _refused(answer)
        assert "check who may read it" in answer.err


@pytest.mark.parametrize("command", [("due",), ("child", "add", "NEW")], ids=" ".join)
def test_a_folder_that_may_not_be_searched(
    command: tuple[str, ...], store: Path, held: Run
) -> None:
    """It is refused like a file that may not be read."""
    store.parent.chmod(0o000)
    answer = held("--database", str(store), *command)
    store.parent.chmod(0o700)

    _refused(answer)


def test_when_needs_no_store(store: Path, held: Run) -> None:
    """`iro when` works even if the store cannot be opened."""
    store.parent.chmod(0o000)
    answer = held("--database", str(store), "when", "cla.review.first", "2025-01-06", "-f", "jsonl")
    store.parent.chmod(0o700)

    assert answer.code == 0
    assert '"due": "2025-02-03"' in answer.out


# ---------------------------------------------------------------- how a store is named


@each(
    "named, expected",
    [
        ("iro.db", Path("iro.db")),
        ("sqlite:///iro.db", Path("iro.db")),
        ("sqlite:///some folder/iro.db", Path("some folder/iro.db")),
        ("sqlite:////srv/iro.db", Path("/srv/iro.db")),
        ("sqlite:///C:/data/iro.db", Path("C:/data/iro.db")),
    ],
)
def test_a_store_is_a_path_or_a_url(named: str, expected: Path) -> None:
    """A URL means the same as a path, as SQLAlchemy reads it."""
    assert SqliteStore(expected) == store_named(named)


@pytest.mark.parametrize(
    "named",
    [
        "mysql://somebody:hunter2@host/iro",
        "sqlite+pysqlcipher://:hunter2@/iro.db",
        "sqlite://iro.db",
        "https://host/iro.db?token=hunter2",
    ],
)
def test_other_databases_are_refused(named: str, iro: Run) -> None:
    """The message names their kind, and never a password of the URL."""
    answers = [iro("--database", named, *one) for one in (("due",), ("child", "add", "A"))]

    for answer in answers:
        _refused(answer)
        assert "sqlite:///path" in answer.err
        assert "hunter2" not in answer.err


def test_the_environment_may_name_a_url(
    store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A URL works wherever a store can be named."""
    monkeypatch.setenv("IRO_DATABASE", f"sqlite:///{store}")

    assert len(iro("due", "-f", "jsonl").out.splitlines()) == 400


@pytest.mark.parametrize(
    "name",
    [
        "with space.db",
        "ŵ é.db",
        "a#b.db",
        "100%41.db",
        pytest.param(
            "a?b.db",
            marks=[
                pytest.mark.skipif(os.name == "nt", reason="Windows allows no such name"),
            ],
        ),
        "no-suffix",
        "-dash.db",
    ],
)
def test_any_name_will_do(
    name: str, tmp_path: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written under a name is read under it, and no other file is made."""
    monkeypatch.chdir(tmp_path)
    added = iro(f"--database={name}", "child", "add", "A-001")
    listed = iro(f"--database={name}", "child", "list", "-f", "jsonl")
    stray = {path.name.removesuffix("-wal").removesuffix("-shm") for path in tmp_path.iterdir()}

    assert (added.code, listed.code, len(listed.out.splitlines())) == (0, 0, 1)
    assert {name} == stray


def test_no_other_store_is_written(tmp_path: Path, iro: Run) -> None:
    """A name that would mean another file inside a URL still means this one."""
    other, meant = tmp_path / "a b.db", tmp_path / "a%20b.db"
    for path in (other, meant):
        iro("--database", str(path), "child", "add", "A-001")
    iro("--database", str(meant), "child", "add", "NEW")
    listed = [
        len(iro("--database", str(path), "child", "list", "-f", "jsonl").out.splitlines())
        for path in (other, meant)
    ]

    assert listed == [1, 2]


def test_a_store_error_has_its_exit_code() -> None:
    """Scripts can tell it from bad input."""
    assert StoreError("").exit_code == 5
