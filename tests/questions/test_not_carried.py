"""What an extract does not carry does not count as not held."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from running import Answer

pytestmark = pytest.mark.asked_on("2026-11-23")

Typed = Callable[[str], Answer]
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"
# Twenty working days from Mon 12 Jan 2026 end on Mon 9 Feb; from Mon 12 Oct 2026 on Mon 9 Nov.
JANUARY, OCTOBER = "W-1,12/01/2026,S,C2,N1,U6,PR1,,\n", "W-2,12/10/2026,S,C2,N1,U6,PR1,,\n"


@pytest.fixture
def given(home: Path, typed: Typed) -> Callable[..., Answer]:
    """Return a function that writes a return into a folder and imports it, with others."""

    def write(*years: tuple[str, str | None], more: str = "") -> Answer:
        folders = []
        for number, (episodes, reviews) in enumerate(years):
            folder = home / f"return{number}"
            folder.mkdir(exist_ok=True)
            for old in folder.iterdir():
                old.unlink()
            (folder / "episodes.csv").write_text(EPISODES + episodes)
            if reviews is not None:
                (folder / "reviews.csv").write_text(REVIEWS + reviews)
            folders.append(folder.name)
        answer = typed(f"import ssda903 {' '.join(folders)} {more}")
        assert answer.code == 0, answer.err
        return answer

    return write


def due(typed: Typed, more: str = "") -> dict[str, tuple[Any, ...]]:
    """Return each child's open row: the timescale, its date, its status, and the mark."""
    rows = typed(f"due --all -f json {more}").rows()
    return {
        one["child"]: (one["timescale"], one["due"], one["status"], bool(one["assumed"]))
        for one in rows
    }


def why(typed: Typed, child: str, more: str = "") -> str:
    """Return the words of `iro explain`, in one line."""
    return " ".join(typed(f"explain {child} {more}").out.split())


def total(typed: Typed, words: str) -> dict[str, Any]:
    """Return the total of a report."""
    answer = typed(f"report timeliness {words} -f json")
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)["total"]
    return found


# ---------------------------------------------------------------- a return without reviews


@pytest.mark.parametrize("reviews", [None, ""])
def test_a_return_without_reviews_makes_nothing_overdue(
    given: Callable[..., Answer], typed: Typed, reviews: str | None
) -> None:
    """Without the table, or its rows, the import, the list and explain say so."""
    imported = given((OCTOBER, reviews))

    assert "there is no review from 1 Apr 2026 to 23 Nov 2026" in imported.err
    assert due(typed) == {"W-2": ("cla.review.first", None, "refused", False)}
    assert typed("overdue -f json").rows() == []
    assert (
        "counted from 12 Oct 2026 it would be 9 Nov 2026, and whether it was held by then is not "
        "known: the ssda903 extract does not carry the table Reviews (1 Apr 2026 to 23 Nov 2026); "
        "import one that does, or record what was held"
    ) in why(typed, "W-2")


def test_what_is_not_carried_is_taken_back_and_brought_again(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """Undo and redo name what the extract carries, and the same marks stand again."""
    given((OCTOBER, None))
    given((OCTOBER, None), more="--as-of 2026-11-26")
    before = due(typed, "--as-of 2026-11-26"), why(typed, "W-2", "--as-of 2026-11-26")
    told = [typed(word).out.splitlines()[1] for word in ("undo", "undo", "redo", "redo")]

    # Care and the placement began on the day of the episode.
    carries, first = "what the extract carries", "1 child added, 2 facts added, of W-2"
    assert told == [f"  {one}" for one in (carries, first, first, carries)]
    assert before == (
        due(typed, "--as-of 2026-11-26"),
        why(typed, "W-2", "--as-of 2026-11-26"),
    )


def test_until_its_day_the_date_is_shown_and_marked(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """Strict refuses it; on the day itself it is due, and marked."""
    given((OCTOBER, None))

    assert due(typed, "--as-of 2026-11-09") == {
        "W-2": ("cla.review.first", "2026-11-09", "due-today", True)
    }
    assert due(typed, "--as-of 2026-11-09 --strict")["W-2"][2] == "refused"
    assert "(refused because of --strict)" in why(typed, "W-2", "--as-of 2026-11-09 --strict")
    assert "assumed not to have been held since 12 Oct 2026" in why(
        typed, "W-2", "--as-of 2026-11-09"
    )


def test_a_review_that_is_recorded_later_is_certain_again(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """The silence ends on the day of the import, so a clock that starts later has no mark."""
    given((OCTOBER, None))
    answer = typed("record cla.review W-2 --on 2026-11-24 --as-of 2026-11-24")

    assert answer.code == 0, answer.err
    # It may have been the first or a later one: three months are the sooner date.
    assert due(typed, "--as-of 2026-11-24") == {
        "W-2": ("cla.review.second", "2027-02-24", "later", True)
    }
    assert "may have been the first or a later one" in why(typed, "W-2", "--as-of 2026-11-24")


def test_a_later_import_lifts_the_mark_and_undo_puts_it_back(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """The same return now has reviews, of another child, so this child's was not held."""
    other = "W-3,05/10/2026,S,C2,N1,U6,PR1,,\n"
    given((OCTOBER + other, None))
    before = due(typed)
    given((OCTOBER + other, "W-3,01/05/2015,20/10/2026,PN1\n"))
    with_reviews = due(typed)
    typed("undo")

    assert before["W-2"][2] == "refused"
    assert with_reviews == {
        "W-2": ("cla.review.first", "2026-11-09", "overdue", False),
        "W-3": ("cla.review.second", "2027-01-20", "later", False),
    }
    assert due(typed) == before


def test_the_return_of_another_year_lifts_nothing(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """Two years are imported in one command, and then the older year alone again."""
    january = "W-1,01/05/2015,05/02/2026,PN1\n"
    given((JANUARY, january), (JANUARY + OCTOBER, None))
    both = due(typed)
    given((JANUARY, january))

    assert both == {
        "W-1": ("cla.review.second", None, "refused", False),
        "W-2": ("cla.review.first", None, "refused", False),
    }
    assert due(typed) == both


def test_what_is_stored_twice_on_one_day_changes_nothing(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """On the next day only the end of the silence changes."""
    given((OCTOBER, None))
    again = given((OCTOBER, None))
    tomorrow = given((OCTOBER, None), more="--as-of 2026-11-24")

    assert "nothing to store: everything in it is in the store already" in again.out
    assert (
        "no new facts; what this extract carries, and what it does not, was stored" in tomorrow.out
    )
    assert "(1 Apr 2026 to 24 Nov 2026)" in why(typed, "W-2", "--as-of 2026-11-24")


@pytest.mark.parametrize("how", ["", "--replace"])
def test_what_one_import_carried_is_not_lost_with_the_next(
    given: Callable[..., Answer], typed: Typed, how: str
) -> None:
    """The same return without its table: nothing is missing, and nothing is marked."""
    given((OCTOBER, "W-2,01/05/2015,30/10/2026,PN1\n"))
    before = due(typed)
    again = given((OCTOBER, None), more=how)

    assert "stated by an earlier" not in again.err
    assert before == {"W-2": ("cla.review.second", "2027-01-30", "later", False)}
    assert due(typed) == before


# ---------------------------------------------------------------- the days before the first return


def test_reviews_before_the_first_return_are_not_known(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """
    Care since January, the return from April, with reviews of 20 Apr and 15 Oct 2026.

    Whether that in April was the first or a later one is not known: three months end on
    20 July.  After two reviews the next is a later one either way: six months.
    """
    reviews = "W-1,01/05/2015,20/04/2026,PN1\nW-1,01/05/2015,15/10/2026,PN1\n"
    given((JANUARY + OCTOBER, reviews))
    shown = typed("show W-1 -f json").rows()

    assert due(typed, "--as-of 2026-07-10")["W-1"] == (
        "cla.review.second", "2026-07-20", "due-soon", True,
    )  # fmt: skip
    assert due(typed)["W-1"] == ("cla.review.subsequent", "2027-04-15", "later", False)
    assert "no ssda903 extract of the days before 1 Apr 2026 has been imported" in why(
        typed, "W-1", "--as-of 2026-07-10"
    )
    # Neither is late: 9 February and 20 July have passed, and no one knows what was held by then.
    assert [one["status"] for one in shown if one.get("held")] == []


def test_the_return_of_the_year_before_settles_it(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """With the review of 5 Feb: due 9 Feb; the second by 5 May; the third by 20 Oct."""
    later = (JANUARY + OCTOBER, "W-1,01/05/2015,20/04/2026,PN1\nW-1,01/05/2015,15/10/2026,PN1\n")
    given(later)
    given((JANUARY, "W-1,01/05/2015,05/02/2026,PN1\n"))
    given(later)
    met = [one for one in typed("show W-1 -f json").rows() if one.get("held")]

    assert [(one["due"], one["held"], one["status"]) for one in met] == [
        ("2026-02-09", "2026-02-05", "in-timescale"),
        ("2026-05-05", "2026-04-20", "in-timescale"),
        ("2026-10-20", "2026-10-15", "in-timescale"),
    ]


def test_one_that_was_never_reviewed_may_have_been_before(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """W-1's first review was due in February, for which there is no return; W-2's was not."""
    given((JANUARY + OCTOBER + "W-3,05/10/2026,S,C2,N1,U6,PR1,,\n",
           "W-3,01/05/2015,20/10/2026,PN1\n"))  # fmt: skip

    found = due(typed)

    assert found["W-1"] == ("cla.review.first", None, "refused", False)
    assert found["W-2"] == ("cla.review.first", "2026-11-09", "overdue", False)


# ---------------------------------------------------------------- who states the beginning


def test_what_a_person_recorded_is_not_silent(given: Callable[..., Answer], typed: Typed) -> None:
    """A person who records the start of care is taken to record the reviews too."""
    typed("child add W-2")
    typed("record cla.start W-2 --on 2026-10-12")
    given((OCTOBER, None))

    assert due(typed) == {"W-2": ("cla.review.first", "2026-11-09", "overdue", False)}


LIST_8 = (
    "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After,Placement Type\n"
)


def test_another_extract_that_carries_it_lifts_the_mark(
    given: Callable[..., Answer], typed: Typed, home: Path
) -> None:
    """The list of care has a blank latest review: none was held."""
    given((OCTOBER, None))
    (home / "list_8.csv").write_text(f"{LIST_8}W-2,,12/10/2026,C2,,,U6\n")
    typed("import annex-a list_8.csv")

    assert due(typed) == {"W-2": ("cla.review.first", "2026-11-09", "overdue", False)}


# ---------------------------------------------------------------- short breaks


def test_short_breaks_of_a_return_are_not_all_late(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """
    The return never carries their reviews.  Three months from Mon 1 Jun 2026 end on 1 Sep.

    A review that is recorded after the import starts a clock that is certain.
    """
    imported = given(("W-4,01/06/2026,S,V4,N2,U6,PR1,,\n", ""))
    before = due(typed)
    marked = due(typed, "--as-of 2026-08-31")
    typed("record short-break.review W-4 --on 2026-11-30 --as-of 2026-11-30")

    assert "a return does not carry reviews of short breaks" in imported.err
    assert before == {"W-4": ("short-break.review.first", None, "refused", False)}
    assert marked == {"W-4": ("short-break.review.first", "2026-09-01", "due-soon", True)}
    # The first or a later one: both rules of the chain count six months from then.
    assert due(typed, "--as-of 2027-06-30") == {
        "W-4": ("short-break.review.subsequent", "2027-05-30", "overdue", False)
    }


# ---------------------------------------------------------------- an end that is not known


def test_a_column_that_only_tells_an_end_leaves_the_date_and_marks_it(
    given: Callable[..., Answer], typed: Typed, home: Path
) -> None:
    """Without PLACE nobody knows who is placed for adoption, but no review was held."""
    folder = home / "plain"
    folder.mkdir()
    (folder / "episodes.csv").write_text(
        "CHILD,DECOM,RNE,LS,DEC,REC\nW-2,12/10/2026,S,C2,,\nW-3,05/10/2026,S,C2,,\n"
    )
    (folder / "reviews.csv").write_text(f"{REVIEWS}W-3,01/05/2015,20/10/2026,PN1\n")
    answer = typed("import ssda903 plain")

    assert answer.code == 0, answer.err
    assert due(typed)["W-2"] == ("cla.review.first", "2026-11-09", "overdue", True)
    assert "assumed to be still owed: the ssda903 extract does not carry the column PLACE" in why(
        typed, "W-2"
    )
    assert due(typed, "--strict")["W-2"] == ("cla.review.first", None, "refused", False)
    # The figures judge it, and say that it is judged on what was inferred.
    figures = total(typed, "--from 2026-10-01 --to 2026-11-23")
    assert (figures["due"], figures["outstanding"], figures["assumed"]) == (2, 1, 1)


# ---------------------------------------------------------------- reports


def test_a_report_leaves_out_what_is_not_known_and_counts_it(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """One is open, and one left care on 30 Sep: its first review, due 29 Jun, may have been held."""
    given((OCTOBER + "W-5,01/06/2026,S,C2,N1,U6,PR1,30/09/2026,E4A\n", None))
    figures = total(typed, "--from 2026-04-01 --to 2026-11-23")
    (name,) = typed("caseload -f json").rows()

    assert (figures["due"], figures["never_held"], figures["refused"]) == (0, 0, 2)
    assert (name["overdue"], name["timeliness"]) == (0, None)


def test_a_review_after_the_silence_is_not_late_for_what_may_lie_in_it(
    given: Callable[..., Answer], typed: Typed
) -> None:
    """There are reviews in 2024/25 and in 2026/27, and none in the return between."""
    child = "W-6,06/01/2025,S,C2,N1,U6,PR1,,\n"
    given(
        (child, "W-6,01/05/2015,27/01/2025,PN1\n"),
        # In the year between only another child has an episode, so that there is a return of it.
        (child + "W-7,02/06/2025,S,C2,N1,U6,PR1,04/06/2025,E4A\n", None),
        (child + OCTOBER, "W-6,01/05/2015,06/05/2026,PN1\n"),
    )
    shown = [one for one in typed("show W-6 -f json").rows() if one.get("held")]
    figures = total(typed, "--from 2025-04-01 --to 2026-03-31")

    # The second was due on 27 Apr 2025: the review of 6 May 2026 is not 374 days late.
    assert [(one["timescale"], one["status"]) for one in shown] == [
        ("cla.review.first", "in-timescale")
    ]
    assert (figures["due"], figures["late"], figures["refused"]) == (0, 0, 1)


def test_doctor_names_what_is_not_carried(given: Callable[..., Answer], typed: Typed) -> None:
    """It is a warning, with what depends on it."""
    given((OCTOBER, None))
    found = [one for one in typed("doctor -f json").rows() if one["check"] == "not-carried"]

    assert [one["message"] for one in found] == [
        (
            "the ssda903 extract does not carry the table Reviews (1 Apr 2026 to 23 Nov 2026): dates that depend on it are marked or left out"
        )
    ]


def test_a_list_without_a_row_misses_nothing(home: Path, typed: Typed) -> None:
    """The list was exported empty: its plan is neither missing nor withdrawn."""
    header = "Child Unique ID,Date of Birth,Child Protection Plan Start Date,"
    header += "Date of latest review conference,Child Protection Plan End Date\n"
    (home / "list_7.csv").write_text(f"{header}W-8,,07/09/2026,,\n")
    (home / "list_8.csv").write_text(f"{LIST_8}W-2,,12/10/2026,C2,02/11/2026,,U6\n")
    typed("import annex-a list_7.csv list_8.csv")
    before = due(typed)
    (home / "list_7.csv").write_text(header)
    again = typed("import annex-a list_7.csv list_8.csv --replace")

    assert "there is no row in List 7" in again.err
    assert "withdrawn" not in again.out
    assert due(typed) == before
