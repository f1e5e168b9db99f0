"""A question about few is answered from few, and as it was from all."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.questions.caseload import caseload
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.forecast import AskedForecast, forecast
from iro_cli.questions.view import View
from stores import make, reading
from strategies import LAW_FROM, examples, histories

AS_OF = date(2012, 9, 3)
NAMES, TEAMS = ("Ann Example", "ann example", "Bo Example"), ("North", "NORTH", "South", None)
PROCESSES = ("cla", "cp", "short-break", "adoption", "secure", "dispute")
lives = st.lists(
    st.tuples(
        histories(),
        st.sampled_from(TEAMS),
        st.sampled_from([None, "england", "wales"]),
        st.lists(
            st.tuples(
                st.sampled_from(["iro", "chair"]),
                st.sampled_from(NAMES),
                st.sampled_from([None, date(2012, 3, 1)]),
                st.sampled_from([None, date(2012, 2, 1), date(2012, 12, 1)]),
            ),
            max_size=3,
        ),
    ),
    min_size=1,
    max_size=6,
)


def _store(folder: str, drawn: list[tuple[list[Event], str | None, str | None, list]]) -> Path:
    children, facts, allocations, bookings = [], [], [], []
    for number, (events, team, nation, held) in enumerate(drawn):
        child = f"C{number}"
        children.append(Child(child, team=team, nation=nation))
        facts += [(child, event) for event in events]
        allocations += [Allocation(child, *one) for one in held]
        bookings.append(Booking(child, "cla.review.first", LAW_FROM, date(2012, 10, 1)))
    return make(Path(folder) / "iro.db", children, facts, allocations, bookings)


@examples(60)
@given(lives)
def test_a_filter_leaves_out_only_what_it_names(drawn: list) -> None:
    """By IRO, team, process and child: the rows are those of everything that match."""
    with (
        tempfile.TemporaryDirectory() as folder,
        reading(_store(folder, drawn)) as reader,
    ):
        view = View(reader, nation="england", as_of=AS_OF)
        every = open_obligations(view, AskedDue(everything=True, watched_all=True))
        for field, values in (
            ("iro", NAMES),
            ("team", TEAMS[:3]),
            ("process", PROCESSES),
            ("child", ("C0",)),
        ):
            for value in values:
                asked = AskedDue(everything=True, watched_all=True, **{field: value})
                expected = [
                    row
                    for row in every
                    if (getattr(row, field) or "").casefold() == value.casefold()
                ]

                assert open_obligations(view, asked) == expected


@examples(20)
@given(lives)
def test_a_caseload_and_a_forecast_of_few(drawn: list) -> None:
    """By the person: what is counted of one is what is counted of them among all."""
    with (
        tempfile.TemporaryDirectory() as folder,
        reading(_store(folder, drawn)) as reader,
    ):
        view = View(reader, nation="england", as_of=AS_OF)
        every = {row.name: row for row in caseload(view).rows}
        ahead = forecast(view, AskedForecast(months=3)).ahead
        for name in NAMES[::2]:
            mine = {row.name: row for row in caseload(view, only={"iro": name}).rows}
            of_theirs = forecast(view, AskedForecast(months=3, iro=name)).ahead

            assert mine == {
                one: row for one, row in every.items() if one.casefold() == name.casefold()
            }
            assert of_theirs == [
                one for one in ahead if (one.iro or "").casefold() == name.casefold()
            ]


@pytest.mark.parametrize("process", ["secure", "dispute"])
def test_of_nobody(process: str, tmp_path: Path) -> None:
    """Where nothing is known that a process depends on, nothing is listed."""
    path = make(tmp_path / "iro.db", [Child("A")], [("A", Event("cla.start", LAW_FROM))])
    with reading(path) as reader:
        view = View(reader, nation="england", as_of=AS_OF)

        assert view.among(process=process) == set()
        assert open_obligations(view, AskedDue(everything=True, process=process)) == []
