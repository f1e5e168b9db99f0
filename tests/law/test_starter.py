"""The beginning of a local pack is valid, for any rule that has a clock."""

from datetime import date

import pytest

from iro_cli import library
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Rule, pack_from
from iro_cli.law.schema import validated
from iro_cli.law.starter import prefix, starter
from iro_cli.obligations.tightening import loosened
from running import each

DAY = date(2026, 11, 23)
ENGLAND = library.catalogue("england")
WITH_A_CLOCK = [
    one
    for one in ENGLAND.rules.values()
    if not one.beside
    and not one.follows
    and one.in_force(DAY)
    and not any(limit.others for version in one.versions for limit in version.latest)
]


def test_a_rule_of_its_own() -> None:
    """Without a rule to tighten, it has a letter one working day after a conference."""
    pack = pack_from(validated(starter("Cheshire East", "england", DAY), "new.toml"))
    (rule,) = pack.rules

    assert ("Cheshire East", DAY) == (pack.name, pack.read_on)
    assert "cheshire-east.letter" == rule.id
    assert ["1 working day"] == [version.words() for version in rule.versions]
    assert {"recalled"} == {version.checked for version in rule.versions}


@each("law", WITH_A_CLOCK, name=lambda one: one.id)
def test_what_tightens_a_rule_begins_as_that_rule(law: Rule) -> None:
    """It has the law's own limit, which is no looser than the law."""
    rule = ENGLAND.rules[law.id]
    pack = pack_from(validated(starter("Testshire", "england", DAY, rule), "new.toml"))
    (own,) = pack.rules
    version = rule.in_force(DAY)

    assert version is not None
    assert (rule.id, version.latest) == (own.tightens, own.versions[0].latest)
    both = Catalogue([library.national_pack("england"), pack], "x")
    assert [] == loosened(both.packs, library.calendar(both.calendar))


@pytest.mark.parametrize(
    ("name", "start"),
    [("Testshire", "testshire"), ("St. Helens & Knowsley", "st-helens-knowsley"), ("…", "local")],
)
def test_ids_begin_with_the_authority(name: str, start: str) -> None:
    """Ids have small letters, digits and hyphens, whatever the authority's name."""
    assert start == prefix(name)


def test_a_name_with_quotation_marks() -> None:
    """Quotation marks in a name are escaped in TOML."""
    pack = pack_from(validated(starter('The "Other" \\ Shire', "england", DAY), "new.toml"))

    assert 'The "Other" \\ Shire' == pack.name
