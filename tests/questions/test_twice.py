"""The effect of two days for one review on the next date, asked directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.facts.model import Child, Event
from iro_cli.questions.twice import consequence, next_due
from iro_cli.questions.view import View
from stores import viewed

START, CHILD = Event("cla.start", date(2026, 10, 26)), Child("Robin")
ONE, OTHER = (Event("cla.review", date(2026, 11, day)) for day in (19, 20))


@pytest.fixture
def view(make_store: Callable[..., Path]) -> View:
    """Return a child in care since Mon 26 Oct 2026, reviewed on 19 Nov, asked on 24 Nov."""
    return viewed(make_store([CHILD], [("Robin", START), ("Robin", ONE)]), date(2026, 11, 24))


def test_the_next_meeting_of_a_process_by_facts_that_need_not_be_stored(view: View) -> None:
    """Twenty working days end on 23 Nov; three months from 19 Nov on 19 Feb; six from 20 Nov."""
    assert next_due(view, CHILD, [START], "cla.review") == date(2026, 11, 23)
    assert next_due(view, CHILD, [ONE, START], "cla.review") == date(2027, 2, 19)
    assert next_due(view, CHILD, [START, ONE, OTHER], "cla.review") == date(2027, 5, 20)


def test_facts_of_another_process_or_a_later_day_make_nothing_due(view: View) -> None:
    """Facts after the as-of day are not known."""
    assert next_due(view, CHILD, [START], "cp.conference.review") is None
    assert next_due(view, CHILD, [Event("cla.start", date(2026, 11, 25))], "cla.review") is None


def test_the_consequence_names_all_three_dates(view: View) -> None:
    """That with both days, and that with either alone."""
    words = consequence(view, "Robin", OTHER, ONE)

    assert words == (
        "if both count, the next is due by Thu 20 May 2027; with Fri 20 Nov 2026 "
        "alone it is due by Sat 20 Feb 2027, with Thu 19 Nov 2026 alone due by "
        "Fri 19 Feb 2027"
    )


def test_where_the_next_date_is_the_same_nothing_is_said(view: View) -> None:
    """A placement moves no review."""
    days = (Event("placement.start", date(2026, 11, day)) for day in (2, 3))

    assert consequence(view, "Robin", *days) == ""
