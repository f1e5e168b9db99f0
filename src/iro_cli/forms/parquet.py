"""
Write a listing as a Parquet file for an analyst: typed columns, the statement in the schema.

The Arrow type of each field is declared here, also for the tables that Python programs get.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate, repeat
from operator import is_not
from struct import pack

from iro_cli.errors import UsageError
from iro_cli.forms import Form, Target
from iro_cli.forms.json_file import said
from iro_cli.forms.listing import (
    CHILD,
    DATE,
    FAMILY,
    LIST,
    NUMBER,
    RATE,
    TEXT,
    WHOLE,
    YES_NO,
    Export,
    Field,
    Value,
    typed,
)
from iro_cli.lean import Any, BinaryIO

# The day from which Arrow counts days.
FIRST_DAY = date(1970, 1, 1).toordinal()


def arrow(asked: str) -> Any:
    """
    Return the library pyarrow, which is an optional extra.

    Args:
        asked: What needs it, for the message.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            f"{asked} needs pyarrow, which is not installed: pip install 'iro-cli[parquet]'"
        ) from None
    return pa


def schema_of(pa: Any, fields: Iterable[Field], said: Mapping[str, object]) -> Any:
    """
    Return the Arrow schema of a listing, with the same types for any rows.

    Args:
        pa: The library.
        fields: The fields of the listing.
        said: The statements of the listing about itself; the schema keeps them as JSON.
    """
    kinds = {
        **dict.fromkeys((TEXT, CHILD, FAMILY), pa.string()),
        **dict.fromkeys((NUMBER, RATE), pa.float64()),
        DATE: pa.date32(),
        WHOLE: pa.int64(),
        YES_NO: pa.bool_(),
        LIST: pa.list_(pa.string()),
    }
    return pa.schema(
        [pa.field(field.name, kinds[field.kind]) for field in fields],
        metadata={"iro": json.dumps(said, ensure_ascii=False)},
    )


def batch_of(
    pa: Any,
    schema: Any,
    fields: Sequence[Field],
    records: Iterable[Any],
    common: Sequence[Value] = (),
) -> Any:
    """
    Return rows as an Arrow batch.

    Args:
        pa: The library.
        schema: What :func:`schema_of` returns for the same fields.
        fields: The fields.
        records: The values of each row, without those of the first fields that are common.
        common: The values of the first fields, if they are the same in every row.
    """
    columns: list[Sequence[Value]] = list(zip(*records, strict=True))
    found: list[Sequence[Value]] = [()] * len(fields)
    if columns:
        found = [*([one] * len(columns[0]) for one in common), *columns]
    arrays = [
        array_of(pa, _days(values) if field.kind == DATE else values, kind)
        for field, values, kind in zip(fields, found, schema.types, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _days(values: Sequence[Value]) -> Sequence[Value]:
    """Return days as dates, because a few listings give some as text."""
    return [typed(DATE, one) for one in values] if str in map(type, values) else values


def array_of(pa: Any, values: Sequence[Any], kind: Any) -> Any:
    """
    Return values as an Arrow array, with ``None`` for unknown values.

    ``pa.array`` loads pandas if it is installed, to check for values of pandas.  That takes long
    in each process, so the common kinds are built here.

    Args:
        pa: The library.
        values: The values, all of the same kind.
        kind: The Arrow type: text, days, whole numbers and booleans are built here; any other is
            left to the library.
    """
    types, known = pa.types, None
    if not values:
        return pa.nulls(0, kind)
    if None in values:
        if all(one is None for one in values):
            return pa.nulls(len(values), kind)
        known = _bits(pa, map(is_not, values, repeat(None)))
    if types.is_string(kind):
        filled = values if known is None else [one or "" for one in values]
        return pa.Array.from_buffers(kind, len(values), [known, *_texts(pa, filled)])
    if types.is_date32(kind) and str not in map(type, values):
        days = [0 if one is None else one.toordinal() - FIRST_DAY for one in values]
        content = _whole(pa, "i", days)
    elif types.is_int32(kind) or types.is_int64(kind):
        code = "i" if types.is_int32(kind) else "q"
        content = _whole(pa, code, values if known is None else [one or 0 for one in values])
    elif types.is_boolean(kind):
        content = _bits(pa, map(bool, values))
    else:
        return pa.array(values, kind)
    return pa.Array.from_buffers(kind, len(values), [known, content])


def _texts(pa: Any, texts: Sequence[Any]) -> tuple[Any, Any]:
    """Return two buffers: where each text ends, and all texts together."""
    together = "".join(texts)
    # A text of ASCII has as many bytes as letters.
    sizes = map(len, texts if together.isascii() else [one.encode() for one in texts])
    ends = _whole(pa, "i", [*accumulate(sizes, initial=0)])
    return ends, pa.py_buffer(together.encode())


def _whole(pa: Any, code: str, numbers: Sequence[int]) -> Any:
    """
    Return a buffer of whole numbers.

    Args:
        pa: The library.
        code: How large each is, as :mod:`struct` names it.
        numbers: The numbers.
    """
    return pa.py_buffer(pack(f"{len(numbers)}{code}", *numbers))


def _bits(pa: Any, flags: Iterable[bool]) -> Any:
    """Return a buffer with one bit for each flag."""
    every = pa.py_buffer(bytes(flags))
    return (
        pa.Array.from_buffers(pa.uint8(), every.size, [None, every]).cast(pa.bool_()).buffers()[1]
    )


def write_parquet(export: Export, out: BinaryIO, _: Target) -> None:
    """
    Write a listing as a Parquet file.

    The columns are the fields of JSON.

    Raises:
        UsageError: The library is not installed.
    """
    pa = arrow("--format parquet")
    import pyarrow.parquet  # noqa: PLC0415

    schema = schema_of(pa, export.fields, said(export))
    batch = batch_of(pa, schema, export.fields, export.records)
    pyarrow.parquet.write_table(pa.Table.from_batches([batch]), out)


FORM = Form("parquet", "parquet", write_parquet, binary=True)
