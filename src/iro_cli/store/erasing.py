"""
Erases a child from an SQLite store for good: every row, page and log, and the known copies.

A row of ``erasure`` for each change that lost rows says what remains of it, so that the chain
of changes still fits.  The digests of those changes stay; their salts go, so that nobody can
guess at what was erased and compare.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from iro_cli.errors import InputRefusedError, StoreError, kept
from iro_cli.lean import NamedTuple
from iro_cli.store.chain import ChangeHead, chained, fresh_salt, remaining, verified
from iro_cli.store.changing import Stamp
from iro_cli.store.kinds import KINDS
from iro_cli.store.known_copies import known_copies
from iro_cli.store.sqlite import PRAGMAS, SqliteStore, latest_version

# What stands for a child's id or label where others are named beside it.
ERASED = "[erased]"
# The first words of a command, which say what was done and nothing of whom.
_DONE = re.compile(r"[a-z][a-z-]*(?: (?:add|edit|raise|stage|respond|escalate|resolve|record))?")
# What is kept beside a store by earlier versions of the program, without being listed.
_BESIDE = (".before-v*", ".before-restore*")
_LOGS = ("-wal", "-shm", "-journal")
# A shorter id is found where it is meant only: 7 is also a number.
_TELLING = 4
# How many rows of others are named in which the child is.
_NAMED = 20


class Mention(NamedTuple):
    """
    A row about somebody else in whose text the child is named.

    Attributes:
        table: The table it is in.
        child: Whose row it is, if it is a child's.
        on: The column.
    """

    table: str
    child: str | None
    on: str


class Erased(NamedTuple):
    """
    What was erased, and what was not.

    Attributes:
        rows: How many rows.
        changes: How many changes they belonged to.
        copies: The copies from which the child was erased too.
        missed: The copies that could not be opened, each with the reason.
        mentions: Where somebody else's rows name the child.
    """

    rows: int
    changes: int
    copies: Sequence[Path]
    missed: Sequence[tuple[Path, str]]
    mentions: Sequence[Mention]


def erase(store: SqliteStore, child: str, stamp: Stamp) -> Erased:
    """
    Erase a child from a store and from the copies of it that are known.

    Args:
        store: The store.
        child: The child's id.
        stamp: Who erases, when, and the command without the child.

    Raises:
        InputRefusedError: There is no such child.
        StoreError: The chain of changes does not fit, or another program has the store open.
    """
    with _alone(store) as connection:
        found = _erase(store, connection, child, stamp)
    kept.count += 1
    copies, missed = [], []
    refused: tuple[type[Exception], ...] = (StoreError, OSError, ValueError, *store.faults)
    for path in copies_of(store):
        copy = store.at(path)
        try:
            with _alone(copy) as connection:
                if copy.version(connection) < latest_version():
                    took = _erase_plainly(connection, child)
                elif _is_there(connection, child):
                    _erase(copy, connection, child, stamp)
                    took = True
                else:
                    took = False
        except refused as error:
            missed.append((path, str(error).split("\n", 1)[0]))
        else:
            copies += [path] if took else []
    return found._replace(copies=copies, missed=missed)


def copies_of(store: SqliteStore) -> list[Path]:
    """Return the copies of a store that the program made and that are still there."""
    listed = [one.path for one in known_copies(store)]
    for shape in _BESIDE:
        listed += sorted(store.path.parent.glob(f"{_escaped(store.path.name)}{shape}"))
    there = (one.absolute() for one in listed if not one.name.endswith(_LOGS) and one.is_file())
    return list(dict.fromkeys(there))


def _escaped(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


@contextmanager
def _alone(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """
    Open a store that no other program has open, and leave no trace of what is taken out of it.

    Raises:
        StoreError: Another program has it open: its pages could not be written anew.
    """
    store.check()
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
                    "was erased; close it there and try again"
                ) from None
            yield connection
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            # Nothing of a page that was given up stays, nor of the log.
            connection.execute("VACUUM")
            if store.version(connection) == latest_version():
                connection.execute("BEGIN IMMEDIATE")
                store.finish(connection)
                connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except store.faults as error:
        raise store.refusal(error) from None


def _is_there(connection: sqlite3.Connection, child: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM child WHERE child_id = ?", (child,)).fetchall())


def _names(connection: sqlite3.Connection, child: str) -> list[str]:
    """Return what a child is called in texts: the id, and every label it ever had."""
    labels = connection.execute(
        "SELECT DISTINCT label FROM child_detail WHERE child_id = ? AND label IS NOT NULL", (child,)
    )
    return [child, *(label for (label,) in labels if len(label) > 1)]


def word_of(names: Sequence[str]) -> re.Pattern[str]:
    """Return what finds a name in a text, in letters of either case, and not within a word."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])", re.IGNORECASE)


def _erase(store: SqliteStore, connection: sqlite3.Connection, child: str, stamp: Stamp) -> Erased:
    chain = verified(connection, store.unlike(connection))
    if chain.problems:
        raise StoreError(
            f"the history of {store} does not fit, and erasing would hide where: "
            f"{chain.problems[0]}; `iro history --verify` says what to do. Nothing was erased"
        )
    if not _is_there(connection, child):
        raise InputRefusedError(f"there is no child {child} in {store}: nothing was erased")
    word = word_of(_names(connection, child))
    with _unguarded(connection):
        of_child = {
            number
            for (number,) in connection.execute(
                "SELECT change_id FROM change_child WHERE child_id = ?", (child,)
            )
        }
        rows = _delete(connection, child)
        changed = of_child | _blank_commands(connection, of_child, child)
        if len(child) >= _TELLING:
            changed |= _blank_sources(connection, word_of([child]))
        _tell(connection, changed, stamp)
    mentions = list(_mentions(connection, word))
    connection.execute("COMMIT")
    return Erased(rows, len(changed), (), (), mentions)


@contextmanager
def _unguarded(connection: sqlite3.Connection) -> Iterator[None]:
    """Take the triggers away that keep every row, and put them back."""
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, script in triggers:
        connection.execute(script)


def _delete(connection: sqlite3.Connection, child: str) -> int:
    """Delete every row about a child, and return how many said something."""
    rows = sum(
        connection.execute(f"DELETE FROM {kind.table} WHERE child_id = ?", (child,)).rowcount
        for kind in KINDS
        if kind.of_child
    )
    for table in ("change_child", "child_area", "child"):
        connection.execute(f"DELETE FROM {table} WHERE child_id = ?", (child,))
    return rows


def _blank_commands(connection: sqlite3.Connection, of_child: set[int], child: str) -> set[int]:
    """
    Take a child out of the commands in the history, and return the changes of those.

    A command about this child alone is told by its first words only: the rest of it, dates
    and reasons, is about the child too.
    """
    others = {
        number for (number,) in connection.execute("SELECT DISTINCT change_id FROM change_child")
    }
    changed, word = set(), word_of([child])
    for number, command in connection.execute("SELECT id, command FROM change").fetchall():
        if number in of_child and number not in others and command not in ("undo", "demo"):
            first = _DONE.match(command)
            said = f"{first[0]} {ERASED}" if first else ERASED
        elif number in of_child or len(child) >= _TELLING:
            said = word.sub(ERASED, command)
        else:
            said = command
        if said != command:
            changed.add(number)
            connection.execute("UPDATE change SET command = ? WHERE id = ?", (said, number))
    return changed


def _blank_sources(connection: sqlite3.Connection, word: re.Pattern[str]) -> set[int]:
    """Take a child out of the names of files, and return the changes that came from those."""
    changed = set()
    for number, name in connection.execute(
        "SELECT id, name FROM source WHERE name IS NOT NULL"
    ).fetchall():
        if word.search(name):
            said = word.sub(ERASED, name)
            connection.execute("UPDATE source SET name = ? WHERE id = ?", (said, number))
            for kind in KINDS:
                if kind.source is not None:
                    changed |= {
                        change
                        for (change,) in connection.execute(
                            f"SELECT DISTINCT change_id FROM {kind.table} WHERE source_id = ?",
                            (number,),
                        )
                    }
    return changed


def _tell(connection: sqlite3.Connection, changed: set[int], stamp: Stamp) -> None:
    """Write down who erased, and what remains of each change that lost something."""
    (number, before), *_ = connection.execute(
        "SELECT id, digest FROM change ORDER BY id DESC LIMIT 1"
    )
    number += 1
    connection.execute(
        "INSERT INTO change (id, at, who, command) VALUES (?, ?, ?, ?)", (number, *stamp)
    )
    every = [(one,) for one in sorted(changed)]
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


def _mentions(connection: sqlite3.Connection, word: re.Pattern[str]) -> Iterator[Mention]:
    """Yield where rows that are left name the child, each row once."""
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


def _erase_plainly(connection: sqlite3.Connection, child: str) -> bool:
    """Erase a child from a copy of an earlier schema, without a chain, and say if it was there."""
    names = [child]
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    holding = [
        table
        for table in tables
        if any(row[1] == "child_id" for row in connection.execute(f'PRAGMA table_info("{table}")'))
    ]
    if "child_detail" in holding:
        names = _names(connection, child)
    word, found = word_of(names), 0
    connection.execute("PRAGMA defer_foreign_keys = ON")
    with _unguarded(connection):
        for table in holding:
            found += connection.execute(
                f'DELETE FROM "{table}" WHERE child_id = ?', (child,)
            ).rowcount
        for number, command in connection.execute("SELECT id, command FROM change").fetchall():
            if word.search(command):
                found += 1
                first = _DONE.match(command)
                said = f"{first[0]} {ERASED}" if first else ERASED
                connection.execute("UPDATE change SET command = ? WHERE id = ?", (said, number))
    connection.execute("COMMIT")
    return found > 0
