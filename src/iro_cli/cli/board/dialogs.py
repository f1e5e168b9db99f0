"""Screens that are only read: the reasons for a date, and the keys."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from iro_cli.safe import printable

KEYS = (
    ("up, down, page up, page down", "move in the list"),
    ("enter", "open the child: facts, what is open, what was met"),
    ("w", "say why the date is what it is"),
    ("r", "record a fact for the child, or for several"),
    ("b", "book the meeting, or take the booking back"),
    ("/", "go to the filter; enter or escape goes back to the list"),
    ("o", "only what is overdue; again: the rest too"),
    ("u", "only what is not booked; again: the rest too"),
    ("a", "everything that is open, however far off; again: the next 28 days"),
    ("f5", "read the store again"),
    ("tab, shift+tab", "go to the next part of the screen"),
    ("ctrl+s", "in a form: record, or book"),
    ("escape", "close what is open"),
    ("q", "close the board"),
)
FILTER = (
    "The filter takes words, and shows what matches all of them: part of a child's id, of the "
    "name of an IRO or chair, of a team, a process or a timescale; overdue; unbooked; all. "
    "To look in one field, name it: iro:okafor, team:care, process:cp, child:TS-01, "
    "timescale:first."
)


class TextScreen(ModalScreen[None]):
    """A text over the board, which is scrolled with the arrow keys."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,enter", "close", "Close")]

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with VerticalScroll(classes="dialog"):
            yield Static("\n".join(map(printable, self._text.split("\n"))), markup=False, id="text")
        yield Footer()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def why(blocks: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> TextScreen:
    """Return the screen that says why dates are what they are."""
    text = []
    for heading, lines in blocks:
        widest = max((len(label) for label, _ in lines), default=0)
        body = [f"  {label:<{widest}}  {words}" for label, words in lines]
        text.append("\n".join([heading, "", *body]))
    return TextScreen("\n\n".join(text) or "nothing is open")


def keys() -> TextScreen:
    """Return the screen that lists the keys."""
    widest = max(len(key) for key, _ in KEYS)
    lines = [f"  {key:<{widest}}  {what}" for key, what in KEYS]
    return TextScreen("\n".join(["Keys", "", *lines, "", FILTER]))
