"""
Make text from data safe for a terminal, and for a spreadsheet that runs formulas.

It is a module of its own, because the code that writes files and the code that reads them
back have to agree on it to the letter.
"""

STARTS = ("=", "+", "-", "@", "\t", "\r")
# The first characters of cells that may have to be changed.  The quote itself is one of them:
# otherwise it could not be told from a quote of ours.
_LOOKED_AT = (*STARTS, "'")


def guarded(text: str) -> str:
    """
    Return a cell that a spreadsheet will not take for a formula.

    A cell that already looks guarded is guarded once more, so that :func:`unguarded` returns
    every text as it was.

    >>> guarded("=1+1"), guarded("plain"), guarded("'tis"), guarded("'=1")
    ("'=1+1", 'plain', "'tis", "''=1")
    """
    if text.startswith(_LOOKED_AT) and text.lstrip("'").startswith(STARTS):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """
    Return a cell without the quote that :func:`guarded` put before it.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded("''=1")
    ('=1+1', "'tis", "'=1")
    """
    if text.startswith("'") and text.lstrip("'").startswith(STARTS):
        return text[1:]
    return text


def printable(text: str) -> str:
    r"""
    Return text in which every character that is not printable is written as its number.

    Escape codes, bidirectional overrides and zero-width characters are not printable; letters of
    every script, accents and emoji are.  So no text can move the cursor or hide a letter, two
    ids that differ only by such a character look different, and one can see what to mend.

    >>> print(printable("A\x1b[2Jb"), printable("Ann\u202enne"))
    A\x1b[2Jb Ann\u202enne
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
