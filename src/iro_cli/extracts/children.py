"""Reads ``children.csv``."""

from datetime import date
from pathlib import Path

from iro_cli.extracts.batch import Batch, alike
from iro_cli.extracts.columns import Columns
from iro_cli.extracts.rows import Rows
from iro_cli.facts.model import Allocation, Child
from iro_cli.tables.cells import Days, read_child_id, read_choice, read_text

NATIONS = ("england", "wales", "scotland", "northern-ireland")
ROLES = ("iro", "chair")
REQUIRED = ("child_id",)
OPTIONAL = (
    "label",
    "date_of_birth",
    "expected_date_of_delivery",
    "nation",
    "team",
    "iro",
    "chair",
    "sibling_group",
)


def _nation(text: str) -> str | None:
    return read_choice("-".join(text.split()), NATIONS)


def read_children(path: Path, *, today: date, columns: Columns | None = None) -> Batch:
    """
    Read a file of children, with the IRO and the chair each has now.

    Args:
        path: The file.
        today: The day after which nobody has been born yet.
        columns: The file's own names for the columns, where they are not ours.

    Raises:
        InputRefusedError: The file as a whole cannot be read.
    """
    batch = Batch()
    rows = Rows(path, batch, required=REQUIRED, optional=OPTIONAL, columns=columns)
    born, expected = Days(today.year), Days(today.year + 1)

    def birth(text: str) -> date | None:
        day = born.optional(text)
        if day is not None and day > today:
            raise ValueError(
                "lies in the future: for a child not born yet give expected_date_of_delivery"
            )
        return day

    known: dict[str, tuple[int, Child, list[Allocation]]] = {}
    for origin in rows:
        child_id = rows.read("child_id", read_child_id) or ""
        child = Child(
            child_id,
            rows.read("label", read_text),
            rows.read("date_of_birth", birth),
            rows.read("expected_date_of_delivery", expected.optional),
            rows.read("nation", _nation),
            rows.read("team", read_text),
            rows.read("sibling_group", read_text),
        )
        names = [(role, rows.read(role, read_text)) for role in ROLES]
        allocations = [Allocation(child_id, role, name) for role, name in names if name]
        if not rows.good:
            continue
        if child_id not in known:
            known[child_id] = (origin.row, child, allocations)
            batch.children.append(child)
            batch.allocations.extend(allocations)
        elif known[child_id][1:] == (child, allocations):
            batch.counts["repeated rows"] += 1
        else:
            rows.refuse("child_id", f"row {known[child_id][0]} says other things of this child")
    batch.counts["children"] = len(batch.children)
    batch.warnings.extend(born.warnings(rows.name) + expected.warnings(rows.name) + alike(known))
    return batch
