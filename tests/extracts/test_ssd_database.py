"""The Standard Safeguarding Dataset is read from a database as from CSV files of it."""

import csv
import dataclasses
import gc
import io
import logging
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, oracle, postgresql

from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssd import SOURCE
from iro_cli.extracts.ssd.places import placed
from iro_cli.extracts.ssd.tables import KINDS
from iro_cli.incoming.database import Database, cell_text, place_shown, selecting
from iro_cli.incoming.refused import write_refused
from running import Answer, each
from servers import Server

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "examples" / "extracts" / "ssd"
GOOD = Path(__file__).parent / "good" / "ssd"
PASSWORD = "hunter2"

Tables = Mapping[str, tuple[str, ...]]
EPISODES = (
    "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,"
    "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,clae_cla_id"
)
# A child: care from 1 February, and two reviews.
WREN: Tables = {
    "ssd_cla_episodes": (EPISODES, "E1,A,2026-02-01,S,,C1"),
    "ssd_cla_reviews": (
        "clar_cla_review_id,clar_cla_id,clar_cla_review_date",
        "R1,C1,2026-02-20",
        "R2,C1,2026-05-18 09:00:00",
    ),
}


def _rows(folder: Path) -> dict[str, list[list[str]]]:
    """Return the tables of a folder of CSV files, with the names of the columns first."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        found[path.stem] = [header, *([*row, *[""] * len(header)][: len(header)] for row in rows)]
    return found


def _sqlite(path: Path, tables: Tables, **named: str) -> str:
    """Make a database of tables, each a header and rows, and return its URL."""
    with closing(sqlite3.connect(path)) as database:
        for name, (header, *rows) in tables.items():
            put = named.get(name, name)
            database.execute(f"CREATE TABLE {put} ({header})")
            for row in rows:
                cells = [cell or None for cell in row.split(",")]
                marks = ",".join("?" * len(cells))
                database.execute(f"INSERT INTO {put} VALUES ({marks})", cells)
        database.commit()
    return f"sqlite:///{path}"


def _read(url: str, *paths: Path, **options: Any) -> Batch:
    return SOURCE.read(paths, today=TODAY, database=url, **options)


def _told(batch: Batch) -> dict[str, Any]:
    """Return the content of a batch in one order, without its source."""
    said = {
        one.name: getattr(batch, one.name)
        for one in dataclasses.fields(batch)
        if one.name not in ("again", "read", "facts", "mended")
    }
    said["facts"] = [(child, event) for child, event, _ in batch.facts]
    said["read"] = {name.removesuffix(".csv"): rows for name, rows in batch.read.items()}
    return {
        name: sorted(map(repr, value)) if isinstance(value, list) else value
        for name, value in said.items()
    }


# ---------------------------------------------------------------- the same as from files


def _typed(name: str) -> str:
    return "timestamp" if name.endswith(("_date", "_dob")) else "varchar(1000)"


def _postgresql(server: Server, database: str, folder: Path, schema: str) -> str:
    """Put CSV files into a schema as the public scripts make the tables, and return its URL."""
    url = server.database(database)
    server.run(f"CREATE SCHEMA {schema}", database=database)
    with server.connect(database) as connection:
        for name, (header, *rows) in _rows(folder).items():
            columns = ", ".join(f"{one} {_typed(one)}" for one in header)
            connection.execute(f"CREATE TABLE {schema}.{name} ({columns})")
            marks = ", ".join(["%s"] * len(header))
            for row in rows:
                cells = [None if one in ("", "NULL") else one for one in row]
                connection.execute(f"INSERT INTO {schema}.{name} VALUES ({marks})", cells)
    return url


@pytest.mark.parametrize("folder", [EXAMPLE, GOOD], ids=["example", "good"])
def test_sqlite_gives_what_the_files_give(folder: Path, tmp_path: Path) -> None:
    """Every fact, child, allocation, warning and count is the same, and the covered days."""
    with closing(sqlite3.connect(tmp_path / "ssd.db")) as database:
        for name, (header, *rows) in _rows(folder).items():
            database.execute(f"CREATE TABLE {name} ({','.join(header)})")
            marks = ",".join("?" * len(header))
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        database.commit()
    files = SOURCE.read([folder], today=TODAY)

    assert _told(_read(f"sqlite:///{tmp_path}/ssd.db")) == _told(files)
    assert len(files.facts) > 20 or folder == GOOD


@pytest.mark.slow
def test_postgresql_gives_what_the_files_give(server: Server) -> None:
    """The schema is found, and the dates are timestamps."""
    url = _postgresql(server, "ssd_same", EXAMPLE, "ssd_development")

    assert _told(_read(url)) == _told(SOURCE.read([EXAMPLE], today=TODAY))
    assert _told(_read(url, schema="SSD_Development")) == _told(_read(url))


@pytest.mark.slow
def test_the_extract_may_lie_beside_the_store(
    server: Server, iro: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One database has both, and a second import finds nothing new."""
    url = _postgresql(server, "ssd_beside", EXAMPLE, "ssd_development")
    monkeypatch.setenv("IRO_DATABASE", url)
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")
    first = iro("import", "ssd", url)
    second = iro("import", "ssd", url)

    assert first.code == 0, first
    assert "added: 10 children, 31 events" in first.out
    assert "nothing to store: everything in it is in the store already" in second.out


@each(
    "cell, text",
    [
        (None, ""),
        ("  A ", "  A "),
        (42, "42"),
        (True, "yes"),
        (False, "no"),
        (9001.0, "9001"),
        (1.5, "1.5"),
        (float("nan"), "nan"),
        (Decimal("9001.00"), "9001"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.50"), "0.50"),
        (Decimal("NaN"), ""),
        (date(2026, 2, 1), "2026-02-01"),
        (datetime(2026, 2, 1), "2026-02-01"),
        (datetime(2026, 2, 1, 9, 30), "2026-02-01 09:30:00"),
        (datetime(2026, 2, 1, 9, tzinfo=UTC), "2026-02-01 09:00:00+00:00"),
        (datetime(2026, 6, 1, 0, tzinfo=timezone(timedelta(hours=1))), "2026-06-01"),
        (b"\x0a\xff", "0aff"),
        (memoryview(b"\x01"), "01"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"CP_CONFERENCE_FLAG": "Y"}, '{"CP_CONFERENCE_FLAG": "Y"}'),
    ],
)
def test_a_cell_is_as_a_file_would_have_it(cell: object, text: str) -> None:
    """A cell of any type becomes what a CSV file would have."""
    assert cell_text(cell) == text


@pytest.mark.slow
def test_the_types_of_postgresql(server: Server) -> None:
    """Ids may be numbers or uuids; there are days with a time zone, booleans and JSON."""
    url = server.database("ssd_types")
    server.run(
        "CREATE TABLE ssd_cla_episodes (clae_cla_episode_id uuid, clae_person_id numeric(10, 2), "
        "clae_cla_episode_start_date timestamptz, clae_cla_episode_ceased_date date)",
        "CREATE TABLE ssd_s47_enquiry (s47e_person_id bigint, s47e_s47_start_date date, "
        "s47e_s47_end_date timestamp, s47e_s47_nfa boolean, s47e_s47_outcome_json jsonb)",
        "INSERT INTO ssd_cla_episodes VALUES ('00000000-0000-0000-0000-000000000001', 101, "
        # Midnight in London's summer.
        "'2026-05-31 23:00:00+00', NULL)",
        "INSERT INTO ssd_s47_enquiry VALUES (102, '2026-03-02', '2026-03-09 17:00', false, "
        "'{\"OUTCOME_NFA_FLAG\": \"Y\"}'), (103, '2026-03-03', NULL, true, NULL)",
        database="ssd_types",
    )
    batch = _read(url)

    assert batch.refused == []
    assert sorted((child, event.event, event.on.isoformat()) for child, event, _ in batch.facts) == [
        ("101", "cla.continuing", "2026-06-01"),
        ("101", "placement.start", "2026-06-01"),
        ("102", "cp.conference.not-required", "2026-03-09"),
        ("102", "cp.strategy", "2026-03-02"),
        ("103", "cp.conference.not-required", "2026-03-03"),
        ("103", "cp.strategy", "2026-03-03"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_day_that_python_does_not_have(server: Server) -> None:
    """The whole table is refused, because nobody can say in which row the day is."""
    url = server.database("ssd_infinity")
    server.run(
        "CREATE TABLE ssd_cla_reviews (clar_cla_review_id text, clar_person_id text, "
        "clar_cla_review_date timestamp)",
        "INSERT INTO ssd_cla_reviews VALUES ('1', 'A', 'infinity')",
        database="ssd_infinity",
    )
    with pytest.raises(
        InputRefusedError, match="ssd_cla_reviews of .* has a value that cannot be read"
    ):
        _read(url)


def test_an_empty_row_is_ignored(tmp_path: Path) -> None:
    """An empty row is ignored, as in a file."""
    tables = {**WREN, "ssd_cla_reviews": (*WREN["ssd_cla_reviews"], ",,")}

    assert _read(_sqlite(tmp_path / "a.db", tables)).refused == []


# ---------------------------------------------------------------- where they are found


def test_capitals_and_another_beginning(tmp_path: Path) -> None:
    """Oracle has capitals; a copy may have another prefix, which is found or named."""
    capitals = {
        name: (header.upper(), *rows) for name, (header, *rows) in WREN.items()
    }  # fmt: skip
    named = {name: name.upper().replace("SSD_", "STG_SSD_") for name in WREN}
    url = _sqlite(tmp_path / "a.db", capitals, **named)
    facts = sorted((child, event.event) for child, event, _ in _read(url).facts)

    assert facts == [
        *[("A", "cla.review"), ("A", "cla.review")],
        *[("A", "cla.start"), ("A", "placement.start")],
    ]
    assert len(_read(url, prefix="stg_ssd_", schema="MAIN").facts) == 4
    with pytest.raises(InputRefusedError, match="none of the tables x_cla_episodes, x_cla_reviews"):
        _read(url, prefix="x_")


def test_the_names_of_the_specification_go_before_others(tmp_path: Path) -> None:
    """Last week's tables may be beside them; of two other prefixes none is chosen."""
    week = {f"old_{name}": rows for name, rows in WREN.items()}
    other = {f"new_{name}": rows for name, rows in WREN.items()}

    assert len(_read(_sqlite(tmp_path / "a.db", {**WREN, **week})).facts) == 4
    with pytest.raises(InputRefusedError, match=r"as main\.new_ssd_… and as main\.old_ssd_…: say"):
        _read(_sqlite(tmp_path / "b.db", {**week, **other}))


@pytest.mark.slow
def test_two_schemas_are_not_chosen_between(server: Server) -> None:
    """Both are named; --schema reads either, and a missing schema is refused."""
    url = server.database("ssd_two")
    made = "(clar_cla_review_id text, clar_person_id text, clar_cla_review_date date)"
    server.run(
        "CREATE SCHEMA live",
        f"CREATE TABLE live.ssd_cla_reviews {made}",
        f'CREATE TABLE public."SSD_CLA_REVIEWS" {made}',
        "INSERT INTO live.ssd_cla_reviews VALUES ('7', 'A', '2026-02-20')",
        database="ssd_two",
    )
    with pytest.raises(InputRefusedError, match=r"as live\.ssd_… and as public\.ssd_…: say which"):
        _read(url)
    with pytest.raises(InputRefusedError, match="has no schema dead that you may see"):
        _read(url, schema="dead")

    assert [source for _, _, source in _read(url, schema="LIVE").facts] == ["ssd_cla_reviews:7"]
    assert _read(url, schema="public").facts == []


def test_a_table_or_a_column_that_is_missing(tmp_path: Path) -> None:
    """A missing table gives a warning; for a needed column the existing ones are named."""
    batch = _read(_sqlite(tmp_path / "a.db", WREN))
    (missing,) = (one for one in batch.warnings if one.startswith("tables that are missing"))
    without = {**WREN, "ssd_cla_reviews": ("clar_cla_review_id,clar_cla_id", "R1,C1")}
    whose = {**WREN, "ssd_cla_reviews": ("clar_cla_review_id,clar_cla_review_date",)}

    assert "ssd_cp_plans" in missing
    assert "ssd_cla_reviews" not in missing
    with pytest.raises(InputRefusedError) as refused:
        _read(_sqlite(tmp_path / "b.db", without))
    assert str(refused.value) == (
        "ssd_cla_reviews: there is no column clar_cla_review_date, without which it cannot be "
        "read: its columns are clar_cla_review_id, clar_cla_id"
    )
    with pytest.raises(InputRefusedError, match="without it nobody can say whose the rows are"):
        _read(_sqlite(tmp_path / "c.db", whose))


def test_a_column_that_nobody_knows_is_named_and_not_read(tmp_path: Path) -> None:
    """A column that is known and not read, such as a due date, is not named."""
    more = "clar_cla_review_id,clar_cla_id,clar_cla_review_date,clar_cla_review_due_date,clar_mood"
    tables = {**WREN, "ssd_cla_reviews": (more, "R1,C1,2026-02-20,2026-02-21,glad")}
    batch = _read(_sqlite(tmp_path / "a.db", tables))

    assert (
        "ssd_cla_reviews: not read, because no column or element of this name is known: clar_mood"
        in batch.warnings
    )


def test_a_table_beside_a_file_of_it_is_refused(tmp_path: Path) -> None:
    """An extract has each table once, in the database or as a file."""
    (tmp_path / "reviews.csv").write_text("\n".join(WREN["ssd_cla_reviews"]), "utf-8")

    with pytest.raises(InputRefusedError, match=r"reviews.csv and ssd_cla_reviews are both ssd_"):
        _read(_sqlite(tmp_path / "a.db", WREN), tmp_path / "reviews.csv")


# ---------------------------------------------------------------- rows that are refused

WRONG: Tables = {
    **WREN,
    "ssd_cla_reviews": (
        *WREN["ssd_cla_reviews"],
        "R3,C1,2026-02-30",
        "R4,C9,2026-03-01",
        "17,C1,soon",
    ),
    "ssd_person": ("pers_person_id,pers_dob", "A,2012-01-01", "A,2013-01-01"),
}


def test_a_refused_row_is_told_by_its_key(tmp_path: Path) -> None:
    """The message has the table and the key, and the rows are in order of the key."""
    batch = _read(_sqlite(tmp_path / "a.db", WRONG))

    assert "\n".join(map(str, batch.refused)) == (
        "ssd_cla_reviews: clar_cla_review_id 17, column clar_cla_review_date: not a date: write "
        "2026-11-02 or 02/11/2026 (day first) (soon)\n"
        "ssd_cla_reviews: clar_cla_review_id R3, column clar_cla_review_date: there is no day "
        "30/02/2026: that month has 28 days (2026-02-30)\n"
        "ssd_cla_reviews: clar_cla_review_id R4, column clar_cla_id: no row of ssd_cla_episodes has "
        "this id, so nobody can say whose review it is: have it put right at its source (C9)\n"
        "ssd_person: pers_person_id A, column pers_person_id: pers_person_id A of ssd_person says "
        "otherwise (A)"
    )
    assert [one.stood_at for one in batch.refused] == [
        "ssd_cla_reviews:17",
        "ssd_cla_reviews:R3",
        "ssd_cla_reviews:R4",
        "ssd_person:A",
    ]


def test_refused_rows_are_mended_in_their_file(tmp_path: Path) -> None:
    """The file is named beside the database, whose own rows are still refused."""
    url = _sqlite(tmp_path / "a.db", WRONG)
    refused = tmp_path / "refused.csv"
    write_refused(refused, _read(url).refused)
    text = refused.read_text("utf-8-sig")
    refused.write_text(text.replace("2026-02-30", "2026-03-20"), "utf-8")
    batch = _read(url, refused)
    header, *_ = text.splitlines()

    assert header.startswith("clar_cla_review_id,clar_cla_id,clar_cla_review_date,")
    assert "R3,C1,2026-02-30,,,ssd_cla_reviews:R3," in text
    assert {event.on for _, event, source in batch.facts if source.startswith("refused")} == {
        date(2026, 3, 20)
    }
    assert "ssd_cla_reviews:R3" in batch.mended.values()


def test_where_a_fact_stood_is_the_table_and_a_key_that_is_a_number(tmp_path: Path) -> None:
    """Other keys would be kept once for each fact."""
    tables = {**WREN, "ssd_cla_reviews": (*WREN["ssd_cla_reviews"][:2], "42,C1,2026-05-18")}
    facts = _read(_sqlite(tmp_path / "a.db", tables)).facts
    found = {event.on.month: source for _, event, source in facts if event.event == "cla.review"}

    assert found == {2: "ssd_cla_reviews", 5: "ssd_cla_reviews:42"}


def test_what_a_refused_row_leaves_open_names_its_key(
    home: Path, iro: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A marked date names the row that was left out, and mending it removes the mark."""
    monkeypatch.setenv("IRO_AS_OF", "2026-11-22")
    tables = {**WRONG, "ssd_cla_reviews": (*WREN["ssd_cla_reviews"][:2], "R3,C1,2026-05-44")}
    url = _sqlite(home / "a.db", {**tables, "ssd_person": WRONG["ssd_person"][:2]})
    first = iro("import", "ssd", url, "--skip-refused", "--refused", "refused.csv")
    asked = ("explain", "A", "cla.review.second")
    open_ = iro(*asked).out
    mended = (home / "refused.csv").read_text("utf-8-sig").replace("2026-05-44", "2026-05-14")
    (home / "mended.csv").write_text(mended, "utf-8")
    second = iro("import", "ssd", url, "mended.csv", "--skip-refused")

    assert first.code == 0, first
    assert "the row ssd_cla_reviews:R3, which was refused" in open_
    assert second.code == 0, second
    assert "ssd_cla_reviews:R3" not in iro(*asked).out


# ---------------------------------------------------------------- nothing is written or mixed


def test_a_file_is_only_read(tmp_path: Path) -> None:
    """No byte changes, no file is made, and SQLite refuses a statement that writes."""
    path = tmp_path / "a.db"
    url = _sqlite(path, WREN)
    before = path.read_bytes()
    _read(url)
    with Database(url).open(lambda _: {}) as opened, pytest.raises(sa.exc.OperationalError):
        opened._connection.exec_driver_sql("DELETE FROM ssd_cla_reviews")  # noqa: SLF001
    with pytest.raises(InputRefusedError, match="there is no file of sqlite:///"):
        _read(f"sqlite:///{tmp_path}/b.db")

    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.slow
def test_a_server_is_only_read(server: Server) -> None:
    """The transaction is read-only whatever the login may do; SELECT is enough."""
    url = _postgresql(server, "ssd_reader", EXAMPLE, "ssd_development")
    server.run(
        "DROP ROLE IF EXISTS ssd_reader",
        "CREATE ROLE ssd_reader LOGIN",
        "GRANT USAGE ON SCHEMA ssd_development TO ssd_reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA ssd_development TO ssd_reader",
        database="ssd_reader",
    )
    with Database(url).open(lambda _: {}) as opened, pytest.raises(
        sa.exc.DBAPIError, match="read-only transaction"
    ):  # fmt: skip
        opened._connection.exec_driver_sql("CREATE TABLE x (y int)")  # noqa: SLF001

    assert len(_read(server.url("ssd_reader", "ssd_reader")).facts) == 31


def _between(url: str, do: Callable[[], None]) -> Iterator[tuple[str, int]]:
    """Read the tables one after the other, and do something after the first."""
    with Database(url).open(partial(placed, prefix="")) as opened:
        found = [(kind.name, opened.table(kind)) for kind in KINDS if kind.name in opened.tables]
        for number, (name, table) in enumerate(found):
            assert table is not None
            yield name, sum(1 for _ in table.rows([]))
            if number == 0:
                do()


@pytest.mark.slow
def test_a_refresh_does_not_mix(server: Server) -> None:
    """New rows are not seen, and no table can be emptied until all are read."""
    import psycopg

    url = _postgresql(server, "ssd_refreshed", EXAMPLE, "ssd_development")
    emptied = []

    def refresh() -> None:
        with server.connect("ssd_refreshed") as connection:
            connection.execute("SET lock_timeout TO '200ms'")
            connection.execute(
                "INSERT INTO ssd_development.ssd_cla_reviews SELECT * FROM "
                "ssd_development.ssd_cla_reviews"
            )
            try:
                connection.execute("TRUNCATE ssd_development.ssd_cp_plans")
            except psycopg.errors.LockNotAvailable:
                emptied.append("refused")

    rows = dict(_between(url, refresh))

    assert emptied == ["refused"]
    assert (rows["ssd_cla_reviews"], rows["ssd_cp_plans"]) == (9, 3)
    assert _read(url).counts["repeated rows"] == 7  # but for one cancelled, and one not held


def test_a_refresh_of_a_file_does_not_mix(tmp_path: Path) -> None:
    """A writer waits until everything was read."""
    url = _sqlite(tmp_path / "a.db", WREN)
    waited = []

    def refresh() -> None:
        with closing(sqlite3.connect(tmp_path / "a.db", timeout=0)) as database:
            try:
                database.execute("DELETE FROM ssd_cla_reviews")
                database.commit()
            except sqlite3.OperationalError as error:
                waited.append(str(error))

    assert dict(_between(url, refresh))["ssd_cla_reviews"] == 2
    assert waited == ["database is locked"]


def test_reading_that_stops_early_leaves_no_cursor_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is closed with the database, and not when somebody forgets the rows."""
    monkeypatch.setattr("iro_cli.incoming.table._AT_ONCE", 1)
    cursors: list[sqlite3.Cursor] = []

    def keep(_: sa.Connection, cursor: Any, *__: object) -> None:
        cursors.append(cursor)

    database = Database(_sqlite(tmp_path / "a.db", WREN))
    sa.event.listen(database._engine, "before_cursor_execute", keep)
    with database.open(partial(placed, prefix="")) as opened:
        table = next(filter(None, (opened.table(one) for one in KINDS)))
        rows = table.rows([])
        first = next(rows)
        cursors[-1].fetchone()

    assert first[0] == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
        cursors[-1].fetchone()
    del rows


# ---------------------------------------------------------------- what goes wrong


@each(
    "url, shown",
    [
        ("mssql+pyodbc://ada:hunter2@db:1433/ssd?driver=ODBC+Driver+18", "mssql+pyodbc://ada@db:1433/ssd"),
        ("oracle+oracledb://ada:hun%40ter@db/?service_name=ssd", "oracle+oracledb://ada@db/"),
        ("postgresql://db/ssd?user=ada&password=hunter2", "postgresql://db/ssd"),
        ("mssql+pyodbc:///?odbc_connect=PWD%3Dhunter2", "mssql+pyodbc:///"),
        ("sqlite:///folder/ssd.db", "sqlite:///folder/ssd.db"),
        ("postgresql://ada:a:b/c@db/ssd", "postgresql://ada@db/ssd"),
    ],
)  # fmt: skip
def test_a_url_is_shown_without_a_password(url: str, shown: str) -> None:
    """Options that may contain a password are not shown either."""
    assert place_shown(url) == shown


@each(
    "url",
    [
        "postgresql://ada:hun@ter2@db/ssd",
        "postgresql://ada:hun?ter2@db/ssd",
        "postgresql://db:5432/ssd?password=hun@ter2",
        "://ada:hunter2@db/ssd",
        "postgresql://ada@db:hunter2/ssd",
        "mssql://ada:hunter2/ssd",
        "postgresql://ada@db/ssd?hunter2=1&connect_timeout=hunter2",
    ],
)
def test_a_url_that_cannot_be_read_shows_nothing_of_it(url: str) -> None:
    """Nobody knows where the password ends, so no part of the URL is shown."""
    with pytest.raises((UsageError, InputRefusedError)) as refused:
        _read(url)

    assert "hun" not in str(refused.value).replace("hundred", "")
    assert "ter2" not in str(refused.value)


@given(
    st.sampled_from(["postgresql", "mssql", "sqlite", "oracle+oracledb", "x", ""]),
    st.sampled_from(["ada:{}@db/ssd", "ada:{}@", "db:5432/ssd?password={}", "?a=b&PWD={}"]),
    st.text(st.sampled_from("a:/?@#[]%=&. +"), max_size=8),
    st.text(st.sampled_from("a:/?@#[]%=&. +"), max_size=8),
)
def test_no_part_of_a_password_is_shown_wherever_it_stands(
    scheme: str, form: str, before: str, after: str
) -> None:
    """Neither the name nor a message shows anything that may be a password."""
    url = f"{scheme}://{form.format(f'{before}{PASSWORD}{after}')}"
    try:
        shown = Database(url).name
    except UsageError as error:
        shown = str(error)

    assert PASSWORD not in shown


def test_what_libraries_warn_of_is_kept_back(iro: Callable[..., Answer], tmp_path: Path) -> None:
    """SQLAlchemy would print an unknown part of a URL, and log what a driver says."""
    answer = iro("import", "ssd", f"sqlite://?{PASSWORD}=1&a=b")
    logged, logger = io.StringIO(), logging.getLogger("sqlalchemy.pool")
    handler = logging.StreamHandler(logged)
    logger.addHandler(handler)
    try:
        with Database(_sqlite(tmp_path / "a.db", WREN)).open(lambda _: {}):
            logger.error(PASSWORD)
        logger.error("afterwards")
    finally:
        logger.removeHandler(handler)

    assert answer.code == 3
    assert answer.err.startswith("iro: sqlite://: there is none of the tables")
    assert PASSWORD not in answer.err
    assert logged.getvalue() == "afterwards\n"


@pytest.mark.slow
def test_a_server_that_lets_nobody_in(
    server: Server, iro: Callable[..., Answer], home: Path
) -> None:
    """One line, exit code 3, no store made, and no password in the message."""
    server.run("DROP ROLE IF EXISTS ssd_nobody", "CREATE ROLE ssd_nobody LOGIN")
    url = _postgresql(server, "ssd_closed", EXAMPLE, "ssd_development")
    server.run("GRANT USAGE ON SCHEMA ssd_development TO ssd_nobody", database="ssd_closed")
    rows = [
        (server.url("ssd_closed", "stranger", PASSWORD), "does not let this login in"),
        (server.url("ssd_gone", "postgres", PASSWORD), "there is no database"),
        (server.url("ssd_closed", "ssd_nobody", PASSWORD), "GRANT SELECT"),
        (f"postgresql://ada:{PASSWORD}@127.0.0.1:1/ssd", "cannot be reached"),
        (f"{url}&nonsense=1", "cannot be read"),
    ]
    for one, words in rows:
        answer = iro("--database", "new.db", "import", "ssd", one, "--refused", "refused.csv")

        assert (answer.code, answer.out) == (3, ""), answer
        assert words in answer.err
        assert answer.err.count("\n") == 1
        assert PASSWORD not in answer.err
    assert [*home.iterdir()] == []


@pytest.mark.slow
def test_a_password_in_the_environment(
    server: Server, iro: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is used for the user of the URL; without it, or with another, the login fails."""
    url = _postgresql(server, "ssd_asked", EXAMPLE, "ssd_development")
    rules = Path(server.folder) / "pg_hba.conf"
    before = rules.read_text("utf-8")
    rules.write_text(f"local ssd_asked ssd_asker scram-sha-256\n{before}", "utf-8")
    server.run(
        "DROP ROLE IF EXISTS ssd_asker",
        f"CREATE ROLE ssd_asker LOGIN SUPERUSER PASSWORD '{PASSWORD}'",
        "SELECT pg_reload_conf()",
    )
    url = server.url("ssd_asked", "ssd_asker")
    monkeypatch.setenv("IRO_AS_OF", "2026-11-22")
    try:
        none = iro("import", "ssd", url)
        monkeypatch.setenv("IRO_EXTRACT_PASSWORD", f"not {PASSWORD}")
        wrong = iro("import", "ssd", url)
        monkeypatch.setenv("IRO_EXTRACT_PASSWORD", PASSWORD)
        right = iro("import", "ssd", url)
    finally:
        rules.write_text(before, "utf-8")
        server.run("SELECT pg_reload_conf()")

    assert right.code == 0, right
    for answer in (none, wrong):
        assert (answer.code, answer.out) == (3, "")
        assert "does not let this login in" in answer.err
    assert PASSWORD not in "".join(one.out + one.err for one in (none, wrong, right))


@pytest.mark.slow
# The warning is about the cursor of a lost connection, which cannot be closed.
@pytest.mark.filterwarnings("ignore:.*ServerCursor.* was deleted while still open")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_goes_or_waits(server: Server) -> None:
    """The connection is lost while reading, or a table is locked for over five seconds."""
    url = _postgresql(server, "ssd_lost", EXAMPLE, "ssd_development")
    gone = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'iro' "
        "AND datname = 'ssd_lost'"
    )
    gc.collect()
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        with pytest.raises(InputRefusedError, match="was lost while it was read, and nothing was"):
            dict(_between(url, lambda: server.run(gone)))
        gc.collect()
    assert [str(one.message) for one in left if "ServerCursor" in str(one.message)] == []
    with server.connect("ssd_lost") as other, other.transaction():
        other.execute("TRUNCATE ssd_development.ssd_cp_plans")
        with pytest.raises(InputRefusedError, match="is held by another program"):
            _read(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """Another file and a damaged database are refused."""
    (tmp_path / "a.db").write_text("no database\n" * 100, "utf-8")

    with pytest.raises(InputRefusedError, match="is not an SQLite database, or is damaged"):
        _read(f"sqlite:///{tmp_path}/a.db")


@pytest.mark.slow
def test_the_history_keeps_no_password(
    server: Server, iro: Callable[..., Answer], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store, the file of refused rows and the listings have no password."""
    monkeypatch.setenv("IRO_AS_OF", "2026-11-22")
    url = _postgresql(server, "ssd_kept", EXAMPLE, "ssd_development")
    server.run("ALTER ROLE postgres PASSWORD 'hunter2'")
    answer = iro(
        "import", "ssd", server.url("ssd_kept", "postgres", PASSWORD), "--refused", "r.csv"
    )
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())

    assert answer.code == 0, answer
    assert url.partition("?")[0] in iro("history", "-f", "json").out
    assert PASSWORD.encode() not in kept
    assert PASSWORD not in answer.out + answer.err


@each(
    "url, words",
    [
        ("mssql+pyodbc://ada:hunter2@db/ssd", "pip install pyodbc"),
        ("oracle://ada:hunter2@db/ssd", "pip install oracledb"),
        ("mysql://ada:hunter2@db/ssd", "pip install mysqlclient"),
        ("hana://ada:hunter2@db/ssd", "no dialect 'hana' of SQLAlchemy"),
    ],
)
def test_a_driver_that_is_missing_is_named(url: str, words: str) -> None:
    """The message says what to install."""
    with pytest.raises(UsageError) as refused:
        Database(url)

    assert words in str(refused.value)
    assert PASSWORD not in str(refused.value)


# ---------------------------------------------------------------- the statements of other engines


STATEMENTS = """
mssql: SELECT ssd_development.ssd_cla_reviews.held FROM ssd_development.ssd_cla_reviews \
ORDER BY ssd_development.ssd_cla_reviews.id
mssql: SELECT [HDM Local].[SSD Reviews].[Held], [HDM Local].[SSD Reviews].[a]]b] \
FROM [HDM Local].[SSD Reviews] ORDER BY [HDM Local].[SSD Reviews].id
oracle: SELECT ssd_owner.ssd_cla_reviews.held FROM ssd_owner.ssd_cla_reviews \
ORDER BY ssd_owner.ssd_cla_reviews.id
oracle: SELECT "Ssd_Reviews".held, "Ssd_Reviews"."date" FROM "Ssd_Reviews" \
ORDER BY "Ssd_Reviews".id
postgresql: SELECT "SSD_CLA_REVIEWS"."HELD", "SSD_CLA_REVIEWS"."a""b" FROM "SSD_CLA_REVIEWS" \
ORDER BY "SSD_CLA_REVIEWS".id
"""


@each(
    "dialect, name, schema, columns",
    [
        (mssql, "ssd_cla_reviews", "ssd_development", ("held",)),
        (mssql, "SSD Reviews", "HDM Local", ("Held", "a]b")),
        # SQLAlchemy has names in small letters for names in capitals there.
        (oracle, "ssd_cla_reviews", "ssd_owner", ("held",)),
        (oracle, "Ssd_Reviews", None, ("held", "date")),
        (postgresql, "SSD_CLA_REVIEWS", None, ("HELD", 'a"b')),
    ],
)
def test_the_statement_that_reads_a_table(
    dialect: Any, name: str, schema: str | None, columns: tuple[str, ...]
) -> None:
    """Names are quoted as the engine needs, and only needed columns are asked for."""
    selected = selecting(name, schema, columns, ("id",))
    engine = dialect.dialect()
    statement = str(selected.compile(dialect=engine)).replace("\n", "")

    assert f"{engine.name}: {statement}" in STATEMENTS.splitlines()


def test_the_engines_have_the_transactions_that_are_asked_for() -> None:
    """SQLAlchemy knows them; only those of PostgreSQL and SQLite were run."""

    def levels(dialect: Any) -> set[str]:
        return {*dialect.dialect().get_isolation_level_values(None)}

    assert {"SNAPSHOT", "REPEATABLE READ"} <= levels(mssql)
    assert "REPEATABLE READ" in levels(postgresql)


def test_every_table_has_a_key_that_is_told() -> None:
    """The key is a column that is read, or a known one."""
    for kind in KINDS:
        read = {name for one in kind.columns for name in (one.name, *one.also)}

        assert kind.key in {*read, *kind.known}, kind.name
