"""A local rule never gives a later date than the rule it tightens, for any trigger."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from iro_cli import library
from iro_cli.law.catalogue import Catalogue
from iro_cli.law.model import Limit, Pack, Rule, Trigger, Version
from iro_cli.obligations.due import DueDates, NoDateError
from iro_cli.obligations.tightening import loosened
from running import each

CALENDAR = library.calendar("england-and-wales")
ENGLAND = library.national_pack("england")
LAW = {rule.id: rule for rule in ENGLAND.rules}
YEARS = [date(2024, 1, 1) + timedelta(days=number) for number in range(5 * 365)]
limits = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.just("day")),
    st.builds(Limit, st.integers(1, 25), st.just("working_day")),
    st.builds(Limit, st.integers(1, 14), st.just("week")),
    st.builds(Limit, st.integers(1, 7), st.just("month")),
)


def beside(law: str, *versions: Version) -> Catalogue:
    """Return England's rules with a rule that tightens one of them."""
    rule = Rule("local.one", "Local", "cla", Trigger(), (), "yes", "local", versions, tightens=law)
    local = Pack("england", "Local", ENGLAND.calendar, None, None, None, (), (), (rule,))
    return Catalogue([ENGLAND, local], "x")


def since_2012(limit: Limit) -> Version:
    """Return a limit as a version that has been in force since 2012."""
    return Version(date(2012, 1, 1), None, (limit,), "primary", ())


def is_ever_later(law: str, limit: Limit) -> bool:
    """Try every day of five years, one after another."""
    dates = DueDates(CALENDAR)
    local = beside(law, since_2012(limit)).get("local.one")
    for day in YEARS:
        try:
            if dates.of(local, day).due > dates.of(LAW[law], day).due:
                return True
        except NoDateError:
            continue
    return False


@given(st.sampled_from(["cla.review.first", "cla.review.second", "secure.review.first"]), limits)
def test_what_is_let_through_is_never_later(law: str, limit: Limit) -> None:
    """A rule is refused exactly if it is later on some day."""
    packs = beside(law, since_2012(limit)).packs

    assert is_ever_later(law, limit) == bool(loosened(packs, CALENDAR))


def test_each_rule_that_loosens_is_named(tmp_path: Path) -> None:
    """Two rules that loosen the law are two problems, reported together."""
    local = [
        Rule(
            name,
            "Local",
            "cla",
            Trigger(),
            (),
            "yes",
            "local",
            (Version(date(2012, 1, 1), None, (Limit(7, "month"),), "primary", ()),),
            tightens=law,
        )
        for name, law in (
            ("local.one", "cla.review.second"),
            ("local.two", "cla.review.subsequent"),
        )
    ]
    pack = Pack("england", "Local", ENGLAND.calendar, None, None, None, (), (), tuple(local))
    found = loosened([ENGLAND, pack], CALENDAR)

    assert ["Local: rules.local.one.tightens", "Local: rules.local.two.tightens"] == [
        one.split(" — ")[0] for one in found
    ]


def test_england_s_own_pack_tightens_nothing() -> None:
    """The 28-day marker is beside the law and does not claim to tighten it."""
    assert [] == loosened([ENGLAND], CALENDAR)


# A marker that stands beside the law has no clock of its own.
@each("law", [name for name, rule in sorted(LAW.items()) if not rule.beside])
def test_the_law_itself_does_not_loosen(law: str) -> None:
    """A local rule that repeats the law, version by version, is accepted."""
    assert [] == loosened(beside(law, *LAW[law].versions).packs, CALENDAR)
