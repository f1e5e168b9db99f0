"""What each export says about itself, and where it says that."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.conftest import Run
from iro_cli.safe import STARTS, guarded, unguarded


def test_json_says_it_beside_its_rows(store: Path, iro: Run) -> None:
    """The keys of the interface come first, and the rows last."""
    found = json.loads(iro("due", "-f", "json", "--within", "7d").out)
    digest = found.pop("catalogue")
    rows = found.pop("rows")
    program = found.pop("program")

    assert found == {
        "schema": 1,
        "as_of": "2025-02-10",
        "nation": "england",
        "bank_holidays": "england-and-wales",
        "bank_holidays_confirmed_to": "2028-12-31",
        "left_out": {"later": 5},
    }
    assert (len(digest), program.split()[0], len(rows)) == (16, "iro", 2)


def test_overdue_counts_what_has_no_date(store: Path, iro: Run) -> None:
    """Such a duty may be overdue."""
    assert json.loads(iro("overdue", "-f", "json").out)["left_out"] == {"without_date": 1}


def test_caseload_counts_what_has_no_date(store: Path, iro: Run) -> None:
    """It is open, and neither overdue nor due."""
    found = json.loads(iro("caseload", "-f", "json").out)

    assert found["left_out"] == {"open_without_date": 1, "met_not_judged": 0}
    assert sum(row["open"] for row in found["rows"]) == 7


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_rows_alone_have_it_beside_them(form: str, store: Path, iro: Run, home: Path) -> None:
    """--about writes a second file; the first is the same as without it."""
    expected = json.loads(iro("due", "-f", "json").out)
    del expected["rows"]
    iro("due", "-f", form, "-o", "listing", "--about")

    assert (home / "listing").read_bytes() == iro("due", "-f", form).out
    assert json.loads((home / "listing.about.json").read_text("utf-8")) == expected


def test_neither_of_the_two_is_written_alone(store: Path, iro: Run, home: Path) -> None:
    """If the second cannot be written, the first does not change."""
    (home / "listing").write_text("old")
    (home / "listing.about.json").mkdir()
    code, _, err = iro("due", "-f", "csv", "-o", "listing", "--about")

    assert (code, (home / "listing").read_text()) == (3, "old")
    assert "listing.about.json is a folder" in err


def test_markdown_says_it_at_its_end(store: Path, iro: Run) -> None:
    """It is a paragraph after the tables."""
    last = iro("due", "-f", "markdown").out.decode().splitlines()[-1]

    assert last.startswith("As of: Mon 10 Feb 2025. Nation: England. Made by: iro ")
    assert "Bank holidays: confirmed to 31 Dec 2028. Left out: nothing." in last


@pytest.mark.parametrize("form", ["xlsx", "html", "ics", "parquet"])
def test_a_document_is_written_whole_or_not_at_all(
    form: str, store: Path, iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If writing fails halfway, the old file stays and no half of a new one."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="NOT TESTED: `pip install pyarrow`")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (home / "listing").write_text("old")
    before = sorted(path.name for path in home.iterdir())
    code, out, err = iro("due", "-f", form, "-o", "listing")

    assert (code, out, (home / "listing").read_text()) == (3, b"", "old")
    assert "No space left on device" in err
    assert [name for name in sorted(path.name for path in home.iterdir()) if "part" in name] == []
    assert before


@pytest.mark.parametrize("form", ["xlsx", "html", "ics", "parquet"])
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such permissions on a file")
def test_only_its_owner_may_read_it(form: str, store: Path, iro: Run, home: Path) -> None:
    """The file has facts about children."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="NOT TESTED: `pip install pyarrow`")
    iro("due", "-f", form, "-o", "listing")

    assert (home / "listing").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="NOT TESTED: there are no pseudo-terminals here")
@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_binary_form_is_refused_on_a_terminal(form: str, store: Path) -> None:
    """A binary form needs a file or a pipe."""
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "iro_cli", "due", "-f", form],
        stdout=theirs,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    os.close(theirs)
    os.close(ours)

    assert done.returncode == 2
    assert f"give --output FILE.{form}" in done.stderr


def test_a_library_that_is_missing_is_named(
    store: Path, iro: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says how to install it, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "iro_cli.forms.parquet", raising=False)
    code, _, err = iro("due", "-f", "parquet", "-o", "listing")

    assert (code, (home / "listing").exists()) == (2, False)
    assert "pip install 'iro-cli[parquet]'" in err


@given(st.text(alphabet=st.sampled_from([*STARTS, "'", "a", "1", " ", ","]), max_size=6))
def test_every_text_comes_back(text: str) -> None:
    """A guarded text is no formula, and reading it removes the guard."""
    assert not guarded(text).startswith(STARTS)
    assert unguarded(guarded(text)) == text
