"""
Measure ``iro`` against yardsticks that run beside it, and print the ratios.

Whole processes, interleaved, medians.  The exit code is 1 where a bound is missed.
"""

import argparse
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import authority
from authority import Size
from package import Package, package_to_measure
from timing import Bench, Command, FailedError, peak_mib, seconds

from iro_cli.cli.today import today

HERE = Path(__file__).parent
RETURN = HERE.parents[1] / "shared" / "data" / "ssda903"
RESULTS = HERE / "RESULTS.md"

CASELOAD = Size(looked_after=190, on_plans=110)
# This one has about thirty rows to list, which a terminal shows without scrolling far.
CASELOAD_SEED = 5
ENGLAND = Size(looked_after=84_000, on_plans=50_000)
TENTH = Size(looked_after=8_400, on_plans=5_000)
_PASS = "python -c pass"


class Figure(NamedTuple):
    """One line of the table; ``met`` is ``None`` where it could not be measured."""

    what: str
    ratio: str
    bound: str
    met: bool | None


class Report(NamedTuple):
    """The lines of one part, and what should be known about them."""

    figures: list[Figure]
    notes: list[str]


class Place(NamedTuple):
    """Where and what is measured."""

    folder: Path
    package: Package
    bench: Bench
    as_of: date
    quick: bool

    def iro(self, *words: str, store: Path | None = None, terminal: bool = False) -> Command:
        """Return a command of ``iro``."""
        extra = {"IRO_DATABASE": str(store)} if store else {}
        return Command([*self.package.program, *words], extra, terminal)

    def rounds(self, whole: int, quick: int) -> int:
        """Return how many rounds to run."""
        return quick if self.quick else whole


def _at_most(what: str, ratio: float, bound: float) -> Figure:
    return Figure(what, f"{ratio:.2f}", f"at most {bound:g}", ratio <= bound)


def _expect(place: Place, command: Command, wanted: bytes) -> bytes:
    """Make sure that what is measured does its work: a quick failure is no speed."""
    output = place.bench.run(command).output
    if wanted not in output:
        words = " ".join(command.words)
        raise FailedError(f"{words}: {wanted!r} is not in what it wrote:\n{output!r}")
    return output


# ---------------------------------------------------------------- start-up


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


def measure_startup(place: Place) -> Report:
    """Measure every daily command against an interpreter that does nothing."""
    store = place.folder / "caseload.db"
    authority.build(store, CASELOAD, place.as_of, seed=CASELOAD_SEED)
    starts = _starts(place, store)
    for start in starts.values():
        _expect(place, start.command, start.wanted)
    listed = _expect(place, place.iro("due", "-f", "csv", store=store), b"\n").count(b"\n") - 1
    commands = {name: start.command for name, start in starts.items()}
    commands[_PASS] = Command([sys.executable, "-c", "pass"])
    rounds = place.rounds(41, 21)
    found = place.bench.interleaved(commands, rounds)
    base = seconds(found[_PASS])
    figures = [
        _at_most(f"{name} ÷ `{_PASS}`", seconds(found[name]) / base, start.bound)
        for name, start in starts.items()
    ]
    note = (
        f"Start-up: a store of {CASELOAD.children} children; `iro due` lists {listed} rows; "
        f"{rounds} rounds; `{_PASS}` took {base * 1000:.1f} ms."
    )
    return Report(figures, [note])


# ---------------------------------------------------------------- scale


def _generated(place: Place, name: str, size: Size) -> tuple[Path, int]:
    """
    Write a store in a process of its own.

    The system counts the memory of whoever starts a process as that process's
    own until it has started: this one has to stay small.
    """
    path = place.folder / f"{name}.db"
    made = subprocess.run(
        [
            *(sys.executable, str(HERE / "authority.py"), str(path)),
            *("--looked-after", str(size.looked_after), "--on-plans", str(size.on_plans)),
            *("--as-of", place.as_of.isoformat()),
        ],
        check=True,
        capture_output=True,
    )
    return path, int(made.stdout)


def measure_scale(place: Place) -> Report:
    """Measure an authority as large as England against reading its rows, and its tenth."""
    large, events = _generated(place, "england", ENGLAND)
    small, _ = _generated(place, "tenth", TENTH)
    day = place.as_of.isoformat()

    def listing(store: Path) -> Command:
        return place.iro("due", "--all", "-f", "csv", store=store)._replace(discard=True)

    commands = {
        "england": listing(large),
        "tenth": listing(small),
        "bare": Command([sys.executable, str(HERE / "bare_read.py"), str(large), day]),
    }
    rounds = place.rounds(7, 3)
    found = place.bench.interleaved(commands, rounds)
    england, tenth, bare = (seconds(found[name]) for name in commands)
    memory = peak_mib(found["england"])
    all_due = "`iro due --all -f csv`"
    figures = [
        _at_most(f"{all_due}, England ÷ reading the same rows bare", england / bare, 5),
        _at_most(f"{all_due}, ten times the children ÷ the children", england / tenth, 11),
        Figure(
            f"{all_due}, England: most memory", f"{memory:.0f} MB", "under 500 MB", memory < 500
        ),
    ]
    note = (
        f"Scale: {ENGLAND.children:,} children, {events:,} events; {rounds} rounds; England "
        f"{england:.2f} s, its tenth {tenth:.2f} s, bare read {bare:.2f} s."
    )
    return Report(figures, [note])


# ---------------------------------------------------------------- import

_IMPORT = "the notebook's loop ÷ `iro import ssda903`"
_IMPORT_BOUND = 10.0


def _not_measured(why: str) -> Report:
    print(f"bench: THE IMPORT WAS NOT MEASURED: {why}", file=sys.stderr)
    figure = Figure(_IMPORT, "not measured", f"at least {_IMPORT_BOUND:g}", None)
    return Report([figure], [f"Import: not measured: {why}."])


def _clean(store: Path) -> Callable[[], None]:
    def remove() -> None:
        for suffix in ("", "-wal", "-shm"):
            store.with_name(store.name + suffix).unlink(missing_ok=True)

    return remove


def measure_import(place: Place) -> Report:
    """Measure reading a whole SSDA903 return against the loop of a first notebook."""
    if not RETURN.is_dir():
        return _not_measured("the return is not there (`shared/data/ssda903` beside the checkout)")
    if importlib.util.find_spec("pandas") is None:
        return _not_measured("pandas is not installed (`make bench` installs it)")
    store, folder = place.folder / "import.db", str(RETURN)
    ours = place.iro("import", "ssda903", folder, "--skip-refused", store=store)
    naive = [sys.executable, str(HERE / "naive_903.py"), folder, str(place.folder / "naive.csv")]
    commands = {"iro": ours._replace(prepare=_clean(store)), "naive": Command(naive)}
    _expect(place, commands["iro"], b"added:")
    rounds = place.rounds(7, 3)
    found = place.bench.interleaved(commands, rounds)
    mine, theirs = seconds(found["iro"]), seconds(found["naive"])
    ratio = theirs / mine
    figure = Figure(_IMPORT, f"{ratio:.2f}", f"at least {_IMPORT_BOUND:g}", ratio >= _IMPORT_BOUND)
    note = f"Import: {rounds} rounds; `iro` {mine:.2f} s, the notebook's loop {theirs:.2f} s."
    return Report([figure], [note])


# ---------------------------------------------------------------- the table

PARTS: Mapping[str, Callable[[Place], Report]] = {
    "startup": measure_startup,
    "scale": measure_scale,
    "import": measure_import,
}
_MET = {True: "yes", False: "**NO**", None: "not measured"}


def _lines(place: Place, figures: Sequence[Figure], notes: Sequence[str]) -> Iterator[str]:
    machine = f"{platform.python_implementation()} {platform.python_version()}"
    yield (
        f"{place.as_of.isoformat()}: {machine}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.machine()}; {place.package.note}."
    )
    yield ""
    yield "| what | ratio | bound | met? |"
    yield "|---|---:|---|---|"
    for one in figures:
        yield f"| {one.what} | {one.ratio} | {one.bound} | {_MET[one.met]} |"
    yield ""
    for note in notes:
        yield f"- {note}"


def _measured(place: Place, parts: Sequence[str]) -> Iterator[Report]:
    for part in parts:
        print(f"bench: {part} …", file=sys.stderr, flush=True)
        yield PARTS[part](place)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", choices=list(PARTS), help="one part alone")
    parser.add_argument("--save", action="store_true", help=f"write the table to {RESULTS.name}")
    given = parser.parse_args()
    if given.save and given.only:
        parser.error("--save keeps a whole run: leave --only out")
    return given


def main() -> int:
    """Measure, print the table, and say whether every bound is met."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        package = package_to_measure(folder)
        if package.extra:
            print(f"bench: {package.note}", file=sys.stderr)
        place = Place(folder, package, Bench(folder, package.extra), today(), given.quick)
        try:
            reports = list(_measured(place, [given.only] if given.only else list(PARTS)))
        except FailedError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    figures = [figure for report in reports for figure in report.figures]
    notes = [note for report in reports for note in report.notes]
    table = "\n".join(_lines(place, figures, notes)) + "\n"
    print(table, end="")
    if given.save:
        RESULTS.write_text(f"# The last run of `make bench`\n\n{table}", "utf-8")
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
