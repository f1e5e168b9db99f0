"""Reading the children in need census."""

import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.cin_census import SOURCE
from iro_cli.facts.model import NO_EXTRACT, Child, Event
from running import each, memory_of
from strategies import examples

TODAY = date(2026, 11, 22)
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "cin-census"
EXAMPLE = Path(__file__).parents[2] / "examples" / "extracts" / "cin-census" / "census.xml"
IDENTIFIERS = "<LAchildID>{0}</LAchildID><PersonBirthDate>2015-06-01</PersonBirthDate>"


def _child(details: str, child: str = "Wren", identifiers: str = IDENTIFIERS) -> str:
    return (
        f"<Child><ChildIdentifiers>{identifiers.format(child)}<Sex>F</Sex></ChildIdentifiers>\n"
        f"<CINdetails>{details}</CINdetails></Child>\n"
    )


def _write(
    folder: Path,
    *children: str,
    ends: str = "2026-03-31",
    authority: str = "999",
    name: str = "census.xml",
    namespace: str = "",
) -> Path:
    header = (
        f"<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
        f"<ReferenceDate>{ends}</ReferenceDate></CollectionDetails>"
        f"<Source><LEA>{authority}</LEA></Source></Header>"
    )
    text = f"<Message{namespace}>{header}\n<Children>\n{''.join(children)}</Children></Message>"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def _read(*paths: Path) -> Batch:
    return SOURCE.read(paths, today=TODAY)


def _one(folder: Path, details: str, **given: str) -> Batch:
    return _read(_write(folder, _child(details, **given)))


def _enquiry(begins: str, conference: str = "", not_required: str = "0") -> str:
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return (
        f"<Section47><S47ActualStartDate>{begins}</S47ActualStartDate>{held}"
        f"<ICPCnotRequired>{not_required}</ICPCnotRequired></Section47>\n"
    )


def _plan(begins: str, *reviews: str, ends: str = "") -> str:
    ended = f"<CPPendDate>{ends}</CPPendDate>" if ends else ""
    held = "".join(f"<CPPreviewDate>{one}</CPPreviewDate>" for one in reviews)
    return (
        f"<ChildProtectionPlans><CPPstartDate>{begins}</CPPstartDate>{ended}"
        f"<Reviews>{held}</Reviews></ChildProtectionPlans>\n"
    )


def _facts(batch: Batch) -> list[tuple[str, str, str | None]]:
    return sorted(
        (event.on.isoformat(), event.event, event.outcome or event.reason)
        for _, event, _ in batch.facts
    )


def _warnings(batch: Batch) -> list[str]:
    """Return the warnings about elements; warnings about missing ones have their own test."""
    return [text for text in batch.warnings if not text.endswith("is not known")]


def _refusals(batch: Batch) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in batch.refused]


# ---------------------------------------------------------------- what is read


def test_a_story_from_enquiry_to_the_end_of_the_plan(tmp_path: Path) -> None:
    """Every review is read, and each fact names its line."""
    details = _enquiry("2025-05-10", "2025-05-30") + _plan(
        "2025-05-30", "2025-08-29", "2026-02-20", "2026-03-02", ends="2026-03-02"
    )
    batch = _one(tmp_path, details)

    assert batch.facts == [
        ("Wren", Event("cp.strategy", date(2025, 5, 10), section_47="yes"), "census.xml:4"),
        (
            "Wren",
            Event("cp.conference.initial", date(2025, 5, 30), outcome="plan"),
            "census.xml:4",
        ),
        ("Wren", Event("cp.plan.start", date(2025, 5, 30)), "census.xml:5"),
        ("Wren", Event("cp.conference.review", date(2025, 8, 29)), "census.xml:5"),
        ("Wren", Event("cp.conference.review", date(2026, 2, 20)), "census.xml:5"),
        ("Wren", Event("cp.conference.review", date(2026, 3, 2)), "census.xml:5"),
        ("Wren", Event("cp.plan.end", date(2026, 3, 2)), "census.xml:5"),
    ]
    assert batch.children == [Child("Wren", date_of_birth=date(2015, 6, 1))]
    assert (_warnings(batch), batch.refused, batch.authority, batch.source) == (
        [], [], "999", "cin-census"
    )  # fmt: skip
    assert batch.read == {
        "census.xml, Child": 1, "census.xml, Section47": 1,
        "census.xml, ChildProtectionPlans": 1, "census.xml, CPPreviewDate": 3,
    }  # fmt: skip


def test_it_covers_the_year_that_ends_on_its_day(tmp_path: Path) -> None:
    """It covers everyone, but no day after the import."""
    whole = _child(_enquiry("2025-05-06") + _plan("2025-06-02", "2025-08-20"))
    (year,) = _read(_write(tmp_path, whole, ends="2026-03-31")).covers
    (empty,) = _read(_write(tmp_path, ends="2026-03-31")).covers
    (going_on,) = _read(_write(tmp_path, ends="2027-03-31")).covers

    assert (year.begins, year.ends, year.everyone) == (date(2025, 4, 1), date(2026, 3, 31), True)
    assert (going_on.begins, going_on.ends) == (date(2026, 4, 1), TODAY)
    assert "cp.conference.review" in year.events
    # A census without any review says nothing about reviews, so none is missing.
    assert "cp.conference.review" not in empty.events


def test_without_a_day_it_covers_nothing(tmp_path: Path) -> None:
    """A warning says so."""
    path = tmp_path / "census.xml"
    path.write_text(f"<Message><Children>{_child('')}</Children></Message>")
    batch = _read(path)

    assert batch.covers == []
    assert "no ReferenceDate" in _warnings(batch)[0]
    assert [child.child_id for child in batch.children] == ["Wren"]


@pytest.mark.parametrize("flag", ["1", "true", "True", "yes"])
def test_no_conference_was_required(tmp_path: Path, flag: str) -> None:
    """The event is on the day of the strategy discussion, because the census has no other day."""
    batch = _one(tmp_path, _enquiry("2025-05-10", not_required=flag))

    assert _facts(batch) == [
        ("2025-05-10", "cp.conference.not-required", "the extract gives no date"),
        ("2025-05-10", "cp.strategy", None),
    ]


@pytest.mark.parametrize("flag", ["0", "false", "", "NULL"])
def test_an_enquiry_may_be_open(tmp_path: Path, flag: str) -> None:
    """Then only the start of the enquiry is a fact."""
    batch = _one(tmp_path, _enquiry("2025-05-10", not_required=flag))

    assert _facts(batch) == [("2025-05-10", "cp.strategy", None)]


@each(
    "conferences, starts, outcomes",
    [
        pytest.param(["2025-06-02"], ["2025-06-02"], ["plan"], id="the same day"),
        pytest.param(["2025-06-02"], ["2025-06-30"], ["plan"], id="28 days later"),
        pytest.param(["2025-06-02"], ["2025-07-01"], ["no-plan"], id="29 days later"),
        pytest.param(["2025-06-02"], ["2025-06-01"], ["no-plan"], id="the day before"),
        pytest.param(["2025-06-02"], ["2024-01-08"], ["no-plan"], id="one of long before"),
        pytest.param(["2025-06-02"], [], [None], id="a file without plans does not say"),
        pytest.param(
            ["2025-06-02", "2025-06-09"], ["2025-06-09"], ["no-plan", "plan"], id="the nearer"
        ),
        pytest.param(
            ["2025-06-02", "2026-01-05"], ["2025-06-02", "2026-01-05"], ["plan", "plan"], id="two"
        ),
    ],
)
def test_what_a_conference_decided(
    tmp_path: Path, conferences: list[str], starts: list[str], outcomes: list[str | None]
) -> None:
    """A plan that starts that day or soon after is its outcome; one without a plan is counted."""
    details = "".join(_enquiry(f"2025-05-{10 + n}", on) for n, on in enumerate(conferences))
    batch = _one(tmp_path, details + "".join(_plan(on) for on in starts))
    found = [e.outcome for _, e, _ in batch.facts if e.event == "cp.conference.initial"]

    assert found == outcomes
    assert [text[-3:] for text in _warnings(batch)] == [": 1"] * ("no-plan" in outcomes)


def test_a_transfer_in(tmp_path: Path) -> None:
    """A transfer-in conference is beside the enquiries in the referral, not in one."""
    batch = _one(tmp_path, "<DateOfInitialCPC>2025-06-02</DateOfInitialCPC>" + _plan("2025-06-02"))

    assert _facts(batch) == [
        ("2025-06-02", "cp.conference.transfer-in", "plan"), ("2025-06-02", "cp.plan.start", None)
    ]  # fmt: skip


def test_a_conference_given_twice_is_one(tmp_path: Path) -> None:
    """Rule 2884 forbids a conference of both kinds; it is read as one."""
    batch = _one(
        tmp_path,
        "<DateOfInitialCPC>2025-06-02</DateOfInitialCPC>"
        + _enquiry("2025-05-12", "2025-06-02")
        + _plan("2025-06-02"),
    )

    assert [event.event for _, event, _ in batch.facts] == [
        "cp.strategy", "cp.conference.initial", "cp.plan.start"
    ]  # fmt: skip
    assert "rule 2884" in _warnings(batch)[0]


@each(
    "details, rule",
    [
        (_plan("2025-06-02", "2025-06-02"), "8841"),
        (_plan("2025-06-02", "2025-05-02"), "8841"),
        (_plan("2025-06-02", ""), "8842Q"),
        (_enquiry("2025-05-12", "2025-05-09") + _plan("2025-05-09"), "8615"),
        ("<CINclosureDate>2025-07-01</CINclosureDate>" + _enquiry("2025-05-12"), "8868"),
    ],
)
def test_what_the_census_forbids_is_counted(tmp_path: Path, details: str, rule: str) -> None:
    """It is read as it is, and counted."""
    batch = _one(tmp_path, details)

    assert [rule in text for text in _warnings(batch)] == [True]
    assert _warnings(batch)[0].endswith(": 1")
    assert batch.refused == []


def test_reviews_of_several_elements_are_read(tmp_path: Path) -> None:
    """Some exports write an element for each review."""
    details = _plan("2025-06-02", "2025-08-29").replace(
        "</Reviews>", "</Reviews><Reviews><CPPreviewDate>2026-01-30</CPPreviewDate></Reviews>"
    )
    batch = _one(tmp_path, details)

    assert batch.counts["review conferences"] == 2


def test_a_child_who_died(tmp_path: Path) -> None:
    """The death is a fact, and no end is made for what was open."""
    batch = _one(
        tmp_path,
        _enquiry("2025-12-01") + _plan("2025-06-02"),
        identifiers=IDENTIFIERS + "<PersonDeathDate>2025-12-09</PersonDeathDate>",
    )

    assert [event for _, event, _ in _facts(batch)] == [
        "cp.plan.start", "cp.strategy", "child.died",
    ]  # fmt: skip
    assert _facts(batch)[-1] == ("2025-12-09", "child.died", None)


def test_a_child_not_born_yet(tmp_path: Path) -> None:
    """The child has an expected day of birth."""
    batch = _one(
        tmp_path,
        "",
        identifiers="<LAchildID>{0}</LAchildID><PersonBirthDate/>"
        "<ExpectedPersonBirthDate>2027-01-20</ExpectedPersonBirthDate>",
    )

    assert batch.children == [Child("Wren", expected_date_of_delivery=date(2027, 1, 20))]


@pytest.mark.parametrize(
    "namespace", ['xmlns="urn:dfe"', "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"]
)
@pytest.mark.parametrize(
    "identity",
    ["<GenderCurrent>1</GenderCurrent>", "<Sex>F</Sex><GenderIdentity>x</GenderIdentity>"],
)
def test_layouts_of_all_years(tmp_path: Path, namespace: str, identity: str) -> None:
    """With or without a namespace, older and newer fields, and blocks of later years."""
    details = (
        "<Assessments><AssessmentActualStartDate>x</AssessmentActualStartDate></Assessments>"
        "<PreProceedingsandFGDM><PPStartDate>2026-09-09</PPStartDate></PreProceedingsandFGDM>"
        + _plan("2025-06-02")
    )
    child = _child(details, identifiers=IDENTIFIERS + identity)
    batch = _read(_write(tmp_path, child, namespace=f" {namespace}"))

    assert _facts(batch) == [("2025-06-02", "cp.plan.start", None)]


@each("written, read", [
        ("2025-06-02", date(2025, 6, 2)), ("2025-06-02T14:30:00", date(2025, 6, 2)),
        ("2025-06-02Z", date(2025, 6, 2)), ("2025-06-02T00:00:00+01:00", date(2025, 6, 2)),
        ("02/06/2025", date(2025, 6, 2)), ("02/06/25", date(2025, 6, 2)),
        ("\u00a02025-06-02 ", date(2025, 6, 2)),
    ])  # fmt: skip
def test_dates_however_they_are_written(tmp_path: Path, written: str, read: date) -> None:
    """Dates are read day first."""
    batch = _one(tmp_path, _plan(written))

    assert [event.on for _, event, _ in batch.facts] == [read]


@each("written", ["", "1900-01-01", "#N/A", "N/A", "NULL", "\u00a0"])
def test_what_is_missing(tmp_path: Path, written: str) -> None:
    """A missing value is recognised in each way of writing it."""
    batch = _one(tmp_path, _plan("2025-06-02", ends=written or " "))

    assert _facts(batch) == [("2025-06-02", "cp.plan.start", None)]


def test_a_day_to_come_is_read(tmp_path: Path) -> None:
    """A future day is stored, and has no effect until it comes."""
    batch = _one(tmp_path, _plan("2025-06-02", "2026-12-04"))

    assert _facts(batch)[-1] == ("2026-12-04", "cp.conference.review", None)


def test_ids_are_text(tmp_path: Path) -> None:
    """Leading zeros stay; ids that differ only in zeros are warned of."""
    batch = _read(_write(tmp_path, _child("", "0012"), _child("", "12")))

    assert [child.child_id for child in batch.children] == ["0012", "12"]
    assert "differ only by case, spaces, leading zeros or a .0" in _warnings(batch)[0]


# ---------------------------------------------------------------- what is refused


@each(
    "details, column, says",
    [
        (_enquiry(""), "S47ActualStartDate", "missing (rule 8615)"),
        (_enquiry("2025-02-30"), "S47ActualStartDate", "there is no day"),
        (_enquiry("2025-05-12", "soon"), "DateOfInitialCPC", "not a date"),
        (_enquiry("2025-05-12", not_required="maybe"), "ICPCnotRequired", "must be yes or no"),
        (_enquiry("2025-05-12", "2025-06-02", "1"), "ICPCnotRequired", "gives one on 2025-06-02"),
        (_plan(""), "CPPstartDate", "missing"),
        (_plan("2025-06-02", ends="2025-06-01"), "CPPendDate", "rule 8925"),
        (_plan("2025-06-02", "2025-13-01"), "CPPreviewDate", ""),
        ("<DateOfInitialCPC>June</DateOfInitialCPC>", "DateOfInitialCPC", "not a date"),
    ],
)
def test_a_wrong_element_is_refused(tmp_path: Path, details: str, column: str, says: str) -> None:
    """Only the element is refused, with its line; its neighbours are read."""
    batch = _one(tmp_path, "\n" + details + _plan("2024-01-08"))
    (refused,) = batch.refused

    assert (refused.file, refused.column) == ("census.xml", column)
    assert refused.row == (4 if details.startswith("<Date") else 5)
    assert says in refused.reason
    assert refused.raw["LAchildID"] == "Wren"
    assert ("2024-01-08", "cp.plan.start", None) in _facts(batch)


@each(
    "identifiers, column",
    [
        ("<LAchildID/>", "LAchildID"),
        ("<LAchildID>NULL</LAchildID>", "LAchildID"),
        (f"<LAchildID>{'9' * 201}</LAchildID>", "LAchildID"),
        (
            "<LAchildID>A</LAchildID><PersonBirthDate>2026-11-23</PersonBirthDate>",
            "PersonBirthDate",
        ),
        ("<LAchildID>A</LAchildID><PersonBirthDate>yes</PersonBirthDate>", "PersonBirthDate"),
        ("<LAchildID>A</LAchildID><PersonDeathDate>yes</PersonDeathDate>", "PersonDeathDate"),
    ],
)
def test_a_child_with_a_wrong_id_or_date_is_refused(
    tmp_path: Path, identifiers: str, column: str
) -> None:
    """Nothing about that child is read."""
    batch = _one(tmp_path, _plan("2025-06-02"), identifiers=identifiers)

    assert _refusals(batch) == [(3, column)]
    assert batch.facts == []


def test_an_id_is_counted_once_however_much_is_refused(tmp_path: Path) -> None:
    """A refusal does not read and count the id again."""
    identifiers = (
        "<LAchildID>9001.0</LAchildID><PersonBirthDate>yes</PersonBirthDate>"
        "<PersonDeathDate>no</PersonDeathDate>"
    )
    batch = _one(tmp_path, _plan("2025-06-02"), identifiers=identifiers)

    assert [(one.column, one.about) for one in batch.refused] == [
        ("PersonBirthDate", "9001"), ("PersonDeathDate", "9001")
    ]  # fmt: skip
    assert [one for one in batch.warnings if "9001.0" in one] == [
        "census.xml, LAchildID: ids written as 9001.0, read as 9001: 1"
    ]


def test_what_is_repeated_is_counted(tmp_path: Path) -> None:
    """A repeated enquiry, plan or review is read once."""
    details = _enquiry("2025-05-12", "2025-06-02") + _plan("2025-06-02", "2025-08-29")
    batch = _one(tmp_path, details + details)

    assert batch.counts["repeated rows"] == 2
    assert len(batch.facts) == 4


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        (_enquiry("2025-05-12", "2025-06-02"), _enquiry("2025-05-12", "2025-06-03"),
         "S47ActualStartDate"),
        (_enquiry("2025-05-12", "2025-06-02"), _enquiry("2025-05-12", not_required="1"),
         "S47ActualStartDate"),
        (_plan("2025-06-02", ends="2025-09-01"), _plan("2025-06-02", ends="2025-09-02"),
         "CPPstartDate"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(tmp_path: Path, first: str, second: str, column: str) -> None:
    """The refusal names the other line."""
    batch = _one(tmp_path, "\n" + first + second)

    assert _refusals(batch) == [(6, column)]
    assert "line 5" in batch.refused[0].reason


def test_two_births_of_one_child_are_refused(tmp_path: Path) -> None:
    """In one file, the second record is not read."""
    other = _child(_plan("2025-06-02")).replace("2015-06-01", "2015-06-02")
    batch = _read(_write(tmp_path, _child(""), other))

    assert _refusals(batch) == [(5, "PersonBirthDate")]
    assert "line 3 gives 2015-06-01" in batch.refused[0].reason
    assert batch.facts == []


_HEADER = "<Message><Header><CollectionDetails>{0}</CollectionDetails></Header></Message>"


@each("text, says", [
        ("<EXPSSDA903/>", "iro import ssda903"),
        (_HEADER.format("<Collection>SWF</Collection>"), "its Collection is SWF, not CIN"),
        (_HEADER.format("<ReferenceDate>March</ReferenceDate>"), "ReferenceDate: not a date"),
        ("<Message><Children><Child>", "the file ends in the middle"),
        ("<!DOCTYPE Message><Message/>", "document type"),
    ])  # fmt: skip
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """The whole file is refused, and the message says what it is."""
    path = tmp_path / "census.xml"
    path.write_text(text)

    with pytest.raises(InputRefusedError, match="census.xml") as caught:
        _read(path)
    assert says in str(caught.value)


def test_every_wrong_file_is_named(tmp_path: Path) -> None:
    """All wrong files are named together; those of one name are told apart by their path."""
    paths = [tmp_path / name / "census.xml" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("<Message>")
    with pytest.raises(InputRefusedError) as caught:
        _read(*paths, tmp_path / "none.xml")
    message = str(caught.value)

    assert all(name in message for name in ("a/census.xml", "b/census.xml", "none.xml"))


def test_two_authorities_in_one_run_are_refused(tmp_path: Path) -> None:
    """Their ids may be the same for different children."""
    with pytest.raises(InputRefusedError, match=r"--database") as caught:
        _read(
            _write(tmp_path, authority="998", name="one.xml"),
            _write(tmp_path, authority="999", name="two.xml"),
        )
    assert "one.xml is of 998" in str(caught.value)


# ---------------------------------------------------------------- several years


def test_years_are_put_together(tmp_path: Path) -> None:
    """In any order, the later year says how things went on."""
    first = _write(
        tmp_path, _child(_enquiry("2025-03-10") + _plan("2024-09-02", "2024-12-02")),
        ends="2025-03-31", name="first.xml",
    )  # fmt: skip
    second = _write(
        tmp_path,
        _child(
            _enquiry("2025-03-10", "2025-04-01")
            + _plan("2024-09-02", "2024-12-02", "2025-05-29", ends="2025-05-29")
        ),
        name="second.xml",
    )
    batch = _read(second, first)

    assert _facts(batch) == _facts(_read(first, second)) == [
        ("2024-09-02", "cp.plan.start", None), ("2024-12-02", "cp.conference.review", None),
        ("2025-03-10", "cp.strategy", None), ("2025-04-01", "cp.conference.initial", "no-plan"),
        ("2025-05-29", "cp.conference.review", None), ("2025-05-29", "cp.plan.end", None),
    ]  # fmt: skip
    assert [cover.begins for cover in batch.covers] == [date(2024, 4, 1), date(2025, 4, 1)]
    assert batch.refused == []


def test_the_later_year_corrects_the_earlier(tmp_path: Path) -> None:
    """A warning counts the corrections."""
    first = _write(
        tmp_path, _child(_plan("2024-09-02", ends="2025-01-06")), ends="2025-03-31", name="1.xml"
    )
    later = _child(_plan("2024-09-02", ends="2025-01-07")).replace("2015-06-01", "2015-06-02")
    batch = _read(_write(tmp_path, later, name="2.xml"), first)

    assert _facts(batch)[-1] == ("2025-01-07", "cp.plan.end", None)
    assert batch.children == [Child("Wren", date_of_birth=date(2015, 6, 2))]
    assert len(_warnings(batch)) == 2


# ---------------------------------------------------------------- the dummy files, damage, memory


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "CIN2rows.xml", "CIN_Census_2021.xml", "CIN_Census_2024.xml", "CIN_Census_2026.xml",
        "fake_CIN_data.xml",
    ],
)  # fmt: skip
def test_the_dummy_files_are_read_whole(name: str) -> None:
    """The standard library's own parser counts the same."""
    if not SHARED.is_dir():
        pytest.skip(f"the dummy censuses are not at {SHARED}: nothing was checked against them")
    root = ET.parse(SHARED / name).getroot()
    expected: Counter[str] = Counter()
    for child in root.iter("Child"):
        days = {
            "cp.conference.transfer-in": child.findall("CINdetails/DateOfInitialCPC"),
            "cp.strategy": child.findall("CINdetails/Section47/S47ActualStartDate"),
            "cp.conference.initial": child.findall("CINdetails/Section47/DateOfInitialCPC"),
            "cp.plan.start": child.findall("CINdetails/ChildProtectionPlans/CPPstartDate"),
            "cp.plan.end": child.findall("CINdetails/ChildProtectionPlans/CPPendDate"),
            "cp.conference.review": child.findall(".//CPPreviewDate"),
            "child.died": child.findall(".//PersonDeathDate"),
        }
        for event, nodes in days.items():
            expected[event] += len({node.text for node in nodes})
    batch = _read(SHARED / name)

    assert Counter(event.event for _, event, _ in batch.facts) == +expected
    assert len(batch.children) == len(list(root.iter("Child")))
    assert batch.refused == []


def test_the_example_is_read_without_a_word() -> None:
    """The only warning is about the one conference without a plan."""
    batch = SOURCE.read([EXAMPLE], today=date(2026, 11, 23))

    assert len(batch.children) == 9
    assert [text[-3:] for text in _warnings(batch)] == [": 1"]
    assert batch.refused == []


GOOD = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection>"
    "<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails></Header><Children>"
    + _child(
        "<DateOfInitialCPC>2025-06-02</DateOfInitialCPC>"
        + _enquiry("2025-05-12", "2025-06-02")
        + _plan("2025-06-02", "2025-08-29")
    )
    + "</Children></Message>"
).encode()


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=6),
    st.integers(0, len(GOOD)),
)
@examples(300)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]], end: int
) -> None:
    """Any damage gives a refusal at most."""
    data = bytearray(GOOD)
    for place, piece in changes:
        data[place : place + 1] = piece
    path = tmp_path_factory.mktemp("fuzz") / "census.xml"
    path.write_bytes(bytes(data[: end or None]))
    try:
        batch = _read(path)
    except InputRefusedError as error:
        batch, message = Batch(), str(error)
    else:
        message = "census.xml"

    assert "census.xml" in message
    assert len(batch.children) <= 1


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=5, max_size=5))
@examples(200)
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """This holds for every element that is read."""
    safe = [text.replace("&", "&amp;").replace("<", "&lt;") for text in texts]
    child, begins, held, flag, ends = (
        "".join(letter for letter in text if letter not in "\ufffe\uffff") for text in safe
    )
    folder = tmp_path_factory.mktemp("fuzz")
    details = _enquiry(begins, held, flag) + _plan(begins, held, ends=ends)
    batch = _read(_write(folder, _child(details, child.replace("{", "").replace("}", ""))))

    assert len(batch.children) <= 1
    assert all(one.reason for one in batch.refused)


@pytest.mark.slow
def test_memory_grows_with_the_facts_only(tmp_path: Path) -> None:
    """A file ten times as large, mostly without reviews, needs hardly more memory."""
    filler = "<CINPlanDates><CINPlanStartDate>2025-01-06</CINPlanStartDate></CINPlanDates>"
    peaks = []
    for times in (50, 500):
        path = _write(tmp_path, *(_child(filler * times, f"B{n:03}") for n in range(100)))
        peaks.append(memory_of(*[partial(_read, path)] * 2)[1])

        assert len(_read(path).children) == 100
    assert peaks[1] < peaks[0] * 1.5


def test_what_a_file_has_none_of_is_not_known(tmp_path: Path) -> None:
    """Enquiries, plans and reviews of the year of the file are not known."""
    batch = _one(tmp_path, _enquiry("2025-05-10"))

    of_year = [one for one in batch.not_carried if one.lacks != NO_EXTRACT]
    assert {(one.source, one.event, one.lacks) for one in of_year} == {
        ("cin-census", "cp.plan.start", "the element ChildProtectionPlans"),
        ("cin-census", "cp.plan.end", "the element ChildProtectionPlans"),
        ("cin-census", "cp.conference.review", "the element CPPreviewDate"),
        ("cin-census", "cp.conference.initial", "the element DateOfInitialCPC"),
    }
    assert {(one.from_on, one.to_on) for one in of_year} == {(date(2025, 4, 1), date(2026, 3, 31))}
    assert batch.warnings[-2].endswith(
        "there is no DateOfInitialCPC, no ChildProtectionPlans, no CPPreviewDate: what they would "
        "say of that year is not known"
    )


def test_the_days_after_the_last_year_are_not_known(tmp_path: Path) -> None:
    """They run from 1 April to the day before the import, if anything was open."""
    batch = _one(tmp_path, _enquiry("2025-05-10"))
    closed = _one(
        tmp_path, _enquiry("2025-05-10", "2025-05-20") + _plan("2025-05-20", ends="2025-09-01")
    )
    since = {(one.from_on, one.to_on) for one in batch.not_carried if one.lacks == NO_EXTRACT}

    assert since == {(date(2026, 4, 1), date(2026, 11, 21))}
    assert batch.warnings[-1] == (
        "the last census is of the year to 31 Mar 2026: what happened from then to 22 Nov 2026 is "
        "not known"
    )
    assert [one for one in closed.not_carried if one.lacks == NO_EXTRACT] == []


def test_a_death_ahead_is_refused(tmp_path: Path) -> None:
    """A future day of death is refused."""
    batch = _one(
        tmp_path,
        _plan("2025-06-02"),
        identifiers=IDENTIFIERS + "<PersonDeathDate>2027-12-09</PersonDeathDate>",
    )

    assert _refusals(batch) == [(3, "PersonDeathDate")]
