"""`undo` says what it takes back, asks if that is much, knows refusals; `redo` restores it."""

import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from iro_cli.cli.commands import record
from iro_cli.facts.model import Child
from iro_cli.store.kinds import CHILD_DETAIL
from running import Answer, shown_on
from stores import changing, put_store, refused_flushes

pytestmark = pytest.mark.asked_on("2026-11-24")
Typed = Callable[[str], Answer]


@pytest.fixture
def robin(typed_once: Callable[..., Path], home: Path, typed: Typed) -> Typed:
    """Return a function that runs a line; Robin came into care on 2 November."""
    made = typed_once("2026-11-24", "child add Robin", "record cla.start Robin --on 2026-11-02")
    put_store(made, home / "iro.db")
    return typed


def test_it_says_what_goes_and_whose(robin: Typed) -> None:
    """It names the number of rows, the children and the command."""
    first, second, third = robin("undo").out.splitlines()

    assert first.startswith("taken back: change 2, record cla.start Robin --on 2026-11-02 (")
    assert (second, third) == ("  1 fact added, of Robin", "  `iro redo` does it again")


def test_a_moment_is_that_of_the_clocks_of_london(typed: Typed, home: Path) -> None:
    """In July London is an hour ahead of UTC, past midnight too; a program gets UTC."""
    with changing(home / "iro.db", at="2026-07-01T23:30:00Z", who="ada") as change:
        change.add(CHILD_DETAIL, [Child("Robin")])
    table, program = typed("history").out, typed("history -f csv").out
    undone, again = typed("undo").out, typed("redo").out

    assert "2026-07-02 00:30:00  ada" in table
    assert ",2026-07-01T23:30:00Z,ada," in program
    assert "(ada, 2026-07-02 00:30:00)" in undone
    assert "(ada, 2026-07-02 00:30:00)" in again


def test_redo_brings_it_again(robin: Typed) -> None:
    """A redo works until something else is changed."""
    robin("undo")
    again = robin("redo")

    assert again.out.startswith("done again: change 2, record cla.start Robin")
    assert len(robin("due --all -f json").rows()) == 1
    assert (robin("redo").code, "nothing to redo" in robin("redo").err) == (3, True)


@pytest.mark.parametrize(
    ("line", "name"),
    [("record cla.review Wren", "record"), ("retention set cla 3", "retention set")],
)
def test_after_a_refusal_it_says_that_it_is_another_change(
    line: str, name: str, robin: Typed
) -> None:
    """The refused command stored nothing; the change before it may be somebody else's."""
    assert robin(line).code == 3
    first = robin("undo")
    second = robin("undo")

    assert f"the last command, `iro {name}` (" in first.err
    assert "was refused and stored nothing" in first.err
    assert (first.code, second.code, second.err) == (0, 0, "")


def test_a_refusal_in_an_empty_store_mentions_no_change(typed: Typed) -> None:
    """An empty store has no change that could be taken back."""
    typed("init")
    typed("record cla.review Wren")
    undone = typed("undo")

    assert undone.code == 3
    first, second = undone.err.splitlines()
    assert first.endswith("was refused and stored nothing")
    assert second == "iro: there is nothing to undo"


def test_after_an_erasure_nothing_is_said_to_be_taken_back(robin: Typed) -> None:
    """An undo of an erasure is refused, so the change before a refused command stays."""
    assert robin("child erase Robin --reason asked --yes").code == 0
    robin("record cla.review Wren")
    undone = robin("undo")

    assert undone.code == 3
    assert "what is taken back" not in undone.err
    assert "erased a child for good" in undone.err


@pytest.mark.parametrize(
    ("line", "gone", "then"),
    [("record cla.review Robin", 3, ""), ("undo", 1, "iro: there is nothing to undo\n")],
)
def test_after_a_change_that_may_be_there(
    line: str, gone: int, then: str, robin: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk refused the end of a change, no message says that nothing was stored."""
    with refused_flushes(monkeypatch):
        refused = robin(line)
    undone, after = robin("undo"), robin("undo")

    assert (refused.code, "it is not known whether it was stored" in refused.err) == (5, True)
    assert f"the last command, `iro {line.split(maxsplit=1)[0]}` (" in undone.err
    assert "may or may not be stored: look at what is taken back" in undone.err
    assert "stored nothing" not in undone.err
    assert undone.out.startswith(f"taken back: change {gone}, ")
    assert after.err == then


def test_a_line_that_cannot_be_read_is_refused_too(robin: Typed) -> None:
    """A line that cannot be read stored nothing, so it counts as a refusal."""
    assert robin("book").code == 2

    assert "the last command, `iro book` (" in robin("undo").err


def test_a_refusal_is_forgotten_with_the_next_change(robin: Typed) -> None:
    """A refusal in another store does not count."""
    robin("record cla.review Wren")
    robin("record cla.review Robin")
    assert robin("undo").err == ""
    robin("init other.db")
    robin("record cla.review Wren --database other.db")

    assert robin("undo").err == ""


def test_what_is_kept_of_a_refusal_names_no_child(robin: Typed, home: Path) -> None:
    """Only the command's name, the time and the store are kept."""
    robin("record cla.review Wren --on 2026-11-20")
    (kept,) = Path(f"{home}-state").rglob("refused")
    text = kept.read_text("utf-8")

    assert text.split("\n")[0] == "record"
    assert "Wren" not in text
    assert os.name == "nt" or kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("facts", "code"), [(5, 0), (6, 3)])
def test_more_than_five_rows_are_asked_about(
    facts: int, code: int, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the user is asked, and without an answer nothing is undone."""
    children = " ".join(f"A-{number}" for number in range(facts))
    for child in children.split():
        typed(f"child add {child}")
    typed(f"record cla.start {children} --on 2026-11-02")
    monkeypatch.setattr(record, "can_ask", lambda: True)
    answer = typed("undo")

    assert (answer.code, "take it back (y)" in answer.err) == (code, code == 3)


def _on_a_terminal(line: list[str], answer: str) -> tuple[int, str]:
    """Run a command on a terminal, type an answer, and return the screen."""
    ours, theirs = pty.openpty()
    with Popen(
        [sys.executable, "-m", "iro_cli", *line], stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        os.write(ours, answer.encode())
        shown = b"".join(shown_on(ours))
        os.close(ours)
    return process.returncode, shown.decode()


@pytest.mark.skipif(os.name != "posix", reason="NOT TESTED: there are no pseudo-terminals here")
def test_on_a_terminal_an_import_is_asked_about(robin: Typed, home: Path) -> None:
    """The question says how much it did; with `--yes` and in a script there is none."""
    (home / "children.csv").write_text("child_id\nWren\nWhinchat\n")
    robin("import children children.csv")
    kept, asked = _on_a_terminal(["undo"], "\n")
    done, shown = _on_a_terminal(["undo"], "y\n")

    assert (kept, "2 children added, of Whinchat, Wren" in asked) == (3, True)
    assert (done, "taken back: change 3, import children children.csv" in shown) == (0, True)
    robin("redo")
    assert _on_a_terminal(["undo", "--yes"], "")[0] == 0


@pytest.mark.skipif(os.name != "posix", reason="NOT TESTED: there are no pseudo-terminals here")
def test_on_a_terminal_a_second_meeting_is_asked_about(robin: Typed) -> None:
    """The answer corrects the day, stores a second meeting, or stores nothing."""
    robin("record cla.review Robin --on 2026-11-19")
    line = ["record", "cla.review", "Robin", "--on", "2026-11-20"]
    nothing, _ = _on_a_terminal(line, "\n")
    code, shown = _on_a_terminal(line, "c\n")

    assert nothing == 3
    assert (code, "corrected: cla.review on Fri 20 Nov 2026 for Robin" in shown) == (0, True)
