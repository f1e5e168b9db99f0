"""
Reads the Standard Safeguarding Dataset: its tables as CSV, of any build.

It is the one extract that has the whole history of reviews and conferences and,
in its involvements, who the IRO and the chair are.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from iro_cli.extracts.batch import Batch, Cover, alike
from iro_cli.extracts.ssd_care import EPISODE_EVENTS, REVIEW_EVENTS, Care
from iro_cli.extracts.ssd_protection import (
    CONFERENCE_EVENTS,
    ENQUIRY_EVENTS,
    PLAN_EVENTS,
    PLAN_REVIEW_EVENTS,
    Protection,
)
from iro_cli.extracts.ssd_roles import Roles, is_worker
from iro_cli.extracts.ssd_rows import SsdRows, date_text
from iro_cli.extracts.ssd_tables import FACTS, Kind, SsdTables
from iro_cli.facts.model import Allocation, Child
from iro_cli.tables.cells import Days
from iro_cli.tables.refused import Origin

_COVERED = {
    Kind.EPISODES: EPISODE_EVENTS,
    Kind.REVIEWS: REVIEW_EVENTS,
    Kind.ENQUIRIES: ENQUIRY_EVENTS,
    Kind.CONFERENCES: CONFERENCE_EVENTS,
    Kind.PLANS: PLAN_EVENTS,
    Kind.PLAN_REVIEWS: PLAN_REVIEW_EVENTS,
}


class _Workers:
    """Reads who is involved with the children: the IRO, the chair, and the worker's team."""

    def __init__(self, rows: SsdRows, roles: Mapping[str, str]) -> None:
        self._rows = rows
        self._roles = Roles(roles)
        self._names: dict[str, tuple[str, str]] = {}
        self._team_names: dict[str, str] = {}
        self._of_referral: dict[str, str] = {}
        self._teams: dict[str, tuple[date, str]] = {}
        self._seen: set[Allocation] = set()
        self._nameless = 0
        self._nobody = 0

    def read(self, tables: SsdTables) -> None:
        """Read the tables that the involvements refer to, and then them."""
        rows = self._rows
        for table in tables.of(Kind.PROFESSIONALS):
            for _ in rows.of(table):
                # The case system's own: there is nothing here to refuse.
                self._names[rows.text("professional")] = (rows.text("name"), rows.text("title"))
        for table in tables.of(Kind.TEAMS):
            for _ in rows.of(table):
                self._team_names[rows.text("team")] = rows.text("name")
        involvements = tables.of(Kind.INVOLVEMENTS)
        if any("person" not in table.places for table in involvements):
            for table in tables.of(Kind.REFERRALS):
                for _ in rows.of(table):
                    self._of_referral[rows.text("referral")] = rows.text("person")
        for table in involvements:
            for _ in rows.of(table):
                self._read_involvement()
        rows.batch.counts["allocations"] = len(rows.batch.allocations)

    def _read_involvement(self) -> None:
        rows = self._rows
        role, professional = rows.text("role"), rows.text("professional")
        name, title = self._names.get(professional, ("", ""))
        roles = self._roles.of(role, title)
        if not roles:
            if is_worker(role) and rows.text("team"):
                self._note_team()
            return
        if not professional:
            self._nobody += 1
            return
        child_id, begins, ends = self._child(), rows.day("from"), rows.day("to")
        if begins and ends and ends < begins:
            rows.refuse("to", f"lies before the start, {begins}")
        if not name.isprintable():
            rows.refuse("professional", "the name of this professional has a control code")
        if not rows.good:
            return
        if not name:
            self._nameless += 1
        for one in roles:
            allocation = Allocation(child_id, one, name or professional, begins, ends)
            if allocation in self._seen:
                rows.batch.counts["repeated rows"] += 1
                continue
            self._seen.add(allocation)
            rows.note(child_id)
            rows.batch.allocations.append(allocation)

    def _child(self) -> str:
        rows = self._rows
        if rows.text("person") or not rows.text("referral"):
            return rows.child()
        child_id = self._of_referral.get(rows.text("referral"), "")
        if not child_id:
            rows.refuse("referral", "no row of ssd_cin_episodes says whose referral this is")
        return child_id

    def _note_team(self) -> None:
        """Note the team of the child's social worker now; the latest to start is the child's."""
        rows = self._rows
        try:
            begins = rows.days.optional(date_text(rows.text("from")))
            ends = rows.days.optional(date_text(rows.text("to")))
        except ValueError:
            # It is no allocation of ours, and does not stop those that are.
            return
        if begins is None or begins > rows.today or (ends is not None and ends < rows.today):
            return
        team = rows.text("team")
        name = self._team_names.get(team, "" if team.isdigit() else team)
        child_id = rows.text("person") or self._of_referral.get(rows.text("referral"), "")
        if name and name.isprintable() and (child_id not in self._teams
                                            or begins >= self._teams[child_id][0]):  # fmt: skip
            self._teams[child_id] = (begins, name)

    def team(self, child_id: str) -> str | None:
        """Return the team of a child's social worker, where it is known."""
        found = self._teams.get(child_id)
        return found[1] if found else None

    def warnings(self) -> list[str]:
        """Return what did not fit."""
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


def _children(rows: SsdRows, tables: SsdTables, workers: _Workers) -> None:
    """Describe the children that have facts or an IRO; the dataset has everybody else too."""
    batch, born = rows.batch, Days(rows.today.year)
    named = dict.fromkeys(child_id for child_id, _, _ in batch.facts)
    named.update(dict.fromkeys(one.child_id for one in batch.allocations))
    known: dict[str, tuple[Child, Origin]] = {}
    for table in tables.of(Kind.PERSON):
        for origin in rows.of(table):
            child_id = rows.text("person")
            if child_id not in named:
                continue
            birth, expected = rows.day("born", born), rows.day("expected")
            if birth is not None and birth > rows.today:
                rows.refuse("born", "lies in the future")
            if not rows.good:
                continue
            child = Child(child_id, None, birth, expected, team=workers.team(child_id))
            before, where = known.setdefault(child_id, (child, origin))
            if before != child:
                rows.refuse("person", f"row {where.row} of {where.file} says otherwise")
            elif where is not origin:
                batch.counts["repeated rows"] += 1
    for child_id in named:
        if child_id in known:
            batch.children.append(known[child_id][0])
        elif not tables.mended:
            batch.children.append(Child(child_id, team=workers.team(child_id)))
    batch.counts["children"] = len(named)
    batch.warnings.extend(born.warnings("pers_dob"))
    strangers = len(named) - len(known)
    if strangers and tables.of(Kind.PERSON):
        batch.warnings.append(
            f"children who are not in ssd_person, whose date of birth is not known: {strangers:,}"
        )


def _covers(rows: SsdRows, care: Care, protection: Protection) -> list[Cover]:
    """
    Return what the extract has in full.

    It ends on the latest day that anything happened, as nothing says when it was made.
    """
    begins = {**care.begins, **protection.begins}
    first = care.first_start()
    if first is not None:
        begins.setdefault(Kind.EPISODES, first)
    ends = max(
        (event.on for _, event, _ in rows.batch.facts if event.on <= rows.today), default=None
    )
    return [
        Cover(_COVERED[kind], begins[kind], ends, everyone=True)
        for kind in FACTS
        if ends is not None and kind in begins and begins[kind] <= ends
    ]


def read_ssd(
    folders: Sequence[Path], *, today: date, roles: Mapping[str, str] | None = None
) -> Batch:
    """
    Read the tables of one extract.

    Args:
        folders: The folder with the CSV files, or the files; a file of refused rows
            that were mended may stand beside them.
        today: The day after which nothing has happened yet.
        roles: ``iro``, ``chair``, ``both`` or ``other`` for an authority's own role codes.

    Raises:
        InputRefusedError: No table is there, one is there twice or lacks a column, or a
            file cannot be read.
    """
    batch = Batch(source="ssd")
    tables = SsdTables(folders, batch)
    rows = SsdRows(batch, today, alone=tables.mended)
    care, protection, workers = Care(rows), Protection(rows), _Workers(rows, roles or {})
    protection.read(tables)
    care.read(tables)
    workers.read(tables)
    _children(rows, tables, workers)
    batch.warnings += [*care.warnings(), *protection.warnings(), *workers.warnings()]
    batch.warnings += rows.days.warnings("the tables")
    if missing := list(tables.missing()):
        batch.warnings.append(f"tables that are not here, and say nothing: {', '.join(missing)}")
    batch.warnings += alike(child.child_id for child in batch.children)
    if not tables.mended:
        batch.covers = _covers(rows, care, protection)
    return batch
