"""
Turn the errors of engines into messages: why a database cannot be read, and what to do.

The text and the numbers of an error are looked through and never shown, because they may
contain somebody's row or a password.
"""

import re

from iro_cli.errors import InputRefusedError

_AGAIN = "nothing was stored: try again"
_CHANGED = f"{{}} was changed while it was read, and {_AGAIN} when it has been refreshed"
_HELD = f"{{}} is held by another program, such as its refresh, and {_AGAIN} later"
_LOGIN = (
    "{} does not let this login in: check the user, the password (IRO_EXTRACT_PASSWORD) and how "
    "the server lets people in"
)
_MAY_NOT = (
    "you may not read every table of the dataset in {}: have its owner GRANT SELECT on them to you"
)
_LOST = f"the server of {{}} was lost while it was read, and {_AGAIN}"
_NO_DATABASE = "there is no database {} on the server: check the name of the database"
_NO_FILE = "there is no file of {}: check its name and its folder"
_NO_SQLITE = "the file of {} is not an SQLite database, or is damaged: have it made again"
_NOT_REACHED = (
    "the server of {} cannot be reached: check the host and the port, that the server runs, and "
    "that a firewall lets you through"
)
_GONE = (
    f"a table or column of {{}} is gone, or a view there reads one that is not there, and {_AGAIN} "
    "when it has been refreshed"
)
_NO_VALUE = (
    "{table} of {} has a value that cannot be read, such as a day after the year 9999: have it put "
    "right at its source"
)
_UNKNOWN = (
    "{{}} cannot be read ({}): see whether another program can read it with this URL, and ask its "
    "administrator"
)
# The first pattern that is found counts: words of SQLite, words and states of PostgreSQL, numbers
# of SQL Server, and codes of Oracle (ORA, DPY).
_SAID = {
    re.compile(pattern, re.IGNORECASE): meaning
    for pattern, meaning in {
        r"ora-08103|ora-01466|\b(3960|3961|40001)\b|could not serialize|snapshot isolation": (
            _CHANGED
        ),
        r"lock timeout|lock request time ?out|database (table )?is locked|\b(55P03|1222)\b": _HELD,
        r"password|authentication|login failed|access denied|\b18456\b|ora-01017|pg_hba": _LOGIN,
        r'role ".*" does not exist|is not permitted to log in': _LOGIN,
        r"permission (was )?denied|insufficient privilege|ora-01031|\b(229|42501)\b": _MAY_NOT,
        r"closed the connection|closed unexpectedly|terminating connection|connection is lost": (
            _LOST
        ),
        r"connection is closed|communication link|ora-0311[34]|ora-03135|dpy-4011": _LOST,
        r'database ".*" does not exist|unknown database|cannot open database|\b4060\b': (
            _NO_DATABASE
        ),
        r"ora-125(05|14)|dpy-600[13]": _NO_DATABASE,
        r"(date|timestamp|year|value).* (too (large|small)|out of range)|utf-?8": _NO_VALUE,
        r"unable to open database file": _NO_FILE,
        r"not a database|malformed": _NO_SQLITE,
        r"refused|translate host|resolve|timeout|timed out|unreachable|no such file": _NOT_REACHED,
        r"\b0800[0-9]\b|ora-12(154|170|541|545)|dpy-6005|not open a connection": _NOT_REACHED,
        r"no such table|no such column|does not exist|ora-00942|ora-00904": _GONE,
        r"invalid object name|invalid column name": _GONE,
    }.items()
}


def refusal(name: str, error: Exception, table: str = "a table") -> InputRefusedError:
    """
    Return the message for an error of a database.

    Args:
        name: The name of the database in messages.
        error: What SQLAlchemy raised, or a driver.
        table: The table that was being read, for messages.
    """
    cause = getattr(error, "orig", None) or error
    text = f"{getattr(cause, 'sqlstate', None) or ''} {cause}"
    meaning = next((one for pattern, one in _SAID.items() if pattern.search(text)), None)
    words = meaning or _UNKNOWN.format(type(cause).__name__)
    return InputRefusedError(words.format(name, table=table))
