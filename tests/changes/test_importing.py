"""Store what was read from files."""

from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.difference import Tally
from iro_cli.changes.importing import ImportRefusedError
from iro_cli.errors import StoreError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.own import ALLOCATIONS, CHILDREN, HAPPENED
from iro_cli.extracts.source import Source
from iro_cli.extracts.ssda903 import SOURCE
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.incoming.refused import Refused
from stores import opened, put, reading

TODAY = date(2026, 11, 22)
DAY = date(2026, 11, 2)
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a path at which a store can be made."""
    return tmp_path / "store" / "iro.db"


def _facts(*events: Event, child: str = "A") -> Batch:
    return Batch(children=[Child(child)], facts=[(child, event, "x.csv:2") for event in events])


def _known(path: Path, child: str = "A") -> list[Event]:
    reader = reading(path)
    try:
        return dict(reader.cases(date.max, whole=True)).get(child, [])
    finally:
        reader.close()


def _children(path: Path) -> dict[str, Child]:
    reader = reading(path)
    try:
        return reader.children()
    finally:
        reader.close()


def _allocations(path: Path, child: str = "A") -> list[Allocation]:
    reader = reading(path)
    try:
        return reader.allocations().get(child, [])
    finally:
        reader.close()


def _changes(path: Path) -> int:
    connection = opened(path)
    try:
        found: int = connection.execute("SELECT count(*) FROM change").fetchone()[0]
        return found
    finally:
        connection.close()


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# ---------------------------------------------------------------- facts


def test_the_store_is_made_and_filled(store: Path) -> None:
    """An import makes the store and fills it in one change."""
    start, review = Event("cla.start", DAY), Event("cla.review", TODAY, participation="PN1")
    outcome = put(store, _facts(start, review))

    assert outcome.added == Tally(children=1, facts=2)
    assert outcome.children == {"A"}
    assert _known(store) == [start, review]
    assert _changes(store) == 1


def test_storing_again_writes_nothing(store: Path) -> None:
    """A second import of the same says so, and makes no change."""
    batch = _facts(Event("cla.start", DAY, note="a note"))
    put(store, batch)
    outcome = put(store, batch)

    assert outcome.unchanged
    assert outcome.skipped == Tally(children=1, facts=1)
    assert outcome.children == set()
    assert _changes(store) == 1


def test_a_detail_that_differs_corrects_the_fact(store: Path) -> None:
    """A different detail corrects the fact; a blank in the new row keeps the old detail."""
    put(store, _facts(Event("cla.review", DAY, participation="PN1", note="a note")))
    outcome = put(store, _facts(Event("cla.review", DAY, participation="PN2")))

    assert outcome.corrected == Tally(facts=1)
    assert outcome.added == Tally()
    assert _known(store) == [Event("cla.review", DAY, participation="PN2", note="a note")]


def test_a_detail_that_is_left_blank_erases_nothing(store: Path) -> None:
    """A row with blank details is the known fact, and its reference stays too."""
    event = Event("dispute.raised", DAY, reference="D1", reason="a reason")
    put(store, _facts(event))
    outcome = put(store, _facts(Event("dispute.raised", DAY)))

    assert outcome.unchanged
    assert _known(store) == [event]


def test_a_detail_that_was_not_known_is_added(store: Path) -> None:
    """A new detail is added as a correction of the fact."""
    put(store, _facts(Event("cla.review", DAY)))
    outcome = put(store, _facts(Event("cla.review", DAY, completed_on=TODAY)))

    assert outcome.corrected == Tally(facts=1)
    assert _known(store) == [Event("cla.review", DAY, completed_on=TODAY)]


def test_another_reference_is_another_fact(store: Path) -> None:
    """Two disputes with different references on one day are two facts."""
    put(store, _facts(Event("dispute.raised", DAY, reference="D1")))
    outcome = put(store, _facts(Event("dispute.raised", DAY, reference="D2")))

    assert outcome.added == Tally(facts=1)
    assert len(_known(store)) == 2


def test_many_children_are_merged_like_few(store: Path) -> None:
    """More children than are asked for by name are merged in the same way."""
    ids = [f"C{number:04}" for number in range(600)]
    batch = Batch(
        children=[Child(child) for child in ids],
        facts=[(child, Event("cla.start", DAY), "x.csv:2") for child in ids],
    )
    put(store, batch)
    batch.facts[0] = ("C0000", Event("cla.start", DAY, note="a note"), "x.csv:2")
    outcome = put(store, batch)

    assert outcome.corrected == Tally(facts=1)
    assert outcome.skipped == Tally(children=600, facts=599)
    assert outcome.children == {"C0000"}


# ---------------------------------------------------------------- children


def test_details_that_are_given_replace_those_known(store: Path) -> None:
    """A given detail replaces the known one; a blank cell keeps it."""
    put(store, Batch(children=[Child("A", "Ash", team="North"), Child("B")]))
    outcome = put(store, Batch(children=[Child("A", team="South"), Child("B")]))

    assert outcome.corrected == Tally(children=1)
    assert outcome.skipped == Tally(children=1)
    assert _children(store) == {"A": Child("A", "Ash", team="South"), "B": Child("B")}


def test_an_id_like_one_that_is_known_is_warned_of(store: Path) -> None:
    """A child with a similar id is stored as another child, with a warning."""
    put(store, Batch(children=[Child("0012")]))
    outcome = put(store, Batch(children=[Child("12")]))

    assert set(_children(store)) == {"0012", "12"}
    assert "12 and 0012" in outcome.warnings[0]


# ---------------------------------------------------------------- allocations


@pytest.mark.parametrize(
    ("known", "given", "expected", "counted"),
    [
        pytest.param(
            [("Ann", None, None)], ("Ann", None, None), [("Ann", None, None)], "skipped",
            id="the same",
        ),
        pytest.param(
            [("Ann", DAY, None)], ("Ann", None, None), [("Ann", DAY, None)], "skipped",
            id="the same, from a day",
        ),
        pytest.param(
            [("Ann", None, None)], ("Bo", None, None), [("Bo", None, None)], "corrected",
            id="another now",
        ),
        pytest.param(
            [("Ann", DAY, TODAY)], ("Ann", None, None),
            [("Ann", None, None), ("Ann", DAY, TODAY)], "added",
            id="the same once more",
        ),
        pytest.param(
            [("Ann", DAY, None)], ("Ann", DAY, TODAY), [("Ann", DAY, TODAY)], "corrected",
            id="the end is known",
        ),
        pytest.param(
            [("Ann", DAY, None)], ("Bo", TODAY, None),
            [("Ann", DAY, None), ("Bo", TODAY, None)], "added",
            id="another from another day",
        ),
    ],
)  # fmt: skip
def test_allocations_are_merged(
    store: Path,
    known: list[tuple[str, date | None, date | None]],
    given: tuple[str, date | None, date | None],
    expected: list[tuple[str, date | None, date | None]],
    counted: str,
) -> None:
    """Allocations are merged by child, role and first day."""
    put(
        store,
        Batch(children=[Child("A")], allocations=[Allocation("A", "iro", *one) for one in known]),
    )
    batch = Batch(allocations=[Allocation("A", "iro", *given)])
    outcome = put(store, batch)

    assert getattr(outcome, counted) == Tally(allocations=1)
    assert _allocations(store) == [Allocation("A", "iro", *one) for one in expected]
    assert put(store, batch).unchanged


def test_another_role_is_another_allocation(store: Path) -> None:
    """A chair does not replace an IRO."""
    put(store, Batch(children=[Child("A")], allocations=[Allocation("A", "iro", "Ann")]))
    outcome = put(store, Batch(allocations=[Allocation("A", "chair", "Bo")]))

    assert outcome.added == Tally(allocations=1)
    assert len(_allocations(store)) == 2


def test_a_name_behind_a_dated_allocation_is_warned_of(store: Path) -> None:
    """An undated name does not replace an allocation from a known day, and a warning says so."""
    put(store, Batch(children=[Child("A")], allocations=[Allocation("A", "iro", "Ann", DAY)]))
    outcome = put(store, Batch(allocations=[Allocation("A", "iro", "Bo")]))

    assert "iro allocate" in outcome.warnings[0]


# ---------------------------------------------------------------- refusals


def test_every_problem_is_listed_and_nothing_is_stored(store: Path, tmp_path: Path) -> None:
    """A refused import lists every problem, and does not even make the store."""
    path = _written(
        tmp_path, "events.csv", "child_id,event,date\n,cla.start,soon\nA,cla.start,2026-11-02\n"
    )
    with pytest.raises(ImportRefusedError) as caught:
        put(store, HAPPENED.read([path], today=TODAY))
    lines = str(caught.value).splitlines()

    assert lines[0] == "2 of 2 rows refused, and nothing was stored:"
    assert [line.split(":")[1] for line in lines[1:4]] == [
        " row 2, column child_id", " row 2, column date", " row 3, column child_id"
    ]  # fmt: skip
    assert lines[2].endswith("(soon)")
    assert lines[-1].endswith("--skip-refused --refused FILE")
    assert caught.value.exit_code == 3
    assert not store.exists()


def test_refused_rows_leave_a_store_as_it_was(store: Path) -> None:
    """If one row is refused, no other row is stored."""
    put(store, _facts(Event("cla.start", DAY)))
    batch = _facts(Event("cla.review", TODAY))
    batch.refused.append(Refused("x.csv", 3, "", "", "is wrong", {}))
    with pytest.raises(ImportRefusedError):
        put(store, batch)

    assert _known(store) == [Event("cla.start", DAY)]
    assert _changes(store) == 1


def test_refused_rows_can_be_skipped(store: Path, tmp_path: Path) -> None:
    """With `--skip-refused` the other rows are stored, and the outcome has the refused ones."""
    put(store, Batch(children=[Child("A-1")]))
    path = _written(
        tmp_path,
        "events.csv",
        "child_id,event,date\nA-1,cla.start,2026-11-02\nA-2,cla.start,2026-11-02\n"
        "A-1,cla.nothing,2026-11-02\n",
    )
    outcome = put(store, HAPPENED.read([path], today=TODAY), skip_refused=True)

    assert outcome.added == Tally(facts=1)
    assert [(one.row, one.column) for one in outcome.refused] == [(3, "child_id"), (4, "event")]
    assert "did you mean A-1" in outcome.refused[0].reason
    assert "import the children first" in outcome.refused[0].reason
    assert outcome.refused[0].raw["event"] == "cla.start"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (HAPPENED, "child_id,event,date\nA,cla.start,2026-11-02\n"),
        (ALLOCATIONS, "child_id,role,name\nA,iro,Ann Example\n"),
    ],
)
def test_an_unknown_child_is_refused(
    store: Path, tmp_path: Path, source: Source, text: str
) -> None:
    """An event of an unknown child is refused unless the child was imported before."""
    path = _written(tmp_path, "some.csv", text)
    with pytest.raises(ImportRefusedError, match="no such child"):
        put(store, source.read([path], today=TODAY))
    put(store, Batch(children=[Child("A")]))

    assert not put(store, source.read([path], today=TODAY)).unchanged


def test_every_problem_is_listed(store: Path) -> None:
    """However many problems a file has, all are listed, so that it is mended once."""
    batch = Batch(
        refused=[Refused("x.csv", row, "a", "", "is wrong", {}) for row in range(2, 1002)],
        read={"x.csv": 1000},
    )
    with pytest.raises(ImportRefusedError) as caught:
        put(store, batch)
    lines = str(caught.value).splitlines()

    assert lines[0] == "1,000 of 1,000 rows refused, and nothing was stored:"
    assert [line.split(":")[0].strip() for line in lines[1:-1]] == ["x.csv"] * 1000


def test_values_in_messages_cannot_command_the_terminal(store: Path) -> None:
    """Messages show escape codes as text, and cut long cells."""
    batch = Batch(refused=[Refused("x.csv", 2, "a", "\x1b[2J" + "x" * 500, "is wrong", {})])
    with pytest.raises(ImportRefusedError) as caught:
        put(store, batch)

    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value).splitlines()[1]) < 150


# ---------------------------------------------------------------- dry runs


def test_a_dry_run_makes_nothing(store: Path) -> None:
    """A dry run says what would be stored, and makes no store."""
    outcome = put(store, _facts(Event("cla.start", DAY)), dry_run=True)

    assert outcome.dry_run
    assert outcome.added == Tally(children=1, facts=1)
    assert not store.exists()


def test_a_dry_run_leaves_a_store_as_it_was(store: Path) -> None:
    """A dry run compares with the store and does not change it."""
    put(store, _facts(Event("cla.review", DAY, participation="PN1")))
    outcome = put(
        store,
        _facts(Event("cla.review", DAY, participation="PN2"), Event("cla.end", TODAY)),
        dry_run=True,
    )

    assert (outcome.added, outcome.corrected) == (Tally(facts=1), Tally(facts=1))
    assert _known(store) == [Event("cla.review", DAY, participation="PN1")]
    assert _changes(store) == 1


def test_a_dry_run_refuses_as_the_import_would(store: Path) -> None:
    """A dry run refuses the same rows as the import."""
    with pytest.raises(ImportRefusedError):
        put(store, Batch(refused=[Refused("x.csv", 2, "", "", "is wrong", {})]), dry_run=True)


def test_a_file_without_rows_makes_no_store(store: Path) -> None:
    """A file with only a header makes no store."""
    assert put(store, Batch()).unchanged
    assert not store.exists()


def test_what_is_no_store_is_left_alone(tmp_path: Path) -> None:
    """A file that is not a store is not overwritten."""
    path = _written(tmp_path, "notes.txt", "not a store")
    with pytest.raises(StoreError):
        put(path, _facts(Event("cla.start", DAY)))

    assert path.read_text("utf-8") == "not a store"


# ---------------------------------------------------------------- whole files


def test_odd_names_are_kept_as_they_are(store: Path, tmp_path: Path) -> None:
    """Formulas, markup, other scripts and zeros are stored and read back unchanged."""
    names = ["'=HYPERLINK(1)", "[red]Ash[/]", "🦔", "שלום", "O'Neill; DROP TABLE fact", "x" * 300]
    rows = "".join(f"00{place},{name}\n" for place, name in enumerate(names))
    path = _written(tmp_path, "children.csv", f"child_id,label\n{rows}")
    put(store, CHILDREN.read([path], today=TODAY))

    assert [child.label for child in _children(store).values()] == ["=HYPERLINK(1)", *names[1:]]
    assert list(_children(store)) == [f"00{place}" for place in range(len(names))]


@pytest.mark.slow
def test_the_dummy_return_is_stored_once(store: Path) -> None:
    """Importing the dummy return a second time adds nothing."""
    if not SHARED.is_dir():
        pytest.skip(f"the dummy SSDA903 return is not at {SHARED}: nothing was checked against it")
    batch = SOURCE.read([SHARED], today=TODAY)
    first = put(store, batch, skip_refused=True)
    again = put(store, SOURCE.read([SHARED], today=TODAY), skip_refused=True)

    assert first.added == Tally(children=2675, facts=len(batch.facts))
    assert again.unchanged
    assert again.skipped == first.added


def test_a_row_of_totals_does_not_stop_the_import(store: Path, tmp_path: Path) -> None:
    """A row of totals is refused with its reason, and the children are stored."""
    path = _written(tmp_path, "children.csv", "child_id,label\nC1,AB\nTotal,1\n")
    outcome = put(store, CHILDREN.read([path], today=TODAY))

    assert set(_children(store)) == {"C1"}
    assert [(one.row, "is a total" in one.reason) for one in outcome.refused] == [(3, True)]


def test_a_total_beside_a_wrong_row_is_listed_with_it(store: Path, tmp_path: Path) -> None:
    """If another row is wrong, nothing is stored, and both rows are listed."""
    path = _written(tmp_path, "children.csv", "child_id,date_of_birth\nC1,soon\nTotal,1\n")
    with pytest.raises(ImportRefusedError) as caught:
        put(store, CHILDREN.read([path], today=TODAY))

    assert [one.row for one in caught.value.refused] == [2, 3]
    assert not store.exists()
