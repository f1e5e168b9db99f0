"""What is different since a day, counted by hand on a wall calendar."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.questions.since import AskedSince, Baseline, Made, baseline, since
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from running import Answer
from stores import add_facts, changing, reading, viewed

pytestmark = pytest.mark.asked_on("2026-11-23")
# Looked after since these days, so that 20 working days end on the second ones.
CHILDREN = {
    "Dunlin": date(2026, 10, 21),  # Wed 18 Nov
    "Finch": date(2026, 10, 22),  # Thu 19 Nov
    "Heron": date(2026, 11, 19),  # Thu 17 Dec
    "Linnet": date(2026, 10, 28),  # Wed 25 Nov
    "Merlin": date(2026, 10, 20),  # Tue 17 Nov
    "Osprey": date(2026, 10, 1),  # Thu 29 Oct: late on both days
}


@pytest.fixture
def store(home: Path) -> Path:
    """
    Make a store that was filled on 16 November and changed on 20 November.

    Heron's start, Finch's review, Linnet's end of care and Merlin's other start were
    stored on 20 November.
    """
    path = home / "iro.db"
    with changing(path, at="2026-11-16T08:00:00Z", command="import events") as change:
        change.add(CHILD_DETAIL, [Child(child, team="North") for child in CHILDREN])
        starts = [(child, Event("cla.start", on)) for child, on in CHILDREN.items()]
        add_facts(change, [one for one in starts if one[0] != "Heron"])
    with changing(path, at="2026-11-20T08:00:00Z", command="import events") as change:
        add_facts(
            change,
            [
                ("Heron", Event("cla.start", CHILDREN["Heron"])),
                ("Finch", Event("cla.review", date(2026, 11, 17))),
                ("Linnet", Event("cla.end", date(2026, 11, 18))),
            ],
        )
    return path


def _told(answer: Answer) -> list[tuple[str, ...]]:
    assert answer.code == 0, answer.err
    names = ("child", "change", "due", "due_before", "held", "ended")
    return [tuple(row[name] or "" for name in names) for row in answer.rows()]


CHANGES = [
    ("Merlin", "overdue", "2026-11-17", "2026-11-17", "", ""),
    ("Dunlin", "overdue", "2026-11-18", "2026-11-18", "", ""),
    ("Heron", "due", "2026-12-17", "", "", ""),
    ("Finch", "met", "2026-11-19", "2026-11-19", "2026-11-17", ""),
    ("Linnet", "went", "2026-11-25", "2026-11-25", "", "2026-11-18"),
]


def test_with_the_list_on_the_morning_of_a_day(store: Path, iro: Callable[..., Answer]) -> None:
    """Osprey is late on both days and Finch's next review is months away, so both are absent."""
    assert _told(iro("changes", "--since", "2026-11-17", "-f", "json")) == CHANGES


def test_since_the_extract_before_the_latest(store: Path, iro: Callable[..., Answer]) -> None:
    """It is that of 16 November, with the list as it was after it."""
    assert _told(iro("changes", "-f", "json")) == CHANGES
    assert "as the store stood after `import events`" in iro("changes").out


def test_what_was_stored_late_is_told_and_with_todays_facts_it_is_not(
    store: Path, iro: Callable[..., Answer]
) -> None:
    """
    On the morning of 20 November Finch's review of the 17th was not known.

    As today's facts show that day, it had been held.
    """
    known = _told(iro("changes", "--since", "2026-11-20", "-f", "json"))
    todays = _told(iro("changes", "--since", "2026-11-20", "--facts-of-today", "-f", "json"))

    assert known == [row for row in CHANGES if row[1] != "overdue"]
    assert todays == []


def test_with_todays_facts_what_was_held_on_the_day_itself_is_told(
    store: Path, iro: Callable[..., Answer]
) -> None:
    """
    On the morning of 17 November Finch's review of that day had not been held.

    Linnet's care ended on the 18th.  Merlin was due on the 17th, and late from the 18th on.
    """

    def since_day(day: str) -> list[tuple[str, ...]]:
        return _told(iro("changes", "--since", day, "--facts-of-today", "-f", "json"))

    assert [row for row in since_day("2026-11-17") if row[0] == "Finch"] == [CHANGES[3]]
    assert [row for row in since_day("2026-11-18") if row[0] == "Finch"] == []
    assert [row for row in since_day("2026-11-18") if row[0] == "Linnet"] == [CHANGES[4]]
    assert [row for row in since_day("2026-11-19") if row[0] == "Linnet"] == []
    # what was late that morning did not become so on the day
    assert [row[0] for row in since_day("2026-11-18") if row[1] == "overdue"] == ["Dunlin"]


def test_a_corrected_start_moves_the_date(store: Path, iro: Callable[..., Answer]) -> None:
    """Apart from Linnet and Osprey: from 29 October it is due Thu 26 November, a day later."""
    assert iro("undo").code == 0
    assert iro("record", "cla.start", "Linnet", "--on", "2026-10-28", "--withdraw").code == 0
    assert iro("record", "cla.start", "Linnet", "--on", "2026-10-29").code == 0
    rows = _told(iro("changes", "--since", "2026-11-17", "-f", "json"))

    assert ("Linnet", "moved", "2026-11-26", "2026-11-25", "", "") in rows
    assert [row for row in rows if row[0] == "Finch"] == [
        ("Finch", "overdue", "2026-11-19", "2026-11-19", "", "")
    ]


def test_people_read_a_table_for_each(store: Path, iro: Callable[..., Answer]) -> None:
    """The summary comes first, then what became overdue, in order."""
    out = iro("changes", "--since", "2026-11-17").out

    assert out.startswith(
        "Tue 17 Nov 2026 to Mon 23 Nov 2026: 2 became overdue, 1 came within 28 days, 1 met, "
        "1 ended without being met\n"
    )
    assert "Tue 17 Nov 2026  Thu 19 Nov 2026  in time" in out
    assert "ended Wed 18 Nov 2026" in out


def test_a_day_before_the_first_change(store: Path, iro: Callable[..., Answer]) -> None:
    """The store was empty then, so everything would look new."""
    answer = iro("changes", "--since", "2026-11-16")

    assert (answer.code, answer.out) == (3, "")
    assert "held nothing before Mon 16 Nov 2026" in answer.err


def test_no_extract_before_the_latest(home: Path, iro: Callable[..., Answer]) -> None:
    """With one import there is none to compare with."""
    with changing(home / "iro.db", at="2026-11-16T08:00:00Z", command="import events") as change:
        change.add(CHILD_DETAIL, [Child("Wren")])
    answer = iro("changes")

    assert answer.code == 3
    assert "no extract before the latest" in answer.err


def test_a_team_that_a_child_has_left(store: Path, iro: Callable[..., Answer]) -> None:
    """The earlier list is filtered by the team of that day: Dunlin was North's on the 17th."""
    assert iro("child", "edit", "Dunlin", "--team", "South").code == 0
    rows = _told(iro("changes", "--since", "2026-11-17", "--team", "North", "-f", "json"))

    assert "Dunlin" in {row[0] for row in rows}


def test_the_store_as_it_was(store: Path) -> None:
    """As it was after the first change, the store has no row of the second."""
    now = reading(store)
    then = now.as_it_was(1)

    assert [number for number, *_ in now.made()] == [1, 2]
    assert "Heron" not in dict(then.cases(date(2026, 11, 23)))
    assert "Heron" in dict(now.cases(date(2026, 11, 23)))


def test_whose_the_children_were_then(store: Path) -> None:
    """No child was allocated before the first allocation was stored."""
    with changing(store, at="2026-11-21T08:00:00Z", command="allocate") as change:
        change.add(ALLOCATION, [Allocation("Heron", "iro", "Ben Rees", date(2026, 11, 19))])
    now = reading(store)

    assert now.has_allocations()
    assert not now.as_it_was(2).has_allocations()


def test_what_ended_without_a_meeting_went_and_was_not_met(home: Path) -> None:
    """A conference that is not required ends the clock; nothing was held, early or late."""
    with changing(home / "iro.db", at="2026-11-16T08:00:00Z", command="import events") as change:
        change.add(CHILD_DETAIL, [Child("Wren")])
        add_facts(
            change,
            [
                ("Wren", Event("cp.strategy", date(2026, 10, 1), section_47="yes")),
                ("Wren", Event("cp.conference.not-required", date(2026, 11, 20))),
            ],
        )
    then = date(2026, 11, 16)
    (row,) = since(viewed(home / "iro.db", ON), viewed(home / "iro.db", then), AskedSince())

    # Fifteen working days from Thu 1 October end on Thu 22 October.
    assert (row.change, row.status_before, row.due) == ("went", "overdue", date(2026, 10, 22))
    assert (row.ended, row.held, row.days_late) == (date(2026, 11, 20), None, None)


def test_in_the_digest(store: Path, iro: Callable[..., Answer]) -> None:
    """After the open sections come parts for what became overdue, due, met and so on."""
    out = iro("digest", "--since", "2026-11-17").out
    page = iro("digest", "--since", "2026-11-17", "--html").out

    assert "SINCE TUE 17 NOV 2026: MET (1)\n  Finch  First review\n    met Tue 17 Nov" in out
    assert "Since Tue 17 Nov 2026: became overdue (2)</h2>" in page
    assert iro("digest", "--since", "2026-11-17", "-f", "csv").code == 2


MADE = [
    Made(1, date(2026, 11, 2), "import events a.csv"),
    Made(2, date(2026, 11, 9), "record cla.review K-1"),
    Made(3, date(2026, 11, 16), "import events b.csv"),
]
ON = date(2026, 11, 23)


def test_the_list_to_compare_with_is_of_a_morning_or_of_the_extract_before() -> None:
    """What was stored on the day itself was not known that morning."""
    assert baseline(MADE, ON, None, todays=False) == Baseline(
        date(2026, 11, 2), 1, "import events a.csv"
    )
    assert baseline(MADE, ON, date(2026, 11, 9), todays=False) == Baseline(date(2026, 11, 9), 1)
    assert baseline(MADE, ON, date(2026, 11, 2), todays=True) == Baseline(date(2026, 11, 2), None)


@pytest.mark.parametrize(
    ("made", "day", "words"),
    [
        (MADE[:2], None, "no extract before the latest"),
        (MADE, date(2026, 11, 24), "lies after"),
        (MADE, date(2026, 11, 2), "its first change is of"),
        ([], date(2026, 11, 2), "it is empty"),
    ],
)
def test_where_nothing_was_known_there_is_no_list(
    made: list[Made], day: date | None, words: str
) -> None:
    """Each message says why."""
    with pytest.raises(InputRefusedError, match=words):
        baseline(made, ON, day, todays=False)


def test_two_days_of_one_store_differ_by_what_fell_due(store: Path) -> None:
    """With the same facts: Merlin and Dunlin were due on 17 and 18 Nov, between the two days."""
    now, then = (viewed(store, day) for day in (ON, date(2026, 11, 17)))
    late = [
        (one.child, one.due) for one in since(now, then, AskedSince()) if one.change == "overdue"
    ]

    assert late == [("Merlin", date(2026, 11, 17)), ("Dunlin", date(2026, 11, 18))]
