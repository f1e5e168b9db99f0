"""
Keep standard output for results only.

Libraries print too: a solver prints its name and licence as soon as it is used, and
one line before the header makes a CSV file useless to the program that reads it.  While a
command runs, neither ``sys.stdout`` nor file descriptor 1 leads to standard output; only
:func:`results` does.  What Python code prints goes to standard error, because it may be
about a fault.  What compiled code writes without Python is dropped: banners and progress.
"""

import os
import sys
from io import TextIOWrapper

from iro_cli.lean import TextIO


class _StandardOutput:
    """
    The streams that take the place of standard output.

    Attributes:
        before: ``sys.stdout`` when the command began; ``None`` outside of a command.
        results: The stream for results during a command.
    """

    def __init__(self) -> None:
        """Begin outside a command."""
        self.before: TextIO | None = None
        self.results: TextIO | None = None


_standard = _StandardOutput()


def _has_a_descriptor(out: TextIO) -> bool:
    """Say whether code outside Python can write to a stream, and would disturb the results."""
    # Python writes to the old console of Windows through a handle, which would be lost with the
    # descriptor.  And on a terminal, a stray line does no harm.
    if os.name == "nt" and out.isatty():
        return False
    try:
        return out.fileno() == 1
    except (AttributeError, OSError, ValueError):
        return False


def _unbuffered(out: TextIO) -> bool:
    """Say whether a stream writes everything at once."""
    return isinstance(out, TextIOWrapper) and out.write_through


def results() -> TextIO:
    """Return the stream that results are written to."""
    return _standard.results or sys.stdout


def keep() -> None:
    """Keep standard output for results, until :func:`give_back`."""
    out = sys.stdout
    _standard.before = _standard.results = out
    if _has_a_descriptor(out):
        out.flush()
        _standard.results = os.fdopen(
            os.dup(1),
            "w",
            # Line by line on a terminal, or if Python was told not to buffer, so that results and
            # messages that go to one place keep their order.
            buffering=1 if out.line_buffering or _unbuffered(out) else -1,
            encoding=out.encoding,
            errors=out.errors,
            newline=None if out.isatty() else "\n",
        )
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
    sys.stdout = sys.stderr


def give_back() -> None:
    """
    Write what is still in the buffer, and restore standard output.

    The board calls it early; calling it a second time does nothing.

    Raises:
        OSError: The buffer cannot be written.
    """
    before, written = _standard.before, _standard.results
    _standard.before = _standard.results = None
    if before is None or written is None:
        return
    sys.stdout = before
    if written is not before:
        os.dup2(written.fileno(), 1)
        written.close()
