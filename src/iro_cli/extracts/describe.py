"""
Look at a file with an authority's own columns, and propose a mapping file for it.

Every line of the mapping file says why it is there, and an uncertain line is commented out.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice

from iro_cli.dates.words import counted
from iro_cli.extracts.source import Source
from iro_cli.facts.vocabulary import EVENTS, ROLES
from iro_cli.incoming.cells import Cell, Days, as_written, is_blank
from iro_cli.incoming.refused import OURS, Refused, visible
from iro_cli.incoming.table import Table, plain
from iro_cli.lean import NamedTuple

# ---------------------------------------------------------------- what a name means


class Guess(NamedTuple):
    """
    What a column probably is.

    Attributes:
        name: Our column, or our event.
        why: The reason, in words.
        sure: Whether there is no other likely meaning.
    """

    name: str
    why: str
    sure: bool


_REVIEW = r"(lac|cla|cic|looked after|statutory|iro) (statutory )?review"
_CARE = r"(looked after|lac|cla|cic|care|episode of care|period of care)"
_PLAN = r"(cp|cpp|child protection|protection)( plan)?"
_START = r"(start(ed)?|began|beg[iu]n(s|ning)?|commenced|opened|from)"
_END = r"(end(ed|s)?|ceased|closed|finish(ed)?|until)"
_LATEST = r"\b(latest|last|most recent)\b"
_BREAK = r"(short|respite) breaks?"

# The first pattern that fits counts.
_EVENTS = tuple(
    (re.compile(rf"\b{pattern}\b"), event)
    for pattern, event in (
        (rf"{_BREAK}.*review", "short-break.review"),
        (rf"({_BREAK}.*{_START}|{_START}.*{_BREAK})", "short-break.start"),
        (rf"({_BREAK}.*{_END}|{_END}.*{_BREAK})", "short-break.end"),
        (r"secure.*review", "secure.review"),
        (rf"(secure.*{_START}|{_START}.*secure)", "secure.start"),
        (rf"(secure.*{_END}|{_END}.*secure)", "secure.end"),
        (r"adoption.*review", "adoption.review"),
        (r"placed for adoption", "adoption.placed"),
        (r"(placement order|authority to place)", "adoption.authorised"),
        (r"adjourned.*review|review.*adjourned", "cla.review.adjourned"),
        (r"(transfer in|tic).*conference|conference.*transfer in", "cp.conference.transfer-in"),
        (r"(icpc|initial (cp|child protection|case)? ?conference)", "cp.conference.initial"),
        (r"(rcpc|review (cp|child protection|case)? ?conference)", "cp.conference.review"),
        (r"(cp|child protection) review", "cp.conference.review"),
        (r"core group", "cp.core-group"),
        (r"strategy (discussion|meeting)", "cp.strategy"),
        (rf"((s ?47|section 47).*{_START}|{_START}.*(s ?47|section 47))", "cp.strategy"),
        (rf"({_PLAN}.*{_START}|{_START}.*{_PLAN})", "cp.plan.start"),
        (rf"({_PLAN}.*{_END}|{_END}.*{_PLAN})", "cp.plan.end"),
        (_REVIEW, "cla.review"),
        (rf"(placement.*{_START}|{_START}.*placement)", "placement.start"),
        (rf"(placement.*{_END}|{_END}.*placement)", "placement.end"),
        (rf"({_CARE}.*{_END}|{_END}.*{_CARE})", "cla.end"),
        (rf"({_CARE}.*{_START}|{_START}.*{_CARE}|became {_CARE})", "cla.start"),
    )
)
_HAVE_LATEST = ("cla.review", "short-break.review", "cp.conference.review")
# With one of these words, a date is that of something that has not happened, or need not happen.
_NOT_HELD = re.compile(
    r"\b(due|next|target|planned|plan for|booked|scheduled|expected|proposed|deadline|must|"
    r"required|cancelled|reminder|invite[ds]?|request(ed)?|by)\b"
)
# With one of these words, a date is about the papers of an event and not its own day.
_ABOUT = re.compile(r"\b(record|minutes?|report|decisions?|distributed|circulated|sent|letter)\b")

_WHO = (
    r"(child|client|person|case|young person|service user|lcs|mosaic|eclipse|la child|child unique|"
    r"unique child|swift|carefirst|icis)"
)
_DETAILS = {
    "outcome": re.compile(r"\b(outcome|result|decision)\b"),
    "participation": re.compile(r"\b(participation|pn code|review code|took part)\b"),
    "section_47": re.compile(r"\binitiated\b"),
    "reason": re.compile(r"\breason\b"),
}
_COLUMNS = tuple(
    (re.compile(rf"^(?:{pattern})$"), column, sure)
    for pattern, column, sure in (
        (rf"{_WHO}s? (id|identifier|number|no|ref|reference)", "child_id", True),
        (r"child|lachildid|childid|personid|clientid|personnumber|unique id", "child_id", True),
        (r"id|identifier|number|ref|reference|upn", "child_id", False),
        (r"dob|date of birth|birth date|d o b|childs? dob", "date_of_birth", True),
        (r"edd|expected date of (delivery|birth)|due date of birth", "expected_date_of_delivery",
         True),
        (r"event|event type|event name|meeting type|activity type|type of (event|meeting)", "event",
         True),
        (r"type|meeting|activity", "event", False),
        (r"date|event date|date of event|meeting date|date of meeting|date held|held on", "date",
         True),
        (r"outcome|result|conference outcome|meeting outcome|decision", "outcome", False),
        (r"participation( code| method)?|review code|child participation|pn code", "participation",
         True),
        (r"section ?47|s47( initiated| yes no)?", "section_47", False),
        (r"reason|end reason|reason (ceased|ended)", "reason", False),
        (r"notes?|comments?", "note", False),
        (r"team|allocated team|social work team|team name", "team", True),
        (r"siblings?( group| id)?|family( id| group)?", "sibling_group", False),
        (r"iro|iro name|name of iro|allocated iro|independent reviewing officer( name)?", "iro",
         True),
        (r"(cp|conference)? ?chair(person)?( name)?|allocated chair", "chair", True),
        (r"role|allocation type|worker role", "role", True),
        (r"iro (or |and )?chair( name)?", "name", True),
        (r"name|(case |key )?worker( name)?|allocated to|officer", "name", False),
        (r"from|from date|start|start date|allocated from|allocation start( date)?", "from", True),
        (r"to|to date|end|end date|allocated to date|allocation end( date)?", "to", True),
        (r"initials|label", "label", True),
        (r"nation|country", "nation", False),
    )
)  # fmt: skip


def words_of(name: str) -> str:
    """
    Return a name as small words with single spaces.

    >>> words_of("CPP_StartDate (dd/mm/yy)")
    'cpp start date dd mm yy'
    """
    return plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def column_named(name: str) -> Guess | None:
    """Return which of our columns a name means, if any."""
    words = words_of(name)
    for pattern, column, sure in _COLUMNS:
        if pattern.match(words) or pattern.match(words.replace(" ", "")):
            return Guess(column, f"its name says {column}", sure)
    return None


def event_guessed(name: str) -> Guess | None:
    """
    Return which event a name means, if any.

    Something that is due, planned or written about an event is not the event, so such a name is
    never sure.

    >>> event_guessed("Date of LAC review").name, event_guessed("Next LAC review due").sure
    ('cla.review', False)
    """
    words = words_of(name)
    for pattern, event in _EVENTS:
        found = pattern.search(words)
        if found is None:
            continue
        said = f'its name says "{found.group()}"'
        if other := _NOT_HELD.search(words):
            return Guess(event, f'{said}, but also "{other.group()}": was it held?', sure=False)
        if other := _ABOUT.search(words):
            return Guess(event, f'{said}, but also "{other.group()}"', sure=False)
        if other := re.search(_LATEST, words):
            if event in _HAVE_LATEST:
                return Guess(f"{event}.latest", f'{said} and "{other.group()}"', sure=True)
            return Guess(event, f'{said}; only the "{other.group()}" is given', sure=False)
        return Guess(event, said, sure=True)
    return None


def detail_named(name: str) -> str | None:
    """
    Return which detail of an event a name means, if any.

    >>> detail_named("ICPC outcome")
    'outcome'
    """
    words = words_of(name)
    return next((detail for detail, pattern in _DETAILS.items() if pattern.search(words)), None)


# ---------------------------------------------------------------- the proposal

_ROWS = 1_000
_VALUES = 40
# A column counts as one of dates if at least this share of its filled cells are dates.
_MOSTLY = 0.8


class _FirstCells:
    """One column: its name, and what is in its first cells."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = 0
        self.dates = 0
        self.values: Counter[str] = Counter()

    def add(self, cell: Cell, table: Table, days: Days) -> None:
        """Count one cell."""
        if is_blank(cell):
            return
        self.filled += 1
        if len(self.values) <= _VALUES:
            self.values[as_written(cell).strip()] += 1
        with suppress(ValueError):
            self.dates += days.read(cell, table.counted) is not None

    @property
    def is_dates(self) -> bool:
        """Say whether it is a column of dates."""
        return self.filled > 0 and self.dates >= self.filled * _MOSTLY

    @property
    def are_roles(self) -> bool:
        """Say whether its cells hold roles, and not names."""
        return bool(self.values) and {one.casefold() for one in self.values} <= {*ROLES}

    def contents(self, rows: int) -> str:
        """Return a phrase about what is in it."""
        if not self.filled:
            return f"blank in all {rows:,} rows looked at"
        what = "a date" if self.is_dates else "something"
        # No cell is shown, because a mapping file may be passed on and must not contain anything
        # about a child.
        return f"{what} in {self.filled:,} of {counted(rows, 'row')}"


def _quoted(text: str) -> str:
    # Strings in JSON and TOML are the same, except for one control code that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(left: str, right: str, why: str, *, sure: bool) -> str:
    return f"{'' if sure else '# '}{left} = {right}  # {why}"


def _look(table: Table, today: date) -> tuple[list[_FirstCells], int]:
    """Read the first rows, and return the columns with what is in them and the number of rows."""
    days = Days(today)
    columns = [_FirstCells(name) for name in table.header]
    refused: list[Refused] = []
    rows = 0
    for _, cells in islice(table.rows(refused), _ROWS):
        rows += 1
        for column, cell in zip(columns, cells, strict=True):
            column.add(cell, table, days)
    return [one for one in columns if not one.name.startswith(OURS)], rows


class _Proposal:
    """The lines of a mapping file, part by part."""

    def __init__(self, columns: Sequence[_FirstCells], rows: int, source: Source) -> None:
        self.rows = rows
        self.reads = source.name
        self.fields = source.kinds[0].columns
        self.known = {one.field for one in self.fields}
        self.named = {one.name: self._named(one) for one in columns}
        self.columns = columns
        self.taken: dict[str, str] = {}

    def _named(self, column: _FirstCells) -> Guess | None:
        found = column_named(column.name)
        if found is None or found.name not in self.known:
            return None
        if found.name == "name" and column.are_roles:
            return Guess("role", "its cells are IRO or chair", sure=True)
        dated = found.name in ("date", "from", "to", "date_of_birth")
        if dated and column.filled and not column.is_dates:
            return found._replace(why=f"{found.why}, but its cells are not dates", sure=False)
        return found

    def _plain(self) -> Iterator[str]:
        """Yield the lines of ``[columns]``; of two columns for one name, only the first is sure."""
        # The sure ones come first, so that "Person ID" wins over "ID".
        for column in sorted(self.columns, key=lambda one: not self._is_sure(one)):
            guess = self.named[column.name]
            if guess is None:
                continue
            why, sure = f"{guess.why}; {column.contents(self.rows)}", guess.sure
            if guess.name in self.taken:
                why, sure = f"{why}; {visible(self.taken[guess.name])} is taken for it", False
            elif sure:
                self.taken[guess.name] = column.name
            yield _line(guess.name, _quoted(column.name), why, sure=sure)

    def _is_sure(self, column: _FirstCells) -> bool:
        guess = self.named[column.name]
        return guess is not None and guess.sure

    def _dates(self) -> Iterator[str]:
        """Yield the lines of ``[events]``, one for each column of dates."""
        for column in self.columns:
            guess = event_guessed(column.name)
            if self.named[column.name] is not None or guess is None or detail_named(column.name):
                continue
            details = list(self._details(column, guess.name))
            # A conference without its outcome is taken to have made a plan, so the line is not sure
            # if another column may have the outcome.
            alone = not any(detail in ("outcome", "section_47") for detail, _ in details)
            why = f"{guess.why}; {column.contents(self.rows)}"
            sure = guess.sure and column.is_dates and alone
            yield _line(_quoted(column.name), _quoted(guess.name), why, sure=sure)
            for detail, other in details:
                both = f"{{ event = {_quoted(guess.name)}, {detail} = {_quoted(other.name)} }}"
                why = f"rather than that, if {visible(other.name)} is its {detail}"
                yield _line(_quoted(column.name), both, why, sure=False)

    def _details(self, column: _FirstCells, event: str) -> Iterator[tuple[str, _FirstCells]]:
        """Yield the columns that may be details of the event that a column has the date of."""
        for other in self.columns:
            guess, detail = event_guessed(other.name), detail_named(other.name)
            if other is column or other.is_dates or guess is None or detail is None:
                continue
            if guess.name == event and detail in EVENTS[event].details:
                yield detail, other

    def _words(self, column: _FirstCells) -> Iterator[str]:
        """Yield the lines of ``[values.event]``, one for each word in the column of events."""
        for text, times in column.values.most_common(_VALUES):
            if text.casefold() in EVENTS:
                continue
            guess = event_guessed(text) or Guess(
                "", "its words match none of our events", sure=False
            )
            why = f"{counted(times, 'row')}; {guess.why.replace('its name says', 'it says')}"
            yield _line(_quoted(text), _quoted(guess.name), why, sure=guess.sure)
        yield '# A row whose word is given as "" is left out; one that is not here is refused.'
        if len(column.values) > _VALUES:
            yield "# There are more words than these."

    def _rest(self) -> Iterator[str]:
        """Yield a comment for each column without a proposal."""
        for column in self.columns:
            guess = event_guessed(column.name) if self.reads == "events" else None
            if detail_named(column.name):
                guess = None
            if self.named[column.name] is None and guess is None:
                what = (
                    ", and it is not clear of what"
                    if column.is_dates and self.reads == "events"
                    else ""
                )
                if known := column_named(column.name):
                    what = f"; its name says {known.name}, which {self.reads} do not have"
                yield f"#   {visible(column.name)}: {column.contents(self.rows)}{what}"

    def _fixed(self) -> Iterator[str]:
        """Yield the lines of ``[fixed]``: the role in allocations, if no column has it."""
        if self.reads == "allocations" and "role" not in self.taken:
            yield from (
                "",
                "[fixed]  # the same in every row",
                '# role = "iro"  # or "chair": no column here says which of the two',
            )

    def lines(self) -> Iterator[str]:
        """Yield the whole file."""
        plain = list(self._plain())
        dated = list(self._dates()) if self.reads == "events" else []
        long = "event" in self.taken and "date" in self.taken
        wide = bool(dated) and not long
        if wide:
            # In a wide file each column of dates has its own event, so these two are not read.
            plain = [
                one if not one.startswith(("event = ", "date = ")) else f"# {one}" for one in plain
            ]
            self.taken["event"] = self.taken["date"] = ""
        yield "[columns]  # our column = the file's"
        yield from plain
        for field in (one.field for one in self.fields if one.needed):
            if field not in self.taken:
                yield f'# {field} = "…"  # needed, but no column here clearly is'
        yield from self._fixed()
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


def describe(table: Table, *, today: date, source: Source) -> str:
    """
    Propose a mapping file for a file, from its header and its first rows.

    Args:
        table: The file's only table.
        today: Today; the century of a two-digit year is worked out from its year.
        source: The source as which the file is to be imported.

    Returns:
        The text of a mapping file.  It can be used as it is; lines that are not sure are comments.

    Raises:
        InputRefusedError: The file cannot be read.
    """
    columns, rows = _look(table, today)
    head = [
        f"# How `iro import {source.name}` reads {visible(table.name)}: a proposal, from its",
        f"# header and {counted(rows, 'row')}.",
        "# Check every line; where an unsure line is right, delete its #.",
        "",
    ]
    return "\n".join([*head, *_Proposal(columns, rows, source).lines(), ""])
