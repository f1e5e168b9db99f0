"""The outcome of each duty: an ended process loses none, and none counts twice."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from iro_cli.facts.model import Child, Event
from iro_cli.figures.duties import JUDGED
from iro_cli.figures.periods import Period
from iro_cli.figures.timeliness import figures
from iro_cli.questions.report import gather
from iro_cli.questions.view import View
from iro_cli.store.kinds import CHILD_DETAIL
from stores import add_facts, changing, reading
from strategies import examples, family, histories

ALL_TIME = Period(date(1990, 1, 1), date(2040, 12, 31))


def _view(path: Path, cases: dict[Child, list[Event]], as_of: date) -> View:
    with changing(path, at="2026-10-20T09:00:00Z", who="tester", command="import") as writer:
        writer.add(CHILD_DETAIL, list(cases))
        add_facts(
            writer,
            [(child.child_id, event) for child, events in cases.items() for event in events],
        )
    return View(reading(path), nation="england", as_of=as_of)


def _became(view: View) -> list[tuple[str, date, str, int]]:
    ledger = gather(view, ALL_TIME)
    return [(one.timescale, one.due, one.status, one.days_late) for one in ledger.duties]


@pytest.mark.parametrize(
    ("end", "became"),
    [
        # In care Monday 3 August 2026; the first review is due Tuesday 1 September.
        (date(2026, 8, 31), []),
        # On the due day it was still in time.
        (date(2026, 9, 1), []),
        (date(2026, 9, 2), [("cla.review.first", date(2026, 9, 1), "never-held", 1)]),
    ],
)
def test_a_review_overdue_when_care_ended_was_never_held(
    tmp_path: Path, end: date, became: list[tuple[str, date, str, int]]
) -> None:
    """It was owed until care ended, and late only after its due date."""
    events = [Event("cla.start", date(2026, 8, 3)), Event("cla.end", end)]

    assert _became(_view(tmp_path / "a.db", {Child("A"): events}, date(2026, 10, 1))) == became


@pytest.mark.parametrize("plan_ended", [date(2026, 8, 24), date(2026, 9, 10), date(2026, 9, 21)])
def test_another_ending_before_it_changes_nothing(tmp_path: Path, plan_ended: date) -> None:
    """An ending ends only the clocks that it stops, before the due date, after it, or at once."""
    events = [
        Event("cp.conference.initial", date(2026, 7, 1)),
        Event("cla.start", date(2026, 8, 3)),
        Event("cp.plan.end", plan_ended),
        Event("cla.end", date(2026, 9, 21)),
    ]
    events.sort(key=lambda one: one.on)
    became = _became(_view(tmp_path / "a.db", {Child("A"): events}, date(2026, 10, 1)))

    assert became == [("cla.review.first", date(2026, 9, 1), "never-held", 20)]


def test_a_review_overdue_on_the_eighteenth_birthday_was_never_held(tmp_path: Path) -> None:
    """Born 10 September 2008: nine days after the due date."""
    child = Child("A", date_of_birth=date(2008, 9, 10))
    view = _view(
        tmp_path / "a.db", {child: [Event("cla.start", date(2026, 8, 3))]}, date(2026, 10, 1)
    )

    assert _became(view) == [("cla.review.first", date(2026, 9, 1), "never-held", 9)]


def test_a_review_overdue_when_the_child_was_placed_was_never_held(tmp_path: Path) -> None:
    """The looked-after clock stops at placement; the adoption review is then to come."""
    events = [Event("cla.start", date(2026, 8, 3)), Event("adoption.placed", date(2026, 9, 7))]
    view = _view(tmp_path / "a.db", {Child("A"): events}, date(2026, 10, 1))

    # Placed on Monday 7 September: four weeks are Monday 5 October.
    assert _became(view) == [
        ("cla.review.first", date(2026, 9, 1), "never-held", 6),
        ("adoption.review.placed.first", date(2026, 10, 5), "not-yet-due", 0),
    ]


def test_a_clock_that_goes_on_after_a_placement_ended_is_outstanding_not_lost(
    tmp_path: Path,
) -> None:
    """When the placement ends the same clock runs on, and is counted once."""
    events = [
        Event("cla.start", date(2026, 8, 3)),
        Event("adoption.placed", date(2026, 9, 7)),
        Event("adoption.end", date(2026, 9, 14)),
    ]
    found = _became(_view(tmp_path / "a.db", {Child("A"): events}, date(2026, 10, 1)))

    assert found == [("cla.review.first", date(2026, 9, 1), "outstanding", 30)]


def _beside(*written: str) -> list[Event]:
    found = []
    for line in written:
        on, event, *outcome = line.split()
        found.append(Event(event, date.fromisoformat(on), outcome[0] if outcome else None))
    return found


@pytest.mark.parametrize("ended", ["2026-08-10", "2026-09-07"], ids=["before it was due", "after"])
@pytest.mark.parametrize(
    "beside",
    [
        ("2026-08-03 cp.conference.initial", "{} cp.conference.review end"),
        ("2026-08-03 cp.conference.initial", "{} cp.plan.end"),
        ("2026-08-03 cp.strategy", "{} cp.conference.not-required"),
        ("2026-08-03 short-break.start", "{} short-break.end"),
        ("2026-08-03 secure.start", "{} secure.end"),
        ("2026-08-03 adoption.authorised", "{} adoption.end"),
        ("2026-08-03 adoption.authorised", "{} adoption.decision.reversed"),
        ("2026-08-03 dispute.raised", "{} dispute.resolved"),
        ("2026-08-03 court.application", "{} court.order"),
        ("2026-08-03 placement.start", "{} placement.end"),
        ("2026-08-03 remand.accommodation", "{} remand.end"),
    ],
    ids=lambda one: one[1].split(" ", 1)[1],
)
def test_another_ending_changes_nothing(
    tmp_path: Path, beside: tuple[str, str], ended: str
) -> None:
    """
    A review that was open when care ended was never held, and late up to that day.

    In care Monday 3 August 2026, due Tuesday 1 September, care ended on 14 September.
    """
    care = _beside("2026-08-03 cla.start", "2026-09-14 cla.end")
    both = [*care, *_beside(beside[0], beside[1].format(ended))]
    found = _became(_view(tmp_path / "a.db", {Child("A"): both}, date(2026, 10, 1)))

    assert [one for one in found if one[0] == "cla.review.first"] == [
        ("cla.review.first", date(2026, 9, 1), "never-held", 13)
    ]


@given(histories())
@examples(40)
def test_what_is_unrelated_changes_no_figure(events: list[Event]) -> None:
    """The outcomes of a family's duties are the same with and without other events."""
    as_of = max((one.on for one in events), default=date(2012, 1, 2)) + timedelta(days=40)
    unique = {(one.event, one.on): one for one in events if one.event != "child.died"}.values()
    families = sorted({family(one.event) for one in unique})
    cases = {Child("all"): list(unique)}
    for name in families:
        cases[Child(name)] = [one for one in unique if family(one.event) == name]
    with TemporaryDirectory() as folder:
        view = _view(Path(folder) / "a.db", cases, as_of)
        duties = gather(view, ALL_TIME, watched_all=True).duties
        view.reader.close()
    for name in families:
        whole, alone = (
            [
                one._replace(child="")
                for one in duties
                if one.child == child and family(one.process) == name
            ]
            for child in ("all", name)
        )

        assert whole == alone


@given(histories())
@examples(40)
def test_whatever_was_recorded_every_duty_is_counted_once(events: list[Event]) -> None:
    """Rows add up to the total by every grouping, and no clock ends twice."""
    as_of = max((one.on for one in events), default=date(2012, 1, 2)) + timedelta(days=40)
    unique = list({(one.event, one.on): one for one in events}.values())
    with TemporaryDirectory() as folder:
        view = _view(Path(folder) / "a.db", {Child("A", team="Hill"): unique}, as_of)
        ledger = gather(view, ALL_TIME, plans_on=[as_of])
        view.reader.close()
    one_at_a_time = [one for one in ledger.duties if one.rule.match is None]
    clocks = Counter((one.timescale, one.started) for one in one_at_a_time)

    assert max(clocks.values(), default=1) == 1
    for by in ("timescale", "process", "iro", "team"):
        found = figures(ledger, by)
        for name in ("due", "held", "late", "outstanding", "never_held", "not_yet_due"):
            rows = sum(getattr(row, name) for row in found.rows)
            assert rows == getattr(found.total, name)
    assert found.total.due == sum(one.status in JUDGED for one in ledger.duties)
