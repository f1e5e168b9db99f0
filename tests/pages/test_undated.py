"""
A report of a period of which the facts say little: what is not known is never said to be nothing.

The return of the year to 31 March 2026 has five children in care, and each was reviewed in it.
The next review was due three months after the first: of TS0402 on 6 May 2026, of TS0407 on 6 June,
of TS0403 on 27 June.  Six months after the second it was due of TS0405 on 29 July, of TS0404 on
27 August.  Whether any was held, and when those after them are due, is in no file.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.figures.duties import Undated
from iro_cli.figures.periods import Period
from iro_cli.pages.report import report
from iro_cli.pages.words import open_words, undated_words
from iro_cli.questions.report import AskedReport, report_facts
from running import Answer
from stores import viewed

RETURN = Path(__file__).parents[2] / "examples/extracts/ssda903/2025-26"
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
ASKED = AskedReport(QUARTER)
LINE = ("report", "timeliness", "--from", "2026-07-01", "--to", "2026-09-30")
UNKNOWN = (
    "5 timescales of 5 children cannot be judged, because it is not known when they were due or "
    "whether they were met."
)
SOME = (
    "Some timescales cannot be judged, because it is not known when they were due or whether "
    "they were met; how many is kept back."
)

pytestmark = pytest.mark.asked_on("2026-11-23")


@pytest.fixture
def last_year(home: Path, iro: Callable[..., Answer]) -> Path:
    """Return a store with the return of last year and nothing since."""
    assert iro("import", "ssda903", str(RETURN), "--database", str(home / "iro.db")).code == 0
    return home / "iro.db"


def _sections(path: Path, asked: AskedReport = ASKED) -> dict[str, tuple[str, ...]]:
    facts = report_facts(viewed(path, date(2026, 11, 23)), asked, "quarterly")
    return {section.id: section.words for section in report(facts).sections}


def test_a_quarter_of_which_nothing_is_known_is_not_a_quarter_without_reviews(
    last_year: Path,
) -> None:
    """The headline, what is late and what is coming say how many have no date."""
    said = _sections(last_year)

    assert said["headline"] == ("No timescale is known to have fallen due in the quarter.", UNKNOWN)
    assert said["late"] == ("No timescale is known to be late.", UNKNOWN)
    assert said["coming"][-1] == (
        "5 timescales of 5 children have no date: they may fall due in these months too, and are "
        "not in these numbers."
    )
    assert said["voice"] == (
        "No looked-after review is known to have been held in the quarter, or none is shown.",
    )


def test_the_number_is_kept_back_where_small_ones_are(last_year: Path) -> None:
    """That some cannot be judged is said, and how many is not."""
    said = _sections(last_year, ASKED._replace(least=5))

    assert said["headline"][1] == said["late"][1] == SOME


def test_a_late_one_beside_them_does_not_hide_them(
    last_year: Path, iro: Callable[..., Answer]
) -> None:
    """
    W-1 is in care since Mon 6 Jul 2026: the first review was due on Mon 3 Aug.

    It was held on Wed 5 Aug.
    """
    own = ("--database", str(last_year))
    iro("child", "add", "W-1", *own)
    iro("record", "cla.start", "W-1", "--on", "2026-07-06", *own)
    iro("record", "cla.review", "W-1", "--on", "2026-08-05", *own)
    said = _sections(last_year)

    assert said["headline"][0] == "1 timescale missed: 1 held late."
    assert UNKNOWN in said["headline"]
    assert said["late"][0].startswith("1 timescale missed")
    assert said["late"][-1] == UNKNOWN


def test_the_figures_of_a_period_say_it_too(last_year: Path, iro: Callable[..., Answer]) -> None:
    """With `--show late`, in the whole table, and where small numbers are kept back."""
    own = ("--database", str(last_year))
    late, whole = iro(*LINE, "--show", "late", *own).out, iro(*LINE, *own).out
    kept = iro(*LINE, "--suppress", "5", *own).out

    assert late.splitlines()[-2:] == ["no timescale is known to be late", UNKNOWN]
    assert whole.splitlines()[-2:] == ["no timescale is known to be late", UNKNOWN]
    assert kept.splitlines()[-1] == SOME


def test_nothing_is_said_where_everything_is_known(home: Path, iro: Callable[..., Answer]) -> None:
    """
    W-1 came into care on Mon 1 Jun 2026 and was seen in time: by Mon 29 Jun.

    The second review was due by 22 Sep, three months after that of 22 Jun, and was held that day.
    """
    own = ("--database", str(home / "iro.db"))
    iro("child", "add", "W-1", *own)
    for event, day in (
        ("cla.start", "2026-06-01"),
        ("cla.review", "2026-06-22"),
        ("cla.review", "2026-09-22"),
    ):
        iro("record", event, "W-1", "--on", day, *own)
    said = _sections(home / "iro.db")
    late = iro(*LINE, "--show", "late", *own).out

    assert said["late"] == ("Nothing was late.",)
    assert not any("cannot be judged" in words for of in said.values() for words in of)
    assert late.splitlines()[-1] == "nothing was late"


def test_one_is_one() -> None:
    """Of one timescale the words are those of one; a meeting that was held is not to come."""
    clock = Undated("W-1", "cla", "cla.review.second", "Ada", "Hill", None)
    held = clock._replace(held=date(2026, 8, 5))
    ended = clock._replace(first=date(2026, 7, 1), last=date(2026, 8, 5))

    assert undated_words([]) == open_words([]) == open_words([held, ended]) == ""
    assert undated_words([clock]) == (
        "1 timescale of 1 child cannot be judged, because it is not known when it was due or "
        "whether it was met."
    )
    assert open_words([clock, held, ended]) == (
        "1 timescale of 1 child has no date: it may fall due in these months too, and is not in "
        "these numbers."
    )


def test_who_has_everything_in_timescale_has_nothing_that_cannot_be_judged(
    last_year: Path, iro: Callable[..., Answer]
) -> None:
    """
    Ada has five first reviews in time; once she also has TS0404, not everything is known.

    Five children are in care since Mon 6 Jul 2026 and were seen on Mon 3 Aug, the last day.
    """
    own, five = ("--database", str(last_year)), [f"W-{number}" for number in range(1, 6)]
    for child in five:
        iro("child", "add", child, *own)
    iro("allocate", *five, "--iro", "Ada", "--from", "2026-07-06", *own)
    iro("record", "cla.start", *five, "--on", "2026-07-06", *own)
    iro("record", "cla.review", *five, "--on", "2026-08-03", *own)
    before = _sections(last_year)["good-practice"]
    iro("allocate", "TS0404", "--iro", "Ada", "--from", "2026-07-06", *own)
    after = _sections(last_year)["good-practice"]

    assert before[0] == "IROs and chairs with everything in timescale: Ada (5)."
    assert not any("everything in timescale" in words for words in after)
