"""What a file gives: children, facts and allocations, and every row that was refused."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from iro_cli.facts.model import Allocation, Child, Event

_LONGEST_SHOWN = 80
_GROUPS_SHOWN = 5


class Refused(NamedTuple):
    """
    One thing that is wrong with one row; a row can be wrong in several ways.

    Attributes:
        file: The file's name, with its folder where several were read.
        row: Its line in the file, the header being row 1.
        column: The column, or nothing where the row itself is wrong.
        value: The cell as it stands in the file.
        reason: What is wrong and, where it helps, what to write.
        raw: The whole row by column, so that it can be mended.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    raw: dict[str, str]

    @property
    def in_xml(self) -> bool:
        """Say whether it is an element on a line; an XML file may be one line altogether."""
        return self.file.casefold().endswith(".xml")

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells its row from others: an element of XML is told by what it holds."""
        more = tuple(self.raw.items()) if self.in_xml else ()
        return (self.file, self.row, *more)

    def __str__(self) -> str:
        """Return the refusal as one line."""
        where = f"row {self.row}"
        if self.in_xml:
            child = next((text for name, text in self.raw.items() if name.startswith("CHILD")), "")
            child = child or self.raw.get("LAchildID", "")
            where = f"line {self.row}" + (f", child {shown(child)}" if child else "")
        column = f", {'element' if self.in_xml else 'column'} {self.column}" if self.column else ""
        value = f" ({shown(self.value)})" if self.value.strip() else ""
        return f"{self.file}: {where}{column}: {self.reason}{value}"


class Origin(NamedTuple):
    """
    Where a row came from, and its cells as they were.

    Attributes:
        file: The file's name.
        row: Its line, the header being row 1.
        header: The columns.
        cells: The cells; there may be more or fewer than columns.
    """

    file: str
    row: int
    header: tuple[str, ...]
    cells: list[str]

    @property
    def source(self) -> str:
        """Return ``file.csv:12``, as it is kept with a fact."""
        return f"{self.file}:{self.row}"

    @property
    def raw(self) -> dict[str, str]:
        """Return the row by column; cells beyond the header keep a column of their own."""
        row = dict.fromkeys(self.header, "") | dict(zip(self.header, self.cells, strict=False))
        beyond = self.cells[len(self.header) :]
        return row | {f"refused_extra_{place}": cell for place, cell in enumerate(beyond, start=1)}

    def refused(self, column: str, value: str, reason: str) -> Refused:
        """Return a refusal of this row."""
        return Refused(self.file, self.row, column, value, reason, self.raw)


class Cover(NamedTuple):
    """
    What a source claims to give in full, so that what is missing from it can be missed.

    Attributes:
        events: The kinds of event.
        begins: The first day that is covered, or ``None`` for no limit (inclusive).
        ends: The last, likewise.
        everyone: Whether a child who is not named in it at all has none of them
            either; without it only the children named are covered.
    """

    events: frozenset[str]
    begins: date | None = None
    ends: date | None = None
    everyone: bool = False


@dataclass(slots=True)
class Batch:
    """
    What was read from one source, not yet stored.

    Attributes:
        children: Each child once, with the details that are given.
        facts: Child, event and where it came from.
        allocations: Each once.
        refused: Every problem of every row, in the order of the files.
        warnings: What was read all the same, and should be looked at.
        read: How many rows each file has.
        counts: Figures for the summary, in words.
        origins: The rows about children this source does not itself describe,
            by child: they are refused where the store has no such child either.
        needing_care: The reviews of children without an episode here, by child:
            they are refused where the store has no period of care either.
        source: Which kind of extract it is, such as ``annex-a``; blank for this
            program's own files, which state facts and are no extract of a whole.
        authority: The code of the authority the extract says it is from.
        covers: What the extract gives in full.
    """

    children: list[Child] = field(default_factory=list)
    facts: list[tuple[str, Event, str]] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    origins: dict[str, list[Origin]] = field(default_factory=dict)
    needing_care: dict[str, list[Origin]] = field(default_factory=dict)
    source: str = ""
    authority: str | None = None
    covers: list[Cover] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return sum(self.read.values())


def shown(text: str) -> str:
    r"""
    Return text that is safe to print: nothing invisible, and not too long.

    >>> print(shown("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in cut
    )


def agrees(given: Event, known: Event) -> bool:
    """Say whether every detail that is given is the one that is known already."""
    return all(one is None or one == other for one, other in zip(given[2:], known[2:], strict=True))


def contradicts(one: Event, other: Event) -> bool:
    """Say whether both give a detail and give it differently."""
    return any(
        None is not first != second is not None
        for first, second in zip(one[2:], other[2:], strict=True)
    )


def put_together(given: Event, known: Event) -> Event:
    """Return the known event with the details that are given in the place of its own."""
    details = (
        other if one is None else one for one, other in zip(given[2:], known[2:], strict=True)
    )
    return Event(given.event, given.on, *details)  # type: ignore[arg-type]


def plain(child_id: str) -> str:
    """
    Return what is left of an id without case and leading zeros.

    >>> plain("00Ab12")
    'ab12'
    """
    return child_id.casefold().lstrip("0")


def alike(child_ids: Iterable[str], among: Iterable[str] = ()) -> list[str]:
    """
    Return warnings for ids that differ only by case or leading zeros.

    Args:
        child_ids: The ids that are new.
        among: Ids known already; two of these are not compared with each other.
    """
    groups: dict[str, list[str]] = {}
    for child_id in child_ids:
        groups.setdefault(plain(child_id), []).append(child_id)
    for child_id in among:
        group = groups.get(plain(child_id))
        if group is not None and child_id not in group:
            group.append(child_id)
    found = [group for group in groups.values() if len(group) > 1]
    warnings = [
        f"{' and '.join(map(shown, group))} differ only by case or leading zeros: "
        "they are kept as different children"
        for group in found[:_GROUPS_SHOWN]
    ]
    if len(found) > _GROUPS_SHOWN:
        warnings.append(f"so do the ids of {len(found) - _GROUPS_SHOWN} more children")
    return warnings
