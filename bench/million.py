"""Measure importing a million events against version 0.2.0, and the memory that it needs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import ssda903
from earlier import COMMIT, VERSION, Earlier
from place import Place
from startup import copied, removed
from timing import Command, cpu_seconds, peak_mib

from figures import Figure, Report, at_least, not_measured, under_mib

TIMES_AS_FAST, MOST_MIB = 2, 400
# The facts of the sample return, times this, are a million events.
RETURNS = 60
ANNEX_A_ROWS = 100_000
_RETURN = "a million events of an SSDA903 return"
_AGAINST = f"version {VERSION} ÷ `iro import`"


class _Import(NamedTuple):
    """An import of many events: its name, its files, and the store."""

    what: str
    words: tuple[str, ...]
    first: tuple[str, ...] | None


def _imports(place: Place) -> Iterator[_Import]:
    """Write the files, and yield each import."""
    own, book = place.folder / "own", place.folder / "annex-a.xlsx"
    own.mkdir()
    place.said("sized_up.py", "events", own)
    first = ("children", str(own / "children.csv"))
    yield _Import("a million events of `events.csv`", ("events", str(own / "events.csv")), first)
    if ssda903.RETURN.is_dir():
        folder = place.folder / "return"
        place.said("sized_up.py", "return", folder, ssda903.RETURN, RETURNS)
        words = ("ssda903", str(folder), "--skip-refused")
        yield _Import(_RETURN, words, None)
    place.said("annex_a.py", "make", book, ANNEX_A_ROWS)
    what = f"an Annex A workbook of three lists of {ANNEX_A_ROWS:,} rows"
    yield _Import(what, ("annex-a", str(book)), None)


def _commands(place: Place, one: _Import, iro: Callable[..., Command], who: str) -> Command:
    """Return an import into a store that has only what the import asks for."""
    store, ready = place.folder / f"{who}.db", place.folder / f"{who}-ready.db"
    removed(ready)
    if one.first:
        place.bench.run(iro("import", *one.first, store=ready))

    def prepare() -> None:
        removed(store)
        if one.first:
            copied(ready, store)

    return iro("import", *one.words, store=store)._replace(prepare=prepare)


def _figures(place: Place, one: _Import, before: Earlier) -> tuple[list[Figure], str]:
    commands = {
        "now": _commands(place, one, place.iro, "now"),
        "before": _commands(place, one, before.iro, "before"),
    }
    rounds = place.rounds(2, 1)
    found = place.bench.interleaved(commands, rounds, warm=False)
    now, then = cpu_seconds(found["now"]), cpu_seconds(found["before"])
    figures = [
        at_least(f"{one.what}: {_AGAINST}", then / now, TIMES_AS_FAST),
        under_mib(f"{one.what}: most memory", peak_mib(found["now"]), MOST_MIB),
    ]
    note = (
        f"{one.what}: {now:.1f} s; version {VERSION} {then:.1f} s and "
        f"{peak_mib(found['before']):.0f} MB"
    )
    return figures, note


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    bound = f"at least {TIMES_AS_FAST}"
    try:
        before = Earlier(place.folder)
    except LookupError as error:
        why = f"{error}: a whole clone has it"
        return not_measured("A million events", f"a million events: {_AGAINST}", bound, why)
    done = [_figures(place, one, before) for one in _imports(place)]
    figures = [figure for found, _ in done for figure in found]
    said = "; ".join(note for _, note in done)
    notes = [f"Many events, beside version {VERSION} ({COMMIT}): {said}."]
    if not ssda903.RETURN.is_dir():
        without = not_measured(_RETURN, f"{_RETURN}: {_AGAINST}", bound, ssda903.NO_RETURN)
        figures += without.figures
        notes += without.notes
    return Report(figures, notes)
