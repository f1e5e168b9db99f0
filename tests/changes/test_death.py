"""A recorded death ends every process, can be corrected and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer
from stores import put_store

pytestmark = pytest.mark.asked_on("2026-11-23")

Typed = Callable[[str], Answer]


@pytest.fixture
def wren(typed_once: Callable[..., Path], home: Path, typed: Typed) -> Typed:
    """Return a function that runs a command; Wren is in care since 1 Jun, on a plan since 3 Aug."""
    made = typed_once(
        "2026-11-23",
        "child add Wren",
        "record cla.start Wren --on 2026-06-01",
        "record cp.conference.initial Wren --on 2026-08-03 --insist",
    )
    put_store(made, home / "iro.db")
    assert [one["status"] for one in typed("due --all -f json").rows()] == ["overdue", "overdue"]
    return typed


def deaths(typed: Typed) -> list[str]:
    """Return the days of death that stand."""
    facts = typed("show Wren -f json").json["facts"]
    return [one["date"] for one in facts if one["event"] == "child.died"]


def test_the_page_of_the_child_says_it_at_the_top(home: Path, typed: Typed) -> None:
    """While section 47 enquiries run, a clock runs without a process; the death ends it."""
    typed("child add K1 --iro 'Ada Okafor'")
    typed("record cp.strategy K1 --on 2026-11-09 --section-47 yes")
    before = typed("show K1").out.splitlines()
    typed("child edit K1 --died 2026-11-10")
    after = typed("show K1").out.splitlines()

    assert before[0] == "K1 · IRO Ada Okafor"
    assert before[1].partition(": ")[2] == (
        "no period of care or plan is open, but a clock runs: Initial conference "
        "(from 9 Nov 2026) (1 event)"
    )
    assert after[0] == "K1 · died 10 Nov 2026 · IRO Ada Okafor"
    assert after[1].partition(": ")[2] == "no process is open (2 events)"


def test_it_ends_every_process_on_that_day(wren: Typed) -> None:
    """After the death nothing is due, and the answer names the day."""
    answer = wren("child edit Wren --died 02/11/2026")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "changed: Wren, died Mon 2 Nov 2026: nothing is due after that day\n"
    assert wren("due --all -f json").rows() == []
    assert wren("overdue -f json").rows() == []
    # Before the death, the overdue review was overdue.
    assert len(wren("overdue -f json --as-of 2026-11-01").rows()) == 1


def test_another_day_takes_its_place_and_an_empty_one_takes_it_back(wren: Typed) -> None:
    """A day of death is corrected and removed like the child's other details."""
    wren("child edit Wren --died 2026-11-02")
    wren("child edit Wren --died 2026-11-03")
    moved = deaths(wren)
    same = wren("child edit Wren --died 2026-11-03")
    wren('child edit Wren --died ""')

    assert moved == ["2026-11-03"]
    assert same.out == "Wren is already as you say; nothing changed\n"
    assert deaths(wren) == []
    assert len(wren("due --all -f json").rows()) == 2


def test_it_is_one_change_with_what_else_is_edited(wren: Typed) -> None:
    """One undo takes back the death and the other details of the same command."""
    wren("child edit Wren --died 2026-11-02 --label W")
    both = wren("child show Wren -f json").rows()[0]["label"], deaths(wren)
    wren("undo")

    assert both == ("W", ["2026-11-02"])
    assert (wren("child show Wren -f json").rows()[0]["label"], deaths(wren)) == (None, [])


def test_a_day_that_lies_ahead_is_refused_and_nothing_is_stored(wren: Typed) -> None:
    """A future day of death is refused, with everything else of the same command."""
    answer = wren("child edit Wren --died 2036-11-24 --label W")

    assert answer.code == 3
    assert "is still to come" in answer.err
    assert wren("child show Wren -f json").rows()[0]["label"] is None


def test_an_unknown_child_is_refused(wren: Typed) -> None:
    """An unknown child is refused, and the nearest known id is named."""
    answer = wren("child edit Wrem --died 2026-11-02")

    assert answer.code == 3
    assert "there is no child 'Wrem'" in answer.err


def test_what_is_dated_after_it_is_named(wren: Typed) -> None:
    """A death before later facts is stored, so that no review is convened for a dead child."""
    wren("record cla.review Wren --on 2026-11-10")
    answer = wren("child edit Wren --died 2026-11-02")

    assert answer.code == 0
    assert "Wren:" in answer.err
    assert deaths(wren) == ["2026-11-02"]
    assert wren("due --all -f json").rows() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("2026-12-01", "Wren has no meeting open on 23 Nov 2026 that could be booked"),
        ("review 2026-12-01", "Wren has no 'review' open on 23 Nov 2026 that could be booked"),
        ("icpc 2026-12-01", "cp.conference.initial is not open for Wren on 23 Nov 2026"),
    ],
)
def test_nothing_can_be_booked_and_no_kind_of_meeting_is_offered(
    words: str, says: str, wren: Typed
) -> None:
    """The answer says that the child died; before, a word that fits several kinds named them."""
    before = wren("book wren conference 2026-12-01")
    wren("child edit Wren --label Heron --died 2026-11-02")
    answer = wren(f"book heron {words}")

    assert before.code == 0
    assert answer.code == 3
    assert answer.err == f"iro: {says}: nothing is open: the child died on 2 Nov 2026\n"


def test_a_word_for_a_meeting_that_is_not_open_is_refused_with_the_open_ones(wren: Typed) -> None:
    """K1 waits for a conference after a strategy discussion, and the word means reviews."""
    wren("child add K1 --iro 'Ada Okafor'")
    wren("record cp.strategy K1 --on 2026-11-09 --section-47 yes")
    answer = wren("book K1 review 2026-12-01")

    assert answer.code == 3
    assert answer.err == (
        "iro: K1 has no 'review' open on 23 Nov 2026 that could be booked: the child "
        "has cp.conference.initial open\n"
    )
