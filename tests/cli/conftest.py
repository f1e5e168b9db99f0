"""Running `iro`: in this process, in another, on a terminal, and held to the modes of files."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from iro_cli import __main__ as program
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.store import location
from iro_cli.store.writing import change

FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "[red]x[/red] :smile: *a_b* `c` <d> |e|"
OVERRIDE = "Ann\u202eelpmaxE"

# Root may write anywhere: without these two capabilities it is held to the modes like others.
_AS_OTHERS = """
import ctypes, os, sys
for capability in (1, 2):
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
        sys.exit("cannot be dropped")
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Answer(NamedTuple):
    """What a command came to; line ends as they were written."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave every test in a folder of its own, with nothing set and no store of the user's."""
    for name in list(os.environ):
        if name.startswith(("IRO_", "_IRO_")):
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "default"))
    monkeypatch.setattr(location, "default_path", lambda: tmp_path / "default" / "iro" / "iro.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return a store that no test may touch.

    On 10 February 2025 the first review of A-001 is 7 days late, that of every
    other child is due in 14 days.
    """
    path = tmp_path_factory.mktemp("made") / "made.db"
    late, soon = date(2025, 1, 6), date(2025, 1, 27)
    names = {
        "A-001": "Ann Example",
        "A-002": FORMULA,
        "A-003": MARKUP,
        "A-004": OVERRIDE,
        "A-005": "Ŵyn Éxample " + "x" * 288,
    }
    with change(path, at="2025-01-06T09:00:00Z", who="tester", command="import") as writer:
        writer.put_children([Child(one, team="North") for one in names])
        writer.add_facts(
            [(one, Event("cla.start", late if one == "A-001" else soon), None) for one in names]
        )
        writer.allocate([Allocation(child, "iro", name) for child, name in names.items()])
    return path


@pytest.fixture
def store(made: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a store that ``IRO_DATABASE`` names, on the day ``IRO_AS_OF`` says."""
    path = Path(shutil.copy(made, home / "iro.db"))
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2025-02-10")
    return path


class _NotATerminal(io.TextIOWrapper):
    """A stream that keeps its bytes, as a pipe would pass them on."""

    def text(self) -> str:
        """Return what was written."""
        self.flush()
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode("utf-8")


@pytest.fixture
def iro(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Return what runs a command in this process, as if its output were piped."""

    def call(*argv: str, stdin: str = "") -> Answer:
        # Streams of its own: `run` changes their encoding and line ends.
        with monkeypatch.context() as patch:
            out, err = _NotATerminal(io.BytesIO()), _NotATerminal(io.BytesIO())
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = program.run(list(argv))
            return Answer(code, out.text(), err.text())

    return call


@pytest.fixture
def spawn() -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Return what runs a command in a process of its own, its output piped."""

    def call(*argv: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [sys.executable, "-m", "iro_cli", *argv],
            capture_output=True,
            check=False,
            env={**os.environ, **environment},
        )

    return call


@pytest.fixture
def held(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Answer]:
    """Return what runs a command as somebody who is held to the modes of files."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: file modes are those of POSIX")
    folder = tmp_path_factory.mktemp("modes")
    folder.chmod(0o500)
    script = f"import os, sys; sys.exit(os.access({str(folder)!r}, os.W_OK))"
    if subprocess.run([sys.executable, "-c", _AS_OTHERS, "-c", script], check=False).returncode:
        pytest.skip("NOT TESTED: this account may write anywhere, and cannot give that up")

    def call(*argv: str) -> Answer:
        done = subprocess.run(
            [sys.executable, "-c", _AS_OTHERS, "-m", "iro_cli", *argv],
            capture_output=True,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def terminal() -> Callable[..., Answer]:
    """Return what runs a command whose standard output is a terminal of some width."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: there are no pseudo-terminals here")
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    def call(*command: str, width: int = 200, **environment: str) -> Answer:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        with subprocess.Popen(
            [sys.executable, *command],
            stdout=theirs,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        ) as process:
            os.close(theirs)
            written = b""
            with suppress(OSError):  # Linux says so when the other side is closed
                while read := os.read(ours, 65536):
                    written += read
            os.close(ours)
            assert process.stderr is not None
            said = process.stderr.read()
        text = written.decode("utf-8", "replace").replace("\r\n", "\n")
        return Answer(process.returncode, text, said.decode())

    return call
