"""Finds the tables of SSDA903 returns: CSV files, known by their columns, and the XML."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.extracts import ssda903_xml as xml
from iro_cli.extracts.ssda903_xml import XmlTable
from iro_cli.tables.refused import BECAUSE, printable
from iro_cli.tables.tabular import Table
from iro_cli.tables.xml_nodes import root_of

ReturnTable = Table | XmlTable
_READ = (".csv", ".xml")


class Kind(Enum):
    """A table of the return, by the columns that it must have."""

    HEADER = ("CHILD", "DOB")
    EPISODES = ("CHILD", "DECOM", "RNE", "LS", "DEC", "REC")
    REVIEWS = ("CHILD", "REVIEW", "REVIEW_CODE")
    MATCHED = ("CHILD", "DATE_INT")
    DECIDED = ("CHILD", "DATE_PLACED", "DATE_PLACED_CEASED")


_OPTIONAL = {Kind.EPISODES: ("PLACE",)}
# What tells the rows of a file of refused rows apart, which has the columns of every table.
_TELLING = {
    Kind.HEADER: ("SEX", "UPN", "ETHNIC"),
    Kind.EPISODES: ("DECOM", "RNE", "LS"),
    Kind.REVIEWS: ("REVIEW", "REVIEW_CODE"),
}
_SHAPES = {
    Kind.HEADER: xml.HEADERS,
    Kind.EPISODES: xml.EPISODES,
    Kind.REVIEWS: xml.REVIEWS,
    Kind.MATCHED: xml.MATCHED,
    Kind.DECIDED: xml.DECIDED,
}
# A column that only one of the tables has which say nothing of reviews.
_OTHER_TABLES = (
    *("DUC", "SDQ_SCORE", "IN_TOUCH", "PREV_PERM", "MIS_START", "SW_DECOM", "DOLO_START"),
)


def _kind(table: Table) -> Kind | None:
    for kind in (Kind.EPISODES, Kind.REVIEWS, Kind.MATCHED, Kind.DECIDED):
        if table.has(*kind.value):
            return kind
    if table.has(*Kind.HEADER.value, "SEX") and (table.has("UPN") or table.has("ETHNIC")):
        return Kind.HEADER
    return None


def _names(paths: Sequence[Path], folders: int) -> Iterator[tuple[Path, str]]:
    """Give files names for messages: short, and with the folder where there are several."""
    short = {
        path: path.name if folders == 1 else f"{path.parent.name}/{path.name}".lstrip("/")
        for path in paths
    }
    times = Counter(short.values())
    for path, name in short.items():
        yield path, name if times[name] == 1 else path.as_posix()


def _files(folder: Path) -> list[Path]:
    if folder.is_file() and folder.suffix.casefold() in _READ:
        return [folder]
    if not folder.is_dir():
        what = "is no CSV file and no folder, and no XML" if folder.exists() else "does not exist"
        raise InputRefusedError(
            f"{folder} {what}: name the folder that holds the return's CSV files, or its XML"
        )
    return sorted(path for path in folder.iterdir() if path.suffix.casefold() in _READ)


def _is_xml(path: Path) -> bool:
    return path.suffix.casefold() == ".xml"


class Tables:
    """
    The tables of the returns.

    Attributes:
        of: The tables of each kind.
        alone: Whether only mended rows are read, beside a store that has the rest of the
            return.
        folders: The folder that each file stands in.
        warnings: The files that are not read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """
        Find the tables in folders and files.

        Raises:
            InputRefusedError: With every file that cannot be read, and every folder that has
                no episodes.
        """
        self.of: dict[Kind, list[ReturnTable]] = {kind: [] for kind in Kind}
        self.alone = True
        self.warnings: list[str] = []
        files = [path for folder in paths for path in _files(folder)]
        names = dict(_names(files, len(paths)))
        self.folders = {name: path.absolute().parent for path, name in names.items()}
        problems = []
        for path, name in sorted(names.items(), key=lambda one: _is_xml(one[0])):
            try:
                if not _is_xml(path):
                    self._recognise(path, name)
                elif path in paths or not self._has_episodes(path.absolute().parent):
                    self._recognise_xml(path, name, named=path in paths)
                else:
                    # The same return in both forms, or another one: only the user knows.
                    self.warnings.append(
                        f"{name}: not read, because the folder has the return's CSV files: name "
                        "the file itself to read it"
                    )
            except InputRefusedError as error:
                problems.append(str(error))
        columns = ", ".join(Kind.EPISODES.value)
        problems += [
            (
                f"{folder}: no CSV file here is the Episodes table (columns {columns}): name the "
                "folder that holds the return's CSV files"
            )
            for folder in self._without_episodes(paths, names)
        ]
        if not (problems or self.alone or self.of[Kind.EPISODES]):
            problems.append(
                f"none of these files is the Episodes table (columns {columns}): name it too, or "
                "the return's folder"
            )
        if problems:
            raise InputRefusedError("\n".join(problems))

    def _has_episodes(self, folder: Path) -> bool:
        tables = (one for one in self.of[Kind.EPISODES] if isinstance(one, Table))
        return any(self.folders[table.name] == folder for table in tables)

    def _without_episodes(self, paths: Sequence[Path], names: dict[Path, str]) -> Iterator[Path]:
        episodes = {table.name for table in self.of[Kind.EPISODES]}
        for folder in paths:
            if folder.is_dir() and episodes.isdisjoint(names[path] for path in _files(folder)):
                yield folder

    def _recognise_xml(self, path: Path, name: str, *, named: bool) -> None:
        root = root_of(path, name)
        if xml.ROOT not in root.upper():
            what = f"{name}: its first element is <{printable(root)}>: it is no SSDA903 return"
            if named:
                raise InputRefusedError(f"{what} (a census is read by `iro import cin-census`)")
            self.warnings.append(f"{what}, and was not read")
            return
        self.alone = False
        for kind, shape in _SHAPES.items():
            self.of[kind].append(XmlTable(path, name, root, shape))

    def _recognise(self, path: Path, name: str) -> None:
        table = Table(path, name)
        if table.has(BECAUSE):
            for one, telling in _TELLING.items():
                if table.has(*one.value) and any(map(table.has, telling)):
                    rows = Table(path, name)
                    rows.expect(one.value, _OPTIONAL.get(one, ()))
                    rows.only_filled(*telling)
                    self.of[one].append(rows)
            return
        self.alone = False
        kind = _kind(table)
        if kind is not None:
            table.expect(kind.value, _OPTIONAL.get(kind, ()))
            self.of[kind].append(table)
        elif not any(table.has("CHILD", column) for column in _OTHER_TABLES):
            self.warnings.append(
                f"{table.name}: not read: its columns are not those of an SSDA903 table"
            )
