"""Make a store on PostgreSQL, bring an older one up to date, and find alterations of its schema."""

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from psycopg import Error
from psycopg.errors import InsufficientPrivilege

from iro_cli import shipped
from iro_cli.errors import StoreError
from iro_cli.lean import Any
from iro_cli.store.connection import Connection
from iro_cli.store.postgresql import AS_WRITTEN, SCHEMA, TO_WRITE, PostgresqlStore
from iro_cli.store.postgresql_connection import PostgresqlConnection
from iro_cli.store.postgresql_roles import grant_again
from iro_cli.store.sqlite import MIGRATIONS, latest_version, numbered_scripts

_SCRIPT = f"{shipped.FOLDER}/store/schema/postgresql.sql"
# The numbered scripts that upgrade a released schema to the next.
_MIGRATIONS = f"{MIGRATIONS}/postgresql"


def prepare(store: PostgresqlStore, folder: str | Path = _MIGRATIONS) -> list[int]:
    """
    Make a missing store, or upgrade it to the latest schema, in one transaction.

    Args:
        store: The store.
        folder: The numbered scripts.

    Returns:
        The versions that were applied; none if there was nothing to do.

    Raises:
        StoreError: The login may not do that, or the server fails.
    """
    try:
        with closing(store.begun(TO_WRITE, lock=True)) as connection:
            # The version is read under the lock, because another program may be doing the same.
            found = store.version(connection)
            done = (
                _make(store, connection) if found is None else _move_on(connection, found, folder)
            )
            connection.execute("COMMIT")
    except InsufficientPrivilege:
        raise StoreError(
            f"your login may not make or change the schema of a store in {store}: the owner of the "
            "database does it, or lets you with GRANT CREATE ON DATABASE; only whoever made an "
            "older store can bring it up to this version"
        ) from None
    except Error as error:
        raise store.refusal(error) from None
    return done


def _make(store: PostgresqlStore, connection: PostgresqlConnection) -> list[int]:
    ((encoding,),) = connection.execute("SHOW server_encoding")
    if encoding != "UTF8":
        raise StoreError(
            f"{store} keeps its text as {encoding}, which cannot hold every name: make a database "
            "with `createdb --encoding UTF8 --template template0 NAME`"
        )
    version = latest_version()
    connection.script(f"CREATE SCHEMA {SCHEMA}")
    connection.script(shipped.text(_SCRIPT))
    connection.execute("INSERT INTO schema_version (version) VALUES (?)", (version,))
    return [version]


def _move_on(connection: PostgresqlConnection, found: int, folder: str | Path) -> list[int]:
    done = []
    for number, name in sorted(numbered_scripts(folder)):
        if number > found:
            connection.script(shipped.text(f"{folder}/{name}"))
            connection.execute("UPDATE schema_version SET version = ?", (number,))
            done.append(number)
    if done:
        grant_again(connection)
    return done


# ---------------------------------------------------------------- as it should be

# The queries that describe a schema: each gives a name and a text.
_COLUMNS = """
SELECT c.relname, concat_ws(' ', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
  a.attnotnull, l.collname, pg_get_expr(d.adbin, d.adrelid))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = {schema} AND c.relkind NOT IN ('i', 'I', 'S')
"""
_SEEN = """
SELECT c.relname, concat_ws(' ', c.relkind, c.relrowsecurity, c.relforcerowsecurity,
  (SELECT count(*) FROM pg_rewrite r WHERE r.ev_class = c.oid))
FROM pg_class c WHERE c.relnamespace = {schema} AND c.relkind NOT IN ('i', 'I', 'S')
"""
_KEYS = """
SELECT c.relname, k.contype::text || pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = {schema} AND k.contype <> 'n'
"""
_INDEXES = """
SELECT i.relname, concat_ws(' ', pg_get_indexdef(i.oid), x.indisvalid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relnamespace = {schema}
"""
_TRIGGERS = """
SELECT t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = {schema} AND NOT t.tgisinternal
"""
_FUNCTIONS = """
SELECT proname, concat_ws(' ', pg_get_function_identity_arguments(oid), prosrc, provolatile,
  prosecdef, proconfig) FROM pg_proc WHERE pronamespace = {schema}
"""
_SAID = (
    ("table", _COLUMNS),
    ("table", _SEEN),
    ("table", _KEYS),
    ("index", _INDEXES),
    ("trigger", _TRIGGERS),
    ("function", _FUNCTIONS),
)
_THERE, _MADE = f"'{SCHEMA}'::regnamespace", "pg_my_temp_schema()"
# The schema's name in the texts, which differs between a store and the one made to compare with.
_NAMED = re.compile(rf"\b(?:{SCHEMA}|pg_temp(?:_\d+)?)\.")


def _schema_of(connection: Connection, schema: str) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for kind, statement in _SAID:
        for name, text in connection.execute(statement.format(schema=schema)):
            found.setdefault((kind, name), []).append(_NAMED.sub("", text or ""))
    return {one: sorted(texts) for one, texts in found.items()}


def unlike(store: PostgresqlStore, connection: Connection) -> list[str]:
    """
    Return what is missing, altered or foreign in a store's schema, in words.

    To compare with, the schema is made in the temporary tables of a second connection.  They are
    gone when it is closed.

    Args:
        store: The store.
        connection: The store's connection, in a transaction.

    Raises:
        StoreError: The login may not make temporary tables.
    """
    with closing(store.begun(f"BEGIN; {AS_WRITTEN}SET LOCAL search_path TO pg_temp")) as beside:
        try:
            # PostgreSQL looks for a function in the temporary schema only if that is named.
            script = shipped.text(_SCRIPT)
            beside.script(script.replace("EXECUTE FUNCTION ", "EXECUTE FUNCTION pg_temp."))
            expected = _schema_of(beside, _MADE)
        except InsufficientPrivilege:
            raise StoreError(
                f"how the store {store} is built cannot be compared, because your login may not "
                "make temporary tables: its owner runs this, or GRANT TEMPORARY ON DATABASE"
            ) from None
    found = _schema_of(connection, _THERE)
    return list(_differences(expected, found))


def _differences(
    expected: dict[tuple[str, str], Any], found: dict[tuple[str, str], Any]
) -> Iterable[str]:
    for one in sorted({*expected, *found}):
        if expected.get(one) != found.get(one):
            what = "is missing" if one not in found else "was altered"
            what = "is not the program's" if one not in expected else what
            yield f"the {one[0]} {one[1]} {what}"
