"""
Lists 5, 7 and 8 of Ofsted's Annex A: their columns, and where they are found.

Authorities name sheets and columns in their own ways, with or without a title above the
columns, so a list is recognised by its columns.  The name of a sheet only matters if it names
a list whose columns the sheet does not have.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from iro_cli.errors import InputRefusedError
from iro_cli.incoming.cells import Cell, as_written
from iro_cli.incoming.files import files_of
from iro_cli.incoming.kinds import Column, TableKind, refuse_untold
from iro_cli.incoming.refused import visible
from iro_cli.incoming.rows import Reading
from iro_cli.incoming.table import EmptyTableError, PossibleTable, Table, plain, possible_tables
from iro_cli.lean import NamedTuple

ENDINGS = (".xlsx", ".xlsm", ".csv")
# How many rows are searched for the one that names the columns.
_ABOVE = 20

# ---------------------------------------------------------------- columns

_CHILD = Column(
    "child",
    "Child Unique ID",
    like=r"(child|childs|childrens|person|client|unique)\b.*\b(id|identifier)",
    needed=True,
)
_BORN = Column("born", "Date of Birth", like=r"(childs )?(date of birth|birth date|dob)( .*)?")
_TEAM = Column("team", "Allocated Team", like=r"(allocated |current )?team( name)?")
_EVERY_LIST = (
    *("Gender", "Sex", "Ethnicity", "Age of Child (Years)", "Age"),
    *("Does the Child have a Disability", "Allocated Worker"),
)


class List(NamedTuple):
    """
    One of the lists.

    Attributes:
        number: Its number.
        kind: Its columns.
        telling: The fields that only this list has; a table with the first of them is this list.
        named: The pattern of names of sheets that are meant to be this list.
    """

    number: int
    kind: TableKind
    telling: tuple[str, ...]
    named: re.Pattern[str]

    def __str__(self) -> str:
        """Return its number and title, such as ``List 8 (Children in care)``."""
        return self.kind.name

    def is_named_in(self, names: Sequence[str]) -> bool:
        """Say whether a row names its columns: the child's id, and the first of its own fields."""
        key = next(one for one in self.kind.columns if one.field == self.telling[0])
        return len(names) > 2 and bool(_CHILD.places(names)) and bool(key.places(names))


def _list(
    number: int, title: str, columns: tuple[Column, ...], known: tuple[str, ...], named: str
) -> List:
    kind = TableKind(
        f"List {number} ({title})", (_CHILD, _BORN, *columns, _TEAM), (*_EVERY_LIST, *known)
    )
    pattern = re.compile(rf"(annex a )?list ?0?{number}( .*)?|0?{number}( .*)?|{named}")
    return List(number, kind, tuple(column.field for column in columns), pattern)


ENQUIRIES = _list(
    5,
    "Section 47 enquiries and Initial Child Protection Conferences",
    (
        Column(
            "strategy",
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            like=r".*strategy discussion.*\b(date|start)\b.*"
            r"|(section 47|s47)( enquiry| enquiries)? start date",
            needed=True,
        ),
        Column(
            "unnecessary",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            like=r".*\b(conference|icpc)\b.*\b(unnecessary|not (required|necessary|needed))",
            needed=True,
        ),
        Column(
            "conference",
            "Date of Initial Child Protection Conference",
            like=r"date of (the )?(initial (child protection )?conference|icpc)"
            r"|(initial (child protection )?conference|icpc) date",
            needed=True,
        ),
        Column(
            "result",
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            like=r".*\b(conference|icpc)\b.*\bresult(ed)? in\b.*\bplan.*",
        ),
    ),
    (
        "Number of Section 47 Enquiries in the last 12 months",
        "Number of ICPCs in the last 12 months",
    ),
    r"(section 47|s47).*",
)
PLANS = _list(
    7,
    "Child protection",
    (
        Column(
            "started",
            "Child Protection Plan Start Date",
            like=r"(child protection|cp|cpp)( plan)? start(ed)?( date)?"
            r"|(start date of|date of) (the )?(child protection|cp) plan( start)?",
            needed=True,
        ),
        Column(
            "reviewed",
            "Date of latest review conference",
            like=r"(date of )?(the )?(latest|last|most recent) (review (child protection )?"
            r"conference|rcpc|(child protection |cp )review( conference)?)( date)?",
            needed=True,
        ),
        Column(
            "ended",
            "Child Protection Plan End Date",
            like=r"(child protection|cp|cpp)( plan)? end(ed)?( date)?"
            r"|end date of (the )?(child protection|cp) plan",
            needed=True,
        ),
    ),
    (
        "Initial Category of Abuse",
        "Latest Category of Abuse",
        "Date of the Last Statutory Visit",
        "Was the Child Seen Alone?",
        (
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six "
            "Months (Y/N)"
        ),
        "Number of Previous Child Protection Plans",
    ),
    r"child(ren)? protection( plans?)?|cpp?",
)
CARE = _list(
    8,
    "Children in care",
    (
        Column(
            "started",
            "Date Started to be Looked After",
            like=r"(start date|date)( child)? (started|starting|became|becoming)( to be)? "
            r"(looked after|lac|cla)|(lac|cla) start date",
            needed=True,
        ),
        Column(
            "status",
            "Child's Legal Status",
            like=r"((childs|child|current) )*legal status( code)?",
            needed=True,
        ),
        Column(
            "reviewed",
            "Date of Latest Statutory Review",
            like=r"(date of )?(the )?(latest|last|most recent) "
            r"((statutory|lac|cla|looked after|looked after child) ){1,2}review( date)?",
            needed=True,
        ),
        Column(
            "ceased",
            "Date Ceased to be Looked After",
            like=r"(end date|date)( child)? (ceased|ceasing)( to be)? (looked after|lac|cla)"
            r"|(lac|cla) end date",
            needed=True,
        ),
        Column(
            "reason",
            "Reason Ceased to be Looked After",
            like=r"reason( for)? (ceased|ceasing).*",
        ),
        Column(
            "placed",
            "Start Date of Most Recent Placement",
            like=r"(start date of|date of) (the )?(most recent|current|latest|last) placement"
            r"( start)?|((most recent|current|latest) )?placement start date",
        ),
        Column("placement", "Placement Type", like=r"(current )?placement type( code)?"),
    ),
    (
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
        "Child's Category of Need",
        (
            "Is this a second or subsequent period of being a Looked After Child within the last "
            "12 months (Y/N)"
        ),
        "Start date of current legal status",
        "Date of Last Social Work Visit",
        "What is the permanence plan for this child?",
        "Date of Last IRO Visit / Contact to the Child",
        "Date of Last Health Assessment",
        "Date of Last Dental Check",
        "Number of Placements in the Last 12 months",
        "Placement Provider",
        "Placement postcode",
        "URN of Placement",
        "Placement Location",
        "LA of Placement",
        "Number of Episodes the Child has been Missing from their Placement in the last 12 months",
        "Number of Episodes the Child has been Absent from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?",
    ),
    r"child(ren)? (in care|looked after)|looked after child(ren)?|cla|lac|cic",
)
LISTS = (ENQUIRIES, PLANS, CARE)


# ---------------------------------------------------------------- where they are found


class ListTable(NamedTuple):
    """A list that was found, and the places of its columns."""

    which: List
    table: Table
    places: dict[str, int]


class _Unlike(NamedTuple):
    """A sheet or file that is named like a list but lacks its columns."""

    which: List
    message: str


def _names(cells: Iterable[Cell]) -> list[str]:
    return [plain(as_written(cell)) for cell in cells]


def _named(title: str) -> List | None:
    """Return the list that a sheet or file with this name is meant to be, if any."""
    return next((one for one in LISTS if one.named.fullmatch(plain(title))), None)


class Lists:
    """
    All lists that were found.

    Attributes:
        tables: The lists.
        mended: The lists in files of refused rows, which are not complete.
    """

    def __init__(self, paths: Sequence[Path], reading: Reading) -> None:
        """
        Find the lists in files and folders.

        Raises:
            InputRefusedError: A file cannot be read, a list lacks columns, or there is no list at
                all; every problem is named.
        """
        self.tables: list[ListTable] = []
        self.mended: list[ListTable] = []
        self._warnings = reading.warnings
        self._problems: list[str] = []
        self._unlike: list[_Unlike] = []
        files = files_of(paths, ENDINGS, self._problems, reading.doubts.piped)
        for file in files:
            try:
                self._open(possible_tables(file, self._warnings))
            except InputRefusedError as error:
                self._problems.append(str(error))
        self._settle([file.name for file in files])

    def _open(self, found: Sequence[PossibleTable]) -> None:
        """Open the sheets that are named like lists and, if a list is missing, the others too."""
        # A mistake in a sheet that is named like a list refuses the import.  Another sheet may be
        # anything, such as somebody's notes, so a mistake in it is only a warning.
        meant = [one for one in found if not one.is_sheet or _named(one.title)]
        for one in meant:
            try:
                self._look(one)
            except InputRefusedError as error:
                self._problems.append(str(error))
        if self._found() >= set(LISTS):
            return
        for one in found:
            if one not in meant:
                try:
                    self._look(one)
                except InputRefusedError as error:
                    self._warnings.append(f"not read: {error}")

    def _found(self) -> set[List]:
        return {one.which for one in self.tables}

    def _look(self, candidate: PossibleTable) -> None:
        """
        Open a sheet or file that may be a list; its columns decide which one it is.

        Raises:
            InputRefusedError: It cannot be read, or is a list that lacks a needed column.
        """
        # Only one large sheet is in memory at a time.  The last one stays, because its rows are
        # often read first.
        for one in self.tables:
            one.table.let_go()
        try:
            table = candidate.open()
        except EmptyTableError:
            if candidate.is_sheet:
                return
            raise
        if table.mended:
            self._take_mended(table)
            return
        top = table.top(_ABOVE)
        for place, (_, cells) in enumerate(top):
            names = _names(cells)
            which = next((one for one in LISTS if one.is_named_in(names)), None)
            if which is not None:
                if place:
                    table.begin_at(place - 1)
                self.tables.append(ListTable(which, table, which.kind.places(table)))
                break
        else:
            which = None
        self._compare(candidate, which, top)

    def _take_mended(self, table: Table) -> None:
        """
        Separate the rows of each list in a file of refused rows.

        Raises:
            InputRefusedError: A list lacks a column, or a row does not show of which list it is.
        """
        found = [which for which in LISTS if which.is_named_in(table.plain)]
        every: list[int] = []
        for which in found:
            mine = table.again()
            places = which.kind.places(mine)
            telling = [places[field] for field in which.telling if field in places]
            every += telling
            if len(found) > 1:
                mine.only_filled(telling)
            self.mended.append(ListTable(which, mine, places))
        if len(found) > 1:
            child = self.mended[-1].places["child"]
            refuse_untold(table, child, every, "fill in a column of its own list, such as a date")

    def _compare(
        self,
        candidate: PossibleTable,
        which: List | None,
        top: Sequence[tuple[int, Sequence[Cell]]],
    ) -> None:
        """Note if the name and the columns of a table mean different lists."""
        meant, name = _named(candidate.title), candidate.name
        if meant is which or meant is None:
            is_no_list = which is None and not any(_CHILD.places(_names(row)) for _, row in top)
            if is_no_list and not candidate.is_sheet:
                self._warnings.append(
                    f"{name}: not read: its columns are not those of a list of Annex A"
                )
            return
        if which is not None:
            self._warnings.append(f"{name} has the columns of {which}, and was read as that")
            message = f"{name} is named like {meant}, but has the columns of {which}"
        else:
            row, missing = min(
                ((row, meant.kind.lacking(_names(cells))) for row, cells in top),
                key=lambda one: len(one[1]),
            )
            columns = " and no column ".join(one.name for one in missing)
            if len(missing) > len(meant.kind.needed) // 2:
                message = (
                    f"{name} is named like {meant}, but none of its first {_ABOVE} rows names the "
                    f"columns of it: there is no column {columns}"
                )
            else:
                message = (
                    f"{name}: row {row} names the columns of {meant}, but there is no column "
                    f"{columns}"
                )
        self._unlike.append(_Unlike(meant, message))

    def _settle(self, names: Sequence[str]) -> None:
        found = self._found()
        for one in self._unlike:
            if one.which in found:
                self._warnings.append(f"not read: {one.message}")
            else:
                self._problems.append(f"{one.message}: name the columns as Ofsted does")
        if not (self._problems or found or self.mended):
            self._problems.append(
                f"{', '.join(map(visible, names))}: none of the lists with reviews and "
                f"conferences is there: {', '.join(map(str, LISTS))}"
            )
        if self._problems:
            raise InputRefusedError("\n".join(self._problems))
        if found:
            self._warnings += [
                f"there is no {which}: what it would say is not known from this extract"
                for which in LISTS
                if which not in found
            ]
