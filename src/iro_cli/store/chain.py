"""
The chain of changes: each carries the digest of what it did and of the change before.

The digest is BLAKE2b of one text of JSON: ASCII, without spaces.  ADR 30 says what it holds,
and what it proves.  The order of everything in it can be read back from the tables, so it is
the same however an import was cut into blocks.
"""

import json
import os
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

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
# How many rows are put into words at once.
_AT_ONCE = 1_000
# Which row was withdrawn is kept as one number: the change that added it, and the line.
_LINES = 32
_CHANGES = "SELECT id, at, who, command, undoes, salt, digest FROM change ORDER BY id"
_SAID = (
    f"SELECT change_id, source_id FROM {kind.table} WHERE source_id IS NOT NULL"
    for kind in KINDS
    if kind.source is not None
)
# What a change erased, and the digest of each change that lost rows by it.
_ERASED = (
    "SELECT e.change_id, e.erased_from, c.digest, e.remains "
    "FROM erasure e JOIN change c ON c.id = e.erased_from ORDER BY e.change_id, e.erased_from"
)
# The files that a change's rows came from: a row says them by number.
_FROM_FILES = (
    f"SELECT change_id, id, name, stated_by FROM ({' UNION '.join(_SAID)}) said "
    "JOIN source ON id = source_id ORDER BY change_id, id"
)
# What remains of a change is said by the last that erased something of it.
_LEFT = "SELECT erased_from, salt, remains FROM erasure WHERE salt IS NOT NULL"
# What is kept to find rows by, and the rows that it has to agree with.
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
    "is not what was stored: its author, moment or command, or a row that it added or withdrew, "
    "was altered, removed or added behind the program's back"
)
# No value of a row is a list: bytes, which the program never stores, have no digest of a text.
encoded = json.JSONEncoder(
    separators=(",", ":"), check_circular=False, default=lambda value: [repr(value)]
).encode


class ChangeHead(NamedTuple):
    """What a change says of itself: its number, when, who, which command, and what it undoes."""

    number: int
    at: str
    who: str
    command: str
    undoes: int | None


def columns(kind: Kind[Any]) -> str:
    """Return the columns of a row that its digest is made of, in order."""
    return f"change_id, line, {', '.join(kind.columns)}, restores"


def _each(rows: Sequence[Sequence[object]]) -> list[str]:
    r"""
    Return the JSON of each row, without its brackets; together it takes half the time.

    No row has what they are parted by: in a string a quotation mark has a backslash before it.

    >>> _each([])
    []
    >>> _each([(1, "a],", None), (2, '],"",[', 0.5)])
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
    """Take rows in, each with a comma behind it: how many come at once makes no difference."""
    for block in _in_blocks(rows):
        made.update(f"{encoded(block)[1:-1]},".encode())


def _new() -> blake2b:
    return blake2b(digest_size=_BYTES)


class ChangeLink:
    """What one change adds and withdraws, taken in as it is done."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._added: dict[str, blake2b] = {}
        self._withdrawn: dict[str, array[int]] = {}

    def add(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Take in rows that are added, in order of their lines, with the columns of a digest."""
        if rows:
            if table not in self._added:
                self._added[table] = _new()
            _take(self._added[table], rows)

    def add_worded(self, table: str, rows: Sequence[str]) -> None:
        """Take in rows as :meth:`add` does, each in its words: its JSON without the brackets."""
        if table not in self._added:
            self._added[table] = _new()
        self._added[table].update(f"[{'],['.join(rows)}],".encode())

    def withdraw(self, table: str, places: Iterable[tuple[int, int]]) -> None:
        """Take in which rows are withdrawn, each by its change and its line."""
        numbers = self._withdrawn.setdefault(table, array("Q"))
        numbers.extend(change << _LINES | line for change, line in places)

    def digest(self, before: str, salt: str, head: ChangeHead, children: Iterable[str]) -> str:
        """
        Return the digest of the change.

        Args:
            before: That of the change before, or nothing for the first.
            salt: What keeps from being guessed what is erased one day.
            head: What the change says of itself.
            children: Of whom it added or withdrew rows, in order.
        """
        done = [f"+{table} {made.hexdigest()}" for table, made in self._added.items()]
        for table, numbers in self._withdrawn.items():
            if numbers:
                made = _new()
                _take(made, (divmod(one, 1 << _LINES) for one in sorted(numbers)))
                done.append(f"-{table} {made.hexdigest()}")
        return _digest(
            before, salt, _each([head])[0], _each([(child,) for child in children]), done
        )


def _digest(before: str, salt: str, head: str, children: Sequence[str], done: Sequence[str]) -> str:
    """Return the digest of a change from its parts, each of them a line."""
    text = "\n".join((before, salt, head, ",".join(children), *sorted(done)))
    return blake2b(text.encode(), digest_size=_BYTES).hexdigest()


def fresh_salt() -> str:
    """Return a salt that was never used."""
    return os.urandom(16).hex()


# ---------------------------------------------------------------- reading it back


class Misfit(NamedTuple):
    """
    The first change that is not what its digest says.

    Attributes:
        number: Its number.
        head: What it says of itself, where there is such a change.
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
    What came of going through the chain.

    Attributes:
        digests: The digest of each change that fits, by number.
        misfit: The first that does not.
        unlike: What of the schema is missing, altered or foreign.
        strays: What finds the rows of changes and does not agree with them.
    """

    digests: dict[int, str]
    misfit: Misfit | None = None
    unlike: Sequence[str] = ()
    strays: Sequence[str] = ()

    @property
    def head(self) -> str:
        """Return the digest of the last change; nothing where there is none."""
        return self.digests[len(self.digests)] if self.digests else ""

    @property
    def problems(self) -> list[str]:
        """Return what does not fit, the first change before all else."""
        return [*([self.misfit.message] if self.misfit else ()), *self.unlike, *self.strays]


def _hashed(rows: Iterable[Sequence[Any]], since: int) -> Iterator[tuple[int, str]]:
    """Yield the hash of what belongs to each change: rows in its order, from a column on."""
    number, made = 0, _new()
    for block in _in_blocks(rows):
        texts = _each(block if not since else [row[since:] for row in block])
        for row, text in zip(block, texts, strict=True):
            if row[0] != number:
                if number:
                    yield number, made.hexdigest()
                number, made = row[0], _new()
            made.update(f"[{text}],".encode())
    if number:
        yield number, made.hexdigest()


def _done(connection: Connection) -> dict[int, list[str]]:
    """Return what each change did, from the rows that are in the tables."""
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
        texts = _each([row[1:] for row in block])
        for (number, _), text in zip(block, texts, strict=True):
            if number in found:
                found[number].append(text)
            else:
                found[number] = [text]
    return found


def _changes(connection: Connection) -> Iterator[tuple[Sequence[Any], str]]:
    """Yield each change, and what it says of itself in the words of a digest."""
    for block in _in_blocks(connection.execute(_CHANGES)):
        yield from zip(block, _each([row[:5] for row in block]), strict=True)


def chain_followed(connection: Connection, unlike: Sequence[str] = ()) -> ChangeChain:
    """
    Go through the chain from its first change on, as far as it fits.

    Args:
        connection: The store, open in a transaction.
        unlike: What of the schema is missing, altered or foreign.
    """
    digests: dict[int, str] = {}
    misfit = _first_misfit(connection, digests)
    return ChangeChain(digests, misfit, unlike, list(_strays(connection)))


def refuse_unfit(store: "Store", connection: Connection, hides: str, not_done: str) -> None:
    """
    Refuse what would hide where a history does not fit.

    Args:
        store: The store.
        connection: The same, open in a transaction.
        hides: What would hide it, as ``a copy``.
        not_done: What was not done, as ``Nothing was copied``.

    Raises:
        StoreError: The history, or the schema that holds it, does not fit.
    """
    chain = chain_followed(connection, store.unlike(connection))
    if chain.problems:
        raise StoreError(
            f"the history of {store} does not fit, and {hides} would hide where: "
            f"{chain.problems[0]}; `iro history --verify` says what to do. {not_done}"
        )


def _first_misfit(connection: Connection, digests: dict[int, str]) -> Misfit | None:
    """Return the first change that does not fit, and gather the digests of those before it."""
    done, children = _done(connection), _children(connection)
    left = {number: rest for number, *rest in connection.execute(_LEFT)}
    before = ""
    for row, words in _changes(connection):
        number, *_, salt, digest = row
        if number != len(digests) + 1:
            return Misfit(len(digests) + 1, None, "is missing")
        of, what = children.pop(number, []), done.pop(number, [])
        if number in left:
            afresh, expected = left[number]
            found = _digest("", afresh, words, of, what)
        else:
            expected, found = digest, _digest(before, salt or "", words, of, what)
        if digest is None or found != expected:
            return Misfit(number, ChangeHead._make(row[:5]), _ALTERED)
        digests[number] = before = digest
    strangers = sorted({*done, *children})
    return Misfit(strangers[0], None, "is missing, and there are rows of it") if strangers else None


def _strays(connection: Connection) -> Iterator[str]:
    """Yield where the tables that find children by change and area disagree with the facts."""
    for words, first, second in _AGREE:
        for one, other, why in ((first, second, "of nothing"), (second, first, "missing")):
            found = list(connection.execute(f"{one} EXCEPT {other} LIMIT 1"))
            if found:
                yield f"{words} is {why}: {' '.join(map(str, found[0]))}"


def chained(connection: Connection, before: str, salt: str, head: ChangeHead) -> str:
    """Return the digest of the last change, which is about no child, from what is in the tables."""
    done = _done(connection)
    return _digest(before, salt, _each([head])[0], [], done.get(head.number, []))


def remaining(connection: Connection, numbers: Collection[int]) -> list[tuple[int, str, str]]:
    """
    Return the digest of what remains of some changes, each with a salt.

    Args:
        connection: The store, from which something was taken.
        numbers: The changes that lost something.
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
    Give each change that stands a digest, from the first on.

    Args:
        connection: The store, open in a transaction that writes, of a program that knew no
            chain: what it holds is taken as it is.
    """
    done, children, before = _done(connection), _children(connection), ""
    for (number, *_), words in list(_changes(connection)):
        salt = fresh_salt()
        before = _digest(before, salt, words, children.get(number, []), done.get(number, []))
        connection.execute(
            "UPDATE change SET salt = ?, digest = ? WHERE id = ?", (salt, before, number)
        )
