"""
Looks at a file of somebody's own making, and proposes a mapping file for it.

Nothing is guessed silently: every line says why, and what is not sure is
commented out.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from iro_cli.dates.words import counted
from iro_cli.extracts import allocations, children, events
from iro_cli.extracts.columns import MISSING
from iro_cli.extracts.naming import Guess, column_named, detail_named, event_named
from iro_cli.facts.vocabulary import DETAILS, EVENTS
from iro_cli.tables.cells import Days
from iro_cli.tables.refused import OURS, Refused, printable
from iro_cli.tables.tabular import Table

KNOWN = {
    "events": (*events.REQUIRED, *DETAILS),
    "children": (*children.REQUIRED, *children.OPTIONAL),
    "allocations": (*allocations.REQUIRED, *allocations.OPTIONAL),
}
_REQUIRED = {
    "events": events.REQUIRED,
    "children": children.REQUIRED,
    "allocations": allocations.REQUIRED,
}
_ROWS = 1_000
_VALUES = 40
# A column is one of dates where at least so many of its cells are.
_MOSTLY = 0.8


class _Column:
    """One column: its name, and what its first cells are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = 0
        self.dates = 0
        self.values: Counter[str] = Counter()

    def add(self, cell: str, days: Days) -> None:
        """Count one cell."""
        text = cell.strip()
        if not text or text.casefold() in MISSING:
            return
        self.filled += 1
        if len(self.values) <= _VALUES:
            self.values[text] += 1
        with suppress(ValueError):
            self.dates += days.optional(text) is not None

    @property
    def is_dates(self) -> bool:
        """Say whether it is a column of dates."""
        return self.filled > 0 and self.dates >= self.filled * _MOSTLY

    def contents(self, rows: int) -> str:
        """Say what is in it."""
        if not self.filled:
            return f"blank in all {rows:,} rows looked at"
        what = "a date" if self.is_dates else "something"
        # No cell is shown: a mapping file may be passed on, and says nothing of a child.
        return f"{what} in {self.filled:,} of {counted(rows, 'row')}"


def _quoted(text: str) -> str:
    # JSON's strings are TOML's, but for the one control code that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(left: str, right: str, why: str, *, sure: bool) -> str:
    return f"{'' if sure else '# '}{left} = {right}  # {shown_line(why)}"


def shown_line(text: str) -> str:
    """Return text that stays on one line of a comment."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _look(path: Path, today: date) -> tuple[Table, list[_Column], int]:
    table, days = Table(path), Days(today.year + allocations.YEARS_AHEAD)
    columns = [_Column(name) for name in table.header]
    refused: list[Refused] = []
    rows = 0
    for _, cells in islice(table.rows(refused), _ROWS):
        rows += 1
        for column, cell in zip(columns, cells, strict=True):
            column.add(cell, days)
    return table, [one for one in columns if not one.name.startswith(OURS)], rows


class _Proposal:
    """The lines of a mapping file, part by part."""

    def __init__(self, columns: Sequence[_Column], rows: int, reads: str) -> None:
        self.rows = rows
        self.reads = reads
        self.known = KNOWN[reads]
        self.named = {one.name: self._named(one) for one in columns}
        self.columns = columns
        self.taken: dict[str, str] = {}

    def _named(self, column: _Column) -> Guess | None:
        found = column_named(column.name)
        if found is None or found.name not in self.known:
            return None
        dated = found.name in ("date", "from", "to", "date_of_birth")
        if dated and column.filled and not column.is_dates:
            return found._replace(why=f"{found.why}, but its cells are no dates", sure=False)
        return found

    def _plain(self) -> Iterator[str]:
        """Yield the lines of ``[columns]``; a name that two columns claim is sure for the first."""
        # The surest first, so that "Person ID" wins over "ID".
        for column in sorted(self.columns, key=lambda one: not self._is_sure(one)):
            guess = self.named[column.name]
            if guess is None:
                continue
            why, sure = f"{guess.why}; {column.contents(self.rows)}", guess.sure
            if guess.name in self.taken:
                why, sure = f"{why}; {printable(self.taken[guess.name])} is taken for it", False
            elif sure:
                self.taken[guess.name] = column.name
            yield _line(guess.name, _quoted(column.name), why, sure=sure)

    def _is_sure(self, column: _Column) -> bool:
        guess = self.named[column.name]
        return guess is not None and guess.sure

    def _dates(self) -> Iterator[str]:
        """Yield the lines of ``[events]``: a column of dates each."""
        for column in self.columns:
            guess = event_named(column.name)
            if self.named[column.name] is not None or guess is None or detail_named(column.name):
                continue
            details = list(self._details(column, guess.name))
            # Without its outcome a conference is taken to have made a plan.
            alone = not any(detail in ("outcome", "section_47") for detail, _ in details)
            why = f"{guess.why}; {column.contents(self.rows)}"
            sure = guess.sure and column.is_dates and alone
            yield _line(_quoted(column.name), _quoted(guess.name), why, sure=sure)
            for detail, other in details:
                both = f"{{ event = {_quoted(guess.name)}, {detail} = {_quoted(other.name)} }}"
                why = f"rather than that, if {printable(other.name)} is its {detail}"
                yield _line(_quoted(column.name), both, why, sure=False)

    def _details(self, column: _Column, event: str) -> Iterator[tuple[str, _Column]]:
        """Yield the columns that may be a detail of what a column is the date of."""
        for other in self.columns:
            guess, detail = event_named(other.name), detail_named(other.name)
            if other is column or other.is_dates or guess is None or detail is None:
                continue
            if guess.name == event and detail in EVENTS[event].details:
                yield detail, other

    def _words(self, column: _Column) -> Iterator[str]:
        """Yield the lines of ``[values.event]``, for the words of one column."""
        for text, times in column.values.most_common(_VALUES):
            if text.casefold() in EVENTS:
                continue
            guess = event_named(text) or Guess("", "its words say no event of ours", sure=False)
            why = f"{counted(times, 'row')}; {guess.why.replace('its name says', 'it says')}"
            yield _line(_quoted(text), _quoted(guess.name), why, sure=guess.sure)
        yield '# A row whose word is given as "" is left out; one that is not here is refused.'
        if len(column.values) > _VALUES:
            yield "# There are more words than these."

    def _rest(self) -> Iterator[str]:
        """Yield a comment for each column that nothing is proposed for."""
        for column in self.columns:
            guess = event_named(column.name) if self.reads == "events" else None
            if detail_named(column.name):
                guess = None
            if self.named[column.name] is None and guess is None:
                what = "; a date of what?" if column.is_dates and self.reads == "events" else ""
                if known := column_named(column.name):
                    what = f"; its name says {known.name}, which {self.reads} do not have"
                name = shown_line(printable(column.name))
                yield f"#   {name}: {column.contents(self.rows)}{what}"

    def lines(self) -> Iterator[str]:
        """Yield the whole file."""
        plain = list(self._plain())
        dated = list(self._dates()) if self.reads == "events" else []
        long = "event" in self.taken and "date" in self.taken
        wide = bool(dated) and not long
        if wide:
            # With a date for each event, these two mean nothing.
            plain = [
                one if not one.startswith(("event = ", "date = ")) else f"# {one}" for one in plain
            ]
            self.taken["event"] = self.taken["date"] = ""
        yield "[columns]  # our column = the file's"
        yield from plain
        for column in _REQUIRED[self.reads]:
            if column not in self.taken:
                yield f'# {column} = "…"  # needed, and no column here is surely it'
        if wide:
            yield from ("", "[events]  # a column of dates = the event each is the date of", *dated)
        elif dated:
            yield from ("", "# Each row has an event and a date of its own, so these are not read:")
            yield from (f"# {line.removeprefix('# ')}" for line in dated)
        if long:
            (kinds,) = (one for one in self.columns if one.name == self.taken["event"])
            words = list(self._words(kinds))
            if words:
                yield from ("", "[values.event]  # the file's word = our event", *words)
        rest = list(self._rest())
        if rest:
            yield from ("", "# Nothing is proposed for these columns:", *rest)


def describe(path: Path, *, today: date, reads: str = "events") -> str:
    """
    Propose a mapping file for a file, from its header and its first rows.

    Args:
        path: The file.
        today: From whose year the century of a two-digit year is worked out.
        reads: What it is to be imported as: ``events``, ``children`` or ``allocations``.

    Returns:
        The text of a mapping file.  It can be read as it is; what is not sure is a comment.

    Raises:
        InputRefusedError: The file cannot be read.
    """
    table, columns, rows = _look(path, today)
    name = shown_line(printable(table.name))
    head = [
        f"# How `iro import {reads}` reads {name}: a proposal, from its",
        f"# header and {counted(rows, 'row')}.",
        "# Check every line; take the # away where a line that is not sure is right.",
        "",
    ]
    return "\n".join([*head, *_Proposal(columns, rows, reads).lines(), ""])
