"""The commands of docs/country.md take an analyst from Parquet to rows, on DuckDB and on Spark."""

import csv
import io
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from stores import typed_into

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "country.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS: list[str] = [
    line for block in BLOCK.findall(PAGE.read_text("utf-8")) for line in block.split("\n")
]
DAY = "2026-11-23"
CODES = ["0901", "E06000902"]

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


def written(value: Any) -> str:
    """Write a value of a table as the command writes it in CSV."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def rows_of(path: Path) -> dict[str, list[list[str]]]:
    """Return the rows of each authority, in their order there, as the command writes them."""
    import pyarrow.dataset  # noqa: PLC0415 - an extra

    found: dict[str, list[list[str]]] = {}
    for row in pyarrow.dataset.dataset(path).to_table().to_pylist():
        found.setdefault(row.pop("authority"), []).append([*map(written, row.values())])
    return found


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Return the rows that the command lists of the fictional authority, which is in both."""
    store = typed_into(tmp_path_factory.mktemp("listed") / "iro.db", DAY, "demo")
    done = subprocess.run(
        [sys.executable, "-m", "iro_cli", "due", "--all", "-f", "csv"],
        env=os.environ | {"IRO_DATABASE": str(store), "IRO_AS_OF": DAY},
        capture_output=True,
        text=True,
        check=True,
    )
    return [*csv.reader(io.StringIO(done.stdout))][1:]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return a function that runs a line in a folder with the examples and a small country."""
    folder = tmp_path_factory.mktemp("analyst")
    (folder / "examples").symlink_to(ROOT / "examples")
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    known = os.environ | {"PATH": f"{python.parent}:{os.environ['PATH']}"}

    def run(line: str, **more: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            ["sh", "-ec", line],
            cwd=folder,
            env=known | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done

    run(command("make_country"))
    return run


def command(name: str) -> str:
    """Return the command of the page that contains a text."""
    (found,) = (one for one in COMMANDS if name in one)
    return found


def test_every_command_is_run_here() -> None:
    """Commands that install are compared with the names of the extra and the libraries."""
    run = ("make_country", "duckdb_recipe", "duckdb.sql", "spark_recipe")
    installing = [
        "python -m pip install \".[parquet]\" 'duckdb>=1.3'",
        "pip install 'pyspark[sql]>=4'",
    ]

    assert sorted(filter(None, COMMANDS)) == sorted([*map(command, run), *installing])


def test_duckdb_has_the_rows_of_the_command(shell: Shell, listed: list[list[str]]) -> None:
    """Two authorities with the same ids have every row and value, in the same order."""
    said = shell(command("duckdb_recipe")).stdout
    counts = shell(command("duckdb.sql")).stdout
    folder = Path(shell("pwd").stdout.strip())

    assert len(listed) == 63
    assert said == "126 rows\n"
    assert rows_of(folder / "due.parquet") == dict.fromkeys(CODES, listed)
    assert all(counts.count(code) >= 4 for code in CODES)


def test_events_of_an_authority_without_children_are_refused(shell: Shell) -> None:
    """They are refused, and not left out as if nothing were due there."""
    done = shell(
        "cp -r country lacking && rm -r lacking/children/authority=E06000902 && ! "
        "python examples/country/duckdb_recipe.py lacking 2026-11-23 none.parquet && ls"
    )

    assert "InputRefusedError" in done.stderr
    assert "TS-0101" in done.stderr
    # The first authority had its rows by then.
    assert "none.parquet" not in done.stdout


def test_a_folder_without_a_country_is_refused(shell: Shell) -> None:
    """A mistyped name is not a country in which nothing is due."""
    done = shell("! python examples/country/duckdb_recipe.py cuntry 2026-11-23 none.parquet && ls")

    assert done.stderr.startswith("cuntry: there is no folder such as children/authority=")
    assert "none.parquet" not in done.stdout


def test_spark_has_the_rows_of_the_command(shell: Shell, listed: list[list[str]]) -> None:
    """Spark gives the rows of DuckDB, with one authority at a time in a worker."""
    if not find_spec("pyspark") or not find_spec("pandas") or not which("java"):
        pytest.skip("THE SPARK RECIPE IS NOT TESTED: pyspark, pandas or java is not installed")
    shell(command("spark_recipe"), SPARK_LOCAL_IP="127.0.0.1")
    folder = Path(shell("pwd").stdout.strip())

    assert rows_of(folder / "due") == dict.fromkeys(CODES, listed)
