"""Measure Tab on every command against an interpreter that starts and does nothing."""

import authority
from place import Place
from startup import CASELOAD, CASELOAD_SEED, PASS, TAB, completion, nothing
from timing import cpu_seconds

from figures import Report, at_most

# Every place is tried; so many of the slowest are then measured as often as the start-up is.
_SLOWEST = 12


def measure(place: Place) -> Report:
    """Measure."""
    store = place.folder / "caseload.db"
    authority.build(store, CASELOAD, place.as_of, seed=CASELOAD_SEED)
    words = [tuple(one) for one in place.said("tab_places.py")]
    places = {one: completion(place, store, *one) for one in words}
    tried = place.bench.interleaved(places, 1)
    slowest = sorted(tried, key=lambda one: cpu_seconds(tried[one]), reverse=True)[:_SLOWEST]
    rounds = place.rounds(21, 11)
    commands = {" ".join(one): places[one] for one in slowest}
    found = place.bench.interleaved({**commands, PASS: nothing()}, rounds)
    base = cpu_seconds(found.pop(PASS))
    ratios = {name: cpu_seconds(runs) / base for name, runs in found.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    what = f"Tab, the slowest of {len(words)} places ÷ `{PASS}`"
    several = sorted(ratios, key=lambda name: ratios[name], reverse=True)[:3]
    note = (
        f"Tab: tried in {len(words)} places; the slowest {_SLOWEST} in {rounds} rounds: "
        + ", ".join(f"`{name.rstrip()}` {ratios[name]:.2f}" for name in several)
        + "."
    )
    return Report([at_most(what, ratios[worst], TAB)], [note])
