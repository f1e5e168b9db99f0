"""A whole caseload is handed over in one change, and taken back in one undo."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.changes.hand_over import hand_over, later_holders
from iro_cli.errors import InputRefusedError
from iro_cli.facts.model import Allocation, Child
from iro_cli.store.kinds import ALLOCATION, CHILD_DETAIL
from stores import changing, reading, undo
from strategies import examples, letters

pytestmark = pytest.mark.asked_on("2026-11-23")

Run = Callable[..., Any]
FIRST = date(2026, 1, 1)
DAYS = 30


def _held(path: Path, child: str, role: str) -> list[tuple[str, date | None, date | None]]:
    with reading(path) as reader:
        found = reader.allocations().get(child, [])
    return [(one.name, one.from_on, one.to_on) for one in found if one.role == role]


def test_a_caseload_passes_with_what_is_booked(iro: Run, authority: Path) -> None:
    """The message counts the children of each role and lists the old person's booked meetings."""
    iro("allocate", "Reed", "--chair", "Ada Okafor", "--from", "2026-11-20")
    iro("book", "Moss", "cla.review.first", "2026-11-26")
    iro("book", "Fern", "cla.review.first", "2026-11-26")
    answer = iro("hand-over", "--from", "ada okafor", "--to", "Nia Vole", "--on", "2026-11-23")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "handed over from Ada Okafor to Nia Vole from Mon 23 Nov 2026: 3 children as IRO, "
        "1 child as chair\n"
        "booked with Ada Okafor on that day or later, and now to be kept or moved by Nia Vole:\n"
        "  26 Nov 2026  cla.review.first  Moss\n"
        "due first for Nia Vole:\n"
        # Four weeks from Mon 2 Nov, three from Mon 16 Nov.
        "  Mon 30 Nov 2026, in 7 days: First review of Finch, not booked\n"
        "  Mon 30 Nov 2026, in 7 days: First review of Moss, booked Thu 26 Nov 2026\n"
        "  Mon 30 Nov 2026, in 7 days: First review of Wren, not booked\n"
        "  Mon 7 Dec 2026, in 14 days: Initial conference of Reed, not booked\n"
    )
    assert _held(authority, "Moss", "iro") == [
        ("Ada Okafor", None, date(2026, 11, 22)),
        ("Nia Vole", date(2026, 11, 23), None),
    ]
    assert _held(authority, "Reed", "chair") == [
        ("Dev Raman", None, date(2026, 11, 19)),
        ("Ada Okafor", date(2026, 11, 20), date(2026, 11, 22)),
        ("Nia Vole", date(2026, 11, 23), None),
    ]


def test_a_child_who_died_is_told_apart(iro: Run, authority: Path) -> None:
    """A child who died passes too, so the leaver keeps none, but counts in no caseload."""
    assert iro("child", "edit", "Finch", "--died", "2026-11-10").code == 0
    told = iro("hand-over", "--from", "Ada Okafor", "--to", "Nia Vole", "--on", "2026-11-23").out
    (row,) = iro("caseload", "--iro", "Nia Vole", "-f", "json").rows()

    assert "3 children as IRO (of whom 1 has died)" in told.splitlines()[0]
    assert row["children"] == 2


def test_only_one_role_passes_when_asked(iro: Run, authority: Path) -> None:
    """If only reviews pass, the conferences and their booking stay with the old person."""
    iro("allocate", "Reed", "--chair", "Ada Okafor", "--from", "2026-11-20")
    iro("book", "Reed", "cp.conference.initial", "2026-12-03")
    words = ("hand-over", "--from", "Ada Okafor", "--to", "Nia Vole", "--on", "2026-11-23")
    answer = iro(*words, "--role", "iro")

    assert answer.out == (
        "handed over from Ada Okafor to Nia Vole from Mon 23 Nov 2026: 3 children as IRO\n"
        "due first for Nia Vole:\n"
        "  Mon 30 Nov 2026, in 7 days: First review of Finch, not booked\n"
        "  Mon 30 Nov 2026, in 7 days: First review of Moss, not booked\n"
        "  Mon 30 Nov 2026, in 7 days: First review of Wren, not booked\n"
    )
    assert _held(authority, "Reed", "chair")[-1] == ("Ada Okafor", date(2026, 11, 20), None)


def test_what_is_planned_for_later_passes_too(iro: Run, authority: Path) -> None:
    """Fern was to be Ada's from January, and is now to be Nia's then."""
    iro("allocate", "Fern", "--iro", "Ada Okafor", "--from", "2027-01-04")
    iro("hand-over", "--from", "Ada Okafor", "--to", "Nia Vole", "--on", "2026-12-01")

    assert _held(authority, "Fern", "iro") == [
        ("Ben Rees", None, date(2027, 1, 3)),
        ("Nia Vole", date(2027, 1, 4), None),
    ]


def test_children_whom_somebody_else_has_from_a_later_day_are_named(
    iro: Run, authority: Path
) -> None:
    """Ada's were to be Ben's from 1 December: they are Nia's for the eight days before it."""
    iro("hand-over", "--from", "Ada Okafor", "--to", "Ben Rees", "--on", "2026-12-01")
    told = iro("hand-over", "--from", "Ada Okafor", "--to", "Nia Vole", "--on", "2026-11-23").out

    assert _held(authority, "Moss", "iro") == [
        ("Ada Okafor", None, date(2026, 11, 22)),
        ("Nia Vole", date(2026, 11, 23), date(2026, 11, 30)),
        ("Ben Rees", date(2026, 12, 1), None),
    ]
    assert (
        "from Tue 1 Dec 2026 on, Ben Rees is IRO of 3 of these children, as was recorded before: "
        "Finch, Moss, Wren; to change that, use `iro allocate` from that day on\n"
    ) in told


def test_whom_somebody_else_has_later_is_found_by_day_and_role(authority: Path) -> None:
    """What Nia has herself from a later day on, and what is over, is not somebody else's."""
    day, later = date(2026, 11, 23), date(2026, 12, 1)
    with changing(authority) as change:
        change.add(CHILD_DETAIL, [Child("A"), Child("B")])
        change.add(
            ALLOCATION,
            [
                Allocation("A", "iro", "Nia Vole", day, date(2026, 11, 30)),
                Allocation("A", "iro", "Ben Rees", later),
                Allocation("B", "iro", "Ben Rees", None, date(2026, 11, 22)),
                Allocation("B", "iro", "Nia Vole", day),
                Allocation("B", "chair", "Dev Raman", later),
            ],
        )
        found = later_holders(change, {"iro": ["A", "B"]}, "Nia Vole", day)

    assert found == {(later, "Ben Rees", "iro"): ["A"]}


def test_one_of_two_siblings_needs_a_reason(iro: Run, authority: Path) -> None:
    """Handing over Finch alone would separate it from Wren; handing over both does not."""
    words = ("hand-over", "--from", "Ada Okafor", "--to", "Ben Rees", "--on", "2026-11-23")
    alone = iro(*words, "--child", "Finch")
    for_reason = iro(*words, "--child", "Finch", "--reason", "a conflict of interest")
    iro("undo")
    both = iro(*words, "--child", "Finch", "--child", "Wren")

    assert (alone.code, for_reason.code, both.code) == (3, 0, 0)
    assert "on 23 Nov 2026 Wren has Ada Okafor" in alone.err
    assert both.out.splitlines()[0].endswith(": 2 children as IRO")


def test_siblings_apart_before_may_stay_apart(iro: Run, authority: Path) -> None:
    """Siblings with different IROs before may stay so, and the reason is kept."""
    iro("allocate", "Wren", "--iro", "Ben Rees", "--from", "2026-11-09", "--reason", "agreed")
    answer = iro("hand-over", "--from", "Ben Rees", "--to", "Nia Vole", "--on", "2026-11-23")
    with reading(authority) as reader:
        last = reader.allocations()["Wren"][-1]

    assert answer.code == 0
    assert (last.name, last.reason) == ("Nia Vole", "agreed")


# ---------------------------------------------------------------- what always holds

days = st.none() | st.integers(0, DAYS).map(lambda number: FIRST + timedelta(days=number))
allocation = st.builds(
    Allocation,
    st.sampled_from(["Finch", "Wren"]),
    st.sampled_from(["iro", "chair"]),
    st.sampled_from(["Ada", "Ben", "Cath"]),
    days,
    days,
    st.none() | st.text(letters),
).filter(lambda one: not (one.from_on and one.to_on and one.to_on < one.from_on))


def _by_day(path: Path) -> dict[date, dict[tuple[str, str], str]]:
    """Ask the store who holds which child on each day, and on some days around them."""
    with reading(path) as reader:
        return {
            day: reader.holders(day)
            for day in (FIRST + timedelta(days=number) for number in range(-2, DAYS + 3))
        }


@examples(25)
@given(
    # Two allocations that begin on one day are one: neither a file nor a command leaves both.
    st.lists(
        allocation,
        min_size=1,
        max_size=6,
        unique_by=lambda one: (one.child_id, one.role, one.from_on),
    ),
    st.integers(0, DAYS),
)
def test_nothing_changes_but_the_name_from_the_day_on(those: list[Allocation], on: int) -> None:
    """For any overlaps, each day keeps its holders, with Ada renamed, and undo restores all."""
    begins = FIRST + timedelta(days=on)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iro.db"
        with changing(path) as writer:
            writer.add(CHILD_DETAIL, [Child("Finch"), Child("Wren")])
            writer.add(ALLOCATION, those)
        before = _by_day(path)
        with reading(path) as reader:
            rows = {child: sorted(map(str, found)) for child, found in reader.allocations().items()}
        try:
            with changing(path) as change:
                moved = hand_over(change, "Ada", "Nia", begins)
        except InputRefusedError:
            moved = {}
        after = _by_day(path)
        if moved:
            undo(path)
        with reading(path) as reader:
            restored = {
                child: sorted(map(str, found)) for child, found in reader.allocations().items()
            }
        expected = {
            day: {
                key: "Nia" if name == "Ada" and day >= begins else name
                for key, name in held.items()
            }
            for day, held in before.items()
        }

        assert after == expected
        assert _by_day(path) == before
        assert restored == rows
