"""Run `iro`: in this process, in another, on a terminal, and as a user bound by file modes."""

import functools
import inspect
import io
import json
import os
import shlex
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from iro_cli import __main__ as program
from iro_cli.store import opening

# Root may write anywhere: without these two capabilities it is bound by file modes like others.
_AS_OTHERS = """
import ctypes, os, sys
for capability in (1, 2):
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
        sys.exit("cannot be dropped")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""

# Runs a command that may write files of a limited size, as with a full disk or a quota.
LIMITED = """
import resource, sys
sys.dont_write_bytecode = True  # half of it would be taken for the whole by the next
from iro_cli.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
main()
"""


def first_fast(*values: object) -> list[object]:
    """Return the values of a parameter; a fast run takes the first."""
    first, *rest = values
    return [first, *(pytest.param(one, marks=pytest.mark.slow) for one in rest)]


def _told(error: Exception, row: object) -> Exception:
    """Add the row to an error."""
    error.add_note(f"row: {row}")
    return error


def each(
    names: str, rows: Iterable[Any], name: Callable[[Any], object] = str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    Run a test for each row, as one test that names the rows that fail.

    It is for many rows that each take less time than pytest adds to a test.  Each row has a
    `tmp_path` of its own; all other arguments are the same for every row, and the test must not
    change them.
    """
    parameters, table = [one.strip() for one in names.split(",")], list(rows)
    assert table, f"no rows of {names}"

    def values(row: Any) -> tuple[Any, ...]:
        if isinstance(row, ParameterSet):
            assert not row.marks
            return tuple(row.values)
        return (row,) if len(parameters) == 1 else tuple(row)

    def named(row: Any) -> object:
        return row.id if isinstance(row, ParameterSet) and row.id else name(row)

    def over_all(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def all_of_them(*this: object, **fixtures: Any) -> None:
            wrong: list[Exception] = []
            for number, row in enumerate(table):
                given = {**fixtures, **dict(zip(parameters, values(row), strict=True))}
                if "tmp_path" in fixtures:
                    given["tmp_path"] = fixtures["tmp_path"] / str(number)
                    given["tmp_path"].mkdir()
                try:
                    test(*this, **given)
                except (pytest.skip.Exception, pytest.xfail.Exception):
                    # A skip would leave out the rows after it, and pass as a test.
                    wrong.append(_told(AssertionError("leave it out of the rows"), named(row)))
                except pytest.fail.Exception as error:
                    wrong.append(_told(AssertionError(error.msg), named(row)))
                except Exception as error:  # noqa: BLE001 - each is told below
                    wrong.append(_told(error, named(row)))
            if wrong:
                told = "; ".join(str(error.__notes__[-1]) for error in wrong)
                raise ExceptionGroup(f"{len(wrong)} of {len(table)} rows fail: {told}", wrong)

        own = inspect.signature(test)
        left = [one for one in own.parameters.values() if one.name not in parameters]
        all_of_them.__signature__ = own.replace(parameters=left)  # type: ignore[attr-defined]
        return all_of_them

    return over_all


class Answer(NamedTuple):
    """The result of a command; line ends as they were written."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Read a listing in JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of a listing in JSON."""
        found: list[dict[str, Any]] = self.json["rows"]
        return found

    def line(self, start: str) -> list[str]:
        """Return the words of the first line that starts so."""
        return next(
            line.split() for line in self.out.splitlines() if line.strip().startswith(start)
        )


def nothing_set(patch: pytest.MonkeyPatch) -> None:
    """Remove from the environment everything that the program would read."""
    for name in list(os.environ):
        if name.startswith(("IRO_", "_IRO_")):
            patch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "COLUMNS"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def _fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of matplotlib's list of fonts, made once."""
    return tmp_path_factory.mktemp("matplotlib")


@pytest.fixture
def home(
    request: pytest.FixtureRequest, tmp_path: Path, _fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """
    Put a test into a folder of its own, with nothing set and no store of the user's.

    If the test is marked `asked_on`, the store `iro.db` of that folder is asked
    on that day.
    """
    nothing_set(monkeypatch)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "default"))
    monkeypatch.setenv("XDG_STATE_HOME", f"{tmp_path}-state")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configured"))
    monkeypatch.setenv("MPLCONFIGDIR", str(_fonts))
    monkeypatch.setattr(opening, "default_path", lambda: tmp_path / "default" / "iro" / "iro.db")
    monkeypatch.chdir(tmp_path)
    day = request.node.get_closest_marker("asked_on")
    if day is not None:
        monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
        monkeypatch.setenv("IRO_AS_OF", day.args[0])
    return tmp_path


class _NotATerminal(io.TextIOWrapper):
    """A stream that keeps its bytes, as a pipe would get them."""

    def text(self) -> str:
        """Return what was written."""
        self.flush()
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode("utf-8", "replace")  # a workbook is no text


def piped(*argv: str, stdin: str = "") -> Answer:
    """Run a command in this process, as if its output were piped."""
    # Streams of its own: `run` changes their encoding and line ends.
    with pytest.MonkeyPatch.context() as patch:
        out, err = _NotATerminal(io.BytesIO()), _NotATerminal(io.BytesIO())
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        code = program.run(list(argv))
        return Answer(code, out.text(), err.text())


@pytest.fixture
def iro(home: Path) -> Callable[..., Answer]:
    """Return a function that runs a command in this process, in the test's own home."""
    return piped


@pytest.fixture
def typed(iro: Callable[..., Answer]) -> Callable[[str], Answer]:
    """Return a function that runs a command as it is typed, in one line."""
    return lambda line: iro(*shlex.split(line))


@pytest.fixture
def spawn() -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Return a function that runs a command in its own process, with its output piped."""

    def call(*argv: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-m", "iro_cli", *argv],
            capture_output=True,
            check=False,
            env={**os.environ, **environment},
        )

    return call


@pytest.fixture(scope="session")
def _others(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Make sure that a user who is bound by file modes can be had."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: file modes are those of POSIX")
    folder = tmp_path_factory.mktemp("modes")
    folder.chmod(0o500)
    script = f"import os, sys; sys.exit(os.access({str(folder)!r}, os.W_OK))"
    if subprocess.run([sys.executable, "-c", _AS_OTHERS, "-c", script], check=False).returncode:
        pytest.skip("NOT TESTED: this account may write anywhere, and cannot give that up")


@pytest.fixture
def held(_others: None) -> Callable[..., Answer]:
    """Return a function that runs a command as a user who is bound by file modes."""

    def call(*argv: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-c", _AS_OTHERS, "-m", "iro_cli", *argv],
            capture_output=True,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def shown_on(ours: int) -> Iterator[bytes]:
    """
    Yield what a program writes to a pseudo-terminal, until it closes its side.

    Linux reports by an error that the other side is closed.  It may look for text, wait while the
    program writes its last lines and ends, and then report the end before it has given those
    lines: only the second error means that there is nothing left.

    Args:
        ours: The side that is read.
    """
    closed = False
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:
            if closed:
                return
            closed = True
            continue
        if not read:
            return
        yield read


@pytest.fixture
def terminal() -> Callable[..., Answer]:
    """Return a function that runs a command on a terminal of some width."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: there are no pseudo-terminals here")
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    def call(*command: str, width: int = 200, keyboard: bool = False, **environment: str) -> Answer:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        with subprocess.Popen(
            [sys.executable, *command],
            stdout=theirs,
            stderr=subprocess.PIPE,
            stdin=theirs if keyboard else subprocess.DEVNULL,
            env={**os.environ, **environment},
        ) as process:
            os.close(theirs)
            written = b"".join(shown_on(ours))
            os.close(ours)
            assert process.stderr is not None
            said = process.stderr.read()
        text = written.decode("utf-8", "replace").replace("\r\n", "\n")
        return Answer(process.returncode, text, said.decode())

    return call


def memory_of(*runs: Callable[[], object]) -> tuple[int, int]:
    """
    Return how many bytes are kept after a call, and the most that it needed at one time.

    Python's table of all names doubles when it is full, and whoever adds the next name would
    answer for some megabytes.  So two calls are given, and the lesser figures count.

    Args:
        runs: Two calls that need as much, of which none finds what the other has kept.
    """
    found = []
    for run in runs:
        tracemalloc.start()
        try:
            run()
            found.append(tracemalloc.get_traced_memory())
        finally:
            tracemalloc.stop()
    first, second = found
    return min(first[0], second[0]), min(first[1], second[1])
