"""
Complete what is typed in a shell: children, people, timescales, events and closed lists.

Tab starts the program each time it is pressed, so each function imports what it
needs when it is called.  A store or a pack that cannot be read completes nothing.
"""

from collections.abc import Iterable

from iro_cli.cli.options import Given
from iro_cli.lean import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_cli.law.catalogue import Catalogue
    from iro_cli.store.reading import Reader

# The functions import what they need: one press of Tab calls one of them.
# ruff: noqa: PLC0415


def starting(names: Iterable[str], incomplete: str) -> list[str]:
    """Return the names that begin with what was typed so far; capitals do not matter."""
    return [name for name in names if name.casefold().startswith(incomplete.casefold())]


def _reader(given: Given) -> "Reader | None":
    from iro_cli.cli.configuration import named
    from iro_cli.errors import IroError
    from iro_cli.store.opening import store_named

    try:
        return store_named(given.database or named("database")).reading()
    except IroError:
        return None


def _catalogue(given: Given) -> "Catalogue":
    from iro_cli import library
    from iro_cli.cli.configuration import named
    from iro_cli.cli.values import local_packs
    from iro_cli.errors import IroError

    try:
        nation = given.nation or named("nation") or "england"
        return library.catalogue(nation, local_packs(given.pack, nation))
    except IroError:  # a local pack has a mistake, or there is no such nation
        return library.catalogue("england")


def children(given: Given, incomplete: str) -> list[str]:
    """Complete a child's id."""
    reader = _reader(given)
    return reader.child_ids(incomplete) if reader else []


def names(given: Given, incomplete: str) -> list[str]:
    """Complete the name of an IRO or chair who is recorded or has a child."""
    reader = _reader(given)
    if reader is None:
        return []
    known = {*reader.holder_names(), *(one.name for one in reader.people())}
    return starting(sorted(known), incomplete)


def teams(given: Given, incomplete: str) -> list[str]:
    """Complete a team."""
    reader = _reader(given)
    return starting(reader.teams(), incomplete) if reader else []


def timescales(given: Given, incomplete: str) -> list[str]:
    """Complete a timescale's id."""
    return starting(_catalogue(given).rules, incomplete)


def timescales_or_groups(given: Given, incomplete: str) -> list[str]:
    """Complete a timescale's id, or the name of a group of them."""
    rules = _catalogue(given).rules
    groups = sorted({rule.group for rule in rules.values() if rule.group})
    return starting((*groups, *rules), incomplete)


def processes(given: Given, incomplete: str) -> list[str]:
    """Complete a process."""
    return starting(_catalogue(given).processes, incomplete)


def nations(_: Given, incomplete: str) -> list[str]:
    """Complete a nation."""
    from iro_cli.library import NATIONS

    return starting(NATIONS, incomplete)


def sources(_: Given, incomplete: str) -> list[str]:
    """Complete the name of a source for an import."""
    from iro_cli.extracts import SOURCES

    return starting(SOURCES, incomplete)


def events(_: Given, incomplete: str) -> list[str]:
    """Complete an event's name."""
    from iro_cli.facts.vocabulary import EVENTS

    return starting(EVENTS, incomplete)


def participation(_: Given, incomplete: str) -> list[str]:
    """Complete a participation code."""
    from iro_cli.facts.vocabulary import PARTICIPATION

    return starting(PARTICIPATION, incomplete)


def outcomes(_: Given, incomplete: str) -> list[str]:
    """Complete the outcome of a conference."""
    from iro_cli.facts.vocabulary import EVENTS

    found = [one for kind in EVENTS.values() for one in kind.values.get("outcome", ())]
    return starting(dict.fromkeys(found), incomplete)
