"""
Turn the errors of PostgreSQL into messages: what is wrong with a store, and what to do about it.

A server has a code for each error.  The text of an error is never shown, because it may contain
somebody's row.  If no connection is made, there is no code, so then the text is searched for
known words.
"""

from psycopg import Error

from iro_cli.errors import LostStoreError, NotKnownError, StoreError
from iro_cli.store.opening import REFUSED_BY_A_RULE, USED_WRONGLY
from iro_cli.store.postgresql_connection import CommitLostError

_NOT_REACHED = (
    "the server of {store} cannot be reached: check the host and the port, that the server runs, "
    "and that a firewall lets you through"
)
_SLOW = "the server of {store} does not answer: try again, or ask its administrator"
_UNKNOWN_HOST = "the host of {store} is not known: check its name, and the network"
_LOGIN = (
    "the server of {store} refuses the login or its password: check both; the password belongs in "
    "~/.pgpass or PGPASSWORD"
)
_NOTHING_GIVEN = (
    "the server of {store} asks for a password, and none was given: write it into ~/.pgpass, or "
    "set PGPASSWORD"
)
_NOT_LET_IN = (
    "the server of {store} does not let this login in from here: its administrator decides that, "
    "in pg_hba.conf, and may ask for ?sslmode=require in the URL"
)
_NO_DATABASE = (
    "there is no such database: {store}; check its name, or let the server's administrator make "
    "it: `createdb NAME`"
)
_NOT_ALLOWED = (
    "your login may not connect to the database {store}: the owner of the database lets it, with "
    "GRANT CONNECT ON DATABASE"
)
_CLOSED = "the database {store} takes no connections now: ask its administrator when it will again"
_TOO_MANY = "the server of {store} has no connection left: try again in a minute"
_ENCRYPTED = (
    "no encrypted connection to {store} can be made as the URL asks for it: check `sslmode` and "
    "the certificates it names"
)
_NOT_OPENED = (
    "no connection to {store} can be made: check the host, the port, the database, the login and "
    "its password; `psql` with the same URL says more"
)
_STARTING = "the server of {store} is starting or stopping: try again in a minute"
_GONE = (
    "the connection to {store} was lost: nothing was stored; see that the server runs, and try "
    "again"
)
_COMMIT_LOST = (
    "the connection to {store} was lost while the change was being stored, so it is not known "
    "whether it was: look with `iro history` before you try again"
)
_LOCKED = (
    "the store {store} is locked by somebody else who is writing: try again when they have finished"
)
_STOPPED = "the server stopped what was asked of {store} ({code}): nothing was stored; try again"
_NO_PERMISSION = (
    "your login may not do this in the store {store}: nothing was stored; a reader may read, a "
    "recorder may record, and the owner may do everything; `iro db roles` lists who is what, and "
    "with `iro db roles LOGIN --as ROLE` its owner gives a role, also once more"
)
_READ_ONLY = (
    "the server of {store} only reads (a standby, or set so): nothing was stored; name the server "
    "that is written to"
)
_FULL = (
    "the disk of the server of {store} is full: nothing was stored; its administrator makes room"
)
_NO_ROOM = (
    "the server of {store} has too little memory or room for this ({code}): nothing was stored; "
    "try again, or ask its administrator"
)
_DISK = (
    "the server of {store} cannot read or write its disk ({code}): nothing was stored; its "
    "administrator looks into its log"
)
_DAMAGED = (
    "the store {store} is damaged ({code}): have the database put back from its backup; `iro "
    "doctor` says what can still be read"
)
_REBUILT = (
    "the store {store} is not built as this program builds it ({code}): somebody changed it; `iro "
    "doctor` names what is missing or altered; nothing was stored"
)
_FORGED = (
    "the store {store} refuses a change in the name of somebody else, and a row that is added to "
    "an earlier change: nothing was stored"
)
_VALUE = (
    "the server of {store} cannot hold one of the values ({code}): nothing was stored; look for "
    "control codes in what was typed or imported"
)

# The code with which the triggers refuse a change in the name of somebody else.
FORGED = "IRO01"
_BY_CODE = {
    "28P01": _LOGIN,
    "28000": _NOT_LET_IN,
    "3D000": _NO_DATABASE,
    "53300": _TOO_MANY,
    "53100": _FULL,
    "57P03": _STARTING,
    "57P01": _GONE,
    "57P02": _GONE,
    "57P05": _GONE,
    "57P04": _GONE,
    "25P03": _GONE,
    "25P04": _GONE,
    "55P03": _LOCKED,
    "55006": _LOCKED,
    "40P01": _LOCKED,
    "40001": _LOCKED,
    "42501": _NO_PERMISSION,
    "25006": _READ_ONLY,
    "P0001": REFUSED_BY_A_RULE,
    FORGED: _FORGED,
}
# The message for every other code of a class, by its first two characters.
_BY_CLASS = {
    "08": _GONE,
    "22": _VALUE,
    "23": REFUSED_BY_A_RULE,
    "25": USED_WRONGLY,
    "28": _NOT_LET_IN,
    "3F": _REBUILT,
    "42": _REBUILT,
    "53": _NO_ROOM,
    "54": _NO_ROOM,
    "55": _STOPPED,
    "57": _STOPPED,
    "58": _DISK,
    "XX": _DAMAGED,
}
# Pieces of the server's English text if a connection is not made, or is lost.  The first piece
# that is found counts, so the more exact ones come first.
_BY_TEXT = {
    "too many connections": _TOO_MANY,
    "too many clients": _TOO_MANY,
    "remaining connection slots": _TOO_MANY,
    "closed the connection": _GONE,
    "closed unexpectedly": _GONE,
    "syscall error": _GONE,
    "terminating connection": _GONE,
    "connection is closed": _GONE,
    "connection is lost": _GONE,
    "consuming input failed": _GONE,
    "sending query": _GONE,
    "password authentication failed": _LOGIN,
    "no password supplied": _NOTHING_GIVEN,
    "pg_hba.conf": _NOT_LET_IN,
    "is not permitted to log in": _NOT_LET_IN,
    "authentication failed": _LOGIN,
    "permission denied for database": _NOT_ALLOWED,
    "not currently accepting connections": _CLOSED,
    'role "': _LOGIN,
    'database "': _NO_DATABASE,
    "starting up": _STARTING,
    "shutting down": _STARTING,
    "recovery mode": _STARTING,
    "resolve host": _UNKNOWN_HOST,
    "could not translate host": _UNKNOWN_HOST,
    "timeout expired": _SLOW,
    "timed out": _SLOW,
    "connection refused": _NOT_REACHED,
    "no such file": _NOT_REACHED,
    "unreachable": _NOT_REACHED,
    "ssl": _ENCRYPTED,
    "certificate": _ENCRYPTED,
}


def _sentence(error: Exception) -> str:
    if isinstance(error, CommitLostError):
        return _COMMIT_LOST
    if not isinstance(error, Error):  # Python failed on a value that is not what it should be
        return _DAMAGED
    code = error.sqlstate
    if code:
        return _BY_CODE.get(code) or _BY_CLASS.get(code[:2], USED_WRONGLY)
    text = str(error).casefold()
    found = next((one for words, one in _BY_TEXT.items() if words in text), None)
    if found:
        return found
    kind = type(error).__name__
    if kind == "DataError":
        return _VALUE
    return _NOT_OPENED if kind in ("OperationalError", "ConnectionTimeout") else USED_WRONGLY


def refusal(store: object, error: Exception) -> StoreError:
    """
    Return the message for an error; it never shows data of the store.

    Args:
        store: The store, as messages name it.
        error: What psycopg raised, or what Python raised for a value that is not what it should be.
    """
    code = getattr(error, "sqlstate", None) or type(error).__name__
    kinds: dict[str, type[StoreError]] = {_GONE: LostStoreError, _COMMIT_LOST: NotKnownError}
    sentence = _sentence(error)
    return kinds.get(sentence, StoreError)(sentence.format(store=store, code=code))
