"""Reads ``allocations.csv``."""

from datetime import date
from pathlib import Path

from iro_cli.cases.model import Allocation
from iro_cli.exchange.batch import Batch
from iro_cli.exchange.cells import Days, read_child_id, read_choice, read_text
from iro_cli.exchange.children import ROLES
from iro_cli.exchange.rows import Rows

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


def read_allocations(path: Path, *, today: date) -> Batch:
    """
    Read a file of who the children are allocated to, and when.

    Args:
        path: The file.
        today: From whose year the century of a two-digit year is worked out.

    Raises:
        InputRefusedError: The file as a whole cannot be read.
    """
    batch = Batch()
    rows = Rows(path, batch, required=REQUIRED, optional=OPTIONAL)
    days = Days(today.year + YEARS_AHEAD)
    known: dict[tuple[str, str, date | None], tuple[int, Allocation]] = {}
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
        row, other = known.setdefault(
            (allocation.child_id, allocation.role, begins), (origin.row, allocation)
        )
        if row == origin.row:
            batch.allocations.append(allocation)
        elif allocation == other:
            batch.counts["repeated rows"] += 1
        else:
            rows.refuse("name", f"row {row} says otherwise for the same child, role and from")
            continue
        batch.origins.setdefault(allocation.child_id, []).append(origin)
    batch.counts["allocations"] = len(batch.allocations)
    batch.warnings.extend(days.warnings(rows.name))
    return batch
