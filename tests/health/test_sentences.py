"""The pure rooms return facts; `sentences` and `pages` make the sentences for people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import iro_cli

SOURCE = Path(iro_cli.__file__).parent
PURE = ("dates", "facts", "law", "obligations", "figures")
ALSO = ("questions/show.py", "questions/when.py")
# Three words in a row, one of which may be put in by an f-string.
_RUN = re.compile(r"[A-Za-z{}'-]{2,}[,;:]?( [A-Za-z{}'-]+[,;:]?){2,}")
_WORD = re.compile(r"[A-Za-z'-]+")
_LEAST = 3
_OF_A_PACK = "what is wrong in a pack: an error carries it to whoever wrote the pack"
_OF_A_REPORT = "what a measure is called and left out, which the CSV and JSON of a report carry"
EXCEPTED = {
    "dates/file_dates.py": "how the months are written in files",
    "facts/vocabulary.py": "the vocabulary: what each event and detail is called in the field",
    "facts/model.py": "what an extract lacks, as it is stored",
    "facts/said.py": "what the field says for an event or a timescale, which is data",
    "facts/identifiers.py": "in what two ids may differ: the rule of this file, told once",
    "facts/people.py": "a time between two days, as dates/words.py writes a day",
    "law/model.py": "how a limit reads, and how it was read: a version's own words",
    "law/starter.py": "what a new pack is written from",
    "law/catalogue.py": _OF_A_PACK,
    "law/schema.py": _OF_A_PACK,
    "obligations/tightening.py": _OF_A_PACK,
    "figures/measures.py": _OF_A_REPORT,
    "figures/comparison.py": _OF_A_REPORT,
    "figures/statistics.py": "what the Department's marks mean, and what is wrong in its file",
}


def _told(node: ast.AST) -> str | None:
    """Return a text with braces for the values that are put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
        )
    return None


def _is_apart(node: ast.AST) -> bool:
    """
    Say whether a node has texts that are not the room's sentences.

    An error is what a room says to its caller, and has to be read without a page.  A text
    that stands alone is a docstring; one that is split is a list of words.
    """
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == "split"


def _sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each sentence for people in a piece of code."""
    if _is_apart(node):
        return
    text = _told(node)
    if text is not None:
        if _RUN.search(text) and len(_WORD.findall(text)) >= _LEAST:
            yield getattr(node, "lineno", 0), text
        return
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)


def _found(path: Path) -> list[str]:
    name = path.relative_to(SOURCE).as_posix()
    tree = ast.parse(path.read_text("utf-8"))
    return [f"{name}:{line}: {text}" for line, text in _sentences(tree)]


def _files() -> list[Path]:
    rooms = [path for room in PURE for path in sorted((SOURCE / room).rglob("*.py"))]
    return [*rooms, *(SOURCE / name for name in ALSO)]


@pytest.mark.slow
def test_the_pure_rooms_hold_no_sentence() -> None:
    """The exceptions are listed with their reasons."""
    files = [one for one in _files() if one.relative_to(SOURCE).as_posix() not in EXCEPTED]

    assert len(files) > 30
    assert [told for path in files for told in _found(path)] == []


@pytest.mark.parametrize("name", EXCEPTED)
def test_an_exception_is_needed(name: str) -> None:
    """A file without a sentence must not be listed as an exception."""
    assert _found(SOURCE / name) != []


def test_a_sentence_is_found() -> None:
    """With or without inserted values; errors, docstrings and lists of words do not count."""
    code = (
        '"""What is due for a child."""\n'
        'NAMES = "ann ben cid".split()\n'
        "def why(day):\n"
        '    """Say why it is due."""\n'
        "    if not day:\n"
        '        raise ValueError("there is no day")\n'
        '    return f"it is due by {day}"\n'
        'WORDS = ("held too late", "in-timescale")\n'
    )

    assert list(_sentences(ast.parse(code))) == [(7, "it is due by {}"), (8, "held too late")]
