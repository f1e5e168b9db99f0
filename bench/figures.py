"""The results of a part of the benchmarks: figures with their bounds, and their table."""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_MET = {True: "yes", False: "**NO**", None: "not measured"}


class Figure(NamedTuple):
    """A line of the table; ``met`` is ``None`` if it could not be measured."""

    what: str
    ratio: str
    bound: str
    met: bool | None


class Report(NamedTuple):
    """The lines of one part, and notes on them."""

    figures: Sequence[Figure]
    notes: Sequence[str]


def at_most(what: str, ratio: float, bound: float) -> Figure:
    """Return the figure of a ratio that may not be larger than its bound."""
    return Figure(what, f"{ratio:.2f}", f"at most {bound:g}", ratio <= bound)


def at_least(what: str, ratio: float, bound: float) -> Figure:
    """Return the figure of a ratio that may not be smaller than its bound."""
    return Figure(what, f"{ratio:.2f}", f"at least {bound:g}", ratio >= bound)


def under(what: str, amount: float, bound: float, unit: str) -> Figure:
    """Return the figure of an amount that has to be below the bound."""
    return Figure(what, f"{amount:.0f} {unit}", f"under {bound:g} {unit}", amount < bound)


def under_mib(what: str, mib: float, bound: float) -> Figure:
    """Return the figure of a memory that may not be larger than its bound."""
    return under(what, mib, bound, "MB")


def not_measured(part: str, what: str, bound: str, why: str) -> Report:
    """Return a figure that was not measured, which does not count as missed."""
    print(f"bench: {part.upper()} WAS NOT MEASURED: {why}", file=sys.stderr)
    return Report([Figure(what, "not measured", bound, None)], [f"{part}: not measured: {why}."])


def over(reports: Sequence[Report]) -> Iterator[str]:
    """Yield a line for each figure over its bound; an unmeasured one is not over."""
    for report in reports:
        for one in report.figures:
            if one.met is False:
                yield f"OVER THE BOUND: {one.what}: {one.ratio}, {one.bound}"


def table(reports: Sequence[Report]) -> Iterator[str]:
    """Yield the lines of the table, and the notes under it."""
    yield "| what | ratio | bound | met? |"
    yield "|---|---:|---|---|"
    for report in reports:
        for one in report.figures:
            yield f"| {one.what} | {one.ratio} | {one.bound} | {_MET[one.met]} |"
    yield ""
    for report in reports:
        for note in report.notes:
            yield f"- {note}"
