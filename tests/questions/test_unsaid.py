"""If a row points to something that no other row has, it is not known, for that child only."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from running import Answer

pytestmark = pytest.mark.asked_on("2026-11-23")

Typed = Callable[[str], Answer]
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\n"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\n"
# Another child, so that there is a return of the year, with a review: nothing of W-2 is late.
OTHER = "W-2,05/10/2026,S,C2,N1,U6,PR1,,\n"
OTHERS = "W-2,01/05/2015,30/10/2026,PN1\n"
# Twenty working days from Mon 13 Apr 2026 end on Tue 12 May (4 May is a bank holiday);
# three months from 8 May end on 8 Aug.
JANUARY = "W-1,,30/01/2026,PN1\n"
APRIL, MAY = "13/04/2026", "W-1,01/05/2015,08/05/2026,PN1\n"


def write(home: Path, name: str, episodes: str, reviews: str) -> str:
    """Write a return into its own folder."""
    folder = home / name
    folder.mkdir(exist_ok=True)
    (folder / "episodes.csv").write_text(EPISODES + episodes)
    (folder / "reviews.csv").write_text(REVIEWS + reviews)
    return name


def row(typed: Typed, child: str, more: str = "") -> tuple[Any, ...]:
    """Return a child's open row: the timescale, its date, its status, and the mark's reason."""
    (one,) = [one for one in typed(f"due --all -f json {more}").rows() if one["child"] == child]
    return one["timescale"], one["due"], one["status"], one["assumed"]


def test_an_episode_that_ended_with_x1_and_no_other(home: Path, typed: Typed) -> None:
    """Care may have ended with the missing episode: the date stays, and is marked."""
    ended = f"W-1,{APRIL},S,C2,N1,U6,PR1,29/05/2026,X1\n"
    answer = typed(f"import ssda903 {write(home, 'one', ended + OTHER, MAY + OTHERS)}")
    what, due, status, assumed = row(typed, "W-1")

    assert answer.code == 0, answer.err
    assert "W-1: the episode that began on 29 May 2026" in answer.err
    assert (what, due, status) == ("cla.review.second", "2026-08-08", "overdue")
    assert assumed.startswith("assumed to be still owed: the ssda903 extract does not carry the")
    assert row(typed, "W-1", "--strict")[1:3] == (None, "refused")
    assert row(typed, "W-2")[3] is None


def test_the_return_with_the_episode_lifts_it_and_undo_puts_it_back(
    home: Path, typed: Typed
) -> None:
    """With the second placement care goes on: overdue, without a mark."""
    ended = f"W-1,{APRIL},S,C2,N1,U6,PR1,29/05/2026,X1\n"
    typed(f"import ssda903 {write(home, 'one', ended + OTHER, MAY + OTHERS)}")
    before = row(typed, "W-1")
    goes_on = f"{ended}W-1,29/05/2026,P,C2,N1,U6,PR1,,\n"
    typed(f"import ssda903 {write(home, 'one', goes_on + OTHER, MAY + OTHERS)}")
    after = row(typed, "W-1")
    typed("undo")

    assert after == ("cla.review.second", "2026-08-08", "overdue", None)
    assert row(typed, "W-1") == before


def test_a_reason_without_the_day_of_the_end(home: Path, typed: Typed) -> None:
    """REC says that the episode ended, and DEC does not say when."""
    ended = f"W-1,{APRIL},S,C2,N1,U6,PR1,,E4A\n"
    typed(f"import ssda903 {write(home, 'one', ended + OTHER, MAY + OTHERS)}")

    assert "(REC E4A)" in row(typed, "W-1")[3]


@pytest.mark.parametrize("together", [True, False])
def test_a_child_who_is_in_one_return_and_not_in_the_next(
    home: Path, typed: Typed, *, together: bool
) -> None:
    """
    In care since 5 Jan 2026, reviewed on 30 Jan, and in no row of the year from April.

    The second review was due on 30 Apr: whether it was held, or care had ended, is not known.
    Both years are named in one command, or one after the other.
    """
    first = write(home, "first", "W-1,05/01/2026,S,C2,N1,U6,PR1,,\n", JANUARY)
    then = write(home, "then", OTHER, OTHERS)
    for line in [f"{first} {then}"] if together else [first, then]:
        assert typed(f"import ssda903 {line}").code == 0

    assert row(typed, "W-1")[:3] == ("cla.review.second", None, "refused")
    assert row(typed, "W-2")[2:] == ("later", None)


def test_a_row_that_was_refused_and_left_out(home: Path, typed: Typed) -> None:
    """This holds for any content of the row; the mended row, imported alone, settles it."""
    care = f"W-1,{APRIL},S,C2,N1,U6,PR1,,\n"
    wrong = "W-1,01/05/2015,31/09/2026,PN1\n"
    folder = write(home, "one", care + OTHER, MAY + wrong + OTHERS)
    answer = typed(f"import ssda903 {folder} --skip-refused --refused mend.csv")
    left_out = row(typed, "W-1")
    mended = (home / "mend.csv").read_text("utf-8-sig").replace("31/09/2026", "30/07/2026")
    (home / "mend.csv").write_text(mended)
    typed("import ssda903 mend.csv")

    assert answer.code == 0, answer.err
    assert left_out[:3] == ("cla.review.second", None, "refused")
    # Six months from 30 Jul 2026.
    assert row(typed, "W-1") == ("cla.review.subsequent", "2027-01-30", "later", None)


def test_one_of_two_refused_rows_is_mended(home: Path, typed: Typed) -> None:
    """The other row may be a review; once it is mended too, nothing is open."""
    care = f"W-1,{APRIL},S,C2,N1,U6,PR1,,\n"
    wrong = "W-1,01/05/2015,31/09/2026,PN1\nW-1,01/05/2015,31/11/2026,PN1\n"
    folder = write(home, "one", care + OTHER, MAY + wrong + OTHERS)
    typed(f"import ssda903 {folder} --skip-refused --refused mend.csv")
    both = row(typed, "W-1", "--as-of 2027-02-15")
    header, first, second = (home / "mend.csv").read_text("utf-8-sig").splitlines()
    (home / "one.csv").write_text(f"{header}\n{first.replace('31/09/2026', '30/07/2026')}\n")
    typed("import ssda903 one.csv")
    findings = [one for one in typed("doctor -f json").rows() if one["check"] == "not-carried"]
    one = row(typed, "W-1", "--as-of 2027-02-15")
    (home / "two.csv").write_text(f"{header}\n{second.replace('31/11/2026', '20/11/2026')}\n")
    typed("import ssda903 two.csv")

    assert both[1:3] == (None, "refused")
    assert [one["message"] for one in findings if one["child"] == "W-1"] == [
        (
            "the ssda903 extract does not carry row 4 of reviews.csv, which was refused: dates that depend on it are marked or left out"
        )
    ]
    # Six months from 30 Jul 2026, and from 20 Nov 2026.
    assert one[1] is None or one[3]
    assert row(typed, "W-1", "--as-of 2027-02-15") == (
        "cla.review.subsequent", "2027-05-20", "later", None,
    )  # fmt: skip


def test_a_mended_row_that_is_refused_again_is_open_still(home: Path, typed: Typed) -> None:
    """The file of rows refused again has the original place."""
    care = f"W-1,{APRIL},S,C2,N1,U6,PR1,,\n"
    folder = write(home, "one", care + OTHER, MAY + "W-1,01/05/2015,31/09/2026,PN1\n" + OTHERS)
    typed(f"import ssda903 {folder} --skip-refused --refused mend.csv")
    typed("import ssda903 mend.csv --skip-refused --refused again.csv")
    still = row(typed, "W-1")
    again = (home / "again.csv").read_text("utf-8-sig")
    (home / "again.csv").write_text(again.replace("31/09/2026", "30/07/2026"))
    typed("import ssda903 again.csv")

    assert "reviews.csv:3" in again
    assert still[1:3] == (None, "refused")
    assert row(typed, "W-1") == ("cla.review.subsequent", "2027-01-30", "later", None)


def test_a_child_all_of_whose_rows_were_refused(home: Path, typed: Typed) -> None:
    """
    The store has the child from last month's list; this month's row cannot be read.

    In care since Tue 13 Oct 2026, the first review is due on Tue 10 Nov.  The import does not say
    that the child is gone from the list; the next list that can be read settles it.
    """
    list_8(home, "october.csv", "C-1,13/10/2026,,", "C-2,05/10/2026,30/10/2026,")
    list_8(home, "november.csv", "C-1,13/10/2026,31/11/2026,", "C-2,05/10/2026,30/10/2026,")
    typed("import annex-a october.csv --as-of 2026-11-02")
    before = row(typed, "C-1")
    answer = typed("import annex-a november.csv --skip-refused")
    unsure = row(typed, "C-1")
    list_8(home, "december.csv", "C-1,13/10/2026,20/11/2026,", "C-2,05/10/2026,30/10/2026,")
    typed("import annex-a december.csv")

    assert before == ("cla.review.first", "2026-11-10", "overdue", None)
    assert answer.code == 0, answer.err
    assert "earlier annex-a extract" not in answer.err
    assert unsure[1:3] == (None, "refused")
    assert row(typed, "C-1")[2] == "later"


def test_a_row_that_is_too_long_is_about_its_child_all_the_same(home: Path, typed: Typed) -> None:
    """For a comma too many, the table refuses the row before a cell is read."""
    other = "C-2,05/10/2026,30/10/2026,"
    list_8(home, "october.csv", "C-1,13/10/2026,,", other)
    list_8(home, "november.csv", other)
    with (home / "november.csv").open("a") as file:
        file.write("C-1,13/10/2026,C2,20/11/2026,,,13/10/2026,U6,one,too many\n")
    typed("import annex-a october.csv --as-of 2026-11-02")
    answer = typed("import annex-a november.csv --skip-refused")

    assert answer.code == 0, answer.err
    assert "earlier annex-a extract" not in answer.err
    assert row(typed, "C-1")[1:3] == (None, "refused")


LIST_8 = (
    "Child Unique ID,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After,"
    "Reason Ceased to be Looked After,Start Date of Most Recent Placement,Placement Type\n"
)


def list_8(home: Path, name: str, *rows: str) -> None:
    """Write a list of children in care: the child, the start, the latest review, the end."""
    text = LIST_8
    for one in rows:
        child, started, reviewed, ceased = one.split(",")
        text += f"{child},{started},C2,{reviewed},{ceased},,{started},U6\n"
    (home / name).write_text(text)


def test_a_child_who_is_no_longer_in_the_list(home: Path, typed: Typed) -> None:
    """
    Lists of 2 Nov and of 23 Nov 2026; three children are in the first only.

    C-1, in care since Tue 1 Sep: the first review was due on Tue 29 Sep and was not held by 2 Nov.
    C-3, in care since Tue 13 Oct: due on Tue 10 Nov, and whether it was held is not known.
    C-4, who came into care on 5 Oct and left it on 20 Oct, has left the list as is right.
    """
    other = "C-2,05/10/2026,30/10/2026,"
    gone = ("C-1,01/09/2026,,", "C-3,13/10/2026,,", "C-4,05/10/2026,,20/10/2026")
    list_8(home, "first.csv", *gone, other)
    list_8(home, "then.csv", other)
    typed("import annex-a first.csv --as-of 2026-11-02")
    before = {one["child"]: (one["due"], one["assumed"]) for one in typed("overdue -f json").rows()}
    answer = typed("import annex-a then.csv")
    late, open_still = row(typed, "C-1"), row(typed, "C-3")
    first_warned = answer.err
    typed("undo")
    after_undo = row(typed, "C-1")

    assert before == {"C-1": ("2026-09-29", None), "C-3": ("2026-11-10", None)}
    assert late[:3] == ("cla.review.first", "2026-09-29", "overdue")
    assert late[3].startswith(
        "it was due by 29 Sep 2026 and not held by then; whether it has been held since"
    )
    assert open_still[1:3] == (None, "refused")
    for child in ("C-1", "C-3"):
        assert first_warned.count(f"{child}: ") == 1
    assert "C-4" not in first_warned
    assert "C-1: the care from 1 Sep 2026, which had not ended before" in first_warned
    assert after_undo == ("cla.review.first", "2026-09-29", "overdue", None)


def test_what_stays_away_is_open_since_it_was_there_last(home: Path, typed: Typed) -> None:
    """Over three lists one finding grows, until a list has the child again."""
    other = "C-2,05/10/2026,30/10/2026,"
    list_8(home, "with.csv", "C-1,01/09/2026,20/09/2026,", other)
    list_8(home, "without.csv", other)
    for name, day in (("with", "2026-10-01"), ("without", "2026-11-02"), ("without", "2026-11-23")):
        typed(f"import annex-a {name}.csv --as-of {day}")
    found = [one for one in typed("doctor -f json").rows() if one["child"] == "C-1"]
    typed("import annex-a with.csv")

    assert [(one["check"], one["date"]) for one in found] == [("not-carried", "2026-10-02")]
    assert row(typed, "C-1")[1:3] == ("2026-12-20", "due-soon")


LATE = "C-1,01/09/2026,{},"
# The first review of C-1, in care since Tue 1 Sep 2026, was due on Tue 29 Sep; C-2's was in time.
OTHER_CHILD = "C-2,05/10/2026,30/10/2026,"


def two_lists(home: Path, typed: Typed, reviewed: str = "12/11/2026") -> None:
    """Import lists of Fri 23 Oct, without a review of C-1, and of Mon 23 Nov, with a latest one."""
    list_8(home, "october.csv", LATE.format(""), "C-3,20/10/2026,,")
    list_8(home, "november.csv", LATE.format(reviewed), "C-3,20/10/2026,12/11/2026,", OTHER_CHILD)
    assert typed("import annex-a october.csv --as-of 2026-10-23").code == 0
    assert typed("import annex-a november.csv --as-of 2026-11-23").code == 0


def test_a_later_list_hides_no_lateness_that_the_one_before_had_proved(
    home: Path, typed: Typed
) -> None:
    """
    None was held by 23 Oct, the day of the first list.

    Whether one was from then to the latest, of 12 Nov, is not known: asked about 31 Oct, the
    review is overdue with a mark.  Of C-3, due on Tue 17 Nov, nothing is late.
    """
    two_lists(home, typed)
    what, due, status, assumed = row(typed, "C-1", "--as-of 2026-10-31")

    assert (what, due, status) == ("cla.review.first", "2026-09-29", "overdue")
    assert assumed.startswith(
        "it was due by 29 Sep 2026 and not held by then; whether it has been held since"
    )
    assert row(typed, "C-1", "--as-of 2026-10-23")[1:] == ("2026-09-29", "overdue", None)
    assert row(typed, "C-3", "--as-of 2026-10-31")[1:3] == ("2026-11-17", "due-soon")


def test_a_refused_row_hides_no_lateness_that_the_list_before_had_proved(
    home: Path, typed: Typed
) -> None:
    """Late by 23 Oct; the row of 23 Nov was refused, so it is open whether it was held since."""
    list_8(home, "october.csv", LATE.format(""), OTHER_CHILD)
    list_8(home, "november.csv", LATE.format("31/09/2026"), OTHER_CHILD)
    typed("import annex-a october.csv --as-of 2026-10-23")
    typed("import annex-a november.csv --skip-refused --refused mend.csv")
    what, due, status, assumed = row(typed, "C-1")
    (home / "mend.csv").write_text(
        (home / "mend.csv").read_text("utf-8-sig").replace("31/09/2026", "12/11/2026")
    )
    typed("import annex-a mend.csv")
    findings = {one["child"] for one in typed("doctor -f json").rows()}

    assert (what, due, status) == ("cla.review.first", "2026-09-29", "overdue")
    assert assumed.startswith(
        "it was due by 29 Sep 2026 and not held by then; whether it has been held since"
    )
    assert row(typed, "C-1")[2] != "overdue"
    assert "C-1" not in findings


def test_without_the_list_before_nothing_is_proved(home: Path, typed: Typed) -> None:
    """With the second list alone, a review in time may have been held before the latest."""
    list_8(home, "november.csv", LATE.format("12/11/2026"), OTHER_CHILD)
    typed("import annex-a november.csv")

    assert row(typed, "C-1", "--as-of 2026-10-31")[1:3] == (None, "refused")


def test_a_review_that_was_late_by_the_list_before_is_counted_late(
    home: Path, typed: Typed
) -> None:
    """
    Late by 25 days at least, from 29 Sep to 24 Oct; it may have been held before 12 Nov.

    With the second list alone the quarter leaves it out.  `iro undo` takes back what it proved.
    """
    two_lists(home, typed)
    words = "report timeliness --from 2026-07-01 --to 2026-09-30 -f json"
    total = typed(words).json["total"]
    (met,) = [
        one for one in typed("show C-1 -f json").rows() if one["timescale"] == "cla.review.first"
    ]
    typed("undo")
    after = row(typed, "C-1", "--as-of 2026-10-31")

    assert (total["due"], total["refused"]) == (1, 0)
    assert (met["due"], met["held"], met["status"], met["days_late"]) == (
        "2026-09-29", "2026-11-12", "out-of-timescale", 25,
    )  # fmt: skip
    assert after[1:] == ("2026-09-29", "overdue", None)


@pytest.mark.parametrize("between", ["gone", "refused"])
def test_a_list_that_did_not_have_the_child_proves_nothing(
    home: Path, typed: Typed, between: str
) -> None:
    """The first and last list have the child; the middle one does not, or its row was refused."""
    list_8(home, "first.csv", LATE.format(""), OTHER_CHILD)
    rows = [LATE.format("31/09/2026")] if between == "refused" else []
    list_8(home, "between.csv", *rows, OTHER_CHILD)
    list_8(home, "last.csv", LATE.format("12/11/2026"), OTHER_CHILD)
    typed("import annex-a first.csv --as-of 2026-09-07")
    typed("import annex-a between.csv --as-of 2026-10-23 --skip-refused")
    typed("import annex-a last.csv")

    assert row(typed, "C-1", "--as-of 2026-10-31")[1:3] == (None, "refused")


def test_a_child_who_is_no_longer_in_the_dataset(home: Path, typed: Typed) -> None:
    """A plan from Mon 14 Sep 2026 is in the first extract of the SSD, and not in the next."""
    what = of_a_conference(home, "ssd", date(2026, 9, 1))
    plans = home / "ssd_cp_plans.csv"
    without = plans.read_text()
    plans.write_text(f"{without}CP9,P-9,2026-09-14,NULL,N\nCP8,P-8,2026-09-07,NULL,N\n")
    typed(f"import {what} --as-of 2026-11-02")
    plans.write_text(f"{without}CP8,P-8,2026-09-07,NULL,N\n")
    answer = typed(f"import {what}")

    assert answer.err.count("P-9: ") == 1
    assert "P-9: the plan from 14 Sep 2026, which had not ended before" in answer.err
    assert {one["child"]: one["date"] for one in typed("doctor -f json").rows() if one["child"]}[
        "P-9"
    ] == "2026-11-03"


def test_what_began_later_or_is_stated_by_others_is_not_touched(home: Path, typed: Typed) -> None:
    """A person who records the start of care states what is known of it."""
    typed("child add W-1")
    typed("record cla.start W-1 --on 2026-04-13")
    ended = f"W-1,{APRIL},S,C2,N1,U6,PR1,29/05/2026,X1\n"
    typed(f"import ssda903 {write(home, 'one', ended + OTHER, MAY + OTHERS)}")

    assert row(typed, "W-1") == ("cla.review.second", "2026-08-08", "overdue", None)


LIST_5 = (
    "Child Unique ID,Date of Birth,Strategy discussion initiating Section 47 Enquiry Start Date,"
    "Was an Initial Child Protection Conference deemed unnecessary?,"
    "Date of Initial Child Protection Conference,"
    "Did the Initial Child Protection Conference Result in a Child Protection Plan\n"
)
LIST_7 = (
    "Child Unique ID,Date of Birth,Child Protection Plan Start Date,"
    "Date of latest review conference,Child Protection Plan End Date\n"
)


@pytest.mark.parametrize("result", ["Yes", ""])
def test_a_conference_whose_plan_is_in_no_row(home: Path, typed: Typed, result: str) -> None:
    """Three months from 15 Jun 2026 end on 15 Sep; the plan may have ended and left the list."""
    (home / "list_5.csv").write_text(f"{LIST_5}P-1,,01/06/2026,No,15/06/2026,{result}\n")
    (home / "list_7.csv").write_text(f"{LIST_7}P-2,,12/10/2026,,\n")
    answer = typed("import annex-a list_5.csv list_7.csv")

    assert answer.code == 0, answer.err
    assert row(typed, "P-1")[:3] == ("cp.conference.review.first", None, "refused")
    assert row(typed, "P-2")[1:3] == ("2027-01-12", "later")


# ---------------------------------------------------------------- a conference of the last days

NO_RESULT = LIST_5.rpartition(",")[0] + "\n"
SSD = {
    "ssd_initial_cp_conference.csv": (
        "icpc_icpc_id,icpc_s47_enquiry_id,icpc_person_id,icpc_cp_plan_id,icpc_icpc_transfer_in,"
        "icpc_icpc_date\nI1,K1,P-1,NULL,N,{on:%Y-%m-%d}\n"
    ),
    "ssd_cp_plans.csv": (
        "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,"
        "cppl_cp_plan_ola\nCP2,P-2,2026-10-12,NULL,N\n"
    ),
    "ssd_s47_enquiry.csv": (
        "s47e_s47_enquiry_id,s47e_person_id,s47e_s47_start_date,s47e_s47_end_date,s47e_s47_nfa,"
        "s47e_s47_outcome_json\nK1,P-1,2026-09-01,NULL,N,NULL\n"
    ),
}
CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year>
<ReferenceDate>{ends}</ReferenceDate></CollectionDetails></Header><Children>
<Child><ChildIdentifiers><LAchildID>P-1</LAchildID></ChildIdentifiers><CINdetails><Section47>
<S47ActualStartDate>2026-09-01</S47ActualStartDate><DateOfInitialCPC>{on:%Y-%m-%d}</DateOfInitialCPC>
<ICPCnotRequired>0</ICPCnotRequired></Section47></CINdetails></Child>
<Child><ChildIdentifiers><LAchildID>P-2</LAchildID></ChildIdentifiers><CINdetails>
<ChildProtectionPlans><CPPstartDate>2026-10-12</CPPstartDate></ChildProtectionPlans></CINdetails>
</Child></Children></Message>
"""


def of_a_conference(home: Path, source: str, on: date, ends: str = "2027-03-31") -> str:
    """Write an extract with a conference of P-1 without a result or a plan, and a plan of P-2."""
    if source == "annex-a":
        (home / "list_5.csv").write_text(f"{NO_RESULT}P-1,,01/09/2026,No,{on:%d/%m/%Y}\n")
        (home / "list_7.csv").write_text(f"{LIST_7}P-2,,12/10/2026,,\n")
        return "annex-a list_5.csv list_7.csv"
    if source == "cin-census":
        (home / "census.xml").write_text(CENSUS.format(on=on, ends=ends))
        return "cin-census census.xml"
    for name, text in SSD.items():
        (home / name).write_text(text.format(on=on))
    return f"ssd {' '.join(SSD)}"


@pytest.mark.parametrize("source", ["annex-a", "cin-census", "ssd"])
def test_a_plan_that_may_not_be_in_the_extract_yet(home: Path, typed: Typed, source: str) -> None:
    """Conference on Mon 16 Nov, import on Mon 23 Nov: three months end on 16 Feb 2027."""
    what = of_a_conference(home, source, date(2026, 11, 16))
    answer = typed(f"import {what}")
    timescale, due, status, assumed = row(typed, "P-1")

    assert answer.code == 0, answer.err
    assert "P-1: what the conference on 16 Nov 2026 decided" in answer.err
    assert (timescale, due, status) == ("cp.conference.review.first", "2027-02-16", "later")
    assert assumed
    assert row(typed, "P-1", "--strict")[1:3] == (None, "refused")


@pytest.mark.parametrize("source", ["annex-a", "cin-census", "ssd"])
def test_once_the_plan_would_show_there_is_none(home: Path, typed: Typed, source: str) -> None:
    """28 days from 26 Oct 2026 end on 23 Nov, the day of the import; from 25 Oct the day before."""
    typed(f"import {of_a_conference(home, source, date(2026, 10, 26))}")
    on_the_day = row(typed, "P-1")
    typed("undo")
    typed(f"import {of_a_conference(home, source, date(2026, 10, 25))}")

    assert on_the_day[1:3] == ("2027-01-26", "later")
    assert on_the_day[3]
    assert "P-1" not in {one["child"] for one in typed("due --all -f json").rows()}


@pytest.mark.parametrize(
    ("ends", "open_still"), [("2026-10-31", True), ("2026-11-22", False), ("", True)]
)
def test_a_census_reaches_its_reference_date(
    home: Path, typed: Typed, ends: str, *, open_still: bool
) -> None:
    """A conference of Mon 12 Oct: 28 days end on 9 Nov, whatever the day of the import."""
    answer = typed(f"import {of_a_conference(home, 'cin-census', date(2026, 10, 12), ends)}")
    children = {one["child"] for one in typed("due --all -f json").rows()}

    assert answer.code == 0, answer.err
    assert ("P-1" in children) == open_still


def test_a_row_that_was_refused_may_have_been_the_plan(home: Path, typed: Typed) -> None:
    """Its start cannot be read, so what the conference decided is not known: until 8 Dec."""
    what = of_a_conference(home, "annex-a", date(2026, 9, 8))
    with (home / "list_7.csv").open("a") as file:
        file.write("P-1,,31/09/2026,,\n")
    answer = typed(f"import {what} --skip-refused")
    timescale, due, _, assumed = row(typed, "P-1")

    assert answer.code == 0, answer.err
    assert (timescale, due) == ("cp.conference.review.first", "2026-12-08")
    assert assumed


def test_doctor_lists_it_with_the_child(home: Path, typed: Typed) -> None:
    """The finding says what to do."""
    ended = f"W-1,{APRIL},S,C2,N1,U6,PR1,29/05/2026,X1\n"
    typed(f"import ssda903 {write(home, 'one', ended + OTHER, MAY + OTHERS)}")
    found = [one for one in typed("doctor -f json").rows() if one["check"] == "not-carried"]

    assert [(one["child"], one["date"]) for one in found if one["child"]] == [("W-1", "2026-05-29")]


def test_doctor_says_once_what_several_returns_did_not_have(home: Path, typed: Typed) -> None:
    """Two years' returns lack W-1, whose care from 13 May 2024 is in the third."""
    both = "W-2,05/10/2023,S,C2,N1,U6,PR1,,\n"
    for year, more in (("2024", ""), ("2025", ""), ("2026", "W-1,13/05/2024,S,C2,N1,U6,PR1,,\n")):
        reviews = f"W-2,01/05/2015,30/10/{year},PN1\n"
        typed(f"import ssda903 {write(home, year, both + more, reviews)}")
    found = [one for one in typed("doctor -f json").rows() if one["child"] == "W-1"]

    assert [(one["check"], one["date"]) for one in found] == [("not-carried", "2024-05-13")]


# ---------------------------------------------------------------- the days after the last return


def test_last_years_return_says_nothing_of_this_year(home: Path, typed: Typed) -> None:
    """
    Imported on 23 Nov 2026; the year ended on 31 Mar.

    W-1 came into care on 5 Jan, was reviewed on 30 Jan, and is due again on 30 Apr: not known.
    W-3's first review was due on 6 Feb (twenty working days from Fri 9 Jan) and was not held by
    31 Mar: that is known, and whether it was since is not.
    """
    children = "W-1,05/01/2026,S,C2,N1,U6,PR1,,\nW-3,09/01/2026,S,C2,N1,U6,PR1,,\n"
    answer = typed(f"import ssda903 {write(home, 'one', children, JANUARY)}")
    what, due, status, assumed = row(typed, "W-3")

    assert "what happened from then to 23 Nov 2026 is not known" in answer.err
    assert row(typed, "W-1")[:3] == ("cla.review.second", None, "refused")
    assert (what, due, status) == ("cla.review.first", "2026-02-06", "overdue")
    assert assumed == (
        "it was due by 6 Feb 2026 and not held by then; whether it has been held since is not known: no ssda903 "
        "extract of 1 Apr 2026 to 22 Nov 2026 has been imported"
    )


def test_a_review_that_is_recorded_in_those_days_is_certain_again(home: Path, typed: Typed) -> None:
    """Held on 28 Apr: the next is due six months later, and is overdue without a mark."""
    care = "W-1,05/01/2026,S,C2,N1,U6,PR1,,\n"
    typed(f"import ssda903 {write(home, 'one', care, JANUARY)}")
    typed("record cla.review W-1 --on 2026-04-28")

    assert row(typed, "W-1")[1:3] == ("2026-10-28", "overdue")


def test_what_falls_due_after_the_import_is_the_stores_own(home: Path, typed: Typed) -> None:
    """Imported on 2 Apr 2026: what is due on 30 Apr is overdue on 4 May, without a mark."""
    care = "W-1,05/01/2026,S,C2,N1,U6,PR1,,\n"
    folder = write(home, "one", care, JANUARY)
    typed(f"import ssda903 {folder} --as-of 2026-04-01")

    assert row(typed, "W-1", "--as-of 2026-05-04")[1:] == ("2026-04-30", "overdue", None)
