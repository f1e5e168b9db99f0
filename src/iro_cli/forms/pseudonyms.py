"""
Listings without the children's ids: each replaced by a pseudonym that only the key's holder makes.

What is not known to be harmless is left out: ids typed into text, labels, dates
of birth, reasons and notes.
"""

from base64 import b32encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from hmac import digest
from itertools import groupby
from typing import NamedTuple

from iro_cli.dates.words import spoken
from iro_cli.forms.fields import heading, kinds_of
from iro_cli.forms.sheet import Column, Diary, Line, Part, Sheet, Table, Value
from iro_cli.forms.statement import sentence
from iro_cli.obligations.listing import OVERDUE

_CHILD = ("child", "child_id")
_GROUP = "sibling_group"
# In a row about a child nothing else is passed on.
_HARMLESS = frozenset(
    (
        *("timescale", "title", "process", "clock_started", "due", "hold_by", "status"),
        *("days_left", "working_days_left", "booked", "booked_late", "iro", "chair", "team"),
        *("provisional", "assumed", "held", "days_late", "limit", "left_out", "authority"),
        *("provision", "url", "words", "checked", "refused", "nation", "change", "at", "who"),
        *("what", "event", "on", "date", "severity", "check", "outcome", "section_47"),
        *("completed_on", "participation", "ordinal", "in_time", "period"),
        *("raised", "days_open", "working_days_open", "stage_on", "responded", "escalated"),
        *("resolved", "drawn", "audited", "auditor", "month"),
    )
)
# In a row about no child these have no place all the same.
_HARMFUL = frozenset(
    (
        *("label", "date_of_birth", "expected_date_of_delivery", "reason", "note", "reference"),
        *("details", "command"),
    )
)
_DAYS = ("on", "date")


class Pseudonyms:
    """Pseudonyms of one key: the same for the same child, whatever the export."""

    def __init__(self, key: bytes) -> None:
        """Take the key."""
        self._key = key
        # Says which key it was, and nothing about it.
        self.key_name = sha256(b"iro key\0" + key).hexdigest()[:8]

    def _of(self, kind: str, text: str) -> str:
        made = digest(self._key, f"{kind}\0{text}".encode(), "sha256")
        return b32encode(made)[:12].decode()

    def child(self, child_id: str) -> str:
        """Return a child's pseudonym."""
        return f"P-{self._of('child', child_id)}"

    def group(self, name: str) -> str:
        """Return a sibling group's pseudonym."""
        return f"G-{self._of('group', name)}"


class _Rows(NamedTuple):
    fields: tuple[str, ...]
    records: list[tuple[Value, ...]]


def _is_birth(row: dict[str, Value]) -> bool:
    """Say whether the day of a row is, or may be, a date of birth."""
    return row.get("event") == "child.born" or str(row.get("what", "")).endswith(" child")


def _kept(fields: Sequence[str]) -> list[str]:
    if any(field in _CHILD for field in fields):
        return [one for one in fields if one in _HARMLESS or one in (*_CHILD, _GROUP)]
    return [one for one in fields if one not in _HARMFUL]


def _value(field: str, row: dict[str, Value], names: Pseudonyms) -> Value:
    found = row[field]
    if found is None or (field in _DAYS and _is_birth(row)):
        return None
    if field in _CHILD:
        return names.child(str(found))
    return names.group(str(found)) if field == _GROUP else found


def _replaced(
    fields: Sequence[str], records: Sequence[Sequence[Value]], names: Pseudonyms
) -> _Rows:
    kept = _kept(fields)
    rows = [dict(zip(fields, record, strict=True)) for record in records]
    made = [tuple(_value(field, row, names) for field in kept) for row in rows]
    return _Rows(tuple(kept), _reordered(kept, made))


def _reordered(fields: Sequence[str], records: list[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    """Put rows that stood in the order of ids into that of pseudonyms: the order tells too."""
    first = next((place for place, field in enumerate(fields) if field in _CHILD), None)
    if first is None:
        return records

    def pseudonym(record: tuple[Value, ...]) -> str:
        return str(record[first])

    # What stays together: a due date or else, where a child does not come first, what does, as
    # the change of a history and the severity of a finding.
    due = list(fields).index("due") if "due" in fields else None
    kept = due if due is not None else 0
    if kept == first:
        return sorted(records, key=pseudonym)
    return [
        record
        for _, together in groupby(records, lambda one: one[kept])
        for record in sorted(together, key=pseudonym)
    ]


def _words(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return spoken(value)  # type: ignore[arg-type]


def _table(name: str, rows: _Rows, notes: tuple[str, ...] = ()) -> Table:
    """Make a table for people of rows alone: the listing's own names children in many places."""
    kinds = kinds_of(rows.fields, rows.records)
    columns = tuple(
        Column(heading(field), right=kind in ("whole", "number"), whole=kind == "date")
        for field, kind in zip(rows.fields, kinds, strict=True)
    )
    status = list(rows.fields).index("status") if "status" in rows.fields else None
    lines = [
        Line(
            tuple(map(_words, record)),
            OVERDUE if status is not None and record[status] == OVERDUE else "",
        )
        for record in rows.records
    ]
    return Table(name, columns, lines, notes)


def _about(about: dict[str, object], names: Pseudonyms) -> dict[str, object]:
    """Replace what stands beside the rows: values alone stay, tables are treated as rows are."""
    found: dict[str, object] = {}
    for key, value in about.items():
        if not isinstance(value, list):
            found[key] = value
        elif all(isinstance(one, dict) for one in value):
            found[key] = [_beside(one, names) for one in value]
    return {**found, "pseudonyms": names.key_name}


def _beside(row: dict[str, Value], names: Pseudonyms) -> dict[str, Value]:
    # An event stands among a child's facts, which do not name the child.
    fields = [*row, *(["child"] if "event" in row else [])]
    kept = [field for field in _kept(fields) if field in row]
    return {field: _value(field, row, names) for field in kept}


def pseudonymised(sheet: Sheet, names: Pseudonyms) -> Sheet:
    """
    Return a listing in which no child can be told by id, label or date of birth.

    Args:
        sheet: The listing.
        names: The pseudonyms.
    """
    about = _about(sheet.about, names)
    main = _replaced(sheet.fields, list(sheet.records), names)

    def parts() -> list[Part]:
        return [
            Part(part.name, *_replaced(part.fields, part.records, names)) for part in sheet.parts()
        ]

    return sheet._replace(
        fields=main.fields,
        records=main.records,
        about=about,
        tables=lambda: [_table(sheet.name, main, (sentence(about),))],
        parts=parts,
        diary=_diary(sheet.diary, names) if sheet.diary else None,
    )


def _diary(diary: Callable[[], Diary], names: Pseudonyms) -> Callable[[], Diary]:
    def made() -> Diary:
        found = diary()
        entries = [one._replace(child=names.child(one.child), label=None) for one in found.entries]
        entries.sort(key=lambda one: (one.day, one.at or "", one.child, one.key))
        return found._replace(entries=entries)

    return made
