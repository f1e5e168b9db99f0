"""One child on the board: facts, what is open, what was met."""

from io import StringIO
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import ScrollableContainer
from textual.events import Resize
from textual.widgets import Footer, Static

from iro_cli.cli.board.base import CaseScreen
from iro_cli.cli.board.table import ListingTable
from iro_cli.cli.settings import Settings
from iro_cli.forms.listing import Grid
from iro_cli.forms.table import write_plain
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.child import show_export, standing
from iro_cli.questions.show import show
from iro_cli.questions.view import View
from iro_cli.safe import printable


def _text(grid: Grid) -> str:
    out = StringIO()
    write_plain(grid, out)
    return out.getvalue()


class ChildScreen(CaseScreen):
    """The screen of one child, with everything that is known."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q", "back", "Back")]

    def __init__(self, settings: Settings, view: View, child: str) -> None:
        """Keep the child's id."""
        super().__init__(settings, view)
        self.child = child
        self._rows: list[DueRow] = []

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static(markup=False, id="head")
        yield ListingTable(id="open")
        with ScrollableContainer(id="past"):
            yield Static(markup=False, id="facts")
        yield Static(markup=False, id="message")
        yield Footer()

    def on_mount(self) -> None:
        """Show the child."""
        self.tell("")
        self.load()
        self.query_one(ListingTable).focus()

    def on_resize(self, _: Resize) -> None:
        """Fit the table to the screen."""
        self.load()

    def load(self) -> None:
        """Show what is in the store now."""
        with self.asking() as view:
            found, case = show(view, self.child)
        self._rows = found.open
        law = self.view.of(case.child).catalogue
        export = show_export(found, law, self.view.as_of, standing(case, law, found.open))
        head, still_open, *rest = export.grids()
        opened = [*head.heading.split("\n"), "", still_open.heading, *still_open.notes]
        self.query_one("#head", Static).update("\n".join(map(printable, opened)))
        table = self.query_one(ListingTable)
        table.put(still_open, self.size.width)
        table.display = bool(self._rows)
        self.query_one("#facts", Static).update("\n".join(map(_text, rest)))

    def selected(self) -> DueRow | None:
        """Return the open timescale under the cursor."""
        at = self.query_one(ListingTable).cursor_row
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def child_id(self) -> str:
        """Return the child."""
        return self.child

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss()
