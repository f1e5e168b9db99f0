"""
The Department's figures on conferences and plans, by area and year.

This module knows what the figures mean; :mod:`iro_cli.questions.statistics` opens their files.
"""

from collections.abc import Iterable, Mapping, Sequence

from iro_cli.errors import InputRefusedError
from iro_cli.figures.rates import Rate, rate
from iro_cli.lean import Any, NamedTuple

NATIONAL, REGIONAL, LOCAL = "national", "region", "authority"
# The marks that the Department writes instead of a number.
MARKS = {
    "c": "kept back by the Department, so that nobody can be recognised",
    "u": "left out by the Department: low reliability",
    "x": "not available",
    "z": "not applicable",
}
_LEVELS = {"national": NATIONAL, "regional": REGIONAL, "local authority": LOCAL}
_AREA = (
    *("time_period", "geographic_level", "country_name", "region_code", "region_name"),
    *("country_code", "old_la_code", "new_la_code", "la_name"),
)
_UP_TO_10, _UP_TO_15 = "duration_0-10_days", "duration_11-15_days"
# The columns of each measure in the Department's files; the last is the whole.
_COLUMNS = {
    "conferences.initial": (_UP_TO_10, _UP_TO_15, "icpc"),
    "plans.reviewed": ("reviewed_within_timescales", "cpp_at31_3months"),
}
PublishedNumber = int | str


class Area(NamedTuple):
    """England, a region or a local authority; ``codes`` has every code it has had."""

    level: str
    name: str
    region: str | None
    codes: tuple[str, ...]


class Published(NamedTuple):
    """One figure: a part and its whole, each a number or the Department's mark instead."""

    part: PublishedNumber
    whole: PublishedNumber

    @property
    def rate(self) -> Rate | None:
        """Return the share, 0 to 1; ``None`` if it is not published."""
        if isinstance(self.part, int) and isinstance(self.whole, int):
            return rate(self.part, self.whole)
        return None

    @property
    def mark(self) -> str | None:
        """Return why there is no share; ``None`` if there is one."""
        marks = [one for one in self if isinstance(one, str)]
        return MARKS[marks[0]] if marks else None if self.whole else "there were none"


class Statistics(NamedTuple):
    """
    The Department's figures.

    Attributes:
        source: Where they are from, in words, with licence and release.
        areas: Every area, by its level and name.
        figures: The figures, by measure, level and name of the area, and reporting year (the
            year in which it ends, on 31 March).
    """

    source: str
    areas: dict[tuple[str, str], Area]
    figures: dict[tuple[str, str, str, int], Published]

    def years(self) -> list[int]:
        """Return the reporting years that have figures, in order."""
        return sorted({year for _, _, _, year in self.figures})


def from_table(data: Mapping[str, Any]) -> Statistics:
    """Return the figures from the table that ships with the program."""
    source = f"{data['source']} {data['release']} {data['licence']}"
    found = Statistics(source, {}, {})
    for row in data["areas"]:
        area = Area(row["level"], row["name"], row["region"], tuple(row["codes"]))
        found.areas[area.level, area.name] = area
        for measure in _COLUMNS:
            for year, pair in row[measure].items():
                key = (measure, area.level, area.name, int(year))
                found.figures[key] = Published(*pair)
    return found


def read_over(statistics: Statistics, name: str, rows: Sequence[Sequence[str]]) -> Statistics:
    """
    Return figures with those of a newer file of the Department in place of older ones.

    Args:
        statistics: The figures.
        name: The name of the file, for messages.
        rows: Its rows, the header first.

    Raises:
        InputRefusedError: It is not in the Department's layout.
    """
    areas, figures = dict(statistics.areas), dict(statistics.figures)
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    measures = [one for one, wanted in _COLUMNS.items() if set(wanted) <= set(header)]
    missing = [one for one in _AREA if one not in header]
    if missing or not measures:
        wanted = " or ".join(", ".join(one) for one in _COLUMNS.values())
        lacking = ", ".join(missing) or wanted
        raise InputRefusedError(
            f"{name}: it has no column {lacking}: give the Department's own file, with "
            f"{wanted} beside the columns that name the area"
        )
    wrong = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue
        if len(cells) != len(header):
            wrong.append(f"{name}: row {number}: {len(cells)} cells under {len(header)} names")
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        try:
            _read_row(row, measures, areas, figures)
        except ValueError as error:
            wrong.append(f"{name}: row {number}: {error}")
    if wrong:
        raise InputRefusedError("\n".join(wrong))
    return Statistics(f"{statistics.source} Read over it: {name}.", areas, figures)


def _read_row(
    row: Mapping[str, str],
    measures: Iterable[str],
    areas: dict[tuple[str, str], Area],
    figures: dict[tuple[str, str, str, int], Published],
) -> None:
    level = _LEVELS.get(row["geographic_level"].casefold())
    if level is None:
        raise ValueError(
            f"geographic_level: {row['geographic_level']!r} is not a level that is known"
        )
    name = row[{NATIONAL: "country_name", REGIONAL: "region_name", LOCAL: "la_name"}[level]]
    columns = {
        NATIONAL: ("country_code",),
        REGIONAL: ("region_code",),
        LOCAL: ("new_la_code", "old_la_code"),
    }[level]
    if not name:
        raise ValueError(f"the {level} has no name")
    year = row["time_period"]
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise ValueError(f"time_period: {year!r} is not a reporting year such as 2024")
    before = areas.get((level, name))
    codes = [*(before.codes if before else ()), *(row[one] for one in columns)]
    region = row["region_name"] if level == LOCAL else None
    known = tuple(sorted({code for code in codes if code and code not in MARKS}))
    areas[level, name] = Area(level, name, region or None, known)
    for measure in measures:
        *parts, whole = (_cell(row[one], one) for one in _COLUMNS[measure])
        figures[measure, level, name, int(year)] = Published(_added(parts), whole)


def _cell(text: str, column: str) -> PublishedNumber:
    if text.isascii() and text.isdigit():
        return int(text)
    if text.casefold() in MARKS:
        return text.casefold()
    raise ValueError(f"{column}: {text!r} is neither a number nor one of {', '.join(MARKS)}")


def _added(parts: Sequence[PublishedNumber]) -> PublishedNumber:
    """Add numbers up; if there is a mark among them, return the mark and never count it as 0."""
    # A suppressed count is a small number, not zero: adding zero would publish a wrong share.
    marks = [part for part in parts if isinstance(part, str)]
    return marks[0] if marks else sum(part for part in parts if isinstance(part, int))
