"""The changes that an import makes, worked out directly: difference, silence and warnings."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.difference import ImportDifference, Part, details, known_of
from iro_cli.changes.import_warnings import gone, older
from iro_cli.changes.importing import import_batch, store_batch
from iro_cli.changes.silence import note_carried
from iro_cli.changes.snapshots import Earlier, compare, left_open
from iro_cli.extracts.batch import Batch, Cover
from iro_cli.facts.model import Carried, Child, Event, Statement
from iro_cli.store.changing import Stamp
from iro_cli.store.kinds import CARRIED
from stores import changing, reading, store_at

CARE = date(2026, 6, 1)
HELD, MOVED = date(2026, 6, 26), date(2026, 6, 29)
COVER = Cover(frozenset(("cla.start", "cla.review")), date(2026, 4, 1), date(2027, 3, 31))


@pytest.fixture
def store(make_store: Callable[..., Path]) -> Path:
    """Return a store of one child in care; a return stated one review."""
    path = make_store([Child("Finch")], [])
    with changing(path) as change:
        import_batch(change, _return(HELD))
    return path


def _return(*held: date) -> Batch:
    facts = [("Finch", Event("cla.start", CARE), "episodes.csv:2")]
    facts += [("Finch", Event("cla.review", on), f"reviews.csv:{n}") for n, on in enumerate(held)]
    return Batch([Child("Finch")], facts, source="ssda903", covers=[COVER])


def _reviews(store: Path) -> list[date]:
    events = dict(reading(store).cases(date.max, "Finch", whole=True))["Finch"]
    return [one.on for one in events if one.event == "cla.review"]


def test_a_known_fact_is_skipped_and_a_moved_one_replaced(store: Path) -> None:
    """The start is kept, and the review of the 26th is moved to the 29th."""
    with changing(store) as change:
        outcome = import_batch(change, _return(MOVED))

    assert (outcome.skipped.facts, outcome.moved, outcome.vanished) == (1, 1, 0)
    assert _reviews(store) == [MOVED]


def test_a_dry_run_stores_nothing(store: Path) -> None:
    """A dry run lists the changes and stores none."""
    stamp = Stamp("2026-11-22T09:00:00Z", "tester", "import")
    outcome = store_batch(store_at(store), _return(MOVED), stamp, dry_run=True)

    assert outcome.dry_run
    assert [(one.what, one.date, one.was) for one in outcome.steps] == [
        ("move", MOVED, HELD.isoformat())
    ]
    assert _reviews(store) == [HELD]


def test_the_difference_of_what_is_given(store: Path) -> None:
    """A new label is added to the child; a start that is known already changes nothing."""
    given = Part([Child("Finch", label="F")], {"Finch": [(Event("cla.start", CARE), "x", 2)]}, [])
    difference = ImportDifference(_return(HELD))
    known = known_of(reading(store), given, ["Finch"], {}, extract=True)
    edits = difference.of(given, known)

    assert [one.on for one in (row.record.event for row in known.facts["Finch"])] == [CARE, HELD]
    assert edits.children == [Child("Finch", label="F")]
    assert edits.facts == []
    assert difference.count("corrected").children == 1


def test_the_details_of_an_event() -> None:
    """The details that an event has are given in order."""
    assert details(Event("cla.start", CARE)) == ""
    assert "PN1" in details(Event("cla.review", HELD, participation="PN1"))


def test_what_vanished_is_reported(store: Path) -> None:
    """A vanished fact is reported with its day and its place; if none vanished, nothing is said."""
    difference = ImportDifference(_return())
    fresh = ImportDifference(_return(HELD))
    given = Part([Child("Finch")], {"Finch": [(Event("cla.start", CARE), "x", 2)]}, [])
    difference.of(given, known_of(reading(store), given, ["Finch"], {}, extract=True))
    [warning] = gone(difference)

    assert "stated by an earlier ssda903 extract and not by this one: 1 event" in warning
    assert "Finch: cla.review on 26 Jun 2026 (reviews.csv:0)" in warning
    assert gone(fresh) == []


def test_an_extract_that_looks_like_the_older() -> None:
    """An extract that ends over a week before the earlier import, and moves facts, looks older."""
    open_ended = Cover(frozenset(("cla.review",)))
    found = ImportDifference(Batch(source="annex-a", covers=[open_ended]))
    found.moved, found.reached, found.reaches = 1, date(2026, 6, 30), date(2026, 6, 22)
    [warning] = older(found)

    assert "the last event in this annex-a extract is of 22 Jun 2026" in warning
    found.reaches = date(2026, 6, 23)
    assert older(found) == []


def test_what_one_extract_carries_stays_carried(tmp_path: Path) -> None:
    """If a later extract lacks a kind of event, it is silent only on the days after the first."""
    store = tmp_path / "iro.db"
    year = Carried("ssda903", "cla.review", None, date(2025, 4, 1), date(2026, 3, 31))
    lacks = year._replace(lacks="the table Reviews", to_on=date(2026, 9, 30))
    with changing(store) as change:
        rows = []
        for one in (year, year, lacks):
            note_carried(change, [one])
            rows.append(change.count)

    assert rows == [1, 1, 2]
    assert reading(store).records(CARRIED) == [year, lacks._replace(from_on=date(2026, 4, 1))]


def test_a_meeting_that_moved_within_a_month() -> None:
    """A new day within a month replaces the earlier one; one further off is another meeting."""
    before = Earlier(Event("cla.review", HELD), "reviews.csv:0")
    start = Statement("Finch", Event("cla.start", CARE), "x:2", "ssda903")
    near, far = (
        Statement("Finch", Event("cla.review", on), "x:3", "ssda903")
        for on in (MOVED, date(2026, 7, 28))
    )
    moved = compare([near], [start, near], [before], [start.event, before.event], [COVER])
    new = compare([far], [start, far], [before], [start.event, before.event], [COVER])

    assert (moved.added, moved.moved, moved.vanished) == ([], [(before, near)], [])
    assert (new.added, new.moved, new.vanished) == ([far], [], [before])


def test_what_began_and_has_not_ended() -> None:
    """Care that ended is not open; a plan that began since is open."""
    events = [
        Event("cla.start", CARE),
        Event("cla.end", HELD),
        Event("cp.plan.start", MOVED),
    ]

    assert left_open(events) == {"cp": MOVED}
    assert left_open(events[:1]) == {"cla": CARE}
