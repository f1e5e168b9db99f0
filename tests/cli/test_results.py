"""Standard output has only results, and nothing that a library prints."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli import results
from running import Answer, first_fast, piped

EXTRACTS = Path(__file__).parents[2] / "examples" / "extracts"
# Every library outside Python's own prints in three ways while it is imported: through Python, past
# Python, and through C's buffer, which is written when it is full or at the end.
_SPEAKING = """
import ctypes, os, sys
from iro_cli.__main__ import main

speaks = set(sys.argv.pop(1).split(","))

def hook(event, args):
    if event == "import" and args[0] in speaks:
        print(f"{args[0]} greets")
        os.write(1, f"{args[0]} greets\\n".encode())
        if os.name == "posix":
            ctypes.CDLL(None).puts(f"{args[0]} greets".encode())

sys.addaudithook(hook)
main()
"""
# Each question, with the libraries that it loads.
SPEAKERS = {
    "suggest -f csv": ("highspy",),
    "due -f parquet": ("pyarrow",),
    "due -f xlsx": ("xlsxwriter",),
    "due -f ics": ("icalendar", "dateutil"),
    "report quarterly": ("matplotlib", "numpy", "jinja2"),
    "report annual -o annual.docx": ("docx", "matplotlib"),
    "import annex-a annex-a.xlsx --dry-run -f json": ("python_calamine",),
    "doctor": ("holidays", "dateutil"),
}


@pytest.mark.parametrize("line", first_fast(*SPEAKERS))
@pytest.mark.asked_on("2026-11-23")
def test_what_libraries_print_is_no_result(
    line: str, authority: Path, home: Path, spawn: Callable[..., Any]
) -> None:
    """The output has the same bytes, whichever way a library prints."""
    shutil.copy(EXTRACTS / "annex-a" / "annex-a.xlsx", home)
    missing = [name for name in SPEAKERS[line] if find_spec(name) is None]
    if missing:
        pytest.skip(f"NOT TESTED: {', '.join(missing)} is not installed")
    silent = spawn(*shlex.split(line))
    spoken = subprocess.run(
        [sys.executable, "-c", _SPEAKING, ",".join(SPEAKERS[line]), *shlex.split(line)],
        capture_output=True,
        check=False,
    )
    said = spoken.stderr.decode().splitlines()

    assert [name for name in SPEAKERS[line] if f"{name} greets" not in said] == []
    assert b"greets" not in spoken.stdout
    assert (spoken.returncode, spoken.stdout) == (0, silent.stdout)


@pytest.mark.asked_on("2026-11-23")
def test_a_proposal_is_rows_and_no_greeting(authority: Path, spawn: Callable[..., Any]) -> None:
    """Since version 1.16 the solver prints its name and licence even if it is told to be silent."""
    pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")
    done = spawn("suggest", "-f", "csv")
    header, *rows = done.stdout.decode().splitlines()

    assert (done.returncode, done.stderr) == (0, b"")
    assert header.startswith("child,timescale,title,")
    assert len(rows) == 5


@pytest.mark.asked_on("2026-11-23")
def test_a_terminal_is_no_place_for_greetings(
    authority: Path, terminal: Callable[..., Answer]
) -> None:
    """On a terminal too, the answer comes first."""
    pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")
    answer = terminal("-c", _SPEAKING, "highspy", "suggest")

    assert (answer.code, answer.err.splitlines()) == (0, ["highspy greets"])
    assert "greets" not in answer.out
    assert answer.out.startswith("\x1b[1m5 meetings to book, all in time")


def test_nobody_else_writes_to_standard_output() -> None:
    """While a command runs, `sys.stdout` is not standard output; only `results()` is."""
    package = Path(results.__file__).parents[1]
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"sys\.stdout|^\s*print\((?!.*file=)", path.read_text("utf-8"), re.MULTILINE)
    }

    assert users == {"__main__.py", "cli/results.py", "cli/app.py"}


def test_a_program_that_calls_the_command_line_keeps_its_output(home: Path) -> None:
    """Its own output before and after the call stays where it was printed."""
    script = (
        "from iro_cli.__main__ import run\n"
        "print('before', flush=True)\n"
        "run(['when', 'cla.review.first', '2026-11-02', '-f', 'jsonl'])\n"
        "print('after')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env={**os.environ}
    )
    first, row, last = done.stdout.decode().splitlines()

    assert (first, last) == ("before", "after")
    assert '"due":"2026-11-30"' in row.replace(" ", "")


@pytest.mark.asked_on("2026-11-23")
def test_results_and_messages_come_in_their_order_where_nothing_is_held_back(
    home: Path,
) -> None:
    """With ``PYTHONUNBUFFERED`` the order of output is that of writing, as on a terminal."""
    piped("init")
    done = subprocess.run(
        [sys.executable, "-m", "iro_cli", "calendar", "add", "2027-06-21", "--name", "Proclaimed"],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    first, second = done.stdout.splitlines()
    assert first.startswith("added: Mon 21 Jun 2027")
    assert second.startswith("iro: add only proclaimed bank holidays")
