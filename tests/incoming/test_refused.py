"""Write refused rows so that they can be mended."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import UsageError
from iro_cli.extracts.own import HAPPENED
from iro_cli.incoming.refused import Refused, write_refused

TODAY = date(2026, 11, 22)


def _refused(file: str, row: int, column: str = "a", **raw: str) -> Refused:
    return Refused(file, row, column, "", "is wrong", {"a": "1", **raw})


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_row_is_written_once_with_all_that_is_wrong(tmp_path: Path) -> None:
    """After the file's own columns come the row's place and the reasons."""
    path = tmp_path / "mend.csv"
    write_refused(path, [_refused("x.csv", 2, "a", b="=1"), _refused("x.csv", 2, "b", b="=1")])

    assert _read(path) == [
        ["a", "b", "refused_from", "refused_because"],
        ["1", "'=1", "x.csv:2", "a: is wrong; b: is wrong"],
    ]


def test_rows_of_several_tables_share_a_file(tmp_path: Path) -> None:
    """The file has the columns of all of them."""
    path = tmp_path / "mend.csv"
    write_refused(path, [_refused("episodes.csv", 2, b="2"), _refused("reviews.csv", 9, c="3")])

    assert _read(path) == [
        ["a", "b", "c", "refused_from", "refused_because"],
        ["1", "2", "", "episodes.csv:2", "a: is wrong"],
        ["1", "", "3", "reviews.csv:9", "a: is wrong"],
    ]


def test_nothing_refused_writes_a_header(tmp_path: Path) -> None:
    """So a script that looks for the file finds it."""
    path = tmp_path / "mend.csv"
    write_refused(path, [])

    assert _read(path) == [["refused_from", "refused_because"]]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The message comes before anything is replaced."""
    with pytest.raises(UsageError, match="--refused"):
        write_refused(tmp_path / "none" / "mend.csv", [_refused("x.csv", 2)])


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions on a file")
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    """The file has the same data as that of the children."""
    path = tmp_path / "mend.csv"
    write_refused(path, [_refused("x.csv", 2)])

    assert path.stat().st_mode & 0o077 == 0


def test_what_was_refused_is_mended_and_read(tmp_path: Path) -> None:
    """The added columns may stay; a row that was not mended is refused again."""
    path, mend = tmp_path / "events.csv", tmp_path / "mend.csv"
    path.write_text(
        "child_id,event,date,note\n"
        "A,cla.begin,2026-11-02,'=x\n"
        "B,cla.start,2026-11-02,a note, with a comma\n"
        "C,cla.start,2026-11-02,\n",
        "utf-8",
    )
    refused = HAPPENED.read([path], today=TODAY).refused
    write_refused(mend, refused)
    mend.write_text(mend.read_text("utf-8").replace("cla.begin", "cla.start"), "utf-8")
    batch = HAPPENED.read([mend], today=TODAY)

    assert [one.row for one in refused] == [2, 3]
    assert [(child, event.event, event.note) for child, event, _ in batch.facts] == [
        ("A", "cla.start", "=x")
    ]
    assert [one.row for one in batch.refused] == [3]
    assert batch.warnings == []
