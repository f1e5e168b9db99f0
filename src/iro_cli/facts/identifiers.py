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
    if child_id.isdigit():  # as most are
        return child_id.lstrip("0")
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
    first: dict[str, str] = {}
    # Few ids have another that looks like them, so only these are gathered in lists.
    groups: dict[str, list[str]] = {}
    for child_id in child_ids:
        bare = _bare(child_id)
        if first.setdefault(bare, child_id) != child_id:
            groups.setdefault(bare, [first[bare]]).append(child_id)
    # A night's import brings no child to be compared with all the others.
    for child_id in among if first else ():
        bare = _bare(child_id)
        if bare in first and child_id not in groups.get(bare, (first[bare],)):
            groups.setdefault(bare, [first[bare]]).append(child_id)
    return [groups[bare] for bare in first if bare in groups]
