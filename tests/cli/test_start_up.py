"""What each way in loads: the daily check must not pay for what it does not use."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HEAVY = (
    *("sqlmodel", "sqlalchemy", "pydantic", "holidays", "rich", "typer"),
    *("textual", "xlsxwriter", "icalendar", "pyarrow", "matplotlib", "highspy", "python_calamine"),
    *("jinja2", "docx", "lxml", "numpy"),
)
# Runs a command and says on standard error which of the heavy ones it loaded.
SCRIPT = f"""
import sys
from iro_cli.__main__ import run
code = run(sys.argv[1:])
sys.stdout.flush()
print("loaded:", *(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""
WHEN = ("when", "cla.review.first", "2025-01-06")


def _loaded(err: str) -> set[str]:
    line = err.splitlines()[-1]
    assert line.startswith("loaded:")
    return set(line.split()[1:])


def _piped(*argv: str, **environment: str) -> tuple[int, set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *argv],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, _loaded(done.stderr)


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl", "markdown"])
@pytest.mark.parametrize("command", [("due",), ("overdue",), WHEN], ids=lambda one: one[0])
def test_the_daily_check_loads_nothing_heavy(
    command: tuple[str, ...], form: str, store: Path
) -> None:
    """Piped, in every form: a bare connection, the rules and the standard library."""
    assert (0, set()) == _piped(*command, "--format", form)


@pytest.mark.parametrize("command", [(), ("overdue",)], ids=["bare", "overdue"])
def test_a_terminal_needs_rich(
    command: tuple[str, ...], store: Path, terminal: Callable[..., tuple[int, str, str]]
) -> None:
    """A table in colour is drawn by Rich, and nothing else is loaded."""
    code, _, err = terminal("-c", SCRIPT, *command)

    assert (0, {"rich"}) == (code, _loaded(err))


@pytest.mark.parametrize(
    "command",
    [("due", "-f", "csv"), ("overdue", "--as-of", "2025-01-06"), WHEN],
    ids=["csv", "nothing", "when"],
)
def test_a_terminal_needs_rich_for_tables_alone(
    command: tuple[str, ...], store: Path, terminal: Callable[..., tuple[int, str, str]]
) -> None:
    """What is not a table, and a table that is not shown, are written without it."""
    code, _, err = terminal("-c", SCRIPT, *command)

    assert (0, set()) == (code, _loaded(err))


def test_no_colour_needs_no_rich(
    store: Path, terminal: Callable[..., tuple[int, str, str]]
) -> None:
    """``NO_COLOR`` on a terminal is the plain table."""
    code, _, err = terminal("-c", SCRIPT, "due", NO_COLOR="1")

    assert (0, set()) == (code, _loaded(err))


@pytest.mark.parametrize(
    "argv", [("--help",), ("due", "--help"), ("--version",), ("due", "--bogus")], ids=" ".join
)
def test_help_loads_typer_alone(argv: tuple[str, ...]) -> None:
    """Help, the version and a usage error need Typer, and neither store nor Rich."""
    _, loaded = _piped(*argv)

    assert {"typer"} == loaded


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("iro over", "overdue"),
        ("iro due --iro Ann", "Ann Example"),
        ("iro show A-00", "A-001"),
        ("iro when cla.review.f", "cla.review.first"),
        ("iro due --format j", "jsonl"),
        ("iro due --team N", "North"),
    ],
)
def test_completion_loads_typer_alone(line: str, expected: str, store: Path) -> None:
    """Every press of the tab key starts the program, so it answers from a bare connection."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={
            **os.environ,
            "_IRO_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split()) - 1),
        },
    )

    assert expected in done.stdout.splitlines()
    assert {"typer"} == _loaded(done.stderr)


@pytest.mark.parametrize("argv", [("show", "A-001"), ("explain", "A-001"), ("caseload",)])
def test_reading_needs_no_sqlmodel(argv: tuple[str, ...], store: Path) -> None:
    """SQLModel, and pydantic with it, are for writing: one child's page does without."""
    code, loaded = _piped(*argv)

    assert code == 0
    assert set() == loaded & {"sqlmodel", "sqlalchemy", "pydantic", "holidays"}
