"""
Keep back small numbers, and enough other numbers that nobody can work the small ones out.

A table has rows of counts that add up to a total.  Whole rows are kept back, because the counts
within a row add up too: a single hidden cell could be computed from the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from iro_cli.lean import NamedTuple

Counts = Sequence[int]


class Kept(NamedTuple):
    """The rows of a table that are kept back, and whether its total is kept back too."""

    rows: frozenset[int]
    total: bool


def is_small(count: int, least: int) -> bool:
    """
    Say whether a count is too small to be shown: zero is not.

    >>> is_small(0, 5), is_small(4, 5), is_small(5, 5)
    (False, True, False)
    """
    return 0 < count < least


def any_small(counts: Iterable[int], least: int) -> bool:
    """Say whether any of several counts is too small to be shown."""
    return any(is_small(count, least) for count in counts)


def together(rows: Iterable[Counts], width: int) -> list[int]:
    """Add rows up, column by column."""
    total = [0] * width
    for row in rows:
        total = [one + other for one, other in zip(total, row, strict=True)]
    return total


def kept_back(rows: Sequence[Counts], least: int) -> Kept:
    """
    Return the rows to keep back so that no small count can be worked out.

    1. A row with a small count is kept back.
    2. The total less the rows that are shown gives the sum of the hidden rows.  So while only
       one row is hidden, or such a sum is small, the smallest row that is shown is hidden too.
    3. If no row is left to show and a sum is still small, the total is small too, and its parts
       are hidden.

    Args:
        rows: The rows, none of which is the sum of others; every column adds up to the total.
        least: The smallest count that is shown, besides zero.

    Returns:
        The places of the rows to keep back, and whether the parts of the total are kept back.
    """
    width = len(rows[0]) if rows else 0
    kept = {place for place, row in enumerate(rows) if any_small(row, least)}
    # Hiding a row of zeros would not help: the reader would still know the sum of the others.
    spare = sorted(
        (place for place, row in enumerate(rows) if place not in kept and any(row)),
        key=lambda place: (sum(rows[place]), place),
    )
    while kept and spare:
        sums = together((rows[place] for place in kept), width)
        if len(kept) > 1 and not any_small(sums, least):
            break
        kept.add(spare.pop(0))
    return Kept(frozenset(kept), any_small(together(rows, width), least))


def kept_in_groups(
    groups: Mapping[str, Sequence[Counts]], hidden: Collection[str], least: int
) -> dict[str, Kept]:
    """
    Return what to keep back in a table whose rows add up to groups.

    Args:
        groups: The rows of each group.
        hidden: The groups that are kept back.  All rows of such a group are kept back too, or
            they would add up to it.
        least: The smallest count that is shown, besides zero.
    """
    return {
        name: Kept(frozenset(range(len(rows))), total=True)
        if name in hidden
        else kept_back(rows, least)._replace(total=False)
        for name, rows in groups.items()
    }


def rate(part: int | None, whole: int | None) -> float | None:
    """
    Return a share between 0 and 1; ``None`` if the whole is zero or something is kept back.

    >>> rate(1, 4), rate(0, 0), rate(None, 4)
    (0.25, None, None)
    """
    return round(part / whole, 4) if part is not None and whole else None
