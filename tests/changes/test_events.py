"""Facts, bookings and audits, changed in a store directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.changes.audits import draw_sample, record_audit
from iro_cli.changes.booking import Wanted, book, book_all, booked_as, timescale_meant, unbook
from iro_cli.changes.recording import checked_event, event_named, record
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.facts.people import Audit
from iro_cli.figures.diary import SuggestedRow
from iro_cli.obligations.ahead import MeetingDue
from iro_cli.obligations.clocks import Clock
from iro_cli.questions.audits import CaseToDraw
from iro_cli.questions.view import View
from iro_cli.store.changing import Change
from stores import changing, reading, refused

ENGLAND = library.catalogue("england")
ON = date(2026, 11, 23)
STARTED = date(2026, 11, 2)
FIRST = "cla.review.first"
ADA = "Ada Okafor"


@pytest.fixture
def store(make_store: Callable[..., Path]) -> Path:
    """Return a store with a child of Ada's in care since Mon 2 Nov 2026, and one of nobody's."""
    return make_store(
        [Child("Finch"), Child("Moss")],
        [("Finch", Event("cla.start", STARTED))],
        [Allocation("Finch", "iro", ADA)],
    )


# ---------------------------------------------------------------- facts


def test_an_event_is_known_by_its_name() -> None:
    """For an unknown event the nearest name is suggested."""
    assert event_named("cla.review") == "cla.review"
    with pytest.raises(InputRefusedError, match=r"cla\.review"):
        event_named("cla.reveiw")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event("cla.review", date(2026, 11, 24)), "24 Nov 2026 is still to come"),
        (Event("cla.review", ON, outcome="plan"), "--outcome does not belong to cla.review"),
        (Event("cla.review", ON, participation="PN9"), "--participation 'PN9': one of PN0"),
        (Event("cla.review", ON, completed_on=STARTED), "completed on 2 Nov 2026, before it began"),
        (Event("review.decisions", ON, reference="soon"), "must be the date of the review"),
    ],
)
def test_an_impossible_fact_is_refused(event: Event, words: str) -> None:
    """An impossible fact is refused, and the message names the option or the day."""
    with pytest.raises(InputRefusedError, match=words):
        checked_event(event, today=ON, as_of=ON)


def test_a_reference_that_is_a_day_is_kept_as_one() -> None:
    """A reference that is a day is stored the same however it is typed."""
    found = checked_event(Event("review.decisions", ON, reference="20/11/2026"), today=ON, as_of=ON)

    assert found.reference == "2026-11-20"


def test_a_fact_is_stored_corrected_and_taken_back(store: Path) -> None:
    """A second time with a detail corrects the fact; a third time nothing changes."""
    review = Event("cla.review", date(2026, 11, 20))
    told = review._replace(participation="PN1")
    with changing(store) as change:
        first = record(change, ENGLAND, review, ["Finch"])
    with changing(store) as change:
        second = record(change, ENGLAND, told, ["Finch"])
        third = record(change, ENGLAND, review, ["Finch"])
    with changing(store) as change:
        gone = record(change, ENGLAND, review, ["Finch"], withdraw=True)
    events = dict(reading(store).cases(ON, "Finch", whole=True))["Finch"]

    assert (first.added, second.corrected, third.standing) == (["Finch"], ["Finch"], ["Finch"])
    assert gone.corrected == ["Finch"]
    assert [one.event for one in events] == ["cla.start"]


def test_what_contradicts_the_facts_is_refused_for_all(store: Path) -> None:
    """A contradiction for one child stores nothing for any; `insist` stores it with the finding."""
    review = Event("cla.review", date(2026, 11, 20))
    with refused(store, "Moss: 20 Nov 2026, cla.review .*no start of one is recorded") as change:
        record(change, ENGLAND, review, ["Finch", "Moss"])
    with changing(store) as change:
        done = record(change, ENGLAND, review, ["Moss"], insist=True)

    assert len(dict(reading(store).cases(ON, "Finch", whole=True))["Finch"]) == 1
    assert [(child, one.kind) for child, one in done.findings] == [("Moss", "start-missing")]


# ---------------------------------------------------------------- bookings


def _view(change: Change) -> View:
    return View(change, nation="england", as_of=ON)


def _booked(store: Path) -> list[tuple[date, str | None]]:
    return [(one.on, one.reason) for one in reading(store).bookings("Finch").values()]


def test_a_meeting_is_booked_moved_and_taken_back(store: Path) -> None:
    """Due Mon 30 Nov: Sat 28 is a weekend, and Tue 1 Dec is too late."""
    with changing(store) as change:
        first = book(change, _view(change), Wanted("Finch", FIRST, date(2026, 11, 28), "10:00"))
    with changing(store) as change:
        second = book(
            change, _view(change), Wanted("Finch", FIRST, date(2026, 12, 1), reason="cancelled")
        )
    assert _booked(store) == [(date(2026, 12, 1), "cancelled")]
    with changing(store) as change:
        gone = unbook(change, ENGLAND, "Finch", FIRST)

    assert first == ["28 Nov 2026 is a weekend"]
    assert second == ["it is TOO LATE: first review is due by 30 Nov 2026"]
    assert (gone.clock_started, gone.on, _booked(store)) == (STARTED, date(2026, 12, 1), [])


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted("Finch", FIRST, date(2026, 11, 20)), "20 Nov 2026 lies before 23 Nov 2026"),
        (Wanted("Finch", "cla.review.second", date(2026, 11, 30)), "cla.review.second"),
        (Wanted("Fnich", FIRST, date(2026, 11, 30)), "there is no child 'Fnich'"),
    ],
)
def test_a_meeting_that_cannot_be_booked(store: Path, wanted: Wanted, words: str) -> None:
    """A booking is refused for a past day, without an open clock, and for an unknown child."""
    with refused(store, words) as change:
        book(change, _view(change), wanted)

    assert _booked(store) == []


def test_taking_back_a_booking_that_does_not_exist_is_refused(store: Path) -> None:
    """If there is no booking to take back, the message names the timescale and the child."""
    with refused(store, f"nothing is booked for {FIRST} of Finch") as change:
        unbook(change, ENGLAND, "Finch", FIRST)


def test_which_meeting_is_meant(store: Path) -> None:
    """Without a name the only open meeting is meant, else the one that is named, by id or word."""
    with changing(store) as change:
        view = _view(change)
        meant = [timescale_meant(view, "Finch", one, ON) for one in (None, FIRST, "first review")]
    with refused(store, "Moss has no meeting open on 23 Nov 2026") as change:
        timescale_meant(_view(change), "Moss", None, ON)

    assert meant == [FIRST, FIRST, FIRST]


def test_which_booking_is_meant(store: Path) -> None:
    """The only booking is found by whatever name is given."""
    with changing(store) as change:
        book(change, _view(change), Wanted("Finch", FIRST, date(2026, 11, 27)))
    with changing(store) as change:
        meant = [booked_as(change, ENGLAND, "Finch", one) for one in (None, FIRST, "first review")]
    with refused(store, "nothing is booked for Moss") as change:
        booked_as(change, ENGLAND, "Moss", None)

    assert meant == [FIRST, FIRST, FIRST]


def test_a_whole_proposal_is_booked(store: Path) -> None:
    """A row without a day is left out; one that was booked meanwhile refuses the whole proposal."""
    clock = Clock(ENGLAND.rules[FIRST], STARTED)
    due = date(2026, 11, 30)
    meeting = MeetingDue(Child("Finch"), clock, "First review", "review", due, due)
    rows = [SuggestedRow(meeting, ADA, date(2026, 11, 26), None)]
    without = [SuggestedRow(meeting._replace(child=Child("Moss")), ADA, None, None)]
    with changing(store) as change:
        count = book_all(change, rows + without, ON)
    with refused(store, "has been booked in the meantime, for 26 Nov 2026") as change:
        book_all(change, rows, ON)

    assert (count, _booked(store)) == (1, [(date(2026, 11, 26), None)])
    assert reading(store).bookings("Moss") == {}


# ---------------------------------------------------------------- audits


def test_an_audit_is_kept_with_whose_case_it_was(store: Path) -> None:
    """The same audit again changes nothing, another grade replaces it, nobody audits their own."""
    audit = Audit("Finch", ON, "Case file", "Good", "Efa Moss")
    with changing(store) as change:
        first = record_audit(change, audit)
        again = record_audit(change, audit)
        other = record_audit(change, audit._replace(grade="Inadequate"))
    with refused(store, "nobody audits their own case") as change:
        record_audit(change, audit._replace(auditor=ADA))

    assert (first, again) == (audit._replace(iro=ADA), None)
    assert reading(store).audits() == [other]


def test_a_sample_is_drawn_once(store: Path) -> None:
    """A case already drawn is not drawn again; the due day cannot be before the draw."""
    among = [CaseToDraw("Finch", "cla", ADA)]
    due = date(2026, 12, 18)
    with changing(store) as change:
        first = draw_sample(change, among, 3, 1, ON, due, "Efa Moss")
        again = draw_sample(change, among, 3, 2, ON, due)
    with refused(store, "lies before 23 Nov 2026, the day of the draw") as change:
        draw_sample(change, among, 1, 1, ON, STARTED)

    assert [(one.child_id, one.due_on, one.auditor) for one in first.added] == [
        ("Finch", due, "Efa Moss")
    ]
    assert (again.added, again.standing, first.possible) == ([], first.added, 1)
    assert reading(store).drawn() == first.added
