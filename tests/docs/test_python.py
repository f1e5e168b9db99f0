"""The functions for Python programs load lazily, and work as the page shows."""

import doctest
import inspect
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import iro_cli
from iro_cli import face
from iro_cli.cli.commands import COMMANDS
from iro_cli.errors import InputRefusedError, StoreError, UsageError
from iro_cli.facts.model import Event
from iro_cli.questions.due import AskedDue
from running import each
from stores import typed_into

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = PAGE.parents[1] / "examples" / "packs"
FACE = ("due", "open", "record", "when")
DAY = date(2026, 11, 23)
# What a type checker would find, and a program without one gives all the same.
TEXT: Any = "2026-11-23"
NUMBER: Any = 7
TEXTS: Any = ["cla"]
BYTES: Any = b"testshire.db"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def _testshire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("testshire") / "testshire.db"
    return typed_into(path, "2026-11-23", f"--database {shlex.quote(str(path))} demo")


@pytest.fixture
def testshire(_testshire: Path, home: Path) -> Path:
    """Return the store of the fictional authority, in the test's own folder."""
    return Path(shutil.copy(_testshire, home / "testshire.db"))


def test_the_page_is_true(testshire: Path) -> None:
    """Each example of the page gives the result on the page."""
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, None, 0)
    said: list[str] = []
    failed, tried = doctest.DocTestRunner().run(examples, out=said.append)

    assert "".join(said) == ""
    assert (failed, tried > 10) == (0, True)


def test_importing_it_loads_nothing() -> None:
    """Not even typing is loaded: the functions are imported when one of them is used."""
    script = (
        "import sys; before = set(sys.modules); import iro_cli; dir(iro_cli);"
        "print(sorted(set(sys.modules) - before)); iro_cli.when;"
        "print([one for one in ('typer', 'rich', 'sqlmodel', 'pydantic') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )

    assert done.stdout.splitlines() == ["['iro_cli']", "[]"]


def test_it_has_these_functions_and_says_so() -> None:
    """Each function is the face's, is listed, and has a docstring with an example."""
    assert set(iro_cli.__all__) == {"__version__", *FACE}
    assert dir(iro_cli) == sorted(iro_cli.__all__)
    for name in FACE:
        found = getattr(iro_cli, name)

        assert found is getattr(face, name)
        assert ">>>" in (inspect.getdoc(found) or "")


def test_what_it_has_not_is_an_attribute_error() -> None:
    """Another name raises AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'overdue'"):
        iro_cli.overdue  # noqa: B018


def test_due_can_ask_whatever_the_question_can() -> None:
    """The function has an argument for each filter of the question."""
    arguments = {*inspect.signature(face.due).parameters} - {"store"}

    assert arguments == {*AskedDue._fields}


def test_record_takes_every_detail_of_an_event() -> None:
    """It takes every detail, and every option of the command but `--by`, which is a reference."""
    arguments = {*inspect.signature(face.record).parameters}
    typed = {one.name for one in COMMANDS["record"].own}

    assert {*Event._fields} <= arguments
    assert arguments - {"store"} == typed - {"by"}


def test_it_answers_as_the_command_line(testshire: Path, iro: Run) -> None:
    """It gives the same rows in the same order."""
    store = iro_cli.open(testshire, as_of=DAY)
    line = ("--database", str(testshire), "--as-of", DAY.isoformat())
    listed = iro(*line, "due", "--all", "-f", "csv")[1].splitlines()[1:]
    rows = iro_cli.due(store, everything=True)

    assert len(rows) > 20
    assert [(row.child, row.timescale) for row in rows] == [
        tuple(one.split(",")[:2]) for one in listed
    ]


def test_a_fact_is_one_change_that_is_taken_back(testshire: Path, iro: Run) -> None:
    """The history says that it came from Python, and a later question knows the fact."""
    store = iro_cli.open(testshire, as_of=DAY)
    before = iro_cli.due(store, everything=True)
    done = iro_cli.record(
        store, "cp.strategy", ["TS-0130", "TS-0112"], date(2026, 11, 20), section_47=True
    )
    known = iro_cli.due(store, everything=True)
    history = iro("--database", str(testshire), "history", "-f", "csv")[1]
    undone = iro("--database", str(testshire), "undo")

    assert done.added == ["TS-0130", "TS-0112"]
    assert len(known) == len(before) + 2
    assert "python: record cp.strategy TS-0130 TS-0112 --on 2026-11-20" in undone[1]
    assert "cp.strategy" in history
    assert iro_cli.due(store, everything=True) == before


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda store: iro_cli.due(store, team="Nort"), InputRefusedError, "team 'Nort'"),
        (lambda store: iro_cli.due(store, process="lac"), UsageError, "process 'lac': one of"),
        (lambda store: iro_cli.due(store, within="soon"), UsageError, "within 'soon': not a len"),
        (lambda store: iro_cli.due(store, child="TS-9"), InputRefusedError, "no child 'TS-9'"),
        (
            lambda store: iro_cli.record(store, "cla.revue", "TS-0130", DAY),
            InputRefusedError,
            "no event 'cla.revue'",
        ),
        (
            lambda store: iro_cli.record(store, "cla.review", "TS-0130", date(2999, 1, 1)),
            InputRefusedError,
            "is still to come",
        ),
        (
            lambda store: iro_cli.record(store, "cla.review", [], DAY),
            UsageError,
            "children: the list is empty: give the id of a child",
        ),
        (
            lambda store: iro_cli.record(store, "cla.review", "TS-0130", TEXT),
            UsageError,
            "on: must be a datetime.date, not str",
        ),
        (
            lambda store: iro_cli.record(store, "cla.review", "TS-0130", DAY, completed_on=TEXT),
            UsageError,
            "completed_on: must be a datetime.date, not str",
        ),
        (
            lambda store: iro_cli.record(store, "cp.strategy", "TS-0130", DAY, section_47=TEXT),
            UsageError,
            "section_47: must be True, False or None, not str",
        ),
        (
            lambda _: iro_cli.record(TEXT, "cla.review", "TS-0130", DAY),
            UsageError,
            r"store: must be what iro_cli.open\(path\) returns, not str",
        ),
        (
            lambda _: iro_cli.due(TEXT),
            UsageError,
            r"store: must be what iro_cli.open\(path\) returns, not str",
        ),
        (
            lambda _: iro_cli.when("cla.review.first", TEXT),
            UsageError,
            "day: must be a datetime.date, not str",
        ),
        (
            lambda _: iro_cli.open("testshire.db", as_of=TEXT),
            UsageError,
            "as_of: must be a datetime.date, not str",
        ),
        (
            lambda _: iro_cli.open("testshire.db", as_of=date(9999, 12, 31)),
            UsageError,
            "as_of 9999-12-31: a year from 1950 to 2150",
        ),
        (
            lambda _: iro_cli.open("testshire.db", packs=NUMBER),
            UsageError,
            "packs: must be a path or a list of paths, not int",
        ),
        (
            lambda _: iro_cli.when("cla.review.first", DAY, packs=[NUMBER]),
            UsageError,
            "packs: each must be a path, not int",
        ),
        (
            lambda store: iro_cli.due(store, timescales=NUMBER),
            UsageError,
            "timescales: must be a text or a list of texts, not int",
        ),
        (
            lambda store: iro_cli.due(store, words=[NUMBER]),
            UsageError,
            "words: each must be a text, not int",
        ),
        (
            lambda _: iro_cli.when("cla.review.second", date(9999, 12, 1)),
            InputRefusedError,
            "the day 3 months from 9999-12-01 lies outside the calendar",
        ),
        (lambda _: iro_cli.open("none.db"), StoreError, "none.db"),
        (lambda _: iro_cli.when("cla.revue", DAY), InputRefusedError, "no timescale"),
        (
            lambda _: iro_cli.when("cla.review.first", DAY, nation="scotland"),
            InputRefusedError,
            "no rules for scotland",
        ),
    ],
)
def test_what_cannot_be_done_is_an_error(
    ask: Callable[[object], object], error: type[Exception], said: str, testshire: Path
) -> None:
    """The error has the sentence of the command line, and nothing is stored."""
    store = iro_cli.open(testshire, as_of=DAY)
    before = testshire.read_bytes()
    with pytest.raises(error, match=said):
        ask(store)

    assert testshire.read_bytes() == before


@each(
    "ask, said",
    [
        (lambda store: iro_cli.due(store, within=NUMBER), "within: must be a text, not int"),
        (lambda store: iro_cli.due(store, iro=NUMBER), "iro: must be a text or None, not int"),
        (lambda store: iro_cli.due(store, team=NUMBER), "team: must be a text or None, not int"),
        (lambda store: iro_cli.due(store, child=NUMBER), "child: must be a text or None, not int"),
        (lambda store: iro_cli.due(store, process=TEXTS), "process: must be a text or None, not"),
        (lambda _: iro_cli.when(NUMBER, DAY), "timescale: must be a text, not int"),
        (lambda _: iro_cli.when("cla.review.first", DAY, nation=NUMBER), "nation: must be a text"),
        (lambda _: iro_cli.open(NUMBER), "path: must be a path, not int"),
        (lambda _: iro_cli.open(BYTES), "path: must be a path, not bytes"),
        (lambda _: iro_cli.open("testshire.db", nation=NUMBER), "nation: must be a text, not int"),
        (lambda store: _recorded(store, event=NUMBER), "event: must be a text, not int"),
        (lambda store: _recorded(store, children=NUMBER), "children: must be a text or a list of"),
        (lambda store: _recorded(store, children=[NUMBER]), "children: each must be a text, not"),
        *(
            (
                lambda store, name=name: _recorded(store, **{name: NUMBER}),
                f"{name}: must be a text or None, not int",
            )
            for name in ("outcome", "participation", "attended", "placement")
        ),
        *(
            (
                lambda store, name=name: _recorded(store, **{name: [TEXT]}),
                f"{name}: must be a text or None, not list",
            )
            for name in ("reason", "reference", "note")
        ),
    ],
)
def test_an_argument_of_another_type_is_a_usage_error(
    ask: Callable[[object], object], said: str, testshire: Path
) -> None:
    """The sentence names the argument, and nothing is stored."""
    store = iro_cli.open(testshire, as_of=DAY)
    before = testshire.read_bytes()
    with pytest.raises(UsageError, match=f"^{re.escape(said)}"):
        ask(store)

    assert testshire.read_bytes() == before


def _recorded(store: Any, **more: Any) -> object:
    return iro_cli.record(
        store, **{"event": "cla.review", "children": "TS-0130", "on": DAY, **more}
    )


def test_a_text_alone_is_read_as_a_list_of_one(testshire: Path) -> None:
    """A text alone means the same as a list with it, and is not read letter by letter."""
    store = iro_cli.open(testshire, as_of=DAY)
    pack = EXAMPLES / "london.toml"
    first = iro_cli.due(store, timescales="cla.review.first", everything=True)
    of_rees = iro_cli.due(store, words="rees", everything=True)
    from_text = iro_cli.when("cla.review.first", DAY, packs=str(pack))

    assert {row.timescale for row in first} == {"cla.review.first"}
    assert of_rees
    assert of_rees == iro_cli.due(store, words=["rees"], everything=True)
    assert from_text == iro_cli.when("cla.review.first", DAY, packs=pack)
    assert from_text == iro_cli.when("cla.review.first", DAY, packs=[pack])
