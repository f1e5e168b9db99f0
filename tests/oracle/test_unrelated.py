"""What begins or ends in one process changes no row of another, in any question.

The lives of `test_oracle.py`, once whole and once cut into a child for each family of processes:
care, protection, short breaks, disputes.  Every listing must say the same of both.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.__main__ import run
from oracle.oracle import Event
from oracle.test_oracle import DAYS, LIVES, iro_of
from running import first_fast
from strategies import family

SOME = dict(list(LIVES.items())[::3])
Row = dict[str, Any]


def write(folder: Path, cases: Iterable[tuple[str, str, date | None, list[Event]]]) -> Path:
    """Write a store of children: the id, whose life it is, the date of birth and the events."""
    children, events = folder / "children.csv", folder / "events.csv"
    rows = list(cases)
    with children.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["child_id", "date_of_birth", "iro"])
        writer.writerows([one, born, iro_of(of)] for one, of, born, _ in rows)
    with events.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        columns = ["event", "date", "outcome", "section_47", "completed_on", "reference"]
        writer.writerow(["child_id", *columns])
        writer.writerows([one, *event] for one, _, _, found in rows for event in found)
    for source, path in (("children", children), ("events", events)):
        argv = ["--database", str(folder / "iro.db"), "--as-of", "2031-01-01", "import", source]
        assert run([*argv, str(path)]) == 0
    return folder / "iro.db"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a store of whole lives, and one of the same lives cut by family."""
    cut = [
        (f"{one}-{name}", one, life.date_of_birth, mine)
        for one, life in SOME.items()
        for name in sorted({family(e.event) for e in life.events})
        for mine in [[e for e in life.events if family(e.event) == name]]
    ]
    assert len(cut) > len(SOME) * 5 // 4
    whole = [(one, one, life.date_of_birth, life.events) for one, life in SOME.items()]
    folder = tmp_path_factory.mktemp("whole")
    return write(folder, whole), write(tmp_path_factory.mktemp("cut"), cut)


def ask(capsys: pytest.CaptureFixture[str], store: Path, as_of: date, *argv: str) -> list[Row]:
    """Return the program's rows, without the fields that differ between whole and cut lives."""
    capsys.readouterr()
    assert run(["--database", str(store), "--as-of", str(as_of), *argv, "-f", "json"]) == 0
    rows: list[Row] = json.loads(capsys.readouterr().out)["rows"]
    for row in rows:
        if "child" in row:
            row["child"] = row["child"].partition("-")[0]
    return rows


def counted(rows: Iterable[Row]) -> Counter[str]:
    """Count rows, whatever their order."""
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("as_of", first_fast(DAYS[4], *DAYS[1:4]), ids=str)
@pytest.mark.parametrize(
    "argv",
    [
        ("due", "--all", "--watched", "all"),
        ("overdue",),
        ("caseload", "--by", "process"),
        ("report", "timeliness", "--by", "process", "--show", "figures"),
        ("report", "timeliness", "--show", "late"),
        ("report", "timeliness", "--show", "figures", "--watched", "all"),
    ],
    ids=" ".join,
)
def test_a_listing(
    stores: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    as_of: date,
    argv: tuple[str, ...],
) -> None:
    """Whole children have the same rows as their processes one by one."""
    period = ("--from", str(as_of.replace(year=as_of.year - 3, day=1)), "--to", str(as_of))
    asked = (*argv, *(period if argv[0] == "report" else ()))
    whole, cut = (ask(capsys, store, as_of, *asked) for store in stores)
    # Sums over all processes count a child once, and each of its parts by itself.
    one_by_one = [
        [
            {key: value for key, value in row.items() if not key.startswith("children")}
            for row in rows
            if argv[0] != "report" or row.get("name") != "all"
        ]
        for rows in (whole, cut)
    ]

    assert counted(one_by_one[0]) == counted(one_by_one[1])
    assert whole or as_of < date(2013, 1, 1)


@pytest.mark.parametrize("child", list(SOME)[::5])
def test_a_child(stores: tuple[Path, Path], capsys: pytest.CaptureFixture[str], child: str) -> None:
    """A child's open and met rows are the sum of its parts'."""
    as_of = DAYS[4]
    whole = ask(capsys, stores[0], as_of, "show", child, "--watched", "all")
    parts: list[Row] = []
    for name in sorted({family(e.event) for e in LIVES[child].events}):
        parts += ask(capsys, stores[1], as_of, "show", f"{child}-{name}", "--watched", "all")

    assert counted(whole) == counted(parts)
