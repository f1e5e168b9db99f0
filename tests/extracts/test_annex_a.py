"""Reading Ofsted's Annex A."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.annex_a import SOURCE
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.facts import Facts
from iro_cli.facts.model import Child
from iro_cli.incoming.cells import Cell
from iro_cli.incoming.refused import write_refused
from running import each
from strategies import examples, letters

TODAY = date(2026, 11, 22)
Table = Sequence[Sequence[Cell]]
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "annex-a"

FIVE = [
    "Child Unique ID", "Date of Birth", "Age of Child (Years)",
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference",
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of ICPCs in the last 12 months", "Allocated Team", "Allocated Worker",
]  # fmt: skip
SEVEN = [
    "Child Unique ID", "Date of Birth", "Child Protection Plan Start Date",
    "Date of the Last Statutory Visit", "Date of latest review conference",
    "Child Protection Plan End Date", "Allocated Team",
]  # fmt: skip
EIGHT = [
    "Child Unique ID", "Date of Birth", "Date Started to be Looked After",
    "Start date of current legal status", "Child's Legal Status",
    "Date of Latest Statutory Review", "Date of Last IRO Visit / Contact to the Child",
    "Date Ceased to be Looked After ", "Reason Ceased to be Looked After",
    "Start Date of Most Recent Placement", "Placement Type", "Allocated Team",
]  # fmt: skip


def _five(
    child: Cell = "W1", strategy: Cell = "", unnecessary: Cell = "", held: Cell = "",
    result: Cell = "", born: Cell = "", team: Cell = "",
) -> list[Cell]:  # fmt: skip
    return [child, born, 3, strategy, unnecessary, held, result, 1, team, "A Worker"]


def _seven(
    child: Cell = "W1", started: Cell = "", reviewed: Cell = "", ended: Cell = "",
    born: Cell = "", team: Cell = "",
) -> list[Cell]:  # fmt: skip
    return [child, born, started, "", reviewed, ended, team]


def _eight(
    child: Cell = "W1", started: Cell = "", reviewed: Cell = "", ceased: Cell = "",
    reason: Cell = "", status: Cell = "C2: FCO", placed: Cell = "", kind: Cell = "",
    born: Cell = "", team: Cell = "",
) -> list[Cell]:  # fmt: skip
    return [child, born, started, "", status, reviewed, "", ceased, reason, placed, kind, team]


def _book(path: Path, **sheets: Table) -> Path:
    """Write a workbook; dates are real ones, and ``_`` in a sheet's name is a space."""
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name.replace("_", " "))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                elif cell != "":
                    sheet.write(row, column, cell)
    book.close()
    return path


def _whole(path: Path, five: Table = (), seven: Table = (), eight: Table = ()) -> Path:
    return _book(path, List_5=[FIVE, *five], List_7=[SEVEN, *seven], List_8=[EIGHT, *eight])


def _read(*paths: Path) -> Batch:
    return SOURCE.read(paths, today=TODAY)


def _warnings(batch: Batch) -> list[str]:
    """Return the warnings about rows; warnings about missing lists have their own test."""
    return [text for text in batch.warnings if not text.startswith("there is no row in")]


def _facts(batch: Batch) -> list[tuple[str, str, str]]:
    return [(child, event.event, event.on.isoformat()) for child, event, _ in batch.facts]


def _refusal(*paths: Path) -> str:
    with pytest.raises(InputRefusedError) as caught:
        _read(*paths)
    return str(caught.value)


# ---------------------------------------------------------------- what becomes of a row


def test_care_review_placement_and_end(tmp_path: Path) -> None:
    """A row of list 8 is a period of care, its latest review and its latest placement."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[
        _eight("00123", date(2026, 3, 2), date(2026, 9, 10), date(2026, 10, 30),
               "e) E4A: Returned home", placed=date(2026, 4, 1), born=date(2012, 5, 1), team="Oak"),
    ]))  # fmt: skip

    assert _facts(batch) == [
        ("00123", "cla.start", "2026-03-02"),
        ("00123", "placement.start", "2026-04-01"),
        ("00123", "cla.review.latest", "2026-09-10"),
        ("00123", "cla.end", "2026-10-30"),
    ]
    assert [event.reason for _, event, _ in batch.facts] == [None, None, None, "E4A"]
    assert {where for _, _, where in batch.facts} == {"a.xlsx, List 8:2"}
    assert batch.children == [Child("00123", date_of_birth=date(2012, 5, 1), team="Oak")]
    assert (batch.source, batch.authority) == ("annex-a", None)
    assert (batch.refused, _warnings(batch)) == ([], [])


@each("status", ["V3: Short term breaks, episodes recorded", "V4", "v4 - agreements", "Short-Term Breaks",
     "Accommodated under an agreed series of short term breaks", "Respite"])  # fmt: skip
def test_short_breaks(tmp_path: Path, status: str) -> None:
    """V3 and V4, also in words, mean a series of short breaks."""
    row = _eight("W1", date(2026, 3, 2), date(2026, 9, 10), date(2026, 10, 30), "E8", status=status)
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[row]))

    assert [name for _, name, _ in _facts(batch)] == [
        "short-break.start", "short-break.review.latest", "short-break.end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "status", ["V2: Single period under S20", "C1: ICO", "E1: Placement order"]
)
def test_other_statuses_are_care(tmp_path: Path, status: str) -> None:
    """Any other status means a period of care."""
    batch = _read(
        _whole(tmp_path / "a.xlsx", eight=[_eight("W1", date(2026, 3, 2), status=status)])
    )

    assert _facts(batch) == [("W1", "cla.start", "2026-03-02")]


@each(
    "kind, placed",
    [
        ("j) A6: Placed for adoption - order - not foster", True),
        ("A4", True),
        ("Placed for adoption with order, not with current foster carer", True),
        ("i) A5: Placed for adoption - order - foster", False),
        ("b) Placed for adoption", False),
        ("f) U6: Foster placement - not FFA", None),
    ],
)
def test_placed_for_adoption_only_where_the_day_is_told(
    tmp_path: Path, kind: str, placed: bool | None
) -> None:
    """With a carer who fostered the child before, the placement began before that day."""
    row = _eight("W1", date(2026, 3, 2), placed=date(2026, 8, 3), kind=kind)
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[row]))
    found = [fact for fact in _facts(batch) if fact[1] == "adoption.placed"]

    assert found == ([("W1", "adoption.placed", "2026-08-03")] if placed else [])
    assert len(_warnings(batch)) == (placed is False)


def test_adoption_ends_with_care(tmp_path: Path) -> None:
    """When care ends by an adoption order, the adoption reviews stop too."""
    row = _eight("W1", date(2025, 3, 3), "", date(2026, 9, 1), "a) E11: Adopted - unopposed",
                 placed=date(2026, 3, 2), kind="h) A4: Placed for adoption - consent - not foster")  # fmt: skip
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[row]))

    assert [(event.event, event.reason) for _, event, _ in batch.facts][-2:] == [
        ("cla.end", "E11"),
        ("adoption.end", "E11"),
    ]


def test_plans(tmp_path: Path) -> None:
    """A row of list 7 gives a plan, its latest review conference and its end."""
    row = _seven("W1", date(2026, 1, 5), date(2026, 9, 10), date(2026, 9, 10))
    batch = _read(_whole(tmp_path / "a.xlsx", seven=[row]))

    assert _facts(batch) == [
        ("W1", "cp.plan.start", "2026-01-05"),
        ("W1", "cp.conference.review.latest", "2026-09-10"),
        ("W1", "cp.plan.end", "2026-09-10"),
    ]


@each("yes", ["a) Yes", "Yes", "Y", "1 - Yes", "True", "yes", 1, "A) YES", "\u00a0Yes "])
def test_conferences_with_their_result(tmp_path: Path, yes: Cell) -> None:
    """The result gives the outcome of a conference, in whatever way yes is written."""
    row = _five("W1", date(2026, 9, 1), "b) No", date(2026, 9, 18), yes)
    batch = _read(_whole(tmp_path / "a.xlsx", five=[row]))

    assert _facts(batch) == [
        ("W1", "cp.strategy", "2026-09-01"),
        ("W1", "cp.conference.initial", "2026-09-18"),
    ]
    assert [(event.section_47, event.outcome) for _, event, _ in batch.facts] == [
        ("yes", None),
        (None, "plan"),
    ]


@each(
    "result, plan, outcome",
    [
        ("b) No", None, "no-plan"),
        ("", None, None),
        ("", date(2026, 9, 18), "plan"),
        ("", date(2026, 10, 16), "plan"),
        ("", date(2026, 10, 17), None),
        ("", date(2026, 9, 17), None),
        ("No", date(2026, 9, 18), "no-plan"),
    ],
)
def test_a_plan_within_28_days_tells_a_blank_result(
    tmp_path: Path, result: str, plan: date | None, outcome: str | None
) -> None:
    """A conference of 18 September with a blank result led to a plan that starts by 16 October."""
    five = [_five("W1", date(2026, 9, 1), "No", date(2026, 9, 18), result)]
    seven = [_seven("W1", plan)] if plan else []
    batch = _read(_whole(tmp_path / "a.xlsx", five=five, seven=seven))
    found = [event for _, event, _ in batch.facts if event.event == "cp.conference.initial"]

    assert [event.outcome for event in found] == [outcome]


def test_the_nearest_conference_leads_to_the_plan(tmp_path: Path) -> None:
    """Of two conferences before a plan, the later one led to it."""
    five = [
        _five("W1", date(2026, 8, 3), "No", date(2026, 8, 20)),
        _five("W1", date(2026, 9, 1), "No", date(2026, 9, 4)),
    ]
    batch = _read(_whole(tmp_path / "a.xlsx", five=five, seven=[_seven("W1", date(2026, 9, 7))]))
    found = [event.outcome for _, event, _ in batch.facts if event.event == "cp.conference.initial"]

    assert found == [None, "plan"]


def test_without_a_result_column_there_was_no_plan_unless_one_started(tmp_path: Path) -> None:
    """Without the column, list 7 decides the outcome, and a warning counts these."""
    place = FIVE.index(
        "Did the Initial Child Protection Conference Result in a Child Protection Plan"
    )
    rows: list[Sequence[Cell]]
    rows = [FIVE, _five("W1", date(2026, 9, 1), "No", date(2026, 9, 18)),
            _five("W2", date(2026, 9, 1), "No", date(2026, 9, 18))]  # fmt: skip
    rows = [[*row[:place], *row[place + 1 :]] for row in rows]
    path = _book(tmp_path / "a.xlsx", List_5=rows, List_7=[SEVEN, _seven("W2", date(2026, 9, 18))])
    batch = _read(path)
    found = [event.outcome for _, event, _ in batch.facts if event.event == "cp.conference.initial"]

    assert found == ["no-plan", "plan"]
    assert any(one.endswith("as no column gives their result: 2") for one in _warnings(batch))


def test_an_unnecessary_conference_closes_the_enquiry(tmp_path: Path) -> None:
    """The list does not say when that was decided, so the day of the discussion is used."""
    batch = _read(_whole(tmp_path / "a.xlsx", five=[_five("W1", date(2026, 9, 1), "a) Yes")]))

    assert _facts(batch)[1] == ("W1", "cp.conference.not-required", "2026-09-01")
    assert batch.facts[1][1].reason == "the extract gives no date"


def test_a_conference_without_an_enquiry_is_read_and_counted(tmp_path: Path) -> None:
    """The conference was held, but nobody can say whether it was in time."""
    batch = _read(_whole(tmp_path / "a.xlsx", five=[_five("W1", "", "", date(2026, 9, 18), "Yes")]))

    assert _facts(batch) == [("W1", "cp.conference.initial", "2026-09-18")]
    assert _warnings(batch) == [
        "conferences without a strategy discussion (so it is not known whether they were in time): 1"
    ]


def test_two_enquiries_may_lead_to_one_conference(tmp_path: Path) -> None:
    """It is one conference, and the stated result is its outcome."""
    five = [_five("W1", date(2026, 9, 1), "No", date(2026, 9, 18)),
            _five("W1", date(2026, 9, 8), "No", date(2026, 9, 18), "No")]  # fmt: skip
    batch = _read(_whole(tmp_path / "a.xlsx", five=five))
    found = [event.outcome for _, event, _ in batch.facts if event.event == "cp.conference.initial"]

    assert found == ["no-plan"]


# ---------------------------------------------------------------- cells


@each("written", [date(2026, 11, 2), dt.datetime(2026, 11, 2, 14, 30), 46328, 46328.6, "02/11/2026",
     "2/11/2026", "2026-11-02", "2026-11-02T09:30:00", "2026-11-02 09:30:00.000", "02/11/2026 00:00",
     "02-Nov-2026", "2 November 2026", "02.11.2026", "02-11-2026", " 02/11/2026\u00a0"])  # fmt: skip
def test_dates_however_written(tmp_path: Path, written: Cell) -> None:
    """Excel's day number 46328 is 2 November 2026."""
    path = tmp_path / "a.xlsx"
    if isinstance(written, dt.datetime):
        written = (written - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    batch = _read(_whole(path, eight=[_eight("W1", written)]))

    assert _facts(batch) == [("W1", "cla.start", "2026-11-02")]
    assert _warnings(batch) == []


def test_two_digit_years_are_read_with_a_warning(tmp_path: Path) -> None:
    """The program supplies the century."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[_eight("W1", "02/11/26", born="01/05/12")]))

    assert _facts(batch) == [("W1", "cla.start", "2026-11-02")]
    assert batch.children[0].date_of_birth == date(2012, 5, 1)
    assert _warnings(batch) == [
        (
            "a.xlsx, List 8, Date of Birth: dates with a year of two digits, read as one from 1928 to "
            "2027: 1"
        ),
        (
            "a.xlsx, List 8, Date Started to be Looked After: dates with a year of two digits, read "
            "as one from 1937 to 2036: 1"
        ),
    ]


def test_days_counted_from_1904(tmp_path: Path) -> None:
    """A workbook from an old Mac counts from 1904: 44866 is 2 November 2026 there."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True})
    sheet = book.add_worksheet("List 8")
    sheet.write_row(0, 0, EIGHT)
    sheet.write_row(1, 0, _eight("W1", 44866))
    book.close()

    assert _facts(_read(tmp_path / "a.xlsx")) == [("W1", "cla.start", "2026-11-02")]


@each("written", ["", "#N/A", "N/A", "NULL", "null", "1900-01-01", "01/01/1900", 0, 1, "\u00a0", "PLACEHOLDER_DATA"])  # fmt: skip
def test_what_stands_for_no_date(tmp_path: Path, written: Cell) -> None:
    """None of these cells gives a review."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[_eight("W1", date(2026, 3, 2), written)]))

    assert _facts(batch) == [("W1", "cla.start", "2026-03-02")]
    assert batch.refused == []


@each(
    "written, says",
    [
        ("11/23/2026", "there is no month 23"),
        ("soon", "not a date: write 2026-11-02 or 02/11/2026 (day first)"),
        ("46328", "is a number, by which Excel means 2 Nov 2026: format the column as dates"),
        (12, "is a number; Excel's count of days is read from 1990 on"),
        (20261102, "not a date"),
        ("31/12/9999", "is later than 2036: leave the cell blank where there is no date"),
        ("#REF!", "the formula in this cell gives no result: mend it"),
        ("02-Nop-2026", "there is no month Nop"),
        (True, "not a date"),
    ],
)
def test_what_is_no_date_is_refused(tmp_path: Path, written: Cell, says: str) -> None:
    """It is refused with the sheet, row and column; a blank would mean that no review was held."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[_eight("W1", date(2026, 3, 2), written)]))
    (refused,) = batch.refused

    assert (refused.file, refused.row) == ("a.xlsx, List 8", 2)
    assert refused.column == "Date of Latest Statutory Review"
    assert says in refused.reason
    assert batch.facts == []


def test_ids_are_text(tmp_path: Path) -> None:
    """A number is an id without its decimal point, and text keeps its leading zeros."""
    rows = [_eight(child, date(2026, 3, 2)) for child in (123, "00123", "ab1", "\u00a0W 7 ")]
    batch = _read(_whole(tmp_path / "a.xlsx", eight=rows))

    assert [child.child_id for child in batch.children] == ["123", "00123", "ab1", "W 7"]
    assert _warnings(batch) == [
        "123 and 00123 differ only by case, spaces, leading zeros or a .0: they are kept as different children"
    ]


@each(
    "child, says",
    [
        ("", "the child's id is missing"),
        ("#N/A", "the child's id is missing"),
        (1.5, "an id cannot be a fraction"),
        (1234567890123456789, "Excel keeps 15 digits"),
        (date(2026, 1, 1), "Excel has turned this id into a date"),
        ("x\x07", "has a control code"),
    ],
)
def test_ids_that_are_none(tmp_path: Path, child: Cell, says: str) -> None:
    """Each is refused with its own reason."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[_eight(child, date(2026, 3, 2))]))

    assert says in batch.refused[0].reason


def test_an_unborn_child_is_expected(tmp_path: Path) -> None:
    """A date of birth in the next months is the expected day; a later one is refused."""
    seven = [_seven("W1", date(2026, 9, 7), born=date(2027, 2, 1)),
             _seven("W2", date(2026, 9, 7), born=date(2027, 10, 1))]  # fmt: skip
    batch = _read(_whole(tmp_path / "a.xlsx", seven=seven))

    assert batch.children == [Child("W1", expected_date_of_delivery=date(2027, 2, 1))]
    assert [one.reason for one in batch.refused] == [
        "lies further ahead than a child can be expected"
    ]


@pytest.mark.slow
def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """All merged cells but the first are blank, so their content is lost."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.load_workbook(
        _whole(tmp_path / "a.xlsx", eight=[_eight("W1", date(2026, 3, 2)), _eight("", date(2026, 4, 1)),
                                           _eight("W3", date(2026, 5, 1))])
    )  # fmt: skip
    book["List 8"].merge_cells("A2:A3")
    book.save(tmp_path / "b.xlsx")
    batch = _read(tmp_path / "b.xlsx")

    assert [(one.row, "merged cells" in one.reason) for one in batch.refused] == [
        (2, True),
        (3, True),
    ]
    assert _facts(batch) == [("W3", "cla.start", "2026-05-01")]
    assert batch.read["b.xlsx, List 8"] == 3


# ---------------------------------------------------------------- rows


def test_repeated_rows_are_one(tmp_path: Path) -> None:
    """Repeated rows are counted, and the children are read once."""
    row = _eight("W1", date(2026, 3, 2), date(2026, 9, 10))
    enquiry = _five("W1", date(2026, 2, 2), "Yes")
    batch = _read(_whole(tmp_path / "a.xlsx", five=[enquiry, enquiry], eight=[row, row]))

    assert batch.counts["repeated rows"] == 2
    assert len(batch.facts) == 4
    assert batch.refused == []


@each("lists, says", [
        ({"eight": [_eight("W1", date(2026, 3, 2), date(2026, 9, 10)), _eight("W1", date(2026, 3, 2))]},
         "row 2 says something else about this child and day"),
        ({"eight": [_eight("W1", date(2026, 3, 2)), _eight("W1", date(2026, 5, 4))]},
         "overlaps row 2, which runs from 2026-03-02 on"),
        ({"seven": [_seven("W1", date(2026, 3, 2), "", date(2026, 6, 1)), _seven("W1", date(2026, 5, 4))]},
         "overlaps row 2, which runs from 2026-03-02 to 2026-06-01"),
        ({"seven": [_seven("W1", date(2026, 3, 2), "", date(2026, 3, 1))]},
         "lies before the day the plan started, 2026-03-02"),
        ({"eight": [_eight("W1", date(2026, 3, 2), "", date(2026, 3, 1))]},
         "lies before the day care started, 2026-03-02"),
        ({"eight": [_eight("W1", date(2026, 3, 2), "", date(2026, 3, 9), "u) X1:CodeError")]},
         "another episode began, so care went on"),
        ({"eight": [_eight("W1")]}, "the date is missing"),
        ({"seven": [_seven("W1", "", date(2026, 3, 2))]}, "the date is missing"),
        ({"five": [_five("W1", "", "No")]}, "there is neither a strategy discussion nor a conference"),
        ({"five": [_five("W1", date(2026, 9, 1), "Maybe")]}, "must be yes or no"),
        ({"five": [_five("W1", date(2026, 9, 1), "Yes", date(2026, 9, 18))]}, "one of them is wrong"),
        ({"five": [_five("W1", date(2026, 9, 1), "Yes"), _five("W1", date(2026, 9, 1), "No")]},
         "a.xlsx, List 5:2 says something else"),
        ({"five": [_five("W1", date(2026, 9, 1), "No", date(2026, 9, 18), "No"),
                   _five("W1", date(2026, 9, 2), "No", date(2026, 9, 18), "Yes")]},
         "a.xlsx, List 5:2 says something else about the conference on 2026-09-18"),
        ({"eight": [_eight("W1", date(2026, 3, 2), born=date(2012, 1, 1))],
          "seven": [_seven("W1", date(2026, 3, 2), born=date(2013, 1, 1))]},
         "a.xlsx, List 8:2 gives 2012-01-01 for the same child"),
    ])  # fmt: skip
def test_contradictions_are_refused(tmp_path: Path, lists: dict[str, Table], says: str) -> None:
    """The refusal names the other row if there is one."""
    batch = _read(_whole(tmp_path / "a.xlsx", **lists))

    assert len(batch.refused) == 1
    assert says in batch.refused[0].reason


def test_periods_that_meet_are_two(tmp_path: Path) -> None:
    """Care may start again on the day it ended."""
    rows = [
        _eight("W1", date(2026, 3, 2), "", date(2026, 5, 4), "E8"),
        _eight("W1", date(2026, 5, 4)),
    ]
    batch = _read(_whole(tmp_path / "a.xlsx", eight=rows))

    assert [name for _, name, _ in _facts(batch)] == ["cla.start", "cla.end", "cla.start"]


def test_every_problem_of_a_row_is_said(tmp_path: Path) -> None:
    """Every problem is listed, so that a row is mended once."""
    batch = _read(_whole(tmp_path / "a.xlsx", eight=[_eight("", "soon", "later", born="never")]))

    assert [one.column for one in batch.refused] == [
        "Child Unique ID", "Date of Birth", "Date Started to be Looked After",
        "Date of Latest Statutory Review",
    ]  # fmt: skip


def test_what_is_odd_is_read_and_counted(tmp_path: Path) -> None:
    """The facts are stored as the extract states them, and a warning asks to check them."""
    batch = _read(_whole(
        tmp_path / "a.xlsx",
        five=[_five("W1", date(2026, 9, 1), "No", date(2026, 8, 31), "Yes")],
        seven=[_seven("W1", date(2026, 9, 1), date(2026, 9, 1)),
               _seven("W2", date(2026, 1, 5), date(2026, 9, 1), date(2026, 8, 1))],
        eight=[_eight("W1", date(2026, 9, 1), date(2026, 8, 1), placed=date(2026, 8, 1), status=""),
               _eight("W3", date(2026, 9, 1), date(2026, 12, 1)),
               _eight("W4", date(2026, 3, 2), date(2026, 9, 1), date(2026, 8, 3), "E8")],
    ))  # fmt: skip

    assert batch.refused == []
    assert [one.split(" (")[0].split(":")[0] for one in _warnings(batch)] == [
        "review conferences on or before the day their plan started",
        "review conferences after the plan ended",
        "initial conferences before the strategy discussion",
        "latest reviews before the day care started",
        "latest reviews after care ended",
        "latest reviews and conferences dated after today, which are not known until then",
        "periods of care without a legal status",
        "placements that started before care did",
    ]


def test_rows_of_formulas_alone_are_no_rows(tmp_path: Path) -> None:
    """An age that was computed for five hundred blank rows makes no children."""
    rows = [
        _five("W1", date(2026, 9, 1)),
        *[_five("", "", "", "") for _ in range(9)],
        _five("#N/A"),
    ]
    batch = _read(_whole(tmp_path / "a.xlsx", five=rows))

    assert batch.read["a.xlsx, List 5"] == 1
    assert batch.refused == []


def test_the_team_of_list_8_goes_before_the_others(tmp_path: Path) -> None:
    """A child has one team in the store."""
    batch = _read(_whole(
        tmp_path / "a.xlsx",
        five=[_five("W1", date(2026, 9, 1), team="Ash"), _five("W2", date(2026, 9, 8), team="Elm"),
              _five("W2", date(2026, 9, 1), team="Fir")],
        seven=[_seven("W1", date(2026, 9, 1), team="Beech")],
        eight=[_eight("W1", date(2026, 9, 1), team="Cedar")],
    ))  # fmt: skip

    assert {child.child_id: child.team for child in batch.children} == {"W1": "Cedar", "W2": "Elm"}


# ---------------------------------------------------------------- finding the lists


@each("name", ["List_8", "List 8", "LIST 8 - CLA", "Children in Care", "Sheet3", "8"])
@each("title", [[], [["List 8: Children in care"]], [[], ["Testshire"], []]])
def test_sheets_and_titles(tmp_path: Path, name: str, title: list[list[str]]) -> None:
    """A list is found whatever its sheet is called, with a title above it or without."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet(name)
    for row, cells in enumerate([*title, EIGHT, _eight("W1", "02/03/2026")]):
        sheet.write_row(row, 0, cells)
    book.close()
    batch = _read(tmp_path / "a.xlsx")

    assert _facts(batch) == [("W1", "cla.start", "2026-03-02")]
    assert batch.facts[0][2] == f"a.xlsx, {name}:{len(title) + 2}"
    assert [one.split(":")[0] for one in _warnings(batch)] == [
        "there is no List 5 (Section 47 enquiries and Initial Child Protection Conferences)",
        "there is no List 7 (Child protection)",
    ]


@pytest.mark.parametrize("above", [0, 1, 3])
def test_large_lists_are_read_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, above: int
) -> None:
    """Each is opened to recognise it and again to read it, and each row is read once."""
    titles = [["Testshire"]] * above
    days = [date(2026, 3, 1) + dt.timedelta(days) for days in range(40)]
    book = _book(
        tmp_path / "a.xlsx",
        Five=[*titles, FIVE, *(_five(f"W{on:%m%d}", on) for on in days)],
        Seven=[*titles, SEVEN, *(_seven(f"W{on:%m%d}", on) for on in days[:1])],
        Eight=[*titles, EIGHT, [], *(_eight(f"W{on:%m%d}", on) for on in days)],
    )
    held = _read(book)
    monkeypatch.setattr("iro_cli.incoming.workbook.MOST_HELD", 0)
    let_go = _read(book)

    assert [*let_go.facts] == [*held.facts]
    assert isinstance(let_go.facts, Facts)
    assert Counter(event.event for event in let_go.facts.events) == {
        "cp.strategy": 40, "cp.plan.start": 1, "cla.start": 40
    }  # fmt: skip
    assert let_go.read == held.read == {"a.xlsx, Five": 40, "a.xlsx, Seven": 1, "a.xlsx, Eight": 40}


@pytest.mark.parametrize("from_1904", [False, True])
def test_what_is_odd_in_a_large_list_is_odd_in_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, from_1904: bool
) -> None:
    """Merged and hidden rows, errors, a blank first column, and days counted from 1904."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": from_1904})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Eight")
    for row, cells in enumerate([EIGHT, *(_eight(f"W{number}") for number in range(6))], start=2):
        sheet.write_row(row, 1, cells)
    started = EIGHT.index("Date Started to be Looked After") + 1
    for row in range(3, 9):
        sheet.write_datetime(row, started, dt.datetime(2026, 3, row), day)
    sheet.write_formula(5, started, "=1/0", None, "#DIV/0!")
    sheet.merge_range(6, started, 7, started, dt.datetime(2026, 3, 6), day)
    sheet.set_row(8, None, None, {"hidden": True})
    book.close()
    held = _read(tmp_path / "a.xlsx")
    monkeypatch.setattr("iro_cli.incoming.workbook.MOST_HELD", 0)
    let_go = _read(tmp_path / "a.xlsx")

    assert _facts(let_go) == [
        ("W0", "cla.start", "2026-03-03"),
        ("W1", "cla.start", "2026-03-04"),
        ("W5", "cla.start", "2026-03-08"),
    ]
    assert [(one.row, one.column[:12]) for one in let_go.refused] == [
        (6, "Date Started"), (7, ""), (8, "")
    ]  # fmt: skip
    assert "a.xlsx, Eight: hidden there, and read: rows 1" in let_go.warnings
    assert (held.facts, held.refused, held.warnings) == (
        let_go.facts, let_go.refused, let_go.warnings
    )  # fmt: skip


def test_a_list_that_is_hidden_is_named_where_no_other_is_there(tmp_path: Path) -> None:
    """The sender sees no list in the workbook, so the importer is told why none is read."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("About").write(0, 0, "x")
    sheet = book.add_worksheet("List 8")
    sheet.write_row(0, 0, EIGHT)
    sheet.hide()
    book.close()
    first, second = _refusal(tmp_path / "a.xlsx").splitlines()

    assert first.startswith("a.xlsx: none of the lists")
    assert second == "a.xlsx: not read, because it is hidden: the sheet List 8"


@each(
    "theirs, ofsted",
    [
        ("child unique id ", "Child Unique ID"),
        ("Child ID", "Child Unique ID"),
        ("Child\u2019s Legal Status", "Child's Legal Status"),
        ("Childs Legal Status", "Child's Legal Status"),
        ("Legal Status", "Child's Legal Status"),
        ("Date\u00a0Ceased to be  Looked After", "Date Ceased to be Looked After "),
        ("Date ceased to be looked-after", "Date Ceased to be Looked After "),
        ("Date Started to be\nLooked After", "Date Started to be Looked After"),
        ("Date of last statutory review", "Date of Latest Statutory Review"),
        ("DOB", "Date of Birth"),
    ],
)
def test_columns_however_written(tmp_path: Path, theirs: str, ofsted: str) -> None:
    """Case, spaces, curly quotes and the usual other names make no difference."""
    header = [theirs if name == ofsted else name for name in EIGHT]
    row = _eight(
        "W1", date(2026, 3, 2), date(2026, 6, 1), date(2026, 9, 1), "E8", born=date(2012, 1, 1)
    )
    batch = _read(_book(tmp_path / "a.xlsx", List_8=[header, row]))

    assert len(batch.facts) == 3
    assert batch.children[0].date_of_birth == date(2012, 1, 1)


def test_lists_in_each_others_sheets_are_read_for_what_they_are(tmp_path: Path) -> None:
    """The columns decide which list it is, with a warning."""
    path = _book(tmp_path / "a.xlsx", List_7=[EIGHT, _eight("W1", date(2026, 3, 2))],
                 List_8=[SEVEN, _seven("W2", date(2026, 3, 2))])  # fmt: skip
    batch = _read(path)

    assert sorted(_facts(batch)) == [
        ("W1", "cla.start", "2026-03-02"), ("W2", "cp.plan.start", "2026-03-02"),
    ]  # fmt: skip
    assert (
        "a.xlsx, List 7 has the columns of List 8 (Children in care), and was read as that"
        in _warnings(batch)
    )


@each("header, says", [
        (SEVEN, "a.xlsx, List 8 is named like List 8 (Children in care), but has the columns of List 7"),
        (["Name", "Town"], "a.xlsx, List 8 is named like List 8 (Children in care), but none of its first 20 rows"),
        ([one for one in EIGHT if "Started" not in one],
         "row 2 names the columns of List 8 (Children in care), but there is no column Date Started"),
        ([one for one in EIGHT if "Statutory" not in one],
         "there is no column Date of Latest Statutory Review, which List 8 (Children in care) needs: row 2"),
        ([*EIGHT, "Date of Last Statutory Review"], ""),
        ([*EIGHT, "date of latest statutory review"],
         "the column Date of Latest Statutory Review is there 2 times"),
    ])  # fmt: skip
def test_a_sheet_without_its_columns_is_refused(
    tmp_path: Path, header: list[str], says: str
) -> None:
    """The refusal names the sheet, row and columns; Ofsted's name wins over a similar one."""
    path = _book(tmp_path / "a.xlsx", List_8=[["List 8"], header], List_5=[FIVE])

    if says:
        assert says in _refusal(path)
    else:
        assert _read(path).refused == []


def test_a_workbook_without_the_lists_is_refused(tmp_path: Path) -> None:
    """There is nothing in it to store."""
    message = _refusal(_book(tmp_path / "a.xlsx", List_1=[["Child Unique ID", "Date of Contact"]]))

    assert message.startswith("a.xlsx: none of the lists with reviews and conferences is there")


def test_an_empty_sheet_is_a_missing_list(tmp_path: Path) -> None:
    """A blank list counts as missing."""
    batch = _read(_book(tmp_path / "a.xlsx", List_8=[EIGHT], List_7=[], List_5=[FIVE]))

    assert _warnings(batch) == [
        "there is no List 7 (Child protection): what it would say is not known from this extract"
    ]


# ---------------------------------------------------------------- CSV files


def _csv(path: Path, *rows: Sequence[Cell]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_csv_files_of_the_lists(tmp_path: Path) -> None:
    """A folder of the lists as CSV gives the same as the workbook."""
    five = [_five("W1", "01/09/2026", "b) No", "18/09/2026", "a) Yes")]
    seven = [_seven("W1", "18/09/2026")]
    eight = [_eight("007", "02/03/2026", "01/06/2026", "", "", "V4: Short term breaks")]
    folder = tmp_path / "lists"
    folder.mkdir()
    width = len(EIGHT)
    _csv(folder / "List_5.csv", FIVE, *five)
    _csv(folder / "List_7.csv", SEVEN, *seven)
    _csv(folder / "care.csv", ["List 8: Children in care", *[""] * (width - 1)], EIGHT, *eight)
    _csv(folder / "List_1.csv", ["Child Unique ID", "Date of Contact"], ["W1", "01/01/2026"])
    batch, same = _read(folder), _read(_whole(tmp_path / "a.xlsx", five, seven, eight))

    assert _facts(batch) == _facts(same)
    assert batch.children == same.children
    assert batch.facts[0][2] == "care.csv:3"
    assert _warnings(batch) == []


def test_numbers_in_a_csv_are_no_days(tmp_path: Path) -> None:
    """Only Excel counts days; the refusal says which day the number would be."""
    batch = _read(_csv(tmp_path / "a.csv", EIGHT, _eight("W1", "46328")))

    assert "is a number, by which Excel means 2 Nov 2026" in batch.refused[0].reason


def test_other_files_are_said_not_to_be_read(tmp_path: Path) -> None:
    """A file of something else is named as not read."""
    batch = _read(_csv(tmp_path / "a.csv", EIGHT), _csv(tmp_path / "b.csv", ["Name", "Town"]))

    assert "b.csv: not read: its columns are not those of a list of Annex A" in _warnings(batch)


def test_every_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """One message has both problems."""
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "none").mkdir()
    message = _refusal(tmp_path / "a.xlsx", tmp_path / "b.csv", tmp_path / "none")

    assert "a.xlsx cannot be read as a workbook" in message
    assert "b.csv is empty" in message
    assert "there is no .xlsx or .xlsm or .csv file in this folder" in message


def test_mended_rows_come_back(tmp_path: Path) -> None:
    """Refused rows of two lists are mended in one file and read from it."""
    path = _whole(tmp_path / "a.xlsx", seven=[_seven("W2", "soon")], eight=[_eight("W1", "soon")])
    write_refused(tmp_path / "mend.csv", _read(path).refused)
    text = (tmp_path / "mend.csv").read_text("utf-8-sig")
    (tmp_path / "mend.csv").write_text(text.replace("soon", "02/03/2026", 3), "utf-8")
    batch = _read(tmp_path / "mend.csv")

    assert _facts(batch) == [
        ("W1", "cla.start", "2026-03-02"),
        ("W2", "cp.plan.start", "2026-03-02"),
    ]
    assert (batch.covers, _warnings(batch)) == ([], [])


# ---------------------------------------------------------------- what it covers


def test_what_the_lists_give_in_full(tmp_path: Path) -> None:
    """List 5 covers from its first discussion; conferences of earlier enquiries are left out."""
    batch = _read(
        _whole(
            tmp_path / "a.xlsx",
            five=[_five("W1", date(2026, 6, 1)), _five("W2", date(2026, 5, 22))],
            seven=[_seven("W1", date(2026, 7, 1))],
            eight=[_eight("W2", date(2026, 7, 1))],
        )
    )
    covers = {name: cover for cover in batch.covers for name in cover.events}

    assert covers["cp.strategy"][1:] == (date(2026, 5, 22), None, True)
    assert covers["cp.conference.initial"][1:] == (date(2026, 8, 22), None, True)
    assert covers["cla.start"][1:] == covers["cp.plan.start"][1:] == (None, None, False)


# ---------------------------------------------------------------- real files


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared: the dummy files are not read")
@pytest.mark.parametrize(
    "name", ["2015-01-sample.xlsx", "2016-01-sample.xlsx", "annexa_example.xlsx"]
)
def test_dummy_files_are_read_whole(name: str) -> None:
    """Another reader finds as many dates in the columns that are read."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.load_workbook(SHARED / name, read_only=True, data_only=True)
    wanted = {
        "Strategy discussion initiating Section 47 Enquiry Start Date": "cp.strategy",
        "Date of Initial Child Protection Conference": "cp.conference.initial",
        "Child Protection Plan Start Date": "cp.plan.start",
        "Child Protection Plan End Date": "cp.plan.end",
        "Date of latest review conference": "cp.conference.review.latest",
        "Date Started to be Looked After": "cla.start",
        "Date Ceased to be Looked After": "cla.end",
        "Date of Latest Statutory Review": "cla.review.latest",
    }
    expected = []
    for sheet in ("List_5", "List_7", "List_8"):
        columns: dict[int, str] = {}
        for cells in book[sheet].iter_rows(values_only=True):
            expected += [
                (str(cells[0]), wanted[name], str(cells[place])[:10])
                for place, name in columns.items()
                if name in wanted and cells[place]
            ]
            if cells[0] == "Child Unique ID":
                columns = {place: (cell or "").strip() for place, cell in enumerate(cells)}
    book.close()
    batch = _read(SHARED / name)

    assert sorted(_facts(batch)) == sorted(expected)
    assert batch.refused == []


# ---------------------------------------------------------------- anything at all

_CELLS = st.one_of(
    st.text(letters, max_size=12),
    st.integers(-10, 4_000_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(min_value=date(1900, 3, 1)),
    st.sampled_from(
        ["W1", "W2", "Yes", "a) No", "V4", "02/11/2026", "#N/A", "#REF!", "1900-01-01", "A6"]
    ),
)


@examples(60)
@given(
    five=st.lists(st.lists(_CELLS, max_size=12), max_size=5),
    seven=st.lists(st.lists(_CELLS, max_size=9), max_size=5),
    eight=st.lists(st.lists(_CELLS, max_size=14), max_size=5),
)
def test_any_cells_are_read_or_refused(
    tmp_path: Path, five: Table, seven: Table, eight: Table
) -> None:
    """Any cells give facts or a refusal, and the child of each fact is there."""
    batch = _read(_whole(tmp_path / "a.xlsx", five, seven, eight))

    assert {child for child, _, _ in batch.facts} <= {child.child_id for child in batch.children}
    assert batch.rows <= len(five) + len(seven) + len(eight)


@examples(60)
@given(
    rows=st.lists(st.lists(_CELLS, max_size=14), max_size=5),
    data=st.binary(max_size=40),
    at=st.integers(0, 900),
)
def test_any_csv_is_read_or_refused(tmp_path: Path, rows: Table, data: bytes, at: int) -> None:
    """The same holds for CSV with any bytes."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([EIGHT, *rows])
    content = path.read_bytes()
    path.write_bytes(content[:at] + data + content[at:])
    try:
        found = len(_read(path).children)
    except InputRefusedError:
        found = 0

    assert found <= len(rows) + 41


def test_the_example_is_read_whole() -> None:
    """Eight children in care, three plans and four enquiries; nothing in it is refused."""
    batch = _read(Path(__file__).parents[2] / "examples" / "extracts" / "annex-a" / "annex-a.xlsx")

    assert list(batch.read.values()) == [8, 3, 4]
    assert (batch.refused, _warnings(batch)) == ([], [])


def test_a_list_without_a_row_says_nothing(tmp_path: Path) -> None:
    """A list without rows counts as missing."""
    lists = {"List_5": [FIVE], "List_8": [EIGHT, ["A"]]}

    batch = _read(_book(tmp_path / "annex.xlsx", **lists))

    assert {one.event for one in batch.not_carried} == {
        *("cp.strategy", "cp.conference.initial", "cp.conference.not-required"),
        *("cp.plan.start", "cp.plan.end", "cp.conference.review", "cp.conference.review.latest"),
    }
    assert [one.events for one in batch.covers if one.events & {"cp.plan.start"}] == []
    assert {one.source for one in batch.not_carried} == {"annex-a"}
    assert any(text.startswith("there is no row in List 5") for text in batch.warnings)
    assert any(text.startswith("there is no List 7") for text in batch.warnings)
