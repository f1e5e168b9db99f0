"""Find a child's IRO, the chair of its conferences, and the team of its social worker."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from iro_cli.errors import UsageError
from iro_cli.extracts.ssd.tables import (
    INVOLVEMENTS,
    PROFESSIONALS,
    REFERRALS,
    TEAMS,
    SsdTables,
)
from iro_cli.facts.model import Allocation
from iro_cli.facts.vocabulary import ROLES
from iro_cli.incoming.refused import visible
from iro_cli.incoming.rows import Rows
from iro_cli.incoming.table import plain

_BOTH = "both"
_OTHER = "other"
_SHOWN = 8
_IRO = re.compile(r"\b(iros?|independent review(ing)? officer|reviewing officer)\b")
_CHAIR = re.compile(
    r"\bchair(person|man|woman)?\b.*\b(cp|cpc|conferences?|protection|icpc|rcpc)\b"
    r"|\b(cp|cpc|conferences?|protection|icpc|rcpc) ?chair(person|man|woman)?\b"
    r"|\b(cp|cpc|conferences?|protection|icpc|rcpc)\b.*\bchair(person|man|woman)?\b"
    r"|\bconference co ?ordinator\b|^chair(person|man|woman)?$"
)
# Words for people who are not the child's IRO or chair: for foster carers' reviews, other meetings,
# and helpers.
_NEITHER = re.compile(
    r"\b(foster(ing|er)?|fostercare|panel|strategy|admin|administrator|administration|support|"
    r"business|secretary|minutes?|minute taker|assistant|manager|team leader|deputy|student)\b"
)
_WORKER = re.compile(
    r"\b(cw|case worker|caseworker|allocated worker|social worker|sw|care worker|key worker)\b"
)


def roles_of(text: str) -> tuple[str, ...]:
    """
    Return the roles that a code, a description or a job title names.

    >>> roles_of("Independent Reviewing Officer"), roles_of("IRO / CP Chair")
    (('iro',), ('iro', 'chair'))
    >>> roles_of("Fostering IRO"), roles_of("Adoption panel chair")
    ((), ())
    """
    words = plain(text)
    if _NEITHER.search(words):
        return ()
    return tuple(
        role for role, pattern in (("iro", _IRO), ("chair", _CHAIR)) if pattern.search(words)
    )


def is_worker(text: str) -> bool:
    """Say whether a role is that of the child's social worker, whose team is the child's team."""
    return bool(_WORKER.search(plain(text)))


def read_roles(given: Sequence[str]) -> dict[str, str]:
    """
    Read ``--role CODE=iro``, once for each code.

    Args:
        given: ``CODE=iro``, ``CODE=chair``, ``CODE=both`` or ``CODE=other``.

    Returns:
        The role for each code.

    Raises:
        UsageError: One is written differently.

    >>> read_roles(["CPC=chair"])
    {'CPC': 'chair'}
    """
    choices = (*ROLES, _BOTH, _OTHER)
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


class _Roles:
    """
    Decides the roles of involvements.

    The role of the involvement counts first, and the job title only if the role says nothing.
    Somebody with the job title IRO may be another child's social worker.
    """

    def __init__(self, mapped: Mapping[str, str]) -> None:
        """
        Begin with the codes that the user has mapped.

        Args:
            mapped: ``iro``, ``chair``, ``both`` or ``other`` for each code.
        """
        self._mapped = {plain(code): role for code, role in mapped.items()}
        self._unknown: Counter[str] = Counter()
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, role: str, title: str) -> tuple[str, ...]:
        """Return the roles of an involvement, and count a role that is not recognised."""
        known = self._known.get((role, title))
        if known is None:
            known = self._known[role, title] = self._decide(role, title)
        if not known and plain(role) not in self._mapped and not is_worker(role):
            self._unknown[role or title or "(blank)"] += 1
        return known

    def _decide(self, role: str, title: str) -> tuple[str, ...]:
        mapped = self._mapped.get(plain(role))
        if mapped is not None:
            return ROLES if mapped == _BOTH else () if mapped == _OTHER else (mapped,)
        found = roles_of(role)
        # An involvement as social worker, or as an IRO's helper, counts as that with any job title.
        if found or is_worker(role) or _NEITHER.search(plain(role)):
            return found
        return roles_of(title)

    def warnings(self) -> list[str]:
        """Return a warning about the roles that were not recognised, if there are any."""
        if not self._unknown:
            return []
        named = self._unknown.most_common(_SHOWN)
        words = ", ".join(f"{visible(role)} {times:,}" for role, times in named)
        rest = len(self._unknown) - len(named)
        more = f" and {rest:,} more" if rest else ""
        text = (
            f"involvements whose role is not known as an IRO's or a chair's: {words}{more}; where "
            "one is, say so: --role CODE=iro, --role CODE=chair or --role CODE=both"
        )
        return [text]


class Workers:
    """Reads who is involved with the children: the IRO, the chair, and the worker's team."""

    def __init__(self, tables: SsdTables, roles: Mapping[str, str]) -> None:
        """
        Begin with nothing read.

        Args:
            tables: The tables.
            roles: ``iro``, ``chair``, ``both`` or ``other`` for an authority's own role codes.
        """
        self._tables = tables
        self._roles = _Roles(roles)
        self._names: dict[str, tuple[str, str]] = {}
        self._team_names: dict[str, str] = {}
        self._of_referral: dict[str, str] = {}
        self._teams: dict[str, tuple[date, str]] = {}
        self._seen: set[Allocation] = set()
        self._nameless = 0
        self._nobody = 0

    def read(self) -> None:
        """Read the tables that the involvements refer to, and then the involvements."""
        tables = self._tables
        for row in tables.rows(PROFESSIONALS):
            # These rows are not about children, so none is refused.
            self._names[row.words("professional")] = (row.words("name"), row.words("title"))
        for row in tables.rows(TEAMS):
            self._team_names[row.words("team")] = row.words("name")
        if not tables.gives(INVOLVEMENTS, "child"):
            for row in tables.rows(REFERRALS):
                with suppress(ValueError):
                    self._of_referral[row.words("referral")] = row.parse_child()
        for row in tables.rows(INVOLVEMENTS):
            self._read_involvement(row)
        tables.batch.counts["allocations"] = len(tables.batch.allocations)

    def _read_involvement(self, row: Rows) -> None:
        role, professional = row.words("role"), row.words("professional")
        name, title = self._names.get(professional, ("", ""))
        roles = self._roles.of(role, title)
        # Most rows are about social workers, who lead no reviews, but give the child's team.
        if not roles:
            if is_worker(role) and row.words("team"):
                self._note_team(row)
            return
        if not professional:
            self._nobody += 1
            return
        child_id, begins, ends = self._child(row), row.day("from"), row.day("to")
        row.refuse_before("to", ends, begins)
        if not name.isprintable():
            row.refuse("professional", "the name of this professional has a control code")
        if not row.good:
            return
        # The id is used if the name is missing, so that the children still have somebody.
        if not name:
            self._nameless += 1
        batch = self._tables.batch
        for one in roles:
            allocation = Allocation(child_id, one, name or professional, begins, ends)
            if allocation in self._seen:
                batch.counts["repeated rows"] += 1
                continue
            self._seen.add(allocation)
            batch.allocations.append(allocation)

    def _referred(self, row: Rows) -> str:
        return self._of_referral.get(row.words("referral"), "")

    def _child(self, row: Rows) -> str:
        if row.words("child") or not row.words("referral"):
            return row.child()
        child_id = self._referred(row)
        if not child_id:
            row.refuse("referral", "no row of ssd_cin_episodes says whose referral this is")
        return child_id

    def _note_team(self, row: Rows) -> None:
        """Note the team of the child's current social worker; of several the latest one counts."""
        today = row.reading.today
        try:
            begins, ends = row.parse_day("from"), row.parse_day("to")
            child_id = row.parse_child() if row.words("child") else self._referred(row)
        except ValueError:
            # This row is not an allocation, and a mistake in it must not stop the import.
            return
        if begins is None or begins > today or (ends is not None and ends < today):
            return
        team = row.words("team")
        name = self._team_names.get(team, "" if team.isdigit() else team)
        if name and name.isprintable() and (child_id not in self._teams
                                            or begins >= self._teams[child_id][0]):  # fmt: skip
            self._teams[child_id] = (begins, name)

    def team(self, child_id: str) -> str | None:
        """Return the team of a child's social worker, if it is known."""
        found = self._teams.get(child_id)
        return found[1] if found else None

    def warnings(self) -> list[str]:
        """Return warnings about involvements that did not fit."""
        found = self._roles.warnings()
        if self._nameless:
            found.append(
                "involvements of an IRO or a chair whose name is not in ssd_professionals, kept "
                f"under the professional's id: {self._nameless:,}"
            )
        if self._nobody:
            found.append(
                f"involvements of an IRO or a chair without a professional, left out: "
                f"{self._nobody:,}"
            )
        return found
