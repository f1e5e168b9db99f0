"""Caseloads: what is open, and the timeliness of twelve months as the report defines it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stores import typed_into

Run = Callable[..., Any]


def _rows(iro: Run, *argv: str) -> dict[str, dict[str, Any]]:
    rows = json.loads(iro(*argv, "-f", "json").out)["rows"]
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize("by", ["iro", "team", "process"])
def test_a_caseload_is_as_timely_as_the_report_says(by: str, quarter: Path, iro: Run) -> None:
    """Both count what fell due in the twelve months, held or not."""
    caseloads = _rows(iro, "caseload", "--by", by)
    figures = _rows(iro, "report", "timeliness", "--by", by)

    assert any(row["outstanding"] or row["never_held"] for row in figures.values())
    assert {
        name: row["timeliness"] for name, row in caseloads.items() if row["timeliness"] is not None
    } == {name: row["timeliness"] for name, row in figures.items() if row["due"]}


def test_the_table_shows_the_counts_of_the_rate(quarter: Path, iro: Run) -> None:
    """The count stands before its share."""
    figures = _rows(iro, "report", "timeliness", "--by", "team")
    line = next(one for one in iro("caseload", "--by", "team").out.splitlines() if "Hill" in one)
    team = next(row for name, row in figures.items() if "Hill" in name)

    assert f" {team['in_timescale']}/{team['due']} " in line


@pytest.mark.asked_on("2026-11-02")
def test_what_was_not_held_is_in_the_rate(home: Path, iro: Run) -> None:
    """One review held in time and one overdue give one of two; met 1, all of it in timescale."""
    store = home / "iro.db"
    typed_into(
        store,
        "2026-11-02",
        "child add A",
        "child add B",
        "record cla.start A --on 2026-09-01",
        "record cla.start B --on 2026-09-01",
        "record cla.review A --on 2026-09-22",
    )
    row = _rows(iro, "caseload")["unallocated"]

    assert (row["met"], row["met_in_timescale"], row["overdue"]) == (1, 1, 1)
    assert row["timeliness"] == 0.5


@pytest.mark.asked_on("2026-04-30")
def test_a_wait_that_ended_without_a_meeting_is_in_no_rate(home: Path, iro: Run) -> None:
    """Enquiries that ended owe no conference; the one that fell due was held late: 0 of 1."""
    typed_into(
        home / "iro.db",
        "2026-04-30",
        "child add A",
        "child add C",
        "record cp.strategy A C --on 2026-01-05 --section-47 yes",
        "record cp.conference.not-required A --on 2026-01-15",
        "record cp.conference.initial C --on 2026-03-02",
    )
    row = _rows(iro, "caseload", "--by", "process")["cp"]

    assert row["timeliness"] == 0
    assert (row["met"], row["met_in_timescale"]) == (1, 0)


@pytest.mark.asked_on("2026-11-23")
def test_a_meeting_that_was_held_too_early_is_not_in_timescale(home: Path, iro: Run) -> None:
    """A child returned by the adopters on 1 September is reviewed from 29 September on."""
    typed_into(
        home / "iro.db",
        "2026-11-23",
        "child add A",
        "watch add adoption.review.returned --from 2026-01-01",
        "record cla.start A --on 2025-03-03",
        "record adoption.authorised A --on 2026-05-01",
        "record adoption.placed A --on 2026-08-03",
        "record adoption.returned A --on 2026-09-01",
        "record adoption.review A --on 2026-09-15 --insist",
    )
    held = {
        (one["timescale"], one["held"]): one["status"]
        for one in json.loads(iro("show", "A", "-f", "json").out)["rows"]
        if one["held"]
    }
    row = _rows(iro, "caseload", "--by", "process")["adoption"]

    assert held["adoption.review.returned", "2026-09-15"] == "out-of-timescale"
    assert (row["met"], row["met_in_timescale"]) == (1, 0)


@pytest.mark.asked_on("2026-11-02")
@pytest.mark.parametrize("command", ["caseload", "report timeliness", "forecast"])
def test_a_team_in_two_spellings_is_one_team(command: str, home: Path, iro: Run) -> None:
    """
    It has the name that most children have, however few of them are counted.

    All three first reviews fell due on 29 Sep, 20 working days after 1 Sep; C is in no team.
    """
    typed_into(
        home / "iro.db",
        "2026-11-02",
        "child add A --team TEAL",
        "child add B --team TEAL",
        "child add C",
        "child add D --team Teal",
        "record cla.start A B C D --on 2026-09-01",
    )
    every = _rows(iro, *command.split(), "--by", "team")
    one = _rows(iro, *command.split(), "--by", "team", "--team", "teal")

    assert [*every] == ["TEAL", "unallocated"]
    assert [*one] == ["TEAL"]
    assert one["TEAL"] == every["TEAL"]
    if command == "caseload":
        assert every["TEAL"]["overdue"] == 3


@pytest.mark.asked_on("2026-11-02")
def test_of_two_spellings_with_as_many_children_one_has_both_kinds_of_letter(
    home: Path, iro: Run
) -> None:
    """A team with one child each way is not shown in capitals alone."""
    typed_into(
        home / "iro.db",
        "2026-11-02",
        "child add A --team TEAL",
        "child add B --team Teal",
        "record cla.start A B --on 2026-09-01",
    )

    assert [*_rows(iro, "caseload", "--by", "team")] == ["Teal"]
