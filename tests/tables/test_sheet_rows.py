"""Our own files as workbooks: what was exported comes back unchanged."""

from pathlib import Path

import openpyxl
import pytest

from iro_cli.__main__ import run
from iro_cli.errors import InputRefusedError
from iro_cli.tables.tabular import Table

CHILDREN = (
    "child_id,label,date_of_birth,team,sibling_group\n"
    "00101,=1+1,2015-03-01,@North,-9\n"
    'B 2,\'tis Wren,,+44,"a, b"\n'
    "00B3,\u00c9lise <b>,2016-02-29,,\n"
)


def _listed(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run(["child", "list", "-f", "csv"]) == 0
    return capsys.readouterr().out


def test_a_listing_as_a_workbook_is_read_back_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ids with their zeros, dates as dates, and cells that begin like a formula."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")
    Path("children.csv").write_text(CHILDREN, "utf-8")
    monkeypatch.setenv("IRO_DATABASE", "one.db")
    assert run(["import", "children", "children.csv"]) == 0
    before = _listed(capsys)
    assert run(["child", "list", "-f", "xlsx", "-o", "children.xlsx"]) == 0
    monkeypatch.setenv("IRO_DATABASE", "two.db")

    assert run(["import", "children", "children.xlsx"]) == 0
    assert _listed(capsys) == before


def test_a_workbook_with_two_sheets_of_rows_is_refused(tmp_path: Path) -> None:
    """Only the user knows which is meant."""
    path = tmp_path / "children.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["child_id"])
    book.create_sheet("More").append(["child_id"])
    book.save(path)

    with pytest.raises(InputRefusedError, match=r"children.xlsx has 2 sheets \(Sheet, More\)"):
        Table(path)
