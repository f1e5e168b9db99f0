"""Rules of authorities, written in a pack and counted to a date."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.dates.working import BankHoliday, WorkingCalendar
from iro_cli.errors import PackError
from iro_cli.facts.model import Booking, Child, Event
from iro_cli.law.catalogue import Catalogue, Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.due import DueDates
from iro_cli.obligations.listing import DueRow, DueRows, soonest_first
from running import Answer, each

HEAD = 'nation = "england"\nname = "Local"\n'
CITED = """
  checked = "secondary"
    [[rules.versions.citations]]
    instrument = "Local procedures"
    provision = "1.2"
    url = "https://example.org/procedures"
    quote = "as stated"
"""


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    """Return the bank holidays of England and Wales."""
    return library.calendar("england-and-wales")


def rule(name: str, keys: str, latest: str, begins: str = "2012-01-01") -> str:
    """Write one local rule."""
    return f"""
[[rules]]
id = "{name}"
title = "Local"
process = "cp"
watched = "local"
strength = "local"
{keys}
  [[rules.versions]]
  in_force_from = {begins}
  latest = {latest}{CITED}"""


def england_with(path: Path, text: str) -> Catalogue:
    """Return England's rules with a local pack, fully checked."""
    file = path / "local.toml"
    file.write_text(HEAD + text, "utf-8")
    return library.catalogue("england", [file])


def due(
    catalogue: Catalogue,
    calendar: WorkingCalendar,
    name: str,
    *facts: Event,
    booking: Booking | None = None,
) -> list[DueRow]:
    """Return the open rows of one timescale, as of the last fact."""
    as_of = facts[-1].on
    shown = Watchlist(catalogue, {})
    clocks = Engine(catalogue, shown.wanted()).run(facts, as_of=as_of)
    listing = DueRows(catalogue, calendar, shown, as_of=as_of, horizon=as_of + timedelta(days=28))
    bookings = (
        {(booking.child_id, booking.timescale, booking.clock_started): booking} if booking else None
    )
    rows = listing.open_rows(Child("CH-001"), clocks.open, facts, bookings=bookings)
    return sorted((row for row in rows if row.timescale == name), key=soonest_first)


ICPC = Event("cp.conference.initial", date(2026, 10, 2))
BORN = Event("child.born", date(2026, 12, 17))
SOONER = (
    '[{ amount = %s, unit = "working_day" }, '
    '{ amount = 3, unit = "month", origin = "cp.conference.initial" }]'
)
BIRTH = 'trigger = { event = "child.born" }\nmet_by = ["cp.conference.review"]'


class TestEarlierOfTwo:
    """London and Tees: some days after birth or three months after the conference."""

    @pytest.mark.parametrize("days", [10, 20])
    def test_the_conference_binds(
        self, tmp_path: Path, calendar: WorkingCalendar, days: int
    ) -> None:
        """Tees (10) and Liverpool (20): Sat 2 Jan 2027, three months from the conference."""
        local = england_with(tmp_path, rule("local.born", BIRTH, SOONER % days))
        (row,) = due(local, calendar, "local.born", ICPC, BORN)

        assert (date(2027, 1, 2), date(2026, 12, 31)) == (row.due, row.hold_by)

    def test_the_birth_binds(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """If the conference is much later, the ten working days from the birth are sooner."""
        later = Event("cp.conference.initial", date(2026, 12, 1))
        local = england_with(tmp_path, rule("local.born", BIRTH, SOONER % 10))
        (row,) = due(local, calendar, "local.born", later, BORN)

        assert date(2027, 1, 5) == row.due

    def test_the_last_conference_before_the_birth_counts(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """The limit counts from the later of two conferences on or before the birth."""
        first = Event("cp.conference.initial", date(2026, 6, 1))
        local = england_with(tmp_path, rule("local.born", BIRTH, SOONER % 20))
        (row,) = due(local, calendar, "local.born", first, ICPC, BORN)

        assert date(2027, 1, 2) == row.due

    def test_without_a_conference_the_birth_alone_counts(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """An event that is not recorded sets no limit, and the other limit applies."""
        local = england_with(tmp_path, rule("local.born", BIRTH, SOONER % 10))
        (row,) = due(local, calendar, "local.born", BORN)

        assert date(2027, 1, 5) == row.due

    def test_with_nothing_to_count_from_it_is_refused(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """A rule whose only origin is not recorded gives no date."""
        only = '{ amount = 3, unit = "month", origin = "cp.conference.initial" }'
        local = england_with(tmp_path, rule("local.born", BIRTH, only))
        (row,) = due(local, calendar, "local.born", BORN)

        assert (None, "refused") == (row.due, row.status)

    def test_a_detail_of_the_origin_counts(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """A conference without a plan is no origin if the rule asks for a plan."""
        origin = '{ event = "cp.conference.initial", detail = "outcome", value = "plan" }'
        limits = (
            '[{ amount = 20, unit = "working_day" }, '
            f'{{ amount = 3, unit = "month", origin = {origin} }}]'
        )
        none = Event("cp.conference.initial", date(2026, 9, 1), "no-plan")
        local = england_with(tmp_path, rule("local.born", BIRTH, limits))
        (row,) = due(local, calendar, "local.born", none, BORN)

        assert date(2027, 1, 19) == row.due


class TestCountedBack:
    """Time before a booked meeting, as manuals have it."""

    @pytest.mark.parametrize(
        ("meeting", "days", "by"),
        [
            (date(2027, 1, 15), 20, date(2026, 12, 15)),
            (date(2027, 1, 5), 3, date(2026, 12, 30)),
            (date(2027, 4, 1), 5, date(2027, 3, 23)),
        ],
    )
    def test_from_a_booked_conference(
        self, tmp_path: Path, calendar: WorkingCalendar, meeting: date, days: int, by: date
    ) -> None:
        """The meeting is day 0, and bank holidays before it are left out."""
        latest = f'{{ amount = {days}, unit = "working_day", before = true }}'
        keys = 'trigger = { booked = ["cp.conference.review.first"] }'
        local = england_with(tmp_path, rule("local.report", keys, latest))
        booking = Booking("CH-001", "cp.conference.review.first", clock_started=ICPC.on, on=meeting)
        (row,) = due(local, calendar, "local.report", ICPC, booking=booking)

        assert (meeting, by) == (row.clock_started, row.due)

    def test_from_a_meeting_that_is_not_watched(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """A local rule is shown even if the meeting that it counts back from is not watched."""
        latest = '{ amount = 2, unit = "working_day", before = true }'
        local = england_with(
            tmp_path,
            rule("local.report", 'trigger = { booked = ["cp.core-group.first"] }', latest),
        )
        booking = Booking(
            "CH-001", "cp.core-group.first", clock_started=ICPC.on, on=date(2026, 10, 14)
        )
        rows = due(local, calendar, "local.report", ICPC, booking=booking)

        assert [date(2026, 10, 12)] == [row.due for row in rows]

    def test_nothing_is_due_without_a_booking(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """Without a booked meeting there is no day to count back from."""
        latest = '{ amount = 5, unit = "working_day", before = true }'
        keys = 'trigger = { booked = ["cp.conference.review.first"] }'
        local = england_with(tmp_path, rule("local.report", keys, latest))

        assert [] == due(local, calendar, "local.report", ICPC)


class TestOtherWaysOfCounting:
    """Units, day 1, and which of several events counts."""

    @each(
        "latest, by",
        [
            # A visit on Fri 27 March 2026: nations note, section 7, local packs.
            ('{ amount = 10, unit = "working_day" }', date(2026, 4, 14)),
            ('{ amount = 10, unit = "working_day", inclusive = true }', date(2026, 4, 13)),
            ('{ amount = 2, unit = "week" }', date(2026, 4, 10)),
            ('{ amount = 4, unit = "week" }', date(2026, 4, 24)),
            ('{ amount = 28, unit = "day", inclusive = true }', date(2026, 4, 23)),
            ('{ amount = 1, unit = "month" }', date(2026, 4, 27)),
            ('{ amount = 1, unit = "month", inclusive = true }', date(2026, 4, 26)),
        ],
    )
    def test_a_unit(self, tmp_path: Path, calendar: WorkingCalendar, latest: str, by: date) -> None:
        """Each unit is counted from the day after the event or from the day itself."""
        keys = 'trigger = { event = "cp.core-group" }\nmet_by = ["cp.conference.review"]'
        local = england_with(tmp_path, rule("local.visit", keys, latest))
        (row,) = due(local, calendar, "local.visit", Event("cp.core-group", date(2026, 3, 27)))

        assert by == row.due

    def test_inclusive_from_a_day_that_is_not_worked(
        self, tmp_path: Path, calendar: WorkingCalendar
    ) -> None:
        """If the day itself counts and is a Saturday, the Monday is day 1."""
        keys = 'trigger = { event = "cp.core-group" }\nmet_by = ["cp.conference.review"]'
        latest = '{ amount = 1, unit = "working_day", inclusive = true }'
        local = england_with(tmp_path, rule("local.visit", keys, latest))
        (row,) = due(local, calendar, "local.visit", Event("cp.core-group", date(2026, 6, 6)))

        assert date(2026, 6, 8) == row.due

    @pytest.mark.parametrize(
        ("pick", "by"), [("first", date(2026, 1, 5)), ("last", date(2026, 1, 13))]
    )
    def test_which_of_two_discussions_counts(
        self, tmp_path: Path, calendar: WorkingCalendar, pick: str, by: date
    ) -> None:
        """Nations note, section 7, case 4: Wales counts from the last, England from the first."""
        keys = (
            f'trigger = {{ event = "cp.strategy", pick = "{pick}" }}\n'
            'met_by = ["cp.conference.initial"]'
        )
        latest = '{ amount = 15, unit = "working_day" }'
        local = england_with(tmp_path, rule("local.icpc", keys, latest))
        facts = [Event("cp.strategy", date(2025, 12, day)) for day in (10, 18)]
        (row,) = due(local, calendar, "local.icpc", *facts)

        assert by == row.due

    def test_a_bank_holiday_added_locally_moves_the_date(self) -> None:
        """An added bank holiday counts like any other."""
        added = library.calendar("england-and-wales", [BankHoliday(date(2026, 6, 15), "new")])
        england = library.catalogue("england")
        (row,) = due(england, added, "cla.review.first", Event("cla.start", date(2026, 6, 3)))

        assert (date(2026, 7, 2), False) == (row.due, row.provisional)


class TestTightening:
    """A local rule may tighten the law, and never loosen it."""

    LAW = 'tightens = "cla.review.first"'

    def test_ten_working_days_are_accepted(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """A local ten working days are shown beside the law's 20, and both clocks run."""
        latest = '{ amount = 10, unit = "working_day" }'
        local = england_with(tmp_path, rule("local.first", self.LAW, latest))
        start = Event("cla.start", date(2025, 6, 2))

        assert [date(2025, 6, 16)] == [
            one.due for one in due(local, calendar, "local.first", start)
        ]
        assert [date(2025, 6, 30)] == [
            one.due for one in due(local, calendar, "cla.review.first", start)
        ]

    @pytest.mark.parametrize(
        ("law", "latest", "told"),
        [
            (
                "cla.review.first",
                '{ amount = 28, unit = "day" }',
                "from 6 Jan 2024 it is due on 3 Feb 2024, but cla.review.first on 2 Feb 2024",
            ),
            (
                "cla.review.first",
                '{ amount = 4, unit = "week" }',
                "from 6 Jan 2024 it is due on 3 Feb 2024, but cla.review.first on 2 Feb 2024",
            ),
            (
                "cp.conference.initial",
                '{ amount = 21, unit = "day" }',
                "from 6 Jan 2024 it is due on 27 Jan 2024, but cp.conference.initial on 26 Jan 2024",
            ),
            # 13 weeks are 91 days, and so are three months from any day of January but the 31st.
            (
                "cla.review.second",
                '{ amount = 13, unit = "week" }',
                "from 31 Jan 2024 it is due on 1 May 2024, but cla.review.second on 30 Apr 2024",
            ),
        ],
    )
    def test_what_loosens_is_refused_with_the_first_day(
        self, tmp_path: Path, law: str, latest: str, told: str
    ) -> None:
        """A limit that is later on some days only is refused, with the first such day."""
        with pytest.raises(PackError) as caught:
            england_with(tmp_path, rule("local.first", f'tightens = "{law}"', latest))

        assert [
            f"local.toml: rules.local.first.tightens — {told}: a local rule may tighten, never loosen"
        ] == caught.value.problems

    @each(
        "law, latest",
        [
            ("cla.review.first", '{ amount = 20, unit = "working_day" }'),
            ("cla.review.first", '{ amount = 26, unit = "day" }'),
            ("cla.review.second", '{ amount = 12, unit = "week" }'),
            ("cla.review.second", '{ amount = 89, unit = "day" }'),
            ("cla.review.subsequent", '{ amount = 181, unit = "day" }'),
            ("secure.review.first", '{ amount = 28, unit = "day" }'),
        ],
    )
    def test_what_is_never_later_is_accepted(self, tmp_path: Path, law: str, latest: str) -> None:
        """A limit that is sooner or equal on every day tightens."""
        local = england_with(tmp_path, rule("local.first", f'tightens = "{law}"', latest))

        assert local.is_shown(local.get("local.first"))

    @pytest.mark.parametrize(
        ("begins", "ends"),
        [("2012-01-01", "2023-12-31"), ("2029-01-01", "2040-12-31")],
    )
    def test_a_version_outside_the_years_tried_may_not_loosen_either(
        self, tmp_path: Path, begins: str, ends: str
    ) -> None:
        """A past or future version of a local rule may not loosen the law either."""
        dates = f"{begins}\n  in_force_to = {ends}"
        with pytest.raises(PackError):
            england_with(
                tmp_path, rule("local.first", self.LAW, '{ amount = 28, unit = "day" }', dates)
            )

    def test_a_limit_from_another_event_may_not_loosen_either(self, tmp_path: Path) -> None:
        """A limit from another event cannot be compared, and is refused."""
        latest = '{ amount = 60, unit = "month", origin = "cla.start" }'
        with pytest.raises(PackError):
            england_with(tmp_path, rule("local.first", 'tightens = "cla.review.second"', latest))


class TestTurnedOn:
    """The 28-day marker."""

    def test_off(self, calendar: WorkingCalendar) -> None:
        """Without a local pack the marker is not shown."""
        england = library.catalogue("england")
        start = Event("cla.start", date(2026, 1, 10))

        assert [] == due(england, calendar, "cla.review.first.28-days", start)

    def test_on(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """Turned on, it is shown beside the law and does not replace it."""
        local = england_with(tmp_path, 'turn_on = ["cla.review.first.28-days"]')
        start = Event("cla.start", date(2026, 1, 10))
        marker = due(local, calendar, "cla.review.first.28-days", start)
        law = due(local, calendar, "cla.review.first", start)

        assert [date(2026, 2, 7), date(2026, 2, 6)] == [one.due for one in (*marker, *law)]


def test_a_local_rule_that_is_not_watched_is_not_shown(
    tmp_path: Path, calendar: WorkingCalendar
) -> None:
    """A local pack may leave its own rule off until somebody asks for it."""
    text = rule("local.icpc", 'tightens = "cp.conference.initial"', '{ amount = 5, unit = "day" }')
    local = england_with(tmp_path, text.replace('watched = "local"', 'watched = "no"'))

    assert [] == due(local, calendar, "local.icpc", Event("cp.strategy", date(2026, 1, 12)))


def test_a_local_rule_asks_for_nothing_of_what_began_before_it(
    tmp_path: Path, calendar: WorkingCalendar
) -> None:
    """A conference on the day before needs no letter, and one on the first day does."""
    keys = """trigger = { event = "cp.conference.initial" }
met_by = ["cp.letter"]
match = "date"
"""
    local = england_with(
        tmp_path,
        rule("local.letter", keys, '{ amount = 1, unit = "working_day" }', "2026-11-26"),
    )
    asked = [
        due(local, calendar, "local.letter", Event("cp.conference.initial", day))
        for day in (date(2026, 11, 25), date(2026, 11, 26))
    ]

    assert [[], [date(2026, 11, 27)]] == [[row.due for row in rows] for rows in asked]


LOCAL_PACK = Path(__file__).parents[2] / "examples" / "local-pack.toml"


class TestTheExample:
    """The dates of Testshire's pack, counted by hand."""

    @each(
        "name, day, by",
        [
            # Back from Tue 5 January 2027: 4 January is 1, 31 December 2.
            ("reports.initial-conference", date(2027, 1, 5), date(2026, 12, 31)),
            # Back from Tue 5 January 2027: 3 December is 20.
            ("invitations.conference", date(2027, 1, 5), date(2026, 12, 3)),
            # The day before Christmas: 25 and 28 December are left out.
            ("conference.letter", date(2026, 12, 24), date(2026, 12, 29)),
            # 25 and 28 December and 1 January are left out, here and below.
            ("conference.record", date(2026, 12, 22), date(2027, 1, 22)),
            ("dispute.response", date(2026, 12, 18), date(2027, 1, 6)),
            ("disruption-meeting", date(2026, 6, 3), date(2026, 7, 1)),
            ("allegation.strategy", date(2026, 12, 23), date(2027, 1, 4)),
            ("complex-abuse.strategy", date(2026, 5, 1), date(2026, 5, 5)),
            # Back from Tue 10 November 2026: the 9th, 6th, 5th, 4th and 3rd.
            ("court.note", date(2026, 11, 10), date(2026, 11, 3)),
            ("court.guardian", date(2026, 6, 29), date(2026, 8, 10)),
            ("pathway.plan", date(2026, 8, 3), date(2026, 9, 1)),
        ],
    )
    def test_a_date(self, calendar: WorkingCalendar, name: str, day: date, by: date) -> None:
        """Each rule gives the date that was counted with a wall calendar."""
        testshire = library.catalogue("england", [LOCAL_PACK])

        assert by == DueDates(calendar).of(testshire.get(f"testshire.{name}"), day).due

    def test_a_report_goes_when_it_is_there(self, calendar: WorkingCalendar) -> None:
        """A clock that counts back is met by its own event, before the conference."""
        testshire = library.catalogue("england", [LOCAL_PACK])
        booking = Booking(
            "CH-001", "cp.conference.review.first", clock_started=ICPC.on, on=date(2026, 12, 17)
        )
        name = "testshire.reports.review-conference"
        report = Event("cp.report", date(2026, 12, 9))
        before = due(testshire, calendar, name, ICPC, booking=booking)
        after = due(testshire, calendar, name, ICPC, report, booking=booking)

        # Back from Thu 17 December: the 16th, 15th, 14th, 11th and 10th.
        assert [date(2026, 12, 10)] == [row.due for row in before]
        assert [] == after

    def test_every_conference_is_owed_its_own_letter(self, calendar: WorkingCalendar) -> None:
        """Two conferences need two letters, told apart by their dates."""
        testshire = library.catalogue("england", [LOCAL_PACK])
        review = Event("cp.conference.review", date(2026, 12, 22))
        letter = Event("cp.letter", date(2026, 12, 23), reference="2026-12-22")
        rows = due(testshire, calendar, "testshire.conference.letter", ICPC, review, letter)

        assert [(date(2026, 10, 2), date(2026, 10, 5))] == [
            (row.clock_started, row.due) for row in rows
        ]

    def test_two_disputes_have_two_answers(self, calendar: WorkingCalendar) -> None:
        """The answer to one dispute leaves the other open."""
        testshire = library.catalogue("england", [LOCAL_PACK])
        facts = [
            Event("dispute.raised", date(2026, 6, 1), reference="A"),
            Event("dispute.raised", date(2026, 6, 3), reference="B"),
            Event("dispute.responded", date(2026, 6, 10), reference="A"),
        ]
        rows = due(testshire, calendar, "testshire.dispute.response", *facts)

        assert [date(2026, 6, 17)] == [row.due for row in rows]


class TestMidway:
    """Midway reviews, on or off for each pack."""

    FACTS = (
        Event("cla.start", date(2026, 1, 12)),
        Event("cla.review", date(2026, 2, 2)),
    )

    def test_off(self, calendar: WorkingCalendar) -> None:
        """Without a local pack no midway review is shown."""
        assert [] == due(library.catalogue("england"), calendar, "cla.midway", *self.FACTS)

    def test_on(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """Turned on, it is 44 of the 89 days after the review."""
        local = england_with(tmp_path, 'turn_on = ["cla.midway"]')

        assert [date(2026, 3, 18)] == [
            row.due for row in due(local, calendar, "cla.midway", *self.FACTS)
        ]

    def test_another_share_of_the_time(self, tmp_path: Path, calendar: WorkingCalendar) -> None:
        """A pack may set another share: a third of the 89 days is 29."""
        keys = 'trigger = { between = ["cla.review.second"] }\nmet_by = ["cla.midway"]'
        local = england_with(
            tmp_path, rule("local.midway", keys, '{ amount = 33, unit = "percent" }')
        )

        assert [date(2026, 3, 3)] == [
            row.due for row in due(local, calendar, "local.midway", *self.FACTS)
        ]


@pytest.mark.parametrize(
    ("counted", "by"), [("start", date(2026, 5, 2)), ("completion", date(2026, 5, 16))]
)
def test_a_series_of_meetings_is_counted_as_the_pack_says(
    tmp_path: Path, calendar: WorkingCalendar, counted: str, by: date
) -> None:
    """From the first meeting of the series, or from its completion."""
    local = england_with(tmp_path, f'next_review_from = "{counted}"')
    facts = [
        Event("cla.start", date(2026, 1, 12)),
        Event("cla.review", date(2026, 2, 2), completed_on=date(2026, 2, 16)),
        # A later event, so that the series is known to be complete.
        Event("preparation.report", date(2026, 2, 17)),
    ]

    assert [by] == [row.due for row in due(local, calendar, "cla.review.second", *facts)]


def test_a_rule_may_depend_on_any_detail(
    tmp_path: Path, make_store: Callable[..., Path], iro: Callable[..., Answer]
) -> None:
    """The daily check reads a detail that it usually skips if a local rule needs it."""
    pack = tmp_path / "local.toml"
    pack.write_text(
        HEAD
        + rule(
            "local.after-a-move",
            """trigger = { event = { event = "placement.end", detail = "reason", value = "move" } }
met_by = ["placement.start"]""",
            '{ amount = 5, unit = "day" }',
        ).replace('watched = "local"', 'watched = "yes"'),
        "utf-8",
    )
    moved = Event("placement.end", date(2026, 11, 20), reason="move")
    left = Event("placement.end", date(2026, 11, 20), reason="left")
    store = make_store([Child("M"), Child("L")], [("M", moved), ("L", left)])
    found = iro(
        *("--database", str(store), "--as-of", "2026-11-23", "--pack", str(pack)),
        *("due", "--all", "-f", "json"),
    )

    assert [("M", "2026-11-25")] == [(one["child"], one["due"]) for one in found.rows()]
