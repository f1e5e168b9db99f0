"""Formal disputes are raised, taken through their stages, and listed."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stores import ROBIN, put_store

pytestmark = pytest.mark.asked_on("2026-11-10")

Iro = Callable[[str], Any]


@pytest.fixture
def two(typed_once: Callable[..., Path], home: Path, typed: Iro) -> Iro:
    """
    Return a function that runs a command; Robin has two disputes.

    The one about the placement was raised on Mon 12 Oct, and 20 working days on is
    Mon 9 Nov (4 + 5 + 5 + 5 + 1).  The one about school was raised on Wed 4 Nov, and
    20 working days on is Wed 2 Dec (2 + 5 + 5 + 5 + 3).
    """
    made = typed_once(
        "2026-11-10",
        *ROBIN,
        "dispute raise Robin --on 2026-10-12 --reference placement --reason 'no plan'",
        "dispute raise Robin --on 2026-11-04 --reference school",
    )
    put_store(made, home / "iro.db")
    return typed


def test_each_dispute_says_how_far_it_came(two: Iro) -> None:
    """Stage, answer and referral belong to the named dispute; days run from its start."""
    two("dispute stage Robin --on 2026-10-19 --reference placement --reason 'head of service'")
    two("dispute respond Robin --on 2026-11-09 --reference school")
    two("dispute escalate Robin --on 2026-11-06 --reference placement")

    placement, school = two("dispute list -f json").rows()

    assert placement == {
        "child": "Robin",
        "reference": "placement",
        "status": "overdue",
        "raised": "2026-10-12",
        "due": "2026-11-09",
        "days_open": 29,
        "working_days_open": 21,
        "limit": "20 working days",
        "stage": "referred to Cafcass",
        "stage_on": "2026-11-06",
        "responded": None,
        "escalated": "2026-11-06",
        "resolved": None,
        "reason": "no plan",
        "iro": "Ada Wren",
        "team": None,
    }
    assert (school["due"], school["stage"], school["stage_on"]) == (
        "2026-12-02",
        "answered",
        "2026-11-09",
    )
    assert (school["working_days_open"], school["escalated"]) == (4, None)


def test_of_two_one_without_a_reference_is_given_one(robin: Iro) -> None:
    """Nobody can say which is meant; the message says what to do."""
    robin("dispute raise Robin --on 2026-10-12")
    robin("dispute raise Robin --on 2026-11-04 --reference school")
    said = robin("dispute resolve Robin --on 2026-11-09")

    assert said.code == 3
    assert "the one without a reference (raised on 12 Oct 2026) and school" in said.err
    assert "one without a reference is taken back and recorded again with one" in said.err


def test_a_stage_is_named_by_its_reason(two: Iro) -> None:
    """The list has the words that were typed."""
    two("dispute stage Robin --on 2026-11-09 --reference school --reason 'director'")

    assert "director (9 Nov 2026)" in two("dispute list").out


def test_the_only_dispute_that_is_open_need_not_be_named(robin: Iro) -> None:
    """A step without a reference belongs to the only open dispute."""
    robin("dispute raise Robin --on 2026-10-12 --reference placement")
    robin("dispute resolve Robin --on 2026-11-09")

    (row,) = robin("dispute list -f json").rows()

    assert (row["reference"], row["resolved"], row["status"], row["days_open"]) == (
        "placement",
        "2026-11-09",
        "in-timescale",
        28,
    )


def test_one_resolved_after_its_time_is_out_of_timescale(two: Iro) -> None:
    """20 working days from 12 Oct ended on 9 Nov; it comes after the open disputes."""
    two("dispute resolve Robin --reference placement --on 2026-11-10")

    school, placement = two("dispute list -f json").rows()

    assert (school["reference"], placement["status"]) == ("school", "out-of-timescale")
    assert [row["reference"] for row in two("dispute list --open -f json").rows()] == ["school"]


def test_cafcass_may_be_told_at_any_time(robin: Iro) -> None:
    """No dispute has to be open; the message says that the referral belongs to none."""
    said = robin("dispute escalate Robin --on 2026-11-09")

    assert (said.code, said.err) == (
        0,
        "iro: Robin has no open dispute on that day: the referral is stored by itself\n",
    )
    assert "formal dispute referred to Cafcass" in robin("show Robin").out


def test_a_step_goes_to_the_dispute_that_was_open_on_its_day(two: Iro) -> None:
    """On 20 Oct only the one about the placement had been raised."""
    two("dispute respond Robin --on 2026-10-20")

    assert [row["responded"] for row in two("dispute list -f json").rows()] == ["2026-10-20", None]


def test_disputes_without_a_reference_are_told_apart_by_time(robin: Iro) -> None:
    """Facts without references, from a file, belong to the dispute raised last."""
    robin("record dispute.raised Robin --on 2026-09-01")
    robin("record dispute.resolved Robin --on 2026-09-10")
    robin("record dispute.raised Robin --on 2026-10-12")
    robin("record dispute.responded Robin --on 2026-10-14")

    later, earlier = robin("dispute list -f json").rows()

    assert (later["raised"], later["responded"]) == ("2026-10-12", "2026-10-14")
    assert (earlier["raised"], earlier["responded"]) == ("2026-09-01", None)


def test_the_list_has_every_form_and_filter(two: Iro) -> None:
    """CSV has both rows; another IRO has none; an unknown name is refused."""
    two("child add Wren --iro 'Ben Rees'")

    rows = list(csv.DictReader(io.StringIO(two("dispute list -f csv").out)))

    assert [row["reference"] for row in rows] == ["placement", "school"]
    assert two("dispute list --iro 'ben rees' -f json").rows() == []
    assert len(two("dispute list --iro 'ada wren' -f json").rows()) == 2
    assert two("dispute list --iro Nobody").code == 3
    assert "Tue 10 Nov 2026: 2 disputes, 2 open" in two("dispute list -f markdown").out


def test_no_date_of_a_dispute_is_inferred(two: Iro) -> None:
    """So ``--strict``, which would change nothing, is refused with the reason."""
    answer = two("dispute list --strict")

    assert answer.code == 2
    assert "it lists nothing whose due date may rest on an inferred fact" in answer.err


def test_an_open_dispute_is_in_due_and_in_the_caseload(two: Iro) -> None:
    """Both are open, one of them is overdue."""
    due = two("due --process dispute -f json").rows()
    (load,) = two("caseload --process dispute -f json").rows()

    assert [(row["due"], row["status"]) for row in due] == [
        ("2026-11-09", "overdue"),
        ("2026-12-02", "due-soon"),
    ]
    assert (load["open"], load["overdue"]) == (2, 1)


def test_what_follows_a_step_is_about_disputes_alone(two: Iro) -> None:
    """After a step the child's reviews are not listed."""
    said = two("dispute respond Robin --on 2026-11-09 --reference school").out

    assert said.splitlines() == [
        "recorded: dispute.responded on Mon 9 Nov 2026 for Robin",
        "  Robin: Dispute resolution due by Mon 9 Nov 2026, 1 day late (from 12 Oct 2026)",
        "  Robin: Dispute resolution due by Wed 2 Dec 2026, in 22 days (from 4 Nov 2026)",
    ]


@pytest.mark.parametrize("nation", ["wales", "scotland"])
def test_of_another_nation_no_date_is_invented(two: Iro, nation: str) -> None:
    """20 working days are England's: the dispute is listed without a date, as in `iro due`."""
    two("dispute resolve Robin --reference school --on 2026-11-09")
    two(f"child edit Robin --nation {nation}")

    rows = two("dispute list -f json").rows()

    assert [(row["reference"], row["status"], row["due"], row["limit"]) for row in rows] == [
        ("placement", "refused", None, None),
        ("school", "refused", None, None),
    ]
    assert rows[0]["resolved"] is None
    assert rows[1]["resolved"] == "2026-11-09"
    due = two("due --all -f json").rows()
    assert not [row for row in due if row["process"] == "dispute" and row["due"]]


def test_the_childs_nation_stands_before_that_of_the_authority(two: Iro) -> None:
    """By Wales' law, an English child's dispute has its date, and another's has none."""
    two("child add Wren --label 'Little Wren'")
    two("dispute raise Wren --on 2026-11-04")
    two("child edit Robin --nation england")

    rows = two("--nation wales dispute list -f json").rows()

    assert [(row["child"], row["due"]) for row in rows] == [
        ("Robin", "2026-11-09"),
        ("Robin", "2026-12-02"),
        ("Wren", None),
    ]
    assert two("--nation wales dispute resolve Wren --on 2026-11-09").code == 0


def test_what_was_resolved_before_a_move_is_judged_by_the_law_it_was_resolved_under(
    two: Iro,
) -> None:
    """Resolved on 9 Nov in England, which Robin left on the 10th: in time, by 9 Nov."""
    two("dispute resolve Robin --reference placement --on 2026-11-09")
    two("record england.left Robin --on 2026-11-10")
    two("child edit Robin --nation wales")

    school, placement = two("dispute list -f json").rows()

    assert (school["reference"], school["due"]) == ("school", None)
    assert (placement["due"], placement["status"]) == ("2026-11-09", "in-timescale")


def test_no_dispute_begins_after_childhood(two: Iro) -> None:
    """One raised before the 18th birthday stays owed, as in `iro due`; one after it is none."""
    two("child edit Robin --date-of-birth 2008-11-03")

    rows = two("dispute list -f json").rows()
    due = two("due --all --process dispute -f json").rows()

    assert [(row["reference"], row["due"]) for row in rows] == [("placement", "2026-11-09")]
    assert [row["due"] for row in due] == ["2026-11-09"]
