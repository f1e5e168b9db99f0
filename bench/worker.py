"""
Ask `iro_cli.tables` of one authority after another, as a worker of an engine does.

``worker.py FOLDER DAY [PART OF]`` goes through a country that :mod:`country` made, or through
every so many of its authorities, writes what is due as CSV to nowhere, and prints how many rows
there were.  It loads nothing that a worker would not.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

TABLES = ("events", "children", "allocations", "bookings")


def authorities_of(folder: Path) -> list[str]:
    """Return the authorities of a country, in order."""
    return sorted(one.name.partition("=")[2] for one in (folder / "children").iterdir())


def tables_of(folder: Path, authority: str) -> dict[str, Any]:
    """Return the tables of one authority by name; a table without its rows is left out."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    return {
        name: pq.ParquetFile(path).read(use_threads=False)
        for name in TABLES
        if (path := folder / name / f"authority={authority}" / "part-0.parquet").exists()
    }


def due(folder: Path, as_of: date, part: int = 0, of: int = 1) -> Iterator[Any]:
    """
    Yield what is due in each authority, or in every *of*-th of them.

    Args:
        folder: The country.
        as_of: The day.
        part: From which of them on, counted from 0.
        of: Every how many.
    """
    from iro_cli import tables  # noqa: PLC0415 - only where it is asked

    for authority in authorities_of(folder)[part::of]:
        yield tables.due(**tables_of(folder, authority), as_of=as_of)


def _write_due(folder: Path, as_of: date, part: int, of: int) -> int:
    """Write what is due as CSV to the null device, and return the number of rows."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.csv  # noqa: PLC0415 - an extra

    count = 0
    with Path("/dev/null").open("wb") as nowhere:
        for found in due(folder, as_of, part, of):
            count += found.num_rows
            pa.csv.write_csv(found, nowhere)
    return count


def main() -> None:
    """Do what the arguments say."""
    # As docs/country.md advises: numpy, which pyarrow loads, starts a thread for each core
    # otherwise, for sums that nobody asks for here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _, folder, day, *part = sys.argv
    which, of = map(int, part or (0, 1))
    print(_write_due(Path(folder), date.fromisoformat(day), which, of), flush=True)
    # As Spark ends its workers, and as `iro` ends: Python's own end frees every object one by one.
    os._exit(0)


if __name__ == "__main__":
    main()
