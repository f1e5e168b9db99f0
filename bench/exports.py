"""
Measure the exports against the bare loops of the libraries that write them.

A listing of 100,000 rows, written by ``iro``'s writers and by the loop that a
first script would have, one after the other, medians.  The exit code is 1 where
a bound is missed.
"""

import argparse
import csv
import gc
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]

from iro_cli.obligations.listing import DUE_SOON, OVERDUE, Row
from iro_cli.render.forms import write_csv
from iro_cli.render.sheet import Sheet
from iro_cli.render.workbook import write_workbook

_AS_OF = date(2026, 11, 22)
_ABOUT: dict[str, object] = {
    "schema": 1,
    "as_of": _AS_OF.isoformat(),
    "nation": "england",
    "catalogue": "0" * 16,
}
_TIMES_BARE = 1.5
_MIB = 1 << 20


class Figure(NamedTuple):
    """One line of the table."""

    what: str
    ratio: float
    bound: float


def rows(count: int) -> Iterator[Row]:
    """Yield rows as a large authority's caseload has them: ids differ, little else does."""
    for number in range(count):
        left = number % 200 - 20
        due = _AS_OF + timedelta(days=left)
        late = left < 0
        yield Row(
            child=f"TS-{number:06}",
            timescale="cla.review.subsequent",
            title="Subsequent review",
            process="cla",
            clock_started=due - timedelta(days=183),
            due=due,
            hold_by=due - timedelta(days=number % 3),
            status=OVERDUE if late else DUE_SOON,
            days_left=left,
            working_days_left=left * 5 // 7,
            booked=due if number % 4 == 0 else None,
            booked_late=False,
            iro=f"Officer {number % 900:03}",
            team=f"Team {number % 12}",
            provisional=False,
            assumed=None,
        )


def _sheet(count: int) -> Sheet:
    return Sheet(Row._fields, list(rows(count)), _ABOUT, list, name="Due")


def _bare_workbook(sheet: Sheet, path: Path) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    for place, field in enumerate(sheet.fields):
        page.write(0, place, field)
    for row, record in enumerate(sheet.records, start=1):
        for place, value in enumerate(record):
            page.write(row, place, value)
    book.close()


def _our_workbook(sheet: Sheet, path: Path) -> None:
    with path.open("wb") as out:
        write_workbook(sheet, out)


def _bare_csv(sheet: Sheet, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(sheet.fields)
        for record in sheet.records:
            writer.writerow(record)


def _our_csv(sheet: Sheet, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        write_csv(sheet, out)


Writer = Callable[[Sheet, Path], None]


def _ratio(ours: Writer, bare: Writer, sheet: Sheet, folder: Path, rounds: int) -> float:
    taken: dict[Writer, list[float]] = {ours: [], bare: []}
    for _ in range(rounds):
        for write, times in taken.items():
            started = time.perf_counter()
            write(sheet, folder / "written")
            times.append(time.perf_counter() - started)
    mine, theirs = (median(times) for times in taken.values())
    print(f"bench: {ours.__name__}: {mine:.2f} s, bare {theirs:.2f} s", file=sys.stderr)
    return mine / theirs


def _peak(count: int, path: Path) -> float:
    """Return the most memory that writing CSV took, in MiB, the rows made as they are written."""
    sheet = Sheet(Row._fields, rows(count), _ABOUT, list)
    gc.collect()
    tracemalloc.start()
    _our_csv(sheet, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / _MIB


def main() -> int:
    """Measure, print the table, and say whether every bound is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, fewer rounds")
    quick: bool = parser.parse_args().quick
    count, rounds = (10_000, 3) if quick else (100_000, 5)
    gc.disable()  # as the program itself does
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        sheet = _sheet(count)
        figures = [
            Figure(
                f"XLSX of {count:,} rows ÷ XlsxWriter's bare loop",
                _ratio(_our_workbook, _bare_workbook, sheet, folder, rounds),
                _TIMES_BARE,
            ),
            Figure(
                f"CSV of {count:,} rows ÷ the bare loop of `csv.writer`",
                _ratio(_our_csv, _bare_csv, sheet, folder, rounds),
                _TIMES_BARE,
            ),
        ]
        # What is remembered of a column is full long before the smaller of the two ends.
        small, large = (_peak(size, folder / "memory.csv") for size in (count // 2, count))
        figures.append(Figure("CSV: most memory, twice the rows ÷ the rows", large / small, 1.1))
        print(f"bench: CSV: most memory {small:.1f} and {large:.1f} MiB", file=sys.stderr)
    print("| what | ratio | bound | met? |\n|---|---:|---|---|")
    for one in figures:
        met = "yes" if one.ratio <= one.bound else "**NO**"
        print(f"| {one.what} | {one.ratio:.2f} | at most {one.bound:g} | {met} |")
    return int(any(one.ratio > one.bound for one in figures))


if __name__ == "__main__":
    sys.exit(main())
