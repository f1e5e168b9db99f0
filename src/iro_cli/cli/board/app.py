"""The board: what is due, in a filtered list with a child's screen behind every row."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.widgets import DataTable, Footer, Input, Static

from iro_cli.cli.board.base import CaseScreen
from iro_cli.cli.board.child import ChildScreen
from iro_cli.cli.board.table import ListingTable
from iro_cli.cli.output import no_event_words
from iro_cli.cli.settings import Settings
from iro_cli.obligations.listing import LATER, OVERDUE, DueRow
from iro_cli.pages.board import board_grid
from iro_cli.pages.due import summary
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.view import Horizon, View
from iro_cli.safe import printable

# Words in the filter box that have a meaning of their own and are not part of a name.
EVERYTHING, ONLY_OVERDUE, ONLY_UNBOOKED = "all", "overdue", "unbooked"
_FIELDS = ("child", "iro", "team", "process", "timescale")
# How many rows are drawn.  More would take long at each letter of a filter, and nobody reads them.
MOST = 500


def _matches(row: DueRow, word: str) -> bool:
    if word == EVERYTHING:
        return True
    if word == ONLY_OVERDUE:
        return row.status == OVERDUE
    if word == ONLY_UNBOOKED:
        return row.booked is None
    field, colon, part = word.partition(":")
    if colon and field in _FIELDS:
        return part in (getattr(row, field) or "").casefold()
    texts = (*(getattr(row, name) or "" for name in _FIELDS), row.title)
    return any(word in text.casefold() for text in texts)


def filtered(rows: Iterable[DueRow], text: str) -> list[DueRow]:
    """
    Return the rows that match every word of a filter.

    A word is ``overdue``, ``unbooked``, ``all``, a word in one field (``iro:okafor``), or part of
    the name of a child, a person, a team, a process or a timescale; capitals do not matter.
    """
    words = text.casefold().split()
    return [row for row in rows if all(_matches(row, word) for word in words)]


def toggled(text: str, word: str) -> str:
    """
    Return a filter with a word added, or removed if it is there already.

    >>> toggled("iro:rees", "overdue"), toggled("overdue iro:rees", "overdue")
    ('iro:rees overdue', 'iro:rees')
    """
    words = text.split()
    if word in words:
        return " ".join(one for one in words if one != word)
    return " ".join([*words, word])


class BoardScreen(CaseScreen):
    """The list of what is due."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/"),
        ("o", f"word('{ONLY_OVERDUE}')", "Overdue"),
        ("u", f"word('{ONLY_UNBOOKED}')", "Unbooked"),
        ("a", f"word('{EVERYTHING}')", "All"),
        Binding("f5", "reload", "Reload", show=False),
        Binding("escape,down", "list", "List", show=False),
        ("q", "app.quit", "Quit"),
    ]

    def __init__(self, settings: Settings, view: View) -> None:
        """Begin with nothing read."""
        super().__init__(settings, view)
        self._all: list[DueRow] = []
        self._rows: list[DueRow] = []
        self._if_none = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static(markup=False, id="summary")
        yield Input(
            placeholder="/ filter: child, IRO, team, process, overdue, unbooked, all",
            id="filter",
            compact=True,
        )
        yield ListingTable(id="due")
        yield Static(markup=False, id="notes")
        yield Static(markup=False, id="message")
        yield Footer()

    def on_mount(self) -> None:
        """Show the list."""
        self.tell("")
        self.load()
        self.query_one(ListingTable).focus()

    def on_resize(self, _: Resize) -> None:
        """Fit the table to the screen."""
        self.draw()

    def load(self) -> None:
        """Read everything that is open."""
        with self.asking() as view:
            self._all = open_obligations(view, AskedDue(everything=True))
            self._if_none = self._why_none(view)
        self.draw()

    def _why_none(self, view: View) -> str:
        """Return what is said if the list is empty without a filter."""
        if self._all:
            return (
                f"nothing is overdue or due within {Horizon().words()}; `a` shows everything open"
            )
        if view.reader.has_events():
            return "nothing is due"
        return no_event_words(view, "any child")

    @on(Input.Changed, "#filter")
    def draw(self) -> None:
        """Show the rows that match the filter; the cursor stays on its row."""
        table = self.query_one(ListingTable)
        before = self.selected()
        text = self.query_one("#filter", Input).value
        rows = filtered(self._all, text)
        if EVERYTHING not in text.casefold().split():
            rows = [row for row in rows if row.status != LATER]
        self._rows = rows
        within = Horizon().words()
        made = board_grid(rows, self.view.as_of, self.size.width)
        table.put(made, self.size.width, MOST)
        if before in rows[:MOST]:
            table.move_cursor(row=rows.index(before))
        line = summary(rows, self.view.as_of, self.view.catalogue.nation, within)
        if text.strip():
            line += f" (of {len(self._all):,} open)"
        self.query_one("#summary", Static).update(printable(line))
        cut = [f"the first {MOST:,} of {len(rows):,}: narrow it with the filter"]
        notes = [*(cut if len(rows) > MOST else ()), *made.notes]
        if not rows:
            notes = ["nothing matches the filter" if text.strip() else self._if_none]
        shown_notes = self.query_one("#notes", Static)
        shown_notes.update("\n".join(map(printable, notes)))
        shown_notes.display = bool(notes)

    def selected(self) -> DueRow | None:
        """Return the row under the cursor."""
        at = self.query_one(ListingTable).cursor_row
        return self._rows[at] if 0 <= at < len(self._rows[:MOST]) else None

    @on(DataTable.RowSelected)
    def open_child(self) -> None:
        """Open the child under the cursor."""
        row = self.selected()
        if row:
            screen = ChildScreen(self.settings, self.view, row.child)
            self.app.push_screen(screen, lambda _: self.reload())

    @on(Input.Submitted, "#filter")
    def action_list(self) -> None:
        """Go to the list."""
        self.query_one(ListingTable).focus()

    def action_filter(self) -> None:
        """Go to the filter."""
        self.query_one("#filter", Input).focus()

    def action_word(self, word: str) -> None:
        """Add a word to the filter, or remove it."""
        box = self.query_one("#filter", Input)
        box.value = toggled(box.value, word)

    def action_reload(self) -> None:
        """Read the store again."""
        self.reload("read again")


class BoardApp(App[None]):
    """
    The full-screen board.

    Textual follows ``NO_COLOR``; nothing is shown by colour alone.
    """

    TITLE = "iro board"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #summary, .heading { text-style: bold; padding: 0 1; }
    #head { padding: 0 1; height: auto; max-height: 8; }
    #filter { padding: 0 1; border-left: thick $secondary; }
    #filter:focus { text-style: bold; }
    #due { height: 1fr; }
    #open { height: auto; max-height: 40%; margin-bottom: 1; }
    #past { height: 1fr; padding: 0 1; }
    #facts { width: auto; height: auto; }
    #notes { padding: 0 1; height: auto; max-height: 4; }
    #message { padding: 0 1; height: auto; max-height: 6; text-style: bold; }
    #message { border-top: solid $secondary; }
    .dialog { border: round $secondary; padding: 1 2; margin: 1 2; height: auto; max-height: 100%; }
    .heading { padding: 0 0 1 0; height: auto; }
    .field { height: auto; }
    .field Label { width: 18; }
    .field Input, .field Select { width: 1fr; }
    .field Input { border-left: thick $secondary; padding: 0 1; }
    .field Input:focus { text-style: bold; background: $boost; }
    #error { height: auto; text-style: bold; margin: 1 0; }
    .buttons { height: auto; }
    .buttons Button { margin-right: 2; }
    .buttons Button:focus { text-style: bold reverse; }
    """

    def __init__(self, settings: Settings, view: View) -> None:
        """
        Keep the store and the rules.

        Args:
            settings: The settings, with the store and the day.
            view: The open store and the rules on that day.
        """
        super().__init__()
        self.settings, self.view = settings, view

    def on_mount(self) -> None:
        """Open the list."""
        self.push_screen(BoardScreen(self.settings, self.view))

    @property
    def failure(self) -> Exception | None:
        """Return an unexpected error, so that the caller can say how to report it."""
        return self._exception

    def _fatal_error(self) -> None:
        # Textual would print the values of all variables, which may hold a child's data.
        self._close_messages_no_wait()
