"""Record awkward reviews, written records, and the child's part in meetings."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iro_cli.cli import completion
from iro_cli.cli.options import Given
from stores import put_store

pytestmark = pytest.mark.asked_on("2026-11-10")

Iro = Callable[[str], Any]

LOCAL_PACK = Path(__file__).parents[2] / "examples" / "local-pack.toml"

AGAIN = (
    "the conference was not quorate, so it does not count and stays due: `iro book … "
    "--reason inquorate` books another"
)


@pytest.fixture
def conference(typed_once: Callable[..., Path], home: Path, typed: Iro) -> Iro:
    """Return a function that runs a line; Wren's conference is due Fri 20 Nov, 15 working days."""
    made = typed_once(
        "2026-11-10",
        "child add Wren --chair 'Dev Raman'",
        "record cp.strategy Wren --on 2026-10-30",
    )
    put_store(made, home / "iro.db")
    return typed


def test_a_conference_without_a_quorum_meets_nothing(conference: Iro) -> None:
    """An inquorate conference is stored with who came and why, and the clock runs on."""
    said = conference(
        "record cp.conference.initial Wren --on 2026-11-09 --quorate no "
        "--attended 'social worker' --reason 'no police'"
    )

    assert said.out.splitlines() == [
        "recorded: cp.conference.inquorate on Mon 9 Nov 2026 for Wren",
        f"  {AGAIN}",
        "  Wren: Initial conference due by Fri 20 Nov 2026, in 10 days (from 30 Oct 2026)",
    ]
    facts = json.loads(conference("show Wren -f json").out)["facts"]
    assert facts[-1] == {
        "event": "cp.conference.inquorate",
        "date": "2026-11-09",
        "reason": "no police",
        "attended": "social worker",
    }


BOTH = "Wren: 9 Nov 2026, cp.conference.initial (initial child protection conference): a conference that was not quorate is recorded on this day too, and one conference cannot be both"


@pytest.mark.parametrize(("stands", "comes"), [("", " --quorate no"), (" --quorate no", "")])
def test_one_conference_is_not_two(conference: Iro, stands: str, comes: str) -> None:
    """A quorate and an inquorate one on a day are refused: the message asks which is right."""
    conference("record cp.conference.initial Wren --on 2026-11-09" + stands)
    said = conference("record cp.conference.initial Wren --on 2026-11-09" + comes)

    assert said.code == 3
    assert said.err.splitlines() == [
        "iro: nothing was stored: it contradicts what is known",
        BOTH,
        (
            "  `iro record … --correct` with the right one replaces the other, and --withdraw takes one back"
        ),
        "to store it all the same, add --insist",
    ]


def _conferences(typed: Iro) -> list[dict[str, str]]:
    facts = json.loads(typed("show Wren -f json").out)["facts"]
    return [one for one in facts if one["event"].startswith("cp.conference.")]


def test_a_conference_is_put_right_as_inquorate(conference: Iro) -> None:
    """Corrected as inquorate, it meets no clock: that of 30 Oct runs on, to Fri 20 Nov."""
    conference(
        "record cp.conference.initial Wren --on 2026-11-09 --outcome no-plan --attended mother"
    )
    said = conference("record icpc Wren --on 2026-11-09 --quorate no --correct")

    assert said.out.splitlines() == [
        "corrected: cp.conference.inquorate on Mon 9 Nov 2026 for Wren",
        "  Wren: it replaces cp.conference.initial on that day",
        f"  {AGAIN}",
        "  Wren: Initial conference due by Fri 20 Nov 2026, in 10 days (from 30 Oct 2026)",
    ]
    assert _conferences(conference) == [
        {"event": "cp.conference.inquorate", "date": "2026-11-09", "attended": "mother"}
    ]
    conference("undo --yes")
    assert [one["event"] for one in _conferences(conference)] == ["cp.conference.initial"]


def test_a_conference_is_put_right_as_quorate(conference: Iro) -> None:
    """Corrected as quorate, it meets the clock; who came stays, and the reason goes."""
    conference(
        "record cp.conference.inquorate Wren --on 2026-11-09 --attended mother --reason 'no police'"
    )
    conference("record icpc Wren --on 2026-11-09 --outcome no-plan --correct")

    assert _conferences(conference) == [
        {
            "event": "cp.conference.initial",
            "date": "2026-11-09",
            "outcome": "no-plan",
            "attended": "mother",
        }
    ]
    assert conference("due --all -f json").rows() == []


def test_with_two_conferences_on_a_day_the_user_has_to_say_which(conference: Iro) -> None:
    """If two conferences were held on a day, the user has to say which was not quorate."""
    conference("record cp.conference.initial Wren --on 2026-11-09")
    conference("record cp.conference.review Wren --on 2026-11-09 --insist")
    said = conference("record icpc Wren --on 2026-11-09 --quorate no --correct")

    assert said.code == 3
    assert "Wren has cp.conference.initial and cp.conference.review on 9 Nov 2026" in said.err


def test_a_conference_that_is_both_in_a_file_is_found(conference: Iro, home: Path) -> None:
    """An import stores both, and doctor names the day on which the conference cannot be both."""
    (home / "events.csv").write_text(
        "child_id,event,date\n"
        "Wren,cp.conference.initial,2026-11-09\nWren,cp.conference.inquorate,2026-11-09\n"
    )
    conference("import events events.csv")

    assert "one conference cannot be both" in conference("doctor").out


def test_a_quorate_conference_meets_its_clock(conference: Iro) -> None:
    """The plan's first review conference is then due in three months, on 9 Feb 2027."""
    conference("record cp.conference.initial Wren --on 2026-11-09 --quorate yes --scaling 4")

    assert [(row["timescale"], row["due"]) for row in conference("due --all -f json").rows()] == [
        ("cp.conference.review.first", "2027-02-09")
    ]


@pytest.mark.parametrize(
    ("line", "taken", "otherwise"),
    [
        ("record icpc Wren --on 2026-11-09", "plan", "--outcome no-plan"),
        ("record cp.conference.transfer-in Wren --on 2026-11-09 --insist", "plan", "no-plan"),
        ("record rcpc Wren --on 2026-11-09 --insist", "continue", "--outcome end"),
        ("record strategy Wren --on 2026-10-20 --insist", "yes", "--section-47 no"),
    ],
)
def test_an_assumed_detail_is_named_in_the_message(
    conference: Iro, line: str, taken: str, otherwise: str
) -> None:
    """If a detail that decides about a clock is not given, the message says what was taken."""
    said = conference(line)

    assert said.code == 0
    (told,) = [one for one in said.err.splitlines() if "is not given" in one]
    assert f"so {taken} is taken" in told
    assert f"{otherwise} puts it right" in told


def test_a_given_detail_is_not_named_in_the_message(conference: Iro) -> None:
    """The message leaves out what was given or not stored, and inquorate conferences."""
    conference("record cp.conference.initial Wren --on 2026-11-08 --quorate no")
    line = "record cp.conference.initial Wren --on 2026-11-09"

    for given in (f"{line} --outcome no-plan", line, f"{line} --withdraw"):
        assert "is not given" not in conference(given).err


def test_the_same_command_puts_right_what_was_taken(conference: Iro) -> None:
    """The command in the message corrects the outcome: without a plan no review is due."""
    conference("record icpc Wren --on 2026-11-09")
    conference("record icpc Wren --on 2026-11-09 --outcome no-plan")

    assert conference("due --all -f json").rows() == []


def test_a_fact_that_is_taken_back_says_what_contradicts_then(typed: Iro) -> None:
    """Without the end between them, Wren's second start stands in a period that is open."""
    typed("child add Wren")
    for line in ("cla.start Wren --on 2026-08-03", "cla.end Wren --on 2026-10-23"):
        assert typed(f"record {line}").code == 0
    assert typed("record cla.start Wren --on 2026-10-26").code == 0
    said = typed("record cla.end Wren --on 2026-10-23 --withdraw")

    assert said.code == 0
    assert said.out.startswith("taken back: cla.end on Fri 23 Oct 2026 for Wren\n")
    assert said.err.splitlines() == [
        (
            "iro: Wren: 26 Oct 2026, cla.start (became looked after): a period of care starts while "
            "one that started on 3 Aug 2026 is open"
        ),
        "  record its end (cla.end), or take one start back",
    ]


def test_a_contradiction_is_told_once_however_many_rules_it_touches(typed: Iro) -> None:
    """A local rule that a dispute starts too does not repeat it, for `record` and for `doctor`."""
    typed("child add Wren")
    for line in ("--on 2026-11-02 --reference A", "--on 2026-11-03 --reference B"):
        typed(f"record dispute.raised Wren {line}")
    resolved = typed(f"record dispute.resolved Wren --on 2026-11-09 --pack {LOCAL_PACK}")
    raised = typed(f"record dispute.raised Wren --on 2026-11-09 --reference B --pack {LOCAL_PACK}")
    typed("record dispute.raised Wren --on 2026-11-09 --reference B --insist")
    found = typed(f"doctor -f json --pack {LOCAL_PACK}").rows()

    assert resolved.err.splitlines()[1].endswith(": A (2 Nov 2026) and B (3 Nov 2026)")
    assert [one.err.count("dispute.r") for one in (resolved, raised)] == [1, 1]
    assert sum(one["message"].count("dispute.raised") for one in found) == 1


def test_why_an_end_cannot_be_put_right_over_a_start(typed: Iro) -> None:
    """From 29 October to 10 November are twelve days, and care began again between them."""
    typed("child add Wren")
    for line in ("cla.start Wren --on 2026-10-01", "cla.end Wren --on 2026-10-29"):
        typed(f"record {line}")
    typed("record cla.start Wren --on 2026-11-02")
    said = typed("record cla.end Wren --on 2026-11-10 --correct")

    assert said.code == 3
    assert said.err == (
        "iro: Wren has cla.end on 29 Oct 2026, but cla.start on 2 Nov 2026 lies between that day "
        "and 10 Nov 2026, so they may be two: `iro record cla.end Wren --on 2026-10-29 --withdraw` "
        "takes the first back, and the same line without --correct records the other\n"
    )


def test_the_childs_part_is_shown_as_it_changed(robin: Iro) -> None:
    """Participation in words, advocacy and who took part have a line for each meeting, in order."""
    robin(
        "record cla.review Robin --on 2026-10-23 --participation pn7 --advocacy no "
        "--attended 'mother'"
    )
    robin("record preparation.conversation Robin --on 2026-11-02")
    robin("record cla.review Robin --on 2026-11-09 --participation PN1 --advocacy yes")

    found = json.loads(robin("show Robin -f json").out)["child_part"]

    assert [
        (one["date"], one["participation"], one["advocacy"], one["attended"]) for one in found
    ] == [
        ("2026-10-23", "PN7", "no", "mother"),
        ("2026-11-02", None, None, None),
        ("2026-11-09", "PN1", "yes", None),
    ]
    assert found[2]["participation_words"] == "attended and spoke for themselves"
    shown = robin("show Robin").out
    assert "PN7 did not attend, and their views were not conveyed" in shown
    assert shown.index("The child's part") < shown.index("Facts")


def test_a_child_without_any_has_no_such_section(robin: Iro) -> None:
    """Without any such detail the section is not shown; the key in JSON is always there."""
    assert "The child's part" not in robin("show Robin").out
    assert json.loads(robin("show Robin -f json").out)["child_part"] == []


@pytest.mark.parametrize(
    ("born", "code", "says"),
    [
        ("2022-11-08", "PN0", "that of a child under four, and the fourth birthday was 8 Nov 2026"),
        ("2022-11-09", "PN0", ""),
        ("2022-11-09", "PN1", ""),
        ("2022-11-10", "PN1", "for a child of four or over, and the fourth birthday is 10 Nov"),
        ("2022-11-10", "PN0", ""),
    ],
)
def test_participation_is_held_against_the_age(typed: Iro, born: str, code: str, says: str) -> None:
    """Rules 440 and 441 compare code and age; on the fourth birthday either code is right."""
    typed(f"child add Robin --date-of-birth {born}")
    typed("record cla.start Robin --on 2026-10-12 --insist")

    said = typed(f"record cla.review Robin --on 2026-11-09 --participation {code}")

    assert said.code == 0
    assert says in said.err
    assert bool(says) == bool(said.err)
    assert ("participation" in typed("doctor").out) == bool(says)


def test_an_early_review_has_the_last_day_it_was_called_for(robin: Iro) -> None:
    """--by is stored with the fact, and is the day by which the review is due."""
    robin("record cla.review.requested Robin --on 2026-11-02 --by 20/11/2026 --reason 'he asked'")

    (row,) = robin("due --watched all --timescale cla.review.early --all -f json").rows()

    assert (row["clock_started"], row["due"]) == ("2026-11-02", "2026-11-20")
    assert "by 20 Nov 2026; reason: he asked" in robin("show Robin").out
    # The day was given, and no limit was counted.
    why = robin("explain Robin cla.review.early").out
    assert "clock starts  Mon 2 Nov 2026\n" in why
    assert "left out" not in why


def test_an_early_review_without_a_last_day_is_asked_for_one(robin: Iro) -> None:
    """A request without a last day is stored, and no review is due by it until one is given."""
    said = robin("record cla.review.requested Robin --on 2026-11-02 --reason 'he asked'")

    assert said.err == (
        "iro: the early review has no due date, because no last day is given for it: add --by DATE\n"
    )
    assert robin("due --timescale cla.review.early --all -f json").rows() == []


@pytest.mark.parametrize(
    ("event", "ahead"),
    [
        ("ceasing.considered", "the day on which care is to end"),
        ("child.expected", "the day on which the child is expected"),
    ],
)
def test_a_day_that_lies_ahead_is_asked_for(robin: Iro, event: str, ahead: str) -> None:
    """Without that day no date is counted, and a message asks for it; with it, none does."""
    said = [
        robin(f"record {event} Robin --on 2026-11-02 {more}").err
        for more in ("", "--by 2026-12-18")
    ]

    assert said == [f"iro: no due date can be worked out without {ahead}: add --by DATE\n", ""]


def test_the_kind_of_a_placement_is_asked_for_where_visits_are_counted(robin: Iro) -> None:
    """The question is asked only where visits are watched and the kind is not given."""
    placed = "record placement.start Robin --on 2026-11-02"
    before = robin(placed).err
    robin("watch add visits --from 2026-11-01")
    unsaid = robin("record placement.start Robin --on 2026-11-03").err
    said = robin("record placement.start Robin --on 2026-11-03 --placement connected").err

    assert (before, said) == ("", "")
    assert "--placement to-18, long-term, parent, connected, interim-order or care-order" in unsaid
    assert robin("due --all --process visits -f json").rows()[0]["timescale"] == (
        "visits.connected.first"
    )


def test_a_second_adjournment_is_warned_of_and_stored(robin: Iro) -> None:
    """The second adjournment is stored with a warning; a fixture in tests/errors has the third."""
    robin("record cla.review.adjourned Robin --on 2026-10-26")

    said = robin("record cla.review.adjourned Robin --on 2026-11-02")

    assert said.code == 0
    assert "the review was adjourned a second time, and it may be adjourned once only" in said.err


SERIES = "record cla.review Robin --on 2026-10-26 --completed-on 2026-11-02"


def test_a_series_of_meetings_says_which_day_counts(robin: Iro) -> None:
    """The next review is due three months from the first meeting: 26 Jan 2027."""
    robin(SERIES)

    said = robin("explain Robin cla.review.second").out

    assert "due by Tue 26 Jan 2027" in said
    assert (
        "held from Mon 26 Oct 2026 to Mon 2 Nov 2026: whether it was in time is judged by "
        "Mon 26 Oct 2026, its records are due from Mon 2 Nov 2026, the next is due from "
        "Mon 26 Oct 2026 (next_review_from in a local pack says which)"
    ) in said


def test_a_local_pack_counts_from_the_last_of_a_series(robin: Iro, home: Path) -> None:
    """The next review is due three months from 2 Nov: 2 Feb 2027."""
    pack = home / "local.toml"
    pack.write_text(
        'nation = "england"\nname = "Testshire"\nnext_review_from = "completion"\n', "utf-8"
    )
    robin(SERIES)

    said = robin(f"explain Robin cla.review.second --pack {pack}").out

    assert "due by Tue 2 Feb 2027" in said
    assert "the next is due from Mon 2 Nov 2026" in said


def test_records_outstanding_are_listed_for_each_iro(robin: Iro) -> None:
    """
    Of a review on Fri 30 Oct the decisions were due Fri 6 Nov, the record is due Fri 20 Nov.

    The distribution, 20 working days on, is due Fri 27 Nov.
    """
    robin("watch add records --from 2026-10-01")
    robin("record cla.review Robin --on 2026-10-30")

    rows = robin("due --timescale records --iro 'Ada Wren' -f json").rows()
    three = [
        ("cla.review.decisions", "2026-11-06", "overdue"),
        ("cla.review.record", "2026-11-20", "due-soon"),
        ("cla.review.distribution", "2026-11-27", "due-soon"),
    ]
    ids = [one[0] for one in three]
    shown = [(row["timescale"], row["due"], row["status"]) for row in rows]

    assert [one for one in shown if one[0] in ids] == three
    assert [row["timescale"] for row in rows if "review.second" in row["timescale"]] == []
    late = robin("overdue --timescale cla.review.record --timescale cla.review.decisions -f json")
    assert [row["timescale"] for row in late.rows()] == ["cla.review.decisions"]
    (load,) = robin("caseload --watched all --process cla -f json").rows()
    assert load["name"] == "Ada Wren"


def test_care_proceedings_show_how_long_they_have_run(robin: Iro) -> None:
    """
    Twenty-six weeks beginning on Mon 6 Jul end on Sun 3 Jan 2027.

    From 6 Jul to 10 Nov are 127 days, 18 weeks and a day; to 3 Jan are 54 more.
    """
    robin("record court.application Robin --on 2026-07-06")

    said = robin("show Robin").out

    assert (
        "Care proceedings: 18 weeks and 1 day since the application on Mon 6 Jul 2026; the limit "
        "is 26 weeks, which ends on Sun 3 Jan 2027, in 54 days\n"
    ) in said
    assert "which ended on Sun 3 Jan 2027, 5 days ago" in robin("show Robin --as-of 2027-01-08").out
    robin("record court.order Robin --on 2026-11-09")
    assert "since the application" not in robin("show Robin").out


def test_a_new_date_of_birth_says_what_it_contradicts(robin: Iro) -> None:
    """A new date of birth is stored; the message names only contradictions that it causes."""
    said = robin("child edit Robin --date-of-birth 2026-11-01")

    assert (said.code, said.out) == (0, "changed: Robin\n")
    assert said.err.splitlines()[0] == (
        "iro: Robin: 12 Oct 2026, cla.start (became looked after): it happened before the child "
        "was born (1 Nov 2026)"
    )
    assert robin("child edit Robin --label RR").err == ""


def test_only_children_with_something_open_are_in_the_caseload(robin: Iro) -> None:
    """A child who left care is in no caseload, even if no allocation was ended."""
    robin("child add Wren --iro 'Ada Wren' --team North")
    robin("child add Finch --iro 'Ben Rees' --team South")

    rows = robin("caseload -f json").rows()

    assert [(row["name"], row["children"], row["open"]) for row in rows] == [("Ada Wren", 1, 1)]


@pytest.mark.parametrize(
    ("complete", "typed", "offered"),
    [
        (lambda _, typed: completion.starting(("iro", "team", "process"), typed), "t", ["team"]),
        (completion.outcomes, "no", ["no-plan"]),
        (completion.timescales_or_groups, "rec", ["records"]),
        (completion.timescales_or_groups, "cla.review.dec", ["cla.review.decisions"]),
    ],
)
def test_the_shell_completes(
    complete: Callable[[Given, str], list[str]], typed: str, offered: list[str]
) -> None:
    """The shell offers only ids that begin with the typed letters."""
    assert complete(Given(), typed) == offered


@pytest.mark.parametrize("option", ["-f json", "-o out.csv", "--strict", "--format csv --excel"])
@pytest.mark.parametrize(
    "command",
    [
        "record cla.review Robin --on 2026-11-09",
        "child edit Robin --label R",
        "watch add records --from 2026-11-01",
        "undo",
    ],
)
def test_a_form_of_a_listing_is_refused_by_a_command_that_lists_nothing(
    robin: Iro, home: Path, command: str, option: str
) -> None:
    """A form of a listing is refused before or after the command's name; nothing is written."""
    store = home / "iro.db"
    before = store.read_bytes()

    after, ahead = robin(f"{command} {option}"), robin(f"{option} {command}")

    assert (after.code, ahead.code) == (2, 2)
    assert "it lists nothing" in after.err
    assert store.read_bytes() == before
    assert not (home / "out.csv").exists()


@pytest.mark.parametrize(
    ("raised", "resolved", "timescale"),
    [
        ("dispute.raised", "dispute.resolved", "dispute.resolution"),
        ("allegation.received", "allegation.referred", "allegation.referral"),
    ],
)
def test_with_two_open_disputes_the_user_has_to_say_which(
    conference: Iro, raised: str, resolved: str, timescale: str
) -> None:
    """The message names both disputes with their days; a reference resolves either of them."""
    conference(f"record {raised} Wren --on 2026-11-02 --reference placement")
    conference(f"record {raised} Wren --on 2026-11-04 --reference school")
    said = conference(f"record {resolved} Wren --on 2026-11-09")

    assert said.code == 3
    assert "placement (2 Nov 2026) and school (4 Nov 2026)" in said.err
    assert "say which with --reference" in said.err
    assert conference(f"record {resolved} Wren --on 2026-11-09 --reference placement").code == 0
    # only one is left, which need not be named
    assert conference(f"record {resolved} Wren --on 2026-11-10").code == 0
    rows = conference(f"due --all --watched all --timescale {timescale} -f json").rows()
    assert rows == []


def test_a_file_that_does_not_say_which_dispute_resolves_none(conference: Iro, home: Path) -> None:
    """Both disputes stay open, and doctor says what to do."""
    (home / "events.csv").write_text(
        "child_id,event,date,reference\nWren,dispute.raised,2026-11-02,placement\n"
        "Wren,dispute.raised,2026-11-04,school\nWren,dispute.resolved,2026-11-09,\n"
    )
    conference("import events events.csv")

    rows = conference("due --all --process dispute -f json").rows()

    assert [row["clock_started"] for row in rows] == ["2026-11-02", "2026-11-04"]
    assert "placement (2 Nov 2026) and school (4 Nov 2026)" in conference("doctor").out


def test_decisions_of_two_reviews_on_one_day(robin: Iro) -> None:
    """Each decision names its review; after both, no decisions are due."""
    robin("record cla.review Robin --on 2026-10-23")
    robin("record cla.review Robin --on 2026-11-09")
    robin("record review.decisions Robin --on 2026-11-10 --reference 2026-10-23")
    assert robin("record review.decisions Robin --on 2026-11-10 --reference 2026-11-09").code == 0

    rows = robin("due --all --watched all --timescale cla.review.decisions -f json").rows()

    assert rows == []
    assert robin("record review.decisions Robin --on 2026-11-10").code == 3


@pytest.mark.parametrize(
    ("line", "detail", "stands"),
    [
        ("icpc Wren", "--outcome no-plan", ", with outcome no-plan"),
        ("cp.strategy Wren", "--section-47 no", ", with section 47 no"),
        (
            "icpc Wren",
            "--outcome no-plan --attended 'Dr Heron'",
            ", with outcome no-plan and attended Dr Heron",
        ),
        ("icpc Wren", "--note ''", ""),
    ],
)
def test_what_stands_is_said_where_a_detail_is_left_out(
    line: str, detail: str, stands: str, conference: Iro
) -> None:
    """Without its detail, the same line would mean a plan, or enquiries; nothing is changed."""
    conference(f"record {line} --on 2026-11-09 {detail} --insist")
    again = conference(f"record {line} --on 2026-11-09")
    same = conference(f"record {line} --on 2026-11-09 {detail}")

    assert again.out.endswith(f" on Mon 9 Nov 2026 is recorded already{stands}; nothing changed\n")
    assert same.out.endswith(" on Mon 9 Nov 2026 is recorded already; nothing changed\n")
