"""
The chain of changes: each change has the digest of its rows and of the change before.

The digest is BLAKE2b of one text of JSON: ASCII, without spaces.  ADR 30 says what is in it,
and what it proves.  The order of its parts can be read back from the tables, so the digest is
the same whatever the size of the blocks in which an import was stored.
"""

import json
import os
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from json.encoder import encode_basestring_ascii

from iro_cli.errors import StoreError
from iro_cli.lean import TYPE_CHECKING, Any, NamedTuple
from iro_cli.progress import through
from iro_cli.store.connection import Connection
from iro_cli.store.kind import Kind
from iro_cli.store.kinds import KINDS

if TYPE_CHECKING:
    from iro_cli.store.opening import Store

try:  # as `hashlib` has it, without the library for secure connections that it loads first
    from _blake2 import blake2b
except ImportError:  # another Python, or a later one, keeps it elsewhere
    from hashlib import blake2b

_BYTES = 32
# How many rows are turned into JSON at once.
_AT_ONCE = 1_000
# Bits for the line in the number that stands for a withdrawn row: the change that added it is
# above them.
_LINES = 32
_CHANGES = "SELECT id, at, who, command, undoes, salt, digest FROM change ORDER BY id"
_SAID = (
    f"SELECT change_id, source_id FROM {kind.table} WHERE source_id IS NOT NULL"
    for kind in KINDS
    if kind.source is not None
)
# For each erasure: the changes that lost rows by it, their digests, and what remains of them.
_ERASED = (
    "SELECT e.change_id, e.erased_from, c.digest, e.remains "
    "FROM erasure e JOIN change c ON c.id = e.erased_from ORDER BY e.change_id, e.erased_from"
)
# The files that a change's rows came from.  A row has only the number of its file, so without
# this somebody could rename a file unnoticed.
_FROM_FILES = (
    f"SELECT change_id, id, name, stated_by FROM ({' UNION '.join(_SAID)}) said "
    "JOIN source ON id = source_id ORDER BY change_id, id"
)
# What remains of a change, from the last erasure that took something from it.
_LEFT = "SELECT erased_from, salt, remains FROM erasure WHERE salt IS NOT NULL"
# The tables that only help to find rows, each with the rows that it has to agree with.
_AGREE = (
    (
        "the id of a child",
        "SELECT child_id FROM child",
        "SELECT child_id FROM change_child",
    ),
    (
        "the area of a child",
        "SELECT area, child_id FROM child_area",
        "SELECT substr(event, 1, instr(event || '.', '.') - 1), child_id FROM fact",
    ),
)
_ALTERED = (
    "is not what was stored: its author, time or command, or a row that it added or withdrew, "
    "was altered, removed or added outside this program"
)
# The program stores no bytes.  If somebody else puts some into a row, they become a list here, so
# their digest differs from that of every text.
encoded = json.JSONEncoder(
    separators=(",", ":"), check_circular=False, default=lambda value: [repr(value)]
).encode
# The same for one text, without starting the encoder, which takes longer than writing a value.
encoded_text = encode_basestring_ascii


class ChangeHead(NamedTuple):
    """The row of a change: its number, when, who, which command, and the change that it undoes."""

    number: int
    at: str
    who: str
    command: str
    undoes: int | None


def columns(kind: Kind[Any]) -> str:
    """Return the columns that go into the digest of a row, in order."""
    return f"change_id, line, {', '.join(kind.columns)}, restores"


def worded(rows: Sequence[Sequence[object]]) -> list[str]:
    r"""
    Return the JSON of each row, without its brackets.

    All rows are encoded in one call, which takes half the time, and the text is then split.  No row
    contains the separator: inside a JSON string a quotation mark has a backslash before it.

    >>> worded([])
    []
    >>> worded([(1, "a],", None), (2, '],"",[', 0.5)])
    ['1,"a],",null', '2,"],\\"\\",[",0.5']
    """
    if not rows:
        return []
    parted: list[object] = [""] * (2 * len(rows) - 1)
    parted[::2] = rows
    return encoded(parted)[2:-2].split('],"",[')


def _in_blocks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    following = iter(rows)
    while block := list(islice(following, _AT_ONCE)):
        yield block


def _take(made: blake2b, rows: Iterable[Sequence[object]]) -> None:
    """
    Add rows to a digest, each followed by a comma.

    So the digest does not depend on how many rows come at once.
    """
    for block in _in_blocks(rows):
        made.update(f"{encoded(block)[1:-1]},".encode())


def _new() -> blake2b:
    return blake2b(digest_size=_BYTES)


class ChangeLink:
    """Gather what one change adds and withdraws, for its digest."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._added: dict[str, blake2b] = {}
        self._withdrawn: dict[str, array[int]] = {}

    def add(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Take in added rows, in order of their lines, each with :func:`columns`."""
        if rows:
            if table not in self._added:
                self._added[table] = _new()
            _take(self._added[table], rows)

    def add_worded(self, table: str, rows: Sequence[str]) -> None:
        """Add rows as :meth:`add` does, each given as its JSON without the outer brackets."""
        if table not in self._added:
            self._added[table] = _new()
        self._added[table].update(f"[{'],['.join(rows)}],".encode())

    def withdraw(self, table: str, places: Iterable[tuple[int, int]]) -> None:
        """Take in withdrawn rows, each as the change that added it and its line there."""
        numbers = self._withdrawn.setdefault(table, array("Q"))
        numbers.extend(change << _LINES | line for change, line in places)

    def digest(self, before: str, salt: str, head: ChangeHead, children: Iterable[str]) -> str:
        """
        Return the digest of the change.

        Args:
            before: The digest of the change before; empty for the first.
            salt: Random text.  It is deleted with an erasure, so that nobody can guess the erased
                rows and compare digests.
            head: The row of the change.
            children: The ids of the children whose rows it added or withdrew, in order.
        """
        done = [f"+{table} {made.hexdigest()}" for table, made in self._added.items()]
        for table, numbers in self._withdrawn.items():
            if numbers:
                made = _new()
                _take(made, (divmod(one, 1 << _LINES) for one in sorted(numbers)))
                done.append(f"-{table} {made.hexdigest()}")
        return _digest(before, salt, worded([head])[0], [*map(encoded_text, children)], done)


def _digest(before: str, salt: str, head: str, children: Sequence[str], done: Sequence[str]) -> str:
    """Return the digest of a change from its parts, one on each line."""
    text = "\n".join((before, salt, head, ",".join(children), *sorted(done)))
    return blake2b(text.encode(), digest_size=_BYTES).hexdigest()


def fresh_salt() -> str:
    """Return a new random salt."""
    return os.urandom(16).hex()


# ---------------------------------------------------------------- reading it back


class Misfit(NamedTuple):
    """
    The first change that does not fit its digest.

    Attributes:
        number: Its number.
        head: Its row, if there is such a change.
        why: What does not fit.
    """

    number: int
    head: ChangeHead | None
    why: str

    @property
    def message(self) -> str:
        """Say which change it is, and what is wrong with it."""
        one = self.head
        which = f" ({one.at}, {one.who}, `{one.command}`)" if one else ""
        return f"change {self.number}{which} {self.why}"


class ChangeChain(NamedTuple):
    """
    The result of checking the chain.

    Attributes:
        digests: The digest of each change that fits, by number.
        misfit: The first change that does not fit.
        unlike: What is missing, altered or foreign in the schema, in words.
        strays: Where the tables that help to find rows disagree with the rows, in words.
    """

    digests: dict[int, str]
    misfit: Misfit | None = None
    unlike: Sequence[str] = ()
    strays: Sequence[str] = ()

    @property
    def head(self) -> str:
        """Return the digest of the last change; empty if there is none."""
        return self.digests[len(self.digests)] if self.digests else ""

    @property
    def problems(self) -> list[str]:
        """Return everything that does not fit, the change first."""
        return [*([self.misfit.message] if self.misfit else ()), *self.unlike, *self.strays]


def _hashed(rows: Iterable[Sequence[Any]], since: int) -> Iterator[tuple[int, str]]:
    """
    Yield the number of each change with the hash of its rows.

    Args:
        rows: In order of the change, whose number is their first column.
        since: The first column that goes into the hash.
    """
    number, made = 0, _new()
    for block in _in_blocks(rows):
        texts = worded(block if not since else [row[since:] for row in block])
        for row, text in zip(block, texts, strict=True):
            if row[0] != number:
                if number:
                    yield number, made.hexdigest()
                number, made = row[0], _new()
            made.update(f"[{text}],".encode())
    if number:
        yield number, made.hexdigest()


def _done(connection: Connection) -> dict[int, list[str]]:
    """Return what each change did, worked out from the rows in the tables."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for kind in KINDS:
        table = kind.table
        rows = through(
            connection.execute(f"SELECT {columns(kind)} FROM {table} ORDER BY change_id, line"),
            "Checking the history",
            partial(_count, connection, table),
            "rows",
        )
        for number, made in _hashed(rows, 0):
            found[number].append(f"+{table} {made}")
        rows = connection.execute(
            f"SELECT withdrawn_by, change_id, line FROM {table} "
            "WHERE withdrawn_by IS NOT NULL ORDER BY withdrawn_by, change_id, line"
        )
        for number, made in _hashed(rows, 1):
            found[number].append(f"-{table} {made}")
    for number, made in _hashed(connection.execute(_FROM_FILES), 0):
        found[number].append(f"+source {made}")
    for number, made in _hashed(connection.execute(_ERASED), 0):
        found[number].append(f"+erasure {made}")
    return found


def _count(connection: Connection, table: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {table}")
    return int(count)


def _children(connection: Connection) -> dict[int, list[str]]:
    """Return the children of each change."""
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        "SELECT change_id, child_id FROM change_child ORDER BY change_id, child_id"
    )
    for block in _in_blocks(rows):
        texts = worded([row[1:] for row in block])
        for (number, _), text in zip(block, texts, strict=True):
            if number in found:
                found[number].append(text)
            else:
                found[number] = [text]
    return found


def _changes(connection: Connection) -> Iterator[tuple[Sequence[Any], str]]:
    """Yield the row of each change, and its first columns as they go into the digest."""
    for block in _in_blocks(connection.execute(_CHANGES)):
        yield from zip(block, worded([row[:5] for row in block]), strict=True)


def chain_followed(connection: Connection, unlike: Sequence[str] = ()) -> ChangeChain:
    """
    Check the chain from the first change on, up to the first that does not fit.

    Args:
        connection: The store, open in a transaction.
        unlike: What is missing, altered or foreign in the schema, in words.
    """
    digests: dict[int, str] = {}
    misfit = _first_misfit(connection, digests)
    return ChangeChain(digests, misfit, unlike, list(_strays(connection)))


def refuse_unfit(store: "Store", connection: Connection, hides: str, not_done: str) -> None:
    """
    Refuse a store whose history does not fit, before something hides the place.

    An erasure gives the remaining rows a new digest, and a copy gets a schema without the altered
    part.  After either, nobody could find what was altered before.

    Args:
        store: The store.
        connection: The store's connection, in a transaction.
        hides: What would hide it, such as ``a copy``.
        not_done: What was not done, such as ``Nothing was copied``.

    Raises:
        StoreError: The history, or the schema that holds it, does not fit.
    """
    chain = chain_followed(connection, store.unlike(connection))
    if chain.problems:
        raise StoreError(
            f"the history of {store} does not fit, and {hides} would hide the place: "
            f"{chain.problems[0]}; `iro history --verify` says what to do. {not_done}"
        )


def _first_misfit(connection: Connection, digests: dict[int, str]) -> Misfit | None:
    """Return the first change that does not fit; the digests of those before it are added."""
    done, children = _done(connection), _children(connection)
    left = {number: rest for number, *rest in connection.execute(_LEFT)}
    before = ""
    for row, words in _changes(connection):
        number, *_, salt, digest = row
        if number != len(digests) + 1:
            return Misfit(len(digests) + 1, None, "is missing")
        of, what = children.pop(number, []), done.pop(number, [])
        if number in left:
            # Rows of it were erased.  Its own digest cannot be made again, so the digest of what
            # remains is compared, and its own is believed as the link to the next change.
            afresh, expected = left[number]
            found = _digest("", afresh, words, of, what)
        else:
            expected, found = digest, _digest(before, salt or "", words, of, what)
        if digest is None or found != expected:
            return Misfit(number, ChangeHead._make(row[:5]), _ALTERED)
        digests[number] = before = digest
    strangers = sorted({*done, *children})
    return Misfit(strangers[0], None, "is missing, although it has rows") if strangers else None


def _strays(connection: Connection) -> Iterator[str]:
    """Yield where the tables that help to find children disagree with the rows, in words."""
    for words, first, second in _AGREE:
        for one, other, why in ((first, second, "of nothing"), (second, first, "missing")):
            found = list(connection.execute(f"{one} EXCEPT {other} LIMIT 1"))
            if found:
                yield f"{words} is {why}: {' '.join(map(str, found[0]))}"


def chained(connection: Connection, before: str, salt: str, head: ChangeHead) -> str:
    """Return the digest of the last change, which has no children, from its rows in the tables."""
    done = _done(connection)
    return _digest(before, salt, worded([head])[0], [], done.get(head.number, []))


def remaining(connection: Connection, numbers: Collection[int]) -> list[tuple[int, str, str]]:
    """
    Return the number, the digest of what remains, and a new salt for each of some changes.

    Args:
        connection: The store, after rows were deleted.
        numbers: The changes that lost rows.
    """
    done, children = _done(connection), _children(connection)
    found = []
    for (number, *_), words in _changes(connection):
        if number in numbers:
            salt = fresh_salt()
            of, what = children.get(number, []), done.get(number, [])
            found.append((number, _digest("", salt, words, of, what), salt))
    return found


def seal(connection: Connection) -> None:
    """
    Give each change in the store a digest, from the first on.

    A store of an older program has no chain.  What it holds is taken as it is, because nothing
    shows whether it was altered before.

    Args:
        connection: The store, open in a transaction that writes.
    """
    done, children, before = _done(connection), _children(connection), ""
    for (number, *_), words in list(_changes(connection)):
        salt = fresh_salt()
        before = _digest(before, salt, words, children.get(number, []), done.get(number, []))
        connection.execute(
            "UPDATE change SET salt = ?, digest = ? WHERE id = ?", (salt, before, number)
        )
