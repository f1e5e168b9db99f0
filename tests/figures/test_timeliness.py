"""The figures of a period, counted by hand and in another way."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli import library
from iro_cli.questions.view import View
from stores import reading, typed_into

Q2 = ("--from", "2026-07-01", "--to", "2026-09-30")
Run = Callable[..., Any]


def listed(iro: Run, *words: str) -> list[dict[str, Any]]:
    """Return the rows of a report in JSON."""
    answer = iro("report", "timeliness", *Q2, *words, "-f", "json")
    assert answer.code == 0, answer.err
    rows: list[dict[str, Any]] = json.loads(answer.out)["rows"]
    return rows


def counts(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return due, in timescale, late, outstanding, never held and the rate."""
    names = ("due", "in_timescale", "late", "outstanding", "never_held", "timeliness")
    return tuple(row[name] for name in names)


@pytest.mark.usefixtures("quarter")
def test_each_timescale_is_counted_by_its_due_date(iro: Run) -> None:
    """First: W-02 late, W-03 never held, W-04 not held; second: W-01; conferences: W-06, W-07."""
    found = {row["name"]: counts(row) for row in listed(iro)}

    assert found == {
        "cla.review.first": (3, 0, 1, 1, 1, 0.0),
        "cla.review.second": (1, 1, 0, 0, 0, 1.0),
        "cp.conference.initial": (2, 1, 1, 0, 0, 0.5),
        "dispute.resolution": (1, 1, 0, 0, 0, 1.0),
    }


@pytest.mark.usefixtures("quarter")
def test_the_total_says_what_is_counted_apart(iro: Run) -> None:
    """W-08 ended without a conference; none is refused; six children, two all in time."""
    answer = json.loads(iro("report", "timeliness", *Q2, "-f", "json").out)["total"]

    assert counts(answer) == (7, 3, 2, 1, 1, 0.4286)
    assert (answer["not_required"], answer["refused"], answer["not_yet_due"]) == (1, 0, 0)
    assert (answer["children"], answer["children_all_in_timescale"]) == (6, 2)
    # 2, 7, 9 and 21 days: half way between the middle two.
    assert (answer["days_late_median"], answer["days_late_worst"]) == (8.0, 21)


@pytest.mark.usefixtures("quarter")
def test_it_is_put_down_to_who_answered_on_the_day_it_was_due(iro: Run) -> None:
    """W-02's review was held under another IRO than the one of the due day."""
    found = {row["name"]: counts(row)[:3] for row in listed(iro, "--by", "iro")}

    assert found == {
        "Fern Newt": (2, 1, 1),
        "Moss <b>Stoat</b>": (2, 0, 0),
        "Wren Adder": (3, 2, 1),
    }


@pytest.mark.usefixtures("quarter")
def test_each_late_one_is_listed_with_its_reason(iro: Run) -> None:
    """The latest comes first; the reason is the meeting's note or that of the adjournment."""
    rows = listed(iro, "--show", "late")

    assert [(row["child"], row["days_late"], row["status"], row["reason"]) for row in rows] == [
        ("W-04", 21, "outstanding", "adjourned: no care plan"),
        ("W-03", 9, "never-held", None),
        ("W-02", 7, "out-of-timescale", "=foster carer ill"),
        ("W-07", 2, "out-of-timescale", None),
    ]


@pytest.mark.usefixtures("quarter")
def test_a_formula_in_a_reason_is_not_run_by_a_spreadsheet(iro: Run) -> None:
    """CSV guards a cell that would begin a formula."""
    answer = iro("report", "timeliness", *Q2, "--show", "late", "-f", "csv")
    reasons = [row["reason"] for row in csv.DictReader(io.StringIO(answer.out))]

    assert "'=foster carer ill" in reasons


@pytest.mark.usefixtures("quarter")
@pytest.mark.parametrize(
    ("measure", "part", "whole"),
    [
        ("looked-after.in-timescale", 1, 4),
        ("looked-after.children-all", 1, 4),
        ("conferences.in-timescale", 1, 2),
        # W-06 and W-07 were held in the quarter, whenever they were due.
        ("conferences.initial", 1, 2),
        # W-09 and W-10; W-06's plan is not three months old on 30 September.
        ("plans.reviewed", 1, 2),
        # W-01 of 24 September (PN1) and W-02 (PN7).
        ("voice.views-put", 1, 2),
        ("voice.attended", 1, 2),
        ("voice.PN7", 1, 2),
        ("disputes.raised", 2, None),
        ("disputes.resolved", 1, None),
        ("disputes.in-timescale", 1, 1),
        ("disputes.past", 1, 1),
        ("records.cla.review.record", None, None),
    ],
)
def test_measures_are_as_counted_by_hand(
    iro: Run, measure: str, part: int | None, whole: int | None
) -> None:
    """Each is a number out of a total."""
    row = next(one for one in listed(iro, "--show", "measures") if one["measure"] == measure)

    assert (row["part"], row["whole"]) == (part, whole)


@pytest.mark.usefixtures("quarter")
def test_records_are_counted_once_they_are_watched(iro: Run) -> None:
    """The review of 10 August has no record: due 31 August is left out, 1 September."""
    iro("watch", "add", "cla.review.record", "--from", "2026-07-01")
    row = next(
        one
        for one in listed(iro, "--show", "measures")
        if one["measure"] == "records.cla.review.record"
    )

    assert (row["part"], row["whole"]) == (0, 1)


@pytest.mark.usefixtures("quarter")
def test_what_is_not_due_yet_is_not_judged(iro: Run) -> None:
    """On 20 October W-04's adjourned review and W-06's first review are not due yet."""
    answer = iro("report", "timeliness", "--from", "2026-10-01", "--to", "2026-12-31", "-f", "json")
    total = json.loads(answer.out)["total"]

    # W-11's second dispute is past its limit; W-01 (24 Mar) and W-02 (10 Nov) are to come.
    assert counts(total) == (1, 0, 0, 1, 0, 0.0)
    # Adjourned 26 Oct, W-06 27 Oct, W-02 10 Nov, W-09 1 Dec, W-10 4 Dec.
    assert total["not_yet_due"] == 5


@pytest.mark.usefixtures("quarter")
def test_there_is_no_rate_of_nought(iro: Run) -> None:
    """A quarter in which nothing fell due has counts and no rate."""
    answer = iro("report", "timeliness", "--from", "2025-01-01", "--to", "2025-03-31", "-f", "json")
    found = json.loads(answer.out)

    assert (found["total"]["due"], found["total"]["timeliness"]) == (0, None)
    assert {row["rate"] for row in found["measures"] if row["measure"] != "disputes.past"} == {None}


@pytest.mark.usefixtures("quarter")
def test_small_numbers_are_kept_back_everywhere(iro: Run) -> None:
    """In this authority only the total that fell due is five or more."""
    answer = iro("report", "timeliness", *Q2, "--suppress", "5", "-f", "json")
    found = json.loads(answer.out)
    shown = {
        row[name] for row in found["rows"] for name in row if name not in ("name", "suppressed")
    }

    assert shown == {None}
    assert {name for name, value in found["total"].items() if value is not None} == {
        "name", "due", "suppressed",
    }  # fmt: skip
    assert "W-0" not in iro("report", "timeliness", *Q2, "--suppress", "5").out


@pytest.mark.usefixtures("quarter")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "2026-07-01"), 2, "--from and --to go together"),
        (("--from", "2026-09-30", "--to", "2026-07-01"), 3, "swap the two"),
        (("--from", "2027-01-01", "--to", "2027-03-31"), 3, "nothing in it is known yet"),
        (("--by", "child"), 2, "one of timescale, process, iro, team"),
        (("--show", "all"), 2, "one of figures, measures"),
        (("--suppress", "1"), 2, "from 2 to 100"),
        (("--suppress", "5", "--show", "late"), 2, "one by one"),
        (("--neighbours", "Leeds"), 2, "needs --authority"),
        (("--statistics", "x.csv"), 2, "needs --authority"),
        (("--show", "trend"), 2, "needs --authority"),
        (("--authority", "Gatehead"), 3, "did you mean"),
        (("--iro", "Nobody"), 3, "no child is allocated"),
        (("--authority", "Leeds", "--statistics", "none.csv"), 3, "none.csv: cannot be read"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_remedy(
    iro: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """Standard output is empty, and there is no traceback."""
    answer = iro("report", "timeliness", *words)

    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


def _recount(path: Path, as_of: date, first: date, last: date) -> Counter[tuple[str, str]]:
    """
    Count what fell due in another way: day by day, by what was open that evening.

    On the evening of its due date a duty is either open, and then it is late or never
    held, or it is gone from the open ones, having been met in time or stopped.
    """
    found: Counter[tuple[str, str]] = Counter()
    views = {}
    for number in range(first.toordinal(), last.toordinal() + 1):
        on = date.fromordinal(number)
        view = views[on] = View(reading(path), nation="england", as_of=on)
        shown = view.shown()
        listing = view.listing(shown)
        for case in view.cases(shown, keep_met=False):
            for row in listing.open_rows(case.child, case.clocks.open, case.events):
                if row.due == on:
                    found[row.timescale, "open"] += 1
    view = View(reading(path), nation="england", as_of=as_of)
    shown = view.shown()
    listing = view.listing(shown)
    for case in view.cases(shown, whole=True):
        for met in listing.met_rows(case.child.child_id, case.clocks.met, case.events):
            if first <= met.due <= last and met.held <= met.due:
                names = {one.event for one in case.events if one.on == met.held}
                if names != {"cp.conference.not-required"}:
                    found[met.rule.id, "met"] += 1
    return found


@pytest.mark.slow
def test_the_example_authority_comes_to_the_same_by_another_count(
    home: Path, iro: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was open on its due evening is now late, and the rest was in time."""
    path = home / "example.db"
    monkeypatch.setenv("IRO_DATABASE", str(path))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-23")
    with library.authority() as folder:
        for name in ("children", "allocations", "events"):
            assert iro("import", name, str(folder / f"{name}.csv")).code == 0
    rows = json.loads(iro("report", "timeliness", *Q2, "-f", "json").out)["rows"]
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    found = _recount(path, date(2026, 11, 23), first, last)
    ours = Counter[tuple[str, str]]()
    for row in rows:
        ours[row["name"], "met"] = row["in_timescale"]
        ours[row["name"], "open"] = row["late"] + row["outstanding"] + row["never_held"]

    assert +ours == +found


@pytest.mark.asked_on("2026-11-02")
def test_a_row_that_is_all_zero_says_what_it_is(home: Path, iro: Run) -> None:
    """
    Two rows have nothing that fell due; A's first review, due on 1 Sep, was not held.

    No start of care is recorded for B. So B's review met no known clock, and the next has no date:
    the review may have been the first or a later one.
    """
    typed_into(
        home / "iro.db",
        "2026-11-02",
        "child add A",
        "child add B",
        "record cla.start A --on 2026-08-03",
        "record cla.review B --on 2026-08-12 --insist",
    )
    shown = iro("report", "timeliness", *Q2).out.splitlines()
    found = {row["name"]: (row["due"], row["refused"]) for row in listed(iro)}

    assert found == {
        "cla.review.first": (1, 0),
        "cla.review.second": (0, 1),
        "cla.review": (0, 1),
    }
    assert "All zero, with nothing but what is counted apart: cla.review.second, cla.review." in (
        shown
    )
