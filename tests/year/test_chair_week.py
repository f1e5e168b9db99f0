"""
A week of one conference chair, with the clocks of a partnership beside the law's.

Played through the command line, morning by morning, as the IRO's year is.  The chair works
with the packs of North Yorkshire (letter and record), the East Riding (reports before a
conference) and Tees (later core groups, after a birth).  Every date was counted on a wall
calendar: Monday 30 November to Friday 4 December 2026, bank holidays on 25 and 28 December
and 1 January.
"""

import csv
import io
from pathlib import Path

import pytest

from iro_cli.__main__ import run

NAMES = ("north-yorkshire", "east-riding", "tees")
INITIAL, REVIEW = "cp.conference.initial", "cp.conference.review"
FIRST, NEXT = f"{REVIEW}.first", f"{REVIEW}.subsequent"
LETTER, RECORD = "north-yorkshire.letter", "north-yorkshire.record"

# By day: what is done, and what `iro due --all` says in the evening.
WEEK = {
    # Before the week: Siskin's conference was held before birth, Plover's plan is a month old.
    "2026-11-29": (
        [f"record {INITIAL} SISKIN --on 2026-11-06", f"record {INITIAL} PLOVER --on 2026-11-03"],
        [("PLOVER", FIRST, "2027-02-03"), ("SISKIN", FIRST, "2027-02-06")],
    ),
    # Monday: enquiries about Wren; Dunlin's initial conference makes a plan.  One working day
    # on is Tuesday; fifteen end on Mon 21 December; three months on Sun 28 February.
    "2026-11-30": (
        ["record cp.strategy WREN", f"record {INITIAL} DUNLIN"],
        [
            ("DUNLIN", LETTER, "2026-12-01"),
            ("DUNLIN", RECORD, "2026-12-21"),
            ("WREN", INITIAL, "2026-12-21"),
            ("PLOVER", FIRST, "2027-02-03"),
            ("SISKIN", FIRST, "2027-02-06"),
            ("DUNLIN", FIRST, "2027-02-28"),
        ],
    ),
    # Tuesday: Dunlin's letter goes out; Wren's conference is booked for Thu 17 December, and
    # 48 hours before it is Tue 15 December.
    "2026-12-01": (
        [
            "record cp.letter DUNLIN --reference 2026-11-30",
            f"book WREN {INITIAL} 2026-12-17",
        ],
        [
            ("WREN", "east-riding.report.initial", "2026-12-15"),
            ("DUNLIN", RECORD, "2026-12-21"),
            ("WREN", INITIAL, "2026-12-21"),
            ("PLOVER", FIRST, "2027-02-03"),
            ("SISKIN", FIRST, "2027-02-06"),
            ("DUNLIN", FIRST, "2027-02-28"),
        ],
    ),
    # Wednesday: Plover's review conference, early.  Its letter is due on Thursday, its record on
    # Wed 23 December, and the next conference six months on.
    "2026-12-02": (
        [f"record {REVIEW} PLOVER"],
        [
            ("PLOVER", LETTER, "2026-12-03"),
            ("WREN", "east-riding.report.initial", "2026-12-15"),
            ("DUNLIN", RECORD, "2026-12-21"),
            ("WREN", INITIAL, "2026-12-21"),
            ("PLOVER", RECORD, "2026-12-23"),
            ("SISKIN", FIRST, "2027-02-06"),
            ("DUNLIN", FIRST, "2027-02-28"),
            ("PLOVER", NEXT, "2027-06-02"),
        ],
    ),
    # Thursday: Siskin is born.  Ten working days end on Thu 17 December, long before the three
    # months from the conference.
    "2026-12-03": (
        ["record child.born SISKIN"],
        [
            ("PLOVER", LETTER, "2026-12-03"),
            ("WREN", "east-riding.report.initial", "2026-12-15"),
            ("SISKIN", "tees.conference.after-birth", "2026-12-17"),
            ("DUNLIN", RECORD, "2026-12-21"),
            ("WREN", INITIAL, "2026-12-21"),
            ("PLOVER", RECORD, "2026-12-23"),
            ("SISKIN", FIRST, "2027-02-06"),
            ("DUNLIN", FIRST, "2027-02-28"),
            ("PLOVER", NEXT, "2027-06-02"),
        ],
    ),
    # Friday: Plover's letter is overdue.  Dunlin's core group meets; the next six weeks on.
    "2026-12-04": (
        ["record cp.core-group DUNLIN"],
        [
            ("PLOVER", LETTER, "2026-12-03"),
            ("WREN", "east-riding.report.initial", "2026-12-15"),
            ("SISKIN", "tees.conference.after-birth", "2026-12-17"),
            ("DUNLIN", RECORD, "2026-12-21"),
            ("WREN", INITIAL, "2026-12-21"),
            ("PLOVER", RECORD, "2026-12-23"),
            ("DUNLIN", "tees.core-group.later", "2027-01-15"),
            ("SISKIN", FIRST, "2027-02-06"),
            ("DUNLIN", FIRST, "2027-02-28"),
            ("PLOVER", NEXT, "2027-06-02"),
        ],
    ),
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the chair an empty store and three packs."""
    monkeypatch.delenv("IRO_NATION", raising=False)
    monkeypatch.setenv("IRO_DATABASE", str(tmp_path / "iro.db"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("IRO_PACKS", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    # As a chair turns them on: once, by the names that `iro timescales packs` lists.
    assert run(["config", "set", "packs", *NAMES]) == 0
    for child in ("WREN", "DUNLIN", "PLOVER"):
        assert run(["child", "add", child, "--date-of-birth", "2020-05-04"]) == 0
    assert run(["child", "add", "SISKIN"]) == 0


def _listed(command: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    capsys.readouterr()
    assert run(command) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_a_chair_s_week(
    office: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each evening the list is as worked out by hand, with local clocks beside the law's."""
    for day, (done, expected) in WEEK.items():
        monkeypatch.setenv("IRO_AS_OF", day)
        for command in done:
            words = command.split()
            if words[0] == "record" and "--on" not in words:
                words += ["--on", day]
            assert run(words) == 0, command
        rows = _listed(["due", "--all", "-f", "csv"], capsys)

        assert [(row["child"], row["timescale"], row["due"]) for row in rows] == expected, day


def test_what_the_week_leaves_overdue(
    office: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On Friday one letter is a day late, and nothing else."""
    monkeypatch.setenv("IRO_AS_OF", "2026-12-04")
    for child, event, day in (
        ("PLOVER", INITIAL, "2026-11-03"),
        ("PLOVER", REVIEW, "2026-12-02"),
        ("DUNLIN", INITIAL, "2026-11-30"),
    ):
        assert run(["record", event, child, "--on", day]) == 0
    letter = ["record", "cp.letter", "DUNLIN", "--on", "2026-12-01", "--reference", "2026-11-30"]
    assert run(letter) == 0
    rows = _listed(["overdue", "-f", "csv"], capsys)

    assert [(row["child"], row["timescale"], row["days_left"]) for row in rows] == [
        ("PLOVER", LETTER, "-1")
    ]
