"""``iro doctor --sources`` finds where sources disagree, and what the census forbids."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import Child, Event
from iro_cli.questions.sources import SourceRow, source_findings
from iro_cli.questions.view import View
from stores import put, reading

TODAY = date(2026, 11, 22)
BORN = date(2016, 3, 1)
CHILD = "TS0101"
FILES = {
    "annex-a": "lists.xlsx, List 8", "ssda903": "reviews.csv", "cin-census": "census.xml",
    "ssd": "ssd_cla_reviews.csv", "": "events.csv",
}  # fmt: skip


def said(source: str, *events: Event, child: str = CHILD, row: int = 2) -> Batch:
    """Return what a source states about one child, with numbered rows."""
    return Batch(
        children=[Child(child, date_of_birth=BORN)],
        facts=[
            (child, event, f"{FILES[source]}:{number}")
            for number, event in enumerate(events, start=row)
        ],
        source=source,
    )


def on(event: str, day: str, **details: str) -> Event:
    """Return an event of 2026, from the month and the day."""
    return Event(event, date.fromisoformat(f"2026-{day}"), completed_on=None, **details)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a path at which a store can be made."""
    return tmp_path / "iro.db"


def find(path: Path, *batches: Batch, as_of: date = TODAY) -> list[SourceRow]:
    """Import the statements of sources, and return the findings."""
    for batch in batches:
        put(path, batch)
    return source_findings(View(reading(path), nation="england", as_of=as_of))


def brief(row: SourceRow) -> tuple[str, str, str | None, list[str], list[str]]:
    """Return a finding without its words."""
    return row.child, row.finding, row.rule, [*row.dates], [*row.sources]


def only(path: Path, *batches: Batch) -> SourceRow:
    """Return the only finding."""
    (found,) = find(path, *batches)
    return found


# ---------------------------------------------------------------- sources against each other


@pytest.mark.parametrize(
    ("event", "finding", "words"),
    [
        ("cla.start", "start-of-care", "became looked after"),
        ("cla.end", "end-of-care", "care ended"),
        ("cp.plan.start", "start-of-plan", "the plan started"),
        ("cp.conference.initial", "initial-conference", "the conference was held"),
    ],
)
def test_two_sources_with_two_days(store: Path, event: str, finding: str, words: str) -> None:
    """Both sources are named, with the day, the file and the row."""
    found = only(
        store, said("ssda903", on(event, "01-05")), said("annex-a", on(event, "01-07"), row=9)
    )

    assert brief(found) == (
        CHILD, finding, None, ["2026-01-05", "2026-01-07"],
        ["ssda903 reviews.csv:2", "annex-a lists.xlsx, List 8:9"],
    )  # fmt: skip
    assert found.message.startswith(words)
    assert "7 Jan 2026 (annex-a lists.xlsx, List 8:9)" in found.message
    assert "5 Jan 2026 (ssda903 reviews.csv:2)" in found.message
    assert found.remedy


def test_a_latest_review_that_the_return_does_not_have(store: Path) -> None:
    """The return covers the day and has no review on it; its nearest is named."""
    found = only(
        store,
        said("ssda903", on("cla.start", "01-05"), on("cla.review", "03-02"),
             on("cla.review", "08-24")),
        said("annex-a", on("cla.start", "01-05"), on("cla.review.latest", "08-17")),
    )  # fmt: skip

    assert brief(found)[1:4:2] == ("latest-review", ["2026-08-17", "2026-08-24"])
    assert list(found.sources) == ["annex-a lists.xlsx, List 8:3", "ssda903 reviews.csv:4"]
    assert found.message.startswith("the review on 17 Aug 2026 (annex-a lists.xlsx, List 8:3)")
    assert "nearest is 24 Aug 2026 (ssda903 reviews.csv:4)" in found.message


def test_a_latest_review_where_the_return_has_none(store: Path) -> None:
    """The return covers the day, and only states that the child was in care."""
    found = only(
        store,
        said("ssda903", on("cla.start", "01-05")),
        said("ssda903", on("cla.start", "01-05"), on("cla.review", "03-02"), child="TS0102"),
        said("annex-a", on("cla.start", "01-05"), on("cla.review.latest", "02-16")),
    )

    assert brief(found)[1:4:2] == ("latest-review", ["2026-01-05", "2026-02-16"])
    assert "is not in ssda903, which has none since the start on 5 Jan 2026" in found.message


def test_a_review_before_the_period_that_annex_a_gives(store: Path) -> None:
    """Annex A has only the last period of care, so an earlier review is not missing."""
    first = [on("cla.start", "01-05"), on("cla.review", "01-28"), on("cla.end", "02-27")]
    other = said("annex-a", on("cla.start", "01-05"), child="TS0102")

    assert (
        find(store, other, said("ssda903", *first), said("annex-a", on("cla.start", "06-01"))) == []
    )


def test_what_people_recorded_need_not_be_whole(store: Path) -> None:
    """A review of the return is not missing from what was typed in."""
    recorded = said("", on("cla.review", "04-20"), on("cla.review", "10-05"))
    returned = said("ssda903", on("cla.start", "01-05"), on("cla.review", "04-20"),
                    on("cla.review", "08-24"))  # fmt: skip

    assert find(store, recorded, returned) == []


def test_a_latest_conference_that_the_census_does_not_have(store: Path) -> None:
    """The same holds for review conferences."""
    found = only(
        store,
        said("cin-census", on("cp.plan.start", "01-05"), on("cp.conference.review", "04-01"),
             on("cp.conference.review", "09-22")),
        said("annex-a", on("cp.plan.start", "01-05"),
             on("cp.conference.review.latest", "09-15")),
    )  # fmt: skip

    assert brief(found)[1:4:2] == ("latest-conference", ["2026-09-15", "2026-09-22"])
    assert list(found.sources) == ["annex-a lists.xlsx, List 8:3", "cin-census census.xml:4"]


def test_sources_that_agree_find_nothing(store: Path) -> None:
    """Four sources and what was recorded agree."""
    care = on("cla.start", "01-05")
    whole = [on("cla.review", "01-28"), on("cla.review", "04-20", participation="PN2")]
    plan, conference = on("cp.plan.start", "02-02"), on("cp.conference.initial", "02-02")
    reviewed = "04-27"

    assert (
        find(
            store,
            said("ssda903", care, *whole),
            said("annex-a", care, on("cla.review.latest", "04-20"), plan, conference,
                 on("cp.conference.review.latest", reviewed)),
            said("cin-census", plan, conference, on("cp.conference.review", reviewed)),
            said("ssd", care, *whole, plan, conference, on("cp.conference.review", reviewed)),
            said("", care, *whole),
        )
        == []
    )  # fmt: skip


def test_last_years_return_is_not_missed(store: Path) -> None:
    """It does not cover a review that was held after its year."""
    older = said("ssda903", on("cla.start", "01-05"), on("cla.review", "01-28"))
    newer = said("annex-a", on("cla.start", "01-05"), on("cla.review.latest", "10-05"))

    assert find(store, older, newer) == []


def test_a_new_period_of_care_is_no_other_start(store: Path) -> None:
    """The return has the earlier period, which ended, and Annex A the later."""
    older = said("ssda903", on("cla.start", "01-05"), on("cla.end", "02-27"))
    newer = said("annex-a", on("cla.start", "06-01"))

    assert find(store, older, newer) == []


def test_two_enquiries_have_two_conferences(store: Path) -> None:
    """Last year's census has one, and Annex A the one after another strategy discussion."""
    census = said("cin-census", on("cp.strategy", "01-05"), on("cp.conference.initial", "01-23"))
    lists = said("annex-a", on("cp.strategy", "08-03"), on("cp.conference.initial", "08-21"))

    assert find(store, census, lists) == []


def test_two_periods_of_care_have_two_ends(store: Path) -> None:
    """The return has the first, and Annex A the second, which ended too."""
    care = said("ssda903", on("cla.start", "01-05"), on("cla.end", "02-06"))
    lists = said("annex-a", on("cla.start", "04-07"), on("cla.end", "09-04"))

    assert find(store, care, lists) == []


def test_one_source_does_not_disagree_with_itself(store: Path) -> None:
    """Two periods of care have two starts."""
    two = [on("cla.start", "01-05"), on("cla.end", "02-27"), on("cla.start", "06-01")]

    assert find(store, said("ssda903", *two)) == []


def test_what_is_not_known_yet_is_not_compared(store: Path) -> None:
    """Facts after the as-of day are left out."""
    batches = [said("ssda903", on("cla.start", "01-05")), said("annex-a", on("cla.start", "01-07"))]

    assert find(store, *batches, as_of=date(2026, 1, 6)) == []


def test_what_was_recorded_is_a_source_too(store: Path) -> None:
    """It has a name of its own."""
    found = only(
        store, said("annex-a", on("cla.start", "01-07")), said("", on("cla.start", "01-05"))
    )

    assert list(found.sources) == ["recorded events.csv:2", "annex-a lists.xlsx, List 8:2"]


# ---------------------------------------------------------------- what the census forbids


@pytest.mark.parametrize(
    ("day", "words"),
    [("05-02", "was on a weekend"), ("05-04", "was on a bank holiday")],
    ids=["Saturday", "early May bank holiday"],
)
@pytest.mark.parametrize("event", ["cp.conference.initial", "cp.conference.transfer-in"])
def test_a_conference_on_no_working_day(store: Path, event: str, day: str, words: str) -> None:
    """Rule 8875 checks only weekends; a bank holiday is found too."""
    found = only(store, said("cin-census", on(event, day, outcome="no-plan")))

    assert brief(found) == (
        CHILD, "conference-not-on-a-working-day", "8875", [f"2026-{day}"],
        ["cin-census census.xml:2"],
    )  # fmt: skip
    assert found.message.endswith(words)


def test_a_plan_that_does_not_start_on_its_conference(store: Path) -> None:
    """Rule 2885, within one source or between two."""
    found = only(
        store,
        said("cin-census", on("cp.conference.initial", "09-04", outcome="plan")),
        said("annex-a", on("cp.plan.start", "09-07")),
    )

    assert brief(found) == (
        CHILD, "plan-not-on-conference", "2885", ["2026-09-04", "2026-09-07"],
        ["cin-census census.xml:2", "annex-a lists.xlsx, List 8:2"],
    )  # fmt: skip
    assert "the plan started on 7 Sep 2026" in found.message


def test_a_conference_far_from_a_plan_is_another_matter(store: Path) -> None:
    """More than four weeks apart, the plan was not made at that conference."""
    assert find(
        store,
        said("cin-census", on("cp.conference.initial", "06-04", outcome="plan")),
        said("annex-a", on("cp.plan.start", "09-07")),
    ) == []  # fmt: skip


@pytest.mark.parametrize("day", ["09-07", "09-01"], ids=["on the day", "days before"])
@pytest.mark.parametrize("event", ["cp.conference.review", "cp.conference.review.latest"])
def test_a_review_no_later_than_the_plan(store: Path, event: str, day: str) -> None:
    """Rule 8841."""
    found = only(store, said("annex-a", on("cp.plan.start", "09-07"), on(event, day)))

    assert (found.finding, found.rule) == ("review-before-plan", "8841")
    assert set(found.dates) == {"2026-09-07", f"2026-{day}"}
    assert len(found.sources) == 2


@pytest.mark.parametrize(
    ("code", "day", "rule"),
    [
        ("PN0", date(2020, 3, 2), "440"),
        ("PN1", date(2020, 2, 28), "441"),
        ("PN0", date(2020, 3, 1), None),
        ("PN1", date(2020, 3, 1), None),
        ("PN7", date(2020, 3, 2), None),
    ],
)
def test_participation_against_age(store: Path, code: str, day: date, rule: str | None) -> None:
    """On the fourth birthday, 1 March 2020, both codes are allowed."""
    found = find(store, said("ssda903", Event("cla.review", day, participation=code)))

    assert [brief(one)[1:4] for one in found] == (
        [("participation-against-age", rule, [day.isoformat()])] if rule else []
    )
    assert all(code in one.message and "1 Mar 2020" in one.message for one in found)


def test_a_looked_after_review_in_short_breaks(store: Path) -> None:
    """Rule 399: such children have short breaks reviews."""
    found = only(
        store,
        said("annex-a", on("short-break.start", "01-05")),
        said("ssda903", on("cla.review", "03-02", participation="PN1")),
    )

    assert brief(found) == (
        CHILD, "review-in-short-breaks", "399", ["2026-03-02"], ["ssda903 reviews.csv:2"]
    )  # fmt: skip


def test_a_review_in_care_beside_short_breaks_is_none(store: Path) -> None:
    """The child was looked after as well."""
    batch = said("ssda903", on("cla.start", "01-05"), on("cla.review", "03-02"))

    assert find(store, said("annex-a", on("short-break.start", "01-05")), batch) == []


def test_findings_are_in_order(store: Path) -> None:
    """By child, then by day, each once."""
    saturday, sunday = on("cp.conference.initial", "05-02"), on("cp.conference.initial", "05-03")
    found = find(
        store,
        said("cin-census", sunday, saturday, child="TS0102"),
        said("ssd", saturday, child="TS0101"),
    )

    assert [(one.child, *one.dates) for one in found] == [
        ("TS0101", "2026-05-02"), ("TS0102", "2026-05-02"), ("TS0102", "2026-05-03")
    ]  # fmt: skip
