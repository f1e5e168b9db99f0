"""One child, asked of the store directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Booking, Child, Event
from iro_cli.questions.show import drift_of, explain, is_too_early, show
from stores import viewed

ON = date(2026, 11, 23)
Store = Callable[..., Path]


@pytest.fixture
def wren(make_store: Store) -> Path:
    """
    Return a store of one child, looked after since Mon 1 Jun 2026.

    The first review was due Mon 29 Jun (4 weeks without a bank holiday) and was held on
    Tue 30 Jun: a day late. The second is due three months on, Wed 30 Sep. Proceedings began
    Mon 6 Jul, which counts as the first day: 26 weeks end on Sun 3 Jan 2027.
    """
    facts = [
        ("Wren", Event("cla.start", date(2026, 6, 1))),
        ("Wren", Event("cla.review", date(2026, 6, 30), completed_on=date(2026, 7, 2))),
        ("Wren", Event("court.application", date(2026, 7, 6))),
    ]
    booking = Booking(
        "Wren", "cla.review.second", date(2026, 6, 30), date(2026, 11, 30), None, "carer ill"
    )
    return make_store([Child("Wren")], facts, [], [booking])


def test_what_is_open_and_what_was_met(wren: Path) -> None:
    """The second review is 54 days overdue; the first was met a day late."""
    found, case = show(viewed(wren, ON), "Wren")
    second = found.open[0]
    [met] = found.met

    assert case.child.child_id == "Wren"
    assert (second.timescale, second.due) == ("cla.review.second", date(2026, 9, 30))
    assert (second.status, second.days_left) == ("overdue", -54)
    assert (met.row.timescale, met.row.due) == ("cla.review.first", date(2026, 6, 29))
    assert (met.held, met.days_late, is_too_early(met)) == (date(2026, 6, 30), 1, False)
    assert found.reasons == {("cla.review.second", date(2026, 6, 30)): "carer ill"}


def test_how_long_proceedings_have_run(wren: Path) -> None:
    """Since the application, with the day on which 26 weeks end."""
    view = viewed(wren, ON)
    found, case = show(view, "Wren")
    drift = drift_of(case, view.listing(view.shown()))

    assert drift == found.drift
    assert drift is not None
    assert drift.due is not None
    assert (drift.started, drift.due.due) == (date(2026, 7, 6), date(2027, 1, 3))


def test_without_proceedings_there_is_no_drift(authority: Path) -> None:
    """Without proceedings the section is not there."""
    found, _ = show(viewed(authority, ON), "Finch")

    assert found.drift is None


def test_why_a_date_is_so(wren: Path) -> None:
    """The start of the clock, the series of meetings, the booking and the origin."""
    _, [found] = explain(viewed(wren, ON), "Wren", "cla.review.second")

    assert found.due is not None
    assert (found.due.due, found.due.counted_from) == (date(2026, 9, 30), date(2026, 6, 30))
    assert (found.started_by, found.moved_because) == ("cla.review", "carer ill")
    assert found.series is not None
    assert found.series == (date(2026, 6, 30), date(2026, 7, 2), date(2026, 6, 30))
    assert (found.refusal, found.assumed, found.markers) == (None, None, ())


def test_what_is_not_open_is_refused(wren: Path) -> None:
    """The message names what is open."""
    with pytest.raises(InputRefusedError, match=r"is not open for Wren.*cla\.review\.second"):
        explain(viewed(wren, ON), "Wren", "cla.review.first")


def test_what_was_held_before_it_may_be_is_too_early(make_store: Store) -> None:
    """Between 28 and 42 days after a child came back from adopters, Mon 1 Jun: Mon 29 Jun on."""
    came_back = date(2026, 6, 1)
    facts = [
        ("Wren", Event("cla.start", date(2025, 6, 2))),
        ("Wren", Event("adoption.placed", date(2026, 3, 2))),
        ("Wren", Event("adoption.returned", came_back)),
        ("Wren", Event("adoption.review", date(2026, 6, 15))),
    ]
    found, _ = show(viewed(make_store([Child("Wren")], facts), ON), "Wren", watched_all=True)
    [early] = [one for one in found.met if one.row.timescale == "adoption.review.returned"]

    assert (early.held, early.days_late) == (date(2026, 6, 15), 0)
    assert early.row.status == "out-of-timescale"
    assert is_too_early(early)


def test_a_wait_that_ended_without_a_meeting_was_neither_held_nor_late(make_store: Store) -> None:
    """
    Fifteen working days from Mon 5 Jan 2026 end on Mon 26 Jan; it was decided on Fri 20 March.

    That no conference is required is no conference that was held 53 days late.
    """
    facts = [
        ("Wren", Event("cp.strategy", date(2026, 1, 5), section_47="yes")),
        ("Wren", Event("cp.conference.not-required", date(2026, 3, 20))),
    ]
    found, _ = show(viewed(make_store([Child("Wren")], facts), ON), "Wren")
    (one,) = found.met

    assert (one.row.due, one.row.status) == (date(2026, 1, 26), "not-required")
    assert (one.held, one.days_late, one.not_required_on) == (None, None, date(2026, 3, 20))
    assert not is_too_early(one)


def test_what_started_a_clock_is_named_and_not_what_met_the_one_before(make_store: Store) -> None:
    """A conference and a strategy discussion on one day: the discussion starts the clock."""
    on = date(2026, 10, 20)
    facts = [
        ("Wren", Event("cp.strategy", date(2026, 10, 5))),
        ("Wren", Event("cp.conference.initial", on, outcome="no-plan")),
        ("Wren", Event("cp.strategy", on)),
    ]
    _, [found] = explain(viewed(make_store([Child("Wren")], facts), ON), "Wren")

    assert found.row.clock_started == on
    assert found.started_by == "cp.strategy"
