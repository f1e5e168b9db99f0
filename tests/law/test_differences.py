"""Two packs are compared, rule by rule and version by version."""

from datetime import date
from pathlib import Path

from iro_cli import library
from iro_cli.law.differences import Difference, differences
from iro_cli.law.model import Pack, pack_from
from iro_cli.law.schema import validated
from running import each

TEXT = """
nation = "england"
name = "Testshire"
read_on = 2026-01-05

[[rules]]
id = "testshire.letter"
title = "Letter"
process = "cp"
trigger = { event = "cp.conference.initial" }
met_by = ["cp.letter"]
match = "date"
watched = "local"
strength = "local"

  [[rules.versions]]
  in_force_from = 2026-01-05
  latest = { amount = 1, unit = "working_day" }
  checked = "recalled"
    [[rules.versions.citations]]
    instrument = "Standards"
    provision = "1"
    url = "https://example.org/1"
    quote = "[within a working day]"
"""
ID, DAY = "testshire.letter", date(2026, 1, 5)


def pack(text: str) -> Pack:
    """Read a pack."""
    return pack_from(validated(text, "local.toml"))


def test_a_pack_does_not_differ_from_itself() -> None:
    """The same text gives no difference."""
    assert [] == differences(pack(TEXT), pack(TEXT))


@each(
    "old, new, found",
    [
        ("amount = 1,", "amount = 2,", (ID, DAY, "limit", "1 working day", "2 working days")),
        ('"recalled"', '"primary"', (ID, DAY, "checked", "recalled", "primary")),
        ("[within", "[in", (ID, DAY, "quote", "[within a working day]", "[in a working day]")),
        ('title = "Letter"', 'title = "Note"', (ID, None, "title", "Letter", "Note")),
        ('"cp.letter"', '"cp.report"', (ID, None, "met_by", "cp.letter", "cp.report")),
        ('match = "date"\n', "", (ID, None, "match", "date", None)),
        (
            'event = "cp.conference.initial" }',
            'event = { event = "cp.conference.initial", detail = "outcome", value = "plan" } }',
            (
                *(ID, None, "trigger", "event cp.conference.initial"),
                "event cp.conference.initial (outcome plan)",
            ),
        ),
        ("read_on = 2026-01-05", "", (None, None, "read_on", "2026-01-05", None)),
        (
            'name = "Testshire"',
            'name = "Testshire"\nturn_on = ["cla.midway"]',
            (None, None, "turn_on", None, "cla.midway"),
        ),
    ],
)
def test_one_change_is_one_difference(
    old: str, new: str, found: tuple[str | None, date | None, str, str | None, str | None]
) -> None:
    """A change is named by its key, with the old value."""
    assert old in TEXT
    assert [Difference(*found)] == differences(pack(TEXT), pack(TEXT.replace(old, new)))


def test_a_version_that_follows_another() -> None:
    """The older version ends, and the newer is new."""
    later = TEXT[TEXT.index("  [[rules.versions]]") :].replace("2026-01-05", "2026-06-01")
    after = TEXT.replace("  latest", "  in_force_to = 2026-05-31\n  latest", 1)
    after += later.replace("amount = 1,", "amount = 3,")

    assert [
        Difference(ID, DAY, "in_force_to", None, "2026-05-31"),
        Difference(ID, date(2026, 6, 1), "new", None, "3 working days"),
    ] == differences(pack(TEXT), pack(after))


def test_a_rule_that_is_new_and_one_that_is_gone() -> None:
    """A rule is recognised by its id: under another id it is another rule."""
    assert [
        Difference(ID, None, "gone", "1 working day", None),
        Difference("testshire.note", None, "new", None, "1 working day"),
    ] == differences(pack(TEXT), pack(TEXT.replace(ID, "testshire.note")))


def test_the_packs_that_ship_can_be_told_apart() -> None:
    """Of any two, each rule of the one is gone and each rule of the other new."""
    packs = [library.local_pack(path) for path in sorted(_shipped().glob("*.toml"))]
    for one, other in zip(packs, packs[1:], strict=False):
        found = {row.timescale: row.what for row in differences(one, other) if row.timescale}

        assert {rule.id: "gone" for rule in one.rules} | {
            rule.id: "new" for rule in other.rules
        } == found


def _shipped() -> Path:
    return library.shipped_packs()[0].parent
