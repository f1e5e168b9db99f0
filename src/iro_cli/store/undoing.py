"""
Find the change that an undo takes back or a redo restores, and how many rows that concerns.

An undo is itself a change, which names the one that it takes back; a redo is a change that
takes an undo back.  So the changes alone show which rows stand, however often somebody undid
and redid them.
"""

from iro_cli.lean import NamedTuple
from iro_cli.store.kinds import KINDS
from iro_cli.store.reading import Reader


class Undone(NamedTuple):
    """The change that is undone, or redone."""

    change: int
    at: str
    who: str
    command: str


class Extent(NamedTuple):
    """
    How much a change did.

    Attributes:
        rows: How many rows it added or withdrew, by the kind's name and ``added`` or
            ``withdrawn``.
        children: The children whose rows they are, in order.
    """

    rows: dict[tuple[str, str], int]
    children: list[str]

    @property
    def total(self) -> int:
        """Return how many rows it added and withdrew in all."""
        return sum(self.rows.values())


class _Changes(NamedTuple):
    """
    The undos and redos in the store.

    Attributes:
        undoes: The change that each undo or redo takes back, by its own number.
        gone: The changes that are taken back and were not redone.
    """

    undoes: dict[int, int]
    gone: set[int]


def _changes(reader: Reader) -> _Changes:
    undoes = dict(reader.rows("SELECT id, undoes FROM change WHERE undoes IS NOT NULL"))
    gone: set[int] = set()
    # An undo comes after the change that it takes back.  So, going from the last to the first, it
    # is known of each undo whether it still counts: an undo that was redone takes nothing back.
    for number in sorted(undoes, reverse=True):
        if number not in gone:
            gone.add(undoes[number])
    return _Changes(undoes, gone)


def _change(reader: Reader, number: int) -> Undone:
    rows = reader.rows("SELECT id, at, who, command FROM change WHERE id = ?", number)
    return Undone(*next(iter(rows)))


def _last(reader: Reader, changes: _Changes) -> int | None:
    """Return the last change that is not an undo and is not taken back."""
    for (number,) in reader.rows("SELECT id FROM change WHERE undoes IS NULL ORDER BY id DESC"):
        if number not in changes.gone:
            return int(number)
    return None


def last_to_undo(reader: Reader) -> Undone | None:
    """Return the change that an undo would take back, if there is any."""
    number = _last(reader, _changes(reader))
    return None if number is None else _change(reader, number)


def is_erasure(reader: Reader, number: int) -> bool:
    """Say whether a change erased a child, or lost rows to an erasure, so that it stays."""
    return any(reader.rows("SELECT 1 FROM erasure WHERE change_id = ?", number))


def last_to_redo(reader: Reader) -> tuple[int, Undone] | None:
    """
    Return the number of the undo that a redo would take back, and the change that it restores.

    Returns:
        ``None`` if nothing was undone, or something was changed since.
    """
    # If something was changed since the undo, a redo could bring back a fact beside its own
    # correction: a review of the 19th that somebody has recorded again as the 20th.
    changes = _changes(reader)
    for number in sorted(changes.undoes, reverse=True):
        what = changes.undoes[number]
        if number not in changes.gone and what not in changes.undoes:
            later = _last(reader, changes)
            newer = later is not None and later > number
            return None if newer else (number, _change(reader, what))
    return None


def extent(reader: Reader, number: int) -> Extent:
    """Return how much a change did."""
    children = [
        child
        for (child,) in reader.rows(
            "SELECT child_id FROM change_child WHERE change_id = ? ORDER BY child_id", number
        )
    ]
    rows: dict[tuple[str, str], int] = {}
    # There is no index by change.  Its children show where in the tables its rows are.
    whose = "child_id IN (SELECT child_id FROM change_child WHERE change_id = ?) AND "
    for kind in KINDS:
        if kind.on is None:
            continue
        of, named = (whose, (number,)) if kind.of_child else ("", ())
        for verb, column in (("added", "change_id"), ("withdrawn", "withdrawn_by")):
            ((count,),) = reader.rows(
                f"SELECT count(*) FROM {kind.table} WHERE {of}{column} = ?", *named, number
            )
            if count:
                rows[kind.name, verb] = count
    return Extent(rows, children)
