"""
Time kinds of work in one process of their own, without the cost of starting a process.

The time is the processor time of that process, as :mod:`timing` takes that of a command.

A module that has kinds of work to compare ends with :func:`command_line`.  ``make PATH
SIZE`` writes what is worked on, ``times ROUNDS PATH`` does the kinds in turn and prints
their medians, and ``KIND PATH`` does one once, for its memory.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

Kinds = Mapping[str, Callable[[], object]]


def _none(_: Path) -> Kinds:
    return {}


def command_line(
    make: Callable[[Path, int], object],
    timed: Callable[[Path], Kinds],
    also: Callable[[Path], Kinds] = _none,
) -> None:
    """
    Do what the arguments say.

    Args:
        make: Writes what is worked on, of a size; returns what should be known about it.
        timed: Returns the kinds of work on it that are compared.
        also: Returns other kinds, which are done for their memory alone.
    """
    gc.disable()  # as the program itself does
    match sys.argv[1:]:
        case ["make", path, size]:
            print(json.dumps(make(Path(path), int(size))))
        case ["times", rounds, path]:
            print(json.dumps(_medians(timed(Path(path)), int(rounds))))
        case [kind, path]:
            {**timed(Path(path)), **also(Path(path))}[kind]()
        case _:
            raise SystemExit(__doc__)


def _medians(kinds: Kinds, rounds: int) -> dict[str, float]:
    """Do every kind once to warm up, then all of them in turn, again and again."""
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    for number in range(rounds + 1):
        for kind, work in kinds.items():
            started = time.process_time()
            work()
            if number:
                taken[kind].append(time.process_time() - started)
    return {kind: median(times) for kind, times in taken.items()}
