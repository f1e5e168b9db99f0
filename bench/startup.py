"""Measure every daily command against an interpreter that starts and does nothing."""

import csv
import shutil
import sys
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import authority
from authority import Size
from place import Place
from timing import Command, cpu_seconds

from figures import Report, at_most

CASELOAD = Size(looked_after=190, on_plans=110)
# This one has about thirty rows to list, which a terminal shows without scrolling far.
CASELOAD_SEED = 5
PASS = "python -c pass"
# The bounds, as multiples of an interpreter that does nothing.
PIPED, TERMINAL, WHEN, HELP, ONE_CHANGE, TAB = 5, 8, 7, 12, 12, 9
# And as multiples of the same command without a configuration file.
CONFIGURED = 1.1
_DUE, _CONFIGURED = "`iro due`, piped", "`iro due`, piped, with a configuration file"


class _Start(NamedTuple):
    """A start-up figure: the command, its bound, and a text that its output must have."""

    command: Command
    bound: float
    wanted: bytes


def nothing() -> Command:
    """Return the yardstick: an interpreter that starts and does nothing."""
    return Command([sys.executable, "-c", "pass"])


def completion(place: Place, store: Path, *words: str) -> Command:
    """Return the command that a shell runs when Tab is pressed after some words."""
    extra = {
        "IRO_DATABASE": str(store),
        "_IRO_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    return Command(place.package.program, extra)


def _asked(place: Place, store: Path) -> dict[str, _Start]:
    """Return the commands that read, as users type them in the morning."""
    day = place.as_of.isoformat()
    iro = place.iro
    return {
        _DUE: _Start(iro("due", store=store), PIPED, b"When"),
        "`iro due`, no store named": _Start(_unnamed(place, store), PIPED, b"When"),
        "`iro due -f csv`": _Start(iro("due", "-f", "csv", store=store), PIPED, b"child,timescale"),
        "`iro due -f json`": _Start(iro("due", "-f", "json", store=store), PIPED, b'"rows"'),
        "`iro due`, terminal": _Start(iro("due", store=store, terminal=True), TERMINAL, b"\x1b["),
        "`iro when`": _Start(iro("when", "cla.review.first", day, store=store), WHEN, b"due"),
        "`iro --help`": _Start(iro("--help"), HELP, b"caseload"),
        "`iro history`": _Start(iro("history", store=store), ONE_CHANGE, b"bench"),
        "`iro child list`": _Start(iro("child", "list", store=store), ONE_CHANGE, b"B000001"),
        "`iro timescales`": _Start(iro("timescales"), ONE_CHANGE, b"cla.review.first"),
    }


def _unnamed(place: Place, store: Path) -> Command:
    """Return the daily check on a store at its usual place, which no option names."""
    usual = place.folder / "data" / "iro" / "iro.db"
    usual.parent.mkdir(parents=True, exist_ok=True)
    copied(store, usual)
    return Command([*place.package.program, "due"], {"XDG_DATA_HOME": str(usual.parents[1])})


def _configured(place: Place, store: Path) -> Command:
    """Return the daily check with a usual configuration."""
    file = place.folder / "config.toml"
    file.write_text(
        f'database = "{store}"\nme = "Ada Okafor"\nwithin = "28d"\nformat = "table"\n', "utf-8"
    )
    return Command([*place.package.program, "due"], {"IRO_CONFIG": str(file)})


def _tabs(place: Place, store: Path) -> dict[str, _Start]:
    """Return the command that the shell runs for Tab."""
    return {
        "Tab: a command": _Start(completion(place, store, "iro", "ca"), TAB, b"caseload"),
        "Tab: a child": _Start(completion(place, store, "iro", "show", "B0002"), TAB, b"B00029"),
        "Tab: a timescale": _Start(
            completion(place, store, "iro", "when", "cla."), TAB, b"cla.review.first"
        ),
    }


def removed(store: Path) -> None:
    """Remove a store, if there is one, with SQLite's files beside it."""
    for suffix in ("", "-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)


def copied(store: Path, target: Path) -> None:
    """Replace a store by a copy of another, so that each run changes the same store."""
    removed(target)
    shutil.copyfile(store, target)


def _unbooked(place: Place, store: Path) -> dict[str, str]:
    """Return an open looked-after review that is not booked and not late."""
    said = place.expect(place.iro("due", "--all", "-f", "csv", store=store), b"\n")
    for row in csv.DictReader(StringIO(said.decode())):
        if row["process"] == "cla" and not row["booked"] and int(row["days_left"] or 0) > 7:
            return row
    raise SystemExit("bench: nobody in the caseload has a review that is not booked")


def _changed(place: Place, store: Path) -> dict[str, _Start]:
    """Return the commands that make one change, each on a fresh store."""
    row, used = _unbooked(place, store), place.folder / "changed.db"
    recorded = place.folder / "recorded.db"
    record = place.iro(
        *("record", "health.assessment", row["child"], "--on", place.as_of.isoformat()), store=used
    )
    record = record._replace(prepare=lambda: copied(store, used))
    place.expect(record, b"health.assessment")
    copied(used, recorded)
    book = place.iro("book", row["child"], row["timescale"], row["hold_by"], store=used)
    undo = place.iro("undo", store=used)
    return {
        "`iro record`": _Start(record, ONE_CHANGE, b"health.assessment"),
        "`iro book`": _Start(
            book._replace(prepare=lambda: copied(store, used)), ONE_CHANGE, row["child"].encode()
        ),
        "`iro undo`": _Start(
            undo._replace(prepare=lambda: copied(recorded, used)), ONE_CHANGE, b"taken back"
        ),
    }


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    store = place.folder / "caseload.db"
    authority.build(store, CASELOAD, place.as_of, seed=CASELOAD_SEED)
    starts = {**_asked(place, store), **_changed(place, store), **_tabs(place, store)}
    for start in starts.values():
        place.expect(start.command, start.wanted)
    listed = place.expect(place.iro("due", "-f", "csv", store=store), b"\n").count(b"\n") - 1
    commands = {name: start.command for name, start in starts.items()}
    commands[_CONFIGURED] = _configured(place, store)
    place.expect(commands[_CONFIGURED], starts[_DUE].wanted)
    commands[PASS] = nothing()
    rounds = place.rounds(41, 21)
    found = place.bench.interleaved(commands, rounds)
    base = cpu_seconds(found[PASS])
    figures = [
        at_most(f"{name} ÷ `{PASS}`", cpu_seconds(found[name]) / base, start.bound)
        for name, start in starts.items()
    ]
    with_file = cpu_seconds(found[_CONFIGURED]) / cpu_seconds(found[_DUE])
    figures.append(at_most(f"{_CONFIGURED} ÷ without", with_file, CONFIGURED))
    note = (
        f"Start-up: a store of {CASELOAD.children} children; `iro due` lists {listed} rows; "
        f"{rounds} rounds; `{PASS}` took {base * 1000:.1f} ms."
    )
    return Report(figures, [note])
