"""Measure every daily command against an interpreter that starts and does nothing."""

import sys
from pathlib import Path
from typing import NamedTuple

import authority
from authority import Size
from place import Place
from timing import Command, seconds

from figures import Report, at_most

CASELOAD = Size(looked_after=190, on_plans=110)
# This one has about thirty rows to list, which a terminal shows without scrolling far.
CASELOAD_SEED = 5
_PASS = "python -c pass"


class _Start(NamedTuple):
    """One start-up figure: the command, its bound, and what has to stand in its output."""

    command: Command
    bound: float
    wanted: bytes


def _completion(place: Place, store: Path, *words: str) -> Command:
    """Return the command that a shell runs when Tab is pressed after some words."""
    extra = {
        "IRO_DATABASE": str(store),
        "_IRO_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    return Command(place.package.program, extra)


def _starts(place: Place, store: Path) -> dict[str, _Start]:
    day = place.as_of.isoformat()
    iro = place.iro
    return {
        "`iro due`, piped": _Start(iro("due", store=store), 7, b"When"),
        "`iro due -f csv`": _Start(iro("due", "-f", "csv", store=store), 7, b"child,timescale"),
        "`iro due -f json`": _Start(iro("due", "-f", "json", store=store), 7, b'"rows"'),
        "`iro due`, terminal": _Start(iro("due", store=store, terminal=True), 11, b"\x1b["),
        "`iro when`": _Start(iro("when", "cla.review.first", day, store=store), 7, b"due"),
        "`iro --help`": _Start(iro("--help"), 12, b"caseload"),
        "Tab: a command": _Start(_completion(place, store, "iro", "ca"), 9, b"caseload"),
        "Tab: a child": _Start(_completion(place, store, "iro", "show", "B0002"), 9, b"B00029"),
        "Tab: a timescale": _Start(
            _completion(place, store, "iro", "when", "cla."), 9, b"cla.review.first"
        ),
    }


def measure(place: Place) -> Report:
    """Measure."""
    store = place.folder / "caseload.db"
    authority.build(store, CASELOAD, place.as_of, seed=CASELOAD_SEED)
    starts = _starts(place, store)
    for start in starts.values():
        place.expect(start.command, start.wanted)
    listed = place.expect(place.iro("due", "-f", "csv", store=store), b"\n").count(b"\n") - 1
    commands = {name: start.command for name, start in starts.items()}
    commands[_PASS] = Command([sys.executable, "-c", "pass"])
    rounds = place.rounds(41, 21)
    found = place.bench.interleaved(commands, rounds)
    base = seconds(found[_PASS])
    figures = [
        at_most(f"{name} ÷ `{_PASS}`", seconds(found[name]) / base, start.bound)
        for name, start in starts.items()
    ]
    note = (
        f"Start-up: a store of {CASELOAD.children} children; `iro due` lists {listed} rows; "
        f"{rounds} rounds; `{_PASS}` took {base * 1000:.1f} ms."
    )
    return Report(figures, [note])
