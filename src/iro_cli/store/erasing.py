"""
Erase a child from a store for good: every row, page and log, and the known copies.

The copies come first and the store last, so that an interrupted or failed erasure can be
done again: the store still has the child, or the copy does.

A row of ``erasure`` for each change that lost rows says what remains of it, so that the chain
of changes still fits.  The digests of those changes stay; their salts go, so that nobody can
guess at what was erased and compare.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from shlex import quote

from iro_cli.errors import InputRefusedError, NotKnownError, StoreError, kept
from iro_cli.lean import NamedTuple
from iro_cli.store.chain import ChangeHead, chained, fresh_salt, refuse_unfit, remaining
from iro_cli.store.changing import Stamp
from iro_cli.store.child_names import ERASED, ChildNames, names_of
from iro_cli.store.connection import Connection
from iro_cli.store.kinds import KINDS
from iro_cli.store.known_copies import NOT_READ, FirstChange, beginning, every_copy, looked_into
from iro_cli.store.opening import Store
from iro_cli.store.places import MOMENT, parts_of
from iro_cli.store.sqlite import LOGS, PRAGMAS, SqliteStore, beside, latest_version
from iro_cli.store.sqlite_errors import name_of
from iro_cli.store.sqlite_schema import without_triggers

# The first words of a command, which say what was done but not to whom.
_DONE = re.compile(r"[a-z][a-z-]*(?: (?:add|edit|raise|stage|respond|escalate|resolve|record))?")
# The copies that earlier versions of the program kept beside a store without listing them.
_BESIDE = re.compile(r"\.before-(?:v\d+|restore)(?:-\d+)?")
# How many rows about others that name the child are reported.
_NAMED = 20
_KEPT_WHOLE = ("undo", "redo", "demo")


class Mention(NamedTuple):
    """
    A row about somebody else that names the child in a text.

    Attributes:
        table: The table.
        child: The child whose row it is, if it is about a child.
        on: The column.
    """

    table: str
    child: str | None
    on: str


class Missed(NamedTuple):
    """
    A copy that may still hold the child.

    Attributes:
        files: The copy, and the logs that SQLite keeps beside it.
        why: Why the child could not be erased from it.
    """

    files: Sequence[Path]
    why: str


class Erased(NamedTuple):
    """
    What was erased, and what was not.

    Attributes:
        rows: How many rows of the store; 0 if only copies still held the child.
        changes: How many changes they belonged to.
        copies: The copies from which the child was erased too.
        missed: The copies that may still hold the child.
        others: Files that looked like copies, but are of another store with such a child.
        mentions: Rows about others that name the child.
    """

    rows: int
    changes: int
    copies: Sequence[Path] = ()
    missed: Sequence[Missed] = ()
    others: Sequence[Path] = ()
    mentions: Sequence[Mention] = ()


# Added to a message if the child may be gone but the file could not be rewritten.
_AGAIN = (
    "\n  run `iro child erase {child} --reason WHY` before anything else: it erases the child, or "
    "clears what is left in the file of one who is gone already"
)
# Added if no child has the given id and the last change erased a child.
_CLEARED = "\n  the file was rewritten: nothing of the child who was erased last is left in it"


def erase(store: SqliteStore, child: str, stamp: Stamp) -> Erased:
    """
    Erase a child from the known copies of a store, and then from the store.

    Args:
        store: The store.
        child: The child's id; also that of a child whom only a copy still holds.
        stamp: Who erases, when, and the command without the child.

    Raises:
        InputRefusedError: There is no such child, not in a copy either.
        StoreError: The chain of changes does not fit, another program has the store open, or it
            cannot be written.  The message says from which copies the child is erased already.
    """
    found = Erased(0, 0)
    try:
        with _alone(store) as connection:
            refuse_unfit(store, connection, "erasing", "Nothing was erased from it")
            is_there = _is_there(connection, child)
            missed = _clear_parts(store) if is_there else []
            found = _from_copies(store, beginning(connection), child, stamp, missed)
            if is_there:
                found = _erase(store, connection, child, stamp)._replace(
                    copies=found.copies, missed=found.missed, others=found.others
                )
            elif not found.copies and not _erased_last(connection):
                raise _unknown(store, child, found)
    except (StoreError, OSError) as error:
        said = error if isinstance(error, StoreError) else f"{store}: {error.strerror}"
        if isinstance(error, NotKnownError):
            again = _AGAIN.format(child=quote(child))
            raise NotKnownError(f"{said}{again}{_said_of(found)}") from None
        raise StoreError(f"{said}{_said_of(found)}") from None
    if not is_there and not found.copies:
        raise InputRefusedError(f"{_unknown(store, child, found)}{_CLEARED}")
    kept.count += 1
    return found


def _unknown(store: Store, child: str, found: Erased) -> InputRefusedError:
    return InputRefusedError(
        f"there is no child {child} in {store}: nothing was erased{_said_of(found)}"
    )


def _said_of(found: Erased) -> str:
    """Say from which copies a child was erased and from which not, if the store failed."""
    before = "".join(f"\n  erased before that from the copy {one}" for one in found.copies)
    after = "".join(
        f"\n  NOT erased from the copy {one.files[0]}: {one.why}" for one in found.missed
    )
    return before + after


# ---------------------------------------------------------------- the copies


def copies_of(store: SqliteStore) -> list[Path]:
    """Return the copies that the program made of a store, if they are still there."""
    listed = [one.path for one in every_copy(store)]
    name = store.path.name
    with suppress(OSError):
        listed += sorted(
            one
            for one in store.path.parent.iterdir()
            if one.name.startswith(name) and _BESIDE.fullmatch(one.name[len(name) :])
        )
    there = (one.absolute() for one in listed if not one.name.endswith(LOGS) and _may_be(one))
    return list(dict.fromkeys(one for one in there if not _is_same(one, store.path)))


def _may_be(path: Path) -> bool:
    """Say whether there may be a file: also if it cannot be looked at."""
    try:
        return path.is_file()
    except OSError:
        return True


def _is_same(one: Path, other: Path) -> bool:
    # The files are not opened: closing the store's own file would give up its locks.
    with suppress(OSError):
        return one.samefile(other)
    return False


def _from_copies(
    store: SqliteStore,
    begins: FirstChange | None,
    child: str,
    stamp: Stamp,
    missed: list[Missed],
) -> Erased:
    """Erase a child from each copy; if one fails, the others are done all the same."""
    copies, others = list[Path](), list[Path]()
    for path in copies_of(store):
        try:
            took = _from_copy(store.at(path), begins, child, stamp)
        except NOT_READ as error:
            files = [one for one in (path, *beside(path)) if _may_be(one)]
            missed.append(Missed(files, str(error).split("\n", 1)[0]))
        else:
            (others if took is None else copies if took else []).append(path)
    return Erased(0, 0, copies, missed, others)


def _from_copy(
    copy: SqliteStore, begins: FirstChange | None, child: str, stamp: Stamp
) -> bool | None:
    """
    Erase a child from a copy.

    Returns:
        Whether the child was in it; ``None`` if it was, but the file is of another store.
    """
    with looked_into(copy) as connection:
        current = copy.version(connection) == latest_version()
        is_there = _is_there(connection, child)
        begun = beginning(connection)
        if not is_there and not (current and _erased_last(connection)):
            return False
    if begun is None or not begun.is_of(begins):
        return None if is_there else False
    with _alone(copy) as connection:
        if not is_there:  # erased before, but the program was killed before it rewrote the pages
            return False
        if current:
            refuse_unfit(copy, connection, "erasing", "Nothing was erased from it")
            _erase(copy, connection, child, stamp)
        else:
            _erase_plainly(connection, child)
    return True


def _clear_parts(store: SqliteStore) -> list[Missed]:
    """
    Remove the parts of stores and copies that killed programs left behind.

    A part of a backup that was never finished holds the child too.

    Returns:
        The parts that cannot be removed.
    """
    noted = [one.path for one in every_copy(store)]
    kept_beside = store.path.with_name(f"{store.path.name}.before-restore")
    left = [part for path in (store.path, kept_beside, *noted) for part in parts_of(path)]
    for folder in sorted({one.parent for one in noted}):
        left += parts_of(folder / store.path.stem, MOMENT)
    missed = []
    for part in dict.fromkeys(left):
        try:
            part.unlink(missing_ok=True)
        except OSError as error:
            missed.append(Missed([part], str(error.strerror)))
    return missed


# ---------------------------------------------------------------- one file


@contextmanager
def _alone(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """
    Open a store that no other program has open; at the end, rewrite it without deleted rows.

    Raises:
        StoreError: Another program has it open, so the file could not be rewritten.
    """
    store.check()
    unreadable: tuple[type[Exception], ...] = (*store.faults, ValueError, TypeError)
    try:
        with closing(store.open()) as connection:
            for pragma in (*PRAGMAS, "PRAGMA locking_mode = EXCLUSIVE"):
                connection.execute(pragma).fetchall()
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except store.faults as error:
                if "lock" not in str(error) and "busy" not in str(error):
                    raise
                raise StoreError(
                    f"another program has the store {store} open, perhaps `iro board`: nothing "
                    "was erased from it; close it there and try again"
                ) from None
            yield connection
            # If nothing was erased, the transaction is still open, and VACUUM cannot run in one.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            _write_anew(store, connection)
    except unreadable as error:
        raise store.refusal(error) from None


def _write_anew(store: SqliteStore, connection: sqlite3.Connection) -> None:
    """
    Rewrite the file without the pages that were given up, and empty its log.

    Raises:
        StoreError: It cannot be rewritten, for example because the disk is full.
    """
    try:
        # Before the checksum, which is made of the new pages.
        connection.execute("VACUUM")
        if store.version(connection) == latest_version():
            connection.execute("BEGIN IMMEDIATE")
            store.finish(connection)
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except store.faults as error:
        raise NotKnownError(
            f"the child is in no table of {store} any more, but the file could not be rewritten "
            f"({name_of(error)}), so traces may be left in it: check the disk, and the room "
            "that is left beside it"
        ) from None


def _is_there(connection: Connection, child: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM child WHERE child_id = ?", (child,)).fetchall())


def _erased_last(connection: Connection) -> bool:
    """Say whether the last change erased a child, so that the file may not be rewritten yet."""
    last = "SELECT 1 FROM erasure WHERE change_id = (SELECT max(id) FROM change) LIMIT 1"
    return bool(connection.execute(last).fetchall())


def erase_rows(store: Store, connection: Connection, child: str, stamp: Stamp) -> Erased:
    """
    Erase a child from the tables of an open store; the caller rewrites the pages afterwards.

    Args:
        store: The store.
        connection: The store's connection, in a transaction in which nobody else writes.
        child: The child's id; also that of a child whom the last change erased.
        stamp: Who erases, when, and the command without the child.

    Raises:
        InputRefusedError: There is no such child.
        StoreError: The chain of changes does not fit.
    """
    refuse_unfit(store, connection, "erasing", "Nothing was erased from it")
    if _is_there(connection, child):
        return _erase(store, connection, child, stamp)
    if not _erased_last(connection):
        raise _unknown(store, child, Erased(0, 0))
    connection.execute("ROLLBACK")
    return Erased(0, 0)


def _erase(store: Store, connection: Connection, child: str, stamp: Stamp) -> Erased:
    names = names_of(connection.execute, child)
    with store.unguarded(connection):
        of_child = _numbers(connection, "SELECT change_id FROM change_child WHERE child_id", child)
        files = _sources(connection, child)
        rows = _delete(connection, child)
        changed = of_child | _blank_commands(connection, of_child, names)
        changed |= _blank_sources(connection, files, names)
        # A copy may know an older label than the store, and the reason may contain it.
        told = stamp._replace(command=names.in_reasons().sub(ERASED, stamp.command))
        _tell(connection, changed, told)
    mentions = list(_mentions(connection, names.in_words()))
    store.commit(connection)
    return Erased(rows, len(changed), mentions=mentions)


def _numbers(connection: Connection, select: str, value: object) -> set[int]:
    return {number for (number,) in connection.execute(f"{select} = ?", (value,))}


def _sources(connection: Connection, child: str) -> set[int]:
    """Return the numbers of the files that rows of a child came from."""
    found = set()
    for kind in KINDS:
        if kind.source is not None and kind.of_child:
            of_child = f"FROM {kind.table} WHERE source_id IS NOT NULL AND child_id"
            found |= _numbers(connection, f"SELECT DISTINCT source_id {of_child}", child)
    return found


def _delete(connection: Connection, child: str) -> int:
    """Delete every row about a child, and return how many of them were facts or other records."""
    rows: int = sum(
        connection.execute(f"DELETE FROM {kind.table} WHERE child_id = ?", (child,)).rowcount
        for kind in KINDS
        if kind.of_child
    )
    for table in ("change_child", "child_area", "child"):
        connection.execute(f"DELETE FROM {table} WHERE child_id = ?", (child,))
    return rows


def _blank_commands(connection: Connection, of_child: set[int], names: ChildNames) -> set[int]:
    """
    Remove a child from the commands in the history, and return the numbers of those changes.

    Of a command about this child alone only the first words stay, because the dates and reasons
    in the rest are about the child too.
    """
    others = {
        number for (number,) in connection.execute("SELECT DISTINCT change_id FROM change_child")
    }
    changed, telling = set(), names.telling()
    for number, command in connection.execute("SELECT id, command FROM change").fetchall():
        if number not in of_child:
            said = _without(command, telling)
        elif number in others or command in _KEPT_WHOLE:
            said = _without(command, names)
        else:
            said = _cut(command)
        if said != command:
            changed.add(number)
            connection.execute("UPDATE change SET command = ? WHERE id = ?", (said, number))
    return changed


def _cut(command: str) -> str:
    first = _DONE.match(command)
    return f"{first[0]} {ERASED}" if first else ERASED


def _without(command: str, names: ChildNames) -> str:
    """Return a command without a child; an import names files instead of children."""
    found = names.in_file_names() if command.startswith("import ") else names.in_words()
    return found.sub(ERASED, command)


def _blank_sources(connection: Connection, of_child: set[int], names: ChildNames) -> set[int]:
    """
    Remove a child from the names of files, and return the changes with other rows from them.

    Args:
        connection: The store, after the child's rows were deleted.
        of_child: The numbers of the files that those rows came from.
        names: The child's names.
    """
    changed = set()
    word, telling = names.in_file_names(), names.telling().in_file_names()
    for number, name in connection.execute(
        "SELECT id, name FROM source WHERE name IS NOT NULL"
    ).fetchall():
        said = (word if number in of_child else telling).sub(ERASED, name)
        of_others = {
            change
            for kind in KINDS
            if kind.source is not None
            for change in _numbers(
                connection, f"SELECT DISTINCT change_id FROM {kind.table} WHERE source_id", number
            )
        }
        if number in of_child and not of_others:
            said = ERASED  # a file of this child alone
        if said != name:
            connection.execute("UPDATE source SET name = ? WHERE id = ?", (said, number))
            changed |= of_others
    return changed


def _tell(connection: Connection, changed: set[int], stamp: Stamp) -> None:
    """Store the change that erases, and what remains of each change that lost rows."""
    (number, before), *_ = connection.execute(
        "SELECT id, digest FROM change ORDER BY id DESC LIMIT 1"
    )
    number += 1
    connection.execute(
        "INSERT INTO change (id, at, who, command) VALUES (?, ?, ?, ?)", (number, *stamp)
    )
    every = [(one,) for one in sorted(changed)]
    # With the salt, somebody could try values until the old digest fits, and so learn what was
    # erased.
    connection.executemany("UPDATE erasure SET salt = NULL WHERE erased_from = ?", every)
    connection.executemany("UPDATE change SET salt = NULL WHERE id = ?", every)
    connection.executemany(
        "INSERT INTO erasure (change_id, erased_from, remains, salt) VALUES (?, ?, ?, ?)",
        [(number, *one) for one in remaining(connection, changed)],
    )
    salt = fresh_salt()
    digest = chained(connection, before, salt, ChangeHead(number, *stamp, None))
    connection.execute(
        "UPDATE change SET salt = ?, digest = ? WHERE id = ?", (salt, digest, number)
    )


def _mentions(connection: Connection, word: re.Pattern[str]) -> Iterator[Mention]:
    """Yield the remaining rows that name the child, each once."""
    count = 0
    for kind in KINDS:
        texts = [
            one
            for place, one in enumerate(kind.columns)
            if place not in kind.days and one != "child_id" and not one.endswith(("_id", "_row"))
        ]
        child = "child_id" if kind.of_child else "NULL"
        for whose, *values in connection.execute(
            f"SELECT {child}, {', '.join(texts)} FROM {kind.table}"
        ):
            for column, value in zip(texts, values, strict=True):
                if isinstance(value, str) and word.search(value):
                    yield Mention(kind.name, whose, column)
                    count += 1
                    if count == _NAMED:
                        return
                    break


def _erase_plainly(connection: Connection, child: str) -> None:
    """Erase a child from a copy of an earlier schema, which has no chain."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    columns = {
        table: [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
        for (table,) in tables
    }
    names = names_of(connection.execute, child)
    connection.execute("PRAGMA defer_foreign_keys = ON")
    with without_triggers(connection):
        of_child = {
            number
            for table, of in columns.items()
            if {"child_id", "change_id"} <= {*of}
            for number in _numbers(
                connection, f'SELECT DISTINCT change_id FROM "{table}" WHERE child_id', child
            )
        }
        for table in (one for one, of in columns.items() if "child_id" in of):
            connection.execute(f'DELETE FROM "{table}" WHERE child_id = ?', (child,))
        word, telling = names.in_words(), names.telling()
        for number, command in connection.execute("SELECT id, command FROM change").fetchall():
            named = number in of_child and word.search(command)
            said = _cut(command) if named else _without(command, telling)
            if said != command:
                connection.execute("UPDATE change SET command = ? WHERE id = ?", (said, number))
        # In these schemas the name of the file stands in the row of each fact.
        file = telling.in_file_names()
        for table in (one for one, of in columns.items() if {"source", "event"} <= {*of}):
            for (name,) in connection.execute(
                f'SELECT DISTINCT source FROM "{table}" WHERE source IS NOT NULL'
            ).fetchall():
                if file.search(name):
                    connection.execute(
                        f'UPDATE "{table}" SET source = ? WHERE source = ?',
                        (file.sub(ERASED, name), name),
                    )
    connection.execute("COMMIT")
