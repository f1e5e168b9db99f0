"""The forecast, against twelve months counted by hand with a wall calendar."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.facts.people import Absence, Person
from stores import reading

pytestmark = pytest.mark.asked_on("2026-11-02")

D = date.fromisoformat
FACTS = [
    # First review 20 working days after Mon 12 Oct: Mon 9 Nov.  Then 3 months: Tue 9 Feb;
    # then 6: Mon 9 Aug; then 9 Feb 2028, beyond the year.
    ("WREN", Event("cla.start", D("2026-10-12"))),
    # Three months after Fri 2 Oct is Sat 2 Jan; Fri 1 Jan is a bank holiday, so Thu 31 Dec.
    # Six months after that is Wed 30 Jun, there being no 31st.
    ("SORREL", Event("cp.conference.initial", D("2026-10-02"))),
    # The second review was due on 26 Sep: overdue, so held on the day itself, Mon 2 Nov.
    # Then Sun 2 May, so Fri 30 Apr; then Sat 30 Oct, so Fri 29 Oct.
    ("LINNET", Event("cla.start", D("2026-06-01"))),
    ("LINNET", Event("cla.review", D("2026-06-26"))),
    # Due on Mon 1 Mar 2027, the day before or the day of the eighteenth birthday.
    ("ALDER", Event("cla.start", D("2026-05-04"))),
    ("ALDER", Event("cla.review", D("2026-06-01"))),
    ("ALDER", Event("cla.review", D("2026-09-01"))),
]
CHILDREN = [
    Child("WREN", team="North"),
    Child("SORREL", team="South"),
    Child("LINNET", team="North"),
    Child("ALDER", date_of_birth=D("2009-03-02"), team="South"),
]
ALLOCATIONS = [
    Allocation("WREN", "iro", "Ada Okafor"),
    Allocation("LINNET", "iro", "Ada Okafor", None, D("2027-01-31")),
    Allocation("LINNET", "iro", "Ben Rees", D("2027-02-01")),
    Allocation("SORREL", "chair", "Efa Moss"),
]
BY_HAND = [
    ("2026-11-02", "LINNET", "cla.review.second"),
    ("2026-11-09", "WREN", "cla.review.first"),
    ("2026-12-31", "SORREL", "cp.conference.review.first"),
    ("2027-02-09", "WREN", "cla.review.second"),
    ("2027-03-01", "ALDER", "cla.review.subsequent"),
    ("2027-04-30", "LINNET", "cla.review.subsequent"),
    ("2027-06-30", "SORREL", "cp.conference.review.subsequent"),
    ("2027-08-09", "WREN", "cla.review.subsequent"),
    ("2027-10-29", "LINNET", "cla.review.subsequent"),
]


@pytest.fixture
def year(make_store: Callable[..., Path]) -> Path:
    """Return a store of four children on Mon 2 Nov 2026."""
    return make_store(CHILDREN, FACTS, ALLOCATIONS)


def _listed(answer: Any) -> list[tuple[str, str, str]]:
    return [(row["expected"], row["child"], row["timescale"]) for row in answer.json["rows"]]


def test_a_year_is_as_counted_by_hand(year: Path, iro: Callable[..., Any]) -> None:
    """Every chain goes on from each meeting's expected day, to the end of the twelfth month."""
    answer = iro("forecast", "--list", "-f", "json")

    assert (answer.code, _listed(answer)) == (0, BY_HAND)


def test_the_months_add_up(year: Path, iro: Callable[..., Any]) -> None:
    """The first month is the current one; reviews and conferences are counted apart."""
    rows = iro("forecast", "-f", "json").json["rows"]
    found = {row["month"]: (row["reviews"], row["conferences"]) for row in rows}

    assert found == {
        "2026-11": (2, 0), "2026-12": (0, 1), "2027-01": (0, 0), "2027-02": (1, 0),
        "2027-03": (1, 0), "2027-04": (1, 0), "2027-05": (0, 0), "2027-06": (0, 1),
        "2027-07": (0, 0), "2027-08": (1, 0), "2027-09": (0, 0), "2027-10": (1, 0),
    }  # fmt: skip


def test_work_is_counted_for_whoever_holds_the_child_then(
    year: Path, iro: Callable[..., Any]
) -> None:
    """A later allocation counts from its first day; unallocated work is named."""
    rows = iro("forecast", "--by", "iro", "-f", "json").json["rows"]
    found: dict[str, int] = {}
    for row in rows:
        found[row["name"]] = found.get(row["name"], 0) + row["total"]

    assert found == {"Ada Okafor": 4, "Ben Rees": 2, "Efa Moss": 2, "unallocated": 1}


@pytest.mark.parametrize(
    ("by", "expected"),
    [("team", {"North": 6, "South": 3}), ("process", {"cla": 7, "cp": 2})],
)
def test_by_team_and_by_process(
    by: str, expected: dict[str, int], year: Path, iro: Callable[..., Any]
) -> None:
    """These are the same meetings, grouped in another way."""
    found: dict[str, int] = {}
    for row in iro("forecast", "--by", by, "-f", "json").json["rows"]:
        found[row["name"]] = found.get(row["name"], 0) + row["total"]

    assert found == expected


def test_childhood_ends_on_the_birthday(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """A review that could be held on the eighteenth birthday at the soonest is not forecast."""
    make_store([Child("ALDER", date_of_birth=D("2009-03-01"))], FACTS[-3:])
    rows = iro("forecast", "-f", "json").json["rows"]

    assert [sum(row["total"] for row in rows), *(row["children"] for row in rows)] == [
        0, *[1] * 4, *[0] * 8,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "marked"), [("2009-03-01", True), ("2009-03-02", False), (None, False)]
)
def test_every_listing_knows_the_birthday(
    born: str | None, marked: bool, make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """
    The review is due on Mon 1 Mar 2027, which is the birthday or the day before it.

    The clock runs until the birthday, so it is listed, and it is said that it ends.
    """
    child = Child("ALDER", date_of_birth=D(born) if born else None)
    make_store([child], FACTS[-3:], [Allocation("ALDER", "iro", "Ada Okafor")])
    listed, why = iro("due", "--all").out, iro("explain", "ALDER").out

    assert "Mon 1 Mar 2027" in listed
    assert ("Mon 1 Mar 2027^" in listed, "^ on or after the 18th birthday" in listed) == (
        marked,
        marked,
    )
    assert (
        "Mon 1 Mar 2027, the 18th birthday: from that day on it is no longer owed" in why
    ) == marked


def test_a_booking_is_when_it_is_held(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """The next clock runs from the booked day, and not from the last working day."""
    booking = Booking("WREN", "cla.review.first", D("2026-10-12"), D("2026-11-04"))
    make_store(CHILDREN[:1], FACTS[:1], bookings=[booking])
    answer = iro("forecast", "--list", "-f", "json")

    assert _listed(answer) == [
        ("2026-11-04", "WREN", "cla.review.first"),
        ("2027-02-04", "WREN", "cla.review.second"),
        ("2027-08-04", "WREN", "cla.review.subsequent"),
    ]
    assert [row["booked"] for row in answer.json["rows"]] == [True, False, False]


def test_what_is_overdue_can_be_held_later(year: Path, iro: Callable[..., Any]) -> None:
    """Five days after Mon 2 Nov is Sat 7 Nov: the first working day then is Mon 9 Nov."""
    answer = iro("forecast", "--list", "--held-after", "5", "--months", "1", "-f", "json")

    assert _listed(answer) == [
        ("2026-11-09", "LINNET", "cla.review.second"),
        ("2026-11-09", "WREN", "cla.review.first"),
    ]


def test_records_come_where_they_are_watched(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Decisions, record and distribution: 5, 15 and 20 working days after Mon 9 Nov."""
    make_store(CHILDREN[:1], FACTS[:1])
    assert iro("watch", "add", "records", "--from", "2026-11-02").code == 0
    rows = iro("forecast", "--list", "--months", "2", "-f", "json").json["rows"]

    three = {
        "cla.review.decisions": "2026-11-16",
        "cla.review.record": "2026-11-30",
        "cla.review.distribution": "2026-12-07",
    }
    records = [row for row in rows if row["timescale"] in three]

    assert [(row["timescale"], row["expected"]) for row in records] == list(three.items())
    assert {row["kind"] for row in records} == {"record"}


def test_an_adjourned_review_is_one_review(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """Both clocks, the adjournment's and the review's own, are met by one meeting."""
    make_store(CHILDREN[:1], [*FACTS[:1], ("WREN", Event("cla.review.adjourned", D("2026-11-02")))])
    answer = iro("forecast", "--list", "--months", "2", "-f", "json")

    assert _listed(answer) == [("2026-11-09", "WREN", "cla.review.first")]


def test_only_the_latest_review_is_known(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """
    A later review is followed by later ones, each after six months, not by a second one.

    Care since 2020 and a review on Tue 1 Sep 2026: Mon 1 Mar 2027, then Wed 1 Sep 2027.
    """
    make_store(
        [Child("WREN")],
        [
            ("WREN", Event("cla.start", D("2020-01-06"))),
            ("WREN", Event("cla.review.latest", D("2026-09-01"))),
        ],
    )
    answer = iro("forecast", "--list", "-f", "json")

    assert _listed(answer) == [
        ("2027-03-01", "WREN", "cla.review.subsequent"),
        ("2027-09-01", "WREN", "cla.review.subsequent"),
    ]


def test_without_a_date_is_counted_and_left_out(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """A child of another nation has clocks but no dates here."""
    make_store([Child("WREN", nation="scotland")], FACTS[:1])
    found = iro("forecast", "-f", "json").json

    assert (found["without_date"], sum(row["total"] for row in found["rows"])) == (1, 0)


def test_capacity_is_by_hours_and_absences(
    make_store: Callable[..., Path], iro: Callable[..., Any]
) -> None:
    """
    Half a post of 37 hours is 3.7 hours a day.

    November 2026 from Mon 2nd on has 21 working days; away from 2nd to 6th leaves 16.
    """
    make_store(
        CHILDREN[:1],
        FACTS[:1],
        ALLOCATIONS[:1],
        people=[Person("Ada Okafor", 0.5)],
        absences=[Absence("Ada Okafor", D("2026-11-02"), D("2026-11-06"))],
    )
    (row,) = iro(
        *("forecast", "--by", "iro", "--months", "1", "--week", "37"),
        *("--hours", "review=6", "-f", "json"),
    ).json["rows"]

    assert (row["hours"], row["hours_available"], row["full_time_equivalent"]) == (6.0, 59.2, 0.5)
    assert (row["children"], row["iros_least"], row["handbook"]) == (1, 0.01, "below")


def test_hours_that_are_not_known_are_not_guessed(year: Path, iro: Callable[..., Any]) -> None:
    """They give no figure by hours, and count as full time against the handbook."""
    answer = iro("forecast", "--months", "1", "--week", "37", "-f", "json").json

    assert answer["rows"][0]["hours_available"] is None
    assert answer["hours_not_known"] == ["Ada Okafor"]


def test_a_terminal_has_bars(year: Path) -> None:
    """A letter each for reviews, conferences and the rest."""
    from iro_cli.figures.forecast import AskedForecast
    from iro_cli.pages.ahead import forecast_export
    from iro_cli.questions.forecast import forecast
    from iro_cli.questions.view import View

    view = View(reading(year), nation="england", as_of=D("2026-11-02"))
    asked = AskedForecast(months=2)
    export = forecast_export(forecast(view, asked), asked, view.catalogue, view.as_of, width=60)
    chart = export.grids()[1]

    assert [line.cells for line in chart.lines] == [("Nov 2026", "##", "2"), ("Dec 2026", "+", "1")]


@pytest.mark.parametrize(
    "argv",
    [
        ("--months", "0"), ("--months", "61"), ("--by", "chair"), ("--held-after", "-1"),
        ("--hours", "tea=1"), ("--hours", "review=nan"), ("--week", "many"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    argv: tuple[str, ...], year: Path, iro: Callable[..., Any]
) -> None:
    """Exit code 2, and nothing on standard output."""
    answer = iro("forecast", *argv)

    assert (answer.code, answer.out) == (2, "")
