"""A listing's table as a widget: the same words, fitted to the screen."""

from rich.text import Text
from textual.widgets import DataTable

from iro_cli.forms.listing import Grid
from iro_cli.forms.screen import TONES
from iro_cli.safe import printable

# A cell beside which the others would have no room; the child's own screen has it whole.
_WIDEST = 28
_NARROWEST = 12
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
        kept = [index for index, one in enumerate(grid.columns) if one.from_width <= width]
        lines = grid.lines[:most]
        longest = {
            index: max(
                len(grid.columns[index].read_as), *(len(line.cells[index]) for line in lines), 0
            )
            for index in kept
        }
        widths = {
            index: size if grid.columns[index].whole else min(size, _WIDEST)
            for index, size in longest.items()
        }
        # What does not fit is taken from the words, never from a date.
        over = sum(widths.values()) + _PADDING * len(kept) + _SCROLLBAR - width
        for index in sorted(kept, key=lambda one: -widths[one]):
            if over > 0 and not grid.columns[index].whole:
                taken = min(over, max(0, widths[index] - _NARROWEST))
                widths[index] -= taken
                over -= taken
        for index in kept:
            self.add_column(as_text(grid.columns[index].read_as), width=widths[index])
        for line in lines:
            self.add_row(*(as_text(line.cells[index], line.tone) for index in kept))
        if lines:
            self.move_cursor(row=min(at, len(lines) - 1))
