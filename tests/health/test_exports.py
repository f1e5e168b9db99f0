"""One of each export, as ``make examples`` writes it."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transcript import without_release

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "examples" / "exports"
# The others are archives: a version of the library that writes them may change their bytes.
AS_TEXT = (".csv", ".json", ".txt", ".ics", ".html")


def _made() -> list[str]:
    """Return the lines of the Makefile that write an export."""
    text = (ROOT / "Makefile").read_text("utf-8")
    return re.findall(r"^\t\$\(ON_ITS_DAY\) (.+)$", text, re.MULTILINE)


def _lasting(path: Path) -> str:
    """
    Read a text without the parts that another release, rule, hour or library would change.

    A calendar's lines are made whole again, as they break where the version ends.
    The moment at which a meeting was booked is that of the demo, and charts are
    drawn by matplotlib.
    """
    text = without_release(path.read_bytes().decode("utf-8").replace("\r\n ", ""))
    text = re.sub(r"(DTSTAMP|LAST-MODIFIED|CREATED):\w+", r"\1", text)
    return re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)


@pytest.mark.slow
@pytest.mark.asked_on("2026-11-23")
def test_the_examples_are_what_the_program_writes(home: Path, iro: Callable[..., Any]) -> None:
    """Each text is the same except for the version and the digest of the rules."""
    assert iro("--database", "iro.db", "demo").code == 0
    for line in _made():
        words = [word.replace("$(EXPORTS)", str(home)) for word in shlex.split(line)]
        answer = iro(*words)
        assert answer.code == 0, f"iro {line}: {answer.err}"
    kept = sorted(path.name for path in KEPT.iterdir() if path.name != "README.md")
    compared = [name for name in kept if name.endswith(AS_TEXT)]

    assert [name for name in kept if not (home / name).exists()] == []
    assert len(compared) == 9
    for name in compared:
        old, new = (_lasting(place / name) for place in (KEPT, home))

        assert new == old, f"{name}: run `make examples`"
