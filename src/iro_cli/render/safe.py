"""Text from data, made harmless to show."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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


def cell(text: str) -> str:
    """
    Return text that a spreadsheet will not run as a formula.

    >>> cell("=1+1"), cell("TS-01")
    ("'=1+1", 'TS-01')
    """
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    safe = shown(text)
    for letter in "\\`*_[]<>|#":
        safe = safe.replace(letter, "\\" + letter)
    return safe
