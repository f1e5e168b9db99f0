"""Parts with very many inputs: one child process takes a batch of them, one by one."""

import contextlib
import json
import os
import resource
import shutil
import signal
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from faults.part import Outcome, Part
from faults.program import Ended, Place, waited
from faults.stage import rows_of

_BATCH = 50
# How long an input may take, in seconds, and how much memory all of a child, in bytes.
_SECONDS = 60
_MEMORY = 6 << 30


class HungError(BaseException):
    """A command that did not end; no ``Exception``, or the program would catch it."""


class Inputs(Part):
    """
    A part whose cases are a kind of input and a number, or the numbers of a batch.

    The random draws for an input depend only on the seed, the kind and its number.
    """

    @property
    @abstractmethod
    def counts(self) -> dict[str, int]:
        """Return the number of inputs of each kind."""

    @abstractmethod
    def enter(self, kind: str, place: Place) -> None:
        """Prepare a place for inputs of a kind."""

    @abstractmethod
    def judge(self, kind: str, number: int, place: Place) -> tuple[int, str]:
        """
        Try an input in this process, and return its exit code and what is wrong.

        Args:
            kind: Of which kind.
            number: Which of them.
            place: Where it is tried: as it was prepared.
        """

    def cases(self) -> Sequence[str]:
        """Return batches, with the kinds in turn."""
        return [
            f"{kind}/{first}-{min(first + _BATCH, count)}"
            for first in range(0, max(self.counts.values()), _BATCH)
            for kind, count in self.counts.items()
            if first < count
        ]

    def run(self, case: str, folder: Path) -> Outcome:
        """Try a batch, or one input."""
        kind, _, numbers = case.rpartition("/")
        first, _, end = numbers.partition("-")
        place = Place(folder / "place")
        self.enter(kind, place)
        ready = folder / "ready"
        shutil.copytree(place.folder, ready, symlinks=True)
        told = folder / "told"
        child = os.fork()
        if not child:
            code = 1
            try:
                with told.open("w", encoding="utf-8") as out:
                    self._each(
                        kind, range(int(first), int(end or int(first) + 1)), place, ready, out
                    )
                code = 0
            finally:
                os._exit(code)
        code = waited(child, _SECONDS * 4)
        lines = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
        ended = Counter(f"with {code}" for _, code, _ in lines if code is not None)
        wrong = [f"{self.name}:{kind}/{number}: {what}" for number, _, what in lines if what]
        if code:
            wrong.append(
                f"{self.name}:{kind}/{lines[-1][0] if lines else first}: it ended with {code}"
            )
        return Outcome(case, ended, wrong)

    def _each(self, kind: str, numbers: range, place: Place, ready: Path, out: TextIO) -> None:
        """Try inputs one by one, reporting when each begins and how it ended."""
        place.enter()
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        was = _signature(place.folder)
        for number in numbers:
            print(json.dumps([number, None, ""]), file=out, flush=True)
            try:
                with _in_time():
                    code, wrong = self.judge(kind, number, place)
            except HungError:
                code, wrong = -1, f"it did not end in {_SECONDS} seconds"
            except Exception as error:  # noqa: BLE001 - it is told
                code, wrong = -1, f"the harness, or what it asked: {error!r}"
            print(json.dumps([number, code, wrong]), file=out, flush=True)
            if _signature(place.folder) != was:
                was = _again(place, ready)


def _again(place: Place, ready: Path) -> dict[str, tuple[int, int]]:
    """Restore everything in a place."""
    for one in place.folder.iterdir():
        shutil.rmtree(one)
    shutil.copytree(ready, place.folder, symlinks=True, dirs_exist_ok=True)
    os.chdir(place.work)
    return _signature(place.folder)


def _signature(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what shows whether a file of a folder was changed."""
    found = {}
    waiting = [os.fspath(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as there:
            for one in there:
                if one.is_dir(follow_symlinks=False):
                    waiting.append(one.path)
                state = one.stat(follow_symlinks=False)
                found[one.path] = (state.st_mtime_ns, state.st_size)
    return found


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    def hung(*_: object) -> None:
        raise HungError

    signal.signal(signal.SIGALRM, hung)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def refusal(ended: Ended, codes: frozenset[int]) -> str:
    """Return what is wrong with how a command ended, whatever its input was."""
    if ended.wrong:
        return ended.wrong
    if ended.code not in codes:
        return f"exit code {ended.code}: {ended.err[-600:]}"
    if ended.code and ended.code != 10 and not (ended.err.strip() or ended.out.strip()):
        return "a refusal that says nothing"
    return ""


class Stood:
    """
    The content of a store before a command, for the comparison afterwards.

    Args:
        store: The store.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._before = store.read_bytes() if store.exists() else None

    def changed(self, before: Path) -> bool:
        """
        Say whether anything new is stored.

        Args:
            before: The store as it was.
        """
        if not self._store.exists():
            return self._before is not None
        log = self._store.with_name(f"{self._store.name}-wal")
        if self._store.read_bytes() == self._before and not (log.exists() and log.stat().st_size):
            return False
        return self._before is None or rows_of(self._store) != rows_of(before)
