"""
Finds lists 5, 7 and 8 of Ofsted's Annex A: by their columns, wherever they stand.

Authorities name sheets and columns in ways of their own, with a title above the
columns or without one.  What a sheet is called only matters where its columns
are not what its name says.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from iro_cli.errors import InputRefusedError
from iro_cli.tables.refused import printable
from iro_cli.tables.workbook import Cell


class Column(NamedTuple):
    """
    A column, and how its name may be written.

    Attributes:
        name: Ofsted's name for it.
        like: What else it may be called: in small letters, without punctuation.
    """

    name: str
    like: str


CHILD = Column(
    "Child Unique ID", r"(child|childs|childrens|person|client|unique)\b.*\b(id|identifier)"
)
BORN = Column("Date of Birth", r"(childs )?(date of birth|birth date|dob)( .*)?")
TEAM = Column("Allocated Team", r"(allocated |current )?team( name)?")

STRATEGY = Column(
    "Strategy discussion initiating Section 47 Enquiry Start Date",
    r".*strategy discussion.*\b(date|start)\b.*|(section 47|s47)( enquiry| enquiries)? start date",
)
UNNECESSARY = Column(
    "Was an Initial Child Protection Conference deemed unnecessary?",
    r".*\b(conference|icpc)\b.*\b(unnecessary|not (required|necessary|needed))",
)
CONFERENCE = Column(
    "Date of Initial Child Protection Conference",
    r"date of (the )?(initial (child protection )?conference|icpc)|"
    r"(initial (child protection )?conference|icpc) date",
)
RESULT = Column(
    "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    r".*\b(conference|icpc)\b.*\bresult(ed)? in\b.*\bplan.*",
)

PLAN_STARTED = Column(
    "Child Protection Plan Start Date",
    r"(child protection|cp|cpp)( plan)? start(ed)?( date)?|"
    r"(start date of|date of) (the )?(child protection|cp) plan( start)?",
)
PLAN_REVIEWED = Column(
    "Date of latest review conference",
    r"(date of )?(the )?(latest|last|most recent) (review (child protection )?conference|rcpc|"
    r"(child protection |cp )review( conference)?)( date)?",
)
PLAN_ENDED = Column(
    "Child Protection Plan End Date",
    r"(child protection|cp|cpp)( plan)? end(ed)?( date)?|"
    r"end date of (the )?(child protection|cp) plan",
)

STARTED = Column(
    "Date Started to be Looked After",
    r"(start date|date)( child)? (started|starting|became|becoming)( to be)? "
    r"(looked after|lac|cla)|(lac|cla) start date",
)
STATUS = Column("Child's Legal Status", r"((childs|child|current) )*legal status( code)?")
REVIEWED = Column(
    "Date of Latest Statutory Review",
    r"(date of )?(the )?(latest|last|most recent) "
    r"((statutory|lac|cla|looked after|looked after child) ){1,2}review( date)?",
)
CEASED = Column(
    "Date Ceased to be Looked After",
    r"(end date|date)( child)? (ceased|ceasing)( to be)? (looked after|lac|cla)|(lac|cla) end date",
)
REASON = Column("Reason Ceased to be Looked After", r"reason( for)? (ceased|ceasing).*")
PLACED = Column(
    "Start Date of Most Recent Placement",
    r"(start date of|date of) (the )?(most recent|current|latest|last) placement( start)?|"
    r"((most recent|current|latest) )?placement start date",
)
PLACEMENT = Column("Placement Type", r"(current )?placement type( code)?")


class List(NamedTuple):
    """
    One of the lists.

    Attributes:
        number: Its number.
        title: Its title.
        key: The column that no other list has.
        required: The columns it cannot be read without.
        optional: The others that are read.
        named: What a sheet is called that is meant to be it.
    """

    number: int
    title: str
    key: Column
    required: tuple[Column, ...]
    optional: tuple[Column, ...]
    named: re.Pattern[str]

    def __str__(self) -> str:
        """Return ``List 8 (Children in care)``."""
        return f"List {self.number} ({self.title})"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return every column that is read."""
        return (CHILD, BORN, *self.telling, TEAM)

    @property
    def telling(self) -> tuple[Column, ...]:
        """Return the columns that no other list has."""
        return (*self.required, *self.optional)


def _named(number: int, words: str) -> re.Pattern[str]:
    return re.compile(rf"(annex a )?list ?0?{number}( .*)?|0?{number}( .*)?|{words}")


ENQUIRIES = List(
    5,
    "Section 47 enquiries and Initial Child Protection Conferences",
    STRATEGY,
    (STRATEGY, UNNECESSARY, CONFERENCE),
    (RESULT,),
    _named(5, r"(section 47|s47).*"),
)
PLANS = List(
    7,
    "Child protection",
    PLAN_STARTED,
    (PLAN_STARTED, PLAN_REVIEWED, PLAN_ENDED),
    (),
    _named(7, r"child(ren)? protection( plans?)?|cpp?"),
)
CARE = List(
    8,
    "Children in care",
    STARTED,
    (STARTED, STATUS, REVIEWED, CEASED),
    (REASON, PLACED, PLACEMENT),
    _named(8, r"child(ren)? (in care|looked after)|looked after child(ren)?|cla|lac|cic"),
)
LISTS = (ENQUIRIES, PLANS, CARE)


def _plain(text: str) -> str:
    """
    Return a name in small letters, without punctuation and doubled spaces.

    >>> _plain("Child\u2019s\u00a0Legal  Status ")
    'childs legal status'
    """
    return " ".join(re.sub(r"['\u2018\u2019`]", "", text.casefold()).translate(_SPACES).split())


_SPACES = {
    ord(letter): " " for letter in '_-()[]{}/\\?.,:;"\u201c\u201d\u2013\u2014\u00a0\ufeff&+*'
}


def _matching(column: Column, plain: Sequence[str]) -> list[int]:
    """Return where a column stands; Ofsted's own name goes before one that is like it."""
    exact = [place for place, name in enumerate(plain) if name == _plain(column.name)]
    return exact or [
        place for place, name in enumerate(plain) if name and re.fullmatch(column.like, name)
    ]


def header_names(cells: Iterable[Cell]) -> list[str]:
    """Return the names of a row, without the blank ones at its end."""
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


class Header(NamedTuple):
    """
    The row that names the columns of a list.

    Attributes:
        which: The list.
        row: Its row, from 1.
        names: The names, as they are written.
        places: Where the columns that are read stand.
    """

    which: List
    row: int
    names: tuple[str, ...]
    places: dict[Column, int]


def recognise(cells: Iterable[Cell], among: Iterable[List] = LISTS) -> List | None:
    """Return the list whose columns a row names, if it does."""
    plain = [_plain(name) for name in header_names(cells)]
    if len(plain) < 3 or not _matching(CHILD, plain):
        return None
    return next((one for one in among if _matching(one.key, plain)), None)


def named(name: str) -> List | None:
    """Return the list that a sheet or file with this name is meant to be."""
    return next((one for one in LISTS if one.named.fullmatch(_plain(name))), None)


def lacking(which: List, cells: Iterable[Cell]) -> list[Column]:
    """Return which of the columns it needs a row does not name; all, where it names hardly any."""
    plain = [_plain(name) for name in header_names(cells)]
    needed = (CHILD, *which.required)
    found = [column for column in needed if not _matching(column, plain)]
    return found if len(found) <= len(needed) // 2 else list(needed)


def read_header(which: List, row: int, cells: Iterable[Cell], where: str) -> Header:
    """
    Find the columns of a list.

    Args:
        which: The list.
        row: The row's number.
        cells: The row.
        where: What the file or sheet is called in messages.

    Raises:
        InputRefusedError: One is missing, or stands there twice.
    """
    names = header_names(cells)
    plain = [_plain(name) for name in names]
    places, problems, missing = {}, [], []
    for column in which.columns:
        found = _matching(column, plain)
        if len(found) > 1:
            both = " and ".join(printable(names[place]) for place in found)
            problems.append(f"the column {column.name} stands there {len(found)} times ({both})")
        elif found:
            places[column] = found[0]
        elif column is CHILD or column in which.required:
            missing.append(column.name)
    if missing:
        problems.append(f"there is no column {' and no column '.join(missing)}")
    if problems:
        raise InputRefusedError(
            "\n".join(
                f"{where}: row {row} names the columns of {which}, but {one}" for one in problems
            )
        )
    distinct = (
        name if name and name not in names[:place] else f"{name or 'column'} ({place + 1})"
        for place, name in enumerate(names)
    )
    return Header(which, row, tuple(distinct), places)
