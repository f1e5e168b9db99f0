"""Read which source states which fact, for the comparison of sources."""

from datetime import date
from itertools import groupby
from operator import itemgetter

from iro_cli.lean import NamedTuple
from iro_cli.store.reading import Reader

# The source of a fact that no extract states: it was typed in, or came in one of our own files.
TYPED = "recorded"
# Each standing fact once for its first source, and once for every other that states it too.
_STATED = """
WITH stated AS (
SELECT child_id, event, happened_on, source_id, source_row, participation, outcome
FROM fact WHERE withdrawn_by IS NULL AND happened_on <= ?
UNION ALL
SELECT s.child_id, s.event, s.happened_on, s.source_id, s.source_row, NULL, NULL
FROM sighting s WHERE s.withdrawn_by IS NULL AND s.happened_on <= ? AND EXISTS (
  SELECT 1 FROM fact f WHERE f.withdrawn_by IS NULL
  AND f.child_id = s.child_id AND f.event = s.event AND f.happened_on = s.happened_on
)
)
SELECT child_id, event, happened_on, stated_by,
  name || coalesce(':' || source_row, ''), participation, outcome
FROM stated LEFT JOIN source ON source.id = source_id
ORDER BY 1, 3, 2, 4 NULLS FIRST
"""


class Stated(NamedTuple):
    """A fact as one source states it."""

    event: str
    on: date
    by: str
    source: str | None
    participation: str | None
    outcome: str | None

    @property
    def where(self) -> str:
        """Say who states it, and where in its file."""
        return f"{self.by} {self.source}" if self.source else self.by


def statements(reader: Reader, as_of: date) -> list[tuple[str, list[Stated]]]:
    """
    Return each child's facts up to a day (inclusive), once for each source that states them.

    Raises:
        StoreError: The store cannot be read.
    """
    day = as_of.isoformat()
    with reader.guarded():
        return [
            (
                child_id,
                [
                    Stated(name, date.fromisoformat(on), by or TYPED, source, code, outcome)
                    for _, name, on, by, source, code, outcome in of_child
                ],
            )
            for child_id, of_child in groupby(reader.rows(_STATED, day, day), itemgetter(0))
        ]
