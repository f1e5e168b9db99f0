"""
What is due in a country, on Spark: each authority is a group, and a worker has one at a time.

    python spark_recipe.py COUNTRY DAY OUT

COUNTRY is the folder that ``duckdb_recipe.py`` describes; OUT is the folder that Spark writes.
"""

import os
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from iro_cli import tables

# What each table is sorted by within an authority.
ORDER = {
    "events": ["child_id", "date"],
    "children": ["child_id"],
    "allocations": ["child_id"],
    "bookings": ["child_id"],
}


def together(spark: SparkSession, country: Path) -> tuple[DataFrame, dict[str, pa.Schema]]:
    """
    Return the rows of all tables as those of one, and the columns of each.

    ``applyInArrow`` gives a worker the rows of one table (of two, where they are cogrouped),
    so each row says which table it is of, and has a struct for that table's columns.
    """
    # An authority's code is text, also where it looks like a number.
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    parts, schemas = [], {}
    for name in ORDER:
        if not (country / name).exists():
            continue
        rows = spark.read.parquet(str(country / name))
        # As the files have the columns, and not as Spark does.
        some = next((country / name).rglob("*.parquet"))
        schemas[name] = pq.read_schema(some)
        cells = f.struct(*schemas[name].names).alias(name)
        parts.append(rows.select("authority", f.lit(name).alias("table"), cells))
    found = parts[0]
    for part in parts[1:]:
        found = found.unionByName(part, allowMissingColumns=True)
    return found, schemas


def due(spark: SparkSession, country: Path, as_of: date) -> DataFrame:
    """
    Return what is due in each authority.

    Args:
        spark: The session.
        country: The folder.
        as_of: The day that is asked about.
    """
    found, schemas = together(spark, country)

    def of_authority(rows: pa.Table) -> pa.Table:
        """Work out what is due in the authority whose rows these are."""
        given = {}
        for name, schema in schemas.items():
            own = rows.filter(pa.compute.equal(rows["table"], name))
            cells = own[name].combine_chunks().flatten()
            table = pa.table(cells, names=[one.name for one in own[name].type]).cast(schema)
            table = table.append_column("authority", own["authority"])
            given[name] = table.sort_by([(one, "ascending") for one in ORDER[name]])
        return tables.due(**given, as_of=as_of)

    # The columns and their types are the same whatever rows there are: those of no child.
    none = {name: schema.empty_table() for name, schema in schemas.items()}
    nobody = pa.array([], pa.string())
    shape = tables.due(
        **{name: one.append_column("authority", nobody) for name, one in none.items()}, as_of=as_of
    ).schema
    return found.groupBy("authority").applyInArrow(of_authority, from_arrow_schema(shape))


if __name__ == "__main__":
    _, folder, day, target = sys.argv
    # On one machine the workers are this Python, and not the first that is found.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.appName("iro").getOrCreate()
    due(session, Path(folder), date.fromisoformat(day)).write.parquet(target)
    session.stop()
