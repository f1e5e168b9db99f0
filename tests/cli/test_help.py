"""Help: the section of each command, its two examples, and the words that find it."""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from iro_cli import __version__
from iro_cli.cli import help as helped
from iro_cli.cli.app import page_of, typer_reads
from iro_cli.cli.calls import Call
from iro_cli.cli.commands import COMMANDS, GROUPS
from iro_cli.cli.manual import manual
from iro_cli.cli.options import COMMON
from iro_cli.cli.quick import quick
from running import Answer, each, piped
from stores import typed_into

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-11-23"
Typed = Callable[[str], Answer]
# What the examples need besides the fictional authority: something to take back or to read.
BEFORE = (
    "book TS-0109 2026-12-09",
    "book TS-0103 2026-12-10",
    "watch add visits plans --from 2026-12-01",
    'calendar add 2027-07-02 --name "A day"',
    'calendar add 2027-07-09 --name "A day"',
    'person add "Efa Moss" --fte 0.5',
    'absence add "Ben Rees" --from 2026-12-07 --to 2026-12-11',
    'absence add "Efa Moss" --from 2026-12-07 --to 2026-12-11',
)
FILES = (
    "examples/extracts/annex-a/annex-a.xlsx",
    "examples/extracts/own-columns/tracker.csv",
    "examples/local-pack.toml",
)
# Examples that cannot run here: the full-screen board, and a library that may be missing.
NEEDS_A_SCREEN = "board"
# Examples with a server, which `tests/store` has if there is one.
NEEDS_A_SERVER = re.compile("iro db |://")
# Commands that have to be run on a store before the example.
FIRST = {
    "decrypt": "encrypt",
    "key change": "encrypt",
    "redo": "undo",
    "retention unset": "retention set",
}
NEEDS = {
    "suggest": "highspy",
    "report quarterly": "jinja2",
    "report annual": "docx",
    **dict.fromkeys(("encrypt", "decrypt", "key change"), "sqlcipher3"),
}


@pytest.fixture(scope="module")
def _testshire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("testshire") / "testshire.db"
    return typed_into(path, DAY, f"--database {shlex.quote(str(path))} demo", *BEFORE)


@pytest.fixture
def testshire(_testshire: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with the files that the examples name, with their store set."""
    for name in FILES:
        shutil.copy(ROOT / name, home)
    store = Path(shutil.copy(_testshire, home / "iro.db"))
    shutil.copy(_testshire, home / "kept.db")
    (home / "backups").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert piped("--database", str(store), "backup", "iro-backup.db").code == 0
    monkeypatch.setenv("IRO_KEY_FILE", str(home / "keys"))
    monkeypatch.setenv("IRO_DATABASE", str(store))
    monkeypatch.setenv("IRO_AS_OF", DAY)
    return home


def _read(line: str) -> Call | int:
    words = shlex.split(line)[1:]
    return quick(words) or typer_reads(words)


def test_every_command_stands_in_one_section() -> None:
    """Each first word is on the first page once, in the sections of the interface."""
    first = [word for words in helped.SECTIONS.values() for word in words]

    assert sorted(first) == sorted({name.split()[0] for name in COMMANDS})
    assert list(helped.SECTIONS) == [
        *("Every day", "Record", "Bring in and send out", "Report", "The service"),
        "Care of the store",
    ]


@each("name", COMMANDS)
def test_every_command_ends_with_two_examples(name: str) -> None:
    """Two different lines show the command with what it needs, in quotes that any shell reads."""
    lines = helped.EXAMPLES[name]
    page = page_of(name).rstrip().splitlines()

    assert page[-3:] == ["Examples:", *(f"  {line}" for line in lines)]
    assert len(set(lines)) == 2
    for line in lines:
        call = _read(line)

        assert isinstance(call, Call), line
        # One that takes nothing can be typed in one way only.
        assert call.command is COMMANDS[name] or (line != lines[0] and not COMMANDS[name].takes)
        assert not set(line) & set("'$\\`;|<>&%!")


@each("word", [word for words in helped.SECTIONS.values() for word in words])
def test_every_word_of_the_first_page_ends_with_two_examples(word: str) -> None:
    """A group shows one example of each of two commands, or both of its only command."""
    lines = helped.examples_of(word)

    assert len({*lines}) == 2
    assert all(line.startswith(f"iro {word}") for line in lines)


def test_no_example_is_of_a_command_that_is_not_there() -> None:
    """The table of commands and the examples have the same names."""
    assert set(helped.EXAMPLES) == set(COMMANDS)


@each("name", COMMANDS)
def test_a_page_describes_every_argument_and_hides_what_it_does_not_take(name: str) -> None:
    """Each argument has its own words, and no option is shown that the command refuses."""
    page = page_of(name)
    command = COMMANDS[name]
    taken = {one.name for one in command.takes}
    described = " ".join(page.split())

    for one in command.own:
        assert one.help.split()[0].strip("`") in described
        assert one.typed or one.help.rstrip(".").casefold() != (one.metavar or "").casefold()
    for one in COMMON:
        assert (f" {one.shown} " in f"{described} ") or one.name not in taken
        assert (
            not re.search(rf"^ .*{re.escape(one.shown)}\b  ", page, re.MULTILINE)
            or one.name in taken
        )


def test_no_description_rests_on_the_one_above_it() -> None:
    """No description says `The same.`, because the option above may be hidden."""
    said = {(name, one.name): one.help for name in COMMANDS for one in COMMANDS[name].own}

    assert [where for where, words in said.items() if words.startswith("The same")] == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("init", {"--encrypted", "--database", "--help"}),
        ("config list", {"--format", "--output", "--excel", "--about", "--no-pager", "--help"}),
        ("config get", {"--help"}),
        ("config set", {"--help"}),
        ("config unset", {"--help"}),
        ("config path", {"--help"}),
    ],
)
def test_what_needs_no_store_and_no_day_shows_neither(name: str, options: set[str]) -> None:
    """`config` shows neither a store nor a day, because it depends on neither."""
    before_examples = page_of(name).partition("Examples:")[0]

    assert {*re.findall(r"(?<=[ ,])--[a-z-]+", before_examples)} - {"--pack"} == options


@each(
    "name, words",
    [
        ("due", "[WORD]... Only rows that have every word"),
        ("record", "EVENT What happened, by its id or a word for it, as `review`, `icpc`"),
        ("record", "CHILD... Their ids or labels, in upper or lower case."),
        ("record", "`2 nov`, `yesterday` or `mon`: the last that has been."),
        ("show", "CHILD The child: its id or label, in upper or lower case."),
        ("book", "the day (2026-12-02, `2 dec` or `mon`: the next to come)"),
        ("when", "TIMESCALE Its id, or what it is called, as `first review` or `icpc`"),
        ("due", "`me` is the one configured."),
        (
            "config set",
            "for me your name, for within a time such as 4w, for format a form such as csv",
        ),
    ],
)
def test_a_page_says_what_people_may_type(name: str, words: str) -> None:
    """The page says which words and days people may type instead of ids and dates."""
    assert words in " ".join(page_of(name).split())


def test_the_first_page_leaves_out_what_is_for_scripts(iro: Callable[..., Answer]) -> None:
    """Commands come by section, before the options; the names for scripts still work."""
    code, out, _ = iro("--help")
    words = [line.split()[0] for line in out.splitlines() if re.match(r"  [a-z-]+ ", line)]
    below = [line.split()[0] for line in page_of("child").splitlines() if line[:2] == "  "]

    assert code == 0
    assert out.index("\nEvery day:") < out.index("\nCare of the store:") < out.index("\nOptions:")
    assert not {"overdue", "unbook"} & {*words}
    assert {"due", "record", "import", "caseload", "child", "backup"} <= {*words}
    assert "show" not in below
    assert "list" in below
    for name in helped.FOR_SCRIPTS:
        assert "Usage: " in page_of(name)


WORDS = {
    "late": "iro overdue",
    "correct": "iro undo",
    "calendar": "iro due -f ics -o diary.ics",
    "holidays": "iro calendar list",
    "siblings": "iro align",
    "outlook": "iro due -f ics -o diary.ics",
    "excel": "iro due -o due.xlsx",
    "mail": "iro digest",
    "handover": "iro hand-over",
    "Hand over": "iro hand-over",
    "why": "iro explain",
    "sick": "iro absence add",
    "correction": "iro record --correct",
    "wrong": "iro record --correct",
    "gdpr": "iro child erase",
    "mistakes": "iro undo",
    "ofsted": "iro import",
    "working days": "iro when",
    "escal": "iro dispute escalate",
    "icpc": "iro record",
    "short break": "iro record",
    "my cases": "iro due me",
    "search": "iro due WORD",
    "anonymise": "iro due --pseudonymise",
    "pdf": "iro report quarterly",
    "20 working days": "iro when",
    "weekly": "iro digest",
    "duplicate": "iro doctor",
    "adjournment": "iro record adjourned CHILD",
    "adjourn": "iro record adjourned CHILD",
    "reschedule": "iro book",
}


@each("word", WORDS)
def test_a_command_is_found_by_what_people_call_it(word: str, iro: Callable[..., Answer]) -> None:
    """Case and plural do not matter, and the beginning of a word is enough."""
    code, out, _ = iro("help", *word.split())

    assert code == 0
    assert f"\n  {WORDS[word]}\n" in out


def test_the_name_of_a_command_is_its_page(iro: Callable[..., Answer]) -> None:
    """This works for names of two words, for a group and for the program."""
    for name in ("due", "child add", "calendar", ""):
        assert iro("help", *name.split()).out.startswith(page_of(name))


def test_a_word_that_nothing_is_called_by_is_refused(iro: Callable[..., Answer]) -> None:
    """The refusal says what to do, and names similar words."""
    code, out, err = iro("help", "ovredue")

    assert (code, out) == (2, "")
    assert "did you mean overdue" in err
    assert "iro --help" in err


def test_a_name_that_is_not_near_is_not_guessed(iro: Callable[..., Answer]) -> None:
    """`agenda` shares letters with `calendar` but is another word; help finds what it means."""
    code, out, err = iro("agenda")
    found = iro("help", "agenda").out

    assert (code, out) == (2, "")
    assert "did you mean" not in err
    assert "`iro help agenda`" in err
    assert "iro calendar month" in found


@each("one", helped.CALLED, name=lambda one: one.line)
def test_every_line_that_help_finds_is_a_command(one: helped.Called) -> None:
    """Each answer of help is a command or group that exists, with its own options."""
    name = helped.command_of(one.line)
    flags = {flag for command in helped.below(name) for o in command_takes(command) for flag in o}

    assert name in COMMANDS or name in GROUPS
    assert [word for word in one.line.split() if word[:1] == "-" and word not in flags] == []


def command_takes(name: str) -> list[list[str]]:
    """Return the flags of a command's options."""
    return [one.flags for one in COMMANDS[name].takes]


def _ran(name: str, line: str, folder: Path) -> Answer:
    """Run an example on a fresh copy of the store."""
    for store in ("iro.db", "testshire.db"):
        for end in ("", "-wal", "-shm", "-journal"):
            (folder / f"{store}{end}").unlink(missing_ok=True)
        if name != "demo":
            shutil.copy(folder / "kept.db", folder / store)
    if first := FIRST.get(name):
        before = line.replace(f"iro {name}", first)
        before += " 100" if name == "retention unset" else ""
        assert piped(*shlex.split(before)).code == 0
    return piped(*shlex.split(line)[1:])


def test_what_is_done_each_day_runs(testshire: Path) -> None:
    """The examples of a few commands run; the slow test runs all."""
    for name in ("due", "explain", "record", "book"):
        for line in helped.EXAMPLES[name]:
            answer = _ran(name, line, testshire)

            assert answer.code == 0, f"{line}: {answer.err}"


@pytest.mark.slow
def test_every_example_runs(testshire: Path) -> None:
    """Each example runs on the fictional authority as the first command."""
    wrong = []
    for name, lines in helped.EXAMPLES.items():
        if name == NEEDS_A_SCREEN or not find_spec(NEEDS.get(name, "os")):
            continue
        for line in lines:
            if NEEDS_A_SERVER.search(line):
                continue
            answer = _ran(name, line, testshire)
            if answer.code:
                wrong.append(f"{line}: {answer.err}")

    assert wrong == []


def test_the_manual_page_has_all_of_it() -> None:
    """Every command, option and example is in it, with nothing that the formatter misreads."""
    page = manual("1.2.3")
    said = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "")

    for name, command in COMMANDS.items():
        assert f"\niro {name}" in said
        for one in command.own:
            assert all(flag in said for flag in one.flags)
        for line in helped.EXAMPLES[name]:
            assert f"\n    {line}\n" in said
    known = (".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi")
    assert [one for one in page.splitlines() if one[:1] in ".'" and one[:3] not in known] == []
    assert "iro 1.2.3" in page


@pytest.mark.slow
def test_the_wheel_has_the_manual_page(tmp_path: Path) -> None:
    """`man` finds it there; nothing is left behind beside the program's folder."""
    before = {*ROOT.iterdir()}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as packed:
        (place,) = [one for one in packed.namelist() if one.endswith("/share/man/man1/iro.1")]
        page = packed.read(place).decode("utf-8")

    assert done.returncode == 0, done.stderr
    assert page == manual(__version__)
    assert {*ROOT.iterdir()} == before
