"""The Parquet file, opened in DuckDB."""

import json
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from forms.conftest import Run

pytestmark = [
    pytest.mark.skipif(find_spec(name) is None, reason=f"NOT TESTED: `pip install {name}`")
    for name in ("pyarrow", "duckdb")
]


def _ask(*words: Any) -> Any:
    import duckdb  # noqa: PLC0415 - each worker imports this file

    return duckdb.connect().execute(*words)


LISTINGS = [
    ("due", "--all"),
    ("overdue",),
    ("caseload",),
    ("show", "A-001"),
    ("explain", "A-001"),
    ("child", "list"),
    ("history",),
    ("changes", "--since", "2025-02-03", "--facts-of-today"),
    ("doctor",),
    ("timescales",),
    ("watch",),
    ("calendar",),
    ("when", "cla.review.first", "2025-12-10"),
]


def _rows(path: Path) -> list[dict[str, Any]]:
    found = _ask("SELECT * FROM read_parquet(?)", [str(path)])
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _types(path: Path) -> dict[str, str]:
    found = _ask("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])
    return {row[0]: row[1] for row in found.fetchall()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one[0])
def test_duckdb_reads_every_row(
    listing: tuple[str, ...], store: Path, iro: Run, home: Path
) -> None:
    """The same fields and values as in JSON, in the same order."""
    expected = json.loads(iro(*listing, "-f", "json").out)["rows"]
    iro(*listing, "-f", "parquet", "-o", "listing.parquet")
    found = _rows(home / "listing.parquet")

    assert expected == [{name: _plain(value) for name, value in row.items()} for row in found]


def test_types_do_not_depend_on_the_rows(store: Path, iro: Run, home: Path) -> None:
    """Nothing due has the same columns as something."""
    iro("due", "-f", "parquet", "-o", "some.parquet")
    iro("due", "-f", "parquet", "-o", "none.parquet", "--as-of", "2024-12-01")
    types = _types(home / "some.parquet")

    assert (types["due"], types["days_left"], types["booked"]) == ("DATE", "BIGINT", "DATE")
    assert types == _types(home / "none.parquet")
    assert _rows(home / "none.parquet") == []


def test_the_statement_is_in_the_schema(store: Path, iro: Run, home: Path) -> None:
    """What JSON says beside its rows."""
    expected = json.loads(iro("overdue", "-f", "json").out)
    del expected["rows"]
    iro("overdue", "-f", "parquet", "-o", "listing.parquet")
    found = _ask(
        "SELECT value FROM parquet_kv_metadata(?) WHERE key = 'iro'",
        [str(home / "listing.parquet")],
    )

    assert expected == json.loads(bytes(found.fetchone()[0]))


def test_without_the_library_only_its_own_form_is_refused(
    store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how to install it; what else there is to write can still be named."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    wanted = iro("due", "-f", "parquet", "-o", "due.parquet")
    other = iro("due", "-o", "due.odt")

    assert (wanted.code, other.code) == (2, 2)
    assert "pip install 'iro-cli[parquet]'" in wanted.err
    assert "writes no .odt files, only" in other.err
