"""
The program in a child of this process, without the time that starting it takes.

The child is a copy of this process, in which the modules are loaded already; it takes over the
streams, the environment and the folder, and runs `main`, which ends it.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import resource
import shlex
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import iro_cli
from faults.shim import Arm, CallCounter, arm
from iro_cli import __main__ as program
from iro_cli.lean import NamedTuple
from running import piped

# Every exit code in interface.md, except that of a defect.
CODES = frozenset({0, 2, 3, 4, 5, 10})
AS_OF = "2026-11-23"
# How long a command may take, in seconds.
PATIENCE = 60
# The exit code of a child if an error got past `main`.
_BROKEN = 70
_NOTHING = Arm()


class Ended(NamedTuple):
    """
    How a command ended.

    Attributes:
        code: Its exit code; less than zero for the signal that ended it.
        out: What it wrote to standard output.
        err: What it wrote to standard error.
        calls: How many system calls it made that counted.
        seconds: How long it took.
    """

    code: int
    out: str
    err: str
    calls: int = 0
    seconds: float = 0

    @property
    def wrong(self) -> str:
        """Return what no command may do, whatever happens to it; blank if it did not."""
        if self.code not in CODES:
            return f"exit code {self.code}: {self.err[-600:]}"
        if "Traceback" in self.err or "Traceback" in self.out:
            return f"a traceback: {self.err[-600:]}"
        return ""


class Place:
    """
    A folder in which commands are run: the user's own folders, and the working folder.

    Args:
        folder: Where; it is made.
        said: Where what commands answer is kept; by default there too.  What they say of errors is
            kept beside the folder, for it has to be heard where nothing can be written there.
    """

    def __init__(self, folder: Path, said: Path | None = None) -> None:
        self.folder = folder
        self.work, self.home = folder / "work", folder / "home"
        self._said = said or folder / "said"
        self._err = folder.with_name(f"said-of-{folder.name}") if said is None else said
        for one in (self.work, self.home, self._said, self._err):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def store(self) -> Path:
        """Return the path of the store."""
        return self.work / "iro.db"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a command."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH", "TMPDIR")
                if name in os.environ}  # fmt: skip
        return {
            **kept,
            **{f"XDG_{one}_HOME": str(self.home / one.lower())
               for one in ("DATA", "STATE", "CONFIG", "CACHE")},
            "HOME": str(self.home),
            "MPLCONFIGDIR": str(self.home / "cache"),
            "IRO_DATABASE": "iro.db",
            "IRO_AS_OF": AS_OF,
            "IRO_KEY_FILE": str(self.home / "key"),
            "NO_COLOR": "1",
        }  # fmt: skip

    def lend_the_key(self) -> None:
        """Let this process open the encrypted stores of the place."""
        os.environ["IRO_KEY_FILE"] = self.environment["IRO_KEY_FILE"]

    def _begin(
        self,
        words: Sequence[str],
        what: Arm,
        before: Callable[[], object],
        counter: CallCounter,
    ) -> int:
        """
        Run a command in a child, and return the child's number at once.

        Args:
            words: The words after the program's name.
            what: What happens to it.
            before: What the child does first.
            counter: Counts its calls.
        """
        for file in (self._said / "out", self._err / "err"):  # what a command before it said
            file.unlink(missing_ok=True)
        child = os.fork()
        if child:
            return child
        code = _BROKEN
        try:
            streams = [os.open(os.devnull, os.O_RDONLY)]
            streams += [
                os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
                for file in (self._said / "out", self._err / "err")
            ]
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            sys.stdin, sys.stdout, sys.stderr = (
                open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
                for number, mode in enumerate("rww")
            )
            self.enter()
            sys.argv = ["iro", *words]
            before()
            arm(self.folder, what, counter)
            program.main()
        except BaseException:  # noqa: BLE001 - nothing of the harness may run on in the child
            with suppress(BaseException):
                os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)

    def enter(self) -> None:
        """Put this process into the place with its environment, as for a command."""
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.work)
        atexit._clear()  # what the harness asked for is not the command's
        sys.dont_write_bytecode = True  # half of a module would be taken for the whole
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def run(
        self,
        words: Sequence[str] | str,
        what: Arm = _NOTHING,
        *,
        after: float | None = None,
        before: Callable[[], object] = int,
    ) -> Ended:
        """
        Run a command, and wait for its end.

        Args:
            words: The words after the program's name, or a line as it is typed.
            what: What happens to it.
            after: After how many seconds it is killed, if it is.
            before: What the child does first.
        """
        words = shlex.split(words) if isinstance(words, str) else words
        started, counter = time.monotonic(), CallCounter()
        child = self._begin(words, what, before, counter)
        if after is not None:
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
        code = waited(child)
        return Ended(
            *(code, _text(self._said / "out"), _text(self._err / "err")),
            *(counter.value.value, time.monotonic() - started),
        )

    def answers(self, lines: Sequence[Sequence[str] | str]) -> list[Ended]:
        """
        Run several commands in one child, one after the other.

        If the child does not run to its end, the last answer says how it ended.
        """
        found = self._said / "answers"
        found.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            code = _BROKEN
            try:
                self.enter()
                with found.open("w", encoding="utf-8") as told:
                    for line in lines:
                        words = shlex.split(line) if isinstance(line, str) else line
                        json.dump(piped(*words), told)
                        told.write("\n")
                        told.flush()
                code = 0
            finally:
                os._exit(code)
        code = waited(child)
        done = [Ended(*json.loads(one)) for one in found.read_text("utf-8").splitlines()]
        return done if len(done) == len(lines) else [*done, Ended(code or _BROKEN, "", "it ended")]


def _text(file: Path) -> str:
    with suppress(FileNotFoundError):
        return file.read_text("utf-8", "replace")
    return ""


def waited(child: int, seconds: float = PATIENCE) -> int:
    """Return how a child ended; it is killed if it does not end."""
    until = time.monotonic() + seconds
    while True:
        number, status = os.waitpid(child, os.WNOHANG)
        if number:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -signal.SIGALRM
        time.sleep(0.0005)


# Commands that together load nearly every module that a command may need.
_LOADING = (
    "init",
    "child add Finch --iro 'Ada Okafor' --date-of-birth 2015-02-01",
    "record cla.start Finch --on 2026-11-02",
    "import events missing.csv",
    "import annex-a missing.xlsx",
    *(f"due --all -f {form} -o due.{form}" for form in ("xlsx", "ics", "html", "json", "csv")),
    *("suggest", "suggest --book", "undo", "doctor", "history --verify", "caseload", "show Finch"),
    *("backup copy.db", "restore copy.db", "encrypt", "decrypt", "dew", "forecast", "due --color"),
    *(
        "config set me Ada",
        "retention list",
        "child erase Finch --reason over",
        "report timeliness",
    ),
)


def ready(folder: Path) -> None:
    """
    Load every module that a command needs, so that no child has to.

    Args:
        folder: Where commands are run that load them, in a child which tells their names.
    """
    place = Place(folder)
    told = folder / "modules"
    for one in pkgutil.walk_packages(iro_cli.__path__, "iro_cli."):
        with suppress(ImportError):
            importlib.import_module(one.name)
    child = os.fork()
    if not child:
        place.enter()
        for line in _LOADING:
            piped(*shlex.split(line))
        told.write_text("\n".join(sys.modules), "utf-8")
        os._exit(0)
    waited(child)
    for name in told.read_text("utf-8").split():
        with suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
