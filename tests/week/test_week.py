"""
A newcomer's first hour and an IRO's week, as a terminal shows them.

The screens are text beside this file.  Where one changes, look at it, and write them again:
`make week`.
"""

import os
from shutil import which

import pytest

from week.script import NEWCOMER, PROMISES, WEEK, Scene

if os.name != "posix":
    pytest.skip("NOT TESTED: there are no pseudo-terminals here", allow_module_level=True)

from week.playing import SIZES, as_written, lacking, path_of, played, played_in_one
from week.screen import Size

# A newcomer's first lines, before any question: quick enough to be played each time.
_QUICK = slice(11, 20)


def test_the_week_keeps_every_promise() -> None:
    """Each promise has a step that says what the screen has to show."""
    kept = {step.keeps for scene in WEEK for step in scene.steps if step.shows}

    assert kept == {*PROMISES}


def test_the_screens_are_those_of_the_script() -> None:
    """Every line has its screen at both sizes, and there is no other screen."""
    for scene in WEEK:
        for size in SIZES:
            text = path_of(scene, size).read_text("utf-8")
            typed = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
            parts = [part.split("\n")[1:] for part in text.split("\n$ ")]
            shown = [[line[2:] for line in part] for part in parts]
            pairs = zip(scene.steps, shown, strict=True)

            assert typed == [step.line for step in scene.steps]
            assert [
                (step.line, lack) for step, part in pairs if (lack := lacking(step, part))
            ] == []
            assert max(len(line) for part in shown for line in part) <= size.columns


@pytest.fixture
def emulator() -> None:
    """Skip the test if the emulator is not installed."""
    pytest.importorskip("pyte", reason="NOT TESTED: there is no terminal emulator")


@pytest.mark.usefixtures("emulator")
def test_a_newcomers_first_lines() -> None:
    """They are as in the file of the narrow screen."""
    text = path_of(NEWCOMER, SIZES[0]).read_text("utf-8")
    shown = played_in_one(NEWCOMER, NEWCOMER.steps[_QUICK], SIZES[0])

    assert [one for one in (as_written(*one) for one in shown) if one not in text] == []


@pytest.mark.slow
@pytest.mark.usefixtures("emulator")
@pytest.mark.skipif(which("less") is None, reason="NOT TESTED: there is no pager")
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scene", WEEK, ids=[one.name for one in WEEK])
def test_what_the_terminal_shows(scene: Scene, size: Size) -> None:
    """It is line by line what somebody looked at."""
    text = path_of(scene, size).read_text("utf-8")
    shown = [as_written(*one) for one in played(scene, size)]

    assert [one for one in shown if one not in text] == []
    assert "".join(shown) == text
