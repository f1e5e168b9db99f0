"""Meetings that fall into an absence, and what is due first for the new IRO or chair."""

from collections.abc import Callable

import pytest

from running import Answer

# Robin is looked after since Mon 12 Oct 2026: 20 working days end on Mon 9 Nov.
pytestmark = pytest.mark.asked_on("2026-11-02")
Typed = Callable[[str], Answer]
AWAY = "absence add 'Ada Wren' --from 2026-11-09 --to 2026-11-13"


def test_an_absence_says_what_has_to_be_held_in_it(robin: Typed) -> None:
    """Booked or not; a meeting booked outside the absence does not count."""
    unbooked = robin(AWAY).err
    robin("absence remove 'Ada Wren' --from 2026-11-09")
    robin("book Robin 2026-11-09")
    booked = robin(AWAY).err
    robin("absence remove 'Ada Wren' --from 2026-11-09")
    robin("book Robin 2026-11-04")

    what = "cla.review.first of Robin\n"
    assert unbooked == f"iro: to be held then, not booked: by Mon 9 Nov 2026, {what}"
    assert booked == f"iro: booked then: Mon 9 Nov 2026, {what}"
    assert robin(AWAY).err == ""


@pytest.mark.parametrize(
    ("first", "last", "falls"),
    [
        ("2026-11-04", "2026-11-08", False),
        ("2026-11-04", "2026-11-09", True),
        ("2026-11-09", "2026-11-09", True),
        ("2026-11-09", "2026-11-20", True),
        ("2026-11-10", "2026-11-20", False),
    ],
)
def test_both_days_of_an_absence_are_in_it(
    first: str, last: str, falls: bool, robin: Typed
) -> None:
    """The first and last day count, for what is to be held by Mon 9 Nov and for bookings."""
    absence = f"absence add 'Ada Wren' --from {first} --to {last}"
    unbooked = (bool(robin(absence).err), "Mon 9 Nov 2026!" in robin("due").out)
    robin(f"absence remove 'Ada Wren' --from {first}")
    robin("book Robin 2026-11-09")
    booked = (bool(robin(absence).err), "Mon 9 Nov 2026 AWAY" in robin("due").out)

    assert unbooked == booked == (falls, falls)


def test_due_marks_what_falls_into_an_absence(robin: Typed) -> None:
    """The mark is beside the hold-by or booked day, and there is no new column."""
    before = robin("due -f csv").out
    robin(AWAY)
    unbooked, rows = robin("due").out, robin("due -f csv").out
    robin("book Robin 2026-11-09")
    booked = robin("due").out
    robin("book Robin 2026-11-04")

    assert rows == before
    assert "Mon 9 Nov 2026!" in unbooked
    assert "Mon 9 Nov 2026 AWAY" in booked
    assert "! AWAY: on the day it is booked for" in unbooked
    assert "AWAY" not in robin("due").out


def test_the_child_marks_it_too(robin: Typed) -> None:
    """`show` has the same mark."""
    robin(AWAY)

    assert "Mon 9 Nov 2026!" in robin("show Robin").out


def test_whoever_takes_over_hears_what_is_due_first(robin: Typed) -> None:
    """This holds for a take-over from a later day too."""
    allocated = robin("allocate Robin --iro 'Ben Moss' --from 2026-11-03").out
    handed = robin("hand-over --from 'Ben Moss' --to 'Cath Vole' --on 2026-11-05").out

    due = "Mon 9 Nov 2026, in 7 days: First review of Robin, not booked\n"
    assert allocated.endswith(f"due first for Ben Moss:\n  {due}")
    assert handed.endswith(f"due first for Cath Vole:\n  {due}")


def test_a_chair_takes_over_the_conferences_only(robin: Typed) -> None:
    """Robin has no plan, so nothing is due for a chair."""
    assert "due first" not in robin("allocate Robin --chair 'Ben Moss' --from 2026-11-03").out
