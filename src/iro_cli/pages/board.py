"""The list of the board: open obligations, on as few lines as the screen allows."""

from collections.abc import Sequence
from datetime import date, timedelta

from iro_cli.dates.words import spoken, spoken_short
from iro_cli.forms.listing import Field, Grid
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.due import DUE, due_grid

# On a narrower terminal a day is written without its year, if the year is clear.
_ROOMY = 120
_PLAIN = timedelta(days=182)


def near(day: date, as_of: date) -> str:
    """
    Return a day in words, without its year if it is near and otherwise without its weekday.

    >>> near(date(2027, 1, 4), date(2026, 11, 23)), near(date(2027, 7, 5), date(2026, 11, 23))
    ('Mon 4 Jan', '5 Jul 2027')
    """
    if abs(day - as_of) < _PLAIN:
        return spoken(day).rpartition(" ")[0]
    return spoken_short(day)


def _shortened(field: Field, as_of: date) -> Field:
    """Return a field with short days; other words in its cells stay."""
    get, cell = field.get(), field.reader()

    def short(row: DueRow, page: object) -> str:
        day, text = get(row), cell(row, page)
        return text.replace(spoken(day), near(day, as_of)) if isinstance(day, date) else text

    # These columns are never left out: meetings are booked on the board.
    return field._replace(cell=short, whole=True, gives_way=0, repeats=False)


def board_grid(rows: Sequence[DueRow], as_of: date, width: int) -> Grid:
    """
    Make the table of the board.

    Args:
        rows: What is open.
        as_of: The day that the board shows.
        width: The width of the terminal, in characters.
    """
    if width >= _ROOMY:
        return due_grid("", rows)
    own = {name: _shortened(DUE.field(name), as_of) for name in ("due", "hold_by", "booked")}
    # The column of the IRO is left out before a title is broken over two lines.
    own["title"] = DUE.field("title")._replace(whole=True)
    fields = tuple(own.get(field.name, field) for field in DUE.fields)
    return due_grid("", rows, listing=DUE._replace(fields=fields))
