"""The quick path and Typer answer the same command line in the same way."""

import io
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iro_cli.__main__ import run
from iro_cli.cli import quick as quick_module
from iro_cli.cli.app import typer_reads
from iro_cli.cli.calls import Call
from iro_cli.cli.commands import COMMANDS
from iro_cli.cli.options import COMMON
from iro_cli.cli.quick import quick
from running import each
from strategies import examples

DAY = "2025-02-10"
FILE = "listing.txt"


class Outcome(NamedTuple):
    """Everything that a command leaves behind."""

    code: int
    out: bytes
    err: bytes
    file: bytes | None


Both = Callable[[list[str]], tuple[Outcome, Outcome]]


def _run(argv: list[str], patch: pytest.MonkeyPatch) -> Outcome:
    out, err = (io.TextIOWrapper(io.BytesIO()) for _ in range(2))
    patch.setattr(sys, "stdin", io.StringIO("2025-01-06\n\n13/01/2025\n"))
    patch.setattr(sys, "stdout", out)
    patch.setattr(sys, "stderr", err)
    code = run(argv)
    out.flush()
    err.flush()
    written = Path(FILE)
    kept = written.read_bytes() if written.exists() else None
    written.unlink(missing_ok=True)
    assert isinstance(out.buffer, io.BytesIO)
    assert isinstance(err.buffer, io.BytesIO)
    return Outcome(code, out.buffer.getvalue(), err.buffer.getvalue(), kept)


@pytest.fixture(scope="module")
def both(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Return a function that answers a line in both ways, beside a store ``iro.db``."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copy(made, folder / "iro.db")

    def call(argv: list[str]) -> tuple[Outcome, Outcome]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("IRO_DATABASE", "iro.db")
            patch.setenv("IRO_AS_OF", DAY)
            quickly = _run(argv, patch)
            patch.setattr(quick_module, "quick", lambda _: None)
            return quickly, _run(argv, patch)

    return call


# ---------------------------------------------------------------- what may be typed

_days = st.sampled_from([DAY, "10/02/2025", "today", "-7d", "+4w", "+20wd", "2025-02-30", "x", ""])
_COMMON = {
    "--database": st.sampled_from(
        ["iro.db", "sqlite:///iro.db", "none.db", "mysql://h/d", "", "."]
    ),
    "--as-of": _days,
    "--nation": st.sampled_from(["england", "wales", "narnia", ""]),
    "--format": st.sampled_from(["table", "csv", "json", "jsonl", "markdown", "xlsx", ""]),
    "-f": st.sampled_from(["csv", "json", "markdown", "--all"]),
    "--output": st.sampled_from([FILE, "none/file", ""]),
    "-o": st.sampled_from([FILE, "."]),
}
_DUE = {
    "--within": st.sampled_from(["28d", "+4w", "20wd", "3m", "4", "", "-1d", "9999d"]),
    "--iro": st.sampled_from(["Ann Example", "ann example", "Nobody", "", "-x"]),
    "--team": st.sampled_from(["North", "north", "South"]),
    "--process": st.sampled_from(["cla", "cp", "nothing"]),
    "--child": st.sampled_from(["A-001", "A-999", ""]),
    "--watched": st.sampled_from(["all", "some"]),
}
_FLAGS = st.sampled_from(
    [
        "--all",
        "--unbooked",
        "--exit-code",
        "--excel",
        "--compare",
        "--bogus",
        "-x",
        "--",
        "-",
        "-fcsv",
    ]
)
_WORDS = st.sampled_from(
    ["cla.review.first", "cla.review.second", "cla.revue", DAY, "06/01/2025", "-7d", "-", "x", ""]
)


@st.composite
def _option(draw: st.DrawFn) -> list[str]:
    """Draw an option with its value, joined or apart, or with none."""
    names = {**_COMMON, **_DUE}
    name = draw(st.sampled_from(list(names)))
    value = draw(names[name])
    return draw(st.sampled_from([[name, value], [name, value], [f"{name}={value}"], [name]]))


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a command line whose parts are in any order."""
    command = draw(st.sampled_from(["due", "overdue", "when", None]))
    parts = draw(
        st.lists(st.one_of(_option(), _option(), _FLAGS.map(lambda one: [one])), max_size=3)
    )
    if command == "when":
        words = [["cla.review.first"], [DAY]]
        parts += draw(st.one_of(st.just(words), st.lists(_WORDS.map(lambda w: [w]), max_size=3)))
    before = draw(st.integers(0, len(parts)))
    typed = [*parts[:before], *([[command]] if command else []), *parts[before:]]
    return [word for part in typed for word in part]


# ---------------------------------------------------------------- alike


@pytest.mark.hypothesis
def test_both_ways_answer_alike(both: Both) -> None:
    """If the quick path answers, code, bytes and file are the same as Typer's."""
    codes: Counter[int | None] = Counter()

    @examples(700)
    @given(argv=command_lines())
    @example(argv=["--database", "none.db", "due"])
    def alike(argv: list[str]) -> None:
        if quick(argv) is None:
            codes[None] += 1
            return
        quickly, slowly = both(argv)
        codes[quickly.code] += 1

        assert slowly == quickly

    alike()

    # The quick path answered a fair share of the lines, and some of its answers were refusals.
    assert codes.total() - codes[None] > codes.total() // 8
    assert min(codes[0], codes[2], codes[5]) > 0, codes


FIXED = [
    [],
    ["due"],
    ["overdue"],
    ["due", "--all", "--unbooked", "--exit-code"],
    ["overdue", "--exit-code", "--iro", "Ann Example"],
    ["--format", "csv"],
    ["-f", "csv", "--excel"],
    ["--excel", "due", "-f", "csv"],
    ["due", "--excel"],
    ["--format=json", "due"],
    ["due", "--format=jsonl", "--format=json"],
    ["-f", "csv", "due", "-f", "json"],
    ["--as-of", "-7d", "due"],
    ["due", "--as-of=+4w"],
    ["due", "--as-of", "--all"],
    ["due", "--as-of", ""],
    ["due", "--as-of", "02/13/2025"],
    ["due", "--within=20wd"],
    ["due", "--within", ""],
    ["due", "--within", "99999d"],
    ["due", "--child", "A-001"],
    ["due", "--child", "A-999"],
    ["due", "--iro", "Anne Example"],
    ["due", "--team="],
    ["due", "--process", "adoption"],
    ["due", "--watched", "all", "-f", "csv"],
    ["due", "-o", FILE],
    ["due", "-o", FILE, "-f", "csv", "--excel"],
    ["due", "-o", "none/file"],
    ["overdue", "--as-of", "2025-01-06"],
    ["overdue", "--as-of", "2025-01-06", "-f", "json"],
    ["overdue", "--as-of", "2025-01-06", "-o", FILE],
    ["--nation", "wales"],
    ["--nation", "narnia", "overdue"],
    ["--database", "none.db"],
    ["--database=postgresql://h/d", "due"],
    ["when", "cla.review.first", DAY],
    ["when", "cla.review.first", DAY, "2025-03-01", "-f", "csv"],
    ["when", "-f", "json", "cla.review.first", DAY],
    ["-f", "markdown", "when", "cla.review.second", "2024-11-30"],
    ["when", "cla.review.first", "-", "-f", "jsonl"],
    ["when", "cla.review.first", "today", "--as-of", DAY],
    ["when", "cla.review.first", DAY, "--compare"],
    ["when", "cla.revue.first", DAY],
    ["when", "cla.review.first", "2025-02-30"],
    ["when", "cla.review.first", "2099-01-01"],
    ["when", "cla.review.first", DAY, "--nation", "scotland"],
    ["due", "--pack", "local.toml"],
    ["show", "A-001"],
    ["show", "A-999", "-f", "csv"],
    ["--as-of", DAY, "history", "A-001"],
    ["calendar", "-f", "csv"],
    ["calendar", "-f", "csv", "month", "2025-02"],
    ["timescales", "show", "cla.review.first"],
    ["record", "cla.review", "A-001", "--on", DAY, "--format", "csv"],
    ["report", "timeliness", "--suppress", "1"],
    ["when", "cla.review.first", "-7d"],
    ["book", "A-001", "cla.review.first", "-7d"],
    ["book", "A-001", "-1d", "10:00", "--reason", "x"],
]


@each("argv", FIXED, name=" ".join)
def test_the_quick_way_answers(argv: list[str], both: Both) -> None:
    """The quick path answers the daily lines, in the same way as Typer."""
    quickly, slowly = both(argv)

    assert quick(argv) is not None
    assert slowly == quickly


@each(
    "argv",
    [
        ["--help"],
        ["due", "--help"],
        ["--version"],
        ["overdue", "extra"],
        ["due", "--bogus"],
        ["due", "--format"],
        ["overdue", "--output", "-f", "csv"],
        ["due", "--compare"],
        ["overdue", "--all"],
        ["when"],
        ["when", "cla.review.first"],
        ["--all"],
        ["--within", "7d", "due"],
        ["-fcsv"],
        ["due", "--"],
        [""],
        ["-"],
    ],
    name=" ".join,
)
def test_the_quick_way_leaves_the_rest(argv: list[str]) -> None:
    """An unclear line, or one outside the closed set, is left to Typer."""
    assert quick(argv) is None


@pytest.mark.parametrize("argv", [["overdue", "--within", "7d"], ["overdue", "--within=x"]])
def test_overdue_has_no_horizon(argv: list[str], both: Both) -> None:
    """Only ``due`` has the option ``--within``."""
    quickly, slowly = both(argv)

    assert slowly.code == 2
    assert slowly == quickly


_ANY = st.sampled_from(
    ["A-001", "x", "", "-", "-7d", "--all", "csv", "12", "-1", "--", "2025-02-10"]
)


@st.composite
def any_command_lines(draw: st.DrawFn) -> list[str]:
    """Draw a line for any command, from its own options, others and stray words."""
    command = draw(st.sampled_from([*COMMANDS.values()]))
    options = st.sampled_from([*command.takes, *COMMON])
    before: list[str] = []
    after: list[str] = []
    for _ in range(draw(st.integers(0, 4))):
        option = draw(options)
        place = draw(st.sampled_from([before, after, after]))
        if not option.typed:
            place.append(draw(_ANY))
        elif option.kind is bool:
            place.append(draw(st.sampled_from([option.shown, f"{option.shown}=x"])))
        else:
            flag, value = draw(st.sampled_from(option.flags)), draw(_ANY)
            place += draw(st.sampled_from([[flag, value], [f"{flag}={value}"], [flag]]))
    needed = [
        word
        for one in command.own
        if one.required and draw(st.integers(0, 9))
        for word in ([one.shown, draw(_ANY)] if one.typed else [draw(_ANY)])
    ]
    name = command.name.split()
    inside = draw(st.sampled_from([[], ["-f", "csv"], ["--strict"]])) if len(name) > 1 else []
    return [*before, name[0], *inside, *name[1:], *needed, *after]


def told(call: Call | int) -> tuple[str, dict[str, object], dict[str, object]]:
    """Return everything in a call."""
    assert isinstance(call, Call)
    return call.command.name, vars(call.given), dict(call.typed)


@pytest.mark.hypothesis
def test_both_ways_read_alike() -> None:
    """For every command, what the quick path reads, Typer reads as the same call."""
    read: Counter[bool] = Counter()

    @examples(1000)
    @given(argv=any_command_lines())
    def alike(argv: list[str]) -> None:
        call = quick(argv)
        read[call is not None] += 1

        assert call is None or told(typer_reads(argv)) == told(call)

    alike()

    assert read[True] > read.total() // 5


def test_neither_way_makes_a_store(both: Both) -> None:
    """Neither reader makes a missing store."""
    quickly, slowly = both(["--database", "none.db", "due"])

    assert (quickly.code, slowly.code) == (5, 5)
    assert not Path("none.db").exists()


# ---------------------------------------------------------------- the same option again


def test_a_value_is_never_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    """An option of a command that is taken once is refused twice; what it would mean is unclear."""
    places = {name: [one for one in command.own if one.required and not one.typed]
              for name, command in COMMANDS.items()}  # fmt: skip
    tried = 0
    for name, command in COMMANDS.items():
        line = [*name.split(), *("x" for _ in places[name])]
        for option in command.own:
            if option.kind is bool or option.many or not option.typed:
                continue
            others = [word for one in command.own if one.required and one.typed and one != option
                      for word in (one.flags[0], "x")]  # fmt: skip
            typed = [*line, *others, option.flags[0], "1", f"{option.flags[-1]}=1"]
            tried += 1

            assert quick(typed) is None, typed
            assert typer_reads(typed) == 2, typed
            assert f"is given 2 times, and `iro {name}` takes it once" in capsys.readouterr().err
    assert tried > 50


def test_what_may_be_given_again_is_read_as_before() -> None:
    """An option that is repeatable has every value; of a common one the last value counts."""
    both = [
        "due",
        "--timescale",
        "a",
        "--timescale",
        "b",
        "--all",
        "--all",
        "-f",
        "csv",
        "-f",
        "json",
    ]
    for call in (quick(both), typer_reads(both)):
        assert isinstance(call, Call)
        assert call.typed["timescales"] == ("a", "b")
        assert call.given.format == "json"
