"""The reader finds the same about a few children as among all."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.facts.model import Allocation, Booking, Child, Event
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from iro_cli.store.reading import Reader
from running import each
from stores import changing, make, put_store, reading
from strategies import examples

_Key = TypeVar("_Key", bound=str | tuple[object, ...])
_Found = TypeVar("_Found")
DAY = date(2026, 11, 2)
# More than are named in one statement of these tests.
NAMED = 500
MANY = [f"C-{number:04}" for number in range(1_203)]
HOLDERS = ("Ann Example", "ANN example", "Bo Example", "Ŵyn Éxample")


def _made(path: Path) -> Path:
    """Make a store of many children; one IRO in seven, one team in five, siblings in pairs."""
    return make(
        path,
        [
            Child(one, team=f"Team {place % 5}", sibling_group=f"S{place // 2}")
            for place, one in enumerate(MANY)
        ],
        [(one, Event("cla.start", DAY)) for one in MANY]
        + [(one, Event("secure.start", DAY, note="x")) for one in MANY[::100]],
        [Allocation(one, "iro", f"Officer {place % 7}") for place, one in enumerate(MANY)],
        [Booking(one, "cla.review.first", DAY, date(2026, 11, 20)) for one in MANY[::3]],
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return such a store, which no test may change."""
    return _made(tmp_path_factory.mktemp("many") / "iro.db")


@pytest.fixture
def reader(
    many: Path, tmp_path: Path, kind_of_store: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    """Return it opened, of the kind under test; a server's store cannot be copied as a file."""
    path = tmp_path / "iro.db"
    with reading(_made(path) if kind_of_store == "postgresql" else put_store(many, path)) as found:
        monkeypatch.setattr(type(found.store), "asked_at_once", NAMED)
        yield found


@each("only", [MANY[7], MANY[:1], MANY[:700], MANY[::-1], [], ["nobody"]])
def test_of_some_children(reader: Reader, only: str | list[str]) -> None:
    """One, several, more than fit into a statement, and none: each in order of child."""
    asked = {only} if isinstance(only, str) else {*only}

    def among(found: Mapping[_Key, _Found]) -> dict[_Key, _Found]:
        return {
            key: one for key, one in found.items() if (key if type(key) is str else key[0]) in asked
        }

    assert reader.children(only) == among(reader.children())
    assert list(reader.children(only)) == sorted(asked & {*MANY})
    assert reader.allocations(only) == among(reader.allocations())
    assert reader.holders(DAY, only) == among(reader.holders(DAY))
    assert reader.bookings(only) == among(reader.bookings())
    for whole in (False, True):
        every = [case for case in reader.cases(DAY, whole=whole) if case[0] in asked]

        assert list(reader.cases(DAY, only, whole=whole)) == every


@each("only", [MANY[:700], MANY[::-1], MANY[:-1], ["nobody"] * 700])
def test_most_children_are_read_as_some_are(
    reader: Reader, only: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways find the same, in the same order."""
    in_parts = [*reader.children(only).items()]
    monkeypatch.setattr("iro_cli.store.reading._MANY_CHILDREN", 1)

    assert in_parts == [*reader.children(only).items()]
    assert [child for child, _ in in_parts] == sorted({*only} & {*MANY})


def test_which_children(reader: Reader) -> None:
    """By person, team, sibling group, and details."""
    assert reader.held_by("officer 3") == {*MANY[3::7]}
    assert reader.in_team("TEAM 2") == {*MANY[2::5]}
    assert reader.siblings(MANY[10:13]) == {*MANY[10:14]}
    assert reader.siblings(MANY) == {*MANY}
    assert reader.with_events(("secure.start", "cp.strategy")) == {*MANY[::100]}
    assert reader.held_by("nobody") == reader.in_team("none") == reader.siblings([]) == set()


def test_names_in_order(reader: Reader) -> None:
    """Each name comes once, though many children have it."""
    assert reader.holder_names() == [f"Officer {number}" for number in range(7)]
    assert reader.teams() == [f"Team {number}" for number in range(5)]


def test_no_names(tmp_path: Path) -> None:
    """No child is allocated, or in a team."""
    with reading(make(tmp_path / "iro.db", [Child("A")], [])) as found:
        assert (found.holder_names(), found.teams()) == ([], [])


def test_what_was_withdrawn_is_not_found(tmp_path: Path) -> None:
    """It is found neither by its name nor among the names."""
    path = make(
        tmp_path / "iro.db",
        [Child("A", team="North", sibling_group="S"), Child("B", sibling_group="S")],
        [],
        [Allocation("A", "iro", "Ann Example")],
    )
    with changing(path) as change:
        change.withdraw(CHILD_DETAIL, change.standing(CHILD_DETAIL, "A"))
        change.withdraw(ALLOCATION, change.standing(ALLOCATION))
    with reading(path) as found:
        assert (found.held_by("Ann Example"), found.in_team("North")) == (set(), set())
        assert (found.holder_names(), found.teams(), found.child_ids()) == ([], [], ["B"])
        assert found.siblings("B") == {"B"}
        assert found.is_known("A")


@examples(60)
@given(
    st.lists(
        st.text(st.sampled_from("aAbBß01-_éÉ"), min_size=1, max_size=6),
        min_size=1,
        max_size=12,
        unique=True,
    ),
    st.text(st.sampled_from("aAbBß01-_éÉ"), max_size=5),
)
def test_ids_that_begin_with_what_was_typed(ids: list[str], starting: str) -> None:
    """Capitals do not matter; each comes once, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder) / "iro.db", map(Child, ids), [])
        with reading(path) as found:
            expected = sorted(one for one in ids if one.casefold().startswith(starting.casefold()))

            assert found.child_ids(starting) == expected


def test_names_in_letters_of_either_case(tmp_path: Path) -> None:
    """Capitals do not matter in any language."""
    allocations = [Allocation(f"C{n}", "iro", name) for n, name in enumerate(HOLDERS)]
    path = make(tmp_path / "iro.db", [Child(f"C{n}") for n in range(4)], [], allocations)
    with reading(path) as found:
        assert found.held_by("ann EXAMPLE") == {"C0", "C1"}
        assert found.held_by("ŵYN éXAMPLE") == {"C3"}


def test_the_kinds_of_event_beside_those_of_known_children(reader: Reader) -> None:
    """Every hundredth child has a secure placement too; with most known, the others are read."""
    assert reader.event_names() == {"cla.start", "secure.start"}
    assert reader.event_names(MANY[1:]) == {"cla.start", "secure.start"}
    assert reader.event_names([*MANY[:1_000], *MANY[1_000::100]]) == {"cla.start"}
    assert reader.event_names(MANY) == set()


def test_few_are_found_by_an_index(reader: Reader, kind_of_store: str) -> None:
    """The statements for a few children never read a whole table."""
    if kind_of_store == "postgresql":
        pytest.skip("NOT TESTED: a server says its steps otherwise, and chooses them by size")
    statements: list[str] = []
    few = MANY[:2]
    connection: Any = reader._connection  # of a library that has more than both have
    connection.set_trace_callback(statements.append)
    try:
        for ask in (
            lambda: list(reader.cases(DAY, few, whole=True, named=("cla.start",))),
            lambda: (reader.children(few), reader.allocations(few), reader.bookings(few)),
            lambda: (reader.held_by("officer 1"), reader.in_team("team 1")),
            lambda: (reader.siblings(few), reader.child_ids("c-00"), reader.is_known("C-0001")),
        ):
            ask()
    finally:
        connection.set_trace_callback(None)
    steps = [row[3] for one in statements for row in reader.rows(f"EXPLAIN QUERY PLAN {one}")]

    assert len(statements) > 10
    assert [one for one in steps if one.startswith("SCAN") and one != "SCAN one"] == []


def test_the_store_is_of_the_kind_that_is_said(
    reader: Reader, tmp_path: Path, kind_of_store: str
) -> None:
    """A test of an encrypted store has one, whether it is given or made."""
    with changing(tmp_path / "new.db") as change:
        change.add(CHILD_DETAIL, [Child("A")])
    files = [path for path in (tmp_path / "iro.db", tmp_path / "new.db") if path.exists()]
    begins = {"encrypted": [b"IROE"] * 2, "plain": [b"SQLi"] * 2, "postgresql": []}

    assert [path.read_bytes()[:4] for path in files] == begins[kind_of_store]
