"""Try each row of the page that says what is not known."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cuts import (
    GOOD,
    IMPORTED,
    Asked,
    Cut,
    ask,
    asked_whole,
    cut_out,
    cuts_of,
    falsely_late,
    good,
    source_of,
)
from iro_cli.errors import InputRefusedError
from iro_cli.extracts import SOURCES, source_named
from iro_cli.facts.model import NO_EXTRACT
from iro_cli.incoming.kinds import TableKind
from running import Answer, first_fast

PAGE = Path(__file__).parents[2] / "docs" / "extracts" / "what-is-not-known.md"
REFUSED, MARKED, NOT_THERE = "no date", "marked", "not there"
AS_IT_IS, WHOLE, NOT_SEEN = "as it is", "refused whole", "not seen"

Files = dict[str, str]


class Tried(NamedTuple):
    """
    How a row of the page is tried.

    Attributes:
        extract: The good extract.
        cut: What is cut out of it; none where it never has it.
        child: The child whose row is looked at.
        day: The day that is asked about.
    """

    extract: str
    cut: Cut | Callable[[Files], Files] | None
    child: str
    day: str = IMPORTED

    def files(self) -> Files:
        """Return the files without what the row of the page names."""
        files = good(self.extract)
        if isinstance(self.cut, Cut):
            return cut_out(files, self.cut)
        return self.cut(files) if self.cut else files


def said(name: str, before: str, after: str) -> Callable[[Files], Files]:
    """Return a function that writes other text into a file."""

    def change(files: Files) -> Files:
        assert before in files[name]
        return {**files, name: files[name].replace(before, after)}

    return change


def of_child(name: str, child: str, pattern: str) -> Callable[[Files], Files]:
    """Return a function that removes what comes after a child's id in an XML file."""

    def change(files: Files) -> Files:
        found, times = re.subn(
            rf"({child}</(?:CHILDID|LAchildID)>(?:(?!</Child>|</CHILD>).)*?){pattern}",
            r"\1", files[name], count=1, flags=re.DOTALL,
        )  # fmt: skip
        assert times
        return {**files, name: found}

    return change


def changed(*changes: Callable[[Files], Files]) -> Callable[[Files], Files]:
    """Return a function that makes several changes, one after another."""

    def change(files: Files) -> Files:
        for one in changes:
            files = one(files)
        return files

    return change


def without(*cuts: Cut) -> Callable[[Files], Files]:
    """Return a function that cuts several things out."""

    def change(files: Files) -> Files:
        for cut in cuts:
            files = cut_out(files, cut)
        return files

    return change


RESULT = "Did the Initial Child Protection Conference Result in a Child Protection Plan"
CLOSED = "<CPPendDate>2026-08-10</CPPendDate>"
SECOND = r"<CINdetails>\s*<Section47>\s*<S47ActualStartDate>2026-09-14.*?</CINdetails>"
CHILD_E = r"<CHILD>\s*<HEADER>\s*<CHILDID>A</CHILDID>.*?</CHILD>"
LAST, BEFORE = "2026-27", "2025-26"
TRIED: dict[str, dict[str, Tried]] = {
    "ssda903": {
        "the Reviews table of a year": Tried("ssda903", Cut("table", f"{LAST}/reviews.csv"), "C"),
        "every row of the Reviews table, its header stands": Tried(
            "ssda903", Cut("rows", f"{LAST}/reviews.csv"), "C"
        ),
        "the Episodes table of a year, alone in its folder": Tried(
            "ssda903", Cut("table", f"{LAST}/episodes.csv"), "C"
        ),
        "every row of the Episodes table of the last year": Tried(
            "ssda903", Cut("rows", f"{LAST}/episodes.csv"), "E"
        ),
        "the Header table": Tried("ssda903", Cut("table", "header.csv"), "J"),
        "the AD1 table, the PlacedAdoption table": Tried(
            "ssda903",
            without(Cut("table", f"{LAST}/ad1.csv"), Cut("table", f"{LAST}/placed.csv")), "F",
        ),
        "a column that the Episodes table needs": Tried(
            "ssda903", Cut("column", f"{LAST}/episodes.csv", "DEC"), ""
        ),
        "a column that the Reviews table needs: it is not known for what it is": Tried(
            "ssda903", Cut("column", f"{LAST}/reviews.csv", "REVIEW_CODE"), "C"
        ),
        "the column `PLACE`": Tried("ssda903", Cut("column", "episodes.csv", "PLACE"), "J"),
        "the return of the last year": Tried("ssda903", Cut("table", LAST), "A"),
        "the return of the year before": Tried("ssda903", Cut("table", BEFORE), "M"),
        "an episode after one that ended with X1": Tried(
            "ssda903",
            said(f"{LAST}/episodes.csv", "E,01/05/2026,P,V2,N1,U6,PR1,30/09/2026,E4A\n", ""), "E",
        ),
        "the episode of a child who was in care the year before": Tried(
            "ssda903",
            said(f"{LAST}/episodes.csv", "I,05/01/2026,S,C2,N1,U6,PR1,05/05/2026,E2\n", ""), "I",
        ),
        "the DEC of an episode that has a REC": Tried(
            "ssda903", said(f"{LAST}/episodes.csv", "30/09/2026,E4A", ",E4A"), "E"
        ),
        "a review, because its row was refused and left out": Tried(
            "ssda903", said(f"{LAST}/reviews.csv", "07/09/2026,PN1", "31/09/2026,PN1"), "C"
        ),
        "a row of the Reviews table": Tried(
            "ssda903", said(f"{LAST}/reviews.csv", "C,01/03/2015,07/09/2026,PN1\n", ""), "C"
        ),
        "reviews of short breaks, which no return has": Tried("ssda903", None, "D"),
        "in XML: every `AREVIEW`": Tried("ssda903-xml", Cut("element", "AREVIEW"), "C"),
        "in XML: every `PL`": Tried("ssda903-xml", Cut("element", "PL"), "J"),
        "in XML: a child's `EPISODE` after one that ended with X1": Tried(
            "ssda903-xml",
            of_child(f"{LAST}.xml", "E", r"<EPISODE>\s*<DECOM>01/05/2026.*?</EPISODE>"), "E",
        ),
        "in XML: a whole `CHILD` in the last year": Tried(
            "ssda903-xml",
            lambda files: {
                **files, f"{LAST}.xml": re.sub(CHILD_E, "", files[f"{LAST}.xml"], flags=re.DOTALL)
            },
            "A",
        ),
    },
    "annex-a": {
        "list 5": Tried("annex-a", Cut("table", "list5.csv"), "P6"),
        "list 7": Tried("annex-a", Cut("table", "list7.csv"), "P5"),
        "every row of list 7, its header stands": Tried("annex-a", Cut("rows", "list7.csv"), "P5"),
        "list 8": Tried("annex-a", Cut("table", "list8.csv"), "C7"),
        "a column that it needs": Tried("annex-a", None, ""),
        "the column of the conference's result": Tried(
            "annex-a", Cut("column", "list5.csv", RESULT), "P6"
        ),
        "the column of the conference's result, and list 7": Tried(
            "annex-a", without(Cut("column", "list5.csv", RESULT), Cut("table", "list7.csv")), "P5"
        ),
        "the column of the conference's result, and the plan, within 28 days of the conference": Tried(
            "annex-a",
            changed(
                said("list5.csv", "23/10/2026,Yes", "09/11/2026,Yes"),
                said("list7.csv", "P2,01/05/2018,23/10/2026,,,T1\n", ""),
                lambda files: cut_out(files, Cut("column", "list5.csv", RESULT)),
            ),
            "P2",
        ),
        "the column Placement Type": Tried(
            "annex-a", Cut("column", "list8.csv", "Placement Type"), "C7"
        ),
        "the column Start Date of Most Recent Placement": Tried(
            "annex-a", Cut("column", "list8.csv", "Start Date of Most Recent Placement"), "C6"
        ),
        "the columns Date of Birth, Allocated Team, Reason Ceased": Tried(
            "annex-a",
            without(
                Cut("column", "list8.csv", "Date of Birth"),
                Cut("column", "list8.csv", "Allocated Team"),
                Cut("column", "list8.csv", "Reason Ceased to be Looked After"),
            ),
            "C7",
        ),
        "the row of a plan that a conference made": Tried(
            "annex-a", said("list7.csv", "P5,01/05/2015,15/06/2026,10/09/2026,,T1\n", ""), "P5"
        ),
        "a child's legal status": Tried(
            "annex-a", said("list8.csv", "C7,01/05/2013,01/09/2026,C2", "C7,01/05/2013,01/09/2026,"),
            "C7",
        ),
        "the latest review, its cell blank": Tried(
            "annex-a", said("list8.csv", "10/08/2026,C2,07/09/2026", "10/08/2026,C2,"), "C2"
        ),
        "the meetings before the latest, which no list has: asked about a day before it": Tried(
            "annex-a", None, "C3", "2026-09-24"
        ),
    },
    "cin-census": {
        "every `Section47`": Tried("cin-census", Cut("element", "Section47"), "Q6"),
        "every `ChildProtectionPlans`": Tried(
            "cin-census", Cut("element", "ChildProtectionPlans"), "R2"
        ),
        "the plan of a conference of the last 28 days": Tried(
            "cin-census",
            changed(
                said("census.xml", "C>2026-10-23<", "C>2026-11-09<"),
                of_child("census.xml", "Q2", "<ChildProtectionPlans>.*?</ChildProtectionPlans>"),
            ),
            "Q2",
        ),
        "every `CPPreviewDate`": Tried("cin-census", Cut("element", "CPPreviewDate"), "Q5"),
        "every `DateOfInitialCPC`": Tried("cin-census", Cut("element", "DateOfInitialCPC"), "Q3"),
        "every `ICPCnotRequired`": Tried("cin-census", Cut("element", "ICPCnotRequired"), "Q4"),
        "the `ICPCnotRequired` of one enquiry": Tried(
            "cin-census", of_child("census.xml", "Q4", "<ICPCnotRequired>1</ICPCnotRequired>"), "Q4"
        ),
        "every `LAchildID`": Tried("cin-census", Cut("element", "LAchildID"), ""),
        "every `PersonBirthDate`": Tried("cin-census", Cut("element", "PersonBirthDate"), "Q6"),
        "the `CPPendDate` of a plan whose referral was closed": Tried(
            "cin-census",
            changed(said("census.xml", CLOSED, ""), of_child("census.xml", "R4", SECOND)),
            "R4",
        ),
        "the `CPPendDate` of a plan after which another began": Tried(
            "cin-census", said("census.xml", CLOSED, ""), "R4"
        ),
        "every `PersonDeathDate`": Tried("cin-census", Cut("element", "PersonDeathDate"), "Q9"),
        "the `Reviews` of one plan": Tried(
            "cin-census", of_child("census.xml", "Q5", "<Reviews>.*?</Reviews>"), "Q5"
        ),
        "the days after its `ReferenceDate`": Tried(
            "cin-census", said("census.xml", "2027-03-31", "2026-08-31"), "R2"
        ),
    },
    "ssd": {
        **{
            f"`{name}`": Tried("ssd", Cut("table", f"{name}.csv"), child)
            for name, child in {
                "ssd_cla_reviews": "S2", "ssd_cla_episodes": "S7", "ssd_legal_status": "S7",
                "ssd_cla_placement": "S7", "ssd_s47_enquiry": "S8",
                "ssd_initial_cp_conference": "S13", "ssd_cp_plans": "S15",
                "ssd_cp_reviews": "S15", "ssd_person": "S7",
            }.items()
        },
        "the column of the conference's result, and the plan, within 28 days of the conference": Tried(
            "ssd",
            changed(
                said("ssd_initial_cp_conference.csv", "2026-10-23,Y", "2026-11-09,Y"),
                said("ssd_cp_plans.csv", "CP2,S12,2026-10-23,NULL,N\n", ""),
                lambda files: cut_out(
                    files,
                    Cut("column", "ssd_initial_cp_conference.csv", "icpc_icpc_outcome_cp_flag"),
                ),
            ),
            "S12",
        ),
        "every row of `ssd_cla_reviews`, its header stands": Tried(
            "ssd", Cut("rows", "ssd_cla_reviews.csv"), "S2"
        ),
        "a column that it needs": Tried("ssd", None, ""),
        "any other column": Tried("ssd", None, ""),
        **{
            f"the column `{column}`": Tried("ssd", Cut("column", f"{table}.csv", column), child)
            for column, table, child in (
                ("pers_death_date", "ssd_person", "S7"),
                ("clae_cla_placement_id", "ssd_cla_episodes", "S7"),
                ("s47e_s47_end_date", "ssd_s47_enquiry", "S8"),
                ("cppl_cp_plan_ola", "ssd_cp_plans", "S15"),
            )
        },
        "the column `clae_cla_id`, by which reviews are a child's": Tried(
            "ssd", Cut("column", "ssd_cla_episodes.csv", "clae_cla_id"), ""
        ),
        **{
            what: Tried("ssd", said(f"{table}.csv", row, ""), child)
            for what, table, row, child in (
                ("an episode after one that ended with X1", "ssd_cla_episodes",
                 "E6,S5,PL6,2026-05-01,P,2026-09-30,E4A,CL5,2026-02-02\n", "S5"),
                ("a child's row in `ssd_person`", "ssd_person", "S9,F,2019-05-01,NULL,2026-05-05\n",
                 "S9"),
                ("a child's row in `ssd_legal_status`", "ssd_legal_status",
                 "L12,S16,V4,2026-09-14,NULL\n", "S16"),
                ("the row of a placement in `ssd_cla_placement`", "ssd_cla_placement", "PL9,U6\n",
                 "S7"),
                ("the row of a plan that a conference made", "ssd_cp_plans",
                 "CP5,S15,2026-06-15,NULL,N\n", "S15"),
                ("a row of `ssd_cla_reviews`", "ssd_cla_reviews",
                 "V1,CL2,NULL,2026-09-07,N,PN1\n", "S2"),
            )
        },
    },
}  # fmt: skip


class Row(NamedTuple):
    """A row of the page: what is missing, what the list shows, and what the reports show."""

    source: str
    lacks: str
    shown: str
    reported: str


def rows_of_the_page() -> Iterator[Row]:
    """Yield every row of every table about a source."""
    sources: list[str] = []
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            sources = re.findall(r"`([^`]+)`", line)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if sources and len(cells) == 3 and cells[0] != "lacks" and not cells[0].startswith("---"):
            lacks = cells[0]
            own = re.match(r"`(\w+)`: ", lacks) if len(sources) > 1 else None
            yield Row(own[1] if own else sources[0], lacks, cells[1], cells[2])


ROWS = list(rows_of_the_page())
EXTRACTS = [name for name in SOURCES if source_named(name).is_extract]


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_its_rows(name: str) -> None:
    """A new source needs its rows on the page."""
    assert [row for row in ROWS if row.source == name]


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_row_of_the_page_is_tried(name: str) -> None:
    """Each row is tried, and nothing else is."""
    assert [row.lacks for row in ROWS if row.source == name] == sorted(
        TRIED[name], key=[row.lacks for row in ROWS if row.source == name].index
    )


def late_in_time(total: dict[str, Any]) -> tuple[int, int]:
    """Return how many duties a report leaves out as not known, and counts as inferred."""
    return total["refused"], total["assumed"]


def check(row: Row, before: Asked, after: Asked | None, child: str) -> None:
    """Compare what is shown with the page."""
    if row.shown == WHOLE:
        assert after is None or after.code == 3
        return
    assert after is not None
    shown = after.due.get(child, [])
    if row.shown == NOT_THERE:
        assert before.due[child]
        assert not shown
    elif row.shown == REFUSED:
        assert {one["status"] for one in shown} == {"refused"}
    elif row.shown == MARKED:
        assert shown
        assert all(one["assumed"] and one["due"] for one in shown)
    elif row.shown == NOT_SEEN:
        assert any(one["status"] == "overdue" and not one["assumed"] for one in shown)
    else:
        assert row.shown == AS_IT_IS
        assert [{**one, "team": None} for one in shown] == [
            {**one, "team": None} for one in before.due[child]
        ]
    left_out, inferred = late_in_time(after.total)
    if row.reported == "left out":
        assert left_out > (0 if before is after else late_in_time(before.total)[0])
    elif row.reported == "inferred":
        assert inferred > late_in_time(before.total)[1]
    else:
        assert row.reported in ("nothing", "as it is", "not seen")


PLAIN = [
    row
    for row in ROWS
    if row.source in TRIED and row.lacks not in ("a column that it needs", "any other column")
]


def _marked(rows: list[Row]) -> Iterator[Any]:
    """Yield the rows; a fast run takes the first of each source."""
    seen = set[str]()
    for row in rows:
        marks = [pytest.mark.slow] if row.source in seen else []
        seen.add(row.source)
        yield pytest.param(row, marks=marks, id=f"{row.source}: {row.lacks}")


@pytest.mark.parametrize("row", list(_marked(PLAIN)))
def test_what_is_lacking_is_shown_as_the_page_says(row: Row) -> None:
    """This holds for the list of one child, and for a report of all."""
    tried = TRIED[row.source][row.lacks]
    before = asked_whole(tried.extract, tried.day)
    after = ask(row.source, tried.files(), tried.day) if tried.cut else before

    check(row, before, after, tried.child)


def _kinds(name: str, *, needed: bool) -> list[tuple[str, TableKind, str]]:
    """Return the needed columns of a source, or the others, that the good extract has."""
    found = []
    for kind in source_named(name).kinds:
        for column in kind.columns:
            for cut in cuts_of(good(name)):
                if cut.kind == "column" and column.needed == needed and cut.which == column.name:
                    found.append((cut.of, kind, column.name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["annex-a", "ssd"])
def test_a_column_that_is_needed_is_missed(name: str) -> None:
    """The extract or the table is refused whole, and no date becomes late."""
    columns = {(file, column) for file, _, column in _kinds(name, needed=True)}
    whole = asked_whole(name)
    stored = set()
    for file, column in sorted(columns):
        after = ask(name, cut_out(good(name), Cut("column", file, column)))
        assert falsely_late(whole, after) == [], column
        if after is not None and after.code == 0:
            stored.add(column)

    assert len(columns) > 5
    assert stored == set()


@pytest.mark.slow
def test_no_other_column_of_the_dataset_makes_anything_late() -> None:
    """Each column is cut out alone."""
    told = {row.lacks for row in ROWS if row.source == "ssd"}
    others = [
        (file, column)
        for file, _, column in _kinds("ssd", needed=False)
        if not any(f"`{column}`" in one for one in told)
    ]
    whole = asked_whole("ssd")

    assert len(others) > 10
    for file, column in others:
        after = ask("ssd", cut_out(good("ssd"), Cut("column", file, column)))
        assert falsely_late(whole, after) == [], column


# ---------------------------------------------------------------- our own files

OWN_CHILDREN = "child_id,label,date_of_birth,team\nO-1,ab,2015-05-01,North\n"
OWN_EVENTS = (
    "child_id,event,date,outcome\n"
    "O-1,cla.start,2026-09-01,\nO-1,cla.review,2026-09-25,\n"
    "O-1,cp.conference.initial,2026-08-17,no-plan\n"
)
OWN_ALLOCATIONS = "child_id,role,name,from\nO-1,iro,Ada,2026-09-01\n"


def own(iro: Callable[..., Answer], home: Path, **files: str) -> Answer:
    """Import our own files into a new store, and ask what is due."""
    store = ("--database", str(home / f"{len([*home.iterdir()])}.db"), "--as-of", IMPORTED)
    given = {"children": OWN_CHILDREN, "allocations": OWN_ALLOCATIONS, "events": OWN_EVENTS}
    for name, text in (given | files).items():
        path = home / f"{name}.csv"
        path.write_text(text)
        answer = iro(*store, "import", name, str(path))
        if answer.code:
            return answer
    return iro(*store, "due", "--all", "-f", "json")


def without_column(text: str, column: str) -> str:
    """Return a table without a column."""
    return cut_out({"one.csv": text}, Cut("column", "one.csv", column))["one.csv"]


def test_our_own_files_are_a_statement_of_their_own(iro: Callable[..., Answer], home: Path) -> None:
    """
    What is not in them did not happen, and nothing is marked.

    Care from Tue 1 Sep 2026: twenty working days end on Tue 29 Sep.  A review on 25 Sep: three
    months end on 25 Dec.  A conference of 17 Aug that made a plan: three months end on 17 Nov.
    """
    whole = own(iro, home).rows()
    a_row = own(iro, home, events=OWN_EVENTS.replace("O-1,cla.review,2026-09-25,\n", "")).rows()
    outcome = own(iro, home, events=without_column(OWN_EVENTS, "outcome")).rows()
    refused = [
        own(iro, home, events=without_column(OWN_EVENTS, column)).code
        for column in ("child_id", "event", "date")
    ]
    only_ids = own(iro, home, children="child_id\nO-1\n").rows()
    since_ever = own(iro, home, allocations=without_column(OWN_ALLOCATIONS, "from")).rows()

    assert [(one["due"], one["status"]) for one in whole] == [("2026-12-25", "later")]
    assert [(one["due"], one["status"], one["assumed"]) for one in a_row] == [
        ("2026-09-29", "overdue", None)
    ]
    assert ("2026-11-17", "overdue", None) in [
        (one["due"], one["status"], one["assumed"]) for one in outcome
    ]
    assert refused == [3, 3, 3]
    assert [one["due"] for one in only_ids] == ["2026-12-25"]
    assert since_ever == whole


@pytest.mark.parametrize("name", first_fast(*sorted(path.name for path in GOOD.iterdir())))
def test_an_import_names_whatever_is_lacking(name: str, tmp_path: Path) -> None:
    """A warning names each table, column and element whose absence marks a row."""
    files, source = good(name), source_named(source_of(name))
    asked = date.fromisoformat(IMPORTED)
    unnamed = set()
    cuts = [cut for cut in cuts_of(files) if cut.kind != "row"]
    for number, cut in enumerate([None, *cuts]):
        folder = tmp_path / str(number)
        for one, text in (cut_out(files, cut) if cut else files).items():
            (folder / one).parent.mkdir(parents=True, exist_ok=True)
            (folder / one).write_text(text, "utf-8")
        try:
            batch = source.read([folder], today=asked)
        except InputRefusedError:
            continue
        said = "\n".join(batch.warnings)
        for lacks in {one.lacks for one in batch.not_carried if one.lacks}:
            bare = re.sub("^the (table|column|element) ", "", lacks)
            known = "is not known" in said if lacks == NO_EXTRACT else bare in said
            unnamed |= set() if known else {(cut, lacks)}

    assert unnamed == set()


def test_the_good_extracts_are_all_there() -> None:
    """There is one for each form of each source that is an extract."""
    assert {path.name for path in GOOD.iterdir()} >= set(EXTRACTS)
