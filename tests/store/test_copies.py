"""Copies of a store, and restoring one: whole or not at all, and without losing a change."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Child, Event
from iro_cli.store.kinds import CHILD_DETAIL
from running import LIMITED, Answer
from stores import add_facts, changing, opened, put_store, reading, store_at

Run = Callable[..., Answer]
posix_only = pytest.mark.skipif(os.name != "posix", reason="there are no such signals and limits")
RELEASED = Path(__file__).parent / "released"


@pytest.fixture(autouse=True)
def _on_its_day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")
    monkeypatch.setenv("IRO_DATABASE", str(home / "data" / "iro.db"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that no test may change."""
    path = tmp_path_factory.mktemp("made") / "iro.db"
    children = [f"A-{number:03}" for number in range(60)]
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child(one) for one in children])
        add_facts(change, [(one, Event("cla.start", date(2025, 1, 6))) for one in children])
    return path


@pytest.fixture
def store(made: Path, home: Path) -> Path:
    """Return a store with sixty children in a folder of its own."""
    (home / "data").mkdir()
    return put_store(made, home / "data" / "iro.db")


@pytest.fixture
def copy(store: Path, iro: Run, tmp_path: Path) -> Path:
    """Return a backup of the store, after which one more child was added."""
    path = tmp_path / "copy.db"
    assert iro("backup", str(path)).code == 0
    assert iro("child", "add", "LATER").code == 0
    return path


def _children(path: Path) -> int:
    with reading(path) as reader:
        return len(reader.child_ids())


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ---------------------------------------------------------------- backup


def test_a_backup_is_one_file_that_only_its_owner_reads(
    store: Path, iro: Run, tmp_path: Path
) -> None:
    """It has the changes that are only in the log, and needs no log itself."""
    copies = tmp_path / "copies"
    copies.mkdir()
    with closing(opened(store)) as other:
        other.execute("SELECT count(*) FROM change").fetchone()
        iro("child", "add", "IN-THE-LOG")
        assert store.with_name("iro.db-wal").stat().st_size > 0
        answer = iro("backup", str(copies / "copy.db"))

    assert (answer.code, answer.out) == (0, f"copied: {store} to {copies / 'copy.db'}\n")
    assert _children(copies / "copy.db") == 61
    assert _names(copies) == {"copy.db"}
    if os.name == "posix":
        assert stat.S_IMODE((copies / "copy.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal", "-WAL"])
def test_a_backup_is_never_named_like_a_log(
    ending: str, store: Path, iro: Run, tmp_path: Path
) -> None:
    """SQLite would take it for the log of the database beside it, and destroy it."""
    answer = iro("backup", str(tmp_path / f"x.db{ending}"))

    assert answer.code == 3
    assert f"does not end in {ending.lower()}" in answer.err
    assert not (tmp_path / f"x.db{ending}").exists()


def test_a_backup_overwrites_nothing(store: Path, iro: Run, tmp_path: Path) -> None:
    """A file, a dangling link and a folder are left as they are."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    answers = [iro("backup", str(tmp_path / name)) for name in ("file", "folder")]
    answers.append(iro("backup", str(store)))

    assert [one.code for one in answers] == [3, 3, 3]
    assert all("never overwrites" in one.err for one in answers)
    assert "--keep" in answers[1].err
    assert (tmp_path / "file").read_text() == "mine"


@posix_only
def test_a_disk_that_is_full_where_the_copy_goes(store: Path, tmp_path: Path) -> None:
    """The message says that the copy cannot be written, and does not blame the store."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "60000", "backup", str(tmp_path / "copies" / "copy.db")],
        capture_output=True,
        check=False,
        text=True,
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert "copy.db cannot be written" in done.stderr
    assert "damaged" not in done.stderr
    assert _names(tmp_path / "copies") == set()


def test_no_backup_is_made_of_what_due_refuses(store: Path, iro: Run, tmp_path: Path) -> None:
    """A copy of a store that cannot be read would be no backup."""
    content = store.read_bytes()
    altered = content.replace(b"2025-01-06cla.start", b"2025-01-0xcla.start", 1)
    if altered == content:  # it is encrypted
        altered = content[:4096] + bytes(one ^ 1 for one in content[4096:])
    store.write_bytes(altered)
    due, backup = iro("due"), iro("backup", str(tmp_path / "copy.db"))

    assert (due.code, backup.code) == (5, 5)
    assert "damaged" in backup.err
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_of_an_older_store(store: Path, iro: Run, tmp_path: Path) -> None:
    """It is made, because people want one then, and the message says which schema it has."""
    store.unlink()
    with closing(opened(store)) as connection:
        connection.executescript((RELEASED / "2.sql").read_text("utf-8"))
    answer = iro("backup", str(tmp_path / "copy.db"))

    assert answer.code == 0
    assert "written by an older iro" in answer.err


def test_a_folder_of_copies(store: Path, iro: Run, tmp_path: Path) -> None:
    """The latest copies of this store are kept, each named by its time; other files stay."""
    folder = tmp_path / "copies"
    assert iro("backup", str(tmp_path / "copy.db")).code == 0
    folder.mkdir(mode=0o700)
    stays = {"iro-notes.db", "other-2025-01-01T010203Z.db", "iro.db"}
    old = {f"iro-2025-01-0{day}T010203Z.db" for day in (1, 2, 3)}
    for name in stays | old:
        shutil.copy(tmp_path / "copy.db", folder / name)
    answer = iro("backup", "--keep", "2", str(folder))
    (fresh,) = _names(folder) - stays - old

    assert answer.code == 0
    assert answer.out == f"copied: {store} to {folder / fresh}\nremoved: 2 older copies\n"
    assert _names(folder) == stays | {fresh, "iro-2025-01-03T010203Z.db"}
    assert _children(folder / fresh) == 60


def test_two_copies_of_one_second(
    store: Path, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has a number in its name, counts as the later one, and the first gives way."""
    folder = tmp_path / "copies"
    monkeypatch.setattr("iro_cli.cli.commands.care.now", lambda: "2026-11-28T18:22:26Z")
    names = [f"iro-2026-11-28T182226Z{more}.db" for more in ("", "_02", "_03")]
    answers = [iro("backup", "--keep", "2", str(folder)) for _ in names]

    assert [one.code for one in answers] == [0, 0, 0]
    assert [one.out.splitlines()[0] for one in answers] == [
        f"copied: {store} to {folder / name}" for name in names
    ]
    assert _names(folder) == {*names[1:]}


def test_only_copies_of_this_store_give_way(store: Path, iro: Run, tmp_path: Path) -> None:
    """Another store's copy, or somebody's file, may have such a name, and stays."""
    other, folder = tmp_path / "elsewhere" / "iro.db", tmp_path / "copies"
    with changing(other) as change:
        change.add(CHILD_DETAIL, [Child("OTHER")])
    folder.mkdir(mode=0o700)
    shutil.copy(other, folder / "iro-2025-01-01T010203Z.db")
    (folder / "iro-2025-01-02T010203Z.db").write_text("a letter", "utf-8")
    iro("backup", str(folder / "iro-2025-01-03T010203Z.db"))  # it is known, and then damaged
    (folder / "iro-2025-01-03T010203Z.db").write_bytes(b"SQLite format 3\0")
    answer = iro("backup", "--keep", "1", str(folder))
    (_, _, fresh) = sorted(_names(folder))

    assert answer.code == 0
    assert answer.out.endswith("removed: 1 older copy\n")
    assert _names(folder) == {"iro-2025-01-01T010203Z.db", "iro-2025-01-02T010203Z.db", fresh}
    assert fresh > "iro-2025-01-03T010203Z.db"


def test_a_folder_of_copies_is_made_for_its_owner(store: Path, iro: Run, tmp_path: Path) -> None:
    """Only its owner can read it."""
    answer = iro("backup", "--keep", "3", str(tmp_path / "copies"))

    assert answer.code == 0
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "copies").stat().st_mode) == 0o700


@posix_only
@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_none(store: Path, tmp_path: Path) -> None:
    """Either no file has that name, or a whole one; the next backup works."""
    folder = tmp_path / "copies"
    folder.mkdir()
    for number in range(12):
        target = folder / f"{number}.db"
        command = [sys.executable, "-m", "iro_cli", "backup", str(target)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as program:
            time.sleep(0.1 + number * 0.03)
            program.send_signal(signal.SIGKILL)
        assert not target.exists() or _children(target) == 60
        target.unlink(missing_ok=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

        assert _children(target) == 60


@pytest.mark.parametrize(
    ("age", "stays"), [(0, True), (59 * 60, True), (61 * 60, False), (-(24 * 60 * 60), True)]
)
def test_what_a_killed_backup_left_is_cleared_up(
    age: int, stays: bool, store: Path, iro: Run, tmp_path: Path
) -> None:
    """A part that is an hour old is removed by the next backup; a newer one stays."""
    left = [tmp_path / ".copy.db.1.part", tmp_path / ".copy.db.1.part-wal"]
    for part in left:
        part.write_text("half a copy")
        moment = part.stat().st_mtime - age
        os.utime(part, (moment, moment))
    others = tmp_path / ".other.db.1.part"
    others.write_text("half of another copy")
    os.utime(others, (1, 1))
    iro("backup", str(tmp_path / "copy.db"))

    assert [part.exists() for part in left] == [stays, stays]
    assert others.exists()


# ---------------------------------------------------------------- restore


def _zeroed_head(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes(100) + content[100:])


def _garbled_schema(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE fact", b"CREATE \xff\xfe\xff\xfe\xff fact", 1))


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3])


def _zeroed_page(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:8192] + bytes(4096) + content[12288:])


def _other_application(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:68] + b"\0\0\0\1" + content[72:])


def _as_it_is(path: Path) -> None:
    assert path.exists()


def _newer(path: Path) -> None:
    with closing(opened(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


STANDING: dict[str, Callable[[Path], object]] = {
    "whole": _as_it_is,
    "head": _zeroed_head,
    "schema": _garbled_schema,
    "cut": _cut,
    "page": _zeroed_page,
    "application": _other_application,
    "newer": _newer,
    "text": lambda path: path.write_text("child_id,event,date\n"),
    "empty": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("standing", STANDING)
def test_a_copy_takes_the_place_of_whatever_stands_there(
    standing: str, copy: Path, store: Path, iro: Run
) -> None:
    """A whole, damaged or empty store is kept byte for byte, and the copy replaces it."""
    STANDING[standing](store)
    before = store.read_bytes()
    answer = iro("restore", str(copy))
    kept = store.with_name("iro.db.before-restore")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"restored: {store} from {copy}; kept: {kept}\n"
    assert before == kept.read_bytes()
    assert _children(store) == 60
    assert iro("child", "add", "AFTER").code == 0
    with closing(opened(store)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.plain
def test_a_copy_whose_schema_is_no_text_is_refused(copy: Path, store: Path, iro: Run) -> None:
    """The backup is damaged, and the store does not change."""
    content, before = copy.read_bytes(), store.read_bytes()
    codes = []
    for found in (b"CREATE TABLE fact", b"CREATE TABLE change", b"happened_on VARCHAR"):
        place = content.find(found) + 5
        copy.write_bytes(content[:place] + b"\xff\xfe" + content[place + 2 :])
        answer = iro("restore", str(copy))
        codes.append((answer.code, answer.out))

    assert {*codes} == {(5, "")}
    assert before == store.read_bytes()


def test_a_copy_is_restored_where_no_store_is(copy: Path, store: Path, iro: Run) -> None:
    """If the store and its folder are missing, there is nothing to keep."""
    shutil.rmtree(store.parent)
    answer = iro("restore", str(copy))

    assert (answer.code, answer.out) == (0, f"restored: {store} from {copy}\n")
    assert _children(store) == 60
    assert _names(store.parent) <= {"iro.db", "iro.db-wal", "iro.db-shm"}
    if os.name == "posix":
        assert stat.S_IMODE(store.stat().st_mode) == 0o600


@posix_only
def test_a_damaged_store_is_restored_through_a_link(
    copy: Path, store: Path, iro: Run, tmp_path: Path
) -> None:
    """The file that the link leads to is replaced, and the link stays."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "team.db"
    link.symlink_to(store)
    store.write_bytes(store.read_bytes()[:16] + bytes(5000))
    answer = iro("--database", str(link), "restore", str(copy))

    assert answer.code == 0, answer.err
    assert link.is_symlink()
    assert _children(store) == 60
    assert _names(link.parent) == {"team.db"}


def test_each_restore_keeps_what_stood_there(copy: Path, store: Path, iro: Run) -> None:
    """Each kept store has a name of its own, so no restore hinders another."""
    for number in range(3):
        assert iro("child", "add", f"B-{number}").code == 0
        assert iro("restore", str(copy)).code == 0
    kept = sorted(_names(store.parent) - {"iro.db", "iro.db.copies"})

    assert kept == [
        "iro.db.before-restore",
        "iro.db.before-restore-2",
        "iro.db.before-restore-3",
    ]
    assert [_children(store.with_name(name)) for name in kept] == [62, 61, 61]
    assert (store.stat().st_mode & 0o77, _children(store)) == (0, 60)


def test_what_is_only_in_the_log_is_kept_too(copy: Path, store: Path, iro: Run) -> None:
    """The log is kept with its file, under a name by which SQLite finds it."""
    with closing(opened(store)) as other:
        other.execute("SELECT count(*) FROM change").fetchone()
        iro("child", "add", "IN-THE-LOG")
        log = store.with_name("iro.db-wal").read_bytes()
        answer = iro("restore", str(copy))
        kept = store.with_name("iro.db.before-restore")
        assert log == kept.with_name(f"{kept.name}-wal").read_bytes()

    assert answer.code == 0
    assert (_children(store), _children(kept)) == (60, 62)


def test_a_reader_sees_one_moment_through_a_restore(copy: Path, store: Path, iro: Run) -> None:
    """An open reader still sees the old store, and a later one the restored store."""
    with reading(store) as before:
        assert iro("restore", str(copy)).code == 0
        assert len(before.child_ids()) == 61

    assert _children(store) == 60


@contextmanager
def _holding(path: Path) -> Iterator[None]:
    with closing(opened(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.slow
def test_a_store_that_is_being_written_is_not_replaced(copy: Path, store: Path, iro: Run) -> None:
    """Without the lock nothing is changed."""
    with _holding(store):
        answer = iro("restore", str(copy))

    assert answer.code == 5
    assert "locked by another process" in answer.err
    assert _names(store.parent) <= {"iro.db", "iro.db-wal", "iro.db-shm", "iro.db.copies"}
    assert _children(store) == 61


# Adds one child after another and says each once it is stored.
_ADDER = """
import sys
from iro_cli.facts.model import Child
from iro_cli.store.changing import Stamp
from iro_cli.store.kinds import CHILD_DETAIL
from iro_cli.store.sqlite import store_in

store, name = store_in(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in range(100_000):
    with store.changing(Stamp("2026-01-05T09:00:00Z", name, "add")) as change:
        change.add(CHILD_DETAIL, [Child(f"{name}-{number:05}")])
    print(f"{name}-{number:05}", flush=True)
"""


@pytest.mark.slow
@posix_only
def test_nothing_acknowledged_is_lost_by_a_restore(copy: Path, store: Path, tmp_path: Path) -> None:
    """Each acknowledged change is in the store, or in the store that the restore kept."""
    said = {name: tmp_path / f"{name}.txt" for name in ("one", "two")}
    programs = []
    for name, path in said.items():
        with path.open("w") as out:
            command = [sys.executable, "-c", _ADDER, str(store), name]
            programs.append(subprocess.Popen(command, stdout=out, text=True))
    rounds = 0
    # However slow the machine is, both have to be at work while the store is restored.
    while rounds < 10 or any(len(path.read_text().split()) < 12 for path in said.values()):
        time.sleep(0.1)
        store_at(store).restore(copy)
        rounds += 1
        assert _children(store) >= 60, rounds
        assert rounds < 300
    for program in programs:
        program.terminate()
        program.wait(60)
    lines = [line for path in said.values() for line in path.read_text().splitlines(keepends=True)]
    added = {line.strip() for line in lines if line.endswith("\n")} - {"ready"}
    found: set[str] = set()
    for name in _names(store.parent):
        if name == "iro.db" or (name.startswith("iro.db.before") and not name.endswith("-wal")):
            with reading(store.with_name(name)) as reader:
                found.update(reader.child_ids())

    assert added - found == set()


@posix_only
@pytest.mark.slow
def test_a_killed_restore_does_not_stop_the_next(copy: Path, store: Path, iro: Run) -> None:
    """The store is the old or the restored one, and the next restore works."""
    for number in range(12):
        with subprocess.Popen(
            [sys.executable, "-m", "iro_cli", "restore", str(copy)], stdout=subprocess.DEVNULL
        ) as program:
            time.sleep(0.1 + number * 0.02)
            program.send_signal(signal.SIGKILL)
        assert _children(store) in (60, 61)
        assert iro("restore", str(copy)).code == 0
        assert iro("child", "add", "LATER").code == 0

        assert _children(store) == 61


@pytest.mark.parametrize("wrong", ["cut", "page", "text", "empty", "newer"])
def test_what_is_no_whole_copy_is_refused(wrong: str, copy: Path, store: Path, iro: Run) -> None:
    """The store does not change, and no file is put beside it."""
    STANDING[wrong](copy)
    before = store.read_bytes()
    answer = iro("restore", str(copy))

    assert (answer.code, answer.out) == (5, "")
    assert str(copy) in answer.err
    assert before == store.read_bytes()
    assert _names(store.parent) == {"iro.db", "iro.db.copies"}


def test_a_copy_that_is_the_store(copy: Path, store: Path, iro: Run) -> None:
    """A store cannot be restored from itself, whatever name is given."""
    link = copy.with_name("link.db")
    link.hardlink_to(store)
    answers = [iro("restore", str(path)) for path in (store, link)]

    assert [one.code for one in answers] == [3, 3]
    assert all("the store itself" in one.err for one in answers)


def test_another_programs_database_is_not_replaced(copy: Path, store: Path, iro: Run) -> None:
    """With a mistyped name nobody loses their data."""
    store.unlink()
    with closing(opened(store)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = store.read_bytes()
    answer = iro("restore", str(copy))

    assert answer.code == 3
    assert "another program" in answer.err
    assert before == store.read_bytes()


def test_a_copy_on_a_medium_that_may_not_be_written(copy: Path, store: Path, held: Run) -> None:
    """A copy is read where it is, and no file is put beside it."""
    folder = copy.parent / "medium"
    folder.mkdir()
    moved = copy.rename(folder / "copy.db")
    moved.chmod(0o400)
    folder.chmod(0o500)
    answer = held("restore", str(moved))
    folder.chmod(0o700)

    assert answer.code == 0
    assert _names(folder) == {"copy.db"}
    assert _children(store) == 60


def test_a_store_whose_pages_have_another_size(copy: Path, store: Path, iro: Run) -> None:
    """The copy is changed to the page size of the store in use."""
    with closing(opened(store)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    answer = iro("restore", str(copy))

    assert answer.code == 0
    assert _children(store) == 60


# ---------------------------------------------------------------- what is known of copies


def test_doctor_says_when_no_backup_is_known(store: Path, iro: Run, tmp_path: Path) -> None:
    """Until a backup is made, and again when changes are in no backup."""

    def said() -> list[str]:
        return [
            row["message"] for row in iro("doctor", "-f", "json").rows() if row["check"] == "backup"
        ]

    at_first = said()
    with changing(store, at="2026-11-04T09:00:00Z") as change:
        change.add(CHILD_DETAIL, [Child("TWO-DAYS-LATER")])
    before = said()
    iro("backup", str(tmp_path / "copy.db"))
    after = said()
    with changing(store, at="2098-01-05T09:00:00Z") as change:
        change.add(CHILD_DETAIL, [Child("MUCH-LATER")])
    later = said()

    assert at_first == []
    assert before == ["no backup of this store is known"]
    assert after == []
    assert len(later) == 1
    assert later[0].endswith("and the last change of 5 Jan 2098")


# ---------------------------------------------------------------- a store that is gone


@pytest.mark.parametrize("where", ["beside", "written down", "by its moment", "encrypted"])
def test_a_store_that_is_gone_has_its_copies_named(
    where: str, store: Path, tmp_path: Path, iro: Run
) -> None:
    """Somebody who makes a new store would go on without the data in the copies."""
    copy = {
        "beside": store.with_name("iro.db.bak"),
        "by its moment": store.with_name("iro-2025-02-09T180000Z.db"),
        "encrypted": store.with_name("iro.db.old"),
    }.get(where, tmp_path / "elsewhere.db")
    if where == "written down":
        assert iro("backup", str(copy)).code == 0
        store.unlink()
    elif where == "encrypted":
        store.unlink()
        copy.write_bytes(b"IROE" + bytes(4092))
    else:
        shutil.move(store, copy)
    for file in store.parent.glob("iro.db-*"):
        file.unlink()
    answer = iro("due")

    assert (answer.code, answer.out) == (5, "")
    assert f"`iro restore '{copy}'`" in answer.err
    if where != "encrypted":
        assert iro("restore", str(copy)).code == 0
        assert _children(store) == 60


def test_what_is_no_store_is_no_copy_of_one(store: Path, iro: Run) -> None:
    """Another program's database, and a store of another name, are no copies."""
    shutil.move(store, store.with_name("wales.db"))
    store.with_name("iro.db.txt").write_text("a list", "utf-8")
    with closing(sqlite3.connect(store.with_name("iro.db.sqlite"))) as other:
        other.execute("CREATE TABLE t (a)")
        other.commit()
    answer = iro("due")

    assert answer.code == 5
    assert "iro restore" not in answer.err
    assert "`iro init`, `iro import` or `iro child add` makes one there" in answer.err


@pytest.mark.parametrize("line", ["init", "child add NEW"])
def test_a_new_store_in_the_place_of_one_that_is_gone(line: str, store: Path, iro: Run) -> None:
    """The command works, and names the copies of what may have been lost."""
    copy = store.with_name("iro.db.bak")
    shutil.move(store, copy)
    answer = iro(*line.split())

    assert answer.code == 0
    assert f"`iro restore '{copy}'`" in answer.err
