"""Reading one CSV file strictly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.safe import guarded, unguarded
from iro_cli.tables.refused import Refused
from iro_cli.tables.tabular import LONGEST_LINE, Table

BLOCK = 1 << 16


def _file(folder: Path, data: bytes | str) -> Path:
    path = folder / "some.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def _rows(folder: Path, data: bytes | str) -> list[tuple[int, list[str]]]:
    refused: list[Refused] = []
    rows = list(Table(_file(folder, data)).rows(refused))
    assert refused == []
    return rows


def _refusal(folder: Path, data: bytes | str) -> str:
    with pytest.raises(InputRefusedError) as caught:
        list(Table(_file(folder, data)).rows([]))
    return str(caught.value)


def test_rows_carry_the_line_they_begin_on(tmp_path: Path) -> None:
    """The header is row 1; blank lines and the lines of a quoted cell are counted."""
    found = _rows(tmp_path, 'a,b\n1,2\n\n"x\ny",3\n4,5\n')

    assert found == [(2, ["1", "2"]), (4, ["x\ny", "3"]), (6, ["4", "5"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_three_line_ends_are_read(tmp_path: Path, end: str) -> None:
    """Unix, Windows and the old Mac's."""
    found = _rows(tmp_path, end.join(["a,b", "1,2", "3,4"]))

    assert found == [(2, ["1", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_line_end_between_two_blocks_is_one(tmp_path: Path, shift: int) -> None:
    """A carriage return that ends a block belongs to the line feed that begins the next."""
    long = "x" * (BLOCK - len("a\r\n") - shift)

    found = _rows(tmp_path, f"a\r\n{long}\r\ny\r\n")

    assert found == [(2, [long]), (3, ["y"])]


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """It is no part of the first column's name."""
    table = Table(_file(tmp_path, b"\xef\xbb\xbfa,b\n"))

    assert table.header == ("a", "b")


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    """Nothing to read is not an error."""
    assert _rows(tmp_path, "a,b\n") == []


def test_columns_are_found_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    """Their order does not matter either."""
    table = Table(_file(tmp_path, " Name , CHILD_ID,,\n"))
    table.expect(["child_id"], ["name", "other"])

    assert table.places == {"child_id": 1, "name": 0}


def test_unknown_columns_are_named_but_not_our_own(tmp_path: Path) -> None:
    """What refusals add can stay in a mended file."""
    table = Table(_file(tmp_path, "a,Colour,refused_because,refused_extra_1\n"))
    table.expect(["a"])

    assert table.unknown() == ["Colour"]


def test_blank_rows_and_trailing_blanks_are_left_out(tmp_path: Path) -> None:
    """As spreadsheets write them."""
    found = _rows(tmp_path, "a,b,,\n1,2,,\n , ,,\n3,4\n")

    assert found == [(2, ["1", "2"]), (4, ["3", "4"])]


@pytest.mark.parametrize(("row", "cells"), [("1", 1), ("1,2,3", 3), ("1,2,,x", 4)])
def test_a_row_of_another_length_is_refused_by_itself(tmp_path: Path, row: str, cells: int) -> None:
    """The rows after it are still read."""
    refused: list[Refused] = []
    rows = list(Table(_file(tmp_path, f"a,b\n{row}\n5,6\n")).rows(refused))

    assert rows == [(3, ["5", "6"])]
    assert [(one.file, one.row) for one in refused] == [("some.csv", 2)]
    assert f"has {cells} cells and the header 2" in refused[0].reason


def test_a_cell_too_many_is_still_one_when_the_refused_row_comes_back(tmp_path: Path) -> None:
    """A refused file that was not mended does not become right by being written."""
    refused: list[Refused] = []
    text = "a,b,refused_extra_1,refused_because\n1,2,3,why\n1,2,,why\n"
    rows = list(Table(_file(tmp_path, text)).rows(refused))

    assert rows == [(3, ["1", "2", "", "why"])]
    assert [one.row for one in refused] == [2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_the_guard_against_formulas_is_taken_off_again(start: str) -> None:
    """What an export guards comes back as it was."""
    cell = f"{start}1+1"

    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


def test_a_quote_before_anything_else_is_text(tmp_path: Path) -> None:
    """Only the guard is taken off, and once."""
    found = _rows(tmp_path, "a,b\n'tis,'=x\n',''=y\n")

    assert found == [(2, ["'tis", "=x"]), (3, ["'", "'=y"])]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n \n,,\n", "is empty"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        ("a,b\n".encode("utf-16-le"), "line 1: this is UTF-16"),
        (b"PK\x03\x04rest", "is an Excel workbook"),
        (b"a,b\n1,2\n3,\x00four\n", "line 3: a NUL byte"),
        ("a,b\n1,2\n3,Zoë\n".encode("latin-1"), "line 3: byte 5 (0xEB) is not UTF-8"),
        ("a,b\n1,‘2’\n".encode("cp1252"), "line 2: byte 3 (0x91) is not UTF-8"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "line 3: a quote"),
        (b'a,b\n1,"x"y\n', "line 2: a quote"),
    ],
)
def test_a_file_that_is_not_csv_in_utf_8_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    """With the file, the line, and what to do."""
    message = _refusal(tmp_path, data)

    assert message.startswith("some.csv")
    assert says in message


def test_a_quote_never_closed_does_not_hold_the_file(tmp_path: Path) -> None:
    """It is refused at the row that opened it, long before the end."""
    message = _refusal(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 100_000)

    assert "line 2: a quote" in message


@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_line_too_long_is_refused(tmp_path: Path, ending: str) -> None:
    """Whether or not it ever ends."""
    message = _refusal(tmp_path, "a,b\n1," + "2" * (LONGEST_LINE + 1) + ending)

    assert "some.csv, line 2: longer than 1,000,000 bytes" in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """With the place that was looked in."""
    with pytest.raises(InputRefusedError, match="there is no file"):
        Table(tmp_path / "none.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """It is not read as a file."""
    with pytest.raises(InputRefusedError, match="is a folder"):
        Table(tmp_path)


def test_missing_and_doubled_columns_are_listed_together(tmp_path: Path) -> None:
    """With the columns there are."""
    table = Table(_file(tmp_path, "b,B,c\n"))

    with pytest.raises(InputRefusedError) as caught:
        table.expect(["a", "b"])

    assert str(caught.value).splitlines() == [
        "some.csv: the column b is there 2 times: keep one",
        "some.csv: there is no column a: its first row has b, B, c",
    ]


def test_other_separators_are_recognised(tmp_path: Path) -> None:
    """As a spreadsheet set to another country writes them."""
    table = Table(_file(tmp_path, "a;b\n1;2\n"))

    with pytest.raises(InputRefusedError, match="separated by semicolons"):
        table.expect(["a"])


@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet="a,\"\r\n'=\té", max_size=60).map(str.encode),
        st.text(max_size=60).map(lambda text: b"a,b\n" + text.encode("utf-8", "ignore")),
    )
)
def test_any_bytes_give_rows_or_a_refusal(tmp_path: Path, data: bytes) -> None:
    """Never another error, and every row has as many cells as there are columns."""
    refused: list[Refused] = []
    try:
        table = Table(_file(tmp_path, data))
        rows = list(table.rows(refused))
    except InputRefusedError:
        return

    assert table.count == len(rows) + len(refused)
    assert {len(cells) for _, cells in rows} <= {len(table.header)}
    assert [number for number, _ in rows] == sorted({number for number, _ in rows})


@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)] * 2),
        max_size=5,
    )
)
def test_what_is_written_guarded_is_read_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    """Whatever the text, one that looks guarded already as well."""
    import csv  # noqa: PLC0415 - the standard writer, only here

    rows = [row for row in rows if "".join(row).strip()]
    path = tmp_path / "some.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b"), *[tuple(map(guarded, row)) for row in rows]])

    found = [tuple(cells) for _, cells in Table(path).rows([])]

    assert found == rows
