"""Asks a person on a terminal; a script is never asked."""

import sys

from iro_cli.cli.output import say


def can_ask() -> bool:
    """Say whether there is somebody to ask: what is typed and what is shown are a terminal's."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked(question: str, answers: str) -> str:
    """
    Ask, and return the letter of the answer.

    Args:
        question: What is asked, with the letters in it.
        answers: The letters; anything else, and no answer, is the last of them.
    """
    say(question)
    said = typed_line()[:1]
    return said if said and said in answers else answers[-1]


def typed_line() -> str:
    """Return the line that is typed, in small letters; nothing if it is not text."""
    try:
        return sys.stdin.readline().strip().casefold()
    except UnicodeDecodeError:
        return ""
