"""Where and what is measured, the same for every part."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from package import Package
from timing import Bench, Command, FailedError, peak_mib

HERE = Path(__file__).parent


class Place(NamedTuple):
    """
    Where and what is measured.

    Attributes:
        folder: Where files may be written.
        package: The program that is measured.
        bench: Runs commands.
        as_of: Today.
        quick: Fewer rounds.
    """

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
        """Return the number of rounds to run."""
        return quick if self.quick else whole

    def expect(self, command: Command, wanted: bytes) -> bytes:
        """Check that the measured command does its work: a quick failure is no speed."""
        output = self.bench.run(command).output
        if wanted not in output:
            words = " ".join(command.words)
            raise FailedError(f"{words}: {wanted!r} is not in what it wrote:\n{output!r}")
        return output

    def script(self, name: str, *words: object) -> Command:
        """Return one of our own scripts as a command, with the package that is measured."""
        return Command([sys.executable, str(HERE / name), *map(str, words)])

    def said(self, name: str, *words: object) -> Any:
        """
        Run one of our own scripts, and return its JSON.

        Until a process has started, the system counts its parent's memory as its own.  So this
        process has to stay small, and makes nothing itself.
        """
        return json.loads(self.bench.run(self.script(name, *words)).output)

    def memory(self, name: str, *words: object, times: int = 3) -> float:
        """Return the most memory, in MB, that one of our own scripts used."""
        command = self.script(name, *words)
        return peak_mib([self.bench.run(command) for _ in range(times)])
