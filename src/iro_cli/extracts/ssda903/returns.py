"""
Find the tables of SSDA903 returns, in CSV files by their columns, and in the Department's XML.

Each element of the XML becomes a row with the columns of the CSV, so that a refused
element can be mended as a row.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.cells import Cell, DaysCounted
from iro_cli.incoming.files import File, files_of
from iro_cli.incoming.kinds import Column, TableKind, refuse_untold
from iro_cli.incoming.refused import Origin, Refused, numbered, packed, visible
from iro_cli.incoming.rows import Reading
from iro_cli.incoming.table import Table, plain, tables_in
from iro_cli.incoming.xml_nodes import Layout, Node, read_units, root_of
from iro_cli.lean import NamedTuple

ENDINGS = (".csv", ".xml")
_ROOT = "SSDA903"

# ---------------------------------------------------------------- the tables


def _kind(name: str, *columns: tuple[str, str], optional: str = "", known: str = "") -> TableKind:
    """Return a kind of table; all its columns are needed except the optional one."""
    return TableKind(
        name,
        tuple(
            Column(field, written, needed=written != optional)
            for field, written in (("child", "CHILD"), *columns)
        ),
        tuple(known.split()),
    )


HEADER = _kind("the Header table", ("born", "DOB"), known="SEX ETHNIC UPN MOTHER MC_DOB")
EPISODES = _kind(
    "the Episodes table",
    ("begins", "DECOM"),
    ("new", "RNE"),
    ("status", "LS"),
    ("ends", "DEC"),
    ("ceased", "REC"),
    ("place", "PLACE"),
    optional="PLACE",
    known="CIN PLACE_PROVIDER REASON_PLACE_CHANGE HOME_POST PL_POST URN PL_LA PL_LOCATION "
    "PL_DISTANCE",
)
REVIEWS = _kind(
    "the Reviews table", ("reviewed", "REVIEW"), ("took_part", "REVIEW_CODE"), known="DOB"
)
MATCHED = _kind(
    "the AD1 table",
    ("decided", "DATE_INT"),
    known="DOB DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
)
DECIDED = _kind(
    "the PlacedAdoption table",
    ("decided", "DATE_PLACED"),
    ("reversed", "DATE_PLACED_CEASED"),
    known="DOB REASON_PLACED_CEASED",
)
KINDS = (HEADER, EPISODES, REVIEWS, MATCHED, DECIDED)
# The columns that show to which table a row of a file of refused rows belongs: such a file has the
# columns of all tables.
_TELLING = {
    HEADER: ("SEX", "UPN", "ETHNIC"),
    EPISODES: ("DECOM", "RNE", "LS"),
    REVIEWS: ("REVIEW", "REVIEW_CODE"),
    MATCHED: ("DATE_INT", "DATE_MATCH"),
    DECIDED: ("DATE_PLACED", "DATE_PLACED_CEASED"),
}
# For each table of the return that says nothing about reviews, a column that only it has.
_OTHER_TABLES = (
    *("DUC", "SDQ_SCORE", "IN_TOUCH", "PREV_PERM", "MIS_START", "SW_DECOM", "DOLO_START"),
)


def _kind_of(table: Table) -> TableKind | None:
    for kind in (EPISODES, REVIEWS, MATCHED, DECIDED):
        if not kind.lacking(table.plain):
            return kind
    names = {column.name for column in HEADER.columns}.union(HEADER.known)
    if table.has("CHILD", "DOB") and (
        set(filter(None, table.plain)) <= set(map(plain, names))
        or (table.has("SEX") and (table.has("UPN") or table.has("ETHNIC")))
    ):
        return HEADER
    return None


# ---------------------------------------------------------------- the XML


class _Shape(NamedTuple):
    """
    How to find the rows of one table in the XML.

    Attributes:
        element: The word for a row in the summary.
        columns: The columns, as in the CSV.
        find: Yields the elements of one child that are rows.
    """

    element: str
    columns: tuple[str, ...]
    find: Callable[[Node], Iterator[Node]]


def _header(child: Node) -> Iterator[Node]:
    return child.all("HEADER")


def _within(*tags: str) -> Callable[[Node], Iterator[Node]]:
    """Return a function that finds elements in a child or in its HEADER: exports differ."""

    def find(child: Node) -> Iterator[Node]:
        for node in (child, *child.all("HEADER")):
            for tag in tags:
                yield from node.all(tag)

    return find


def _adopted(child: Node) -> Iterator[Node]:
    """Yield the elements with the dates of AD1: the HEADER itself, or a separate element."""
    for node in (*child.all("HEADER"), *_within("AD1", "ADOPTION")(child)):
        if node.first("DATE_INT") is not None:
            yield node


_SHAPES = {
    HEADER: _Shape("HEADER", ("CHILD", "SEX", "DOB", "ETHNIC", "UPN"), _header),
    EPISODES: _Shape(
        "EPISODE", ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"), _within("EPISODE")
    ),
    REVIEWS: _Shape("AREVIEW", ("CHILD", "REVIEW", "REVIEW_CODE"), _within("AREVIEW")),
    MATCHED: _Shape("AD1", ("CHILD", "DATE_INT", "DATE_MATCH"), _adopted),
    DECIDED: _Shape(
        "AD_PLACED",
        ("CHILD", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
        _within("AD_PLACED"),
    ),
}
# The names that differ between the CSV and the XML.
_RENAMED = {"CHILD": "CHILDID", "PLACE": "PL"}
_LEFT_OUT = frozenset({"OC2", "AMISSING", "PERMANENCE"})
_ELEMENTS = frozenset({
    *("CHILDID", "PL", "HEADER", "EPISODE", "AREVIEW", "AD1", "ADOPTION", "AD_PLACED"),
    *("UASC", "DUC", "IN_TOUCH", "ACTIV", "ACCOM"),
    *(column.name for kind in KINDS for column in kind.columns),
    *(name for kind in KINDS for name in kind.known),
})  # fmt: skip


class XmlTable:
    """
    One table of an XML file, which can be read like a table of a CSV file.

    Attributes:
        name: The name of the file in messages.
        label: The name of the table in the summary.
        header: The columns.
        counted: Always that plain numbers are not days.
        count: How many rows have been read.
        mended: Always false: it is not a file of refused rows.
        at_end: Always false: XML has no row of totals at its foot.
        unknown_elements: How often each unknown element was there.
    """

    counted = DaysCounted.NEVER
    mended = False
    at_end = False

    def __init__(self, file: File, root: str, shape: _Shape) -> None:
        """Describe a table of a file; nothing is read yet."""
        self.name = file.name
        self.label = f"{file.name}, {shape.element}"
        self.header = shape.columns
        self.count = 0
        self.unknown_elements: Counter[str] = Counter()
        self._file = file
        self._shape = shape
        self._layout = Layout(root, frozenset({"CHILD"}), _LEFT_OUT, "a return", _ELEMENTS)

    def origin(self, number: int, cells: Sequence[Cell]) -> Origin:
        """Return where a row came from."""
        texts = [str(cell) for cell in cells]
        return Origin(self.name, number, self.header, packed(texts), of_child=texts[0])

    def unknown(self, _known: Collection[str], _places: Collection[int]) -> dict[int, str]:
        """Return nothing: unknown elements are counted instead of columns."""
        return {}

    def warnings(self, _read: Collection[int] = ()) -> list[str]:
        """Return nothing, because XML has no separators or encodings to guess."""
        return []

    def rows(
        self, _refused: list[Refused], _read: Collection[int] = ()
    ) -> Iterator[tuple[int, list[Cell]]]:
        """
        Yield each element's line, and its cells.

        Raises:
            InputRefusedError: The file cannot be read.
        """
        for child in read_units(self._file, self._layout, self.unknown_elements):
            header = child.first("HEADER") or child
            child_id = header.leaves().get(_RENAMED["CHILD"], "")
            for node in self._shape.find(child):
                self.count += 1
                leaves = node.leaves()
                cells = [leaves.get(_RENAMED.get(column, column), "") for column in self.header[1:]]
                yield node.line, [child_id, *cells]


# ---------------------------------------------------------------- finding them


class ReturnTable(NamedTuple):
    """A table of a return, and the places of its columns."""

    table: Table | XmlTable
    places: dict[str, int]


def _is_xml(file: File) -> bool:
    return file.path.suffix.casefold() == ".xml"


class Tables:
    """
    The tables of the returns.

    Attributes:
        of: The tables of each kind.
        alone: Whether only files of mended rows are read; the store has the rest of the return.
        folders: The folder of each file, by the file's name.
    """

    def __init__(self, paths: Sequence[Path], reading: Reading) -> None:
        """
        Find the tables in folders and files.

        Raises:
            InputRefusedError: A file cannot be read, or a folder has no episodes; every problem
                is named.
        """
        self.of: dict[TableKind, list[ReturnTable]] = {kind: [] for kind in KINDS}
        self.alone = True
        self._warnings = reading.warnings
        problems: list[str] = []
        files = files_of(paths, ENDINGS, problems, reading.doubts.piped)
        self.folders = {file.name: file.path.absolute().parent for file in files}
        # The XML comes last: it is read only if its folder has no CSV files of the return.
        for file in sorted(files, key=_is_xml):
            named = file.path in paths
            try:
                if not _is_xml(file):
                    for table in tables_in(file, self._warnings):
                        self._add_table(table)
                elif named or not self._has_episodes(file.path.absolute().parent, as_csv=True):
                    self._add_xml(file, named=named)
                else:
                    # It may be the same return in both forms or another one: only the user knows.
                    self._warnings.append(
                        f"{file.name}: not read, because the folder has the return's CSV files: "
                        "name the file itself to read it"
                    )
            except InputRefusedError as error:
                problems.append(str(error))
        columns = ", ".join(one.name for one in EPISODES.needed)
        problems += [
            (
                f"{folder}: no CSV file here is the Episodes table (columns {columns}): name the "
                "folder that holds the return's CSV files"
            )
            for folder in paths
            if folder.is_dir() and any(one.path.parent == folder for one in files)
            and not self._has_episodes(folder.absolute())
        ]  # fmt: skip
        if not (problems or self.alone or self.of[EPISODES]):
            problems.append(
                f"none of these files is the Episodes table (columns {columns}): name it too, or "
                "the return's folder"
            )
        if problems:
            raise InputRefusedError("\n".join(problems))

    def _has_episodes(self, folder: Path, *, as_csv: bool = False) -> bool:
        return any(
            self.folders[table.name] == folder
            for table, _ in self.of[EPISODES]
            if not (as_csv and isinstance(table, XmlTable))
        )

    def _add_xml(self, file: File, *, named: bool) -> None:
        root = root_of(file)
        if _ROOT not in root.upper():
            what = (
                f"{file.name}: its first element is <{visible(root)}>: it is not an SSDA903 return"
            )
            if named:
                raise InputRefusedError(f"{what} (a census is read by `iro import cin-census`)")
            self._warnings.append(f"{what}, and was not read")
            return
        self.alone = False
        for kind, shape in _SHAPES.items():
            places = {
                column.field: shape.columns.index(column.name)
                for column in kind.columns
                if column.name in shape.columns
            }
            self.of[kind].append(ReturnTable(XmlTable(file, root, shape), places))

    def _add_table(self, table: Table) -> None:
        if table.mended:
            self._add_mended(table)
            return
        self.alone = False
        found = _kind_of(table)
        if found is not None:
            self.of[found].append(ReturnTable(table, found.places(table)))
        elif not any(table.has("CHILD", column) for column in _OTHER_TABLES):
            header = (
                "; if it is the Header table, leave only the columns CHILD, DOB, SEX, ETHNIC and "
                "UPN in it, and the dates of birth are read"
            )
            self._warnings.append(
                f"{table.name}: not read: its columns are not those of an SSDA903 table"
                + header * table.has("CHILD", "DOB")
            )

    def _add_mended(self, table: Table) -> None:
        """
        Separate the rows of each table in a file of refused rows.

        Raises:
            InputRefusedError: A row does not show of which table it is.
        """
        told = {
            kind: [place for place, name in enumerate(table.plain) if name in map(plain, telling)]
            for kind, telling in _TELLING.items()
            if not kind.lacking(table.plain)
        }
        of_several = [kind for kind in told if told[kind] and kind is not HEADER]
        for kind, places in told.items():
            mine = table.again()
            if of_several:
                if not places:
                    continue
                mine.only_filled(places)
            self.of[kind].append(ReturnTable(mine, kind.places(mine)))
        if of_several:
            child = HEADER.columns[0].places(table.plain)[0]
            telling = [place for places in told.values() for place in places]
            advice = "for a row of the Header table, fill in SEX, ETHNIC or UPN"
            refuse_untold(table, child, telling, advice)


# ---------------------------------------------------------------- the year of each


def year_of(day: date) -> date:
    """
    Return the first day of a collection year: it runs from 1 April to 31 March.

    >>> year_of(date(2026, 3, 31)), year_of(date(2026, 4, 1))
    (datetime.date(2025, 4, 1), datetime.date(2026, 4, 1))
    """
    first = date(day.year, 4, 1)
    return first if day >= first else date(day.year - 1, 4, 1)


def year_end(begins: date) -> date:
    """Return the last day (inclusive) of the collection year that begins on a day."""
    return date(begins.year + 1, 4, 1) - timedelta(days=1)


class Years:
    """
    The year of the return that each file belongs to.

    Nothing in a file names its year, so the latest day in it up to today shows it.
    """

    def __init__(self, today: date, folders: Mapping[str, Path]) -> None:
        """Begin without days; *folders* gives the folder of each file, by its name."""
        self._today = today
        self._folders = folders
        self._places = {name: place for place, name in enumerate(folders)}
        self._latest: dict[str, date] = {}

    def see(self, file: str, *days: date | None) -> None:
        """Note the days in a row."""
        latest = self._latest.get(file)
        for day in days:
            if day is not None and day <= self._today and (latest is None or day > latest):
                self._latest[file] = latest = day

    def _year(self, file: str) -> date:
        latest = self._latest.get(file)
        return year_of(latest) if latest is not None else date.min

    def earlier(self, one: Origin, other: Origin) -> bool:
        """Say whether one row's return is the earlier: by year, then in the order of the files."""
        return self._key(one.file) < self._key(other.file)

    def _key(self, file: str) -> tuple[date, int]:
        return self._year(file), self._places.get(file, -1)

    def contradiction(self, before: Origin, after: Origin) -> str:
        """Return why two rows cannot both be right; blank if one is of a later return."""
        if before.file == after.file:
            here = numbered(before.file, before.row)
            return f"{here} has another episode of the child from the same day"
        year = self._year(before.file)
        if self._folders.get(before.file) != self._folders.get(after.file):
            return ""
        if year != self._year(after.file):
            return ""
        return (
            f"{before.words} has another episode of the child from the same "
            f"day, and both are of the year from {year}: keep one of the two files"
        )

    def _return_of(self, file: str) -> Path:
        """Return what identifies a return: the folder of CSV files, or one file of XML."""
        folder = self._folders.get(file, Path())
        return folder / file if file.casefold().endswith(".xml") else folder

    @property
    def of_one_return(self) -> bool:
        """Say whether all files belong to one return, so that there is none to compare with."""
        return len({*map(self._return_of, self._folders)}) <= 1

    def not_followed(self, files: Iterable[str]) -> date | None:
        """
        Return the first day of the first later year whose return lacks an episode, if any.

        Args:
            files: The files that have the episode.
        """
        latest: dict[Path, date] = {}
        for file, day in self._latest.items():
            place = self._return_of(file)
            latest[place] = max(day, latest.get(place, date.min))
        years = {place: year_of(day) for place, day in latest.items()}
        known = max((years.get(self._return_of(file), date.max) for file in files), default=None)
        later = [year for year in years.values() if known is not None and year > known]
        return min(later, default=None)

    def not_there_yet(self, begins: date, files: Iterable[str]) -> date | None:
        """
        Return the last day of the year in which an episode began, if that year's return lacks it.

        Args:
            begins: The day on which the episode began.
            files: The files that have the episode.
        """
        year = year_of(begins)
        returns = {
            self._return_of(file) for file, day in self._latest.items() if year_of(day) == year
        }
        there = returns.intersection(map(self._return_of, files))
        return year_end(year) if returns and not there else None

    def covered(self) -> Iterator[tuple[date, date]]:
        """Yield the first day of each year that has a return, and its last up to today."""
        for begins, ends in self.years():
            yield begins, min(ends, self._today)

    def years(self) -> Iterator[tuple[date, date]]:
        """Yield the first and the last day of each year that has a return."""
        for begins in sorted({year_of(latest) for latest in self._latest.values()}):
            yield begins, year_end(begins)
