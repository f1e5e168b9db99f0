"""Ask a person on a terminal, and never a script."""

import sys

from iro_cli.cli.output import say


def can_ask() -> bool:
    """Say whether there is somebody to ask: standard input and standard error are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked(question: str, answers: str) -> str:
    """
    Ask, and return the letter of the answer.

    Args:
        question: The question, which contains the letters.
        answers: The letters; any other answer, and none, counts as the last one.
    """
    say(question)
    said = typed_line()[:1]
    return said if said and said in answers else answers[-1]


def typed_line() -> str:
    """Return the typed line in small letters; empty if it is not text."""
    try:
        return sys.stdin.readline().strip().casefold()
    except UnicodeDecodeError:
        return ""
