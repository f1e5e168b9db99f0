"""A listing as a Parquet file, for an analyst: typed columns, and the statement in the schema."""

import json

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
    Value,
    typed,
)
from iro_cli.lean import Any, BinaryIO


def _library() -> Any:
    """
    Return the library, which is an extra.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415
        import pyarrow.parquet  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "--format parquet needs pyarrow, which is not installed: pip install 'iro-cli[parquet]'"
        ) from None
    return pa


def write_parquet(export: Export, out: BinaryIO, _: Target) -> None:
    """
    Write a listing as a Parquet file.

    The columns are the fields of JSON, of the same type whatever rows there are.

    Raises:
        UsageError: The library is not installed.
    """
    pa = _library()
    kinds = {
        **dict.fromkeys((TEXT, CHILD, FAMILY), pa.string()),
        **dict.fromkeys((NUMBER, RATE), pa.float64()),
        DATE: pa.date32(),
        WHOLE: pa.int64(),
        YES_NO: pa.bool_(),
        LIST: pa.list_(pa.string()),
    }
    columns: list[list[Value]] = [[] for _ in export.fields]
    for record in export.records:
        for column, field, value in zip(columns, export.fields, record, strict=True):
            column.append(typed(field.kind, value))
    types = [kinds[field.kind] for field in export.fields]
    schema = pa.schema(
        [pa.field(name, kind) for name, kind in zip(export.names, types, strict=True)],
        metadata={"iro": json.dumps(said(export), ensure_ascii=False)},
    )
    arrays = [pa.array(values, kind) for values, kind in zip(columns, types, strict=True)]
    pa.parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), out)


FORM = Form("parquet", "parquet", write_parquet, binary=True)
