"""Read what every change added and withdrew, for the history."""

from iro_cli.dates.words import counted
from iro_cli.lean import Any, NamedTuple
from iro_cli.store.kind import Kind
from iro_cli.store.kinds import KINDS
from iro_cli.store.reading import Reader

# The file of a fact and the row in it, as people read them.
_STATED = {
    "source": "(SELECT name FROM source WHERE id = source_id) || coalesce(':' || source_row, '')",
    "stated_by": "(SELECT stated_by FROM source WHERE id = source_id)",
}


class HistoryEntry(NamedTuple):
    """One row of the history: a change, and one thing it added or withdrew."""

    change: int
    at: str
    who: str
    command: str
    what: str
    child: str | None
    event: str | None
    on: str | None
    details: str


def _columns(kind: Kind[Any]) -> str:
    """Return the columns of a kind that the history shows: child, event, day, then the rest."""
    child = "child_id" if kind.of_child else "NULL"
    event = "event" if "event" in kind.columns else "NULL"
    stated = _STATED if kind.source is not None else {}
    details = [stated.get(name, name) for name in kind.details]
    return ", ".join((child, event, str(kind.on), *details))


def entries(reader: Reader, child: str | None = None) -> list[HistoryEntry]:
    """
    Return the history, the latest change first.

    Args:
        reader: The store.
        child: Only entries about this child; all if it is ``None``.
    """
    changes = {
        number: change for number, *change in reader.rows("SELECT id, at, who, command FROM change")
    }
    found: list[tuple[HistoryEntry, int]] = []
    for kind in KINDS:
        if kind.on is None or (child is not None and not kind.of_child):
            continue
        where, named = ("", ()) if child is None else (" AND child_id = ?", (child,))
        for column, verb in (("change_id", "added"), ("withdrawn_by", "withdrew")):
            for number, line, of, event, on, *details in reader.rows(
                f"SELECT {column}, line, {_columns(kind)} FROM {kind.table} "
                f"WHERE {column} IS NOT NULL{where} "
                f"ORDER BY {', '.join(kind.key)}, change_id, line",
                *named,
            ):
                text = "; ".join(str(one) for one in details if one is not None)
                at, who, command = changes[number]
                what = f"{verb} {kind.name}"
                found.append(
                    (HistoryEntry(number, at, who, command, what, of, event, on, text), line)
                )
    if child is None:
        for number, count in reader.rows(
            "SELECT change_id, count(*) FROM erasure GROUP BY change_id"
        ):
            at, who, command = changes[number]
            told = f"rows of {counted(count, 'change')}"
            found.append(
                (HistoryEntry(number, at, who, command, "erased child", None, None, None, told), 0)
            )
    # The latest change first; within a change, what it added before what it withdrew.
    found.sort(key=lambda one: (-one[0].change, one[0].what[:3], one[1], one[0].what))
    return [entry for entry, _ in found]
