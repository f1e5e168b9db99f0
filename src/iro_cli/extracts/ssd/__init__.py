"""
Read the Standard Safeguarding Dataset: its tables as CSV or in a database, of any build.

Only this extract has the whole history of reviews and conferences and, in its
involvements, the IRO and the chair.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from iro_cli.extracts.batch import Batch, Cover, alike_warnings
from iro_cli.extracts.source import Source
from iro_cli.extracts.ssd.care import EPISODE_EVENTS, REVIEW_EVENTS, Care
from iro_cli.extracts.ssd.places import placed
from iro_cli.extracts.ssd.protection import (
    CONFERENCE_EVENTS,
    ENQUIRY_EVENTS,
    PLAN_EVENTS,
    PLAN_REVIEW_EVENTS,
    Protection,
)
from iro_cli.extracts.ssd.tables import (
    CONFERENCES,
    ENQUIRIES,
    EPISODES,
    KINDS,
    PERSON,
    PLACEMENTS,
    PLAN_REVIEWS,
    PLANS,
    REVIEWS,
    STATUS,
    SsdTables,
)
from iro_cli.extracts.ssd.workers import Workers, read_roles
from iro_cli.facts.model import Child, Event
from iro_cli.incoming.kinds import TableKind
from iro_cli.incoming.refused import Origin
from iro_cli.incoming.rows import Reading

# The events that only one table shows.
_TOLD = {
    REVIEWS: REVIEW_EVENTS,
    EPISODES: EPISODE_EVENTS,
    # Without this table, short breaks look like care, and their reviews like looked-after reviews.
    STATUS: ("adoption.authorised", "short-break.start", "cla.end"),
    PLACEMENTS: ("adoption.placed", "adoption.review"),
    ENQUIRIES: ENQUIRY_EVENTS,
    CONFERENCES: CONFERENCE_EVENTS,
    PLANS: PLAN_EVENTS,
    PLAN_REVIEWS: PLAN_REVIEW_EVENTS,
    PERSON: ("child.died",),
}
# The events that are unknown without a column, although the rest of its table can be read.
_TOLD_BY_COLUMN = {
    (PERSON, "died"): ("child.died",),
    (EPISODES, "placement"): ("adoption.placed", "adoption.review"),
    (ENQUIRIES, "ended"): ("cp.conference.not-required",),
    (PLANS, "elsewhere"): ("cp.plan.end",),
}
_COVERED = {
    EPISODES.name: EPISODE_EVENTS,
    REVIEWS.name: REVIEW_EVENTS,
    ENQUIRIES.name: ENQUIRY_EVENTS,
    CONFERENCES.name: CONFERENCE_EVENTS,
    PLANS.name: PLAN_EVENTS,
    PLAN_REVIEWS.name: PLAN_REVIEW_EVENTS,
}


def _column(kind: TableKind, field: str) -> str:
    return next(one.name for one in kind.columns if one.field == field)


def _children(tables: SsdTables, workers: Workers, care: Care) -> None:
    """Add the children who have facts or an IRO or chair; the dataset has many others too."""
    batch, reading = tables.batch, tables.reading
    named = dict.fromkeys(child_id for child_id, _, _ in batch.facts)
    named.update(dict.fromkeys(one.child_id for one in batch.allocations))
    known: dict[str, tuple[Child, Origin]] = {}
    for row in tables.rows(PERSON):
        child_id = row.whose()
        # The dataset also has children without facts here, and rows without an id.
        if child_id not in named:
            continue
        birth, expected = row.day("born", reading.births), row.day("expected")
        if birth is not None and birth > reading.today:
            row.refuse("born", "lies in the future")
        died = row.day("died")
        if died is not None and died > reading.today:
            row.refuse("died", "lies in the future")
        if not row.good:
            continue
        if died is not None and tables.keep(row, child_id, Event("child.died", died), "died"):
            batch.counts["deaths"] += 1
            care.deaths.pop(child_id, None)  # this column counts more than the end of an episode
        child = Child(child_id, None, birth, expected, team=workers.team(child_id))
        before = known.get(child_id)
        if before is None:
            known[child_id] = (child, row.origin)
        elif before[0] == child:
            batch.counts["repeated rows"] += 1
        else:
            row.refuse("child", f"{before[1].words} says otherwise")
    _add_deaths(batch, care)
    for child_id in named:
        if child_id in known:
            batch.children.append(known[child_id][0])
        elif not tables.mended:
            batch.children.append(Child(child_id, team=workers.team(child_id)))
    batch.counts["children"] = len(named)
    if tables.has(PERSON):
        _note_strangers(tables, [child_id for child_id in named if child_id not in known])


def _add_deaths(batch: Batch, care: Care) -> None:
    """Add the deaths that only an episode shows."""
    batch.facts += ((child_id, *died) for child_id, died in care.deaths.items())
    batch.counts["deaths"] += len(care.deaths)


def _note_strangers(tables: SsdTables, strangers: Sequence[str]) -> None:
    """Note children without a row about themselves: it is not known whether one has died."""
    for child_id in strangers:
        what = f"a row of {PERSON.name} about the child"
        tables.batch.leaves_open(child_id, what, ("child.died",))
    if strangers:
        tables.batch.warnings.append(
            "children who are not in ssd_person, whose date of birth is not known: "
            f"{len(strangers):,}"
        )


def _covers(tables: SsdTables, care: Care, protection: Protection) -> list[Cover]:
    """
    Return what the extract states in full.

    It ends on the day of the latest event, because nothing says when the extract was made.
    """
    begins = {**care.begins, **protection.begins}
    first = care.first_start()
    if first is not None:
        begins.setdefault(EPISODES.name, first)
    today = tables.reading.today
    ends = max((event.on for _, event, _ in tables.batch.facts if event.on <= today), default=None)
    covers = [
        Cover(events, begins[name], ends, everyone=True)
        for name, events in _COVERED.items()
        if ends is not None and name in begins and begins[name] <= ends
    ]
    if tables.gives(PERSON, "died"):
        covers.append(Cover(frozenset({"child.died"})))
    return covers


def _read(
    paths: Sequence[Path],
    reading: Reading,
    *,
    roles: Mapping[str, str] | None = None,
    database: str = "",
    schema: str = "",
    prefix: str = "",
    password: str = "",
) -> Batch:
    """
    Read the tables of one extract.

    Args:
        paths: The folder with the CSV files, or the files; a file of mended refused rows may be
            among them.
        reading: Gathers what is refused, and warnings.
        roles: ``iro``, ``chair``, ``both`` or ``other`` for an authority's own role codes.
        database: The URL of the database with the tables; blank if there is none.
        schema: The schema of the tables there; blank if it is to be found.
        prefix: The first letters of their names there; blank if they are to be found.
        password: The password, if the URL names a user without one; blank for none.

    Raises:
        InputRefusedError: There is no table, one is there twice or lacks a column, or a file or
            the database cannot be read.
        UsageError: It is not a valid URL of a database, or its driver is not installed.
    """
    if not database:
        return _read_tables(SsdTables(paths, reading), roles or {})
    # Importing this takes longer than reading a small extract, and files do not need it.
    from iro_cli.incoming.database import Database  # noqa: PLC0415

    with Database(database, schema, password).open(partial(placed, prefix=prefix)) as opened:
        return _read_tables(SsdTables(paths, reading, opened), roles or {})


def _read_tables(tables: SsdTables, roles: Mapping[str, str]) -> Batch:
    """Read the tables that were found."""
    care, protection, workers = Care(tables), Protection(tables), Workers(tables, roles)
    protection.read()
    care.read()
    workers.read()
    _children(tables, workers, care)
    batch = tables.batch
    batch.warnings += [*care.warnings(), *protection.warnings(), *workers.warnings()]
    if missing := tables.missing():
        batch.warnings.append(
            f"tables that are missing, so nothing is known from them: {', '.join(missing)}"
        )
    # A file of mended rows has only rows that were refused before.  What is missing from it says
    # nothing about the extract.
    if not tables.mended:
        silent = [kind for kind in _TOLD if tables.is_silent(kind)]
        for kind, events in _TOLD.items():
            if kind in silent:
                batch.lacks(f"the table {kind.name}", events)
            else:
                batch.carries(events)
        lacking = [
            (_column(kind, field), events)
            for (kind, field), events in _TOLD_BY_COLUMN.items()
            if kind not in silent and not tables.gives(kind, field)
        ]
        for column, events in lacking:
            batch.lacks(f"the column {column}", events)
        if lacking:
            names = ", ".join(column for column, _ in lacking)
            batch.warnings.append(
                f"columns that are missing, so nothing is known from them: {names}"
            )
        if empty := [kind.name for kind in silent if tables.has(kind)]:
            batch.warnings.append(
                f"tables without a row, so nothing is known from them: {', '.join(empty)}"
            )
    batch.warnings += alike_warnings(child.child_id for child in batch.children)
    if not tables.mended:
        batch.covers = _covers(tables, care, protection)
    return batch


SOURCE = Source(
    name="ssd",
    title="the Standard Safeguarding Dataset, its tables as CSV or in a database",
    page="extracts/ssd.md",
    reader=_read,
    kinds=KINDS,
    options={"roles": read_roles, "schema": str.strip, "prefix": str.strip},
    reads_databases=True,
)
