"""Find identifiers that look alike: of one child in two spellings, or of two children."""

import re
from collections.abc import Iterable

# The only differences between the ids of a group, in words.
DIFFERENCES = "case, spaces, leading zeros or a .0"
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0+$")


def _bare(child_id: str) -> str:
    """
    Return an id without everything in which two ways of writing it can differ.

    >>> _bare("00 Ab12"), _bare("9001.0")
    ('ab12', '9001')
    """
    text = "".join(child_id.casefold().split())
    return (_POINT_ZERO.sub("", text) if "." in text else text).lstrip("0")


def look_alikes(child_ids: Iterable[str], among: Iterable[str] = ()) -> list[list[str]]:
    """
    Return the groups of ids that differ only by case, spaces, leading zeros or a ``.0``.

    Args:
        child_ids: The ids to compare, with each other and with *among*.
        among: More ids, which are not compared with each other.

    >>> look_alikes(["0012", "ab"], among=["12", "AB1"])
    [['0012', '12']]
    """
    groups: dict[str, list[str]] = {}
    for child_id in child_ids:
        groups.setdefault(_bare(child_id), []).append(child_id)
    # A night's import brings no child to be compared with all the others.
    for child_id in among if groups else ():
        group = groups.get(_bare(child_id))
        if group is not None and child_id not in group:
            group.append(child_id)
    return [group for group in groups.values() if len(group) > 1]
