"""Read SSDA903 returns."""

import csv
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssda903 import SOURCE
from iro_cli.facts.model import NO_EXTRACT, Carried, Child, Event
from running import each

TODAY = date(2026, 11, 22)
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903"

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"


def _folder(
    folder: Path,
    *episodes: str,
    reviews: tuple[str, ...] = (),
    children: tuple[str, ...] | None = ("A,1,01/06/2010,,,,",),
) -> Path:
    """Write a return; an episode is ``CHILD DECOM RNE LS DEC REC``."""
    folder.mkdir(exist_ok=True)
    rows = [EPISODES]
    for episode in episodes:
        child, begins, new, status, *end = episode.split()
        ends, ceased = end or ("", "")
        rows.append(f"{child},{begins},{new},{status},N1,U1,{ends},{ceased}")
    (folder / "one.csv").write_text("\n".join(rows))
    if children is not None:
        (folder / "two.csv").write_text("\n".join([HEADER, *children]))
    if reviews:
        (folder / "three.csv").write_text("\n".join([REVIEWS, *reviews]))
    return folder


def _read(*folders: Path) -> Batch:
    return SOURCE.read(folders, today=TODAY)


def _warnings(batch: Batch) -> list[str]:
    """Return the warnings about rows; warnings about missing tables have their own tests."""
    return [text for text in batch.warnings if not text.endswith("is not known")]


def _spans(batch: Batch, child: str = "A") -> list[tuple[str, str, str | None]]:
    """Return the starts and ends of a child, without placements."""
    return [
        (event.event, event.on.strftime("%d/%m/%Y"), event.reason)
        for child_id, event, _ in batch.facts
        if child_id == child and event.event not in ("placement.start", "cla.review")
    ]


def _refusals(batch: Batch) -> list[tuple[str, int, str]]:
    return [(one.file, one.row, one.column) for one in batch.refused]


# ---------------------------------------------------------------- periods of care


@each("episodes, expected", [
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 X1", "01/03/2026 P C2 10/04/2026 X1",
             "10/04/2026 L E1 20/05/2026 E4A"],
            [("cla.start", "01/02/2026", None), ("cla.end", "20/05/2026", "E4A"),
             ("adoption.authorised", "10/04/2026", None), ("adoption.end", "20/05/2026", "E4A")],
            id="a chain is one period, ended by the last",
        ),
        pytest.param(
            ["01/02/2026 S C2"], [("cla.start", "01/02/2026", None)],
            id="an open episode is still care",
        ),
        pytest.param(
            ["01/02/2026 P C2"], [("cla.continuing", "01/02/2026", None)],
            id="care that began before the return",
        ),
        pytest.param(
            ["01/02/2026 P C2 01/03/2026 E8", "05/06/2026 S V2"],
            [("cla.continuing", "01/02/2026", None), ("cla.end", "01/03/2026", "E8"),
             ("cla.start", "05/06/2026", None)],
            id="two periods",
        ),
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 E8", "01/03/2026 S C2"],
            [("cla.start", "01/02/2026", None), ("cla.end", "01/03/2026", "E8"),
             ("cla.start", "01/03/2026", None)],
            id="two periods that meet",
        ),
        pytest.param(
            ["01/03/2026 P C2", "01/02/2026 S C2 01/03/2026 X1"],
            [("cla.start", "01/02/2026", None)],
            id="in any order",
        ),
        pytest.param(
            ["01/02/2026 S V3 01/03/2026 X1", "01/03/2026 P V4 01/04/2026 E8"],
            [("short-break.start", "01/02/2026", None), ("short-break.end", "01/04/2026", "E8")],
            id="short breaks",
        ),
        pytest.param(
            ["01/02/2026 P V4"], [("short-break.start", "01/02/2026", None)],
            id="short breaks that began before the return",
        ),
        pytest.param(
            ["01/02/2026 S V4 01/03/2026 X1", "01/03/2026 L C2"],
            [("short-break.start", "01/02/2026", None), ("short-break.end", "01/03/2026", None),
             ("cla.start", "01/03/2026", None)],
            id="from short breaks to care",
        ),
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 X1", "01/03/2026 L V3 02/03/2026 E8"],
            [("cla.start", "01/02/2026", None), ("cla.end", "01/03/2026", "V3/V4"),
             ("short-break.start", "01/03/2026", None), ("short-break.end", "02/03/2026", "E8")],
            id="from care to short breaks",
        ),
    ])  # fmt: skip
def test_episodes_become_periods(
    tmp_path: Path, episodes: list[str], expected: list[tuple[str, str, str | None]]
) -> None:
    """Each chain of episodes is one period of care, or one series of short breaks."""
    batch = _read(_folder(tmp_path, *(f"A {episode}" for episode in episodes)))

    assert _spans(batch) == expected
    assert (batch.refused, _warnings(batch)) == ([], [])


@each("episodes, expected, says", [
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 X1", "09/03/2026 P C2"],
            [("cla.start", "01/02/2026", None)], "starts on a later day", id="a gap",
        ),
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 X1"],
            [("cla.start", "01/02/2026", None)], "last episodes", id="nothing after",
        ),
        pytest.param(
            ["01/02/2026 S C2", "09/03/2026 P C2"],
            [("cla.start", "01/02/2026", None)], "without DEC", id="no end",
        ),
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 E8", "01/03/2026 P C2"],
            [("cla.start", "01/02/2026", None)], "ended care", id="an end that was none",
        ),
        pytest.param(
            ["01/02/2026 S C2 01/03/2026 X1", "01/03/2026 S C2"],
            [("cla.start", "01/02/2026", None)], "RNE S", id="a start that was none",
        ),
        pytest.param(
            ["01/02/2026 S V3 03/02/2026 E8", "01/03/2026 S V3"],
            [("short-break.start", "01/02/2026", None)],
            "short breaks", id="single breaks",
        ),
    ])  # fmt: skip
def test_what_does_not_fit_is_warned_of(
    tmp_path: Path, episodes: list[str], expected: list[tuple[str, str, str | None]], says: str
) -> None:
    """If half of a pair says so, care is taken to go on, and a warning counts it."""
    batch = _read(_folder(tmp_path, *(f"A {episode}" for episode in episodes)))

    assert _spans(batch) == expected
    warnings = _warnings(batch)
    assert len(warnings) == 1
    assert says in warnings[0]
    assert warnings[0].endswith(": 1")


@pytest.mark.parametrize(
    "second", ["20/02/2026 P C2", "20/02/2026 S C2"], ids=["within care", "another period"]
)
def test_episodes_that_overlap_are_refused(tmp_path: Path, second: str) -> None:
    """Two overlapping episodes of a child cannot both be right."""
    batch = _read(_folder(tmp_path, "A 01/02/2026 S C2 01/03/2026 E8", f"A {second}"))

    assert _refusals(batch) == [("one.csv", 3, "DECOM")]
    assert "row 2 of one.csv" in batch.refused[0].reason


def test_care_that_starts_again_while_it_is_open_is_refused(tmp_path: Path) -> None:
    """The end of the first period is not known, and is not guessed."""
    batch = _read(_folder(tmp_path, "A 01/02/2026 S C2", "A 20/02/2026 S C2"))

    assert _refusals(batch) == [("one.csv", 3, "DECOM")]
    assert _spans(batch) == [("cla.start", "01/02/2026", None)]


def test_placements_start_where_the_placement_changed(tmp_path: Path) -> None:
    """A change of legal status alone starts no placement."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2026 S C2 02/02/2026 X1",
            "A 02/02/2026 L C1 03/02/2026 X1",
            "A 03/02/2026 P C1 04/02/2026 X1",
            "A 04/02/2026 T C1 05/02/2026 X1",
            "A 05/02/2026 B C2 06/02/2026 X1",
            "A 06/02/2026 U C1",
        )
    )
    placements = [event.on.day for _, event, _ in batch.facts if event.event == "placement.start"]

    assert placements == [1, 3, 4, 5, 6]


@each(
    "episode, columns",
    [
        ("A soon S C2", ["DECOM"]),
        ("A 01/02/2026 X C2", ["RNE"]),
        ("A 01/02/2026 S V9", ["LS"]),
        ("A 01/02/2026 X V9", ["RNE", "LS"]),
        ("A 01/02/2026 S C2 31/01/2026 X1", ["DEC"]),
        ("A 01/02/2026 S C2 29/02/2026 X1", ["DEC"]),
        ("A 01/02/2026 S C2 01/03/2026 ?", ["REC"]),
        ("B 01/02/2026 S C2", ["CHILD"]),
    ],
)
def test_a_wrong_episode_is_refused(tmp_path: Path, episode: str, columns: list[str]) -> None:
    """The refusal names every wrong column."""
    batch = _read(_folder(tmp_path, episode))

    assert _refusals(batch) == [("one.csv", 2, column) for column in columns]
    assert batch.facts == []


@each("nothing", ["NULL", "#N/A", "n/a", "\u00a0", "01/01/1900"])
def test_an_end_that_is_none(tmp_path: Path, nothing: str) -> None:
    """With each way of writing no end, the episode is open."""
    (tmp_path / "one.csv").write_text(
        f"CHILD,DECOM,RNE,LS,DEC,REC\nA,01/02/2026,S,C2,{nothing},\n", "utf-8"
    )
    batch = _read(tmp_path)

    assert _spans(batch) == [("cla.start", "01/02/2026", None)]
    assert batch.refused == []


# ---------------------------------------------------------------- reviews


def test_reviews_are_facts_with_participation(tmp_path: Path) -> None:
    """A repeated row is read once; a fact keeps only its row."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2026 S C2",
            reviews=("A,01/06/2010,27/02/2026,PN1", "A,01/06/2010,27/02/2026,pn1"),
        )
    )

    assert batch.facts[-1] == (
        "A",
        Event("cla.review", date(2026, 2, 27), participation="PN1"),
        "three.csv:2",
    )
    assert batch.counts["reviews"] == 1
    assert batch.refused == []


@each(
    "review, column, says",
    [
        ("A,,,PN1", "REVIEW", "rule 166"),
        ("A,,30/02/2026,PN1", "REVIEW", "rule 166"),
        ("A,,27/02/2026,PN8", "REVIEW_CODE", "rule 167"),
        ("A,,27/02/2026,", "REVIEW_CODE", "rule 167"),
        ("B,,27/02/2026,PN1", "CHILD", "rule 1012"),
        ("C,,27/02/2026,PN1", "CHILD", "rule 399"),
        ("D,,27/02/2026,PN1", "CHILD", "Header table was refused"),
        ("E,,27/02/2026,PN1", "CHILD", "INT08"),
        ("F,,27/02/2026,PN1", "CHILD", "episodes were refused"),
    ],
)
def test_a_wrong_review_is_refused(tmp_path: Path, review: str, column: str, says: str) -> None:
    """The refusal names the broken rule of the Department's validation."""
    folder = _folder(
        tmp_path,
        "A 01/02/2026 S C2",
        "C 01/02/2026 S V4",
        "F 01/02/2026 S ?",
        reviews=(review,),
        children=(
            *("A,1,01/06/2010,,,,", "B,1,01/06/2010,,,,", "C,1,01/06/2010,,,,"),
            *("D,1,,,,,", "F,1,01/06/2010,,,,"),
        ),
    )
    batch = _read(folder)
    found = [one for one in batch.refused if one.file == "three.csv"]

    assert [(one.row, one.column) for one in found] == [(2, column)]
    assert says in found[0].reason


def test_two_codes_for_one_review_are_refused(tmp_path: Path) -> None:
    """Nobody can say which code is right."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2026 S C2",
            reviews=("A,,27/02/2026,PN1", "A,,27/02/2026,PN2"),
        )
    )

    assert _refusals(batch) == [("three.csv", 3, "REVIEW_CODE")]


def test_codes_that_do_not_suit_the_age_are_counted(tmp_path: Path) -> None:
    """On the fourth birthday either code is right; the reviews are read all the same."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2010 S C2",
            reviews=(
                "A,,31/05/2014,PN0", "A,,01/06/2014,PN0", "A,,02/06/2014,PN0",
                "A,,30/05/2014,PN1", "A,,03/06/2014,PN1",
            ),
        )
    )  # fmt: skip

    assert batch.counts["reviews"] == 5
    assert _warnings(batch) == [
        "reviews with PN0 after the fourth birthday (rule 440): 1",
        "reviews with PN1 to PN7 before the fourth birthday (rule 441): 1",
    ]


# ---------------------------------------------------------------- children and tables


def test_children_come_from_the_header(tmp_path: Path) -> None:
    """Children without an episode are read too, with the date of birth."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2026 S C2",
            children=("A,1,01/06/2010,,,,", "B,2,02/06/2010,,,,"),
        )
    )

    assert batch.children == [
        Child("A", date_of_birth=date(2010, 6, 1)),
        Child("B", date_of_birth=date(2010, 6, 2)),
    ]


def test_without_a_header_children_come_from_the_episodes(tmp_path: Path) -> None:
    """Then their dates of birth are not known."""
    batch = _read(_folder(tmp_path, "A 01/02/2026 S C2", children=None))

    assert batch.children == [Child("A")]
    assert batch.refused == []


def test_a_header_row_without_a_birth_is_refused(tmp_path: Path) -> None:
    """The child's other rows are refused too, with the reason."""
    batch = _read(
        _folder(
            tmp_path,
            "A 01/02/2026 S C2",
            children=("A,1,01/06/2027,,,,", "B,1,01/06/2010,,,,", "B,1,02/06/2010,,,,"),
        )
    )

    assert _refusals(batch) == [
        ("two.csv", 2, "DOB"), ("two.csv", 4, "DOB"), ("one.csv", 2, "CHILD")
    ]  # fmt: skip
    assert "refused" in batch.refused[2].reason


def test_tables_are_known_by_their_columns(tmp_path: Path) -> None:
    """Added, moved and lower-case columns do not matter; other tables are left out."""
    (tmp_path / "x.CSV").write_text(
        "LA,YEAR,rec,dec,ls,rne,decom,child\nx,2026,,,C2,S,01/02/2026,A\n"
    )
    (tmp_path / "uasc.csv").write_text("CHILD,SEX,DOB,DUC\n")
    (tmp_path / "social.csv").write_text("CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n")
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "other.csv").write_text("a,b\n")
    batch = _read(tmp_path)

    assert _spans(batch) == [("cla.start", "01/02/2026", None)]
    assert _warnings(batch) == [
        "other.csv: not read: its columns are not those of an SSDA903 table",
        (
            "x.CSV: not read, because no column or element of this name is known: LA, 1 time; YEAR, 1 "
            "time"
        ),
    ]


def test_a_folder_without_episodes_is_refused(tmp_path: Path) -> None:
    """The message says what is looked for, and has the problems of every folder."""
    good = _folder(tmp_path / "good", "A 01/02/2026 S C2")
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "empty.csv").write_text("")
    with pytest.raises(InputRefusedError) as caught:
        _read(good, bare)
    message = str(caught.value)

    assert "bare/empty.csv is empty" in message
    assert "bare: no CSV file here is the Episodes table" in message
    assert "good" not in message


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    """A file that is no table, and a table other than Episodes, are refused too."""
    path = tmp_path / "reviews.csv"
    path.write_text("CHILD,DOB,REVIEW,REVIEW_CODE\n")
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(InputRefusedError, match="Episodes table"):
        _read(path)
    with pytest.raises(InputRefusedError, match="none of these files is the Episodes table"):
        _read(tmp_path / "notes.txt")
    with pytest.raises(InputRefusedError, match="there is no file"):
        _read(tmp_path / "none")


# ---------------------------------------------------------------- several years


def test_an_episode_in_two_returns_is_one(tmp_path: Path) -> None:
    """The later return says how it ended, and the earlier one how care began."""
    first = _folder(
        tmp_path / "first", "A 01/02/2025 S C2 01/03/2025 X1", "A 01/03/2025 P C2",
        reviews=("A,,27/02/2025,PN1",),
    )  # fmt: skip
    second = _folder(
        tmp_path / "second", "A 01/03/2025 P C2 05/06/2025 X1", "A 05/06/2025 P C2 06/07/2025 E8",
        reviews=("A,,26/05/2025,PN1",),
    )  # fmt: skip
    expected = [("cla.start", "01/02/2025", None), ("cla.end", "06/07/2025", "E8")]
    together = _read(first, second)

    assert _spans(together) == expected
    assert _spans(_read(second, first)) == expected
    assert together.counts["reviews"] == 2
    assert (together.refused, _warnings(together)) == ([], [])
    assert {source.split(":")[0] for _, _, source in together.facts} == {
        "first/one.csv", "second/one.csv", "first/three.csv", "second/three.csv"
    }  # fmt: skip


def test_the_later_return_corrects_the_earlier(tmp_path: Path) -> None:
    """This holds for different ends of an episode, and for another date of birth."""
    first = _folder(tmp_path / "first", "A 01/02/2025 S C2 01/03/2025 E8")
    second = _folder(
        tmp_path / "second",
        "A 01/02/2025 S C2 02/03/2025 E8",
        children=("A,1,02/06/2010,,,,",),
    )
    batch = _read(first, second)

    assert _spans(batch)[-1] == ("cla.end", "02/03/2025", "E8")
    assert batch.children == [Child("A", date_of_birth=date(2010, 6, 2))]
    assert len(_warnings(batch)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        ("A 01/02/2025 S C2 01/03/2025 E8", "A 01/02/2025 S C2 02/03/2025 E8"),
        ("A 01/02/2025 S C2", "A 01/02/2025 S V3"),
    ],
    ids=["two ends", "two statuses"],
)
def test_two_episodes_from_one_day_in_a_file_are_refused(
    tmp_path: Path, rows: tuple[str, str]
) -> None:
    """In one file neither is the later."""
    batch = _read(_folder(tmp_path, *rows))

    assert _refusals(batch) == [("one.csv", 3, "DECOM")]


def test_two_years_in_one_file_are_merged(tmp_path: Path) -> None:
    """Some exports cover several years."""
    batch = _read(_folder(tmp_path, "A 01/02/2025 S C2", "A 01/02/2025 S C2 02/03/2025 E8"))

    assert _spans(batch) == [("cla.start", "01/02/2025", None), ("cla.end", "02/03/2025", "E8")]
    assert batch.refused == []


def test_events_do_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    """So reading a moved file again adds nothing."""
    one = _folder(tmp_path / "one", "A 01/02/2025 S C2", reviews=("A,,27/02/2025,PN1",))
    two = _folder(tmp_path / "two", "A 01/02/2025 S C2", reviews=("A,,27/02/2025,PN1",))

    assert [fact[:2] for fact in _read(one).facts] == [fact[:2] for fact in _read(one, two).facts]


# ---------------------------------------------------------------- the dummy return


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table: of the CSV, then of the XML, which has other children."""
    with (SHARED / name).open() as file:
        rows = list(csv.DictReader(file))
    for child in ET.parse(SHARED / "fake_903.xml").getroot():
        who = {"CHILD": child.findtext("HEADER/CHILDID") or ""}
        found = child.findall({"episodes.csv": "EPISODE", "reviews.csv": "HEADER/AREVIEW"}[name])
        for node in found:
            row = {leaf.tag: leaf.text or "" for leaf in node}
            rows.append(who | row | {"PLACE": row.get("PL", "")})
    return rows


def _day(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


@pytest.fixture(scope="module")
def dummy() -> Batch:
    """Return the dummy return: CSV files, and a named XML of other children beside them."""
    if not SHARED.is_dir():
        pytest.skip(f"the dummy SSDA903 return is not at {SHARED}: nothing was checked against it")
    return _read(SHARED, SHARED / "fake_903.xml")


@pytest.mark.slow
def test_an_xml_beside_the_csv_files_is_read_only_when_named() -> None:
    """Only the user knows whether it is the same return in another form."""
    if not SHARED.is_dir():
        pytest.skip(f"the dummy SSDA903 return is not at {SHARED}: nothing was checked against it")
    batch = _read(SHARED)

    assert len(batch.children) == 2675
    assert "fake_903.xml: not read, because the folder has the return's CSV files" in (
        "\n".join(batch.warnings)
    )


@pytest.mark.slow
def test_the_dummy_return_is_read_whole(dummy: Batch) -> None:
    """Every row is read, or refused by the rule that it breaks."""
    statuses: dict[str, set[str]] = {}
    for row in _rows("episodes.csv"):
        statuses.setdefault(row["CHILD"], set()).add(row["LS"])
    held = [row["CHILD"] for row in _rows("reviews.csv")]
    unknown = sum(child not in statuses for child in held)
    breaks = sum(child in statuses and statuses[child] <= {"V3", "V4"} for child in held)
    refused = Counter(
        "1012" if "1012" in one.reason else "399" if "399" in one.reason else one.column
        for one in dummy.refused
    )

    assert dummy.read == {
        "header.csv": 2675, "episodes.csv": 5050, "reviews.csv": 12582,
        "ad1.csv": 29, "placed_for_adoption.csv": 29,
        "placed_for_adoption_errors.csv": 30, "fake_903.xml, HEADER": 253,
        "fake_903.xml, EPISODE": 459, "fake_903.xml, AREVIEW": 1206,
        "fake_903.xml, AD1": 3, "fake_903.xml, AD_PLACED": 3,
    }  # fmt: skip
    assert len(dummy.children) == 2675 + 253
    assert (refused["1012"], refused["399"]) == (unknown, breaks)
    assert set(refused) == {"1012", "399", "DECOM", "REVIEW_CODE"}
    assert dummy.counts["reviews"] + dummy.counts["repeated rows"] + refused["REVIEW_CODE"] == (
        12582 + 1206 - unknown - breaks
    )
    assert dummy.counts["periods of care"] == sum(
        event.event == "cla.start" for _, event, _ in dummy.facts
    )


@pytest.mark.slow
def test_the_reviews_while_placed_in_the_dummy_return(dummy: Batch) -> None:
    """The last episode that began before a review decides its kind."""
    gone = {(one.file, one.row) for one in dummy.refused}
    contradicted = {one.raw["CHILD"] for one in dummy.refused if one.column == "DECOM"}
    assert gone
    episodes: dict[str, list[dict[str, str]]] = {}
    for row in _rows("episodes.csv"):
        episodes.setdefault(row["CHILD"], []).append(row)

    def placed(child: str, on: date) -> bool:
        began = [row for row in episodes[child] if _day(row["DECOM"]) < on]
        if not began:
            return False
        last = max(began, key=lambda row: _day(row["DECOM"]))
        ended = last["DEC"] and last["REC"] != "X1" and _day(last["DEC"]) < on
        adopting = last["PLACE"] in ("A3", "A4", "A5", "A6") and last["LS"] not in ("V3", "V4")
        return adopting and not ended

    # If an episode was refused, the rows alone do not show it.
    found = [
        (child, event.on, event.event == "adoption.review")
        for child, event, _ in dummy.facts
        if event.event in ("cla.review", "adoption.review") and child not in contradicted
    ]

    assert sum(one[2] for one in found) > 800
    assert [one for one in found if placed(one[0], one[1]) != one[2]] == []


def test_a_year_without_reviews_is_said_to_have_none(tmp_path: Path) -> None:
    """One year of two has no table, an empty one, or XML without reviews."""
    before = _folder(tmp_path / "before", "A 03/04/2024 S C2", reviews=("A,,01/05/2024,PN1",))
    after = _folder(tmp_path / "after", "A 03/04/2024 S C2", "B 01/06/2025 S C2", children=None)
    expected = [
        Carried("ssda903", event, "the table Reviews", date(2025, 4, 1), date(2026, 3, 31))
        for event in ("adoption.review", "cla.review")
    ]

    for name, text in (("none", ""), ("three.csv", REVIEWS)):
        (after / name).write_text(text)
        (before / "two.csv").unlink(missing_ok=True)
        batch = _read(before, after)

        assert _of_the_years(batch) == expected
        assert [text for text in batch.warnings if text.endswith("is not known")] == [
            (
                "there is no review from 1 Apr 2025 to 31 Mar 2026: the Reviews table of that year "
                "is not here, or has none, so whether a review was held then is not known"
            ),
            (
                "the last return is of the year to 31 Mar 2026: what happened from then to 22 Nov "
                "2026 is not known"
            ),
        ]

    assert _of_the_years(_read(before)) == []


def test_the_days_after_the_last_return_are_not_known(tmp_path: Path) -> None:
    """Reviews and ends are not known up to the day before the import, if something was open."""
    open_still = _folder(tmp_path / "one", "A 03/04/2024 S C2", reviews=("A,,01/05/2024,PN1",))
    ended = _folder(tmp_path / "two", "A 03/04/2024 S C2 01/06/2024 E4A")
    since = [one for one in _read(open_still).not_carried if one.lacks == NO_EXTRACT]

    assert {(one.from_on, one.to_on) for one in since} == {(date(2025, 4, 1), date(2026, 11, 21))}
    assert {"cla.review", "adoption.review", "cla.end"} <= {one.event for one in since}
    assert [one for one in _read(ended).not_carried if one.lacks == NO_EXTRACT] == []


def _of_the_years(batch: Batch) -> list[Carried]:
    """Return the silences for the years of the returns."""
    return [one for one in batch.not_carried if one.lacks != NO_EXTRACT]


def test_an_xml_without_reviews_is_said_to_have_none(tmp_path: Path) -> None:
    """It counts like a folder without the table."""
    file = tmp_path / "return.xml"
    file.write_text(
        "<SSDA903><CHILD><HEADER><CHILDID>A</CHILDID><SEX>1</SEX><DOB>2010-06-01</DOB></HEADER>"
        "<EPISODE><DECOM>2025-06-01</DECOM><RNE>S</RNE><LS>C2</LS></EPISODE></CHILD></SSDA903>"
    )

    events = {(one.event, one.from_on) for one in _of_the_years(_read(file))}

    assert events == {
        ("cla.review", date(2025, 4, 1)),
        ("adoption.review", date(2025, 4, 1)),
        # No episode says where the child was placed, so no review is one of such a placement.
        ("adoption.placed", None),
        ("adoption.review", None),
    }


def test_a_return_carries_no_reviews_of_short_breaks(tmp_path: Path) -> None:
    """One warning counts the children, and no review of care is missing."""
    batch = _read(_folder(tmp_path, "A 01/06/2025 S V4", "B 01/07/2025 S V4", children=None))

    assert _of_the_years(batch) == [
        Carried("ssda903", "short-break.review", "reviews of short breaks", None, TODAY)
    ]
    assert batch.warnings[1:] == [
        (
            "a return does not carry reviews of short breaks (children who have any: 2), so "
            "whether they were held is not known"
        )
    ]


def test_without_placements_adoption_is_not_known(tmp_path: Path) -> None:
    """Without the column nobody knows who is placed for adoption."""
    (tmp_path / "episodes.csv").write_text("CHILD,DECOM,RNE,LS,DEC,REC\nA,01/06/2025,S,C2,,\n")

    batch = _read(tmp_path)

    assert ("adoption.placed", "the column PLACE") in {
        (one.event, one.lacks) for one in batch.not_carried
    }


@pytest.mark.parametrize(
    "header",
    ["CHILD,DOB,SEX", "Child,Dob", "CHILD,DOB,UPN", "CHILD,SEX,DOB,ETHNIC,UPN,LOCAL_TEAM"],
)
def test_a_header_table_with_few_columns_gives_the_dates_of_birth(
    header: str, tmp_path: Path
) -> None:
    """No other table of the return has the child and the date of birth alone."""
    row = ",".join(
        {"CHILD": "K1", "DOB": "01/02/2015"}.get(one.upper(), "") for one in header.split(",")
    )
    (tmp_path / "header.csv").write_text(f"{header}\n{row}\n")
    (tmp_path / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\nK1,05/01/2026,S,C2,U4,,\n"
    )
    batch = SOURCE.read([tmp_path], today=date(2026, 11, 22))

    assert [(one.child_id, one.date_of_birth) for one in batch.children] == [
        ("K1", date(2015, 2, 1))
    ]
    assert not batch.refused


def test_dates_of_birth_are_never_left_out_without_a_word(tmp_path: Path) -> None:
    """A list that may be the Header table says what it needs; one of another table does not."""
    (tmp_path / "local.csv").write_text("CHILD,DOB,TEAM\nK1,01/02/2015,North\n")
    (tmp_path / "uasc.csv").write_text("CHILD,SEX,DOB,DUC\nK1,1,01/02/2015,\n")
    (tmp_path / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\nK1,05/01/2026,S,C2,U4,,\n"
    )
    batch = SOURCE.read([tmp_path], today=date(2026, 11, 22))
    said = [one for one in batch.warnings if "not read" in one]

    assert len(said) == 1
    assert said[0].startswith("local.csv: not read")
    assert "the columns CHILD, DOB, SEX, ETHNIC and UPN" in said[0]
    assert [one.date_of_birth for one in batch.children] == [None]


def test_a_mended_row_that_shows_no_table_is_not_passed_over(tmp_path: Path) -> None:
    """Alone, rows of the Header table need no further column; among others they do."""
    mend = tmp_path / "mend.csv"
    mend.write_text("CHILD,DOB,SEX,refused_from,refused_because\nK1,01/02/2015,,h.csv:2,x\n")
    alone = SOURCE.read([mend], today=date(2026, 11, 22))
    mend.write_text(
        "CHILD,DOB,SEX,REVIEW,REVIEW_CODE,refused_from,refused_because\n"
        "K1,01/02/2015,,,,h.csv:2,x\nK1,,,02/02/2026,PN1,r.csv:2,x\n"
    )

    assert [one.date_of_birth for one in alone.children] == [date(2015, 2, 1)]
    with pytest.raises(
        InputRefusedError, match="mend.csv: row 2 does not show which table it is from"
    ):
        SOURCE.read([mend], today=date(2026, 11, 22))
