"""Audits can be recorded, drawn repeatably and evenly, listed and counted."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.changes.audits import draw
from iro_cli.questions.audits import AuditFigures, CaseToDraw, audit_figures
from iro_cli.questions.view import View
from stores import put_store, reading, typed_into

pytestmark = pytest.mark.asked_on("2026-11-23")

Run = Callable[..., Any]
SAMPLE = ("audit", "sample", "--size", "3", "--seed", "1")


def _listed(iro: Run, *words: str) -> list[dict[str, Any]]:
    rows = json.loads(iro("audit", "list", "-f", "json", *words).out)["rows"]
    return list(rows)


def _record(iro: Run, child: str, on: str, grade: str = "Good", *more: str) -> Any:
    return iro(
        *("audit", "record", child, "--on", on, "--tool", "Case file", "--grade", grade, *more)
    )


# ---------------------------------------------------------------- recording


def test_an_audit_is_stored_with_whose_case_it_was(iro: Run, authority: Path) -> None:
    """An audit keeps the IRO of its own day, not of today, and spells a grade as inspectors do."""
    iro("allocate", "Moss", "--iro", "Ben Rees", "--from", "2026-11-20")
    answer = _record(iro, "Moss", "2026-11-19", "requires IMPROVEMENT", "--auditor", "Ben Rees")

    assert answer.out == (
        "recorded: audit of Moss on Thu 19 Nov 2026, Ada Okafor's case: Case file, "
        "Requires improvement\n"
    )
    assert [(row["iro"], row["auditor"], row["status"]) for row in _listed(iro)] == [
        ("Ada Okafor", "Ben Rees", "done")
    ]


def test_the_same_audit_again_is_corrected(iro: Run, authority: Path) -> None:
    """Recording the same audit again changes nothing; with another grade it replaces the first."""
    _record(iro, "Moss", "2026-11-19", "Good")
    again = _record(iro, "Moss", "2026-11-19", "Good")
    _record(iro, "Moss", "2026-11-19", "Inadequate")

    assert again.out == "Moss: that audit is recorded already; nothing changed\n"
    assert [row["grade"] for row in _listed(iro)] == ["Inadequate"]


@pytest.mark.parametrize("auditor", ["Dev Raman", "dev raman"])
def test_a_chair_does_not_audit_their_own(iro: Run, authority: Path, auditor: str) -> None:
    """An auditor whose name is typed with other capitals is still the same person."""
    answer = _record(iro, "Reed", "2026-11-19", "Good", "--auditor", auditor)

    assert answer.code == 3
    assert "Dev Raman was Reed's chair on 19 Nov 2026" in answer.err


# ---------------------------------------------------------------- the sample


def test_a_sample_has_a_due_day_and_can_be_drawn_again(iro: Run, authority: Path) -> None:
    """The same seed on the same store draws the same cases, and they are stored once."""
    first = iro(*SAMPLE, "--due", "2026-12-18")
    drawn = {row["child"] for row in _listed(iro)}
    again = iro(*SAMPLE, "--due", "2027-01-29")

    assert first.code == again.code == 0
    assert len(drawn) == 3
    assert again.out.count("drawn already, due Fri 18 Dec 2026") == 3
    assert [row["due"] for row in _listed(iro)] == ["2026-12-18"] * 3


def test_a_sample_is_the_same_in_another_store(iro: Run, authority: Path) -> None:
    """A draw that was undone, or follows a draw with another seed, gives the same sample again."""
    first = iro(*SAMPLE).out
    iro("undo")
    iro("audit", "sample", "--size", "3", "--seed", "7")
    iro("undo")

    assert iro(*SAMPLE).out == first


def test_three_cases_of_three_iros(iro: Run, authority: Path) -> None:
    """Ada has three of the five children, but no more of the sample than Ben or Dev."""
    iro(*SAMPLE)

    assert {row["iro"] for row in _listed(iro)} == {"Ada Okafor", "Ben Rees", "Dev Raman"}


def test_an_auditor_is_never_drawn_for_their_own(iro: Run, authority: Path) -> None:
    """An auditor's own cases are not drawn, even if few remain; the audit is due in four weeks."""
    answer = iro("audit", "sample", "--size", "9", "--seed", "1", "--auditor", "ada okafor")

    assert answer.err == "iro: only 2 children could be drawn, not 9\n"
    assert [(row["child"], row["auditor"], row["due"]) for row in _listed(iro)] == [
        ("Fern", "ada okafor", "2026-12-21"),
        ("Reed", "ada okafor", "2026-12-21"),
    ]


def test_a_sample_of_one_process_or_one_iro(iro: Run, authority: Path) -> None:
    """A draw takes the same filters as the list."""
    iro("audit", "sample", "--size", "9", "--seed", "1", "--process", "cp")
    iro("audit", "sample", "--size", "9", "--seed", "1", "--iro", "ben rees")

    assert [(row["child"], row["process"]) for row in _listed(iro)] == [
        ("Fern", "cla"),
        ("Reed", "cp"),
    ]


candidate = st.builds(
    CaseToDraw,
    st.integers(0, 30).map("C{:02}".format),
    st.sampled_from(["cla", "cp", "adoption"]),
    st.sampled_from(["Ada", "Ben", "Cath", "Dev"]),
)


@given(st.lists(candidate, unique=True, max_size=40), st.integers(0, 40), st.integers())
def test_a_draw_is_repeatable_and_spread(among: list[CaseToDraw], size: int, seed: int) -> None:
    """
    The order of the cases does not matter, and no IRO has more cases drawn than needed.

    If two more were drawn from one IRO than from another, the other has no child left.
    """
    found = draw(among, size, seed)
    drawn = {one.child for one in found}
    count = Counter(one.iro for one in found)
    left = {one.iro for one in among if one.child not in drawn}

    assert found == draw(among[::-1], size, seed)
    assert len(found) == len(drawn) == min(size, len({one.child for one in among}))
    assert set(found) <= set(among)
    assert all(count[name] + 1 >= max(count.values(), default=0) for name in left)


def test_chance_decides_between_equals() -> None:
    """Over 300 seeds each of three cases of one IRO is drawn first between 60 and 140 times."""
    among = [CaseToDraw(child, "cla", "Ada") for child in "ABC"]
    counts = Counter(draw(among, 1, seed)[0].child for seed in range(300))

    assert all(60 <= counts[child] <= 140 for child in "ABC")


# ---------------------------------------------------------------- the list, and figures


@pytest.fixture(scope="module")
def _audited(_authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(_authority, tmp_path_factory.mktemp("audited") / "iro.db"))
    return typed_into(
        path,
        "2026-11-23",
        "audit sample --as-of 2026-11-02 --size 4 --seed 1 --due 2026-11-20",
        "audit record Finch --on 2026-11-20 --tool 'Case file' --grade Good --auditor 'Ben Rees'",
        "audit record Moss --on 2026-11-23 --tool 'Case file' --grade Inadequate",
        "audit record Reed --on 2026-11-16 --tool 'Case file' --grade Outstanding",
    )


@pytest.fixture
def audited(_audited: Path, home: Path) -> Path:
    """
    Return a store with four cases drawn on 2 Nov, due on 20 Nov.

    Finch and Moss are done, Moss late; Fern and Wren are not.  Reed was
    audited without a draw.
    """
    return put_store(_audited, home / "iro.db")


def test_open_audits_come_before_those_done(iro: Run, audited: Path) -> None:
    """An audit past its day is overdue; one that was done shows when and with which grade."""
    rows = _listed(iro)

    assert [(row["child"], row["status"], row["days_left"]) for row in rows] == [
        ("Fern", "overdue", -3),
        ("Wren", "overdue", -3),
        ("Reed", "done", None),
        ("Finch", "done", None),
        ("Moss", "done", None),
    ]
    assert [row["audited"] for row in rows[2:]] == ["2026-11-16", "2026-11-20", "2026-11-23"]


def test_the_list_leaves_out_what_happened_after_the_day(iro: Run, audited: Path) -> None:
    """On the due day itself no audit is overdue, and that of Moss is not done yet."""
    rows = _listed(iro, "--as-of", "2026-11-20")

    assert Counter(row["status"] for row in rows) == {"due": 3, "done": 2}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--status", "overdue"), ["Fern", "Wren"]),
        (("--child", "Moss"), ["Moss"]),
        (("--iro", "ben rees"), ["Fern"]),
        (("--auditor", "ben rees"), ["Finch"]),
        (("--process", "cla", "--status", "done"), ["Finch", "Moss"]),
    ],
)
def test_the_list_is_filtered(
    iro: Run, audited: Path, words: tuple[str, ...], expected: list[str]
) -> None:
    """Each filter works alone, and two work together."""
    assert [row["child"] for row in _listed(iro, *words)] == expected


@pytest.mark.parametrize("form", ["table", "csv", "jsonl", "markdown"])
def test_the_list_has_every_form(iro: Run, audited: Path, form: str) -> None:
    """Every form of the list names the child whose audit is to be done."""
    answer = iro("audit", "list", "-f", form)

    assert answer.code == 0
    assert "Wren" in answer.out


def _figures(path: Path, as_of: date, first: date, last: date) -> AuditFigures:
    return audit_figures(View(reading(path), nation="england", as_of=as_of), first, last)


def test_the_figures_of_a_quarter(audited: Path) -> None:
    """The quarter has four drawn, two of them done, three audits, and two overdue at its end."""
    found = _figures(audited, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31))

    assert found == AuditFigures(
        4, 2, 3, 2, {"Case file": {"Outstanding": 1, "Good": 1, "Inadequate": 1}}
    )


def test_the_figures_of_a_week(audited: Path) -> None:
    """From 16 to 20 Nov none was drawn, two were done, and none was overdue yet."""
    found = _figures(audited, date(2026, 12, 31), date(2026, 11, 16), date(2026, 11, 20))

    assert found == AuditFigures(0, 0, 2, 0, {"Case file": {"Outstanding": 1, "Good": 1}})


def test_undo_takes_a_sample_back_whole(iro: Run, audited: Path) -> None:
    """A draw is one change, and so is each audit."""
    for _ in range(4):
        iro("undo")

    assert _listed(iro) == []
