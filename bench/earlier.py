"""Find version 0.2.0 of the program, to measure it beside the current one."""

import compileall
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

from place import HERE
from timing import Command

VERSION, COMMIT = "0.2.0", "7356942"


class Earlier:
    """
    A compiled copy of the earlier program.

    Args:
        folder: Where the copy is made.

    Raises:
        LookupError: The history that has it is not here.
    """

    def __init__(self, folder: Path) -> None:
        words = ["git", "-C", str(HERE.parent), "archive", COMMIT, "src/iro_cli"]
        try:
            made = subprocess.run(words, capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise LookupError(f"commit {COMMIT} is not in the history here") from None
        self._folder = folder / "earlier"
        with tarfile.open(fileobj=BytesIO(made.stdout)) as archive:
            archive.extractall(self._folder, filter="data")
        compileall.compile_dir(self._folder, quiet=1)

    def iro(self, *words: str, store: Path) -> Command:
        """Return a command of the earlier program."""
        extra = {"IRO_DATABASE": str(store), "PYTHONPATH": str(self._folder / "src")}
        return Command([sys.executable, "-m", "iro_cli", *words], extra)
