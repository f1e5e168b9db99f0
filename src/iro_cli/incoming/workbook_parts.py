"""
Take the needed parts of a workbook out of its archive, and measure them.

The reader, calamine, holds a sheet as a full rectangle, and each text as often
as it is used.  One stray cell in the last row and column makes a rectangle of
17 thousand million cells, and ends the whole program.  So every part is unpacked
within bounds, checked, and put into a new archive: the reader sees nothing
that was not measured.  Only the packed stream of a part is kept, after a check that it ends
where the part does, because three lists were ten times as large unpacked.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree as ET
from xml.parsers import expat

from iro_cli.dates.words import counted
from iro_cli.errors import InputRefusedError
from iro_cli.lean import NamedTuple

LARGEST_CONTENT = 400_000_000
LARGEST_RATIO = 250
# In cells.  The cells of a sheet are in memory: this many take three quarters of a gigabyte.
LARGEST_SHEET = 50_000 * 104
LARGEST_TEXT = 1 << 30
_NO_BOMB = 20_000_000
_MOST_PARTS = 10_000
_LONGEST_LIST = 2_000_000
# An Excel sheet has no more.
_MOST_COLUMNS = 16_384

_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_OTHERS = ("[Content_Types].xml", "_rels/.rels", "xl/styles.xml", _STRINGS)
# None of these patterns looks for the end of a tag beyond the next tag.  Otherwise a sheet with
# many unclosed tags would be searched to its end for each of them.
# Areas that are never too large: the last row, and the patterns of the columns and rows in it.
_AREAS = (
    (9_999, rb"[A-S]?[A-Z]", rb"[0-9]{1,4}"),
    (49_999, rb"[A-C]?[A-Z]", rb"[0-9]{1,4}|[1-4][0-9]{4}"),
    (99_999, rb"A?[A-Z]", rb"[0-9]{1,5}"),
    (129_999, rb"[A-Z]|A[A-N]", rb"[0-9]{1,5}|1[0-2][0-9]{4}"),
    (199_999, rb"[A-Z]", rb"1?[0-9]{1,5}"),
)
# For each area: any cell outside it; or one with two places.  Most cells have no r after their
# place, or only that of "inlineStr": those need no closer look.
_UNUSUAL = {
    last: re.compile(
        rb'<c(?! r="(?:%b)(?:%b)"(?:[^<>r]*(?:r")?/?>|(?![^<>]*\br\s*=)))[\s/>]' % (columns, rows)
    )
    for last, columns, rows in _AREAS
}
# Any cell that does not begin with its place.
_UNPLACED = re.compile(rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}")[\s/>]')
# Any cell that does not begin or end as programs usually write it, so that the patterns below may
# miss an error in it.
_ODD = re.compile(
    rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}"(?: (?:s|cm|vm)="[0-9]+"| t="[A-Za-z]+")*/?>)[\s/>]|</c\s'
)
_PREFIXED = re.compile(rb":c[\s/>]")
_PLACED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(
    rb'[<:]c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*\bt="e"[^<>/]*)>(.*?)[/:]c>', re.DOTALL
)
_EMPTY_ERROR = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*\bt="e"[^<>]*/>')
_UNCALCULATED = re.compile(
    rb'[<:]c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)</c>'
)
# An entity that XML does not define: the reader skips its cell and the rest of the row.
_UNKNOWN_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_VALUE = re.compile(rb"[<:]v>([^<]*)<")
_SHARED = re.compile(rb't="s"[^<>]*>\s*<v>([0-9]{1,9})</v>')
# A row or column hidden by hand or by a filter.
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row [^<>]*\bhidden="(?:1|true)"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col [^<>]*\bhidden="(?:1|true)"[^<>]*>')
_SPAN = re.compile(rb'\b(min|max)="([0-9]{1,5})"')
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class DamagedError(Exception):
    """An archive is not a whole workbook."""


class CellPlace(NamedTuple):
    """The place of a cell; rows and columns count from 0."""

    row: int
    column: int


class Hidden(NamedTuple):
    """
    The hidden rows and columns of a sheet.

    Attributes:
        rows: How many rows are hidden.
        columns: The hidden columns, counted from 0.
    """

    rows: int
    columns: frozenset[int]


def _place(letters: str, digits: str) -> CellPlace:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return CellPlace(int(digits) - 1, column - 1)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tree(data: bytes) -> ET.Element:
    if len(data) > _LONGEST_LIST:
        raise DamagedError
    return ET.fromstring(data)  # noqa: S314  # without a document type, and short


class LookedOver(NamedTuple):
    """The cells of a sheet that hold an error, and its hidden rows and columns."""

    errors: dict[CellPlace, str]
    hidden: Hidden


class _WholePart(NamedTuple):
    """A compressed stream that is known to be a whole part and nothing else."""

    stream: bytes
    size: int
    crc: int

    def data(self) -> bytes:
        """Return the content of the part."""
        return zlib.decompress(self.stream, -zlib.MAX_WBITS, self.size or 1)


def _taken_out(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: bytes
) -> tuple[_WholePart, bytes]:
    """
    Take a part out of an archive.

    The stream is kept as it is if it ends where the part ends.  Otherwise it is compressed again,
    because the reader may see more in it than was measured.

    Raises:
        zipfile.BadZipFile: It is damaged; a damaged archive raises other errors too.
    """
    # Opening checks the head before the stream.
    archive.open(entry).close()
    names = sum(struct.unpack_from("<HH", file, entry.header_offset + 26))
    begins = entry.header_offset + 30 + names
    stream = file[begins : begins + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        data = _whole(stream, entry.file_size)
        if data is not None and zlib.crc32(data) == entry.CRC:
            return _WholePart(stream, len(data), entry.CRC), data
    data = archive.read(entry)
    deflating = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    stream = deflating.compress(data) + deflating.flush()
    return _WholePart(stream, len(data), zlib.crc32(data)), data


def _whole(stream: bytes, size: int) -> bytes | None:
    """Return the content of a stream that ends where its part ends; ``None`` for any other."""
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflating.decompress(stream, size + 1)
    except zlib.error:
        return None
    return data if inflating.eof and not inflating.unused_data and len(data) == size else None


class Parts:
    """
    The parts of a workbook.

    Attributes:
        sheets: The part of each sheet, by the name of the sheet.
        unseen: The names of the sheets that are hidden or very hidden.
        from_1904: Whether days are counted from 1904.
    """

    def __init__(self, archive: zipfile.ZipFile, file: bytes, name: str) -> None:
        """
        Take out the parts that are needed.

        Args:
            archive: The workbook.
            file: The bytes of the file.
            name: Its name in messages.

        Raises:
            InputRefusedError: It is too large.
            DamagedError: It is not the archive of a workbook.
        """
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        _check_size(entries, name)
        if _BOOK not in names:
            raise InputRefusedError(f"{name} {_other_kind(names)}")
        if len(names) != len(entries):
            raise DamagedError
        self._parts: dict[str, _WholePart] = {}
        taken = {
            one: self._take(archive, one, file) for one in (_BOOK, _LINKS, *_OTHERS) if one in names
        }
        self.sheets = self._sheets(taken[_BOOK], taken[_LINKS])
        for part in self.sheets.values():
            self._take(archive, part, file)
        strings = taken.get(_STRINGS, b"")
        self._lengths = [len(one) for one in re.split(rb"</(?:\w+:)?si>", strings)]

    def _take(self, archive: zipfile.ZipFile, part: str, file: bytes) -> bytes:
        """Take a part out of the archive, keep it, and return its content."""
        self._parts[part], data = _taken_out(archive, archive.getinfo(part), file)
        # A document type could define entities that grow without end.  No workbook has one, and all
        # are UTF-8.
        if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"<!DOCTYPE" in data:
            raise DamagedError
        return data

    def _sheets(self, book_part: bytes, links_part: bytes) -> dict[str, str]:
        links = {
            link.get("Id"): link.get("Target", "")
            for link in _tree(links_part)
            if link.get("Type", "").endswith("/worksheet")
        }
        book = _tree(book_part)
        self.from_1904 = any(
            one.get("date1904") in ("1", "true") for one in book if _local(one.tag) == "workbookPr"
        )
        found = {}
        self.unseen: set[str] = set()
        for sheet in (one for one in book.iter() if _local(one.tag) == "sheet"):
            link = next((one for key, one in sheet.items() if key.endswith("}id")), None)
            if link in links:
                # A target with a slash at its beginning counts from the root of the archive.  Any
                # other counts from xl/, but some programs begin it with xl/ all the same.
                target = links[link]
                path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
                if path.startswith("xl/xl/"):
                    path = path[3:]
                found[sheet.get("name", "")] = path
                if sheet.get("state", "visible") != "visible":
                    self.unseen.add(sheet.get("name", ""))
        return found

    def packed(self) -> io.BytesIO:
        """Return a workbook that consists of only these parts."""
        found, entries = io.BytesIO(), []
        for name, (stream, size, crc) in self._parts.items():
            title, begins = name.encode(), found.tell()
            # The fields of a zip entry: the name in UTF-8, and 1 January 1980 as its date.
            said = (20, 0x800, zipfile.ZIP_DEFLATED, 0, 0x21, crc, len(stream), size, len(title), 0)
            head = struct.pack("<5H3I2H", *said)
            found.write(b"PK\3\4" + head + title)
            found.write(stream)
            tail = struct.pack("<3H2I", 0, 0, 0, 0, begins)
            entries.append(b"PK\1\2" + struct.pack("<H", 20) + head + tail + title)
        begins, listed = found.tell(), b"".join(entries)
        number = len(entries)
        found.write(listed)
        found.write(b"PK\5\6" + struct.pack("<4H2IH", 0, 0, number, number, len(listed), begins, 0))
        found.seek(0)
        return found

    def look_over(self, sheet: str, where: str) -> LookedOver:
        """
        Check that a sheet is not too large to be read.

        Args:
            sheet: Its name.
            where: Its name in messages.

        Returns:
            The cells that hold an error, which the reader gives as blank, and what is hidden.

        Raises:
            InputRefusedError: It is too large.
        """
        data = self._parts[self.sheets[sheet]].data()
        if _PREFIXED.search(data) or (b"&" in data and _UNKNOWN_ENTITY.search(data)):
            errors = _cells(data, where)
        elif _is_within_an_area(data):
            errors = _errors(data, where)
        elif _has_comments(data) or _UNPLACED.search(data):
            errors = _cells(data, where)
        else:
            _check_extent(_last(data), where)
            errors = _errors(data, where)
        longest = max(self._lengths)
        # A cell with a text takes more than ten bytes, so for most sheets this first, cheap
        # comparison is enough.
        if len(data) // 10 * longest > LARGEST_TEXT < data.count(b"v>") * longest:
            shared = [int(number) for number in _SHARED.findall(data)]
            lengths = self._lengths
            known = sum(lengths[one] for one in shared if one < len(lengths))
            if known + (data.count(b"v>") // 2 - len(shared)) * longest > LARGEST_TEXT:
                raise InputRefusedError(
                    f"{where}: its texts are more than {LARGEST_TEXT:,} letters together, which no "
                    "list is: take the long texts out, or export it again"
                )
        return LookedOver(errors, _hidden(data))


def _hidden(data: bytes) -> Hidden:
    """Return how many rows of a sheet are hidden, and which columns."""
    if b"hidden=" not in data:
        return Hidden(0, frozenset())
    spans = (
        {name: int(number) for name, number in _SPAN.findall(one)}
        for one in _HIDDEN_COLUMNS.findall(data)
    )
    columns = frozenset(
        place
        for span in spans
        for place in range(span.get(b"min", 1) - 1, min(span.get(b"max", 0), _MOST_COLUMNS))
    )
    return Hidden(len(_HIDDEN_ROW.findall(data)), columns)


def _errors(data: bytes, where: str) -> dict[CellPlace, str]:
    """Return the cells of a sheet that hold an error, if each cell begins with its place."""
    found = {}
    if b"<f" in data:
        # Some programs write a formula without its result, and leave that to Excel.
        for letters, digits in _UNCALCULATED.findall(data):
            found[_place(letters.decode(), digits.decode())] = "#NOT CALCULATED"
    if b't="e"' not in data and b"t='e'" not in data:
        return found
    if _ODD.search(data) or _has_comments(data):
        return found | _cells(data, where)
    for letters, digits, _, content in _ERROR.findall(data):
        value = _VALUE.search(content)
        text = value[1].decode("utf-8", "replace") if value else "#VALUE!"
        found[_place(letters.decode(), digits.decode())] = text
    for letters, digits in _EMPTY_ERROR.findall(data):
        found[_place(letters.decode(), digits.decode())] = "#VALUE!"
    return found


def _has_comments(data: bytes) -> bool:
    """
    Say whether a sheet has comments, CDATA or instructions, whose text may look like a cell.

    Raises:
        DamagedError: It is not well-formed XML.
    """
    found: list[object] = []
    parser = expat.ParserCreate()
    parser.CommentHandler = found.append
    parser.StartCdataSectionHandler = lambda: found.append(None)
    parser.ProcessingInstructionHandler = lambda *_: found.append(None)
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise DamagedError from None
    return bool(found)


def _is_within_an_area(data: bytes) -> bool:
    """Say whether all cells of a sheet are in an area that is never too large; it may miss it."""
    # The last cell is nearly always in the last row, which tells which area to try.
    last = _PLACED.match(data, max(data.rfind(b"<c r="), 0))
    height = int(last[2]) if last else 0
    unusual = next((one for row, one in _UNUSUAL.items() if height <= row), None)
    return unusual is not None and not unusual.search(data)


def _last(data: bytes) -> CellPlace:
    """Return the last row and the last column of a sheet whose cells all have their places."""
    letters, digits = set[bytes](), set[bytes]()
    for cell in _PLACED.finditer(data):
        column, row = cell.groups()
        letters.add(column)
        digits.add(row)
    # AA comes after Z: of two columns the one with the longer name is the later.
    column = max(letters, key=lambda one: (len(one), one))
    return _place(column.decode(), str(max(map(int, digits))))


def _check_extent(last: CellPlace, where: str) -> None:
    """Refuse a sheet whose rectangle from A1 to the last cell would be too large."""
    if (last.row + 1) * (last.column + 1) > LARGEST_SHEET:
        raise InputRefusedError(
            f"{where}: there is a cell as far out as row {last.row + 1:,}, column "
            f"{last.column + 1:,}: delete the rows below the list and the columns beside "
            "it, and save it again"
        )


def _cells(data: bytes, where: str) -> dict[CellPlace, str]:
    """Measure a sheet cell by cell, with the places that the reader gives them."""
    errors: dict[CellPlace, str] = {}
    last = CellPlace(-1, -1)
    row, column, place = -1, 0, CellPlace(0, 0)
    for event, one in ET.iterparse(io.BytesIO(data), ("start", "end")):  # noqa: S314  # no entities
        tag = _local(one.tag)
        if event == "start" and tag == "row":
            row = int(one.get("r") or row + 2) - 1
            column = 0
        elif event == "start" and tag == "c":
            found = _REFERENCE.fullmatch(one.get("r", ""))
            if not found and one.get("r"):  # the reader could put it anywhere, however far out
                raise DamagedError
            place = _place(*found.groups()) if found else CellPlace(row, column)
            column = place.column + 1
            last = CellPlace(max(last.row, place.row), max(last.column, place.column))
            _check_extent(last, where)
        elif event == "end":
            if tag == "c" and one.get("t") == "e":
                errors[place] = next((v.text or "" for v in one if _local(v.tag) == "v"), "#VALUE!")
            if tag in ("c", "row"):
                one.clear()
    return errors


def _check_size(entries: list[zipfile.ZipInfo], name: str) -> None:
    content = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if (
        content > LARGEST_CONTENT
        or len(entries) > _MOST_PARTS
        or (content > _NO_BOMB and content > packed * LARGEST_RATIO)
    ):
        raise InputRefusedError(
            f"{name} is {packed:,} bytes that unpack to {content:,}, in "
            f"{counted(len(entries), 'part', 'parts')}: no list is like that, so it "
            "was not opened; export it again, or ask whoever sent it"
        )


def _other_kind(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        kind = "is a binary workbook (.xlsb)"
    elif "content.xml" in names:
        kind = "is an OpenDocument spreadsheet (.ods)"
    elif "word/document.xml" in names:
        kind = "is a Word document"
    else:
        return "is a zip archive without a workbook in it: name the workbook itself"
    return f'{kind}: open it and save it as "Excel Workbook (*.xlsx)"'
