"""Find the facts that a person put right or took back, and what has replaced them."""

from collections.abc import Collection
from datetime import date

from iro_cli.facts.model import joined
from iro_cli.facts.twice import ONCE_IN, PARTED_BY, kind_of
from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Reader

# The changes that a person made: no import, and no undo or redo.
_BY_HAND = "SELECT id FROM change WHERE undoes IS NULL AND command NOT LIKE 'import%'"
# Every fact, standing or not, of each child who lost one in such a change, and whether a person
# or an import withdrew it.  A fact that an undo restored counts as added by its first change.
_FACTS = f"""
WITH hand AS ({_BY_HAND}),
touched AS (SELECT DISTINCT child_id FROM change_child WHERE change_id IN (SELECT id FROM hand)),
mended AS (
SELECT DISTINCT child_id FROM fact
WHERE child_id IN (SELECT child_id FROM touched) AND withdrawn_by IN (SELECT id FROM hand){{only}}
)
SELECT child_id, event, happened_on, reference, coalesce(restores, change_id), withdrawn_by,
  withdrawn_by IN (SELECT id FROM hand),
  withdrawn_by IN (SELECT id FROM change WHERE command LIKE 'import%'),
  source_id, source_row
FROM fact WHERE child_id IN (SELECT child_id FROM mended)
ORDER BY child_id, happened_on, event, change_id, line
"""


class PutRight(NamedTuple):
    """
    A fact that a person withdrew, and the fact that stands instead.

    Attributes:
        event: Its event.
        on: Its day.
        reference: Its reference.
        source: The file and row that it came from; ``None`` if it was typed in.
        stated_by: The kind of extract that it came from, if any.
        now: The event, day and reference that stand instead; ``None`` if it was only taken back.
    """

    event: str
    on: date
    reference: str | None
    source: str | None
    stated_by: str | None
    now: tuple[str, date, str | None] | None


class _StandingRow(NamedTuple):
    event: str
    on: date
    reference: str | None
    added_by: int
    withdrawn_by: int | None
    by_hand: bool
    by_import: bool
    source: str | None
    stated_by: str | None


# Up to so many children are asked for by their ids; for more, all children are read.
_FEW = 500


def put_right(reader: Reader, only: Collection[str] | None = None) -> dict[str, list[PutRight]]:
    """
    Return, by child, the facts that a person took back or replaced.

    Args:
        reader: The store.
        only: The children asked for; the answer may have others too.

    Raises:
        StoreError: The store cannot be read.
    """
    named = sorted(only) if only is not None and len(only) <= _FEW else []
    among = f" AND child_id IN ({', '.join('?' * len(named))})" if named else ""
    rows: dict[str, list[_StandingRow]] = {}
    with reader.guarded():
        sources = reader.sources()
        for child, event, on, reference, added, *how, source, number in reader.rows(
            _FACTS.format(only=among), *named
        ):
            withdrawn, by_hand, by_import = how
            name, stated_by = sources[source]
            what = (event, date.fromisoformat(on), reference)
            where = (joined(name, number), stated_by)
            row = _StandingRow(*what, added, withdrawn, by_hand, by_import, *where)
            rows.setdefault(child, []).append(row)
    return {
        child: [
            PutRight(*row[:3], row.source, row.stated_by, _in_its_place(row, those))
            for row in those
            if row.by_hand and not _came_back(row, those)
        ]
        for child, those in rows.items()
    }


def _came_back(row: _StandingRow, those: list[_StandingRow]) -> bool:
    """
    Say whether a fact stood again later, until an import withdrew it.

    Then the import decided last, and not the person.
    """
    last = row.withdrawn_by or 0
    return any(
        one.by_import and (one.withdrawn_by or 0) > last and one[:3] == row[:3] for one in those
    )


def _in_its_place(
    row: _StandingRow, those: list[_StandingRow]
) -> tuple[str, date, str | None] | None:
    """Return the fact that stands instead of another, after any number of corrections."""
    seen: list[_StandingRow] = []
    while row.withdrawn_by is not None:
        seen.append(row)
        kind = kind_of(row.event)
        alike = [one for one in those if kind_of(one.event) == kind and one not in seen]
        instead = [one for one in alike if one.added_by == row.withdrawn_by] or [
            one
            for one in alike  # two commands: one took it back, the other recorded another day
            if one.withdrawn_by is None
            and one.source is one.stated_by is None
            and kind in PARTED_BY
            and abs((one.on - row.on).days) <= ONCE_IN
        ]
        if not instead:
            return None
        row = min(instead, key=lambda one: one.withdrawn_by is not None)
    return row[:3]
