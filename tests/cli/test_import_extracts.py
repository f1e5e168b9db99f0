"""``iro import`` of small extracts: what is printed, listed and undone."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from running import Answer

Iro = Callable[..., Answer]

# Dates are as on 2026-11-22.  Twenty working days from Monday 5 January 2026 end on 2 February.
LIST_8 = (
    "Child Unique ID,Date of Birth,Date Started to be Looked After,Child's Legal Status,"
    "Date of Latest Statutory Review,Date Ceased to be Looked After,Allocated Team\n"
)
LIST_7 = (
    "Child Unique ID,Date of Birth,Child Protection Plan Start Date,"
    "Date of latest review conference,Child Protection Plan End Date\n"
)
WREN, OAK = "00101,01/03/2012,05/01/2026,C2: FCO,{},,North\n", "00102,,07/09/2026,,\n"
CENSUS = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2027</Year>
<ReferenceDate>2027-03-31</ReferenceDate></CollectionDetails><Source><LEA>{}</LEA></Source></Header>
<Children><Child><ChildIdentifiers><LAchildID>00102</LAchildID></ChildIdentifiers><CINdetails>
<Section47><S47ActualStartDate>2026-08-20</S47ActualStartDate>
<DateOfInitialCPC>2026-09-04</DateOfInitialCPC><ICPCnotRequired>0</ICPCnotRequired></Section47>
<ChildProtectionPlans><CPPstartDate>2026-09-07</CPPstartDate></ChildProtectionPlans>
</CINdetails></Child></Children></Message>
"""
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,"
    "URN\n00101,05/01/2026,S,C2,N1,U6,PR1,,,,,,\n"
)
REVIEWS = (
    "CHILD,DOB,REVIEW,REVIEW_CODE\n"
    "00101,01/03/2012,28/01/2026,PN1\n00101,01/03/2012,20/04/2026,PN1\n"
)


@pytest.fixture(autouse=True)
def _day(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    monkeypatch.setenv("IRO_AS_OF", "2026-11-22")


def lists(home: Path, *rows: str, plans: str = OAK, folder: str = "lists") -> str:
    """Write lists 7 and 8 of an Annex A, and return the folder."""
    place = home / folder
    place.mkdir(exist_ok=True)
    (place / "list_8.csv").write_text(LIST_8 + "".join(rows), "utf-8")
    (place / "list_7.csv").write_text(LIST_7 + plans, "utf-8")
    return folder


def census(home: Path, authority: str = "997", name: str = "census.xml") -> str:
    """Write a census, and return its name."""
    (home / name).write_text(CENSUS.format(authority), "utf-8")
    return name


def returned(home: Path, reviews: str = REVIEWS, folder: str = "return") -> str:
    """Write a return, and return its folder."""
    place = home / folder
    place.mkdir(exist_ok=True)
    (place / "episodes.csv").write_text(EPISODES, "utf-8")
    (place / "reviews.csv").write_text(reviews, "utf-8")
    return folder


def dataset(home: Path) -> str:
    """Write two tables of the Standard Safeguarding Dataset, and return their folder."""
    place = home / "ssd"
    place.mkdir()
    (place / "ssd_cla_episodes.csv").write_text(
        "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,"
        "clae_cla_episode_start_reason,clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,"
        "clae_cla_id,clae_entered_care_date\n"
        "E1,00101,2026-01-05,S,,,P1,2026-01-05\n",
        "utf-8",
    )
    (place / "ssd_cla_reviews.csv").write_text(
        "clar_cla_review_id,clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,"
        "clar_cla_review_cancelled,clar_cla_review_participation\n"
        "R1,P1,2026-02-02,2026-01-28,N,PN1\nR2,P1,2026-04-28,2026-04-20,N,PN1\n",
        "utf-8",
    )
    return "ssd"


def rows(iro: Iro, *argv: str) -> list[dict[str, object]]:
    """Return the rows of a listing."""
    answer = iro(*argv, "-f", "json")
    assert answer.code == 0, answer.err
    found: list[dict[str, object]] = json.loads(answer.out)["rows"]
    return found


def due(iro: Iro) -> list[tuple[object, ...]]:
    """Return what is open: child, timescale, due date, and whether it is assumed."""
    return [
        (one["child"], one["timescale"], one["due"], one["assumed"] is not None)
        for one in rows(iro, "due", "--all")
    ]


# ---------------------------------------------------------------- from each source to what is due


@pytest.mark.parametrize(
    ("source", "write", "expected"),
    [
        pytest.param(
            "annex-a", lambda home: lists(home, WREN.format("20/04/2026")),
            [("00101", "cla.review.second", "2026-07-20", True),
             ("00102", "cp.conference.review.first", "2026-12-07", True)],
            id="annex-a",
        ),
        pytest.param(
            "cin-census", census,
            [("00102", "cp.conference.review.first", "2026-12-04", True)],
            id="cin-census",
        ),
        pytest.param(
            "ssda903", returned, [("00101", "cla.review.subsequent", "2026-10-20", False)],
            id="ssda903",
        ),
        pytest.param(
            "ssd", dataset, [("00101", "cla.review.subsequent", "2026-10-20", True)], id="ssd",
        ),
    ],
)  # fmt: skip
def test_each_source_comes_to_what_is_due(
    home: Path,
    iro: Iro,
    source: str,
    write: Callable[[Path], str],
    expected: list[tuple[object, ...]],
) -> None:
    """
    Each source is imported twice and listed; the census counts from its conference.

    It has no review conference at all, and the dataset no table of placements: what the
    dates rest on is said.
    """
    path = write(home)
    first, again = iro("import", source, path), iro("import", source, path)

    assert first.code == 0, first.err
    assert "\nadded: 1 child" in first.out or "\nadded: 2 children" in first.out
    assert again.code == 0
    assert "nothing to store: everything in it is in the store already" in again.out
    assert due(iro) == expected


@pytest.mark.parametrize("backwards", [False, True])
def test_history_settles_what_was_assumed(home: Path, iro: Iro, backwards: bool) -> None:
    """A source with the history settles it, in either order of import."""
    both = [("annex-a", lists(home, WREN.format("20/04/2026"))), ("ssda903", returned(home)),
            ("cin-census", census(home))]  # fmt: skip
    for source, path in both[::-1] if backwards else both:
        assert iro("import", source, path).code == 0

    assert due(iro) == [
        ("00101", "cla.review.subsequent", "2026-10-20", False),
        ("00102", "cp.conference.review.first", "2026-12-04", False),
    ]


def test_strict_refuses_what_is_assumed(home: Path, iro: Iro) -> None:
    """With --strict the rows are listed without a date."""
    iro("import", "annex-a", lists(home, WREN.format("20/04/2026")))
    found = rows(iro, "due", "--all", "--strict")

    assert [(one["child"], one["due"], one["status"]) for one in found] == [
        ("00101", None, "refused"), ("00102", None, "refused")
    ]  # fmt: skip


# ---------------------------------------------------------------- a later extract


def test_a_later_extract_reports_and_replaces(home: Path, iro: Iro) -> None:
    """A vanished fact stays until --replace withdraws it, and one undo restores all."""
    iro("import", "annex-a", lists(home, WREN.format("20/04/2026")))
    before = rows(iro, "due", "--all")
    lists(home, WREN.format(""))
    reported = iro("import", "annex-a", "lists")
    replaced = iro("import", "annex-a", "lists", "--replace")
    now = due(iro)[0]
    undone = iro("undo")

    assert (reported.code, replaced.code, undone.code) == (0, 0, 0)
    assert "00101: cla.review.latest on 20 Apr 2026 (list_8.csv:2)" in reported.err
    assert "--replace withdraws it" in reported.err
    assert "withdrawn: 1 event" in replaced.out
    # The list has no column of placements: that no child is placed for adoption is assumed.
    assert now == ("00101", "cla.review.first", "2026-02-02", True)
    assert rows(iro, "due", "--all") == before


def test_a_dry_run_lists_each_change(home: Path, iro: Iro) -> None:
    """JSON and CSV go to standard output only, and nothing is stored."""
    elm = "00103,,07/09/2026,,\n"
    iro("import", "annex-a", lists(home, WREN.format("20/04/2026"), plans=OAK + elm))
    before = rows(iro, "history")
    lists(home, WREN.format("27/04/2026"), plans=elm)
    dry = ("import", "annex-a", "lists", "--dry-run")
    found = rows(iro, *dry)
    (head, *lines) = csv.reader(iro(*dry, "-f", "csv").out.splitlines())

    assert found == [
        {"what": "move", "child": "00101", "event": "cla.review.latest", "date": "2026-04-27",
         "was": "2026-04-20", "details": "", "source": "list_8.csv:2"},
        {"what": "vanished", "child": "00102", "event": "cp.plan.start", "date": "2026-09-07",
         "was": "", "details": "", "source": "list_7.csv:2"},
    ]  # fmt: skip
    assert head == ["what", "child", "event", "date", "was", "details", "source"]
    assert [one[:4] for one in lines] == [[one[key] for key in head[:4]] for one in found]
    assert rows(iro, *dry, "--replace")[1]["what"] == "withdraw"
    assert rows(iro, "history") == before


def test_a_dry_run_on_paper_says_so(home: Path, iro: Iro) -> None:
    """The table says that it is a dry run, and no store is made."""
    answer = iro("import", "annex-a", lists(home, WREN.format("")), "--dry-run")

    assert answer.code == 0
    assert "would be added: 2 children, 2 events" in answer.out
    assert "nothing was stored: this was a dry run" in answer.out
    assert "list_8.csv:2" in answer.out
    assert not (home / "iro.db").exists()


# ---------------------------------------------------------------- where sources disagree


def test_doctor_names_both_sources(home: Path, iro: Iro) -> None:
    """The table, CSV and JSON name both sources."""
    iro("import", "cin-census", census(home))
    iro("import", "annex-a", lists(home, plans="00102,,08/09/2026,,\n"))
    found = rows(iro, "doctor", "--sources")
    table = iro("doctor", "--sources")
    (head, *lines) = csv.reader(iro("doctor", "--sources", "-f", "csv").out.splitlines())

    assert ("00102", "start-of-plan", ["2026-09-07", "2026-09-08"]) in [
        (one["child"], one["finding"], one["dates"]) for one in found
    ]
    assert {one["rule"] for one in found} == {None, "2885"}
    assert "8 Sep 2026 (annex-a list_7.csv:2)" in table.out
    assert "7 Sep 2026 (cin-census census.xml:6)" in table.out
    assert head == ["child", "finding", "rule", "dates", "sources", "message", "remedy"]
    assert len(lines) == len(found)


# ---------------------------------------------------------------- refused


def test_two_authorities_are_refused(home: Path, iro: Iro) -> None:
    """They are refused in one import or in two, and nothing is stored."""
    one, other = census(home), census(home, "998", "other.xml")
    together = iro("import", "cin-census", one, other)
    iro("import", "cin-census", one)
    before = rows(iro, "history")
    after = iro("import", "cin-census", other)

    assert (together.code, after.code) == (3, 3)
    assert "census.xml is of 997" in together.err
    assert "other.xml is of 998" in together.err
    assert "authority 998's, and the store has children of authority 997" in after.err
    assert rows(iro, "history") == before


def test_one_bad_row_stores_nothing(home: Path, iro: Iro) -> None:
    """It is named by file, row and column; left out on request, it can be mended and imported."""
    lists(home, WREN.format("soon"))
    refused = iro("import", "annex-a", "lists")
    kept = iro("import", "annex-a", "lists", "--skip-refused", "--refused", "mend.csv")

    assert refused.code == 3
    assert "list_8.csv: row 2, column Date of Latest Statutory Review" in refused.err
    assert "(soon)" in refused.err
    assert kept.code == 0
    assert "refused: 1 row, left out" in kept.out
    assert [one[0] for one in due(iro)] == ["00102"]
    assert "soon" in (home / "mend.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("annex-a", "--replace", "--skip-refused"), "would look like one that vanished"),
        (("events", "--replace"), "are not an extract of everything"),
        (("annex-a", "--columns", "map.toml"), "is for children, allocations, events"),
        (("annex-a", "--describe"), "is for children, allocations, events"),
        (("annex-a", "--role", "X1=iro"), "--role is for ssd"),
        (("ssd", "--role", "X1=king"), "X1=king"),
    ],
)
def test_options_that_do_not_go_together(
    home: Path, iro: Iro, argv: tuple[str, ...], says: str
) -> None:
    """They are refused before a file is read, with the reason."""
    source, *options = argv
    answer = iro("import", source, lists(home, WREN.format("")), *options)

    assert answer.code == 2
    assert says in answer.err
    assert not (home / "iro.db").exists()


def test_what_rests_on_an_inferred_fact_is_marked_in_every_listing(iro: Iro, home: Path) -> None:
    """`due`, `show` and `caseload` mark the date; `overdue --strict` says that dates are hidden."""
    lists = home / "list8.csv"
    # Held on 1 July 2026, long after the first and the second were due: the next by 1 January.
    lists.write_text(LIST_8 + WREN.format("01/07/2026"), "utf-8")
    assert iro("import", "annex-a", str(lists)).code == 0
    late = ("--as-of", "2027-01-05")

    assert "Fri 1 Jan 2027<?" in iro("due", *late).out
    assert "Fri 1 Jan 2027<?" in iro("show", "00101", *late).out
    assert "? assumed: 1 of what is open" in iro("caseload", *late).out
    assert json.loads(iro("caseload", *late, "-f", "json").out)["assumed"] == 1
    strict = iro("overdue", "--strict", *late)
    assert strict.out == ""
    assert "not here, because they have no date and may be late all the same: 1" in strict.err
