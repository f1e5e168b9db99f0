"""The listing of caseloads, and its bars on a terminal."""

from collections.abc import Sequence
from datetime import date

from iro_cli.dates.words import spoken
from iro_cli.figures.caseload import CaseloadRow, Caseloads
from iro_cli.forms.listing import COUNTS, RATE, WHOLE, Export, Field, Grid, Listing, grid
from iro_cli.forms.statement import about
from iro_cli.law.catalogue import Catalogue
from iro_cli.lean import NamedTuple
from iro_cli.obligations.listing import OVERDUE
from iro_cli.pages.words import WHOSE, handbook_words, rate_words

# In characters: a shorter bar would say nothing, even on a narrow terminal.
_SHORTEST = 10
_LETTERS = "#+."


def bar(parts: Sequence[int], longest: int, room: int) -> str:
    """
    Return a bar made of a few parts.

    A part that is not 0 has at least one letter.

    Args:
        parts: The size of each part.
        longest: The sum of the parts of the longest bar in the chart.
        room: How many letters a bar may take.

    >>> bar((2, 1, 5), 8, 8), bar((4, 2, 10), 16, 8), bar((1, 0, 99), 100, 10)
    ('##+.....', '##+.....', '#..........')
    """
    scale = min(1.0, room / longest) if longest else 1.0
    return "".join(
        letter * max(1, round(part * scale)) if part else ""
        for letter, part in zip(_LETTERS, parts, strict=True)
    )


class BarRow(NamedTuple):
    """One bar of a chart: its name, and the size of each part."""

    name: str
    parts: tuple[int, ...]


def bars(heading: str, rows: Sequence[BarRow], width: int, total: str) -> Grid:
    """
    Draw bars under each other.

    Args:
        heading: The meaning of the letters.  If the bars are shortened to fit, the sum of the
            longest is added.
        rows: The bars.
        width: The width of the terminal, in characters.
        total: The heading of the column of sums.
    """
    longest = max((sum(row.parts) for row in rows), default=0)
    # The name, the count and spaces stand beside a bar; two more letters allow for rounding.
    beside = max((len(row.name) for row in rows), default=0) + len(f"{longest:,}") + 8
    room = max(_SHORTEST, width - beside)
    columns = (
        Field("name", column=""),
        Field("bar", column="", cell=lambda row, _: bar(row.parts, longest, room)),
        Field("total", WHOLE, column=total, value=lambda row: sum(row.parts)),
    )
    scale = "" if longest <= room else f"; the longest is {longest:,}"
    return grid(f"{heading}{scale}", columns, rows)


def caseload_bars(rows: Sequence[CaseloadRow], width: int) -> Grid:
    """
    Draw what is open for each caseload.

    Args:
        rows: The caseloads.
        width: The width of the terminal, in characters.
    """
    drawn = [
        BarRow(row.name, (row.overdue, row.due_28_days, row.open - row.overdue - row.due_28_days))
        for row in rows
    ]
    heading = "Open: # overdue  + due within 28 days  . later or without a date"
    return bars(heading, drawn, width, "Open")


class _Page(NamedTuple):
    found: Caseloads
    catalogue: Catalogue


def _rate(row: CaseloadRow, page: _Page) -> str:
    return rate_words(page.found.fell_due[row.name])


def _handbook(row: CaseloadRow, page: _Page) -> str:
    guidance, children = page.catalogue.caseload, page.found.looked_after[row.name]
    if guidance is None or not children:
        return "-"
    if children > guidance.highest:
        return f"{children} above {guidance.highest}"
    if children >= guidance.lowest:
        return f"{children} within"
    return f"{children} below {guidance.lowest}"


CASELOAD = Listing(
    "Caseload",
    (
        Field("name", harmless=True),
        Field("children", WHOLE, harmless=True),
        Field("open", WHOLE, harmless=True),
        Field("overdue", WHOLE, harmless=True, late=bool),
        Field("due_28_days", WHOLE, "Due in 28 days", harmless=True, column="28 days"),
        Field("unbooked", WHOLE, harmless=True),
        Field("met", WHOLE, harmless=True),
        Field("met_in_timescale", WHOLE, harmless=True),
        Field("timeliness", RATE, harmless=True, column="In time", whole=True, cell=_rate),
    ),
    columns=(*("name", "children", "open", "overdue", "due_28_days", "unbooked", "timeliness"),),
    beside=(
        Field("left_out", COUNTS, harmless=True),
        Field("assumed", WHOLE, harmless=True),
        Field("booked_late", WHOLE, harmless=True),
    ),
    command="caseload",
    paper=(
        *("name", "children", "open", "overdue", "due_28_days", "unbooked", "met"),
        *("met_in_timescale", "timeliness"),
    ),
)
_HANDBOOK = Field("handbook", gives_way=96, cell=_handbook)


def _notes(found: Caseloads, catalogue: Catalogue, by: str) -> list[str]:
    notes = []
    late = [f"{name} {number}" for name, number in found.booked_late.items() if number]
    if late:
        notes.append(f"BOOKED LATE, for after the last lawful day: {', '.join(late)}")
    notes.append(
        "In time: of what fell due in the twelve months to the day, held or not; "
        "`iro report timeliness` has the rest"
    )
    if found.unjudged:
        notes.append(
            "held but counted in no rate, because an extract gives only the latest meeting and "
            f"does not show whether it was in time: {found.unjudged:,}"
        )
    if found.assumed:
        notes.append(
            f"? assumed: {found.assumed:,} of what is open rest on a fact that had to be "
            "inferred; `iro due --all` marks them"
        )
    if found.without_date:
        notes.append(
            f"no date: {found.without_date:,} of what is open, never counted as overdue; "
            "`iro due` lists them"
        )
    handbook = handbook_words(catalogue)
    return [*notes, handbook] if by == "iro" and handbook else notes


def caseload_export(
    found: Caseloads,
    catalogue: Catalogue,
    as_of: date,
    by: str,
    only: str = "",
    *,
    width: int | None = None,
) -> Export:
    """
    Make the listing of caseloads; ``-f csv`` is the team lead's file.

    Args:
        found: The caseloads.
        catalogue: The rules.
        as_of: The day the question is asked about.
        by: ``iro``, ``team`` or ``process``.
        only: The words that name each filter, for the heading.
        width: The width of the terminal in characters, if bars are drawn; otherwise ``None``.
    """
    rows = found.rows

    def grids() -> list[Grid]:
        name, *counts = CASELOAD.read()
        columns = [name._replace(column=WHOSE[by]), *counts, *([_HANDBOOK] if by == "iro" else [])]
        title = {"iro": "IRO and chair", "team": "team", "process": "process"}[by]
        table = grid(
            f"Caseload by {title}, {spoken(as_of)}{only}",
            columns,
            rows,
            _notes(found, catalogue, by),
            page=_Page(found, catalogue),
            tone=lambda row: OVERDUE if row.overdue else "",
        )
        return [table, *([caseload_bars(rows, width)] if rows and width is not None else [])]

    says = {
        **about(catalogue, as_of),
        "left_out": {"open_without_date": found.without_date, "met_not_judged": found.unjudged},
        "assumed": found.assumed,
        "booked_late": sum(found.booked_late.values()),
    }
    return CASELOAD.export(rows, says, grids)
