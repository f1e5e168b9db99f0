"""A question about a few children reads few rows, and answers as if it had read all."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.figures.forecast import AskedForecast
from iro_cli.figures.periods import Period
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.listing import LATER, OVERDUE, REFUSED, DueRow, DueRows
from iro_cli.questions.caseload import caseload, caseload_count
from iro_cli.questions.due import AskedDue, Listed, listed, open_obligations
from iro_cli.questions.forecast import forecast
from iro_cli.questions.health import facts_in_short, facts_of
from iro_cli.questions.report import gather
from iro_cli.questions.view import View
from stores import make, reading
from strategies import LAW_FROM, examples, histories

AS_OF = LAW_FROM + timedelta(days=300)
_IDS = ("ANT", "Bee", "CRANE", "DORMOUSE", "EEL", "FROG")
_OFFICERS = ("Ada Okafor", "ada okafor", "Bo Lind", "Cy Mba")
_TEAMS = ("Oak", "oak", "Elm")
_PROCESSES = ("cla", "cp", "adoption", "secure", "short-break", "dispute", "plans")
_TIMESCALES = ("cla.review.first", "cla.midway", "cp.conference.initial", "cp.core-group.first")
_BOOKED = ("cla.review.first", "cla.review.second", "cp.conference.initial")
_days = st.none() | st.integers(-30, 330).map(lambda day: LAW_FROM + timedelta(days=day))

Caseload = tuple[list[Child], list[tuple[str, Event]], list[Allocation], list[Booking]]


@st.composite
def caseloads(draw: st.DrawFn) -> Caseload:
    """Draw children with facts, teams, nations, bookings and past and present allocations."""
    children, facts, allocations, bookings = [], [], [], []
    for child_id in _IDS[: draw(st.integers(1, len(_IDS)))]:
        team = draw(st.none() | st.sampled_from(_TEAMS))
        nation = draw(st.sampled_from([None, None, None, "wales", "scotland"]))
        children.append(Child(child_id, team=team, nation=nation))
        happened = draw(histories(most=8))
        facts += [(child_id, one) for one in happened]
        bookings += [
            Booking(child_id, draw(st.sampled_from(_BOOKED)), one.on, one.on + timedelta(days=20))
            for one in happened[: draw(st.integers(0, 2))]
        ]
        for role in ("iro", "chair"):
            for name in draw(st.lists(st.sampled_from(_OFFICERS), max_size=3)):
                first, last = sorted((draw(_days), draw(_days)), key=lambda day: day or date.min)
                allocations.append(Allocation(child_id, role, name, first, last or None))
    return children, facts, allocations, bookings


filters = st.fixed_dictionaries(
    {},
    optional={
        "iro": st.sampled_from(_OFFICERS),
        "team": st.sampled_from(_TEAMS),
        "process": st.sampled_from(_PROCESSES),
        "child": st.sampled_from(_IDS[:1]),
        "timescales": st.sampled_from(_TIMESCALES).map(lambda one: (one,)),
    },
)
others = st.fixed_dictionaries(
    {
        "everything": st.booleans(),
        "unbooked": st.booleans(),
        "only_overdue": st.booleans(),
    }
)


def _lets_through(asked: AskedDue, row: DueRow) -> bool:
    """Say whether the filters accept a row, each by the row's own field."""
    same = all(
        wanted is None or (found or "").casefold() == wanted.casefold()
        for wanted, found in (
            (asked.iro, row.iro),
            (asked.team, row.team),
            (asked.process, row.process),
        )
    )
    return (
        same
        and asked.child in (None, row.child)
        and (not asked.timescales or row.timescale in asked.timescales)
        and not (asked.unbooked and row.booked)
    )


def _left(asked: AskedDue, rows: list[DueRow]) -> Listed:
    """Filter the rows of all children, and count those not listed."""
    rows = [row for row in rows if _lets_through(asked, row)]
    if asked.only_overdue:
        without = sum(row.status == REFUSED for row in rows)
        return Listed([row for row in rows if row.status == OVERDUE], {"without_date": without})
    kept = [row for row in rows if asked.everything or row.status != LATER]
    return Listed(kept, {"later": len(rows) - len(kept)})


@examples(120)
@given(caseload_of=caseloads(), wanted=filters, more=others)
def test_few_are_read_as_if_everybody_had_been(
    caseload_of: Caseload, wanted: dict[str, Any], more: dict[str, bool]
) -> None:
    """No row is missing, whoever held a child and whichever event began a process."""
    asked = AskedDue(**(wanted | more), watched_all=True)
    with TemporaryDirectory() as folder:
        store = make(Path(folder) / "iro.db", *caseload_of)
        view = View(reading(store), nation="england", as_of=AS_OF)
        everybody = listed(view, AskedDue(everything=True, watched_all=True)).rows
        found = listed(view, asked)
        view.close()
    event("some of the rows" if found.rows else "none")

    assert _left(asked, everybody) == found


@examples(20)
@given(caseload_of=caseloads())
def test_a_caseload_and_a_forecast_of_few(caseload_of: Caseload) -> None:
    """For a person, the figures are the same as among all people."""
    with (
        TemporaryDirectory() as folder,
        reading(make(Path(folder) / "iro.db", *caseload_of)) as reader,
    ):
        view = View(reader, nation="england", as_of=AS_OF)
        every = {row.name: row for row in caseload(view).rows}
        ahead = forecast(view, AskedForecast(months=3)).ahead
        for name in _OFFICERS[::2]:
            mine = {row.name: row for row in caseload(view, only={"iro": name}).rows}
            of_theirs = forecast(view, AskedForecast(months=3, iro=name)).ahead

            assert mine == {
                one: row for one, row in every.items() if one.casefold() == name.casefold()
            }
            assert of_theirs == [
                one for one in ahead if (one.iro or "").casefold() == name.casefold()
            ]


@examples(400)
@given(happened=histories(most=5), nation=st.sampled_from(["england", "wales"]))
def test_nothing_is_open_without_an_event_that_begins_it(
    happened: list[Event], nation: str
) -> None:
    """A child with an open rule has one of the events by which such children are found."""
    catalogue = library.catalogue(nation)
    calendar = library.calendar(catalogue.calendar)
    shown = Watchlist(catalogue, {}, everything=True)
    clocks = Engine(catalogue).run(happened, as_of=AS_OF)
    known = [one for one in happened if one.on <= AS_OF]
    bookings = {
        (_IDS[0], clock.rule.id, clock.started): Booking(
            _IDS[0], clock.rule.id, clock.started, AS_OF + timedelta(days=30)
        )
        for clock in clocks.open
    }
    listing = DueRows(catalogue, calendar, shown, as_of=AS_OF, horizon=AS_OF)
    rows = list(listing.open_rows(Child(_IDS[0]), clocks.open, known, {}, bookings))
    names = {one.event for one in known}
    event("open" if rows else "nothing")

    assert [] == [
        row.timescale
        for row in rows
        if names.isdisjoint(catalogue.begun_by(frozenset({row.timescale})))
    ]


@pytest.mark.parametrize("process", ["secure", "dispute"])
def test_of_nobody(process: str, tmp_path: Path) -> None:
    """If no child has an event that a process needs, nothing is listed."""
    path = make(tmp_path / "iro.db", [Child("A")], [("A", Event("cla.start", LAW_FROM))])
    with reading(path) as reader:
        view = View(reader, nation="england", as_of=AS_OF)

        assert view.among(process=process) == set()
        assert open_obligations(view, AskedDue(everything=True, process=process)) == []


@examples(20)
@given(caseload_of=caseloads(), team=st.none() | st.sampled_from(_TEAMS))
def test_caseloads_beside_a_report(caseload_of: Caseload, team: str | None) -> None:
    """A report that counts the caseloads as it reads the children gives both as if asked apart."""
    period = Period(LAW_FROM, AS_OF)
    with (
        TemporaryDirectory() as folder,
        reading(make(Path(folder) / "iro.db", *caseload_of)) as reader,
    ):
        view = View(reader, nation="england", as_of=AS_OF)
        count = caseload_count(view, view.shown(), "iro", {"team": team})
        ledger = gather(view, period, beside=count)

        assert count.caseloads() == caseload(view, only={"team": team})
        assert ledger == gather(view, period)


@examples(20)
@given(caseload_of=caseloads(), shown=st.integers(1, 12), data=st.data())
def test_findings_in_short(caseload_of: Caseload, shown: int, data: st.DataObject) -> None:
    """The first findings are put into words, the others are counted, whoever was told of some."""
    everybody = [child.child_id for child in caseload_of[0]]
    asked = data.draw(st.sets(st.sampled_from(everybody), min_size=1))
    with (
        TemporaryDirectory() as folder,
        reading(make(Path(folder) / "iro.db", *caseload_of)) as reader,
    ):
        view = View(reader, nation="england", as_of=AS_OF)
        rows = [row for row in facts_of(view, asked) if row.child in asked]
        keys = [(row.child or "", row.date or "", row.check) for row in rows]
        told = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
        left = [row for key, row in zip(keys, rows, strict=True) if key not in told]
        # An import has the facts of those whose facts it changed at hand, often of all.
        changed = data.draw(st.just(asked) | st.sets(st.sampled_from(sorted(asked))))
        stands = dict(reader.cases(date.max, changed, whole=True))
        found = facts_in_short(view, asked, {}, stands, shown, told=told)

    assert found.first == left[:shown]
    assert (found.findings, found.children) == (len(left), len({row.child for row in left}))
