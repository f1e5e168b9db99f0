"""On a terminal of 80 columns a row is one line, and a note names what is left out."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from iro_cli.forms import table
from running import Answer
from stores import put_store

pytestmark = pytest.mark.asked_on("2026-11-24")
Screen = Callable[[str], list[str]]


@pytest.fixture
def screen(
    typed_once: Callable[..., Path],
    home: Path,
    typed: Callable[[str], Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> Screen:
    """
    Return a function that shows a listing on a terminal 80 columns wide, and long enough.

    TS-0101 came into care on Mon 1 Jun 2026: the second review was due three months after the
    first of 29 June.  TS-0214 has a plan since Wed 12 Aug: its conference was due on 12 November.
    """
    monkeypatch.setattr(table, "is_terminal", lambda _: True)
    monkeypatch.setattr(table, "_room", lambda _: (80, 10_000))
    made = typed_once(
        "2026-11-24",
        "child add TS-0101 --iro 'Cath Lindqvist' --team 'Children in Care'",
        "child add TS-0214 --chair 'Dev Raman' --team 'Family Safeguarding'",
        "record cla.start TS-0101 --on 2026-06-01",
        "record review TS-0101 --on 2026-06-29 --participation PN7",
        "record cp.conference.initial TS-0214 --on 2026-08-12",
        "dispute raise TS-0101 --on 2026-10-19 --reference DR-11",
        "dispute escalate TS-0101 --on 2026-11-16",
    )
    put_store(made, home / "iro.db")

    return lambda line: re.sub(r"\x1b\[[0-9;]*m", "", typed(line).out).splitlines()


def test_an_alarm_has_a_line_for_each_row(screen: Screen) -> None:
    """15, 12, 23, 7 and 14, two apart, are 79: booked is the same in every row."""
    assert screen("overdue") == [
        "Tue 24 Nov 2026, England: 3 overdue",
        "Due              When          What                     Child    IRO or chair",
        "─" * 79,
        "Tue 29 Sep 2026  56 days late  Second review            TS-0101  Cath Lindqvist",
        "Thu 12 Nov 2026  12 days late  First review conference  TS-0214  Dev Raman",
        "Mon 16 Nov 2026  8 days late   Dispute resolution       TS-0101  Cath Lindqvist",
        "in every row: Booked none",
        "no room here for Hold by, Team: a wider window or `-f csv` has them",
    ]


def test_a_booked_meeting_outranks_who_holds_it(screen: Screen) -> None:
    """The IRO's column is left out; a mark in capitals may be on a second line."""
    screen("book TS-0101 cla.review.second 2026-12-02")
    lines = screen("overdue")

    assert lines[1].split()[-1] == "Booked"
    assert lines[3:5] == [
        "Tue 29 Sep 2026  56 days late   Second review            TS-0101  Wed 2 Dec 2026",
        "                 BOOKED LATE                                      TOO LATE",
    ]
    assert lines[-2].startswith("no room here for IRO or chair, Hold by, Team: ")


def test_for_one_iro_there_is_room_for_both_days(screen: Screen) -> None:
    """The booked day may take two lines, so that hold by fits; the IRO is known."""
    screen("book TS-0101 cla.review.second 2026-12-02")
    lines = screen("due --iro 'Cath Lindqvist'")
    title = next(line for line in lines if line.startswith("Due "))

    assert title.split("  ")[-1].strip() == "Booked"
    assert "Hold by" in title
    assert max(map(len, lines)) <= 80
    assert (
        "in every row: Child TS-0101; IRO or chair Cath Lindqvist; Team Children in Care" in lines
    )


def test_a_child_has_a_line_for_each_row(screen: Screen) -> None:
    """This holds for what is open, what was met and the child's part; details may be longer."""
    lines = screen("show TS-0101")
    opened, met = lines.index("Open"), lines.index("Met")
    part, facts = lines.index("The child's part"), lines.index("Facts")

    assert lines[opened + 1].split("  ")[0] == "Due"
    assert [line[:15] for line in lines[opened + 3 : opened + 5]] == [
        "Tue 29 Sep 2026",
        "Mon 16 Nov 2026",
    ]
    assert lines[opened + 3].endswith("Tue 29 Sep 2026  -")
    assert lines[opened + 5] == "in every row: IRO or chair Cath Lindqvist"
    assert lines[opened + 6].startswith("no room here for Clock started: ")
    assert lines[met + 3 : met + 5] == [
        "Mon 29 Jun 2026  First review  Mon 29 Jun 2026  in timescale",
        "",
    ]
    assert lines[part + 3] == (
        "Mon 29 Jun 2026  PN7 did not attend, and their views were not conveyed"
    )
    assert lines[part + 4].startswith("in every row: Meeting review held; ")
    assert max(map(len, lines[facts:])) <= 80


def test_a_dispute_shows_when_it_was_raised_referred_and_resolved(screen: Screen) -> None:
    """The stage and the length are left out, because the days show them."""
    assert screen("dispute list")[1:] == [
        "Due              Child    Ref    Raised           Cafcass      Resolved",
        "─" * 71,
        "Mon 16 Nov 2026  TS-0101  DR-11  Mon 19 Oct 2026  16 Nov 2026  OVERDUE",
        "no room here for Open for, Stage, IRO: a wider window or `-f csv` has them",
    ]


def test_a_long_title_is_broken_before_a_child_is_left_out(screen: Screen) -> None:
    """A local marker makes a title longer than its column."""
    screen("child add TS-0102 --iro 'Cath Lindqvist'")
    screen("record cla.start TS-0102 --on 2026-10-12")
    lines = screen("overdue --pack blackpool")

    assert "TS-0102" in "\n".join(lines)
    assert max(map(len, lines)) <= 80
