"""What each way in loads: the daily check must not pay for what it does not use."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
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


# Every command that only reads, as it is typed; `*` stands for the folder of the test.
READING = (
    *("due", "overdue", "digest", "show A-001", "explain A-001", "caseload", "history"),
    *("history A-001", "child list", "child list --iro Ann\N{NO-BREAK SPACE}Example"),
    *("child show A-001", "person list", "absence list", "audit list", "dispute list"),
    *("timescales", "timescales list", "timescales show cla.review.first", "timescales check"),
    *("watch", "watch list", "calendar", "calendar list", "calendar month", "forecast"),
    *("align A-001 A-002", "suggest", "doctor", "import events * --describe"),
    *("report timeliness", "report quarterly", "report annual"),
    "when cla.review.first 2025-01-06",
)
# Every command that changes the store or makes a file; `board` needs a terminal.
WRITING = {
    *("demo", "record", "dispute raise", "dispute stage", "dispute respond", "dispute escalate"),
    *("dispute resolve", "undo", "child add", "child edit", "allocate", "hand-over"),
    *("person add", "person edit", "person leave", "absence add", "absence remove"),
    *("audit record", "audit sample", "book", "unbook", "import", "watch add", "watch remove"),
    *("calendar add", "calendar remove", "backup", "restore", "board"),
}
# Lists the commands, the groups among them that answer without one of theirs, and their options.
_TREE = """
import json, sys
from typer.main import get_command
from iro_cli.cli.app import app

def walk(command, name):
    if hasattr(command, "commands") or hasattr(command, "list_commands"):
        context = command.context_class(command)
        for one in command.list_commands(context):
            yield from walk(command.get_command(context, one), [*name, one])
    else:
        yield [" ".join(name), [one.opts[0] for one in command.params if one.opts[0][:1] == "-"]]

print(json.dumps(list(walk(get_command(app), []))))
"""
# Runs one command or completion after the other, and says which have loaded what by then.
_SWEEP = """
import io, json, os, sys
from iro_cli.__main__ import run
heavy = ("sqlmodel", "sqlalchemy", "pydantic")
for line in json.load(sys.stdin):
    if os.environ.get("_IRO_COMPLETE"):
        os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = line, str(line.count(" "))
        argv = []
    else:
        argv = [one.replace("\N{NO-BREAK SPACE}", " ") for one in line.split(" ")]
    code = run(argv)
    loaded = [name for name in heavy if name in sys.modules]
    if loaded or code:
        print(f"{line!r} came to {code} and has loaded {loaded}", file=sys.stderr)
        sys.exit(1)
"""


@pytest.fixture(scope="module")
def commands() -> dict[str, list[str]]:
    """Return every command with its options."""
    done = subprocess.run(
        [sys.executable, "-c", _TREE], capture_output=True, encoding="utf-8", check=True
    )
    return dict(json.loads(done.stdout))


def _swept(lines: Sequence[str], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _SWEEP],
        input=json.dumps(list(lines)),
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    return done.stderr if done.returncode else ""


def test_every_command_reads_or_writes(commands: dict[str, list[str]]) -> None:
    """A new command is put among those that are swept, or among those that write."""
    read = {name for name in commands for one in READING if f"{one} ".startswith(f"{name} ")}

    assert set(commands) == read | WRITING


def test_reading_loads_no_sqlmodel(store: Path, home: Path) -> None:
    """Whatever only reads does without the classes of the tables, and so does `timescales`."""
    (home / "events.csv").write_text("child_id,event,date\nA-001,cla.review,2025-02-01\n")
    lines = [one.replace("*", str(home / "events.csv")) for one in READING]

    assert _swept(lines) == ""


def test_a_press_of_the_tab_key_loads_no_sqlmodel(
    store: Path, commands: dict[str, list[str]]
) -> None:
    """Of no command: neither for its arguments nor for the value of any of its options."""
    lines = [f"iro {name} " for name in commands]
    lines += [f"iro {name} {option} " for name, options in commands.items() for option in options]

    assert len(lines) > 300
    assert _swept(lines, _IRO_COMPLETE="complete_bash") == ""
