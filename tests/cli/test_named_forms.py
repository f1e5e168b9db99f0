"""The ending of a file's name gives its form, and must not contradict the form asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iro_cli.forms import FORMS, form

Run = Callable[..., tuple[int, str, str]]
# How files of each form begin, as programs that open them look at it.
STARTS = {
    "table": "Mon 10 Feb 2025",
    "csv": "child,timescale",
    "json": '{\n "schema"',
    "jsonl": '{"child"',
    "markdown": "**Mon 10 Feb 2025",
    "html": "<!doctype html",
    "ics": "BEGIN:VCALENDAR",
    "xlsx": "PK",
}


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("case", [str.lower, str.upper], ids=["small", "capitals"])
def test_the_ending_says_the_form(
    name: str, case: Callable[[str], str], store: Path, iro: Run, home: Path
) -> None:
    """Capitals do not matter, and the same form may also be given as an option."""
    file = f"late.{case(form(name).ending)}"
    code, out, err = iro("due", "-o", file)
    named = (home / file).read_bytes()
    again = iro("due", "-f", name, "-o", file)
    start = named[:60].decode("utf-8", "replace").casefold()

    assert (code, out, err) == (0, "", "")
    assert again[0] == 0
    assert start.lstrip("\ufeff").startswith(STARTS[name].casefold())


def test_every_form_has_an_ending_of_its_own() -> None:
    """No two forms share an ending."""
    endings = [form(name).ending for name in FORMS]

    assert len(set(endings)) == len(FORMS)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("due", "-o", "late.csv", "-f", "json"), "names a file of the form csv"),
        (("due", "-o", "late.txt", "-f", "csv"), "names a file of the form table"),
        (("due", "-o", "late.docx"), "`iro due` writes no .docx files"),
        (("due", "-o", "late.pdf"), "`iro due` writes no .pdf files"),
        (("caseload", "-o", "late.ics"), "`iro caseload` writes no .ics files"),
        (("report", "annual", "-o", "year.xlsx"), "`iro report annual` writes no .xlsx files"),
        (("-o", "late.pdf"), "`iro due` writes no .pdf files"),
    ],
)
def test_another_ending_is_refused(
    argv: tuple[str, ...], said: str, store: Path, iro: Run, home: Path
) -> None:
    """Nothing is written, whatever the form would have been."""
    before = sorted(home.iterdir())
    code, out, err = iro(*argv)

    assert (code, out) == (2, "")
    assert said in err
    assert sorted(home.iterdir()) == before


@pytest.mark.parametrize("file", ["late", "late.2025-02", "late.d/list"])
def test_a_name_without_an_ending_says_nothing(
    file: str, store: Path, iro: Run, home: Path
) -> None:
    """Without an ending the form is a table, as on standard output."""
    (home / "late.d").mkdir()
    code, _, _ = iro("due", "-o", file)

    assert code == 0
    assert (home / file).read_text() == iro("due")[1]


def test_whoever_says_the_form_may_call_the_file_anything(
    store: Path, iro: Run, home: Path
) -> None:
    """An ending that belongs to no form contradicts none."""
    code, _, _ = iro("due", "-f", "csv", "-o", "late.part")

    assert code == 0
    assert (home / "late.part").read_text() == iro("due", "-f", "csv")[1]


def test_what_goes_with_a_form_goes_with_its_ending(store: Path, iro: Run, home: Path) -> None:
    """``--about`` and ``--excel`` need no ``--format csv`` if the file is ``late.csv``."""
    code, _, err = iro("due", "-o", "late.csv", "--about", "--excel")

    assert (code, err) == (0, "")
    assert (home / "late.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert (home / "late.csv.about.json").exists()
    assert iro("digest", "-o", "mail.html")[0] == 0


@pytest.mark.slow
def test_a_report_is_the_document_that_its_name_says(store: Path, iro: Run, home: Path) -> None:
    """``q4.docx`` is a Word document."""
    pytest.importorskip("docx", reason="NOT TESTED: `pip install python-docx`")
    code, _, _ = iro("report", "quarterly", "-o", "q4.docx")

    assert code == 0
    assert (home / "q4.docx").read_bytes()[:2] == b"PK"
    assert iro("report", "quarterly", "-o", "q4.json")[0] == 0
    assert (home / "q4.json").read_text().startswith("{")
