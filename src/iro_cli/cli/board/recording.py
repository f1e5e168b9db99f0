"""The form that records a fact, for one child or several."""

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Checkbox, Input, Select

from iro_cli.changes.recording import INSIST, TwiceError, checked_event, record
from iro_cli.cli.board.forms import EntryForm, Labelled
from iro_cli.cli.settings import Settings
from iro_cli.cli.values import identifier, plain_text
from iro_cli.clock import stamp, today
from iro_cli.dates.words import spoken
from iro_cli.errors import InputRefusedError, IroError, UsageError
from iro_cli.facts.model import Event
from iro_cli.facts.vocabulary import CHOICE, CODE, DAY, DETAILS, EVENTS, YES_NO
from iro_cli.law.catalogue import Catalogue
from iro_cli.sentences.details import said_besides
from iro_cli.sentences.findings import CORRECT, message_of

# The words of the command line, and the words that replace them in the form.
_INSIST = (INSIST, "to store it all the same, tick the box below")
_CORRECT = (CORRECT, "to put that day right, tick its box below")
_CHOSEN = [name for name, one in DETAILS.items() if one.kind in (CHOICE, CODE, YES_NO)]
_TYPED = [name for name in DETAILS if name not in _CHOSEN]


def _choices(detail: str, event: str) -> list[tuple[str, str]]:
    allowed = EVENTS[event].allows(detail)
    return [(f"{value} {words}".strip(), value) for value, words in allowed.items()]


class RecordForm(EntryForm):
    """Records one fact."""

    def __init__(self, settings: Settings, catalogue: Catalogue, child: str, event: str) -> None:
        """
        Keep what is suggested.

        Args:
            settings: The settings, with the store and the day.
            catalogue: The rules, to find what the fact contradicts.
            child: The child for whom it is recorded.
            event: The event that is offered first.
        """
        super().__init__()
        self._settings, self._catalogue = settings, catalogue
        self._child, self._event = child, event
        self.heading = f"Record a fact for {child}"

    def fields(self) -> ComposeResult:
        """Lay out all fields; those that do not belong to the event are hidden later."""
        events = [(f"{kind.title} ({name})", name) for name, kind in EVENTS.items()]
        yield Labelled(
            "What happened",
            Select(events, value=self._event, allow_blank=False, id="event", compact=True),
        )
        day = self._settings.as_of.isoformat()
        yield Labelled("On", Input(day, id="on", compact=True))
        yield Labelled("Children", Input(self._child, id="children", compact=True))
        for detail in _CHOSEN:
            options = _choices(detail, self._event)
            yield Labelled(
                DETAILS[detail].label,
                Select(options, prompt="not said", id=detail, compact=True),
            )
        for detail in _TYPED:
            yield Labelled(DETAILS[detail].label, Input(id=detail, compact=True))
        yield Checkbox("Store it all the same", id="insist", compact=True)
        yield Checkbox("Put that day right", id="correct", compact=True)

    def buttons(self) -> ComposeResult:
        """Lay out the buttons."""
        yield Button("Record", id="save", variant="primary", compact=True)
        yield from super().buttons()

    def on_mount(self) -> None:
        """Hide the fields that do not belong to the offered event."""
        self.query_one("#insist").display = self.query_one("#correct").display = False
        self._fit()

    @on(Select.Changed, "#event")
    def _fit(self) -> None:
        """Show the fields that belong to the event."""
        event = str(self.query_one("#event", Select).value)
        for detail in (*_CHOSEN, *_TYPED):
            widget = self.query_one(f"#{detail}")
            belongs = detail == "note" or detail in EVENTS[event].details
            if widget.parent is not None and widget.parent.display != belongs:
                widget.parent.display = belongs
        if event != self._event:
            self._event = event
            for detail in _CHOSEN:
                self.query_one(f"#{detail}", Select).set_options(_choices(detail, event))

    @on(Input.Changed)
    @on(Select.Changed)
    def _unsaid(self) -> None:
        """Clear the boxes that insist, because they were ticked for other values."""
        for name in ("#insist", "#correct"):
            box = self.query_one(name, Checkbox)
            box.value = box.display = False

    def refuse(self, error: IroError) -> None:
        """Show what cannot be done; if one may insist on it, offer that."""
        if _INSIST[0] in str(error):
            self.query_one("#insist").display = True
            twice = isinstance(error, TwiceError)
            self.query_one("#correct").display = twice
            error = InputRefusedError(str(error).replace(*_INSIST).replace(*_CORRECT))
        super().refuse(error)

    def _detail(self, name: str) -> str | None:
        widget = self.query_one(f"#{name}")
        if widget.parent is not None and not widget.parent.display:
            return None
        if isinstance(widget, Select):
            return None if widget.is_blank() else str(widget.value)
        return plain_text(self.typed(name), DETAILS[name].label)

    def _value(self, name: str) -> Any:
        value, detail = self._detail(name), DETAILS[name]
        return (
            self._settings.day(value, detail.label, "past")
            if value and detail.kind == DAY
            else value
        )

    def save(self) -> str:
        """
        Record the fact, and return the words for what was recorded.

        Raises:
            UsageError: The value of a field cannot be read.
        """
        children = [identifier(one) for one in self.typed("children").split()]
        if not children:
            raise UsageError("Children: type one id, or several with spaces between them")
        event = checked_event(
            Event(
                str(self.query_one("#event", Select).value),
                self._settings.day(self.typed("on"), "On", "past"),
                **{name: self._value(name) for name in DETAILS},
            ),
            today=today(),
            as_of=self._settings.as_of,
        )
        command = f"board: record {event.event} {' '.join(children)} --on {event.on}"
        correct = self.query_one("#correct", Checkbox).value
        insist = self.query_one("#insist", Checkbox).value and not correct
        with self._settings.store.changing(stamp(command)) as change:
            done = record(change, self._catalogue, event, children, insist=insist, correct=correct)
        what = f"{EVENTS[event.event].title} on {spoken(event.on)}"
        lines = [
            f"{verb}: {what} for {', '.join(those)}"
            for verb, those in (
                ("recorded", done.added),
                ("corrected", done.corrected),
            )
            if those
        ]
        lines += [
            f"recorded already{said_besides(done.stands[child], event)}, nothing changed: "
            f"{what} for {child}"
            for child in done.standing
        ]
        return "\n".join([*lines, *(f"{child}: {message_of(one)}" for child, one in done.findings)])
