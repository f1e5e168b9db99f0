"""
Do to the program everything that can go wrong, and say what was tried and what was lost.

``make faults``, or ``PYTHONPATH=tests python -m faults [PART...] [--seed N] [--few]``.  What is
drawn depends on the seed, which is printed; a case that failed is tried again alone by
``--case PART:CASE`` with the same seed.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from faults import program, shim
from faults.damaged import Damaged
from faults.files import Files
from faults.kills import Kills
from faults.limits import Limits
from faults.lines import Lines
from faults.part import Outcome, Part
from faults.together import Together

PARTS: tuple[type[Part], ...] = (Kills, Limits, Damaged, Together, Files, Lines)
# How many failures of a part are shown whole.
_SHOWN = 12
_MEMORY = Path("/dev/shm")

_prepared: dict[str, Part] = {}
_folder = Path()


def _run(named: str) -> Outcome:
    """Run a case, in a process that runs many."""
    name, _, case = named.partition(":")
    folder = _folder / f"worker-{os.getpid()}"
    try:
        return _prepared[name].run(case, folder)
    except Exception as error:  # noqa: BLE001 - the harness goes on, and says so
        return Outcome(case, Counter({"the harness failed": 1}), [f"the harness: {error!r}"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _outcomes(cases: list[str], jobs: int) -> Iterator[Outcome]:
    if jobs == 1 or len(cases) == 1:
        yield from map(_run, cases)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        yield from pool.map(_run, cases, chunksize=8)


def _tried(part: Part, cases: list[str], jobs: int) -> tuple[Counter[str], int]:
    """Try the cases of a part, print what was wrong, and return how they ended."""
    ended, wrong = Counter[str](), 0
    for number, outcome in enumerate(_outcomes([f"{part.name}:{one}" for one in cases], jobs)):
        ended += outcome.ended
        if outcome.wrong:
            wrong += 1
            if wrong <= _SHOWN:
                print(f"\nWRONG {part.name}:{outcome.case}", *outcome.wrong, sep="\n  ")
                print(
                    f"  again: make faults FAULTS='--seed {part.seed} --case {part.name}:{outcome.case}'"
                )
        if number % 500 == 499:
            print(f"faults: {part.name}: {number + 1} of {len(cases)} cases, {wrong} wrong",
                  file=sys.stderr, flush=True)  # fmt: skip
    return ended, wrong


def _room() -> Path | None:
    """Return where temporary files are cheapest, because they are flushed by the thousand."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else None


def main(argv: Sequence[str] | None = None) -> int:
    """
    Try everything, and return whether anything was wrong.

    Args:
        argv: The words after the program's name; what was typed by default.
    """
    global _folder  # noqa: PLW0603 - the processes that are forked find it there
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.split("\n\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(one.name for one in PARTS)}; all")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(2)))
    parser.add_argument("--few", action="store_true", help="a few of each, in half a minute")
    parser.add_argument("--times", type=int, default=1, help="so many times as many cases")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--case", help="one case alone, as PART:CASE")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="faults-", dir=_room()) as name:
        _folder = Path(name).resolve()
        begun = time.monotonic()
        print(f"faults: seed {asked.seed}, {asked.jobs} at once, Python {platform.python_version()}"
              f", SQLite {sqlite3.sqlite_version}", flush=True)  # fmt: skip
        if not shim.loaded():
            print("faults: NO KILLS AT SYSTEM CALLS and no calls that fail: they need Linux and a "
                  "C compiler (cc). Random moments only.", flush=True)  # fmt: skip
        program.ready(_folder / "ready")
        named, _, alone = (asked.case or "").partition(":")
        wanted = [named] if named else asked.parts
        lines, lost = [], 0
        for kind in PARTS:
            if wanted and kind.name not in wanted:
                continue
            part = _prepared[kind.name] = kind(
                _folder, asked.seed, few=asked.few, times=asked.times, alone=alone
            )
            part.prepare()
            cases = [alone] if alone else [*part.cases()]
            ended, wrong = _tried(part, cases, asked.jobs)
            lost += wrong
            how = ", ".join(f"{count:,} {one}" for one, count in ended.most_common())
            lines.append(f"| {part.title} | {ended.total():,} | {how} | {wrong or 'nothing'} |")
            print(lines[-1], flush=True)
        print("\n| what was tried | how often | how it ended | what was lost or wrong |")
        print("|---|---|---|---|", *lines, sep="\n")
        print(f"faults: {time.monotonic() - begun:,.0f} seconds")
    return int(lost > 0)


if __name__ == "__main__":
    shim.load()
    sys.exit(main())
