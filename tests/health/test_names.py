"""
One name, one meaning: no two classes of the program have the same name.

A name with a leading underscore is the same name.  The parts of a pack have one name in TOML
(``law/schema.py``) and in the engine (``law/model.py``).
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import iro_cli

# These tests are about how the code is built, and not about what it does.
pytestmark = pytest.mark.slow

SOURCE = Path(iro_cli.__file__).parent
AS_WRITTEN = "law/schema.py"


def _names(text: str) -> Iterator[str]:
    """Yield the name of each class, and of each type that a module names."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            # A type is written as a class is; OVERDUE is a value.
            yield from (one for one in names if one.strip("_")[:1].isupper() and not one.isupper())


def _imported_alone(texts: dict[str, str]) -> dict[str, set[str]]:
    """Return the modules from which each function is imported by its bare name."""
    modules = {f"iro_cli.{path[:-3].replace('/', '.')}": path for path in texts}
    functions = {
        (module, node.name)
        for module, path in modules.items()
        for node in ast.parse(texts[path]).body
        if isinstance(node, ast.FunctionDef)
    }
    found: dict[str, set[str]] = defaultdict(set)
    for text in texts.values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                for one in node.names:
                    if (node.module, one.name) in functions:
                        found[one.name].add(modules[str(node.module)])
    return found


def _twice(texts: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path, text in texts.items():
        for name in _names(text):
            if path != AS_WRITTEN:
                found[name.lstrip("_")].append(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Return the text of every module, by its path."""
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text("utf-8")
        for path in sorted(SOURCE.rglob("*.py"))
    }


def test_a_class_name_stands_for_one_thing(texts: dict[str, str]) -> None:
    """A class name has one meaning in all rooms."""
    assert len(texts) > 150
    assert _twice(texts) == {}


def test_a_function_that_is_imported_by_its_name_stands_for_one_thing(
    texts: dict[str, str],
) -> None:
    """Exceptions are what each store engine does, and the face of the program."""
    found = _imported_alone(texts)
    twice = {name: paths for name, paths in found.items() if len(paths) > 1}
    of_engines = {
        name
        for name, paths in twice.items()
        if len(paths) == 2 and all(path.startswith("store/") for path in paths)
        and any("postgresql" in path for path in paths)
    }  # fmt: skip

    assert len(found) > 400
    assert of_engines == {"erase", "flaws_of", "prepare", "unlike"}
    assert twice.keys() - of_engines == {"record"}
    assert twice["record"] == {"face.py", "changes/recording.py"}


def test_a_name_that_stands_for_two_things_is_found() -> None:
    """This holds for classes and type names, and within one module too."""
    found = _twice({
        "law/model.py": "class Span:\n    pass\n\n\nclass Row:\n    pass\n",
        "law/schema.py": "class _Span:\n    pass\n",
        "incoming/rows.py": "Span = tuple[int, int]\nDAYS = 7\n\n\nclass _Row:\n    pass\n",
        "facts/model.py": "class Meeting:\n    pass\n\n\nMeeting: type = int\nDAYS = 7\n",
    })  # fmt: skip

    assert found == {
        "Span": ["law/model.py", "incoming/rows.py"],
        "Row": ["law/model.py", "incoming/rows.py"],
        "Meeting": ["facts/model.py", "facts/model.py"],
    }
