"""Tables in the sheets of workbooks, and files in folders."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.files import File, files_of
from iro_cli.incoming.refused import Refused
from iro_cli.incoming.table import EmptyTableError, PossibleTable, Table, possible_tables, tables_in


def _book(path: Path, **sheets: list[list[object]]) -> Any:
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def _open(path: Path) -> Table:
    (candidate,) = possible_tables(File(path, path.name), [])
    return candidate.open()


def _found(path: Path) -> tuple[list[PossibleTable], list[str]]:
    warnings: list[str] = []
    return possible_tables(File(path, path.name), warnings), warnings


def test_every_sheet_that_can_be_seen_may_be_a_table(tmp_path: Path) -> None:
    """They come in order, each under the names of the file and the sheet."""
    _book(tmp_path / "a.xlsx", One=[["a"], [1]], Two=[["b"], [2]])
    found, warnings = _found(tmp_path / "a.xlsx")

    assert [(one.title, one.name, one.is_sheet) for one in found] == [
        ("One", "a.xlsx, One", True),
        ("Two", "a.xlsx, Two", True),
    ]
    assert warnings == []


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_sheet_that_is_hidden_is_passed_over_and_named(tmp_path: Path, state: str) -> None:
    """The person who sent the workbook does not see it."""
    path = tmp_path / "a.xlsx"
    book = _book(path, One=[["a"], [1]], Old=[["a"], [2]])
    book["Old"].sheet_state = state
    book.save(path)
    found, warnings = _found(path)

    assert [one.title for one in found] == ["One"]
    assert warnings == ["a.xlsx: not read, because it is hidden: the sheet Old"]


def test_rows_and_columns_that_are_hidden_are_read_and_said(tmp_path: Path) -> None:
    """Somebody may think that filtered rows are left out; a column is named if it is read."""
    path = tmp_path / "a.xlsx"
    book = _book(path, One=[["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]])
    book["One"].row_dimensions[3].hidden = True
    for letter in "BC":
        book["One"].column_dimensions[letter].hidden = True
    book.save(path)
    table = _open(path)

    assert len(list(table.rows([]))) == 3
    assert table.warnings([0, 1]) == ["a.xlsx, One: hidden there, and read: rows 1, the column b"]


def test_a_cell_of_a_sheet_keeps_its_column(tmp_path: Path) -> None:
    """A remark beside the table shifts no cell; it is not read, and counted."""
    _book(tmp_path / "a.xlsx", One=[["a", "b"], [1, 2, None, "checked"], [3]])
    table = _open(tmp_path / "a.xlsx")
    refused: list[Refused] = []

    assert [list(cells) for _, cells in table.rows(refused)] == [[1.0, 2.0], [3.0, ""]]
    assert refused == []
    assert table.warnings() == [
        "a.xlsx, One: cells to the right of the columns that have a name were not read, in rows: 1"
    ]


def test_only_merged_cells_that_are_read_are_refused(tmp_path: Path) -> None:
    """All merged cells but the first are blank, so their content is lost."""
    path = tmp_path / "a.xlsx"
    book = _book(path, One=[["a", "b"], [1, 2], [3, 4], [5, 6]])
    book["One"].merge_cells("B2:B3")
    book.save(path)
    refused: list[Refused] = []
    read = [number for number, _ in _open(path).rows(refused, [1])]

    assert read == [4]
    assert [(one.row, "merged cells" in one.reason) for one in refused] == [(2, True), (3, True)]
    assert len(list(_open(path).rows([], [0]))) == 3


def test_a_title_may_stand_above_the_names(tmp_path: Path) -> None:
    """The rows above the named header row are skipped."""
    _book(tmp_path / "a.xlsx", One=[["List of birds"], [], ["a", "b"], ["Wren", date(2026, 1, 5)]])
    table = _open(tmp_path / "a.xlsx")
    top = table.top(5)
    table.begin_at(0)

    assert [number for number, _ in top] == [1, 3, 4]
    assert (table.row, table.header) == (3, ("a", "b"))
    assert [number for number, _ in table.rows([])] == [4]


def test_a_blank_sheet_is_no_table(tmp_path: Path) -> None:
    """A blank CSV file is an empty file."""
    _book(tmp_path / "a.xlsx", One=[], Two=[["a"], [1]])
    (tmp_path / "b.csv").write_text("\n")
    path = tmp_path / "b.csv"

    assert [table.name for table in tables_in(File(tmp_path / "a.xlsx", "a.xlsx"), [])] == [
        "a.xlsx, Two"
    ]
    with pytest.raises(EmptyTableError, match="b.csv is empty"):
        list(tables_in(File(path, "b.csv"), []))


def test_a_workbook_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    """Somebody may have renamed it."""
    _book(tmp_path / "a.xlsx", One=[["a"], [1]])
    (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")

    assert [list(cells) for _, cells in _open(tmp_path / "a.csv").rows([])] == [[1.0]]


# ---------------------------------------------------------------- which files


def _names(*paths: Path) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    return [one.name for one in files_of(paths, (".csv", ".xlsx"), problems, {})], problems


def test_files_of_a_folder_are_read_in_order(tmp_path: Path) -> None:
    """Capitals in endings do not matter, and lock files of open workbooks are left out."""
    for name in ("b.csv", "a.CSV", "c.txt", "~$d.xlsx", "d.xlsx"):
        (tmp_path / name).touch()

    assert _names(tmp_path) == (["a.CSV", "b.csv", "d.xlsx"], [])


def test_files_are_told_apart_by_no_more_than_it_takes(tmp_path: Path) -> None:
    """By their names, by the folder if there are several, else by the whole path."""
    for folder in ("x/2025", "x/2026", "y/2026"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.csv").touch()
    one, two, other = (tmp_path / one / "a.csv" for one in ("x/2025", "x/2026", "y/2026"))

    assert _names(one)[0] == ["a.csv"]
    assert _names(one, two)[0] == ["2025/a.csv", "2026/a.csv"]
    assert _names(two, other)[0] == [two.as_posix(), other.as_posix()]
    assert _names(one, one)[0] == ["a.csv"]


def test_a_folder_with_nothing_to_read_is_a_problem(tmp_path: Path) -> None:
    """It is reported, and the other folders are still read."""
    (tmp_path / "none").mkdir()
    (tmp_path / "a.csv").touch()
    names, problems = _names(tmp_path / "none", tmp_path / "a.csv")

    assert names == ["a.csv"]
    assert problems == [
        (
            f"{tmp_path / 'none'}: there is no .csv or .xlsx file in this folder: name the folder "
            "that holds them"
        )
    ]


def test_a_file_that_is_not_there_is_refused_where_it_is_opened(tmp_path: Path) -> None:
    """The message names the place."""
    (file,) = files_of([tmp_path / "none.csv"], (".csv",), [], {})

    with pytest.raises(InputRefusedError, match="there is no file"):
        list(tables_in(file, []))
