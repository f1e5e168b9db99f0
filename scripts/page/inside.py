"""Run one command line of the program, and return its output."""

import io
import sys

from iro_cli.__main__ import run


def answer(words: list[object]) -> tuple[int, str, str]:
    """Return the exit code, standard output and standard error of a command line."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    try:
        code = run([str(one) for one in words])
        return code, sys.stdout.getvalue(), sys.stderr.getvalue()
    finally:
        sys.stdout, sys.stderr = before


answer  # noqa: B018 - what the page is given
