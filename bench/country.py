"""
Measure a country on an engine: Arrow tables, an authority at a time, against the command.

``country.py make STORE FOLDER AUTHORITIES`` puts the children of a store, as
:mod:`authority` makes one, into so many authorities, as Parquet with a folder for each:
``events/authority=A000/part-0.parquet``.  ``notebook FOLDER DAY`` times an analyst's own loop.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from place import Place
from timing import Command, FailedError, cpu_seconds, peak_mib
from worker import authorities_of, due, tables_of

from figures import Figure, Report, at_least, at_most, not_measured

LOOKED_AFTER, ON_PLANS, AUTHORITIES = 84_000, 50_000, 150
COMMAND_BOUND, TWO_BOUND, LINEAR_BOUND, MEMORY_BOUND, NOTEBOOK_BOUND = 1.5, 0.8, 11, 1.5, 50
_TENTH = 10
# How often the command and the workers are waited for, of which the least counts.
_WAITS = 9
# The notebook has this share of the authorities.
_SAMPLED = 75
_DUE = "`iro_cli.tables.due`, England"
_COMMAND = "`iro due --all -f csv`"


class _Written(NamedTuple):
    """A table that is written: the place of its rows, and the source of each column."""

    table: str
    columns: dict[str, str]
    days: frozenset[str]
    order: tuple[str, ...]


_TABLES = {
    "events": _Written(
        "fact",
        {
            "child_id": "child_id",
            "event": "event",
            "date": "happened_on",
            **{
                name: name
                for name in (
                    *("outcome", "participation", "section_47", "completed_on"),
                    *("reason", "reference", "note"),
                )
            },
        },
        frozenset({"date", "completed_on"}),
        ("child_id", "happened_on", "event", "line"),
    ),
    "children": _Written(
        "child_detail",
        {name: name for name in ("child_id", "date_of_birth", "nation", "team", "sibling_group")},
        frozenset({"date_of_birth"}),
        ("child_id",),
    ),
    "allocations": _Written(
        "allocation",
        {
            "child_id": "child_id",
            "role": "role",
            "name": "name",
            "from": "from_on",
            "to": "to_on",
        },
        frozenset({"from", "to"}),
        ("child_id", "role", "from_on"),
    ),
    "bookings": _Written(
        "booking",
        {
            "child_id": "child_id",
            "timescale": "timescale",
            "clock_started": "clock_started",
            "booked_for": "booked_for",
        },
        frozenset({"clock_started", "booked_for"}),
        ("child_id", "timescale"),
    ),
}


# ---------------------------------------------------------------- the country


def authority_named(number: int) -> str:
    """Return the code of an invented authority."""
    return f"A{number:03}"


def make(store: Path, folder: Path, authorities: int) -> dict[str, int]:
    """
    Write the children of a store as a country.

    Args:
        store: The file.
        folder: Where the country is put.
        authorities: How many there are; a child is in the one that its number says.

    Returns:
        How many rows each table has.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    found = dict.fromkeys(_TABLES, 0)
    whose = f"CAST(substr(child_id, 2) AS INTEGER) % {authorities:d}"
    with closing(sqlite3.connect(store)) as connection:
        for name, written in _TABLES.items():
            schema = pa.schema(
                (column, pa.date32() if column in written.days else pa.string())
                for column in written.columns
            )
            rows = connection.execute(
                f"SELECT {whose}, {', '.join(written.columns.values())} FROM {written.table} "
                f"WHERE withdrawn_by IS NULL ORDER BY 1, {', '.join(written.order)}"
            )
            for number, own in groupby(rows, itemgetter(0)):
                columns = list(zip(*own, strict=True))[1:]
                arrays = [
                    _days(pa, column)
                    if field.name in written.days
                    else pa.array(column, field.type)
                    for column, field in zip(columns, schema, strict=True)
                ]
                place = folder / name / f"authority={authority_named(number)}"
                place.mkdir(parents=True)
                pq.write_table(pa.table(arrays, schema=schema), place / "part-0.parquet")
                found[name] += len(columns[0])
    return found


def _days(pa: Any, column: Sequence[str | None]) -> Any:
    return pa.array([one and date.fromisoformat(one) for one in column], pa.date32())


# ---------------------------------------------------------------- the notebook


def _notebook(folder: Path, as_of: date) -> dict[str, Any]:
    """Return the time of the notebook for its share of the authorities, and whether it agrees."""
    import naive_country  # noqa: PLC0415 - pandas, for this alone
    import pandas as pd  # noqa: PLC0415

    sampled = authorities_of(folder)[::_SAMPLED]
    read = {one: tables_of(folder, one) for one in sampled}
    taken, rows, differ = 0.0, 0, 0
    for authority, ours in zip(sampled, due(folder, as_of, 0, _SAMPLED), strict=True):
        events = read[authority]["events"].to_pandas()
        events["date"] = pd.to_datetime(events["date"])
        started = time.process_time()
        theirs = naive_country.due(events, as_of)
        taken += time.process_time() - started
        own = _rows_of(ours.select(naive_country.COLUMNS).to_pylist(), naive_country.TIMESCALES)
        other = _rows_of(theirs.to_dict("records"), naive_country.TIMESCALES)
        rows += len(own)
        differ += len(own ^ other) + abs(len(theirs) - len(other))
    children = sum(one["children"].num_rows for one in read.values())
    return {"seconds": taken, "children": children, "rows": rows, "differ": differ}


def _rows_of(rows: Sequence[dict[str, Any]], timescales: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the rows of some timescales with each value as text, a day without its time."""
    return {
        tuple(str(value).removesuffix(" 00:00:00") for value in row.values())
        for row in rows
        if row["timescale"] in timescales
    }


# ---------------------------------------------------------------- what is measured


def _figures(place: Place, store: Path, folder: Path) -> tuple[list[Figure], list[str]]:
    def worker(*words: object) -> Command:
        command = place.script("worker.py", folder, place.as_of, *words)
        return command._replace(discard=True)

    command = place.iro("due", "--all", "-f", "csv", store=store)._replace(discard=True)
    listed = place.bench.run(command._replace(discard=False)).output.count(b"\n") - 1
    count = int(place.bench.run(worker()._replace(discard=False)).output)
    if count != listed:
        raise FailedError(f"tables.due gives {count:,} rows, and {_COMMAND} {listed:,}")
    rounds = place.rounds(5, 2)
    found = place.bench.interleaved(
        {"command": command, "whole": worker(), "tenth": worker(0, _TENTH)}, rounds, warm=False
    )
    one = [place.bench.run(worker(0, AUTHORITIES)) for _ in range(3)]
    waits = [
        (place.bench.waited(command), place.bench.waited(worker(0, 2), worker(1, 2)))
        for _ in range(_WAITS)
    ]
    # What others do on this machine can only add to the time on the clock, so the least counts.
    alone, two = (min(each) for each in zip(*waits, strict=True))
    cpu = {name: cpu_seconds(runs) for name, runs in found.items()}
    most = peak_mib(found["whole"])
    figures = [
        at_most(f"{_DUE} ÷ {_COMMAND} of the same", cpu["whole"] / cpu["command"], COMMAND_BOUND),
        at_most(f"{_DUE}, two processes ÷ {_COMMAND}, on the clock", two / alone, TWO_BOUND),
        at_most(f"{_DUE} ÷ its tenth", cpu["whole"] / cpu["tenth"], LINEAR_BOUND),
        at_most(f"{_DUE}: most memory ÷ of one authority", most / peak_mib(one), MEMORY_BOUND),
    ]
    note = (
        f"The country: {AUTHORITIES} authorities, {count:,} rows; {rounds} rounds; the command "
        f"{cpu['command']:.2f} s, an authority at a time {cpu['whole']:.2f} s; the least on the "
        f"clock {alone:.2f} s, and {two:.2f} s in two processes; {most:.0f} MB."
    )
    notebook = place.said("country.py", "notebook", folder, place.as_of)
    if notebook["differ"]:
        raise FailedError(f"the notebook has {notebook['differ']:,} of its rows otherwise")
    children = LOOKED_AFTER + ON_PLANS
    scaled = notebook["seconds"] * children / notebook["children"]
    what = f"pandas with `CustomBusinessDay`, scaled to England ÷ {_DUE}"
    figures.append(at_least(what, scaled / cpu["whole"], NOTEBOOK_BOUND))
    said = (
        f"The notebook: {notebook['seconds']:.1f} s for {notebook['children']:,} children, its "
        f"{notebook['rows']:,} rows the same as ours; nothing but its loop is counted."
    )
    return figures, [note, said]


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    if not find_spec("pyarrow") or not find_spec("pandas"):
        why = "pyarrow and pandas are not installed: `make bench` installs them"
        return not_measured("The country", f"{_DUE} ÷ {_COMMAND}", f"at most {COMMAND_BOUND}", why)
    store, folder = place.folder / "country.db", place.folder / "country"
    size = ("--looked-after", LOOKED_AFTER, "--on-plans", ON_PLANS)
    place.said("authority.py", store, *size, "--as-of", place.as_of)
    place.said("country.py", "make", store, folder, AUTHORITIES)
    return Report(*_figures(place, store, folder))


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case ["make", store, folder, authorities]:
            print(json.dumps(make(Path(store), Path(folder), int(authorities))))
        case ["notebook", folder, day]:
            print(json.dumps(_notebook(Path(folder), date.fromisoformat(day))))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
