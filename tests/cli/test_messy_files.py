"""Files as authorities really have them: what is read, and which messages appear."""

import os
import threading
from pathlib import Path

import pytest

from running import Answer, each
from running import piped as iro

CARE = (
    "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After\n"
)
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRO_DATABASE", "store.db")
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")


def _children(*ids: str) -> None:
    Path("children.csv").write_text("\n".join(["child_id", *ids]))
    assert iro("import", "children", "children.csv").code == 0


def _import(source: str, name: str, text: str | bytes, *options: str) -> Answer:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return iro("import", source, name, *options)


def _due() -> list[tuple[str, str]]:
    rows = iro("due", "--all", "-f", "json").rows()
    return sorted((row["child"], row["due"]) for row in rows)


def _listed() -> list[str]:
    return [row.split(",")[0] for row in iro("child", "list", "-f", "csv").out.splitlines()[1:]]


def test_rows_that_end_early() -> None:
    """The missing cells at the end of a row are blank."""
    _children("WREN", "TIT")
    answer = _import(
        "events", "e.csv", "child_id,event,date,reason,note\nWREN,cla.start,05/10/2026\nTIT,cla.start,06/10/2026,,\n"
    )  # fmt: skip

    assert answer.code == 0
    assert _due() == [("TIT", "2026-11-03"), ("WREN", "2026-11-02")]


def test_an_american_column_is_not_stored_without_a_word() -> None:
    """A cell may be 4 October or 10 April; the other rows of the column show that it is October."""
    _children("WREN", "TIT", "OWL")
    rows = "WREN,cla.start,10/04/2026\nTIT,cla.start,10/19/2026\nOWL,cla.start,2026-10-05\n"
    text = f"child_id,event,date\n{rows}"
    refused = _import("events", "e.csv", text)
    answer = _import("events", "e.csv", text, "--skip-refused")

    assert refused.code == 3
    assert "row 2, column date: may be 10 Apr 2026 or 4 Oct 2026" in refused.err
    assert [line.split(":")[0] for line in answer.out.splitlines() if line[:2] == "  "] == [
        "  e.csv"
    ] * 2
    assert _due() == [("OWL", "2026-11-02")]


@each("written", ["2026-10-05 00:00:00.000", "05-OCT-2026", "05/10/2026 14:30", "5 October 2026",
     "2026-10-05T14:30:00", "05.10.2026", "2026/10/05", "Oct  5 2026 12:00AM"])  # fmt: skip
@each("source", ["events", "annex-a", "ssda903", "ssd"])
def test_a_date_is_read_alike_in_every_source(source: str, written: str) -> None:
    """Dates as databases, diaries and spreadsheets write them are read, with or without a time."""
    text = {
        "events": f"child_id,event,date\nWREN,cla.start,{written}\n",
        "annex-a": f"{CARE}WREN,,{written},C2,,\n",
        "ssda903": f"{EPISODES}WREN,{written},S,C2,N1,U6,PR1,,\n",
        "ssd": "clae_person_id,clae_cla_episode_start_date,clae_cla_episode_ceased_date,"
        f"clae_cla_episode_start_reason\nWREN,{written},,S\n",
    }[source]
    if source == "events":
        _children("WREN")

    assert _import(source, "in.csv", text).code == 0
    (first,) = iro("due", "--all", "-f", "json").rows()
    assert (first["child"], first["clock_started"]) == ("WREN", "2026-10-05")


def test_an_id_that_excel_shortened_is_refused() -> None:
    """This holds for CSV and for workbooks."""
    answer = _import("children", "c.csv", "child_id\n4.00012E+11\n")

    assert answer.code == 3
    assert "Excel has shortened this id and lost its last figures" in answer.err


def test_a_number_with_a_point_is_the_child_it_was() -> None:
    """Last month's column had no blank cell, and so its ids had no point."""
    _import("annex-a", "one.csv", f"{CARE}4001,,05/10/2026,C2,,\n4002,,05/10/2026,C2,,\n")
    answer = _import("annex-a", "two.csv", f"{CARE}4001.0,,05/10/2026,C2,,\n4002.0,,05/10/2026,C2,,\n")  # fmt: skip

    assert "two.csv, Child Unique ID: ids written as 9001.0, read as 9001: 2" in answer.err
    assert _listed() == ["4001", "4002"]


def test_ids_that_look_alike_are_findings_across_sources() -> None:
    """The import of the second id warns, and doctor reports it from then on."""
    _import("ssda903", "episodes.csv", f"{EPISODES}04001,05/10/2026,S,C2,N1,U6,PR1,,\n")
    answer = _import("annex-a", "list.csv", f"{CARE}4001,,05/10/2026,C2,,\n")
    found = [row for row in iro("doctor", "-f", "json").rows() if row["check"] == "id-alike"]

    assert "4001 and 04001 differ only by case, spaces, leading zeros or a .0" in answer.err
    assert [row["child"] for row in found] == ["4001"]
    assert "the id differs from 04001 only by" in found[0]["message"]


def test_a_total_at_the_foot_is_no_child() -> None:
    """It is refused with its reason, and the children are stored."""
    answer = _import("children", "c.csv", "child_id,team\nWREN,North\nGrand Total,1\n")

    assert answer.code == 0
    assert "c.csv: row 3, column child_id: is a total" in answer.out
    assert _listed() == ["WREN"]


def test_a_hidden_sheet_is_not_read() -> None:
    """The sheet is named, and a child who is only there is not stored."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.Workbook()
    for title, child, started in (
        ("List 8", "WREN", "05/10/2026"),
        ("List 8 old", "OWL", "01/02/2020"),
    ):
        sheet = book.create_sheet(title)
        sheet.append(CARE.strip().split(","))
        sheet.append([child, None, started, "C2", None, None])
    del book["Sheet"]
    book["List 8 old"].sheet_state = "veryHidden"
    book.save("a.xlsx")
    answer = iro("import", "annex-a", "a.xlsx")

    assert "a.xlsx: not read, because it is hidden: the sheet List 8 old" in answer.err
    assert _listed() == ["WREN"]


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ("child_id;label\r\nWREN;Zo\u00eb\r\n".encode("cp1252"), "as Windows-1252 and with semicolons between the cells: look at the letters with accents"),
        ("child_id\tlabel\r\nWREN\tZo\u00eb\r\n".encode("utf-16"), "as UTF-16 (Unicode Text) and with tabs"),
        ("sep=;\r\nchild_id;label\r\nWREN;Zo\u00eb\r\n".encode("utf-8-sig"), "as its first line says"),
    ],
)  # fmt: skip
def test_what_excel_saves_by_itself_is_read(data: bytes, taken: str) -> None:
    """A warning says how the file was read."""
    answer = _import("children", "c.csv", data)

    assert answer.code == 0
    assert f"{taken}" in answer.err
    assert "Zo\u00eb" in iro("child", "list", "-f", "csv").out


def test_elements_that_nobody_knows_are_named_with_their_count() -> None:
    """A review date under another name is reported."""
    plan = (
        "<ChildProtectionPlans><CPPstartDate>2026-01-12</CPPstartDate><Reviews>"
        "<CPPreview>2026-04-02</CPPreview><CPPreview>2026-09-03</CPPreview></Reviews>"
        "</ChildProtectionPlans>"
    )
    answer = _import(
        "cin-census",
        "census.xml",
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><ReferenceDate>2027-03-31"
        "</ReferenceDate></CollectionDetails></Header><Children><Child><ChildIdentifiers><LAchildID>"
        f"WREN</LAchildID></ChildIdentifiers><CINdetails>{plan}</CINdetails></Child></Children>"
        "</Message>",
    )

    assert (
        "census.xml: not read, because no column or element of this name is known: CPPreview, 2 "
        "times" in answer.err
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in the file system")
def test_what_comes_through_a_pipe_is_read_and_read_again() -> None:
    """After a date that can only be month first, the rows are read again from the start."""
    _children("WREN", "OWL")
    os.mkfifo("pipe")

    def through(*rows: str) -> Answer:
        text = "\n".join(["child_id,event,date", *rows])
        writer = threading.Thread(target=Path("pipe").write_text, args=(text,))
        writer.start()
        answer = iro("import", "events", "pipe")
        writer.join()
        return answer

    bad = through("WREN,cla.start,10/04/2026", "OWL,cla.start,10/19/2026")
    good = through("WREN,cla.start,05/10/2026")

    assert bad.code == 3
    assert "pipe: row 2, column date: may be 10 Apr 2026 or 4 Oct 2026" in bad.err
    assert good.code == 0
    assert _due() == [("WREN", "2026-11-02")]
