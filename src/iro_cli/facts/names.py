"""Compare names of people: one person in several spellings, and names that are nearly alike."""

from collections.abc import Collection, Iterable
from functools import lru_cache

# How alike two names have to be, from 0 to 1, for one to be taken for a mistyped other.
_LIKE = 0.84
# The most new names that are compared with each other: with more it takes too long.
_MOST = 400


# Few people have many children, and so the same names come again and again.
@lru_cache(maxsize=1 << 12)
def folded(name: str) -> str:
    """
    Return a name in the form in which names are compared: small letters and single spaces.

    >>> folded(" Ada  OKAFOR ")
    'ada okafor'
    """
    return " ".join(name.split()).casefold()


def other_spellings(names: Collection[str]) -> dict[str, str]:
    """
    Return the other spellings of names, each with the spelling that is shown.

    A spelling with both small and capital letters is shown rather than one with only one kind,
    as in a column that was typed in capitals.

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
    Return the known names that were probably meant by a mistyped one, the likeliest first.

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
    Return the new names that are probably mistyped, each with the name most likely meant.

    Args:
        fresh: The new names.  If there are too many, they are compared with the known ones only.
        known: The known names, which are not compared with each other.
    """
    new = sorted(set(fresh))
    among = new if len(new) <= _MOST else []
    found = []
    for place, name in enumerate(new):
        near = near_misses(name, [*known, *among[:place]])
        if near:
            found.append((name, near[0]))
    return found
