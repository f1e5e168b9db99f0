"""How long a record is kept, with days counted by hand."""

import csv
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from iro_cli.changes.rules import set_retention, unset_retention
from iro_cli.questions.retention import retained
from running import Answer
from stores import changing, put_store, refused, typed_into, viewed

Iro = Callable[..., Answer]
Typed = Callable[[str], Answer]


@pytest.fixture(scope="module")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Make a store of five children.

    Avens, born 1 November 1951, was looked after: kept until 1 November 2026, which was
    yesterday.  Bryony, born 2 November 1951, likewise: until today, so still kept.  Clover, born
    5 May 2000, died on 1 March 2010 at nine: kept for fifteen years, until 1 March 2025.  Daisy
    was on a plan that ended on 30 June 2000.  Elder was looked after, and nobody knows when she
    was born.
    """
    return typed_into(
        tmp_path_factory.mktemp("retention") / "iro.db",
        "2026-11-02",
        "child add Avens --dob 1951-11-01",
        "child add Bryony --dob 1951-11-02",
        "child add Clover --dob 2000-05-05",
        "child add Daisy --dob 1990-01-01",
        "child add Elder",
        "record cla.start Avens Bryony --on 1960-02-01",
        "record cla.start Clover --on 2009-01-05",
        "child edit Clover --died 2010-03-01",
        "record cla.start Elder --on 1990-01-01",
        "record cp.conference.initial Daisy --on 2000-01-04",
        "record cp.plan.end Daisy --on 2000-06-30",
    )


@pytest.fixture
def store(_store: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the store of the five, asked on 2 November 2026."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-02")
    return put_store(_store, home / "iro.db")


def _listed(iro: Iro, *more: str) -> dict[str, tuple[object, bool]]:
    answer = iro("retention", "list", "-f", "json", *more)
    assert answer.code == 0, answer.err
    return {row["child"]: (row["keep_until"], row["passed"]) for row in answer.rows()}


def test_a_looked_after_childs_record_is_kept_as_the_law_says(store: Path, iro: Iro) -> None:
    """75 years from birth, or 15 from the death of a child who died under 18."""
    assert _listed(iro) == {"Avens": ("2026-11-01", True), "Clover": ("2025-03-01", True)}


def test_a_list_is_a_cell_of_csv(store: Path, iro: Iro) -> None:
    """The processes of a child are one cell."""
    answer = iro("retention", "list", "-f", "csv")
    rows = [*csv.DictReader(answer.out.splitlines())]

    assert answer.code == 0
    assert [(row["child"], row["processes"]) for row in rows] == [
        ("Avens", "cla"),
        ("Clover", "cla"),
    ]


def test_an_unknown_period_erases_nobody(store: Path, iro: Iro) -> None:
    """An unknown period erases nobody, and the program has no default period."""
    every = _listed(iro, "--all")
    why = {
        row["child"]: row["why"] for row in iro("retention", "list", "--all", "-f", "json").rows()
    }

    assert every["Bryony"] == ("2026-11-02", False)
    assert every["Daisy"] == every["Elder"] == (None, False)
    assert why["Daisy"] == "child protection: no period is set (`iro retention set cp YEARS`)"
    assert why["Elder"] == "looked-after: the date of birth is not known"
    assert why["Clover"].startswith("looked-after: 15 years from the death (SI 2010/959, reg. 50)")


@pytest.mark.parametrize(
    ("years", "since", "until", "passed"),
    [
        ("26", "last", "2026-06-30", True),
        ("27", "last", "2027-06-30", False),
        ("36", "birth", "2026-01-01", True),
        ("37", "birth", "2027-01-01", False),
    ],
)
def test_a_period_that_is_set_is_counted(
    years: str, since: str, until: str, passed: bool, store: Path, iro: Iro
) -> None:
    """It counts from birth, or from the last recorded event."""
    iro("retention", "set", "cp", years, "--since", since)

    assert _listed(iro, "--all")["Daisy"] == (until, passed)


def test_the_longest_period_counts(store: Path, iro: Iro) -> None:
    """A child who was looked after and on a plan is kept until both have passed."""
    iro("record", "cp.conference.initial", "Avens", "--on", "1961-01-04")
    iro("record", "cp.plan.end", "Avens", "--on", "1961-03-01")
    unset = _listed(iro, "--all")["Avens"]
    iro("retention", "set", "cp", "35")

    assert unset == (None, False)
    assert _listed(iro)["Avens"] == ("2026-11-01", True)


def test_the_law_is_not_shortened(store: Path, iro: Iro) -> None:
    """A period for looked-after children cannot be shorter than the law's."""
    assert iro("retention", "set", "cla", "74", "--since", "birth").code == 3
    assert iro("retention", "set", "cla", "80").code == 3
    assert iro("retention", "set", "cla", "80", "--since", "birth").code == 0
    assert _listed(iro) == {}
    assert iro("retention", "unset", "cla").code == 0
    assert set(_listed(iro)) == {"Avens", "Clover"}
    assert iro("retention", "unset", "cla").code == 3


def test_nothing_is_erased_but_on_command(store: Path, iro: Iro) -> None:
    """Only children whose period has passed are erased; a second time there is none."""
    before = store.read_bytes()
    assert b"Clover" in before
    answer = iro("retention", "erase", "--reason", "the period has passed")
    again = iro("retention", "erase", "--reason", "the period has passed")
    held = store.read_bytes()

    assert answer.code == 0, answer.err
    assert not any(name in held for name in (b"Avens", b"Clover"))
    assert all(name in held for name in (b"Bryony", b"Daisy", b"Elder"))
    assert again.out == "nothing to erase: no period has passed\n"
    assert iro("history", "--verify").code == 0


def test_a_period_that_will_have_passed_erases_nobody(store: Path, iro: Iro) -> None:
    """Erasing cannot be undone, so the day has to have come."""
    ahead = ("--as-of", "2126-11-02")
    answer = iro("retention", "erase", "--reason", "the period has passed", *ahead)

    assert (answer.code, answer.out) == (3, "")
    assert "Sat 2 Nov 2126 lies ahead" in answer.err
    assert "iro retention list" in answer.err
    assert {"Avens", "Bryony", "Clover"} <= set(_listed(iro, *ahead))


def test_it_is_said_first_what_cannot_be_taken_back(store: Path, iro: Iro) -> None:
    """The message has each record's last day: Avens is 75 on 1 November 2026, a Sunday."""
    said = iro("retention", "erase", "--reason", "the period has passed").err.splitlines()

    assert said[0] == (
        "iro: everything about 2 children is erased for good: neither that nor anything done "
        "before it can be taken back"
    )
    assert said[1].startswith(
        "  Avens: the record is to be kept until Sun 1 Nov 2026, which has passed (looked-after: "
        "75 years from birth (SI 2010/959, reg. 50"
    )
    assert said[2].startswith("  Clover: the record is to be kept until Sat 1 Mar 2025")


def test_a_record_that_is_to_be_kept_is_named_before_it_is_erased(store: Path, iro: Iro) -> None:
    """A looked-after child born today is kept for 75 years; for others it may be unknown."""
    iro("child", "add", "Fern", "--dob", "2026-11-01")
    iro("record", "cla.start", "Fern", "--on", "2026-11-01")
    fern = iro("child", "erase", "Fern", "--reason", "a test")
    elder = iro("child", "erase", "Elder", "--reason", "a test")

    assert (fern.code, elder.code) == (0, 0)
    assert "Fern: the record is to be kept until Tue 1 Nov 2101, which has NOT passed" in fern.err
    assert "anything done before it can be taken back" in fern.err
    assert (
        "Elder: it is not known until when the record has to be kept (looked-after: the date of "
        "birth is not known)"
    ) in elder.err


def test_a_period_is_undone(store: Path, iro: Iro) -> None:
    """A period is a change like any other, with its place in the history."""
    iro("retention", "set", "cp", "26")
    first = iro("history", "-f", "json").rows()[0]
    iro("undo")

    assert (first["what"], first["on"]) == ("added retention", "2026-11-02")
    assert _listed(iro, "--all")["Daisy"] == (None, False)


def test_the_word_alone_lists(store: Path, iro: Iro) -> None:
    """`iro retention` is what the interface says."""
    assert "Avens" in iro("retention").out


def test_a_period_is_set_and_taken_back(store: Path) -> None:
    """Daisy's plan ended on 30 June 2000: two years have passed; else no period is given."""
    asked = date(2026, 11, 2)

    def daisy() -> tuple[object, ...]:
        with closing(viewed(store, asked)) as view:
            (one,) = [one for one in retained(view) if one.child == "Daisy"]
        return one.processes, one.keep_until, one.passed

    before = daisy()
    with changing(store) as change:
        set_retention(change, "cp", 2, "last", asked)
    with changing(store) as change:
        set_retention(change, "cp", 30, "last", asked)
    kept = daisy()
    with changing(store) as change:
        unset_retention(change, "cp")

    assert kept == (["cp"], date(2030, 6, 30), False)
    assert daisy() == before == (["cp"], None, False)
    with refused(store, "no period is set for cp") as change:
        unset_retention(change, "cp")
