"""Make rows of what is open on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given

from iro_cli import library
from iro_cli.facts.model import Allocation, Booking, Bookings, Child, Event
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.listing import (
    DUE_SOON,
    DUE_TODAY,
    LATER,
    OVERDUE,
    REFUSED,
    DueRow,
    DueRows,
    Met,
    responsible,
    soonest_first,
    status_of,
)
from iro_cli.sentences.reasons import refusal_words
from running import each
from strategies import LAW_FROM, histories

CATALOGUE = library.catalogue("england")
CALENDAR = library.calendar("england-and-wales")
ALL = Watchlist(CATALOGUE, {}, everything=True)
WORK = Engine(CATALOGUE)
CHILD = Child("CH-001", team="North")
LAST = LAW_FROM + timedelta(days=240)
ORDER = (LATER, DUE_SOON, DUE_TODAY, OVERDUE)


def listing(as_of: date, shown: Watchlist = ALL) -> DueRows:
    """Return the maker of rows on a day; four weeks ahead count as soon."""
    return DueRows(CATALOGUE, CALENDAR, shown, as_of=as_of, horizon=as_of + timedelta(days=28))


def rows(
    events: list[Event], as_of: date, shown: Watchlist = ALL, child: Child = CHILD
) -> list[DueRow]:
    """Return the open rows of a child, soonest first."""
    known = [one for one in events if one.on <= as_of]
    clocks = WORK.run(known, as_of=as_of, born=child.date_of_birth)
    return sorted(listing(as_of, shown).open_rows(child, clocks.open, known), key=soonest_first)


def met(events: list[Event], as_of: date) -> list[Met]:
    """Return the met rows up to a day."""
    clocks = WORK.run(events, as_of=as_of)
    return list(listing(as_of).met_rows(CHILD.child_id, clocks.met, events))


class TestStatus:
    """``overdue`` means ``due < as_of`` and not held."""

    @each(
        "days, status", [(-1, OVERDUE), (0, DUE_TODAY), (1, DUE_SOON), (28, DUE_SOON), (29, LATER)]
    )
    def test_where_a_date_stands(self, days: int, status: str) -> None:
        """Due today is not overdue, and the last day of the horizon is soon."""
        today = date(2026, 11, 22)
        due = today + timedelta(days=days)

        assert status == status_of(due, today, today + timedelta(days=28))

    @given(histories())
    def test_it_only_moves_forward(self, events: list[Event]) -> None:
        """Without new facts an obligation goes from later to overdue, never back."""
        reached: dict[tuple[str, date | None], int] = {}
        for days in range(0, 260, 13):
            for row in rows(events, LAST + timedelta(days=days)):
                if row.status == REFUSED:
                    continue
                key = (row.timescale, row.clock_started)
                place = ORDER.index(row.status)
                assert reached.get(key, 0) <= place
                reached[key] = place

    @given(histories())
    def test_nothing_vanishes_by_waiting(self, events: list[Event]) -> None:
        """An open obligation stays open until it is met or ended, by a series of meetings too."""
        assume(all(one.completed_on is None or one.completed_on <= LAST for one in events))
        soon = [(row.timescale, row.clock_started, row.due) for row in rows(events, LAST)]
        late = rows(events, LAST + timedelta(days=900))

        assert soon == [(row.timescale, row.clock_started, row.due) for row in late]

    @given(histories())
    def test_a_row_agrees_with_itself(self, events: list[Event]) -> None:
        """The status, the days left and the dates of a row agree."""
        for row in rows(events, LAST):
            if row.due is None or row.hold_by is None:
                assert (REFUSED, None) == (row.status, row.days_left)
                continue
            assert (row.due - LAST).days == row.days_left
            assert CALENDAR.between(LAST, row.due) == row.working_days_left
            assert (row.due < LAST) == (row.status == OVERDUE)
            assert row.hold_by <= row.due


class TestMet:
    """Held meetings, and how late they were."""

    @pytest.mark.parametrize(
        ("held", "status", "late"),
        [
            (date(2026, 2, 2), "in-timescale", 0),
            (date(2026, 2, 9), "in-timescale", 0),
            (date(2026, 2, 10), "out-of-timescale", 1),
            (date(2026, 2, 17), "out-of-timescale", 8),
        ],
    )
    def test_held_on_the_due_day_is_in_timescale(self, held: date, status: str, late: int) -> None:
        """Held on the due day is in timescale, held the day after is one day out."""
        events = [Event("cla.start", date(2026, 1, 12)), Event("cla.review", held)]
        (first,) = (one for one in met(events, held) if one.rule.id == "cla.review.first")

        assert (status, late) == (first.status, first.days_late)

    @given(histories())
    def test_nothing_is_both_open_and_met(self, events: list[Event]) -> None:
        """A met clock is not open, except one that starts as the other is met."""
        opened = {(row.timescale, row.clock_started) for row in rows(events, LAST)}
        done = {(one.rule.id, one.started) for one in met(events, LAST) if one.held != one.started}

        assert set() == {one for one in opened & done if CATALOGUE.rules[one[0]].match is None}

    @given(histories())
    def test_late_is_counted_from_the_due_day(self, events: list[Event]) -> None:
        """Days late count from the due date, and are never negative."""
        wrong = [
            one for one in met(events, LAST) if one.days_late != max(0, (one.held - one.due).days)
        ]

        assert [] == wrong


class TestShown:
    """Which timescales are shown."""

    EVENTS = [Event("cla.start", date(2026, 1, 12)), Event("cla.review", date(2026, 2, 2))]
    RECORDS = ("cla.review.decisions", "cla.review.record", "cla.review.distribution")

    def shown(self, watched: dict[str, date], *, everything: bool = False) -> list[str]:
        """Return the shown timescales if some are watched."""
        found = rows(self.EVENTS, date(2026, 2, 3), Watchlist(CATALOGUE, watched, everything))
        return [row.timescale for row in found]

    def test_the_watched_ones_always(self) -> None:
        """Only watched timescales are shown by default."""
        assert ["cla.review.second"] == self.shown({})

    def test_one_more_from_a_day_on(self) -> None:
        """A timescale that is turned on is shown for clocks from that day on."""
        assert ["cla.review.record", "cla.review.second"] == self.shown(
            {"cla.review.record": date(2026, 2, 2)}
        )

    def test_not_for_clocks_from_before(self) -> None:
        """A clock that started before the day is not shown."""
        assert ["cla.review.second"] == self.shown({"cla.review.record": date(2026, 2, 3)})

    def test_everything_once(self) -> None:
        """``--watched all`` shows everything, in order of the due days."""
        decisions, record, distribution = self.RECORDS
        named = [
            *("cla.iro.appointed", "plans.care", "plans.education.first"),
            *(decisions, "plans.health.first", "cla.review.care-plan", record, distribution),
            *("cla.midway", "cla.review.second"),
        ]

        assert [one for one in self.shown({}, everything=True) if one in named] == named

    def test_asking_for_everything_runs_everything(self) -> None:
        """Only the clocks of shown timescales are run."""
        assert Watchlist(CATALOGUE, {}, everything=True).wanted() is None
        assert "cla.review.record" in (
            Watchlist(CATALOGUE, {"cla.review.record": date(2026, 1, 1)}).wanted() or ()
        )


class TestRefused:
    """A row without a date has its reason and what to do."""

    def refusal(self, *events: Event, child: Child = CHILD) -> str | None:
        """Return the words for why the first open clock has no date."""
        clocks = WORK.run(list(events), as_of=date(2026, 12, 31))
        found = listing(date(2026, 12, 31)).refusal(clocks.open[0], child)
        return refusal_words(found) if found else None

    def test_with_no_review_known(self) -> None:
        """For a child already looked after, import a source or record the start."""
        told = self.refusal(Event("cla.continuing", date(2026, 4, 1)))

        assert told is not None
        assert "period of care was open already" in told
        assert told.endswith("import the year in which it began, or record cla.start")

    def test_with_one_review_known_both_dates_are_named(self) -> None:
        """After one review of an unknown number, both three and six months are named."""
        told = self.refusal(
            Event("cla.continuing", date(2026, 4, 1)), Event("cla.review", date(2026, 5, 6))
        )

        assert told is not None
        assert "6 Aug 2026 as the second review or 6 Nov 2026 as the subsequent review" in told

    def test_a_child_of_another_nation(self) -> None:
        """A child under another nation's law gets no date of England's."""
        told = self.refusal(
            Event("cla.start", date(2026, 5, 6)), child=Child("CH-002", nation="scotland")
        )

        assert (
            "the child is of Scotland, whose rules this version does not have, and England's "
            "would give wrong dates"
        ) == told

    def test_a_refused_row_stands_last(self) -> None:
        """Rows without a date come after those with one."""
        events = [
            Event("cla.continuing", date(2026, 4, 1)),
            Event("dispute.raised", date(2026, 4, 1)),
        ]
        found = rows(events, date(2026, 4, 2))
        refused = [row.status == REFUSED for row in found]
        reviews = [row.status for row in found if row.timescale == "cla.review.first"]

        assert sorted({*refused}) == [False, True]
        assert sorted(refused) == refused
        assert reviews == [REFUSED]

    def test_a_clock_from_before_the_law_is_refused_alone(self) -> None:
        """Only the conference from before the pack's law has no date."""
        events = [Event("cp.conference.initial", date(2011, 3, 31))]

        assert {REFUSED} == {row.status for row in rows(events, date(2011, 4, 1))}

    def test_an_old_review_without_a_start_is_refused_alone(self) -> None:
        """A review from before any version of the law affects its own row only."""
        events = [Event("cla.review", date(1991, 9, 2))]

        assert {REFUSED} == {row.status for row in rows(events, date(1991, 12, 2))}


class TestBooked:
    """A booking belongs to the clock that was open when it was made."""

    EVENTS = [Event("cla.start", date(2026, 1, 12))]

    @pytest.mark.parametrize(("on", "late"), [(date(2026, 2, 9), False), (date(2026, 2, 10), True)])
    def test_too_late(self, on: date, late: bool) -> None:
        """A meeting booked for the due day is in time, and one for the day after is not."""
        start = self.EVENTS[0].on
        booking = Booking("CH-001", "cla.review.first", clock_started=start, on=on)
        clocks = WORK.run(self.EVENTS, as_of=date(2026, 1, 13))
        bookings: Bookings = {("CH-001", "cla.review.first", start): booking}
        found = listing(date(2026, 1, 13)).open_rows(
            CHILD, clocks.open, self.EVENTS, bookings=bookings
        )

        assert [(on, late)] == [
            (row.booked, row.booked_late) for row in found if row.timescale == "cla.review.first"
        ]

    def test_another_clock_s_booking_is_not_taken(self) -> None:
        """A booking for a met clock does not count for the next."""
        old = Booking(
            "CH-001", "cla.review.first", clock_started=date(2025, 6, 2), on=date(2026, 2, 2)
        )
        clocks = WORK.run(self.EVENTS, as_of=date(2026, 1, 13))
        found = listing(date(2026, 1, 13)).open_rows(
            CHILD,
            clocks.open,
            self.EVENTS,
            bookings={("CH-001", "cla.review.first", old.clock_started): old},
        )

        assert {None} == {row.booked for row in found}


class TestResponsible:
    """Which IRO or chair has a child."""

    def test_the_one_that_began_last(self) -> None:
        """Of two allocations for a day, the later one counts."""
        allocations = [
            Allocation("CH-001", "iro", "B", date(2026, 3, 1)),
            Allocation("CH-001", "iro", "A", date(2026, 1, 1)),
        ]

        assert ["A", "B"] == [
            responsible(allocations, "cla", day) for day in (date(2026, 2, 28), date(2026, 3, 1))
        ]

    def test_the_last_day_is_included(self) -> None:
        """An allocation includes its last day."""
        allocations = [Allocation("CH-001", "iro", "A", None, date(2026, 3, 1))]

        assert ["A", None] == [
            responsible(allocations, "cla", day) for day in (date(2026, 3, 1), date(2026, 3, 2))
        ]

    @pytest.mark.parametrize(("process", "name"), [("cp", "C"), ("cla", "A"), ("secure", "A")])
    def test_a_conference_is_its_chair_s(self, process: str, name: str) -> None:
        """The chair answers for conferences, and the IRO for all other duties."""
        allocations = [Allocation("CH-001", "iro", "A"), Allocation("CH-001", "chair", "C")]

        assert name == responsible(allocations, process, date(2026, 1, 1))

    def test_without_a_chair_the_iro(self) -> None:
        """Without a chair, the IRO of a child on a plan answers for its conferences."""
        assert "A" == responsible([Allocation("CH-001", "iro", "A")], "cp", date(2026, 1, 1))


@given(histories())
def test_the_listing_is_in_a_stable_order(events: list[Event]) -> None:
    """The order in which the facts of a day were entered does not change the rows."""
    turned = list(reversed(events))
    turned.sort(key=lambda one: one.on)

    assert rows(events, LAST) == rows(turned, LAST)


@given(histories(), histories())
def test_the_rows_of_one_child_do_not_depend_on_another(
    events: list[Event], others: list[Event]
) -> None:
    """A listing for many children has the rows of each child alone."""
    shared = listing(LAST)
    other = Child("CH-002")
    list(shared.open_rows(other, WORK.run(others, as_of=LAST).open, others))
    together = list(shared.open_rows(CHILD, WORK.run(events, as_of=LAST).open, events))

    assert rows(events, LAST) == sorted(together, key=soonest_first)


def test_children_who_share_a_clock_each_have_their_own_meeting_iro_and_birthday() -> None:
    """The clock's part of a row is made once, and the child's part for each child."""
    shown = Watchlist(CATALOGUE, {})
    engine = Engine(CATALOGUE, shown.wanted())
    events = [Event("cla.start", date(2026, 1, 5))]
    shared = listing(date(2026, 1, 12), shown)
    # Twenty working days after Mon 5 January, without a bank holiday between, is Mon 2 February.
    due = date(2026, 2, 2)
    bookings: dict[tuple[str, str, date | None], Booking] = {
        (child, "cla.review.first", date(2026, 1, 5)): Booking(
            child, "cla.review.first", date(2026, 1, 5), due + timedelta(days=late)
        )
        for child, late in (("CH-002", 1), ("CH-003", 0))
    }
    children = [
        Child("CH-001", team="North"),
        Child("CH-002", team="South"),
        Child("CH-003"),
        # Eighteen two days before it is due.
        Child("CH-004", date_of_birth=date(2008, 1, 31)),
        Child("CH-001", team="North"),
    ]

    found = [
        row
        for child in children
        for row in shared.open_rows(
            child,
            engine.run(events, as_of=date(2026, 1, 12), keep_met=False).open,
            events,
            {("CH-001", "iro"): "A", ("CH-002", "iro"): "B"},
            bookings,
        )
        if row.timescale == "cla.review.first"
    ]

    assert {(due, DUE_SOON, 21, 15)} == {
        (row.due, row.status, row.days_left, row.working_days_left) for row in found
    }
    assert [
        ("CH-001", "North", "A", None, False, None),
        ("CH-002", "South", "B", date(2026, 2, 3), True, None),
        ("CH-003", None, None, due, False, None),
        ("CH-004", None, None, None, False, date(2026, 1, 31)),
        ("CH-001", "North", "A", None, False, None),
    ] == [
        (row.child, row.team, row.iro, row.booked, row.booked_late, row.outgrown) for row in found
    ]
