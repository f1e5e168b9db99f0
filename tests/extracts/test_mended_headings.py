"""Refused rows can be mended and imported, however their tables head the columns."""

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.mark import ParameterSet

from iro_cli.errors import InputRefusedError
from iro_cli.extracts import source_named
from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import Child
from iro_cli.incoming.refused import OURS, write_refused
from stores import put, reading

TODAY = date(2026, 11, 22)


class Sheet(NamedTuple):
    """A table, with further names of its columns, and the column of the days that are spoilt, if any."""

    name: str
    columns: str
    rows: tuple[str, ...]
    spoilt: int | None
    also: dict[str, tuple[str, ...]] = {}


_CHILD = {"Child Unique ID": ("Child ID", "Person ID", "Client identifier")}
_ANNEX = {**_CHILD, "Date of Birth": ("DOB", "Child's date of birth", "Birth date")}
SHEETS = {
    "ssda903": (
        Sheet(
            "header",
            "CHILD,SEX,DOB,ETHNIC,UPN",
            ("K1,1,01/02/2015,WBRI,", "K2,2,03/04/2016,WBRI,", "K3,1,05/06/2017,WBRI,"),
            2,
        ),
        Sheet(
            "episodes",
            "CHILD,DECOM,RNE,LS,PLACE,DEC,REC",
            (
                "K1,05/01/2026,S,V2,U6,,",
                "K2,06/01/2026,S,C2,U4,09/03/2026,E4A",
                "K2,02/06/2026,S,C2,U6,,",
            ),
            1,
        ),
        Sheet(
            "reviews",
            "CHILD,DOB,REVIEW,REVIEW_CODE",
            ("K1,01/02/2015,30/01/2026,PN1", "K2,03/04/2016,28/06/2026,PN2"),
            2,
        ),
    ),
    "annex-a": (
        Sheet(
            "five",
            "Child Unique ID,Date of Birth,Sex,"
            "Strategy discussion initiating Section 47 Enquiry Start Date,"
            "Was an Initial Child Protection Conference deemed unnecessary?,"
            "Date of Initial Child Protection Conference,"
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            ("K1,01/02/2015,1,07/09/2026,N,21/09/2026,Y", "K2,03/04/2016,2,08/09/2026,Y,,"),
            3,
            {**_ANNEX, "Date of Initial Child Protection Conference": ("ICPC date",)},
        ),
        Sheet(
            "seven",
            "Child Unique ID,Date of Birth,SEX,Child Protection Plan Start Date,"
            "Date of latest review conference,Child Protection Plan End Date",
            ("K1,01/02/2015,1,21/09/2026,,", "K3,05/06/2017,1,02/02/2026,30/04/2026,"),
            3,
            {**_ANNEX, "Child Protection Plan Start Date": ("CP plan start", "CPP Start Date")},
        ),
        Sheet(
            "eight",
            "Child Unique ID,Date of Birth,Ethnicity,Date Started to be Looked After,"
            "Child's Legal Status,Date of Latest Statutory Review,Date Ceased to be Looked After",
            ("K2,03/04/2016,WBRI,05/01/2026,C2,28/04/2026,", "K4,03/04/2012,WBRI,05/02/2026,C2,,"),
            3,
            {**_ANNEX, "Date Started to be Looked After": ("CLA start date",)},
        ),
    ),
    "ssd": (
        Sheet("person", "pers_person_id,pers_dob", ("K1,2015-02-01", "K2,2016-04-03"), None),
        # A date of birth is kept with a fact of the child alone, so each has one that is good.
        Sheet(
            "plans",
            "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date",
            ("P1,K1,2024-02-01,2024-05-03", "P2,K2,2024-02-02,2024-05-04"),
            None,
        ),
        Sheet(
            "episodes",
            "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,"
            "clae_cla_episode_ceased_date",
            ("E1,K1,2026-01-05,", "E2,K2,2026-01-06,2026-03-09"),
            2,
            {"clae_cla_episode_start_date": ("clae_cla_episode_start",)},
        ),
        Sheet(
            "reviews",
            "clar_cla_review_id,clar_cla_person_id,clar_cla_review_date",
            ("R1,K1,2026-01-30", "R2,K2,2026-01-29"),
            2,
            {"clar_cla_person_id": ("clar_person_id",)},
        ),
    ),
    "events": (
        Sheet(
            "one",
            "child_id,event,date,note",
            ("K1,cla.start,2026-01-05,a", "K2,cla.start,2026-01-06,"),
            2,
            {"child_id": ("child",)},
        ),
        Sheet(
            "two",
            "note,date,event,child_id",
            ("b,2026-01-30,cla.review,K1", ",2026-01-29,cla.review,K2"),
            1,
            {"child_id": ("child",)},
        ),
    ),
    "children": (
        Sheet("one", "child_id,date_of_birth,label", ("K1,2015-02-01,a", "K2,2016-04-03,b"), 1),
        Sheet("two", "label,child_id,date_of_birth", ("c,K3,2015-02-01", "d,K4,2016-04-03"), 2),
    ),
    "allocations": (
        Sheet("one", "child_id,role,name,from", ("K1,iro,Ada Okafor,2026-01-05",), 3),
        Sheet("two", "name,role,child_id,from", ("Ben Rees,iro,K2,2026-01-06",), 3),
    ),
}


def _headings(draw: random.Random, sheet: Sheet) -> list[str]:
    """Return names for the columns of a table, as the source takes them."""
    found = []
    for name in sheet.columns.split(","):
        word = draw.choice([name, *sheet.also.get(name, ())])
        changed = [word, word.upper(), word.title().replace("'S", "'s"), f" {word} "]
        # A table of the SSD is known by the first letters of its columns, with the line.
        if not word[4:].startswith("_"):
            changed.append(word.replace("_", " ").replace(" ", "-"))
        found.append(draw.choice(changed))
    return found


def _write(folder: Path, sheet: Sheet, names: list[str], spoilt: list[bool]) -> None:
    with (folder / f"{sheet.name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row, is_spoilt in zip(sheet.rows, spoilt, strict=True):
            cells = row.split(",")
            if is_spoilt and sheet.spoilt is not None:
                cells[sheet.spoilt] += "~"
            writer.writerow(cells)


def _held(store: Path) -> tuple[Any, ...]:
    """Return the children of a store, their events, and whose they are."""
    with reading(store) as reader:
        return (
            reader.children(),
            {child: set(events) for child, events in reader.cases(TODAY, whole=True)},
            reader.allocations(),
        )


def _store(path: Path) -> Path:
    """Return a store that knows the children, whom a mended row alone does not bring."""
    put(path, Batch(children=[Child(one) for one in ("K1", "K2", "K3", "K4")]))
    return path


def _seeds(few: int, many: int) -> list[ParameterSet]:
    """Return each source with some seeds, most of them marked slow."""
    return [
        pytest.param(source, seed, marks=() if seed < few else (pytest.mark.slow,))
        for source in SHEETS
        for seed in range(many)
    ]


@pytest.mark.parametrize(("source", "seed"), _seeds(2, 30))
def test_what_was_refused_is_mended_whatever_the_headings(
    source: str, seed: int, tmp_path: Path
) -> None:
    """
    Nothing is lost: the store is as if no cell had been spoilt, and the file has every cell.

    Each table heads its columns in its own way, and may have no bad row.
    """
    draw, asked = random.Random(seed), source_named(source)
    for folder in ("good", "bad"):
        (tmp_path / folder).mkdir()
    for sheet in SHEETS[source]:
        names = _headings(draw, sheet)
        _write(tmp_path / "good", sheet, names, [False for _ in sheet.rows])
        _write(tmp_path / "bad", sheet, names, [draw.random() < 0.6 for _ in sheet.rows])
    good, bad = (
        [one] if asked.is_extract else sorted(one.iterdir())
        for one in (tmp_path / "good", tmp_path / "bad")
    )
    whole, parts, mend = (tmp_path / name for name in ("whole.db", "parts.db", "mend.csv"))
    put(_store(whole), asked.read(good, today=TODAY))
    batch = asked.read(bad, today=TODAY)
    put(_store(parts), batch, skip_refused=True)
    write_refused(mend, batch.refused, asked.kinds)
    with mend.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    cells = [
        Counter(text for name, text in row.items() if text and not name.startswith(OURS))
        for row in rows
    ]
    were = {one.key: Counter(filter(None, one.raw.values())) for one in batch.refused}
    mend.write_text(mend.read_text("utf-8-sig").replace("~", ""), "utf-8")
    if rows:
        # The tables of an SSD refer to each other, so its rows are read with the rest.
        beside = bad if source == "ssd" else []
        put(parts, asked.read([*beside, mend], today=TODAY), skip_refused=bool(beside))

    assert cells == [*were.values()]
    assert _held(parts) == _held(whole)


def test_the_headings_of_one_table_are_left_as_they_are(tmp_path: Path) -> None:
    """Whoever mends the file knows it by the names in the file that it came from."""
    (tmp_path / "one.csv").write_text("Child,EVENT,Date\nK1,cla.start,never\n", "utf-8")
    source, mend = source_named("events"), tmp_path / "mend.csv"
    refused = source.read([tmp_path / "one.csv"], today=TODAY).refused
    write_refused(mend, refused, source.kinds)

    assert mend.read_text("utf-8-sig").startswith("Child,EVENT,Date,refused_from")


def test_a_code_alone_tells_a_review(tmp_path: Path) -> None:
    """A review without its day is not passed over, although the code's column is named loosely."""
    (tmp_path / "mend.csv").write_text(
        "CHILD,REVIEW,Review Code,refused_from,refused_because\nK1,,PN1,r.csv:2,REVIEW: x\n"
    )
    refused = source_named("ssda903").read([tmp_path / "mend.csv"], today=TODAY).refused

    assert [(one.column, one.about) for one in refused] == [("REVIEW", "K1")]


def test_two_tables_with_headings_in_their_own_letters(tmp_path: Path) -> None:
    """The ids stay in one column, whichever table a row is from."""
    (tmp_path / "e.csv").write_text(
        "Child,Decom,Rne,LS,Place,Dec,Rec\n1,31/11/2026,S,V2,U6,,\n2,02/11/2026,S,V2,U6,,\n"
    )
    (tmp_path / "r.csv").write_text("CHILD,REVIEW,REVIEW_CODE\n2,31/11/2026,PN1\n")
    source, mend = source_named("ssda903"), tmp_path / "mend.csv"
    write_refused(mend, source.read([tmp_path], today=TODAY).refused, source.kinds)
    with mend.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]

    assert [(row["CHILD"], row["DECOM"], row["REVIEW"]) for row in rows] == [
        *(("1", "31/11/2026", ""), ("2", "", "31/11/2026"))
    ]
    assert "Child" not in rows[0]


def test_a_decision_with_a_cell_too_many_is_mended(tmp_path: Path) -> None:
    """A row of a table that refuses no row of its own may still have a comma too many."""
    home = tmp_path / "return"
    home.mkdir()
    (home / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN\nK1,1,01/02/2025,WBRI,\n")
    (home / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\nK1,05/01/2026,S,C2,U4,,\n"
    )
    good = "CHILD,DOB,DATE_INT\nK1,01/02/2025,07/02/2026"
    (home / "ad1.csv").write_text(f"{good},x,y\n")
    source, mend = source_named("ssda903"), tmp_path / "mend.csv"
    write_refused(mend, source.read([home], today=TODAY).refused, source.kinds)
    text = mend.read_text("utf-8-sig").replace(",x,y,", ",,,")
    mend.write_text(text, "utf-8")
    mended = source.read([home, mend], today=TODAY)
    (home / "ad1.csv").write_text(f"{good}\n")
    whole = source.read([home], today=TODAY)

    assert {event for _, event, _ in mended.facts} == {event for _, event, _ in whole.facts}
    assert "adoption.decided" in {event.event for _, event, _ in whole.facts}


def test_a_row_that_was_not_mended_is_not_passed_over(tmp_path: Path) -> None:
    """Where a file has rows of two lists, a row that fills no column of one is refused."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "seven.csv").write_text(
        "Child ID,Date of Birth,Child Protection Plan Start Date,"
        "Date of latest review conference,Child Protection Plan End Date\nK1,x,21/09/2026,,\n"
    )
    (folder / "eight.csv").write_text(
        "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
        "Date of Latest Statutory Review,Date Ceased to be Looked After\nK3,03/04/2016,,,,\n"
    )
    source, mend = source_named("annex-a"), tmp_path / "mend.csv"
    refused = source.read([folder], today=TODAY).refused
    write_refused(mend, refused, source.kinds)
    with pytest.raises(
        InputRefusedError, match="mend.csv: row 2 does not show which table it is from"
    ):
        source.read([mend], today=TODAY)
    write_refused(mend, [one for one in refused if one.file == "eight.csv"], source.kinds)
    again = source.read([mend], today=TODAY).refused

    assert [(one.row, one.about, one.column) for one in again] == [
        (2, "K3", "Date Started to be Looked After")
    ]


def test_a_column_of_another_table_may_be_joined_on(tmp_path: Path) -> None:
    """The first name beside an episode does not make its row one of the table of persons."""
    good = "E2,K2,2026-01-06,,Bob"
    (tmp_path / "e.csv").write_text(
        "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,"
        f"clae_cla_episode_ceased_date,pers_forename\n{good.replace('06', '06x')}\n"
    )
    source, mend = source_named("ssd"), tmp_path / "mend.csv"
    write_refused(mend, source.read([tmp_path / "e.csv"], today=TODAY).refused, source.kinds)
    mend.write_text(mend.read_text("utf-8-sig").replace("06x", "06"), "utf-8")
    batch = source.read([mend], today=TODAY)

    assert not batch.refused
    assert {child for child, _, _ in batch.facts} == {"K2"}
