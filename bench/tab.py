"""Measure Tab on every command against an interpreter that starts and does nothing."""

from collections.abc import Iterator

import authority
from place import Place
from startup import CASELOAD, CASELOAD_SEED, PASS, TAB, completion, nothing
from timing import cpu_seconds

from figures import Report, at_most
from iro_cli.cli.commands import COMMANDS, GROUPS
from iro_cli.cli.options import COMMON

# Every place is tried; so many of the slowest are then measured as often as the start-up is.
_SLOWEST = 12
# The text of an argument that was already typed, by its name.
_TYPED = {"child": "B000001", "timescale": "cla.review.first", "event": "cla.review"}


def _places() -> Iterator[tuple[str, ...]]:
    """
    Yield the places where Tab can be pressed, each as the words up to the cursor.

    They are the names of commands, and on each command its options, the value of each
    option and each argument.  What all commands share is asked of one of them.
    """
    for group in ("", *GROUPS):
        yield ("iro", *group.split(), "")
        yield ("iro", *group.split(), "-")
    yield from (("iro", "due", one.flags[0], "") for one in COMMON if one.kind is not bool)
    for name, command in COMMANDS.items():
        words = ["iro", *name.split()]
        yield (*words, "-")
        for option in command.own:
            if not option.typed:
                yield (*words, "")
                words.append(_TYPED.get(option.name, "x"))
            elif option.kind is not bool:
                yield (*words, option.flags[0], "")


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    store = place.folder / "caseload.db"
    authority.build(store, CASELOAD, place.as_of, seed=CASELOAD_SEED)
    places = {" ".join(words): completion(place, store, *words) for words in _places()}
    tried = place.bench.interleaved(places, 1)
    slowest = sorted(places, key=lambda one: cpu_seconds(tried[one]), reverse=True)[:_SLOWEST]
    commands = {one: places[one] for one in slowest}
    rounds = place.rounds(21, 11)
    found = place.bench.interleaved({**commands, PASS: nothing()}, rounds)
    base = cpu_seconds(found[PASS])
    ratios = {name: cpu_seconds(found[name]) / base for name in commands}
    worst = sorted(ratios, key=lambda name: ratios[name], reverse=True)
    said = ", ".join(f"`{name.rstrip()}` {ratios[name]:.2f}" for name in worst[:3])
    note = (
        f"Tab: tried in {len(places)} places; the slowest {_SLOWEST} in {rounds} rounds, and the "
        f"slowest of these: {said}."
    )
    what = f"Tab, the slowest of {len(places)} places ÷ `{PASS}`"
    return Report([at_most(what, ratios[worst[0]], TAB)], [note])
