"""The forms: book the meeting of a timescale; the base of both."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Footer, Input, Label, Static

from iro_cli.changes.booking import Wanted, book, unbook
from iro_cli.cli.settings import Settings, open_view
from iro_cli.cli.values import time_of
from iro_cli.clock import stamp
from iro_cli.dates.words import spoken
from iro_cli.errors import IroError
from iro_cli.obligations.listing import DueRow
from iro_cli.questions.view import View
from iro_cli.safe import printable


class Labelled(Horizontal):
    """A label with a field beside it."""

    def __init__(self, label: str, widget: Widget) -> None:
        """Put the two side by side."""
        super().__init__(Label(label, markup=False), widget, classes="field")


class EntryForm(ModalScreen[str | None]):
    """
    A form over the board; it closes with the words for what was done, or with ``None``.

    If something cannot be done, the form says why and stays open.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+s", "save", "Save"),
        ("escape", "cancel", "Cancel"),
    ]

    heading = ""

    def fields(self) -> ComposeResult:
        """Lay out the fields."""
        yield from ()

    def buttons(self) -> ComposeResult:
        """Lay out the buttons."""
        yield Button("Cancel", id="cancel", compact=True)

    def save(self) -> str:
        """
        Store what was typed.

        Returns:
            What was done, in words.

        Raises:
            IroError: It cannot be done.
        """
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay out the form."""
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(printable(self.heading), markup=False, classes="heading")
            yield from self.fields()
            yield Static("", markup=False, id="error")
            with Horizontal(classes="buttons"):
                yield from self.buttons()
        yield Footer()

    def typed(self, name: str) -> str:
        """Return the text in an input."""
        return self.query_one(f"#{name}", Input).value.strip()

    def refuse(self, error: IroError) -> None:
        """Show in the form what cannot be done."""
        lines = f"Not done: {error}".split("\n")
        said = self.query_one("#error", Static)
        said.update("\n".join(map(printable, lines)))
        said.scroll_visible()

    @on(Button.Pressed, "#save")
    @on(Input.Submitted)
    def action_save(self) -> None:
        """Save and close; if that cannot be done, say why and stay open."""
        self.attempt(self.save)

    def attempt(self, do: Callable[[], str]) -> None:
        """Do something and close with its result, or say why it cannot be done."""
        try:
            done = do()
        except IroError as error:
            self.refuse(error)
        else:
            self.dismiss(done)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close without doing anything."""
        self.dismiss(None)


class BookForm(EntryForm):
    """Books the meeting of one open timescale, or takes the booking back."""

    def __init__(self, view: View, settings: Settings, row: DueRow, at: str | None) -> None:
        """
        Keep the open timescale, and when it is booked.

        Args:
            view: The store, the rules and the day.
            settings: The settings, with the store.
            row: The open timescale that the meeting is to meet.
            at: The time for which it is booked, if it is.
        """
        super().__init__()
        self._view, self._settings, self._row, self._at = view, settings, row, at
        due = f"due by {spoken(row.due)}" if row.due else "no date can be given"
        early = f", hold by {spoken(row.hold_by)}" if row.hold_by and row.hold_by != row.due else ""
        booked = f"; booked for {spoken(row.booked)}" if row.booked else ""
        self.heading = f"Book: {row.title} of {row.child}, {due}{early}{booked}"

    def fields(self) -> ComposeResult:
        """Lay out day and time, as booked; otherwise the last possible working day is suggested."""
        hold_by = self._row.hold_by
        ahead = hold_by if hold_by and hold_by >= self._settings.as_of else None
        day = self._row.booked or ahead
        yield Labelled("Day", Input(day.isoformat() if day else "", id="day", compact=True))
        time = Input(self._at or "", placeholder="as 14:30, or blank", id="time", compact=True)
        yield Labelled("Time", time)

    def buttons(self) -> ComposeResult:
        """Lay out the buttons."""
        yield Button("Book", id="save", variant="primary", compact=True)
        if self._row.booked:
            yield Button("Take the booking back", id="unbook", compact=True)
        yield from super().buttons()

    def save(self) -> str:
        """Book it."""
        row = self._row
        day = self._settings.day(self.typed("day"), "Day", "ahead")
        time = time_of(self.typed("time") or None, "Time")
        made = stamp(f"board: book {row.child} {row.timescale} {day}")
        # Two timescales of the same name may be open; the day the clock started tells them apart.
        wanted = Wanted(row.child, row.timescale, day, time, None, row.clock_started)
        with self._settings.store.changing(made) as change:
            warnings = book(change, open_view(self._settings, change), wanted)
        done = f"booked: {row.title} of {row.child} on {spoken(day)}{' at ' + time if time else ''}"
        return "\n".join([done, *warnings])

    @on(Button.Pressed, "#unbook")
    def take_back(self) -> None:
        """Take the booking back."""

        def do() -> str:
            row = self._row
            made = stamp(f"board: unbook {row.child} {row.timescale}")
            rules = self._view.catalogue
            with self._settings.store.changing(made) as change:
                taken = unbook(change, rules, row.child, row.timescale, row.clock_started)
            return f"no longer booked: {row.title} of {row.child} on {spoken(taken.on)}"

        self.attempt(do)
