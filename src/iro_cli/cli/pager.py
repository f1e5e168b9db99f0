"""Show output that is longer than the terminal in a pager, as Git does."""

from __future__ import annotations

import os
import shlex
import subprocess
from shutil import which

from iro_cli.cli.output import say
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from iro_cli.lean import TextIO

# F ends at once if everything fits on the screen, R shows colours, X leaves the text on the screen.
_LESS = "FRX"
_NONE = ("", "cat")


def _command() -> list[str]:
    """Return the words of the pager's command; none if there is no pager to use."""
    named = os.environ.get("PAGER")
    if named is None:
        # There is no default on Windows, because its `more` shows no colours.
        named = "less" if which("less") else ""
    try:
        words = shlex.split(named, posix=os.name != "nt")
    except ValueError:
        return []
    return words if words and named.strip() not in _NONE and which(words[0]) else []


def pager_for(out: TextIO) -> Callable[[str], bool] | None:
    """
    Return a function that shows a text in the user's pager.

    Args:
        out: The terminal.

    Returns:
        The function, which returns whether the text was shown; ``None`` if there is no pager.
    """
    words = _command()
    if not words:
        return None

    def shown(text: str) -> bool:
        out.flush()
        environment = {**os.environ, "LESS": os.environ.get("LESS", _LESS), "LV": "-c"}
        try:
            process = subprocess.Popen(  # noqa: S603 - the words are the user's own
                words, stdin=subprocess.PIPE, stdout=out, env=environment
            )
        except OSError:
            return False
        stopped = False
        sent: bytes | None = text.encode(out.encoding or "utf-8", "replace")
        # If the pager ended before it got the text, the block still closes the pipe.
        with process:
            while process.poll() is None:
                # Ctrl-C is meant for the pager: it stops a search there.
                try:
                    process.communicate(sent)
                except KeyboardInterrupt:
                    stopped = True
                sent = None
        # Somebody who quits early has seen what they wanted.  A pager that fails has shown nothing.
        if process.returncode <= 0 or stopped:
            return True
        say(
            f"iro: the pager {words[0]!r} failed (exit code {process.returncode}): set PAGER to "
            "another program, or add --no-pager"
        )
        return False

    return shown
