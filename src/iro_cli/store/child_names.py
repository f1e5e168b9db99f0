"""What a child is called in texts, and where such a name is found in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from unicodedata import normalize

from iro_cli.lean import Any, NamedTuple

# What stands for a child's name where others are told of beside it.
ERASED = "[erased]"
# A shorter name is a part of other words too, and a short number is also a day or a count.
_TELLING = 4
_LABELS = "SELECT DISTINCT label FROM child_detail WHERE child_id = ? AND label IS NOT NULL"
# No letter or digit beside it: initials are found in `AB_events.csv` and in "AB's".
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"
# Nor a hyphen or an underscore: A-1 is not found in A-1-2, nor `on` in `--on`.
_APART_BEFORE, _APART_AFTER = r"(?<![\w-])", r"(?![\w-])"


class ChildNames(NamedTuple):
    """
    What a child is called, and ever was.

    Attributes:
        ids: The id, however its letters with accents are made up.
        labels: Every label they ever had, likewise.
    """

    ids: frozenset[str]
    labels: frozenset[str]

    def telling(self) -> "ChildNames":
        """Return those that mean the child wherever they are found."""
        return ChildNames(*(frozenset(filter(_is_telling, names)) for names in self))

    def in_words(self) -> re.Pattern[str]:
        """Return what finds a name in a command or a note."""

        def form(name: str) -> str:
            if len(name) < _TELLING:
                return f"{_APART_BEFORE}{re.escape(name)}{_APART_AFTER}"
            if name in self.ids:
                return f"{_APART_BEFORE}{_any_case(name)}{_APART_AFTER}"
            return f"{_BEFORE}{_any_case(name)}{_AFTER}"

        return self._any(form)

    def in_file_names(self) -> re.Pattern[str]:
        """Return what finds a name in that of a file, where words run into one another."""

        def form(name: str) -> str:
            short = len(name) < _TELLING
            return f"{_BEFORE}{re.escape(name)}{_AFTER}" if short else _any_case(name)

        return self._any(form)

    def in_reasons(self) -> re.Pattern[str]:
        """Return what finds a name in what can be worded otherwise: rather too often."""

        def form(name: str) -> str:
            return f"{_BEFORE}{_any_case(name) if len(name) > 1 else re.escape(name)}{_AFTER}"

        return self._any(form, shortest=1)

    def _any(self, form: Callable[[str], str], shortest: int = 2) -> re.Pattern[str]:
        """Return what finds any name, the longest first; a label of one letter is a word too."""
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
    Return what children are called, and ever were, what was withdrawn and undone included.

    Args:
        ask: Runs a statement with a list of its values.
        children: Their ids.
    """
    labels = [label for child in children for (label,) in ask(_LABELS, [child])]
    return ChildNames(frozenset(_spellings(children)), frozenset(_spellings(labels)) - {""})
