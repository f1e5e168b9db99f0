"""If anything is missing from an extract, no row becomes overdue by that without a mark."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuts import (
    EXAMPLES,
    GOOD,
    Cut,
    ask,
    asked_whole,
    cut_out,
    cuts_of,
    falsely_late,
    good,
    is_one_meeting,
    source_of,
)
from iro_cli.extracts import SOURCES, source_named

NAMES = sorted(path.name for path in GOOD.iterdir())
CUTS = {name: [cut for cut in cuts_of(good(name)) if not is_one_meeting(cut)] for name in NAMES}
SHARED = Path(__file__).parents[2].parent / "shared" / "data"
# Two months before the extract, its own day, and three months after it.
DAYS = ("2026-09-24", "2026-11-23", "2027-03-01")


def test_there_is_a_good_extract_of_every_source() -> None:
    """Every source that is an extract has one; our own files are no extract."""
    extracts = {name for name in SOURCES if source_named(name).is_extract}

    assert {source_of(name) for name in NAMES} == extracts


@pytest.mark.parametrize("name", NAMES)
def test_a_good_extract_has_something_late_and_most_of_it_in_time(name: str) -> None:
    """So a mark on everything, or no effect at all, would be noticed."""
    statuses = [row["status"] for row in asked_whole(name).rows.values() if not row["assumed"]]

    assert "overdue" in statuses
    assert statuses.count("later") + statuses.count("due-soon") >= 3


@given(
    st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(CUTS[name]))
    ),
    st.sampled_from(DAYS),
)
def test_nothing_becomes_late_by_what_is_missing(drawn: tuple[str, Cut], day: str) -> None:
    """
    A table, column, element or row is cut out of a good extract of every source.

    Left out are the rows that are each one meeting, and the elements that are there only where
    something ended: what no other row tells of cannot be seen to be missing.
    """
    name, cut = drawn

    after = ask(source_of(name), cut_out(good(name), cut), day)

    assert falsely_late(asked_whole(name, day), after) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_becomes_late_by_anything_that_is_missing(name: str) -> None:
    """Each single one is cut out, on the day of the extract."""
    files, whole = good(name), asked_whole(name)
    found = {
        cut: late
        for cut in CUTS[name]
        if (late := falsely_late(whole, ask(source_of(name), cut_out(files, cut))))
    }

    assert found == {}


# ---------------------------------------------------------------- the examples, and others' files


def _files(folder: Path) -> dict[str, str]:
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".csv", ".xml")]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8-sig") for path in paths}


def _broad(files: dict[str, str]) -> list[Cut]:
    """Return everything that can be cut out except single rows."""
    return [cut for cut in cuts_of(files) if cut.kind != "row" and not is_one_meeting(cut)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "folder"),
    [("cin-census", EXAMPLES / "cin-census"), ("cin-census", EXAMPLES / "reconcile"),
     ("ssd", EXAMPLES / "ssd"), ("ssda903", EXAMPLES / "ssda903")],
    ids=lambda one: str(one)[-12:],
)  # fmt: skip
def test_nothing_becomes_late_in_the_examples(source: str, folder: Path) -> None:
    """Each table, column and element of the examples is cut out."""
    if not folder.is_dir():
        pytest.skip(f"NOT TESTED: there is no {folder.name} beside the repository")
    files = _files(folder)
    whole = ask(source, files)
    assert whole is not None
    found = {
        cut: late
        for cut in _broad(files)
        if (late := falsely_late(whole, ask(source, cut_out(files, cut))))
    }

    assert found == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [EXAMPLES / "annex-a" / "annex-a.xlsx", SHARED / "annex-a" / "annexa_example.xlsx"],
    ids=lambda one: one.name,
)
def test_nothing_becomes_late_by_a_sheet_or_column_that_a_workbook_lacks(path: Path) -> None:
    """A list, a column, and a row that belongs to no child are cut out."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    if not path.is_file():
        pytest.skip(f"NOT TESTED: there is no {path.name} beside the repository")
    whole = ask("annex-a", {path.name: path.read_bytes()})
    assert whole is not None
    book = openpyxl.load_workbook(path)
    places = [(sheet.title, place) for sheet in book for place in range(sheet.max_column + 1)]
    found = {
        place: late
        for place in places
        if (late := falsely_late(whole, ask("annex-a", {path.name: _without(path, *place)})))
    }

    assert found == {}


def _without(path: Path, title: str, column: int) -> bytes:
    """Return a workbook without a column of a sheet; without the sheet if the column is 0."""
    import openpyxl  # noqa: PLC0415 - each worker imports this file

    book = openpyxl.load_workbook(path)
    if column:
        book[title].delete_cols(column)
    elif len(book.sheetnames) > 1:
        del book[title]
    written = BytesIO()
    book.save(written)
    return written.getvalue()
