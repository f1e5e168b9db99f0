"""Every public function of the questions and the changes is called directly by a test."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import iro_cli

# These tests are about how the code is built, and not about what it does.
pytestmark = pytest.mark.slow

SOURCE = Path(iro_cli.__file__).parent
TESTS = Path(__file__).parents[1]
ROOMS = ("questions", "changes")
# The tests are searched as text, which takes a tenth of the time of parsing them.
_IMPORTED = re.compile(r"^ *from iro_cli\.([\w.]+) import (\([^)]*\)|.*)", re.MULTILINE)
_NAME = re.compile(r"(\w+)(?: as (\w+))?")


def _functions(module: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield each public function of a module, beside the module's name."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield module, node.name


def _called(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a test imports from a module and calls."""
    for module, names in _IMPORTED.findall(text):
        for name, other in _NAME.findall(names):
            if re.search(rf"(?<![\w.]){other or name}\(", text):
                yield module, name


def _not_called(modules: Mapping[str, str], tests: Iterator[str]) -> set[tuple[str, str]]:
    """Return the public functions of modules that no test calls."""
    there = {one for module, text in modules.items() for one in _functions(module, text)}
    return there.difference(one for text in tests for one in _called(text))


def test_every_public_function_is_called_by_a_test() -> None:
    """A test through a command would only check what the command does with it."""
    modules = {
        f"{room}.{path.stem}": path.read_text("utf-8")
        for room in ROOMS
        for path in (SOURCE / room).glob("*.py")
    }

    assert len(modules) > 30
    assert _not_called(modules, (one.read_text("utf-8") for one in TESTS.rglob("*.py"))) == set()


def test_one_that_nobody_calls_is_found() -> None:
    """Another module's function of that name does not count, nor a mere import."""
    modules = {
        "questions.due": "def due(): ...\n\n\ndef soon(): ...\n\n\ndef late(): ...\n\n\ndef _own(): ...\n",
        "changes.due": "def due(): ...\n",
    }
    tests = [
        "from iro_cli.questions.due import (\n    due,\n    late as later,\n    soon,\n)\n\ndue()\n",
        "from iro_cli.questions.due import late as later\n\nlater(1)\nlisting.soon()\n",
    ]

    assert _not_called(modules, iter(tests)) == {("questions.due", "soon"), ("changes.due", "due")}
