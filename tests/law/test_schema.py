"""A wrong rule pack is refused, with every problem at once, each with file and key."""

import re
from typing import Any

import pytest

from iro_cli.errors import PackError
from iro_cli.law.model import Limit, Match, pack_from
from iro_cli.law.schema import validated
from running import each

RULE = """
nation = "england"
name = "Test"
processes = [{ id = "cla", title = "Reviews" }]

[[rules]]
id = "cla.review.midway"
title = "Midway review"
process = "cla"
trigger = { event = "cla.start" }
met_by = ["cla.review"]
watched = "yes"
strength = "local"

  [[rules.versions]]
  in_force_from = 2020-01-01
  latest = { amount = 6, unit = "week" }
  checked = "primary"
    [[rules.versions.citations]]
    instrument = "Procedures"
    provision = "1.2"
    url = "https://example.org/procedures"
    quote = "within six weeks"
"""
VERSION = RULE[RULE.index("  [[rules.versions]]") :]


def problems(text: str) -> list[str]:
    """Return what is wrong with a pack."""
    with pytest.raises(PackError) as caught:
        validated(text, "local.toml")
    return caught.value.problems


def changed(old: str, new: str) -> str:
    """Return the sound pack with one thing changed."""
    if RULE.count(old) < 1:
        raise ValueError(old)
    return RULE.replace(old, new)


def test_a_sound_pack_is_read() -> None:
    """The engine reads what the pack says."""
    (rule,) = pack_from(validated(RULE, "local.toml")).rules

    assert ("cla.review.midway", (Match("cla.start"),), (Limit(6, "week"),)) == (
        rule.id,
        rule.trigger.event,
        rule.versions[0].latest,
    )


def test_what_is_not_toml_is_refused() -> None:
    """The message names the file and the place."""
    (problem,) = problems("nation = \n")

    assert problem.startswith("local.toml: this is not TOML: ")
    assert "line 1" in problem


def test_a_day_that_does_not_exist_is_refused() -> None:
    """TOML itself refuses 30 February."""
    (problem,) = problems(changed("2020-01-01", "2020-02-30"))

    assert problem.startswith("local.toml: this is not TOML: ")


def test_what_is_no_rule_at_all_is_refused() -> None:
    """A number among the rules, or a list as an id, is a problem and no failure."""
    head, _, rule = RULE.partition("[[rules]]")
    number = problems(f"{head}rules = [1]\n")
    listed = problems(changed('id = "cla.review.midway"', 'id = ["a"]'))

    assert rule
    assert [one.split(" — ")[0] for one in number] == ["local.toml: rules.0"]
    assert [one.split(" — ")[0] for one in listed] == ["local.toml: rules.0.id"]


def test_every_problem_is_reported_at_once() -> None:
    """All problems of a pack are listed, so that it is mended once."""
    text = changed('unit = "week"', 'unit = "fortnight"').replace('"cla.start"', '"cla.began"')
    text = text.replace('title = "Midway review"\n', "").replace("strength", "force")

    assert [
        "local.toml: rules.cla.review.midway.title — it is needed",
        "local.toml: rules.cla.review.midway.trigger.event.0 — there is no event 'cla.began'; did you mean cla.end or cla.start or cla.review?",
        "local.toml: rules.cla.review.midway.strength — it is needed",
        (
            "local.toml: rules.cla.review.midway.versions.0.latest.0.unit — "
            "'fortnight' is not one of 'day', 'working_day', 'week', 'month' and 'percent'"
        ),
        (
            "local.toml: rules.cla.review.midway.force — there is no such key; "
            "did you mean once or before_age or process?"
        ),
    ] == problems(text)


@each(
    "old, new, problem",
    [
        (
            'unit = "week"',
            'unit = "hour"',
            "rules.cla.review.midway.versions.0.latest.0.unit — 'hour' is not one of",
        ),
        (
            "amount = 6",
            'amount = "6"',
            "rules.cla.review.midway.versions.0.latest.0.amount — Input should be a",
        ),
        (
            "amount = 6",
            "amount = 6.5",
            "rules.cla.review.midway.versions.0.latest.0.amount — Input should be a",
        ),
        (
            "amount = 6",
            "amount = true",
            "rules.cla.review.midway.versions.0.latest.0.amount — Input should be a",
        ),
        (
            "amount = 6",
            "amount = -6",
            "rules.cla.review.midway.versions.0.latest.0.amount — Input should be gr",
        ),
        (
            "{ amount",
            "{ colour = 1, amount",
            "rules.cla.review.midway.versions.0.latest.0.colour — there is no such key",
        ),
        (
            "in_force_from = 2020-01-01\n",
            "",
            "rules.cla.review.midway.versions.0.in_force_from — it is needed",
        ),
        (
            "in_force_from = 2020-01-01\n",
            "in_force_from = 2020-01-01\n  in_force_to = 2019-12-31\n",
            "rules.cla.review.midway.versions.0 — in_force_to is before in_force_from",
        ),
        (
            'checked = "primary"',
            'checked = "yes"',
            "rules.cla.review.midway.versions.0.checked — 'yes' is not one of",
        ),
        ('checked = "primary"\n', "", "rules.cla.review.midway.versions.0.checked — it is needed"),
        (
            "https://example.org",
            "example.org",
            "rules.cla.review.midway.versions.0.citations.0.url — 'example.org",
        ),
        (
            'quote = "within six weeks"',
            "",
            "rules.cla.review.midway.versions.0.citations.0.quote — it is needed",
        ),
        (
            '"within six weeks"',
            '""',
            "rules.cla.review.midway.versions.0.citations.0.quote — it is blank",
        ),
        ("cla.review.midway", "CLA Midway", "rules.0.id — 'CLA Midway': small letters"),
        (
            'watched = "yes"',
            "watched = true",
            "rules.cla.review.midway.watched — True is not one of 'yes', 'no'",
        ),
        ('"england"', '"cornwall"', "nation — 'cornwall' is not one of 'england', 'wales'"),
        ('name = "Test"', 'name = "Test"\ncolour = 1', "colour — there is no such key"),
        (
            '["cla.review"]',
            '["cla.rewiew"]',
            "rules.cla.review.midway.met_by.0 — there is no event 'cla.rewiew'",
        ),
        (
            '["cla.review"]',
            '[{ event = "cla.review", detail = "outcome", value = "plan" }]',
            "rules.cla.review.midway.met_by.0 — cla.review has no detail 'outcome'",
        ),
        (
            '["cla.review"]',
            '[{ event = "cp.conference.initial", detail = "outcome" }]',
            "rules.cla.review.midway.met_by.0 — detail and value go together",
        ),
        (
            'met_by = ["cla.review"]\n',
            "",
            "rules.cla.review.midway — met_by is for a rule with a trigger of its",
        ),
        (
            'trigger = { event = "cla.start" }\n',
            "",
            "rules.cla.review.midway — a rule has a trigger, unless it marks or tightens another rule",
        ),
        (
            '{ event = "cla.start" }',
            '{ event = "cla.start", held = ["cla.review.first"] }',
            "rules.cla.review.midway.trigger — a trigger has exactly one of event, held, booked and between",
        ),
        (
            '{ event = "cla.start" }',
            "{}",
            "rules.cla.review.midway.trigger — a trigger has exactly one of",
        ),
        (
            '{ event = "cla.start" }',
            '{ event = "cla.start", pick = "middle" }',
            "rules.cla.review.midway.trigger.pick — 'middle' is not one of 'first' and 'last'",
        ),
        (
            'strength = "local"',
            'strength = "local"\ntightens = "cla.review.first"',
            "rules.cla.review.midway — a rule has a trigger, unless it marks or tightens another rule",
        ),
        (
            'strength = "local"',
            'strength = "local"\nmarks = "a"\ntightens = "b"',
            "rules.cla.review.midway — a rule marks another or tightens it, not both",
        ),
        (
            'strength = "local"',
            'strength = "local"\nadvanced_by = ["adoption.review"]',
            "rules.cla.review.midway — advanced_by needs stopped_while",
        ),
        (
            "amount = 6",
            "before = true, amount = 6",
            "rules.cla.review.midway — a limit counts back from a booked meeting, or from a day that an event gives",
        ),
        (
            'latest = { amount = 6, unit = "week" }',
            'latest = [{ amount = 6, unit = "week" }, { before = true, amount = 1, unit = "day" }]',
            "rules.cla.review.midway.versions.0 — limits that count forwards and backwards cannot be compared",
        ),
        (
            'latest = { amount = 6, unit = "week" }',
            "latest = []",
            "rules.cla.review.midway.versions.0.latest — ",
        ),
    ],
)
def test_one_fault_is_named_by_its_key(old: str, new: str, problem: str) -> None:
    """The message has the file and the key."""
    (found,) = problems(changed(old, new))

    assert f"local.toml: {problem}" == found[: len(f"local.toml: {problem}")]


@each(
    "old, new, said",
    [
        # `detail` belongs into an event of the trigger, and not beside it.
        (
            '{ event = "cla.start" }',
            '{ event = "cla.start", detail = "outcome" }',
            "rules.cla.review.midway.trigger.detail — there is no such key",
        ),
        (
            '["cla.review"]',
            '[{ event = "cla.review", pick = "last" }]',
            "rules.cla.review.midway.met_by.0.pick — there is no such key",
        ),
        (
            '["cla.review"]',
            '[{ event = "cla.review", while_opened = "period-of-care" }]',
            (
                "rules.cla.review.midway.met_by.0.while_opened — there is no such key; "
                "did you mean while_open?"
            ),
        ),
        (
            "amount = 6",
            'within = { event = "cla.start", amounts = 1 }, amount = 6',
            (
                "rules.cla.review.midway.versions.0.latest.0.within.amounts — there is no such key; "
                "did you mean amount or unit?"
            ),
        ),
        (
            'name = "Test"',
            'name = "Test"\ntitle = "Test"',
            "title — there is no such key",
        ),
    ],
)
def test_the_keys_that_are_proposed_are_allowed_at_that_place(
    old: str, new: str, said: str
) -> None:
    """A key that is right elsewhere is not proposed where it was refused."""
    assert f"local.toml: {said}" in problems(changed(old, new))


@each("key", ["nation", "name"])
def test_a_pack_without_a_nation_is_refused(key: str) -> None:
    """A missing nation is reported beside a wrong rule, without problems that depend on it."""
    text = re.sub(f"(?m)^{key} = .*\\n", "", changed("amount = 6", "amount = -6"))

    assert [
        f"local.toml: {key}",
        "local.toml: rules.cla.review.midway.versions.0.latest.0.amount",
    ] == [one.split(" — ")[0] for one in problems(text)]


def test_a_window_needs_its_latest_day() -> None:
    """An earliest day alone is no time limit."""
    assert ["local.toml: rules.cla.review.midway.versions.0.latest — it is needed"] == problems(
        changed("latest = {", "earliest = {")
    )


def test_a_version_without_a_citation_is_refused() -> None:
    """Every number of the law needs the words it is based on."""
    text = RULE[: RULE.index("    [[rules.versions.citations]]")]

    assert ["local.toml: rules.cla.review.midway.versions.0.citations — it is needed"] == problems(
        text
    )


def test_a_rule_without_a_version_is_refused() -> None:
    """A rule that was never in force is no rule."""
    text = RULE[: RULE.index("  [[rules.versions]]")]

    assert ["local.toml: rules.cla.review.midway.versions — it is needed"] == problems(text)


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [
        ("2020-01-01", "2024-01-01", "2024-01-01"),
        ("2020-01-01\n  in_force_to = 2024-01-01", "2024-01-01", "2024-01-01"),
        ("2024-01-01", "2020-01-01", "2024-01-01"),
        ("2020-01-01", "2020-01-01", "2020-01-01"),
    ],
)
def test_two_versions_in_force_on_one_day_are_refused(first: str, second: str, day: str) -> None:
    """On any day at most one version of a rule is in force, in whatever order they are listed."""
    text = changed("2020-01-01", first) + VERSION.replace("2020-01-01", second)

    assert [
        f"local.toml: rules.cla.review.midway — two versions are in force on {day}"
    ] == problems(text)


def test_a_version_may_follow_another_the_next_day() -> None:
    """Such a change of law leaves no day without a version, and none with two."""
    text = changed("2020-01-01", "2020-01-01\n  in_force_to = 2023-12-31")
    (rule,) = pack_from(
        validated(text + VERSION.replace("2020-01-01", "2024-01-01"), "local.toml")
    ).rules

    assert 2 == len(rule.versions)


def test_counting_back_with_the_day_itself_is_refused() -> None:
    """A limit that would not be counted as written is refused, and not ignored."""
    text = changed("{ amount = 6", "{ before = true, inclusive = true, amount = 6")
    text = text.replace('{ event = "cla.start" }', '{ booked = ["cla.review.first"] }')

    assert 1 == len(problems(text.replace('met_by = ["cla.review"]\n', "")))


def test_a_detail_that_cannot_be_given_is_refused() -> None:
    """A value that the vocabulary does not have would never match."""
    text = changed(
        '["cla.review"]',
        '[{ event = "cp.conference.review", detail = "outcome", value = "ended" }]',
    )

    assert ["local.toml: rules.cla.review.midway.met_by.0"] == [
        one.split(" — ")[0] for one in problems(text)
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("2020-01-01", '"2020-01-01"', "in_force_from"),
        ("2020-01-01", "0", "in_force_from"),
        ("amount = 6", 'amount = 6, inclusive = "yes"', "latest.0.inclusive"),
    ],
)
def test_types_are_those_of_toml(old: str, new: str, key: str) -> None:
    """A date is a date and a choice is true or false; nothing is converted."""
    (found,) = problems(changed(old, new))

    assert found.startswith(f"local.toml: rules.cla.review.midway.versions.0.{key} — ")


def test_what_is_read_is_plain_data() -> None:
    """The compiled file has only what JSON can hold."""
    data: dict[str, Any] = validated(RULE, "local.toml")

    assert "2020-01-01" == data["rules"][0]["versions"][0]["in_force_from"]
