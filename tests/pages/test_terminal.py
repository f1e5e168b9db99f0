"""On the terminal: what to do first, bars, and a month."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.figures.caseload import CaseloadRow
from iro_cli.library import catalogue
from iro_cli.obligations.listing import DueRow
from iro_cli.pages.caseload import bar, caseload_bars
from iro_cli.pages.glance import today_first
from running import Answer

Run = Callable[..., Answer]
TODAY = date(2025, 2, 10)


def row(child: str, status: str, days: int | None, **changes: object) -> DueRow:
    """Make a row that is due a number of days from the day."""
    due = date.fromordinal(TODAY.toordinal() + days) if days is not None else None
    working = days * 5 // 7 if days is not None else None
    made = DueRow(
        child,
        "cla.review.first",
        "First review",
        "cla",
        TODAY,
        due,
        due,
        status,
        days,
        working,
        None,
        False,
        None,
        None,
        False,
        None,
        catalogue("england").rules["cla.review.first"],
    )
    return made._replace(**changes)  # type: ignore[arg-type]


def test_what_to_do_first() -> None:
    """The order is: today, past and not recorded, overdue, too late, to book."""
    rows = [
        row("A-1", "overdue", -9),
        row("A-2", "overdue", -3, booked=date(2025, 2, 6)),
        row("B-1", "due-today", 0, booked=TODAY),
        row("B-2", "due-today", 0),
        row("C-1", "due-soon", 3),
        row("C-2", "due-soon", 12),
        row("D-1", "due-soon", 14, booked=date(2025, 3, 1), booked_late=True),
        row("E-1", "refused", None),
    ]

    assert today_first(rows, TODAY) == [
        ("hold today", "2 due: B-1, B-2; not booked: B-2"),
        (
            "record",
            "1 booked for a day that has passed: A-2; record what was held, and book the rest again",
        ),
        ("overdue", "2, the longest A-1 (9 days); not booked: A-1"),
        ("bring forward", "1 booked after the last lawful day: D-1"),
        ("book", "1 due within 5 working days, not booked: C-1"),
        ("find out", "1 without a date: E-1; `iro explain CHILD` says why"),
    ]


def test_nothing_presses() -> None:
    """Rows that can wait are not named."""
    assert today_first([row("C-2", "due-soon", 12)], TODAY) == []


def test_a_few_are_named() -> None:
    """Four children are named, the others counted; a child with two dates counts once."""
    rows = [row(f"A-{number}", "due-today", 0) for number in (1, 1, 2, 3, 4, 5, 6)]

    assert today_first(rows, TODAY)[0][1].startswith("7 due: A-1, A-2, A-3, A-4 and 2 more;")


def test_a_pipe_has_the_list_alone(fortnight: Path, iro: Run) -> None:
    """A pipe gets nothing above the list, and no bars below the caseloads."""
    assert iro("due").out.startswith("Mon 10 Feb 2025, England: 3 overdue")
    assert "#" not in iro("caseload").out


def test_a_terminal_has_both(fortnight: Path, iro: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows what to do first above the list, and bars below the caseloads."""
    monkeypatch.setattr("iro_cli.cli.commands.daily.is_terminal", lambda _: True)
    monkeypatch.setattr("iro_cli.cli.commands.case.terminal_width", lambda _: 80)

    assert iro("due").out.startswith("Today first\n  hold today")
    assert "Today first" not in iro("due", "--child", "A-001").out
    assert "Today first" not in iro("due", "-f", "csv").out
    assert "Ann Example" in iro("caseload").out.partition("# overdue")[2]


# ---------------------------------------------------------------- bars

PARTS = st.tuples(*[st.integers(0, 3000)] * 3)


@given(PARTS, st.integers(0, 5000), st.integers(10, 200))
def test_a_bar_fits_and_hides_nothing(parts: tuple[int, int, int], more: int, room: int) -> None:
    """Each part that is not zero has a letter, and only rounding adds one."""
    drawn = bar(parts, sum(parts) + more, room)

    assert [bool(part) for part in parts] == [letter in drawn for letter in "#+."]
    assert len(drawn) <= room + 2


def test_the_bars_of_the_caseloads() -> None:
    """If there is room, one letter is one review."""
    rows = [
        CaseloadRow("Ann", 3, 6, 2, 1, 6, 0, 0, None),
        CaseloadRow("Ben", 1, 1, 0, 1, 1, 0, 0, None),
    ]
    table = caseload_bars(rows, 80)

    assert [line.cells for line in table.lines] == [("Ann", "##+...", "6"), ("Ben", "+", "1")]


# ---------------------------------------------------------------- the month


def test_the_month_for_programs(fortnight: Path, iro: Run) -> None:
    """Each day has a row: due, to hold by, booked, and unbooked."""
    days = json.loads(iro("calendar", "month", "2025-02", "-f", "json").out)["rows"]
    found = {
        day["date"][-2:]: (day["due"], day["hold_by"], day["unbooked"], day["booked"])
        for day in days
        if day["due"] or day["booked"]
    }

    assert len(days) == 28
    assert found == {
        "03": (3, 3, 3, 0),
        "10": (1, 1, 1, 0),
        "17": (1, 1, 1, 0),
        "21": (1, 1, 0, 0),
        "26": (0, 0, 0, 1),
    }
    assert sum(day["working_day"] for day in days) == 20


def test_the_month_for_people(fortnight: Path, iro: Run) -> None:
    """A calendar page from Monday to Sunday names today and late duties."""
    lines = iro("calendar", "month", "2025-02").out.splitlines()

    assert lines[0] == (
        "Feb 2025: 20 working days, no bank holiday, 6 due, 5 not booked, 1 meeting"
    )
    assert lines[2].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert lines[3].split() == ["1", "2"]
    assert lines[5].split() == ["3", "4", "5", "6", "7", "8", "9"]
    assert lines[6].split() == ["3", "late"]
    assert lines[8].split() == ["10", "today", "11", "12", "13", "14", "15", "16"]
    assert max(map(len, lines)) <= 80


def test_bank_holidays_of_a_month(fortnight: Path, iro: Run) -> None:
    """May 2025 has two on Mondays: the 5th and the 26th; 22 weekdays less two are 20."""
    out = iro("calendar", "month", "2025-05").out

    assert "May 2025: 20 working days, 2 bank holidays, 0 due" in out
    assert "5 holiday" in out
    assert "26 Mon: " in out


def test_one_persons_month(fortnight: Path, iro: Run) -> None:
    """With a name it is that person's month."""
    out = iro("calendar", "month", "--iro", "Ben Example").out

    assert "2 due, 1 not booked, 1 meeting" in out


@pytest.mark.parametrize(
    "typed", ["2025", "2025-13", "2025-00", "0000-01", "feb", "2025-2", "02/2025"]
)
def test_no_month(typed: str, fortnight: Path, iro: Run) -> None:
    """Text that is no month is refused, with how to write one."""
    code, out, err = iro("calendar", "month", typed)

    assert (code, out, err) == (2, "", f"iro: {typed!r} is not a month: write it as 2026-12\n")


def test_a_month_outside_the_calendar(fortnight: Path, iro: Run) -> None:
    """Unknown working days are not counted."""
    assert iro("calendar", "month", "2099-01").code == 3


def test_the_list_of_bank_holidays_is_as_it_was(fortnight: Path, iro: Run) -> None:
    """Without a month the command lists the bank holidays."""
    assert iro("calendar").out == iro("calendar", "list").out
