"""
Copy an SQLite store, and restore a copy.

A copy is written under another name, read back whole, and only then gets its name.  If the store
can be opened, the copy is restored into it through SQLite, under its lock: a program that waits
to write goes on with the restored store, and every acknowledged change is still in one of the
files.  A store is replaced only if it cannot be opened, because no program can have written to it.
"""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from time import monotonic

from iro_cli.errors import DamagedStoreError, InputRefusedError, NotKnownError, StoreError, kept
from iro_cli.lean import NamedTuple
from iro_cli.progress import tell_step
from iro_cli.store.known_copies import NOT_READ, beginning, known_copies, looked_into, note_copy
from iro_cli.store.places import (
    MOMENT,
    owner_only,
    part_of,
    put_new,
    refuse_a_log,
    sync_folder,
    without_log,
)
from iro_cli.store.reading import Reader
from iro_cli.store.soundness import faults_of
from iro_cli.store.sqlite import (
    ANOTHER_FILE,
    APPLICATION_ID,
    OF_ANOTHER_PROGRAM,
    PRAGMAS,
    SqliteStore,
    beside,
    last_digest,
    latest_version,
)
from iro_cli.store.sqlite_errors import is_named, is_of_the_disk, is_of_writing

# How long to wait for another program, in seconds.
_PATIENCE = 5
# How many pages are copied at once.  After the first few the store is locked, but its file is
# unchanged: that is the moment to keep it beside.
_PAGES = 8
_BLOCK = 1 << 20
_ATTEMPTS = 5
# The numbers in the names of further copies that are made in one second.
_IN_A_SECOND = range(2, 100)


class Copied(NamedTuple):
    """
    A copy that was made, and checked by reading it back.

    Attributes:
        path: The file.
        older: Whether its schema is that of an earlier program.
        removed: The older copies that were removed for it.
    """

    path: Path
    older: bool
    removed: tuple[Path, ...] = ()


class Restored(NamedTuple):
    """
    The result of putting a copy in a store's place.

    Attributes:
        kept: The file that keeps the store that was there before, if there was one.
        older: Whether the restored store has the schema of an earlier program.
    """

    kept: Path | None
    older: bool


# ---------------------------------------------------------------- copying


def _patient(then: Callable[[], None] = lambda: None) -> Callable[[int, int, int], None]:
    """
    Return the function that SQLite calls after each step of a copy.

    It raises :class:`TimeoutError` if another program keeps the copy waiting for too long.

    Args:
        then: Called after each step that copied something.
    """
    until = monotonic() + _PATIENCE

    def step(status: int, left: int, pages: int) -> None:
        tell_step("Copying", pages - left, pages, "pages")
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            then()
        elif monotonic() > until:
            raise TimeoutError

    return step


def _locked(store: SqliteStore) -> StoreError:
    error = sqlite3.OperationalError()
    error.sqlite_errorname = "SQLITE_BUSY"
    return store.refusal(error)


def _copy(source: SqliteStore, part: SqliteStore) -> bool:
    """
    Copy a store with its log into a file without a log, and check it by reading it back.

    Returns:
        Whether its schema is that of an earlier program.

    Raises:
        StoreError: It cannot be read whole.
        OSError: The copy cannot be written.
    """
    try:
        with closing(source.connect_to_copy()) as reading, closing(part.open()) as writing:
            older = source.version(reading) < latest_version()
            writing.execute("PRAGMA secure_delete = ON")
            reading.backup(writing, pages=_PAGES * 64, progress=_patient(), sleep=0.05)
            writing.execute("PRAGMA journal_mode = DELETE")
    except TimeoutError:
        raise _locked(source) from None
    except ValueError as error:  # a name in its schema is not text
        raise source.refusal(error) from None
    except source.faults as error:
        if is_of_writing(error) or (not is_named(error) and not _holds(part.path, source.path)):
            raise OSError(0, f"{error}") from None
        raise source.refusal(error) from None
    with part.path.open("r+b") as file:
        os.fsync(file.fileno())
    # A fault in the copy is a fault of the store, because pages are copied as they are.
    try:
        with Reader(source, part.open(to_write=False)) as reader:
            faults = faults_of(reader)
    except source.faults as error:
        raise source.refusal(error) from None
    if faults:
        raise StoreError(
            f"the store {source} is damaged ({'; '.join(faults)}): no copy was made; put back a "
            "backup with `iro restore FILE`, or recover what can be read with `sqlite3 FILE "
            ".recover`"
        )
    return older


def _holds(part: Path, source: Path) -> bool:
    """
    Say whether there is room for the copy, by writing as many bytes as the store has.

    SQLCipher gives no code if a copy fails, so this tells a full disk from a damaged store.
    """
    try:
        with part.open("wb") as file:
            for _ in range(0, source.stat().st_size, _BLOCK):
                file.write(bytes(_BLOCK))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def backup(store: SqliteStore, target: Path) -> Copied:
    """
    Copy a store with its log to a file that only its owner can read: whole or not at all.

    Raises:
        InputRefusedError: The target exists, is named like a log of SQLite, or cannot be written.
        StoreError: The store cannot be read whole.
    """
    refuse_a_log(target)
    store.check()
    exists = InputRefusedError(
        f"{target} exists, and a backup never overwrites: name another file"
        + (", or let `--keep` name it" if target.is_dir() else "")
    )
    if os.path.lexists(target):
        raise exists
    try:
        with part_of(target) as part:
            older = _copy(store, store.at(part))
            put_new(part, target)
    except FileExistsError:
        raise exists from None
    except OSError as error:
        raise InputRefusedError(
            f"{target} cannot be written ({error.strerror}): no copy was made; check the folder, "
            "and the room that is left there"
        ) from None
    kept.count += 1
    note_copy(store, "backup", target)
    return Copied(target, older)


def backup_into(store: SqliteStore, folder: Path, keep: int, at: str) -> Copied:
    """
    Copy a store into a folder, named after it and the time, and remove its oldest copies there.

    Args:
        store: The store.
        folder: The folder.
        keep: How many copies are kept, including this one.
        at: The time, as ISO text in UTC.

    Raises:
        InputRefusedError: It cannot be written there.
        StoreError: The store cannot be read whole.
    """
    if folder.exists() and not folder.is_dir():
        raise InputRefusedError(
            f"{folder} is not a folder: with --keep, name a folder for the copies"
        )
    stem, moment = store.path.stem, at.replace(":", "")
    names = [f"{stem}-{moment}.db", *(f"{stem}-{moment}_{one:02}.db" for one in _IN_A_SECOND)]
    free = next((one for one in names if not os.path.lexists(folder / one)), names[-1])
    copy = backup(store, folder / free)
    shape = re.compile(re.escape(stem) + MOMENT)
    # The time in the names puts the oldest copy first.
    named = sorted(one for one in folder.iterdir() if shape.fullmatch(one.name))
    there = _of_this_store(store, named)
    removed = [one for one in there[: max(len(there) - keep, 0)] if one != copy.path]
    try:
        for one in removed:
            for file in (one, *beside(one)):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise InputRefusedError(
            f"{copy.path} was made, but an older copy cannot be removed ({error.strerror})"
        ) from None
    return copy._replace(removed=tuple(removed))


def _of_this_store(store: SqliteStore, files: Iterable[Path]) -> list[Path]:
    """Return the files that are copies of this store; another's copies may have the same name."""
    noted = {one.path for one in known_copies(store)}
    with closing(store.connect_to_copy()) as connection:
        begins = beginning(connection)
    found = []
    for file in files:
        copied = None
        # A file that cannot be opened, or is empty, counts as a copy if it is in the list.
        with suppress(*NOT_READ), looked_into(store.at(file)) as connection:
            copied = beginning(connection)
        if file.absolute() in noted if copied is None else copied.is_of(begins):
            found.append(file)
    return found


def copy_beside(store: SqliteStore, version: int) -> Path:
    """Copy a store to ``NAME.before-vN`` beside it, readable by its owner only; return the file."""
    with part_of(store.path) as part:
        with closing(store.open(to_write=False)) as source, closing(store.at(part).open()) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        copied = _named(part, f"{store.path.name}.before-v{version}")
    note_copy(store, "migration", copied)
    return copied


def _named(part: Path, name: str) -> Path:
    """Give a part a name that no file beside it has, with a number if necessary."""
    number = 1
    while True:
        target = part.with_name(name if number == 1 else f"{name}-{number}")
        try:
            put_new(part, target)
        except FileExistsError:
            number += 1
        else:
            return target


# ---------------------------------------------------------------- restoring


def restore(copy: SqliteStore, store: SqliteStore) -> Restored:
    """
    Put a copy in a store's place, and keep the store that was there beside it, byte for byte.

    Raises:
        StoreError: The copy is not a whole store, or another program holds the store.
        InputRefusedError: The copy is the store itself, or another program's database stands
            in its place.
    """
    path = store.path
    with suppress(OSError):
        if path.samefile(copy.path):
            raise InputRefusedError(f"{copy} is the store itself: name the backup to put there")
    if path.is_dir():
        store.check()
    try:
        with part_of(path) as part:
            # The whole copy is read first, so that a damaged one leaves the store as it is.
            older = _read_whole(copy, store.at(part))
            for _ in range(_ATTEMPTS):
                with suppress(_ChangedMeanwhile):
                    stood = _put(store, part)
                    kept.count += 1
                    if stood is not None:
                        note_copy(store, "restore", stood)
                    return Restored(stood, older)
    except store.faults as error:
        raise store.refusal(error) from None
    except OSError as error:
        raise StoreError(
            f"the store {store} cannot be written here ({error.strerror}): it was left as it is; "
            "check that you may write its folder, and the room that is left there"
        ) from None
    raise StoreError(f"the store {store} was changed again and again by others: try again")


def _read_whole(copy: SqliteStore, part: SqliteStore) -> bool:
    with suppress(OSError):  # another fault of the name is told by the check of the copy
        if not copy.path.exists():
            # The check would advise to make a new store, which is no help here.
            raise StoreError(
                f"nothing was restored: there is no file {copy}: name the copy to restore"
            )
    copy.is_copy = True
    try:
        copy.check()
        return _copy(copy, part)
    except StoreError as error:
        raise StoreError(f"nothing was restored: {error}") from None


class _ChangedMeanwhile(Exception):  # noqa: N818 - nothing went wrong: it is tried again
    """The file in the store's place changed between looking at it and replacing it."""


def _put(store: SqliteStore, part: Path) -> Path | None:
    """Put a part in a store's place, and return the file that keeps the store that was there."""
    found = _identity(store.path)
    if found is None:
        _with_a_log(store.at(part))
        try:
            put_new(part, store.path)
        except FileExistsError:
            raise _ChangedMeanwhile from None
        return None
    if found.st_size:
        try:
            return _fill(store, store.at(part))
        except TimeoutError:
            raise _locked(store) from None
        # The store is damaged, so it is replaced below instead of filled: a name in its schema
        # is not text any more (ValueError), or SQLCipher cannot verify a page (MemoryError).
        except (ValueError, MemoryError):
            pass
        except store.faults as error:
            refused = store.refusal(error)
            if not isinstance(refused, DamagedStoreError):
                raise refused from None
    _with_a_log(store.at(part))
    # The damaged store is kept too: what is in it may still be recovered.
    with ExitStack() as held:
        stood = _keep(store, held, "-wal", "-journal")
    now = _identity(store.path)
    if now is None or _unchanged(now) != _unchanged(found):
        raise _ChangedMeanwhile
    # The old logs go first: SQLite would take them for logs of the restored store, and write
    # their old pages into it.
    for log in beside(store.path):
        log.unlink(missing_ok=True)
    part.replace(store.path)
    sync_folder(store.path)
    return stood


def _identity(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _unchanged(found: os.stat_result) -> tuple[int, ...]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _with_a_log(part: SqliteStore) -> None:
    """Switch a part to a write-ahead log, as every new store has one."""
    with closing(part.open()) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        without_log(connection)


def _fill(store: SqliteStore, part: SqliteStore) -> Path:
    """
    Fill a store that can be opened with a copy, in one transaction, and keep the old one beside.

    Returns:
        The file that keeps what was in the store.

    Raises:
        InputRefusedError: It is another program's database.
        TimeoutError: Another program holds it.
    """
    with ExitStack() as held:
        writing = held.enter_context(closing(store.open()))
        for pragma in PRAGMAS:
            writing.execute(pragma)
        writing.execute("BEGIN IMMEDIATE")
        _refuse_foreign(store, writing)
        ((size,),) = writing.execute("PRAGMA page_size")
        writing.execute("ROLLBACK")
        reading = held.enter_context(closing(part.open()))
        if reading.execute("PRAGMA page_size").fetchone() != (size,):
            # A store with a log cannot change the size of its pages, so the copy is changed.
            reading.execute(f"PRAGMA page_size = {size}")
            reading.execute("VACUUM")
            reading.execute("BEGIN IMMEDIATE")
            store.finish(reading)
            reading.execute("COMMIT")
        stood: list[Path] = []

        def keep() -> None:
            if not stood:  # the first pages are copied, so nobody else can write any more
                stood.append(_keep(store, held, "-wal"))

        last = last_digest(reading)
        try:
            reading.backup(writing, pages=_PAGES, progress=_patient(keep), sleep=0.05)
        except BaseException as error:
            held.close()
            if is_of_the_disk(error) and store.may_have(last):
                raise _not_known(store, stood) from None
            for one in stood:  # nothing was changed, so nothing needs to be kept
                for file in (one, *beside(one)):
                    file.unlink(missing_ok=True)
            raise
        with suppress(*store.faults):  # a reader may be at work: then the log keeps the pages
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return stood[0]


def _not_known(store: SqliteStore, stood: list[Path]) -> StoreError:
    kept_in = f"; what stood there is kept in {stood[0]}" if stood else ""
    return NotKnownError(
        f"the disk that holds the store {store} refused the end of the change: it is not known "
        f"whether the backup stands in its place{kept_in}; check the disk and the connection to "
        "it, look with `iro history`, and then restore again"
    )


def _refuse_foreign(store: SqliteStore, connection: sqlite3.Connection) -> None:
    """Refuse a database of another program, but not a store whose head is damaged."""
    ((application,),) = connection.execute("PRAGMA application_id")
    if application == APPLICATION_ID:
        return
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if tables and not {"change", "fact"} <= tables:
        raise InputRefusedError(OF_ANOTHER_PROGRAM.format(store=store, remedy=ANOTHER_FILE))


def _keep(store: SqliteStore, held: ExitStack, *logs: str) -> Path:
    """
    Keep the file in a store's place beside it, with its logs, byte for byte.

    Args:
        store: The store.
        logs: The endings of the logs that belong to it.
        held: Keeps the files open until the store is closed: closing one would give up the locks
            that this program has on it through SQLite.
    """
    with part_of(store.path.with_name(f"{store.path.name}.before-restore")) as part:
        _copy_bytes(store.path, part, held)
        stood = _named(part, f"{store.path.name}.before-restore")
    for log in logs:
        file = store.path.with_name(store.path.name + log)
        if file.exists() and file.stat().st_size:
            target = stood.with_name(stood.name + log)
            owner_only(target)
            _copy_bytes(file, target, held)
    return stood


def _copy_bytes(source: Path, target: Path, held: ExitStack) -> None:
    reading = held.enter_context(source.open("rb"))
    with target.open("r+b") as writing:
        while block := reading.read(_BLOCK):
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
