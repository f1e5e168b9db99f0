"""Reads ``allocations.csv``."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations
from pathlib import Path

from iro_cli.extracts.batch import Batch
from iro_cli.extracts.children import ROLES
from iro_cli.extracts.columns import Columns
from iro_cli.extracts.rows import Rows
from iro_cli.facts.model import Allocation
from iro_cli.facts.people import overlap, period
from iro_cli.tables.cells import Days, read_child_id, read_choice, read_text
from iro_cli.tables.refused import Origin

REQUIRED = ("child_id", "role", "name")
OPTIONAL = ("from", "to")
# A two-digit year is taken for one at most this far ahead: plans are not longer.
YEARS_AHEAD = 10


def _role(text: str) -> str:
    role = read_choice(text, ROLES)
    if role is None:
        raise ValueError(f"must be one of {', '.join(ROLES)}")
    return role


def _name(text: str) -> str:
    name = read_text(text)
    if name is None:
        raise ValueError("the name is missing")
    return name


def read_allocations(path: Path, *, today: date, columns: Columns | None = None) -> Batch:
    """
    Read a file of who the children are allocated to, and when.

    Args:
        path: The file.
        today: From whose year the century of a two-digit year is worked out.
        columns: The file's own names for the columns, where they are not ours.

    Raises:
        InputRefusedError: The file as a whole cannot be read.
    """
    batch = Batch()
    rows = Rows(path, batch, required=REQUIRED, optional=OPTIONAL, columns=columns)
    days = Days(today.year + YEARS_AHEAD)
    known: dict[tuple[str, str, date | None], tuple[Origin, Allocation]] = {}
    for origin in rows:
        allocation = Allocation(
            rows.read("child_id", read_child_id) or "",
            rows.read("role", _role) or "",
            rows.read("name", _name) or "",
            rows.read("from", days.optional),
            rows.read("to", days.optional),
        )
        begins, ends = allocation.from_on, allocation.to_on
        if begins and ends and ends < begins:
            rows.refuse("to", f"lies before from, {begins}")
        if not rows.good:
            continue
        first, other = known.setdefault(
            (allocation.child_id, allocation.role, begins), (origin, allocation)
        )
        if first is origin:
            batch.allocations.append(allocation)
        elif allocation == other:
            batch.counts["repeated rows"] += 1
        else:
            rows.refuse("name", f"row {first.row} says otherwise for the same child, role and from")
            continue
        batch.origins.setdefault(allocation.child_id, []).append(origin)
    _refuse_overlaps(rows, batch, known.values())
    batch.counts["allocations"] = len(batch.allocations)
    batch.warnings.extend(days.warnings(rows.name))
    return batch


def _refuse_overlaps(rows: Rows, batch: Batch, read: Iterable[tuple[Origin, Allocation]]) -> None:
    """Refuse the rows that give one child two people in one role on the same days."""
    of_child: dict[tuple[str, str], list[tuple[Origin, Allocation]]] = {}
    for origin, one in read:
        of_child.setdefault((one.child_id, one.role), []).append((origin, one))
    wrong: set[Allocation] = set()
    for those in of_child.values():
        for (origin, one), (other_origin, other) in combinations(those, 2):
            if one.name == other.name or not overlap(one, other):
                continue
            wrong |= {one, other}
            for where, mine, there, theirs in (
                (origin, one, other_origin, other),
                (other_origin, other, origin, one),
            ):
                rows.origin = where
                rows.refuse(
                    "name",
                    f"{mine.name}, {period(mine.from_on, mine.to_on)}, and {theirs.name}, "
                    f"{period(theirs.from_on, theirs.to_on)} (row {there.row}), overlap as "
                    f"{mine.role} of {mine.child_id}: end one the day before the other begins",
                )
    if wrong:
        batch.allocations[:] = [one for one in batch.allocations if one not in wrong]
