"""A new import source is a module and a line: done here in a copy of the program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import iro_cli

# How the code is built, and not what it does.
pytestmark = pytest.mark.slow

# A register of another authority: every child in care, and since when.
MODULE = '''
"""The register of Testshire's neighbour: who is looked after, since when."""

from collections.abc import Sequence
from pathlib import Path

from iro_cli.extracts.batch import Batch, Cover
from iro_cli.extracts.source import Source
from iro_cli.facts.model import Child, Event
from iro_cli.incoming.files import files_of
from iro_cli.incoming.kinds import Column, TableKind
from iro_cli.incoming.rows import Reading, Rows
from iro_cli.incoming.table import tables_in

CARE = TableKind(
    "the register",
    (Column("child", "Ring", needed=True), Column("starts", "In care since", needed=True)),
    known=("Nest",),
)


def _read(paths: Sequence[Path], reading: Reading) -> Batch:
    batch = Batch()
    for file in files_of(paths, (".csv",), [], reading.doubts.piped):
        for table in tables_in(file, reading.warnings):
            for row in Rows(table, CARE, CARE.places(table), reading):
                child_id, on = row.child(), row.needed_day("starts")
                if row.good and on is not None:
                    batch.children.append(Child(child_id))
                    batch.facts.append((child_id, Event("cla.start", on), row.where))
    batch.covers.append(Cover(frozenset({"cla.start"}), everyone=True))
    return batch


SOURCE = Source("register", "a register", "extracts/register.md", _read, (CARE,))
'''


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the program that knows one source more."""
    folder = tmp_path_factory.mktemp("copy")
    package = Path(iro_cli.__file__).parent
    shutil.copytree(package, folder / "iro_cli", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "iro_cli" / "extracts" / "register.py").write_text(MODULE, "utf-8")
    registry = folder / "iro_cli" / "extracts" / "__init__.py"
    text = registry.read_text("utf-8")
    line = '    "ssd": "ssd",\n'
    assert text.count(line) == 1
    registry.write_text(text.replace(line, f'{line}    "register": "register",\n'), "utf-8")
    return folder


def _iro(copied: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IRO_")}
    environment = {
        **kept, "PYTHONPATH": str(copied), "IRO_DATABASE": "store.db", "IRO_AS_OF": "2026-11-23",
        **more,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "iro_cli", *words],
        cwd=copied, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_is_imported_like_the_others(copied: Path) -> None:
    """With the one reader of cells, refusals, snapshots and all."""
    (copied / "register.csv").write_text(
        "Ring,In care since,Nest,Song\n007,05-OCT-2026,Oak,loud\n008,soon,Ash,\n", "utf-8"
    )
    refused = _iro(copied, "import", "register", "register.csv")
    done = _iro(copied, "import", "register", "register.csv", "--skip-refused")
    due = _iro(copied, "due", "--all", "-f", "csv")

    assert refused.returncode == 3
    assert "register.csv: row 3, column In care since: not a date" in refused.stderr
    assert done.returncode == 0
    assert "not read, because no column or element of this name is known: Song, 1 time" in (
        done.stderr
    )
    assert due.stdout.splitlines()[1].startswith("007,cla.review.first,First review,cla,2026-10-05")


def test_the_command_line_knows_it(copied: Path) -> None:
    """Its errors name it, and Tab offers it."""
    wrong = _iro(copied, "import", "registre", "register.csv")
    replaced = _iro(copied, "import", "events", "register.csv", "--replace")
    tab = _iro(
        copied,
        _IRO_COMPLETE="complete_bash", COMP_WORDS="iro import reg", COMP_CWORD="2",
    )  # fmt: skip

    assert "did you mean register?" in wrong.stderr
    assert "--replace is for ssda903, annex-a, cin-census, ssd, register" in replaced.stderr
    assert tab.stdout.split() == ["register"]
