"""Names of people: one person in several spellings, and names that are nearly another's."""

from collections.abc import Collection, Iterable

# From this likeness on (0 to 1), a name is reported as a possible slip of another.  In a name of
# ten letters that is one wrong letter, or two that changed places; two people who only share a
# surname are less alike.
_LIKE = 0.84
# Beyond this number, new names are not compared with each other: that would take too long.
_MOST = 400


def folded(name: str) -> str:
    """
    Return a name as it is compared: letters of one case, single spaces.

    >>> folded(" Ada  OKAFOR ")
    'ada okafor'
    """
    return " ".join(name.split()).casefold()


def other_spellings(names: Collection[str]) -> dict[str, str]:
    """
    Return the spellings of names that have several, each with the one that is shown.

    A spelling with capital and small letters is preferred to one in capitals only, because
    a whole column was probably typed in capitals.

    >>> other_spellings(["ADA OKAFOR", "Ada Okafor", "Ben Rees"])
    {'ADA OKAFOR': 'Ada Okafor'}
    """
    together: dict[str, list[str]] = {}
    for name in names:
        together.setdefault(folded(name), []).append(name)
    if len(together) == len(names):
        return {}

    def carelessly(name: str) -> tuple[bool, bool, str]:
        return name != " ".join(name.split()), name.islower() or name.isupper(), name

    shown = {key: min(those, key=carelessly) for key, those in together.items()}
    return {
        name: shown[key] for key, those in together.items() for name in those if name != shown[key]
    }


def near_misses(name: str, known: Iterable[str]) -> list[str]:
    """
    Return the known names that somebody probably meant by a name, the likeliest first.

    >>> near_misses("Ada Okafr", ["Ben Rees", "Ada Okafor"])
    ['Ada Okafor']
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a name that is new

    said = folded(name)
    matcher = SequenceMatcher()
    matcher.set_seq2(said)
    found = []
    for one in known:
        other = folded(one)
        if other == said:
            continue
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() < _LIKE or matcher.quick_ratio() < _LIKE:
            continue
        if (like := matcher.ratio()) >= _LIKE:
            found.append((-like, one))
    return [one for _, one in sorted(found)]


def alike(fresh: Iterable[str], known: Collection[str] = ()) -> list[tuple[str, str]]:
    """
    Return the new names that look like slips, each with the name that was probably meant.

    Args:
        fresh: The new names; if there are many, they are compared with the known ones only.
        known: The known names; these are not compared with each other.
    """
    new = sorted(set(fresh))
    among = new if len(new) <= _MOST else []
    found = []
    for place, name in enumerate(new):
        near = near_misses(name, [*known, *among[:place]])
        if near:
            found.append((name, near[0]))
    return found
