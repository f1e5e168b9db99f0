"""Writes refused rows to a CSV file that can be mended and imported again."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from iro_cli.errors import UsageError
from iro_cli.files import as_text, write_whole
from iro_cli.formulas import guarded
from iro_cli.tables.batch import Refused
from iro_cli.tables.tabular import BECAUSE, OURS

FROM = f"{OURS}from"


def _rows(refused: Iterable[Refused]) -> list[dict[str, str]]:
    """Return the refused rows, once each, with everything that is wrong."""
    rows: dict[tuple[object, ...], dict[str, str]] = {}
    for one in refused:
        reason = f"{one.column}: {one.reason}" if one.column else one.reason
        row = rows.get(one.key)
        if row is None:
            kept = {name: text for name, text in one.raw.items() if name not in (BECAUSE, FROM)}
            rows[one.key] = {**kept, FROM: f"{one.file}:{one.row}", BECAUSE: reason}
        else:
            row[BECAUSE] += f"; {reason}"
    return list(rows.values())


def _columns(rows: list[dict[str, str]]) -> list[str]:
    found = dict.fromkeys(name for row in rows for name in row)
    return [*(name for name in found if name not in (FROM, BECAUSE)), FROM, BECAUSE]


def write_refused(path: Path, refused: Iterable[Refused]) -> None:
    """
    Write the refused rows as they were, with where they stood and why they were refused.

    Rows of several tables, as of a return, stand in one file that has the columns
    of all of them.  It is written whole or not at all, even where there is no
    row, so that a script finds it; only its owner may read it.

    Args:
        path: The file to write; one that is there is replaced.
        refused: The problems; a row with several is written once.

    Raises:
        UsageError: It cannot be written there.
    """
    rows = _rows(refused)
    columns = _columns(rows)

    def write(file: TextIO) -> None:
        writer = csv.writer(file)
        writer.writerow(map(guarded, columns))
        writer.writerows([guarded(row.get(name, "")) for name in columns] for row in rows)

    try:
        write_whole({path: as_text(write, "utf-8-sig")})
    except OSError as error:
        raise UsageError(
            f"the refused rows cannot be written to {path} ({error.strerror}): name another file "
            "with --refused"
        ) from None
