"""
Open the Department's figures: the table that ships, and newer files that replace parts of it.

The table is made from the Department's files by ``scripts/make_dfe_statistics.py``.
"""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from iro_cli import shipped
from iro_cli.errors import InputRefusedError
from iro_cli.figures.statistics import Statistics, from_table, read_over

TABLE = f"{shipped.FOLDER}/questions/dfe_statistics.json"


def shipped_statistics() -> Statistics:
    """Return the figures from the table that ships."""
    return from_table(json.loads(shipped.text(TABLE)))


def with_files(statistics: Statistics, paths: Iterable[Path]) -> Statistics:
    """
    Return figures with those of newer files of the Department in place of older ones.

    Raises:
        InputRefusedError: A file cannot be read, or is not in the Department's layout.
    """
    for path in paths:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            why = getattr(error, "strerror", None) or error
            raise InputRefusedError(
                f"{path}: cannot be read ({why}): check its name, and that it is the "
                "Department's CSV file"
            ) from None
        statistics = read_over(statistics, path.name, rows)
    return statistics
