"""What the shell can complete: children, timescales, events and names."""

import os
from itertools import pairwise

from iro_cli import library
from iro_cli.cli.settings import local_packs
from iro_cli.errors import IroError
from iro_cli.facts.vocabulary import EVENTS, PARTICIPATION
from iro_cli.store.location import store_path
from iro_cli.store.reading import Reader


def _reader() -> Reader | None:
    try:
        return Reader(store_path(_typed_database() or os.environ.get("IRO_DATABASE")))
    except IroError:
        return None


def _typed_database() -> str | None:
    """Find ``--database`` in the line that is being completed."""
    words = os.environ.get("COMP_WORDS", "").split()
    for before, word in pairwise(words):
        if before == "--database":
            return word
    return next((one.partition("=")[2] for one in words if one.startswith("--database=")), None)


def _starting(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.casefold().startswith(incomplete.casefold())]


def children(incomplete: str) -> list[str]:
    """Complete a child's id."""
    reader = _reader()
    return _starting(reader.names("child"), incomplete) if reader else []


def names(incomplete: str) -> list[str]:
    """Complete the name of an IRO or chair: who is recorded, or has a child allocated."""
    from iro_cli.store.people import people  # noqa: PLC0415 - only when completing

    reader = _reader()
    if reader is None:
        return []
    return _starting(
        sorted({*reader.names("iro"), *(one.name for one in people(reader))}), incomplete
    )


def teams(incomplete: str) -> list[str]:
    """Complete a team."""
    reader = _reader()
    return _starting(reader.teams(), incomplete) if reader else []


def timescales(incomplete: str) -> list[str]:
    """Complete a timescale's id."""
    try:
        rules = list(library.catalogue("england", local_packs(None)).rules)
    except IroError:
        rules = [rule.id for rule in library.national_pack("england").rules]
    return _starting(rules, incomplete)


def timescales_or_groups(incomplete: str) -> list[str]:
    """Complete a timescale's id, or the name of a group of them."""
    rules = library.national_pack("england").rules
    groups = sorted({rule.group for rule in rules if rule.group})
    return [*_starting(groups, incomplete), *timescales(incomplete)]


def processes(incomplete: str) -> list[str]:
    """Complete a process."""
    return _starting([one.id for one in library.national_pack("england").processes], incomplete)


def events(incomplete: str) -> list[str]:
    """Complete an event's name."""
    return _starting(list(EVENTS), incomplete)


def participation(incomplete: str) -> list[str]:
    """Complete a participation code."""
    return _starting(list(PARTICIPATION), incomplete)


def outcomes(incomplete: str) -> list[str]:
    """Complete what a conference decided."""
    found = [one for kind in EVENTS.values() for one in kind.values.get("outcome", ())]
    return _starting(list(dict.fromkeys(found)), incomplete)


def caseload_by(incomplete: str) -> list[str]:
    """Complete what caseloads are put together by."""
    return _starting(["iro", "team", "process"], incomplete)


def booking_reasons(incomplete: str) -> list[str]:
    """Complete why a meeting was moved."""
    from iro_cli.changes.booking import REASONS  # noqa: PLC0415 - only when completing

    return _starting(list(REASONS), incomplete)


def grades(incomplete: str) -> list[str]:
    """Complete the grade of an audit."""
    from iro_cli.questions.audits import GRADES  # noqa: PLC0415 - only when completing

    return _starting(list(GRADES), incomplete)
