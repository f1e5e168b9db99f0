"""Gaps that a newcomer would not notice are named when they are recorded, and by doctor."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.asked_on("2026-11-10")

Iro = Callable[[str], Any]
LOCAL_PACK = Path(__file__).parents[2] / "examples" / "local-pack.toml"


def _checks(typed: Iro) -> list[str]:
    return [row["check"] for row in typed("doctor -f json").rows()]


def test_a_remand_without_a_period_of_care_is_pointed_out(typed: Iro) -> None:
    """Otherwise no review would be counted; a child who is already in care is not named."""
    typed("child add Robin")
    typed("child add Wren")
    typed("record cla.start Wren --on 2026-11-02")

    said = typed("record remand.detention Robin Wren --on 2026-11-09")

    assert said.code == 0
    assert said.err == (
        "iro: Robin: a child on remand is looked after, and no period of care is open, so no "
        "review is counted\n  `iro record cla.start Robin --on 2026-11-09`\n"
    )
    assert _checks(typed) == ["remand-without-care"]


@pytest.mark.parametrize(
    "then",
    ["record cla.start Robin --on 2026-11-09", "record remand.end Robin --on 2026-11-10"],
)
def test_a_remand_that_is_in_care_or_over_is_no_gap(typed: Iro, then: str) -> None:
    """A start of care or the end of the remand removes the finding."""
    typed("child add Robin")
    typed("record remand.accommodation Robin --on 2026-11-09")
    typed(then)

    assert _checks(typed) == []


def test_an_early_review_without_a_day_is_found_by_the_doctor(robin: Iro) -> None:
    """It is in no list; a last day, or the review itself, removes the finding."""
    robin("record cla.review.requested Robin --on 2026-11-02 --reason 'he asked'")

    said = (
        "2 Nov 2026: an early review was called for, and no last day is given, so it has no date: "
        "`iro record cla.review.requested Robin --on 2026-11-02 --by DATE`"
    )

    assert _checks(robin) == ["early-without-date"]
    assert said in robin("show Robin").out.splitlines()

    robin("record cla.review Robin --on 2026-11-06")

    assert _checks(robin) == []
    assert "early review was called for, and" not in robin("show Robin").out


def test_a_review_held_before_its_window_is_too_early(robin: Iro) -> None:
    """Back from adopters on 19 Oct: not before 16 Nov, 28 days on, and not after the 30th."""
    robin("watch add adoption.review.returned --from 2026-10-01")
    for event, on in (("authorised", "13"), ("placed", "14"), ("returned", "19")):
        assert robin(f"record adoption.{event} Robin --on 2026-10-{on}").code == 0
    robin("book Robin adoption.review.returned 2026-11-13")

    assert "booked        Fri 13 Nov 2026; that is TOO EARLY" in robin("explain Robin").out

    said = robin("record adoption.review Robin --on 2026-11-10")

    assert "TOO EARLY, so not in timescale: review after return from adopters" in said.err
    assert robin("show Robin").line("Tue 10 Nov 2026  ")[-2:] == ["TOO", "EARLY"]


def test_a_review_on_the_first_day_of_its_window_is_in_timescale(robin: Iro) -> None:
    """Day 28 is not too early."""
    robin("watch add adoption.review.returned --from 2026-10-01")
    for event, on in (("authorised", "13"), ("placed", "14"), ("returned", "19")):
        robin(f"record adoption.{event} Robin --on 2026-10-{on}")

    said = robin("--as-of 2026-11-16 record adoption.review Robin --on 2026-11-16")

    assert "TOO EARLY" not in said.err
    assert robin("--as-of 2026-11-16 show Robin").line("Mon 16 Nov 2026  ")[-2:] == [
        "in",
        "timescale",
    ]


def test_a_booking_on_a_day_away_is_warned_of(robin: Iro) -> None:
    """It is about the person who holds the child on that day."""
    robin("absence add 'Ada Wren' --from 2026-11-12 --to 2026-11-13 --reason panel")

    said = robin("book Robin cla.review.first 2026-11-12")

    assert said.code == 0
    assert said.err.splitlines()[0] == "iro: on 12 Nov 2026 Ada Wren is away (panel)"

    robin("allocate Robin --iro 'Ben Moss' --from 2026-11-11")

    assert "away" not in robin("book Robin cla.review.first 2026-11-13 --reason cancelled").err


def test_a_group_is_turned_on_beside_what_a_local_pack_adds_to_it(
    robin: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pack's own timescales are always shown, and do not turn off the national three."""
    monkeypatch.setenv("IRO_PACKS", str(LOCAL_PACK))
    three = ["cla.review.decisions", "cla.review.record", "cla.review.distribution"]

    said = robin("watch add records --from 2026-11-01")
    turned_on = said.out.removesuffix("\n").rpartition(": ")[2].split(", ")

    assert said.code == 0
    assert [one for one in turned_on if one in three] == three
    assert [one for one in turned_on if not one.startswith("cla.review.")] == []
    assert robin("watch remove records").code == 0
    assert robin("watch add testshire.conference.letter --from 2026-11-01").code == 3


@pytest.mark.parametrize("option", ["--nation", "--child-nation"])
def test_the_nation_typed_for_a_child_is_the_childs_own(typed: Iro, option: str) -> None:
    """A child of Scotland gets no date by England's law."""
    assert typed(f"child add Robin {option} scotland").code == 0
    typed("record cla.start Robin --on 2026-11-02")

    (row,) = json.loads(typed("due --all -f json").out)["rows"]

    assert (row["status"], row["due"]) == ("refused", None)


def test_the_nation_of_a_child_is_edited(typed: Iro) -> None:
    """It is stored, and an unknown nation is a usage error."""
    typed("child add Robin")

    assert typed("child edit Robin --nation scotland").out == "changed: Robin\n"
    assert typed("child show Robin -f json").rows()[0]["nation"] == "scotland"
    assert typed("child add Wren --nation narnia").code == 2


def test_a_looked_after_review_of_a_child_placed_for_adoption_is_pointed_out(robin: Iro) -> None:
    """
    It meets nothing, because those reviews stand still: only adoption reviews are owed then.

    One on the day of the placement was held before it, and one of a child who is back counts. If
    the meeting was an adoption review too, that is recorded, and nothing is left to point out.
    """
    for line in ("adoption.authorised Robin --on 2026-10-13", "cla.review Robin --on 2026-10-14"):
        robin(f"record {line}")
    robin("record adoption.placed Robin --on 2026-10-14")
    before = _checks(robin)
    said = robin("record cla.review Robin --on 2026-11-06")
    found = robin("doctor -f json").rows()
    robin("record adoption.review Robin --on 2026-11-06")
    both = _checks(robin)
    robin("record adoption.returned Robin --on 2026-11-07")
    again = robin("record cla.review Robin --on 2026-11-10 --insist")

    assert before == both == []
    assert said.err == (
        "iro: Robin: looked-after reviews stand still while a child is placed for adoption, so it "
        "meets no review that is owed; if it was the adoption review too, record that\n"
        "  `iro record adoption.review Robin --on 2026-11-06`\n"
    )
    assert [(one["check"], one["date"]) for one in found] == [("review-while-placed", "2026-11-06")]
    assert "stand still" not in again.err
    assert "review-while-placed" not in _checks(robin)
