"""The schema as migrated, what the database holds to by itself, and moving an old store on."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Table
from sqlmodel import SQLModel

from iro_cli.errors import StoreError
from iro_cli.facts.model import Child, Event
from iro_cli.store import location
from iro_cli.store.location import APPLICATION_ID, MIGRATIONS, latest_version
from iro_cli.store.migrations import prepare
from iro_cli.store.reading import Reader
from iro_cli.store.tables import VERSIONED, Change, ChildRow
from iro_cli.store.writing import change

AT, WHO = "2026-01-05T09:00:00Z", "tester"
TABLES: dict[str, Table] = {
    name: SQLModel.metadata.tables[name]
    for name in (str(vars(one)["__tablename__"]) for one in (Change, ChildRow, *VERSIONED))
}
posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that no test may touch."""
    path = tmp_path_factory.mktemp("made") / "iro.db"
    with change(path, at=AT, who=WHO, command="add") as writer:
        writer.put_child(Child("A", team="North"))
    with change(path, at=AT, who=WHO, command="record") as writer:
        writer.add_facts([("A", Event("cla.start", date(2026, 1, 5)), None)])
    return path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """Return a store with one child, one fact of it, and nothing withdrawn."""
    return Path(shutil.copy(made, tmp_path))


@pytest.fixture
def database(store: Path) -> Iterator[sqlite3.Connection]:
    """Return the store opened by somebody who goes round this program."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        yield connection


def _columns(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return database.execute(f"PRAGMA table_info({table})").fetchall()


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        return [f"version {version}", *connection.iterdump()]


def _scripts(folder: Path, **more: str) -> Path:
    shutil.copytree(MIGRATIONS, folder)
    for name, script in more.items():
        (folder / f"{name.removeprefix('v')}.sql").write_text(script, "utf-8")
    return folder


# ---------------------------------------------------------------- the schema


def test_tables_are_those_of_the_models(database: sqlite3.Connection) -> None:
    """The scripts and the SQLModel classes name the same tables."""
    found = {
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    }

    assert set(TABLES) == found


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_of_the_models(table: str, database: sqlite3.Connection) -> None:
    """Each table has the same columns, in whatever order."""
    expected = {column.name for column in TABLES[table].columns}

    assert expected == {name for _, name, *_ in _columns(database, table)}


@pytest.mark.parametrize("table", TABLES)
def test_primary_keys_are_those_of_the_models(table: str, database: sqlite3.Connection) -> None:
    """Each table is identified by the same columns."""
    expected = {column.name for column in TABLES[table].primary_key.columns}

    assert expected == {name for _, name, *_, key in _columns(database, table) if key}


@pytest.mark.parametrize("table", TABLES)
def test_what_may_be_null_is_as_in_the_models(table: str, database: sqlite3.Connection) -> None:
    """What the models call optional may be null, and nothing else."""
    expected = {column.name for column in TABLES[table].columns if column.nullable}

    assert expected == {
        name for _, name, _, not_null, _, _ in _columns(database, table) if not not_null
    }


@pytest.mark.parametrize("table", TABLES)
def test_foreign_keys_are_those_of_the_models(table: str, database: sqlite3.Connection) -> None:
    """Each reference points to the same column."""
    expected = {
        (key.parent.name, key.column.table.name, key.column.name)
        for key in TABLES[table].foreign_keys
    }
    found = {
        (row[3], row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")
    }

    assert expected == found


def test_the_file_says_whose_it_is_and_which_version(database: sqlite3.Connection) -> None:
    """Both are read before anything else, so that a stranger's file is left alone."""
    found = [
        database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    ]

    assert [APPLICATION_ID, latest_version()] == found


def test_scripts_are_numbered_without_a_gap() -> None:
    """The version of a store is the number of the last script, so none may be missing."""
    numbers = sorted(int(path.stem) for path in MIGRATIONS.glob("*.sql"))

    assert list(range(1, latest_version() + 1)) == numbers


# ---------------------------------------------------------------- modes and pragmas


@posix_only
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """The folder that is made, the file, its log and the log's index: nobody else's."""
    folder = tmp_path / "data"
    with change(folder / "iro.db", at=AT, who=WHO, command="add") as writer:
        writer.put_child(Child("A"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert modes == {"iro.db": 0o600, "iro.db-wal": 0o600, "iro.db-shm": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix_only
def test_a_folder_that_stands_is_left_as_it_is(tmp_path: Path) -> None:
    """Its owner decided who may look into it."""
    tmp_path.chmod(0o755)
    prepare(tmp_path / "iro.db")

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_pragmas_of_a_writing_connection(store: Path) -> None:
    """References are held, commits reach the disk, what is overwritten is blanked."""
    expected = {
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
        "journal_mode": "wal",
        "busy_timeout": 5000,
    }
    with change(store, at=AT, who=WHO, command="look") as writer:
        connection = writer.session.connection()
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}

    assert expected == found


def test_a_fact_of_nobody_is_refused(store: Path) -> None:
    """The database holds the reference, whatever the program forgot to check."""
    before = _dump(store)
    with pytest.raises(StoreError), change(store, at=AT, who=WHO, command="record") as writer:
        writer.add_facts([("NOBODY", Event("cla.start", date(2026, 1, 5)), None)])

    assert before == _dump(store)


def test_a_change_that_adds_nothing_leaves_no_trace(store: Path) -> None:
    """The history lists what changed something, and nothing else."""
    before = _dump(store)
    with change(store, at=AT, who=WHO, command="look"):
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
def test_what_was_written_stays(statement: str, store: Path, database: sqlite3.Connection) -> None:
    """Nothing is deleted or rewritten, even by somebody who goes round this program."""
    before = _dump(store)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)

    assert before == _dump(store)


def test_a_fact_is_withdrawn_once(database: sqlite3.Connection) -> None:
    """A later change may withdraw it; none may withdraw it again, or put it back."""
    database.execute("UPDATE fact SET withdrawn_by = 2")
    for value in ("1", "NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(f"UPDATE fact SET withdrawn_by = {value}")

    assert database.execute("SELECT withdrawn_by FROM fact").fetchall() == [(2,)]


def test_every_table_is_held(database: sqlite3.Connection) -> None:
    """No table was forgotten when the triggers were written."""
    triggers = {
        (table, word)
        for table, script in database.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        for word in ("DELETE", "UPDATE")
        if f"BEFORE {word}" in script
    }

    assert {(table, word) for table in TABLES for word in ("DELETE", "UPDATE")} == triggers


def test_every_column_is_held(database: sqlite3.Connection) -> None:
    """The trigger of each table names every column that a change may not rewrite."""
    scripts = dict(
        database.execute("SELECT tbl_name, sql FROM sqlite_master WHERE name LIKE '%_fixed'")
    )
    loose = {
        (table, column.name)
        for table, script in scripts.items()
        for column in TABLES[table].columns
        if f"NEW.{column.name} IS NOT OLD.{column.name}" not in script and "WHEN" in script
    }
    once = {(table, "withdrawn_by") for table in scripts if "withdrawn_by" in TABLES[table].columns}

    assert once | {("change", "undoes")} == loose


# ---------------------------------------------------------------- migrations


def test_an_old_store_is_migrated_in_place(store: Path, tmp_path: Path) -> None:
    """Its data stay, and a copy as it was stands beside it."""
    before = _dump(store)
    folder = _scripts(
        tmp_path / "scripts",
        v0003="ALTER TABLE child ADD COLUMN colour VARCHAR;\n"
        "-- a comment; with a semicolon\n"
        "CREATE TABLE one (\n  a INTEGER\n);\n",
    )
    applied = prepare(store, folder)
    with closing(sqlite3.connect(store)) as connection:
        kept = connection.execute("SELECT child_id, colour FROM child").fetchall()
        facts = connection.execute("SELECT child_id, event FROM fact").fetchall()
        version = connection.execute("PRAGMA user_version").fetchone()[0]

    assert applied == [3]
    assert (kept, facts, version) == ([("A", None)], [("A", "cla.start")], 3)
    assert before == _dump(tmp_path / "iro.db.before-v3")


@posix_only
def test_the_copy_beside_is_the_owners_alone(store: Path, tmp_path: Path) -> None:
    """It holds the same data as the store."""
    prepare(store, _scripts(tmp_path / "scripts", v0003="CREATE TABLE one (a INTEGER);\n"))

    assert stat.S_IMODE((tmp_path / "iro.db.before-v3").stat().st_mode) == 0o600


def test_a_store_up_to_date_is_left_alone(store: Path) -> None:
    """No script is run, and no copy is made."""
    before = store.read_bytes()

    assert prepare(store) == []
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
    """All its statements are one transaction with the version."""
    before = _dump(store)
    with pytest.raises(StoreError):
        prepare(store, _scripts(tmp_path / "scripts", v0003=script))

    assert before == _dump(store)


def test_the_scripts_before_one_that_fails_stay(store: Path, tmp_path: Path) -> None:
    """Each script is a transaction of its own, and can be taken up from there."""
    folder = _scripts(
        tmp_path / "scripts", v0003="CREATE TABLE one (a INTEGER);\n", v0004="not SQL;\n"
    )
    with pytest.raises(StoreError):
        prepare(store, folder)

    assert _dump(store)[0] == "version 3"


def test_a_last_statement_without_a_semicolon_is_not_lost(store: Path, tmp_path: Path) -> None:
    """A script whose end is missing is refused or run whole, never run in part."""
    folder = _scripts(
        tmp_path / "scripts", v0003="CREATE TABLE one (a INTEGER);\nCREATE TABLE two (b INTEGER)\n"
    )
    try:
        prepare(store, folder)
    except (StoreError, ValueError):
        version, tables = "version 2", set[str]()
    else:
        version, tables = "version 3", {"one", "two"}
    dump = _dump(store)

    assert version == dump[0]
    assert tables == {name for name in ("one", "two") if f"CREATE TABLE {name} " in "\n".join(dump)}


def test_an_older_store_is_not_read_before_it_is_migrated(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading never changes a store: it says how to bring it up."""
    folder = _scripts(tmp_path / "scripts", v0003="CREATE TABLE one (a INTEGER);\n")
    monkeypatch.setattr(location, "MIGRATIONS", folder)
    before = store.read_bytes()
    with pytest.raises(StoreError, match="iro doctor --migrate"):
        Reader(store)

    assert before == store.read_bytes()


def test_a_newer_store_is_refused_and_left_as_it_is(store: Path) -> None:
    """A program that does not know its schema neither reads nor writes it."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(f"PRAGMA user_version = {latest_version() + 1}")
    before = store.read_bytes()
    with pytest.raises(StoreError, match="newer iro") as reading:
        Reader(store)
    with pytest.raises(StoreError, match="newer iro") as writing:  # noqa: SIM117 - one raises
        with change(store, at=AT, who=WHO, command="add") as writer:
            writer.put_child(Child("B"))

    assert (reading.value.exit_code, writing.value.exit_code) == (5, 5)
    assert before == store.read_bytes()


def test_a_store_of_the_first_release_keeps_everything(tmp_path: Path) -> None:
    """Its rows stand as they were, what is new is blank, and it can be written and undone."""
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(MIGRATIONS / "0001.sql", old)
    path = tmp_path / "first.db"
    prepare(path, old)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO change VALUES (1, '2026-01-05', 'a tester', 'add', NULL)")
        connection.execute("INSERT INTO child VALUES ('A')")
        connection.execute(
            "INSERT INTO child_detail (child_id, change_id, line) VALUES ('A', 1, 1)"
        )
        connection.execute(
            "INSERT INTO fact (child_id, happened_on, event, change_id, line, note) "
            "VALUES ('A', '2026-01-05', 'cla.start', 1, 2, 'as it was')"
        )
        connection.execute(
            "INSERT INTO allocation (child_id, role, change_id, line, name) "
            "VALUES ('A', 'iro', 1, 3, 'Wren')"
        )
        connection.commit()
    applied = prepare(path)
    with change(path, at=AT, who=WHO, command="record") as writer:
        writer.add_facts([("A", Event("cla.review", date(2026, 1, 20), scaling="6"), None)])
    reader = Reader(path)
    events = dict(reader.cases(date.max, whole=True))["A"]
    held = reader.holders(date(2026, 1, 20))
    reader.close()

    assert applied == list(range(2, latest_version() + 1))
    assert events == [
        Event("cla.start", date(2026, 1, 5), note="as it was"),
        Event("cla.review", date(2026, 1, 20), scaling="6"),
    ]
    assert held == {("A", "iro"): "Wren"}
