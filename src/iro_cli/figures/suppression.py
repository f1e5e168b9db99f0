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
    Say whether a count is too small to be shown; zero may be shown.

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
    2. Anyone can subtract the rows that are shown from the total, and so knows the sums of the
       rows that are not.  So while only one row is kept back, or one of these sums is small,
       the smallest row that is shown is kept back too.
    3. If no row is left to show and a sum is still small, the total has a small count, and its
       parts are kept back too.

    Example: three teams have 2, 9 and 30 late reviews, and the total of 41 is shown.  The 2 is
    kept back.  As 41 - 9 - 30 would still give it, the 9 is kept back too.

    Args:
        rows: The rows; none is the sum of others, and each column adds up to the total's.
        least: The smallest count that is shown, apart from zero.

    Returns:
        The places of the rows to keep back, and whether the parts of the total are kept back.
    """
    width = len(rows[0]) if rows else 0
    kept = {place for place, row in enumerate(rows) if any_small(row, least)}
    # Hiding a row of zeros would not help: the sum of both rows would be the other row's count.
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
        hidden: The groups that are kept back.  All their rows are kept back too, because the
            rows of a group add up to it.
        least: The smallest count that is shown, apart from zero.
    """
    return {
        name: Kept(frozenset(range(len(rows))), total=True)
        if name in hidden
        else kept_back(rows, least)._replace(total=False)
        for name, rows in groups.items()
    }
