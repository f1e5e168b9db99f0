"""Bars of plain letters: each part has a letter of its own, so that no colour is needed."""

from collections.abc import Sequence

from iro_cli.forms.sheet import Column, Line, Table
from iro_cli.questions.caseload import CaseloadRow

# Shorter than this a bar says nothing, however narrow the terminal is.
_SHORTEST = 10
_LETTERS = "#+."


def bar(parts: Sequence[int], longest: int, room: int) -> str:
    """
    Draw a bar of a few parts.

    A part that is not nought has one letter at least.

    Args:
        parts: How much of each.
        longest: The sum of the longest bar beside it.
        room: The letters that one may take.

    >>> bar((2, 1, 5), 8, 8), bar((4, 2, 10), 16, 8), bar((1, 0, 99), 100, 10)
    ('##+.....', '##+.....', '#..........')
    """
    scale = min(1.0, room / longest) if longest else 1.0
    return "".join(
        letter * max(1, round(part * scale)) if part else ""
        for letter, part in zip(_LETTERS, parts, strict=True)
    )


def caseload_bars(rows: Sequence[CaseloadRow], width: int) -> Table:
    """
    Draw what is open for each caseload.

    Args:
        rows: The caseloads.
        width: The terminal's, in characters.
    """
    longest = max((row.open for row in rows), default=0)
    # Beside a bar stand the name, the count and the spaces between; two letters are for rounding.
    beside = max((len(row.name) for row in rows), default=0) + len(f"{longest:,}") + 8
    room = max(_SHORTEST, width - beside)
    lines = [
        Line(
            (
                row.name,
                bar(
                    (row.overdue, row.due_28_days, row.open - row.overdue - row.due_28_days),
                    longest,
                    room,
                ),
                f"{row.open:,}",
            )
        )
        for row in rows
    ]
    scale = "" if longest <= room else f"; the longest is {longest:,}"
    return Table(
        f"Open: # overdue  + due within 28 days  . later or without a date{scale}",
        (Column(""), Column(""), Column("Open", right=True)),
        lines,
    )
