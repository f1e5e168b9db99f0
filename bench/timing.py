"""
Run commands as whole processes, in turn, and take the processor time and memory of each.

Processor time is what the system counts for the process itself, in the program and in the
kernel.  The time on the clock would also count how long it waited for a processor that
something else was using, or for a disk.
"""

import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

_COLUMNS, _LINES = 100, 40
# Variables that would make a run differ between machines.
_DROPPED = ("IRO_", "_IRO_", "PYTHON", "COMP_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "TTY_")
_DROPPED_ALONE = ("COLUMNS", "LINES")
_KIB_PER_MIB = 1024
_Name = TypeVar("_Name")


class Command(NamedTuple):
    """
    One command to measure.

    Attributes:
        words: The program and its arguments.
        extra: Environment variables of this command alone.
        terminal: Run it on a terminal of a hundred columns, not into a pipe.
        discard: Throw the output away, not into a pipe that somebody has to empty.
        prepare: What to do before each run; it does not count.
    """

    words: Sequence[str]
    extra: Mapping[str, str] = {}
    terminal: bool = False
    discard: bool = False
    prepare: Callable[[], None] | None = None


class Ran(NamedTuple):
    """
    One run of a command.

    Attributes:
        cpu: The processor time it took, in seconds: user and system.
        peak_mib: The most memory it had, in MB.
        output: What it wrote.
    """

    cpu: float
    peak_mib: float
    output: bytes


class FailedError(Exception):
    """A measured command did not do what it should."""


class Bench:
    """
    Runs commands in one environment.

    Args:
        folder: Where they run, away from any checkout.
        extra: Environment variables of every command.
    """

    def __init__(self, folder: Path, extra: Mapping[str, str]) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_DROPPED) and name not in _DROPPED_ALONE
        }
        # A pager would wait for a key.
        self._environment = {**kept, "TERM": "xterm-256color", "PAGER": "cat", **extra}
        self._folder = folder

    def run(self, command: Command) -> Ran:
        """
        Run a command once.

        Raises:
            FailedError: It ended with another code than 0.
        """
        if command.prepare:
            command.prepare()
        end, other = pty.openpty() if command.terminal else os.pipe()
        if command.terminal:
            size = struct.pack("HHHH", _LINES, _COLUMNS, 0, 0)
            fcntl.ioctl(other, termios.TIOCSWINSZ, size)
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                command.words,
                stdin=other if command.terminal else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if command.discard else other,
                stderr=other if command.terminal else errors,
                cwd=self._folder,
                env={**self._environment, **command.extra},
                start_new_session=command.terminal,
            )
            os.close(other)
            output = _drained(end)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            os.close(end)
            errors.seek(0)
            said = errors.read().decode(errors="replace")
        if process.returncode:
            text = said or output.decode(errors="replace")
            words = " ".join(command.words)
            raise FailedError(f"{words}: exit code {process.returncode}\n{text}")
        cpu = usage.ru_utime + usage.ru_stime
        return Ran(cpu, usage.ru_maxrss / _KIB_PER_MIB, output)

    def interleaved(
        self, commands: Mapping[_Name, Command], rounds: int, *, warm: bool = True
    ) -> dict[_Name, list[Ran]]:
        """
        Run all commands in turn, several times.

        Args:
            commands: The commands by name.
            rounds: How often each is run and counted.
            warm: Run each once before that: what takes a minute need not be warmed up.
        """
        if warm:
            for command in commands.values():
                self.run(command)
        names = list(commands)
        found: dict[_Name, list[Ran]] = {name: [] for name in names}
        for number in range(rounds):
            # Each round begins with another command, so that none always follows the same one.
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                found[name].append(self.run(commands[name])._replace(output=b""))
        return found

    def waited(self, *commands: Command) -> float:
        """
        Run commands at the same time, and return the seconds until the last of them ended.

        What they write is thrown away.

        Raises:
            FailedError: One ended with another code than 0.
        """
        begun = time.perf_counter()
        started = [
            subprocess.Popen(
                command.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=self._folder,
                env={**self._environment, **command.extra},
            )
            for command in commands
        ]
        codes = [one.wait() for one in started]
        if any(codes):
            raise FailedError(f"{' '.join(commands[0].words)}: exit codes {codes}")
        return time.perf_counter() - begun


def _drained(end: int) -> bytes:
    """Read until the other end is closed, which a terminal reports by an error."""
    chunks = []
    while True:
        try:
            chunk = os.read(end, 1 << 16)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    return b"".join(chunks)


def cpu_seconds(runs: Sequence[Ran]) -> float:
    """Return the median processor time, in seconds."""
    return median(one.cpu for one in runs)


def peak_mib(runs: Sequence[Ran]) -> float:
    """Return the most memory of any run."""
    return max(one.peak_mib for one in runs)
