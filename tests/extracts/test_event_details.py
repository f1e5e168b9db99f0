"""The details of a meeting in a row of events, besides its day."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.extracts.batch import Batch
from iro_cli.extracts.own import HAPPENED
from iro_cli.facts.model import Event
from running import each

NOT_QUORATE = (
    "a conference that was not quorate meets no time limit: "
    "write the event cp.conference.inquorate and leave this blank"
)
HEADER = "child_id,event,date,participation,advocacy,quorate,scaling,attended,reference"


def read(folder: Path, *rows: str) -> Batch:
    """Read rows of a file with every column of the child's part."""
    path = folder / "events.csv"
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    return HAPPENED.read([path], today=date(2026, 11, 22))


def refusals(batch: Batch) -> list[tuple[str, str]]:
    """Return the column and the reason of every refusal."""
    return [(one.column, one.reason) for one in batch.refused]


def test_a_review_and_a_conference(tmp_path: Path) -> None:
    """Both have advocacy and who took part; the conference also has quorum and scaling."""
    batch = read(
        tmp_path,
        "K1,cla.review,2026-11-02,PN2,YES,,,mother,",
        "K1,cp.conference.initial,2026-11-09,,n,Y,07,school; health,",
    )

    assert [
        Event(
            "cla.review",
            date(2026, 11, 2),
            participation="PN2",
            advocacy="yes",
            attended="mother",
        ),
        Event(
            "cp.conference.initial",
            date(2026, 11, 9),
            quorate="yes",
            scaling="7",
            advocacy="no",
            attended="school; health",
        ),
    ] == [event for _, event, _ in batch.facts]
    assert [] == batch.refused


@pytest.mark.parametrize("scaling", ["0", "10", " 5 ", "010"])
def test_a_scaling_from_0_to_10(tmp_path: Path, scaling: str) -> None:
    """Both ends are allowed, and leading zeros are dropped."""
    batch = read(tmp_path, f"K1,cp.conference.review,2026-11-09,,,,{scaling},,")
    ((_, event, _),) = batch.facts

    assert str(int(scaling)) == event.scaling


@each("scaling", ["11", "-1", "5.5", "six", "٥", "9" * 5000])
def test_no_other_scaling(tmp_path: Path, scaling: str) -> None:
    """Anything but a whole number from 0 to 10 is refused, however long it is."""
    batch = read(tmp_path, f"K1,cp.conference.review,2026-11-09,,,,{scaling},,")

    assert [("scaling", "must be a whole number from 0 to 10")] == refusals(batch)
    assert [] == batch.facts


def test_a_conference_that_was_not_quorate_is_another_event(tmp_path: Path) -> None:
    """The refusal names the event to write."""
    batch = read(
        tmp_path,
        "K1,cp.conference.initial,2026-11-09,,,no,,,",
        "K2,cp.conference.inquorate,2026-11-09,,,,,school,",
    )

    assert [
        ("quorate", NOT_QUORATE),
    ] == refusals(batch)
    assert ["K2"] == [child for child, _, _ in batch.facts]


def test_a_scaling_at_a_review_is_refused(tmp_path: Path) -> None:
    """Only conferences have a scaling."""
    batch = read(tmp_path, "K1,cla.review,2026-11-02,,,,5,,")

    assert [("scaling", "cla.review has no scaling: leave it blank")] == refusals(batch)


@pytest.mark.parametrize("event", ["cla.review.requested", "cp.letter", "cp.record"])
def test_a_reference_that_is_a_day(tmp_path: Path, event: str) -> None:
    """The last day for a review, and the day of a conference, are read as days."""
    batch = read(tmp_path, f"K1,{event},2026-11-02,,,,,,20/11/2026")

    assert ["2026-11-20"] == [one.reference for _, one, _ in batch.facts]


def test_a_reference_that_should_be_a_day_and_is_none(tmp_path: Path) -> None:
    """Words instead of the last day are refused."""
    batch = read(tmp_path, "K1,cla.review.requested,2026-11-02,,,,,,soon")

    assert ["reference"] == [column for column, _ in refusals(batch)]


def test_an_early_review_is_not_asked_for_by_a_day_gone(tmp_path: Path) -> None:
    """The last day of a request must not be before the request."""
    batch = read(tmp_path, "K1,cla.review.requested,2026-11-02,,,,,,2026-11-01")

    assert [
        (
            "reference",
            "the last day for the early review lies before the date, 2026-11-02",
        )
    ] == refusals(batch)
