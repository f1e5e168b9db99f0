"""Read the tables of the Standard Safeguarding Dataset."""

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_cli.errors import InputRefusedError, UsageError
from iro_cli.extracts.batch import Batch
from iro_cli.extracts.ssd import SOURCE
from iro_cli.extracts.ssd.workers import read_roles, roles_of
from iro_cli.facts.model import Allocation, Child, Event
from iro_cli.incoming.refused import write_refused
from running import each
from strategies import examples, letters

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "examples" / "extracts" / "ssd"

EPISODES = (
    "clae_person_id,clae_cla_episode_start_date,clae_cla_episode_start_reason,"
    "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,"
    "clae_cla_placement_id,clae_entered_care_date"
)
REVIEWS = (
    "clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,clar_cla_review_cancelled,"
    "clar_cla_review_participation"
)
STATUS = "lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date"
ENQUIRIES = (
    "s47e_s47_enquiry_id,s47e_person_id,s47e_s47_start_date,s47e_s47_end_date,s47e_s47_nfa,"
    "s47e_s47_outcome_json"
)
CONFERENCES = (
    "icpc_s47_enquiry_id,icpc_person_id,icpc_icpc_transfer_in,icpc_icpc_date,"
    "icpc_icpc_outcome_cp_flag"
)
PLANS = (
    "cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date,cppl_cp_plan_end_date,cppl_cp_plan_ola"
)
PLAN_REVIEWS = (
    "cppr_person_id,cppr_cp_plan_id,cppr_cp_review_due,cppr_cp_review_date,"
    "cppr_cp_review_outcome_continue_cp"
)
INVOLVEMENTS = (
    "invo_professional_id,invo_professional_role_id,invo_professional_team,invo_person_id,"
    "invo_involvement_start_date,invo_involvement_end_date"
)
PROFESSIONALS = "prof_professional_id,prof_professional_name,prof_professional_job_title"
OLDER_EPISODES = (
    "clae_cla_episode_id,clae_person_id,clae_cla_episode_start,clae_cla_episode_ceased,"
    "clae_cla_episode_start_reason,clae_cla_episode_cease_reason"
)
OLDER_INVOLVEMENTS = (
    "invo_professional_id,invo_professional_role_id,invo_involvement_start_date,"
    "invo_involvement_end_date,invo_referral_id"
)
OTHER_OUTCOME = '""OTHER_OUTCOMES_EXIST_FLAG"":""Y""'
PERSON = "pers_person_id,pers_dob,pers_expected_dob"
IN_CARE = "A,2026-02-01,S,,,C1,,2026-02-01"


def _folder(folder: Path, *tables: tuple[str, ...]) -> Path:
    """Write tables, each a header and rows; the names of the files have no meaning."""
    folder.mkdir(exist_ok=True)
    for number, table in enumerate(tables):
        (folder / f"t{number}.csv").write_text("\n".join(table), "utf-8")
    return folder


def _read(folder: Path, *tables: tuple[str, ...], roles: Mapping[str, str] | None = None) -> Batch:
    return SOURCE.read([_folder(folder, *tables)], today=TODAY, roles=roles)


def _facts(batch: Batch, *, child: str = "A") -> list[tuple[str, str, str | None]]:
    """Return a child's facts in order of date, without placements."""
    return sorted(
        (event.on.isoformat(), event.event, event.outcome or event.participation or event.reason)
        for child_id, event, _ in batch.facts
        if child_id == child and event.event != "placement.start"
    )


def _refusals(batch: Batch) -> list[tuple[str, int, str]]:
    return [(one.file, one.row, one.column) for one in batch.refused]


# ---------------------------------------------------------------- looked after


def test_reviews_belong_to_the_child_of_their_period_of_care(tmp_path: Path) -> None:
    """A time of day is dropped; cancelled reviews, and those that are only due, give no facts."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (
            REVIEWS,
            "C1,2026-03-01,2026-02-20 10:30:00.000,N,PN1",
            "C1,2026-05-20,2026-05-18T09:00:00,N,PN2 - attended with an advocate",
            "C1,2026-11-18,2026-11-16,Y,",
            "C1,2026-12-01,NULL,N,NULL",
            "C1,2026-12-01,1900-01-01 00:00:00.000,N,",
        ),
    )

    assert _facts(batch) == [
        ("2026-02-01", "cla.start", None),
        ("2026-02-20", "cla.review", "PN1"),
        ("2026-05-18", "cla.review", "PN2"),
    ]
    assert batch.refused == []
    assert (batch.counts["reviews cancelled"], batch.counts["reviews not held yet"]) == (1, 2)
    assert ("A", "t1.csv:2") in [(child, source) for child, _, source in batch.facts]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("clar_cla_person_id,clar_cla_review_date", id="System C"),
        pytest.param("CLAR_CLA_PERSON_ID,CLAR_CLA_REVIEW_DATE", id="capitals"),
        pytest.param("clar_person_id,clar_cla_review_date", id="another build"),
    ],
)
def test_a_review_may_name_its_child(header: str, tmp_path: Path) -> None:
    """Some builds have a column for the child."""
    batch = _read(tmp_path, (EPISODES, IN_CARE), (header, "A,20/02/2026"))

    assert _facts(batch)[1] == ("2026-02-20", "cla.review", None)


def test_older_names_of_columns_are_known(tmp_path: Path) -> None:
    """The ceased date had a shorter name, and reviews once named the episode."""
    batch = _read(
        tmp_path,
        (
            OLDER_EPISODES,
            "E1,A,2026-02-01,2026-06-01,S,E4A",
        ),
        ("clar_cla_episode_id,clar_cla_review_date", "E1,2026-02-20"),
    )

    assert _facts(batch) == [
        ("2026-02-01", "cla.start", None),
        ("2026-02-20", "cla.review", None),
        ("2026-06-01", "cla.end", "E4A"),
    ]


@each(
    "episodes, expected",
    [
        pytest.param(
            ["A,2026-02-01,S,2026-03-01,X1,C1,,", "A,2026-03-01,P,2026-05-01,E4A - home,C1,,"],
            [("2026-02-01", "cla.start", None), ("2026-05-01", "cla.end", "E4A")],
            id="codes",
        ),
        pytest.param(
            ["A,2026-02-01,,2026-03-01,,C1,,2026-02-01", "A,2026-03-01,,,,C1,,2026-02-01"],
            [("2026-02-01", "cla.start", None)],
            id="no codes: one period of care by its id",
        ),
        pytest.param(
            ["A,2026-02-01,S,2026-03-01,,C1,,", "A,2026-06-01,S,,,C2,,"],
            [
                ("2026-02-01", "cla.start", None),
                ("2026-03-01", "cla.end", "the extract gives no reason"),
                ("2026-06-01", "cla.start", None),
            ],
            id="no reason, and another period",
        ),
        pytest.param(
            ["A,2026-02-01,S,2026-03-01,Returned home,C1,,"],
            [("2026-02-01", "cla.start", None), ("2026-03-01", "cla.end", "Returned home")],
            id="a reason in words",
        ),
        pytest.param(
            ["A,2026-02-01,P,,,C1,,2019-05-07"],
            [("2019-05-07", "cla.start", None)],
            id="the extract begins later than care, and says when that was",
        ),
        pytest.param(
            ["A,2026-02-01,P,,,C1,,"],
            [("2026-02-01", "cla.continuing", None)],
            id="and does not say",
        ),
        pytest.param(
            ["A,2026-02-01,S,,,C1,,", "A,2026-02-01,S,,,C1,,"],
            [("2026-02-01", "cla.start", None)],
            id="a row twice",
        ),
    ],
)
def test_episodes_become_periods_of_care(
    episodes: list[str], expected: list[tuple[str, str, str | None]], tmp_path: Path
) -> None:
    """The codes of the return decide or, if a build leaves them out, the period's id."""
    batch = _read(tmp_path, (EPISODES, *episodes))

    assert _facts(batch) == expected
    assert batch.refused == []


def test_care_older_than_the_reviews_goes_on(tmp_path: Path) -> None:
    """The first known review is not the first: from the start of care it would be years late."""
    batch = _read(
        tmp_path,
        (EPISODES, "A,2024-02-01,P,,,C1,,2010-05-07"),
        (REVIEWS, "C1,,2024-03-01,N,PN1"),
    )

    assert _facts(batch)[0] == ("2024-02-01", "cla.continuing", None)
    assert any("when the first review was held is not known: 1" in one for one in batch.warnings)


@pytest.mark.parametrize(
    "status", ["V3", "V4 - short term", "Accommodated under an agreed series of short-term breaks"]
)
def test_short_breaks_have_reviews_of_their_own(status: str, tmp_path: Path) -> None:
    """The legal status on the day the episode began decides."""
    batch = _read(
        tmp_path,
        (EPISODES, "A,2026-02-01,S,,,C1,,"),
        (STATUS, f"A,{status},2026-02-01,", "B,nonsense,not a date,"),
        (REVIEWS, "C1,,2026-04-20,N,PN1"),
    )

    assert _facts(batch) == [
        ("2026-02-01", "short-break.start", None),
        ("2026-04-20", "short-break.review", "PN1"),
    ]
    assert batch.refused == []


def test_adoption_is_read_from_orders_and_placements(tmp_path: Path) -> None:
    """A review while placed for adoption is an adoption review."""
    batch = _read(
        tmp_path,
        (
            EPISODES,
            "A,2026-01-05,S,2026-03-02,X1,C1,P1,",
            "A,2026-03-02,L,2026-06-01,X1,C1,P1,",
            "A,2026-06-01,P,,,C1,P2,",
        ),
        (STATUS, "A,C1,2026-01-05,2026-03-02", "A,E1 - placement order,2026-03-02,"),
        (
            "clap_cla_placement_id,clap_cla_placement_type",
            "P1,U1",
            "P2,A5 - placed for adoption",
        ),
        (REVIEWS, "C1,,2026-04-01,N,PN0", "C1,,2026-06-29,N,PN0"),
    )

    assert [(on, event) for on, event, _ in _facts(batch)] == [
        ("2026-01-05", "cla.start"),
        ("2026-03-02", "adoption.authorised"),
        ("2026-04-01", "cla.review"),
        ("2026-06-01", "adoption.placed"),
        ("2026-06-29", "adoption.review"),
    ]


def test_a_review_whose_period_is_unknown_is_refused(tmp_path: Path) -> None:
    """Nobody can say whose review it is."""
    batch = _read(tmp_path, (EPISODES, IN_CARE), (REVIEWS, "C9,,2026-02-20,N,", ",,2026-02-20,N,"))

    assert _refusals(batch) == [("t1.csv", 2, "clar_cla_id"), ("t1.csv", 3, "clar_cla_id")]
    assert "ssd_cla_episodes" in batch.refused[0].reason


def test_a_review_without_an_episode_needs_care_in_the_store(tmp_path: Path) -> None:
    """It is refused if the store has no period of care either."""
    batch = _read(
        tmp_path, (EPISODES, IN_CARE), ("clar_cla_person_id,clar_cla_review_date", "B,2026-02-20")
    )

    assert list(batch.needing_care) == ["B"]


def test_what_contradicts_itself_is_refused(tmp_path: Path) -> None:
    """The refusal names the other row; a repeated row is only counted."""
    batch = _read(
        tmp_path,
        (
            EPISODES,
            "A,2026-02-01,S,2026-05-01,E4A,C1,,",
            "A,2026-02-01,S,2026-06-01,E4A,C1,,",
            "A,2026-04-01,S,,,C2,,",
            "B,2026-02-01,S,2026-01-01,E4A,C3,,",
            "D,2026-02-01,S,,,C1,,",
            "E,not a day,S,,,C4,,",
        ),
        (
            REVIEWS,
            "C1,,2026-02-20,N,PN1",
            "C1,,2026-02-20,N,PN2",
            "C1,,2026-02-20,N,",
            "C1,,2026-02-21,maybe,",
        ),
    )

    assert _refusals(batch) == [
        ("t0.csv", 3, "clae_cla_episode_start_date"),
        ("t0.csv", 5, "clae_cla_episode_ceased_date"),
        ("t0.csv", 6, "clae_cla_id"),
        ("t0.csv", 7, "clae_cla_episode_start_date"),
        ("t1.csv", 3, "clar_cla_review_participation"),
        ("t1.csv", 5, "clar_cla_review_cancelled"),
        ("t0.csv", 4, "clae_cla_episode_start_date"),
    ]
    assert "t1.csv:2" in batch.refused[4].reason
    assert batch.counts["repeated rows"] == 1


def test_participation_that_is_no_code_is_left_out_with_a_warning(tmp_path: Path) -> None:
    """One build has a word of the form there; PLACEHOLDER_DATA counts as blank."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (REVIEWS, "C1,,2026-02-20,N,In person", "C1,,2026-05-20,N,PLACEHOLDER_DATA"),
    )

    assert [event.participation for _, event, _ in batch.facts if event.event == "cla.review"] == [
        None,
        None,
    ]
    assert any("PN0 to PN7, which was left out: 1" in one for one in batch.warnings)


def test_a_review_in_the_future_is_read(tmp_path: Path) -> None:
    """It has no effect until its day."""
    batch = _read(tmp_path, (EPISODES, IN_CARE), (REVIEWS, "C1,,2027-02-20,N,"))

    assert _facts(batch)[1] == ("2027-02-20", "cla.review", None)
    assert all(cover.ends == date(2026, 2, 1) for cover in batch.covers)


# ---------------------------------------------------------------- child protection


def test_a_protection_plan_from_enquiry_to_end(tmp_path: Path) -> None:
    """Every review conference is read, and the plan's start beside its conference, and its end."""
    batch = _read(
        tmp_path,
        (ENQUIRIES, 'S1,A,2026-01-05,2026-01-19,N,"{""CP_CONFERENCE_FLAG"":""Y""}"'),
        (CONFERENCES, "S1,A,N,2026-01-22 10:00:00,Y"),
        (PLANS, "K1,A,2026-01-22,2026-09-30,N"),
        (
            PLAN_REVIEWS,
            "A,K1,2026-04-22,2026-04-20,Y",
            ",K1,2026-10-20,2026-09-30,N",
            "A,K1,2026-12-20,,",
        ),
    )

    assert _facts(batch) == [
        ("2026-01-05", "cp.strategy", None),
        ("2026-01-22", "cp.conference.initial", "plan"),
        ("2026-01-22", "cp.plan.start", None),
        ("2026-04-20", "cp.conference.review", "continue"),
        ("2026-09-30", "cp.conference.review", "end"),
        ("2026-09-30", "cp.plan.end", None),
    ]
    assert batch.facts[3][1].section_47 == "yes"
    assert batch.counts["review conferences not held yet"] == 1


@each(
    "row, expected",
    [
        ("S1,A,2026-01-05,2026-01-19,Y,", ("2026-01-19", "no conference came of the enquiries")),
        ("S1,A,2026-01-05,,Yes,", ("2026-01-05", "the extract gives no date")),
        ("S1,A,2026-01-05,,a) Yes,", ("2026-01-05", "the extract gives no date")),
        (
            'S1,A,2026-01-05,2026-01-19,N,"{""OUTCOME_NFA_FLAG"":""Y"",""COMM',
            ("2026-01-19", "no conference came of the enquiries"),
        ),
        (
            'S1,A,2026-01-05,2026-01-19,N,"{""CP_CONFERENCE_FLAG"":""N""}"',
            ("2026-01-19", "no conference came of the enquiries"),
        ),
        ('S1,A,2026-01-05,,N,"{""CP_CONFERENCE_FLAG"":""N""}"', None),
        (
            f'S1,A,2026-01-05,2026-01-19,N,"{{""CP_CONFERENCE_FLAG"":""N"",{OTHER_OUTCOME}}}"',
            None,
        ),
        ('S1,A,2026-01-05,2026-01-19,Y,"{""CP_CONFERENCE_FLAG"":""Y""}"', None),
        ("S1,A,2026-01-05,2026-01-19,N,", None),
        ("S2,A,2026-01-05,2026-01-19,Y,", None),
    ],
)
def test_enquiries_that_ended_without_a_conference(
    row: str, expected: tuple[str, str] | None, tmp_path: Path
) -> None:
    """The event is read only if the extract says so and no conference belongs to the enquiry."""
    row = row + '"' if row.endswith("COMM") else row
    batch = _read(tmp_path, (ENQUIRIES, row), (CONFERENCES, "S2,A,N,,"))
    found = [
        (event.on.isoformat(), event.reason)
        for _, event, _ in batch.facts
        if event.event == "cp.conference.not-required"
    ]

    assert found == ([expected] if expected else [])
    assert batch.refused == []


@each(
    "flag_, plan, outcome",
    [
        ("Y", None, "plan"),
        ("N", "2026-01-22", "no-plan"),
        ("", "2026-01-22", "plan"),
        ("", "2026-02-19", "plan"),
        ("NULL", "2026-02-20", None),
        ("", "2026-01-21", None),
        ("", None, None),
    ],
)
def test_the_result_of_a_conference(
    flag_: str, plan: str | None, outcome: str | None, tmp_path: Path
) -> None:
    """A blank result becomes plan if one starts within 28 days (22 Jan + 28 = 19 Feb)."""
    plans = (PLANS, f"K1,A,{plan},,N") if plan else (PLANS,)
    batch = _read(tmp_path, (CONFERENCES, f",A,N,2026-01-22,{flag_}"), plans)

    assert [one.outcome for _, one, _ in batch.facts if one.event == "cp.conference.initial"] == [
        outcome
    ]


def test_a_build_without_results(tmp_path: Path) -> None:
    """The nearest conference before a plan made it; the others made none."""
    batch = _read(
        tmp_path,
        (
            "icpc_person_id,icpc_icpc_transfer_in,icpc_icpc_date",
            "A,N,2026-01-22",
            "A,N,2026-01-29",
            "A,Y,2026-06-01",
        ),
        (PLANS, "K1,A,2026-02-02,,N"),
    )

    assert [row for row in _facts(batch) if "conference" in row[1]] == [
        ("2026-01-22", "cp.conference.initial", "no-plan"),
        ("2026-01-29", "cp.conference.initial", "plan"),
        ("2026-06-01", "cp.conference.transfer-in", "no-plan"),
    ]
    assert any("read as no-plan: 2" in one for one in batch.warnings)


def test_plans_of_another_authority_are_left_out(tmp_path: Path) -> None:
    """Their reviews are left out too, because another authority holds them."""
    batch = _read(
        tmp_path,
        (PLANS, "K1,A,2026-01-22,,Y"),
        (PLAN_REVIEWS, "A,K1,,2026-04-20,Y"),
    )

    assert batch.facts == []
    assert any("cppl_cp_plan_ola" in one for one in batch.warnings)


def test_a_review_on_the_start_of_the_plan_is_kept_and_counted(tmp_path: Path) -> None:
    """Rule 8841 forbids it; a warning counts it."""
    batch = _read(
        tmp_path,
        (PLANS, "K1,A,2026-01-22,,N"),
        (PLAN_REVIEWS, "A,K1,,2026-01-22,Y", "A,K1,,2026-04-20,Y"),
    )

    assert ("2026-01-22", "cp.conference.review", "continue") in _facts(batch)
    assert any("rule 8841): 1" in one for one in batch.warnings)


def test_what_contradicts_itself_in_child_protection_is_refused(tmp_path: Path) -> None:
    """Each refusal names its column."""
    batch = _read(
        tmp_path,
        (ENQUIRIES, "S1,A,2026-01-05,2026-01-04,N,", "S2,,2026-01-05,,N,"),
        (CONFERENCES, ",A,N,2026-01-22,Y", ",A,N,2026-01-22,N", ",A,N,2026-01-23,perhaps"),
        (
            PLANS,
            "K1,A,2026-01-22,2026-01-01,N",
            "K2,A,2026-01-22,,N",
            "K2,B,2026-01-22,,N",
            "K3,A,,,N",
        ),
        (PLAN_REVIEWS, ",K9,,2026-04-20,Y", "B,K2,,2026-04-20,Y"),
    )

    assert _refusals(batch) == [
        ("t2.csv", 2, "cppl_cp_plan_end_date"),
        ("t2.csv", 4, "cppl_cp_plan_id"),
        ("t2.csv", 5, "cppl_cp_plan_start_date"),
        ("t1.csv", 3, "icpc_icpc_outcome_cp_flag"),
        ("t1.csv", 4, "icpc_icpc_outcome_cp_flag"),
        ("t0.csv", 2, "s47e_s47_end_date"),
        ("t0.csv", 3, "s47e_person_id"),
        ("t3.csv", 2, "cppr_cp_plan_id"),
        ("t3.csv", 3, "cppr_cp_plan_id"),
    ]


# ---------------------------------------------------------------- IRO and chair


@each(
    "text, roles",
    [
        ("IRO", ("iro",)),
        ("iro ", ("iro",)),
        ("Independent Reviewing Officer", ("iro",)),
        ("Independent Review Officer (LAC)", ("iro",)),
        ("Senior Reviewing Officer", ("iro",)),
        ("CP Chair", ("chair",)),
        ("CPCHAIR", ("chair",)),
        ("Child Protection Conference Chairperson", ("chair",)),
        ("Chair of conference", ("chair",)),
        ("Conference Co-ordinator", ("chair",)),
        ("IRO/Child Protection Chair", ("iro", "chair")),
        ("CHAIR", ("chair",)),
        ("Allocated case worker", ()),
        ("IRO Admin", ()),
        ("Fostering IRO", ()),
        ("Adoption Panel Chair", ()),
        ("Strategy meeting chair", ()),
        ("Iron worker", ()),
        ("Wheelchair services", ()),
        ("", ()),
    ],
)
def test_roles_by_their_words(text: str, roles: tuple[str, ...]) -> None:
    """Codes, descriptions and job titles are recognised; helpers and fostering are not."""
    assert roles_of(text) == roles


def test_iro_and_chair_from_involvements(tmp_path: Path) -> None:
    """By role, then by job title; 1900 and blank mean no day; overlaps stay as they are."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (
            INVOLVEMENTS,
            "1,IRO,,A,2026-02-03 00:00:00.000,2026-06-30 00:00:00.000",
            "2,Independent Reviewing Officer,,A,2026-06-15,1900-01-01 00:00:00.000",
            "3,X12,,A,2026-03-01,",
            "3,X12,,A,2026-03-01,",
            "4,CP CHAIR,,A,,",
            "5,CW,,A,2026-02-01,",
        ),
        (
            PROFESSIONALS,
            "1,Ann Example,Social Worker",
            "2,Bo Example,",
            "3,Cy Example,Independent Reviewing Officer",
            "4,Di Example,Manager",
            "5,Ed Example,IRO",
        ),
    )

    assert batch.allocations == [
        Allocation("A", "iro", "Ann Example", date(2026, 2, 3), date(2026, 6, 30)),
        Allocation("A", "iro", "Bo Example", date(2026, 6, 15)),
        Allocation("A", "iro", "Cy Example", date(2026, 3, 1)),
        Allocation("A", "chair", "Di Example"),
    ]
    assert batch.counts["repeated rows"] == 1
    assert not any("role" in one for one in batch.warnings)


def test_roles_that_are_not_recognised_are_named_once(tmp_path: Path) -> None:
    """The warning counts each code that is not mapped, so that somebody can map it."""
    rows = ["1,CPC,,A,2026-02-03,", "1,CPC,,A,2026-02-04,", "1,Q7,,A,,", "1,[bold]x,,A,,"]
    people = (PROFESSIONALS, "1,Ann Example,")
    before = _read(tmp_path / "1", (EPISODES, IN_CARE), (INVOLVEMENTS, *rows), people)
    after = _read(
        tmp_path / "2",
        (EPISODES, IN_CARE),
        (INVOLVEMENTS, *rows),
        people,
        roles={"cpc": "chair", "Q7": "other"},
    )

    assert before.allocations == []
    assert [one for one in before.warnings if "CPC 2, Q7 1, [bold]x 1" in one]
    assert [(one.role, one.from_on) for one in after.allocations] == [
        ("chair", date(2026, 2, 3)),
        ("chair", date(2026, 2, 4)),
    ]
    assert not any("CPC" in one or "Q7" in one for one in after.warnings)


def test_one_code_for_both_roles(tmp_path: Path) -> None:
    """Some teams have one person as IRO and as chair."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (INVOLVEMENTS, "1,SRO,,A,2026-02-03,"),
        (PROFESSIONALS, "1,Ann Example,"),
        roles=read_roles(["SRO=both"]),
    )

    assert [one.role for one in batch.allocations] == ["iro", "chair"]


def test_involvements_of_older_builds_go_by_referral(tmp_path: Path) -> None:
    """They name no child, but the referral does."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (
            OLDER_INVOLVEMENTS,
            "1,IRO,2026-02-03,,R1",
            "1,IRO,2026-02-03,,R9",
        ),
        ("cine_referral_id,cine_person_id", "R1,A"),
        (PROFESSIONALS, "1,Ann Example,"),
    )

    assert batch.allocations == [Allocation("A", "iro", "Ann Example", date(2026, 2, 3))]
    assert _refusals(batch) == [("t1.csv", 3, "invo_referral_id")]


def test_involvements_without_a_name_or_a_person(tmp_path: Path) -> None:
    """The id stands for a missing name; -1 is no person."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE),
        (
            INVOLVEMENTS,
            "501,IRO,,A,2026-02-03,",
            "-1,IRO,,A,2026-02-03,",
            "501,IRO,,A,2026-02-03,2026-02-01",
        ),
    )

    assert batch.allocations == [Allocation("A", "iro", "501", date(2026, 2, 3))]
    assert _refusals(batch) == [("t1.csv", 4, "invo_involvement_end_date")]
    assert any("kept under the professional's id: 1" in one for one in batch.warnings)
    assert any("without a professional, left out: 1" in one for one in batch.warnings)


@pytest.mark.parametrize("text", ["CPC", "=iro", "CPC=lead", "CPC="])
def test_a_role_written_otherwise_is_a_usage_error(text: str) -> None:
    """The message says what to write."""
    with pytest.raises(UsageError, match="CODE=ROLE"):
        read_roles([text])


# ---------------------------------------------------------------- children


def test_only_children_with_facts_are_described(tmp_path: Path) -> None:
    """The dataset also has mothers and others; the team is that of the social worker now."""
    batch = _read(
        tmp_path,
        (EPISODES, "007,2026-02-01,S,,,C1,,"),
        (CONFERENCES, ",B,N,2026-11-02,Y", ",Z,N,2026-11-02,Y"),
        (PERSON, "007,2015-03-01 00:00:00.000,NULL", "B,,2027-01-15", "M,1990-01-01,"),
        (
            INVOLVEMENTS,
            "5,CW,90,007,2026-02-01,2026-05-31",
            "6,ALLOCATED CASE WORKER,91,007,2026-06-01,",
            "6,CW,92,007,2026-12-01,",
        ),
        ("dept_team_id,dept_team_name", "90,North", "91,South", "92,East"),
    )

    assert batch.children == [
        Child("B", expected_date_of_delivery=date(2027, 1, 15)),
        Child("Z"),
        Child("007", date_of_birth=date(2015, 3, 1), team="South"),
    ]
    assert any("not in ssd_person, whose date of birth is not known: 1" in one
               for one in batch.warnings)  # fmt: skip


def test_a_person_who_cannot_be_right_is_refused(tmp_path: Path) -> None:
    """The row is refused only if the person is one of the children."""
    batch = _read(
        tmp_path,
        (EPISODES, IN_CARE, "B,2026-02-01,S,,,C2,,"),
        (PERSON, "A,2027-03-01,", "B,2015-03-01,", "B,2015-03-02,", "M,nonsense,"),
    )

    assert _refusals(batch) == [("t1.csv", 2, "pers_dob"), ("t1.csv", 4, "pers_person_id")]


def test_ids_that_differ_by_zeros_are_warned_of(tmp_path: Path) -> None:
    """They are read as different children."""
    batch = _read(tmp_path, (PLANS, "K1,007,2026-01-22,,N", "K2,7,2026-01-22,,N"))

    assert any("007 and 7 differ only" in one for one in batch.warnings)


# ---------------------------------------------------------------- what is covered


def test_the_extract_covers_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    """
    Builds leave out episodes that ended long ago, so the first end shows the first day.

    Without the table of legal statuses nothing is said of placement orders: none is missed.
    Without the table of placements nobody can say which reviews are of one for adoption.
    """
    batch = _read(
        tmp_path,
        (EPISODES, "A,2012-02-01,S,,,C1,,", "B,2019-02-01,S,2021-05-01,E4A,C2,,"),
        (REVIEWS, "C1,,2021-02-20,N,", "C1,,2026-05-20,N,", "C1,,2027-05-20,N,"),
    )
    covers = {next(iter(sorted(one.events))): one for one in batch.covers}

    assert batch.source == "ssd"
    assert {
        name: (one.begins, one.ends, one.everyone) for name, one in covers.items()
    } == {
        "adoption.end": (date(2021, 5, 1), date(2026, 5, 20), True),
        "cla.review": (date(2021, 2, 20), date(2026, 5, 20), True),
    }  # fmt: skip


# ---------------------------------------------------------------- files


@each("tables, says", [
        pytest.param([("a,b", "1,2")], "is one of the SSD tables", id="no table"),
        pytest.param([(PERSON, "A,2015-01-01,")], "is one of the SSD tables", id="people alone"),
        pytest.param([(PLANS,), (PLANS,)], "t0.csv and t1.csv are both ssd_cp_plans", id="twice"),
        pytest.param([("clae_person_id,clae_cla_id",)], "no column clae_cla_episode_start_date",
                     id="a column is missing"),
        pytest.param([("clar_cla_review_date,clar_x",)], "whose the rows are", id="nobody's"),
        pytest.param([(f"{PLANS},cppl_person_id",)], "is there 2 times", id="a column twice"),
    ])  # fmt: skip
def test_folders_that_cannot_be_read(
    tables: list[tuple[str, ...]], says: str, tmp_path: Path
) -> None:
    """The refusal says what to do."""
    with pytest.raises(InputRefusedError, match=says):
        _read(tmp_path, *tables)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder and a damaged workbook are refused."""
    (tmp_path / "ssd.xlsx").write_bytes(b"PK\x03\x04")
    for name, says in (("none", "check its name and its folder"), ("ssd.xlsx", "is damaged")):
        with pytest.raises(InputRefusedError, match=says):
            SOURCE.read([tmp_path / name], today=TODAY)


def test_every_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    """All wrong files are named together."""
    folder = _folder(tmp_path, ("clae_person_id,clae_cla_id",), ("lega_person_id",))
    (folder / "z.csv").write_bytes(b"clar_cla_id\n\xff")
    with pytest.raises(InputRefusedError) as caught:
        SOURCE.read([folder], today=TODAY)

    assert {line.split(":")[0].split(",")[0] for line in str(caught.value).splitlines()} == {
        "t0.csv",
        "t1.csv",
        "z.csv",
    }


def test_tables_that_are_missing_are_named(tmp_path: Path) -> None:
    """One table is enough; a table that is of no use here is not mentioned."""
    batch = _read(tmp_path, (PLANS, "K1,A,2026-01-22,,N"), ("addr_table_id,addr_person_id", "1,A"))
    (warning,) = batch.warnings

    assert "ssd_cla_reviews" in warning
    assert "ssd_cp_plans" not in warning


def test_a_file_without_column_names_is_warned_of(tmp_path: Path) -> None:
    """Management Studio exports without them unless it is told to."""
    batch = _read(tmp_path, (PLANS, "K1,A,2026-01-22,,N"), ("K1,A,2026-01-22,NULL,N",))

    assert "column names" in batch.warnings[0]


def test_refused_rows_are_mended_and_read_beside_the_extract(tmp_path: Path) -> None:
    """The file of refused rows has the columns of every table; each row belongs to one."""
    folder = _folder(
        tmp_path / "extract",
        (EPISODES, IN_CARE, "B,2026-13-01,S,,,C2,,"),
        (REVIEWS, "C1,,2026-02-31,N,PN1"),
    )
    first = SOURCE.read([folder], today=TODAY)
    mended = tmp_path / "mend.csv"
    write_refused(mended, first.refused)
    text = mended.read_text("utf-8-sig").replace("2026-13-01", "2026-03-01")
    mended.write_text(text.replace("2026-02-31", "2026-02-28"), "utf-8")
    second = SOURCE.read([folder, mended], today=TODAY)
    alone = SOURCE.read([mended], today=TODAY)

    assert len(first.refused) == 2
    assert _facts(second, child="B") == [("2026-03-01", "cla.start", None)]
    assert ("2026-02-28", "cla.review", "PN1") in _facts(second)
    # Alone, the file says whose the episode is, but not whose the review was.
    assert _refusals(alone) == [("mend.csv", 3, "clar_cla_id")]
    assert (alone.children, alone.covers) == ([], [])
    assert {child for child, _, _ in alone.facts} == {"B"}


def test_two_digit_years_are_read_with_a_warning(tmp_path: Path) -> None:
    """They are read day first."""
    batch = _read(tmp_path, (PLANS, "K1,A,22/01/26,,N"))

    assert _facts(batch) == [("2026-01-22", "cp.plan.start", None)]
    assert any("two digits" in one for one in batch.warnings)


@each(
    "text",
    [
        "2026-02-14",
        "2026-02-14 10:30",
        "2026-02-14T10:30:00",
        "2026-02-14 10:30:00.0000000",
        "14/02/2026 10:30:00",
        "14-FEB-2026",
        "Feb 14 2026 12:00AM",
    ],
)
def test_the_time_of_day_is_left_out(text: str, tmp_path: Path) -> None:
    """Times as SQL Server and Oracle write them are dropped."""
    batch = _read(tmp_path, (PLANS, f"K1,A,{text},N/A,N"))

    assert _facts(batch) == [("2026-02-14", "cp.plan.start", None)]


@pytest.mark.parametrize("text", ["2026-02-14T23:00:00Z", "14 February"])
def test_a_day_that_is_left_open_is_refused(text: str, tmp_path: Path) -> None:
    """A day without its year, or with a time zone that may change it, is refused."""
    batch = _read(tmp_path, (PLANS, f"K1,A,{text},,N"))

    assert _refusals(batch) == [("t0.csv", 2, "cppl_cp_plan_start_date")]


@each("text, elsewhere", [("Y", True), ("n", False), ("1 - Yes", True), ("b) No", False), ("True", True), ("0", False),
     ("NULL", False), ("\N{NO-BREAK SPACE}", False)])  # fmt: skip
def test_yes_and_no_however_written(text: str, elsewhere: bool, tmp_path: Path) -> None:
    """Yes and no may have the prefixes of other extracts."""
    batch = _read(tmp_path, (PLANS, f"K1,A,2026-01-22,,{text}", "K2,B,2026-01-22,,N"))

    assert [child for child, _, _ in batch.facts] == (["B"] if elsewhere else ["A", "B"])
    assert batch.refused == []


# ---------------------------------------------------------------- the example


def _rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_example_has_as_many_facts_as_its_rows_say() -> None:
    """The csv module alone counts as many."""
    batch = SOURCE.read([EXAMPLE], today=date(2026, 11, 23), roles={"CPC": "chair"})
    found = Counter(event.event for _, event, _ in batch.facts)
    held = [
        row
        for row in _rows("ssd_cla_reviews")
        if row["clar_cla_review_date"] != "NULL" and row["clar_cla_review_cancelled"] == "N"
    ]
    in_role = [row for row in _rows("ssd_involvements") if row["invo_professional_role_id"] != "CW"]

    assert (batch.refused, batch.warnings) == ([], [])
    assert found["cla.review"] == len(held) == 7
    assert found["cp.plan.start"] == len(_rows("ssd_cp_plans"))
    assert found["cp.strategy"] == len(_rows("ssd_s47_enquiry"))
    assert found["cla.start"] + found["short-break.start"] == 5
    assert len(batch.allocations) == len(in_role) == 9
    assert len(batch.children) == 10
    assert batch.read["ssd_person.csv"] == 11


# ---------------------------------------------------------------- anything at all

_TABLES = sorted(EXAMPLE.glob("*.csv"))
_CELLS = st.one_of(
    st.sampled_from(["", "NULL", "A", "C1", "Y", "N", "2026-02-01", "31/02/2026", "1900-01-01",
                     "X1", "S", "9999-12-31", "0001-01-01", "'=1", "\x1b[2J", "é"]),
    st.text(letters, max_size=8),
)  # fmt: skip


def test_any_cells_are_read_or_refused() -> None:
    """Any text in the cells gives facts or a refusal."""
    headers = (EPISODES, STATUS, REVIEWS, ENQUIRIES, CONFERENCES, PLANS, PLAN_REVIEWS,
               INVOLVEMENTS, PROFESSIONALS, PERSON)  # fmt: skip
    tried = Counter[str]()

    @examples(60)
    @given(st.data())
    def reads_or_refuses(data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for number, header in enumerate(headers):
                width = header.count(",") + 1
                cells = st.lists(_CELLS, min_size=width, max_size=width)
                rows = data.draw(st.lists(cells, max_size=3))
                path = Path(folder) / f"t{number}.csv"
                with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
                    csv.writer(file).writerows([header.split(","), *rows])
            try:
                batch = SOURCE.read([Path(folder)], today=TODAY)
            except InputRefusedError:
                tried["refused"] += 1
                return
        tried["read"] += 1
        children = {child for child, _, _ in batch.facts}
        assert all(isinstance(event, Event) for _, event, _ in batch.facts)
        assert all(children)
        assert children <= {one.child_id for one in batch.children}

    reads_or_refuses()

    assert 3 * tried["read"] >= tried.total(), tried


def test_any_bytes_are_read_or_refused() -> None:
    """Damage anywhere in a file gives facts or a refusal."""
    tried = Counter[str]()

    @examples(60)
    @given(
        st.sampled_from(_TABLES), st.integers(0, 5000), st.binary(max_size=6), st.integers(0, 40)
    )
    def reads_or_refuses(table: Path, place: int, put: bytes, taken: int) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path in _TABLES:
                shutil.copy(path, folder)
            content = table.read_bytes()
            (folder / table.name).write_bytes(content[:place] + put + content[place + taken :])
            try:
                batch = SOURCE.read([folder], today=TODAY)
            except InputRefusedError:
                tried["refused"] += 1
                return
        tried["read"] += 1
        assert batch.source == "ssd"

    reads_or_refuses()

    assert 3 * tried["read"] >= tried.total(), tried


WITH_DEATHS = "pers_person_id,pers_dob,pers_death_date"


def test_a_child_who_died(tmp_path: Path) -> None:
    """The death is a fact of the child, in whichever table it is."""
    batch = _read(
        tmp_path,
        (EPISODES, "A,01/02/2026,S,,,P1,,"),
        (WITH_DEATHS, "A,01/06/2015,02/03/2026", "B,01/06/2015,02/03/2026"),
    )

    assert ("2026-03-02", "child.died", None) in _facts(batch)
    assert not _facts(batch, child="B")
    assert batch.counts["deaths"] == 1


@each(
    "told, died",
    [
        # Care ended with it; the date of the death itself is the better of two.
        ("", "2026-05-04"),
        ("03/05/2026", "2026-05-03"),
    ],
)
def test_care_that_ended_with_a_death(tmp_path: Path, told: str, died: str) -> None:
    """Without a date of death, a last episode that ended with E2 gives it."""
    batch = _read(
        tmp_path,
        (EPISODES, "A,01/02/2026,S,04/05/2026,E2,C1,,"),
        (WITH_DEATHS, f"A,01/06/2015,{told}"),
    )

    assert [fact for fact in _facts(batch) if fact[1] == "child.died"] == [
        (died, "child.died", None)
    ]
    assert batch.counts["deaths"] == 1


def test_a_death_ahead_is_refused(tmp_path: Path) -> None:
    """A future day of death is refused."""
    batch = _read(
        tmp_path, (EPISODES, "A,01/02/2026,S,,,P1,,"), (WITH_DEATHS, "A,01/06/2015,02/03/2027")
    )

    assert _refusals(batch) == [("t1.csv", 2, "pers_death_date")]


def test_tables_that_say_nothing_are_told(tmp_path: Path) -> None:
    """A warning names a missing table, and one with only a header."""
    batch = _read(tmp_path, (EPISODES, "A,01/02/2026,S,,,P1,,"), (REVIEWS,))

    told = {(one.event, one.lacks) for one in batch.not_carried}
    assert ("cla.review", "the table ssd_cla_reviews") in told
    assert ("cp.conference.review", "the table ssd_cp_reviews") in told
    assert not any(event == "cla.start" for event, _ in told)
    assert "tables without a row, so nothing is known from them: ssd_cla_reviews" in batch.warnings


def _about(batch: Batch) -> dict[tuple[str, int], str]:
    return {(one.file, one.row): one.about for one in batch.refused}


def test_a_refused_row_is_about_the_child_of_the_plan_or_enquiry_it_belongs_to(
    tmp_path: Path,
) -> None:
    """If the row names no child, its plan or enquiry does; else the row would be about nobody."""
    batch = _read(
        tmp_path,
        (ENQUIRIES, "S1,A,2026-01-05,2026-01-10,N,", "S2,B,2026-01-06,2026-01-10,N,"),
        (
            CONFERENCES,
            "S1,1.001E+03,N,2026-01-12,Y",
            "S2,B,N,2026-01-44,Y",
            "S9,1.001E+03,N,2026-01-12,Y",
        ),
        (PLANS, "P1,A,2026-01-12,NULL,N", "P2,B,2026-01-12,NULL,N"),
        (
            PLAN_REVIEWS,
            ",P1,2026-04-12,2026-44-09,Y",
            "1.001E+03,P2,2026-04-12,2026-04-09,Y",
            "B,P2,2026-04-12,2026-44-09,Y",
            ",P7,2026-04-12,2026-04-09,Y",
        ),
    )

    assert _about(batch) == {
        ("t1.csv", 2): "A",
        ("t1.csv", 3): "B",
        ("t1.csv", 4): "",
        ("t3.csv", 2): "A",
        ("t3.csv", 3): "B",
        ("t3.csv", 4): "B",
        ("t3.csv", 5): "",
    }


def test_one_refused_episode_makes_no_table_silent(tmp_path: Path) -> None:
    """The table has another good row; without one it would count as missing."""
    refused = "B,2026-02-01,S,2026-44-44,,C2,,2026-02-01"
    some = _read(tmp_path / "some", (EPISODES, IN_CARE, refused), (REVIEWS, "C1,,2026-02-20,N,"))
    none = _read(tmp_path / "none", (EPISODES, refused), (REVIEWS, "C1,,2026-02-20,N,"))

    assert not any("without a row" in one for one in some.warnings)
    assert any("without a row" in one and "ssd_cla_episodes" in one for one in none.warnings)
