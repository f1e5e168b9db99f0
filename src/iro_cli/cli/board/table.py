"""A listing's table as a widget: the same words, fitted to the screen."""

from rich.text import Text
from textual.widgets import DataTable

from iro_cli.forms.listing import Grid
from iro_cli.forms.screen import TONES, planned
from iro_cli.safe import printable

_PADDING = 2
_SCROLLBAR = 2


def as_text(text: str, tone: str = "") -> Text:
    """Return text from data as text, never as markup."""
    return Text(printable(text), style=TONES.get(tone, ""), no_wrap=True, overflow="ellipsis")


class ListingTable(DataTable[Text]):
    """A table with a cursor on a row, read with the arrow keys."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        """Make an empty table."""
        super().__init__(id=id, cursor_type="row", zebra_stripes=False)

    def put(self, grid: Grid, width: int, most: int | None = None) -> None:
        """
        Show a table in the place of what was shown, the cursor on the same line.

        Args:
            grid: What to show.
            width: The room, in characters.
            most: How many lines at most; ``None`` for all.
        """
        at = self.cursor_row
        self.clear(columns=True)
        lines = grid.lines[:most]
        # A cell here has one line: names may be cut, and what a row is about may not.
        columns = [one._replace(whole=one.whole or not one.repeats) for one in grid.columns]
        plan = planned(grid._replace(lines=lines, columns=columns), width - _PADDING - _SCROLLBAR)
        kept = plan.kept or list(range(len(grid.columns)))
        widths = dict(zip(kept, plan.widths, strict=False))
        for index in kept:
            self.add_column(as_text(grid.columns[index].read_as), width=widths.get(index))
        for line in lines:
            self.add_row(*(as_text(line.cells[index], line.tone) for index in kept))
        if lines:
            self.move_cursor(row=min(at, len(lines) - 1))
