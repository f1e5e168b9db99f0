"""``iro overdue --per-iro-folder`` writes a file for each IRO and changes no other file."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.cli import per_iro
from iro_cli.cli.output import write_listing
from iro_cli.cli.per_iro import OURS, file_stem
from iro_cli.cli.settings import Settings
from iro_cli.errors import InputRefusedError
from iro_cli.forms.listing import Export
from running import Answer
from strategies import letters

Run = Callable[..., Answer]
EVE = f"{file_stem(chr(46) * 2 + '/<b>Eve</b> & O' + chr(39) + 'Neill')}.csv"


def held(folder: Path) -> dict[str, bytes]:
    """Return the content of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def children(path: Path) -> list[str]:
    """Return the children that a file lists, read by the standard library."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["child"] for row in csv.DictReader(file)]


def test_a_file_for_each(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """Each file has one IRO's overdue reviews, one has the unallocated; nothing is printed."""
    assert iro("overdue", "--per-iro-folder", "out") == (0, "", "")
    out = tmp_path / "out"

    assert {OURS, "Ann-Example.csv", EVE, "_unallocated.csv"} == set(held(out))
    assert [["A-001"], ["A-005"], ["A-006"]] == [
        children(out / name) for name in ("Ann-Example.csv", EVE, "_unallocated.csv")
    ]


def test_the_rows_are_those_of_overdue(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """In each form, the files together have the rows of `iro overdue`."""
    for form in ("csv", "jsonl"):
        _, listed, _ = iro("overdue", "-f", form)
        iro("overdue", "--per-iro-folder", form, "-f", form)
        texts = [path.read_text("utf-8") for path in (tmp_path / form).glob(f"*.{form}")]
        lines = [line for text in texts for line in text.splitlines()]

        assert set(listed.splitlines()) == set(lines)


@pytest.mark.parametrize(
    ("form", "ending"),
    [("table", "txt"), ("json", "json"), ("markdown", "md"), ("jsonl", "jsonl")],
)
def test_every_form(form: str, ending: str, fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """The ending of a file shows its form."""
    assert iro("overdue", "--per-iro-folder", "out", "-f", form).code == 0
    assert "A-001" in (tmp_path / "out" / f"Ann-Example.{ending}").read_text("utf-8")


def test_excel(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """`--excel` applies to the files."""
    iro("overdue", "--per-iro-folder", "out", "--excel", "-f", "csv")

    assert (tmp_path / "out" / "Ann-Example.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_exit_code(fortnight: Path, iro: Run) -> None:
    """With `--exit-code` it is 10 if something is overdue, and 0 if not."""
    assert iro("overdue", "--per-iro-folder", "out", "--exit-code").code == 10
    assert (
        iro("overdue", "--per-iro-folder", "out", "--exit-code", "--as-of", "2025-02-03").code == 0
    )


def test_what_is_out_of_date_is_removed(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """An IRO without overdue duties loses their file; other people's files stay."""
    iro("overdue", "--per-iro-folder", "out")
    out = tmp_path / "out"
    (out / "notes.csv").write_text("mine")
    iro("record", "cla.review", "A-001", "--on", "2025-02-10")
    assert iro("overdue", "--per-iro-folder", "out") == (0, "", "")

    assert {OURS, EVE, "_unallocated.csv", "notes.csv"} == set(held(out))
    assert json.loads((out / OURS).read_text())["files"].keys() == {EVE, "_unallocated.csv"}


def test_what_somebody_changed_stays(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """An old file that somebody changed is left, and every run says so."""
    iro("overdue", "--per-iro-folder", "out")
    changed = tmp_path / "out" / "Ann-Example.csv"
    changed.write_text("notes in it")
    iro("record", "cla.review", "A-001", "--on", "2025-02-10")
    for _ in range(2):
        code, out, err = iro("overdue", "--per-iro-folder", "out")
        assert (code, out) == (0, "")
        assert "somebody has changed it" in err

    assert changed.read_text() == "notes in it"


def test_another_form_replaces_the_files(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """The files of the earlier form are removed."""
    iro("overdue", "--per-iro-folder", "out")
    iro("overdue", "--per-iro-folder", "out", "-f", "json")

    assert {".json"} == {path.suffix for path in (tmp_path / "out").iterdir()}


def test_a_file_in_the_way(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """Another person's file is never replaced, and then no file is written."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "Ann-Example.csv").write_text("mine")
    code, _, err = iro("overdue", "--per-iro-folder", "out")

    assert code == 3
    assert "did not write, and nothing was written: move Ann-Example.csv" in err
    assert {"Ann-Example.csv": b"mine"} == held(out)


def test_a_folder_answers_one_question(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """A run with another filter would remove other IROs' files, so it is refused."""
    iro("overdue", "--per-iro-folder", "out")
    before = held(tmp_path / "out")
    code, _, err = iro("overdue", "--per-iro-folder", "out", "--team", "North")

    assert code == 3
    assert "without a filter" in err
    assert before == held(tmp_path / "out")


@pytest.mark.parametrize(
    "options", [("--iro", "Ann Example"), ("--child", "A-001"), ("-o", "x.csv")], ids=" ".join
)
def test_what_does_not_go_together(
    options: tuple[str, ...], fortnight: Path, iro: Run, tmp_path: Path
) -> None:
    """One IRO, one child or one output file are refused together with a folder."""
    assert iro("overdue", "--per-iro-folder", "out", *options).code == 2
    assert not (tmp_path / "out").exists()


def test_all_or_none(
    fortnight: Path, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one file cannot be written, the folder does not change."""
    iro("overdue", "--per-iro-folder", "out")
    before = held(tmp_path / "out")
    iro("record", "cla.start", "A-001", "--on", "2025-01-07", "--insist")
    calls: list[object] = []

    def failing(export: Export, settings: Settings) -> None:
        calls.append(export)
        if len(calls) == 2:
            raise InputRefusedError("the disk is full")
        write_listing(export, settings)

    monkeypatch.setattr(per_iro, "write_listing", failing)
    code, _, err = iro("overdue", "--per-iro-folder", "out")

    assert (code, err) == (3, "iro: the disk is full\n")
    assert before == held(tmp_path / "out")


def test_cut_short_it_is_mended_by_the_next(
    fortnight: Path, iro: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a run ends between two files, the next run still knows which files are ours."""

    def stop(folder: Path, part: Path, written: list[str]) -> None:
        (part / written[0]).replace(folder / written[0])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(per_iro, "_place", stop)
        assert iro("overdue", "--per-iro-folder", "out").code == 130

    assert iro("overdue", "--per-iro-folder", "out") == (0, "", "")
    assert {OURS, "Ann-Example.csv", EVE, "_unallocated.csv"} == set(held(tmp_path / "out"))


def test_a_list_that_cannot_be_read(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """It is then not known which files are ours, so none is written."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / OURS).write_text("{")
    code, _, err = iro("overdue", "--per-iro-folder", "out")

    assert code == 3
    assert "name an empty folder" in err


@pytest.mark.parametrize("place", ["none/out", "iro.db"])
def test_no_such_place(place: str, fortnight: Path, iro: Run) -> None:
    """A file, or a folder in a missing folder, is refused."""
    code, out, err = iro("overdue", "--per-iro-folder", place)

    assert (code, out) == (3, "")
    assert "name another folder" in err


def test_the_files_are_their_owners(fortnight: Path, iro: Run, tmp_path: Path) -> None:
    """Only their owner can read the files, because they are about children."""
    if os.name != "posix":
        pytest.skip("NOT TESTED: file modes are those of POSIX")
    iro("overdue", "--per-iro-folder", "out")

    assert {0o600} == {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()}
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


# ---------------------------------------------------------------- names

NAMES = st.one_of(
    st.text(letters, max_size=80), st.sampled_from(["CON", "nul", "..", "a/b", "a b", "a-b"])
)


@given(NAMES)
def test_a_name_is_safe_everywhere(name: str) -> None:
    """A name gives no folder, hidden file or device, works on each system, and is not too long."""
    stem = file_stem(name)

    assert all(letter.isalnum() or letter in "-_" for letter in stem)
    assert 0 < len(stem.encode()) <= 80
    assert stem.casefold() not in ("con", "nul", "aux", "prn", "com1", "lpt1")


@given(NAMES, NAMES)
def test_two_people_have_two_files(one: str, other: str) -> None:
    """Names that differ in more than capitals never share a file."""
    if one.casefold() != other.casefold():
        assert file_stem(one).casefold() != file_stem(other).casefold()
    assert file_stem(one) != file_stem(None)
