"""Erase a child from a store on PostgreSQL for good: every row, and the pages that had it."""

from contextlib import closing

from psycopg import Error

from iro_cli.errors import kept
from iro_cli.store.changing import Stamp
from iro_cli.store.erasing import Erased, erase_rows
from iro_cli.store.kinds import KINDS
from iro_cli.store.postgresql import SCHEMA, PostgresqlStore

_TABLES = (
    *(kind.table for kind in KINDS if kind.of_child),
    *("change", "change_child", "child_area", "child", "source", "erasure"),
)


def erase(store: PostgresqlStore, child: str, stamp: Stamp) -> Erased:
    """
    Erase a child from a store, and rewrite its tables.

    Args:
        store: The store.
        child: The child's id.
        stamp: Who erases, when, and the command without the child.

    Raises:
        InputRefusedError: There is no such child.
        StoreError: The chain of changes does not fit, or the login is not the owner.
    """
    try:
        with closing(store.connect_to_write()) as connection:
            found = erase_rows(store, connection, child, store.signed(stamp))
            kept.count += 1
            # A deleted row stays readable on its page until the table is rewritten.  The lock has a
            # time limit: VACUUM FULL would wait for every reader, and let nobody else in meanwhile.
            left = []
            connection.execute("SET lock_timeout TO '5s'")
            for table in _TABLES:
                try:
                    connection.execute(f"VACUUM FULL {SCHEMA}.{table}")
                except Error:
                    left.append(table)
    except Error as error:
        raise store.refusal(error) from None
    if left and store.say:
        store.say(
            f"others are at work in {store}, so the pages of {', '.join(left)} still hold what was "
            f"erased: run VACUUM FULL {SCHEMA}.TABLE for each once they have finished"
        )
    return found
