"""
Cells that a spreadsheet would run as a formula: made text on the way out, put back on the way in.

It stands by itself, because what is written to be read by others and what is
read from them have to agree on it to the letter.
"""

STARTS = ("=", "+", "-", "@", "\t", "\r")
# What may have to be changed: the quote itself too, or it could not be told from ours.
_LOOKED_AT = (*STARTS, "'")


def guarded(text: str) -> str:
    """
    Return a cell that a spreadsheet will not take for a formula.

    A cell that looks guarded already is guarded once more, so that
    :func:`unguarded` gives every text back as it was.

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
