"""Facts that share an event are stored as if each were stored alone."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Child, Event, Statement
from iro_cli.store.fact_rows import DayTexts, EventRow, EventRowsKept, FactRows, StatedFacts
from iro_cli.store.kinds import CHILD_DETAIL, FACT
from stores import changing, reading

HELD, COMPLETED = date(2026, 11, 2), date(2026, 11, 3)
PLAIN = Event("cla.review", HELD)
# Each detail says something, and letters that JSON or a server's bulk load writes otherwise.
WHOLE = Event(
    "cp.conference.review",
    HELD,
    "continue",
    "yes",
    COMPLETED,
    *[f"é\\\t\n\"'{n}" for n in range(9)],
)
GIVEN: tuple[StatedFacts, ...] = (
    ("A\\1", "annex-a", [(PLAIN, "a.csv", 2), (WHOLE, "b.csv", 3), (PLAIN, "a.csv", 0)]),
    ("B", None, [(WHOLE, "a.csv", 4), (PLAIN, None, None)]),
    ("C", None, []),
)
# The same as statements: a row number of 0 or none is not part of the place.
STATED = (
    Statement("A\\1", PLAIN, "a.csv:2", "annex-a"),
    Statement("A\\1", WHOLE, "b.csv:3", "annex-a"),
    Statement("A\\1", PLAIN, "a.csv", "annex-a"),
    Statement("B", WHOLE, "a.csv:4"),
    Statement("B", PLAIN),
)


def test_facts_are_stored_as_they_are_given(tmp_path: Path) -> None:
    """Whatever they state and share, the history fits."""
    path = tmp_path / "iro.db"
    with changing(path) as change:
        change.add(CHILD_DETAIL, [Child("A\\1"), Child("B"), Child("C")])
    with changing(path) as change:
        change.add_facts(GIVEN)
        change.add(FACT, STATED)
    with reading(path) as reader:
        rows = reader.standing(FACT)
        [*_, (last,)] = reader.rows("SELECT digest FROM change ORDER BY id")

        assert change.count == len(rows) == 2 * len(STATED)
        assert [row.record for row in sorted(rows, key=lambda row: row.line)] == [*STATED, *STATED]
        assert {row.line for row in rows} == {*range(1, 11)}
        assert [*reader.rows("SELECT child_id FROM change_child WHERE change_id = 2")] == [
            ("A\\1",),
            ("B",),
        ]
        assert reader.with_events(["cla.start"]) == reader.with_events(["cp.x"]) == {"A\\1", "B"}
        assert reader.ever_had_events()
        # Annex A stated every event of A\\1; our own files and a person stated those of B.
        assert reader.with_recorded(["cla.review", "cp.x"]) == {"B"}
        assert reader.with_recorded(["cla.review"], "B") == {"B"}
        assert reader.with_recorded(["cla.review"], {"A\\1", "C"}) == set()
        assert reader.has_events("B")
        assert not reader.has_events("C")
        assert reader.chain().problems == []
        assert reader.chain().head == last


def test_the_row_of_an_event() -> None:
    """It fills the columns with the event's details; its digest text has every column."""
    rows: FactRows = {}
    row = EventRow(Event("cla.review", HELD, completed_on=COMPLETED, note='a"é'), DayTexts(), rows)

    assert [*rows] == [("event", "happened_on", "completed_on", "note")]
    assert row.values == ["cla.review", "2026-11-02", "2026-11-03", 'a"é']
    assert row.words == (
        '"cla.review","2026-11-02",null,null,"2026-11-03",null,null,null,"a\\"\\u00e9",'
        "null,null,null,null,null"
    )


@pytest.mark.slow
def test_an_event_is_told_from_one_that_is_equal() -> None:
    """Each keeps its own row, and no row is reused for another event."""
    kept = EventRowsKept(DayTexts())
    rows = [kept.make(Event("cla.review", HELD, note=str(number))) for number in range(70_000)]

    assert len(kept) == 70_000 - (1 << 16)
    assert all(kept[id(row.event)] is row for row in rows[1 << 16 :])
