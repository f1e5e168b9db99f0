"""Read our own three files: children, allocations and events."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.own import ALLOCATIONS, CHILDREN, HAPPENED
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.incoming.refused import Refused
from running import each

TODAY = date(2026, 11, 22)


def _children(folder: Path, text: str) -> Batch:
    path = folder / "children.csv"
    path.write_text(text, "utf-8")
    return CHILDREN.read([path], today=TODAY)


def _allocations(folder: Path, text: str) -> Batch:
    path = folder / "allocations.csv"
    path.write_text(text, "utf-8")
    return ALLOCATIONS.read([path], today=TODAY)


def _events(folder: Path, *rows: str, more: str = "") -> Batch:
    path = folder / "events.csv"
    path.write_text("\n".join([f"child_id,event,date{more}", *rows]), "utf-8")
    return HAPPENED.read([path], today=TODAY)


def _where(refused: list[Refused]) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in refused]


# ---------------------------------------------------------------- children


def test_children_with_every_column(tmp_path: Path) -> None:
    """The IRO and the chair become undated allocations."""
    batch = _children(
        tmp_path,
        "child_id,label,date_of_birth,expected_date_of_delivery,nation,team,iro,chair,sibling_group\n"
        "007,Ash,02/03/2015,,Northern Ireland,North,Ann Example,Bo Example,A\n",
    )

    assert batch.children == [
        Child("007", "Ash", date(2015, 3, 2), None, "northern-ireland", "North", "A")
    ]
    assert batch.allocations == [
        Allocation("007", "iro", "Ann Example"),
        Allocation("007", "chair", "Bo Example"),
    ]
    assert (batch.refused, batch.warnings, batch.rows) == ([], [], 1)


def test_children_with_ids_alone(tmp_path: Path) -> None:
    """All other columns are optional."""
    assert _children(tmp_path, "child_id\nA\nB\n").children == [Child("A"), Child("B")]


def test_every_problem_of_a_child_is_listed(tmp_path: Path) -> None:
    """A row with three problems is refused three times."""
    batch = _children(
        tmp_path,
        "child_id,date_of_birth,nation\n,30/02/2015,france\nA,23/11/2026,\nB,22/11/2026,\n",
    )

    assert _where(batch.refused) == [
        (2, "child_id"), (2, "date_of_birth"), (2, "nation"), (3, "date_of_birth")
    ]  # fmt: skip
    assert batch.children == [Child("B", date_of_birth=date(2026, 11, 22))]
    assert batch.refused[3].raw == {"child_id": "A", "date_of_birth": "23/11/2026", "nation": ""}
    assert "future" in batch.refused[3].reason


def test_the_same_child_twice_is_one_unless_the_rows_differ(tmp_path: Path) -> None:
    """If the rows differ, nobody can say which is right."""
    batch = _children(tmp_path, "child_id,team\nA,North\nA,North\nA,South\n")

    assert batch.children == [Child("A", team="North")]
    assert _where(batch.refused) == [(4, "child_id")]
    assert "row 2" in batch.refused[0].reason


def test_ids_that_differ_by_case_or_zeros_are_warned_of(tmp_path: Path) -> None:
    """They are read as different children."""
    batch = _children(tmp_path, "child_id\n0012\n12\nab\nAB\nab1\n")

    assert len(batch.children) == 5
    assert [text.split(" differ")[0] for text in batch.warnings] == ["0012 and 12", "ab and AB"]


def test_unknown_columns_are_warned_of(tmp_path: Path) -> None:
    """An unknown column is not refused."""
    batch = _children(tmp_path, "child_id,colour\nA,red\n")

    assert batch.children == [Child("A")]
    assert "colour" in batch.warnings[0]


def test_birth_years_of_two_digits_lie_in_the_past(tmp_path: Path) -> None:
    """They are read as past years, with a warning."""
    batch = _children(tmp_path, "child_id,date_of_birth\nA,01/02/15\n")

    assert batch.children[0].date_of_birth == date(2015, 2, 1)
    assert "two digits" in batch.warnings[0]


# ---------------------------------------------------------------- allocations


def test_allocations_are_read_with_and_without_days(tmp_path: Path) -> None:
    """A repeated row is read once."""
    batch = _allocations(
        tmp_path,
        "child_id,role,name,from,to\n"
        "A,IRO,Ann Example,01/04/2025,2026-03-31\n"
        "A,iro,Bo Example,2026-04-01,\n"
        "A,iro,Bo Example,2026-04-01,\n"
        "B,chair,Ann Example,,\n",
    )

    assert batch.allocations == [
        Allocation("A", "iro", "Ann Example", date(2025, 4, 1), date(2026, 3, 31)),
        Allocation("A", "iro", "Bo Example", date(2026, 4, 1)),
        Allocation("B", "chair", "Ann Example"),
    ]
    assert (batch.refused, batch.rows) == ([], 4)


def test_wrong_allocations_are_refused(tmp_path: Path) -> None:
    """No role, no name, an end before the start, and a contradiction."""
    batch = _allocations(
        tmp_path,
        "child_id,role,name,from,to\n"
        "A,nurse,,,\n"
        "A,iro,Ann Example,2026-04-01,2026-03-31\n"
        "A,iro,Ann Example,2026-04-01,\n"
        "A,iro,Bo Example,2026-04-01,\n",
    )

    assert _where(batch.refused) == [(2, "role"), (2, "name"), (3, "to"), (5, "name")]
    assert len(batch.allocations) == 1


# ---------------------------------------------------------------- events


def test_events_are_read_with_their_details(tmp_path: Path) -> None:
    """Details are stored in one form, however they are written."""
    batch = _events(
        tmp_path,
        "A,cla.start,02/11/2026,,,,,,,",
        "A,cla.review,2026-11-20,,pn1,,2026-11-25,,,held by video",
        "A,cp.strategy,2026-11-03,,,TRUE,,,,",
        "A,cp.conference.initial,2026-11-20,No-Plan,,,,a reason,,",
        "A,review.decisions,2026-11-26,,,,,,20/11/2026,",
        "A,dispute.raised,2030-01-01,,,,,,D1,",
        more=",outcome,participation,section_47,completed_on,reason,reference,note",
    )

    assert batch.refused == []
    assert [event for _, event, _ in batch.facts] == [
        Event("cla.start", date(2026, 11, 2)),
        Event(
            "cla.review", date(2026, 11, 20), participation="PN1",
            completed_on=date(2026, 11, 25), note="held by video",
        ),
        Event("cp.strategy", date(2026, 11, 3), section_47="yes"),
        Event("cp.conference.initial", date(2026, 11, 20), outcome="no-plan", reason="a reason"),
        Event("review.decisions", date(2026, 11, 26), reference="2026-11-20"),
        Event("dispute.raised", date(2030, 1, 1), reference="D1"),
    ]  # fmt: skip
    assert batch.facts[1][::2] == ("A", "events.csv:3")


@each(
    "row, column, says",
    [
        (",cla.start,2026-11-02,,,,,,", "child_id", "missing"),
        ("A,cla.reveiw,2026-11-02,,,,,,", "event", "did you mean cla.review"),
        ("A,,2026-11-02,,,,,,", "event", "missing"),
        ("A,cla.start,,,,,,,", "date", "missing"),
        ("A,cla.start,11/13/2026,,,,,,", "date", "day first"),
        ("A,cla.start,2026-11-02,plan,,,,,", "outcome", "cla.start has no outcome"),
        ("A,cla.start,2026-11-02,,PN1,,,,", "participation", "has no participation"),
        ("A,cla.start,2026-11-02,,,yes,,,", "section_47", "has no section_47"),
        ("A,cla.start,2026-11-02,,,,2026-11-02,,", "completed_on", "has no completed_on"),
        ("A,cp.conference.initial,2026-11-02,end,,,,,", "outcome", "plan, no-plan"),
        ("A,cla.review,2026-11-02,,PN8,,,,", "participation", "PN0"),
        ("A,cla.review,2026-11-02,,,,2026-11-01,,", "completed_on", "before the date"),
        ("A,cp.strategy,2026-11-02,,,perhaps,,,", "section_47", "yes or no"),
        ("A,review.record,2026-11-02,,,,,the last,", "reference", "not a date"),
        ("A,cla.start,2026-11-02,,,,,,\x1b[2J", "note", "control code"),
    ],
)
def test_a_wrong_event_is_refused(tmp_path: Path, row: str, column: str, says: str) -> None:
    """The refusal names the wrong cell, and says what to write."""
    batch = _events(
        tmp_path,
        row,
        more=",outcome,participation,section_47,completed_on,reference,note",
    )

    assert _where(batch.refused) == [(2, column)]
    assert says in batch.refused[0].reason
    assert batch.facts == []


def test_every_problem_of_an_event_is_listed(tmp_path: Path) -> None:
    """All problems are listed, not only the first."""
    batch = _events(tmp_path, ",nothing,soon", "A,cla.start", "A,cla.start,never")

    assert _where(batch.refused) == [
        (2, "child_id"), (2, "event"), (2, "date"), (3, "date"), (4, "date")
    ]  # fmt: skip


def test_an_event_that_lies_ahead_is_named(tmp_path: Path) -> None:
    """
    A planned meeting is no event that happened, so the row is named.

    Today, 22 November 2026, is no day ahead; the 23rd is.
    """
    batch = _events(
        tmp_path,
        "A,cla.start,2026-11-01,",
        "A,cla.review,2026-11-22,",
        "B,cla.review,2026-11-23,",
        "C,cla.review,2026-11-20,2026-12-04",
        more=",completed_on",
    )

    assert len(batch.facts) == 4
    (warning,) = batch.warnings
    first, *rows = warning.splitlines()
    assert "2 events dated after 22 Nov 2026" in first
    assert "iro book" in first
    assert rows == [
        "  events.csv: row 4: B, cla.review on 23 Nov 2026",
        "  events.csv: row 5: C, cla.review on 20 Nov 2026, completed on 4 Dec 2026",
    ]


def test_of_many_events_that_lie_ahead_the_first_are_named(tmp_path: Path) -> None:
    """A whole file may have the wrong year, so only the first are named."""
    batch = _events(tmp_path, *(f"C{number},cla.start,2027-01-04" for number in range(12)))

    (warning,) = batch.warnings
    assert warning.splitlines()[-1] == "  and 2 more"


def test_the_day_that_is_asked_about_may_be_later_than_today(tmp_path: Path) -> None:
    """As for `iro record`, a day up to the as-of day is not in the future."""
    path = tmp_path / "events.csv"
    path.write_text("child_id,event,date\nA,cla.start,2027-01-04\n", "utf-8")

    assert HAPPENED.read([path], today=TODAY, as_of=date(2027, 1, 4)).warnings == []
    assert HAPPENED.read([path], today=TODAY, as_of=date(2027, 1, 3)).warnings != []


def test_the_same_event_twice_is_one(tmp_path: Path) -> None:
    """Details that only one row has are kept; details that differ are refused."""
    batch = _events(
        tmp_path,
        "A,cla.review,2026-11-02,,",
        "A,cla.review,2026-11-02,PN1,",
        "A,cla.review,2026-11-02,,a note",
        "A,cla.review,2026-11-02,PN2,",
        "B,cla.review,2026-11-02,PN2,",
        more=",participation,note",
    )

    assert batch.facts == [
        ("A", Event("cla.review", date(2026, 11, 2), participation="PN1", note="a note"),
         "events.csv:2"),
        ("B", Event("cla.review", date(2026, 11, 2), participation="PN2"), "events.csv:6"),
    ]  # fmt: skip
    assert _where(batch.refused) == [(5, "event")]


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    """The refusal names the columns that it has."""
    path = tmp_path / "events.csv"
    path.write_text("child_id,when\n", "utf-8")

    with pytest.raises(
        InputRefusedError, match="no column event and no column date: .* child_id, when"
    ):
        HAPPENED.read([path], today=TODAY)


def test_rows_that_are_alike_but_for_the_child(tmp_path: Path) -> None:
    """They give the same event; in another file the same cells may mean something else."""
    rows = ["A,cla.review,2026-11-02,,2026-11-05", "B,cla.review,2026-11-02,,2026-11-05"]
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path, columns in zip(paths, ("note,completed_on", "completed_on,note"), strict=True):
        path.write_text("\n".join([f"child_id,event,date,{columns}", *rows]), "utf-8")
        rows = [row.replace("A,", "C,").replace("B,", "D,") for row in rows]
    batch = HAPPENED.read(paths, today=TODAY)
    complete = Event("cla.review", date(2026, 11, 2), completed_on=date(2026, 11, 5))
    noted = Event("cla.review", date(2026, 11, 2), note="2026-11-05")

    assert [(child_id, event) for child_id, event, _ in batch.facts] == [
        *(("A", complete), ("B", complete), ("C", noted), ("D", noted))
    ]


def test_a_year_of_two_digits_is_counted_in_each_row(tmp_path: Path) -> None:
    """A row with the same cells is counted too."""
    batch = _events(tmp_path, "A,cla.review,02/11/26", "B,cla.review,02/11/26")

    assert [warning.rpartition(" ")[2] for warning in batch.warnings] == ["2"]
