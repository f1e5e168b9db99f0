"""Show the table of a listing as a widget, with the same words, fitted to the screen."""

from rich.text import Text
from textual.widgets import DataTable

from iro_cli.forms.listing import Grid
from iro_cli.forms.screen import TONES, planned, wrapped
from iro_cli.safe import printable

_PADDING = 2
_SCROLLBAR = 2
# The spaces between two columns here, and in a printed table.
_BETWEEN, _PRINTED = 1, 2


def as_text(text: str, tone: str = "", room: int | None = None) -> Text:
    """Return text from data so that it is never read as markup, in lines if a width is given."""
    safe = printable(text)
    lines = "\n".join(wrapped(safe, room)) if room else safe
    return Text(lines, style=TONES.get(tone, ""), no_wrap=True, overflow="ellipsis")


class ListingTable(DataTable[Text]):
    """A table with a cursor on a row, which the arrow keys move."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        """Make an empty table."""
        super().__init__(id=id, cursor_type="row", zebra_stripes=False, cell_padding=0)

    def put(self, grid: Grid, width: int, most: int | None = None) -> None:
        """
        Show another table, with the cursor on the same line.

        Args:
            grid: The table.
            width: The width of the screen, in characters.
            most: The largest number of lines to show; ``None`` for all.
        """
        at = self.cursor_row
        self.clear(columns=True)
        lines = grid.lines[:most]
        every = list(range(len(grid.columns)))
        kept, widths = every, {}
        room = width - _PADDING - _SCROLLBAR
        for number in range(len(every), 0, -1):
            # Each column that is kept needs one space less than in a printed table.
            spared = number * (_PRINTED - _BETWEEN) - _PRINTED
            plan = planned(grid._replace(lines=lines), room + spared)
            if not plan.kept or len(plan.kept) >= number:
                kept = plan.kept or every
                widths = dict(zip(kept, plan.widths, strict=False))
                break
        for index in kept:
            name = as_text(grid.columns[index].read_as)
            # Without lines nothing is planned, and each column is as wide as its heading.
            self.add_column(name, width=widths.get(index, name.cell_len) + _BETWEEN)
        for line in lines:
            # With height None, a row gets as many lines as its longest cell needs.
            cells = (as_text(line.cells[index], line.tone, widths.get(index)) for index in kept)
            self.add_row(*cells, height=None)
        if lines:
            self.move_cursor(row=min(at, len(lines) - 1))
