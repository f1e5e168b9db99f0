"""
Make a small country of the fictional authority, to try the recipes with.

    python make_country.py FOLDER

Two authorities are the same one, so that both have children with the same ids.  It is also
how a table of text becomes Parquet that ``tables.due`` takes: days are dates, all else is text.
"""

import sys
from pathlib import Path

import duckdb

AUTHORITY = Path(__file__).parents[1] / "authority"
# Their codes are text, also where one looks like a number.
CODES = ("0901", "E06000902")
DAYS = {
    "events": ("date", "completed_on"),
    "children": ("date_of_birth", "expected_date_of_delivery"),
    "allocations": ("from", "to"),
}


def make(country: Path) -> None:
    """Write each table with a folder for every authority."""
    for name, days in DAYS.items():
        dated = ", ".join(f'CAST("{day}" AS DATE) AS "{day}"' for day in days)
        duckdb.read_csv(str(AUTHORITY / f"{name}.csv"), all_varchar=True).query(
            "given",
            f"COPY (SELECT * REPLACE ({dated}), unnest({list(CODES)}) AS authority FROM given) "
            f"TO '{country / name}' (FORMAT parquet, PARTITION_BY (authority))",
        )


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True)
    make(target)
