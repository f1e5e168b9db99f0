"""
Extracts of two years, imported in either order, make nothing certain that neither states.

If one year's file left something open, another year's does not settle it.  If a file of later
days should have something and does not have it, it is not known, whichever comes first.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

Iro = Callable[..., Answer]
Years = dict[str, dict[str, str]]

EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
# In care since Tuesday 1 July 2025.  Reviews on 28 July and 27 October make one due by
# 27 April 2026, after the year of the first return.
WREN, ROBIN = (f"{child},01/07/2025,S,C2,N1,U6,PR1,,,,A,B," for child in ("Wren", "Robin"))


def reviews(child: str, *days: str) -> list[str]:
    """Return rows of reviews of a child born in 2015."""
    return [f"{child},01/05/2015,{day},PN1" for day in days]


def return_of(episodes: list[str], held: list[str]) -> dict[str, str]:
    """Return the two tables of a return."""
    return {
        "episodes.csv": "\n".join([EPISODES, *episodes]) + "\n",
        "reviews.csv": "\n".join([REVIEWS, *held]) + "\n",
    }


def enquiry(begins: str, conference: str = "", *, required: bool = True) -> str:
    """Return an enquiry, with the day of its conference if there was one."""
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return (
        f"<Section47><S47ActualStartDate>{begins}</S47ActualStartDate>{held}"
        f"<ICPCnotRequired>{'0' if required else '1'}</ICPCnotRequired></Section47>"
    )


def plan(begins: str, *held: str) -> str:
    """Return a plan that has not ended, with its reviews."""
    days = "".join(f"<CPPreviewDate>{day}</CPPreviewDate>" for day in held)
    return (
        f"<ChildProtectionPlans><CPPstartDate>{begins}</CPPstartDate>"
        f"<Reviews>{days}</Reviews></ChildProtectionPlans>"
    )


# A child in every census, so that each file has every element.
FINCH = enquiry("2025-05-06", "2025-05-20"), plan("2025-05-20", "2025-08-12", "2026-01-20")
STONECHAT = (enquiry("2025-05-06", required=False),)


def census_of(ends: str, **children: tuple[str, ...]) -> dict[str, str]:
    """Return the census of a year, with Finch and Stonechat beside the given children."""
    every = {"Finch": FINCH, "Stonechat": STONECHAT, **children}
    told = "".join(
        f"<Child><ChildIdentifiers><LAchildID>{child}</LAchildID></ChildIdentifiers>"
        f"<CINdetails>{''.join(parts)}</CINdetails></Child>"
        for child, parts in every.items()
    )
    return {
        "census.xml": "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
        f"<ReferenceDate>{ends}</ReferenceDate></CollectionDetails><Source><LEA>301</LEA></Source>"
        f"</Header><Children>{told}</Children></Message>"
    }


FIRST, SECOND = "2026-03-31", "2027-03-31"
CASES: dict[str, tuple[str, str, Years]] = {
    "a review that was refused, and a later return without one": (
        "ssda903",
        "Wren",
        {
            "old": return_of(
                [WREN, ROBIN],
                [
                    *reviews("Wren", "28/07/2025", "27/10/2025", "33/03/2026"),
                    *reviews("Robin", "28/07/2025", "27/10/2025"),
                ],
            ),
            "new": return_of([WREN, ROBIN], reviews("Robin", "20/04/2026", "16/10/2026")),
        },
    ),
    "care that goes on, and is not in the later return": (
        "ssda903",
        "Wren",
        {
            "old": return_of(
                [WREN, ROBIN],
                [
                    *reviews("Wren", "28/07/2025", "27/10/2025"),
                    *reviews("Robin", "28/07/2025", "27/10/2025"),
                ],
            ),
            "new": return_of([ROBIN], reviews("Robin", "20/04/2026", "16/10/2026")),
        },
    ),
    "a conference that may still make a plan, and a later census about another enquiry": (
        "cin-census",
        "Wren",
        {
            "old": census_of(FIRST, Wren=(enquiry("2026-03-09", "2026-03-16"),)),
            "new": census_of(SECOND, Wren=(enquiry("2026-10-01", required=False),)),
        },
    ),
    "an enquiry that is open, and a later census about another": (
        "cin-census",
        "Wren",
        {
            "old": census_of(FIRST, Wren=(enquiry("2026-03-16"),)),
            "new": census_of(SECOND, Wren=(enquiry("2026-10-01", "2026-10-09"),)),
        },
    ),
    "an enquiry that is open, and a later census without the child": (
        "cin-census",
        "Wren",
        {
            "old": census_of(FIRST, Wren=(enquiry("2026-03-16"),)),
            "new": census_of(SECOND),
        },
    ),
    "a review of a plan that was refused, and a later census with the plan": (
        "cin-census",
        "Wren",
        {
            "old": census_of(FIRST, Wren=(plan("2025-04-22", "2025-07-44", "2026-01-13"),)),
            "new": census_of(SECOND, Wren=(plan("2025-04-22", "2026-01-13", "2026-07-07"),)),
        },
    ),
}
ORDERS = {"oldest first": (("old",), ("new",)), "newest first": (("new",), ("old",))}
TOGETHER = {**ORDERS, "together": (("old", "new"),)}


def put_in_order(name: str, order: tuple[tuple[str, ...], ...], home: Path, iro: Iro) -> str:
    """Import the extracts of a case in an order, and return the child that the case is about."""
    source, child, years = CASES[name]
    for year, files in years.items():
        (home / year).mkdir()
        for file, text in files.items():
            (home / year / file).write_text(text, "utf-8")
    for each_time in order:
        done = iro("import", source, *(str(home / year) for year in each_time), "--skip-refused")
        assert done.code == 0, done.err
    return child


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("order", TOGETHER.values(), ids=TOGETHER)
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_late_for_certain_that_no_extract_tells(
    name: str, order: tuple[tuple[str, ...], ...], home: Path, iro: Iro
) -> None:
    """Neither the list nor the report shows anything as certainly late that no extract states."""
    child = put_in_order(name, order, home, iro)
    listed = [
        (row["timescale"], row["status"])
        for row in iro("due", "--all", "-f", "json").rows()
        if row["child"] == child and row["status"] == "overdue" and not row["assumed"]
    ]
    report = ("report", "timeliness", "--from", "2025-04-01", "--to", "2026-11-28")
    late = [
        (row["timescale"], row["status"])
        for row in iro(*report, "--show", "late", "-f", "json").rows()
        if row["child"] == child
    ]

    assert (listed, late) == ([], [])


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("order", TOGETHER.values(), ids=TOGETHER)
def test_what_both_years_tell_is_certain(
    order: tuple[tuple[str, ...], ...], home: Path, iro: Iro
) -> None:
    """Robin's reviews are all in the returns: six months from 16 October end on 16 April."""
    put_in_order("care that goes on, and is not in the later return", order, home, iro)
    rows = [
        (row["timescale"], row["due"], row["status"], row["assumed"])
        for row in iro("due", "--all", "-f", "json").rows()
        if row["child"] == "Robin"
    ]

    assert rows == [("cla.review.subsequent", "2027-04-16", "later", None)]


@pytest.mark.asked_on("2026-11-28")
def test_what_a_year_lacks_is_not_known_later_either(home: Path, iro: Iro) -> None:
    """After the year, neither its reviews nor what happened since is known."""
    files = return_of([WREN], [])
    del files["reviews.csv"]
    for file, text in files.items():
        (home / file).write_text(text, "utf-8")
    assert iro("import", "ssda903", str(home)).code == 0
    (row,) = iro("due", "--all", "-f", "json").rows()
    late = iro(
        "report", "timeliness", "--from", "2025-07-01", "--to", "2026-03-31", "--show", "late"
    )

    assert (row["timescale"], row["status"]) == ("cla.review.first", "refused")
    assert "no timescale is known to be late\n1 timescale of 1 child cannot be judged" in late.out


WITHOUT_A_PLAN: dict[str, tuple[str, ...]] = {
    "named": (enquiry("2026-10-01", required=False),),
    "not named": (),
}


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("later", WITHOUT_A_PLAN.values(), ids=WITHOUT_A_PLAN)
@pytest.mark.parametrize("together", [False, True])
def test_a_conference_without_a_plan_in_the_next_census_made_none(
    later: tuple[str, ...], together: bool, home: Path, iro: Iro
) -> None:
    """A census of 31 March is too early for the plan of 16 March; the next would have it."""
    of_wren = {"Wren": later} if later else {}
    files = [
        census_of(FIRST, Wren=(enquiry("2026-03-09", "2026-03-16"),)),
        census_of(SECOND, **of_wren),
    ]
    paths = [home / "first.xml", home / "second.xml"]
    for path, text in zip(paths, files, strict=True):
        path.write_text(text["census.xml"], "utf-8")
    for each_time in [paths] if together else [[path] for path in paths]:
        assert iro("import", "cin-census", *map(str, each_time)).code == 0
    rows = [row for row in iro("due", "--all", "-f", "json").rows() if row["child"] == "Wren"]
    facts = iro("show", "Wren", "-f", "json").json["facts"]
    (held,) = (one for one in facts if one["event"] == "cp.conference.initial")

    assert rows == []
    assert held["outcome"] == "no-plan"


@pytest.mark.asked_on("2026-11-28")
def test_a_conference_stays_undecided_where_a_year_is_missing(home: Path, iro: Iro) -> None:
    """A plan may have begun and ended in the year without a census."""
    paths = [home / "first.xml", home / "third.xml"]
    paths[0].write_text(
        census_of("2025-03-31", Wren=(enquiry("2025-03-09", "2025-03-16"),))["census.xml"], "utf-8"
    )
    paths[1].write_text(census_of(SECOND)["census.xml"], "utf-8")
    for path in paths:
        assert iro("import", "cin-census", str(path)).code == 0
    (row,) = (one for one in iro("due", "--all", "-f", "json").rows() if one["child"] == "Wren")

    assert (row["timescale"], row["status"]) == ("cp.conference.review.first", "refused")


@pytest.mark.asked_on("2026-11-28")
def test_a_refused_row_that_names_no_child_is_warned_of(home: Path, iro: Iro) -> None:
    """A refused row without a child can mark nobody, so the import warns of it."""
    good = reviews("Wren", "28/07/2025", "27/10/2025")
    files = return_of([WREN], [*good, ",01/05/2015,20/03/2026,PN1", ",,33/03/2026,PN1"])
    for file, text in files.items():
        (home / file).write_text(text, "utf-8")
    with_them = iro("import", "ssda903", str(home), "--skip-refused")
    (home / "reviews.csv").write_text("\n".join([REVIEWS, *good]) + "\n", "utf-8")
    without = iro("import", "ssda903", str(home))

    assert "2 refused rows: they name no child that can be read" in with_them.err
    assert "that can be read" not in without.err


LIST_8 = (
    "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After,"
    "Reason Ceased to be Looked After,Start Date of Most Recent Placement,Placement Type\n"
)
# Looked after since Tuesday 12 May 2026.  By November the child's foster carers adopt (A3).
IN_JULY = "Wren,09/05/2024,12/05/2026,C2,01/06/2026,,,12/05/2026,U6\n"
IN_NOVEMBER = "Wren,09/05/2024,12/05/2026,E1,28/08/2026,,,12/05/2026,A3\n"
WITHOUT_STATUS = "Wren,09/05/2024,12/05/2026,,28/08/2026,,,12/05/2026,U6\n"


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("latest", [IN_NOVEMBER, WITHOUT_STATUS], ids=["adopters", "status"])
@pytest.mark.parametrize("older", ["the same", "another"])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_an_older_list_does_not_settle_what_a_newer_one_leaves_open(
    order: tuple[tuple[str, ...], ...], older: str, latest: str, home: Path, iro: Iro
) -> None:
    """
    The next review is marked, because whether it is still owed is not known in November.

    Reviews of looked-after children stop when the child is placed for adoption (CPPCR reg. 3), on
    a day that November's list does not have.  July's list cannot have it either.
    """
    days = {"old": "2026-07-31", "new": "2026-11-28"}
    before = latest.replace("28/08", "01/06") if older == "the same" else IN_JULY
    (home / "old.csv").write_text(LIST_8 + before, "utf-8")
    (home / "new.csv").write_text(LIST_8 + latest, "utf-8")
    for (name,) in order:
        done = iro("--as-of", days[name], "import", "annex-a", str(home / f"{name}.csv"))
        assert done.code == 0, done.err
    (row,) = iro("due", "--all", "-f", "json").rows()

    # Six months from 28 August 2026; the review of 1 June was in time, so it was the first.
    assert (row["timescale"], row["due"]) == ("cla.review.subsequent", "2027-02-28")
    assert "does not carry" in row["assumed"]


# Placed for adoption on Tuesday 23 June (A4), and with foster carers (U6) since 2 October.
IN_AUGUST = "Wren,09/05/2024,12/05/2026,E1,02/08/2026,,,23/06/2026,A4\n"
SINCE_OCTOBER = "Wren,09/05/2024,12/05/2026,C2,25/10/2026,,,02/10/2026,U6\n"


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("name", ["newest first", "no column"])
def test_a_placement_for_adoption_that_a_newer_list_does_not_show_may_have_ended(
    name: str, home: Path, iro: Iro
) -> None:
    """
    A review of the placement is certainly owed only if the placement is known to go on.

    The list of November shows that it ended, but not if it is imported before that of August;
    without its column Placement Type it shows nothing of placements for adoption.
    """
    without = name == "no column"
    lines = [line.rpartition(",")[0] if without else line for line in (LIST_8, SINCE_OCTOBER)]
    (home / "old.csv").write_text(LIST_8 + IN_AUGUST, "utf-8")
    (home / "new.csv").write_text("\n".join(line.strip() for line in lines) + "\n", "utf-8")
    days = [("2026-08-30", "old"), ("2026-11-28", "new")]
    for day, file in days if without else reversed(days):
        done = iro("--as-of", day, "import", "annex-a", str(home / f"{file}.csv"))
        assert done.code == 0, done.err
    (row,) = iro("due", "--all", "-f", "json").rows()

    assert "does not carry" in (row["assumed"] or "")
