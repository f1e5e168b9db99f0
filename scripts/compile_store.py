"""
Make from the tables the kinds of row of the store, and the schema of each engine.

``compile_data.py`` writes it; the one description is ``store/tables.py``.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from textwrap import fill
from typing import Any, get_type_hints

from sqlalchemy import Column, Index

from iro_cli.facts.model import Event
from iro_cli.store import tables

STORE = Path(tables.__file__).parent
TOLD = "compiled from tables.py by scripts/compile_data.py: change that, and run `make compiled`"
# Days are text in SQLite, as ISO writes them, which sorts as days do.
SQLITE = {"INTEGER": "INTEGER", "FLOAT": "REAL", "VARCHAR": "VARCHAR", "DATE": "VARCHAR"}
# Text sorts by its letters' numbers, as it does in SQLite, whatever the server's language.
POSTGRESQL = {
    "INTEGER": "INTEGER",
    "FLOAT": "DOUBLE PRECISION",
    "VARCHAR": 'VARCHAR COLLATE "C"',
    "DATE": "DATE",
}
WIDTH = 80
_INDENT = " " * 8
# The columns that say where a row is in the history; the others are the row's own.
PLACE, FATE = ("change_id", "line"), ("restores", "withdrawn_by")
# The place of a row in a file: the file and its kind by number, and the row.
SOURCE = ("source_id", "source_row")
# The columns of a record, which the history shows.
STATED = ("stated_by", "source")
# Columns that may be filled in once, and never changed.
ONCE = ("withdrawn_by", "undoes", "salt", "digest")


def columns_of(row: Any) -> list[Column[Any]]:
    """Return a table's columns in order: the key, the row's values, its history."""
    every: list[Column[Any]] = list(row.__table__.columns)
    if not issubclass(row, tables.Versioned):
        return every
    own = [one for one in every if one.name not in (*PLACE, *FATE)]
    place = [one for one in every if one.name in PLACE]
    fate = [one for one in every if one.name in FATE]
    key = [one for one in own if one.primary_key]
    return [*key, *place, *(one for one in own if not one.primary_key), *fate]


def _key(row: Any) -> list[str]:
    return [one.name for one in columns_of(row) if one.primary_key]


# ---------------------------------------------------------------- the schema


def _table(row: Any, types: dict[str, str], ends: str) -> str:
    lines = []
    for one in columns_of(row):
        words = [one.name, types[str(one.type)]]
        if not one.nullable:
            words.append("NOT NULL")
        words += [
            f"REFERENCES {key.column.table.name} ({key.column.name})" for key in one.foreign_keys
        ]
        lines.append(f"  {' '.join(words)},\n")
    key = f"  PRIMARY KEY ({', '.join(_key(row))})\n"
    return f"CREATE TABLE {row.__tablename__} (\n{''.join(lines)}{key}){ends};\n"


def _condition(index: Index) -> str:
    """Return the condition of an index: standing rows with a value in its columns."""
    said = [f"{one.name} IS NOT NULL" for one in index.columns if one.nullable]
    return " AND ".join(["withdrawn_by IS NULL", *said])


def _indexes_of(row: Any) -> list[Index]:
    return sorted(row.__table__.indexes, key=lambda one: str(one.name))


def _indexes(row: Any) -> Iterator[str]:
    for index in _indexes_of(row):
        names = ", ".join(one.name for one in index.columns)
        yield (
            f"CREATE INDEX {index.name} ON {row.__tablename__} ({names}) "
            f"WHERE {_condition(index)};\n"
        )


def _sqlite_triggers(row: Any) -> Iterator[str]:
    """Yield the triggers that keep a table append-only, whoever writes to it."""
    name = row.__tablename__
    refused = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END;\n"
    same = " AND ".join(f"{one} = NEW.{one}" for one in _key(row))
    names = [one.name for one in columns_of(row)]
    changed = [f"NEW.{one} IS NOT OLD.{one}" for one in names if one not in ONCE]
    once = [one for one in names if one in ONCE]
    filled = [f"OLD.{one} IS NOT NULL" for one in once]
    if len(once) > 1:  # each of them by itself
        filled = [f"(OLD.{one} IS NOT NULL AND NEW.{one} IS NOT OLD.{one})" for one in once]
    alters = "\n  OR ".join(filled + changed) if once else ""
    yield f"CREATE TRIGGER {name}_kept BEFORE DELETE ON {name}\n{refused}"
    # REPLACE deletes without a word to the trigger above.
    yield (
        f"CREATE TRIGGER {name}_once BEFORE INSERT ON {name}\n"
        f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {same})\n{refused}"
    )
    when = f"\nWHEN {alters}" if alters else ""
    yield f"CREATE TRIGGER {name}_fixed BEFORE UPDATE ON {name}{when}\n{refused}"


def _postgresql_triggers(row: Any) -> Iterator[str]:
    """Yield the triggers that keep a table append-only and each login to its own name."""
    name = row.__tablename__
    once = ", ".join(f"'{one.name}'" for one in columns_of(row) if one.name in ONCE)
    yield (
        f"CREATE TRIGGER {name}_kept BEFORE DELETE OR UPDATE ON {name}\n"
        f"FOR EACH ROW EXECUTE FUNCTION append_only({once});\n"
    )
    yield (
        f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {name}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only();\n"
    )
    if row is tables.ChangeRow:
        yield (
            f"CREATE TRIGGER {name}_named BEFORE INSERT OR UPDATE ON {name}\n"
            "FOR EACH ROW EXECUTE FUNCTION in_own_name();\n"
        )
    for event, which in (("INSERT", "change_id"), ("UPDATE", "withdrawn_by")):
        if which in row.__table__.columns:
            yield (
                f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {name}\n"
                f"REFERENCING NEW TABLE AS done\n"
                f"FOR EACH STATEMENT EXECUTE FUNCTION of_own_change('{which}');\n"
            )


# Statements that only SQLite needs, and those that only a server needs.
_CHECKSUM = """\
-- The checksum of every page but its own: see store/checksum.py.

CREATE TABLE checksum (of_pages INTEGER);

INSERT INTO checksum VALUES (NULL);
"""
_VERSION = """\
-- The number of this schema, which SQLite keeps in the head of its file.

CREATE TABLE schema_version (version INTEGER NOT NULL);

-- As SQLite calls it.

CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE
AS 'SELECT strpos($1, $2)';
"""
_APPEND_ONLY = """\
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_NARGS > 0
    AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV
    AND NOT EXISTS (
      SELECT 1 FROM unnest(TG_ARGV) AS once
      WHERE to_jsonb(OLD) -> once NOT IN ('null'::jsonb, to_jsonb(NEW) -> once)
    ) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
"""
# A change is made by whoever is logged in, and rows are added and withdrawn by a change of the
# same transaction.  The path is fixed, or somebody could put a table of that name before it.  The
# numbers have no gaps: with the highest that there is, nobody could make a change any more.
_OWN_NAME = """\
CREATE FUNCTION in_own_name() RETURNS trigger LANGUAGE plpgsql
SET search_path = iro, pg_temp AS $$
BEGIN
  IF NEW.who IS DISTINCT FROM session_user::text OR EXISTS (
    SELECT 1 FROM change WHERE id = NEW.id AND xmin <> pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION 'not the change of this login' USING ERRCODE = 'IRO01';
  END IF;
  IF TG_OP = 'INSERT' AND NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM change) THEN
    RAISE EXCEPTION 'not the next change';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION of_own_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = iro, pg_temp AS $$
DECLARE
  foreign_one boolean;
BEGIN
  IF TG_ARGV[0] = 'change_id' THEN
    SELECT EXISTS (
      SELECT 1 FROM (SELECT DISTINCT change_id FROM done) AS given JOIN change ON id = change_id
      WHERE change.xmin <> pg_current_xact_id()::xid
    ) INTO foreign_one;
  ELSE
    SELECT EXISTS (
      SELECT 1 FROM (SELECT DISTINCT withdrawn_by FROM done) AS given
      JOIN change ON id = withdrawn_by WHERE change.xmin <> pg_current_xact_id()::xid
    ) INTO foreign_one;
  END IF;
  IF foreign_one THEN
    RAISE EXCEPTION 'not the change of this login' USING ERRCODE = 'IRO01';
  END IF;
  RETURN NULL;
END $$;
"""


def schema(types: dict[str, str]) -> str:
    """Return the whole schema for one engine."""
    lite = types is SQLITE
    parts = [f"-- The schema, {TOLD}.\n"]
    for row in tables.TABLES:
        ends = " WITHOUT ROWID" if lite and row is not tables.ChangeRow else ""
        parts += [_table(row, types, ends), *_indexes(row)]
    parts += [_CHECKSUM] if lite else [_VERSION]
    parts.append(
        "-- Append-only, held by the database itself: no row is deleted, replaced or rewritten.\n"
    )
    parts += [] if lite else [_APPEND_ONLY, _OWN_NAME]
    for row in tables.TABLES:
        parts += _sqlite_triggers(row) if lite else _postgresql_triggers(row)
    return "\n".join(parts)


# ---------------------------------------------------------------- the sum of the rows

_SUM_OF_ROWS = f"""\
-- What the rows and indexes of an encrypted store come to, {TOLD}.
-- See store/checksum.py.
"""
# For tables whose rows are of no kind: columns that may differ after a child was erased.  Of these
# the sum has the number and the length of the text; of all others the whole key.
_REWRITTEN: dict[Any, tuple[str, ...]] = {
    tables.ChangeRow: ("id", "command", "salt"),
    tables.FromFileRow: ("id", "name"),
}
_PRIME = 2**31 - 1


def _sum_of(one: str, other: str) -> str:
    """Return an expression that sums up a number of each row, so that changes do not cancel out."""
    return f"sum(({one}) % {_PRIME} * (({other}) % {_PRIME}) % {_PRIME})"


def _weight(row: Any) -> str:
    if issubclass(row, tables.Versioned):
        became = "line + coalesce(withdrawn_by, 0) * 7919 + 104729"
        return _sum_of("change_id * 1299709 + line", became)
    if row in _REWRITTEN:
        number, *texts = _REWRITTEN[row]
        lengths = " + ".join(f"coalesce(length({one}), 0)" for one in texts)
        return _sum_of(f"{number} + 104729", f"{number} * 7919 + {lengths}")
    key = " || ' ' || ".join(_key(row))
    return f"group_concat({key})"


def _sums(row: Any) -> Iterator[str]:
    """Yield the expressions that sum up the rows of a table and the content of its indexes."""
    name = row.__tablename__
    yield f"  (SELECT {_weight(row)}\n    FROM {name} NOT INDEXED)"
    for index in _indexes_of(row):
        weight = _sum_of("change_id * 1299709 + line", "line + 104729")
        yield (
            f"  (SELECT {weight}\n"
            f"    FROM {name} INDEXED BY {index.name} WHERE {_condition(index)})"
        )


def sum_of_rows() -> str:
    """Return the statement that sums up the rows of an SQLite store, in one row."""
    sums = [one for row in tables.TABLES for one in _sums(row)]
    sums.append("  (SELECT group_concat(sql) FROM sqlite_master)")
    return _SUM_OF_ROWS + "\nSELECT\n" + ",\n".join(sums) + ";\n"


# ---------------------------------------------------------------- the kinds


def _fields(record: Any) -> Iterator[str]:
    """Yield the names of a record's values, with those of its event in its place."""
    fields = get_type_hints(record)
    stated = {*STATED} <= fields.keys()
    for name, kind in fields.items():
        if stated and name in STATED:
            yield from SOURCE if name == "source" else ()
        else:
            yield from Event._fields if kind is Event else (name,)


def _kind(row: type[tables.Versioned]) -> str:
    columns = {one.name: one for one in columns_of(row)}
    named = [row.columns.get(one, one) for one in _fields(row.record)]
    days = [place for place, one in enumerate(named) if columns[one].type.python_type is date]
    own = [one for one in _key(row) if one not in PLACE]
    told = [one for one in columns if one not in (*PLACE, *FATE, *SOURCE)]
    told += STATED if SOURCE[0] in columns else ()
    told = [one for one in told if one not in row.hidden]
    details = [one for one in told if one not in ("child_id", "event", row.on)]
    record = row.record.__name__
    assert sorted(named) == sorted(one for one in columns if one not in (*PLACE, *FATE)), row
    return f"""\
{_constant(row)}: Kind[{record}] = Kind(
    name={_text(row.called)},
    table={_text(row.__tablename__)},
    record={_text(f"{row.record.__module__}:{record}")},
    columns={_words(named)},
    days={_tuple(map(str, days))},
    source={named.index(SOURCE[0]) if SOURCE[0] in named else None},
    key={_words(own)},
    of_child={"child_id" in columns},
    on={_text(row.on) if row.on else None},
    details={_words(details if row.on else ())},
)
"""


def _lines(words: Iterable[str], indent: int) -> str:
    return "".join(f"{' ' * indent}{one},\n" for one in words)


def _constant(row: type[tables.Versioned]) -> str:
    return str(row.__tablename__).upper()


def _text(word: Any) -> str:
    return f'"{word}"'


def _words(words: Iterable[str]) -> str:
    return _tuple(map(_text, words))


def _tuple(parts: Iterable[str]) -> str:
    """Write a tuple over as many lines as it needs."""
    found = list(parts)
    text = f"({', '.join(found)}{',' if len(found) == 1 else ''})"
    if len(text) < WIDTH:
        return text
    words = fill(text[1:-1], 92, initial_indent=_INDENT, subsequent_indent=_INDENT)
    return f"(\n{words},\n    )"


def kinds() -> str:
    """Return the module of the kinds."""
    modules: dict[str, set[str]] = {}
    for row in tables.VERSIONED:
        modules.setdefault(row.record.__module__, set()).add(row.record.__name__)
    imports = "".join(
        f"    from {module} import (\n{_lines(sorted(names), 8)}    )\n"
        for module, names in sorted(modules.items())
    )
    names = _lines(map(_constant, tables.VERSIONED), 4)
    return (
        f'"""\nEvery kind of row.\n\n{TOLD[0].upper()}{TOLD[1:]}.\n"""\n\n'
        "from __future__ import annotations\n\nfrom iro_cli.lean import TYPE_CHECKING, Any\n"
        "from iro_cli.store.kind import Kind\n\n"
        f"if TYPE_CHECKING:\n{imports}\n# fmt: off\n"
        + "".join(map(_kind, tables.VERSIONED))
        + f"\nKINDS: tuple[Kind[Any], ...] = (\n{names})\n"
    )


def columns() -> str:
    """Return every table with its columns and its key, in the order in which rows may refer."""
    lines = [
        f"  {json.dumps(row.__tablename__)}: "
        f"{json.dumps([[one.name for one in columns_of(row)], _key(row)])}"
        for row in tables.TABLES
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def files() -> dict[Path, str]:
    """Return every file that is made, with what belongs in it."""
    return {
        STORE / "kinds.py": kinds(),
        STORE / "schema" / "columns.json": columns(),
        STORE / "schema" / "sqlite.sql": schema(SQLITE),
        STORE / "schema" / "sum_of_rows.sql": sum_of_rows(),
        STORE / "schema" / "postgresql.sql": schema(POSTGRESQL),
    }
