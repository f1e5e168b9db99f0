"""SSDA903 returns in the Department's XML, and returns of several years."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssda903 import SOURCE
from iro_cli.facts.model import Child, Event
from iro_cli.incoming.refused import write_refused
from iro_cli.store.kinds import UNSAID
from running import each
from stores import put, reading
from strategies import examples

TODAY = date(2026, 11, 22)
EXAMPLES = Path(__file__).parents[2] / "examples" / "extracts" / "ssda903"


def _read(*paths: Path, today: date = TODAY) -> Batch:
    return SOURCE.read(paths, today=today)


def _child(*episodes: str, child: str = "0042", extra: str = "") -> str:
    """Write a child; an episode is ``DECOM RNE LS PL DEC REC``."""
    found = []
    for episode in episodes:
        begins, new, status, place, *end = episode.split()
        ends, ceased = end or ("", "")
        found.append(
            f"<EPISODE><DECOM>{begins}</DECOM><RNE>{new}</RNE><LS>{status}</LS><CIN>N1</CIN>"
            f"<PL>{place}</PL><DEC>{ends}</DEC><REC>{ceased}</REC></EPISODE>"
        )
    text = "\n".join(found)
    return (
        f"<CHILD><HEADER><CHILDID>{child}</CHILDID><SEX>1</SEX><DOB>01/06/2015</DOB>"
        f"<ETHNIC>WBRI</ETHNIC><UPN/>{extra}</HEADER>\n{text}</CHILD>\n"
    )


def _review(on: str, code: str = "PN1") -> str:
    return f"<AREVIEW><REVIEW>{on}</REVIEW><REVIEW_CODE>{code}</REVIEW_CODE></AREVIEW>"


def _write(folder: Path, *children: str, name: str = "return.xml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"<EXPSSDA903>\n{''.join(children)}</EXPSSDA903>")
    return path


def _spans(batch: Batch) -> list[tuple[str, str, str | None]]:
    return [
        (event.event, event.on.strftime("%d/%m/%Y"), event.reason)
        for _, event, _ in batch.facts
        if event.event != "placement.start"
    ]


# ---------------------------------------------------------------- the XML


def test_a_child_of_the_xml(tmp_path: Path) -> None:
    """Episodes and reviews give the same facts as the CSV, each with its line."""
    path = _write(
        tmp_path,
        _child(
            "05/01/2026 S C2 U1 02/03/2026 X1", "02/03/2026 B E1 A6",
            extra=_review("30/01/2026") + _review("24/03/2026", "PN3"),
        ),
    )  # fmt: skip
    batch = _read(tmp_path)

    assert batch.facts == _read(path).facts == [
        ("0042", Event("cla.start", date(2026, 1, 5)), "return.xml:3"),
        ("0042", Event("placement.start", date(2026, 1, 5)), "return.xml:3"),
        ("0042", Event("placement.start", date(2026, 3, 2)), "return.xml:4"),
        ("0042", Event("adoption.placed", date(2026, 3, 2)), "return.xml:4"),
        ("0042", Event("cla.review", date(2026, 1, 30), participation="PN1"), "return.xml:2"),
        ("0042", Event("adoption.review", date(2026, 3, 24), participation="PN3"), "return.xml:2"),
    ]  # fmt: skip
    assert batch.children == [Child("0042", date_of_birth=date(2015, 6, 1))]
    assert batch.read == {
        "return.xml, HEADER": 1, "return.xml, EPISODE": 2, "return.xml, AREVIEW": 2,
        "return.xml, AD1": 0, "return.xml, AD_PLACED": 0,
    }  # fmt: skip
    since = "the last return is of the year to 31 Mar 2026: what happened from then to 22 Nov 2026"
    assert (batch.refused, batch.source) == ([], "ssda903")
    assert batch.warnings == [f"{since} is not known"]


@pytest.mark.parametrize("written", ["9001", "9001.0", "9001.00", "\u200b9001"])
def test_a_refused_row_is_about_the_child_as_stored(tmp_path: Path, written: str) -> None:
    """However the id is written, a date that depends on the row is not known."""
    extra = _review("10/06/2026") + _review("12/08/2026", "XX")
    _write(tmp_path, _child("26/05/2026 S C2 U1", "26/05/2026 L V2 U1", child=written, extra=extra))
    batch = _read(tmp_path)
    put(tmp_path / "a.db", batch, skip_refused=True)
    with reading(tmp_path / "a.db") as reader:
        unsaid = reader.records(UNSAID)

    assert [(one.column, one.about) for one in batch.refused] == [
        ("DECOM", "9001"), ("REVIEW_CODE", "9001")
    ]  # fmt: skip
    assert [one.refused for one in unsaid if one.refused] == [("return.xml:2", "return.xml:4")]
    assert {one.child_id for one in unsaid} == {"9001"}


def test_another_place_in_the_xml_is_a_line(tmp_path: Path) -> None:
    """XML has no rows, so a message names both elements by their lines."""
    extra = _review("10/06/2026") + "\n" + _review("10/06/2026", "PN3")
    _write(tmp_path, _child("26/05/2026 S C2 U1", "26/05/2026 L V2 U1", extra=extra))
    batch = _read(tmp_path)
    told = [str(one).partition(" (")[0].removeprefix("return.xml: ") for one in batch.refused]

    assert told == [
        "line 5, child 0042, element DECOM: line 4 has another episode of the child from the same day",
        "line 3, child 0042, element REVIEW_CODE: line 2 of return.xml has PN1 for a review the same day",
    ]  # fmt: skip


@each("child, row, column, says", [
        (_child("31/02/2026 S C2 U1"), 3, "DECOM", "there is no day"),
        (_child("05/01/2026 S V9 U1"), 3, "LS", "must be one of"),
        (_child("05/01/2026 S C2 U1", extra=_review("")), 2, "REVIEW", "rule 166"),
        (_child("05/01/2026 S C2 U1", extra=_review("30/01/2026", "PN9")), 2, "REVIEW_CODE", "167"),
        (_child(extra=_review("30/01/2026")), 2, "CHILD", "rule 1012"),
        (_child("05/01/2026 S V4 U1", extra=_review("30/01/2026")), 2, "CHILD", "rule 399"),
        (_child(child=" "), 2, "CHILD", "missing"),
        (_child(extra="<DOB>01/06/2027</DOB>").replace("<DOB>01/06/2015</DOB>", ""), 2, "DOB",
         "future"),
    ])  # fmt: skip
def test_what_is_wrong_in_the_xml_is_refused(
    tmp_path: Path, child: str, row: int, column: str, says: str
) -> None:
    """The refusal has the line, and the rules of the CSV apply."""
    _write(tmp_path, child)
    found = [one for one in _read(tmp_path).refused if one.column == column]

    assert [(one.file, one.row) for one in found] == [("return.xml", row)]
    assert says in found[0].reason


def test_a_refused_element_is_mended_as_a_row(tmp_path: Path) -> None:
    """It is written with the columns of the CSV."""
    _write(tmp_path / "return", _child("05/01/2026 S C2 U1", extra=_review("")))
    batch = _read(tmp_path / "return")
    mend = tmp_path / "mend.csv"
    write_refused(mend, batch.refused)
    mend.write_text(mend.read_text("utf-8-sig").replace("0042,,PN1", "0042,30/01/2026,PN1"))
    mended = _read(tmp_path / "return", mend)

    assert ("cla.review", "30/01/2026", None) in _spans(mended)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<EXPSSDA903><CHILD>", "the file ends in the middle"),
        ("<!DOCTYPE a><EXPSSDA903/>", "document type"),
        ("", "is empty"),
    ],
)
def test_a_damaged_xml_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """The whole file is refused, also in a folder."""
    (tmp_path / "return.xml").write_text(text)
    with pytest.raises(InputRefusedError, match="return.xml") as caught:
        _read(tmp_path)

    assert says in str(caught.value)


def test_another_xml_is_left_in_a_folder_and_refused_by_name(tmp_path: Path) -> None:
    """A census in the folder is no return."""
    _write(tmp_path, _child("05/01/2026 S C2 U1"))
    other = tmp_path / "census.xml"
    other.write_text("<Message/>")

    assert _read(tmp_path).warnings[0] == (
        "census.xml: its first element is <Message>: it is not an SSDA903 return, and was not read"
    )
    with pytest.raises(InputRefusedError, match="iro import cin-census"):
        _read(other)


GOOD = f"<EXPSSDA903>{_child('05/01/2026 S C2 U1', extra=_review('30/01/2026'))}</EXPSSDA903>"


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=6),
    st.integers(0, len(GOOD)),
)
@examples(200)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]], end: int
) -> None:
    """Any damage gives a refusal at most."""
    data = bytearray(GOOD.encode())
    for place, piece in changes:
        data[place : place + 1] = piece
    path = tmp_path_factory.mktemp("fuzz") / "return.xml"
    path.write_bytes(bytes(data[: end or None]))
    try:
        batch = _read(path)
    except InputRefusedError as error:
        batch, message = Batch(), str(error)
    else:
        message = "return.xml"

    assert "return.xml" in message
    assert len(batch.children) <= 1


# ---------------------------------------------------------------- several years


def test_a_return_covers_its_year(tmp_path: Path) -> None:
    """The latest day that has come gives the year; the current year is covered to today."""
    _write(tmp_path / "old", _child("05/01/2025 S C2 U1", extra=_review("31/03/2025")))
    _write(tmp_path / "new", _child("05/01/2025 S C2 U1", extra=_review("01/04/2026")))
    covers = _read(tmp_path / "old", tmp_path / "new").covers

    assert [(one.begins, one.ends, one.everyone) for one in covers] == [
        (date(2024, 4, 1), date(2025, 3, 31), True), (date(2026, 4, 1), TODAY, True)
    ]  # fmt: skip


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_two_years_in_one_folder_are_merged(tmp_path: Path, names: str) -> None:
    """The days decide which is the later, and not the name."""
    first, second = (f"{name}.xml" for name in names)
    _write(
        tmp_path,
        _child("05/01/2025 S C2 U1 01/03/2025 E8", extra=_review("30/01/2025")),
        name=first,
    )
    _write(
        tmp_path,
        _child(
            "05/01/2025 S C2 U1 02/03/2025 E8", "01/06/2025 S C2 U1", extra=_review("27/06/2025")
        ),
        name=second,
    )
    batch = _read(tmp_path)

    assert _spans(batch) == [
        ("cla.start", "05/01/2025", None), ("cla.end", "02/03/2025", "E8"),
        ("cla.start", "01/06/2025", None),
        *sorted(
            [("cla.review", "30/01/2025", None), ("cla.review", "27/06/2025", None)],
            reverse=names == "ab",
        ),
    ]  # fmt: skip
    assert batch.refused == []
    assert batch.warnings[:-1] == [
        "episodes that a later return ends or changes (the later one was taken): 1"
    ]
    assert batch.warnings[-1].startswith("the last return is of the year to 31 Mar 2026")


def test_one_year_twice_with_contradictions_is_refused(tmp_path: Path) -> None:
    """Neither is the later; what agrees is read once."""
    _write(tmp_path, _child("05/01/2026 S C2 U1 02/03/2026 E8"), name="a.xml")
    _write(tmp_path, _child("05/01/2026 S C2 U1 03/03/2026 E8"), name="b.xml")
    batch = _read(tmp_path)
    (refused,) = batch.refused

    assert (refused.file, refused.column) == ("b.xml", "DECOM")
    assert "a.xml" in refused.reason
    assert "both are of the year from 2025-04-01" in refused.reason


def test_the_same_return_as_csv_and_xml_is_one(tmp_path: Path) -> None:
    """They are read as one return if they agree."""
    _write(tmp_path, _child("05/01/2026 S C2 U1"))
    (tmp_path / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,PLACE,DEC,REC\n0042,05/01/2026,S,C2,U1,,\n"
    )
    batch = _read(tmp_path)

    assert _spans(batch) == [("cla.start", "05/01/2026", None)]
    assert batch.refused == []


def test_years_in_folders_may_be_named_in_any_order(tmp_path: Path) -> None:
    """The later year corrects the earlier."""
    old = _write(tmp_path / "old", _child("05/01/2025 S C2 U1 01/03/2025 E8")).parent
    new = _write(
        tmp_path / "new", _child("05/01/2025 S C2 U1 02/03/2025 E8", "01/06/2025 S C2 U1")
    ).parent

    assert _spans(_read(old, new)) == _spans(_read(new, old))
    assert ("cla.end", "02/03/2025", "E8") in _spans(_read(new, old))


def test_moving_a_file_changes_no_fact(tmp_path: Path) -> None:
    """So reading a moved file again adds nothing."""
    path = _write(tmp_path, _child("05/01/2026 S C2 U1", extra=_review("30/01/2026")))
    (tmp_path / "else").mkdir()
    moved = tmp_path / "else" / "other.xml"
    shutil.copy(path, moved)

    assert [one[:2] for one in _read(path).facts] == [one[:2] for one in _read(moved).facts]


def test_the_example_is_read_whole() -> None:
    """The example has a year of CSV files and a year of XML."""
    batch = _read(EXAMPLES / "2025-26", EXAMPLES / "2026-27.xml", today=date(2026, 11, 23))

    assert len(batch.children) == 7
    assert batch.refused == []
    assert batch.warnings == [
        (
            "a return does not carry reviews of short breaks (children who have any: 1), so "
            "whether they were held is not known"
        )
    ]
    assert [(one.begins and one.begins.year, one.ends) for one in batch.covers] == [
        (2025, date(2026, 3, 31)), (2026, date(2026, 11, 23))
    ]  # fmt: skip
