"""The Parquet file is opened in DuckDB."""

import json
import os
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from forms.conftest import Run
from iro_cli.forms.parquet import array_of
from running import each

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


@pytest.mark.slow
@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one[0])
def test_duckdb_reads_every_row(
    listing: tuple[str, ...], store: Path, iro: Run, home: Path
) -> None:
    """Fields, values and order are those of JSON."""
    expected = json.loads(iro(*listing, "-f", "json").out)["rows"]
    iro(*listing, "-f", "parquet", "-o", "listing.parquet")
    found = _rows(home / "listing.parquet")

    assert expected == [{name: _plain(value) for name, value in row.items()} for row in found]


def test_types_do_not_depend_on_the_rows(store: Path, iro: Run, home: Path) -> None:
    """An empty listing has the same columns and types."""
    iro("due", "-f", "parquet", "-o", "some.parquet")
    iro("due", "-f", "parquet", "-o", "none.parquet", "--as-of", "2024-12-01")
    types = _types(home / "some.parquet")

    assert (types["due"], types["days_left"], types["booked"]) == ("DATE", "BIGINT", "DATE")
    assert types == _types(home / "none.parquet")
    assert _rows(home / "none.parquet") == []


def test_the_statement_is_in_the_schema(store: Path, iro: Run, home: Path) -> None:
    """The schema has what JSON has beside its rows."""
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
    """The message says how to install it; the other forms still work."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    wanted = iro("due", "-f", "parquet", "-o", "due.parquet")
    other = iro("due", "-o", "due.odt")

    assert (wanted.code, other.code) == (2, 2)
    assert "pip install 'iro-cli[parquet]'" in wanted.err
    assert "writes no .odt files, only" in other.err


@each(
    "values, kind",
    [
        (["Wren", None, "Zoë \N{SNOWMAN}", ""], "string"),
        ([date(2026, 11, 2), None, date(1969, 12, 31)], "date32"),
        ([date(2026, 11, 2)] * 9, "date32"),
        ([0, -3, None, 1 << 40], "int64"),
        ([True, None, False] * 7, "bool_"),
        ([0.5, None], "float64"),
        ([], "date32"),
        ([None], "string"),
    ],
)
def test_an_array_is_what_the_library_makes_of_the_values(values: list[Any], kind: str) -> None:
    """With missing values, days before and after 1970, any language, and no row."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    of = getattr(pa, kind)()
    found = array_of(pa, values, of)
    found.validate(full=True)

    assert found.equals(pa.array(values, of))
    assert found.to_pylist() == values


@pytest.mark.slow
def test_pandas_is_not_loaded_where_it_is_installed(store: Path, home: Path) -> None:
    """It loads slowly, and neither a Parquet file nor `tables.due` needs it."""
    (home / "pandas").mkdir()
    (home / "pandas" / "__init__.py").write_text("raise SystemExit('pandas was loaded')\n")
    script = """
import sys
from datetime import date
import pyarrow as pa
from iro_cli import tables
from iro_cli.__main__ import run
from iro_cli.forms.parquet import array_of
code = run(["due", "--all", "-f", "parquet", "-o", "due.parquet"])
text, day = pa.string(), pa.date32()
children = pa.table({"child_id": array_of(pa, ["A", "B"], text)})
events = pa.table({
    "child_id": array_of(pa, ["A", "A", "B"], text),
    "event": array_of(pa, ["cla.start", "placement.start", "cla.start"], text),
    "date": array_of(pa, [date(2026, 10, 12), date(2026, 10, 13), date(2026, 11, 2)], day),
    "note": array_of(pa, [None, "x", "y"], text),
})
found = tables.due(events, children, as_of=date(2026, 11, 23))
# 20 working days from Mondays 12 October and 2 November 2026.
assert [str(one) for one in found["due"].to_pylist()] == ["2026-11-09", "2026-11-30"], found
print(code, "pandas" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(home), *sys.path])},
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "0 False\n", "")
    assert (home / "due.parquet").stat().st_size
