"""
Turn the errors of SQLite into messages: what is wrong with a store, and what to do about it.

SQLite has a code for each error, and only a few of them mean that the store is damaged.
Somebody who is told to put back a backup when only the disk was full loses what they had.
"""

from __future__ import annotations

import sqlite3

from iro_cli.errors import DamagedStoreError, NotKnownError, StoreError
from iro_cli.lean import TYPE_CHECKING
from iro_cli.store.opening import REFUSED_BY_A_RULE, USED_WRONGLY

if TYPE_CHECKING:
    from collections.abc import Callable

_DAMAGED = (
    "the store {store} is damaged ({code}): it was left as it is; put back a backup with `iro "
    "restore FILE`, or recover what can be read with `sqlite3 FILE .recover`"
)
_HEADLESS = (
    "the store {store} is damaged at its head ({code}): it was left as it is; put back a backup "
    "with `iro restore FILE`"
)
_REBUILT = (
    "the store {store} is not built as this program builds it ({code}): it is damaged, or another "
    "program changed it; it was left as it is; put back a backup with `iro restore FILE`"
)
_LOCKED = (
    "the store {store} is locked by another process that is writing: try again when it has finished"
)
_NO_LOCKS = (
    "the file system that holds the store {store} cannot lock it ({code}): try again; if it "
    "happens again, move the store to a disk of this machine: a network drive may have no locks"
)
_MOVED = (
    "the store {store} was moved or replaced while it was open ({code}): nothing was stored; try "
    "again"
)
_INTERRUPTED_CHANGE = (
    "a change to the store {store} was interrupted, and has to be taken back before it is read "
    "({code}): run this once as somebody who may write the file and its folder"
)
_NOT_WRITABLE = (
    "the store {store} cannot be written here ({code}): check that you may write the file and its "
    "folder, or name another with --database"
)
_NOT_OPENED = (
    "the store {store} cannot be opened ({code}): check that it is there, and check who may read "
    "it and its folder"
)
_NO_TEMPORARY = (
    "there is no folder for temporary files that can be written ({code}): set TMPDIR to one; the "
    "store {store} was left as it is"
)
_FULL = "the disk that holds {store} is full: nothing was stored; make room, and try again"
_NO_MEMORY = (
    "there is not enough memory to read or write the store {store} ({code}): nothing was stored; "
    "close other programs, and try again"
)
_NOT_READ = (
    "the store {store} could not be read from the disk ({code}): check the disk, or the "
    "connection to it, and try again; nothing says that the store itself is damaged"
)
_NOT_WRITTEN = (
    "the store {store} could not be written to the disk ({code}): nothing was stored; check the "
    "room that is left, your quota, the disk and the connection to it, and try again; nothing says "
    "that the store itself is damaged"
)
_NOT_KNOWN = (
    "the disk that holds the store {store} refused the end of the change ({code}): it is not known "
    "whether it was stored; check the room that is left, the disk and the connection to it, and "
    "then look with `iro history` whether the change is there, before you do it again"
)
_NO_SHARED_MEMORY = (
    "the store {store} cannot share memory with other programs ({code}): it belongs on a disk of "
    "this machine, not on a network drive; nothing says that the store itself is damaged"
)
_DISK_FAILED = (
    "the disk that holds the store {store} failed while it was read or written ({code}): nothing "
    "was stored; check the room that is left, the disk and the connection to it, and try again; "
    "nothing says that the store itself is damaged"
)
_FILE_SYSTEM = (
    "the file system that holds the store {store} is damaged ({code}): have it checked before "
    "anything else is written; then run `iro doctor`"
)
_STOPPED = (
    "reading or writing the store {store} was stopped ({code}): nothing was stored; try again"
)
_TOO_LARGE = "a value is too large for the store {store} ({code}): nothing was stored"

# The message for each of SQLite's codes, by its name.
_BY_CODE = {
    "SQLITE_ERROR": _REBUILT,
    "SQLITE_INTERNAL": USED_WRONGLY,
    "SQLITE_PERM": _NOT_WRITABLE,
    "SQLITE_ABORT": _STOPPED,
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_NOMEM": _NO_MEMORY,
    "SQLITE_READONLY": _NOT_WRITABLE,
    "SQLITE_INTERRUPT": _STOPPED,
    "SQLITE_IOERR": _NOT_READ,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTFOUND": USED_WRONGLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_CANTOPEN": _NOT_OPENED,
    "SQLITE_PROTOCOL": _NO_LOCKS,
    "SQLITE_EMPTY": USED_WRONGLY,
    "SQLITE_SCHEMA": _STOPPED,
    "SQLITE_TOOBIG": _TOO_LARGE,
    "SQLITE_CONSTRAINT": REFUSED_BY_A_RULE,
    "SQLITE_MISMATCH": REFUSED_BY_A_RULE,
    "SQLITE_MISUSE": USED_WRONGLY,
    "SQLITE_NOLFS": _TOO_LARGE,
    "SQLITE_AUTH": _NOT_OPENED,
    "SQLITE_FORMAT": _DAMAGED,
    "SQLITE_RANGE": USED_WRONGLY,
    "SQLITE_NOTADB": _HEADLESS,
    "SQLITE_NOTICE": _STOPPED,
    "SQLITE_WARNING": _STOPPED,
}
# Extended codes that mean something else than the code that they extend.  `SQLITE_IOERR` alone is
# here too, because without an extension it does not say whether reading or writing failed.
_BY_EXTENDED_CODE = {
    "SQLITE_IOERR": _DISK_FAILED,
    "SQLITE_READONLY_ROLLBACK": _INTERRUPTED_CHANGE,
    "SQLITE_READONLY_RECOVERY": _INTERRUPTED_CHANGE,
    "SQLITE_READONLY_DBMOVED": _MOVED,
    "SQLITE_CANTOPEN_NOTEMPDIR": _NO_TEMPORARY,
    "SQLITE_IOERR_GETTEMPPATH": _NO_TEMPORARY,
    "SQLITE_IOERR_NOMEM": _NO_MEMORY,
    "SQLITE_IOERR_DATA": _DAMAGED,
    "SQLITE_IOERR_CORRUPTFS": _FILE_SYSTEM,
    "SQLITE_IOERR_VNODE": _MOVED,
    "SQLITE_IOERR_AUTH": _NOT_OPENED,
    "SQLITE_IOERR_CONVPATH": _NOT_OPENED,
    "SQLITE_IOERR_IN_PAGE": _NOT_READ,
} | {
    f"SQLITE_IOERR_{one}": sentence
    for sentence, names in (
        (
            _NOT_WRITTEN,
            "WRITE FSYNC DIR_FSYNC TRUNCATE DELETE DELETE_NOENT CLOSE DIR_CLOSE",
        ),
        (
            _NOT_WRITTEN,
            "BEGIN_ATOMIC COMMIT_ATOMIC ROLLBACK_ATOMIC",
        ),
        (_NO_LOCKS, "UNLOCK RDLOCK LOCK CHECKRESERVEDLOCK BLOCKED"),
        (_NO_SHARED_MEMORY, "SHMOPEN SHMSIZE SHMLOCK SHMMAP"),
    )
    for one in names.split()
}
# Pieces of the text of an error without a code, as some drivers raise it.
_BY_TEXT = {
    "locked": _LOCKED,
    "busy": _LOCKED,
    "readonly": _NOT_WRITABLE,
    "unable to open": _NOT_OPENED,
    "is full": _FULL,
    "disk i/o": _NOT_READ,
    "out of memory": _NO_MEMORY,
    "not a database": _HEADLESS,
    "constraint": REFUSED_BY_A_RULE,
    "no such": _REBUILT,
}
# The messages for a file that is not a whole database, and the codes for damaged pages.
_DAMAGE = (_DAMAGED, _HEADLESS, _REBUILT)
_OF_PAGES = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
# The messages for errors of writing; all others are errors of reading.
_OF_WRITING = (_FULL, _NOT_WRITTEN, _NOT_WRITABLE)


def _sentence(error: Exception) -> str:
    name = name_of(error)
    if name in _BY_EXTENDED_CODE:
        return _BY_EXTENDED_CODE[name]
    words = name.split("_")
    found = _BY_CODE.get("_".join(words[:2])) if words[0] == "SQLITE" else None
    if found is not None:
        return found
    kind = type(error).__name__
    if kind in ("ProgrammingError", "InterfaceError"):
        return USED_WRONGLY
    text = str(error).casefold()
    # A value is not what it should be.  The text of the error may contain the value, so it is not
    # looked at.
    if kind not in ("OperationalError", "DatabaseError") or "decode" in text:
        return _DAMAGED
    return next((one for words, one in _BY_TEXT.items() if words in text), _DAMAGED)


class UnflushedError(sqlite3.OperationalError):
    """
    The disk refused the commit of a change.

    Attributes:
        last: The digest of the change.
    """

    last: str | None = None


def unflushed(error: Exception, last: str | None) -> Exception:
    """
    Return the error to raise after a commit failed.

    If the disk refused to flush the log, the whole change may be in the log, and SQLite adds it to
    the store when that is next opened.  After any other error only half of the change is there,
    and SQLite ignores it.

    Args:
        error: What SQLite raised.  SQLCipher's library does not tell errors of a disk apart.
        last: The digest of the change.
    """
    if not is_of_the_disk(error):
        return error
    found = UnflushedError(*error.args)
    found.sqlite_errorname, found.last = name_of(error), last
    return found


def name_of(error: Exception) -> str:
    """Return SQLite's name of the error code, or the name of the class if it has none."""
    return str(getattr(error, "sqlite_errorname", None) or type(error).__name__)


def is_named(error: Exception) -> bool:
    """Say whether an error has a code; SQLCipher's library gives none if a copy fails."""
    return getattr(error, "sqlite_errorname", None) is not None


def refusal(
    store: object,
    error: Exception,
    whole: Callable[[], bool] = lambda: False,
    there: Callable[[str | None], bool] = lambda _: True,
    read_only: Callable[[], bool] = lambda: False,
) -> StoreError:
    """
    Return the message for an error; it never shows data of the store.

    Args:
        store: The store, as messages name it.
        error: What SQLite raised, or what Python raised for a value that is not what it should be.
        whole: Says whether a second look at every page finds no damage.  SQLCipher calls a page
            damaged if the disk failed to read it, and so does SQLite when it looks for faults.
        there: Takes the digest of a change whose commit the disk refused, and says whether it may
            be stored.
        read_only: Says whether the file may be read and not written, as on a read-only disk.
            SQLite cannot open it then, because it cannot make the log beside it.
    """
    sentence, name = _sentence(error), name_of(error)
    if isinstance(error, UnflushedError):
        if there(error.last):
            return NotKnownError(_NOT_KNOWN.format(store=store, code=name))
        sentence = _NOT_WRITTEN
    if name.startswith(_OF_PAGES) and sentence in (_DAMAGED, _HEADLESS) and whole():
        sentence = _NOT_READ
    if sentence == _NOT_OPENED and read_only():
        sentence = _NOT_WRITABLE
    kind = DamagedStoreError if sentence in _DAMAGE else StoreError
    return kind(sentence.format(store=store, code=name))


def is_no_database(error: Exception) -> bool:
    """Say whether SQLite does not recognise the head of a database."""
    return _sentence(error) == _HEADLESS


def is_of_damage(error: Exception) -> bool:
    """Say whether the file could be read but is not a whole database."""
    return _sentence(error) in _DAMAGE


def is_of_writing(error: Exception) -> bool:
    """Say whether an error came from writing, if one file was read and another written."""
    return _sentence(error) in _OF_WRITING


def is_of_the_disk(error: BaseException) -> bool:
    """Say whether the disk failed, except while the change was being written to the log."""
    if not isinstance(error, Exception) or name_of(error) == "SQLITE_IOERR_WRITE":
        return False
    return _sentence(error) in (_NOT_READ, _NOT_WRITTEN, _DISK_FAILED)
