"""The Department's figures, as they were published, and with newer files."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.figures.comparison import compared, comparison, find_authority, find_neighbours
from iro_cli.figures.statistics import LOCAL, NATIONAL
from iro_cli.questions.statistics import TABLE, shipped_statistics, with_files
from running import each

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "dfe-statistics"
CONFERENCES, PLANS = "conferences.initial", "plans.reviewed"
C4 = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name,category,ICPC,Duration_0-10_days,"
    "Duration_11-15_days"
)
GATESHEAD = (
    "2025,Reporting year,Local authority,E92000001,England,E12000001,North East,390,E08000037,"
    "Gateshead,x,{icpc},{first},{second}"
)


def newer(folder: Path, icpc: str = "300", first: str = "40", second: str = "220") -> Path:
    """Write a release of one authority and one year in the Department's layout."""
    path = folder / "c4_2025.csv"
    row = GATESHEAD.format(icpc=icpc, first=first, second=second)
    path.write_text(f"{C4}\n{row}\n", "utf-8-sig")
    return path


@each(
    "measure, level, name, year, part, whole",
    [
        # Read off the two files by eye.
        (CONFERENCES, NATIONAL, "England", 2024, 6800 + 50780, 72250),
        (CONFERENCES, LOCAL, "County Durham", 2024, 20 + 678, 844),
        (PLANS, NATIONAL, "England", 2024, 31500, 35090),
        (PLANS, LOCAL, "Darlington", 2024, 102, 102),
        (CONFERENCES, LOCAL, "Barking and Dagenham", 2014, "c", 575),
    ],
)
def test_the_table_has_what_was_published(
    measure: str, level: str, name: str, year: int, part: int | str, whole: int
) -> None:
    """A mark stays a mark and never becomes zero."""
    found = shipped_statistics().figures[measure, level, name, year]

    assert (found.part, found.whole) == (part, whole)
    assert (found.rate is None) == isinstance(part, str)


@pytest.mark.slow
def test_the_table_is_what_the_script_makes_of_the_files(tmp_path: Path) -> None:
    """It has every figure of the Department's own two files, and nothing else."""
    if not SHARED.is_dir():
        pytest.skip(f"NOT TESTED: the Department's files are not at {SHARED}")
    found = with_files(
        shipped_statistics()._replace(areas={}, figures={}), sorted(SHARED.glob("*.csv"))
    )

    assert (found.areas, found.figures) == (
        shipped_statistics().areas,
        shipped_statistics().figures,
    )
    with next(SHARED.glob("d6*.csv")).open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["la_name"] == "Gateshead"]
    published = {int(row["time_period"]): row["Reviewed_within_timescales"] for row in rows}
    ours = {
        year: str(value.part)
        for (measure, _, name, year), value in found.figures.items()
        if measure == PLANS and name == "Gateshead"
    }
    assert published == ours


def test_the_table_names_its_source_licence_and_release() -> None:
    """The file itself says whose figures it has."""
    data = json.loads(Path(TABLE).read_text("utf-8"))

    assert "Department for Education" in data["source"]
    assert "Open Government Licence v3.0" in data["licence"]
    assert "2013 to 2024" in data["release"]


def test_a_newer_file_is_read_over_the_table(tmp_path: Path) -> None:
    """Its year becomes the latest of its measure, and the older figures stay."""
    found = with_files(shipped_statistics(), [newer(tmp_path)])
    area = find_authority(found, "E08000037", "--authority")
    rows = comparison(found, compared(found, area, []), {})

    assert (rows[0].area, rows[0].period, rows[0].part, rows[0].whole) == (
        "Gateshead", "2024-25", 260, 300,
    )  # fmt: skip
    assert (CONFERENCES, LOCAL, "Gateshead", 2013) in found.figures
    assert "c4_2025.csv" in found.source


@pytest.mark.parametrize("mark", ["c", "u", "x", "z"])
def test_a_mark_of_the_department_gives_no_rate_and_says_why(tmp_path: Path, mark: str) -> None:
    """If one part is suppressed, the share cannot be known."""
    found = with_files(shipped_statistics(), [newer(tmp_path, first=mark)])
    figure = found.figures[CONFERENCES, LOCAL, "Gateshead", 2025]

    assert (figure.part, figure.rate) == (mark, None)
    assert figure.mark


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "it has no column"),
        (f"{C4}\n2025,x\n", "row 2: 2 cells under 14 names"),
        (f"{C4}\n{GATESHEAD.format(icpc='many', first='1', second='2')}\n", "row 2: icpc: 'many'"),
        ("", "it has no column"),
    ],
)
def test_a_file_of_another_layout_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The message names the file, the row and the column."""
    path = tmp_path / "other.csv"
    path.write_text(text, "utf-8")

    with pytest.raises(InputRefusedError, match=r"other\.csv") as error:
        with_files(shipped_statistics(), [path])
    assert said in str(error.value)


def test_neighbours_may_have_commas_in_their_names() -> None:
    """They are found by name, old code and new code, each once."""
    found = find_neighbours(shipped_statistics(), "Bristol, City of, 390,E06000047, Gateshead")

    assert [area.name for area in found] == ["Bristol, City of", "Gateshead", "County Durham"]


def test_an_authority_that_got_a_new_code_keeps_its_years() -> None:
    """Buckinghamshire was E10000002 and is E06000060."""
    statistics = shipped_statistics()
    old, new = (find_authority(statistics, code, "-") for code in ("E10000002", "E06000060"))
    years = {key[3] for key in statistics.figures if key[1:3] == (LOCAL, "Buckinghamshire")}

    assert old == new
    assert years == set(range(2013, 2025))


@pytest.mark.usefixtures("quarter")
def test_the_store_stands_beside_england_region_and_neighbours(iro: Callable[..., Any]) -> None:
    """The store's own figures come first, counted as the Department counts."""
    answer = iro(
        *("report", "timeliness", "--from", "2026-07-01", "--to", "2026-09-30"),
        *("--authority", "Gateshead", "--neighbours", "Sunderland"),
        *("--show", "comparison", "-f", "json"),
    )
    rows = [row for row in json.loads(answer.out)["rows"] if row["measure"] == CONFERENCES]

    assert [(row["level"], row["part"], row["whole"]) for row in rows] == [
        ("this store", 1, 2),
        ("authority", 318, 362),
        ("neighbour", None, rows[2]["whole"]),
        ("region", 4500, 5420),
        ("national", 57580, 72250),
    ]
    assert rows[2]["mark"].startswith("kept back by the Department")
