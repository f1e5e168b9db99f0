"""The heading of a listing for people names each filter; what scripts read stays as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer, each

Iro = Callable[..., Answer]

pytestmark = [pytest.mark.asked_on("2026-11-23"), pytest.mark.usefixtures("authority")]

# The first reviews are due on Mon 30 Nov, the conference of Reed on Mon 7 Dec.
HEADINGS = (
    ("due --team north", "Mon 23 Nov 2026, England, team North: 0 overdue"),
    ("due --process cp", "Mon 23 Nov 2026, England, process cp: 0 overdue"),
    ("due --child fern", "Mon 23 Nov 2026, England, child Fern: 0 overdue"),
    (
        "due --timescale cla.review.first --unbooked",
        "Mon 23 Nov 2026, England, timescale cla.review.first, not booked: 0 overdue",
    ),
    (
        "due review --iro 'ada okafor' --team South --process cla --child Moss --unbooked",
        ", of Ada Okafor, team South, process cla, child Moss, not booked, with 'review': 0 over",
    ),
    ("due --all", "Mon 23 Nov 2026, England: 0 overdue"),
    ("overdue --team South --as-of 2026-12-01", "Tue 1 Dec 2026, England, team South: 2 overdue"),
    ("forecast --iro 'ada okafor' --months 1", "to Mon 30 Nov 2026, of Ada Okafor\n"),
    ("forecast --list --team south --months 1", "to Mon 30 Nov 2026, team South\n"),
    ("calendar month --team south", "Nov 2026, team South: 21 working days"),
    ("caseload --team south", "Caseload by IRO and chair, Mon 23 Nov 2026, team South\n"),
)


@each("line, heading", HEADINGS)
def test_the_heading_names_each_filter(
    line: str, heading: str, typed: Callable[[str], Answer]
) -> None:
    """A name is spelt as in the store, however it was typed."""
    answer = typed(line)

    assert answer.code == 0
    assert heading in answer.out


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_page_names_them_too(form: str, iro: Iro) -> None:
    """A page that is sent on says whose it is."""
    out = iro("due", "--team", "South", "-f", form).out

    assert "England, team South: 0 overdue" in out


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_what_scripts_read_has_only_its_rows(form: str, iro: Iro, authority: Path) -> None:
    """The names of columns and fields are fixed."""
    out = iro("due", "--team", "South", "--process", "cla", "-f", form).out

    assert "team South" not in out
    assert out.count("First review") == 2


def test_with_pseudonyms_no_child_is_named(iro: Iro) -> None:
    """Neither a table nor a page has the id that was typed."""
    said = [
        iro("due", "--child", "fern", "--pseudonymise", "-f", form).out.casefold()
        for form in ("table", "html", "markdown")
    ]

    assert not any("fern" in one for one in said)
    assert all("p-" in one for one in said)
