"""Measure an authority as large as England against reading its rows, and its tenth."""

from pathlib import Path

from authority import Size
from place import Place
from timing import Command, cpu_seconds, peak_mib

from figures import Report, at_most, under, under_mib

ENGLAND = Size(looked_after=84_000, on_plans=50_000)
TENTH = Size(looked_after=8_400, on_plans=5_000)
ENGLAND_BARE, TEN_TIMES, MOST_MIB, BYTES_AN_EVENT = 3.5, 11, 500, 110


def _generated(place: Place, name: str, size: Size) -> tuple[Path, int]:
    path = place.folder / f"{name}.db"
    children = ("--looked-after", size.looked_after, "--on-plans", size.on_plans)
    return path, place.said("authority.py", path, *children, "--as-of", place.as_of)


def measure(place: Place) -> Report:
    """Measure this part, and return its figures."""
    large, events = _generated(place, "england", ENGLAND)
    small, _ = _generated(place, "tenth", TENTH)

    def listing(store: Path) -> Command:
        return place.iro("due", "--all", "-f", "csv", store=store)._replace(discard=True)

    commands = {
        "england": listing(large),
        "tenth": listing(small),
        "bare": place.script("bare_read.py", large, place.as_of),
    }
    size = large.stat().st_size
    rounds = place.rounds(7, 3)
    found = place.bench.interleaved(commands, rounds)
    england, tenth, bare = (cpu_seconds(found[name]) for name in commands)
    all_due = "`iro due --all -f csv`"
    figures = [
        at_most(f"{all_due}, England ÷ reading the same rows bare", england / bare, ENGLAND_BARE),
        at_most(f"{all_due}, ten times the children ÷ the children", england / tenth, TEN_TIMES),
        under_mib(f"{all_due}, England: most memory", peak_mib(found["england"]), MOST_MIB),
        under("the store of England, all of it, by events", size / events, BYTES_AN_EVENT, "bytes"),
    ]
    note = (
        f"Scale: {ENGLAND.children:,} children, {events:,} events, {size / 1e6:.0f} MB; {rounds} "
        f"rounds; England {england:.2f} s, its tenth {tenth:.2f} s, bare read {bare:.2f} s."
    )
    return Report(figures, [note])
