"""Which review the latest one was: the three cases of the issue, against a model of its words."""

import random
from datetime import date, timedelta
from typing import NamedTuple

import holidays
import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.dates.words import spoken_short
from iro_cli.facts.model import Child, Event
from iro_cli.law.catalogue import Watchlist
from iro_cli.obligations.chains import Engine
from iro_cli.obligations.listing import DueRows, Met
from iro_cli.obligations.open import Obligation
from iro_cli.obligations.reasons import (
    Assumption,
    FirstOrLater,
    Strict,
    TakenForFirst,
    TakenForLater,
    WhichMeeting,
)
from iro_cli.sentences.reasons import assumed_words, refusal_words
from running import each, first_fast

CATALOGUE = library.catalogue("england")
CALENDAR = library.calendar("england-and-wales")
SHOWN = Watchlist(CATALOGUE, {})
WORK = Engine(CATALOGUE)
TODAY = date(2026, 11, 22)
SECOND, SUBSEQUENT = "cla.review.second", "cla.review.subsequent"
ENGLISH = np.array(
    sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2036))),
    dtype="datetime64[D]",
)

# Monday 5 January 2026: twenty working days, no bank holiday among them, end on Monday
# 2 February; three months after that is Saturday 2 May.
STARTED = date(2026, 1, 5)


class Model(NamedTuple):
    """The result by the issue's words: which duty is next, its date, and the other date."""

    timescale: str
    due: date
    otherwise: date


def model(started: date, latest: date) -> Model:
    """
    Say what is next after the latest review, in the issue's own words.

    "Held within the first 20 working days it was the first (3 months); held after the first
    and the second were due it was a later one (6 months); in between, the sooner date."
    """
    first = np.busday_offset(np.datetime64(started), 20, roll="backward", holidays=ENGLISH)
    first_due = first.astype(date)
    second_due = first_due + relativedelta(months=3)
    in_three, in_six = latest + relativedelta(months=3), latest + relativedelta(months=6)
    if latest <= first_due:
        return Model(SECOND, in_three, in_six)
    if latest > second_due:
        return Model(SUBSEQUENT, in_six, in_three)
    return Model(SECOND, min(in_three, in_six), in_six)


def opened(*events: Event, as_of: date = TODAY, strict: bool = False) -> list[Obligation]:
    """Return what is open for a child to whom these things happened."""
    known = sorted((one for one in events if one.on <= as_of), key=lambda one: one.on)
    clocks = WORK.run(known, as_of=as_of)
    listing = DueRows(CATALOGUE, CALENDAR, SHOWN, as_of=as_of, horizon=as_of, strict=strict)
    return list(listing.opened(Child("TS0101"), clocks.open, known))


def only(*events: Event, strict: bool = False) -> Obligation:
    """Return the only open obligation."""
    (found,) = opened(*events, strict=strict)
    return found


def met(*events: Event) -> list[Met]:
    """Return the met rows."""
    known = sorted(events, key=lambda one: one.on)
    listing = DueRows(CATALOGUE, CALENDAR, SHOWN, as_of=TODAY, horizon=TODAY)
    return list(listing.met_rows("TS0101", WORK.run(known, as_of=TODAY).met, known))


def due(one: Obligation) -> tuple[str, date | None]:
    """Return which duty it is, and when it is due."""
    return one.rule.id, one.due.due if one.due else None


def assumed_in_words(one: Obligation) -> str:
    """Return in words what was inferred; blank if nothing was."""
    return assumed_words(one.assumed) if one.assumed else ""


def refused_in_words(one: Obligation) -> str:
    """Return in words why there is no date; blank if there is one."""
    return refusal_words(one.refusal) if one.refusal else ""


def care(latest: date, started: date = STARTED) -> tuple[Event, Event]:
    """Return the facts of Annex A about a child in care: the start and the latest review."""
    return Event("cla.start", started), Event("cla.review.latest", latest)


# ---------------------------------------------------------------- the three cases


@each("latest, timescale, next_due, taken_for", [
        pytest.param(
            date(2026, 1, 28), SECOND, date(2026, 4, 28), TakenForFirst,
            id="within the 20 working days",
        ),
        pytest.param(
            date(2026, 2, 2), SECOND, date(2026, 5, 2), TakenForFirst,
            id="on the last of them",
        ),
        pytest.param(
            date(2026, 2, 3), SECOND, date(2026, 5, 3), FirstOrLater,
            id="on the day after",
        ),
        pytest.param(
            date(2026, 5, 2), SECOND, date(2026, 8, 2), FirstOrLater,
            id="on the day the second was due at the latest",
        ),
        pytest.param(
            date(2026, 5, 3), SUBSEQUENT, date(2026, 11, 3), TakenForLater,
            id="on the day after that",
        ),
    ])  # fmt: skip
def test_the_day_it_was_held_says_which_it_was(
    latest: date, timescale: str, next_due: date, taken_for: type
) -> None:
    """Each case, and each day on which one case becomes another."""
    found = only(*care(latest))

    assert due(found) == (timescale, next_due)
    assert [type(one) for one in found.assumed or ()] == [taken_for]


@pytest.mark.parametrize(
    ("latest", "other"),
    [
        (date(2026, 1, 28), "28 Jul 2026 as the subsequent review"),
        (date(2026, 3, 16), "16 Sep 2026 as the subsequent review"),
        (date(2026, 6, 1), "1 Sep 2026 as the second review"),
    ],
)
def test_the_other_candidate_is_named(latest: date, other: str) -> None:
    """The message has its date, and the latest review."""
    assumed = assumed_in_words(only(*care(latest)))

    assert other in assumed
    assert f"that on {spoken_short(latest)}" in assumed


@pytest.mark.parametrize("latest", [date(2026, 1, 28), date(2026, 3, 16), date(2026, 6, 1)])
def test_strict_refuses_what_would_be_assumed(latest: date) -> None:
    """There is no date, and the reason is that of the mark."""
    assumed, refused = only(*care(latest)), only(*care(latest), strict=True)

    assert (refused.due, refused.assumed) == (None, None)
    assert assumed.assumed is not None
    inferred = assumed.assumed[0]
    assert isinstance(inferred, Assumption)
    assert refused.refusal == Strict(inferred)
    assert refused_in_words(refused) == (
        f"{assumed_in_words(assumed)} (refused because of --strict)"
    )


def test_no_review_at_all_leaves_nothing_to_infer() -> None:
    """The first review is due, strict or not."""
    start = Event("cla.start", STARTED)
    found = only(start)

    assert due(found) == ("cla.review.first", date(2026, 2, 2))
    assert found.assumed is None
    assert due(only(start, strict=True)) == due(found)


@pytest.mark.parametrize("pairs", first_fast(600, 4000))
def test_it_agrees_with_the_words_of_the_issue(pairs: int) -> None:
    """For many starts and reviews, with working days counted by another library."""
    chance = random.Random(3)  # noqa: S311 - the same pairs each time, no secret
    wrong = []
    for _ in range(pairs):
        started = date(2012, 1, 2) + timedelta(days=chance.randrange(5000))
        # Half of them near the days on which one case becomes another.
        latest = started + timedelta(days=chance.choice([chance.randrange(1100), 28, 29, 120, 121]))
        found = opened(*care(latest, started), as_of=date(2030, 1, 1))
        expected = model(started, latest)
        said = spoken_short(expected.otherwise)
        if [due(one) for one in found] != [expected[:2]] or said not in assumed_in_words(found[0]):
            wrong.append((started, latest, expected, found))

    assert wrong == []


# ---------------------------------------------------------------- history settles it


def test_history_settles_it() -> None:
    """If every review is known, nothing is assumed."""
    reviews = [Event("cla.review", date(2026, 1, 28)), Event("cla.review", date(2026, 3, 16))]
    found = only(*care(date(2026, 3, 16)), *reviews)

    assert due(found) == (SUBSEQUENT, date(2026, 9, 16))
    assert found.assumed is None
    assert due(only(*care(date(2026, 3, 16)), *reviews, strict=True)) == due(found)


def test_a_review_before_the_latest_settles_it() -> None:
    """The latest is then not the first, so the next is due in six months."""
    found = only(*care(date(2026, 3, 16)), Event("cla.review", date(2026, 1, 28)))

    assert due(found) == (SUBSEQUENT, date(2026, 9, 16))
    assert found.assumed is None


def test_two_latest_reviews_settle_it() -> None:
    """The extracts of two months gave one each: the later was not the first."""
    earlier = Event("cla.review.latest", date(2026, 1, 28))
    found = only(*care(date(2026, 4, 20)), earlier)

    assert due(found) == (SUBSEQUENT, date(2026, 10, 20))
    assert found.assumed is None


@pytest.mark.parametrize(
    ("latest", "timescale", "next_due"),
    [
        pytest.param(date(2026, 2, 11), SECOND, date(2026, 4, 28), id="14 days after"),
        pytest.param(date(2026, 1, 14), SECOND, date(2026, 4, 28), id="14 days before"),
        pytest.param(date(2026, 2, 12), SUBSEQUENT, date(2026, 8, 12), id="15 days after"),
    ],
)
def test_a_latest_review_near_a_known_one_is_that_one(
    latest: date, timescale: str, next_due: date
) -> None:
    """Two sources give days near each other for one meeting; the history's day counts."""
    found = only(*care(latest), Event("cla.review", date(2026, 1, 28)))

    assert due(found) == (timescale, next_due)
    assert found.assumed is None


@given(
    st.dates(date(2024, 1, 1), date(2026, 6, 1)),
    st.lists(st.integers(15, 260), min_size=1, max_size=6),
    st.integers(0, 14),
)
def test_with_its_history_the_latest_changes_nothing(
    started: date, gaps: list[int], apart: int
) -> None:
    """What is open is the same as without Annex A."""
    history, day = [Event("cla.start", started)], started
    for gap in gaps:
        day += timedelta(days=gap)
        history.append(Event("cla.review", day))
    latest = Event("cla.review.latest", day + timedelta(days=apart))
    far = date(2035, 1, 1)
    alone, both = opened(*history, as_of=far), opened(*history, latest, as_of=far)

    assert both == alone
    assert {one.assumed for one in both} == {None}


# ---------------------------------------------------------------- no start, and other processes


@pytest.mark.parametrize(
    "before",
    [(), (Event("cla.continuing", date(2026, 1, 5)),)],
    ids=["no start", "in care already"],
)
def test_without_a_start_there_is_no_date(before: tuple[Event, ...]) -> None:
    """The refusal names both candidates, because neither is likelier."""
    found = only(*before, Event("cla.review.latest", date(2026, 6, 1)))

    assert found.due is None
    assert isinstance(found.refusal, WhichMeeting)
    assert [(one.rule.id, one.due) for one in found.refusal.choices] == [
        ("cla.review.second", date(2026, 9, 1)),
        ("cla.review.subsequent", date(2026, 12, 1)),
    ]
    assert "1 Sep 2026 as the second review" in refused_in_words(found)
    assert "1 Dec 2026 as the subsequent review" in refused_in_words(found)


def test_a_new_period_of_care_starts_anew() -> None:
    """A latest review of the earlier period has no effect on this one."""
    found = only(
        *care(date(2026, 6, 1)), Event("cla.end", date(2026, 7, 1)),
        Event("cla.start", date(2026, 9, 7)),
    )  # fmt: skip

    # Monday 7 September: twenty working days end on Monday 5 October.
    assert due(found) == ("cla.review.first", date(2026, 10, 5))
    assert found.assumed is None


def test_short_breaks_need_no_inference() -> None:
    """The first is due in three months and each later one in six, whichever the latest was."""
    found = only(
        Event("short-break.start", STARTED),
        Event("short-break.review.latest", date(2026, 3, 2)),
    )

    assert due(found) == ("short-break.review.subsequent", date(2026, 9, 2))
    assert found.assumed is None


# ---------------------------------------------------------------- plans

PLAN = date(2026, 9, 7)
FIRST_CONFERENCE = "cp.conference.review.first"
LATER_CONFERENCE = "cp.conference.review.subsequent"


def test_a_plan_without_a_conference_is_assumed() -> None:
    """The first review is counted from the plan's start, and marked."""
    found = only(Event("cp.plan.start", PLAN))

    assert due(found) == (FIRST_CONFERENCE, date(2026, 12, 7))
    assert "7 Sep 2026" in assumed_in_words(found)
    assert "initial child protection conference" in assumed_in_words(found)


def test_strict_refuses_a_plan_without_a_conference() -> None:
    """There is no date, and the reason says why."""
    found = only(Event("cp.plan.start", PLAN), strict=True)

    assert found.due is None
    assert refused_in_words(found).endswith("(refused because of --strict)")


@each(
    "conference, next_due",
    [
        pytest.param(PLAN, date(2026, 12, 7), id="on the day"),
        pytest.param(date(2026, 9, 4), date(2026, 12, 4), id="three days before"),
        pytest.param(date(2026, 9, 9), date(2026, 12, 9), id="two days after"),
    ],
)
@each("kind", ["cp.conference.initial", "cp.conference.transfer-in"])
def test_the_conference_is_what_counts(kind: str, conference: date, next_due: date) -> None:
    """The law counts from the conference; if it is known nothing is assumed."""
    events = [Event(kind, conference, "plan"), Event("cp.plan.start", PLAN)]
    found = only(*events)

    assert due(found) == (FIRST_CONFERENCE, next_due)
    assert found.assumed is None
    assert due(only(*events, strict=True)) == due(found)


def test_a_conference_without_a_plan_opens_none() -> None:
    """A plan that starts all the same was made at another conference."""
    events = [Event("cp.conference.initial", date(2026, 9, 4), "no-plan")]

    assert opened(*events) == []
    assert only(*events, Event("cp.plan.start", PLAN)).assumed is not None


def test_after_the_latest_review_conference_the_next_is_six_months_on() -> None:
    """It does not matter whether the latest was the first or a later one."""
    found = only(
        Event("cp.plan.start", PLAN), Event("cp.conference.review.latest", date(2026, 11, 16))
    )

    assert due(found) == (LATER_CONFERENCE, date(2027, 5, 16))
    assert found.assumed is None


@pytest.mark.parametrize("on", [PLAN, date(2026, 9, 1)])
def test_a_review_no_later_than_the_plan_is_none(on: date) -> None:
    """Rule 8841 forbids it: the first review is still to be held."""
    found = only(Event("cp.plan.start", PLAN), Event("cp.conference.review.latest", on))

    assert due(found) == (FIRST_CONFERENCE, date(2026, 12, 7))


def test_a_latest_review_on_the_conference_is_none() -> None:
    """If an extract gives the initial conference as the latest review, it meets nothing."""
    conference = Event("cp.conference.initial", PLAN, "plan")
    found = only(conference, Event("cp.conference.review.latest", PLAN))

    assert due(found) == (FIRST_CONFERENCE, date(2026, 12, 7))


def test_a_plan_that_ended_leaves_nothing_open() -> None:
    """This holds whether or not its clock was taken from its start."""
    assert opened(Event("cp.plan.start", PLAN), Event("cp.plan.end", TODAY)) == []


# ---------------------------------------------------------------- timeliness


def test_a_latest_review_by_the_first_day_was_in_time() -> None:
    """If it was the first, it was in time; if not, the first was too."""
    (found,) = met(*care(date(2026, 1, 28)))

    assert (found.rule.id, found.due, found.days_late) == ("cla.review.first", date(2026, 2, 2), 0)


@pytest.mark.parametrize("latest", [date(2026, 2, 3), date(2026, 10, 5)])
def test_a_latest_review_after_it_says_nothing(latest: date) -> None:
    """The reviews before it are not recorded, so nobody can say that one was late."""
    assert met(*care(latest)) == []


@pytest.mark.parametrize(
    "before",
    [
        [Event("cla.review.latest", date(2026, 1, 28))],
        [Event("cla.review", date(2026, 1, 28))],
        [Event("cla.review", date(2026, 1, 28)), Event("cla.review", date(2026, 3, 16))],
    ],
)
def test_a_gap_before_a_latest_review_is_no_lateness(before: list[Event]) -> None:
    """The extract leaves out those between: more than six months may have been two reviews."""
    found = met(*care(date(2026, 11, 16)), *before)

    assert [one for one in found if one.held == date(2026, 11, 16)] == []


def test_a_latest_review_soon_after_a_known_one_was_in_time() -> None:
    """It was held before any possible review between could be late."""
    found = met(*care(date(2026, 4, 20)), Event("cla.review.latest", date(2026, 1, 28)))

    assert [(one.held, one.days_late) for one in found] == [
        (date(2026, 1, 28), 0),
        (date(2026, 4, 20), 0),
    ]
