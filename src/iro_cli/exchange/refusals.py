"""Writes refused rows to a CSV file that can be mended and imported again."""

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from iro_cli.errors import UsageError
from iro_cli.exchange.batch import Refused
from iro_cli.exchange.tabular import OURS, guarded

BECAUSE = f"{OURS}because"


def _tables(refused: Iterable[Refused]) -> dict[str, list[dict[str, str]]]:
    """Return the refused rows of each table, once each, with everything that is wrong."""
    rows: dict[tuple[str, int], dict[str, str]] = {}
    for one in refused:
        reason = f"{one.column}: {one.reason}" if one.column else one.reason
        row = rows.get((one.file, one.row))
        if row is None:
            kept = {name: text for name, text in one.raw.items() if name != BECAUSE}
            rows[one.file, one.row] = {**kept, BECAUSE: reason}
        else:
            row[BECAUSE] += f"; {reason}"
    tables: dict[str, list[dict[str, str]]] = {}
    for (file, _), row in rows.items():
        tables.setdefault(Path(file).stem.casefold(), []).append(row)
    return tables


def _columns(rows: list[dict[str, str]]) -> list[str]:
    found = dict.fromkeys(name for row in rows for name in row)
    del found[BECAUSE]
    return [*found, BECAUSE]


def _write(target: Path, rows: list[dict[str, str]]) -> Path:
    """Write a table beside its place, and return where."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    columns = _columns(rows)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(map(guarded, columns))
            writer.writerows([guarded(row.get(name, "")) for name in columns] for row in rows)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def write_refused(path: Path, refused: Iterable[Refused]) -> list[Path]:
    """
    Write the refused rows as they were, with a last column ``refused_because``.

    Rows of one table are written to *path*.  Rows of several tables, as of a
    return, are written to a file each, the table's name before the ending:
    ``mend-episodes.csv`` and ``mend-reviews.csv`` for ``mend.csv``.  Each file is
    written whole or not at all, and only its owner may read it.

    Args:
        path: The file to write; one that is there is replaced.
        refused: The problems; a row with several is written once.

    Returns:
        The files that were written; none where nothing was refused.

    Raises:
        UsageError: They cannot be written there.
    """
    tables = _tables(refused)
    targets = {
        path if len(tables) == 1 else path.with_name(f"{path.stem}-{table}{path.suffix}"): rows
        for table, rows in tables.items()
    }
    written: list[tuple[Path, Path]] = []
    try:
        for target, rows in targets.items():
            written.append((_write(target, rows), target))
        for temporary, target in written:
            temporary.replace(target)
    except OSError as error:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        raise UsageError(
            f"the refused rows cannot be written to {path} ({error.strerror}): name another file "
            "with --refused"
        ) from None
    return list(targets)
