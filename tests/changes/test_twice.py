"""
A corrected day of a meeting is not a second meeting.

Robin has been looked after since Monday 26 October 2026.  After a first review on 19 November
the second is due by 19 February 2027.  If another on the 20th counted as the second, the next
would be due by 20 May.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.extracts.batch import Batch
from iro_cli.facts.model import Carried, Child, Event
from iro_cli.facts.twice import PARTED_BY, twins
from iro_cli.facts.vocabulary import EVENTS
from iro_cli.questions.sources import source_findings
from iro_cli.questions.view import View
from iro_cli.store.kinds import FACT
from running import Answer
from stores import changing, put, put_store, reading, typed_into

pytestmark = pytest.mark.asked_on("2026-11-24")
Typed = Callable[[str], Answer]


def on(event: str, day: int, month: int = 11) -> Event:
    """Return an event of 2026."""
    return Event(event, date(2026, month, day))


@pytest.mark.parametrize(
    ("event", "known", "near"),
    [
        (on("cla.review", 20), [on("cla.review", 19)], [19]),
        (on("cla.review", 5), [on("cla.review", 19)], [19]),
        (on("cla.review", 4), [on("cla.review", 19)], []),
        (on("cla.review", 19), [on("cla.review", 19)], []),
        (on("cla.review", 20), [on("cla.review.latest", 19)], [19]),
        (on("cla.review", 20), [on("short-break.review", 19)], []),
        (on("cla.review", 20), [on("cla.review", 10), on("cla.review", 19)], [19, 10]),
        # an event between the two makes both possible
        (on("cla.review", 20), [on("cla.review", 10), on("cla.end", 12)], []),
        (on("cla.review", 20), [on("cla.review", 10), on("cla.review.requested", 10)], []),
        (on("cla.review", 20), [on("cla.review", 10), on("cla.review.adjourned", 10)], []),
        (on("cla.start", 20), [on("cla.start", 10)], [10]),
        (on("cla.start", 20), [on("cla.start", 10), on("cla.end", 10)], [10]),
        (on("cla.start", 20), [on("cla.start", 10), on("cla.end", 12)], []),
        (on("cla.end", 20), [on("cla.end", 10)], [10]),
        (on("cla.end", 20), [on("cla.end", 10), on("cla.start", 15)], []),
        (on("cp.conference.initial", 20), [on("cp.conference.initial", 10)], [10]),
        (on("cp.conference.review", 20), [on("cp.conference.review", 10)], [10]),
        (
            on("cp.conference.initial", 20),
            [on("cp.conference.initial", 10), on("cp.strategy", 12)],
            [],
        ),
        # these may happen at any interval
        (on("cp.core-group", 20), [on("cp.core-group", 19)], []),
        (on("placement.start", 20), [on("placement.start", 19)], []),
        (on("cp.strategy", 20), [on("cp.strategy", 19)], []),
    ],
)
def test_two_of_a_kind_within_fourteen_days_are_one(
    event: Event, known: list[Event], near: list[int]
) -> None:
    """Two events within 14 days are one unless something between them makes two possible."""
    assert [one.on.day for one in twins(event, known)] == near


def test_the_table_names_events_that_there_are() -> None:
    """Every event in the table exists in the vocabulary."""
    assert {*PARTED_BY}.union(*PARTED_BY.values()) <= {*EVENTS}


# ---------------------------------------------------------------- recorded by a person


@pytest.fixture(scope="module")
def _robin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typed_into(
        tmp_path_factory.mktemp("robin") / "iro.db",
        "2026-11-24",
        "child add Robin",
        "record cla.start Robin --on 2026-10-26",
        "record cla.review Robin --on 2026-11-19 --participation PN1",
    )


@pytest.fixture
def robin(_robin: Path, home: Path, typed: Typed) -> Typed:
    """Return a function that runs a line; Robin's first review was on 19 November."""
    put_store(_robin, home / "iro.db")
    return typed


def _reviews(typed: Typed) -> list[tuple[str, str | None]]:
    facts = json.loads(typed("show Robin -f json").out)["facts"]
    return [
        (one["date"], one.get("participation")) for one in facts if one["event"] == "cla.review"
    ]


def _dues(typed: Typed) -> list[str]:
    return [row["due"] for row in typed("due --all -f json").rows()]


def test_another_day_near_it_is_refused_with_the_ways_on(robin: Typed) -> None:
    """The refusal says how two reviews would move the next date; nothing is stored."""
    answer = robin("record cla.review Robin --on 2026-11-20")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.splitlines() == [
        "iro: nothing was stored: it contradicts what is known",
        (
            "Robin: 20 Nov 2026, cla.review (review held): it is recorded on 19 Nov 2026 too, and "
            "two within 14 days are unlikely"
        ),
        "  to put that day right, add --correct",
        "to store it all the same, add --insist: then both count",
        (
            "Robin: if both count, the next is due by Thu 20 May 2027; with Fri 20 Nov 2026 alone it "
            "is due by Sat 20 Feb 2027, with Thu 19 Nov 2026 alone due by Fri 19 Feb 2027"
        ),
    ]
    assert _dues(robin) == ["2027-02-19"]


def test_correct_puts_the_day_right_in_one_step(robin: Typed) -> None:
    """The details of the meeting stay, and so do its bookings and the records that refer to it."""
    robin("book Robin 2027-02-10")
    robin("record review.decisions Robin --on 2026-11-23 --reference 2026-11-19")
    answer = robin("record cla.review Robin --on 2026-11-20 --correct")
    facts = json.loads(robin("show Robin -f json").out)["facts"]

    assert answer.code == 0
    assert answer.out.startswith("corrected: cla.review on Fri 20 Nov 2026 for Robin\n")
    assert "it was on Thu 19 Nov 2026" in answer.out
    assert _reviews(robin) == [("2026-11-20", "PN1")]
    assert [(row["due"], row["booked"]) for row in robin("due --all -f json").rows()] == [
        ("2027-02-20", "2027-02-10")
    ]
    assert [one["reference"] for one in facts if "reference" in one] == ["2026-11-20"]


def test_a_booking_of_another_clock_stays(robin: Typed) -> None:
    """A conference on the day of the review has its own next meeting, which is not moved."""
    robin("record cp.conference.review Robin --on 2026-11-19 --insist")
    robin("book Robin 'second review' 2027-02-10")
    robin("book Robin 'rcpc' 2027-04-12")
    robin("record cla.review Robin --on 2026-11-20 --correct")
    rows = robin("due --all -f json").rows()

    assert {(one["timescale"], one["clock_started"], one["booked"]) for one in rows} == {
        ("cla.review.second", "2026-11-20", "2027-02-10"),
        ("cp.conference.review.subsequent", "2026-11-19", "2027-04-12"),
    }


def test_a_record_of_another_meeting_stays(typed: Typed) -> None:
    """The day of an earlier review was that of the start of care, which is not corrected."""
    typed("child add Robin")
    typed("record cla.start Robin --on 2026-08-03")
    typed("record cla.review Robin --on 2026-08-03")
    typed("record review.decisions Robin --on 2026-08-10 --reference 2026-08-03")
    assert typed("record cla.start Robin --on 2026-07-31 --correct").code == 0
    facts = json.loads(typed("show Robin -f json").out)["facts"]

    assert [one["reference"] for one in facts if "reference" in one] == ["2026-08-03"]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-19"])
def test_an_answer_to_the_decisions_does_not_move_with_the_review(day: str, robin: Typed) -> None:
    """If both were on one day, only records of the review move with it."""
    robin(f"record review.decisions Robin --on {day} --reference 2026-11-19")
    robin(f"record review.answered Robin --on 2026-11-24 --reference {day}")
    robin("record cla.review Robin --on 2026-11-18 --correct")
    facts = json.loads(robin("show Robin -f json").out)["facts"]

    assert [one["reference"] for one in facts if "reference" in one] == ["2026-11-18", day]


def test_a_correction_that_is_refused_says_what_can_be_done(robin: Typed) -> None:
    """Each command in the message works; it does not name `--insist` beside `--correct`."""
    robin("child edit Robin --dob 2008-11-24")
    answer = robin("record cla.review Robin --on 2026-11-24 --correct")
    said = [one for one in answer.err.split("`") if one.startswith("iro ")]

    assert (answer.code, "add --insist" in answer.err) == (3, False)
    assert said == [
        "iro record cla.review Robin --on 2026-11-19 --withdraw",
        "iro record cla.review Robin --on 2026-11-24 --insist",
    ]
    assert [robin(one.removeprefix("iro ")).code for one in said] == [0, 0]
    assert _reviews(robin) == [("2026-11-24", None)]


def test_only_children_who_have_the_event_are_corrected(robin: Typed) -> None:
    """A sister without a review has no day to correct; her review can then be recorded."""
    robin("child add Wren")
    robin("record cla.start Wren --on 2026-10-26")
    refused = robin("record cla.review Robin Wren --on 2026-11-20")

    assert "to put that day right, add --correct for Robin alone" in refused.err
    assert robin("record cla.review Robin --on 2026-11-20 --correct").code == 0
    assert robin("record cla.review Robin Wren --on 2026-11-20").code == 0
    assert _reviews(robin) == [("2026-11-20", "PN1")]


def test_beside_two_no_correction_is_advised(robin: Typed) -> None:
    """With two reviews near the day, it is not known which of them is meant."""
    robin("record cla.review Robin --on 2026-11-20 --insist")
    answer = robin("record cla.review Robin --on 2026-11-21")

    assert (answer.code, "--correct" in answer.err, "--withdraw" in answer.err) == (3, False, True)


# ---------------------------------------------------------------- only the latest is known


@pytest.fixture
def wren(robin: Typed, home: Path) -> Typed:
    """Return a function that runs a line; an extract has only Wren's latest review, of the 19th."""
    start = ("Wren", on("cla.start", 5, 1), "lists.csv:1")
    latest = ("Wren", on("cla.review.latest", 19), "lists.csv:2")
    put(
        home / "iro.db",
        Batch(source="annex-a", children=[Child("Wren")], facts=[start, latest]),
    )
    return robin


def _wrens(typed: Typed) -> list[tuple[str, str]]:
    facts = json.loads(typed("show Wren -f json").out)["facts"]
    return [(one["event"], one["date"]) for one in facts]


def test_the_latest_review_is_put_right(wren: Typed) -> None:
    """It stays the latest: the next is due six months later, not three as after a first review."""
    answer = wren("record cla.review Wren --on 2026-11-20 --correct")

    assert (answer.code, "it was on Thu 19 Nov 2026" in answer.out) == (0, True), answer
    assert _wrens(wren) == [("cla.start", "2026-01-05"), ("cla.review.latest", "2026-11-20")]
    assert [row["due"] for row in wren("due --all --child Wren -f json").rows()] == ["2027-05-20"]


def test_beside_the_latest_review_the_message_gives_the_date_of_a_correction(wren: Typed) -> None:
    """The message and `--correct` give the same next date."""
    answer = wren("record cla.review Wren --on 2026-11-20")

    assert (answer.code, "add --correct" in answer.err) == (3, True)
    assert "with Fri 20 Nov 2026 alone it is due by Thu 20 May 2027" in answer.err


def test_a_detail_that_the_latest_cannot_have_is_refused(wren: Typed) -> None:
    """The detail is refused and not silently dropped."""
    answer = wren("record cla.review Wren --on 2026-11-20 --participation PN1 --correct")

    assert (answer.code, "--participation" in answer.err) == (3, True)


def test_one_undo_takes_a_correction_back(robin: Typed) -> None:
    """A correction is one change."""
    robin("record cla.review Robin --on 2026-11-20 --correct")
    robin("undo")

    assert _reviews(robin) == [("2026-11-19", "PN1")]


def test_insist_stores_two(robin: Typed) -> None:
    """`--insist` stores a second review, and the message says so."""
    answer = robin("record cla.review Robin --on 2026-11-20 --insist")

    assert (answer.code, "are unlikely" in answer.err) == (0, True)
    assert _dues(robin) == ["2027-05-20"]


@pytest.mark.parametrize(
    ("event", "day"), [("cla.start", "2026-10-27"), ("cp.conference.initial", "2026-11-03")]
)
def test_a_second_start_or_conference_near_the_first_is_refused_and_corrected(
    event: str, day: str, robin: Typed
) -> None:
    """A second start within 14 days is the first start with its day corrected."""
    robin("record cp.strategy Robin --on 2026-10-27")
    robin("record cp.conference.initial Robin --on 2026-11-02")
    refused = robin(f"record {event} Robin --on {day}")

    assert (refused.code, refused.err.count("add --correct")) == (3, 1)
    assert robin(f"record {event} Robin --on {day} --correct").code == 0


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("record cla.review Robin --on 2026-11-03 --correct", 3, "no cla.review within 14 days"),
        ("record cla.review Robin --on 2026-11-20 --correct --insist", 2, "give one of them"),
        ("record cla.review Robin --on 2026-11-20 --correct --withdraw", 2, "give one of them"),
    ],
)
def test_what_cannot_be_corrected(line: str, code: int, said: str, robin: Typed) -> None:
    """`--correct` is refused if no such event is near, or with options that contradict it."""
    answer = robin(line)

    assert (answer.code, said in answer.err) == (code, True)


def test_the_same_day_again_changes_nothing(robin: Typed) -> None:
    """The same day again changes nothing, or adds a detail that was not known."""
    assert "nothing changed" in robin("record cla.review Robin --on 2026-11-19").out
    assert robin("record cla.review Robin --on 2026-11-19 --advocacy yes").code == 0


# ---------------------------------------------------------------- a file that disagrees


def test_an_import_says_where_a_day_differs_by_little(robin: Typed, home: Path) -> None:
    """Both days stand, and the import says so."""
    (home / "events.csv").write_text("child_id,event,date\nRobin,cla.review,2026-11-20\n")
    tried = robin("import events events.csv --dry-run")
    answer = robin("import events events.csv")

    assert "both would stand" in tried.err
    assert "1 event a few days from one that a person recorded" in answer.err
    assert (
        "  Robin: cla.review on 20 Nov 2026 (events.csv:2), and cla.review recorded on 19 Nov"
        in (answer.err)
    )
    assert "if both count, the next is due by Thu 20 May 2027" in answer.err
    assert "`iro record cla.review Robin --on 2026-11-20 --correct`" in answer.err
    assert [row["dates"] for row in robin("doctor --sources -f json").rows()] == [
        ["2026-11-19", "2026-11-20"]
    ]
    assert _reviews(robin) == [("2026-11-19", "PN1"), ("2026-11-20", None)]


def test_two_files_of_our_own_disagree(robin: Typed, home: Path) -> None:
    """Each file is named; rows of one file are not compared with each other."""
    for name, days in (("a", (5, 7)), ("b", (9,))):
        rows = "".join(f"Wren,cla.review,2026-11-{day:02}\n" for day in days)
        (home / f"{name}.csv").write_text(f"child_id,event,date\n{rows}")
    robin("child add Wren")
    robin("record cla.start Wren --on 2026-10-26")
    robin("import events a.csv")
    robin("import events b.csv")
    found = robin("doctor --sources -f json").rows()

    assert [(row["dates"], row["sources"]) for row in found] == [
        (["2026-11-05", "2026-11-09"], ["recorded a.csv:2", "recorded b.csv:2"]),
        (["2026-11-07", "2026-11-09"], ["recorded a.csv:3", "recorded b.csv:2"]),
    ]


def test_the_command_it_names_leaves_one(robin: Typed, home: Path) -> None:
    """The command leaves one meeting with the details of both."""
    (home / "events.csv").write_text("child_id,event,date\nRobin,cla.review,2026-11-20\n")
    robin("import events events.csv")
    robin("record cla.review Robin --on 2026-11-20 --correct")

    assert _reviews(robin) == [("2026-11-20", "PN1")]
    assert "another day" not in robin("import events events.csv").err


def _list(day: int) -> Batch:
    """Return an extract that has Robin's review on a day in November."""
    return Batch(
        source="ssd",
        children=[Child("Robin")],
        facts=[
            ("Robin", on("cla.start", 26, 10), "care.csv:2"),
            ("Robin", on("cla.review", day), "reviews.csv:2"),
        ],
    )


def _days(home: Path) -> list[tuple[str, int]]:
    facts = reading(home / "iro.db").cases(date(2026, 12, 31), "Robin")
    return [(one.event, one.on.day) for _, events in facts for one in events]


def test_an_extract_as_it_was_does_not_undo_a_correction(typed: Typed, home: Path) -> None:
    """The import leaves the old day out, and says so, with the effect it would have."""
    put(home / "iro.db", _list(19))
    typed("record cla.review Robin --on 2026-11-20 --correct")
    again = put(home / "iro.db", _list(19))

    assert _days(home) == [("cla.start", 26), ("cla.review", 20)]
    assert [
        (child, one.event.on.day, now and now.on.day) for child, one, now in again.left_out
    ] == [("Robin", 19, 20)]
    assert again.unchanged


@pytest.mark.parametrize(
    ("steps", "stands", "left_out"),
    [
        (["record cla.review Robin --on 2026-11-20 --correct"], [20], [19]),
        # put right again, and further off than two of a kind can be
        (
            [
                "record cla.review Robin --on 2026-11-10 --correct",
                "record cla.review Robin --on 2026-11-02 --correct",
            ],
            [2],
            [19],
        ),
        # in two steps, as it was done before there was one
        (
            [
                "record cla.review Robin --on 2026-11-19 --withdraw",
                "record cla.review Robin --on 2026-11-20",
            ],
            [20],
            [19],
        ),
        (["record cla.review Robin --on 2026-11-19 --withdraw"], [], [19]),
        (["record cla.review Robin --on 2026-11-20 --correct", "undo"], [19], []),
        (["record cla.review Robin --on 2026-11-20 --correct", "undo", "redo"], [20], [19]),
        # right after all
        (
            [
                "record cla.review Robin --on 2026-11-20 --correct",
                "record cla.review Robin --on 2026-11-19 --correct",
            ],
            [19],
            [],
        ),
    ],
)
def test_what_a_person_did_since_decides(
    steps: list[str], stands: list[int], left_out: list[int], typed: Typed, home: Path
) -> None:
    """What a person did later decides whether the day of the file is left out."""
    put(home / "iro.db", _list(19))
    assert [typed(one).code for one in steps] == [0] * len(steps)
    again = put(home / "iro.db", _list(19))

    assert [day for event, day in _days(home) if event == "cla.review"] == stands
    assert [one.event.on.day for _, one, _ in again.left_out] == left_out


def test_a_later_day_of_the_extract_is_no_correction(typed: Typed, home: Path) -> None:
    """A third day stands beside the recorded one, and the import says so."""
    put(home / "iro.db", _list(19))
    typed("record cla.review Robin --on 2026-11-20 --correct")
    outcome = put(home / "iro.db", _list(21))

    assert (outcome.left_out, [one.on.day for _, _, one in outcome.beside]) == ([], [20])


def test_correcting_a_start_does_not_make_the_reviews_known(typed: Typed, home: Path) -> None:
    """The extract has no reviews, so none are known and `iro overdue` lists none."""
    nothing = Carried("ssd", "cla.review", "the table Reviews", None, date(2026, 11, 20))
    start = ("Robin", Event("cla.start", date(2026, 4, 20)), "care.csv:2")
    batch = Batch(source="ssd", children=[Child("Robin")], facts=[start], carried=[nothing])
    put(home / "iro.db", batch)
    typed("record cla.start Robin --on 2026-04-21 --correct")
    [row] = typed("due --all -f json").rows()
    shown = typed("show Robin -f json").rows()

    assert (row["clock_started"], row["status"], row["due"]) == ("2026-04-21", "refused", None)
    assert [one["status"] for one in shown] == ["refused"]
    assert typed("overdue").out == ""


def test_an_extract_that_was_put_right_agrees(typed: Typed, home: Path) -> None:
    """The corrected extract states the day itself, and an older one's day is left out."""
    put(home / "iro.db", _list(19))
    typed("record cla.review Robin --on 2026-11-20 --correct")
    agreed = put(home / "iro.db", _list(20))
    older = put(home / "iro.db", _list(19))

    assert (agreed.confirmed, agreed.left_out, len(older.left_out)) == (1, [], 1)
    assert _days(home) == [("cla.start", 26), ("cla.review", 20)]


def test_what_an_extract_took_back_itself_may_come_again(typed: Typed, home: Path) -> None:
    """A person withdrew the fact and recorded it again; then the extract withdrew it."""
    put(home / "iro.db", _list(19))
    typed("record cla.review Robin --on 2026-11-19 --withdraw")
    typed("record cla.review Robin --on 2026-11-19")
    with changing(home / "iro.db", command="import ssd reviews.csv") as change:
        rows = change.standing(FACT, "Robin")
        change.withdraw(FACT, [row for row in rows if row.record.event.event == "cla.review"])
    again = put(home / "iro.db", _list(19))

    assert (again.left_out, _days(home)) == ([], [("cla.start", 26), ("cla.review", 19)])


def test_the_import_says_what_it_leaves_out(robin: Typed, home: Path) -> None:
    """The message has the effect on the next date, and the command that takes the file's day."""
    (home / "events.csv").write_text("child_id,event,date\nRobin,cla.review,2026-11-19\n")
    robin("record cla.review Robin --on 2026-11-19 --withdraw")
    robin("import events events.csv")
    robin("record cla.review Robin --on 2026-11-20 --correct")
    answer = robin("import events events.csv")

    assert answer.code == 0
    assert "nothing to store: the rest of it is in the store already" in answer.out
    assert answer.err.splitlines() == [
        (
            "iro: 1 event that a person has put right or taken back since, so left out; what was "
            "recorded stands:"
        ),
        (
            "  Robin: cla.review on 19 Nov 2026 (events.csv:2), put right to cla.review on 20 Nov "
            "2026: if both count, the next is due by Thu 20 May 2027; with Thu 19 Nov 2026 alone it "
            "is due by Fri 19 Feb 2027, with Fri 20 Nov 2026 alone due by Sat 20 Feb 2027"
        ),
        (
            "  have it put right at its source; where the file is right, `iro record cla.review "
            "Robin --on 2026-11-19 --correct` stores its day"
        ),
    ]
    assert robin("record cla.review Robin --on 2026-11-19 --correct").code == 0
    assert "left out" not in robin("import events events.csv").err


def test_doctor_finds_a_correction_that_the_extract_does_not_have(typed: Typed, home: Path) -> None:
    """The finding stays until the extract has the corrected day."""

    def found() -> list[tuple[str, tuple[str, ...]]]:
        view = View(reading(home / "iro.db"), nation="england", as_of=date(2026, 11, 24))
        return [(row.message, row.sources) for row in source_findings(view)]

    put(home / "iro.db", _list(19))
    typed("record cla.review Robin --on 2026-11-20 --correct")
    [(message, sources)] = found()
    put(home / "iro.db", _list(20))

    assert sources == ("ssd reviews.csv:2", "recorded")
    assert "on 19 Nov 2026 (ssd reviews.csv:2) was put right by a person" in message
    assert "if both count, the next is due by Thu 20 May 2027" in message
    assert found() == []


@pytest.mark.parametrize("event", ["cla.review", "cla.start", "short-break.review"])
def test_doctor_finds_a_day_that_differs_by_little(event: str, home: Path) -> None:
    """The finding names each day and its source."""
    path = home / "iro.db"
    start = on("short-break.start" if event.startswith("short") else "cla.start", 5, 10)
    typed = [start, on(event, 19)] if event != "cla.start" else [on(event, 19)]
    put(path, Batch(children=[Child("Robin")], facts=[("Robin", one, "") for one in typed]))
    put(
        path,
        Batch(facts=[("Robin", on(event, 20), "x.csv:2")], source="ssd", children=[Child("Robin")]),
    )
    found = source_findings(View(reading(path), nation="england", as_of=date(2026, 11, 24)))

    assert [(row.child, row.dates) for row in found] == [("Robin", ("2026-11-19", "2026-11-20"))]
    assert "ssd x.csv:2" in found[0].sources
    if event == "cla.review":
        assert "if both count, the next is due by Thu 20 May 2027" in found[0].message
