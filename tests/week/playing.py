"""Play a scene of the week on a terminal, and write down what it shows."""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from iro_cli import clock
from running import nothing_set, piped
from week.screen import SHOWN_PLACE, Size, place, play, play_in_one
from week.script import WEEK, Scene, Step

SCREENS = Path(__file__).parent / "screens"
SIZES = (Size(80, 24), Size(120, 40))
_STORE = "testshire.db"


def path_of(scene: Scene, size: Size) -> Path:
    """Return the file with the screens of a scene."""
    return SCREENS / f"{scene.name}.{size}.txt"


@contextmanager
def on_stage(scene: Scene) -> Iterator[tuple[Path, dict[str, str]]]:
    """Make the store of a scene, and yield the folder and the environment."""
    with place() as folder, pytest.MonkeyPatch.context() as patch:
        given = {"IRO_AS_OF": scene.on, "PAGER": "cat"}
        for name, text in scene.files.items():
            (folder / name).write_text(text, "utf-8")
        if scene.before:
            given["IRO_DATABASE"] = _STORE
            nothing_set(patch)
            patch.chdir(folder)
            patch.setenv("IRO_DATABASE", _STORE)
            for name in ("DATA", "STATE", "CONFIG"):
                patch.setenv(f"XDG_{name}_HOME", str(folder / "home" / name))
        for day, line in scene.before:
            patch.setenv("IRO_AS_OF", day)
            patch.setattr(clock, "now", lambda day=day: f"{day}T08:00:00Z")
            patch.setattr(clock, "user", lambda: "night")
            code, out, err = piped(*shlex.split(line)[1:])
            assert code == 0, (line, out, err)
        yield folder, given


def _typed(step: Step, folder: Path) -> str:
    """Return the line with the real folder instead of the shown one."""
    return step.line.replace(SHOWN_PLACE.decode(), str(folder))


def played(scene: Scene, size: Size) -> Iterator[tuple[Step, list[str]]]:
    """Yield each step of a scene with what the terminal shows, in a process each."""
    with on_stage(scene) as (folder, given):
        for step in scene.steps:
            how = given | ({"PAGER": "less"} if step.pages else {})
            line = _typed(step, folder)
            yield step, play(line, step.answers, size, folder, how, step.pages)


def played_in_one(scene: Scene, steps: Sequence[Step], size: Size) -> list[tuple[Step, list[str]]]:
    """Return steps without questions and what the terminal shows, in one process."""
    with on_stage(scene) as (folder, given):
        shown = play_in_one([_typed(step, folder) for step in steps], size, folder, given)
        return list(zip(steps, shown, strict=True))


def as_written(step: Step, shown: Sequence[str]) -> str:
    """Return a step as it is in the file of its scene."""
    return "\n".join([f"$ {step.line}", *(f"| {line}".rstrip() for line in shown)]) + "\n"


def lacking(step: Step, shown: Sequence[str]) -> list[str]:
    """Return what a step should show and does not, whatever the line breaks."""
    text = "".join("".join(shown).split())
    return [one for one in step.shows if "".join(one.split()) not in text]


def write() -> None:
    """Write the screens of the whole week again."""
    SCREENS.mkdir(exist_ok=True)
    for scene in WEEK:
        for size in SIZES:
            text = ""
            for step, shown in played(scene, size):
                text += as_written(step, shown)
                for one in lacking(step, shown):
                    print(f"{scene.name} at {size}: {step.line}: does not show {one!r}")
            path_of(scene, size).write_text(text, "utf-8")


if __name__ == "__main__":
    os.environ.pop("COLUMNS", None)
    write()
