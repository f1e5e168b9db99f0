"""Read rows a cell at a time, with what the whole column shows about its cells."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.incoming.files import File
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.rows import Doubts, Element, Reading, Rows
from iro_cli.incoming.table import tables_in
from running import each, memory_of

TODAY = date(2026, 11, 22)
BIRDS = TableKind(
    "",
    (
        Column("child", "ID", needed=True),
        Column("seen", "Seen"),
        Column("name", "Name"),
    ),
    known=("Ring",),
)


class Read:
    """The result of a file that was read as often as its columns need."""

    def __init__(self, path: Path) -> None:
        """Read it, and again while something new is learnt."""
        doubts = Doubts()
        self.times = 0
        while True:
            self.times += 1
            self.reading = Reading(TODAY, TODAY, doubts)
            self.rows: list[tuple[str, date | None]] = []
            for table in tables_in(File(path, path.name), self.reading.warnings):
                for row in Rows(table, BIRDS, BIRDS.places(table), self.reading):
                    found = (row.child(), row.day("seen"))
                    if row.good:
                        self.rows.append(found)
            if not self.reading.learnt_more():
                break
        self.refused = [(one.row, one.column) for one in self.reading.refused]
        self.reasons = [one.reason for one in self.reading.refused]
        self.warnings = [*self.reading.warnings, *self.reading.of_columns()]


Birds = Callable[..., Read]


@pytest.fixture
def birds(tmp_path: Path) -> Birds:
    """Return a function that writes a file of birds and reads it."""

    def read(*rows: str, header: str = "ID,Seen,Name") -> Read:
        path = tmp_path / "birds.csv"
        path.write_text("\n".join([header, *rows]), "utf-8")
        return Read(path)

    return read


# ---------------------------------------------------------------- dates of a column


def test_one_date_that_is_month_first_makes_the_others_doubtful(birds: Birds) -> None:
    """Dates that can be read both ways are refused, before it and after it."""
    found = birds(
        "B1,11/02/2026", "B2,11/16/2026", "B3,10/12/2026", "B4,2026-11-02", "B5,11/11/2026",
        "B6,23/11/2025", "B7,2 Nov 2026",
    )  # fmt: skip

    assert found.rows == [
        ("B4", date(2026, 11, 2)),
        ("B5", date(2026, 11, 11)),
        ("B6", date(2025, 11, 23)),
        ("B7", date(2026, 11, 2)),
    ]
    assert found.refused == [(2, "Seen"), (3, "Seen"), (4, "Seen")]
    assert found.reasons[0] == (
        "may be 11 Feb 2026 or 2 Nov 2026, because another date of this column is written month "
        "first (11/16/2026): write 2026-11-02 or 02/11/2026 (day first)"
    )
    assert "there is no month 16" in found.reasons[1]


def test_a_column_without_such_a_date_is_read_once(birds: Birds) -> None:
    """Its dates are read day first."""
    found = birds("B1,11/02/2026", "B2,23/11/2026")

    assert found.rows == [("B1", date(2026, 2, 11)), ("B2", date(2026, 11, 23))]
    assert found.times == 1


def test_another_column_is_not_made_doubtful(birds: Birds) -> None:
    """An export writes each column in one way."""
    found = birds("B1,11/02/2026,11/16/2026")

    assert found.rows == [("B1", date(2026, 2, 11))]


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2026, 12, 31)), min_size=1, max_size=20),
    st.integers(0, 19),
)
def test_no_wrong_day_is_read_if_one_date_shows_the_order(days: list[date], place: int) -> None:
    """If one day of a month-first column is after the 12th, no wrong day is read."""
    import tempfile  # noqa: PLC0415 - a folder for each example

    days.insert(place, date(2026, 11, 16))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "birds.csv"
        rows = [f"B{number},{day:%m/%d/%Y}" for number, day in enumerate(days)]
        path.write_text("\n".join(["ID,Seen", *rows]))
        found = Read(path)

    assert all(days[int(bird[1:])] == day for bird, day in found.rows)


def test_years_of_two_digits_are_counted_by_column(birds: Birds) -> None:
    """The warning says which years were taken."""
    found = birds("B1,02/11/26", "B2,02/11/26", "B3,2 Nov 2026")

    assert [day for _, day in found.rows] == [date(2026, 11, 2)] * 3
    assert found.warnings == [
        "birds.csv, Seen: dates with a year of two digits, read as one from 1937 to 2036: 2"
    ]


# ---------------------------------------------------------------- ids of a column


def test_whole_numbers_lose_their_point(birds: Birds) -> None:
    """A column of numbers with a blank was exported so; a warning counts the ids."""
    found = birds("9001.0", "9002", "007.00")

    assert [bird for bird, _ in found.rows] == ["9001", "9002", "007"]
    assert found.warnings == ["birds.csv, ID: ids written as 9001.0, read as 9001: 2"]


@pytest.mark.parametrize("other", ["9001.5", "B7", "9001-2"])
def test_among_other_ids_the_point_is_part_of_one(birds: Birds, other: str) -> None:
    """An authority may number siblings in this way."""
    found = birds("9001.0", other, "9002")

    assert [bird for bird, _ in found.rows] == ["9001.0", other, "9002"]
    assert found.warnings == []


def test_an_id_that_was_shortened_is_refused(birds: Birds) -> None:
    """Two children could have the same shortened id."""
    found = birds("1.23457E+11", "123456700001")

    assert found.refused == [(2, "ID")]
    assert "lost its last figures" in found.reasons[0]


# ---------------------------------------------------------------- totals


@each("foot", ["Total,,3", "TOTAL", "Grand Total:,3,3", "Sub-total,,2", "Count,3", "Row count,,3",
     'Sum,,"1,234"', "Average,2.5", "(3 rows affected)", "3 records", "n = 3", "Totals,-,3"])  # fmt: skip
def test_a_total_is_no_child(birds: Birds, foot: str) -> None:
    """Its id says total, and the rest of the row is counts or blank."""
    found = birds("B1,2026-11-02,Wren", foot, "B2,2026-11-02,Tit")

    assert [bird for bird, _ in found.rows] == ["B1", "B2"]
    assert found.refused == [(3, "ID")]
    assert "is a total" in found.reasons[0]


@pytest.mark.parametrize("foot", ["Overall", "Testshire,,412", "End of report"])
def test_what_is_unlike_every_id_at_the_foot_is_no_child(birds: Birds, foot: str) -> None:
    """All other ids have digits."""
    found = birds("B1,2026-11-02", "B2,2026-11-02", "B3,2026-11-02", foot)

    assert found.refused == [(5, "ID")]
    assert "is unlike every other id and stands at the foot" in found.reasons[0]


@each(
    "rows",
    [
        pytest.param(["Wren", "Tit", "Count Duckula"], id="names as ids"),
        pytest.param(["B1", "B2", "B3", "Total,2026-11-02"], id="a day in the row"),
        pytest.param(["B1", "B2", "B3", "Wren,2026-11-02,x"], id="a row that says something"),
        pytest.param(["B1", "B2", "B3", "Wren", "B4"], id="not at the foot"),
        pytest.param(["B1", "B2", "Wren"], id="too few to tell"),
        pytest.param(["B1", "B2", "B3", "Wren", "Tit"], id="another like it"),
    ],
)
def test_a_child_is_not_taken_for_a_total(birds: Birds, rows: list[str]) -> None:
    """A row that may be a child is read as a child."""
    found = birds(*rows)

    assert [bird for bird, _ in found.rows] == [row.split(",")[0] for row in rows]


# ---------------------------------------------------------------- what is not read


def test_columns_that_nobody_knows_are_named_once_with_their_count(birds: Birds) -> None:
    """So a date under another name is noticed; known columns are not mentioned."""
    found = birds(
        "B1,,,R1,2026-11-02,", "B2,,,R2,2026-11-03,", header="ID,Seen,Name,Ring,Heard,Bought"
    )

    assert found.warnings == [
        (
            "birds.csv: not read, because no column or element of this name is known: Heard, 2 times; "
            "Bought, 0 times"
        )
    ]


def test_numbers_of_a_sheet_may_be_days_and_ids(tmp_path: Path) -> None:
    """The cells of a workbook are read by the same reader."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.Workbook()
    for row in (["ID", "Seen"], [9001.0, 46328], ["9002", date(2026, 11, 3)]):
        book.active.append(row)
    book.save(tmp_path / "birds.xlsx")
    found = Read(tmp_path / "birds.xlsx")

    assert found.rows == [("9001", date(2026, 11, 2)), ("9002", date(2026, 11, 3))]
    assert found.warnings == []


def test_an_element_is_read_as_a_row_is() -> None:
    """A refusal has its line and its child."""
    reading = Reading(TODAY, TODAY)
    element = Element("a.xml", 7, {"ID": "B1", "Seen": "soon"}, "B1", reading)

    assert (element.child("ID"), element.day("Seen"), element.text("Name")) == ("B1", None, "")
    assert [str(one) for one in reading.refused] == [
        (
            "a.xml: line 7, child B1, element Seen: not a date: write 2026-11-02 or 02/11/2026 (day "
            "first) (soon)"
        )
    ]


# ---------------------------------------------------------------- whom a row is about


def test_ids_of_rows_that_are_passed_over_are_not_kept(tmp_path: Path) -> None:
    """The ids of rows that are passed over need no memory."""
    for letter in "BC":
        everybody = "\n".join(f"{letter}{one:019},," for one in range(4_000))
        (tmp_path / f"{letter}.csv").write_text(f"ID,Seen,Name\n{everybody}", "utf-8")
    reading = Reading(TODAY, TODAY)
    held = []

    def look(letter: str) -> None:
        name = f"{letter}.csv"
        (table,) = tables_in(File(tmp_path / name, name), reading.warnings)
        rows = Rows(table, BIRDS, BIRDS.places(table), reading)
        held.append((rows, sum(bool(row.whose()) for row in rows)))

    kept, _ = memory_of(partial(look, "B"), partial(look, "C"))

    assert [seen for _, seen in held] == [4_000, 4_000]
    # An id of twenty letters takes 69 bytes.
    assert kept < 4_000 * 69
