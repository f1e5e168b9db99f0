"""
What is due in a country, on DuckDB: one authority after another, from Parquet to Parquet.

    python duckdb_recipe.py COUNTRY DAY OUT.parquet

COUNTRY is a folder with ``events``, ``children`` and, where there are any, ``allocations``
and ``bookings``; each holds a folder for every authority, as ``authority=E06000001``, with
Parquet files in it.
"""

import sys
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from iro_cli import tables

# What each table is sorted by within an authority.
ORDER = {
    "events": "child_id, date",
    "children": "child_id",
    "allocations": "child_id",
    "bookings": "child_id",
}


def of_authority(country: Path, authority: str) -> dict[str, pa.Table]:
    """Return the tables of one authority, sorted, by the names that ``tables.due`` has for them."""
    found = {}
    for name, order in ORDER.items():
        files = country / name / "*" / "*.parquet"
        if not (country / name).exists():
            continue
        # An authority's code is text, also where it looks like a number.
        rows = duckdb.sql(
            f"FROM read_parquet($files, hive_partitioning = true, "
            f"hive_types = {{'authority': VARCHAR}}) "
            f"WHERE authority = $authority ORDER BY {order}",
            params={"files": str(files), "authority": authority},
        )
        found[name] = rows.to_arrow_table()
    return found


def due(country: Path, as_of: date, out: Path) -> int:
    """
    Write what is due in each authority, and return how many rows there are.

    Args:
        country: The folder.
        as_of: The day that is asked about.
        out: The Parquet file that is written, whole or not at all.
    """
    # Of every table, so that events without children are refused, and not left out in silence.
    authorities = sorted(
        {
            one.name.removeprefix("authority=")
            for name in ORDER
            for one in country.glob(f"{name}/authority=*")
        }
    )
    if not authorities:
        sys.exit(f"{country}: there is no folder such as children/authority=E06000001 in it")
    rows, writer = 0, None
    # Half of a country looks like a country in which the other half has nothing due.
    part = out.with_name(f"{out.name}.part")
    try:
        for authority in authorities:
            found = tables.due(**of_authority(country, authority), as_of=as_of)
            # Each has the same columns, of the same types, whatever rows it has.
            writer = writer or pq.ParquetWriter(part, found.schema)
            writer.write_table(found)
            rows += found.num_rows
    except BaseException:
        if writer:
            writer.close()
        part.unlink(missing_ok=True)
        raise
    writer.close()
    part.replace(out)
    return rows


if __name__ == "__main__":
    _, folder, day, target = sys.argv
    print(f"{due(Path(folder), date.fromisoformat(day), Path(target)):,} rows")
