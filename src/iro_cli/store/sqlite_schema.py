"""Read the schema of an SQLite store, and find where it differs from the program's own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache

from iro_cli.lean import Any
from iro_cli.store.connection import Connection

# How the names begin of what SQLite keeps for itself: statistics, and the indexes of keys.
_OWN = "sqlite_"
_SAID = "SELECT type, name, tbl_name, sql FROM sqlite_master"


def schema_of(connection: Connection) -> dict[tuple[str, str], Any]:
    """
    Return the tables, indexes and triggers by kind and name.

    Tables are described by their columns and not by their SQL: after ``ALTER TABLE`` the SQL of a
    table differs from that of one that was made so, although both are the same.
    """

    def ask(pragma: str, name: str) -> list[Any]:
        quoted = name.replace("'", "''")
        return list(connection.execute(f"PRAGMA {pragma}('{quoted}')"))

    found: dict[tuple[str, str], Any] = {}
    for kind, name, table, sql in list(connection.execute(_SAID)):
        if name.startswith(_OWN):
            continue
        if kind == "table":
            found[kind, name] = (
                ask("table_xinfo", name),
                sorted(row[2:] for row in ask("foreign_key_list", name)),
                [row[1:] for row in ask("table_list", name)],
            )
        else:
            found[kind, name] = (table, " ".join(str(sql).split()))
    return found


@contextmanager
def without_triggers(connection: Connection, name: str = "%") -> Iterator[None]:
    """
    Remove the triggers that protect every row, or some of them, for a block of code; put them back.

    If something fails in the block, the transaction is rolled back, and the triggers with it.

    Args:
        connection: The store, in a transaction that writes.
        name: The trigger, or a pattern of ``LIKE``; all by default.
    """
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE ?",
        (name,),
    ).fetchall()
    for one, _ in triggers:
        connection.execute(f'DROP TRIGGER "{one}"')
    yield
    for _, script in triggers:
        connection.execute(script)


def strange_triggers(connection: Connection, script: str) -> list[str]:
    """
    Return the triggers of a store that are missing, altered or foreign, in words.

    It takes a hundredth of the time of :func:`unlike`, so it can be called before each change.

    Args:
        connection: The store.
        script: The schema as it should be.
    """
    expected = " ".join(script.split())
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    told = {name: " ".join(str(sql).split()) for name, sql in found}
    words = [
        f"the trigger {name} is not the program's"
        for name, sql in told.items()
        if f"{sql};" not in expected
    ]
    missing = expected.count("CREATE TRIGGER ") - len(told) + len(words)
    return words + ["a trigger of the program's is missing"] * (missing > 0)


@cache
def _made_by(script: str) -> dict[tuple[str, str], Any]:
    """Return the schema that a script makes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.executescript(script)
        return schema_of(made)


def unlike(connection: Connection, script: str) -> list[str]:
    """
    Return what is missing, altered or foreign in a store's schema, in words.

    Args:
        connection: The store.
        script: The schema as it should be.
    """
    expected, found = _made_by(script), schema_of(connection)
    words = []
    for one in sorted({*expected, *found}):
        if expected.get(one) != found.get(one):
            what = "is missing" if one not in found else "was altered"
            what = "is not the program's" if one not in expected else what
            words.append(f"the {one[0]} {one[1]} {what}")
    return words
