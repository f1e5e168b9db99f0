"""The workbook is opened in LibreOffice and read by openpyxl."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.conftest import FORMULA, Run, Sheets
from iro_cli.forms import Target
from iro_cli.forms.listing import Field, Listing
from iro_cli.forms.workbook import sheet_name, write_workbook
from iro_cli.pages import listings
from iro_cli.safe import guarded, printable
from strategies import letters

ABOUT: dict[str, object] = {
    "schema": 1,
    "as_of": "2025-02-10",
    "nation": "england",
    "catalogue": "0123456789abcdef",
}


LISTED = {one.command: one for one in listings()}


def _as_shown(field: str, value: object) -> str:
    """Write a value of JSON as a spreadsheet shows it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, int):
        return str(value)
    if field == "timeliness":
        return f"{float(str(value)):.1%}"
    if field in ("clock_started", "due", "hold_by", "booked", "date_of_birth"):
        return f"{date.fromisoformat(str(value)):%a %-d %b %Y}"
    return guarded(printable(str(value)))


def _expected(iro: Run, listing: str, *argv: str) -> list[dict[str, str]]:
    rows = json.loads(iro(*argv, "-f", "json").out)["rows"]
    headings = {field.name: field.heading for field in LISTED[listing].fields}
    return [
        {headings[field]: _as_shown(field, value) for field, value in row.items()} for row in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "listing", "name"),
    [
        (("due", "--all"), "due", "Due"),
        (("overdue",), "due", "Overdue"),
        (("caseload",), "caseload", "Caseload"),
        (("child", "list"), "child list", "Children"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_libreoffice_shows_every_cell(
    command: tuple[str, ...],
    listing: str,
    name: str,
    store: Path,
    iro: Run,
    libreoffice: Sheets,
    home: Path,
) -> None:
    """Each cell has the value of JSON: dates as dates, numbers as numbers, formulas as text."""
    iro("book", "A-001", "cla.review.first", "2025-02-14", "14:30")
    expected = _expected(iro, listing, *command)
    iro(*command, "-f", "xlsx", "-o", "book.xlsx")
    found = libreoffice(home / "book.xlsx")
    header, *rows = found[name]

    assert sorted(found) == sorted(["About", name])
    assert expected == [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.slow
def test_the_second_sheet_says_what_it_is(
    store: Path, iro: Run, libreoffice: Sheets, home: Path
) -> None:
    """The day, the nation, the program, the rules, the bank holidays, and what is missing."""
    about = json.loads(iro("overdue", "-f", "json").out)
    iro("overdue", "-f", "xlsx", "-o", "book.xlsx")
    found = dict(row for row in libreoffice(home / "book.xlsx")["About"][1:] if row[0])

    assert found == {
        "As of": "Mon 10 Feb 2025",
        "Nation": "England",
        "Made by": about["program"],
        "Rules": about["catalogue"],
        "Bank holidays": "confirmed to 31 Dec 2028",
        "Left out": (
            "1 without a date, because the facts do not allow one (`iro explain CHILD` says why)"
        ),
        "Sheet Overdue": "1 row",
        "Overdue rows": "are bold and shaded; the column Status or Overdue says so too",
        "On paper": "the columns to Assumed; what stands to the right of it is for filters",
    }


@pytest.mark.slow
def test_a_sheet_for_each_iro(store: Path, iro: Run, libreoffice: Sheets, home: Path) -> None:
    """Each has that IRO's open rows, and a name that spreadsheets accept."""
    iro("caseload", "-f", "xlsx", "--sheets", "iro", "-o", "book.xlsx")
    found = libreoffice(home / "book.xlsx")
    ids = {name: [row[0] for row in rows[1:]] for name, rows in found.items() if name != "About"}

    assert ids.pop("Ann Example") == ["A-001", "'+A-006"]
    assert ids.pop("Unallocated") == ["A-007"]
    assert sorted(ids.pop("Caseload")) == sorted(
        row["Name"] for row in _expected(iro, "caseload", "caseload")
    )
    assert sorted(ids.values()) == [["A-002"], ["A-003"], ["A-004"], ["A-005"]]
    assert all(not set(name) & set("[]:*?/\\") for name in found)


def test_it_looks_as_a_team_lead_would_make_it(store: Path, iro: Run, home: Path) -> None:
    """Real dates, a frozen header, filters, print titles, and bold where it is overdue."""
    openpyxl = pytest.importorskip("openpyxl", reason="NOT TESTED: `pip install openpyxl`")
    iro("due", "--all", "-f", "xlsx", "-o", "book.xlsx")
    book = openpyxl.load_workbook(home / "book.xlsx")
    page = book["Due"]
    header = [cell.value for cell in page[1]]
    due, status = header.index("Due"), header.index("Status")
    rows = list(page.iter_rows(min_row=2))

    assert (book.sheetnames, book.active.title) == (["Due", "About"], "Due")
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == (
        "B2",
        "A1:P8",
        "$1:$1",
    )
    assert rows[0][due].value.date() == date(2025, 2, 3)
    assert [(row[status].value, row[0].font.bold) for row in rows] == [
        ("overdue", True),
        *[("due-soon", False)] * 5,
        ("refused", False),
    ]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert page.column_dimensions["C"].width > page.column_dimensions["D"].width


def test_what_people_want_comes_first_and_is_printed(store: Path, iro: Run, home: Path) -> None:
    """A printed row has its title and not the timescale; a flag that is false is a blank cell."""
    openpyxl = pytest.importorskip("openpyxl", reason="NOT TESTED: `pip install openpyxl`")
    iro("book", "A-001", "cla.review.first", "2025-02-14")
    iro("due", "--all", "-f", "xlsx", "-o", "book.xlsx")
    page = openpyxl.load_workbook(home / "book.xlsx")["Due"]
    rows = list(page.iter_rows(values_only=True))

    assert page.print_area == "'Due'!$A$1:$L$8"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, 0)  # 1, any
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert rows[0] == (
        *("Child", "Title", "Due", "Days left", "Status", "Hold by", "Booked", "Booked late"),
        *("IRO or chair", "Team", "Provisional", "Assumed"),
        *("Timescale", "Process", "Clock started", "Working days left"),
    )
    assert [row[7] for row in rows[1:]] == ["yes", *[None] * 6]


def test_every_listing_prints_what_makes_a_row_stand_out() -> None:
    """On paper colour is never alone, and no row has both an id and a title."""
    of = {one.command: one.paper or one.columns for one in listings() if one.paper or one.columns}

    assert not [
        command
        for command, paper in of.items()
        if not {field.name for field in LISTED[command].fields if field.late} <= set(paper)
        or {"timescale", "title"} <= set(paper)
        or len(set(paper)) < len(paper)
        or not set(paper) <= {field.name for field in LISTED[command].fields}
    ]


def test_the_same_bytes_whatever_it_is_written_to(store: Path, iro: Run, home: Path) -> None:
    """A pipe gets the bytes of a file, and so does the next run."""
    iro("due", "-f", "xlsx", "-o", "book.xlsx")

    assert iro("due", "-f", "xlsx").out == (home / "book.xlsx").read_bytes()


@pytest.mark.slow
def test_a_formula_is_text(store: Path, iro: Run, libreoffice: Sheets, home: Path) -> None:
    """It is text in the workbook, and still guarded when that is saved as CSV."""
    iro("due", "--child", "A-002", "-f", "xlsx", "-o", "book.xlsx")
    rows = libreoffice(home / "book.xlsx")["Due"]

    assert f"'{FORMULA}" in rows[1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_a_cell_that_excel_has_no_room_for_is_cut_where_it_can_be_seen() -> None:
    """Otherwise the library would leave it out silently."""
    openpyxl = pytest.importorskip("openpyxl", reason="NOT TESTED: `pip install openpyxl`")
    out = io.BytesIO()
    listing = Listing("Notes", (Field("note", value=str),))
    write_workbook(listing.export(["x" * 40_000], ABOUT, list), out, Target())
    cell = openpyxl.load_workbook(out)["Notes"]["A2"].value

    assert (len(cell), cell[-1]) == (32_767, "…")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    """Not every program fits the height; text that is not printed does not count."""
    openpyxl = pytest.importorskip("openpyxl", reason="NOT TESTED: `pip install openpyxl`")
    out = io.BytesIO()
    names = ("note", "aside")
    fields = tuple(Field(name, value=itemgetter(place)) for place, name in enumerate(names))
    rows = [("word " * 20, "x"), ("x", "word " * 40), ("x", "x")]
    listing = Listing("Notes", fields, columns=("note",))
    write_workbook(listing.export(rows, ABOUT, list), out, Target())
    page = openpyxl.load_workbook(out)["Notes"]

    # Twenty words of five letters, eight of them in forty.
    assert [page.row_dimensions[row].height for row in (2, 3, 4)] == [45, None, None]
    assert [page.cell(2, column).alignment.wrap_text for column in (1, 2)] == [True, None]


@given(st.lists(st.text(letters, max_size=60), max_size=8))
def test_sheets_have_names_that_excel_takes(names: list[str]) -> None:
    """At most 31 letters, none of the seven that are forbidden, no two alike, never blank."""
    taken = {"about"}
    found = [sheet_name(name, taken) for name in names]

    assert all(1 <= len(name) <= 31 for name in found)
    assert not [name for name in found if set(name) & set("[]:*?/\\")]
    assert not [name for name in found if name.strip("' ") != name or name.casefold() == "history"]
    assert len({name.casefold() for name in found} | {"about"}) == len(found) + 1


def test_csv_is_read_back_unchanged(store: Path, iro: Run, home: Path) -> None:
    """Our import reads our own export of children, hostile texts included."""
    first = iro("child", "list", "-f", "csv").out
    (home / "children.csv").write_bytes(first)
    code, _, err = iro("import", "children", "children.csv", "--database", "other.db")
    again = iro("child", "list", "-f", "csv", "--database", "other.db").out

    assert (code, err.count("\n")) == (0, 1)  # that a store was made
    assert first == again


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_an_error_in_words(store: Path, iro: Run) -> None:
    """The library, whose archive is then broken, causes no traceback."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "iro_cli", "due", "-f", "xlsx", "--as-of", "2025-02-10"],
            env={**os.environ, "IRO_DATABASE": str(store)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 3
    assert done.stderr.decode().count("\n") == 1
    assert b"No space left" in done.stderr
