"""Several files in one import are one change."""

import sqlite3
from pathlib import Path

import pytest

from running import piped as iro


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRO_DATABASE", "store.db")
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")


def _write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.csv").write_text(text, "utf-8")


def _listed() -> list[str]:
    return iro("child", "list", "-f", "csv").out.splitlines()[1:]


def test_undo_takes_the_whole_command_back() -> None:
    """One undo withdraws the children of every file."""
    _write(a="child_id\nA\n", b="child_id\nB\n")
    answer = iro("import", "children", "a.csv", "b.csv")

    assert answer.out.splitlines()[:2] == ["read: a.csv, 1 row", "read: b.csv, 1 row"]
    assert "added: 2 children" in answer.out
    assert "taken back: change 1, import children a.csv b.csv" in iro("undo").out
    assert _listed() == []


def test_refused_rows_are_not_counted_as_found() -> None:
    """A row about a child who is not known is refused, as one with a wrong date is."""
    _write(
        children="child_id\nV1\n",
        events="child_id,event,date\nV1,cla.start,2026-11-02\nV9,cla.start,2026-11-03\n",
        allocations="child_id,role,name,from,to\nV1,iro,Ada,2026-11-02,\nV9,iro,Ada,2026-11-02,\n",
    )
    iro("import", "children", "children.csv")
    for kind in ("events", "allocations"):
        told = iro("import", kind, f"{kind}.csv", "--skip-refused").out.splitlines()

        assert told[:2] == [f"read: {kind}.csv, 2 rows", f"found: {kind} 1"]


def test_a_later_file_says_what_holds_and_blanks_erase_nothing() -> None:
    """The result is as if the files were imported one after the other, with a message."""
    _write(
        a="child_id,team,label\nA,North,Ash\nB,North,\n",
        b="child_id,team,label\nA,South,\nB,North,\n",
    )
    answer = iro("import", "children", "a.csv", "b.csv")

    assert [row.split(",")[:2] for row in _listed()] == [["A", "Ash"], ["B", ""]]
    assert "South" in iro("child", "list", "-f", "csv").out
    assert (
        "rows that differ in a later one of these files (the later one was taken): 1" in answer.err
    )


def test_one_wrong_row_stores_nothing_of_any_file() -> None:
    """One wrong row stores nothing, and makes no store."""
    _write(a="child_id\nA\n", b="child_id,date_of_birth\nB,soon\n")
    answer = iro("import", "children", "a.csv", "b.csv")

    assert answer.code == 3
    assert "b.csv: row 2, column date_of_birth" in answer.err
    assert not Path("store.db").exists()


def test_an_import_cut_short_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of all files are stored in one transaction."""
    _write(a="child_id\nA\n", b="child_id\nB\n")
    assert iro("import", "children", "a.csv").code == 0
    with sqlite3.connect("store.db") as other:
        other.execute(
            "CREATE TRIGGER fail BEFORE INSERT ON child_detail WHEN NEW.child_id = 'C' "
            "BEGIN SELECT RAISE(ABORT, 'cut short'); END"
        )
    other.close()
    _write(c="child_id\nB\n", d="child_id\nC\n")

    assert iro("import", "children", "c.csv", "d.csv").code == 5
    assert [row.split(",")[0] for row in _listed()] == ["A"]


def test_skipped_rows_say_why_at_once() -> None:
    """The message has the first ten reasons, and the number of the others."""
    rows = "".join(f"C{number},soon\n" for number in range(12))
    _write(a=f"child_id,date_of_birth\nA,2015-05-01\n{rows}")
    lines = iro("import", "children", "a.csv", "--skip-refused").out.splitlines()
    start = lines.index("refused: 12 rows, left out:")

    assert lines[start + 1] == (
        "  a.csv: row 3, column date_of_birth: not a date: write 2026-11-02 or 02/11/2026 (day "
        "first) (soon)"
    )
    assert lines[start + 10].startswith("  a.csv: row 12,")
    assert lines[start + 11] == (
        "  and 2 more reasons; --refused FILE keeps every row with its reasons"
    )


def test_a_file_without_rows_is_named() -> None:
    """Of several files, too, one can see which to look at."""
    _write(hd="child_id,event,date\n", two="child_id,event,date\n")
    answer = iro("import", "events", "hd.csv", "two.csv")

    assert answer.code == 0
    assert "iro: hd.csv has a header and no rows: was it cut short?" in answer.err
    assert "iro: two.csv has a header and no rows: was it cut short?" in answer.err


def test_the_folder_itself_is_named() -> None:
    """A dot has no name of its own."""
    answer = iro("import", "events", ".")

    assert answer.code == 3
    assert answer.err.startswith("iro: . is a folder, not a file")
