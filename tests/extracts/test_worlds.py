"""
If every meeting was held in time, no extract makes any of them late, whatever it leaves out.

The authorities are invented, and so is what befalls their extracts: some are imported out of
order, some have rows that are refused, Annex A lists what is recent, a return is of a year.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from running import Answer, first_fast
from worlds import TODAY, Extract, Life, extract, lives

Iro = Callable[..., Answer]
_AGO = (0, 0, 1, 7, 30, 60, 120, 200, 250, 400, 600)
_EVERY = ("annex-a", "cin-census", "ssd", "ssda903")
MIXES = {
    "annex-a": ("annex-a",),
    "cin-census": ("cin-census",),
    "ssda903": ("ssda903",),
    "annex-a and ssda903": ("annex-a", "ssda903"),
    "annex-a and cin-census": ("annex-a", "cin-census"),
    "all": _EVERY,
}

# Of the authorities below, those of whom every row is refused, so that nothing can be late.
ALL_REFUSED = [(("ssda903",), 9), (("ssda903",), 26)]


def worlds(few: range, many: range) -> list[ParameterSet]:
    """Return the sources and the seed of each authority; most are marked slow."""
    return [
        pytest.param(
            sources, seed, marks=() if seed in few else (pytest.mark.slow,), id=f"{name}-{seed}"
        )
        for name, sources in MIXES.items()
        for seed in (*few, *many)
    ]


def in_some_order(
    sources: tuple[str, ...], every: list[Life], draw: random.Random, home: Path
) -> list[tuple[date, Extract]]:
    """
    Write the extracts of an authority, and return them in the order of their import.

    Each source is exported once more at the end, and each extract with the day of its import:
    one of a year that has ended may be imported later.
    """
    spoils = draw.choice([0, 0, 0.05, 0.1])
    days = sorted(TODAY - timedelta(draw.choice(_AGO)) for _ in range(draw.randint(1, 4)))
    found = [
        (day, extract(draw.choice(sources), every, day, home / f"{place}", draw, spoils))
        for place, day in enumerate(days)
    ]
    for source in sorted({one.source for _, one in found}):
        folder = home / f"last-{source}"
        last = extract(source, every, days[-1], folder, draw, spoils, of_this_year=True)
        found.append((days[-1], last))
    if draw.random() < 0.4:
        draw.shuffle(found)
        found = [(day if one.told_to == day else days[-1], one) for day, one in found]
    return found


@pytest.mark.parametrize(("sources", "seed"), worlds(range(1), range(1, 60)))
def test_nothing_is_late_where_all_was_held_in_time(
    sources: tuple[str, ...], seed: int, home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the list nor the report has anything as certainly late."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    draw = random.Random(seed)
    imported = in_some_order(sources, lives(draw, 6), draw, home)
    for day, one in imported:
        done = iro("--as-of", f"{day}", "import", one.source, str(one.folder), "--skip-refused")
        assert done.code == 0, done.err
    asked_on = max(day for day, _ in imported).isoformat()
    monkeypatch.setenv("IRO_AS_OF", asked_on)
    if not (home / "iro.db").exists():
        assert (sources, seed) in ALL_REFUSED
        return
    listed = [
        (row["child"], row["timescale"], row["due"])
        for row in iro("due", "--all", "-f", "json").rows()
        if row["status"] == "overdue" and not row["assumed"]
    ]
    report = ("report", "timeliness", "--from", "2023-04-01", "--to", asked_on)
    late = [
        (row["child"], row["timescale"], row["due"])
        for row in iro(*report, "--show", "late", "-f", "json").rows()
    ]

    assert (listed, late) == ([], [])


@pytest.mark.parametrize("sources", first_fast(("annex-a",), ("ssd",), ("annex-a", "ssd")))
@pytest.mark.parametrize("seed", first_fast(*range(8)))
def test_what_is_exported_every_three_weeks_leaves_nothing_unknown(
    sources: tuple[str, ...], seed: int, home: Path, iro: Iro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No date is marked, because each end is in the next extract."""
    monkeypatch.setenv("IRO_DATABASE", str(home / "iro.db"))
    draw = random.Random(seed)
    every = lives(draw, 8)
    for weeks in range(75, -1, -3):
        day = TODAY - timedelta(weeks=weeks)
        for source in sources:
            one = extract(source, every, day, home / f"{source}-{weeks}", draw, 0)
            assert iro("--as-of", f"{day}", "import", source, str(one.folder)).code == 0
    monkeypatch.setenv("IRO_AS_OF", TODAY.isoformat())
    rows = iro("due", "--all", "-f", "json").rows()
    late = [row for row in rows if row["status"] in ("overdue", "refused")]
    unknown = [row for row in rows if "does not carry" in (row["assumed"] or "")]

    assert rows
    assert (late, unknown) == ([], [])
