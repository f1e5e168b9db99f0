"""The system calls of a command are counted, ended at one of them, or made to fail."""

import ctypes
import mmap
import os
import shutil
import subprocess
import sys
from pathlib import Path

from iro_cli.lean import NamedTuple

_SOURCE = Path(__file__).with_name("shim.c")
_MADE = Path(__file__).parents[2] / "build" / "faults-shim.so"
_VARIABLE = "LD_PRELOAD"

# The kinds of calls, as shim.c has them: what takes room on the disk, what else changes a file,
# what reads one.
GROWS, CHANGES, READS = 1, 2, 4
# What happens at a call: nothing, the program ends before it or in the middle of it, it fails,
# it and all that follow fail; the last also where only those are counted that flush a file.
COUNT, KILL, TEAR, FAIL, FAIL_FROM, FAIL_FROM_FLUSH = range(6)


class Arm(NamedTuple):
    """
    What happens to a command, and at which call.

    Attributes:
        how: One of the six above.
        at: At which call, from 1.
        kinds: Which kinds of calls count.
        error: The number of the error with which a call fails.
    """

    how: int = COUNT
    at: int = 0
    kinds: int = GROWS | CHANGES
    error: int = 0


class CallCounter:
    """
    How many counted calls one command made.

    It is in memory that a parent shares with the children that it forks from then on.  Commands
    that had one in common would count for each other: a call that was to fail once failed again,
    or never, as soon as several workers ran at the same time.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self.value = ctypes.c_long.from_buffer(self._memory)


def loaded() -> bool:
    """Say whether the shim is loaded before the C library in this process."""
    return hasattr(ctypes.CDLL(None), "faults_arm") if os.name == "posix" else False


def load() -> None:
    """Start this program again with the shim, which is compiled first, if possible."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if loaded() or _VARIABLE in os.environ or sys.platform != "linux" or compiler is None:
        return
    _MADE.parent.mkdir(exist_ok=True)
    part = _MADE.with_suffix(f".{os.getpid()}")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(part), str(_SOURCE), "-ldl"]
    if subprocess.run(command, check=False).returncode == 0:
        part.replace(_MADE)
        os.environ[_VARIABLE] = str(_MADE)
        os.execv(sys.executable, sys.orig_argv)


def arm(folder: Path, what: Arm, counter: CallCounter) -> None:
    """Make a command in this process end or fail at a call on a file of the folder."""
    if loaded():
        ctypes.CDLL(None).faults_arm(
            *(os.fsencode(f"{folder}/"), what.kinds, ctypes.c_long(what.at), what.how, what.error),
            ctypes.byref(counter.value),
        )
