"""A listing before it has a form: its fields, its rows, and the tables for people."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import attrgetter

from iro_cli.dates.words import spoken
from iro_cli.lean import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from iro_cli.forms.appointments import Appointments

Value = str | int | float | bool | date | None | Sequence[str]
FieldKind = Literal[
    "text", "date", "whole", "number", "rate", "yes-no", "list", "child", "family",
    "counts", "row", "rows", "events",
]  # fmt: skip
TEXT: FieldKind = "text"
DATE: FieldKind = "date"
WHOLE: FieldKind = "whole"
NUMBER: FieldKind = "number"
RATE: FieldKind = "rate"
YES_NO: FieldKind = "yes-no"
LIST: FieldKind = "list"
# A child's id, and the name of a sibling group: pseudonyms can replace these two.
CHILD: FieldKind = "child"
FAMILY: FieldKind = "family"
# These stand only beside the rows.  Blank details of events are left out.
COUNTS: FieldKind = "counts"
ROW: FieldKind = "row"
ROWS: FieldKind = "rows"
EVENTS: FieldKind = "events"
NUMBERS = (WHOLE, NUMBER, RATE)


class Field(NamedTuple):
    """
    A field of a listing.  All forms, the docs and the pseudonyms use this declaration.

    Attributes:
        name: Its name in CSV, JSON and Parquet.
        kind: The kind of its values.
        title: The heading of its column; if it is blank, it is made from the name.
        harmless: Whether it may be exported with pseudonyms: it has no id, label, date of birth
            or free text.  If that depends on the row, a function of the row's fields.
        value: Returns its value in a row; by default the row's attribute of the same name.
        cell: Returns the text for people, from the row and its page; by default the value,
            written as its kind is.
        column: The heading in a table for people, if it differs from that in a workbook.
        right: Whether it is aligned to the right for people; by default numbers are.
        whole: Whether a cell is kept on one line, such as a date.
        gives_way: If a terminal has no room for all columns, those with the highest number are
            left out first, and those with 0 last.
        repeats: Whether it may be the same in every row, like the child with ``--child``.  If
            there is no room, it is left out before the others and said once.
        late: Says for a value whether the row is overdue.
        of: The fields of the row or rows that it holds, if it stands beside the rows.
    """

    name: str
    kind: FieldKind = TEXT
    title: str = ""
    harmless: bool | Callable[[dict[str, Value]], bool] = False
    value: Callable[[Any], Value] | None = None
    cell: Callable[[Any, Any], str] | None = None
    column: str | None = None
    right: bool | None = None
    whole: bool = False
    gives_way: int = 0
    repeats: bool = False
    late: Callable[[Any], bool] | None = None
    of: tuple["Field", ...] = ()

    @property
    def heading(self) -> str:
        """
        Return the heading of its column in a file, such as a workbook.

        >>> Field("clock_started").heading, Field("iro", title="IRO or chair").heading
        ('Clock started', 'IRO or chair')
        """
        plain = self.name.replace("_", " ")
        return self.title or plain[:1].upper() + plain[1:]

    @property
    def read_as(self) -> str:
        """Return the heading of its column in a table for people."""
        return self.heading if self.column is None else self.column

    @property
    def to_the_right(self) -> bool:
        """Say whether it is aligned to the right for people."""
        return self.kind in NUMBERS if self.right is None else self.right

    def called(self, column: str) -> "Field":
        """Return the field with another heading for people."""
        return self._replace(column=column)

    def within(self, part: str) -> "Field":
        """Return the field for rows that hold its own row as their attribute *part*."""
        whole, get = attrgetter(part), self.get()
        return self._replace(value=lambda row: get(whole(row)))

    def get(self) -> Callable[[Any], Value]:
        """Return the function that takes its value from a row."""
        return self.value or attrgetter(self.name)

    def reader(self) -> Callable[[Any, Any], str]:
        """Return the function that makes its cell for people from a row and its page."""
        if self.cell:
            return self.cell
        get = self.get()
        return lambda row, _: words(get(row))


def words(value: Value) -> str:
    """
    Return a value as text for people.

    >>> words(None), words(1234), words(True), words(date(2026, 11, 2)), words(("a", "b"))
    ('-', '1,234', 'yes', 'Mon 2 Nov 2026', 'a; b')
    """
    if value is None:
        return "-"
    if isinstance(value, str):
        return value or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    return spoken(value) if isinstance(value, date) else "; ".join(value) or "-"


def typed(kind: FieldKind, value: Value) -> Value:
    """Return a value in the type of its kind: some listings give a day as text."""
    if kind == DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


class Line(NamedTuple):
    """One line of a table for people, and its urgency."""

    cells: tuple[str, ...]
    tone: str = ""


class Grid(NamedTuple):
    """A table for people."""

    heading: str
    columns: Sequence[Field] = ()
    lines: Sequence[Line] = ()
    notes: Sequence[str] = ()


def grid(
    heading: str,
    columns: Sequence[Field],
    rows: Iterable[Any],
    notes: Sequence[str] = (),
    *,
    page: Any = None,
    tone: Callable[[Any], str] | None = None,
) -> Grid:
    """
    Make a table for people.

    Args:
        heading: The text above it.
        columns: Its columns.
        rows: The rows; the columns take their values from them.
        notes: The notes below it.
        page: What a cell may need to know besides its row.
        tone: Returns how urgent a row is.
    """
    cells = [column.reader() for column in columns]
    lines = [
        Line(tuple(cell(row, page) for cell in cells), tone(row) if tone else "") for row in rows
    ]
    return Grid(heading, columns, lines, notes)


class Export(NamedTuple):
    """
    A listing with its rows, ready to be written in a form.

    Attributes:
        name: The title of its page or sheet.
        fields: Its fields.
        records: The values of its rows, each as long as *fields*.
        about: The statements beside the rows, as in JSON.
        beside: The fields of *about* that only this listing has.
        grids: Makes the tables for people, if they are asked for.
        silent: Whether nothing at all is printed if there are no rows; JSON is always printed.
        parts: Makes the other sheets of a workbook.
        appointments: Makes the content of a calendar, if the listing has dates.
        paper: The names of the fields that a sheet has first and prints, in their order; all by
            default.
    """

    name: str
    fields: tuple[Field, ...]
    records: Iterable[Sequence[Value]]
    about: dict[str, Any]
    beside: tuple[Field, ...]
    grids: Callable[[], Sequence[Grid]]
    silent: bool = False
    parts: Callable[[], Sequence["Export"]] = tuple
    appointments: "Callable[[], Appointments] | None" = None
    paper: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Return the names of the fields."""
        return [field.name for field in self.fields]

    @property
    def says_nothing(self) -> bool:
        """Say whether there are no rows and nothing is to be printed then."""
        return self.silent and not self.records


class Listing(NamedTuple):
    """
    The declaration of what a command lists.

    Attributes:
        name: The title of its page or sheet.
        fields: The fields of its rows, in the order of CSV and JSON.
        columns: The names of the fields in the table for people, in their order; all by default.
        beside: The fields beside the rows that only this listing has.
        command: The command that lists it, for the docs.
        paper: The names of the fields that a sheet has first and prints, in their order; by
            default those of the table for people.
    """

    name: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...] = ()
    beside: tuple[Field, ...] = ()
    command: str = ""
    paper: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return next(field for field in self.fields if field.name == name)

    def read(self) -> tuple[Field, ...]:
        """Return the columns of the table for people."""
        return tuple(map(self.field, self.columns)) if self.columns else self.fields

    def grid(
        self,
        heading: str,
        rows: Iterable[Any],
        notes: Sequence[str] = (),
        *,
        page: Any = None,
        tone: Callable[[Any], str] | None = None,
    ) -> Grid:
        """Make the table for people; the arguments are those of the function :func:`grid`."""
        return grid(heading, self.read(), rows, notes, page=page, tone=tone)

    def export(
        self,
        rows: Iterable[Any],
        about: dict[str, Any],
        grids: Callable[[], Sequence[Grid]],
        *,
        silent: bool = False,
    ) -> Export:
        """
        Fill the listing with rows.

        Args:
            rows: The rows; its fields take their values from them.
            about: The statements beside the rows.
            grids: Makes the tables for people.
            silent: Whether nothing at all is printed if there are no rows; JSON is always printed.
        """
        records = recorded(self.fields, rows)
        paper = self.paper or self.columns
        return Export(
            self.name, self.fields, records, about, self.beside, grids, silent, paper=paper
        )

    def part(self, name: str, rows: Iterable[Any]) -> Export:
        """Return rows as a separate sheet in the workbook of another listing."""
        return self._replace(name=name).export(rows, {}, tuple)


def recorded(fields: Sequence[Field], rows: Iterable[Any]) -> list[Sequence[Value]]:
    """Return the values of the fields in each row."""
    found = rows if isinstance(rows, list) else list(rows)
    if not found:
        return []
    names = tuple(field.name for field in fields)
    if not any(field.value for field in fields):
        own = getattr(type(found[0]), "_fields", ())
        if own == names:
            return found  # a row is its own record
        if own[: len(names)] == names:
            width = len(names)
            return [row[:width] for row in found]
        if len(names) > 1:
            return list(map(attrgetter(*names), found))
    values = [field.get() for field in fields]
    return [tuple(get(row) for get in values) for row in found]
