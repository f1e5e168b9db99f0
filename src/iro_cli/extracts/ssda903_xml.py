"""
Reads the Department's SSDA903 XML as the tables that the CSV files have.

The file is read once for each table, and never held: each element becomes a row
with the columns of the CSV, so that a refused one can be mended as a row.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from iro_cli.tables.refused import Origin, Refused
from iro_cli.tables.xml_nodes import Layout, Node, read_units

ROOT = "SSDA903"
# Names that differ between the two forms.
_RENAMED = {"CHILD": "CHILDID", "PLACE": "PL"}


class Shape(NamedTuple):
    """
    Where the rows of one table stand.

    Attributes:
        element: What a row is called in the summary.
        columns: The columns, as in the CSV.
        find: Yields the elements of one child.
    """

    element: str
    columns: tuple[str, ...]
    find: Callable[[Node], Iterator[Node]]


def _header(child: Node) -> Iterator[Node]:
    return child.all("HEADER")


def _within(*tags: str) -> Callable[[Node], Iterator[Node]]:
    """Return what finds elements in a child or in its HEADER, wherever the export put them."""

    def find(child: Node) -> Iterator[Node]:
        for node in (child, *child.all("HEADER")):
            for tag in tags:
                yield from node.all(tag)

    return find


def _adopted(child: Node) -> Iterator[Node]:
    """Yield what holds the dates of AD1: the HEADER itself, or an element of its own."""
    for node in (*child.all("HEADER"), *_within("AD1", "ADOPTION")(child)):
        if node.first("DATE_INT") is not None:
            yield node


HEADERS = Shape("HEADER", ("CHILD", "SEX", "DOB", "ETHNIC", "UPN"), _header)
EPISODES = Shape(
    "EPISODE",
    ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"),
    _within("EPISODE"),
)
REVIEWS = Shape("AREVIEW", ("CHILD", "REVIEW", "REVIEW_CODE"), _within("AREVIEW"))
MATCHED = Shape("AD1", ("CHILD", "DATE_INT", "DATE_MATCH"), _adopted)
DECIDED = Shape(
    "AD_PLACED",
    ("CHILD", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
    _within("AD_PLACED"),
)


class XmlTable:
    """
    One table of an XML file, with what a CSV table has.

    Attributes:
        name: What the file is called in messages.
        label: What the table is called in the summary.
        header: The columns.
        places: Where each stands in a row.
        count: How many rows have been read.
    """

    def __init__(self, path: Path, name: str, root: str, shape: Shape) -> None:
        """Name a table of a file whose first element is known; nothing is read yet."""
        self.name = name
        self.label = f"{name}, {shape.element}"
        self.header = shape.columns
        self.places = {column: place for place, column in enumerate(shape.columns)}
        self.count = 0
        self._path = path
        self._shape = shape
        self._layout = Layout(
            root, frozenset({"CHILD"}), frozenset({"OC2", "AMISSING", "PERMANENCE"}), "a return"
        )

    def origin(self, number: int, cells: list[str]) -> Origin:
        """Return where a row came from."""
        return Origin(self.name, number, self.header, cells, of_child=cells[0])

    def rows(self, _refused: list[Refused]) -> Iterator[tuple[int, list[str]]]:
        """
        Yield each element's line, and its cells.

        Raises:
            InputRefusedError: The file cannot be read.
        """
        for child in read_units(self._path, self.name, self._layout):
            header = child.first("HEADER") or child
            child_id = header.leaves().get(_RENAMED["CHILD"], "")
            for node in self._shape.find(child):
                self.count += 1
                leaves = node.leaves()
                cells = [leaves.get(_RENAMED.get(column, column), "") for column in self.header[1:]]
                yield node.line, [child_id, *cells]
