"""The fictional authority and the local pack that ship as examples."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.dates.months import add_months
from iro_cli.dates.words import spoken
from iro_cli.facts.model import Child, Event
from iro_cli.facts.vocabulary import DETAILS, EVENTS, PARTICIPATION
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Clocks, Engine
from iro_cli.obligations.due import DueDates, origins_of
from iro_cli.obligations.listing import DueRow, DueRows
from running import each

EXAMPLES = Path(__file__).parents[2] / "examples"
AUTHORITY = EXAMPLES / "authority"
LOCAL_PACK = EXAMPLES / "local-pack.toml"
AS_OF = date(2026, 11, 23)

HEADERS = {
    "children.csv": (
        "child_id,label,date_of_birth,expected_date_of_delivery,nation,team,iro,chair,sibling_group"
    ),
    "allocations.csv": "child_id,role,name,from,to",
    "events.csv": (
        "child_id,event,date,outcome,participation,section_47,completed_on,reason,reference,note"
    ),
}
PEOPLE = {"Ada Okafor", "Ben Rees", "Cath Lindqvist", "Dev Raman", "Efa Moss"}
REAL_LOOKING = {
    "NHS number": r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b",
    "unique pupil number": r"\b[A-Z]\d{11}[A-Z\d]\b",
    "postcode": r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b",
    "National Insurance number": r"\b[A-Z]{2} ?(?:\d{2} ?){3}[A-D]\b",
    "e-mail address": r"\S@\S",
    "telephone number": r"(?:\+44|\b0)(?:[ -]?\d){9,10}\b",
}
# Meetings and written records: an office does neither on a weekend or bank holiday.
OFFICE_WORK = re.compile(
    r".*\.review(\.adjourned)?|cp\.conference\.(initial|review|transfer-in)"
    r"|cp\.core-group|review\.\w+"
)
WITH_PARTICIPATION = {event for event, kind in EVENTS.items() if "participation" in kind.details}


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one of the authority's files."""
    with (AUTHORITY / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def optional(text: str) -> date | None:
    """Read a date that may be blank."""
    return date.fromisoformat(text) if text else None


def children() -> dict[str, Child]:
    """Return the children by id."""
    return {
        row["child_id"]: Child(
            row["child_id"],
            row["label"],
            optional(row["date_of_birth"]),
            optional(row["expected_date_of_delivery"]),
            team=row["team"],
        )
        for row in rows("children.csv")
    }


def cases() -> dict[str, list[Event]]:
    """Return each child's events in order of date."""
    found: dict[str, list[Event]] = {}
    for row in rows("events.csv"):
        details = {
            name: row[name] or None for name in DETAILS if name in row and name != "completed_on"
        }
        event = Event(
            row["event"],
            date.fromisoformat(row["date"]),
            completed_on=optional(row["completed_on"]),
            **details,
        )
        found.setdefault(row["child_id"], []).append(event)
    for events in found.values():
        events.sort(key=lambda event: event.on)
    return found


def happened(suits: Callable[[Event], object]) -> list[tuple[str, Event]]:
    """Return the matching events, each with its child; there has to be one."""
    found = [
        (child, event) for child, events in cases().items() for event in events if suits(event)
    ]
    assert found
    return found


CATALOGUE = library.catalogue("england")
CALENDAR = library.calendar(CATALOGUE.calendar)


def run(as_of: date) -> dict[str, Clocks]:
    """Run every child's clocks."""
    work, known = Engine(CATALOGUE), children()
    return {
        child: work.run(events, as_of=as_of, born=known[child].date_of_birth)
        for child, events in cases().items()
    }


@cache
def open_rows(as_of: date) -> tuple[DueRow, ...]:
    """List what is open on a day, with the law alone."""
    listing = DueRows(
        CATALOGUE,
        CALENDAR,
        Watchlist(CATALOGUE, {}),
        as_of=as_of,
        horizon=as_of + timedelta(days=28),
    )
    known, events = children(), cases()
    return tuple(
        row
        for child, clocks in run(as_of).items()
        for row in listing.open_rows(known[child], clocks.open, events[child])
    )


def table(first_heading: str) -> list[list[str]]:
    """Return the cells of the README's table whose first column has this heading."""
    lines = (AUTHORITY / "README.md").read_text("utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


class TestTheFiles:
    """The three files have the form that the interface fixes."""

    @pytest.mark.parametrize("name", HEADERS)
    def test_has_exactly_the_fixed_header(self, name: str) -> None:
        """The columns have the interface's names and order."""
        content = (AUTHORITY / name).read_bytes()

        assert content.startswith(HEADERS[name].encode() + b"\n")
        assert b"\r" not in content

    @pytest.mark.parametrize("name", HEADERS)
    def test_no_row_is_there_twice(self, name: str) -> None:
        """An import would skip a repeated row."""
        lines = (AUTHORITY / name).read_text("utf-8").splitlines()

        assert len(lines) == len(set(lines))

    def test_ids_are_unique_invented_and_known(self) -> None:
        """Every event and allocation is of a child in children.csv, and every child has one."""
        ids = [row["child_id"] for row in rows("children.csv")]

        assert len(ids) == len(set(ids)) == 63
        assert all(re.fullmatch(r"TS-0[12]\d\d", child) for child in ids)
        assert set(ids) == {row["child_id"] for row in rows("events.csv")}
        assert {row["child_id"] for row in rows("allocations.csv")} <= set(ids)

    def test_events_and_their_details_are_known(self) -> None:
        """An event has only details and values that the vocabulary allows."""
        for row in rows("events.csv"):
            kind = EVENTS[row["event"]]
            given = {name for name in DETAILS if row.get(name)} - {"note"}

            assert given <= set(kind.details), row
            for name, values in kind.values.items():
                assert row.get(name, "") in ("", *values), row

    def test_an_officer_is_named_in_one_place(self) -> None:
        """A constant officer is in children.csv, and one who changed in allocations.csv."""
        dated = {(row["child_id"], row["role"]) for row in rows("allocations.csv")}
        constant = {
            (row["child_id"], role)
            for row in rows("children.csv")
            for role in ("iro", "chair")
            if row[role]
        }

        assert set() == dated & constant
        assert {"iro", "chair"} == {role for _, role in dated}

    def test_allocations_of_one_role_do_not_overlap(self) -> None:
        """An allocation ends the day before the next one begins."""
        held: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for row in rows("allocations.csv"):
            key = (row["child_id"], row["role"])
            held.setdefault(key, []).append((row["from"], row["to"]))
        assert any(len(spans) > 1 for spans in held.values())
        for spans in held.values():
            spans.sort()
            for (_, ends), (begins, _) in pairwise(spans):
                assert optional(begins) == date.fromisoformat(ends) + timedelta(days=1)

    def test_siblings_who_are_looked_after_have_one_iro(self) -> None:
        """A sibling group has one IRO."""
        today = {row["child_id"]: row["iro"] for row in rows("children.csv") if row["iro"]}
        today |= {
            row["child_id"]: row["name"]
            for row in rows("allocations.csv")
            if row["role"] == "iro" and not row["to"]
        }
        groups: dict[str, set[str]] = {}
        for row in rows("children.csv"):
            if row["sibling_group"] and row["child_id"] in today:
                groups.setdefault(row["sibling_group"], set()).add(today[row["child_id"]])

        assert groups
        assert all(len(names) == 1 for names in groups.values())


class TestNobodyReal:
    """Nothing in the examples could be taken for a real child."""

    @each("what", REAL_LOOKING)
    def test_nothing_is_shaped_like_a_real_identifier(self, what: str) -> None:
        """No file has text in the shape of one."""
        files = [LOCAL_PACK, *AUTHORITY.iterdir()]
        found = [
            hit.group()
            for path in files
            for hit in re.finditer(REAL_LOOKING[what], path.read_text("utf-8"))
        ]

        assert found == []

    @each(
        "what, text",
        [
            ("NHS number", "999 123 4567"),
            ("unique pupil number", "H801200001001"),
            ("postcode", "ZZ99 3VZ"),
            ("National Insurance number", "QQ 12 34 56 C"),
            ("e-mail address", "nobody@example.org"),
            ("telephone number", "020 7946 0000"),
        ],
    )
    def test_the_shapes_are_recognised(self, what: str, text: str) -> None:
        """The check above would fail on an identifier of that kind."""
        assert re.search(REAL_LOOKING[what], text)

    def test_dates_of_birth_are_the_first_of_a_month(self) -> None:
        """Except a newborn's, which is the recorded birth."""
        births = {
            (child, event.on)
            for child, events in cases().items()
            for event in events
            if event.event == "child.born"
        }
        odd = {
            (child.child_id, child.date_of_birth)
            for child in children().values()
            if child.date_of_birth and child.date_of_birth.day != 1
        }

        assert odd == births

    def test_labels_are_no_names_of_people(self) -> None:
        """Each is one word, all differ, or "baby of" one of them."""
        labels = [row["label"] for row in rows("children.csv")]

        assert len(labels) == len(set(labels))
        assert all(re.fullmatch(r"(Baby of )?[A-Z][a-z]+", label) for label in labels)

    def test_officers_are_the_five_invented_ones(self) -> None:
        """Columns of names have no other name."""
        named = {row["name"] for row in rows("allocations.csv")}
        named |= {row[role] for row in rows("children.csv") for role in ("iro", "chair")}

        assert named - {""} == PEOPLE


class TestTheFacts:
    """The facts are possible."""

    def test_nothing_is_after_the_day_asked_about(self) -> None:
        """No event, completion or birth is after 23 November 2026."""
        days = [event.on for events in cases().values() for event in events]
        days += [e.completed_on for es in cases().values() for e in es if e.completed_on]
        days += [child.date_of_birth for child in children().values() if child.date_of_birth]

        assert max(days) <= AS_OF

    def test_nothing_but_conferences_is_before_the_birth(self) -> None:
        """A child without a date of birth has only events that may come before birth."""
        known = cases()
        assert len(known) == 63
        for child, events in known.items():
            born = children()[child].date_of_birth
            early = {event.event for event in events if born is None or event.on < born}

            assert all(EVENTS[name].before_birth for name in early), child
            assert born or children()[child].expected_date_of_delivery, child

    def test_meetings_and_records_are_on_working_days(self) -> None:
        """Only entries into care, discussions and the like may be on another day."""
        for child, event in happened(lambda one: OFFICE_WORK.fullmatch(one.event)):
            for day in (event.on, event.completed_on or event.on):
                assert CALENDAR.is_working_day(day), (child, event)

    def test_participation_suits_the_age(self) -> None:
        """Each review has PN0 before the fourth birthday, and PN1 to PN7 from then on."""
        for child, event in happened(lambda one: one.event in WITH_PARTICIPATION):
            born = children()[child].date_of_birth
            assert event.participation in PARTICIPATION, (child, event)
            assert born is not None, child
            under_four = event.on < add_months(born, 48)

            assert under_four == (event.participation == "PN0"), (child, event)

    def test_written_records_are_of_a_review_that_was_held(self) -> None:
        """The reference is the day of a review of the same child, on or before the record."""
        held = {(child, one.on) for child, one in happened(lambda one: one.event == "cla.review")}
        for child, event in happened(lambda one: one.event.startswith("review.")):
            reviewed = date.fromisoformat(event.reference or "")

            assert (child, reviewed) in held, (child, event)
            assert reviewed <= event.on, (child, event)

    def test_facts_fit_together(self) -> None:
        """The only findings are the two periods of care that began before the records."""
        odd: list[tuple[str, str]] = []

        def note(kind: str, event: Event, _span: str | None) -> None:
            odd.append((kind, event.event))

        for child, events in cases().items():
            born = children()[child].date_of_birth
            Engine(CATALOGUE).run(events, as_of=AS_OF, born=born, anomaly=note)

        assert odd == [("start-unknown", "cla.continuing")] * 2


class TestTheReadme:
    """The listings agree with what the README states, counted by hand."""

    @pytest.mark.parametrize("stated", table("as of"), ids=lambda cells: cells[0])
    def test_counts_hold(self, stated: list[str]) -> None:
        """The numbers of overdue, due today, soon, later and refused rows are as stated."""
        as_of, *numbers = stated
        listed = Counter(row.status for row in open_rows(date.fromisoformat(as_of)))
        order = ("overdue", "due-today", "due-soon", "later", "refused")

        assert [int(number) for number in numbers] == [
            *(listed[status] for status in order),
            listed.total(),
        ]

    @each("stated", table("child"), name=lambda cells: f"{cells[0]} {cells[1]}")
    def test_dates_worked_by_hand_hold(self, stated: list[str]) -> None:
        """Each clock starts, and each timescale is due, on the stated days."""
        child, timescale, started, _, due = stated
        listed = [
            (spoken(row.clock_started), spoken(row.due))
            for row in open_rows(AS_OF)
            if (row.child, row.timescale) == (child, timescale.strip("`"))
            and row.clock_started
            and row.due
        ]

        assert listed == [(started, due)]

    def test_children_with_nothing_open_have_nothing_open(self) -> None:
        """The list leaves out exactly the children that the README names."""
        text = (AUTHORITY / "README.md").read_text("utf-8")
        story = next(line for line in text.splitlines() if line.startswith("- **Nothing open.**"))
        stated = set(re.findall(r"TS-\d{4}", story))

        assert stated == set(children()) - {row.child for row in open_rows(AS_OF)}


class TestTheLocalPack:
    """The pack that authorities copy loads, and gives the dates in its comments."""

    def test_every_rule_is_local_and_cites_an_example(self) -> None:
        """No invented provision looks like a real one."""
        pack = library.local_pack(LOCAL_PACK)
        urls = [
            citation.url
            for rule in pack.rules
            for version in rule.versions
            for citation in version.citations
        ]

        assert {rule.strength for rule in pack.rules} == {"local"}
        assert all(url.startswith("https://example.org/") for url in urls)
        assert pack.turn_on == ("cla.review.first.28-days",)

    @pytest.mark.parametrize(
        ("conference", "born", "due"),
        [
            # England's chain C7: 10 working days would be Tue 5 Jan 2027.
            (date(2026, 10, 2), date(2026, 12, 17), date(2027, 1, 2)),
            # TS-0221: 10, 11, 12, 13; 16 to 20; 23 November.
            (date(2026, 9, 24), date(2026, 11, 9), date(2026, 11, 23)),
        ],
    )
    def test_after_a_birth_the_sooner_limit_binds(
        self, conference: date, born: date, due: date
    ) -> None:
        """10 working days from the birth or 3 months from the conference."""
        rule = library.catalogue("england", [LOCAL_PACK]).get("testshire.conference.after-birth")
        events = [Event("cp.conference.initial", conference), Event("child.born", born)]
        found = DueDates(CALENDAR).of(rule, born, origins_of(rule, born, events))

        assert due == found.due

    def test_reports_are_counted_back_over_easter(self) -> None:
        """England's worked example 32: five working days before Thu 1 Apr 2027."""
        rule = library.catalogue("england", [LOCAL_PACK]).get("testshire.reports.review-conference")

        assert date(2027, 3, 23) == DueDates(CALENDAR).of(rule, date(2027, 4, 1)).due

    def test_the_initial_conference_is_tightened(self) -> None:
        """12 working days from Mon 2 Nov 2026: four, nine, then 16, 17 and 18 November."""
        rule = library.catalogue("england", [LOCAL_PACK]).get("testshire.conference.initial")

        assert date(2026, 11, 18) == DueDates(CALENDAR).of(rule, date(2026, 11, 2)).due
