"""Read the rows of CSV files strictly."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.cells import Cell
from iro_cli.incoming.csv_rows import LONGEST_LINE
from iro_cli.incoming.files import File
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.refused import Refused
from iro_cli.incoming.table import Table, possible_tables
from iro_cli.safe import guarded, unguarded
from running import each
from strategies import letters

BLOCK = 1 << 16


def _file(folder: Path, data: bytes | str) -> Path:
    path = folder / "some.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def _table(path: Path) -> Table:
    (candidate,) = possible_tables(File(path, path.name), [])
    return candidate.open()


def _rows(folder: Path, data: bytes | str) -> list[tuple[int, list[Cell]]]:
    refused: list[Refused] = []
    table = _table(_file(folder, data))
    rows = [(number, list(cells)) for number, cells in table.rows(refused)]
    assert refused == []
    assert table.warnings() == []
    return rows


def _refusal(folder: Path, data: bytes | str) -> str:
    with pytest.raises(InputRefusedError) as caught:
        list(_table(_file(folder, data)).rows([]))
    return str(caught.value)


def test_rows_carry_the_line_they_begin_on(tmp_path: Path) -> None:
    """The header is row 1; blank lines and lines within a quoted cell count."""
    found = _rows(tmp_path, 'a,b\n1,2\n\n"x\ny",3\n4,5\n')

    assert found == [(2, ["1", "2"]), (4, ["x\ny", "3"]), (6, ["4", "5"])]


@pytest.mark.hypothesis
def test_rows_read_together_have_the_lines_of_rows_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank rows, cells of several lines and apostrophes make no difference."""
    cells = st.sampled_from(["1", "x y", "", " ", "'tis", "'=1", "a\nb", "a\r\nb", "\r", "\n\r\n"])

    @given(
        rows=st.lists(st.lists(cells, min_size=2, max_size=2), max_size=9),
        end=st.sampled_from(["\n", "\r\n"]),
        at_once=st.sampled_from([1, 2, 3, 200]),
    )
    def read(rows: list[list[str]], end: str, at_once: int) -> None:
        for module in ("csv_rows", "table"):
            monkeypatch.setattr(f"iro_cli.incoming.{module}._AT_ONCE", at_once)
        known, line = list[tuple[int, list[str]]](), 2
        for row in rows:
            if "".join(row).strip():
                known.append((line, [unguarded(cell) for cell in row]))
            # Python's own splitting of lines is the oracle.
            line += sum(len(f"{cell}.".splitlines()) - 1 for cell in row) + 1
        text = io.StringIO()
        csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])

        assert _rows(tmp_path, text.getvalue()) == known

    read()


@pytest.mark.parametrize("before", [30, 199, 200, 201, 400])
@each("bad, says", [('5,"6"7', "a quote"), ("5,\0", "a NUL byte"), ("5,\x81", "byte 3 (0x81)")])
def test_rows_before_a_damaged_one_are_read_first(
    tmp_path: Path, bad: str, says: str, before: int
) -> None:
    """However many there are; and the damaged row is named by its line."""
    data = "a,b\n" + "1,2\n" * (before - 1) + f'3,"x\ny"\n{bad}\n'
    rows = _table(_file(tmp_path, data.encode("latin-1"))).rows([])
    found = [next(rows) for _ in range(before)]

    assert found[-1] == (before + 1, ["3", "x\ny"])
    with pytest.raises(InputRefusedError) as caught:
        next(rows)
    assert f"line {before + 3}: {says}" in str(caught.value)


def test_the_last_row_is_known_as_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although rows are looked at some at a time."""
    monkeypatch.setattr("iro_cli.incoming.table._AT_ONCE", 2)
    table = _table(_file(tmp_path, "a\n1\n2\n3\n4\n"))

    assert [table.at_end for _ in table.rows([])] == [False, False, False, True]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_three_line_ends_are_read(tmp_path: Path, end: str) -> None:
    """Those of Unix, Windows and the old Mac."""
    found = _rows(tmp_path, end.join(["a,b", "1,2", "3,4"]))

    assert found == [(2, ["1", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_line_end_between_two_blocks_is_one(tmp_path: Path, shift: int) -> None:
    """A carriage return that ends a block belongs to the line feed that begins the next."""
    long = "x" * (BLOCK - len("a\r\n") - shift)

    found = _rows(tmp_path, f"a\r\n{long}\r\ny\r\n")

    assert found == [(2, [long]), (3, ["y"])]


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """It does not become part of the first column's name."""
    table = _table(_file(tmp_path, b"\xef\xbb\xbfa,b\n"))

    assert table.header == ("a", "b")


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    """A table without rows is no error."""
    assert _rows(tmp_path, "a,b\n") == []


def test_columns_are_found_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    """Their order does not matter."""
    table = _table(_file(tmp_path, " Name , CHILD_ID,,\n"))
    kind = TableKind("", (Column("id", "child_id", needed=True), Column("who", "name"),
                     Column("more", "other")))  # fmt: skip

    assert kind.places(table) == {"id": 1, "who": 0}


def test_unknown_columns_are_named_but_not_our_own(tmp_path: Path) -> None:
    """The columns that refusals add may stay in a mended file."""
    table = _table(_file(tmp_path, "a,Colour,refused_because,refused_extra_1\n"))

    assert table.unknown(["b"], [0]) == {1: "Colour"}


def test_blank_rows_and_trailing_blanks_are_left_out(tmp_path: Path) -> None:
    """Spreadsheets write such rows and cells."""
    found = _rows(tmp_path, "a,b,,\n1,2,,\n , ,,\n3,4\n")

    assert found == [(2, ["1", "2"]), (4, ["3", "4"])]


@pytest.mark.parametrize(("row", "cells"), [("1,2,3", 3), ("1,2,,x", 4)])
def test_a_row_with_too_many_cells_is_refused_by_itself(
    tmp_path: Path, row: str, cells: int
) -> None:
    """The rows after it are read."""
    refused: list[Refused] = []
    rows = list(_table(_file(tmp_path, f"a,b\n{row}\n5,6\n")).rows(refused))

    assert rows == [(3, ["5", "6"])]
    assert [(one.file, one.row) for one in refused] == [("some.csv", 2)]
    assert f"has {cells} cells and the header 2" in refused[0].reason


def test_a_row_that_ends_early_has_blank_cells_at_its_end(tmp_path: Path) -> None:
    """Exports leave out the commas after the last filled cell."""
    found = _rows(tmp_path, "a,b,c\n1\n2,3\n4,5,6\n")

    assert found == [(2, ["1", "", ""]), (3, ["2", "3", ""]), (4, ["4", "5", "6"])]


def test_a_cell_too_many_is_still_one_when_the_refused_row_comes_back(tmp_path: Path) -> None:
    """A refused row that was not mended is refused again."""
    refused: list[Refused] = []
    text = "a,b,refused_extra_1,refused_because\n1,2,3,why\n1,2,,why\n"
    rows = list(_table(_file(tmp_path, text)).rows(refused))

    assert rows == [(3, ["1", "2", "", "why"])]
    assert [one.row for one in refused] == [2]


@each("start", ["=", "+", "-", "@", "\t", "\r"])
def test_the_guard_against_formulas_is_taken_off_again(start: str) -> None:
    """A cell that an export guards is read back as it was."""
    cell = f"{start}1+1"

    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


def test_a_quote_before_anything_else_is_text(tmp_path: Path) -> None:
    """Only the guard is removed, and only once."""
    found = _rows(tmp_path, "a,b\n'tis,'=x\n',''=y\n")

    assert found == [(2, ["'tis", "=x"]), (3, ["'", "'=y"])]


@each(
    "data, says",
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n \n,,\n", "is empty"),
        ("a,b\n".encode("utf-16-le"), "line 1: this is UTF-16"),
        (b"\xff\xfea\x00,\x00b\x00\n", "begins as UTF-16"),
        (b"a,b\n1,2\n3,\x00four\n", "line 3: a NUL byte"),
        ("a,b\n1,Ren\u00e9e\n".encode("cp850"), "line 2: byte 6 (0x82) is not UTF-8"),
        ("a,b\n1,Ren\u00e9e\n".encode("mac-roman"), "line 2: byte 6 (0x8E) is not UTF-8"),
        ("a,b\n1,Zo\u00eb\n".encode() + "2,Zo\u00eb\n".encode("cp1252"), "line 3: some lines"),
        ("a,b\n1,Zo\u00eb\n".encode("cp1252") + "2,Zo\u00eb\n".encode(), "line 3: some lines"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "line 3: a quote"),
        (b'a,b\n1,"x"y\n', "line 2: a quote"),
        (b'a;b\n1;"x"y\n', "line 2: a quote"),
    ],
)
def test_a_file_that_cannot_be_read_for_certain_is_refused(
    tmp_path: Path, data: bytes, says: str
) -> None:
    """The refusal names the file, the line, and what to do."""
    message = _refusal(tmp_path, data)

    assert message.startswith("some.csv")
    assert says in message


def test_a_quote_never_closed_does_not_hold_the_file(tmp_path: Path) -> None:
    """The file is refused at the row that opened the quote, long before its end."""
    message = _refusal(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 100_000)

    assert "line 2: a quote" in message


@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_line_too_long_is_refused(tmp_path: Path, ending: str) -> None:
    """This holds even if the line never ends."""
    message = _refusal(tmp_path, "a,b\n1," + "2" * (LONGEST_LINE + 1) + ending)

    assert "some.csv, line 2: longer than 1,000,000 bytes" in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The message names the place."""
    with pytest.raises(InputRefusedError, match="there is no file"):
        _table(tmp_path / "none.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """It is not read as a file."""
    with pytest.raises(InputRefusedError, match="is a folder"):
        _table(tmp_path)


def test_missing_and_doubled_columns_are_listed_together(tmp_path: Path) -> None:
    """The message also lists the columns that exist."""
    table = _table(_file(tmp_path, "b,B,c\n"))
    kind = TableKind("a list", tuple(Column(one, one, needed=True) for one in ("a", "b")))

    with pytest.raises(InputRefusedError) as caught:
        kind.places(table)

    assert str(caught.value).splitlines() == [
        "some.csv: the column b is there 2 times: keep one",
        "some.csv: there is no column a, which a list needs: row 1 has b, B, c",
    ]


@each(
    "data, taken",
    [
        (b"a;b\n1;2,5\n", "with semicolons between the cells"),
        (b"a\tb\n1\t2,5\n", "with tabs between the cells"),
        (b"sep=;\na;b\n1;2,5\n", "with semicolons between the cells, as its first line says"),
        (b'"sep=|"\na|b\n1|2,5\n', "with '|' between the cells, as its first line says"),
        ("a\tb\n1\t2,5\n".encode("utf-16"), "as UTF-16 (Unicode Text) and with tabs"),
        (b"\xfe\xff" + 'a,b\n1,"2,5"\n'.encode("utf-16-be"), "as UTF-16"),
    ],
)
def test_what_spreadsheets_save_is_read_with_a_warning(
    tmp_path: Path, data: bytes, taken: str
) -> None:
    """The warning says how the file was read, and rows keep their line numbers."""
    table = _table(_file(tmp_path, data))
    rows = list(table.rows([]))

    assert rows == [(3 if b"sep=" in data else 2, ["1", "2,5"])]
    assert table.header == ("a", "b")
    assert [taken in one for one in table.warnings()] == [True]


def test_windows_1252_is_read_with_a_warning(tmp_path: Path) -> None:
    """Excel on Windows saves accents, pounds and curly quotes in it by default."""
    table = _table(_file(tmp_path, "a,b\n1,Zo\u00eb\n2,\u2018\u00a35\u2019\n".encode("cp1252")))
    rows = list(table.rows([]))

    assert rows == [(2, ["1", "Zo\u00eb"]), (3, ["2", "\u2018\u00a35\u2019"])]
    assert table.warnings() == [
        (
            "some.csv is not CSV with commas in UTF-8; it was read as Windows-1252: look at the "
            "letters with accents"
        )
    ]


@pytest.mark.parametrize("header", ["a;b,c", "a\tb;c", "a;b\tc"])
def test_two_separators_in_a_header_leave_it_open(tmp_path: Path, header: str) -> None:
    """Then commas are taken as the separator, and the columns are missing."""
    table = _table(_file(tmp_path, f"{header}\n1,2\n"))

    with pytest.raises(InputRefusedError, match="there is no column a"):
        TableKind("", (Column("a", "a", needed=True),)).places(table)


def test_bars_are_said_to_separate_the_columns(tmp_path: Path) -> None:
    """The refusal says so."""
    table = _table(_file(tmp_path, "a|b\n1|2\n"))

    with pytest.raises(InputRefusedError, match="separated by bars"):
        TableKind("", (Column("a", "a", needed=True),)).places(table)


@pytest.mark.hypothesis
def test_any_bytes_give_rows_or_a_refusal(tmp_path: Path) -> None:
    """No other error occurs, and every row has as many cells as columns."""
    came_to: Counter[str] = Counter()

    @given(
        data=st.one_of(
            st.binary(max_size=200),
            st.text(alphabet="a,\"\r\n'=\té", max_size=60).map(str.encode),
            st.text(letters, max_size=60).map(
                lambda text: b"a,b\n" + text.encode("utf-8", "ignore")
            ),
        )
    )
    def read(data: bytes) -> None:
        refused: list[Refused] = []
        try:
            table = _table(_file(tmp_path, data))
            rows = list(table.rows(refused))
        except InputRefusedError:
            came_to["refused"] += 1
            return
        came_to["rows" if rows else "none"] += 1

        assert table.count == len(rows) + len(refused)
        assert {len(cells) for _, cells in rows} <= {len(table.header)}
        assert [number for number, _ in rows] == sorted({number for number, _ in rows})

    read()

    assert came_to["refused"]
    assert came_to["rows"]


@given(
    rows=st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)] * 2),
        max_size=5,
    )
)
def test_what_is_written_guarded_is_read_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    """This holds for any text, even one that looks guarded already."""
    rows = [row for row in rows if "".join(row).strip()]
    path = tmp_path / "some.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b"), *[tuple(map(guarded, row)) for row in rows]])

    found = [tuple(cells) for _, cells in _table(path).rows([])]

    assert found == rows


def test_a_cell_that_is_too_long_is_told_as_such(tmp_path: Path) -> None:
    """The message does not blame a quote that is not there."""
    with pytest.raises(InputRefusedError) as refused:
        _rows(tmp_path, f"a,b\n1,{'x' * 200_000}\n")

    assert str(refused.value) == (
        "some.csv, line 2: a cell is longer than 131,072 characters, which no list needs: take the "
        "long text out"
    )
