"""
Copies of an SQLite store, and putting one in its place.

A copy is written beside its place, read back whole, and only then given its name.  A store
that can be opened is filled with the copy through SQLite, under its lock: whoever waits to
write goes on with what was restored, and nothing that was acknowledged is in no file.  Only
one that cannot be opened is replaced: no program can have written to it.
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
    APPLICATION_ID,
    OF_ANOTHER_PROGRAM,
    PRAGMAS,
    SqliteStore,
    beside,
    last_digest,
    latest_version,
)
from iro_cli.store.sqlite_errors import is_named, is_of_the_disk, is_of_writing

# How long another program is waited for, in seconds.
_PATIENCE = 5
# So many pages at once: the first of them take the lock, and the rest of the store is as it was.
_PAGES = 8
_BLOCK = 1 << 20
_ATTEMPTS = 5


class Copied(NamedTuple):
    """
    A copy that was made, and read back whole.

    Attributes:
        path: Where it lies.
        older: Whether its schema is that of an earlier program.
        removed: The older copies that gave way to it.
    """

    path: Path
    older: bool
    removed: tuple[Path, ...] = ()


class Restored(NamedTuple):
    """
    What came of putting a copy in a store's place.

    Attributes:
        kept: Where what stood there is kept, if anything did.
        older: Whether what stands there now has the schema of an earlier program.
    """

    kept: Path | None
    older: bool


# ---------------------------------------------------------------- copying


def _patient(then: Callable[[], None] = lambda: None) -> Callable[[int, int, int], None]:
    """Return what stops a copy that another program keeps waiting, and what to do at each step."""
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
    Copy a store, log and all, into a file without a log, and read that back whole.

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
    except ValueError as error:  # a name in its schema is no text
        raise source.refusal(error) from None
    except source.faults as error:
        if is_of_writing(error) or (not is_named(error) and not _holds(part.path, source.path)):
            raise OSError(0, f"{error}") from None
        raise source.refusal(error) from None
    with part.path.open("r+b") as file:
        os.fsync(file.fileno())
    # What is wrong with the copy is wrong with what was copied.
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
    """Say whether a part takes as much as is copied, where no code says which file was at fault."""
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
    Copy a store, log and all, to a file that only its owner can read: whole or not at all.

    Raises:
        InputRefusedError: The target exists, has a name that is none for a copy, or cannot be
            written.
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
    Copy a store into a folder, under its name and the moment, and remove its oldest copies.

    Args:
        store: The store.
        folder: Where to.
        keep: How many copies are kept, with this one.
        at: The moment.

    Raises:
        InputRefusedError: It cannot be written there.
        StoreError: The store cannot be read whole.
    """
    if folder.exists() and not folder.is_dir():
        raise InputRefusedError(
            f"{folder} is not a folder: with --keep, name a folder for the copies"
        )
    stem, moment = store.path.stem, at.replace(":", "")
    copy = backup(store, folder / f"{stem}-{moment}.db")
    shape = re.compile(re.escape(stem) + MOMENT)
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
    """Return those files that are copies of a store: another's may have the same name."""
    noted = {one.path for one in known_copies(store)}
    with closing(store.connect_to_copy()) as connection:
        begins = beginning(connection)
    found = []
    for file in files:
        copied = None
        # What cannot be opened, or has nothing in it, is a copy if the program wrote down so.
        with suppress(*NOT_READ), looked_into(store.at(file)) as connection:
            copied = beginning(connection)
        if file.absolute() in noted if copied is None else copied.is_of(begins):
            found.append(file)
    return found


def copy_beside(store: SqliteStore, version: int) -> Path:
    """Copy a store, log and all, to ``NAME.before-vN`` beside it, owner-only, and return where."""
    with part_of(store.path) as part:
        with closing(store.open(to_write=False)) as source, closing(store.at(part).open()) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        copied = _named(part, f"{store.path.name}.before-v{version}")
    note_copy(store, "migration", copied)
    return copied


def _named(part: Path, name: str) -> Path:
    """Give a part a name beside it that nothing has, with a number if need be."""
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
    Put a copy in a store's place, keeping what stood there beside it, byte for byte.

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
    try:
        copy.check()
        return _copy(copy, part)
    except StoreError as error:
        raise StoreError(f"nothing was restored: {error}") from None


class _ChangedMeanwhile(Exception):  # noqa: N818 - nothing went wrong: it is tried again
    """What stood in the store's place is not what was found there."""


def _put(store: SqliteStore, part: Path) -> Path | None:
    """Put a part in a store's place, and return where what stood there is kept."""
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
        # A name in its schema is no text any more; or a page of it has not the code that
        # SQLCipher gave it, and what says so is that there is no room for the page.
        except (ValueError, MemoryError):
            pass
        except store.faults as error:
            refused = store.refusal(error)
            if not isinstance(refused, DamagedStoreError):
                raise refused from None
    _with_a_log(store.at(part))
    with ExitStack() as held:
        stood = _keep(store, held, "-wal", "-journal")
    now = _identity(store.path)
    if now is None or _unchanged(now) != _unchanged(found):
        raise _ChangedMeanwhile
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
    """Let a part keep a write-ahead log, as every store does that is made."""
    with closing(part.open()) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        without_log(connection)


def _fill(store: SqliteStore, part: SqliteStore) -> Path:
    """
    Fill a store that can be opened, in one transaction, and return where it is kept.

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
            # A store with a log keeps the size of its pages.
            reading.execute(f"PRAGMA page_size = {size}")
            reading.execute("VACUUM")
            reading.execute("BEGIN IMMEDIATE")
            store.finish(reading)
            reading.execute("COMMIT")
        stood: list[Path] = []

        def keep() -> None:
            if not stood:  # the first pages are copied, so that nobody else can write
                stood.append(_keep(store, held, "-wal"))

        last = last_digest(reading)
        try:
            reading.backup(writing, pages=_PAGES, progress=_patient(keep), sleep=0.05)
        except BaseException as error:
            held.close()
            if is_of_the_disk(error) and store.may_have(last):
                raise _not_known(store, stood) from None
            for one in stood:  # nothing was changed, so nothing need be kept
                for file in (one, *beside(one)):
                    file.unlink(missing_ok=True)
            raise
        with suppress(*store.faults):  # a reader may be at work: the log will do
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
    """Refuse a database that another program made, and not one whose head is damaged."""
    ((application,),) = connection.execute("PRAGMA application_id")
    if application == APPLICATION_ID:
        return
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if tables and not {"change", "fact"} <= tables:
        raise InputRefusedError(OF_ANOTHER_PROGRAM.format(store=store))


def _keep(store: SqliteStore, held: ExitStack, *logs: str) -> Path:
    """
    Keep what stands in a store's place beside it, with its logs, byte for byte.

    Args:
        store: The store.
        logs: The endings of those logs that belong to what stood there.
        held: Where the files stay open until the store is closed: to close one gives up the
            locks that this program holds on it through SQLite.
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
