"""Text from data, made harmless to show."""


def shown(text: str) -> str:
    r"""
    Return text with everything that could move a cursor or hide a letter replaced.

    Escape codes, bidirectional overrides and zero-width characters are not
    printable; letters of every script, accents and emoji are.

    >>> shown("A\x1b[2Jb")
    'A\ufffd[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    safe = shown(text).replace("&", "&amp;")
    for letter in "\\`*_[]<>|#~":
        safe = safe.replace(letter, "\\" + letter)
    return safe
