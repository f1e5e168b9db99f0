"""Audits, disputes, siblings and proposals, asked of the store directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.audits import draw_sample, record_audit
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.facts.people import Audit
from iro_cli.figures.diary import AskedDiary
from iro_cli.questions.aligning import siblings
from iro_cli.questions.audits import (
    AuditFigures,
    AuditFilter,
    CaseToDraw,
    audit_figures,
    audit_lines,
    cases_to_draw,
)
from iro_cli.questions.disputes import disputes, is_open, which
from iro_cli.questions.suggesting import solver, suggest
from iro_cli.questions.view import View
from stores import changing, viewed

ON = date(2026, 11, 23)
ADA = "Ada Okafor"
Store = Callable[..., Path]


@pytest.fixture
def view(authority: Path) -> View:
    """Return four looked-after children and one for whom a conference is due."""
    return viewed(authority, ON)


# ---------------------------------------------------------------- siblings


def test_siblings_are_found_by_group_or_by_one_of_them(view: View) -> None:
    """They come in order, and capitals do not matter."""
    assert siblings(view, group="s1") == siblings(view, child="Wren") == ["Finch", "Wren"]


def test_a_child_without_siblings_is_refused(view: View) -> None:
    """An unknown group is refused too."""
    with pytest.raises(InputRefusedError, match="no sibling group is recorded for Moss"):
        siblings(view, child="Moss")
    with pytest.raises(InputRefusedError, match="no child is in a sibling group 'S9'"):
        siblings(view, group="S9")


# ---------------------------------------------------------------- audits


def test_which_cases_can_be_drawn(view: View) -> None:
    """Each process of each child; those of one IRO, or without the auditor's own."""
    fern = CaseToDraw("Fern", "cla", "Ben Rees")
    reed = CaseToDraw("Reed", "cp", "Dev Raman")
    hers = [CaseToDraw(child, "cla", ADA) for child in ("Finch", "Moss", "Wren")]

    assert sorted(cases_to_draw(view)) == sorted([fern, reed, *hers])
    assert cases_to_draw(view, iro="ben rees") == [fern]
    assert cases_to_draw(view, process="cp") == [reed]
    assert cases_to_draw(view, auditor=ADA) == [fern, reed]


def test_what_was_drawn_and_what_is_done(authority: Path) -> None:
    """Overdue audits come first, then those to do, then those done."""
    due = {"Fern": date(2026, 11, 20), "Moss": date(2026, 12, 4), "Reed": date(2026, 12, 4)}
    with changing(authority) as change:
        for child, day in due.items():
            among = [CaseToDraw(child, "cla", ADA)]
            draw_sample(change, among, 1, 1, date(2026, 11, 9), day)
        record_audit(change, Audit("Moss", date(2026, 11, 16), "Case file", "Good"))
    view = viewed(authority, ON)
    lines = audit_lines(view)

    assert [(one.child, one.status, one.days_left) for one in lines] == [
        ("Fern", "overdue", -3),
        ("Reed", "due", 11),
        ("Moss", "done", None),
    ]
    assert [one.child for one in audit_lines(view, AuditFilter(status="DONE"))] == ["Moss"]
    # Three drawn, one of them done, and of the others Fern's is past its day on 23 Nov.
    assert audit_figures(view, date(2026, 11, 1), date(2026, 11, 30)) == AuditFigures(
        3, 1, 1, 1, {"Case file": {"Good": 1}}
    )


# ---------------------------------------------------------------- disputes


@pytest.fixture
def disputed(make_store: Store) -> View:
    """
    Return a child with two disputes.

    The one about the placement was raised Mon 12 Oct: 20 working days end on Mon 9 Nov. The
    one about school was raised Wed 4 Nov: they end on Wed 2 Dec. It was resolved Fri 20 Nov.
    """
    placement, school = date(2026, 10, 12), date(2026, 11, 4)
    facts = [
        ("Robin", Event("dispute.raised", placement, reference="placement")),
        ("Robin", Event("dispute.raised", school, reference="school")),
        ("Robin", Event("dispute.responded", date(2026, 11, 10), reference="school")),
        ("Robin", Event("dispute.resolved", date(2026, 11, 20), reference="school")),
    ]
    path = make_store([Child("Robin")], facts, [Allocation("Robin", "iro", ADA)])
    return viewed(path, ON)


def test_the_open_dispute_stands_before_the_resolved(disputed: View) -> None:
    """It is 14 days past its due date; the other took 16 days and was in time."""
    found = disputes(disputed)

    assert [(one.reference, one.status, one.due, one.days_open) for one in found] == [
        ("placement", "overdue", date(2026, 11, 9), 42),
        ("school", "in-timescale", date(2026, 12, 2), 16),
    ]
    assert (found[1].stage, found[1].responded) == ("answered", date(2026, 11, 10))
    assert [one.reference for one in disputes(disputed, only_open=True)] == ["placement"]
    assert disputes(disputed, iro="Ben Rees") == []


def test_a_step_is_of_the_only_dispute_that_is_open(disputed: View) -> None:
    """If two are open, the reference has to say which."""
    stage, between = "dispute.stage", date(2026, 11, 16)

    assert which(disputed, "Robin", stage, date(2026, 11, 23), None) == "placement"
    assert which(disputed, "Robin", stage, between, "school") == "school"
    with pytest.raises(InputRefusedError, match="has 2 disputes open on 16 Nov 2026"):
        which(disputed, "Robin", stage, between, None)


def test_whether_a_dispute_is_open(disputed: View) -> None:
    """It is open from the day it was raised."""
    assert is_open(disputed, "Robin", ON)
    assert not is_open(disputed, "Robin", date(2026, 10, 11))


# ---------------------------------------------------------------- a diary


def test_a_day_for_each_unbooked_review(view: View) -> None:
    """Ada's three are due Mon 30 Nov, and none is late."""
    pytest.importorskip("highspy", reason="NOT TESTED: the extra `plan` is not installed")
    assert hasattr(solver(), "Highs")

    found = suggest(view, AskedDiary((ADA,), 2, ON, None, 0))

    assert sorted((one.child, one.meeting.due) for one in found.rows) == [
        (child, date(2026, 11, 30)) for child in ("Finch", "Moss", "Wren")
    ]
    # Two a day: one of the three is held on the Friday before.
    assert sorted(one.suggested for one in found.rows if one.suggested) == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 11, 30),
    ]
    assert not any(one.late for one in found.rows)
    assert (found.booked, found.later, found.nobodys) == (0, 0, 0)
