"""Write the beginning of a local pack: one valid rule, for the author to replace."""

import re
from datetime import date

from iro_cli.law.model import Limit, Rule

_HEAD = """\
#:schema ./pack.schema.json
# What {name} adds to the law.  What every key means: docs/packs.md; step by step:
# docs/writing-a-pack.md.  `iro timescales check FILE` says what is wrong with it.

nation = "{nation}"
name = "{name}"
# The day on which the documents below were last read.
read_on = {day}
"""
_RULE = """
[[rules]]
id = "{id}"
title = "{title}"
process = "{process}"
{keys}
watched = "local"
strength = "local"

  [[rules.versions]]
  in_force_from = {day}
  latest = {latest}
  # recalled until you have the words before you; then primary.
  checked = "recalled"
    [[rules.versions.citations]]
    instrument = "[the document, with its date]"
    provision = "[its section]"
    url = "https://example.org/"
    quote = "[the sentence, word for word]"
"""
_OWN_CLOCK = """\
# What starts the clock, and what stops it: `iro record` and Tab list the events.
trigger = { event = "cp.conference.initial" }
met_by = ["cp.letter"]
match = "date"\
"""
_SHARED = """\
# Never later than this rule, whose clock it shares.
tightens = "{}"\
"""
_LETTER = Limit(1, "working_day")


def prefix(name: str) -> str:
    """
    Return the text with which the ids of an authority's rules begin.

    >>> prefix("Cheshire East")
    'cheshire-east'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "local"


def _latest(limits: tuple[Limit, ...]) -> str:
    tables = []
    for limit in limits:
        more = ", inclusive = true" if limit.inclusive else ""
        tables.append(f'{{ amount = {limit.amount}, unit = "{limit.unit}"{more} }}')
    return tables[0] if len(tables) == 1 else f"[{', '.join(tables)}]"


def starter(name: str, nation: str, day: date, tightened: Rule | None = None) -> str:
    """
    Write the beginning of a local pack, with one rule that passes the check as it stands.

    Args:
        name: The authority whose pack it is.
        nation: The nation whose law it adds to.
        day: The first day on which its rule is in force.
        tightened: A rule of the law that the new rule is to be stricter than.  The new rule
            begins with the same limit, for its author to make shorter.

    Returns:
        The text of the pack, in TOML.
    """
    said = name.replace("\\", "\\\\").replace('"', '\\"')
    start = prefix(name)
    version = tightened and tightened.in_force(day)
    if tightened is None or version is None:
        rule = _RULE.format(
            id=f"{start}.letter",
            title="Letter after the initial conference",
            process="cp",
            keys=_OWN_CLOCK,
            day=day,
            latest=_latest((_LETTER,)),
        )
    else:
        rule = _RULE.format(
            id=f"{start}.{tightened.id}",
            title=f"{tightened.title}, {said}'s limit",
            process=tightened.process,
            keys=_SHARED.format(tightened.id),
            day=day,
            latest=_latest(version.latest),
        )
    return _HEAD.format(name=said, nation=nation, day=day) + rule
