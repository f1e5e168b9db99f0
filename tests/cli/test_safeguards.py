"""What must never be overwritten, lost or stored in part."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.facts.model import Event
from stores import reading, typed_into

Run = Callable[..., Any]

HEADER = "child_id,event,date\n"


@pytest.fixture(scope="module")
def _ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typed_into(
        tmp_path_factory.mktemp("ready") / "own.db",
        "2026-11-10",
        "child add K1 --date-of-birth 2015-02-01",
        "record cla.start K1 --on 2026-10-12",
    )


@pytest.fixture
def ready(_ready: Path, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A store with one child in care."""
    shutil.copy(_ready, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRO_DATABASE", "own.db")
    return iro


def _facts(name: str = "own.db") -> list[Event]:
    reader = reading(Path(name))
    found = [event for _, events in reader.cases(date(2030, 1, 1), whole=True) for event in events]
    reader.close()
    return found


@pytest.mark.parametrize("place", ["own.db", "own.db-wal", "./own.db"])
def test_output_never_replaces_the_store(place: str, ready: Run) -> None:
    """The output replaces neither the store nor its log."""
    before = _facts()
    answer = ready("due", "-o", place)

    assert (answer.code, answer.out) == (3, "")
    assert before == _facts()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipe")
def test_output_to_a_pipe_is_written_to_it(ready: Run, tmp_path: Path) -> None:
    """The output does not replace a pipe with a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    answer = ready("due", "--as-of", "2026-11-23", "-f", "csv", "-o", str(pipe))
    got = os.read(reading, 100)
    os.close(reading)

    assert answer.code == 0
    assert got.startswith(b"child,timescale")
    assert pipe.is_fifo()


@pytest.mark.parametrize("place", ["events.csv", "own.db", "none/refused.csv"])
def test_refused_rows_never_replace_what_is_read(place: str, ready: Run) -> None:
    """The message comes before anything is stored."""
    Path("events.csv").write_text(HEADER + "K1,cla.review,2026-11-02\nK1,nonsense,2026-11-02\n")
    before = Path("events.csv").read_text()
    answer = ready("import", "events", "events.csv", "--skip-refused", "--refused", place)

    assert answer.code in (2, 3)
    assert before == Path("events.csv").read_text()
    assert ["cla.start"] == [one.event for one in _facts()]


def test_several_files_are_stored_together_or_not_at_all(ready: Run) -> None:
    """A wrong row in the second file keeps the first out too."""
    Path("a.csv").write_text(HEADER + "K1,cla.review,2026-11-02\n")
    Path("b.csv").write_text(HEADER + "K1,cla.end,2026-13-02\n")
    answer = ready("import", "events", "a.csv", "b.csv")

    assert answer.code == 3
    assert "b.csv: row 2" in answer.err
    assert ["cla.start"] == [one.event for one in _facts()]


def test_a_fact_in_two_files_is_stored_once(ready: Run) -> None:
    """The second file finds the fact stored."""
    for name in ("a.csv", "b.csv"):
        Path(name).write_text(HEADER + "K1,cla.review,2026-11-02\n")
    answer = ready("import", "events", "a.csv", "b.csv")

    assert answer.code == 0
    assert ["cla.start", "cla.review"] == [one.event for one in _facts()]


def test_a_correction_keeps_what_is_not_said_again(ready: Run) -> None:
    """A note is added to a review, and its participation code stays."""
    ready("record", "cla.review", "K1", "--on", "2026-11-02", "--participation", "PN1")
    ready("record", "cla.review", "K1", "--on", "2026-11-02", "--note", "by telephone")
    review = _facts()[-1]

    assert (review.participation, review.note) == ("PN1", "by telephone")


def test_an_older_fact_is_taken_back(ready: Run) -> None:
    """It can be withdrawn however much was recorded since, and undo restores it."""
    ready("record", "cla.review", "K1", "--on", "2026-11-02")
    ready("record", "cla.review", "K1", "--on", "2026-11-03", "--insist")
    answer = ready("record", "cla.review", "K1", "--on", "2026-11-02", "--withdraw")
    after = [one.on for one in _facts()]
    ready("undo")

    assert answer.code == 0
    assert [date(2026, 10, 12), date(2026, 11, 3)] == after
    assert [date(2026, 10, 12), date(2026, 11, 2), date(2026, 11, 3)] == [
        one.on for one in _facts()
    ]


def test_what_is_not_there_cannot_be_taken_back(ready: Run) -> None:
    """It is refused, and the message says how to see what is recorded."""
    answer = ready("record", "cla.review", "K1", "--on", "2026-11-02", "--withdraw")

    assert answer.code == 3
    assert "iro show K1" in answer.err


def test_the_demonstration_spares_a_store_in_use(ready: Run) -> None:
    """Invented children are never put among real ones."""
    assert ready("--database", "own.db", "demo").code == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "\udcff"), 2),
        (("due", "--as-of", "9999-12-31"), 2),
        (("--database", "~nosuchuser/x", "due"), 5),
        (("due", "-o", "~nosuchuser/x"), 2),
        (("due", "-o", "x" * 300), 3),
        (("caseload", "--iro", "Nobody"), 3),
        (("--database", "other.db", "record", "cla.end", "K1", "--on", "2026-11-02"), 5),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_odd_words_have_an_answer(words: tuple[str, ...], code: int, ready: Run) -> None:
    """None causes an unexpected error, and none makes a store."""
    assert code == ready(*words).code
    assert not Path("other.db").exists()


@pytest.mark.parametrize(
    "question",
    [
        "due",
        "overdue",
        "overdue --per-iro-folder lists",
        "caseload",
        "digest",
        "forecast",
        "report timeliness",
        # Their libraries take long to load.
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in ("doctor", "suggest", "report quarterly -o quarter.html")
        ),
    ],
)
def test_an_empty_store_is_no_good_news(
    question: str, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that is empty because nothing is recorded says so, and names the store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRO_DATABASE", "own.db")
    assert iro("child", "add", "K1").code == 0
    said = f"iro: no event of any child is recorded in {tmp_path / 'own.db'}, so no date can be"

    answer = iro(*question.split())
    assert answer.code == 0
    assert said in answer.err

    assert iro("record", "cla.start", "K1", "--on", "2026-10-12").code == 0
    assert "no event" not in iro(*question.replace("lists", "again").split()).err

    # What was taken back is not known either.
    assert iro("undo").code == 0
    assert said in iro(*question.replace("lists", "last").split()).err


@pytest.mark.parametrize("question", ["due", "overdue"])
def test_a_child_without_events_is_no_good_news(question: str, ready: Run) -> None:
    """Others in the store have events."""
    assert ready("child", "add", "K2").code == 0

    answer = ready(question, "--child", "k2")

    assert answer.code == 0
    assert "no event of the child is recorded in" in answer.err
    assert "K2" not in answer.err
    # The day after care began, nothing of K1 is overdue, and something is known.
    assert ready(question, "--child", "K1", "--as-of", "2026-10-13").err == ""
