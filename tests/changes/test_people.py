"""People: hours from a day on, last days, absences, and who may hold a child."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli.facts.model import Allocation
from iro_cli.facts.people import Person
from iro_cli.store.kinds import ALLOCATION
from stores import changing, reading

pytestmark = pytest.mark.asked_on("2026-11-23")

Run = Callable[..., Any]


def _stored(path: Path) -> list[Person]:
    with reading(path) as reader:
        return reader.people()


def _listed(iro: Run, *words: str) -> dict[str, dict[str, Any]]:
    rows = json.loads(iro("person", "list", "-f", "json", *words).out)["rows"]
    return {row["name"]: row for row in rows}


# ---------------------------------------------------------------- hours


def test_a_change_of_hours_ends_the_row_before(iro: Run, authority: Path) -> None:
    """The old hours end the day before the new ones begin."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6", "--from", "2026-01-05")
    answer = iro("person", "edit", "ada okafor", "--fte", "0.8", "--from", "2026-12-01")

    assert (answer.code, answer.out) == (0, "changed: ada okafor from Tue 1 Dec 2026\n")
    assert _stored(authority) == [
        Person("Ada Okafor", 0.6, date(2026, 1, 5), date(2026, 11, 30)),
        Person("Ada Okafor", 0.8, date(2026, 12, 1)),
    ]


def test_an_edit_without_a_day_corrects_the_latest(iro: Run, authority: Path) -> None:
    """Without a day, the hours were typed wrongly and are corrected from their start."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6", "--from", "2026-01-05")
    iro("person", "edit", "Ada Okafor", "--fte", "0.5", "--manages", "North")

    assert _stored(authority) == [Person("Ada Okafor", 0.5, date(2026, 1, 5), None, "North")]


def test_saying_the_same_again_changes_nothing(iro: Run, authority: Path) -> None:
    """The same hours again make no change, and the message says so."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6")
    answer = iro("person", "edit", "Ada Okafor", "--hours", "0.6")

    assert answer.out == "Ada Okafor is already as you say; nothing changed\n"
    assert iro("undo").out.startswith("taken back: change 8, person add Ada Okafor")


def test_a_leaver_keeps_the_children_and_the_message_counts_them(iro: Run, authority: Path) -> None:
    """Later hours are withdrawn; the message counts the three children still to be handed over."""
    iro("person", "add", "Ada Okafor", "--hours", "1")
    iro("person", "edit", "Ada Okafor", "--hours", "0.5", "--from", "2027-02-01")
    answer = iro("person", "leave", "Ada Okafor", "--on", "2026-12-18")

    assert (answer.code, answer.out) == (0, "the last day of Ada Okafor: Fri 18 Dec 2026\n")
    assert answer.err == (
        "iro: Ada Okafor holds 3 children: `iro hand-over` gives them to somebody else\n"
    )
    assert _stored(authority) == [Person("Ada Okafor", 1.0, None, date(2026, 12, 18))]


def test_who_has_left_can_come_back(iro: Run, authority: Path) -> None:
    """Somebody who returns has two times in post, and is in neither on a day between them."""
    iro("person", "add", "Ada Okafor", "--to", "2026-06-30")
    iro("person", "add", "Ada Okafor", "--from", "2027-01-04")
    answer = iro("allocate", "Fern", "--iro", "Ada Okafor", "--from", "2026-11-23")

    assert answer.code == 3
    assert "Ada Okafor is not back in post before 4 Jan 2027" in answer.err


@pytest.mark.parametrize("hours", ["0", "-0.5", "1.2", "22.2", "nan", "half"])
def test_hours_are_a_part_of_full_time(iro: Run, authority: Path, hours: str) -> None:
    """Hours are a share of full time; hours in a week are refused."""
    answer = iro("person", "add", "Ada Okafor", f"--hours={hours}")

    assert answer.code == 2
    assert _stored(authority) == []


# ---------------------------------------------------------------- the list


def test_the_list_sets_children_against_the_handbook(iro: Run, authority: Path) -> None:
    """At 0.6 of full time, 50 to 70 are 30 to 42; unknown hours are not scaled."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6")
    found = _listed(iro)

    assert {name: (row["children"], row["looked_after"]) for name, row in found.items()} == {
        "Ada Okafor": (3, 3),
        "Ben Rees": (1, 1),
        "Dev Raman": (1, 0),
    }
    assert (found["Ada Okafor"]["lowest"], found["Ada Okafor"]["highest"]) == (30, 42)
    assert (found["Ben Rees"]["recorded"], found["Ben Rees"]["lowest"]) == (False, None)


def test_who_has_left_without_children_is_listed_when_asked(iro: Run, authority: Path) -> None:
    """The list leaves out people who have left, unless they are asked for."""
    iro("person", "add", "Nia Vole", "--to", "2026-10-30")

    assert "Nia Vole" not in _listed(iro)
    assert "Nia Vole" in _listed(iro, "--all")
    assert "Nia Vole" in _listed(iro, "--as-of", "2026-10-30")


def test_the_list_is_readable(iro: Run, authority: Path) -> None:
    """Hours, children and the handbook's numbers are beside each other."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6", "--manages", "West")
    lines = iro("person", "list").out.splitlines()

    assert lines[0] == "3 people, Mon 23 Nov 2026"
    assert lines[3].split() == [
        *("Ada", "Okafor", "0.6", "from", "no", "particular", "day", "3"),
        *("3", "below", "30", "to", "42", "West", "-"),
    ]


def test_the_list_says_how_the_handbook_was_read(iro: Run, authority: Path) -> None:
    """Its number of children does not stand as if it had been read in the handbook itself."""
    assert "; read in a secondary source, not in the text itself), times the hours" in (
        iro("person", "list").out
    )


# ---------------------------------------------------------------- absences


def test_an_absence_names_what_is_booked_then(iro: Run, authority: Path) -> None:
    """The review on the Tuesday of that week is named, and the one after it is not."""
    iro("book", "Moss", "cla.review.first", "2026-11-24")
    iro("book", "Finch", "cla.review.first", "2026-11-30")
    answer = iro("absence", "add", "Ada Okafor", "--from", "2026-11-23", "--to", "2026-11-27")

    assert answer == (
        0,
        "away: Ada Okafor, 23 Nov 2026 to 27 Nov 2026\n",
        "iro: booked then: Tue 24 Nov 2026, cla.review.first of Moss\n",
    )


@pytest.mark.parametrize("typed", ["ada okafor", "Ada  OKAFOR"])
def test_an_absence_is_of_the_known_name(typed: str, iro: Run, authority: Path) -> None:
    """An absence belongs to the known name, whatever capitals and spaces are typed."""
    days = ("--from", "2026-11-23")
    added = iro("absence", "add", typed, *days, "--to", "2026-11-27")
    removed = iro("absence", "remove", "ADA okafor", *days)

    assert added.out == "away: Ada Okafor, 23 Nov 2026 to 27 Nov 2026\n"
    assert removed.out == "no longer away: Ada Okafor, 23 Nov 2026 to 27 Nov 2026\n"


def test_absences_are_listed_and_taken_back(iro: Run, authority: Path) -> None:
    """Past absences are left out unless they are asked for."""
    iro("absence", "add", "Ada Okafor", "--from", "2026-11-02", "--to", "2026-11-06")
    iro("absence", "add", "Ben Rees", "--from", "2026-12-07", "--to", "2026-12-11", "--reason", "x")

    def listed(*words: str) -> list[str]:
        return list(iro("absence", "list", "-f", "csv", *words).out.splitlines())

    now = listed()
    iro("absence", "remove", "ben rees", "--from", "2026-12-07")

    assert now == ["name,from,to,reason", "Ben Rees,2026-12-07,2026-12-11,x"]
    assert listed("--all") == ["name,from,to,reason", "Ada Okafor,2026-11-02,2026-11-06,"]


def test_undo_takes_people_and_absences_back(iro: Run, authority: Path) -> None:
    """Each command about people and absences is one change."""
    iro("person", "add", "Ada Okafor", "--hours", "0.6")
    iro("person", "edit", "Ada Okafor", "--hours", "0.8", "--from", "2026-12-01")
    iro("absence", "add", "Ada Okafor", "--from", "2026-12-07", "--to", "2026-12-11")
    iro("undo")
    iro("undo")

    assert iro("absence", "list", "-f", "csv").out == "name,from,to,reason\n"
    assert _stored(authority) == [Person("Ada Okafor", 0.6)]


# ---------------------------------------------------------------- who may hold a child


def test_siblings_may_be_parted_for_a_reason(iro: Run, authority: Path) -> None:
    """The reason is kept with the allocation, and doctor finds nothing."""
    answer = iro(
        *("allocate", "Wren", "--iro", "Ben Rees", "--from", "2026-11-23"),
        *("--reason", "Ben knows Wren's school"),
    )
    with reading(authority) as reader:
        reasons = [(one.name, one.reason) for one in reader.allocations()["Wren"]]

    assert answer.code == 0
    assert reasons == [("Ada Okafor", None), ("Ben Rees", "Ben knows Wren's school")]
    assert "siblings" not in iro("doctor", "-f", "csv").out


def test_siblings_move_together_without_a_reason(iro: Run, authority: Path) -> None:
    """One command that moves both siblings needs no reason."""
    assert iro("allocate", "Wren", "Finch", "--iro", "Ben Rees", "--from", "2026-11-23").code == 0


def test_a_reason_can_be_given_later(iro: Run, authority: Path) -> None:
    """The allocation does not change, and has a reason now."""
    words = ("allocate", "Finch", "--iro", "Ada Okafor", "--from", "2026-11-23")
    nothing, given = iro(*words), iro(*words, "--reason", "agreed")
    with reading(authority) as reader:
        found = reader.allocations()["Finch"]

    assert nothing.out.endswith("nothing changed\n")
    assert given.out.startswith("allocated to Ada Okafor as iro")
    assert [(one.from_on, one.to_on, one.reason) for one in found] == [(None, None, "agreed")]


def test_a_chair_may_differ_between_siblings(iro: Run, authority: Path) -> None:
    """The rule is about the IRO only."""
    assert iro("allocate", "Wren", "--chair", "Dev Raman", "--from", "2026-11-23").code == 0


def test_who_no_longer_manages_the_team_may_hold_its_children(iro: Run, authority: Path) -> None:
    """The day on which the allocation begins decides."""
    iro("person", "add", "Ben Rees", "--manages", "South")
    iro("person", "edit", "Ben Rees", "--manages", "", "--from", "2026-12-01")
    words = ("allocate", "Moss", "--iro", "Ben Rees", "--from")

    assert iro(*words, "2026-11-30").code == 3
    assert iro(*words, "2026-12-01").code == 0


@pytest.mark.parametrize(
    "line",
    [
        ("allocate", "Fern", "--iro", "Ada Okafr", "--from", "2026-11-23"),
        ("hand-over", "--from", "Dev Raman", "--to", "Ada Okafr", "--on", "2026-11-23"),
        ("child add", "Dunlin", "--iro", "Ada Okafr"),
        ("person add", "Ada Okafr"),
    ],
    ids=lambda line: line[0],
)
def test_a_name_nearly_another_is_refused(line: tuple[str, ...], iro: Run, authority: Path) -> None:
    """A name that is nearly another's is refused unless the user says that it is new."""
    words = [*line[0].split(), *line[1:]]
    refused = iro(*words)

    assert refused.code == 3
    assert "nobody is called 'Ada Okafr'; did you mean Ada Okafor?" in refused.err
    assert iro(*words, "--new").code == 0


def test_a_name_that_is_like_no_other_is_new(iro: Run, authority: Path) -> None:
    """A name that is like no other is accepted."""
    new = iro("allocate", "Fern", "--iro", "Nia Vole", "--from", "2026-11-23")

    assert (new.code, new.err) == (0, "")


@pytest.mark.parametrize("typed", ["ada okafor", "ADA OKAFOR", " Ada  Okafor "])
def test_one_person_is_never_two_rows(typed: str, iro: Run, authority: Path) -> None:
    """A known name in other capitals is the known person, typed or imported."""
    told = iro("allocate", "Fern", "--iro", typed, "--from", "2026-11-23").out
    Path("more.csv").write_text(f"child_id,role,name,from,to\nReed,chair,{typed},2026-11-23,\n")
    answer = iro("import", "allocations", "more.csv")
    rows = json.loads(iro("caseload", "-f", "json").out)["rows"]

    assert told.startswith("allocated to Ada Okafor as iro") or "already allocated to Ada" in told
    assert answer.code == 0
    assert [row["name"] for row in rows if "okafor" in row["name"].casefold()] == ["Ada Okafor"]


def test_an_import_stores_a_near_miss_and_says_so(iro: Run, authority: Path) -> None:
    """An import warns of a near name and stores it; doctor reports it until it is settled."""
    Path("more.csv").write_text("child_id,role,name,from,to\nReed,chair,Ada Okafr,2026-11-23,\n")
    answer = iro("import", "allocations", "more.csv")
    again = iro("import", "allocations", "more.csv")

    def found() -> list[str]:
        rows = json.loads(iro("doctor", "-f", "json").out)["rows"]
        return [row["message"] for row in rows if row["check"] == "names-alike"]

    assert "the name 'Ada Okafr' is new and looks like 'Ada Okafor'" in answer.err
    assert (answer.code, "nearly" in again.err) == (0, False)
    assert len(found()) == 1
    iro("person", "add", "Ada Okafor")
    iro("person", "add", "Ada Okafr", "--new")
    assert found() == []


def test_a_store_with_two_spellings_counts_one_person(iro: Run, authority: Path) -> None:
    """An older version could store two spellings; they count as one, and doctor says so."""
    with changing(authority) as change:
        change.add(ALLOCATION, [Allocation("Fern", "iro", "ada okafor", date(2026, 11, 20))])
    rows = json.loads(iro("caseload", "-f", "json").out)["rows"]
    checks = [row["check"] for row in json.loads(iro("doctor", "-f", "json").out)["rows"]]

    assert [row["name"] for row in rows if "okafor" in row["name"].casefold()] == ["Ada Okafor"]
    assert "name-spelt-twice" in checks


def test_who_is_about_to_leave_is_pointed_out(iro: Run, authority: Path) -> None:
    """A child can be allocated to somebody about to leave, with a warning."""
    iro("person", "add", "Ben Rees", "--to", "2026-12-31")
    answer = iro("allocate", "Moss", "--iro", "Ben Rees", "--from", "2026-11-23")

    assert answer.code == 0
    assert answer.err == ("iro: Ben Rees leaves on 31 Dec 2026: hand the children over by then\n")


# ---------------------------------------------------------------- doctor


def _findings(iro: Run, *words: str) -> list[tuple[str, str]]:
    rows = json.loads(iro("doctor", "-f", "json", *words).out)["rows"]
    return [(row["check"], row["child"]) for row in rows if row["child"]]


def test_doctor_finds_allocations_that_should_not_stand(iro: Run, authority: Path) -> None:
    """Doctor finds leavers, managers of the child's team, and siblings apart without a reason."""
    iro("allocate", "Wren", "--iro", "Ben Rees", "--from", "2026-11-09", "--reason", "x")
    iro("allocate", "Wren", "--iro", "Nia Vole", "--from", "2026-11-16", "--reason", "y")
    nothing = _findings(iro)
    iro("person", "add", "Dev Raman", "--to", "2026-11-20")
    iro("person", "add", "Ben Rees", "--manages", "south")
    iro("child", "edit", "Fern", "--sibling-group", "S2")
    iro("child", "edit", "Moss", "--sibling-group", "S2")

    assert nothing == []
    assert _findings(iro) == [("manages", "Fern"), ("siblings", "Fern"), ("left", "Reed")]
    assert ("left", "Reed") not in _findings(iro, "--as-of", "2026-11-20")


def test_doctor_leaves_out_children_with_nothing_open(iro: Run, authority: Path) -> None:
    """An allocation that was never ended is no finding if nothing is open for the child."""
    iro("person", "add", "Ben Rees", "--to", "2026-11-20")
    before = _findings(iro)
    iro("record", "cla.end", "Fern", "--on", "2026-11-19")

    assert before == [("left", "Fern")]
    assert _findings(iro) == []


# ---------------------------------------------------------------- files


def test_overlapping_allocations_of_a_file_are_refused_by_both_names(
    iro: Run, authority: Path, home: Path
) -> None:
    """Overlapping rows name each other; a row that overlaps none is stored with --skip-refused."""
    (home / "allocations.csv").write_text(
        "child_id,role,name,from,to\n"
        "Moss,iro,Ada Okafor,2026-01-01,2026-06-30\n"
        "Moss,iro,Ben Rees,2026-06-30,\n"
        "Moss,chair,Ben Rees,2026-06-30,\n"
        "Fern,iro,Ben Rees,2026-01-01,2026-06-30\n"
        "Fern,iro,Ben Rees,2026-06-01,2026-12-31\n"
        "Fern,iro,Ada Okafor,2027-01-01,\n",
        "utf-8",
    )
    refused = iro("import", "allocations", "allocations.csv")
    rest = iro("import", "allocations", "allocations.csv", "--skip-refused")

    assert refused.code == 3
    assert (
        "row 2, column name: Ada Okafor, 1 Jan 2026 to 30 Jun 2026, and Ben Rees, from 30 Jun "
        "2026 (row 3), overlap as iro of Moss" in refused.err
    )
    assert (
        "row 3, column name: Ben Rees, from 30 Jun 2026, and Ada Okafor, 1 Jan 2026 to 30 Jun "
        "2026 (row 2), overlap as iro of Moss" in refused.err
    )
    assert "2 of 6 rows refused" in refused.err
    assert "added: 4 allocations" in rest.out
