"""Text that comes in on the command line."""

import re

from iro_cli.errors import UsageError

_LONGEST = 2000


def plain_text(text: str | None, option: str) -> str | None:
    """
    Return text as it is, or ``None`` where it is blank.

    Raises:
        UsageError: It holds control codes, or is far too long.
    """
    if text is None or not text.strip():
        return None
    if any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text):
        raise UsageError(f"{option}: the text holds control codes; write it without them")
    if len(text) > _LONGEST:
        raise UsageError(f"{option}: at most {_LONGEST:,} characters, this has {len(text):,}")
    return text.strip()


def time_of(text: str | None, option: str) -> str | None:
    """
    Return a time of day as it is, or ``None`` where there is none.

    Raises:
        UsageError: It is not one of the 24-hour clock, with a colon.
    """
    if text and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise UsageError(f"{option} {text!r}: write it as 14:30")
    return text or None


def identifier(text: str) -> str:
    """
    Return a child's id as it is, without space around it.

    Raises:
        UsageError: It is blank, or holds control codes.
    """
    found = plain_text(text, "CHILD")
    if found is None:
        raise UsageError("CHILD: the id is blank")
    return found
