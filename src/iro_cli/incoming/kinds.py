"""Recognise a table and find its columns, as a source declares them."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.refused import visible
from iro_cli.incoming.table import Table, plain
from iro_cli.lean import NamedTuple


class Column(NamedTuple):
    """
    A column that is read.

    Attributes:
        field: Its name in the code that reads the source.
        name: Its name in the files, and in messages.
        also: Its other names, such as those of older builds.
        like: A regular expression for further names, as :func:`.plain` gives them.
        needed: Whether the table cannot be read without it.
    """

    field: str
    name: str
    also: tuple[str, ...] = ()
    like: str = ""
    needed: bool = False

    def places(self, names: Sequence[str]) -> list[int]:
        """
        Return its places among some names; another name counts only if its own is not there.

        Args:
            names: The names in a row, as :func:`.plain` gives them.
        """
        for own in (self.name, *self.also):
            wanted = plain(own)
            if found := [place for place, name in enumerate(names) if name == wanted]:
                return found
        if not self.like:
            return []
        return [place for place, name in enumerate(names) if name and re.fullmatch(self.like, name)]


class TableKind(NamedTuple):
    """
    A kind of table that a source has.

    Attributes:
        name: Its name in messages.
        columns: The columns that are read.
        known: Names of columns that it may have and that are not read.
        key: The column that identifies its rows in a database, if it can come from one.
    """

    name: str
    columns: tuple[Column, ...]
    known: tuple[str, ...] = ()
    key: str = ""

    @property
    def needed(self) -> tuple[Column, ...]:
        """Return the columns without which it cannot be read."""
        return tuple(column for column in self.columns if column.needed)

    def lacking(self, names: Sequence[str]) -> list[Column]:
        """Return the needed columns that are not among some names."""
        return [column for column in self.needed if not column.places(names)]

    def places(self, table: Table, *, needed: Collection[str] = ()) -> dict[str, int]:
        """
        Find the columns of a table.

        Args:
            table: The table.
            needed: Further fields without which it cannot be read.

        Returns:
            The place of each field that is there, counted from 0.

        Raises:
            InputRefusedError: A needed column is missing, or a column is there twice; every such
                problem is named.
        """
        found: dict[str, int] = {}
        problems: list[str] = []
        missing: list[str] = []
        for column in self.columns:
            places = column.places(table.plain)
            if len(places) > 1:
                names = " and ".join(visible(table.header[place]) for place in places)
                differ = len({table.plain[place] for place in places}) > 1
                problems.append(
                    f"{table.name}: the column {column.name} is there {len(places)} times"
                    f"{f' ({names})' if differ else ''}: keep one"
                )
            elif places:
                found[column.field] = places[0]
            elif column.needed or column.field in needed:
                missing.append(column.name)
        if missing:
            problems.append(table.lacks(missing, self.name))
        if problems:
            raise InputRefusedError("\n".join(problems))
        return found


# How many rows a message names.
_SHOWN = 10
Header = tuple[str, ...]


def refuse_untold(table: Table, child: int, telling: Collection[int], advice: str) -> None:
    """
    Refuse a file with refused rows of several tables if a row does not show which one it is of.

    Args:
        table: The file; its rows are read.
        child: The place of the child's id; a row without one may be blank.
        telling: The places of the columns that show it.
        advice: What to do about such a row.

    Raises:
        InputRefusedError: There is such a row.
    """
    untold = [
        f"{number}"
        for number, cells in table.rows([])
        if cells[child] != "" and all(cells[place] == "" for place in telling)
    ]
    if untold:
        more = f" and {len(untold) - _SHOWN:,} more" if len(untold) > _SHOWN else ""
        rows, do, are = ("row", "does", "it is") if len(untold) == 1 else ("rows", "do", "they are")
        raise InputRefusedError(
            f"{table.name}: {rows} {', '.join(untold[:_SHOWN])}{more} {do} not show which table "
            f"{are} from: {advice}"
        )


def shared_headings(
    tables: Iterable[Header], kinds: Sequence[TableKind]
) -> dict[Header, Mapping[str, str]]:
    """
    Give the columns of several tables one heading each, for one file with the rows of all of them.

    A column that is read gets its own name, and a column that is not read gets the first of the
    names that differ only in what :func:`.plain` leaves out.  No two columns of a table become one.

    Args:
        tables: The columns of each table.
        kinds: The kinds that the tables may have.

    Returns:
        For each table, the heading of each of its columns.

    >>> one, other = ("CHILD", "Note"), ("Child", "NOTE", "note")
    >>> shared_headings([one, other], [])[other]
    {'Child': 'CHILD', 'NOTE': 'Note', 'note': 'note'}
    """
    # By its plain name, and which of the columns of its table with that name it is.
    shared: dict[tuple[str, int], str] = {}
    found: dict[Header, Mapping[str, str]] = {}
    for header in tables:
        own = _own_names(header, kinds)
        headings = found[header] = dict[str, str]()
        alike = Counter[str]()
        for name in header:
            wanted = own.get(name, name)
            key = plain(wanted) or wanted
            alike[key] += 1
            place = key, alike[key]
            if place not in shared:
                taken, number, heading = {*shared.values()}, 1, wanted
                while heading in taken:
                    number += 1
                    heading = f"{wanted} ({number})"
                shared[place] = heading
            headings[name] = shared[place]
    return found


def _own_names(header: Header, kinds: Sequence[TableKind]) -> dict[str, str]:
    """Return the own name of each column that is read, if the table has a kind's columns."""
    names = [plain(name) for name in header]
    return {
        header[places[0]]: column.name
        for kind in kinds
        if not kind.lacking(names)
        for column in kind.columns
        if len(places := column.places(names)) == 1
    }
