"""Find in texts the names by which a child is called."""

import re
from collections.abc import Callable, Iterable, Iterator
from unicodedata import normalize

from iro_cli.lean import Any, NamedTuple

# What replaces a child's name in a text that is also about others.
ERASED = "[erased]"
# A name with fewer characters is part of other words, and a short number may be a day or a count.
_TELLING = 4
_LABELS = "SELECT DISTINCT label FROM child_detail WHERE child_id = ? AND label IS NOT NULL"
# No letter or digit beside the name: initials are found in `AB_events.csv` and in "AB's".
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
# No hyphen or underscore either: A-1 is not found in A-1-2, nor `on` in `--on`.
_APART_BEFORE, _APART_AFTER = r"(?<![\w-])", r"(?![\w-])"


class ChildNames(NamedTuple):
    """
    Everything that a child is called, or was called before.

    Attributes:
        ids: The id, in both Unicode forms of letters with accents.
        labels: Every label that the child ever had, likewise.
    """

    ids: frozenset[str]
    labels: frozenset[str]

    def telling(self) -> "ChildNames":
        """Return only the names that are long enough to mean the child in any text."""
        return ChildNames(*(frozenset(filter(_is_telling, names)) for names in self))

    def in_words(self) -> re.Pattern[str]:
        """Return the pattern that finds a name in a command or a note."""

        def form(name: str) -> str:
            if len(name) < _TELLING:
                return f"{_APART_BEFORE}{re.escape(name)}{_APART_AFTER}"
            if name in self.ids:
                return f"{_APART_BEFORE}{_any_case(name)}{_APART_AFTER}"
            return f"{_BEFORE}{_any_case(name)}{_AFTER}"

        return self._any(form)

    def in_file_names(self) -> re.Pattern[str]:
        """Return the pattern that finds a name in a file name, where words are not kept apart."""

        def form(name: str) -> str:
            short = len(name) < _TELLING
            return f"{_BEFORE}{re.escape(name)}{_AFTER}" if short else _any_case(name)

        return self._any(form)

    def in_reasons(self) -> re.Pattern[str]:
        """
        Return the pattern that finds a name in the reason of an erasure.

        It finds too much rather than too little: a reason can be worded again without the name.
        """

        def form(name: str) -> str:
            return f"{_BEFORE}{_any_case(name) if len(name) > 1 else re.escape(name)}{_AFTER}"

        return self._any(form, shortest=1)

    def _any(self, form: Callable[[str], str], shortest: int = 2) -> re.Pattern[str]:
        """
        Return the pattern that finds any of the names, the longest first.

        Args:
            form: Returns the pattern of one name.
            shortest: How many characters a label needs; one letter alone, as in "a", is a word.
        """
        every = self.ids.union(one for one in self.labels if len(one) >= shortest)
        found = sorted(every, key=lambda one: (-len(one), one))
        return re.compile("|".join(map(form, found)) or r"(?!)")


def _any_case(name: str) -> str:
    return f"(?i:{re.escape(name)})"


def _is_telling(name: str) -> bool:
    return len(name) >= _TELLING or (len(name) > 1 and not name.isdigit())


def _spellings(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (normalize("NFC", name), normalize("NFD", name))


def names_of(ask: Callable[..., Iterable[Any]], *children: str) -> ChildNames:
    """
    Return the names of children, and also those that were withdrawn or undone.

    Args:
        ask: Runs a statement with a list of its parameters.
        children: Their ids.
    """
    labels = [label for child in children for (label,) in ask(_LABELS, [child])]
    return ChildNames(frozenset(_spellings(children)), frozenset(_spellings(labels)) - {""})
