"""Compare the authority's own figures with those of England, its region and its neighbours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iro_cli.errors import InputRefusedError
from iro_cli.figures.rates import Rate, rate
from iro_cli.figures.statistics import LOCAL, NATIONAL, REGIONAL, Area, Statistics
from iro_cli.law.catalogue import nearest
from iro_cli.lean import NamedTuple

OURS = "this store"
# The measures that the Department publishes too, each with its title.
TITLES = {
    "conferences.initial": "Initial conferences held within 15 working days",
    "plans.reviewed": "Protection plans open three months or more with every review in time",
}


class ComparisonRow(NamedTuple):
    """
    One measure of one area in one period.

    Attributes:
        level: ``this store``, ``authority``, ``neighbour``, ``region`` or ``national``.
        period: A reporting year to 31 March, or the days of the store's own figures.
        rate: 0 to 1; null if there is none, and then *mark* says why.
    """

    measure: str
    title: str
    area: str
    level: str
    period: str
    part: int | None
    whole: int | None
    rate: Rate | None
    mark: str | None


class Compared(NamedTuple):
    """The areas to compare, the authority first, each with its level."""

    areas: list[tuple[Area, str]]


def find_authority(statistics: Statistics, text: str, option: str) -> Area:
    """
    Return the authority with a name or code.

    Raises:
        InputRefusedError: There is no such authority.
    """
    wanted = text.strip().casefold()
    authorities = [area for area in statistics.areas.values() if area.level == LOCAL]
    for area in authorities:
        if wanted in {area.name.casefold(), *(code.casefold() for code in area.codes)}:
            return area
    known = [area.name for area in authorities]
    raise InputRefusedError(
        f"{option} {text!r}: no authority has this name or code in the Department's figures"
        f"{nearest(text, known)}"
    )


def find_neighbours(statistics: Statistics, text: str) -> list[Area]:
    """
    Return the authorities in a list with commas between them.

    Some names have commas of their own, so the longest name that exists is taken each time.

    Raises:
        InputRefusedError: One of them is unknown.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    found: list[Area] = []
    while words:
        for length in range(min(len(words), 3), 0, -1):
            try:
                name = ", ".join(words[:length])
                found.append(find_authority(statistics, name, "--neighbours"))
            except InputRefusedError:
                if length == 1:
                    raise
            else:
                del words[:length]
                break
    return list(dict.fromkeys(found))


def compared(statistics: Statistics, authority: Area, neighbours: Iterable[Area]) -> Compared:
    """Return the authority, its neighbours, its region and England."""
    areas = [(authority, LOCAL)]
    areas += [(area, "neighbour") for area in neighbours if area != authority]
    region = statistics.areas.get((REGIONAL, authority.region or ""))
    areas += [(region, REGIONAL)] if region else []
    areas += [(area, NATIONAL) for key, area in statistics.areas.items() if key[0] == NATIONAL]
    return Compared(areas)


def comparison(
    statistics: Statistics,
    wanted: Compared,
    ours: Mapping[str, tuple[int | None, int | None, str, str | None]],
    years: Sequence[int] | None = None,
) -> list[ComparisonRow]:
    """
    Return the rows of a comparison, with the store's own first in each measure.

    Args:
        statistics: The Department's figures.
        wanted: The areas.
        ours: By measure, the store's own part, whole and period, and why there is no rate.
        years: The reporting years, by the year in which they end; the latest of each measure
            by default.
    """
    rows = []
    for measure, title in TITLES.items():
        if measure in ours:
            part, whole, period, why = ours[measure]
            share = rate(part, whole)
            mark = why or (None if share is not None else "there were none")
            rows.append(ComparisonRow(measure, title, OURS, OURS, period, part, whole, share, mark))
        of_measure = sorted({key[3] for key in statistics.figures if key[0] == measure})
        for area, level in wanted.areas:
            for year in years if years is not None else of_measure[-1:]:
                rows += _row(statistics, measure, area, level, year)
    return rows


def _row(
    statistics: Statistics, measure: str, area: Area, level: str, year: int
) -> Iterator[ComparisonRow]:
    found = statistics.figures.get((measure, area.level, area.name, year))
    if found is not None:
        yield ComparisonRow(
            measure,
            TITLES[measure],
            area.name,
            level,
            f"{year - 1}-{year % 100:02}",
            found.part if isinstance(found.part, int) else None,
            found.whole if isinstance(found.whole, int) else None,
            found.rate,
            found.mark,
        )


def trend(statistics: Statistics, wanted: Compared) -> list[ComparisonRow]:
    """Return the rows of every published year for the areas."""
    return comparison(statistics, wanted, {}, statistics.years())
