"""What a local pack would change, for open obligations and for days; counted by hand."""

import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from iro_cli import library
from iro_cli.facts.model import Child, Event
from iro_cli.questions.packs import impact, shipped_pack, tried
from iro_cli.questions.view import View
from running import Answer
from stores import reading

pytestmark = pytest.mark.asked_on("2026-05-12")
Store = Callable[..., Path]
Iro = Callable[..., Answer]
Ask = Callable[[str], Answer]
# Enquiries from Mon 11 May 2026.  By law the conference is due after 15 working days, on Tue
# 2 June; 12 of them end on Thu 28 May, 10 on Tue 26 May (Mon 25 May is a bank holiday).
ENQUIRIES = Event("cp.strategy", date(2026, 5, 11))
LAW, TWELVE, TEN = "2026-06-02", "2026-05-28", "2026-05-26"
PACK = """
nation = "england"
name = "Testshire"
"""
RULE = """
[[rules]]
id = "testshire.conference.initial"
title = "Initial conference, Testshire's limit"
process = "cp"
tightens = "cp.conference.initial"
watched = "local"
strength = "local"

  [[rules.versions]]
  in_force_from = 2026-01-01
  latest = { amount = 12, unit = "working_day" }
  checked = "recalled"
    [[rules.versions.citations]]
    instrument = "Standards"
    provision = "4"
    url = "https://example.org/4"
    quote = "[within 12 working days]"
"""


@pytest.fixture
def ask(iro: Iro) -> Ask:
    """Run a line as it is typed."""
    return lambda line: iro(*shlex.split(line))


def write(name: str, text: str) -> str:
    """Write a pack into the test's folder."""
    Path(name).write_text(text, "utf-8")
    return name


@pytest.fixture
def dunlin(make_store: Store) -> None:
    """Make a store with a child under enquiries, and one whose review took two meetings."""
    review = Event("cla.review", date(2026, 3, 2), completed_on=date(2026, 3, 10))
    care = Event("cla.start", date(2026, 2, 9))
    make_store(
        [Child("DUNLIN"), Child("KNOT"), Child("WHINCHAT", nation="wales")],
        [("DUNLIN", ENQUIRIES), ("KNOT", care), ("KNOT", review), ("WHINCHAT", ENQUIRIES)],
    )


def told(answer: Answer) -> list[dict[str, Any]]:
    """Return the change of each date."""
    kept = ("child", "timescale", "change", "was", "due", "days")
    return [{key: row[key] for key in kept} for row in answer.rows()]


def test_a_new_limit_stands_beside_the_law(dunlin: None, ask: Ask) -> None:
    """A new pack adds its date; a child of Wales gets none from England's packs."""
    pack = write("new.toml", PACK + RULE)

    assert [
        {
            "child": "DUNLIN",
            "timescale": "testshire.conference.initial",
            "change": "new",
            "was": LAW,
            "due": TWELVE,
            "days": -5,
        }
    ] == told(ask(f"timescales impact {pack} -f json"))


def test_a_pack_takes_the_place_of_the_one_of_its_name(dunlin: None, ask: Ask) -> None:
    """With ten working days in use, twelve move the date by two days."""
    used = write("used.toml", PACK + RULE.replace("amount = 12", "amount = 10"))
    new = write("new.toml", PACK + RULE)
    (row,) = told(ask(f"timescales impact {new} --pack {used} -f json"))

    assert ("moved", TEN, TWELVE, 2) == (row["change"], row["was"], row["due"], row["days"])


def test_a_rule_that_is_no_more(dunlin: None, ask: Ask) -> None:
    """A date that only the pack in use asked for is gone."""
    used, new = write("used.toml", PACK + RULE), write("new.toml", PACK)
    (row,) = told(ask(f"timescales impact {new} --pack {used} -f json"))

    assert ("gone", TWELVE, None) == (row["change"], row["was"], row["due"])


def test_a_pack_in_use_is_compared_with_none(dunlin: None, ask: Ask) -> None:
    """For a pack that is already in use, the answer is its whole effect."""
    pack = write("used.toml", PACK + RULE)

    assert told(ask(f"timescales impact {pack} -f json")) == told(
        ask(f"timescales impact {pack} --pack {pack} -f json")
    )


def test_what_a_pack_moves_of_the_law(dunlin: None, ask: Ask) -> None:
    """Counted from a review's last meeting, the next is due eight days later."""
    pack = write("new.toml", PACK + 'next_review_from = "completion"\n')
    (row,) = told(ask(f"timescales impact {pack} -f json"))

    assert ("KNOT", "cla.review.second", "moved") == (row["child"], row["timescale"], row["change"])
    assert ("2026-06-02", "2026-06-10", 8) == (row["was"], row["due"], row["days"])


def test_for_people_it_counts(dunlin: None, ask: Ask) -> None:
    """The heading counts new, moved and gone dates, and the children."""
    answer = ask(f"timescales impact {write('new.toml', PACK + RULE)}")

    assert "Tue 12 May 2026: 1 new, 0 moved, 0 gone, for 1 child; 0 overdue" in answer.out
    assert "Thu 28 May 2026" in answer.out


def test_no_change_is_no_row(dunlin: None, ask: Ask) -> None:
    """A pack without rules changes nothing, and the answer says so."""
    answer = ask(f"timescales impact {write('new.toml', PACK)}")

    assert (0, "") == (answer.code, answer.err)
    assert "0 new, 0 moved, 0 gone, for 0 children" in answer.out


def test_a_pack_is_tried_on_days(home: Path, ask: Ask) -> None:
    """Each rule is counted from each day, beside the law, without a store."""
    pack = write("new.toml", PACK + RULE)
    rows = ask(f"timescales try {pack} 2026-05-11 2026-12-18 -f json").rows()

    assert [
        ("2026-05-11", TWELVE, LAW),
        # 18 Dec: Mon 21 to Thu 24 are four, Tue 29 to Thu 31 seven, Mon 4 to Fri 8 Jan twelve.
        ("2026-12-18", "2027-01-08", "2027-01-13"),
    ] == [(row["from"], row["due"], row["law"]) for row in rows]


def test_a_rule_without_a_date_says_why(home: Path, ask: Ask) -> None:
    """A limit that counts back from an event's day has no date from a bare day."""
    answer = ask("timescales try sefton 2026-11-23")

    assert answer.code == 0
    assert "Mon 21 Dec 2026" in answer.out
    assert "sefton.conference.pre-birth counts from an event that is not recorded" in answer.out


def test_a_day_before_every_rule_is_refused(home: Path, ask: Ask) -> None:
    """If no rule gives a date, the answer is the reason."""
    answer = ask(f"timescales try {write('new.toml', PACK + RULE)} 2025-12-31")

    assert (answer.code, answer.out) == (3, "")
    assert "testshire.conference.initial" in answer.err


def test_two_packs(home: Path, ask: Ask) -> None:
    """The differences are listed; equal packs give no output."""
    one = write("one.toml", PACK + RULE)
    other = write("other.toml", PACK + RULE.replace("amount = 12", "amount = 10"))
    (row,) = ask(f"timescales diff {one} {other} -f json").rows()

    assert ("limit", "12 working days", "10 working days") == (
        *(row["what"], row["before"], row["after"]),
    )
    assert (0, "", "") == ask(f"timescales diff {one} {one}")


def test_both_packs_are_checked_at_once(home: Path, ask: Ask) -> None:
    """The problems of both are listed before any comparison."""
    one, other = write("one.toml", PACK + "colour = 1\n"), write("other.toml", "name = 1\n")
    answer = ask(f"timescales diff {one} {other}")

    assert (answer.code, answer.out) == (4, "")
    assert "one.toml: colour" in answer.err
    assert "other.toml: nation" in answer.err


@pytest.mark.parametrize(
    "line",
    [
        "timescales try bad.toml today",
        "timescales impact bad.toml",
        "timescales diff bad.toml sefton",
    ],
)
def test_all_that_is_wrong_is_said_whatever_is_asked(home: Path, ask: Ask, line: str) -> None:
    """A typing error does not hide that a rule loosens the law, as with ``check``."""
    loose = RULE.replace("testshire.conference.initial", "testshire.loose").replace("= 12", "= 16")
    write("bad.toml", PACK + RULE.replace("watched", "wached", 1) + loose)
    answer = ask(line)

    assert (answer.code, answer.out) == (4, "")
    assert answer.err == ask("timescales check bad.toml").err
    assert "rules.testshire.conference.initial.wached" in answer.err
    assert "rules.testshire.loose.tightens" in answer.err


def test_the_packs_that_ship_are_listed(home: Path, ask: Ask) -> None:
    """Each has the pages it was made from, and the day they were read."""
    rows = ask("timescales packs -f json").rows()

    assert [path.stem for path in library.shipped_packs()] == [row["pack"] for row in rows]
    assert all(row["read_on"] and row["pages"] and row["timescales"] for row in rows)


def test_those_in_use_are_said_to_be(home: Path, ask: Ask) -> None:
    """A pack in use is recognised by its name, or by its file."""
    tees = next(path for path in library.shipped_packs() if path.stem == "tees")
    used = [
        [row["pack"] for row in ask(f"timescales packs -f json {packs}").rows() if row["in_use"]]
        for packs in ("", f"--pack sussex --pack {tees}")
    ]

    assert [[], ["sussex", "tees"]] == used


def test_one_that_ships_is_used_by_its_name(home: Path, ask: Ask) -> None:
    """``--pack tees`` is the pack of that name, unless the folder has such a file."""
    assert "Thu 7 Jan 2027" in ask("when tees.core-group.later 2026-11-26 --pack tees").out
    Path("tees").write_text(PACK + RULE, "utf-8")
    assert ask("when tees.core-group.later 2026-11-26 --pack tees").code == 3
    assert ask("when testshire.conference.initial 2026-05-11 --pack tees").code == 0


def test_a_new_pack_is_written_and_passes(home: Path, ask: Ask) -> None:
    """It is written to a new file, and is valid as it is."""
    answer = ask("timescales new Otherton --tightens cp.conference.initial -o otherton.toml")

    assert (answer.code, answer.err) == (0, "")
    assert (0, "", "") == ask("timescales check otherton.toml")
    assert (
        Path("otherton.toml").read_text("utf-8")
        == ask("timescales new Otherton --tightens cp.conference.initial").out
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("timescales new Otherton -o there.toml", "is there already"),
        ("timescales new Otherton --tightens cla.midway", "has no clock of its own"),
        ("timescales new Otherton --tightens cla.review.first.28-days", "no clock of its own"),
        ("timescales new Otherton --tightens cla.reviw.first", "did you mean cla.review.first"),
        ("timescales new ' '", "say whose pack it is"),
    ],
)
def test_what_cannot_be_begun(home: Path, ask: Ask, line: str, why: str) -> None:
    """No file is overwritten, and a rule without a clock cannot be tightened."""
    write("there.toml", "mine")
    answer = ask(line)

    assert answer.code in (2, 3)
    assert why in answer.err
    assert Path("there.toml").read_text("utf-8") == "mine"


def test_the_schema_is_json(home: Path, ask: Ask) -> None:
    """The printed schema is the one that ships."""
    assert "A rule pack of iro-cli" == ask("timescales schema").json["title"]


def test_what_is_to_come(home: Path, ask: Ask) -> None:
    """Each entry says what to watch; if there is none, the answer says so."""
    rows = ask("timescales list --coming -f json").rows()

    assert {one.id for one in library.coming("england")} == {row["id"] for row in rows}
    assert all(row["watch"] and row["url"] for row in rows)
    assert "0 changes to come, wales" in ask("timescales list --coming --nation wales").out


@pytest.mark.parametrize(
    ("day", "warned"), [("2027-11-26", False), ("2027-11-27", True), ("2026-11-26", False)]
)
def test_the_doctor_says_when_sources_were_last_read(
    dunlin: None, ask: Ask, day: str, warned: bool
) -> None:
    """A year and a day after a pack's sources were read, doctor asks to read them again."""
    pack = write("new.toml", f"{PACK}read_on = 2026-11-26\n{RULE}")
    rows = ask(f"doctor --pack {pack} --as-of {day} -f json").rows()
    told = [row["message"] for row in rows if row["check"] == "sources"]

    assert warned == any(
        "Testshire: its sources were last read on 26 Nov 2026" in one for one in told
    )


def test_the_doctor_says_that_nobody_knows_when_they_were_read(dunlin: None, ask: Ask) -> None:
    """A pack without that day may be ten years old."""
    rows = ask(f"doctor --pack {write('new.toml', PACK + RULE)} -f json").rows()

    assert ["Testshire: the pack does not say when its sources were read"] == [
        row["message"] for row in rows if row["check"] == "sources"
    ]


# ---------------------------------------------------------------- asked directly


def test_each_rule_of_a_pack_is_tried_beside_the_law(home: Path) -> None:
    """From Mon 11 May 2026, and from a day before the pack was in force."""
    pack = Path(write("new.toml", PACK + RULE))
    catalogue = library.catalogue("england", [pack])
    days = [date(2026, 5, 11), date(2025, 5, 12)]
    found, without = tried(
        catalogue, library.calendar(catalogue.calendar), library.local_pack(pack), days
    )

    assert [(one.due.due, one.law.due if one.law else None) for one in found] == [
        (date(2026, 5, 28), date(2026, 6, 2))
    ]
    assert len(without) == 1
    assert "the earliest is in force from 1 Jan 2026" in without[0]


def test_what_a_pack_that_ships_says_of_itself(home: Path) -> None:
    """It gives its rules, from when, and where that is written."""
    pack = Path(write("new.toml", PACK + RULE))
    found = shipped_pack(pack, library.local_pack(pack), used=False)

    assert (found.pack, found.name) == ("new", "Testshire")
    assert found.timescales == ("testshire.conference.initial",)
    assert (found.in_force_from, found.pages) == (date(2026, 1, 1), ("https://example.org/4",))


def test_the_open_dates_that_a_pack_moves(dunlin: None, home: Path) -> None:
    """The new limit is five days before the law's."""
    pack = Path(write("new.toml", PACK + RULE))
    before, after = (
        View(reading(home / "iro.db"), nation="england", as_of=date(2026, 5, 12), packs=packs)
        for packs in ((), (pack,))
    )
    [found] = impact(before, after)

    assert (found.child, found.change, found.was, found.due, found.days) == (
        "DUNLIN",
        "new",
        date(2026, 6, 2),
        date(2026, 5, 28),
        -5,
    )
