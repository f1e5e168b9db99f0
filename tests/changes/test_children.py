"""Children and their allocations, changed in a store directly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.changes.children import (
    add_child,
    allocate,
    contradictions,
    edit_child,
    record_death,
    refuse_shared,
)
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.facts.people import Person
from running import Answer
from stores import changing, reading, refused

ENGLAND = library.catalogue("england")
ON = date(2026, 11, 23)
ADA, BEN = "Ada Okafor", "Ben Rees"
Store = Callable[..., Path]


@pytest.fixture
def store(make_store: Store) -> Path:
    """Return a store of two siblings with Ada as IRO; Ben left on Fri 20 Nov."""
    return make_store(
        [Child("Finch", sibling_group="S1"), Child("Wren", sibling_group="S1")],
        [("Finch", Event("cla.start", date(2026, 11, 2)))],
        [Allocation("Finch", "iro", ADA), Allocation("Wren", "iro", ADA)],
        [],
        [Person(BEN, to_on=date(2026, 11, 20))],
    )


def test_a_child_is_added_with_whose_it_is(store: Path) -> None:
    """The child and its allocation are both stored."""
    with changing(store) as change:
        add_child(change, Child("Moss", team="South"), [Allocation("Moss", "iro", ADA)], ON)
    reader = reading(store)

    assert reader.children("Moss")["Moss"].team == "South"
    assert [one.name for one in reader.allocations("Moss")["Moss"]] == [ADA]


@pytest.mark.parametrize(
    ("child", "name", "words"),
    [("Finch", ADA, "already"), ("Moss", BEN, "Ben Rees left on 20 Nov 2026")],
)
def test_a_child_that_cannot_be_added(store: Path, child: str, name: str, words: str) -> None:
    """A child is refused if the id exists, or if the IRO or chair has left."""
    with refused(store, words) as change:
        add_child(change, Child(child), [Allocation(child, "iro", name)], ON)

    assert set(reading(store).children()) == {"Finch", "Wren"}


def test_what_is_known_of_a_child_is_edited(store: Path) -> None:
    """An edit returns what was known before, and what is known now."""
    with changing(store) as change:
        before, after = edit_child(change, "Finch", {"label": "F", "sibling_group": None})

    assert (before.label, before.sibling_group) == (None, "S1")
    assert after == Child("Finch", label="F")
    assert reading(store).children("Finch")["Finch"] == after


def test_an_edit_can_make_the_facts_wrong(store: Path) -> None:
    """A new date of birth after the start of care is found as a contradiction."""
    with changing(store) as change:
        before, after = edit_child(change, "Finch", {"date_of_birth": date(2026, 11, 9)})
        found = contradictions(change, ENGLAND, before, after, ON)

    assert [(one.kind, one.on, one.compared) for one in found] == [
        ("before-birth", date(2026, 11, 2), date(2026, 11, 9))
    ]


def test_a_death_takes_the_place_of_another(store: Path) -> None:
    """A new day of death replaces the earlier one; without a day the death is withdrawn."""
    days = []
    for on in (date(2026, 11, 19), date(2026, 11, 20), None):
        with changing(store) as change:
            record_death(change, ENGLAND, "Finch", on, today=ON, as_of=ON)
        events = dict(reading(store).cases(ON, "Finch", whole=True))["Finch"]
        days.append([one.on for one in events if one.event == "child.died"])

    assert days == [[date(2026, 11, 19)], [date(2026, 11, 20)], []]


def test_an_allocation_ends_the_one_before(store: Path) -> None:
    """The earlier allocation ends the day before; the same person again changes nothing."""
    begins = date(2026, 12, 1)
    with changing(store) as change:
        changed = allocate(change, ["Finch", "Wren"], "iro", "Efa Moss", begins)
        again = allocate(change, ["Finch"], "iro", "Efa Moss", begins)
    stand = sorted(
        (one.name, one.from_on, one.to_on) for one in reading(store).allocations("Finch")["Finch"]
    )

    assert (changed, again) == (["Finch", "Wren"], [])
    assert stand == [(ADA, None, date(2026, 11, 30)), ("Efa Moss", begins, None)]


def test_an_allocation_from_the_first_day_that_there_is(store: Path) -> None:
    """An allocation from the first possible day replaces the earlier one whole."""
    with changing(store) as change:
        allocate(change, ["Finch"], "iro", "Efa Moss", date.min, "the first")
    with reading(store) as reader:
        found = reader.allocations("Finch")["Finch"]

    assert found == [Allocation("Finch", "iro", "Efa Moss", date.min, None, "the first")]


def test_siblings_have_one_iro_unless_there_is_a_reason(store: Path) -> None:
    """Another IRO for one sibling is refused without a reason, and stored with one."""
    with refused(store, "siblings have the same IRO") as change:
        allocate(change, ["Finch"], "iro", "Efa Moss", ON)
    with changing(store) as change:
        allocate(change, ["Finch"], "iro", "Efa Moss", ON, "a conflict")

    assert reading(store).allocations("Finch")["Finch"][-1].reason == "a conflict"


@pytest.fixture
def kestrel(home: Path, iro: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    """Return a store with one child, TS-0102, called Kestrel."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    iro("child", "add", "TS-0102", "--label", "Kestrel")


@pytest.mark.usefixtures("kestrel")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ts-0102",), "'ts-0102' is the id TS-0102 with other capitals"),
        (("KESTREL",), "'KESTREL' is the label of TS-0102"),
        (("Wren", "--label", "Ts-0102"), "the label 'Ts-0102' is the id of TS-0102"),
    ],
)
def test_a_name_that_finds_another_child_is_refused(
    words: tuple[str, ...], says: str, iro: Callable[..., Answer]
) -> None:
    """A new child whose name finds another child is refused without --insist."""
    answer = iro("child", "add", *words)
    ids = [row["child_id"] for row in iro("child", "list", "-f", "json").rows()]
    insisted = iro("child", "add", *words, "--insist")

    assert (answer.code, ids) == (3, ["TS-0102"])
    assert says in answer.err
    assert "--insist" in answer.err
    assert insisted.code == 0


@pytest.mark.usefixtures("kestrel")
def test_a_label_that_is_anothers_id_is_refused_later_too(iro: Callable[..., Answer]) -> None:
    """`child edit` refuses what `child add` refuses; a child's own id may be its label."""
    iro("child", "add", "Wren")
    answer = iro("child", "edit", "Wren", "--label", "ts-0102")

    assert answer.code == 3
    assert "the label 'ts-0102' is the id of TS-0102" in answer.err
    assert iro("child", "edit", "TS-0102", "--label", "ts-0102").code == 0
    assert iro("child", "edit", "Wren", "--label", "ts-0102", "--insist").code == 0
    found = {row["check"]: row["child"] for row in iro("doctor", "-f", "json").rows()}
    assert found["label-alike"] == "Wren"


@pytest.mark.parametrize(
    ("child", "label", "added", "words"),
    [
        ("finch", None, True, "is the id Finch with other capitals"),
        ("King", None, True, "'King' is the label of Wren"),
        ("Moss", "wren", True, "the label 'wren' is the id of Wren"),
        ("Wren", "finch", False, "the label 'finch' is the id of Finch"),
    ],
)
def test_an_id_or_label_by_which_another_is_found_is_refused(
    make_store: Store, child: str, label: str | None, words: str, *, added: bool
) -> None:
    """An id or label in other capitals is refused too, unless it is the child's own."""
    path = make_store([Child("Finch"), Child("Wren", label="king")], [])
    with refused(path, words) as change:
        refuse_shared(change, child, label, added=added)
    with changing(path) as change:
        refuse_shared(change, "Wren", "KING", added=False)
        refuse_shared(change, "Moss", "M", added=True)


def test_a_birth_by_the_day_that_is_asked_about(iro: Callable[..., Answer]) -> None:
    """A day after today is known if the question is asked on a later one, as `record` has it."""
    asked = ("--as-of", "2049-04-14")
    iro("child", "add", "K1")
    born = iro("child", "edit", "K1", "--dob", "2049-04-14", *asked)
    added = iro("child", "add", "K2", "--dob", "2049-03-30", *asked)
    ahead = iro("child", "edit", "K1", "--dob", "2049-04-15", *asked)

    assert (born.code, born.out) == (0, "changed: K1\n")
    assert added.code == 0
    assert ahead.code == 3
    assert "15 Apr 2049 is still to come" in ahead.err
