"""An authority's own column names: mapping files, and the proposals of --describe."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.extracts import source_named
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.describe import column_named, event_guessed
from iro_cli.extracts.mapping import Columns
from iro_cli.extracts.own import ALLOCATIONS, CHILDREN, HAPPENED
from iro_cli.facts.model import Allocation, Child, Event
from running import each

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "examples" / "extracts" / "own-columns"


def _columns(path: Path, reads: str = "events") -> Columns:
    read: Columns = source_named(reads).options["columns"](path)
    return read


def _proposal(path: Path, reads: str = "events") -> str:
    source = source_named(reads)
    assert source.describe is not None
    return source.describe(path, TODAY, source)


def _mapping(folder: Path, text: str, reads: str = "events") -> Columns:
    path = folder / "mapping.toml"
    path.write_text(text, "utf-8")
    return _columns(path, reads)


def _events(folder: Path, table: str, mapping: str) -> Batch:
    path = folder / "theirs.csv"
    path.write_text(table, "utf-8")
    return HAPPENED.read([path], today=TODAY, columns=_mapping(folder, mapping))


def _facts(batch: Batch) -> list[tuple[str, str, str]]:
    return [(child, event.event, event.on.isoformat()) for child, event, _ in batch.facts]


# ---------------------------------------------------------------- one event a row


def test_an_event_a_row_under_other_names(tmp_path: Path) -> None:
    """Columns are renamed, and their words become ours, whatever the capitals."""
    batch = _events(
        tmp_path,
        "Person,What,When,Result\n007,LAC Review,14/02/2026,\n008,icpc,15/02/2026,Registered\n",
        '[columns]\nchild_id = "Person"\nevent = "What"\ndate = "When"\noutcome = "Result"\n'
        '[values.event]\n"lac review" = "cla.review"\n"ICPC" = "cp.conference.initial"\n'
        '[values.outcome]\n"registered" = "plan"\n',
    )

    assert [(child, event) for child, event, _ in batch.facts] == [
        ("007", Event("cla.review", date(2026, 2, 14))),
        ("008", Event("cp.conference.initial", date(2026, 2, 15), "plan")),
    ]
    assert (batch.refused, batch.warnings) == ([], [])
    assert [source for _, _, source in batch.facts] == ["theirs.csv:2", "theirs.csv:3"]


def test_a_total_under_the_rows_of_another_name(tmp_path: Path) -> None:
    """It is about no child, as in a file with our own names."""
    batch = _events(
        tmp_path,
        "Person,What,When\n007,LAC Review,14/02/2026\nTotal,1,\n",
        '[columns]\nchild_id = "Person"\nevent = "What"\ndate = "When"\n'
        '[values.event]\n"lac review" = "cla.review"\n',
    )

    assert _facts(batch) == [("007", "cla.review", "2026-02-14")]
    assert ["is a total" in one.reason for one in batch.refused] == [True]


def test_one_kind_of_event_for_the_whole_file(tmp_path: Path) -> None:
    """A fixed event needs no column."""
    batch = _events(
        tmp_path,
        "Person,Held on\n007,14/02/2026\n",
        '[columns]\nchild_id = "Person"\ndate = "Held on"\n'
        '[fixed]\nevent = "cla.review"\nnote = "March tracker"\n',
    )

    assert batch.facts[0][1] == Event("cla.review", date(2026, 2, 14), note="March tracker")


def test_our_own_names_need_no_mapping(tmp_path: Path) -> None:
    """Only the names that differ have to be mapped."""
    batch = _events(
        tmp_path,
        "child_id,event,When\n007,cla.review,2026-02-14\n",
        '[columns]\ndate = "When"\n',
    )

    assert _facts(batch) == [("007", "cla.review", "2026-02-14")]


def test_case_does_not_matter_to_a_column(tmp_path: Path) -> None:
    """Capitals do not matter in the file or in the mapping."""
    batch = _events(
        tmp_path,
        "PERSON,Held,Reason\n007,14/02/2026,moved\n",
        '[columns]\nchild_id = "Person"\nnote = "REASON"\n'
        '[events]\n"held" = { event = "cla.end", reason = "Reason" }\n',
    )

    assert batch.facts[0][:2] == (
        "007",
        Event("cla.end", date(2026, 2, 14), reason="moved", note="moved"),
    )


def test_rows_whose_word_is_mapped_to_nothing_are_left_out(tmp_path: Path) -> None:
    """They are counted; a word that is not mapped is refused."""
    batch = _events(
        tmp_path,
        "child_id,event,date\n1,CIN review,2026-02-14\n2,other,2026-02-14\n",
        '[columns]\nchild_id = "child_id"\n[values.event]\n"CIN review" = ""\n',
    )

    assert batch.facts == []
    assert batch.counts["rows left out by the mapping"] == 1
    assert [(one.row, one.column, one.value) for one in batch.refused] == [(3, "event", "other")]


# ---------------------------------------------------------------- one row a child

WIDE = """\
[columns]
child_id = "ID"
[events]
"In care" = "cla.start"
"Review 1" = "cla.review"
"Review 2" = { event = "cla.review", participation = "Code" }
"""


def test_a_row_has_as_many_events_as_it_has_dates(tmp_path: Path) -> None:
    """Blank, NULL and #N/A cells give no date; a detail belongs to its own date."""
    batch = _events(
        tmp_path,
        "ID,In care,Review 1,Review 2,Code\n"
        "007,01/02/2026,20/02/2026,20/05/2026,PN1\n"
        "008,03/02/2026,NULL,#N/A,\n"
        "009,,,,\n",
        WIDE,
    )

    assert _facts(batch) == [
        ("007", "cla.start", "2026-02-01"),
        ("007", "cla.review", "2026-02-20"),
        ("007", "cla.review", "2026-05-20"),
        ("008", "cla.start", "2026-02-03"),
    ]
    assert [event.participation for _, event, _ in batch.facts] == [None, None, "PN1", None]
    assert (batch.refused, batch.read) == ([], {"theirs.csv": 3})


def test_the_same_date_in_two_columns_is_one_event(tmp_path: Path) -> None:
    """A tracker that repeats the first review as the latest gives one review."""
    batch = _events(
        tmp_path, "ID,In care,Review 1,Review 2,Code\n007,,20/02/2026,20/02/2026,PN1\n", WIDE
    )

    assert [(child, event) for child, event, _ in batch.facts] == [
        ("007", Event("cla.review", date(2026, 2, 20), participation="PN1"))
    ]


def test_a_refusal_names_their_column_and_cell(tmp_path: Path) -> None:
    """A missing id is refused once, however many dates the row has."""
    batch = _events(
        tmp_path,
        "ID,In care,Review 1,Review 2,Code\n,01/02/2026,20/02/2026,,\n"
        "7,2026-13-01,20/02/2026,,\n8,,,20/02/2026,PN9\n",
        WIDE,
    )

    assert [(one.row, one.column, one.value) for one in batch.refused] == [
        (2, "ID", ""), (3, "In care", "2026-13-01"), (4, "Code", "PN9")
    ]  # fmt: skip
    assert _facts(batch) == [("7", "cla.review", "2026-02-20")]
    assert batch.refused[1].raw["Review 1"] == "20/02/2026"


def test_columns_that_are_not_read_are_warned_of_unless_ignored(tmp_path: Path) -> None:
    """The mapping can say that a column is left out on purpose."""
    table = "ID,In care,Review 1,Review 2,Code,Worker,Due\n007,01/02/2026,,,,A,\n"
    warned = _events(tmp_path, table, WIDE)
    silent = _events(tmp_path, table, f'ignore = ["worker", "Due"]\n{WIDE}')

    assert "Worker, 1 time; Due, 0 times" in warned.warnings[0]
    assert silent.warnings == []


def test_a_column_of_the_mapping_that_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    """Otherwise it would be read as blank in every row."""
    with pytest.raises(InputRefusedError) as caught:
        _events(tmp_path, "ID,In care\n007,01/02/2026\n", WIDE)

    assert "Review 1" in str(caught.value)
    assert "Code" in str(caught.value)


# ---------------------------------------------------------------- children and allocations


def test_children_and_allocations_under_other_names(tmp_path: Path) -> None:
    """One tracker gives both."""
    path = tmp_path / "tracker.csv"
    path.write_text("ID,Born,Officer,Kind\n007,01/02/2015,Ann Example,Reviewing\n")
    born = _mapping(
        tmp_path,
        '[columns]\nchild_id = "ID"\ndate_of_birth = "Born"\niro = "Officer"\n',
        "children",
    )
    kept = _mapping(
        tmp_path,
        '[columns]\nchild_id = "ID"\nname = "Officer"\nrole = "Kind"\n'
        '[values.role]\n"Reviewing" = "iro"\n',
        "allocations",
    )

    assert CHILDREN.read([path], today=TODAY, columns=born).children == [
        Child("007", date_of_birth=date(2015, 2, 1))
    ]
    assert ALLOCATIONS.read([path], today=TODAY, columns=kept).allocations == [
        Allocation("007", "iro", "Ann Example")
    ]


def test_a_mapping_may_say_what_a_column_that_is_not_there_means(tmp_path: Path) -> None:
    """A mapping can give one of our words for a blank cell."""
    path = tmp_path / "tracker.csv"
    path.write_text("ID\n007\n")
    text = '[columns]\nchild_id = "ID"\n[values.{field}]\n"" = "{word}"\n'
    welsh = _mapping(tmp_path, text.format(field="nation", word="wales"), "children")
    named = _mapping(tmp_path, text.format(field="label", word="Wren"), "children")
    wrong = _mapping(tmp_path, text.format(field="nation", word="zz"), "children")

    assert CHILDREN.read([path], today=TODAY, columns=welsh).children == [
        Child("007", nation="wales")
    ]
    assert CHILDREN.read([path], today=TODAY, columns=named).children == [
        Child("007", label="Wren")
    ]
    assert [one.column for one in CHILDREN.read([path], today=TODAY, columns=wrong).refused] == [
        "nation"
    ]


# ---------------------------------------------------------------- bad mapping files


@each("text, says", [
        pytest.param("[columns", "not a mapping file in TOML", id="no TOML"),
        pytest.param("", "maps no column", id="empty"),
        pytest.param('[colums]\nchild_id = "A"\n', "did you mean columns", id="misspelt part"),
        pytest.param('[columns]\nchild = "A"\n', "no such column", id="misspelt column"),
        pytest.param("[columns]\nchild_id = 1\n", "must be text in quotes", id="a number"),
        pytest.param("columns = 1\n", "must be a table", id="no table"),
        pytest.param('[events]\n"A" = "cla.reviw"\n', "no event cla.reviw", id="misspelt event"),
        pytest.param('[events]\n"A" = 3\n', "must be an event in quotes", id="event a number"),
        pytest.param("events = 3\n", "must be a table", id="events a number"),
        pytest.param('[events]\n"A" = { outcome = "B" }\n', "must be an event", id="no event"),
        pytest.param('[events]\n"A" = { event = "cla.review", child_id = "B" }\n', "is not a detail",
                     id="is not a detail"),
        pytest.param('[columns]\nchild_id = "A"\n[fixed]\nchild_id = "B"\n', "keep one",
                     id="mapped and fixed"),
        pytest.param('[events]\n"A" = "cla.review"\n[columns]\ndate = "B"\n', "cannot name date",
                     id="wide and long"),
        pytest.param('[columns]\nchild_id = "A"\n[values]\nevent = 1\n', "must be a table",
                     id="values no table"),
        pytest.param('values = 1\n[columns]\nchild_id = "A"\n', "values must be tables",
                     id="values a number"),
        pytest.param('[columns]\nchild_id = "A"\n[values.event]\nx = "nothing"\n', "no event",
                     id="a word for no event"),
        pytest.param('[columns]\nchild_id = "A"\n[fixed]\nevent = "nothing"\n', "no event",
                     id="fixed to no event"),
        pytest.param('[columns]\nchild_id = "a\\u001b[2J"\n', "control code", id="escape"),
        pytest.param('[events]\n"a\\u001b" = "cla.review"\n', "control code", id="escape there"),
        pytest.param('ignore = "A"\n[columns]\nchild_id = "A"\n', "list of columns", id="ignore"),
    ])  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said(text: str, says: str, tmp_path: Path) -> None:
    """Every problem has the file and the place in it."""
    with pytest.raises(InputRefusedError, match=says) as caught:
        _mapping(tmp_path, text)

    assert str(caught.value).startswith("mapping.toml")


def test_every_problem_of_a_mapping_is_listed(tmp_path: Path) -> None:
    """All problems are listed, so that it is mended once."""
    with pytest.raises(InputRefusedError) as caught:
        _mapping(tmp_path, '[columns]\na = "A"\nb = "B"\n[events]\n"C" = "no"\n')

    assert len(str(caught.value).splitlines()) == 3


def test_dates_by_column_are_for_events_only(tmp_path: Path) -> None:
    """A file of children cannot map dates to events."""
    with pytest.raises(InputRefusedError, match="iro import events"):
        _mapping(tmp_path, '[events]\n"A" = "cla.review"\n', "children")


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    """The message names --describe as the remedy."""
    with pytest.raises(InputRefusedError, match="--describe"):
        _columns(tmp_path / "none.toml")


# ---------------------------------------------------------------- --describe


def _described(folder: Path, text: str, reads: str = "events") -> str:
    path = folder / "theirs.csv"
    path.write_text(text, "utf-8")
    return _proposal(path, reads)


def test_a_wide_file_is_described(tmp_path: Path) -> None:
    """Dates that are due, or whose name is unclear, are commented out with the reason."""
    text = _described(
        tmp_path,
        "Person ID,Became looked after,LAC review,Next LAC review due,ICPC,ICPC outcome,Odd day\n"
        "007,01/02/2026,20/02/2026,20/05/2026,03/02/2026,Plan,01/01/2026\n",
    )

    assert tomllib.loads(text) == {
        "columns": {"child_id": "Person ID"},
        "events": {
            "Became looked after": "cla.start",
            "LAC review": "cla.review",
        },
    }
    assert '# "ICPC" = "cp.conference.initial"' in text
    assert '# "Next LAC review due" = "cla.review"' in text
    assert '# "ICPC" = { event = "cp.conference.initial", outcome = "ICPC outcome" }' in text
    assert "#   Odd day: a date in 1 of 1 row, and it is not clear of what" in text


def test_a_file_with_an_event_a_row_is_described(tmp_path: Path) -> None:
    """Its words are proposed too, and a word for no event of ours is commented out."""
    text = _described(
        tmp_path,
        "Child ID,Meeting type,Date held,Result\n1,LAC review,14/02/2026,\n"
        "2,CIN review,14/02/2026,\n3,RCPC due,14/02/2026,\n",
    )

    assert tomllib.loads(text) == {
        "columns": {"child_id": "Child ID", "event": "Meeting type", "date": "Date held"},
        "values": {"event": {"LAC review": "cla.review"}},
    }
    assert '# outcome = "Result"' in text
    assert '# "CIN review" = ""' in text
    assert '# "RCPC due" = "cp.conference.review"' in text


def test_what_is_needed_and_not_found_is_said(tmp_path: Path) -> None:
    """A needed column that is not found is named, and none is proposed."""
    text = _described(tmp_path, "A,B\n1,2\n")

    assert '# child_id = "…"  # needed' in text
    assert tomllib.loads(text) == {"columns": {}}


def test_a_description_has_no_cell_of_a_child(tmp_path: Path) -> None:
    """No cell is copied, because a mapping file may be passed on."""
    text = _described(tmp_path, "Person ID,Name,LAC review\nSECRET-1,Robin Wood,20/02/2026\n")

    assert "SECRET" not in text
    assert "Robin" not in text


def test_a_proposal_imports_as_it_is(tmp_path: Path) -> None:
    """The proposal for the example's file imports it without a change."""
    tracker = EXAMPLE / "tracker.csv"
    mapping = _mapping(tmp_path, _proposal(tracker))
    batch = HAPPENED.read([tracker], today=TODAY, columns=mapping)

    assert batch.refused == []
    assert ("040003", "cla.review.latest", "2026-05-20") in _facts(batch)
    # Without the conferences, because a person has to say which column is their outcome.
    assert len(batch.facts) == 3 + 2 + 1


def test_the_example_imports(tmp_path: Path) -> None:
    """It gives five children, three starts, three reviews, two conferences, as on the page."""
    tracker = EXAMPLE / "tracker.csv"
    events = HAPPENED.read([tracker], today=TODAY, columns=_columns(EXAMPLE / "events.toml"))
    children = CHILDREN.read(
        [tracker], today=TODAY, columns=_columns(EXAMPLE / "children.toml", "children")
    )

    assert (events.refused, events.warnings) == ([], [])
    assert (children.refused, children.warnings) == ([], [])
    assert len(children.children) == 5
    assert len(children.allocations) == 5
    assert [event.outcome for _, event, _ in events.facts if event.outcome] == ["plan", "no-plan"]


@each(
    "name, event",
    [
        ("Date of LAC Review", "cla.review"),
        ("CLA_ReviewDate", "cla.review"),
        ("Date of Latest Statutory Review", "cla.review.latest"),
        ("Most recent RCPC", "cp.conference.review.latest"),
        ("Date Started to be Looked After", "cla.start"),
        ("Date Ceased to be Looked After ", "cla.end"),
        ("Date of Initial Child Protection Conference", "cp.conference.initial"),
        ("Child Protection Plan Start Date", "cp.plan.start"),
        ("CPP end", "cp.plan.end"),
        ("Strategy discussion", "cp.strategy"),
        ("Short break review", "short-break.review"),
        ("Core group", "cp.core-group"),
    ],
)
def test_names_that_are_sure(name: str, event: str) -> None:
    """Names with the words of the field are sure."""
    found = event_guessed(name)

    assert found is not None
    assert (found.name, found.sure) == (event, True)


@each("name", [
        "Next LAC review", "LAC review due", "RCPC booked for", "Review report sent (LAC review)",
        "Latest core group", "LAC review cancelled", "Planned ICPC",
    ])  # fmt: skip
def test_names_that_are_not_sure(name: str) -> None:
    """A date that is due, planned or written about a meeting is not that of the meeting."""
    found = event_guessed(name)

    assert found is None or not found.sure


def test_an_id_by_its_name() -> None:
    """Most exports call it the number of a person."""
    found = [column_named(name) for name in ("Child ID", "PersonID", "LAchildID", "Client No")]

    assert [one and (one.name, one.sure) for one in found] == [("child_id", True)] * 4


_CELL = st.text(
    st.characters(exclude_characters='\r\n",\0', exclude_categories=["Cs"]),
    max_size=12,
)


_ROWS = st.lists(st.lists(_CELL, max_size=6), max_size=4)
_LINES = st.sampled_from(
    [b'event = "B"\n', b'date = "C"\n', b'note = "A"\n', b'colour = "D"\n', b"[events]\n"]
)
_MAPPINGS = st.one_of(st.binary(max_size=200), st.lists(_LINES, max_size=3).map(b"".join))


@pytest.mark.hypothesis
def test_any_file_is_described_in_toml(tmp_path: Path) -> None:
    """Any column names give valid TOML, or the file is refused."""
    path = tmp_path / "theirs.csv"
    came_to: Counter[str] = Counter()

    @given(st.lists(_CELL, min_size=1, max_size=6), _ROWS)
    def described(header: list[str], rows: list[list[str]]) -> None:
        text = "\n".join(",".join(cells) for cells in [header, *rows])
        path.write_text(text, "utf-8", newline="")
        try:
            proposal = _proposal(path)
        except InputRefusedError:
            came_to["refused"] += 1
            return
        found = tomllib.loads(proposal)
        came_to["described"] += 1

        assert set(found) <= {"columns", "events", "values"}

    described()

    assert came_to["refused"] > 0
    assert came_to["described"] > came_to.total() // 2


@pytest.mark.hypothesis
def test_any_mapping_is_read_or_refused(tmp_path: Path) -> None:
    """No mapping causes a traceback."""
    path = tmp_path / "mapping.toml"
    came_to: Counter[str] = Counter()

    @given(_MAPPINGS)
    def read(content: bytes) -> None:
        path.write_bytes(b'[columns]\nchild_id = "A"\n' + content)
        try:
            columns = _columns(path)
        except InputRefusedError:
            came_to["refused"] += 1
            return
        came_to["read"] += 1

        assert columns.names["child_id"] == "A"

    read()

    assert min(came_to["read"], came_to["refused"]) > came_to.total() // 20
