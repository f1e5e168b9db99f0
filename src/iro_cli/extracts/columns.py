"""
Reads a mapping file: which of an authority's own columns is which of ours.

::

    [columns]                            # our column = theirs
    child_id = "Person ID"

    [events]                             # a column of dates = the event it is the date of
    "LAC review held" = "cla.review"
    "ICPC" = { event = "cp.conference.initial", outcome = "ICPC result" }

    [fixed]                              # the same in every row
    note = "from the March tracker"

    [values.outcome]                     # their word = ours
    "Registered" = "plan"
"""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from iro_cli.errors import InputRefusedError
from iro_cli.facts.vocabulary import DETAILS, EVENTS
from iro_cli.law.catalogue import nearest
from iro_cli.tables.refused import printable

PARTS = ("columns", "events", "fixed", "values", "ignore")
MISSING = frozenset({"null", "#n/a", "n/a"})
_LARGEST = 1_000_000


class EventColumn(NamedTuple):
    """
    One column of dates, each the date of an event.

    Attributes:
        column: Their column.
        event: Our event.
        details: Their column for each detail of the event.
    """

    column: str
    event: str
    details: Mapping[str, str]


class Columns(NamedTuple):
    """
    What a mapping file says.

    Attributes:
        names: Our column to theirs.
        events: The columns of dates; with any, a row has as many events as it has dates.
        fixed: Our column to what every row has there.
        values: Our column to their words, without case, and ours.
        ignored: Their columns that are left out on purpose.
    """

    names: Mapping[str, str]
    events: tuple[EventColumn, ...] = ()
    fixed: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    ignored: tuple[str, ...] = ()

    def theirs(self, column: str, event: EventColumn | None = None) -> str:
        """Return what our column is called in the file."""
        if event is not None:
            if column == "date":
                return event.column
            if column in event.details:
                return event.details[column]
        return self.names.get(column, column)

    def ours(self, column: str, text: str) -> str:
        """Return our word for what one of their cells says; ``NULL`` and ``#N/A`` are blank."""
        folded = text.strip().casefold()
        found = self.values.get(column, {}).get(folded)
        if found is not None:
            return found
        return "" if folded in MISSING else text

    def read(self) -> set[str]:
        """Return every column of theirs that is read."""
        found = set(self.names.values())
        for one in self.events:
            found |= {one.column, *one.details.values()}
        return found


class _Mapping:
    """Checks one mapping file, and keeps every problem."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.problems: list[str] = []

    def texts(self, part: str, given: object) -> dict[str, str]:
        """Read a table whose values are text."""
        if not isinstance(given, dict):
            self.problems.append(f"[{printable(part)}] must be a table of names and texts")
            return {}
        found = {}
        for name, text in given.items():
            if isinstance(text, str) and text.isprintable() and name.isprintable():
                found[name] = text.strip()
            elif isinstance(text, str):
                self.problems.append(f"[{printable(part)}] {printable(name)}: has a control code")
            else:
                self.problems.append(
                    f"[{printable(part)}] {printable(name)}: must be text in quotes"
                )
        return found

    def ours(self, part: str, given: object) -> dict[str, str]:
        """Read a table whose names are columns of ours."""
        found = self.texts(part, given)
        for name in found:
            self.check_ours(part, name)
        return found

    def check_ours(self, part: str, name: str) -> None:
        """Note a column that is not one of ours."""
        if name not in self.known:
            close = nearest(name, self.known) if len(self.problems) < 20 else ""
            self.problems.append(
                f"[{printable(part)}] {printable(name)}: there is no such column{close}; "
                f"it must be one of {', '.join(self.known)}"
            )

    def event(self, name: str, where: str) -> None:
        """Note an event that is not one of ours."""
        if name not in EVENTS:
            close = nearest(name, EVENTS) if len(self.problems) < 20 else ""
            self.problems.append(f"{printable(where)}: there is no event {printable(name)}{close}")

    def events(self, given: object) -> list[EventColumn]:
        """Read the columns of dates."""
        if not isinstance(given, dict):
            self.problems.append("[events] must be a table of their columns and our events")
            return []
        return [self._event_column(column, what) for column, what in given.items()]

    def _event_column(self, column: str, what: object) -> EventColumn:
        where = f"[events] {column}"
        if not column.isprintable():
            self.problems.append(f"{printable(where)}: has a control code")
        details = {"event": what} if isinstance(what, str) else what
        if not isinstance(details, dict) or "event" not in details:
            self.problems.append(
                f"{printable(where)}: must be an event in quotes, or "
                '{ event = "…", outcome = "their column" }'
            )
            return EventColumn(column.strip(), "", {})
        texts = self.texts(where, details)
        event = texts.pop("event", "")
        self.event(event, where)
        for name in texts:
            if name not in DETAILS or name not in self.known:
                self.problems.append(
                    f"{printable(where)}: {printable(name)} is no detail; it must be one of "
                    f"{', '.join(DETAILS)}"
                )
        return EventColumn(column.strip(), event, texts)

    def ignored(self, given: object) -> tuple[str, ...]:
        """Read the columns that are left out on purpose."""
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return tuple(one.strip() for one in given)
        self.problems.append('ignore must be a list of columns: ignore = ["Worker"]')
        return ()


def _parsed(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputRefusedError(f"{path.name} is too large to be a mapping file")
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise InputRefusedError(
            f"there is no mapping file {path}: `--describe` proposes one"
        ) from None
    except OSError as error:
        raise InputRefusedError(f"{path.name} cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise InputRefusedError(
            f"{path.name} is not a mapping file in TOML: {printable(str(error))}"
        ) from None


def read_columns(path: Path, *, known: Collection[str]) -> Columns:
    """
    Read a mapping file.

    Args:
        path: The file.
        known: The columns that the file it is for may have, such as ``child_id``.

    Raises:
        InputRefusedError: It is no mapping file, or says something that cannot be; every
            problem is named.
    """
    given = _parsed(path)
    check = _Mapping(known)
    check.problems += [
        f"there is no part {printable(part)}{nearest(part, PARTS)}; "
        f"the parts are {', '.join(PARTS)}"
        for part in given
        if part not in PARTS
    ]
    events = check.events(given.get("events", {}))
    if events and "event" not in known:
        check.problems.append("[events] belongs to `iro import events` only")
    values = given.get("values", {})
    words: dict[str, dict[str, str]] = {}
    if isinstance(values, dict):
        for name, table in values.items():
            check.check_ours("values", name)
            texts = check.texts(f"values.{name}", table)
            words[name] = {theirs.strip().casefold(): ours for theirs, ours in texts.items()}
    else:
        check.problems.append("values must be tables: [values.outcome]")
    columns = Columns(
        check.ours("columns", given.get("columns", {})),
        tuple(events),
        check.ours("fixed", given.get("fixed", {})),
        words,
        check.ignored(given.get("ignore", [])),
    )
    for name, event in (
        *((f"[values.event] {theirs}", ours) for theirs, ours in words.get("event", {}).items()),
        *(("[fixed] event", one) for one in (columns.fixed.get("event"),) if one is not None),
    ):
        if event:
            check.event(event, name)
    check.problems += [
        f"{name} is in both [columns] and [fixed]: keep one"
        for name in columns.names
        if name in columns.fixed
    ]
    if columns.events:
        check.problems += [
            f"[events] gives each date its event, so [{part}] cannot name {name} too"
            for part, table in (("columns", columns.names), ("fixed", columns.fixed))
            for name in ("event", "date")
            if name in table
        ]
    if not (check.problems or columns.names or columns.events):
        check.problems.append("it maps no column: it needs [columns], and for a wide file [events]")
    if check.problems:
        raise InputRefusedError("\n".join(f"{path.name}: {one}" for one in check.problems))
    return columns
