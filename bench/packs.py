"""Measure the daily check with rule packs in use against the same without any."""

import authority
from authority import Size
from place import HERE, Place
from timing import Command, cpu_seconds

from figures import Report, at_most

# The packs say nothing about these children: only the cost of having packs is measured.
IN_CARE = Size(looked_after=300, on_plans=0, enquiries=False)
# The packs have rules for these: the chairs' clocks of 110 plans are counted and listed too.
MIXED = Size(looked_after=190, on_plans=110)
SEED = 5
# The note below the table says by how much two measurements of the same command differ.
LOADED, LISTED = 1.05, 1.25
SHIPPED = HERE.parent / "examples" / "packs"
# Three packs say when the next core group is, but a chain can have only one follower: one of them.
LEFT_OUT = {"blackpool", "sefton"}
TOGETHER = [path for path in sorted(SHIPPED.glob("*.toml")) if path.stem not in LEFT_OUT]
NONE, AGAIN, WALES = "without any", "without any, a second time", "Wales' pack for one child"
ONE, ALL = "one local pack", f"{len(TOGETHER)} local packs"
SAID = f"{len(TOGETHER)} local packs, and what they list"


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    stores = {name: place.folder / f"{name}.db" for name in ("in-care", "wales", "mixed")}
    for name, store in stores.items():
        authority.build(store, MIXED if name == "mixed" else IN_CARE, place.as_of, seed=SEED)
    of_wales = ("child", "edit", "B000001", "--child-nation", "wales")
    place.bench.run(place.iro(*of_wales, store=stores["wales"]))

    def due(name: str, paths: list[object]) -> Command:
        command = place.iro("due", "--all", "-f", "csv", store=stores[name])
        # The packs are checked once, before anything is measured, and kept here.
        used = {"XDG_CACHE_HOME": str(place.folder), "IRO_PACKS": ":".join(map(str, paths))}
        return command._replace(extra={**command.extra, **used})

    mixed = f"{NONE}, on plans too"
    commands = {
        NONE: due("in-care", []),
        AGAIN: due("in-care", []),
        ONE: due("in-care", [*TOGETHER[:1]]),
        ALL: due("in-care", [*TOGETHER]),
        WALES: due("wales", []),
        mixed: due("mixed", []),
        SAID: due("mixed", [*TOGETHER]),
    }
    rows = {
        name: place.expect(command, b"child,timescale").count(b"\n") - 1
        for name, command in commands.items()
    }
    rounds = place.rounds(61, 21)
    found = place.bench.interleaved(commands, rounds)
    taken = {name: cpu_seconds(runs) for name, runs in found.items()}
    figures = [
        at_most(f"`iro due`, {name} ÷ {NONE}", taken[name] / taken[NONE], LOADED)
        for name in (ONE, ALL, WALES)
    ]
    figures.append(at_most(f"`iro due`, {SAID} ÷ {NONE}", taken[SAID] / taken[mixed], LISTED))
    note = (
        f"Packs: {IN_CARE.children} children in care, {rows[NONE]} rows with packs and without; "
        f"{MIXED.children} with {MIXED.on_plans} on plans, {rows[mixed]} rows without packs and "
        f"{rows[SAID]} with them; {rounds} rounds; `iro due` {NONE} took "
        f"{taken[NONE] * 1000:.1f} ms, and {taken[AGAIN] / taken[NONE]:.3f} of that a second time."
    )
    if not rows[NONE] == rows[ONE] == rows[ALL]:
        raise SystemExit("bench: the packs have something to say of children in care")
    return Report(figures, [note])
