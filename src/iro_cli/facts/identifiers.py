"""Identifiers of children that look alike: two ways of writing one child, or two children."""

from collections.abc import Iterable


def _bare(child_id: str) -> str:
    """
    Return what is left of an id without case and leading zeros.

    >>> _bare("00Ab12")
    'ab12'
    """
    return child_id.casefold().lstrip("0")


def look_alikes(child_ids: Iterable[str], among: Iterable[str] = ()) -> list[list[str]]:
    """
    Return the groups of ids that differ only by case or leading zeros.

    Args:
        child_ids: The ids to look at.
        among: Other ids; two of these are not compared with each other.

    >>> look_alikes(["0012", "ab"], among=["12", "AB1"])
    [['0012', '12']]
    """
    groups: dict[str, list[str]] = {}
    for child_id in child_ids:
        groups.setdefault(_bare(child_id), []).append(child_id)
    for child_id in among:
        group = groups.get(_bare(child_id))
        if group is not None and child_id not in group:
            group.append(child_id)
    return [group for group in groups.values() if len(group) > 1]
