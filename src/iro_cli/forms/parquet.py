"""A listing as a Parquet file, for an analyst: typed columns, and the statement in the schema."""

import json
from typing import Any, BinaryIO

from iro_cli.errors import UsageError
from iro_cli.forms.fields import Kind, kinds_of, typed
from iro_cli.forms.sheet import Sheet, Value

try:
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import parquet
except ImportError:
    raise UsageError(
        "--format parquet needs pyarrow, which is not installed: pip install 'iro-cli[parquet]'"
    ) from None

_TYPES: dict[Kind, Any] = {
    "text": pa.string(),
    "date": pa.date32(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "rate": pa.float64(),
    "yes-no": pa.bool_(),
    "list": pa.list_(pa.string()),
}


def _column(kind: Kind, values: list[Value]) -> Any:
    if kind == "text":
        texts = [value if isinstance(value, str | None) else str(value) for value in values]
        return pa.array(texts, _TYPES[kind])
    return pa.array([typed(kind, value) for value in values], _TYPES[kind])


def write_parquet(sheet: Sheet, out: BinaryIO) -> None:
    """
    Write a listing as a Parquet file.

    The columns are the fields of JSON, of the same type whatever rows there are.

    Args:
        sheet: The listing.
        out: Where to.
    """
    records = list(sheet.records)
    kinds = kinds_of(sheet.fields, records)
    columns = [
        _column(kind, [record[place] for record in records]) for place, kind in enumerate(kinds)
    ]
    schema = pa.schema(
        [pa.field(field, _TYPES[kind]) for field, kind in zip(sheet.fields, kinds, strict=True)],
        metadata={"iro": json.dumps(sheet.about, ensure_ascii=False)},
    )
    parquet.write_table(pa.Table.from_arrays(columns, schema=schema), out)
