"""The common base of the board and a child's screen: why, record, book, and a line of result."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from iro_cli.cli.board import dialogs
from iro_cli.cli.board.forms import BookForm
from iro_cli.cli.board.recording import RecordForm
from iro_cli.cli.settings import Settings, open_view
from iro_cli.errors import IroError
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.child import explanation_blocks
from iro_cli.pages.words import when_words
from iro_cli.questions.due import AskedDue, open_obligations
from iro_cli.questions.show import explain
from iro_cli.questions.view import View
from iro_cli.safe import printable

# The event that is offered first if the row does not suggest one.
_USUAL = "cla.review"


class CaseScreen(Screen[None]):
    """A screen with rows of open timescales, one of them under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("w", "why", "Why"),
        ("r", "record", "Record"),
        ("b", "book", "Book"),
        ("question_mark", "keys", "Keys"),
    ]

    def __init__(self, settings: Settings, view: View) -> None:
        """Keep the store, the rules and the day."""
        super().__init__()
        self.settings, self.view = settings, view

    def selected(self) -> DueRow | None:
        """Return the row under the cursor."""
        raise NotImplementedError

    def child_id(self) -> str | None:
        """Return the child that a fact would be recorded for."""
        row = self.selected()
        return row.child if row else None

    def load(self) -> None:
        """Show what is in the store now."""
        raise NotImplementedError

    def tell(self, text: str) -> None:
        """Show below the list what was done, or what cannot be done."""
        message = self.query_one("#message", Static)
        message.update("\n".join(map(printable, text.split("\n"))))
        message.display = bool(text)

    @contextmanager
    def asking(self) -> Iterator[View]:
        """
        Open the store for one question.

        It is closed after it: a form that changes the store would have to wait for an open reader.
        """
        self.view = open_view(self.settings)
        try:
            yield self.view
        finally:
            self.view.close()

    def reload(self, said: str = "") -> None:
        """Read the store again, and show a message with the result."""
        try:
            self.load()
        except IroError as error:
            said = "\n".join(filter(None, (said, f"Not read: {error}")))
        self.tell(said)

    def action_why(self) -> None:
        """Say why the date under the cursor is what it is."""
        row = self.selected()
        if row is None:
            self.tell("nothing is open here")
            return
        try:
            with self.asking() as view:
                _, found = explain(view, row.child, row.timescale)
        except IroError as error:
            self.tell(str(error))
            return
        self.app.push_screen(dialogs.why(explanation_blocks(row.child, found)))

    def action_record(self) -> None:
        """Open the form that records a fact."""
        child, row = self.child_id(), self.selected()
        if child is None:
            self.tell("no child is selected")
            return
        met_by = row.rule.met_by if row else ()
        event = met_by[0].event if met_by else _USUAL
        form = RecordForm(self.settings, self.view.catalogue, child, event)
        self.app.push_screen(form, lambda done: self._recorded(child, done))

    def _recorded(self, child: str, done: str | None) -> None:
        if done is None:
            return
        self.reload(done)
        asked = AskedDue(everything=True, child=child)
        with self.asking() as view:
            rows = [row for row in open_obligations(view, asked) if row.due]
        ahead = [f"{row.title}, {when_words(row.days_left)}" for row in rows[:1]]
        self.tell("\n".join([done, *(f"next for {child}: {words}" for words in ahead)]))

    def action_book(self) -> None:
        """Open the form that books the meeting."""
        row = self.selected()
        if row is None:
            self.tell("nothing is open here")
            return
        try:
            with self.asking() as view:
                bookings = view.reader.bookings(row.child)
        except IroError as error:
            self.tell(str(error))
            return
        # A local marker shares the booking of the rule whose clock it shares.
        booked = bookings.get((row.child, row.rule.beside or row.timescale, row.clock_started))
        form = BookForm(self.view, self.settings, row, booked.at if booked else None)
        self.app.push_screen(form, lambda done: self.reload(done) if done else None)

    def action_keys(self) -> None:
        """List the keys."""
        self.app.push_screen(dialogs.keys())
