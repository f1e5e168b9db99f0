"""What a person put right or took back: a fact, and what stands in its place since."""

from collections.abc import Collection
from datetime import date

from iro_cli.facts.model import joined
from iro_cli.facts.twice import ONCE_IN, PARTED_BY, kind_of
from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Reader

# What a person did: no import, and nothing that only took another change back.
_BY_HAND = "SELECT id FROM change WHERE undoes IS NULL AND command NOT LIKE 'import%'"
# The children of whom such a change withdrew a fact, with every fact of theirs, and whether it
# was a person or an import that withdrew it.  What an undo added again counts as what it was
# first.
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
    A fact that a person withdrew, and what stands in its place.

    Attributes:
        event: What it was.
        on: Its day.
        reference: What it referred to.
        source: Where it stood in a file; ``None`` where it was typed in.
        stated_by: The kind of extract that it was, if any.
        now: What stands in its place; ``None`` where it was only taken back.
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


# So many children are named one by one; where there are more, all are read.
_FEW = 500


def put_right(reader: Reader, only: Collection[str] | None = None) -> dict[str, list[PutRight]]:
    """
    Return by child what a person took back, or put in another's place.

    Args:
        reader: The store.
        only: The children asked for; others may be among the answer.

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
    """Say whether a fact stood again since, until an extract took it back."""
    last = row.withdrawn_by or 0
    return any(
        one.by_import and (one.withdrawn_by or 0) > last and one[:3] == row[:3] for one in those
    )


def _in_its_place(
    row: _StandingRow, those: list[_StandingRow]
) -> tuple[str, date, str | None] | None:
    """Return what stands in the place of a fact, however often it was put right since."""
    seen: list[_StandingRow] = []
    while row.withdrawn_by is not None:
        seen.append(row)
        kind = kind_of(row.event)
        alike = [one for one in those if kind_of(one.event) == kind and one not in seen]
        instead = [one for one in alike if one.added_by == row.withdrawn_by] or [
            one
            for one in alike  # it was taken back first, and then recorded on another day
            if one.withdrawn_by is None
            and one.source is one.stated_by is None
            and kind in PARTED_BY
            and abs((one.on - row.on).days) <= ONCE_IN
        ]
        if not instead:
            return None
        row = min(instead, key=lambda one: one.withdrawn_by is not None)
    return row[:3]
