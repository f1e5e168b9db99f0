"""
Damage the files that every reader takes, and see that each is read or refused.

``python bench/fuzz.py [--minutes 10] [--only SOURCE] [--seed 1]``, not part of
``make bench`` or of continuous integration.  An example takes a source's files in
``examples/``, damages one of them in a few places, and runs the command on them: it has
to end in time, with 0 or with a refusal that stores nothing.  What was taken in can be
listed, and taken in again changes nothing.  Hypothesis makes what fails small; the files
of the last failure are kept in ``--keep``.
"""

import argparse
import io
import os
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import count
from pathlib import Path
from typing import NamedTuple

from damage import Edit, damaged, edits, fractions
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from iro_cli.__main__ import run

EXAMPLES = Path(__file__).parents[1] / "examples"
KEEP = EXAMPLES.parent / "build" / "fuzz"
AS_OF = "2026-11-23"
_SECONDS = 60
_MEMORY = 3 << 30
_BATCH = 40
_REFUSED = {2, 3}


class HungError(BaseException):
    """A command that did not end; no ``Exception``, or the program would catch it."""


class Source(NamedTuple):
    """
    What is damaged, and the command that reads it.

    Attributes:
        files: The files, from ``examples/``.
        words: The command, run in the folder where they are.
        first: Commands that go before, in a folder with what is not damaged.
        refused: The exit codes of a refusal.
        stores: Whether the command stores anything.
    """

    files: Sequence[str]
    words: Sequence[str]
    first: Sequence[Sequence[str]] = ()
    refused: frozenset[int] = frozenset(_REFUSED)
    stores: bool = True


_CHILDREN = ("import", "children", str(EXAMPLES / "authority" / "children.csv"))
_TRACKER = EXAMPLES / "extracts" / "own-columns"
_SSD = sorted(path.name for path in (EXAMPLES / "extracts" / "ssd").glob("*.csv"))
_903 = [f"2025-26/{name}.csv" for name in ("episodes", "header", "reviews")]


def _own(what: str) -> Source:
    name = f"{what}.csv"
    return Source([f"authority/{name}"], ["import", what, name], [_CHILDREN])


SOURCES: dict[str, Source] = {
    "children": _own("children")._replace(first=()),
    "allocations": _own("allocations"),
    "events": _own("events"),
    "own columns": Source(
        ["extracts/own-columns/tracker.csv", "extracts/own-columns/events.toml"],
        ["import", "events", "tracker.csv", "--columns", "events.toml"],
        [
            (
                *("import", "children", str(_TRACKER / "tracker.csv")),
                *("--columns", str(_TRACKER / "children.toml")),
            )
        ],
    ),
    "describe": Source(
        ["extracts/own-columns/tracker.csv"],
        ["import", "events", "tracker.csv", "--describe"],
        stores=False,
    ),
    "ssda903": Source([f"extracts/ssda903/{name}" for name in _903], ["import", "ssda903", "."]),
    "ssda903 xml": Source(["extracts/ssda903/2026-27.xml"], ["import", "ssda903", "2026-27.xml"]),
    "annex-a": Source(["extracts/annex-a/annex-a.xlsx"], ["import", "annex-a", "annex-a.xlsx"]),
    "cin-census": Source(
        ["extracts/cin-census/census.xml"], ["import", "cin-census", "census.xml"]
    ),
    "ssd": Source(
        [f"extracts/ssd/{name}" for name in _SSD], ["import", "ssd", ".", "--role", "CPC=chair"]
    ),
    "pack": Source(
        ["local-pack.toml"],
        ["timescales", "check", "local-pack.toml"],
        refused=frozenset({*_REFUSED, 4}),
        stores=False,
    ),
}


def _iro(*words: str) -> tuple[int, str]:
    """Run a command in this process, and return its exit code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(words))
    return code, err.getvalue() or out.getvalue()


def _standing(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what stands in a store, without when and by which change."""
    if not store.exists():
        return {}
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        found = {
            "fact": "child_id, happened_on, event, outcome, completed_on, reference, participation",
            "child_detail": "child_id, date_of_birth, expected_date_of_delivery, team",
            "allocation": "child_id, role, name, from_on, to_on",
        }
        return {
            table: connection.execute(
                f"SELECT {columns} FROM {table} WHERE withdrawn_by IS NULL ORDER BY 1, 2, 3, 4"
            ).fetchall()
            for table, columns in found.items()
        }


@contextmanager
def _in_time() -> Iterator[None]:
    def hung(*_: object) -> None:
        raise HungError

    signal.signal(signal.SIGALRM, hung)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


class Fuzz:
    """
    One source under test.

    Args:
        name: Which.
        folder: Where its files are put.
        keep: Where the files of a failure are kept.
    """

    def __init__(self, name: str, folder: Path, keep: Path) -> None:
        self.name, self.source, self._keep = name, SOURCES[name], keep
        self._ready, self._work = folder / "ready", folder / "work"
        self._store = folder / "store.db"
        self._before = folder / "before.db"
        self.ended: Counter[int] = Counter()
        self._ready.mkdir(parents=True)
        for file in self.source.files:
            shutil.copy(EXAMPLES / file, self._ready)
        self._use()
        for words in self.source.first:
            code, said = _iro(*words)
            if code:
                raise SystemExit(f"{name}: {said}")
        if self._store.exists():
            with sqlite3.connect(self._store) as old, sqlite3.connect(self._before) as copy:
                old.backup(copy)

    def _use(self) -> None:
        os.environ["IRO_DATABASE"] = str(self._store)

    def example(self, done: list[Edit], which: float, inside: float, *, skip: bool) -> None:
        """Run one example."""
        self._use()
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._ready, self._work)
        for suffix in ("", "-wal", "-shm"):
            self._store.with_name(self._store.name + suffix).unlink(missing_ok=True)
        if self._before.exists():
            shutil.copy(self._before, self._store)
        files = sorted(self._work.iterdir())
        file = files[int(which * len(files))]
        file.write_bytes(damaged(file.read_bytes(), done, inside=inside if inside < 0.9 else None))
        os.chdir(self._work)
        words = [*self.source.words, *(["--skip-refused"] if skip and self.source.stores else [])]
        try:
            with _in_time():
                self._judge(words)
        except BaseException:
            shutil.rmtree(self._keep / self.name, ignore_errors=True)
            shutil.copytree(self._work, self._keep / self.name)
            print(f"fuzz: in {self._keep / self.name}: iro {' '.join(words)}", file=sys.stderr)
            raise

    def _judge(self, words: Sequence[str]) -> None:
        stood = _standing(self._store)
        code, said = _iro(*words)
        self.ended[code] += 1
        if code:
            wrong = "" if code in self.source.refused else f"exit code {code}"
            if _standing(self._store) != stood:
                wrong = "refused, and something was stored"
            if "Traceback" in said or not said.strip():
                wrong = "a refusal that says nothing"
            if wrong:
                raise AssertionError(f"{wrong}: {said[:2000]}")
            return
        if not self.source.stores or not self._store.exists():
            return  # every row was refused and left out
        taken = _standing(self._store)
        for after in (["due", "--all", "-f", "csv"], ["doctor"], list(words)):
            code, said = _iro(*after)
            if code not in {0, *_REFUSED}:
                raise AssertionError(f"then {after}: exit code {code}: {said[:2000]}")
        if _standing(self._store) != taken:
            raise AssertionError(f"imported twice, and it changed: {said[:2000]}")


def _batch(fuzz: Fuzz, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=_BATCH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(edits, fractions, fractions, st.booleans())
    def examples(done: list[Edit], which: float, inside: float, skip: bool) -> None:
        fuzz.example(done, which, inside, skip=skip)

    examples()


def main() -> int:
    """Go through the sources again and again until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--only", choices=list(SOURCES), help="one source alone")
    parser.add_argument("--seed", type=int, default=1, help="where to begin")
    parser.add_argument("--keep", type=Path, default=KEEP)
    asked = parser.parse_args()
    keep, failed = asked.keep.absolute(), 0
    home = Path.cwd()
    until = time.monotonic() + asked.minutes * 60
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    os.environ |= {"IRO_AS_OF": AS_OF, "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        os.environ["XDG_CACHE_HOME"] = name
        names = [asked.only] if asked.only else list(SOURCES)
        tried = [Fuzz(one, Path(name) / one, keep) for one in names]
        for number in count(asked.seed):
            for fuzz in tried:
                if time.monotonic() > until:
                    break
                try:
                    _batch(fuzz, number)
                except (Exception, HungError) as error:  # noqa: BLE001 - the next goes on
                    failed += 1
                    print(f"fuzz: {fuzz.name}, seed {number}: {error!r}", file=sys.stderr)
            if time.monotonic() > until:
                break
        os.chdir(home)
    for fuzz in tried:
        ended = ", ".join(f"{times} with {code}" for code, times in sorted(fuzz.ended.items()))
        print(f"{fuzz.name}: {fuzz.ended.total()} examples: {ended}")
    print(f"{failed} failures")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
