"""
A terminal for `iro`: a pseudo-terminal, and an emulator that says what it shows.

Text that depends on the day or the machine (the folder, the moment, the user) is replaced by
text of the same length before it is shown, so that lines break at the same places.
"""

import fcntl
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, NamedTuple

from running import shown_on

if TYPE_CHECKING:
    import pyte

ROOT = Path(__file__).parents[2]
# The program under its own name, as it is called when it is installed.
_AS_IRO = "import sys; sys.argv[0] = 'iro'; from iro_cli.__main__ import main; main()"
# The same for several lines in one process; the mark between them is no text of the program.
_MARK = "\x1b]9;next\x07"
_IN_ONE = f"""
import shlex, sys
from iro_cli.__main__ import run
sys.argv[0], lines = 'iro', sys.argv[1:]
for line in lines:
    run(shlex.split(line)[1:])
    sys.stdout.flush(), sys.stderr.flush()
    print({_MARK!r}, end='', flush=True)
"""
_MOMENT = re.compile(rb"\b\d{4}-\d\d-\d\d(T|\s+)\d\d:\d\d:\d\d")
SHOWN_PLACE = b"/home/ada/iro-work"
_USER = "ada"
# If a program shows nothing for this many seconds and does not end, it waits for a key that no step
# presses: the test fails, and prints the screen.
_STUCK = 60


class Size(NamedTuple):
    """How many characters a line has, and how many lines the screen."""

    columns: int
    lines: int

    def __str__(self) -> str:
        return f"{self.columns}x{self.lines}"


# The end of a question, after which the program waits.
_ASKS = b"(Enter)?\r\n"
# The pager's prompt, the key to press, and the name of the key.
_PAGER = {":": (" ", "[space]"), "(END)": ("q", "[q]")}


@contextmanager
def place() -> Iterator[Path]:
    """Yield a folder with the examples and a home, whose path has one length."""
    folder = Path(mkdtemp(prefix="iro-", dir="/tmp"))  # noqa: S108 - its length is what counts
    assert len(str(folder)) <= len(SHOWN_PLACE), folder
    folder = folder.rename(folder.with_name(folder.name.ljust(len(SHOWN_PLACE) - 5, "0")))
    try:
        (folder / "home").mkdir()
        copytree(ROOT / "examples", folder / "examples")
        yield folder
    finally:
        rmtree(folder)


def _environment(folder: Path, given: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder / "home"),
        "TERM": "linux",
        "LANG": "C.UTF-8",
        "LOGNAME": _USER,
        "USER": _USER,
        "TZ": "UTC",
        **given,
    }


class _Played:
    """The output of a program so far, and the screen that shows it."""

    def __init__(self, size: Size, folder: Path) -> None:
        self._size, self._folder = size, folder
        self.written = b""

    def _screen(self, written: bytes) -> "pyte.HistoryScreen":
        import pyte

        text = written.replace(str(self._folder).encode(), SHOWN_PLACE)
        text = _MOMENT.sub(rb"2026-11-23\g<1>09:00:00", text)
        screen = pyte.HistoryScreen(*self._size, history=10_000)
        pyte.ByteStream(screen).feed(text)
        return screen

    def shown(self) -> list[str]:
        """Return the text of the screen, without empty lines below."""
        return (
            "\n".join(line.rstrip() for line in self._screen(self.written).display)
            .rstrip()
            .split("\n")
        )

    def all(self, written: bytes | None = None) -> list[str]:
        """Return everything that was ever shown, with what was scrolled away first."""
        screen = self._screen(self.written if written is None else written)
        above = [
            "".join(line[column].data for column in range(self._size.columns)).rstrip()
            for line in screen.history.top
        ]
        below = "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")
        return [*above, *below]


def _run(
    command: Sequence[str],
    answers: Sequence[str],
    size: Size,
    folder: Path,
    given: dict[str, str],
    pages_seen: int = 0,
) -> tuple[_Played, list[str]]:
    """
    Run a program on a terminal, answer its questions, and turn the pages of a pager.

    Returns:
        What it wrote, and each page with the key that was pressed there.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
    played, pages, waiting = _Played(size, folder), list[str](), [*answers]
    with subprocess.Popen(
        [sys.executable, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=_environment(folder, given),
        start_new_session=True,
        preexec_fn=_takes_the_terminal,  # noqa: PLW1509 - a pager asks for the terminal by name
    ) as process:
        os.close(theirs)
        reading = shown_on(ours)
        while True:
            if not select.select([ours], [], [], _STUCK)[0]:
                process.kill()
                raise AssertionError(f"waits for a key: {played.shown()}")
            read = next(reading, None)
            if read is None:
                break
            played.written += read
            page = played.shown()
            press, named = _PAGER.get(page[-1], ("", ""))
            if press:
                pages_seen -= 1
                press, named = _PAGER["(END)"] if pages_seen <= 0 else (press, named)
                pages += [*page, named]
                os.write(ours, press.encode())
            elif played.written.endswith(_ASKS):
                if not waiting:
                    process.kill()
                    raise AssertionError(f"asks: {page}")
                os.write(ours, f"{waiting.pop(0)}\n".encode())
        os.close(ours)
    assert not waiting, f"never asked for {waiting[0]}: {played.shown()}"
    return played, pages


def _takes_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def play(
    line: str,
    answers: Sequence[str],
    size: Size,
    folder: Path,
    given: dict[str, str],
    pages: int = 0,
) -> list[str]:
    """
    Type a line that begins with `iro`, and return what the terminal shows.

    Args:
        line: The line.
        answers: What is typed in answer to each question.
        size: The terminal's.
        folder: Where it is typed.
        given: What is set in the environment.
        pages: How many pages are looked at in the pager.
    """
    command = ["-c", _AS_IRO, *shlex.split(line)[1:]]
    played, seen = _run(command, answers, size, folder, given, pages)
    return seen or played.all()


def play_in_one(
    lines: Sequence[str], size: Size, folder: Path, given: dict[str, str]
) -> list[list[str]]:
    """Type several lines without questions, in one process, and return what each shows."""
    played, _ = _run(["-c", _IN_ONE, *lines], (), size, folder, given)
    parts = played.written.split(_MARK.encode())[:-1]
    return [played.all(part) for part in parts]
