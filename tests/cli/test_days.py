"""Days on the command line: which day ``today`` is, and what is counted from it."""

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("when", "cla.review.first", "today"), "clock starts  Mon 10 Feb 2025"),
        (("record", "cla.review", "A-001"), "cla.review on Mon 10 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "yesterday"), "on Sun 9 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "fri"), "on Fri 7 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "7 feb"), "on Fri 7 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "Fri 7 Feb 2025"), "on Fri 7 Feb 2025"),
        (("book", "A-002", "cla.review.first", "fri"), "on Fri 14 Feb 2025"),
        (("book", "A-002", "cla.review.first", "20 feb"), "on Thu 20 Feb 2025"),
        (("dispute", "raise", "A-001"), "dispute.raised on Mon 10 Feb 2025"),
        (("audit", "record", "A-001", "--tool", "T", "--grade", "Good"), "on Mon 10 Feb 2025"),
        (("hand-over", "--from", "Ann Example", "--to", "Ben Rees"), "from Mon 10 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "today"), "cla.review on Mon 10 Feb 2025"),
        (("record", "cla.review", "A-001", "--on", "-3d"), "cla.review on Fri 7 Feb 2025"),
        (("book", "A-002", "cla.review.first", "+1w"), "on Mon 17 Feb 2025"),
        (("allocate", "A-001", "--iro", "Ben Rees", "--from", "today"), "from Mon 10 Feb 2025"),
        (("watch", "add", "records", "--from", "today"), "on or after Mon 10 Feb 2025"),
        (("calendar", "add", "+1wd", "--name", "A day"), "added: Tue 11 Feb 2025"),
        (("dispute", "raise", "A-001", "--on", "today"), "dispute.raised on Mon 10 Feb 2025"),
        (
            ("audit", "record", "A-001", "--on", "-1d", "--tool", "T", "--grade", "Good"),
            "on Sun 9 Feb 2025",
        ),
        (("person", "add", "Ben Rees", "--from", "today"), "from 10 Feb 2025"),
        (("child", "add", "A-009", "--dob", "-1w"), "added: A-009, born Mon 3 Feb 2025;"),
        (("child", "edit", "A-001", "--edd", "+2w"), "A-001, expected Mon 24 Feb 2025"),
    ],
    ids=lambda one: one if isinstance(one, str) else " ".join(one[:2]),
)
def test_today_is_the_day_that_is_asked_about(
    argv: tuple[str, ...], said: str, store: Path, iro: Run
) -> None:
    """``today`` is the as-of day on every command, and the answer names it."""
    code, out, _ = iro(*argv)

    assert code == 0
    assert said in out


def test_a_last_day_is_named(store: Path, iro: Run) -> None:
    """If somebody's last day is given as today, the answer names the day."""
    iro("person", "add", "Ben Rees")
    code, out, _ = iro("person", "edit", "Ben Rees", "--to", "today")

    assert (code, out) == (0, "changed: Ben Rees; the last day is Mon 10 Feb 2025\n")


def test_what_counts_from_today_in_as_of_counts_from_the_clock(store: Path, iro: Run) -> None:
    """In --as-of a relative day is counted from the clock, as there is no as-of day yet."""
    later = iro("--as-of", "+1d", "due", "-f", "json")[1]
    now = iro("--as-of", "today", "due", "-f", "json")[1]

    assert later != now
    assert '"as_of": "2025-02-10"' not in now


def test_what_could_be_two_days_is_refused(store: Path, iro: Run) -> None:
    """If the past and the future both fit, the message names both days."""
    code, _, err = iro("when", "cla.review.first", "fri")

    assert code == 2
    assert "it may be Fri 7 Feb 2025 or Fri 14 Feb 2025" in err


@pytest.mark.parametrize(
    "argv",
    [
        ("report", "timeliness", "--from", "0001-01-01", "--to", "2025-02-10"),
        ("report", "timeliness", "--from", "2025-01-01", "--to", "9999-12-31"),
        ("report", "annual", "--from", "2025-01-01", "--to", "9999-12-31"),
        ("calendar", "month", "9999-12"),
        ("due", "--as-of", "9999-12-31"),
    ],
    ids=" ".join,
)
def test_a_year_at_the_end_of_the_calendar_is_refused(
    argv: tuple[str, ...], store: Path, iro: Run
) -> None:
    """Months cannot be counted beyond the years 1 and 9999."""
    code, _, err = iro(*argv)

    assert code == 2
    assert "a year from 1950 to 2150" in err


@pytest.mark.parametrize("mistyped", [(), ("--bogus",)])
def test_a_day_that_begins_with_a_minus_is_read_as_a_day(
    mistyped: tuple[str, ...], store: Path, iro: Run
) -> None:
    """``-7d`` is read as a day wherever one is, and an option that is none is still named."""
    code, _, err = iro("book", "A-002", "first review", "-7d", *mistyped)

    assert code == (2 if mistyped else 3)
    assert ("No such option" if mistyped else "3 Feb 2025 lies before 10 Feb 2025") in err
