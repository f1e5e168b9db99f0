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

# The kinds of calls, as in shim.c: those that take room on the disk, those that change a file in
# other ways, and those that read one.
GROWS, CHANGES, READS = 1, 2, 4
# What happens at a call: nothing; the program ends before it or in the middle of it; it fails; it
# and all later calls fail; the last also with only the calls counted that flush a file.
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

    The count is in memory that a parent shares with the children that it forks from then on.  If
    two commands shared one, each would count the other's calls, and a call that should fail once
    would fail again, or never, when several workers run at the same time.
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
