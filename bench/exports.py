"""
Measure the exports against the bare loops of the libraries that write them.

A listing of 100,000 rows, written by ``iro``'s writers and by the loop that a
first script would have.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, partial
from operator import attrgetter
from pathlib import Path

from inside import Kinds, command_line
from place import Place

from figures import Report, at_most
from iro_cli.forms import Target
from iro_cli.forms.csv_file import write_csv
from iro_cli.forms.listing import Export, Value
from iro_cli.library import catalogue
from iro_cli.obligations.listing import DUE_SOON, OVERDUE, DueRow
from iro_cli.pages.due import DUE

ROWS, TIMES = 100_000, 4
BOUND, GROWTH = 1.5, 1.1
_AS_OF = date(2026, 11, 22)
_ABOUT: dict[str, object] = {
    "schema": 1,
    "as_of": _AS_OF.isoformat(),
    "nation": "england",
    "catalogue": "0" * 16,
}


def rows(count: int) -> Iterator[Sequence[Value]]:
    """Yield the rows of a large authority's caseload: ids differ, and little else."""
    rule = catalogue("england").rules["cla.review.subsequent"]
    values = attrgetter(*(field.name for field in DUE.fields))
    for number in range(count):
        left = number % 200 - 20
        due = _AS_OF + timedelta(days=left)
        late = left < 0
        row = DueRow(
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
            rule=rule,
        )
        yield values(row)


def _export(found: Iterable[Sequence[Value]]) -> Export:
    return Export("Due", DUE.fields, found, _ABOUT, (), list, paper=DUE.paper)


def _bare_workbook(export: Export, path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - as light as can be

    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    page = book.add_worksheet()
    for place, field in enumerate(export.names):
        page.write(0, place, field)
    for row, record in enumerate(export.records, start=1):
        for place, value in enumerate(record):
            page.write(row, place, value)
    book.close()


def _our_workbook(export: Export, path: Path) -> None:
    from iro_cli.forms.workbook import write_workbook  # noqa: PLC0415 - as above

    with path.open("wb") as out:
        write_workbook(export, out, Target())


def _bare_csv(export: Export, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(export.names)
        for record in export.records:
            writer.writerow(record)


def _our_csv(export: Export, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        write_csv(export, out, Target())


def make(_: Path, size: int) -> int:
    """Make nothing, because the rows are made while they are written."""
    return size


def timed(path: Path) -> Kinds:
    """Return the kinds of work that are compared."""
    export = cache(lambda: _export(list(rows(ROWS))))
    return {
        "workbook": lambda: _our_workbook(export(), path),
        "bare workbook": lambda: _bare_workbook(export(), path),
        "csv": lambda: _our_csv(export(), path),
        "bare csv": lambda: _bare_csv(export(), path),
    }


def also(path: Path) -> Kinds:
    """Return the work that is done to measure its memory."""
    return {str(times): partial(_streamed, times * ROWS, path) for times in (1, TIMES)}


def _streamed(count: int, path: Path) -> None:
    _our_csv(_export(rows(count)), path)


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    written = place.folder / "written"
    rounds = place.rounds(5, 3)
    took = place.said("exports.py", "times", rounds, written)
    peaks = [place.memory("exports.py", times, written, times=1) for times in (1, TIMES)]
    ratios = [took[kind] / took[f"bare {kind}"] for kind in ("workbook", "csv")]
    figures = [
        at_most(f"XLSX of {ROWS:,} rows ÷ XlsxWriter's bare loop", ratios[0], BOUND),
        at_most(f"CSV of {ROWS:,} rows ÷ the bare loop of `csv.writer`", ratios[1], BOUND),
        at_most(f"CSV: most memory, {TIMES} times the rows", peaks[1] / peaks[0], GROWTH),
    ]
    note = (
        f"Exports: {rounds} rounds; XLSX {took['workbook']:.2f} s, bare "
        f"{took['bare workbook']:.2f} s; CSV {took['csv']:.2f} s, bare {took['bare csv']:.2f} s, "
        f"{peaks[0]:.0f} and {peaks[1]:.0f} MB at most."
    )
    return Report(figures, [note])


if __name__ == "__main__":
    command_line(make, timed, also)
