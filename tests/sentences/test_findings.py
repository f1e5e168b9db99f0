"""Findings in words."""

import ast
from datetime import date
from pathlib import Path

import pytest

import iro_cli
from iro_cli import library
from iro_cli.obligations.findings import Around, Finding, Waiting
from iro_cli.sentences.findings import message_of, remedy_of
from running import each

CARE = library.catalogue("england").spans["period-of-care"]
ON = date(2026, 5, 6)
SOURCE = Path(iro_cli.__file__).parent / "obligations"


def _kinds() -> list[str]:
    """Return every kind of finding that the engine names."""
    found: set[str] = set()
    for name in ("chains.py", "clocks.py", "findings.py"):
        for node in ast.walk(ast.parse((SOURCE / name).read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            named = getattr(called, "attr", getattr(called, "id", ""))
            if isinstance(node, ast.Call) and named in ("report", "anomaly", "Finding"):
                told = ast.walk(node.args[0]) if node.args else ()
                found |= {str(one.value) for one in told if isinstance(one, ast.Constant)}
    return sorted(found | {"under-four", "not-under-four"})


@each("kind", _kinds())
def test_every_kind_has_words(kind: str) -> None:
    """The words have the day, the event and what to do, with every placeholder filled."""
    found = Finding(kind, ON, "cla.review", CARE, date(2026, 5, 7))

    assert message_of(found).startswith("6 May 2026, cla.review (review held): ")
    assert "{" not in message_of(found) + remedy_of(found)


@pytest.mark.parametrize(
    ("around", "words"),
    [
        (Around(None, None, None), "none is recorded"),
        (Around(None, date(2026, 4, 1), None), "the last ended on 1 Apr 2026"),
        (Around(None, None, date(2026, 6, 1)), "one starts on 1 Jun 2026"),
        (
            Around(None, date(2026, 4, 1), date(2026, 6, 1)),
            "the last ended on 1 Apr 2026 and one starts on 1 Jun 2026",
        ),
    ],
)
def test_what_lies_around_is_named(around: Around, words: str) -> None:
    """The end before, the start after, or neither."""
    found = Finding("outside", ON, "cla.review", CARE, around=around)

    assert message_of(found).endswith(f"it happened outside a period of care: {words}")
    assert remedy_of(found).startswith("record cla.start")


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (None, "on this day"),
        (Waiting(("cla.review",), ()), "on this day: no cla.review is recorded"),
        (
            Waiting(("cla.review",), (date(2026, 3, 2), date(2026, 4, 1))),
            "on this day: cla.review is recorded on 2 Mar 2026 and 1 Apr 2026",
        ),
    ],
)
def test_what_a_record_could_be_of_is_named(waiting: Waiting | None, words: str) -> None:
    """A finding about a record names the last meetings, if there are any."""
    found = Finding("nothing-waiting", ON, "review.decisions", waiting=waiting)

    assert message_of(found).endswith(words)
