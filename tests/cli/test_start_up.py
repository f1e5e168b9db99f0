"""What each start loads: the daily check must not load what it does not use."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from iro_cli.cli.commands import COMMANDS, GROUPS
from iro_cli.cli.options import Option
from running import first_fast
from stores import storing

HEAVY = (
    *("sqlmodel", "sqlalchemy", "pydantic", "holidays", "rich", "typer"),
    *("textual", "xlsxwriter", "icalendar", "pyarrow", "matplotlib", "highspy", "python_calamine"),
    *("jinja2", "docx", "lxml", "numpy", "html", "hmac", "tempfile", "zipfile"),
)
TABLES = ("sqlmodel", "sqlalchemy", "pydantic")
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
# Modules of the standard library that are slow to import, or would slow another down.
SLOW = (
    *("contextlib", "copy", "dataclasses", "importlib", "inspect", "pathlib", "typing"),
    *("platformdirs", "shutil", "tempfile", "urllib", "warnings"),
)
# Says what a command has loaded besides what Python had when it started.
_LOADED = """
import sys
before = set(sys.modules)
from iro_cli.__main__ import run
code = run(sys.argv[1:])
sys.stdout.flush()
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def _loaded(err: str) -> set[str]:
    line = err.splitlines()[-1]
    assert line.startswith("loaded:")
    return set(line.split()[1:])


def test_the_daily_check_loads_nothing_heavy(store: Path) -> None:
    """Piped, in every form, it loads a bare connection, the rules and the standard library."""
    forms = ("table", "csv", "json", "jsonl", "markdown")
    lines = [
        [*command, "--format", form] for command in (("due",), ("overdue",), WHEN) for form in forms
    ]

    assert _swept(lines, HEAVY) == ""


@pytest.mark.parametrize("form", first_fast("table", "csv", "json"))
def test_the_daily_check_loads_little_of_the_standard_library(
    form: str, store: Path, tmp_path: Path
) -> None:
    """It loads only what it needs, because imports take most of its time."""
    usual = tmp_path / "default" / "iro" / "iro.db"  # as `home` names it
    usual.parent.mkdir(parents=True)
    shutil.copyfile(store, usual)
    environment = {name: value for name, value in os.environ.items() if name != "IRO_DATABASE"}
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, "due", "--all", "--format", form],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment,
    )
    loaded = done.stderr.split()

    assert "A-001" in done.stdout
    assert "iro_cli.questions.due" in loaded
    # Only what writes JSON needs that module; it and csv compile regular expressions.
    left_out = SLOW if form == "json" else (*SLOW, "csv", "json", "re")
    assert [name for name in left_out if name in loaded] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", first_fast(("due",), ("overdue",)))
@pytest.mark.parametrize(("child", "heavy"), [("A-001", set()), ("A-005", {"rich"})])
def test_a_terminal_needs_rich_for_odd_words(
    command: tuple[str, ...],
    child: str,
    heavy: set[str],
    store: Path,
    terminal: Callable[..., tuple[int, str, str]],
) -> None:
    """A coloured table is drawn without Rich; a name of 300 letters is folded by Rich."""
    code, out, err = terminal(
        "-c", SCRIPT, *command, "--child", child, "--as-of", "2025-03-01", width=120
    )

    assert (0, heavy) == (code, _loaded(err))
    assert "\x1b[1;31m" in out


@pytest.mark.slow
def test_a_terminal_needs_rich_for_tables_alone(
    store: Path, terminal: Callable[..., tuple[int, str, str]]
) -> None:
    """Other output, and a table that is not shown, are written without Rich."""
    lines = [("due", "-f", "csv"), ("overdue", "--as-of", "2025-01-06"), WHEN]
    code, _, err = terminal("-c", _SWEEP, json.dumps([HEAVY, lines]))

    assert (0, "") == (code, err)


@pytest.mark.slow
def test_no_colour_needs_no_rich(
    store: Path, terminal: Callable[..., tuple[int, str, str]]
) -> None:
    """With ``NO_COLOR`` a table on a terminal is drawn without Rich."""
    code, _, err = terminal("-c", SCRIPT, "due", NO_COLOR="1")

    assert (0, set()) == (code, _loaded(err))


@pytest.mark.slow
def test_help_loads_typer_alone() -> None:
    """Help, the version and usage errors load Typer, but neither the store nor Rich."""
    lines = [("--help",), ("due", "--help"), ("--version",), ("due", "--bogus")]

    assert _swept(lines, [name for name in HEAVY if name != "typer"], codes=(0, 2)) == ""


COMPLETED = {
    "iro over": "overdue",
    "iro due --iro Ann": "Ann Example",
    "iro show A-00": "A-001",
    "iro when cla.review.f": "cla.review.first",
    "iro due --format j": "jsonl",
    "iro due --team N": "North",
    "iro book --reason i": "inquorate",
    "iro audit record --grade G": "Good",
    "iro caseload --by t": "team",
    "iro due --database iro.db --team N": "North",
}


@pytest.mark.slow
def test_completion_loads_typer_alone(store: Path) -> None:
    """Each press of Tab starts the program, so it answers with a bare connection."""
    heavy = [name for name in HEAVY if name != "typer"]
    done = _sweep(list(COMPLETED), heavy, _IRO_COMPLETE="complete_bash")
    answers = done.stdout.split("\f")[1:]

    assert (done.returncode, done.stderr) == (0, "")
    for (line, expected), answer in zip(COMPLETED.items(), answers, strict=True):
        assert expected in answer.splitlines(), line


# What is typed for an option or argument of a name, so that every command can be run.
SAMPLES = {
    "file": "london",
    "before": "london",
    "after": "tees",
    **dict.fromkeys(("iro", "iros", "name", "auditor", "old"), "Ann Example"),
    **dict.fromkeys(("child", "children"), "A-001"),
    **dict.fromkeys(("timescale", "timescales"), "cla.review.first"),
    **dict.fromkeys(("process", "processes"), "cla"),
    **dict.fromkeys(("ends", "last"), "2025-03-31"),
    **dict.fromkeys(("begins", "first", "on"), "2025-02-11"),
    "as_of": "2025-02-10",
    "child_nation": "england",
    "days": "2025-01-06",
    "format": "csv",
    "hours": "review=6",
    "month": "2025-02",
    "nation": "england",
    "per_iro_folder": "folder",
    "since": "2025-02-03",
    "team": "North",
    "week": "37",
    "within": "4w",
    "year": "2026",
}
# These need another option or a file, or are refused if there is nothing to find.
NEEDS = {
    **dict.fromkeys(("excel", "about"), ("--format", "csv", "--output", "listing")),
    "format": ("--output", "listing"),
    **dict.fromkeys(("labels", "meeting_length"), ("--format", "ics")),
    "sheets": ("--format", "xlsx", "--output", "listing"),
    "first": ("--to", "2025-02-10", "--from", "2025-01-01"),
    "last": ("--from", "2025-01-01", "--to", "2025-02-10"),
    "children": ("A-002",),
}
# These name things that this store does not have, or need yet another option.
LEFT_OUT = {
    *("database", "pack", "auditor", "sibling_group", "sibling_group_of"),
    *("authority", "neighbours", "statistics", "template", "suppress", "expect"),
}
# Runs one command or completion after the other, and says which have loaded what by then.
_SWEEP = """
import json, os, sys
from iro_cli.__main__ import run
heavy, lines, *codes = json.loads(sys.argv[1]) if sys.argv[1:] else json.load(sys.stdin)
for line in lines:
    if os.environ.get("_IRO_COMPLETE"):
        os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = line, str(line.count(" "))
        print(end="\\f")
        line = ()
    code = run(line)
    loaded = [name for name in heavy if name in sys.modules]
    if loaded or code not in (codes or (0, 10)):
        print(f"{line!r} came to {code} and has loaded {loaded}", file=sys.stderr)
        sys.exit(1)
"""


def _typed(option: Option, value: str | None = None) -> list[str]:
    """Write an option or argument with a value of its kind."""
    if option.kind is bool:
        return [option.shown]
    default = "3" if option.default is None else str(option.default)
    value = value or (option.values or (SAMPLES.get(option.name, default),))[0]
    return [option.shown, value] if option.typed else [value]


def _reading(*, options: bool) -> list[list[str]]:
    """Return every command that lists, alone and, if asked for, with each of its options."""
    lines = [["timescales", "check"], ["import", "events", "events.csv", "--describe"]]
    lines += [["import", "events", "events.csv", "--dry-run"]]
    for command in COMMANDS.values():
        if not command.lists or command.name in ("demo", "import", "db roles"):
            continue
        needed = [word for one in command.own if one.required for word in _typed(one)]
        if command.name == "align":
            needed = ["A-001"]
        if command.name == "changes":  # no extract was imported before the latest
            needed = ["--since", "2025-02-03"]
        # Drawing a report's charts once is enough.
        light = (
            ["--format", "json"] if command.name in ("report quarterly", "report annual") else []
        )
        alone = [*command.name.split(), *needed, *light]
        lines.append(alone)
        for option in command.takes if options else ():
            if option.required or option.name in LEFT_OUT or option.name == "book":
                continue
            if option.shown in alone:
                continue
            values = option.values or (None,)
            for value in values:
                if option.name == "show" and value in ("comparison", "trend"):
                    continue
                if value == "parquet" and not find_spec("pyarrow"):
                    continue
                more = _typed(option, value) if option.name not in ("first", "last") else []
                lines.append([*alone, *more, *NEEDS.get(option.name, ())])
    return lines


def _sweep(
    lines: Sequence[object], heavy: Sequence[str], *codes: int, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _SWEEP],
        input=json.dumps([heavy, lines, *codes]),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, **environment},
    )


def _swept(
    lines: Sequence[object], heavy: Sequence[str], codes: tuple[int, ...] = (), **environment: str
) -> str:
    """Run several lines in one process, and return the first that loaded too much."""
    done = _sweep(lines, heavy, *codes, **environment)
    return done.stderr if done.returncode else ""


@pytest.mark.slow
@pytest.mark.parametrize(("options", "least"), [(False, 25), (True, 350)])
def test_reading_loads_no_sqlmodel(options: bool, least: int, store: Path, home: Path) -> None:
    """No listing needs the classes of the tables, with any of its options."""
    (home / "events.csv").write_text("child_id,event,date\nA-001,cla.review,2025-02-01\n")
    lines = _reading(options=options)

    assert len(lines) > least
    assert _swept(lines, TABLES) == ""


@pytest.mark.slow
@pytest.mark.asked_on("2026-11-23")
def test_storing_loads_no_sqlmodel(authority: Path) -> None:
    """Commands that store use a bare connection too."""
    pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")
    lines = [shlex.split(line) for line in storing(authority)]

    assert _swept(lines, TABLES) == ""


@pytest.mark.slow
@pytest.mark.parametrize(("again", "least"), [(False, 180), (True, 450)])
def test_a_press_of_the_tab_key_loads_no_sqlmodel(again: bool, least: int, store: Path) -> None:
    """This holds for the arguments and the option values of every command."""
    lines = [f"iro {name} " for name in (*COMMANDS, *GROUPS)]
    told: list[Option] = []
    for command in COMMANDS.values():
        places = [one for one in command.own if not one.typed]
        before = [" ".join(["word"] * number) for number in range(1, len(places))]
        lines += [f"iro {command.name} {words} " for words in before]
        # An option that several commands take is one option: it completes the same for each.
        options = [one for one in command.takes if again or one not in told]
        told += options
        flags = [flag for option in options for flag in option.flags]
        lines += [f"iro {command.name} {flag} " for flag in (*flags, *(["--"] if again else []))]

    assert len(lines) > least
    assert _swept(lines, TABLES, _IRO_COMPLETE="complete_bash") == ""
