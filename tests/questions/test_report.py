"""The figures of a quarter, asked directly; `stores.py` has the store, counted by hand."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.figures.periods import Period
from iro_cli.figures.timeliness import within
from iro_cli.questions.report import (
    AskedReport,
    beside_others,
    figures_by,
    gather,
    gathered,
    measures_of,
    process_figures,
    process_of,
    report_facts,
    timeliness,
)
from iro_cli.questions.statistics import shipped_statistics, with_files
from iro_cli.questions.view import View
from stores import viewed

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
ASKED = AskedReport(QUARTER)


@pytest.fixture
def view(quarter: Path) -> View:
    """Return the small authority, asked on 20 October 2026."""
    return viewed(quarter, date(2026, 10, 20))


def test_every_duty_of_the_period_is_gathered(view: View) -> None:
    """W-02's review was due on 3 Aug; W-05 left care before any was."""
    ledger = gather(view, QUARTER)
    due = {(one.child, one.rule.id): one.due for one in ledger.duties}

    assert due["W-02", "cla.review.first"] == date(2026, 8, 3)
    assert due["W-07", "cp.conference.initial"] == date(2026, 8, 3)
    assert "W-05" not in {child for child, _ in due}


def test_only_of_one_team(view: View) -> None:
    """Hill has the children W-01 to W-04."""
    ledger = gathered(view, ASKED._replace(team="Hill"))

    assert {one.child for one in ledger.duties} == {"W-01", "W-02", "W-03", "W-04"}


def test_each_timescale_has_its_process(view: View) -> None:
    """A marker has no clock of its own, and no process."""
    found = process_of(view)

    assert (found["cla.review.first"], found["cp.conference.initial"]) == ("cla", "cp")
    assert "cla.review.first.28-days" not in found


def test_the_figures_of_the_reviews(view: View) -> None:
    """Due: W-01's second in time, W-02 late, W-03 never held, W-04 not yet: one of four."""
    ledger = gathered(view, ASKED)
    by_process = {row.name: row for row in process_figures(view, ledger, QUARTER, 0).rows}
    by_rule = {
        row.name: row for row in figures_by(view, within(ledger, QUARTER), "timescale", 0).rows
    }

    assert (by_process["cla"].due, by_process["cla"].in_timescale) == (4, 1)
    assert (by_rule["cla.review.first"].due, by_rule["cla.review.first"].in_timescale) == (3, 0)
    assert by_rule["cla.review.second"].in_timescale == 1


def test_small_numbers_are_kept_back(view: View) -> None:
    """Numbers below five are not shown."""
    ledger = gathered(view, ASKED)
    rows = {row.name: row for row in process_figures(view, ledger, QUARTER, 5).rows}

    assert rows["cla"].due is None


def test_the_measures(view: View) -> None:
    """Of three initial conferences W-06's was in time and W-07's two days late."""
    rows = {row.measure: row for row in measures_of(view, gathered(view, ASKED), QUARTER, 0)}

    initial, plans = rows["conferences.initial"], rows["plans.reviewed"]
    assert (initial.part, initial.whole) == (1, 2)
    # On 30 Sep: W-09 was reviewed in time, W-10 was not.
    assert (plans.part, plans.whole) == (1, 2)
    raised, resolved = rows["disputes.raised"], rows["disputes.resolved"]
    assert (raised.part, resolved.part) == (2, 1)


def test_which_were_late(view: View) -> None:
    """Each is listed once: two reviews not held, one held late, a conference held late."""
    found = timeliness(view, ASKED)
    late = {(one.child, one.timescale) for one in found.late or ()}

    assert ("W-02", "cla.review.first") in late
    assert ("W-03", "cla.review.first") in late
    assert ("W-07", "cp.conference.initial") in late
    assert "W-06" not in {child for child, _ in late}


def test_beside_others(view: View) -> None:
    """The store's own figures come first, then England's; without an authority there is none."""
    rows = measures_of(view, gathered(view, ASKED), QUARTER, 0)
    alone = beside_others(ASKED, rows, view.as_of)
    found = beside_others(ASKED._replace(authority="Bristol, City of"), rows, view.as_of)
    of_conferences = [one for one in found.latest if one.measure == "conferences.initial"]

    assert (alone.latest, alone.trend, alone.source) == ([], [], "")
    assert of_conferences[0].level == "this store"
    assert (of_conferences[0].part, of_conferences[0].whole) == (1, 2)
    assert "national" in {one.level for one in of_conferences}


def test_an_authority_that_there_is_not_is_refused(view: View) -> None:
    """The message names the option."""
    with pytest.raises(InputRefusedError, match="--authority 'Testshire'"):
        beside_others(ASKED._replace(authority="Testshire"), [], view.as_of)


def test_everything_a_report_is_written_from(view: View) -> None:
    """The quarter comes last, after the seven before it."""
    found = report_facts(view, ASKED, "quarterly")

    assert len(found.past) == 8
    assert (found.now.name, found.before.name) == ("Jul to Sep 2026", "Apr to Jun 2026")
    assert found.measure("disputes.raised").part == 2
    # W-04's adjourned review is due Mon 26 Oct, W-06's first review conference Tue 27 Oct.
    assert found.coming["Oct 2026"]["cla"] == 1
    assert found.coming["Oct 2026"]["cp"] == 1
    assert found.audits is None


def test_the_departments_figures_ship() -> None:
    """England is among the areas; without a file, nothing is added."""
    shipped = shipped_statistics()

    assert ("national", "England") in shipped.areas
    assert with_files(shipped, []) == shipped
