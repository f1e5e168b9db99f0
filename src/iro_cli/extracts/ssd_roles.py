"""Tells who is a child's IRO and who chairs its conferences, by role or by job title."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from iro_cli.errors import UsageError
from iro_cli.extracts.children import ROLES
from iro_cli.tables.refused import printable

BOTH = "both"
OTHER = "other"
_SHOWN = 8
_IRO = re.compile(r"\b(iros?|independent review(ing)? officer|reviewing officer)\b")
_CHAIR = re.compile(
    r"\bchair(person|man|woman)?\b.*\b(cp|cpc|conferences?|protection|icpc|rcpc)\b"
    r"|\b(cp|cpc|conferences?|protection|icpc|rcpc) ?chair(person|man|woman)?\b"
    r"|\b(cp|cpc|conferences?|protection|icpc|rcpc)\b.*\bchair(person|man|woman)?\b"
    r"|\bconference co ?ordinator\b|^chair(person|man|woman)?$"
)
# Not the child's own: a foster carer's reviews, other meetings, and those who help.
_NEITHER = re.compile(
    r"\b(foster(ing|er)?|fostercare|panel|strategy|admin|administrator|administration|support|"
    r"business|secretary|minutes?|minute taker|assistant|manager|team leader|deputy|student)\b"
)
_WORKER = re.compile(
    r"\b(cw|case worker|caseworker|allocated worker|social worker|sw|care worker|key worker)\b"
)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def roles_of(text: str) -> tuple[str, ...]:
    """
    Return which roles a code, a description or a job title names.

    >>> roles_of("Independent Reviewing Officer"), roles_of("IRO / CP Chair")
    (('iro',), ('iro', 'chair'))
    >>> roles_of("Fostering IRO"), roles_of("Adoption panel chair")
    ((), ())
    """
    words = _words(text)
    if _NEITHER.search(words):
        return ()
    return tuple(
        role for role, pattern in (("iro", _IRO), ("chair", _CHAIR)) if pattern.search(words)
    )


def is_worker(text: str) -> bool:
    """Say whether a role is that of the child's own social worker, whose team is the child's."""
    return bool(_WORKER.search(_words(text)))


def read_roles(given: Sequence[str]) -> dict[str, str]:
    """
    Read ``--role CODE=iro``, once for each code.

    Args:
        given: ``CODE=iro``, ``CODE=chair``, ``CODE=both`` or ``CODE=other``.

    Returns:
        The role for each code.

    Raises:
        UsageError: One is written otherwise.

    >>> read_roles(["CPC=chair"])
    {'CPC': 'chair'}
    """
    choices = (*ROLES, BOTH, OTHER)
    found = {}
    for text in given:
        code, _, role = text.rpartition("=")
        if not code.strip() or role.strip().casefold() not in choices:
            raise UsageError(
                f"--role {text!r}: write CODE=ROLE with one of {', '.join(choices)}, such as "
                "--role CPC=chair"
            )
        found[code.strip()] = role.strip().casefold()
    return found


class Roles:
    """
    Decides the roles of involvements.

    The role of the involvement is asked first, and the job title only where the
    role says nothing: an IRO may be somebody's social worker elsewhere.
    """

    def __init__(self, mapped: Mapping[str, str]) -> None:
        """
        Start with the codes that somebody has mapped.

        Args:
            mapped: ``iro``, ``chair``, ``both`` or ``other`` for each code.
        """
        self._mapped = {_words(code): role for code, role in mapped.items()}
        self._unknown: Counter[str] = Counter()
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, role: str, title: str) -> tuple[str, ...]:
        """Return the roles of an involvement, noting a role that is not recognised."""
        known = self._known.get((role, title))
        if known is None:
            known = self._known[role, title] = self._decide(role, title)
        if not known and _words(role) not in self._mapped and not is_worker(role):
            self._unknown[role or title or "(blank)"] += 1
        return known

    def _decide(self, role: str, title: str) -> tuple[str, ...]:
        mapped = self._mapped.get(_words(role))
        if mapped is not None:
            return ROLES if mapped == BOTH else () if mapped == OTHER else (mapped,)
        found = roles_of(role)
        # An involvement as the social worker, or as an IRO's helper, is that whatever the title.
        if found or is_worker(role) or _NEITHER.search(_words(role)):
            return found
        return roles_of(title)

    def warnings(self) -> list[str]:
        """Return the roles that were not recognised, in one warning."""
        if not self._unknown:
            return []
        named = self._unknown.most_common(_SHOWN)
        words = ", ".join(f"{printable(role)} {times:,}" for role, times in named)
        rest = len(self._unknown) - len(named)
        more = f" and {rest:,} more" if rest else ""
        text = (
            f"involvements whose role is not known as an IRO's or a chair's: {words}{more}; where "
            "one is, say so: --role CODE=iro, --role CODE=chair or --role CODE=both"
        )
        return [text]
