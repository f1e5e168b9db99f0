"""
What one extract has and the next lacks, and what two sources state about one child.

Annex A lists what is open or was lately, so a row leaves it after some time; a return covers its
year.  Nothing that was open becomes certainly late because an extract does not have it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.changes.snapshots import first_end, in_known_breaks
from iro_cli.facts.model import Event
from running import Answer

Iro = Callable[..., Answer]
Row = tuple[str, str, str | None, str]

SKIP = ("--skip-refused",)
LISTS = {
    "5": "Child Unique ID,Date of Birth,Strategy discussion initiating Section 47 Enquiry Start "
    "Date,Was an Initial Child Protection Conference deemed unnecessary?,Date of Initial Child "
    "Protection Conference,Did the Initial Child Protection Conference Result in a Child "
    "Protection Plan",
    "7": "Child Unique ID,Date of Birth,Child Protection Plan Start Date,Date of latest review "
    "conference,Child Protection Plan End Date",
    "8": "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,Date "
    "of Latest Statutory Review,Date Ceased to be Looked After,Reason Ceased to be Looked After,"
    "Start Date of Most Recent Placement,Placement Type",
}
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)


def care(child: str, begins: str, latest: str = "", ends: str = "") -> tuple[str, str]:
    """Return a row of list 8."""
    return "8", f"{child},01/05/2015,{begins},C2,{latest},{ends},,{begins},U6"


def plan(child: str, begins: str, latest: str = "", ends: str = "") -> tuple[str, str]:
    """Return a row of list 7."""
    return "7", f"{child},01/05/2015,{begins},{latest},{ends}"


def enquiry(child: str, begins: str, held: str = "", made_a_plan: str = "") -> tuple[str, str]:
    """Return a row of list 5."""
    return "5", f"{child},01/05/2015,{begins},No,{held},{made_a_plan}"


# Robin is in every list, so that no list is silent for want of a row, and none of his is late.
ROBIN = (
    care("Robin", "02/11/2026", "20/11/2026"),
    plan("Robin", "14/09/2026"),
    enquiry("Robin", "31/08/2026", "14/09/2026", "Yes"),
)


class Nights:
    """Imports extracts, each on its own day."""

    def __init__(self, home: Path, iro: Iro) -> None:
        """Start without any extract."""
        self._home, self._iro, self._count = home, iro, 0

    def annex_a(
        self, day: str, *rows: tuple[str, str], options: Iterable[str] = SKIP, without: str = ""
    ) -> Answer:
        """Import the lists of a day, with Robin's rows; one list may be missing."""
        folder = self._folder()
        for number, header in LISTS.items():
            if number == without:
                continue
            mine = [row for where, row in (*ROBIN, *rows) if where == number]
            (folder / f"list{number}.csv").write_text("\n".join([header, *mine]) + "\n", "utf-8")
        return self._import(day, "annex-a", folder, *options)

    def ssda903(self, day: str, episodes: Iterable[str], reviews: Iterable[str]) -> Answer:
        """
        Import a return.

        Args:
            day: The day on which it is imported.
            episodes: Of each its child, its first and last day, why it ended and, where that is
                not S, C2 and U6, why it began, the legal status and the placement.
            reviews: Of each its child and its day.
        """
        folder = self._folder()
        rows = []
        for one in episodes:
            child, begins, ends, why, *more = one.split(",")
            began, status, place = (*more, *("S", "C2", "U6")[len(more) :])
            rows.append(f"{child},{begins},{began},{status},N1,{place},PR1,{ends},{why},,A,B,")
        (folder / "episodes.csv").write_text("\n".join([EPISODES, *rows]) + "\n", "utf-8")
        held = [f"{one.split(',')[0]},01/05/2015,{one.split(',')[1]},PN1" for one in reviews]
        text = "\n".join(["CHILD,DOB,REVIEW,REVIEW_CODE", *held]) + "\n"
        (folder / "reviews.csv").write_text(text, "utf-8")
        return self._import(day, "ssda903", folder, *SKIP)

    def ssd(
        self,
        day: str,
        *,
        statuses: bool,
        of_wren: str = "Wren,V4,2026-03-02,\n",
        ends: str = "",
        reviews: bool = True,
    ) -> Answer:
        """Import the tables of care; the table that shows Wren's short breaks may be missing."""
        tables = {
            "ssd_cla_episodes": "clae_person_id,clae_cla_episode_start_date,"
            "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
            "clae_cla_episode_ceased_reason,clae_cla_id\n"
            f"Wren,2026-03-02,S,{ends},{'E4' if ends else ''},W\nRobin,2026-11-02,S,,,R\n",
            "ssd_cla_reviews": "clar_cla_id,clar_cla_review_date\n"
            "W,2026-05-18\nW,2026-11-09\nR,2026-11-20\n",
        }
        if not reviews:
            del tables["ssd_cla_reviews"]
        if statuses:
            tables["ssd_legal_status"] = (
                "lega_person_id,lega_legal_status,lega_legal_status_start_date,"
                f"lega_legal_status_end_date\n{of_wren}Robin,C2,2026-11-02,\n"
            )
        return self.tables(day, tables)

    def tables(self, day: str, tables: Mapping[str, str]) -> Answer:
        """Import tables of the SSD as they are given."""
        folder = self._folder()
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, "utf-8")
        return self._import(day, "ssd", folder, *SKIP)

    def _folder(self) -> Path:
        self._count += 1
        folder = self._home / f"extract{self._count}"
        folder.mkdir()
        return folder

    def _import(self, day: str, source: str, folder: Path, *options: str) -> Answer:
        done = self._iro("--as-of", day, "import", source, str(folder), *options)
        assert done.code == 0, done.err
        return done

    def open_of(self, child: str, day: str = "2026-11-28") -> list[Row]:
        """Return what is open: the timescale, its status, its day, and the remark."""
        rows = self._iro("--as-of", day, "due", "--all", "-f", "json").rows()
        return [
            (row["timescale"], row["status"], row["due"], "assumed" if row["assumed"] else "")
            for row in rows
            if row["child"] == child
        ]

    def timeliness(self, day: str = "2026-11-28") -> dict[str, Any]:
        """Return the outcome of every duty up to a day."""
        report = ("report", "timeliness", "--from", "2023-04-01", "--to", day, "-f", "json")
        found: dict[str, Any] = self._iro("--as-of", day, *report).json["total"]
        return found


@pytest.fixture
def nights(home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """Return an importer of extracts for successive nights."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    return Nights(home, iro)


# ---------------------------------------------------------------- another source


@pytest.mark.asked_on("2026-11-28")
def test_another_year_does_not_tell_what_a_refused_row_left_open(nights: Nights) -> None:
    """Wren's latest review is refused; last year's return has her start, but nothing since."""
    nights.ssda903("2026-05-04", ["Wren,01/07/2025,,"], ["Wren,28/07/2025", "Wren,27/10/2025"])
    nights.annex_a("2026-11-28", care("Wren", "01/07/2025", "31/09/2026"))

    # Six months after 27 October 2025.
    assert nights.open_of("Wren") == [("cla.review.subsequent", "refused", None, "")]


@pytest.mark.asked_on("2026-11-28")
def test_what_a_source_tells_is_known_though_another_left_it_open(nights: Nights) -> None:
    """Wren's row in list 8 is refused; this year's return has her reviews up to this day."""
    nights.annex_a("2026-11-27", care("Wren", "01/07/2025", "20/10/2026"))
    nights.annex_a("2026-11-28", care("Wren", "01/07/2025", "31/09/2026"))
    nights.ssda903("2026-11-28", ["Wren,01/07/2025,,"], ["Wren,20/04/2026", "Wren,20/10/2026"])

    assert nights.open_of("Wren") == [("cla.review.subsequent", "later", "2027-04-20", "")]


@pytest.mark.asked_on("2026-12-05")
def test_a_return_tells_nothing_of_the_days_after_it_that_another_leaves_open(
    nights: Nights,
) -> None:
    """
    The return of 20 November has no review of Robin, and the tables of 5 December no reviews.

    The 20th working day after 2 November is 30 November; nobody tells of the days since the 20th.
    """
    nights.ssda903("2026-11-20", ["Robin,02/11/2026,,", "Finch,05/10/2026,,"], ["Finch,19/10/2026"])
    nights.ssd("2026-12-05", statuses=True, reviews=False)
    of_robin, total = nights.open_of("Robin", "2026-12-05"), nights.timeliness("2026-12-05")

    assert of_robin == [("cla.review.first", "refused", None, "")]
    assert (total["outstanding"], total["never_held"]) == (0, 0)


@pytest.mark.asked_on("2026-11-28")
def test_later_tables_without_statuses_do_not_show_that_care_goes_on(nights: Nights) -> None:
    """
    List 8 of 30 September says that Wren is in care, and the tables since then have no statuses.

    That her care has not ended, or become short breaks, rests on tables that cannot show it.
    """
    nights.annex_a("2026-09-30", care("Wren", "02/03/2026", "18/05/2026"))
    tables = {name: text for name, text in OF_BREAKS.items() if name != "ssd_legal_status"}
    reviews = "clar_cla_id,clar_cla_review_date\nW,2026-03-23\nW,2026-05-18\nW,2026-10-05\n"
    nights.tables("2026-11-28", {**tables, "ssd_cla_reviews": reviews})

    # Six months after the third review, of 5 October.
    (row,) = nights.open_of("Wren")
    assert row[1:] == ("later", "2027-04-05", "assumed")


@pytest.mark.asked_on("2026-11-28")
def test_a_list_of_latest_reviews_tells_nothing_of_those_before(nights: Nights) -> None:
    """The first review of 2024 is in no extract, so nothing shows that it was late."""
    nights.ssda903("2026-11-28", ["Wren,03/06/2024,,"], ["Wren,20/04/2026", "Wren,20/10/2026"])
    nights.annex_a("2026-11-28", care("Wren", "03/06/2024", "20/10/2026"))
    total = nights.timeliness()

    assert nights.open_of("Wren") == [("cla.review.subsequent", "later", "2027-04-20", "")]
    assert (total["late"], total["never_held"], total["outstanding"]) == (0, 0, 0)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("recorded", ["2026-11-09", "2026-11-11", "2026-10-05"])
@pytest.mark.parametrize("before", [True, False], ids=["recorded first", "recorded last"])
def test_a_recorded_review_beside_the_latest_is_not_certainly_the_first(
    before: bool, recorded: str, nights: Nights, iro: Iro
) -> None:
    """
    Wren is in care since July 2025, and a person recorded a review of this autumn only.

    The first review was due on 6 August 2025, the 20th working day.  List 8 had no review on 21
    July 2025, and has none of those between that and the latest.
    """
    nights.annex_a("2025-07-21", care("Wren", "09/07/2025"))
    latest = care("Wren", "09/07/2025", "09/11/2026")
    if before:
        iro("record", "review", "Wren", "--on", recorded)
    nights.annex_a("2026-11-28", latest)
    if not before:
        iro("record", "review", "Wren", "--on", recorded)
    total = nights.timeliness()
    of_september = nights.open_of("Wren", "2026-09-01")

    assert (total["late"], total["never_held"], total["outstanding"]) == (0, 0, 0)
    assert total["refused"] > 0
    assert of_september == [("cla.review.first", "refused", None, "")]
    # As after a latest review that comes after the second was due, in November 2025.
    (row,) = nights.open_of("Wren")
    assert row[0] == "cla.review.subsequent"
    assert (row[3] == "assumed") == (recorded != "2026-10-05")


@pytest.mark.asked_on("2025-11-28")
@pytest.mark.parametrize(
    ("list_of", "held", "late", "second"),
    [
        # Held in the first four weeks it was the first; three months after 23 July.
        ("2025-07-14", "2025-07-23", [], ("2025-10-23", "")),
        # None was held by 15 August, so that this one of the next four weeks was the first; from 6
        # August to 1 September are 26 days.
        ("2025-08-15", "2025-09-01", [26], ("2025-12-01", "")),
        # None was held by 15 August, nine days after the 20th working day.  So the first was late
        # by ten days at least, and this one is the first or a later one.
        ("2025-08-15", "2025-10-01", [10], ("2026-01-01", "assumed")),
    ],
    ids=["soon", "soon after a list", "proved"],
)
def test_what_is_known_of_a_recorded_review_beside_the_latest(
    list_of: str, held: str, late: list[int], second: tuple[str, str], nights: Nights, iro: Iro
) -> None:
    """Wren is in care since 9 July 2025: the first review was due on 6 August."""
    nights.annex_a(list_of, care("Wren", "09/07/2025"))
    iro("record", "review", "Wren", "--on", held)
    held = date.fromisoformat(held).strftime("%d/%m/%Y")
    nights.annex_a("2025-11-28", care("Wren", "09/07/2025", held))
    report = ("report", "timeliness", "--from", "2025-07-01", "--to", "2025-09-30")
    rows = iro(*report, "--show", "late", "-f", "json").rows()
    (row,) = nights.open_of("Wren", "2025-11-28")

    assert [one["days_late"] for one in rows if one["child"] == "Wren"] == late
    assert (row[0], *row[2:]) == ("cla.review.second", *second)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(("before", "late"), [(False, []), (True, ["2026-06-15"])])
def test_between_a_review_in_a_list_and_a_recorded_one_there_may_be_others(
    before: bool, late: list[str], nights: Nights, iro: Iro
) -> None:
    """
    List 8 of March has the review of 15 December, and nobody recorded it; that of 7 September is.

    Six months after 15 December are 15 June.  Whoever recorded that of December too would have
    recorded one between them.
    """
    nights.annex_a("2026-03-23", care("Wren", "03/03/2025", "15/12/2025"))
    if before:
        iro("record", "review", "Wren", "--on", "2025-12-15")
    iro("record", "review", "Wren", "--on", "2026-09-07")
    nights.annex_a("2026-09-29", care("Wren", "03/03/2025", "07/09/2026"))
    report = ("report", "timeliness", "--from", "2026-04-01", "--to", "2026-09-30")
    rows = iro(*report, "--show", "late", "-f", "json").rows()

    assert [one["due"] for one in rows if one["child"] == "Wren"] == late


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(("again", "late"), [(False, []), (True, ["2026-08-18"])])
def test_tables_of_may_tell_nothing_of_the_reviews_before_a_recorded_one_of_november(
    again: bool, late: list[str], nights: Nights, iro: Iro
) -> None:
    """
    The tables have Wren's review of 18 May, list 8 that of 9 November, which a person recorded too.

    Three months after 18 May are 18 August.  The tables of a later day prove that none was held.
    """
    tables = {
        "ssd_cla_episodes": OF_BREAKS["ssd_cla_episodes"],
        "ssd_cla_reviews": OF_BREAKS["ssd_cla_reviews"],
        "ssd_cla_placement": OF_BREAKS["ssd_cla_placement"],
        "ssd_legal_status": OF_BREAKS["ssd_legal_status"].replace("V4", "C2"),
    }
    nights.tables("2026-05-20", tables)
    iro("record", "review", "Wren", "--on", "2026-11-09")
    nights.annex_a("2026-11-28", care("Wren", "02/03/2026", "09/11/2026"))
    if again:
        nights.tables("2026-11-28", tables)
    report = ("report", "timeliness", "--from", "2026-08-01", "--to", "2026-08-31")
    rows = iro(*report, "--show", "late", "-f", "json").rows()

    assert [one["due"] for one in rows if one["child"] == "Wren"] == late


@pytest.mark.asked_on("2026-11-28")
def test_a_child_whom_another_source_stated_first_is_missed_too(nights: Nights) -> None:
    """The return stated Wren's care first; Annex A had her on 1 June and no longer has her."""
    nights.ssda903("2026-05-04", ["Wren,01/07/2025,,"], ["Wren,28/07/2025", "Wren,27/10/2025"])
    nights.annex_a("2026-06-01", care("Wren", "01/07/2025", "20/04/2026"))
    nights.annex_a("2026-11-28")

    # Six months after 20 April is 20 October, and nothing is known of her since 2 June.
    assert nights.open_of("Wren") == [("cla.review.subsequent", "refused", None, "")]


# ---------------------------------------------------------------- gone from the list


@pytest.mark.asked_on("2026-11-28")
def test_each_enquiry_that_left_the_list_stays_open(nights: Nights) -> None:
    """Three enquiries were open on 1 June, none late; one is followed by another enquiry."""
    then = [enquiry(child, "18/05/2026") for child in ("Wren", "Finch", "Crane")]
    nights.annex_a("2026-06-01", *then)
    for day in ("2026-11-26", "2026-11-27", "2026-11-28"):
        nights.annex_a(day, enquiry("Crane", "16/11/2026"), care("Wren", "02/11/2026"))
    of_wren, of_finch, of_crane = map(nights.open_of, ("Wren", "Finch", "Crane"))
    total = nights.timeliness()

    assert of_finch == [("cp.conference.initial", "refused", None, "")]
    assert of_finch[0] in of_wren
    # Fifteen working days after 16 November; the first enquiry is reported as far as it is known.
    assert of_crane == [("cp.conference.initial", "due-soon", "2026-12-07", "")]
    assert (total["outstanding"], total["never_held"], total["refused"]) == (0, 0, 3)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("named", [False, True])
def test_a_conference_without_a_result_stays_undecided(nights: Nights, named: bool) -> None:
    """A conference was held on 4 May without a stated result, and later its row is gone."""
    of_care = [care("Wren", "04/08/2026", "24/08/2026")] if named else []
    nights.annex_a("2026-05-08", enquiry("Wren", "20/04/2026", "04/05/2026"))
    for day in ("2026-11-27", "2026-11-28"):
        nights.annex_a(day, *of_care)
    rows = [row for row in nights.open_of("Wren") if row[0].startswith("cp.")]

    assert rows == [("cp.conference.review.first", "refused", None, "")]


@pytest.mark.asked_on("2026-11-28")
def test_a_plan_in_the_place_of_another_is_certain_and_the_other_is_not(nights: Nights) -> None:
    """The plan of 2025 was open on 23 March; on 28 November there is one from 26 October."""
    nights.annex_a("2026-03-23", plan("Wren", "17/10/2025", "07/01/2026"))
    for day in ("2026-11-27", "2026-11-28", "2026-11-28"):
        nights.annex_a(day, plan("Wren", "26/10/2026"))
    total = nights.timeliness()

    # Three months after 26 October, which is taken for the day of the conference; nothing is
    # owed of the plan before.
    assert nights.open_of("Wren") == [
        ("cp.conference.review.first", "later", "2027-01-26", "assumed")
    ]
    assert (total["late"], total["never_held"], total["outstanding"]) == (0, 0, 0)


@pytest.mark.asked_on("2026-11-28")
def test_care_that_left_the_list_is_missed_although_the_plan_is_listed(nights: Nights) -> None:
    """Wren's plan is listed on each day; her care, open on 1 June, is no longer listed."""
    of_plan = plan("Wren", "14/09/2026")
    nights.annex_a("2026-06-01", care("Wren", "01/07/2025", "20/04/2026"))
    for day in ("2026-11-26", "2026-11-27", "2026-11-28"):
        nights.annex_a(day, of_plan)
    rows = [row for row in nights.open_of("Wren") if row[0].startswith("cla.")]

    assert rows == [("cla.review.subsequent", "refused", None, "")]


# ---------------------------------------------------------------- the older after the newer


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("options", [SKIP, ("--replace",)])
def test_an_older_list_moves_and_withdraws_nothing_that_came_after_it(
    nights: Nights, options: tuple[str, ...]
) -> None:
    """Care began on 5 October 2026; a list of March, imported later, has the care before it."""
    nights.annex_a("2026-11-28", care("Wren", "05/10/2026", "26/10/2026"))
    older = care("Wren", "03/02/2025", "20/01/2026")
    done = nights.annex_a("2026-03-23", older, options=options)

    # Three months after 26 October.
    assert nights.open_of("Wren") == [("cla.review.second", "later", "2027-01-26", "assumed")]
    assert "not by this one" not in done.err


@pytest.mark.asked_on("2026-11-28")
def test_a_start_is_not_moved_back_by_an_older_return(nights: Nights) -> None:
    """The return of 2025 has a child in care from April 2024, that of 2026 from 7 September."""
    year = ["Robin,03/08/2025,,"], ["Robin,25/08/2025", "Robin,17/11/2025"]
    nights.ssda903("2026-11-28", ["Wren,07/09/2026,,", "Robin,03/08/2025,,"], ["Wren,28/09/2026"])
    nights.ssda903("2026-11-28", ["Wren,08/04/2024,,"], ["Wren,29/04/2024", "Wren,22/07/2024"])
    nights.ssda903("2026-11-28", *year)

    # Three months after 28 September.
    assert nights.open_of("Wren") == [("cla.review.second", "later", "2026-12-28", "")]


@pytest.mark.asked_on("2026-11-28")
def test_a_year_that_was_imported_without_a_child_tells_nothing_of_it(nights: Nights) -> None:
    """Her row in the return of 2025 was refused; that of 2026 has her in care since January."""
    robin = "Robin,03/08/2025,,"
    nights.ssda903(
        "2026-05-04",
        [robin, "Wren,32/01/2026,,"],
        ["Robin,25/08/2025", "Robin,17/11/2025", "Wren,28/01/2026"],
    )
    nights.ssda903(
        "2026-11-28",
        [robin, "Wren,12/01/2026,,"],
        ["Robin,11/05/2026", "Robin,09/11/2026", "Wren,20/04/2026", "Wren,12/10/2026"],
    )
    total = nights.timeliness()

    # Whether the review of 20 April was her first is not known, so neither is what followed it.
    assert (total["late"], total["never_held"], total["outstanding"]) == (0, 0, 0)
    assert total["refused"] > 0


@pytest.mark.asked_on("2026-11-28")
def test_reviews_of_care_that_no_return_has_are_not_late(nights: Nights) -> None:
    """No return has her first year in care, nor its end; then she is in care again."""
    robin = "Robin,03/08/2025,,"
    nights.ssda903(
        "2026-05-04", [robin, "Wren,15/01/2024,,"], ["Robin,25/08/2025", "Robin,17/11/2025"]
    )
    again = "Wren,08/06/2026,,"
    nights.ssda903("2026-11-28", [robin, again], ["Robin,11/05/2026", "Wren,29/06/2026"])
    total = nights.timeliness()

    assert (total["never_held"], total["late"]) == (0, 0)


def test_what_another_tells_began_before_a_return_is_not_judged_by_its_first_review(
    nights: Nights,
) -> None:
    """The return of 2024-25 has Wren since she moved, Annex A since she came into care."""
    robin = "Robin,03/08/2024,,"
    moved = "Wren,02/10/2023,,,P"
    reviews = ["Robin,19/08/2024", "Robin,11/11/2024", "Wren,10/06/2024", "Wren,27/10/2024"]
    nights.ssda903("2025-05-12", [robin, moved], reviews)
    nights.annex_a("2025-11-03", care("Wren", "03/05/2023", "14/04/2025"))
    of_wren = nights.open_of("Wren", "2025-11-03")
    total = nights.timeliness("2025-11-03")

    # Six months after 14 April, and not three: Wren has had reviews before.
    assert of_wren == [("cla.review.subsequent", "overdue", "2025-10-14", "")]
    # The one of 27 October, which was counted from that of 10 June, was in time; what that
    # of 10 June met is not known.  Wren's is outstanding, and Robin's was due on 11 May.
    assert (total["never_held"], total["held"] - total["in_timescale"]) == (0, 0)


@pytest.mark.asked_on("2025-03-31")
def test_a_refused_row_tells_nothing_of_the_years_before(nights: Nights) -> None:
    """
    Wren's first episode was refused, but the reviews in it were not.

    There is no return of her first year, and Annex A had only the latest review.
    """
    robin = "Robin,03/08/2024,,"
    refused, again = "Wren,31/02/2024,16/12/2024,E4,P", "Wren,15/01/2025,,"
    held = ["Robin,19/08/2024", "Robin,11/11/2024"]
    held += ["Wren,10/06/2024", "Wren,27/10/2024", "Wren,03/02/2025"]
    nights.annex_a("2024-07-20", care("Wren", "03/05/2023", "10/06/2024"))
    nights.ssda903("2025-03-31", [robin, refused, again], held)
    total = nights.timeliness("2025-03-31")

    assert (total["never_held"], total["held"] - total["in_timescale"]) == (0, 0)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("second", ["2026-11-25", "2026-11-26"], ids=["again", "next night"])
def test_a_row_that_is_refused_again_leaves_no_more_open(second: str, nights: Nights) -> None:
    """
    Wren came into care on Wednesday 1 July 2026, and by 20 November there was no review.

    The 20th working day is 29 July, so the review was late.  List 7 is never there, so a plan of
    Wren may have begun at any time; that says nothing about the days of care before 20 November.
    """
    refused = care("Wren", "31/02/2026")
    nights.annex_a("2026-11-20", care("Wren", "01/07/2026"), without="7")
    nights.annex_a("2026-11-25", refused, without="7")
    nights.annex_a(second, refused, without="7")

    assert nights.open_of("Wren") == [("cla.review.first", "overdue", "2026-07-29", "assumed")]


@pytest.mark.asked_on("2026-11-28")
def test_it_says_whether_what_is_left_open_changed(
    nights: Nights, iro: Iro, tmp_path: Path
) -> None:
    """A refused row leaves something open, the same row on the same day no more, a mended none."""
    nights.annex_a("2026-11-27", care("Wren", "02/03/2026", "20/05/2026"))
    wrong, kept = care("Wren", "02/03/2026", "31/05/2026 12"), tmp_path / "refused.csv"
    options = (*SKIP, "--refused", str(kept))
    tried, first, again = (
        nights.annex_a("2026-11-28", wrong, options=more).out
        for more in ((*SKIP, "--dry-run"), options, options)
    )
    kept.write_text(kept.read_text("utf-8").replace("31/05/2026 12", "20/05/2026"), "utf-8")
    mended, twice = (iro("import", "annex-a", str(kept)).out for _ in range(2))

    noted = "; what this extract carries, and what it does not, {} stored"
    refused = "no new facts besides the rows that were refused" + noted
    assert refused.format("would be") in tried
    assert refused.format("was") in first
    assert "nothing new to store besides the rows that were refused" in again
    assert "no new facts" + noted.format("was") in mended
    assert "nothing to store: everything in it is in the store already" in twice


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(
    ("before", "expected"),
    [("2026-11-20", ("overdue", "2026-08-29", "assumed")), ("2026-11-28", ("refused", None, ""))],
)
def test_a_refused_row_is_not_settled_by_a_return_of_the_same_day(
    before: str, expected: tuple[str, ...], nights: Nights
) -> None:
    """A return of an earlier day proves that no review was held up to then, and no further."""
    episodes, held = ["Robin,02/11/2026,,", "Wren,04/05/2026,,"], ["Wren,29/05/2026"]
    nights.ssda903(before, episodes, held)
    late = nights.open_of("Wren")
    held.append("Robin,20/11/2026")
    nights.ssda903("2026-11-28", episodes, [*held, "Wren,31/09/2026"])
    refused = nights.open_of("Wren")
    nights.ssda903("2026-11-28", episodes, [*held, "Wren,28/08/2026"])

    # Three months after 29 May 2026 is 29 August; six after 28 August is 28 February 2027.
    assert late == [("cla.review.second", "overdue", "2026-08-29", "")]
    assert refused == [("cla.review.second", *expected)]
    assert nights.open_of("Wren") == [("cla.review.subsequent", "later", "2027-02-28", "")]


@pytest.mark.asked_on("2026-11-28")
def test_a_return_whose_every_row_is_refused_leaves_open_what_returns_tell(nights: Nights) -> None:
    """
    Wren's care may have ended on 17 August 2026, by the row that was refused.

    Her review of 22 April may be the second, after one of the year that is missing: the next was
    then due by 22 October, and none was owed by then.
    """
    nights.ssda903("2026-07-31", ["Wren,29/01/2026,,"], ["Wren,22/04/2026"])
    nights.ssda903("2026-11-28", ["Wren,31/02/2026,17/08/2026,E4"], ["Wren,22/04/2026"])
    total = nights.timeliness()

    assert (total["outstanding"], total["never_held"]) == (0, 0)


@pytest.mark.asked_on("2026-11-28")
def test_a_plan_that_left_the_list_is_not_known_though_a_row_was_refused_before(
    nights: Nights,
) -> None:
    """Wren's enquiry was refused in October 2025, when the plan was still in list 7."""
    wren = (care("Wren", "13/01/2024", "02/07/2025"), plan("Wren", "07/05/2025", "09/07/2025"))
    nights.annex_a("2025-10-24", *wren, enquiry("Wren", "31/02/2026", "07/05/2025", "Yes"))
    nights.annex_a("2026-11-28", care("Wren", "13/01/2024", "09/08/2026"))
    conferences = [row for row in nights.open_of("Wren") if row[0].startswith("cp.")]

    # Six months after 9 July 2025; the plan may have ended before, at a conference or otherwise.
    assert conferences == [("cp.conference.review.subsequent", "refused", None, "")]


# ---------------------------------------------------------------- placed for adoption


def placed(child: str, latest: str) -> tuple[str, str]:
    """Return a row of list 8 of a child in care since 2024 who was placed in February."""
    row = f"{child},01/05/2024,02/12/2024,E1,{latest},,,16/02/2026,A6 - not with a foster carer"
    return "8", row


@pytest.mark.asked_on("2026-11-28")
def test_the_latest_review_of_a_child_placed_for_adoption_is_one_of_the_placement(
    nights: Nights,
) -> None:
    """Reg. 33 no longer applies to Wren: the review of 2 November is one of reg. 36."""
    nights.annex_a("2026-11-28", placed("Wren", "02/11/2026"))
    now, in_june = nights.open_of("Wren"), nights.open_of("Wren", "2026-06-01")
    total = nights.timeliness()

    # The first was due by 16 March and the second by 16 June at the latest: this is a later one.
    assert now == [("adoption.review.placed.subsequent", "later", "2027-05-02", "assumed")]
    # No list says whether a review was held before 2 November.
    assert in_june == [("adoption.review.placed.first", "refused", None, "")]
    # No review of the care before is known either; the first was due by 2 January.
    assert (total["never_held"], total["late"], total["outstanding"]) == (0, 0, 0)


@pytest.mark.asked_on("2026-11-28")
def test_another_placement_ends_one_for_adoption(nights: Nights, iro: Iro) -> None:
    """Wren was placed in February, and has been with foster carers since 3 August."""
    nights.annex_a("2026-06-01", placed("Wren", "10/03/2026"))
    moved = ("8", "Wren,01/05/2024,02/12/2024,E1,17/08/2026,,,03/08/2026,U6")
    nights.annex_a("2026-11-28", moved)
    again = nights.annex_a("2026-11-28", moved)

    # The looked-after reviews go on, six months after that of 17 August.
    assert nights.open_of("Wren") == [("cla.review.subsequent", "later", "2027-02-17", "")]
    assert "adoption.end" in iro("show", "Wren").out
    assert "nothing to store" in again.out
    assert "goes on" not in again.err


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("placement", ["16/02/2026,", "03/08/2026,", ",", ",U6", "16/02/2026,U6"])
def test_a_placement_that_the_list_no_longer_has_may_have_ended(
    nights: Nights, placement: str
) -> None:
    """In June Wren was placed for adoption; now the type is blank, or has no day of its own."""
    of_june = placed("Wren", "")
    nights.annex_a("2026-06-01", of_june)
    now = "8", f"Wren,01/05/2024,02/12/2024,E1,,,,{placement}"
    told = nights.annex_a("2026-11-28", now)
    again = nights.annex_a("2026-11-28", now)
    # Twenty-eight days after 16 February are 16 March, and no list has a review.
    overdue = "adoption.review.placed.first", "overdue", "2026-03-16"
    of_silence = nights.open_of("Wren")
    nights.annex_a("2026-11-29", of_june)

    assert of_silence == [(*overdue, "assumed")]
    assert "Wren: whether the placement for adoption from 16 Feb 2026 goes on" in told.err
    assert "nothing to store" in again.out
    assert nights.open_of("Wren", "2026-11-29") == [(*overdue, "")]


@pytest.mark.asked_on("2026-11-28")
def test_what_a_person_knows_of_a_placement_is_known(nights: Nights, iro: Iro) -> None:
    """A person recorded when it ended, so that nothing is missing from the list."""
    nights.annex_a("2026-06-01", placed("Wren", "10/03/2026"))
    iro("record", "adoption.end", "Wren", "--on", "2026-08-03")
    told = nights.annex_a("2026-11-28", ("8", "Wren,01/05/2024,02/12/2024,E1,,,,03/08/2026,"))

    assert "goes on" not in told.err


@pytest.mark.asked_on("2026-11-28")
def test_reviews_before_a_placement_are_not_known_though_a_status_is_blank_too(
    nights: Nights,
) -> None:
    """No list has a review of the care before, which the placement stopped on 16 February."""
    row = "Wren,01/05/2024,02/12/2024,,02/11/2026,,,16/02/2026,A6 - not with a foster carer"
    nights.annex_a("2026-11-28", ("8", row))
    total = nights.timeliness()

    assert (total["never_held"], total["late"], total["outstanding"]) == (0, 0, 0)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(("middle", "never_held"), [(False, 0), (True, 1)])
def test_reviews_of_a_placement_that_ended_are_not_in_a_list_of_the_latest(
    middle: bool, never_held: int, recorded: bool, nights: Nights, iro: Iro
) -> None:
    """
    Wren was placed for adoption on 16 February and came back on 26 October.

    The first review of the placement was due on 16 March.  The list of June, if there is one,
    proves that none was held by then; that of November has only the one after her return.
    """
    nights.annex_a("2026-03-02", placed("Wren", "15/12/2025"))
    if middle:
        nights.annex_a("2026-06-01", placed("Wren", "15/12/2025"))
    back = ("8", "Wren,01/05/2024,02/12/2024,E1,02/11/2026,,,26/10/2026,U6")
    nights.annex_a("2026-11-28", back)
    if recorded:
        iro("record", "review", "Wren", "--on", "2026-11-02")
    total = nights.timeliness()

    assert (total["never_held"], total["late"]) == (never_held, 0)
    assert total["outstanding"] == 0


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("latest", ["", "15/12/2025", "16/02/2026"])
def test_without_a_review_since_the_placement_its_first_review_is_owed(
    nights: Nights, latest: str
) -> None:
    """The latest review is before the placement or on its day, or there is none at all."""
    nights.annex_a("2026-11-28", placed("Wren", latest))

    # Four weeks after 16 February.
    assert nights.open_of("Wren") == [("adoption.review.placed.first", "overdue", "2026-03-16", "")]
    # Without any review the first, due by 2 January 2025, was never held.
    assert nights.timeliness()["never_held"] == (1 if latest == "" else 0)


@pytest.mark.asked_on("2026-11-28")
def test_reviews_in_a_placement_of_years_without_a_return_are_not_late(nights: Nights) -> None:
    """Both sources have Wren placed; the return has only this year, Annex A the latest review."""
    robin = "Robin,03/08/2025,,"
    nights.ssda903(
        "2026-11-28",
        [robin, "Wren,16/02/2025,,,P,E1,A6"],
        ["Robin,11/05/2026", "Robin,02/11/2026", "Wren,11/05/2026", "Wren,02/11/2026"],
    )
    in_care = "Wren,01/05/2024,02/12/2024,E1,02/11/2026,,,16/02/2025,A6"
    nights.annex_a("2026-11-28", ("8", in_care))
    total = nights.timeliness()

    # Wren's review of 11 May is not certainly the first, which was due by 16 March 2025.
    assert (total["never_held"], total["late"]) == (0, 0)


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("first", ["tables", "list"])
def test_reviews_of_an_extract_without_placements_may_be_of_one_for_adoption(
    first: str, nights: Nights
) -> None:
    """
    Annex A has Wren placed since 28 April; the tables have her review of 18 May, and no placements.

    The first review of the placement was due on 26 May, four weeks after.  That it was not held is
    not known: only the tables without placements say that the review was one of care.
    """
    row = "Wren,01/05/2015,02/03/2026,E1,09/11/2026,,,28/04/2026,A4"
    if first == "list":
        nights.annex_a("2026-11-28", ("8", row))
    nights.ssd("2026-11-28", statuses=False)
    if first == "tables":
        nights.annex_a("2026-11-28", ("8", row))
    certain = [one for one in nights.open_of("Wren") if one[1] == "overdue" and not one[3]]

    assert certain == []


@pytest.mark.asked_on("2026-11-28")
def test_a_review_given_as_one_of_care_may_be_one_of_a_placement_known_before(
    nights: Nights, iro: Iro
) -> None:
    """
    Wren was placed on 8 June and adopted on 24 August; the review of 26 June is given as of care.

    The first night has the row of her placement and no reviews; the second has them and not the
    row.  The first review of the placement was due on 6 July, four weeks after it began.
    """
    episodes = (
        "clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
        "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
        "clae_cla_episode_ceased_reason,clae_cla_id\n"
        "Wren,P0,2025-10-27,S,2026-06-08,X1,W\nWren,P1,2026-06-08,P,2026-08-24,E12,W\n"
        "Robin,P2,2026-11-02,S,,,R\n"
    )
    places = "clap_cla_placement_id,clap_cla_placement_type\nP0,U6\nP2,U6\n"
    reviews = (
        "clar_cla_id,clar_cla_review_date\nW,2025-11-10\nW,2026-02-02\nW,2026-06-26\nR,2026-11-20\n"
    )
    tables = {"ssd_cla_episodes": episodes, "ssd_cla_placement": f"{places}P1,A4\n"}
    nights.tables("2026-09-30", tables)
    nights.tables("2026-11-28", {**tables, "ssd_cla_placement": places, "ssd_cla_reviews": reviews})
    total = nights.timeliness()
    of_july = nights.open_of("Wren", "2026-07-31")
    why = iro("--as-of", "2026-07-31", "explain", "Wren").out

    assert (total["never_held"], total["late"], total["refused"]) == (0, 0, 2)
    assert of_july == [("adoption.review.placed.first", "refused", None, "")]
    assert "26 Jun 2026 is recorded as one of care" in " ".join(why.split())


# Wren has had three placements, and the tables do not say what kind of placement each was.
_THREE_PLACEMENTS = {
    "ssd_cla_episodes": "clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
    "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
    "clae_cla_episode_ceased_reason,clae_cla_id\n"
    "Wren,P0,2026-01-12,S,2026-04-27,X1,W\nWren,P1,2026-04-27,P,2026-05-25,X1,W\n"
    "Wren,P2,2026-05-25,P,,,W\nRobin,P3,2026-11-02,S,,,R\n",
    "ssd_legal_status": "lega_person_id,lega_legal_status,lega_legal_status_start_date,"
    "lega_legal_status_end_date\nWren,C2,2026-01-12,\nRobin,C2,2026-11-02,\n",
}


@pytest.mark.asked_on("2026-11-28")
def test_a_placement_that_ended_without_its_row_may_have_been_for_adoption(nights: Nights) -> None:
    """
    Wren's second review is due on 30 April, three months after 30 January.

    No row says what kind of placement hers of 27 April to 25 May was.  If it was one for adoption,
    no review of care was owed on that day.  The next night has the row.
    """
    tables = {
        **_THREE_PLACEMENTS,
        "ssd_cla_reviews": "clar_cla_id,clar_cla_review_date\nW,2026-01-30\nR,2026-11-20\n",
        "ssd_person": "pers_person_id,pers_dob,pers_death_date\nWren,2015-05-01,\n"
        "Robin,2015-05-01,\n",
    }
    places = "clap_cla_placement_id,clap_cla_placement_type\nP0,U6\nP2,U6\nP3,U6\n"
    answer = nights.tables("2026-11-28", {**tables, "ssd_cla_placement": places})
    without = nights.open_of("Wren")
    nights.tables("2026-11-28", {**tables, "ssd_cla_placement": f"{places}P1,U6\n"})

    assert "Wren: the row of ssd_cla_placement for the episode from 27 Apr 2026" in answer.err
    assert without == [("cla.review.second", "overdue", "2026-04-30", "assumed")]
    assert nights.open_of("Wren") == [("cla.review.second", "overdue", "2026-04-30", "")]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("missing", ["its row", "the table"])
@pytest.mark.parametrize(
    ("other", "late"),
    [
        ("a list since 25/05/2026", []),
        ("a list since 12/01/2026", ["2026-04-30"]),
        ("a list since ", []),
        ("a return", ["2026-04-30"]),
    ],
)
def test_a_list_of_the_placement_after_does_not_tell_what_one_before_was_for(
    other: str, late: list[str], missing: str, nights: Nights, iro: Iro
) -> None:
    """
    Wren's second review was due on 30 April, three months after 30 January, and held on 22 May.

    The tables do not say what kind of placement hers of 27 April to 25 May was.  If it was one for
    adoption, no review of care was owed on 30 April.  List 8 of November has one placement only: if
    that began on 25 May, it says nothing of the one before; if it began with care, there was no
    other.  If the list leaves the day out, it tells of its own day only.  A return has them all.
    """
    tables = {
        **_THREE_PLACEMENTS,
        "ssd_cla_reviews": "clar_cla_id,clar_cla_review_date\n"
        "W,2026-01-30\nW,2026-05-22\nW,2026-11-09\nR,2026-11-20\n",
    }
    if missing == "its row":
        places = "clap_cla_placement_id,clap_cla_placement_type\nP0,U6\nP2,U6\nP3,U6\n"
        tables["ssd_cla_placement"] = places
    nights.tables("2026-11-27", tables)
    alone = _certainly_late(iro)
    if other == "a return":
        began, moved = "Wren,12/01/2026,27/04/2026,X1", "Wren,27/04/2026,25/05/2026,X1,P,C2,U6"
        held = ["Wren,22/05/2026", "Wren,09/11/2026", "Robin,20/11/2026"]
        now = "Wren,25/05/2026,,,P,C2,U6"
        nights.ssda903("2026-11-28", [began, moved, now, "Robin,02/11/2026,,"], held)
    else:
        since = other.removeprefix("a list since ")
        row = f"Wren,01/05/2015,12/01/2026,C2,09/11/2026,,,{since},U6"
        nights.annex_a("2026-11-28", ("8", row))

    assert (alone, _certainly_late(iro)) == ([], late)


def _certainly_late(iro: Iro) -> list[str]:
    """Return the days by which something late was due, if nothing of it is in doubt."""
    report = ("report", "timeliness", "--from", "2026-01-01", "--to", "2026-11-28")
    rows = iro(*report, "--show", "late", "-f", "json").rows()
    return [row["due"] for row in rows if not row["assumed"]]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("first", ["return", "list"])
def test_a_return_that_begins_in_a_placement_does_not_tell_of_its_first_reviews(
    first: str, nights: Nights
) -> None:
    """
    Annex A has Wren placed in June 2024, and the return of this year goes on from January 2025.

    No return of the two years before was imported, so whether her review of 13 June was the first
    of the placement is not known: the next is due on 13 September, or not before 13 December.
    """
    row = "Wren,01/05/2022,11/06/2024,E1,13/06/2026,,,23/06/2024,A4"
    if first == "list":
        nights.annex_a("2026-11-28", ("8", row))
    nights.ssda903(
        "2026-11-28",
        ["Robin,03/08/2026,,", "Wren,09/01/2025,,,T,E1,A4"],
        ["Robin,20/08/2026", "Wren,13/06/2026"],
    )
    if first == "return":
        nights.annex_a("2026-11-28", ("8", row))

    assert nights.open_of("Wren") == [
        ("adoption.review.placed.second", "overdue", "2026-09-13", "assumed")
    ]


def test_a_placement_that_a_later_return_has_from_a_later_episode_began_before(
    nights: Nights,
) -> None:
    """Wren's adopters moved house on 12 January 2026: the return of 2026-27 begins with that."""
    robin = "Robin,03/08/2025,,"
    nights.ssda903(
        "2026-04-13",
        [
            robin,
            "Wren,05/05/2025,28/07/2025,X1",
            "Wren,28/07/2025,12/01/2026,X1,B,E1,A4",
            "Wren,12/01/2026,,,T,E1,A4",
        ],
        ["Robin,25/08/2025", "Wren,26/05/2025", "Wren,20/08/2025", "Wren,17/11/2025"],
    )
    before = nights.open_of("Wren", "2026-04-13")
    later = [robin, "Wren,12/01/2026,,,T,E1,A4"]
    done = nights.ssda903("2026-05-11", later, ["Robin,11/05/2026", "Wren,11/05/2026"])
    again = nights.ssda903("2026-05-11", later, ["Robin,11/05/2026", "Wren,11/05/2026"])

    # Six months after the second review of the placement, held on 17 November 2025.
    assert before == [("adoption.review.placed.subsequent", "later", "2026-05-17", "assumed")]
    # Six months after the third, held on 11 May 2026.
    of_wren = nights.open_of("Wren", "2026-05-11")
    assert of_wren == [("adoption.review.placed.subsequent", "later", "2026-11-11", "")]
    assert "moved" not in done.out + done.err
    assert "nothing to store" in again.out


@pytest.mark.asked_on("2025-03-31")
def test_a_return_may_show_care_that_a_later_one_says_began_before(nights: Nights) -> None:
    """The return of 2024-25 is imported before that of the year in which Wren's care began."""
    moved = "Wren,12/02/2024,,,P"
    robin = "Robin,03/07/2023,,"
    nights.ssda903(
        "2025-03-31",
        [robin, moved],
        ["Robin,03/06/2024", "Robin,17/03/2025", "Wren,10/06/2024", "Wren,17/02/2025"],
    )
    done = nights.ssda903(
        "2025-03-31",
        [robin, "Wren,11/12/2023,12/02/2024,X1", moved],
        ["Robin,24/07/2023", "Robin,18/03/2024", "Wren,02/01/2024", "Wren,25/03/2024"],
    )

    assert "which had not ended before" not in done.err
    # Six months after 17 February.
    of_wren = nights.open_of("Wren", "2025-03-31")
    assert of_wren == [("cla.review.subsequent", "later", "2025-08-17", "")]


def test_what_was_held_before_an_end_that_another_source_tells_is_not_known(
    nights: Nights,
) -> None:
    """Annex A last had Wren in October; the return says that her care ended in April."""
    nights.annex_a("2025-10-20", care("Wren", "07/10/2024", "08/09/2025"))
    nights.ssda903(
        "2026-11-02", ["Robin,03/08/2025,,", "Wren,07/10/2024,27/04/2026,E4"], ["Robin,11/05/2026"]
    )
    nights.annex_a("2026-11-28")
    total = nights.timeliness()

    # A review between October and April was due by 8 March, and may have been held.
    assert (total["never_held"], total["late"]) == (0, 0)


# ---------------------------------------------------------------- one of two dates


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(
    ("ends", "late"),
    [
        # Held on 12 May: the next by 12 August if it was the first, else by 12 November.
        ("12/11/2026", 0),
        ("13/11/2026", 1),
    ],
)
def test_a_meeting_with_two_possible_due_dates_is_not_counted_late(
    nights: Nights, ends: str, late: int
) -> None:
    """The first was due by 7 May, so the meeting of 12 May may be the first or the second."""
    nights.annex_a("2026-11-28", care("Wren", "08/04/2026", "12/05/2026", ends))
    total = nights.timeliness()

    # Which clock the meeting itself met is not known, and counted apart.
    assert (total["never_held"], total["refused"]) == (late, 2 - late)


# ---------------------------------------------------------------- care that ended with a death


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("reason", ["E2", "E2 - Died", "Died"])
def test_a_death_that_ended_care_ends_a_plan_too(nights: Nights, reason: str) -> None:
    """Wren died on 2 November; the list still has her plan, whose conference was due."""
    of_care = ("8", f"Wren,01/05/2015,08/06/2026,C2,29/06/2026,02/11/2026,{reason},08/06/2026,U6")
    done = nights.annex_a("2026-11-28", of_care, plan("Wren", "20/07/2026"))

    assert nights.open_of("Wren") == []
    assert "deaths" in done.out


@pytest.mark.asked_on("2026-11-28")
def test_a_return_tells_of_a_death_that_ended_care(nights: Nights) -> None:
    """REC E2 means that the child died; Annex A of the same day has the plan open."""
    nights.annex_a("2026-11-28", plan("Wren", "20/07/2026"))
    before = nights.open_of("Wren")
    nights.ssda903("2026-11-28", ["Wren,08/06/2026,02/11/2026,E2"], ["Wren,29/06/2026"])

    # Three months after 20 July.
    assert before == [("cp.conference.review.first", "overdue", "2026-10-20", "assumed")]
    assert nights.open_of("Wren") == []


# ---------------------------------------------------------------- what was written beside a fact


@pytest.mark.asked_on("2026-11-28")
def test_an_extract_does_not_write_over_the_reason_that_a_person_gave(
    nights: Nights, iro: Iro
) -> None:
    """Annex A states that no conference was required, and has no column for the reason."""
    ended = ("5", "Wren,01/05/2015,09/11/2026,Yes,,")
    nights.annex_a("2026-11-10")
    iro("child", "add", "Wren")
    iro("record", "cp.strategy", "Wren", "--on", "2026-11-09", "--section-47", "yes")
    why = ("--reason", "the family moved to Leeds")
    iro("record", "cp.conference.not-required", "Wren", "--on", "2026-11-09", *why)
    nights.annex_a("2026-11-28", ended)
    again = nights.annex_a("2026-11-28", ended)

    assert "the family moved to Leeds" in iro("show", "Wren").out
    assert "nothing to store" in again.out


# ---------------------------------------------------------------- short breaks, or care


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("statuses", [(True, False), (False, True), (True, False, True)])
def test_short_breaks_are_not_care_as_well_because_their_status_was_missing(
    nights: Nights, iro: Iro, statuses: tuple[bool, ...]
) -> None:
    """One night's extract has the table of legal statuses, and another does not."""
    for place, one in enumerate(statuses):
        ends = "2026-11-23" if place == len(statuses) - 1 else ""
        nights.ssd(f"2026-11-{22 + 2 * place}", statuses=one, ends=ends)
    total = nights.timeliness()

    assert "period of care" not in iro("show", "Wren").out
    assert nights.open_of("Wren") == []
    # Due by 2 June and by 18 November, both were in time.  Robin's was not due by today.
    assert (total["held"], total["in_timescale"], total["late"]) == (2, 2, 0)


@pytest.mark.asked_on("2026-11-28")
def test_reviews_of_care_that_was_short_breaks_become_short_break_reviews(nights: Nights) -> None:
    """
    The second night has the legal statuses, and not the reviews that the first one had.

    The review of 18 May was in time (three months from 2 March end on 2 June), and so was that of
    9 November (six months from 18 May end on 18 November).  The next is due on 9 May 2027.
    """
    nights.ssd("2026-11-22", statuses=False)
    nights.ssd("2026-11-24", statuses=True, reviews=False)
    total = nights.timeliness()

    assert nights.open_of("Wren") == [
        ("short-break.review.subsequent", "later", "2027-05-09", "assumed")
    ]
    assert (total["never_held"], total["held"] - total["in_timescale"]) == (0, 0)


@pytest.mark.asked_on("2026-11-28")
def test_a_latest_review_of_care_that_was_short_breaks_is_one_of_those(nights: Nights) -> None:
    """In June Wren's legal status is blank; the next day it says that she has short breaks."""
    row = "Wren,01/05/2015,02/03/2026,{0},{1},,,02/03/2026,U6"
    nights.annex_a("2026-06-29", ("8", row.format("", "18/05/2026")))
    done = nights.annex_a("2026-06-30", ("8", row.format("V4", "18/05/2026")))
    nights.annex_a("2026-11-28", ("8", row.format("V4", "09/11/2026")))

    assert "had not ended" not in done.err
    # Six months from 9 November, as there was a review before that.
    assert nights.open_of("Wren") == [("short-break.review.subsequent", "later", "2027-05-09", "")]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(
    "following",
    [
        [(False, True), (True, True)],  # first stated as a review of care
        [(True, True)],  # stated for the first time with the statuses
        [(True, False), (True, True)],  # stated after the statuses
    ],
)
def test_a_review_of_short_breaks_that_a_person_recorded_as_one_of_care(
    nights: Nights, iro: Iro, following: list[tuple[bool, bool]]
) -> None:
    """
    The first night has no statuses, so Wren was looked after when a person recorded the review.

    Six months after 9 November is 9 May 2027.
    """
    nights.ssd("2026-11-20", statuses=False, reviews=False)
    iro("record", "review", "Wren", "--on", "2026-11-09", "--participation", "PN1")
    for place, (statuses, reviews) in enumerate(following):
        done = nights.ssd(f"2026-11-{24 + place}", statuses=statuses, reviews=reviews)
    shown = iro("show", "Wren").out
    contradictions = iro("doctor").out.splitlines()[0]
    iro("undo")

    assert "of short breaks, and which now are: 1" in done.err
    assert "cla.review" not in shown
    assert "short-break.review  PN1" in shown
    assert "0 contradictions" in contradictions
    assert "cla.review" in iro("show", "Wren").out


@pytest.mark.asked_on("2026-11-28")
def test_a_review_of_care_that_a_person_recorded_stays_one_of_care(
    nights: Nights, iro: Iro
) -> None:
    """A person recorded the start of care too, so that it is no mistake of the extract's."""
    nights.ssd("2026-11-20", statuses=False, reviews=False)
    iro("record", "cla.start", "Wren", "--on", "2026-03-01", "--insist")
    iro("record", "review", "Wren", "--on", "2026-11-09")
    nights.ssd("2026-11-24", statuses=True)

    assert "cla.review" in iro("show", "Wren").out


@pytest.mark.asked_on("2026-11-28")
def test_a_recorded_review_that_a_list_has_as_the_latest_of_short_breaks(
    nights: Nights, iro: Iro
) -> None:
    """In June her status is blank, and a person records the review that list 8 has as well."""
    row = "Wren,01/05/2015,02/03/2026,{0},18/05/2026,,,02/03/2026,U6"
    nights.annex_a("2026-06-29", ("8", row.format("")))
    iro("record", "review", "Wren", "--on", "2026-05-18")
    nights.annex_a("2026-06-30", ("8", row.format("V4")))

    # Six months after 18 May.
    assert nights.open_of("Wren", "2026-07-01") == [
        ("short-break.review.subsequent", "later", "2026-11-18", "")
    ]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("statuses", [("V4", ""), ("", "V4", ""), ("V4", "", "V4")])
def test_a_blank_status_does_not_turn_known_short_breaks_into_care(
    nights: Nights, iro: Iro, statuses: tuple[str, ...]
) -> None:
    """The cell of one child is blank in one night; Robin's status is there each night."""
    for place, status in enumerate(statuses):
        row = f"Wren,01/05/2015,02/03/2026,{status},18/05/2026,,,02/03/2026,U6"
        done = nights.annex_a(f"2026-11-{24 + place}", ("8", row))

    assert "period of care" not in iro("show", "Wren").out
    assert "had not ended" not in done.err
    # Six months from 18 May, which was in time for the first (2 June).
    assert nights.open_of("Wren", "2026-11-26") == [
        ("short-break.review.subsequent", "overdue", "2026-11-18", "")
    ]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("first", ["tables", "list"])
def test_a_review_of_care_in_short_breaks_that_another_source_tells_may_be_one_of_those(
    first: str, nights: Nights
) -> None:
    """
    List 8 of May says that Wren has short breaks; the tables have no legal status of hers.

    Six months after the latest review, of 29 January, are 29 July.  The tables have a review of
    17 July too, as one of care, so that no review of the breaks was held is not known.
    """
    wren = ("8", "Wren,01/05/2015,02/07/2025,V4,29/01/2026,,,02/07/2025,U6")
    tables = {
        "ssd_cla_episodes": "clae_person_id,clae_cla_episode_start_date,"
        "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
        "clae_cla_episode_ceased_reason,clae_cla_id\n"
        "Wren,2025-07-02,S,,,W\nRobin,2026-11-02,S,,,R\n",
        "ssd_cla_reviews": "clar_cla_id,clar_cla_review_date\n"
        "W,2025-09-29\nW,2026-01-29\nW,2026-07-17\nR,2026-11-20\n",
        "ssd_legal_status": "lega_person_id,lega_legal_status,lega_legal_status_start_date,"
        "lega_legal_status_end_date\nRobin,C2,2026-11-02,\n",
    }
    if first == "list":
        nights.annex_a("2026-05-12", wren)
    nights.tables("2026-11-28", tables)
    if first == "tables":
        nights.annex_a("2026-05-12", wren)
    of_breaks = [one for one in nights.open_of("Wren") if one[0].startswith("short-break")]

    assert of_breaks == [("short-break.review.subsequent", "refused", None, "")]


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize("ended", [True, False], ids=["ended", "open"])
@pytest.mark.parametrize("statuses", [False, True], ids=["no table", "no row"])
def test_a_late_review_of_care_that_may_be_short_breaks_is_assumed_to_be_one_of_care(
    statuses: bool, ended: bool, nights: Nights, iro: Iro
) -> None:
    """
    Wren's legal status is not told.  Of care, her review of 18 May is late; of breaks, in time.

    Monday 30 March is the 20th working day after 2 March, and 2 June is three months after it.
    """
    ends = "2026-11-23" if ended else ""
    nights.ssd("2026-11-28", statuses=statuses, of_wren="", ends=ends)
    report = ("report", "timeliness", "--from", "2026-03-01", "--to", "2026-04-30")
    rows = iro(*report, "--show", "late", "-f", "json").rows()
    total = iro(*report, "-f", "json").json["total"]
    shown = iro("show", "Wren").out

    assert [(one["timescale"], one["due"]) for one in rows] == [("cla.review.first", "2026-03-30")]
    assert "assumed to have been owed" in (rows[0]["assumed"] or "")
    assert (total["due"], total["assumed"]) == (1, 1)
    # From 30 March to 18 May.
    assert "49 days late?" in shown


# Wren has short breaks since March, and nothing is missing from the tables of care.
OF_BREAKS = {
    "ssd_cla_episodes": "clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
    "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,"
    "clae_cla_episode_ceased_reason,clae_cla_id\nWren,P0,2026-03-02,S,,,W\n",
    "ssd_cla_reviews": "clar_cla_id,clar_cla_review_date\nW,2026-05-18\n",
    "ssd_legal_status": "lega_person_id,lega_legal_status,lega_legal_status_start_date,"
    "lega_legal_status_end_date\nWren,V4,2026-03-02,\n",
    "ssd_cla_placement": "clap_cla_placement_id,clap_cla_placement_type\nP0,U6\n",
    "ssd_person": "pers_person_id,pers_sex,pers_dob,pers_expected_dob,pers_death_date\n"
    "Wren,F,2015-05-01,,\n",
}


@pytest.mark.asked_on("2026-11-28")
def test_tables_without_statuses_do_not_settle_that_of_one_child(nights: Nights, iro: Iro) -> None:
    """One night Wren has no row in the table of legal statuses; in the next there is no table."""
    of_others = OF_BREAKS["ssd_legal_status"].replace("Wren,V4", "Robin,C2")
    nights.tables("2026-11-26", {**OF_BREAKS, "ssd_legal_status": of_others})
    nights.tables("2026-11-28", {k: v for k, v in OF_BREAKS.items() if k != "ssd_legal_status"})
    report = ("report", "timeliness", "--from", "2026-03-01", "--to", "2026-04-30")
    (late,) = iro(*report, "--show", "late", "-f", "json").rows()

    # Due on the 20th working day after 2 March as care; of short breaks that of 18 May is in time.
    assert (late["due"], late["held"]) == ("2026-03-30", "2026-05-18")
    assert "does not carry" in (late["assumed"] or "")


@pytest.mark.asked_on("2026-11-28")
@pytest.mark.parametrize(
    ("latest", "ends", "of_breaks"),
    [
        # The review of 9 November may be one of the breaks, and those before it are not known.
        ("09/11/2026", "", ("refused", None, "")),
        # The breaks may have ended with what the list has as care.  Their next review was due six
        # months after that of 18 May.
        ("", "12/10/2026", ("overdue", "2026-11-18", "assumed")),
    ],
)
def test_what_a_list_without_her_status_has_of_care_may_be_of_known_breaks(
    latest: str, ends: str, of_breaks: tuple[str, ...], nights: Nights
) -> None:
    """The tables of June say that Wren has short breaks; in list 8 her legal status is blank."""
    nights.tables("2026-06-30", OF_BREAKS)
    row = f"Wren,01/05/2015,02/03/2026,,{latest},{ends},,02/03/2026,U6"
    nights.annex_a("2026-11-28", ("8", row))
    rows = [one[1:] for one in nights.open_of("Wren") if one[0].startswith("short-break")]

    assert rows == [of_breaks]


@pytest.mark.asked_on("2026-11-28")
def test_care_that_ended_may_have_been_short_breaks_too(nights: Nights, iro: Iro) -> None:
    """Wren's care of ten weeks ended in May; its legal status is blank, and no review is listed."""
    nights.annex_a("2026-11-28", ("8", "Wren,01/05/2015,02/03/2026,,,11/05/2026,E4,02/03/2026,U6"))
    report = ("report", "timeliness", "--from", "2026-03-01", "--to", "2026-04-30")
    (late,) = iro(*report, "--show", "late", "-f", "json").rows()

    # Due on the 20th working day after 2 March as care, and three months after it in short breaks.
    assert (late["due"], late["status"]) == ("2026-03-30", "never-held")
    assert "does not carry the child's legal status" in (late["assumed"] or "")


@pytest.mark.asked_on("2026-11-28")
def test_care_with_a_status_beside_short_breaks_without_one_is_care(
    nights: Nights, iro: Iro
) -> None:
    """The row of the short breaks that ended is blank; she came into care on the next day."""
    row = "Wren,01/05/2015,{0},{1},,{2},,{0},U6"
    nights.annex_a("2026-11-23", ("8", row.format("02/03/2026", "V4", "")))
    ended = "8", row.format("02/03/2026", "", "23/11/2026")
    nights.annex_a("2026-11-26", ended, ("8", row.format("24/11/2026", "C2", "")))

    # The twentieth working day after Tuesday 24 November is Tuesday 22 December.
    assert ("cla.review.first", "due-soon", "2026-12-22", "") in nights.open_of("Wren")


@pytest.mark.asked_on("2026-11-28")
def test_what_began_on_the_day_of_the_import_may_be_short_breaks_too(nights: Nights) -> None:
    """
    The legal status of children who came into care, or had a review, on this very day is blank.

    Of the twenty working days after 28 November the 19th is Christmas Eve.  Friday 25 and Monday
    28 December are bank holidays, so the 20th is Tuesday the 29th.  Finch's first review was due
    before this day, so this is a later one, and the next is due six months after it.
    """
    blank = "{0},01/05/2015,{1},,{2},,,{1},U6"
    begun = "8", blank.format("Wren", "28/11/2026", "")
    reviewed = "8", blank.format("Finch", "02/03/2026", "28/11/2026")
    nights.annex_a("2026-11-28", begun, reviewed)

    assert nights.open_of("Wren") == [("cla.review.first", "later", "2026-12-29", "assumed")]
    assert nights.open_of("Wren", "2026-12-30") == [
        ("cla.review.first", "overdue", "2026-12-29", "assumed")
    ]
    assert nights.open_of("Finch") == [("cla.review.subsequent", "later", "2027-05-28", "assumed")]


@pytest.mark.asked_on("2026-11-28")
def test_care_that_began_on_the_day_may_be_short_breaks_without_the_table_of_statuses(
    nights: Nights,
) -> None:
    """Robin is in care since 2 November, and this is the extract of that day."""
    nights.ssd("2026-11-02", statuses=False)

    # Twenty working days, without a bank holiday, are four weeks.
    assert nights.open_of("Robin", "2026-11-02") == [
        ("cla.review.first", "due-soon", "2026-11-30", "assumed")
    ]


@pytest.mark.asked_on("2026-11-28")
def test_a_plan_that_was_in_no_list_may_have_ended(nights: Nights) -> None:
    """List 7 was missing in October; a year later it is there without Wren's plan."""
    conference = enquiry("Wren", "15/08/2025", "05/09/2025", "Yes")
    nights.annex_a("2025-10-20", conference, without="7")
    nights.annex_a("2026-11-28")

    # It was due by 5 December 2025, and no list says whether it was held then.
    assert nights.open_of("Wren") == [("cp.conference.review.first", "refused", None, "")]


def test_events_of_care_in_known_short_breaks_become_short_break_events() -> None:
    """A start within the series, and every end but the last, is left out."""
    start, review = Event("cla.start", date(2026, 3, 2)), Event("cla.review", date(2026, 5, 18))
    ended, again = Event("cla.end", date(2026, 6, 1)), Event("cla.start", date(2026, 6, 15))
    last = Event("cla.end", date(2026, 11, 23))
    known = [Event("short-break.start", date(2026, 3, 2))]

    assert in_known_breaks([start, review, ended, again, last], known) == {
        start: Event("short-break.start", date(2026, 3, 2)),
        review: Event("short-break.review", date(2026, 5, 18)),
        ended: None,
        again: None,
        last: Event("short-break.end", date(2026, 11, 23)),
    }


def test_an_end_after_which_another_break_began_does_not_end_the_series() -> None:
    """A break of May ended on 6 June; the next began on 7 June and has not ended."""
    start, end = Event("cla.start", date(2026, 5, 12)), Event("cla.end", date(2026, 6, 6))
    again = Event("cla.start", date(2026, 6, 7))
    own = [Event("short-break.start", date(2026, 5, 12))]

    assert in_known_breaks([start, end, again], own) == {
        start: Event("short-break.start", date(2026, 5, 12)),
        end: None,
        again: None,
    }


def test_an_end_before_the_next_start_belongs_to_the_start_before_it() -> None:
    """Care from March ended in June; the care that ended in September began in July."""
    ends = [Event("cla.end", date(2026, 9, 1)), Event("cla.end", date(2026, 6, 1))]
    begun = date(2026, 3, 2)

    assert first_end(ends, "cla", begun, date.max) == date(2026, 6, 1)
    assert first_end(ends, "cla", begun, date(2026, 6, 1)) is None
    assert first_end(ends, "short-break", begun, date.max) is None


# ---------------------------------------------------------------- what reports say of it


@pytest.mark.asked_on("2026-11-28")
def test_the_list_of_what_was_late_says_what_is_assumed(nights: Nights, iro: Iro) -> None:
    """Wren's legal status is blank, and Finch's is there; neither has had a review since May."""
    blank = "Wren,01/05/2015,04/05/2026,,,,,04/05/2026,U6"
    nights.annex_a("2026-11-28", ("8", blank), care("Finch", "04/05/2026"))
    late = ("report", "timeliness", "--from", "2026-04-01", "--to", "2026-11-28", "--show", "late")
    rows = {row["child"]: row["assumed"] for row in iro(*late, "-f", "json").rows()}
    shown = iro(*late).out

    assert rows["Finch"] is None
    assert "does not carry the child's legal status" in rows["Wren"]
    # Due by 2 June, as 25 May is a bank holiday: 179 days from then to 28 November.
    assert "179?" in shown
    assert "? assumed" in shown
