"""Reads ``events.csv``."""

from datetime import date
from pathlib import Path

from iro_cli.extracts.allocations import YEARS_AHEAD
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.columns import Columns
from iro_cli.extracts.rows import Rows
from iro_cli.facts.model import Event, contradicts, put_together
from iro_cli.facts.vocabulary import (
    DAYS_AHEAD,
    DETAILS,
    EVENTS,
    PARTICIPATION,
    REFERENCE_IS_A_DAY,
    SCALING,
)
from iro_cli.law.catalogue import nearest
from iro_cli.tables.cells import (
    Days,
    read_child_id,
    read_choice,
    read_code,
    read_lines,
    read_text,
    read_yes_no,
)

REQUIRED = ("child_id", "event", "date")
# Only some events have these; reason, reference and note say something of any.
PARTICULAR = (
    "outcome",
    "section_47",
    "participation",
    "quorate",
    "scaling",
    "advocacy",
    "attended",
)
# Looking for the nearest is slow, and a column that is not the event has many names.
_NEAREST = 200


def read_scaling(text: str) -> str | None:
    """
    Read a Signs of Safety scaling; blank is none.

    Raises:
        ValueError: It is no whole number from 0 to 10.

    >>> read_scaling(" 07 ")
    '7'
    """
    text = text.strip()
    if not text:
        return None
    number = text.lstrip("0") or "0"
    if number not in map(str, SCALING):
        raise ValueError(f"must be a whole number from {SCALING[0]} to {SCALING[-1]}")
    return number


class _Events:
    """Reads events out of rows, remembering what it has read."""

    def __init__(self, rows: Rows, batch: Batch, days: Days) -> None:
        self._rows = rows
        self._batch = batch
        self._days = days
        self._unknown: dict[str, str] = {}
        self._known: dict[tuple[str, str, date, str | None], tuple[int, int]] = {}

    def _name(self, text: str) -> str:
        name = text.strip().casefold()
        if not name:
            raise ValueError("the event is missing")
        if name not in EVENTS:
            if name not in self._unknown and len(self._unknown) < _NEAREST:
                self._unknown[name] = nearest(name, EVENTS)
            raise ValueError(f"there is no such event{self._unknown.get(name, '')}")
        return name

    def _particular(self, event: str, detail: str) -> str | None:
        rows, kind = self._rows, EVENTS[event]
        if detail not in kind.details:
            if rows.text(detail).strip():
                rows.refuse(detail, f"{event} has no {detail}: leave it blank")
            return None
        if detail in ("section_47", "advocacy"):
            return rows.read(detail, read_yes_no)
        if detail == "quorate":
            return self._quorate()
        if detail == "scaling":
            return rows.read(detail, read_scaling)
        if detail == "attended":
            return rows.read(detail, read_lines)
        if detail == "participation":
            return rows.read(detail, lambda text: read_code(text, PARTICIPATION))
        return rows.read(detail, lambda text: read_choice(text, kind.values[detail]))

    def _completed_on(self, event: str, on: date | None) -> date | None:
        rows = self._rows
        if "completed_on" not in EVENTS[event].details:
            self._particular(event, "completed_on")
            return None
        day = rows.read("completed_on", self._days.optional)
        if day and on and day < on:
            rows.refuse("completed_on", f"lies before the date, {on}")
        return day

    def _quorate(self) -> str | None:
        quorate = self._rows.read("quorate", read_yes_no)
        if quorate == "no":
            self._rows.refuse(
                "quorate",
                "a conference that was not quorate meets no time limit: "
                "write the event cp.conference.inquorate and leave this blank",
            )
        return quorate

    def _reference(self, event: str, on: date | None) -> str | None:
        if event not in REFERENCE_IS_A_DAY:
            return self._rows.read("reference", read_text)
        day = self._rows.read("reference", self._days.optional)
        if event in DAYS_AHEAD and day and on and day < on:
            self._rows.refuse("reference", f"{DAYS_AHEAD[event]} lies before the date, {on}")
        return day.isoformat() if day else None

    def read(self) -> None:
        """Read the row that the rows have come to."""
        rows = self._rows
        child_id = rows.read("child_id", read_child_id)
        name = rows.read("event", self._name)
        on = rows.read("date", self._days.required)
        reason = rows.read("reason", read_lines)
        note = rows.read("note", read_lines)
        if name is None:
            return
        given = {detail: self._particular(name, detail) for detail in PARTICULAR}
        completed_on = self._completed_on(name, on)
        reference = self._reference(name, on)
        if rows.good and on is not None and child_id is not None:
            event = Event(
                name, on, completed_on=completed_on, reference=reference, reason=reason, note=note,
                **given,
            )  # fmt: skip
            self._keep(child_id, event)

    def _keep(self, child_id: str, event: Event) -> None:
        """Keep an event; one that is there already is not kept twice."""
        facts, origin = self._batch.facts, self._rows.origin
        key = (child_id, event.event, event.on, event.reference)
        row, place = self._known.setdefault(key, (origin.row, len(facts)))
        if place == len(facts):
            facts.append((child_id, event, origin.source))
        elif contradicts(event, facts[place][1]):
            self._rows.refuse("event", f"row {row} has it on the same day with other details")
            return
        else:
            facts[place] = (child_id, put_together(event, facts[place][1]), facts[place][2])
            self._batch.counts["repeated rows"] += 1
        self._batch.origins.setdefault(child_id, []).append(origin)


def read_events(path: Path, *, today: date, columns: Columns | None = None) -> Batch:
    """
    Read a file of events.  A date in the future is read: it is not known until then.

    Args:
        path: The file.
        today: From whose year the century of a two-digit year is worked out.
        columns: The file's own names for the columns, where they are not ours.

    Raises:
        InputRefusedError: The file as a whole cannot be read.
    """
    batch = Batch()
    rows = Rows(path, batch, required=REQUIRED, optional=DETAILS, columns=columns)
    days = Days(today.year + YEARS_AHEAD)
    events = _Events(rows, batch, days)
    for _ in rows:
        events.read()
    batch.counts["events"] = len(batch.facts)
    batch.warnings.extend(days.warnings(rows.name))
    return batch
