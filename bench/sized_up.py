"""
Write files of about a million events: our own, or an SSDA903 return many times over.

``events FOLDER`` and ``return FOLDER SOURCE TIMES`` print how many events or rows there are.
"""

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import authority

ENGLAND = authority.Size(looked_after=75_000, on_plans=44_000)
_EVENTS = {
    "child_id": "child_id",
    "event": "event",
    "happened_on": "date",
    "outcome": "outcome",
    "participation": "participation",
    "section_47": "section_47",
    "completed_on": "completed_on",
    "reason": "reason",
    "reference": "reference",
    "note": "note",
}
_CHILDREN = {
    "child_id": "child_id",
    "date_of_birth": "date_of_birth",
    "team": "team",
    "sibling_group": "sibling_group",
}


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def events(folder: Path) -> int:
    """Write ``children.csv`` and ``events.csv`` of a whole country; return the number of events."""
    store = folder / "sized-up.db"
    count = authority.build(store, ENGLAND, date(2026, 11, 23))
    connection = sqlite3.connect(store)
    for name, table, columns in (
        ("children", "child_detail", _CHILDREN),
        ("events", "fact", _EVENTS),
    ):
        rows = connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE withdrawn_by IS NULL ORDER BY 1, 3"
        )
        _write(folder / f"{name}.csv", list(columns.values()), rows)
    connection.close()
    store.unlink()
    return count


def returned(folder: Path, source: Path, times: int) -> int:
    """Write a return many times over, each with other children; return the number of rows."""
    folder.mkdir()
    count = 0
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        again = (
            [f"{number:03}{row[0]}", *row[1:]] for number in range(times) for row in rows if row
        )
        _write(folder / path.name, header, again)
        count += len(rows) * times
    return count


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["events", folder]:
            print(json.dumps(events(Path(folder))))
        case ["return", folder, source, times]:
            print(json.dumps(returned(Path(folder), Path(source), int(times))))
        case _:
            raise SystemExit(__doc__)
