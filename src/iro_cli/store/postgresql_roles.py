"""Grant and list the rights to read a store on PostgreSQL and to write to it."""

from collections.abc import Sequence
from contextlib import closing

from psycopg import Error, sql

from iro_cli.errors import InputRefusedError, StoreError
from iro_cli.lean import NamedTuple
from iro_cli.store.chain import columns
from iro_cli.store.kinds import KINDS
from iro_cli.store.postgresql import SCHEMA, PostgresqlStore
from iro_cli.store.postgresql_connection import PostgresqlConnection

OWNER, RECORDER, READER, NONE = "owner", "recorder", "reader", "none"
# The other tables to which a change adds rows.  `erasure` and `schema_version` are the owner's.
_ADDED_TO = ("child", "change_child", "child_area", "source")
_READ = (
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO {{login}}",
    f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {{login}}",
)
_RECORD = (
    f"GRANT INSERT ON {', '.join(_ADDED_TO)} TO {{login}}",
    # A recorder cannot fill `withdrawn_by` in a new row: it could name a change of somebody else.
    "GRANT INSERT (id, at, who, command) ON change TO {login}",
    *(f"GRANT INSERT ({columns(kind)}) ON {kind.table} TO {{login}}" for kind in KINDS),
    "GRANT UPDATE (undoes, salt, digest) ON change TO {login}",
    *(f"GRANT UPDATE (withdrawn_by) ON {kind.table} TO {{login}}" for kind in KINDS),
)
_TAKE_BACK = (
    f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {{login}}",
    f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {{login}}",
)
_GRANTS = {READER: _READ, RECORDER: (*_READ, *_RECORD), NONE: ()}
# The logins with rights in the store, and the members of groups that have rights.
_WHO = f"""
WITH RECURSIVE given (grantee, role) AS (
  SELECT grantee, CASE WHEN bool_or(privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'))
    THEN 'recorder' ELSE 'reader' END
  FROM pg_class, aclexplode(relacl)
  WHERE relnamespace = '{SCHEMA}'::regnamespace AND relkind = 'r' AND grantee <> relowner
  GROUP BY grantee
  UNION ALL SELECT nspowner, 'owner' FROM pg_namespace WHERE nspname = '{SCHEMA}'
), members (login, role, through) AS (
  SELECT grantee, role, 0::oid FROM given
  UNION SELECT m.member, one.role, CASE WHEN one.through = 0 THEN one.login ELSE one.through END
  FROM members one JOIN pg_auth_members m ON m.roleid = one.login
)
SELECT CASE WHEN login = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(login) END COLLATE "C", role,
  CASE WHEN through = 0 THEN NULL ELSE pg_get_userbyid(through) END COLLATE "C"
FROM members
"""
_ORDER = (OWNER, RECORDER, READER)


class Granted(NamedTuple):
    """
    What a login may do in a store.

    Attributes:
        login: Its name; ``PUBLIC`` means everybody who can log in.
        role: ``owner``, ``recorder`` or ``reader``.
        through: The group from which it has the role, if it has it as a member.
    """

    login: str
    role: str
    through: str | None


def granted(connection: PostgresqlConnection) -> list[Granted]:
    """Return who may do what in an open store, the owner first."""
    rows = [Granted(*row) for row in connection.execute(_WHO)]
    return sorted(rows, key=lambda one: (_ORDER.index(one.role), one.login, one.through or ""))


def roles_of(store: PostgresqlStore) -> list[Granted]:
    """
    Return who may do what in a store, the owner first, and each login with its strongest role.

    Raises:
        StoreError: It cannot be read.
    """
    with closing(store.connect_to_read()) as connection:
        try:
            strongest: dict[str, Granted] = {}
            for one in granted(connection):
                strongest.setdefault(one.login, one)
            return [*strongest.values()]
        except Error as error:
            raise store.refusal(error) from None


def give(store: PostgresqlStore, logins: Sequence[str], role: str) -> None:
    """
    Give logins or groups the rights of a role, and take all others from them.

    Args:
        store: The store.
        logins: Logins or groups that the server has already.
        role: ``reader``, ``recorder``, or ``none`` to take everything back.

    Raises:
        InputRefusedError: There is no such login, or it is the owner.
        StoreError: The user's own login is not the owner.
    """
    with closing(store.connect_to_write()) as connection:
        try:
            ((owner, mine),) = connection.execute(
                "SELECT pg_get_userbyid(nspowner), pg_has_role(nspowner, 'USAGE') "
                f"FROM pg_namespace WHERE nspname = '{SCHEMA}'"
            )
            if not mine:  # otherwise the server would only warn that nothing was granted
                raise StoreError(
                    f"only {owner}, the owner of {store}, can say who may read it and record in it"
                )
            for login in logins:
                if not any(
                    connection.execute("SELECT 1 FROM pg_roles WHERE rolname = ?", (login,))
                ):
                    raise InputRefusedError(
                        f"the server of {store} has no login {login!r}: its administrator makes "
                        "it, with `createuser`; nothing was changed"
                    )
                if login == owner:
                    raise InputRefusedError(
                        f"{login} owns the store {store} and may do everything in it: nothing "
                        "was changed"
                    )
                _grant(connection, login, role)
            connection.execute("COMMIT")
        except Error as error:
            raise store.refusal(error) from None


def _grant(connection: PostgresqlConnection, login: str, role: str) -> None:
    for statement in (*_TAKE_BACK, *_GRANTS[role]):
        connection.run(sql.SQL(statement).format(login=sql.Identifier(login)))


def grant_again(connection: PostgresqlConnection) -> None:
    """Give each login its rights in new tables too, after an upgrade made them."""
    for one in granted(connection):
        if one.role != OWNER and one.through is None and one.login != "PUBLIC":
            _grant(connection, one.login, one.role)
