"""Open workbooks that others made."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineSheet

from iro_cli.errors import InputRefusedError
from iro_cli.incoming import workbook_parts
from iro_cli.incoming.cells import Cell
from iro_cli.incoming.files import File
from iro_cli.incoming.workbook import Workbook
from running import each
from strategies import examples


def _made(*cells: tuple[int, int, object]) -> bytes:
    """Return a workbook of one sheet with these cells: row, column, content."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("List_8")
    for row, column, what in cells:
        sheet.write(row, column, what)
    book.close()
    return made.getvalue()


def _changed(data: bytes, part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """Return a workbook with one part changed, or left out if it is ``None``."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            content = change(old.read(name)) if name == part else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def _read(folder: Path, data: bytes, name: str = "a.xlsx") -> list[list[Cell]]:
    path = folder / name
    path.write_bytes(data)
    return list(Workbook(File(path, name)).sheet("List_8").rows())


def _refusal(folder: Path, data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(InputRefusedError) as caught:
        _read(folder, data, name)
    return str(caught.value)


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = _made((0, 0, "Wren"), (1, 1, 5))


def test_rows_begin_at_the_first_cell_of_the_sheet(tmp_path: Path) -> None:
    """A table further down and to the right keeps its rows and columns."""
    rows = _read(tmp_path, _made((2, 1, "Wren"), (3, 2, 7)))

    assert rows[2:] == [["", "Wren", ""], ["", "", 7.0]]
    assert len(rows) == 4


@each(
    "data, says",
    [
        (b"", "a.xlsx is empty"),
        (b"Child Unique ID,Date\n1,2\n", "is text, probably CSV"),
        (b"<html><table><tr><td>1", "is a web page or XML"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is an old Excel workbook (.xls)"),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password",
        ),
        (b"PK\x03\x04junk", "it is damaged or was not copied whole"),
        (b"\0\1\2\3", "is not a workbook"),
        (PLAIN[: len(PLAIN) // 2], "it is damaged or was not copied whole"),
        (PLAIN[:-4000], "it is damaged or was not copied whole"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(
    tmp_path: Path, data: bytes, says: str
) -> None:
    """The refusal says what the file is, and so what to do."""
    message = _refusal(tmp_path, data)

    assert says in message


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("xl/workbook.bin", "binary workbook (.xlsb)"),
        ("content.xml", "OpenDocument spreadsheet (.ods)"),
        ("word/document.xml", "Word document"),
        ("readme.txt", "zip archive without a workbook"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, part: str, says: str) -> None:
    """Other files that are zip archives are named for what they are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(part, "x")

    assert says in _refusal(tmp_path, made.getvalue())


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    """Thirty million spaces in a few thousand bytes are refused before they are unpacked."""
    bomb = _changed(PLAIN, SHEET, lambda content: content + b" " * 30_000_000)

    assert "no list is like that, so it was not opened" in _refusal(tmp_path, bomb)


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    """A part larger than the archive says is damage, and is not unpacked further."""
    bomb = _changed(PLAIN, SHEET, lambda content: content + b" " * 30_000_000)
    size = 30_000_000 + len(zipfile.ZipFile(io.BytesIO(PLAIN)).read(SHEET))
    lying = bomb.replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little"))

    assert "it is damaged" in _refusal(tmp_path, lying)


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="900000"><c><v>1</v></c></row><row>' + b"<c><v>1</v></c>" * 200 + b"</row>",
    ],
)
def test_a_cell_far_out_is_refused(tmp_path: Path, cell: bytes) -> None:
    """For one stray cell the reader would ask for all memory, and end the program."""
    far = _changed(
        PLAIN, SHEET, lambda content: content.replace(b"</sheetData>", cell + b"</sheetData>")
    )
    message = _refusal(tmp_path, far)

    assert message.startswith("a.xlsx, List_8: there is a cell as far out as row ")
    assert "delete the rows below the list" in message


@each(
    "inside, beyond",
    [
        # The columns up to SZ are 520, CZ 104, AZ 52, AN 40, Z 26 and Y 25: times the row, each
        # first place is at most 5.2 million cells from A1, and each second place more.
        ("SZ9999", "TA9999"),
        ("CZ49999", "DA49999"),
        ("AZ99999", "BA99999"),
        ("AN129999", "AO129999"),
        ("Z199999", "AA199999"),
        ("Y208000", "Y208001"),
    ],
)
def test_a_sheet_may_be_long_or_wide_up_to_the_bound(inside: str, beyond: str) -> None:
    """The largest sheets of each shape are let through, and the next larger ones are not."""

    def look_over(place: str) -> None:
        cell = (
            f'<row r="{place.lstrip(ascii_uppercase)}"><c r="{place}"><v>1</v></c></row>'.encode()
        )
        end = b"</sheetData>"
        data = _changed(PLAIN, SHEET, lambda content: content.replace(end, cell + end))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            workbook_parts.Parts(archive, data, "a.xlsx").look_over("List_8", "a.xlsx")

    look_over(inside)
    with pytest.raises(InputRefusedError, match="there is a cell as far out as row"):
        look_over(beyond)


def test_a_cell_whose_reference_is_none_is_refused(tmp_path: Path) -> None:
    """The reader takes any letters for a place, and would ask for as much memory."""
    cell = b'<row r="3"><c r="AAAAAAAAAAAA3"><v>1</v></c></row>'
    far = _changed(
        PLAIN, SHEET, lambda content: content.replace(b"</sheetData>", cell + b"</sheetData>")
    )

    assert "it is damaged" in _refusal(tmp_path, far)


def test_cells_without_references_are_read(tmp_path: Path) -> None:
    """Some programs leave the references out; that is allowed."""
    bare = _changed(PLAIN, SHEET, lambda content: re.sub(rb' r="[A-Z]*\d+"', b"", content))

    assert [cells[0] for cells in _read(tmp_path, bare)] == ["Wren", 5.0]


# The last rows of a short sheet, of one with more rows than an authority has children, and of one
# that is so long that each of its cells is measured.
LAST_ROWS = (3, 60_000, 210_000)


def _with_cells(row: int, *cells: str) -> bytes:
    """Return a workbook with cells in one more row."""
    more = f'<row r="{row}">{"".join(cells)}</row></sheetData>'.encode()
    return _changed(PLAIN, SHEET, lambda content: content.replace(b"</sheetData>", more))


@each("row", LAST_ROWS)
@each(
    "cell, read",
    [
        ('<c r="B{row}"><v>7</v></c>', 7.0),
        ('<c r="B{row}" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="B{row}" t="e"/>', "#VALUE!"),
        ("<c r=\"B{row}\" t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="B{row}" t="e" ><v>#REF!</v></c >', "#REF!"),
        ('<c r="B{row}"><v>7</v></c><!-- <c r="B{row}" t="e"><v>#REF!</v></c> -->', 7.0),
        ('<c r="B{row}"><v>7</v></c><!-- <c r="XFD1048576"> -->', 7.0),
        (
            '<c r="B{row}" t="inlineStr"><is><t><![CDATA[<c r="XFD9">&]]></t></is></c>',
            '<c r="XFD9">&',
        ),
        ('<c r="B{row}" t="inlineStr"><is><t>a &amp; b &#38; c</t></is></c>', "a & b & c"),
        ('<c r="B{row}"><f>A1+1</f></c>', "#NOT CALCULATED"),
    ],
)
def test_a_cell_is_read_however_it_is_written(
    tmp_path: Path, row: int, cell: str, read: object
) -> None:
    """An error is never blank, and a comment is no cell; in a long list too."""
    rows = _read(tmp_path, _with_cells(row, cell.format(row=row)))

    assert (len(rows), rows[row - 1][1]) == (row, read)


@each("row", LAST_ROWS)
@each(
    "cell",
    [
        '<c r="B{row}" t="str"><v>a &bad; b</v></c>',
        '<c r="B{row}" r="XFD1048576"><v>7</v></c>',
        '<c r="B{row}"  r = "XFD1048576"><v>7</v></c>',
    ],
)
def test_what_the_reader_would_lose_is_damage(tmp_path: Path, row: int, cell: str) -> None:
    """It would silently leave out a row, or ask for more memory than there is."""
    damaged = _with_cells(row, cell.format(row=row), f'<c r="C{row}"><v>8</v></c>')

    assert "it is damaged" in _refusal(tmp_path, damaged)


def test_no_pattern_looks_beyond_the_next_tag() -> None:
    """Otherwise each of many unclosed tags would search the whole sheet."""
    patterns = [one for one in vars(workbook_parts).values() if isinstance(one, re.Pattern)]
    told = [one.pattern if isinstance(one.pattern, bytes) else b"" for one in patterns]

    assert len(told) > 10
    assert [one for one in told if b"[^>" in one] == []


def test_errors_below_the_last_row_are_each_in_their_own(tmp_path: Path) -> None:
    """The reader leaves out rows in which all formulas were never computed."""
    data = _with_cells(5, '<c r="B5"><f>A1</f></c></row><row r="9"><c r="C9"><f>A1</f></c>')

    assert _read(tmp_path, data) == [
        ["Wren", ""], ["", 5.0], [], [], ["", "#NOT CALCULATED"],
        [], [], [], ["", "", "#NOT CALCULATED"],
    ]  # fmt: skip


@each("most, times", [(3, 3), (4, 1)])
def test_the_cells_of_a_large_sheet_are_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, times: int
) -> None:
    """They are read again for each pass; those of a small sheet are kept."""
    path, read = tmp_path / "a.xlsx", list[str]()
    path.write_bytes(PLAIN)
    monkeypatch.setattr("iro_cli.incoming.workbook.MOST_HELD", most)
    book = Workbook(File(path, "a.xlsx"))
    cells = book._cells  # noqa: SLF001 - how often the reader is asked for them

    def counted(name: str) -> CalamineSheet:
        read.append(name)
        return cells(name)

    monkeypatch.setattr(book, "_cells", counted)
    sheet = book.sheet("List_8")

    assert [*sheet.rows()] == [*sheet.rows()] == [*sheet.rows()] == [["Wren", ""], ["", 5.0]]
    assert read == ["List_8"] * times


def test_a_long_text_in_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has the text once, but memory would have it once for each cell."""
    monkeypatch.setattr(workbook_parts, "LARGEST_TEXT", 5_000)
    data = _made(*((row, 0, "Wren" * 100) for row in range(20)))

    assert "its texts are more than 5,000 letters together" in _refusal(tmp_path, data)


def test_errors_of_formulas_are_not_blank(tmp_path: Path) -> None:
    """The reader gives a blank cell for an error; here it stays an error."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("List_8")
    sheet.write(0, 1, "x")
    sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    book.close()

    assert _read(tmp_path, made.getvalue()) == [["", "x", "", ""], ["", "", "#N/A", "#DIV/0!"]]


def test_a_formula_that_was_never_worked_out_is_not_blank(tmp_path: Path) -> None:
    """Its result is unknown, and not empty."""
    data = _changed(PLAIN, SHEET, lambda content: content.replace(b"<v>5</v>", b"<f>A1+10</f>"))

    assert _read(tmp_path, data)[1] == ["", "#NOT CALCULATED"]


def test_entities_are_refused(tmp_path: Path) -> None:
    """A document type could define entities, and no workbook has one."""
    declared = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    data = _changed(
        PLAIN, SHEET, lambda content: content.replace(b"<worksheet", declared + b"<worksheet", 1)
    )

    assert "it is damaged" in _refusal(tmp_path, data)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET])
def test_a_missing_or_broken_part_is_refused(tmp_path: Path, part: str) -> None:
    """A workbook without a needed part is refused."""
    assert _refusal(tmp_path, _changed(PLAIN, part, lambda _: None))
    assert _refusal(tmp_path, _changed(PLAIN, part, lambda content: b"<" + content[:100]))


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    """Both are said in words."""
    with pytest.raises(InputRefusedError, match="is a folder, not a file: name the workbook"):
        Workbook(File(tmp_path, tmp_path.name))
    with pytest.raises(InputRefusedError, match="there is no file"):
        Workbook(File(tmp_path / "none.xlsx", "none.xlsx"))


def test_a_workbook_is_known_by_its_content_too(tmp_path: Path) -> None:
    """A workbook that is named .csv is one."""
    (tmp_path / "a.csv").write_bytes(PLAIN)
    (tmp_path / "b.csv").write_bytes(b"a,b")

    assert File(tmp_path / "a.csv", "a.csv").is_workbook
    assert not File(tmp_path / "b.csv", "b.csv").is_workbook
    assert not File(tmp_path / "none.csv", "none.csv").is_workbook


@examples(150)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.integers(0, 255)), max_size=20)
)
def test_changed_bytes_never_escape(tmp_path: Path, changes: list[tuple[int, int]]) -> None:
    """A damaged workbook is read or refused, without another error."""
    data = bytearray(PLAIN)
    for place, value in changes:
        data[place] = value
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    try:
        book = Workbook(File(path, path.name))
        rows = [list(book.sheet(name).rows()) for name in book.sheets]
    except InputRefusedError as error:
        rows = [[[str(error)]]]

    assert rows is not None


@examples(150)
@given(
    part=st.sampled_from(
        [
            SHEET,
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
        ]
    ),
    at=st.integers(0, 3000),
    text=st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                b"<c>",
                b"</row>",
                b'<c r="ZZZ9999999">',
                b'<c r="A0">',
                b'<row r="0">',
                b't="s"',
                b"<v>-1</v>",
                b"&x;",
                b'<mergeCell ref="B2:A1"/>',
                b"<v>1e400</v>",
            ]
        ),
    ),
    cut=st.integers(0, 40),
)
def test_changed_parts_never_escape(
    tmp_path: Path, part: str, at: int, text: bytes, cut: int
) -> None:
    """This holds for a whole archive with damaged content too."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        _changed(PLAIN, part, lambda content: content[:at] + text + content[at + cut :])
    )
    try:
        book = Workbook(File(path, path.name))
        rows = [list(book.sheet(name).rows()) for name in book.sheets]
    except InputRefusedError as error:
        rows = [[[str(error)]]]

    assert rows is not None


def test_a_stream_that_goes_on_behind_its_part_is_made_anew() -> None:
    """The reader would unpack the whole stream, so it gets only the measured part."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        sheet = archive.read(SHEET)
    longer = _changed(PLAIN, SHEET, lambda content: content + b"<!-- more -->")
    with zipfile.ZipFile(io.BytesIO(longer)) as archive:
        entry = archive.getinfo(SHEET)
        said = struct.pack("<I", entry.file_size), struct.pack("<I", entry.CRC)
    tampered = longer.replace(said[0], struct.pack("<I", len(sheet)))
    tampered = tampered.replace(said[1], struct.pack("<I", zlib.crc32(sheet)))
    with zipfile.ZipFile(io.BytesIO(tampered)) as archive:
        packed = workbook_parts.Parts(archive, tampered, "a.xlsx").packed()
    with zipfile.ZipFile(packed) as archive:
        size = archive.getinfo(SHEET).compress_size
        head = packed.getvalue().index(SHEET.encode()) + len(SHEET)
        stream = packed.getvalue()[head : head + size]

    assert zlib.decompress(stream, -zlib.MAX_WBITS) == sheet
