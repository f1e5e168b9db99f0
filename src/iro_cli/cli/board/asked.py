"""The filter box: words that every row shown must match."""

from collections.abc import Iterable

from iro_cli.obligations.listing import OVERDUE, DueRow

EVERYTHING, ONLY_OVERDUE, ONLY_UNBOOKED = "all", "overdue", "unbooked"
_FIELDS = ("child", "iro", "team", "process", "timescale")


def _matches(row: DueRow, word: str) -> bool:
    if word == EVERYTHING:
        return True
    if word == ONLY_OVERDUE:
        return row.status == OVERDUE
    if word == ONLY_UNBOOKED:
        return row.booked is None
    field, colon, part = word.partition(":")
    if colon and field in _FIELDS:
        return part in (getattr(row, field) or "").casefold()
    texts = (*(getattr(row, name) or "" for name in _FIELDS), row.title)
    return any(word in text.casefold() for text in texts)


def filtered(rows: Iterable[DueRow], text: str) -> list[DueRow]:
    """
    Return the rows that match every word of a filter.

    A word is ``overdue``, ``unbooked``, ``all``, one field's (``iro:okafor``),
    or part of anything that names the child, the person, the team, the process
    or the timescale; letters of either case are alike.
    """
    words = text.casefold().split()
    return [row for row in rows if all(_matches(row, word) for word in words)]


def toggled(text: str, word: str) -> str:
    """
    Return a filter with a word put in, or taken out where it stands in it.

    >>> toggled("iro:rees", "overdue"), toggled("overdue iro:rees", "overdue")
    ('iro:rees overdue', 'iro:rees')
    """
    words = text.split()
    if word in words:
        return " ".join(one for one in words if one != word)
    return " ".join([*words, word])
