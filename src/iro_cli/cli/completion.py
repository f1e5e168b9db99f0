"""What the shell can complete: children, timescales, events and names."""

import os
from itertools import pairwise

from iro_cli import library
from iro_cli.cases.vocabulary import EVENTS, PARTICIPATION
from iro_cli.cli.settings import local_packs
from iro_cli.errors import IroError
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
    """Complete the name of an IRO or chair."""
    reader = _reader()
    return _starting(reader.names("iro"), incomplete) if reader else []


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


def processes(incomplete: str) -> list[str]:
    """Complete a process."""
    return _starting([one.id for one in library.national_pack("england").processes], incomplete)


def events(incomplete: str) -> list[str]:
    """Complete an event's name."""
    return _starting(list(EVENTS), incomplete)


def participation(incomplete: str) -> list[str]:
    """Complete a participation code."""
    return _starting(list(PARTICIPATION), incomplete)
