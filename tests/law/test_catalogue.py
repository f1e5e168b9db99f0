"""The rules of a nation and of its local packs, put together and cross-checked."""

import json
from pathlib import Path

import pytest

from iro_cli import library
from iro_cli.errors import InputRefusedError, PackError
from iro_cli.law.catalogue import Catalogue, UnknownTimescaleError
from running import each

CITED = """
  checked = "primary"
    [[rules.versions.citations]]
    instrument = "Procedures"
    provision = "1.2"
    url = "https://example.org/procedures"
    quote = "as stated"
"""


def rule(name: str, *lines: str, latest: str = '{ amount = 10, unit = "working_day" }') -> str:
    """Write a rule of a local pack; a later line replaces an earlier one."""
    keys = {
        "id": f'"{name}"',
        "title": '"Local"',
        "process": '"cla"',
        "watched": '"yes"',
        "strength": '"local"',
    }
    for line in lines:
        key, _, value = line.partition(" = ")
        keys[key] = value
    written = "\n".join(f"{key} = {value}" for key, value in keys.items())
    versions = f"  [[rules.versions]]\n  in_force_from = 2012-01-01\n  latest = {latest}"
    return f"\n[[rules]]\n{written}\n{versions}{CITED}"


def pack(path: Path, *rules: str, head: str = "") -> Path:
    """Write a local pack of England."""
    path.write_text(f'nation = "england"\nname = "Local"\n{head}\n{"".join(rules)}', "utf-8")
    return path


def problems(path: Path, *rules: str, head: str = "") -> list[str]:
    """Return the problems of a local pack beside England's."""
    local = library.local_pack(pack(path / "local.toml", *rules, head=head))
    with pytest.raises(PackError) as caught:
        Catalogue([library.national_pack("england"), local], "x")
    return caught.value.problems


@pytest.fixture(scope="module")
def england() -> Catalogue:
    """Return the rules of England."""
    return library.catalogue("england")


STARTS = 'trigger = { event = "cla.start" }'
MET = 'met_by = ["cla.review"]'


@each(
    "lines, problem",
    [
        ((STARTS, MET, 'process = "nope"'), "process — there is no process 'nope'"),
        ((STARTS, MET, 'span = "nope"'), "span — there is no span 'nope'"),
        ((STARTS, MET, 'stopped_while = "nope"'), "stopped_while — there is no span 'nope'"),
        (('trigger = { held = ["nope"] }', MET), "trigger.held — there is no rule 'nope'"),
        (('tightens = "nope"',), "tightens — there is no rule with a clock of its own 'nope'"),
        (('marks = "nope"',), "marks — there is no rule with a clock of its own 'nope'"),
        (
            (STARTS, 'met_by = [{ event = "cla.review", while_open = "nope" }]'),
            "while_open — there is no span 'nope'",
        ),
        (
            ('trigger = { event = { event = "cla.start", while_open = "nope" } }', MET),
            "while_open — there is no span 'nope'",
        ),
    ],
)
def test_a_name_that_nothing_has_is_refused(
    tmp_path: Path, lines: tuple[str, ...], problem: str
) -> None:
    """If a rule names an unknown span, rule or process, the message names the key."""
    assert [f"Local: rules.local.one.{problem}"] == problems(tmp_path, rule("local.one", *lines))


def test_a_meeting_that_is_not_booked_under_any_rule_is_refused(tmp_path: Path) -> None:
    """A rule that counts back from a booked meeting has to name an existing rule."""
    back = '{ amount = 3, unit = "working_day", before = true }'
    found = problems(tmp_path, rule("local.one", 'trigger = { booked = ["nope"] }', latest=back))

    assert ["Local: rules.local.one.trigger.booked — there is no rule 'nope'"] == found


def test_a_span_in_any_match_is_checked(tmp_path: Path) -> None:
    """An unknown span is refused wherever it is named."""
    lines = (
        STARTS,
        MET,
        'stopped_while = "placed-for-adoption"',
        'advanced_by = [{ event = "adoption.review", while_open = "nope" }]',
    )
    found = problems(tmp_path, rule("local.one", *lines))

    assert ["Local: rules.local.one.while_open — there is no span 'nope'"] == found


def test_a_span_in_a_span_is_checked(tmp_path: Path) -> None:
    """An unknown span is refused if another span names it."""
    span = """
[[spans]]
id = "local-span"
title = "local"
process = "cla"
opened_by = [{ event = "cla.start", while_open = "nope" }]
closed_by = ["cla.end"]
"""

    assert 1 == len(problems(tmp_path, span))


def test_every_contradiction_is_reported_at_once(tmp_path: Path) -> None:
    """All faults of a local pack are listed, so that it is mended once."""
    found = problems(
        tmp_path,
        rule("local.one", STARTS, MET, 'span = "nope"'),
        rule("local.two", 'tightens = "nope"', 'strength = "regulations"'),
        head='turn_on = ["nowhere"]',
    )

    assert [
        "Local: rules.local.one.span — there is no span 'nope'",
        "Local: rules.local.two.tightens — there is no rule with a clock of its own 'nope'",
        "Local: turn_on — there is no rule 'nowhere'",
        "Local: rules.local.two.strength — a local pack's rules are 'local'",
    ] == found


def test_a_rule_that_is_never_off_cannot_be_turned_on(tmp_path: Path) -> None:
    """Only local rules that a nation's pack offers can be turned on."""
    found = problems(tmp_path, head='turn_on = ["cla.review.first"]')

    assert ["Local: turn_on — cla.review.first is not a local rule and is never off"] == found


def test_a_local_rule_may_not_pose_as_law(tmp_path: Path) -> None:
    """A rule of a local pack has to have local strength."""
    found = problems(tmp_path, rule("local.one", STARTS, MET, 'strength = "regulations"'))

    assert ["Local: rules.local.one.strength — a local pack's rules are 'local'"] == found


def test_a_local_rule_may_not_take_the_place_of_the_law(tmp_path: Path) -> None:
    """Two rules of one name are refused, so a local pack cannot replace the nation's."""
    found = problems(tmp_path, rule("cla.review.first", STARTS, MET))

    assert [
        "Local: rules.cla.review.first.id — two rules or spans are called 'cla.review.first'"
    ] == found


def test_a_pack_of_another_nation_is_refused(tmp_path: Path) -> None:
    """Rules of two nations do not mix."""
    path = tmp_path / "local.toml"
    path.write_text('nation = "wales"\nname = "Local"\n', "utf-8")

    with pytest.raises(PackError, match="Local: nation — wales is not england"):
        Catalogue([library.national_pack("england"), library.local_pack(path)], "x")


def test_two_rules_after_one_are_refused(tmp_path: Path) -> None:
    """Only one rule may follow another in a chain."""
    found = problems(tmp_path, rule("local.one", 'trigger = { held = ["cla.review.first"] }', MET))

    assert [
        (
            "Local: rules.local.one.trigger.held — "
            "cla.review.first is followed by both cla.review.second and local.one"
        )
    ] == found


def test_a_chain_is_met_by_one_kind_of_meeting(tmp_path: Path) -> None:
    """A rule and its follower are met by the same meeting."""
    found = problems(
        tmp_path,
        rule("local.one", STARTS, MET),
        rule("local.two", 'trigger = { held = ["local.one"] }', 'met_by = ["cp.core-group"]'),
    )

    assert ["Local: rules.local.two.met_by — met_by and span must be those of local.one"] == found


def test_a_chain_without_a_beginning_is_refused(tmp_path: Path) -> None:
    """A rule that follows only itself can never start, and is refused."""
    assert problems(tmp_path, rule("local.one", 'trigger = { held = ["local.one"] }', MET))


def test_a_rule_beside_a_marker_is_refused(tmp_path: Path) -> None:
    """A marker can only be beside a rule with its own clock."""
    assert problems(tmp_path, rule("local.one", 'tightens = "cla.review.first.28-days"'))


def test_a_pack_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A missing file is a named problem of the pack."""
    path = tmp_path / "none.toml"

    with pytest.raises(PackError, match=r"none\.toml: cannot be read"):
        library.local_pack(path)


def test_a_pack_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused."""
    path = tmp_path / "local.toml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(PackError, match="cannot be read"):
        library.local_pack(path)


def test_a_nation_whose_law_is_not_written_down_is_refused() -> None:
    """England's rules are never used for another nation."""
    with pytest.raises(InputRefusedError, match="has no rules for scotland"):
        library.catalogue("scotland")


class TestLookingUp:
    """Timescales are found by name."""

    def test_by_name(self, england: Catalogue) -> None:
        """A timescale is found by its id."""
        assert "First review" == england.get("cla.review.first").title

    def test_a_mistyped_name_is_corrected(self, england: Catalogue) -> None:
        """An unknown name is refused with the nearest existing ones."""
        with pytest.raises(UnknownTimescaleError, match=r"did you mean .*cla\.review\.second"):
            england.get("cla.review.secund")

    def test_a_name_like_no_other_is_not_corrected(self, england: Catalogue) -> None:
        """If no name is near, none is suggested."""
        with pytest.raises(UnknownTimescaleError, match="there is no timescale 'zzz'; `iro"):
            england.get("zzz")

    def test_a_group(self, england: Catalogue) -> None:
        """The three records of a review are turned on together, in order of their limits."""
        three = ("cla.review.decisions", "cla.review.record", "cla.review.distribution")
        together = england.group("records")

        assert tuple(one for one in together if one in three) == three
        assert {england.get(one).group for one in together} == {"records"}

    def test_a_rule_is_a_group_of_one(self, england: Catalogue) -> None:
        """A timescale's own name means only itself."""
        assert ("cla.review.first",) == england.group("cla.review.first")

    def test_the_chains(self, england: Catalogue) -> None:
        """The rules follow one another as in the Regulations."""
        chains = {
            chain.root.id: ([rule.id.rpartition(".")[2] for rule in chain.rules], chain.repeats)
            for chain in england.chains
            if len(chain.rules) > 1
        }

        visits = [chains.pop(root) for root in list(chains) if root.startswith("visits.")]
        assert [(["first", "next"], True)] * 7 == visits
        assert {
            "cla.review.first": (["first", "second", "subsequent"], True),
            "short-break.review.first": (["first", "subsequent"], True),
            "cp.conference.review.first": (["first", "subsequent"], True),
            "adoption.review.authorised.first": (["first", "subsequent"], True),
            "adoption.review.placed.first": (["first", "second", "subsequent"], True),
            "secure.review.first": (["first", "subsequent"], True),
        } == chains


class TestTurningOn:
    """A local rule is off unless a local pack turns it on."""

    def test_off(self) -> None:
        """The 28-day marker is not shown by default."""
        england = library.catalogue("england")

        assert not england.is_shown(england.get("cla.review.first.28-days"))

    def test_on(self, tmp_path: Path) -> None:
        """A local pack that names it turns it on."""
        local = pack(tmp_path / "local.toml", head='turn_on = ["cla.review.first.28-days"]')
        england = library.catalogue("england", [local])

        assert england.is_shown(england.get("cla.review.first.28-days"))

    def test_a_local_pack_changes_the_fingerprint(self, tmp_path: Path) -> None:
        """The digest in an export shows whether a local pack was in use."""
        local = pack(tmp_path / "local.toml", head='turn_on = ["cla.review.first.28-days"]')

        assert library.built_in_digest() == library.catalogue("england").digest
        assert library.built_in_digest() != library.catalogue("england", [local]).digest


@pytest.mark.parametrize("nation", ["england", "wales"])
def test_what_is_compiled_is_what_is_read(nation: str) -> None:
    """Every value of a rule reaches the engine, in its own place."""
    packs = Path(library.__file__).parent / "law" / "packs"
    compiled = json.loads((packs / f"{nation}.json").read_text("utf-8"))
    catalogue = library.catalogue(nation)
    for data in compiled["rules"]:
        rule = catalogue.rules[data["id"]]._asdict()

        assert {*data} <= {*rule}
        for name, value in data.items():
            read = rule[name]
            same = len(value) == len(read) if isinstance(value, list) else value == read
            assert same or name == "trigger", f"{data['id']}.{name}"


# A second version of a rule, in force on the days of its first.
AGAIN = f"  [[rules.versions]]\n  in_force_from = 2012-02-01{CITED}"
CORE = ('process = "cp"', 'met_by = ["cp.core-group"]')


class TestEverythingAtOnce:
    """All faults of a pack are listed with file and key."""

    def told(self, folder: Path, *rules: str, head: str = "") -> list[str]:
        """Return the problems of a file of rules, any of which may be wrong."""
        with pytest.raises(PackError) as caught:
            library.catalogue("england", [pack(folder / "faulty.toml", *rules, head=head)])
        assert 4 == caught.value.exit_code
        return caught.value.problems

    def test_faults_of_every_kind_are_listed(self, tmp_path: Path) -> None:
        """A key, a unit, a ring, two versions, no citation, and a first day later than the law."""
        found = self.told(
            tmp_path,
            rule("faulty.letter", STARTS, MET, 'titel = "Letter"'),
            rule("faulty.record", STARTS, MET, latest='{ amount = 1, unit = "fortnight" }'),
            rule("faulty.round", *CORE, 'trigger = { held = ["faulty.about"] }'),
            rule("faulty.about", *CORE, 'trigger = { held = ["faulty.round"] }'),
            rule("faulty.twice", STARTS, MET)
            + AGAIN.replace("02-01", '02-01\n  latest = { amount = 1, unit = "week" }'),
            rule("faulty.uncited", STARTS, MET).partition("    [[rules.versions.citations]]")[0],
            rule(
                "faulty.loose",
                'tightens = "cla.review.first"',
                latest='{ amount = 28, unit = "day" }',
            ),
        )

        starts = [
            "faulty.toml: rules.faulty.letter.titel — there is no such key; did you mean title",
            "faulty.toml: rules.faulty.record.versions.0.latest.0.unit — 'fortnight' is not one",
            "faulty.toml: rules.faulty.twice — two versions are in force on 2012-02-01",
            "faulty.toml: rules.faulty.uncited.versions.0.citations — it is needed",
            "faulty.toml: rules.faulty.round.trigger — nothing ever starts it: no event begins",
            "faulty.toml: rules.faulty.about.trigger — nothing ever starts it: no event begins",
            "faulty.toml: rules.faulty.loose.tightens — from 6 Jan 2024 it is due on 3 Feb 2024,",
        ]
        assert starts == [one[: len(start)] for one, start in zip(found, starts, strict=True)]

    def test_what_names_a_rule_that_is_wrong_is_not_blamed(self, tmp_path: Path) -> None:
        """A rule that follows a faulty one has no fault itself."""
        found = self.told(
            tmp_path,
            rule("faulty.first", STARTS, MET, 'titel = "Letter"'),
            rule("faulty.next", MET, 'trigger = { held = ["faulty.first"] }'),
            rule("faulty.last", MET, 'trigger = { held = ["faulty.next"] }'),
            head='turn_on = ["faulty.first"]',
        )

        assert ["faulty.toml: rules.faulty.first.titel"] == [one.split(" — ")[0] for one in found]

    def test_a_head_that_is_wrong_leaves_nothing_to_check(self, tmp_path: Path) -> None:
        """If the head is wrong too, the rules are not compared with the law."""
        loose = rule(
            "faulty.loose", 'tightens = "cla.review.first"', latest='{ amount = 9, unit = "month" }'
        )

        assert ["faulty.toml: spans"] == [
            one.split(" — ")[0] for one in self.told(tmp_path, loose, head="spans = 1")
        ]

    @pytest.mark.parametrize(
        ("trigger", "latest"),
        [
            ('{ booked = ["faulty.ring"] }', '{ amount = 2, unit = "day", before = true }'),
            ('{ between = ["faulty.ring"] }', '{ amount = 50, unit = "percent" }'),
            ('{ held = ["faulty.ring"] }', '{ amount = 2, unit = "day" }'),
        ],
    )
    def test_a_rule_that_waits_for_itself(self, tmp_path: Path, trigger: str, latest: str) -> None:
        """A rule that waits for itself never begins."""
        (found,) = self.told(
            tmp_path, rule("faulty.ring", f"trigger = {trigger}", MET, latest=latest)
        )

        assert found.startswith("faulty.toml: rules.faulty.ring.trigger — nothing ever starts it")

    def test_spans_that_rest_on_each_other(self, tmp_path: Path) -> None:
        """Neither span could ever open."""
        spans = "\n".join(
            f"""[[spans]]
id = "{one}"
title = "A time"
process = "cp"
opened_by = ["cp.letter"]
closed_by = ["cp.record"]
rests_on = "{other}"
"""
            for one, other in (("faulty.a", "faulty.b"), ("faulty.b", "faulty.a"))
        )

        assert [
            f"faulty.toml: spans.faulty.{one}.rests_on — it rests on itself in the end"
            for one in "ab"
        ] == self.told(tmp_path, head=spans)

    def test_the_law_of_another_nation_is_not_held_against_a_pack(self, tmp_path: Path) -> None:
        """20 working days are compared with Wales' limits, and not with England's month."""
        path = pack(
            tmp_path / "faulty.toml",
            rule(
                "faulty.secure",
                'tightens = "secure.review.first"',
                latest='{ amount = 20, unit = "working_day" }',
            ),
        )
        path.write_text(path.read_text("utf-8").replace("england", "wales"), "utf-8")
        with pytest.raises(PackError) as caught:
            library.catalogue("england", [path])

        assert caught.value.problems == ["faulty.toml: nation — wales is not england"]

    def test_what_counts_back_is_tightened_by_a_rule_of_its_own(self, tmp_path: Path) -> None:
        """It does not share the law's clock, and the refusal says what to do instead."""
        (found,) = self.told(
            tmp_path,
            rule(
                "faulty.report",
                'tightens = "cla.review.report"',
                latest='{ amount = 5, unit = "day", before = true }',
            ),
        )

        assert found.endswith(
            "a rule that is stricter than one that counts back needs a trigger of its own"
        )

    def test_a_key_that_nobody_knows_hides_nothing(self, tmp_path: Path) -> None:
        """An unknown key in the head or a rule does not hide that the rule loosens the law."""
        loose = rule(
            "faulty.loose",
            'tightens = "cla.review.first"',
            "colour = 1",
            latest='{ amount = 9, unit = "month" }',
        )

        assert [
            "faulty.toml: rules.faulty.loose.colour",
            "faulty.toml: colour",
            "faulty.toml: rules.faulty.loose.tightens",
        ] == [one.split(" — ")[0] for one in self.told(tmp_path, loose, head="colour = 1")]
