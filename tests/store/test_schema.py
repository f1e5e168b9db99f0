"""The compiled and the migrated schema, what the database enforces, and older stores."""

import csv
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from iro_cli import shipped
from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.facts.model import Booking, Child, Event
from iro_cli.store import sqlite, sqlite_schema
from iro_cli.store.changing import Change
from iro_cli.store.history import HistoryEntry
from iro_cli.store.kind import Kind
from iro_cli.store.kinds import BOOKING, CHILD_DETAIL, FACT, KINDS
from iro_cli.store.migrations import prepare
from iro_cli.store.sqlite import APPLICATION_ID, MIGRATIONS, SqliteStore, latest_version
from running import each
from stores import add_facts, changing, reading, undo

# Stores that programs of earlier releases left, as text, and what they said of their history.
RELEASED = Path(__file__).parent / "released"
HELD = (
    "change",
    "child",
    "change_child",
    "child_area",
    "source",
    "erasure",
    *(kind.table for kind in KINDS),
)
# The sum of the pages is no history: it is written again with every change.
TABLES = (*HELD, "checksum")
NEXT = latest_version() + 1
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that no test may change."""
    path = tmp_path_factory.mktemp("made") / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child("A", team="North")])
    with changing(path) as change:
        add_facts(change, [("A", Event("cla.start", date(2026, 1, 5)))])
    return path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Return a store with one child, one fact of it, and nothing withdrawn."""
    return Path(shutil.copy(made, tmp_path))


@pytest.fixture
def database(store: Path) -> Iterator[sqlite3.Connection]:
    """Return the store opened without this program."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        yield connection


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        return [f"version {version}", *connection.iterdump()]


def _scripts(folder: Path, *more: str) -> Path:
    """Return the numbered scripts, and more that come after them."""
    shutil.copytree(MIGRATIONS, folder)
    for number, script in enumerate(more, start=NEXT):
        (folder / f"{number:04}.sql").write_text(script, "utf-8")
    return folder


def _schema(path: Path) -> dict[str, object]:
    """Return everything that a database knows of its schema, in one form."""
    with closing(sqlite3.connect(path)) as database:

        def ask(pragma: str, name: str) -> list[tuple[object, ...]]:
            return database.execute(f"PRAGMA {pragma}('{name}')").fetchall()

        found: dict[str, object] = {}
        for kind, name, sql in database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall():
            words = re.sub(r"\s+", " ", sql)
            if kind == "table":
                found[name] = (
                    ask("table_xinfo", name),
                    sorted(row[2:] for row in ask("foreign_key_list", name)),
                    [row[1:] for row in ask("table_list", name)],
                )
            elif kind == "index":
                found[name] = (words, ask("index_xinfo", name))
            else:
                found[name] = words
        return found


def _released(version: int, folder: Path) -> Path:
    """Return a store as the program of an earlier release left it."""
    path = folder / f"{version}.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"{version}.sql").read_text("utf-8"))
    return path


# ---------------------------------------------------------------- the schema


@pytest.mark.slow
def test_what_is_compiled_is_fresh() -> None:
    """The kinds and both schemas are what the tables make today."""
    script = Path(__file__).parents[2] / "scripts" / "compile_data.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], check=False, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_every_table_is_one_of_a_kind(database: sqlite3.Connection) -> None:
    """Every table but those of changes and ids is read and written as a kind."""
    found = {
        name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }

    assert set(TABLES) == found


def test_the_scripts_come_to_the_compiled_schema(tmp_path: Path) -> None:
    """The numbered scripts make the same store as the compiled schema."""
    by_scripts, made = tmp_path / "scripts.db", tmp_path / "made.db"
    with closing(sqlite3.connect(by_scripts)) as connection:
        for script in sorted(Path(MIGRATIONS).glob("*.sql")):
            connection.executescript(script.read_text("utf-8"))
    SqliteStore(made).prepare()

    assert _schema(by_scripts) == _schema(made)


@pytest.mark.parametrize("version", range(1, latest_version()))
def test_a_released_store_comes_to_the_compiled_schema(version: int, tmp_path: Path) -> None:
    """Each earlier release's store, migrated, has the schema of a new one."""
    old, made = _released(version, tmp_path), tmp_path / "made.db"
    applied = SqliteStore(old).prepare()
    SqliteStore(made).prepare()

    assert applied == list(range(version + 1, latest_version() + 1))
    assert _schema(old) == _schema(made)


@each("kind", KINDS, name=lambda kind: kind.table)
def test_a_kind_is_its_table(kind: Kind[Any], database: sqlite3.Connection) -> None:
    """Its columns, its days and its key are those of the table."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({kind.table})")]
    key = [row[1] for row in database.execute(f"PRAGMA table_info({kind.table})") if row[5]]
    place, fate = ["change_id", "line"], ["restores", "withdrawn_by"]

    assert sorted(columns) == sorted([*kind.columns, *place, *fate])
    assert key == [*kind.key, *place]
    assert kind.of_child == ("child_id" in columns)


def test_the_file_says_whose_it_is_and_which_version(database: sqlite3.Connection) -> None:
    """Both are read first, so that another program's file is left alone."""
    found = [
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    ]

    assert [APPLICATION_ID, latest_version()] == found


def test_scripts_are_numbered_without_a_gap() -> None:
    """The version of a store is the number of the last script, so none may be missing."""
    numbers = sorted(int(path.stem) for path in Path(MIGRATIONS).glob("*.sql"))

    assert list(range(1, latest_version() + 1)) == numbers


# ---------------------------------------------------------------- modes and pragmas


@posix_only
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """This holds for the new folder, the file, its log and the log's index."""
    folder = tmp_path / "data"
    with changing(folder / "iro.db") as change:
        change.add(CHILD_DETAIL, [Child("A")])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert modes == {"iro.db": 0o600, "iro.db-wal": 0o600, "iro.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix_only
def test_a_folder_that_stands_is_left_as_it_is(tmp_path: Path) -> None:
    """Its owner decided who may read it."""
    tmp_path.chmod(0o755)
    SqliteStore(tmp_path / "iro.db").prepare()

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_pragmas_of_a_writing_connection(store: Path) -> None:
    """References are enforced, commits reach the disk, deleted data is overwritten."""
    expected = {
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
        "journal_mode": "wal",
        "busy_timeout": 5000,
    }
    with changing(store) as change:
        found = {name: next(change.rows(f"PRAGMA {name}"))[0] for name in expected}

    assert expected == found


def test_a_fact_of_nobody_is_refused(store: Path) -> None:
    """The database enforces the reference, whatever the program checks."""
    before = _dump(store)
    with pytest.raises(StoreError), changing(store) as change:
        add_facts(change, [("NOBODY", Event("cla.start", date(2026, 1, 5)))])

    assert before == _dump(store)


def test_a_child_is_listed_once(store: Path) -> None:
    """However many come at once, and whether a change before or the same one had them already."""
    few, many = [Child(f"C{n}") for n in range(600)], [Child(f"C{n}") for n in range(1_200)]
    for given in ([few], [few, many, [*many, Child("D")], few, [Child("E")]]):
        with changing(store) as change:
            for children in given:
                change.add(CHILD_DETAIL, children)

    with reading(store) as reader:
        listed = [child_id for (child_id,) in reader.rows("SELECT child_id FROM child")]
        assert sorted(listed) == sorted(["A", "D", "E", *(one.child_id for one in many)])
        assert reader.chain().problems == []


def test_a_change_that_adds_nothing_leaves_no_trace(store: Path) -> None:
    """The history lists only changes that changed something."""
    before = _dump(store)
    with changing(store):
        pass

    assert before == _dump(store)


# ---------------------------------------------------------------- append-only

_INSERT = (
    "INSERT OR REPLACE INTO fact (child_id, happened_on, event, change_id, line, note) "
    "SELECT child_id, happened_on, event, change_id, line, 'forged' FROM fact"
)


@pytest.mark.parametrize(
    "statement",
    [
        *(f"DELETE FROM {table}" for table in ("change", "child", "child_detail", "fact")),
        "UPDATE fact SET happened_on = '2026-01-06'",
        "UPDATE fact SET outcome = 'plan'",
        "UPDATE fact SET note = 'later thought', withdrawn_by = 2",
        "UPDATE child_detail SET team = 'South'",
        "UPDATE change SET who = 'somebody else'",
        "UPDATE child SET child_id = 'B'",
        _INSERT,
    ],
)
def test_no_row_is_deleted_or_rewritten(
    statement: str, store: Path, database: sqlite3.Connection
) -> None:
    """No row is deleted or rewritten, even without this program."""
    before = _dump(store)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)

    assert before == _dump(store)


def _add_many(change: Change, child_id: str) -> None:
    """Add a few hundred facts of one child, as an import does."""
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(400)]
    add_facts(change, [(child_id, Event("cla.review", on)) for on in days])


def _add_twice(change: Change, children: list[Child]) -> None:
    """Add children, and then rows with the same keys."""
    change.add(CHILD_DETAIL, children)
    change._line = 0
    change.add(CHILD_DETAIL, children)


@pytest.mark.parametrize("many", [False, True])
def test_what_was_written_with_many_others_stays(store: Path, *, many: bool) -> None:
    """The trigger that an import removes, to be quick, is back when it ends."""
    with changing(store, many=many) as change:
        change.add(CHILD_DETAIL, [Child("MANY")])
        _add_many(change, "MANY")
    before = _dump(store)
    with closing(sqlite3.connect(store)) as database:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(_INSERT)
        assert [] == sqlite_schema.unlike(database, shipped.text(sqlite.SCHEMA))

    assert before == _dump(store)
    assert 400 == sum(one.child_id == "MANY" for one in reading(store).records(FACT))


@pytest.mark.parametrize("many", [False, True])
def test_the_guard_is_on_again_when_an_import_fails(store: Path, *, many: bool) -> None:
    """A change with facts of an unknown child is rolled back, and every trigger is back."""
    before = _dump(store)
    with (
        pytest.raises(StoreError, match="nothing was stored"),
        changing(store, many=many) as change,
    ):
        _add_many(change, "NOBODY")

    assert before == _dump(store)
    with (
        closing(sqlite3.connect(store)) as database,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        database.execute(_INSERT)


@pytest.mark.parametrize("many", [False, True])
def test_a_row_that_is_there_already_takes_many_others_back(store: Path, *, many: bool) -> None:
    """They were added by the same statement, or by one before it."""
    before = _dump(store)
    with (
        pytest.raises(StoreError, match="nothing was stored"),
        changing(store, many=many) as change,
    ):
        _add_twice(change, [Child(f"M{number:03}") for number in range(400)])

    assert before == _dump(store)


def test_a_fact_is_withdrawn_once(database: sqlite3.Connection) -> None:
    """No change may withdraw it a second time, or restore the row."""
    database.execute("UPDATE fact SET withdrawn_by = 2")
    for value in ("1", "NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(f"UPDATE fact SET withdrawn_by = {value}")

    assert database.execute("SELECT withdrawn_by FROM fact").fetchall() == [(2,)]


def test_every_table_is_held(database: sqlite3.Connection) -> None:
    """Every table has its triggers."""
    triggers = {
        (table, word)
        for table, script in database.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        for word in ("DELETE", "UPDATE")
        if f"BEFORE {word}" in script
    }

    assert {(table, word) for table in HELD for word in ("DELETE", "UPDATE")} == triggers


def test_every_column_is_held(database: sqlite3.Connection) -> None:
    """The trigger of each table names every column that a change may not rewrite."""
    scripts = dict(
        database.execute("SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE '%_fixed'")
    )
    columns = {
        table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        for table in scripts
    }
    loose = {
        (table, column)
        for table, script in scripts.items()
        for column in columns[table]
        if f"NEW.{column} IS NOT OLD.{column}" not in script and "WHEN" in script
    }
    once = {(table, "withdrawn_by") for table in scripts if "withdrawn_by" in columns[table]}
    once |= {("erasure", "salt")}

    assert once == loose


def _touched(database: sqlite3.Connection) -> set[tuple[int, str]]:
    """Return the children of each change, from the rows that it added or withdrew."""
    return {
        (change, child)
        for kind in KINDS
        if kind.of_child
        for column in ("change_id", "withdrawn_by")
        for change, child in database.execute(
            f"SELECT {column}, child_id FROM {kind.table} WHERE {column} IS NOT NULL"
        )
    }


def test_a_change_knows_its_children(store: Path, database: sqlite3.Connection) -> None:
    """An undo finds every row by them: added, corrected, withdrawn, added again."""
    with changing(store) as change:
        change.add(CHILD_DETAIL, [Child("B"), Child("C")])
        change.withdraw(CHILD_DETAIL, change.standing(CHILD_DETAIL, "A"))
        change.add(BOOKING, [Booking("B", "cla.review.first", None, date(2026, 2, 2))])
    undo(store)
    with changing(store) as change:
        change.withdraw(FACT, change.standing(FACT))
    undo(store)
    found = set(database.execute("SELECT change_id, child_id FROM change_child"))

    assert _touched(database) == found
    assert len(found) > 8


def _areas(database: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the children of each area, from the facts that are or were known."""
    return {
        (event.partition(".")[0], child)
        for event, child in database.execute("SELECT event, child_id FROM fact")
    }


def test_the_areas_of_a_child_are_known(store: Path, database: sqlite3.Connection) -> None:
    """A question about a process finds each child by them, whatever was withdrawn."""
    with changing(store) as change:
        change.add(CHILD_DETAIL, [Child("B")])
        add_facts(change, [("B", Event("cp.strategy", date(2026, 2, 2)))])
        add_facts(change, [("B", Event("cp.core-group", date(2026, 2, 3)))])
    undo(store)
    with changing(store) as change:
        add_facts(change, [("B", Event("secure.start", date(2026, 2, 2)))])
    found = set(database.execute("SELECT area, child_id FROM child_area"))

    assert _areas(database) == found
    assert {("cp", "B"), ("secure", "B")} <= found


# ---------------------------------------------------------------- migrations


def test_an_old_store_is_migrated_in_place(store: Path, tmp_path: Path) -> None:
    """Its data stay, and a copy of the old store is beside it."""
    before = _dump(store)
    folder = _scripts(
        tmp_path / "scripts",
        "ALTER TABLE child ADD COLUMN colour VARCHAR;\n"
        "-- a comment; with a semicolon\n"
        "CREATE TABLE one (\n  a INTEGER\n);\n",
    )
    applied = prepare(SqliteStore(store), folder)
    with closing(sqlite3.connect(store)) as connection:
        kept = connection.execute("SELECT child_id, colour FROM child").fetchall()
        facts = connection.execute("SELECT child_id, event FROM fact").fetchall()
        version = connection.execute("PRAGMA user_version").fetchone()[0]

    assert applied == [NEXT]
    assert (kept, facts, version) == ([("A", None)], [("A", "cla.start")], NEXT)
    assert before == _dump(tmp_path / f"iro.db.before-v{NEXT}")


@posix_only
def test_the_copy_beside_is_the_owners_alone(store: Path, tmp_path: Path) -> None:
    """It has the same data as the store."""
    prepare(SqliteStore(store), _scripts(tmp_path / "scripts", "CREATE TABLE one (a INTEGER);\n"))

    assert stat.S_IMODE((tmp_path / f"iro.db.before-v{NEXT}").stat().st_mode) == 0o600


def test_a_store_up_to_date_is_left_alone(store: Path) -> None:
    """No script is run, and no copy is made."""
    before = store.read_bytes()

    assert SqliteStore(store).prepare() == []
    assert before == store.read_bytes()
    assert [store] == sorted(store.parent.glob("iro.db*"))


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE one (a INTEGER);\nALTER TABLE nowhere ADD COLUMN b INTEGER;\n",
        "CREATE TABLE one (a INTEGER);\nDELETE FROM fact;\n",
        "CREATE TABLE one (a INTEGER);\nthis is not SQL;\n",
    ],
)
def test_a_script_that_fails_changes_nothing(script: str, store: Path, tmp_path: Path) -> None:
    """Its statements and the version are one transaction."""
    before = _dump(store)
    with pytest.raises(StoreError):
        prepare(SqliteStore(store), _scripts(tmp_path / "scripts", script))

    assert before == _dump(store)


def test_the_scripts_before_one_that_fails_stay(store: Path, tmp_path: Path) -> None:
    """Each script is its own transaction, and the migration can go on from there."""
    folder = _scripts(tmp_path / "scripts", "CREATE TABLE one (a INTEGER);\n", "not SQL;\n")
    with pytest.raises(StoreError):
        prepare(SqliteStore(store), folder)

    assert _dump(store)[0] == f"version {NEXT}"


def test_a_last_statement_without_a_semicolon_is_not_lost(store: Path, tmp_path: Path) -> None:
    """A script with an unfinished end is refused or run whole."""
    folder = _scripts(
        tmp_path / "scripts", "CREATE TABLE one (a INTEGER);\nCREATE TABLE two (b INTEGER)\n"
    )
    try:
        prepare(SqliteStore(store), folder)
    except (StoreError, ValueError):
        version, tables = f"version {latest_version()}", set[str]()
    else:
        version, tables = f"version {NEXT}", {"one", "two"}
    dump = _dump(store)

    assert version == dump[0]
    assert tables == {name for name in ("one", "two") if f"CREATE TABLE {name} " in "\n".join(dump)}


@pytest.mark.slow
def test_every_kind_with_a_history_is_compiled() -> None:
    """A class that `VERSIONED` does not name would be left out in silence."""
    from iro_cli.store.tables import VERSIONED, Versioned

    assert sorted(one.__name__ for one in VERSIONED) == sorted(
        one.__name__ for one in Versioned.__subclasses__()
    )


def test_an_older_store_is_not_read_before_it_is_migrated(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading never changes a store: the message says how to migrate it."""
    folder = _scripts(tmp_path / "scripts", "CREATE TABLE one (a INTEGER);\n")
    monkeypatch.setattr(sqlite, "MIGRATIONS", folder)
    before = store.read_bytes()
    with pytest.raises(StoreError, match="iro --database .* doctor --migrate"):
        reading(store)

    assert before == store.read_bytes()


def test_a_newer_store_is_refused_and_left_as_it_is(store: Path) -> None:
    """A program that does not know the schema neither reads nor writes it."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(f"PRAGMA user_version = {latest_version() + 1}")
    before = store.read_bytes()
    with pytest.raises(StoreError, match="newer iro") as to_read:
        reading(store)
    with pytest.raises(StoreError, match="newer iro") as to_write, changing(store) as change:
        change.add(CHILD_DETAIL, [Child("B")])

    assert (to_read.value.exit_code, to_write.value.exit_code) == (5, 5)
    assert before == store.read_bytes()


def _undone(path: Path) -> Iterator[int]:
    """Undo one change after another, until there is none."""
    with suppress(InputRefusedError):
        while True:
            yield undo(path).change


@pytest.mark.parametrize("version", range(1, latest_version()))
def test_a_released_store_keeps_everything(version: int, tmp_path: Path) -> None:
    """Its history is the same, it can be written, and every change can be undone."""
    path = _released(version, tmp_path)
    before = _dump(path)
    SqliteStore(path).prepare()
    with (RELEASED / f"{version}.history.csv").open(encoding="utf-8", newline="") as file:
        expected = [
            HistoryEntry(
                int(row["change"]),
                row["at"],
                row["who"],
                row["command"],
                row["what"],
                row["child"] or None,
                row["event"] or None,
                row["on"] or None,
                row["details"],
            )
            for row in csv.DictReader(file)
        ]
    with reading(path) as reader:
        history = [one._replace(details=one.details or "") for one in reader.history()]
        chained = reader.chain()
    with closing(sqlite3.connect(path)) as database:
        damage = database.execute("PRAGMA integrity_check").fetchall()
        damage += database.execute("PRAGMA foreign_key_check").fetchall()
        touched = set(database.execute("SELECT change_id, child_id FROM change_child"))
        known = _touched(database)
        areas = set(database.execute("SELECT area, child_id FROM child_area"))
        of_facts = _areas(database)
    with changing(path) as change:
        add_facts(change, [("Finch", Event("cla.review", date(2026, 4, 20), scaling="6"))])
    undone = list(_undone(path))
    with reading(path) as reader:
        left = [reader.records(kind) for kind in KINDS]
        chained_after = reader.chain()

    assert before == _dump(path.with_name(f"{path.name}.before-v{version + 1}"))
    assert (damage, touched) == ([("ok",)], known)
    assert areas == of_facts
    assert (chained.problems, chained_after.problems) == ([], [])
    assert len(chained.digests) == max(one.change for one in expected)
    assert history == expected
    # All but those that an undo had taken back, and the undo itself.
    assert len(undone) == max(one.change for one in expected) + 1 - 2
    assert left == [[]] * len(KINDS)


def test_a_store_shrinks_as_it_is_moved_on(tmp_path: Path) -> None:
    """The space of the old indexes is freed."""
    path = _released(2, tmp_path)
    before = path.stat().st_size
    SqliteStore(path).prepare()

    assert path.stat().st_size < before
