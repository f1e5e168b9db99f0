"""Write a listing as one JSON object: its statement and its rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from iro_cli.forms import Form, Target
from iro_cli.forms.listing import EVENTS, ROW, ROWS, Export, Field, recorded
from iro_cli.lean import Any, TextIO

_ONE_LEVEL = json.JSONEncoder(ensure_ascii=False, separators=(",\n   ", ": "))
# How a listing without rows ends, from the end of the rows on.
_END = "]\n}"


def json_value(value: object) -> object:
    """Return a value in the form that JSON has for it."""
    return value.isoformat() if isinstance(value, date) else value


def records_of(
    names: Sequence[str], records: Iterable[Sequence[object]]
) -> Iterator[dict[str, object]]:
    """Yield rows as JSON objects, with the names of their fields."""
    for record in records:
        yield {name: json_value(value) for name, value in zip(names, record, strict=True)}


def json_beside(field: Field, value: Any) -> object:
    """Return the value of a field beside the rows in the form that JSON has for it."""
    if field.kind not in (ROW, ROWS, EVENTS):
        return (
            [json_value(one) for one in value]
            if isinstance(value, list | tuple)
            else json_value(value)
        )
    rows = [value] if field.kind == ROW else value
    found = list(records_of([one.name for one in field.of], recorded(field.of, rows)))
    if field.kind == EVENTS:
        return [{key: said for key, said in row.items() if said is not None} for row in found]
    return found[0] if field.kind == ROW else found


def said(export: Export) -> dict[str, object]:
    """Return the statements of a listing about itself in the form that JSON has for them."""
    own = {field.name: field for field in export.beside}
    return {
        name: json_beside(own[name], value)
        if name in own and value is not None
        else json_value(value)
        for name, value in export.about.items()
    }


def dump(data: object, out: TextIO) -> None:
    """Write JSON with line breaks, so that people can read it."""
    json.dump(data, out, ensure_ascii=False, indent=1)
    out.write("\n")


def write_json(export: Export, out: TextIO, _: Target) -> None:
    """Write one JSON object, also if there are no rows."""
    whole = json.dumps({**said(export), "rows": []}, ensure_ascii=False, indent=1)
    start, between = whole.removesuffix(_END), "\n  "
    for row in records_of(export.names, export.records):
        out.write(f"{start}{between}{_row_text(row)}")
        start, between = "", ",\n  "
    out.write(f"{whole}\n" if start else f"\n {_END}\n")


def _row_text(row: dict[str, object]) -> str:
    """Return a row as :func:`dump` would write it among other rows."""
    if any(isinstance(value, list | tuple | dict) for value in row.values()):
        text = json.dumps(row, ensure_ascii=False, indent=1)
        # No text in JSON has a line break of its own.
        return text.replace("\n", "\n  ")
    # The library's encoder is much faster without an indent.  A row without lists has one level,
    # so the line breaks can stand in the separator.
    return f"{{\n   {_ONE_LEVEL.encode(row)[1:-1]}\n  }}"


def write_about(export: Export, out: TextIO) -> None:
    """Write the statements of a listing about itself, beside a file that has only its rows."""
    dump(said(export), out)


FORM = Form("json", "json", write_json)
