"""
Replace the children's ids in a listing by pseudonyms that only the holder of a key can make.

A field that is not declared harmless is left out, whatever it holds: labels, dates of birth,
reasons and notes, text that may have ids in it, and fields that are added later.
"""

from base64 import b32encode
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from hmac import digest
from itertools import groupby

from iro_cli.forms.appointments import Appointments
from iro_cli.forms.listing import (
    CHILD,
    DATE,
    FAMILY,
    ROW,
    Export,
    Field,
    Grid,
    Value,
    grid,
    recorded,
)
from iro_cli.forms.statement import ABOUT, sentence
from iro_cli.lean import Any, NamedTuple

# The name of the key of the pseudonyms, which is stated beside the rows.
KEY = Field("pseudonyms", harmless=True)


class Pseudonyms:
    """The pseudonyms of one key: a child has the same one in every export."""

    def __init__(self, key: bytes) -> None:
        """Keep the key."""
        self._key = key
        # This shows which key was used without revealing it.
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


class _ReplacedRows(NamedTuple):
    fields: tuple[Field, ...]
    records: list[tuple[Value, ...]]


def _value(field: Field, row: dict[str, Value], names: Pseudonyms) -> Value:
    found = row[field.name]
    if found is None or (callable(field.harmless) and not field.harmless(row)):
        return None
    if field.kind == CHILD:
        return names.child(str(found))
    return names.group(str(found)) if field.kind == FAMILY else found


def _replaced(
    fields: Sequence[Field], records: Iterable[Sequence[Value]], names: Pseudonyms
) -> _ReplacedRows:
    kept = tuple(field for field in fields if field.harmless or field.kind in (CHILD, FAMILY))
    every = [field.name for field in fields]
    rows = [dict(zip(every, record, strict=True)) for record in records]
    made = [tuple(_value(field, row, names) for field in kept) for row in rows]
    # The rows are replaced, so each field now takes its value from its place in the record.
    placed = tuple(
        field._replace(
            value=_at(place), cell=None, column=None, right=None, whole=field.kind == DATE
        )
        for place, field in enumerate(kept)
    )
    return _ReplacedRows(placed, _reordered(kept, made))


def _at(place: int) -> Callable[[Sequence[Value]], Value]:
    return lambda record: record[place]


def _reordered(
    fields: Sequence[Field], records: list[tuple[Value, ...]]
) -> list[tuple[Value, ...]]:
    """
    Sort rows by pseudonym that were sorted by id.

    Otherwise their order would show which pseudonym belongs to which id.
    """
    first = next((place for place, field in enumerate(fields) if field.kind == CHILD), None)
    if first is None:
        return records

    def pseudonym(record: tuple[Value, ...]) -> str:
        return str(record[first])

    # Rows of the same due date stay together.  In a listing without one, rows with the same first
    # field do, such as the change in a history or the severity of a finding.
    due = next((place for place, field in enumerate(fields) if field.name == "due"), None)
    kept = due if due is not None else 0
    if kept == first:
        return sorted(records, key=pseudonym)
    return [
        record
        for _, together in groupby(records, lambda one: one[kept])
        for record in sorted(together, key=pseudonym)
    ]


def _grid(name: str, rows: _ReplacedRows, notes: tuple[str, ...] = ()) -> Grid:
    """Make a table for people from the rows only: the listing's own tables name children."""
    late = next((field for field in rows.fields if field.late), None)

    def tone(record: Sequence[Value]) -> str:
        return "overdue" if late and late.late and late.late(late.get()(record)) else ""

    return grid(name, rows.fields, rows.records, notes, tone=tone)


def _about(export: Export, names: Pseudonyms) -> tuple[dict[str, Any], tuple[Field, ...]]:
    """Replace the statements beside the rows, and leave out those not declared harmless."""
    own = {field.name: field for field in export.beside}
    stated = {field.name: field for field in ABOUT}
    kept: dict[str, Any] = {}
    beside: list[Field] = []
    for name, value in export.about.items():
        field = own.get(name) or stated.get(name)
        if field is None or not field.harmless:
            continue
        if field.of and value is not None:
            rows = [value] if field.kind == ROW else value
            found = _replaced(field.of, recorded(field.of, rows), names)
            field = field._replace(of=found.fields)
            kept[name] = found.records[0] if field.kind == ROW else found.records
        else:
            kept[name] = value
        if name in own:
            beside.append(field)
    return {**kept, KEY.name: names.key_name}, (*beside, KEY)


def pseudonymised(export: Export, names: Pseudonyms) -> Export:
    """
    Return a listing that shows no child's id, label or date of birth.

    Args:
        export: The listing.
        names: The pseudonyms.
    """
    about, beside = _about(export, names)
    main = _replaced(export.fields, export.records, names)

    def parts() -> list[Export]:
        return [
            Export(
                part.name,
                *_replaced(part.fields, part.records, names),
                {},
                (),
                tuple,
                paper=part.paper,
            )
            for part in export.parts()
        ]

    return export._replace(
        fields=main.fields,
        records=main.records,
        about=about,
        beside=beside,
        grids=lambda: [_grid(export.name, main, (sentence(about),))],
        parts=parts,
        appointments=_appointments(export.appointments, names) if export.appointments else None,
    )


def _appointments(
    appointments: Callable[[], Appointments], names: Pseudonyms
) -> Callable[[], Appointments]:
    def made() -> Appointments:
        found = appointments()
        entries = [one._replace(child=names.child(one.child), label=None) for one in found.entries]
        entries.sort(key=lambda one: (one.day, one.at or "", one.child, one.key))
        return found._replace(entries=entries)

    return made
