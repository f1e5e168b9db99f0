"""``docs/architecture.md`` is true: rooms, floors, libraries, paths and the two ways."""

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import iro_cli
from health.test_layers import FENCED, MAY_IMPORT
from iro_cli import library

# These tests are about how the code is built, and not about what it does.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOURCE = Path(iro_cli.__file__).parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
# Modules outside the rooms: the program's face and its start.
DOORS = {"__init__", "__main__"}
EVERYONE = {"errors", "lean", "safe"}
MOST_LINES = 90

Steps = list[tuple[str, str]]


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def _rooms() -> list[tuple[str, set[str], set[str]]]:
    """Return each room of the table: its name, and what it may import and load."""
    found: list[tuple[str, set[str], set[str]]] = []
    for row in re.findall(r"^\| (`\w+`) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE):
        above = {name for name, _, _ in found} - EVERYONE
        imports = above if row[1] == "every room above" else _names(row[1])
        found.append((row[0].strip("`"), imports, _names(row[2])))
    return found


def _way(heading: str) -> Steps:
    """Return the steps of a way: the file and the function of each."""
    text = PAGE.partition(f"## The way of {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. `([^`]+\.py)` `([^`]+)` ", text, re.MULTILINE)


def _file(path: str) -> Path:
    """Find a file that the page names by its path in the package or the repository."""
    return SOURCE / path if (SOURCE / path).exists() else ROOT / path


@contextmanager
def _traced(called: Steps) -> Iterator[None]:
    """Record every function of ours at its first call."""
    seen: set[tuple[str, str]] = set()

    def note(frame: FrameType, what: str, _argument: object) -> None:
        code = frame.f_code
        if what == "call" and (code.co_filename, code.co_qualname) not in seen:
            seen.add((code.co_filename, code.co_qualname))
            called.append((code.co_filename, code.co_qualname))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)


def _order(steps: Steps, called: Steps) -> list[tuple[int, str]]:
    """
    Say when each step was first called, and name it.

    A file is known by the end of its path: where the package is installed, the doctests
    of the checkout put modules of their own in the place of some of it.
    """
    found = []
    for path, name in steps:
        calls = [
            number
            for number, (file, function) in enumerate(called)
            if function == name and Path(file).as_posix().endswith(f"/{path}")
        ]
        assert calls, f"{path} {name} was not called"
        found.append((calls[0], f"{path} {name}"))
    return found


def test_it_is_one_screen() -> None:
    """The page is short enough to be read before a first change."""
    assert len(PAGE.splitlines()) <= MOST_LINES


def test_the_rooms_and_floors_are_those_of_the_layer_test() -> None:
    """Each room is in the table with its imports, and rests only on rooms above it."""
    rooms = _rooms()
    names = [name for name, _, _ in rooms]

    assert {name: imports for name, imports, _ in rooms} == {
        name: allowed for name, allowed in MAY_IMPORT.items() if name not in DOORS
    }
    for place, (name, imports, _) in enumerate(rooms):
        assert imports <= set(names[:place]), name


def test_the_libraries_are_those_of_the_layer_test() -> None:
    """Each room is in the table with the libraries that may be loaded in it."""
    allowed: dict[str, set[str]] = {name: set() for name, _, _ in _rooms()}
    for loaded, places in FENCED.items():
        for place in places:
            allowed[place.partition("/")[0].removesuffix(".py")].add(loaded)

    assert {name: libraries for name, _, libraries in _rooms()} == allowed


def test_every_path_exists() -> None:
    """Each file or folder that the page names exists."""
    named = [one for one in _names(PAGE) if "/" in one or one.endswith(".py")]

    assert len(named) > 20
    assert [one for one in named if not _file(one).exists()] == []


@pytest.mark.parametrize("heading", ["an event", "a rule"])
def test_every_function_exists(heading: str) -> None:
    """Each step names a function in its file."""
    steps = _way(heading)
    assert len(steps) >= 8
    for path, name in steps:
        if path.startswith("scripts/"):
            continue
        at: Any = importlib.import_module(f"iro_cli.{path.removesuffix('.py').replace('/', '.')}")
        for part in name.split("."):
            at = getattr(at, part)

        assert callable(at)


@pytest.mark.asked_on("2026-11-02")
def test_the_way_of_an_event(home: Path, iro: Callable[..., Any]) -> None:
    """The functions are called in the page's order, from the file to the listing."""
    (home / "children.csv").write_text("child_id\nWREN\n", "utf-8")
    (home / "events.csv").write_text("child_id,event,date\nWREN,cla.start,2026-10-12\n", "utf-8")
    assert iro("import", "children", "children.csv").code == 0
    importing: Steps = []
    asking: Steps = []
    with _traced(importing):
        stored = iro("import", "events", "events.csv")
    with _traced(asking):
        answer = iro("due", "--all")
    steps = _way("an event")
    asked = steps.index(("cli/commands/daily.py", "due_command"))
    first, second = _order(steps[:asked], importing), _order(steps[asked:], asking)

    assert stored.code == 0, stored.err
    # 20 working days from Mon 12 Oct.
    assert "Mon 9 Nov 2026" in answer.out
    assert (first, second) == (sorted(first), sorted(second))


@pytest.mark.asked_on("2026-11-02")
def test_the_way_of_a_rule(robin: Callable[[str], Any]) -> None:
    """The functions are called in the page's order, from the pack to the explanation."""
    for read_once in vars(library).values():
        if hasattr(read_once, "cache_clear"):
            read_once.cache_clear()
    called: Steps = []
    with _traced(called):
        # Imported here: it loads SQLModel, and each worker imports this file.
        import compile_data  # noqa: PLC0415

        files = compile_data.compiled()
        answer = robin("explain Robin")
    found = _order(_way("a rule"), called)

    assert "england.json" in {path.name for path in files}
    assert "reg. 33(1)" in answer.out
    assert found == sorted(found)
