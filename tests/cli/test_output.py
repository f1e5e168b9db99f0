"""The output is whole, safe and repeatable, in the form and place asked for."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli.commands import daily
from iro_cli.cli.pager import pager_for
from iro_cli.forms import csv_file
from iro_cli.safe import printable
from running import Answer, each, first_fast

Run = Callable[..., tuple[int, str, str]]
Terminal = Callable[..., Answer]
Spawn = Callable[..., "subprocess.CompletedProcess[bytes]"]

FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "[red]x[/red] :smile: *a_b* `c` <d> |e|"
LONG = "Ŵyn Éxample " + "x" * 288
FORMS = ("table", "csv", "json", "jsonl", "markdown")
LISTINGS = (
    ("due",),
    ("overdue",),
    ("show", "A-001"),
    ("explain", "A-001"),
    ("caseload",),
    ("child", "list"),
    ("history",),
    ("timescales",),
    ("watch", "list"),
    ("calendar",),
    ("doctor",),
    ("when", "cla.review.first", "2025-01-06"),
)
_each_listing = each("listing", LISTINGS, name=" ".join)
_each_form = each("form", FORMS)
NOTHING_YET = ("--as-of", "2025-01-06")
ANOTHER_PAGER = "set PAGER to another program, or add --no-pager"


@pytest.fixture(scope="module")
def _kept() -> dict[tuple[str, ...], tuple[int, str, str]]:
    """Return the folder that keeps the answers to questions of several tests."""
    return {}


@pytest.fixture
def listed(_kept: dict[tuple[str, ...], tuple[int, str, str]], store: Path, iro: Run) -> Run:
    """Return a function that runs a listing, or returns its earlier answer."""

    def call(*argv: str) -> tuple[int, str, str]:
        if argv not in _kept:
            _kept[argv] = iro(*argv)
        return _kept[argv]

    return call


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _controls(text: str) -> set[str]:
    return {letter for letter in text if ord(letter) < 32 or 127 <= ord(letter) < 160} - {"\n"}


# ---------------------------------------------------------------- pipes and colour


@_each_form
@_each_listing
def test_a_pipe_gets_no_control_codes(listing: tuple[str, ...], form: str, listed: Run) -> None:
    """Piped output is plain text, and standard error is empty."""
    code, out, err = listed(*listing, "--format", form)

    assert (code, err) == (0, "")
    assert set() == _controls(out)


@pytest.mark.parametrize("form", first_fast("json", "table", "csv", "jsonl", "markdown"))
@_each_listing
def test_the_same_bytes_come_each_time(
    listing: tuple[str, ...], form: str, store: Path, iro: Run
) -> None:
    """The output depends on no clock and no random order."""
    assert iro(*listing, "--format", form) == iro(*listing, "--format", form)


@pytest.mark.parametrize("width", first_fast(40, 120))
def test_no_colour_on_a_terminal(width: int, store: Path, terminal: Terminal) -> None:
    """``NO_COLOR`` and a dumb terminal give the same lines as any other terminal, in one colour."""
    styled = terminal("-m", "iro_cli", "due", width=width)
    without = styled._replace(out=re.sub(r"\x1b\[[0-9;]*m", "", styled.out))

    assert "\x1b[" in styled.out
    assert set() == _controls(without.out)
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": "unknown"}):
        plain = terminal("-m", "iro_cli", "due", width=width, **environment)
        assert plain == without, environment


@pytest.mark.parametrize("environment", first_fast({"NO_COLOR": "1"}, {"TERM": "dumb"}))
def test_a_terminal_without_colour_keeps_the_layout(
    environment: dict[str, str], store: Path, terminal: Terminal
) -> None:
    """Without colour, lines still fit the width, and what to do first still stands above them."""
    late = terminal("-m", "iro_cli", "overdue", "--child", "A-001", width=80, **environment)
    due = terminal("-m", "iro_cli", "due", width=80, **environment)

    assert max(map(len, late.out.splitlines())) <= 80
    assert due.out.startswith("Today first\n")


def test_colour_on_a_terminal(store: Path, terminal: Run) -> None:
    """An overdue row is coloured, and says so in words as well."""
    code, out, _ = terminal("-m", "iro_cli", "due")

    assert code == 0
    assert "\x1b[" in out
    assert "7 days late" in out


def test_an_empty_no_color_is_none(store: Path, terminal: Run) -> None:
    """By its convention the variable has an effect only if it is not empty."""
    assert "\x1b[" in terminal("-m", "iro_cli", "due", NO_COLOR="")[1]


@_each_form
def test_nothing_is_cut_off_in_a_pipe(form: str, store: Path, iro: Run) -> None:
    """A name of 300 characters is whole, whatever the terminal's width is."""
    assert len(LONG) == 300
    assert LONG in iro("due", "--format", form)[1]


def test_columns_do_not_matter_in_a_pipe(
    store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COLUMNS is the width of the terminal and not of the pipe."""
    expected = iro("due")
    monkeypatch.setenv("COLUMNS", "20")

    assert expected == iro("due")


def test_nothing_is_cut_off_on_a_terminal(store: Path, terminal: Run) -> None:
    """A long name is folded over lines without losing a letter."""
    _, out, _ = terminal("-m", "iro_cli", "due", "--child", "A-005", width=80)

    assert LONG.count("x") == re.sub(r"\x1b\[[0-9;]*m", "", out).count("x")


@pytest.mark.parametrize("width", first_fast(40, 1, 20, 80, 300))
def test_any_width_will_do(width: int, store: Path, terminal: Run) -> None:
    """A narrow terminal leaves out columns, and the program still works."""
    for command in (("due",), ("explain", "A-001")):
        code, _, err = terminal("-m", "iro_cli", *command, width=width)

        assert (code, err) == (0, "")


@pytest.mark.parametrize("form", first_fast(*FORMS))
def test_the_code_page_of_windows(form: str, store: Path, spawn: Spawn) -> None:
    """Standard output is UTF-8 whatever the system's encoding is."""
    done = spawn("due", "--format", form, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")

    assert (done.returncode, done.stderr) == (0, b"")
    assert "Ŵyn Éxample" in done.stdout.decode("utf-8")


def test_errors_in_the_code_page_of_windows(store: Path, spawn: Spawn) -> None:
    """Standard error is UTF-8 too."""
    done = spawn("due", "--iro", "Ŵyn", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")

    assert done.returncode == 3
    assert "'Ŵyn'" in done.stderr.decode("utf-8")


@pytest.mark.parametrize(
    "command", first_fast(("due",), ("due", "-f", "csv"), ("show", "A-005")), ids=" ".join
)
def test_a_terminal_that_lacks_letters(
    command: tuple[str, ...], store: Path, terminal: Run
) -> None:
    """A letter that the terminal cannot show is replaced, and the others are shown."""
    code, _, err = terminal("-m", "iro_cli", *command, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")

    assert (code, err) == (0, "")


# ---------------------------------------------------------------- hostile text


@_each_form
def test_a_formula_is_data(form: str, store: Path, iro: Run) -> None:
    """CSV puts an apostrophe before it, because a spreadsheet would run it; no other form does."""
    _, out, _ = iro("due", "--child", "A-002", "--format", form)
    expected = {
        "csv": f"'{FORMULA}",
        "markdown": FORMULA.replace("|", r"\|"),
    }.get(form, FORMULA)

    assert expected in out
    assert form == "csv" or f"'{FORMULA}" not in out


def test_a_formula_in_the_file_for_excel(store: Path, iro: Run) -> None:
    """The form made for Excel guards it as well, as one cell."""
    (row,) = _rows(iro("due", "--child", "A-002", "-f", "csv", "--excel")[1].lstrip("\ufeff"))

    assert f"'{FORMULA}" == row["iro"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_every_start_of_a_formula(start: str, store: Path, iro: Run) -> None:
    """Every column with text is guarded, also the child's id."""
    hostile = f"{start}1+1"
    iro(
        "child", "add", f"--team={hostile}", f"--iro={hostile}", f"--label={hostile}", "--", hostile
    )
    _, out, _ = iro("child", "list", "-f", "csv", f"--team={hostile}")
    (row,) = _rows(out)

    assert [f"'{hostile}"] * 4 == [row[name] for name in ("child_id", "label", "team", "iro")]


def test_numbers_are_no_formulas(store: Path, iro: Run) -> None:
    """A negative number of days stays a number."""
    (row,) = _rows(iro("overdue", "-f", "csv")[1])

    assert row["days_left"] == "-7"


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_markup_is_text(form: str, store: Path, iro: Run) -> None:
    """Brackets and colons that mean something to other programs are printed as they are."""
    assert MARKUP in iro("due", "--child", "A-003", "--format", form)[1]


def test_markup_is_text_on_a_terminal(store: Path, terminal: Run) -> None:
    """Rich neither colours them nor turns a word into a picture."""
    _, out, _ = terminal("-m", "iro_cli", "due", "--child", "A-003")

    assert MARKUP in out


def test_markup_is_text_in_markdown(store: Path, iro: Run) -> None:
    """Every character with a meaning there is escaped, so the row keeps its columns."""
    _, out, _ = iro("due", "--child", "A-003", "-f", "markdown")
    header, *_, row = (line for line in out.splitlines() if line.startswith("|"))

    assert r"\[red\]x\[/red\] :smile: \*a\_b\* \`c\` \<d\> \|e\|" in row
    assert len(re.findall(r"(?<!\\)\|", row)) == header.count("|")


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_an_override_is_shown_as_its_number(form: str, store: Path, iro: Run) -> None:
    """In text for people, a character that reverses a name is written as its number."""
    shown = {"table": r"Ann\u202eelpmaxE", "markdown": r"Ann\\u202eelpmaxE"}[form]
    _, out, _ = iro("due", "--child", "A-004", "--format", form)

    assert "\u202e" not in out
    assert shown in out


def test_an_override_on_a_terminal(store: Path, terminal: Run) -> None:
    """This holds on a coloured terminal too."""
    shown = r"Ann\u202eelpmaxE"
    _, out, _ = terminal("-m", "iro_cli", "due", "--child", "A-004")

    assert "\u202e" not in out
    assert shown in out


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_an_override_is_kept_for_programs(form: str, store: Path, iro: Run) -> None:
    """Forms for programs have the text as it is stored."""
    assert "Ann\u202eelpmaxE" in iro("due", "--child", "A-004", "--format", form)[1]


def test_an_override_in_a_confirmation(store: Path, iro: Run) -> None:
    """The message of a change is as safe to read as a listing."""
    name = "Bo\u202eelpmaxE"
    printed = iro("allocate", "A-001", "--iro", name, "--from", "2025-02-03")[1] + iro("undo")[1]

    assert "\u202e" not in printed


@pytest.mark.parametrize(
    "argv",
    [
        ("child", "add", "\x1b[2J"),
        ("child", "add", "NEW", "--iro", "Ann\x1b[31m"),
        ("child", "add", "NEW", "--label", "a\nb"),
        ("child", "add", "NEW", "--team", "a\x9bb"),
        ("child", "edit", "A-001", "--team", "a\x00b"),
        ("allocate", "A-001", "--iro", "a\tb", "--from", "2025-02-03"),
        ("record", "cla.review", "A-001", "--on", "2025-02-03", "--note", "\x1b]8;;x\x07"),
    ],
    ids=lambda argv: " ".join(argv[:2]),
)
def test_control_codes_are_refused_at_the_door(
    argv: tuple[str, ...], store: Path, iro: Run
) -> None:
    """Nothing is stored, and the message does not repeat them."""
    before = iro("history", "-f", "csv")
    code, out, err = iro(*argv)

    assert (code, out) == (2, "")
    assert "control codes" in err
    assert set() == _controls(err)
    assert before == iro("history", "-f", "csv")


@pytest.mark.parametrize(
    "argv",
    [
        ("show", "\x1b[31mA"),
        ("due", "--iro", "\x1b[31mA"),
        ("due", "--child", "\x1b[31mA"),
        ("due", "--format", "\x1b[31mA"),
        ("due", "--as-of", "\x1b[31mA"),
        ("when", "\x1b[31mA", "2025-01-06"),
        ("when", "cla.review.first", "\x1b[31mA"),
        ("record", "\x1b[31mA", "A-001", "--on", "2025-02-03"),
        ("\x1b[31mA",),
    ],
    ids=lambda argv: " ".join(argv).replace("\x1b", "ESC"),
)
def test_an_error_says_no_control_code_back(argv: tuple[str, ...], store: Path, iro: Run) -> None:
    """An error quotes what was typed without its control codes."""
    code, out, err = iro(*argv)

    assert code in (2, 3)
    assert set() == _controls(out + err)


# ---------------------------------------------------------------- forms


@_each_listing
def test_json_is_one_object(listing: tuple[str, ...], listed: Run) -> None:
    """It has the schema, day, nation and rules, and then the rows."""
    _, out, _ = listed(*listing, "--format", "json")
    found: dict[str, Any] = json.loads(out)

    assert list(found)[:4] == ["schema", "as_of", "nation", "catalogue"]
    assert list(found)[-1] == "rows"
    assert (found["schema"], found["as_of"], found["nation"]) == (1, "2025-02-10", "england")
    assert out.endswith("}\n")


@_each_listing
def test_json_lines_are_the_rows_alone(listing: tuple[str, ...], listed: Run) -> None:
    """Each line is one object, the same as in the JSON object."""
    rows = json.loads(listed(*listing, "--format", "json")[1])["rows"]
    lines = listed(*listing, "--format", "jsonl")[1].splitlines()

    assert rows == [json.loads(line) for line in lines]


@_each_listing
def test_csv_has_the_names_of_json(listing: tuple[str, ...], listed: Run) -> None:
    """CSV has the same rows and fields in the same order, under one header."""
    rows = json.loads(listed(*listing, "--format", "json")[1])["rows"]
    _, out, _ = listed(*listing, "--format", "csv")
    found = _rows(out)

    assert "\r" not in out
    assert len(rows) == len(found)
    assert [list(row) for row in rows] == [list(row) for row in found]


def test_the_fields_of_due(store: Path, iro: Run) -> None:
    """Scripts rely on these fields."""
    expected = (
        "child,timescale,title,process,clock_started,due,hold_by,status,days_left,"
        "working_days_left,booked,booked_late,iro,team,provisional,assumed"
    )

    assert expected == iro("due", "-f", "csv")[1].splitlines()[0]


def test_the_fields_of_when(store: Path, iro: Run) -> None:
    """Scripts rely on these fields."""
    expected = "timescale,from,due,hold_by,limit,provisional,left_out,authority,provision,url"

    assert expected == iro("when", "cla.review.first", "2025-01-06", "-f", "csv")[1].split("\n")[0]


def test_csv_for_excel(store: Path, iro: Run) -> None:
    """A byte-order mark, CRLF and days first; otherwise the cells are the same."""
    plain = iro("overdue", "-f", "csv")[1]
    _, out, _ = iro("overdue", "-f", "csv", "--excel")

    assert out.startswith("\ufeffchild,")
    assert out.count("\r\n") == out.count("\n") == 2
    assert _rows(out.removeprefix("\ufeff")) == [
        {
            **_rows(plain)[0],
            "clock_started": "06/01/2025",
            "due": "03/02/2025",
            "hold_by": "03/02/2025",
        }
    ]


def test_excel_goes_with_csv(store: Path, iro: Run) -> None:
    """With another form --excel is refused."""
    assert iro("due", "--excel") == (2, "", "iro: --excel can only be used with --format csv\n")


@pytest.mark.parametrize("form", ["csv", "jsonl", "markdown", "table"])
def test_overdue_is_silent_when_nothing_is(form: str, store: Path, iro: Run) -> None:
    """Nothing is printed, so cron sends no mail."""
    assert iro("overdue", *NOTHING_YET, "--format", form) == (0, "", "")


def test_overdue_is_silent_on_a_terminal(store: Path, terminal: Run) -> None:
    """This holds on a terminal too."""
    assert terminal("-m", "iro_cli", "overdue", *NOTHING_YET) == (0, "", "")


def test_overdue_in_json_has_no_rows(store: Path, iro: Run) -> None:
    """JSON is an object even if nothing is overdue."""
    code, out, _ = iro("overdue", *NOTHING_YET, "--format", "json")

    assert (code, json.loads(out)["rows"]) == (0, [])


def test_due_says_so_when_nothing_is(store: Path, iro: Run) -> None:
    """An empty listing has its header, and counts zero."""
    assert len(iro("due", "--as-of", "2024-12-01", "-f", "csv")[1].splitlines()) == 1
    assert "0 overdue" in iro("due", "--as-of", "2024-12-01")[1]


# ---------------------------------------------------------------- files


@_each_form
def test_a_file_has_what_a_pipe_gets(form: str, store: Path, iro: Run, home: Path) -> None:
    """The file has the same bytes, and standard output is empty."""
    expected = iro("due", "--format", form)[1]
    answer = iro("due", "--format", form, "-o", "listing")

    assert answer == (0, "", "")
    assert expected.encode() == (home / "listing").read_bytes()


def test_a_file_for_excel(store: Path, iro: Run, home: Path) -> None:
    """The byte-order mark is there once, and line ends are not doubled."""
    iro("due", "--format", "csv", "--excel", "-o", "listing.csv")
    content = (home / "listing.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbfchild,")
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")


def test_a_file_is_replaced(store: Path, iro: Run, home: Path) -> None:
    """The old content is gone, and no other file is left beside it."""
    (home / "listing").write_text("yesterday " * 10_000)
    before = sorted(path.name for path in home.iterdir())
    iro("due", "-o", "listing", "-f", "jsonl")

    assert "yesterday" not in (home / "listing").read_text("utf-8")
    assert before == sorted(
        path.name for path in home.iterdir() if not path.name.endswith(("-wal", "-shm"))
    )


def test_nothing_overdue_makes_an_empty_file(store: Path, iro: Run, home: Path) -> None:
    """Otherwise yesterday's list would be taken for today's."""
    (home / "listing").write_text("yesterday")
    iro("overdue", *NOTHING_YET, "-o", "listing")

    assert (home / "listing").read_text() == ""


@pytest.mark.parametrize(
    "place",
    ["none/listing", "folder", "..", "."],
)
def test_a_place_that_is_no_file(place: str, store: Path, iro: Run, home: Path) -> None:
    """It is refused with exit code 3, and the message names the place."""
    (home / "folder").mkdir()
    code, out, err = iro("due", "-o", place)

    assert (code, out) == (3, "")
    assert place in err
    assert "Traceback" not in err


def test_a_folder_that_may_not_be_written(store: Path, held: Run, home: Path) -> None:
    """It is refused, and the old file stays."""
    folder = home / "closed"
    folder.mkdir()
    (folder / "listing").write_text("old")
    folder.chmod(0o500)
    code, out, err = held("due", "-o", str(folder / "listing"))
    folder.chmod(0o700)

    assert (code, out) == (3, "")
    assert "cannot be written" in err
    assert [path.name for path in folder.iterdir()] == ["listing"]
    assert (folder / "listing").read_text() == "old"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("x")])
def test_a_file_is_written_whole_or_not_at_all(
    error: Exception, store: Path, iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If writing fails halfway, the old file stays and no half of a new one."""

    def fails(_export: object, out: io.TextIOBase, _target: object) -> None:
        out.write("child,timescale")
        raise error

    monkeypatch.setattr(csv_file, "FORM", csv_file.FORM._replace(write=fails))
    (home / "listing").write_text("old")
    code, _, err = iro("due", "-f", "csv", "-o", "listing")

    assert ((home / "listing").read_text(), list(home.glob(".*.part"))) == ("old", [])
    assert (3 if isinstance(error, OSError) else 1) == code
    assert "Traceback" not in err


# ---------------------------------------------------------------- options and environment


@pytest.mark.parametrize(
    "argv",
    [
        ("-f", "csv", "due"),
        ("due", "-f", "csv"),
        ("--format=csv", "due"),
        ("-f", "json", "due", "-f", "csv"),
        ("-f", "csv"),
        ("--database", "iro.db", "-f", "csv", "--as-of", "10/02/2025"),
    ],
    ids=" ".join,
)
def test_options_stand_before_or_after(argv: tuple[str, ...], store: Path, iro: Run) -> None:
    """A bare `iro` is `iro due`; an option after the command overrides one before it."""
    assert iro("due", "--format", "csv") == iro(*argv)


def test_options_stand_before_or_after_a_family(store: Path, iro: Run) -> None:
    """This holds for a command of two words too."""
    before, after = iro("-f", "csv", "child", "list"), iro("child", "list", "-f", "csv")

    assert before == after
    assert len(_rows(after[1])) == 5


def test_bare_is_due(store: Path, iro: Run) -> None:
    """`iro` without a command is `iro due`."""
    assert iro("due") == iro()


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("due",), 0),
        (("due", "--exit-code"), 10),
        (("overdue", "--exit-code"), 10),
        (("overdue", "--exit-code", "-f", "json"), 10),
        (("overdue", "--exit-code", "-o", "listing"), 10),
        (("overdue", "--exit-code", *NOTHING_YET), 0),
        (("due", "--exit-code", "--iro", FORMULA), 0),
        (("overdue", "--exit-code", "--pack", "none.toml"), 4),
        (("due", "--exit-code", "--child", "A-999"), 3),
    ],
)
def test_exit_codes(argv: tuple[str, ...], expected: int, store: Path, iro: Run) -> None:
    """With --exit-code, 10 means that the list is complete and has an overdue row."""
    assert expected == iro(*argv)[0]


def test_ten_also_through_typer(store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick path and Typer give the same exit code."""
    monkeypatch.setattr("iro_cli.cli.quick.quick", lambda _: None)

    assert iro("overdue", "--exit-code")[0] == 10


def test_the_environment_and_the_command_line(
    store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each variable does the same as its option, and the option overrides it."""
    expected = iro("due", "-f", "json")
    for name in ("IRO_DATABASE", "IRO_AS_OF", "IRO_NATION"):
        monkeypatch.delenv(name, raising=False)
    typed = ("--database", str(store), "--as-of", "2025-02-10", "--nation", "england")

    assert expected == iro("due", "-f", "json", *typed)

    monkeypatch.setenv("IRO_DATABASE", "none.db")
    monkeypatch.setenv("IRO_AS_OF", "1999-01-01")
    monkeypatch.setenv("IRO_NATION", "narnia")

    assert expected == iro("due", "-f", "json", *typed)
    assert iro("due", *typed[2:])[0] == 5
    assert json.loads(iro("due", "-f", "json", *typed[:2], *typed[4:])[1])["as_of"] == "1999-01-01"
    assert iro("due", *typed[:4])[0] == 2


def test_an_empty_variable_is_none(store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable, as a shell script leaves it, has no effect."""
    expected = iro("due")
    monkeypatch.setenv("IRO_NATION", "")

    assert expected == iro("due")


def test_without_a_store_anywhere(iro: Run, home: Path) -> None:
    """The message names the default place, and no store is made there."""
    code, out, err = iro()

    assert (code, out) == (5, "")
    assert str(home / "default") in err
    assert not (home / "default").exists()


@pytest.mark.parametrize(
    ("nation", "code", "words"),
    [
        ("scotland", 3, "no rules for scotland"),
        ("northern-ireland", 3, "no rules for northern-ireland"),
        ("narnia", 2, "one of england, wales, scotland, northern-ireland"),
        ("England", 2, "one of england"),
    ],
)
@pytest.mark.parametrize("command", [("due",), ("when", "cla.review.first", "2025-01-06")])
def test_other_nations(
    command: tuple[str, ...], nation: str, code: int, words: str, store: Path, iro: Run
) -> None:
    """A nation without rules is refused with 3, and an unknown nation with 2."""
    found = iro(*command, "--nation", nation)

    assert (code, "") == found[:2]
    assert words in found[2]


@pytest.mark.parametrize(
    "typed", ["01/02/25", "2025-02-30", "02/13/2025", "last week", "1/2", "+x"]
)
def test_a_day_that_cannot_be_read(typed: str, store: Path, iro: Run) -> None:
    """It is refused with exit code 2, and the message says what to write."""
    code, out, err = iro("due", f"--as-of={typed}")

    assert (code, out) == (2, "")
    assert f"--as-of {typed!r}" in err


# ---------------------------------------------------------------- interrupted and broken


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is another error on Windows")
@pytest.mark.parametrize(
    "argv",
    first_fast(
        ("due", "--all"),
        ("when", "cla.review.first", "-", "-f", "csv"),
        ("timescales", "-f", "json"),
        ("child", "list"),
    ),
    ids=lambda argv: argv[0],
)
def test_a_reader_that_goes_away(argv: tuple[str, ...], store: Path) -> None:
    """``iro … | head`` is no error, and prints no message."""
    with subprocess.Popen(
        [sys.executable, "-m", "iro_cli", *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(b"2025-01-06\n" * 2000)

    assert (process.returncode, err) == (0, b"")


@pytest.mark.parametrize("quickly", [True, False], ids=["quick", "typer"])
def test_interrupted(quickly: bool, store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C ends the program with 130 and without a traceback."""

    def interrupts(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(daily, "listed", interrupts)
    if not quickly:
        monkeypatch.setattr("iro_cli.cli.quick.quick", lambda _: None)
    code, out, err = iro("due")

    assert (code, out) == (130, "")
    assert "Traceback" not in err


@pytest.mark.parametrize("quickly", [True, False], ids=["quick", "typer"])
def test_an_unexpected_failure_shows_no_data(
    quickly: bool, store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 and one line that can be reported, without a child's data."""

    def fails(*_: object, **__: object) -> None:
        secret = "Bramble, born 2 March 2015"
        raise RuntimeError(secret)

    monkeypatch.setattr(daily, "listed", fails)
    if not quickly:
        monkeypatch.setattr("iro_cli.cli.quick.quick", lambda _: None)
    code, out, err = iro("due")

    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "RuntimeError" in err
    assert "report" in err
    assert "Bramble" not in err


def test_an_unexpected_failure_names_no_folder_of_the_machine(
    store: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names a place in this program, even if a library raised the error."""
    monkeypatch.setattr(daily, "listed", lambda *_: json.loads("{"))
    code, _, err = iro("due")

    assert code == 1
    assert "cli/commands/daily.py" in err.replace("\\", "/")
    assert Path(json.__file__).parent.as_posix().lstrip("/") not in err.replace("\\", "/")


def test_a_dry_run_that_finds_nothing_new_writes_its_file(
    store: Path, iro: Run, tmp_path: Path
) -> None:
    """Without a new file, somebody would take last night's for this one."""
    children = tmp_path / "children.csv"
    children.write_text(iro("child", "list", "-f", "csv")[1], "utf-8")
    listing = tmp_path / "changes.txt"
    code, out, err = iro("import", "children", str(children), "--dry-run", "-o", str(listing))

    assert (code, out) == (0, "")
    assert "nothing to store" in err
    assert listing.read_text("utf-8").startswith("What would change")


def test_what_is_longer_than_the_terminal_goes_through_the_pager(
    store: Path, terminal: Run
) -> None:
    """``PAGER`` numbers the lines; the second screen of 8 lines has the titles again."""
    every = ("-m", "iro_cli", "due")
    code, out, _ = terminal(*every, keyboard=True, LINES="9", PAGER="cat -n")

    assert code == 0
    assert re.search(r"^ +1\t", out)
    assert len(re.findall(r"^ +(?:9|17)\t\x1b\[1mDue ", out, re.MULTILINE)) == 1


@pytest.mark.skipif(os.name != "posix", reason="NOT TESTED: there are no such programs here")
@pytest.mark.parametrize(
    ("pager", "shown", "said"),
    [
        ("false", False, f"iro: the pager 'false' failed (exit code 1): {ANOTHER_PAGER}\n"),
        (
            "sh -c 'exit 127'",
            False,
            f"iro: the pager 'sh' failed (exit code 127): {ANOTHER_PAGER}\n",
        ),
        ("true", True, ""),
        ("head -1", True, ""),
        ("sh -c 'kill -PIPE $$'", True, ""),
    ],
)
def test_a_pager_that_fails_has_shown_nothing(
    pager: str,
    shown: bool,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A pager that was quit early, however much was left, counts as having shown the list."""
    monkeypatch.setenv("PAGER", pager)
    with (tmp_path / "screen").open("w") as out:
        found = pager_for(out)
        assert found is not None
        answer = found("a line\n" * 50_000)

    assert (answer, capsys.readouterr().err) == (shown, said)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pager", "titles", "code"), [("false", 1, 10), ("no-such-pager", 1, 10), ("head -1", 0, 10)]
)
def test_a_list_is_shown_whatever_becomes_of_the_pager(
    pager: str, titles: int, code: int, store: Path, terminal: Run
) -> None:
    """If the pager fails, is missing or is quit early, the exit code stays the same."""
    every = ("-m", "iro_cli", "due", "--exit-code")
    found, out, _ = terminal(*every, keyboard=True, LINES="9", PAGER=pager)

    assert (found, out.count("\x1b[1mDue ")) == (code, titles)


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("--no-pager",), {"PAGER": "cat -n"}),
        ((), {"PAGER": "cat"}),
        ((), {"PAGER": ""}),
        ((), {"PAGER": "no-such-pager"}),
        ((), {"PAGER": "cat -n", "LINES": "60"}),
    ],
    ids=["option", "cat", "empty", "missing", "short"],
)
@pytest.mark.slow
def test_no_pager(
    words: tuple[str, ...], environment: dict[str, str], store: Path, terminal: Terminal
) -> None:
    """The table is printed if no pager is wanted, none exists, or all fits on the screen."""
    _, out, _ = terminal(
        "-m", "iro_cli", "due", *words, keyboard=True, **{"LINES": "9", **environment}
    )

    assert not re.search(r"^ +1\t", out, re.MULTILINE)
    assert out.count("\x1b[1mDue ") == 1


# A character that reverses text, one that isolates it, one without width, one that moves the
# cursor.
_HIDDEN = {"\u202e": r"\u202e", "\u2066": r"\u2066", "\u200b": r"\u200b", "\x9b": r"\x9b"}


@pytest.mark.parametrize(
    "line",
    [
        *("child list", "show A", "history", "due --all", "digest", "child list -f html"),
        *("caseload", "explain A", "digest --html", "overdue"),
    ],
)
def test_what_is_hidden_in_names_notes_and_ids_is_shown(line: str, iro: Run) -> None:
    """People see its number wherever they read; a listing for programs has it as it is."""
    hidden = "".join(one for one in _HIDDEN if one != "\x9b")
    iro("child", "add", f"A{hidden}", "--label", f"Ann{hidden}", "--iro", f"Ada{hidden}")
    iro("record", "cla.start", f"A{hidden}", "--on", "2025-01-06", "--note", f"n{hidden}ote")
    words = line.replace(" A", f" A{hidden}").split(" ")
    code, out, err = iro(*words)

    assert code == 0
    assert [one for one in hidden if one in out + err] == []
    assert r"\u202e\u2066\u200b" in out


@pytest.mark.parametrize("sign", _HIDDEN)
def test_each_hidden_sign_is_written_as_its_number(sign: str) -> None:
    """Letters, accents and signs of every script are not changed."""
    assert printable(f"Ŵ日é{sign}x") == f"Ŵ日é{_HIDDEN[sign]}x"


def test_a_page_is_not_shown_by_a_terminal(store: Path, terminal: Run) -> None:
    """On a terminal a report needs a file, and the message says so; a pipe gets the report."""
    code, out, err = terminal("-m", "iro_cli", "report", "quarterly")

    assert (code, out) == (2, "")
    assert err == (
        "iro: the report is a page for a browser, not for a terminal: give --output quarterly.html\n"
    )
