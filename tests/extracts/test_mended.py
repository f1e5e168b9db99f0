"""Refused rows of a return are mended and imported."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.importing import ImportRefusedError
from iro_cli.extracts.ssda903 import SOURCE
from iro_cli.incoming.refused import write_refused
from stores import put, reading

TODAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a return in which the second review has no date."""
    made = tmp_path / "return"
    made.mkdir()
    (made / "header.csv").write_text("CHILD,SEX,DOB,ETHNIC,UPN\nK1,1,01/02/2015,WBRI,\n")
    (made / "episodes.csv").write_text("CHILD,DECOM,RNE,LS,DEC,REC\nK1,05/01/2026,S,C2,,\n")
    (made / "reviews.csv").write_text(
        "CHILD,DOB,REVIEW,REVIEW_CODE\nK1,01/02/2015,30/01/2026,PN1\nK1,01/02/2015,,PN2\n"
    )
    return made


def _reviews(store: Path) -> list[date]:
    reader = reading(store)
    found = [
        event.on
        for _, events in reader.cases(TODAY)
        for event in events
        if event.event == "cla.review"
    ]
    reader.close()
    return found


def _mended(folder: Path, text: str) -> Path:
    batch = SOURCE.read([folder], today=TODAY)
    path = folder.parent / "mend.csv"
    write_refused(path, batch.refused)
    path.write_text(
        path.read_text("utf-8-sig").replace("01/02/2015,,PN2", f"01/02/2015,{text},PN2")
    )
    return path


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the return"])
def test_a_mended_row_is_imported(folder: Path, *, beside: bool) -> None:
    """It is imported alone after the rest, or together with its return."""
    store = folder.parent / "a.db"
    put(store, SOURCE.read([folder], today=TODAY), skip_refused=True)
    paths = [folder, _mended(folder, "28/04/2026")] if beside else [_mended(folder, "28/04/2026")]
    put(store, SOURCE.read(paths, today=TODAY), skip_refused=True)

    assert _reviews(store) == [date(2026, 1, 30), date(2026, 4, 28)]


def test_a_mended_review_needs_care_in_the_store(folder: Path) -> None:
    """A review of a child without a period of care in the store is refused again."""
    store = folder.parent / "a.db"
    mended = _mended(folder, "28/04/2026")
    (folder / "episodes.csv").write_text("CHILD,DECOM,RNE,LS,DEC,REC\n")
    (folder / "reviews.csv").unlink()
    put(store, SOURCE.read([folder], today=TODAY))
    with pytest.raises(ImportRefusedError, match="rule 1012"):
        put(store, SOURCE.read([mended], today=TODAY))

    assert _reviews(store) == []


def test_an_episode_is_mended_in_a_sheet_beside_two_returns(folder: Path) -> None:
    """The sheet is in no return's folder, but its row belongs to the return it came from."""
    import xlsxwriter  # noqa: PLC0415 - each worker imports this file

    later = shutil.copytree(folder, folder.parent / "later")
    (folder / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,DEC,REC\nK1,05/01/2025,S,XX,01/03/2025,E11\n"
    )
    refused = SOURCE.read([folder], today=TODAY).refused[0]
    book = xlsxwriter.Workbook(folder.parent / "mend.xlsx")
    sheet = book.add_worksheet("S")
    for column, (name, text) in enumerate({**refused.raw, "refused_because": "x"}.items()):
        sheet.write_column(0, column, [name, "C2" if name == "LS" else text])
    book.close()
    batch = SOURCE.read([folder, later, folder.parent / "mend.xlsx"], today=TODAY)

    assert [(child, event.event, event.on) for child, event, _ in batch.facts if child == "K1"][
        :2
    ] == [("K1", "cla.start", date(2025, 1, 5)), ("K1", "placement.start", date(2025, 1, 5))]
