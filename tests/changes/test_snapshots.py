"""What a later extract of the same kind adds, moves, misses and withdraws."""

import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iro_cli.changes.importing import Outcome
from iro_cli.changes.snapshots import ends_up_to, has_ended_by, is_moved, is_same_period
from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch, Cover
from iro_cli.facts.model import Child, Event
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import View
from iro_cli.store.statements import statements
from running import each
from stores import opened, put, reading, undo
from strategies import examples

TODAY = date(2026, 11, 22)
START, HELD = date(2026, 1, 5), date(2026, 1, 28)
CLA_START, CLA_REVIEW, LATEST = "cla.start", "cla.review", "cla.review.latest"
TABLES = ("fact", "sighting", "child_detail", "allocation", "authority")
# What each source covers: the last period of each child, or a whole year.
LISTS = [
    Cover(frozenset(("cla.start", "cla.end", LATEST))),
    Cover(frozenset(("short-break.start", "short-break.end", "short-break.review.latest"))),
    Cover(frozenset(("cp.plan.start", "cp.plan.end", "cp.conference.review.latest"))),
]
RETURN = frozenset(("cla.start", "cla.continuing", "cla.end", CLA_REVIEW))

Said = tuple[str, str, date]

# Each example makes a store of its own, on the disk.
FEW = examples(20)


def day(text: str) -> date:
    """Return a day of 2026 from its month and day."""
    return date.fromisoformat(f"2026-{text}")


def extract(
    source: str, *said: Said, covers: Iterable[Cover], also: Iterable[str] = ("TS0109",)
) -> Batch:
    """Return an extract with rows numbered from 2; TS0109 is always in it, without an event."""
    children = dict.fromkeys([*(child for child, _, _ in said), *also])
    return Batch(
        children=[Child(child) for child in children],
        facts=[
            (child, Event(event, on), f"{source}.x:{row}")
            for row, (child, event, on) in enumerate(said, start=2)
        ],
        read={f"{source}.x": len(said)},
        source=source,
        covers=[*covers],
    )


def annex_a(*said: Said) -> Batch:
    """Return lists 7 and 8 of an Annex A."""
    return extract("annex-a", *said, covers=LISTS)


def ssda903(*said: Said, year: int = 2025) -> Batch:
    """Return the return of the year that begins on 1 April."""
    cover = Cover(RETURN, date(year, 4, 1), date(year + 1, 3, 31), everyone=True)
    return extract("ssda903", *said, covers=[cover])


def stated(path: Path) -> list[tuple[str, str, str, str]]:
    """Return every standing fact once for each source: child, event, day and source."""
    with reading(path) as reader:
        return [
            (child, one.event, f"{one.on:%m-%d}", one.by)
            for child, of_child in statements(reader, date.max)
            for one in of_child
        ]


def facts(path: Path) -> set[Said]:
    """Return every standing fact."""
    with reading(path) as reader:
        return {(child, one.event, one.on) for child, of in reader.cases(date.max) for one in of}


def standing(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every standing row, without the number of the change that added it."""
    with closing(opened(path)) as connection:
        found = {}
        for table in TABLES:
            rows = connection.execute(f"SELECT * FROM {table} WHERE withdrawn_by IS NULL")
            kept = [
                place
                for place, (name, *_) in enumerate(rows.description)
                if name not in ("change_id", "line", "restores")
            ]
            found[table] = sorted((tuple(row[one] for one in kept) for row in rows), key=repr)
        return found


def sources(path: Path) -> list[tuple[str, ...]]:
    """Return the source of each standing fact."""
    with closing(opened(path)) as connection:
        found: list[tuple[str, ...]] = connection.execute(
            "SELECT name || ':' || source_row FROM fact JOIN source ON source.id = source_id "
            "WHERE withdrawn_by IS NULL"
        ).fetchall()
        return found


def changes(path: Path) -> int:
    """Return the number of changes."""
    with closing(opened(path)) as connection:
        found: int = connection.execute("SELECT count(*) FROM change").fetchone()[0]
        return found


def listed(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    """Return what a dry run lists: what changes, child, event and day."""
    return [
        (one.what, one.child, one.event, f"{one.date:%m-%d}" if one.date else "")
        for one in outcome.steps
    ]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a path at which a store can be made."""
    return tmp_path / "iro.db"


# ---------------------------------------------------------------- one source, twice


def test_a_second_import_changes_nothing(store: Path) -> None:
    """The second import says so, and makes no change."""
    batch = annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD))
    put(store, batch)
    before = standing(store)
    outcome = put(store, batch)

    assert outcome.unchanged
    assert outcome.skipped.facts == 2
    assert (changes(store), standing(store)) == (1, before)


def test_what_is_new_is_added(store: Path) -> None:
    """New facts are added beside those that stand."""
    put(store, annex_a(("TS0101", CLA_START, START)))
    outcome = put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)))

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (1, 0, 0)
    assert facts(store) == {("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)}


def test_a_newer_latest_review_leaves_the_one_before(store: Path) -> None:
    """The extracts of two months make a history: no review is missing or moved."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)))
    outcome = put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, day("04-20"))))

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (1, 0, 0)
    assert [one[1:3] for one in stated(store)] == [
        (CLA_START, "01-05"), (LATEST, "01-28"), (LATEST, "04-20")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "was", "now", "moved"),
    [
        (LATEST, "03-02", "03-16", True),
        (LATEST, "03-02", "03-17", False),
        (LATEST, "03-02", "02-02", True),
        (LATEST, "03-05", "02-02", True),
        (LATEST, "03-06", "02-02", False),
        (CLA_START, "01-05", "05-11", True),
    ],
    ids=[
        *("14 days on", "15 days on", "an earlier one", "31 days back", "32 days back"),
        "a start, however far",
    ],
)
def test_a_day_that_was_put_right_takes_the_place_of_the_one_before(
    store: Path, event: str, was: str, now: str, moved: bool
) -> None:
    """A latest review within 14 days is the same one; a start after an end is another start."""
    put(store, annex_a(("TS0101", event, day(was))))
    outcome = put(store, annex_a(("TS0101", event, day(now))))

    assert outcome.moved == moved
    assert facts(store) == {("TS0101", event, day(one)) for one in ([now] if moved else [was, now])}


def test_days_a_month_apart_may_be_one_day_put_right() -> None:
    """Up to a month apart, in either order, two days are one review; reviews lie further apart."""
    assert is_moved(day("01-31"), day("01-01"))
    assert is_moved(day("01-01"), day("02-01"))
    assert not is_moved(day("01-01"), day("02-02"))


def test_a_start_after_an_end_is_another_start(store: Path) -> None:
    """The earlier period of care does not change."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", day("04-01"))))
    outcome = put(store, annex_a(("TS0101", CLA_START, day("06-01"))))

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (1, 0, 0)
    assert len(facts(store)) == 3


def test_an_end_is_not_missed_where_the_next_period_starts_that_day(store: Path) -> None:
    """It is the end of the earlier period, and --replace does not open that period again."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", day("06-01"))))
    outcome = put(store, annex_a(("TS0101", CLA_START, day("06-01"))), replace=True)

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (1, 0, 0)
    assert len(facts(store)) == 3


def test_the_end_of_a_period_of_one_day_is_missed(store: Path) -> None:
    """The extract still has the one-day period, but no longer its end."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", START)))

    assert put(store, annex_a(("TS0101", CLA_START, START))).vanished == 1


@pytest.mark.parametrize(("was", "now"), [("06-01", "06-02"), ("06-02", "06-01")])
def test_a_start_is_put_right_beside_the_end_of_the_period_before(
    store: Path, was: str, now: str
) -> None:
    """The earlier period ended on the first of the two days, which has no bearing on this start."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", day("06-01"))))
    put(store, annex_a(("TS0101", CLA_START, day(was))))
    outcome = put(store, annex_a(("TS0101", CLA_START, day(now))), replace=True)

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (0, 1, 0)
    assert facts(store) == {
        ("TS0101", CLA_START, START),
        ("TS0101", "cla.end", day("06-01")),
        ("TS0101", CLA_START, day(now)),
    }


def test_a_start_never_takes_the_place_of_one_further_off(store: Path) -> None:
    """A start before the end of the earlier period replaces neither start: all of them stay."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", day("06-01"))))
    put(store, annex_a(("TS0101", CLA_START, day("06-01"))))
    outcome = put(store, annex_a(("TS0101", CLA_START, day("05-31"))))

    assert (outcome.added.facts, outcome.moved) == (1, 0)
    assert ("TS0101", CLA_START, START) in facts(store)


@pytest.mark.parametrize(("last", "warned"), [("04-20", True), ("10-20", False)])
def test_an_older_extract_after_a_newer_one_is_pointed_out(
    store: Path, last: str, warned: bool
) -> None:
    """The newer extract's last review stays, whichever was imported first."""
    started = ("TS0101", CLA_START, START)
    put(store, annex_a(started, ("TS0101", LATEST, day("10-19"))))
    outcome = put(store, annex_a(started, ("TS0101", LATEST, day(last))))

    assert any("is this the older of the two" in one for one in outcome.warnings) == warned
    assert (("TS0101", LATEST, day("10-19")) in facts(store)) == warned


def test_nothing_is_withdrawn_for_an_extract_without_a_child(store: Path) -> None:
    """With --replace an empty extract is refused; without it, vanished facts are only reported."""
    put(store, annex_a(("TS0101", CLA_START, START)))
    empty = extract("annex-a", covers=LISTS, also=())
    before = standing(store)
    with pytest.raises(InputRefusedError, match="names no child"):
        put(store, empty, replace=True)

    assert put(store, empty).vanished == 1
    assert standing(store) == before


def test_what_vanished_is_in_order(store: Path) -> None:
    """Vanished facts are sorted by child, even if the extract names none of the children."""
    named = [f"TS01{number:02d}" for number in range(9)]
    put(store, annex_a(*((one, CLA_START, START) for one in named)))
    outcome = put(store, annex_a(), dry_run=True)

    assert [one.child for one in outcome.steps] == named


def test_what_vanished_is_reported_and_stays(store: Path) -> None:
    """The report names the child, the day, and the place in the earlier extract."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)))
    before = standing(store)
    outcome = put(store, annex_a(("TS0101", CLA_START, START)))

    assert (outcome.vanished, outcome.replaced, outcome.unchanged) == (1, False, True)
    assert outcome.warnings[0] == (
        "stated by an earlier annex-a extract and not by this one: 1 event (which still stands; "
        "--replace withdraws it)\n"
        "  TS0101: cla.review.latest on 28 Jan 2026 (annex-a.x:3)"
    )
    assert standing(store) == before


def test_what_vanished_is_withdrawn_when_asked(store: Path) -> None:
    """The history shows which change withdrew it."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)))
    outcome = put(store, annex_a(("TS0101", CLA_START, START)), replace=True)
    with reading(store) as reader:
        last = reader.history("TS0101")[0]

    assert (outcome.vanished, outcome.replaced, outcome.unchanged) == (1, True, False)
    assert "withdrawn, because of --replace" in outcome.warnings[0]
    assert facts(store) == {("TS0101", CLA_START, START)}
    assert (last.change, last.what, last.event) == (2, "withdrew fact", LATEST)


def test_more_than_ten_are_counted(store: Path) -> None:
    """The warning names ten facts, and says how to list all."""
    ids = [f"TS{number:04}" for number in range(12)]
    put(store, annex_a(*((child, LATEST, HELD) for child in ids)))
    outcome = put(store, annex_a(*((child, LATEST, date(2025, 11, 3)) for child in ids)))

    assert outcome.vanished == 12
    assert outcome.warnings[0].count("\n") == 11
    assert "and 2 more; `--dry-run -f csv` lists them all" in outcome.warnings[0]


# ---------------------------------------------------------------- what is not missed


def test_a_child_who_is_gone_from_the_extract(store: Path) -> None:
    """A child whose care had not ended is reported once, and not event by event."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", LATEST, HELD)))
    outcome = put(store, annex_a())

    assert outcome.vanished == 2
    assert outcome.warnings == [
        (
            "in an earlier annex-a extract and not in this one, so dates that depend on it are marked or left out (--replace withdraws it):\n"
            "  TS0101: the care from 5 Jan 2026, which had not ended before"
        )
    ]


def test_a_child_whose_care_ended_is_not_missed(store: Path) -> None:
    """The lists go back only half a year, so care that ended may be absent."""
    put(store, annex_a(("TS0101", CLA_START, START), ("TS0101", "cla.end", day("04-01"))))
    outcome = put(store, annex_a(), replace=True)

    assert (outcome.vanished, outcome.warnings, outcome.unchanged) == (0, [], True)


def test_a_plan_that_ended_is_not_missed_while_care_goes_on(store: Path) -> None:
    """A child may leave list 7 and stay on list 8."""
    care = ("TS0101", CLA_START, START)
    plan = [("TS0101", "cp.plan.start", START), ("TS0101", "cp.plan.end", day("04-01"))]
    put(store, annex_a(care, *plan))
    outcome = put(store, annex_a(care), replace=True)

    assert outcome.vanished == 0
    assert facts(store) == {care, *plan}


def test_a_plan_that_goes_on_is_missed_while_care_goes_on(store: Path) -> None:
    """Only the plan is missing."""
    care, plan = ("TS0101", CLA_START, START), ("TS0101", "cp.plan.start", START)
    put(store, annex_a(care, plan))
    outcome = put(store, annex_a(care), replace=True)

    assert outcome.vanished == 1
    assert facts(store) == {care}


def test_care_that_ended_is_not_missed_with_a_plan_that_goes_on(store: Path) -> None:
    """If the extract does not name the child, only what had not ended is missing."""
    care = [("TS0101", CLA_START, START), ("TS0101", "cla.end", day("04-01"))]
    put(store, annex_a(*care, ("TS0101", "cp.plan.start", date(2025, 9, 1))))
    outcome = put(store, annex_a(), replace=True)

    assert outcome.vanished == 1
    assert facts(store) == {*care}


def test_everything_open_is_missed_beside_a_window(store: Path) -> None:
    """An enquiry within the window of list 5 is missing, and so is the period of care."""
    window = [*LISTS, Cover(frozenset(("cp.strategy",)), day("08-03"), None, everyone=True)]
    other = ("TS0102", "cp.strategy", day("08-03"))
    gone = [("TS0101", CLA_START, START), ("TS0101", "cp.strategy", day("09-01"))]
    put(store, extract("annex-a", other, *gone, covers=window))
    outcome = put(store, extract("annex-a", other, covers=window), replace=True)

    assert outcome.vanished == 2
    assert facts(store) == {other}


def test_what_lies_before_the_window_is_not_missed(store: Path) -> None:
    """List 5 goes back half a year: an older enquiry is not missing from it."""

    def window(begins: str) -> list[Cover]:
        return [Cover(frozenset(("cp.strategy",)), day(begins), None, everyone=True)]

    put(store, extract("annex-a", ("TS0101", "cp.strategy", day("02-02")), covers=window("02-02")))
    later = extract("annex-a", ("TS0102", "cp.strategy", day("05-11")), covers=window("05-11"))

    assert put(store, later).vanished == 0


def test_an_extract_without_a_list_misses_nothing_of_it(store: Path) -> None:
    """If list 7 is left out, no plan is missing."""
    care, plan = ("TS0101", CLA_START, START), ("TS0101", "cp.plan.start", START)
    put(store, annex_a(care, plan))

    assert put(store, extract("annex-a", care, covers=LISTS[:1])).vanished == 0


def test_what_people_recorded_is_never_missed(store: Path) -> None:
    """An extract reports and withdraws only facts that its own kind stated."""
    put(store, Batch([Child("TS0101")], [("TS0101", Event(CLA_START, START), "")]))
    put(store, annex_a(("TS0102", CLA_START, START)))
    outcome = put(store, annex_a(), replace=True)

    assert outcome.vanished == 1
    assert facts(store) == {("TS0101", CLA_START, START)}


# ---------------------------------------------------------------- returns of two years

FIRST_YEAR = [("TS0101", CLA_START, date(2024, 5, 6)), ("TS0101", CLA_REVIEW, date(2025, 3, 17))]
SECOND_YEAR = [
    ("TS0101", "cla.continuing", date(2025, 2, 3)),
    ("TS0101", CLA_REVIEW, date(2025, 4, 7)),  # within a month of the one before
]


@pytest.mark.parametrize("backwards", [False, True])
def test_two_years_leave_each_other_alone(store: Path, backwards: bool) -> None:
    """In either order no fact is missing or moved, though two reviews are three weeks apart."""
    years = [ssda903(*FIRST_YEAR, year=2024), ssda903(*SECOND_YEAR, year=2025)]
    for batch in years[::-1] if backwards else years:
        outcome = put(store, batch)
        assert (outcome.moved, outcome.vanished) == (0, 0)

    assert facts(store) == {*FIRST_YEAR, *SECOND_YEAR}


def test_each_year_says_itself_that_care_began_before(store: Path) -> None:
    """Each return gives another day for care that began earlier; the later day replaces none."""
    first, second = date(2024, 2, 5), date(2025, 2, 3)
    put(store, ssda903(("TS0101", "cla.continuing", first), year=2024))
    outcome = put(store, ssda903(("TS0101", "cla.continuing", second), year=2025))

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (1, 0, 0)


def test_a_return_of_the_same_year_again(store: Path) -> None:
    """A review three weeks off has a corrected date, and a review that is left out is missing."""
    care = ("TS0101", CLA_START, date(2025, 6, 2))
    first = [("TS0101", CLA_REVIEW, date(2025, 6, 23)), ("TS0101", CLA_REVIEW, date(2025, 9, 15))]
    put(store, ssda903(care, *first))
    outcome = put(store, ssda903(care, ("TS0101", CLA_REVIEW, date(2025, 7, 14))), replace=True)

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (0, 1, 1)
    assert facts(store) == {care, ("TS0101", CLA_REVIEW, date(2025, 7, 14))}


def test_a_booked_review_that_moved_is_not_kept_twice(store: Path) -> None:
    """Both its days are after the last day that the return covers."""
    care = ("TS0101", CLA_START, date(2025, 6, 2))
    put(store, ssda903(care, ("TS0101", CLA_REVIEW, day("12-01"))))
    outcome = put(store, ssda903(care, ("TS0101", CLA_REVIEW, day("12-08"))))

    assert outcome.moved == 1
    assert facts(store) == {care, ("TS0101", CLA_REVIEW, day("12-08"))}


# ---------------------------------------------------------------- several sources


def test_another_source_of_a_known_fact_is_named_beside_the_first(store: Path) -> None:
    """The fact is stored once, and both sources are named as stating it."""
    put(store, ssda903(("TS0101", CLA_START, START)))
    outcome = put(store, annex_a(("TS0101", CLA_START, START)))
    again = put(store, annex_a(("TS0101", CLA_START, START)))

    assert (outcome.added.facts, outcome.confirmed) == (0, 1)
    assert stated(store) == [
        ("TS0101", CLA_START, "01-05", "annex-a"), ("TS0101", CLA_START, "01-05", "ssda903")
    ]  # fmt: skip
    assert again.unchanged


def test_what_another_source_states_too_stays(store: Path) -> None:
    """The fact is withdrawn for this source, and is the other source's from then on."""
    put(store, ssda903(("TS0101", CLA_START, START)))
    put(store, annex_a(("TS0101", CLA_START, START)))
    outcome = put(store, ssda903(), replace=True)

    assert (outcome.vanished, outcome.replaced) == (1, True)
    assert stated(store) == [("TS0101", CLA_START, "01-05", "annex-a")]
    assert {row[-1] for row in sources(store)} == {"annex-a.x:2"}


def test_a_fact_stays_when_a_source_that_confirmed_it_no_longer_has_it(store: Path) -> None:
    """Annex A had only confirmed the fact, and no longer does."""
    put(store, ssda903(("TS0101", CLA_START, START)))
    put(store, annex_a(("TS0101", CLA_START, START)))
    reported = put(store, annex_a())
    put(store, annex_a(), replace=True)

    assert reported.vanished == 1
    assert stated(store) == [("TS0101", CLA_START, "01-05", "ssda903")]


def test_a_date_that_one_source_put_right_is_stated_by_both(store: Path) -> None:
    """Two dates stand, each with its source, until the other source is corrected too."""
    put(store, annex_a(("TS0101", CLA_START, START)))
    put(store, ssda903(("TS0101", CLA_START, START)))
    put(store, annex_a(("TS0101", CLA_START, day("01-12"))))
    between = stated(store)
    outcome = put(store, ssda903(("TS0101", CLA_START, day("01-12"))))

    assert between == [
        ("TS0101", CLA_START, "01-05", "ssda903"), ("TS0101", CLA_START, "01-12", "annex-a")
    ]  # fmt: skip
    assert (outcome.moved, outcome.vanished) == (1, 0)
    assert stated(store) == [
        ("TS0101", CLA_START, "01-12", "annex-a"), ("TS0101", CLA_START, "01-12", "ssda903")
    ]  # fmt: skip


def test_a_source_that_confirmed_puts_its_own_date_right(store: Path) -> None:
    """The source's statement moves to its new date, and the other's fact does not change."""
    put(store, ssda903(("TS0101", CLA_START, START)))
    put(store, annex_a(("TS0101", CLA_START, START)))
    outcome = put(store, annex_a(("TS0101", CLA_START, day("01-12"))))

    assert (outcome.moved, outcome.vanished) == (1, 0)
    assert stated(store) == [
        ("TS0101", CLA_START, "01-05", "ssda903"), ("TS0101", CLA_START, "01-12", "annex-a")
    ]  # fmt: skip


def test_a_detail_of_another_source_does_not_make_the_fact_its_own(store: Path) -> None:
    """A fact that was typed in stays a typed fact, and gets the detail."""
    recorded = Event(CLA_REVIEW, day("02-02"), note="a note")
    put(store, Batch([Child("TS0101")], [("TS0101", recorded, "")]))
    batch = ssda903(("TS0101", CLA_REVIEW, day("02-02")))
    batch.facts[0] = (
        "TS0101", Event(CLA_REVIEW, day("02-02"), participation="PN1"), "ssda903.x:2"
    )  # fmt: skip
    put(store, batch)
    both = stated(store)
    put(store, ssda903(), replace=True)

    assert [one[3] for one in both] == ["recorded", "ssda903"]
    assert [one[3] for one in stated(store)] == ["recorded"]
    with reading(store) as reader:
        ((_, [kept]),) = reader.cases(TODAY, whole=True)
    assert kept == recorded._replace(participation="PN1")


def test_a_child_of_another_authority_is_refused(store: Path) -> None:
    """The same id may be two children, so nothing is stored."""
    batch = annex_a(("TS0101", CLA_START, START))
    batch.authority = "997"
    put(store, batch)
    other = ssda903(("TS0101", CLA_START, START))
    other.authority = "998"
    with pytest.raises(InputRefusedError) as caught:
        put(store, other)

    assert "authority 998's" in str(caught.value)
    assert "authority 997 (annex-a)" in str(caught.value)
    assert "(--database)" in str(caught.value)
    assert changes(store) == 1


# ---------------------------------------------------------------- one change, and undone

BEFORE = [
    ("TS0101", CLA_START, START), ("TS0101", LATEST, HELD),
    ("TS0102", CLA_START, START), ("TS0103", CLA_START, START),
]  # fmt: skip
AFTER = [
    ("TS0101", CLA_START, day("01-12")), ("TS0102", CLA_START, START),
    ("TS0102", LATEST, HELD), ("TS0104", CLA_START, START),
]  # fmt: skip


def test_all_of_it_is_one_change_and_undone_by_one(store: Path) -> None:
    """One undo restores every row: the facts, and the sources that state them."""
    put(store, ssda903(("TS0101", CLA_START, START), ("TS0102", CLA_START, START)))
    put(store, annex_a(*BEFORE))
    before = standing(store)
    outcome = put(store, annex_a(*AFTER), replace=True)
    changed = standing(store)
    undo(store)

    assert (outcome.added.facts, outcome.moved, outcome.vanished) == (2, 1, 2)
    assert changed != before
    assert changes(store) == 4
    assert standing(store) == before


def test_a_dry_run_stores_nothing_and_lists_what_would_change(store: Path) -> None:
    """Each change is listed with its earlier day and its place in the file."""
    put(store, annex_a(*BEFORE))
    before = standing(store)
    outcome = put(store, annex_a(*AFTER), dry_run=True)

    assert sorted(listed(outcome)) == [
        ("add", "TS0102", LATEST, "01-28"),
        ("add", "TS0104", "child", ""),
        ("add", "TS0104", CLA_START, "01-05"),
        ("move", "TS0101", CLA_START, "01-12"),
        ("vanished", "TS0101", LATEST, "01-28"),
        ("vanished", "TS0103", CLA_START, "01-05"),
    ]
    (move,) = [one for one in outcome.steps if one.what == "move"]
    assert (move.was, move.source) == ("2026-01-05", "annex-a.x:2")
    assert standing(store) == before


def test_killed_halfway_it_stores_nothing(store: Path, tmp_path: Path) -> None:
    """If the process is killed with half of its rows written, the store does not change."""
    put(store, annex_a(*BEFORE))
    before = standing(store)
    script = tmp_path / "killed.py"
    script.write_text(
        "import os, sys\n"
        "sys.path[:0] = sys.argv[2:]\n"
        "from iro_cli.store.changing import Change\n"
        "from changes.test_snapshots import AFTER, annex_a, put\n"
        "from pathlib import Path\n"
        "add = Change.add\n"
        "def killed(change, kind, records):\n"
        "    return os._exit(9) if kind.table == 'sighting' else add(change, kind, records)\n"
        "Change.add = killed\n"
        "put(Path(sys.argv[1]), annex_a(*AFTER), replace=True)\n"
    )
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(script), str(store), str(tests)], check=False, capture_output=True
    )

    assert done.returncode == 9, done.stderr
    assert standing(store) == before


# ---------------------------------------------------------------- whatever the extracts hold

_NAMES = (CLA_START, "cla.end", LATEST, "cp.plan.start", "cp.plan.end")
_said = st.tuples(
    st.sampled_from(["TS0101", "TS0102"]),
    st.sampled_from(_NAMES),
    st.integers(0, 200).map(lambda days: START + timedelta(days=days)),
)
_extracts = st.lists(_said, max_size=8, unique=True)


@FEW
@given(_extracts, _extracts, st.booleans())
def test_a_dry_run_says_exactly_what_then_happens(
    first: list[Said], second: list[Said], replace: bool
) -> None:
    """The listed changes turn the facts before into those after; importing again changes none."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        put(path, annex_a(*first))
        expected = facts(path)
        trial = put(path, annex_a(*second), dry_run=True, replace=replace)
        for one in trial.steps:
            if one.date is None:
                continue
            if one.what == "move":
                expected.remove((one.child, one.event, date.fromisoformat(one.was)))
            if one.what == "withdraw":
                expected.remove((one.child, one.event, one.date))
            elif one.what in ("add", "move"):
                expected.add((one.child, one.event, one.date))
        done = put(path, annex_a(*second), replace=replace)
        stood = facts(path)
        again = put(path, annex_a(*second), replace=replace)

        assert stood == expected
        assert done._replace(dry_run=True, steps=trial.steps) == trial
        assert again.unchanged
        assert facts(path) == expected


@FEW
@given(_extracts, _extracts, st.booleans())
def test_what_stands_then_is_what_a_reader_finds(
    first: list[Said], second: list[Said], replace: bool
) -> None:
    """The import checks the same events for contradictions that a reader finds afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        put(path, annex_a(*first))
        done = put(path, annex_a(*second), replace=replace)
        with reading(path) as reader:
            found = dict(reader.cases(date.max, [*done.stands], whole=True))

        assert {child: events for child, events in done.stands.items() if events} == found


@FEW
@given(_extracts, _extracts)
def test_undo_puts_everything_back(first: list[Said], second: list[Said]) -> None:
    """After an undo every row stands as before."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        put(path, annex_a(*first))
        before = standing(path)
        assume(not put(path, annex_a(*second), replace=True).unchanged)
        undo(path)

        assert standing(path) == before


@FEW
@given(
    st.dates(date(2025, 4, 1), date(2026, 1, 31)),
    st.lists(st.integers(15, 200), min_size=1, max_size=4),
)
def test_the_order_of_two_sources_does_not_matter(started: date, gaps: list[int]) -> None:
    """Annex A and the return in either order give the same due dates, without an assumption."""
    reviews, on = [], started
    for gap in gaps:
        on += timedelta(days=gap)
        reviews.append(on)
    latest = annex_a(("TS0101", CLA_START, started), ("TS0101", LATEST, reviews[-1]))
    whole = ssda903(
        ("TS0101", CLA_START, started), *(("TS0101", CLA_REVIEW, held) for held in reviews)
    )
    with TemporaryDirectory() as folder:
        answers = []
        for name, batches in (("one", (latest, whole)), ("other", (whole, latest))):
            path = Path(folder) / name
            for batch in batches:
                put(path, batch)
            view = View(reading(path), nation="england", as_of=date(2030, 1, 1))
            answers.append(open_obligations(view, AskedDue(everything=True)))
            view.reader.close()

        assert answers[0] == answers[1]
        assert [one.assumed for one in answers[0]] == [None]


@each(
    "other, ended, same",
    [
        ("2026-06-01", None, True),
        # Up to thirty-one days later it may be the same start, unless care ended in between.
        ("2026-07-02", None, True),
        ("2026-07-02", "2026-06-12", False),
        ("2026-07-03", None, False),
    ],
)
def test_two_days_are_the_start_of_one_period(other: str, ended: str | None, same: bool) -> None:
    """Two near days are one start if no end lies between them."""
    begun, on = date(2026, 6, 1), date.fromisoformat(other)
    ends = [Event("cla.end", date.fromisoformat(ended))] if ended else []

    assert is_same_period([Event(CLA_START, begun), *ends], "cla", begun, on) is same
    assert is_same_period([Event(CLA_START, begun), *ends], "cla", on, begun) is same


@each(
    "on, until, ended",
    [
        # The period from 1 June ended on 12 June, and nothing is known of an end of the second.
        ("2026-06-01", "2026-06-11", False),
        ("2026-06-01", "2026-06-12", True),
        # A day within it, and a day after it, on which nothing had begun.
        ("2026-06-05", "2026-06-12", True),
        ("2026-06-12", "2026-06-30", False),
        ("2026-07-02", "2026-12-31", False),
    ],
)
def test_a_period_has_ended_by_the_day_of_its_end(on: str, until: str, ended: bool) -> None:
    """The end counts from its own day on, and only for the period that it ended."""
    known = [
        Event(CLA_START, date(2026, 6, 1)),
        Event("cla.end", date(2026, 6, 12)),
        Event(CLA_START, date(2026, 7, 2)),
    ]

    found = has_ended_by(known, "cla", date.fromisoformat(on), date.fromisoformat(until))

    assert found is ended


def test_the_ends_of_a_process_up_to_a_day() -> None:
    """The day itself is included; ends of other processes are not."""
    first, second = (Event("cla.end", date(2026, month, 12)) for month in (6, 9))
    known = [first, Event("cp.plan.end", date(2026, 6, 1)), second]

    assert ends_up_to(known, "cla", date(2026, 9, 11)) == [first]
    assert ends_up_to(known, "cla", date(2026, 9, 12)) == [first, second]
