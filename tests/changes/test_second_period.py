"""
A later extract has a child's first period, which had ended, and lost the second, which had not.

The row of the first says nothing of the second: nobody knows what happened since the extract
before.  In whichever order the two are imported, nothing of the second is late for certain.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from running import Answer

Iro = Callable[..., Answer]
# What an extract states of each child: the first and last day of each period; blank if it is open.
Periods = dict[str, list[tuple[str, str]]]

FIRST_DAY, SECOND_DAY = "2026-09-21", "2026-11-01"
LIST_5 = (
    "Child Unique ID,Date of Birth,Strategy discussion initiating Section 47 Enquiry Start Date,"
    "Was an Initial Child Protection Conference deemed unnecessary?,"
    "Date of Initial Child Protection Conference,"
    "Did the Initial Child Protection Conference Result in a Child Protection Plan"
)
LIST_7 = (
    "Child Unique ID,Date of Birth,Child Protection Plan Start Date,"
    "Date of latest review conference,Child Protection Plan End Date"
)
LIST_8 = (
    "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After,"
    "Reason Ceased to be Looked After,Start Date of Most Recent Placement,Placement Type"
)


def each(periods: Periods) -> Iterable[tuple[str, str, str]]:
    """Yield the child, the first day and the last day of each period."""
    return ((child, *days) for child, those in periods.items() for days in those)


def british(day: str) -> str:
    """Return a day as the day, the month and the year."""
    return "/".join(reversed(day.split("-"))) if day else ""


def written(folder: Path, name: str, lines: Iterable[str]) -> None:
    """Write a file of an extract."""
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def lists(folder: Path, number: str, rows: Iterable[str]) -> None:
    """Write the three lists, with Robin in each, and the other children in one of them."""
    robin = {
        "5": (LIST_5, "Robin,01/05/2015,07/04/2026,No,20/04/2026,Yes"),
        "7": (LIST_7, "Robin,01/05/2015,20/04/2026,13/07/2026,"),
        "8": (LIST_8, "Robin,01/05/2015,02/03/2026,C2,23/03/2026,,,02/03/2026,U6"),
    }
    for each_number, lines in robin.items():
        others = rows if each_number == number else ()
        written(folder, f"list{each_number}.csv", [*lines, *others])


def list_of_care(folder: Path, periods: Periods) -> None:
    """Write list 8."""
    rows = (
        f"{child},01/05/2015,{british(on)},C2,,{british(end)},{'E4' if end else ''},{british(on)},U6"
        for child, on, end in each(periods)
    )
    lists(folder, "8", rows)


def list_of_plans(folder: Path, periods: Periods) -> None:
    """Write list 7."""
    rows = (f"{child},01/05/2015,{british(on)},,{british(end)}" for child, on, end in each(periods))
    lists(folder, "7", rows)


def list_of_enquiries(folder: Path, periods: Periods) -> None:
    """Write list 5; the last day of an enquiry is that of a conference that made no plan."""
    rows = (
        f"{child},01/05/2015,{british(on)},No,{british(end)},{'No' if end else ''}"
        for child, on, end in each(periods)
    )
    lists(folder, "5", rows)


def return_of_care(folder: Path, periods: Periods) -> None:
    """Write a return."""
    rows = (
        f"{child},{british(on)},S,C2,N1,U6,{british(end)},{'E4A' if end else ''}"
        for child, on, end in (*each(periods), ("Robin", "2026-04-02", ""))
    )
    written(folder, "episodes.csv", ["CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC", *rows])
    reviews = ["CHILD,DOB,REVIEW,REVIEW_CODE", "Robin,01/05/2015,30/04/2026,PN1"]
    written(folder, "reviews.csv", reviews)


def census(folder: Path, periods: Periods, day: str, name: str, begins: str, ends: str) -> None:
    """Write a census of plans or of enquiries, with both for Robin so that it carries both."""
    told = (
        f"<Child><ChildIdentifiers><LAchildID>{child}</LAchildID></ChildIdentifiers><CINdetails>"
        + "".join(
            f"<{name}><{begins}>{on}</{begins}>"
            + (f"<{ends}>{end}</{ends}>" if end else "")
            + ("<ICPCnotRequired>0</ICPCnotRequired>" if name == "Section47" else "")
            + f"</{name}>"
            for on, end in those
        )
        + "</CINdetails></Child>"
        for child, those in periods.items()
    )
    robin = (
        "<Child><ChildIdentifiers><LAchildID>Robin</LAchildID></ChildIdentifiers><CINdetails>"
        "<Section47><S47ActualStartDate>2026-04-07</S47ActualStartDate><DateOfInitialCPC>2026-04-20"
        "</DateOfInitialCPC><ICPCnotRequired>0</ICPCnotRequired></Section47><ChildProtectionPlans>"
        "<CPPstartDate>2026-04-20</CPPstartDate><Reviews><CPPreviewDate>2026-07-13</CPPreviewDate>"
        "</Reviews></ChildProtectionPlans></CINdetails></Child>"
    )
    text = (
        "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
        f"<ReferenceDate>{day}</ReferenceDate></CollectionDetails><Source><LEA>301</LEA></Source>"
        f"</Header><Children>{robin}{''.join(told)}</Children></Message>"
    )
    written(folder, "census.xml", [text])


def census_of_plans(folder: Path, periods: Periods, day: str) -> None:
    """Write a census of plans."""
    census(folder, periods, day, "ChildProtectionPlans", "CPPstartDate", "CPPendDate")


def census_of_enquiries(folder: Path, periods: Periods, day: str) -> None:
    """Write a census of enquiries; the last day of each is that of its conference."""
    census(folder, periods, day, "Section47", "S47ActualStartDate", "DateOfInitialCPC")


Write = Callable[..., None]
# The source, what writes it, whether it says for which day it was made, and the timescale.
CARE_FIRST, PLAN_FIRST = "cla.review.first", "cp.conference.review.first"
CONFERENCE = "cp.conference.initial"
KINDS: dict[str, tuple[str, Write, bool, str]] = {
    "care, ssda903": ("ssda903", return_of_care, False, CARE_FIRST),
    "care, annex-a": ("annex-a", list_of_care, False, CARE_FIRST),
    "plan, annex-a": ("annex-a", list_of_plans, False, PLAN_FIRST),
    "plan, cin-census": ("cin-census", census_of_plans, True, PLAN_FIRST),
    "enquiry, annex-a": ("annex-a", list_of_enquiries, False, CONFERENCE),
    "enquiry, cin-census": ("cin-census", census_of_enquiries, True, CONFERENCE),
}
# The day on which the open period began, and what is due for it after the day of the first extract.
# Care: 20 working days from Thursday 3 September.  A plan: three months from its conference.  An
# enquiry: 15 working days from Monday 7 September.
BEGUN = {
    CARE_FIRST: ("2026-09-03", "2026-10-01"),
    PLAN_FIRST: ("2026-07-20", "2026-10-20"),
    CONFERENCE: ("2026-09-07", "2026-09-28"),
}
# The period before it: long before, or so near that two starts might be one put right.
BEFORE: dict[str, dict[str, tuple[str, str]]] = {
    "long before": dict.fromkeys(BEGUN, ("2026-04-02", "2026-05-01")),
    "near": {
        CARE_FIRST: ("2026-08-24", "2026-08-28"),
        PLAN_FIRST: ("2026-07-06", "2026-07-13"),
        CONFERENCE: ("2026-08-24", "2026-09-01"),
    },
    "up to that day": {
        CARE_FIRST: ("2026-07-02", BEGUN[CARE_FIRST][0]),
        PLAN_FIRST: ("2026-07-02", BEGUN[PLAN_FIRST][0]),
        CONFERENCE: ("2026-07-02", BEGUN[CONFERENCE][0]),
    },
}


class Extracts:
    """Writes extracts of one kind and imports each as of its own day."""

    def __init__(self, home: Path, iro: Iro, kind: str) -> None:
        """Start without any."""
        self._home, self._iro = home, iro
        self._source, self._write, self._dated, self.timescale = KINDS[kind]

    def give(self, day: str, periods: Periods) -> None:
        """Import an extract of a day."""
        folder = self._home / f"of-{day}"
        folder.mkdir()
        self._write(folder, periods, *([day] if self._dated else []))
        path = folder / "census.xml" if self._dated else folder
        done = self._iro("--as-of", day, "import", self._source, str(path))
        assert done.code == 0, done.err

    def shown(self) -> list[tuple[str, str, str | None, bool]]:
        """Return each row of the timescale: the child, the status, the date, whether marked."""
        rows = self._iro("--as-of", SECOND_DAY, "due", "--all", "-f", "json").rows()
        return [
            (row["child"], row["status"], row["due"], bool(row["assumed"]))
            for row in rows
            if row["timescale"] == self.timescale and row["child"] != "Robin"
        ]

    def as_finch(self) -> tuple[str, str | None, bool] | None:
        """Return what is shown of Finch, if exactly the same is shown of Wren."""
        shown = {row[0]: row[1:] for row in self.shown()}
        return shown["Finch"] if shown.get("Wren") == shown["Finch"] else None


@pytest.fixture(params=KINDS)
def extracts(request: pytest.FixtureRequest, home: Path, iro: Iro) -> Extracts:
    """Return what imports extracts of one kind."""
    return Extracts(home, iro, request.param)


def both(extracts: Extracts, where: str) -> tuple[Periods, Periods]:
    """Return what two extracts state; the second has lost what was open in the first."""
    first = BEFORE[where][extracts.timescale]
    second = BEGUN[extracts.timescale][0], ""
    return {"Wren": [first, second], "Finch": [second]}, {"Wren": [first]}


@pytest.mark.asked_on(SECOND_DAY)
@pytest.mark.parametrize("where", BEFORE)
def test_the_period_before_does_not_settle_the_open_one(
    extracts: Extracts, where: str, iro: Iro
) -> None:
    """Wren is shown as Finch is, who had no period before; `doctor` names both."""
    then, now = both(extracts, where)
    extracts.give(FIRST_DAY, then)
    extracts.give(SECOND_DAY, now)
    found = {row["child"] for row in iro("doctor", "-f", "json").rows()}

    assert extracts.as_finch() == ("refused", None, False)
    assert {"Wren", "Finch"} <= found


@pytest.mark.asked_on(SECOND_DAY)
@pytest.mark.parametrize("where", BEFORE)
def test_nor_does_it_if_the_newer_extract_is_imported_first(extracts: Extracts, where: str) -> None:
    """Wren is shown as Finch is, who had no period before."""
    then, now = both(extracts, where)
    extracts.give(SECOND_DAY, now)
    extracts.give(FIRST_DAY, then)

    assert extracts.as_finch() == ("refused", None, False)


@pytest.mark.asked_on(SECOND_DAY)
@pytest.mark.parametrize("where", BEFORE)
def test_an_extract_that_has_both_again_settles_it(extracts: Extracts, where: str) -> None:
    """The extract of the next day has both, so what was due is late for certain."""
    then, now = both(extracts, where)
    extracts.give(FIRST_DAY, then)
    extracts.give("2026-10-31", now)
    extracts.give(SECOND_DAY, then)
    due = BEGUN[extracts.timescale][1]

    # The start of a plan is taken for the day of its conference, and that is marked.
    assert extracts.as_finch() == ("overdue", due, extracts.timescale == PLAN_FIRST)


CARE_IN_LISTS = pytest.mark.parametrize("extracts", ["care, annex-a"], indirect=True)


@CARE_IN_LISTS
@pytest.mark.asked_on(SECOND_DAY)
@pytest.mark.parametrize("ends", ["recorded", "listed"])
def test_so_if_a_list_never_had_both(extracts: Extracts, ends: str, iro: Iro) -> None:
    """
    July's list has care from April, that of September only the care from then on.

    The end of the first is recorded by a person, or is in the list of November, which has lost
    the second.
    """
    extracts.give("2026-06-30", {"Wren": [("2026-04-02", "")]})
    if ends == "recorded":
        done = iro("--as-of", "2026-07-02", "record", "cla.end", "Wren", "--on", "2026-07-01")
        assert done.code == 0, done.err
    extracts.give(FIRST_DAY, {"Wren": [("2026-09-03", "")]})
    assert extracts.shown() == [("Wren", "overdue", "2026-10-01", False)]
    now: Periods = {"Finch": []} if ends == "recorded" else {"Wren": [("2026-04-02", "2026-07-01")]}
    extracts.give(SECOND_DAY, {"Crane": [("2026-10-26", "")], **now})

    assert [row for row in extracts.shown() if row[0] == "Wren"] == [
        ("Wren", "refused", None, False)
    ]


@CARE_IN_LISTS
@pytest.mark.asked_on(SECOND_DAY)
def test_a_start_put_right_is_no_period_before(extracts: Extracts) -> None:
    """The list of November has care from 1 September in the place of 3 September: it is late."""
    extracts.give(FIRST_DAY, {"Wren": [("2026-04-02", "2026-07-01"), ("2026-09-03", "")]})
    extracts.give(SECOND_DAY, {"Wren": [("2026-04-02", "2026-07-01"), ("2026-09-01", "")]})

    # Twenty working days from Tuesday 1 September end on 29 September.
    assert extracts.shown() == [("Wren", "overdue", "2026-09-29", False)]
