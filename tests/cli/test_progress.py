"""Progress of long work: what is reported, and the bar on a terminal."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli.progress import Bar
from iro_cli.progress import Step, Watched, through
from running import shown_on

Run = Callable[..., Any]


class Screen(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        """Return true."""
        return True


def test_what_takes_less_than_a_second_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a second the bar shows how much is done; it is drawn ten times a second."""
    monkeypatch.setenv("COLUMNS", "80")
    screen, now = Screen(), [0.0]
    bar = Bar(screen, clock=lambda: now[0])
    bar(Step("Reading a[b].csv", 1, 50_000_000, "bytes"))
    now[0] = 0.9
    bar(Step("Reading a[b].csv", 25_000_000, 50_000_000, "bytes"))
    assert screen.getvalue() == ""
    now[0] = 1.1
    bar(Step("Reading a[b].csv", 30_000_000, 50_000_000, "bytes"))
    drawn = screen.getvalue()
    assert "Reading a[b].csv" in drawn
    assert "30.0 of 50.0 MB" in drawn
    now[0] = 1.15
    bar(Step("Reading a[b].csv", 31_000_000, 50_000_000, "bytes"))
    assert screen.getvalue() == drawn
    bar(Step("Storing", 0, 4_000, "children"))  # another step is shown at once
    assert "0 of 4,000 children" in screen.getvalue()
    bar.close()

    assert screen.getvalue().endswith("\x1b[2K")  # the bar is gone


def test_an_import_tells_what_it_reads_stores_and_checks(iro: Run, home: Path) -> None:
    """Each step has its total."""
    (home / "children.csv").write_text("child_id\nA-1\nA-2\n", "utf-8")
    (home / "events.csv").write_text(
        "child_id,event,date\nA-1,cla.start,2026-01-05\nA-2,cla.start,2026-01-06\n", "utf-8"
    )
    iro("import", "children", "children.csv")
    told: list[Step] = []
    with Watched(told.append):
        iro("import", "events", "events.csv")
    iro("import", "events", "events.csv")  # nobody watches any more

    assert told == [
        Step("Reading events.csv", 0, 70, "bytes"),
        Step("Storing", 0, 2, "children"),
        Step("Checking", 0, 2, "children"),
    ]


def test_care_and_reports_tell_how_far_they_are(store: Path, iro: Run, home: Path) -> None:
    """A backup reports copying and checking; doctor, the history and a report report too."""
    told: dict[str, set[str]] = {}
    for line in ("backup copy.db", "history --verify", "doctor", "report timeliness"):
        steps: list[Step] = []
        with Watched(steps.append):
            assert iro(*line.split()).code == 0
        told[line] = {one.what for one in steps}

    assert told == {
        "backup copy.db": {"Copying", "Checking the history"},
        "history --verify": {"Checking the history"},
        "doctor": {"Checking the history", "Checking"},
        "report timeliness": {"Counting"},
    }


def test_items_are_the_same_and_are_counted_only_where_somebody_watches() -> None:
    """Every five hundredth item is reported; without a watcher nothing is counted."""
    items = range(1_200)
    told: list[Step] = []

    assert through(items, "Counting", lambda: 1 // 0, "children") is items
    with Watched(told.append):
        assert list(through(items, "Counting", lambda: 1_200, "children")) == [*items]
    assert [one.done for one in told] == [0, 500, 1_000]


@pytest.mark.slow
def test_a_long_import_shows_a_bar_on_a_terminal_only(home: Path) -> None:
    """If standard error is a terminal, a bar is shown; a pipe gets none of it."""
    pty = pytest.importorskip("pty", reason="NOT TESTED: there are no pseudo-terminals here")
    rows = "".join(f"A-{number:06},2015-07-19\n" for number in range(150_000))
    (home / "children.csv").write_text(f"child_id,date_of_birth\n{rows}", "utf-8")
    words = [sys.executable, "-m", "iro_cli", "import", "children", "children.csv", "--database"]
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*words, "a.db"], stdout=subprocess.PIPE, stderr=theirs, env=environment, cwd=home
    ) as process:
        os.close(theirs)
        shown = b"".join(shown_on(ours))
        assert process.stdout is not None
        out = process.stdout.read()
    os.close(ours)
    piped = subprocess.run(
        [*words, "b.db"], capture_output=True, env=environment, cwd=home, check=True
    )

    assert process.returncode == 0
    assert b" of 150,000 children" in shown
    assert piped.stderr.replace(b"b.db", b"a.db") in shown.replace(b"\r\n", b"\n")
    assert shown.endswith((b"a.db\r\n", b"\x1b[2K"))  # no bar is left
    assert out == piped.stdout
    assert piped.stderr.count(b"\n") == 1  # that a store was made
