"""
England's pack agrees with the interface, and with properties of every rule.

A rule that is added changes nothing here: what it says is counted in ``tests/golden``.
"""

import importlib.util
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from iro_cli import library
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import CHECKED
from iro_cli.obligations.due import DueDates
from running import each

# The interface, section 4, typed by hand: id, limit today, watched.
PROMISED = {
    "cla.review.first": ("20 working days", "yes"),
    "cla.review.first.28-days": ("28 days", "local"),
    "cla.review.second": ("3 months", "yes"),
    "cla.review.subsequent": ("6 months", "yes"),
    "cla.review.adjourned": ("20 working days", "yes"),
    "cla.review.decisions": ("5 working days", "no"),
    "cla.review.record": ("15 working days", "no"),
    "cla.review.distribution": ("20 working days", "no"),
    "short-break.review.first": ("3 months", "yes"),
    "short-break.review.subsequent": ("6 months", "yes"),
    "cp.conference.initial": ("15 working days", "yes"),
    "cp.conference.review.first": ("3 months", "yes"),
    "cp.conference.review.subsequent": ("6 months", "yes"),
    "cp.conference.transfer-in": ("15 working days", "yes"),
    "cp.core-group.first": ("10 working days", "no"),
    "adoption.review.authorised.first": ("3 months", "yes"),
    "adoption.review.authorised.subsequent": ("6 months", "yes"),
    "adoption.review.placed.first": ("4 weeks", "yes"),
    "adoption.review.placed.second": ("3 months", "yes"),
    "adoption.review.placed.subsequent": ("6 months", "yes"),
    "secure.review.first": ("1 month", "yes"),
    "secure.review.subsequent": ("3 months", "yes"),
    "dispute.resolution": ("20 working days", "yes"),
}
# Names that `iro watch add` takes for several timescales, with some that each stands for.
GROUPS = {
    "records": {"cla.review.decisions", "cla.review.record", "cla.review.distribution"},
    "midway": {"cla.midway", "cp.midway"},
    "preparation": {"cla.review.invitations", "cla.review.report", "cla.review.conversation"},
    "appointment": {"cla.iro.appointed"},
    "plans": {"plans.care", "plans.placement"},
    "health": {"plans.health.first", "plans.health.under-five", "plans.health.from-five"},
    "education": {"plans.education.first", "plans.education.review"},
    "pathway": {"plans.pathway"},
    "remand": {"remand.care-plan", "remand.detention-plan"},
    "court": {"court.proceedings"},
    "allegations": {"allegation.referral"},
}
# What starts each clock and what meets it, from the same table.
STARTED_AND_MET = {
    "cla.review.first": ("cla.start", "cla.review"),
    "cla.review.first.28-days": ("beside cla.review.first", ""),
    "cla.review.second": ("held cla.review.first", "cla.review"),
    "cla.review.subsequent": ("held cla.review.second cla.review.subsequent", "cla.review"),
    "cla.review.adjourned": ("cla.review.adjourned", "cla.review"),
    "cla.review.decisions": ("cla.review", "review.decisions"),
    "cla.review.record": ("cla.review", "review.record"),
    "cla.review.distribution": ("cla.review", "review.distributed"),
    "short-break.review.first": ("short-break.start", "short-break.review"),
    "short-break.review.subsequent": (
        "held short-break.review.first short-break.review.subsequent",
        "short-break.review",
    ),
    "cp.conference.initial": (
        "cp.strategy",
        "cp.conference.initial cp.conference.not-required cp.conference.review",
    ),
    "cp.conference.review.first": (
        "cp.conference.initial cp.conference.transfer-in",
        "cp.conference.review",
    ),
    "cp.conference.review.subsequent": (
        "held cp.conference.review.first cp.conference.review.subsequent",
        "cp.conference.review",
    ),
    "cp.conference.transfer-in": ("cp.transfer-in.notified", "cp.conference.transfer-in"),
    "cp.core-group.first": ("cp.conference.initial", "cp.core-group"),
    "adoption.review.authorised.first": ("adoption.authorised", "adoption.review cla.review"),
    "adoption.review.authorised.subsequent": (
        "held adoption.review.authorised.first adoption.review.authorised.subsequent",
        "adoption.review cla.review",
    ),
    "adoption.review.placed.first": ("adoption.placed", "adoption.review"),
    "adoption.review.placed.second": ("held adoption.review.placed.first", "adoption.review"),
    "adoption.review.placed.subsequent": (
        "held adoption.review.placed.second adoption.review.placed.subsequent",
        "adoption.review",
    ),
    "secure.review.first": ("secure.start", "secure.review"),
    "secure.review.subsequent": (
        "held secure.review.first secure.review.subsequent",
        "secure.review",
    ),
    "dispute.resolution": ("dispute.raised", "dispute.resolved"),
}
# Events that no rule of England needs: facts only, and events for which a local pack may have a
# limit.
FACTS_ALONE = {
    "child.born",
    "child.died",
    "cp.conference.inquorate",
    "cp.transfer-in.temporary",
    "court.hearing",
    "dispute.stage",
    "dispute.escalated",
    "cp.invitations",
    "cp.report",
    "cp.letter",
    "cp.record",
    "placement.disrupted",
    "placement.disruption-meeting",
    "adoption.disrupted",
    "adoption.disruption-meeting",
    "dispute.responded",
    "pathway.plan",
    "court.note",
    "court.guardian",
    "allegation.strategy",
    "complex-abuse.referred",
    "complex-abuse.strategy",
    "cp.conference.requested",
    "child.expected",
    "england.left",
    "wales.left",
}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def england() -> Catalogue:
    """Return the rules of England."""
    return library.catalogue("england")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """Return the script that writes the compiled files."""
    spec = importlib.util.spec_from_file_location(
        "compile_data", ROOT / "scripts" / "compile_data.py"
    )
    if spec is None or spec.loader is None:
        raise ImportError("compile_data")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each("timescale", PROMISED)
def test_a_timescale_is_as_promised(england: Catalogue, timescale: str) -> None:
    """It has the limit and the watching that the interface promises."""
    rule = england.get(timescale)

    assert PROMISED[timescale] == (rule.versions[-1].words(), rule.watched)


@each("timescale", STARTED_AND_MET)
def test_what_starts_and_meets_a_clock_is_as_promised(england: Catalogue, timescale: str) -> None:
    """The events that start and meet it are those of the interface."""
    rule = england.get(timescale)
    starts = [one.event for one in rule.trigger.event]
    if rule.trigger.held:
        starts = ["held", *rule.trigger.held]
    if rule.beside:
        starts = ["beside", rule.beside]
    # Events that extracts add: the latest meeting only, a plan whose conference is not given, and a
    # decision that is taken for the authority to place.
    added = ("cp.plan.start", "adoption.decided")
    met = [one.event for one in rule.met_by if not one.event.endswith(".latest")]

    assert STARTED_AND_MET[timescale] == (
        " ".join(one for one in starts if one not in added),
        " ".join(one for one in met if one not in added),
    )


def test_every_day_since_april_2011_is_answered(england: Catalogue) -> None:
    """From 1 April 2011, or the day its law began, one version of each rule is in force."""
    wrong = []
    for rule in england.rules.values():
        begins = max(date(2011, 4, 1), min(one.in_force_from for one in rule.versions))
        for day in (begins + timedelta(days=number) for number in range(0, 15_000, 7)):
            force = [one for one in rule.versions if one.in_force_from <= day]
            if 1 != sum(day <= (one.in_force_to or date.max) for one in force):
                wrong.append((rule.id, day))

    assert [] == wrong


@each("timescale", PROMISED)
def test_what_is_promised_is_answered_since_april_2011(england: Catalogue, timescale: str) -> None:
    """The interface promises an answer for every date from 1 April 2011 on."""
    assert england.get(timescale).in_force(date(2011, 4, 1)) is not None


@each("group", GROUPS)
def test_a_group_stands_for_what_it_stood_for(england: Catalogue, group: str) -> None:
    """A group's name in a script still turns on the same timescales."""
    assert set() == GROUPS[group] - set(england.group(group))


def test_nothing_of_a_group_is_shown_by_default(england: Catalogue) -> None:
    """Timescales of a group are off until somebody turns them on, by the group's name too."""
    grouped = [rule for rule in england.rules.values() if rule.group]

    assert [] == [rule.id for rule in grouped if england.is_shown(rule)]
    assert [] == [one.id for one in grouped if one.id not in england.group(one.group or "")]


def test_a_review_after_a_return_has_a_window(england: Catalogue) -> None:
    """Adoption guidance 2013, para. 5.35 and chain C8: 1 to 15 February for 4 January 2027."""
    calendar = library.calendar(england.calendar)
    found = DueDates(calendar).of(england.get("adoption.review.returned"), date(2027, 1, 4))

    assert (date(2027, 2, 1), date(2027, 2, 15)) == (found.not_before, found.due)


def test_before_the_earliest_version_there_is_none(england: Catalogue) -> None:
    """A day before the law began has no version, and not the nearest."""
    rule = england.get("cla.review.first")

    assert (None, True) == (
        rule.in_force(date(1991, 10, 13)),
        rule.in_force(date(1991, 10, 14)) is not None,
    )


def test_the_first_review_changed_on_1_april_2011(england: Catalogue) -> None:
    """Four weeks to the end of March 2011, 20 working days from April."""
    rule = england.get("cla.review.first")
    found = [rule.in_force(day) for day in (date(2011, 3, 31), date(2011, 4, 1))]

    assert ["4 weeks", "20 working days"] == [one.words() for one in found if one]


def test_no_edition_of_working_together_is_taken_to_begin_in_2011(england: Catalogue) -> None:
    """If the pack's first day is no edition's, the version says so, and what was read."""
    silent = [
        rule.id
        for rule in england.rules.values()
        for version in rule.versions
        if version.citations[0].instrument.startswith("Working Together")
        and not (
            "not the date of an edition" in (note := version.note or "") and "not read" in note
        )
    ]

    assert [] == silent


def test_every_version_is_cited(england: Catalogue) -> None:
    """Every version has an instrument, a provision, a link and the quoted words."""
    wrong = [
        (rule.id, citation)
        for rule in england.rules.values()
        for version in rule.versions
        for citation in version.citations
        if not (citation.instrument and citation.provision and citation.quote)
        or not citation.url.startswith(("https://", "http://"))
    ]
    uncited = [
        rule.id
        for rule in england.rules.values()
        for version in rule.versions
        if not version.citations
    ]

    assert ([], []) == (wrong, uncited)


def test_what_was_not_read_says_so(england: Catalogue) -> None:
    """Words that were not read are in brackets, and the version says recalled."""
    wrong = [
        rule.id
        for rule in england.rules.values()
        for version in rule.versions
        for citation in version.citations
        if version.checked == "recalled"
        and not (citation.quote.startswith("[") and citation.quote.endswith("]"))
    ]

    assert [] == wrong


def test_what_was_read_elsewhere_says_where(england: Catalogue) -> None:
    """Words from a manual or guide that restates the rule name it."""
    wrong = [
        rule.id
        for rule in england.rules.values()
        for version in rule.versions
        for citation in version.citations
        if version.checked in ("secondary", "guidance")
        and rule.strength != "local"
        and not citation.seen_in
    ]

    assert [] == wrong


def test_how_a_version_was_checked_has_words(england: Catalogue) -> None:
    """Each way of checking has words for users."""
    checked = {v.checked for rule in england.rules.values() for v in rule.versions}

    assert set() == checked - set(CHECKED)
    assert "UNCHECKED" in CHECKED["recalled"]


def test_local_rules_alone_are_local(england: Catalogue) -> None:
    """A rule has local strength if and only if it is off until it is turned on."""
    local = {rule.id for rule in england.rules.values() if rule.strength == "local"}

    assert "cla.review.first.28-days" in local
    assert local == {rule.id for rule in england.rules.values() if rule.watched == "local"}


def test_every_process_has_rules(england: Catalogue) -> None:
    """Each process has a timescale, and each timescale's process is in the list."""
    assert list(england.processes) == list(
        dict.fromkeys(rule.process for rule in england.rules.values())
    )


def test_every_recorded_start_and_end_does_something(england: Catalogue) -> None:
    """A rule or a span uses every event that starts, meets or ends something."""
    known = {
        match.event
        for rule in england.rules.values()
        for match in (*rule.trigger.event, *rule.met_by, *rule.advanced_by)
    } | {
        match.event
        for span in england.spans.values()
        for match in (*span.opened_by, *span.closed_by, *span.continued_by, *span.taken_from)
    }
    known |= {one.event for rule in england.rules.values() for one in rule.stopped_by}

    assert set() == set(EVENTS) - known - FACTS_ALONE


def test_childhood_ends_at_eighteen(england: Catalogue) -> None:
    """Children Act 1989 s. 105(1)."""
    assert 18 == england.childhood_ends_at_age


def test_the_handbook_s_caseload(england: Catalogue) -> None:
    """The IRO Handbook expects 50 to 70 children, as quoted by a professional body."""
    caseload = england.caseload

    assert caseload is not None
    assert (50, 70, "secondary") == (caseload.lowest, caseload.highest, caseload.checked)


@pytest.mark.slow
def test_the_compiled_files_are_fresh(script: ModuleType) -> None:
    """The compiled files agree with the packs and the bank-holiday package."""
    stale = [
        path.name
        for path, text in script.compiled().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]

    assert [] == stale
