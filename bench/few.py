"""Measure questions about few children in a store of many, against the same in a store of few."""

from pathlib import Path

from authority import Size
from place import Place
from startup import completion, copied
from timing import Command, cpu_seconds

from figures import Report, at_most

BOUND = 2
# Both have as many children with something about child protection, so the answers cost the same.
MANY = Size(looked_after=133_500, on_plans=500, enquiries=False)
FEW = Size(looked_after=840, on_plans=500, enquiries=False)
_CHILD = "B000500"


def _generated(place: Place, name: str, size: Size) -> Path:
    path = place.folder / f"{name}.db"
    children = ("--looked-after", size.looked_after, "--on-plans", size.on_plans)
    place.said("authority.py", path, *children, "--no-enquiries", "--as-of", place.as_of)
    return path


def _asked(place: Place, store: Path) -> dict[str, Command]:
    """Return the questions about few children, and a change to one, by their names."""
    used = store.with_name(f"{store.stem}-changed.db")

    def due(*words: str) -> Command:
        return place.iro("due", "--all", *words, "-f", "csv", store=store)

    record = place.iro(
        *("record", "health.assessment", _CHILD, "--on", place.as_of.isoformat()), store=used
    )
    return {
        "`iro due --iro X`": due("--iro", "Officer 0003"),
        "`iro due --team X`": due("--team", "Team 003"),
        "`iro due --process cp`": due("--process", "cp"),
        "`iro due --child X`": due("--child", _CHILD),
        "`iro show X`": place.iro("show", _CHILD, store=store),
        "`iro explain X`": place.iro("explain", _CHILD, store=store),
        "Tab on a child's id": completion(place, store, "iro", "show", _CHILD[:-1]),
        "`iro record`": record._replace(prepare=lambda: copied(store, used)),
    }


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    stores = {"many": _generated(place, "many", MANY), "few": _generated(place, "few", FEW)}
    commands = {
        (what, name): command
        for name, store in stores.items()
        for what, command in _asked(place, store).items()
    }
    for command in commands.values():
        place.expect(command, b"\n")
    rounds = place.rounds(9, 3)
    found = place.bench.interleaved(commands, rounds)
    taken = {key: cpu_seconds(runs) for key, runs in found.items()}
    names = [what for what, name in commands if name == "many"]
    figures = [
        at_most(
            f"{what}, {MANY.children:,} children ÷ {FEW.children:,}",
            taken[what, "many"] / taken[what, "few"],
            BOUND,
        )
        for what in names
    ]
    seconds = ", ".join(
        f"{what} {taken[what, 'few']:.2f} and {taken[what, 'many']:.2f}" for what in names
    )
    note = (
        f"Few of many: {FEW.children:,} and {MANY.children:,} children, {FEW.on_plans} of them on "
        f"plans in both; {rounds} rounds; in seconds: {seconds}."
    )
    return Report(figures, [note])
